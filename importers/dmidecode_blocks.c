/* SPDX-License-Identifier: Apache-2.0
 * What each block of dmidecode's text says of its machine. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "importers/dmidecode_blocks.h"

static const char *or_nothing(const char *s)
{
    return s ? s : "";
}

/* A text where there is none yet, or in its place. */
static void
take(struct imp_host *h, const char **to, const char *what, const char *text,
     bool replace)
{
    const char *value = *to && !replace ? NULL : imp_host_text(h, what, text);

    if (value)
        *to = value;
}

static void on_system(struct dmi *d, const struct dmi_block *b)
{
    struct imp_host *h = &d->host;

    if (d->system)
        return; /* the first one wins */
    d->system = true;
    snprintf(d->uuid, sizeof d->uuid, "%s", or_nothing(b->values[DMI_UUID]));
    snprintf(
            d->serial, sizeof d->serial, "%s",
            or_nothing(b->values[DMI_SERIAL]));
    take(h, &h->m.manufacturer, "manufacturer", b->values[DMI_MAKER], true);
    take(h, &h->m.product, "product", b->values[DMI_PRODUCT], true);
    take(h, &h->m.serial, "serial", b->values[DMI_SERIAL], true);
    h->m.uuid = imp_host_text(h, "uuid", b->values[DMI_UUID]);
    if (imp_is_virtual(h->m.manufacturer, h->m.product))
        h->m.is_virtual = 1;
}

/* The board speaks for a system that nobody filled in. */
static void on_board(struct dmi *d, const struct dmi_block *b)
{
    struct imp_host *h = &d->host;

    take(h, &h->m.manufacturer, "manufacturer", b->values[DMI_MAKER], false);
    take(h, &h->m.product, "product", b->values[DMI_PRODUCT], false);
    take(h, &h->m.serial, "serial", b->values[DMI_SERIAL], false);
}

/* "Populated, Idle" is there, "Populated, Disabled By BIOS" is not. Without a
 * status (2001) a socket with a name is filled. */
static bool socket_filled(struct imp_host *h, const struct dmi_block *b)
{
    const char *status = b->values[DMI_STATUS], *type = b->values[DMI_TYPE];

    if (type && !text_starts(type, "Central") && !imp_has(type, "unknown") &&
        !imp_has(type, "<"))
        return false; /* a mathematical or video processor */
    if (status)
        return text_starts(status, "Populated") && !imp_has(status, "disabled");
    return imp_host_text(h, "version", b->values[DMI_VERSION]) || /* not 0000 */
           (b->values[DMI_FAMILY] &&
            !imp_has(b->values[DMI_FAMILY], "unknown"));
}

/* The family where the version names nothing. */
static const char *cpu_model(struct imp_host *h, const struct dmi_block *b)
{
    const char *version = imp_host_text(h, "version", b->values[DMI_VERSION]);
    const char *family;

    if (version && !imp_has(version, "<out of spec>") && imp_names_cpu(version))
        return version;
    family = imp_host_text(h, "family", b->values[DMI_FAMILY]);
    return family && !imp_has(family, "other") && !imp_has(family, "<") ? family
                                                                        : NULL;
}

static void on_processor(struct dmi *d, const struct dmi_block *b)
{
    double cores = imp_number(b->values[DMI_CORES]);

    d->host.seen |= 1u << CALC_CPU;
    if (!socket_filled(&d->host, b))
        return;
    if (!(cores >= 1))
        imp_host_warn(
                &d->host, "a processor without core count, its cores are "
                          "unknown");
    imp_host_cpu(
            &d->host, cpu_model(&d->host, b), 1,
            imp_host_cores(&d->host, cores));
}

unsigned dmi_handle(const char *text)
{
    unsigned long n = strtoul(text, NULL, 16);

    return n < DMI_N_HANDLES ? (unsigned)n : DMI_N_HANDLES;
}

