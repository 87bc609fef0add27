/* SPDX-License-Identifier: Apache-2.0
 * Grid values of the world's tables and of Electricity Maps: what each sample
 * states, read from the files by hand and by a separate program, the traps of
 * every format, and what all grid formats share. */
#include "grid_values.h"

/* ---- instants ----------------------------------------------------------- */

static void test_instants(void)
{
    static const struct {
        const char *text;
        int64_t utc_s;
        bool zoned;
    } good[] = {
            {"2024-01-01T00:00:00.000Z", 1704067200, true},
            {"2024-01-01 00:00:00", 1704067200, false},
            {"2024-01-01", 1704067200, false},
            {"2024-01-01T02:00:00+02:00", 1704067200, true},
            {"2023-12-31T19:00-0500", 1704067200, true},
            {"2024-01-01T00:00Z", 1704067200, true},
            {"2024-02-29T23:59:59Z", 1709251199, true},
    };
    static const char *const bad[] = {
            "",
            "2024",
            "2023-02-29T00:00Z",
            "2024-01-01T24:00Z",
            "2024-01-01T00:60Z",
            "2024-01-01T00:00X",
            "2024-01-01T0:00",
            "01/01/2024 00:00",
            "1899-01-01T00:00Z",
            "2024-01-01T00:00+1",
            "2024-13-01T00:00Z"};
    struct imp_when w;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        UNIT_CHECK(imp_when_parse(good[i].text, &w, NULL), "%s", good[i].text);
        UNIT_CHECK(
                w.utc_s == good[i].utc_s && w.zoned == good[i].zoned,
                "%s: %lld", good[i].text, (long long)w.utc_s);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        UNIT_CHECK(!imp_when_parse(bad[i], &w, NULL), "'%s'", bad[i]);
}

static void test_local(void)
{
    const struct tz *paris;
    struct err err = {0};
    int64_t out[2];

    CU_ASSERT_FATAL(tz_load("Europe/Paris", &paris, &err));
    /* Winter is UTC+1, summer UTC+2; changes at 01:00 UTC on the last Sundays
     * of March and October: 31 March and 27 October 2024. */
    UNIT_CHECK(
            imp_when_local(paris, at("2024-01-15T12:00"), out) == 1 &&
                    out[0] == at("2024-01-15T11:00Z"),
            "winter");
    UNIT_CHECK(
            imp_when_local(paris, at("2024-07-15T12:00"), out) == 1 &&
                    out[0] == at("2024-07-15T10:00Z"),
            "summer");
    UNIT_CHECK(
            imp_when_local(paris, at("2024-03-31T02:30"), out) == 0,
            "an hour that is jumped over");
    UNIT_CHECK(
            imp_when_local(paris, at("2024-10-27T02:30"), out) == 2 &&
                    out[0] == at("2024-10-27T00:30Z") &&
                    out[1] == at("2024-10-27T01:30Z"),
            "an hour that comes twice");
}

/* ---- Ember -------------------------------------------------------------- */

static void test_ember_sample(void)
{
    struct kept *k = read_path(
            SAMPLES "grid_ember_owid/carbon-intensity-electricity.csv", true);

    UNIT_CHECK(k->n_grid == 5737 && k->n_rejects == 0, "%zu", k->n_grid);
    /* Burundi and the Central African Republic, 2000 to 2010 */
    UNIT_CHECK(
            k->n_warnings == 1 && strstr(k->warnings[0], "21 values of 0"),
            "zeros");
    check_value(
            "first row", &k->grid[0], "ASEAN (Ember)", "2000-01-01",
            "2001-01-01", 572.85864, WIRE_GRID_LIFE_CYCLE);
    UNIT_CHECK(k->grid[0].basis == WIRE_GENERATION, "basis");
    UNIT_CHECK(strcmp(k->grid[0].origin.set, "ember-owid") == 0, "set");
    UNIT_CHECK(strcmp(k->grid[0].origin.licence, "CC BY 4.0") == 0, "licence");
    kept_free(k);
}

