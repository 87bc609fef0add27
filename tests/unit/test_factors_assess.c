/* SPDX-License-Identifier: Apache-2.0
 * Approach C by hand: the vectors of METHOD, completed inputs, lots, what
 * units share. */
#include "assess_unit.h"

#define MEAN (13.688 / 11) /* GB/cm2, mean of the eleven published dies */

/* TV09. ADP: cpu 2*(2.04e-2 + 600*5.87e-9), ram 12*1.69e-3 + 6.3e-5*384/MEAN,
 * hdd 2*2.5e-4, ssd 5.63e-4 + 6.3e-5*960/48.5, psu 5.98*8.3e-3, rack 2.02e-2,
 * board 3.69e-3, assembly 1.41e-6. PE likewise [12]. */
static void tv09(void)
{
    static const struct {
        enum calc_kind kind;
        double want[CALC_CRITERIA];
    } lines[] = {
            {CALC_CPU, {41.92, 0.040807044, 630}},
            {CALC_RAM, {741.54123, 0.0397212624, 9312.547048}},
            {CALC_HDD, {62.22, 0.0005, 552}},
            {CALC_SSD, {49.886392, 0.00181001031, 614.351134}},
            {CALC_PSU, {145.314, 0.049634, 2104.96}},
            {CALC_CHASSIS, {150, 0.0202, 2200}},
            {CALC_BOARD, {66.1, 0.00369, 836}},
            {CALC_ASSEMBLY, {6.68, 1.41e-6, 68.6}},
    };
    static struct box b;
    const struct fac_assessment *a;

    box_tv09(&b, CALC_RACK);
    a = box_assess(&b);
    box_sound(a, "tv09");
    CU_ASSERT_EQUAL(a->choice.approach, CALC_C);
    CU_ASSERT_EQUAL(a->choice.rule, 2);
    CU_ASSERT_EQUAL(a->n_lines, 8);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (int c = 0; c < CALC_CRITERIA; c++)
            UNIT_NEAR(
                    box_kind(a, lines[i].kind, c), lines[i].want[c], 1e-8,
                    calc_kind_word(lines[i].kind));
    UNIT_NEAR(a->kg[CALC_GWP], 1263.6616, 1e-7, "tv09 total");
    UNIT_NEAR(a->kg[CALC_ADP], 0.156363726728916, 1e-12, "tv09 adp");
    UNIT_NEAR(a->kg[CALC_PE], 16318.458182530265, 1e-12, "tv09 pe");
    /* Of all inputs the RAM density alone was completed. */
    CU_ASSERT_EQUAL(a->n_dones, 1);
    CU_ASSERT_EQUAL(a->dones[0].done, FAC_DONE_RAM_DENSITY);
    UNIT_NEAR(a->dones[0].used, MEAN, 1e-12, "density used");
    UNIT_NEAR(a->dones[0].low, 0.625, 0, "density low");
    UNIT_NEAR(a->dones[0].high, 2.375, 0, "density high");

    box_tv09(&b, CALC_BLADE);
    UNIT_NEAR(
            box_kind(box_assess(&b), CALC_CHASSIS, CALC_GWP), 85.9, 1e-12,
            "tv10 case");
    /* 6.72e-4 + 0.432/16; 435 + 12700/16 */
    UNIT_NEAR(
            box_kind(&b.a, CALC_CHASSIS, CALC_ADP), 0.027672, 1e-12,
            "tv10 adp");
    UNIT_NEAR(box_kind(&b.a, CALC_CHASSIS, CALC_PE), 1228.75, 1e-12, "tv10 pe");
}

