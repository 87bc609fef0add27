/* SPDX-License-Identifier: Apache-2.0
 * CSV through libcsv: dialect and encoding found out, sizes bounded, one row
 * at a time in constant memory; and CSV out. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/out.h"

enum {
    CSV_MAX_FIELD = 64 * 1024, /* bytes, OPERATIONS 1 row 8 */
    CSV_MAX_ROW = 1024 * 1024,
    CSV_MAX_FIELDS = 1024,
    CSV_MAX_ROWS = 20000000,
};

struct csv_field {
    const char *p; /* UTF-8, NUL-terminated, blanks at both ends removed */
    size_t len;
};

struct csv_row {
    const struct csv_field *fields; /* borrowed until the callback returns */
    size_t n;
    uint64_t line;    /* physical line on which the row starts, from 1 */
    uint64_t row;     /* 1 is the header */
    bool open_end;    /* the file ends within or right after it, without a line
                         end: it may be cut short */
    const char *flaw; /* of its quotes, for csv_read_*_flawed; else NULL */
};

struct csv_dialect {
    char delimiter;       /* , ; tab | */
    bool decimal_comma;   /* the delimiter is no comma, so that values may be
                             12,5: for the reader of each value to decide */
    const char *encoding; /* "UTF-8", "UTF-16", "windows-1252" */
};

/* Called for each row, header included; false stops with err set. Wholly empty
 * rows are not reported. */
typedef bool csv_row_fn(
        void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
        struct err *err);

/* Reads a stream to its end. The encoding is that of its byte order mark, else
 * UTF-8 when the first 64 KiB are, else windows-1252. A first line 'sep=;', as
 * spreadsheets want it, states the delimiter and is no row. Every error, those
 * of the callback too, gets the place "name: line N" in front. Errors: NUL
 * byte, quote left open, field/row/file over its limit (ERR_LIMIT), no header.
 */
bool csv_read_file(
        FILE *in, const char *name, csv_row_fn *row, void *ctx,
        struct err *err);
bool csv_read_mem(
        const char *bytes, size_t len, const char *name, csv_row_fn *row,
        void *ctx, struct err *err);
/* The same for readers that can refuse single rows, of files typed by hand: a
 * quote inside a cell without quotes is a letter (24" rack), and a row with
 * text behind a closing quote is given with `flaw` set. */
bool csv_read_file_flawed(
        FILE *in, const char *name, csv_row_fn *row, void *ctx,
        struct err *err);
bool csv_read_mem_flawed(
        const char *bytes, size_t len, const char *name, csv_row_fn *row,
        void *ctx, struct err *err);

/* One cell, quoted where RFC 4180 asks; text cells that begin with = + - @ get
 * a leading ' against spreadsheet formulas (OPERATIONS 2). */
void csv_cell(struct out *o, const char *text, bool first);
void csv_cell_num(struct out *o, double value, bool first); /* NaN: empty */
void csv_end_row(struct out *o);                            /* CRLF */

#endif
