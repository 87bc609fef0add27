/* SPDX-License-Identifier: Apache-2.0
 * The disks among Ansible's block devices. Sizes are worked out from sectors,
 * which are 512 bytes whatever sectorsize says: its own "size" of disks with
 * sectors of 4096 bytes is eight times too large. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "importers/ansible_priv.h"

/* Made by software, or media that come and go. */
static bool no_device(const char *name)
{
    static const char *const prefixes[] = {
            "loop", "ram", "sr",  "fd",  "dm-",    "md",  "zram", "nbd",
            "drbd", "zd",  "rbd", "scd", "bcache", "mtd", "cd",   NULL};

    for (size_t i = 0; prefixes[i]; i++)
        if (text_starts(name, prefixes[i]))
            return true;
    return false;
}

/* "nvme0n1" and "nvme0n2" are of one drive; "nvme0c1n1" is a path to one. */
static size_t nvme_len(const char *name)
{
    size_t n;

    if (!text_starts(name, "nvme"))
        return 0;
    n = 4 + strspn(name + 4, "0123456789");
    return name[n] == 'n' ? n + 1 : 0;
}

static bool later_namespace(const cJSON *list, const cJSON *device)
{
    size_t n = nvme_len(device->string);

    for (const cJSON *v = list->child; n > 0 && v != device; v = v->next)
        if (strncmp(v->string, device->string, n) == 0)
            return true;
    return false;
}

/* An SD card has no boot areas, eMMC has. */
static bool is_emmc(struct imp_host *h, const cJSON *list, const char *name)
{
    const char *boot = arena_printf(&h->arena, "%.40sboot0", name);

    return cJSON_GetObjectItemCaseSensitive(list, boot) != NULL;
}

/* "298.09 GB" counts by 1024. */
static double gb_of(struct imp_host *h, const cJSON *d)
{
    double sectors = imp_num(d, "sectors");

    if (!isnan(sectors))
        return sectors * 512 / 1e9;
    return imp_gib_parse(imp_raw(h, d, "size"), 1) * 1.073741824;
}

static enum imp_disk_hint hint_of(struct imp_host *h, const cJSON *d)
{
    const char *rotational = imp_raw(h, d, "rotational");

    if (text_starts(d->string, "nvme"))
        return IMP_DISK_SSD;
    if (!rotational || h->m.is_virtual == 1)
        return IMP_DISK_UNSAID; /* a virtual disk says 1 of anything */
    if (strcmp(rotational, "0") == 0)
        return IMP_DISK_SSD;
    /* a controller says 1 of flash too */
    return imp_disk_kind(imp_raw(h, d, "model")) == CALC_SSD ? IMP_DISK_SSD
                                                             : IMP_DISK_HDD;
}

static const char *maker_of(struct imp_host *h, const cJSON *d)
{
    const char *vendor = imp_str(h, d, "vendor");

    return vendor && !text_same(vendor, "ATA") && !text_same(vendor, "NVMe")
                   ? vendor
                   : NULL;
}

/* What a RAID controller shows is a volume unless it has a disk's name. */
static const char *model_of(struct imp_host *h, const cJSON *d)
{
    const char *model = imp_str(h, d, "model"), *host = imp_raw(h, d, "host");

    if (text_starts(d->string, "cciss") || text_starts(d->string, "ida"))
        return "LOGICAL VOLUME";
    if (imp_has(host, "raid bus controller") && !imp_has(host, "[raid mode]") &&
        !imp_has(host, "sata") && imp_disk_kind(model) == CALC_KINDS &&
        !imp_disk_volume(model))
        return arena_printf(
                &h->arena, "RAID volume %.100s", model ? model : "");
    return model;
}

static void read_device(struct imp_host *h, const cJSON *list, const cJSON *d)
{
    const char *name = d->string, *host = imp_raw(h, d, "host");
    struct imp_disk disk;

    if (no_device(name) || (text_starts(name, "nvme") && !nvme_len(name)) ||
        later_namespace(list, d))
        return;
    if (text_starts(name, "mmcblk") &&
        (strchr(name + 7, 'b') || strchr(name + 7, 'r') ||
         !is_emmc(h, list, name)))
        return;
    disk = (struct imp_disk){
            .model = model_of(h, d),
            .maker = maker_of(h, d),
            .serial = imp_str(h, d, "serial"),
            .what = text_starts(name, "mmcblk") ? "mmc" : host,
            .gb = gb_of(h, d),
            .hint = hint_of(h, d),
            .removable = imp_true(d, "removable")};
    if (disk.gb > 0 && !disk.removable && imp_has(host, "usb"))
        imp_host_warn(
                h, "%.40s hangs on USB and is no part of the machine", name);
    imp_host_disk(h, &disk);
}

/* BSD gives lists of slices and no sizes: how many disks there are is not to
 * be known. */
void ansible_disks(struct imp_host *h, const cJSON *facts)
{
    const cJSON *list = ansible_fact(facts, "devices"), *d;
    bool any = false;

    if (!cJSON_IsObject(list))
        return;
    cJSON_ArrayForEach(d, list)
    {
        if (!cJSON_IsObject(d))
            continue;
        any = true;
        read_device(h, list, d);
    }
    if (any)
        h->seen |= 1u << CALC_HDD | 1u << CALC_SSD;
}
