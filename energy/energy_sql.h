/* SPDX-License-Identifier: Apache-2.0
 * The statements of energy. */
#ifndef ENERGY_ENERGY_SQL_H
#define ENERGY_ENERGY_SQL_H

#define EN_SQL(X)                                                              \
    X(EN_SERIES_FIND, "SELECT id FROM grid_series WHERE zone = :zone "         \
                      "AND kind = :kind AND set_id = :set")                    \
    X(EN_SERIES_ADD,                                                           \
      "INSERT INTO grid_series (zone, kind, set_id, basis, zone_name, "        \
      "source, licence) VALUES (:zone, :kind, :set, :basis, :name, :source, "  \
      ":licence)")                                                             \
    X(EN_YEAR_FIND, "SELECT g_per_kwh, estimated FROM grid_year "              \
                    "WHERE series_id = ? AND year = ?")                        \
    X(EN_YEAR_PUT,                                                             \
      "INSERT INTO grid_year (series_id, year, g_per_kwh, estimated, "         \
      "version) VALUES (?, ?, ?, ?, ?) ON CONFLICT (series_id, year) "         \
      "DO UPDATE SET g_per_kwh = excluded.g_per_kwh, "                         \
      "estimated = excluded.estimated, version = excluded.version")            \
    X(EN_HOUR_FIND,                                                            \
      "SELECT g_per_kwh, slots, step_s, estimated FROM grid_hour "             \
      "WHERE series_id = ? AND hour = ?")                                      \
    X(EN_HOUR_PUT,                                                             \
      "INSERT INTO grid_hour (series_id, hour, g_per_kwh, slots, step_s, "     \
      "estimated, version) VALUES (?, ?, ?, ?, ?, ?, ?) "                      \
      "ON CONFLICT (series_id, hour) DO UPDATE SET "                           \
      "g_per_kwh = excluded.g_per_kwh, slots = excluded.slots, "               \
      "step_s = excluded.step_s, estimated = excluded.estimated, "             \
      "version = excluded.version")                                            \
    X(EN_SET_SERIES, "SELECT id, zone, kind, basis FROM grid_series "          \
                     "WHERE set_id = :set ORDER BY zone, kind")                \
    X(EN_SERIES_YEARS, "SELECT year, g_per_kwh, estimated FROM grid_year "     \
                       "WHERE series_id = :series ORDER BY year")              \
    X(EN_SERIES_HOURS, "SELECT hour, g_per_kwh, slots, estimated "             \
                       "FROM grid_hour WHERE series_id = :series "             \
                       "ORDER BY hour")                                        \
    X(EN_ZONE_SERIES,                                                          \
      "SELECT s.id, s.zone, s.zone_name, s.kind, s.basis, s.set_id, "          \
      "u.version, s.source FROM grid_series s "                                \
      "JOIN user_set u ON u.id = s.set_id WHERE s.zone = :zone "               \
      "ORDER BY s.set_id, s.kind")

#define AS_ID(id, text) id,
enum en_sql { EN_SQL(AS_ID) EN_SQL_COUNT };
#undef AS_ID

#endif
