/* SPDX-License-Identifier: Apache-2.0
 * Missing hours of the grid and of meters, and the indicators of a facility
 * (TV38, TV57), by hand. */
#include "model/model.h"

#include "unit.h"

#define REL 1e-6

enum { DAYS = 20, HOURS = DAYS * 24 };

/* Day d, hour h is 100 d + h. */
static void grid_filled(void)
{
    double known[HOURS], out[HOURS];

    for (int i = 0; i < HOURS; i++)
        known[i] = 100 * (i / 24) + i % 24;
    UNIT_CHECK(
            calc_grid_fill(known, HOURS, 0, HOURS, out) == 0, "none missing");
    UNIT_NEAR(out[30], 106, 0, "kept");
    known[10 * 24 + 5] = NAN;
    UNIT_CHECK(calc_grid_fill(known, HOURS, 0, HOURS, out) == 1, "one");
    UNIT_NEAR(out[10 * 24 + 5], 1005, 1e-12, "days 3 to 17, mean day 10");
    known[5] = NAN; /* days 1 to 7 stand to its right alone */
    known[3 * 24 + 5] = NAN;
    UNIT_CHECK(calc_grid_fill(known, HOURS, 0, HOURS, out) == 3, "three");
    /* days 1, 2, 4, 5, 6, 7 */
    UNIT_NEAR(out[5], 2500.0 / 6 + 5, 1e-12, "at the edge, around a hole");
    UNIT_CHECK(calc_grid_fill(known, HOURS, 240, 264, out) == 1, "of one day");
    UNIT_NEAR(out[0], 1000, 0, "from the day's first hour");
    for (int d = 0; d < DAYS; d++)
        known[d * 24 + 7] = NAN;
    calc_grid_fill(known, HOURS, 0, HOURS, out);
    UNIT_NEAR(out[10 * 24 + 7], NAN, 0, "no day knows that hour");
}

static void grid_months(void)
{
    UNIT_CHECK(calc_grid_month_holds(0, 744), "all known");
    UNIT_CHECK(calc_grid_month_holds(37, 744), "37 of 744 is 4.97 %%");
    UNIT_CHECK(!calc_grid_month_holds(38, 744), "38 of 744 is 5.1 %%");
    UNIT_CHECK(calc_grid_month_holds(36, 720), "5 %% exactly");
    UNIT_CHECK(!calc_grid_month_holds(0, 0), "no hour at all");
}

enum { WEEKS = 12, SERIES = WEEKS * 168 };
static int64_t joules[SERIES];
static uint16_t seconds[SERIES];

/* Each hour of week w draws w + 1 watts. */
static void series(void)
{
    for (int i = 0; i < SERIES; i++) {
        joules[i] = (int64_t)3600 * (i / 168 + 1);
        seconds[i] = 3600;
    }
}

static void gaps(void)
{
    struct calc_gap g;
    size_t at = 5 * 168 + 9;

    series();
    UNIT_CHECK(calc_gap_week(joules, seconds, SERIES, at, &g), "eight weeks");
    /* weeks 1 to 4 and 6 to 9: watts 2 3 4 5 7 8 9 10 */
    UNIT_CHECK(g.samples == 8 && g.joules == 48 * 3600, "four to each side");
    UNIT_CHECK(
            calc_gap_uj(g.joules, g.covered_s, 1800) == (int64_t)6 * 1800000000,
            "half an hour at 6 W");
    at = 9; /* weeks 1 to 8: watts 2 to 9 */
    UNIT_CHECK(calc_gap_week(joules, seconds, SERIES, at, &g), "at the start");
    UNIT_CHECK(g.joules == 44 * 3600, "the eight that follow");
    for (int w = 0; w < WEEKS; w++)
        if (w != 4 && w != 7)
            seconds[w * 168 + 20] = 0;
    at = 5 * 168 + 20;
    UNIT_CHECK(!calc_gap_week(joules, seconds, SERIES, at, &g), "two samples");
    seconds[6 * 168 + 20] = 1800; /* half an hour with 7 W */
    joules[6 * 168 + 20] = 7 * 1800;
    UNIT_CHECK(calc_gap_week(joules, seconds, SERIES, at, &g), "three samples");
    /* (5 * 3600 + 7 * 1800 + 8 * 3600) J over 9000 s */
    UNIT_CHECK(g.joules == 59400 && g.covered_s == 9000, "by seconds");
    UNIT_CHECK(
            g.at[0] == 4 * 168 + 20 && g.at[1] == 6 * 168 + 20 &&
                    g.at[2] == 7 * 168 + 20,
            "nearest first");
}

