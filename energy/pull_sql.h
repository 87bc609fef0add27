/* SPDX-License-Identifier: Apache-2.0
 * The statements of pulled targets and of energy files. */
#ifndef ENERGY_PULL_SQL_H
#define ENERGY_PULL_SQL_H

#define EP_SQL(X)                                                              \
    X(EP_TARGET_ADD,                                                           \
      "INSERT INTO pull_target (name, kind, url, machine_id, label, "          \
      "matchers, auth, key_file, ca_file, since, tenant, next_seq) "           \
      "VALUES (:name, :kind, :url, :machine, :label, :matchers, :auth, "       \
      ":key_file, :ca_file, :since, :tenant, 1 + coalesce((SELECT "            \
      "max(q.last) FROM feed_source s JOIN feed_run r ON r.source_id = s.id "  \
      "JOIN feed_seq q ON q.run_id = r.id WHERE s.kind = 'pull' "              \
      "AND s.name = :name), 0))")                                              \
    X(EP_TARGET_DROP, "DELETE FROM pull_target WHERE name = :name")            \
    X(EP_TARGETS,                                                              \
      "SELECT t.id, t.name, t.kind, t.url, t.machine_id, m.tag, t.label, "     \
      "t.matchers, t.auth, t.key_file, t.ca_file, t.since, t.next_seq, "       \
      "t.tried_at, t.ok_at, t.error, t.tenant FROM pull_target t "             \
      "LEFT JOIN machine m ON m.id = t.machine_id "                            \
      "WHERE :name IS NULL OR t.name = :name ORDER BY t.name")                 \
    X(EP_TARGET_DONE,                                                          \
      "UPDATE pull_target SET tried_at = :at, error = :error, "                \
      "ok_at = CASE WHEN :error IS NULL THEN :at ELSE ok_at END "              \
      "WHERE id = :id")                                                        \
    X(EP_TARGET_SEQ, "UPDATE pull_target SET next_seq = :seq WHERE id = :id")  \
    X(EP_METRICS, "SELECT metric, rules FROM pull_metric ORDER BY metric")     \
    X(EP_METRIC_SET,                                                           \
      "INSERT INTO pull_metric (metric, rules) VALUES (:metric, :rules) "      \
      "ON CONFLICT (metric) DO UPDATE SET rules = excluded.rules")             \
    X(EP_METRIC_DROP, "DELETE FROM pull_metric WHERE metric = :metric")        \
    X(EP_SOURCE, "SELECT id, machine_id FROM feed_source "                     \
                 "WHERE name = :name AND kind = :kind")                        \
    X(EP_SOURCE_ADD,                                                           \
      "INSERT INTO feed_source (kind, name, machine_id, created_at) "          \
      "VALUES (:kind, :name, :machine, :at)")                                  \
    X(EP_SOURCE_MACHINE,                                                       \
      "UPDATE feed_source SET machine_id = :machine WHERE id = :id")           \
    X(EP_SOURCE_SEEN, "UPDATE feed_source SET seen_at = :at WHERE id = :id")   \
    X(EP_METER, "SELECT id, scope, kind FROM meter "                           \
                "WHERE source_id = :source AND key = :key")                    \
    X(EP_METER_HELD,                                                           \
      "SELECT 1 FROM meter m WHERE source_id = :source AND key = :key "        \
      "AND gone_hour IS NULL AND EXISTS (SELECT 1 FROM energy_month e "        \
      "WHERE e.meter_id = m.id AND e.covered_s > 0)")                          \
    X(EP_METER_ADD,                                                            \
      "INSERT INTO meter (source_id, key, scope, kind, unit, modelled) "       \
      "VALUES (:source, :key, :scope, :kind, :unit, :modelled)")               \
    X(EP_METER_MACHINE,                                                        \
      "INSERT OR IGNORE INTO meter_machine (meter_id, machine_id) "            \
      "VALUES (:meter, :machine)")                                             \
    X(EP_BEFORE, "SELECT month, last_ns, last_value, base_uj, base_ns, "       \
                 "base_flags, period_ns "                                      \
                 "FROM pull_month WHERE meter_id = :meter AND month < :month " \
                 "ORDER BY month DESC LIMIT 1")                                \
    X(EP_AFTER, "SELECT month, first_ns, first_value FROM pull_month "         \
                "WHERE meter_id = :meter AND month > :month "                  \
                "ORDER BY month LIMIT 1")                                      \
    X(EP_MONTH, "SELECT month, last_ns, last_value FROM pull_month "           \
                "WHERE meter_id = :meter AND month = :month")                  \
    X(EP_MONTH_SET,                                                            \
      "INSERT INTO pull_month (meter_id, month, first_ns, first_value, "       \
      "last_ns, last_value, base_uj, base_ns, base_flags, period_ns) "         \
      "VALUES (:meter, :month, :first_ns, :first_value, :last_ns, "            \
      ":last_value, :base_uj, :base_ns, :base_flags, :period_ns) "             \
      "ON CONFLICT (meter_id, month) DO UPDATE SET "                           \
      "first_ns = excluded.first_ns, first_value = excluded.first_value, "     \
      "last_ns = excluded.last_ns, last_value = excluded.last_value, "         \
      "base_uj = excluded.base_uj, base_ns = excluded.base_ns, "               \
      "base_flags = excluded.base_flags, period_ns = excluded.period_ns")      \
    X(EP_LEDGER, "SELECT sum_uj, covered_s, hours, flags FROM energy_month "   \
                 "WHERE meter_id = :meter AND month = :month")                 \
    X(EP_LEDGER_SET,                                                           \
      "INSERT INTO energy_month (meter_id, month, sum_uj, covered_s, hours, "  \
      "flags) VALUES (:meter, :month, :sum, :covered, :hours, :flags) "        \
      "ON CONFLICT (meter_id, month) DO UPDATE SET sum_uj = excluded.sum_uj, " \
      "covered_s = excluded.covered_s, hours = excluded.hours, "               \
      "flags = excluded.flags")                                                \
    X(EP_LATEST,                                                               \
      "SELECT max(p.month) FROM pull_month p JOIN meter m "                    \
      "ON m.id = p.meter_id JOIN feed_source s ON s.id = m.source_id "         \
      "WHERE s.kind = 'pull' AND substr(s.name, 1, length(:front)) = :front")  \
    X(EP_FILE_SOURCE,                                                          \
      "SELECT id FROM feed_source WHERE kind = 'file' "                        \
      "AND machine_id = :machine "                                             \
      "AND substr(name, 1, length(:front)) = :front ORDER BY id LIMIT 1")      \
    X(EP_TAG, "SELECT tag FROM machine WHERE id = :machine")                   \
    X(EP_FILE_NEXT,                                                            \
      "SELECT from_ns, to_ns, uj, key FROM file_interval WHERE source_id IN "  \
      "(SELECT id FROM feed_source WHERE kind = 'file' AND (id = :source OR "  \
      "(machine_id = :machine "                                                \
      "AND substr(name, 1, length(:front)) = :front))) "                       \
      "AND meter = :meter AND to_ns > :from ORDER BY to_ns LIMIT 1")           \
    X(EP_FILE_ADD,                                                             \
      "INSERT INTO file_interval (source_id, meter, to_ns, from_ns, uj, key) " \
      "VALUES (:source, :meter, :to, :from, :uj, :key)")                       \
    X(EP_FILE_COUNT,                                                           \
      "SELECT count(*) FROM file_interval WHERE source_id = :source")

#define AS_ID(id, text) id,
enum ep_sql { EP_SQL(AS_ID) EP_SQL_COUNT };
#undef AS_ID

#endif
