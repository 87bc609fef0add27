# SPDX-License-Identifier: Apache-2.0
"""The whole yearly document a second time: random fleets are imported by the
built program, and its reports are compared with yearly.py, figure by figure:
year.py PROGRAM DATA-FOLDER [SEED [FLEETS]]."""

import csv
import io
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from fleets import EN, random_unit, rng, write_fleet
from made import Total
from yearly import document

PROGRAM = os.path.abspath(sys.argv[1])
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 20260101
FLEETS = int(sys.argv[4]) if len(sys.argv) > 4 else 4
TODAYS = (date(2026, 3, 29), date(2025, 12, 31), date(2024, 2, 29),
          date(2026, 1, 1))
UNITS = 120
REL = 1e-9

# ---- comparing --------------------------------------------------------------

DB = None
bad = checks = 0


def complain(*words):
    global bad
    bad += 1
    if bad <= 4000:
        print(*words)


def near(a, b, rel=REL):
    global checks
    checks += 1
    if a is None or b is None:
        return a is None and b is None
    return abs(a - b) <= rel * max(abs(a), abs(b)) + 1e-9


def same(where, name, got, want, rel=REL):
    if isinstance(want, tuple):
        keys = ("value", "low", "high") if len(want) == 3 else (
            "units", "gross_kg", "acquisition_kg", "amortised_kg",
            "cutoff_kg")
        for k, w in zip(keys, want):
            same(where, name + "." + k, got.get(k), w, rel)
    elif not near(got, want, rel):
        complain(where, name, "got", got, "want", want)


def run(*args, today, want=0):
    env = dict(os.environ, FLEETPRINT_TODAY=today.isoformat())
    r = subprocess.run([PROGRAM, "--db", str(DB), *map(str, args)], env=env,
                       capture_output=True, text=True)
    if r.returncode != want:
        print("exit", r.returncode, "instead of", want, args,
              r.stderr[-2000:])
        sys.exit(1)
    return r


def look(doc, name):
    head, _, rest = name.partition(".")
    if head == "tier":
        rows = [r["kwh"] for r in doc["operation"]["by_tier"]
                if r["tier"] == rest]
        return rows[0] if rows else None
    if head in ("rules", "rules_without"):
        row = next(r for r in doc["rules"] if r["rule"] == rest)
        return row["own_kg" if head == "rules" else "lines_without"]
    if head.startswith("approach"):
        row = next(r for r in doc["approaches"] if r["approach"] == rest)
        return row["machines" if head.endswith("machines") else "gross_kg"]
    if head == "embodied":
        c, is_used, a = rest.split(".")
        rows = [r for r in doc["embodied"] if r["category"] == c
                and r["used"] == bool(int(is_used)) and r["approach"] == a]
        return rows[0] if rows else {}
    if head == "by_category":
        c, key = rest.split(".")
        rows = [r[key] for r in doc["fabrication"]["by_category"]
                if r["category"] == c]
        return rows[0] if rows else 0
    for key in name.split("."):
        doc = doc[key]
    return doc


def check_year(where, units, doc, year, today):
    want, lines = document(units, year, today)
    kinds = want.pop("kinds")
    for name, w in want.items():
        same(where, name, look(doc, name), w)
    got = {r["kind"]: r["kg"] for r in doc["fabrication"]["by_kind"]}
    whole = kinds.pop("whole", 0)
    if not whole:
        for k, v in kinds.items():
            same(where, "kind " + k, got.get(k, 0), v)
    same(where, "kinds", math.fsum(got.values()),
         math.fsum(kinds.values()) + whole)
    if not doc["identities_hold"]:
        complain(where, "identities do not hold")
    by_tag = {m["tag"]: m for m in doc["machines"]}
    for x in lines:
        m = by_tag.pop(x.u["tag"], None)
        if m is None:
            if x.closing:
                complain(where, x.u["tag"], "is missing")
            continue
        at = where + " " + x.u["tag"]
        n = x.u["n"]
        if m["approach"] != x.approach:
            complain(at, "approach", m["approach"], "want", x.approach,
                     {k: v for k, v in x.u.items() if v is not None})
        t = Total()
        t.add(x.kg, x.sds, n)
        if x.approach == "none":
            same(at, "gross", m["gross_kg"]["value"], None)
            continue
        same(at, "gross_kg", m["gross_kg"], t.q())
        same(at, "own_kg", m["own_kg"], n * x.f * x.kg)
        same(at, "charge_kg", m["charge_kg"], n * x.f * x.kg * x.spent)
        if x.ran and not x.draw:
            same(at, "kwh", m["kwh"], None)
        else:
            same(at, "kwh", m["kwh"], x.kwh or 0)
    for tag in by_tag:
        complain(where, tag, "is listed beyond")
    return want, lines


