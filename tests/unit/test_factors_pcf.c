/* SPDX-License-Identifier: Apache-2.0
 * Makers and models to product footprints, and the shared ids of products. */
#include "factors/factors_priv.h"
#include "unit.h"

#include "facts_table.h"

static struct fac_pack *pack;

/* nonuse_kg by hand from ../shared/facts/pcf.csv: total less use. */
static const struct {
    const char *maker, *name;
    enum calc_category category;
    const char *model; /* NULL: no footprint */
    double score, nonuse_kg;
} cases[] = {
        {"Dell Inc.", "PowerEdge R640", CALC_SERVER, "PowerEdge R640", 1,
         7730 - 6415.9},
        {"Dell", "R640", CALC_SERVER, "PowerEdge R640", 0.95, 7730 - 6415.9},
        {NULL, "PowerEdge R640", CALC_SERVER, "PowerEdge R640", 1,
         7730 - 6415.9},
        {NULL, "Dell PowerEdge R640", CALC_SERVER, "PowerEdge R640", 1,
         7730 - 6415.9},
        {"Dell Inc.",
         "PowerEdge R640 (SKU=NotProvided;ModelName=PowerEdge R640)",
         CALC_SERVER, "PowerEdge R640", 1, 7730 - 6415.9},
        {"Dell", "PowerEdge R6525", CALC_SERVER, "PowerEdge R6525", 1,
         12700 - 11938},
        {NULL, "PowerEdge R640 Rack Server", CALC_SERVER, "PowerEdge R640", 1,
         7730 - 6415.9},
        {"Dell", "Power Edge R640", CALC_SERVER, "PowerEdge R640", 1,
         7730 - 6415.9},
        {"Dell", "Precision 7920 Rack", CALC_WORKSTATION, NULL, 0, NAN},
        {"Dell", "PowerEdge R652", CALC_SERVER, NULL, 0, NAN},
        {"Dell", "PowerEdge R64", CALC_SERVER, NULL, 0, NAN},
        {"Dell", "PowerEdge R640xd", CALC_SERVER, NULL, 0, NAN},
        {"Dell Inc.", "PowerEdge R730xd", CALC_SERVER, "PowerEdge R730XD", 1,
         8970 - 7633.5},
        {NULL, "R640", CALC_SERVER, NULL, 0, NAN},
        {"Supermicro", "PowerEdge R640", CALC_SERVER, NULL, 0, NAN},
        {"HPE", "ProLiant DL380 Gen10", CALC_SERVER, "ProLiant DL380 Gen10", 1,
         4780 - 4220.7},
        {"Hewlett-Packard", "ProLiant DL380 Gen10 (868703-B21)", CALC_SERVER,
         "ProLiant DL380 Gen10", 1, 4780 - 4220.7},
        {"HP", "DL380 Gen 10", CALC_SERVER, "ProLiant DL380 Gen10", 0.95,
         4780 - 4220.7},
        {"HP", "ProLiant DL380 G10", CALC_SERVER, "ProLiant DL380 Gen10", 1,
         4780 - 4220.7},
        {"HP", "ProLiant DL380 Gen9", CALC_SERVER, NULL, 0, NAN},
        {"HPE", "ProLiant DL380 Gen10 Plus", CALC_SERVER, NULL, 0, NAN},
        {"LENOVO", "ThinkSystem SR655 -[7Y00CTO1WW]-", CALC_SERVER,
         "ThinkSystem SR655", 1, 10058 - 4324.9},
        {"Lenovo", "ThinkPad T470s", CALC_LAPTOP, "ThinkPad T470s", 1,
         440 - 57.2},
        {"Lenovo", "ThinkPad X1 Extreme", CALC_LAPTOP, "ThinkPad P1", 1,
         342 - 54.7},
        {"Dell Inc.", "OptiPlex 3050", CALC_DESKTOP, NULL, 0, NAN},
        {"Dell Inc.", "OptiPlex 3050 Tower", CALC_DESKTOP,
         "OptiPlex 3050 Tower", 1, 432 - 194.4},
        {"Dell Inc.", "OptiPlex 3070 SFF", CALC_DESKTOP,
         "OptiPlex 3070 Small Form Factor", 1, 399 - 156.8},
        {"Dell", "3470", CALC_LAPTOP, NULL, 0, NAN}, /* Latitude, Precision */
        {"DELL", "DELL P2419H", CALC_SCREEN_UNIT, "P2419H Monitor", 1,
         505 - 112.6},
        {"Dell", "P2419H", CALC_SERVER, NULL, 0, NAN},
        {"Dell", "PowerEdge R640", CALC_SCREEN_UNIT, NULL, 0, NAN},
        {"Dell", "PowerEdge R640", CALC_SWITCH_UNIT, NULL, 0, NAN},
        {"Lenovo", "D24-10", CALC_SCREEN_UNIT, "C24-10", 1, 343 - 161.2},
        /* a total without a use share: the name is known, the figure is not */
        {"HP", "HP EliteBook 835 G8 Notebook PC", CALC_LAPTOP,
         "EliteBook 835 G8 Notebook PC", 1, NAN},
        {"VMware, Inc.", "VMware Virtual Platform", CALC_SERVER, NULL, 0, NAN},
};

