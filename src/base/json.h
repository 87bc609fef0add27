/* SPDX-License-Identifier: Apache-2.0
 * JSON in through cJSON behind limits, and JSON out as a stream. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/out.h"

enum {
    JSON_MAX_DEPTH = 64,
    JSON_MAX_BYTES = 64 * 1024 * 1024,
    JSON_MAX_VALUES = 2000000, /* cJSON takes about 100 bytes for each */
    JSON_MAX_RECORD = 16 * 1024 * 1024, /* bytes of one of json_cut_read */
    JSON_MAX_TEXT = 4 * 1024 * 1024,    /* bytes of one string: snapshots hold
                                           whole listings of other tools */
};

/* Parses the whole of text: depth at most JSON_MAX_DEPTH, size at most
 * JSON_MAX_BYTES, good UTF-8, no NUL, no duplicate keys, strings of at
 * most JSON_MAX_TEXT, numbers that are finite doubles, nothing after the value;
 * a leading BOM is skipped. Error places are "line L, column C". The caller
 * frees *out with cJSON_Delete. */
bool json_parse(const char *text, size_t len, cJSON **out, struct err *err);

/* ---- records of a file of any size -------------------------------------- */

struct json_record {
    uint64_t index;     /* from 1 */
    uint64_t line;      /* of its first character, from 1 */
    const char *text;   /* a member's key; with `texts` the line in front; "" */
    const cJSON *value; /* borrowed; NULL when it is no good JSON */
    const struct err *why; /* then: why not, with the place in the file */
};

/* Cuts the records out of a JSON file with memory for one of them. They are
 * the elements of a root array, or of the arrays under the keys `lists` of a
 * root object; failing these, with
 * `members` the objects in the root object, and else the root value itself. */
struct json_cut {
    const char *const *lists; /* ended by NULL; NULL: none */
    bool members;
    bool texts; /* several objects after another, lines of text between them */
    bool (*record)(void *ctx, const struct json_record *r, struct err *err);
    /* The root object without its records; NULL: not wanted. Not called for a
     * root that is itself the record, nor when the file is cut short. */
    bool (*rest)(void *ctx, const cJSON *root, struct err *err);
    void *ctx;
    /* out */
    uint64_t count;
    bool cut; /* the file ended after the whole records delivered */
};

/* False when a callback stops it, when damage outside a record hides where
 * records start, or when the file ends inside a root value that is the only
 * record; ERR_LIMIT over JSON_MAX_RECORD. UTF-16 with its mark is read too. */
bool json_cut_read(struct json_cut *c, FILE *in, struct err *err);

/* Typed reads of an object's member, case-sensitive. Absent or null gives the
 * "unknown" value: NULL, NAN. A member of another type is ERR_INVALID naming
 * the key. Numbers given as text are not converted. */
bool json_get_str(
        const cJSON *obj, const char *key, const char **out, struct err *err);
bool json_get_num(
        const cJSON *obj, const char *key, double *out, struct err *err);
/* Member that must be an object or array when present; NULL when absent. */
bool json_get_obj(
        const cJSON *obj, const char *key, const cJSON **out, struct err *err);
bool json_get_arr(
        const cJSON *obj, const char *key, const cJSON **out, struct err *err);

/* Writer. Nesting is tracked, commas are placed, text is escaped; bad UTF-8
 * becomes U+FFFD. Indented by two blanks when `pretty`. */
struct json_out {
    struct out *out;
    bool pretty;
    uint8_t depth;
    bool comma[80];
};
void json_out_init(struct json_out *j, struct out *out, bool pretty);
void json_begin_obj(
        struct json_out *j, const char *key); /* key NULL in arrays */
void json_end_obj(struct json_out *j);
void json_begin_arr(struct json_out *j, const char *key);
void json_end_arr(struct json_out *j);
void json_str(
        struct json_out *j, const char *key,
        const char *value); /* NULL: null */
void json_num(
        struct json_out *j, const char *key, double value); /* NaN: null */
void json_int(struct json_out *j, const char *key, int64_t value);
void json_bool(struct json_out *j, const char *key, bool value);
void json_null(struct json_out *j, const char *key);

#endif
