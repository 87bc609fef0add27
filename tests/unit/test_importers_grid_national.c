/* SPDX-License-Identifier: Apache-2.0
 * Grid values of national services and of the carbon-aware SDK: what each
 * sample states, read from the files by hand and by a separate program, and
 * the traps of every format. */
#include "grid_values.h"

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
    UNIT_CHECK(kept_warned(k, "2 rows at times"), "warned");
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
    UNIT_CHECK(kept_warned(k, "1 half hours have a forecast alone"), "warned");
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
    UNIT_CHECK(kept_warned(k, "8 records have no Duration"), "warned");
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

int main(void)
{
    static const struct unit_test tests[] = {
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
            {NULL, NULL},
    };

    return unit_main("importers_grid_national", tests);
}
