/* SPDX-License-Identifier: Apache-2.0
 * The batch of POST /api/v1/energy: its samples are scanned where they stand,
 * what is around them goes through the tree of base/json. */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/num.h"
#include "importers/feed_priv.h"

enum { MAX_AGENT = 120, MAX_MISSING = 256, MAX_REASON = 120 };

static const char no_meter[] = "no meter of that number";
static const char no_seq[] = "no sequence number from 1";
static const char only_interval[] = "only an interval has a start";

/* Latest moment that a date can tell: the end of the year 2200. */
static const int64_t max_time_ns = 7289654400000000000;

struct body {
    const char *text;
    size_t len;
    size_t from, to; /* of the samples' array, its brackets included */
    struct imp_feed *f;
    const struct wire_meter *meters;
    size_t n_meters, n;
};

/* ---- where the samples stand ----------------------------------------------
 */

static const char *blanks(const char *p)
{
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
        p++;
    return p;
}

/* Behind the closing quote of the string that starts at p; the end where it is
 * never closed. */
static const char *string_end(const char *p, const char *end)
{
    for (p++; p < end; p++) {
        if (*p == '\\')
            p++;
        else if (*p == '"')
            return p + 1;
    }
    return end;
}

/* Behind the array that starts at p; NULL when it does not end. */
static const char *array_end(const char *p, const char *end)
{
    size_t depth = 0;

    while (p < end) {
        if (*p == '"') {
            p = string_end(p, end);
            continue;
        }
        if (*p == '[' || *p == '{')
            depth++;
        else if ((*p == ']' || *p == '}') && --depth == 0)
            return p + 1;
        p++;
    }
    return NULL;
}

/* The array under the first key "samples" of the outermost object. Whatever is
 * wrong elsewhere is found when the rest is parsed. */
static bool find_samples(struct body *b, struct err *err)
{
    static const char key[] = "\"samples\"";
    const char *p = b->text, *end = b->text + b->len, *after;
    size_t depth = 0;

    while (p < end) {
        if (*p != '"') {
            depth += *p == '{' || *p == '[';
            depth -= depth && (*p == '}' || *p == ']');
            p++;
            continue;
        }
        after = string_end(p, end);
        if (depth != 1 || (size_t)(after - p) != sizeof key - 1 ||
            memcmp(p, key, sizeof key - 1) != 0) {
            p = after;
            continue;
        }
        p = blanks(after);
        if (*p != ':')
            continue; /* a value that reads like the key */
        p = blanks(p + 1);
        if (*p != '[')
            break;
        after = array_end(p, end);
        b->from = (size_t)(p - b->text);
        b->to = after ? (size_t)(after - b->text) : b->len;
        if (after)
            return true;
        err_set(err, ERR_INVALID, "the text ends early");
        json_scan_place(b->text, b->len, (struct json_origin){1, 1}, err);
        return false;
    }
    b->from = b->to = 0;
    return true;
}

/* ---- what is around them --------------------------------------------------
 */

/* For the place of an error: the whole text with blanks for the samples. */
static bool parse_again(const struct body *b, struct err *err)
{
    cJSON *tree = NULL;
    struct buf all;
    bool ok;

    buf_init(&all, b->len);
    buf_add(&all, b->text, b->len);
    for (size_t i = b->from + 1; i + 1 < b->to; i++)
        if (all.p[i] != '\n')
            all.p[i] = ' ';
    ok = json_parse(buf_text(&all), all.len, &tree, err);
    cJSON_Delete(tree);
    buf_clear(&all);
    return ok;
}

static bool parse_rest(const struct body *b, cJSON **out, struct err *err)
{
    size_t left_out = b->to - b->from;
    struct buf rest;
    bool ok = false;

    if (b->len - left_out > IMP_FEED_REST)
        return err_set(
                err, ERR_LIMIT, "more than %d bytes besides the samples",
                IMP_FEED_REST);
    buf_init(&rest, IMP_FEED_REST + 2);
    buf_add(&rest, b->text, b->from);
    buf_str(&rest, left_out ? "[]" : "");
    buf_add(&rest, b->text + b->to, b->len - b->to);
    ok = json_parse(buf_text(&rest), rest.len, out, err);
    buf_clear(&rest);
    /* The same fault once more, where it stands; the arrays are closed by their
     * brackets in both, so both fail or neither does. */
    return ok || parse_again(b, err);
}

