#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Energy files: told by content, taken once, grown and taken again; overlaps,
# machines that are not there and damage change nothing.
. "$(dirname "$0")/lib.sh"
samples=../shared/samples

# A dry run needs no database, and shows sums by scope.
status 0 "$FP" import --dry-run --json "$samples/energy_scaphandre_json/power_data.json"
json "$work/out" 'd["format"] == "scaphandre-json" and d["energy_rows"] == 54 and d["rejected"] == []'
# 1709.828585 J of the host by the file.
json "$work/out" 'abs(d["energy"][0]["kwh"] * 3.6e6 - 1709.828585) < 1e-4 and d["energy"][0]["scope"] == "psys"'
status 3 "$FP" import --dry-run --json "$samples/energy_codecarbon/emissions.csv"
json "$work/out" 'd["format"] == "codecarbon" and d["energy_rows"] == 19 and d["rejected_rows"] == 9'
status 3 "$FP" import --dry-run --json "$samples/energy_ea2p/energy_report.csv"
json "$work/out" 'd["format"] == "ea2p" and d["rejected_rows"] == 6'
status 3 "$FP" import --dry-run --json "$samples/energy_slurm_sacct/sacct_mock.txt"
json "$work/out" 'd["format"] == "sacct" and d["energy_rows"] == 3'
status 1 "$FP" import --dry-run "$samples/energy_zeus/A40_resnet50_4gpu.csv"
says err 'on no known day'
# Amperes alone: told what they lack, in the words of loggers; with watts beside them, or
# without a date, they are nothing of ours to say.
for title in 'Current (A)' 'Courant [A]' 'Load Amps' 'courant_a'; do
	printf 'Date,Outlet,%s\n2026-01-01T00:00:00Z,7,0.5\n' "$title" >"$work/amps.csv"
	status 1 "$FP" import --dry-run "$work/amps.csv"
	says err "is amperes, which say no power without the voltage"
done
printf 'Date,Outlet,Power (W),Current (A)\n2026-01-01T00:00:00Z,7,100,0.5\n2026-01-01T00:10:00Z,7,100,0.5\n' >"$work/both.csv"
status 0 "$FP" import --dry-run "$work/both.csv"
printf 'Breaker,Current (A)\nx,16\n' >"$work/amps.csv"
status 1 "$FP" import --dry-run "$work/amps.csv"
says err 'none of the formats'
[ -e "$FLEETPRINT_DB" ] && fail "a dry run made a database"

status 0 "$FP" machine add m1 category=server
status 0 "$FP" machine add m2 category=server
readings='SELECT count(*), sum(value) FROM reading'

# Without a machine nothing is taken.
status 1 "$FP" energy import "$samples/energy_scaphandre_json/power_data.json"
says err 'names no machine: --machine TAG'
status 1 "$FP" energy import --machine m9 "$samples/energy_scaphandre_json/power_data.json"
says err 'm9'
[ "$(ask "$readings")" = '0|' ] || fail "refused rows were taken: $(ask "$readings")"

# The same file twice adds nothing.
status 0 "$FP" energy import --machine m1 "$samples/energy_scaphandre_json/power_data.json"
first=$(ask "$readings")
status 0 "$FP" --json energy import --machine m1 "$samples/energy_scaphandre_json/power_data.json"
json "$work/out" 'd["figures_added"] == 0 and d["figures_unchanged"] == 54'
[ "$(ask "$readings")" = "$first" ] || fail "a second import changed readings"

# A file that has grown adds what is new: 600 J, then 300 J more of the run.
head='timestamp,project_name,run_id,duration,energy_consumed'
printf '%s\n2026-01-05T10:00:00,p,r1,600,0.0001666666666666\n' "$head" >"$work/cc.csv"
status 0 "$FP" energy import --machine m2 --timezone UTC "$work/cc.csv"
printf '2026-01-05T10:05:00,p,r1,900,0.00025\n' >>"$work/cc.csv"
status 0 "$FP" --json energy import --machine m2 --timezone UTC "$work/cc.csv"
json "$work/out" 'd["figures_added"] == 1 and d["figures_unchanged"] == 1'
[ "$(ask "SELECT sum(r.value) FROM reading r JOIN meter m ON m.id = r.meter_id WHERE m.key = 'estimate'")" = 900000000 ] ||
    fail "900 J expected: $(ask "SELECT sum(r.value) FROM reading r JOIN meter m ON m.id = r.meter_id WHERE m.key = 'estimate'")"
# The time zone of the command; an unknown one is refused.
status 1 "$FP" energy import --machine m2 --timezone Mars/Olympus "$work/cc.csv"

# Jobs that overlap on a node cannot both be right: all or nothing.
before=$(ask "$readings")
cat >"$work/jobs.txt" <<'T'
JobIDRaw|NodeList|Start|End|ConsumedEnergyRaw
1|m1|2026-01-01T00:00:00Z|2026-01-01T01:00:00Z|360000
2|m[1-2]|2026-01-01T00:30:00Z|2026-01-01T01:30:00Z|720000
T
status 1 "$FP" energy import "$work/jobs.txt"
says err 'overlaps in time'
[ "$(ask "$readings")" = "$before" ] || fail "half of a file was taken"
status 3 "$FP" energy import --keep-going "$work/jobs.txt"
[ "$(ask "SELECT count(*) FROM feed_source WHERE name LIKE 'sacct/%'")" = 2 ] || fail "a source for each node"

# Outlets, one of them shared.
printf '7 = m1\n8 = m1, m2\n' >"$work/outlets.txt"
cat >"$work/pdu.csv" <<'T'
Date,Outlet,Power (W)
2026-02-01T00:00:00Z,7,100
2026-02-01T00:10:00Z,7,120
2026-02-01T00:00:00Z,8,60
2026-02-01T00:10:00Z,8,60
T
status 1 "$FP" energy import "$work/pdu.csv"
says err 'outlet .7. is of no known machine'
status 0 "$FP" energy import --outlets "$work/outlets.txt" "$work/pdu.csv"
[ "$(ask "SELECT group_concat(value) FROM (SELECT r.value FROM reading r JOIN meter m ON m.id = r.meter_id WHERE m.scope = 'outlet' ORDER BY 1)")" = 36000000000,66000000000 ] ||
    fail "36 kJ and 66 kJ expected"

# A cut file: refused whole, or its whole records.
head -c 60000 "$samples/energy_scaphandre_json/power_data.json" >"$work/cut.json"
status 1 "$FP" energy import --machine m2 "$work/cut.json"
says err 'ends inside this record'
status 3 "$FP" energy import --keep-going --machine m2 "$work/cut.json"

status 0 "$FP" check
exit $bad
