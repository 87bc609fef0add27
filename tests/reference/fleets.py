# SPDX-License-Identifier: Apache-2.0
"""Random fleets, and the CSV files that tell them: dates of any precision,
lots, parts, sites of several zones, English and French."""

import csv
import io
import random

import assess
from assess import GPU_ROW
from made import COMPUTERS, SHEETS
from yearly import GONE, first_day, last_day

UNKNOWN_CARD, UNKNOWN_CPU = "Voodoo 9 3000", "Frobnicator 9000"
GPU_ROW[UNKNOWN_CARD] = dict.fromkeys(
    next(iter(GPU_ROW.values())), "") | {"name": UNKNOWN_CARD}
rng = random.Random()

# ---- random fleets ----------------------------------------------------------

NO_ROW = dict.fromkeys(
    "model maker acquired service made warranty exit cpu_row die cpu_count "
    "cores power_w kwh_year idle_w max_w stated psu_count psu_kg sheet "
    "cpu_name chassis screens ram hdd ssd gpus status acquisition site"
    .split())
SITES = [
    {"name": "lyon", "country": "FRA", "tz": "Europe/Paris", "pue": 1.35,
     "pue_text": "1.35", "g": None, "kind": "", "year": None},
    {"name": "kolkata", "country": "IND", "tz": "Asia/Kolkata", "pue": 1.7,
     "pue_text": "1.7", "g": None, "kind": "", "year": None},
    {"name": "sao", "country": "BRA", "tz": "America/Sao_Paulo", "pue": 1.0,
     "pue_text": "", "g": 98.5, "kind": "direct", "year": 2023},
    {"name": "chatham", "country": "NZL", "tz": "Pacific/Chatham", "pue": 1.0,
     "pue_text": "1", "g": 80, "kind": "life_cycle", "year": None},
    {"name": "lab", "country": "FRA", "tz": "Europe/Paris", "pue": 1.2,
     "pue_text": "1.2", "g": 20, "kind": "unstated", "year": 2024},
]
DEFAULT = {"name": "", "country": "", "tz": "UTC", "pue": 1.0, "g": None,
           "kind": "", "year": None}


def maybe(p, value):
    return value() if rng.random() < p else None


def some_date(lo, hi):
    y = rng.randint(lo, hi)
    k = rng.random()
    if k < 0.25:
        return y, 0, 0
    m = rng.randint(1, 12)
    if k < 0.45:
        return y, m, 0
    return y, m, rng.choice((1, 28, 29, 30, 31)[:1 + (m != 2) * 3]
                            + (15, 7, 28))


def random_unit(i, columns, lost=0.0):
    u = dict(NO_ROW)
    u["tag"] = "u%04d" % i
    u["n"] = rng.choice((1, 1, 1, 2, 7, 40))
    u["loose"] = False
    u["category"] = rng.choices(
        COMPUTERS[:6] + ["screen", "gpu", "hdd", "ssd", "ram", "switch",
                         "other"],
        (9, 4, 2, 3, 5, 4, 3, 1, 1, 1, 1, 1, 1))[0]
    u["site"] = rng.choice(SITES) if rng.random() >= lost else DEFAULT
    u["acquisition"] = rng.choice(
        ("new", "new", "second_hand", "donated", ""))
    u["status"] = rng.choice(("in_service",) * 6 + ("", "stock", "spare",
                                                    "retired", "given",
                                                    "recycled", "loaned"))
    if rng.random() < 0.85:
        u["acquired"] = some_date(2012, 2025)
    if rng.random() < 0.6:
        y = u["acquired"][0] if u["acquired"] else 2012
        u["service"] = some_date(y, min(y + 2, 2025))
    if rng.random() < 0.6:
        y = (u["acquired"] or u["service"] or (2016,))[0]
        u["made"] = some_date(max(2005, y - 9), y)
    if rng.random() < 0.4:
        u["warranty"] = some_date(2015, 2028)
    if u["status"] in GONE and rng.random() < 0.9:
        u["exit"] = some_date(2021, 2025)
    for a, b in (("made", "acquired"), ("made", "service"),
                 ("acquired", "exit"), ("service", "exit"), ("made", "exit")):
        if u[a] and u[b] and first_day(u[a]) > last_day(u[b]):
            u[a] = None  # the import refuses it
    if u["category"] in ("switch", "screen", "gpu", "hdd", "ssd", "ram"):
        if u["category"] == "screen":
            if rng.random() < 0.6:
                u["sheet"] = rng.choice(SHEETS["screen"])
            elif rng.random() < 0.5:
                u["maker"], u["model"] = "Acme", rng.choice(("Glow", "Dim"))
        u["hdd"] = u["ssd"] = u["gpus"] = u["ram"] = ()
    u["anything"] = False
    if u["category"] in ("gpu", "hdd", "ssd", "ram"):
        u["loose"] = True
        n = 1
        if u["category"] == "gpu":
            u["gpus"] = ((n, rng.choice((UNKNOWN_CARD, rng.choice(
                assess.PLAIN_GPUS)["name"]))),)
        elif u["category"] == "ram":
            u["ram"] = ((n, rng.choice((8, 16, 32))),)
        else:
            u[u["category"]] = ((n, rng.choice((240, 960, 4000))),)
    elif u["category"] in COMPUTERS:
        random_computer(u)
    if u["sheet"]:
        u["maker"], u["model"] = u["sheet"]["maker"], u["sheet"]["model"]
    if rng.random() < 0.06:
        u["stated"] = rng.choice((100.5, 812, 77))
    if u["category"] not in ("gpu", "hdd", "ssd", "ram"):
        k = rng.random()
        if k < 0.4:
            u["power_w"] = rng.choice((0, 35.5, 150, 420))
        elif k < 0.5:
            u["kwh_year"] = rng.choice((12, 800, 2628.5))
        elif k < 0.65:
            u["idle_w"], u["max_w"] = rng.choice(((60, 200), (90, 90),
                                                  (0, 40)))
    for c in ("warranty", "power_w", "kwh_year"):
        if c not in columns:
            u[c] = None
    return u


