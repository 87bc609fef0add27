/* SPDX-License-Identifier: Apache-2.0
 * Cards that are read where nothing else of their machine is. */
#include "energy/cards_alone.h"

enum cards_sql { CARDS_MACHINE, CARDS_READ, CARDS_SQL_COUNT };

/* All meters of a machine, or of a source of no known machine; of those with
 * readings in the month the cards, by source, where none tells of more. */
static const struct sql statements[CARDS_SQL_COUNT] = {
        [CARDS_MACHINE] =
                {"CARDS_MACHINE",
                 "SELECT machine_id FROM feed_source WHERE id = :source"},
        [CARDS_READ] =
                {"CARDS_READ",
                 "WITH mine AS ("
                 "SELECT m.id, m.source_id, m.scope FROM meter_machine mm "
                 "JOIN meter m ON m.id = mm.meter_id "
                 "WHERE mm.machine_id = :machine "
                 "UNION ALL SELECT m.id, m.source_id, m.scope "
                 "FROM feed_source s JOIN meter m ON m.source_id = s.id "
                 "WHERE s.machine_id = :machine AND NOT EXISTS ("
                 "SELECT 1 FROM meter_machine x WHERE x.meter_id = m.id) "
                 "UNION ALL SELECT id, source_id, scope FROM meter "
                 "WHERE source_id = :source AND :machine IS NULL), "
                 "own AS (SELECT mine.source_id, mine.scope, e.sum_uj, "
                 "(SELECT count(*) FROM meter_machine x "
                 "WHERE x.meter_id = mine.id) AS machines FROM mine "
                 "JOIN energy_month e ON e.meter_id = mine.id "
                 "AND e.month = :month WHERE e.covered_s > 0) "
                 "SELECT count(*), total(sum_uj / 3.6e12) FROM own "
                 "WHERE scope = 'gpu' AND machines <= 1 "
                 "AND (:source IS NULL OR source_id = :source) "
                 "AND NOT EXISTS (SELECT 1 FROM own WHERE scope IN "
                 "('outlet', 'node', 'psys', 'package', 'estimate')) "
                 "GROUP BY source_id ORDER BY 1 DESC, source_id LIMIT 1"},
};

const char en_cards_reason[] = "cards alone: not the machine";

const struct sql *en_cards_sql_list(size_t *n)
{
    *n = CARDS_SQL_COUNT;
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
