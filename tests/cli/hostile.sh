#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Hostile files of every format (OPERATIONS 1, row 6): refused with file and
# reason, the database untouched, within 2 s and 256 MB in the release build.
. tests/cli/lib.sh
FP="$FP" python3 tests/cli/hostile.py "$work" || fail 'hostile files'
finish
