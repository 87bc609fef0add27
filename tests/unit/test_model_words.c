/* SPDX-License-Identifier: Apache-2.0
 * The vocabulary of the model: every word both ways, and the two questions
 * asked of categories and statuses. */
#include "model/model.h"

#include <string.h>

#include "unit.h"

/* The words as DESIGN section 4 and method 3.1 and 5.1 write them, in order. */
static const char *const kinds[] = {
        "cpu", "gpu",     "ram", "hdd",    "ssd",    "tape",     "board",
        "psu", "chassis", "nic", "screen", "switch", "assembly", "other"};
static const char *const categories[] = {
        "server", "gpu_node", "storage", "workstation", "desktop", "laptop",
        "screen", "switch",   "sbc",     "other",       "part"};
static const char *const chasses[] = {"rack",   "blade", "tower", "desktop",
                                      "laptop", "open",  "none",  "unknown"};
static const char *const acquisitions[] = {
        "new", "second_hand", "donated", "unknown"};
static const char *const statuses[] = {
        "received", "untested", "in_service", "stock",    "spare",  "loaned",
        "heritage", "retired",  "given",      "recycled", "refused"};
static const char *const rules[] = {"GROSS",       "CUTOFF",      "HALF",
                                    "RESIDUAL_SL", "ACTUAL_LIFE", "ECON_PRICE",
                                    "ECON_DB",     "PHYS",        "CFF"};
static const char *const grid_kinds[] = {"life_cycle", "direct", "unstated"};

#define LENGTH(a) (sizeof(a) / sizeof *(a))

/* Word i is enumerator i, the word reads back as i, other words do not and
 * leave the output alone. */
#define TWO_WAYS(type, words, count, to, from)                                 \
    do {                                                                       \
        type got;                                                              \
                                                                               \
        UNIT_CHECK(LENGTH(words) == (count), #words ": length");               \
        for (unsigned i = 0; i < LENGTH(words); i++) {                         \
            UNIT_CHECK(                                                        \
                    strcmp(to((type)i), words[i]) == 0, "%s: got %s",          \
                    words[i], to((type)i));                                    \
            got = (type)((i + 1) % LENGTH(words));                             \
            UNIT_CHECK(from(words[i], &got), "%s: not found", words[i]);       \
            UNIT_CHECK((unsigned)got == i, "%s: read back", words[i]);         \
            UNIT_CHECK(!from("no-such-word", &got), "unknown accepted");       \
            UNIT_CHECK(!from("", &got), "empty word accepted");                \
            UNIT_CHECK(!from(NULL, &got), "no word accepted");                 \
            UNIT_CHECK((unsigned)got == i, "%s: output touched", words[i]);    \
        }                                                                      \
    } while (0)

static void words_read_back(void)
{
    TWO_WAYS(enum calc_kind, kinds, CALC_KINDS, calc_kind_word, calc_kind_from);
    TWO_WAYS(
            enum calc_category, categories, CALC_CATEGORIES, calc_category_word,
            calc_category_from);
    TWO_WAYS(
            enum calc_chassis, chasses, CALC_CHASSES, calc_chassis_word,
            calc_chassis_from);
    TWO_WAYS(
            enum calc_acquisition, acquisitions, CALC_ACQUISITIONS,
            calc_acquisition_word, calc_acquisition_from);
    TWO_WAYS(
            enum calc_status, statuses, CALC_STATUSES, calc_status_word,
            calc_status_from);
    TWO_WAYS(enum calc_rule, rules, CALC_RULES, calc_rule_word, calc_rule_from);
    TWO_WAYS(
            enum calc_grid_kind, grid_kinds, CALC_GRID_KINDS,
            calc_grid_kind_word, calc_grid_kind_from);
}

static void words_one_way(void)
{
    static const char *const tiers[] = {"M1", "M2", "M3", "M4", "M5", "none"};
    static const char *const approaches[] = {"A", "B", "C", "stated", "none"};

    for (unsigned i = 0; i < CALC_TIERS; i++)
        UNIT_CHECK(
                strcmp(calc_tier_word((enum calc_tier)i), tiers[i]) == 0,
                "tier %u", i);
    for (unsigned i = 0; i < CALC_APPROACHES; i++)
        UNIT_CHECK(
                strcmp(calc_approach_word((enum calc_approach)i),
                       approaches[i]) == 0,
                "approach %u", i);
}

static void questions(void)
{
    for (unsigned i = 0; i < CALC_CATEGORIES; i++) {
        bool want = i <= CALC_LAPTOP || i == CALC_SBC;

        UNIT_CHECK(
                calc_is_computer((enum calc_category)i) == want, "computer: %s",
                categories[i]);
    }
    for (unsigned i = 0; i < CALC_STATUSES; i++) {
        bool gone = i == CALC_RETIRED || i == CALC_GIVEN ||
                    i == CALC_RECYCLED || i == CALC_REFUSED;

        UNIT_CHECK(
                calc_in_stock((enum calc_status)i) == !gone, "in stock: %s",
                statuses[i]);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"every word reads back as itself", words_read_back},
            {"words that are only printed", words_one_way},
            {"computers and stock", questions},
            {NULL, NULL},
    };

    return unit_main("model: words", tests);
}
