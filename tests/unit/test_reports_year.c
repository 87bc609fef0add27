/* SPDX-License-Identifier: Apache-2.0
 * Yearly reports of small fleets whose figures are worked out by hand. */
#include "reports_small.h"

/* ---- shares and charges -----------------------------------------------------
 */

/* New: 2922 kg over the eight years from 2023-07-01, which have 2922 days: one
 * kilogram a day, 366 of them in 2024. */
static void new_machine(void)
{
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "a,1,server,lyon,in_service,new,,2023-07-01,2023-07-01,,,2922,"
                 "sheet\n");
    y = fleet_2024(&f);
    UNIT_NEAR(y->gross_kg.value, 2922, 1e-12, "gross");
    UNIT_NEAR(y->own_kg.value, 2922, 1e-12, "own");
    UNIT_NEAR(y->charge_kg.value, 366, 1e-12, "charge of a leap year");
    UNIT_NEAR(y->net.opening_kg, 2922 - 184, 1e-12, "net at the start");
    UNIT_NEAR(y->net.closing_kg, 2922 - 184 - 366, 1e-12, "net at the end");
    UNIT_NEAR(y->acquisition_kg.value, 0, 0, "nothing came in 2024");
    UNIT_CHECK(y->stock.opening.units == 1, "opening");
    UNIT_CHECK(y->stock.closing.units == 1, "closing");
    rep_year_free(y);
    fleet_close(&f);
}

/* Donated at 1827 days: f = 1 - 1827 / 365.25 / 8. Its life of 8 years less
 * its age is 2 years and round(0.99795 * 365) = 364 days from 2024-04-01, 1094
 * days; 275 of them in 2024. */
static void donated_machine(void)
{
    const double f_share = 1 - 1827 / 365.25 / 8, own = 1200 * f_share;
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "b,1,server,lyon,in_service,donated,2019-03-01,2024-03-01,"
                 "2024-04-01,,,1200,sheet\n");
    y = fleet_2024(&f);
    UNIT_NEAR(y->own_kg.value, own, 1e-12, "own");
    UNIT_NEAR(y->acquisition_kg.value, own, 1e-12, "acquisition");
    UNIT_NEAR(y->charge_kg.value, own * 275 / 1094, 1e-12, "charge");
    UNIT_NEAR(y->net.closing_kg, own * 819 / 1094, 1e-12, "net");
    UNIT_NEAR(y->rules[CALC_GROSS].own_kg, 1200, 1e-12, "GROSS");
    UNIT_NEAR(y->rules[CALC_CUTOFF].own_kg, 0, 0, "CUTOFF");
    UNIT_NEAR(y->rules[CALC_HALF].own_kg, 600, 1e-12, "HALF");
    UNIT_NEAR(
            y->rules[CALC_ACTUAL_LIFE].own_kg, 1200 * (8 - 1827 / 365.25) / 8,
            1e-12, "ACTUAL_LIFE");
    UNIT_NEAR(
            y->rules[CALC_ECON_DB].own_kg, 1200 * pow(0.7, 1827 / 365.25),
            1e-12, "ECON_DB");
    UNIT_NEAR(y->rules[CALC_CFF].own_kg, 600, 1e-12, "CFF");
    UNIT_CHECK(y->rules[CALC_ECON_PRICE].lines_without == 1, "no price");
    UNIT_CHECK(y->rules[CALC_PHYS].lines_without == 1, "no counter");
    UNIT_CHECK(y->stock.in_used.units == 1, "in used");
    UNIT_NEAR(y->stock.in_used.kg, 1200, 1e-12, "in used, gross");
    UNIT_CHECK(y->n_embodied == 1 && y->embodied[0].used, "T4 row");
    UNIT_NEAR(y->embodied[0].cutoff_kg, 0, 0, "T4 cut-off");
    rep_year_free(y);
    fleet_close(&f);
}

