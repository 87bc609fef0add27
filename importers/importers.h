/* SPDX-License-Identifier: Apache-2.0
 * Bytes to wire records, one file per format behind one table; no database. */
#ifndef IMPORTERS_IMPORTERS_H
#define IMPORTERS_IMPORTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
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

/* ---- maps: how the columns of any CSV file are read ---------------------- */

struct imp_map;
/* A map file: lines 'Title = field' and settings '@dates mdy'. The caller frees
 * *out. ERR_INVALID names the line. */
bool imp_map_parse(
        const char *text, size_t len, const char *name, struct imp_map **out,
        struct err *err);
bool imp_map_load(const char *path, struct imp_map **out, struct err *err);
void imp_map_free(struct imp_map *m);
const char *imp_map_name(const struct imp_map *m);
const char *imp_map_about(const struct imp_map *m);
const char *imp_map_format(const struct imp_map *m);
/* The presets of the program, never freed; NULL: none of that name, or after
 * the last. */
const struct imp_map *imp_map_preset(const char *name);
const struct imp_map *imp_map_preset_at(size_t i);
const char *imp_map_preset_text(const char *name);
/* Writes the map that a file's header and first rows suggest; with `values`
 * each line has the first values of its column beside it. */
bool imp_map_guess(
        const char *path, bool values, struct buf *out, struct err *err);

/* Lines of the own template in memory, as people type single fields: nothing
 * is guessed. */
bool imp_csv_text(
        const char *text, size_t len, const char *name,
        const struct wire_sink *sink, struct err *err);

/* The name of the template's column that a word means, in English or French;
 * NULL: none. Not the columns of sites.csv. */
const char *imp_csv_column(const char *word);

struct imp_options {
    const char *as;            /* format; NULL: recognised */
    const struct imp_map *map; /* every file is a CSV file read so; NULL */
    bool own; /* every file is of the own template, whatever its header */
};
/* imp_read with more to say. */
bool imp_read_with(
        const char *path, const struct imp_options *options,
        const struct wire_sink *sink, const char **format, struct err *err);

/* Reads a file or a folder (its files in name order, sites.csv first, README
 * and SOURCE files passed over; a grid5000 tree recursively). `as` NULL
 * recognises each file. *format (may be NULL) gets the name of the format of
 * the last file. ERR_INVALID names the formats when none fits. */
bool imp_read(
        const char *path, const char *as, const struct wire_sink *sink,
        const char **format, struct err *err);

#endif
