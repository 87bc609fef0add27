/* SPDX-License-Identifier: Apache-2.0
 * Files of the tree embedded at build time (cmake/embed.cmake). */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embed_file {
    const char *name;           /* as given to fp_embed; NULL ends a table */
    const unsigned char *bytes; /* a NUL follows that `size` does not count */
    size_t size;
};

/* NULL when the table has no such name. */
const struct embed_file *
embed_find(const struct embed_file *table, const char *name);

#endif
