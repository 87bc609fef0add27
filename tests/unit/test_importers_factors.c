/* SPDX-License-Identifier: Apache-2.0
 * Factors and footprints: the sample read by hand, and the traps of every
 * format in files written for the purpose. */
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

static const struct wire_factor *by_key(const struct kept *k, const char *key)
{
    for (size_t i = 0; i < k->n_factors; i++)
        if (k->factors[i].key && strcmp(k->factors[i].key, key) == 0)
            return &k->factors[i];
    return NULL;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
}

/* ---- BoaviztAPI --------------------------------------------------------- */

static void test_boaviztapi_sample(void)
{
    struct kept *k =
            read_path(SAMPLES "factors_boaviztapi/response_verbose.json", true);
    const struct wire_factor *f;

    /* The unit, and seven components. */
    CU_ASSERT_EQUAL_FATAL(k->n_factors, 8);
    f = by_key(k, "response_verbose.unit");
    CU_ASSERT_FATAL(f != NULL);
    UNIT_CHECK(
            near(f->value[CALC_GWP], 1176) && near(f->low[CALC_GWP], 1112) &&
                    near(f->high[CALC_GWP], 1176),
            "gwp");
    UNIT_CHECK(
            near(f->value[CALC_ADP], 0.1492) &&
                    near(f->low[CALC_ADP], 0.1492) &&
                    near(f->high[CALC_ADP], 0.1567),
            "adp");
    UNIT_CHECK(
            near(f->value[CALC_PE], 15680) && near(f->low[CALC_PE], 14700),
            "pe");
    UNIT_CHECK(f->boundary == WIRE_MANUFACTURE, "no end of life");
    UNIT_CHECK(near(f->life_y, 4), "35040 hours are %g years", f->life_y);
    UNIT_CHECK(f->region && strcmp(f->region, "FRA") == 0, "region");
    UNIT_CHECK(strcmp(f->unit, "kg/unit") == 0, "unit");
    UNIT_CHECK(strcmp(f->origin.set, "boaviztapi") == 0, "set");

    /* 12 modules of 534.6 kg together, 2 processors of 250 kg. */
    f = by_key(k, "response_verbose.ram-1");
    CU_ASSERT_FATAL(f != NULL);
    UNIT_CHECK(near(f->value[CALC_GWP], 44.55), "%g", f->value[CALC_GWP]);
    UNIT_CHECK(
            f->note && strstr(f->note, "capacity 32 (INPUT)") &&
                    strstr(f->note, "density 1.79 (INPUT)"),
            "%s", f->note);
    f = by_key(k, "response_verbose.cpu-1");
    CU_ASSERT_FATAL(f != NULL);
    UNIT_CHECK(
            near(f->value[CALC_GWP], 125) && near(f->value[CALC_PE], 1714) &&
                    near(f->value[CALC_ADP], 0.020435),
            "half of the pair");
    UNIT_CHECK(strstr(f->note, "die_size 5880 (COMPLETED)") != NULL, "note");
    kept_free(k);
}

static void test_boaviztapi_older(void)
{
    /* Plain numbers, "not implemented", no impacts around them; several
     * answers in one file; a unit that is another. */
    struct kept *k = read_text(
            "old.json",
            "[{\"gwp\":{\"manufacture\":1700,\"use\":4000,\"unit\":\"kgCO2eq\"}"
            ","
            "\"adp\":{\"manufacture\":0.23,\"use\":\"not implemented\","
            "\"unit\":\"kgSbeq\"},\"pe\":{\"manufacture\":\"not "
            "implemented\",\"use\":1,\"unit\":\"MJ\"}},"
            "{\"impacts\":{\"gwp\":{\"manufacture\":{\"value\":900,"
            "\"min\":800,\"max\":1000},\"unit\":\"kgCO2eq\"}}},"
            "{\"impacts\":{\"gwp\":{\"manufacture\":1,\"unit\":\"lb\"}}},"
            "{\"nothing\":1},"
            "{\"impacts\":{\"gwp\":{\"manufacture\":3}}}]");
    const struct wire_factor *f = by_key(k, "old.unit");

    CU_ASSERT_EQUAL_FATAL(k->n_factors, 3);
    CU_ASSERT_FATAL(f != NULL);
    UNIT_CHECK(
            near(f->value[CALC_GWP], 1700) && near(f->value[CALC_ADP], 0.23) &&
                    isnan(f->value[CALC_PE]) && isnan(f->low[CALC_GWP]),
            "plain numbers");
    f = by_key(k, "old-2.unit");
    UNIT_CHECK(
            f && near(f->low[CALC_GWP], 800) && near(f->high[CALC_GWP], 1000),
            "the second answer");
    UNIT_CHECK(by_key(k, "old-5.unit") != NULL, "the fifth");
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 2);
    UNIT_CHECK(
            k->rejects[0].row == 3 &&
                    strcmp(k->rejects[0].column, "gwp") == 0 &&
                    strcmp(k->rejects[0].value, "lb") == 0 &&
                    strstr(k->rejects[0].reason, "kgCO2eq"),
            "%s", k->rejects[0].reason);
    UNIT_CHECK(
            k->rejects[1].row == 4 &&
                    strcmp(k->rejects[1].column, "impacts") == 0,
            "no answer");
    kept_free(k);
}

