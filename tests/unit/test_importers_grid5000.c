/* SPDX-License-Identifier: Apache-2.0
 * Grid'5000 nodes: what each sample file states, and damaged ones. The table
 * was made by a separate program that reads the files' JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "importers_sink.h"
#include "unit.h"

static const struct node {
    const char *uid, *site, *product;
    int sockets, cores;
    double ram_gib;
    int modules, hdd, ssd, gpus;
    const char *gpu, *made, *warranty;
} nodes[] = {
        {"gemini-1", "lyon", "DGX-1 with V100-32", 2, 40, 512, 16, 0, 5, 8,
         "Tesla V100-SXM2-32GB", "2019-06-12", "2022-06-12"},
        {"gemini-2", "lyon", "DGX-1 with V100-32", 2, 40, 512, 16, 0, 5, 8,
         "Tesla V100-SXM2-32GB", "2019-06-12", "2022-06-12"},
        {"hercule-1", "lyon", "PowerEdge C6220", 2, 12, 32, 8, 3, 0, 0, NULL,
         "2012-07-19", "2017-07-19"},
        {"hercule-4", "lyon", "PowerEdge C6220", 2, 12, 32, 8, 3, 0, 0, NULL,
         "2012-07-19", "2017-07-19"},
        {"hydra-1", "lyon", "QuantaGrid S74G-2U 1S7GZ9Z0000", 1, 72, 480, 1, 0,
         2, 1, "GH200", "2024-02-15", "2027-02-01"},
        {"hydra-4", "lyon", "QuantaGrid S74G-2U 1S7GZ9Z0000", 1, 72, 480, 1, 0,
         2, 1, "GH200", "2024-02-15", "2027-02-01"},
        {"neowise-1", "lyon", "AMD-Penguin COVID19", 1, 48, 512, 8, 0, 1, 8,
         "Radeon Instinct MI50 32GB", "2021-05-17", "2023-05-17"},
        {"neowise-9", "lyon", "AMD-Penguin COVID19", 1, 48, 512, 8, 0, 1, 8,
         "Radeon Instinct MI50 32GB", "2021-05-17", "2023-05-17"},
        {"nova-1", "lyon", "PowerEdge R430", 2, 16, 64, 4, 2, 0, 0, NULL,
         "2016-10-28", "2021-10-27"},
        {"nova-9", "lyon", "PowerEdge R430", 2, 16, 64, 4, 2, 0, 0, NULL,
         "2016-10-28", "2021-10-27"},
        {"orion-1", "lyon", "PowerEdge R720", 2, 12, 32, 8, 1, 0, 1,
         "Tesla M2075", "2012-07-16", "2017-07-16"},
        {"orion-4", "lyon", "PowerEdge R720", 2, 12, 32, 8, 1, 0, 1,
         "Tesla M2075", "2012-07-16", "2017-07-16"},
        {"pyxis-1", "lyon", "R181-T92-00", 2, 64, 256, 16, 0, 2, 0, NULL,
         "2019-11-07", "2022-11-06"},
        {"pyxis-4", "lyon", "R181-T92-00", 2, 64, 256, 16, 0, 2, 0, NULL,
         "2019-11-07", "2022-11-06"},
        {"sagittaire-11", "lyon", "Sun Fire V20z", 2, 2, 2, 4, 1, 0, 0, NULL,
         "2006-07-01", "2009-07-01"},
        {"sagittaire-5", "lyon", "Sun Fire V20z", 2, 2, 2, 4, 1, 0, 0, NULL,
         "2006-07-01", "2009-07-01"},
        {"sirius-1", "lyon", "DGXA100 920-23687-2530-000", 2, 128, 1024, 16, 0,
         6, 8, "A100-SXM4-40GB", "2021-11-24", "2023-11-24"},
        {"taurus-1", "lyon", "PowerEdge R720", 2, 12, 32, 8, 1, 0, 0, NULL,
         "2012-07-16", "2017-07-16"},
        {"taurus-9", "lyon", "PowerEdge R720", 2, 12, 32, 8, 1, 0, 0, NULL,
         "2012-07-16", "2017-07-16"},
        {"graffiti-1", "nancy", "PowerEdge T640", 2, 16, 128, 8, 1, 0, 4,
         "GeForce RTX 2080 Ti", "2019-05-27", "2024-05-27"},
        {"graffiti-9", "nancy", "PowerEdge T640", 2, 16, 128, 8, 1, 0, 4,
         "GeForce RTX 2080 Ti", "2019-05-27", "2024-05-27"},
        {"grappe-1", "nancy", "PowerEdge R640", 2, 40, 96, 12, 1, 1, 0, NULL,
         "2020-07-09", "2025-07-10"},
        {"grappe-9", "nancy", "PowerEdge R640", 2, 40, 96, 12, 1, 1, 0, NULL,
         "2020-07-09", "2025-07-10"},
        {"grat-1", "nancy", "ProLiant XL675d Gen10 Plus", 2, 64, 512, 16, 0, 8,
         8, "A100-SXM4-40GB", "2022-06-22", "2027-07-28"},
        {"gratouille-1", "nancy", "PowerEdge R730", 2, 24, 128, 8, 2, 0, 1,
         "Tesla V100-PCIE-16GB", "2017-06-07", "2022-06-07"},
        {"grdix-1", "nancy", "ProLiant DL365 Gen11", 2, 256, 1024, 16, 0, 1, 0,
         NULL, "2024-09-02", "2027-09-08"},
        {"grdix-9", "nancy", "ProLiant DL365 Gen11", 2, 256, 1024, 16, 0, 1, 0,
         NULL, "2024-09-02", "2027-09-08"},
        {"grele-1", "nancy", "PowerEdge R730", 2, 24, 128, 8, 2, 0, 2,
         "GeForce GTX 1080 Ti", "2017-06-07", "2022-06-07"},
        {"grele-9", "nancy", "PowerEdge R730", 2, 24, 128, 8, 2, 0, 2,
         "GeForce GTX 1080 Ti", "2017-06-07", "2022-06-07"},
        {"gres-1", "nancy", "ProLiant DL385 Gen11", 2, 48, 512, 8, 0, 1, 2,
         "L40S", "2024-08-07", "2027-08-13"},
        {"gres-7", "nancy", "ProLiant DL385 Gen11", 2, 48, 512, 8, 0, 1, 2,
         "L40S", "2024-08-07", "2027-08-13"},
        {"gros-1", "nancy", "PowerEdge R640", 1, 18, 96, 6, 0, 2, 0, NULL,
         "2019-07-16", "2024-07-17"},
        {"gros-99", "nancy", "PowerEdge R640", 1, 18, 96, 6, 0, 2, 0, NULL,
         "2019-07-16", "2024-07-17"},
        {"grosminet-1", "nancy", "ProLiant DL560 Gen10", 4, 72, 6144, 48, 0, 8,
         0, NULL, "2023-11-30", "2030-11-29"},
        {"grostiti-1", "nancy", "PowerEdge R930", 4, 56, 1536, 48, 3, 0, 0,
         NULL, "2015-10-23", "2020-10-23"},
        {"grouille-1", "nancy", "PowerEdge R7525", 2, 64, 128, 16, 0, 2, 2,
         "A100-PCIE-40GB", "2020-12-07", "2025-12-08"},
        {"grouille-2", "nancy", "PowerEdge R7525", 2, 64, 128, 16, 0, 2, 2,
         "A100-PCIE-40GB", "2020-12-07", "2025-12-08"},
        {"grue-1", "nancy", "PowerEdge R7425", 2, 32, 128, 16, 1, 0, 4,
         "Tesla T4", "2019-11-15", "2024-11-15"},
        {"grue-5", "nancy", "PowerEdge R7425", 2, 32, 128, 16, 1, 0, 4,
         "Tesla T4", "2019-11-15", "2024-11-15"},
        {"gruss-1", "nancy", "PowerEdge R7525", 2, 48, 256, 16, 0, 1, 2, "A40",
         "2021-06-24", "2026-06-26"},
        {"gruss-4", "nancy", "PowerEdge R7525", 2, 48, 256, 16, 0, 1, 2, "A40",
         "2021-07-19", "2026-07-21"},
        {"grvingt-1", "nancy", "PowerEdge C6420", 2, 32, 192, 12, 1, 0, 0, NULL,
         "2018-04-01", "2023-04-01"},
        {"grvingt-9", "nancy", "PowerEdge C6420", 2, 32, 192, 12, 1, 0, 0, NULL,
         "2018-04-11", "2023-04-11"},
};

static struct kept *read_path(const char *path, const char *as, bool want)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};
    bool ok = imp_read(path, as, &sink, NULL, &err);

    UNIT_CHECK(ok == want, "%s: %s", path, err.msg);
    return k;
}

static void check_node(const struct kept *k, const struct node *n)
{
    const struct wire_machine *m = kept_by_tag(k, n->uid);
    double ram_gib = 0.0;
    char text[DATE_TEXT];

    UNIT_CHECK(m != NULL, "%s is there", n->uid);
    if (!m)
        return;
    for (size_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].kind == CALC_RAM)
            ram_gib += m->parts[i].units * m->parts[i].capacity;
    UNIT_CHECK(strcmp(m->site, n->site) == 0, "%s: site %s", n->uid, m->site);
    UNIT_CHECK(strcmp(m->product, n->product) == 0, "%s: product", n->uid);
    UNIT_CHECK(m->cpu_count == n->sockets, "%s: sockets", n->uid);
    UNIT_CHECK(m->cpu_cores == n->cores, "%s: cores", n->uid);
    UNIT_NEAR(ram_gib, n->ram_gib, 1e-12, n->uid);
    UNIT_CHECK(
            kept_units(m, CALC_RAM) == (unsigned)n->modules, "%s: modules",
            n->uid);
    UNIT_CHECK(
            kept_units(m, CALC_HDD) == (unsigned)n->hdd, "%s: hdd %u", n->uid,
            kept_units(m, CALC_HDD));
    UNIT_CHECK(kept_units(m, CALC_SSD) == (unsigned)n->ssd, "%s: ssd", n->uid);
    UNIT_CHECK(
            kept_units(m, CALC_GPU) == (unsigned)n->gpus, "%s: gpus", n->uid);
    if (n->gpu)
        UNIT_CHECK(
                strcmp(kept_part(m, CALC_GPU, 0)->model, n->gpu) == 0,
                "%s: gpu model", n->uid);
    UNIT_CHECK(
            m->category == (n->gpus ? CALC_GPU_NODE : CALC_SERVER),
            "%s: category", n->uid);
    UNIT_CHECK(
            strcmp(date_print(m->manufactured_on, text), n->made) == 0,
            "%s: made %s", n->uid, text);
    UNIT_CHECK(
            strcmp(date_print(m->warranty_end, text), n->warranty) == 0,
            "%s: warranty %s", n->uid, text);
}

static void test_samples(void)
{
    struct kept *k = read_path("../shared/samples/grid5000", NULL, true);
    bool named = false;

    CU_ASSERT_EQUAL(k->n_machines, sizeof nodes / sizeof *nodes);
    CU_ASSERT_EQUAL(k->n_rejects, 0);
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        check_node(k, &nodes[i]);
    for (size_t i = 0; i < k->n_warnings; i++)
        named = named || strstr(k->warnings[i], "clusters.csv") != NULL;
    UNIT_CHECK(named, "clusters.csv is passed over and named");
    kept_free(k);
}

/* nova-1: RAID-0 of two disks, 598879502336 bytes; sirius-1: serial a number,
 * cpu version a number. */
