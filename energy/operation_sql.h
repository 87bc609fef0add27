/* SPDX-License-Identifier: Apache-2.0
 * The statements of power models, site electricity and grid hours. */
#ifndef ENERGY_OPERATION_SQL_H
#define ENERGY_OPERATION_SQL_H

#define EO_SQL(X)                                                              \
    X(EO_CALENDARS, "SELECT id, name, hours FROM power_calendar "              \
                    "ORDER BY name")                                           \
    X(EO_CALENDAR_FIND, "SELECT id FROM power_calendar WHERE name = :name")    \
    X(EO_CALENDAR_ADD,                                                         \
      "INSERT INTO power_calendar (name, hours) VALUES (:name, :hours)")       \
    X(EO_CALENDAR_HOURS,                                                       \
      "UPDATE power_calendar SET hours = :hours WHERE id = :id")               \
    X(EO_CALENDAR_DROP, "DELETE FROM power_calendar WHERE id = :id")           \
    X(EO_CALENDAR_USED,                                                        \
      "SELECT count(*) FROM power_model WHERE calendar_id = :id")              \
    X(EO_CLOSED, "SELECT from_on, to_on FROM power_closed "                    \
                 "WHERE calendar_id = :id ORDER BY from_on")                   \
    X(EO_CLOSED_ADD,                                                           \
      "INSERT INTO power_closed (calendar_id, from_on, to_on) "                \
      "VALUES (:id, :from, :to) ON CONFLICT (calendar_id, from_on) "           \
      "DO UPDATE SET to_on = excluded.to_on")                                  \
    X(EO_CLOSED_DROP, "DELETE FROM power_closed WHERE calendar_id = :id")      \
    X(EO_MODELS,                                                               \
      "SELECT p.id, p.machine_id, m.tag, p.category, p.kind, p.load, "         \
      "p.loads, p.calendar_id, p.standby_w, p.memory_frac, p.source, p.n1, "   \
      "p.n2, p.n3, p.n4, p.n5, p.n6, p.n7, p.n8, p.n9, p.n10, p.n11 "          \
      "FROM power_model p LEFT JOIN machine m ON m.id = p.machine_id "         \
      "ORDER BY p.machine_id IS NOT NULL, p.machine_id, p.category")           \
    X(EO_MODEL_PUT,                                                            \
      "INSERT INTO power_model (machine_id, category, kind, load, loads, "     \
      "calendar_id, standby_w, memory_frac, source, n1, n2, n3, n4, n5, n6, "  \
      "n7, n8, n9, n10, n11) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "  \
      "?, ?, ?, ?, ?, ?, ?)")                                                  \
    X(EO_MODEL_DROP, "DELETE FROM power_model WHERE machine_id IS :machine "   \
                     "AND category IS :category")                              \
    X(EO_SITE_FIND, "SELECT id FROM site WHERE name = :name")                  \
    X(EO_PUE, "SELECT site_id, month, pue FROM site_pue "                      \
              "ORDER BY site_id, month")                                       \
    X(EO_PUE_PUT,                                                              \
      "INSERT INTO site_pue (site_id, month, pue) VALUES (:site, :month, "     \
      ":pue) ON CONFLICT (site_id, month) DO UPDATE SET pue = excluded.pue")   \
    X(EO_PUE_DROP, "DELETE FROM site_pue WHERE site_id = :site "               \
                   "AND month = :month")                                       \
    X(EO_ZONES, "SELECT site_id, zone FROM site_zone ORDER BY site_id")        \
    X(EO_ZONE_PUT,                                                             \
      "INSERT INTO site_zone (site_id, zone) VALUES (:site, :zone) "           \
      "ON CONFLICT (site_id) DO UPDATE SET zone = excluded.zone")              \
    X(EO_ZONE_DROP, "DELETE FROM site_zone WHERE site_id = :site")             \
    X(EO_INSTRUMENTS,                                                          \
      "SELECT * FROM (SELECT i.site_id, i.year, i.id, i.mwh, i.g_per_kwh, "    \
      "i.source, s.name FROM market_instrument i "                             \
      "JOIN site s ON s.id = i.site_id UNION ALL "                             \
      "SELECT r.site_id, r.year, 0, NULL, r.g_per_kwh, r.source, s.name "      \
      "FROM market_residual r JOIN site s ON s.id = r.site_id) "               \
      "ORDER BY site_id, year, mwh IS NULL, id")                               \
    X(EO_INSTRUMENT_ADD,                                                       \
      "INSERT INTO market_instrument (site_id, year, mwh, g_per_kwh, source) " \
      "VALUES (:site, :year, :mwh, :g, :source)")                              \
    X(EO_INSTRUMENT_DROP, "DELETE FROM market_instrument WHERE id = :id")      \
    X(EO_RESIDUAL_PUT,                                                         \
      "INSERT INTO market_residual (site_id, year, g_per_kwh, source) "        \
      "VALUES (:site, :year, :g, :source) ON CONFLICT (site_id, year) "        \
      "DO UPDATE SET g_per_kwh = excluded.g_per_kwh, "                         \
      "source = excluded.source")                                              \
    X(EO_EXTRAS, "SELECT EXISTS (SELECT 1 FROM power_model), "                 \
                 "EXISTS (SELECT 1 FROM site_pue) OR "                         \
                 "EXISTS (SELECT 1 FROM site_zone) OR "                        \
                 "EXISTS (SELECT 1 FROM market_instrument) OR "                \
                 "EXISTS (SELECT 1 FROM market_residual), "                    \
                 "EXISTS (SELECT 1 FROM grid_hour), "                          \
                 "EXISTS (SELECT 1 FROM energy_month)")                        \
    X(EO_SERIES_OF,                                                            \
      "SELECT s.id, s.kind, s.basis, s.set_id, u.version, s.source "           \
      "FROM grid_series s JOIN user_set u ON u.id = s.set_id "                 \
      "WHERE s.zone = :zone AND s.kind <> 'marginal' AND EXISTS ("             \
      "SELECT 1 FROM grid_hour h WHERE h.series_id = s.id "                    \
      "AND h.hour >= :from AND h.hour < :to) "                                 \
      "ORDER BY s.kind = :want DESC, s.kind = 'life_cycle' DESC, "             \
      "s.kind = 'direct' DESC, u.preferred DESC, "                             \
      "s.basis = 'consumption' DESC, s.basis = 'generation' DESC, "            \
      "s.set_id LIMIT 1")                                                      \
    X(EO_SERIES_HOURS,                                                         \
      "SELECT hour, g_per_kwh FROM grid_hour WHERE series_id = :series "       \
      "AND hour >= :from AND hour < :to")                                      \
    X(EO_SERIES_YEAR, "SELECT g_per_kwh FROM grid_year "                       \
                      "WHERE series_id = :series AND year = :year")            \
    X(EO_VERSION, "SELECT changes FROM ledger_version")                        \
    X(EO_METERED,                                                              \
      "SELECT machine_id FROM meter_machine UNION "                            \
      "SELECT s.machine_id FROM feed_source s WHERE s.machine_id IS NOT NULL " \
      "AND EXISTS (SELECT 1 FROM meter m WHERE m.source_id = s.id) "           \
      "ORDER BY 1")                                                            \
    X(EO_SENDERS,                                                              \
      "SELECT s.id, coalesce(s.machine_id, 0), s.name, s.kind, s.state, "      \
      "m.tag, s.agent, coalesce(s.seen_at, 0), (SELECT count(*) FROM meter "   \
      "x WHERE x.source_id = s.id), (SELECT count(*) FROM meter_missing x "    \
      "WHERE x.source_id = s.id) FROM feed_source s "                          \
      "LEFT JOIN machine m ON m.id = s.machine_id "                            \
      "ORDER BY s.name LIMIT :limit OFFSET :offset")                           \
    X(EO_SENDERS_COUNT, "SELECT count(*) FROM feed_source")                    \
    X(EO_SHARED, "SELECT EXISTS (SELECT 1 FROM meter_machine "                 \
                 "GROUP BY meter_id HAVING count(*) > 1)")

#define AS_ID(id, text) id,
enum eo_sql { EO_SQL(AS_ID) EO_SQL_COUNT };
#undef AS_ID

#endif
