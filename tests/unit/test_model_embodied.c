/* SPDX-License-Identifier: Apache-2.0
 * Fabrication formulas against the vectors of the method (TV06, 09, 10, 11,
 * 13, 15, 16, 23), with the factors of method 2.3 and 12 typed in here. */
#include "model/model.h"

#include "unit.h"

#define REL 1e-6
#define REL_TV15 1e-5

static const struct calc_affine cpu = {
        .base = {9.14, 2.04e-2, 156}, .slope = {0.0197, 5.87e-9, 0.265}};
static const struct calc_affine strip = {
        .base = {5.22, 1.69e-3, 74}, .slope = {2.20, 6.3e-5, 27.3}};
static const struct calc_affine ssd = {
        .base = {6.34, 5.63e-4, 73.98}, .slope = {2.20, 6.3e-5, 27.3}};
static const struct calc_affine hdd = {.base = {31.11, 2.50e-4, 276}};
static const struct calc_affine psu = {.slope = {24.30, 8.30e-3, 352}};
static const struct calc_affine board = {.base = {66.10, 3.69e-3, 836}};
static const struct calc_affine assembly = {.base = {6.68, 1.41e-6, 68.6}};
static const struct calc_affine rack = {.base = {150, 2.02e-2, 2200}};
/* a blade, and its sixteenth of an enclosure */
static const struct calc_affine blade = {
        .base = {30.9, 6.72e-4, 435}, .slope = {880, 0.432, 12700}};

#define MEAN_DENSITY 1.2443636

static double kg(const struct calc_affine *f, double x, double units)
{
    double out[CALC_CRITERIA];

    calc_affine_at(f, x, units, out);
    return out[CALC_GWP];
}

static void server(void)
{
    const double parts[] = {
            kg(&cpu, 600, 2), kg(&strip, 32 / MEAN_DENSITY, 12),
            kg(&hdd, 0, 2),   kg(&ssd, 960 / 48.5, 1),
            kg(&board, 0, 1), kg(&psu, 2.99, 2),
            kg(&rack, 0, 1),  kg(&assembly, 0, 1),
    };
    static const struct {
        const char *name;
        double want_kg;
    } cases[] = {
            {"TV09 cpu", 41.92},  {"TV09 ram", 741.54123},
            {"TV09 hdd", 62.22},  {"TV09 ssd", 49.886392},
            {"TV09 board", 66.1}, {"TV09 psu", 145.314},
            {"TV09 case", 150},   {"TV09 assembly", 6.68},
    };
    double sum = 0;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        UNIT_NEAR(parts[i], cases[i].want_kg, REL, cases[i].name);
        sum += parts[i];
    }
    UNIT_NEAR(sum, 1263.6616, REL, "TV09 total");
    UNIT_NEAR(kg(&blade, 1.0 / 16, 1), 85.9, REL, "TV10");
    UNIT_NEAR(kg(&cpu, NAN, 2), NAN, REL, "die unknown");
    UNIT_NEAR(kg(&cpu, 600, 0), 0, REL, "no unit");
}

/* The other criteria go the same way: two CPUs of 600 mm2, by hand. */
static void other_criteria(void)
{
    struct calc_affine gap = cpu;
    double out[CALC_CRITERIA];

    calc_affine_at(&cpu, 600, 2, out);
    UNIT_NEAR(out[CALC_ADP], 2 * (2.04e-2 + 3.522e-6), REL, "ADP");
    UNIT_NEAR(out[CALC_PE], 2 * (156 + 159), REL, "PE");
    gap.base[CALC_ADP] = NAN;
    calc_affine_at(&gap, 600, 2, out);
    UNIT_NEAR(out[CALC_ADP], NAN, REL, "no factor stays unknown");
    UNIT_NEAR(out[CALC_GWP], 41.92, REL, "the others stay known");
}

