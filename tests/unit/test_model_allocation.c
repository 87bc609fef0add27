/* SPDX-License-Identifier: Apache-2.0
 * Shares of used machines against the vectors of the method (TV18, 20, 21, 22,
 * 23, 79) and their conservation over a chain of owners. */
#include "model/model.h"

#include "unit.h"

#define REL 1e-6

/* TV18's server. */
static const struct calc_share_in tv18 = {
        .acquisition = CALC_SECOND_HAND,
        .age_y = 5,
        .lref_y = 8,
        .l2_y = 5,
        .price_paid = 150,
        .price_new = 3000,
        .db_per_y = CALC_DB_PER_Y,
        .work_left_frac = 0.75,
        .cff_a = 0.5,
        .cff_q = 1,
};

static void shares(void)
{
    static const struct {
        const char *name;
        enum calc_rule rule;
        double f, own_kg;
    } cases[] = {
            {"TV18 GROSS", CALC_GROSS, 1, 1257},
            {"TV18 CUTOFF", CALC_CUTOFF, 0, 57},
            {"TV18 HALF", CALC_HALF, 0.5, 657},
            {"TV18 RESIDUAL_SL", CALC_RESIDUAL_SL, 0.375, 507},
            {"TV18 ACTUAL_LIFE", CALC_ACTUAL_LIFE, 0.5, 657},
            {"TV18 ECON_PRICE", CALC_ECON_PRICE, 0.05, 117},
            {"TV18 ECON_DB30", CALC_ECON_DB, 0.16807, 258.684},
            {"TV18 CFF_A05_Q1", CALC_CFF, 0.5, 657},
            {"TV79 PHYS", CALC_PHYS, 0.75, 957},
            {"no such rule", CALC_RULES, NAN, NAN},
    };
    struct calc_share_in in = tv18;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double f = calc_share(cases[i].rule, &tv18);

        UNIT_NEAR(f, cases[i].f, REL, cases[i].name);
        UNIT_NEAR(
                calc_own_kg(f, 1200, 30, 12, 15, false), cases[i].own_kg, REL,
                cases[i].name);
    }
    in.cff_a = 0.2;
    in.cff_q = 0.8;
    UNIT_NEAR(calc_share(CALC_CFF, &in), 0.64, REL, "TV18 CFF_A02_Q08");
    UNIT_NEAR(
            calc_own_kg(0.64, 1200, 30, 12, 15, false), 825, REL,
            "TV18 CFF_A02_Q08");
    in.work_left_frac = 1 - 150.0 / 600;
    UNIT_NEAR(calc_share(CALC_PHYS, &in), 0.75, REL, "TV79");
}

/* Whatever the rule and whatever is unknown, the first owner bears it all. */
static void first_owner(void)
{
    static const enum calc_acquisition first[] = {
            CALC_NEW, CALC_ACQUISITION_UNKNOWN};
    struct calc_share_in in = {.age_y = NAN, .lref_y = NAN};

    for (size_t i = 0; i < 2; i++)
        for (unsigned r = 0; r < CALC_RULES; r++) {
            in.acquisition = first[i];
            UNIT_NEAR(
                    calc_share((enum calc_rule)r, &in), 1, REL,
                    calc_rule_word((enum calc_rule)r));
        }
}

#define SHARE(rule, ...)                                                       \
    calc_share(                                                                \
            rule,                                                              \
            &(struct calc_share_in){.acquisition = CALC_DONATED, __VA_ARGS__})

static void unknown_inputs(void)
{
    UNIT_NEAR(
            SHARE(CALC_RESIDUAL_SL, .age_y = NAN, .lref_y = 8), NAN, REL,
            "age unknown");
    UNIT_NEAR(
            SHARE(CALC_RESIDUAL_SL, .age_y = 5, .lref_y = NAN), NAN, REL,
            "life unknown");
    UNIT_NEAR(SHARE(CALC_RESIDUAL_SL, .age_y = 5), NAN, REL, "life of 0");
    UNIT_NEAR(
            SHARE(CALC_ACTUAL_LIFE, .age_y = NAN, .l2_y = 5), NAN, REL,
            "actual life, age unknown");
    UNIT_NEAR(
            SHARE(CALC_ACTUAL_LIFE, .age_y = 5, .l2_y = NAN), NAN, REL,
            "own life unknown");
    UNIT_NEAR(
            SHARE(CALC_ACTUAL_LIFE, .age_y = 5, .l2_y = -1), NAN, REL,
            "own life negative");
    UNIT_NEAR(SHARE(CALC_ACTUAL_LIFE, .age_y = 0), NAN, REL, "no life at all");
    UNIT_NEAR(
            SHARE(CALC_ECON_PRICE, .price_new = 3000), NAN, REL,
            "a gift has no price");
    UNIT_NEAR(
            SHARE(CALC_ECON_PRICE, .price_paid = 10, .price_new = NAN), NAN,
            REL, "price new unknown");
    UNIT_NEAR(
            SHARE(CALC_ECON_PRICE, .price_paid = NAN, .price_new = 10), NAN,
            REL, "price paid unknown");
    UNIT_NEAR(
            SHARE(CALC_ECON_DB, .age_y = NAN, .db_per_y = 0.3), NAN, REL,
            "declining value, age unknown");
    UNIT_NEAR(
            SHARE(CALC_ECON_DB, .age_y = 5, .db_per_y = NAN), NAN, REL,
            "rate unknown");
    UNIT_NEAR(
            SHARE(CALC_ECON_DB, .age_y = 5, .db_per_y = 1.5), NAN, REL,
            "rate above 1");
    UNIT_NEAR(
            SHARE(CALC_PHYS, .work_left_frac = NAN), NAN, REL, "wear unknown");
    UNIT_NEAR(SHARE(CALC_CFF, .cff_a = NAN, .cff_q = 1), NAN, REL, "A unknown");
    UNIT_NEAR(
            SHARE(CALC_CFF, .cff_a = 0.5, .cff_q = NAN), NAN, REL, "Q unknown");
    UNIT_NEAR(SHARE(CALC_CFF, .cff_a = 0.5, .cff_q = 2), NAN, REL, "Q above 1");
}