static void test_ember_zones(void)
{
    struct kept *k = read_text(
            "c.csv",
            "Entity,Code,Year,Carbon intensity of electricity (gCO2/kWh)\n"
            "France,FRA,2024,44.179085\n"
            "World,OWID_WRL,2024,473.0065\n"
            "Kosovo,OWID_KOS,2000,989.86487\n"
            "European Union (27),,2023,243.1\n"
            "France,FRA,20x4,1\n"
            "France,FRA,2025,many\n"
            "France,FRA,1999,\n");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 4);
    check_value(
            "a leap year", &k->grid[0], "FRA", "2024-01-01", "2025-01-01",
            44.179085, WIRE_GRID_LIFE_CYCLE);
    UNIT_CHECK(strcmp(k->grid[1].zone, "WLD") == 0, "%s", k->grid[1].zone);
    UNIT_CHECK(strcmp(k->grid[2].zone, "Kosovo") == 0, "%s", k->grid[2].zone);
    UNIT_CHECK(
            strcmp(k->grid[3].zone, "European Union (27)") == 0, "%s",
            k->grid[3].zone);
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 2);
    UNIT_CHECK(
            k->rejects[0].row == 6 &&
                    strcmp(k->rejects[0].column, "Year") == 0 &&
                    strcmp(k->rejects[0].value, "20x4") == 0 &&
                    strstr(k->rejects[0].reason, "1990"),
            "line %llu, %s", (unsigned long long)k->rejects[0].row,
            k->rejects[0].reason);
    UNIT_CHECK(
            k->rejects[1].row == 7 &&
                    strcmp(k->rejects[1].value, "many") == 0 &&
                    strcmp(k->rejects[1].raw, "France,FRA,2025,many") == 0,
            "%s", k->rejects[1].raw);
    kept_free(k);
}

/* The wide table of Our World in Data, and Ember's own release. */
static void test_ember_other_tables(void)
{
    struct kept *k = read_text(
            "owid-energy-data.csv",
            "country,year,iso_code,population,carbon_intensity_elec\n"
            "France,2022,FRA,67000000,78.55\n"
            "France,1990,FRA,58000000,\n");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 1);
    UNIT_CHECK(fabs(k->grid[0].g_per_kwh - 78.55) < 1e-9, "value");
    kept_free(k);
    k = read_text(
            "yearly_full_release_long_format.csv",
            "Area,ISO 3 code,Year,Area type,Category,Subcategory,Variable,"
            "Unit,Value\n"
            "France,FRA,2022,Country,Electricity generation,Fuel,Wind,TWh,38\n"
            "France,FRA,2022,Country,Power sector emissions,CO2 intensity,"
            "CO2 intensity,gCO2/kWh,84.88\n");
    CU_ASSERT_EQUAL_FATAL(k->n_grid, 1);
    UNIT_CHECK(
            fabs(k->grid[0].g_per_kwh - 84.88) < 1e-9 &&
                    strcmp(k->grid[0].origin.set, "ember") == 0,
            "release");
    kept_free(k);
}

/* ---- Electricity Maps --------------------------------------------------- */

static void test_maps_sample(void)
{
    /* Read from the file by hand. */
    static const double g[] = {19, 20, 20, 19, 19, 18, 17, 17, 16, 17, 17, 20,
                               17, 18, 19, 19, 18, 19, 19, 18, 18, 18, 18, 19};
    struct kept *k =
            read_path(SAMPLES "grid_electricitymaps_api/api-sample.json", true);
    int estimated = 0;

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 24);
    for (size_t i = 0; i < 24; i++) {
        estimated += k->grid[i].estimated;
        UNIT_CHECK(
                fabs(k->grid[i].g_per_kwh - g[i]) < 1e-9 &&
                        k->grid[i].from_s ==
                                at("2024-07-04T11:00Z") + (int64_t)i * 3600 &&
                        k->grid[i].to_s == k->grid[i].from_s + 3600,
                "hour %zu: %g", i, k->grid[i].g_per_kwh);
    }
    check_value(
            "first hour", &k->grid[0], "FRA", "2024-07-04T11:00Z",
            "2024-07-04T12:00Z", 19, WIRE_GRID_LIFE_CYCLE);
    UNIT_CHECK(k->grid[0].basis == WIRE_CONSUMPTION, "basis");
    UNIT_CHECK(estimated == 3, "%d estimated", estimated);
    kept_free(k);
}

