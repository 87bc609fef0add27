/* SPDX-License-Identifier: Apache-2.0
 * Memory, disks and cards of a Grid'5000 node. */
#include "importers/grid5000_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "importers/hardware_priv.h"

static const double GIB = 1073741824.0;
static const double MIN_GIB = 1.0 / 1024, MIN_GB = 1e-3; /* 1 MiB, 1 MB */
static const double MAX_BYTES = 1e18;

struct wire_part *g5k_part(struct g5k *g, enum calc_kind kind)
{
    if (g->n_parts == WIRE_MAX_PARTS) {
        g->too_many = true;
        return NULL;
    }
    g->parts[g->n_parts] = (struct wire_part){
            .kind = kind,
            .units = 1,
            .capacity = NAN,
            .cores = -1,
            .die_mm2 = NAN,
            .mass_kg = NAN};
    return &g->parts[g->n_parts++];
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_size(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fabs(a);
}

/* Adds units to an alike part row, or a new row. */
static void add_alike(
        struct g5k *g, enum calc_kind kind, const char *model, double capacity,
        uint32_t units)
{
    struct wire_part *p;

    for (size_t i = 0; i < g->n_parts && !g->too_many; i++) {
        p = &g->parts[i];
        if (p->kind == kind && same_text(p->model, model) &&
            same_size(p->capacity, capacity)) {
            p->units += units;
            return;
        }
    }
    p = g5k_part(g, kind);
    if (!p)
        return;
    p->model = model;
    p->capacity = capacity;
    p->units = units;
}

static void add_note(struct g5k *g, const char *id, const char *text)
{
    int n = snprintf(
            g->notes + g->n_notes, sizeof g->notes - g->n_notes, "%s%.60s: %s",
            g->n_notes ? "; " : "", id, text);

    if (n > 0 && (size_t)n < sizeof g->notes - g->n_notes)
        g->n_notes += (size_t)n;
    else
        g->notes[g->n_notes] = '\0';
}

/* Persistent memory stands beside DRAM and is no RAM; it is kept as another
 * part. The sum of the modules wins over what the system sees. */
void g5k_read_ram(struct g5k *g, const cJSON *node, uint32_t *unknown_kinds)
{
    const cJSON *devices =
            cJSON_GetObjectItemCaseSensitive(node, "memory_devices");
    const cJSON *memory = cJSON_GetObjectItemCaseSensitive(node, "main_memory");
    double total_gib = g5k_number(g, memory, "ram_size", MAX_BYTES) / GIB,
           pmem_gib = g5k_number(g, memory, "pmem_size", MAX_BYTES) / GIB,
           sum_gib = 0.0;
    const cJSON *d;
    struct wire_part *part;

    cJSON_ArrayForEach(d, devices)
    {
        double gib = g5k_number(g, d, "size", MAX_BYTES) / GIB;
        const char *technology =
                g5k_text(g, cJSON_GetObjectItemCaseSensitive(d, "technology"));

        if (!(gib >= MIN_GIB) || gib > 4096.0)
            continue; /* an empty slot, or 8 bytes of a node to be described */
        if (technology && text_same(technology, "pmem")) {
            add_alike(g, CALC_OTHER, "persistent memory", gib, 1);
            continue;
        }
        if (!imp_module_plausible(gib))
            g5k_warn(g, "a module of %g GiB is not sold, kept as read", gib);
        add_alike(g, CALC_RAM, NULL, gib, 1);
        sum_gib += gib;
    }
    if (sum_gib > 0.0) {
        if (fabs(sum_gib - total_gib) > 0.05 * total_gib)
            g5k_warn(
                    g,
                    "memory_devices make %g GiB but ram_size says %g, the "
                    "modules are taken",
                    sum_gib, total_gib);
        return;
    }
    if (!devices && pmem_gib >= MIN_GIB && pmem_gib <= 1e6)
        add_alike(g, CALC_OTHER, "persistent memory", pmem_gib, 1);
    if (!(total_gib >= MIN_GIB) || total_gib > 1e6) {
        *unknown_kinds |= 1u << CALC_RAM;
        return;
    }
    part = g5k_part(g, CALC_RAM);
    if (part) {
        part->capacity = total_gib;
        part->total = true;
    }
}

/* "RAID-0 (2 disks)": level and member count; false when it is no such text. */
static bool raid_members(const char *text, int *level, uint32_t *members)
{
    const char *p = text ? strchr(text, '(') : NULL;
    uint32_t n = 0;

    if (!p || !text_starts(text, "RAID"))
        return false;
    for (p++; *p >= '0' && *p <= '9' && n < 1000; p++)
        n = n * 10 + (uint32_t)(*p - '0');
    if (n == 0 || n >= 1000)
        return false;
    *members = n;
    *level = -1;
    if ((text[4] == '-' || text[4] == ' ') && text[5] >= '0' &&
        text[5] <= '9') {
        *level = text[5] - '0';
        if (text[6] >= '0' && text[6] <= '9')
            *level = *level * 10 + (text[6] - '0');
    }
    return true;
}

/* Disks that hold data in a volume, of n members. */
static double data_disks(int level, uint32_t n)
{
    switch (level) {
    case 1:
        return 1.0;
    case 5:
        return n > 1 ? n - 1.0 : 1.0;
    case 6:
        return n > 2 ? n - 2.0 : 1.0;
    case 10:
        return n > 1 ? n / 2.0 : 1.0;
    default:
        return n;
    }
}

static bool controller_name(const char *model)
{
    return model &&
           (strstr(model, "PERC") || strstr(model, "MegaRAID") ||
            strstr(model, "Smart Array") || strstr(model, "LOGICAL") ||
            strstr(model, "Stripe") || /* of ServeRAID */
            text_starts(model, "SAS1064") || text_starts(model, "SAS1068"));
}

/* SSD or HDD as the file says, else by interface, else by model. */
static bool disk_kind(
        struct g5k *g, const cJSON *d, const char *model, enum calc_kind *kind)
{
    const char *storage =
            g5k_text(g, cJSON_GetObjectItemCaseSensitive(d, "storage"));
    const char *interface =
            g5k_text(g, cJSON_GetObjectItemCaseSensitive(d, "interface"));

