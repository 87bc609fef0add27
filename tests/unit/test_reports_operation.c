/* SPDX-License-Identifier: Apache-2.0
 * Operation beyond a constant: PUE by month, contracts, hours of the grid,
 * calendars, meters. Figures by hand; tests/reference has random fleets. */
#include "energy/ledger.h"
#include "energy/operation.h"
#include "reports_fleet.h"

#define SITE                                                                   \
    "name,country,timezone,pue,grid_g,grid_kind,grid_source\n"                 \
    "s,FRA,UTC,1.0,20,life_cycle,test\n"                                       \
    "paris,FRA,Europe/Paris,1.0,20,life_cycle,test\n"                          \
    "pune,IND,Asia/Kolkata,1.0,20,life_cycle,test\n"
#define HEAD "tag,quantity,category,status,in_service_on,power_w,site\n"

enum { YEAR = 2025, HOURS = 8760, HOUR0 = 482136 /* 2025-01-01T00Z */ };

static const struct date later_on = {2026, 3, 1};

static struct rep_year *year_of(const struct fleet *f)
{
    struct rep_options o = fleet_options(YEAR, later_on);

    return fleet_year(f, &o);
}

static void begin(struct fleet *f, const char *lines)
{
    char text[4096];

    fleet_open(f);
    fleet_csv(f, "sites.csv", SITE);
    snprintf(text, sizeof text, HEAD "%s", lines);
    fleet_csv(f, "fleet.csv", text);
}

/* ---- PUE and contracts --------------------------------------------------- */

static void pue_by_month(void)
{
    struct err err = {0};
    struct rep_year *y;
    struct fleet f;

    begin(&f, "a,1,server,in_service,2020-01-01,100,s\n");
    fleet_must(
            en_site_pue_set(f.db, "s", YEAR * 12 + 6, 1.42, "cli:test", &err),
            &err);
    y = year_of(&f);
    UNIT_NEAR(y->it_kwh.value, 876, 1e-12, "equipment");
    UNIT_NEAR(y->site_kwh.value, 876 + 0.42 * 74.4, 1e-12, "July at 1.42");
    UNIT_NEAR(y->location_kg.value, 18.14496, 1e-12, "at 20 g");
    UNIT_NEAR(y->sites[0].pue, 907.248 / 876, 1e-12, "as it came out");
    UNIT_NEAR(y->sites[0].pue_month[6], 1.42, 0, "July");
    UNIT_CHECK(y->sites[0].pue_varies, "by month");
    for (size_t i = 0; i < y->n_operation; i++)
        UNIT_NEAR(
                y->operation[i].infrastructure_kwh, i == 6 ? 0.42 * 74.4 : 0,
                1e-12, "infrastructure in July alone");
    UNIT_CHECK(isnan(y->market_kg.value), "no contract");
    UNIT_CHECK(isnan(y->hourly_kg.value), "no hour of the grid");
    rep_year_free(y);
    fleet_close(&f);
}

static void contract(struct fleet *f, int year, double mwh, double g)
{
    const struct en_instrument i = {
            .site = "s",
            .source = "test",
            .year = year,
            .mwh = mwh,
            .g_per_kwh = g};
    struct err err = {0};
    int64_t id;

    if (isnan(mwh))
        fleet_must(en_residual_set(f->db, &i, "cli:test", &err), &err);
    else
        fleet_must(en_instrument_add(f->db, &i, "cli:test", &id, &err), &err);
}

