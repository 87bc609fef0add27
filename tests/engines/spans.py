# SPDX-License-Identifier: Apache-2.0
"""An engine that gives few readings an answer: what is too much for it is asked for again, of fewer machines and then
in shorter spans, and the months are byte for byte those of an engine that gives all at once. And the line that tells
how far a pull is."""
import bisect
import calendar
import json
import os
import pty
import re
import shutil
import subprocess
import sys

from engine import PROGRAM, Program, expect, folder
from played import Server

START, END = (calendar.timegm((2026, m, 1, 0, 0, 0)) for m in (1, 2))
JOULES = "node_rapl_package_joules_total"
SUPPLY = "ipmi_power_watts"


def series():
    """(labels, [(t, value)]): a counter each minute that resets, a quiet one, two supplies that add up of which one is
    there but half of the month, a power by two names of one card."""
    out = []
    v, points = 1000.0, []
    for i, t in enumerate(range(START - 45, END + 100, 60)):
        v = 2.5 if i % 20011 == 20010 else v + 100 + i % 7
        points.append((t, v))
    out.append(({"__name__": JOULES, "instance": "busy:9100", "index": "0"}, points))
    out.append(({"__name__": JOULES, "instance": "quiet:9100", "index": "0"},
                [(t, (t - START) * 20.0) for t in range(START, END, 3600)]))
    for k in (1, 2):
        out.append(({"__name__": SUPPLY, "instance": "busy:9100", "name": f"PS{k} In"},
                    [(t, 100.0 + k) for t in range(START, END if k == 1 else (START + END) // 2, 600)]))
    for pod in "ab":
        out.append(({"__name__": "DCGM_FI_DEV_POWER_USAGE", "instance": "busy:9100", "UUID": "GPU-0", "pod": pod},
                    [(t, 250.0 + ord(pod)) for t in range(START + (pod == "b") * 300, END, 600)]))
    return out


class Played:
    """Answers queries by their range and labels; more than `most` readings are refused as Prometheus does."""

    def __init__(self, server, most):
        self.most, self.refused, self.asked = most, 0, []
        self.series = series()
        server.answers.clear()
        server.answers["/api/v1/label/__name__"] = lambda h, u: self.values("__name__")
        server.answers["/api/v1/label/instance"] = lambda h, u: self.values("instance")
        server.answers["/api/v1/query"] = self.query

    def values(self, label):
        return 200, json.dumps({"status": "success", "data": sorted({s[0][label] for s in self.series})}).encode()

    def query(self, handler, _):
        text, end = handler.body["query"][0], float(handler.body["time"][0])
        names, who, seconds = re.fullmatch(
            r'\{__name__=~"([^"]*)",instance=~"([^"]*)"\}\[(\d+)s\]', text).groups()
        self.asked.append((who, int(seconds)))
        found, n = [], 0
        for labels, points in self.series:
            if re.fullmatch(names, labels["__name__"]) and re.fullmatch(who.replace("\\\\", "\\"), labels["instance"]):
                low = bisect.bisect_left(points, (end - int(seconds),))
                values = points[low:bisect.bisect_right(points, (end, 1e300))]
                n += len(values)
                if values:
                    found.append({"metric": labels, "values": values})
        if n > self.most:
            self.refused += 1
            return 422, b'{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}'
        for f in found:
            f["values"] = [[t, repr(v)] for t, v in f["values"]]
        return 200, json.dumps({"status": "success", "data": {"resultType": "matrix", "result": found}}).encode()


def pulled(server, most, status=0):
    at = folder()
    try:
        engine = Played(server, most)
        program = Program(at)
        program.machines(["busy", "quiet"])
        program.run("energy", "target", "add", "vm", server.base, "--kind", "prometheus")
        done = program.run("--json", "energy", "pull", "vm", "--from", "2026-01", "--to", "2026-01", status=status)
        got = json.loads(done.stdout)
        program.run("check")
        return engine, got, program.months(), done.stderr
    finally:
        shutil.rmtree(at, ignore_errors=True)


def by_hand(months):
    """The counter's deltas in the month, worked out from the list; resets give nothing, the reading before the month
    is not asked for."""
    points = [p for p in series()[0][1] if START <= p[0] < END]
    joules = sum(b[1] - a[1] for a, b in zip(points, points[1:]) if b[1] >= a[1])
    got = {k: v for k, v in months.items() if k[0] == "busy" and JOULES in k[1]}
    (uj, _, _), = got.values()
    expect(abs(uj - joules * 1e6) < 1, "the counter", uj, joules)


def spans(server):
    whole, all_at_once, want, _ = pulled(server, 10**9)
    expect(whole.refused == 0 and len(whole.asked) == 1, whole.asked)
    by_hand(want)
    for most in (30000, 3000, 400):
        engine, got, months, _ = pulled(server, most)
        expect(engine.refused > 0, "nothing was refused", most)
        expect(months == want, "other bytes at", most, {k: v[:2] for k, v in months.items()},
               {k: v[:2] for k, v in want.items()})
        expect(got["points"] == all_at_once["points"] and got["failed"] == 0, got, all_at_once)
        short = [s for _, s in engine.asked if s < 3600]
        expect(len(short) <= 2, "no shorter than an hour but the rests at the end", short)
        expect(len(engine.asked) < 700, "requests", len(engine.asked))
    # Less than an hour of one machine: it says what the engine said, and nothing is half written.
    engine, got, months, said = pulled(server, 50, status=1)
    expect("too many samples" in said and got["failed"] == 1, said)
    expect(not any(k[0] == "busy" for k in months), months.keys())


def progress(server):
    """On a terminal a line that is written over and wiped at the end; elsewhere none."""
    at = folder()
    try:
        Played(server, 3000)
        program = Program(at)
        program.machines(["busy", "quiet"])
        program.run("energy", "target", "add", "vm", server.base, "--kind", "prometheus")
        program.run("energy", "target", "add", "gone", "http://127.0.0.1:1/metrics")
        args = [PROGRAM, "--db", program.db, "energy", "pull", "--from", "2026-01", "--to", "2026-01"]
        plain = program.run(*args[3:], status=3).stderr
        expect("\r" not in plain and "\033" not in plain, repr(plain))
        ours, theirs = pty.openpty()
        done = subprocess.Popen(args, stderr=theirs, stdout=subprocess.DEVNULL)
        os.close(theirs)
        text = b""
        try:
            while chunk := os.read(ours, 4096):
                text += chunk
        except OSError:  # the end of a terminal
            pass
        os.close(ours)
        expect(done.wait(60) == 3, "status")
        text = text.decode()
        expect("\rgone (1 of 2)\033[K" in text, repr(text))
        expect(re.search(r"\rvm \(2 of 2\): 2026-01, [12] of 2 machines, \d+ readings\033\[K", text), repr(text))
        # The word about the target that fails stands on a line of its own.
        expect(re.search(r"\r\033\[Kgone: ", text), repr(text))
        last = text.replace("\r\n", "\n").rstrip("\n").split("\n")[-1]
        expect("2 targets, 1 failed" in last and last.rfind("\033[K") < last.find("2 targets"), repr(last))
    finally:
        shutil.rmtree(at, ignore_errors=True)


def main():
    server = Server()
    try:
        for test in (spans, progress):
            test(server)
            print(test.__name__)
    finally:
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