static void bounds(void)
{
    UNIT_NEAR(SHARE(CALC_RESIDUAL_SL, .age_y = 9, .lref_y = 8), 0, REL, "TV20");
    UNIT_NEAR(calc_own_kg(0, 1200, 30, 12, 15, false), 57, REL, "TV20 kg");
    UNIT_NEAR(
            SHARE(CALC_RESIDUAL_SL, .age_y = -0.3, .lref_y = 8), 1, REL,
            "entry before a partial date of manufacture");
    UNIT_NEAR(
            SHARE(CALC_ACTUAL_LIFE, .age_y = -0.3, .l2_y = 5), 1, REL,
            "actual life, the same");
    UNIT_NEAR(
            SHARE(CALC_ECON_DB, .age_y = -0.3, .db_per_y = 0.3), 1, REL,
            "declining value, the same");
    UNIT_NEAR(
            SHARE(CALC_ECON_DB, .age_y = 2, .db_per_y = 1), 0, REL,
            "worth nothing after a day");
    UNIT_NEAR(
            SHARE(CALC_ECON_PRICE, .price_paid = 900, .price_new = 600), 1, REL,
            "a scarce card dearer than new");
    UNIT_NEAR(SHARE(CALC_PHYS, .work_left_frac = -0.1), 0, REL, "worn out");
    UNIT_NEAR(SHARE(CALC_PHYS, .work_left_frac = 1.1), 1, REL, "over-new");
}

static void own(void)
{
    UNIT_NEAR(
            calc_own_kg(0.5, 1200, 30, 12, 15, true), 642, REL,
            "end of life counted once");
    UNIT_NEAR(
            calc_own_kg(0.5, 1200, 30, 12, NAN, true), 642, REL,
            "an end of life that is not needed");
    UNIT_NEAR(
            calc_own_kg(0.5, 1200, 30, 12, NAN, false), NAN, REL,
            "end of life unknown");
    UNIT_NEAR(
            calc_own_kg(NAN, 1200, 0, 0, 0, false), NAN, REL, "share unknown");
    UNIT_NEAR(calc_transport_kg(28, 460, 0.0003), 3.864, REL, "TV21");
    UNIT_NEAR(calc_transport_kg(NAN, 460, 0.0003), NAN, REL, "mass unknown");
}

static void avoided(void)
{
    static const struct {
        const char *name;
        double d, new_life_y, own_life_y, want_kg;
    } cases[] = {
            {"TV22", 0.6, 5, 4, 512},
            {"a second life longer than a new one's", 0.6, 5, 9, 668},
            {"nothing displaced", 0, 5, 4, -172},
            {"displacement above 1", 1.5, 5, 4, NAN},
            {"displacement unknown", NAN, 5, 4, NAN},
            {"new life unknown", 0.6, NAN, 4, NAN},
            {"new life of 0", 0.6, 0, 4, NAN},
            {"own life unknown", 0.6, 5, NAN, NAN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                calc_avoided_kg(
                        cases[i].d, 1300, cases[i].new_life_y, 100,
                        cases[i].own_life_y, 42, 130),
                cases[i].want_kg, REL, cases[i].name);
}

/* TV23: 337 equal machines, 236 of them second-hand. */
static void fleet(void)
{
    static const struct {
        const char *name;
        enum calc_rule rule;
        double want_kg;
    } cases[] = {
            {"TV23 gross", CALC_GROSS, 352000},
            {"TV23 cut-off", CALC_CUTOFF, 105495.55},
            {"TV23 half", CALC_HALF, 228747.77},
    };

    UNIT_NEAR(round(337 * 0.7), 236, REL, "TV23 second-hand machines");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double kg = 0;

        for (int m = 0; m < 337; m++) {
            struct calc_share_in in = {
                    .acquisition = m < 236 ? CALC_SECOND_HAND : CALC_NEW};

            kg += calc_own_kg(
                    calc_share(cases[i].rule, &in), 352000.0 / 337, 0, 0, 0,
                    true);
        }
        UNIT_NEAR(kg, cases[i].want_kg, REL, cases[i].name);
    }
}

/* method 3.2: what each holder gives on is what the next one takes, and the
 * years held, cut at the reference life, add up to the whole. */
static void chain(void)
{
    static const double handed_on_y[] = {2.5, 4, 7.75, 9};
    struct calc_share_in in = {.acquisition = CALC_NEW, .lref_y = 8};
    double left = 1, borne = 0;

    for (size_t i = 0; i < sizeof handed_on_y / sizeof *handed_on_y; i++) {
        in.acquisition = CALC_SECOND_HAND;
        in.age_y = handed_on_y[i];
        borne += left - calc_share(CALC_RESIDUAL_SL, &in);
        left = calc_share(CALC_RESIDUAL_SL, &in);
        UNIT_NEAR(borne, fmin(handed_on_y[i], 8) / 8, 1e-12, "borne so far");
    }
    UNIT_NEAR(borne + left, 1, 1e-12, "the chain bears the whole");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"shares by rule", shares},
            {"the first owner bears all", first_owner},
            {"unknown inputs", unknown_inputs},
            {"bounds", bounds},
            {"own embodied", own},
            {"avoided emissions", avoided},
            {"a fleet under three rules", fleet},
            {"a chain of owners", chain},
            {NULL, NULL},
    };

    return unit_main("model: allocation", tests);
}
