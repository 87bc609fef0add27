/* SPDX-License-Identifier: Apache-2.0
 * What no counter measures, by METHOD's models and marked so: memory by EA2P's
 * rule, disks, board and fans [5.1, 5.2]. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "model/model.h"

struct ag_memory { /* and the constant models */
    char root[AG_PATH];
    struct ag_smbios *smbios; /* NULL: the modules are not known */
    double total_gib;
    int64_t disks_uw, rest_uw;
};

static bool take(double watts, int64_t *value, struct err *err)
{
    if (isnan(watts))
        return err_set(err, ERR_INVALID, "the model lacks an input");
    *value = (int64_t)llrint(watts * 1e6);
    return true;
}

static bool read_ram(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    const struct ag_memory *m = s->ctx;
    double total, used_pct, watts = 0;

    ag_meminfo_read(m->root, &total, &used_pct);
    if (!m->smbios)
        return take(calc_power_ram_w(m->total_gib), value, err);
    /* Filled slots alone count; each module by its own size. */
    for (size_t i = 0; i < m->smbios->n_modules; i++) {
        const struct ag_module *d = &m->smbios->modules[i];

        watts += calc_power_ram_ea2p_w(1, d->gib, d->ddr3, used_pct);
    }
    return take(watts, value, err);
}

static bool
read_disks(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    (void)err;
    *value = ((const struct ag_memory *)s->ctx)->disks_uw;
    return true;
}

static bool
read_rest(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    (void)err;
    *value = ((const struct ag_memory *)s->ctx)->rest_uw;
    return true;
}

static struct ag_sensor *
add(struct ag_set *s, enum wire_scope scope, const char *id,
    bool (*read)(const struct ag_sensor *, int64_t *, struct err *))
{
    struct ag_sensor *sensor = ag_set_add(s, scope, WIRE_GAUGE, id);

    if (sensor) {
        sensor->modelled = true;
        sensor->least_ns = 1000000000;
        sensor->read = read;
        sensor->ctx = s->memory;
    }
    return sensor;
}

static void ram(struct ag_set *s)
{
    struct ag_memory *m = s->memory;
    struct ag_sensor *sensor;
    double used;

    m->smbios = xcalloc(1, sizeof *m->smbios);
    if (!ag_smbios_read(s->root, &s->text, m->smbios, NULL) ||
        m->smbios->n_modules == 0) {
        free(m->smbios);
        m->smbios = NULL;
    }
    ag_meminfo_read(s->root, &m->total_gib, &used);
    sensor = add(s, WIRE_RAM, "model/ram", read_ram);
    if (!sensor)
        return;
    if (m->smbios)
        snprintf(
                sensor->label, sizeof sensor->label,
                "%zu memory modules by EA2P's rule", m->smbios->n_modules);
    else
        snprintf(
                sensor->label, sizeof sensor->label,
                "%.0f GiB of memory at 0.284 W/GB: modules not known",
                m->total_gib);
    ag_set_try(s, sensor);
}

static void disks(struct ag_set *s)
{
    struct ag_disks d;
    struct ag_sensor *sensor;
    size_t hdd = 0, ssd = 0;

    ag_disks_read(s->root, &s->text, &d);
    for (size_t i = 0; i < d.n; i++) {
        if (d.items[i].removable)
            continue;
        if (d.items[i].rotational == 1)
            hdd++;
        else if (d.items[i].rotational == 0)
            ssd++;
    }
    s->memory->rest_uw = (int64_t)llrint(calc_power_rest_w(0, 0) * 1e6);
    s->memory->disks_uw =
            (int64_t)llrint(calc_power_rest_w((double)hdd, (double)ssd) * 1e6) -
            s->memory->rest_uw;
    if (hdd + ssd == 0) {
        ag_set_miss(s, "model/disk", "no disk in /sys/block");
    } else {
        sensor = add(s, WIRE_DISK, "model/disk", read_disks);
        if (sensor)
            snprintf(
                    sensor->label, sizeof sensor->label,
                    "%zu hard disks, %zu SSDs", hdd, ssd);
    }
    sensor = add(s, WIRE_REST, "model/rest", read_rest);
    if (sensor)
        snprintf(sensor->label, sizeof sensor->label, "board and fans");
}

/* Memory is in a counter or a meter of its own, or of something larger. */
static bool counted(const struct ag_set *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->sensors[i].scope == WIRE_DRAM ||
            s->sensors[i].scope == WIRE_PSYS)
            return true;
    return false;
}

void ag_model_find(struct ag_set *s)
{
    struct arena text = {0};
    struct ag_cpu cpu;

    ag_cpu_read(s->root, &text, &cpu);
    arena_clear(&text);
    if (cpu.guest) {
        ag_set_miss(
                s, "model",
                "a virtual machine: its host measures what it uses");
        return;
    }
    s->memory = xcalloc(1, sizeof *s->memory);
    snprintf(s->memory->root, sizeof s->memory->root, "%s", s->root);
    if (!counted(s))
        ram(s);
    disks(s);
}

void ag_model_close(struct ag_memory *m)
{
    if (!m)
        return;
    free(m->smbios);
    free(m);
}
