/* SPDX-License-Identifier: Apache-2.0
 * Snapshots of eReuse workbench, as reuse workshops hold them: older ones list
 * components, newer ones carry what lshw, dmidecode and smartctl said. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/dmidecode_priv.h"
#include "importers/lshw_json_priv.h"
#include "importers/smartctl_priv.h"

struct ereuse {
    const struct wire_sink *sink;
    const char *path;
    struct imp_host host;
};

/* ---- components --------------------------------------------------------- */

static bool type_is(const cJSON *v, const char *type)
{
    const cJSON *t = imp_at(v, "type");

    if (!cJSON_IsString(t) || imp_at(v, "@type"))
        t = imp_at(v, "@type");
    return cJSON_IsString(t) && text_same(t->valuestring, type);
}

/* Sockets that hold nothing are listed too, without a model. */
static void read_cpu(struct imp_host *h, const cJSON *v)
{
    int cores = imp_host_count(h, v, "cores", "cores", 4096);

    if (cores < 0)
        cores = imp_host_count(h, v, "numberOfCores", "numberOfCores", 4096);
    if (imp_str(h, v, "model"))
        imp_host_cpu(h, imp_str(h, v, "model"), 1, cores);
}

/* Everything was a HardDrive once; sizes are megabytes of either kind. */
static void read_disk(struct imp_host *h, const cJSON *v, bool flash)
{
    const char *model = imp_raw(h, v, "model");
    bool hdd = !flash && imp_disk_kind(model) == CALC_HDD;

    imp_host_disk(
            h, &(struct imp_disk){
                       .model = model,
                       .maker = imp_raw(h, v, "manufacturer"),
                       .serial = imp_raw(h, v, "serialNumber"),
                       .what = imp_raw(h, v, "interface"),
                       .gb = imp_gb_of_mb(imp_num(v, "size")),
                       .hint = flash ? IMP_DISK_SSD
                               : hdd ? IMP_DISK_HDD
                                     : IMP_DISK_UNSAID});
}

/* Where lspci had no name for a card its maker stands in for one. */
static void read_card(struct imp_host *h, const cJSON *v)
{
    const char *maker = imp_raw(h, v, "manufacturer");
    const char *model = imp_raw(h, v, "model");

    if (maker && model && text_same(maker, model))
        model = NULL;
    imp_host_gpu(h, maker, model, NULL, 1);
}

static void read_component(struct imp_host *h, const cJSON *v)
{
    if (type_is(v, "Processor"))
        read_cpu(h, v);
    else if (type_is(v, "RamModule"))
        imp_host_module(
                h, imp_num(v, "size") / 1024, imp_raw(h, v, "model"),
                imp_raw(h, v, "serialNumber"));
    else if (type_is(v, "HardDrive"))
        read_disk(h, v, false);
    else if (type_is(v, "SolidStateDrive"))
        read_disk(h, v, true);
    else if (type_is(v, "GraphicCard"))
        read_card(h, v);
}

static void read_device(struct imp_host *h, const cJSON *v)
{
    const char *chassis = imp_str(h, v, "chassis");
    const char *type = imp_str(h, v, "type");

    h->m.manufacturer = imp_str(h, v, "manufacturer");
    h->m.product = imp_str(h, v, "model");
    h->m.serial = imp_str(h, v, "serialNumber");
    h->m.uuid = imp_str(h, v, "system_uuid");
    h->m.chassis = imp_chassis(chassis);
    if (imp_has(chassis, "netbook"))
        h->m.chassis = CALC_LAPTOP_CASE;
    if (h->m.chassis == CALC_CHASSIS_UNKNOWN)
        h->m.chassis = imp_chassis(type);
    if (imp_has(chassis, "virtual"))
        h->m.is_virtual = 1;
}

static bool is_computer(const cJSON *device)
{
    static const char *const types[] = {"Computer", "Desktop", "Laptop",
                                        "Server",   "Netbook", "Microtower",
                                        NULL};
    const cJSON *old = imp_at(device, "@type");

    for (size_t i = 0; types[i]; i++)
        if ((cJSON_IsString(old) && text_same(old->valuestring, types[i])) ||
            (!old && type_is(device, types[i])))
            return true;
    return !old && !imp_at(device, "type");
}

/* Phones, screens and the like stand in the same folders. */
static bool pass_over(struct imp_host *h, const cJSON *device)
{
    const char *type = imp_raw(h, device, "type");

    imp_host_warn(h, "'%.60s' is no computer, passed over", type ? type : "");
    return true;
}

static bool of_components(
        struct ereuse *e, const cJSON *v, uint64_t record, struct err *err)
{
    struct imp_host *h = &e->host;
    const cJSON *device = imp_at(v, "device"), *c;

    imp_host_begin(h, record);
    if (!is_computer(device))
        return pass_over(h, device);
    read_device(h, device);
    /* a machine without memory or processor was not read rightly */
    h->seen = 1u << CALC_HDD | 1u << CALC_SSD | 1u << CALC_GPU;
    cJSON_ArrayForEach(c, imp_at(v, "components")) read_component(h, c);
    return imp_host_deliver(h, err);
}

/* ---- what the tools said ------------------------------------------------ */

/* An object, or its text; *own is to be freed by the caller. */
static const cJSON *object_of(const cJSON *v, cJSON **own)
{
    *own = NULL;
    if (!cJSON_IsString(v))
        return v;
    if (!json_parse(v->valuestring, strlen(v->valuestring), own, NULL))
        return NULL;
    return *own;
}

