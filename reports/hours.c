/* SPDX-License-Identifier: Apache-2.0
 * Energy of a place by hour: what is known by the hour as it is, what runs
 * steadily by its days, so that a month's hours add up to the month. */
#include <stdlib.h>
#include <string.h>

#include "reports/reports_priv.h"

enum { HOUR_S = 3600 };

struct rep_place_hours *rep_hours_of(struct rep_sums *s, size_t place)
{
    struct rep_place_sum *p = rep_sums_place(s, place);

    if (!p->hours)
        p->hours = arena_alloc(&s->frame->arena, sizeof *p->hours);
    return p->hours;
}

double *rep_hours_joules(struct rep_sums *s, size_t place)
{
    struct rep_place_hours *h = rep_hours_of(s, place);
    uint32_t n = s->frame->places[place].bin0[REP_MONTHS];

    if (!h->hour_j)
        h->hour_j = arena_alloc(&s->frame->arena, n * sizeof *h->hour_j);
    return h->hour_j;
}

static size_t days_of(const struct rep_frame *f)
{
    return (size_t)(f->end_day - f->start_day) + 1;
}

static num_i128 *days(struct rep_sums *s, size_t place)
{
    struct rep_place_hours *h = rep_hours_of(s, place);

    if (!h->day_uw)
        h->day_uw = arena_alloc(
                &s->frame->arena, days_of(s->frame) * sizeof *h->day_uw);
    return h->day_uw;
}

void rep_hours_steady(
        struct rep_sums *s, const struct rep_stretch *at, double watts)
{
    num_i128 *uw = days(s, at->place), change = (num_i128)(watts * 1e6);

    uw[at->from_day - s->frame->start_day] += change;
    uw[at->to_day - s->frame->start_day] -= change;
}

static void
merge_one(struct rep_sums *s, size_t place, const struct rep_place_hours *from)
{
    struct rep_place_hours *to = rep_hours_of(s, place);

    for (int t = 0; t < CALC_TIERS; t++)
        for (int m = 0; m < REP_MONTHS; m++) {
            to->measured_uj[t][m] += from->measured_uj[t][m];
            to->filled_uj[t][m] += from->filled_uj[t][m];
        }
    if (from->hour_j) {
        double *hour_j = rep_hours_joules(s, place);
        uint32_t n = s->frame->places[place].bin0[REP_MONTHS];

        for (uint32_t i = 0; i < n; i++)
            hour_j[i] += from->hour_j[i];
    }
    if (from->day_uw) {
        num_i128 *uw = days(s, place);

        for (size_t i = 0; i < days_of(s->frame); i++)
            uw[i] += from->day_uw[i];
    }
}

void rep_hours_merge(struct rep_sums *s, const struct rep_sums *x)
{
    for (size_t i = 0; i < s->frame->n_places; i++)
        if (x->places[i] && x->places[i]->hours)
            merge_one(s, i, x->places[i]->hours);
}

/* ---- spreading ----------------------------------------------------------- */

/* The steady draw as weights by bin, uW s. */
static void steady_weights(
        const struct rep_frame *f, const struct rep_place *p,
        const struct rep_place_hours *h, num_i128 *weight)
{
    num_i128 uw = 0;
    int m = 0;

    for (int32_t day = f->start_day; h->day_uw && day < f->end_day; day++) {
        int64_t at = tz_midnight_utc_s(p->tz, date_from_days(day));
        int64_t to = tz_midnight_utc_s(p->tz, date_from_days(day + 1));

        uw += h->day_uw[day - f->start_day];
        while (m + 1 < REP_MONTHS && at >= p->month_s[m + 1])
            m++;
        while (uw > 0 && at < to) {
            int64_t end = (at / HOUR_S + 1) * HOUR_S;

            end = end < to ? end : to;
            weight[rep_bin(p, m, at / HOUR_S)] += uw * (end - at);
            at = end;
        }
    }
}

/* What the hours of a month do not hold of it, by weights; without any, to the
 * last hour that has something, or the month's last. */
static void
spread_rest(num_i128 *uj, const num_i128 *weight, uint32_t n, num_i128 rest)
{
    num_i128 all = 0, so_far = 0, given = 0;
    uint32_t last = n - 1;

    for (uint32_t i = 0; i < n; i++) {
        all += weight[i];
        if (uj[i] > 0)
            last = i;
    }
    if (all <= 0) {
        uj[last] += rest;
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        num_i128 upto;

        so_far += weight[i];
        /* rest * so_far may leave 128 bits; a ratio of doubles does not, and
         * the last bin takes what is left. */
        upto = so_far == all
                       ? rest
                       : (num_i128)((double)rest * ((double)so_far / (double)all));
        uj[i] += upto - given;
        given = upto;
    }
}

void rep_hours_spread(const struct rep_sums *s, size_t place, num_i128 *uj)
{
    const struct rep_place *p = &s->frame->places[place];
    const struct rep_place_sum *sum = s->places[place];
    const struct rep_place_hours *h = sum->hours;
    uint32_t n = p->bin0[REP_MONTHS];
    num_i128 *weight = xcalloc(n + 1, sizeof *weight);

    memset(uj, 0, n * sizeof *uj);
    if (h)
        steady_weights(s->frame, p, h, weight);
    for (int m = 0; m < REP_MONTHS; m++) {
        uint32_t from = p->bin0[m], to = p->bin0[m + 1];
        num_i128 rest = 0;

        for (int t = 0; t < CALC_TIERS; t++)
            rest += sum->uj[t][m];
        for (uint32_t i = from; h && h->hour_j && i < to; i++) {
            uj[i] = (num_i128)(h->hour_j[i] * 1e6);
            rest -= uj[i];
        }
        if (to > from)
            spread_rest(uj + from, weight + from, to - from, rest);
    }
    free(weight);
}
