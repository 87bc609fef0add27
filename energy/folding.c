/* SPDX-License-Identifier: Apache-2.0
 * Folding in steps: from readings to months, forward and again from a late
 * reading on, while others write in between [docs/method.md#live-feeds].
 *
 * A pass raises the mark first and notes every meter as due from the old one:
 * what a meter has in months is all up to the mark, unless it is due. Readings
 * are then read and added up in memory, and written meter by meter, each with
 * its due in one transaction, so that a crash leaves some meters due and
 * nothing twice. A reading that comes in below the mark meanwhile changes the
 * due of its meter, which is then left to the next pass. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/fold_priv.h"

enum {
    FLUSH_HOURS = 1000000, /* gathered in memory: 32 MB */
    PASSES = 8,            /* of en_fold, while late readings come in */
};

enum phase { RAISE, LOAD, REWIND, READ, FLUSH, DONE };

struct en_folding {
    struct fold f;
    int64_t until_ns, mark_ns;
    int64_t folds; /* as this pass set it; another number: another pass */
    enum phase phase;
    double end_s;               /* of the step */
    struct fold_meter **meters; /* those due, by id */
    size_t n, cap, at;
    size_t rewinding;           /* counters and gauges that still go back */
    int64_t first_ns, last_due; /* where to read from, and the latest due */
    struct fold_row place;      /* the last one read */
    size_t most_hours;          /* gathered before they are written */
    bool partial;               /* flushing before all was read */
    int64_t next_ns;            /* where reading goes on then */
    bool left;                  /* something is still due */
};

static bool late_now(const struct en_folding *x)
{
    return fold_clock_s() >= x->end_s;
}

/* ---- raising the mark -----------------------------------------------------
 */

/* Every meter is due from the old mark on, if there is anything to read. */
static bool raise_mark(struct en_folding *x, struct err *err)
{
    struct db *db = x->f.db;
    struct stmt *q = el_stmt(db, EL_ROWS_ANY, err);
    int64_t any;

    if (!q)
        return false;
    stmt_int_at(q, 1, x->mark_ns);
    stmt_int_at(q, 2, x->until_ns);
    if (!fold_ask(q, &any, 1, err) ||
        (any && !fold_run(db, EL_DUES_ALL, x->mark_ns, err)))
        return false;
    x->mark_ns = x->until_ns;
    return fold_run(db, EL_MARK_FOLDED, x->until_ns, err);
}

/* The passes are counted: whoever began one before ends it. */
static bool count_pass(struct en_folding *x, struct err *err)
{
    struct stmt *q = el_stmt(x->f.db, EL_MARK_FOLDS, err);
    int64_t marks[3];

    if (!q || !stmt_run(q, err) ||
        !fold_ask(el_stmt(x->f.db, EL_MARK, err), marks, 3, err))
        return false;
    x->mark_ns = marks[0];
    x->folds = marks[2];
    return true;
}

/* False in *out: another pass has begun, and takes over. */
static bool still_ours(struct en_folding *x, bool *out, struct err *err)
{
    int64_t marks[3];

    if (!fold_ask(el_stmt(x->f.db, EL_MARK, err), marks, 3, err))
        return false;
    *out = marks[2] == x->folds;
    if (!*out) {
        x->left = true;
        x->phase = DONE;
    }
    return true;
}

static bool step_raise(struct en_folding *x, struct err *err)
{
    struct db *db = x->f.db;
    int64_t marks[3], any = 0;
    bool ok = false;

    if (!db_begin(db, err))
        return false;
    if (!fold_ask(el_stmt(db, EL_MARK, err), marks, 3, err))
        goto done;
    x->mark_ns = marks[0];
    if ((x->until_ns > x->mark_ns && !raise_mark(x, err)) ||
        !fold_ask(el_stmt(db, EL_DUES_ANY, err), &any, 1, err) ||
        (any && !count_pass(x, err)))
        goto done;
    x->phase = any ? LOAD : DONE;
    ok = true;
done:
    return fold_end(db, ok, err);
}

/* ---- meters that are due --------------------------------------------------
 */

static int64_t hour_start(int64_t t_ns)
{
    return t_ns - t_ns % EN_HOUR_NS;
}

static void due_add(struct en_folding *x, struct fold_meter *m, int64_t from)
{
    if (x->n == x->cap) {
        x->cap = x->cap ? x->cap * 2 : 64;
        x->meters =
                xreallocarray(x->meters, x->cap, sizeof(struct fold_meter *));
    }
    x->meters[x->n++] = m;
    m->due = true;
    m->due_ns = from;
    if (from < m->closed_ns) /* those readings are gone, their hours stay */
        from = m->closed_ns;
    m->start_ns = from;
    if (from > x->last_due)
        x->last_due = from;
    if (!m->has_last || from > m->last.t_ns)
        return; /* nothing of it is in months yet */
    m->rewound = true;
    m->folded_ns = m->last.t_ns;
    if (m->kind == WIRE_INTERVAL) {
        m->start_ns = m->floor_ns = hour_start(from);
    } else {
        m->has_last = false; /* found again by going back */
        x->rewinding += m->first_ns < from;
    }
}

