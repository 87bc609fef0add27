/* SPDX-License-Identifier: Apache-2.0
 * dmidecode's text: the tables that the firmware keeps of a machine. Blocks of
 * "Key: value" lines; the oldest versions put "DMI type" on a line of its own,
 * ports to Windows indent with blanks, -q leaves the handles out. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/dmidecode_blocks.h"

static const struct {
    const char *word; /* as text_key writes it */
    enum dmi_key key;
} key_words[] = {
        {"manufacturer", DMI_MAKER},
        {"vendor", DMI_MAKER}, /* 2001 */
        {"processor_manufacturer", DMI_MAKER},
        {"product_name", DMI_PRODUCT},
        {"product", DMI_PRODUCT},
        {"serial_number", DMI_SERIAL},
        {"uuid", DMI_UUID},
        {"type", DMI_TYPE},
        {"processor_type", DMI_TYPE},
        {"chassis_type", DMI_TYPE},
        {"family", DMI_FAMILY},
        {"processor_family", DMI_FAMILY},
        {"version", DMI_VERSION},
        {"processor_version", DMI_VERSION},
        {"status", DMI_STATUS},
        {"core_count", DMI_CORES},
        {"size", DMI_SIZE},
        {"installed_size", DMI_SIZE},
        {"part_number", DMI_PART},
        {"model_part_number", DMI_PART}, /* of supplies */
        {"use", DMI_USE},
        {"array_handle", DMI_ARRAY_HANDLE},
        {"memory_technology", DMI_TECHNOLOGY},
        {"name", DMI_NAME},
        {"max_power_capacity", DMI_CAPACITY},
        {"current_speed", DMI_SPEED},
};

static const char *or_nothing(const char *s)
{
    return s ? s : "";
}

/* ---- machines ----------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return strcmp(a, or_nothing(b)) == 0;
}

/* A file may hold the dumps of several machines, or one machine's dump cut
 * into calls of one type each: another system is another machine. */
static bool is_another(const struct dmi *d)
{
    for (size_t i = 0; i < d->n_blocks && d->system; i++) {
        const struct dmi_block *b = &d->blocks[i];

        if (b->type == DMI_SYSTEM)
            return !same(d->uuid, b->values[DMI_UUID]) ||
                   !same(d->serial, b->values[DMI_SERIAL]);
    }
    return false;
}

/* Whether a dump before has a block of that handle already: firmware may well
 * give one handle twice in a table. */
static bool met(const struct dmi *d, const struct dmi_block *b)
{
    return b->have_handle && d->handles[b->handle / 8] >> b->handle % 8 & 1;
}

static void mark(struct dmi *d, const struct dmi_block *b)
{
    if (b->have_handle)
        d->handles[b->handle / 8] |= (unsigned char)(1u << b->handle % 8);
}

/* "78 structures occupying 4096 bytes": a dump with fewer was cut, by somebody
 * or, inside a line, by what was to write it. */
static bool whole_dump(struct dmi *d, struct err *err)
{
    unsigned stated = d->stated, met = d->met;

    d->stated = d->met = 0;
    if (met >= stated)
        return true;
    if (d->lines.open_end)
        return err_set(
                err, ERR_INVALID,
                "the text ends after %u of %u structures: it was cut short",
                met, stated);
    imp_host_warn(
            &d->host, "%u of %u structures are there, the others are left out",
            met, stated);
    return true;
}

static bool end_dump(struct dmi *d, struct err *err)
{
    d->open = false;
    if (!whole_dump(d, err))
        return false;
    if (is_another(d)) {
        if (!dmi_deliver(d, err))
            return false;
        imp_host_begin(&d->host, d->host.record ? d->host.record + 1 : 2);
        memset(d->handles, 0, sizeof d->handles);
        d->n_others = d->n_old = 0;
        d->system = d->devices = false;
    }
    for (size_t i = 0; i < d->n_blocks; i++)
        if (!met(d, &d->blocks[i]))
            dmi_block_take(d, &d->blocks[i]);
    for (size_t i = 0; i < d->n_blocks; i++)
        mark(d, &d->blocks[i]);
    d->n_blocks = 0;
    arena_reset(&d->arena);
    return true;
}

static bool new_block(struct dmi *d, int type, struct err *err)
{
    if (d->n_blocks == DMI_MAX_BLOCKS)
        return err_set(
                err, ERR_LIMIT, "more than %d tables in one dump",
                (int)DMI_MAX_BLOCKS);
    d->blocks = xreallocarray(d->blocks, d->n_blocks + 1, sizeof *d->blocks);
    d->blocks[d->n_blocks++] = (struct dmi_block){.type = type};
    d->open = d->any = true;
    return true;
}

/* ---- lines -------------------------------------------------------------- */

static int type_of_title(const char *title)
{
    static const struct {
        const char *title;
        int type;
    } titles[] = {
            {"BIOS Information", DMI_BIOS},
            {"System Information", DMI_SYSTEM},
            {"Base Board Information", DMI_BOARD},
            {"Board Information", DMI_BOARD},
            {"Chassis Information", DMI_CHASSIS},
            {"Processor Information", DMI_PROCESSOR},
            {"Memory Module Information", DMI_OLD_MODULE},
            {"Physical Memory Array", DMI_ARRAY},
            {"Memory Device", DMI_DEVICE},
            {"System Power Supply", DMI_SUPPLY},
    };

    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (text_same(title, titles[i].title))
            return titles[i].type;
    return DMI_NO_TYPE;
}

/* "DMI type 17, 84 bytes" anywhere in the line. */
static bool dmi_type(const char *line, int *type)
{
    const char *at = strstr(line, "DMI type ");
    double number;

    if (!at)
        return false;
    number = imp_number(at + 9);
    *type = number >= 0 && number <= 255 ? (int)number : DMI_NO_TYPE;
    return true;
}