/* Text of 1 to `max` bytes without control characters; NULL stays. */
static bool
check_text(const char *key, const char *s, size_t max, struct err *err)
{
    size_t n = s ? strlen(s) : 0;

    if (!s)
        return true;
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return err_set(
                    err, ERR_INVALID, "'%s' has a control character", key);
    if (n >= 1 && n <= max)
        return true;
    return err_set(
            err, ERR_INVALID, "'%s' has %zu bytes, expected 1 to %zu", key, n,
            max);
}

static bool
text(struct imp_feed *f, const cJSON *obj, const char *key, size_t max,
     const char **out, struct err *err)
{
    const char *s;

    if (!json_get_str(obj, key, &s, err) || !check_text(key, s, max, err))
        return false;
    *out = arena_str(&f->arena, s);
    return true;
}

static bool
needed(struct imp_feed *f, const cJSON *obj, const char *key, size_t max,
       const char **out, struct err *err)
{
    if (!text(f, obj, key, max, out, err))
        return false;
    return *out || err_set(err, ERR_INVALID, "no '%s', expected a text", key);
}

static bool word_error(const char *key, const char *word, struct err *err)
{
    return err_set(
            err, ERR_INVALID, "no %s '%.40s'; docs/feeds.md lists them", key,
            word);
}

static bool meter_words(const cJSON *obj, struct wire_meter *m, struct err *err)
{
    const char *scope, *kind, *unit;

    if (!json_get_str(obj, "scope", &scope, err) ||
        !json_get_str(obj, "kind", &kind, err) ||
        !json_get_str(obj, "unit", &unit, err))
        return false;
    if (!scope || !kind || !unit)
        return err_set(
                err, ERR_INVALID, "no '%s', expected a word",
                !scope  ? "scope"
                : !kind ? "kind"
                        : "unit");
    if (!wire_scope_from(scope, &m->scope))
        return word_error("scope", scope, err);
    if (!wire_meter_kind_from(kind, &m->kind))
        return word_error("kind", kind, err);
    if (!wire_unit_from(unit, &m->unit))
        return word_error("unit", unit, err);
    if (wire_unit_is_energy(m->unit) != (m->kind != WIRE_GAUGE))
        return err_set(
                err, ERR_INVALID, "a %s in '%s', expected %s", kind, unit,
                m->kind == WIRE_GAUGE ? "uW, mW or W" : "uJ, mJ, J, Wh or kWh");
    return true;
}

/* A whole number in the meter's unit, as a number or as text. */
static bool meter_range(const cJSON *obj, struct wire_meter *m, struct err *err)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(obj, "range");
    char room[NUM_TEXT];
    const char *s, *why;

    m->range_uj = -1;
    if (!v || cJSON_IsNull(v))
        return true;
    if (m->kind != WIRE_COUNTER)
        return err_set(err, ERR_INVALID, "'range' is of counters alone");
    if (!cJSON_IsNumber(v) && !cJSON_IsString(v))
        return err_set(err, ERR_INVALID, "'range' is no number");
    /* From 2^53 on the tree has lost digits. */
    if (cJSON_IsNumber(v) && fabs(v->valuedouble) >= 9007199254740992.0)
        return err_set(
                err, ERR_INVALID,
                "'range' of 2^53 and above is written as text");
    s = cJSON_IsString(v) ? v->valuestring : num_print(v->valuedouble, room);
    why = imp_feed_amount(s, strlen(s), wire_unit_micro(m->unit), &m->range_uj);
    if (!why && m->range_uj > 0)
        return true;
    m->range_uj = -1;
    return err_set(
            err, ERR_INVALID, "'range': %s",
            why ? why : "0, expected more than that");
}

static bool meter_rest(const cJSON *obj, struct wire_meter *m, struct err *err)
{
    const cJSON *modelled = cJSON_GetObjectItemCaseSensitive(obj, "modelled");

    if (!json_get_num(obj, "max_w", &m->max_w, err))
        return false;
    if (!isnan(m->max_w) && (!isfinite(m->max_w) || m->max_w <= 0))
        return err_set(err, ERR_INVALID, "'max_w' is not above 0");
    if (modelled && !cJSON_IsBool(modelled) && !cJSON_IsNull(modelled))
        return err_set(
                err, ERR_INVALID, "'modelled' is neither true nor false");
    m->modelled = cJSON_IsTrue(modelled);
    return true;
}

