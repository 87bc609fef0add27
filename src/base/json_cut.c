/* SPDX-License-Identifier: Apache-2.0
 * Single records cut out of a JSON file of any size: only one is in memory. */
#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/json_scan.h"
#include "base/text.h"

enum {
    MAX_OPEN = JSON_MAX_DEPTH + 2, /* of a record, and the list around it */
    MAX_LINE = 300,                /* kept of a line of text between values */
};

/* What the next character means. */
enum where {
    OUTSIDE, /* before or after a root value */
    IN_ROOT, /* in the root object, which is kept but for its records */
    IN_LIST, /* between records */
    IN_RECORD,
};

struct cutter {
    struct json_cut *c;
    enum where where;
    struct buf record, root;
    struct json_origin at, record_at, root_at;
    char open[MAX_OPEN]; /* '{' or '[' of what is open */
    int depth;
    int list_depth;  /* of the list's own bracket */
    int record_base; /* depth at which the record stands */
    bool in_text, escaped;
    bool begun;     /* a root value */
    bool list_seen; /* in this root value */
    bool want_comma;
    bool key_next, list_key; /* in the root object: a key comes; it was one */
    bool value_next;         /* and its value comes */
    size_t key_start;        /* in root */
    char line[MAX_LINE];     /* text between values, or the member's key */
    size_t n_line;
};

static bool
damage(struct cutter *k, enum err_code code, const char *why, struct err *err)
{
    err_set(err, code, "%s", why);
    err_in(err, "line %zu, column %zu", k->at.line, k->at.column);
    return false;
}

/* ---- records ------------------------------------------------------------ */

static bool
deliver(struct cutter *k, const struct buf *text, struct json_origin at,
        struct err *err)
{
    struct json_record r = {
            .index = ++k->c->count, .line = at.line, .text = k->line};
    cJSON *value = NULL;
    struct err why = {0};
    bool ok;

    if (json_parse_at(buf_text(text), text->len, at, &value, &why))
        r.value = value;
    else
        r.why = &why;
    ok = k->c->record(k->c->ctx, &r, err);
    cJSON_Delete(value);
    return ok;
}

static bool end_record(struct cutter *k, struct err *err)
{
    bool ok = deliver(k, &k->record, k->record_at, err);

    buf_reset(&k->record);
    k->where = k->c->members && k->list_depth == 0 ? IN_ROOT : IN_LIST;
    k->want_comma = true;
    return ok;
}

/* The root value ends: alone it is the record, else what stood around them. */
static bool end_root(struct cutter *k, struct err *err)
{
    cJSON *root = NULL;
    bool ok = true;

    k->where = OUTSIDE;
    if (!k->list_seen) {
        if (!k->c->texts) /* not the last key of the root object */
            k->line[0] = '\0';
        ok = deliver(k, &k->root, k->root_at, err);
    } else if (k->root.len > 0) {
        /* Its places would be wrong, as records are missing. */
        if (!json_parse(k->root.p, k->root.len, &root, NULL))
            ok = damage(
                    k, ERR_INVALID,
                    "what stands around the records is no good JSON", err);
        else if (k->c->rest)
            ok = k->c->rest(k->c->ctx, root, err);
        cJSON_Delete(root);
    }
    buf_reset(&k->root);
    k->n_line = 0;
    k->line[0] = '\0';
    return ok;
}

static void start_record(struct cutter *k)
{
    k->where = IN_RECORD;
    k->record_at = k->at;
    k->record_base = k->depth;
}

/* ---- characters --------------------------------------------------------- */

static bool push(struct cutter *k, char ch, struct err *err)
{
    if (k->depth == MAX_OPEN)
        return damage(k, ERR_LIMIT, "nested deeper than 64", err);
    k->open[k->depth++] = ch;
    return true;
}

static bool pop(struct cutter *k, char ch, struct err *err)
{
    if (k->depth == 0 || k->open[k->depth - 1] != (ch == '}' ? '{' : '['))
        return damage(
                k, ERR_INVALID, "a bracket that closes what is not open", err);
    k->depth--;
    return true;
}

static bool keep(struct cutter *k, struct buf *b, char ch, struct err *err)
{
    return buf_char(b, ch) ||
           damage(k, ERR_LIMIT, "a record larger than 16 MiB", err);
}

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static bool root_begin(struct cutter *k, char ch, struct err *err)
{
    k->begun = true;
    k->list_seen = false;
    k->root_at = k->at;
    k->list_depth = 0;
    k->want_comma = false;
    while (k->n_line > 0 && is_blank(k->line[k->n_line - 1]))
        k->n_line--;
    k->line[k->n_line] = '\0';
    if (ch == '[') {
        k->list_seen = true;
        k->list_depth = 1;
        k->where = IN_LIST;
    } else {
        k->where = IN_ROOT;
        k->key_next = true;
        k->value_next = false;
        k->list_key = false;
        if (!keep(k, &k->root, ch, err))
            return false;
    }
    return push(k, ch, err);
}

