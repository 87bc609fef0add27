/* SPDX-License-Identifier: Apache-2.0
 * What a line used in the period, in exact microjoules by place, tier and
 * month: see docs/method.md#operation. */
#include "reports/reports_priv.h"

#define UJ_PER_KWH 3.6e12

static num_i128 uj_of(double uj)
{
    return uj < 9e18 ? (num_i128)llround(uj) : (num_i128)uj;
}

/* One unit's energy of so many seconds. A stated yearly amount holds for the
 * whole year, leap or not; a power holds for each second. */
static num_i128
energy_uj(const struct en_power *p, const struct rep_place *place, int64_t s)
{
    if (!isnan(p->kwh_year))
        return uj_of(
                p->kwh_year * UJ_PER_KWH * (double)s / (double)place->whole_s);
    return uj_of(p->watts * 1e6 * (double)s);
}

static int64_t overlap_s(int64_t a, int64_t b, int64_t from, int64_t to)
{
    int64_t lo = a > from ? a : from, hi = b < to ? b : to;

    return hi > lo ? hi - lo : 0;
}

/* What the uncertainty of a place's energy needs. */
static void spread_add(
        const struct rep_use_of *e, struct rep_place_sum *p,
        enum calc_tier tier, double kwh, double dc_kwh)
{
    double per_kwh = sqrt((1 + e->f->tier_v[tier]) * (1 + e->load_v));

    p->spread_kwh += kwh * per_kwh;
    p->spread_dc_kwh += dc_kwh * per_kwh;
    if (e->load_v > 0) {
        double load_sd = per_kwh * sqrt(e->load_v / (1 + e->load_v));

        p->load_sd_kwh += kwh * load_sd;
        p->load_sd_dc_kwh += dc_kwh * load_sd;
    }
}

/* Amounts at one place, all of its months, brought to the line's figures. */
static void
used(const struct rep_use_of *e, size_t at, enum calc_tier tier, num_i128 uj,
     double dc_kwh)
{
    const struct rep_place *place = &e->f->places[at];
    struct rep_energy *out = e->out;

    out->uj += uj;
    out->site_kwh += dc_kwh;
    out->location_kg += calc_operation_kg(dc_kwh, place->grid.g_per_kwh);
    if (e->sums)
        spread_add(
                e, rep_sums_place(e->sums, at), tier, calc_uj_to_kwh(uj),
                dc_kwh);
    else
        out->sigma = hypot(out->power.sigma, place->grid.sigma);
}

void rep_use_add(
        const struct rep_use_of *e, size_t place, int month,
        enum calc_tier tier, num_i128 uj)
{
    if (e->sums)
        rep_sums_place(e->sums, place)->uj[tier][month] += uj;
    if (e->months)
        e->months->uj[month] += uj;
    used(e, place, tier, uj,
         calc_uj_to_kwh(uj) * e->f->places[place].pue_month[month]);
}

/* The same power at any hour: the way of most lines, and of all in a fleet
 * without meters and models. */
static void steady_add(const struct rep_use_of *e, const struct rep_stretch *at)
{
    const struct rep_place *place = &e->f->places[at->place];
    struct rep_energy *out = e->out;
    num_i128 sum = 0;
    double dc_kwh = 0, kwh;

    for (int m = 0; m < REP_MONTHS; m++) {
        int64_t s = overlap_s(
                place->month_s[m], place->month_s[m + 1], at->from_s, at->to_s);
        num_i128 uj;

        if (!s)
            continue;
        uj = energy_uj(&out->power, place, s) * e->l->u->units;
        sum += uj;
        if (e->sums)
            rep_sums_place(e->sums, at->place)->uj[out->power.tier][m] += uj;
        if (e->months)
            e->months->uj[m] += uj;
        if (place->pue_varies)
            dc_kwh += calc_uj_to_kwh(uj) * place->pue_month[m];
    }
    kwh = calc_uj_to_kwh(sum);
    used(e, at->place, out->power.tier, sum,
         place->pue_varies ? dc_kwh : kwh * place->pue);
    if (place->by_hour && e->sums)
        rep_hours_steady(
                e->sums, at, out->power.watts * (double)e->l->u->units);
}

static void stretch_add(void *ctx, const struct rep_stretch *at)
{
    const struct rep_use_of *e = ctx;

    e->out->running_s += at->to_s - at->from_s;
    if (e->out->power.tier == CALC_NO_ENERGY)
        return;
    if (!e->model || !rep_week_add(e, at))
        steady_add(e, at);
}