static void on_array(struct dmi *d, const struct dmi_block *b)
{
    const char *use = b->values[DMI_USE];

    if (use && !text_starts(use, "System") && b->have_handle &&
        d->n_others < DMI_MAX_ARRAYS)
        d->others[d->n_others++] = b->handle;
}

static bool of_other_array(const struct dmi *d, const struct dmi_block *b)
{
    unsigned array;

    if (!b->values[DMI_ARRAY_HANDLE])
        return false;
    array = dmi_handle(b->values[DMI_ARRAY_HANDLE]);
    for (size_t i = 0; i < d->n_others; i++)
        if (d->others[i] == array)
            return true;
    return false;
}

static void on_device(struct dmi *d, const struct dmi_block *b)
{
    static const char *const none[] = {"flash", "rom", "vram", "video", NULL};
    const char *technology = b->values[DMI_TECHNOLOGY],
               *type = b->values[DMI_TYPE];
    double gib = imp_gib_parse(b->values[DMI_SIZE], 1);

    if (!b->values[DMI_SIZE])
        return; /* of 2001: a slot, of which nothing is said */
    d->devices = true;
    d->host.seen |= 1u << CALC_RAM;
    if (!imp_host_within(
                &d->host, "Size", gib, 4096, "expected 0 to 4096 GiB") ||
        !(gib > 0) || imp_has_any(type, none) || of_other_array(d, b))
        return;
    if (imp_has(technology, "persistent") || imp_has(type, "non-volatile"))
        imp_host_part(
                &d->host, CALC_OTHER, "persistent memory",
                b->values[DMI_SERIAL], 1, gib);
    else
        imp_host_module(
                &d->host, gib, b->values[DMI_PART], b->values[DMI_SERIAL]);
}

/* Type 6 is of the time before type 17, and repeats it where both are. */
static void on_old_module(struct dmi *d, const struct dmi_block *b)
{
    double gib = imp_gib_parse(b->values[DMI_SIZE], 1);

    if (imp_host_within(
                &d->host, "Size", gib, 4096, "expected 0 to 4096 GiB") &&
        gib > 0 && d->n_old < sizeof d->old_gib / sizeof *d->old_gib)
        d->old_gib[d->n_old++] = gib;
}

static void on_supply(struct dmi *d, const struct dmi_block *b)
{
    struct imp_host *h = &d->host;
    const char *status = b->values[DMI_STATUS];
    const char *model = imp_host_text(h, "model", b->values[DMI_PART]);

    if (status && !text_starts(status, "Present"))
        return;
    if (!model)
        model = imp_host_text(h, "name", b->values[DMI_NAME]);
    if (!model && !(imp_number(b->values[DMI_CAPACITY]) > 0))
        return; /* a block that nobody filled in */
    imp_host_psu(h, model, b->values[DMI_SERIAL]);
}

/* Where nobody named the system, old KVM named its BIOS. */
static void on_bios(struct dmi *d, const struct dmi_block *b)
{
    static const char *const guests[] = {"qemu", "bochs", "bhyve", NULL};

    if (b->guest || imp_has_any(b->values[DMI_MAKER], guests))
        d->host.m.is_virtual = 1;
}

void dmi_block_take(struct dmi *d, const struct dmi_block *b)
{
    switch (b->type) {
    case DMI_BIOS:
        on_bios(d, b);
        break;
    case DMI_SYSTEM:
        on_system(d, b);
        break;
    case DMI_BOARD:
        on_board(d, b);
        break;
    case DMI_CHASSIS:
        if (d->host.m.chassis == CALC_CHASSIS_UNKNOWN && b->values[DMI_TYPE])
            d->host.m.chassis = imp_chassis(b->values[DMI_TYPE]);
        break;
    case DMI_PROCESSOR:
        on_processor(d, b);
        break;
    case DMI_OLD_MODULE:
        on_old_module(d, b);
        break;
    case DMI_ARRAY:
        on_array(d, b);
        break;
    case DMI_DEVICE:
        on_device(d, b);
        break;
    case DMI_SUPPLY:
        on_supply(d, b);
        break;
    default:
        break;
    }
}
