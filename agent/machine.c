/* SPDX-License-Identifier: Apache-2.0
 * Processors, memory and disks as /proc and /sys show them. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/num.h"
#include "base/text.h"

enum { LINE = 4096, VALUE = 128 };

static bool open_in(const char *root, const char *name, FILE **out)
{
    char path[AG_PATH];

    return ag_path(path, "%s%s", root, name) && file_open(path, out, NULL);
}

/* "key : value" of /proc; false when the line has no colon. */
static bool
key_value(const char *line, char key[static VALUE], char value[static VALUE])
{
    const char *colon = strchr(line, ':');

    if (!colon)
        return false;
    text_trim(line, (size_t)(colon - line), key, VALUE);
    text_trim(colon + 1, strlen(colon + 1), value, VALUE);
    return true;
}

/* Distinct numbers of sockets, few, unsorted. */
static bool seen_before(int64_t *seen, int *n, int64_t id)
{
    for (int i = 0; i < *n; i++)
        if (seen[i] == id)
            return true;
    if (*n < AG_MAX_CPUS)
        seen[(*n)++] = id;
    return false;
}

void ag_cpu_read(const char *root, struct arena *text, struct ag_cpu *out)
{
    int64_t *seen = xcalloc(AG_MAX_CPUS, sizeof *seen), id, cores;
    char line[LINE], key[VALUE], value[VALUE];
    FILE *f = NULL;
    int sockets = 0;

    *out = (struct ag_cpu){.sockets = -1, .cores = -1};
    if (!open_in(root, "/proc/cpuinfo", &f)) {
        free(seen);
        return;
    }
    while (fgets(line, sizeof line, f)) {
        if (!key_value(line, key, value))
            continue;
        if (!out->model && strcmp(key, "model name") == 0 && value[0])
            out->model = arena_str(text, value);
        else if (
                strcmp(key, "physical id") == 0 &&
                num_parse_int(value, strlen(value), 0, 65535, &id, NULL))
            seen_before(seen, &sockets, id);
        else if (
                out->cores < 0 && strcmp(key, "cpu cores") == 0 &&
                num_parse_int(value, strlen(value), 1, 4096, &cores, NULL))
            out->cores = (int)cores;
        else if (strcmp(key, "flags") == 0 && strstr(line, " hypervisor"))
            out->guest = true;
    }
    if (sockets > 0)
        out->sockets = sockets;
    fclose(f);
    free(seen);
}

void ag_meminfo_read(const char *root, double *total_gib, double *used_pct)
{
    char line[LINE], key[VALUE], value[VALUE];
    double kib, total = NAN, available = NAN;
    FILE *f = NULL;

    *total_gib = NAN;
    *used_pct = NAN;
    if (!open_in(root, "/proc/meminfo", &f))
        return;
    while (fgets(line, sizeof line, f)) {
        if (!key_value(line, key, value) ||
            !num_parse(
                    value, strspn(value, "0123456789"), NUM_POINT, &kib, NULL))
            continue;
        if (strcmp(key, "MemTotal") == 0)
            total = kib;
        else if (strcmp(key, "MemAvailable") == 0)
            available = kib;
    }
    fclose(f);
    if (!(total > 0))
        return;
    *total_gib = total / 1024 / 1024;
    if (available >= 0 && available <= total)
        *used_pct = 100 * (total - available) / total;
}

/* ---- disks --------------------------------------------------------------- */

/* No hardware stands behind these, or none that stays. */
static bool is_virtual(const char *name)
{
    static const char *const prefixes[] = {
            "loop", "ram", "zram",   "dm-", "md",   "sr",  "fd",
            "nbd",  "rbd", "bcache", "mtd", "drbd", "pmem"};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (text_starts(name, prefixes[i]))
            return true;
    return false;
}

static const char *
line_of(const char *folder, const char *file, struct arena *text)
{
    char path[AG_PATH], line[VALUE], clean[VALUE];

    if (!ag_path(path, "%s/%s", folder, file) ||
        !ag_file_line(path, line, sizeof line, NULL))
        return NULL;
    text_trim(line, strlen(line), clean, sizeof clean);
    return clean[0] ? arena_str(text, clean) : NULL;
}

/* SCSI's page 0x80: four bytes, then the serial number. */
static const char *vpd_serial(const char *folder, struct arena *text)
{
    char path[AG_PATH], clean[VALUE] = "";
    struct buf b;
    size_t n = 0;

    buf_init(&b, 4096);
    if (ag_path(path, "%s/device/vpd_pg80", folder) &&
        file_read(path, 512, &b, NULL) && b.len > 4)
        for (size_t i = 4; i < b.len && n + 1 < sizeof clean; i++)
            if (isgraph((unsigned char)b.p[i]))
                clean[n++] = b.p[i];
    clean[n] = '\0';
    buf_clear(&b);
    return n ? arena_str(text, clean) : NULL;
}

static void disk_read(
        const char *base, const char *name, struct arena *text,
        struct ag_disk *d)
{
    char folder[AG_PATH], path[AG_PATH], *real;
    int64_t n;

    *d = (struct ag_disk){.gb = NAN, .rotational = -1};
    snprintf(d->name, sizeof d->name, "%s", name);
    if (!ag_path(folder, "%s/%s", base, name))
        return;
    d->model = line_of(folder, "device/model", text);
    d->maker = line_of(folder, "device/vendor", text);
    /* "ATA" is the bus, and NVMe and virtio give a number. */
    if (d->maker &&
        (strcmp(d->maker, "ATA") == 0 || text_starts(d->maker, "0x")))
        d->maker = NULL;
    d->serial = line_of(folder, "device/serial", text);
    if (!d->serial)
        d->serial = vpd_serial(folder, text);
    if (ag_path(path, "%s/size", folder) && ag_file_int(path, &n, NULL) &&
        n > 0)
        d->gb = (double)n * 512 / 1e9; /* always in sectors of 512 bytes */
    /* A virtual disk says of itself that it turns. */
    if (!text_starts(name, "vd") && !text_starts(name, "xvd") &&
        ag_path(path, "%s/queue/rotational", folder) &&
        ag_file_int(path, &n, NULL))
        d->rotational = n != 0;
    if (ag_path(path, "%s/removable", folder) && ag_file_int(path, &n, NULL))
        d->removable = n != 0;
    real = realpath(folder, NULL);
    if (real && strstr(real, "/usb")) /* a disk in a box, of no machine */
        d->removable = true;
    free(real);
}

void ag_disks_read(const char *root, struct arena *text, struct ag_disks *out)
{
    char base[AG_PATH];
    char **names;
    size_t n;

    *out = (struct ag_disks){0};
    if (!ag_path(base, "%s/sys/block", root))
        return;
    out->items = arena_alloc(text, AG_MAX_DISKS * sizeof *out->items);
    ag_names(base, &names, &n);
    for (size_t i = 0; i < n && out->n < AG_MAX_DISKS; i++) {
        struct ag_disk *d = &out->items[out->n];

        /* Paths of an NVMe disk behind several controllers: nvme0c1n1. */
        if (is_virtual(names[i]) ||
            (text_starts(names[i], "nvme") && strchr(names[i] + 4, 'c')))
            continue;
        disk_read(base, names[i], text, d);
        if (!isnan(d->gb)) /* a card reader without a card has no size */
            out->n++;
    }
    file_names_free(names, n);
}
