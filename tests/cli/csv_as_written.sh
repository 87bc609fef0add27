#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Cells as people and their spreadsheets write them: counts before and behind,
# lists with commas, kept zeros, dates with a time, words for "not known", and a
# row of totals that would count the fleet twice.
. tests/cli/lib.sh
cat >"$work/f.csv" <<'X'
tag,category,hdd,gpu,cpu_model,serial,power_w,acquired_on,ram_modules
a,gpu_node,4 TB x 4,RTX 2080 Ti x2,Xeon Gold 6130 (x2),"=""0012345""",N/A,16.07.2019,"8x16, 4x32"
b,gpu_node,"2x1,92TB","RTX 2080 Ti, Tesla T4",2x Xeon Gold 6130,X,-,2019-07-16 00:00:00,12x32
c,gpu_node,4x4TB; 2x1TB,2 RTX 2080 Ti,AMD EPYC 7452 32-Core Processor,,,2019-07-16T00:00:00Z,
d,gpu_node,,AMD FirePro S9300 X2,AMD EPYC 7452,,,,
e,gpu_node,,2080 Ti,AMD EPYC 7452,,,,
Total,,,,,,2500,,
X
status 3 "$FP" import --dry-run --json "$work/f.csv"
json "$work/out" '[m["hdd_count"] for m in d["machines"]] == [4, 2, 6, 0, 0]'
json "$work/out" '[m["gpu_models"] for m in d["machines"]] == [["RTX 2080 Ti"] * 2, ["RTX 2080 Ti", "Tesla T4"], ["RTX 2080 Ti"] * 2, ["AMD FirePro S9300 X2"], ["2080 Ti"]]'
json "$work/out" '[m["cpu_sockets"] for m in d["machines"]] == [2, 2, None, None, None]'
json "$work/out" 'd["machines"][0]["serial"] == "0012345" and d["machines"][0]["ram_gib"] == 256'
json "$work/out" '[r["row"] for r in d["rejected"]] == [7] and d["rejected"][0]["column"] == "tag"'
finish
