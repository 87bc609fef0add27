/* SPDX-License-Identifier: Apache-2.0
 * The own CSV template: columns, words, parts, rules and refusals. */
#include <math.h>
#include <unistd.h>

#include "importers/csv_priv.h"
#include "importers_sink.h"
#include "unit.h"

static struct kept *read_text(const char *text)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    const char *format = "";
    struct err err = {0};
    bool ok =
            imp_read(kept_file("fleet.csv", text), NULL, &sink, &format, &err);

    UNIT_CHECK(ok, "read: %s %s", err.where, err.msg);
    UNIT_CHECK(strcmp(format, "csv") == 0, "recognised as %s", format);
    return k;
}

static void test_english(void)
{
    struct kept *k = read_text(
            "model,tag,name,quantity,category,manufacturer,serial,uuid,site,"
            "status,acquisition,manufactured_on,acquired_on,in_service_on,"
            "warranty_end,price_eur,mass_kg,chassis,cpu_model,cpu_count,"
            "cpu_cores,cpu_die_mm2,ram_modules,ram_gib,hdd,ssd,tape,gpu,"
            "psu_count,psu_kg,screen,power_w,idle_w,max_w,energy_kwh_year,"
            "project,note,Rack row\n"
            "R740,T1,node1,1,gpu_node,Dell,S1,"
            "4C4C4544-0036-3510-8052-B4C04F4D3132,lyon,in_service,second_hand,"
            "2017,2019-07-16,2019-07,2024-07-16,1234.5,28.6,rack,Xeon Gold "
            "6130,2,32,325.4,8x16+4x32,256,1x900GB + 2x4TB,2*480 GB,,"
            "2x RTX 2080 Ti + 1x Tesla T4,2,2.99,1x24in,150,60,400,1300,"
            "physics,hello,B12\n");
    const struct wire_machine *m = kept_by_tag(k, "T1");
    char text[DATE_TEXT];

    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_STRING_EQUAL(m->name, "node1");
    CU_ASSERT_STRING_EQUAL(m->product, "R740");
    CU_ASSERT_STRING_EQUAL(m->manufacturer, "Dell");
    CU_ASSERT_STRING_EQUAL(m->serial, "S1");
    CU_ASSERT_STRING_EQUAL(m->uuid, "4C4C4544-0036-3510-8052-B4C04F4D3132");
    CU_ASSERT_STRING_EQUAL(m->site, "lyon");
    CU_ASSERT_STRING_EQUAL(m->project, "physics");
    CU_ASSERT_STRING_EQUAL(m->note, "hello; Rack row: B12");
    CU_ASSERT_STRING_EQUAL(m->place, "fleet.csv: line 2");
    CU_ASSERT_EQUAL(m->category, CALC_GPU_NODE);
    CU_ASSERT_EQUAL(m->status, CALC_IN_SERVICE);
    CU_ASSERT_EQUAL(m->acquisition, CALC_SECOND_HAND);
    CU_ASSERT_EQUAL(m->chassis, CALC_RACK);
    CU_ASSERT_STRING_EQUAL(date_print(m->manufactured_on, text), "2017");
    CU_ASSERT_STRING_EQUAL(date_print(m->acquired_on, text), "2019-07-16");
    CU_ASSERT_STRING_EQUAL(date_print(m->in_service_on, text), "2019-07");
    UNIT_NEAR(m->price_eur, 1234.5, 0, "price");
    UNIT_NEAR(m->mass_kg, 28.6, 0, "mass");
    UNIT_NEAR(m->power_w, 150, 0, "power");
    UNIT_NEAR(m->idle_w, 60, 0, "idle");
    UNIT_NEAR(m->max_w, 400, 0, "max");
    UNIT_NEAR(m->energy_kwh_year, 1300, 0, "energy");
    CU_ASSERT_EQUAL(m->cpu_count, 2);
    CU_ASSERT_EQUAL(m->cpu_cores, 32);
    CU_ASSERT_EQUAL(kept_part(m, CALC_CPU, 0)->units, 2);
    CU_ASSERT_EQUAL(kept_part(m, CALC_CPU, 0)->cores, 16);
    UNIT_NEAR(kept_part(m, CALC_CPU, 0)->die_mm2, 325.4, 0, "die");
    CU_ASSERT_EQUAL(kept_units(m, CALC_RAM), 12);
    UNIT_NEAR(kept_part(m, CALC_RAM, 1)->capacity, 32, 0, "second modules");
    UNIT_NEAR(kept_part(m, CALC_HDD, 0)->capacity, 900, 0, "first disk");
    UNIT_NEAR(kept_part(m, CALC_HDD, 1)->capacity, 4000, 0, "other disks");
    CU_ASSERT_EQUAL(kept_part(m, CALC_HDD, 1)->units, 2);
    CU_ASSERT_EQUAL(kept_units(m, CALC_SSD), 2);
    CU_ASSERT_EQUAL(kept_units(m, CALC_TAPE), 0);
    CU_ASSERT_STRING_EQUAL(kept_part(m, CALC_GPU, 0)->model, "RTX 2080 Ti");
    CU_ASSERT_EQUAL(kept_part(m, CALC_GPU, 0)->units, 2);
    CU_ASSERT_STRING_EQUAL(kept_part(m, CALC_GPU, 1)->model, "Tesla T4");
    CU_ASSERT_EQUAL(kept_units(m, CALC_PSU), 2);
    UNIT_NEAR(kept_part(m, CALC_PSU, 0)->mass_kg, 2.99, 0, "psu mass");
    UNIT_NEAR(kept_part(m, CALC_SCREEN, 0)->capacity, 24, 0, "inch");
    CU_ASSERT_EQUAL(m->unknown_kinds, 0); /* an empty tape column is none */
    kept_free(k);
}

