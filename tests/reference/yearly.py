# SPDX-License-Identifier: Apache-2.0
"""The yearly document from the text of the method and the tables of
factors/data: document(units, year, today). year.py compares it with the
program's; fleets.py says what a unit is, made.py what it weighs."""

import math
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from assess import GPU_ROW
from made import (COMPUTERS, SERVERS, Total, embodied, estimates, interval,
                  rel_var, released, table, told, used)

LIFE = {"server": 8, "gpu_node": 8, "storage": 8, "workstation": 8,
        "desktop": 8, "laptop": 6, "screen": 10, "switch": 8, "sbc": 8,
        "other": 8}
PART_LIFE = {"gpu": 5, "hdd": 5, "ssd": 5, "ram": 8}
GSD_TIER = {"M4": 1.25, "M5": 1.5}
RULES = ("GROSS CUTOFF HALF RESIDUAL_SL ACTUAL_LIFE ECON_PRICE ECON_DB PHYS "
         "CFF").split()
GONE = ("retired", "given", "recycled", "refused")
SERIES = {r["zone"]: {int(k[1:]): float(v) for k, v in r.items()
                      if k[0] == "y" and k[1:].isdigit() and v}
          for r in table("grid-yearly/*/series.csv")}


# ---- dates ------------------------------------------------------------------

def day(d):
    """(y, m, d) with zeros for unknown, as the day it counts as."""
    return date(d[0], d[1] or 7, d[2] or (16 if d[1] else 1)) if d else None


def first_day(d):
    return date(d[0], d[1] or 1, d[2] or 1)


def last_day(d):
    if d[2]:
        return first_day(d)
    y, m = (d[0], d[1] + 1) if d[1] and d[1] < 12 else (d[0] + 1, 1)
    return date(y, m, 1) - timedelta(days=1)


def plus_life(start, years):
    whole = int(math.floor(years))
    try:
        e = start.replace(year=start.year + whole)
    except ValueError:
        e = date(start.year + whole, 2, 28)
    return e + timedelta(days=math.floor((years - whole) * 365 + 0.5))


def overlap(a, b, c, d):
    return max(0, (min(b, d) - max(a, c)).days)


def instant(d, zone):
    """UTC second of local midnight, or of the first instant of that day."""
    z = ZoneInfo(zone)
    t = datetime(d.year, d.month, d.day, tzinfo=z).astimezone(timezone.utc)
    while t.astimezone(z).date() < d:
        t += timedelta(minutes=30)
    return t.timestamp()


# ---- one line within a year -------------------------------------------------

def share(rule, u, age, lref):
    if not used(u):
        return 1.0
    if rule in FIXED:
        return FIXED[rule]
    if rule in ("ECON_PRICE", "PHYS"):
        return None
    age = age or 0.0  # unknown: the largest share
    if rule == "RESIDUAL_SL":
        return max(0.0, 1 - age / lref)
    if rule == "ECON_DB":
        return 0.7 ** age
    l2 = min(lref, max(lref - age, 2.0))
    return l2 / (age + l2)


FIXED = {"GROSS": 1.0, "CUTOFF": 0.0, "HALF": 0.5, "CFF": 0.5}


def reference_life(u):
    if u["loose"]:
        return PART_LIFE.get(u["category"], LIFE.get(u["category"], 8))
    return LIFE[u["category"]]


