/* SPDX-License-Identifier: Apache-2.0
 * Two records of one machine become one: what measures or models the record
 * that goes follows to the one that stays. */
#include "energy/energy.h"
#include "energy/joined_sql.h"

#define AS_ENUM(id, text) id,
enum { EJ_SQL(AS_ENUM) EJ_SQL_COUNT };
#define AS_SQL(id, text) [id] = {#id, text},
static const struct sql statements[EJ_SQL_COUNT] = {EJ_SQL(AS_SQL)};

const struct sql *en_joined_sql_list(size_t *n)
{
    *n = EJ_SQL_COUNT;
    return statements;
}

bool en_machine_joined(
        struct db *db, int64_t keep, int64_t drop, struct err *err)
{
    for (int i = 0; i < EJ_SQL_COUNT; i++) {
        struct stmt *q = db_stmt(db, &statements[i], err);

        if (!q)
            return false;
        stmt_int(q, ":keep", keep);
        stmt_int(q, ":drop", drop);
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}
