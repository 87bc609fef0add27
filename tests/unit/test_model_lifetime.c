/* SPDX-License-Identifier: Apache-2.0
 * Lives, schedules and ratios against the vectors of the method (TV24, 27, 29,
 * 30) and the conservation of what is charged. */
#include "model/model.h"

#include "unit.h"

#define REL 1e-6

static int32_t day(int y, int m, int d)
{
    return date_days((struct date){(int16_t)y, (uint8_t)m, (uint8_t)d});
}

static void lives(void)
{
    static const double category_y[CALC_CATEGORIES] = {
            [CALC_SERVER] = 8,       [CALC_GPU_NODE] = 8,    [CALC_STORAGE] = 8,
            [CALC_WORKSTATION] = 8,  [CALC_DESKTOP] = 8,     [CALC_LAPTOP] = 6,
            [CALC_SCREEN_UNIT] = 10, [CALC_SWITCH_UNIT] = 8, [CALC_SBC] = 8,
            [CALC_OTHER_UNIT] = 8,   [CALC_PART_LOT] = 5, /* of the kind below:
                                                             a card */
    };
    static const struct {
        enum calc_kind kind;
        double life_y;
    } parts[] = {{CALC_GPU, 5}, {CALC_HDD, 5},     {CALC_SSD, 5},
                 {CALC_RAM, 8}, {CALC_SCREEN, 10}, {CALC_CPU, 8}};

    for (unsigned c = 0; c < CALC_CATEGORIES; c++)
        UNIT_NEAR(
                calc_reference_life_y((enum calc_category)c, CALC_GPU),
                category_y[c], REL, calc_category_word((enum calc_category)c));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        UNIT_NEAR(
                calc_reference_life_y(CALC_PART_LOT, parts[i].kind),
                parts[i].life_y, REL, calc_kind_word(parts[i].kind));
}

static void booking(void)
{
    static const struct {
        const char *name;
        double lref_y, age_y;
        bool used;
        double want_y;
    } cases[] = {
            {"new", 8, NAN, false, 8},
            {"used", 8, 5, true, 3},
            {"used, at the floor", 8, 6, true, 2},
            {"older than its reference", 8, 9, true, 2},
            {"a partial date before the manufacture", 8, -0.3, true, 8},
            {"age unknown", 8, NAN, true, NAN},
            {"reference unknown", NAN, 5, true, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_booking_life_y(
                        cases[i].lref_y, cases[i].age_y, cases[i].used),
                cases[i].want_y, REL, cases[i].name);
}

static void straight_line(void)
{
    static const struct {
        const char *name;
        int year;
        double want_kg;
    } years[] = {
            {"TV24 2022", 2022, 0},         {"TV24 2023", 2023, 183.89929},
            {"TV24 2024", 2024, 365.79967}, {"TV24 2025", 2025, 364.80022},
            {"TV24 2026", 2026, 364.80022}, {"TV24 2027", 2027, 364.80022},
            {"TV24 2028", 2028, 181.90038}, {"TV24 2029", 2029, 0},
    };
    int32_t start = day(2023, 7, 1), end = day(2028, 7, 1);
    double sum = 0;

    UNIT_CHECK(end - start == 1827, "TV24 days: %d", (int)(end - start));
    UNIT_CHECK(date_days_add_life(start, 5) == end, "TV24: the life ends then");
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        double kg = calc_charge_kg(
                1826, start, end, day(years[i].year, 1, 1),
                day(years[i].year + 1, 1, 1));

        UNIT_NEAR(kg, years[i].want_kg, REL, years[i].name);
        sum += kg;
        UNIT_NEAR(
                calc_net_kg(1826, start, end, day(years[i].year + 1, 1, 1)),
                1826 - sum, 1e-9, years[i].name);
    }
    UNIT_NEAR(sum, 1826, 1e-12, "TV24 sum");
}

static void edges(void)
{
    static const struct {
        const char *name;
        double ea_kg;
        int32_t start, end, from, to;
        double want_kg;
    } cases[] = {
            {"all of it", 100, 10, 20, 10, 20, 100},
            {"before", 100, 10, 20, 0, 10, 0},
            {"after", 100, 10, 20, 20, 30, 0},
            {"first day", 100, 10, 20, 0, 11, 10},
            {"last day", 100, 10, 20, 19, 99, 10},
            {"an empty period", 100, 10, 20, 15, 15, 0},
            {"a period backwards", 100, 10, 20, 18, 12, 0},
            {"at once", 100, 10, 10, 10, 11, 100},
            {"at once, the period ends before", 100, 10, 10, 5, 10, 0},
            {"at once, the period starts after", 100, 10, 10, 11, 20, 0},
            {"an end before the start", 100, 10, 5, 0, 365, 100},
            {"unknown", NAN, 10, 20, 10, 20, NAN},
            {"unknown outside its life", NAN, 10, 20, 30, 40, NAN},
            {"unknown, at once", NAN, 10, 10, 30, 40, NAN},
            {"the widest span there is", 100, INT32_MIN, INT32_MAX, INT32_MIN,
             INT32_MAX, 100},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_charge_kg(
                        cases[i].ea_kg, cases[i].start, cases[i].end,
                        cases[i].from, cases[i].to),
                cases[i].want_kg, REL, cases[i].name);
}

