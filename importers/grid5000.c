/* SPDX-License-Identifier: Apache-2.0
 * Grid'5000 reference API: node files, answers with items[], folder trees. */
#include "importers/importers_priv.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/grid5000_priv.h"
#include "wire/wire.h"

static const char *text_member(struct g5k *g, const cJSON *obj, const char *key)
{
    return g5k_text(g, cJSON_GetObjectItemCaseSensitive(obj, key));
}

/* A string as it is, a number as it reads: versions and serials are both. */
const char *g5k_text(struct g5k *g, const cJSON *item)
{
    char num[NUM_TEXT];

    if (cJSON_IsString(item))
        return item->valuestring[0] ? item->valuestring : NULL;
    if (cJSON_IsNumber(item))
        return arena_str(&g->arena, num_print(item->valuedouble, num));
    return NULL;
}

double g5k_number(struct g5k *g, const cJSON *obj, const char *key, double max)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(obj, key);
    double v = cJSON_IsNumber(item) ? item->valuedouble : NAN;

    if (!(v < 0 || v > max))
        return v;
    if (!g->bad_key) {
        g->bad_key = key;
        g->bad_value = v;
    }
    return NAN;
}

void g5k_warn(struct g5k *g, const char *fmt, ...)
{
    char text[400];
    va_list ap;

    if (!g->sink->warn)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    g->sink->warn(g->sink->ctx, g->place, text);
}

/* Dates of the chassis; 1970-01-01 stands for not known. */
static void read_date(
        struct g5k *g, const cJSON *chassis, const char *key, struct date *out)
{
    const char *s = text_member(g, chassis, key);
    struct date d;

    if (!s)
        return;
    if (!date_parse(s, strlen(s), &d, NULL)) {
        g5k_warn(g, "%s '%.40s' is not a date, taken as unknown", key, s);
        return;
    }
    if (d.year == 1970 && d.month <= 1 && d.day <= 1)
        return;
    *out = d;
}

static int read_count(struct g5k *g, const cJSON *obj, const char *key, int max)
{
    double v = g5k_number(g, obj, key, max);

    return v >= 1.0 && v <= max && floor(v) >= v ? (int)v : -1;
}

/* POWER8 is of version 1.0, which is a revision of the chip; AMD sold an
 * Opteron 250. */
static bool is_revision(const cJSON *version)
{
    return cJSON_IsNumber(version) && version->valuedouble < 10;
}

/* "Intel Xeon" + "E5-2620 v4"; versions may be numbers or "Unknown". A node
 * that is still to be described has "Unknown" for its model. */
static const char *cpu_name(struct g5k *g, const cJSON *cpu)
{
    const char *model = text_member(g, cpu, "model");
    const char *version = text_member(g, cpu, "version");
    char *name, *to;

    if (version && (text_same(version, "unknown") ||
                    (model && is_revision(cJSON_GetObjectItemCaseSensitive(
                                      cpu, "version")))))
        version = NULL;
    if (model && wire_placeholder(model))
        return NULL;
    if (!model && !version)
        return text_member(g, cpu, "other_description");
    name = arena_printf(
            &g->arena, "%s%s%s", model ? model : "",
            model && version ? " " : "", version ? version : "");
    to = name;
    for (const char *from = name; *from; from++)
        if (*from != ' ' || (to > name && to[-1] != ' '))
            *to++ = *from;
    *to = '\0';
    return name;
}

