/* SPDX-License-Identifier: Apache-2.0
 * Readings of a meter to exact energy: see docs/method.md#live-feeds. */
#include "model/model.h"

__extension__ typedef unsigned __int128 wide;

enum { NS_PER_S = 1000000000, UJ_PER_J = 1000000 };

/* More than num/den times the power over that time? */
static bool
beyond(int64_t uj, int64_t dt_ns, int64_t uw, unsigned num, unsigned den)
{
    return (wide)uj * NS_PER_S * den > (wide)uw * (wide)dt_ns * num;
}

bool calc_counter_uj(
        const struct calc_meter *m, bool same, int64_t prev_uj, int64_t uj,
        int64_t dt_ns, int64_t *out, unsigned *flags)
{
    bool wrap = uj < prev_uj;
    int64_t most = m->max_uw > 0 ? m->max_uw : CALC_WRAP_MAX_UW, d;

    if (!same || (wrap && m->range_uj < 0)) {
        *flags |= CALC_RESET;
        return false;
    }
    /* A reading above the range is none of this counter. */
    if (wrap && prev_uj > m->range_uj) {
        *flags |= CALC_RESET;
        return false;
    }
    /* dt > range / P_max: it may have wrapped unseen. */
    if (m->range_uj >= 0 &&
        (wide)dt_ns * (wide)most > (wide)m->range_uj * NS_PER_S) {
        *flags |= CALC_AMBIG;
        return false;
    }
    d = wrap ? m->range_uj - prev_uj + uj : uj - prev_uj;
    if ((m->max_uw > 0 && beyond(d, dt_ns, m->max_uw, 3, 2)) ||
        beyond(d, dt_ns, CALC_METER_MAX_UW, 1, 1)) {
        *flags |= CALC_SPIKE;
        return false;
    }
    if (wrap)
        *flags |= CALC_WRAP;
    if (dt_ns > CALC_GAP_PERIODS * m->period_ns)
        *flags |= CALC_SPREAD;
    *out = d;
    return true;
}

/* num / den to the nearest, halves to even. */
static int64_t nearest(wide num, wide den)
{
    wide q = num / den, twice = num % den * 2;

    if (twice > den || (twice == den && (q & 1)))
        q++;
    return (int64_t)q;
}

bool calc_gauge_uj(
        const struct calc_meter *m, bool same, bool hold, int64_t prev_uw,
        int64_t uw, int64_t dt_ns, int64_t *out)
{
    if (!same || dt_ns > CALC_GAP_PERIODS * m->period_ns)
        return false;
    *out = hold ? nearest((wide)prev_uw * (wide)dt_ns, NS_PER_S)
                : nearest(((wide)prev_uw + (wide)uw) * (wide)dt_ns,
                          2 * (wide)NS_PER_S);
    return true;
}

int64_t calc_part_uj(int64_t uj, int64_t part, int64_t whole)
{
    return (int64_t)((wide)uj * (wide)part / (wide)whole);
}

void calc_split_uj(
        int64_t uj, const int64_t *durations, size_t n, int64_t *parts)
{
    int64_t whole = 0, passed = 0, given = 0;

    for (size_t i = 0; i < n; i++)
        whole += durations[i];
    for (size_t i = 0; i < n; i++) {
        int64_t cum;

        passed += durations[i];
        cum = whole > 0 ? calc_part_uj(uj, passed, whole) : 0;
        parts[i] = cum - given;
        given = cum;
    }
}

int64_t calc_whole_joules(const int64_t *uj, size_t n, int64_t *joules)
{
    int64_t sum = 0, given = 0;

    for (size_t i = 0; i < n; i++) {
        sum += uj[i];
        joules[i] = sum / UJ_PER_J - given;
        given += joules[i];
    }
    return sum;
}

double calc_wall_ratio(double wall_j, double counters_j, int hours)
{
    if (hours < CALC_RATIO_LEAST || !(wall_j > 0) || !(counters_j > 0))
        return NAN;
    return wall_j / counters_j;
}
