#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A backup restores to the same report; nothing is overwritten.
. tests/cli/lib.sh
status 0 "$FP" import examples/cbp-2025
status 0 "$FP" report year 2025 --format json -o "$work/a.json"
status 0 "$FP" backup "$work/copy.db"
status 1 "$FP" backup "$work/copy.db"
status 1 "$FP" restore "$work/copy.db"
says err 'exists'
status 0 "$FP" --db "$work/other.db" restore "$work/copy.db"
status 0 "$FP" --db "$work/other.db" report year 2025 --format json -o "$work/b.json"
cmp -s "$work/a.json" "$work/b.json" || fail 'the restored report differs'
printf 'not a database' >"$work/junk.db"
status 1 "$FP" --db "$work/third.db" restore "$work/junk.db"
status 0 "$FP" backup --json "$work/copy2.db"
json "$work/out" 'd["verified"] and d["bytes"] == '"$(stat -c %s "$work/copy2.db")"
json "$work/out" 'd["file"].endswith("copy2.db") and d["schema_version"] >= 3'
[ ! -e "$work/third.db" ] || fail 'a bad backup made a database'
finish
