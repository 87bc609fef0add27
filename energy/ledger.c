/* SPDX-License-Identifier: Apache-2.0
 * Folding: from readings to months, forward in slices, and again from a late
 * reading on [docs/method.md#live-feeds]. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/fold_priv.h"

enum {
    SLICE_ROWS = 100000,   /* of one transaction */
    FLUSH_HOURS = 1000000, /* gathered in memory: 32 MB */
};

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

static bool run_plain(struct db *db, enum el_sql id, struct err *err)
{
    struct stmt *q = el_stmt(db, id, err);

    return q && stmt_run(q, err);
}

/* ---- meters with late readings --------------------------------------------
 */

struct late { /* what the pass over them needs */
    struct fold_meter **meters;
    size_t n, cap;
    size_t rewinding;           /* counters and gauges that go back */
    int64_t first_ns, last_due; /* where to read from, and the latest due */
};

static void late_add(struct late *l, struct fold_meter *m)
{
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 64;
        l->meters =
                xreallocarray(l->meters, l->cap, sizeof(struct fold_meter *));
    }
    l->meters[l->n++] = m;
}

static int64_t hour_start(int64_t t_ns)
{
    return t_ns - t_ns % EN_HOUR_NS;
}

static bool late_load(struct fold *f, struct late *l, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_DUES, err);
    bool row, ok = false;

    if (!q)
        return false;
    for (;;) {
        struct fold_meter *m;
        int64_t from;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        from = stmt_col_int(q, 1);
        if (!fold_meter_get(f, stmt_col_int(q, 0), &m, err))
            goto done;
        m->due = true;
        m->due_ns = m->start_ns = from;
        if (m->kind == WIRE_INTERVAL) {
            m->rewound = true;
            m->start_ns = m->floor_ns = hour_start(from);
        } else if (m->has_last && from <= m->last.t_ns) {
            m->rewound = true;
            m->has_last = false; /* found again below */
            l->rewinding += m->first_ns < from;
        }
        if (from > l->last_due)
            l->last_due = from;
        late_add(l, m);
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* Backwards over one reading of a meter that goes back: the first below its
 * due time says which hour to begin with, the first before that hour is what
 * the next is a difference to. True when it needs no more. */
static bool back_over(struct fold_meter *m, const struct fold_row *r)
{
    if (r->t_ns >= m->due_ns)
        return false;
    if (m->floor_ns == INT64_MIN) {
        m->floor_ns = m->start_ns = hour_start(r->t_ns);
        if (m->first_ns >= m->floor_ns)
            return true; /* nothing before that hour */
    }
    if (r->t_ns >= m->floor_ns)
        return false;
    m->last = *r;
    m->has_last = true;
    return true;
}

static bool late_rewind(struct fold *f, struct late *l, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_ROWS_BACK, err);
    size_t left = l->rewinding;
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, l->last_due);
    while (left > 0) {
        struct fold_meter *m;
        struct fold_row r;
        int64_t id;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        id = stmt_col_int(q, 1);
        HASH_FIND(hh, f->meters, &id, sizeof id, m);
        if (!m || !m->rewound || m->kind == WIRE_INTERVAL || m->has_last)
            continue;
        fold_row_read(q, &r);
        left -= back_over(m, &r);
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool late_begin(struct fold *f, struct late *l, struct err *err)
{
    if (l->rewinding && !late_rewind(f, l, err))
        return false;
    l->first_ns = INT64_MAX;
    for (size_t i = 0; i < l->n; i++) {
        struct fold_meter *m = l->meters[i];

        if (m->rewound && m->floor_ns == INT64_MIN) /* nothing before it */
            m->floor_ns = m->start_ns = hour_start(m->due_ns);
        if (m->known && m->rewound && !fold_erase(f, m, err))
            return false;
        if (m->start_ns < l->first_ns)
            l->first_ns = m->start_ns;
    }
    return true;
}

static bool
late_rows(struct fold *f, int64_t from_ns, int64_t to_ns, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_ROWS, err);
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, from_ns);
    stmt_int_at(q, 2, to_ns);
    for (;;) {
        struct fold_meter *m;
        struct fold_row r;
        int64_t id;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        id = stmt_col_int(q, 1);
        HASH_FIND(hh, f->meters, &id, sizeof id, m);
        if (!m || !m->due || !m->known)
            continue;
        fold_row_read(q, &r);
        if (r.t_ns < m->start_ns)
            continue;
        if (!fold_take(f, m, &r, err) ||
            (f->n_hours >= FLUSH_HOURS && !fold_flush(f, err)))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* Readings that came in below the mark. */
static bool fold_late(struct fold *f, int64_t mark_ns, struct err *err)
{
    struct late l = {.last_due = INT64_MIN};
    bool ok = false;

    if (!late_load(f, &l, err))
        goto done;
    if (l.n == 0) {
        ok = true;
        goto done;
    }
    if (!late_begin(f, &l, err) || !late_rows(f, l.first_ns, mark_ns, err) ||
        !fold_flush(f, err) || !run_plain(f->db, EL_DUES_DROP, err) ||
        !run_plain(f->db, EL_MARK_FOLDS, err))
        goto done;
    for (size_t i = 0; i < l.n; i++)
        l.meters[i]->floor_ns = l.meters[i]->start_ns = INT64_MIN;
    ok = true;
done:
    free(l.meters);
    return ok;
}

/* ---- forward --------------------------------------------------------------
 */

/* Readings from the mark on, at most a slice of them, never half of one
 * instant; *mark_ns gets where the next slice begins. */
static bool
fold_slice(struct fold *f, int64_t *mark_ns, int64_t until_ns, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_ROWS, err);
    int64_t last_ns = INT64_MIN;
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, *mark_ns);
    stmt_int_at(q, 2, until_ns);
    for (uint64_t n = 0;; n++) {
        struct fold_meter *m;
        struct fold_row r;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row) {
            *mark_ns = until_ns;
            break;
        }
        fold_row_read(q, &r);
        if (n >= SLICE_ROWS && r.t_ns != last_ns) {
            *mark_ns = r.t_ns;
            break;
        }
        last_ns = r.t_ns;
        if (!fold_meter_get(f, r.meter, &m, err) ||
            (m->known && !fold_take(f, m, &r, err)) ||
            (f->n_hours >= FLUSH_HOURS && !fold_flush(f, err)))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok && fold_flush(f, err) &&
           run_int(f->db, EL_MARK_FOLDED, *mark_ns, err);
}

