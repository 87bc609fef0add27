/* SPDX-License-Identifier: Apache-2.0
 * Dates of limited precision that cross, and processors that nobody counted:
 * neither may make a kilogram or a count appear or vanish. */
#include "reports_fleet.h"

static struct rep_year *of_year(const struct fleet *f, int year)
{
    struct rep_options o = fleet_options(year, (struct date){2026, 6, 30});

    return fleet_year(f, &o);
}

/* Bought in August 2024 and gone in "2024", which counts as 1 July: 900 kg
 * came and left, all of it written off or handed on, at no time in stock. */
static void bought_and_gone(void)
{
    struct rep_year *y;
    struct fleet f;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            "tag,category,status,acquisition,acquired_on,retired_on,"
            "fabrication_kg,fabrication_source\n"
            "a,server,retired,new,2024-08-05,2024,900,x\n"
            "b,server,given,new,2024,2024,100,x\n");
    y = of_year(&f, 2024);
    UNIT_NEAR(y->acquisition_kg.value, 1000, 1e-12, "acquisition");
    UNIT_NEAR(y->charge_kg.value, 0, 0, "no day to charge");
    UNIT_NEAR(y->writeoff_kg, 900, 1e-12, "written off");
    UNIT_NEAR(y->net.transferred_kg, 100, 1e-12, "handed on");
    UNIT_CHECK(y->stock.in_new.units == 2, "two came");
    UNIT_CHECK(y->stock.out_retired.units == 1, "one retired");
    UNIT_CHECK(y->stock.out_given.units == 1, "one given");
    UNIT_CHECK(y->fleet.machines == 0, "none is left");
    UNIT_NEAR(y->amortised_total_kg.value, 900, 1e-12, "total");
    rep_year_free(y);
    y = of_year(&f, 2025);
    UNIT_CHECK(y->stock.opening.units == 0, "nor a year later");
    UNIT_NEAR(y->acquisition_kg.value, 0, 0, "bought once");
    rep_year_free(y);
    fleet_close(&f);
}

/* Put into service at the end of the year that counts as its exit's. */
static void not_yet_running(void)
{
    struct rep_year *y;
    struct fleet f;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            "tag,category,status,acquisition,acquired_on,in_service_on,"
            "retired_on\n"
            "a,server,retired,new,2022-03-07,2024-12-30,2024\n");
    y = of_year(&f, 2023);
    UNIT_CHECK(y->fleet.machines == 1, "it is here");
    UNIT_CHECK(y->fleet.running == 0, "and does not run yet");
    rep_year_free(y);
    fleet_close(&f);
}

/* A model without a count is one socket only where there never are more; the
 * 16 cores of a Gold 6130 make two of 32. */
static void uncounted_sockets(void)
{
    struct rep_year *y;
    struct fleet f;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            "tag,category,chassis,acquired_on,cpu_model,cpu_cores\n"
            "a,server,rack,2020,Xeon Gold 6130,\n"
            "b,server,rack,2020,Xeon Gold 6130,32\n"
            "c,laptop,,2020,Xeon Gold 6130,\n"
            "d,server,rack,2020,,\n");
    y = of_year(&f, 2024);
    UNIT_CHECK(y->fleet.cpu_sockets == 3, "of b and c");
    UNIT_CHECK(y->fleet.sockets_unknown == 2, "of a and d");
    UNIT_CHECK(y->fleet.cpu_cores == 32 + 16, "of b and c");
    UNIT_CHECK(y->fleet.cores_unknown == 2, "of a and d");
    rep_year_free(y);
    fleet_close(&f);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"bought and gone", bought_and_gone},
            {"not yet running", not_yet_running},
            {"uncounted sockets", uncounted_sockets},
            {NULL, NULL},
    };
    int status = unit_main("reports dates", tests);

    fac_pack_free(fleet_pack);
    return status;
}
