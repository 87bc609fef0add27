/* SPDX-License-Identifier: Apache-2.0
 * Intervals, ranges, pedigree and correlated sums against the vectors of the
 * method (TV06, 08, 59, 62, 63, 65) and against sums done by hand. */
#include "model/model.h"

#include "unit.h"

#define REL 1e-6

static void
near_q(struct calc_q got, double value, double low, double high,
       const char *name)
{
    UNIT_NEAR(got.value, value, REL, name);
    UNIT_NEAR(got.low, low, REL, name);
    UNIT_NEAR(got.high, high, REL, name);
}

static void intervals(void)
{
    static const struct {
        const char *name;
        double mean, sigma, low, high;
    } cases[] = {
            {"TV08", 1749.8, 0.58221562, 471.83372, 4623.5213},
            {"TV62 interval", 8672.4, 0.10707245, 6990.4945, 10636.328},
            {"sure", 12, 0, 12, 12},
            {"nothing", 0, 0.5, 0, 0},
            {"a negative factor mirrors TV08", -1749.8, 0.58221562, -4623.5213,
             -471.83372},
            {"spread unknown", 5, NAN, NAN, NAN},
            {"spread unknown of nothing", 0, NAN, NAN, NAN},
            {"spread negative", 5, -0.1, NAN, NAN},
            {"unknown", NAN, 0.1, NAN, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        near_q(calc_interval(cases[i].mean, cases[i].sigma), cases[i].mean,
               cases[i].low, cases[i].high, cases[i].name);
    /* TV08: sigma is the log of the GSD, the median is below the mean. */
    UNIT_NEAR(log(1.79), 0.58221562, REL, "TV08 sigma");
    UNIT_NEAR(
            1749.8 / sqrt(1 + calc_rel_var(log(1.79))), 1477.0014, REL,
            "TV08 median");
}

static void spreads(void)
{
    static const double gsd[] = {1.05, 1.10};
    double sigmas[] = {log(gsd[0]), log(gsd[1])};

    UNIT_NEAR(calc_gsd_of_rel_sd(0.2045), 1.2243487, REL, "TV06 gsd");
    UNIT_NEAR(calc_gsd_of_rel_sd(0), 1, REL, "no error");
    UNIT_NEAR(calc_gsd_of_rel_sd(NAN), NAN, REL, "error unknown");
    UNIT_NEAR(exp(calc_product_sigma(sigmas, 2)), 1.1130149, REL, "TV62 gsd");
    UNIT_NEAR(calc_product_sigma(sigmas, 0), 0, REL, "no factor");
    sigmas[1] = NAN;
    UNIT_NEAR(calc_product_sigma(sigmas, 2), NAN, REL, "factor unknown");
    /* exp(0.5^2) - 1 and, where 1 + v rounds, sigma^2 itself */
    UNIT_NEAR(calc_rel_var(0.5), 0.2840254166877415, 1e-14, "variance");
    UNIT_NEAR(calc_rel_var(1e-9), 1e-18, 1e-14, "small variance");
    UNIT_NEAR(calc_sigma_of_rel_var(1e-18), 1e-9, 1e-14, "small sigma");
    UNIT_NEAR(
            calc_sigma_of_rel_var(0.2840254166877415), 0.5, 1e-14, "and back");
    UNIT_NEAR(calc_sigma_of_rel_var(0), 0, REL, "sure");
    UNIT_NEAR(calc_sigma_of_rel_var(-0.1), NAN, REL, "no such variance");
    UNIT_NEAR(calc_sigma_of_rel_var(NAN), NAN, REL, "variance unknown");
}

static void ratios(void)
{
    double g = log(1.4), h = log(1.1130149);
    struct calc_q q = calc_ratio(352000, g, 8672.4, h);

    near_q(q, 40.588534, 19.308383, 77.06759, "TV63");
    UNIT_NEAR(sqrt(q.low * q.high), 38.575258, REL, "TV63 median");
    UNIT_NEAR(q.high / 38.575258, 1.9978503, REL, "TV63 factor");
    UNIT_NEAR(exp(hypot(g, h)), 1.4234704, REL, "TV63 gsd");
    UNIT_NEAR(
            calc_ratio(352000, 0, 10000, 0).value, 35.2, REL, "TV02 with 10 t");
    UNIT_NEAR(
            calc_ratio(352000, 0, 30, 0).value, 11733.333, REL,
            "TV02 kg needed for 30");
    UNIT_NEAR(
            calc_ratio(352000, 0, 337, 0).value, 1044.5104, REL,
            "TV17 kg per machine");
    UNIT_NEAR(
            calc_ratio(11255, 0, 180, 0).value, 62.527778, REL,
            "TV17 GPU cores per card");
    near_q(calc_ratio(0, g, 5, h), 0, 0, 0, "nothing over something");
    near_q(calc_ratio(5, g, 0, h), NAN, NAN, NAN, "over nothing");
    near_q(calc_ratio(5, g, NAN, h), NAN, NAN, NAN, "over unknown");
    near_q(calc_ratio(NAN, g, 5, h), NAN, NAN, NAN, "unknown");
    near_q(calc_ratio(5, NAN, 2, h), 2.5, NAN, NAN, "spread unknown");
    near_q(calc_ratio(5, g, 2, NAN), 2.5, NAN, NAN, "spread below unknown");
    near_q(calc_ratio(5, g, 2, -1), 2.5, NAN, NAN, "spread below negative");
}

/* The worked cases of 2.3 and 11.1, by hand: s = ln(hi/lo)/3.92. */
static void ranges(void)
{
    static const struct {
        const char *name;
        double lo, hi, point, want_s, want_point;
    } cases[] = {
            {"a case, 34 to 150: 76.7 in method 2.3", 34, 150, NAN, 0.37864152,
             76.721548},
            {"RAM density keeps the published mean", 0.625, 2.375, 1.2443636,
             0.34056150, 1.2443636},
            {"PSU 1 to 5 kg, 2.99 published", 1, 5, 2.99, 0.41057090, 2.99},
            {"one value", 7, 7, NAN, 0, 7},
            {"lower end 0 rises to 1 % of the point", 0, 10, 5,
             1.3516116 /* ln(10/0.05)/3.92 */, 5},
            {"lower end unknown", NAN, 10, 5, NAN, 5},
            {"upper end unknown", 1, NAN, 5, NAN, 5},
            {"upper end unknown, no point", 1, NAN, NAN, NAN, NAN},
            {"ends swapped", 5, 1, 3, NAN, 3},
            {"a point far above the range", 1, 2, 1000, NAN, 1000},
            {"nothing", 0, 0, NAN, NAN, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double point = cases[i].point;

        UNIT_NEAR(
                calc_range_sigma(cases[i].lo, cases[i].hi, &point),
                cases[i].want_s, REL, cases[i].name);
        UNIT_NEAR(point, cases[i].want_point, REL, cases[i].name);
    }
}

/* Neither end nor point fixes the floor: it is where lo = point / 100. */
static void range_from_zero(void)
{
    double point = NAN, s = calc_range_sigma(0, 10, &point);
    double lo = 10 / exp(3.92 * s);

    UNIT_NEAR(point, 100 * lo, 1e-12, "floor of a range from 0");
    UNIT_NEAR(point, sqrt(lo * 10) * exp(s * s / 2), 1e-12, "its point");
}

static void pedigree(void)
{
    static const struct {
        const char *name;
        int scores[5];
        double ub, want;
    } cases[] = {
            {"TV59", {2, 3, 4, 2, 3}, 1.05, 1.1454066},
            {"TV59 worst scores", {5, 5, 5, 5, 5}, 1.05, 1.587},
            {"best scores leave half the basic one",
             {1, 1, 1, 1, 1},
             1.05,
             1.0246951},
            {"score 0", {0, 3, 4, 2, 3}, 1.05, NAN},
            {"score 6", {2, 3, 4, 2, 6}, 1.05, NAN},
            {"basic unknown", {2, 3, 4, 2, 3}, NAN, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_pedigree_gsd(cases[i].scores, cases[i].ub), cases[i].want,
                i == 1 ? 5e-4 : REL, cases[i].name); /* 1.587 has 4 digits */
    UNIT_NEAR(
            pow(calc_pedigree_gsd(cases[0].scores, 1.05), 2), 1.3119562, REL,
            "TV59 u95");
}

static void probability(void)
{
    static const struct {
        const char *name;
        double mean, sd, want;
    } cases[] = {
            {"TV65", 40, 100, 0.65542174},
            {"mirrored", -40, 100, 0.34457826},
            {"even", 0, 100, 0.5},
            {"far tail keeps its digits", -600, 100, 9.8658765e-10},
            {"certainly better", 1, 0, 1},
            {"certainly worse", -1, 0, 0},
            {"certainly equal", 0, 0, 0.5},
            {"mean unknown", NAN, 1, NAN},
            {"sd unknown", 1, NAN, NAN},
            {"sd negative", 1, -1, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_normal_p(cases[i].mean, cases[i].sd), cases[i].want, REL,
                cases[i].name);
}

/* method 11.3: 100 machines of GSD 1.5, -8/+9 % if independent and -58/+104 %
 * if the factor is shared (of a machine of 10 kg here). */
static void correlation(void)
{
    double v = calc_rel_var(log(1.5));
    struct calc_total own = {0}, shared = {0}, merged = {0};
    struct calc_line line = {.kg = {10, NAN, NAN}, .own_var_kg2 = 100 * v};
    struct calc_q q;

    for (int i = 0; i < 100; i++)
        calc_total_add(&own, &line, 1);
    line.own_var_kg2 = 0;
    line.shared[0].id = 3;
    line.shared[0].sd_kg = 10 * sqrt(v);
    line.n_shared = 1;
    for (int i = 0; i < 100; i++)
        calc_total_add(&shared, &line, 1);
    q = calc_total_q(&own);
    UNIT_NEAR(q.value, 1000, REL, "independent value");
    UNIT_NEAR(calc_total_var(&own), 10000 * v, REL, "independent variance");
    UNIT_NEAR(round(q.low / 10), 92, REL, "independent low");
    UNIT_NEAR(round(q.high / 10), 109, REL, "independent high");
    q = calc_total_q(&shared);
    UNIT_NEAR(calc_total_sigma(&shared), log(1.5), REL, "shared GSD is kept");
    UNIT_NEAR(round(q.low / 10), 42, REL, "shared low");
    UNIT_NEAR(round(q.high / 10), 204, REL, "shared high");
    calc_total_merge(&merged, &own);
    calc_total_merge(&merged, &shared);
    UNIT_NEAR(merged.kg, 2000, REL, "merged value");
    UNIT_NEAR(
            calc_total_var(&merged), 10000 * v + 1000000 * v, REL,
            "merged variance");
    calc_total_clear(&own);
    calc_total_clear(&shared);
    calc_total_clear(&merged);
    UNIT_CHECK(!merged.sd_kg && merged.n == 0, "cleared");
    calc_total_clear(NULL);
}

/* Signs: what leaves a total takes its correlated part away with it. */
static void totals(void)
{
    struct calc_total t = {0};
    struct calc_line line = {
            .kg = {10, 1, 1},
            .own_var_kg2 = 4,
            .shared = {{0, 2}, {40, 1}},
            .n_shared = 2,
    };
    struct calc_q q;

    q = calc_total_q(&t);
    UNIT_NEAR(q.value, 0, REL, "an empty total is a known nothing");
    UNIT_NEAR(q.high, 0, REL, "an empty total");
    calc_total_add(&t, &line, 3);
    UNIT_NEAR(t.kg, 30, REL, "three units");
    /* own 9*4; ids (3*2)^2 + (3*1)^2 */
    UNIT_NEAR(calc_total_var(&t), 36 + 36 + 9, REL, "three units, variance");
    calc_total_add_kg(&t, 5, 1, 40, 7);
    UNIT_NEAR(calc_total_var(&t), 37 + 36 + 100, REL, "sds add within an id");
    calc_total_add_kg(&t, 5, 1, -1, 7);
    UNIT_NEAR(calc_total_var(&t), 38 + 36 + 100, REL, "no shared part");
    calc_total_add_kg(&t, -10, 0, 40, -7);
    UNIT_NEAR(calc_total_var(&t), 38 + 36 + 9, REL, "shared part taken back");
    UNIT_NEAR(calc_total_sigma(&t), sqrt(log(1 + 83.0 / 900)), REL, "sigma");
    calc_total_add(&t, &line, -3);
    UNIT_NEAR(t.kg, 0, REL, "all gone");
    UNIT_NEAR(calc_total_sigma(&t), NAN, REL, "no lognormal around 0");
    calc_total_add_kg(&t, NAN, 0, 41, 1);
    UNIT_NEAR(calc_total_q(&t).value, NAN, REL, "unknown part");
    UNIT_NEAR(calc_total_sigma(&t), NAN, REL, "sigma of unknown");
    calc_total_clear(&t);
    calc_total_add_kg(&t, 1, NAN, -1, 0);
    UNIT_NEAR(calc_total_sigma(&t), NAN, REL, "variance unknown");
    UNIT_NEAR(calc_total_q(&t).value, 1, REL, "value known all the same");
    UNIT_NEAR(calc_total_q(&t).low, NAN, REL, "interval unknown");
    calc_total_clear(&t);
}

static void grades(void)
{
    static const struct {
        double dqr;
        char want;
    } cases[] = {{1, 'A'},    {1.6, 'A'},  {1.6000000000000003, 'A'},
                 {1.61, 'B'}, {2.4, 'B'},  {2.41, 'C'},
                 {3.2, 'C'},  {3.21, 'D'}, {4, 'D'},
                 {4.01, 'E'}, {5, 'E'},    {NAN, '-'}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                calc_grade(cases[i].dqr) == cases[i].want, "%g: got %c",
                cases[i].dqr, calc_grade(cases[i].dqr));
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"intervals", intervals},
            {"spreads", spreads},
            {"ratios", ratios},
            {"completed ranges", ranges},
            {"a completed range from zero", range_from_zero},
            {"pedigree", pedigree},
            {"probability", probability},
            {"correlation", correlation},
            {"totals", totals},
            {"grades", grades},
            {NULL, NULL},
    };

    return unit_main("model: uncertainty", tests);
}
