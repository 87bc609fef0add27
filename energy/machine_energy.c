/* SPDX-License-Identifier: Apache-2.0
 * Months of meters to hours of machines: each hour by the best tier that knows
 * it [docs/method.md#operation]. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/machine_priv.h"
#include "energy/month_priv.h"

enum {
    MAX_METERS = 100000, /* of one machine */
    SHELF_MONTHS = 16,
    SHELF_MAX_BYTES = 256 * 1024 * 1024, /* 100,000 usual months */
};

struct packed { /* a meter's month as it is stored; n 0: none */
    size_t at, n;
    int64_t sum_uj;
};

struct walk {
    struct db *db;
    int from, to;
    double (*weight)(void *ctx, int64_t machine);
    bool (*row)(void *ctx, const struct en_hours *h, struct err *err);
    void *ctx;
    struct machine_energy e;
    struct packed *packed; /* SHELF_MONTHS of each meter */
    size_t cap_packed;     /* meters */
    struct buf bytes;
    int shelf; /* months at a time */
    struct en_hours hours;
};

/* ---- shares of a meter ----------------------------------------------------
 */

static int64_t milliwatts(double watts)
{
    return watts > 0 && watts < 1e9 ? (int64_t)llround(watts * 1000) : 0;
}

/* By modelled power; one whose power is not known counts as the mean of those
 * that are; none known: alike. */
static void share_of(
        const struct walk *w, struct machine_meter *m, const int64_t *behind,
        size_t n)
{
    int64_t known = 0, sum = 0, mean;

    for (size_t i = 0; i < n; i++) {
        int64_t mw = milliwatts(w->weight(w->ctx, behind[i]));

        known += mw > 0;
        sum += mw;
    }
    mean = known ? sum / known : 1;
    m->whole = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t mw = known ? milliwatts(w->weight(w->ctx, behind[i])) : 0;

        if (behind[i] == w->e.id)
            m->before = m->whole;
        m->whole += mw > 0 ? mw : mean;
        if (behind[i] == w->e.id)
            m->after = m->whole;
    }
}

static bool
share_load(const struct walk *w, struct machine_meter *m, struct err *err)
{
    struct stmt *q = el_stmt(w->db, EL_BEHIND, err);
    int64_t *behind = NULL;
    size_t n = 0, cap = 0;
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, m->id);
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (n == cap) {
            cap = cap ? cap * 2 : 8;
            behind = xreallocarray(behind, cap, sizeof *behind);
        }
        behind[n++] = stmt_col_int(q, 0);
    }
    ok = true;
done:
    stmt_reset(q);
    if (ok)
        share_of(w, m, behind, n);
    free(behind);
    return ok;
}

/* ---- one month of its meters ----------------------------------------------
 */

/* What was read after it was gone is not the machine's. */
static void cut(struct machine_meter *m)
{
    struct en_month *x = &m->m;
    size_t n = (size_t)(x->n_hours - m->to);

    memset(x->joules + m->to, 0, n * sizeof *x->joules);
    memset(x->covered + m->to, 0, n * sizeof *x->covered);
    x->sum_uj = x->covered_s = 0;
    for (int i = 0; i < m->to; i++) {
        x->sum_uj += x->joules[i] * 1000000;
        x->covered_s += x->covered[i];
    }
}

static void extent(struct machine_meter *m)
{
    int64_t whole = 0;
    int n = m->m.n_hours, first = 0;

    for (int i = 0; i < n; i++)
        whole += m->m.joules[i];
    m->whole_j = whole;
    while (first < n && !m->m.covered[first])
        first++;
    m->there = first < n;
    m->last = n - 1;
    while (m->last >= 0 && !m->m.covered[m->last])
        m->last--;
    m->rest_j = (double)(m->m.sum_uj - whole * 1000000) / 1e6;
    m->from = first;
}

static int gone_in(const struct machine_meter *m, int month)
{
    int64_t start = month_start_ns(month) / EN_HOUR_NS;
    int n = month_hours(month);

    if (m->gone_hour >= start + n)
        return n;
    return m->gone_hour > start ? (int)(m->gone_hour - start) : 0;
}

/* Since when it reads. */
static bool
first_load(const struct walk *w, struct machine_meter *m, struct err *err)
{
    struct stmt *q = el_stmt(w->db, EL_FIRST_MONTH, err);
    bool row;

    if (!q)
        return false;
    stmt_int_at(q, 1, m->id);
    if (!stmt_step(q, &row, err))
        return false;
    if (row && !stmt_is_null(q, 0) && stmt_col_int(q, 0) < m->first_month)
        m->first_month = (int)stmt_col_int(q, 0);
    m->first_known = true;
    stmt_reset(q);
    return true;
}

/* From its first reading on it is missed where it does not read. Asked for only
 * where that is not seen on the way. */
static bool
expect(const struct walk *w, struct machine_meter *m, int month,
       struct err *err)
{
    bool begins = !m->there || m->from > 0;

