/* SPDX-License-Identifier: Apache-2.0
 * The statements of factors. Columns of a row stand in the order of take.c:
 * texts, then numbers. */
#ifndef FACTORS_FACTORS_SQL_H
#define FACTORS_FACTORS_SQL_H

#define FAC_PRODUCT_TEXTS                                                      \
    "category, report_on, region, disks, memory, note, source"
#define FAC_PRODUCT_NUMS                                                       \
    "total_kg, low_kg, high_kg, use_kg, manufacture_kg, transport_kg, "        \
    "end_of_life_kg, adp_kg_sb, pe_mj, err_frac, life_y, mass_kg"
#define FAC_FACTOR_TEXTS "name, unit, region, note, source"
#define FAC_FACTOR_NUMS                                                        \
    "gwp, gwp_low, gwp_high, adp, adp_low, adp_high, pe, pe_low, pe_high, "    \
    "boundary, life_y"

#define FAC_SQL(X)                                                             \
    X(FAC_SET_ADD,                                                             \
      "INSERT INTO user_set (id, version, title, licence, source, taken_at) "  \
      "VALUES (:id, '', :title, :licence, :source, :at) "                      \
      "ON CONFLICT (id) DO NOTHING")                                           \
    X(FAC_SET_CLOSE,                                                           \
      "UPDATE user_set SET version = :version, title = :title, "               \
      "licence = :licence, source = :source, rows = :rows, "                   \
      "sha256 = :sha256, taken_at = :at WHERE id = :id")                       \
    X(FAC_SET_KEEP,                                                            \
      "INSERT INTO factor_set (id, version, sha256, licence, source) "         \
      "VALUES (:id, :version, :sha256, :licence, :source)")                    \
    X(FAC_SET_USED, "SELECT EXISTS (SELECT 1 FROM factor_set WHERE id = :id "  \
                    "AND version = :version)")                                 \
    X(FAC_SETS_LOAD,                                                           \
      "SELECT id, version, title, licence, source, preferred, rows, sha256 "   \
      "FROM user_set WHERE version <> '' ORDER BY id")                         \
    X(FAC_SETS_RECENT,                                                         \
      "SELECT id, version, title, licence, source, preferred, rows, sha256 "   \
      "FROM user_set s WHERE version <> '' AND "                               \
      "(EXISTS (SELECT 1 FROM product_footprint p WHERE p.set_id = s.id) OR "  \
      "EXISTS (SELECT 1 FROM grid_series g JOIN grid_year y "                  \
      "ON y.series_id = g.id WHERE g.set_id = s.id AND "                       \
      "g.kind <> 'marginal')) ORDER BY taken_at DESC, id LIMIT 64")            \
    X(FAC_SETS_STAMP,                                                          \
      "SELECT group_concat(id || ' ' || version || ' ' || sha256 || ' ' "      \
      "|| preferred || ' ' || taken_at, char(10)) "                            \
      "FROM (SELECT * FROM user_set WHERE version <> '' ORDER BY id)")         \
    X(FAC_SET_PREFER, "UPDATE user_set SET preferred = :on WHERE id = :id")    \
    X(FAC_PRODUCT_FIND,                                                        \
      "SELECT " FAC_PRODUCT_TEXTS ", " FAC_PRODUCT_NUMS                        \
      " FROM product_footprint WHERE set_id = ? AND maker = ? AND model = ? "  \
      "AND variant = ?")                                                       \
    X(FAC_PRODUCT_ADD,                                                         \
      "INSERT INTO product_footprint (" FAC_PRODUCT_TEXTS                      \
      ", " FAC_PRODUCT_NUMS ", version, set_id, maker, model, variant) "       \
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "   \
      "?, ?, ?, ?)")                                                           \
    X(FAC_PRODUCT_CHANGE,                                                      \
      "UPDATE product_footprint SET (" FAC_PRODUCT_TEXTS ", " FAC_PRODUCT_NUMS \
      ", version) = "                                                          \
      "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "          \
      "WHERE set_id = ? AND maker = ? AND model = ? AND variant = ?")          \
    X(FAC_PRODUCTS_LOAD,                                                       \
      "SELECT " FAC_PRODUCT_TEXTS ", " FAC_PRODUCT_NUMS                        \
      ", maker, model, variant FROM product_footprint WHERE set_id = :set "    \
      "ORDER BY maker, model, variant")                                        \
    X(FAC_FACTOR_FIND, "SELECT " FAC_FACTOR_TEXTS ", " FAC_FACTOR_NUMS         \
                       " FROM factor WHERE set_id = ? AND key = ?")            \
    X(FAC_FACTOR_ADD, "INSERT INTO factor (" FAC_FACTOR_TEXTS                  \
                      ", " FAC_FACTOR_NUMS ", version, set_id, key) VALUES "   \
                      "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "   \
                      "?, ?)")                                                 \
    X(FAC_FACTOR_CHANGE,                                                       \
      "UPDATE factor SET (" FAC_FACTOR_TEXTS ", " FAC_FACTOR_NUMS              \
      ", version) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "      \
      "WHERE set_id = ? AND key = ?")                                          \
    X(FAC_FACTORS_LOAD, "SELECT " FAC_FACTOR_TEXTS ", " FAC_FACTOR_NUMS        \
                        ", key FROM factor WHERE set_id = :set ORDER BY key")  \
    X(FAC_GRID_LOAD,                                                           \
      "SELECT s.zone, s.zone_name, s.kind, s.basis, s.source, y.year, "        \
      "y.g_per_kwh, y.estimated FROM grid_series s JOIN grid_year y "          \
      "ON y.series_id = s.id WHERE s.set_id = :set AND s.kind <> 'marginal' "  \
      "ORDER BY s.zone, s.kind, y.year")

#define AS_ID(id, text) id,
enum fac_sql { FAC_SQL(AS_ID) FAC_SQL_COUNT };
#undef AS_ID

#endif