/* ---- Boavizta CSV ------------------------------------------------------- */

#define US_TITLES                                                              \
    "manufacturer,name,category,subcategory,gwp_total,gwp_use_ratio,"          \
    "yearly_tec,lifetime,use_location,report_date,sources,gwp_error_ratio,"    \
    "gwp_manufacturing_ratio,weight,assembly_location,screen_size,"            \
    "server_type,hard_drive,memory,number_cpu,height,added_date,add_method,"   \
    "gwp_transport_ratio,gwp_eol_ratio\n"
#define FR_TITLES                                                              \
    "manufacturer;name;category;subcategory;gwp_total;gwp_use_ratio;"          \
    "yearly_tec;lifetime;use_location;report_date;sources;gwp_error_ratio;"    \
    "gwp_manufacturing_ratio;weight;assembly_location;screen_size;"            \
    "server_type;hard_drive;memory;number_cpu;height;added_date;add_method;"   \
    "gwp_transport_ratio;gwp_eol_ratio\r\n"

static void test_boavizta_us(void)
{
    struct kept *k = read_text(
            "boavizta-data-us.csv", US_TITLES
            "Dell,PowerEdge R640,Datacenter,Server,1313,0.5,1760.3,4,EU,"
            "November 2019,https://i.dell.com/r640.pdf,0.25,0.48,21.9,EU,,Rack,"
            "x2 480GB SSD,64,2,1,01-11-2020,Manual,0.01,0.01\n");
    const struct wire_factor *f = &k->factors[0];

    CU_ASSERT_EQUAL_FATAL(k->n_factors, 1);
    UNIT_CHECK(
            strcmp(f->maker, "Dell") == 0 &&
                    strcmp(f->model, "PowerEdge R640") == 0 && !f->key &&
                    f->category == CALC_SERVER,
            "product");
    UNIT_CHECK(
            near(f->value[CALC_GWP], 1313) && near(f->use_kg, 656.5) &&
                    near(f->manufacture_kg, 630.24) &&
                    near(f->transport_kg, 13.13) &&
                    near(f->end_of_life_kg, 13.13),
            "shares");
    UNIT_CHECK(
            near(f->err_frac, 0.25) && near(f->life_y, 4) &&
                    near(f->mass_kg, 21.9),
            "error, life, weight");
    UNIT_CHECK(
            f->report_on.year == 2019 && f->report_on.month == 11 &&
                    f->report_on.day == 0,
            "date");
    UNIT_CHECK(
            strcmp(f->disks, "x2 480GB SSD") == 0 &&
                    strcmp(f->memory, "64") == 0 &&
                    strcmp(f->variant, "x2 480GB SSD|64|2019-11") == 0,
            "%s", f->variant);
    UNIT_CHECK(
            strcmp(f->source, "https://i.dell.com/r640.pdf") == 0 &&
                    strstr(f->origin.licence, "ODbL"),
            "source");
    kept_free(k);
}

/* Decimal commas, CRLF, blanks in cells, zeros that stand for nothing. */
static void test_boavizta_fr(void)
{
    struct kept *k = read_text(
            "boavizta-data-fr.csv", FR_TITLES
            "Dell;C2422HE Monitor;Workplace;Monitor;602,0;0,253;48,6;6,0;EU;"
            "Feb 2021;https://www.delltechnologies.com/c2422he.pdf;0,2089;"
            "0,671;4,33;China;23,0 ;;;;;; 2022-04-07;Dell Auto Parser;0;0\r\n"
            "Apple;iPhone 11 64GB;Workplace;Smartphone;72;0,17;;3;WW;"
            "September 2019;https://www.apple.com/i11.pdf;0,0000;0,7900;;;6,1;"
            ";;64;;;20-01-2022;Manual;;\r\n");
    const struct wire_factor *f = &k->factors[0];

    CU_ASSERT_EQUAL_FATAL(k->n_factors, 2);
    UNIT_CHECK(
            near(f->value[CALC_GWP], 602) && near(f->use_kg, 152.306) &&
                    near(f->manufacture_kg, 403.942) &&
                    isnan(f->transport_kg) && isnan(f->end_of_life_kg),
            "%g %g", f->use_kg, f->manufacture_kg);
    UNIT_CHECK(
            near(f->err_frac, 0.2089) && near(f->life_y, 6) &&
                    near(f->mass_kg, 4.33) && f->category == CALC_SCREEN_UNIT &&
                    f->report_on.month == 2,
            "numbers with commas");
    f = &k->factors[1];
    UNIT_CHECK(
            isnan(f->err_frac) && f->category == CALC_OTHER_UNIT &&
                    near(f->use_kg, 12.24),
            "an error of 0 is none");
    kept_free(k);
}

