/* SPDX-License-Identifier: Apache-2.0
 * Which approach a unit gets, what a whole figure is split into, and what the
 * derivation says of it. */
#include "assess_unit.h"
#include "factors/assess_priv.h"

enum what { /* that the case's unit is made of */
            NOTHING,
            PARTS,      /* TV09 */
            PARTS_CARD, /* TV09, and cards may be there unseen */
            SIZED,      /* a screen's size */
            PART_ROWS = 3
};

static const struct fac_product *
product(const char *maker, const char *name, enum calc_category c)
{
    box_pack();
    return fac_product_resolve(pack, maker, name, c);
}

static void choices(void)
{
    static const struct {
        const char *name;
        enum calc_category category;
        enum calc_chassis chassis;
        enum what what;
        const char *maker, *product;
        double stated_kg;
        enum calc_approach approach;
        int rule;
        unsigned flags; /* that must be set, of those below */
    } cases[] = {
            {"complete server", CALC_SERVER, CALC_RACK, PARTS, NULL, NULL, NAN,
             CALC_C, 2, 0},
            {"complete server with a sheet", CALC_SERVER, CALC_RACK, PARTS,
             "Dell", "PowerEdge R740", NAN, CALC_C, 2, 0},
            {"server, cards unknown", CALC_SERVER, CALC_RACK, PARTS_CARD, NULL,
             NULL, NAN, CALC_C, 4, FAC_PARTS_UNKNOWN},
            {"the same with a sheet", CALC_SERVER, CALC_RACK, PARTS_CARD,
             "Dell", "PowerEdge R740", NAN, CALC_A, 4, FAC_MIXED_SETS},
            {"server of unknown model", CALC_SERVER, CALC_RACK, NOTHING, NULL,
             NULL, NAN, CALC_B, 6, FAC_UNKNOWN_MODEL},
            {"server of a model without sheet", CALC_SERVER, CALC_RACK, NOTHING,
             "Frobozz", "Magic 9000", NAN, CALC_B, 4, 0},
            {"bare server with a sheet", CALC_SERVER, CALC_RACK, NOTHING,
             "Dell", "PowerEdge R740", NAN, CALC_A, 4, 0},
            {"gpu node of unknown model", CALC_GPU_NODE, CALC_RACK, NOTHING,
             NULL, NULL, NAN, CALC_B, 6, FAC_UNKNOWN_MODEL},
            {"complete workstation", CALC_WORKSTATION, CALC_TOWER, PARTS, NULL,
             NULL, NAN, CALC_C, 2, 0},
            {"workstation, cards unknown", CALC_WORKSTATION, CALC_TOWER,
             PARTS_CARD, NULL, NULL, NAN, CALC_C, 4, FAC_PARTS_UNKNOWN},
            {"open frame at home", CALC_DESKTOP, CALC_OPEN, PARTS, NULL, NULL,
             NAN, CALC_C, 2, 0},
            {"laptop of unknown model", CALC_LAPTOP, CALC_LAPTOP_CASE, NOTHING,
             NULL, NULL, NAN, CALC_B, 6, FAC_UNKNOWN_MODEL},
            {"screen of unknown model", CALC_SCREEN_UNIT, CALC_CHASSIS_UNKNOWN,
             NOTHING, NULL, NULL, NAN, CALC_B, 6, FAC_UNKNOWN_MODEL},
            {"screen of a size", CALC_SCREEN_UNIT, CALC_CHASSIS_UNKNOWN, SIZED,
             NULL, NULL, NAN, CALC_B, 5, 0},
            {"screen with a sheet", CALC_SCREEN_UNIT, CALC_CHASSIS_UNKNOWN,
             NOTHING, "Dell", "P2419H", NAN, CALC_A, 3, 0},
            {"loose screen of a size", CALC_PART_LOT, CALC_CHASSIS_UNKNOWN,
             SIZED, NULL, NULL, NAN, CALC_B, 5, 0},
            {"switch", CALC_SWITCH_UNIT, CALC_RACK, NOTHING, NULL, NULL, NAN,
             CALC_NONE, 6, 0},
            {"switch with a processor and memory", CALC_SWITCH_UNIT, CALC_RACK,
             PARTS, NULL, NULL, NAN, CALC_C, 4, 0},
            {"board computer", CALC_SBC, CALC_NO_CHASSIS, NOTHING, NULL, NULL,
             NAN, CALC_NONE, 6, 0},
            {"board computer with parts", CALC_SBC, CALC_NO_CHASSIS, PARTS,
             NULL, NULL, NAN, CALC_C, 4, 0},
            {"stated", CALC_SERVER, CALC_RACK, PARTS, NULL, NULL, 500,
             CALC_STATED, 1, 0},
            {"stated switch", CALC_SWITCH_UNIT, CALC_RACK, NOTHING, NULL, NULL,
             80, CALC_STATED, 1, 0},
    };
    static const unsigned flags = FAC_UNKNOWN_MODEL | FAC_MIXED_SETS |
                                  FAC_PARTS_UNKNOWN | FAC_NO_FACTOR_PARTS |
                                  FAC_NEGATIVE;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct box b;

        if (cases[i].what == PARTS || cases[i].what == PARTS_CARD)
            box_tv09(&b, cases[i].chassis);
        else
            box_begin(&b, cases[i].category, cases[i].chassis);
        b.unit.category = cases[i].category;
        b.unit.stated_kg = cases[i].stated_kg;
        if (cases[i].what == PARTS_CARD)
            b.unit.unknown_kinds = 1u << CALC_GPU;
        if (cases[i].what == NOTHING)
            b.unit.unknown_kinds = ~0u;
        if (cases[i].what == SIZED)
            box_sized(&b, CALC_SCREEN, 1, 24);
        if (cases[i].product)
            b.unit.product = product(
                    cases[i].maker, cases[i].product, cases[i].category);
        box_assess(&b);
        box_sound(&b.a, cases[i].name);
        UNIT_CHECK(
                b.a.choice.approach == cases[i].approach &&
                        b.a.choice.rule == cases[i].rule,
                "%s: %s by rule %d", cases[i].name,
                calc_approach_word(b.a.choice.approach), b.a.choice.rule);
        UNIT_CHECK(
                (b.a.flags & flags) == cases[i].flags, "%s: flags %x",
                cases[i].name, b.a.flags);
        UNIT_CHECK(
                b.a.choice.reason && *b.a.choice.reason, "%s: no reason",
                cases[i].name);
    }
}