/* *done: a machine was handed over. */
static bool
of_lshw(struct ereuse *e, const cJSON *lshw, bool *done, struct err *err)
{
    struct lshw *l;
    cJSON *own;
    const cJSON *tree = object_of(lshw, &own);
    bool ok = true;

    *done = false;
    if (!cJSON_IsObject(tree) && !cJSON_IsArray(tree)) {
        imp_host_warn(&e->host, "its answer of lshw is broken, left out");
        return true;
    }
    l = xcalloc(1, sizeof *l);
    lshw_open(l, e->sink, e->path);
    ok = lshw_json_tree(l, tree, err);
    *done = l->machines > 0;
    lshw_close(l);
    free(l);
    cJSON_Delete(own);
    return ok;
}

static void add_smart(struct imp_host *h, const cJSON *v)
{
    cJSON *own;
    const cJSON *list = object_of(v, &own), *disk;

    if (smartctl_is(list)) {
        smartctl_disk(h, list);
    } else {
        cJSON_ArrayForEach(disk, list)
        {
            if (smartctl_is(disk))
                smartctl_disk(h, disk);
        }
    }
    cJSON_Delete(own);
}

static bool of_dmidecode(struct ereuse *e, const cJSON *data, struct err *err)
{
    const cJSON *text = imp_at(data, "dmidecode");
    struct dmi *d = dmi_new(e->sink, e->path);
    FILE *in = NULL;
    bool ok = false;

    if (cJSON_IsString(text) && text->valuestring[0])
        in = fmemopen(text->valuestring, strlen(text->valuestring), "r");
    if (!in) {
        err_set(err, ERR_INVALID,
                "neither components nor what lshw or dmidecode said");
    } else if (dmi_parse(d, in, err)) {
        add_smart(dmi_host(d), imp_at(data, "smart"));
        add_smart(dmi_host(d), imp_at(data, "smartctl"));
        ok = dmi_deliver(d, err);
    }
    if (in)
        fclose(in);
    dmi_free(d);
    return ok;
}

static bool
of_data(struct ereuse *e, const cJSON *v, uint64_t record, struct err *err)
{
    const cJSON *data = imp_at(v, "data");
    const cJSON *lshw = imp_at(data, "lshw");
    struct err why = {0};
    char text[1100];
    bool done = false;

    imp_host_begin(&e->host, record);
    if (imp_at(data, "device/type") && !is_computer(imp_at(data, "device")))
        return pass_over(&e->host, imp_at(data, "device"));
    if (lshw && !of_lshw(e, lshw, &done, err))
        return false;
    if (done || of_dmidecode(e, data, &why))
        return true;
    if (why.code != ERR_INVALID) {
        *err = why;
        return false;
    }
    return imp_host_refuse(
            &e->host, "data", NULL, err_text(&why, text, sizeof text), err);
}

/* ---- the file ----------------------------------------------------------- */

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct ereuse *e = ctx;
    uint64_t record = r->index > 1 ? r->index : 0;

    imp_host_begin(&e->host, record);
    if (!r->value)
        return imp_refuse_record(&e->host, r, err);
    if (cJSON_IsArray(imp_at(r->value, "components")))
        return of_components(e, r->value, record, err);
    if (cJSON_IsObject(imp_at(r->value, "data")))
        return of_data(e, r->value, record, err);
    if (imp_at(r->value, "device")) /* a snapshot of a device alone */
        return of_components(e, r->value, record, err);
    return imp_host_refuse(
            &e->host, NULL, NULL,
            "not a snapshot, expected device and components, or data", err);
}

static bool
ereuse_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct ereuse *e = xcalloc(1, sizeof *e);
    struct json_cut cut = {.record = on_record, .ctx = e};
    bool ok;

    e->sink = sink;
    e->path = path;
    imp_host_open(&e->host, sink, path);
    ok = imp_json_cut(&e->host, path, &cut, err);
    imp_host_close(&e->host);
    free(e);
    return ok;
}

static int ereuse_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {"\"RamModule\"",      "\"software\"",
                                        "\"components\"",     "\"device\"",
                                        "\"closed\"",         "\"lshw\"",
                                        "\"dmidecode\"",      "\"hwinfo\"",
                                        "\"expectedEvents\"", NULL};

    (void)file_name;
    if (!imp_head_json(head, len))
        return 0;
    if (imp_head_has(head, len, "\"Snapshot\"") &&
        imp_head_count(head, len, words) > 0)
        return 95;
    /* keys in alphabetical order: the type may stand far behind */
    if (imp_head_has(head, len, "\"components\"") &&
        (imp_head_has(head, len, "\"RamModule\"") ||
         imp_head_has(head, len, "\"BenchmarkProcessor\"")))
        return 92;
    return imp_head_has(head, len, "\"data\"") &&
                           (imp_head_has(head, len, "\"hwinfo\"") ||
                            imp_head_has(head, len, "\"dmidecode\"") ||
                            imp_head_has(head, len, "\"lshw\""))
                   ? 92
                   : 0;
}

const struct imp_format imp_ereuse = {
        .name = "ereuse",
        .what = "snapshots of eReuse workbench",
        .recognise = ereuse_recognise,
        .read = ereuse_read,
};
