#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A second import of the same files changes nothing; a changed value is an update.
. tests/cli/lib.sh
status 0 "$FP" import examples/cbp-2025
status 0 "$FP" report year 2025 --format json -o "$work/a.json"
status 0 "$FP" import --json examples/cbp-2025
json "$work/out" 'd["added"] == 0 and d["changed"] == 0 and d["unchanged"] > 0'
status 0 "$FP" report year 2025 --format json -o "$work/b.json"
cmp -s "$work/a.json" "$work/b.json" || fail 'the report changed with a second import'
printf 'tag,category,power_w,serial\nm1,server,100,S1\n' >"$work/f.csv"
status 0 "$FP" import "$work/f.csv"
printf 'tag,power_w\nm1,120\n' >"$work/f.csv"
status 0 "$FP" import --json "$work/f.csv"
json "$work/out" 'd["added"] == 0 and d["changed"] == 1'
status 0 "$FP" report machine m1 --format json -o "$work/m.json"
grep -q S1 "$work/m.json" || fail 'a column that is missing erased the serial'
finish