/* The counts of TV15 with the two residuals solved as method 2.6 says. */
static void calibration(void)
{
    double ram = kg(&strip, 16 / MEAN_DENSITY, 4608);
    double chassis = kg(&rack, 0, 337), disks = kg(&hdd, 0, 1297);
    double boards = kg(&board, 0, 337), mounting = kg(&assembly, 0, 337);
    double supplies = kg(&psu, 2.99, 337), cpus = kg(&cpu, 300, 620);
    double flash = kg(&ssd, 480 / 48.5, 113);
    double screens = 0.8 * 352000 - ram - chassis - disks;
    double gpus = 0.2 * 352000 - boards - mounting - supplies - cpus - flash;

    UNIT_NEAR(ram, 154402.8, REL_TV15, "TV15 ram");
    UNIT_NEAR(chassis, 50550, REL_TV15, "TV15 chassis");
    UNIT_NEAR(disks, 40349.67, REL_TV15, "TV15 hdd");
    UNIT_NEAR(screens, 36297.534, REL_TV15, "TV15 screens");
    UNIT_NEAR(screens / 282.2, 128.62344, REL_TV15, "TV15 screens of 282.2");
    UNIT_NEAR(screens / 64.7, 561.0129, REL_TV15, "TV15 screens of 64.7");
    UNIT_NEAR(boards, 22275.7, REL_TV15, "TV15 boards");
    UNIT_NEAR(mounting, 2251.16, REL_TV15, "TV15 assembly");
    UNIT_NEAR(supplies, 24485.409, REL_TV15, "TV15 psu");
    UNIT_NEAR(cpus, 9331, REL_TV15, "TV15 cpu");
    UNIT_NEAR(flash, 3176.7911, REL_TV15, "TV15 ssd");
    UNIT_NEAR(gpus, 8879.9399, REL_TV15, "TV15 gpu");
    UNIT_NEAR(gpus / 180, 49.332999, REL_TV15, "TV15 each gpu");
}

static void memory_factors(void)
{
    static const struct calc_affine ddr4 = {.slope = {0.065}};
    static const struct calc_affine ddr3 = {.slope = {0.230}};

    UNIT_NEAR(kg(&ddr4, 73728, 1), 4792.32, REL, "TV16 ACT DDR4");
    UNIT_NEAR(kg(&ddr3, 73728, 1), 16957.44, REL, "TV16 ACT DDR3");
    UNIT_NEAR(kg(&strip, 16 / 2.375, 4608), 92349.171, REL, "TV16 at 2.375");
    UNIT_NEAR(kg(&strip, 16 / 0.625, 4608), 283576.32, REL, "TV16 at 0.625");
    UNIT_NEAR(kg(&strip, 8 / MEAN_DENSITY, 9216), 178456.56, REL, "TV16 8 GB");
    UNIT_NEAR(
            kg(&strip, 32 / MEAN_DENSITY, 2304), 142375.92, REL, "TV16 32 GB");
}

static const struct calc_gpu_factors gpu_factors = {
        .casing = {8.2542, NAN},
        .sink = {5.7412, NAN},
        .board = {0.032549, NAN},
        .die = {0.042592, NAN},
        .vram = {0.18379, NAN},
        .upstream = {0.25955, NAN},
        .boat = {1.33e-5, NAN},
        .truck = {5.04e-5, NAN},
        .plane = {2.11e-3, NAN},
        .end_of_life = {1.5062, NAN},
};

