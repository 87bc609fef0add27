#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The calibrated fleet of METHOD 2.6: counts of the talk, 352 t, 8.67 t a year.
. tests/cli/lib.sh
status 0 "$FP" import examples/cbp-2025
status 0 "$FP" report year 2025 --format json -o "$work/y.json"
j="$work/y.json"
json "$j" 'd["schema"] == "fleetprint/year/1" and d["year"] == 2025'
json "$j" 'd["fleet"]["machines"] == 337 and d["fleet"]["running"] == 330'
json "$j" 'd["fleet"]["second_hand"] + d["fleet"]["donated"] == 236'
json "$j" 'd["fleet"]["under_warranty"] == 34'
json "$j" 'd["fleet"]["cpu_cores"] == 7934 and d["fleet"]["gpus"] == 180'
json "$j" 'd["fleet"]["ram_gib"] == 73728'
json "$j" 'd["fleet"]["hdd"] == 1297 and d["fleet"]["ssd"] == 113'
json "$j" 'd["fleet"]["screens"] == 129'
json "$j" 'abs(d["fabrication"]["gross_kg"]["value"] - 352000) <= 500'
json "$j" 'abs(sum(k["share"] for k in d["fabrication"]["by_kind"] if k["kind"] in ("ram", "chassis", "hdd", "screen")) - 0.80) <= 0.005'
json "$j" 'd["operation"]["it_kwh"]["value"] == 433620'
json "$j" 'abs(d["operation"]["location_kg"]["value"] - 8672.4) < 1e-6'
json "$j" 'abs(d["ratios"]["gross_years"]["value"] - 40.6) < 0.05'
json "$j" 'all(q["low"] < q["value"] < q["high"] for q in (d["fabrication"]["gross_kg"], d["operation"]["it_kwh"], d["operation"]["location_kg"], d["ratios"]["gross_years"]))'
json "$j" 'd["ratios"]["grid_kind"] == "unstated"'
# Beside it on the life-cycle factor of the year the talk speaks of (40.48 g).
json "$j" 'abs(d["ratios"]["gross_years_life_cycle"]["value"] - 20.05) < 0.05'
json "$j" 'abs(d["ratios"]["life_cycle_g_per_kwh"] - 40.48) < 1e-9'
json "$j" 'all(i["holds"] for i in d["identities"]) and len(d["identities"]) >= 6'
json "$j" 'd["operation"]["hourly_kg"] is None and d["operation"]["market_kg"] is None'
status 0 "$FP" check
finish