static void contracts(void)
{
    struct rep_year *y;
    struct fleet f;

    begin(&f, "a,1,server,in_service,2020-01-01,100,s\n");
    contract(&f, 2024, 900, 1);
    y = year_of(&f);
    UNIT_CHECK(isnan(y->market_kg.value), "a contract of another year");
    rep_year_free(y);
    contract(&f, YEAR, 0.3, 5);
    y = year_of(&f);
    UNIT_CHECK(isnan(y->market_kg.value), "the rest has no factor");
    UNIT_CHECK(y->n_market == 1, "but is listed");
    rep_year_free(y);
    contract(&f, YEAR, NAN, 41);
    y = year_of(&f);
    UNIT_NEAR(y->market_kg.value, 1.5 + 0.576 * 41, 1e-12, "300 of 876 kWh");
    UNIT_NEAR(y->market[0].rest_kwh, 576, 1e-12, "the rest");
    UNIT_CHECK(
            y->market_kg.low < y->market_kg.value &&
                    y->market_kg.high > y->market_kg.value,
            "an interval");
    rep_year_free(y);
    contract(&f, YEAR, 0.7, 10); /* 1000 kWh for 876: 0.876 of 8.5 kg */
    y = year_of(&f);
    UNIT_NEAR(y->market_kg.value, 0.876 * 8.5, 1e-12, "scaled to the use");
    rep_year_free(y);
    fleet_close(&f);
}

/* ---- hours of the grid --------------------------------------------------- */

static void
grid(struct fleet *f, double (*g_of)(int hour), double year_g, int skip_month)
{
    const struct wire_origin origin = {
            .set = "mine",
            .title = "Mine",
            .source = "a test",
            .licence = "CC0"};
    struct wire_grid g = {
            .origin = origin,
            .zone = "FRA",
            .kind = WIRE_GRID_LIFE_CYCLE,
            .basis = WIRE_CONSUMPTION};
    struct en_grid_take *t = NULL;
    struct err err = {0};

    fleet_must(en_grid_take_begin(f->db, "cli:test", &t, &err), &err);
    for (int h = 0; h < HOURS; h++) {
        if (date_from_days((HOUR0 + h) / 24).month == skip_month)
            continue;
        g.from_s = ((int64_t)HOUR0 + h) * 3600;
        g.to_s = g.from_s + 3600;
        g.g_per_kwh = g_of(h);
        if (!isnan(g.g_per_kwh))
            fleet_must(en_grid_take_value(t, &g, &err), &err);
    }
    g.from_s = (int64_t)HOUR0 * 3600;
    g.to_s = g.from_s + (int64_t)HOURS * 3600;
    g.g_per_kwh = year_g;
    if (!isnan(year_g))
        fleet_must(en_grid_take_value(t, &g, &err), &err);
    fleet_must(en_grid_take_end(t, true, &err), &err);
}

/* 10 to 33 by hour of the day, mean 21.5; one hour of July is missing. */
static double by_day(int hour)
{
    return hour == 190 * 24 + 5 ? NAN : 10.0 + hour % 24;
}

static void hours_of_the_grid(void)
{
    struct rep_year *y;
    struct fleet f;

    begin(&f, "a,1,server,in_service,2020-01-01,100,s\n");
    grid(&f, by_day, 20, 0);
    y = year_of(&f);
    UNIT_NEAR(y->hourly_kg.value, 876 * 21.5e-3, 1e-12, "steady load");
    UNIT_CHECK(y->n_hourly == 1, "one site");
    UNIT_CHECK(y->hourly[0].missing == 1, "one hour filled");
    UNIT_NEAR(y->hourly[0].static_kg, 17.52, 1e-12, "beside its own year");
    UNIT_NEAR(y->hourly[0].level_kg, 876 * 1.5e-3, 1e-9, "level");
    UNIT_NEAR(y->hourly[0].covariance_kg, 0, 1e-9, "none with a steady load");
    UNIT_NEAR(y->hourly_share, 1, 1e-12, "all of it");
    rep_year_free(y);
    fleet_close(&f);
}

static void month_without_hours(void)
{
    struct rep_year *y;
    struct fleet f;

    begin(&f, "a,1,server,in_service,2020-01-01,100,s\n");
    grid(&f, by_day, 20, 8);
    y = year_of(&f);
    UNIT_NEAR(y->hourly_kg.value, 18.834 - 0.1116, 1e-12, "August at 20 g");
    UNIT_CHECK(y->hourly[0].static_months == 1, "one month fell back");
    UNIT_NEAR(y->hourly_share, 1 - 744.0 / 8760, 1e-12, "the rest by hour");
    UNIT_NEAR(y->hourly_month_kg[7], 74.4 * 20e-3, 1e-12, "August");
    rep_year_free(y);
    fleet_close(&f);
}

