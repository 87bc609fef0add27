/* SPDX-License-Identifier: Apache-2.0
 * A meter's month out of an engine's readings, straight into the ledger. The
 * energy between the last reading of a month and the first after it belongs to
 * both: what is written of a month is its own part, and whichever month is read
 * later completes the one before, so that no order or repetition of pulls
 * changes a sum [10.2-10.5]. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/pull_priv.h"

static const int64_t hour_ns = 3600 * EP_NS;

/* A month while it is made, exact. */
struct making {
    int month, n_hours;
    int64_t start_ns, end_ns;
    int64_t uj[EN_MONTH_HOURS], ns[EN_MONTH_HOURS];
    unsigned flags;
};

/* Two readings that follow one another. */
struct pair {
    int64_t from_ns, to_ns, from_value, to_value;
};

struct month_edge { /* a row of pull_month */
    int month;
    int64_t ns, value, base_uj, base_ns, period_ns;
    unsigned base_flags;
    bool there;
};

int64_t ep_month_start_ms(int month)
{
    const struct date d = {
            .year = (int16_t)(month / 12),
            .month = (uint8_t)(month % 12 + 1),
            .day = 1};

    return (int64_t)date_days(d) * 86400000;
}

static void making_init(struct making *m, int month)
{
    memset(m, 0, sizeof *m);
    m->month = month;
    m->start_ns = ep_month_start_ms(month) * 1000000;
    m->end_ns = ep_month_start_ms(month + 1) * 1000000;
    m->n_hours = (int)((m->end_ns - m->start_ns) / hour_ns);
}

/* ---- pairs -----------------------------------------------------------------
 */

/* Energy between two readings; false: none is known. */
static bool energy_of(
        enum wire_meter_kind kind, int64_t period_ns, const struct pair *p,
        int64_t *uj, unsigned *flags)
{
    const struct calc_meter m = {
            .range_uj = -1, .max_uw = -1, .period_ns = period_ns};
    int64_t dt_ns = p->to_ns - p->from_ns;

    return kind == WIRE_COUNTER ? calc_counter_uj(
                                          &m, true, p->from_value, p->to_value,
                                          dt_ns, uj, flags)
                                : calc_gauge_uj(
                                          &m, true, false, p->from_value,
                                          p->to_value, dt_ns, uj);
}

/* The part of a pair's energy that falls into the month, hour by hour, by the
 * floor of what has passed since its first reading. */
static void add_part(struct making *m, const struct pair *p, int64_t uj)
{
    int64_t whole = p->to_ns - p->from_ns;
    int64_t at = p->from_ns > m->start_ns ? p->from_ns : m->start_ns;
    int64_t end = p->to_ns < m->end_ns ? p->to_ns : m->end_ns;

    while (at < end) {
        int64_t h = (at - m->start_ns) / hour_ns;
        int64_t next = m->start_ns + (h + 1) * hour_ns;

        next = next < end ? next : end;
        m->uj[h] += calc_part_uj(uj, next - p->from_ns, whole) -
                    calc_part_uj(uj, at - p->from_ns, whole);
        m->ns[h] += next - at;
        at = next;
    }
}

static void add_pair(
        struct making *m, enum wire_meter_kind kind, int64_t period_ns,
        const struct pair *p)
{
    int64_t uj = 0;

    if (p->to_ns > p->from_ns && energy_of(kind, period_ns, p, &uj, &m->flags))
        add_part(m, p, uj);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* The middle one of the gaps; an hour where there is none. */
static int64_t period_of(const struct ep_point *points, size_t n)
{
    int64_t *gaps, period;

    if (n < 2)
        return hour_ns;
    gaps = xreallocarray(NULL, n, sizeof *gaps);
    for (size_t i = 0; i + 1 < n; i++)
        gaps[i] = points[i + 1].t_ms - points[i].t_ms;
    qsort(gaps, n - 1, sizeof *gaps, by_number);
    period = gaps[(n - 2) / 2] * 1000000;
    free(gaps);
    return period > 0 ? period : hour_ns;
}

/* ---- rows ------------------------------------------------------------------
 */

static bool
edge_of(struct db *db, enum ep_sql id, int64_t meter, int month,
        struct month_edge *out, struct err *err)
{
    struct stmt *q = ep_stmt(db, id, err);
    bool ok;

    *out = (struct month_edge){0};
    if (!q)
        return false;
    stmt_int(q, ":meter", meter);
    stmt_int(q, ":month", month);
    ok = stmt_step(q, &out->there, err);
    if (ok && out->there) {
        out->month = (int)stmt_col_int(q, 0);
        out->ns = stmt_col_int(q, 1);
        out->value = stmt_col_int(q, 2);
        if (id == EP_BEFORE) {
            out->base_uj = stmt_col_int(q, 3);
            out->base_ns = stmt_col_int(q, 4);
            out->base_flags = (unsigned)stmt_col_int(q, 5);
            out->period_ns = stmt_col_int(q, 6);
        }
    }
    stmt_reset(q);
    return ok;
}

static bool ledger_write(
        struct db *db, int64_t meter, const struct en_month *m, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_LEDGER_SET, err);
    struct buf b;
    bool ok;

    if (!q)
        return false;
    buf_init(&b, 64 * 1024);
    en_month_pack(m, &b);
    stmt_int(q, ":meter", meter);
    stmt_int(q, ":month", m->month);
    stmt_int(q, ":sum", m->sum_uj);
    stmt_int(q, ":covered", m->covered_s);
    stmt_blob(q, ":hours", b.p, b.len);
    stmt_int(q, ":flags", m->flags);
    ok = stmt_run(q, err);
    buf_clear(&b);
    return ok;
}

