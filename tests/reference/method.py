# SPDX-License-Identifier: Apache-2.0
"""The method a second time, from its text and in another form than src/model:
exact day fractions, sorted remainders, matrices of covariance, bisection. Only
the standard library. None stands for nothing; NAN for an unknown number."""

import datetime
import math
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import NormalDist

NAN = math.nan


def known(*numbers):
    return not any(math.isnan(x) for x in numbers)


# ---- fabrication: three approaches (section 2) ------------------------------

def affine(base, slope, x, units):
    return [units * b + units * s * x for b, s in zip(base, slope)]


def effective_mm2(die):
    """Dies that fit a 300 mm wafer with 0.2 mm of scribe line, and the yield
    at 0.1 defect per cm2."""
    if not known(die) or die <= 0:
        return NAN
    pitch = math.sqrt(die) + 0.2
    per_wafer = (math.pi * 150 ** 2 / pitch ** 2
                 - math.pi * 300 / (math.sqrt(2) * pitch))
    if per_wafer <= 0:
        return NAN
    good = math.exp(-math.sqrt(pitch ** 2 / 100 * 0.1))
    return math.pi * 150 ** 2 / (per_wafer * good)


def vram_effective_mm2(gb, dies):
    if not known(gb, dies) or gb < 0 or dies <= 0:
        return NAN
    return dies * effective_mm2(15.5 * gb / dies) if gb else 0.0


GPU_BLOCKS = ("casing", "sink", "board", "die", "vram", "upstream", "boat",
              "truck", "plane", "eol")


def gpu(factor, card):
    """factor: by block; card: by field. Total, blocks, VRAM area."""
    area = vram_effective_mm2(card["vram_gb"], card["vram_dies"])
    mass = card["mass_kg"]
    amount = {"casing": card["casing_kg"], "sink": card["sink_kg"],
              "board": card["board_cm2"], "die": card["die_eff_mm2"],
              "vram": area, "upstream": mass,
              "boat": mass * card["boat_km"], "truck": mass * card["truck_km"],
              "plane": mass * card["plane_km"], "eol": mass}
    blocks = [factor[b] * amount[b] for b in GPU_BLOCKS]
    return [math.fsum(blocks) if known(*blocks) else NAN] + blocks + [area]


def act(ci, epa, gpa, mpa, yield_, package_g, area):
    if not known(yield_) or not 0 < yield_ <= 1:
        return [NAN, NAN]
    cpa = ci * epa / yield_ + gpa / yield_ + mpa / yield_
    return [cpa, (cpa * area + package_g) / 1000]


def pcf(total, use_ratio):
    if not known(use_ratio) or not 0 <= use_ratio < 1:
        return NAN
    return total - total * use_ratio


def fit(xs, ys):
    """Normal equations in exact fractions."""
    n = len(xs)
    x, y = [Fraction(v) for v in xs], [Fraction(v) for v in ys]
    if len(set(x)) < 2:
        return [0, NAN, NAN]
    sx, sy = sum(x), sum(y)
    sxx, sxy = sum(a * a for a in x), sum(a * b for a, b in zip(x, y))
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return [1, float((sy - slope * sx) / n), float(slope)]


def discrepancy(*estimates):
    there = [e for e in estimates if known(e)]
    if not there:
        return NAN
    if min(there) <= 0:
        return 1.0 if len(set(there)) == 1 else math.inf
    return max(there) / min(there)


def split_whole(whole, parts):
    total = sum(parts)
    if not known(whole, total):
        return [NAN] + parts
    if total <= whole or total <= 0:
        return [whole - total] + parts
    return [0.0] + [p * whole / total for p in parts]


SERVERS = {"server", "gpu_node", "storage"}
COMPUTERS = SERVERS | {"workstation", "desktop", "laptop", "sbc"}


def choose(category, chassis, stated, a, b, c, complete, something):
    """(approach, rule, unknown model) of section 2.4, gaps as docs/method.md
    settles them."""
    c = c and something
    home_made = category in COMPUTERS and chassis == "open"
    steps = [
        (stated, "stated", 1),
        (c and complete and (category in SERVERS or home_made
                             or category == "workstation"), "C", 2),
        (a and category in {"laptop", "desktop", "screen"}, "A", 3),
        (a and category in SERVERS, "A", 4),
        (c and category in SERVERS, "C", 4),
        (b and something and category in SERVERS, "B", 4),
        (a and category in {"screen", "switch", "other"}, "A", 5),
        (b and (category in {"switch", "other"}
                or category == "screen" and something), "B", 5),
        (c, "C", 4),
        (a, "A", 3),
        (b and something and category == "part", "B", 5),
        (b, "B", 6),
    ]
    for holds, approach, rule in steps:
        if holds:
            return approach, rule, (approach, rule) == ("B", 6)
    return "none", 6, False


