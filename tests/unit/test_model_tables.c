/* SPDX-License-Identifier: Apache-2.0
 * Report arithmetic: rounding that adds up, the tolerance of identities (TV69)
 * and the reuse rate (TV84). */
#include "model/model.h"

#include "unit.h"

#define REL 1e-6

static void rounding(void)
{
    /* expected by hand: floors, then units to the largest remainders */
    static const struct {
        const char *name;
        size_t n;
        double unit, values[5], want[5];
    } cases[] = {
            {"thirds", 3, 1, {33.3, 33.3, 33.4}, {33, 33, 34}},
            {"ties go to the lower index",
             4,
             1,
             {1.5, 2.5, 3.5, 4.5},
             {2, 3, 3, 4}},
            {"ties that binary fractions hide",
             4,
             1,
             {2.3, 1.3, 5.3, 4.3},
             {3, 1, 5, 4}},
            {"whole already", 3, 1, {4, 0, 7}, {4, 0, 7}},
            {"one below a whole by an ulp", 1, 1, {2.9999999999999996}, {3}},
            {"one line", 1, 1, {0.6}, {1}},
            {"a half goes up", 1, 1, {0.5}, {1}},
            {"a negative line", 3, 1, {10.6, -3.4, 2.4}, {11, -3, 2}},
            {"a negative half goes up too", 1, 1, {-0.5}, {0}},
            {"hundreds", 3, 100, {149, 149, 149}, {200, 100, 100}},
            {"tenths", 3, 0.1, {0.26, 0.26, 0.28}, {0.3, 0.2, 0.3}},
            {"unit that is no part of one", 2, 0.3, {0.5, 0.4}, {0.6, 0.3}},
            {"unknown stays unknown and counts for nothing",
             4,
             1,
             {1.4, NAN, 1.4, 1.4},
             {2, NAN, 1, 1}},
            {"only unknown", 1, 1, {NAN}, {NAN}},
            {"too large to have a remainder", 2, 1, {9e15, 0.4}, {9e15, 0}},
            {"beyond counting in units", 2, 1e-300, {1e300, NAN}, {1e300, NAN}},
            {"none", 0, 1, {0}, {0}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double shown[5] = {0};

        calc_round_shown(cases[i].values, cases[i].n, cases[i].unit, shown);
        for (size_t k = 0; k < cases[i].n; k++)
            UNIT_NEAR(shown[k], cases[i].want[k], 1e-15, cases[i].name);
    }
}

/* Infinite lines pass through, and the answer may replace its input. */
static void rounding_in_place(void)
{
    double v[] = {1.4, INFINITY, 1.4, -INFINITY, 1.4};

    calc_round_shown(v, 5, 1, v);
    UNIT_NEAR(v[0], 2, REL, "first");
    UNIT_CHECK(isinf(v[1]) && v[1] > 0, "infinite");
    UNIT_NEAR(v[2], 1, REL, "second");
    UNIT_CHECK(isinf(v[3]) && v[3] < 0, "negative infinite");
    UNIT_NEAR(v[4], 1, REL, "third");
}

/* TV69, and what it must not accept. */
static void identity(void)
{
    static const double flows[] = {1000, 200, 300, -120, -80, -10};
    double closing = 0;

    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++)
        closing += flows[i];
    UNIT_CHECK(calc_same(closing, 1290), "TV69");
    UNIT_CHECK(!calc_same(closing, 1290.001), "TV69 off by a gram");
    UNIT_CHECK(calc_same(0.1 + 0.2, 0.3), "an ulp apart");
    UNIT_CHECK(calc_same(0, 1e-9), "small numbers by difference");
    UNIT_CHECK(!calc_same(0, 2e-9), "small numbers apart");
    UNIT_CHECK(calc_same(1e12, 1e12 + 500), "large numbers by ratio");
    UNIT_CHECK(!calc_same(1e12, 1e12 + 2000), "large numbers apart");
    UNIT_CHECK(calc_same(-1e12, -1e12 - 500), "negative ones too");
    UNIT_CHECK(!calc_same(5, -5), "sign");
    UNIT_CHECK(!calc_same(NAN, 5), "unknown against known");
    UNIT_CHECK(!calc_same(5, NAN), "known against unknown");
    UNIT_CHECK(!calc_same(NAN, NAN), "unknown is no proof");
}

static void reuse(void)
{
    UNIT_NEAR(calc_reuse_rate(18, 6), 0.75, REL, "TV84");
    UNIT_NEAR(calc_reuse_rate(0, 6), 0, REL, "none given");
    UNIT_NEAR(calc_reuse_rate(0, 0), NAN, REL, "none left");
    UNIT_NEAR(calc_reuse_rate(NAN, 6), NAN, REL, "given unknown");
    UNIT_NEAR(calc_reuse_rate(6, NAN), NAN, REL, "retired unknown");
    UNIT_NEAR(calc_reuse_rate(-1, 6), NAN, REL, "negative");
    UNIT_NEAR(calc_reuse_rate(6, -1), NAN, REL, "negative too");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"rounding by largest remainder", rounding},
            {"rounding in place", rounding_in_place},
            {"identities", identity},
            {"reuse rate", reuse},
            {NULL, NULL},
    };

    return unit_main("model: tables", tests);
}
