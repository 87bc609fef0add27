/* SPDX-License-Identifier: Apache-2.0
 * smartctl -j: the disks of one machine, which is named by the file or, where
 * that is called after a device, by its folder. Hours of operation and bytes
 * written tell the true age of a disk. */
#include "importers/smartctl_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

/* ---- one disk ----------------------------------------------------------- */

bool smartctl_is(const cJSON *v)
{
    return imp_at(v, "smartctl") || imp_at(v, "json_format_version") ||
           (imp_at(v, "device/info_name") && imp_at(v, "device/protocol"));
}

static const char *model_of(struct imp_host *h, const cJSON *v)
{
    static const char *const keys[] = {
            "model_name", "scsi_model_name", "scsi_product", "product", NULL};

    for (size_t i = 0; keys[i]; i++)
        if (imp_str(h, v, keys[i]))
            return imp_str(h, v, keys[i]);
    return NULL;
}

/* A namespace may be a part of an NVMe drive. */
static double bytes_of(const cJSON *v)
{
    static const char *const keys[] = {
            "user_capacity/bytes", "nvme_total_capacity",
            "nvme_namespaces/0/size/bytes", NULL};

    if (imp_num(v, "nvme_total_capacity") > imp_num(v, "user_capacity/bytes"))
        return imp_num(v, "nvme_total_capacity");
    for (size_t i = 0; keys[i]; i++)
        if (imp_num(v, keys[i]) > 0 || imp_num(v, keys[i]) < 0)
            return imp_num(v, keys[i]);
    return NAN;
}

/* Attribute 9, whose raw value may hold more than the hours: its text starts
 * with them, "2725 (151 234 0)", "54h+33m". NAN where it counts minutes. */
static double attribute_hours(struct imp_host *h, const cJSON *v)
{
    const cJSON *row;

    cJSON_ArrayForEach(row, imp_at(v, "ata_smart_attributes/table"))
    {
        const char *text = imp_raw(h, row, "raw/string");
        double hours;

        if (imp_count(row, "id", 255) != 9 ||
            !imp_has(imp_raw(h, row, "name"), "hours"))
            continue;
        hours = text ? imp_number(arena_strn(
                               &h->arena, text, strspn(text, "0123456789")))
                     : NAN;
        return isnan(hours) ? imp_num(row, "raw/value") : hours;
    }
    return NAN;
}

/* Bytes in a unit of such an attribute, as its name says; 0. What reached the
 * flash is more than what was written to the disk. */
static double unit_of(const char *name)
{
    static const char *const writes[] = {
            "host_writes", "lifetime_writes", "total_writes", NULL};

    if (!imp_has_any(name, writes) || imp_has(name, "nand") ||
        imp_has(name, "flash"))
        return 0;
    return imp_has(name, "32mib") ? 33554432
           : imp_has(name, "gib") ? 1073741824
           : imp_has(name, "mib") ? 1048576
                                  : 0;
}

/* In bytes. Where a name tells the unit it wins: Intel's 241 is called blocks
 * and counts the 32 MiB of 225. Blocks that make next to nothing in months are
 * of another unit, which nobody says. */
static double ata_written(struct imp_host *h, const cJSON *v, double hours)
{
    double block = imp_num(v, "logical_block_size"), bytes = NAN;
    const cJSON *row;

    cJSON_ArrayForEach(row, imp_at(v, "ata_smart_attributes/table"))
    {
        const char *name = imp_raw(h, row, "name");

        if (unit_of(name) > 0)
            return imp_num(row, "raw/value") * unit_of(name);
        if (imp_count(row, "id", 255) == 241 && imp_has(name, "lba"))
            bytes = imp_num(row, "raw/value") * (block > 0 ? block : 512);
    }
    return bytes < 1e9 && hours > 100 ? NAN : bytes; /* [D] */
}

/* Page 1 of the device statistics, that -x lists: of a standard, in blocks. */
static double statistics_written(struct imp_host *h, const cJSON *v)
{
    double block = imp_num(v, "logical_block_size");
    const cJSON *page, *row;

    cJSON_ArrayForEach(page, imp_at(v, "ata_device_statistics/pages"))
            cJSON_ArrayForEach(row, imp_at(page, "table"))
    {
        const char *name = imp_raw(h, row, "name");

        if (name && text_same(name, "logical sectors written") &&
            imp_true(row, "flags/valid"))
            return imp_num(row, "value") * (block > 0 ? block : 512);
    }
    return NAN;
}