def random_computer(u):
    cat = u["category"]
    if rng.random() < 0.8:
        if rng.random() < 0.85:
            u["cpu_row"] = rng.choice(assess.PLAIN_CPUS)
        elif rng.random() < 0.6:
            u["die"] = rng.choice((120.5, 300, 640))
        else:
            u["cpu_name"] = UNKNOWN_CPU
        u["cpu_count"] = rng.choice((None, 1, 1, 2, 4))
        if rng.random() < 0.5:
            u["cores"] = (u["cpu_count"] or 1) * rng.choice((4, 8, 18, 24))
    elif rng.random() < 0.3:
        u["cores"] = rng.choice((4, 24, 96))
    u["chassis"] = rng.choice(("rack", "blade", "tower", "open", "", "none",
                               "desktop", "laptop"))
    k = rng.random()
    if k < 0.55:
        u["ram"] = tuple((rng.randint(1, 16), rng.choice((4, 8, 16, 32, 64)))
                         for _ in range(rng.choice((1, 1, 2))))
    elif k < 0.8:
        u["ram"] = ((None, rng.choice((6, 48, 100, 384))),)
    u["hdd"] = rng.choice(((), (), None, ((2, 4000),), ((1, 500), (12, 8000)),
                           ((3, None),)))
    u["ssd"] = rng.choice(((), (), None, ((2, 960),), ((1, None),)))
    u["gpus"] = rng.choice(((), (), (), None)) if cat != "gpu_node" else (
        rng.choice((None, ((4, rng.choice(assess.PLAIN_GPUS)["name"]),),
                    ((1, "Tesla T4"), (2, "GeForce RTX 2080 Ti")),
                    ((3, UNKNOWN_CARD),))))
    if rng.random() < 0.4:
        u["psu_count"] = rng.choice((1, 2))
        u["psu_kg"] = maybe(0.5, lambda: 1.4)
    u["screens"] = rng.choice((0, 0, 0, 1, 2)) if cat in (
        "desktop", "workstation") else 0
    if cat in ("desktop", "laptop"):
        if rng.random() < 0.5:
            u["sheet"] = rng.choice(SHEETS[cat])
            u["hdd"] = u["ssd"] = None
            if not u["sheet"]["memory_gb"] or rng.random() < 0.5:
                u["ram"] = None
        elif rng.random() < 0.6:
            u["maker"], u["model"] = "Acme", rng.choice(("One", "Two"))
    elif rng.random() < 0.4:
        u["maker"], u["model"] = "Acme", rng.choice(("Big", "Tall"))
    u["anything"] = bool(
        u["cpu_row"] or u["die"] is not None or u["cpu_name"]
        or u["cpu_count"] or u["cores"]
        or u["ram"] or u["hdd"] or u["ssd"] or u["gpus"] or u["psu_count"]
        or u["screens"])


FR_WORDS = {
    "server": "serveur", "gpu_node": "noeud GPU", "storage": "stockage",
    "workstation": "station de travail", "desktop": "poste fixe",
    "laptop": "portable", "screen": "écran", "switch": "commutateur",
    "other": "autre", "hdd": "disque dur", "ram": "barrette",
    "gpu": "carte graphique", "donated": "don", "second_hand": "occasion",
    "new": "neuf", "in_service": "en service", "given": "donné"}


# ---- as a file --------------------------------------------------------------