# ---- used machines (section 3) ---------------------------------------------

def unit_interval(x):
    return sorted((0.0, x, 1.0))[1] if known(x) else NAN


def share(rule, acquisition, age, lref, l2, paid, new, d, left, a, q):
    if acquisition in ("new", "unknown"):
        return 1.0
    age = max(age, 0.0) if known(age) else NAN
    if rule in ("GROSS", "CUTOFF", "HALF"):
        return {"GROSS": 1.0, "CUTOFF": 0.0, "HALF": 0.5}[rule]
    if rule == "RESIDUAL_SL":
        if not known(age, lref) or lref <= 0:
            return NAN
        return (lref - min(age, lref)) / lref
    if rule == "ACTUAL_LIFE":
        if not known(age, l2) or l2 < 0 or age + l2 <= 0:
            return NAN
        return 1 - age / (age + l2)
    if rule == "ECON_PRICE":
        if not known(paid, new) or paid <= 0 or new <= 0:
            return NAN
        return min(paid / new, 1.0)
    if rule == "ECON_DB":
        if not known(age, d) or not 0 <= d <= 1:
            return NAN
        if d == 1:
            return 0.0 if age > 0 else 1.0
        return math.exp(age * math.log1p(-d))
    if rule == "PHYS":
        return unit_interval(left)
    if rule == "CFF":
        if not known(a, q) or not 0 <= a <= 1 or not 0 <= q <= 1:
            return NAN
        return q - a * q
    raise ValueError(rule)


def own(f, e0, refurbish, transport, end_of_life, already_in):
    parts = [f * e0, refurbish, transport]
    if not already_in:
        parts.append(end_of_life)
    return sum(parts)


def avoided(d, new_kg, new_life, new_op, own_life, r_t, used_op):
    if not known(d, new_life, own_life) or not 0 <= d <= 1 or new_life <= 0:
        return NAN
    displaced = new_kg * min(own_life, new_life) / new_life + new_op
    return d * displaced - r_t - used_op


# ---- lives and schedules (section 4) ----------------------------------------

def reference_life(category, kind):
    if category == "part":
        return {"gpu": 5, "hdd": 5, "ssd": 5, "screen": 10}.get(kind, 8)
    return {"laptop": 6, "screen": 10}.get(category, 8)


def booking_life(lref, age, used):
    if not used:
        return lref
    if not known(lref, age):
        return NAN
    return max(lref - max(age, 0), 2.0)


EPOCH = datetime.date(1970, 1, 1)


def day_number(year, month, day):
    return (datetime.date(year, month, day) - EPOCH).days


def end_of_life_day(year, month, day, life):
    whole = math.floor(life)
    try:
        end = datetime.date(year + whole, month, day)
    except ValueError:  # 29 February of a year that has none
        end = datetime.date(year + whole, month, 28)
    return (end - EPOCH).days + math.floor((life - whole) * 365 + 0.5)


def charge(ea, start, end, first, after):
    """Counts the days of a life that fall into [first, after)."""
    if not known(ea):
        return NAN
    if end <= start:
        return ea if first <= start < after else 0.0
    common = max(0, min(end, after) - max(start, first))
    return float(Fraction(ea) * Fraction(common, end - start))


def net(ea, start, end, day):
    """What the days before `day` have left."""
    if not known(ea):
        return NAN
    if day <= start:
        return ea
    return float(Fraction(ea)) - charge(ea, start, end, start, day)


def schedule(ea, year, month, day, life, first, last):
    start = day_number(year, month, day)
    end = end_of_life_day(year, month, day, life)
    return [end] + [charge(ea, start, end, day_number(y, 1, 1),
                           day_number(y + 1, 1, 1))
                    for y in range(first, last + 1)]


def sci_m(te, tir, el, rs):
    if not known(el) or el <= 0:
        return NAN
    return 1000 * te * tir * rs / el


def payback(d_kg, saved):
    if not known(saved) or saved <= 0:
        return NAN
    return d_kg / saved


# ---- operation (section 5) --------------------------------------------------

def curve(points, u):
    u = unit_interval(u)
    if not known(u):
        return NAN
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if u <= x1:
            t = (u - x0) / (x1 - x0)
            return y0 * (1 - t) + y1 * t
    raise ValueError(u)