/* TV57: 8322 of 8760 h measured with 1165.08 kWh; the rest at their mean. */
static void mean_fill(void)
{
    int64_t j = 4194288000, s = (int64_t)8322 * 3600, gap = 438 * 3600;

    UNIT_NEAR(
            calc_uj_to_kwh((num_i128)j * 1000000), 1165.08, 1e-15, "measured");
    UNIT_NEAR(calc_uj_to_kwh(calc_gap_uj(j, s, gap)), 61.32, REL, "TV57 fill");
    UNIT_NEAR(
            calc_uj_to_kwh(calc_gap_uj(j, s, gap) + (num_i128)j * 1000000),
            1226.4, REL, "TV57 total");
    UNIT_CHECK(calc_gap_uj(5, 0, 100) == 0, "nothing measured");
    UNIT_CHECK(calc_gap_uj(1, 3, 1) == 333333, "a third, to the nearest");
    UNIT_CHECK(calc_gap_uj(2, 3, 1) == 666667, "two thirds, to the nearest");
}

static void facility(void)
{
    struct calc_facility f = calc_facility(&(struct calc_facility_in){
            .it_kwh = 20e6,
            .dc_kwh = 25e6,
            .reuse_kwh = 4e6,
            .renewable_kwh = 10e6,
            .location_kg = calc_operation_kg(25e6, 20),
            .water_l = 30e6});

    UNIT_NEAR(f.pue, 1.25, REL, "TV38 PUE");
    UNIT_NEAR(f.erf, 0.16, REL, "TV38 ERF");
    UNIT_NEAR(f.ere, 1.05, REL, "TV38 ERE");
    UNIT_NEAR(f.ref, 0.4, REL, "TV38 REF");
    UNIT_NEAR(f.cue_kg_per_kwh, 0.025, REL, "TV38 CUE");
    UNIT_NEAR(f.wue_l_per_kwh, 1.5, REL, "TV38 WUE");
    /* 4000 MWh for about 1000 homes, at 200 g of displaced heat */
    UNIT_NEAR(4000.0 / 1000, 4.0, REL, "TV38 a home");
    UNIT_NEAR(calc_operation_kg(4e6, 200) / 1e3, 800, REL, "TV38 heat, t");
    f = calc_facility(&(struct calc_facility_in){
            .it_kwh = 10,
            .dc_kwh = 12,
            .reuse_kwh = NAN,
            .renewable_kwh = 20,
            .location_kg = 1,
            .water_l = NAN});
    UNIT_NEAR(f.ref, 1, REL, "no more renewable than used");
    UNIT_NEAR(f.erf, NAN, REL, "heat unknown");
    UNIT_NEAR(f.wue_l_per_kwh, NAN, REL, "water unknown");
    f = calc_facility(&(struct calc_facility_in){0});
    UNIT_NEAR(f.pue, NAN, REL, "nothing used");
    UNIT_NEAR(calc_power_rest_w(4, 2), 64, REL, "board, fans, six disks");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"grid hours filled", grid_filled},
            {"months that hold", grid_months},
            {"gaps by the week", gaps},
            {"gaps by the mean", mean_fill},
            {"facility", facility},
            {NULL, NULL},
    };

    return unit_main("model: hours", tests);
}
