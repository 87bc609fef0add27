/* SPDX-License-Identifier: Apache-2.0
 * Months of meters to hours of machines: each hour by the best tier that knows
 * it [docs/method.md#operation]. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/machine_priv.h"
#include "energy/month_priv.h"

enum {
    HOUR_S = 3600,
    WELL_S = 2880,       /* 0.8 of an hour: a better tier must know that [D] */
    MAX_METERS = 100000, /* of one machine */
};

struct walk {
    struct db *db;
    int from, to;
    double (*weight)(void *ctx, int64_t machine);
    bool (*row)(void *ctx, const struct en_hours *h, struct err *err);
    void *ctx;
    struct machine_energy e;
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

static void extent(struct machine_meter *m)
{
    int64_t whole = 0;
    int n = m->m.n_hours;

    for (int i = 0; i < n; i++)
        whole += m->m.joules[i];
    m->first = 0;
    while (m->first < n && !m->m.covered[m->first])
        m->first++;
    m->there = m->first < n;
    m->last = n - 1;
    while (m->there && !m->m.covered[m->last])
        m->last--;
    if (!m->there)
        m->first = m->last = -1;
    m->rest_j = (double)(m->m.sum_uj - whole * 1000000) / 1e6;
}

static bool
month_load(struct db *db, struct machine_meter *m, int month, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_MONTH, err);
    const void *bytes;
    bool row, ok = true;
    size_t n;

    if (!q)
        return false;
    m->there = false;
    stmt_int_at(q, 1, m->id);
    stmt_int_at(q, 2, month);
    if (!stmt_step(q, &row, err))
        return false;
    if (row) {
        bytes = stmt_col_blob(q, 2, &n);
        ok = en_month_unpack(bytes, n, &m->m, err);
        if (ok && m->m.n_hours != month_hours(month))
            ok = err_set(err, ERR_DB, "a month has %d hours", m->m.n_hours);
        if (ok) {
            m->m.sum_uj = stmt_col_int(q, 0);
            extent(m);
        } else {
            err_in(err, "meter %lld, month %d-%02d", (long long)m->id,
                   month / 12, month % 12 + 1);
        }
    }
    stmt_reset(q);
    return ok;
}

static bool months_load(struct walk *w, int month, bool *any, struct err *err)
{
    *any = false;
    for (size_t i = 0; i < w->e.n; i++) {
        if (!month_load(w->db, &w->e.meters[i], month, err))
            return false;
        *any = *any || w->e.meters[i].there;
    }
    return true;
}

/* ---- calibration [5.1] ----------------------------------------------------
 */

static void pair_add(
        struct machine_energy *e, const struct hour_energy *wall,
        const struct hour_energy *in)
{
    size_t at = e->n_pairs++ % CALC_RATIO_HOURS;

    if (wall->covered < WELL_S || in->covered < WELL_S) {
        e->n_pairs--;
        return;
    }
    e->wall[at] = wall->joules / wall->covered;
    e->inside[at] = in->joules / in->covered;
}

static double pair_ratio(const struct machine_energy *e)
{
    int n =
            (int)(e->n_pairs < CALC_RATIO_HOURS ? e->n_pairs
                                                : CALC_RATIO_HOURS);
    double wall = 0, in = 0;

    for (int i = 0; i < n; i++) {
        wall += e->wall[i];
        in += e->inside[i];
    }
    return calc_wall_ratio(wall, in, n);
}

/* ---- one month of a machine -----------------------------------------------
 */

/* The best tier that knows 0.8 of the hour; else the one that knows most. */
static int choose(const struct hour_energy h[CALC_TIERS])
{
    int best = CALC_NO_ENERGY;

    for (int t = CALC_M1; t <= CALC_M4; t++)
        if (h[t].covered >= WELL_S)
            return t;
    for (int t = CALC_M1; t <= CALC_M4; t++)
        if (h[t].covered > 0 &&
            (best == CALC_NO_ENERGY || h[t].covered > h[best].covered))
            best = t;
    return best;
}

static double share_most(const struct machine_energy *e)
{
    double share = 1;

    for (size_t i = 0; i < e->n; i++) {
        const struct machine_meter *m = &e->meters[i];
        double s = (double)(m->after - m->before) / (double)m->whole;

        if (m->there && s < share)
            share = s;
    }
    return share;
}

/* A meter that holds the whole of one machine at the wall or its BMC: where it
 * is the only one its hours are the machine's. */
static bool is_whole(const struct machine_meter *m)
{
    return !m->modelled && m->after - m->before == m->whole &&
           (m->scope == WIRE_OUTLET || m->scope == WIRE_NODE);
}

static const struct machine_meter *lone_meter(const struct machine_energy *e)
{
    const struct machine_meter *lone = NULL;

    for (size_t i = 0; i < e->n; i++) {
        if (!e->meters[i].there)
            continue;
        if (lone)
            return NULL;
        lone = &e->meters[i];
    }
    return lone && is_whole(lone) ? lone : NULL;
}

static void lone_hours(const struct machine_meter *m, struct en_hours *out)
{
    int tier = m->scope == WIRE_OUTLET ? CALC_M1 : CALC_M2;
    size_t n = (size_t)out->n_hours;
    int64_t joules = 0;

    memset(out->sum_j, 0, sizeof out->sum_j);
    memcpy(out->covered, m->m.covered, n * sizeof *out->covered);
    if (m->m.covered_s == (int64_t)n * HOUR_S) { /* all of it */
        memcpy(out->joules, m->m.joules, n * sizeof *out->joules);
        memset(out->tier, tier, n);
        out->sum_j[tier] = (double)m->m.sum_uj / 1e6;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        bool read = m->m.covered[i] != 0;

        out->joules[i] = read ? m->m.joules[i] : 0;
        out->tier[i] = (uint8_t)(read ? tier : CALC_NO_ENERGY);
        joules += out->joules[i];
    }
    out->sum_j[tier] = (double)joules + m->rest_j;
}

