# SPDX-License-Identifier: Apache-2.0
"""A fleet whose energy is known: counters with resets, gaps and holes over the
ends of months. Amounts are multiples of 1/64 J, which doubles, decimals and
microjoules all hold exactly."""
import calendar
import random
from fractions import Fraction

UNIT = 64  # of a joule


def start_of(year, month):
    return calendar.timegm((year, month, 1, 0, 0, 0))


class Series:
    """One counter: its samples, and the exact energy of each UTC month."""

    def __init__(self, node, name, labels):
        self.node, self.name, self.labels = node, name, labels
        self.t = []  # ms
        self.v = []  # in units
        self.stale = set()  # indexes written as NaN

    def deltas(self):
        """(t0, t1, uJ) between samples that follow one another, resets left
        out: nothing is known across them."""
        last = None
        for i, t in enumerate(self.t):
            if i in self.stale:
                continue
            if last is not None and self.v[i] >= last[1]:
                yield last[0], t, (self.v[i] - last[1]) * 1000000 // UNIT
            last = (t, self.v[i])

    def total_uj(self):
        return sum(d for _, _, d in self.deltas())

    def month_uj(self, from_ms, to_ms):
        """What falls into a stretch, by time, as an exact fraction."""
        total = Fraction(0)
        for t0, t1, d in self.deltas():
            a, b = max(t0, from_ms), min(t1, to_ms)
            if a < b:
                total += Fraction(d) * (b - a) / (t1 - t0)
        return total

    def value(self, i):
        if i in self.stale:
            return "NaN"
        whole, rest = divmod(self.v[i], UNIT)
        return f"{whole}.{rest * 1000000 // UNIT:06d}"


def counter(rng, series, start, end, step, resets=3, gaps=2):
    """Fills a series; its samples lie a little off the full step."""
    # The first value is of another life of the counter.
    value = rng.randrange(10**9) * UNIT
    watts = rng.randrange(80, 400)
    marks = sorted(rng.sample(range(2, (end - start) // step - 2), resets))
    holes = []
    for _ in range(gaps):
        at = rng.randrange(start, end - 40 * 86400)
        holes.append((at, at + rng.randrange(3600, 30 * 86400)))
    # One hole lies over the end of a month.
    if gaps:
        edge = start_of(2025, rng.randrange(2, 12))
        holes.append((edge - 86400 * 2, edge + 86400 * 3))
    off = rng.randrange(step * 1000 // 2)
    for i in range((end - start) // step):
        if i in marks:
            value = rng.randrange(1000) * UNIT
        t = start + i * step
        value += rng.randrange(watts * step * UNIT * 2)
        if any(a <= t < b for a, b in holes):
            continue
        if rng.random() < 0.002:
            series.stale.add(len(series.t))
        series.t.append(t * 1000 + off)
        series.v.append(value)
    return series


def fleet(nodes, start, end, step, seed=1):
    """Two counters a node, and on every tenth a card that two pods show."""
    rng = random.Random(seed)
    out = []
    for n in range(nodes):
        node = f"node{n:04d}"
        for socket in (0,):
            s = Series(node, "node_rapl_package_joules_total", {
                "instance": f"{node}:9100", "job": "node",
                "index": str(socket), "path": f"/sys/intel-rapl:{socket}"})
            out.append(counter(rng, s, start, end, step))
    return out
