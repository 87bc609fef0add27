/* SPDX-License-Identifier: Apache-2.0
 * Decimal numbers as the readers of feeds share them. */
#ifndef IMPORTERS_FEED_PRIV_H
#define IMPORTERS_FEED_PRIV_H

#include "base/num.h"
#include "importers/feed.h"

__extension__ typedef unsigned __int128 feed_u128;

enum { FEED_DIGITS = 25 }; /* times 3.6e12 they still fit into 128 bits */

/* digits * 10^exponent, as it stands in the text. */
struct feed_number {
    uint64_t low;   /* up to 19 significant digits */
    feed_u128 wide; /* more of them */
    int digits;     /* significant ones */
    int exponent;
    bool negative;
    bool is_number; /* false: null, NaN, a text that is none */
};

/* Reads a number by the grammar of JSON from p, which some byte that belongs to
 * none ends; returns where it ends, or NULL when there is none at p. */
const char *feed_number(const char *p, struct feed_number *n);
/* Times `micro`; NULL, or why not. *exact: nothing was rounded away. */
const char *feed_scale(
        const struct feed_number *n, int64_t micro, int64_t *out, bool *exact);

void feed_refuse(struct imp_feed *f, uint64_t seq, const char *reason);
void feed_begin(struct imp_feed *f); /* empties it */
/* Room for one more sample; ERR_LIMIT over WIRE_MAX_SAMPLES, refused ones
 * counted too. */
bool feed_room(struct imp_feed *f, size_t n, struct err *err);

extern const char feed_not_number[], feed_negative[], feed_large[], feed_long[],
        feed_no_time[], feed_no_start[];

#endif
