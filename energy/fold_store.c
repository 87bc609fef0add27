/* SPDX-License-Identifier: Apache-2.0
 * Energy by hour into the months of the ledger. */
#include <stdlib.h>
#include <string.h>

#include "energy/fold_priv.h"

bool fold_month_row(
        struct stmt *q, int col, int month, struct en_month *m,
        struct month_exact *x, bool *sealed, struct err *err)
{
    const void *bytes, *fine;
    size_t n;

    bytes = stmt_col_blob(q, col + 2, &n);
    if (!en_month_unpack(bytes, n, m, err))
        return false;
    if (m->n_hours != month_hours(month))
        return err_set(
                err, ERR_DB, "a month of %d hours has %d", month_hours(month),
                m->n_hours);
    m->month = month;
    m->sum_uj = stmt_col_int(q, col);
    m->covered_s = stmt_col_int(q, col + 1);
    m->flags = (unsigned)stmt_col_int(q, col + 3);
    *sealed = stmt_is_null(q, col + 4);
    fine = stmt_col_blob(q, col + 4, &n);
    return month_restore(m, fine, n, x, err);
}

bool fold_month_load(
        struct db *db, int64_t meter, int month, struct month_exact *out,
        int64_t *id, bool *sealed, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_MONTH, err);
    struct en_month m;
    bool found, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, meter);
    stmt_int_at(q, 2, month);
    if (!stmt_step(q, &found, err))
        return false;
    *sealed = false;
    *id = found ? stmt_col_int(q, 5) : 0;
    if (found) {
        ok = fold_month_row(q, 0, month, &m, out, sealed, err);
    } else {
        memset(out, 0, sizeof *out);
        out->month = month;
        out->n_hours = month_hours(month);
        ok = true;
    }
    stmt_reset(q);
    if (!ok)
        err_in(err, "meter %lld, month %d-%02d", (long long)meter, month / 12,
               month % 12 + 1);
    return ok;
}

static bool odd_flags(
        struct db *db, int64_t meter, int month, unsigned *out, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_ODD, err);
    bool row;

    if (!q)
        return false;
    stmt_int_at(q, 1, meter);
    stmt_int_at(q, 2, month);
    if (!stmt_step(q, &row, err))
        return false;
    if (row && stmt_col_int(q, 0))
        *out |= EN_LATE;
    if (row && stmt_col_int(q, 1))
        *out |= EN_CONFLICT;
    stmt_reset(q);
    return true;
}

static bool
row_add(struct db *db, int64_t meter, const struct en_month *m,
        const struct buf *hours, int64_t *id, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_MONTH_ADD, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, meter);
    stmt_int_at(q, 2, m->month);
    stmt_int_at(q, 3, m->sum_uj);
    stmt_int_at(q, 4, m->covered_s);
    stmt_blob_at(q, 5, hours->p, hours->len);
    stmt_int_at(q, 6, m->flags);
    if (!stmt_run(q, err))
        return false;
    *id = db_last_id(db);
    return true;
}

static bool
row_set(struct db *db, int64_t id, const struct en_month *m,
        const struct buf *hours, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_MONTH_SET, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, m->sum_uj);
    stmt_int_at(q, 2, m->covered_s);
    stmt_blob_at(q, 3, hours->p, hours->len);
    stmt_int_at(q, 4, m->flags);
    stmt_int_at(q, 5, id);
    return stmt_run(q, err);
}

static bool
fine_put(struct db *db, int64_t id, const struct buf *fine, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_FINE_PUT, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, id);
    stmt_blob_at(q, 2, fine->p, fine->len);
    return stmt_run(q, err);
}

static bool month_drop(struct db *db, int64_t id, struct err *err)
{
    struct stmt *q;

    if (!id)
        return true;
    q = el_stmt(db, EL_MONTH_DROP, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, id);
    return stmt_run(q, err);
}

/* A month of which nothing is left is none, as if it had never been. */
static bool empty(const struct month_exact *x)
{
    for (int i = 0; i < x->n_hours; i++)
        if (x->uj[i] || x->ns[i] || x->flags[i])
            return false;
    return !x->base_flags;
}

