/* SPDX-License-Identifier: Apache-2.0
 * Errors as values: what went wrong, where, and of which kind. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_code {
    ERR_NONE,
    ERR_INVALID,   /* input or argument breaks a rule */
    ERR_NOT_FOUND, /* the thing named does not exist */
    ERR_CONFLICT,  /* it exists already, or differs from what is stored */
    ERR_DENIED,    /* not allowed for this actor */
    ERR_LIMIT,     /* larger than a named limit */
    ERR_IO,        /* a file, a socket or a device failed */
    ERR_DB,        /* the database failed */
    ERR_USAGE,     /* the command line is wrong */
    ERR_CODES
};

struct err {
    enum err_code code;
    char msg[400];   /* one line, lower case, no full stop */
    char where[600]; /* trail, outermost first: "fleet.csv: line 41" */
};

/* Sets code and message, clears the trail; always returns false, so that
 * `return err_set(err, ...)` leaves a function. err may be NULL. */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
#ifdef __clang_analyzer__ /* it sees one file at a time, so tell it: false */
#define err_set(...) ((void)err_set(__VA_ARGS__), false)
#endif
/* Puts context in front of the trail; never changes the message. */
void err_in(struct err *err, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* "where: msg" or "msg" into dst, always terminated; returns dst. */
const char *err_text(const struct err *err, char *dst, size_t size);
void err_clear(struct err *err);

/* The one table of DESIGN section 4 and OPERATIONS 6: exit status 1 or 2,
 * HTTP status 4xx or 5xx, and the code's word ("invalid", "not-found"). */
int err_exit_status(enum err_code code);
int err_http_status(enum err_code code);
const char *err_word(enum err_code code);

/* For our own mistakes only, never for input; stays on in release builds. */
#define CHECK(cond) ((cond) ? (void)0 : check_failed(#cond, __FILE__, __LINE__))
_Noreturn void check_failed(const char *cond, const char *file, int line);

#endif
