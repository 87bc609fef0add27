/* SPDX-License-Identifier: Apache-2.0
 * Power of the whole node (ACPI power meters, IBM's system sensor) and of AMD
 * and Intel cards, as the kernel's hwmon tree shows them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/text.h"

enum { MAX_SOCKETS = 16 };

static bool
read_file(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    return ag_file_int(s->path, value, err);
}

/* The first of the files that is there, ended by NULL. */
static const char *
first_of(struct ag_set *s, const char *folder, const char *const *files)
{
    char path[AG_PATH];

    for (; *files; files++)
        if (ag_path(path, "%s/%s", folder, *files) &&
            file_kind(path) != FILE_NONE)
            return arena_str(&s->text, path);
    return NULL;
}

static double watts_of(const char *folder, const char *file)
{
    char path[AG_PATH];
    int64_t uw;

    if (ag_path(path, "%s/%s", folder, file) && ag_file_int(path, &uw, NULL) &&
        uw > 0)
        return (double)uw / 1e6;
    return NAN;
}

static bool line_is(const char *folder, const char *file, const char *want)
{
    char path[AG_PATH], line[64];

    return ag_path(path, "%s/%s", folder, file) &&
           ag_file_line(path, line, sizeof line, NULL) && text_same(line, want);
}

static bool there(const char *folder, const char *file)
{
    char path[AG_PATH];

    return ag_path(path, "%s/%s", folder, file) && file_kind(path) != FILE_NONE;
}

/* ---- the whole node ------------------------------------------------------ */

/* NVIDIA Grace shows its rails as ACPI power meters, by names: "Grace Power
 * Socket 0" is a socket with its memory; CPU and SysIO are inside it, and
 * Module holds it and a card. Source: docs of Alumet's grace-hopper plugin. */
static bool of_socket(const char *folder, char *name, size_t size)
{
    char path[AG_PATH];

    return ag_path(path, "%s/power1_oem_info", folder) &&
           ag_file_line(path, name, size, NULL) && strstr(name, " Socket ");
}

/* Sockets with their memory, as one: that is what psys means. */
struct sockets {
    size_t n;
    const char *paths[MAX_SOCKETS];
};

static bool
read_sockets(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    const struct sockets *all = s->ctx;
    int64_t sum = 0, uw;

    for (size_t i = 0; i < all->n; i++) {
        if (!ag_file_int(all->paths[i], &uw, err))
            return false;
        if (uw > INT64_MAX / MAX_SOCKETS)
            return err_set(err, ERR_INVALID, "power1_average: out of range");
        sum += uw;
    }
    *value = sum;
    return true;
}

static void socket_found(
        struct ag_set *s, struct sockets *all, const char *folder,
        const char *name)
{
    char id[WIRE_MAX_METER_ID + 1];

    if (text_starts(name, "Grace Power") && all->n < MAX_SOCKETS) {
        all->paths[all->n++] =
                arena_printf(&s->text, "%s/power1_average", folder);
        return;
    }
    snprintf(id, sizeof id, "acpi/%.80s", name);
    ag_set_miss(s, id, "a part of what other meters hold");
}

static void sockets_add(struct ag_set *s, const struct sockets *found)
{
    struct sockets *all;
    struct ag_sensor *sensor;

    if (found->n == 0)
        return;
    sensor = ag_set_add(s, WIRE_PSYS, WIRE_GAUGE, "acpi/grace");
    if (!sensor)
        return;
    all = arena_alloc(&s->text, sizeof *all);
    *all = *found;
    snprintf(
            sensor->label, sizeof sensor->label, "%zu Grace sockets, memory in",
            all->n);
    sensor->least_ns = 1000000000;
    sensor->read = read_sockets;
    sensor->ctx = all;
    ag_set_try(s, sensor);
}

static void node_meter(
        struct ag_set *s, const char *folder, const char *kind, unsigned index)
{
    static const char *const files[] = {"power1_average", "power1_input", NULL};
    char id[WIRE_MAX_METER_ID + 1];
    struct ag_sensor *sensor;