static void test_names(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct fac_product *p = fac_product_resolve(
                pack, cases[i].maker, cases[i].name, cases[i].category);
        const char *name = "none", *source = NULL;
        double nonuse_kg = NAN, score = 0;

        UNIT_CHECK(p, "%s is kept", cases[i].name);
        if (!p)
            continue;
        UNIT_CHECK(
                fac_product_footprint(p, &name, &nonuse_kg, &score, &source) ==
                        (cases[i].model != NULL),
                "%s %s: footprint %s", cases[i].maker ? cases[i].maker : "",
                cases[i].name, name);
        UNIT_CHECK(
                strcmp(name, cases[i].model ? cases[i].model : "none") == 0,
                "%s: %s", cases[i].name, name);
        UNIT_NEAR(score, cases[i].score, 1e-9, cases[i].name);
        UNIT_NEAR(nonuse_kg, cases[i].nonuse_kg, 1e-9, cases[i].name);
        UNIT_CHECK(!cases[i].model || (source && *source), "has a source");
    }
}

static void test_no_name(void)
{
    UNIT_CHECK(!fac_product_resolve(pack, NULL, NULL, CALC_SERVER), "none");
    UNIT_CHECK(!fac_product_resolve(pack, "Dell", "", CALC_SERVER), "empty");
    UNIT_CHECK(
            !fac_product_resolve(
                    pack, "System manufacturer", "System Product Name",
                    CALC_SERVER),
            "firmware never filled in");
    UNIT_CHECK(
            !fac_product_resolve(
                    pack, "x", "To Be Filled By O.E.M.", CALC_SERVER),
            "firmware never filled in");
    UNIT_CHECK(!fac_product_footprint(NULL, NULL, NULL, NULL, NULL), "NULL");
}

static void test_cache(void)
{
    const struct fac_product *a, *b, *c;

    a = fac_product_resolve(pack, "Dell", "PowerEdge R740", CALC_SERVER);
    b = fac_product_resolve(pack, "Dell", "PowerEdge R740", CALC_SERVER);
    c = fac_product_resolve(pack, "Dell", "PowerEdge R740", CALC_GPU_NODE);
    UNIT_CHECK(a == b, "the same text is the same product");
    UNIT_CHECK(a != c && a->pcf == c->pcf, "another category is another");
}

static void test_ids(void)
{
    const struct fac_product *known, *mine, *other;
    int n = fac_shared_count(pack), id;

    known = fac_product_resolve(pack, "Dell", "PowerEdge R640", CALC_SERVER);
    mine = fac_product_resolve(pack, "Acme", "Box 1", CALC_SERVER);
    other = fac_product_resolve(pack, "Acme", "Box 2", CALC_SERVER);
    UNIT_CHECK(
            fac_product_id(pack, known, CALC_SERVER) == known->pcf->shared_id,
            "a sheet's id");
    UNIT_CHECK(fac_shared_count(pack) == n, "nothing handed out yet");
    id = fac_product_id(pack, mine, CALC_SERVER);
    UNIT_CHECK(id == n && fac_shared_count(pack) == n + 1, "one handed out");
    UNIT_CHECK(fac_product_id(pack, mine, CALC_SERVER) == id, "for good");
    UNIT_CHECK(fac_product_id(pack, other, CALC_SERVER) == id + 1, "the next");
    UNIT_CHECK(
            strcmp(fac_shared_name(pack, id), "Acme Box 1") == 0, "name '%s'",
            fac_shared_name(pack, id));
    UNIT_CHECK(
            fac_product_id(pack, NULL, CALC_LAPTOP) ==
                    fac_id_unknown_model(pack, CALC_LAPTOP),
            "no product: the category's unknown model");
    UNIT_CHECK(
            strcmp(fac_shared_name(
                           pack, fac_id_unknown_model(pack, CALC_LAPTOP)),
                   "unknown model of laptop") == 0,
            "its name");
}

