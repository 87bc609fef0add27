/* SPDX-License-Identifier: Apache-2.0
 * What `import --rejects FILE` writes: refused rows that can be mended and
 * imported again as they are. */
#ifndef CLI_REJECTS_H
#define CLI_REJECTS_H

#include "base/err.h"
#include "wire/wire.h"

struct rejects;
/* Empties FILE, so that an old one does not stand for this import. */
bool rejects_open(const char *path, struct rejects **out, struct err *err);
/* Rows of a table keep the header of their file and get one more column, which
 * importers pass over; another header goes into a file of its own, FILE-2.
 * Records of other formats become rows of the CSV template; m NULL: the record
 * could not be read. */
bool rejects_add(
        struct rejects *r, const struct wire_reject *x,
        const struct wire_machine *m, struct err *err);
/* Ends the files and frees r; false when one could not be written. */
bool rejects_close(struct rejects *r, struct err *err);

#endif