    /* A laptop's battery shows up as a power meter too. */
    if (line_is(folder, "power1_is_battery", "1"))
        return;
    snprintf(id, sizeof id, "node/%s-%u", kind, index);
    sensor = ag_set_add(s, WIRE_NODE, WIRE_GAUGE, id);
    if (!sensor)
        return;
    snprintf(sensor->label, sizeof sensor->label, "%s %u", kind, index);
    sensor->max_w = watts_of(folder, "power1_max");
    sensor->least_ns = 1000000000; /* an average over a second and more */
    sensor->read = read_file;
    sensor->path = first_of(s, folder, files);
    if (!sensor->path)
        sensor->path = arena_printf(&s->text, "%s/power1_average", folder);
    ag_set_try(s, sensor);
}

void ag_hwmon_find(struct ag_set *s)
{
    char base[AG_PATH], folder[AG_PATH], rail[64];
    char **names;
    size_t n;
    unsigned acpi = 0;
    struct sockets sockets = {0};

    if (!ag_path(base, "%s/sys/class/hwmon", s->root))
        return;
    ag_names(base, &names, &n);
    for (size_t i = 0; i < n; i++) {
        if (!ag_path(folder, "%s/%s", base, names[i]))
            continue;
        if (line_is(folder, "name", "power_meter") &&
            of_socket(folder, rail, sizeof rail))
            socket_found(s, &sockets, folder, rail);
        else if (line_is(folder, "name", "power_meter"))
            node_meter(s, folder, "acpi", acpi++);
        else if (
                line_is(folder, "name", "ibmpowernv") &&
                line_is(folder, "power1_label", "System"))
            node_meter(s, folder, "ibmpowernv", 0);
    }
    file_names_free(names, n);
    sockets_add(s, &sockets);
    if (acpi == 0)
        ag_set_miss(s, "node/acpi", "no ACPI power meter");
}

/* ---- cards --------------------------------------------------------------- */

/* "0000:03:00.0" out of the device's uevent; "" unknown. */
static void pci_place(const char *device, char *dst, size_t size)
{
    char path[AG_PATH];
    struct buf b;
    const char *p;

    dst[0] = '\0';
    buf_init(&b, 8192);
    if (ag_path(path, "%s/uevent", device) && file_read(path, 4096, &b, NULL) &&
        (p = strstr(buf_text(&b), "PCI_SLOT_NAME="))) {
        p += strlen("PCI_SLOT_NAME=");
        snprintf(dst, size, "%.*s", (int)strcspn(p, "\n"), p);
    }
    buf_clear(&b);
}

static void
card_id(const char *device, const char *card, char *dst, size_t size)
{
    char path[AG_PATH], text[64] = "";

    if (!ag_path(path, "%s/unique_id", device) ||
        !ag_file_line(path, text, sizeof text, NULL) || !text[0] ||
        strspn(text, "0") == strlen(text))
        pci_place(device, text, sizeof text);
    snprintf(dst, size, "gpu/%s", text[0] ? text : card);
}

static void card_label(
        const char *device, const char *maker, const char *card,
        struct ag_sensor *sensor)
{
    char path[AG_PATH], text[64] = "";

    if (!ag_path(path, "%s/product_name", device) ||
        !ag_file_line(path, text, sizeof text, NULL))
        text[0] = '\0';
    snprintf(
            sensor->label, sizeof sensor->label, "%s %s", maker,
            text[0] ? text : card);
}

/* The hwmon folder under a card; false: none. */
static bool card_hwmon(const char *device, char dst[static AG_PATH])
{
    char base[AG_PATH];
    char **names;
    size_t n;
    bool found = false;

    if (!ag_path(base, "%s/hwmon", device))
        return false;
    ag_names(base, &names, &n);
    for (size_t i = 0; i < n && !found; i++)
        found = text_starts(names[i], "hwmon") &&
                ag_path(dst, "%s/%s", base, names[i]);
    file_names_free(names, n);
    return found;
}