static void other_source(void)
{
    struct rep_year *y;
    struct fleet f;

    begin(&f, "a,1,server,in_service,2020-01-01,100,s\n");
    grid(&f, by_day, NAN, 0);
    y = year_of(&f);
    UNIT_NEAR(y->hourly_kg.value, 18.834, 1e-12, "by hour");
    UNIT_CHECK(
            isnan(y->hourly[0].static_kg) && isnan(y->hourly[0].level_kg),
            "the site's figure of another source stands not beside");
    UNIT_NEAR(y->hourly[0].covariance_kg, 0, 1e-9, "covariance all the same");
    rep_year_free(y);
    fleet_close(&f);
}

/* ---- calendars ----------------------------------------------------------- */

static double office(int hour)
{
    return hour % 24 >= 8 && hour % 24 < 18 ? 50 : 10;
}

static void on_hours(struct fleet *f, const char *closed)
{
    const struct en_calendar_edit c = {
            .name = "office",
            .hours = "mon-fri 08:00-18:00",
            .closed = &closed,
            .n_closed = closed != NULL};
    struct en_model_edit e = {
            .tag = "a",
            .calendar = "office",
            .model = {
                    .kind = EN_CONSTANT,
                    .load = NAN,
                    .standby_w = 2,
                    .memory_frac = NAN}};
    struct err err = {0};

    for (int i = 0; i < EN_MODEL_NUMBERS; i++)
        e.model.numbers[i] = i ? NAN : 60;
    fleet_must(en_calendar_set(f->db, &c, "cli:test", &err), &err);
    fleet_must(en_model_set(f->db, &e, "cli:test", &err), &err);
}

/* 261 weekdays: 2610 h at 60 W and 6150 h at 2 W. On standby in office hours
 * are 104 days of 10 h. */
static void calendars(void)
{
    struct rep_year *y;
    struct fleet f;

    begin(&f, "a,1,desktop,in_service,2020-01-01,,s\n");
    on_hours(&f, NULL);
    grid(&f, office, 20, 0);
    y = year_of(&f);
    UNIT_NEAR(y->it_kwh.value, 156.6 + 12.3, 1e-12, "by the calendar");
    UNIT_CHECK(y->tier_kwh[CALC_M5] > 0, "a constant");
    UNIT_NEAR(
            y->hourly_kg.value, (156.6 + 2.08) * 50e-3 + 10.22 * 10e-3, 1e-12,
            "by hour");
    /* 365 days of 10 h at 50 g and 14 h at 10 g */
    UNIT_NEAR(
            y->hourly[0].g_per_kwh, (10 * 50 + 14 * 10) / 24.0, 1e-12, "mean");
    UNIT_NEAR(
            y->hourly[0].level_kg + y->hourly[0].covariance_kg,
            y->hourly_kg.value - 168.9 * 20e-3, 1e-9, "level + covariance");
    rep_year_free(y);
    on_hours(&f, "2025-12-25"); /* a Thursday */
    y = year_of(&f);
    UNIT_NEAR(y->it_kwh.value, 156 + 12.32, 1e-12, "closed at Christmas");
    rep_year_free(y);
    fleet_close(&f);
    begin(&f, "a,3,desktop,in_service,2025-03-31,,paris\n");
    on_hours(&f, NULL);
    y = year_of(&f);
    /* From a Monday, after summer time began: 198 weekdays of 276 days, one of
     * which has 25 h. */
    UNIT_NEAR(
            y->it_kwh.value, 3 * (118.8 + (276 * 24 + 1 - 1980) * 2e-3), 1e-12,
            "three from April on, by local hours");
    rep_year_free(y);
    fleet_close(&f);
}

/* ---- meters -------------------------------------------------------------- */

