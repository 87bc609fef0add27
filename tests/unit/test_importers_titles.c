/* SPDX-License-Identifier: Apache-2.0
 * Titles as registers of machines write them: what a table is taken for, which
 * columns are kept, what a guessed map says of each. */
#include <string.h>
#include <unistd.h>

#include "importers/csv_priv.h"
#include "importers/map_priv.h"
#include "importers_sink.h"
#include "unit.h"

static struct kept *read_as(const char *text, const char **format)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    UNIT_CHECK(
            imp_read(kept_file("list.csv", text), NULL, &sink, format, &err),
            "read: %s %s", err.where, err.msg);
    return k;
}

/* Each title says its field, whatever stands in the table around it. */
static void test_words(void)
{
    static const struct {
        const char *title;
        int field;
    } cases[] = {
            {"Nb sockets", COL_CPU_COUNT},
            {"Nombre de sockets CPU", COL_CPU_COUNT},
            {"Number of physical processors", COL_CPU_COUNT},
            {"Nb total de coeurs", COL_CPU_CORES},
            {"Number of CPU cores", COL_CPU_CORES},
            {"Cores per socket", MAP_NOTE},
            {"Logical processors", MAP_NOTE},
            {"Modèle du processeur 1", COL_CPU_MODEL},
            {"Fréquence processeur", MAP_NOTE},
            {"Mémoire vive (Mo)", COL_RAM_GIB},
            {"Type de RAM", MAP_NOTE},
            {"RAM slots", MAP_NOTE},
            {"Nombre de barrettes", MAP_NOTE},
            {"Date d'achat du matériel", COL_ACQUIRED_ON},
            {"Prix d'achat HT", COL_PRICE_EUR},
            {"Cost center", MAP_NOTE},
            {"Fin de la garantie", COL_WARRANTY_END},
            {"Durée de garantie", MAP_NOTE},
            {"Warranty Start", MAP_NOTE},
            {"Date de mise en service", COL_IN_SERVICE_ON},
            {"Date de réforme prévue", COL_RETIRED_ON},
            {"N° inventaire labo", COL_TAG},
            {"Date d'inventaire", MAP_NOTE},
            {"Asset Tag (old)", COL_TAG},
            {"Asset Owner", MAP_DROP},
            {"Nom du site", COL_SITE},
            {"Salle", COL_SITE},
            {"Bâtiment", COL_SITE},
            {"Nom du fournisseur", MAP_NOTE},
            {"Nom de la machine", COL_NAME},
            {"HPDM HOSTNAME", COL_NAME},
            {"DeviceType", COL_CATEGORY},
            {"TotalMemory", COL_RAM_GIB},
            {"MACAddress", MAP_DROP},
            {"LastLoggedOnUser", MAP_DROP},
            {"Affecté à", MAP_DROP},
            {"Agent", MAP_DROP},
            {"Owner", MAP_DROP},
            {"Assigned NTID", MAP_DROP},
            {"Etat général", COL_STATUS},
            {"Stockage (Go)", MAP_DISK},
            {"Couleur", -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int got = map_words_field(cases[i].title);

        UNIT_CHECK(
                got == cases[i].field, "%s: %d, not %d", cases[i].title, got,
                cases[i].field);
    }
}

static void test_joined_words(void)
{
    static const struct {
        const char *title;
        enum csv_col col;
    } cases[] = {
            {"SerialNumber", COL_SERIAL},
            {"ComputerName", COL_NAME},
            {"PurchaseDate", COL_ACQUIRED_ON},
            {"AssetTag", COL_TAG},
            {"ProcessorName", COL_CPU_MODEL},
            {"NumberOfCores", COL_CPU_CORES},
            {"NumberOfProcessors", COL_CPU_COUNT},
            {"TotalMemory_GB", COL_RAM_GIB},
            {"RAMSize", COL_RAM_GIB},
            {"WarrantyEndDate", COL_WARRANTY_END},
            {"LogicalProcessors", COL_NONE},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool canonical;
        enum csv_col c = csv_col_find(
                cases[i].title, strlen(cases[i].title), false, &canonical);

        UNIT_CHECK(c == cases[i].col, "%s: %d", cases[i].title, (int)c);
    }
}

/* ---- guessed maps ------------------------------------------------------- */

static bool guessed(const char *text, const char *const *lines)
{
    struct err err = {0};
    struct buf b;
    bool ok;

    buf_init(&b, 64 * 1024);
    ok = imp_map_guess(kept_file("list.csv", text), false, &b, &err);
    UNIT_CHECK(ok, "guess: %s", err.msg);
    for (; ok && *lines; lines++) {
        const char *s = strstr(buf_text(&b), *lines);

        UNIT_CHECK(
                s && (s == buf_text(&b) || s[-1] == '\n'), "no '%s' in\n%s",
                *lines, buf_text(&b));
    }
    buf_clear(&b);
    return ok;
}

static void test_guess(void)
{
    static const char *const register_fr[] = {
            "Nom du poste = name\n",
            "N° inventaire = tag\n",
            "Nb sockets = cpu_count\n",
            "Mémoire (Mo) = ram_gib\n",
            "@memory MiB",
            "Disque dur = disk\n",
            "Date d'achat = acquired_on",
            "Garantie = note\n",
            "Salle = note\n",
            "Site = site\n",
            "Utilisateur = -\n",
            NULL};
    static const char *const dated[] = {
            "Warranty Start = note\n", "Warranty End = warranty_end\n",
            "Garantie jusqu'en = warranty_end\n", NULL};
    static const char *const bytes[] = {
            "TotalPhysicalMemory = ram_gib\n", "@memory bytes", NULL};
    static const char *const small[] = {
            "Memory (MB) = ram_gib\n", "@memory MiB", NULL};

    /* A term in months is no date; a site by its own title goes before a room;
     * a "disque dur" that is an SSD is whatever disk it says. */
    guessed("Nom du poste;N° inventaire;Nb sockets;Mémoire (Mo);Disque dur;"
            "Date d'achat;Garantie;Salle;Site;Utilisateur\n"
            "a;1;2;65536;SSD 512 Go;12/03/2019;36;B12;Lyon;jean\n",
            register_fr);
    guessed("Name,Warranty Start,Warranty End\na,2020-01-02,2023-01-02\n",
            (const char *const[]){dated[0], dated[1], NULL});
    guessed("Nom;Garantie jusqu'en\na;2027\n",
            (const char *const[]){dated[2], NULL});
    guessed("Name,TotalPhysicalMemory\na,17179869184\n", bytes);
    guessed("Name,Memory (MB)\na,512\nb,1000\n", small);
}

/* 10.76.51.173 is no date that would say the month first. */
static void test_guess_dates(void)
{
    struct err err = {0};
    struct buf b;

    buf_init(&b, 64 * 1024);
    CU_ASSERT(imp_map_guess(
            kept_file(
                    "list.csv",
                    "Nom;Date d'achat;IP\na;2020/09/29;10.76.51.173\n"),
            false, &b, &err));
    UNIT_CHECK(strstr(buf_text(&b), "@dates") == NULL, "%s", buf_text(&b));
    buf_clear(&b);
}

/* ---- tables ------------------------------------------------------------- */

static void test_own_words(void)
{
    const char *format = "";
    struct kept *k = read_as(
            "AssetID,DeviceType,Model,Location,AssignedTo,Status,PurchaseDate\n"
            "A-1,Laptop,E840,London,User 3,In Use,2020-11-30\n"
            "A-2,Docking Station,D6000,Leeds,User 4,Repair,20210412\n"
            "A-3,Desktop,M70,Leeds,,Available,2021-05-01\n",
            &format);
    const struct wire_machine *m = kept_by_tag(k, "A-2");
    char text[DATE_TEXT];

    UNIT_CHECK(strcmp(format, "csv") == 0, "%s", format);
    CU_ASSERT_EQUAL(k->n_machines, 3);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_EQUAL(m->category, CALC_OTHER_UNIT);
    CU_ASSERT_EQUAL(m->status, CALC_IN_SERVICE);
    CU_ASSERT_STRING_EQUAL(date_print(m->acquired_on, text), "2021-04-12");
    CU_ASSERT_PTR_NULL(m->note); /* who has it is not kept */
    m = kept_by_tag(k, "A-3");
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_EQUAL(m->status, CALC_STOCK);
    kept_free(k);
}

/* States of what watches machines; an "Ordinateur" is what its model is; "8
 * cores" is no model and no 8 processors. */
static void test_own_states(void)
{
    const char *format = "";
    struct kept *k =
            read_as("asset_id,AssetName,type,model,status,cpu,owner\n"
                    "1,a,Ordinateur,ThinkPad E15,Down,8 cores,User 1\n"
                    "2,b,Ordinateur,M90,En panne,2 processeurs,User 2\n"
                    "3,c,Network Device,,In Maintenance,,\n"
                    "4,d,PC,PowerEdge R640,Returned,2x Xeon Gold 6130,\n",
                    &format);
    static const struct {
        const char *tag;
        enum calc_category category;
        enum calc_status status;
        int count, cores;
    } cases[] = {
            {"1", CALC_LAPTOP, CALC_IN_SERVICE, -1, 8},
            {"2", CALC_DESKTOP, CALC_IN_SERVICE, 2, -1},
            {"3", CALC_SWITCH_UNIT, CALC_IN_SERVICE, -1, -1},
            {"4", CALC_SERVER, CALC_STOCK, 2, -1},
    };

    CU_ASSERT_EQUAL(k->n_machines, 4);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct wire_machine *m = kept_by_tag(k, cases[i].tag);

        CU_ASSERT_PTR_NOT_NULL_FATAL(m);
        UNIT_CHECK(
                m->category == cases[i].category &&
                        m->status == cases[i].status &&
                        m->cpu_count == cases[i].count &&
                        m->cpu_cores == cases[i].cores && !m->note,
                "%s: %d %d %d %d %s", cases[i].tag, (int)m->category,
                (int)m->status, m->cpu_count, m->cpu_cores,
                m->note ? m->note : "");
        for (size_t p = 0; p < m->n_parts; p++)
            UNIT_CHECK(
                    m->parts[p].kind != CALC_CPU || !m->parts[p].model ||
                            strstr(m->parts[p].model, "Xeon"),
                    "%s: %s", cases[i].tag, m->parts[p].model);
    }
    kept_free(k);
}

