/* SPDX-License-Identifier: Apache-2.0
 * Answers of Prometheus' HTTP API read as they arrive: a year of a fleet is too
 * much for a tree. Each open container has a role, each value goes where the
 * role of its container says. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/metrics.h"

enum { MAX_DEPTH = 24, MAX_TEXT = 8192 };

enum role {
    NOTHING, /* passed over, with all in it */
    ROOT,
    DATA,
    RESULT,
    SERIES,
    METRIC,
    VALUES,
    PAIR,
};

enum expect { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, COMMA_OR_END, DONE };

struct frame {
    enum role role;
    bool array;
    size_t n; /* values so far */
};

struct imp_matrix {
    struct imp_matrix_to to;
    struct frame stack[MAX_DEPTH];
    size_t depth;
    enum expect expect;
    enum { PLAIN, IN_STRING, IN_ESCAPE, IN_UNICODE, IN_WORD } lex;
    bool is_key;
    char text[MAX_TEXT + 8];
    size_t len;
    uint32_t unicode, high; /* high: first half of a pair */
    int unicode_left;
    char key[64]; /* of the member being read */
    char status[16], type[16], error_type[64], error[300];
    bool has_result;
    /* of a series */
    struct arena arena;
    struct imp_label labels[IMP_MAX_LABELS];
    size_t n_labels, label_bytes;
    const char *name, *label;
    bool announced;
    double pair[2];
};

struct imp_matrix *imp_matrix_begin(const struct imp_matrix_to *to)
{
    struct imp_matrix *m = xcalloc(1, sizeof *m);

    m->to = *to;
    return m;
}

void imp_matrix_free(struct imp_matrix *m)
{
    if (m)
        arena_clear(&m->arena);
    free(m);
}

static bool bad(const char *what, struct err *err)
{
    return err_set(
            err, ERR_INVALID, "an answer that is no Prometheus JSON: %s", what);
}

static struct frame *top(struct imp_matrix *m)
{
    return m->depth ? &m->stack[m->depth - 1] : NULL;
}

/* ---- what values mean ---------------------------------------------------- */

static bool announce(struct imp_matrix *m, struct err *err)
{
    const struct imp_metric x = {
            .name = m->name ? m->name : "",
            .labels = m->labels,
            .n_labels = m->n_labels};

    if (m->announced)
        return true;
    m->announced = true;
    return m->to.series(m->to.ctx, &x, err);
}

static enum role role_of(const struct imp_matrix *m, bool array)
{
    const struct frame *f = m->depth ? &m->stack[m->depth - 1] : NULL;

    if (!f)
        return array ? NOTHING : ROOT;
    switch (f->role) {
    case ROOT:
        return !array && strcmp(m->key, "data") == 0 ? DATA : NOTHING;
    case DATA:
        return array && strcmp(m->key, "result") == 0 ? RESULT : NOTHING;
    case RESULT:
        return array ? NOTHING : SERIES;
    case SERIES:
        if (!array && strcmp(m->key, "metric") == 0)
            return METRIC;
        if (array && strcmp(m->key, "values") == 0)
            return VALUES;
        return array && strcmp(m->key, "value") == 0 ? PAIR : NOTHING;
    case VALUES:
        return array ? PAIR : NOTHING;
    default:
        return NOTHING;
    }
}

static bool open_one(struct imp_matrix *m, bool array, struct err *err)
{
    enum role role = role_of(m, array);

    if (m->depth == MAX_DEPTH)
        return err_set(err, ERR_LIMIT, "an answer nested too deep");
    m->has_result = m->has_result || role == RESULT;
    if (role == SERIES) {
        arena_reset(&m->arena);
        m->n_labels = m->label_bytes = 0;
        m->name = NULL;
        m->announced = false;
    }
    if (role == PAIR) {
        m->pair[0] = m->pair[1] = NAN;
        if (!announce(m, err))
            return false;
    }
    m->stack[m->depth++] = (struct frame){.role = role, .array = array};
    m->expect = array ? VALUE_OR_END : KEY_OR_END;
    return true;
}

static bool close_one(struct imp_matrix *m, bool array, struct err *err)
{
    struct frame f;

    if (m->depth == 0 || top(m)->array != array)
        return bad("brackets that do not match", err);
    f = m->stack[--m->depth];
    if (m->depth)
        m->stack[m->depth - 1].n++;
    m->expect = m->depth ? COMMA_OR_END : DONE;
    if (f.role == PAIR) {
        if (f.n != 2 || isnan(m->pair[0]) || fabs(m->pair[0]) > 8e12)
            return bad("a value without its time", err);
        return m->to.point(
                m->to.ctx, (int64_t)nearbyint(m->pair[0] * 1000), m->pair[1],
                err);
    }
    return f.role != SERIES || announce(m, err);
}