/* A line between values: words, no rest of another file. */
static bool line_is_text(struct cutter *k, struct err *err)
{
    size_t n = k->n_line + 1 < MAX_LINE ? k->n_line : 0; /* else cut anywhere */

    return text_utf8_ok(k->line, n) ||
           damage(k, ERR_INVALID, "bytes between JSON values that are no text",
                  err);
}

static bool outside(struct cutter *k, char ch, struct err *err)
{
    if (is_blank(ch) && ch != '\n' && k->n_line == 0)
        return true;
    if (ch == '{' || (ch == '[' && !k->c->texts)) {
        if (!k->begun || k->c->texts)
            return root_begin(k, ch, err);
        return damage(
                k, ERR_INVALID, "text after the end of the JSON value", err);
    }
    if (k->c->texts) {
        if (ch == '\n' && !line_is_text(k, err))
            return false;
        if (ch == '\n')
            k->n_line = 0;
        else if (k->n_line + 1 < MAX_LINE)
            k->line[k->n_line++] = ch;
        k->line[k->n_line] = '\0';
        return true;
    }
    if (is_blank(ch))
        return true;
    return damage(
            k, ERR_INVALID,
            k->begun ? "text after the end of the JSON value"
                     : "not JSON records, expected { or [ first",
            err);
}

static bool is_list_key(const struct cutter *k)
{
    const char *key = k->root.p + k->key_start + 1;
    size_t n = k->root.len - k->key_start - 2;

    for (const char *const *l = k->c->lists; l && *l; l++)
        if (strlen(*l) == n && memcmp(*l, key, n) == 0)
            return true;
    return false;
}

static void end_key(struct cutter *k)
{
    size_t n = k->root.len - k->key_start - 2;

    k->key_next = false;
    k->list_key = is_list_key(k);
    if (!k->c->members || k->c->texts)
        return;
    if (n >= MAX_LINE)
        n = MAX_LINE - 1;
    memcpy(k->line, k->root.p + k->key_start + 1, n);
    k->line[n] = '\0';
}

/* In the root object; everything is kept in k->root but the records. */
static bool in_root(struct cutter *k, char ch, struct err *err)
{
    if (ch == '"') {
        k->in_text = true;
        k->key_start = k->root.len;
    }
    if (k->depth == 1 && k->value_next && !is_blank(ch)) {
        k->value_next = false;
        if (k->list_key && ch == '[') {
            k->list_seen = true;
            k->where = IN_LIST;
            k->want_comma = false;
            if (!push(k, ch, err))
                return false;
            k->list_depth = k->depth;
            return keep(k, &k->root, '[', err);
        }
        if (k->c->members && ch == '{') {
            k->list_seen = true;
            start_record(k);
            for (const char *p = "null"; *p; p++)
                if (!keep(k, &k->root, *p, err))
                    return false;
            return keep(k, &k->record, ch, err) && push(k, ch, err);
        }
    }
    if (k->depth == 1 && ch == ',')
        k->key_next = true;
    if (k->depth == 1 && ch == ':')
        k->value_next = true;
    if (!keep(k, &k->root, ch, err))
        return false;
    if (ch == '{' || ch == '[')
        return push(k, ch, err);
    if (ch == '}' || ch == ']') {
        if (!pop(k, ch, err))
            return false;
        return k->depth > 0 || end_root(k, err);
    }
    return true;
}

static bool in_list(struct cutter *k, char ch, struct err *err)
{
    if (is_blank(ch))
        return true;
    if (ch == ']') {
        k->list_depth = 0;
        if (!pop(k, ch, err))
            return false;
        if (k->depth == 0)
            return end_root(k, err);
        k->where = IN_ROOT;
        return keep(k, &k->root, ch, err);
    }
    if (ch == ',') {
        if (!k->want_comma)
            return damage(k, ERR_INVALID, "a ',' without a record", err);
        k->want_comma = false;
        return true;
    }
    if (k->want_comma)
        return damage(k, ERR_INVALID, "no ',' between two records", err);
    if (ch == '}' || ch == ':')
        return damage(k, ERR_INVALID, "expected a record or ']'", err);
    start_record(k);
    k->in_text = ch == '"';
    if ((ch == '{' || ch == '[') && !push(k, ch, err))
        return false;
    return keep(k, &k->record, ch, err);
}

