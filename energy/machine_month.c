/* SPDX-License-Identifier: Apache-2.0
 * A month of one machine: each hour by the best tier that knows it, hours that
 * are all covered in blocks [docs/method.md#operation]. */
#include <math.h>
#include <string.h>

#include "energy/machine_priv.h"
#include "energy/month_priv.h"

enum { WELL_S = 2880 /* 0.8 of an hour: a better tier must know that [D] */ };

/* ---- calibration [5.1] ----------------------------------------------------
 */

static void pair_add(
        struct machine_energy *e, const struct hour_energy *wall,
        const struct hour_energy *in)
{
    size_t at = e->n_pairs++ % CALC_RATIO_HOURS;

    if (wall->covered < WELL_S || in->covered < WELL_S) {
        e->n_pairs--;
        return;
    }
    e->wall[at] = wall->joules / wall->covered;
    e->inside[at] = in->joules / in->covered;
}

static double pair_ratio(const struct machine_energy *e)
{
    int n =
            (int)(e->n_pairs < CALC_RATIO_HOURS ? e->n_pairs
                                                : CALC_RATIO_HOURS);
    double wall = 0, in = 0;

    for (int i = 0; i < n; i++) {
        wall += e->wall[i];
        in += e->inside[i];
    }
    return calc_wall_ratio(wall, in, n);
}

/* ---- one month of a machine -----------------------------------------------
 */

/* The best tier that knows 0.8 of the hour; else the one that knows most. */
static int choose(const struct hour_energy h[CALC_TIERS])
{
    int best = CALC_NO_ENERGY;

    for (int t = CALC_M1; t <= CALC_M4; t++)
        if (h[t].covered >= WELL_S)
            return t;
    for (int t = CALC_M1; t <= CALC_M4; t++)
        if (h[t].covered > 0 &&
            (best == CALC_NO_ENERGY || h[t].covered > h[best].covered))
            best = t;
    return best;
}

static double share_most(const struct machine_energy *e)
{
    double share = 1;

    for (size_t i = 0; i < e->n; i++) {
        const struct machine_meter *m = &e->meters[i];
        double s = (double)(m->after - m->before) / (double)m->whole;

        if (m->there && s < share)
            share = s;
    }
    return share;
}

bool machine_meter_whole(const struct machine_meter *m)
{
    return !m->modelled && m->after - m->before == m->whole &&
           (m->scope == WIRE_OUTLET || m->scope == WIRE_NODE);
}

static const struct machine_meter *lone_meter(const struct machine_energy *e)
{
    const struct machine_meter *lone = NULL;

    for (size_t i = 0; i < e->n; i++) {
        const struct machine_meter *m = &e->meters[i];

        if (!m->there) {
            if (m->scope == WIRE_OUTLET && m->from < m->to)
                return NULL; /* a silent one, of which it is but a part */
            continue;
        }
        if (lone)
            return NULL;
        lone = m;
    }
    return lone && machine_meter_whole(lone) ? lone : NULL;
}

static void lone_hours(const struct machine_meter *m, struct en_hours *out)
{
    int tier = m->scope == WIRE_OUTLET ? CALC_M1 : CALC_M2;
    size_t n = (size_t)out->n_hours;
    int64_t joules = 0;

    memset(out->sum_j, 0, sizeof out->sum_j);
    memcpy(out->covered, m->m.covered, n * sizeof *out->covered);
    if (m->m.covered_s == (int64_t)n * MACHINE_HOUR_S) { /* all of it */
        memcpy(out->joules, m->m.joules, n * sizeof *out->joules);
        memset(out->tier, tier, n);
        out->sum_j[tier] = (double)m->m.sum_uj / 1e6;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        bool read = m->m.covered[i] != 0;

        out->joules[i] = read ? m->m.joules[i] : 0;
        out->tier[i] = (uint8_t)(read ? tier : CALC_NO_ENERGY);
        joules += out->joules[i];
    }
    out->sum_j[tier] = (double)joules + m->rest_j;
}

struct tally { /* of the month so far */
    struct en_hours *out;
    double sum;
    int64_t given;
};

