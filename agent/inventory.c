/* SPDX-License-Identifier: Apache-2.0
 * `inventory`: the machine's hardware as a file that `fleetprint import` takes
 * (format agent-json, docs/formats.md): the firmware's table as dmidecode shows
 * it, cards as nvidia-smi does, /sys and /proc for the rest. What could not be
 * looked at is null, what is not there is an empty list. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/json.h"
#include "base/num.h"
#include "base/text.h"

struct inventory {
    const struct ag_config *config;
    struct json_out j;
    struct arena text;
    struct ag_set set;
    struct ag_smbios *smbios; /* NULL: it cannot be read */
    struct err smbios_why;
    struct ag_cpu cpu;
};

/* A line of /sys/class/dmi/id; null where it is not to be had. */
static void dmi(struct inventory *v, const char *key, const char *file)
{
    char path[AG_PATH], line[256], clean[256] = "";

    if (ag_path(path, "%s/sys/class/dmi/id/%s", v->config->sysroot, file) &&
        ag_file_line(path, line, sizeof line, NULL))
        text_trim(line, strlen(line), clean, sizeof clean);
    json_str(&v->j, key, clean[0] ? clean : NULL);
}

static void head(struct inventory *v)
{
    json_str(&v->j, "schema", "fleetprint/hardware/1");
    json_str(&v->j, "agent", AG_NAME "/" FP_VERSION);
    json_str(&v->j, "name", v->config->node);
    dmi(v, "manufacturer", "sys_vendor");
    dmi(v, "product", "product_name");
    dmi(v, "serial", "product_serial");
    dmi(v, "uuid", "product_uuid");
    dmi(v, "chassis_type", "chassis_type");
    dmi(v, "board_manufacturer", "board_vendor");
    dmi(v, "board_product", "board_name");
    dmi(v, "bios_date", "bios_date");
    json_bool(&v->j, "virtual", v->cpu.guest);
}

static void number(struct json_out *j, const char *key, int64_t n)
{
    if (n > 0)
        json_int(j, key, n);
    else
        json_null(j, key);
}

static void cpus(struct inventory *v)
{
    const struct ag_smbios *b = v->smbios;
    const char *model = v->cpu.model;
    int64_t sockets = v->cpu.sockets, cores = v->cpu.cores;

    /* The kernel names sockets in use; the firmware, where the kernel does not
     * (ARM). */
    if (b && !model)
        model = b->cpu;
    if (b && sockets < 0 && b->sockets > 0)
        sockets = (int64_t)b->sockets;
    if (b && cores < 0)
        cores = b->cores;
    json_begin_obj(&v->j, "cpu");
    json_str(&v->j, "model", model);
    number(&v->j, "sockets", sockets);
    number(&v->j, "cores", cores);
    json_end_obj(&v->j);
}

static void module(struct json_out *j, const struct ag_module *m)
{
    json_begin_obj(j, NULL);
    json_num(j, "gib", m->gib);
    json_str(j, "kind", m->kind);
    json_bool(j, "persistent", m->persistent);
    json_str(j, "manufacturer", m->maker);
    json_str(j, "model", m->model);
    json_str(j, "serial", m->serial);
    json_end_obj(j);
}

static void memory(struct inventory *v)
{
    double total, used;

    ag_meminfo_read(v->config->sysroot, &total, &used);
    json_num(&v->j, "memory_gib", total);
    if (!v->smbios || v->smbios->n_modules == 0) {
        json_null(&v->j, "modules");
        return;
    }
    json_int(&v->j, "memory_slots", (int64_t)v->smbios->slots);
    json_begin_arr(&v->j, "modules");
    for (size_t i = 0; i < v->smbios->n_modules; i++)
        module(&v->j, &v->smbios->modules[i]);
    json_end_arr(&v->j);
}

static void disks(struct inventory *v)
{
    struct ag_disks d;
    char base[AG_PATH];

    if (!ag_path(base, "%s/sys/block", v->config->sysroot) ||
        file_kind(base) != FILE_FOLDER) {
        json_null(&v->j, "disks");
        return;
    }
    ag_disks_read(v->config->sysroot, &v->text, &d);
    json_begin_arr(&v->j, "disks");
    for (size_t i = 0; i < d.n; i++) {
        const struct ag_disk *k = &d.items[i];

        json_begin_obj(&v->j, NULL);
        json_str(&v->j, "name", k->name);
        json_str(&v->j, "manufacturer", k->maker);
        json_str(&v->j, "model", k->model);
        json_str(&v->j, "serial", k->serial);
        json_num(&v->j, "gb", k->gb);
        json_str(
                &v->j, "kind",
                k->rotational < 0 ? NULL
                : k->rotational   ? "hdd"
                                  : "ssd");
        json_bool(&v->j, "removable", k->removable);
        json_end_obj(&v->j);
    }
    json_end_arr(&v->j);
}

/* ---- cards --------------------------------------------------------------- */

static void nvidia(struct inventory *v)
{
    for (unsigned i = 0; i < ag_nvml_count(v->set.nvml); i++) {
        struct ag_nvidia card;

        ag_nvml_card(v->set.nvml, i, &card);
        json_begin_obj(&v->j, NULL);
        json_str(&v->j, "manufacturer", "NVIDIA");
        json_str(&v->j, "model", card.name[0] ? card.name : NULL);
        json_str(&v->j, "serial", card.serial[0] ? card.serial : NULL);
        json_num(&v->j, "memory_gib", card.gib);
        json_end_obj(&v->j);
    }
}