/* ---- when it ran --------------------------------------------------------- */

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t earlier(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* One state of a line: in service from its start, but not before the line came
 * and was taken into service, until its end or the line's. */
static bool state_stretch(
        const struct rep_use_of *e, const struct inv_state *st,
        struct rep_stretch *at)
{
    const struct rep_frame *f = e->f;
    const struct inv_unit *u = e->l->u;
    int32_t from = later(f->start_day, e->l->entry_day);
    int32_t to = earlier(f->end_day, e->l->exit_day);
    const struct rep_place *place;

    if (date_known(u->in_service_on))
        from = later(from, date_days(u->in_service_on));
    if (date_known(st->from))
        from = later(from, date_days(st->from));
    if (date_known(st->to))
        to = earlier(to, date_days(st->to));
    if (from >= to)
        return false;
    at->place = rep_place_of(e->f, st->site_id);
    place = &f->places[at->place];
    at->from_day = from;
    at->to_day = to;
    at->from_s = from == f->start_day
                         ? place->start_s
                         : tz_midnight_utc_s(place->tz, date_from_days(from));
    at->to_s = to == f->end_day
                       ? place->end_s
                       : tz_midnight_utc_s(place->tz, date_from_days(to));
    return true;
}

void rep_stretches(
        const struct rep_use_of *e,
        void (*each)(void *ctx, const struct rep_stretch *at), void *ctx)
{
    const struct inv_unit *u = e->l->u;
    struct rep_stretch at;

    if (e->f->as_of_today) { /* a year at today's state */
        if (!e->l->running || !e->l->closing)
            return;
        at.place = e->l->place;
        at.from_day = e->f->start_day;
        at.to_day = e->f->end_day;
        at.from_s = 0;
        at.to_s = e->f->places[at.place].whole_s;
        each(ctx, &at);
        return;
    }
    for (int i = 0; i < u->n_states; i++)
        if (u->states[i].status == CALC_IN_SERVICE &&
            state_stretch(e, &u->states[i], &at))
            each(ctx, &at);
}

static bool runs(const struct rep_line *l)
{
    if (l->u->category == CALC_PART_LOT)
        return false;
    for (int i = 0; i < l->u->n_states; i++)
        if (l->u->states[i].status == CALC_IN_SERVICE)
            return true;
    return false;
}

/* ---- one line ------------------------------------------------------------ */

/* What only the parts tell is the same for alike lines. */
static void find_power(const struct rep_line *l, struct en_power *out)
{
    const struct inv_unit *u = l->u;
    struct rep_made *m = l->made;
    bool stated = u->power_w >= 0 || u->energy_kwh_year >= 0 ||
                  u->idle_w >= 0 || u->max_w >= 0;

    if (stated || !m->has_power)
        en_unit_power(u, out);
    else
        *out = m->power;
    if (!stated && !m->has_power) {
        m->power = *out;
        m->has_power = true;
    }
}

static void coverage_add(
        struct rep_sums *s, const struct rep_line *l,
        const struct rep_energy *e)
{
    num_i128 machine_s = (num_i128)e->running_s * l->u->units;

    s->uj += e->uj;
    if (!l->is_machine || l->is_virtual)
        return;
    s->running_s += machine_s;
    if (e->power.tier != CALC_NO_ENERGY)
        s->covered_s += machine_s;
}

static void metering_add(
        struct rep_sums *s, const struct rep_line *l,
        const struct rep_energy *e)
{
    struct rep_metering *m = &s->metering;

    m->machines += l->u->units;
    m->estimated += rep_coverage(e) < REP_COVERED ? l->u->units : 0;
    m->measured_uj += e->measured_uj;
    m->filled_uj += e->filled_uj;
    m->covered_s += e->covered_s;
    m->gap_s += e->gap_s;
    s->metered_uj += e->uj;
    s->metered_s += e->running_s;
}

double rep_coverage(const struct rep_energy *e)
{
    int64_t s = e->covered_s + e->gap_s;

    return e->metered && s > 0 ? (double)e->covered_s / (double)s : NAN;
}

static void find_load_v(struct rep_use_of *e)
{
    const struct en_power *p = &e->out->power;
    double tier_sigma;

    if (p->tier == CALC_NO_ENERGY || !(p->high_w > 0))
        return;
    tier_sigma = e->f->tier_sigma[p->tier];
    e->load_v = expm1(p->sigma * p->sigma - tier_sigma * tier_sigma);
}

static void work_out(struct rep_use_of *e)
{
    struct rep_frame *f = e->f;
    const struct rep_line *l = e->l;
    struct rep_energy *out = e->out;

    *out = (struct rep_energy){.kwh = 0};
    e->model = f->models.n ? en_model_of(&f->models, l->u) : NULL;
    if (e->model)
        en_model_power(e->model, l->u, &out->power);
    else
        find_power(l, &out->power);
    if (!runs(l))
        return;
    if (!f->meters || !rep_metered_add(e)) {
        find_load_v(e);
        rep_stretches(e, stretch_add, e);
    }
    out->kwh = calc_uj_to_kwh(out->uj);
    if (out->power.tier == CALC_NO_ENERGY && out->running_s > 0)
        out->kwh = out->site_kwh = out->location_kg = NAN;
    if (e->sums)
        coverage_add(e->sums, l, out);
    if (e->sums && out->metered)
        metering_add(e->sums, l, out);
}

void rep_line_energy(
        struct rep_frame *f, const struct rep_line *l, struct rep_sums *sums,
        struct rep_energy *out)
{
    work_out(&(struct rep_use_of){.f = f, .l = l, .sums = sums, .out = out});
}

void rep_line_months(
        struct rep_frame *f, const struct rep_line *l, struct rep_energy *out,
        struct rep_energy_months *months)
{
    *months = (struct rep_energy_months){0};
    work_out(
            &(struct rep_use_of){.f = f, .l = l, .out = out, .months = months});
}
