/* SPDX-License-Identifier: Apache-2.0
 * dmidecode's text: the tables that the firmware keeps of a machine. Blocks of
 * "Key: value" lines; the oldest versions put "DMI type" on a line of its own,
 * ports to Windows indent with blanks, -q leaves the handles out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/dmidecode_priv.h"

enum {
    NO_TYPE = -1,
    BIOS = 0,
    SYSTEM = 1,
    BOARD = 2,
    CHASSIS = 3,
    PROCESSOR = 4,
    OLD_MODULE = 6,
    ARRAY = 16,
    DEVICE = 17,
    SUPPLY = 39,
    N_HANDLES = 65536,
    MAX_ARRAYS = 64, /* memory arrays that are not main memory */
    MAX_BLOCKS = 20000,
    MAX_VALUE = 300,
};

/* The keys that are read, of any block. */
enum key {
    MAKER,
    PRODUCT,
    SERIAL,
    UUID,
    TYPE,
    FAMILY,
    VERSION,
    STATUS,
    CORES,
    SIZE,
    PART,
    USE,
    ARRAY_HANDLE,
    TECHNOLOGY,
    NAME,
    CAPACITY,
    SPEED,
    N_KEYS
};

static const struct {
    const char *word; /* as text_key writes it */
    enum key key;
} key_words[] = {
        {"manufacturer", MAKER},
        {"vendor", MAKER}, /* 2001 */
        {"processor_manufacturer", MAKER},
        {"product_name", PRODUCT},
        {"product", PRODUCT},
        {"serial_number", SERIAL},
        {"uuid", UUID},
        {"type", TYPE},
        {"processor_type", TYPE},
        {"chassis_type", TYPE},
        {"family", FAMILY},
        {"processor_family", FAMILY},
        {"version", VERSION},
        {"processor_version", VERSION},
        {"status", STATUS},
        {"core_count", CORES},
        {"size", SIZE},
        {"installed_size", SIZE},
        {"part_number", PART},
        {"model_part_number", PART}, /* of supplies */
        {"use", USE},
        {"array_handle", ARRAY_HANDLE},
        {"memory_technology", TECHNOLOGY},
        {"name", NAME},
        {"max_power_capacity", CAPACITY},
        {"current_speed", SPEED},
};

struct block {
    int type;
    bool have_handle;
    bool guest; /* of the characteristics of a BIOS */
    unsigned handle;
    const char *values[N_KEYS]; /* NULL none */
};

struct dmi {
    struct imp_host host;
    struct imp_lines lines;
    struct arena arena;   /* texts of the dump being read */
    struct block *blocks; /* of the dump being read */
    size_t n_blocks;
    bool open;            /* the last block takes further lines */
    bool any;             /* a block of any dump */
    unsigned stated, met; /* structures of the dump: announced, and there */
    /* the machine */
    unsigned char handles[N_HANDLES / 8]; /* met already */
    unsigned others[MAX_ARRAYS]; /* arrays of flash, cache or video memory */
    size_t n_others;
    bool system, devices; /* types 1 and 17 were met */
    double old_gib[64];   /* type 6 */
    size_t n_old;
    char uuid[MAX_VALUE], serial[MAX_VALUE];
};

static const char *or_nothing(const char *s)
{
    return s ? s : "";
}

/* ---- blocks ------------------------------------------------------------- */

/* A text where there is none yet, or in its place. */
static void
take(struct imp_host *h, const char **to, const char *what, const char *text,
     bool replace)
{
    const char *value = *to && !replace ? NULL : imp_host_text(h, what, text);

    if (value)
        *to = value;
}

static void on_system(struct dmi *d, const struct block *b)
{
    struct imp_host *h = &d->host;

    if (d->system)
        return; /* the first one wins */
    d->system = true;
    snprintf(d->uuid, sizeof d->uuid, "%s", or_nothing(b->values[UUID]));
    snprintf(d->serial, sizeof d->serial, "%s", or_nothing(b->values[SERIAL]));
    take(h, &h->m.manufacturer, "manufacturer", b->values[MAKER], true);
    take(h, &h->m.product, "product", b->values[PRODUCT], true);
    take(h, &h->m.serial, "serial", b->values[SERIAL], true);
    h->m.uuid = imp_host_text(h, "uuid", b->values[UUID]);
    if (imp_is_virtual(h->m.manufacturer, h->m.product))
        h->m.is_virtual = 1;
}

