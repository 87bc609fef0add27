/* SPDX-License-Identifier: Apache-2.0
 * The statements of cards_alone.c. */
#ifndef ENERGY_CARDS_ALONE_SQL_H
#define ENERGY_CARDS_ALONE_SQL_H

/* CARDS_READ: all meters of a machine, or of a source of no known machine; of
 * those with readings in the month the cards, by source, where none tells of
 * more. */
#define EN_CARDS_SQL(X)                                                        \
    X(CARDS_MACHINE, "SELECT machine_id FROM feed_source WHERE id = :source")  \
    X(CARDS_READ, "WITH mine AS ("                                             \
                  "SELECT m.id, m.source_id, m.scope FROM meter_machine mm "   \
                  "JOIN meter m ON m.id = mm.meter_id "                        \
                  "WHERE mm.machine_id = :machine "                            \
                  "UNION ALL SELECT m.id, m.source_id, m.scope "               \
                  "FROM feed_source s JOIN meter m ON m.source_id = s.id "     \
                  "WHERE s.machine_id = :machine AND NOT EXISTS ("             \
                  "SELECT 1 FROM meter_machine x WHERE x.meter_id = m.id) "    \
                  "UNION ALL SELECT id, source_id, scope FROM meter "          \
                  "WHERE source_id = :source AND :machine IS NULL), "          \
                  "own AS (SELECT mine.source_id, mine.scope, e.sum_uj, "      \
                  "(SELECT count(*) FROM meter_machine x "                     \
                  "WHERE x.meter_id = mine.id) AS machines FROM mine "         \
                  "JOIN energy_month e ON e.meter_id = mine.id "               \
                  "AND e.month = :month WHERE e.covered_s > 0) "               \
                  "SELECT count(*), total(sum_uj / 3.6e12) FROM own "          \
                  "WHERE scope = 'gpu' AND machines <= 1 "                     \
                  "AND (:source IS NULL OR source_id = :source) "              \
                  "AND NOT EXISTS (SELECT 1 FROM own WHERE scope IN "          \
                  "('outlet', 'node', 'psys', 'package', 'estimate')) "        \
                  "GROUP BY source_id ORDER BY 1 DESC, source_id LIMIT 1")

#define AS_ID(id, text) id,
enum { EN_CARDS_SQL(AS_ID) EN_CARDS_SQL_COUNT };
#undef AS_ID

#endif