static void test_traps(void)
{
    struct kept *k = read_path("../shared/samples/grid5000", "grid5000", true);
    const struct wire_machine *nova = kept_by_tag(k, "nova-1");
    const struct wire_machine *sirius = kept_by_tag(k, "sirius-1");
    const struct wire_machine *hydra = kept_by_tag(k, "hydra-1");
    const struct wire_machine *graffiti = kept_by_tag(k, "graffiti-1");

    CU_ASSERT_FATAL(nova && sirius && hydra && graffiti);
    UNIT_NEAR(
            kept_part(nova, CALC_HDD, 0)->capacity, 598879502336.0 / 2e9, 1e-12,
            "half the volume each");
    CU_ASSERT_PTR_NULL(kept_part(nova, CALC_HDD, 0)->model);
    CU_ASSERT_STRING_EQUAL(sirius->serial, "1036193");
    CU_ASSERT_STRING_EQUAL(
            kept_part(sirius, CALC_CPU, 0)->model, "AMD EPYC 7742");
    CU_ASSERT_EQUAL(kept_part(sirius, CALC_CPU, 0)->cores, 64);
    CU_ASSERT_STRING_EQUAL(
            kept_part(hydra, CALC_CPU, 0)->model, "Grace A02 CPU");
    CU_ASSERT_PTR_NOT_NULL(strstr(graffiti->note, "at least one disk"));
    CU_ASSERT_EQUAL(graffiti->acquisition, CALC_ACQUISITION_UNKNOWN);
    CU_ASSERT_FALSE(graffiti->has_status);
    kept_free(k);
}

