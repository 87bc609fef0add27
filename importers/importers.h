/* SPDX-License-Identifier: Apache-2.0
 * Bytes to wire records, one file per format behind one table; no database. */
#ifndef IMPORTERS_IMPORTERS_H
#define IMPORTERS_IMPORTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "wire/wire.h"

enum { IMP_HEAD = 65536 }; /* bytes that recognition may look at */

/* How a format takes the files of a folder when several of them make one
 * machine: each file in turn, in the order of their paths. */
struct imp_many {
    void *(*begin)(const struct wire_sink *sink);
    bool (*file)(void *many, const char *path, struct err *err);
    bool (*end)(void *many, struct err *err);
    void (*free)(void *many);
};

struct imp_format {
    const char *name; /* DESIGN section 4: "csv", "grid5000" */
    const char *what; /* one line for help */
    /* 0 not this format, 100 sure; from the first bytes and the file name. */
    int (*recognise)(const char *head, size_t len, const char *file_name);
    /* Reads one file ("-": standard input) to its end. */
    bool (*read)(
            const char *path, const struct wire_sink *sink, struct err *err);
    const struct imp_many *many; /* NULL: each file of a folder alone */
};

/* All formats, ended by a NULL name. */
extern const struct imp_format *const imp_formats[];
const struct imp_format *imp_by_name(const char *name); /* NULL: none */

/* Reads a file or a folder (its files in name order, sites.csv first, README
 * and SOURCE files passed over; a grid5000 tree recursively). `as` NULL
 * recognises each file. *format (may be NULL) gets the name of the format of
 * the last file. ERR_INVALID names the formats when none fits. */
bool imp_read(
        const char *path, const char *as, const struct wire_sink *sink,
        const char **format, struct err *err);

#endif
