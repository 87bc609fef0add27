/* SPDX-License-Identifier: Apache-2.0
 * Hours of the grid for a report: which series, its hours, its own yearly
 * value; and which machines have a meter. */
#include <stdlib.h>

#include "energy/operation_priv.h"

bool en_extras_any(struct db *db, struct en_extras *out, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_EXTRAS, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    *out = (struct en_extras){
            .models = row && stmt_col_int(q, 0),
            .sites = row && stmt_col_int(q, 1),
            .grid_hours = row && stmt_col_int(q, 2),
            .ledger = row && stmt_col_int(q, 3)};
    stmt_reset(q);
    return true;
}

bool en_series_find(
        struct db *db, const char *zone, enum calc_grid_kind want,
        int64_t from_hour, int64_t to_hour, struct arena *a,
        struct en_series *out, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_SERIES_OF, err);
    bool row;

    if (!q)
        return false;
    *out = (struct en_series){.id = 0};
    stmt_text(q, ":zone", zone);
    stmt_text(q, ":want", calc_grid_kind_word(want));
    stmt_int(q, ":from", from_hour);
    stmt_int(q, ":to", to_hour);
    if (!stmt_step(q, &row, err))
        return false;
    if (row) {
        out->id = stmt_col_int(q, 0);
        if (!calc_grid_kind_from(stmt_col_text(q, 1), &out->kind))
            out->kind = CALC_UNSTATED;
        out->basis = arena_str(a, stmt_col_text(q, 2));
        out->set = arena_str(a, stmt_col_text(q, 3));
        out->version = arena_str(a, stmt_col_text(q, 4));
        out->source = arena_str(a, stmt_col_text(q, 5));
        out->zone = arena_str(a, zone);
    }
    stmt_reset(q);
    return true;
}

bool en_series_hours(
        struct db *db, int64_t series, int64_t from_hour, size_t n, double *g,
        struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_SERIES_HOURS, err);
    bool row, ok;

    if (!q)
        return false;
    for (size_t i = 0; i < n; i++)
        g[i] = NAN;
    stmt_int(q, ":series", series);
    stmt_int(q, ":from", from_hour);
    stmt_int(q, ":to", from_hour + (int64_t)n);
    while ((ok = stmt_step(q, &row, err)) && row)
        g[stmt_col_int(q, 0) - from_hour] = stmt_col_num(q, 1);
    stmt_reset(q);
    return ok;
}

bool en_series_year(
        struct db *db, int64_t series, int year, double *g, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_SERIES_YEAR, err);
    bool row;

    if (!q)
        return false;
    stmt_int(q, ":series", series);
    stmt_int(q, ":year", year);
    if (!stmt_step(q, &row, err))
        return false;
    *g = row ? stmt_col_num(q, 0) : NAN;
    stmt_reset(q);
    return true;
}

bool en_ledger_version(struct db *db, int64_t *out, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_VERSION, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    *out = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return true;
}

bool en_metered(
        struct db *db, int64_t **ids, size_t *n, bool *shared, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_SHARED, err);
    int64_t *found = NULL;
    size_t cap = 0, count = 0;
    bool row, ok;

    if (!q || !stmt_step(q, &row, err))
        return false;
    *shared = row && stmt_col_int(q, 0) != 0;
    stmt_reset(q);
    q = eo_stmt(db, EO_METERED, err);
    if (!q)
        return false;
    while ((ok = stmt_step(q, &row, err)) && row) {
        if (count == cap) {
            cap = cap ? 2 * cap : 256;
            found = xreallocarray(found, cap, sizeof *found);
        }
        found[count++] = stmt_col_int(q, 0);
    }
    stmt_reset(q);
    if (!ok) {
        free(found);
        return false;
    }
    *ids = found;
    *n = count;
    return true;
}

static bool count_senders(struct db *db, uint64_t *total, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_SENDERS_COUNT, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    *total = row ? (uint64_t)stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return true;
}

bool en_metered_list(
        struct db *db, uint32_t limit, uint32_t offset,
        bool (*row)(void *ctx, const struct en_metered_row *r, struct err *err),
        void *ctx, uint64_t *total, struct err *err)
{
    struct stmt *q;
    bool more, ok;

    if (!count_senders(db, total, err))
        return false;
    q = eo_stmt(db, EO_SENDERS, err);
    if (!q)
        return false;
    stmt_int(q, ":limit", limit);
    stmt_int(q, ":offset", offset);
    while ((ok = stmt_step(q, &more, err)) && more) {
        const struct en_metered_row r = {
                .source = stmt_col_int(q, 0),
                .machine = stmt_col_int(q, 1),
                .name = stmt_col_text(q, 2),
                .kind = stmt_col_text(q, 3),
                .state = stmt_col_text(q, 4),
                .tag = stmt_col_text(q, 5),
                .agent = stmt_col_text(q, 6),
                .seen_s = stmt_col_int(q, 7),
                .meters = (uint32_t)stmt_col_int(q, 8),
                .missing = (uint32_t)stmt_col_int(q, 9)};

        if (!row(ctx, &r, err)) {
            ok = false;
            break;
        }
    }
    stmt_reset(q);
    return ok;
}
