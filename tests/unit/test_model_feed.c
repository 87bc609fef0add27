/* SPDX-License-Identifier: Apache-2.0
 * Energy of pairs of readings and exact splits. Expected figures from the
 * method's vectors, or by Python's integers as each comment shows. */
#include "model/model.h"
#include "unit.h"

#define NS INT64_C(1000000000)
#define RAPL_RANGE INT64_C(262143328850)

static const struct {
    const char *name;
    int64_t range_uj, max_uw;
    bool same;
    int64_t prev, next, dt_ns;
    bool ok;
    int64_t want;
    unsigned flags;
} counters[] = {
        {"TV51", RAPL_RANGE, -1, true, 262143000000, 500000000, 60 * NS, true,
         500328850, CALC_WRAP},
        {"rises", RAPL_RANGE, 300000000, true, 5, 3000000005, 60 * NS, true,
         3000000000, 0},
        {"stands still", -1, -1, true, 7, 7, 60 * NS, true, 0, 0},
        {"another boot", RAPL_RANGE, -1, false, 5, 10, NS, false, 0,
         CALC_RESET},
        {"falls without a range", -1, -1, true, 10, 5, NS, false, 0,
         CALC_RESET},
        {"from beyond its range", 1000, -1, true, 1001, 5, NS, false, 0,
         CALC_RESET},
        /* 262143328850 uJ at 300 W: 873.811096166 s */
        {"just one wrap", RAPL_RANGE, 300000000, true, 10, 5, 873811096166,
         true, RAPL_RANGE - 5, CALC_WRAP | CALC_SPREAD},
        {"perhaps two", RAPL_RANGE, 300000000, true, 10, 5, 873811096167, false,
         0, CALC_AMBIG},
        /* Without a highest power 1000 W: 262143328850 uJ are 262.14332885 s */
        {"no highest power: one wrap", RAPL_RANGE, -1, true, 10, 5,
         262143328850, true, RAPL_RANGE - 5, CALC_WRAP | CALC_SPREAD},
        {"no highest power: perhaps two", RAPL_RANGE, -1, true, 10, 5,
         262143328851, false, 0, CALC_AMBIG},
        /* AMD at 200 W wraps each 328 s: after an hour 64 kJ say nothing. */
        {"no highest power: an hour", 65532610987, -1, true, 0, 64206500130,
         3600 * NS, false, 0, CALC_AMBIG},
        /* 1.5 x 300 W x 10 s = 4500 J */
        {"at the limit", -1, 300000000, true, 0, 4500000000, 10 * NS, true,
         4500000000, 0},
        {"a spike", -1, 300000000, true, 0, 4500000001, 10 * NS, false, 0,
         CALC_SPIKE},
        {"no meter sees 3 MW", -1, -1, true, 0, 3000000000001, NS, false, 0,
         CALC_SPIKE},
        {"3 MW", -1, -1, true, 0, 3000000000000, NS, true, 3000000000000, 0},
        {"in no time", -1, -1, true, 0, 1, 0, false, 0, CALC_SPIKE},
        {"nothing in no time", -1, -1, true, 4, 4, 0, true, 0, 0},
        {"three periods", -1, -1, true, 0, 10, 180 * NS, true, 10, 0},
        {"a hole", -1, -1, true, 0, 10, 180 * NS + 1, true, 10, CALC_SPREAD},
        {"the largest", -1, -1, true, 0, INT64_MAX, INT64_C(1) << 55, true,
         INT64_MAX, CALC_SPREAD},
};

static void counter(void)
{
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        struct calc_meter m = {
                counters[i].range_uj, counters[i].max_uw, 60 * NS};
        unsigned flags = 0;
        int64_t got = 0;
        bool ok = calc_counter_uj(
                &m, counters[i].same, counters[i].prev, counters[i].next,
                counters[i].dt_ns, &got, &flags);

        UNIT_CHECK(
                ok == counters[i].ok && got == counters[i].want &&
                        flags == counters[i].flags,
                "%s: %d, %lld uJ, flags %u", counters[i].name, ok,
                (long long)got, flags);
    }
}

static const struct {
    const char *name;
    bool same, hold;
    int64_t prev, next, dt_ns;
    bool ok;
    int64_t want;
} gauges[] = {
        {"TV55 first", true, false, 100000000, 120000000, 10 * NS, true,
         1100000000},
        {"TV55 first, hold", true, true, 100000000, 120000000, 10 * NS, true,
         1000000000},
        {"to the gap", true, false, 1000000, 1000000, 180 * NS, true,
         180000000},
        {"a gap", true, false, 1000000, 1000000, 180 * NS + 1, false, 0},
        {"another boot", false, false, 1000000, 1000000, NS, false, 0},
        /* (0 + 1) uW over 1 s: 0.5, to even; (1 + 2) over 1 s: 1.5 */
        {"half to even, down", true, false, 0, 1, NS, true, 0},
        {"half to even, up", true, false, 1, 2, NS, true, 2},
        {"just over half", true, false, 0, 1, NS + 1, true, 1},
        {"hold, half to even", true, true, 5, 0, NS / 2, true, 2},
        {"hold, half to even, up", true, true, 7, 0, NS / 2, true, 4},
        {"no time", true, false, 5, 5, 0, true, 0},
};

