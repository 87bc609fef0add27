/* SPDX-License-Identifier: Apache-2.0
 * Inside base: finding out how a CSV file is written. */
#ifndef BASE_CSV_PRIV_H
#define BASE_CSV_PRIV_H

#include "base/csv.h"

enum csv_encoding { CSV_UTF8, CSV_CP1252, CSV_UTF16LE, CSV_UTF16BE };

/* The encoding of a file from its first bytes; *bom is the length of the byte
 * order mark. `whole`: the file ends with these bytes. */
enum csv_encoding
csv_find_encoding(const char *s, size_t len, bool whole, size_t *bom);
const char *csv_encoding_name(enum csv_encoding e);
/* The delimiter of the first row that has one, or the one that the rows after
 * it agree on where it is alone with its own. */
char csv_find_delimiter(const char *s, size_t len);
/* Bytes at the end of s that are the start of a character cut in two. */
size_t csv_cut_bytes(enum csv_encoding e, const char *s, size_t len);
/* csv_read_mem with its row limit as a parameter, for the test of that limit.
 */
bool csv_read_mem_rows(
        const char *bytes, size_t len, const char *name, uint64_t max_rows,
        csv_row_fn *row, void *ctx, struct err *err);

#endif
