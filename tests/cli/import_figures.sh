#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Factors and grid values come through import too: twice without harm, all or
# nothing, told apart from the shipped sets, named by the report they go into.
. tests/cli/lib.sh
cat >"$work/fleet.csv" <<'X'
tag,quantity,category,manufacturer,model,cpu_model,cpu_count,cpu_cores,ram_modules,hdd,ssd,gpu,acquired_on,in_service_on,power_w,site
n1,1,server,Dell Inc.,PowerEdge R9999,Xeon Gold 6130,2,32,12x32,,,,2024-01-01,2024-01-01,200,here
X
cat >"$work/sites.csv" <<'X'
name,country,timezone
here,FRA,Europe/Paris
X
cat >"$work/ember.csv" <<'X'
Entity,Code,Year,Carbon intensity of electricity - gCO2/kWh
France,FRA,2024,50
France,FRA,2026,30
X
cat >"$work/boavizta-data-us.csv" <<'X'
manufacturer,name,category,subcategory,gwp_total,gwp_use_ratio,lifetime,report_date,sources,gwp_error_ratio,hard_drive,memory
Dell,PowerEdge R9999,Datacenter,Server,3000,0.5,4,November 2025,https://example.org/r9999.pdf,0.25,,
X
status 0 "$FP" import "$work/sites.csv" "$work/fleet.csv"
status 0 "$FP" report year 2026 --format json -o "$work/before.json"
status 0 "$FP" grid import "$work/ember.csv"
says err 'ember.csv: 2 figures added, 0 changed, 0 unchanged'
status 0 "$FP" factor import --json "$work/boavizta-data-us.csv"
json "$work/out" 'd["figures_added"] == 1 and d["added"] == 0'
status 0 "$FP" import "$work/ember.csv" "$work/boavizta-data-us.csv"
says err 'ember.csv: 0 figures added, 0 changed, 2 unchanged'
says err 'boavizta-data-us.csv: 0 figures added, 0 changed, 1 unchanged'

status 0 "$FP" factor list --json
json "$work/out" '[(s["id"], s["version"], s["rows"]) for s in d if s["imported"]] == [("boavizta-pcf", "2026-11-21", 1), ("ember-owid", "2026-11-21", 2)]'
json "$work/out" 'all(s["licence"] and len(s["sha256"]) == 64 for s in d)'
status 0 "$FP" factor show boavizta-pcf --json
json "$work/out" 'd[0]["model"] == "PowerEdge R9999" and d[0]["use_kg"] == 1500'
status 0 "$FP" grid list FRA 2026
json "$work/out" 'd[0]["set"] == "ember-owid" and d[0]["g_per_kwh"] == 30 and d[0]["used"]'
status 0 "$FP" grid list FRA 2024
json "$work/out" 'd[0]["set"] == "grid-yearly" and d[0]["used"] and any(g["set"] == "ember-owid" and not g["used"] for g in d)'

# The report is made with them and names them.
status 0 "$FP" report year 2026 --format json -o "$work/after.json"
json "$work/before.json" 'not {"ember-owid", "boavizta-pcf"} & {s["id"] for s in d["factor_sets"]}'
json "$work/after.json" '{"ember-owid", "boavizta-pcf"} <= {s["id"] for s in d["factor_sets"]}'
json "$work/after.json" 'any(s["id"] == "ember-owid" and s["version"] == "2026-11-21" and len(s["sha256"]) == 64 for s in d["factor_sets"])'
json "$work/after.json" '[a["gross_kg"] for a in d["approaches"] if a["approach"] == "A"][0] == 1500'

# Preferred, the imported set goes first where both have the year.
status 0 "$FP" factor prefer ember-owid
status 0 "$FP" grid list FRA 2024
json "$work/out" 'd[0]["set"] == "ember-owid" and d[0]["g_per_kwh"] == 50'
status 0 "$FP" factor prefer --off ember-owid
status 0 "$FP" grid list FRA 2024
json "$work/out" 'd[0]["set"] == "grid-yearly"'
status 1 "$FP" factor prefer nothing

# One bad row: nothing is taken, the place is told; the good rows on demand.
printf 'Entity,Code,Year,Carbon intensity\nFrance,FRA,2027,20\nFrance,FRA,2028,-5\n' >"$work/bad.csv"
status 1 "$FP" import "$work/bad.csv"
says err "bad.csv: line 3: column 'g_per_kwh'.*expected 0 to 5000"
status 0 "$FP" grid list FRA 2027
json "$work/out" 'd[0]["year"] == 2026'
status 3 "$FP" import --keep-going --rejects "$work/rejects.csv" "$work/bad.csv"
status 0 "$FP" grid list FRA 2027
json "$work/out" 'd[0]["year"] == 2027 and d[0]["g_per_kwh"] == 20'

# A dry run counts and makes nothing.
status 0 env FLEETPRINT_DB="$work/none.db" "$FP" import --dry-run --json "$work/ember.csv"
json "$work/out" 'd["format"] == "ember-owid" and d["grid_rows"] == 2 and d["machines"] == []'
status 0 env FLEETPRINT_DB="$work/none.db" "$FP" import --dry-run --json "$work/boavizta-data-us.csv"
json "$work/out" 'd["format"] == "boavizta-pcf" and d["factor_rows"] == 1'
[ ! -e "$work/none.db" ] || fail 'a dry run made a database'
status 0 "$FP" check

# A site that runs shows what was imported after its start.
"$FP" --db "$work/live.db" import "$work/sites.csv" "$work/fleet.csv" 2>"$work/err"
"$FP" --db "$work/live.db" serve --listen 127.0.0.1:0 2>"$work/serve.log" &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
port=
while [ -z "$port" ]; do
    kill -0 $server || { fail "the site did not start: $(cat "$work/serve.log")"; finish; }
    port=$(sed -n 's/.*ready.*port=\([0-9]*\).*/\1/p' "$work/serve.log")
done
curl -sf "http://127.0.0.1:$port/reports/2026.json" >"$work/before.json"
status 0 "$FP" --db "$work/live.db" import "$work/ember.csv"
curl -sf "http://127.0.0.1:$port/reports/2026.json" >"$work/after.json"
curl -sf "http://127.0.0.1:$port/factors" >"$work/factors.html"
kill $server
wait $server || fail "the site failed: $(cat "$work/serve.log")"
json "$work/before.json" '"ember-owid" not in {s["id"] for s in d["factor_sets"]}'
json "$work/after.json" '"ember-owid" in {s["id"] for s in d["factor_sets"]}'
grep -q 'ember-owid' "$work/factors.html" || fail "the page /factors lacks the new set"
finish