static void read_cpu(struct g5k *g, const cJSON *node, struct wire_machine *m)
{
    const cJSON *arch = cJSON_GetObjectItemCaseSensitive(node, "architecture");
    const cJSON *cpu = cJSON_GetObjectItemCaseSensitive(node, "processor");
    struct wire_part *part;

    m->cpu_count = read_count(g, arch, "nb_procs", WIRE_MAX_SOCKETS);
    m->cpu_cores = read_count(g, arch, "nb_cores", WIRE_MAX_CORES);
    if (m->cpu_count < 0 && m->cpu_cores < 0) { /* so named before 2017 */
        m->cpu_count = read_count(g, arch, "smp_size", WIRE_MAX_SOCKETS);
        m->cpu_cores = read_count(g, arch, "smt_size", WIRE_MAX_CORES);
    }
    if (m->cpu_count < 0 && !cpu) {
        m->unknown_kinds |= 1u << CALC_CPU;
        return;
    }
    part = g5k_part(g, CALC_CPU);
    if (!part)
        return;
    part->model = cpu_name(g, cpu);
    part->units = m->cpu_count > 0 ? (uint32_t)m->cpu_count : 1;
    if (m->cpu_count > 0 && m->cpu_cores > 0 &&
        m->cpu_cores % m->cpu_count == 0)
        part->cores = m->cpu_cores / m->cpu_count;
}

/* The site from the links of an API answer: "/3.0/sites/lyon/clusters/...". */
static const char *site_of_links(struct g5k *g, const cJSON *node)
{
    const cJSON *link, *links = cJSON_GetObjectItemCaseSensitive(node, "links");

    cJSON_ArrayForEach(link, links)
    {
        const cJSON *href = cJSON_GetObjectItemCaseSensitive(link, "href");
        const char *at = cJSON_IsString(href)
                                 ? strstr(href->valuestring, "/sites/")
                                 : NULL;
        size_t n = at ? strcspn(at + 7, "/") : 0;

        if (n > 0 && n <= WIRE_MAX_TEXT)
            return arena_strn(&g->arena, at + 7, n);
    }
    return NULL;
}

static bool
refuse(struct g5k *g, const char *column, const char *value, const char *reason,
       struct err *err)
{
    struct wire_reject reject = {
            .row = g->index,
            .file = g->file,
            .column = column,
            .value = value,
            .reason = reason};

    return g->sink->reject(g->sink->ctx, &reject, err);
}

static const char *fit(struct g5k *g, const char *what, const char *s)
{
    if (!s || (imp_text_chars(s) <= WIRE_MAX_TEXT && !imp_has_control(s)))
        return s;
    g5k_warn(g, "%s is too long or holds control characters, left out", what);
    return NULL;
}

/* "Unknown" names no maker, and a whole cluster had the serial 1234567890. */
static const char *said(struct g5k *g, const char *what, const char *s)
{
    s = fit(g, what, s);
    return s && wire_placeholder(s) ? NULL : s;
}

static void fit_parts(struct g5k *g)
{
    for (size_t i = 0; i < g->n_parts; i++)
        g->parts[i].model = said(g, "a part's model", g->parts[i].model);
}

