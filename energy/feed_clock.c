/* SPDX-License-Identifier: Apache-2.0
 * From the clocks of senders to the time of bins, and how often a meter is
 * read [docs/method.md#live-feeds].
 *
 * A row read an hour ago may come from a slow clock or from a sender that was
 * cut off for an hour. A clock is therefore judged by the newest row of a batch
 * and by the least t_recv - t_node that its run has shown: an outage only adds
 * to that. Over 300 s the run's rows are shifted so that the newest lies at
 * t_recv; the distances between rows stay as they were measured.
 *
 * A sender that tells its clock with each push leaves nothing to judge: its
 * skew is known to what the network takes, however old the rows are. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/feed_priv.h"

enum {
    BACKLOG_S = 60, /* less late than before by more: it is catching up */
    SETTLED = FEED_DELTAS,
};

static bool far(int64_t ns)
{
    return ns > EN_SKEW_NS || ns < -EN_SKEW_NS;
}

/* Over the rows from `seq` on; false when there are none. */
static bool
extent(const struct wire_batch *b, uint64_t seq, int64_t recv_ns,
       int64_t *oldest, int64_t *newest)
{
    *oldest = INT64_MAX;
    *newest = INT64_MIN;
    for (size_t i = 0; i < b->n_samples; i++) {
        const struct wire_sample *s = &b->samples[i];

        if (s->seq < seq || !feed_time_sane(b, s->t_ns, recv_ns))
            continue;
        if (s->t_ns < *oldest)
            *oldest = s->t_ns;
        if (s->t_ns > *newest)
            *newest = s->t_ns;
    }
    return *newest >= *oldest;
}

/* ---- back to node time: it was a backlog after all ------------------------
 */

struct moved {
    int64_t t_ns, meter, seq, value, from_ns, node_ns;
    bool has_from;
};

static bool moved_load(
        struct en_feed *f, const struct feed_run *r, struct moved **rows,
        size_t *n, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_MOVED_READINGS, err);
    size_t cap = 0;
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, r->id);
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (*n == cap) {
            cap = cap ? cap * 2 : 256;
            *rows = xreallocarray(*rows, cap, sizeof **rows);
        }
        (*rows)[(*n)++] = (struct moved){
                .t_ns = stmt_col_int(q, 0),
                .meter = stmt_col_int(q, 1),
                .seq = stmt_col_int(q, 2),
                .value = stmt_col_int(q, 3),
                .has_from = !stmt_is_null(q, 4),
                .from_ns = stmt_col_int(q, 4),
                .node_ns = stmt_col_int(q, 5)};
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool move_back(
        struct en_feed *f, const struct feed_run *r, const struct moved *m,
        struct err *err)
{
    int64_t shift = m->t_ns - m->node_ns;
    struct stmt *q = el_stmt(f->db, EL_READING_DROP, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, m->t_ns);
    stmt_int_at(q, 2, m->meter);
    stmt_int_at(q, 3, r->id);
    stmt_int_at(q, 4, m->seq);
    if (!stmt_run(q, err))
        return false;
    q = el_stmt(f->db, EL_READING_ADD, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, m->node_ns);
    stmt_int_at(q, 2, m->meter);
    stmt_int_at(q, 3, r->id);
    stmt_int_at(q, 4, m->seq);
    stmt_int_at(q, 5, m->value);
    if (m->has_from)
        stmt_int_at(q, 6, m->from_ns - shift);
    if (!stmt_run(q, err))
        return false;
    return m->t_ns >= f->folded_ns && m->node_ns >= f->folded_ns
                   ? true
                   : feed_due(
                             f, m->meter,
                             m->has_from ? m->from_ns - shift : m->node_ns,
                             err);
}

static bool unmove(struct en_feed *f, struct feed_run *r, struct err *err)
{
    struct moved *rows = NULL;
    struct stmt *q;
    size_t n = 0;
    bool ok = false;

    if (!moved_load(f, r, &rows, &n, err))
        goto done;
    for (size_t i = 0; i < n; i++)
        if (!move_back(f, r, &rows[i], err))
            goto done;
    q = el_stmt(f->db, EL_MOVED_DROP, err);
    if (!q)
        goto done;
    stmt_int_at(q, 1, r->id);
    ok = stmt_run(q, err);
    r->last_bin = r->last_t;
done:
    free(rows);
    return ok;
}

/* ---- skew -----------------------------------------------------------------
 */

/* Since it was judged its rows came on by more than the time that passed: short
 * batches of a backlog count together. A clock that is put right slowly, or a
 * batch that was under way for long, begins anew. */