/* The board speaks for a system that nobody filled in. */
static void on_board(struct dmi *d, const struct block *b)
{
    struct imp_host *h = &d->host;

    take(h, &h->m.manufacturer, "manufacturer", b->values[MAKER], false);
    take(h, &h->m.product, "product", b->values[PRODUCT], false);
    take(h, &h->m.serial, "serial", b->values[SERIAL], false);
}

/* "Populated, Idle" is there, "Populated, Disabled By BIOS" is not. Without a
 * status (2001) a socket with a name is filled. */
static bool socket_filled(struct imp_host *h, const struct block *b)
{
    const char *status = b->values[STATUS], *type = b->values[TYPE];

    if (type && !text_starts(type, "Central") && !imp_has(type, "unknown") &&
        !imp_has(type, "<"))
        return false; /* a mathematical or video processor */
    if (status)
        return text_starts(status, "Populated") && !imp_has(status, "disabled");
    return imp_host_text(h, "version", b->values[VERSION]) || /* not 0000 */
           (b->values[FAMILY] && !imp_has(b->values[FAMILY], "unknown"));
}

/* The family where the version names nothing. */
static const char *cpu_model(struct imp_host *h, const struct block *b)
{
    const char *version = imp_host_text(h, "version", b->values[VERSION]);
    const char *family;

    if (version && !imp_has(version, "<out of spec>") && imp_names_cpu(version))
        return version;
    family = imp_host_text(h, "family", b->values[FAMILY]);
    return family && !imp_has(family, "other") && !imp_has(family, "<") ? family
                                                                        : NULL;
}

static void on_processor(struct dmi *d, const struct block *b)
{
    double cores = imp_number(b->values[CORES]);

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

static unsigned handle_number(const char *text)
{
    unsigned long n = strtoul(text, NULL, 16);

    return n < N_HANDLES ? (unsigned)n : N_HANDLES;
}

static void on_array(struct dmi *d, const struct block *b)
{
    const char *use = b->values[USE];

    if (use && !text_starts(use, "System") && b->have_handle &&
        d->n_others < MAX_ARRAYS)
        d->others[d->n_others++] = b->handle;
}

static bool of_other_array(const struct dmi *d, const struct block *b)
{
    unsigned array;

    if (!b->values[ARRAY_HANDLE])
        return false;
    array = handle_number(b->values[ARRAY_HANDLE]);
    for (size_t i = 0; i < d->n_others; i++)
        if (d->others[i] == array)
            return true;
    return false;
}

static void on_device(struct dmi *d, const struct block *b)
{
    static const char *const none[] = {"flash", "rom", "vram", "video", NULL};
    const char *technology = b->values[TECHNOLOGY], *type = b->values[TYPE];
    double gib = imp_gib_parse(b->values[SIZE], 1);

    if (!b->values[SIZE])
        return; /* of 2001: a slot, of which nothing is said */
    d->devices = true;
    d->host.seen |= 1u << CALC_RAM;
    if (!imp_host_within(
                &d->host, "Size", gib, 4096, "expected 0 to 4096 GiB") ||
        !(gib > 0) || imp_has_any(type, none) || of_other_array(d, b))
        return;
    if (imp_has(technology, "persistent") || imp_has(type, "non-volatile"))
        imp_host_part(
                &d->host, CALC_OTHER, "persistent memory", b->values[SERIAL], 1,
                gib);
    else
        imp_host_module(&d->host, gib, b->values[PART], b->values[SERIAL]);
}

/* Type 6 is of the time before type 17, and repeats it where both are. */
static void on_old_module(struct dmi *d, const struct block *b)
{
    double gib = imp_gib_parse(b->values[SIZE], 1);

    if (imp_host_within(
                &d->host, "Size", gib, 4096, "expected 0 to 4096 GiB") &&
        gib > 0 && d->n_old < sizeof d->old_gib / sizeof *d->old_gib)
        d->old_gib[d->n_old++] = gib;
}

static void on_supply(struct dmi *d, const struct block *b)
{
    struct imp_host *h = &d->host;
    const char *status = b->values[STATUS];
    const char *model = imp_host_text(h, "model", b->values[PART]);

    if (status && !text_starts(status, "Present"))
        return;
    if (!model)
        model = imp_host_text(h, "name", b->values[NAME]);
    if (!model && !(imp_number(b->values[CAPACITY]) > 0))
        return; /* a block that nobody filled in */
    imp_host_psu(h, model, b->values[SERIAL]);
}

/* Where nobody named the system, old KVM named its BIOS. */
static void on_bios(struct dmi *d, const struct block *b)
{
    static const char *const guests[] = {"qemu", "bochs", "bhyve", NULL};

    if (b->guest || imp_has_any(b->values[MAKER], guests))
        d->host.m.is_virtual = 1;
}

static void on_block(struct dmi *d, const struct block *b)
{
    switch (b->type) {
    case BIOS:
        on_bios(d, b);
        break;
    case SYSTEM:
        on_system(d, b);
        break;
    case BOARD:
        on_board(d, b);
        break;
    case CHASSIS:
        if (d->host.m.chassis == CALC_CHASSIS_UNKNOWN && b->values[TYPE])
            d->host.m.chassis = imp_chassis(b->values[TYPE]);
        break;
    case PROCESSOR:
        on_processor(d, b);
        break;
    case OLD_MODULE:
        on_old_module(d, b);
        break;
    case ARRAY:
        on_array(d, b);
        break;
    case DEVICE:
        on_device(d, b);
        break;
    case SUPPLY:
        on_supply(d, b);
        break;
    default:
        break;
    }
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
        const struct block *b = &d->blocks[i];

        if (b->type == SYSTEM)
            return !same(d->uuid, b->values[UUID]) ||
                   !same(d->serial, b->values[SERIAL]);
    }
    return false;
}

