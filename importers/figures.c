/* SPDX-License-Identifier: Apache-2.0
 * Small things that every importer of factors and grid values needs. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

static bool not_taken(const char *what, struct err *err)
{
    return err_set(
            err, ERR_INVALID,
            "the file holds %s, which this command does not take; 'fleetprint "
            "import' does",
            what);
}

bool imp_factor(
        const struct wire_sink *sink, const struct wire_factor *f,
        struct err *err)
{
    if (!sink->factor)
        return not_taken("factors", err);
    return sink->factor(sink->ctx, f, err);
}

bool imp_grid(
        const struct wire_sink *sink, const struct wire_grid *g,
        struct err *err)
{
    if (!sink->grid)
        return not_taken("values of the electricity grid", err);
    return sink->grid(sink->ctx, g, err);
}

struct wire_factor imp_factor_of(const struct wire_origin *origin)
{
    struct wire_factor f = {
            .origin = *origin,
            .category = CALC_OTHER_UNIT,
            .use_kg = NAN,
            .manufacture_kg = NAN,
            .transport_kg = NAN,
            .end_of_life_kg = NAN,
            .err_frac = NAN,
            .life_y = NAN,
            .mass_kg = NAN};

    for (int c = 0; c < CALC_CRITERIA; c++)
        f.value[c] = f.low[c] = f.high[c] = NAN;
    return f;
}

bool imp_refuse(
        const struct wire_sink *sink, const char *file, uint64_t row,
        const char *column, const char *value, const char *reason,
        struct err *err)
{
    const struct wire_reject reject = {
            .row = row,
            .file = file,
            .column = column,
            .value = value,
            .reason = reason};

    return sink->reject(sink->ctx, &reject, err);
}

void imp_say(
        const struct wire_sink *sink, const char *place, const char *fmt, ...)
{
    char text[400];
    va_list ap;

    if (!sink->warn)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    sink->warn(sink->ctx, place, text);
}

const char *imp_cut(struct arena *a, const char *text, size_t max)
{
    size_t n = strlen(text);

    if (n > max) {
        n = max;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    return arena_strn(a, text, n);
}

const char *imp_zone(const char *text)
{
    size_t n = strlen(text);
    const char *iso3 = n == 2 || n == 3 ? imp_country(text) : NULL;

    return iso3 ? iso3 : text;
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

bool imp_json_with(const char *head, size_t len, const char *const *words)
{
    size_t at = len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    at += text_blank_start(head + at, len - at);
    if (at == len || (head[at] != '{' && head[at] != '['))
        return false;
    for (; *words; words++)
        if (!holds(head, len, *words))
            return false;
    return true;
}

double imp_json_number(const cJSON *obj, const char *key, const char **odd)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(obj, key);
    double v;

    *odd = NULL;
    if (cJSON_IsNumber(item))
        return item->valuedouble;
    if (!cJSON_IsString(item))
        return NAN;
    if (num_parse(
                item->valuestring, strlen(item->valuestring), NUM_POINT, &v,
                NULL))
        return v;
    if (item->valuestring[0] && !text_same(item->valuestring, "ND"))
        *odd = item->valuestring;
    return NAN;
}

const char *imp_json_text(const cJSON *obj, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(obj, key);

    if (!cJSON_IsString(item) || !item->valuestring[0] ||
        imp_text_chars(item->valuestring) > WIRE_MAX_TEXT ||
        imp_has_control(item->valuestring))
        return NULL;
    return item->valuestring;
}

bool imp_json_read(
        struct json_cut *cut, const char *path, const struct wire_sink *sink,
        struct err *err)
{
    const char *file = imp_base_name(path);
    FILE *in = NULL;
    bool ok = false;

    if (!file_open(path, &in, err))
        return false;
    if (!json_cut_read(cut, in, err)) {
        err_in(err, "%s", file);
        goto done;
    }
    if (cut->cut)
        ok = imp_refuse(
                sink, file, cut->count + 1, NULL, NULL, IMP_CUT_SHORT, err);
    else
        ok = true;
done:
    if (in != stdin)
        fclose(in);
    return ok;
}
