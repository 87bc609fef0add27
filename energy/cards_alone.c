/* SPDX-License-Identifier: Apache-2.0
 * Cards that are read where nothing else of their machine is. */
#include "energy/cards_alone.h"

#include "energy/cards_alone_sql.h"

#define AS_SQL(id, text) [id] = {#id, text},
static const struct sql statements[EN_CARDS_SQL_COUNT] = {EN_CARDS_SQL(AS_SQL)};
#undef AS_SQL

const char en_cards_reason[] = "cards alone: not the machine";

const struct sql *en_cards_sql_list(size_t *n)
{
    *n = EN_CARDS_SQL_COUNT;
    return statements;
}

/* source or machine 0: not asked for. */
static bool read_cards(
        struct db *db, int64_t source, int64_t machine, int month,
        struct en_cards *out, struct err *err)
{
    struct stmt *q = db_stmt(db, &statements[CARDS_READ], err);
    bool row, ok;

    *out = (struct en_cards){0, 0};
    if (!q)
        return false;
    stmt_int(q, ":month", month);
    if (source)
        stmt_int(q, ":source", source);
    if (machine)
        stmt_int(q, ":machine", machine);
    ok = stmt_step(q, &row, err);
    if (ok && row) {
        out->n = stmt_col_int(q, 0);
        out->kwh = stmt_col_num(q, 1);
    }
    stmt_reset(q);
    return ok;
}

bool en_cards_of_machine(
        struct db *db, int64_t machine, int month, struct en_cards *out,
        struct err *err)
{
    return read_cards(db, 0, machine, month, out, err);
}

bool en_cards_of_source(
        struct db *db, int64_t source, int month, struct en_cards *out,
        struct err *err)
{
    struct stmt *q = db_stmt(db, &statements[CARDS_MACHINE], err);
    int64_t machine = 0;
    bool row, ok;

    if (!q)
        return false;
    stmt_int(q, ":source", source);
    ok = stmt_step(q, &row, err);
    if (ok && row && !stmt_is_null(q, 0))
        machine = stmt_col_int(q, 0);
    stmt_reset(q);
    return ok && read_cards(db, source, machine, month, out, err);
}
