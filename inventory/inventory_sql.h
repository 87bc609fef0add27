/* SPDX-License-Identifier: Apache-2.0
 * The statements of inventory. Positions of :parameters in the INSERT and the
 * UPDATE of a machine follow the order of columns in the schema: take_line.c
 * binds them by position. */
#ifndef INVENTORY_INVENTORY_SQL_H
#define INVENTORY_INVENTORY_SQL_H

#include "inventory/inventory.h" /* INV_TYPED */

/* Columns of one line in the schema's order; the report reads the first part
 * of them, text stands last. */
#define INV_LINE_LEAN                                                          \
    "m.units, m.category, m.chassis, m.acquisition, m.product_id, "            \
    "m.cpu_count, m.cpu_cores, m.manufactured_on, m.acquired_on, "             \
    "m.in_service_on, m.warranty_end, m.exit_on, m.power_w, m.idle_w, "        \
    "m.max_w, m.energy_kwh_year, m.price_eur, m.mass_kg, m.fabrication_kg, "   \
    "m.fabrication_source, m.project_id, m.virtual, m.unknown_kinds, m.tag"
#define INV_LINE_TEXT ", m.name, m.serial, m.uuid, m.note, m.source"

/* The whole table without a bound: a test less for each row. */
#define INV_SCAN_LINES(text)                                                   \
    "SELECT m.id, " INV_LINE_LEAN text " FROM machine m "

/* A partial date as the day it counts as: mid-period (DESIGN section 3). */
#define INV_FULL(date)                                                         \
    "CASE length(" date ") WHEN 4 THEN " date " || '-07-01' "                  \
    "WHEN 7 THEN " date " || '-16' ELSE " date " END"
#define INV_STATE_TODAY                                                        \
    "LEFT JOIN machine_state s ON s.machine_id = m.id "                        \
    "AND " INV_FULL("s.valid_from") " <= :today "                              \
                                    "AND (s.valid_to IS NULL OR " INV_FULL(    \
                                            "s.valid_to") " > :today) "

/* A page: the lines that match, then what the page shows of them. */
#define INV_LIST_MATCH                                                         \
    "LEFT JOIN product p ON p.id = m.product_id " INV_STATE_TODAY              \
    "WHERE (:text IS NULL OR m.tag LIKE :text ESCAPE '\\' "                    \
    "OR m.name LIKE :text ESCAPE '\\' OR m.serial LIKE :text ESCAPE '\\' "     \
    "OR p.name LIKE :text ESCAPE '\\' "                                        \
    "OR p.manufacturer LIKE :text ESCAPE '\\') "                               \
    "AND (:category IS NULL OR m.category = :category) "                       \
    "AND (:status IS NULL OR s.status = :status) "                             \
    "AND (:acquisition IS NULL OR m.acquisition = :acquisition) "              \
    "AND (:site IS NULL OR s.site_id = :site) "                                \
    "AND (:warranty IS NULL OR (m.warranty_end IS NOT NULL AND " INV_FULL(     \
            "m.warranty_end") " >= :today) = :warranty) "
#define INV_LIST_SHOW                                                          \
    "SELECT m.id, m.units, m.tag, m.name, p.manufacturer, p.name, "            \
    "m.category, s.status, t.name, m.acquisition, m.acquired_on, "             \
    "m.warranty_end "
/* CROSS: the page first, else SQLite walks all lines by tag to look each up in
 * the page. */
#define INV_LIST_JOINS                                                         \
    "FROM page CROSS JOIN machine m ON m.id = page.id "                        \
    "LEFT JOIN product p ON p.id = m.product_id " INV_STATE_TODAY              \
    "LEFT JOIN site t ON t.id = s.site_id "
#define INV_LIST_BY(column, way)                                               \
    "WITH page AS MATERIALIZED (SELECT m.id AS id FROM machine "               \
    "m " INV_LIST_MATCH "ORDER BY " column " " way ", m.tag " way              \
    " LIMIT :limit OFFSET :offset) " INV_LIST_SHOW INV_LIST_JOINS              \
    "ORDER BY " column " " way ", m.tag " way
/* Without any filter the order of tags is an index: no line is read that the
 * page does not show. */
