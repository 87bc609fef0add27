/* SPDX-License-Identifier: Apache-2.0
 * What a line used in the period, in exact microjoules by place, tier and
 * month: see docs/method.md#operation. */
#include "reports/reports_priv.h"

#define UJ_PER_KWH 3.6e12
#define G_PER_KG 1000.0

/* The time that one unit ran at one place. */
struct stretch {
    size_t place;
    int64_t from_s, to_s;
};

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

struct energy_sum { /* of one line */
    struct rep_frame *f;
    const struct rep_line *l;
    struct rep_sums *sums;
    struct rep_energy *out;
    double load_v;
};

static void spread_add(const struct energy_sum *e, size_t place, double kwh)
{
    struct rep_place_sum *p = rep_sums_place(e->sums, place);
    double tier_v = e->f->tier_v[e->out->power.tier];
    double spread_kwh = kwh * sqrt((1 + tier_v) * (1 + e->load_v));

    p->spread_kwh += spread_kwh;
    if (e->load_v > 0)
        p->load_sd_kwh += spread_kwh * sqrt(e->load_v / (1 + e->load_v));
}

static void stretch_add(const struct energy_sum *e, const struct stretch *at)
{
    const struct rep_place *place = &e->f->places[at->place];
    struct rep_energy *out = e->out;
    num_i128 sum = 0;
    double kwh;

    out->running_s += at->to_s - at->from_s;
    if (out->power.tier == CALC_NO_ENERGY)
        return;
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
    }
    kwh = calc_uj_to_kwh(sum);
    out->uj += sum;
    out->site_kwh += kwh * place->pue;
    out->location_kg +=
            calc_operation_kg(kwh * place->pue, place->grid.g_per_kwh);
    if (e->sums)
        spread_add(e, at->place, kwh);
    else
        out->sigma = hypot(out->power.sigma, place->grid.sigma);
}

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
static void state_add(const struct energy_sum *e, const struct inv_state *st)
{
    const struct rep_frame *f = e->f;
    const struct inv_unit *u = e->l->u;
    int32_t from = later(f->start_day, e->l->entry_day);
    int32_t to = earlier(f->end_day, e->l->exit_day);
    struct stretch at = {.place = rep_place_of(e->f, st->site_id)};
    const struct rep_place *place = &f->places[at.place];

    if (date_known(u->in_service_on))
        from = later(from, date_days(u->in_service_on));
    if (date_known(st->from))
        from = later(from, date_days(st->from));
    if (date_known(st->to))
        to = earlier(to, date_days(st->to));
    if (from >= to)
        return;
    at.from_s = from == f->start_day
                        ? place->start_s
                        : tz_midnight_utc_s(place->tz, date_from_days(from));
    at.to_s = to == f->end_day
                      ? place->end_s
                      : tz_midnight_utc_s(place->tz, date_from_days(to));
    stretch_add(e, &at);
}

/* A year at today's state: what runs today runs all of it. */
static void today_add(const struct energy_sum *e)
{
    struct stretch at;

    if (!e->l->running || !e->l->closing)
        return;
    at.place = e->l->place;
    at.from_s = 0;
    at.to_s = e->f->places[at.place].whole_s;
    stretch_add(e, &at);
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

static bool runs(const struct rep_line *l)
{
    if (l->u->category == CALC_PART_LOT)
        return false;
    for (int i = 0; i < l->u->n_states; i++)
        if (l->u->states[i].status == CALC_IN_SERVICE)
            return true;
    return false;
}

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

void rep_line_energy(
        struct rep_frame *f, const struct rep_line *l, struct rep_sums *sums,
        struct rep_energy *out)
{
    struct energy_sum e = {.f = f, .l = l, .sums = sums, .out = out};
    double tier_sigma;

    *out = (struct rep_energy){.kwh = 0};
    find_power(l, &out->power);
    if (!runs(l))
        return;
    if (out->power.tier != CALC_NO_ENERGY && out->power.high_w > 0) {
        tier_sigma = f->tier_sigma[out->power.tier];
        e.load_v = expm1(
                out->power.sigma * out->power.sigma - tier_sigma * tier_sigma);
    }
    if (f->as_of_today)
        today_add(&e);
    else
        for (int i = 0; i < l->u->n_states; i++)
            if (l->u->states[i].status == CALC_IN_SERVICE)
                state_add(&e, &l->u->states[i]);
    out->kwh = calc_uj_to_kwh(out->uj);
    if (out->power.tier == CALC_NO_ENERGY && out->running_s > 0)
        out->kwh = out->site_kwh = out->location_kg = NAN;
    if (sums)
        coverage_add(sums, l, out);
}
