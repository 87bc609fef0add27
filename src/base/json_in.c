/* SPDX-License-Identifier: Apache-2.0
 * JSON in: cJSON behind the strict scan, duplicate keys refused, typed reads.
 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_scan.h"
#include "base/mem.h"

enum { FEW_KEYS = 8 }; /* compared pairwise; more are sorted */

static pthread_once_t hooks_once = PTHREAD_ONCE_INIT;

static void hooks_set(void)
{
    cJSON_Hooks hooks = {.malloc_fn = xmalloc, .free_fn = free};

    cJSON_InitHooks(&hooks);
}

static int by_key(const void *a, const void *b)
{
    const cJSON *x = *(const cJSON *const *)a, *y = *(const cJSON *const *)b;

    return strcmp(x->string, y->string);
}

/* The second of two members with one key, NULL when there is none. */
static const cJSON *duplicate_in(const cJSON *object)
{
    const cJSON **sorted, *found = NULL;
    size_t n = 0, i = 0;

    for (const cJSON *m = object->child; m; m = m->next)
        n++;
    if (n <= FEW_KEYS) {
        for (const cJSON *m = object->child; m; m = m->next)
            for (const cJSON *o = object->child; o != m; o = o->next)
                if (strcmp(o->string, m->string) == 0)
                    return m;
        return NULL;
    }
    /* Pointers are meant. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    sorted = xmalloc(n * sizeof *sorted);
    for (const cJSON *m = object->child; m; m = m->next)
        sorted[i++] = m;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression) */
    qsort(sorted, n, sizeof *sorted, by_key);
    for (i = 1; i < n && !found; i++)
        if (strcmp(sorted[i - 1]->string, sorted[i]->string) == 0)
            found = sorted[i];
    free(sorted);
    return found;
}

/* Visits all values in the order of the text, without recursion. */
struct walk {
    const cJSON *up[JSON_MAX_DEPTH + 1];
    size_t depth;
};

static const cJSON *walk_next(struct walk *w, const cJSON *v)
{
    if (v->child) {
        w->up[w->depth++] = v;
        return v->child;
    }
    while (!v->next) {
        if (w->depth == 0)
            return NULL;
        v = w->up[--w->depth];
    }
    return w->depth ? v->next : NULL;
}

static bool no_duplicates(
        const char *text, size_t len, struct json_origin origin,
        const cJSON *root, struct err *err)
{
    struct walk w = {0};
    const cJSON *bad = NULL;
    size_t keys = 0;

    for (const cJSON *v = root; v && !bad; v = walk_next(&w, v))
        if (cJSON_IsObject(v))
            bad = duplicate_in(v);
    if (!bad)
        return true;
    w = (struct walk){0};
    for (const cJSON *v = root; v != bad; v = walk_next(&w, v))
        keys += v->string != NULL;
    err_set(err, ERR_INVALID, "duplicate key '%s', expected each once",
            bad->string);
    json_scan_place(text, json_scan_key(text, len, keys), origin, err);
    return false;
}

bool json_parse_at(
        const char *text, size_t len, struct json_origin origin, cJSON **out,
        struct err *err)
{
    cJSON *root = NULL;
    const char *end = NULL;
    size_t bom;

    if (len > JSON_MAX_BYTES)
        return err_set(
                err, ERR_LIMIT, "JSON larger than %d bytes",
                (int)JSON_MAX_BYTES);
    if (!json_scan(text, len, origin, err))
        return false;
    pthread_once(&hooks_once, hooks_set);
    /* cJSON skips the mark only in longer texts. */
    bom = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    root = cJSON_ParseWithLengthOpts(text + bom, len - bom, &end, 0);
    if (!root) {
        err_set(err, ERR_INVALID, "not JSON that can be read");
        if (end)
            json_scan_place(text, (size_t)(end - text), origin, err);
        return false;
    }
    if (!no_duplicates(text, len, origin, root, err)) {
        cJSON_Delete(root);
        return false;
    }
    *out = root;
    return true;
}

bool json_parse(const char *text, size_t len, cJSON **out, struct err *err)
{
    return json_parse_at(text, len, (struct json_origin){1, 1}, out, err);
}

/* The member, NULL when absent or null. */
static const cJSON *member(const cJSON *obj, const char *key)
{
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(obj, key);

    return m && !cJSON_IsNull(m) ? m : NULL;
}

static bool wrong_type(const char *key, const char *want, struct err *err)
{
    return err_set(err, ERR_INVALID, "'%s' must be %s", key, want);
}

bool json_get_str(
        const cJSON *obj, const char *key, const char **out, struct err *err)
{
    const cJSON *m = member(obj, key);

    if (m && !cJSON_IsString(m))
        return wrong_type(key, "text", err);
    *out = m ? m->valuestring : NULL;
    return true;
}

bool json_get_num(
        const cJSON *obj, const char *key, double *out, struct err *err)
{
    const cJSON *m = member(obj, key);

    if (m && !cJSON_IsNumber(m))
        return wrong_type(key, "a number", err);
    if (m && !isfinite(m->valuedouble))
        return wrong_type(key, "a number within the range of a double", err);
    *out = m ? m->valuedouble : NAN;
    return true;
}

bool json_get_obj(
        const cJSON *obj, const char *key, const cJSON **out, struct err *err)
{
    const cJSON *m = member(obj, key);

    if (m && !cJSON_IsObject(m))
        return wrong_type(key, "an object", err);
    *out = m;
    return true;
}

bool json_get_arr(
        const cJSON *obj, const char *key, const cJSON **out, struct err *err)
{
    const cJSON *m = member(obj, key);

    if (m && !cJSON_IsArray(m))
        return wrong_type(key, "an array", err);
    *out = m;
    return true;
}
