/* SPDX-License-Identifier: Apache-2.0
 * Meters that are no longer there: until someone says so, one that was read
 * before is missed [docs/method.md#machines-from-meters]. */
#include <stdlib.h>

#include "base/mem.h"
#include "energy/listing.h"
#include "energy/machine_priv.h"
#include "energy/month_priv.h"

enum { DAY_H = 24 };

static bool
find(struct db *db, const char *source, const char *key, int64_t *meter,
     struct err *err)
{
    struct stmt *q = el_stmt(db, EL_METER_FIND, err);
    bool row;

    if (!q)
        return false;
    stmt_text_at(q, 1, source);
    stmt_text_at(q, 2, key);
    if (!stmt_step(q, &row, err))
        return false;
    if (row)
        *meter = stmt_col_int(q, 0);
    stmt_reset(q);
    return row ||
           err_set(err, ERR_NOT_FOUND,
                   "no meter '%.80s' of a source '%.80s', expected both as "
                   "'energy status' names them",
                   key, source);
}

bool en_hours_heard(
        int month, const void *bytes, size_t n, int64_t *hour, struct err *err)
{
    struct en_month *m = xcalloc(1, sizeof *m);
    bool ok = en_month_unpack(bytes, n, m, err);
    int last = ok ? m->n_hours : 0;

    while (last > 0 && !m->covered[last - 1])
        last--;
    *hour = month_start_ns(month) / EN_HOUR_NS + last;
    free(m);
    return ok;
}

/* The hour after the last one that it read. */
static bool
heard(struct db *db, int64_t meter, const char *key, int64_t *hour,
      struct err *err)
{
    struct stmt *q = el_stmt(db, EL_LAST_MONTH, err);
    const void *bytes;
    bool row, ok;
    size_t n;

    if (!q)
        return false;
    stmt_int_at(q, 1, meter);
    if (!stmt_step(q, &row, err))
        return false;
    if (!row)
        return err_set(
                err, ERR_CONFLICT,
                "no reading of '%.80s' is folded, so none is missed", key);
    bytes = stmt_col_blob(q, 1, &n);
    ok = en_hours_heard((int)stmt_col_int(q, 0), bytes, n, hour, err);
    stmt_reset(q);
    return ok;
}

bool en_meter_gone(
        struct db *db, const char *source, const char *key, const int32_t *day,
        int64_t *from_s, struct err *err)
{
    struct stmt *q;
    int64_t meter = 0, hour = 0;

    if (!find(db, source, key, &meter, err) ||
        !heard(db, meter, key, &hour, err))
        return false;
    if (day)
        hour = (int64_t)*day * DAY_H;
    q = el_stmt(db, EL_METER_GONE, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, hour);
    stmt_int_at(q, 2, meter);
    if (!stmt_run(q, err))
        return false;
    *from_s = hour * MACHINE_HOUR_S;
    return true;
}

bool en_meter_back(
        struct db *db, const char *source, const char *key, struct err *err)
{
    struct stmt *q;
    int64_t meter = 0;

    if (!find(db, source, key, &meter, err))
        return false;
    q = el_stmt(db, EL_METER_GONE, err);
    if (!q)
        return false;
    stmt_null_at(q, 1);
    stmt_int_at(q, 2, meter);
    if (!stmt_run(q, err))
        return false;
    return true;
}
