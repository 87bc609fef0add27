# SPDX-License-Identifier: Apache-2.0
"""Compares src/model (through model_cli) with method.py on random inputs of a
fixed seed, and checks the identities that must hold whatever the inputs:
compare.py PATH-OF-MODEL_CLI."""

import math
import random
import subprocess
import sys

import method as m

SEED = 20250915
REL = 1e-9

KINDS = ("cpu gpu ram hdd ssd tape board psu chassis nic screen switch "
         "assembly other").split()
CATEGORIES = ("server gpu_node storage workstation desktop laptop screen "
              "switch sbc other part").split()
CHASSES = "rack blade tower desktop laptop open none unknown".split()
ACQUISITIONS = "new second_hand donated unknown".split()
APPROACHES = "A B C stated none".split()
RULES = ("GROSS CUTOFF HALF RESIDUAL_SL ACTUAL_LIFE ECON_PRICE ECON_DB PHYS "
         "CFF").split()
TIERS = "M1 M2 M3 M4 M5 none".split()

rng = random.Random(SEED)
cases = []  # (function, arguments, expected, scale of the tolerance, check)


def case(function, args, want, scale=0.0, check=None):
    want = list(want) if isinstance(want, (list, tuple)) else [want]
    cases.append((function, list(args), [float(w) for w in want], scale,
                  check))


def log_uniform(lo, hi):
    return math.exp(rng.uniform(math.log(lo), math.log(hi)))


def perhaps(value, chance=0.05):
    """Now and then unknown."""
    return m.NAN if rng.random() < chance else value


def some(n, draw):
    return [draw() for _ in range(n)]


# ---- fabrication ------------------------------------------------------------

# The factors of the default set: base and slope of kg, kg Sb eq and MJ.
PARTS = {
    "cpu": ((9.14, 2.04e-2, 156), (0.0197, 5.87e-9, 0.265), (20, 1600)),
    "ram": ((5.22, 1.69e-3, 74), (2.20, 6.3e-5, 27.3), (0.5, 200)),
    "ssd": ((6.34, 5.63e-4, 73.98), (2.20, 6.3e-5, 27.3), (0.5, 900)),
    "psu": ((0, 0, 0), (24.30, 8.30e-3, 352), (1, 5)),
    "blade": ((30.9, 6.72e-4, 435), (880, 0.432, 12700), (0.01, 0.5)),
}