static const struct sql add_source = {
        "add_source",
        "INSERT INTO feed_source (kind, name, machine_id, created_at) "
        "SELECT 'node', tag, id, 0 FROM machine WHERE tag = ?"};
static const struct sql add_meter = {
        "add_meter",
        "INSERT INTO meter (source_id, key, scope, kind, unit) SELECT id, 'x', "
        "'outlet', 'counter', 'J' FROM feed_source WHERE name = ?"};
static const struct sql add_month = {
        "add_month",
        "INSERT INTO energy_month (meter_id, month, sum_uj, covered_s, hours) "
        "SELECT m.id, ?, ?, ?, ? FROM meter m JOIN feed_source s "
        "ON s.id = m.source_id WHERE s.name = ?"};

static void run_for(struct fleet *f, const struct sql *sql, const char *tag)
{
    struct err err = {0};
    struct stmt *q = db_stmt(f->db, sql, &err);

    CU_ASSERT_FATAL(q != NULL);
    stmt_text_at(q, 1, tag);
    fleet_must(stmt_run(q, &err), &err);
}

static void put_month(struct fleet *f, const char *tag, struct en_month *m)
{
    struct err err = {0};
    struct stmt *q = db_stmt(f->db, &add_month, &err);
    struct buf b;

    CU_ASSERT_FATAL(q != NULL);
    buf_init(&b, 64 * 1024);
    en_month_pack(m, &b);
    stmt_int_at(q, 1, m->month);
    stmt_int_at(q, 2, m->sum_uj);
    stmt_int_at(q, 3, m->covered_s);
    stmt_blob_at(q, 4, b.p, b.len);
    stmt_text_at(q, 5, tag);
    fleet_must(stmt_run(q, &err), &err);
    buf_clear(&b);
}

/* Watts of each hour from the last day of 2024 to the first of 2026; NAN: no
 * reading. */
static void feed(struct fleet *f, const char *tag, double (*watts)(int hour))
{
    int64_t hour = HOUR0 - 31 * 24;

    run_for(f, &add_source, tag);
    run_for(f, &add_meter, tag);
    for (int month = YEAR * 12 - 1; month <= YEAR * 12 + 12; month++) {
        struct en_month m = {.month = month};
        int from = date_days((struct date){
                (int16_t)(month / 12), (uint8_t)(month % 12 + 1), 1});
        int to = date_days((struct date){
                (int16_t)((month + 1) / 12), (uint8_t)((month + 1) % 12 + 1),
                1});

        m.n_hours = (to - from) * 24;
        for (int i = 0; i < m.n_hours; i++, hour++) {
            double w = watts((int)(hour - HOUR0));

            if (isnan(w))
                continue;
            m.joules[i] = (int64_t)(w * 3600);
            m.covered[i] = 3600;
            m.covered_s += 3600;
            m.sum_uj += m.joules[i] * 1000000;
        }
        put_month(f, tag, &m);
    }
}

/* TV57: every twentieth hour has no reading. */
static double tv57(int hour)
{
    return hour >= 0 && hour % 20 == 7 ? NAN : 140.0;
}

static double from_july(int hour)
{
    return hour < 181 * 24 ? NAN : hour % 24 < 12 ? 100.0 : 300.0;
}

