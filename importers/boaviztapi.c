/* SPDX-License-Identifier: Apache-2.0
 * Answers of BoaviztAPI: the embedded impacts of a unit and of each of its
 * components, as factors of a set. The use phase is left to our own method. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

enum { HOURS_OF_YEAR = 8760, MAX_COMPONENTS = 500 };

static const struct wire_origin origin = {
        .set = "boaviztapi",
        .title = "Answers of BoaviztAPI",
        .source = "BoaviztAPI",
        .licence = "as the BoaviztAPI instance states",
};

static const char *const criteria[CALC_CRITERIA] = {"gwp", "adp", "pe"};
static const char *const units[CALC_CRITERIA] = {"kgco2eq", "kgsbeq", "mj"};

struct boa {
    const struct wire_sink *sink;
    const char *file;
    uint64_t index;
    uint64_t components;
    char stem[90];  /* the file's name: an answer does not name its unit */
    char unit[120]; /* the stem, with the answer's number from the second on */
    char place[240];
    struct arena arena;
};

static bool
refuse(struct boa *b, const char *column, const char *value, const char *reason,
       struct err *err)
{
    return imp_refuse(b->sink, b->file, b->index, column, value, reason, err);
}

/* {"value":1176,"min":1112,"max":1176,...}, or a plain number as older
 * versions write; "not implemented" and null are unknown. */
static void read_impact(
        const cJSON *impact, const char *const keys[], double *value,
        double *low, double *high)
{
    const char *odd;

    *value = *low = *high = NAN;
    for (; *keys; keys++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(impact, *keys);

        if (cJSON_IsNumber(item)) {
            *value = item->valuedouble;
            return;
        }
        if (cJSON_IsObject(item)) {
            *value = imp_json_number(item, "value", &odd);
            *low = imp_json_number(item, "min", &odd);
            *high = imp_json_number(item, "max", &odd);
            return;
        }
    }
}

static bool right_unit(const cJSON *impact, int criterion)
{
    const char *unit = imp_json_text(impact, "unit");
    char key[40];

    if (!unit)
        return true;
    text_key(unit, strlen(unit), key, sizeof key);
    return strcmp(key, units[criterion]) == 0;
}

/* Values of one unit; false: a unit of measure that is not the published. */
static bool
read_impacts(const cJSON *impacts, double n, struct wire_factor *f, int *wrong)
{
    static const char *const embedded[] = {
            "embedded", "manufacture", "manufacturing", NULL};

    for (int c = 0; c < CALC_CRITERIA; c++) {
        const cJSON *impact =
                cJSON_GetObjectItemCaseSensitive(impacts, criteria[c]);

        if (!right_unit(impact, c)) {
            *wrong = c;
            return false;
        }
        read_impact(impact, embedded, &f->value[c], &f->low[c], &f->high[c]);
        f->value[c] /= n;
        f->low[c] /= n;
        f->high[c] /= n;
    }
    return true;
}

static double value_of(const cJSON *obj, const char *key)
{
    const char *odd;

    return imp_json_number(
            cJSON_GetObjectItemCaseSensitive(obj, key), "value", &odd);
}

/* "capacity 32 (INPUT); density 1.79 (COMPLETED)": what a component was
 * computed from, and who said so. */
static const char *attributes(struct boa *b, const cJSON *component)
{
    struct buf out;
    const cJSON *a;
    const char *text = NULL;

    buf_init(&out, 1000);
    cJSON_ArrayForEach(a, component)
    {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(a, "value");
        const char *status = imp_json_text(a, "status");
        const char *what = imp_json_text(a, "value");
        char num[NUM_TEXT];

        if (!status || !a->string || imp_has_control(a->string) ||
            (!what && !cJSON_IsNumber(value)))
            continue;
        buf_printf(
                &out, "%s%s %s (%s)", out.len ? "; " : "",
                imp_cut(&b->arena, a->string, 60),
                what ? imp_cut(&b->arena, what, 100)
                     : num_print(value->valuedouble, num),
                imp_cut(&b->arena, status, 40));
    }
    if (out.len)
        text = arena_str(&b->arena, buf_text(&out));
    buf_clear(&out);
    return text;
}

/* "End of life is not included in the calculation" where it is not. */
static unsigned boundary_of(const cJSON *impacts)
{
    const cJSON *embedded = cJSON_GetObjectItemCaseSensitive(
            cJSON_GetObjectItemCaseSensitive(impacts, "gwp"), "embedded");
    const cJSON *warning,
            *warnings = cJSON_GetObjectItemCaseSensitive(embedded, "warnings");

    cJSON_ArrayForEach(warning, warnings)
    {
        if (cJSON_IsString(warning) &&
            strstr(warning->valuestring, "End of life is not included"))
            return WIRE_MANUFACTURE;
    }
    return 0;
}