static bool
on_node(struct g5k *g, uint64_t index, const cJSON *node, struct err *err)
{
    const cJSON *chassis = cJSON_GetObjectItemCaseSensitive(node, "chassis");
    char number[NUM_TEXT];
    struct wire_machine m = {
            .units = 1,
            .has_category = true,
            .chassis = CALC_CHASSIS_UNKNOWN,
            .acquisition = CALC_ACQUISITION_UNKNOWN,
            .is_virtual = 0,
            .price_eur = NAN,
            .mass_kg = NAN,
            .power_w = NAN,
            .idle_w = NAN,
            .max_w = NAN,
            .energy_kwh_year = NAN,
            .fabrication_kg = NAN,
            .place = g->place,
            .parts = g->parts,
            .unknown_kinds = 1u << CALC_PSU};

    arena_reset(&g->arena);
    g->n_parts = 0;
    g->n_notes = 0;
    g->too_many = false;
    g->bad_key = NULL;
    g->index = index;
    snprintf(
            g->place, sizeof g->place, "%.180s: record %llu", g->file,
            (unsigned long long)index);
    m.tag = m.name = text_member(g, node, "uid");
    if (!m.tag ||
        !cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(node, "architecture")))
        return refuse(
                g, "uid", NULL,
                "not a Grid'5000 node, expected an object with uid and "
                "architecture",
                err);
    if (!fit(g, "uid", m.tag))
        return refuse(g, "uid", NULL, "longer than 200 characters", err);
    m.site = site_of_links(g, node);
    if (!m.site)
        m.site = g->site;
    m.manufacturer =
            said(g, "manufacturer", text_member(g, chassis, "manufacturer"));
    m.product = said(g, "name", text_member(g, chassis, "name"));
    m.serial = said(g, "serial", text_member(g, chassis, "serial"));
    read_date(g, chassis, "manufactured_at", &m.manufactured_on);
    read_date(g, chassis, "warranty_end", &m.warranty_end);
    read_cpu(g, node, &m);
    g5k_read_ram(g, node, &m.unknown_kinds);
    g5k_read_disks(g, node, &m.unknown_kinds);
    m.category = g5k_read_gpus(g, node) > 0 ? CALC_GPU_NODE : CALC_SERVER;
    if (g->bad_key)
        return refuse(
                g, g->bad_key, num_print(g->bad_value, number),
                "a number that no node has, expected one from 0 to sizes that "
                "exist",
                err);
    if (g->too_many)
        return refuse(g, NULL, NULL, "more than 512 kinds of parts", err);
    fit_parts(g);
    m.n_parts = g->n_parts;
    m.note = g->n_notes ? g->notes : NULL;
    return g->sink->machine(g->sink->ctx, &m, err);
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct g5k *g = ctx;
    char text[1100];

    if (r->value)
        return on_node(g, r->index, r->value, err);
    g->index = r->index;
    return refuse(g, NULL, NULL, err_text(r->why, text, sizeof text), err);
}

/* "…/sites/lyon/clusters/…" */
static const char *site_of_path(const char *path, struct arena *a)
{
    const char *at = text_starts(path, "sites/") ? path + 6 : NULL;
    const char *in = strstr(path, "/sites/");
    size_t n;

    if (in)
        at = in + 7;
    n = at ? strcspn(at, "/") : 0;
    return n > 0 && at[n] == '/' && n <= WIRE_MAX_TEXT ? arena_strn(a, at, n)
                                                       : NULL;
}

static bool
g5k_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct g5k *g = xcalloc(1, sizeof *g);
    static const char *const lists[] = {"items", NULL};
    struct json_cut records = {.lists = lists, .record = on_record, .ctx = g};
    struct arena names = {0};
    FILE *in = NULL;
    bool ok = false;

    g->sink = sink;
    g->file = imp_base_name(path);
    g->site = site_of_path(path, &names);
    if (!file_open(path, &in, err))
        goto done;
    if (!json_cut_read(&records, in, err)) {
        err_in(err, "%s", g->file);
        goto done;
    }
    if (records.cut) {
        g->index = records.count + 1;
        ok = refuse(g, NULL, NULL, IMP_CUT_SHORT, err);
        goto done;
    }
    ok = true;
done:
    if (in && in != stdin)
        fclose(in);
    arena_clear(&names);
    arena_clear(&g->arena);
    free(g);
    return ok;
}

static bool holds(const char *head, size_t len, const char *word)
{
    const char *end = head + len, *p = head;
    size_t n = strlen(word);

    while ((size_t)(end - p) >= n) {
        p = memchr(p, word[0], (size_t)(end - p) - n + 1);
        if (!p)
            return false;
        if (memcmp(p, word, n) == 0)
            return true;
        p++;
    }
    return false;
}

static int g5k_recognise(const char *head, size_t len, const char *file_name)
{
    size_t at = len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    (void)file_name;
    at += text_blank_start(head + at, len - at);
    if (at == len || (head[at] != '{' && head[at] != '['))
        return 0;
    return holds(head, len, "\"architecture\"") &&
                           (holds(head, len, "\"nb_procs\"") ||
                            holds(head, len, "\"nb_cores\"") ||
                            holds(head, len, "\"smp_size\""))
                   ? 90
                   : 0;
}

const struct imp_format imp_grid5000 = {
        .name = "grid5000",
        .what = "Grid'5000 reference API: a node, an answer with items, a tree",
        .recognise = g5k_recognise,
        .read = g5k_read,
};