static void test_french(void)
{
    struct kept *k = read_text(
            "\xEF\xBB\xBF\xC3\x89tiquette;Nom;Quantit\xC3\xA9;Cat\xC3\xA9gorie;"
            "Fabricant;Mod\xC3\xA8le;Num\xC3\xA9ro de s\xC3\xA9rie;Lieu;Statut;"
            "Acquisition;Donateur;Acquis le;Prix (EUR);Masse kg;Ch\xC3\xA2ssis;"
            "Processeur;Nb CPU;Nb c\xC5\x93urs;RAM (Go);Puissance W\r\n"
            "A1;srv1;1;Serveur;Dell;R740;S1;lyon;En service;occasion;ENS;"
            "16/07/2019;1 234,50;28,5;baie;Xeon;2;32;63,97;150\r\n"
            "A2;;3;\xC3\x89"
            "cran;Dell;P2419H;;lyon;en stock;don;;07/2020;;;;;"
            ";;;\r\n"
            "A3;;1;portable;;;;;r\xC3\xA9"
            "form\xC3\xA9;neuf;;2015;;;;;;;16;"
            "\r\n");
    const struct wire_machine *m = kept_by_tag(k, "A1");

    CU_ASSERT_EQUAL(k->n_rejects, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_EQUAL(m->category, CALC_SERVER);
    CU_ASSERT_EQUAL(m->status, CALC_IN_SERVICE);
    CU_ASSERT_EQUAL(m->acquisition, CALC_SECOND_HAND);
    CU_ASSERT_EQUAL(m->chassis, CALC_RACK);
    UNIT_NEAR(m->price_eur, 1234.5, 0, "price with grouped thousands");
    UNIT_NEAR(m->mass_kg, 28.5, 0, "decimal comma");
    UNIT_NEAR(m->power_w, 150, 0, "power");
    CU_ASSERT_STRING_EQUAL(m->note, "donor: ENS");
    UNIT_NEAR(kept_part(m, CALC_RAM, 0)->capacity, 63.97, 0, "total");
    CU_ASSERT_TRUE(kept_part(m, CALC_RAM, 0)->total);
    /* no column: unknown, for each kind that has one, and the supplies */
    CU_ASSERT_EQUAL(
            m->unknown_kinds, 1u << CALC_HDD | 1u << CALC_SSD |
                                      1u << CALC_TAPE | 1u << CALC_GPU |
                                      1u << CALC_SCREEN | 1u << CALC_PSU);
    m = kept_by_tag(k, "A2");
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_EQUAL(m->category, CALC_SCREEN_UNIT);
    CU_ASSERT_EQUAL(m->units, 3);
    CU_ASSERT_EQUAL(m->acquisition, CALC_DONATED);
    CU_ASSERT_EQUAL(m->acquired_on.month, 7);
    CU_ASSERT_EQUAL(m->unknown_kinds, 0);
    m = kept_by_tag(k, "A3");
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_EQUAL(m->category, CALC_LAPTOP);
    CU_ASSERT_EQUAL(m->status, CALC_RETIRED);
    kept_free(k);
}

/* One cell, as units x size or model of its first two parts. */
static void test_lists(void)
{
    static const struct {
        const char *column, *cell;
        enum calc_kind kind;
        unsigned units, second_units;
        double size, second_size;
        const char *model;
        bool unknown;
    } cases[] = {
            {"hdd", "4x4TB", CALC_HDD, 4, 0, 4000, NAN, NULL, false},
            {"hdd", "2*480 GB", CALC_HDD, 2, 0, 480, NAN, NULL, false},
            {"hdd", "1x900GB + 2x4TB", CALC_HDD, 1, 2, 900, 4000, NULL, false},
            {"hdd", "4", CALC_HDD, 4, 0, NAN, NAN, NULL, false},
            {"hdd", "2x", CALC_HDD, 2, 0, NAN, NAN, NULL, false},
            {"hdd", "8TB", CALC_HDD, 1, 0, 8000, NAN, NULL, false},
            {"hdd", "2x4To", CALC_HDD, 2, 0, 4000, NAN, NULL, false},
            {"hdd", "1x1TiB", CALC_HDD, 1, 0, 1099.511627776, NAN, NULL, false},
            {"hdd", "1x1GiB", CALC_HDD, 1, 0, 1.073741824, NAN, NULL, false},
            {"hdd", "2 \xC3\x97 1,5 TB", CALC_HDD, 2, 0, 1500, NAN, NULL,
             false},
            {"hdd", "2x4TB SAS", CALC_HDD, 2, 0, 4000, NAN, "SAS", false},
            {"hdd", "?", CALC_HDD, 0, 0, NAN, NAN, NULL, true},
            {"hdd", "aucun", CALC_HDD, 0, 0, NAN, NAN, NULL, false},
            {"hdd", "0", CALC_HDD, 0, 0, NAN, NAN, NULL, false},
            {"hdd", "", CALC_HDD, 0, 0, NAN, NAN, NULL, false},
            {"hdd", "-", CALC_HDD, 0, 0, NAN, NAN, NULL, false},
            {"ssd", "None", CALC_SSD, 0, 0, NAN, NAN, NULL, false},
            {"ssd", "aucune", CALC_SSD, 0, 0, NAN, NAN, NULL, false},
            {"tape", "non", CALC_TAPE, 0, 0, NAN, NAN, NULL, false},
            {"tape", "NO", CALC_TAPE, 0, 0, NAN, NAN, NULL, false},
            {"hdd", "n/a", CALC_HDD, 0, 0, NAN, NAN, NULL, true},
            {"ssd", "NA", CALC_SSD, 0, 0, NAN, NAN, NULL, true},
            {"ssd", "unknown", CALC_SSD, 0, 0, NAN, NAN, NULL, true},
            {"tape", "Inconnu", CALC_TAPE, 0, 0, NAN, NAN, NULL, true},
            {"hdd", "2x Seagate ST4000DM000", CALC_HDD, 2, 0, NAN, NAN,
             "Seagate ST4000DM000", false},
            {"gpu", "-", CALC_GPU, 0, 0, NAN, NAN, NULL, false},
            {"gpu", "aucun", CALC_GPU, 0, 0, NAN, NAN, NULL, false},
            {"gpu", "N/A", CALC_GPU, 0, 0, NAN, NAN, NULL, true},
            {"gpu", "inconnu", CALC_GPU, 0, 0, NAN, NAN, NULL, true},
            {"screen", "0", CALC_SCREEN, 0, 0, NAN, NAN, NULL, false},
            {"screen", "\xE2\x80\x93", CALC_SCREEN, 0, 0, NAN, NAN, NULL,
             false},
            {"screen", "na", CALC_SCREEN, 0, 0, NAN, NAN, NULL, true},
            {"tape", "5x18TB", CALC_TAPE, 5, 0, 18000, NAN, NULL, false},
            {"ram_modules", "12x32", CALC_RAM, 12, 0, 32, NAN, NULL, false},
            {"ram_modules", "8x16+4x32", CALC_RAM, 8, 4, 16, 32, NULL, false},
            {"ram_modules", "4x512MB", CALC_RAM, 4, 0, 0.5, NAN, NULL, false},
            {"ram_modules", "2x16 Go", CALC_RAM, 2, 0, 16, NAN, NULL, false},
            {"ram_modules", "16GB", CALC_RAM, 1, 0, 16, NAN, NULL, false},
            {"ram_modules", "", CALC_RAM, 0, 0, NAN, NAN, NULL, true},
            {"gpu", "Tesla K80", CALC_GPU, 1, 0, NAN, NAN, "Tesla K80", false},
            {"gpu", "2x RTX 2080 Ti + 1x Tesla T4", CALC_GPU, 2, 1, NAN, NAN,
             "RTX 2080 Ti", false},
            {"gpu", "2080 Ti", CALC_GPU, 1, 0, NAN, NAN, "2080 Ti", false},
            {"gpu", "3090", CALC_GPU, 1, 0, NAN, NAN, "3090", false},
            {"gpu", "4", CALC_GPU, 4, 0, NAN, NAN, NULL, false},
            {"screen", "1x24in", CALC_SCREEN, 1, 0, 24, NAN, NULL, false},
            {"screen", "2x", CALC_SCREEN, 2, 0, NAN, NAN, NULL, false},
            {"screen", "\"24\"\"\"", CALC_SCREEN, 1, 0, 24, NAN, NULL, false},
            {"screen", "2x27 pouces", CALC_SCREEN, 2, 0, 27, NAN, NULL, false},
            {"screen", "1x24", CALC_SCREEN, 1, 0, 24, NAN, NULL, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200], cell[100];
        struct kept *k;
        const struct wire_machine *m;
        const struct wire_part *p, *q;
        const char *quote = strchr(cases[i].cell, ',') ? "\"" : "";

        snprintf(cell, sizeof cell, "%s%s%s", quote, cases[i].cell, quote);
        snprintf(
                text, sizeof text, "tag,category,%s\nT,server,%s\n",
                cases[i].column, cell);
        k = read_text(text);
        UNIT_CHECK(
                k->n_machines == 1, "%s '%s' is taken: %s", cases[i].column,
                cases[i].cell, k->n_rejects ? k->rejects[0].reason : "");
        if (k->n_machines != 1) {
            kept_free(k);
            continue;
        }
        m = &k->machines[0];
        p = kept_part(m, cases[i].kind, 0);
        q = kept_part(m, cases[i].kind, 1);
        UNIT_CHECK(
                (p ? p->units : 0) == cases[i].units &&
                        (q ? q->units : 0) == cases[i].second_units,
                "'%s': units", cases[i].cell);
        UNIT_NEAR(p ? p->capacity : NAN, cases[i].size, 1e-12, cases[i].cell);
        UNIT_NEAR(
                q ? q->capacity : NAN, cases[i].second_size, 1e-12,
                cases[i].cell);
        UNIT_CHECK(
                cases[i].model
                        ? p && p->model && strcmp(p->model, cases[i].model) == 0
                        : !p || !p->model,
                "'%s': model", cases[i].cell);
        UNIT_CHECK(
                ((m->unknown_kinds & 1u << cases[i].kind) != 0) ==
                        cases[i].unknown,
                "'%s': unknown", cases[i].cell);
        kept_free(k);
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *header, *row, *column, *value, *word;
    } cases[] = {
            {"tag,quantity", "T,0", "quantity", "0", "out of range"},
            {"tag,quantity", "T,1.5", "quantity", "1.5", "whole"},
            {"tag,category", "T,servre", "category", "servre", "'server'"},
            {"tag,category", "T,xyzzy", "category", "xyzzy", "gpu_node"},
            {"tag,status", "T,in servise", "status", "in servise",
             "'in_service'"},
            {"tag,acquisition", "T,gebraucht", "acquisition", "gebraucht",
             "second_hand"},
            {"tag,mass_kg", "T,-4", "mass_kg", "-4", "out of range"},
            {"tag,power_w", "T,much", "power_w", "much", "number"},
            {"tag,power_w", "T,nan", "power_w", "nan", "number"},
            {"tag,cpu_count", "T,1025", "cpu_count", "1025", "1024"},
            {"tag,cpu_cores", "T,0", "cpu_cores", "0", "not known"},
            {"tag,ram_gib", "T,0", "ram_gib", "0", "not known"},
            {"tag,ram_modules", "T,16", "ram_modules", "16", "12x32"},
            {"tag,ram_modules", "T,4xbig", "ram_modules", "4xbig", "12x32"},
            {"tag,hdd", "T,4x4000", "hdd", "4x4000", "unit"},
            {"tag,hdd", "T,lots", "hdd", "lots", "neither"},
            {"tag,ssd", "T,yes", "ssd", "yes", "neither"},
            {"tag,tape", "T,LTO", "tape", "LTO", "neither a count nor"},
            {"tag,hdd", "T,1x4TB + big", "hdd", "1x4TB + big", "neither"},
            {"tag,gpu", "T,oui", "gpu", "oui", "2x Tesla T4"},
            {"tag,screen", "T,yes", "screen", "yes", "1x24in"},
            {"tag,hdd", "T,1x4TB++", "hdd", "1x4TB++", "between"},
            {"tag,screen", "T,24", "screen", "24", "1x24in"},
            {"tag,acquired_on", "T,31/02/2020", "acquired_on", "31/02/2020",
             "does not exist"},
            {"tag,acquired_on", "T,2020-13", "acquired_on", "2020-13",
             "does not exist"},
            {"tag,acquired_on", "T,soon", "acquired_on", "soon", "date"},
            {"tag,fabrication_kg", "T,900", "fabrication_kg", "900",
             "fabrication_source"},
            {"tag,name,category", ",,server", "tag", "", "tell"},
            {"tag,category", "T,server,9", NULL, NULL, "cells"},
            {"tag,category,gpu", "T,gpu,2x T4", "gpu", "2x T4", "quantity"},
            {"tag,category", "\"a\nb\",server", "tag", "a\nb", "line end"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[400];
        struct kept *k;
        const struct wire_reject *r;

        snprintf(text, sizeof text, "%s\n%s\n", cases[i].header, cases[i].row);
        k = read_text(text);
        UNIT_CHECK(
                k->n_rejects == 1 && k->n_machines == 0, "'%s' is refused",
                cases[i].row);
        r = &k->rejects[0];
        if (k->n_rejects == 1) {
            UNIT_CHECK(r->row == 2, "'%s': line", cases[i].row);
            UNIT_CHECK(
                    cases[i].column ? r->column && strcmp(r->column,
                                                          cases[i].column) == 0
                                    : !r->column,
                    "'%s': column %s", cases[i].row, r->column);
            UNIT_CHECK(
                    cases[i].value
                            ? r->value && strcmp(r->value, cases[i].value) == 0
                            : !r->value,
                    "'%s': value %s", cases[i].row, r->value);
            UNIT_CHECK(
                    strstr(r->reason, cases[i].word) != NULL,
                    "'%s': '%s' in "
                    "'%s'",
                    cases[i].row, cases[i].word, r->reason);
        }
        kept_free(k);
    }
}

static void test_same_tag_twice(void)
{
    struct kept *k = read_text("tag,name,category\n"
                               "a,x,server\n"
                               "b,x,server\n"
                               "a,y,server\n"
                               ",b,server\n"
                               "c,,servr\n"
                               "c,,server\n");

    CU_ASSERT_EQUAL(k->n_machines, 3); /* a, b, c: a refused line claims none */
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 3);
    CU_ASSERT_EQUAL(k->rejects[0].row, 4);
    CU_ASSERT_PTR_NOT_NULL(strstr(k->rejects[0].reason, "line 2"));
    CU_ASSERT_STRING_EQUAL(k->rejects[1].column, "name");
    CU_ASSERT_STRING_EQUAL(k->rejects[0].raw, "a,y,server");
    kept_free(k);
}

static void test_part_lots(void)
{
    struct kept *k = read_text(
            "tag,category,quantity,manufacturer,model,gpu,ram_modules,hdd,"
            "fabrication_kg,fabrication_source\n"
            "cards,gpu,180,NVIDIA,GTX 1080 Ti,,,,49.333,the talk\n"
            "cards2,carte graphique,4,,,Tesla T4,,,,\n"
            "dimms,ram,100,,,,1x16,,,\n"
            "disks,hdd,20,,,,,8TB,,\n"
            "screens,screen,129,,,,,,,\n"
            "switches,switch,2,Cisco,Nexus,,,,,\n");
    const struct wire_machine *m = kept_by_tag(k, "cards");

    CU_ASSERT_EQUAL_FATAL(k->n_machines, 6);
    CU_ASSERT_EQUAL(m->category, CALC_PART_LOT);
    CU_ASSERT_EQUAL(m->units, 180);
    CU_ASSERT_EQUAL(m->n_parts, 1);
    CU_ASSERT_STRING_EQUAL(m->parts[0].model, "GTX 1080 Ti");
    CU_ASSERT_EQUAL(m->parts[0].kind, CALC_GPU);
    CU_ASSERT_EQUAL(m->unknown_kinds, 0);
    UNIT_NEAR(m->fabrication_kg, 49.333, 0, "stated");
    CU_ASSERT_STRING_EQUAL(
            kept_by_tag(k, "cards2")->parts[0].model, "Tesla T4");
    UNIT_NEAR(kept_by_tag(k, "dimms")->parts[0].capacity, 16, 0, "dimm");
    CU_ASSERT_EQUAL(kept_by_tag(k, "dimms")->parts[0].kind, CALC_RAM);
    UNIT_NEAR(kept_by_tag(k, "disks")->parts[0].capacity, 8000, 0, "disk");
    CU_ASSERT_EQUAL(kept_by_tag(k, "screens")->category, CALC_SCREEN_UNIT);
    CU_ASSERT_EQUAL(kept_by_tag(k, "screens")->n_parts, 0);
    CU_ASSERT_EQUAL(kept_by_tag(k, "switches")->category, CALC_SWITCH_UNIT);
    kept_free(k);
}

static void test_exits(void)
{
    struct kept *k = read_text("tag,category,status,retired_on\n"
                               "a,server,,2024-05-01\n"
                               "b,server,given,2024-05-01\n"
                               "c,server,in_service,2024-05-01\n"
                               "d,server,retired,\n"
                               "e,server,,\n");

    CU_ASSERT_EQUAL(kept_by_tag(k, "a")->status, CALC_RETIRED);
    CU_ASSERT_EQUAL(kept_by_tag(k, "b")->status, CALC_GIVEN);
    CU_ASSERT_EQUAL(kept_by_tag(k, "c")->status, CALC_RETIRED);
    CU_ASSERT_EQUAL(kept_by_tag(k, "d")->status, CALC_RETIRED);
    CU_ASSERT_FALSE(kept_by_tag(k, "e")->has_status);
    CU_ASSERT_EQUAL(k->n_warnings, 2); /* c: date wins; d: no date */
    kept_free(k);
}

static void test_guesses(void)
{
    struct kept *k = read_text("tag,chassis,cpu_count,ram_modules,ram_gib\n"
                               "a,rack,2,4x16,64\n"
                               "b,rack,,,\n"
                               "c,laptop,,,16\n"
                               "d,,,8x16,512\n"
                               "e,tower,3,1x20,\n");

    CU_ASSERT_EQUAL(kept_by_tag(k, "a")->category, CALC_SERVER);
    CU_ASSERT_EQUAL(kept_by_tag(k, "b")->category, CALC_OTHER_UNIT);
    CU_ASSERT_EQUAL(kept_by_tag(k, "c")->category, CALC_LAPTOP);
    CU_ASSERT_FALSE(kept_by_tag(k, "a")->has_category);
    /* five guesses, one contradiction of RAM, one size that is not sold */
    CU_ASSERT_EQUAL(k->n_warnings, 7);
    CU_ASSERT_EQUAL(kept_units(kept_by_tag(k, "d"), CALC_RAM), 8);
    kept_free(k);
}

static void test_cpu(void)
{
    struct kept *k = read_text("tag,category,cpu_model,cpu_count,cpu_cores\n"
                               "a,server,Xeon,,32\n"
                               "b,server,2x Xeon Gold 6130,,32\n"
                               "c,server,,,\n"
                               "d,server,,2,33\n"
                               "e,switch,,0,\n");
    const struct wire_machine *m = kept_by_tag(k, "a");

    CU_ASSERT_EQUAL(m->cpu_count, -1); /* sockets are not made up */
    CU_ASSERT_EQUAL(kept_units(m, CALC_CPU), 1);
    CU_ASSERT_EQUAL(kept_part(m, CALC_CPU, 0)->cores, -1);
    m = kept_by_tag(k, "b");
    CU_ASSERT_EQUAL(m->cpu_count, 2);
    CU_ASSERT_STRING_EQUAL(kept_part(m, CALC_CPU, 0)->model, "Xeon Gold 6130");
    CU_ASSERT_EQUAL(kept_part(m, CALC_CPU, 0)->cores, 16);
    CU_ASSERT_TRUE((kept_by_tag(k, "c")->unknown_kinds & 1u << CALC_CPU) != 0);
    CU_ASSERT_EQUAL(kept_part(kept_by_tag(k, "d"), CALC_CPU, 0)->cores, -1);
    CU_ASSERT_EQUAL(kept_units(kept_by_tag(k, "e"), CALC_CPU), 0);
    kept_free(k);
}

static void test_headers(void)
{
    static const struct {
        const char *name, *text, *word;
    } cases[] = {
            {"no identity", "site,cluster,nodes\nx,y,1\n", "none of the"},
            {"a column twice", "tag,category,Tag\na,server,b\n", "twice"},
            {"empty file", "", "is empty"},
    };
    struct kept *k;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wire_sink sink;
        struct err err = {0};

        k = xcalloc(1, sizeof *k);
        sink = kept_sink(k);
        UNIT_CHECK(
                !imp_read(
                        kept_file("head.csv", cases[i].text), NULL, &sink, NULL,
                        &err),
                "%s", cases[i].name);
        UNIT_CHECK(
                err.code == ERR_INVALID && strstr(err.msg, cases[i].word),
                "%s: %s", cases[i].name, err.msg);
        kept_free(k);
    }
    /* The template's own word wins over another one for the same column. */
    k = read_text("nom,name,tag,categorie\nold,new,t,serveur\n");
    CU_ASSERT_STRING_EQUAL(k->machines[0].name, "new");
    CU_ASSERT_STRING_EQUAL(k->machines[0].note, "nom: old");
    kept_free(k);
}

