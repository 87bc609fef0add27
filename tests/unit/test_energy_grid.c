/* SPDX-License-Identifier: Apache-2.0
 * Grid values of the user: years and hours taken in, once and again, and the
 * factor of a country chosen among shipped and imported ones. */
#include <math.h>

#include "energy/cards_alone.h"
#include "energy/grid_priv.h"
#include "energy/operation.h"
#include "user_sets.h"

#define SAMPLES "../shared/samples/"

enum { T0 = 1720000800 }; /* 2024-07-03T10:00Z */

static const struct wire_origin origin = {
        .set = "mine",
        .title = "Mine",
        .source = "a test",
        .licence = "CC0",
};

static struct wire_grid
value(const char *zone, int64_t from_s, int64_t lasts_s, double g)
{
    return (struct wire_grid){
            .origin = origin,
            .zone = zone,
            .from_s = from_s,
            .to_s = from_s + lasts_s,
            .g_per_kwh = g,
            .kind = WIRE_GRID_DIRECT,
            .basis = WIRE_GENERATION,
            .place = "here: line 3"};
}

static struct wire_grid year(const char *zone, int y, double g)
{
    struct wire_grid v = value(zone, en_year_start_s(y), 0, g);

    v.to_s = en_year_start_s(y + 1);
    v.kind = WIRE_GRID_LIFE_CYCLE;
    return v;
}

static struct en_grid_counts
take(struct db *db, const struct wire_grid *rows, size_t n)
{
    struct en_grid_take *t = NULL;
    struct en_grid_counts counts = {0};
    struct err err = {0};

    CU_ASSERT_FATAL(en_grid_take_begin(db, "cli:test", &t, &err));
    for (size_t i = 0; i < n; i++)
        UNIT_CHECK(
                en_grid_take_value(t, &rows[i], &err), "%s: %s", err.where,
                err.msg);
    UNIT_CHECK(en_grid_take_settle(t, &err), "%s", err.msg);
    counts = *en_grid_take_counts(t);
    UNIT_CHECK(en_grid_take_end(t, true, &err), "%s", err.msg);
    return counts;
}

static void
counted(struct db *db, const char *what, const struct wire_grid *rows, size_t n,
        unsigned added, unsigned changed, unsigned same)
{
    struct en_grid_counts c = take(db, rows, n);

    UNIT_CHECK(
            c.added == added && c.changed == changed && c.same == same,
            "%s: %llu added, %llu changed, %llu same", what,
            (unsigned long long)c.added, (unsigned long long)c.changed,
            (unsigned long long)c.same);
}

static void test_sql(void)
{
    struct db *db = user_db();
    struct err err = {0};
    size_t n;
    const struct sql *list = en_sql_list(&n);

    UNIT_CHECK(db_try(db, list, n, &err), "%s", err.msg);
    list = en_joined_sql_list(&n);
    CU_ASSERT_TRUE(db_try(db, list, n, &err));
    list = en_cards_sql_list(&n);
    UNIT_CHECK(db_try(db, list, n, &err), "%s", err.msg);
    list = en_operation_sql_list(&n);
    UNIT_CHECK(db_try(db, list, n, &err), "%s", err.msg);
    db_close(db);
}

static void test_rules(void)
{
    static const struct {
        const char *zone;
        int64_t from_s, lasts_s;
        double g;
        const char *column;
    } cases[] = {
            {"FRA", T0, 3600, -1, "g_per_kwh"},
            {"FRA", T0, 3600, NAN, "g_per_kwh"},
            {"FRA", T0, 3600, 5001, "g_per_kwh"},
            {"", T0, 3600, 1, "zone"},
            {"a\tb", T0, 3600, 1, "zone"},
            {"FRA", T0, 60, 1, "to"},
            {"FRA", T0, -3600, 1, "to"},
            {"FRA", T0, 86401, 1, "to"},
            {"FRA", T0, 31 * 86400, 1, "to"},
            {"FRA", 0, 3600, 1, "from"},
    };
    struct db *db = user_db();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wire_grid g = value(
                cases[i].zone, cases[i].from_s, cases[i].lasts_s, cases[i].g);
        const char *column = "";
        struct err err = {0};
        struct en_grid_take *t = NULL;

        UNIT_CHECK(
                !en_grid_check(&g, &column, &err) &&
                        strcmp(column, cases[i].column) == 0 && err.msg[0],
                "case %zu: %s", i, column);
        CU_ASSERT_FATAL(en_grid_take_begin(db, "cli:test", &t, &err));
        UNIT_CHECK(
                !en_grid_take_value(t, &g, &err) &&
                        strcmp(err.where, "here: line 3") == 0,
                "case %zu", i);
        en_grid_take_end(t, false, &err);
    }
    UNIT_CHECK(
            strcmp(user_ask(db, "SELECT count(*) FROM grid_series"), "0") == 0,
            "nothing is left behind");
    db_close(db);
}

