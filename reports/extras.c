/* SPDX-License-Identifier: Apache-2.0
 * What a report takes beside the inventory: power models, PUE by month, the
 * grid's hours, the ledger. A database without them is asked once. */
#include <string.h>

#include "reports/reports_priv.h"

enum { HOUR_S = 3600 };

int rep_frame_year(const struct rep_frame *f)
{
    return f->as_of_today ? f->options->today.year : f->options->year;
}

/* Months of the fleet of today are those of the 365 days that end today. */
static int month_index(const struct rep_frame *f, int m)
{
    int year = rep_frame_year(f);

    if (f->as_of_today && m >= f->options->today.month)
        year--;
    return year * 12 + m;
}

static void place_pue(struct rep_frame *f, struct rep_place *p)
{
    bool all = p->site != NULL;

    for (int m = 0; m < REP_MONTHS; m++) {
        double pue = p->site && f->site_power.n_pue
                             ? en_site_pue(
                                       &f->site_power, p->site->id,
                                       month_index(f, m))
                             : NAN;

        p->pue_month[m] = isnan(pue) ? p->pue : pue;
        p->pue_varies = p->pue_varies || !isnan(pue);
        all = all && !isnan(pue);
    }
    p->pue_stated = p->pue_stated || all;
}

/* ---- bins ---------------------------------------------------------------- */

static void place_bins(struct rep_place *p)
{
    for (int m = 0; m < REP_MONTHS; m++) {
        int64_t from = p->month_s[m], to = p->month_s[m + 1];
        uint32_t n = 0;

        if (to > p->end_s)
            to = p->end_s;
        p->hour0[m] = from / HOUR_S;
        if (from < to)
            n = (uint32_t)((to + HOUR_S - 1) / HOUR_S - p->hour0[m]);
        p->bin0[m + 1] = p->bin0[m] + n;
    }
}

static bool
place_series(struct rep_frame *f, struct rep_place *p, struct err *err)
{
    const char *zone =
            p->site ? en_site_zone(&f->site_power, p->site->id) : NULL;

    if (!zone && p->site)
        zone = p->site->country;
    if (!zone)
        return true;
    return en_series_find(
            f->db, zone,
            p->grid.kind == CALC_DIRECT ? CALC_DIRECT : CALC_LIFE_CYCLE,
            p->start_s / HOUR_S, (p->end_s + HOUR_S - 1) / HOUR_S, &f->arena,
            &p->series, err);
}

bool rep_extras_open(struct rep_frame *f, struct err *err)
{
    struct en_extras has;

    if (!en_extras_any(f->db, &has, err))
        return false;
    if ((has.models && !en_models_load(f->db, &f->models, err)) ||
        (has.sites && !en_site_power_load(f->db, &f->site_power, err)) ||
        (has.ledger && !rep_meters_open(f, err)))
        return false;
    for (size_t i = 0; i < f->n_places; i++) {
        struct rep_place *p = &f->places[i];

        place_pue(f, p);
        if (f->as_of_today)
            continue;
        if (has.grid_hours && !place_series(f, p, err))
            return false;
        p->by_hour = p->series.id || f->meters;
        if (p->by_hour)
            place_bins(p);
    }
    return true;
}

void rep_extras_close(struct rep_frame *f)
{
    rep_meters_close(f->meters);
    f->meters = NULL;
    en_models_clear(&f->models);
    en_site_power_clear(&f->site_power);
}
