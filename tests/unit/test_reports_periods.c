/* SPDX-License-Identifier: Apache-2.0
 * Periods of a report: a year that runs, one day, a life; and the same document
 * whenever and in whatever order it is worked out. */
#include "reports_small.h"

/* ---- periods
 * ------------------------------------------------------------------ */

/* 2025 so far: 181 days to the end of 30 June; ratios are against a year. */
static void running_year(void)
{
    struct rep_options o = fleet_options(2025, mid_2025);
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(&f, "sites.csv", FRANCE);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "a,1,server,lyon,in_service,new,,2023-07-01,2023-07-01,,100,"
                 "2922,sheet\n");
    y = fleet_year(&f, &o);
    UNIT_CHECK(!y->complete, "not over");
    UNIT_CHECK(
            y->end.year == 2025 && y->end.month == 7 && y->end.day == 1,
            "to the end of today");
    UNIT_NEAR(y->charge_kg.value, 181, 1e-12, "181 days");
    /* summer time is on: an hour less than 181 days */
    UNIT_NEAR(y->it_kwh.value, 0.1 * (181 * 24 - 1), 1e-12, "kWh");
    UNIT_NEAR(
            y->gross_years.value, 2922 / (y->location_kg.value * 365 / 181),
            1e-12, "per year");
    rep_year_free(y);
    fleet_close(&f);
}

/* As of today: a whole year at today's state, charge of the last 365 days. */
static void fleet_today(void)
{
    struct rep_options o = fleet_options(0, mid_2025);
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(&f, "sites.csv", FRANCE);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "a,1,server,lyon,in_service,new,,2025-06-01,2025-06-01,,100,"
                 "2922,sheet\n"
                 "b,1,server,lyon,spare,new,,2023-07-01,2023-07-01,,100,"
                 "2922,sheet\n"
                 "c,1,server,lyon,retired,new,,2020-01-01,,2025-01-01,100,"
                 "2922,sheet\n");
    y = fleet_year(&f, &o);
    UNIT_CHECK(y->fleet.machines == 2 && y->fleet.running == 1, "counts");
    UNIT_NEAR(y->it_kwh.value, 876, 1e-12, "8760 hours of a");
    UNIT_NEAR(
            y->net.charge_kg, 30 + 365 + 184, 1e-12,
            "30 days of a, 365 of b, 184 of c");
    UNIT_NEAR(
            y->location_kg.value, 876 * y->grid_g_per_kwh / 1000, 1e-12, "kg");
    rep_year_free(y);
    fleet_close(&f);
}

/* TV84, with machines beside it that it does not ask about: over ten years old,
 * gone in another year, of unknown age. 2020-01-01 to 2024-12-31 is 1826 days.
 */
static void reuse(void)
{
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD
            "g,18,server,,given,new,,2018-01-01,2018-01-01,2024-06-01,,10,s\n"
            "r,6,server,,retired,new,,2018-01-01,2018-01-01,2024-06-01,,10,s\n"
            "o,9,server,,retired,new,,2005-01-01,2005-01-01,2024-06-01,,10,s\n"
            "b,7,server,,given,new,,2018-01-01,2018-01-01,2023-06-01,,10,s\n"
            "u,5,server,,retired,donated,,2021-01-01,,2024-06-01,,10,s\n"
            "a,2,server,,in_service,new,,2020-01-01,2020-01-01,,,1000,s\n");
    y = fleet_2024(&f);
    UNIT_CHECK(y->reuse.given == 18 && y->reuse.retired == 6, "TV84");
    UNIT_CHECK(y->reuse.age_unknown == 5, "of unknown age");
    UNIT_NEAR(y->reuse.aged_kg, 2000, 1e-12, "stock");
    UNIT_NEAR(y->reuse.aged_years, 2 * 1826 / 365.25, 1e-12, "its years");
    rep_year_free(y);
    fleet_close(&f);
}