/* A country beside makers is one of machines, not a list of sites. */
static void test_country(void)
{
    const char *format = "";
    struct kept *k =
            read_as("country,type,name,vendor,sn\n"
                    "USA,Laptop,m1,Apple,C1\nFrance,Router,m2,Cisco,C2\n",
                    &format);

    CU_ASSERT_EQUAL(k->n_machines, 2);
    kept_free(k);
}

/* "SERIAL" above a log is the serial of the meter. */
static void test_no_inventory(void)
{
    const char *format = "";
    struct kept *k = read_as(
            "SERIAL,,LAN:10.0.0.8\n2024/12/17,8:40:37,START\n"
            "Date,Time,P(W)\n2024/12/17,8:40:37,90\n2024/12/17,8:41:37,90\n",
            &format);

    UNIT_CHECK(strcmp(format, "pdu-csv") == 0, "%s", format);
    CU_ASSERT_EQUAL(k->n_machines, 0);
    kept_free(k);
}

/* What makers say of their products is neither machines nor measured. */
static void test_products(void)
{
    static const char text[] =
            "Manufacturer,Name,Total (kgCO2eq),Date,Yearly TEC (kWh),"
            "Use (%)\nAcme,Screen 24,320.0,2019-12-01,41.5,31.5\n";
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    const char *format = "";
    struct err err = {0};

    CU_ASSERT_FALSE(
            imp_read(kept_file("list.csv", text), NULL, &sink, &format, &err));
    UNIT_CHECK(strstr(err.msg, "none of the formats") != NULL, "%s", err.msg);
    CU_ASSERT_EQUAL(k->n_machines, 0);
    kept_free(k);
    k =
            read_as("Name,Fabrication kgCO2e,Fabrication source,"
                    "Manufacturer\nPC 1,320.0,Acme 2021,Acme\n",
                    &format);
    UNIT_CHECK(strcmp(format, "csv") == 0, "%s", format);
    CU_ASSERT_EQUAL(k->n_machines, 1);
    kept_free(k);
}

