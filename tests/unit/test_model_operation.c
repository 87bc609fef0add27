/* SPDX-License-Identifier: Apache-2.0
 * Power models, energy and its emissions against the vectors of the method
 * (TV01, 02, 03, 31 to 37, 39, 40). */
#include "model/model.h"

#include "unit.h"

#define REL 1e-6

static void curves(void)
{
    static const struct {
        const char *name;
        double u, linear_w, fan_w, tdp_w;
    } cases[] = {
            {"idle", 0, 90, 90, 24.6},
            {"TV31 at 30 %", 0.3, 138, NAN, 109.675},
            {"TV32", 0.35, 146, 165.20276, 120.69375},
            {"on a point", 0.1, 106, NAN, 65.6},
            {"TV31 full", 1, 250, 250, 209.1},
            {"over full", 1.7, 250, 250, 209.1},
            {"below idle", -0.2, 90, 90, 24.6},
            {"load unknown", NAN, NAN, NAN, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double u = cases[i].u;

        UNIT_NEAR(
                calc_power_linear_w(90, 250, u), cases[i].linear_w, REL,
                cases[i].name);
        if (isnan(u) || !isnan(cases[i].fan_w))
            UNIT_NEAR(
                    calc_power_fan_w(90, 250, u), cases[i].fan_w, REL,
                    cases[i].name);
        UNIT_NEAR(calc_power_tdp_w(205, u), cases[i].tdp_w, REL, cases[i].name);
    }
    UNIT_NEAR(calc_power_linear_w(NAN, 250, 0.5), NAN, REL, "idle unknown");
    UNIT_NEAR(calc_power_fan_w(90, NAN, 0.5), NAN, REL, "peak unknown");
    UNIT_NEAR(calc_power_tdp_w(NAN, 0.5), NAN, REL, "TDP unknown");
}

static void published_points(void)
{
    static const double watts[11] = {50,  80,  95,  110, 125, 140,
                                     160, 185, 215, 250, 300};
    static const struct {
        double u, want_w;
    } cases[] = {{0, 50},  {0.05, 65}, {0.1, 80}, {0.55, 150}, {0.95, 275},
                 {1, 300}, {2, 300},   {-1, 50},  {NAN, NAN}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_power_spec_w(watts, cases[i].u), cases[i].want_w, REL,
                "published points");
}

static void log_profile(void)
{
    static const struct {
        const char *name;
        double a, load_pct, want_w;
    } cases[] = {
            {"TV33", 55.6501, 50, 70.488915},
            {"above full load", 55.6501, 140, 100.34743},
            {"no load", 55.6501, 0, 1.5857276},
            {"load unknown", 55.6501, NAN, NAN},
            {"coefficient unknown", NAN, 50, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_power_log_w(
                        cases[i].a, 0.0467, 20.4146, 4.24362,
                        cases[i].load_pct),
                cases[i].want_w, REL, cases[i].name);
    UNIT_NEAR(
            calc_power_log_w(55.6501, 0.0467, 15, 4.24362, 0), 1, REL,
            "TV33 floor of 1 W");
    UNIT_NEAR(
            calc_power_log_w(55.6501, 0.0467, -20, 4.24362, 0), NAN, REL,
            "outside the profile");
}

static void memory(void)
{
    static const struct {
        const char *name;
        double slots, gb;
        bool ddr3;
        double used_pct, want_w;
    } cases[] = {
            {"TV34", 8, 32, false, 40, 30},
            {"16 GB", 1, 16, false, 100, 4 * 0.85},
            {"64 GB", 1, 64, false, 100, 6 * 0.85},
            {"128 GB", 1, 128, false, 100, 8 * 0.85},
            {"another size", 1, 8, false, 100, 10 * 0.85},
            {"DDR3", 2, 8, true, 100, 2 * 4.5 * 0.85},
            {"DDR3 of unknown size", 2, NAN, true, 100, 2 * 4.5 * 0.85},
            {"to 5 %", 1, 16, false, 5, 4 * 0.35},
            {"above 5 %", 1, 16, false, 5.1, 4 * 0.65},
            {"to 10 %", 1, 16, false, 10, 4 * 0.65},
            {"to 25 %", 1, 16, false, 25, 4 * 0.70},
            {"to 50 %", 1, 16, false, 50, 4 * 0.75},
            {"to 70 %", 1, 16, false, 70, 4 * 0.80},
            {"above 70 %", 1, 16, false, 70.1, 4 * 0.85},
            {"no slot filled", 0, 16, false, 50, 0},
            {"size unknown", 8, NAN, false, 40, NAN},
            {"use unknown", 8, 32, false, NAN, NAN},
            {"slots unknown", NAN, 32, false, 40, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_power_ram_ea2p_w(
                        cases[i].slots, cases[i].gb, cases[i].ddr3,
                        cases[i].used_pct),
                cases[i].want_w, REL, cases[i].name);
    UNIT_NEAR(calc_power_ram_w(256), 72.704, REL, "0.284 W a GB");
    UNIT_NEAR(calc_power_ram_w(NAN), NAN, REL, "memory unknown");
}

static void node_and_wall(void)
{
    double wall = calc_wall_w(180, 240, 45, 0.92);
    static const double wrong[] = {0, -0.9, 1.1, NAN};

    UNIT_NEAR(wall, 505.43478, REL, "TV35 wall");
    UNIT_NEAR(calc_energy_kwh(wall * 1.3, 24), 15.769565, REL, "TV35 facility");
    UNIT_NEAR(calc_wall_w(NAN, 240, 45, 0.92), NAN, REL, "counter unknown");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        UNIT_NEAR(
                calc_wall_w(180, 240, 45, wrong[i]), NAN, REL,
                "no such efficiency");
    UNIT_NEAR(calc_power_node_w(100, 50), 199.5, REL, "a third on top");
    UNIT_NEAR(calc_power_node_w(NAN, 50), NAN, REL, "processor unknown");
}

static void tiers(void)
{
    static const double want[] = {1.02, 1.05, 1.10, 1.25, 1.5, NAN, NAN};

    for (unsigned t = 0; t <= CALC_TIERS; t++)
        UNIT_NEAR(
                calc_tier_gsd((enum calc_tier)t), want[t], REL, "tier spread");
}

static void emissions(void)
{
    double kwh = 330 * calc_energy_kwh(150, 8760);
    double kg = calc_operation_kg(kwh, 20);

    UNIT_NEAR(kwh / 1e3, 433.62, REL, "TV01 MWh");
    UNIT_NEAR(kg, 8672.4, REL, "TV01 kg");
    UNIT_NEAR(352000 / kg, 40.588534, REL, "TV02 ratio");
    UNIT_NEAR(
            calc_operation_kg(kwh, 27.059022), 11733.333, REL,
            "TV02 grid needed");
    UNIT_NEAR(
            calc_operation_kg(kwh * 1.1530833, 20), 10000, REL,
            "TV03 PUE needed");
    UNIT_NEAR(
            calc_operation_kg(kwh, 23.061667), 10000, REL, "TV03 grid needed");
    UNIT_NEAR(
            calc_operation_kg(330 * calc_energy_kwh(172.9625, 8760), 20), 10000,
            REL, "TV03 watts needed");
    UNIT_NEAR(calc_operation_kg(50e6, 367) / 1e3, 18350, REL, "TV39 tonnes");
    UNIT_NEAR(calc_operation_kg(NAN, 20), NAN, REL, "energy unknown");
    UNIT_NEAR(calc_operation_kg(5, NAN), NAN, REL, "factor unknown");
    UNIT_NEAR(calc_energy_kwh(150, NAN), NAN, REL, "hours unknown");
}

/* TV40: 38.17 J and 28.97 J over 1.13 s, as watts through whole microjoules. */
static void microjoules(void)
{
    const double hours = 1.13 / 3600;
    double random_w = calc_uj_to_kwh(38170000) * 1e3 / hours;
    double zeros_w = calc_uj_to_kwh(28970000) * 1e3 / hours;
    num_i128 lots = (num_i128)1 << 100;

    UNIT_NEAR(random_w, 33.778761, REL, "TV40 random");
    UNIT_NEAR(zeros_w, 25.637168, REL, "TV40 zeros");
    UNIT_NEAR(zeros_w / random_w, 0.75897302, REL, "TV40 ratio");
    UNIT_NEAR(calc_uj_to_kwh(3600000000000), 1, 1e-15, "a kilowatt-hour");
    UNIT_NEAR(calc_uj_to_kwh(0), 0, REL, "nothing");
    UNIT_NEAR(calc_uj_to_kwh(-1800000000000), -0.5, 1e-15, "taken back");
    /* 2^100 / 3.6e12, beyond 64 bits */
    UNIT_NEAR(calc_uj_to_kwh(lots), 3.5212516673e17, 1e-9, "more than int64");
}

static void hourly(void)
{
    static const double kwh[] = {2, 4, 1, 3}, g[] = {15, 60, 20, 40};
    static const double off[] = {0, 0, 0, 0}, hole[] = {15, NAN, 20, 40};
    struct calc_hourly h = calc_operation_hourly(kwh, g, 4, 33.75);

    UNIT_NEAR(h.hourly_kg, 0.41, REL, "TV36 hourly");
    UNIT_NEAR(h.static_kg, 0.3375, REL, "TV36 static");
    UNIT_NEAR(h.covariance_kg, 0.0725, REL, "TV36 covariance");
    UNIT_NEAR(h.level_kg, 0, REL, "TV36 all of it covariance");
    UNIT_NEAR(h.load_weighted_g_per_kwh, 41, REL, "TV36 load-weighted");
    h = calc_operation_hourly(kwh, g, 4, 30);
    UNIT_NEAR(h.static_kg, 0.3, REL, "another year factor");
    UNIT_NEAR(h.level_kg, 0.0375, REL, "its level");
    UNIT_NEAR(
            h.static_kg + h.level_kg + h.covariance_kg, h.hourly_kg, 1e-12,
            "the three add up");
    h = calc_operation_hourly(off, g, 4, 30);
    UNIT_NEAR(h.hourly_kg, 0, REL, "switched off");
    UNIT_NEAR(h.load_weighted_g_per_kwh, NAN, REL, "no load to weigh with");
    h = calc_operation_hourly(kwh, hole, 4, 30);
    UNIT_NEAR(h.hourly_kg, NAN, REL, "an hour unknown");
    h = calc_operation_hourly(kwh, g, 0, 30);
    UNIT_NEAR(h.hourly_kg, NAN, REL, "no hour");
    UNIT_NEAR(h.static_kg, NAN, REL, "no hour, static");
}

static void market(void)
{
    static const struct calc_instrument one[] = {{300e3, 5}};
    static const struct calc_instrument two[] = {{300e3, 5}, {500e3, 12}};
    static const struct calc_instrument none[] = {{0, NAN}};
    static const struct calc_instrument odd[] = {{-1, 5}};
    static const struct calc_instrument hole[] = {{NAN, 5}};

    UNIT_NEAR(calc_market_kg(400e3, one, 1, 41), 5600, REL, "TV37 market");
    UNIT_NEAR(calc_operation_kg(400e3, 20), 8000, REL, "TV37 location");
    UNIT_NEAR(calc_market_kg(400e3, NULL, 0, 41), 16400, REL, "no contract");
    UNIT_NEAR(calc_market_kg(400e3, none, 1, 41), 16400, REL, "an empty one");
    UNIT_NEAR(calc_market_kg(300e3, one, 1, NAN), 1500, REL, "all covered");
    /* 800 MWh for 400: half of 1500 + 6000 kg */
    UNIT_NEAR(calc_market_kg(400e3, two, 2, 41), 3750, REL, "scaled down");
    UNIT_NEAR(calc_market_kg(0, one, 1, 41), 0, REL, "nothing used");
    UNIT_NEAR(calc_market_kg(400e3, one, 1, NAN), NAN, REL, "rest unknown");
    UNIT_NEAR(calc_market_kg(NAN, one, 1, 41), NAN, REL, "use unknown");
    UNIT_NEAR(calc_market_kg(400e3, odd, 1, 41), NAN, REL, "negative");
    UNIT_NEAR(calc_market_kg(400e3, hole, 1, 41), NAN, REL, "size unknown");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"load curves", curves},
            {"eleven published points", published_points},
            {"logarithmic profile", log_profile},
            {"memory", memory},
            {"node and wall", node_and_wall},
            {"spread of a tier", tiers},
            {"emissions", emissions},
            {"microjoules", microjoules},
            {"hour by hour", hourly},
            {"market-based", market},
            {NULL, NULL},
    };

    return unit_main("model: operation", tests);
}
