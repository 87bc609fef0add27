/* SPDX-License-Identifier: Apache-2.0
 * The choice among approaches, rule by rule in the order of method 2.4, and
 * over every possible input the properties that must always hold. */
#include "model/model.h"

#include <string.h>

#include "unit.h"

/* What is at hand, as letters: a b c estimates, C complete, k something known,
 * s stated. */
static struct calc_choice_in
at_hand(enum calc_category category, enum calc_chassis chassis, const char *has)
{
    return (struct calc_choice_in){
            .category = category,
            .chassis = chassis,
            .stated = strchr(has, 's'),
            .has_a = strchr(has, 'a'),
            .has_b = strchr(has, 'b'),
            .has_c = strchr(has, 'c') || strchr(has, 'C'),
            .c_complete = strchr(has, 'C'),
            .anything_known = strchr(has, 'k'),
    };
}

static void rules_in_order(void)
{
    static const struct {
        const char *name;
        enum calc_category category;
        enum calc_chassis chassis;
        const char *has;
        enum calc_approach want;
        int rule;
        bool unknown;
    } cases[] = {
            {"1: stated goes first", CALC_SERVER, CALC_RACK, "sabCk",
             CALC_STATED, 1, false},
            {"1: stated alone", CALC_SWITCH_UNIT, CALC_NO_CHASSIS, "s",
             CALC_STATED, 1, false},
            {"2: server", CALC_SERVER, CALC_RACK, "abCk", CALC_C, 2, false},
            {"2: gpu node", CALC_GPU_NODE, CALC_RACK, "abCk", CALC_C, 2, false},
            {"2: storage", CALC_STORAGE, CALC_RACK, "abCk", CALC_C, 2, false},
            {"2: workstation", CALC_WORKSTATION, CALC_TOWER, "abCk", CALC_C, 2,
             false},
            {"2: desktop in an open frame", CALC_DESKTOP, CALC_OPEN, "abCk",
             CALC_C, 2, false},
            {"2: board computer in an open frame", CALC_SBC, CALC_OPEN, "Ck",
             CALC_C, 2, false},
            {"2: a screen is not home-made", CALC_SCREEN_UNIT, CALC_OPEN,
             "abCk", CALC_A, 3, false},
            {"3: desktop", CALC_DESKTOP, CALC_DESKTOP_CASE, "abCk", CALC_A, 3,
             false},
            {"3: laptop", CALC_LAPTOP, CALC_LAPTOP_CASE, "abck", CALC_A, 3,
             false},
            {"3: screen", CALC_SCREEN_UNIT, CALC_NO_CHASSIS, "abk", CALC_A, 3,
             false},
            {"4: server with its sheet", CALC_SERVER, CALC_RACK, "abck", CALC_A,
             4, false},
            {"4: storage with its sheet", CALC_STORAGE, CALC_RACK, "abck",
             CALC_A, 4, false},
            {"4: server completed", CALC_SERVER, CALC_RACK, "bck", CALC_C, 4,
             false},
            {"4: gpu node completed", CALC_GPU_NODE, CALC_RACK, "ck", CALC_C, 4,
             false},
            {"4: server of a known model without parts", CALC_SERVER, CALC_RACK,
             "bk", CALC_B, 4, false},
            {"5: screen of a known model", CALC_SCREEN_UNIT, CALC_NO_CHASSIS,
             "bk", CALC_B, 5, false},
            {"5: switch with its sheet", CALC_SWITCH_UNIT, CALC_RACK, "abk",
             CALC_A, 5, false},
            {"5: printer average", CALC_OTHER_UNIT, CALC_NO_CHASSIS, "b",
             CALC_B, 5, false},
            {"6: server of which nothing is known", CALC_SERVER, CALC_RACK,
             "bc", CALC_B, 6, true},
            {"6: desktop with nothing", CALC_DESKTOP, CALC_CHASSIS_UNKNOWN, "b",
             CALC_B, 6, true},
            {"6: screen with nothing", CALC_SCREEN_UNIT, CALC_NO_CHASSIS, "b",
             CALC_B, 6, true},
            {"6: switch without factor", CALC_SWITCH_UNIT, CALC_RACK, "k",
             CALC_NONE, 6, false},
            {"6: server without any factor", CALC_SERVER, CALC_RACK, "",
             CALC_NONE, 6, false},
            {"6: defaults alone are no bottom-up figure", CALC_DESKTOP,
             CALC_TOWER, "c", CALC_NONE, 6, false},
            {"gap: desktop with parts and no sheet", CALC_DESKTOP, CALC_TOWER,
             "bck", CALC_C, 4, false},
            {"gap: desktop of a known model alone", CALC_DESKTOP, CALC_TOWER,
             "bk", CALC_B, 6, true},
            {"gap: workstation with incomplete parts", CALC_WORKSTATION,
             CALC_TOWER, "bck", CALC_C, 4, false},
            {"gap: workstation with a sheet and no parts", CALC_WORKSTATION,
             CALC_TOWER, "abk", CALC_A, 3, false},
            {"gap: board computer with parts", CALC_SBC, CALC_NO_CHASSIS, "Ck",
             CALC_C, 4, false},
            {"gap: other machine with parts", CALC_OTHER_UNIT, CALC_TOWER, "ck",
             CALC_C, 4, false},
            {"gap: loose disks", CALC_PART_LOT, CALC_NO_CHASSIS, "Ck", CALC_C,
             4, false},
            {"gap: loose screens", CALC_PART_LOT, CALC_NO_CHASSIS, "bk", CALC_B,
             5, false},
            {"gap: loose screens, nothing known", CALC_PART_LOT,
             CALC_NO_CHASSIS, "b", CALC_B, 6, true},
            {"gap: loose tapes", CALC_PART_LOT, CALC_NO_CHASSIS, "k", CALC_NONE,
             6, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct calc_choice_in in =
                at_hand(cases[i].category, cases[i].chassis, cases[i].has);
        struct calc_choice got = calc_choose(&in);

        UNIT_CHECK(
                got.approach == cases[i].want && got.rule == cases[i].rule &&
                        got.unknown_model == cases[i].unknown,
                "%s: got %s by rule %d%s", cases[i].name,
                calc_approach_word(got.approach), got.rule,
                got.unknown_model ? ", unknown model" : "");
    }
}

static bool is_sentence(const char *s)
{
    size_t n = s ? strlen(s) : 0;

    return n > 20 && s[0] >= 'A' && s[0] <= 'Z' && strchr(s, '.') == s + n - 1;
}

static void check_always(const struct calc_choice_in *in)
{
    struct calc_choice c = calc_choose(in);
    bool something = in->stated || in->has_a || in->has_b ||
                     (in->has_c && in->anything_known);
    bool at_hand_ok = c.approach == CALC_STATED ? in->stated
                      : c.approach == CALC_A    ? in->has_a
                      : c.approach == CALC_B    ? in->has_b
                      : c.approach == CALC_C    ? in->has_c
                                                : !something;

    UNIT_CHECK(at_hand_ok, "chose %s", calc_approach_word(c.approach));
    UNIT_CHECK(
            !c.unknown_model || (c.approach == CALC_B && c.rule == 6),
            "unknown model by rule %d", c.rule);
    UNIT_CHECK(
            c.rule >= 1 && c.rule <= 6 && is_sentence(c.reason), "reason '%s'",
            c.reason ? c.reason : "");
}

/* Every input: the choice exists, is at hand, and none only where nothing is.
 */
static void every_input(void)
{
    for (unsigned cat = 0; cat < CALC_CATEGORIES; cat++)
        for (unsigned chassis = 0; chassis < CALC_CHASSES; chassis++)
            for (unsigned bits = 0; bits < 64; bits++) {
                struct calc_choice_in in = {
                        .category = (enum calc_category)cat,
                        .chassis = (enum calc_chassis)chassis,
                        .stated = bits & 1,
                        .has_a = bits & 2,
                        .has_b = bits & 4,
                        .has_c = bits & 8,
                        .c_complete = bits & 16,
                        .anything_known = bits & 32,
                };

                check_always(&in);
            }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"rules in their order, then the gaps", rules_in_order},
            {"properties over every input", every_input},
            {NULL, NULL},
    };

    return unit_main("model: choice", tests);
}
