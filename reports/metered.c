/* SPDX-License-Identifier: Apache-2.0
 * Lines with a meter: measured hours in place of modelled ones, gaps filled
 * [10.6]. The ledger is read a few machines at a time, in step with the scan.
 */
#include <stdlib.h>
#include <string.h>

#include "reports/reports_priv.h"

enum {
    WINDOW = 8, /* machines read at one time */
    MONTHS_MAX = 16,
    HOUR_S = 3600,
    DAY_S = 86400,
    REST_MAX_J = 1000, /* more than hours of whole joules can leave */
};
#define UJ_PER_J 1000000

struct machine { /* its hours, one after the other */
    int64_t id;
    bool any, there[MONTHS_MAX]; /* months that were read */
    int64_t *joules;
    uint16_t *covered;
    uint8_t *tier;
    /* What whole joules leave of each month, given to its last hour. */
    int64_t rest_uj[MONTHS_MAX];
    size_t rest_at[MONTHS_MAX];
};

struct span { /* a month's part of a stretch: what was measured in it */
    size_t place;
    int month;
    int64_t joules[CALC_TIERS];
    int64_t rest_uj[CALC_TIERS];
};

struct gap {
    size_t span, at; /* at: hour of the series */
    uint32_t bin;
    int from_s, gap_s; /* from_s: of the hour, where its part begins */
};

struct rep_meters {
    struct rep_frame *frame;
    int from_month, to_month;
    int64_t hour0; /* hour since 1970 of the first of the series */
    size_t first[MONTHS_MAX + 1]; /* hour of the series of each month */
    size_t n_hours;
    int64_t *ids;  /* of machines behind meters, rising */
    double *watts; /* modelled, where meters are shared; else NULL */
    size_t n_ids;
    bool shared, failed;
    struct err err;
    struct machine window[WINDOW];
    size_t n_window;
    struct span *spans; /* of the line under way */
    struct gap *gaps;
    size_t n_spans, cap_spans, n_gaps, cap_gaps;
};

/* ---- opening ------------------------------------------------------------- */

/* A day more to each side, whatever the clocks of the sites: a gap is filled
 * from the same hours wherever else the fleet has machines. */
static void find_period(const struct rep_frame *f, struct rep_meters *m)
{
    struct date a = date_from_days(f->start_day - 1);
    struct date b = date_from_days(f->end_day);

    m->from_month = a.year * 12 + a.month - 1;
    m->to_month = b.year * 12 + b.month - 1;
    a.day = 1;
    m->hour0 = (int64_t)date_days(a) * (DAY_S / HOUR_S);
    CHECK(m->to_month - m->from_month < MONTHS_MAX);
    for (int k = 0; k <= m->to_month - m->from_month; k++) {
        int month = m->from_month + k + 1;
        struct date next = {
                (int16_t)(month / 12), (uint8_t)(month % 12 + 1), 1};

        m->first[k + 1] =
                (size_t)((int64_t)date_days(next) * (DAY_S / HOUR_S) - m->hour0);
        m->n_hours = m->first[k + 1];
    }
}

bool rep_meters_open(struct rep_frame *f, struct err *err)
{
    struct rep_meters *m = xcalloc(1, sizeof *m);
    bool any = false;

    m->frame = f;
    find_period(f, m);
    if (!en_ledger_any(f->db, m->from_month, m->to_month, &any, err) ||
        (any && !en_metered(f->db, &m->ids, &m->n_ids, &m->shared, err))) {
        rep_meters_close(m);
        return false;
    }
    if (any)
        f->meters = m;
    else
        rep_meters_close(m);
    return true;
}

void rep_meters_close(struct rep_meters *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < WINDOW; i++) {
        free(m->window[i].joules);
        free(m->window[i].covered);
        free(m->window[i].tier);
    }
    free(m->ids);
    free(m->watts);
    free(m->spans);
    free(m->gaps);
    free(m);
}

const struct err *rep_meters_failed(const struct rep_meters *m)
{
    return m->failed ? &m->err : NULL;
}