static void card(void)
{
    struct calc_gpu_card c = {
            .casing_kg = 0.252,
            .sink_kg = 0.427,
            .board_cm2 = 312.14,
            .mass_kg = 0.881,
            .die_eff_mm2 = 740.57,
            .vram_gb = 11,
            .vram_dies = 11,
            .boat_km = 19000,
            .truck_km = 1000,
            .plane_km = 0,
    };
    struct calc_gpu_split s = {0};
    double out[CALC_CRITERIA];

    calc_gpu(&gpu_factors, &c, out, &s);
    UNIT_NEAR(s.casing_kg, 2.0800584, REL, "TV11 casing");
    UNIT_NEAR(s.sink_kg, 2.4514924, REL, "TV11 heatsink");
    UNIT_NEAR(s.board_kg, 10.159845, REL, "TV11 pwb");
    UNIT_NEAR(s.die_kg, 31.542357, REL, "TV11 die");
    UNIT_NEAR(s.vram_kg, 41.037493, REL, "TV11 vram");
    UNIT_NEAR(s.upstream_kg, 0.22866355, REL, "TV11 upstream");
    UNIT_NEAR(s.boat_kg, 0.2226287, REL, "TV11 boat");
    UNIT_NEAR(s.truck_kg, 0.0444024, REL, "TV11 truck");
    UNIT_NEAR(s.plane_kg, 0, REL, "TV11 plane");
    UNIT_NEAR(s.eol_kg, 1.3269622, REL, "TV11 end of life");
    UNIT_NEAR(s.vram_eff_mm2, 223.28469, REL, "TV11 vram area");
    UNIT_NEAR(out[CALC_GWP], 89.093903, REL, "TV11 total");
    UNIT_NEAR(out[CALC_ADP], NAN, REL, "a criterion without factors");
    c.plane_km = 100; /* 2.11e-3 * 100 * 0.881 more */
    calc_gpu(&gpu_factors, &c, out, NULL);
    UNIT_NEAR(out[CALC_GWP], 89.093903 + 0.185891, REL, "flown in");
    c.die_eff_mm2 = NAN;
    calc_gpu(&gpu_factors, &c, out, &s);
    UNIT_NEAR(out[CALC_GWP], NAN, REL, "die unknown");
    UNIT_NEAR(s.casing_kg, 2.0800584, REL, "its casing is known all the same");
}

static void areas(void)
{
    /* a 10 mm square by hand: a = 10.2^2, 679.40 - 65.34 = 614.06 dies */
    UNIT_NEAR(calc_effective_mm2(100), 158.92588, REL, "10 mm square");
    UNIT_NEAR(calc_effective_mm2(0), NAN, REL, "no die");
    UNIT_NEAR(calc_effective_mm2(-1), NAN, REL, "negative die");
    UNIT_NEAR(calc_effective_mm2(NAN), NAN, REL, "die unknown");
    UNIT_NEAR(calc_effective_mm2(12000), NAN, REL, "larger than its wafer");
    UNIT_NEAR(calc_vram_effective_mm2(0, 8), 0, REL, "no memory");
    UNIT_NEAR(calc_vram_effective_mm2(-1, 8), NAN, REL, "negative memory");
    UNIT_NEAR(calc_vram_effective_mm2(NAN, 8), NAN, REL, "memory unknown");
    UNIT_NEAR(calc_vram_effective_mm2(8, 0), NAN, REL, "no dies");
    UNIT_NEAR(calc_vram_effective_mm2(8, NAN), NAN, REL, "dies unknown");
}

static void act(void)
{
    struct calc_act_logic a = {
            .ci_g_per_kwh = 500,
            .epa_kwh_per_cm2 = 2.15,
            .gpa_g_per_cm2 = 350,
            .mpa_g_per_cm2 = 500,
            .yield = 0.875,
            .package_g = 150,
    };
    static const double wrong[] = {0, -0.5, 1.5, NAN};

    UNIT_NEAR(calc_act_cpa_g_per_cm2(&a), 2200, REL, "TV13 per cm2");
    UNIT_NEAR(calc_act_chip_kg(&a, 8.26), 18.322, REL, "TV13 chip");
    UNIT_NEAR(calc_act_chip_kg(&a, NAN), NAN, REL, "area unknown");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        a.yield = wrong[i];
        UNIT_NEAR(calc_act_cpa_g_per_cm2(&a), NAN, REL, "no such yield");
    }
}

