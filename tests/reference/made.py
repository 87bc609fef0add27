# SPDX-License-Identifier: Apache-2.0
"""What it cost to make one unit, as kilograms by kind and the errors that it
shares with others: the choice of approach, footprints, averages, and the parts
by assess.py. Totals of such amounts, with their intervals."""

import csv
import math
from datetime import date

import assess
from assess import GPU_ROW, KINDS, Sum, assess as bottom_up

COMPUTERS = "server gpu_node storage workstation desktop laptop sbc".split()
SERVERS = ("server", "gpu_node", "storage")


def table(name):
    with open(next(assess.data.glob(name)), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


AVERAGE = {}
for row in table("category-boavizta-2023/*/averages.csv"):
    for c in row["covers"].split():
        AVERAGE[c] = (float(row["value_kg"]), float(row["model_gsd"]),
                      float(row["set_gsd"]))
SHEETS = {}
for row in table("pcf-boavizta/*/products.csv"):
    if row["use_kg"] and row["category"] in ("desktop", "laptop", "screen"):
        SHEETS.setdefault(row["category"], []).append(row)


def rel_var(gsd):
    return math.exp(math.log(gsd) ** 2) - 1


def interval(mean, var):
    if mean == 0:
        return (0, 0, 0)
    s = math.sqrt(math.log(1 + var / mean ** 2))
    mu = math.log(mean) - s * s / 2
    return mean, math.exp(mu - 1.96 * s), math.exp(mu + 1.96 * s)


class Total:
    """Mean and variance of a sum: sds add within a name, variances between."""

    def __init__(self):
        self.kg, self.sd = [], {}

    def add(self, kg, sds, weight=1.0):
        self.kg.append(weight * kg)
        for k, sd in sds.items():
            self.sd[k] = self.sd.get(k, 0.0) + weight * sd

    def value(self):
        return math.fsum(self.kg)

    def var(self):
        return math.fsum(s * s for s in self.sd.values())

    def sigma(self):
        return math.sqrt(math.log(1 + self.var() / self.value() ** 2))

    def q(self):
        return interval(self.value(), self.var())


# ---- one unit ---------------------------------------------------------------

def model_id(u):
    """Units of one model err together."""
    if u["sheet"]:
        return "sheet", u["sheet"]["maker"], u["sheet"]["model"]
    if u["model"]:
        return "product", u["category"], u["maker"], u["model"]
    c = "part" if u["loose"] else u["category"]
    return "no model", c


def embodied(u):
    """Approach, kg by kind, sds by what is shared, whether unknown model."""
    kinds = {}
    if u["stated"] is not None:
        return ("stated", {"whole": u["stated"]},
                {model_id(u): 0.207 * u["stated"]}, False)
    sds = {}

    def put(kind, kg, parts):
        kinds[kind] = kinds.get(kind, 0.0) + kg
        room = 1.0
        for name, v in parts:
            sds[name] = sds.get(name, 0.0) + kg * math.sqrt(v * room)
            room *= 1 + v

    unknown = False
    if u["loose"] and u["category"] != "screen":
        s = loose_sum(u)
        kinds.update({k: s.kg[k][0] for k in KINDS if s.kg[k][0]})
        sds.update(s.sd)
        return "C", kinds, sds, False
    has_c = has_parts(u)
    server = u["category"] in SERVERS
    if has_c and not (u["sheet"] and u["category"] in ("desktop", "laptop")):
        s = bottom_up(to_assess(u))
        kinds.update({k: s.kg[k][0] for k in KINDS if s.kg[k][0]})
        sds.update(s.sd)
        approach = "C"
    elif u["sheet"]:
        row = u["sheet"]
        put("whole", float(row["total_kg"]) - float(row["use_kg"]),
            [(("sheet", row["maker"], row["model"]), 0.207 ** 2)])
        correct_memory(u, kinds, sds)
        approach = "A"
    elif u["category"] in AVERAGE:
        kg, gsd, level = AVERAGE[u["category"]]
        something = bool(u["model"]) or u["anything"]
        unknown = not something or not (server or u["category"] == "screen")
        v_level, v = rel_var(level), rel_var(gsd)
        if unknown:
            v = (1 + rel_var(2.0)) / (1 + v_level) - 1
        put("whole", kg, [(("level",), v_level), (model_id(u), v)])
        approach = "B"
    else:
        return "none", {}, {}, False
    if u["screens"] and u["category"] != "screen":
        kg, gsd, level = AVERAGE["screen"]
        put("screen", kg * u["screens"],
            [(("level",), rel_var(level)),
             (("no model", "screen"), rel_var(gsd))])
    return approach, kinds, sds, unknown


def estimates(u):
    """What each approach gives for one unit; None where it cannot."""
    desk = AVERAGE["screen"][0] * (u["screens"] or 0)
    a = b = c = None
    if u["loose"]:
        c = sum(loose_sum(u).kg[k][0] for k in KINDS)
        return {"A": a, "B": b, "C": None if u["stated"] is not None else c}
    if has_parts(u):
        s = bottom_up(to_assess(u))
        c = math.fsum(s.kg[k][0] for k in KINDS) + desk
    if u["sheet"]:
        kinds = {"whole": float(u["sheet"]["total_kg"])
                 - float(u["sheet"]["use_kg"])}
        correct_memory(u, kinds, {})
        a = kinds["whole"] + desk
    if u["category"] in AVERAGE:
        b = AVERAGE[u["category"]][0] + desk
    return {"A": a, "B": b, "C": c}


def has_parts(u):
    """Enough for approach C: memory, and something of the processors."""
    return (u["category"] in COMPUTERS and u["ram"] is not None
            and bool(u["cpu_row"] or u["die"] or u["cpu_name"]
                     or u["cpu_count"] is not None or u["cores"] is not None))


def correct_memory(u, kinds, sds):
    """Approach A: the real modules instead of those of the sheet."""
    gb = u["sheet"]["memory_gb"]
    if not gb or u["ram"] is None or u["category"] == "screen":
        return
    for sign, ram in ((1, u["ram"]), (-1, ((None, float(gb)),))):
        s = Sum()
        a = to_assess(dict(u, ram=ram))
        a["modules"] = [0, 0, 0]
        assess.rams(a, s)
        kinds["whole"] += sign * s.kg["ram"][0]
        for k, sd in s.sd.items():
            sds[k] = sds.get(k, 0.0) + sign * sd


def loose_sum(u):
    s = Sum()
    a = to_assess(u)
    a["modules"] = [0, 0, 0]
    if u["category"] == "ram":
        assess.rams(a, s)
    elif u["category"] in ("hdd", "ssd"):
        assess.disks(a, s)
    elif u["category"] == "gpu":
        assess.cards(a, s)
    return s


def used(u):
    return u["acquisition"] in ("second_hand", "donated")


def made_year(u):
    if u["made"]:
        return u["made"][0]
    if not used(u) and u["acquired"]:
        return u["acquired"][0]
    return 0


def to_assess(u):
    """The unit as assess.py takes it."""
    parts = []
    if u["cpu_row"] or u["die"] is not None or u["cpu_name"]:
        parts.append(assess.part(
            "cpu", units=max(1, u["cpu_count"] or 1), row=u["cpu_row"],
            die=math.nan if u["die"] is None else u["die"]))
    for n, gb in u["ram"] or ():
        if n is None:
            parts.append(assess.part("ram", capacity=gb, total=True))
        else:
            parts.append(assess.part("ram", units=n, capacity=gb))
    for kind in ("hdd", "ssd"):
        for n, gb in u[kind] or ():
            parts.append(assess.part(
                kind, units=n, capacity=math.nan if gb is None else gb))
    for n, name in u["gpus"] or ():
        parts.append(assess.part("gpu", units=n, row=GPU_ROW[name]))
    if u["psu_count"] is not None:
        parts.append(assess.part(
            "psu", units=u["psu_count"],
            mass=math.nan if u["psu_kg"] is None else u["psu_kg"]))
    return {"category": u["category"], "chassis": u["chassis"] or "unknown",
            "year": made_year(u), "cores": -1 if u["cores"] is None
            else u["cores"], "parts": parts,
            "sockets": told(u),
            "unknown": 0 if u["psu_count"] is not None
            else 1 << KINDS.index("psu")}


def told(u):
    """The count, or what cores and model make of it; -1: by rule."""
    if u["cpu_count"] is not None:
        return u["cpu_count"]
    each = int(u["cpu_row"]["cores"]) if u["cpu_row"] else 0
    if each and u["cores"] and u["cores"] % each == 0:
        return u["cores"] // each
    return -1


def released(row):
    """The processor's year, else the first of its family; 1 July."""
    years = [row["year"]] if row["year"] else [
        r["year"] for r in assess.CPUS
        if r["family"] == row["family"] and r["year"]]
    return date(int(min(years)), 7, 1) if years else None
