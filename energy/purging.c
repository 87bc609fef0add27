/* SPDX-License-Identifier: Apache-2.0
 * Dropping readings that are in months, in steps, while others write in
 * between; what is left still lets later readings follow
 * [docs/method.md#live-feeds].
 *
 * Meters are closed up to the cut first, so that nothing comes in below it any
 * more; then their readings go, but the last of each, which the next one is a
 * difference to. One that has been silent since keeps that whole hour and the
 * reading before it: until it is closed up to a reading after the cut, another
 * may come in between, and the hour is worked out again. One that waits for a
 * fold keeps all its readings this time. A fold or another purge in between
 * ends this one; what it leaves the next one finds. */
#include <stdlib.h>

#include "base/mem.h"
#include "energy/fold_priv.h"

enum phase { LOOK, KEEP, FOLLOW, SHUT, DROP, SEAL, MARK, DONE };

struct en_purging {
    struct fold f;
    int64_t before_ns, cut_ns, mark_ns;
    int64_t purged_ns, folds; /* the marks, as this purge knows them */
    int64_t old_ns;           /* purged before */
    enum phase phase;
    double end_s; /* of the step */
    struct fold_row place;
    size_t waiting; /* meters whose first reading after the cut is not seen */
    struct fold_meter **list;
    size_t n, at;
    int64_t sealed; /* month ids up to here */
};

static bool late_now(const struct en_purging *x)
{
    return fold_clock_s() >= x->end_s;
}

static void go_to(struct en_purging *x, enum phase phase, int64_t from_ns)
{
    x->phase = phase;
    x->place = fold_row_at(from_ns);
}

static int64_t hour_start(int64_t t_ns)
{
    return t_ns - t_ns % EN_HOUR_NS;
}

static bool step_look(struct en_purging *x, struct err *err)
{
    int64_t marks[3], to;

    if (!fold_ask(el_stmt(x->f.db, EL_MARK, err), marks, 3, err))
        return false;
    x->mark_ns = marks[0];
    x->old_ns = x->purged_ns = marks[1];
    x->folds = marks[2];
    to = x->before_ns < x->mark_ns ? x->before_ns : x->mark_ns;
    x->cut_ns = hour_start(to);
    go_to(x, x->cut_ns <= x->old_ns ? DONE : KEEP, INT64_MIN);
    return true;
}

/* ---- what is there --------------------------------------------------------
 */

static bool
keep(struct en_purging *x, const struct fold_row *r, struct err *err)
{
    struct fold_meter *m;

    if (!fold_meter_get(&x->f, r->meter, &m, err))
        return false;
    if (m->file)
        return true;
    if (!m->moved_on) /* is there one after the cut? */
        m->due = m->known && m->kind != WIRE_INTERVAL && m->has_last &&
                 m->last.t_ns >= x->cut_ns;
    if (m->moved_on && hour_start(m->last.t_ns) < hour_start(r->t_ns))
        m->start_ns = m->last.t_ns; /* what a silent one keeps */
    m->last = *r;
    m->moved_on = true;
    return true;
}

static void kept_all(struct en_purging *x)
{
    struct fold_meter *m, *next;

    HASH_ITER(hh, x->f.meters, m, next)
    {
        m->due_ns = x->cut_ns; /* what it is closed to */
        m->silent = true;
        x->waiting += m->due;
    }
    x->list = fold_sorted(&x->f, &x->n);
    go_to(x, FOLLOW, x->cut_ns);
}

/* The last reading of each meter below the cut. */
static bool step_keep(struct en_purging *x, struct err *err)
{
    struct fold_rows at;
    bool row;

    if (!fold_rows_after(&at, x->f.db, &x->place, x->cut_ns, err))
        return false;
    for (size_t n = 1;; n++) {
        if (!fold_rows_next(&at, &row, err))
            return false;
        if (!row) {
            kept_all(x);
            return true;
        }
        x->place = at.row;
        if (!keep(x, &at.row, err)) {
            fold_rows_end(&at);
            return false;
        }
        if (n % FOLD_LOOK_ROWS == 0 && late_now(x))
            break;
    }
    fold_rows_end(&at);
    return true;
}