/* Whole joules and seconds of what was made. */
static void settle(const struct making *m, struct en_month *out)
{
    int64_t ns = 0, given = 0;

    memset(out, 0, sizeof *out);
    out->month = m->month;
    out->n_hours = m->n_hours;
    out->flags = m->flags;
    out->sum_uj = calc_whole_joules(m->uj, (size_t)m->n_hours, out->joules);
    for (int h = 0; h < m->n_hours; h++) {
        ns += m->ns[h];
        out->covered[h] = (uint16_t)(ns / EP_NS - given);
        given += out->covered[h];
    }
    out->covered_s = given;
}

/* What the month is up to its last reading. */
struct base {
    int64_t uj, ns, period_ns;
    unsigned flags;
};

static bool month_row(
        struct db *db, int64_t meter, const struct making *m,
        const struct ep_point *points, size_t n, const struct base *base,
        struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_MONTH_SET, err);

    if (!q)
        return false;
    stmt_int(q, ":meter", meter);
    stmt_int(q, ":month", m->month);
    stmt_int(q, ":first_ns", points[0].t_ms * 1000000);
    stmt_int(q, ":first_value", points[0].value);
    stmt_int(q, ":last_ns", points[n - 1].t_ms * 1000000);
    stmt_int(q, ":last_value", points[n - 1].value);
    stmt_int(q, ":base_uj", base->uj);
    stmt_int(q, ":base_ns", base->ns);
    stmt_int(q, ":base_flags", base->flags);
    stmt_int(q, ":period_ns", base->period_ns);
    return stmt_run(q, err);
}

/* ---- completing months before -----------------------------------------------
 */

static bool ledger_read(
        struct db *db, int64_t meter, int month, struct en_month *out,
        bool *there, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_LEDGER, err);
    const void *bytes;
    size_t len;
    bool ok;

    if (!q)
        return false;
    stmt_int(q, ":meter", meter);
    stmt_int(q, ":month", month);
    ok = stmt_step(q, there, err);
    if (ok && *there) {
        bytes = stmt_col_blob(q, 2, &len);
        ok = en_month_unpack(bytes, len, out, err);
        out->month = month;
        out->sum_uj = stmt_col_int(q, 0);
        out->covered_s = stmt_col_int(q, 1);
        out->flags = (unsigned)stmt_col_int(q, 3);
    }
    stmt_reset(q);
    return ok;
}

/* What the month was up to its last reading, as if nothing had followed: the
 * hours before are as they stand, that of the reading comes from the exact
 * base. */
static void
reopen(const struct en_month *old, const struct month_edge *e, struct making *m)
{
    int64_t h = (e->ns - m->start_ns) / hour_ns, uj = 0, ns = 0;

    m->flags = e->base_flags;
    for (int64_t i = 0; i < h; i++) {
        m->uj[i] = old->joules[i] * 1000000;
        m->ns[i] = old->covered[i] * EP_NS;
        uj += m->uj[i];
        ns += m->ns[i];
    }
    m->uj[h] = e->base_uj - uj;
    m->ns[h] = e->base_ns - ns;
}

