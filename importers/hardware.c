/* SPDX-License-Identifier: Apache-2.0
 * One machine put together: its texts, what it is called, and the settling of
 * what its parts add up to. */
#include "importers/hardware_priv.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"

/* Kinds that an inventory may be silent on: the others are never asked. */
static const uint32_t asked_kinds =
        1u << CALC_CPU | 1u << CALC_GPU | 1u << CALC_RAM | 1u << CALC_HDD |
        1u << CALC_SSD | 1u << CALC_TAPE | 1u << CALC_PSU | 1u << CALC_SCREEN;

void imp_host_open(
        struct imp_host *h, const struct wire_sink *sink, const char *path)
{
    memset(h, 0, sizeof *h);
    h->sink = sink;
    h->file = imp_base_name(path);
    imp_host_begin(h, 0);
}

void imp_host_close(struct imp_host *h)
{
    arena_clear(&h->arena);
}

void imp_host_begin(struct imp_host *h, uint64_t record)
{
    arena_reset(&h->arena);
    h->m = (struct wire_machine){
            .units = 1,
            .category = CALC_OTHER_UNIT,
            .chassis = CALC_CHASSIS_UNKNOWN,
            .acquisition = CALC_ACQUISITION_UNKNOWN,
            .is_virtual = -1,
            .price_eur = NAN,
            .mass_kg = NAN,
            .power_w = NAN,
            .idle_w = NAN,
            .max_w = NAN,
            .energy_kwh_year = NAN,
            .fabrication_kg = NAN,
            .cpu_count = -1,
            .cpu_cores = -1};
    h->record = record;
    h->seen = 0;
    h->n_parts = 0;
    h->too_many = h->controller = false;
    h->bad_what = NULL;
    h->sockets = h->cores = 0;
    h->modules_gib = 0;
    h->visible_gib = NAN;
    h->disks_gb = 0;
    h->n_volumes = 0;
    h->n_note = 0;
    h->note[0] = '\0';
    if (record)
        snprintf(
                h->place, sizeof h->place, "%.180s: record %llu", h->file,
                (unsigned long long)record);
    else
        snprintf(h->place, sizeof h->place, "%.180s", h->file);
}

void imp_host_warn(struct imp_host *h, const char *fmt, ...)
{
    char text[600];
    va_list ap;

    if (!h->sink->warn)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    h->sink->warn(h->sink->ctx, h->place, text);
}

void imp_host_note(struct imp_host *h, const char *fmt, ...)
{
    size_t room = sizeof h->note - h->n_note, at = h->n_note;
    va_list ap;
    int n, sep;

    sep = snprintf(h->note + at, room, "%s", at ? "; " : "");
    if (sep < 0 || (size_t)sep >= room)
        return;
    va_start(ap, fmt);
    n = vsnprintf(h->note + at + (size_t)sep, room - (size_t)sep, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < room - (size_t)sep)
        h->n_note = at + (size_t)sep + (size_t)n;
    else
        h->note[at] = '\0'; /* half a note is none */
}

bool imp_host_refuse(
        struct imp_host *h, const char *column, const char *value,
        const char *reason, struct err *err)
{
    const struct wire_reject reject = {
            .row = h->record ? h->record : 1,
            .file = h->file,
            .column = column,
            .value = value,
            .reason = reason};

    return h->sink->reject(h->sink->ctx, &reject, err);
}

bool imp_host_within(
        struct imp_host *h, const char *what, double value, double max,
        const char *rule)
{
    if (isnan(value) || (value >= 0 && value <= max))
        return true;
    if (!h->bad_what) {
        h->bad_what = what;
        h->bad_value = value;
        h->bad_rule = rule;
    }
    return false;
}

int imp_host_cores(struct imp_host *h, double cores)
{
    return imp_host_within(h, "cores", cores, 4096, "expected 0 to 4096") &&
                           cores >= 1
                   ? (int)cores
                   : -1;
}

static bool refuse_bad(struct imp_host *h, struct err *err)
{
    char value[NUM_TEXT];

    return imp_host_refuse(
            h, h->bad_what, num_print(h->bad_value, value), h->bad_rule, err);
}

