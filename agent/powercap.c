/* SPDX-License-Identifier: Apache-2.0
 * RAPL counters of the kernel's powercap tree; AMD's have the same shape.
 * A package may be there twice (by register and by memory map): it counts
 * once. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/text.h"

enum { NAME = 40, CONSTRAINTS = 4 };

struct zone {
    const char *folder; /* "intel-rapl:0:1" */
    char path[AG_PATH]; /* of the folder */
    char name[NAME];    /* "package-0", "dram" */
    char parent[NAME];  /* name of the zone above; "" at the top */
};

static bool
read_energy(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    if (!ag_file_int(s->path, value, err))
        return false;
    if (s->range_uj >= 0 && *value > s->range_uj)
        return err_set(
                err, ERR_INVALID, "energy_uj: above max_energy_range_uj");
    return true;
}

/* Depth: intel-rapl:0 is 1, intel-rapl:0:1 is 2. */
static size_t depth(const char *folder)
{
    size_t n = 0;

    for (; *folder; folder++)
        n += *folder == ':';
    return n;
}

static bool scope_of(const struct zone *z, enum wire_scope *out)
{
    static const struct {
        const char *name;
        enum wire_scope scope;
    } parts[] = {
            {"dram", WIRE_DRAM},
            {"core", WIRE_CORE},
            {"uncore", WIRE_UNCORE},
    };

    if (!z->parent[0]) {
        *out = WIRE_PSYS;
        /* "psys-1": of a second socket. */
        if (strcmp(z->name, "psys") == 0 || text_starts(z->name, "psys-"))
            return true;
        *out = WIRE_PACKAGE;
        return text_starts(z->name, "package");
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(z->name, parts[i].name) == 0) {
            *out = parts[i].scope;
            return true;
        }
    return false;
}

/* "rapl/package-0", "rapl/dram-0", "rapl/psys": by what it is and not by the
 * number of the zone, which may change from boot to boot. */
static void id_of(const struct zone *z, char *dst, size_t size)
{
    const char *socket = text_starts(z->parent, "package")
                                 ? z->parent + strlen("package")
                                 : "";

    snprintf(dst, size, "rapl/%s%s", z->name, socket);
}

/* The highest power that the zone's own limits speak of, W; NAN. */
static double max_w(const struct zone *z)
{
    static const char *const files[] = {"max_power_uw", "power_limit_uw"};
    char path[AG_PATH];
    int64_t uw, most = 0;

    for (int i = 0; i < CONSTRAINTS; i++)
        for (size_t f = 0; f < sizeof files / sizeof *files; f++)
            if (ag_path(path, "%s/constraint_%d_%s", z->path, i, files[f]) &&
                ag_file_int(path, &uw, NULL) && uw > most)
                most = uw;
    return most > 0 ? (double)most / 1e6 : NAN;
}

static void add_zone(struct ag_set *s, const struct zone *z)
{
    char id[WIRE_MAX_METER_ID + 1], path[AG_PATH];
    enum wire_scope scope;
    struct ag_sensor *sensor;

    id_of(z, id, sizeof id);
    if (!scope_of(z, &scope)) {
        ag_set_miss(s, id, "powercap zone of an unknown kind");
        return;
    }
    if (ag_set_has(s, id)) /* the same package by another way */
        return;
    sensor = ag_set_add(s, scope, WIRE_COUNTER, id);
    if (!sensor)
        return;
    if (!ag_path(path, "%s/max_energy_range_uj", z->path) ||
        !ag_file_int(path, &sensor->range_uj, NULL) || sensor->range_uj == 0)
        sensor->range_uj = -1;
    snprintf(
            sensor->label, sizeof sensor->label, "%s%s%s", z->parent,
            z->parent[0] ? " " : "", z->name);
    sensor->max_w = max_w(z);
    sensor->inside = scope == WIRE_CORE || scope == WIRE_UNCORE;
    sensor->read = read_energy;
    if (ag_path(path, "%s/energy_uj", z->path))
        sensor->path = arena_str(&s->text, path);
    ag_set_try(s, sensor);
}

static void look(struct ag_set *s, const char *base, const char *folder)
{
    char path[AG_PATH];
    struct zone z = {.folder = folder};
    const char *colon = strrchr(folder, ':');

    if (!ag_path(z.path, "%s/%s", base, folder) ||
        !ag_path(path, "%s/name", z.path) ||
        !ag_file_line(path, z.name, sizeof z.name, NULL) || !z.name[0])
        return;
    if (depth(folder) == 2) {
        if (!ag_path(path, "%s/%.*s/name", base, (int)(colon - folder), folder))
            return;
        if (!ag_file_line(path, z.parent, sizeof z.parent, NULL) ||
            !z.parent[0])
            snprintf(z.parent, sizeof z.parent, "?");
    }
    add_zone(s, &z);
}

void ag_powercap_find(struct ag_set *s)
{
    /* By register first: what the memory map adds is the same again. */
    static const char *const kinds[] = {"intel-rapl:", "intel-rapl-mmio:"};
    char base[AG_PATH];
    char **names;
    size_t n;
    bool any = false;

    if (!ag_path(base, "%s/sys/class/powercap", s->root))
        return;
    ag_names(base, &names, &n);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < n; i++)
            if (text_starts(names[i], kinds[k]) && depth(names[i]) <= 2) {
                any = true;
                look(s, base, names[i]);
            }
    file_names_free(names, n);
    if (!any)
        ag_set_miss(
                s, "rapl", "%s",
                file_kind(base) == FILE_FOLDER
                        ? "no RAPL zone: is the module intel_rapl_msr loaded?"
                        : "no /sys/class/powercap: a virtual machine, or the "
                          "module intel_rapl_msr is not loaded");
}