def power_curves(idle, top, tdp, u):
    u = unit_interval(u)
    if not known(u):
        return [NAN, NAN, NAN]
    rise = top - idle
    return [idle + rise * u, idle + rise * (2 * u - u ** 1.4),
            tdp * curve([(0, .12), (.1, .32), (.5, .75), (1, 1.02)], u)]


def power_spec(watts, u):
    return curve([(i / 10, w) for i, w in enumerate(watts)], u)


def power_log(a, b, c, d, load):
    if not known(a, b, c, d, load):
        return NAN
    inner = b * (min(max(load, 0), 100) + c)
    return max(1.0, a * math.log(inner) + d) if inner > 0 else NAN


def power_ram(slots, gb, ddr3, used_pct):
    dimm = (4.5 if ddr3 else NAN if not known(gb)
            else {16: 4, 32: 5, 64: 6, 128: 8}.get(gb, 10))
    if not known(used_pct):
        return [0.284 * gb, NAN]
    steps = [(5, 35), (10, 65), (25, 70), (50, 75), (70, 80), (math.inf, 85)]
    pct = next(p for limit, p in steps if used_pct <= limit)
    return [0.284 * gb, slots * dimm * pct / 100]


def power_node(cpu, ram, gpu_w, rest, eta):
    wall = NAN
    if known(eta) and 0 < eta <= 1:
        wall = cpu / eta + gpu_w / eta + rest / eta
    return [1.33 * cpu + 1.33 * ram, wall]


def operation(watts, hours, g):
    kwh = watts / 1000 * hours
    return [kwh, kwh * g / 1000]


def uj_to_kwh(high, low):
    return float(Fraction(int(high) * 10 ** 15 + int(low),
                          3_600_000_000_000))


def hourly(year_g, kwh, g):
    """In exact fractions: the covariance is a small difference."""
    n = len(kwh)
    if not n or not known(*kwh):
        return [NAN] * 5
    if not known(*g):  # the static figure needs no hour of the grid
        return [NAN, math.fsum(kwh) * year_g / 1000, NAN, NAN, NAN]
    e, f = [Fraction(x) for x in kwh], [Fraction(x) for x in g]
    total, mean_e, mean_g = sum(e), sum(e) / n, sum(f) / n
    exact = sum(x * y for x, y in zip(e, f)) / 1000
    static = total * Fraction(year_g) / 1000
    level = total * (mean_g - Fraction(year_g)) / 1000
    cov = sum((x - mean_e) * (y - mean_g) for x, y in zip(e, f)) / 1000
    assert exact - static == level + cov
    return [float(x) for x in (exact, static, level, cov)] + [
        float(exact * 1000 / total) if total > 0 else NAN]


def market(dc, residual, instruments):
    if not known(dc, *(k for k, _ in instruments)):
        return NAN
    if any(k < 0 for k, _ in instruments):
        return NAN
    covered = sum(k for k, _ in instruments)
    scale = dc / covered if covered > dc else 1
    kg = sum(k * scale * g for k, g in instruments if k > 0) / 1000
    rest = dc - covered
    return kg + rest * residual / 1000 if rest > 0 else kg


TIER_GSD = {"M1": 1.02, "M2": 1.05, "M3": 1.10, "M4": 1.25, "M5": 1.5,
            "none": NAN}


# ---- uncertainty (section 11) -----------------------------------------------

def quantiles(value, mu, sigma):
    """95 % of a lognormal of ln-mean mu, mirrored for a negative value."""
    ends = [math.exp(mu - 1.96 * sigma), math.exp(mu + 1.96 * sigma)]
    return [value] + ([-x for x in reversed(ends)] if value < 0 else ends)


def interval(mean, sigma):
    if not known(mean):
        return [NAN] * 3
    if not known(sigma) or sigma < 0:
        return [mean, NAN, NAN]
    if mean == 0:
        return [0.0] * 3
    return quantiles(mean, math.log(abs(mean)) - sigma ** 2 / 2, sigma)


def ratio(num, num_sigma, den, den_sigma):
    """Interval around the ratio of the two medians."""
    if not known(num, den) or den <= 0:
        return [NAN] * 3
    if not known(num_sigma, den_sigma) or min(num_sigma, den_sigma) < 0:
        return [num / den, NAN, NAN]
    if num == 0:
        return [0.0] * 3
    medians = [math.log(abs(x)) - s * s / 2
               for x, s in ((num, num_sigma), (den, den_sigma))]
    return quantiles(num / den, medians[0] - medians[1],
                     math.sqrt(num_sigma ** 2 + den_sigma ** 2))