static bool
fold_once(struct db *db, int64_t until_ns, bool *more, struct err *err)
{
    struct fold f = {.db = db};
    struct marks m;
    bool ok = false;

    if (!db_begin(db, err))
        return false;
    if (!marks_read(db, &m, err) || !fold_late(&f, m.folded_ns, err))
        goto done;
    if (until_ns > m.folded_ns && !fold_slice(&f, &m.folded_ns, until_ns, err))
        goto done;
    *more = m.folded_ns < until_ns;
    ok = true;
done:
    fold_clear(&f);
    if (ok)
        return db_commit(db, err);
    db_rollback(db);
    return false;
}

bool en_fold(struct db *db, int64_t until_ns, struct err *err)
{
    bool more = true;

    while (more)
        if (!fold_once(db, until_ns, &more, err)) {
            err_in(err, "folding readings");
            return false;
        }
    return true;
}

/* ---- purging --------------------------------------------------------------
 */

/* The last reading of each meter below the cut stays: the next one is a
 * difference to it. */
static bool purge_keep(struct fold *f, int64_t cut_ns, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_ROWS, err);
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, INT64_MIN);
    stmt_int_at(q, 2, cut_ns);
    for (;;) {
        struct fold_meter *m;
        struct fold_row r;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        fold_row_read(q, &r);
        if (!fold_meter_get(f, r.meter, &m, err))
            goto done;
        if (m->file)
            continue;
        if (!m->moved_on) /* is there one after the cut? */
            m->due = m->known && m->kind != WIRE_INTERVAL && m->has_last &&
                     m->last.t_ns >= cut_ns;
        m->last = r;
        m->moved_on = true;
        m->start_ns = stmt_is_null(q, 6) ? r.t_ns : stmt_col_int(q, 6);
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
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
        stmt_int_at(q, 7, m->start_ns); /* its node clock, kept there */
    return stmt_run(q, err);
}

/* From the first reading after the cut on, hours can be worked out again. */
static bool
purge_close(struct fold *f, int64_t cut_ns, int64_t mark_ns, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_ROWS, err);
    struct fold_meter *m, *next;
    size_t waiting = 0;
    bool row = true, ok = false;

    if (!q)
        return false;
    HASH_ITER(hh, f->meters, m, next)
    {
        m->due_ns = cut_ns; /* what it is closed to */
        waiting += m->due;
    }
    stmt_int_at(q, 1, cut_ns);
    stmt_int_at(q, 2, mark_ns);
    while (waiting && row) {
        int64_t id;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        id = stmt_col_int(q, 1);
        HASH_FIND(hh, f->meters, &id, sizeof id, m);
        if (!m || !m->due)
            continue;
        m->due = false;
        m->due_ns = stmt_col_int(q, 0);
        waiting--;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
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

bool en_purge(struct db *db, int64_t before_ns, struct err *err)
{
    struct fold f = {.db = db};
    struct marks m;
    int64_t cut;
    bool ok = false;

    if (!db_begin(db, err))
        return false;
    if (!marks_read(db, &m, err) || !fold_late(&f, m.folded_ns, err))
        goto done;
    fold_clear(&f);
    cut = hour_start(before_ns < m.folded_ns ? before_ns : m.folded_ns);
    ok = cut <= m.purged_ns || purge_rows(&f, cut, m.folded_ns, err);
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
