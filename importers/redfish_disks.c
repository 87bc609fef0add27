/* SPDX-License-Identifier: Apache-2.0
 * The disks of a Redfish system: a drive may be listed several times, in
 * Storage, in SimpleStorage and by links that lead nowhere. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "importers/redfish_priv.h"

static enum imp_disk_hint hint_of(struct imp_host *h, const cJSON *v)
{
    const char *media = imp_str(h, v, "MediaType");
    const char *protocol = imp_str(h, v, "Protocol");

    if (media && text_starts(media, "SSD"))
        return IMP_DISK_SSD;
    if (media && (text_same(media, "HDD") || text_same(media, "SMR")))
        return IMP_DISK_HDD;
    return imp_has(protocol, "nvme") ? IMP_DISK_SSD : IMP_DISK_UNSAID;
}

/* Cisco's S3260 writes MiB there: 3815447 for 4 TB. No drive has so few bytes,
 * and none has so many MiB that they would be bytes. */
static bool bytes_are_mib(double bytes)
{
    return bytes >= 7600 && bytes < 2e8; /* 8 GB to 200 TB [D] */
}

/* Some BMCs multiply decimal megabytes by 2^20: a whole number of those is
 * looked at both ways. */
static double gb_of(const cJSON *v)
{
    double bytes = imp_num(v, "CapacityBytes"), mib = bytes / 1048576.0;

    if (isnan(bytes)) { /* iLO 4 and 5 below SmartStorage */
        double gb = imp_num(v, "CapacityGB");

        return gb > 0 || gb < 0 ? gb
                                : imp_num(v, "CapacityMiB") * 1048576.0 / 1e9;
    }
    if (bytes_are_mib(bytes))
        return imp_gb_of_bytes(bytes * 1048576.0);
    return floor(mib) >= mib ? imp_gb_of_mb(mib) : imp_gb_of_bytes(bytes);
}

/* Cards that a controller of the board offers to start from: Cisco's FlexFlash
 * lists them among the drives, with "SD" for a maker. */
static bool is_card(struct imp_host *h, const char *id, const cJSON *v)
{
    const char *maker = imp_str(h, v, "Manufacturer");

    return imp_has(id, "/flexflash") || (maker && text_same(maker, "SD"));
}

static bool gone(const cJSON *v)
{
    const char *state = rf_state(v);

    return text_same(state, "Absent") ||
           (!imp_at(v, "Model") && !(gb_of(v) > 0));
}

static bool add_drive(const cJSON *v, struct imp_host *h)
{
    return imp_host_disk(
            h, &(struct imp_disk){
                       .model = imp_str(h, v, "Model"),
                       .maker = imp_str(h, v, "Manufacturer"),
                       .serial = imp_str(h, v, "SerialNumber"),
                       .what = imp_str(h, v, "Protocol"),
                       .gb = gb_of(v),
                       .hint = hint_of(h, v)});
}

/* Members of one collection: as many drives as there are of them, even where a
 * BMC gives all the same serial number. */
static bool siblings(const char *a, const char *b)
{
    const char *x = strrchr(a, '/'), *y = strrchr(b, '/');

    return x && y && x - a == y - b && strncmp(a, b, (size_t)(x - a)) == 0;
}

/* The same drive under another path, or saved twice. */
static bool
listed_before(const struct rf_tree *t, size_t at, struct imp_host *h)
{
    const struct rf_item *d = &t->items[at];

    for (size_t i = 0; i < at; i++) {
        const struct rf_item *o = &t->items[i];

        if (o->kind == RF_DRIVE && o->taken &&
            (text_same(o->id, d->id) ||
             (!siblings(o->id, d->id) &&
              rf_same(h, o->v, d->v, "SerialNumber") &&
              rf_same(h, o->v, d->v, "Model"))))
            return true;
    }
    return false;
}

