/* SPDX-License-Identifier: Apache-2.0
 * The firmware's SMBIOS table as the kernel hands it out, what dmidecode
 * prints: memory modules, processors, power supplies. The bytes are the
 * firmware's and are not trusted. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/text.h"

enum { /* structure types of the SMBIOS specification (DSP0134) */
       TYPE_PROCESSOR = 4,
       TYPE_MODULE = 17,
       TYPE_SUPPLY = 39,
       TYPE_END = 127,
       TEXT = 64,
};

struct item { /* one structure */
    const uint8_t *p;
    size_t len;        /* of the fixed part */
    const char *texts; /* its strings, one after another */
    size_t texts_len;  /* with their NULs, without the last empty one */
};

static unsigned byte_at(const struct item *i, size_t at)
{
    return at < i->len ? i->p[at] : 0;
}

static unsigned word_at(const struct item *i, size_t at)
{
    return byte_at(i, at) | byte_at(i, at + 1) << 8;
}

/* Firmware fills what it does not know with words. */
static bool says_nothing(const char *s)
{
    static const char *const words[] = {"unknown",
                                        "not specified",
                                        "none",
                                        "no dimm",
                                        "not provided",
                                        "nodimm",
                                        "to be filled by o.e.m.",
                                        "undefined",
                                        "empty",
                                        "n/a"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_same(s, words[i]))
            return true;
    return s[strspn(s, "0 .-")] == '\0';
}

/* The string whose number stands at that place; NULL: none. */
static const char *text_at(const struct item *i, size_t at, struct arena *text)
{
    unsigned number = byte_at(i, at);
    const char *p = i->texts, *end = i->texts + i->texts_len;
    char room[TEXT + 1];
    size_t len, n = 0;

    if (number == 0)
        return NULL;
    while (--number && p < end)
        p += strnlen(p, (size_t)(end - p)) + 1;
    if (p >= end)
        return NULL;
    len = strnlen(p, (size_t)(end - p));
    for (size_t k = 0; k < len && n < TEXT; k++)
        if (p[k] >= ' ' && p[k] < 0x7f)
            room[n++] = p[k];
    room[n] = '\0';
    n = text_trim(room, n, room, sizeof room);
    return n == 0 || says_nothing(room) ? NULL : arena_str(text, room);
}

static const char *kind_word(unsigned type)
{
    static const struct {
        unsigned type;
        const char *word;
    } words[] = {
            {0x12, "DDR"},    {0x13, "DDR2"},   {0x14, "DDR2"},
            {0x18, "DDR3"},   {0x19, "FBD2"},   {0x1A, "DDR4"},
            {0x1B, "LPDDR"},  {0x1C, "LPDDR2"}, {0x1D, "LPDDR3"},
            {0x1E, "LPDDR4"}, {0x20, "HBM"},    {0x21, "HBM2"},
            {0x22, "DDR5"},   {0x23, "LPDDR5"}, {0x24, "HBM3"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].type == type)
            return words[i].word;
    return NULL;
}

/* GiB of a module; 0 for an empty slot, NAN unknown. */
static double module_gib(const struct item *i)
{
    unsigned size = word_at(i, 0x0C);

    if (size == 0)
        return 0;
    if (size == 0xFFFF)
        return NAN;
    if (size == 0x7FFF)
        return (double)(word_at(i, 0x1C) | (word_at(i, 0x1E) & 0x7FFF) << 16) /
               1024;
    return (size & 0x8000) ? (double)(size & 0x7FFF) / 1024 / 1024
                           : (double)size / 1024;
}

static void
add_module(const struct item *i, struct arena *text, struct ag_smbios *out)
{
    unsigned type = byte_at(i, 0x12), technology = byte_at(i, 0x28);
    double gib = module_gib(i);
    struct ag_module *m;

    if (type >= 0x08 &&
        type <= 0x0C) /* ROM, flash, EPROM: the firmware's own */
        return;
    out->slots++;
    if (!(gib > 0) || out->n_modules == AG_MAX_MODULES)
        return;
    m = &out->modules[out->n_modules++];
    *m = (struct ag_module){
            .gib = gib,
            .ddr3 = type == 0x18,
            .persistent = technology >= 0x04 && technology <= 0x07,
            .kind = kind_word(type),
            .maker = text_at(i, 0x17, text),
            .serial = text_at(i, 0x18, text),
            .model = text_at(i, 0x1A, text)};
}

static void
add_processor(const struct item *i, struct arena *text, struct ag_smbios *out)
{
    unsigned cores = byte_at(i, 0x23);

    if (byte_at(i, 0x05) != 3 || !(byte_at(i, 0x18) & 0x40)) /* empty socket */
        return;
    if (cores == 0xFF && word_at(i, 0x2A) > 0)
        cores = word_at(i, 0x2A);
    if (out->sockets++ == 0) {
        out->cpu = text_at(i, 0x10, text);
        out->cores = cores > 0 ? (int)cores : -1;
    }
}

static void
add_supply(const struct item *i, struct arena *text, struct ag_smbios *out)
{
    unsigned watts = word_at(i, 0x0C);

    if (!(word_at(i, 0x0E) & 0x02) || out->n_supplies == AG_MAX_SUPPLIES)
        return; /* bay without a supply */
    out->supplies[out->n_supplies++] = (struct ag_supply){
            .maker = text_at(i, 0x07, text),
            .serial = text_at(i, 0x08, text),
            .model = text_at(i, 0x0A, text),
            .max_w = watts == 0 || watts == 0x8000 ? NAN : (double)watts};
}

/* The end of the strings behind a structure: two NULs. 0: cut short. */
static size_t strings_end(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++)
        if (p[i] == 0 && p[i + 1] == 0)
            return i + 2;
    return 0;
}

void ag_smbios_parse(
        const uint8_t *bytes, size_t len, struct arena *text,
        struct ag_smbios *out)
{
    memset(out, 0, sizeof *out);
    out->cores = -1;
    while (len >= 4) {
        struct item i = {.p = bytes, .len = bytes[1]};
        size_t strings;

        if (bytes[0] == TYPE_END)
            return;
        strings = i.len >= 4 && i.len < len
                          ? strings_end(bytes + i.len, len - i.len)
                          : 0;
        if (strings == 0)
            break;
        i.texts = (const char *)bytes + i.len;
        i.texts_len = strings - 1;
        if (bytes[0] == TYPE_MODULE)
            add_module(&i, text, out);
        else if (bytes[0] == TYPE_PROCESSOR)
            add_processor(&i, text, out);
        else if (bytes[0] == TYPE_SUPPLY)
            add_supply(&i, text, out);
        bytes += i.len + strings;
        len -= i.len + strings;
    }
    out->truncated = len > 0;
}

bool ag_smbios_read(
        const char *root, struct arena *text, struct ag_smbios *out,
        struct err *err)
{
    char path[AG_PATH], line[8];
    struct buf b;
    bool ok = false;

    /* The open tells what keeps us out in fewer words than file_read. */
    if (!ag_path(path, "%s/sys/firmware/dmi/tables/DMI", root) ||
        !ag_file_line(path, line, sizeof line, err))
        return false;
    buf_init(&b, AG_SMBIOS_MAX);
    if (file_read(path, AG_SMBIOS_MAX, &b, err)) {
        ag_smbios_parse((const uint8_t *)buf_text(&b), b.len, text, out);
        ok = true;
    }
    buf_clear(&b);
    return ok;
}
