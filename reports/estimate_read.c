/* SPDX-License-Identifier: Apache-2.0
 * The body of BoaviztAPI's POST /v1/server/ read into a struct: types and
 * ranges checked with the path of the member, unknown members warned of. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reports/estimate_priv.h"

enum { MAX_TEXT = 400, MAX_PATH = 120 };
#define SAME_DIE_FRAC 0.01 /* per core and whole, each rounded */

void est_warn(struct rep_server *s, const char *fmt, ...)
{
    char text[MAX_TEXT];
    va_list ap;

    if (s->n_warnings == EST_MAX_WARNINGS)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    s->warnings[s->n_warnings++] = arena_str(&s->arena, text);
}

bool est_wrong(
        struct err *err, const char *path, const char *key, const char *want)
{
    return err_set(
            err, ERR_INVALID, "'%s%s%s' must be %s", path, *path ? "." : "",
            key, want);
}

static bool
out_of_range(struct err *err, const char *path, const struct est_field *f)
{
    return err_set(
            err, ERR_INVALID, "'%s%s%s' must be %s within %g to %g", path,
            *path ? "." : "", f->key,
            f->type == EST_INT ? "a whole number" : "a number", f->low,
            f->high);
}

static bool read_member(
        const cJSON *m, const char *path, const struct est_field *f, void *out,
        struct err *err)
{
    char *to = (char *)out + f->at;
    double v = m->valuedouble;

    switch (f->type) {
    case EST_INT:
    case EST_NUM:
        if (!cJSON_IsNumber(m) || !(v >= f->low && v <= f->high) ||
            (f->type == EST_INT && fabs(v - floor(v)) > 0))
            return out_of_range(err, path, f);
        if (f->type == EST_INT)
            *(int *)(void *)to = (int)v;
        else
            *(double *)(void *)to = v;
        return true;
    case EST_TEXT:
        if (!cJSON_IsString(m))
            return est_wrong(err, path, f->key, "text");
        if (strlen(m->valuestring) > MAX_TEXT)
            return err_set(
                    err, ERR_LIMIT, "'%s.%s' is longer than %d bytes", path,
                    f->key, (int)MAX_TEXT);
        *(const char **)(void *)to = m->valuestring;
        return true;
    case EST_ANY:
    case EST_UNUSED:
        break;
    }
    return true;
}

bool est_read_fields(
        struct rep_server *s, const cJSON *obj, const char *path,
        const struct est_field *fields, void *out, struct err *err)
{
    const char *dot = *path ? "." : "";

    for (const cJSON *m = obj->child; m; m = m->next) {
        const struct est_field *f = fields;

        while (f->key && strcmp(f->key, m->string) != 0)
            f++;
        if (!f->key)
            est_warn(
                    s, "%s%s%.60s is not known here and was ignored", path, dot,
                    m->string);
        else if (cJSON_IsNull(m))
            continue;
        else if (f->type == EST_UNUSED)
            est_warn(s, "%s%s%s has no effect here", path, dot, m->string);
        else if (!read_member(m, path, f, out, err))
            return false;
    }
    return true;
}

/* The member as an object; NULL when absent or null. */
static bool member_obj(
        const cJSON *obj, const char *path, const char *key, const cJSON **out,
        struct err *err)
{
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(obj, key);

    *out = m && !cJSON_IsNull(m) ? m : NULL;
    if (*out && !cJSON_IsObject(*out))
        return est_wrong(err, path, key, "an object");
    return true;
}

/* ---- parts ----------------------------------------------------------------
 */

#define CPU_AT(member) offsetof(struct est_cpu, member)
static const struct est_field cpu_fields[] = {
        {"units", EST_INT, CPU_AT(units), 0, 1024},
        {"core_units", EST_INT, CPU_AT(core_units), 1, 4096},
        {"die_size", EST_NUM, CPU_AT(die_mm2), 0.01, 1e5},
        {"die_size_per_core", EST_NUM, CPU_AT(die_mm2_per_core), 0.01, 1e5},
        {"tdp", EST_NUM, CPU_AT(tdp_w), 0, 1e5},
        {"name", EST_TEXT, CPU_AT(name), 0, 0},
        {"family", EST_TEXT, CPU_AT(family), 0, 0},
        {"manufacturer", EST_TEXT, CPU_AT(manufacturer), 0, 0},
        {"model_range", EST_TEXT, CPU_AT(model_range), 0, 0},
        {"usage", EST_UNUSED, 0, 0, 0},
        {NULL, EST_ANY, 0, 0, 0},
};

static bool read_cpu(struct rep_server *s, const cJSON *obj, struct err *err)
{
    const struct est_field *fields = cpu_fields;
    struct est_cpu *c = &s->cpu;

    c->given = true;
    if (!est_read_fields(s, obj, "configuration.cpu", fields, c, err))
        return false;
    if (c->die_mm2 > 0 && c->die_mm2_per_core > 0 && c->core_units > 0 &&
        fabs(c->die_mm2_per_core * c->core_units - c->die_mm2) >
                SAME_DIE_FRAC * c->die_mm2)
        est_warn(
                s,
                "configuration.cpu.die_size %g is not die_size_per_core * "
                "core_units = %g, which was used",
                c->die_mm2, c->die_mm2_per_core * c->core_units);
    if (c->die_mm2_per_core > 0 && c->core_units < 0 && !c->name)
        est_warn(
                s, "configuration.cpu.die_size_per_core needs core_units and "
                   "was ignored");
    return true;
}