class Line:
    """What one inventory line is in one year."""

    def __init__(self, u, start, end, today=False):
        self.u, self.today = u, today
        acquired, service, made, gone = map(
            day, (u["acquired"], u["service"], u["made"], u["exit"]))
        entry = acquired or service or made
        came, left = entry or date.min, gone or date.max
        if u["status"] in GONE and not gone:
            left = date.min
        if gone:  # bought in August, gone in "2024": both on one day
            left = max(left, came)
        real = left > date.min
        self.opening = real and came < start <= left
        self.closing = real and came < end <= left
        self.enters = real and start <= came < end
        self.leaves = real and start <= left < end
        if not made and u["cpu_row"]:
            made = released(u["cpu_row"])
        self.came, self.left = came, left
        self.made = made or (came if u["acquisition"] == "new" else None)
        known = made and (acquired or service)
        self.age = max(0, (came - made).days) / 365.25 if known else None
        self.approach, self.kinds, self.sds, self.unknown = embodied(u)
        self.kg = math.fsum(self.kinds.values())
        lref = reference_life(u)
        self.shares = {r: share(r, u, self.age, lref) for r in RULES}
        self.f = self.shares["RESIDUAL_SL"]
        life = max(lref - (self.age or 0), 2.0) if used(u) else lref
        life = min(life, lref)
        self.began = max(came, service or came) if entry else None
        self.spent = self.left_frac = 0.0
        self.ends = None
        here = self.opening or self.enters
        if self.began:
            self.ends = plus_life(self.began, life)
            days = (self.ends - self.began).days
            self.spent = (overlap(self.began, self.ends, max(start, came),
                                  min(end, left)) / days if here else 0)
        if self.leaves:
            self.left_frac = 1.0
            if self.began:
                self.left_frac = overlap(self.began, self.ends, left,
                                         date.max) / days
        self.net_open = self.net(start) if self.opening else 0
        self.net_close = self.net(end) if self.closing else 0
        self.operate(start, end, came, left, service)

    def net(self, at):
        if not self.began:
            return 1.0
        return (overlap(self.began, self.ends, at, date.max)
                / (self.ends - self.began).days)

    def operate(self, start, end, came, left, service):
        u, site = self.u, self.u["site"]
        a = max(start, came, service or date.min)
        b = min(end, left)
        self.ran = 0
        self.kwh = self.tier = self.draw = None
        if u["status"] not in ("in_service", "") + GONE or u["loose"] and (
                u["category"] != "screen"):
            return
        if a >= b or left == date.min:
            return
        p = power(u)
        self.draw = p
        if self.today:  # what runs today, all the year
            if not self.closing:
                return
            self.ran = year_s = 8760 * 3600
        else:
            self.ran = instant(b, site["tz"]) - instant(a, site["tz"])
            year_s = (instant(date(start.year + 1, 1, 1), site["tz"])
                      - instant(start, site["tz"]))
        if p:
            self.tier = p[0]
            self.kwh = u["n"] * (
                u["kwh_year"] * self.ran / year_s if p[0] == "year"
                else p[1] * self.ran / 3.6e6)
            if p[0] == "year":
                self.tier = "M5"


def tdp_curve(tdp, load):
    xs, ys = (0, 0.1, 0.5, 1), (0.12, 0.32, 0.75, 1.02)
    for i in range(3):
        if load <= xs[i + 1]:
            t = (load - xs[i]) / (xs[i + 1] - xs[i])
            return tdp * (ys[i] + t * (ys[i + 1] - ys[i]))


def draws(u):
    """Processors whose power counts; where nobody counted them: one, but in
    servers, which have one or two."""
    if u["cpu_count"] is not None:
        return u["cpu_count"]
    n = told(u)
    return n if n > 0 else 0 if u["category"] in SERVERS else 1


def power(u):
    """Tier (or "year"), watts of a unit, v of the assumed load."""
    if u["power_w"] is not None:
        return "M5", u["power_w"], 0.0
    if u["kwh_year"] is not None:
        return "year", None, 0.0
    if u["idle_w"] is not None and u["max_w"] is not None:
        lo, hi = sorted((u["idle_w"], u["max_w"]))
        mid = (lo + hi) / 2
    elif (u["category"] in COMPUTERS and u["cpu_row"] and u["cpu_row"]["tdp_w"]
          and u["ram"] is not None and draws(u)
          and not (u["gpus"] is None and u["category"] == "gpu_node")
          and all(GPU_ROW[g]["tdp_w"] for _, g in u["gpus"] or ())):
        cpu = draws(u) * float(u["cpu_row"]["tdp_w"])
        gpu = sum(n * float(GPU_ROW[g]["tdp_w"]) for n, g in u["gpus"] or ())
        ram = 0.284 * sum((n or 1) * gb for n, gb in u["ram"])
        lo, mid, hi = (1.33 * (tdp_curve(cpu, load) + ram) + part * gpu
                       for load, part in ((0, 0.05), (0.5, 0.6), (1, 1)))
    else:
        return None
    v = 0.0
    if hi > lo:
        v = math.exp((math.log(hi / max(lo, mid / 100)) / 3.92) ** 2) - 1
    return "M4", mid, v


