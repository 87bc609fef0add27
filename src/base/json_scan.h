/* SPDX-License-Identifier: Apache-2.0
 * Inside base: a strict look at JSON text before cJSON reads it. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/err.h"

/* Where a text starts in its file, from 1: the places of errors are the
 * file's. */
struct json_origin {
    size_t line, column;
};

/* Checks the whole of text against RFC 8259 and the limits of json.h; the
 * error's place is "line L, column C". No recursion. */
bool json_scan(
        const char *text, size_t len, struct json_origin origin,
        struct err *err);
/* Offset of the n-th object key (from 0) in good text. */
size_t json_scan_key(const char *text, size_t len, size_t n);
/* Puts the place of an offset in front of the trail. */
void json_scan_place(
        const char *text, size_t at, struct json_origin origin,
        struct err *err);
/* json_parse of a text inside a larger file. */
bool json_parse_at(
        const char *text, size_t len, struct json_origin origin, cJSON **out,
        struct err *err);

#endif