/* ---- approach A --------------------------------------------------------- */

/* PowerEdge R740: 8640 - 7283.5 = 1356.5 kg with 32 GB, x2 300GB and x1 1TB
 * HDD. The unit is TV09. RAM: 12*5.22 + 2.20*384/1.24436 less 5.22 +
 * 2.20*32/1.24436; HDD: 2 less 3; SSD: one more. Variance: (1356.5*0.207)^2
 * of the sheet, and of each difference as in approach C; the sheet's one
 * module is completed within 1..4. */
static void corrected_sheet(void)
{
    static struct box b;
    const struct fac_pcf *pcf;
    double other, sum = 0;

    box_tv09(&b, CALC_RACK);
    b.unit.unknown_kinds = 1u << CALC_GPU;
    b.unit.product = product("Dell Inc.", "PowerEdge R740", CALC_SERVER);
    box_assess(&b);
    box_sound(&b.a, "R740");
    CU_ASSERT_EQUAL(b.a.choice.approach, CALC_A);
    UNIT_NEAR(b.a.kg[CALC_GWP], 2055.0225168256343, 1e-12, "corrected");
    UNIT_NEAR(b.a.by[CALC_A].sigma, 0.2088430484787832, 1e-9, "sigma");
    UNIT_NEAR(b.a.kg[CALC_ADP], NAN, 0, "the sheet has no ADP");
    /* Movable parts by approach C, the rest of the sheet in one line. */
    other = box_kind(&b.a, CALC_OTHER, CALC_GWP);
    UNIT_NEAR(
            other,
            2055.0225168256343 - 41.92 - 741.5412273524 - 62.22 - 49.8863917526,
            1e-9, "remainder");
    CU_ASSERT_EQUAL(b.a.n_dones, 0);
    pcf = b.unit.product->pcf;
    for (int i = 0; i < b.a.n_lines; i++)
        for (int k = 0; k < b.a.lines[i].n_shared; k++)
            if (b.a.lines[i].shared[k].id == pcf->shared_id)
                sum += b.a.lines[i].shared[k].sd_kg;
    UNIT_NEAR(sum, 1356.5 * 0.207, 1e-9, "the sheet's own doubt");

    /* A kind that only one side knows is not corrected. */
    b.unit.unknown_kinds |= 1u << CALC_HDD;
    b.unit.n_uses = 2; /* CPU and RAM */
    box_assess(&b);
    UNIT_NEAR(
            b.a.by[CALC_A].kg[CALC_GWP],
            1356.5 + 11 * 5.22 + 2.2 * 352 / (13.688 / 11) -
                    0 /* SSD: none on either side */,
            1e-12, "RAM alone");
}

