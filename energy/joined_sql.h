/* SPDX-License-Identifier: Apache-2.0
 * What follows a machine that is joined to another, and goes back. */
#ifndef ENERGY_JOINED_SQL_H
#define ENERGY_JOINED_SQL_H

#define EJ_MODEL                                                               \
    "kind, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, load, loads, "        \
    "standby_w, memory_frac, source, calendar_id"

#define EJ_SQL(X)                                                              \
    X(EJ_SOURCES_OF, "SELECT id FROM feed_source WHERE machine_id = :drop "    \
                     "ORDER BY id")                                            \
    X(EJ_TARGETS_OF, "SELECT id FROM pull_target WHERE machine_id = :drop "    \
                     "ORDER BY id")                                            \
    X(EJ_METERS_OF, "SELECT meter_id FROM meter_machine "                      \
                    "WHERE machine_id = :drop ORDER BY meter_id")              \
    X(EJ_MODEL_OF, "SELECT id, " EJ_MODEL " FROM power_model "                 \
                   "WHERE machine_id = :drop")                                 \
    X(EJ_SOURCES, "UPDATE feed_source SET machine_id = :keep "                 \
                  "WHERE machine_id = :drop")                                  \
    X(EJ_TARGETS, "UPDATE pull_target SET machine_id = :keep "                 \
                  "WHERE machine_id = :drop")                                  \
    X(EJ_METERS, "UPDATE OR IGNORE meter_machine SET machine_id = :keep "      \
                 "WHERE machine_id = :drop")                                   \
    X(EJ_MODEL_MOVE, "UPDATE OR IGNORE power_model SET machine_id = :keep "    \
                     "WHERE machine_id = :drop")                               \
    X(EJ_SOURCE_BACK, "UPDATE feed_source SET machine_id = :drop "             \
                      "WHERE id = :id AND machine_id = :keep")                 \
    X(EJ_TARGET_BACK, "UPDATE pull_target SET machine_id = :drop "             \
                      "WHERE id = :id AND machine_id = :keep")                 \
    X(EJ_METER_BACK, "UPDATE meter_machine SET machine_id = :drop "            \
                     "WHERE meter_id = :id AND machine_id = :keep")            \
    X(EJ_METER_AGAIN, "INSERT OR IGNORE INTO meter_machine "                   \
                      "SELECT id, :drop FROM meter WHERE id = :id")            \
    X(EJ_MODEL_BACK, "UPDATE power_model SET machine_id = :drop "              \
                     "WHERE id = :id AND machine_id = :keep")                  \
    X(EJ_MODEL_AGAIN,                                                          \
      "INSERT OR IGNORE INTO power_model (machine_id, " EJ_MODEL ") "          \
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "       \
      "?14, ?15, ?16, ?17, ?18, "                                              \
      "(SELECT id FROM power_calendar WHERE id = ?19))")

#endif