static void test_sites(void)
{
    struct kept *k = read_text(
            "name,country,timezone,pue,wue,grid_g,grid_kind,grid_source,"
            "grid_year\n"
            "lyon,France,Europe/Paris,1.3,0.2,20,direct,RTE,2024\n"
            "berlin,de,Europe/Berlin,,,,,,\n"
            "geneve,Suisse,,,,30,,a bill,\n"
            "a,Wonderland,,,,,,,\n"
            "b,FRA,Mars/Olympus,,,,,,\n"
            "c,FRA,,0.9,,,,,\n"
            "d,FRA,,,,30,direct,,\n"
            "e,FRA,,,,,direct,,\n"
            ",FRA,,,,,,,\n");
    static const char *const columns[] = {"country",     "timezone", "pue",
                                          "grid_source", "grid_g",   "name"};

    CU_ASSERT_EQUAL_FATAL(k->n_sites, 3);
    CU_ASSERT_STRING_EQUAL(k->sites[0].country, "FRA");
    UNIT_NEAR(k->sites[0].pue, 1.3, 0, "pue");
    UNIT_NEAR(k->sites[0].grid_g, 20, 0, "grid");
    CU_ASSERT_EQUAL(k->sites[0].grid_kind, CALC_DIRECT);
    CU_ASSERT_EQUAL(k->sites[0].grid_year, 2024);
    CU_ASSERT_STRING_EQUAL(k->sites[1].country, "DEU");
    CU_ASSERT_TRUE(isnan(k->sites[1].pue));
    CU_ASSERT_FALSE(k->sites[1].has_grid_kind);
    CU_ASSERT_STRING_EQUAL(k->sites[2].country, "CHE");
    CU_ASSERT_EQUAL(k->sites[2].grid_kind, CALC_UNSTATED);
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 6);
    for (size_t i = 0; i < 6; i++)
        UNIT_CHECK(
                strcmp(k->rejects[i].column, columns[i]) == 0, "%s for %s",
                k->rejects[i].column, columns[i]);
    kept_free(k);
}