static double written_tb(struct imp_host *h, const cJSON *v, double hours)
{
    double units =
            imp_num(v, "nvme_smart_health_information_log/"
                       "data_units_written");
    double gb = imp_num(v, "scsi_error_counter_log/write/gigabytes_processed");

    if (units > 0)
        return units * 512000 / 1e12;
    if (gb > 0)
        return gb / 1e3;
    units = statistics_written(h, v);
    return (isnan(units) ? ata_written(h, v, hours) : units) / 1e12;
}

static double hours_of(struct imp_host *h, const cJSON *v)
{
    double hours = imp_num(v, "power_on_time/hours");

    if (isnan(hours))
        hours = imp_num(v, "nvme_smart_health_information_log/power_on_hours");
    return isnan(hours) ? attribute_hours(h, v) : hours;
}

static void add_note(
        struct imp_host *h, const cJSON *v, const char *model,
        const char *serial)
{
    const char *name = serial ? serial : model ? model : "disk";
    double hours = hours_of(h, v), tb = written_tb(h, v, hours);

    if (!(hours >= 0 && hours < 1e6)) /* some count minutes or garbage */
        hours = NAN;
    if (!isnan(hours) && tb >= 0 && tb < 1e6)
        imp_host_note(
                h, "%.60s: %.0f hours on, %.4g TB written", name, hours, tb);
    else if (!isnan(hours))
        imp_host_note(h, "%.60s: %.0f hours on", name, hours);
    else if (tb >= 0 && tb < 1e6)
        imp_host_note(h, "%.60s: %.4g TB written", name, tb);
}

bool smartctl_disk(struct imp_host *h, const cJSON *v)
{
    const char *model = model_of(h, v),
               *serial = imp_str(h, v, "serial_number");
    const char *protocol = imp_str(h, v, "device/protocol");
    const char *type = imp_str(h, v, "device_type/name");
    double bytes = bytes_of(v), turns = imp_num(v, "rotation_rate");
    struct imp_disk disk = {
            .model = model,
            .maker = imp_str(h, v, "scsi_vendor"),
            .serial = serial,
            .gb = imp_gb_of_bytes(bytes)};

    imp_host_within(h, "rotation_rate", turns, 100000, "expected 0 to 100000");
    if (!model && !serial) {
        const char *why = imp_str(h, v, "smartctl/messages/0/string");

        imp_host_warn(
                h, "no disk in it: %.200s",
                why ? why
                    : "neither model nor serial, run smartctl -a -j as root");
        return false;
    }
    if (type && !text_same(type, "disk")) {
        imp_host_warn(h, "%.60s is no disk, passed over", type);
        return false;
    }
    if (turns >= 1)
        disk.hint = IMP_DISK_HDD;
    else if (!isnan(turns) || imp_has(protocol, "nvme"))
        disk.hint = IMP_DISK_SSD;
    if (imp_host_disk(h, &disk))
        add_note(h, v, model, serial);
    return true;
}

/* ---- machines ----------------------------------------------------------- */

struct smart { /* the machine being read, of one file or of several */
    struct imp_host host;
    char name[256];
    bool open, any;
    char file[256];
};

/* "sda", "nvme0n1", "disk2", "sg3", "c0d1". */
static size_t device_len(const char *s)
{
    static const char *const prefixes[] = {"sd",   "hd",  "nvme", "disk", "sg",
                                           "nvd",  "ada", "da",   "vd",   "pd",
                                           "slot", "dev", NULL};

    for (size_t i = 0; prefixes[i]; i++) {
        size_t n = strlen(prefixes[i]), m;

        if (!text_starts(s, prefixes[i]))
            continue;
        m = strspn(s + n, "0123456789abcdefghijklmnop_-");
        if (s[n + m] == '\0' && m > 0 && m <= 6)
            return n + m;
    }
    return 0;
}

/* "web1-sda.json" and "web1/sda.json" are of machine web1; *dst is "" where
 * neither tells. */
