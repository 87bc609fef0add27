#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Measured energy by command: from a file to the ledger, its status, one
# machine's days and hours, dropping old readings, and what check says of it.
. "$(dirname "$0")/lib.sh"

cat >"$work/fleet.csv" <<'C'
tag,category
n1,server
n2,server
C
# CodeCarbon: 3000 J in the 150 s before 10:02:30, 3000 J in the 100 s before
# 12:01:40; 1 kWh is 3,600,000 J.
head='timestamp,project_name,run_id,duration,emissions,emissions_rate,cpu_power,'
head="${head}gpu_power,ram_power,cpu_energy,gpu_energy,ram_energy,energy_consumed,"
head="${head}country_name,country_iso_code,os,python_version,codecarbon_version,"
head="${head}cpu_count,tracking_mode,on_cloud,pue"
kwh=0.0008333333333333334
{
    echo "$head"
    echo "2026-01-05T10:02:30,p,a,150,0,0,20,0,0,$kwh,0,0,$kwh,France,FRA,l,3,2.4,8,machine,N,1.0"
    echo "2026-01-05T12:01:40,p,b,100,0,0,30,0,0,$kwh,0,0,$kwh,France,FRA,l,3,2.4,8,machine,N,1.0"
} >"$work/emissions.csv"
status 0 "$FP" import "$work/fleet.csv"
status 0 "$FP" energy status
says err '^0 sources'
status 1 "$FP" energy show n1 --month 2026-01
says err "no reading of 'n1' in 2026-01 is folded"
status 2 "$FP" energy show n1 --month 2026-01-05
says err 'expected 2026-01'
status 1 "$FP" energy show nobody

# Importing folds: the figures are there at once.
status 0 "$FP" energy import --machine n1 --timezone UTC "$work/emissions.csv"
status 0 "$FP" energy show n1 --month 2026-01
says out '^2026-01-05 +0\.002 kWh +0\.07 h +M4'
says out '^2026-01-06 +- kWh +0\.00 h *$'
status 0 "$FP" energy show n1 --month 2026-01 --json
json "$work/out" 'd["machine"] == "n1" and d["covered_s"] == 250'
json "$work/out" 'math.isclose(d["kwh"], 6000 / 3.6e6, rel_tol=1e-9)'
json "$work/out" '[h["at"] for h in d["hours"]] == ["2026-01-05T10:00:00Z", "2026-01-05T12:00:00Z"]'
json "$work/out" 'sum(h["covered_s"] for h in d["hours"]) == 250'
json "$work/out" 'd["by_tier"] == [{"tier": "M4", "kwh": d["kwh"]}]'

status 0 "$FP" energy status --month 2026-01 --json
json "$work/out" 'len(d["sources"]) == 1 and d["sources"][0]["machine"] == "n1"'
json "$work/out" 'd["folded_to"] == "2026-11-22T00:00:00Z"'
json "$work/out" 'd["sources"][0]["meters"][0]["covered_s"] == 250'
json "$work/out" 'math.isclose(d["sources"][0]["meters"][0]["coverage"], 250 / (31 * 86400))'
status 0 "$FP" energy status --month 2026-01
says out '^codecarbon'