def grid_of(site, year, own=True):
    """g/kWh and what its error is shared under."""
    if own and site["g"] is not None:
        return site["g"], ("site", site["name"])
    if not own and site["g"] is not None and site["kind"] == "life_cycle":
        return site["g"], ("site", site["name"])
    if not own and site["g"] is not None and site["year"]:
        year = site["year"]
    series = SERIES.get(site["country"])
    if not series:
        return None, None
    at = min(series, key=lambda y: (y > year, abs(y - year)))
    return series[at], (site["country"], at)


# ---- the document -----------------------------------------------------------

def is_machine(u):
    return not u["loose"] and u["category"] not in ("screen", "switch")


def rows_of(rows, key, value):
    """Sum over the part rows of a kind, lots times quantity."""
    return sum(x.u["n"] * n * value(cap) for x in rows
               for n, cap in x.u[key] or ())


def counts(here, end):
    machines = [x for x in here if is_machine(x.u)]

    def count(rows, value=lambda u: 1):
        return sum(x.u["n"] * value(x.u) for x in rows)

    def where(test):
        return count([x for x in machines if test(x.u)])

    last = end - timedelta(days=1)
    d = {
        "machines": count(machines),
        "running": where(
            lambda u: u["status"] in ("in_service", "") + GONE
            and not (u["service"] and day(u["service"]) >= end)),
        "unknown.acquisition": where(lambda u: not u["acquisition"]),
        "under_warranty": where(
            lambda u: u["warranty"] and day(u["warranty"]) >= last),
        "unknown.warranty": where(lambda u: not u["warranty"]),
        "cpu_sockets": count(machines, lambda u: sockets(u) or 0),
        "unknown.cpu_sockets": where(lambda u: sockets(u) is None),
        "cpu_cores": count(machines, lambda u: cores(u) or 0),
        "unknown.cpu_cores": where(lambda u: cores(u) is None),
        "gpus": rows_of(here, "gpus", lambda c: 1),
        "hdd": rows_of(here, "hdd", lambda c: 1),
        "ssd": rows_of(here, "ssd", lambda c: 1),
        "hdd_tb": rows_of(here, "hdd", lambda c: (c or 0) / 1000),
        "ssd_tb": rows_of(here, "ssd", lambda c: (c or 0) / 1000),
        "ram_gib": sum(x.u["n"] * (n or 1) * gb for x in here
                       for n, gb in x.u["ram"] or ()),
        "screens": count(here, lambda u: 1 if u["category"] == "screen"
                         else u["screens"] or 0)}
    for word in ("new", "second_hand", "donated"):
        d[word] = where(lambda u, w=word: u["acquisition"] == w)
    for kind in ("hdd", "ssd"):  # how many, or of which size, is not known
        d["unknown.%s_tb" % kind] = count(
            [x for x in here if x.u[kind] is None and is_machine(x.u)
             or any(c is None for _, c in x.u[kind] or ())])
    for key in ("gpus", "hdd", "ssd", "ram"):
        d["unknown." + key] = where(lambda u, k=key: u[k] is None)
    return {"fleet." + k: v for k, v in d.items()}


def spread(here):
    """Own share under every rule; by category; by kind of part."""
    d, by, kg = {}, {}, {}
    for r in RULES:
        d["rules." + r] = math.fsum(
            x.u["n"] * x.shares[r] * x.kg for x in here
            if x.shares[r] is not None)
        d["rules_without." + r] = sum(x.shares[r] is None for x in here)
    for x in here:
        c = "part" if x.u["loose"] else x.u["category"]
        k = by.setdefault(c, [0, 0.0])
        k[0] += x.u["n"]
        k[1] += x.u["n"] * x.kg
        for kind, v in x.kinds.items():
            kg[kind] = kg.get(kind, 0.0) + x.u["n"] * v
    for c, (n, amount) in by.items():
        d["by_category.%s.machines" % c] = n
        d["by_category.%s.kg" % c] = amount
    d["kinds"] = kg
    d["quality.unknown_model_lines"] = sum(x.unknown for x in here)
    return d


def side_by_side(here):
    d = {}
    for x in here:
        e = estimates(x.u)
        e["stated"] = x.u["stated"]
        for a, kg in e.items():
            if kg is not None:
                n = x.u["n"]
                d["approach." + a] = d.get("approach." + a, 0.0) + n * kg
                key = "approach_machines." + a
                d[key] = d.get(key, 0) + (n if is_machine(x.u) else 0)
    return d