#define HOUR                                                                   \
    "SELECT g_per_kwh || ' ' || slots || ' ' || step_s || ' ' || estimated "   \
    "FROM grid_hour WHERE hour = 1720000800 / 3600"

static void test_hours(void)
{
    struct db *db = user_db();
    const struct wire_grid quarters[] = {
            value("FRA", T0, 900, 13), value("FRA", T0 + 900, 900, 14),
            value("FRA", T0 + 1800, 900, 14), value("FRA", T0 + 2700, 900, 14)};
    const struct wire_grid halves[] = {
            value("FRA", T0 + 3600, 1800, 20),
            value("FRA", T0 + 5400, 1800, 30)};
    struct wire_grid again[4];

    counted(db, "quarters", quarters, 4, 1, 0, 0);
    /* (13 + 14 + 14 + 14) / 4, all twelve slots of five minutes */
    UNIT_CHECK(
            strcmp(user_ask(db, HOUR), "13.75 4095 900 0") == 0, "%s",
            user_ask(db, HOUR));
    counted(db, "the same again", quarters, 4, 0, 0, 1);
    counted(db, "a part again", quarters, 2, 0, 0, 1);
    counted(db, "halves", halves, 2, 1, 0, 0);
    UNIT_CHECK(
            strcmp(user_ask(
                           db, "SELECT g_per_kwh || ' ' || step_s FROM "
                               "grid_hour WHERE hour = 1720000800 / 3600 + 1"),
                   "25.0 1800") == 0,
            "mean of halves");
    UNIT_CHECK(
            strcmp(user_ask(db, "SELECT version || rows FROM user_set"),
                   "2026-06-01.22") == 0,
            "two versions, two rows");

    memcpy(again, quarters, sizeof again);
    again[0].g_per_kwh = 17;
    counted(db, "one changed", again, 4, 0, 1, 0);
    UNIT_CHECK(
            strcmp(user_ask(
                           db, "SELECT detail FROM audit WHERE action = "
                               "'factor change'"),
                   "set mine 2026-06-01.3: FRA direct 2024-07-03T10Z 13.75 -> "
                   "14.75 g/kWh") == 0,
            "%s",
            user_ask(
                    db, "SELECT detail FROM audit WHERE action = 'factor "
                        "change'"));
    db_close(db);
}

/* The first quarter comes with one file, the rest with the next; and a value
 * that does not begin on a slot. */
static void test_parts_of_an_hour(void)
{
    struct db *db = user_db();
    struct wire_grid rows[] = {
            value("FRA", T0, 900, 10), value("FRA", T0 + 900, 2700, 30),
            value("FRA", T0 + 7201, 3600, 5)};

    rows[1].estimated = true;
    counted(db, "a quarter", rows, 1, 1, 0, 0);
    UNIT_CHECK(strcmp(user_ask(db, HOUR), "10.0 7 900 0") == 0, "three slots");
    counted(db, "the rest", &rows[1], 1, 0, 1, 0);
    UNIT_CHECK(/* (3 * 10 + 9 * 30) / 12 */
               strcmp(user_ask(db, HOUR), "25.0 4095 2700 1") == 0, "%s",
               user_ask(db, HOUR));
    counted(db, "a part again", rows, 1, 0, 0, 1);
    counted(db, "an odd second", &rows[2], 1, 1, 0, 0);
    UNIT_CHECK(
            strcmp(user_ask(db, "SELECT count(*) FROM grid_hour"), "2") == 0,
            "no hour more");
    db_close(db);
}

/* A day's value is that of each of its hours, and its step says so. */
static void test_days(void)
{
    struct db *db = user_db();
    const struct wire_grid day = value("FRA", T0, 86400, 40);

    counted(db, "a day", &day, 1, 24, 0, 0);
    UNIT_CHECK(
            strcmp(user_ask(
                           db, "SELECT count(*) || ' ' || sum(g_per_kwh) || "
                               "' ' || min(step_s) FROM grid_hour"),
                   "24 960.0 86400") == 0,
            "hours");
    db_close(db);
}

static void conflict(struct db *db, struct wire_grid a, struct wire_grid b)
{
    struct en_grid_take *t = NULL;
    struct err err = {0};

    CU_ASSERT_FATAL(en_grid_take_begin(db, "cli:test", &t, &err));
    UNIT_CHECK(en_grid_take_value(t, &a, &err), "first");
    UNIT_CHECK(en_grid_take_value(t, &a, &err), "the same twice");
    UNIT_CHECK(
            !en_grid_take_value(t, &b, &err) && err.code == ERR_CONFLICT &&
                    strstr(err.msg, "already with 13 g/kWh"),
            "%s", err.msg);
    en_grid_take_end(t, false, &err);
}

