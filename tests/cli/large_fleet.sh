#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A fleet large enough for two threads: the same bytes in each run, and totals
# that Python adds up from the same rows.
. tests/cli/lib.sh
python3 - "$work" <<'P'
import json, random, sys
w = sys.argv[1]
rng = random.Random(7)
kg = kwh = n = 0
with open(w + "/f.csv", "w") as f:
    f.write("tag,category,manufacturer,model,status,acquisition,in_service_on,cpu_die_mm2,cpu_count,cpu_cores,ram_modules,hdd,ssd,gpu,psu_count,psu_kg,chassis,power_w\n")
    for i in range(9000):
        die, cpus, mods, gib = rng.choice((200, 306, 456)), rng.choice((1, 2)), rng.randint(1, 16), rng.choice((8, 16, 32))
        hdd, psu, watts = rng.randint(0, 12), rng.choice((1, 2)), rng.randint(50, 900)
        f.write(f"n{i},server,Maker {i % 700},Model {i % 900},in_service,new,2020,{die},{cpus},{cpus * 8},{mods}x{gib},{f'{hdd}x4TB' if hdd else ''},,,{psu},2.5,rack,{watts}\n")
        kg += cpus * (9.14 + 0.0197 * die) + mods * (5.22 + 2.2 * gib / (13.688 / 11)) + hdd * 31.11 + psu * 24.3 * 2.5 + 66.1 + 6.68 + 150
        kwh += watts * 8760 / 1000
        n += 1
json.dump({"kg": kg, "kwh": kwh}, open(w + "/want.json", "w"))
P
status 0 "$FP" import "$work/f.csv"
for i in 1 2 3; do
    status 0 "$FP" report year 2025 --format json -o "$work/$i.json"
done
cmp -s "$work/1.json" "$work/2.json" && cmp -s "$work/1.json" "$work/3.json" || fail 'two runs differ'
json "$work/1.json" 'd["fleet"]["machines"] == 9000'
json "$work/1.json" "abs(d['fabrication']['gross_kg']['value'] / json.load(open('$work/want.json'))['kg'] - 1) < 1e-12"
json "$work/1.json" "abs(d['operation']['it_kwh']['value'] / json.load(open('$work/want.json'))['kwh'] - 1) < 1e-12"
finish