def fabrication():
    for _ in range(300):
        base, slope, (lo, hi) = rng.choice(list(PARTS.values()))
        x, units = perhaps(log_uniform(lo, hi)), rng.randrange(0, 64)
        case("affine", [*base, *slope, x, units],
             m.affine(base, slope, x, units))
        die = perhaps(rng.choice((log_uniform(1, 3000), -1, 0, 20000,
                                  log_uniform(1, 900))))
        case("effective", [die], m.effective_mm2(die))
        gb, dies = perhaps(rng.choice((0, 8, 11, 40, 141))), perhaps(
            rng.choice((0, 1, 4, 6, 12)))
        case("vram", [gb, dies], m.vram_effective_mm2(gb, dies))
    for _ in range(300):
        card()
        a = [rng.uniform(0, 900), rng.uniform(0.3, 3), rng.uniform(50, 400),
             rng.uniform(100, 600), perhaps(rng.choice((rng.uniform(0.1, 1),
                                                         0, 1, 1.2))),
             rng.uniform(0, 200), perhaps(log_uniform(0.1, 20))]
        case("act", a, m.act(*a))
        a = [perhaps(log_uniform(10, 9000)),
             perhaps(rng.choice((rng.random(), 0, 1, -0.1)))]
        case("pcf", a, m.pcf(*a))
        a = [perhaps(rng.choice((log_uniform(1, 5000), 0)), 0.3)
             for _ in range(3)]
        case("discrepancy", a, m.discrepancy(*a))
    for _ in range(200):
        n = rng.randrange(0, 40)
        xs = [float(rng.randrange(1, 129)) for _ in range(n)]
        ys = [50 + 6 * x + rng.gauss(0, 40) for x in xs]
        case("fit", [n, *xs, *ys], m.fit(xs, ys), scale=100)
        parts = some(rng.randrange(0, 12), lambda: log_uniform(1, 500))
        whole = perhaps(log_uniform(50, 3000))
        case("split", [whole, len(parts), *parts],
             m.split_whole(whole, parts), scale=max(1, whole),
             check=lambda a, got: adds_up(got, a[0]))
    for i in range(len(CATEGORIES) * len(CHASSES) * 64):
        category, chassis = i % 11, i // 11 % 8
        bits = [i // 88 >> b & 1 for b in range(6)]
        approach, rule, unknown = m.choose(
            CATEGORIES[category], CHASSES[chassis], *map(bool, bits))
        case("choose", [category, chassis, *bits],
             [APPROACHES.index(approach), rule, unknown])


def card():
    factor = dict(zip(m.GPU_BLOCKS, (
        8.2542, 5.7412, 0.032549, 0.042592, 0.18379, 0.25955, 1.33e-5,
        5.04e-5, 2.11e-3, 1.5062)))
    names = ("casing_kg", "sink_kg", "board_cm2", "mass_kg", "die_eff_mm2",
             "vram_gb", "vram_dies", "boat_km", "truck_km", "plane_km")
    values = [rng.uniform(0, 1), rng.uniform(0.05, 1.5), rng.uniform(50, 400),
              rng.uniform(0.1, 2), perhaps(rng.uniform(200, 3000)),
              rng.choice((0, 4, 8, 11, 16, 24, 40, 80)),
              rng.choice((4, 6, 8, 11, 12)), rng.uniform(0, 20000),
              rng.uniform(0, 2000), rng.choice((0, 0, 9000))]
    case("gpu", [*factor.values(), *values],
         m.gpu(factor, dict(zip(names, values))))


# ---- used machines, lives ---------------------------------------------------

def used_machines():
    for _ in range(1500):
        rule, got = rng.randrange(9), rng.randrange(4)
        a = [perhaps(rng.choice((rng.uniform(0, 12), 0, -0.4))),
             perhaps(rng.choice((8, 6, 10, 5, 0))),
             perhaps(rng.choice((rng.uniform(0, 8), 0, -1))),
             perhaps(rng.choice((log_uniform(10, 5000), 0))),
             perhaps(rng.choice((log_uniform(100, 5000), 0))),
             perhaps(rng.choice((rng.random(), 0.3, 0, 1, 1.2))),
             perhaps(rng.uniform(-0.1, 1.1)),
             perhaps(rng.choice((0.2, 0.5, 0.8, -1))),
             perhaps(rng.choice((rng.random(), 1, 1.5)))]
        case("share", [rule, got, *a],
             m.share(RULES[rule], ACQUISITIONS[got], *a))
    for _ in range(300):
        a = [perhaps(rng.random()), log_uniform(1, 5000),
             rng.uniform(0, 50), rng.uniform(0, 50), perhaps(rng.uniform(0, 30))]
        inside = rng.randrange(2)
        case("own", [*a, inside], m.own(*a, bool(inside)))
        a = [perhaps(rng.uniform(1, 900)), rng.uniform(1, 9000),
             log_uniform(1e-5, 1e-2)]
        case("transport", a, a[0] * a[1] * a[2])
        a = [perhaps(rng.choice((rng.random(), 0, 1, 2))),
             log_uniform(10, 3000), perhaps(rng.choice((5, 8, 0))),
             rng.uniform(0, 500), perhaps(rng.uniform(0, 9)),
             rng.uniform(0, 99), rng.uniform(0, 500)]
        case("avoided", a, m.avoided(*a), scale=3000)
        a = [rng.choice((8, 6, 10)), perhaps(rng.uniform(-1, 12))]
        used = rng.randrange(2)
        case("booking", [*a, used], m.booking_life(*a, bool(used)))
        a = [perhaps(log_uniform(1, 3000)), rng.uniform(0, 99),
             perhaps(rng.choice((35040, 70080, 0))), rng.random()]
        case("sci", a, m.sci_m(*a))
        a = [perhaps(log_uniform(1, 3000)),
             perhaps(rng.choice((rng.uniform(-5, 50), 0)))]
        case("payback", a, m.payback(*a))
    for c, category in enumerate(CATEGORIES):
        for k, kind in enumerate(KINDS):
            case("life", [c, k], m.reference_life(category, kind))


def schedules():
    for _ in range(600):
        ea = perhaps(log_uniform(0.1, 5000))
        start = rng.randrange(10000, 22000)
        end = start + rng.choice((0, -3, 1, 2, 365, 730, 1461, 2922,
                                  rng.randrange(1, 5000)))
        first = start + rng.randrange(-2000, 6000)
        after = first + rng.choice((0, -5, 1, 28, 365, 366, 9000))
        case("charge", [ea, start, end, first, after],
             [m.charge(ea, start, end, first, after),
              m.net(ea, start, end, first)], scale=5000)
    for _ in range(500):
        ea = log_uniform(0.1, 5000)
        year = rng.randrange(1985, 2060)
        month, day = rng.choice(((2, 29), (2, 28), (1, 1), (12, 31), (3, 1),
                                 (rng.randrange(1, 13), rng.randrange(1, 29))))
        if (month, day) == (2, 29):
            year -= year % 4
        life = rng.choice((0.0, 2.0, 5.0, 6.0, 8.0, 10.0, 2.5, 4.25,
                           round(rng.uniform(0, 15), 3)))
        a = [ea, year, month, day, life, year - 1, year + 17]
        case("schedule", a, m.schedule(*a), scale=ea,
             check=lambda a, got: adds_up(got[1:], a[0]))


def adds_up(parts, whole):
    """Yearly charges, parts and remainder: their sum is the whole."""
    if math.isnan(whole):
        return True
    return abs(math.fsum(parts) - whole) <= REL * max(1, abs(whole))


# ---- operation --------------------------------------------------------------

def operation():
    load = lambda: perhaps(rng.choice((rng.random(), 0, 0.1, 0.5, 1, 1.2,
                                       -0.1)))
    for _ in range(300):
        a = [rng.uniform(5, 300), rng.uniform(100, 900), rng.uniform(15, 400),
             load()]
        case("curves", a, m.power_curves(*a))
        watts = sorted(some(11, lambda: rng.uniform(40, 900)))
        u = load()
        case("spec", [*watts, u], m.power_spec(watts, u))
        a = [rng.uniform(5, 200), rng.uniform(0.01, 0.2),
             rng.uniform(-5, 30), rng.uniform(-10, 20),
             perhaps(rng.uniform(-10, 120))]
        case("log", a, m.power_log(*a))
        a = [rng.randrange(0, 33), perhaps(rng.choice((4, 8, 16, 32, 64, 128,
                                                       256))),
             rng.randrange(2), perhaps(rng.choice((rng.uniform(0, 100), 5, 10,
                                                   25, 50, 70)))]
        case("ram", a, m.power_ram(a[0], a[1], bool(a[2]), a[3]))
        a = [rng.uniform(0, 900), rng.uniform(0, 99), rng.uniform(0, 2000),
             perhaps(rng.uniform(0, 99)),
             perhaps(rng.choice((rng.uniform(0.5, 1), 0, 1, 1.1)))]
        case("node", a, m.power_node(*a))
        a = [perhaps(rng.uniform(0, 2000)), rng.uniform(0, 8784),
             perhaps(rng.uniform(0, 900))]
        case("operation", a, m.operation(*a))
        a = [rng.randrange(10 ** rng.randrange(1, 16)),
             rng.randrange(10 ** 15)]
        case("uj", a, m.uj_to_kwh(*a))
        a = [perhaps(rng.choice((rng.uniform(0, 100), 0))),
             perhaps(rng.choice((rng.uniform(0, 100), 0, -1)))]
        case("reuse", a, m.reuse_rate(*a))
    for _ in range(150):
        n = rng.randrange(0, 169)
        kwh = some(n, lambda: rng.uniform(0, 5))
        g = [perhaps(rng.uniform(10, 700), 0.001) for _ in range(n)]
        year_g = rng.uniform(10, 700)
        want = m.hourly(year_g, kwh, g)
        case("hourly", [year_g, n, *kwh, *g], want, scale=want[0],
             check=hours_add_up)
        dc, residual = perhaps(rng.uniform(0, 900)), rng.uniform(0, 700)
        deals = some(rng.randrange(0, 5), lambda: (
            perhaps(rng.choice((rng.uniform(0, 400), 0, -1)), 0.02),
            rng.uniform(0, 50)))
        case("market", [dc, residual, len(deals),
                        *(x for d in deals for x in d)],
             m.market(dc, residual, deals))
    for t, tier in enumerate(TIERS):
        case("tier", [t], m.TIER_GSD[tier])


def hours_add_up(_, got):
    hourly, static, level, covariance, _ = got
    if math.isnan(hourly):
        return True
    return abs(static + level + covariance - hourly) <= REL * max(1, hourly)


# ---- uncertainty ------------------------------------------------------------

def uncertainty():
    sigma = lambda: perhaps(rng.choice((rng.uniform(0, 1.5), 0, -0.2,
                                        log_uniform(1e-9, 1))))
    for _ in range(300):
        a = [perhaps(rng.choice((log_uniform(1e-6, 1e9), 0,
                                 -log_uniform(1, 1e4)))), sigma()]
        case("interval", a, m.interval(*a))
        a = [a[0], sigma(), perhaps(rng.choice((log_uniform(1e-3, 1e9), 0,
                                                -5))), sigma()]
        case("ratio", a, m.ratio(*a))
        s = sigma()
        case("variance", [s], m.variances(s))
        hi = log_uniform(0.01, 1e5)
        lo = perhaps(rng.choice((hi * rng.random(), hi, 0, -1, 2 * hi,
                                 hi * log_uniform(1e-6, 1))))
        point = perhaps(rng.choice((hi * rng.random(), 500 * hi)), 0.5)
        case("range", [lo, hi, point], m.completed_range(lo, hi, point))
        scores = some(5, lambda: rng.randrange(1, 6))
        if rng.random() < 0.05:
            scores[rng.randrange(5)] = rng.choice((0, 6))
        basic = perhaps(rng.uniform(1, 1.5))
        case("pedigree", [*scores, basic], m.pedigree(scores, basic))
        sigmas = some(rng.randrange(0, 8), lambda: rng.uniform(0, 1))
        case("product", [len(sigmas), *sigmas],
             math.hypot(*sigmas) if sigmas else 0)
        a = [perhaps(rng.choice((rng.gauss(0, 50), 0))),
             perhaps(rng.choice((log_uniform(1, 500), 0, -1)))]
        case("normal", a, m.normal_p(*a), scale=1e-290)
        dqr = perhaps(rng.choice((rng.uniform(1, 5), 1.6, 2.4, 3.2, 4)))
        case("grade", [dqr], ord(m.grade(dqr)))
    for _ in range(150):
        correlated_total()


def correlated_total():
    """Lines under factors with their own relative variance: the model gets
    each line's standard deviation, the reference the variances."""
    spread = {f: rng.uniform(0.001, 0.5) for f in rng.sample(range(60), 6)}
    rule = {f: rng.uniform(0.001, 0.5) for f in rng.sample(range(60, 90), 3)}
    lines, args = [], []
    for _ in range(rng.randrange(0, 25)):
        weight, kg = rng.choice((1, 0.5, 12, 129)), log_uniform(0.1, 2000)
        own_v = rng.choice((0, rng.uniform(0, 0.3)))
        factors = [(f, spread[f]) for f in rng.sample(list(spread), 1)]
        if rng.random() < 0.4:  # completed: v_rule * (1 + v_F), shared by rule
            f = rng.choice(list(rule))
            factors.append((f, rule[f]))
        if rng.random() < 0.1:
            factors = []
        lines.append((weight, kg, own_v, factors))
        shared = [x for f, v in factors for x in (f, kg * math.sqrt(v))]
        v_f = factors[0][1] if factors else 0
        args += [weight, kg, kg * kg * own_v * (1 + v_f)]
        args += (shared + [-1, 0, -1, 0])[:4]
    case("total", [len(lines), *args], m.total(lines))


# ---- tables -----------------------------------------------------------------

def tables():
    for _ in range(500):
        unit = rng.choice((1, 0.1, 0.01, 10, 1000, 5))
        n = rng.randrange(0, 60)
        values = [perhaps(rng.choice((
            round(rng.uniform(-20, 500) * unit, 4), rng.uniform(0, 9) * unit,
            rng.randrange(0, 50) * unit / 2)), 0.03) for _ in range(n)]
        case("round", [unit, n, *values], m.round_shown(unit, values),
             scale=max([1] + [abs(v) for v in values if v == v]),
             check=shown_adds_up)
        a = rng.choice((rng.uniform(-1, 1), log_uniform(1, 1e9)))
        b = a * (1 + rng.choice((0, 5e-10, -5e-10, 5e-9, 1e-3)))
        a = perhaps(a)
        case("same", [a, b], m.same(a, b))


def shown_adds_up(args, got):
    """Shown lines are whole units, within one of their values, and their sum
    is the rounded total (either way at a half)."""
    unit, values = args[0], args[2:]
    pairs = [(v, g) for v, g in zip(values, got) if v == v]
    near = all(abs(v - g) <= unit * (1 + 1e-6) and
               abs(g / unit - round(g / unit)) < 1e-6 for v, g in pairs)
    total = math.fsum(v for v, _ in pairs)
    shown = math.fsum(g for _, g in pairs)
    return near and abs(total - shown) <= unit * (0.5 + 1e-6)


# ---- identities over several calls ------------------------------------------

def owners():
    """RESIDUAL_SL: what a chain of owners bears, each its own years, is the
    whole. Returns (arguments of each hand-over) for check_owners."""
    chains = []
    for _ in range(100):
        lref = rng.choice((5, 6, 8, 10))
        ages = sorted(some(rng.randrange(1, 6), lambda: rng.uniform(0, 14)))
        first = len(cases)
        for age in ages:
            a = [age, lref] + [m.NAN] * 7
            case("share", [RULES.index("RESIDUAL_SL"), 2, *a],
                 m.share("RESIDUAL_SL", "donated", *a))
        chains.append((first, ages, lref))
    return chains


def check_owners(chains, results):
    for first, ages, lref in chains:
        taken = [1.0] + [results[first + i][0] for i in range(len(ages))]
        borne = [a - b for a, b in zip(taken, taken[1:])]
        held = [(min(e, lref) - min(b, lref)) / lref
                for b, e in zip([0.0] + ages, ages)]
        if any(abs(x - y) > REL for x, y in zip(borne, held)):
            return f"owners of {lref} y at {ages}: bear {borne}, held {held}"
        if abs(sum(borne) + taken[-1] - 1) > REL:
            return f"owners of {lref} y at {ages}: do not bear the whole"
    return None


# ---- the comparison ---------------------------------------------------------

def close(got, want, scale):
    if math.isnan(want) or math.isnan(got):
        return math.isnan(want) and math.isnan(got)
    if math.isinf(want) or math.isinf(got):
        return want == got
    scale = 0.0 if math.isnan(scale) else scale
    return abs(got - want) <= REL * max(abs(want), scale)


def failures(results):
    for (function, args, want, scale, check), got in zip(cases, results):
        if len(got) != len(want) or not all(
                close(g, w, scale) for g, w in zip(got, want)):
            yield f"{function} {args}: got {got}, want {want}"
        elif check and not check(args, got):
            yield f"{function} {args}: {got} does not add up"


def main():
    fabrication()
    used_machines()
    schedules()
    operation()
    uncertainty()
    tables()
    chains = owners()
    text = "".join(f"{f} {' '.join(repr(float(x)) for x in a)}\n"
                   for f, a, _, _, _ in cases)
    run = subprocess.run([sys.argv[1]], input=text, capture_output=True,
                         text=True, timeout=120)
    results = [[float(x) for x in line.split()]
               for line in run.stdout.splitlines()]
    if run.returncode or len(results) != len(cases):
        sys.exit(f"model_cli stopped after {len(results)} of {len(cases)} "
                 f"cases: {run.stderr}")
    bad = list(failures(results))
    owner = check_owners(chains, results)
    if owner:
        bad.append(owner)
    for line in bad[:20]:
        print(line if len(line) < 600 else f"{line[:300]} ... {line[-300:]}")
    print(f"{len(cases)} cases, {len(bad)} differ")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
