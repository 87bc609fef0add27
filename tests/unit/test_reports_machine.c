/* SPDX-License-Identifier: Apache-2.0
 * One machine: its parts, derivation, share, power and ledger. */
#include "reports_fleet.h"

#define FLEET                                                                  \
    "tag,name,quantity,category,manufacturer,model,serial,site,status,"        \
    "acquisition,manufactured_on,acquired_on,in_service_on,warranty_end,"      \
    "chassis,cpu_count,cpu_cores,cpu_die_mm2,ram_modules,hdd,ssd,gpu,"         \
    "psu_count,psu_kg,power_w,project,note\n"                                  \
    "a,alpha,1,server,Acme,Rocket 9,S1,lyon,in_service,donated,2020-07-01,"    \
    "2024-07-01,2024-07-01,2023-07-01,rack,2,32,600,12x32,2x4TB,,,2,2.99,"     \
    "150,physics,a note\n"                                                     \
    "b,beta,2,server,,,,lyon,in_service,new,,2022,,,rack,2,32,600,12x32 + "    \
    "2x16,4x4TB + 1x8TB,1x960GB,,2,2.99,,,\n"

static void open_with(struct fleet *f)
{
    fleet_open(f);
    fleet_csv(
            f, "sites.csv",
            "name,country,timezone,pue\nlyon,FRA,Europe/Paris,1.3\n");
    fleet_csv(f, "fleet.csv", FLEET);
}

static struct rep_machine *
must_make(const struct fleet *f, const struct rep_options *o, const char *tag)
{
    struct rep_machine *m = NULL;
    struct err err = {0};

    fleet_must(rep_machine_make(f->db, fleet_pack, o, tag, &m, &err), &err);
    return m;
}

/* Parts by hand (TV09 without its SSD): 41.92 + 741.54123 + 62.22 + 66.1 +
 * 145.314 + 150 + 6.68. Age 1461 days of 8 years: half is ours. 150 W for the
 * 8784 hours of 2024 less those before July; PUE 1.3; 40.48 g. */
static void figures(void)
{
    const double gross = 1213.77523;
    struct rep_options o = fleet_options(2024, (struct date){2025, 6, 30});
    struct rep_machine *m;
    struct fleet f;

    open_with(&f);
    m = must_make(&f, &o, "a");
    UNIT_NEAR(m->gross_kg.value, gross, 1e-7, "gross");
    UNIT_CHECK(m->gross_kg.low < gross && m->gross_kg.high > gross, "interval");
    UNIT_CHECK(m->assessment.choice.approach == CALC_C, "by its parts");
    UNIT_NEAR(m->age_y, 4, 1e-12, "age");
    UNIT_NEAR(m->share_frac, 0.5, 1e-12, "share");
    UNIT_NEAR(m->own_kg.value, gross / 2, 1e-7, "own");
    UNIT_NEAR(m->rule_share[CALC_CUTOFF], 0, 0, "CUTOFF");
    UNIT_NEAR(m->rule_share[CALC_HALF], 0.5, 0, "HALF");
    UNIT_NEAR(m->booking_life_y, 4, 1e-12, "life");
    UNIT_NEAR(m->charge_kg, gross / 2 * 184 / 1461, 1e-7, "charge");
    UNIT_NEAR(m->net_kg, gross / 2 * 1277 / 1461, 1e-7, "net");
    UNIT_CHECK(m->life_end.year == 2028 && m->life_end.month == 7, "end");
    UNIT_NEAR(m->kwh, 0.15 * (184 * 24 + 1), 1e-12, "kWh, with an hour won");
    UNIT_NEAR(m->site_kwh, m->kwh * 1.3, 1e-12, "with the facility");
    UNIT_NEAR(m->operation_kg.value, m->kwh * 1.3 * 40.48 / 1000, 1e-12, "kg");
    UNIT_NEAR(
            m->gross_years.value, gross / m->operation_kg.value, 1e-7, "years");
    UNIT_CHECK(m->power.tier == CALC_M5, "tier");
    UNIT_CHECK(m->year->year == 2024 && m->year->n_sets > 0, "context");
    rep_machine_free(m);
    fleet_close(&f);
}

static void texts(void)
{
    struct rep_options o = fleet_options(2024, (struct date){2025, 6, 30});
    struct rep_machine *m;
    struct fleet f;

    open_with(&f);
    m = must_make(&f, &o, "alpha"); /* by its name */
    UNIT_CHECK(strcmp(m->tag, "a") == 0, "tag");
    UNIT_CHECK(strcmp(m->manufacturer, "Acme") == 0, "maker");
    UNIT_CHECK(strcmp(m->product, "Rocket 9") == 0, "product");
    UNIT_CHECK(strcmp(m->serial, "S1") == 0, "serial");
    UNIT_CHECK(strcmp(m->site, "lyon") == 0, "site");
    UNIT_CHECK(strcmp(m->project, "physics") == 0, "project");
    UNIT_CHECK(strcmp(m->note, "a note") == 0, "note");
    UNIT_CHECK(m->status == CALC_IN_SERVICE, "status");
    UNIT_CHECK(m->n_events > 0, "its ledger has begun");
    UNIT_CHECK(m->n_steps > 0, "a derivation");
    rep_machine_free(m);
    fleet_close(&f);
}

