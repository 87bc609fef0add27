#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A dry run needs no database, makes none, and prints DESIGN's JSON at every
# status but 2; unknown is null.
. tests/cli/lib.sh
cat >"$work/f.csv" <<'X'
tag,name,manufacturer,model,serial,cpu_model,cpu_count,cpu_cores,ram_modules,hdd,ssd,gpu
n1,node1,Dell Inc.,PowerEdge R740,ABC,Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz,2,32,12x32,4x4TB,2x960GB,2x RTX 2080 Ti + 1x Tesla T4
n2,node2,,,,,,,,?,,
X
status 0 "$FP" import --dry-run --json "$work/f.csv"
json "$work/out" 'd["format"] == "csv" and len(d["machines"]) == 2 and d["rejected"] == []'
json "$work/out" 'd["machines"][0] == {**d["machines"][0], "name": "node1", "manufacturer": "Dell Inc.", "product": "PowerEdge R740", "serial": "ABC", "uuid": None, "cpu_sockets": 2, "cpu_cores": 32, "ram_gib": 384, "hdd_count": 4, "ssd_count": 2, "disks_total": 6, "gpu_count": 3}'
json "$work/out" 'd["machines"][0]["gpu_models"].count("RTX 2080 Ti") == 2 and "Tesla T4" in d["machines"][0]["gpu_models"]'
json "$work/out" 'd["machines"][1]["hdd_count"] is None and d["machines"][1]["ssd_count"] == 0 and d["machines"][1]["gpu_count"] == 0'
json "$work/out" 'd["machines"][1]["ram_gib"] is None and d["machines"][1]["cpu_cores"] is None and d["machines"][1]["disks_total"] is None'
[ ! -e "$FLEETPRINT_DB" ] || fail 'a dry run made a database'
printf 'tag,quantity\na,-1\nb,2\n' >"$work/g.csv"
status 3 "$FP" import --dry-run --json "$work/g.csv"
json "$work/out" 'len(d["machines"]) == 1 and d["rejected"][0]["row"] == 2 and d["rejected"][0]["column"] == "quantity" and d["rejected"][0]["value"] == "-1" and d["rejected"][0]["reason"]'
: >"$work/empty.csv"
status 1 "$FP" import --dry-run --json "$work/empty.csv"
json "$work/out" 'd["machines"] == [] and len(d["rejected"]) == 1 and "is empty" in d["rejected"][0]["reason"]'
status 2 "$FP" import --dry-run --json --as nonsense "$work/f.csv"
finish
