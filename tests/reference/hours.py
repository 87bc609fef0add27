# SPDX-License-Identifier: Apache-2.0
"""Operation by the hour a second time: random fleets with power models,
calendars, PUE by month, contracts and hours of the grid go through the built
program; every hour is added up again here:
hours.py PROGRAM MONTHS_CLI [SEED [FLEETS]]."""

import json
import os
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from meters import feed, measured_hours, store_meters

PROGRAM = os.path.abspath(sys.argv[1])
MONTHS_CLI = os.path.abspath(sys.argv[2])
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 20260201
FLEETS = int(sys.argv[4]) if len(sys.argv) > 4 else 5
YEAR = 2025
TODAY = "2026-02-03"
REL = 1e-9
ZONES = ("UTC", "Europe/Paris", "Asia/Kolkata", "America/New_York")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
bad = checks = 0
db = None


def run(*args):
    env = dict(os.environ, FLEETPRINT_TODAY=TODAY)
    r = subprocess.run([PROGRAM, "--db", str(db), *map(str, args)], env=env,
                       capture_output=True, text=True)
    if r.returncode:
        print(args, r.stderr)
        sys.exit(1)
    return r.stdout


def same(where, got, want):
    global bad, checks
    checks += 1
    near = (got is None) == (want is None) and (
        got is None or abs(got - want) <= REL * max(abs(got), abs(want), 1))
    if not near:
        bad += 1
        print(where, "got", got, "want", want)


# ---- what is drawn -----------------------------------------------------------

def draw_site(r, name):
    s = {"name": name, "zone": r.choice(ZONES), "pue": round(r.uniform(1, 2), 2),
         "g": round(r.uniform(5, 600), 1), "months": {}, "contracts": [],
         "residual": None, "grid": None}
    for m in range(12):
        if r.random() < 0.4:
            s["months"][m] = round(r.uniform(1, 3), 3)
    for _ in range(r.randrange(3)):
        s["contracts"].append((round(r.uniform(0.1, 20), 3), r.randrange(90)))
    if r.random() < 0.8:
        s["residual"] = r.randrange(20, 500)
    return s


def draw_grid(r, zone):
    """Hours of the year with some days around; a few are missing, in one month
    many."""
    start = datetime(YEAR, 1, 1, tzinfo=timezone.utc) - timedelta(days=9)
    worst = r.randrange(1, 14)
    hours = {}
    for k in range((365 + 18) * 24):
        t = start + timedelta(hours=k)
        if r.random() < (0.12 if t.month == worst else 0.01):
            continue
        hours[t] = round(60 + 40 * (k % 24 in range(7, 20)) +
                         r.uniform(-50, 50), 2)
    return {"zone": zone, "hours": hours}


def draw_machine(r, tag, sites):
    m = {"tag": tag, "site": r.choice(sites)["name"],
         "units": r.choice((1, 1, 1, 4)), "model": None, "power": None,
         "from": date(2020, 1, 1), "to": None, "meter": None}
    if r.random() < 0.3:
        m["from"] = date(YEAR, r.randrange(1, 13), r.randrange(1, 28))
    if r.random() < 0.2:
        m["to"] = m["from"] + timedelta(days=r.randrange(20, 2500))
        m["to"] = max(m["to"], date(YEAR, 2, 3))
    if r.random() < 0.5:
        m["power"] = round(r.uniform(5, 900), 1)
    else:
        m["model"] = draw_model(r)
    if r.random() < 0.5:
        m["meter"] = feed(r, YEAR)
    if m["meter"] and m["meter"].get("cards"):
        m["units"] = 1
    return m