/* Whether a dump before has a block of that handle already: firmware may well
 * give one handle twice in a table. */
static bool met(const struct dmi *d, const struct block *b)
{
    return b->have_handle && d->handles[b->handle / 8] >> b->handle % 8 & 1;
}

static void mark(struct dmi *d, const struct block *b)
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
            on_block(d, &d->blocks[i]);
    for (size_t i = 0; i < d->n_blocks; i++)
        mark(d, &d->blocks[i]);
    d->n_blocks = 0;
    arena_reset(&d->arena);
    return true;
}

static bool new_block(struct dmi *d, int type, struct err *err)
{
    if (d->n_blocks == MAX_BLOCKS)
        return err_set(
                err, ERR_LIMIT, "more than %d tables in one dump",
                (int)MAX_BLOCKS);
    d->blocks = xreallocarray(d->blocks, d->n_blocks + 1, sizeof *d->blocks);
    d->blocks[d->n_blocks++] = (struct block){.type = type};
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
            {"BIOS Information", BIOS},
            {"System Information", SYSTEM},
            {"Base Board Information", BOARD},
            {"Board Information", BOARD},
            {"Chassis Information", CHASSIS},
            {"Processor Information", PROCESSOR},
            {"Memory Module Information", OLD_MODULE},
            {"Physical Memory Array", ARRAY},
            {"Memory Device", DEVICE},
            {"System Power Supply", SUPPLY},
    };

    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (text_same(title, titles[i].title))
            return titles[i].type;
    return NO_TYPE;
}

/* "DMI type 17, 84 bytes" anywhere in the line. */
static bool dmi_type(const char *line, int *type)
{
    const char *at = strstr(line, "DMI type ");
    double number;

    if (!at)
        return false;
    number = imp_number(at + 9);
    *type = number >= 0 && number <= 255 ? (int)number : NO_TYPE;
    return true;
}

static bool on_handle(struct dmi *d, const char *line, struct err *err)
{
    int type = NO_TYPE;
    struct block *b;

    dmi_type(line, &type);
    if (!new_block(d, type, err))
        return false;
    b = &d->blocks[d->n_blocks - 1];
    d->met++;
    b->handle = handle_number(line + 7);
    b->have_handle = b->handle < N_HANDLES;
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
    return type == NO_TYPE || new_block(d, type, err);
}

static void on_pair(struct dmi *d, const char *line, const char *colon)
{
    struct block *b = &d->blocks[d->n_blocks - 1];
    char key[48];
    const char *from = colon + 1;
    size_t n = strlen(from), start = text_blank_start(from, n);

    n = text_blank_end(from, n);
    if (n <= start || n - start >= MAX_VALUE)
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
