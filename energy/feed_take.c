/* SPDX-License-Identifier: Apache-2.0
 * Batches of readings into the table of readings, each row once
 * [docs/method.md#live-feeds]. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/mem.h"
#include "energy/feed_priv.h"

#define DAY_NS (86400 * EN_NS_PER_S)
#define FIRST_NS (INT64_C(946684800) * EN_NS_PER_S) /* 2000-01-01 */
#define LAST_NS (INT64_C(7258118400) * EN_NS_PER_S) /* 2200-01-01 */
#define MAX_INTERVAL_NS (366 * DAY_NS)

struct take { /* one batch on its way in */
    struct en_feed *f;
    struct feed_source *s;
    struct feed_run *r;
    const struct wire_batch *b;
    int64_t recv_ns;
    struct stmt *add; /* prepared insert, bound by position */
    struct en_taken *out;
};

/* ---- opening --------------------------------------------------------------
 */

bool en_feed_open(struct db *db, struct en_feed **out, struct err *err)
{
    (void)err;
    *out = xcalloc(1, sizeof **out);
    (*out)->db = db;
    return true;
}

void en_feed_forget(struct en_feed *f)
{
    feed_sources_clear(f);
}

void en_feed_close(struct en_feed *f)
{
    if (!f)
        return;
    feed_sources_clear(f);
    free(f);
}

int en_month_of_ns(int64_t t_ns)
{
    int64_t s = t_ns / EN_NS_PER_S;
    struct date d = date_from_days((int32_t)(s / 86400));

    return d.year * 12 + d.month - 1;
}

bool feed_time_sane(const struct wire_batch *b, int64_t t_ns, int64_t recv_ns)
{
    t_ns = feed_time_here(b, t_ns, recv_ns);
    return t_ns >= FIRST_NS &&
           (recv_ns ? t_ns <= recv_ns + DAY_NS : t_ns < LAST_NS);
}

/* ---- the batch itself -----------------------------------------------------
 */

static bool meter_check(const struct wire_meter *m, struct err *err)
{
    size_t n = m->id ? strlen(m->id) : 0;

    if (n < 1 || n > WIRE_MAX_METER_ID)
        return err_set(
                err, ERR_INVALID,
                "a meter's id has %zu characters, expected 1 to %d", n,
                WIRE_MAX_METER_ID);
    if ((m->kind == WIRE_GAUGE) == wire_unit_is_energy(m->unit))
        return err_set(
                err, ERR_INVALID,
                "meter '%s' is a %s in %s; counters and intervals are in units "
                "of energy, gauges of power",
                m->id, wire_meter_kind_word(m->kind), wire_unit_word(m->unit));
    if (m->range_uj < -1 || m->range_uj == 0)
        return err_set(
                err, ERR_INVALID, "meter '%s' has a range that is not positive",
                m->id);
    if (!isnan(m->max_w) && !(m->max_w > 0 && m->max_w <= 1e9))
        return err_set(
                err, ERR_INVALID,
                "meter '%s' has a highest power outside 0 to 1e9 W", m->id);
    return true;
}

static bool batch_check(const struct wire_batch *b, struct err *err)
{
    size_t run = b->run ? strlen(b->run) : 0;

    if (run < 1 || run > WIRE_MAX_RUN ||
        (b->boot && strlen(b->boot) > WIRE_MAX_RUN))
        return err_set(
                err, ERR_INVALID,
                "a run or boot id has 1 to %d characters, this has not",
                WIRE_MAX_RUN);
    if (b->n_meters > WIRE_MAX_METERS || b->n_samples > WIRE_MAX_SAMPLES ||
        b->n_missing > WIRE_MAX_METERS)
        return err_set(
                err, ERR_LIMIT,
                "a batch has at most %d meters and %d samples, this has %zu "
                "and %zu",
                WIRE_MAX_METERS, WIRE_MAX_SAMPLES, b->n_meters, b->n_samples);
    for (size_t i = 0; i < b->n_meters; i++)
        if (!meter_check(&b->meters[i], err))
            return false;
    return true;
}

static bool marks_read(struct en_feed *f, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_MARK, err);
    int64_t purged = f->purged_ns;
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    CHECK(row);
    f->folded_ns = stmt_col_int(q, 0);
    f->purged_ns = stmt_col_int(q, 1);
    f->folds = stmt_col_int(q, 2);
    stmt_reset(q);
    if (purged != f->purged_ns)
        en_feed_forget(f); /* hours were closed: read their meters again */
    return true;
}