    if (storage && (text_same(storage, "SSD") || text_same(storage, "HDD"))) {
        *kind = text_same(storage, "SSD") ? CALC_SSD : CALC_HDD;
        return true;
    }
    if (interface &&
        (text_same(interface, "NVME") || text_same(interface, "SSD"))) {
        *kind = CALC_SSD;
        return true;
    }
    *kind = CALC_HDD;
    if (interface && text_same(interface, "HDD"))
        return true;
    if (imp_disk_kind(model) == CALC_KINDS)
        return false;
    *kind = imp_disk_kind(model);
    return true;
}

static void read_disk(struct g5k *g, const cJSON *d)
{
    const char *model =
            g5k_text(g, cJSON_GetObjectItemCaseSensitive(d, "model"));
    const char *id = g5k_text(g, cJSON_GetObjectItemCaseSensitive(d, "id"));
    const char *interface =
            g5k_text(g, cJSON_GetObjectItemCaseSensitive(d, "interface"));
    double gb = g5k_number(g, d, "size", MAX_BYTES) / 1e9;
    uint32_t members = 1;
    int level = -1;
    enum calc_kind kind;

    if (!id)
        id = "disk";
    if (!(gb >= MIN_GB) || gb > 1e9)
        gb = NAN;
    if (!disk_kind(g, d, controller_name(model) ? NULL : model, &kind))
        g5k_warn(g, "%.60s: neither SSD nor HDD is said, taken as HDD", id);
    if (raid_members(interface, &level, &members)) {
        gb /= data_disks(level, members);
        model = controller_name(model) ? NULL : model;
    } else if (
            controller_name(model) ||
            (interface && text_starts(interface, "RAID"))) {
        g5k_warn(
                g, "%.60s: a volume behind %.60s, counted as at least one disk",
                id, model ? model : interface);
        add_note(g, id, "volume behind a controller, at least one disk");
        model = NULL;
    }
    add_alike(g, kind, model, gb, members);
}

/* Old files list the members of a volume beside it: {"raid": "0"}. */
static bool has_members(const cJSON *disks)
{
    const cJSON *d;

    cJSON_ArrayForEach(d, disks)
    {
        if (cJSON_GetObjectItemCaseSensitive(d, "raid"))
            return true;
    }
    return false;
}

void g5k_read_disks(struct g5k *g, const cJSON *node, uint32_t *unknown_kinds)
{
    const cJSON *d,
            *disks = cJSON_GetObjectItemCaseSensitive(node, "storage_devices");

    if (!cJSON_IsArray(disks) && !cJSON_IsObject(disks)) {
        *unknown_kinds |= 1u << CALC_HDD | 1u << CALC_SSD;
        return;
    }
    cJSON_ArrayForEach(d, disks)
    {
        const cJSON *model = cJSON_GetObjectItemCaseSensitive(d, "model");

        if (cJSON_IsObject(d) &&
            !(has_members(disks) && controller_name(g5k_text(g, model))))
            read_disk(g, d);
    }
}

/* {"gpu": true, "gpu_count": 2, "gpu_model": "Tesla-C1060"} before 2018. */
static uint32_t old_gpus(struct g5k *g, const cJSON *node)
{
    const cJSON *gpu = cJSON_GetObjectItemCaseSensitive(node, "gpu");
    const cJSON *model = cJSON_GetObjectItemCaseSensitive(gpu, "gpu_model");
    double n = g5k_number(g, gpu, "gpu_count", 1024);

    if (!(n >= 1))
        return 0;
    add_alike(g, CALC_GPU, g5k_text(g, model), NAN, (uint32_t)n);
    return (uint32_t)n;
}

uint32_t g5k_read_gpus(struct g5k *g, const cJSON *node)
{
    const cJSON *d,
            *gpus = cJSON_GetObjectItemCaseSensitive(node, "gpu_devices");
    uint32_t n = 0;

    cJSON_ArrayForEach(d, gpus)
    {
        if (!cJSON_IsObject(d))
            continue;
        add_alike(
                g, CALC_GPU,
                g5k_text(g, cJSON_GetObjectItemCaseSensitive(d, "model")), NAN,
                1);
        n++;
    }
    return cJSON_IsObject(gpus) ? n : old_gpus(g, node);
}