/* Two machines may bear one name where their serials tell them apart; the
 * name of one that has nothing else is its tag, and stands once. */
static void test_names(void)
{
    const char *format = "";
    struct kept *k =
            read_as("Name,Type,Manufacturer,Serial\n"
                    "pc,Desktop,Dell,S1\n"
                    "pc,Desktop,Dell,S2\n"
                    "pc,Desktop,Dell,S1\n"
                    "pd,Desktop,Dell,\n"
                    "pd,Desktop,Dell,\n"
                    "pe,Desktop,Dell,To Be Filled By O.E.M.\n"
                    "pe,Desktop,Dell,To Be Filled By O.E.M.\n"
                    "pf,Desktop,,S9\n",
                    &format);

    CU_ASSERT_EQUAL(k->n_machines, 5);
    CU_ASSERT_EQUAL(k->n_rejects, 3);
    CU_ASSERT_PTR_NULL(kept_by_tag(k, "pc"));
    CU_ASSERT_PTR_NOT_NULL(kept_by_tag(k, "pd"));
    CU_ASSERT_PTR_NOT_NULL(kept_by_tag(k, "pe"));
    CU_ASSERT_PTR_NOT_NULL(kept_by_tag(k, "pf"));
    kept_free(k);
}

/* Snipe-IT's former importer: "Name" is the user. */
static void test_snipeit_old(void)
{
    const char *format = "";
    struct kept *k = read_as(
            "Name,Email,Username,item Name,item Category,Model name,"
            "Manufacturer,Model Number,Serial number,Asset Tag,Location,Notes,"
            "Purchase Date,Purchase Cost,Company,Status,Warranty,Supplier\n"
            "Jean Doe,j@x.org,jdoe,node7,Servers,R740,Dell,0MVX,S7,T-7,Lyon,,"
            "4/5/16,1200,Lab,Ready to Deploy,36,Shop\n",
            &format);
    const struct wire_machine *m = kept_by_tag(k, "T-7");
    char text[DATE_TEXT];

    UNIT_CHECK(strcmp(format, "snipeit") == 0, "%s", format);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_STRING_EQUAL(m->name, "node7");
    CU_ASSERT_STRING_EQUAL(m->product, "R740");
    CU_ASSERT_EQUAL(m->category, CALC_SERVER);
    CU_ASSERT_EQUAL(m->status, CALC_STOCK);
    CU_ASSERT_STRING_EQUAL(date_print(m->acquired_on, text), "2016-04-05");
    UNIT_CHECK(m->note && !strstr(m->note, "Doe"), "%s", m->note);
    kept_free(k);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"words of titles", test_words},
            {"words joined", test_joined_words},
            {"guessed maps", test_guess},
            {"dates of a guessed map", test_guess_dates},
            {"a register's own words", test_own_words},
            {"a register's states", test_own_states},
            {"a country of machines", test_country},
            {"a log with a serial above it", test_no_inventory},
            {"figures of products", test_products},
            {"names that come twice", test_names},
            {"Snipe-IT, former importer", test_snipeit_old},
            {NULL, NULL},
    };

    return unit_main("importers titles", tests);
}
