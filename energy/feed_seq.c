/* SPDX-License-Identifier: Apache-2.0
 * Runs of senders, and which sequence numbers were heard of each: ranges that
 * grow, touch and join. In order they cost a comparison a row and a statement
 * a batch. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/feed_priv.h"

void feed_run_free(struct feed_run *r)
{
    if (!r)
        return;
    free(r->run);
    free(r->boot);
    free(r->ranges);
    free(r);
}

static void insert_at(struct feed_run *r, size_t at, struct feed_range range)
{
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 4;
        r->ranges = xreallocarray(r->ranges, r->cap, sizeof *r->ranges);
    }
    memmove(&r->ranges[at + 1], &r->ranges[at],
            (r->n - at) * sizeof *r->ranges);
    r->ranges[at] = range;
    r->n++;
}

static bool ranges_load(struct en_feed *f, struct feed_run *r, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_SEQS, err);
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, r->id);
    for (;;) {
        uint64_t last;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        last = (uint64_t)stmt_col_int(q, 1);
        insert_at(
                r, r->n,
                (struct feed_range){(uint64_t)stmt_col_int(q, 0), last, last});
    }
    r->changed = r->n;
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool run_load(
        struct en_feed *f, const struct feed_source *s, struct feed_run *r,
        bool *found, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_RUN, err);

    if (!q)
        return false;
    stmt_int(q, ":source", s->id);
    stmt_text(q, ":run", r->run);
    if (!stmt_step(q, found, err))
        return false;
    if (*found) {
        r->id = stmt_col_int(q, 0);
        r->boot = xstrdup(stmt_col_text(q, 1));
        r->has_skew = !stmt_is_null(q, 2);
        r->skew_ns = stmt_col_int(q, 2);
        r->kept_skew = r->skew_ns ? r->skew_ns : r->has_skew;
        r->shift_ns = r->kept_shift = stmt_col_int(q, 3);
    }
    stmt_reset(q);
    return !*found || ranges_load(f, r, err);
}

static bool
run_add(struct en_feed *f, const struct feed_source *s,
        const struct wire_batch *b, struct feed_run *r, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_RUN_ADD, err);

    if (!q)
        return false;
    stmt_int(q, ":source", s->id);
    stmt_text(q, ":run", b->run);
    stmt_text(q, ":boot", b->boot);
    if (!stmt_run(q, err))
        return false;
    r->id = db_last_id(f->db);
    r->boot = xstrdup(b->boot);
    return true;
}

/* Senders restart for years: only the runs last heard of stay in memory. */
static void forget_oldest(struct feed_source *s)
{
    struct feed_run *r, *next, *oldest = NULL;

    if (HASH_COUNT(s->runs) <= FEED_MAX_RUNS)
        return;
    HASH_ITER(hh, s->runs, r, next)
    if (!oldest || r->used < oldest->used)
        oldest = r;
    HASH_DEL(s->runs, oldest);
    feed_run_free(oldest);
}

bool feed_run_get(
        struct en_feed *f, struct feed_source *s, const struct wire_batch *b,
        struct feed_run **out, struct err *err)
{
    struct feed_run *r;
    bool found = false;

    HASH_FIND(hh, s->runs, b->run, strlen(b->run), r);
    if (!r) {
        r = xcalloc(1, sizeof *r);
        r->run = xstrdup(b->run);
        if (!run_load(f, s, r, &found, err) ||
            (!found && !run_add(f, s, b, r, err))) {
            feed_run_free(r);
            return false;
        }
        HASH_ADD_KEYPTR(hh, s->runs, r->run, strlen(r->run), r);
    }
    r->used = ++f->turn;
    forget_oldest(s);
    *out = r;
    return true;
}