    if (begins && m->first_month >= month && !m->first_known && w->e.n > 1 &&
        !first_load(w, m, err))
        return false;
    if (m->first_month < month)
        m->from = 0;
    else if (m->there)
        m->first_month = month;
    else
        m->from = month_hours(month);
    return true;
}

/* Packed months of all its meters, SHELF_MONTHS at a time: one statement for
 * each meter in place of one for each month. */
static bool
shelf_meter(struct walk *w, size_t meter, int from, int to, struct err *err)
{
    struct stmt *q = el_stmt(w->db, EL_MONTHS_OF, err);
    struct packed *rows = w->packed + meter * SHELF_MONTHS;
    bool row, ok = false;

    if (!q)
        return false;
    for (int k = 0; k < SHELF_MONTHS; k++)
        rows[k].n = 0;
    stmt_int_at(q, 1, w->e.meters[meter].id);
    stmt_int_at(q, 2, from);
    stmt_int_at(q, 3, to);
    for (;;) {
        struct packed *p;
        const void *bytes;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        p = &rows[stmt_col_int(q, 0) - from];
        p->sum_uj = stmt_col_int(q, 1);
        bytes = stmt_col_blob(q, 2, &p->n);
        p->at = w->bytes.len;
        if (!buf_add(&w->bytes, bytes, p->n)) {
            err_set(err, ERR_LIMIT,
                    "the meters of machine %lld have more than %d MB of hours "
                    "a month",
                    (long long)w->e.id, SHELF_MAX_BYTES >> 20);
            goto done;
        }
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool shelf_fill(struct walk *w, int from, struct err *err)
{
    int to = from + w->shelf - 1 < w->to ? from + w->shelf - 1 : w->to;

    if (w->e.n > w->cap_packed) {
        w->cap_packed = w->e.cap;
        w->packed = xreallocarray(
                w->packed, w->cap_packed * SHELF_MONTHS, sizeof *w->packed);
    }
    buf_reset(&w->bytes);
    for (size_t i = 0; i < w->e.n; i++)
        if (!shelf_meter(w, i, from, to, err))
            return false;
    return true;
}

static bool
month_take(struct walk *w, size_t meter, int from, int month, struct err *err)
{
    struct machine_meter *m = &w->e.meters[meter];
    const struct packed *p =
            w->packed + meter * SHELF_MONTHS + (size_t)(month - from);

    m->there = false;
    m->to = gone_in(m, month);
    if (!p->n)
        return true;
    if (!en_month_unpack(w->bytes.p + p->at, p->n, &m->m, err) ||
        (m->m.n_hours != month_hours(month) &&
         !err_set(err, ERR_DB, "a month has %d hours", m->m.n_hours))) {
        err_in(err, "meter %lld, month %d-%02d", (long long)m->id, month / 12,
               month % 12 + 1);
        return false;
    }
    m->m.sum_uj = p->sum_uj;
    if (m->to < m->m.n_hours)
        cut(m);
    extent(m);
    return true;
}

static bool
months_take(struct walk *w, int from, int month, bool *any, struct err *err)
{
    *any = false;
    for (size_t i = 0; i < w->e.n; i++) {
        if (!month_take(w, i, from, month, err))
            return false;
        *any = *any || w->e.meters[i].there;
    }
    for (size_t i = 0; *any && i < w->e.n; i++)
        if (!expect(w, &w->e.meters[i], month, err))
            return false;
    return true;
}

/* ---- what a machine has beside its meters ---------------------------------
 */

static bool has(const struct machine_energy *e, enum wire_scope scope)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->meters[i].scope == scope)
            return true;
    return false;
}

static bool has_inside(const struct machine_energy *e)
{
    return has(e, WIRE_PACKAGE) || has(e, WIRE_PSYS);
}

/* The first month of a meter at the wall, where there are counters inside too:
 * what they showed beside each other goes into later hours. */
static bool calibration_from(struct walk *w, int *month, struct err *err)
{
    struct machine_energy *e = &w->e;

    *month = w->from;
    e->calibrated = has(e, WIRE_OUTLET) && has_inside(e);
    for (size_t i = 0; e->calibrated && i < e->n; i++) {
        struct machine_meter *m = &e->meters[i];

        if (m->scope != WIRE_OUTLET)
            continue;
        if (!first_load(w, m, err))
            return false;
        if (m->first_month < *month)
            *month = m->first_month;
    }
    return true;
}

/* How many cards the inventory knows in it. */
static bool cards_load(struct walk *w, int64_t of_one, struct err *err)
{
    struct stmt *q;
    bool row;

    w->e.cards = -1;
    if (!of_one && !has(&w->e, WIRE_GPU))
        return true;
    q = el_stmt(w->db, EL_MACHINE, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, w->e.id);
    if (!stmt_step(q, &row, err))
        return false;
    if (row && !(stmt_col_int(q, 1) & INT64_C(1) << CALC_GPU)) {
        int64_t n = of_one * stmt_col_int(q, 0);

        w->e.cards = n < MAX_METERS ? (int)n : MAX_METERS + 1;
    }
    stmt_reset(q);
    return true;
}

