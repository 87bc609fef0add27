/* SPDX-License-Identifier: Apache-2.0
 * Lines with a meter: measured hours in place of modelled ones, gaps filled
 * [10.6]. */
#include <stdlib.h>

#include "reports/metered_priv.h"

enum { HOUR_S = 3600, DAY_S = 86400 };
#define UJ_PER_J 1000000

/* ---- one line ------------------------------------------------------------ */

struct work {
    const struct rep_use_of *e;
    struct rep_meters *m;
    const struct rep_metered *x;
    int64_t joules, covered_s, gap_s, running_s; /* in service */
    enum calc_tier worst;                        /* of what was measured */
    num_i128 tier_uj[CALC_TIERS];
};

static void gap_push(struct work *w, struct rep_metered_gap gap)
{
    struct rep_meters *m = w->m;

    if (m->n_gaps == m->cap_gaps) {
        m->cap_gaps = m->cap_gaps ? 2 * m->cap_gaps : 1024;
        m->gaps = xreallocarray(m->gaps, m->cap_gaps, sizeof *m->gaps);
    }
    m->gaps[m->n_gaps++] = gap;
    w->gap_s += gap.gap_s;
}

static size_t span_push(struct work *w, size_t place, int month)
{
    struct rep_meters *m = w->m;

    if (m->n_spans == m->cap_spans) {
        m->cap_spans = m->cap_spans ? 2 * m->cap_spans : 32;
        m->spans = xreallocarray(m->spans, m->cap_spans, sizeof *m->spans);
    }
    m->spans[m->n_spans] =
            (struct rep_metered_span){.place = place, .month = month};
    return m->n_spans++;
}

static void
measured(struct work *w, struct rep_metered_span *s, int tier, int64_t joules)
{
    s->joules[tier] += joules;
    w->joules += joules;
    if ((enum calc_tier)tier > w->worst)
        w->worst = (enum calc_tier)tier;
}

/* Of an amount of an hour, what falls into its seconds x0 to x1 [10.5]. */
static int64_t part_of(int64_t amount, int x0, int x1)
{
    num_i128 a = amount;

    return (int64_t)(a * x1 / HOUR_S - a * x0 / HOUR_S);
}

/* Seconds x0 to x1 of an hour of the series. */
static void hour_add(
        struct work *w, size_t span, size_t at, int x0, int x1, uint32_t bin,
        double *hour_j)
{
    const struct rep_metered *x = w->x;
    int64_t joules = x->joules[at], covered = x->covered[at];
    int gap_s;

    if (x1 - x0 < HOUR_S) {
        joules = part_of(joules, x0, x1);
        covered = part_of(covered, x0, x1);
    }
    /* Energy of less than a second covers none; its month has it. */
    if (x->tier[at] < CALC_NO_ENERGY && (x->covered[at] || joules))
        measured(w, &w->m->spans[span], x->tier[at], joules);
    if (x->covered[at]) {
        w->covered_s += covered;
        if (hour_j)
            hour_j[bin] += (double)joules;
    }
    gap_s = x1 - x0 - (int)covered;
    if (gap_s > 0)
        gap_push(w, (struct rep_metered_gap){span, at, bin, x0, gap_s});
}

/* Whole hours that are all covered by one tier: the way of most. */
static bool
whole_add(struct work *w, size_t span, size_t from, size_t to, double *hour_j)
{
    const struct rep_metered *x = w->x;
    unsigned odd = 0, tier = x->tier[from];
    int64_t joules = 0;

    if (tier >= CALC_NO_ENERGY)
        return false;
    for (size_t i = from; i < to; i++)
        odd |= (unsigned)(x->covered[i] ^ HOUR_S);
    for (size_t i = from; i < to; i++)
        odd |= x->tier[i] ^ tier;
    if (odd)
        return false;
    for (size_t i = from; i < to; i++)
        joules += x->joules[i];
    for (size_t i = from; hour_j && i < to; i++)
        hour_j[i - from] += (double)x->joules[i];
    measured(w, &w->m->spans[span], (int)tier, joules);
    w->covered_s += (int64_t)(to - from) * HOUR_S;
    return true;
}

/* What whole joules leave of the ledger's months whose last hour is here. */
static void rest_add(struct work *w, size_t span, size_t from, size_t to)
{
    const struct rep_metered *x = w->x;

    for (int k = 0; k <= w->m->to_month - w->m->from_month; k++)
        if (x->rest_uj[k] && x->rest_at[k] >= from && x->rest_at[k] < to)
            w->m->spans[span].rest_uj[x->tier[x->rest_at[k]]] += x->rest_uj[k];
}