def draw_model(r):
    kind = r.choice(("constant", "linear", "fan", "tdp", "log"))
    numbers = {"constant": [r.randrange(20, 300)],
               "linear": [r.randrange(20, 90), r.randrange(90, 400)],
               "fan": [r.randrange(20, 90), r.randrange(90, 400)],
               "tdp": [r.randrange(35, 300)],
               "log": [55.6501, 0.0467, 20.4146, 4.24362]}[kind]
    m = {"kind": kind, "numbers": numbers, "load": None, "profile": None,
         "calendar": None, "standby": None}
    if kind != "constant":
        pick = r.random()
        if pick < 0.3:
            m["load"] = round(r.random(), 2)
        elif pick < 0.7:
            m["profile"] = [round(r.random(), 3) for _ in range(168)]
    if r.random() < 0.6:
        m["calendar"] = draw_calendar(r)
        m["standby"] = r.choice((None, 2, 7.5))
    return m


def draw_calendar(r):
    on = [False] * 168
    entries = []
    for _ in range(r.randrange(1, 3)):
        a = r.randrange(7)
        b = r.randrange(a, 7)
        h = r.randrange(0, 20)
        k = r.randrange(h + 1, 25)
        entries.append("%s-%s %02d:00-%02d:00" % (DAYS[a], DAYS[b], h, k))
        for d in range(a, b + 1):
            for x in range(h, k):
                on[d * 24 + x] = True
    first = date(YEAR, r.randrange(1, 12), r.randrange(1, 28))
    last = first + timedelta(days=r.randrange(20))
    return {"hours": ", ".join(entries), "on": on, "closed": (first, last)}


# ---- telling the program -----------------------------------------------------

def tell_sites(sites, folder):
    lines = ["name,country,timezone,pue,grid_g,grid_kind,grid_source"]
    for s in sites:
        lines.append("%s,FRA,%s,%s,%s,life_cycle,test" % (
            s["name"], s["zone"], s["pue"], s["g"]))
    (folder / "sites.csv").write_text("\n".join(lines) + "\n")
    run("import", folder / "sites.csv")
    for s in sites:
        if s["months"]:
            run("site", "set", s["name"], "--pue-month", ",".join(
                "%d-%02d=%s" % (YEAR, m + 1, p) for m, p in s["months"].items()))
        for mwh, g in s["contracts"]:
            run("market", "add", s["name"], "--year", YEAR, "--mwh", mwh,
                "--g", g, "--source", "test")
        if s["residual"]:
            run("market", "residual", s["name"], "--year", YEAR, "--g",
                s["residual"], "--source", "test")
        if s["grid"]:
            tell_grid(s, folder)


def tell_grid(s, folder):
    lines = ["Datetime (UTC),Country,Zone name,Zone id,"
             "Carbon intensity gCO\u2082eq/kWh (direct),"
             "Carbon intensity gCO\u2082eq/kWh (Life cycle),"
             "Data estimated"]
    for t, g in s["grid"]["hours"].items():
        lines.append("%s,X,X,%s,,%s,false" % (
            t.strftime("%Y-%m-%d %H:%M:%S"), s["grid"]["zone"], g))
    path = folder / ("%s_%d_hourly.csv" % (s["grid"]["zone"], YEAR))
    path.write_text("\n".join(lines) + "\n")
    run("import", path)
    run("site", "set", s["name"], "--grid-zone", s["grid"]["zone"])


def tell_machines(machines, folder):
    lines = ["tag,quantity,category,site,status,in_service_on,retired_on,"
             "power_w,gpu"]
    for m in machines:
        cards = (m["meter"] or {}).get("cards")
        lines.append("%s,%d,server,%s,%s,%s,%s,%s,%s" % (
            m["tag"], m["units"], m["site"],
            "retired" if m["to"] else "in_service", m["from"], m["to"] or "",
            "" if m["power"] is None else m["power"],
            "?" if cards is None else "%dx Tesla T4" % cards if cards else ""))
    (folder / "fleet.csv").write_text("\n".join(lines) + "\n")
    run("import", folder / "fleet.csv")
    for m in machines:
        if m["model"]:
            tell_model(m["tag"], m["model"])