/* Ten desktops of 300 kg in one row, bought "2020": mid-year, 2020-07-01. */
static void lot(void)
{
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "d,10,desktop,lyon,in_service,new,,2020,,,40,300,sheet\n");
    y = fleet_2024(&f);
    UNIT_CHECK(y->fleet.machines == 10, "machines");
    UNIT_CHECK(y->fleet.running == 10, "running");
    UNIT_CHECK(y->fleet.new_ == 10, "new");
    UNIT_NEAR(y->gross_kg.value, 3000, 1e-12, "gross");
    UNIT_NEAR(y->charge_kg.value, 3000.0 * 366 / 2922, 1e-12, "charge");
    UNIT_NEAR(y->it_kwh.value, 10 * 0.040 * 8784, 1e-12, "kWh");
    UNIT_CHECK(y->ages[4].warranty_unknown == 10, "four whole years old");
    rep_year_free(y);
    fleet_close(&f);
}

/* ---- exits ------------------------------------------------------------------
 */

/* Retired on 2024-07-01 after 912 of 2922 days: 182 days of 2024 are charged,
 * the rest written off. Given on 2024-10-01 after 639 days: the rest goes with
 * it, except under CUTOFF, where nothing passes on. */
static void exits(void)
{
    struct rep_options o = fleet_options(2024, mid_2025);
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "r,1,server,lyon,retired,new,,2022-01-01,2022-01-01,"
                 "2024-07-01,100,2922,sheet\n"
                 "g,1,server,lyon,given,new,,2023-01-01,2023-01-01,2024-10-01,"
                 ",584.4,sheet\n"
                 "old,1,server,lyon,retired,new,,2010-01-01,,,,5000,sheet\n");
    y = fleet_2024(&f);
    UNIT_NEAR(y->net.charge_kg, 182 + 274 * 0.2, 1e-12, "charge");
    UNIT_NEAR(y->net.writeoff_kg, 2922 - 912, 1e-12, "write-off");
    UNIT_NEAR(y->net.transferred_kg, (2922 - 639) * 0.2, 1e-12, "transferred");
    UNIT_NEAR(y->net.closing_kg, 0, 0, "nothing left");
    UNIT_NEAR(y->gross_kg.value, 0, 0, "no stock");
    UNIT_CHECK(y->stock.out_retired.units == 1, "retired");
    UNIT_CHECK(y->stock.out_given.units == 1, "given");
    UNIT_CHECK(y->stock.opening.units == 2, "the undated one never counted");
    UNIT_NEAR(y->it_kwh.value, 0.1 * 182 * 24, 1e-12, "kWh to July");
    rep_year_free(y);
    o.rule = CALC_CUTOFF;
    y = fleet_year(&f, &o);
    UNIT_NEAR(
            y->net.writeoff_kg, 2922 - 912 + (2922 - 639) * 0.2, 1e-12,
            "CUTOFF keeps what is given");
    UNIT_NEAR(y->net.transferred_kg, 0, 0, "CUTOFF transfers nothing");
    rep_year_free(y);
    fleet_close(&f);
}

/* ---- operation --------------------------------------------------------------
 */

static double month_kwh(const struct rep_year *y, int month)
{
    for (size_t i = 0; i < y->n_operation; i++)
        if (y->operation[i].month == month)
            return y->operation[i].it_kwh;
    return 0;
}

/* 100 W from 2024-03-31, the day of 23 hours, to the end of the year: 276 days
 * of 24 hours on average, October with 745 hours. 40.48 g/kWh in France. */
static void part_of_a_year(void)
{
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(&f, "sites.csv", FRANCE);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "a,1,server,lyon,in_service,new,,2024-01-15,2024-03-31,,100,"
                 "1000,sheet\n");
    y = fleet_2024(&f);
    UNIT_NEAR(month_kwh(y, 3), 2.3, 1e-12, "23 hours of March");
    UNIT_NEAR(month_kwh(y, 4), 72, 1e-12, "April");
    UNIT_NEAR(month_kwh(y, 10), 74.5, 1e-12, "745 hours of October");
    UNIT_NEAR(y->it_kwh.value, 662.4, 1e-12, "kWh");
    UNIT_NEAR(y->site_kwh.value, 662.4, 1e-12, "PUE 1.0 where none is given");
    UNIT_NEAR(y->location_kg.value, 662.4 * 40.48 / 1000, 1e-9, "kg");
    UNIT_CHECK(!y->sites[0].pue_stated, "PUE not stated");
    UNIT_CHECK(y->grid_kind == CALC_LIFE_CYCLE, "life cycle");
    UNIT_NEAR(y->energy_coverage, 1, 0, "coverage");
    UNIT_NEAR(y->tier_kwh[CALC_M5], 662.4, 1e-12, "M5");
    UNIT_NEAR(
            y->fabrication_share,
            y->charge_kg.value / (y->charge_kg.value + y->location_kg.value),
            1e-12, "share");
    rep_year_free(y);
    fleet_close(&f);
}

