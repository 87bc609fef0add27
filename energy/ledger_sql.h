/* SPDX-License-Identifier: Apache-2.0
 * The statements of feeds and of the hourly ledger. */
#ifndef ENERGY_LEDGER_SQL_H
#define ENERGY_LEDGER_SQL_H

#define EL_SQL(X)                                                              \
    X(EL_MARK, "SELECT folded_ns, purged_ns, folds FROM ledger_mark")          \
    X(EL_MARK_FOLDED, "UPDATE ledger_mark SET folded_ns = ?")                  \
    X(EL_MARK_FOLDS, "UPDATE ledger_mark SET folds = folds + 1")               \
    X(EL_MARK_PURGED, "UPDATE ledger_mark SET purged_ns = ?")                  \
    X(EL_SOURCE, "SELECT agent, seen_at FROM feed_source WHERE id = ?")        \
    X(EL_SOURCE_BY_NAME,                                                       \
      "SELECT id, kind, machine_id FROM feed_source WHERE name = :name")       \
    X(EL_SOURCE_ADD,                                                           \
      "INSERT INTO feed_source (kind, name, machine_id, created_at) "          \
      "VALUES (:kind, :name, nullif(:machine, 0), :now)")                      \
    X(EL_SOURCE_MACHINE,                                                       \
      "UPDATE feed_source SET machine_id = :machine WHERE id = :id")           \
    X(EL_SOURCE_SEEN,                                                          \
      "UPDATE feed_source SET seen_at = :seen, agent = coalesce(:agent, "      \
      "agent) WHERE id = :id")                                                 \
    X(EL_SOURCE_ODD,                                                           \
      "UPDATE feed_source SET conflicts = conflicts + :conflicts, "            \
      "refused = refused + :refused WHERE id = :id")                           \
    X(EL_METERS,                                                               \
      "SELECT m.id, m.key, m.scope, m.kind, m.unit, m.range_uj, m.max_w, "     \
      "m.modelled, coalesce(l.closed_ns, 0) FROM meter m "                     \
      "LEFT JOIN ledger_meter l ON l.meter_id = m.id "                         \
      "WHERE m.source_id = :source")                                           \
    X(EL_METER_ADD,                                                            \
      "INSERT INTO meter (source_id, key, scope, kind, unit, range_uj, "       \
      "max_w, modelled) VALUES (:source, :key, :scope, :kind, :unit, "         \
      "nullif(:range, -1), :max, :modelled)")                                  \
    X(EL_METER_SET,                                                            \
      "UPDATE meter SET range_uj = nullif(:range, -1), max_w = :max, "         \
      "modelled = :modelled WHERE id = :id")                                   \
    X(EL_MISSING_OF, "SELECT key, reason FROM meter_missing "                  \
                     "WHERE source_id = :source ORDER BY key")                 \
    X(EL_MISSING_DROP, "DELETE FROM meter_missing WHERE source_id = :source")  \
    X(EL_MISSING_ADD, "INSERT OR REPLACE INTO meter_missing "                  \
                      "VALUES (:source, :key, :reason)")                       \
    X(EL_RUN, "SELECT id, boot, skew_ns, shift_ns FROM feed_run "              \
              "WHERE source_id = :source AND run = :run")                      \
    X(EL_RUN_ADD, "INSERT INTO feed_run (source_id, run, boot) "               \
                  "VALUES (:source, :run, :boot)")                             \
    X(EL_BOOT_CLOCK,                                                           \
      "SELECT skew_ns, shift_ns FROM feed_run WHERE source_id = "              \
      "(SELECT source_id FROM feed_run WHERE id = ?1) AND boot = ?2 "          \
      "AND id <> ?1 AND skew_ns IS NOT NULL ORDER BY id DESC LIMIT 1")         \
    X(EL_RUN_CLOCK, "UPDATE feed_run SET skew_ns = :skew, shift_ns = :shift "  \
                    "WHERE id = :id")                                          \
    X(EL_SEQS, "SELECT first, last FROM feed_seq WHERE run_id = ? "            \
               "ORDER BY first")                                               \
    X(EL_SEQ_PUT, "INSERT INTO feed_seq VALUES (?, ?, ?) "                     \
                  "ON CONFLICT (run_id, first) DO UPDATE SET "                 \
                  "last = excluded.last")                                      \
    X(EL_SEQ_DROP, "DELETE FROM feed_seq WHERE run_id = ? AND first = ?")      \
    X(EL_PERIOD_LAST,                                                          \
      "SELECT period_ns FROM feed_period WHERE run_id = ? AND meter_id = ? "   \
      "ORDER BY from_ns DESC LIMIT 1")                                         \
    X(EL_PERIODS, "SELECT from_ns, period_ns FROM feed_period "                \
                  "WHERE run_id = ? AND meter_id = ? ORDER BY from_ns")        \
    X(EL_PERIOD_PUT, "INSERT OR REPLACE INTO feed_period VALUES (?, ?, ?, ?)") \
    X(EL_READING_ADD, "INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?, ?)")      \
    X(EL_READING,                                                              \
      "SELECT value, from_ns, node_ns FROM reading WHERE t_ns = ? "            \
      "AND meter_id = ? AND run_id = ? AND seq = ?")                           \
    X(EL_READING_DROP, "DELETE FROM reading WHERE t_ns = ? "                   \
                       "AND meter_id = ? AND run_id = ? AND seq = ?")          \
    X(EL_MOVED_ADD, "INSERT INTO reading_moved VALUES (?, ?, ?)")              \
    X(EL_MOVED, "SELECT t_ns FROM reading_moved "                              \
                "WHERE run_id = ? AND seq = ?")                                \
    X(EL_MOVED_READINGS,                                                       \
      "SELECT r.t_ns, r.meter_id, r.seq, r.value, r.from_ns, r.node_ns "       \
      "FROM reading_moved v JOIN reading r ON r.t_ns = v.t_ns "                \
      "AND r.run_id = v.run_id AND r.seq = v.seq WHERE v.run_id = ?")          \
    X(EL_MOVED_DROP, "DELETE FROM reading_moved WHERE run_id = ?")             \
    X(EL_DUE_PUT,                                                              \
      "INSERT INTO ledger_due VALUES (?, ?) ON CONFLICT (meter_id) "           \
      "DO UPDATE SET from_ns = min(from_ns - 1, excluded.from_ns)")            \
    X(EL_ODD_PUT,                                                              \
      "INSERT INTO ledger_odd VALUES (:meter, :month, :late, :conflicts, "     \
      ":closed) ON CONFLICT (meter_id, month) DO UPDATE SET "                  \
      "late = late + excluded.late, "                                          \
      "conflicts = conflicts + excluded.conflicts, "                           \
      "closed = closed + excluded.closed")                                     \
    X(EL_ODD, "SELECT late, conflicts FROM ledger_odd WHERE meter_id = ? "     \
              "AND month = ?")                                                 \
    X(EL_METER,                                                                \
      "SELECT m.kind, m.range_uj, m.max_w, m.hold, l.t_ns, l.run_id, l.seq, "  \
      "l.value, l.closed_ns, s.kind = 'file', l.first_ns FROM meter m "        \
      "JOIN feed_source s ON s.id = m.source_id "                              \
      "LEFT JOIN ledger_meter l ON l.meter_id = m.id WHERE m.id = ?")          \
    X(EL_LAST_PUT,                                                             \
      "INSERT INTO ledger_meter (meter_id, t_ns, run_id, seq, value, "         \
      "first_ns) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (meter_id) DO UPDATE "  \
      "SET t_ns = excluded.t_ns, run_id = excluded.run_id, "                   \
      "seq = excluded.seq, value = excluded.value, "                           \
      "first_ns = min(first_ns, excluded.first_ns)")                           \
    X(EL_CLOSED_PUT, "UPDATE ledger_meter SET closed_ns = max(closed_ns, ?) "  \
                     "WHERE meter_id = ?")                                     \
    X(EL_RUN_BOOT, "SELECT boot FROM feed_run WHERE id = ?")                   \
    X(EL_ROWS, "SELECT t_ns, meter_id, run_id, seq, value, from_ns, node_ns "  \
               "FROM reading WHERE (t_ns, meter_id, run_id, seq) > "           \
               "(?1, ?2, ?3, ?4) AND t_ns < ?5 "                               \
               "ORDER BY t_ns, meter_id, run_id, seq")                         \
    X(EL_ROWS_BACK,                                                            \
      "SELECT t_ns, meter_id, run_id, seq, value, from_ns, node_ns "           \
      "FROM reading WHERE (t_ns, meter_id, run_id, seq) < (?1, ?2, ?3, ?4) "   \
      "ORDER BY t_ns DESC, meter_id DESC, run_id DESC, seq DESC")              \
    X(EL_ROWS_ANY, "SELECT EXISTS (SELECT 1 FROM reading "                     \
                   "WHERE t_ns >= ? AND t_ns < ?)")                            \
    X(EL_MOVED_PURGE, "DELETE FROM reading_moved WHERE t_ns < ?")              \
    X(EL_DUES, "SELECT meter_id, from_ns FROM ledger_due WHERE meter_id > ? "  \
               "ORDER BY meter_id")                                            \
    X(EL_DUES_ANY, "SELECT EXISTS (SELECT 1 FROM ledger_due)")                 \
    X(EL_DUES_ALL,                                                             \
      "INSERT INTO ledger_due SELECT id, ? FROM meter WHERE true "             \
      "ON CONFLICT (meter_id) DO NOTHING")                                     \
    X(EL_DUE, "SELECT from_ns FROM ledger_due WHERE meter_id = ?")             \
    X(EL_DUE_SET, "UPDATE ledger_due SET from_ns = ? WHERE meter_id = ?")      \
    X(EL_DUE_DROP, "DELETE FROM ledger_due WHERE meter_id = ?")                \
    X(EL_MONTH,                                                                \
      "SELECT e.sum_uj, e.covered_s, e.hours, e.flags, f.fine, e.id "          \
      "FROM energy_month e LEFT JOIN ledger_fine f ON f.month_id = e.id "      \
      "WHERE e.meter_id = ? AND e.month = ?")                                  \
    X(EL_MONTHS_OF,                                                            \
      "SELECT month, sum_uj, hours FROM energy_month WHERE meter_id = ? "      \
      "AND month BETWEEN ? AND ? ORDER BY month")                              \
    X(EL_MONTHS_FROM, "SELECT month FROM energy_month WHERE meter_id = ? "     \
                      "AND month >= ? ORDER BY month")                         \
    X(EL_MONTHS_ALL,                                                           \
      "SELECT e.meter_id, e.month, e.sum_uj, e.covered_s, e.hours, e.flags, "  \
      "f.fine FROM energy_month e LEFT JOIN ledger_fine f "                    \
      "ON f.month_id = e.id ORDER BY e.meter_id, e.month")                     \
    X(EL_MONTH_ADD,                                                            \
      "INSERT INTO energy_month (meter_id, month, sum_uj, covered_s, hours, "  \
      "flags) VALUES (?, ?, ?, ?, ?, ?)")                                      \
    X(EL_MONTH_SET,                                                            \
      "UPDATE energy_month SET sum_uj = ?, covered_s = ?, hours = ?, "         \
      "flags = ? WHERE id = ?")                                                \
    X(EL_FINE_PUT, "INSERT OR REPLACE INTO ledger_fine VALUES (?, ?)")         \
    X(EL_MONTH_DROP, "DELETE FROM energy_month WHERE id = ?")                  \
    X(EL_FINE_OLD, "SELECT f.month_id FROM ledger_fine f "                     \
                   "JOIN energy_month e ON e.id = f.month_id "                 \
                   "JOIN meter m ON m.id = e.meter_id "                        \
                   "JOIN feed_source s ON s.id = m.source_id "                 \
                   "LEFT JOIN ledger_meter l ON l.meter_id = m.id "            \
                   "WHERE f.month_id > ?1 AND e.month < ?2 "                   \
                   "AND s.kind <> 'file' "                                     \
                   "AND (l.meter_id IS NULL OR (l.closed_ns >= ?3 AND "        \
                   "(m.kind = 'interval' OR l.t_ns >= ?3))) "                  \
                   "ORDER BY f.month_id")                                      \
    X(EL_FINE_DROP, "DELETE FROM ledger_fine WHERE month_id = ?")              \
    X(EL_ANY, "SELECT EXISTS (SELECT 1 FROM energy_month "                     \
              "WHERE month BETWEEN ? AND ?)")                                  \
    X(EL_METER_IDS, "SELECT meter_id FROM ledger_meter WHERE meter_id > ? "    \
                    "ORDER BY meter_id LIMIT ?")                               \
    X(EL_MACHINE_METERS,                                                       \
      "SELECT mm.machine_id, m.id, m.source_id, m.scope, m.modelled, 1, "      \
      "m.gone_hour "                                                           \
      "FROM meter_machine mm JOIN meter m ON m.id = mm.meter_id "              \
      "WHERE mm.machine_id BETWEEN ?1 AND ?2 "                                 \
      "UNION ALL "                                                             \
      "SELECT s.machine_id, m.id, m.source_id, m.scope, m.modelled, 0, "       \
      "m.gone_hour "                                                           \
      "FROM feed_source s JOIN meter m ON m.source_id = s.id "                 \
      "WHERE s.machine_id BETWEEN ?1 AND ?2 AND NOT EXISTS ("                  \
      "SELECT 1 FROM meter_machine x WHERE x.meter_id = m.id) "                \
      "ORDER BY 1, 2")                                                         \
    X(EL_BEHIND, "SELECT machine_id FROM meter_machine WHERE meter_id = ? "    \
                 "ORDER BY machine_id")                                        \
    X(EL_FIRST_MONTH,                                                          \
      "SELECT min(month) FROM energy_month WHERE meter_id = ?")                \
    X(EL_REST_PARTS,                                                           \
      "SELECT s.kind, s.capacity, s.total, sum(p.units) FROM part p "          \
      "JOIN part_spec s ON s.id = p.spec_id WHERE p.machine_id = ? "           \
      "AND s.kind IN ('hdd', 'ssd', 'ram', 'gpu') GROUP BY s.id ORDER BY "     \
      "s.id")                                                                  \
    X(EL_METER_FIND,                                                           \
      "SELECT m.id FROM meter m JOIN feed_source s ON s.id = m.source_id "     \
      "WHERE s.name = ? AND m.key = ?")                                        \
    X(EL_METER_GONE, "UPDATE meter SET gone_hour = ? WHERE id = ?")            \
    X(EL_LAST_MONTH, "SELECT month, hours FROM energy_month "                  \
                     "WHERE meter_id = ? ORDER BY month DESC LIMIT 1")         \
    X(EL_MACHINE, "SELECT units, unknown_kinds FROM machine WHERE id = ?")     \
    X(EL_SOURCES,                                                              \
      "SELECT s.id, s.kind, s.name, m.tag, s.state, s.agent, s.seen_at, "      \
      "s.conflicts, s.refused FROM feed_source s "                             \
      "LEFT JOIN machine m ON m.id = s.machine_id ORDER BY s.name")            \
    X(EL_SOURCE_METERS,                                                        \
      "SELECT m.key, m.scope, m.kind, m.unit, m.modelled, l.t_ns, e.sum_uj, "  \
      "e.covered_s, e.flags, (SELECT count(*) FROM meter_machine x "           \
      "WHERE x.meter_id = m.id), m.gone_hour, z.month, "                       \
      "CASE WHEN l.t_ns IS NULL THEN z.hours END FROM meter m "                \
      "LEFT JOIN ledger_meter l ON l.meter_id = m.id "                         \
      "LEFT JOIN energy_month e ON e.meter_id = m.id AND e.month = :month "    \
      "LEFT JOIN energy_month z ON z.meter_id = m.id AND z.month = "           \
      "(SELECT max(month) FROM energy_month WHERE meter_id = m.id) "           \
      "WHERE m.source_id = :source ORDER BY m.key")                            \
    X(EL_MONTH_FLAG, "UPDATE energy_month SET flags = flags | :flags "         \
                     "WHERE meter_id = :meter AND month = :month")

#define AS_ID(id, text) id,
enum el_sql { EL_SQL(AS_ID) EL_SQL_COUNT };
#undef AS_ID

#endif