def embodied_rows(lines):
    """Table T4."""
    d = {}
    for x in lines:
        if not (x.opening or x.enters):
            continue
        c = "part" if x.u["loose"] else x.u["category"]
        mine = x.u["n"] * x.f * x.kg
        row = d.setdefault(
            "embodied.%s.%d.%s" % (c, used(x.u), x.approach), [0] * 5)
        row[0] += x.u["n"] if x.closing else 0
        row[1] += x.u["n"] * x.kg if x.closing else 0
        row[2] += mine if x.enters else 0
        row[3] += mine * x.spent
        row[4] += mine if x.enters and not used(x.u) else 0
    return {k: tuple(v) for k, v in d.items() if any(v)}


def movements(lines):
    """Tables T2 and T3."""
    stock = {k: [0, 0.0] for k in ("opening", "in_new", "in_used",
                                   "out_retired", "out_given", "closing")}
    net = dict.fromkeys(("opening_kg", "additions_kg", "charge_kg",
                         "writeoff_kg", "transferred_kg", "closing_kg"), 0.0)
    for x in lines:
        n, mine = x.u["n"], x.u["n"] * x.f * x.kg
        given = x.u["status"] == "given"
        for name, on in (("opening", x.opening), ("closing", x.closing),
                         ("in_used", x.enters and used(x.u)),
                         ("in_new", x.enters and not used(x.u)),
                         ("out_given", x.leaves and given),
                         ("out_retired", x.leaves and not given)):
            if on:
                stock[name][0] += n
                stock[name][1] += n * x.kg
        net["opening_kg"] += mine * x.net_open
        net["additions_kg"] += mine if x.enters else 0
        net["charge_kg"] += mine * x.spent
        if x.leaves:
            net["transferred_kg" if given else "writeoff_kg"] += (
                mine * x.left_frac)
        net["closing_kg"] += mine * x.net_close
    d = {"net_stock." + k: v for k, v in net.items()}
    for k, (n, kg) in stock.items():
        d["stock.%s.units" % k], d["stock.%s.kg" % k] = n, kg
    return d


def fabricated(lines):
    gross, own, charge, wrote, bought = (Total() for _ in range(5))
    for x in lines:
        n = x.u["n"]
        if x.closing:
            gross.add(x.kg, x.sds, n)
            own.add(x.kg, x.sds, n * x.f)
        charge.add(x.kg, x.sds, n * x.f * x.spent)
        if x.leaves and x.u["status"] != "given":
            wrote.add(x.kg, x.sds, n * x.f * x.left_frac)
        if x.enters:
            bought.add(x.kg, x.sds, n * x.f)
    return gross, own, charge, wrote, bought


def operated(lines, year):
    """Totals of IT and site kWh, and kilograms by the reported factor and by
    the life-cycle one; None where a site that ran has no factor."""
    it, site, place, life = totals = [Total() for _ in range(4)]
    v_grid = rel_var(1.10)
    for x in lines:
        if not x.kwh:
            continue
        s = x.u["site"]
        v_tier, v_load = rel_var(GSD_TIER[x.tier]), x.draw[2]
        sds = {x.tier: math.sqrt(v_tier),
               "load": math.sqrt(v_load * (1 + v_tier))}
        it.add(1, sds, x.kwh)
        site.add(1, sds, x.kwh * s["pue"])
        for k, total in ((2, place), (3, life)):
            g, who = grid_of(s, year, k == 2)
            if g is None:
                totals[k] = None
                continue
            total.add(1, dict(sds, **{repr(who): math.sqrt(
                v_grid * (1 + v_tier) * (1 + v_load))}),
                x.kwh * s["pue"] * g / 1000)
    return totals


def energy(lines, it, site):
    d = {"operation.it_kwh": it.q(), "operation.site_kwh": site.q()}
    rows = [x for x in lines if is_machine(x.u)]
    ran = sum(x.u["n"] * x.ran for x in rows)
    covered = sum(x.u["n"] * x.ran for x in rows if x.draw)
    d["operation.coverage"] = covered / ran if ran else None
    if ran and not covered and not it.value():
        d["operation.it_kwh"] = d["operation.site_kwh"] = NONE
    for x in lines:
        if x.kwh:
            d["tier." + x.tier] = d.get("tier." + x.tier, 0.0) + x.kwh
    return d


NONE = (None, None, None)