static void meters(void)
{
    struct rep_year *y;
    struct fleet f;

    begin(&f, "a,1,server,in_service,2020-01-01,500,s\n"
              "b,1,server,in_service,2020-01-01,500,s\n"
              "c,1,server,in_service,2020-01-01,500,s\n");
    feed(&f, "a", tv57);
    y = year_of(&f);
    UNIT_NEAR(y->measured_kwh, 1165.08, 1e-12, "TV57 measured");
    UNIT_NEAR(y->filled_kwh, 61.32, 1e-12, "TV57 filled");
    UNIT_NEAR(y->metered_coverage, 0.95, 1e-12, "TV57 coverage");
    UNIT_NEAR(y->tier_kwh[CALC_M1], 1226.4, 1e-12, "TV57 reported");
    UNIT_NEAR(y->tier_filled_kwh[CALC_M1], 61.32, 1e-12, "in its column");
    UNIT_NEAR(y->tier_kwh[CALC_M5], 2 * 4380, 1e-12, "the others");
    UNIT_CHECK(
            y->metered_machines == 1 && !y->estimated_machines,
            "95 %% is much");
    rep_year_free(y);
    feed(&f, "b", from_july);
    y = year_of(&f);
    UNIT_CHECK(y->estimated_machines == 1, "half a year is not");
    /* 184 days at 200 W on average; the 181 before at 200 W, since those that
     * are within eight weeks take the same hour of the week. */
    UNIT_NEAR(
            y->tier_kwh[CALC_M1], 1226.4 + 365 * 24 * 0.2, 1e-9,
            "filled by week and by mean");
    UNIT_NEAR(y->measured_kwh, 1165.08 + 184 * 4.8, 1e-12, "measured");
    UNIT_CHECK(y->n_identities == 10 && y->identities_hold, "J3 and J4 too");
    rep_year_free(y);
    fleet_close(&f);
}

static double always(int hour)
{
    return hour < 0 ? 100 : 120;
}

/* A machine in service for part of the year, at a site whose midnight is in the
 * middle of an hour, and one read while it was spare. */
static void service(void)
{
    struct rep_year *y;
    struct fleet f;

    begin(&f, "a,1,server,in_service,2025-03-01,500,pune\n"
              "b,1,server,spare,2025-03-01,500,s\n");
    feed(&f, "a", always);
    feed(&f, "b", always);
    y = year_of(&f);
    UNIT_NEAR(y->it_kwh.value, 306 * 24 * 0.12, 1e-12, "from March on");
    UNIT_NEAR(y->metered_coverage, 1, 1e-12, "all of its service");
    /* January and February of a: 59 days; half an hour of them is cut off. */
    UNIT_CHECK(y->outside_kwh > 169 && y->outside_kwh < 171, "told");
    UNIT_CHECK(y->metered_machines == 1, "the spare one does not run");
    rep_year_free(y);
    fleet_close(&f);
}

static const struct sql add_behind = {
        "add_behind",
        "INSERT INTO meter_machine (meter_id, machine_id) SELECT 1, id "
        "FROM machine WHERE tag = ?"};

static double w800(int hour)
{
    (void)hour;
    return 800;
}

struct shares {
    double kwh[2];
};

static bool
take_share(void *ctx, const struct rep_machine_row *m, struct err *err)
{
    struct shares *s = ctx;

    (void)err;
    s->kwh[m->tag[0] - 'a'] = m->kwh;
    UNIT_NEAR(m->coverage, 1, 1e-12, "covered");
    return true;
}

/* Two machines behind one outlet, modelled with 100 and 300 W. */
static void shared(void)
{
    struct rep_options o = fleet_options(YEAR, later_on);
    struct shares shares = {{0, 0}};
    struct rep_year *y;
    struct err err = {0};
    struct fleet f;

    begin(&f, "a,1,server,in_service,2020-01-01,100,s\n"
              "b,1,server,in_service,2020-01-01,300,s\n");
    feed(&f, "a", w800);
    run_for(&f, &add_behind, "a");
    run_for(&f, &add_behind, "b");
    y = year_of(&f);
    UNIT_NEAR(y->it_kwh.value, 7008, 1e-9, "800 W in all");
    UNIT_CHECK(y->metered_machines == 2, "both are metered");
    rep_year_free(y);
    fleet_must(
            rep_year_machines(f.db, fleet_pack, &o, take_share, &shares, &err),
            &err);
    UNIT_NEAR(shares.kwh[0], 1752, 1e-9, "a quarter");
    UNIT_NEAR(shares.kwh[1], 5256, 1e-9, "three quarters");
    fleet_close(&f);
}

/* Counter readings of 150 W, one a day from the year before to the year after,
 * sent by a node as any node sends them. */
