#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Operation by command: power models, calendars, PUE by month, contracts; what
# is wrong is told and changes nothing.
. tests/cli/lib.sh
printf 'tag,quantity,category,site,status,in_service_on,power_w,idle_w,max_w\na,1,server,lyon,in_service,2020-01-01,100,,\nd,10,desktop,lyon,in_service,2020-01-01,,20,90\n' >"$work/fleet.csv"
status 0 "$FP" site set lyon --country FRA --grid-g 20 --grid-kind life_cycle --grid-source test
status 0 "$FP" import "$work/fleet.csv"
status 0 "$FP" calendar set room --hours 'mon-fri 08:00-18:00' 2025-12-25
status 0 "$FP" calendar list --json
json "$work/out" 'd == [{"name": "room", "hours": "mon-fri 08:00-18:00", "closed": [{"from": "2025-12-25", "to": "2025-12-25"}]}]'
status 1 "$FP" calendar set room --hours 'mon-fri 08:30-18:00'
says err "whole hours"
status 1 "$FP" calendar set room 2025-12-31..2025-12-01
status 0 "$FP" power set --category desktop --kind linear --load 0.5 --calendar room --standby-w 2
status 1 "$FP" calendar remove room
says err "used by 1"
status 0 "$FP" power list --json
json "$work/out" 'd[0]["category"] == "desktop" and d[0]["calendar"] == "room" and d[0]["load"] == 0.5'
# 2600 hours at 55 W and 6160 at 2 W, ten of them; and 100 W all year
status 0 "$FP" report year 2025 --format json
json "$work/out" 'abs(d["operation"]["it_kwh"]["value"] - (10 * (143 + 12.32) + 876)) < 1e-6'
json "$work/out" 'd["operation"]["hourly_kg"] is None and d["operation"]["market_kg"] is None'
status 0 "$FP" power set a --kind spec --numbers '50 80 95 110 125 140 160 185 215 250 300' --load 0.55
status 0 "$FP" report machine a --format json
json "$work/out" 'd["operation"]["power_w"] == 150 and d["operation"]["tier"] == "M4"'
status 1 "$FP" power set a --kind spec --numbers '50 80'
says err "takes 11 numbers, not 2"
status 1 "$FP" power set a --load 1.5
status 2 "$FP" power set
status 2 "$FP" power set a --profile '0 1 0.5'
says err "24 loads of a day or 168"
status 1 "$FP" power set nobody --kind constant --numbers 5
status 0 "$FP" report machine a --format json
json "$work/out" 'd["operation"]["power_w"] == 150'
status 0 "$FP" power clear a
status 1 "$FP" power clear a
status 0 "$FP" site set lyon --pue-month 2025-07=1.5,2025-08=1.25
status 2 "$FP" site set lyon --pue-month 2025-07
status 1 "$FP" site set lyon --pue-month 2025-07=0.5
status 0 "$FP" site list --json
json "$work/out" 'd[0]["pue_months"] == {"2025-07": 1.5, "2025-08": 1.25}'
status 0 "$FP" market add lyon --year 2025 --mwh 0.4 --g 5 --source contract
status 0 "$FP" market residual lyon --year 2025 --g 41 --source AIB
status 1 "$FP" market add lyon --year 2025 --mwh -1 --g 5 --source contract
status 1 "$FP" market add lyon --year 2025 --mwh 1 --g 5
status 1 "$FP" market add nowhere --year 2025 --mwh 1 --g 5 --source x
status 0 "$FP" report year 2025 --format json
json "$work/out" 'abs(d["operation"]["market_kg"]["value"] - (2 + (d["operation"]["site_kwh"]["value"] - 400) * 0.041)) < 1e-6'
json "$work/out" '[m["pue"] for m in d["operation"]["pue_months"]][6:8] == [1.5, 1.25]'
json "$work/out" 'all(i["holds"] for i in d["identities"])'
for format in html csv xml; do status 0 "$FP" report year 2025 --format $format; done
status 0 "$FP" market list --json
json "$work/out" '[i["kind"] for i in d] == ["contract", "residual"]'
status 0 "$FP" market remove 1
status 1 "$FP" market remove 1
finish