def tell_model(tag, m):
    args = ["--kind", m["kind"], "--numbers", " ".join(map(str, m["numbers"]))]
    if m["load"] is not None:
        args += ["--load", m["load"]]
    if m["profile"]:
        args += ["--profile", " ".join(map(str, m["profile"]))]
    if m["calendar"]:
        c = m["calendar"]
        run("calendar", "set", "c-" + tag, "--hours", c["hours"],
            "%s..%s" % c["closed"])
        args += ["--calendar", "c-" + tag]
        if m["standby"]:
            args += ["--standby-w", m["standby"]]
    run("power", "set", tag, *args)


# ---- adding up again ---------------------------------------------------------

def curve(xs, ys, u):
    for i in range(1, len(xs)):
        if u <= xs[i]:
            part = (u - xs[i - 1]) / (xs[i] - xs[i - 1])
            return ys[i - 1] + part * (ys[i] - ys[i - 1])
    return ys[-1]


def watts_at(m, u):
    import math
    n = m["numbers"]
    if m["kind"] == "constant":
        return n[0]
    if m["kind"] == "linear":
        return n[0] + (n[1] - n[0]) * u
    if m["kind"] == "fan":
        return n[0] + (n[1] - n[0]) * (2 * u - u ** 1.4)
    if m["kind"] == "tdp":
        return n[0] * curve((0, 0.1, 0.5, 1), (0.12, 0.32, 0.75, 1.02), u)
    return max(1, n[0] * math.log(n[1] * (100 * u + n[2])) + n[3])


def is_off(m, local):
    c = m["model"] and m["model"]["calendar"]
    if not c:
        return False
    day = local.date()
    return (c["closed"][0] <= day <= c["closed"][1] or
            not c["on"][day.weekday() * 24 + local.hour])


def modelled_watts(m, local):
    model = m["model"]
    if m["power"] is not None:
        return m["power"]
    if is_off(m, local):
        return model["standby"] or 0
    slot = local.weekday() * 24 + local.hour
    if model["profile"]:
        return watts_at(model, model["profile"][slot])
    return watts_at(model, 0.5 if model["load"] is None else model["load"])


def pieces(zone):
    """Half hours of the local year: UTC start and local start."""
    tz = ZoneInfo(zone)
    t = datetime(YEAR, 1, 1, tzinfo=tz).astimezone(timezone.utc)
    end = datetime(YEAR + 1, 1, 1, tzinfo=tz).astimezone(timezone.utc)
    while t < end:
        yield t, t.astimezone(tz)
        t += timedelta(minutes=30)


def grid_of(site):
    """Hour -> (known or filled g), hours of months to keep static."""
    hours = site["grid"]["hours"]

    def g(t):
        if t in hours:
            return hours[t], False
        near = [hours[x] for d in range(1, 8)
                for x in (t - timedelta(days=d), t + timedelta(days=d))
                if x in hours]
        return (sum(near) / len(near) if near else None), True
    return g


class Site:
    """Site energy by local month and UTC hour, as bins."""

    def __init__(self, site):
        self.site = site
        self.bins = {}
        for t, local in pieces(site["zone"]):
            self.bins.setdefault((local.month, t.replace(minute=0)), 0.0)
        self.it = 0.0

    def add(self, month, hour, kwh):
        self.bins[month, hour] += kwh
        self.it += kwh

    def pue(self, month):
        return self.site["months"].get(month - 1, self.site["pue"])

    def dc(self):
        return {k: v * self.pue(k[0]) for k, v in self.bins.items()}


def figures(s):
    dc = s.dc()
    site_kwh = sum(dc.values())
    out = {"it": s.it, "site": site_kwh,
           "location": site_kwh * s.site["g"] / 1e3}
    grams = market(s.site, site_kwh)
    out["market"] = grams
    if s.site["grid"]:
        g_of = grid_of(s.site)
        got = {k: g_of(k[1]) for k in dc}
        for month in range(1, 13):
            keys = [k for k in dc if k[0] == month]
            missing = sum(got[k][1] for k in keys)
            if missing * 100 > 5 * len(keys) or any(
                    got[k][0] is None for k in keys):
                for k in keys:
                    got[k] = (s.site["g"], False)
        n = len(dc)
        mean_g = sum(g for g, _ in got.values()) / n
        mean_e = site_kwh / n
        out["hourly"] = sum(dc[k] * got[k][0] for k in dc) / 1e3
        out["covariance"] = sum(
            (dc[k] - mean_e) * (got[k][0] - mean_g) for k in dc) / 1e3
    return out