/* Whole joules by the floor of the running sum; a hair above, since sums of
 * doubles fall short of whole numbers. */
static inline int64_t floor_of(double sum)
{
    int64_t whole = (int64_t)(sum + 1e-6);

    return whole - ((double)whole > sum + 1e-6);
}

static void
one_hour(struct machine_energy *e, struct tally *s, int i, double *ratio)
{
    struct hour_energy h[CALC_TIERS];
    int64_t upto;
    int t;

    machine_hour(e, i, h);
    t = choose(h);
    s->out->tier[i] = (uint8_t)t;
    if (e->calibrated) {
        if (t == CALC_M3)
            *ratio = pair_ratio(e);
        pair_add(e, &h[CALC_M1], &h[CALC_M3]);
    }
    if (t == CALC_NO_ENERGY)
        return;
    if (t == CALC_M3 && !isnan(*ratio))
        h[t].joules *= *ratio;
    s->out->sum_j[t] += h[t].joules;
    s->out->covered[i] = (uint16_t)h[t].covered;
    s->sum += h[t].joules;
    upto = floor_of(s->sum);
    s->out->joules[i] = upto - s->given;
    s->given = upto;
}

static void pairs_add(
        struct machine_energy *e, const struct machine_block *b, int from,
        int to, const double *wall)
{
    double inside[EN_MONTH_HOURS];

    machine_block_values(e, &b->pair, from, to, inside);
    for (int i = 0; i < to - from; i++)
        pair_add(
                e, &(struct hour_energy){wall[i], MACHINE_HOUR_S},
                &(struct hour_energy){inside[i], MACHINE_HOUR_S});
}

/* Hours from..to, all covered, of one tier. */
static void whole_hours(
        struct machine_energy *e, const struct machine_block *b, int from,
        int to, struct tally *s)
{
    struct en_hours *out = s->out;
    double values[EN_MONTH_HOURS], ratio = NAN;
    double sum = s->sum, of_tier = out->sum_j[b->tier];
    int64_t given = s->given;

    machine_block_values(e, &b->way, from, to, values);
    if (b->pair.n)
        pairs_add(e, b, from, to, values);
    if (e->calibrated && b->tier == CALC_M3)
        ratio = pair_ratio(e);
    for (int i = 0; !isnan(ratio) && i < to - from; i++)
        values[i] *= ratio;
    memset(out->tier + from, (int)b->tier, (size_t)(to - from));
    for (int i = from; i < to; i++)
        out->covered[i] = MACHINE_HOUR_S;
    for (int i = from; i < to; i++) {
        int64_t upto;

        of_tier += values[i - from];
        sum += values[i - from];
        upto = floor_of(sum);
        out->joules[i] = upto - given;
        given = upto;
    }
    out->sum_j[b->tier] = of_tier;
    s->sum = sum;
    s->given = given;
}

void machine_month(
        struct machine_energy *e, int month, bool by_hour, struct en_hours *out)
{
    const struct machine_meter *lone;
    struct tally s = {.out = out};
    struct machine_block b;
    double ratio = NAN;

    memset(out, 0, sizeof *out);
    out->machine = e->id;
    out->month = month;
    out->n_hours = month_hours(month);
    out->share = share_most(e);
    lone = e->calibrated ? NULL : lone_meter(e);
    if (lone) {
        lone_hours(lone, out);
        return;
    }
    if (by_hour)
        memset(b.hours, BLOCK_ODD, sizeof b.hours);
    else
        machine_block_find(e, out->n_hours, &b);
    for (int i = 0, to; i < out->n_hours; i = to) {
        to = i + 1;
        if (b.hours[i] == BLOCK_ODD) {
            one_hour(e, &s, i, &ratio);
            continue;
        }
        while (to < out->n_hours && b.hours[to] == b.hours[i])
            to++;
        if (b.hours[i] == BLOCK_WHOLE)
            whole_hours(e, &b, i, to, &s);
        else
            memset(out->tier + i, CALC_NO_ENERGY, (size_t)(to - i));
    }
}
