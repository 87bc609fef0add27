#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Where figures come from: sets, rows, names; a bad factor file is told by its
# file, line and column.
. tests/cli/lib.sh
status 0 "$FP" factor list --json
json "$work/out" '{"boavizta-2021", "act", "cpu-spec", "gpu-spec"} <= {s["id"] for s in d}'
json "$work/out" 'all(s["licence"] and s["version"] and len(s["sha256"]) == 64 for s in d)'
status 0 "$FP" factor show boavizta-2021 --json
json "$work/out" 'any(f["key"] == "hdd.unit" and f["gwp_kg"] == 31.11 for f in d)'
status 1 "$FP" factor show nothing
status 0 "$FP" factor explain 'Intel(R) Xeon(R) CPU E5-2650 v4 @ 2.20GHz'
json "$work/out" 'd["row"] == "Xeon E5-2650 v4" and d["die_mm2"] == 306'
status 0 "$FP" factor explain 'Intel(R) Xeon(R) CPU E5-2650 0 @ 2.00GHz'
json "$work/out" 'd["row"] == "Xeon E5-2650" and d["die_mm2"] == 416'
status 0 "$FP" grid list FRA 2024
json "$work/out" 'any(g["kind"] == "life_cycle" and g["g_per_kwh"] == 40.48 for g in d)'
json "$work/out" 'any(g["kind"] == "direct" and g["g_per_kwh"] == 21.7 for g in d)'
cp -r factors/data "$work/sets"
file=$(find "$work/sets/cpu-spec" -name '*.csv' | head -n 1)
python3 - "$file" <<'P'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8")))
rows[5][rows[0].index("tdp_w")] = "many"
csv.writer(open(sys.argv[1], "w", encoding="utf-8", newline=""), lineterminator="\n").writerows(rows)
P
status 1 "$FP" --factors "$work/sets" factor list
says err "line 6.*column 'tdp_w'.*'many'"
finish
