/* SPDX-License-Identifier: Apache-2.0
 * Where documents are written: a file, a buffer or a callback, buffered, with
 * the first failure kept so that writers need not test each call. */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

struct out {
    bool (*write)(void *ctx, const char *bytes, size_t len, struct err *err);
    void *ctx;
    size_t fill;
    bool failed;
    struct err err; /* of the first failure */
    char room[16384];
};

void out_to_file(struct out *o, FILE *file); /* file stays the caller's */
void out_to_buf(struct out *o, struct buf *b);
void out_to(
        struct out *o,
        bool (*write)(void *, const char *, size_t, struct err *), void *ctx);
void out_bytes(struct out *o, const char *bytes, size_t len);
void out_str(struct out *o, const char *s);
void out_char(struct out *o, char c);
void out_printf(struct out *o, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* Hands the rest over; false when any write failed, with its error. */
bool out_finish(struct out *o, struct err *err);

#endif
