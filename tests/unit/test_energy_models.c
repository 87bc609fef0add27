/* SPDX-License-Identifier: Apache-2.0
 * Calendars as people write them, and the power of a unit by its model, by hand
 * (TV31 to TV34). */
#include <string.h>

#include "energy/operation.h"
#include "unit.h"

static int on_hours(const uint8_t on[EN_WEEK])
{
    int n = 0;

    for (int i = 0; i < EN_WEEK; i++)
        n += on[i];
    return n;
}

static void calendars(void)
{
    static const struct {
        const char *text;
        int hours;
        const char *back; /* as it is told; NULL: refused */
    } cases[] = {
            {"always", 168, "always"},
            {"mon-fri 08:00-18:00", 50, "mon-fri 08:00-18:00"},
            {"mon-fri 8-18, sat 9-12", 53,
             "mon-fri 08:00-18:00, sat 09:00-12:00"},
            {"lun-ven 8h-18h", 50, "mon-fri 08:00-18:00"},
            {"sun 0-24", 24, "sun 00:00-24:00"},
            {"fri 22:00-06:00", 8, "fri 22:00-24:00, sat 00:00-06:00"},
            {"sun 22-2", 4, "mon 00:00-02:00, sun 22:00-24:00"},
            {"sat-mon 1-2", 3, "mon 01:00-02:00, sat-sun 01:00-02:00"},
            {"", 0, NULL},
            {"mon", 0, NULL},
            {"mon 8-8", 0, NULL},
            {"mon 8:30-9", 0, NULL},
            {"mon 8-25", 0, NULL},
            {"mon 24-2", 0, NULL},
            {"mon 8-9,", 0, NULL},
            {"mon 8-9 tue 8-9", 0, NULL},
            {"day 8-9", 0, NULL},
            {"mon- 8-9", 0, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t on[EN_WEEK] = {0};
        struct err err = {0};
        bool ok = en_hours_parse(cases[i].text, on, &err);
        struct buf b;

        buf_init(&b, 4096);
        UNIT_CHECK(ok == (cases[i].back != NULL), "'%s'", cases[i].text);
        UNIT_CHECK(
                on_hours(on) == cases[i].hours, "hours of '%s'", cases[i].text);
        if (ok)
            en_hours_print(on, &b);
        UNIT_CHECK(
                !ok || !strcmp(buf_text(&b), cases[i].back), "'%s': '%s'",
                cases[i].text, buf_text(&b));
        buf_clear(&b);
    }
    /* 1970-01-01 was a Thursday */
    UNIT_CHECK(en_week_hour(0) == 72, "Thursday, midnight");
    UNIT_CHECK(en_week_hour(-1) == 71, "an hour before");
    UNIT_CHECK(en_week_hour(4 * 86400) == 0, "Monday");
}

static void closed_days(void)
{
    struct en_closed days[2] = {{0, 0}};
    struct en_calendar c = {.closed = days, .n_closed = 2};
    struct err err = {0};

    UNIT_CHECK(
            en_closed_parse("2025-12-20..2026-01-04", 22, &days[0], &err) &&
                    en_closed_parse("2025-05-01", 10, &days[1], &err),
            "two periods");
    UNIT_CHECK(days[0].to_day - days[0].from_day == 15, "sixteen days");
    UNIT_CHECK(
            en_is_closed(&c, days[0].from_day) &&
                    en_is_closed(&c, days[0].to_day) &&
                    en_is_closed(&c, days[1].from_day) &&
                    !en_is_closed(&c, days[0].to_day + 1),
            "both ends are in it");
    UNIT_CHECK(
            !en_closed_parse("2026-01-04..2025-12-20", 22, &days[0], &err),
            "backwards");
    UNIT_CHECK(!en_closed_parse("2025-12", 7, &days[0], &err), "no day");
    UNIT_CHECK(!en_closed_parse("2025-12-20..", 12, &days[0], &err), "open");
}

static struct inv_unit unit(void)
{
    return (struct inv_unit){
            .units = 1,
            .category = CALC_SERVER,
            .cpu_count = -1,
            .cpu_cores = -1,
            .power_w = NAN,
            .idle_w = 90,
            .max_w = 250,
            .energy_kwh_year = NAN,
            .is_virtual = -1};
}

static struct en_model model(enum en_model_kind kind, double load)
{
    struct en_model m = {
            .kind = kind, .load = load, .standby_w = NAN, .memory_frac = NAN};

    for (int i = 0; i < EN_MODEL_NUMBERS; i++)
        m.numbers[i] = NAN;
    return m;
}

static void kinds(void)
{
    static const struct {
        const char *name;
        enum en_model_kind kind;
        double load, numbers[4], want_w;
    } cases[] = {
            {"TV32 linear", EN_LINEAR, 0.35, {90, 250, NAN, NAN}, 146},
            {"TV32 server", EN_FAN, 0.35, {90, 250, NAN, NAN}, 165.20276},
            {"its own ends", EN_FAN, 0.35, {NAN, NAN, NAN, NAN}, 165.20276},
            {"TV31", EN_TDP, 0.3, {205, NAN, NAN, NAN}, 109.675},
            {"TV33",
             EN_LOG,
             0.5,
             {55.6501, 0.0467, 20.4146, 4.24362},
             70.488915},
            {"its record", EN_OWN, 0.25, {NAN, NAN, NAN, NAN}, 130},
            {"half load assumed", EN_OWN, NAN, {NAN, NAN, NAN, NAN}, 170},
    };
    struct inv_unit u = unit();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct en_model m = model(cases[i].kind, cases[i].load);
        struct en_power p;

        memcpy(m.numbers, cases[i].numbers, sizeof cases[i].numbers);
        en_model_power(&m, &u, &p);
        UNIT_NEAR(p.watts, cases[i].want_w, 1e-6, cases[i].name);
        UNIT_CHECK(p.tier == CALC_M4, "%s: tier", cases[i].name);
        UNIT_CHECK(
                isnan(p.low_w) == !isnan(cases[i].load),
                "%s: a range only where the load is assumed", cases[i].name);
    }
}