#define RAM_AT(member) offsetof(struct est_ram, member)
static bool read_ram(
        struct rep_server *s, const cJSON *obj, const char *path, int at,
        struct err *err)
{
    static const struct est_field fields[] = {
            {"units", EST_INT, RAM_AT(units), 0, 100000},
            {"capacity", EST_NUM, RAM_AT(capacity_gb), 0, 1e6},
            {"density", EST_NUM, RAM_AT(density), 0.001, 1e4},
            {"type", EST_TEXT, RAM_AT(type), 0, 0},
            {"manufacturer", EST_UNUSED, 0, 0, 0},
            {"process", EST_UNUSED, 0, 0, 0},
            {"usage", EST_UNUSED, 0, 0, 0},
            {NULL, EST_ANY, 0, 0, 0},
    };
    struct est_ram *r = &s->ram[at];

    *r = (struct est_ram){.units = 1, .capacity_gb = NAN, .density = NAN};
    return est_read_fields(s, obj, path, fields, r, err);
}

#define DISK_AT(member) offsetof(struct est_disk, member)
static bool read_disk(
        struct rep_server *s, const cJSON *obj, const char *path, int at,
        struct err *err)
{
    static const struct est_field fields[] = {
            {"units", EST_INT, DISK_AT(units), 0, 100000},
            {"type", EST_TEXT, DISK_AT(type), 0, 0},
            {"capacity", EST_NUM, DISK_AT(capacity_gb), 0, 1e8},
            {"density", EST_NUM, DISK_AT(density), 0.001, 1e5},
            {"manufacturer", EST_UNUSED, 0, 0, 0},
            {"layers", EST_UNUSED, 0, 0, 0},
            {"usage", EST_UNUSED, 0, 0, 0},
            {NULL, EST_ANY, 0, 0, 0},
    };
    struct est_disk *d = &s->disk[at];

    *d = (struct est_disk){.units = 1, .capacity_gb = NAN, .density = NAN};
    if (!est_read_fields(s, obj, path, fields, d, err))
        return false;
    if (!d->type || (!text_same(d->type, "ssd") && !text_same(d->type, "hdd")))
        return est_wrong(err, path, "type", "'ssd' or 'hdd'");
    d->ssd = text_same(d->type, "ssd");
    return true;
}

#define GPU_AT(member) offsetof(struct est_gpu, member)
static bool read_gpu(
        struct rep_server *s, const cJSON *obj, const char *path, int at,
        struct err *err)
{
    static const struct est_field fields[] = {
            {"units", EST_INT, GPU_AT(units), 0, 1024},
            {"name", EST_TEXT, GPU_AT(name), 0, 0},
            {"vram", EST_NUM, GPU_AT(memory_gb), 0, 1e5},
            {"vram_capacity", EST_NUM, GPU_AT(memory_gb), 0, 1e5},
            {"manufacturer", EST_ANY, 0, 0, 0},
            {"usage", EST_UNUSED, 0, 0, 0},
            {NULL, EST_ANY, 0, 0, 0},
    };
    struct est_gpu *g = &s->gpu[at];

    *g = (struct est_gpu){.units = 1, .memory_gb = NAN};
    return est_read_fields(s, obj, path, fields, g, err);
}

#define PSU_AT(member) offsetof(struct est_psu, member)
static bool read_psu(struct rep_server *s, const cJSON *obj, struct err *err)
{
    static const struct est_field fields[] = {
            {"units", EST_INT, PSU_AT(units), 0, 100},
            {"unit_weight", EST_NUM, PSU_AT(mass_kg), 0.001, 1000},
            {"type", EST_UNUSED, 0, 0, 0},
            {"usage", EST_UNUSED, 0, 0, 0},
            {NULL, EST_ANY, 0, 0, 0},
    };

    s->psu.given = true;
    return est_read_fields(
            s, obj, "configuration.power_supply", fields, &s->psu, err);
}

/* A list of objects, or one object alone; absent leaves *n at -1, an empty
 * list means that there are none. */
static bool read_list(
        struct rep_server *s, const cJSON *config, const char *key, int *n,
        bool (*read)(
                struct rep_server *s, const cJSON *obj, const char *path,
                int at, struct err *err),
        struct err *err)
{
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(config, key);
    char path[MAX_PATH];