static size_t
read_drives(struct rf_tree *t, const struct rf_item *system, struct imp_host *h)
{
    size_t n = 0;
    unsigned in_mib = 0;

    for (size_t i = 0; i < t->n_items; i++) {
        struct rf_item *d = &t->items[i];

        if (d->kind != RF_DRIVE || !rf_of_system(t, d, system))
            continue;
        n++;
        h->seen |= 1u << CALC_HDD | 1u << CALC_SSD;
        if (d->taken || gone(d->v) || is_card(h, d->id, d->v) ||
            listed_before(t, i, h))
            continue;
        d->taken = true;
        in_mib += bytes_are_mib(imp_num(d->v, "CapacityBytes"));
        add_drive(d->v, h);
    }
    if (in_mib)
        imp_host_warn(h, "CapacityBytes of %u drives is taken as MiB", in_mib);
    return n;
}

/* How many drives of a model Storage listed. */
static size_t drives_of_model(
        const struct rf_tree *t, const struct rf_item *system,
        struct imp_host *h, const cJSON *device)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n_items; i++)
        if (t->items[i].kind == RF_DRIVE &&
            rf_of_system(t, &t->items[i], system) &&
            (rf_same(h, t->items[i].v, device, "Model") ||
             rf_same(h, t->items[i].v, device, "Name")))
            n++;
    return n;
}

static void read_simple(
        struct rf_tree *t, const struct rf_item *system, bool drives,
        struct imp_host *h)
{
    for (size_t i = 0; i < t->n_items; i++) {
        const cJSON *device;

        if (t->items[i].kind != RF_SIMPLE ||
            !rf_of_system(t, &t->items[i], system))
            continue;
        cJSON_ArrayForEach(device, imp_at(t->items[i].v, "Devices"))
        {
            h->seen |= 1u << CALC_HDD | 1u << CALC_SSD;
            if (!gone(device) &&
                !(drives && drives_of_model(t, system, h, device) > 0))
                add_drive(device, h);
        }
    }
}

/* Links to drives that were not saved, as when the BMC answered with an
 * error: their number cannot be trusted, one link may be repeated. */
static bool links_lead_nowhere(
        const struct rf_tree *t, const struct rf_item *system, bool *storage)
{
    for (size_t i = 0; i < t->n_items; i++) {
        const struct rf_item *s = &t->items[i];
        const cJSON *list = imp_at(s->v, "Drives");

        if (s->kind != RF_STORAGE || !rf_below(s->id, system->id))
            continue;
        *storage = true;
        if (cJSON_IsArray(list) && list->child)
            return true;
    }
    return false;
}

static bool is_saved(const struct rf_tree *t, const cJSON *link)
{
    const cJSON *to = imp_at(link, "@odata.id");

    if (!cJSON_IsString(to))
        return true;
    for (size_t i = 0; i < t->n_items; i++)
        if (t->items[i].kind == RF_DRIVE &&
            rf_below(to->valuestring, t->items[i].id))
            return true;
    return false;
}

/* Drives that are named beside those that were saved. */
static bool some_unsaved(const struct rf_tree *t, const struct rf_item *system)
{
    unsigned looked_at = 0;

    for (size_t i = 0; i < t->n_items; i++) {
        const struct rf_item *s = &t->items[i];
        const cJSON *link;

        if (s->kind != RF_STORAGE || !rf_below(s->id, system->id))
            continue;
        cJSON_ArrayForEach(link, imp_at(s->v, "Drives")) if (
                ++looked_at <= 1000 && !is_saved(t, link)) return true;
    }
    return false;
}

void rf_disks(
        struct rf_tree *t, const struct rf_item *system, struct imp_host *h)
{
    size_t drives = read_drives(t, system, h);
    bool storage = false;

    if (drives > 0 && some_unsaved(t, system))
        imp_host_warn(
                h, "drives are named that were not saved: those that were are "
                   "counted");
    read_simple(t, system, drives > 0, h);
    if (h->seen & 1u << CALC_HDD)
        return;
    if (links_lead_nowhere(t, system, &storage))
        imp_host_warn(
                h, "drives are named and none was saved: the number of disks "
                   "is unknown");
    else if (storage)
        h->seen |= 1u << CALC_HDD | 1u << CALC_SSD;
}