/* The titles of 2021: percent signs, N/A, no transport. */
static void test_boavizta_older(void)
{
    struct kept *k = read_text(
            "boavizta-data-us.csv",
            "Manufacturer,Name,Category,Subcategory,Total (kgCO2eq),Use "
            "(%),Yearly TEC (kWh),Lifetime,Use Location,Date,Sources,Error "
            "(%),Manufacturing,Weight,Assembly Location,Screen size,Server "
            "Type,HDD/SSD,RAM,CPU,U,Update Date\n"
            "Lenovo,ThinkPad 8,Workplace,Laptop,159,15.00%,N/A,4,US,2015,"
            "https://www.lenovo.com/x.pdf,46.54%,,,CN,12.1,,,,,,\n"
            "HP,HP 240 G7 Notebook PC,Workplace,Laptop,265,N/A,11.42,4,WW,2020,"
            "https://hp.com/x.pdf,41.51%,,,,14,,,,,,\n"
            "Generic,HighEnd 13inches laptop,Workplace,Laptop,222,0.00%,25,,,"
            "2018,,38.00%,,,,13,,,,,,\n");
    const struct wire_factor *f = k->factors;

    CU_ASSERT_EQUAL_FATAL(k->n_factors, 3);
    UNIT_CHECK(
            near(f[0].use_kg, 23.85) && near(f[0].err_frac, 0.4654) &&
                    f[0].report_on.year == 2015 && f[0].report_on.month == 0,
            "percent");
    UNIT_CHECK(isnan(f[1].use_kg), "N/A");
    UNIT_CHECK(isnan(f[2].use_kg), "a use of 0 %% is not known");
    kept_free(k);
}

static void test_boavizta_bad(void)
{
    struct kept *k = read_text(
            "bad.csv",
            US_TITLES "Dell,A,x,Server,many,0.5,,,,,,,,,,,,,,,,,,,\n"
                      "Dell,B,x,Server,100,1.5,,,,,,,,,,,,,,,,,,,\n"
                      "Dell,C,x,Server,100,-0.5,,,,,,,,,,,,,,,,,,,\n"
                      "Dell,D,x,Server,N/A,0.5,,,,,,,,,,,,,,,,,,,\n"
                      "Dell,E,x,Server,100,0.5,,99,,soon,,,,,,,,,,,,,,,\n");

    UNIT_CHECK(k->n_factors == 1, "%zu taken", k->n_factors);
    UNIT_CHECK(isnan(k->factors[0].life_y), "99 years are no life");
    UNIT_CHECK(kept_warned(k, "'soon' is no date"), "date");
    UNIT_CHECK(kept_warned(k, "1 rows without a total"), "without a total");
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 3);
    UNIT_CHECK(
            k->rejects[0].row == 2 &&
                    strcmp(k->rejects[0].column, "gwp_total") == 0 &&
                    strcmp(k->rejects[0].value, "many") == 0,
            "total");
    UNIT_CHECK(
            k->rejects[1].row == 3 &&
                    strcmp(k->rejects[1].column, "gwp_use_ratio") == 0 &&
                    strcmp(k->rejects[1].value, "1.5") == 0 &&
                    strstr(k->rejects[1].reason, "0 to 1"),
            "share");
    UNIT_CHECK(k->rejects[2].row == 4, "negative share");
    kept_free(k);
}

/* ---- ADEME -------------------------------------------------------------- */

/* Latin-1, as the file comes; rows made up. */
#define ADEME_TITLES                                                           \
    "Type Ligne;Identifiant de l'\xE9l\xE9ment;Structure;Type de "             \
    "l'\xE9l\xE9ment;Statut de l'\xE9l\xE9ment;Nom base fran\xE7"              \
    "ais;Nom attribut fran\xE7"                                                \
    "ais;Nom fronti\xE8re fran\xE7"                                            \
    "ais;Code de la cat\xE9gorie;Unit\xE9 fran\xE7"                            \
    "ais;Localisation g\xE9ographique;Incertitude;Type poste;Total poste non " \
    "d\xE9"                                                                    \
    "compos\xE9\n"

