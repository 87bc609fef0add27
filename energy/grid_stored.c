/* SPDX-License-Identifier: Apache-2.0
 * Grid values of the user read back for lists: years, and means of hours by
 * year. */
#include <math.h>
#include <string.h>

#include "energy/grid_priv.h"

struct listing {
    struct db *db;
    int year; /* 0: the latest of each series */
    bool (*row)(void *ctx, const struct en_grid_stored *g, struct err *err);
    void *ctx;
};

static bool
years(struct listing *l, int64_t id, struct en_grid_stored *g, struct err *err)
{
    struct stmt *q = en_stmt(l->db, EN_SERIES_YEARS, err);
    bool more, any = false, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":series", id);
    for (;;) {
        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        g->year = (int)stmt_col_int(q, 0);
        g->g_per_kwh = stmt_col_num(q, 1);
        g->estimated = stmt_col_int(q, 2) != 0;
        g->hours = 0;
        any = true;
        if (l->year == g->year && !l->row(l->ctx, g, err))
            goto done;
    }
    ok = l->year || !any || l->row(l->ctx, g, err);
done:
    stmt_reset(q);
    return ok;
}

static bool year_end(
        struct listing *l, struct en_grid_stored *g, double sum, bool last,
        struct err *err)
{
    bool ok = true;

    if (g->hours && (l->year ? l->year == g->year : last)) {
        g->g_per_kwh = sum / g->hours;
        ok = l->row(l->ctx, g, err);
    }
    g->hours = 0;
    g->estimated = false;
    return ok;
}

static bool
hours(struct listing *l, int64_t id, struct en_grid_stored *g, struct err *err)
{
    struct stmt *q = en_stmt(l->db, EN_SERIES_HOURS, err);
    int64_t end = INT64_MIN; /* first hour after the year */
    double sum = 0;
    bool more, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":series", id);
    g->hours = 0;
    g->estimated = false;
    for (;;) {
        int64_t hour;

        if (!stmt_step(q, &more, err))
            goto done;
        hour = more ? stmt_col_int(q, 0) : INT64_MAX;
        if (hour >= end) {
            if (!year_end(l, g, sum, !more, err))
                goto done;
            if (!more)
                break;
            g->year = date_from_days((int32_t)(hour / 24)).year;
            end = en_year_start_s(g->year + 1) / EN_HOUR_S;
            sum = 0;
        }
        sum += stmt_col_num(q, 1);
        g->estimated = g->estimated || stmt_col_int(q, 3) != 0;
        g->hours++;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool en_grid_stored(
        struct db *db, const char *zone, int year,
        bool (*row)(void *ctx, const struct en_grid_stored *g, struct err *err),
        void *ctx, struct err *err)
{
    struct listing l = {db, year, row, ctx};
    struct stmt *q = en_stmt(db, EN_ZONE_SERIES, err);
    bool more, ok = false;

    if (!q)
        return false;
    stmt_text(q, ":zone", zone);
    for (;;) {
        struct en_grid_stored g;
        int64_t id;

        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        id = stmt_col_int(q, 0);
        g = (struct en_grid_stored){
                .zone = stmt_col_text(q, 1),
                .zone_name = stmt_col_text(q, 2),
                .kind = stmt_col_text(q, 3),
                .basis = stmt_col_text(q, 4),
                .set = stmt_col_text(q, 5),
                .version = stmt_col_text(q, 6),
                .source = stmt_col_text(q, 7)};
        if (!years(&l, id, &g, err) || !hours(&l, id, &g, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}