static void weeks(void)
{
    struct en_calendar c = {0};
    struct en_model m = model(EN_LINEAR, NAN);
    struct inv_unit u = unit();
    double loads[EN_WEEK], w[EN_WEEK], off_w;
    struct en_power p;

    UNIT_CHECK(!en_model_week(&m, &u, w, &off_w), "the same at any hour");
    for (int i = 0; i < EN_WEEK; i++) {
        loads[i] = i < 84 ? 0 : 1;
        c.on[i] = i >= 42;
    }
    m.loads = loads;
    m.calendar = &c;
    m.standby_w = 3;
    UNIT_CHECK(en_model_week(&m, &u, w, &off_w), "by hour");
    UNIT_NEAR(w[0], 3, 0, "off");
    UNIT_NEAR(w[50], 90, 0, "on at rest");
    UNIT_NEAR(w[100], 250, 0, "on and busy");
    UNIT_NEAR(off_w, 3, 0, "on a closed day");
    en_model_power(&m, &u, &p);
    /* 42 hours at rest and 84 busy */
    UNIT_NEAR(p.watts, (42 * 90 + 84 * 250) / 126.0, 1e-12, "mean while on");
    u.max_w = NAN;
    en_model_power(&m, &u, &p);
    UNIT_CHECK(p.tier == CALC_NO_ENERGY, "full power is not known");
}

/* Eight modules of 32 GB, 40 % used, are 30 W (TV34), with one CPU of 100 W at
 * half load: (75 + 30) * 1.33. */
static void modules(void)
{
    struct fac_part cpu = {
            .desc = {.kind = CALC_CPU, .capacity = NAN}, .tdp_w = 100};
    struct fac_part ram = {
            .desc = {.kind = CALC_RAM, .capacity = 32}, .tdp_w = NAN};
    struct fac_use uses[] = {{&cpu, 1}, {&ram, 8}};
    struct en_model m = model(EN_OWN, 0.5);
    struct inv_unit u = unit();
    struct en_power p;

    u.idle_w = u.max_w = NAN;
    u.cpu_count = 1;
    u.uses = uses;
    u.n_uses = 2;
    m.memory_frac = 0.4;
    en_model_power(&m, &u, &p);
    UNIT_NEAR(p.watts, 105 * 1.33, 1e-12, "by modules");
    m.memory_frac = NAN;
    en_model_power(&m, &u, &p);
    UNIT_NEAR(p.watts, (75 + 256 * 0.284) * 1.33, 1e-12, "by size");
}

static void which(void)
{
    struct en_model items[2] = {model(EN_OWN, 0.1), model(EN_OWN, 0.2)};
    struct en_models all = {.items = items, .n = 2};
    struct inv_unit u = unit();

    items[1].machine_id = 7;
    all.by_category[CALC_SERVER] = &items[0];
    u.id = 7;
    UNIT_CHECK(en_model_of(&all, &u) == &items[1], "its own");
    u.id = 8;
    UNIT_CHECK(en_model_of(&all, &u) == &items[0], "its category's");
    u.power_w = 100;
    UNIT_CHECK(!en_model_of(&all, &u), "a stated constant goes before");
    u.id = 7;
    UNIT_CHECK(en_model_of(&all, &u) == &items[1], "but not its own model");
    u.is_virtual = 1;
    UNIT_CHECK(!en_model_of(&all, &u), "its host has it");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"calendars", calendars},
            {"closed days", closed_days},
            {"kinds of models", kinds},
            {"by hour of the week", weeks},
            {"memory", modules},
            {"which model", which},
            {NULL, NULL},
    };

    return unit_main("energy: models", tests);
}
