/* SPDX-License-Identifier: Apache-2.0
 * Power of a unit by its best source and the grid factor of a site, against
 * figures worked out by hand. */
#include <string.h>

#include "energy/energy.h"
#include "unit.h"

static struct fac_pack *pack;

static struct fac_part part(enum calc_kind kind, double tdp_w, double capacity)
{
    return (struct fac_part){
            .desc = {.kind = kind, .capacity = capacity}, .tdp_w = tdp_w};
}

static struct inv_unit unit(void)
{
    return (struct inv_unit){
            .units = 1,
            .category = CALC_SERVER,
            .cpu_count = -1,
            .cpu_cores = -1,
            .power_w = NAN,
            .idle_w = NAN,
            .max_w = NAN,
            .energy_kwh_year = NAN,
            .is_virtual = -1,
    };
}

static void stated(void)
{
    struct inv_unit u = unit();
    struct en_power p;

    u.power_w = 150;
    u.energy_kwh_year = 10;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_M5, "tier");
    UNIT_NEAR(p.watts, 150, 0, "the constant power goes first");
    UNIT_NEAR(p.sigma, log(1.5), 1e-12, "GSD of M5");
    UNIT_CHECK(isnan(p.low_w) && isnan(p.kwh_year), "nothing completed");
    u.power_w = NAN;
    u.energy_kwh_year = 876;
    en_unit_power(&u, &p);
    UNIT_NEAR(p.watts, 100, 1e-12, "876 kWh a year");
    UNIT_NEAR(p.kwh_year, 876, 0, "kept for leap years");
    UNIT_CHECK(p.tier == CALC_M5, "tier");
    u.energy_kwh_year = NAN;
    u.power_w = 0;
    en_unit_power(&u, &p);
    UNIT_NEAR(p.watts, 0, 0, "a machine known to draw nothing");
    UNIT_CHECK(p.tier == CALC_M5, "is known");
}

static void idle_and_full(void)
{
    double load = log(250.0 / 90) / 3.92, tier = log(1.25);
    struct inv_unit u = unit();
    struct en_power p;

    u.idle_w = 90;
    u.max_w = 250;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_M4, "tier");
    UNIT_NEAR(p.watts, 170, 1e-12, "half load");
    UNIT_NEAR(p.low_w, 90, 0, "idle");
    UNIT_NEAR(p.high_w, 250, 0, "full");
    UNIT_NEAR(p.sigma, sqrt(load * load + tier * tier), 1e-12, "both errors");
    u.max_w = NAN;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_NO_ENERGY && isnan(p.watts), "idle alone");
}

/* Two CPUs of 125 W, 12 modules of 32 GB, four cards of 300 W. At half load
 * CPUs 250 * 0.75 = 187.5, memory 384 * 0.284 = 109.056, together times 1.33 =
 * 394.41948; cards 1200 * 0.6 = 720. Idle: (30 + 109.056) * 1.33 + 60; full:
 * (255 + 109.056) * 1.33 + 1200. */
static void parts(void)
{
    struct fac_part cpu = part(CALC_CPU, 125, NAN);
    struct fac_part ram = part(CALC_RAM, NAN, 32);
    struct fac_part gpu = part(CALC_GPU, 300, NAN);
    struct fac_use uses[] = {{&cpu, 2}, {&ram, 12}, {&gpu, 4}};
    struct inv_unit u = unit();
    struct en_power p;

    u.uses = uses;
    u.n_uses = 3;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_M4, "tier");
    UNIT_NEAR(p.watts, 394.41948 + 720, 1e-12, "half load");
    UNIT_NEAR(p.low_w, 184.94448 + 60, 1e-12, "idle");
    UNIT_NEAR(p.high_w, 484.19448 + 1200, 1e-12, "full");
    u.n_uses = 2;
    en_unit_power(&u, &p);
    UNIT_NEAR(p.watts, 394.41948, 1e-12, "without cards");
    u.cpu_count = 4; /* the row names one model for all of them */
    en_unit_power(&u, &p);
    UNIT_NEAR(
            p.watts, (375 + 109.056) * 1.33, 1e-12,
            "as many as the machine has");
}

/* 48 cores of a CPU of 24 are two of them; what does not divide says nothing,
 * and a desktop has one. */
static void parts_by_cores(void)
{
    struct fac_cpu row = {.cores = 24};
    struct fac_part cpu = part(CALC_CPU, 100, NAN);
    struct fac_part ram = part(CALC_RAM, NAN, 0);
    struct fac_use uses[] = {{&cpu, 1}, {&ram, 1}};
    struct inv_unit u = unit();
    struct en_power p;

    cpu.cpu = &row;
    u.uses = uses;
    u.n_uses = 2;
    u.cpu_cores = 48;
    en_unit_power(&u, &p);
    UNIT_NEAR(p.watts, 200 * 0.75 * 1.33, 1e-12, "two by their cores");
    u.cpu_cores = 40;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_NO_ENERGY, "a server has one or two");
    u.category = CALC_DESKTOP;
    en_unit_power(&u, &p);
    UNIT_NEAR(p.watts, 100 * 0.75 * 1.33, 1e-12, "a desktop has one");
}