static bool in_record(struct cutter *k, char ch, struct err *err)
{
    bool scalar = k->depth == k->record_base;

    /* A number or a word ends where the list goes on. */
    if (scalar && (is_blank(ch) || ch == ',' || ch == ']' || ch == '}'))
        return end_record(k, err) && in_list(k, ch, err);
    if (ch == '"')
        k->in_text = true;
    if (!keep(k, &k->record, ch, err))
        return false;
    if (ch == '{' || ch == '[')
        return push(k, ch, err);
    if (ch != '}' && ch != ']')
        return true;
    if (!pop(k, ch, err))
        return false;
    return k->depth > k->record_base || end_record(k, err);
}

static bool in_text(struct cutter *k, char ch, struct err *err)
{
    if (!keep(k, k->where == IN_ROOT ? &k->root : &k->record, ch, err))
        return false;
    if (k->escaped) {
        k->escaped = false;
    } else if (ch == '\\') {
        k->escaped = true;
    } else if (ch == '"') {
        k->in_text = false;
        if (k->where == IN_ROOT && k->depth == 1 && k->key_next)
            end_key(k);
    }
    return true;
}

static bool on_char(struct cutter *k, char ch, struct err *err)
{
    bool ok;

    if (ch == '\0')
        return damage(k, ERR_INVALID, "a NUL byte, expected text", err);
    if (k->in_text)
        ok = in_text(k, ch, err);
    else if (k->where == IN_RECORD)
        ok = in_record(k, ch, err);
    else if (k->where == IN_LIST)
        ok = in_list(k, ch, err);
    else if (k->where == IN_ROOT)
        ok = in_root(k, ch, err);
    else
        ok = outside(k, ch, err);
    if (ch == '\n') {
        k->at.line++;
        k->at.column = 1;
    } else if (((unsigned char)ch & 0xC0) != 0x80) {
        k->at.column++;
    }
    return ok;
}

static bool on_chars(struct cutter *k, const char *p, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!on_char(k, p[i], err))
            return false;
    return true;
}

/* ---- the file ----------------------------------------------------------- */

static bool at_end(struct cutter *k, struct err *err)
{
    if (!k->begun)
        return damage(
                k, ERR_INVALID,
                k->at.line == 1 && k->at.column == 1
                        ? "the file is empty"
                        : "no JSON value in the file",
                err);
    if (k->where == OUTSIDE)
        return line_is_text(k, err);
    if (!k->list_seen && !(k->c->texts && k->c->count > 0))
        return damage(
                k, ERR_INVALID, "the file ends before its JSON value does",
                err);
    k->c->cut = true;
    return true;
}

/* UTF-16 is twice as long at most, and read whole. */
static bool
utf16(struct cutter *k, FILE *in, const char *head, size_t n, struct err *err)
{
    bool big = (unsigned char)head[0] == 0xFE;
    struct buf raw, text;
    char room[65536];
    bool ok = false;

    buf_init(&raw, JSON_MAX_BYTES);
    buf_init(&text, (size_t)JSON_MAX_BYTES * 2);
    buf_add(&raw, head + 2, n - 2);
    while ((n = fread(room, 1, sizeof room, in)) > 0)
        if (!buf_add(&raw, room, n)) {
            err_set(err, ERR_LIMIT, "UTF-16 text larger than 64 MiB");
            goto done;
        }
    if (!text_from_utf16(buf_text(&raw), raw.len, big, &text)) {
        err_set(err, ERR_INVALID, "UTF-16 text that is damaged");
        goto done;
    }
    buf_clear(&raw);
    ok = on_chars(k, buf_text(&text), text.len, err);
done:
    buf_clear(&raw);
    buf_clear(&text);
    return ok;
}

static bool all_chars(struct cutter *k, FILE *in, struct err *err)
{
    char room[65536];
    bool first = true;
    size_t n;

    while ((n = fread(room, 1, sizeof room, in)) > 0) {
        size_t skip = 0;

        if (first && n >= 2 &&
            (memcmp(room, "\xFF\xFE", 2) == 0 ||
             memcmp(room, "\xFE\xFF", 2) == 0))
            return utf16(k, in, room, n, err);
        if (first && n >= 3 && memcmp(room, "\xEF\xBB\xBF", 3) == 0)
            skip = 3;
        first = false;
        if (!on_chars(k, room + skip, n - skip, err))
            return false;
    }
    return true;
}

bool json_cut_read(struct json_cut *c, FILE *in, struct err *err)
{
    struct cutter k = {.c = c, .at = {1, 1}};
    bool ok = false;

    c->cut = false;
    c->count = 0;
    buf_init(&k.record, JSON_MAX_RECORD);
    buf_init(&k.root, JSON_MAX_RECORD);
    if (!all_chars(&k, in, err))
        goto done;
    if (ferror(in)) {
        err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
        goto done;
    }
    ok = at_end(&k, err);
done:
    buf_clear(&k.record);
    buf_clear(&k.root);
    return ok;
}
