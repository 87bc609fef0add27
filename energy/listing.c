/* SPDX-License-Identifier: Apache-2.0
 * Sources, meters and marks of the ledger, read for lists. */
#include "energy/listing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "energy/energy.h"
#include "energy/machine_priv.h"
#include "energy/month_priv.h"
#include "energy/operation.h"

#define NS_PER_S INT64_C(1000000000)

enum { SILENT_S = 86400 }; /* [D] */

bool en_ledger_marks(
        struct db *db, struct en_ledger_marks *out, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_MARK, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    CHECK(row);
    *out = (struct en_ledger_marks){stmt_col_int(q, 0), stmt_col_int(q, 1)};
    stmt_reset(q);
    return true;
}

bool en_ledger_any(
        struct db *db, int from_month, int to_month, bool *any, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_ANY, err);
    bool row;

    if (!q)
        return false;
    stmt_int_at(q, 1, from_month);
    stmt_int_at(q, 2, to_month);
    if (!stmt_step(q, &row, err))
        return false;
    *any = row && stmt_col_int(q, 0) != 0;
    stmt_reset(q);
    return true;
}

double
en_coverage(const struct en_ledger_marks *marks, int month, int64_t covered_s)
{
    int64_t start = month_start_ns(month), end = month_start_ns(month + 1);

    if (marks->folded_ns < end)
        end = marks->folded_ns;
    return end > start ? (double)covered_s * 1e9 / (double)(end - start) : NAN;
}

bool en_month_parse(const char *text, int *out, struct err *err)
{
    struct date d;

    if (!date_parse(text, strlen(text), &d, err))
        return false;
    if (!d.month || d.day)
        return err_set(
                err, ERR_INVALID, "'%s' is no month, expected 2026-01", text);
    *out = d.year * 12 + d.month - 1;
    return true;
}

bool en_sources(
        struct db *db,
        bool (*row)(void *ctx, const struct en_source_row *s, struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_SOURCES, err);
    bool more, ok = false;

    if (!q)
        return false;
    for (;;) {
        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        if (!row(ctx,
                 &(struct en_source_row){
                         .id = stmt_col_int(q, 0),
                         .kind = stmt_col_text(q, 1),
                         .name = stmt_col_text(q, 2),
                         .machine = stmt_col_text(q, 3),
                         .state = stmt_col_text(q, 4),
                         .agent = stmt_col_text(q, 5),
                         .seen_s = stmt_col_int(q, 6),
                         .conflicts = stmt_col_int(q, 7),
                         .refused = stmt_col_int(q, 8)},
                 err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* Of its last folded reading: in the ledger, else, of engines and files, the
 * end of the last hour that has one. */
static bool heard_s(struct stmt *q, int64_t *out, struct err *err)
{
    enum { LAST_NS = 5, LAST_MONTH = 11, HOURS = 12 };
    const void *bytes;
    int64_t hour = 0;
    size_t n;

    *out = stmt_col_int(q, LAST_NS) / NS_PER_S;
    if (!stmt_is_null(q, LAST_NS) || stmt_is_null(q, LAST_MONTH))
        return true;
    bytes = stmt_col_blob(q, HOURS, &n);
    if (!en_hours_heard((int)stmt_col_int(q, LAST_MONTH), bytes, n, &hour, err))
        return false;
    *out = hour * MACHINE_HOUR_S;
    return true;
}

static int64_t
silent_s(const struct en_ledger_marks *marks, int month, int64_t heard)
{
    int64_t end = month_start_ns(month + 1);

    if (marks->folded_ns < end)
        end = marks->folded_ns;
    return heard && heard < end / NS_PER_S - SILENT_S ? heard : 0;
}

bool en_source_meters(
        struct db *db, int64_t source, int month,
        bool (*row)(void *ctx, const struct en_meter_row *m, struct err *err),
        void *ctx, struct err *err)
{
    struct en_ledger_marks marks;
    bool more, ok = false;
    int64_t heard = 0;
    struct stmt *q;

    if (!en_ledger_marks(db, &marks, err))
        return false;
    q = el_stmt(db, EL_SOURCE_METERS, err);
    if (!q)
        return false;
    stmt_int(q, ":source", source);
    stmt_int(q, ":month", month);
    for (;;) {
        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        if (!heard_s(q, &heard, err) ||
            !row(ctx,
                 &(struct en_meter_row){
                         .key = stmt_col_text(q, 0),
                         .scope = stmt_col_text(q, 1),
                         .kind = stmt_col_text(q, 2),
                         .unit = stmt_col_text(q, 3),
                         .modelled = stmt_col_int(q, 4) != 0,
                         .last_s = heard,
                         .silent_s = stmt_is_null(q, 10)
                                             ? silent_s(&marks, month, heard)
                                             : 0,
                         .gone_s = stmt_col_int(q, 10) * MACHINE_HOUR_S,
                         .sum_uj = stmt_col_int(q, 6),
                         .covered_s = stmt_col_int(q, 7),
                         .flags = (unsigned)stmt_col_int(q, 8),
                         .machines = stmt_col_int(q, 9)},
                 err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool en_source_missing(
        struct db *db, int64_t source,
        bool (*row)(
                void *ctx, const char *key, const char *reason,
                struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_MISSING_OF, err);
    bool more, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":source", source);
    for (;;) {
        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        if (!row(ctx, stmt_col_text(q, 0), stmt_col_text(q, 1), err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

const char *en_flag_word(int bit)
{
    static const char *const words[] = {"wrap",   "reset", "spike", "ambiguous",
                                        "spread", "late",  "skew",  "conflict"};

    return bit < (int)(sizeof words / sizeof *words) ? words[bit] : NULL;
}

/* ---- modelled power -------------------------------------------------------
 */

struct en_weights {
    struct db *db;
    struct inv_catalog catalog;
    struct en_models models;
};

bool en_weights_open(
        struct db *db, struct fac_pack *pack, struct en_weights **out,
        struct err *err)
{
    struct en_weights *w = xcalloc(1, sizeof *w);

    w->db = db;
    if (!inv_catalog_load(db, pack, &w->catalog, err) ||
        !en_models_load(db, &w->models, err)) {
        en_weights_close(w);
        return false;
    }
    *out = w;
    return true;
}

void en_weights_close(struct en_weights *w)
{
    if (!w)
        return;
    inv_catalog_clear(&w->catalog);
    en_models_clear(&w->models);
    free(w);
}

double en_weight_w(void *weights, int64_t machine)
{
    struct en_weights *w = weights;
    const struct inv_unit *u = NULL;
    struct inv_scan *scan = NULL;
    struct en_power power = {.watts = NAN};
    const struct en_model *model;
    struct err ignored = {0};
    double watts = NAN;

    if (!inv_scan_open(
                w->db, &w->catalog,
                &(struct inv_scan_options){.one_id = machine}, &scan, &ignored))
        return NAN;
    if (inv_scan_next(scan, &u, &ignored) && u) {
        model = en_model_of(&w->models, u);
        if (model)
            en_model_power(model, u, &power);
        else
            en_unit_power(u, &power);
        watts = power.watts * u->units;
    }
    inv_scan_close(scan);
    return watts;
}