    if (!m || cJSON_IsNull(m))
        return true;
    snprintf(path, sizeof path, "configuration.%s", key);
    *n = 0;
    if (cJSON_IsObject(m)) {
        *n = 1;
        return read(s, m, path, 0, err);
    }
    if (!cJSON_IsArray(m))
        return est_wrong(err, "configuration", key, "a list of objects");
    for (const cJSON *entry = m->child; entry; entry = entry->next) {
        if (*n == EST_MAX_PARTS)
            return err_set(
                    err, ERR_LIMIT, "'%s' has more than %d entries", path,
                    (int)EST_MAX_PARTS);
        snprintf(path, sizeof path, "configuration.%s[%d]", key, *n);
        if (!cJSON_IsObject(entry))
            return err_set(err, ERR_INVALID, "'%s' must be an object", path);
        if (!read(s, entry, path, (*n)++, err))
            return false;
        snprintf(path, sizeof path, "configuration.%s", key);
    }
    return true;
}

static bool read_config(struct rep_server *s, const cJSON *obj, struct err *err)
{
    static const struct est_field fields[] = {
            {"cpu", EST_ANY, 0, 0, 0},  {"ram", EST_ANY, 0, 0, 0},
            {"disk", EST_ANY, 0, 0, 0}, {"power_supply", EST_ANY, 0, 0, 0},
            {"gpu", EST_ANY, 0, 0, 0},  {NULL, EST_ANY, 0, 0, 0},
    };
    const cJSON *cpu, *psu;

    if (!est_read_fields(s, obj, "configuration", fields, s, err) ||
        !member_obj(obj, "configuration", "cpu", &cpu, err) ||
        !member_obj(obj, "configuration", "power_supply", &psu, err))
        return false;
    return (!cpu || read_cpu(s, cpu, err)) && (!psu || read_psu(s, psu, err)) &&
           read_list(s, obj, "ram", &s->n_ram, read_ram, err) &&
           read_list(s, obj, "disk", &s->n_disk, read_disk, err) &&
           read_list(s, obj, "gpu", &s->n_gpu, read_gpu, err);
}

/* ---- the model and the whole ----------------------------------------------
 */

struct est_model {
    const char *type;
};

static bool read_model(struct rep_server *s, const cJSON *obj, struct err *err)
{
    static const struct est_field fields[] = {
            {"type", EST_TEXT, offsetof(struct est_model, type), 0, 0},
            {"name", EST_ANY, 0, 0, 0},
            {"manufacturer", EST_ANY, 0, 0, 0},
            {"year", EST_ANY, 0, 0, 0},
            {"archetype", EST_UNUSED, 0, 0, 0},
            {NULL, EST_ANY, 0, 0, 0},
    };
    struct est_model model = {0};

    if (!est_read_fields(s, obj, "model", fields, &model, err))
        return false;
    if (model.type && !calc_chassis_from(model.type, &s->chassis))
        est_warn(
                s,
                "model.type '%.60s' is none of rack, blade, tower, desktop, "
                "laptop, open and was ignored",
                model.type);
    return true;
}

static void server_init(struct rep_server *s)
{
    *s = (struct rep_server){
            .chassis = CALC_CHASSIS_UNKNOWN,
            .cpu = {.units = -1,
                    .core_units = -1,
                    .die_mm2 = NAN,
                    .die_mm2_per_core = NAN,
                    .tdp_w = NAN},
            .n_ram = -1,
            .n_disk = -1,
            .n_gpu = -1,
            .psu = {.units = -1, .mass_kg = NAN},
    };
    s->usage = (struct est_usage){
            .avg_power_w = NAN,
            .use_ratio = NAN,
            .use_h = NAN,
            .use_d = NAN,
            .use_y = NAN,
            .life_h = NAN,
            .life_y = NAN,
            .factor = {NAN, NAN, NAN},
            .other_ratio = NAN,
    };
}

static bool read_all(struct rep_server *s, struct err *err)
{
    static const struct est_field fields[] = {
            {"model", EST_ANY, 0, 0, 0},
            {"configuration", EST_ANY, 0, 0, 0},
            {"usage", EST_ANY, 0, 0, 0},
            {NULL, EST_ANY, 0, 0, 0},
    };
    const cJSON *model, *config, *usage;

    if (!cJSON_IsObject(s->body))
        return err_set(
                err, ERR_INVALID,
                "the body must be an object with model, configuration and "
                "usage");
    if (!est_read_fields(s, s->body, "", fields, s, err) ||
        !member_obj(s->body, "", "model", &model, err) ||
        !member_obj(s->body, "", "configuration", &config, err) ||
        !member_obj(s->body, "", "usage", &usage, err))
        return false;
    return (!model || read_model(s, model, err)) &&
           (!config || read_config(s, config, err)) &&
           (!usage || est_read_usage(s, usage, err));
}

bool rep_server_read(
        const char *body, size_t len, struct rep_server **out, struct err *err)
{
    struct rep_server *s = xmalloc(sizeof *s);

    server_init(s);
    if (!json_parse(body, len, &s->body, err) || !read_all(s, err)) {
        rep_server_free(s);
        return false;
    }
    *out = s;
    return true;
}

void rep_server_free(struct rep_server *s)
{
    if (!s)
        return;
    cJSON_Delete(s->body);
    arena_clear(&s->arena);
    free(s);
}