static void test_conflicts(void)
{
    struct db *db = user_db();

    conflict(db, value("FRA", T0, 3600, 13), value("FRA", T0 + 1800, 1800, 14));
    conflict(db, year("FRA", 2024, 13), year("FRA", 2024, 14));
    db_close(db);
}

/* ---- chosen for a country ----------------------------------------------- */

static void
chosen(struct db *db, const char *zone, int y, enum calc_grid_kind kind,
       const char *set, int got_year, double g)
{
    struct fac_pack *p = NULL;
    struct fac_grid f = {.year = 0};
    struct err err = {0};
    bool found;

    CU_ASSERT_FATAL(fac_pack_load(NULL, &p, &err));
    UNIT_CHECK(fac_pack_add_db(p, db, &err), "%s", err.msg);
    found = fac_grid_find(p, zone, y, kind, &f);
    UNIT_CHECK(found == (set != NULL), "%s %d: found", zone, y);
    if (found && set)
        UNIT_CHECK(
                strcmp(f.set->id, set) == 0 && f.year == got_year &&
                        fabs(f.g_per_kwh - g) < 1e-9,
                "%s %d: %s %d %g", zone, y, f.set->id, f.year, f.g_per_kwh);
    fac_pack_free(p);
}

static void test_chosen(void)
{
    struct db *db = user_db();
    struct wire_grid rows[] = {
            year("FRA", 2024, 50), year("FRA", 2026, 30),
            year("Atlantis", 2020, 7), year("FRA", 2023, 999),
            year("European Union (27)", 2030, 100)};
    struct err err = {0};

    /* Shipped for France: life cycle 40.48 g in 2024, 41.44 in 2025
     * (facts/grid_intensity.csv). */
    rows[3].kind = WIRE_GRID_MARGINAL;
    counted(db, "years", rows, 5, 5, 0, 0);
    counted(db, "again", rows, 5, 0, 0, 5);
    chosen(db, "FRA", 2024, CALC_LIFE_CYCLE, "grid-yearly", 2024, 40.48);
    chosen(db, "FRA", 2025, CALC_LIFE_CYCLE, "grid-yearly", 2025, 41.44);
    chosen(db, "FRA", 2026, CALC_LIFE_CYCLE, "mine", 2026, 30);
    chosen(db, "France", 0, CALC_LIFE_CYCLE, "mine", 2026, 30);
    chosen(db, "Atlantis", 2024, CALC_LIFE_CYCLE, "mine", 2020, 7);
    chosen(db, "Atlantis", 2024, CALC_DIRECT, NULL, 0, 0);
    chosen(db, "EU27", 2030, CALC_LIFE_CYCLE, "mine", 2030, 100);
    /* A marginal value is never one of the four. */
    chosen(db, "FRA", 2023, CALC_UNSTATED, NULL, 0, 0);
    UNIT_CHECK(fac_user_prefer(db, "mine", true, "cli:test", &err), "prefer");
    chosen(db, "FRA", 2024, CALC_LIFE_CYCLE, "mine", 2024, 50);
    chosen(db, "FRA", 2025, CALC_LIFE_CYCLE, "grid-yearly", 2025, 41.44);
    db_close(db);
}

/* The newest of two imported sets answers. */
static void test_two_sets(void)
{
    struct db *db = user_db();
    struct wire_grid a = year("FRA", 2026, 30), b = year("FRA", 2026, 35);

    b.origin.set = "another";
    take(db, &b, 1);
    take(db, &a, 1);
    /* Imported within one second they stand by name. */
    user_ask(
            db, "UPDATE user_set SET taken_at = taken_at + 9 WHERE id = "
                "'mine'");
    chosen(db, "FRA", 2026, CALC_LIFE_CYCLE, "mine", 2026, 30);
    user_ask(
            db, "UPDATE user_set SET taken_at = taken_at + 19 WHERE id = "
                "'another'");
    chosen(db, "FRA", 2026, CALC_LIFE_CYCLE, "another", 2026, 35);
    db_close(db);
}

/* The report's way to a factor: a site of the country. */
static void test_site(void)
{
    struct db *db = user_db();
    struct wire_grid g = year("FRA", 2026, 30);
    const struct inv_site site = {
            .name = "here",
            .country = "FRA",
            .pue = NAN,
            .wue = NAN,
            .grid_g = NAN};
    struct fac_pack *p = NULL;
    struct en_grid out;
    struct err err = {0};

    take(db, &g, 1);
    CU_ASSERT_FATAL(
            fac_pack_load(NULL, &p, &err) && fac_pack_add_db(p, db, &err));
    en_site_grid(p, &site, 2026, &out);
    UNIT_CHECK(
            fabs(out.g_per_kwh - 30) < 1e-9 && strcmp(out.set, "mine") == 0 &&
                    strcmp(out.version, "2026-06-01") == 0 &&
                    strcmp(out.source, "a test") == 0,
            "%g of %s", out.g_per_kwh, out.set);
    fac_pack_free(p);
    db_close(db);
}