/* Over its booking life since 2023-01-01: two years of 730 or 731 days. */
static void over_life(void)
{
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD
            "a,2,server,,in_service,new,,2015-01-01,2015-01-01,,,1000,s\n");
    y = fleet_2024(&f);
    UNIT_NEAR(y->charge_kg.value, 0, 0, "charged in full");
    UNIT_NEAR(y->years_beyond_life, 2 * 731 / 365.25, 1e-12, "beyond");
    UNIT_NEAR(y->net.closing_kg, 0, 0, "net");
    rep_year_free(y);
    fleet_close(&f);
}

/* All of a large stock leaves: what is left is nothing, although the terms
 * that cancel are ten thousand million kilograms each. */
static void large_and_gone(void)
{
    struct fleet f;
    struct rep_year *y;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            HEAD "a,9999999,server,,retired,donated,2017-03-05,2020-02-03,"
                 "2020-05-06,2024-07-09,,1234.567,s\n"
                 "b,8888888,server,,in_service,donated,2016-01-01,2021-02-03,,,"
                 ",777.7,s\n");
    y = fleet_2024(&f);
    UNIT_CHECK(y->net.opening_kg > 1e9, "much at the start");
    UNIT_NEAR(y->net.closing_kg, 0, 1e-3, "nothing at the end");
    rep_year_free(y);
    fleet_close(&f);
}

static void refused(void)
{
    struct rep_options o = fleet_options(2026, mid_2025);
    struct rep_year *y = NULL;
    struct err err = {0};
    struct fleet f;

    fleet_open(&f);
    UNIT_CHECK(
            !rep_year_make(f.db, fleet_pack, &o, &y, &err), "2026 not begun");
    UNIT_CHECK(err.code == ERR_INVALID && !y, "as invalid");
    o.year = 2024;
    o.rule = CALC_ECON_PRICE;
    UNIT_CHECK(!rep_year_make(f.db, fleet_pack, &o, &y, &err), "no prices");
    UNIT_CHECK(err.code == ERR_INVALID && !y, "as invalid");
    fleet_close(&f);
}

/* ---- the same twice, and machine by machine
 * ------------------------------------ */

#define MIXED                                                                  \
    "tag,quantity,category,site,status,acquisition,manufactured_on,"           \
    "acquired_on,in_service_on,retired_on,warranty_end,chassis,cpu_model,"     \
    "cpu_count,cpu_cores,ram_modules,hdd,ssd,gpu,psu_count,power_w\n"          \
    "a1,1,server,lyon,in_service,new,,2021-02-03,2021-02-10,,2026-02-03,rack," \
    "Xeon Gold 6130,2,32,12x32,2x4TB,1x960GB,,2,210\n"                         \
    "a2,1,server,lyon,in_service,donated,,2022-05-01,,,,rack,"                 \
    "Xeon Gold 6130,2,32,12x32,2x4TB,1x960GB,,2,\n"                            \
    "a3,3,server,lyon,retired,second_hand,2017,2020-05-01,,2024-08-09,,rack,"  \
    "Xeon E5-2650 v4,2,24,8x16,4x4TB,,,2,180\n"                                \
    "g1,1,gpu_node,lyon,in_service,donated,2018,2023-01-01,,,,rack,"           \
    "Xeon Gold 6130,2,32,12x32,,2x960GB,4x Tesla V100,2,\n"                    \
    "l1,7,laptop,home,in_service,new,,2023,,,,laptop,,,,,,,,,15\n"             \
    "s1,20,screen,lyon,in_service,new,,2019,,,,,,,,,,,,,\n"                    \
    "c1,6,gpu,lyon,spare,second_hand,,2024-02-02,,,,,,,,,,,1x Tesla P100,,\n"

static char *document(const struct fleet *f, int year)
{
    struct rep_options o = fleet_options(year, mid_2025);
    struct rep_writing w = {
            .format = REP_JSON,
            .language = "en",
            .db = f->db,
            .pack = fleet_pack,
            .options = &o};
    struct rep_year *y = fleet_year(f, &o);
    struct err err = {0};
    struct buf text;
    struct out out;

    buf_init(&text, 10 * 1024 * 1024);
    out_to_buf(&out, &text);
    fleet_must(
            rep_year_write(y, &w, &out, &err) && out_finish(&out, &err), &err);
    UNIT_CHECK(strlen(y->sha256) == 64, "sealed");
    rep_year_free(y);
    return buf_take(&text);
}

