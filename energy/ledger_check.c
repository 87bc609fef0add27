/* SPDX-License-Identifier: Apache-2.0
 * The identities of the ledger [docs/method.md#live-feeds]: months add up, and
 * are what the readings that are still there give again. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "energy/fold_priv.h"

enum { CHECK_METERS = 2000 /* worked out again in one pass over readings */ };

static bool
broken(struct err *err, const char *id, int64_t meter, int month,
       const char *what)
{
    return err_set(
            err, ERR_DB, "%s does not hold for meter %lld in %d-%02d: %s", id,
            (long long)meter, month / 12, month % 12 + 1, what);
}

/* A stored month by itself: J1 and J4. */
static bool month_sound(
        int64_t meter, const struct en_month *m, const struct month_exact *x,
        struct err *err)
{
    int64_t joules = 0, covered = 0;
    struct en_month again;

    for (int i = 0; i < m->n_hours; i++) {
        joules += m->joules[i];
        covered += m->covered[i];
    }
    if (joules != m->sum_uj / 1000000)
        return broken(
                err, "J1", meter, m->month,
                "its hours do not add up to its sum");
    if (covered != m->covered_s)
        return broken(
                err, "J4", meter, m->month,
                "its covered seconds do not add up");
    month_round(x, &again);
    if (again.sum_uj != m->sum_uj ||
        memcmp(again.joules, m->joules, sizeof again.joules) != 0)
        return broken(
                err, "J1", meter, m->month,
                "its hours are not the whole joules of its exact ones");
    return true;
}

static bool months_sound(struct db *db, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_MONTHS_ALL, err);
    static struct month_exact x;
    static struct en_month m;
    bool row, sealed, ok = false;

    if (!q)
        return false;
    for (;;) {
        int64_t meter;
        int month;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        meter = stmt_col_int(q, 0);
        month = (int)stmt_col_int(q, 1);
        if (!fold_month_row(q, 2, month, &m, &x, &sealed, err)) {
            err_in(err, "meter %lld, month %d-%02d", (long long)meter,
                   month / 12, month % 12 + 1);
            goto done;
        }
        if (!month_sound(meter, &m, &x, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* ---- from the readings again ----------------------------------------------
 */

static bool
some_meters(struct fold *f, int64_t *after, size_t *n, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_METER_IDS, err);
    struct fold_meter *m;
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int_at(q, 1, *after);
    stmt_int_at(q, 2, CHECK_METERS);
    for (*n = 0;; (*n)++) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        *after = stmt_col_int(q, 0);
        if (!fold_meter_get(f, *after, &m, err))
            goto done;
        m->start_ns = m->floor_ns = INT64_MIN;
        if (m->closed_ns)
            m->floor_ns = m->closed_ns - m->closed_ns % EN_HOUR_NS;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* Meters with readings that no fold has seen yet are left out. */
static bool leave_due(struct fold *f, struct err *err)
{
    struct fold_dues due;
    bool row;

    if (!fold_dues_after(&due, f->db, INT64_MIN, err))
        return false;
    for (;;) {
        struct fold_meter *m;

        if (!fold_dues_next(&due, &row, err))
            return false;
        if (!row)
            return true;
        HASH_FIND(hh, f->meters, &due.meter, sizeof due.meter, m);
        if (m)
            m->known = false;
    }
}

static bool take_rows(struct fold *f, int64_t folded_ns, struct err *err)
{
    struct fold_rows at;
    bool row;

    if (!fold_rows_from(&at, f->db, INT64_MIN, folded_ns, err))
        return false;
    for (;;) {
        struct fold_meter *m;

        if (!fold_rows_next(&at, &row, err))
            return false;
        if (!row)
            return true;
        HASH_FIND(hh, f->meters, &at.row.meter, sizeof at.row.meter, m);
        if (m && m->known && !fold_take(f, m, &at.row, err)) {
            fold_rows_end(&at);
            return false;
        }
    }
}

/* The hours of a stored month from the floor on, against those again. */
static bool month_again(
        struct fold *f, const struct fold_meter *m, int month,
        const struct month_exact *again, struct err *err)
{
    int64_t start = month_start_ns(month);
    struct month_exact stored;
    int64_t id;
    bool sealed;

    if (!fold_month_load(f->db, m->id, month, &stored, &id, &sealed, err))
        return false;
    if (sealed)
        return true; /* its exact hours are gone with its readings */
    for (int i = 0; i < stored.n_hours; i++)
        if (start + i * EN_HOUR_NS >= m->floor_ns &&
            (stored.uj[i] != again->uj[i] || stored.ns[i] != again->ns[i] ||
             stored.flags[i] != again->flags[i]))
            return broken(
                    err, "J1", m->id, month,
                    "its hours are not what its readings give");
    return true;
}

static bool
meter_again(struct fold *f, const struct fold_meter *m, struct err *err)
{
    struct month_exact x;
    num_i128 sum = 0;

    for (size_t i = 0; i < m->n_hours; i++)
        sum += m->hours[i].uj;
    if (m->floor_ns == INT64_MIN && sum != m->sum_uj)
        return err_set(
                err, ERR_DB,
                "J1 does not hold for meter %lld: its hours are not the sum of "
                "its deltas",
                (long long)m->id);
    for (size_t i = 0; i < m->n_hours;) {
        int month = en_month_of_ns(m->hours[i].hour * EN_HOUR_NS);
        int64_t end = month_start_ns(month + 1) / EN_HOUR_NS;
        size_t n = i;

        memset(&x, 0, sizeof x);
        x.month = month;
        x.n_hours = month_hours(month);
        while (n < m->n_hours && m->hours[n].hour < end)
            n++;
        fold_month_add(&x, &m->hours[i], n - i);
        i = n;
        if (!month_again(f, m, month, &x, err))
            return false;
    }
    return true;
}

static bool
meters_again(struct db *db, int64_t *after, size_t *n, struct err *err)
{
    struct fold f = {.db = db, .afresh = true};
    struct fold_meter **list = NULL;
    struct stmt *q = el_stmt(db, EL_MARK, err);
    int64_t folded;
    size_t count = 0;
    bool row, ok = false;

    if (!q || !stmt_step(q, &row, err))
        return false;
    folded = stmt_col_int(q, 0);
    stmt_reset(q);
    if (!some_meters(&f, after, n, err) || !leave_due(&f, err) ||
        (*n && !take_rows(&f, folded, err)))
        goto done;
    list = fold_sorted(&f, &count);
    for (size_t i = 0; i < count; i++) {
        fold_boot_end(&f, list[i]);
        if (!meter_again(&f, list[i], err))
            goto done;
    }
    if (f.broken) {
        err_set(err, ERR_DB,
                "J2 does not hold for meter %lld: the deltas of a boot are not "
                "its last reading less its first",
                (long long)f.broken_meter);
        goto done;
    }
    ok = true;
done:
    free(list);
    fold_clear(&f);
    return ok;
}

bool en_ledger_check(struct db *db, struct err *err)
{
    int64_t after = INT64_MIN;
    size_t n = CHECK_METERS;
    bool ok = false;

    if (!db_begin_read(db, err))
        return false;
    if (!months_sound(db, err))
        goto done;
    while (n == CHECK_METERS)
        if (!meters_again(db, &after, &n, err))
            goto done;
    ok = true;
done:
    db_end_read(db);
    return ok;
}
