#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Help, near misses, global options anywhere, exit statuses.
. tests/cli/lib.sh
status 0 "$FP" --help
says out 'report year'
status 0 "$FP" help import
says out 'Examples'
status 0 "$FP" import --help
says out 'keep-going'
status 2 "$FP"
status 2 "$FP" imprt x
says err "did you mean 'import'"
status 2 "$FP" report yera 2025
says err "did you mean 'report year'"
status 2 "$FP" report
status 2 "$FP" report year
status 2 "$FP" report year abc
status 2 "$FP" report year 2025 --format pdf
status 2 "$FP" report year 2025 --no-such-option
status 1 "$FP" report year 2025
says err 'no database'
status 0 "$FP" init
status 1 "$FP" init
says err 'exists'
status 0 "$FP" --version
status 0 "$FP" report year 2025 --json --db "$FLEETPRINT_DB"
json "$work/out" 'd["fleet"]["machines"] == 0 and d["ratios"]["gross_years"]["value"] is None'
status 0 "$FP" report year --db "$FLEETPRINT_DB" 2025
status 1 "$FP" report machine nobody
says err 'nobody'
status 0 "$FP" completion bash
finish