/* id 0: a month that is new. */
static bool month_put(
        struct db *db, int64_t meter, int64_t id, const struct month_exact *x,
        bool sealed, struct err *err)
{
    struct buf hours = {0}, fine = {0};
    struct en_month m;
    bool ok = false;

    if (empty(x))
        return month_drop(db, id, err);
    month_round(x, &m);
    if (!odd_flags(db, meter, x->month, &m.flags, err))
        goto done;
    en_month_pack(&m, &hours);
    if (!(id ? row_set(db, id, &m, &hours, err)
             : row_add(db, meter, &m, &hours, &id, err)))
        goto done;
    if (!sealed)
        month_fine_pack(x, &fine);
    ok = sealed || fine_put(db, id, &fine, err);
done:
    buf_clear(&hours);
    buf_clear(&fine);
    return ok;
}

/* A meter-month beyond int64 can only be made up of intervals over the same
 * time: what is too much is left out and flagged. */
void fold_month_add(
        struct month_exact *x, const struct fold_hour *hours, size_t n)
{
    int64_t first = month_start_ns(x->month) / EN_HOUR_NS, room = INT64_MAX;

    for (int k = 0; k < x->n_hours; k++)
        room -= x->uj[k];
    for (const struct fold_hour *h = hours; h < hours + n; h++) {
        int64_t i = h->hour - first;

        if (h->uj <= room) {
            x->uj[i] += h->uj;
            room -= h->uj;
        } else {
            x->flags[i] |= EN_SPIKE;
        }
        if (x->ns[i] < FOLD_MOST_NS)
            x->ns[i] += h->ns;
        x->flags[i] |= h->flags;
    }
}

static bool
hours_put(struct fold *f, const struct fold_meter *m, struct err *err)
{
    struct month_exact x;
    int64_t id;
    bool sealed;

    for (size_t i = 0; i < m->n_hours;) {
        int month = en_month_of_ns(m->hours[i].hour * EN_HOUR_NS);
        int64_t end = month_start_ns(month + 1) / EN_HOUR_NS;

        size_t n = i;

        while (n < m->n_hours && m->hours[n].hour < end)
            n++;
        if (!fold_month_load(f->db, m->id, month, &x, &id, &sealed, err))
            return false;
        fold_month_add(&x, &m->hours[i], n - i);
        i = n;
        if (!month_put(f->db, m->id, id, &x, sealed, err))
            return false;
    }
    return true;
}

bool fold_last_put(struct fold *f, struct fold_meter *m, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_LAST_PUT, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, m->id);
    stmt_int_at(q, 2, m->last.t_ns);
    stmt_int_at(q, 3, m->last.run);
    stmt_int_at(q, 4, m->last.seq);
    stmt_int_at(q, 5, m->last.value);
    stmt_int_at(q, 6, m->first_ns);
    m->moved_on = false;
    return stmt_run(q, err);
}

bool fold_flush(struct fold *f, struct fold_meter *m, struct err *err)
{
    if (!hours_put(f, m, err))
        return false;
    f->n_hours -= m->n_hours;
    m->n_hours = 0;
    return true;
}

static bool erase_one(
        struct fold *f, const struct fold_meter *m, int month, struct err *err)
{
    int64_t start = month_start_ns(month);
    struct month_exact x;
    int64_t id;
    bool sealed;

    if (!fold_month_load(f->db, m->id, month, &x, &id, &sealed, err))
        return false;
    for (int i = 0; i < x.n_hours; i++)
        if (start + i * EN_HOUR_NS >= m->floor_ns) {
            x.uj[i] = x.ns[i] = 0;
            x.flags[i] = 0;
        }
    return month_put(f->db, m->id, id, &x, sealed, err);
}

bool fold_erase(struct fold *f, struct fold_meter *m, struct err *err)
{
    enum { MONTHS = 2400 };
    int months[MONTHS], n = 0;
    struct stmt *q = el_stmt(f->db, EL_MONTHS_FROM, err);
    bool row = true;

    if (!q)
        return false;
    stmt_int_at(q, 1, m->id);
    stmt_int_at(q, 2, en_month_of_ns(m->floor_ns));
    while (row && n < MONTHS) {
        if (!stmt_step(q, &row, err))
            return false;
        if (row)
            months[n++] = (int)stmt_col_int(q, 0);
    }
    stmt_reset(q);
    for (int i = 0; i < n; i++)
        if (!erase_one(f, m, months[i], err))
            return false;
    return true;
}