static void gauge(void)
{
    struct calc_meter m = {-1, -1, 60 * NS};

    for (size_t i = 0; i < sizeof gauges / sizeof *gauges; i++) {
        int64_t got = 0;
        bool ok = calc_gauge_uj(
                &m, gauges[i].same, gauges[i].hold, gauges[i].prev,
                gauges[i].next, gauges[i].dt_ns, &got);

        UNIT_CHECK(
                ok == gauges[i].ok && got == gauges[i].want, "%s: %d, %lld uJ",
                gauges[i].name, ok, (long long)got);
    }
}

/* TV55 whole: 3800 J, 4000 J by hold. */
static void tv55(void)
{
    static const int64_t t[] = {0, 10, 25, 40}, watts[] = {100, 120, 80, 80};
    struct calc_meter m = {-1, -1, 10 * NS};

    for (int hold = 0; hold < 2; hold++) {
        int64_t sum = 0, e;

        for (int i = 1; i < 4; i++) {
            CU_ASSERT_TRUE(calc_gauge_uj(
                    &m, true, hold, watts[i - 1] * 1000000, watts[i] * 1000000,
                    (t[i] - t[i - 1]) * NS, &e));
            sum += e;
        }
        CU_ASSERT_EQUAL(sum, hold ? 4000000000 : 3800000000);
    }
}

static void split(void)
{
    int64_t parts[4];

    /* TV53 */
    calc_split_uj(1000001, (int64_t[]){30, 15}, 2, parts);
    CU_ASSERT_EQUAL(parts[0], 666667);
    CU_ASSERT_EQUAL(parts[1], 333334);
    /* floors of 10 x 1/3 and 2/3: 3, 6; an empty part takes nothing */
    calc_split_uj(10, (int64_t[]){1, 0, 1, 1}, 4, parts);
    CU_ASSERT_EQUAL(parts[0], 3);
    CU_ASSERT_EQUAL(parts[1], 0);
    CU_ASSERT_EQUAL(parts[2], 3);
    CU_ASSERT_EQUAL(parts[3], 4);
    calc_split_uj(10, (int64_t[]){0, 0}, 2, parts);
    CU_ASSERT_EQUAL(parts[0] + parts[1], 0);
    /* the floor of (2**63 - 1) * 1234567890123456789 / (2**63 - 2) */
    CU_ASSERT_EQUAL(
            calc_part_uj(
                    INT64_MAX, INT64_C(1234567890123456789), INT64_MAX - 1),
            INT64_C(1234567890123456789));
    /* the floor of (2**63 - 1) * 2**61 / 2**62 */
    CU_ASSERT_EQUAL(
            calc_part_uj(INT64_MAX, INT64_C(1) << 61, INT64_C(1) << 62),
            INT64_C(4611686018427387903));
}

static void joules(void)
{
    static const int64_t uj[] = {666667, 333334, 0, 2500000, 499999};
    static const int64_t want[] = {0, 1, 0, 2, 0};
    int64_t got[5], sum = calc_whole_joules(uj, 5, got), whole = 0;

    CU_ASSERT_EQUAL(sum, 4000000);
    for (int i = 0; i < 4; i++)
        UNIT_CHECK(got[i] == want[i], "hour %d: %lld", i, (long long)got[i]);
    CU_ASSERT_EQUAL(got[4], 1); /* 4.000000 - 3 */
    for (int i = 0; i < 5; i++)
        whole += got[i];
    CU_ASSERT_EQUAL(whole, sum / 1000000);
}

static void ratio(void)
{
    UNIT_NEAR(calc_wall_ratio(1200, 1000, 720), 1.2, 1e-15, "30 days");
    UNIT_NEAR(calc_wall_ratio(1200, 1000, 168), 1.2, 1e-15, "a week");
    UNIT_NEAR(calc_wall_ratio(1200, 1000, 167), NAN, 0, "less than a week");
    UNIT_NEAR(calc_wall_ratio(0, 1000, 720), NAN, 0, "nothing at the wall");
    UNIT_NEAR(calc_wall_ratio(1200, 0, 720), NAN, 0, "nothing inside");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"counter", counter}, {"gauge", gauge},   {"TV55", tv55},
            {"split", split},     {"joules", joules}, {"ratio", ratio},
            {NULL, NULL},
    };

    return unit_main("model/feed", tests);
}