/* ---- one row --------------------------------------------------------------
 */

static void tell(struct en_taken *out, uint64_t seq, const char *reason)
{
    if (out->n_told == EN_MAX_REFUSED)
        return;
    out->told[out->n_told].seq = seq;
    out->told[out->n_told++].reason = reason;
}

static const char *
interval_wrong(const struct wire_sample *s, const struct feed_meter *m)
{
    int64_t ns = s->t_ns - s->from_ns;

    (void)m;
    if (s->from_ns < FIRST_NS || ns <= 0)
        return "the interval does not start before it ends";
    if (ns > MAX_INTERVAL_NS)
        return "the interval is longer than 366 days";
    if ((double)s->value > (double)CALC_METER_MAX_UW * (double)ns * 1e-9)
        return "more power than a meter can see (3 MW)";
    return NULL;
}

/* Why a row cannot be taken, whatever was taken before; NULL: it can. */
static const char *row_wrong(const struct take *t, const struct wire_sample *s)
{
    const struct feed_meter *m;

    if (s->meter >= t->b->n_meters)
        return "no meter of the batch has this index";
    if (s->seq < 1 || s->seq > INT64_MAX)
        return "sequence numbers are 1 to 2^63 - 1";
    if (!feed_time_sane(t->b, s->t_ns, t->recv_ns))
        return feed_time_here(t->b, s->t_ns, t->recv_ns) < FIRST_NS
                       ? "the time is before 2000"
                       : "the time is more than a day ahead";
    m = t->s->map[s->meter];
    if (s->value < 0)
        return "the value is negative";
    if (m->kind == WIRE_COUNTER && m->range_uj >= 0 && s->value > m->range_uj)
        return "the value is beyond the counter's range";
    if (m->kind == WIRE_GAUGE && s->value > CALC_METER_MAX_UW)
        return "more power than a meter can see (3 MW)";
    return m->kind == WIRE_INTERVAL ? interval_wrong(s, m) : NULL;
}

enum known { KNOWN_SAME, KNOWN_OTHER, KNOWN_GONE };

/* The row that has this key already, at that time: the same? */
static bool
look_at(struct take *t, const struct wire_sample *s, int64_t bin_ns,
        enum known *out, struct err *err)
{
    const struct feed_meter *m = t->s->map[s->meter];
    struct stmt *q = el_stmt(t->f->db, EL_READING, err);
    bool row;

    if (!q)
        return false;
    stmt_int_at(q, 1, bin_ns);
    stmt_int_at(q, 2, m->id);
    stmt_int_at(q, 3, t->r->id);
    stmt_int_at(q, 4, (int64_t)s->seq);
    if (!stmt_step(q, &row, err))
        return false;
    *out = KNOWN_GONE;
    if (row) {
        int64_t node = stmt_is_null(q, 2) ? bin_ns : stmt_col_int(q, 2);
        int64_t from = stmt_is_null(q, 1)
                               ? s->from_ns
                               : stmt_col_int(q, 1) - (bin_ns - node);

        *out = stmt_col_int(q, 0) == s->value && node == s->t_ns &&
                               from == s->from_ns
                       ? KNOWN_SAME
                       : KNOWN_OTHER;
    }
    stmt_reset(q);
    return true;
}

static bool known_row(
        struct take *t, const struct wire_sample *s, enum known *out,
        struct err *err)
{
    struct stmt *q;
    int64_t bin;
    bool row;

    if (!look_at(t, s, s->t_ns, out, err))
        return false;
    if (*out == KNOWN_SAME)
        return true;
    q = el_stmt(t->f->db, EL_MOVED, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, t->r->id);
    stmt_int_at(q, 2, (int64_t)s->seq);
    if (!stmt_step(q, &row, err))
        return false;
    bin = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    if (row)
        return look_at(t, s, bin, out, err);
    /* What was purged cannot be compared any more. */
    if (*out == KNOWN_GONE && s->t_ns >= t->f->purged_ns)
        *out = KNOWN_OTHER;
    return true;
}

static bool
odd(struct take *t, const struct feed_meter *m, int64_t t_ns, const char *what,
    struct err *err)
{
    static const char *const words[] = {":late", ":conflicts", ":closed"};
    struct stmt *q = el_stmt(t->f->db, EL_ODD_PUT, err);

