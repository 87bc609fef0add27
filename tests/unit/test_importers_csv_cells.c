/* SPDX-License-Identifier: Apache-2.0
 * Cells and rows of CSV files as people and their spreadsheets write them: each
 * row of the tables is a file of its own. */
#include <math.h>
#include <stdlib.h>

#include "importers_sink.h"
#include "unit.h"

static struct kept *read_text(const char *text)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    const char *format = "";
    struct err err = {0};
    bool ok;

    setenv("FLEETPRINT_TODAY", "2026-11-21", 1);
    ok = imp_read(kept_file("fleet.csv", text), NULL, &sink, &format, &err);
    UNIT_CHECK(ok, "'%s': %s %s", text, err.where, err.msg);
    return k;
}

/* ---- numbers ------------------------------------------------------------ */

static double number_of(const struct wire_machine *m, const char *column)
{
    if (strcmp(column, "price_eur") == 0)
        return m->price_eur;
    if (strcmp(column, "mass_kg") == 0)
        return m->mass_kg;
    if (strcmp(column, "power_w") == 0)
        return m->power_w;
    if (strcmp(column, "energy_kwh_year") == 0)
        return m->energy_kwh_year;
    if (strcmp(column, "ram_modules") == 0)
        return kept_units(m, CALC_RAM);
    return kept_units(m, CALC_RAM) ? kept_part(m, CALC_RAM, 0)->capacity : NAN;
}