static void test_ademe(void)
{
    struct kept *k = read_text(
            "Base_Carbone_V23.6.csv", ADEME_TITLES
            "El\xE9ment;1001;x;x;Valide g\xE9n\xE9rique;Ordinateur fixe;"
            "bureautique;;Achats > Machines;kgCO2e/unit\xE9;France "
            "continentale;30;;169,5\n"
            "Poste;1001;x;x;Valide g\xE9n\xE9rique;Ordinateur fixe;;;Achats;"
            "kgCO2e/unit\xE9;France;;Amont;120\n"
            "El\xE9ment;1002;x;x;Archiv\xE9;Serveur;;;Achats;kgCO2e/unit\xE9;"
            "France;;;3660\n"
            "El\xE9ment;1003;x;x;Valide sp\xE9"
            "cifique;Fret;;;Transport;gCO2e/t.km;France;10;;85\n"
            "El\xE9ment;1004;x;x;Valide g\xE9n\xE9rique;Recyclage;;;D\xE9"
            "chets;tCO2e/t;France;50;;-0,2\n"
            "El\xE9ment;1005;x;x;Valide g\xE9n\xE9rique;Taux;;;x;%;France;;;5\n"
            "El\xE9ment;1006;x;x;Valide g\xE9n\xE9rique;Vide;;;x;kgCO2e/kg;"
            "France;;;\n"
            "El\xE9ment;1007;x;x;Valide g\xE9n\xE9rique;Faux;;;x;kgCO2e/kg;"
            "France;;;beaucoup\n");
    const struct wire_factor *f = by_key(k, "1001");

    CU_ASSERT_EQUAL_FATAL(k->n_factors, 3);
    CU_ASSERT_FATAL(f != NULL);
    UNIT_CHECK(
            near(f->value[CALC_GWP], 169.5) && near(f->low[CALC_GWP], 118.65) &&
                    near(f->high[CALC_GWP], 220.35),
            "30 %% around 169.5");
    UNIT_CHECK(
            strcmp(f->name, "Ordinateur fixe, bureautique") == 0 &&
                    strcmp(f->unit, "kg/unit\xC3\xA9") == 0 &&
                    strcmp(f->region, "France continentale") == 0 &&
                    strcmp(f->note, "Achats > Machines") == 0,
            "%s, %s", f->name, f->unit);
    UNIT_CHECK(
            f->origin.version && strcmp(f->origin.version, "23.6") == 0 &&
                    strcmp(f->source, "ADEME Base Empreinte, element 1001") ==
                            0,
            "edition and source");
    f = by_key(k, "1003");
    UNIT_CHECK(
            f && near(f->value[CALC_GWP], 0.085) &&
                    strcmp(f->unit, "kg/t.km") == 0,
            "grams become kilograms");
    f = by_key(k, "1004");
    UNIT_CHECK(
            f && near(f->value[CALC_GWP], -200) &&
                    near(f->low[CALC_GWP], -300) &&
                    near(f->high[CALC_GWP], -100),
            "what is avoided is negative");
    UNIT_CHECK(
            kept_warned(
                    k, "1 lines that break elements down, 1 archived or "
                       "refused elements, 1 without a total"),
            "counted");
    UNIT_CHECK(kept_warned(k, "the first is '%'"), "a unit of no mass");
    CU_ASSERT_EQUAL_FATAL(k->n_rejects, 1);
    UNIT_CHECK(
            k->rejects[0].row == 9 &&
                    strcmp(k->rejects[0].value, "beaucoup") == 0 &&
                    strcmp(k->rejects[0].column, "Total poste non d\xC3\xA9"
                                                 "compos\xC3\xA9") == 0,
            "%s", k->rejects[0].column);
    kept_free(k);
}

/* A command that has no use for factors says so. */
static void test_no_place(void)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    sink.factor = NULL;
    UNIT_CHECK(
            !imp_read(
                    SAMPLES "factors_boaviztapi/response_verbose.json", NULL,
                    &sink, NULL, &err) &&
                    err.code == ERR_INVALID && strstr(err.msg, "factors"),
            "%s", err.msg);
    kept_free(k);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"boaviztapi sample", test_boaviztapi_sample},
            {"boaviztapi, older", test_boaviztapi_older},
            {"boavizta, points", test_boavizta_us},
            {"boavizta, commas", test_boavizta_fr},
            {"boavizta, older", test_boavizta_older},
            {"boavizta, bad rows", test_boavizta_bad},
            {"base empreinte", test_ademe},
            {"no place", test_no_place},
            {NULL, NULL},
    };

    return unit_main("importers_factors", tests);
}