static int64_t hex_of(const char *folder, const char *file)
{
    char path[AG_PATH], line[32];
    int64_t n = 0;

    if (!ag_path(path, "%s/%s", folder, file) ||
        !ag_file_line(path, line, sizeof line, NULL) ||
        !text_starts(line, "0x"))
        return -1;
    for (const char *p = line + 2; *p && n < 1 << 28; p++) {
        static const char digits[] = "0123456789abcdef";
        const char *at = strchr(digits, *p);

        if (!at)
            return -1;
        n = n * 16 + (at - digits);
    }
    return n;
}

/* Display and 3D controllers on PCI, by their numbers: the importer has their
 * names. NVIDIA's are told by NVML where it works. */
static void pci(struct inventory *v)
{
    enum { DISPLAY = 3, PROCESSING = 0x1200, NVIDIA = 0x10de };
    char base[AG_PATH], folder[AG_PATH], path[AG_PATH], name[96];
    char **names;
    size_t n;

    if (!ag_path(base, "%s/sys/bus/pci/devices", v->config->sysroot))
        return;
    ag_names(base, &names, &n);
    for (size_t i = 0; i < n; i++) {
        int64_t class, vendor;

        if (!ag_path(folder, "%s/%s", base, names[i]))
            continue;
        class = hex_of(folder, "class");
        vendor = hex_of(folder, "vendor");
        if ((class >> 16 != DISPLAY && class >> 8 != PROCESSING) ||
            (vendor == NVIDIA && ag_nvml_count(v->set.nvml) > 0))
            continue;
        if (!ag_path(path, "%s/product_name", folder) ||
            !ag_file_line(path, name, sizeof name, NULL))
            name[0] = '\0';
        json_begin_obj(&v->j, NULL);
        json_str(&v->j, "model", name[0] ? name : NULL);
        number(&v->j, "pci_vendor", vendor);
        number(&v->j, "pci_device", hex_of(folder, "device"));
        json_end_obj(&v->j);
    }
    file_names_free(names, n);
}

static void cards(struct inventory *v)
{
    char base[AG_PATH];

    if (!v->set.nvml &&
        (!ag_path(base, "%s/sys/bus/pci/devices", v->config->sysroot) ||
         file_kind(base) != FILE_FOLDER)) {
        json_null(&v->j, "gpus");
        return;
    }
    json_begin_arr(&v->j, "gpus");
    nvidia(v);
    pci(v);
    json_end_arr(&v->j);
}

static void supplies(struct inventory *v)
{
    if (!v->smbios || v->smbios->n_supplies == 0) {
        json_null(&v->j, "power_supplies");
        return;
    }
    json_begin_arr(&v->j, "power_supplies");
    for (size_t i = 0; i < v->smbios->n_supplies; i++) {
        const struct ag_supply *p = &v->smbios->supplies[i];

        json_begin_obj(&v->j, NULL);
        json_str(&v->j, "manufacturer", p->maker);
        json_str(&v->j, "model", p->model);
        json_str(&v->j, "serial", p->serial);
        json_num(&v->j, "max_w", p->max_w);
        json_end_obj(&v->j);
    }
    json_end_arr(&v->j);
}

static void missing(struct inventory *v)
{
    json_begin_arr(&v->j, "missing");
    if (!v->smbios) {
        json_begin_obj(&v->j, NULL);
        json_str(&v->j, "what", "modules");
        json_str(&v->j, "reason", v->smbios_why.msg);
        json_end_obj(&v->j);
    } else if (v->smbios->truncated) {
        json_begin_obj(&v->j, NULL);
        json_str(&v->j, "what", "modules");
        json_str(&v->j, "reason", "the firmware's table is cut short");
        json_end_obj(&v->j);
    }
    json_end_arr(&v->j);
}

static void look(struct inventory *v)
{
    struct ag_config c = *v->config;

    v->smbios = xcalloc(1, sizeof *v->smbios);
    if (!ag_smbios_read(c.sysroot, &v->text, v->smbios, &v->smbios_why)) {
        free(v->smbios);
        v->smbios = NULL;
    }
    ag_cpu_read(c.sysroot, &v->text, &v->cpu);
    v->set.root = c.sysroot;
    ag_nvml_find(&v->set, &c);
}

int ag_cmd_inventory(const struct ag_config *c)
{
    struct inventory v = {.config = c};
    struct out *o = xmalloc(sizeof *o);
    struct buf b;
    struct err err = {0};
    bool ok;

    look(&v);
    buf_init(&b, 1 << 22);
    out_to_buf(o, &b);
    json_out_init(&v.j, o, true);
    json_begin_obj(&v.j, NULL);
    head(&v);
    cpus(&v);
    memory(&v);
    disks(&v);
    cards(&v);
    supplies(&v);
    missing(&v);
    json_end_obj(&v.j);
    ok = out_finish(o, &err) && ag_emit(c, b.p, b.len, STDOUT_FILENO, &err);
    if (ok && !v.smbios)
        fprintf(stderr, "%s: the memory modules are not known: %s\n", AG_NAME,
                v.smbios_why.msg);
    buf_clear(&b);
    free(o);
    free(v.smbios);
    ag_set_close(&v.set);
    arena_clear(&v.text);
    return ok ? 0 : ag_fail(&err);
}
