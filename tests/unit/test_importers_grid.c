/* SPDX-License-Identifier: Apache-2.0
 * Grid values: what each sample states, read from the files by hand and by a
 * separate program, and the traps of every format. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "importers/figures_priv.h"
#include "importers_sink.h"
#include "unit.h"

#define SAMPLES "../shared/samples/"

static struct kept *read_path(const char *path, bool want)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};
    bool ok = imp_read(path, NULL, &sink, NULL, &err);

    UNIT_CHECK(ok == want, "%s: %s", path, err.msg);
    return k;
}

static struct kept *read_text(const char *name, const char *text)
{
    return read_path(kept_file(name, text), true);
}

/* UTC seconds of an instant; 2024-01-01T00:00Z is 1704067200. */
static int64_t at(const char *text)
{
    struct imp_when w = {0};
    struct err err = {0};

    UNIT_CHECK(imp_when_parse(text, &w, &err), "%s: %s", text, err.msg);
    return w.utc_s;
}

static void check_value(
        const char *what, const struct wire_grid *g, const char *zone,
        const char *from, const char *to, double g_per_kwh,
        enum wire_grid_kind kind)
{
    UNIT_CHECK(strcmp(g->zone, zone) == 0, "%s: zone %s", what, g->zone);
    UNIT_CHECK(
            g->from_s == at(from), "%s: from %lld", what, (long long)g->from_s);
    UNIT_CHECK(
            g->to_s == at(to), "%s: to %lld, %s wanted", what,
            (long long)g->to_s, to);
    UNIT_CHECK(
            fabs(g->g_per_kwh - g_per_kwh) < 1e-9, "%s: %g", what,
            g->g_per_kwh);
    UNIT_CHECK(g->kind == kind, "%s: kind %d", what, (int)g->kind);
    UNIT_CHECK(
            g->origin.set[0] && g->origin.source[0] && g->origin.licence[0],
            "%s: origin", what);
}

static bool warned(const struct kept *k, const char *text)
{
    for (size_t i = 0; i < k->n_warnings; i++)
        if (strstr(k->warnings[i], text))
            return true;
    return false;
}

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

/* ---- RTE ---------------------------------------------------------------- */

static void test_rte_sample(void)
{
    struct kept *k = read_path(SAMPLES "grid_rte_api/api-sample.json", true);

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 97);
    check_value(
            "first quarter", &k->grid[0], "FRA", "2024-07-03T00:00Z",
            "2024-07-03T00:15Z", 13, WIRE_GRID_DIRECT);
    UNIT_CHECK(k->grid[0].basis == WIRE_GENERATION, "basis");
    check_value(
            "the quarter after the day", &k->grid[96], "FRA",
            "2024-07-04T00:00Z", "2024-07-04T00:15Z", 14, WIRE_GRID_DIRECT);
    check_value(/* third of 13:00, read from the file */
                "13:30", &k->grid[54], "FRA", "2024-07-03T13:30Z",
                "2024-07-03T13:45Z", 12, WIRE_GRID_DIRECT);
    UNIT_CHECK(k->n_rejects == 0, "%zu refused", k->n_rejects);
    kept_free(k);
}