static void test_numbers(void)
{
    static const struct {
        const char *column, *cell;
        char delimiter;
        double want; /* NAN: unknown; below 0: refused */
        const char *word;
    } cases[] = {
            {"price_eur", "\"1,234.50\"", ',', 1234.5, NULL},
            {"price_eur", "\"1,234\"", ',', 1234, NULL},
            {"price_eur", "\"1,234,567\"", ',', 1234567, NULL},
            {"price_eur",
             "\xE2\x82\xAC"
             "1234",
             ',', 1234, NULL},
            {"price_eur", "\xE2\x82\xAC 1234.50", ',', 1234.5, NULL},
            {"price_eur", "\"1 234,50 \xE2\x82\xAC\"", ',', 1234.5, NULL},
            {"price_eur", "1 234,50 \xE2\x82\xAC", ';', 1234.5, NULL},
            {"price_eur",
             "1\xC2\xA0"
             "234,50\xC2\xA0\xE2\x82\xAC",
             ';', 1234.5, NULL},
            {"price_eur", "1.234,50 EUR", ';', 1234.5, NULL},
            {"price_eur", "1.234", ';', 1234, NULL},
            {"price_eur", "1,5", ';', 1.5, NULL},
            {"price_eur", "EUR 99.90", ',', 99.9, NULL},
            {"price_eur", "\"$1,200\"", ',', -1, "another currency"},
            {"price_eur", "12 apples", ',', -1, "number of euros"},
            {"mass_kg", "\"23,5\"", ',', 23.5, NULL},
            {"mass_kg", "\"0,125\"", ',', 0.125, NULL},
            {"mass_kg", "\"1,250\"", ',', -1, "thousands or decimals"},
            {"mass_kg", "23,5", ';', 23.5, NULL},
            {"mass_kg", "23.5 kg", ';', 23.5, NULL},
            {"mass_kg", "1.250", ';', 1.25, NULL},
            {"mass_kg", "850 g", ',', 0.85, NULL},
            {"mass_kg", "heavy", ',', -1, "number of kg"},
            {"mass_kg", "-2", ',', -1, "1000000 kg"},
            {"power_w", "\"350,5\"", ',', 350.5, NULL},
            {"power_w", "0.35 kW", ',', 350, NULL},
            {"power_w", "350 VA", ',', -1, "number of watts"},
            {"power_w", "#N/A", ',', NAN, NULL},
            {"power_w", "inconnu", ',', NAN, NULL},
            {"energy_kwh_year", "3 066", ';', 3066, NULL},
            {"energy_kwh_year", "3 066", ',', 3066, NULL},
            {"energy_kwh_year", "1.5 MWh", ',', 1500, NULL},
            {"ram_gib", "1TB", ',', 1024, NULL},
            {"ram_gib", "65536 MB", ',', 64, NULL},
            {"ram_gib", "1 To", ';', 1024, NULL},
            {"ram_gib", "64 Go", ';', 64, NULL},
            {"ram_gib",
             "\xE2\x88\x92"
             "64",
             ',', -1, "number of GiB"},
            {"ram_modules", "12*32GB DDR4", ',', 12, NULL},
            {"ram_modules", "12 x 32 GB", ',', 12, NULL},
            {"ram_modules", "12x32 DDR4-2933 ECC", ',', 12, NULL},
            {"ram_modules", "12*32GB of it", ',', -1, "12x32"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        struct kept *k;

        snprintf(
                text, sizeof text, "tag%ccategory%c%s\nT%cserver%c%s\n",
                cases[i].delimiter, cases[i].delimiter, cases[i].column,
                cases[i].delimiter, cases[i].delimiter, cases[i].cell);
        k = read_text(text);
        if (cases[i].want < 0) {
            UNIT_CHECK(
                    k->n_rejects == 1 && k->n_machines == 0 &&
                            strstr(k->rejects[0].reason, cases[i].word),
                    "%s '%s': %s", cases[i].column, cases[i].cell,
                    k->n_rejects ? k->rejects[0].reason : "taken");
        } else {
            UNIT_CHECK(
                    k->n_rejects == 0 && k->n_machines == 1, "%s '%s': %s",
                    cases[i].column, cases[i].cell,
                    k->n_rejects ? k->rejects[0].reason : "");
            if (k->n_machines == 1)
                UNIT_NEAR(
                        number_of(kept_by_tag(k, "T"), cases[i].column),
                        cases[i].want, 1e-12, cases[i].cell);
        }
        kept_free(k);
    }
}

/* ---- dates and words ---------------------------------------------------- */

static void test_cells(void)
{
    static const struct {
        const char *column, *cell;
        const char *want; /* the date as ISO text, the word; NULL: refused */
        const char *word; /* of the refusal or the warning; NULL: no word */
    } cases[] = {
            {"acquired_on", "juillet 2019", "2019-07", NULL},
            {"acquired_on", "16 juillet 2019", "2019-07-16", NULL},
            {"acquired_on", "16-Jul-2019", "2019-07-16", NULL},
            {"acquired_on", "July 16 2019", "2019-07-16", NULL},
            {"acquired_on", "1/7/2019", "2019-07-01", NULL},
            {"acquired_on", "2019/07/16", "2019-07-16", NULL},
            {"acquired_on", "16.07.2019", "2019-07-16", NULL},
            {"acquired_on", "2019-07-16 00:00:00", "2019-07-16", NULL},
            {"acquired_on", "07/16/2019", NULL, "month 16"},
            {"acquired_on", "16/07/19", NULL, "year in full"},
            {"acquired_on", "43662", NULL, "spreadsheet"},
            {"acquired_on", "2019-2020", NULL, "not a date"},
            {"acquired_on", "31 juin 2019", NULL, "does not exist"},
            {"acquired_on", "2026-11-21", "2026-11-21", NULL},
            {"acquired_on", "2026-11", "2026-11", NULL},
            {"acquired_on", "2026-11-22", "2026-11-22", "after today"},
            {"acquired_on", "2199-01-01", "2199-01-01", "after today"},
            {"manufactured_on", "2027", "2027", "after today"},
            {"manufactured_on", "1955", "1955", "before 1970"},
            {"warranty_end", "2031-05-01", "2031-05-01", NULL},
            {"uuid", "not-a-uuid", NULL, "8-4-4-4-12"},
            {"uuid", "4C4C4544-0036-3510-8052-B4C04F4D313", NULL, "8-4-4-4"},
            {"uuid", "4C4C4544-0036-3510-8052-B4C04F4D3132",
             "4C4C4544-0036-3510-8052-B4C04F4D3132", NULL},
            {"uuid", "{4c4c4544-0036-3510-8052-b4c04f4d3132}",
             "4c4c4544-0036-3510-8052-b4c04f4d3132", NULL},
            {"uuid", "4c4c45440036351080 52b4c04f4d3132", NULL, "8-4-4-4-12"},
            {"uuid", "N/A", "", NULL},
            {"category", "imprimante", "other", NULL},
            {"category", "Pare-feu", "switch", NULL},
            {"category", "machin", NULL, "server, gpu_node, storage"},
            {"acquisition", "Achat", "new", NULL},
            {"acquisition", "trouv\xC3\xA9", NULL, "new, second_hand, donated"},
            {"model", "24\" rack", "24\" rack", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *column = cases[i].column, *got = "";
        const struct wire_machine *m;
        char text[200], date[DATE_TEXT];
        struct kept *k;
        const bool category = strcmp(column, "category") == 0;

        snprintf(
                text, sizeof text, "tag;%s%s\nT;%s%s\n", column,
                category ? "" : ";category", cases[i].cell,
                category ? "" : ";server");
        k = read_text(text);
        if (!cases[i].want) {
            UNIT_CHECK(
                    k->n_rejects == 1 && k->n_machines == 0 &&
                            strstr(k->rejects[0].reason, cases[i].word),
                    "%s '%s': %s", column, cases[i].cell,
                    k->n_rejects ? k->rejects[0].reason : "taken");
            kept_free(k);
            continue;
        }
        m = kept_by_tag(k, "T");
        CU_ASSERT_PTR_NOT_NULL_FATAL(m);
        if (strcmp(column, "acquired_on") == 0)
            got = date_print(m->acquired_on, date);
        else if (strcmp(column, "manufactured_on") == 0)
            got = date_print(m->manufactured_on, date);
        else if (strcmp(column, "warranty_end") == 0)
            got = date_print(m->warranty_end, date);
        else if (strcmp(column, "uuid") == 0)
            got = m->uuid ? m->uuid : "";
        else if (strcmp(column, "model") == 0)
            got = m->product;
        else if (category)
            got = calc_category_word(m->category);
        else
            got = calc_acquisition_word(m->acquisition);
        UNIT_CHECK(
                strcmp(got, cases[i].want) == 0, "%s '%s': '%s'", column,
                cases[i].cell, got);
        UNIT_CHECK(
                k->n_warnings == (cases[i].word ? 1 : 0), "%s '%s': warnings",
                column, cases[i].cell);
        if (cases[i].word && k->n_warnings)
            UNIT_CHECK(
                    strstr(k->warnings[0], cases[i].word) != NULL, "%s",
                    k->warnings[0]);
        kept_free(k);
    }
}

/* ---- headers and shapes of rows ----------------------------------------- */

static void test_shapes(void)
{
    static const struct {
        const char *name, *text;
        size_t machines, rejects;
        uint64_t row;        /* of the refusal */
        const char *reason;  /* of it; NULL */
        const char *warning; /* NULL: none asked for */
    } cases[] = {
            {"stated delimiter", "sep=;\ntag;category\nA;server\n", 1, 0, 0,
             NULL, NULL},
            {"title",
             "Inventaire 2025;;\n;;\ntag;category;ram_gib\nA;server;64\n", 1, 0,
             0, NULL, "above the header"},
            {"comment", "# our fleet\ntag,category\nA,server\n", 1, 0, 0, NULL,
             "above the header"},
            {"title with commas",
             "Parc, campus nord, 2025\ntag;category\nA;server\nB;server\n", 2,
             0, 0, NULL, "above the header"},
            {"cut cells", "tag,category,ram_gib,hdd\nA,server\nB,server,64\n",
             2, 0, 0, NULL, NULL},
            {"empty cells more", "tag,category\nA,server,,,\n", 1, 0, 0, NULL,
             NULL},
            {"more cells", "tag,category\nA,server,x\nB,server\n", 1, 1, 2,
             "3 cells", NULL},
            {"cut file", "tag,category,ram_gib\nA,server,64\nB,serv", 1, 1, 3,
             "cut short", NULL},
            {"no last line end", "tag,category\nA,server\nB,server", 2, 0, 0,
             NULL, NULL},
            {"letter quote", "tag,model\nA,24\" rack\nB,x\n", 2, 0, 0, NULL,
             NULL},
            {"stray quote", "tag,model\nA,\"24\" rack\nB,x\n", 1, 1, 2,
             "closing quote", NULL},
            {"second of a kind", "tag,ram_go,memory\nA,64,32\n", 1, 0, 0, NULL,
             "second ram_gib"},
            {"retired early", "tag,acquired_on,retired_on\nA,2019,2018-05\n", 0,
             1, 2, "before acquired_on", NULL},
            {"numbers lines itself",
             "N\xC2\xB0 inventaire;Type;Mod\xC3\xA8le;N\xC2\xB0 s\xC3\xA9rie\n"
             "001;Serveur;R640;ABC\n",
             1, 0, 0, NULL, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kept *k = read_text(cases[i].text);
        bool warned = !cases[i].warning;

        UNIT_CHECK(
                k->n_machines == cases[i].machines &&
                        k->n_rejects == cases[i].rejects,
                "%s: %zu machines, %zu refused", cases[i].name, k->n_machines,
                k->n_rejects);
        if (cases[i].reason && k->n_rejects == 1)
            UNIT_CHECK(
                    k->rejects[0].row == cases[i].row &&
                            strstr(k->rejects[0].reason, cases[i].reason),
                    "%s: line %llu: %s", cases[i].name,
                    (unsigned long long)k->rejects[0].row,
                    k->rejects[0].reason);
        for (size_t w = 0; w < k->n_warnings && !warned; w++)
            warned = strstr(k->warnings[w], cases[i].warning) != NULL;
        UNIT_CHECK(warned, "%s: no warning", cases[i].name);
        kept_free(k);
    }
}

/* sites.csv keeps the same rules for numbers. */
static void test_sites(void)
{
    struct kept *k = read_text("name,country,pue\nlyon,FRA,\"1,35\"\n"
                               "paris,FRA,0.5\n");

    CU_ASSERT_EQUAL_FATAL(k->n_sites, 1);
    UNIT_NEAR(k->sites[0].pue, 1.35, 1e-12, "quoted decimal comma");
    CU_ASSERT_EQUAL(k->n_rejects, 1);
    kept_free(k);
}

/* A title over a table that is none of ours: refused at its first line. */
static void test_no_header(void)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    UNIT_CHECK(
            !imp_read(
                    kept_file("fleet.csv", "a;b\n1;2\n"), "csv", &sink, NULL,
                    &err),
            "refused");
    UNIT_CHECK(
            strcmp(err.where, "fleet.csv: line 1") == 0 &&
                    strstr(err.msg, "none of ours"),
            "%s: %s", err.where, err.msg);
    kept_free(k);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"numbers", test_numbers},
            {"dates and words", test_cells},
            {"headers and shapes of rows", test_shapes},
            {"sites", test_sites},
            {"no header", test_no_header},
            {NULL, NULL},
    };

    return unit_main("importers csv cells", tests);
}