/* A sheet whose own parts, by the bottom-up formula, outweigh it gives no
 * figure: 1356.5 less 100 hard disks of 31.11. */
static void unfit_sheets(void)
{
    static struct box b;
    static struct fac_product p;
    struct fac_sheet *sheet, before;

    box_begin(&b, CALC_SERVER, CALC_RACK);
    b.unit.unknown_kinds = 1u << CALC_RAM;
    p = *product("Dell", "PowerEdge R740", CALC_SERVER);
    b.unit.product = &p;
    CU_ASSERT_PTR_NOT_NULL_FATAL(p.pcf);
    box_assess(&b);
    UNIT_NEAR(
            b.a.by[CALC_A].kg[CALC_GWP], 1356.5 - 3 * 31.11, 1e-12,
            "no disks of three");
    sheet = &pack->hot->sheets[p.pcf - pack->pcfs];
    before = *sheet;
    sheet->n_hdd = 100;
    box_assess(&b);
    *sheet = before;
    UNIT_CHECK(!b.a.by[CALC_A].has, "1356.5 - 3111 is no figure");
    UNIT_CHECK(b.a.flags & FAC_NEGATIVE, "flagged");
    CU_ASSERT_EQUAL(b.a.choice.approach, CALC_B);
    p.score = 0.89;
    box_assess(&b);
    UNIT_CHECK(!b.a.by[CALC_A].has, "0.89 is no match");
}