static void test_rte_shapes(void)
{
    /* API v2.1: results; local time with its offset, out of order, numbers as
     * text, ND, null, half hours; the same value twice counts once. */
    struct kept *k = read_text(
            "v21.json",
            "{\"total_count\":5,\"results\":["
            "{\"perimetre\":\"France\",\"nature\":\"Donn\xC3\xA9"
            "es temps r\xC3\xA9"
            "el\",\"date\":\"2024-07-03\",\"heure\":\"02:30\","
            "\"date_heure\":\"2024-07-03T02:30:00+02:00\",\"taux_co2\":\"21\"},"
            "{\"date_heure\":\"2024-07-03T00:00:00+00:00\",\"taux_co2\":20},"
            "{\"date_heure\":\"2024-07-03T00:00:00+00:00\",\"taux_co2\":20},"
            "{\"date_heure\":\"2024-07-03T01:00:00+00:00\",\"taux_co2\":\"ND\"}"
            ","
            "{\"date_heure\":\"2024-07-03T01:30:00+00:00\","
            "\"taux_co2\":null}]}");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 2);
    check_value(
            "half hour", &k->grid[0], "FRA", "2024-07-03T00:00Z",
            "2024-07-03T00:30Z", 20, WIRE_GRID_DIRECT);
    check_value(
            "by its offset", &k->grid[1], "FRA", "2024-07-03T00:30Z",
            "2024-07-03T01:00Z", 21, WIRE_GRID_DIRECT);
    UNIT_CHECK(k->grid[1].estimated && !k->grid[0].estimated, "real time");
    UNIT_CHECK(k->n_rejects == 0, "%zu refused", k->n_rejects);
    kept_free(k);

    k = read_text(
            "v1.json",
            "{\"nhits\":2,\"records\":[{\"fields\":{"
            "\"date_heure\":\"2024-07-03T00:00:00+00:00\",\"taux_co2\":20}},"
            "{\"fields\":{\"date_heure\":\"2024-07-03T00:00:00+00:00\","
            "\"taux_co2\":25}},{\"fields\":{"
            "\"date_heure\":\"2024-07-03T00:30:00\",\"taux_co2\":25}},"
            "{\"fields\":{\"date_heure\":\"2024-07-03T00:30:00Z\","
            "\"perimetre\":\"Bretagne\",\"taux_co2\":25}},"
            "{\"fields\":{\"date_heure\":\"2024-07-03T00:30:00Z\","
            "\"taux_co2\":\"vingt\"}}]}");
    UNIT_CHECK(k->n_grid == 1, "%zu values", k->n_grid);
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 4);
    UNIT_CHECK(
            strstr(k->rejects[0].reason, "offset from UTC"), "%s",
            k->rejects[0].reason);
    UNIT_CHECK(strcmp(k->rejects[1].value, "Bretagne") == 0, "a region");
    UNIT_CHECK(strcmp(k->rejects[2].value, "vingt") == 0, "no number");
    UNIT_CHECK(
            k->rejects[3].row == 2 && strcmp(k->rejects[3].value, "25") == 0 &&
                    strstr(k->rejects[3].reason,
                           "2024-07-03T00:00Z stands on record 1 already"),
            "%s", k->rejects[3].reason);
    kept_free(k);
}

/* RTE's own file: latin-1, tabs, local time, a cell too many, blank quarters,
 * ND, and a sentence at the end. */
static void test_rte_file(void)
{
    struct kept *k = read_text(
            "eCO2mix_RTE_Annuel-Definitif_2023.xls",
            "P\xE9rim\xE8tre\tNature\tDate\tHeures\tConsommation\tTaux de "
            "Co2\t\n"
            "France\tDonn\xE9"
            "es d\xE9"
            "finitives\t2023-01-01\t00:00\t47571\t17\t\n"
            "France\tDonn\xE9"
            "es d\xE9"
            "finitives\t2023-01-01\t00:15\t\t\t\n"
            "France\tDonn\xE9"
            "es d\xE9"
            "finitives\t2023-01-01\t00:30\t46342\t16\t\n"
            "France\tDonn\xE9"
            "es d\xE9"
            "finitives\t2023-01-01\t00:45\t\t\t\n"
            "France\tDonn\xE9"
            "es d\xE9"
            "finitives\t2023-01-01\t01:00\t46342\tND\t\n"
            "RTE ne pourra \xEAtre tenu responsable de l'usage\t\t\t\t\t\t\n");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 2);
    check_value(
            "half hour of local time", &k->grid[0], "FRA", "2022-12-31T23:00Z",
            "2022-12-31T23:30Z", 17, WIRE_GRID_DIRECT);
    check_value(
            "second half", &k->grid[1], "FRA", "2022-12-31T23:30Z",
            "2023-01-01T00:00Z", 16, WIRE_GRID_DIRECT);
    UNIT_CHECK(k->n_rejects == 0, "%zu refused", k->n_rejects);
    kept_free(k);
}