static bool
deliver(struct boa *b, const char *part, const cJSON *impacts,
        const cJSON *described, struct err *err)
{
    struct wire_factor f = imp_factor_of(&origin);
    double n = value_of(described, "units");
    char key[WIRE_MAX_TEXT];
    int wrong = 0;

    n = n >= 1 && n <= WIRE_MAX_UNITS ? n : 1;
    snprintf(key, sizeof key, "%s.%s", b->unit, imp_cut(&b->arena, part, 60));
    text_lower(key);
    if (!read_impacts(impacts, n, &f, &wrong))
        return refuse(
                b, criteria[wrong],
                imp_json_text(
                        cJSON_GetObjectItemCaseSensitive(
                                impacts, criteria[wrong]),
                        "unit"),
                "expected kgCO2eq, kgSbeq and MJ", err);
    if (isnan(f.value[CALC_GWP]) && isnan(f.value[CALC_ADP]) &&
        isnan(f.value[CALC_PE]))
        return true; /* a component that has none */
    f.key = key;
    f.name = part;
    f.unit = "kg/unit";
    f.boundary = boundary_of(impacts);
    f.life_y = value_of(described, "hours_life_time") / HOURS_OF_YEAR;
    if (isnan(f.life_y))
        f.life_y = value_of(described, "duration") / HOURS_OF_YEAR;
    f.region = imp_json_text(
            cJSON_GetObjectItemCaseSensitive(described, "usage_location"),
            "value");
    f.note = attributes(b, described);
    f.place = b->place;
    return imp_factor(b->sink, &f, err);
}

static bool components(struct boa *b, const cJSON *verbose, struct err *err)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, verbose)
    {
        const cJSON *impacts =
                cJSON_GetObjectItemCaseSensitive(item, "impacts");

        if (!cJSON_IsObject(impacts) || !item->string || !item->string[0] ||
            imp_has_control(item->string))
            continue;
        if (++b->components > MAX_COMPONENTS)
            return refuse(b, "verbose", NULL, "more than 500 components", err);
        if (!deliver(b, item->string, impacts, item, err))
            return false;
    }
    return true;
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct boa *b = ctx;
    const cJSON *impacts, *verbose;
    char text[1100];

    b->index = r->index;
    b->components = 0;
    arena_reset(&b->arena);
    snprintf(
            b->place, sizeof b->place, "%.180s: record %llu", b->file,
            (unsigned long long)r->index);
    if (!r->value)
        return refuse(b, NULL, NULL, err_text(r->why, text, sizeof text), err);
    if (r->index == 1)
        snprintf(b->unit, sizeof b->unit, "%s", b->stem);
    else /* several answers in one file */
        snprintf(
                b->unit, sizeof b->unit, "%s-%llu", b->stem,
                (unsigned long long)r->index);
    impacts = cJSON_GetObjectItemCaseSensitive(r->value, "impacts");
    if (!cJSON_IsObject(impacts)) /* the first versions */
        impacts = r->value;
    if (!cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(impacts, "gwp")))
        return refuse(
                b, "impacts", NULL,
                "expected an object with impacts.gwp of BoaviztAPI", err);
    verbose = cJSON_GetObjectItemCaseSensitive(r->value, "verbose");
    return deliver(b, "unit", impacts, verbose, err) &&
           components(b, verbose, err);
}

/* The name without its ending, as far as it may stand in a key. */
static void stem_of(const char *file, char *dst, size_t size)
{
    char key[WIRE_MAX_TEXT];
    const char *dot = strrchr(file, '.');
    size_t n = dot && dot > file ? (size_t)(dot - file) : strlen(file);

    text_key(file, n, key, sizeof key);
    snprintf(dst, size, "%.80s", key[0] ? key : "answer");
}

static bool
boa_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct boa b = {.sink = sink, .file = imp_base_name(path)};
    struct json_cut cut = {.record = on_record, .ctx = &b};
    bool ok;

    stem_of(b.file, b.stem, sizeof b.stem);
    ok = imp_json_read(&cut, path, sink, err);
    arena_clear(&b.arena);
    return ok;
}

static int boa_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const now[] = {
            "\"impacts\"", "\"gwp\"", "\"embedded\"", NULL};
    static const char *const before[] = {
            "\"gwp\"", "\"adp\"", "\"manufacture\"", NULL};

    (void)file_name;
    return imp_json_with(head, len, now) || imp_json_with(head, len, before)
                   ? 90
                   : 0;
}

const struct imp_format imp_boaviztapi = {
        .name = "boaviztapi",
        .what = "answers of BoaviztAPI: embedded impacts as factors, JSON",
        .recognise = boa_recognise,
        .read = boa_read,
};