/* TV01, TV02, TV62: 330 machines of 150 W at 20 g of unstated basis; 352 t. */
static void cbp(void)
{
    struct rep_options o = fleet_options(2025, (struct date){2026, 2, 1});
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "sites.csv",
            "name,country,timezone,grid_g,grid_kind,grid_source,grid_year\n"
            "cbp,FRA,Europe/Paris,20,unstated,talk,2024\n");
    fleet_csv(
            &f, "fleet.csv",
            HEAD "run,330,server,cbp,in_service,new,,2020,,,150,"
                 "1066.6666666666667,sheet\n");
    y = fleet_year(&f, &o);
    UNIT_NEAR(y->it_kwh.value, 433620, 0, "exactly 433620 kWh");
    UNIT_NEAR(y->location_kg.value, 8672.4, 1e-12, "TV01");
    UNIT_NEAR(y->gross_kg.value, 352000, 1e-9, "352 t");
    UNIT_NEAR(y->gross_years.value, 40.588534, 1e-7, "TV02");
    UNIT_CHECK(y->grid_kind == CALC_UNSTATED, "unstated");
    UNIT_NEAR(y->life_cycle_g_per_kwh, 40.48, 1e-9, "France 2024");
    UNIT_NEAR(y->gross_years_life_cycle.value, 20.0537, 1e-5, "20.05 years");
    UNIT_CHECK(y->life_cycle_year == 2024, "year of the site's figure");
    /* M5 has GSD 1.5, the grid 1.10: TV62's rule with these. */
    {
        double s = sqrt(log(1.5) * log(1.5) + log(1.1) * log(1.1));

        UNIT_NEAR(
                y->location_kg.low, 8672.4 * exp(-s * s / 2 - 1.96 * s), 1e-9,
                "low");
        UNIT_NEAR(
                y->location_kg.high, 8672.4 * exp(-s * s / 2 + 1.96 * s), 1e-9,
                "high");
    }
    rep_year_free(y);
    fleet_close(&f);
}

/* A stated yearly amount holds for a leap year as for another, and for half of
 * a year as half of it. */
static void yearly_amount(void)
{
    struct rep_options o = fleet_options(2023, mid_2025);
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            "tag,category,status,acquisition,acquired_on,in_service_on,"
            "energy_kwh_year\n"
            "a,server,in_service,new,2020-01-01,2020-01-01,1000\n"
            "b,server,in_service,new,2024-07-01,2024-07-01,366\n");
    y = fleet_2024(&f);
    UNIT_NEAR(y->it_kwh.value, 1000 + 184, 1e-12, "2024");
    rep_year_free(y);
    y = fleet_year(&f, &o);
    UNIT_NEAR(y->it_kwh.value, 1000, 1e-12, "2023");
    rep_year_free(y);
    fleet_close(&f);
}

/* Idle 100 W and full 300 W: 200 W at half load, M4 with the load's range. */
static void modelled_load(void)
{
    struct rep_options o = fleet_options(2023, mid_2025);
    double load = log(300.0 / 100) / 3.92, tier = log(1.25), grid = log(1.1);
    double s = sqrt(load * load + tier * tier + grid * grid);
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(&f, "sites.csv", FRANCE);
    fleet_csv(
            &f, "fleet.csv",
            "tag,quantity,category,site,status,acquisition,acquired_on,idle_w,"
            "max_w\na,3,server,lyon,in_service,new,2020-01-01,100,300\n");
    y = fleet_year(&f, &o);
    UNIT_NEAR(y->it_kwh.value, 3 * 0.2 * 8760, 1e-12, "kWh");
    UNIT_NEAR(y->tier_kwh[CALC_M4], 3 * 0.2 * 8760, 1e-12, "M4");
    UNIT_NEAR(
            y->location_kg.high / y->location_kg.value,
            exp(-s * s / 2 + 1.96 * s), 1e-9, "interval");
    rep_year_free(y);
    fleet_close(&f);
}

