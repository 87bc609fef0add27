# SPDX-License-Identifier: Apache-2.0
"""What the ledger holds against what is known of the fleet."""
from engine import expect
from fleet import start_of


def check_years(program, series, note):
    """Of every counter the energy of all months is its deltas' sum, to
    1e-12 of the counter."""
    sums = {}
    for (machine, _, _), (uj, _, _) in program.months().items():
        sums[machine] = sums.get(machine, 0) + uj
    worst = 0.0
    for s in series:
        want = s.total_uj()
        top = max(s.v) * 1000000 // 64
        off = abs(sums.get(s.node, 0) - want) / top
        worst = max(worst, off)
        expect(off <= 1e-12, note, s.node, "got", sums.get(s.node), "uJ, known",
               want)
    return worst


def check_months(program, series, year, note, rel=0.0):
    """And that of each month what falls into it by time: each delta over the
    end of a month is cut to whole uJ. rel: of the counter, where the engine
    keeps fewer digits than doubles have."""
    got = program.months()
    for s in series:
        for month in range(1, 13):
            a = start_of(year, month) * 1000
            b = start_of(year + month // 12, month % 12 + 1) * 1000
            want = s.month_uj(a, b)
            key = [v[0] for (m, _, at), v in got.items()
                   if m == s.node and at == year * 12 + month - 1]
            have = sum(key)
            top = max(s.v) * 1000000 // 64
            expect(abs(have - want) <= 2 + rel * top, note, s.node, month, have,
                   float(want))