/* After 4096 of them one id serves all that follow. */
static void test_ids_end(void)
{
    int last = -1, n = fac_shared_count(pack);

    for (int i = 0; i < FAC_MAX_PRODUCT_IDS + 50; i++) {
        char name[40];
        const struct fac_product *p;

        snprintf(name, sizeof name, "Thing %d", i);
        p = fac_product_resolve(pack, "Acme", name, CALC_DESKTOP);
        last = fac_product_id(pack, p, CALC_DESKTOP);
        UNIT_CHECK(last >= 0 && last < fac_shared_count(pack), "id %d", last);
    }
    UNIT_CHECK(
            strcmp(fac_shared_name(pack, last), "other products") == 0,
            "the last is '%s'", fac_shared_name(pack, last));
    UNIT_CHECK(
            fac_shared_count(pack) <= n + FAC_MAX_PRODUCT_IDS, "%d ids",
            fac_shared_count(pack));
    UNIT_CHECK(!fac_shared_name(pack, fac_shared_count(pack)), "past the end");
    UNIT_CHECK(!fac_shared_name(pack, -1), "before the start");
}

/* Every sheet is found by its own maker, model and other names. */
static void test_own_names(void)
{
    for (size_t i = 0; i < pack->n_pcfs; i++) {
        const struct fac_pcf *pcf = &pack->pcfs[i];
        const struct fac_product *p =
                fac_product_resolve(pack, pcf->maker, pcf->name, pcf->category);

        UNIT_CHECK(
                p && p->pcf == pcf && p->score > 0.99, "%s %s finds %s",
                pcf->maker, pcf->name, p && p->pcf ? p->pcf->name : "nothing");
    }
}

/* Rows of the facts by the address of their sheet and their total: names were
 * put right in places. */
static void test_rows_equal_facts(void)
{
    static const char *const taken[] = {"server", "workstation", "desktop",
                                        "laptop", "monitor",     "thin client"};
    struct facts f;
    size_t n = 0;

    UNIT_CHECK(facts_open("../shared/facts/pcf.csv", &f), "facts");
    for (size_t i = 0; i < facts_count(&f); i++) {
        const char *category = facts_text(&f, i, "category");
        const char *source = facts_text(&f, i, "source");
        const char *model = facts_text(&f, i, "model");
        bool wanted = false;
        size_t same = 0;

        for (size_t k = 0; k < sizeof taken / sizeof taken[0]; k++)
            wanted = wanted || strcmp(category, taken[k]) == 0;
        if (!wanted)
            continue;
        n++;
        if (strncmp(source, "BOAVIZTA-PCF: ", 14) == 0)
            source += 14;
        for (size_t k = 0; k < pack->n_pcfs; k++) {
            const struct fac_pcf *p = &pack->pcfs[k];
            double total = facts_number(&f, i, "total_kgco2e");
            double use = facts_number(&f, i, "use_kgco2e");
            double made = facts_number(&f, i, "manufacturing_kgco2e");

            if (strcmp(p->source, source) != 0 ||
                fabs(p->total_kg - total) > 1e-9 ||
                isnan(p->use_kg) != isnan(use) ||
                fabs(p->use_kg - use) > 1e-9 ||
                isnan(p->manufacturing_kg) != isnan(made) ||
                fabs(p->manufacturing_kg - made) > 1e-9)
                continue;
            same++;
            UNIT_NEAR(p->nonuse_kg, total - use, 1e-9, model);
        }
        UNIT_CHECK(same >= 1, "%s: no row with its figures", model);
    }
    UNIT_CHECK(n == pack->n_pcfs, "%zu of %zu rows", n, pack->n_pcfs);
    facts_close(&f);
}

static void test_hostile(void)
{
    char name[2000];

    for (int c = 1; c < 256; c++)
        for (size_t len = 1; len < 600; len += 41) {
            const struct fac_product *p;

            memset(name, c, len);
            name[len] = '\0';
            p = fac_product_resolve(pack, name, name, CALC_SERVER);
            UNIT_CHECK(!p || !p->pcf, "byte %d", c);
        }
    for (size_t i = 0; i + 1 < sizeof name; i++)
        name[i] = "([)] gen1"[i % 9];
    for (size_t len = 1; len < 300; len += 3) {
        char cut[400];
        const struct fac_product *p;

        memcpy(cut, name, len);
        cut[len] = '\0';
        p = fac_product_resolve(pack, "Dell", cut, CALC_SERVER);
        UNIT_CHECK(!p || !p->pcf, "brackets, %zu", len);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"names", test_names},
            {"no name", test_no_name},
            {"cache", test_cache},
            {"ids", test_ids},
            {"the end of ids", test_ids_end},
            {"own names", test_own_names},
            {"rows equal the facts", test_rows_equal_facts},
            {"hostile names", test_hostile},
            {NULL, NULL}};
    int status;

    if (!fac_pack_load(NULL, &pack, NULL))
        return 1;
    status = unit_main("product footprints", tests);
    fac_pack_free(pack);
    return status;
}
