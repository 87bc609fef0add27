/* SPDX-License-Identifier: Apache-2.0
 * What folding and purging in steps share. */
#include <time.h>

#include "energy/fold_priv.h"

const double fold_alone_s = 0.1;

double fold_clock_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool fold_run(struct db *db, enum el_sql id, int64_t v, struct err *err)
{
    struct stmt *q = el_stmt(db, id, err);

    if (!q)
        return false;
    stmt_int_at(q, 1, v);
    return stmt_run(q, err);
}

bool fold_ask(struct stmt *q, int64_t *out, int cols, struct err *err)
{
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    CHECK(row);
    for (int i = 0; i < cols; i++)
        out[i] = stmt_col_int(q, i);
    stmt_reset(q);
    return true;
}

bool fold_end(struct db *db, bool ok, struct err *err)
{
    if (ok)
        return db_commit(db, err);
    db_rollback(db);
    return false;
}