static void keep(char *dst, size_t size, const char *text)
{
    size_t n = 0;

    for (; text[n] && n + 1 < size; n++)
        dst[n] = (unsigned char)text[n] < 0x20 ? ' ' : text[n];
    dst[n] = '\0';
}

static bool label_value(struct imp_matrix *m, struct err *err)
{
    char *copy;

    if (m->announced)
        return bad("labels after values", err);
    m->label_bytes += m->len + strlen(m->key);
    if (m->n_labels == IMP_MAX_LABELS || m->label_bytes > IMP_MAX_LABEL_TEXT)
        return err_set(err, ERR_LIMIT, "a series with too many labels");
    if (!text_utf8_ok(m->text, m->len))
        return bad("a label that is no UTF-8", err);
    copy = arena_strn(&m->arena, m->text, m->len);
    if (strcmp(m->key, "__name__") == 0)
        m->name = copy;
    else
        m->labels[m->n_labels++] = (struct imp_label){
                .name = arena_str(&m->arena, m->key), .value = copy};
    return true;
}

static bool number(struct imp_matrix *m, double *out)
{
    if (text_same(m->text, "NaN")) {
        *out = NAN;
        return true;
    }
    if (text_same(m->text, "+Inf") || text_same(m->text, "Inf") ||
        text_same(m->text, "-Inf")) {
        *out = m->text[0] == '-' ? -INFINITY : INFINITY;
        return true;
    }
    return num_parse(m->text, m->len, NUM_POINT, out, NULL);
}

/* A string or a word is whole. */
static bool scalar(struct imp_matrix *m, bool is_text, struct err *err)
{
    struct frame *f = top(m);

    m->expect = m->depth ? COMMA_OR_END : DONE;
    if (!f)
        return bad("no object", err);
    f->n++;
    if (f->role == ROOT && is_text && strcmp(m->key, "status") == 0)
        keep(m->status, sizeof m->status, m->text);
    else if (f->role == ROOT && is_text && strcmp(m->key, "errorType") == 0)
        keep(m->error_type, sizeof m->error_type, m->text);
    else if (f->role == ROOT && is_text && strcmp(m->key, "error") == 0)
        keep(m->error, sizeof m->error, m->text);
    else if (f->role == DATA && is_text && strcmp(m->key, "resultType") == 0)
        keep(m->type, sizeof m->type, m->text);
    else if (f->role == METRIC && is_text)
        return label_value(m, err);
    else if (f->role == PAIR && f->n <= 2 && !number(m, &m->pair[f->n - 1]))
        return bad("a value that is no number", err);
    return true;
}

/* ---- characters ---------------------------------------------------------- */

static bool put(struct imp_matrix *m, char c, struct err *err)
{
    struct frame *f = top(m);

    if (m->len >= MAX_TEXT) {
        /* Only what is passed over may be longer. */
        if (f && f->role == NOTHING)
            return true;
        if (f && f->role == ROOT)
            return true;
        return err_set(err, ERR_LIMIT, "a text of more than 8 KiB");
    }
    m->text[m->len++] = c;
    m->text[m->len] = '\0';
    return true;
}

static bool put_code(struct imp_matrix *m, uint32_t c, struct err *err)
{
    char b[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    bool ok = true;

    if (c == 0)
        return bad("a NUL in a text", err);
    if (n == 1)
        b[0] = (char)c;
    for (size_t i = n; n > 1 && i-- > 1; c >>= 6)
        b[i] = (char)(0x80 | (c & 0x3F));
    if (n > 1)
        b[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c);
    for (size_t i = 0; ok && i < n; i++)
        ok = put(m, b[i], err);
    return ok;
}

static bool unicode_done(struct imp_matrix *m, struct err *err)
{
    uint32_t c = m->unicode;

    m->lex = IN_STRING;
    if (c >= 0xD800 && c < 0xDC00 && !m->high) {
        m->high = c;
        return true;
    }
    if (m->high) {
        if (c < 0xDC00 || c >= 0xE000)
            return bad("half a character", err);
        c = 0x10000 + ((m->high - 0xD800) << 10) + (c - 0xDC00);
        m->high = 0;
    } else if (c >= 0xDC00 && c < 0xE000) {
        return bad("half a character", err);
    }
    return put_code(m, c, err);
}

static bool in_escape(struct imp_matrix *m, char c, struct err *err)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at = strchr(from, c);

    if (c == 'u') {
        m->lex = IN_UNICODE;
        m->unicode = 0;
        m->unicode_left = 4;
        return true;
    }
    if (!at || !c || m->high)
        return bad("an odd escape in a text", err);
    m->lex = IN_STRING;
    return put(m, to[at - from], err);
}

