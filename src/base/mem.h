/* SPDX-License-Identifier: Apache-2.0
 * Allocation that aborts when memory runs out, and arenas. Sizes that come
 * from outside are checked against a named limit before they get here. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
/* Grows an array of n*size bytes with the product checked. */
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);              /* NULL gives NULL */
char *xstrndup(const char *s, size_t len); /* copies at most len bytes */

/* An arena: many small allocations freed at once. Zero-initialise it. */
struct arena_block;
struct arena {
    struct arena_block *blocks;
    size_t used, size; /* of the newest block */
};
void *arena_alloc(struct arena *a, size_t size); /* zeroed, 16-aligned */
char *arena_str(struct arena *a, const char *s); /* copy; NULL gives NULL */
char *arena_strn(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* Forgets everything but keeps one block for the next round. */
void arena_reset(struct arena *a);
void arena_clear(struct arena *a);

#endif
