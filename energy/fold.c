/* SPDX-License-Identifier: Apache-2.0
 * Readings of many meters, in order of time, to energy by hour
 * [docs/method.md#live-feeds]. What a pair of readings gives depends on these
 * two alone, so any stretch of hours can be worked out again by itself. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/fold_priv.h"

/* Between readings of a sender that has not shown how often it reads [D]. */
#define PERIOD_NS (60 * INT64_C(1000000000))

/* ---- what is known of meters and runs -------------------------------------
 */

void fold_clear(struct fold *f)
{
    struct fold_meter *m = f->meters, *next_m;
    struct fold_run *r = f->runs, *next_r;

    HASH_CLEAR(hh, f->meters);
    for (; m; m = next_m) {
        next_m = m->hh.next;
        free(m->periods);
        free(m->hours);
        free(m);
    }
    HASH_CLEAR(hh, f->runs);
    for (; r; r = next_r) {
        next_r = r->hh.next;
        free(r->boot);
        free(r);
    }
    f->n_hours = 0;
}

static bool meter_read(
        const struct fold *f, struct stmt *q, struct fold_meter *m,
        struct err *err)
{
    double max_w = stmt_col_num(q, 2);

    if (!wire_meter_kind_from(stmt_col_text(q, 0), &m->kind))
        return err_set(
                err, ERR_DB, "meter %lld has kind '%s'", (long long)m->id,
                stmt_col_text(q, 0));
    m->known = true;
    m->calc = (struct calc_meter){
            .range_uj = stmt_is_null(q, 1) ? -1 : stmt_col_int(q, 1),
            .max_uw = isnan(max_w) ? -1 : (int64_t)llround(max_w * 1e6),
            .period_ns = PERIOD_NS};
    m->hold = stmt_col_int(q, 3) != 0;
    m->closed_ns = stmt_col_int(q, 8);
    m->file = stmt_col_int(q, 9) != 0;
    if (!stmt_is_null(q, 10))
        m->first_ns = stmt_col_int(q, 10);
    if (f->afresh || stmt_is_null(q, 4))
        return true;
    m->has_last = true;
    m->last = (struct fold_row){
            .t_ns = stmt_col_int(q, 4),
            .meter = m->id,
            .run = stmt_col_int(q, 5),
            .seq = stmt_col_int(q, 6),
            .value = stmt_col_int(q, 7)};
    return true;
}

bool fold_meter_get(
        struct fold *f, int64_t id, struct fold_meter **out, struct err *err)
{
    struct fold_meter *m;
    struct stmt *q;
    bool row = false, ok = true;

    HASH_FIND(hh, f->meters, &id, sizeof id, m);
    if (m) {
        *out = m;
        return true;
    }
    q = el_stmt(f->db, EL_METER, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, id);
    if (!stmt_step(q, &row, err))
        return false;
    m = xcalloc(1, sizeof *m);
    m->id = id;
    m->start_ns = m->floor_ns = INT64_MIN;
    m->boot_plain = true;
    m->first_ns = INT64_MAX;
    if (row)
        ok = meter_read(f, q, m, err);
    stmt_reset(q);
    if (!ok) {
        free(m);
        return false;
    }
    HASH_ADD(hh, f->meters, id, sizeof m->id, m);
    *out = m;
    return true;
}

static bool
run_get(struct fold *f, int64_t id, const struct fold_run **out,
        struct err *err)
{
    struct fold_run *r;
    struct stmt *q;
    bool row = false;

    HASH_FIND(hh, f->runs, &id, sizeof id, r);
    if (!r) {
        q = el_stmt(f->db, EL_RUN_BOOT, err);
        if (!q)
            return false;
        stmt_int_at(q, 1, id);
        if (!stmt_step(q, &row, err))
            return false;
        r = xcalloc(1, sizeof *r);
        r->id = id;
        if (row)
            r->boot = xstrdup(stmt_col_text(q, 0));
        stmt_reset(q);
        HASH_ADD(hh, f->runs, id, sizeof r->id, r);
    }
    *out = r;
    return true;
}

/* Of one start of the counters: one run, or runs of one boot. */
static bool
same_boot(struct fold *f, int64_t a, int64_t b, bool *same, struct err *err)
{
    const struct fold_run *x, *y;

    *same = a == b;
    if (*same)
        return true;
    if (!run_get(f, a, &x, err) || !run_get(f, b, &y, err))
        return false;
    *same = x->boot && y->boot && strcmp(x->boot, y->boot) == 0;
    return true;
}

static bool
periods_load(struct fold *f, struct fold_meter *m, int64_t run, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_PERIODS, err);
    size_t cap = 0;
    bool row, ok = false;

    if (!q)
        return false;
    free(m->periods);
    m->periods = NULL;
    m->n_periods = 0;
    stmt_int_at(q, 1, run);
    stmt_int_at(q, 2, m->id);
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (m->n_periods == cap) {
            cap = cap ? cap * 2 : 2;
            m->periods = xreallocarray(m->periods, cap, sizeof *m->periods);
        }
        m->periods[m->n_periods++] =
                (struct fold_period){stmt_col_int(q, 0), stmt_col_int(q, 1)};
    }
    m->run = run;
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static int64_t period_at(const struct fold_meter *m, int64_t t_ns)
{
    for (size_t i = m->n_periods; i > 0; i--)
        if (m->periods[i - 1].from_ns <= t_ns)
            return m->periods[i - 1].period_ns;
    return PERIOD_NS;
}