def check_formats(where, doc, files):
    """CSV, XML and HTML carry the figures of the JSON."""
    rows = {(r["table"], r["row"], r["column"]): r
            for r in csv.DictReader(io.StringIO(files["csv"]))}
    root = ElementTree.fromstring(files["xml"])
    shown = {float(v) for v in re.findall(r'data-value="([^"]+)"',
                                          files["html"])}
    ns = "{urn:fleetprint:year:1}"

    def one(table, key, value):
        row = rows.get((table, "", key))
        q = value if isinstance(value, dict) else {"value": value}
        element = root.find(ns + table + "/" + ns + key)
        if row is None or element is None:
            complain(where, table, key, "is missing from CSV or XML")
            return
        for k, v in q.items():
            cell = row[k]
            attr = element.text if k == "value" else element.get(k)
            same(where + " csv", table + "." + key,
                 float(cell) if cell else None, v)
            same(where + " xml", table + "." + key,
                 float(attr) if attr else None, v)

    for table in ("fleet", "fabrication", "operation", "ratios", "total",
                  "net_stock"):
        for key, value in doc[table].items():
            if isinstance(value, (int, float, dict)) and not isinstance(
                    value, bool) and (not isinstance(value, dict)
                                      or "value" in value):
                one(table, key, value)
    for table, key in (("fabrication", "gross_kg"), ("fabrication", "own_kg"),
                       ("fabrication", "charge_kg"),
                       ("operation", "location_kg"), ("operation", "it_kwh"),
                       ("ratios", "gross_years"), ("total", "amortised_kg")):
        v = doc[table][key]["value"]
        if v is not None and not any(near(v, x) for x in shown):
            complain(where, "html lacks", table, key, v)
    for r in doc["fabrication"]["by_kind"] + doc["fabrication"]["by_category"]:
        if r["kg"] and not any(near(r["kg"], x) for x in shown):
            complain(where, "html lacks", r)


def check_machine(where, line, doc):
    """One machine by itself is what it is in the year."""
    f, t = doc["fabrication"], Total()
    t.add(line.kg, line.sds, line.u["n"])
    if line.approach == "none":
        same(where, "gross", f["gross_kg"]["value"], None)
        return
    same(where, "gross_kg", f["gross_kg"], t.q())
    same(where, "share", f["share"], line.f)
    same(where, "steps", math.fsum(s["kg"] for s in f["steps"]), line.kg)
    for r in f["rules"]:
        same(where, r["rule"], r["share"], line.shares[r["rule"]])
    if line.approach == "stated" and f["steps"][0]["source"] != "a study":
        complain(where, "source", f["steps"][0])


def check_fleet(k):
    """One random fleet, from the file to every report of it."""
    today = TODAYS[k % len(TODAYS)]
    cols, columns = {"warranty", "power_w", "kwh_year"}, set(EN)
    if k % 4 == 3:
        columns -= {"warranty_end", "power_w", "energy_kwh_year"}
        cols = set()
    units = [random_unit(i, cols, 0.02 if k % 4 == 2 else 0)
             for i in range(UNITS)]
    folder = DB.parent / "in"
    folder.mkdir()
    write_fleet(folder, units, k % 2 == 1, columns)
    run("import", folder, today=today)
    texts = {}
    for year in (2013, 2023, 2024, 2025, 2026):
        args = ("report", "year", year, "--format", "json", "--machines")
        if year > today.year:
            run(*args, today=today, want=1)
            continue
        texts[year] = run(*args, today=today).stdout
        check_year("fleet %d year %d" % (k, year), units,
                   json.loads(texts[year]), year, today)
    where = "fleet %d today" % k
    doc = json.loads(run("report", "fleet", "--format", "json", "--machines",
                         today=today).stdout)
    _, lines = check_year(where, units, doc, None, today)
    if doc["year"] is not None:
        complain(where, "year is", doc["year"])
    here = [x for x in lines if x.closing]
    for line in rng.sample(here, 6):
        check_machine(
            where + " " + line.u["tag"], line, json.loads(run(
                "report", "machine", line.u["tag"], "--format", "json",
                today=today).stdout))
    year = min(2024, today.year)
    check_formats("fleet %d" % k, json.loads(texts[year]), {
        f: run("report", "year", year, "--format", f, today=today).stdout
        for f in ("csv", "xml", "html")})
    run("import", folder, today=today)
    again = run("report", "year", year, "--format", "json", "--machines",
                today=today).stdout
    if again != texts[year]:
        complain("fleet", k, "a second import changed the report")


def main():
    global DB
    rng.seed(SEED)
    for k in range(FLEETS):
        with tempfile.TemporaryDirectory() as tmp:
            DB = Path(tmp) / "fleet.db"
            check_fleet(k)
    print(FLEETS, "fleets,", checks, "figures,", bad, "differences")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
