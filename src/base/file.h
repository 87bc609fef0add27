/* SPDX-License-Identifier: Apache-2.0
 * Files and folders, bounded and sorted. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"

enum file_kind { FILE_NONE, FILE_REGULAR, FILE_FOLDER, FILE_OTHER };
enum file_kind file_kind(const char *path);
/* Whole content; ERR_LIMIT over max bytes, ERR_NOT_FOUND, ERR_IO. "-" reads
 * standard input. out is appended to. */
bool file_read(const char *path, size_t max, struct buf *out, struct err *err);
/* Opens for reading; "-" is standard input. ERR_NOT_FOUND, ERR_IO; a folder is
 * ERR_INVALID. */
bool file_open(const char *path, FILE **out, struct err *err);
/* Writes a temporary beside path, syncs, renames: the old file or the new one,
 * never half. A device or a pipe ("/dev/stdout") is written in place. commit
 * ends f whether or not it succeeds; clear after that does nothing. */
struct file_out {
    FILE *file;
    char *path, *tmp;
};
bool file_out_open(struct file_out *f, const char *path, struct err *err);
bool file_out_commit(struct file_out *f, struct err *err);
void file_out_clear(struct file_out *f); /* drops what was not committed */

/* A new empty file, a new folder, of this user alone, in $TMPDIR or else /tmp;
 * *path is the caller's to free, what is there the caller's to remove. */
bool file_temp(char **path, struct err *err);
bool file_temp_folder(char **path, struct err *err);

/* Names in a folder, sorted bytewise, without dot files; free with
 * file_names_free. */
bool file_names(const char *folder, char ***out, size_t *n, struct err *err);
void file_names_free(char **names, size_t n);
/* Syncs the folder that holds path, so that a rename survives a power cut. */
bool file_sync_folder(const char *path, struct err *err);
/* Creates the folders above path (0700 when new). errno tells why not. */
bool file_make_parents(const char *path, struct err *err);

#endif