/* Parts of a kind share the kind's kilograms: 16 GB modules weigh less than 32
 * GB ones, disks alike. Of one unit of two. */
static void parts(void)
{
    const double per_cm2 = 2.20 / 1.2443636;
    struct rep_options o = fleet_options(2024, (struct date){2025, 6, 30});
    struct rep_machine *m;
    double sum = 0;
    struct fleet f;

    open_with(&f);
    m = must_make(&f, &o, "b");
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct rep_part *p = &m->parts[i];

        if (p->kind == CALC_RAM && p->capacity > 31)
            UNIT_NEAR(p->kg, 12 * (5.22 + 32 * per_cm2), 1e-6, "12 x 32");
        else if (p->kind == CALC_RAM)
            UNIT_NEAR(p->kg, 2 * (5.22 + 16 * per_cm2), 1e-6, "2 x 16");
        else if (p->kind == CALC_HDD)
            UNIT_NEAR(p->kg, p->units * 31.11, 1e-12, "disks");
        sum += isnan(p->kg) ? 0 : p->kg;
    }
    UNIT_CHECK(m->units == 2, "a lot of two");
    /* parts and what is in every machine: board, rack, assembly */
    UNIT_NEAR(
            m->gross_kg.value, 2 * (sum + 66.1 + 150 + 6.68), 1e-9,
            "parts and the rest are the whole");
    UNIT_CHECK(m->power.tier == CALC_NO_ENERGY, "nothing known of its power");
    UNIT_CHECK(isnan(m->kwh) && isnan(m->operation_kg.value), "and no 0");
    UNIT_CHECK(isnan(m->gross_years.value), "no ratio");
    rep_machine_free(m);
    fleet_close(&f);
}

/* The sum over machines of a year is the year. */
static void same_as_the_year(void)
{
    struct rep_options o = fleet_options(2024, (struct date){2025, 6, 30});
    struct rep_machine *a, *b;
    struct rep_year *y;
    struct fleet f;

    open_with(&f);
    y = fleet_year(&f, &o);
    a = must_make(&f, &o, "a");
    b = must_make(&f, &o, "b");
    UNIT_NEAR(
            y->gross_kg.value, a->gross_kg.value + b->gross_kg.value, 1e-12,
            "gross");
    UNIT_NEAR(y->own_kg.value, a->own_kg.value + b->own_kg.value, 1e-12, "own");
    UNIT_NEAR(y->charge_kg.value, a->charge_kg + b->charge_kg, 1e-12, "charge");
    UNIT_NEAR(y->it_kwh.value, a->kwh, 1e-12, "kWh");
    rep_machine_free(a);
    rep_machine_free(b);
    rep_year_free(y);
    fleet_close(&f);
}

static void absent(void)
{
    struct rep_options o = fleet_options(2024, (struct date){2025, 6, 30});
    struct rep_machine *m = NULL;
    struct err err = {0};
    struct fleet f;

    open_with(&f);
    UNIT_CHECK(
            !rep_machine_make(f.db, fleet_pack, &o, "zeta", &m, &err),
            "no such machine");
    UNIT_CHECK(err.code == ERR_NOT_FOUND && !m, "not found: %s", err.msg);
    fleet_close(&f);
}

/* The source that was typed in is there after the row it came from is gone. */
static void stated_source(void)
{
    struct rep_options o = fleet_options(2024, (struct date){2025, 6, 30});
    struct rep_machine *m;
    struct fleet f;

    fleet_open(&f);
    fleet_csv(
            &f, "fleet.csv",
            "tag,category,acquired_on,fabrication_kg,fabrication_source\n"
            "a,server,2020,900,a study of 2020\n"
            "b,server,2020,800,another study\n");
    m = must_make(&f, &o, "a");
    UNIT_CHECK(m->n_steps == 1, "one step");
    UNIT_CHECK(
            m->steps[0].source &&
                    strcmp(m->steps[0].source, "a study of 2020") == 0,
            "its source");
    UNIT_NEAR(m->gross_kg.value, 900, 0, "its figure");
    rep_machine_free(m);
    fleet_close(&f);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"figures", figures}, {"texts", texts},
            {"parts", parts},     {"same as the year", same_as_the_year},
            {"absent", absent},   {"stated source", stated_source},
            {NULL, NULL},
    };
    int status = unit_main("reports machine", tests);

    fac_pack_free(fleet_pack);
    return status;
}
