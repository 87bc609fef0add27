/* SPDX-License-Identifier: Apache-2.0
 * One input that can be read twice, whatever it was. */
#ifndef IMPORTERS_INPUT_PRIV_H
#define IMPORTERS_INPUT_PRIV_H

#include "importers/importers_priv.h"

struct imp_input {
    char *path;   /* to read instead; "-": standard input */
    char *folder; /* a temporary one that holds it; NULL */
};
/* Inflates gzip and zlib, and makes standard input seekable. ERR_INVALID for
 * damaged data, ERR_LIMIT for a bomb. */
bool imp_input_open(const char *path, struct imp_input *in, struct err *err);
void imp_input_close(struct imp_input *in);

/* "a zip archive: unpack it and import the folder"; NULL: none of that kind.
 */
const char *imp_packed(const char *path);

#endif