/* Disks and memory, for what counters leave out, and cards. */
static bool rest_load(struct walk *w, struct err *err)
{
    struct stmt *q = el_stmt(w->db, EL_REST_PARTS, err);
    double hdds = 0, ssds = 0, gib = 0;
    int64_t cards = 0;
    bool row = true, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, w->e.id);
    while (row) {
        const char *kind;
        double size, n;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        kind = stmt_col_text(q, 0);
        size = stmt_col_num(q, 1);
        n = stmt_col_num(q, 3);
        if (strcmp(kind, "hdd") == 0)
            hdds += n;
        else if (strcmp(kind, "ssd") == 0)
            ssds += n;
        else if (strcmp(kind, "gpu") == 0)
            cards += stmt_col_int(q, 3);
        else if (size > 0)
            gib += size * (stmt_col_int(q, 2) ? 1 : n);
    }
    w->e.board_w = calc_power_rest_w(0, 0);
    w->e.disks_w = calc_power_rest_w(hdds, ssds) - w->e.board_w;
    w->e.ram_w = gib > 0 ? calc_power_ram_w(gib) : NAN;
    ok = true;
done:
    stmt_reset(q);
    return ok && cards_load(w, cards, err);
}

/* What more than one meter needs. *month: the first to walk. */
static bool beside_load(struct walk *w, int *month, struct err *err)
{
    return calibration_from(w, month, err) &&
           (!has_inside(&w->e) || rest_load(w, err));
}

static bool machine_walk(struct walk *w, struct err *err)
{
    struct machine_energy *e = &w->e;
    int month = w->from, filled = 0;
    bool any, lone = e->n == 1 && machine_meter_whole(&e->meters[0]);

    if (e->n == 0)
        return true;
    e->calibrated = false;
    e->n_pairs = 0;
    if (!lone && !beside_load(w, &month, err))
        return false;
    w->shelf = e->n <= BLOCK_METERS ? SHELF_MONTHS : 1;
    for (int end = month; month <= w->to; month++) {
        if (month == end) {
            if (!shelf_fill(w, month, err))
                return false;
            filled = month;
            end = month + w->shelf;
        }
        if (!months_take(w, filled, month, &any, err))
            return false;
        if (!any)
            continue;
        machine_month(e, month, false, &w->hours);
        if (month >= w->from && !w->row(w->ctx, &w->hours, err))
            return false;
    }
    return true;
}

/* ---- all machines ---------------------------------------------------------
 */

static bool meter_add(struct walk *w, struct stmt *q, struct err *err)
{
    struct machine_energy *e = &w->e;
    struct machine_meter *m;

    if (e->n == MAX_METERS)
        return err_set(
                err, ERR_LIMIT, "a machine has at most %d meters", MAX_METERS);
    if (e->n == e->cap) {
        e->cap = e->cap ? e->cap * 2 : 8;
        e->meters = xreallocarray(e->meters, e->cap, sizeof *e->meters);
    }
    m = &e->meters[e->n];
    m->id = stmt_col_int(q, 1);
    m->source = stmt_col_int(q, 2);
    m->modelled = stmt_col_int(q, 4) != 0;
    m->before = 0;
    m->after = m->whole = 1;
    m->first_month = INT_MAX;
    m->first_known = false;
    m->gone_hour = stmt_is_null(q, 6) ? INT64_MAX : stmt_col_int(q, 6);
    if (!wire_scope_from(stmt_col_text(q, 3), &m->scope))
        return err_set(
                err, ERR_DB, "meter %lld has scope '%s'", (long long)m->id,
                stmt_col_text(q, 3));
    if (stmt_col_int(q, 5) && !share_load(w, m, err))
        return false;
    e->n++;
    return true;
}

bool en_machine_hours(
        struct db *db, int from_month, int to_month, int64_t first,
        int64_t last, double (*weight)(void *ctx, int64_t machine),
        bool (*row)(void *ctx, const struct en_hours *h, struct err *err),
        void *ctx, struct err *err)
{
    struct walk *w = xcalloc(1, sizeof *w);
    struct stmt *q = el_stmt(db, EL_MACHINE_METERS, err);
    bool more = true, ok = false;

    w->db = db;
    w->from = from_month;
    w->to = to_month;
    w->weight = weight;
    w->row = row;
    w->ctx = ctx;
    buf_init(&w->bytes, SHELF_MAX_BYTES);
    if (!q)
        goto done;
    stmt_int_at(q, 1, first);
    stmt_int_at(q, 2, last);
    while (more) {
        if (!stmt_step(q, &more, err))
            goto done;
        if (w->e.n && (!more || stmt_col_int(q, 0) != w->e.id)) {
            if (!machine_walk(w, err))
                goto done;
            w->e.n = 0;
        }
        if (more) {
            w->e.id = stmt_col_int(q, 0);
            if (!meter_add(w, q, err))
                goto done;
        }
    }
    ok = true;
done:
    stmt_reset(q);
    buf_clear(&w->bytes);
    free(w->packed);
    free(w->e.meters);
    free(w);
    return ok;
}