def variances(sigma):
    """Relative variance, its inverse taken of the same number, and the GSD of
    that number as a relative standard deviation: in 60 digits, since small
    ones cancel."""
    if not known(sigma):
        return [NAN] * 3
    with localcontext() as digits:
        digits.prec = 60
        x = Decimal(sigma)
        var = (x * x).exp() - 1
        back = (1 + x).ln().sqrt() if x >= 0 else Decimal("NaN")
        gsd = (1 + x * x).ln().sqrt().exp()
        return [float(var), float(back), float(gsd)]


def completed_range(lo, hi, point):
    """s and the point. Without a published point the floor of 1 % refers to
    the point itself, found by bisection."""
    def s_of(low):
        return math.log(hi / low) / 3.92

    def point_of(low):
        return math.sqrt(low * hi) * math.exp(s_of(low) ** 2 / 2)

    if not known(lo, hi):
        return [NAN, point]
    if known(point):
        lo = max(lo, point / 100)
        if lo <= 0 or hi < lo:
            return [NAN, point]
        return [s_of(lo), point]
    if hi <= 0 or hi < lo:
        return [NAN, point]
    if lo <= 0 or point_of(lo) > 100 * lo:
        below, above = hi * 1e-12, hi
        for _ in range(200):
            middle = math.sqrt(below * above)
            if point_of(middle) > 100 * middle:
                below = middle
            else:
                above = middle
        lo = above
    return [s_of(lo), point_of(lo)]


PEDIGREE = {
    "reliability": (1.00, 1.05, 1.10, 1.20, 1.50),
    "completeness": (1.00, 1.02, 1.05, 1.10, 1.20),
    "time": (1.00, 1.03, 1.10, 1.20, 1.50),
    "geography": (1.00, 1.01, 1.02, 1.02, 1.10),
    "technology": (1.00, 1.00, 1.20, 1.50, 2.00),
}


def pedigree(scores, basic):
    if not known(basic) or not all(1 <= s <= 5 for s in scores):
        return NAN
    factors = [basic] + [row[s - 1]
                         for row, s in zip(PEDIGREE.values(), scores)]
    return math.exp(math.hypot(*(math.log(f) for f in factors)) / 2)


def normal_p(mean, sd):
    if not known(mean, sd) or sd < 0:
        return NAN
    if sd == 0:
        return 0.5 + 0.5 * ((mean > 0) - (mean < 0))
    if mean / sd > -3:
        return NormalDist(0, 1).cdf(mean / sd)
    z = tail = -mean / sd  # Laplace's continued fraction keeps the digits
    for k in range(300, 0, -1):
        tail = z + k / tail
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / tail


def total(lines):
    """lines: (weight, kg, own relative variance, [(factor id, relative
    variance of the factor)]). Sums the whole matrix of covariances."""
    amounts = [w * kg for w, kg, _, _ in lines]
    kg = math.fsum(amounts)
    terms = []
    for i, (_, _, own_v, factors) in enumerate(lines):
        for j, (_, _, _, others) in enumerate(lines):
            for f, v in factors:
                if f in dict(others):
                    terms.append(amounts[i] * amounts[j] * v)
        spread = math.prod(1 + v for _, v in factors[:1])
        terms.append(amounts[i] ** 2 * own_v * spread)
    var = math.fsum(terms)
    if not lines:
        return [0.0, 0.0, 0.0, 0.0, 0.0]
    if var == 0:
        return [0.0, 0.0] + interval(kg, 0.0)
    if kg == 0:
        return [var, NAN, 0.0, NAN, NAN]
    sigma = math.sqrt(math.log1p(var / kg ** 2))
    return [var, sigma] + interval(kg, sigma)


def grade(dqr):
    if not known(dqr):
        return "-"
    for letter, bound in zip("ABCD", (1.6, 2.4, 3.2, 4.0)):
        if dqr <= bound:
            return letter
    return "E"


# ---- report arithmetic (section 6) ------------------------------------------

def round_shown(unit, values):
    """Largest remainder by sorting; remainders count to a billionth."""
    units = [v / unit for v in values]
    rest = [math.floor((u - math.floor(u)) * 1e9 + 0.5) if known(u) else -1
            for u in units]
    raised = (sum(r for r in rest if r >= 0) + 500_000_000) // 1_000_000_000
    order = sorted((i for i, r in enumerate(rest) if r >= 0),
                   key=lambda i: (-rest[i], i))[:raised]
    return [NAN if rest[i] < 0 else (math.floor(u) + (i in order)) * unit
            for i, u in enumerate(units)]


def same(a, b):
    if not known(a, b):
        return False
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1)


def reuse_rate(given, retired):
    if not known(given, retired) or min(given, retired) < 0:
        return NAN
    return given / (given + retired) if given + retired > 0 else NAN