/* Counted once more: from here on a late reading changes the due of its meter,
 * whatever its sender wrote before. */
static bool begin_reading(struct en_folding *x, struct err *err)
{
    struct db *db = x->f.db;
    bool ours, ok;

    if (!db_begin(db, err))
        return false;
    ok = still_ours(x, &ours, err) && (!ours || count_pass(x, err));
    if (ok && ours) {
        x->place = fold_row_at(x->last_due);
        x->phase = REWIND;
    }
    return fold_end(db, ok, err);
}

static bool step_load(struct en_folding *x, struct err *err)
{
    int64_t after = x->n ? x->meters[x->n - 1]->id : INT64_MIN;
    struct fold_dues due;
    bool row;

    if (!fold_dues_after(&due, x->f.db, after, err))
        return false;
    for (size_t n = 1;; n++) {
        struct fold_meter *m;

        if (!fold_dues_next(&due, &row, err))
            return false;
        if (!row)
            return begin_reading(x, err);
        if (!fold_meter_get(&x->f, due.meter, &m, err)) {
            fold_dues_end(&due);
            return false;
        }
        due_add(x, m, due.from_ns);
        if (n % 32 == 0 && late_now(x)) {
            fold_dues_end(&due);
            return true;
        }
    }
}

/* ---- going back -----------------------------------------------------------
 */

/* Backwards over one reading of a meter that goes back: the first below its
 * due time says which hour to begin with, the first before that hour is what
 * the next is a difference to. True when it needs no more. */
static bool back_over(struct fold_meter *m, const struct fold_row *r)
{
    if (r->t_ns >= m->start_ns)
        return false;
    if (m->floor_ns == INT64_MIN) {
        m->floor_ns = m->start_ns = hour_start(r->t_ns);
        return m->first_ns >= m->floor_ns; /* nothing before that hour */
    }
    m->last = *r;
    m->has_last = true;
    return true;
}

/* Where the readings before its floor are gone, hours that are closed stay. */
static void rewound_one(struct fold_meter *m)
{
    bool all = m->kind == WIRE_INTERVAL || m->has_last;

    if (m->floor_ns == INT64_MIN) /* nothing before it */
        m->floor_ns = m->start_ns = hour_start(m->start_ns);
    if (!all && m->first_ns < m->floor_ns &&
        m->floor_ns < hour_start(m->closed_ns))
        m->floor_ns = hour_start(m->closed_ns);
}

static void rewound_all(struct en_folding *x)
{
    x->first_ns = INT64_MAX;
    for (size_t i = 0; i < x->n; i++) {
        struct fold_meter *m = x->meters[i];

        if (m->rewound)
            rewound_one(m);
        if (m->start_ns < x->first_ns)
            x->first_ns = m->start_ns;
    }
    x->place = fold_row_at(x->first_ns);
    x->phase = READ;
}

static bool step_rewind(struct en_folding *x, struct err *err)
{
    struct fold_rows at;
    bool row;

    if (!x->rewinding) {
        rewound_all(x);
        return true;
    }
    if (!fold_rows_before(&at, x->f.db, &x->place, err))
        return false;
    for (size_t n = 1; x->rewinding; n++) {
        struct fold_meter *m;

        if (!fold_rows_next(&at, &row, err))
            return false;
        if (!row) {
            x->rewinding = 0;
            return true;
        }
        x->place = at.row;
        HASH_FIND(hh, x->f.meters, &at.row.meter, sizeof at.row.meter, m);
        if (m && m->rewound && m->kind != WIRE_INTERVAL && !m->has_last)
            x->rewinding -= back_over(m, &at.row);
        if (n % FOLD_LOOK_ROWS == 0 && late_now(x))
            break;
    }
    fold_rows_end(&at);
    return true;
}

/* ---- reading --------------------------------------------------------------
 */

/* Hours before its floor stay as they are, but for intervals that are in no
 * month yet: all of those is new. */
static bool
take(struct en_folding *x, const struct fold_row *r, struct err *err)
{
    struct fold_meter *m;
    int64_t floor_ns;
    bool ok;

    HASH_FIND(hh, x->f.meters, &r->meter, sizeof r->meter, m);
    if (!m || !m->due || !m->known || m->left || r->t_ns < m->start_ns)
        return true;
    floor_ns = m->floor_ns;
    if (m->kind == WIRE_INTERVAL && r->t_ns > m->folded_ns)
        m->floor_ns = INT64_MIN;
    ok = fold_take(&x->f, m, r, err);
    m->floor_ns = floor_ns;
    return ok;
}

