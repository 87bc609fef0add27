/* SPDX-License-Identifier: Apache-2.0
 * Carbon intensity by country, year and kind, against the facts. */
#include "factors/factors_priv.h"
#include "unit.h"

#include "facts_table.h"

static struct fac_pack *pack;

/* Figures read by hand from ../shared/facts/grid_intensity.csv. */
static const struct {
    const char *zone;
    int year;
    enum calc_grid_kind kind;
    bool found;
    int got_year;
    double g;
} cases[] = {
        {"FRA", 2024, CALC_LIFE_CYCLE, true, 2024, 40.48},
        {"FRA", 2025, CALC_LIFE_CYCLE, true, 2025, 41.44},
        {"FRA", 0, CALC_LIFE_CYCLE, true, 2025, 41.44},
        {"FRA", 2030, CALC_LIFE_CYCLE, true, 2025, 41.44},
        {"FRA", 2001, CALC_LIFE_CYCLE, true, 2015, 59.17},
        {"France", 2024, CALC_LIFE_CYCLE, true, 2024, 40.48},
        {"FR", 2024, CALC_LIFE_CYCLE, true, 2024, 40.48},
        {"fra", 2024, CALC_LIFE_CYCLE, true, 2024, 40.48},
        /* RTE's final figure, not the provisional 21.3 of the press */
        {"FRA", 2024, CALC_DIRECT, true, 2024, 21.7},
        {"FRA", 2025, CALC_DIRECT, true, 2024, 21.7},
        {"FRA", 2023, CALC_DIRECT, true, 2023, 32},
        {"FRA", 2010, CALC_DIRECT, true, 2023, 32},
        /* the constant of a talk is shown, never chosen */
        {"FRA", 2024, CALC_UNSTATED, false, 0, 0},
        {"DEU", 2024, CALC_DIRECT, false, 0, 0},
        {"Deutschland", 2019, CALC_LIFE_CYCLE, true, 2019, 392.51},
        {"United States of America", 2023, CALC_DIRECT, true, 2023, 367},
        {"EU27", 2020, CALC_DIRECT, true, 2018, 281},
        {"SRC_NUCLEAR", 2024, CALC_LIFE_CYCLE, true, 2014, 12},
        {"Atlantis", 2024, CALC_LIFE_CYCLE, false, 0, 0},
        {"", 2024, CALC_LIFE_CYCLE, false, 0, 0},
        {NULL, 2024, CALC_LIFE_CYCLE, false, 0, 0},
};

static void test_find(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *zone = cases[i].zone ? cases[i].zone : "(null)";
        struct fac_grid g = {.year = -5};
        bool found = fac_grid_find(
                pack, cases[i].zone, cases[i].year, cases[i].kind, &g);

        UNIT_CHECK(
                found == cases[i].found, "%s %d: found %d", zone, cases[i].year,
                found);
        if (!found) {
            UNIT_CHECK(g.year == -5, "%s: out is untouched", zone);
            continue;
        }
        UNIT_CHECK(
                g.year == cases[i].got_year, "%s %d: year %d", zone,
                cases[i].year, g.year);
        UNIT_NEAR(g.g_per_kwh, cases[i].g, 1e-9, zone);
        UNIT_CHECK(g.kind == cases[i].kind && !g.listed, "%s: kind", zone);
        UNIT_CHECK(*g.source && *g.name && g.set, "%s: source", zone);
    }
}

/* Every value of the series, and its country alone, against the facts. */
static void test_series_equals_facts(void)
{
    struct facts f;
    size_t n = 0, countries = 0;
    const char *last = "";

    UNIT_CHECK(facts_open("../shared/facts/grid_intensity.csv", &f), "facts");
    for (size_t i = 0; i < facts_count(&f); i++) {
        const char *zone = facts_text(&f, i, "iso3");
        int year = (int)facts_number(&f, i, "year");
        struct fac_grid g;

        if (strcmp(facts_text(&f, i, "source"), "OWID-EMBER") != 0)
            continue;
        n++;
        if (strcmp(zone, last) != 0 && strlen(zone) == 3 &&
            strcmp(zone, "WLD") != 0)
            countries++;
        last = zone;
        UNIT_CHECK(
                fac_grid_find(pack, zone, year, CALC_LIFE_CYCLE, &g) &&
                        g.year == year,
                "%s %d", zone, year);
        UNIT_NEAR(
                g.g_per_kwh, facts_number(&f, i, "gco2e_per_kwh"), 1e-9, zone);
        UNIT_CHECK(strcmp(g.basis, "generation") == 0, "%s basis", zone);
        UNIT_CHECK(
                fac_grid_find(
                        pack, facts_text(&f, i, "country"), year,
                        CALC_LIFE_CYCLE, &g) &&
                        strcmp(g.zone, zone) == 0,
                "%s by its name", zone);
    }
    facts_close(&f);
    UNIT_CHECK(countries == 96, "%zu countries", countries);
    UNIT_CHECK(n == 1113, "%zu values", n);
}

/* The other figures are all there: as defaults of their kind or listed. */
static void test_figures_equal_facts(void)
{
    struct facts f;
    const struct fac_grid *rows;
    size_t n = fac_grids(pack, &rows), seen = 0, listed = 0;

    UNIT_CHECK(facts_open("../shared/facts/grid_intensity.csv", &f), "facts");
    UNIT_CHECK(n == facts_count(&f), "%zu rows", n);
    for (size_t i = 0; i < facts_count(&f); i++) {
        const char *zone = facts_text(&f, i, "iso3");
        const char *basis = facts_text(&f, i, "basis");
        int year = (int)facts_number(&f, i, "year");
        double g = facts_number(&f, i, "gco2e_per_kwh");
        enum calc_grid_kind kind =
                strncmp(basis, "direct", 6) == 0 ? CALC_DIRECT
                : strncmp(basis, "life", 4) == 0 ? CALC_LIFE_CYCLE
                                                 : CALC_UNSTATED;
        size_t same = 0;

        for (size_t k = 0; k < n; k++)
            if (strcmp(rows[k].zone, zone) == 0 && rows[k].year == year &&
                rows[k].kind == kind && fabs(rows[k].g_per_kwh - g) < 1e-9 &&
                strcmp(strchr(basis, ';') + 1, rows[k].basis) == 0)
                same++;
        UNIT_CHECK(same == 1, "%s %d %g: %zu rows", zone, year, g, same);
        seen += same;
    }
    for (size_t k = 0; k < n; k++)
        listed += rows[k].listed;
    UNIT_CHECK(seen == n, "%zu of %zu rows have a fact", seen, n);
    /* 34 consumption mixes and, of France, 3 life-cycle figures, 7 of
     * Digital4Better, 1 of the press, 1 of the talk and 2 of a web page */
    UNIT_CHECK(listed == 48, "%zu rows are listed alone", listed);
    facts_close(&f);
}

static void test_order(void)
{
    const struct fac_grid *rows;
    size_t n = fac_grids(pack, &rows);

    for (size_t i = 1; i < n; i++) {
        int order = strcmp(rows[i - 1].zone, rows[i].zone);

        UNIT_CHECK(
                order < 0 || (order == 0 && rows[i - 1].kind <= rows[i].kind),
                "row %zu", i);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"finding", test_find},
            {"the series equals the facts", test_series_equals_facts},
            {"the figures equal the facts", test_figures_equal_facts},
            {"order", test_order},
            {NULL, NULL}};
    int status;

    if (!fac_pack_load(NULL, &pack, NULL))
        return 1;
    status = unit_main("grid", tests);
    fac_pack_free(pack);
    return status;
}
