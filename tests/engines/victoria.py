# SPDX-License-Identifier: Apache-2.0
"""A year of a fleet in VictoriaMetrics, read back by `energy pull`."""
import json
import os
import shutil
import sys
import time

import compare
from engine import Engine, Program, expect, fetch, folder, free_port, need
from fleet import fleet, start_of

NODES = int(os.environ.get("ENGINE_NODES", "1000"))
STEP = int(os.environ.get("ENGINE_STEP", str(12 * 3600)))


def start(at):
    port = free_port()
    return Engine(
        [need("victoria-metrics"), "-storageDataPath=" + os.path.join(at, "vm"),
         f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y",
         "-search.latencyOffset=0s", "-memory.allowedPercent=20",
         "-search.maxQueryLen=1MB", "-search.maxUniqueTimeseries=1000000"],
        port, "/health", at)


def load(vm, series):
    lines = []
    for s in series:
        values = [float("nan") if i in s.stale else v / 64
                  for i, v in enumerate(s.v)]
        lines.append(json.dumps({
            "metric": {"__name__": s.name, **s.labels},
            "values": [None if v != v else v for v in values],
            "timestamps": s.t}))
        if len(lines) == 100:
            fetch(vm.base + "/api/v1/import", "\n".join(lines).encode())
            lines = []
    if lines:
        fetch(vm.base + "/api/v1/import", "\n".join(lines).encode())
    fetch(vm.base + "/internal/force_flush")


def main():
    at = folder()
    vm = start(at)
    try:
        begun = time.monotonic()
        series = fleet(NODES, start_of(2025, 1), start_of(2026, 1), STEP)
        for s in series:  # null is how a stale marker is imported: left out
            keep = [i for i in range(len(s.t)) if i not in s.stale]
            s.t = [s.t[i] for i in keep]
            s.v = [s.v[i] for i in keep]
            s.stale = set()
        load(vm, series)
        points = sum(len(s.t) for s in series)
        loaded = time.monotonic()
        program = Program(at)
        program.machines(f"node{n:04d}" for n in range(NODES))
        program.run("energy", "target", "add", "vm", vm.base, "--kind",
                    "prometheus", "--match", 'job="node"')
        pulled = program.json("energy", "pull", "vm", "--from", "2025-01",
                              "--to", "2025-12")
        read = time.monotonic()
        expect(pulled["points"] == points, "points", pulled, points)
        expect(pulled["unlinked"] == 0, pulled)
        worst = compare.check_years(program, series, "victoria")
        # It keeps 15 digits or so of a value.
        compare.check_months(program, series[:20], 2025, "victoria", 1e-12)
        first = program.months()
        # One of the middle alone, and the last ones again: the same bytes.
        program.json("energy", "pull", "vm", "--from", "2025-06", "--to",
                     "2025-06")
        program.json("energy", "pull", "vm", "--from", "2025-10", "--to",
                     "2025-12")
        expect(program.months() == first, "a second pull changed the ledger")
        print(f"{NODES} nodes, {points} points: loaded in {loaded - begun:.1f} "
              f"s, read in {read - loaded:.1f} s, worst {worst:.1e}")
    finally:
        vm.end()
        shutil.rmtree(at, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