static void test_maps_api_shapes(void)
{
    /* latest: one object; past-range: data[] whose zone stands in the root,
     * after the data; numbers as text, null, no type. */
    struct kept *k = read_text(
            "latest.json",
            "{\"zone\":\"DE\",\"carbonIntensity\":302,"
            "\"datetime\":\"2018-04-25T18:00:00.000Z\","
            "\"emissionFactorType\":\"direct\",\"isEstimated\":true}");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 1);
    check_value(
            "latest", &k->grid[0], "DEU", "2018-04-25T18:00Z",
            "2018-04-25T19:00Z", 302, WIRE_GRID_DIRECT);
    UNIT_CHECK(k->grid[0].estimated, "estimated");
    kept_free(k);
    k = read_text(
            "range.json",
            "{\"data\":[{\"carbonIntensity\":\"40.5\","
            "\"datetime\":\"2024-01-01T00:00:00Z\"},"
            "{\"carbonIntensity\":null,\"datetime\":\"2024-01-01T01:00:00Z\"},"
            "{\"carbonIntensity\":\"low\",\"datetime\":\"2024-01-01T02:00Z\"},"
            "{\"carbonIntensity\":7}],\"zone\":\"US-CAL-CISO\"}");
    CU_ASSERT_EQUAL_FATAL(k->n_grid, 1);
    check_value(
            "range", &k->grid[0], "US-CAL-CISO", "2024-01-01T00:00Z",
            "2024-01-01T01:00Z", 40.5, WIRE_GRID_UNSTATED);
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 2);
    UNIT_CHECK(
            k->rejects[0].row == 3 && strcmp(k->rejects[0].value, "low") == 0,
            "text");
    UNIT_CHECK(
            k->rejects[1].row == 4 &&
                    strcmp(k->rejects[1].column, "datetime") == 0,
            "no time");
    kept_free(k);
}

#define OLD_TITLES                                                             \
    "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity "               \
    "gCO\xE2\x82\x82"                                                          \
    "eq/kWh (direct),Carbon Intensity gCO\xE2\x82\x82"                         \
    "eq/kWh (LCA),Low Carbon Percentage,Renewable Percentage,Data Source,"     \
    "Data Estimated,Data Estimation Method\n"
#define NEW_TITLES                                                             \
    "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity "               \
    "gCO\xE2\x82\x82"                                                          \
    "eq/kWh (direct),Carbon intensity gCO\xE2\x82\x82"                         \
    "eq/kWh (Life cycle),Carbon-free energy percentage (CFE%),Renewable "      \
    "energy percentage (RE%),Data source,Data estimated,Data estimation "      \
    "method\n"

static void test_maps_portal(void)
{
    struct kept *k = read_text(
            "SE_2021_hourly.csv", NEW_TITLES
            "2021-01-01 00:00:00,Sweden,Sweden,SE,2.54,30.02,99.42,60.13,"
            "svk.se,true,ESTIMATED_FORECASTS_HIERARCHY\n"
            "2021-01-01 01:00:00,Sweden,Sweden,SE,2.6,30.32,99.4,59.52,svk.se,"
            "false,\n"
            "2021-01-01 03:00:00,Sweden,Sweden,SE,,31,99.4,59.52,svk.se,,\n"
            "2021-01-01 04:00:00,Sweden,Sweden,SE,3,x,99.4,59.52,svk.se,,\n"
            "2021-01-01 25:00:00,Sweden,Sweden,SE,3,31,,,,,\n");

    /* Two of direct and three of life cycle, the series one after another. */
    CU_ASSERT_EQUAL_FATAL(k->n_grid, 5);
    check_value(
            "direct", &k->grid[0], "SWE", "2021-01-01T00:00Z",
            "2021-01-01T01:00Z", 2.54, WIRE_GRID_DIRECT);
    UNIT_CHECK(
            k->grid[0].estimated && !k->grid[1].estimated, "estimated column");
    check_value(
            "life cycle", &k->grid[2], "SWE", "2021-01-01T00:00Z",
            "2021-01-01T01:00Z", 30.02, WIRE_GRID_LIFE_CYCLE);
    check_value(
            "after a gap", &k->grid[4], "SWE", "2021-01-01T03:00Z",
            "2021-01-01T04:00Z", 31, WIRE_GRID_LIFE_CYCLE);
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 2);
    UNIT_CHECK(
            k->rejects[0].row == 5 && strcmp(k->rejects[0].value, "x") == 0,
            "no number");
    UNIT_CHECK(
            k->rejects[1].row == 6 &&
                    strstr(k->rejects[1].reason, "no instant"),
            "%s", k->rejects[1].reason);
    kept_free(k);
}