/* ---- texts -------------------------------------------------------------- */

/* Blanks made single, control characters made blanks; returns the length. */
static size_t squeeze(char *s)
{
    char *to = s;

    for (const char *from = s; *from; from++) {
        unsigned char c = (unsigned char)*from;
        bool blank = c <= ' ' || c == 0x7F;

        if (!blank)
            *to++ = (char)c;
        else if (to > s && to[-1] != ' ')
            *to++ = ' ';
    }
    *to = '\0';
    return (size_t)(to - s);
}

/* Text of a tool that knows no encoding: what is not UTF-8 is windows-1252. */
static char *as_utf8(struct imp_host *h, const char *s, size_t len)
{
    struct buf b;
    char *out;

    if (text_utf8_ok(s, len))
        return arena_strn(&h->arena, s, len);
    buf_init(&b, 3 * len + 1);
    text_from_cp1252(s, len, &b);
    out = arena_strn(&h->arena, buf_text(&b), b.len);
    buf_clear(&b);
    return out;
}

const char *imp_host_text(struct imp_host *h, const char *what, const char *s)
{
    size_t len = s ? strlen(s) : 0;
    size_t start = text_blank_start(s ? s : "", len);
    char *copy;

    len = text_blank_end(s ? s : "", len);
    if (len <= start)
        return NULL;
    if (len - start > (size_t)4 * WIRE_MAX_TEXT) {
        imp_host_warn(h, "%s is longer than 200 characters, left out", what);
        return NULL;
    }
    copy = as_utf8(h, s + start, len - start);
    len = text_blank_end(copy, squeeze(copy));
    copy[len] = '\0';
    if (len == 0 || wire_placeholder(copy))
        return NULL;
    if (imp_text_chars(copy) > WIRE_MAX_TEXT) {
        imp_host_warn(h, "%s is longer than 200 characters, left out", what);
        return NULL;
    }
    return copy;
}

const char *imp_host_file_name(struct imp_host *h)
{
    const char *dot = strrchr(h->file, '.');
    size_t len =
            dot && dot > h->file ? (size_t)(dot - h->file) : strlen(h->file);

    if (strcmp(h->file, imp_base_name("-")) == 0)
        return NULL; /* standard input names no machine */
    return imp_host_text(
            h, "the file's name", arena_strn(&h->arena, h->file, len));
}

/* ---- settling ----------------------------------------------------------- */

/* To the sizes that are sold, but a guest gets any amount. Which of them it is
 * may stand behind its modules in the file. */
static void settle_modules(struct imp_host *h)
{
    double sum = 0;

    if (h->m.is_virtual == 1)
        return;
    for (size_t i = 0; i < h->n_parts; i++) {
        struct wire_part *p = &h->parts[i];
        double gib = p->capacity, snapped = imp_module_snap(gib);

        if (p->kind != CALC_RAM)
            continue;
        /* 32767 MiB is how SMBIOS 2.6 says 32 GiB */
        if (fabs(snapped - gib) > 0.002 * gib)
            imp_host_warn(
                    h, "a module of %.4g GiB is not sold, taken as %g GiB", gib,
                    snapped);
        else if (!imp_module_plausible(snapped))
            imp_host_warn(
                    h, "a module of %.4g GiB is not sold, kept as read", gib);
        p->capacity = snapped;
        sum += snapped * p->units;
    }
    h->modules_gib = sum;
}

static void settle_memory(struct imp_host *h)
{
    double visible = h->visible_gib, likely;

    if (h->modules_gib > 0) {
        if (visible > 1.05 * h->modules_gib)
            imp_host_warn(
                    h,
                    "modules make %.4g GiB but the system sees %.4g, the "
                    "modules are taken",
                    h->modules_gib, visible);
        return;
    }
    if (!(visible > 0) || visible > 1e6)
        return;
    imp_host_part(h, CALC_RAM, NULL, NULL, 1, visible);
    h->parts[h->n_parts - 1].total = true;
    likely = imp_memory_sum(visible);
    if (fabs(likely - visible) > 1e-6 * visible) {
        imp_host_warn(
                h,
                "no memory module is listed, %.4g GiB is what the system sees; "
                "%.4g GiB is likely installed",
                visible, likely);
        imp_host_note(
                h, "memory as the system sees it, likely %.4g GiB", likely);
    }
}