static void send(struct fleet *f, struct en_feed *feed, const char *tag)
{
    enum { STEP_S = 24 * 3600, FROM_H = -24, TO_H = HOURS + 24 };
    static struct wire_sample samples[(TO_H - FROM_H) / 24 + 1];
    const struct wire_meter meter = {
            .id = "outlet",
            .scope = WIRE_OUTLET,
            .kind = WIRE_COUNTER,
            .unit = WIRE_UJ,
            .range_uj = -1,
            .max_w = NAN};
    struct wire_batch batch = {
            .run = "r",
            .boot = "b",
            .meters = &meter,
            .n_meters = 1,
            .samples = samples};
    struct err err = {0};
    struct en_taken taken;
    int64_t source;

    for (int h = FROM_H; h <= TO_H; h += 24) {
        size_t i = batch.n_samples++;

        samples[i] = (struct wire_sample){
                .seq = i + 1,
                .t_ns = ((int64_t)HOUR0 + h) * 3600 * 1000000000,
                .value = (int64_t)i * 150 * STEP_S * 1000000};
    }
    fleet_must(en_source(f->db, "node", tag, &source, &err), &err);
    fleet_must(en_feed_take(feed, source, &batch, 0, &taken, &err), &err);
    UNIT_CHECK(taken.accepted == batch.n_samples, "%s: all accepted", tag);
}

static void send_all(struct fleet *f)
{
    struct en_feed *feed = NULL;
    struct err err = {0};
    char tag[16];

    fleet_must(en_feed_open(f->db, &feed, &err), &err);
    fleet_must(db_begin(f->db, &err), &err);
    for (int i = 1; i <= 330; i++) {
        snprintf(tag, sizeof tag, "n%03d", i);
        send(f, feed, tag);
    }
    fleet_must(db_commit(f->db, &err), &err);
    en_feed_close(feed);
    fleet_must(
            en_fold(f->db, ((int64_t)HOUR0 + HOURS + 25) * 3600 * 1000000000,
                    &err),
            &err);
    fleet_must(en_ledger_check(f->db, &err), &err);
}

/* The example of the talk: 330 machines of 150 W, each with a meter, over a
 * year, are what their constant was. */
static void cbp(void)
{
    struct rep_year *before, *y;
    char text[16384] = HEAD;
    struct fleet f;

    for (int i = 1; i <= 330; i++)
        snprintf(
                text + strlen(text), sizeof text - strlen(text),
                "n%03d,1,server,in_service,2020-01-01,150,paris\n", i);
    fleet_open(&f);
    fleet_csv(&f, "sites.csv", SITE);
    fleet_csv(&f, "fleet.csv", text);
    before = year_of(&f);
    UNIT_NEAR(before->it_kwh.value, 433620, 1e-12, "TV01 kWh");
    send_all(&f);
    y = year_of(&f);
    UNIT_NEAR(y->it_kwh.value, 433620, 1e-9, "by meters");
    UNIT_NEAR(y->location_kg.value, 8672.4, 1e-9, "TV01 kg by meters");
    UNIT_NEAR(y->measured_kwh, 433620, 1e-9, "all measured");
    UNIT_NEAR(y->filled_kwh, 0, 0, "nothing filled");
    UNIT_CHECK(y->metered_machines == 330, "each has one");
    for (int m = 0; m < 12; m++)
        UNIT_NEAR(
                y->operation[m].it_kwh, before->operation[m].it_kwh, 1e-12,
                "month by month");
    rep_year_free(y);
    rep_year_free(before);
    fleet_close(&f);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"PUE by month", pue_by_month},
            {"contracts", contracts},
            {"hours of the grid", hours_of_the_grid},
            {"a month without hours", month_without_hours},
            {"hours of another source", other_source},
            {"calendars", calendars},
            {"meters", meters},
            {"service", service},
            {"a shared meter", shared},
            {"the CBP fleet by meters", cbp},
            {NULL, NULL},
    };
    int status = unit_main("reports: operation", tests);

    fac_pack_free(fleet_pack);
    return status;
}