/* ---- what is not known
 * -------------------------------------------------------- */

static void unknowns(void)
{
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD
            "a,1,server,,in_service,second_hand,,2022-01-01,,,,1000,sheet\n"
            "b,1,server,,in_service,,,,,,,500,sheet\n"
            "c,1,server,,in_service,new,,2022-01-01,,,50,800,sheet\n");
    y = fleet_2024(&f);
    UNIT_CHECK(y->age_unknown_lines == 1, "age of a");
    UNIT_NEAR(y->own_kg.value, 2300, 1e-12, "an unknown age leaves all to us");
    UNIT_CHECK(y->start_unknown_lines == 1, "start of b");
    UNIT_CHECK(y->fleet.acquisition_unknown == 1, "acquisition of b");
    /* b is never charged: its amount stays in the net stock. */
    UNIT_NEAR(
            y->charge_kg.value, 1800.0 * 366 / 2922, 1e-12, "charge without b");
    UNIT_NEAR(
            y->net.closing_kg, 500 + 1800 * (1 - 1096.0 / 2922), 1e-12,
            "b stays in the net stock");
    UNIT_NEAR(y->energy_coverage, 1.0 / 3, 1e-12, "power of one in three");
    UNIT_NEAR(y->it_kwh.value, 0.05 * 8784, 1e-12, "kWh of c");
    UNIT_CHECK(isnan(y->location_kg.value), "no country, no factor, no kg");
    UNIT_CHECK(isnan(y->gross_years.value), "no ratio");
    UNIT_CHECK(isnan(y->amortised_total_kg.value), "no total");
    rep_year_free(y);
    fleet_close(&f);
}

static const struct rep_exclusion *
excluded(const struct rep_year *y, const char *what)
{
    for (size_t i = 0; i < y->n_exclusions; i++)
        if (strcmp(y->exclusions[i].what, what) == 0)
            return &y->exclusions[i];
    return NULL;
}

/* A machine with "?" disks, a tape, a switch; loose disks as a lot. Parts by
 * hand (TV09): 2 CPUs of 600 mm2 41.92, 12 modules of 32 GiB at the mean
 * density 741.54123, board 66.10, assembly 6.68, 2 supplies of 2.99 kg 145.314,
 * rack 150; 20 disks of 31.11. */
static void exclusions(void)
{
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            "tag,quantity,category,status,acquisition,acquired_on,chassis,"
            "cpu_count,cpu_cores,cpu_die_mm2,ram_modules,hdd,ssd,tape,gpu,"
            "psu_count,psu_kg,screen\n"
            "a,2,server,in_service,new,2022,rack,2,32,600,12x32,?,,1x12TB,,2,"
            "2.99,\n"
            "s,4,switch,in_service,new,2022,,,,,,,,,,,,\n"
            "d,20,hdd,spare,new,2022,,,,,,1x4TB,,,,,,\n");
    y = fleet_2024(&f);
    UNIT_CHECK(y->fleet.machines == 2, "machines are the servers alone");
    UNIT_CHECK(y->fleet.hdd == 20, "known disks are the loose ones");
    UNIT_NEAR(y->fleet.hdd_tb, 80, 1e-12, "TB");
    UNIT_CHECK(y->fleet.hdd_unknown == 2, "disks unknown on two");
    UNIT_CHECK(y->fleet.tapes == 2, "tapes");
    UNIT_CHECK(y->fleet.cpu_sockets == 4, "sockets");
    UNIT_CHECK(y->fleet.cpu_cores == 64, "cores");
    UNIT_NEAR(
            y->gross_kg.value,
            2 * (41.92 + 741.54123 + 66.10 + 6.68 + 145.314 + 150) + 20 * 31.11,
            1e-7, "gross");
    CU_ASSERT_PTR_NOT_NULL_FATAL(excluded(y, "switch"));
    UNIT_CHECK(excluded(y, "switch")->units == 4, "switches");
    CU_ASSERT_PTR_NOT_NULL_FATAL(excluded(y, "tape"));
    UNIT_CHECK(excluded(y, "tape")->units == 2, "tapes have no factor");
    CU_ASSERT_PTR_NOT_NULL_FATAL(excluded(y, "hdd of unknown number"));
    UNIT_CHECK(isnan(y->excluded_kg), "no estimate, and not 0");
    UNIT_NEAR(y->quality_coverage, 22.0 / 26, 1e-12, "units with a figure");
    rep_year_free(y);
    fleet_close(&f);
}