static bool hurrying(struct feed_run *r, int64_t skew_ns, int64_t recv_ns)
{
    int64_t drop = r->judged_ns - skew_ns;

    if (!r->judged_recv || recv_ns - r->judged_recv >= drop) {
        r->judged_ns = skew_ns;
        r->judged_recv = recv_ns;
        return false;
    }
    return drop > BACKLOG_S * EN_NS_PER_S;
}

/* Less late than before, while its rows go on where the last ones ended. */
static bool catching_up(
        struct feed_run *r, int64_t skew_ns, int64_t oldest, int64_t recv_ns)
{
    bool less = hurrying(r, skew_ns, recv_ns) ||
                skew_ns < r->skew_ns - BACKLOG_S * EN_NS_PER_S;

    return less && r->shift_ns > 0 && r->last_t &&
           oldest <= r->last_t + (recv_ns - r->last_recv) + EN_SKEW_NS;
}

static void shift_by_skew(struct feed_run *r, int64_t oldest)
{
    int64_t off = r->skew_ns - r->shift_ns;

    if (!far(r->skew_ns)) {
        if (far(off))
            r->shift_ns = 0;
        return;
    }
    if (off <= EN_NS_PER_S && off >= -EN_NS_PER_S)
        return;
    r->shift_ns = r->skew_ns;
    if (r->last_bin && oldest + r->shift_ns <= r->last_bin &&
        !far(r->last_bin - oldest - r->shift_ns))
        r->shift_ns = r->last_bin + 1 - oldest; /* never back in order */
}

/* ---- senders that tell their clock ----------------------------------------
 */

/* What is to be added to the sender's clock; 0 where that is not known. */
static bool told(const struct wire_batch *b, int64_t recv_ns, int64_t *skew_ns)
{
    bool yes = recv_ns && b->boot && b->clock_boot &&
               strcmp(b->boot, b->clock_boot) == 0;

    *skew_ns = yes ? recv_ns - b->clock_ns : 0;
    return yes;
}

int64_t
feed_time_here(const struct wire_batch *b, int64_t t_ns, int64_t recv_ns)
{
    int64_t skew;

    told(b, recv_ns, &skew);
    if (__builtin_add_overflow(t_ns, skew, &t_ns))
        return skew < 0 ? INT64_MIN : INT64_MAX;
    return t_ns;
}

/* All runs of a boot are by one clock: this one goes on where the last was. */
static bool clock_of_boot(
        struct en_feed *f, struct feed_run *r, const char *boot,
        struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_BOOT_CLOCK, err);
    bool row;

    if (!q)
        return false;
    stmt_int_at(q, 1, r->id);
    stmt_text_at(q, 2, boot);
    if (!stmt_step(q, &row, err))
        return false;
    if (row) {
        r->has_skew = true;
        r->skew_ns = stmt_col_int(q, 0);
        r->shift_ns = stmt_col_int(q, 1);
    }
    stmt_reset(q);
    return true;
}

/* Judged once, and again only where either clock has moved by more than is
 * tolerated: rows that are there stay, and none goes back before them. */
static bool shift_as_told(
        struct en_feed *f, struct feed_run *r, const struct wire_batch *b,
        int64_t recv_ns, int64_t oldest, int64_t newest, struct err *err)
{
    int64_t skew;
    bool now;

    if (!r->has_skew && !clock_of_boot(f, r, b->boot, err))
        return false;
    now = told(b, recv_ns, &skew);
    if (!now) {
        /* Read in a boot that is over. Late is no wonder; early is wrong. */
        skew = recv_ns - newest < 0 ? recv_ns - newest : 0;
        if (r->has_skew)
            return true;
    }
    if (r->has_skew && !far(skew - r->skew_ns))
        return true;
    r->has_skew = true;
    r->skew_ns = skew;
    r->shift_ns = far(skew) ? skew : 0;
    if (r->last_bin && oldest + r->shift_ns <= r->last_bin)
        r->shift_ns = r->last_bin + 1 - oldest;
    return true;
}

/* Of a run whose clock was right or ahead, a time that cannot be yet. */
static bool ahead(const struct feed_run *r, int64_t t_ns, int64_t recv_ns)
{
    return r->has_skew && r->shift_ns <= 0 &&
           t_ns + r->shift_ns - recv_ns > EN_SKEW_NS;
}