/* The first range that ends at seq or after it. */
static size_t find(const struct feed_run *r, uint64_t seq)
{
    size_t low = 0, high = r->n;

    if (r->n && seq > r->ranges[r->n - 1].last)
        return r->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (r->ranges[mid].last < seq)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool feed_seq_has(const struct feed_run *r, uint64_t seq)
{
    size_t at = find(r, seq);

    return at < r->n && r->ranges[at].first <= seq;
}

uint64_t feed_seq_last(const struct feed_run *r)
{
    return r->n ? r->ranges[r->n - 1].last : 0;
}

static bool
drop_stored(struct en_feed *f, struct feed_run *r, size_t at, struct err *err)
{
    struct stmt *q;

    if (!r->ranges[at].stored)
        return true;
    q = el_stmt(f->db, EL_SEQ_DROP, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, r->id);
    stmt_int_at(q, 2, (int64_t)r->ranges[at].first);
    r->ranges[at].stored = 0;
    return stmt_run(q, err);
}

static void changed(struct feed_run *r, size_t at)
{
    if (at < r->changed)
        r->changed = at;
}

bool feed_seq_add(
        struct en_feed *f, struct feed_run *r, uint64_t seq, bool *room,
        struct err *err)
{
    size_t at = find(r, seq);
    bool before = at > 0 && r->ranges[at - 1].last + 1 == seq;
    bool after = at < r->n && r->ranges[at].first == seq + 1;

    *room = true;
    if (before && after) { /* a hole closes: two become one */
        if (!drop_stored(f, r, at, err))
            return false;
        r->ranges[at - 1].last = r->ranges[at].last;
        memmove(&r->ranges[at], &r->ranges[at + 1],
                (r->n - at - 1) * sizeof *r->ranges);
        r->n--;
        changed(r, at - 1);
    } else if (before) {
        r->ranges[at - 1].last = seq;
        changed(r, at - 1);
    } else if (after) {
        if (!drop_stored(f, r, at, err))
            return false;
        r->ranges[at].first = seq;
        changed(r, at);
    } else if (r->n < FEED_MAX_RANGES) {
        insert_at(r, at, (struct feed_range){seq, seq, 0});
        changed(r, at);
    } else {
        *room = false;
    }
    return true;
}

static bool ranges_store(struct en_feed *f, struct feed_run *r, struct err *err)
{
    for (size_t i = r->changed; i < r->n; i++) {
        struct feed_range *g = &r->ranges[i];
        struct stmt *q;

        if (g->stored == g->last)
            continue;
        q = el_stmt(f->db, EL_SEQ_PUT, err);
        if (!q)
            return false;
        stmt_int_at(q, 1, r->id);
        stmt_int_at(q, 2, (int64_t)g->first);
        stmt_int_at(q, 3, (int64_t)g->last);
        if (!stmt_run(q, err))
            return false;
        g->stored = g->last;
    }
    r->changed = r->n;
    return true;
}

/* The clock is stored when it has moved, not at each batch. */
static bool clock_moved(const struct feed_run *r)
{
    return r->has_skew &&
           (r->kept_shift - r->shift_ns > EN_NS_PER_S ||
            r->shift_ns - r->kept_shift > EN_NS_PER_S || !r->kept_skew ||
            r->kept_skew - r->skew_ns > EN_NS_PER_S ||
            r->skew_ns - r->kept_skew > EN_NS_PER_S);
}

bool feed_run_store(struct en_feed *f, struct feed_run *r, struct err *err)
{
    struct stmt *q;

    if (!ranges_store(f, r, err))
        return false;
    if (!clock_moved(r))
        return true;
    q = el_stmt(f->db, EL_RUN_CLOCK, err);
    if (!q)
        return false;
    stmt_int(q, ":id", r->id);
    stmt_int(q, ":skew", r->skew_ns);
    stmt_int(q, ":shift", r->shift_ns);
    if (!stmt_run(q, err))
        return false;
    r->kept_skew = r->skew_ns ? r->skew_ns : 1;
    r->kept_shift = r->shift_ns;
    return true;
}
