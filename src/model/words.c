/* SPDX-License-Identifier: Apache-2.0
 * The fixed English words of the model's vocabulary, both ways. */
#include "model/model.h"

#include <string.h>

static const char *const kinds[CALC_KINDS] = {
        [CALC_CPU] = "cpu",           [CALC_GPU] = "gpu",
        [CALC_RAM] = "ram",           [CALC_HDD] = "hdd",
        [CALC_SSD] = "ssd",           [CALC_TAPE] = "tape",
        [CALC_BOARD] = "board",       [CALC_PSU] = "psu",
        [CALC_CHASSIS] = "chassis",   [CALC_NIC] = "nic",
        [CALC_SCREEN] = "screen",     [CALC_SWITCH] = "switch",
        [CALC_ASSEMBLY] = "assembly", [CALC_OTHER] = "other",
};

static const char *const categories[CALC_CATEGORIES] = {
        [CALC_SERVER] = "server",
        [CALC_GPU_NODE] = "gpu_node",
        [CALC_STORAGE] = "storage",
        [CALC_WORKSTATION] = "workstation",
        [CALC_DESKTOP] = "desktop",
        [CALC_LAPTOP] = "laptop",
        [CALC_SCREEN_UNIT] = "screen",
        [CALC_SWITCH_UNIT] = "switch",
        [CALC_SBC] = "sbc",
        [CALC_OTHER_UNIT] = "other",
        [CALC_PART_LOT] = "part",
};

static const char *const chasses[CALC_CHASSES] = {
        [CALC_RACK] = "rack",          [CALC_BLADE] = "blade",
        [CALC_TOWER] = "tower",        [CALC_DESKTOP_CASE] = "desktop",
        [CALC_LAPTOP_CASE] = "laptop", [CALC_OPEN] = "open",
        [CALC_NO_CHASSIS] = "none",    [CALC_CHASSIS_UNKNOWN] = "unknown",
};

static const char *const acquisitions[CALC_ACQUISITIONS] = {
        [CALC_NEW] = "new",
        [CALC_SECOND_HAND] = "second_hand",
        [CALC_DONATED] = "donated",
        [CALC_ACQUISITION_UNKNOWN] = "unknown",
};

static const char *const statuses[CALC_STATUSES] = {
        [CALC_RECEIVED] = "received",     [CALC_UNTESTED] = "untested",
        [CALC_IN_SERVICE] = "in_service", [CALC_STOCK] = "stock",
        [CALC_SPARE] = "spare",           [CALC_LOANED] = "loaned",
        [CALC_HERITAGE] = "heritage",     [CALC_RETIRED] = "retired",
        [CALC_GIVEN] = "given",           [CALC_RECYCLED] = "recycled",
        [CALC_REFUSED] = "refused",
};

static const char *const approaches[CALC_APPROACHES] = {
        [CALC_A] = "A",           [CALC_B] = "B",       [CALC_C] = "C",
        [CALC_STATED] = "stated", [CALC_NONE] = "none",
};

static const char *const rules[CALC_RULES] = {
        [CALC_GROSS] = "GROSS",
        [CALC_CUTOFF] = "CUTOFF",
        [CALC_HALF] = "HALF",
        [CALC_RESIDUAL_SL] = "RESIDUAL_SL",
        [CALC_ACTUAL_LIFE] = "ACTUAL_LIFE",
        [CALC_ECON_PRICE] = "ECON_PRICE",
        [CALC_ECON_DB] = "ECON_DB",
        [CALC_PHYS] = "PHYS",
        [CALC_CFF] = "CFF",
};

static const char *const tiers[CALC_TIERS] = {
        [CALC_M1] = "M1", [CALC_M2] = "M2", [CALC_M3] = "M3",
        [CALC_M4] = "M4", [CALC_M5] = "M5", [CALC_NO_ENERGY] = "none",
};

static const char *const grid_kinds[CALC_GRID_KINDS] = {
        [CALC_LIFE_CYCLE] = "life_cycle",
        [CALC_DIRECT] = "direct",
        [CALC_UNSTATED] = "unstated",
};

/* An enumerator out of its range is our own mistake. */
static const char *word_at(const char *const *words, size_t n, unsigned i)
{
    CHECK(i < n);
    return words[i];
}

static bool
word_find(const char *const *words, size_t n, const char *word, unsigned *out)
{
    for (size_t i = 0; word && i < n; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (unsigned)i;
            return true;
        }
    return false;
}

const char *calc_kind_word(enum calc_kind k)
{
    return word_at(kinds, CALC_KINDS, (unsigned)k);
}

const char *calc_category_word(enum calc_category c)
{
    return word_at(categories, CALC_CATEGORIES, (unsigned)c);
}

const char *calc_chassis_word(enum calc_chassis c)
{
    return word_at(chasses, CALC_CHASSES, (unsigned)c);
}

const char *calc_acquisition_word(enum calc_acquisition a)
{
    return word_at(acquisitions, CALC_ACQUISITIONS, (unsigned)a);
}

const char *calc_status_word(enum calc_status s)
{
    return word_at(statuses, CALC_STATUSES, (unsigned)s);
}

const char *calc_approach_word(enum calc_approach a)
{
    return word_at(approaches, CALC_APPROACHES, (unsigned)a);
}

const char *calc_rule_word(enum calc_rule r)
{
    return word_at(rules, CALC_RULES, (unsigned)r);
}

const char *calc_tier_word(enum calc_tier t)
{
    return word_at(tiers, CALC_TIERS, (unsigned)t);
}

const char *calc_grid_kind_word(enum calc_grid_kind k)
{
    return word_at(grid_kinds, CALC_GRID_KINDS, (unsigned)k);
}

bool calc_kind_from(const char *word, enum calc_kind *out)
{
    unsigned i;
    bool found = word_find(kinds, CALC_KINDS, word, &i);

    if (found)
        *out = (enum calc_kind)i;
    return found;
}

bool calc_category_from(const char *word, enum calc_category *out)
{
    unsigned i;
    bool found = word_find(categories, CALC_CATEGORIES, word, &i);

    if (found)
        *out = (enum calc_category)i;
    return found;
}

bool calc_chassis_from(const char *word, enum calc_chassis *out)
{
    unsigned i;
    bool found = word_find(chasses, CALC_CHASSES, word, &i);

    if (found)
        *out = (enum calc_chassis)i;
    return found;
}

bool calc_acquisition_from(const char *word, enum calc_acquisition *out)
{
    unsigned i;
    bool found = word_find(acquisitions, CALC_ACQUISITIONS, word, &i);

    if (found)
        *out = (enum calc_acquisition)i;
    return found;
}

bool calc_status_from(const char *word, enum calc_status *out)
{
    unsigned i;
    bool found = word_find(statuses, CALC_STATUSES, word, &i);

    if (found)
        *out = (enum calc_status)i;
    return found;
}

bool calc_rule_from(const char *word, enum calc_rule *out)
{
    unsigned i;
    bool found = word_find(rules, CALC_RULES, word, &i);

    if (found)
        *out = (enum calc_rule)i;
    return found;
}

bool calc_grid_kind_from(const char *word, enum calc_grid_kind *out)
{
    unsigned i;
    bool found = word_find(grid_kinds, CALC_GRID_KINDS, word, &i);

    if (found)
        *out = (enum calc_grid_kind)i;
    return found;
}

bool calc_is_computer(enum calc_category c)
{
    return c <= CALC_LAPTOP || c == CALC_SBC;
}

bool calc_in_stock(enum calc_status s)
{
    return s <= CALC_HERITAGE;
}
