/* SPDX-License-Identifier: Apache-2.0
 * Operation hour by hour, beside the static figure where the two compare
 * [5.4]: see docs/method.md#emissions-of-electricity. */
#include <stdlib.h>
#include <string.h>

#include "reports/reports_priv.h"

enum { HOUR_S = 3600, AROUND_H = 7 * 24 };

struct hours { /* of one place */
    const struct rep_frame *f;
    const struct rep_place *p;
    const struct rep_place_sum *sum;
    num_i128 *uj;
    double *dc_kwh, *g; /* by bin */
    uint32_t n;
    struct rep_hourly_row row;
    double month_kg[REP_MONTHS];
    double static_kwh; /* in months that fell back */
};

static void hours_free(struct hours *h)
{
    free(h->uj);
    free(h->dc_kwh);
    free(h->g);
}

static void
hours_energy(const struct rep_sums *s, size_t place, struct hours *h)
{
    h->n = h->p->bin0[REP_MONTHS];
    h->uj = xcalloc(h->n + 1, sizeof *h->uj);
    h->dc_kwh = xcalloc(h->n + 1, sizeof *h->dc_kwh);
    h->g = xcalloc(h->n + 1, sizeof *h->g);
    rep_hours_spread(s, place, h->uj);
    for (int m = 0; m < REP_MONTHS; m++)
        for (uint32_t i = h->p->bin0[m]; i < h->p->bin0[m + 1]; i++)
            h->dc_kwh[i] = calc_uj_to_kwh(h->uj[i]) * h->p->pue_month[m];
}

/* The factor of months that are not known by the hour: of the same source where
 * it has one, else what the site is reported with. */
static double year_g(const struct hours *h)
{
    return isnan(h->row.year_g_per_kwh) ? h->p->grid.g_per_kwh
                                        : h->row.year_g_per_kwh;
}

/* Grid values by bin; a month with more than 5 % missing keeps the factor. */
static bool hours_grid(struct hours *h, struct err *err)
{
    const struct rep_place *p = h->p;
    int64_t from = p->hour0[0] - AROUND_H;
    size_t n = (size_t)((p->end_s + HOUR_S - 1) / HOUR_S - from) + AROUND_H;
    double *known = xcalloc(n, sizeof *known);
    bool ok = en_series_hours(h->f->db, p->series.id, from, n, known, err) &&
              en_series_year(
                      h->f->db, p->series.id, rep_frame_year(h->f),
                      &h->row.year_g_per_kwh, err);

    for (int m = 0; ok && m < REP_MONTHS; m++) {
        size_t bins = p->bin0[m + 1] - p->bin0[m];
        size_t at = (size_t)(p->hour0[m] - from), missing;
        double *g = h->g + p->bin0[m];
        bool holds = true;

        if (!bins)
            continue;
        missing = calc_grid_fill(known, n, at, at + bins, g);
        h->row.hours += bins;
        h->row.missing += missing;
        for (size_t i = 0; i < bins; i++)
            holds = holds && !isnan(g[i]);
        if (holds && calc_grid_month_holds(missing, bins))
            continue;
        h->row.static_months++;
        for (size_t i = 0; i < bins; i++) {
            g[i] = year_g(h);
            h->static_kwh += h->dc_kwh[p->bin0[m] + i];
        }
    }
    free(known);
    return ok;
}

static void hours_sum(struct hours *h)
{
    struct calc_hourly sum =
            calc_operation_hourly(h->dc_kwh, h->g, h->n, h->row.year_g_per_kwh);
    double g = 0;

    for (int m = 0; m < REP_MONTHS; m++)
        for (uint32_t i = h->p->bin0[m]; i < h->p->bin0[m + 1]; i++)
            h->month_kg[m] += calc_operation_kg(h->dc_kwh[i], h->g[i]);
    for (uint32_t i = 0; i < h->n; i++) {
        g += h->g[i];
        h->row.site_kwh += h->dc_kwh[i];
    }
    h->row.g_per_kwh = g / h->n;
    h->row.hourly_kg = sum.hourly_kg;
    h->row.static_kg = sum.static_kg;
    h->row.level_kg = sum.level_kg;
    h->row.covariance_kg = sum.covariance_kg;
    h->row.load_weighted_g_per_kwh = sum.load_weighted_g_per_kwh;
}

static void hours_name(const struct rep_year *y, struct hours *h)
{
    const struct en_series *s = &h->p->series;

    h->row.site = arena_str(y->arena, h->p->site->name);
    h->row.zone = arena_str(y->arena, s->zone);
    h->row.basis = arena_str(y->arena, s->basis);
    h->row.set = arena_str(y->arena, s->set);
    h->row.version = arena_str(y->arena, s->version);
    h->row.source = arena_str(y->arena, s->source);
    h->row.kind = s->kind;
}

struct hourly { /* of the fleet */
    struct calc_total kg;
    double site_kwh, by_hour_kwh;
    bool any;
};

static bool place_add(
        struct rep_year *y, struct rep_sums *s, size_t place, struct hourly *t,
        struct err *err)
{
    const struct rep_frame *f = s->frame;
    struct hours h = {.f = f, .p = &f->places[place], .sum = s->places[place]};
    double kwh = rep_place_site_kwh(h.p, h.sum);
    bool ok = true;

    h.row.year_g_per_kwh = NAN;
    if (h.p->series.id) {
        hours_energy(s, place, &h);
        ok = hours_grid(&h, err);
        if (ok) {
            hours_sum(&h);
            hours_name(y, &h);
            y->hourly[y->n_hourly++] = h.row;
            t->any = true;
        }
        t->by_hour_kwh += kwh - h.static_kwh;
    } else {
        h.row.hourly_kg = calc_operation_kg(kwh, h.p->grid.g_per_kwh);
        for (int m = 0; m < REP_MONTHS; m++)
            for (int tier = 0; tier < CALC_NO_ENERGY; tier++)
                h.month_kg[m] += calc_operation_kg(
                        calc_uj_to_kwh(h.sum->uj[tier][m]) * h.p->pue_month[m],
                        h.p->grid.g_per_kwh);
    }
    t->site_kwh += kwh;
    for (int m = 0; m < REP_MONTHS; m++)
        y->hourly_month_kg[m] += h.month_kg[m];
    rep_place_total(
            &t->kg, f, h.p, h.sum, h.row.hourly_kg / kwh, h.p->factor,
            log(CALC_GRID_GSD));
    if (isnan(h.row.hourly_kg))
        t->kg.kg = NAN;
    hours_free(&h);
    return ok;
}

static bool asks(const struct rep_sums *s)
{
    for (size_t i = 0; i < s->frame->n_places; i++)
        if (s->places[i] && s->frame->places[i].series.id)
            return true;
    return false;
}

bool rep_fill_hours(struct rep_year *y, struct rep_sums *s, struct err *err)
{
    const struct rep_frame *f = s->frame;
    struct hourly t = {.any = false};
    bool ok = true;

    if (f->as_of_today || !asks(s))
        return true;
    y->hourly = arena_alloc(y->arena, f->n_places * sizeof *y->hourly);
    for (size_t i = 0; ok && i < f->n_places; i++)
        if (s->places[i] && rep_place_site_kwh(&f->places[i], s->places[i]) > 0)
            ok = place_add(y, s, i, &t, err);
    if (ok && t.any) {
        y->hourly_kg = calc_total_q(&t.kg);
        y->hourly_share = t.by_hour_kwh / t.site_kwh;
    }
    calc_total_clear(&t.kg);
    return ok;
}
