/* SPDX-License-Identifier: Apache-2.0
 * A strict look at JSON text before cJSON reads it: cJSON takes raw control
 * characters, bad UTF-8 and endless depth without a word. */
#include "base/json_scan.h"

#include <stdint.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"

enum {
    NUMBER_MAX = 63, /* cJSON 1.7.15 copies a number into 64 bytes */
};

struct scan {
    const char *text;
    size_t len, at;
    size_t values, keys;
    size_t want_key, key_at; /* where the wanted key starts */
    bool object[JSON_MAX_DEPTH];
    size_t depth;
    enum err_code code;
    const char *wrong; /* why the text is refused, at `at` */
};

static bool refuse(struct scan *s, enum err_code code, const char *why)
{
    s->code = code;
    s->wrong = why;
    return false;
}

static int peek(const struct scan *s)
{
    return s->at < s->len ? (unsigned char)s->text[s->at] : -1;
}

static void blanks(struct scan *s)
{
    for (int c = peek(s); c == ' ' || c == '\n' || c == '\t' || c == '\r';
         c = peek(s))
        s->at++;
}

static bool hex4(const struct scan *s, size_t at, unsigned *out)
{
    unsigned v = 0;

    if (at + 4 > s->len)
        return false;
    for (size_t i = 0; i < 4; i++) {
        char c = s->text[at + i];
        unsigned d = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                            : 16;
        if (d == 16)
            return false;
        v = v << 4 | d;
    }
    *out = v;
    return true;
}

/* At the character after a backslash. */
static bool escape(struct scan *s)
{
    unsigned v, low;
    int c = peek(s);

    if (c != 'u') {
        if (c < 0 || c == 0 || !strchr("\"\\/bfnrt", c))
            return refuse(s, ERR_INVALID, "an escape that JSON does not have");
        s->at++;
        return true;
    }
    if (!hex4(s, s->at + 1, &v))
        return refuse(s, ERR_INVALID, "\\u needs four hexadecimal digits");
    if (v == 0)
        return refuse(s, ERR_INVALID, "a NUL character in a string");
    if (v >= 0xDC00 && v <= 0xDFFF)
        return refuse(s, ERR_INVALID, "half of a surrogate pair");
    s->at += 5;
    if (v >= 0xD800 && v <= 0xDBFF) {
        if (s->at + 6 > s->len || s->text[s->at] != '\\' ||
            s->text[s->at + 1] != 'u' || !hex4(s, s->at + 2, &low) ||
            low < 0xDC00 || low > 0xDFFF)
            return refuse(s, ERR_INVALID, "half of a surrogate pair");
        s->at += 6;
    }
    return true;
}

/* At the opening quote. */
static bool string(struct scan *s)
{
    size_t start = s->at++;

    for (;;) {
        int c = peek(s);

        if (s->at - start > JSON_MAX_TEXT + 1) {
            s->at = start;
            return refuse(s, ERR_LIMIT, "a string larger than 4 MiB");
        }

        if (c < 0)
            return refuse(s, ERR_INVALID, "a string that is never closed");
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c < 0x20)
            return refuse(
                    s, ERR_INVALID,
                    c ? "a raw control character in a string"
                      : "a NUL byte, expected text");
        if (c == '\\') {
            s->at++;
            if (!escape(s))
                return false;
        } else if (c < 0x80) {
            s->at++;
        } else {
            size_t n = text_utf8_len(s->text + s->at, s->len - s->at);
            if (!n)
                return refuse(s, ERR_INVALID, "bytes that are not UTF-8");
            s->at += n;
        }
    }
}

static size_t skip_digits(struct scan *s)
{
    size_t start = s->at;

    while (peek(s) >= '0' && peek(s) <= '9')
        s->at++;
    return s->at - start;
}

static bool number(struct scan *s)
{
    static const char why[] = "a number that JSON does not have";
    size_t start = s->at;
    bool exponent = false;
    double value;

    if (peek(s) == '-')
        s->at++;
    if (peek(s) == '0')
        s->at++;
    else if (!skip_digits(s))
        return refuse(s, ERR_INVALID, why);
    if (peek(s) >= '0' && peek(s) <= '9')
        return refuse(s, ERR_INVALID, why);
    if (peek(s) == '.') {
        s->at++;
        if (!skip_digits(s))
            return refuse(s, ERR_INVALID, why);
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        if (!skip_digits(s))
            return refuse(s, ERR_INVALID, why);
        exponent = true;
    }
    if (s->at - start > NUMBER_MAX) {
        s->at = start;
        return refuse(s, ERR_LIMIT, "a number of more than 63 characters");
    }
    /* without an exponent 63 digits always fit */
    if (exponent &&
        !num_parse(s->text + start, s->at - start, NUM_POINT, &value, NULL)) {
        s->at = start;
        return refuse(
                s, ERR_INVALID,
                "a number out of range, expected one within "
                "1.8e308");
    }
    return true;
}