static void footprint(void)
{
    static const struct {
        const char *name;
        double total_kg, use_ratio, want_kg;
    } cases[] = {
            {"TV06", 2500, 0.60, 1000},      {"no use phase", 2500, 0, 2500},
            {"all of it use", 2500, 1, NAN}, {"negative use", 2500, -0.1, NAN},
            {"use unknown", 2500, NAN, NAN}, {"total unknown", NAN, 0.6, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_pcf_nonuse_kg(cases[i].total_kg, cases[i].use_ratio),
                cases[i].want_kg, REL, cases[i].name);
}

static void line(void)
{
    static const double x[] = {1, 2, 3, 4}, y[] = {3, 5, 7.5, 8.5};
    static const double fall[] = {4, 3, 2, 1};
    static const double same[] = {0.1, 0.1, 0.1};
    static const double hole[] = {1, NAN, 3};
    double a = -1, b = -1;

    /* by hand: b = 9.5/5, a = 6 - 1.9*2.5 */
    UNIT_CHECK(calc_fit_line(x, y, 4, &a, &b), "four points");
    UNIT_NEAR(b, 1.9, REL, "slope");
    UNIT_NEAR(a, 1.25, REL, "intercept");
    UNIT_CHECK(calc_fit_line(fall, y, 4, &a, &b), "falling x");
    UNIT_NEAR(b, -1.9, REL, "falling slope");
    UNIT_CHECK(calc_fit_line(x, y, 4, &a, &b), "four points again");
    UNIT_CHECK(!calc_fit_line(same, y, 3, &a, &b), "one distinct x");
    UNIT_CHECK(!calc_fit_line(x, y, 1, &a, &b), "one point");
    UNIT_CHECK(!calc_fit_line(x, y, 0, &a, &b), "no point");
    UNIT_NEAR(b, 1.9, REL, "outputs are left alone");
    UNIT_CHECK(calc_fit_line(hole, y, 3, &a, &b), "a hole in x");
    UNIT_NEAR(b, NAN, REL, "is passed on");
}

static void whole(void)
{
    static const struct {
        const char *name;
        double whole_kg, kg[2], want[2], remainder_kg;
    } cases[] = {
            {"parts within", 100, {30, 20}, {30, 20}, 50},
            {"parts exactly", 50, {30, 20}, {30, 20}, 0},
            {"parts above are scaled", 25, {30, 20}, {15, 10}, 0},
            {"a whole of nothing", 0, {30, 20}, {0, 0}, 0},
            {"nothing to scale", -5, {0, 0}, {0, 0}, -5},
            {"whole unknown", NAN, {30, 20}, {30, 20}, NAN},
            {"part unknown", 100, {30, NAN}, {30, NAN}, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double kgs[2] = {cases[i].kg[0], cases[i].kg[1]}, rest = -1;

        calc_split_whole(cases[i].whole_kg, kgs, 2, &rest);
        UNIT_NEAR(kgs[0], cases[i].want[0], REL, cases[i].name);
        UNIT_NEAR(kgs[1], cases[i].want[1], REL, cases[i].name);
        UNIT_NEAR(rest, cases[i].remainder_kg, REL, cases[i].name);
    }
}

static void discrepancy(void)
{
    static const struct {
        const char *name;
        double a, b, c, want;
    } cases[] = {
            {"three", 1000, 1234.5, 500, 2.469},
            {"two", NAN, 300, 600, 2},
            {"one agrees with itself", NAN, 300, NAN, 1},
            {"none", NAN, NAN, NAN, NAN},
            {"zero against something", 0, 5, NAN, INFINITY},
            {"zero alone", 0, NAN, NAN, 1},
            {"negative against something", -3, 5, 6, INFINITY},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double d = calc_discrepancy(cases[i].a, cases[i].b, cases[i].c);

        if (isinf(cases[i].want))
            UNIT_CHECK(isinf(d) && d > 0, "%s: got %g", cases[i].name, d);
        else
            UNIT_NEAR(d, cases[i].want, REL, cases[i].name);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"a server from its parts", server},
            {"other criteria", other_criteria},
            {"calibration of the reference fleet", calibration},
            {"what the memory factor decides", memory_factors},
            {"a graphics card", card},
            {"effective areas", areas},
            {"the alternative set", act},
            {"product footprints", footprint},
            {"least-squares line", line},
            {"parts of a whole", whole},
            {"discrepancy", discrepancy},
            {NULL, NULL},
    };

    return unit_main("model: embodied", tests);
}