EN = ("tag quantity category manufacturer model site status acquisition "
      "manufactured_on acquired_on in_service_on warranty_end retired_on "
      "chassis cpu_model cpu_count cpu_cores cpu_die_mm2 ram_modules ram_gib "
      "hdd ssd gpu psu_count psu_kg screen power_w idle_w max_w "
      "energy_kwh_year fabrication_kg fabrication_source note").split()
FR = dict(zip(EN, (
    "etiquette;quantité;catégorie;fabricant;modèle;lieu;statut;provenance;"
    "fabriqué le;acquis le;mis en service le;fin de garantie;retiré le;"
    "châssis;processeur;nb cpu;cœurs;surface de puce mm2;barrettes;ram gio;"
    "disques durs;disques ssd;cartes graphiques;nb alimentations;"
    "masse alimentation kg;écran;puissance w;puissance au repos w;"
    "puissance max w;énergie kwh an;fabrication kg;source fabrication;"
    "remarque").split(";")))


def date_text(d, french):
    if not d:
        return ""
    y, m, dd = d
    if dd:
        return ("%02d/%02d/%d" % (dd, m, y) if french and y % 2
                else "%d-%02d-%02d" % (y, m, dd))
    return "%d-%02d" % (y, m) if m else str(y)


def size_text(gb):
    if gb is None:
        return ""
    if gb >= 1000 and gb % 500 == 0:
        return "%gTB" % (gb / 1000)
    return "%gGB" % gb


def disks_text(rows):
    if rows is None:
        return "?"
    return " + ".join("%dx%s" % (n, size_text(gb)) if gb is not None
                      else "%d" % n for n, gb in rows)


def as_row(u, french):
    def num(x):
        t = "" if x is None else "%.17g" % x
        return t.replace(".", ",") if french else t

    ram = u["ram"]
    total = ram is not None and len(ram) == 1 and ram[0][0] is None
    gpus = (disks_text(u["gpus"]) if not u["gpus"] else
            " + ".join("%dx %s" % g for g in u["gpus"]))
    return {
        "tag": u["tag"], "quantity": str(u["n"]), "category": u["category"],
        "manufacturer": u["maker"] or "", "model": u["model"] or "",
        "site": u["site"]["name"], "status": u["status"],
        "acquisition": u["acquisition"],
        "manufactured_on": date_text(u["made"], french),
        "acquired_on": date_text(u["acquired"], french),
        "in_service_on": date_text(u["service"], french),
        "warranty_end": date_text(u["warranty"], french),
        "retired_on": date_text(u["exit"], french),
        "chassis": u["chassis"] or "",
        "cpu_model": u["cpu_row"]["name"] if u["cpu_row"]
        else u["cpu_name"] or "",
        "cpu_count": num(u["cpu_count"]), "cpu_cores": num(u["cores"]),
        "cpu_die_mm2": num(u["die"]),
        "ram_modules": "" if total or not ram else
        " + ".join("%dx%d" % r for r in ram),
        "ram_gib": num(ram[0][1]) if total else "",
        "hdd": disks_text(u["hdd"]), "ssd": disks_text(u["ssd"]), "gpu": gpus,
        "psu_count": num(u["psu_count"]), "psu_kg": num(u["psu_kg"]),
        "screen": "" if not u["screens"] else "%dx24in" % u["screens"],
        "power_w": num(u["power_w"]), "idle_w": num(u["idle_w"]),
        "max_w": num(u["max_w"]), "energy_kwh_year": num(u["kwh_year"]),
        "fabrication_kg": num(u["stated"]),
        "fabrication_source": "a study" if u["stated"] is not None else "",
        "note": 'says "a;b, c"' if u["n"] == 7 else "",
    }


def write_fleet(folder, units, french, columns):
    with open(folder / "sites.csv", "w", newline="", encoding="utf-8") as f:
        w = csv.writer(f)
        w.writerow("name country timezone pue grid_g grid_kind grid_source "
                   "grid_year".split())
        for s in SITES:
            w.writerow([s["name"], s["country"], s["tz"], s["pue_text"],
                        "" if s["g"] is None else s["g"], s["kind"],
                        "a meter" if s["g"] is not None else "",
                        s["year"] or ""])
    text = io.StringIO()
    w = csv.writer(text, delimiter=";" if french else ",")
    names = [c for c in EN if c in columns]
    rng.shuffle(names)
    w.writerow([FR[c] if french else c for c in names])
    for u in units:
        row = as_row(u, french)
        if french:
            for c in ("category", "acquisition", "status"):
                row[c] = FR_WORDS.get(row[c], row[c])
        w.writerow([row[c] for c in names])
    (folder / "fleet.csv").write_bytes(
        text.getvalue().encode("cp1252" if french else "utf-8"))


