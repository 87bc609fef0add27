# SPDX-License-Identifier: Apache-2.0
"""A year of a small fleet in Prometheus: counters to the microjoule, cards that
pods repeat, power beside a counter, and queries that are too large for it."""
import calendar
import os
import random
import shutil
import subprocess
import sys
import time

import compare
from engine import Engine, Program, expect, folder, free_port, need
from fleet import Series, counter, fleet, start_of

NODES = 20
STEP = 6 * 3600


def start(at):
    port = free_port()
    with open(os.path.join(at, "prometheus.yml"), "w", encoding="ascii") as f:
        f.write("global: {}\n")
    return Engine(
        [need("prometheus"), "--config.file=" + os.path.join(at, "prometheus.yml"),
         "--storage.tsdb.path=" + os.path.join(at, "data"),
         "--storage.tsdb.retention.time=100y", "--query.max-samples=1500",
         f"--web.listen-address=127.0.0.1:{port}"],
        port, "/-/ready", at)


def cards(rng, nodes):
    """A card of each node that two pods show in turn and at once, and its power
    beside it, of which nothing may be counted."""
    out, extra = [], []
    for n in range(nodes):
        labels = {"instance": f"node{n:04d}:9100", "job": "node",
                  "UUID": f"GPU-{n}", "gpu": "0"}
        s = Series(f"node{n:04d}", "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
                   {**labels, "pod": "a"})
        counter(rng, s, start_of(2025, 1), start_of(2025, 4), STEP, gaps=0)
        twin = Series(s.node, s.name, {**labels, "pod": "b"})
        twin.t, twin.v = s.t[10:40], s.v[10:40]
        power = Series(s.node, "DCGM_FI_DEV_POWER_USAGE", labels)
        power.t, power.v = list(s.t), [64 * 250] * len(s.t)
        out.append(s)
        extra += [twin, power]
    return out, extra


def load(at, series):
    text = os.path.join(at, "in.txt")
    with open(text, "w", encoding="ascii") as f:
        for s in series:
            labels = ",".join(f'{k}="{v}"' for k, v in s.labels.items())
            for i, t in enumerate(s.t):
                f.write(f"{s.name}{{{labels}}} {s.value(i)} "
                        f"{t // 1000}.{t % 1000:03d}\n")
        f.write("# EOF\n")
    subprocess.run(
        [need("promtool"), "tsdb", "create-blocks-from", "openmetrics",
         "--max-block-duration=768h", text, os.path.join(at, "data"), "-q"],
        check=True, stdout=subprocess.DEVNULL, timeout=120)


def main():
    at = folder()
    series = fleet(NODES, start_of(2025, 1), start_of(2026, 1), STEP, seed=7)
    # Read each 20 s for a day: of five minutes the ends are kept, and the
    # sums and months are the same. Half of it is more than the engine gives at
    # once of this one machine: it is asked for in spans.
    dense = Series("dense", series[0].name, {
        "instance": "dense:9100", "job": "node", "index": "0",
        "path": "/sys/intel-rapl:0"})
    series.append(counter(random.Random(3), dense, start_of(2025, 7) - 43200,
                          start_of(2025, 7) + 43200, 20, resets=9, gaps=0))
    cpu = {s.node: s for s in series}
    gpu, extra = cards(random.Random(5), 5)
    load(at, series + gpu + extra)
    engine = start(at)
    try:
        program = Program(at)
        program.machines(cpu)
        program.run("energy", "target", "add", "prom", engine.base, "--kind",
                    "prometheus", "--since", "2025-01")
        # A month of 20 nodes holds more than 1,500 samples: the
        # shards become smaller until the engine answers.
        pulled = program.json("energy", "pull", "prom", "--from", "2025-01",
                              "--to", "2025-12")
        expect(pulled["failed"] == 0 and pulled["unlinked"] == 0, pulled)
        compare_all(program, series, gpu)
        check_hours(program, dense)
        program.run("check")
        first = program.months()
        # Backwards and again: no order of pulls changes a byte.
        other = Program(folder())
        other.machines(cpu)
        other.run("energy", "target", "add", "prom", engine.base, "--kind",
                  "prometheus")
        for month in (7, 3, 12, 4, 11, 8, 1, 2, 10, 9, 6, 5, 7, 1):
            other.json("energy", "pull", "prom", "--from", f"2025-{month:02d}",
                       "--to", f"2025-{month:02d}")
        again = other.months()
        for key in first.keys() | again.keys():
            expect(first.get(key) == again.get(key), "order matters", key,
                   first.get(key, (0, 0))[:2], again.get(key, (0, 0))[:2])
        shutil.rmtree(os.path.dirname(other.db), ignore_errors=True)
        bad_targets(program, engine)
        print(f"{NODES} nodes, {pulled['points']} points")
    finally:
        engine.end()
        shutil.rmtree(at, ignore_errors=True)


def compare_all(program, series, gpu):
    keys = {k for _, k, _ in program.months()}
    expect(not any("POWER" in k for k in keys), "power beside a counter", keys)
    cards_uj = {}
    for (machine, key, _), (uj, _, _) in program.months().items():
        if "DCGM" in key:
            cards_uj[machine] = cards_uj.get(machine, 0) + uj
    for s in gpu:  # of millijoules
        want = sum(d for _, _, d in s.deltas()) // 1000
        expect(abs(cards_uj.get(s.node, 0) - want) <= 1 + len(s.t),
               "card", s.node, cards_uj.get(s.node), want)
    program.rows("SELECT 1")
    rapl = Only(program, "rapl")
    compare.check_years(rapl, series, "prometheus")
    compare.check_months(rapl, series, 2025, "prometheus")


def check_hours(program, dense):
    """A machine's hour is (counters + 30 W of board and fans) / 0.90 [5.1]; the
    counter's own is whole joules by the floor of their sum."""
    shown = program.json("energy", "show", "dense", "--month", "2025-07")
    expect(len(shown["hours"]) == 12, shown["hours"])
    for hour in shown["hours"]:
        at = calendar.timegm(time.strptime(hour["at"], "%Y-%m-%dT%H:%M:%SZ"))
        want = dense.month_uj(at * 1000, (at + 3600) * 1000)
        have = hour["kwh"] * 3.6e12 * 0.9 - 30e6 * hour["covered_s"]
        expect(abs(have - float(want)) < 2e6, hour, float(want))


class Only:
    """The months of some meters."""

    def __init__(self, program, word):
        self.all = {k: v for k, v in program.months().items() if word in k[1]}

    def months(self):
        return self.all


def bad_targets(program, engine):
    """What an engine says of a bad matcher is told; one that fails does not
    keep the others from being read."""
    program.run("energy", "target", "add", "bad", engine.base, "--kind",
                "prometheus", "--match", "job=")
    program.run("energy", "target", "add", "none",
                f"http://127.0.0.1:{free_port()}", "--kind", "prometheus")
    done = program.run("energy", "pull", "--from", "2025-12", "--to",
                       "2025-12", status=3)
    expect("bad: " in done.stderr and "none: " in done.stderr, done.stderr)
    listed = {t["name"]: t for t in program.json("energy", "target", "list")}
    expect(listed["prom"]["error"] is None and listed["bad"]["error"]
           and listed["none"]["error"] and not listed["none"]["ok_at"], listed)


if __name__ == "__main__":
    sys.exit(main())