/* sigma of TV09. v = exp(sigma^2)-1 of each factor's pedigree [11.2]:
 *   (3,3,4,3,3) 0.0203848486171 cpu.base, board.unit
 *   (3,3,4,3,4) 0.0543980756063 cpu.die, ram.base, ssd.base, ssd.die
 *   (3,3,4,3,5) 0.1410887205155 ram.die
 *   (3,4,4,3,4) 0.0561666097466 assembly.unit
 *   (3,4,4,3,5) 0.1430026602371 psu.mass, case.rack
 *   (4,4,4,3,5) 0.1499264595836 hdd.unit
 * Var = sum of kg^2 v over cpu.base 18.28, cpu.die 23.64, ram.base 62.64,
 *   ram.die 678.901..., hdd 62.22, ssd.base 6.34, ssd.die 43.546..., psu
 *   145.314, rack 150, board 66.1, assembly 6.68,
 *   + (ram.die kg)^2 * vR * (1 + 0.14108872), where s = ln(2.375/0.625)/3.92
 *   and vR = exp(s^2)-1; sigma = sqrt(ln(1 + Var/1263.6616^2)). */
static void tv09_interval(void)
{
    static struct box b;
    const struct fac_assessment *a;
    struct calc_q q;

    box_tv09(&b, CALC_RACK);
    a = box_assess(&b);
    UNIT_NEAR(a->by[CALC_C].sigma, 0.2868716746161016, 1e-9, "sigma");
    q = calc_interval(a->kg[CALC_GWP], a->by[CALC_C].sigma);
    UNIT_NEAR(q.low, 691.1470933446035, 1e-9, "low");
    UNIT_NEAR(q.high, 2127.8974018051767, 1e-9, "high");
}

/* 100 equal machines are no surer than one: all they have is shared. */
static void equal_machines(void)
{
    static struct box b;
    struct calc_total t = {0};

    box_tv09(&b, CALC_TOWER);
    box_model(&b, CALC_GPU, 4, "GeForce RTX 2080 Ti");
    box_assess(&b);
    for (int n = 0; n < 100; n++)
        for (int i = 0; i < b.a.n_lines; i++)
            calc_total_add(&t, &b.a.lines[i], 1);
    UNIT_NEAR(t.kg, 100 * b.a.kg[CALC_GWP], 1e-12, "100 machines");
    UNIT_NEAR(
            calc_total_sigma(&t), b.a.by[CALC_C].sigma, 1e-12,
            "relative interval of 100");
    calc_total_clear(&t);
}

/* ---- completed inputs --------------------------------------------------- */

/* 100 GiB: four modules of 32 (two of 64 to thirteen of 8), before 2016 seven
 * of 16. 5.22 * n + 2.20 * 100 / MEAN. */
static void ram_totals(void)
{
    static const struct {
        const char *name;
        int year;
        double gib, modules, low, high;
    } cases[] = {
            {"year unknown", 0, 100, 4, 2, 13},
            {"of 2015", 2015, 100, 7, 2, 13},
            {"of 2016", 2016, 100, 4, 2, 13},
            {"less than one module", 0, 3.7, 1, 1, 1},
            {"exact", 0, 64, 2, 1, 8},
            {"what firmware leaves", 0, 62.7, 2, 1, 8},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct box b;
        const struct fac_assessment *a;
        int at = 0;

        box_begin(&b, CALC_SERVER, CALC_RACK);
        b.unit.year = cases[i].year;
        box_cpu(&b, 1, 200);
        box_ram_total(&b, cases[i].gib);
        a = box_assess(&b);
        box_sound(a, cases[i].name);
        UNIT_NEAR(
                box_kind(a, CALC_RAM, CALC_GWP),
                5.22 * cases[i].modules + 2.2 * cases[i].gib / MEAN, 1e-12,
                cases[i].name);
        while (at < a->n_dones && a->dones[at].done != FAC_DONE_RAM_MODULES)
            at++;
        UNIT_CHECK(at < a->n_dones, "%s: not flagged", cases[i].name);
        UNIT_NEAR(a->dones[at].used, cases[i].modules, 0, cases[i].name);
        UNIT_NEAR(a->dones[at].low, cases[i].low, 0, cases[i].name);
        UNIT_NEAR(a->dones[at].high, cases[i].high, 0, cases[i].name);
        /* An invented number of modules is no complete inventory. */
        UNIT_CHECK(
                a->choice.rule == 4, "%s: rule %d", cases[i].name,
                a->choice.rule);
    }
}

