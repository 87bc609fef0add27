/* SPDX-License-Identifier: Apache-2.0
 * A growable byte buffer with a maximum, always NUL-terminated. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *p;    /* never NULL after the first add; NUL after the content */
    size_t len; /* bytes without the NUL */
    size_t cap;
    size_t max; /* bytes allowed; adding beyond sets `over`, keeps content */
    bool over;
};

void buf_init(struct buf *b, size_t max);
bool buf_add(struct buf *b, const void *bytes, size_t len);
bool buf_str(struct buf *b, const char *s);
bool buf_char(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
const char *buf_text(const struct buf *b); /* "" when empty; borrowed */
void buf_reset(struct buf *b);             /* empties, keeps the memory */
void buf_clear(struct buf *b);             /* frees */
/* Takes the content; the caller frees it. Never NULL. */
char *buf_take(struct buf *b);

#endif
