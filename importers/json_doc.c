/* SPDX-License-Identifier: Apache-2.0
 * Whole JSON documents, their members by path, and the head of a file. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/json_priv.h"

/* ---- head --------------------------------------------------------------- */

char imp_head_first(const char *head, size_t len)
{
    size_t at = len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    at += text_blank_start(head + at, len - at);
    return at < len ? head[at] : '\0';
}

bool imp_head_json(const char *head, size_t len)
{
    char first = imp_head_first(head, len);

    return first == '{' || first == '[';
}

bool imp_head_has(const char *head, size_t len, const char *word)
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

int imp_head_count(const char *head, size_t len, const char *const *words)
{
    int n = 0;

    for (; *words; words++)
        n += imp_head_has(head, len, *words);
    return n;
}

bool imp_head_no_list(const char *head, size_t len, const char *key)
{
    static const char signs[] = ":[]";
    size_t n = strlen(key);

    for (const char *p = head; (size_t)(head + len - p) > n; p++) {
        size_t at = (size_t)(p - head) + n, i = 0;

        if (memcmp(p, key, n) != 0)
            continue;
        while (signs[i]) {
            at += text_blank_start(head + at, len - at);
            if (at == len || head[at] != signs[i])
                break;
            at++;
            i++;
        }
        if (!signs[i])
            return true;
    }
    return false;
}

/* ---- documents ---------------------------------------------------------- */

static bool is_utf16(const struct buf *b)
{
    return b->len >= 2 && (memcmp(b->p, "\xFF\xFE", 2) == 0 ||
                           memcmp(b->p, "\xFE\xFF", 2) == 0);
}

bool imp_text_load(const char *path, struct buf *out, struct err *err)
{
    struct buf raw;
    bool ok = false;

    buf_init(&raw, IMP_MAX_DOC);
    buf_init(out, 2 * (size_t)IMP_MAX_DOC);
    if (!file_read(path, IMP_MAX_DOC, &raw, err))
        goto done;
    if (!is_utf16(&raw)) {
        *out = raw;
        raw = (struct buf){0};
    } else if (!text_from_utf16(
                       raw.p + 2, raw.len - 2, raw.p[0] == '\xFE', out)) {
        err_set(err, ERR_LIMIT, "UTF-16 text larger than 16 MiB");
        goto done;
    }
    if (out->len && memchr(out->p, '\0', out->len)) {
        err_set(err, ERR_INVALID, "a NUL byte, expected text");
        goto done;
    }
    ok = true;
done:
    if (!ok) {
        buf_clear(out);
        err_in(err, "%s", imp_base_name(path));
    }
    buf_clear(&raw);
    return ok;
}

bool imp_json_load(const char *path, cJSON **out, struct err *err)
{
    struct buf text;
    bool ok;

    if (!imp_text_load(path, &text, err))
        return false;
    ok = json_parse(buf_text(&text), text.len, out, err);
    if (!ok)
        err_in(err, "%s", imp_base_name(path));
    buf_clear(&text);
    return ok;
}

/* ---- members ------------------------------------------------------------ */

/* {"__ansible_unsafe": "text"}: a text that must not be a template. */
static const cJSON *unwrap(const cJSON *v)
{
    const cJSON *in;

    if (!cJSON_IsObject(v) || !v->child || v->child->next)
        return v;
    in = cJSON_GetObjectItemCaseSensitive(v, "__ansible_unsafe");
    return in ? in : v;
}

static const cJSON *element(const cJSON *list, const char *key)
{
    int64_t n;

    return num_parse_int(key, strlen(key), 0, 1000000, &n, NULL)
                   ? cJSON_GetArrayItem(list, (int)n)
                   : NULL;
}

const cJSON *imp_at(const cJSON *v, const char *path)
{
    while (v && *path) {
        char key[100];
        size_t n = strcspn(path, "/");

        if (n >= sizeof key)
            return NULL;
        memcpy(key, path, n);
        key[n] = '\0';
        path += n;
        path += *path == '/';
        v = cJSON_IsArray(v) ? element(v, key)
                             : cJSON_GetObjectItemCaseSensitive(v, key);
        v = unwrap(v);
    }
    return v && !cJSON_IsNull(v) ? unwrap(v) : NULL;
}

const char *imp_raw(struct imp_host *h, const cJSON *v, const char *path)
{
    char num[NUM_TEXT];

    v = imp_at(v, path);
    if (cJSON_IsString(v))
        return v->valuestring;
    if (cJSON_IsNumber(v))
        return arena_str(&h->arena, num_print(v->valuedouble, num));
    return NULL;
}

const char *imp_str(struct imp_host *h, const cJSON *v, const char *path)
{
    const char *slash = strrchr(path, '/');

    return imp_host_text(h, slash ? slash + 1 : path, imp_raw(h, v, path));
}

double imp_num(const cJSON *v, const char *path)
{
    v = imp_at(v, path);
    if (cJSON_IsNumber(v))
        return isfinite(v->valuedouble) ? v->valuedouble : NAN;
    return cJSON_IsString(v) ? imp_number(v->valuestring) : NAN;
}

int imp_count(const cJSON *v, const char *path, int max)
{
    double n = imp_num(v, path);

    return n >= 1 && n <= max && floor(n) >= n ? (int)n : -1;
}

int imp_host_count(
        struct imp_host *h, const cJSON *v, const char *path, const char *what,
        int max)
{
    if (!imp_host_within(
                h, what, imp_num(v, path), max,
                max == WIRE_MAX_SOCKETS ? "expected 0 to 1024"
                : max == WIRE_MAX_CORES ? "expected 0 to 1000000"
                                        : "expected 0 to 4096"))
        return -1;
    return imp_count(v, path, max);
}

bool imp_true(const cJSON *v, const char *path)
{
    v = imp_at(v, path);
    if (cJSON_IsString(v))
        return text_same(v->valuestring, "true") ||
               text_same(v->valuestring, "yes") || !strcmp(v->valuestring, "1");
    if (cJSON_IsNumber(v))
        return v->valuedouble > 0;
    return cJSON_IsTrue(v);
}

/* ---- records ------------------------------------------------------------ */

bool imp_refuse_record(
        struct imp_host *h, const struct json_record *r, struct err *err)
{
    char text[1100];

    return imp_host_refuse(
            h, NULL, NULL, err_text(r->why, text, sizeof text), err);
}

bool imp_json_cut(
        struct imp_host *h, const char *path, struct json_cut *cut,
        struct err *err)
{
    FILE *in = NULL;
    bool ok;

    if (!file_open(path, &in, err))
        return false;
    ok = json_cut_read(cut, in, err);
    if (!ok) {
        err_in(err, "%s", h->file);
    } else if (cut->cut) {
        imp_host_begin(h, cut->count + 1);
        ok = imp_host_refuse(h, NULL, NULL, IMP_CUT_SHORT, err);
    }
    if (in != stdin)
        fclose(in);
    return ok;
}