/* The generation comes from the module's text or the CPU, never from a date
 * alone; the date then tells early DDR4 from later. */
static void ram_generations(void)
{
    static const struct {
        const char *name, *ram, *cpu;
        int year;
        double density;
    } cases[] = {
            {"a date alone", NULL, NULL, 2012, MEAN},
            {"DDR3 by its text", "DDR3 ECC 1600", NULL, 0, 0.75},
            {"DDR5 by its text", "DDR5-4800", NULL, 0, 2.375},
            {"by the CPU", NULL, "Xeon E5-2650 v2", 0, 0.75},
            {"by the CPU, DDR4", NULL, "Xeon E5-2650 v4", 0, 1.3},
            {"DDR4 made in 2017", NULL, "Xeon E5-2650 v4", 2017, 1.3},
            {"DDR4 made in 2018", NULL, "Xeon E5-2650 v4", 2018, 2.375},
            {"DDR3 made in 2018", NULL, "Xeon E5-2650 v2", 2018, 0.75},
            {"text before CPU", "DDR3", "Xeon E5-2650 v4", 0, 0.75},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct box b;
        struct fac_part_desc d = box_desc(CALC_RAM);

        box_begin(&b, CALC_SERVER, CALC_RACK);
        b.unit.year = cases[i].year;
        b.unit.cpu_count = 2;
        if (cases[i].cpu)
            box_model(&b, CALC_CPU, 2, cases[i].cpu);
        d.model = cases[i].ram;
        d.capacity = 16;
        box_add(&b, &d, 8);
        UNIT_NEAR(
                box_kind(box_assess(&b), CALC_RAM, CALC_GWP),
                8 * (5.22 + 2.2 * 16 / cases[i].density), 1e-12, cases[i].name);
        box_sound(&b.a, cases[i].name);
    }
}

static void disks(void)
{
    static struct box b;
    const struct fac_assessment *a;
    double used = NAN;

    box_begin(&b, CALC_SERVER, CALC_RACK);
    box_cpu(&b, 1, 200);
    box_sized(&b, CALC_RAM, 1, 16);
    box_sized(&b, CALC_SSD, 3, 480); /* density unknown */
    box_sized(&b, CALC_SSD, 1, NAN); /* size unknown: 960 GB */
    a = box_assess(&b);
    box_sound(a, "disks");
    /* 4*6.34 + 2.20*(3*480 + 960)/54.884 */
    UNIT_NEAR(
            box_kind(a, CALC_SSD, CALC_GWP), 121.562900663, 1e-9, "four SSDs");
    UNIT_CHECK(box_done(a, FAC_DONE_SSD_DENSITY, &used), "density flagged");
    UNIT_NEAR(used, 54.884, 1e-12, "density");
    UNIT_CHECK(box_done(a, FAC_DONE_SSD_SIZE, &used), "size flagged");
    UNIT_NEAR(used, 960, 1e-12, "size");
}

/* 11.1: s = ln(150/34)/3.92, point sqrt(34*150)*exp(s^2/2) = 76.7; a server
 * whose chassis is not known keeps the set's own 150. */
