/* SPDX-License-Identifier: Apache-2.0
 * Errors as values: setting, adding places, printing, and the code table. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one table of codes: words, exit statuses, HTTP statuses. */
static const struct {
    const char *word;
    int exit_status, http_status;
} codes[ERR_CODES] = {
        [ERR_NONE] = {"none", 0, 200},
        [ERR_INVALID] = {"invalid", 1, 400},
        [ERR_NOT_FOUND] = {"not-found", 1, 404},
        [ERR_CONFLICT] = {"conflict", 1, 409},
        [ERR_DENIED] = {"denied", 1, 403},
        [ERR_LIMIT] = {"limit", 1, 413},
        [ERR_IO] = {"io", 1, 500},
        [ERR_DB] = {"db", 1, 500},
        [ERR_USAGE] = {"usage", 2, 400},
};

/* snprintf cuts between bytes; a message must stay good UTF-8, so the rest of
 * a character cut in the middle goes too. Control characters (the message may
 * quote a hostile file) become blanks, so that it stays one line. */
static void tidy(char *s)
{
    size_t len = strlen(s), start = len;

    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
            s[i] = ' ';
    while (start > 0 && ((unsigned char)s[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)s[start - 1];
    size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (want > 1 && len - (start - 1) < want)
        s[start - 1] = '\0';
}

/* dst = place, ": ", rest; what does not fit is cut. */
static void join(char *dst, size_t size, const char *place, const char *rest)
{
    const char *const parts[] = {place, place[0] && rest[0] ? ": " : "", rest};
    size_t n = 0;

    for (size_t i = 0; i < 3; i++) {
        size_t len = strnlen(parts[i], size - 1 - n);
        memcpy(dst + n, parts[i], len);
        n += len;
    }
    dst[n] = '\0';
    tidy(dst);
}

bool(err_set)(struct err *err, enum err_code code, const char *fmt, ...)
{
    char msg[sizeof err->msg];
    va_list ap;

    if (!err)
        return false;
    /* By way of a local array: arguments may point into err itself. */
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    tidy(msg);
    memcpy(err->msg, msg, sizeof msg);
    err->code = code;
    err->where[0] = '\0';
    return false;
}

void err_in(struct err *err, const char *fmt, ...)
{
    char context[sizeof err->where];
    char trail[sizeof err->where];
    va_list ap;

    if (!err)
        return;
    va_start(ap, fmt);
    vsnprintf(context, sizeof context, fmt, ap);
    va_end(ap);
    memcpy(trail, err->where, sizeof trail);
    /* a trail too long loses its innermost end */
    join(err->where, sizeof err->where, context, trail);
}

const char *err_text(const struct err *err, char *dst, size_t size)
{
    CHECK(size > 0);
    join(dst, size, err->where, err->msg);
    return dst;
}

void err_clear(struct err *err)
{
    if (err)
        *err = (struct err){0};
}

int err_exit_status(enum err_code code)
{
    CHECK(code < ERR_CODES);
    return codes[code].exit_status;
}

int err_http_status(enum err_code code)
{
    CHECK(code < ERR_CODES);
    return codes[code].http_status;
}

const char *err_word(enum err_code code)
{
    CHECK(code < ERR_CODES);
    return codes[code].word;
}

_Noreturn void check_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "internal error: %s:%d: %s\n", file, line, cond);
    abort();
}
