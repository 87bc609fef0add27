/* SPDX-License-Identifier: Apache-2.0
 * Parts as they are found: judged, merged with those alike, counted. */
#include "importers/hardware_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_size(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-9 * fabs(a);
}

/* A row of those texts, found or new; NULL when there are too many. */
static struct wire_part *
row_of(struct imp_host *h, enum calc_kind kind, const char *model,
       const char *serial, double capacity, int cores)
{
    struct wire_part *p;

    for (size_t i = 0; i < h->n_parts && !serial; i++) {
        p = &h->parts[i];
        if (p->kind == kind && !p->serial && same_text(p->model, model) &&
            p->cores == cores && same_size(p->capacity, capacity))
            return p;
    }
    if (h->n_parts == WIRE_MAX_PARTS) {
        h->too_many = true;
        return NULL;
    }
    p = &h->parts[h->n_parts++];
    *p = (struct wire_part){
            .kind = kind,
            .model = model,
            .serial = serial,
            .units = 0,
            .capacity = capacity,
            .cores = cores,
            .die_mm2 = NAN,
            .mass_kg = NAN};
    return p;
}

static void
add(struct imp_host *h, enum calc_kind kind, const char *model,
    const char *serial, uint32_t n, double capacity, int cores)
{
    struct wire_part *p;

    h->seen |= 1u << kind;
    if (h->too_many) /* refused already: 80,000 more are not looked for */
        return;
    if (!(capacity > 0) || capacity > 1e9)
        capacity = NAN;
    p = row_of(
            h, kind, imp_host_text(h, "a part's model", model),
            imp_host_text(h, "a part's serial", serial), capacity, cores);
    if (p && p->units <= WIRE_MAX_UNITS - n)
        p->units += n;
    else
        h->too_many = true;
}

void imp_host_part(
        struct imp_host *h, enum calc_kind kind, const char *model,
        const char *serial, uint32_t n, double capacity)
{
    if (n > 0 && n <= WIRE_MAX_UNITS)
        add(h, kind, model, serial, n, capacity, -1);
    else
        h->too_many = true;
}

void imp_host_psu(struct imp_host *h, const char *model, const char *serial)
{
    add(h, CALC_PSU, model, serial, 1, NAN, -1);
}

void imp_host_cpu(struct imp_host *h, const char *model, uint32_t n, int cores)
{
    if (n == 0)
        return;
    if (!imp_host_within(
                h, "processors", (double)h->sockets + n, WIRE_MAX_SOCKETS,
                "expected up to 1024 in one machine"))
        return;
    if (cores < 1)
        cores = -1;
    if (!imp_names_cpu(model))
        model = NULL;
    h->sockets += (int)n;
    h->cores = cores < 0 || h->cores < 0 ? -1 : h->cores + (int)n * cores;
    add(h, CALC_CPU, model, NULL, n, NAN, cores);
}

/* ---- memory ------------------------------------------------------------- */

void imp_host_module(
        struct imp_host *h, double gib, const char *model, const char *serial)
{
    if (!imp_host_within(
                h, "memory module", gib, 4096, "expected 0 to 4096 GiB") ||
        !(gib > 0))
        return; /* an empty slot */
    h->modules_gib += gib;
    add(h, CALC_RAM, model, serial, 1, gib, -1);
}

void imp_host_memory(struct imp_host *h, double gib)
{
    if (imp_host_within(h, "memory", gib, 1e6, "expected 0 to 1000000 GiB") &&
        gib > 0)
        h->visible_gib = gib;
}

/* ---- disks -------------------------------------------------------------- */

/* Sizes that flash alone is sold in; spinning disks have round ones. */
static bool flash_size(double gb)
{
    static const int sizes[] = {
            8,    16,   24,   32,    64,    120,   121,   128,   240,   251,
            256,  480,  512,  800,   960,   1024,  1600,  1920,  2048,  3200,
            3840, 6400, 7680, 12800, 15360, 25600, 30720, 61440, 122880};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (same_size(gb, sizes[i]))
            return true;
    return false;
}

