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

/* A file of a folder of tables (fp_embed_tables). */
struct embed_table {
    const char *name;  /* as given; NULL ends the list */
    const char *bytes; /* CSV: its cells row by row, each with its NUL */
    size_t size;
    size_t columns;            /* of CSV, the header is the first row; else 0 */
    const char *folder_sha256; /* over each file by name: name, line end, bytes
                                */
};

/* NULL when the table has no such name. */
const struct embed_file *
embed_find(const struct embed_file *table, const char *name);

#endif
