/* SPDX-License-Identifier: Apache-2.0
 * What a report is about: its period, and its sites with their clocks, grid
 * factors and facilities. */
#include <string.h>

#include "reports/reports_priv.h"

enum { YEAR_DAYS = 365, DAY_S = 86400 };

static int32_t jan_1(int year)
{
    return date_days((struct date){(int16_t)year, 1, 1});
}

bool rep_period(
        const struct rep_options *o, struct date *start, struct date *end,
        bool *complete, struct err *err)
{
    int32_t today, next;

    CHECK(date_known(o->today));
    today = date_days(o->today);
    if (o->year == 0) {
        *end = date_from_days(today + 1);
        *start = date_from_days(today + 1 - YEAR_DAYS);
        *complete = true;
        return true;
    }
    if (o->year < 1990 || o->year > 2200)
        return err_set(
                err, ERR_INVALID, "year %d is outside 1990 to 2200", o->year);
    if (jan_1(o->year) > today)
        return err_set(
                err, ERR_INVALID,
                "year %d has not begun; the last one that can be reported is "
                "%d",
                o->year, o->today.year);
    next = jan_1(o->year + 1);
    *start = date_from_days(jan_1(o->year));
    *complete = today >= next;
    *end = date_from_days(*complete ? next : today + 1);
    return true;
}

/* Months as a site's clocks show them, cut at the end of the period. */
static void place_clock(struct rep_place *p, const struct rep_frame *f)
{
    static const uint8_t days[REP_MONTHS] = {31, 28, 31, 30, 31, 30,
                                             31, 31, 30, 31, 30, 31};
    struct date first = date_from_days(f->start_day);

    p->start_s = 0;
    if (f->as_of_today) { /* any common year */
        p->month_s[0] = 0;
        for (int m = 0; m < REP_MONTHS; m++)
            p->month_s[m + 1] = p->month_s[m] + (int64_t)days[m] * DAY_S;
        p->end_s = p->whole_s = p->month_s[REP_MONTHS];
        return;
    }
    p->start_s = tz_midnight_utc_s(p->tz, first);
    p->end_s = tz_midnight_utc_s(p->tz, date_from_days(f->end_day));
    for (int m = 0; m <= REP_MONTHS; m++) {
        struct date at = first;

        at.year = (int16_t)(first.year + m / REP_MONTHS);
        at.month = (uint8_t)(m % REP_MONTHS + 1);
        p->month_s[m] = tz_midnight_utc_s(p->tz, at);
    }
    p->whole_s = p->month_s[REP_MONTHS] - p->month_s[0];
}

/* A country's factor is one figure for all its sites; a site's own is not. */
static bool same_factor(const struct en_grid *a, const struct en_grid *b)
{
    return a->set && b->set && a->year == b->year && a->kind == b->kind &&
           !strcmp(a->zone, b->zone) && !strcmp(a->set, b->set);
}

static void place_factors(struct rep_frame *f, size_t at)
{
    struct rep_place *p = &f->places[at];

    p->factor = p->life_cycle_factor = (int)at;
    for (size_t i = at; i-- > 0;) {
        const struct rep_place *q = &f->places[i];

        if (same_factor(&q->grid, &p->grid))
            p->factor = q->factor;
        if (same_factor(&q->life_cycle, &p->life_cycle))
            p->life_cycle_factor = q->life_cycle_factor;
    }
}

static bool place_open(struct rep_frame *f, size_t at, struct err *err)
{
    struct rep_place *p = &f->places[at];
    int year = f->as_of_today ? f->options->today.year : f->options->year;
    const char *zone = "UTC";

    p->site = at < f->sites.n ? &f->sites.items[at] : NULL;
    p->pue = 1;
    p->grid = p->life_cycle = (struct en_grid){
            .g_per_kwh = NAN, .sigma = NAN, .kind = CALC_UNSTATED};
    if (p->site) {
        zone = p->site->timezone;
        if (p->site->pue >= 1) {
            p->pue = p->site->pue;
            p->pue_stated = true;
        }
        en_site_grid(f->pack, p->site, year, &p->grid);
        en_site_grid_life_cycle(f->pack, p->site, year, &p->life_cycle);
    }
    if (!tz_load(zone, &p->tz, err)) {
        err_in(err, "site '%s'", p->site ? p->site->name : "");
        return false;
    }
    place_clock(p, f);
    place_factors(f, at);
    return true;
}

bool rep_frame_open(
        struct rep_frame *f, struct db *db, struct fac_pack *pack,
        const struct rep_options *options, struct err *err)
{
    struct date start, end;
    bool complete, ok = false;

    *f = (struct rep_frame){
            .db = db,
            .pack = pack,
            .options = options,
            .as_of_today = options->year == 0};
    if (!rep_period(options, &start, &end, &complete, err))
        return false;
    f->start_day = date_days(start);
    f->end_day = date_days(end);
    f->year_frac =
            f->as_of_today
                    ? 1
                    : (double)(f->end_day - f->start_day) /
                              (jan_1(options->year + 1) - jan_1(options->year));
    for (int t = 0; t < CALC_NO_ENERGY; t++) {
        f->tier_sigma[t] = log(calc_tier_gsd((enum calc_tier)t));
        f->tier_v[t] = calc_rel_var(f->tier_sigma[t]);
    }
    if (!inv_sites_load(db, &f->sites, err) ||
        !inv_catalog_load(db, pack, &f->catalog, err))
        goto done;
    f->n_places = f->sites.n + 1;
    f->places = arena_alloc(&f->arena, f->n_places * sizeof *f->places);
    f->last_place = f->sites.n;
    for (size_t i = 0; i < f->n_places; i++)
        if (!place_open(f, i, err))
            goto done;
    ok = rep_extras_open(f, err);
done:
    if (!ok)
        rep_frame_close(f);
    return ok;
}

void rep_frame_close(struct rep_frame *f)
{
    rep_extras_close(f);
    inv_catalog_clear(&f->catalog);
    inv_sites_clear(&f->sites);
    arena_clear(&f->arena);
    *f = (struct rep_frame){0};
}

size_t rep_place_of(struct rep_frame *f, int64_t site_id)
{
    const struct rep_place *last = &f->places[f->last_place];
    size_t lo = 0, hi = f->sites.n;

    if (last->site && last->site->id == site_id)
        return f->last_place;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (f->sites.items[mid].id < site_id)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == f->sites.n || f->sites.items[lo].id != site_id)
        return f->sites.n;
    return f->last_place = lo;
}

struct en_grid rep_grid_copy(struct arena *a, const struct en_grid *g)
{
    struct en_grid copy = *g;

    copy.zone = arena_str(a, g->zone);
    copy.source = arena_str(a, g->source);
    copy.set = arena_str(a, g->set);
    copy.version = arena_str(a, g->version);
    return copy;
}