/* Months without a reading of their own, from..upto, get their parts of p. */
static bool
between(struct db *db, int64_t meter, const struct pair *p, int64_t uj,
        unsigned flags, int from, int upto, struct err *err)
{
    struct making *m = xcalloc(1, sizeof *m);
    struct en_month *out = xcalloc(1, sizeof *out);
    bool ok = true;

    for (int month = from; ok && month < upto; month++) {
        making_init(m, month);
        m->flags = flags;
        add_part(m, p, uj);
        settle(m, out);
        ok = ledger_write(db, meter, out, err);
    }
    free(m);
    free(out);
    return ok;
}

/* The month of the reading before gets its part of p; uj -1: none. */
static bool complete(
        struct db *db, int64_t meter, const struct month_edge *e,
        const struct pair *p, int64_t uj, unsigned flags, struct err *err)
{
    struct making *m = xcalloc(1, sizeof *m);
    struct en_month *out = xcalloc(1, sizeof *out);
    bool there = false, ok;

    making_init(m, e->month);
    ok = ledger_read(db, meter, e->month, out, &there, err);
    if (ok && there) {
        reopen(out, e, m);
        m->flags |= flags;
        if (uj >= 0)
            add_part(m, p, uj);
        settle(m, out);
        ok = ledger_write(db, meter, out, err);
    }
    free(m);
    free(out);
    return ok;
}

/* From the reading before the month to its first. */
static bool
head(struct db *db, int64_t meter, enum wire_meter_kind kind,
     const struct ep_point *first, struct making *m, struct err *err)
{
    struct month_edge e;
    struct pair p;
    int64_t uj = -1;
    unsigned flags = 0;

    if (!edge_of(db, EP_BEFORE, meter, m->month, &e, err))
        return false;
    if (!e.there)
        return true;
    p = (struct pair){e.ns, first->t_ms * 1000000, e.value, first->value};
    if (energy_of(kind, e.period_ns, &p, &uj, &flags))
        add_part(m, &p, uj);
    else
        uj = -1;
    m->flags |= flags;
    return complete(db, meter, &e, &p, uj, flags, err) &&
           (uj < 0 ||
            between(db, meter, &p, uj, flags, e.month + 1, m->month, err));
}

/* From its last reading to the first of a later month that was read before. */
static bool
tail(struct db *db, int64_t meter, enum wire_meter_kind kind, int64_t period_ns,
     const struct ep_point *last, struct making *m, int *stale, struct err *err)
{
    struct month_edge e, old;
    struct pair p;
    int64_t uj;
    unsigned flags = 0;

    if (!edge_of(db, EP_AFTER, meter, m->month, &e, err) ||
        !edge_of(db, EP_MONTH, meter, m->month, &old, err))
        return false;
    if (!e.there)
        return true;
    if (!old.there || old.ns != last->t_ms * 1000000 ||
        old.value != last->value)
        *stale = e.month;
    p = (struct pair){last->t_ms * 1000000, e.ns, last->value, e.value};
    if (energy_of(kind, period_ns, &p, &uj, &flags)) {
        add_part(m, &p, uj);
        if (!between(db, meter, &p, uj, flags, m->month + 1, e.month, err))
            return false;
    }
    m->flags |= flags;
    return true;
}

static int64_t sum_of(const int64_t *items, int n)
{
    int64_t sum = 0;

    for (int i = 0; i < n; i++)
        sum += items[i];
    return sum;
}

bool ep_month_write(
        struct db *db, int64_t meter, const struct ep_readings *in, int *stale,
        struct err *err)
{
    const struct ep_point *points = in->points;
    struct making *m = xcalloc(1, sizeof *m);
    struct en_month *out = xcalloc(1, sizeof *out);
    struct base base = {.period_ns = period_of(points, in->n)};
    bool ok = false;

    if (base.period_ns < in->least_ns)
        base.period_ns = in->least_ns;
    *stale = 0;
    making_init(m, in->month);
    if (!head(db, meter, in->kind, &points[0], m, err))
        goto done;
    for (size_t i = 1; i < in->n; i++) {
        const struct pair p = {
                points[i - 1].t_ms * 1000000, points[i].t_ms * 1000000,
                points[i - 1].value, points[i].value};

        add_pair(m, in->kind, base.period_ns, &p);
    }
    base.uj = sum_of(m->uj, m->n_hours);
    base.ns = sum_of(m->ns, m->n_hours);
    base.flags = m->flags;
    if (!tail(db, meter, in->kind, base.period_ns, &points[in->n - 1], m, stale,
              err))
        goto done;
    settle(m, out);
    ok = ledger_write(db, meter, out, err) &&
         month_row(db, meter, m, points, in->n, &base, err);
done:
    free(m);
    free(out);
    return ok;
}
