/* SPDX-License-Identifier: Apache-2.0
 * Dropping readings that are in months, so that later ones still fit to what
 * is left [docs/method.md#live-feeds]. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/fold_priv.h"

struct marks {
    int64_t folded_ns, purged_ns;
};

static bool marks_read(struct db *db, struct marks *out, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_MARK, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    CHECK(row);
    *out = (struct marks){stmt_col_int(q, 0), stmt_col_int(q, 1)};
    stmt_reset(q);
    return true;
}

static bool run_int(struct db *db, enum el_sql id, int64_t v, struct err *err)
{
    struct stmt *q = el_stmt(db, id, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, v);
    return stmt_run(q, err);
}

static int64_t hour_start(int64_t t_ns)
{
    return t_ns - t_ns % EN_HOUR_NS;
}

/* ---- purging --------------------------------------------------------------
 */

/* The last reading of each meter below the cut stays: the next one is a
 * difference to it. */
static bool purge_keep(struct fold *f, int64_t cut_ns, struct err *err)
{
    struct fold_rows at;
    bool row;

    if (!fold_rows_from(&at, f->db, INT64_MIN, cut_ns, err))
        return false;
    for (;;) {
        struct fold_meter *m;

        if (!fold_rows_next(&at, &row, err))
            return false;
        if (!row)
            return true;
        if (!fold_meter_get(f, at.row.meter, &m, err)) {
            fold_rows_end(&at);
            return false;
        }
        if (m->file)
            continue;
        if (!m->moved_on) /* is there one after the cut? */
            m->due = m->known && m->kind != WIRE_INTERVAL && m->has_last &&
                     m->last.t_ns >= cut_ns;
        m->last = at.row;
        m->moved_on = true;
    }
}

static bool
purge_put_back(struct fold *f, const struct fold_meter *m, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_READING_ADD, err);
    const struct fold_row *r = &m->last;

    if (!q)
        return false;
    stmt_int_at(q, 1, r->t_ns);
    stmt_int_at(q, 2, r->meter);
    stmt_int_at(q, 3, r->run);
    stmt_int_at(q, 4, r->seq);
    stmt_int_at(q, 5, r->value);
    if (r->moved)
        stmt_int_at(q, 7, r->node_ns);
    return stmt_run(q, err);
}

/* From the first reading after the cut on, hours can be worked out again. */
static bool
purge_close(struct fold *f, int64_t cut_ns, int64_t mark_ns, struct err *err)
{
    struct fold_meter *m, *next;
    struct fold_rows at;
    size_t waiting = 0;
    bool row;

    HASH_ITER(hh, f->meters, m, next)
    {
        m->due_ns = cut_ns; /* what it is closed to */
        waiting += m->due;
    }
    if (!fold_rows_from(&at, f->db, cut_ns, mark_ns, err))
        return false;
    while (waiting) {
        if (!fold_rows_next(&at, &row, err))
            return false;
        if (!row)
            return true;
        HASH_FIND(hh, f->meters, &at.row.meter, sizeof at.row.meter, m);
        if (!m || !m->due)
            continue;
        m->due = false;
        m->due_ns = at.row.t_ns;
        waiting--;
    }
    fold_rows_end(&at);
    return true;
}

static bool
purge_rows(struct fold *f, int64_t cut_ns, int64_t mark_ns, struct err *err)
{
    struct fold_meter **list = NULL;
    size_t n = 0;
    bool ok = false;

    if (!purge_keep(f, cut_ns, err) ||
        !run_int(f->db, EL_ROWS_DROP, cut_ns, err) ||
        !run_int(f->db, EL_MOVED_PURGE, cut_ns, err) ||
        !purge_close(f, cut_ns, mark_ns, err))
        goto done;
    list = fold_sorted(f, &n);
    for (size_t i = 0; i < n; i++) {
        struct stmt *q = el_stmt(f->db, EL_CLOSED_PUT, err);

        if (list[i]->file)
            continue;
        if (!q || (list[i]->kind != WIRE_INTERVAL &&
                   !purge_put_back(f, list[i], err)))
            goto done;
        stmt_int_at(q, 1, list[i]->due_ns);
        stmt_int_at(q, 2, list[i]->id);
        if (!stmt_run(q, err))
            goto done;
    }
    ok = run_int(f->db, EL_MONTHS_SEAL, en_month_of_ns(cut_ns), err) &&
         run_int(f->db, EL_MARK_PURGED, cut_ns, err);
done:
    free(list);
    return ok;
}

static bool any_due(struct db *db, bool *out, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_DUES_ANY, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    *out = row && stmt_col_int(q, 0) != 0;
    stmt_reset(q);
    return true;
}

bool en_purge(struct db *db, int64_t before_ns, struct err *err)
{
    struct fold f = {.db = db};
    bool due, ok = false;
    struct marks m;
    int64_t cut;

    if (!en_fold(db, INT64_MIN, err) || !db_begin(db, err))
        return false;
    if (!marks_read(db, &m, err) || !any_due(db, &due, err))
        goto done;
    cut = hour_start(before_ns < m.folded_ns ? before_ns : m.folded_ns);
    /* What is due may need readings from anywhere: another time. */
    ok = due || cut <= m.purged_ns || purge_rows(&f, cut, m.folded_ns, err);
done:
    fold_clear(&f);
    if (ok)
        return db_commit(db, err);
    db_rollback(db);
    err_in(err, "dropping old readings");
    return false;
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