static bool one_meter(
        struct imp_feed *f, const cJSON *obj, struct wire_meter *m,
        struct err *err)
{
    if (!cJSON_IsObject(obj))
        return err_set(err, ERR_INVALID, "no object");
    return needed(f, obj, "id", WIRE_MAX_METER_ID, &m->id, err) &&
           meter_words(obj, m, err) && meter_range(obj, m, err) &&
           meter_rest(obj, m, err);
}

static bool meters(struct body *b, const cJSON *root, struct err *err)
{
    const cJSON *list, *item;
    struct wire_meter *all;
    size_t n = 0;

    if (!json_get_arr(root, "meters", &list, err))
        return false;
    if (!list)
        return err_set(err, ERR_INVALID, "no 'meters', expected an array");
    if (cJSON_GetArraySize(list) > WIRE_MAX_METERS)
        return err_set(err, ERR_LIMIT, "more than %d meters", WIRE_MAX_METERS);
    all = arena_alloc(
            &b->f->arena, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *all);
    cJSON_ArrayForEach(item, list)
    {
        bool ok = one_meter(b->f, item, &all[n], err);

        for (size_t i = 0; ok && i < n; i++)
            if (!strcmp(all[i].id, all[n].id))
                ok = err_set(err, ERR_INVALID, "the 'id' of meters[%zu]", i);
        if (!ok) {
            err_in(err, "meters[%zu]", n);
            return false;
        }
        n++;
    }
    b->meters = all;
    b->n_meters = n;
    return true;
}

static bool
missing(struct body *b, const cJSON *root, struct wire_batch *batch,
        struct err *err)
{
    const cJSON *list, *item;
    struct wire_missing *all;
    size_t n = 0;

    if (!json_get_arr(root, "missing", &list, err))
        return false;
    if (!list)
        return true;
    if (cJSON_GetArraySize(list) > MAX_MISSING)
        return err_set(err, ERR_LIMIT, "more than %d missing", MAX_MISSING);
    all = arena_alloc(
            &b->f->arena, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *all);
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsObject(item))
            err_set(err, ERR_INVALID, "no object");
        else if (
                needed(b->f, item, "id", WIRE_MAX_METER_ID, &all[n].id, err) &&
                needed(b->f, item, "reason", MAX_REASON, &all[n].reason, err)) {
            n++;
            continue;
        }
        err_in(err, "missing[%zu]", n);
        return false;
    }
    batch->missing = all;
    batch->n_missing = n;
    return true;
}

static bool
rest(struct body *b, const cJSON *root, struct wire_batch *batch,
     struct err *err)
{
    struct imp_feed *f = b->f;

    if (!cJSON_IsObject(root))
        return err_set(err, ERR_INVALID, "no object, expected a batch");
    if (b->to == 0)
        return err_set(err, ERR_INVALID, "no 'samples', expected an array");
    return needed(f, root, "run", WIRE_MAX_RUN, &batch->run, err) &&
           text(f, root, "boot", WIRE_MAX_RUN, &batch->boot, err) &&
           text(f, root, "agent", MAX_AGENT, &batch->agent, err) &&
           text(f, root, "node", MAX_AGENT, &f->node, err) &&
           meters(b, root, err) && missing(b, root, batch, err);
}

/* ---- samples ---------------------------------------------------------------
 */

static const char *
wrong(const struct body *b, const char *p, const char *why, struct err *err)
{
    err_set(err, ERR_INVALID, "%s", why);
    json_scan_place(
            b->text, (size_t)(p - b->text), (struct json_origin){1, 1}, err);
    return NULL;
}

/* Words that writers put for no number. */
static const char *no_number(const char *p)
{
    static const char *const words[] = {"null",      "NaN",  "Infinity",
                                        "-Infinity", "true", "false"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (!strncmp(p, words[i], n))
            return p + n;
    }
    return NULL;
}

/* One element of a row. */
static const char *
element(const struct body *b, const char *p, struct feed_number *n,
        struct err *err)
{
    const char *end;

    if (*p != '"') {
        end = feed_number(p, n);
        if (end)
            return end;
        n->is_number = false;
        end = no_number(p);
        return end ? end : wrong(b, p, "no number, expected one", err);
    }
    end = feed_number(p + 1, n);
    if (end && *end == '"')
        return end + 1;
    /* A text that is none: only this row is bad, where it is good JSON. */
    n->is_number = false;
    for (end = p + 1; *end != '"'; end++)
        if ((unsigned char)*end < 0x20 || (unsigned char)*end >= 0x7f ||
            *end == '\\')
            return wrong(b, end, "no number, expected one", err);
    return end + 1;
}