static bool
read_metrics(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    return ag_gpu_metrics_read(s->path, false, value, err);
}

static bool
read_metrics_mi200(const struct ag_sensor *s, int64_t *value, struct err *err)
{
    return ag_gpu_metrics_read(s->path, true, value, err);
}

/* MI210 and MI250, by the ids of the driver (amdgpu_drv.c, "Aldebaran"). */
static bool is_mi200(const char *device)
{
    return line_is(device, "device", "0x7408") ||
           line_is(device, "device", "0x740c") ||
           line_is(device, "device", "0x740f") ||
           line_is(device, "device", "0x7410");
}

/* The counter in gpu_metrics, where the card has one that can be read now. */
static bool add_metrics(
        struct ag_set *s, const char *device, const char *maker,
        const char *card, const char *id, const char *hwmon)
{
    struct ag_sensor *sensor;
    char path[AG_PATH];
    bool mi200 = is_mi200(device);
    int64_t uj;

    if (!ag_path(path, "%s/gpu_metrics", device) ||
        !ag_gpu_metrics_read(path, mi200, &uj, NULL))
        return false;
    sensor = ag_set_add_card(s, true, id);
    if (!sensor)
        return true;
    card_label(device, maker, card, sensor);
    sensor->max_w = watts_of(hwmon, "power1_cap_max");
    sensor->read = mi200 ? read_metrics_mi200 : read_metrics;
    sensor->path = arena_str(&s->text, path);
    return true;
}

static void add_card(
        struct ag_set *s, const char *device, const char *maker,
        const char *card)
{
    /* Of the card; of its package where the driver (xe) has no other. */
    static const char *const energy[] = {
            "energy1_input", "energy2_input", NULL};
    static const char *const power[] = {"power1_average", "power1_input", NULL};
    char id[WIRE_MAX_METER_ID + 1], hwmon[AG_PATH];
    struct ag_sensor *sensor;
    const char *path;
    int64_t uw;
    bool counter;

    card_id(device, card, id, sizeof id);
    if (!card_hwmon(device, hwmon)) {
        ag_set_miss(s, id, "no hwmon folder: the driver tells no power");
        return;
    }
    if (there(hwmon, "in1_input")) { /* vddnb: processors with graphics only */
        ag_set_miss(s, id, "part of the processor: its package counts it");
        return;
    }
    path = first_of(s, hwmon, energy);
    counter = path != NULL;
    if (!path && add_metrics(s, device, maker, card, id, hwmon))
        return;
    if (!path)
        path = first_of(s, hwmon, power);
    if (!path) {
        ag_set_miss(s, id, "neither energy1_input nor power1_average");
        return;
    }
    if (!counter && is_mi200(device) && ag_file_int(path, &uw, NULL) &&
        uw == 0) { /* no card draws nothing */
        ag_set_miss(
                s, id, "the second die of a card: the first one's has both");
        return;
    }
    sensor = ag_set_add_card(s, counter, id);
    if (!sensor)
        return;
    card_label(device, maker, card, sensor);
    sensor->max_w = watts_of(hwmon, "power1_cap_max");
    sensor->read = read_file;
    sensor->path = path;
    ag_set_try(s, sensor);
}

void ag_cards_find(struct ag_set *s)
{
    char base[AG_PATH], device[AG_PATH];
    char **names;
    size_t n;

    if (!ag_path(base, "%s/sys/class/drm", s->root))
        return;
    ag_names(base, &names, &n);
    for (size_t i = 0; i < n; i++) {
        const char *digits = names[i] + 4;

        if (!text_starts(names[i], "card") || !digits[0] ||
            strspn(digits, "0123456789") != strlen(digits) ||
            !ag_path(device, "%s/%s/device", base, names[i]))
            continue;
        if (line_is(device, "vendor", "0x1002"))
            add_card(s, device, "AMD", names[i]);
        else if (line_is(device, "vendor", "0x8086"))
            add_card(s, device, "Intel", names[i]);
    }
    file_names_free(names, n);
}