#define NODE(uid, more)                                                        \
    "{\"uid\":\"" uid                                                          \
    "\",\"architecture\":{\"nb_procs\":1,\"nb_cores\":8}" more "}"

static void test_items(void)
{
    struct kept *k = read_path(
            kept_file(
                    "answer.json",
                    "\xEF\xBB\xBF{\"total\":3,\"offset\":0,\"items\":["
                    NODE("a-1", ",\"links\":[{\"href\":\"/3.0/sites/lyon/"
                                "clusters/a/nodes/a-1\"}]")
                    "," NODE("a-2",
                             ",\"chassis\":{\"manufactured_at\":\"1970-01-01\","
                             "\"warranty_end\":\"soon\"}")
                    "," NODE("a-3",
                             ",\"memory_devices\":[{\"size\":17179869184,"
                             "\"technology\":\"dram\"},{\"size\":137438953472,"
                             "\"technology\":\"pmem\"}]")
                    "],\"links\":[]}"),
            NULL, true);
    const struct wire_machine *m;

    CU_ASSERT_EQUAL_FATAL(k->n_machines, 3);
    CU_ASSERT_STRING_EQUAL(k->machines[0].site, "lyon");
    CU_ASSERT_PTR_NULL(k->machines[1].site);
    CU_ASSERT_FALSE(date_known(k->machines[1].manufactured_on));
    CU_ASSERT_FALSE(date_known(k->machines[1].warranty_end));
    CU_ASSERT_EQUAL(k->n_warnings, 1); /* "soon" */
    m = &k->machines[2];
    CU_ASSERT_EQUAL(kept_units(m, CALC_RAM), 1);
    UNIT_NEAR(kept_part(m, CALC_RAM, 0)->capacity, 16.0, 1e-12, "dram");
    UNIT_NEAR(kept_part(m, CALC_OTHER, 0)->capacity, 128.0, 1e-12, "pmem");
    /* no storage_devices: unknown, not none */
    CU_ASSERT_TRUE((m->unknown_kinds & 1u << CALC_HDD) != 0);
    CU_ASSERT_TRUE((m->unknown_kinds & 1u << CALC_SSD) != 0);
    CU_ASSERT_TRUE((k->machines[0].unknown_kinds & 1u << CALC_RAM) != 0);
    kept_free(k);
}

