# SPDX-License-Identifier: Apache-2.0
"""Approach C a second time, from the method's text and the set's own tables,
against fac_assess on random units: assess.py PATH-OF-ASSESS_CLI DATA-FOLDER.

Differs from factors/ in form: amounts are listed as (factor row, quantity,
completed inputs) and the variance is taken from the whole list at once."""

import csv
import math
import random
import subprocess
import sys
from pathlib import Path

SEED = 20251121
UNITS = 3000
REL = 1e-9
KINDS = ("cpu gpu ram hdd ssd tape board psu chassis nic screen switch "
         "assembly other").split()
CRITERIA = ("value", "adp_kgsb", "pe_mj")

cli, data = sys.argv[1], Path(sys.argv[2])


def table(name):
    with open(next(data.glob(name)), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


FACTORS = {r["key"]: r for r in table("boavizta-2021/*/factors.csv")}
CPUS = [r for r in table("cpu-spec/*/cpus.csv")]
FAMILIES = {r["family"]: r for r in table("cpu-spec/*/families.csv")}
GPUS = table("gpu-spec/*/gpus.csv")
CARDS = table("boavizta-2021/*/cards.csv")
GPU_ROW = {r["name"]: r for r in GPUS}

# ---- factors ----------------------------------------------------------------

U = {"reliability": (1, 1.05, 1.10, 1.20, 1.50),
     "completeness": (1, 1.02, 1.05, 1.10, 1.20),
     "time": (1, 1.03, 1.10, 1.20, 1.50),
     "geography": (1, 1.01, 1.02, 1.02, 1.10),
     "technology": (1, 1, 1.20, 1.50, 2.00)}


def factor(key, criterion=0):
    text = FACTORS[key][CRITERIA[criterion]]
    return float(text) if text else math.nan


def v_factor(key):
    logs = [math.log(1.05)]
    logs += [math.log(U[c][int(FACTORS[key][c]) - 1]) for c in U]
    return math.exp(0.25 * math.fsum(x * x for x in logs)) - 1


def v_range(lo, hi):
    s = math.log(hi / lo) / 3.92
    return math.exp(s * s) - 1


# ---- cards ------------------------------------------------------------------

def effective(die):
    side2 = (math.sqrt(die) + 0.2) ** 2
    wafer = math.pi * 150 ** 2
    dies = wafer / side2 - math.pi * 300 / math.sqrt(2 * side2)
    return wafer / dies / math.exp(-math.sqrt(side2 * 0.001))


def number(text):
    return float(text) if text else math.nan


def form(row):
    return row["form"] if row["form"] in ("pcie", "pcie-lp") else "module"


def hbm(row):
    return row["memory"].startswith("HBM")


def amounts_of_card(eff, board, casing, sink, mass, dies, gb):
    vram = dies * effective(15.5 * gb / dies)
    return {"gpu.casing": casing, "gpu.sink": sink, "gpu.board": board,
            "gpu.die": eff, "gpu.vram": vram, "gpu.upstream": mass,
            "gpu.boat": 19000 * mass, "gpu.truck": 1000 * mass,
            "gpu.end-of-life": mass}


FULL = [c for c in CARDS if c["board_cm2"]]


def listed(card):
    n = [float(card[k]) for k in ("effective_mm2", "board_cm2", "casing_kg",
                                  "sink_kg", "mass_kg", "vram_dies",
                                  "vram_gb")]
    return amounts_of_card(*n)


def total(amounts, criterion):
    return math.fsum(q * factor(k, criterion) for k, q in amounts.items())


def card_of(row):
    """Kilograms by criterion, v of the model, v of the die area, die kg."""
    for c in FULL:
        if c["gpu"] == row["name"]:
            v = (math.exp(math.log(1.4) ** 2) - 1 if hbm(row)
                 else v_factor("gpu.die"))
            return [total(listed(c), k) for k in range(3)], v, 0, 0
    if not row["area_mm2"]:
        kg = [sum(total(listed(c), k) for c in FULL) / len(FULL)
              for k in range(3)]
        all_kg = [total(listed(c), 0) for c in FULL]
        return kg, None, v_range(min(all_kg), max(all_kg)), kg[0]
    area, dies = float(row["area_mm2"]), int(row["dies"])
    eff, v_area = None, 0
    for c in CARDS:
        g = GPU_ROW[c["gpu"]]
        if (dies == 1 and g["dies"] == "1"
                and g["architecture"] == row["architecture"]
                and abs(float(g["area_mm2"]) - area)
                <= 0.005 * float(g["area_mm2"])):
            eff = float(c["effective_mm2"])
            break
    if eff is None:
        eff = dies * effective(area / dies) / 1.62
        v_area = v_range(1, 1.62)
    gb, tdp = float(row["memory_gb"]), number(row["tdp_w"])

    def how_far(c):
        g = GPU_ROW[c["gpu"]]
        watts = 0 if math.isnan(tdp) else abs(tdp - float(g["tdp_w"]))
        return (watts, hbm(row) != hbm(g), abs(gb - float(c["vram_gb"])))

    body = min((c for c in FULL if form(GPU_ROW[c["gpu"]]) == form(row)),
               key=how_far)
    chip = min((c for c in FULL if hbm(GPU_ROW[c["gpu"]]) == hbm(row)),
               key=lambda c: abs(gb - float(c["vram_gb"])))
    sink0 = float(body["sink_kg"])
    sink = sink0
    if not math.isnan(tdp):
        sink *= tdp / float(GPU_ROW[body["gpu"]]["tdp_w"])
    n = max(1, math.floor(
        gb * float(chip["vram_dies"]) / float(chip["vram_gb"]) + 0.5))
    amounts = amounts_of_card(
        eff, float(body["board_cm2"]), float(body["casing_kg"]), sink,
        float(body["mass_kg"]) - sink0 + sink, n, gb)
    v = math.exp(math.log(1.6 if hbm(row) else 1.4) ** 2) - 1
    return ([total(amounts, k) for k in range(3)], v, v_area,
            eff * factor("gpu.die"))


# ---- one unit ---------------------------------------------------------------

DENSITY = {"": (13.688 / 11, 0.625, 2.375), "ddr3": (0.75, 0.625, 1.25),
           "ddr4-early": (1.3, 1.0, 1.75), "ddr4-late": (2.375, 1.75, 2.375)}
AREAS = [(int(r["cores"]), float(r["area_mm2"])) for r in CPUS
         if r["cores"] and r["area_mm2"]]
DIE_MIN, DIE_MAX = min(a for _, a in AREAS), max(a for _, a in AREAS)


def line(cores):
    n = len(AREAS)
    mx = math.fsum(c for c, _ in AREAS) / n
    my = math.fsum(a for _, a in AREAS) / n
    b = (math.fsum((c - mx) * (a - my) for c, a in AREAS)
         / math.fsum((c - mx) ** 2 for c, _ in AREAS))
    return min(max(my + b * (cores - mx), DIE_MIN), DIE_MAX)


class Sum:
    """Terms: kind, factor key or id, kg by criterion, own v, completions."""

    def __init__(self):
        self.kg = {k: [0.0, 0.0, 0.0] for k in KINDS}
        self.sd = {}  # by factor or rule
        self.here = set()

    def share(self, name, sd):
        self.sd[name] = self.sd.get(name, 0.0) + sd

    def add(self, kind, key, quantity, rules=()):
        """rules: (name, v) in order; each widens what the former left."""
        self.here.add(kind)
        for c in range(3):
            self.kg[kind][c] += quantity * factor(key, c)
        kg, v = quantity * factor(key), v_factor(key)
        self.share(key, kg * math.sqrt(v))
        room = 1 + v
        for name, vr in rules:
            self.share(name, kg * math.sqrt(vr * room))
            room *= 1 + vr

    def total(self, criterion):
        return math.fsum(self.kg[k][criterion] for k in KINDS)

    def sigma(self):
        kg = self.total(0)
        return math.sqrt(math.log(
            1 + math.fsum(s * s for s in self.sd.values()) / kg ** 2))


def cpus(u, s, racked):
    rows = [p for p in u["parts"] if p["kind"] == "cpu"]
    n, spread = u["sockets"], 0
    if n < 0:
        n, spread = (2, v_range(1, 2)) if racked else (1, v_range(1, 2))
        if not racked and (u["category"] in ("desktop", "laptop", "sbc")
                           or u["chassis"] in ("desktop", "laptop")):
            spread = 0
    if n == 0:
        return
    part = rows[0] if rows else {"die": math.nan, "row": None, "cores": -1}
    rule = ()
    if not math.isnan(part["die"]):
        die = part["die"]
    elif part["row"]:
        die = float(part["row"]["area_mm2"])
    else:
        cores = part["cores"]
        if cores < 0 and u["cores"] > 0:
            cores = u["cores"] / n
        name = "line" if cores > 0 else "nothing"
        die = line(cores if cores > 0 else 24)
        rule = ((name, v_range(max(DIE_MIN, die / 100), DIE_MAX)),)
    before = dict(s.sd)
    s.add("cpu", "cpu.base", n)
    s.add("cpu", "cpu.die", n * die, rule)
    if spread:
        added = [s.sd[k] - before.get(k, 0.0) for k in s.sd]
        kg2 = s.kg["cpu"][0] ** 2 + math.fsum(x * x for x in added)
        s.share("count", math.sqrt(spread * kg2))


def rams(u, s):
    """A density per module; the CPU's generation where there is one."""
    of_cpu = [p["row"] for p in u["parts"] if p["kind"] == "cpu"]
    gen = ""
    if of_cpu and u["sockets"] != 0 or len(of_cpu) == 1:
        row = of_cpu[0] if of_cpu else None
        gen = FAMILIES[row["family"]]["memory"] if row else ""
        if gen == "ddr4-early" and u["year"] >= 2018:
            gen = "ddr4-late"
    for p in u["parts"]:
        if p["kind"] != "ram":
            continue
        n, gb = p["units"], p["units"] * p["capacity"]
        if p["total"]:
            module = 16 if 0 < u["year"] < 2016 else 32
            n = max(1, math.ceil(gb / module))
            lo, hi = max(1, math.ceil(gb / 64)), max(1, math.ceil(gb / 8))
            u["modules"] = [x + y for x, y in zip(u["modules"], (n, lo, hi))]
        s.add("ram", "ram.base", n)
        if math.isnan(p["density"]):
            density, lo, hi = DENSITY[gen]
            s.add("ram", "ram.die", gb / density,
                  (("density", v_range(lo, hi)),))
        else:
            s.add("ram", "ram.die", gb / p["density"])
    n, lo, hi = u["modules"]
    if hi > lo:
        s.share("modules", n * factor("ram.base") * math.sqrt(
            v_range(max(lo, n / 100), hi) * (1 + v_factor("ram.base"))))


def disks(u, s):
    known = ("ssd density", v_range(16.4, 128))
    for p in u["parts"]:
        if p["kind"] == "hdd":
            s.add("hdd", "hdd.unit", p["units"])
        if p["kind"] != "ssd":
            continue
        s.add("ssd", "ssd.base", p["units"])
        if math.isnan(p["capacity"]):
            s.add("ssd", "ssd.die", p["units"] * 960 / 54.884,
                  (known, ("ssd size", v_range(240, 3840))))
        elif math.isnan(p["density"]):
            s.add("ssd", "ssd.die", p["units"] * p["capacity"] / 54.884,
                  (known,))
        else:
            s.add("ssd", "ssd.die",
                  p["units"] * p["capacity"] / p["density"])


def cards(u, s):
    for p in u["parts"]:
        if p["kind"] != "gpu":
            continue
        kg, v, v_area, die_kg = card_of(p["row"])
        s.here.add("gpu")
        for c in range(3):
            s.kg["gpu"][c] += p["units"] * kg[c]
        if v is None:
            v = v_factor("gpu.die")
            s.share("gpu.die", p["units"] * kg[0] * math.sqrt(v))
            s.share("any card", p["units"] * kg[0] * math.sqrt(
                v_area * (1 + v)))
            continue
        s.share("gpu " + p["row"]["name"], p["units"] * kg[0] * math.sqrt(v))
        s.share("area", p["units"] * die_kg * math.sqrt(v_area * (1 + v)))


def supplies(u, s, racked):
    mass = ("psu mass", v_range(1, 5))
    rows = [p for p in u["parts"] if p["kind"] == "psu"]
    for p in rows:
        if math.isnan(p["mass"]):
            s.add("psu", "psu.mass", p["units"] * 2.99, (mass,))
        else:
            s.add("psu", "psu.mass", p["units"] * p["mass"])
    if rows or not u["unknown"] >> KINDS.index("psu") & 1:
        return
    v = v_range(1, 2)
    if not racked and (u["category"] in ("desktop", "laptop", "sbc")
                       or u["chassis"] in ("desktop", "laptop")):
        v = 0
    s.add("psu", "psu.mass", (2 if racked else 1) * 2.99,
          (mass, ("psu count", v)))


def case(u, s):
    serves = u["category"] in ("server", "gpu_node", "storage")
    rack = factor("case.rack")
    if u["chassis"] == "rack":
        s.add("chassis", "case.rack", 1)
    elif u["chassis"] == "blade":
        s.add("chassis", "case.blade", 1)
        s.add("chassis", "case.enclosure", 1 / 16)
    elif u["chassis"] == "open":
        s.add("chassis", "case.open", 1)
    elif u["chassis"] != "none":
        spread = math.log(150 / 34) / 3.92
        kg = math.sqrt(34 * 150) * math.exp(spread ** 2 / 2)
        if u["chassis"] == "unknown" and serves:
            kg = 150
        s.add("chassis", "case.rack", kg / rack,
              (("case", math.exp(spread ** 2) - 1),))


def assess(u):
    s = Sum()
    u["modules"] = [0, 0, 0]
    serves = u["category"] in ("server", "gpu_node", "storage")
    racked = u["chassis"] in ("rack", "blade") or (
        u["chassis"] == "unknown" and serves)
    cpus(u, s, racked)
    cards(u, s)
    rams(u, s)
    disks(u, s)
    supplies(u, s, racked)
    case(u, s)
    s.add("board", "board.unit", 1)
    s.add("assembly", "assembly.unit", 1)
    return s


# ---- random units -----------------------------------------------------------

rng = random.Random(SEED)
names = [r["name"] for r in CPUS]
PLAIN_CPUS = [r for r in CPUS if r["level"] == "model" and r["area_mm2"]
              and r["cores"] and names.count(r["name"]) == 1
              and FAMILIES[r["family"]]["memory"] in DENSITY]
# One chip for CPU and card is another rule; unpublished memory as well.
PLAIN_GPUS = [r for r in GPUS if r["form"] not in ("apu", "module")
              and r["memory_gb"]]


def part(kind, **fields):
    p = {"kind": kind, "units": 1, "capacity": math.nan, "total": False,
         "cores": -1, "die": math.nan, "mass": math.nan, "density": math.nan,
         "row": None}
    p.update(fields)
    return p


def random_cpu():
    kind = rng.randrange(4)
    if kind == 0:
        return part("cpu", die=rng.uniform(50, 900))
    if kind == 1:
        return part("cpu", cores=rng.choice((1, 4, 8, 16, 24, 64)))
    return part("cpu", row=rng.choice(PLAIN_CPUS))


def random_unit():
    u = {"category": rng.choice(
             "server gpu_node storage workstation desktop laptop".split()),
         "chassis": rng.choice(
             "rack blade tower desktop laptop open none unknown".split()),
         "year": rng.choice((0, 2012, 2015, 2016, 2022)),
         "sockets": rng.choice((-1, 0, 1, 2, 4)), "cores": -1, "unknown": 0,
         "parts": []}
    if u["sockets"] != 0 and rng.random() < 0.8:
        u["parts"].append(random_cpu())
        u["parts"][0]["units"] = max(1, u["sockets"])
    elif u["sockets"] > 0 and rng.random() < 0.5:
        u["cores"] = u["sockets"] * rng.choice((2, 6, 17))
    elif u["sockets"] < 0:
        u["cores"] = rng.choice((4, 32, 96))
    for _ in range(rng.randrange(3)):
        u["parts"].append(part(
            "ram", units=rng.randrange(1, 25), capacity=rng.choice(
                (4, 8, 16, 32, 64)),
            density=rng.choice((math.nan, math.nan, 1.25))))
    if rng.random() < 0.3:
        u["parts"].append(part(
            "ram", capacity=rng.uniform(1, 600), total=True))
    if rng.random() < 0.6:
        u["parts"].append(part(
            "hdd", units=rng.randrange(1, 40), capacity=4000))
    for _ in range(rng.randrange(3)):
        u["parts"].append(part(
            "ssd", units=rng.randrange(1, 9),
            capacity=rng.choice((math.nan, 480, 7680)),
            density=rng.choice((math.nan, 48.5))))
    for _ in range(rng.randrange(3)):
        u["parts"].append(part(
            "gpu", units=rng.randrange(1, 9), row=rng.choice(PLAIN_GPUS)))
    if rng.random() < 0.5:
        u["parts"].append(part(
            "psu", units=rng.randrange(1, 5),
            mass=rng.choice((math.nan, 1.4))))
    elif rng.random() < 0.7:
        u["unknown"] |= 1 << KINDS.index("psu")
    return u


def text(u):
    head = " ".join(str(u[k]) for k in (
        "category", "chassis", "year", "sockets", "cores", "unknown"))
    return "|".join([head] + [";".join((
        p["kind"], str(p["units"]), repr(p["capacity"]),
        str(int(p["total"])), str(p["cores"]), repr(p["die"]),
        repr(p["mass"]), repr(p["density"]),
        p["row"]["name"] if p["row"] else "")) for p in u["parts"]])


def near(got, want, scale):
    if math.isnan(want) or math.isnan(got):
        return math.isnan(want) and math.isnan(got)
    return abs(got - want) <= REL * max(abs(want), scale)


def main():
    # Each card alone first, so that a wrong one is named.
    units = []
    for row in PLAIN_GPUS:
        u = random_unit()
        u["parts"] = [p for p in u["parts"] if p["kind"] != "gpu"]
        u["parts"].append(part("gpu", row=row))
        units.append(u)
    units += [random_unit() for _ in range(UNITS)]
    run = subprocess.run([cli], input="\n".join(map(text, units)) + "\n",
                         capture_output=True, text=True, check=True)
    answers = run.stdout.splitlines()
    assert len(answers) == len(units), (len(answers), len(units))
    failed = 0
    for u, answer in zip(units, answers):
        words = answer.split()
        got = list(map(float, words[2:]))
        s = assess(u)
        want = [s.sigma()] + [s.total(c) for c in range(3)]
        kinds = got[5:] if words[0] == "C" else []
        want_kinds = [s.kg[k][0] for k in KINDS] if kinds else []
        ok = all(near(g, w, 1e-12) for g, w in zip(got[:4], want)) and all(
            near(g, w, 1e-6) for g, w in zip(kinds, want_kinds))
        if not ok:
            failed += 1
            if failed <= 5:
                print("unit", text(u), "\n  got ", got[:4], kinds,
                      "\n  want", want, want_kinds)
    print(f"{len(units)} units, {failed} differ")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
