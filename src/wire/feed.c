/* SPDX-License-Identifier: Apache-2.0
 * The words and units of energy feeds. */
#include <string.h>

#include "wire/feed.h"

static const char *const scope_words[WIRE_SCOPES] = {
        "outlet", "node", "psys", "package", "dram", "core",
        "uncore", "gpu",  "ram",  "disk",    "rest", "estimate"};
static const char *const kind_words[WIRE_METER_KINDS] = {
        "counter", "gauge", "interval"};

static const struct {
    const char *word;
    bool energy;
    int64_t micro;
} units[WIRE_UNITS] = {
        {"uJ", true, 1},
        {"mJ", true, 1000},
        {"J", true, 1000000},
        {"Wh", true, 3600000000},
        {"kWh", true, 3600000000000},
        {"uW", false, 1},
        {"mW", false, 1000},
        {"W", false, 1000000},
};

static bool
find(const char *const *words, size_t n, const char *word, size_t *out)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(words[i], word)) {
            *out = i;
            return true;
        }
    return false;
}

const char *wire_scope_word(enum wire_scope s)
{
    return scope_words[s];
}

const char *wire_meter_kind_word(enum wire_meter_kind k)
{
    return kind_words[k];
}

const char *wire_unit_word(enum wire_unit u)
{
    return units[u].word;
}

bool wire_scope_from(const char *word, enum wire_scope *out)
{
    size_t i;

    if (!find(scope_words, WIRE_SCOPES, word, &i))
        return false;
    *out = (enum wire_scope)i;
    return true;
}

bool wire_meter_kind_from(const char *word, enum wire_meter_kind *out)
{
    size_t i;

    if (!find(kind_words, WIRE_METER_KINDS, word, &i))
        return false;
    *out = (enum wire_meter_kind)i;
    return true;
}

bool wire_unit_from(const char *word, enum wire_unit *out)
{
    for (size_t i = 0; i < WIRE_UNITS; i++)
        if (!strcmp(units[i].word, word)) {
            *out = (enum wire_unit)i;
            return true;
        }
    return false;
}

bool wire_unit_is_energy(enum wire_unit u)
{
    return units[u].energy;
}

int64_t wire_unit_micro(enum wire_unit u)
{
    return units[u].micro;
}