static size_t find_id(const struct rep_meters *m, int64_t id)
{
    size_t lo = 0, hi = m->n_ids;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (m->ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < m->n_ids && m->ids[lo] == id ? lo : m->n_ids;
}

/* ---- modelled watts, by which a shared meter is split -------------------- */

static bool take_watts(void *ctx, const struct rep_line *l, struct err *err)
{
    struct rep_meters *m = ctx;
    size_t at = find_id(m, l->u->id);
    const struct en_model *model;
    struct en_power power;

    (void)err;
    if (at == m->n_ids)
        return true;
    model = en_model_of(&m->frame->models, l->u);
    if (model)
        en_model_power(model, l->u, &power);
    else
        en_unit_power(l->u, &power);
    m->watts[at] = power.watts * (double)l->u->units;
    return true;
}

bool rep_meters_prepare(struct rep_frame *f, struct err *err)
{
    struct rep_meters *m = f->meters;

    if (!m->shared || m->watts || !m->n_ids)
        return true;
    m->watts = xcalloc(m->n_ids, sizeof *m->watts);
    return rep_scan_run(
            &(struct rep_scan){
                    .frame = f,
                    .from_id = m->ids[0],
                    .to_id = m->ids[m->n_ids - 1] + 1,
                    .silent = true,
                    .line = take_watts,
                    .ctx = m},
            err);
}

static double weight_of(void *ctx, int64_t machine)
{
    const struct rep_meters *m = ctx;
    size_t at = find_id(m, machine);

    return m->watts && at < m->n_ids ? m->watts[at] : NAN;
}

/* ---- reading ------------------------------------------------------------- */

static void machine_begin(const struct rep_meters *m, struct machine *x)
{
    size_t n = m->n_hours;

    if (!x->joules) {
        x->joules = xcalloc(n, sizeof *x->joules);
        x->covered = xcalloc(n, sizeof *x->covered);
        x->tier = xcalloc(n, sizeof *x->tier);
    }
    memset(x->there, 0, sizeof x->there);
    memset(x->rest_uj, 0, sizeof x->rest_uj);
    x->any = true;
}

/* Months that nothing was read in still hold another machine's. */
static void machine_end(const struct rep_meters *m, struct machine *x)
{
    for (int k = 0; x->any && k <= m->to_month - m->from_month; k++) {
        size_t first = m->first[k], n = m->first[k + 1] - first;

        if (x->there[k])
            continue;
        memset(x->joules + first, 0, n * sizeof *x->joules);
        memset(x->covered + first, 0, n * sizeof *x->covered);
        memset(x->tier + first, CALC_NO_ENERGY, n * sizeof *x->tier);
    }
}

static void
find_rest(struct machine *x, int k, size_t first, const struct en_hours *h)
{
    double sum_j = 0, rest_j;
    int64_t joules = 0;
    size_t last = 0;

    for (int t = 0; t < CALC_TIERS; t++)
        sum_j += h->sum_j[t];
    for (int i = 0; i < h->n_hours; i++)
        joules += h->joules[i];
    for (int i = h->n_hours - 1; i >= 0; i--)
        if (h->covered[i]) {
            last = (size_t)i;
            break;
        }
    rest_j = sum_j - (double)joules;
    if (!(fabs(rest_j) < REST_MAX_J))
        rest_j = 0;
    x->rest_uj[k] = llround(rest_j * UJ_PER_J);
    x->rest_at[k] = first + last;
}

static bool take_hours(void *ctx, const struct en_hours *h, struct err *err)
{
    struct rep_meters *m = ctx;
    int k = h->month - m->from_month;
    struct machine *x = NULL;
    size_t first, n;

    (void)err;
    for (size_t i = 0; i < m->n_window && !x; i++)
        if (m->window[i].id == h->machine)
            x = &m->window[i];
    if (!x || h->month < m->from_month || h->month > m->to_month)
        return true;
    if (!x->any)
        machine_begin(m, x);
    first = m->first[k];
    n = m->first[k + 1] - first;
    CHECK((size_t)h->n_hours == n);
    memcpy(x->joules + first, h->joules, n * sizeof *x->joules);
    memcpy(x->covered + first, h->covered, n * sizeof *x->covered);
    memcpy(x->tier + first, h->tier, n * sizeof *x->tier);
    find_rest(x, k, first, h);
    x->there[k] = true;
    return true;
}

/* The line's hours; NULL: it has no meter, or no reading in the period. */
static struct machine *machine_of(struct rep_meters *m, int64_t id)
{
    size_t at, n;

    for (size_t i = 0; i < m->n_window; i++)
        if (m->window[i].id == id)
            return m->window[i].any ? &m->window[i] : NULL;
    at = find_id(m, id);
    if (m->failed || at == m->n_ids)
        return NULL;
    n = m->n_ids - at < WINDOW ? m->n_ids - at : WINDOW;
    for (size_t i = 0; i < n; i++) {
        m->window[i].id = m->ids[at + i];
        m->window[i].any = false;
    }
    m->n_window = n;
    if (!en_machine_hours(
                m->frame->db, m->from_month, m->to_month, id,
                m->ids[at + n - 1], weight_of, take_hours, m, &m->err)) {
        m->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        machine_end(m, &m->window[i]);
    return m->window[0].any ? &m->window[0] : NULL;
}

/* ---- one line ------------------------------------------------------------ */

struct work {
    const struct rep_use_of *e;
    struct rep_meters *m;
    const struct machine *x;
    int64_t joules, covered_s, gap_s, running_s; /* in service */
    enum calc_tier worst;                        /* of what was measured */
    num_i128 tier_uj[CALC_TIERS];
};

static void gap_push(struct work *w, struct gap gap)
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
    m->spans[m->n_spans] = (struct span){.place = place, .month = month};
    return m->n_spans++;
}

static void measured(struct work *w, struct span *s, int tier, int64_t joules)
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
    const struct machine *x = w->x;
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
        gap_push(w, (struct gap){span, at, bin, x0, gap_s});
}

/* Whole hours that are all covered by one tier: the way of most. */
static bool
whole_add(struct work *w, size_t span, size_t from, size_t to, double *hour_j)
{
    const struct machine *x = w->x;
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
    const struct machine *x = w->x;

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
static bool known_off(const struct work *w, const struct gap *g, size_t place)
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
static struct fill fill_of(const struct work *w, const struct gap *g)
{
    const struct machine *x = w->x;
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
        struct work *w, const struct span *s, enum calc_tier tier, num_i128 uj,
        bool filled)
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
        const struct span *s = &m->spans[span];
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
    int most = w->worst;

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
        const struct span s = {.place = at->place, .month = m};
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
    w.x = machine_of(m, e->l->u->id);
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
