/* SPDX-License-Identifier: Apache-2.0
 * What the node agent's `inventory` writes: one machine an object, null for
 * what it could not look at, an empty list for what is not there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "importers/json_priv.h"

#define SCHEMA "fleetprint/hardware/1"

/* An empty list was looked at; null was not. */
static const cJSON *
list_of(struct imp_host *h, const cJSON *v, const char *key,
        enum calc_kind kind)
{
    const cJSON *list = imp_at(v, key);

    if (!cJSON_IsArray(list))
        return NULL;
    h->seen |= 1u << kind;
    return list;
}

static void read_head(struct imp_host *h, const cJSON *v)
{
    const char *chassis = imp_str(h, v, "chassis_type");

    h->m.name = imp_str(h, v, "name");
    h->m.manufacturer = imp_str(h, v, "manufacturer");
    h->m.product = imp_str(h, v, "product");
    if (!h->m.manufacturer && !h->m.product) { /* a home-made machine */
        h->m.manufacturer = imp_str(h, v, "board_manufacturer");
        h->m.product = imp_str(h, v, "board_product");
    }
    h->m.serial = imp_str(h, v, "serial");
    h->m.uuid = imp_str(h, v, "uuid");
    h->m.chassis = imp_chassis(chassis);
    if (cJSON_IsBool(imp_at(v, "virtual")))
        h->m.is_virtual = cJSON_IsTrue(imp_at(v, "virtual"));
    if (imp_is_virtual(h->m.manufacturer, h->m.product))
        h->m.is_virtual = 1;
}

static void read_cpu(struct imp_host *h, const cJSON *v)
{
    int sockets =
            imp_host_count(h, v, "cpu/sockets", "sockets", WIRE_MAX_SOCKETS);
    int cores = imp_host_count(h, v, "cpu/cores", "cores", 4096);

    if (sockets > 0)
        imp_host_cpu(h, imp_raw(h, v, "cpu/model"), (uint32_t)sockets, cores);
}

static void read_memory(struct imp_host *h, const cJSON *v)
{
    const cJSON *list = imp_at(v, "modules"), *m;

    imp_host_memory(h, imp_num(v, "memory_gib"));
    if (!cJSON_IsArray(list))
        return;
    cJSON_ArrayForEach(m, list)
    {
        double gib = imp_num(m, "gib");

        if (imp_true(m, "persistent"))
            imp_host_part(
                    h, CALC_OTHER, imp_raw(h, m, "model"),
                    imp_raw(h, m, "serial"), 1, gib);
        else if (gib > 0)
            imp_host_module(
                    h, gib, imp_raw(h, m, "model"), imp_raw(h, m, "serial"));
    }
}

static void read_disks(struct imp_host *h, const cJSON *v)
{
    const cJSON *d;

    cJSON_ArrayForEach(d, list_of(h, v, "disks", CALC_HDD))
    {
        const char *kind = imp_raw(h, d, "kind");

        h->seen |= 1u << CALC_SSD;
        imp_host_disk(
                h, &(struct imp_disk){
                           .model = imp_raw(h, d, "model"),
                           .maker = imp_raw(h, d, "manufacturer"),
                           .serial = imp_raw(h, d, "serial"),
                           .gb = imp_gb_of_bytes(imp_num(d, "gb") * 1e9),
                           .hint = imp_has(kind, "ssd")   ? IMP_DISK_SSD
                                   : imp_has(kind, "hdd") ? IMP_DISK_HDD
                                                          : IMP_DISK_UNSAID,
                           .removable = imp_true(d, "removable")});
    }
    if (cJSON_IsArray(imp_at(v, "disks")))
        h->seen |= 1u << CALC_SSD;
}

static void read_cards(struct imp_host *h, const cJSON *v)
{
    const cJSON *g;

    cJSON_ArrayForEach(g, list_of(h, v, "gpus", CALC_GPU))
    {
        int vendor = imp_count(g, "pci_vendor", 0xFFFF);
        int device = imp_count(g, "pci_device", 0xFFFF);
        const char *model = imp_raw(h, g, "model");
        const char *known = NULL;

        if (vendor > 0 && device > 0) {
            if (imp_pci_gpu_none((unsigned)vendor, (unsigned)device))
                continue;
            known = imp_pci_gpu((unsigned)vendor, (unsigned)device);
        }
        if (!model && known)
            model = known;
        if (!model && vendor > 0)
            imp_host_warn(
                    h, "a card with PCI numbers %04x:%04x has no known name",
                    (unsigned)vendor, device > 0 ? (unsigned)device : 0);
        imp_host_gpu(
                h,
                vendor == 0x10de   ? "NVIDIA"
                : vendor == 0x1002 ? "AMD"
                : vendor == 0x8086 ? "Intel"
                                   : imp_raw(h, g, "manufacturer"),
                model, imp_raw(h, g, "serial"), 1);
    }
}

static void read_supplies(struct imp_host *h, const cJSON *v)
{
    const cJSON *p;

    cJSON_ArrayForEach(p, list_of(h, v, "power_supplies", CALC_PSU))
    {
        imp_host_psu(h, imp_raw(h, p, "model"), imp_raw(h, p, "serial"));
    }
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct imp_host *h = ctx;
    const char *schema;

    imp_host_begin(h, r->index > 1 ? r->index : 0);
    if (!r->value)
        return imp_refuse_record(h, r, err);
    schema = imp_raw(h, r->value, "schema");
    if (!schema || strcmp(schema, SCHEMA) != 0)
        return imp_host_refuse(
                h, "schema", schema, "expected \"" SCHEMA "\"", err);
    read_head(h, r->value);
    read_cpu(h, r->value);
    read_memory(h, r->value);
    read_disks(h, r->value);
    read_cards(h, r->value);
    read_supplies(h, r->value);
    return imp_host_deliver(h, err);
}

static bool
agent_json_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct imp_host *h = xcalloc(1, sizeof *h);
    struct json_cut cut = {.record = on_record, .ctx = h};
    bool ok;

    imp_host_open(h, sink, path);
    ok = imp_json_cut(h, path, &cut, err);
    imp_host_close(h);
    free(h);
    return ok;
}

static int
agent_json_recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_head_json(head, len) && imp_head_has(head, len, SCHEMA) ? 100
                                                                       : 0;
}

const struct imp_format imp_agent_json = {
        .name = "agent-json",
        .what = "fleetprint-agent inventory",
        .recognise = agent_json_recognise,
        .read = agent_json_read,
};