def market(site, kwh):
    bought = sum(mwh * 1e3 for mwh, _ in site["contracts"])
    grams = sum(mwh * 1e3 * g for mwh, g in site["contracts"])
    if bought > kwh:
        return grams * (kwh / bought) / 1e3
    if bought < kwh and site["residual"] is None:
        return None
    return (grams + (kwh - bought) * (site["residual"] or 0)) / 1e3


def add_machine(m, s):
    """Its energy into the bins; measured and filled kWh of one with a meter."""
    def service(local):
        day = local.date()
        return m["from"] <= day and (m["to"] is None or day < m["to"])
    span = [(t, local) for t, local in pieces(s.site["zone"]) if service(local)]
    rows = None
    if m["meter"]:
        rows = measured_hours(m["meter"], span, lambda local: is_off(m, local),
                              (m["model"] or {}).get("standby") or 0,
                              m["units"])
    if rows:
        for (month, hour), kwh in rows["kwh"].items():
            s.add(month, hour, kwh)
        return rows
    for t, local in span:
        s.add(local.month, t.replace(minute=0),
              modelled_watts(m, local) * m["units"] * 0.5 / 1e3)
    return None


def check(sites, machines):
    doc = json.loads(run("report", "year", YEAR, "--format", "json",
                         "--machines"))
    op = doc["operation"]
    by = {x["name"]: Site(x) for x in sites}
    rows = {m["tag"]: add_machine(m, by[m["site"]]) for m in machines}
    all_ = {k: figures(s) for k, s in by.items() if s.it > 0}
    same("it", op["it_kwh"]["value"], sum(s.it for s in by.values()))
    same("site", op["site_kwh"]["value"], sum(f["site"] for f in all_.values()))
    same("location", op["location_kg"]["value"],
         sum(f["location"] for f in all_.values()))
    same("hourly", (op["hourly_kg"] or {}).get("value"),
         sum(f.get("hourly", f["location"]) for f in all_.values())
         if any("hourly" in f for f in all_.values()) else None)
    parts = [f["market"] for f in all_.values()]
    same("market", (op["market_kg"] or {}).get("value"),
         None if None in parts else sum(parts))
    for row in op["hourly"]:
        same(row["site"] + " covariance", row["covariance_kg"],
             all_[row["site"]]["covariance"])
    read = [x for x in rows.values() if x]
    same("measured", op["meters"]["measured_kwh"],
         sum(x["measured"] for x in read))
    same("filled", op["meters"]["filled_kwh"], sum(x["filled"] for x in read))
    for row in doc["machines"]:
        x = rows[row["tag"]]
        same(row["tag"] + " coverage", row["coverage"],
             x["coverage"] if x else None)
    if not all(i["holds"] for i in doc["identities"]):
        print("an identity does not hold")
        sys.exit(1)


def main():
    global db
    for k in range(FLEETS):
        r = Random(SEED + k)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            db = folder / "fleet.db"
            sites = [draw_site(r, "s%d" % i) for i in range(3)]
            for i, s in enumerate(sites[:2]):
                s["grid"] = draw_grid(r, "X%d" % i)
            if not any(x["contracts"] or x["residual"] for x in sites):
                sites[0]["residual"] = 77
            machines = [draw_machine(r, "m%02d" % i, sites) for i in range(14)]
            tell_sites(sites, folder)
            tell_machines(machines, folder)
            store_meters(MONTHS_CLI, db, machines, YEAR)
            for m in machines:
                if m["meter"] and m["meter"].get("gone"):
                    key, day = m["meter"]["gone"]
                    run("energy", "meter", "gone", m["tag"], key, "--on", day)
            check(sites, machines)
    print("%d fleets, %d figures, %d differences" % (FLEETS, checks, bad))
    sys.exit(1 if bad or not checks else 0)


main()