static void net(void)
{
    static const struct {
        const char *name;
        double ea_kg;
        int32_t start, end, on;
        double want_kg;
    } cases[] = {
            {"before", 100, 10, 20, 0, 100},
            {"at the start", 100, 10, 20, 10, 100},
            {"half way", 100, 10, 20, 15, 50},
            {"at the end", 100, 10, 20, 20, 0},
            {"after", 100, 10, 20, 25, 0},
            {"at once, that morning", 100, 10, 10, 10, 100},
            {"at once, the day after", 100, 10, 10, 11, 0},
            {"an end before the start", 100, 10, 5, 11, 0},
            {"unknown", NAN, 10, 20, 25, NAN},
            {"the widest span there is", 100, INT32_MIN, INT32_MAX, INT32_MAX,
             0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_net_kg(
                        cases[i].ea_kg, cases[i].start, cases[i].end,
                        cases[i].on),
                cases[i].want_kg, REL, cases[i].name);
}

/* TV27: what is not charged by the day of retirement is written off. */
static void early_retirement(void)
{
    int32_t start = day(2022, 1, 1), end = day(2028, 1, 1);
    int32_t out = day(2025, 1, 1);

    UNIT_NEAR(
            calc_charge_kg(1200, start, end, start, out), 600.27385, REL,
            "TV27 spent");
    UNIT_NEAR(
            calc_net_kg(1200, start, end, out), 599.72615, REL,
            "TV27 write-off");
}

/* Whatever the start (a leap day, the last day of a year) and the life, the
 * years add up to the whole. */
static void conservation(void)
{
    static const struct date starts[] = {
            {2024, 2, 29}, {2023, 12, 31}, {2000, 1, 1}, {1999, 6, 30}};
    static const double lives_y[] = {0, 0.5, 2, 2.999, 4.25, 8, 10, 33.3};

    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++)
        for (size_t l = 0; l < sizeof lives_y / sizeof *lives_y; l++) {
            int32_t start = date_days(starts[s]);
            int32_t end = date_days_add_life(start, lives_y[l]);
            double sum = 0;

            for (int y = 1990; y < 2100; y++)
                sum += calc_charge_kg(
                        1234.5, start, end, day(y, 1, 1), day(y + 1, 1, 1));
            UNIT_NEAR(sum, 1234.5, 1e-12, "years add up");
        }
}

static void ratios(void)
{
    double saved = calc_operation_kg(calc_energy_kwh(75, 8760), 20);

    UNIT_NEAR(calc_sci_m_g(1000, 1, 35040, 1), 28.538813, REL, "TV29");
    UNIT_NEAR(calc_sci_m_g(1000, 1, 35040, 0.25), 7.1347032, REL, "a quarter");
    UNIT_NEAR(calc_sci_m_g(1000, 1, 0, 1), NAN, REL, "no life");
    UNIT_NEAR(calc_sci_m_g(1000, 1, NAN, 1), NAN, REL, "life unknown");
    UNIT_NEAR(calc_sci_m_g(NAN, 1, 35040, 1), NAN, REL, "embodied unknown");
    UNIT_NEAR(saved, 13.14, REL, "TV30 kg a year");
    UNIT_NEAR(calc_payback_y(180, saved), 13.69863, REL, "TV30 payback");
    UNIT_NEAR(calc_payback_y(180, 0), NAN, REL, "saves nothing: never");
    UNIT_NEAR(calc_payback_y(180, -1), NAN, REL, "costs more: never");
    UNIT_NEAR(calc_payback_y(180, NAN), NAN, REL, "saving unknown");
    UNIT_NEAR(calc_payback_y(NAN, 5), NAN, REL, "embodied of it unknown");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"reference lives", lives},
            {"booking lives", booking},
            {"straight line by days", straight_line},
            {"edges of a charge", edges},
            {"what is left", net},
            {"early retirement", early_retirement},
            {"conservation", conservation},
            {"ratios", ratios},
            {NULL, NULL},
    };

    return unit_main("model: lifetime", tests);
}
