/* SPDX-License-Identifier: Apache-2.0
 * One machine told by several tools: what is weaker or partial completes only,
 * disks are joined by their serials, and the order of files does not matter. */
#include "inventory_world.h"

struct told { /* one file of one tool */
    const char *format;
    struct wire_machine m;
    struct wire_part parts[8];
};

static struct wire_part
serial(enum calc_kind kind, const char *model, double gb, const char *no)
{
    struct wire_part p = world_part(kind, 1, model, gb);

    p.serial = no;
    return p;
}

static struct wire_part total(double gib)
{
    struct wire_part p = world_part(CALC_RAM, 1, NULL, gib);

    p.total = true;
    return p;
}

static enum inv_change take(struct db *db, const struct told *told)
{
    struct inv_take *t = world_begin(db, NULL);
    struct wire_machine m = told->m;
    enum inv_change what = INV_SAME;
    struct err err = {0};

    m.parts = (struct wire_part *)(uintptr_t)told->parts;
    inv_take_format(t, told->format);
    UNIT_CHECK(
            inv_take_machine(t, &m, &what, &err), "%s: %s", told->format,
            err.msg);
    world_end(t, true);
    return what;
}

static struct told tool(const char *format, uint32_t knows)
{
    struct told t = {.format = format, .m = world_machine(NULL)};

    t.m.name = "node1";
    t.m.has_category = false;
    t.m.category = CALC_OTHER_UNIT;
    t.m.unknown_kinds = ~knows;
    return t;
}

static void add(struct told *t, struct wire_part p)
{
    t->parts[t->m.n_parts++] = p;
}

#define PARTS                                                                  \
    "SELECT coalesce(group_concat(row, ';'), '-') FROM (SELECT s.kind || ' ' " \
    "|| p.units || 'x' || CASE WHEN s.capacity > 0 THEN s.capacity ELSE '' "   \
    "END || ' ' || "                                                           \
    "s.model || ' ' || coalesce(p.serial, '') AS row FROM part p JOIN "        \
    "part_spec s ON s.id = p.spec_id ORDER BY s.kind, s.model, p.serial, "     \
    "s.capacity)"

enum { RAM = 1 << CALC_RAM, CPU = 1 << CALC_CPU };
enum { DISKS = 1 << CALC_HDD | 1 << CALC_SSD, GPU = 1 << CALC_GPU };

