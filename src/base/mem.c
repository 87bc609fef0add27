/* SPDX-License-Identifier: Apache-2.0
 * Allocation that aborts when memory runs out, and arenas. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { BLOCK = 64 * 1024, ALIGN = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(ALIGN) unsigned char room[];
};

static void *or_die(void *p)
{
    if (!p) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return p;
}

void *xmalloc(size_t size)
{
    return or_die(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
    return or_die(calloc(n ? n : 1, size ? size : 1));
}

void *xrealloc(void *p, size_t size)
{
    return or_die(realloc(p, size ? size : 1));
}

void *xreallocarray(void *p, size_t n, size_t size)
{
    CHECK(size == 0 || n <= SIZE_MAX / size);
    return xrealloc(p, n * size);
}

char *xstrdup(const char *s)
{
    return s ? xstrndup(s, strlen(s)) : NULL;
}

char *xstrndup(const char *s, size_t len)
{
    size_t n = strnlen(s, len);
    char *copy = xmalloc(n + 1);

    memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

static void block_add(struct arena *a, size_t need)
{
    size_t size = need > BLOCK ? need : BLOCK;
    struct arena_block *b = xmalloc(sizeof *b + size);

    b->size = size;
    b->next = a->blocks;
    a->blocks = b;
    a->used = 0;
    a->size = size;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *p;

    CHECK(size <= SIZE_MAX / 2);
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (!a->blocks || size > a->size - a->used)
        block_add(a, size);
    p = a->blocks->room + a->used;
    a->used += size;
    return memset(p, 0, size);
}

char *arena_str(struct arena *a, const char *s)
{
    return s ? arena_strn(a, s, strlen(s)) : NULL;
}

char *arena_strn(struct arena *a, const char *s, size_t len)
{
    char *copy = arena_alloc(a, len + 1);

    memcpy(copy, s, len);
    return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    int len;
    char *s;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    CHECK(len >= 0);
    s = arena_alloc(a, (size_t)len + 1);
    va_start(ap, fmt);
    vsnprintf(s, (size_t)len + 1, fmt, ap);
    va_end(ap);
    return s;
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = a->blocks, *b;

    if (!keep)
        return;
    /* An oversized block is not kept: one large row must not hold its memory
     * for the rest of an import. */
    if (keep->size > BLOCK) {
        arena_clear(a);
        return;
    }
    while ((b = keep->next)) {
        keep->next = b->next;
        free(b);
    }
    a->used = 0;
}

void arena_clear(struct arena *a)
{
    struct arena_block *b;

    while (a && (b = a->blocks)) {
        a->blocks = b->next;
        free(b);
    }
    if (a)
        *a = (struct arena){0};
}