/* From the first reading after the cut on, hours can be worked out again. */
static bool step_follow(struct en_purging *x, struct err *err)
{
    struct fold_rows at;
    bool row;

    if (!fold_rows_after(&at, x->f.db, &x->place, x->mark_ns, err))
        return false;
    for (size_t n = 1; x->waiting; n++) {
        struct fold_meter *m;

        if (!fold_rows_next(&at, &row, err))
            return false;
        if (!row) {
            x->phase = SHUT;
            return true;
        }
        x->place = at.row;
        HASH_FIND(hh, x->f.meters, &at.row.meter, sizeof at.row.meter, m);
        if (m && m->due) {
            m->due = m->silent = false;
            m->due_ns = at.row.t_ns;
            x->waiting--;
        }
        if (n % FOLD_LOOK_ROWS == 0 && late_now(x))
            break;
    }
    fold_rows_end(&at);
    if (!x->waiting)
        x->phase = SHUT;
    return true;
}

/* ---- writing --------------------------------------------------------------
 */

/* Begins a transaction. False in *ours: something else folded or purged. */
static bool begin(struct en_purging *x, bool *ours, struct err *err)
{
    int64_t marks[3];

    if (!db_begin(x->f.db, err))
        return false;
    if (!fold_ask(el_stmt(x->f.db, EL_MARK, err), marks, 3, err)) {
        db_rollback(x->f.db);
        return false;
    }
    *ours = marks[1] == x->purged_ns && marks[2] == x->folds;
    if (!*ours)
        x->phase = DONE;
    return true;
}

static bool shut(struct en_purging *x, struct fold_meter *m, struct err *err)
{
    struct stmt *q = el_stmt(x->f.db, EL_DUE, err);
    bool due;

    if (!q)
        return false;
    stmt_int_at(q, 1, m->id);
    if (!stmt_step(q, &due, err))
        return false;
    stmt_reset(q);
    m->shut = !due && !m->file;
    if (!m->shut)
        return true;
    q = el_stmt(x->f.db, EL_CLOSED_PUT, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, m->due_ns);
    stmt_int_at(q, 2, m->id);
    return stmt_run(q, err);
}

/* The mark is another one with each step, by which feeds see that meters were
 * closed; it is at the cut when all is done: one that ends before is done
 * again.
 */
static bool step_shut(struct en_purging *x, struct err *err)
{
    struct db *db = x->f.db;
    bool ours, ok = false;
    int64_t purged;

    if (!begin(x, &ours, err))
        return false;
    while (ours && x->at < x->n) {
        if (!shut(x, x->list[x->at++], err))
            goto done;
        if (late_now(x))
            break;
    }
    if (ours) {
        purged = x->cut_ns - 1 - (int64_t)(x->n - x->at);
        x->purged_ns = purged == x->purged_ns ? purged - 1 : purged;
        if (!fold_run(db, EL_MARK_PURGED, x->purged_ns, err))
            goto done;
        if (x->at == x->n)
            go_to(x, DROP, INT64_MIN);
    }
    ok = true;
done:
    return fold_end(db, ok, err);
}

static bool may_go(struct en_purging *x, const struct fold_row *r)
{
    struct fold_meter *m;

    HASH_FIND(hh, x->f.meters, &r->meter, sizeof r->meter, m);
    if (!m || m->file)
        return false; /* came in since: of a meter that is new */
    if (!m->known)
        return true;
    if (!m->shut || m->kind == WIRE_INTERVAL)
        return m->shut;
    if (m->silent)
        return r->t_ns < m->start_ns;
    return r->t_ns != m->last.t_ns || r->run != m->last.run ||
           r->seq != m->last.seq;
}

static bool drop(struct db *db, const struct fold_row *r, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_READING_DROP, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, r->t_ns);
    stmt_int_at(q, 2, r->meter);
    stmt_int_at(q, 3, r->run);
    stmt_int_at(q, 4, r->seq);
    return stmt_run(q, err);
}

/* Some of what may go, found first and then deleted. */
static bool drop_some(struct en_purging *x, bool *more, struct err *err)
{
    struct fold_row rows[FOLD_LOOK_ROWS];
    struct fold_rows at;
    size_t n = 0, seen = 0;

    if (!fold_rows_after(&at, x->f.db, &x->place, x->cut_ns, err))
        return false;
    for (*more = true; seen < FOLD_LOOK_ROWS; seen++) {
        if (!fold_rows_next(&at, more, err))
            return false;
        if (!*more)
            break;
        x->place = at.row;
        if (may_go(x, &at.row))
            rows[n++] = at.row;
    }
    if (*more)
        fold_rows_end(&at);
    for (size_t i = 0; i < n; i++)
        if (!drop(x->f.db, &rows[i], err))
            return false;
    return true;
}

