# SPDX-License-Identifier: Apache-2.0
"""The hourly ledger written a second time, from section 10 of the method and
docs/method.md#live-feeds alone: random feeds with wraps, resets, spikes, gaps,
duplicates, conflicts, late rows and clocks that are wrong go through the
product (ledger_cli) and through this, and the months must be equal to the last
microjoule: ledger.py LEDGER_CLI [SEED [FEEDS]].

It works otherwise than the product: all rows of a meter are sorted once, at the
end, and nothing is folded twice."""

import calendar
import datetime
import os
import random
import subprocess
import sys
import tempfile
from fractions import Fraction

NS = 10**9
HOUR = 3600 * NS
WRAP, RESET, SPIKE, AMBIG, SPREAD, LATE, SKEW, CONFLICT = (1 << i
                                                          for i in range(8))
RANGE = 262143328850
MOST_UW = 3 * 10**12
T0 = int(datetime.datetime(2026, 1, 30, 20,
                           tzinfo=datetime.timezone.utc).timestamp()) * NS


def half_even(x):
    """The nearest whole number of a fraction, halves to even."""
    return round(x)


# ---- the second implementation ---------------------------------------------

class Meter:
    def __init__(self, key, kind, range_uj=-1, max_w=None):
        self.key, self.kind = key, kind
        self.range_uj, self.max_w = range_uj, max_w
        self.rows = []     # (bin, run number, seq, value, from, moved)
        self.periods = {}  # run -> [(from, period)]
        self.seen = {}     # run -> [last seq, last t, last bin, deltas]


class Run:
    def __init__(self, boot, number):
        self.boot, self.number = boot, number
        self.heard = {}    # seq -> content, None for a refused one
        self.skew = None
        self.shift = 0
        self.last_bin = self.last_t = self.last_recv = 0
        self.step_seq = 0