static bool step_read(struct en_folding *x, struct err *err)
{
    struct fold_rows at;
    bool row;

    if (!fold_rows_after(&at, x->f.db, &x->place, x->mark_ns, err))
        return false;
    for (size_t n = 1;; n++) {
        if (!fold_rows_next(&at, &row, err))
            return false;
        x->partial = row && x->f.n_hours >= x->most_hours &&
                     at.row.t_ns > x->place.t_ns; /* no half of an instant */
        if (!row || x->partial) {
            x->next_ns = at.row.t_ns;
            x->at = 0;
            x->phase = FLUSH;
            break;
        }
        x->place = at.row;
        if (!take(x, &at.row, err)) {
            fold_rows_end(&at);
            return false;
        }
        if (n % FOLD_LOOK_ROWS == 0 && late_now(x))
            break;
    }
    if (row)
        fold_rows_end(&at);
    return true;
}

/* ---- writing --------------------------------------------------------------
 */

/* Readings came in for it below the mark: what was added up lacks them. */
static bool still_due(
        struct en_folding *x, struct fold_meter *m, bool *out, struct err *err)
{
    struct stmt *q = el_stmt(x->f.db, EL_DUE, err);
    bool row;

    if (!q)
        return false;
    stmt_int_at(q, 1, m->id);
    if (!stmt_step(q, &row, err))
        return false;
    *out = row && stmt_col_int(q, 0) == m->due_ns;
    stmt_reset(q);
    return true;
}

static void hours_free(struct fold *f, struct fold_meter *m)
{
    f->n_hours -= m->n_hours;
    free(m->hours);
    m->hours = NULL;
    m->n_hours = m->cap_hours = 0;
}

static bool
due_done(struct en_folding *x, struct fold_meter *m, struct err *err)
{
    struct stmt *q;

    if (!x->partial)
        return fold_run(x->f.db, EL_DUE_DROP, m->id, err);
    q = el_stmt(x->f.db, EL_DUE_SET, err);
    if (!q)
        return false;
    m->due_ns = x->next_ns;
    stmt_int_at(q, 1, m->due_ns);
    stmt_int_at(q, 2, m->id);
    return stmt_run(q, err);
}

/* One that goes back stays due from where it was until it is through: should
 * the pass end before, the next one goes back again. */
static bool
flush_one(struct en_folding *x, struct fold_meter *m, struct err *err)
{
    bool nothing = !m->n_hours && !m->moved_on, due;
    bool done = !x->partial || !m->rewound;

    if (m->left || (x->partial && nothing))
        return true;
    if (!still_due(x, m, &due, err))
        return false;
    if (!due) {
        m->left = x->left = true;
        hours_free(&x->f, m);
        return true;
    }
    if (m->known && m->rewound && !m->erased && !fold_erase(&x->f, m, err))
        return false;
    m->erased = true;
    if ((m->known && !fold_flush(&x->f, m, err)) ||
        (done && m->known && m->moved_on && !fold_last_put(&x->f, m, err)) ||
        (done && !due_done(x, m, err)))
        return false;
    hours_free(&x->f, m);
    return true;
}

static bool step_flush(struct en_folding *x, struct err *err)
{
    struct db *db = x->f.db;
    bool ours, ok = false;

    if (!db_begin(db, err))
        return false;
    if (!still_ours(x, &ours, err))
        goto done;
    while (ours && x->at < x->n) {
        if (!flush_one(x, x->meters[x->at++], err))
            goto done;
        if (late_now(x))
            break;
    }
    if (ours && x->at == x->n)
        x->phase = x->partial ? READ : DONE;
    ok = true;
done:
    return fold_end(db, ok, err);
}

/* ---- a pass ---------------------------------------------------------------
 */

struct en_folding *en_folding_new(struct db *db, int64_t until_ns)
{
    struct en_folding *x = xcalloc(1, sizeof *x);

    x->f.db = db;
    x->until_ns = until_ns;
    x->last_due = INT64_MIN;
    x->most_hours = FLUSH_HOURS;
    return x;
}

void fold_gather(struct en_folding *x, size_t most_hours)
{
    x->most_hours = most_hours;
}

void en_folding_free(struct en_folding *x)
{
    if (!x)
        return;
    fold_clear(&x->f);
    free(x->meters);
    free(x);
}

bool en_folding_left(const struct en_folding *x)
{
    return x->left;
}

bool en_folding_step(
        struct en_folding *x, double most_s, bool *more, struct err *err)
{
    static bool (*const steps[])(struct en_folding *, struct err *) = {
            [RAISE] = step_raise, [LOAD] = step_load,   [REWIND] = step_rewind,
            [READ] = step_read,   [FLUSH] = step_flush,
    };

    x->end_s = fold_clock_s() + most_s;
    while (x->phase != DONE) {
        if (!steps[x->phase](x, err)) {
            err_in(err, "folding readings");
            return false;
        }
        if (late_now(x))
            break;
    }
    *more = x->phase != DONE;
    return true;
}

bool en_fold(struct db *db, int64_t until_ns, struct err *err)
{
    bool again = true, ok = true;

    for (int i = 0; ok && again && i < PASSES; i++) {
        struct en_folding *x = en_folding_new(db, until_ns);
        bool more = true;

        while (ok && more)
            ok = en_folding_step(x, fold_alone_s, &more, err);
        again = x->left;
        en_folding_free(x);
    }
    return ok;
}
