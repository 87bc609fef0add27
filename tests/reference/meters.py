# SPDX-License-Identifier: Apache-2.0
"""Meters for hours.py: random readings by the hour, stored as the ledger keeps
them, and what a report makes of them: measured, filled, covered."""

import subprocess
from datetime import datetime, timedelta, timezone
from fractions import Fraction

WEEK = 168


def months_of(year):
    """The thirteen UTC months around: December before to January after."""
    first = year * 12 - 1
    return range(first, first + 14)


def month_start(month):
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=timezone.utc)


def feed(r, year):
    """(joules, seconds) by UTC hour; None where nothing was read."""
    start, end = month_start(year * 12 - 1), month_start(year * 12 + 13)
    n = int((end - start).total_seconds() // 3600)
    base, swing = r.uniform(50, 400), r.uniform(0, 100)
    hours = []
    quiet = r.choice((0, 0.01, 0.3))
    gone = r.randrange(n) if r.random() < 0.5 else n
    back = gone + r.randrange(3000)
    for k in range(n):
        if r.random() < quiet or gone <= k < back:
            hours.append(None)
            continue
        s = 3600 if r.random() < 0.97 else r.randrange(1, 3600)
        w = base + swing * (k % 24 > 8) + r.uniform(-5, 5)
        hours.append((int(w * s), s))
    pick = r.random()
    if pick < 0.15:
        return {"start": start, "hours": hours,
                "parts": {"x outlet 0": hours}}
    if pick < 0.45:
        return beside(r, start, hours)
    return cards(r, start, hours) if pick < 0.75 else inside(r, start, hours)


def alive(r, n):
    """When a meter first reads, falls silent, and reads again."""
    first = r.choice((0, r.randrange(n)))
    dead = first + r.randrange(1, n)
    return first, dead, dead + r.choice((r.randrange(2000), n))


def beside(r, start, hours):
    """Two feeds of a machine: both must read from the first reading of each on,
    until one is said to be gone, from a day on; then it is nothing."""
    n = len(hours)
    first, dead, back = alive(r, n)
    out = [h if first <= k < dead or back <= k else None
           for k, h in enumerate(thirds(r, hours))]
    rest = [(h[0] - (o or (0,))[0], h[1]) if h else None
            for h, o in zip(hours, out)]
    gone = None
    if r.random() < 0.5:
        gone = (start + timedelta(hours=dead)).date() + timedelta(days=2)
    cut = n
    if gone:
        day = datetime(gone.year, gone.month, gone.day, tzinfo=timezone.utc)
        cut = int((day - start).total_seconds() // 3600)
    begun = [k for k, o in enumerate(out) if o]
    wall = []
    for k, h in enumerate(rest):
        missed = begun and begun[0] <= k < cut
        if not h or (missed and not out[k]):
            wall.append(None)
        else:
            wall.append((h[0] + (out[k][0] if missed else 0), h[1]))
    return {"start": start, "hours": wall,
            "gone": ("b", gone) if gone and begun else None,
            "parts": {"a outlet 0": rest, "b outlet 0": out}}


def thirds(r, hours):
    return [(r.randrange(h[0] // 3 + 1), h[1]) if h else None for h in hours]


def cards(r, start, hours):
    """Processors and up to three cards, each of which may begin, die and come
    back. An hour is known where as many cards read as the inventory tells;
    where it does not tell, all that ever read before. What reads counts. All
    amounts are multiples of 9, so that 9/10 of the wall are whole."""
    known = r.choice((None, None, 0, 1, 2))
    lives = [alive(r, len(hours)) for _ in range(r.randrange(4))]
    shown = [[] for _ in lives]
    package, wall = [], []
    begun = set()
    for k, h in enumerate(hours):
        s = h[1] // 3 * 3 if h else 0
        package.append((9 * r.randrange(9999), s) if s else None)
        inside = package[k][0] + 30 * s if s else 0
        n = 0
        for i, (first, dead, back) in enumerate(lives):
            reads = s and (first <= k < dead or back <= k)
            shown[i].append((9 * r.randrange(99999), s) if reads else None)
            if reads:
                begun.add(i)
                inside += shown[i][k][0]
                n += 1
        need = len(begun) if known is None else known
        wall.append((inside * 10 // 9, s) if s and n >= need else None)
    parts = {"gpu-%d gpu 0" % i: x for i, x in enumerate(shown)}
    parts["package-0 package 0"] = package
    return {"start": start, "hours": wall, "cards": known, "parts": parts}


def inside(r, start, hours):
    """The same machine by its counters [5.1]: packages, memory, a card, and
    what nothing counts, 20 W of board and 10 W of fans or what its sender
    models; nine tenths of the wall. Amounts are such that nothing is rounded.
    An hour that one of the packages missed is not known."""
    told = r.random() < 0.5
    keys = ["package-0 package 0", "package-1 package 0", "dram-0 dram 0",
            "gpu-0 gpu 0"] + (["board rest 1"] if told else [])
    parts = {key: [] for key in keys}
    wall = []
    for k, h in enumerate(hours):
        if not h:
            one = k and any(hours[:k]) and r.random() < 0.5
            for key in keys:
                parts[key].append((r.randrange(9999), 3600)
                                  if one and "package-1" not in key else None)
            wall.append(None)
            continue
        tenth, s = h[0] // 10, h[1]
        rest = (25 if told else 30) * s
        left = 9 * tenth - rest
        cut = sorted(r.randrange(left + 1) for _ in range(3))
        amounts = [cut[0], cut[1] - cut[0], cut[2] - cut[1], left - cut[2],
                   rest]
        for key, j in zip(keys, amounts):
            parts[key].append((j, s))
        wall.append((10 * tenth, s))
    return {"start": start, "hours": wall, "parts": parts}


def store_meters(cli, db, machines, year):
    """Through months_cli, which packs months as the ledger does."""
    lines = []
    for m in machines:
        if not m["meter"]:
            continue
        start = m["meter"]["start"]
        for key, all_hours in m["meter"]["parts"].items():
            for month in months_of(year):
                a = int((month_start(month) - start).total_seconds() // 3600)
                b = int((month_start(month + 1) - start).total_seconds()
                        // 3600)
                hours = all_hours[a:b]
                if any(hours):
                    lines.append("%s %s %d %s" % (m["tag"], key, month, " ".join(
                        "%d %d" % (h or (0, 0)) for h in hours)))
    subprocess.run([cli, str(db)], input="\n".join(lines) + "\n", text=True,
                   check=True)


def measured_hours(meter, span, off, standby, units):
    """Energy by (local month, UTC hour) over the half hours in service; None
    where no reading is of its service."""
    hours, start = meter["hours"], meter["start"]
    joules = covered = 0
    service = {}
    for t, local in span:
        k = int((t - start).total_seconds() // 3600)
        half = 1 if t.minute else 0
        service.setdefault((local.month, k), []).append((half, local))
    parts = {}
    for (month, k), halves in service.items():
        x0, x1 = 1800 * halves[0][0], 1800 * (halves[-1][0] + 1)
        j = s = 0
        if hours[k]:
            j = hours[k][0] * x1 // 3600 - hours[k][0] * x0 // 3600
            s = hours[k][1] * x1 // 3600 - hours[k][1] * x0 // 3600
        parts[month, k] = (j, s, x1 - x0 - s, halves[0][1])
        joules += j
        covered += s
    if not covered:
        return None
    kwh, measured, filled, gap_all = {}, 0, Fraction(0), 0
    for (month, k), (j, s, gap, local) in parts.items():
        uj = Fraction(j * 1000000)
        measured += j
        gap_all += gap
        if gap:
            f = fill(hours, k, gap, joules, covered, off(local), standby, units)
            uj += f
            filled += f
        t = start + timedelta(hours=k)
        kwh[month, t] = kwh.get((month, t), 0) + float(uj / 3600000000000)
    return {"kwh": kwh, "measured": measured / 3.6e6,
            "filled": float(filled / 3600000000000),
            "coverage": covered / (covered + gap_all)}


def fill(hours, k, gap, joules, covered, off, standby, units):
    if off:
        return round(standby * 1e6 * gap * units)
    near = []
    w = 1
    while len(near) < 8 and w * WEEK < len(hours):
        for i in (k - w * WEEK, k + w * WEEK):
            if 0 <= i < len(hours) and len(near) < 8:
                near.append(hours[i])
        w += 1
    seen = [h for h in near if h]
    if len(seen) >= 3:
        joules, covered = sum(h[0] for h in seen), sum(h[1] for h in seen)
    return Fraction(joules * 1000000 * gap, covered)