static bool
whole(const struct feed_number *n, int64_t low, int64_t high, int64_t *out)
{
    bool exact;

    if (n->is_number && !n->negative && n->exponent == 0 && n->digits <= 18) {
        *out = (int64_t)n->low;
        return *out >= low && *out <= high;
    }
    return !feed_scale(n, 1, out, &exact) && exact && *out >= low &&
           *out <= high;
}

/* NULL, or why the row is refused. */
static const char *row_fault(
        const struct body *b, const struct feed_number *n, size_t n_elements,
        struct wire_sample *s)
{
    int64_t seq, meter;
    const struct wire_meter *m;
    const char *why;
    bool exact;

    s->seq = 0;
    if (!whole(&n[0], 1, INT64_MAX, &seq))
        return no_seq;
    s->seq = (uint64_t)seq;
    if (!whole(&n[1], 1, max_time_ns, &s->t_ns))
        return feed_no_time;
    if (!whole(&n[2], 0, (int64_t)b->n_meters - 1, &meter))
        return no_meter;
    s->meter = (uint32_t)meter;
    m = &b->meters[meter];
    why = feed_scale(&n[3], wire_unit_micro(m->unit), &s->value, &exact);
    if (why)
        return why;
    s->from_ns = 0;
    if (m->kind != WIRE_INTERVAL)
        return n_elements == 5 ? only_interval : NULL;
    if (n_elements != 5 || !whole(&n[4], 1, max_time_ns, &s->from_ns) ||
        s->from_ns >= s->t_ns)
        return feed_no_start;
    return NULL;
}

/* A row; behind its bracket. */
static const char *row(struct body *b, const char *p, struct err *err)
{
    struct feed_number n[5];
    struct wire_sample *s;
    const char *why;
    size_t k = 0;

    if (*p != '[')
        return wrong(b, p, "no array, expected a sample", err);
    do {
        if (k == 5)
            return wrong(b, p, "a sample of more than 5", err);
        p = element(b, blanks(p + 1), &n[k++], err);
        if (!p)
            return NULL;
        p = blanks(p);
    } while (*p == ',');
    if (*p != ']')
        return wrong(b, p, "no ',' or ']' after an element", err);
    if (k < 4)
        return wrong(b, p, "a sample of fewer than 4", err);
    if (!feed_room(b->f, b->n, err))
        return NULL;
    s = &b->f->samples[b->n];
    why = row_fault(b, n, k, s);
    if (why)
        feed_refuse(b->f, s->seq, why);
    else
        b->n++;
    return p + 1;
}

static bool samples(struct body *b, struct err *err)
{
    const char *p = blanks(b->text + b->from + 1);

    if (*p == ']')
        return true;
    for (;;) {
        p = row(b, p, err);
        if (!p)
            return false;
        p = blanks(p);
        if (*p == ']')
            break;
        if (*p != ',')
            return wrong(b, p, "no ',' or ']' after a sample", err) != NULL;
        p = blanks(p + 1);
    }
    /* The brackets were counted without a look at what is between them. */
    CHECK(p + 1 == b->text + b->to);
    return true;
}

bool imp_feed_json(
        const char *bytes, size_t len, struct imp_feed *out, struct err *err)
{
    struct body b = {.text = bytes, .len = len, .f = out};
    struct wire_batch *batch;
    cJSON *root = NULL;
    bool ok = false;

    CHECK(bytes[len] == '\0');
    feed_begin(out);
    if (len > IMP_FEED_BYTES)
        return err_set(
                err, ERR_LIMIT, "a body of more than %d MiB",
                IMP_FEED_BYTES >> 20);
    batch = arena_alloc(&out->arena, sizeof *batch);
    if (!find_samples(&b, err) || !parse_rest(&b, &root, err) ||
        !rest(&b, root, batch, err) || !samples(&b, err))
        goto done;
    batch->meters = b.meters;
    batch->n_meters = b.n_meters;
    batch->samples = out->samples;
    batch->n_samples = b.n;
    batch->heard = out->heard;
    batch->n_heard = out->n_heard;
    out->batches = batch;
    out->n_batches = 1;
    ok = true;
done:
    cJSON_Delete(root);
    return ok;
}