static void test_rte_clock_changes(void)
{
    struct kept *k = read_text(
            "mars.csv", "Date;Heures;Taux de Co2\n"
                        "2024-03-31;01:30;10\n"
                        "2024-03-31;02:00;11\n"
                        "2024-03-31;02:30;11\n"
                        "2024-03-31;03:00;12\n");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 2);
    check_value(
            "before", &k->grid[0], "FRA", "2024-03-31T00:30Z",
            "2024-03-31T01:00Z", 10, WIRE_GRID_DIRECT);
    check_value(
            "after", &k->grid[1], "FRA", "2024-03-31T01:00Z",
            "2024-03-31T01:30Z", 12, WIRE_GRID_DIRECT);
    UNIT_CHECK(warned(k, "2 rows at times"), "warned");
    kept_free(k);

    /* Once: the first of the two hours. Twice: both. */
    k = read_text(
            "octobre.csv", "Date;Heures;Taux de Co2\n"
                           "27/10/2024;01:30;10\n"
                           "27/10/2024;02:00;11\n"
                           "27/10/2024;02:30;12\n"
                           "27/10/2024;03:00;13\n");
    CU_ASSERT_EQUAL_FATAL(k->n_grid, 4);
    check_value(
            "02:30 once", &k->grid[2], "FRA", "2024-10-27T00:30Z",
            "2024-10-27T01:00Z", 12, WIRE_GRID_DIRECT);
    check_value(
            "03:00", &k->grid[3], "FRA", "2024-10-27T02:00Z",
            "2024-10-27T02:30Z", 13, WIRE_GRID_DIRECT);
    kept_free(k);
    k = read_text(
            "octobre.csv", "Date;Heures;Taux de Co2\n"
                           "27/10/2024;02:00;11\n"
                           "27/10/2024;02:30;12\n"
                           "27/10/2024;02:00;13\n"
                           "27/10/2024;02:30;14\n"
                           "27/10/2024;2h;14\n"
                           "27/10;02:00;14\n"
                           "27/10/2024;03:00;-x\n");
    CU_ASSERT_EQUAL_FATAL(k->n_grid, 4);
    check_value(
            "02:30 the second time", &k->grid[3], "FRA", "2024-10-27T01:30Z",
            "2024-10-27T02:00Z", 14, WIRE_GRID_DIRECT);
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 3);
    UNIT_CHECK(
            k->rejects[0].row == 6 &&
                    strcmp(k->rejects[0].column, "Heures") == 0,
            "%s", k->rejects[0].column);
    UNIT_CHECK(
            k->rejects[1].row == 7 && strcmp(k->rejects[1].column, "Date") == 0,
            "%s", k->rejects[1].column);
    UNIT_CHECK(strcmp(k->rejects[2].value, "-x") == 0, "no number");
    kept_free(k);
}

/* An export of the API: its instants have offsets; local columns beside. */
static void test_rte_export(void)
{
    struct kept *k = read_text(
            "eco2mix-national-tr.csv",
            "\xEF\xBB\xBFP\xC3\xA9rim\xC3\xA8tre;Nature;Date;Heure;Date et "
            "Heure;Taux de CO2 (g/kWh)\r\n"
            "France;Donn\xC3\xA9"
            "es temps r\xC3\xA9"
            "el;2024-07-03;02:00;2024-07-03T02:00:00+02:00;13\r\n"
            "France;Donn\xC3\xA9"
            "es temps r\xC3\xA9"
            "el;2024-07-03;02:15;2024-07-03T02:15:00+02:00;14\r\n");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 2);
    check_value(
            "quarter", &k->grid[1], "FRA", "2024-07-03T00:15Z",
            "2024-07-03T00:30Z", 14, WIRE_GRID_DIRECT);
    UNIT_CHECK(k->grid[1].estimated, "real time");
    kept_free(k);
}

/* A quarter that is missing does not stretch the one before. */
static void test_rte_hole(void)
{
    struct kept *k = read_text(
            "trou.csv", "Date;Heures;Taux de Co2\n"
                        "2024-01-15;12:00;10\n"
                        "2024-01-15;12:15;11\n"
                        "2024-01-15;12:45;13\n"
                        "2024-01-15;13:00;14\n");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 4);
    check_value(
            "before the hole", &k->grid[1], "FRA", "2024-01-15T11:15Z",
            "2024-01-15T11:30Z", 11, WIRE_GRID_DIRECT);
    kept_free(k);
}

/* ---- Great Britain ------------------------------------------------------ */

static void test_uk(void)
{
    struct kept *k = read_text(
            "intensity.json",
            "{ \"data\":[{\"from\": \"2018-01-20T12:00Z\",\"to\": "
            "\"2018-01-20T12:30Z\",\"intensity\": {\"forecast\": 266,"
            "\"actual\": 263,\"index\": \"moderate\"}},"
            "{\"from\": \"2018-01-20T12:30Z\",\"to\": \"2018-01-20T13:00Z\","
            "\"intensity\": {\"forecast\": 270,\"actual\": null,"
            "\"index\": \"moderate\"}},"
            "{\"from\": \"2018-01-20T00:00Z\",\"to\": \"2018-01-21T00:00Z\","
            "\"intensity\": {\"max\": 270,\"average\":200,\"min\":100}},"
            "{\"from\": \"noon\",\"to\": \"2018-01-21T00:00Z\","
            "\"intensity\": {\"actual\":100}},"
            "{\"from\": \"2018-01-20T13:00Z\",\"to\": \"2018-01-20T13:30Z\","
            "\"intensity\": {\"forecast\": null,\"actual\": null}}]}");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 2);
    check_value(
            "measured", &k->grid[0], "GBR", "2018-01-20T12:00Z",
            "2018-01-20T12:30Z", 263, WIRE_GRID_DIRECT);
    check_value(
            "forecast", &k->grid[1], "GBR", "2018-01-20T12:30Z",
            "2018-01-20T13:00Z", 270, WIRE_GRID_DIRECT);
    UNIT_CHECK(!k->grid[0].estimated && k->grid[1].estimated, "estimated");
    UNIT_CHECK(warned(k, "1 half hours have a forecast alone"), "warned");
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 2);
    UNIT_CHECK(
            k->rejects[0].row == 3 &&
                    strstr(k->rejects[0].reason, "/statistics"),
            "%s", k->rejects[0].reason);
    UNIT_CHECK(strcmp(k->rejects[1].value, "noon") == 0, "time");
    kept_free(k);
}