static enum calc_kind
disk_kind(struct imp_host *h, const struct imp_disk *d, double gb)
{
    static const char *const flash_buses[] = {
            "nvme", "ssd", "solid state", "flash", "mmc", "nvm", NULL};
    enum calc_kind kind = imp_disk_kind(d->model);

    if (d->hint != IMP_DISK_UNSAID)
        return d->hint == IMP_DISK_SSD ? CALC_SSD : CALC_HDD;
    if (kind == CALC_KINDS && imp_has_any(d->what, flash_buses))
        kind = CALC_SSD;
    if (kind != CALC_KINDS)
        return kind;
    kind = flash_size(gb) ? CALC_SSD : CALC_HDD; /* [D] */
    if (h->m.is_virtual != 1)
        imp_host_warn(
                h,
                "'%.80s' does not say whether it turns, taken as %s by its "
                "size",
                d->model ? d->model : "a disk without model",
                kind == CALC_SSD ? "SSD" : "HDD");
    return kind;
}

static void keep_volume(struct imp_host *h, const struct imp_disk *d)
{
    if (h->n_volumes < IMP_MAX_VOLUMES)
        h->volumes[h->n_volumes++] = (struct imp_volume){
                .model = imp_host_text(h, "a volume's model", d->model),
                .gb = d->gb,
                .ssd = d->hint == IMP_DISK_SSD};
}

void imp_host_settle_volumes(struct imp_host *h)
{
    double sum_gb = 0;

    for (size_t i = 0; i < h->n_volumes; i++)
        sum_gb += h->volumes[i].gb > 0 ? h->volumes[i].gb : 0;
    if (h->n_volumes == 0 || h->disks_gb >= 0.9 * fmax(sum_gb, 1))
        return; /* their members are listed */
    for (size_t i = 0; i < h->n_volumes; i++) {
        const struct imp_volume *v = &h->volumes[i];

        imp_host_warn(
                h,
                "'%.80s' is a volume: disks hidden behind a controller, "
                "counted as at least one",
                v->model ? v->model : "volume");
        add(h, v->ssd ? CALC_SSD : CALC_HDD, NULL, NULL, 1, v->gb, -1);
    }
    imp_host_note(h, "volumes of a RAID controller, at least one disk each");
}

/* The small volume a cloud hands its guest's settings in: 64 MiB at most. */
static bool settings_drive(const struct imp_host *h, double gb)
{
    return h->m.is_virtual == 1 && gb < 0.07;
}

bool imp_host_disk(struct imp_host *h, const struct imp_disk *d)
{
    double gb = imp_gb_marketed(d->gb);
    uint32_t n = d->units ? d->units : 1;

    if (d->removable || imp_disk_none(d->model, d->what) || h->too_many ||
        !imp_host_within(
                h, "disk size", d->gb, 1e9, "expected 0 to 1000000000 GB") ||
        d->gb <= 0 || settings_drive(h, d->gb))
        return false;
    if (imp_disk_volume(d->model) ||
        (imp_has(d->maker, "dell") && imp_has(d->model, "virtual disk"))) {
        keep_volume(h, d);
        return true;
    }
    h->disks_gb += gb > 0 ? gb * n : 0;
    add(h, disk_kind(h, d, gb), d->model, d->serial, n, gb, -1);
    return true;
}

void imp_host_controller(struct imp_host *h, const char *model)
{
    (void)model;
    h->controller = true;
}

/* ---- cards -------------------------------------------------------------- */

bool imp_host_gpu(
        struct imp_host *h, const char *vendor, const char *model,
        const char *serial, uint32_t n)
{
    h->seen |= 1u << CALC_GPU;
    if (imp_gpu_none(vendor, model))
        return false;
    imp_host_part(h, CALC_GPU, model, serial, n, NAN);
    return true;
}