static void test_damage(void)
{
    static const struct {
        const char *name, *text;
        bool ok;
        size_t machines, rejects, warnings;
    } cases[] = {
            {"cut list keeps the whole records",
             "{\"items\":[" NODE("b-1", "") "," NODE("b-2", "") ",{\"uid\":",
             true, 2, 1, 0},
            {"bare array", "[" NODE("b-1", "") "]", true, 1, 0, 0},
            {"a bad record among good ones",
             "[" NODE("b-1", ",\"x\":[1,]") "," NODE("b-2", "") "]", true, 1, 1,
             0},
            {"a record that is no node",
             "[{\"uid\":\"b-1\",\"x\":{\"architecture\":{\"nb_cores\":1}}}]",
             true, 0, 1, 0},
            {"text after the end", NODE("b-1", "") "x", false, 1, 0, 0},
            {"cut node", "{\"uid\":\"b\",\"architecture\":{\"nb_cores\":1",
             false, 0, 0, 0},
            {"brackets that close nothing", "[" NODE("b-1", "") "]]", false, 1,
             0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kept *k = read_path(
                kept_file("damage.json", cases[i].text), "grid5000",
                cases[i].ok);

        UNIT_CHECK(
                k->n_machines == cases[i].machines &&
                        k->n_rejects == cases[i].rejects &&
                        k->n_warnings == cases[i].warnings,
                "%s: %zu machines, %zu rejects, %zu warnings", cases[i].name,
                k->n_machines, k->n_rejects, k->n_warnings);
        kept_free(k);
    }
}

static void test_stop(void)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    k->stop_on_reject = true;
    CU_ASSERT_FALSE(imp_read(
            kept_file(
                    "stop.json", "[{\"architecture\":{\"nb_cores\":1}}," NODE(
                                         "c-1", "") "]"),
            NULL, &sink, NULL, &err));
    CU_ASSERT_EQUAL(k->n_rejects, 1);
    CU_ASSERT_EQUAL(k->n_machines, 0);
    kept_free(k);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"sample nodes", test_samples},
            {"traps of the samples", test_traps},
            {"answers with items", test_items},
            {"damaged files", test_damage},
            {"a refusing sink stops", test_stop},
            {NULL, NULL},
    };

    return unit_main("importers grid5000", tests);
}
