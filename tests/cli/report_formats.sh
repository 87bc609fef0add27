#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every format of the year: valid, equal in numbers, without network or script,
# the same bytes twice and in any locale.
. tests/cli/lib.sh
status 0 "$FP" import examples/cbp-2025
for f in json csv xml html; do
    status 0 "$FP" report year 2025 --machines --format "$f" -o "$work/y.$f"
done
status 0 "$FP" report year 2025 --lang fr -o "$work/fr.html"
for f in y fr; do
    tidy -e -q "$work/$f.html" >"$work/tidy" 2>&1 || fail "tidy finds: $(head -n 3 "$work/tidy")"
    [ -s "$work/tidy" ] && fail "tidy warns: $(head -n 3 "$work/tidy")"
    grep -qiE '<script|style="|src="http|href="http[^"]*\.css|@import|url\([^#]' "$work/$f.html" &&
        fail "$f.html has a script, an inline style or something from the network"
done
grep -q 'lang="fr"' "$work/fr.html" || fail 'the French report does not say so'
xmllint --noout --schema reports/year.xsd "$work/y.xml" 2>"$work/x" || fail "XSD: $(head -n 3 "$work/x")"
python3 - "$work" <<'P' || fail 'the HTML, CSV or XML differs from the JSON'
import csv, json, re, sys
w = sys.argv[1]
d = json.load(open(w + "/y.json"))
html = open(w + "/y.html", encoding="utf-8").read()
shown = {float(v) for v in re.findall(r'data-value="([^"]+)"', html) if v}
rows = list(csv.reader(open(w + "/y.csv", encoding="utf-8")))
cells = set()
for r in rows:
    for c in r:
        try:
            cells.add(float(c))
        except ValueError:
            pass
xml = open(w + "/y.xml", encoding="utf-8").read()
in_xml = {float(v) for v in re.findall(r'[>"](-?\d[\d.eE+-]*)[<"]', xml) if re.fullmatch(r'-?\d+(\.\d+)?([eE][+-]?\d+)?', v)}
want = {}
for path in ("fabrication.gross_kg", "fabrication.own_kg", "fabrication.charge_kg",
             "operation.it_kwh", "operation.location_kg", "ratios.gross_years",
             "total.amortised_kg", "total.acquisition_kg"):
    v = d
    for k in path.split("."):
        v = v[k]
    want[path] = v["value"]
bad = 0
for path, v in want.items():
    for name, there in (("HTML", shown), ("CSV", cells), ("XML", in_xml)):
        if v is not None and v not in there:
            print(f"    {path} = {v!r} is not in the {name}")
            bad = 1
if not d["machines"] or abs(sum(m["gross_kg"]["value"] for m in d["machines"] if m["gross_kg"]["value"]) - d["fabrication"]["gross_kg"]["value"]) > 1e-6:
    print("    the machines do not add up to the fleet")
    bad = 1
sys.exit(bad)
P
LC_ALL=fr_FR.UTF-8 "$FP" report year 2025 --machines --format json -o "$work/again.json" 2>/dev/null
cmp -s "$work/y.json" "$work/again.json" || fail 'two runs differ'
status 0 "$FP" report year 2025
says out '352'
says out '8[.,]67|8[^0-9]?672'
finish