static void sheet_words(void)
{
    static const struct {
        const char *disk, *memory;
        struct fac_sheet want;
    } cases[] = {
            {"", "", {0}},
            {"No Hard Drive", "16", {true, true, true, 16, 0, 0, 0, 0}},
            {"x4 1TB HDD x2 120GB SSD",
             "48.0",
             {true, true, true, 48, 4, 2, 240, 0}},
            {"x4 1TB 2.5in HDD   x2 300GB 2.5in HDD",
             "12GB",
             {true, true, true, 12, 6, 0, 0, 0}},
            {"SSD 512GB", "", {false, true, true, 0, 0, 1, 512, 0}},
            {"x1 1.5TB SSD", "", {false, true, true, 0, 0, 1, 1500, 0}},
            {"4x146GB HDD", "", {false, true, true, 0, 4, 0, 0, 0}},
            /* says nothing of hard disks */
            {"4 SSD", "", {false, false, true, 0, 0, 4, 0, 4}},
            /* which kind? */
            {"1024GB", "8", {true, false, false, 8, 0, 0, 0, 0}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct fac_sheet *w = &cases[i].want;
        struct fac_sheet s;

        fac_sheet_read(cases[i].disk, cases[i].memory, &s);
        UNIT_CHECK(
                s.ram_known == w->ram_known && s.hdd_known == w->hdd_known &&
                        s.ssd_known == w->ssd_known,
                "'%s' '%s': known %d %d %d", cases[i].disk, cases[i].memory,
                s.ram_known, s.hdd_known, s.ssd_known);
        UNIT_NEAR(s.ram_gb, w->ram_gb, 1e-12, cases[i].memory);
        UNIT_NEAR(s.n_hdd, w->n_hdd, 1e-12, cases[i].disk);
        UNIT_NEAR(s.n_ssd, w->n_ssd, 1e-12, cases[i].disk);
        UNIT_NEAR(s.ssd_gb, w->ssd_gb, 1e-12, cases[i].disk);
        UNIT_NEAR(s.ssd_unsized, w->ssd_unsized, 1e-12, cases[i].disk);
    }
}

/* ---- approach B --------------------------------------------------------- */

static void averages(void)
{
    static const struct {
        const char *name;
        enum calc_category category;
        double kg, other_kg, gsd; /* NAN: rule 6 stays, model or not */
    } cases[] = {
            {"server", CALC_SERVER, 1234.5, 3660, 1.37},
            {"gpu node", CALC_GPU_NODE, 1234.5, 3660, 1.37},
            {"storage", CALC_STORAGE, 1234.5, 3660, 1.37},
            {"desktop", CALC_DESKTOP, 345, 277, NAN},
            {"workstation", CALC_WORKSTATION, 345, 277, NAN},
            {"laptop", CALC_LAPTOP, 217.7, 181, NAN},
            {"screen", CALC_SCREEN_UNIT, 282.2, 64.7, 1.38},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct box b;

        box_begin(&b, cases[i].category, CALC_CHASSIS_UNKNOWN);
        b.unit.unknown_kinds = ~0u;
        box_assess(&b);
        box_sound(&b.a, cases[i].name);
        UNIT_NEAR(b.a.kg[CALC_GWP], cases[i].kg, 1e-12, cases[i].name);
        UNIT_NEAR(
                b.a.b_other.kg[CALC_GWP], cases[i].other_kg, 1e-12,
                cases[i].name);
        /* Unknown model: 2.0 in all. */
        UNIT_NEAR(b.a.by[CALC_B].sigma, log(2), 1e-12, cases[i].name);
        UNIT_CHECK(
                b.a.flags & FAC_UNKNOWN_MODEL && b.a.n_lines == 1, "%s",
                cases[i].name);
        /* Known: the makers' spread and the level of the set, 1.2. */
        b.unit.product = product("Frobozz", "Magic 9000", cases[i].category);
        box_assess(&b);
        UNIT_NEAR(
                b.a.by[CALC_B].sigma,
                isnan(cases[i].gsd) ? log(2)
                                    : hypot(log(cases[i].gsd), log(1.2)),
                1e-12, cases[i].name);
    }
}

/* Units of one model vary together; two models share the set's level alone. */
static void models(void)
{
    static struct box b;
    struct calc_line one, same, two;

    box_begin(&b, CALC_LAPTOP, CALC_LAPTOP_CASE);
    b.unit.unknown_kinds = ~0u;
    b.unit.product = product("Frobozz", "Magic 1", CALC_LAPTOP);
    one = box_assess(&b)->lines[0];
    same = box_assess(&b)->lines[0];
    b.unit.product = product("Frobozz", "Magic 2", CALC_LAPTOP);
    two = box_assess(&b)->lines[0];
    CU_ASSERT_EQUAL(one.n_shared, 2);
    CU_ASSERT_EQUAL(one.shared[0].id, two.shared[0].id);
    CU_ASSERT_EQUAL(one.shared[1].id, same.shared[1].id);
    CU_ASSERT_NOT_EQUAL(one.shared[1].id, two.shared[1].id);
}

/* ---- wholes and their lines --------------------------------------------- */

/* The error of one stated figure, by hand: 0.207 of it [2.1], whole, however
 * many lines it is split over. */
static void stated_spread(const struct fac_assessment *a, double whole_kg)
{
    double sd_kg = 0;

    for (int i = 0; i < a->n_lines; i++) {
        UNIT_CHECK(a->lines[i].n_shared == 1, "one error");
        UNIT_CHECK(
                a->lines[i].shared[0].id == a->lines[0].shared[0].id,
                "the same in every line");
        UNIT_NEAR(a->lines[i].own_var_kg2, 0, 0, "and nothing beside it");
        sd_kg += a->lines[i].shared[0].sd_kg;
    }
    UNIT_NEAR(sd_kg, 0.207 * whole_kg, 1e-12, "spread of the whole");
}

static void stated(void)
{
    static struct box b;

    /* More than the parts: the rest is one line [2.5]. */
    box_tv09(&b, CALC_RACK);
    b.unit.stated_kg = 2000;
    b.unit.stated_source = "maker, 2024";
    box_assess(&b);
    box_sound(&b.a, "stated 2000");
    UNIT_NEAR(b.a.kg[CALC_GWP], 2000, 1e-12, "stated");
    UNIT_NEAR(
            box_kind(&b.a, CALC_OTHER, CALC_GWP), 2000 - 895.5676191050, 1e-9,
            "rest");
    stated_spread(&b.a, 2000);
    /* Less: the parts are scaled into it, 500/895.567619. */
    b.unit.stated_kg = 500;
    box_assess(&b);
    box_sound(&b.a, "stated 500");
    UNIT_NEAR(
            box_kind(&b.a, CALC_RAM, CALC_GWP),
            741.5412273524 * 500 / 895.5676191050, 1e-9, "scaled RAM");
    UNIT_NEAR(box_kind(&b.a, CALC_OTHER, CALC_GWP), NAN, 0, "no rest");
    UNIT_NEAR(b.a.kg[CALC_GWP], 500, 1e-12, "stated");
    stated_spread(&b.a, 500);
    /* Of a screen and a switch: one line of their kind. */
    box_begin(&b, CALC_SWITCH_UNIT, CALC_RACK);
    b.unit.stated_kg = 80;
    UNIT_NEAR(box_kind(box_assess(&b), CALC_SWITCH, CALC_GWP), 80, 0, "switch");
}

static void screens_on_the_desk(void)
{
    static struct box b;
    double bare;

    box_tv09(&b, CALC_TOWER);
    b.unit.category = CALC_WORKSTATION;
    bare = box_assess(&b)->kg[CALC_GWP];
    box_sized(&b, CALC_SCREEN, 2, 24);
    box_assess(&b);
    box_sound(&b.a, "two screens");
    UNIT_NEAR(b.a.kg[CALC_GWP], bare + 2 * 282.2, 1e-12, "two screens");
    UNIT_NEAR(
            b.a.by[CALC_B].kg[CALC_GWP], 345 + 2 * 282.2, 1e-12,
            "beside the average too");
    /* A screen does not hold a screen. */
    box_begin(&b, CALC_SCREEN_UNIT, CALC_CHASSIS_UNKNOWN);
    box_sized(&b, CALC_SCREEN, 1, 24);
    UNIT_NEAR(box_assess(&b)->kg[CALC_GWP], 282.2, 1e-12, "one screen");
    /* Nor is one lost beside what has no figure. */
    box_begin(&b, CALC_OTHER_UNIT, CALC_CHASSIS_UNKNOWN);
    box_sized(&b, CALC_SCREEN, 1, 24);
    box_assess(&b);
    CU_ASSERT_EQUAL(b.a.choice.approach, CALC_NONE);
    CU_ASSERT_EQUAL(b.a.n_no_factor, 1);
    CU_ASSERT_EQUAL(b.a.no_factor[0].kind, CALC_SCREEN);
    /* Three loose screens in a row of parts. */
    box_begin(&b, CALC_PART_LOT, CALC_CHASSIS_UNKNOWN);
    box_sized(&b, CALC_SCREEN, 3, 24);
    box_assess(&b);
    box_sound(&b.a, "three loose screens");
    UNIT_NEAR(
            box_kind(&b.a, CALC_SCREEN, CALC_GWP), 3 * 282.2, 1e-12,
            "three loose screens");
}

static void discrepancy(void)
{
    static struct box b;

    box_tv09(&b, CALC_RACK);
    box_assess(&b);
    UNIT_NEAR(b.a.discrepancy, 1263.6616191 / 1234.5, 1e-9, "C to B");
    UNIT_CHECK(!(b.a.flags & FAC_DISCREPANCY), "alike");
    b.unit.n_uses = 2;
    b.uses[1].units = 1; /* one module: 5.22 + 2.20*32/1.24436 = 61.795 */
    b.unit.chassis = CALC_NO_CHASSIS;
    box_assess(&b);
    /* 41.92 + 61.795102... + 66.1 + 6.68 */
    UNIT_NEAR(b.a.discrepancy, 1234.5 / 176.4951023, 1e-8, "C to B");
    UNIT_CHECK(b.a.flags & FAC_DISCREPANCY, "W-EMB-DISC");
}

/* ---- why this number ---------------------------------------------------- */

static void explained(const struct box *b, const char *name)
{
    struct fac_step steps[FAC_MAX_STEPS];
    int n = fac_explain(pack, &b->unit, &b->a, steps);
    double kg = 0;

    for (int i = 0; i < n; i++) {
        kg += steps[i].kg;
        UNIT_CHECK(
                steps[i].formula[0] && steps[i].filled[0], "%s: step %d empty",
                name, i);
        UNIT_CHECK(
                steps[i].source && steps[i].source[0], "%s: step %d, no source",
                name, i);
    }
    UNIT_NEAR(n ? kg : NAN, b->a.kg[CALC_GWP], 1e-12, name);
}

static const char *
filled(const struct box *b, enum calc_kind kind, const char **key)
{
    static struct fac_step steps[FAC_MAX_STEPS];
    int n = fac_explain(pack, &b->unit, &b->a, steps);

    for (int i = 0; i < n; i++)
        if (steps[i].kind == kind) {
            *key = steps[i].factor ? steps[i].factor->key : "";
            return steps[i].filled;
        }
    *key = "";
    return "";
}

static void derivations(void)
{
    static struct box b;
    const char *key;

    box_tv09(&b, CALC_RACK);
    box_assess(&b);
    explained(&b, "TV09");
    CU_ASSERT_STRING_EQUAL(
            filled(&b, CALC_RAM, &key),
            "12 * 5.22 + 2.2 * 384 GB / 1.244364 = 741.5412");
    CU_ASSERT_STRING_EQUAL(key, "ram.die");
    CU_ASSERT_STRING_EQUAL(
            filled(&b, CALC_CPU, &key),
            "2 * (9.14 + 0.0197 * 600 mm2) = 41.92");
    CU_ASSERT_STRING_EQUAL(key, "cpu.die");
    CU_ASSERT_STRING_EQUAL(filled(&b, CALC_PSU, &key), "5.98 * 24.3 = 145.314");
    CU_ASSERT_STRING_EQUAL(filled(&b, CALC_HDD, &key), "2 * 31.11 = 62.22");

    box_model(&b, CALC_GPU, 2, "Tesla T4");
    box_model(&b, CALC_GPU, 1, "Frobozz");
    box_model(&b, CALC_CPU, 2, "Xeon E5-2650 v4");
    box_sized(&b, CALC_SSD, 1, NAN);
    box_sized(&b, CALC_SCREEN, 1, 24);
    b.unit.cpu_count = -1;
    b.unit.chassis = CALC_TOWER;
    b.unit.unknown_kinds = 1u << CALC_PSU;
    box_assess(&b);
    explained(&b, "a mixed bag");
    b.unit.product = product("Dell", "PowerEdge R740", CALC_SERVER);
    box_assess(&b);
    CU_ASSERT_EQUAL(b.a.choice.approach, CALC_A);
    explained(&b, "a sheet");
    b.unit.stated_kg = 700;
    b.unit.stated_source = "a letter";
    box_assess(&b);
    explained(&b, "stated");

    box_begin(&b, CALC_DESKTOP, CALC_CHASSIS_UNKNOWN);
    b.unit.unknown_kinds = ~0u;
    box_sized(&b, CALC_SCREEN, 1, 24);
    box_assess(&b);
    explained(&b, "an average");
    box_begin(&b, CALC_SERVER, CALC_BLADE);
    b.unit.cpu_cores = 16;
    box_ram_total(&b, 64);
    box_assess(&b);
    explained(&b, "cores in a blade");
    CU_ASSERT_STRING_EQUAL(
            filled(&b, CALC_CHASSIS, &key), "30.9 + 880 / 16 = 85.9");
    box_begin(&b, CALC_SWITCH_UNIT, CALC_RACK);
    box_assess(&b);
    explained(&b, "nothing to explain");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"choice of the approach", choices},
            {"a corrected sheet", corrected_sheet},
            {"sheets that do not fit", unfit_sheets},
            {"words of sheets", sheet_words},
            {"category averages", averages},
            {"models of an average", models},
            {"stated figures", stated},
            {"screens on the desk", screens_on_the_desk},
            {"discrepancy", discrepancy},
            {"derivations", derivations},
            {NULL, NULL},
    };
    int status = unit_main("choice", tests);

    fac_pack_free(pack);
    return status;
}