/* Every pair both ways round: what stands is the same. */
static void test_pairs(void)
{
    static const struct {
        const char *name;
        const char *formats[2];
        bool partial[2];
        uint32_t knows[2];
        struct wire_part parts[2][4]; /* ended by units 0 */
        const char *want;
    } cases[] = {
            {"a total over modules",
             {"dmidecode", "slurm-nodes"},
             {false, true},
             {RAM, RAM},
             {{{CALC_RAM, NULL, NULL, 12, 32, false, -1, NAN, NAN}},
              {{CALC_RAM, NULL, NULL, 1, 375, true, -1, NAN, NAN}}},
             "ram 12x32.0  "},
            {"a total that modules do not make",
             {"dmidecode", "slurm-nodes"},
             {false, true},
             {RAM, RAM},
             {{{CALC_RAM, NULL, NULL, 12, 32, false, -1, NAN, NAN}},
              {{CALC_RAM, NULL, NULL, 1, 187, true, -1, NAN, NAN}}},
             "ram 12x32.0  "},
            {"two totals: the one nearer to the modules",
             {"ansible", "hwloc-xml"},
             {false, false},
             {RAM, RAM},
             {{{CALC_RAM, NULL, NULL, 1, 62.5, true, -1, NAN, NAN}},
              {{CALC_RAM, NULL, NULL, 1, 63, true, -1, NAN, NAN}}},
             "ram 1x63.0  "},
            {"a processor without a name",
             {"lshw-xml", "slurm-nodes"},
             {false, true},
             {CPU, CPU},
             {{{CALC_CPU, "Xeon Gold 6130", NULL, 2, NAN, false, -1, NAN, NAN}},
              {{CALC_CPU, NULL, NULL, 2, NAN, false, 16, NAN, NAN}}},
             "cpu 2x Xeon Gold 6130 "},
            {"another number of nameless processors",
             {"lshw-xml", "slurm-nodes"},
             {false, true},
             {CPU, CPU},
             {{{CALC_CPU, "Xeon Gold 6130", NULL, 2, NAN, false, -1, NAN, NAN}},
              {{CALC_CPU, NULL, NULL, 4, NAN, false, 8, NAN, NAN}}},
             "cpu 2x Xeon Gold 6130 "},
            {"one disk of two",
             {"lshw-xml", "smartctl"},
             {false, true},
             {DISKS, DISKS},
             {{{CALC_SSD, "MZ7LH960", "A", 1, 960, false, -1, NAN, NAN},
               {CALC_SSD, "MZ7LH960", "B", 1, 960, false, -1, NAN, NAN}},
              {{CALC_SSD, "Samsung MZ7LH960", "A", 1, 960, false, -1, NAN,
                NAN}}},
             "ssd 1x960.0 MZ7LH960 B;ssd 1x960.0 Samsung MZ7LH960 A"},
            {"a serial for one of two disks alike",
             {"ansible", "smartctl"},
             {false, true},
             {DISKS, DISKS},
             {{{CALC_SSD, "MZ7LH960", NULL, 2, 960, false, -1, NAN, NAN}},
              {{CALC_SSD, "MZ7LH960", "A", 1, 960, false, -1, NAN, NAN}}},
             "ssd 1x960.0 MZ7LH960 ;ssd 1x960.0 MZ7LH960 A"},
            {"two disks, each from a file of its own",
             {"smartctl", "smartctl"},
             {true, true},
             {DISKS, DISKS},
             {{{CALC_SSD, "MZ7LH960", "A", 1, 960, false, -1, NAN, NAN}},
              {{CALC_SSD, "MZ7LH960", "B", 1, 960, false, -1, NAN, NAN}}},
             "ssd 1x960.0 MZ7LH960 A;ssd 1x960.0 MZ7LH960 B"},
            {"a disk whose kind one tool guesses",
             {"glpi-xml", "smartctl"},
             {false, true},
             {DISKS, DISKS},
             {{{CALC_HDD, "X1", "A", 1, 960, false, -1, NAN, NAN}},
              {{CALC_SSD, "X1", "A", 1, 960, false, -1, NAN, NAN}}},
             "ssd 1x960.0 X1 A"},
            {"the disks behind a volume",
             {"lshw-xml", "redfish"},
             {false, false},
             {0, DISKS}, /* "at least one" */
             {{{CALC_HDD, "PERC H710", NULL, 1, 2000, false, -1, NAN, NAN}},
              {{CALC_HDD, "ST1000", "A", 1, 1000, false, -1, NAN, NAN},
               {CALC_HDD, "ST1000", "B", 1, 1000, false, -1, NAN, NAN}}},
             "hdd 1x1000.0 ST1000 A;hdd 1x1000.0 ST1000 B"},
            {"cards that another tool does not see",
             {"lshw-xml", "nvidia-smi-xml"},
             {false, true},
             {GPU, GPU},
             {{{0}},
              {{CALC_GPU, "Tesla T4", "1", 1, NAN, false, -1, NAN, NAN}}},
             "gpu 1x Tesla T4 1"},
            {"cards by their chip's name",
             {"lshw-xml", "nvidia-smi-xml"},
             {false, true},
             {GPU, GPU},
             {{{CALC_GPU, "TU104GL [Tesla T4]", NULL, 1, NAN, false, -1, NAN,
                NAN}},
              {{CALC_GPU, "Tesla T4", "1", 1, NAN, false, -1, NAN, NAN}}},
             "gpu 1x Tesla T4 1"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int way = 0; way < 2; way++) {
            struct db *db = world_open();
            struct told t[2];
            const char *got;

            for (int k = 0; k < 2; k++) {
                t[k] = tool(cases[i].formats[k], cases[i].knows[k]);
                t[k].m.partial = cases[i].partial[k];
                for (int p = 0; p < 4 && cases[i].parts[k][p].units; p++)
                    add(&t[k], cases[i].parts[k][p]);
            }
            take(db, &t[way]);
            take(db, &t[1 - way]);
            got = world_ask(db, PARTS);
            UNIT_CHECK(
                    strcmp(got, cases[i].want) == 0, "%s, way %d: %s, want %s",
                    cases[i].name, way, got, cases[i].want);
            /* Nothing is left to say. */
            for (int k = 0; k < 2; k++)
                UNIT_CHECK(
                        take(db, &t[k]) == INV_SAME, "%s, way %d: %s again",
                        cases[i].name, way, t[k].format);
            db_close(db);
        }
}

/* nvidia-smi -i 0 logs one card of four; the whole log is believed again. */
static void test_cut_list(void)
{
    struct db *db = world_open();
    struct told lshw = tool("lshw-xml", GPU);
    struct told smi = tool("nvidia-smi-xml", GPU);

    add(&lshw, world_part(CALC_GPU, 4, "Tesla T4", NAN));
    add(&smi, world_part(CALC_GPU, 1, "Tesla T4", NAN));
    smi.m.partial = true;
    smi.m.open_kinds = GPU;
    take(db, &lshw);
    take(db, &smi);
    WORLD_IS(db, PARTS, "gpu 4x Tesla T4 ");
    CU_ASSERT_EQUAL(take(db, &smi), INV_SAME);
    smi.m.open_kinds = 0;
    smi.parts[0].units = 2;
    CU_ASSERT_EQUAL(take(db, &smi), INV_CHANGED);
    WORLD_IS(db, PARTS, "gpu 2x Tesla T4 ");
    db_close(db);
}

/* A machine that its own tool says has changed, has. */
static void test_updates(void)
{
    struct db *db = world_open();
    struct told dmi = tool("dmidecode", RAM | CPU);
    struct told lshw = tool("lshw-xml", RAM | CPU | GPU | DISKS);

    add(&dmi, world_part(CALC_RAM, 12, NULL, 32));
    add(&dmi, world_part(CALC_CPU, 2, "Xeon Gold 6130", NAN));
    dmi.m.product = "R740";
    dmi.m.manufacturer = "Dell";
    take(db, &dmi);
    dmi.parts[0].units = 24;
    CU_ASSERT_EQUAL(take(db, &dmi), INV_CHANGED);
    WORLD_IS(db, PARTS, "cpu 2x Xeon Gold 6130 ;ram 24x32.0  ");
    /* Equals: the last word counts. */
    lshw.m.product = "R740xd";
    add(&lshw, world_part(CALC_RAM, 6, NULL, 64));
    add(&lshw, world_part(CALC_CPU, 2, "Xeon Gold 6230", NAN));
    CU_ASSERT_EQUAL(take(db, &lshw), INV_CHANGED);
    WORLD_IS(db, PARTS, "cpu 2x Xeon Gold 6230 ;ram 6x64.0  ");
    /* What a machine is called by its firmware stands. */
    WORLD_IS(
            db,
            "SELECT p.name FROM product p JOIN machine m ON p.id = "
            "m.product_id",
            "R740");
    db_close(db);
}

/* Six tools and two disks of their own: any of 720 orders gives one state. */
static void tools(struct told t[6])
{
    t[0] = tool("lshw-xml", RAM | CPU | DISKS | GPU);
    t[0].m.uuid = "4c4c4544-0042-3510-8056-b4c04f4a4e32";
    t[0].m.manufacturer = "Dell Inc.";
    t[0].m.product = "PowerEdge R640 (SKU=1)";
    t[0].m.serial = "CLFV7M2";
    t[0].m.cpu_count = 2;
    t[0].m.cpu_cores = 32;
    t[0].m.has_category = true;
    t[0].m.category = CALC_SERVER;
    t[0].m.note = "run as root";
    add(&t[0], world_part(CALC_RAM, 12, NULL, 32));
    add(&t[0],
        world_part(
                CALC_CPU, 2, "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", NAN));
    add(&t[0], serial(CALC_SSD, "MZ7LH960", 960, "A"));
    add(&t[0], serial(CALC_SSD, "MZ7LH960", 960, "B"));
    add(&t[0], world_part(CALC_GPU, 1, "TU104GL [Tesla T4]", NAN));

    t[1] = tool("redfish", RAM | CPU);
    t[1].m.partial = true;
    t[1].m.uuid = "4C4C4544-0042-3510-8056-B4C04F4A4E32";
    t[1].m.manufacturer = "Dell";
    t[1].m.product = "PowerEdge R640";
    t[1].m.serial = "CLFV7M2";
    t[1].m.chassis = CALC_RACK;
    t[1].m.note = "health: OK";
    add(&t[1], world_part(CALC_CPU, 2, "Xeon Gold 6130", NAN));
    add(&t[1], total(357.6));

    t[2] = tool("slurm-nodes", RAM | CPU | GPU);
    t[2].m.partial = true;
    t[2].m.cpu_count = 2;
    t[2].m.cpu_cores = 64; /* threads taken for cores */
    t[2].m.has_category = true;
    t[2].m.category = CALC_GPU_NODE;
    add(&t[2], world_part(CALC_CPU, 2, NULL, NAN));
    add(&t[2], total(375));
    add(&t[2], world_part(CALC_GPU, 1, "t4", NAN));

    t[3] = tool("smartctl", DISKS);
    t[3].m.partial = true;
    t[3].m.note = "A: 900 hours on";
    add(&t[3], serial(CALC_SSD, "Samsung MZ7LH960", 960, "A"));

    t[4] = tool("smartctl", DISKS);
    t[4].m.partial = true;
    t[4].m.note = "B: 70 hours on";
    add(&t[4], serial(CALC_SSD, "Samsung MZ7LH960", 960, "B"));

    t[5] = tool("ansible", RAM | CPU | DISKS);
    t[5].m.name = "node1.cluster.fr";
    t[5].m.manufacturer = "Dell Inc.";
    t[5].m.product = "PowerEdge R640";
    t[5].m.serial = "CLFV7M2";
    t[5].m.is_virtual = 0;
    t[5].m.cpu_count = 2;
    t[5].m.cpu_cores = 32;
    add(&t[5],
        world_part(
                CALC_CPU, 2, "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", NAN));
    add(&t[5], total(376.2));
    add(&t[5], world_part(CALC_SSD, 2, "MZ7LH960", 960));
}

static bool next_order(int order[6])
{
    int i = 4, k = 5;

    while (i >= 0 && order[i] > order[i + 1])
        i--;
    if (i < 0)
        return false;
    while (order[k] < order[i])
        k--;
    for (int swap = order[i];; swap = order[i]) {
        order[i] = order[k];
        order[k] = swap;
        break;
    }
    for (int a = i + 1, b = 5; a < b; a++, b--) {
        int swap = order[a];

        order[a] = order[b];
        order[b] = swap;
    }
    return true;
}

static void test_orders(void)
{
    const char *line =
            "SELECT m.name || '|' || p.manufacturer || '|' || p.name || '|' || "
            "m.serial || '|' || m.uuid || '|' || m.category || '|' || "
            "m.chassis || '|' || m.cpu_count || '|' || m.cpu_cores || '|' || "
            "m.virtual || '|' || m.note || '|' || (m.unknown_kinds % 32) "
            "FROM machine m JOIN product p ON p.id = m.product_id";
    const char *want_parts =
            "cpu 2x Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz ;"
            "gpu 1x Tesla T4 ;ram 12x32.0  ;"
            "ssd 1x960.0 Samsung MZ7LH960 A;ssd 1x960.0 Samsung MZ7LH960 B";
    struct told t[6];
    int order[6] = {0, 1, 2, 3, 4, 5}, n = 0;
    char first[300] = "";

    tools(t);
    do {
        struct db *db;
        const char *got;

        if (n++ % 7) /* every seventh: 103 of 720 */
            continue;
        db = world_open();
        for (int i = 0; i < 6; i++)
            take(db, &t[order[i]]);
        WORLD_IS(db, "SELECT count(*) FROM machine", "1");
        got = world_ask(db, line);
        if (!first[0])
            snprintf(first, sizeof first, "%s", got);
        UNIT_CHECK(
                strcmp(got, first) == 0, "order %d%d%d%d%d%d: %s, first %s",
                order[0], order[1], order[2], order[3], order[4], order[5], got,
                first);
        got = world_ask(db, PARTS);
        UNIT_CHECK(
                strcmp(got, want_parts) == 0, "order %d%d%d%d%d%d: %s",
                order[0], order[1], order[2], order[3], order[4], order[5],
                got);
        db_close(db);
    } while (next_order(order));
    UNIT_CHECK(
            strstr(first, "|CLFV7M2|4C4C4544-0042-3510-8056-B4C04F4A4E32|"
                          "gpu_node|rack|2|32|0|A: 900 hours on; B: 70 hours "
                          "on; health: OK; run as root|") != NULL,
            "%s", first);
    UNIT_CHECK(strstr(first, "PowerEdge R640|") != NULL, "%s", first);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"pairs, both ways round", test_pairs},
            {"cut lists", test_cut_list},
            {"updates", test_updates},
            {"orders", test_orders},
            {NULL, NULL},
    };

    return unit_main("inventory sources", tests);
}