static void month_hours_of(struct walk *w, int month)
{
    const struct machine_meter *lone;
    struct en_hours *out = &w->hours;
    struct hour_energy h[CALC_TIERS];
    double sum = 0, ratio = NAN;
    int64_t given = 0;

    memset(out, 0, sizeof *out);
    out->machine = w->e.id;
    out->month = month;
    out->n_hours = month_hours(month);
    out->share = share_most(&w->e);
    lone = w->e.calibrated ? NULL : lone_meter(&w->e);
    if (lone) {
        lone_hours(lone, out);
        return;
    }
    for (int i = 0; i < out->n_hours; i++) {
        int t;

        machine_hour(&w->e, i, h);
        t = choose(h);
        out->tier[i] = (uint8_t)t;
        if (w->e.calibrated) {
            if (t == CALC_M3)
                ratio = pair_ratio(&w->e);
            pair_add(&w->e, &h[CALC_M1], &h[CALC_M3]);
        }
        if (t == CALC_NO_ENERGY)
            continue;
        if (t == CALC_M3 && !isnan(ratio))
            h[t].joules *= ratio;
        out->sum_j[t] += h[t].joules;
        out->covered[i] = (uint16_t)h[t].covered;
        /* Whole joules by the floor of the running sum; a hair above, since
         * sums of doubles fall short of whole numbers. */
        sum += h[t].joules;
        out->joules[i] = (int64_t)floor(sum + 1e-6) - given;
        given += out->joules[i];
    }
}

/* The first month of a meter at the wall, where there are counters inside too:
 * what they showed beside each other goes into later hours. */
static bool calibration_from(struct walk *w, int *month, struct err *err)
{
    struct machine_energy *e = &w->e;
    bool wall = false, in = false;

    *month = w->from;
    for (size_t i = 0; i < e->n; i++) {
        wall = wall || e->meters[i].scope == WIRE_OUTLET;
        in = in || e->meters[i].scope == WIRE_PACKAGE ||
             e->meters[i].scope == WIRE_PSYS;
    }
    e->calibrated = wall && in;
    for (size_t i = 0; e->calibrated && i < e->n; i++) {
        struct stmt *q;
        bool row;

        if (e->meters[i].scope != WIRE_OUTLET)
            continue;
        q = el_stmt(w->db, EL_FIRST_MONTH, err);
        if (!q)
            return false;
        stmt_int_at(q, 1, e->meters[i].id);
        if (!stmt_step(q, &row, err))
            return false;
        if (row && !stmt_is_null(q, 0) && stmt_col_int(q, 0) < *month)
            *month = (int)stmt_col_int(q, 0);
        stmt_reset(q);
    }
    return true;
}

/* Disks and memory, for what counters leave out. */
static bool rest_load(struct walk *w, struct err *err)
{
    struct stmt *q = el_stmt(w->db, EL_REST_PARTS, err);
    double hdds = 0, ssds = 0, gib = 0;
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
        else if (size > 0)
            gib += size * (stmt_col_int(q, 2) ? 1 : n);
    }
    w->e.board_w = calc_power_rest_w(0, 0);
    w->e.disks_w = calc_power_rest_w(hdds, ssds) - w->e.board_w;
    w->e.ram_w = gib > 0 ? calc_power_ram_w(gib) : NAN;
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* The way of most machines: one statement for all months of its one meter. */
static bool lone_walk(struct walk *w, struct err *err)
{
    struct stmt *q = el_stmt(w->db, EL_MONTHS_OF, err);
    struct machine_meter *m = &w->e.meters[0];
    struct en_hours *out = &w->hours;
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, m->id);
    stmt_int_at(q, 2, w->from);
    stmt_int_at(q, 3, w->to);
    for (;;) {
        const void *bytes;
        size_t n;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        out->machine = w->e.id;
        out->month = (int)stmt_col_int(q, 0);
        out->n_hours = month_hours(out->month);
        out->share = 1;
        bytes = stmt_col_blob(q, 2, &n);
        if (!en_month_unpack(bytes, n, &m->m, err) ||
            (m->m.n_hours != out->n_hours &&
             !err_set(err, ERR_DB, "a month has %d hours", m->m.n_hours))) {
            err_in(err, "meter %lld, month %d-%02d", (long long)m->id,
                   out->month / 12, out->month % 12 + 1);
            goto done;
        }
        m->m.sum_uj = stmt_col_int(q, 1);
        extent(m);
        if (!m->there)
            continue;
        lone_hours(m, out);
        if (!w->row(w->ctx, out, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool machine_walk(struct walk *w, struct err *err)
{
    int month;
    bool any;

    if (w->e.n == 0)
        return true;
    if (w->e.n == 1 && is_whole(&w->e.meters[0]))
        return lone_walk(w, err);
    if (!rest_load(w, err) || !calibration_from(w, &month, err))
        return false;
    w->e.n_pairs = 0;
    for (; month <= w->to; month++) {
        if (!months_load(w, month, &any, err))
            return false;
        if (!any)
            continue;
        month_hours_of(w, month);
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
    free(w->e.meters);
    free(w);
    return ok;
}