static void test_uk_regions(void)
{
    struct kept *k = read_text(
            "regional.json",
            "{\"data\":[{\"from\":\"2018-01-20T12:00Z\","
            "\"to\":\"2018-01-20T12:30Z\",\"regions\":["
            "{\"regionid\":1,\"shortname\":\"North Scotland\",\"intensity\":"
            "{\"forecast\":20,\"index\":\"low\"}},"
            "{\"regionid\":2,\"shortname\":\"South Scotland\",\"intensity\":"
            "{\"forecast\":30,\"index\":\"low\"}}]}]}");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 2);
    UNIT_CHECK(
            strcmp(k->grid[1].zone, "GB/South Scotland") == 0 &&
                    fabs(k->grid[1].g_per_kwh - 30) < 1e-9,
            "%s", k->grid[1].zone);
    kept_free(k);
    k = read_text(
            "postcode.json",
            "{\"data\":{\"regionid\":11,\"shortname\":\"South West "
            "England\",\"data\":[{\"from\":\"2018-01-20T12:00Z\","
            "\"to\":\"2018-01-20T12:30Z\",\"intensity\":{\"forecast\":91}}]}}");
    CU_ASSERT_EQUAL_FATAL(k->n_grid, 1);
    check_value(
            "a root of one region", &k->grid[0], "GB/South West England",
            "2018-01-20T12:00Z", "2018-01-20T12:30Z", 91, WIRE_GRID_DIRECT);
    kept_free(k);
}

/* ---- carbon-aware SDK --------------------------------------------------- */

static void test_aware_sample(void)
{
    struct kept *k = read_path(
            SAMPLES "grid_carbon_aware_sdk/sample-emissions-data.json", true);

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 8);
    check_value(
            "Sydney", &k->grid[0], "Sydney", "2021-01-01T00:00:01",
            "2021-01-01T01:00:01", 0.6, WIRE_GRID_UNSTATED);
    check_value(
            "Auckland", &k->grid[7], "Auckland", "2021-01-01T00:00:03",
            "2021-01-01T01:00:03", 0.1, WIRE_GRID_UNSTATED);
    UNIT_CHECK(k->grid[0].basis == WIRE_BASIS_UNSTATED, "basis");
    UNIT_CHECK(warned(k, "8 records have no Duration"), "warned");
    kept_free(k);
}

static void test_aware_shapes(void)
{
    struct kept *k = read_text(
            "data.json",
            "[{\"Location\":\"westus\",\"Time\":\"2022-07-22T08:00:00-08:00\","
            "\"Rating\":365.5,\"Duration\":\"08:00:00\"},"
            "{\"Location\":\"westus\",\"Time\":\"2022-07-22T16:00:00Z\","
            "\"Rating\":\"n/a\",\"Duration\":\"01:00\"},"
            "{\"Location\":\"westus\",\"Time\":\"2022-07-22T16:00:00Z\","
            "\"Rating\":1,\"Duration\":\"an hour\"},"
            "{\"Time\":\"2022-07-22T16:00:00Z\",\"Rating\":1}]");

    CU_ASSERT_EQUAL_FATAL(k->n_grid, 1);
    check_value(
            "eight hours", &k->grid[0], "westus", "2022-07-22T16:00Z",
            "2022-07-23T00:00Z", 365.5, WIRE_GRID_UNSTATED);
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 3);
    UNIT_CHECK(
            strcmp(k->rejects[0].column, "Rating") == 0 &&
                    strcmp(k->rejects[0].value, "n/a") == 0,
            "rating");
    UNIT_CHECK(strcmp(k->rejects[1].value, "an hour") == 0, "duration");
    UNIT_CHECK(strcmp(k->rejects[2].column, "Location") == 0, "location");
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
            {"rte sample", test_rte_sample},
            {"rte shapes", test_rte_shapes},
            {"rte file", test_rte_file},
            {"rte clock changes", test_rte_clock_changes},
            {"rte export", test_rte_export},
            {"rte hole", test_rte_hole},
            {"great britain", test_uk},
            {"great britain, regions", test_uk_regions},
            {"carbon-aware sample", test_aware_sample},
            {"carbon-aware shapes", test_aware_shapes},
            {"bad files", test_bad_files},
            {"no place", test_no_place},
            {NULL, NULL},
    };

    return unit_main("importers_grid", tests);
}