# It is silent since, until it is said to be gone; and it may be back.
says out '  silent'
says err '^1 meters are silent and missed'
status 0 "$FP" energy status --month 2026-01 --json
json "$work/out" 'd["sources"][0]["meters"][0]["silent_since"] == "2026-01-05T12:01:40Z"'
json "$work/out" 'd["sources"][0]["meters"][0]["gone_since"] is None'
source=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["sources"][0]["name"])' "$work/out")
meter=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["sources"][0]["meters"][0]["id"])' "$work/out")
status 1 "$FP" energy meter gone "$source" other
says err "no meter 'other' of a source"
status 2 "$FP" energy meter lost "$source" "$meter"
says err 'expected gone SOURCE METER or back SOURCE METER'
status 2 "$FP" energy meter gone "$source" "$meter" --on 2026-01
says err 'expected a day such as'
status 2 "$FP" energy meter back "$source" "$meter" --on 2026-01-05
status 0 "$FP" energy meter gone "$source" "$meter" --json
json "$work/out" 'd["gone_since"] == "2026-01-05T13:00:00Z" and d["meter"] and d["source"]'
status 0 "$FP" energy status --month 2026-01
says out 'gone since 2026-01-05T13:00:00Z'
silent_on err 'silent'
status 0 "$FP" energy show n1 --month 2026-01 --json
json "$work/out" 'd["covered_s"] == 250'
status 0 "$FP" energy meter gone "$source" "$meter" --on 2026-01-05
says err '^gone from 2026-01-05T00:00:00Z on'
status 1 "$FP" energy show n1 --month 2026-01
status 0 "$FP" energy meter back "$source" "$meter"
status 0 "$FP" energy show n1 --month 2026-01 --json
json "$work/out" 'd["covered_s"] == 250'

# The same file again changes nothing, and folding again neither.
status 0 "$FP" energy import --machine n1 --timezone UTC "$work/emissions.csv"
status 0 "$FP" energy fold
says err '^folded to 2026-11-22'
status 0 "$FP" energy show n1 --month 2026-01 --json
json "$work/out" 'math.isclose(d["kwh"], 6000 / 3.6e6, rel_tol=1e-9)'

# Cards alone (Zeus: joules by card) are shown with the reason, and are not the machine:
# 36000 J and 18000 J are 0.015 kWh.
printf 'start_time,window_name,elapsed_time,gpu0_energy,gpu1_energy\n1767607200,w,100,36000,18000\n' >"$work/zeus.csv"
status 0 "$FP" energy import --machine n2 "$work/zeus.csv"
status 0 "$FP" energy show n2 --month 2026-01
says out '^cards alone: not the machine \(2, 0\.015 kWh\)'
status 0 "$FP" energy show n2 --month 2026-01 --json
json "$work/out" 'd["kwh"] is None and d["covered_s"] == 0'
json "$work/out" 'd["cards_alone"]["reason"] == "cards alone: not the machine"'
json "$work/out" 'd["cards_alone"]["cards"] == 2 and math.isclose(d["cards_alone"]["kwh"], 0.015)'
status 0 "$FP" energy status --month 2026-01
says out '^    cards alone: not the machine \(2, 0\.015 kWh\)'
status 0 "$FP" energy status --month 2026-01 --json
json "$work/out" '[s["machine"] for s in d["sources"] if "cards_alone" in s] == ["n2"]'
# With a model of the whole beside them they are a part of it.
sed 's/2026-01-05/2026-01-06/' "$work/emissions.csv" >"$work/n2.csv"
status 0 "$FP" energy import --machine n2 --timezone UTC "$work/n2.csv"
status 0 "$FP" energy show n2 --month 2026-01 --json
json "$work/out" '"cards_alone" not in d and math.isclose(d["kwh"], 6000 / 3.6e6, rel_tol=1e-9)'

# Readings go, months stay.
status 0 "$FP" energy fold --keep 30 --json
json "$work/out" 'd["purged_to"] == "2026-10-23T00:00:00Z"'
status 0 "$FP" energy show n1 --month 2026-01 --json
json "$work/out" 'math.isclose(d["kwh"], 6000 / 3.6e6, rel_tol=1e-9)'
status 0 "$FP" check
says out '^ok +ledger: J1'
status 2 "$FP" energy fold --keep 0

# A month that was changed behind our back is told.
python3 - "$FLEETPRINT_DB" <<'P'
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute("UPDATE energy_month SET sum_uj = sum_uj + 2000000")
c.commit()
P
status 1 "$FP" check
says out '^FAIL ledger: meter 1, month 2026-01: J1 does not hold'
finish
