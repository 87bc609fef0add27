/* SPDX-License-Identifier: Apache-2.0
 * A growable byte buffer with a maximum, always NUL-terminated. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

void buf_init(struct buf *b, size_t max)
{
    CHECK(max < SIZE_MAX / 4);
    *b = (struct buf){.max = max};
}

/* Room for `more` bytes and the NUL; false when that passes the maximum. */
static bool room(struct buf *b, size_t more)
{
    size_t cap;

    if (b->over || more > b->max - b->len) {
        b->over = true;
        return false;
    }
    if (b->len + more < b->cap)
        return true;
    cap = b->cap ? b->cap * 2 : 64;
    if (cap < b->len + more + 1)
        cap = b->len + more + 1;
    if (cap > b->max + 1)
        cap = b->max + 1;
    b->p = xrealloc(b->p, cap);
    b->cap = cap;
    return true;
}

bool buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!room(b, len))
        return false;
    if (len)
        memcpy(b->p + b->len, bytes, len);
    b->len += len;
    b->p[b->len] = '\0';
    return true;
}

bool buf_str(struct buf *b, const char *s)
{
    return buf_add(b, s, strlen(s));
}

bool buf_char(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    CHECK(len >= 0);
    if (!room(b, (size_t)len))
        return false;
    va_start(ap, fmt);
    vsnprintf(b->p + b->len, (size_t)len + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)len;
    return true;
}

const char *buf_text(const struct buf *b)
{
    return b->p ? b->p : "";
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->over = false;
    if (b->p)
        b->p[0] = '\0';
}

void buf_clear(struct buf *b)
{
    if (!b)
        return;
    free(b->p);
    *b = (struct buf){.max = b->max};
}

char *buf_take(struct buf *b)
{
    char *p = b->p ? b->p : xstrdup("");

    *b = (struct buf){.max = b->max};
    return p;
}