/* Yearly, daily and monthly files of the same columns. */
static void test_maps_steps(void)
{
    struct kept *k = read_text(
            "FR_2023_yearly.csv", OLD_TITLES
            "2023-01-01 00:00:00,France,France,FR,31.26,52.86,93,27,x,,\n");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 2);
    check_value(
            "year", &k->grid[1], "FRA", "2023-01-01", "2024-01-01", 52.86,
            WIRE_GRID_LIFE_CYCLE);
    kept_free(k);

    k = read_text(
            "export.csv", OLD_TITLES
            "2023-01-01 00:00:00,France,France,FR,31.26,52.86,93,27,x,,\n");
    UNIT_CHECK(
            k->n_grid == 0 && k->n_rejects == 2 &&
                    strstr(k->rejects[0].reason, "_yearly"),
            "one value alone, no name");
    kept_free(k);

    k = read_text(
            "days.csv", OLD_TITLES
            "2023-03-02 00:00:00,France,France,FR,30,50,93,27,x,,\n"
            "2023-03-01 00:00:00,France,France,FR,31,51,93,27,x,,\n");
    CU_ASSERT_EQUAL_FATAL(k->n_grid, 4);
    check_value(
            "day, put in order", &k->grid[0], "FRA", "2023-03-01", "2023-03-02",
            31, WIRE_GRID_DIRECT);
    kept_free(k);

    k = read_text(
            "months.csv", OLD_TITLES
            "2023-01-01 00:00:00,France,France,FR,30,50,93,27,x,,\n"
            "2023-02-01 00:00:00,France,France,FR,31,51,93,27,x,,\n");
    UNIT_CHECK(
            k->n_grid == 0 && k->n_rejects == 2 &&
                    strstr(k->rejects[0].reason, "monthly"),
            "months are refused");
    kept_free(k);

    k = read_text(
            "years.csv", OLD_TITLES
            "2023-01-01 00:00:00,France,France,FR,30,50,93,27,x,,\n"
            "2024-01-01 00:00:00,France,France,FR,31,51,93,27,x,,\n");
    CU_ASSERT_EQUAL_FATAL(k->n_grid, 4);
    check_value(
            "second year", &k->grid[1], "FRA", "2024-01-01", "2025-01-01", 31,
            WIRE_GRID_DIRECT);
    kept_free(k);
}

/* ---- any of them -------------------------------------------------------- */

static void test_bad_files(void)
{
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
            {"twice.csv",
             "Entity,Code,Year,Carbon intensity,carbon_intensity\n", "twice"},
            {"half.json",
             "{\"zone\":\"FR\",\"carbonIntensity\":1,\"datetime\":", "ends"},
            {"deep.json",
             "[{\"date_heure\":\"2024-07-03T00:00:00Z\",\"taux_co2\":1}", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        struct err err = {0};
        bool ok = imp_read(
                kept_file(cases[i].name, cases[i].text), NULL, &sink, NULL,
                &err);

        if (cases[i].want)
            UNIT_CHECK(
                    !ok && strstr(err.msg, cases[i].want), "%s: %s",
                    cases[i].name, err.msg);
        else /* cut short: what is whole is read, the rest refused */
            UNIT_CHECK(
                    ok && k->n_grid == 1 && k->n_rejects == 1 &&
                            strstr(k->rejects[0].reason, "cut short"),
                    "%s: %s", cases[i].name, err.msg);
        kept_free(k);
    }
}

/* A command that has no use for such values says so. */
static void test_no_place(void)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    sink.grid = NULL;
    UNIT_CHECK(
            !imp_read(
                    SAMPLES "grid_rte_api/api-sample.json", NULL, &sink, NULL,
                    &err) &&
                    err.code == ERR_INVALID &&
                    strstr(err.msg, "electricity grid"),
            "%s", err.msg);
    kept_free(k);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"instants", test_instants},
            {"local times", test_local},
            {"ember sample", test_ember_sample},
            {"ember zones", test_ember_zones},
            {"ember, other tables", test_ember_other_tables},
            {"electricity maps sample", test_maps_sample},
            {"electricity maps API", test_maps_api_shapes},
            {"electricity maps portal", test_maps_portal},
            {"electricity maps steps", test_maps_steps},
            {"bad files", test_bad_files},
            {"no place", test_no_place},
            {NULL, NULL},
    };

    return unit_main("importers_grid", tests);
}