struct sum {
    double gross_kg, own_kg, charge_kg, kwh, kind_kg;
    size_t n;
};

static bool add_row(void *ctx, const struct rep_machine_row *m, struct err *err)
{
    struct sum *s = ctx;

    (void)err;
    s->gross_kg += m->gross_kg.value;
    s->own_kg += m->own_kg;
    s->charge_kg += m->charge_kg;
    s->kwh += isnan(m->kwh) ? 0 : m->kwh;
    for (int k = 0; k < CALC_KINDS; k++)
        s->kind_kg += m->kind_kg[k];
    s->n++;
    return true;
}

static void twice(void)
{
    static const int years[] = {2020, 2022, 2024, 2025, 0};
    struct fleet f;

    fleet_open(&f);
    fleet_csv(&f, "sites.csv", FRANCE "home,DEU,Europe/Berlin,1.2\n");
    fleet_csv(&f, "fleet.csv", MIXED);
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        char *a = document(&f, years[i]), *b = document(&f, years[i]);

        UNIT_CHECK(strcmp(a, b) == 0, "year %d twice", years[i]);
        free(a);
        free(b);
    }
    fleet_close(&f);
}

/* One line at a time gives what the pass over all of them gives; the charge
 * and energy of what left are only in the latter. */
static void by_machine(void)
{
    struct rep_options o = fleet_options(2023, mid_2025);
    struct sum s = {0};
    struct err err = {0};
    struct rep_year *y;
    struct fleet f;

    fleet_open(&f);
    fleet_csv(&f, "sites.csv", FRANCE);
    fleet_csv(&f, "fleet.csv", MIXED);
    y = fleet_year(&f, &o);
    fleet_must(
            rep_year_machines(f.db, fleet_pack, &o, add_row, &s, &err), &err);
    UNIT_CHECK(s.n == 6, "lines in stock at the end of 2023");
    UNIT_NEAR(s.gross_kg, y->gross_kg.value, 1e-12, "gross");
    UNIT_NEAR(s.kind_kg, y->gross_kg.value, 1e-12, "kinds");
    UNIT_NEAR(s.own_kg, y->own_kg.value, 1e-12, "own");
    UNIT_NEAR(s.charge_kg, y->charge_kg.value, 1e-12, "charge");
    UNIT_NEAR(s.kwh, y->it_kwh.value, 1e-12, "kWh");
    rep_year_free(y);
    fleet_close(&f);
}

/* Opening and closing of years in a row meet, and what was charged, written
 * off and transferred over all of them is what came in. */
static void years_in_a_row(void)
{
    double spent = 0, came = 0, closing = 0;
    struct fleet f;

    fleet_open(&f);
    fleet_csv(&f, "fleet.csv", MIXED);
    for (int year = 2019; year <= 2035; year++) {
        struct rep_options o = fleet_options(year, (struct date){2040, 1, 1});
        struct rep_year *y = fleet_year(&f, &o);

        UNIT_NEAR(y->net.opening_kg, closing, 1e-9, "opening = last closing");
        closing = y->net.closing_kg;
        spent += y->net.charge_kg + y->net.writeoff_kg + y->net.transferred_kg;
        came += y->net.additions_kg;
        rep_year_free(y);
    }
    UNIT_NEAR(closing, 0, 1e-9, "all lives are over");
    UNIT_NEAR(spent, came, 1e-9, "all that came was spent");
    fleet_close(&f);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"running year", running_year},
            {"fleet today", fleet_today},
            {"reuse", reuse},
            {"over life", over_life},
            {"large and gone", large_and_gone},
            {"refused", refused},
            {"twice", twice},
            {"by machine", by_machine},
            {"years in a row", years_in_a_row},
            {NULL, NULL},
    };
    int status = unit_main("reports periods", tests);

    fac_pack_free(fleet_pack);
    return status;
}
