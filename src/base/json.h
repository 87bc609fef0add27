/* SPDX-License-Identifier: Apache-2.0
 * JSON in through cJSON behind limits, and JSON out as a stream. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/err.h"
#include "base/out.h"

enum {
    JSON_MAX_DEPTH = 64,
    JSON_MAX_BYTES = 64 * 1024 * 1024,
    JSON_MAX_VALUES = 2000000, /* cJSON takes about 100 bytes for each */
};

/* Parses the whole of text: depth at most JSON_MAX_DEPTH, size at most
 * JSON_MAX_BYTES, good UTF-8, no NUL, no duplicate keys, nothing after the
 * value; a leading BOM is skipped. Error places are "line L, column C".
 * The caller frees *out with cJSON_Delete. */
bool json_parse(const char *text, size_t len, cJSON **out, struct err *err);

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