bool feed_clock_batch(
        struct en_feed *f, struct feed_run *r, const struct wire_batch *b,
        int64_t recv_ns, struct err *err)
{
    int64_t oldest, newest, skew;

    r->begin_bin = r->last_bin;
    if (!recv_ns || !extent(b, feed_seq_last(r) + 1, recv_ns, &oldest, &newest))
        return true;
    if (b->boot && b->clock_boot)
        return shift_as_told(f, r, b, recv_ns, oldest, newest, err);
    /* Set forward between two rows of this batch: those before it stay, and the
     * row that is ahead finds it (feed_clock_stepped). */
    if (ahead(r, newest, recv_ns) && !ahead(r, oldest, recv_ns))
        return true;
    skew = recv_ns - newest;
    if (r->has_skew && skew >= r->skew_ns)
        return true;
    if (r->has_skew && catching_up(r, skew, oldest, recv_ns)) {
        r->skew_ns = far(skew) ? 0 : skew; /* the clock was right */
        r->shift_ns = 0;
        return unmove(f, r, err);
    }
    if (!r->has_skew) {
        r->judged_ns = skew;
        r->judged_recv = recv_ns;
    }
    r->has_skew = true;
    r->skew_ns = skew;
    shift_by_skew(r, oldest);
    return true;
}

bool feed_clock_stepped(
        const struct feed_run *r, const struct feed_meter *m,
        const struct wire_batch *b, const struct wire_sample *s,
        int64_t recv_ns)
{
    if (!recv_ns || (b->boot && b->clock_boot) || s->seq <= m->last_seq)
        return false;
    if (m->last_seq >= r->step_seq && s->t_ns < m->last_t - EN_NS_PER_S)
        return true;
    return s->seq > r->step_seq && ahead(r, s->t_ns, recv_ns);
}

void feed_clock_step(
        struct feed_run *r, const struct wire_batch *b,
        const struct wire_sample *at, int64_t recv_ns)
{
    int64_t oldest, newest, target = recv_ns;

    if (!extent(b, at->seq, recv_ns, &oldest, &newest))
        return;
    /* Bins go on by t_recv from where they were. */
    if (r->begin_bin && r->last_recv) {
        int64_t on = r->begin_bin + (recv_ns - r->last_recv);

        if (!far(on - recv_ns))
            target = on;
    }
    r->skew_ns = recv_ns - newest;
    r->judged_recv = 0;
    r->shift_ns = target - newest;
    if (r->last_bin && at->t_ns + r->shift_ns <= r->last_bin)
        r->shift_ns = r->last_bin + 1 - at->t_ns;
    r->step_seq = at->seq;
}

/* ---- nominal periods ------------------------------------------------------
 */

bool feed_clock_run(
        struct en_feed *f, struct feed_run *r, struct feed_meter *m,
        struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_PERIOD_LAST, err);
    bool row;

    if (!q)
        return false;
    stmt_int_at(q, 1, r->id);
    stmt_int_at(q, 2, m->id);
    if (!stmt_step(q, &row, err))
        return false;
    m->run_id = r->id;
    m->last_seq = 0;
    m->last_t = m->last_bin = m->first_bin = 0;
    m->period_ns = row ? stmt_col_int(q, 0) : 0;
    m->n_deltas = row ? SETTLED : 0; /* it stays unless it rises */
    memset(m->deltas, 0, sizeof m->deltas);
    stmt_reset(q);
    return true;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static int64_t median(const struct feed_meter *m, int64_t *sum)
{
    int64_t d[FEED_DELTAS];
    size_t n = 0;

    *sum = 0;
    for (size_t i = 0; i < FEED_DELTAS; i++)
        if (m->deltas[i] > 0) {
            d[n++] = m->deltas[i];
            *sum += m->deltas[i];
        }
    if (n < 2)
        return 0;
    qsort(d, n, sizeof *d, by_size);
    return d[(n - 1) / 2];
}

static bool period_put(
        struct en_feed *f, const struct feed_run *r, struct feed_meter *m,
        int64_t from_ns, int64_t period_ns, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_PERIOD_PUT, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, r->id);
    stmt_int_at(q, 2, m->id);
    stmt_int_at(q, 3, from_ns);
    stmt_int_at(q, 4, period_ns);
    if (!stmt_run(q, err))
        return false;
    m->period_ns = period_ns;
    if (!from_ns)
        from_ns = m->first_bin;
    return from_ns >= f->folded_ns || feed_due(f, m->id, from_ns, err);
}

/* The median of the first readings, again until there are enough; later only
 * when a sender has slowed down for good. A single hole moves neither. */
bool feed_clock_period(
        struct en_feed *f, struct feed_run *r, struct feed_meter *m,
        struct err *err)
{
    int64_t sum, p;
    size_t held = 0;

    m->touched = false;
    if (m->kind == WIRE_INTERVAL)
        return true;
    for (size_t i = 0; i < FEED_DELTAS; i++)
        held += m->deltas[i] > 0;
    if (m->period_ns && held < FEED_DELTAS)
        return true; /* known, or not enough yet to say otherwise */
    p = median(m, &sum);
    if (!p || (m->period_ns && 2 * p <= 3 * m->period_ns))
        return true;
    return period_put(f, r, m, m->period_ns ? m->last_bin - sum : 0, p, err);
}