/* ---- files, into the database and back ---------------------------------- */

struct filing {
    struct en_grid_take *take;
    struct kept *kept;
};

static bool file_grid(void *ctx, const struct wire_grid *g, struct err *err)
{
    return en_grid_take_value(((struct filing *)ctx)->take, g, err);
}

static struct en_grid_counts file_in(struct db *db, const char *path)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct filing f = {.kept = k};
    struct wire_sink sink = {.ctx = &f, .grid = file_grid};
    struct en_grid_counts counts;
    struct err err = {0};

    CU_ASSERT_FATAL(en_grid_take_begin(db, "cli:test", &f.take, &err));
    UNIT_CHECK(
            imp_read(path, NULL, &sink, NULL, &err) &&
                    en_grid_take_settle(f.take, &err),
            "%s: %s", path, err.msg);
    counts = *en_grid_take_counts(f.take);
    UNIT_CHECK(en_grid_take_end(f.take, true, &err), "%s", err.msg);
    kept_free(k);
    return counts;
}

static bool
keep_stored(void *ctx, const struct en_grid_stored *g, struct err *err)
{
    char *text = ctx;

    (void)err;
    snprintf(
            text + strlen(text), 1000 - strlen(text), "%s %s %d %.4f %d %d;",
            g->set, g->kind, g->year, g->g_per_kwh, g->hours, g->estimated);
    return true;
}

static void test_samples(void)
{
    static const struct {
        const char *path;
        unsigned rows;
    } files[] = {
            {SAMPLES "grid_ember_owid/carbon-intensity-electricity.csv", 5737},
            {SAMPLES "grid_electricitymaps_api/api-sample.json", 24},
            {SAMPLES "grid_rte_api/api-sample.json", 25},
            {SAMPLES "grid_carbon_aware_sdk/sample-emissions-data.json", 8},
    };
    struct db *db = user_db();
    char text[1000] = "";
    struct err err = {0};

    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
            struct en_grid_counts c = file_in(db, files[i].path);

            UNIT_CHECK(
                    c.changed == 0 &&
                            (round ? c.same : c.added) == files[i].rows,
                    "%s: %llu added, %llu same", files[i].path,
                    (unsigned long long)c.added, (unsigned long long)c.same);
        }
    /* Counted apart from the files: Electricity Maps 439 g over 24 hours; the
     * hourly means of RTE make 304.75 g over 25; Ember as it is. */
    UNIT_CHECK(
            en_grid_stored(db, "FRA", 2024, keep_stored, text, &err), "%s",
            err.msg);
    UNIT_CHECK(
            strcmp(text, "electricity-maps-api life_cycle 2024 18.2917 24 1;"
                         "ember-owid life_cycle 2024 44.1791 0 0;"
                         "rte-eco2mix direct 2024 12.1900 25 0;") == 0,
            "%s", text);
    text[0] = '\0';
    UNIT_CHECK(
            en_grid_stored(db, "Sydney", 0, keep_stored, text, &err) &&
                    strcmp(text,
                           "carbon-aware-sdk unstated 2022 0.0100 1 0;") == 0,
            "the latest year: %s", text);
    UNIT_CHECK(/* 03:00 is 13, 14, 14, 14; 08:00 is 12, 11, 11, 11 */
               strcmp(user_ask(
                              db,
                              "SELECT group_concat(g_per_kwh, ' ') FROM "
                              "(SELECT "
                              "g_per_kwh FROM grid_hour h JOIN grid_series s "
                              "ON "
                              "s.id = h.series_id WHERE set_id = 'rte-eco2mix' "
                              "AND hour IN (1719964800 / 3600 + 3, "
                              "1719964800 / 3600 + 8) ORDER BY hour)"),
                      "13.75 11.25") == 0,
               "hours of RTE");
    db_close(db);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"statements", test_sql},
            {"rules", test_rules},
            {"hours", test_hours},
            {"parts of an hour", test_parts_of_an_hour},
            {"days", test_days},
            {"conflicts", test_conflicts},
            {"chosen", test_chosen},
            {"two sets", test_two_sets},
            {"site", test_site},
            {"samples", test_samples},
            {NULL, NULL},
    };

    setenv("FLEETPRINT_TODAY", "2026-06-01", 1);
    return unit_main("energy_grid", tests);
}
