/* SPDX-License-Identifier: Apache-2.0
 * Buffered output with the first failure kept. */
#include "base/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void out_to(
        struct out *o,
        bool (*write)(void *, const char *, size_t, struct err *), void *ctx)
{
    o->write = write;
    o->ctx = ctx;
    o->fill = 0;
    o->failed = false;
    err_clear(&o->err);
}

static bool
write_file(void *ctx, const char *bytes, size_t len, struct err *err)
{
    if (fwrite(bytes, 1, len, ctx) == len)
        return true;
    return err_set(err, ERR_IO, "cannot write: %s", strerror(errno));
}

static bool write_buf(void *ctx, const char *bytes, size_t len, struct err *err)
{
    struct buf *b = ctx;

    if (buf_add(b, bytes, len))
        return true;
    return err_set(err, ERR_LIMIT, "output larger than %zu bytes", b->max);
}

void out_to_file(struct out *o, FILE *file)
{
    out_to(o, write_file, file);
}

void out_to_buf(struct out *o, struct buf *b)
{
    out_to(o, write_buf, b);
}

static void hand_over(struct out *o, const char *bytes, size_t len)
{
    if (!o->failed && len && !o->write(o->ctx, bytes, len, &o->err))
        o->failed = true;
}

void out_bytes(struct out *o, const char *bytes, size_t len)
{
    if (len > sizeof o->room - o->fill) {
        hand_over(o, o->room, o->fill);
        o->fill = 0;
        if (len >= sizeof o->room) {
            hand_over(o, bytes, len);
            return;
        }
    }
    if (len)
        memcpy(o->room + o->fill, bytes, len);
    o->fill += len;
}

void out_str(struct out *o, const char *s)
{
    out_bytes(o, s, strlen(s));
}

void out_char(struct out *o, char c)
{
    out_bytes(o, &c, 1);
}

void out_printf(struct out *o, const char *fmt, ...)
{
    char small[512], *text = small;
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(small, sizeof small, fmt, ap);
    va_end(ap);
    CHECK(len >= 0);
    if ((size_t)len >= sizeof small) {
        text = xmalloc((size_t)len + 1);
        va_start(ap, fmt);
        vsnprintf(text, (size_t)len + 1, fmt, ap);
        va_end(ap);
    }
    out_bytes(o, text, (size_t)len);
    if (text != small)
        free(text);
}

bool out_finish(struct out *o, struct err *err)
{
    hand_over(o, o->room, o->fill);
    o->fill = 0;
    /* What stdio still holds must reach the file before "done" is said. */
    if (!o->failed && o->write == write_file && fflush(o->ctx) != 0) {
        err_set(&o->err, ERR_IO, "cannot write: %s", strerror(errno));
        o->failed = true;
    }
    if (o->failed && err)
        *err = o->err;
    return !o->failed;
}