static bool on_handle(struct dmi *d, const char *line, struct err *err)
{
    int type = DMI_NO_TYPE;
    struct dmi_block *b;

    dmi_type(line, &type);
    if (!new_block(d, type, err))
        return false;
    b = &d->blocks[d->n_blocks - 1];
    d->met++;
    b->handle = dmi_handle(line + 7);
    b->have_handle = b->handle < DMI_N_HANDLES;
    return true;
}

/* With -q no handle comes before it. */
static bool on_title(struct dmi *d, const char *text, struct err *err)
{
    char title[60];
    int type;

    if (d->open && d->blocks[d->n_blocks - 1].have_handle)
        return true;
    text_trim(text, strlen(text), title, sizeof title);
    type = type_of_title(title);
    d->open = false;
    return type == DMI_NO_TYPE || new_block(d, type, err);
}

static void on_pair(struct dmi *d, const char *line, const char *colon)
{
    struct dmi_block *b = &d->blocks[d->n_blocks - 1];
    char key[48];
    const char *from = colon + 1;
    size_t n = strlen(from), start = text_blank_start(from, n);

    n = text_blank_end(from, n);
    if (n <= start || n - start >= DMI_MAX_VALUE)
        return;
    text_key(line, (size_t)(colon - line), key, sizeof key);
    for (size_t i = 0; i < sizeof key_words / sizeof *key_words; i++) {
        const char **to = &b->values[key_words[i].key];

        if (!*to && strcmp(key, key_words[i].word) == 0) {
            *to = arena_strn(&d->arena, from + start, n - start);
            return;
        }
    }
}

static bool on_line(struct dmi *d, const char *line, struct err *err)
{
    size_t n = strlen(line), start = text_blank_start(line, n);
    const char *text = line + start, *colon = strchr(text, ':');
    int type;

    if (start >= n)
        return true;
    if (text_starts(text, "# dmidecode"))
        return end_dump(d, err);
    if (text_starts(text, "Handle 0x"))
        return on_handle(d, text, err);
    if (strstr(text, " structures occupying "))
        d->stated = (unsigned)strtoul(text, NULL, 10);
    else if (text_starts(text, "Wrong DMI structures"))
        d->stated = 0; /* the firmware announced too many */
    if (start == 0 && !colon)
        return on_title(d, text, err);
    if (!d->open)
        return true;
    if (dmi_type(text, &type))
        d->blocks[d->n_blocks - 1].type = type;
    else if (colon)
        on_pair(d, text, colon);
    else if (text_starts(text, "System is a virtual machine"))
        d->blocks[d->n_blocks - 1].guest = true;
    return true;
}

static bool all_lines(struct dmi *d, struct err *err)
{
    const char *line;

    for (;;) {
        if (!imp_lines_next(&d->lines, &line, err))
            return false;
        if (!line)
            return end_dump(d, err);
        if (!on_line(d, line, err))
            return false;
    }
}

struct dmi *dmi_new(const struct wire_sink *sink, const char *path)
{
    struct dmi *d = xcalloc(1, sizeof *d);

    imp_host_open(&d->host, sink, path);
    return d;
}

void dmi_free(struct dmi *d)
{
    arena_clear(&d->arena);
    free(d->blocks);
    imp_host_close(&d->host);
    free(d);
}

struct imp_host *dmi_host(struct dmi *d)
{
    return &d->host;
}

bool dmi_parse(struct dmi *d, FILE *in, struct err *err)
{
    bool ok;

    imp_lines_open(&d->lines, in);
    ok = all_lines(d, err);
    imp_lines_close(&d->lines);
    if (ok && !d->any)
        ok = err_set(
                err, ERR_INVALID,
                "no table of dmidecode, expected blocks that start with "
                "Handle; run dmidecode as root");
    return ok;
}

bool dmi_deliver(struct dmi *d, struct err *err)
{
    d->host.m.partial = !d->system; /* as of dmidecode -t memory */
    if (!d->devices)
        for (size_t i = 0; i < d->n_old; i++)
            imp_host_module(&d->host, d->old_gib[i], NULL, NULL);
    return imp_host_deliver(&d->host, err);
}

static bool
dmi_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct dmi *d = dmi_new(sink, path);
    FILE *in = NULL;
    bool ok = false;

    if (!file_open(path, &in, err))
        goto done;
    if (dmi_parse(d, in, err))
        ok = dmi_deliver(d, err);
    else
        err_in(err, "%s", d->host.file);
    if (in != stdin)
        fclose(in);
done:
    dmi_free(d);
    return ok;
}

static int dmi_recognise(const char *head, size_t len, const char *file_name)
{
    static const struct {
        const char *title, *key;
    } quiet[] = {
            {"System Information", "Wake-up Type:"},
            {"Base Board Information", "Manufacturer:"},
            {"Processor Information", "Socket Designation:"},
            {"Memory Device", "Array Handle:"},
            {"Memory Device", "Form Factor:"}};
    char first = imp_head_first(head, len);

    (void)file_name;
    if (first == '{' || first == '[' || first == '<')
        return 0;
    if (imp_head_has(head, len, "# dmidecode "))
        return 95;
    if (imp_head_has(head, len, "Handle 0x") &&
        imp_head_has(head, len, "DMI type "))
        return 90;
    /* dmidecode -q leaves out the handles; -t what else was not asked for */
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
        if (imp_head_has(head, len, quiet[i].title) &&
            imp_head_has(head, len, quiet[i].key))
            return 60;
    return 0;
}

const struct imp_format imp_dmidecode = {
        .name = "dmidecode",
        .what = "dmidecode's text: processors, memory modules, supplies",
        .recognise = dmi_recognise,
        .read = dmi_read,
};