class Ledger:
    def __init__(self, meters):
        self.meters = meters
        self.runs = {}

    def wrong(self, row, recv):
        seq, t, start, m, value = row
        ahead = recv + 86400 * NS if recv else 7258118400 * NS - 1
        if m >= len(self.meters) or seq < 1 or value < 0:
            return True
        if t < 946684800 * NS or t > ahead:
            return True
        meter = self.meters[m]
        if meter.kind == "counter":
            return 0 <= meter.range_uj < value
        if meter.kind == "gauge":
            return value > MOST_UW
        return (start < 946684800 * NS or start >= t
                or t - start > 366 * 86400 * NS
                or Fraction(value * NS, t - start) > MOST_UW)

    def judge(self, run, rows, recv):
        """The clock of a run by the newest row that is new."""
        last = max(run.heard, default=0)
        times = [r[1] for r in rows if r[0] > last]
        if not recv or not times:
            return
        skew = recv - max(times)
        if run.skew is None or skew < run.skew:
            run.skew = skew
            if abs(skew) > 300 * NS:
                if abs(skew - run.shift) > NS:
                    run.shift = skew
            elif abs(skew - run.shift) > 300 * NS:
                run.shift = 0

    def take(self, run_id, boot, recv, rows):
        run = self.runs.setdefault(run_id, Run(boot, len(self.runs)))
        n = dict.fromkeys(("accepted", "duplicate", "conflict", "refused"), 0)
        begin = run.last_bin
        self.judge(run, rows, recv)
        touched = []
        for row in rows:
            n[self.one(run, run_id, row, rows, recv, begin, touched)] += 1
        for meter in touched:
            self.period(meter, run_id)
        if recv:
            run.last_recv = recv
        return [n[k] for k in ("accepted", "duplicate", "conflict", "refused")]

    def one(self, run, run_id, row, rows, recv, begin, touched):
        seq, t, start, m, value = row
        if self.wrong(row, recv):
            if seq >= 1:
                run.heard.setdefault(seq, None)
            return "refused"
        if seq in run.heard:
            return ("duplicate" if run.heard[seq] == row[1:] else "conflict")
        meter = self.meters[m]
        at = meter.seen.setdefault(run_id, [0, 0, 0, []])
        if recv and seq > at[0] >= run.step_seq and t < at[1] - NS:
            newest = max(r[1] for r in rows if r[0] >= seq)
            target = begin + recv - run.last_recv
            run.skew = recv - newest
            run.shift = target - newest
            run.step_seq = seq
        run.heard[seq] = row[1:]
        shift = run.shift if recv else 0
        where = t + shift
        begins = start + shift if meter.kind == "interval" else 0
        meter.rows.append((where, run.number, seq, value, begins, shift != 0))
        run.last_bin = max(run.last_bin, where)
        if meter not in touched:
            touched.append(meter)
        if seq > at[0]:
            if at[0] and where > at[2]:
                at[3].append((where - at[2], where))
            at[0], at[1], at[2] = seq, t, where
        return "accepted"

    def period(self, meter, run_id):
        """Median of the first deltas; later only when five of them rise by
        half."""
        if meter.kind == "interval":
            return
        last = [d for d, _ in meter.seen[run_id][3][-5:]]
        known = meter.periods.setdefault(run_id, [])
        if len(last) < 2 or (known and len(last) < 5):
            return
        median = sorted(last)[(len(last) - 1) // 2]
        if not known:
            known.append((0, median))
        elif 2 * median > 3 * known[-1][1]:
            known.append((meter.seen[run_id][2] - sum(last), median))

    # -- months

    def period_at(self, meter, run_id, t):
        found = 60 * NS
        for begins, period in meter.periods.get(run_id, []):
            if begins <= t:
                found = period
        return found

    def pair(self, meter, a, b, ids):
        """Energy and flags of two readings after another."""
        same = (a[1] == b[1] or
                (self.runs[ids[a[1]]].boot is not None and
                 self.runs[ids[a[1]]].boot == self.runs[ids[b[1]]].boot))
        dt, va, vb = b[0] - a[0], a[3], b[3]
        hole = dt > 3 * self.period_at(meter, ids[b[1]], b[0])
        if meter.kind == "gauge":
            if not same or hole:
                return None, 0
            return half_even(Fraction((va + vb) * dt, 2 * NS)), 0
        if not same or (vb < va and meter.range_uj < 0):
            return None, RESET
        if meter.range_uj >= 0:
            most = 1000 if meter.max_w is None else meter.max_w
            if Fraction(dt, NS) > Fraction(meter.range_uj, most * 10**6):
                return None, AMBIG
        d = vb - va if vb >= va else meter.range_uj - va + vb
        limit = MOST_UW
        if meter.max_w is not None:
            limit = min(limit, Fraction(3 * meter.max_w * 10**6, 2))
        if d * NS > limit * dt:
            return None, SPIKE
        return d, (WRAP if vb < va else 0) | (SPREAD if hole else 0)

    def months(self, meter):
        ids = {r.number: k for k, r in self.runs.items()}
        hours = {}  # hour -> [uj, ns, flags]

        def hour(h):
            return hours.setdefault(h, [0, 0, 0])

        def spread(a, b, uj):
            given, at = 0, a
            while at < b:
                end = min(b, at - at % HOUR + HOUR)
                cum = uj * (end - a) // (b - a)
                h = hour(at // HOUR)
                h[0] += cum - given
                h[1] += end - at
                given, at = cum, end

        rows = sorted(meter.rows)
        for i, row in enumerate(rows):
            flags = SKEW if row[5] else 0
            if meter.kind == "interval":
                spread(row[4], row[0], row[3])
            elif i:
                uj, why = self.pair(meter, rows[i - 1], row, ids)
                flags |= why
                if uj is not None:
                    spread(rows[i - 1][0], row[0], uj)
            if flags:
                hour((row[0] - 1) // HOUR)[2] |= flags
        return by_month(meter.key, hours)


def month_of(hour):
    d = datetime.datetime.fromtimestamp(hour * 3600, datetime.timezone.utc)
    return d.year * 12 + d.month - 1


def by_month(key, hours):
    out = {}
    for month in sorted({month_of(h) for h in hours}):
        year, m = divmod(month, 12)
        start = calendar.timegm((year, m + 1, 1, 0, 0, 0)) // 3600
        n = calendar.monthrange(year, m + 1)[1] * 24
        cells = [hours.get(start + i, [0, 0, 0]) for i in range(n)]
        total = given = flags = 0
        text = []
        covered = 0
        for uj, ns, f in cells:
            total += uj
            joules = total // 10**6 - given
            given += joules
            s = min(3600, ns // NS)
            covered += s
            flags |= f
            text.append(f"{joules}:{s}")
        if total or flags or any(c[1] for c in cells):
            out[(key, month)] = (total, covered, flags, " ".join(text))
    return out


# ---- random feeds -----------------------------------------------------------

def feed_rows(rng, meters, run, t, n, values):
    """Rows as a sender reads them, in order: (seq, t, from, meter, value)."""
    rows = []
    period = rng.choice((1, 10, 10, 60)) * NS
    for seq in range(1, n + 1):
        if rng.random() < 0.03:
            t += rng.randrange(3600 * 30) * NS
        t += period + (rng.randrange(NS // 10) if rng.random() < 0.3 else 0)
        m = rng.randrange(len(meters))
        start = 0
        meter = meters[m]
        if meter.kind == "counter":
            step = rng.randrange(10**10)
            if rng.random() < 0.02:
                step *= 1000
            values[m] += step
            if meter.range_uj >= 0:
                values[m] %= meter.range_uj
            value = values[m]
        elif meter.kind == "gauge":
            value = rng.randrange(10**9)
        else:
            start = t - rng.randrange(1, 7200 * NS)
            value = rng.randrange(10**9)
        rows.append([seq, t, start, m, value])
    return rows, t


def batches_of(rng, rows, scramble):
    out = []
    while rows:
        n = rng.randrange(1, 30)
        out.append(rows[:n])
        rows = rows[n:]
    if scramble:
        for i in range(len(out) - 1):
            if rng.random() < 0.2:
                k = min(len(out) - 1, i + rng.randrange(1, 6))
                out[i], out[k] = out[k], out[i]
        for _ in range(len(out) // 4):  # sent again, some with other content
            again = [list(r) for r in rng.choice(out)]
            if rng.random() < 0.3:
                again[0][4] += 1
            out.insert(rng.randrange(len(out) + 1), again)
    return out


def spoil(rng, rows):
    """A row that no meter can have read."""
    row = rng.choice(rows)
    what = rng.randrange(4)
    if what == 0:
        row[4] = -1
    elif what == 1:
        row[1] = 900000000 * NS
    elif what == 2:
        row[3] = 77
    else:
        row[0] = 0


def one_feed(rng, clock):
    """The lines for ledger_cli and the batches for the second writing."""
    meters = [Meter("p", "counter", RANGE, 300), Meter("q", "counter", RANGE),
              Meter("n", "counter"), Meter("g", "gauge"),
              Meter("i", "interval")]
    values = [rng.randrange(RANGE) for _ in meters]
    t, script, boot = T0, [], 0
    for run in range(rng.randrange(1, 4)):
        if rng.random() < 0.5:
            boot += 1
            values = [rng.randrange(10**9) for _ in meters]
        name = f"boot-{boot}" if rng.random() < 0.8 else None
        rows, end = feed_rows(rng, meters, run, t, rng.randrange(20, 150),
                              values)
        if clock is None and rng.random() < 0.3:
            spoil(rng, rows)
        offset = 0 if clock in (None, "right") else rng.choice(
            (-7200, 4000, 86000)) * NS
        if clock == "back":
            offset = 200 * NS
        batches = batches_of(rng, rows, clock is None)
        for k, b in enumerate(batches):
            recv = 0
            if clock is not None:
                recv = b[-1][1] + rng.randrange(NS // 2)
            if clock == "back" and k == len(batches) // 2:
                offset = -90 * NS
            sent = [[r[0], r[1] + offset, r[2] + offset if r[2] else 0, r[3],
                     r[4]] for r in b]
            script.append((f"run-{run}", name, recv, sent))
        t = end + rng.randrange(4000) * NS
    return meters, script, t


def lines_of(rng, meters, script, end):
    yield from (f"m {m.key} {scope} {m.kind} {m.range_uj} "
                f"{'nan' if m.max_w is None else m.max_w}"
                for m, scope in zip(meters, ("package", "package", "gpu",
                                             "node", "estimate")))
    for run, boot, recv, rows in script:
        yield f"b {run} {boot or '-'} {recv} {len(rows)}"
        yield from (" ".join(map(str, r)) for r in rows)
        if rng.random() < 0.4:
            yield f"f {T0 + rng.randrange(1, end - T0 + 1)}"
    yield f"f {end + 400 * 86400 * NS}"


def compare(cli, seed, clock):
    rng = random.Random(seed)
    meters, script, end = one_feed(rng, clock)
    text = "\n".join(lines_of(rng, meters, script, end)) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([cli, os.path.join(folder, "a.db")], input=text,
                             capture_output=True, text=True, check=False)
    if ran.returncode:
        return [f"the program: {ran.stderr.strip()}"], 0
    ledger, want, bad = Ledger(meters), {}, []
    taken = [ledger.take(run, boot, recv, rows)
             for run, boot, recv, rows in script]
    for m in meters:
        want.update(ledger.months(m))
    got, told = {}, []
    for line in ran.stdout.splitlines():
        word, *rest = line.split(" ", 1)
        if word == "taken":
            told.append([int(x) for x in rest[0].split()])
            continue
        key, month, total, covered, flags, cells = rest[0].split(" ", 5)
        got[(key, int(month))] = (int(total), int(covered),
                                  int(flags) & ~(LATE | CONFLICT), cells)
    for i, (a, b) in enumerate(zip(taken, told)):
        if a != b:
            bad.append(f"batch {i}: {b} instead of {a}")
    for key in sorted(set(want) | set(got)):
        if want.get(key) != got.get(key):
            bad.append(f"{key}: {str(got.get(key))[:120]} instead of "
                       f"{str(want.get(key))[:120]}")
    if len(taken) != len(told):
        bad.append("not every batch was answered")
    return bad, len(want)


def main():
    cli = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20260105
    feeds = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    failed = months = 0
    for i in range(feeds):
        clock = (None, None, "right", "off", "back")[i % 5]
        bad, n = compare(cli, seed + i, clock)
        months += n
        for line in bad[:5]:
            print(f"seed {seed + i}, clock {clock}: {line}")
        failed += bool(bad)
    print(f"{feeds} feeds, {months} meter-months, {failed} differ")
    return 1 if failed or not months else 0


if __name__ == "__main__":
    sys.exit(main())