static void test_countries(void)
{
    static const struct {
        const char *text, *code;
    } cases[] = {
            {"FRA", "FRA"},
            {"fr", "FRA"},
            {"France", "FRA"},
            {"Allemagne", "DEU"},
            {"Royaume-Uni", "GBR"},
            {"United States", "USA"},
            {"Su\xC3\xA8"
             "de",
             "SWE"},
            {"LUX", "LUX"},
            {"ZZZ", NULL},
            {"", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *code = imp_country(cases[i].text);

        UNIT_CHECK(
                cases[i].code ? code && strcmp(code, cases[i].code) == 0
                              : !code,
                "%s", cases[i].text);
    }
}

/* METHOD 2.6 and the talk: the counts that the example must add up to. */
static void test_example_cbp(void)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};
    unsigned machines = 0, running = 0, used = 0, sockets = 0, cores = 0;
    unsigned modules = 0, hdd = 0, ssd = 0, gpus = 0, screens = 0, psu = 0;
    unsigned warranty = 0;
    double hdd_tb = 0.0;

    CU_ASSERT_TRUE_FATAL(
            imp_read("examples/cbp-2025", NULL, &sink, NULL, &err));
    CU_ASSERT_EQUAL(k->n_rejects + k->n_warnings, 0);
    CU_ASSERT_EQUAL(k->n_sites, 1);
    for (size_t i = 0; i < k->n_machines; i++) {
        const struct wire_machine *m = &k->machines[i];
        unsigned n = m->units;

        UNIT_CHECK(
                m->note && strncmp(m->note, "calibrated, not inventoried",
                                   27) == 0,
                "%s says what it is", m->tag);
        gpus += n * kept_units(m, CALC_GPU);
        screens += m->category == CALC_SCREEN_UNIT ? n : 0;
        if (m->category != CALC_SERVER)
            continue;
        machines += n;
        running += m->status == CALC_IN_SERVICE ? n : 0;
        used += m->acquisition != CALC_NEW ? n : 0;
        warranty += date_known(m->warranty_end) && m->warranty_end.year > 2025
                            ? n
                            : 0;
        sockets += n * (unsigned)m->cpu_count;
        cores += n * (unsigned)m->cpu_cores;
        modules += n * kept_units(m, CALC_RAM);
        hdd += n * kept_units(m, CALC_HDD);
        ssd += n * kept_units(m, CALC_SSD);
        psu += n * kept_units(m, CALC_PSU);
        for (size_t p = 0; p < m->n_parts; p++)
            if (m->parts[p].kind == CALC_HDD)
                hdd_tb += n * m->parts[p].units * m->parts[p].capacity / 1e3;
    }
    CU_ASSERT_EQUAL(machines, 337);
    CU_ASSERT_EQUAL(running, 330);
    CU_ASSERT_EQUAL(used, 236);
    CU_ASSERT_EQUAL(warranty, 34);
    CU_ASSERT_EQUAL(sockets, 620);
    CU_ASSERT_EQUAL(cores, 7934);
    CU_ASSERT_EQUAL(modules, 4608);
    CU_ASSERT_EQUAL(hdd, 1297);
    CU_ASSERT_EQUAL(ssd, 113);
    CU_ASSERT_EQUAL(psu, 337);
    CU_ASSERT_EQUAL(gpus, 180);
    CU_ASSERT_EQUAL(screens, 129);
    UNIT_NEAR(hdd_tb / hdd, 4.4718581, 1e-7, "TV17 tb per hdd");
    kept_free(k);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"all columns, English", test_english},
            {"French titles and words", test_french},
            {"lists of parts", test_lists},
            {"refusals", test_refusals},
            {"the same tag twice", test_same_tag_twice},
            {"lots of parts and screens", test_part_lots},
            {"exits", test_exits},
            {"guessed categories", test_guesses},
            {"processors", test_cpu},
            {"headers", test_headers},
            {"sites", test_sites},
            {"countries", test_countries},
            {"the CBP example", test_example_cbp},
            {NULL, NULL},
    };

    return unit_main("importers csv", tests);
}