    if (!q)
        return false;
    stmt_int(q, ":meter", m->id);
    stmt_int(q, ":month", en_month_of_ns(t_ns));
    for (int i = 0; i < 3; i++)
        stmt_int(q, words[i], strcmp(words[i], what) == 0);
    return stmt_run(q, err);
}

static bool
flag(struct take *t, const struct feed_meter *m, int64_t t_ns, int flags,
     struct err *err)
{
    struct stmt *q = el_stmt(t->f->db, EL_MONTH_FLAG, err);

    if (!q)
        return false;
    stmt_int(q, ":meter", m->id);
    stmt_int(q, ":month", en_month_of_ns(t_ns));
    stmt_int(q, ":flags", flags);
    return stmt_run(q, err);
}

static bool again(struct take *t, const struct wire_sample *s, struct err *err)
{
    const struct feed_meter *m = t->s->map[s->meter];
    enum known known;

    if (!known_row(t, s, &known, err))
        return false;
    if (known != KNOWN_OTHER) {
        t->out->duplicate++;
        return true;
    }
    t->out->conflict++;
    tell(t->out, s->seq, "another row has this sequence number");
    return odd(t, m, s->t_ns, ":conflicts", err) &&
           flag(t, m, s->t_ns, EN_CONFLICT, err);
}

/* Rows for hours that no longer change: the one place where they end. They are
 * counted by meter and month for the table of changes (T12). */
static bool
closed(struct take *t, const struct wire_sample *s, int64_t bin_ns,
       struct err *err)
{
    t->out->refused++;
    tell(t->out, s->seq, "its hour is closed");
    return odd(t, t->s->map[s->meter], bin_ns, ":closed", err);
}

bool feed_due(
        struct en_feed *f, int64_t meter, int64_t from_ns, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_DUE_PUT, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, meter);
    stmt_int_at(q, 2, from_ns);
    return stmt_run(q, err);
}

/* A row below the mark: its meter is folded again from there on. */
static bool
late(struct take *t, struct feed_meter *m, int64_t from_ns, int64_t bin_ns,
     struct err *err)
{
    struct en_feed *f = t->f;

    /* Rows that fold just missed are no news. */
    if (bin_ns < f->folded_ns - 3600 * EN_NS_PER_S &&
        !(m->due_fold == f->folds + 1 && m->due_ns <= from_ns) &&
        !odd(t, m, bin_ns, ":late", err))
        return false;
    if (m->due_fold == f->folds + 1 && m->due_ns <= from_ns)
        return true;
    m->due_fold = f->folds + 1;
    m->due_ns = from_ns;
    return feed_due(f, m->id, from_ns, err);
}

static bool
insert(struct take *t, const struct wire_sample *s, const struct feed_meter *m,
       int64_t bin_ns, struct err *err)
{
    struct stmt *q = t->add;

    stmt_int_at(q, 1, bin_ns);
    stmt_int_at(q, 2, m->id);
    stmt_int_at(q, 3, t->r->id);
    stmt_int_at(q, 4, (int64_t)s->seq);
    stmt_int_at(q, 5, s->value);
    if (m->kind == WIRE_INTERVAL)
        stmt_int_at(q, 6, s->from_ns + (bin_ns - s->t_ns));
    if (bin_ns != s->t_ns)
        stmt_int_at(q, 7, s->t_ns);
    if (!stmt_run(q, err))
        return false;
    if (bin_ns == s->t_ns)
        return true;
    q = el_stmt(t->f->db, EL_MOVED_ADD, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, t->r->id);
    stmt_int_at(q, 2, (int64_t)s->seq);
    stmt_int_at(q, 3, bin_ns);
    return stmt_run(q, err);
}

static void
follow(struct feed_run *r, struct feed_meter *m, const struct wire_sample *s,
       int64_t bin_ns)
{
    if (s->t_ns > r->last_t)
        r->last_t = s->t_ns;
    if (bin_ns > r->last_bin)
        r->last_bin = bin_ns;
    m->touched = true;
    if (!m->first_bin || bin_ns < m->first_bin)
        m->first_bin = bin_ns;
    if (s->seq <= m->last_seq)
        return;
    if (m->last_seq && bin_ns > m->last_bin)
        m->deltas[m->n_deltas++ % FEED_DELTAS] = bin_ns - m->last_bin;
    m->last_seq = s->seq;
    m->last_t = s->t_ns;
    m->last_bin = bin_ns;
}

