/* SPDX-License-Identifier: Apache-2.0
 * A yearly answer and a machine filled by hand with distinctive figures, and a
 * hostile text where users may type: for the tests of writers. */
#ifndef TESTS_UNIT_REPORTS_FIXTURE_H
#define TESTS_UNIT_REPORTS_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "reports/reports.h"

#define FIXTURE_HASH                                                           \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define FIXTURE_HOSTILE "=cmd|'/c calc'!A0 <b>&\"x\", r\xc3\xa9sum\xc3\xa9"

static struct calc_q fixture_q(double value)
{
    return (struct calc_q){value, value * 0.6, value * 1.6};
}

static void fixture_rows(struct rep_year *y)
{
    static const struct {
        int kind;
        double kg, adp, pe;
    } kinds[] = {
            {CALC_RAM, 154402.9, 7.79, 1916928.25},
            {CALC_CHASSIS, 50550, 6.81, 741400},
            {CALC_HDD, 40349.67, 0.32, 357972},
            {CALC_SCREEN, 36403.8, NAN, NAN},
            {CALC_GPU, 8874.3, 12.5, 99000.5},
            {CALC_OTHER, 61419.33, NAN, NAN},
    };
    static const struct {
        int category;
        uint64_t units;
        double kg;
    } categories[] = {
            {CALC_SERVER, 280, 301596.2},
            {CALC_SCREEN_UNIT, 129, 36403.8},
            {CALC_GPU_NODE, 57, 14000},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        y->kinds[y->n_kinds++] = (struct rep_part_row){
                .index = kinds[i].kind,
                .kg = fixture_q(kinds[i].kg),
                .adp_kg_sb = kinds[i].adp,
                .pe_mj = kinds[i].pe,
                .share = kinds[i].kg / 352000};
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
        y->categories[y->n_categories++] = (struct rep_part_row){
                .index = categories[i].category,
                .units = categories[i].units,
                .kg = fixture_q(categories[i].kg),
                .adp_kg_sb = NAN,
                .pe_mj = NAN,
                .share = categories[i].kg / 352000};
}

static void fixture_operation(struct rep_year *y)
{
    y->operation = arena_alloc(y->arena, 12 * sizeof *y->operation);
    for (int m = 1; m <= 12; m++)
        y->operation[y->n_operation++] = (struct rep_operation_row){
                .tier = CALC_M5,
                .month = m,
                .it_kwh = 36135,
                .infrastructure_kwh = 5420.25,
                .location_kg = 831.105};
    y->sites = arena_alloc(y->arena, 2 * sizeof *y->sites);
    y->n_sites = 2;
    y->sites[0] = (struct rep_site_row){
            .name = FIXTURE_HOSTILE,
            .country = "FRA",
            .timezone = "Europe/Paris",
            .note = "calibrated, not inventoried",
            .pue = 1.15,
            .pue_stated = true,
            .grid =
                    {.g_per_kwh = 20,
                     .kind = CALC_UNSTATED,
                     .year = 2025,
                     .source = "talk of 15 September 2025"},
            .life_cycle =
                    {.g_per_kwh = 40.48,
                     .kind = CALC_LIFE_CYCLE,
                     .year = 2024,
                     .source = "Ember",
                     .set = "grid-yearly",
                     .version = "1.0.0"},
            .machines = 337,
            .it_kwh = 433620,
            .site_kwh = 498663,
            .location_kg = 9973.26,
            .gross_kg = 352000};
    y->sites[1] = (struct rep_site_row){
            .name = "annex",
            .pue = 1,
            .grid = {.g_per_kwh = NAN, .kind = CALC_UNSTATED},
            .life_cycle = {.g_per_kwh = NAN, .kind = CALC_LIFE_CYCLE},
            .machines = 1};
    y->it_kwh = fixture_q(433620);
    y->site_kwh = fixture_q(498663);
    y->location_kg = fixture_q(9973.26);
    y->tier_kwh[CALC_M5] = 433620;
    y->energy_coverage = 0.979;
    y->hourly_kg = y->market_kg = CALC_Q_UNKNOWN;
    y->metered_coverage = y->hourly_share = NAN;
    y->grid_kind = CALC_UNSTATED;
    y->grid_g_per_kwh = 20;
    y->life_cycle_g_per_kwh = 40.48;
    y->life_cycle_year = 2024;
    y->life_cycle_source = "Ember";
    y->gross_years = fixture_q(35.294377164);
    y->gross_years_life_cycle = fixture_q(17.4379);
    y->own_years = fixture_q(9.625);
    y->fabrication_share = 0.4006;
    y->years_beyond_life = 812.5;
}

static void fixture_stock(struct rep_year *y)
{
    y->stock.opening = (struct rep_stock_row){460, 345000.4};
    y->stock.in_new = (struct rep_stock_row){3, 6200.3};
    y->stock.in_used = (struct rep_stock_row){8, 9800.6};
    y->stock.out_retired = (struct rep_stock_row){4, 7000.2};
    y->stock.out_given = (struct rep_stock_row){1, 2001.1};
    y->stock.closing = (struct rep_stock_row){466, 352000};
    y->net = (struct rep_net_stock){
            .opening_kg = 96000,
            .additions_kg = 7411.5,
            .charge_kg = 6666.25,
            .writeoff_kg = 700.125,
            .transferred_kg = 45.125,
            .closing_kg = 96000};
    y->embodied = arena_alloc(y->arena, 2 * sizeof *y->embodied);
    y->n_embodied = 2;
    y->embodied[0] = (struct rep_embodied_row){
            CALC_SERVER, false, CALC_C, 84, 90000, 6200.3, 5000, 5000};
    y->embodied[1] = (struct rep_embodied_row){CALC_SERVER, true, CALC_C,  196,
                                               211596.2,    0,    1666.25, 0};
}

static void fixture_lists(struct rep_year *y)
{
    static const struct fac_set sets[] = {
            {.id = "boavizta-2021",
             .version = "1.0.0",
             .title = "Boavizta component factors",
             .licence = "CC BY",
             .source = "BoaviztAPI",
             .sha256 = FIXTURE_HASH,
             .rows = 99},
            {.id = "grid-yearly",
             .version = "1.0.0",
             .title = "Yearly grid factors",
             .licence = "CC BY",
             .source = "Ember",
             .sha256 = FIXTURE_HASH,
             .rows = 500}};

    y->sets = sets;
    y->n_sets = 2;
    y->exclusions = arena_alloc(y->arena, 2 * sizeof *y->exclusions);
    y->n_exclusions = 2;
    y->exclusions[0] = (struct rep_exclusion){"tape", "no factor", 12, NAN};
    y->exclusions[1] = (struct rep_exclusion){
            "hdd of unknown number", "count not known, on so many machines", 5,
            NAN};
    y->excluded_kg = y->excluded_share = NAN;
    y->factors = arena_alloc(y->arena, 2 * sizeof *y->factors);
    y->n_factors = 2;
    y->factors[0] = (struct rep_factor_use){
            "ram.die", "boavizta-2021", "1.0.0",  "BoaviztAPI", "kg/cm2",
            2.2,       59247.5,         130344.5, 1.3};
    y->factors[1] = (struct rep_factor_use){"PowerEdge R740",
                                            "pcf-boavizta",
                                            "1.0.0",
                                            "Dell",
                                            NULL,
                                            NAN,
                                            NAN,
                                            4290,
                                            1.4};
    y->completions[0] =
            (struct rep_completion){FAC_DONE_RAM_DENSITY, 300, 130344.5};
    y->n_completions = 1;
    for (int i = 0; i < REP_AGE_BINS; i++)
        y->ages[i].age_y = i <= REP_AGE_LAST ? i : -1;
    y->ages[2] = (struct rep_age_bin){2, 30, 4, 0};
    y->ages[9] = (struct rep_age_bin){9, 0, 280, 3};
    y->ages[REP_AGE_LAST + 1] = (struct rep_age_bin){-1, 4, 15, 1};
    for (int i = 0; i < CALC_RULES; i++) {
        y->rules[i].rule = (enum calc_rule)i;
        y->rules[i].own_kg = i == CALC_PHYS ? NAN : 352000.0 - 30000.0 * i;
    }
    y->rules[CALC_PHYS].lines_without = 236;
    for (int i = 0; i < CALC_APPROACHES; i++) {
        y->approaches[i].approach = (enum calc_approach)i;
        y->approaches[i].gross_kg = i == CALC_NONE ? NAN : 100000.0 + i;
        y->approaches[i].machines = (uint64_t)i * 10;
    }
    for (int i = 0; i < 6; i++) {
        static const char *const ids[] = {"I1", "I2", "I3", "I5", "I6", "I9"};

        y->identities[i] = (struct rep_identity){
                .id = ids[i],
                .says = "two sums agree",
                .holds = true,
                .left = 352000 + i,
                .right = 352000 + i};
    }
    y->n_identities = 6;
    y->identities_hold = true;
}

/* Free with fixture_free. */
static struct rep_year *fixture_year(void)
{
    struct rep_year *y = xcalloc(1, sizeof *y);

    y->arena = xcalloc(1, sizeof *y->arena);
    y->year = 2025;
    y->start = (struct date){2025, 1, 1};
    y->end = (struct date){2026, 1, 1};
    y->made_on = (struct date){2026, 1, 15};
    y->complete = true;
    y->rule = CALC_RESIDUAL_SL;
    y->fleet = (struct rep_fleet){
            .machines = 337,
            .running = 330,
            .new_ = 101,
            .second_hand = 136,
            .donated = 100,
            .under_warranty = 34,
            .screens = 129,
            .gpus = 180,
            .hdd = 1297,
            .ssd = 113,
            .cpu_sockets = 620,
            .cpu_cores = 7934,
            .ram_gib = 73728,
            .hdd_tb = 1702.5,
            .ssd_tb = 54.24,
            .warranty_unknown = 4,
            .cores_unknown = 7};
    y->gross_kg = fixture_q(352000);
    y->own_kg = fixture_q(96000);
    y->charge_kg = fixture_q(6666.25);
    y->acquisition_kg = fixture_q(6200.3);
    y->gross_adp_kg_sb = 27.42;
    y->gross_pe_mj = 3115300.75;
    y->gross_adp_coverage = 0.72;
    y->gross_pe_coverage = 0.72;
    y->amortised_total_kg = fixture_q(6666.25 + 700.125 + 9973.26);
    y->acquisition_total_kg = fixture_q(6200.3 + 9973.26);
    y->writeoff_kg = 700.125;
    y->category_other_origin_kg = NAN;
    y->grade = 'C';
    y->quality_coverage = 0.975;
    y->unknown_model_lines = 2;
    y->discrepancies = 11;
    fixture_rows(y);
    fixture_operation(y);
    fixture_stock(y);
    fixture_lists(y);
    memcpy(y->sha256, FIXTURE_HASH, sizeof y->sha256);
    return y;
}

static void fixture_free(struct rep_year *y)
{
    arena_clear(y->arena);
    free(y->arena);
    free(y);
}

/* One donated server; its year must outlive it. */
static void fixture_machine(const struct rep_year *y, struct rep_machine *m)
{
    static struct rep_part parts[] = {
            {CALC_CPU, "Intel Xeon E5-2650 v4", "Xeon E5-2650 v4", "verified",
             2, NAN, 30.1},
            {CALC_RAM, "16GB DDR4", NULL, NULL, 8, 16, 268.06},
            {CALC_TAPE, FIXTURE_HOSTILE, NULL, NULL, 1, NAN, NAN}};
    static struct rep_event events[] = {
            {"received", "2021-03-01", FIXTURE_HOSTILE, 1614556800}};

    *m = (struct rep_machine){
            .year = y,
            .tag = "n042",
            .name = "node42",
            .manufacturer = "Dell",
            .product = "PowerEdge R630",
            .note = FIXTURE_HOSTILE,
            .site = "default",
            .category = CALC_SERVER,
            .chassis = CALC_RACK,
            .acquisition = CALC_DONATED,
            .status = CALC_IN_SERVICE,
            .units = 1,
            .manufactured_on = {2017, 5, 0},
            .acquired_on = {2021, 3, 1},
            .in_service_on = {2021, 4, 15},
            .warranty_end = {2022, 5, 31},
            .gross_kg = fixture_q(742.5),
            .own_kg = fixture_q(361.9),
            .share_frac = 0.4874,
            .age_y = 3.8,
            .booking_life_y = 4.2,
            .charge_kg = 86.17,
            .net_kg = 22.4,
            .life_start = {2021, 4, 15},
            .life_end = {2025, 6, 27},
            .power =
                    {.tier = CALC_M5,
                     .watts = 150,
                     .low_w = NAN,
                     .high_w = NAN,
                     .basis = "A constant power is stated for it."},
            .grid = y->sites[0].grid,
            .life_cycle = y->sites[0].life_cycle,
            .pue = 1.15,
            .kwh = 1314,
            .site_kwh = 1511.1,
            .operation_kg = fixture_q(30.222),
            .gross_years = fixture_q(24.568),
            .parts = parts,
            .n_parts = 3,
            .events = events,
            .n_events = 1,
            .n_steps = 1};
    for (int r = 0; r < CALC_RULES; r++)
        m->rule_share[r] = r == CALC_PHYS ? NAN : 0.1 * r;
    m->assessment.choice = (struct calc_choice){
            .approach = CALC_C, .rule = 2, .reason = "All parts are known."};
    m->assessment.by[CALC_C].has = true;
    m->assessment.by[CALC_C].kg[CALC_GWP] = 742.5;
    m->assessment.by[CALC_C].sigma = 0.2;
    m->assessment.by[CALC_C].set = &y->sets[0];
    m->assessment.discrepancy = NAN;
    m->assessment.n_dones = 1;
    m->assessment.dones[0].done = FAC_DONE_RAM_DENSITY;
    m->assessment.dones[0].kind = CALC_RAM;
    m->assessment.dones[0].used = 1.3;
    m->assessment.dones[0].low = 0.625;
    m->assessment.dones[0].high = 2.375;
    m->steps[0] = (struct fac_step){
            .formula = "5.22 + 2.20 * GB / density, per module",
            .filled = "8 * (5.22 + 2.2 * 16 / 1.3) = 258.4",
            .set = "boavizta-2021",
            .version = "1.0.0",
            .source = "BoaviztAPI",
            .kind = CALC_RAM,
            .kg = 258.4};
}

#endif