static void parts_unknown(void)
{
    struct fac_part cpu = part(CALC_CPU, 125, NAN);
    struct fac_part no_tdp = part(CALC_CPU, NAN, NAN);
    struct fac_part ram = part(CALC_RAM, NAN, 32);
    struct fac_part no_size = part(CALC_RAM, NAN, NAN);
    struct fac_part card = part(CALC_GPU, NAN, NAN);
    static const char *const names[] = {
            "one CPU without TDP",
            "memory of unknown size",
            "a card without TDP",
            "no CPU",
            "memory unknown",
            "cards of a GPU node unknown",
            "number of CPUs of a server unknown"};
    struct {
        struct fac_use uses[3];
        size_t n;
        uint32_t unknown;
        int cpu_count;
        enum calc_category category;
    } cases[] = {
            {{{&cpu, 1}, {&no_tdp, 1}, {&ram, 4}}, 3, 0, 2, CALC_SERVER},
            {{{&cpu, 2}, {&no_size, 4}}, 2, 0, 2, CALC_SERVER},
            {{{&cpu, 2}, {&ram, 4}, {&card, 1}}, 3, 0, 2, CALC_SERVER},
            {{{&ram, 4}}, 1, 0, 2, CALC_SERVER},
            {{{&cpu, 2}}, 1, 1u << CALC_RAM, 2, CALC_SERVER},
            {{{&cpu, 2}, {&ram, 4}}, 2, 1u << CALC_GPU, 2, CALC_GPU_NODE},
            {{{&cpu, 1}, {&ram, 4}}, 2, 0, -1, CALC_SERVER},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct inv_unit u = unit();
        struct en_power p;

        u.uses = cases[i].uses;
        u.n_uses = cases[i].n;
        u.unknown_kinds = cases[i].unknown;
        u.cpu_count = cases[i].cpu_count;
        u.category = cases[i].category;
        en_unit_power(&u, &p);
        UNIT_CHECK(p.tier == CALC_NO_ENERGY, "%s", names[i]);
        UNIT_CHECK(isnan(p.watts), "%s: no watts", names[i]);
    }
}

static void no_power_of_its_own(void)
{
    struct inv_unit u = unit();
    struct en_power p;

    u.power_w = 100;
    u.is_virtual = 1;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_M5, "what is stated for a guest is its own");
    u.power_w = NAN;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_NO_ENERGY, "a guest draws through its host");
    u = unit();
    u.power_w = 5;
    u.category = CALC_PART_LOT;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_NO_ENERGY, "loose parts");
    u = unit();
    u.power_w = 1e300;
    en_unit_power(&u, &p);
    UNIT_CHECK(p.tier == CALC_NO_ENERGY, "no plausible power");
}

/* ---- grid
 * --------------------------------------------------------------------- */

static void grid(void)
{
    char lyon[] = "lyon", fra[] = "FRA", talk[] = "talk", none[] = "QQQ";
    struct inv_site s = {.name = lyon, .country = fra, .grid_g = NAN};
    struct en_grid g;

    en_site_grid(pack, &s, 2024, &g);
    UNIT_NEAR(g.g_per_kwh, 40.48, 1e-12, "France 2024, life cycle");
    UNIT_CHECK(g.kind == CALC_LIFE_CYCLE && g.year == 2024, "kind and year");
    UNIT_NEAR(g.sigma, log(1.10), 1e-12, "GSD");
    UNIT_CHECK(g.set && g.source, "set and source");
    en_site_grid(pack, &s, 2022, &g);
    UNIT_NEAR(g.g_per_kwh, 78.54, 1e-12, "France 2022");
    s.grid_g = 20;
    s.has_grid_kind = true;
    s.grid_kind = CALC_DIRECT;
    s.grid_source = talk;
    s.grid_year = 2024;
    en_site_grid(pack, &s, 2025, &g);
    UNIT_NEAR(g.g_per_kwh, 20, 0, "its own figure");
    UNIT_CHECK(g.kind == CALC_DIRECT && !g.set, "direct, of no set");
    UNIT_CHECK(strcmp(g.source, "talk") == 0, "its source");
    en_site_grid_life_cycle(pack, &s, 2022, &g);
    UNIT_NEAR(g.g_per_kwh, 40.48, 1e-12, "beside: of the year it describes");
    s.grid_kind = CALC_LIFE_CYCLE;
    en_site_grid_life_cycle(pack, &s, 2022, &g);
    UNIT_NEAR(g.g_per_kwh, 20, 0, "its own is a life-cycle figure");
    s.grid_g = NAN;
    s.country = none;
    en_site_grid(pack, &s, 2024, &g);
    UNIT_CHECK(isnan(g.g_per_kwh), "no such country");
    s.country = NULL;
    en_site_grid(pack, &s, 2024, &g);
    UNIT_CHECK(isnan(g.g_per_kwh) && isnan(g.sigma), "no country");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"stated", stated},
            {"idle and full", idle_and_full},
            {"parts", parts},
            {"parts by cores", parts_by_cores},
            {"parts unknown", parts_unknown},
            {"no power of its own", no_power_of_its_own},
            {"grid", grid},
            {NULL, NULL},
    };
    struct err err = {0};
    int status = 2;

    if (fac_pack_load(NULL, &pack, &err))
        status = unit_main("energy", tests);
    fac_pack_free(pack);
    return status;
}