static bool literal(struct scan *s)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if (s->len - s->at >= n && memcmp(s->text + s->at, words[i], n) == 0) {
            s->at += n;
            return true;
        }
    }
    if (peek(s) == 0)
        return refuse(s, ERR_INVALID, "a NUL byte, expected text");
    return refuse(
            s, ERR_INVALID,
            s->at < s->len ? "no JSON value, expected one"
                           : "the text ends early, expected a value");
}

static bool open_container(struct scan *s, bool object)
{
    if (s->depth == JSON_MAX_DEPTH)
        return refuse(s, ERR_LIMIT, "nested deeper than 64");
    s->object[s->depth++] = object;
    s->at++;
    return true;
}

/* At a key; ends after the colon. */
static bool key(struct scan *s)
{
    if (peek(s) != '"')
        return refuse(s, ERR_INVALID, "no key, expected one in double quotes");
    if (s->keys++ == s->want_key)
        s->key_at = s->at;
    if (!string(s))
        return false;
    blanks(s);
    if (peek(s) != ':')
        return refuse(s, ERR_INVALID, "no ':' after a key");
    s->at++;
    blanks(s);
    return true;
}

/* One value up to its end, or up to the inside of a container. */
static bool value(struct scan *s, bool *opened)
{
    int c = peek(s);

    *opened = false;
    if (++s->values > JSON_MAX_VALUES)
        return refuse(s, ERR_LIMIT, "more than 2000000 values");
    if (c == '{' || c == '[') {
        *opened = true;
        return open_container(s, c == '{');
    }
    if (c == '"')
        return string(s);
    if (c == '-' || (c >= '0' && c <= '9'))
        return number(s);
    return literal(s);
}

/* After a value: closes what ends here, then stands at the next value. *done
 * when the outermost value has ended. */
static bool after_value(struct scan *s, bool *done)
{
    *done = false;
    for (;;) {
        blanks(s);
        if (s->depth == 0) {
            *done = true;
            return true;
        }
        bool object = s->object[s->depth - 1];
        int c = peek(s);

        if (c == (object ? '}' : ']')) {
            s->depth--;
            s->at++;
            continue;
        }
        if (c != ',')
            return refuse(
                    s, ERR_INVALID,
                    c < 0    ? "the text ends early"
                    : object ? "no ',' or '}' after a member"
                             : "no ',' or ']' after an element");
        s->at++;
        blanks(s);
        return object ? key(s) : true;
    }
}

static bool document(struct scan *s)
{
    bool opened, done = false;

    if (s->len >= 3 && memcmp(s->text, "\xEF\xBB\xBF", 3) == 0)
        s->at = 3;
    blanks(s);
    while (!done) {
        if (!value(s, &opened))
            return false;
        if (opened) {
            bool object = s->object[s->depth - 1];
            blanks(s);
            if (peek(s) != (object ? '}' : ']')) {
                if (object && !key(s))
                    return false;
                continue;
            }
            s->depth--;
            s->at++;
        }
        if (!after_value(s, &done))
            return false;
    }
    if (s->at < s->len)
        return refuse(
                s, ERR_INVALID,
                peek(s) ? "text after the end of the JSON value"
                        : "a NUL byte, expected text");
    return true;
}

void json_scan_place(
        const char *text, size_t at, struct json_origin origin, struct err *err)
{
    size_t line = origin.line, column = origin.column;
    size_t start = at >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

    for (size_t i = start; i < at; i++) {
        if (text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            column++; /* characters, not bytes */
        }
    }
    err_in(err, "line %zu, column %zu", line, column);
}

bool json_scan(
        const char *text, size_t len, struct json_origin origin,
        struct err *err)
{
    struct scan s = {.text = text, .len = len, .want_key = SIZE_MAX};

    if (document(&s))
        return true;
    err_set(err, s.code, "%s", s.wrong);
    json_scan_place(text, s.at, origin, err);
    return false;
}

size_t json_scan_key(const char *text, size_t len, size_t n)
{
    struct scan s = {.text = text, .len = len, .want_key = n};

    CHECK(document(&s));
    return s.key_at;
}