def ratio(top, low, frac):
    if not low or not low.value() or not top.value():
        return NONE
    s1, s2 = top.sigma(), low.sigma()
    point = top.value() / low.value() * frac
    s = math.hypot(s1, s2)
    mid = point * math.exp((s2 * s2 - s1 * s1) / 2)
    return point, mid * math.exp(-1.96 * s), mid * math.exp(1.96 * s)


def both(made, ran):
    """Fabrication and operation, whose errors have nothing in common."""
    t = Total()
    for top in made:
        t.kg += top.kg
        for k, sd in top.sd.items():
            t.sd[k] = t.sd.get(k, 0.0) + sd
    return interval(t.value() + ran.value(), t.var() + ran.var())


def document(units, year, today):
    """Figures by their place in the document, and the lines behind them; year
    None: the fleet as of today."""
    if year:
        start, next_year = date(year, 1, 1), date(year + 1, 1, 1)
        end = min(next_year, today + timedelta(days=1))
        frac = (end - start).days / (next_year - start).days
    else:
        end, frac = today + timedelta(days=1), 1
        start = end - timedelta(days=365)
    lines = [Line(u, start, end, not year) for u in units]
    here = [x for x in lines if x.closing]
    machines = [x for x in here if is_machine(x.u)]
    d = counts(here, end)
    d.update(spread(here))
    d.update(side_by_side(here))
    d.update(embodied_rows(lines))
    d.update(movements(lines))
    gross, own, charge, wrote, bought = fabricated(lines)
    for key, t in (("gross", gross), ("own", own), ("charge", charge),
                   ("acquisition", bought)):
        d["fabrication.%s_kg" % key] = t.q()
    it, site, place, life = operated(lines, year or today.year)
    d.update(energy(lines, it, site))
    if d["operation.it_kwh"] == NONE:
        place = life = None
    d["operation.location_kg"] = place.q() if place else NONE
    d["ratios.gross_years"] = ratio(gross, place, frac)
    d["ratios.own_years"] = ratio(own, place, frac)
    d["ratios.gross_years_life_cycle"] = ratio(gross, life, frac)
    if place and charge.value() + place.value() > 0:
        d["ratios.fabrication_share"] = (
            charge.value() / (charge.value() + place.value()))
    d["total.amortised_kg"] = both((charge, wrote), place) if place else NONE
    d["total.acquisition_kg"] = both((bought,), place) if place else NONE
    d["ratios.years_beyond_life"] = math.fsum(
        x.u["n"] * max(0, (end - x.ends).days) / 365.25
        for x in machines if x.began)
    d.update(reuse(lines, machines, end))
    return d, lines


def reuse(lines, machines, end):
    """T7: what left under ten years, and the stock by its years so far."""
    gone = [x for x in lines if x.leaves and is_machine(x.u)]
    young = [x for x in gone if x.made and (x.left - x.made).days / 365.25 < 10]
    given = sum(x.u["n"] for x in young if x.u["status"] == "given")
    retired = sum(x.u["n"] for x in young) - given
    aged = [x for x in machines if x.made and x.approach != "none"]
    years = math.fsum(
        x.u["n"] * max(0, (end - timedelta(days=1) - x.made).days) / 365.25
        for x in aged)
    kg = math.fsum(x.u["n"] * x.kg for x in aged)
    return {"ratios.reuse_given": given, "ratios.reuse_retired": retired,
            "ratios.reuse_age_unknown": sum(
                x.u["n"] for x in gone if not x.made),
            "ratios.reuse_rate": (
                given / (given + retired) if given + retired else None),
            "ratios.kg_per_service_year": kg / years if years else None}


def sockets(u):
    """As counted, or as the cores tell, or one where there never are more."""
    if u["cpu_count"] is not None:
        return u["cpu_count"]
    if not u["cpu_row"] and u["die"] is None and not u["cpu_name"]:
        return None
    each = int(u["cpu_row"]["cores"]) if u["cpu_row"] else 0
    if each and u["cores"] and u["cores"] % each == 0:
        return u["cores"] // each
    single = u["category"] in ("desktop", "laptop", "sbc") or (
        u["chassis"] in ("desktop", "laptop"))
    return 1 if single and u["chassis"] not in ("rack", "blade") else None


def cores(u):
    if u["cores"] is not None:
        return u["cores"]
    n = sockets(u)
    return n * int(u["cpu_row"]["cores"]) if u["cpu_row"] and n else None