/* A guest has no fabrication and no power of its own. */
static void virtual_machine(void)
{
    struct wire_machine m = {
            .tag = "vm",
            .name = "vm",
            .units = 1,
            .has_category = true,
            .category = CALC_SERVER,
            .has_status = true,
            .status = CALC_IN_SERVICE,
            .chassis = CALC_CHASSIS_UNKNOWN,
            .acquisition = CALC_NEW,
            .is_virtual = 1,
            .price_eur = NAN,
            .mass_kg = NAN,
            .power_w = 100,
            .idle_w = NAN,
            .max_w = NAN,
            .energy_kwh_year = NAN,
            .fabrication_kg = NAN,
            .cpu_count = 2,
            .cpu_cores = 8,
            .place = "test",
    };
    struct err err = {0};
    enum inv_change what;
    struct rep_year *y;
    struct fleet f;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "host,1,server,,in_service,new,,2022,,,200,1000,sheet\n");
    fleet_begin(&f);
    fleet_must(inv_take_machine(f.take, &m, &what, &err), &err);
    fleet_end(&f);
    y = fleet_2024(&f);
    UNIT_CHECK(y->fleet.machines == 1, "one machine");
    UNIT_CHECK(y->fleet.virtual_machines == 1, "one guest");
    UNIT_CHECK(y->stock.closing.units == 1, "stock");
    UNIT_NEAR(y->gross_kg.value, 1000, 1e-12, "gross");
    UNIT_NEAR(
            y->it_kwh.value, 0.3 * 8784, 1e-12,
            "the host's kWh and what is stated for the guest");
    UNIT_NEAR(y->energy_coverage, 1, 0, "guests are not in the coverage");
    rep_year_free(y);
    fleet_close(&f);
}

static void empty(void)
{
    static const int years[] = {2024, 0};

    for (size_t i = 0; i < 2; i++) {
        struct rep_options o = fleet_options(years[i], mid_2025);
        struct rep_year *y;
        struct fleet f;

        fleet_open(&f);
        y = fleet_year(&f, &o);
        UNIT_CHECK(y->fleet.machines == 0, "machines");
        UNIT_NEAR(y->gross_kg.value, 0, 0, "gross");
        UNIT_NEAR(y->it_kwh.value, 0, 0, "kWh");
        UNIT_NEAR(y->location_kg.value, 0, 0, "kg");
        UNIT_NEAR(y->excluded_share, 0, 0, "excluded");
        UNIT_CHECK(isnan(y->gross_years.value), "no ratio");
        UNIT_CHECK(isnan(y->fabrication_share), "no share");
        UNIT_CHECK(isnan(y->energy_coverage), "no coverage");
        UNIT_CHECK(y->grade == '-', "no grade");
        UNIT_CHECK(y->n_sites == 0 && y->n_kinds == 0, "no rows");
        rep_year_free(y);
        fleet_close(&f);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"new machine", new_machine},
            {"donated machine", donated_machine},
            {"lot", lot},
            {"exits", exits},
            {"part of a year", part_of_a_year},
            {"cbp", cbp},
            {"yearly amount", yearly_amount},
            {"modelled load", modelled_load},
            {"unknowns", unknowns},
            {"exclusions", exclusions},
            {"virtual machine", virtual_machine},
            {"empty", empty},
            {NULL, NULL},
    };
    int status = unit_main("reports year", tests);

    fac_pack_free(fleet_pack);
    return status;
}
