/* SPDX-License-Identifier: Apache-2.0
 * Whose word counts for more where two machine sources differ, so that the
 * order in which their files come does not decide [docs/formats.md#merging]. */
#include "inventory/inventory_priv.h"

#include <string.h>

/* [D] From firmware outwards: the node itself and its BMC know it best, what
 * the system shows comes next, lists that people keep last. No two are equal:
 * one of two spellings must win whatever the order. */
static const char *const formats[] = {
        "glpi-csv",      "snipeit",        "netbox",     "slurm-nodes",
        "smartctl",      "nvidia-smi-xml", "hwloc-xml",  "ansible",
        "rocm-smi-json", "ereuse",         "grid5000",   "lshw-json",
        "lshw-xml",      "ocs-xml",        "glpi-json",  "glpi-xml",
        "redfish",       "dmidecode",      "agent-json",
};
enum { FIRST_OF_SYSTEM = 4, FIRST_OF_NODE = 9 }; /* places in that list */

static int rank(const char *format)
{
    for (int i = 0; i < (int)(sizeof formats / sizeof *formats); i++)
        if (strcmp(formats[i], format) == 0)
            return i;
    return -1;
}

static int class_of(const char *format)
{
    int r = rank(format);

    return r < FIRST_OF_SYSTEM ? 1 : r < FIRST_OF_NODE ? 2 : 3;
}

bool inv_weaker(enum inv_field f, const char *said, const char *stored)
{
    if (strcmp(said, stored) == 0)
        return false;
    switch (f) {
    case INV_F_CATEGORY:
    case INV_F_MANUFACTURER:
    case INV_F_MODEL:
    case INV_F_NAME:
    case INV_F_SERIAL:
    case INV_F_UUID:
    case INV_F_CHASSIS:
        return rank(said) < rank(stored);
    case INV_F_CPU_COUNT:
    case INV_F_CPU_CORES:
        return class_of(said) < class_of(stored);
    default:
        return false; /* what can change: the last word counts */
    }
}

bool inv_outranks(const char *said, const char *stored)
{
    return rank(said) > rank(stored);
}

/* Tools of cards and of the like know theirs, whatever else they do not. */
int inv_parts_strength(enum calc_kind kind, const char *format)
{
    static const char *const cards[] = {"nvidia-smi-xml", "rocm-smi-json"};

    for (size_t i = 0; kind == CALC_GPU && i < sizeof cards / sizeof *cards;
         i++)
        if (strcmp(format, cards[i]) == 0)
            return 3;
    if (kind == CALC_CPU) /* a system may be allowed to see some cores only */
        return class_of(format);
    return rank(format) < FIRST_OF_SYSTEM ? 1 : 2;
}

/* Who asks a disk whether it turns, who guesses it by its model. */
int inv_disk_kind_strength(const char *format)
{
    static const char *const ask[] = {"lshw-xml",  "lshw-json", "redfish",
                                      "hwloc-xml", "ansible",   "grid5000",
                                      "agent-json"};

    if (strcmp(format, "smartctl") == 0)
        return 4;
    for (size_t i = 0; i < sizeof ask / sizeof *ask; i++)
        if (strcmp(format, ask[i]) == 0)
            return 3;
    return rank(format) < FIRST_OF_SYSTEM ? 1 : 2;
}
