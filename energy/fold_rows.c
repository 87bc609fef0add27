/* SPDX-License-Identifier: Apache-2.0
 * Stepping over readings and over the meters that wait for a fold. */
#include "energy/fold_priv.h"

struct fold_row fold_row_at(int64_t t_ns)
{
    return (struct fold_row){
            .t_ns = t_ns,
            .meter = INT64_MIN,
            .run = INT64_MIN,
            .seq = INT64_MIN};
}

static bool
begin(struct fold_rows *it, struct db *db, enum el_sql id,
      const struct fold_row *key, struct err *err)
{
    it->q = el_stmt(db, id, err);
    if (!it->q)
        return false;
    stmt_int_at(it->q, 1, key->t_ns);
    stmt_int_at(it->q, 2, key->meter);
    stmt_int_at(it->q, 3, key->run);
    stmt_int_at(it->q, 4, key->seq);
    return true;
}

bool fold_rows_after(
        struct fold_rows *it, struct db *db, const struct fold_row *after,
        int64_t to_ns, struct err *err)
{
    if (!begin(it, db, EL_ROWS, after, err))
        return false;
    stmt_int_at(it->q, 5, to_ns);
    return true;
}

bool fold_rows_from(
        struct fold_rows *it, struct db *db, int64_t from_ns, int64_t to_ns,
        struct err *err)
{
    struct fold_row key = fold_row_at(from_ns);

    return fold_rows_after(it, db, &key, to_ns, err);
}

bool fold_rows_before(
        struct fold_rows *it, struct db *db, const struct fold_row *before,
        struct err *err)
{
    return begin(it, db, EL_ROWS_BACK, before, err);
}

bool fold_rows_next(struct fold_rows *it, bool *row, struct err *err)
{
    struct stmt *q = it->q;
    bool ok = stmt_step(q, row, err);

    if (!ok || !*row) {
        fold_rows_end(it);
        return ok;
    }
    it->row = (struct fold_row){
            .t_ns = stmt_col_int(q, 0),
            .meter = stmt_col_int(q, 1),
            .run = stmt_col_int(q, 2),
            .seq = stmt_col_int(q, 3),
            .value = stmt_col_int(q, 4),
            .from_ns = stmt_col_int(q, 5),
            .node_ns = stmt_col_int(q, 6),
            .moved = !stmt_is_null(q, 6)};
    return true;
}

void fold_rows_end(struct fold_rows *it)
{
    stmt_reset(it->q);
    it->q = NULL;
}

bool fold_dues_after(
        struct fold_dues *it, struct db *db, int64_t meter, struct err *err)
{
    it->q = el_stmt(db, EL_DUES, err);
    if (!it->q)
        return false;
    stmt_int_at(it->q, 1, meter);
    return true;
}

bool fold_dues_next(struct fold_dues *it, bool *row, struct err *err)
{
    bool ok = stmt_step(it->q, row, err);

    if (!ok || !*row) {
        fold_dues_end(it);
        return ok;
    }
    it->meter = stmt_col_int(it->q, 0);
    it->from_ns = stmt_col_int(it->q, 1);
    return true;
}

void fold_dues_end(struct fold_dues *it)
{
    stmt_reset(it->q);
    it->q = NULL;
}