static void cases_of_machines(void)
{
    static const struct {
        const char *name;
        enum calc_category category;
        enum calc_chassis chassis;
        double kg;
        bool completed;
    } cases[] = {
            {"rack", CALC_SERVER, CALC_RACK, 150, false},
            {"blade", CALC_SERVER, CALC_BLADE, 85.9, false},
            {"tower", CALC_WORKSTATION, CALC_TOWER, 76.7215482394, true},
            {"desktop", CALC_WORKSTATION, CALC_DESKTOP_CASE, 76.7215482394,
             true},
            {"open frame", CALC_GPU_NODE, CALC_OPEN, 34, false},
            {"no chassis", CALC_SERVER, CALC_NO_CHASSIS, NAN, false},
            {"server, unknown", CALC_SERVER, CALC_CHASSIS_UNKNOWN, 150, true},
            {"node, unknown", CALC_GPU_NODE, CALC_CHASSIS_UNKNOWN, 150, true},
            {"shelf, unknown", CALC_STORAGE, CALC_CHASSIS_UNKNOWN, 150, true},
            {"workstation, unknown", CALC_WORKSTATION, CALC_CHASSIS_UNKNOWN,
             76.7215482394, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct box b;

        box_tv09(&b, cases[i].chassis);
        b.unit.category = cases[i].category;
        box_assess(&b);
        box_sound(&b.a, cases[i].name);
        UNIT_NEAR(
                box_kind(&b.a, CALC_CHASSIS, CALC_GWP), cases[i].kg, 1e-6,
                cases[i].name);
        UNIT_CHECK(
                box_done(&b.a, FAC_DONE_CASE, NULL) == cases[i].completed,
                "%s: completed", cases[i].name);
    }
}

static void supplies(void)
{
    static const struct {
        const char *name;
        enum calc_category category;
        enum calc_chassis chassis;
        bool unknown;
        double kg; /* of kg CO2e: 24.30 a kg, 2.99 kg a supply */
    } cases[] = {
            {"rack", CALC_SERVER, CALC_RACK, true, 2 * 72.657},
            {"blade", CALC_SERVER, CALC_BLADE, true, 2 * 72.657},
            {"chassis unknown", CALC_SERVER, CALC_CHASSIS_UNKNOWN, true,
             2 * 72.657},
            {"tower", CALC_WORKSTATION, CALC_TOWER, true, 72.657},
            {"open", CALC_GPU_NODE, CALC_OPEN, true, 72.657},
            {"known to be none", CALC_SERVER, CALC_RACK, false, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct box b;

        box_begin(&b, cases[i].category, cases[i].chassis);
        box_cpu(&b, 1, 200);
        box_sized(&b, CALC_RAM, 1, 16);
        b.unit.unknown_kinds = cases[i].unknown ? 1u << CALC_PSU : 0;
        box_assess(&b);
        box_sound(&b.a, cases[i].name);
        UNIT_NEAR(
                box_kind(&b.a, CALC_PSU, CALC_GWP), cases[i].kg, 1e-12,
                cases[i].name);
        UNIT_CHECK(
                box_done(&b.a, FAC_DONE_PSU_COUNT, NULL) == cases[i].unknown,
                "%s: flagged", cases[i].name);
    }
}

/* A row of cpu_spec with its area, and what a unit says of its sockets. */
static void sockets(void)
{
    static const struct {
        const char *name;
        int count, cores, units;
        enum calc_chassis chassis;
        double sockets;
        bool completed;
    } cases[] = {
            {"stated", 2, -1, 1, CALC_RACK, 2, false},
            {"stated beside as many rows", 4, -1, 4, CALC_RACK, 4, false},
            {"rows alone", -1, -1, 2, CALC_TOWER, 2, false},
            {"one row in a rack", -1, -1, 1, CALC_RACK, 2, true},
            {"one row in a tower", -1, -1, 1, CALC_TOWER, 1, true},
            {"by the cores of the unit", -1, 36, 1, CALC_TOWER, 3, false},
            {"none", 0, -1, 0, CALC_RACK, 0, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct box b;
        const struct fac_cpu *cpu;
        enum fac_match how;
        double each;

        box_begin(&b, CALC_SERVER, cases[i].chassis);
        /* 12 cores, read from the table itself */
        cpu = fac_cpu_find(pack, "Xeon E5-2650 v4", -1, &how);
        CU_ASSERT_PTR_NOT_NULL_FATAL(cpu);
        CU_ASSERT_EQUAL(cpu->cores, 12);
        each = 9.14 + 0.0197 * cpu->die_mm2;
        if (cases[i].units)
            box_model(
                    &b, CALC_CPU, (uint32_t)cases[i].units, "Xeon E5-2650 v4");
        b.unit.cpu_count = cases[i].count;
        b.unit.cpu_cores = cases[i].cores;
        box_sized(&b, CALC_RAM, 1, 16);
        box_assess(&b);
        box_sound(&b.a, cases[i].name);
        UNIT_NEAR(
                box_kind(&b.a, CALC_CPU, CALC_GWP),
                cases[i].sockets > 0 ? cases[i].sockets * each : NAN, 1e-12,
                cases[i].name);
        UNIT_CHECK(
                box_done(&b.a, FAC_DONE_CPU_COUNT, NULL) == cases[i].completed,
                "%s: flagged", cases[i].name);
    }
}

/* No model: the line of die area over cores, 24 when nothing is known. */
static void unnamed_cpus(void)
{
    static struct box b;
    double used = NAN, line;

    box_begin(&b, CALC_SERVER, CALC_RACK);
    line = pack->line_a_mm2 + pack->line_b_mm2 * 16;
    b.unit.cpu_count = 2;
    b.unit.cpu_cores = 32;
    box_sized(&b, CALC_RAM, 4, 16);
    box_assess(&b);
    box_sound(&b.a, "cores alone");
    UNIT_CHECK(box_done(&b.a, FAC_DONE_CPU_LINE, &used), "line flagged");
    UNIT_NEAR(used, line, 1e-12, "area at 16 cores a socket");
    UNIT_NEAR(
            box_kind(&b.a, CALC_CPU, CALC_GWP), 2 * (9.14 + 0.0197 * line),
            1e-12, "cores alone");
    CU_ASSERT_EQUAL(b.a.choice.rule, 4);

    b.unit.cpu_cores = -1;
    box_assess(&b);
    UNIT_CHECK(box_done(&b.a, FAC_DONE_CPU_NOTHING, &used), "nothing flagged");
    UNIT_NEAR(
            used, pack->line_a_mm2 + pack->line_b_mm2 * 24, 1e-12,
            "area of 24 cores");

    b.unit.cpu_count = -1;
    box_assess(&b);
    UNIT_CHECK(!b.a.by[CALC_C].has, "no CPU at all is no approach C");

    /* A name that no table knows, uncounted: two in a rack, which share the
     * unit's 32 cores. */
    box_model(&b, CALC_CPU, 1, "Frobnicator 9000");
    b.unit.cpu_cores = 32;
    box_assess(&b);
    box_sound(&b.a, "unknown name");
    UNIT_NEAR(
            box_kind(&b.a, CALC_CPU, CALC_GWP), 2 * (9.14 + 0.0197 * line),
            1e-12, "unknown name, cores alone");
}

/* ---- lots and exclusions ------------------------------------------------ */

static struct fac_part_desc
desc(enum calc_kind kind, double capacity, double die_mm2, double mass_kg,
     double density)
{
    struct fac_part_desc d = box_desc(kind);

    d.capacity = capacity;
    d.die_mm2 = die_mm2;
    d.mass_kg = mass_kg;
    d.density_gb_per_cm2 = density;
    return d;
}

/* The lines of TV15 as lots of loose parts, and the RAM of TV16. */
static void lots(void)
{
    const struct {
        const char *name;
        struct fac_part_desc desc;
        double units, kg;
    } cases[] = {
            {"RAM", desc(CALC_RAM, 16, NAN, NAN, NAN), 4608, 154402.8},
            {"chassis", desc(CALC_CHASSIS, NAN, NAN, NAN, NAN), 337, 50550},
            {"HDD", desc(CALC_HDD, 4000, NAN, NAN, NAN), 1297, 40349.67},
            {"boards", desc(CALC_BOARD, NAN, NAN, NAN, NAN), 337, 22275.7},
            {"assembly", desc(CALC_ASSEMBLY, NAN, NAN, NAN, NAN), 337, 2251.16},
            {"PSU", desc(CALC_PSU, NAN, NAN, 2.99, NAN), 337, 24485.409},
            {"CPU", desc(CALC_CPU, NAN, 300, NAN, NAN), 620, 9331},
            {"SSD", desc(CALC_SSD, 480, NAN, NAN, 48.5), 113, 3176.7911},
            {"RAM 2.375", desc(CALC_RAM, 16, NAN, NAN, 2.375), 4608, 92349.171},
            {"RAM 0.625", desc(CALC_RAM, 16, NAN, NAN, 0.625), 4608, 283576.32},
            {"RAM of 8", desc(CALC_RAM, 8, NAN, NAN, NAN), 9216, 178456.56},
            {"RAM of 32", desc(CALC_RAM, 32, NAN, NAN, NAN), 2304, 142375.92},
            {"PSU of no known mass", desc(CALC_PSU, NAN, NAN, NAN, NAN), 1,
             72.657},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct box b;

        box_begin(&b, CALC_PART_LOT, CALC_CHASSIS_UNKNOWN);
        b.unit.unknown_kinds = ~(1u << cases[i].desc.kind);
        box_add(&b, &cases[i].desc, 1);
        box_assess(&b);
        box_sound(&b.a, cases[i].name);
        UNIT_NEAR(
                cases[i].units * b.a.kg[CALC_GWP], cases[i].kg, 1e-6,
                cases[i].name);
        UNIT_CHECK(
                b.a.choice.approach == CALC_C && b.a.n_lines == 1 &&
                        b.a.lines[0].kind == cases[i].desc.kind,
                "%s: one line of its kind", cases[i].name);
        UNIT_CHECK(
                strstr(b.a.choice.reason, "loose part") != NULL, "%s: %s",
                cases[i].name, b.a.choice.reason);
        b.unit.chassis = CALC_NO_CHASSIS; /* of a lot it says nothing */
        b.uses[0].units = 5;
        box_assess(&b);
        UNIT_NEAR(
                cases[i].units * b.a.kg[CALC_GWP], 5 * cases[i].kg, 1e-6,
                cases[i].name);
    }
}

static void lots_without_factor(void)
{
    static const enum calc_kind kinds[] = {
            CALC_TAPE, CALC_NIC, CALC_SWITCH, CALC_OTHER};
    static struct box b;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fac_part_desc d = box_desc(kinds[i]);

        box_begin(&b, CALC_PART_LOT, CALC_CHASSIS_UNKNOWN);
        box_add(&b, &d, 1);
        box_assess(&b);
        box_sound(&b.a, calc_kind_word(kinds[i]));
        CU_ASSERT_EQUAL(b.a.choice.approach, CALC_NONE);
        CU_ASSERT_EQUAL(b.a.n_no_factor, 1);
        CU_ASSERT_EQUAL(b.a.no_factor[0].kind, kinds[i]);
        CU_ASSERT_EQUAL(b.a.no_factor[0].units, 1);
        UNIT_CHECK(
                b.a.flags & FAC_NO_FACTOR_PARTS, "%s: flag",
                calc_kind_word(kinds[i]));
        /* A stated figure counts it all the same, as its own kind. */
        b.unit.stated_kg = 12;
        box_assess(&b);
        box_sound(&b.a, "stated lot");
        CU_ASSERT_EQUAL(b.a.choice.approach, CALC_STATED);
        CU_ASSERT_EQUAL(b.a.n_no_factor, 0);
        UNIT_NEAR(box_kind(&b.a, kinds[i], CALC_GWP), 12, 1e-12, "stated lot");
    }
}

static void exclusions(void)
{
    static struct box b;
    struct fac_part_desc nic = box_desc(CALC_NIC), tape = box_desc(CALC_TAPE);
    double before;

    box_tv09(&b, CALC_RACK);
    before = box_assess(&b)->kg[CALC_GWP];
    CU_ASSERT_EQUAL(b.a.flags & FAC_NO_FACTOR_PARTS, 0);
    box_add(&b, &nic, 2);
    box_add(&b, &tape, 1);
    box_assess(&b);
    UNIT_NEAR(b.a.kg[CALC_GWP], before, 0, "no kg for a card without factor");
    CU_ASSERT_EQUAL(b.a.n_no_factor, 2);
    UNIT_CHECK(b.a.flags & FAC_NO_FACTOR_PARTS, "flag");

    /* A kind that may be there is unknown, not none. */
    b.unit.unknown_kinds = 1u << CALC_GPU | 1u << CALC_NIC | 1u << CALC_HDD;
    box_assess(&b);
    UNIT_CHECK(b.a.flags & FAC_PARTS_UNKNOWN, "unknown cards flagged");
    CU_ASSERT_EQUAL(b.a.unknown_kinds, 1u << CALC_GPU);
    CU_ASSERT_EQUAL(b.a.choice.rule, 4);
}

static void virtual_machine(void)
{
    static struct box b;

    box_tv09(&b, CALC_RACK);
    b.unit.is_virtual = true;
    box_assess(&b);
    box_sound(&b.a, "virtual");
    CU_ASSERT_EQUAL(b.a.choice.approach, CALC_NONE);
    CU_ASSERT_EQUAL(b.a.n_lines, 0);
    CU_ASSERT_EQUAL(b.a.n_no_factor, 0);
    UNIT_CHECK(
            strstr(b.a.choice.reason, "virtual machine") != NULL, "%s",
            b.a.choice.reason);
}

/* More rows than lines: everything is counted, nothing overflows. */
static void many_rows(void)
{
    static struct box b;
    static const char *const gpus[] = {
            "Tesla T4", "Tesla V100-PCIE-16GB", "GeForce GTX 1080 Ti"};
    double gpu_kg = 0, cpu_kg = 0;

    box_begin(&b, CALC_GPU_NODE, CALC_RACK);
    for (int i = 0; i < 27; i++)
        gpu_kg += box_model(&b, CALC_GPU, 1, gpus[i % 3])->unit.kg[CALC_GWP];
    for (int i = 0; i < 11; i++) {
        struct fac_part_desc d = box_desc(CALC_CPU);

        d.die_mm2 = 100 + i;
        cpu_kg += box_add(&b, &d, 1)->unit.kg[CALC_GWP];
    }
    box_sized(&b, CALC_RAM, 1, 16);
    box_assess(&b);
    box_sound(&b.a, "many rows");
    UNIT_NEAR(box_kind(&b.a, CALC_GPU, CALC_GWP), gpu_kg, 1e-12, "27 cards");
    UNIT_NEAR(box_kind(&b.a, CALC_CPU, CALC_GWP), cpu_kg, 1e-12, "11 CPUs");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"TV09, TV10 and their criteria", tv09},
            {"interval of TV09", tv09_interval},
            {"equal machines share all", equal_machines},
            {"RAM totals", ram_totals},
            {"RAM generations", ram_generations},
            {"SSDs", disks},
            {"cases", cases_of_machines},
            {"power supplies", supplies},
            {"sockets", sockets},
            {"CPUs without a model", unnamed_cpus},
            {"lots of parts, TV15 and TV16", lots},
            {"lots without a factor", lots_without_factor},
            {"exclusions", exclusions},
            {"virtual machine", virtual_machine},
            {"many rows", many_rows},
            {NULL, NULL},
    };
    int status = unit_main("assess", tests);

    fac_pack_free(pack);
    return status;
}