static bool in_unicode(struct imp_matrix *m, char c, struct err *err)
{
    static const char digits[] = "0123456789abcdef";
    char low = c >= 'A' && c <= 'F' ? (char)(c + 32) : c;
    const char *at = low ? strchr(digits, low) : NULL;

    if (!at)
        return bad("an odd escape in a text", err);
    m->unicode = m->unicode * 16 + (uint32_t)(at - digits);
    return --m->unicode_left > 0 || unicode_done(m, err);
}

static bool in_string(struct imp_matrix *m, char c, struct err *err)
{
    if (c == '\\') {
        m->lex = IN_ESCAPE;
        return true;
    }
    if (m->high)
        return bad("half a character", err);
    if (c != '"')
        return (unsigned char)c >= 0x20 ? put(m, c, err)
                                        : bad("a line end in a text", err);
    m->lex = PLAIN;
    if (!m->is_key)
        return scalar(m, true, err);
    m->expect = COLON;
    if (top(m)->role == METRIC && m->len >= sizeof m->key)
        return err_set(err, ERR_LIMIT, "a label's name is too long");
    keep(m->key, sizeof m->key, m->text);
    return true;
}

static bool begin_text(struct imp_matrix *m, bool key, struct err *err)
{
    if (key ? m->expect != KEY && m->expect != KEY_OR_END
            : m->expect != VALUE && m->expect != VALUE_OR_END)
        return bad("a text out of place", err);
    m->is_key = key;
    m->len = 0;
    m->text[0] = '\0';
    m->lex = IN_STRING;
    return true;
}

static bool comma(struct imp_matrix *m, struct err *err)
{
    if (m->expect != COMMA_OR_END)
        return bad("a comma out of place", err);
    m->expect = top(m)->array ? VALUE : KEY;
    return true;
}

static bool plain(struct imp_matrix *m, char c, struct err *err)
{
    bool value = m->expect == VALUE || m->expect == VALUE_OR_END;
    bool end = m->expect == COMMA_OR_END ||
               m->expect == (c == ']' ? VALUE_OR_END : KEY_OR_END);

    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return true;
    case '{':
    case '[':
        return value ? open_one(m, c == '[', err)
                     : bad("brackets out of place", err);
    case '}':
    case ']':
        return end ? close_one(m, c == ']', err)
                   : bad("brackets out of place", err);
    case '"':
        return begin_text(m, !value, err);
    case ',':
        return comma(m, err);
    case ':':
        if (m->expect != COLON)
            return bad("a colon out of place", err);
        m->expect = VALUE;
        return true;
    default:
        if (!value || !strchr("-0123456789tfn", c) || !c)
            return bad("not JSON", err);
        m->len = 0;
        m->lex = IN_WORD;
        return put(m, c, err);
    }
}

/* A number, true, false or null ends at the first character that is none. */
static bool in_word(struct imp_matrix *m, char c, bool *again, struct err *err)
{
    static const char *const words[] = {"true", "false", "null"};
    double v;
    bool known = false;

    *again = !c || !strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", c);
    if (!*again)
        return put(m, c, err);
    m->lex = PLAIN;
    for (size_t i = 0; i < 3; i++)
        known = known || strcmp(m->text, words[i]) == 0;
    if (!known && !num_parse(m->text, m->len, NUM_POINT, &v, NULL))
        return bad("not JSON", err);
    if (known && top(m) && top(m)->role == PAIR)
        return bad("a value that is no number", err);
    return scalar(m, false, err);
}

bool imp_matrix_feed(
        struct imp_matrix *m, const char *bytes, size_t len, struct err *err)
{
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        bool ok = true, again = false;

        if (m->lex == IN_WORD) {
            ok = in_word(m, c, &again, err);
            if (ok && again)
                ok = plain(m, c, err);
        } else if (m->lex == IN_STRING) {
            ok = in_string(m, c, err);
        } else if (m->lex == IN_ESCAPE) {
            ok = in_escape(m, c, err);
        } else if (m->lex == IN_UNICODE) {
            ok = in_unicode(m, c, err);
        } else {
            ok = plain(m, c, err);
        }
        if (!ok)
            return false;
    }
    return true;
}

bool imp_matrix_end(struct imp_matrix *m, struct err *err)
{
    if (strcmp(m->status, "error") == 0)
        return err_set(
                err, ERR_INVALID, "the engine says %s: %s",
                m->error_type[0] ? m->error_type : "error", m->error);
    if (m->expect != DONE || m->lex != PLAIN)
        return bad("it is cut short", err);
    if (strcmp(m->status, "success") != 0 || !m->has_result)
        return bad("expected status success and data.result", err);
    if (strcmp(m->type, "matrix") != 0 && strcmp(m->type, "vector") != 0)
        return err_set(
                err, ERR_INVALID, "a result of type '%s', expected a matrix",
                m->type);
    return true;
}