#define INV_LIST_TAGS(way)                                                     \
    "WITH page AS MATERIALIZED (SELECT m.id AS id FROM machine m "             \
    "ORDER BY m.tag " way                                                      \
    " LIMIT :limit OFFSET :offset) " INV_LIST_SHOW INV_LIST_JOINS              \
    "ORDER BY m.tag " way

#define INV_SQL(X)                                                             \
    X(INV_FLAGS, "SELECT EXISTS (SELECT 1 FROM machine), EXISTS (SELECT 1 "    \
                 "FROM machine_owner), EXISTS (SELECT 1 FROM difference), "    \
                 "EXISTS (SELECT 1 FROM machine_alias), EXISTS (SELECT 1 "     \
                 "FROM site)")                                                 \
    X(INV_OWNERS_LOAD, "SELECT field, owner, source FROM machine_owner "       \
                       "WHERE machine_id = :id")                               \
    X(INV_OWNER_SET,                                                           \
      "INSERT INTO machine_owner (machine_id, field, owner, source) VALUES "   \
      "(:id, :field, :owner, :source) ON CONFLICT (machine_id, field) DO "     \
      "UPDATE SET owner = excluded.owner, source = excluded.source")           \
    X(INV_OWNER_DROP, "DELETE FROM machine_owner WHERE machine_id = :id "      \
                      "AND field = :field")                                    \
    X(INV_LINE_BY_TAG, "SELECT id FROM machine WHERE tag = :tag")              \
    X(INV_LINES_BY_UUID,                                                       \
      "SELECT m.id, m.tag, m.uuid, p.manufacturer, m.name, m.serial "          \
      "FROM machine m LEFT JOIN product p ON p.id = m.product_id "             \
      "WHERE m.uuid IN (:key, :form0, :form1, :form2, :form3) "                \
      "ORDER BY m.id LIMIT 100")                                               \
    X(INV_LINES_BY_SERIAL,                                                     \
      "SELECT m.id, m.tag, m.uuid, p.manufacturer, m.name, m.serial "          \
      "FROM machine m LEFT JOIN product p ON p.id = m.product_id "             \
      "WHERE m.serial = :key ORDER BY m.id LIMIT 100")                         \
    X(INV_LINES_BY_NAME,                                                       \
      "SELECT m.id, m.tag, m.uuid, p.manufacturer, m.name, m.serial "          \
      "FROM machine m LEFT JOIN product p ON p.id = m.product_id "             \
      "WHERE m.name = :key ORDER BY m.id LIMIT 100")                           \
    X(INV_LINES_BY_TAG,                                                        \
      "SELECT m.id, m.tag, m.uuid, p.manufacturer, m.tag, m.serial "           \
      "FROM machine m LEFT JOIN product p ON p.id = m.product_id "             \
      "WHERE m.tag = :key AND m.name IS NULL")                                 \
    X(INV_LINES_BY_HOST,                                                       \
      "SELECT m.id, m.tag, m.uuid, p.manufacturer, m.name, m.serial "          \
      "FROM machine m LEFT JOIN product p ON p.id = m.product_id "             \
      "WHERE m.name > :key || '.' AND m.name < :key || '/' "                   \
      "UNION ALL "                                                             \
      "SELECT m.id, m.tag, m.uuid, p.manufacturer, m.tag, m.serial "           \
      "FROM machine m LEFT JOIN product p ON p.id = m.product_id "             \
      "WHERE m.tag > :key || '.' AND m.tag < :key || '/' "                     \
      "AND m.name IS NULL LIMIT 100")                                          \
    X(INV_IDS_BY_NAME,                                                         \
      "SELECT id FROM machine WHERE name = :name ORDER BY id LIMIT 2")         \
    X(INV_LINE_ADD,                                                            \
      "INSERT INTO machine (units, category, chassis, acquisition, "           \
      "product_id, cpu_count, cpu_cores, manufactured_on, acquired_on, "       \
      "in_service_on, warranty_end, exit_on, power_w, idle_w, max_w, "         \
      "energy_kwh_year, price_eur, mass_kg, fabrication_kg, "                  \
      "fabrication_source, project_id, virtual, unknown_kinds, tag, name, "    \
      "serial, uuid, note, source, assumed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "  \
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "     \
      "ON CONFLICT (tag) DO NOTHING")                                          \
    X(INV_LINE_CHANGE,                                                         \
      "UPDATE machine SET (units, category, chassis, acquisition, "            \
      "product_id, cpu_count, cpu_cores, manufactured_on, acquired_on, "       \
      "in_service_on, warranty_end, exit_on, power_w, idle_w, max_w, "         \
      "energy_kwh_year, price_eur, mass_kg, fabrication_kg, "                  \
      "fabrication_source, project_id, virtual, unknown_kinds, tag, name, "    \
      "serial, uuid, note, source, assumed) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, " \
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "           \
      "WHERE id = ?")                                                          \
    X(INV_LINE_LOAD, "SELECT " INV_LINE_LEAN INV_LINE_TEXT                     \
                     ", p.manufacturer, p.name, m.assumed, j.name "            \
                     "FROM machine m "                                         \
                     "LEFT JOIN product p ON p.id = m.product_id "             \
                     "LEFT JOIN project j ON j.id = m.project_id "             \
                     "WHERE m.id = :id")                                       \
    X(INV_STATE_ADD,                                                           \
      "INSERT INTO machine_state (machine_id, valid_from, valid_to, status, "  \
      "site_id) VALUES (?, ?, ?, ?, ?)")                                       \
    X(INV_STATES_LOAD,                                                         \
      "SELECT valid_from, valid_to, status, site_id FROM machine_state "       \
      "WHERE machine_id = :id ORDER BY valid_from")                            \
    X(INV_STATES_DROP, "DELETE FROM machine_state WHERE machine_id = :id")     \
    X(INV_PART_ADD, "INSERT INTO part (machine_id, part_no, spec_id, units, "  \
                    "serial) VALUES (?, ?, ?, ?, ?)")                          \
    X(INV_PART_ADD_4,                                                          \
      "INSERT INTO part (machine_id, part_no, spec_id, units, serial) VALUES " \
      "(?1, ?2, ?3, ?4, ?5), (?1, ?6, ?7, ?8, ?9), (?1, ?10, ?11, ?12, ?13), " \
      "(?1, ?14, ?15, ?16, ?17)")                                              \
    X(INV_PARTS_LOAD,                                                          \
      "SELECT p.spec_id, p.units, p.serial, s.kind FROM part p "               \
      "JOIN part_spec s ON s.id = p.spec_id WHERE p.machine_id = :id "         \
      "ORDER BY p.part_no")                                                    \
    X(INV_PARTS_DETAIL,                                                        \
      "SELECT p.units, p.serial, s.kind, s.model, s.capacity, s.cores, "       \
      "s.die_mm2, s.mass_kg, s.total FROM part p JOIN part_spec s "            \
      "ON s.id = p.spec_id WHERE p.machine_id = :id ORDER BY p.part_no")       \
    X(INV_ALIASES_LOAD,                                                        \
      "SELECT kind, value FROM machine_alias WHERE machine_id = :id")          \
    X(INV_ALIAS_FIND, "SELECT machine_id FROM machine_alias "                  \
                      "WHERE kind = :kind AND value = :value LIMIT 2")         \
    X(INV_ALIAS_ADD,                                                           \
      "INSERT OR IGNORE INTO machine_alias (kind, value, machine_id) "         \
      "VALUES (:kind, :value, :id)")                                           \
    X(INV_SITE_NAME, "SELECT name FROM site WHERE id = :id")                   \
    X(INV_DIFFERENCE_FIND,                                                     \
      "SELECT id, offered, source, state FROM difference "                     \
      "WHERE machine_id = :id AND field = :field ORDER BY id")                 \
    X(INV_DIFFERENCE_ADD,                                                      \
      "INSERT INTO difference (machine_id, field, stored, offered, parts, "    \
      "source, raised_at) VALUES (:id, :field, :stored, :offered, :parts, "    \
      ":source, :at)")                                                         \
    X(INV_DIFFERENCE_RENEW,                                                    \
      "UPDATE difference SET stored = :stored, offered = :offered, "           \
      "parts = :parts, raised_at = :at WHERE id = :id")                        \
    X(INV_DIFFERENCE_CLOSE,                                                    \
      "UPDATE difference SET state = :state, resolved_at = :at "               \
      "WHERE id = :id")                                                        \
    X(INV_DIFFERENCE_STORED,                                                   \
      "UPDATE difference SET stored = :stored WHERE id = :id")                 \
    X(INV_DIFFERENCE_DROP, "DELETE FROM difference WHERE id = :id")            \
    X(INV_DIFFERENCES_OF,                                                      \
      "SELECT d.id, d.machine_id, m.tag, d.field, d.stored, d.offered, "       \
      "d.parts, d.source, d.raised_at, d.state, d.resolved_at "                \
      "FROM difference d JOIN machine m ON m.id = d.machine_id "               \
      "WHERE (:machine = 0 OR d.machine_id = :machine) "                       \
      "AND (:one = 0 OR d.id = :one) "                                         \
      "AND (:all OR d.state = 'open') ORDER BY m.tag, d.id "                   \
      "LIMIT :limit OFFSET :offset")                                           \
    X(INV_DIFFERENCES_COUNT,                                                   \
      "SELECT count(*) FROM difference WHERE state = 'open' "                  \
      "AND (:machine = 0 OR machine_id = :machine)")                           \
    X(INV_DIFFERENCES_MOVE,                                                    \
      "UPDATE difference SET machine_id = :keep WHERE machine_id = :drop")     \
    X(INV_EVENTS_MOVE,                                                         \
      "UPDATE event SET machine_id = :keep WHERE machine_id = :drop")          \
    X(INV_EVENT_MOVE_ONE, "UPDATE event SET machine_id = :to WHERE id = :id")  \
    X(INV_EVENTS_IDS,                                                          \
      "SELECT id FROM event WHERE machine_id = :id ORDER BY id")               \
    X(INV_ALIASES_MOVE,                                                        \
      "UPDATE OR IGNORE machine_alias SET machine_id = :keep "                 \
      "WHERE machine_id = :drop")                                              \
    X(INV_LINE_DROP, "DELETE FROM machine WHERE id = :id")                     \
    X(INV_LINE_RESTORE,                                                        \
      "INSERT INTO machine (units, category, chassis, acquisition, "           \
      "product_id, cpu_count, cpu_cores, manufactured_on, acquired_on, "       \
      "in_service_on, warranty_end, exit_on, power_w, idle_w, max_w, "         \
      "energy_kwh_year, price_eur, mass_kg, fabrication_kg, "                  \
      "fabrication_source, project_id, virtual, unknown_kinds, tag, name, "    \
      "serial, uuid, note, source, assumed, id) VALUES (?, ?, ?, ?, ?, ?, ?, " \
      "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "  \
      "?)")                                                                    \
    X(INV_PART_RESTORE, "INSERT INTO part (machine_id, part_no, spec_id, "     \
                        "units, serial) VALUES (?1, ?2, ?3, ?4, ?5)")          \
    X(INV_OWNERS_DROP, "DELETE FROM machine_owner WHERE machine_id = :id")     \
    X(INV_OWNER_RESTORE, "INSERT INTO machine_owner (machine_id, field, "      \
                         "owner, source) VALUES (?1, ?3, ?4, ?5)")             \
    X(INV_DIFFERENCES_KEEP,                                                    \
      "SELECT id, field, stored, offered, parts, source, state, raised_at, "   \
      "resolved_at FROM difference WHERE machine_id = :id ORDER BY id")        \
    X(INV_DIFFERENCES_DROP, "DELETE FROM difference WHERE machine_id = :id")   \
    X(INV_DIFFERENCE_RESTORE,                                                  \
      "INSERT OR REPLACE INTO difference (machine_id, id, field, stored, "     \
      "offered, parts, source, state, raised_at, resolved_at) VALUES "         \
      "(?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")                            \
    X(INV_ALIASES_DROP, "DELETE FROM machine_alias WHERE machine_id = :id")    \
    X(INV_ALIAS_RESTORE,                                                       \
      "INSERT OR IGNORE INTO machine_alias (kind, value, machine_id) "         \
      "VALUES (?3, ?4, ?1)")                                                   \
    X(INV_EVENT_RESTORE, "UPDATE event SET machine_id = ?1 WHERE id = ?3")     \
    X(INV_SITE_KEEP, "SELECT name, country, timezone, pue, wue, grid_g, "      \
                     "grid_kind, grid_source, grid_year, note FROM site "      \
                     "WHERE id = :id")                                         \
    X(INV_SITE_RESTORE,                                                        \
      "UPDATE site SET (name, country, timezone, pue, wue, grid_g, "           \
      "grid_kind, grid_source, grid_year, note) = (?2, ?3, ?4, ?5, ?6, ?7, "   \
      "?8, ?9, ?10, ?11) WHERE id = ?1")                                       \
    X(INV_SITE_DROP,                                                           \
      "DELETE FROM site WHERE id = :id AND NOT EXISTS (SELECT 1 FROM "         \
      "machine_state WHERE site_id = :id)")                                    \
    X(INV_SETTING_SET, "INSERT INTO setting (key, value) VALUES (:key, "       \
                       ":value) ON CONFLICT (key) DO UPDATE "                  \
                       "SET value = excluded.value")                           \
    X(INV_SETTING_GET, "SELECT value FROM setting WHERE key = :key")           \
    X(INV_SETTINGS_MAPS, "SELECT key FROM setting WHERE key >= 'map/' "        \
                         "AND key < 'map0' ORDER BY key")                      \
    X(INV_UNDO_FORGET,                                                         \
      "DELETE FROM import_undo WHERE import_id < (SELECT min(id) FROM "        \
      "(SELECT id FROM import WHERE undone_at IS NULL ORDER BY id DESC "       \
      "LIMIT :keep))")                                                         \
    X(INV_UNDO_TAGS,                                                           \
      "UPDATE machine SET tag = char(1) || id WHERE id IN (SELECT id FROM "    \
      "import_undo WHERE import_id = :id AND what = 'line' "                   \
      "AND image IS NOT NULL)")                                                \
    X(INV_UNDO_LAST, "SELECT max(id) FROM import WHERE undone_at IS NULL "     \
                     "AND format <> '" INV_TYPED "'")                          \
    X(INV_UNDO_ROWS, "SELECT what, id, upto, image FROM import_undo "          \
                     "WHERE import_id = :id AND (image IS NULL) = :added "     \
                     "ORDER BY what, id")                                      \
    X(INV_UNDO_JOINED,                                                         \
      "UPDATE import_undo SET image = json_set(image, '$.joined', "            \
      "json_object('no', :no, 'keep', :keep, 'undo', :undo)) "                 \
      "WHERE import_id = :id AND what = 'line' AND id = :drop "                \
      "AND image IS NOT NULL")                                                 \
    X(INV_UNDO_JOINS,                                                          \
      "SELECT id, image ->> '$.joined.keep', image ->> '$.joined.undo' "       \
      "FROM import_undo WHERE import_id = :id AND what = 'line' "              \
      "AND image ->> '$.joined.no' IS NOT NULL "                               \
      "ORDER BY image ->> '$.joined.no' DESC")                                 \
    X(INV_UNDO_LATER,                                                          \
      "WITH span AS MATERIALIZED (SELECT what, id, upto FROM import_undo "     \
      "WHERE import_id = :id AND image IS NULL) "                              \
      "SELECT l.import_id, i.file, l.what, l.id, "                             \
      "CASE l.what WHEN 'site' THEN (SELECT name FROM site s "                 \
      "WHERE s.id = l.id) ELSE (SELECT tag FROM machine m "                    \
      "WHERE m.id = l.id) END FROM import_undo l "                             \
      "JOIN import i ON i.id = l.import_id WHERE l.import_id > :id AND "       \
      "(EXISTS (SELECT 1 FROM import_undo u WHERE u.import_id = :id "          \
      "AND u.what = l.what AND u.id = l.id) OR EXISTS (SELECT 1 FROM span u "  \
      "WHERE u.what = l.what AND u.id <= l.upto AND u.upto >= l.id)) "         \
      "ORDER BY l.import_id DESC, l.what, l.id LIMIT 1")                       \
    X(INV_UNDO_MARK, "UPDATE import SET undone_at = :at WHERE id = :id")       \
    X(INV_UNDO_DROP, "DELETE FROM import_undo WHERE import_id = :id")          \
    X(INV_SPAN_EVENTS,                                                         \
      "DELETE FROM event WHERE machine_id BETWEEN :id AND :upto")              \
    X(INV_SPAN_LINES, "DELETE FROM machine WHERE id BETWEEN :id AND :upto")    \
    X(INV_IMPORTS,                                                             \
      "SELECT i.id, i.started_at, i.file, i.format, i.added, i.changed, "      \
      "i.same, i.rejected, i.differences, i.undone_at, EXISTS (SELECT 1 FROM " \
      "import_undo u WHERE u.import_id = i.id) FROM import i "                 \
      "WHERE (:one = 0 OR i.id = :one) ORDER BY i.id DESC "                    \
      "LIMIT :limit OFFSET :offset")                                           \
    X(INV_UNDO_ADD, "INSERT OR IGNORE INTO import_undo (import_id, what, id, " \
                    "upto, image) VALUES (?, ?, ?, ?, ?)")                     \
    X(INV_PARTS_DROP, "DELETE FROM part WHERE machine_id = :id")               \
    X(INV_EVENT_ADD, "INSERT INTO event (machine_id, kind, effective_on, "     \
                     "recorded_at, import_id, detail) "                        \
                     "VALUES (?, ?, ?, ?, ?, ?)")                              \
    X(INV_EVENTS_LOAD,                                                         \
      "SELECT kind, effective_on, detail, recorded_at FROM event "             \
      "WHERE machine_id = :id ORDER BY id")                                    \
    X(INV_SPEC_FIND,                                                           \
      "SELECT id FROM part_spec WHERE kind = ? AND model = ? "                 \
      "AND capacity = ? AND cores = ? AND die_mm2 = ? AND mass_kg = ? "        \
      "AND total = ?")                                                         \
    X(INV_SPEC_ADD,                                                            \
      "INSERT INTO part_spec (kind, model, capacity, cores, die_mm2, "         \
      "mass_kg, total) VALUES (?, ?, ?, ?, ?, ?, ?)")                          \
    X(INV_SPECS_LOAD, "SELECT id, kind, model, capacity, cores, die_mm2, "     \
                      "mass_kg, total FROM part_spec ORDER BY id")             \
    X(INV_PRODUCT_FIND, "SELECT id FROM product WHERE manufacturer = :maker "  \
                        "AND name = :name")                                    \
    X(INV_PRODUCT_ADD,                                                         \
      "INSERT INTO product (manufacturer, name) VALUES (:maker, :name)")       \
    X(INV_PRODUCTS_LOAD,                                                       \
      "SELECT id, manufacturer, name FROM product ORDER BY id")                \
    X(INV_PROJECT_FIND, "SELECT id FROM project WHERE name = :name")           \
    X(INV_PROJECT_ADD, "INSERT INTO project (name) VALUES (:name)")            \
    X(INV_PROJECTS_LOAD, "SELECT id, name FROM project ORDER BY id")           \
    X(INV_SITE_FIND, "SELECT id FROM site WHERE name = :name")                 \
    X(INV_SITE_ADD, "INSERT INTO site (name) VALUES (:name)")                  \
    X(INV_SITES_LOAD,                                                          \
      "SELECT id, name, country, timezone, pue, wue, grid_g, grid_kind, "      \
      "grid_source, grid_year, note FROM site ORDER BY id")                    \
    X(INV_SITE_CHANGE,                                                         \
      "UPDATE site SET country = coalesce(:country, country), "                \
      "timezone = coalesce(:timezone, timezone), pue = coalesce(:pue, pue), "  \
      "wue = coalesce(:wue, wue), note = coalesce(:note, note), "              \
      "grid_g = CASE WHEN :grid_g IS NULL THEN grid_g ELSE :grid_g END, "      \
      "grid_kind = CASE WHEN :grid_g IS NULL THEN grid_kind "                  \
      "ELSE :grid_kind END, "                                                  \
      "grid_source = CASE WHEN :grid_g IS NULL THEN grid_source "              \
      "ELSE :grid_source END, "                                                \
      "grid_year = CASE WHEN :grid_g IS NULL THEN grid_year "                  \
      "ELSE :grid_year END WHERE id = :id")                                    \
    X(INV_IMPORT_ADD, "INSERT INTO import (started_at, file, format, sha256) " \
                      "VALUES (:at, :file, :format, :sha256)")                 \
    X(INV_IMPORT_END,                                                          \
      "UPDATE import SET format = :format, added = :added, changed = "         \
      ":changed, same = :same, rejected = :rejected, differences = "           \
      ":differences WHERE id = :id")                                           \
    X(INV_SCAN_LEAN, INV_SCAN_LINES("") "ORDER BY m.id")                       \
    X(INV_SCAN_TEXT, INV_SCAN_LINES(INV_LINE_TEXT) "ORDER BY m.id")            \
    X(INV_SCAN_STATES,                                                         \
      "SELECT machine_id, valid_from, valid_to, status, site_id "              \
      "FROM machine_state ORDER BY machine_id, valid_from")                    \
    X(INV_SCAN_PARTS, "SELECT machine_id, spec_id, units FROM part "           \
                      "ORDER BY machine_id, part_no")                          \
    X(INV_RANGE_LEAN,                                                          \
      INV_SCAN_LINES("") "WHERE m.id >= :from AND m.id < :to ORDER BY m.id")   \
    X(INV_RANGE_TEXT,                                                          \
      INV_SCAN_LINES(INV_LINE_TEXT) "WHERE m.id >= :from AND m.id < :to "      \
                                    "ORDER BY m.id")                           \
    X(INV_RANGE_STATES,                                                        \
      "SELECT machine_id, valid_from, valid_to, status, site_id "              \
      "FROM machine_state WHERE machine_id >= :from AND machine_id < :to "     \
      "ORDER BY machine_id, valid_from")                                       \
    X(INV_RANGE_PARTS, "SELECT machine_id, spec_id, units FROM part "          \
                       "WHERE machine_id >= :from AND machine_id < :to "       \
                       "ORDER BY machine_id, part_no")                         \
    X(INV_LAST_ID, "SELECT max(id) FROM machine")                              \
    X(INV_COUNT_ALL, "SELECT count(*) FROM machine")                           \
    X(INV_COUNT_MATCH, "SELECT count(*) FROM machine m " INV_LIST_MATCH)       \
    X(INV_LIST_ALL_UP, INV_LIST_TAGS("ASC"))                                   \
    X(INV_LIST_ALL_DOWN, INV_LIST_TAGS("DESC"))                                \
    X(INV_LIST_TAG_UP, INV_LIST_BY("m.tag", "ASC"))                            \
    X(INV_LIST_TAG_DOWN, INV_LIST_BY("m.tag", "DESC"))                         \
    X(INV_LIST_NAME_UP, INV_LIST_BY("m.name", "ASC"))                          \
    X(INV_LIST_NAME_DOWN, INV_LIST_BY("m.name", "DESC"))                       \
    X(INV_LIST_PRODUCT_UP, INV_LIST_BY("p.manufacturer || p.name", "ASC"))     \
    X(INV_LIST_PRODUCT_DOWN, INV_LIST_BY("p.manufacturer || p.name", "DESC"))  \
    X(INV_LIST_CATEGORY_UP, INV_LIST_BY("m.category", "ASC"))                  \
    X(INV_LIST_CATEGORY_DOWN, INV_LIST_BY("m.category", "DESC"))               \
    X(INV_LIST_STATUS_UP, INV_LIST_BY("s.status", "ASC"))                      \
    X(INV_LIST_STATUS_DOWN, INV_LIST_BY("s.status", "DESC"))                   \
    X(INV_LIST_ACQUIRED_UP, INV_LIST_BY("m.acquired_on", "ASC"))               \
    X(INV_LIST_ACQUIRED_DOWN, INV_LIST_BY("m.acquired_on", "DESC"))

#define INV_AS_ID(id, text) id,
enum inv_sql { INV_SQL(INV_AS_ID) INV_SQL_COUNT };
#undef INV_AS_ID

#endif