static bool fresh(struct take *t, const struct wire_sample *s, struct err *err)
{
    struct feed_meter *m = t->s->map[s->meter];
    struct feed_run *r = t->r;
    int64_t bin, from;
    bool room;

    if (m->run_id != r->id && !feed_clock_run(t->f, r, m, err))
        return false;
    if (feed_clock_stepped(r, m, t->b, s, t->recv_ns))
        feed_clock_step(r, t->b, s, t->recv_ns);
    bin = s->t_ns + (t->recv_ns ? r->shift_ns : 0);
    from = m->kind == WIRE_INTERVAL ? s->from_ns + (bin - s->t_ns) : bin;
    if (!feed_seq_add(t->f, r, s->seq, &room, err))
        return false;
    if (!room) {
        t->out->refused++;
        tell(t->out, s->seq, "too many holes in the sequence of its run");
        return true;
    }
    if (from < m->closed_ns)
        return closed(t, s, bin, err);
    if (bin < t->f->folded_ns && !late(t, m, from, bin, err))
        return false;
    if (!insert(t, s, m, bin, err))
        return false;
    follow(r, m, s, bin);
    t->out->accepted++;
    return true;
}

static bool row(struct take *t, const struct wire_sample *s, struct err *err)
{
    const char *wrong = row_wrong(t, s);
    bool room;

    if (!wrong)
        return feed_seq_has(t->r, s->seq) ? again(t, s, err) : fresh(t, s, err);
    t->out->refused++;
    tell(t->out, s->seq, wrong);
    /* Heard, so that a bad sensor leaves no hole at each of its rows. */
    return s->seq < 1 || s->seq > INT64_MAX || feed_seq_has(t->r, s->seq) ||
           feed_seq_add(t->f, t->r, s->seq, &room, err);
}

/* Rows that its reader refused: no holes either. */
static bool heard(struct take *t, struct err *err)
{
    bool room;

    for (size_t i = 0; i < t->b->n_heard; i++) {
        uint64_t seq = t->b->heard[i];

        if (seq < 1 || seq > INT64_MAX || feed_seq_has(t->r, seq))
            continue;
        if (!feed_seq_add(t->f, t->r, seq, &room, err))
            return false;
    }
    return true;
}

/* ---- taking ---------------------------------------------------------------
 */

static bool finish(struct take *t, struct err *err)
{
    struct en_taken *out = t->out;
    struct stmt *q;

    for (size_t i = 0; i < t->s->n_map; i++)
        if (t->s->map[i]->touched &&
            !feed_clock_period(t->f, t->r, t->s->map[i], err))
            return false;
    if (t->recv_ns)
        t->r->last_recv = t->recv_ns;
    if (!feed_run_store(t->f, t->r, err) ||
        !feed_source_seen(t->f, t->s, t->b, t->recv_ns, err))
        return false;
    out->last_seq = feed_seq_last(t->r);
    if (!out->conflict && !out->refused)
        return true;
    q = el_stmt(t->f->db, EL_SOURCE_ODD, err);
    if (!q)
        return false;
    stmt_int(q, ":id", t->s->id);
    stmt_int(q, ":conflicts", (int64_t)out->conflict);
    stmt_int(q, ":refused", (int64_t)out->refused);
    return stmt_run(q, err);
}

bool en_feed_take(
        struct en_feed *f, int64_t source, const struct wire_batch *b,
        int64_t recv_ns, struct en_taken *out, struct err *err)
{
    struct take t = {.f = f, .b = b, .recv_ns = recv_ns, .out = out};

    out->accepted = out->duplicate = out->conflict = out->refused = 0;
    out->last_seq = 0;
    out->n_told = 0;
    if (!batch_check(b, err) || !marks_read(f, err) ||
        !feed_source_get(f, source, &t.s, err) ||
        !feed_source_map(f, t.s, b, err) ||
        !feed_run_get(f, t.s, b, &t.r, err) ||
        !feed_clock_batch(f, t.r, b, recv_ns, err))
        return false;
    t.add = el_stmt(f->db, EL_READING_ADD, err);
    if (!t.add)
        return false;
    for (size_t i = 0; i < b->n_samples; i++)
        if (!row(&t, &b->samples[i], err)) {
            err_in(err, "row %llu", (unsigned long long)b->samples[i].seq);
            return false;
        }
    return heard(&t, err) && finish(&t, err);
}