static bool step_drop(struct en_purging *x, struct err *err)
{
    struct db *db = x->f.db;
    bool ours, more = true, ok = false;

    if (!begin(x, &ours, err))
        return false;
    while (ours && more) {
        if (!drop_some(x, &more, err))
            goto done;
        if (late_now(x))
            break;
    }
    if (!more) {
        if (!fold_run(db, EL_MOVED_PURGE, x->cut_ns, err))
            goto done;
        x->sealed = INT64_MIN;
        x->phase = SEAL;
    }
    ok = true;
done:
    return fold_end(db, ok, err);
}

/* Months that can no longer change do without what rounding took from their
 * hours. */
static bool seal_some(struct en_purging *x, bool *more, struct err *err)
{
    int month = en_month_of_ns(x->cut_ns);
    struct stmt *q = el_stmt(x->f.db, EL_FINE_OLD, err);
    int64_t ids[FOLD_LOOK_ROWS];
    size_t n = 0;

    if (!q)
        return false;
    stmt_int_at(q, 1, x->sealed);
    stmt_int_at(q, 2, month);
    stmt_int_at(q, 3, month_start_ns(month));
    for (*more = true; n < FOLD_LOOK_ROWS;) {
        if (!stmt_step(q, more, err)) {
            stmt_reset(q);
            return false;
        }
        if (!*more)
            break;
        ids[n++] = stmt_col_int(q, 0);
    }
    stmt_reset(q);
    for (size_t i = 0; i < n; i++)
        if (!fold_run(x->f.db, EL_FINE_DROP, ids[i], err))
            return false;
    if (n)
        x->sealed = ids[n - 1];
    return true;
}

static bool step_seal(struct en_purging *x, struct err *err)
{
    bool more = true, ok = false;

    if (en_month_of_ns(x->cut_ns) == en_month_of_ns(x->old_ns)) {
        x->phase = MARK;
        return true;
    }
    if (!db_begin(x->f.db, err))
        return false;
    while (more) {
        if (!seal_some(x, &more, err))
            goto done;
        if (late_now(x))
            break;
    }
    if (!more)
        x->phase = MARK;
    ok = true;
done:
    return fold_end(x->f.db, ok, err);
}

static bool step_mark(struct en_purging *x, struct err *err)
{
    bool ours, ok;

    if (!begin(x, &ours, err))
        return false;
    ok = !ours || fold_run(x->f.db, EL_MARK_PURGED, x->cut_ns, err);
    x->phase = DONE;
    return fold_end(x->f.db, ok, err);
}

/* ---- all of it ------------------------------------------------------------
 */

struct en_purging *en_purging_new(struct db *db, int64_t before_ns)
{
    struct en_purging *x = xcalloc(1, sizeof *x);

    x->f.db = db;
    x->before_ns = before_ns;
    return x;
}

void en_purging_free(struct en_purging *x)
{
    if (!x)
        return;
    free(x->list);
    fold_clear(&x->f);
    free(x);
}

bool en_purging_step(
        struct en_purging *x, double most_s, bool *more, struct err *err)
{
    static bool (*const steps[])(struct en_purging *, struct err *) = {
            [LOOK] = step_look, [KEEP] = step_keep, [FOLLOW] = step_follow,
            [SHUT] = step_shut, [DROP] = step_drop, [SEAL] = step_seal,
            [MARK] = step_mark,
    };

    x->end_s = fold_clock_s() + most_s;
    while (x->phase != DONE) {
        if (!steps[x->phase](x, err)) {
            err_in(err, "dropping old readings");
            return false;
        }
        if (late_now(x))
            break;
    }
    *more = x->phase != DONE;
    return true;
}

bool en_purge(struct db *db, int64_t before_ns, struct err *err)
{
    struct en_purging *x;
    bool more = true, ok;

    if (!en_fold(db, INT64_MIN, err))
        return false;
    x = en_purging_new(db, before_ns);
    do
        ok = en_purging_step(x, fold_alone_s, &more, err);
    while (ok && more);
    en_purging_free(x);
    return ok;
}