static void month_add(struct work *w, size_t at, int m, int64_t a, int64_t b)
{
    const struct rep_place *p = &w->e->f->places[at];
    size_t span = span_push(w, at, m);
    double *hour_j =
            p->by_hour && w->e->sums ? rep_hours_joules(w->e->sums, at) : NULL;
    int64_t first = a / HOUR_S, end = (b + HOUR_S - 1) / HOUR_S;
    size_t from = (size_t)(first - w->m->hour0);
    size_t to = (size_t)(end - w->m->hour0);
    uint32_t bin = p->by_hour ? rep_bin(p, m, first) : 0;

    if (a % HOUR_S || b % HOUR_S ||
        !whole_add(w, span, from, to, hour_j ? hour_j + bin : NULL))
        for (int64_t h = first; h < end; h++) {
            int x0 = h == first ? (int)(a - h * HOUR_S) : 0;
            int x1 = h == end - 1 ? (int)(b - h * HOUR_S) : HOUR_S;

            hour_add(
                    w, span, (size_t)(h - w->m->hour0), x0, x1,
                    bin + (uint32_t)(h - first), hour_j);
        }
    rest_add(w, span, from, to);
}

static void stretch_add(void *ctx, const struct rep_stretch *at)
{
    struct work *w = ctx;
    const struct rep_place *p = &w->e->f->places[at->place];

    w->running_s += at->to_s - at->from_s;
    for (int m = 0; m < REP_MONTHS; m++) {
        int64_t a = p->month_s[m], b = p->month_s[m + 1];

        a = a > at->from_s ? a : at->from_s;
        b = b < at->to_s ? b : at->to_s;
        if (a < b)
            month_add(w, at->place, m, a, b);
    }
}

/* ---- gaps ---------------------------------------------------------------- */

struct fill {
    enum calc_tier tier;
    int64_t uj;
};

/* Its calendar says that it was off. */
static bool
known_off(const struct work *w, const struct rep_metered_gap *g, size_t place)
{
    const struct en_model *model = w->e->model;
    const struct rep_place *p = &w->e->f->places[place];
    int64_t utc = ((int64_t)g->at + w->m->hour0) * HOUR_S + g->from_s;
    int64_t local;

    if (!model || !model->calendar)
        return false;
    local = utc + tz_offset_s(p->tz, utc);
    return !model->calendar->on[en_week_hour(local)] ||
           en_is_closed(model->calendar, (int32_t)(local / DAY_S));
}

/* Of a mean, as sure as the worst of what it is a mean of. */
static struct fill
fill_of(const struct work *w, const struct rep_metered_gap *g)
{
    const struct rep_metered *x = w->x;
    struct fill f = {w->worst, 0};
    struct calc_gap week;

    if (known_off(w, g, w->m->spans[g->span].place)) {
        double standby_w = w->e->model->standby_w;

        f.tier = CALC_M4;
        if (standby_w > 0)
            f.uj = llround(
                    standby_w * 1e6 * g->gap_s * (double)w->e->l->u->units);
        return f;
    }
    if (!calc_gap_week(x->joules, x->covered, w->m->n_hours, g->at, &week)) {
        f.uj = calc_gap_uj(w->joules, w->covered_s, g->gap_s);
        return f;
    }
    f.uj = calc_gap_uj(week.joules, week.covered_s, g->gap_s);
    f.tier = CALC_M1;
    for (int i = 0; i < week.samples; i++)
        if (x->tier[week.at[i]] > f.tier)
            f.tier = (enum calc_tier)x->tier[week.at[i]];
    return f;
}

static void amount_add(
        struct work *w, const struct rep_metered_span *s, enum calc_tier tier,
        num_i128 uj, bool filled)
{
    const struct rep_use_of *e = w->e;

    if (!uj)
        return;
    w->tier_uj[tier] += uj;
    rep_use_add(e, s->place, s->month, tier, uj);
    if (filled)
        e->out->filled_uj += uj;
    else
        e->out->measured_uj += uj;
    if (!filled && e->months)
        e->months->measured_uj[s->month] += uj;
    if (e->sums) {
        struct rep_place_hours *h = rep_hours_of(e->sums, s->place);

        if (filled)
            h->filled_uj[tier][s->month] += uj;
        else
            h->measured_uj[tier][s->month] += uj;
    }
}

/* Gaps stand in the order of their spans. */
static void fill_gaps(struct work *w)
{
    const struct rep_meters *m = w->m;

    for (size_t i = 0; i < m->n_gaps;) {
        size_t span = m->gaps[i].span;
        const struct rep_metered_span *s = &m->spans[span];
        bool by_hour = w->e->f->places[s->place].by_hour && w->e->sums;
        num_i128 uj[CALC_TIERS] = {0};

        for (; i < m->n_gaps && m->gaps[i].span == span; i++) {
            struct fill f = fill_of(w, &m->gaps[i]);

            uj[f.tier] += f.uj;
            if (by_hour)
                rep_hours_joules(w->e->sums, s->place)[m->gaps[i].bin] +=
                        (double)f.uj / UJ_PER_J;
        }
        for (int t = 0; t < CALC_NO_ENERGY; t++)
            amount_add(w, s, (enum calc_tier)t, uj[t], true);
    }
}

