#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One bad row: place, value and rule are named and nothing is imported; with
# --keep-going the others are, and --rejects keeps the bad one.
. tests/cli/lib.sh
cat >"$work/f.csv" <<'X'
tag,category,quantity,ram_gib,power_w
good1,server,1,64,150
bad1,server,0,64,150
good2,server,2,,abc
good3,server,3,128,100
X
status 1 "$FP" import "$work/f.csv"
says err "f.csv: line 3: column 'quantity': value '0'"
says err "f.csv: line 4: column 'power_w': value 'abc'"
status 0 "$FP" machine list --json
json "$work/out" 'd["total"] == 0'
status 3 "$FP" import --keep-going --rejects "$work/r.csv" "$work/f.csv"
status 0 "$FP" machine list --json
json "$work/out" 'd["total"] == 2'
grep -q 'bad1' "$work/r.csv" || fail 'the refused row is not in the rejects'
status 1 "$FP" import "$work/none.csv"
says err 'none.csv'
finish
