/* SPDX-License-Identifier: Apache-2.0
 * What the JSON and text formats share: whole documents, members by path,
 * lines of text, and looking at the head of a file. */
#ifndef IMPORTERS_JSON_PRIV_H
#define IMPORTERS_JSON_PRIV_H

#include <stdio.h>

#include "base/buf.h"
#include "base/json.h"
#include "importers/hardware_priv.h"

/* ---- the head of a file, for recognition -------------------------------- */

/* First character that is no blank or mark; 0 when there is none. */
char imp_head_first(const char *head, size_t len);
bool imp_head_json(const char *head, size_t len); /* '{' or '[' comes first */
bool imp_head_has(const char *head, size_t len, const char *word);
/* How many of the words, ended by NULL, stand in the head. */
int imp_head_count(const char *head, size_t len, const char *const *words);
/* Whether the list under a key ("\"rows\"") is there and has nothing in it. */
bool imp_head_no_list(const char *head, size_t len, const char *key);

/* ---- documents ---------------------------------------------------------- */

enum { IMP_MAX_DOC = 16 * 1024 * 1024 }; /* bytes of one that is read whole */

/* A JSON file of at most IMP_MAX_DOC bytes, UTF-8 or UTF-16 with its mark; the
 * caller frees *out with cJSON_Delete. Errors carry the file's name. */
bool imp_json_load(const char *path, cJSON **out, struct err *err);
/* The text alone, in UTF-8; NUL bytes are ERR_INVALID. */
bool imp_text_load(const char *path, struct buf *out, struct err *err);

/* The member at "a/b/c", numbers being indices of arrays; NULL when there is
 * none or it is null. Ansible's "__ansible_unsafe" wrappers are seen through.
 * path "" is v itself. */
const cJSON *imp_at(const cJSON *v, const char *path);
/* Its text; a number is printed into h's arena. NULL when it is neither. */
const char *imp_raw(struct imp_host *h, const cJSON *v, const char *path);
/* The same through imp_host_text: no fillers, no control characters. */
const char *imp_str(struct imp_host *h, const cJSON *v, const char *path);
/* A number, or a text that starts with one ("16384 MB"); NAN. */
double imp_num(const cJSON *v, const char *path);
/* A whole number of 1..max; -1. */
int imp_count(const cJSON *v, const char *path, int max);
/* The same; one that no machine has makes h refuse its machine. */
int imp_host_count(
        struct imp_host *h, const cJSON *v, const char *path, const char *what,
        int max);
bool imp_true(const cJSON *v, const char *path); /* true, 1, "yes", "true" */

/* Refuses the record that is no good JSON. */
bool imp_refuse_record(
        struct imp_host *h, const struct json_record *r, struct err *err);
/* Reads path through `cut`; the record that a file cut short ends in is
 * refused. */
bool imp_json_cut(
        struct imp_host *h, const char *path, struct json_cut *cut,
        struct err *err);

/* ---- lines -------------------------------------------------------------- */

enum { IMP_MAX_LINE = 1024 * 1024 };

/* Lines of LF, CRLF or CR, in UTF-8: a line that is not is windows-1252. */
struct imp_lines {
    FILE *in;
    struct buf line, whole; /* whole: of a UTF-16 file */
    size_t at;
    uint64_t number; /* of the line read last, from 1 */
    bool begun, utf16, after_cr;
    bool open_end; /* the line read last had no end: the file may be cut */
};
/* Takes a file that is open at its start, and leaves closing it to the caller.
 */
void imp_lines_open(struct imp_lines *l, FILE *in);
/* *line NULL at the end; borrowed until the next call. ERR_INVALID for a NUL
 * byte, ERR_LIMIT for a line longer than IMP_MAX_LINE; place "line N". */
bool imp_lines_next(struct imp_lines *l, const char **line, struct err *err);
void imp_lines_close(struct imp_lines *l);

#endif
