/* SPDX-License-Identifier: Apache-2.0
 * One input that can be read twice, whatever it was. */
#ifndef IMPORTERS_INPUT_PRIV_H
#define IMPORTERS_INPUT_PRIV_H

#include "importers/importers_priv.h"

struct imp_input {
    char *path;     /* to read instead; "-": standard input */
    char *folder;   /* a temporary one that holds it; NULL */
    char *tree;     /* a folder with what an archive held; NULL: none */
    char *unpacked; /* the temporary one that holds the tree; NULL */
};
/* Inflates gzip and zlib, makes standard input seekable and, when asked to,
 * unpacks zip and tar archives. ERR_INVALID for damaged data, ERR_LIMIT for a
 * bomb. */
bool imp_input_open(
        const char *path, bool unpack, struct imp_input *in, struct err *err);
void imp_input_close(struct imp_input *in);

/* Whether so many packed bytes may become so many; ERR_LIMIT. */
bool imp_growth_ok(uint64_t n_in, uint64_t n_out, struct err *err);

/* "a workbook: save the sheet as CSV"; NULL: none of that kind. *archive: it is
 * one that can be unpacked. */
const char *imp_packed(const char *path, bool *archive);

/* The regular files of an archive into a folder, which must be there. from
 * must be seekable. ERR_INVALID for damaged ones and for names that lead out
 * of it, ERR_LIMIT for too much of anything. */
bool imp_archive_unpack(FILE *from, const char *folder, struct err *err);
/* The folder and all that is in it. */
void imp_archive_remove(const char *folder);

#endif