/* ---- the line's figures -------------------------------------------------- */

/* Read while not in service: told, and not part of the operation. */
static void outside_add(const struct work *w)
{
    const struct rep_frame *f = w->e->f;
    const struct rep_place *p = &f->places[w->e->l->place];
    size_t from = (size_t)(p->start_s / HOUR_S - w->m->hour0);
    size_t to = (size_t)(p->end_s / HOUR_S - w->m->hour0);
    int64_t joules = 0;

    if (!w->e->sums || w->running_s >= p->end_s - p->start_s)
        return;
    for (size_t i = from; i < to; i++)
        joules += w->x->joules[i];
    if (joules > w->joules)
        w->e->sums->metering.outside_j += (double)(joules - w->joules);
}

/* Power as its readings have it: the mean, the tier of most of it. */
static void say_power(const struct work *w)
{
    struct rep_energy *out = w->e->out;
    const struct rep_frame *f = w->e->f;
    double all = (double)out->uj, v = 0;
    int most = (int)w->worst;

    for (int t = 0; t < CALC_NO_ENERGY; t++) {
        double share = all > 0 ? (double)w->tier_uj[t] / all : 0;

        v += share * share * f->tier_v[t];
        if (w->tier_uj[t] > w->tier_uj[most])
            most = t;
    }
    out->power = (struct en_power){
            .tier = (enum calc_tier)most,
            .watts = w->running_s > 0 ? all / 1e6 / (double)w->running_s /
                                                (double)w->e->l->u->units
                                      : NAN,
            .low_w = NAN,
            .high_w = NAN,
            .kwh_year = NAN,
            .sigma = all > 0 ? calc_sigma_of_rel_var(v) : f->tier_sigma[most],
            .basis = "Its meter was read; hours without a reading are filled "
                     "by its other hours.",
    };
    out->metered = true;
    out->running_s = w->running_s;
    out->covered_s = w->covered_s;
    out->gap_s = w->gap_s;
    out->sigma = hypot(out->power.sigma, f->places[w->e->l->place].grid.sigma);
}

/* ---- a year at today's state --------------------------------------------- */

/* The mean of the last 365 days, for each hour of a year. */
static void today_add(void *ctx, const struct rep_stretch *at)
{
    struct work *w = ctx;
    const struct rep_place *p = &w->e->f->places[at->place];
    int64_t from = tz_midnight_utc_s(p->tz, date_from_days(at->from_day));
    int64_t to = tz_midnight_utc_s(p->tz, date_from_days(at->to_day));
    int64_t whole = p->whole_s, covered;

    for (int64_t h = from / HOUR_S; h < to / HOUR_S; h++) {
        size_t i = (size_t)(h - w->m->hour0);

        if (!w->x->covered[i])
            continue;
        w->joules += w->x->joules[i];
        w->covered_s += w->x->covered[i];
        if (w->x->tier[i] > w->worst)
            w->worst = (enum calc_tier)w->x->tier[i];
    }
    if (!w->covered_s)
        return;
    w->running_s = whole;
    covered = w->covered_s < whole ? w->covered_s : whole;
    for (int m = 0; m < REP_MONTHS; m++) {
        const struct rep_metered_span s = {.place = at->place, .month = m};
        int64_t uj = calc_gap_uj(
                w->joules, w->covered_s, p->month_s[m + 1] - p->month_s[m]);
        int64_t read = (int64_t)((num_i128)uj * covered / whole);

        amount_add(w, &s, w->worst, read, false);
        amount_add(w, &s, w->worst, uj - read, true);
    }
    w->covered_s = covered;
    w->gap_s = whole - covered;
}

bool rep_metered_add(const struct rep_use_of *e)
{
    struct rep_meters *m = e->f->meters;
    struct work w = {.e = e, .m = m, .worst = CALC_M1};

    if (e->l->is_virtual) /* its host's figure has it */
        return false;
    w.x = rep_metered_find(m, e->l->u->id);
    if (!w.x)
        return false;
    m->n_spans = m->n_gaps = 0;
    rep_stretches(e, e->f->as_of_today ? today_add : stretch_add, &w);
    if (!w.covered_s) /* nothing of its service: by its model */
        return false;
    for (size_t i = 0; i < m->n_spans; i++)
        for (int t = 0; t < CALC_NO_ENERGY; t++)
            amount_add(
                    &w, &m->spans[i], (enum calc_tier)t,
                    (num_i128)m->spans[i].joules[t] * UJ_PER_J +
                            m->spans[i].rest_uj[t],
                    false);
    fill_gaps(&w);
    if (!e->f->as_of_today)
        outside_add(&w);
    say_power(&w);
    return true;
}