static int by_id(const void *a, const void *b)
{
    const struct fold_meter *const *x = a, *const *y = b;

    return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

struct fold_meter **fold_sorted(struct fold *f, size_t *n)
{
    /* Pointers are meant. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    struct fold_meter **list = xcalloc(HASH_COUNT(f->meters) + 1, sizeof *list);
    struct fold_meter *m, *next;

    *n = 0;
    HASH_ITER(hh, f->meters, m, next)
    if (m->known)
        list[(*n)++] = m;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression) */
    qsort(list, *n, sizeof *list, by_id);
    return list;
}

/* ---- hours ----------------------------------------------------------------
 */

static int64_t hour_of(int64_t t_ns)
{
    return t_ns / EN_HOUR_NS; /* times before 1970 never get in */
}

static void
hour_add(struct fold *f, struct fold_meter *m, const struct fold_hour *h)
{
    size_t at = m->n_hours;

    if (h->hour * EN_HOUR_NS < m->floor_ns)
        return;
    while (at > 0 && m->hours[at - 1].hour > h->hour)
        at--;
    if (at > 0 && m->hours[at - 1].hour == h->hour) {
        struct fold_hour *to = &m->hours[at - 1];

        if (to->ns < FOLD_MOST_NS)
            to->ns += h->ns;
        to->flags |= h->flags;
        if (__builtin_add_overflow(to->uj, h->uj, &to->uj)) {
            to->uj = INT64_MAX; /* dropped with its month, see fold_month_add */
            to->flags |= EN_SPIKE;
        }
        return;
    }
    if (m->n_hours == m->cap_hours) {
        m->cap_hours = m->cap_hours ? m->cap_hours * 2 : 4;
        m->hours = xreallocarray(m->hours, m->cap_hours, sizeof *m->hours);
    }
    memmove(&m->hours[at + 1], &m->hours[at],
            (m->n_hours - at) * sizeof *m->hours);
    m->hours[at] = *h;
    m->n_hours++;
    f->n_hours++;
}

/* Flags stand at the hour in which the later reading ends. */
static void
mark(struct fold *f, struct fold_meter *m, int64_t t_ns, unsigned flags)
{
    if (flags)
        hour_add(
                f, m,
                &(struct fold_hour){
                        .hour = hour_of(t_ns - 1), .flags = (uint8_t)flags});
}

/* Energy over [from, to) to the hours it crosses, exactly. */
static void
span(struct fold *f, struct fold_meter *m, int64_t from, int64_t to, int64_t uj)
{
    int64_t given = 0;

    m->sum_uj += uj;
    for (int64_t at = from; at < to;) {
        int64_t hour = hour_of(at), end = (hour + 1) * EN_HOUR_NS, cum;

        if (end > to)
            end = to;
        cum = calc_part_uj(uj, end - from, to - from);
        hour_add(
                f, m,
                &(struct fold_hour){
                        .hour = hour, .uj = cum - given, .ns = end - at});
        given = cum;
        at = end;
    }
}

/* ---- readings -------------------------------------------------------------
 */

void fold_boot_end(struct fold *f, struct fold_meter *m)
{
    if (m->kind == WIRE_COUNTER && m->boot_plain && m->has_last &&
        m->boot_sum != m->last.value - m->boot_first) {
        if (!f->broken++)
            f->broken_meter = m->id;
    }
    m->boot_plain = true;
    m->boot_sum = 0;
}

static void
follow(struct fold *f, struct fold_meter *m, const struct fold_row *r,
       bool same, unsigned flags, int64_t uj)
{
    if (!m->has_last || !same) {
        fold_boot_end(f, m);
        m->boot_first = r->value;
    } else if (flags & (EN_WRAP | EN_RESET | EN_SPIKE | EN_AMBIG)) {
        m->boot_plain = false;
    } else {
        m->boot_sum += uj;
    }
    m->last = *r;
    m->has_last = m->moved_on = true;
}

bool fold_take(
        struct fold *f, struct fold_meter *m, const struct fold_row *r,
        struct err *err)
{
    unsigned flags = 0;
    int64_t uj = 0, dt;
    bool same = true, energy = false;

    if (r->t_ns < m->first_ns)
        m->first_ns = r->t_ns;
    if (m->kind == WIRE_INTERVAL) {
        span(f, m, r->from_ns, r->t_ns, r->value);
        mark(f, m, r->t_ns, r->moved ? EN_SKEW : 0);
        m->last = *r;
        m->has_last = m->moved_on = true;
        return true;
    }
    if ((!m->run || m->run != r->run) && !periods_load(f, m, r->run, err))
        return false;
    if (m->has_last) {
        if (!same_boot(f, m->last.run, r->run, &same, err))
            return false;
        dt = r->t_ns - m->last.t_ns;
        m->calc.period_ns = period_at(m, r->t_ns);
        energy = m->kind == WIRE_COUNTER
                         ? calc_counter_uj(
                                   &m->calc, same, m->last.value, r->value, dt,
                                   &uj, &flags)
                         : calc_gauge_uj(
                                   &m->calc, same, m->hold, m->last.value,
                                   r->value, dt, &uj);
    }
    if (energy)
        span(f, m, m->last.t_ns, r->t_ns, uj);
    mark(f, m, r->t_ns, flags | (r->moved ? EN_SKEW : 0));
    follow(f, m, r, same, flags, uj);
    return true;
}