static void machine_name(const char *path, char *dst, size_t size)
{
    const char *base = imp_base_name(path);
    const char *dot = strrchr(base, '.');
    size_t n = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    const char *end = base > path ? base - 1 : base, *from = end;

    if (n >= size)
        n = size - 1;
    memcpy(dst, base, n);
    dst[n] = '\0';
    for (size_t i = n; i-- > 1;)
        if ((dst[i] == '-' || dst[i] == '_' || dst[i] == '.') &&
            device_len(dst + i + 1)) {
            dst[i] = '\0';
            return;
        }
    if (!device_len(dst) || base == path)
        return;
    while (from > path && from[-1] != '/')
        from--;
    n = (size_t)(end - from);
    if (n > 0 && n < size && strncmp(from, ".", n) != 0) {
        memcpy(dst, from, n);
        dst[n] = '\0';
    }
}

static bool end_machine(struct smart *s, struct err *err)
{
    if (!s->open)
        return true;
    s->open = false;
    if (!s->any)
        return true; /* said already */
    s->host.m.name = imp_host_text(&s->host, "name", s->name);
    return imp_host_deliver(&s->host, err);
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct smart *s = ctx;

    if (!r->value)
        return imp_refuse_record(&s->host, r, err);
    if (!smartctl_is(r->value))
        return imp_host_refuse(
                &s->host, NULL, NULL,
                "not of smartctl, expected an object with \"smartctl\"", err);
    s->any |= smartctl_disk(&s->host, r->value);
    return true;
}

/* Disks of one machine follow each other in the order of their paths. */
static bool smart_file(void *many, const char *path, struct err *err)
{
    struct smart *s = many;
    struct json_cut cut = {.texts = true, .record = on_record, .ctx = s};
    char name[sizeof s->name], first[4096];
    struct err why = {0};
    FILE *in = NULL;
    bool ok;

    machine_name(path, name, sizeof name);
    if (s->open && strcmp(name, s->name) != 0 && !end_machine(s, err))
        return false;
    snprintf(s->file, sizeof s->file, "%.255s", imp_base_name(path));
    s->host.file = s->file;
    if (!s->open) {
        imp_host_begin(&s->host, 0);
        s->host.m.partial = true;
        s->any = false;
        snprintf(s->name, sizeof s->name, "%s", name);
        s->open = true;
    }
    if (!file_open(path, &in, err))
        return false;
    cut.texts = imp_head_first(first, fread(first, 1, sizeof first, in)) != '[';
    rewind(in);
    ok = json_cut_read(&cut, in, &why);
    if (in != stdin)
        fclose(in);
    if (ok && cut.cut)
        return imp_host_refuse(&s->host, NULL, NULL, IMP_CUT_SHORT, err);
    if (!ok) {
        err_in(&why, "%s", s->file);
        *err = why;
    }
    return ok;
}

static void *smart_begin(const struct wire_sink *sink)
{
    struct smart *s = xcalloc(1, sizeof *s);

    imp_host_open(&s->host, sink, "smartctl");
    return s;
}

static bool smart_end(void *many, struct err *err)
{
    return end_machine(many, err);
}

static void smart_free(void *many)
{
    struct smart *s = many;

    imp_host_close(&s->host);
    free(s);
}

static const struct imp_many smart_many = {
        smart_begin, smart_file, smart_end, smart_free};

static bool
smart_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    void *s = smart_begin(sink);
    bool ok = smart_file(s, path, err) && smart_end(s, err);

    smart_free(s);
    return ok;
}

static int smart_recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    if (!imp_head_json(head, len))
        return 0;
    if (imp_head_has(head, len, "\"smartctl\"") &&
        (imp_head_has(head, len, "\"json_format_version\"") ||
         imp_head_has(head, len, "\"exit_status\"")))
        return 90;
    /* a collector's copy, without what smartctl says of itself */
    return imp_head_has(head, len, "\"info_name\"") &&
                           imp_head_has(head, len, "\"protocol\"") &&
                           (imp_head_has(head, len, "\"serial_number\"") ||
                            imp_head_has(head, len, "\"user_capacity\""))
                   ? 80
                   : 0;
}

const struct imp_format imp_smartctl = {
        .name = "smartctl",
        .what = "smartctl -j: disks with their hours and bytes written",
        .recognise = smart_recognise,
        .read = smart_read,
        .many = &smart_many,
};