static bool has_kind(const struct imp_host *h, enum calc_kind kind)
{
    for (size_t i = 0; i < h->n_parts; i++)
        if (h->parts[i].kind == kind)
            return true;
    return false;
}

static void settle_disks(struct imp_host *h)
{
    const uint32_t both = 1u << CALC_HDD | 1u << CALC_SSD;

    imp_host_settle_volumes(h);
    /* Disks of one kind seen: there are none of the other. */
    if (h->seen & both)
        h->seen |= both;
    if (h->controller && !has_kind(h, CALC_HDD) && !has_kind(h, CALC_SSD)) {
        h->seen &= ~both;
        imp_host_warn(
                h, "a RAID controller and no disk: disks hidden behind a "
                   "controller, their number is unknown");
        imp_host_note(h, "disks hidden behind a controller");
    }
}

static bool is_server_cpu(const struct imp_host *h)
{
    static const char *const words[] = {
            "xeon",    "epyc",     "opteron",  "power8",  "power9",
            "power10", "altra",    "thunderx", "itanium", "sparc",
            "kunpeng", "graviton", "grace",    NULL};

    for (size_t i = 0; i < h->n_parts; i++)
        if (h->parts[i].kind == CALC_CPU &&
            imp_has_any(h->parts[i].model, words))
            return true;
    return h->sockets > 1;
}

/* [D] A computer of unknown case is a server by its processors, else a
 * desktop; a desktop of several sockets is a server that stands. The case of a
 * guest is made up: Hyper-V says "Desktop". */
static void settle_category(struct imp_host *h)
{
    struct wire_machine *m = &h->m;
    bool cards = has_kind(h, CALC_GPU);

    if (m->has_category)
        return;
    m->category = imp_category(
            m->is_virtual == 1 ? CALC_CHASSIS_UNKNOWN : m->chassis, m->product,
            cards);
    if (m->category == CALC_DESKTOP && h->sockets > 1)
        m->category = CALC_SERVER;
    if (m->category == CALC_OTHER_UNIT && h->sockets > 0 && !m->partial) {
        m->category = CALC_DESKTOP;
        if (m->is_virtual == 1 || is_server_cpu(h))
            m->category =
                    cards && m->is_virtual != 1 ? CALC_GPU_NODE : CALC_SERVER;
    }
    m->has_category = m->category != CALC_OTHER_UNIT;
}

static void settle_virtual(struct imp_host *h)
{
    struct wire_machine *m = &h->m;

    if (m->is_virtual >= 0)
        return;
    if (imp_is_virtual(m->manufacturer, m->product))
        m->is_virtual = 1;
    else if (m->manufacturer || m->product)
        m->is_virtual = 0;
}

bool imp_host_deliver(struct imp_host *h, struct err *err)
{
    struct wire_machine *m = &h->m;

    settle_virtual(h);
    settle_modules(h);
    settle_memory(h);
    settle_disks(h);
    settle_category(h);
    if (h->bad_what)
        return refuse_bad(h, err);
    if (h->too_many)
        return imp_host_refuse(
                h, "parts", NULL,
                "more than 512 kinds of parts, expected one machine", err);
    if (h->sockets > 0) {
        m->cpu_count = h->sockets;
        m->cpu_cores = h->cores > 0 ? h->cores : -1;
    }
    if (!m->name && !m->serial && !m->uuid && !m->tag)
        m->name = imp_host_file_name(h);
    h->seen &= ~(1u << CALC_RAM); /* empty slots: no machine is without */
    for (size_t i = 0; i < h->n_parts; i++)
        h->seen |= 1u << h->parts[i].kind;
    m->unknown_kinds = asked_kinds & ~h->seen;
    m->parts = h->parts;
    m->n_parts = h->n_parts;
    if (h->n_note)
        m->note = h->note;
    m->place = h->place;
    return h->sink->machine(h->sink->ctx, m, err);
}
