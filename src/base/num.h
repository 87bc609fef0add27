/* SPDX-License-Identifier: Apache-2.0
 * Numbers to and from text, whatever the locale. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum num_style {
    NUM_POINT = 0, /* 1234.5, 1.2e3 */
    NUM_COMMA = 1, /* 1234,5; spaces of any kind group thousands */
};

/* The whole of text[0..len) as a finite number; blanks around it allowed.
 * NaN, infinity, hex, a second sign, trailing words: ERR_INVALID. */
bool num_parse(
        const char *text, size_t len, enum num_style style, double *out,
        struct err *err);
/* Decimal whole number within lo..hi, else ERR_INVALID (ERR_LIMIT outside). */
bool num_parse_int(
        const char *text, size_t len, int64_t lo, int64_t hi, int64_t *out,
        struct err *err);

enum { NUM_TEXT = 40 };
/* Shortest text that reads back to the same double, point as separator;
 * "null" for a value that is not finite. Returns dst. */
const char *num_print(double value, char dst[static NUM_TEXT]);
/* Fixed decimals (0..9), point as separator. Returns dst. */
const char *num_fixed(double value, int decimals, char dst[static NUM_TEXT]);

/* 128-bit sums of integer microjoules (DESIGN section 3). */
__extension__ typedef __int128 num_i128;
const char *num_print_i128(num_i128 value, char dst[static NUM_TEXT + 4]);

#endif
