/* SPDX-License-Identifier: Apache-2.0
 * Decimal text to whole microjoules and microwatts: by integers, rounded once.
 */
#include "importers/feed_priv.h"

#include <stdlib.h>

enum {
    LOW_DIGITS = 19,    /* that fit 64 bits */
    MAX_EXPONENT = 999, /* beyond any amount that fits */
    MAX_POWER = 38,     /* of ten in 128 bits */
};

const char feed_not_number[] = "the value is not a number";
const char feed_negative[] = "the value is negative";
const char feed_large[] = "the value is too large";
const char feed_long[] = "more than 25 digits";
const char feed_no_time[] = "the time is out of range";
const char feed_no_start[] = "an interval needs its start before its end";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *digits(const char *p, struct feed_number *n)
{
    for (; is_digit(*p); p++) {
        unsigned d = (unsigned)(*p - '0');

        if (n->digits == 0 && d == 0)
            continue; /* a zero in front is no significant digit */
        n->digits++;
        if (n->digits <= LOW_DIGITS)
            n->low = n->low * 10 + d;
        else if (n->digits <= FEED_DIGITS)
            n->wide = (n->digits == LOW_DIGITS + 1 ? n->low : n->wide) * 10 + d;
    }
    return p;
}

static const char *exponent(const char *p, struct feed_number *n)
{
    bool negative = *p == '-';
    int e = 0;

    if (*p == '-' || *p == '+')
        p++;
    if (!is_digit(*p))
        return NULL;
    for (; is_digit(*p); p++)
        if (e <= MAX_EXPONENT)
            e = e * 10 + (*p - '0');
    n->exponent += negative ? -e : e;
    return p;
}

const char *feed_number(const char *p, struct feed_number *n)
{
    const char *start;

    *n = (struct feed_number){.is_number = true};
    if (*p == '-') {
        n->negative = true;
        p++;
    }
    if (!is_digit(*p) || (*p == '0' && is_digit(p[1])))
        return NULL;
    p = digits(p, n);
    if (*p == '.') {
        start = ++p;
        p = digits(p, n);
        if (p == start)
            return NULL;
        n->exponent = -(int)(p - start < 100000 ? p - start : 100000);
    }
    return *p == 'e' || *p == 'E' ? exponent(p + 1, n) : p;
}

static feed_u128 power_of_ten(int n)
{
    feed_u128 p = 1;

    while (n-- > 0)
        p *= 10;
    return p;
}

/* all * 10^exponent where that is no fraction. */
static const char *enlarge(feed_u128 all, int exponent, int64_t *out)
{
    while (exponent-- > 0) {
        if (all > INT64_MAX)
            return feed_large;
        all *= 10;
    }
    if (all > INT64_MAX)
        return feed_large;
    *out = (int64_t)all;
    return NULL;
}

/* all / 10^places, half to even. */
static const char *reduce(feed_u128 all, int places, int64_t *out, bool *exact)
{
    feed_u128 whole, rest, p;

    if (places > MAX_POWER) { /* all is below 10^38: less than a half */
        *exact = all == 0;
        *out = 0;
        return NULL;
    }
    p = power_of_ten(places);
    if (all <= UINT64_MAX && p <= UINT64_MAX) {
        whole = (uint64_t)all / (uint64_t)p;
        rest = (uint64_t)all % (uint64_t)p;
    } else {
        whole = all / p;
        rest = all % p;
    }
    *exact = rest == 0;
    if (rest > p - rest || (rest == p - rest && (whole & 1)))
        whole++;
    if (whole > INT64_MAX)
        return feed_large;
    *out = (int64_t)whole;
    return NULL;
}

const char *feed_scale(
        const struct feed_number *n, int64_t micro, int64_t *out, bool *exact)
{
    feed_u128 all;

    *exact = true;
    if (!n->is_number)
        return feed_not_number;
    if (n->digits > FEED_DIGITS)
        return feed_long;
    if (n->digits == 0) { /* of either sign, with any exponent */
        *out = 0;
        return NULL;
    }
    if (n->negative)
        return feed_negative;
    all = n->digits <= LOW_DIGITS ? n->low : n->wide;
    all *= (uint64_t)micro;
    return n->exponent < 0 ? reduce(all, -n->exponent, out, exact)
                           : enlarge(all, n->exponent, out);
}

const char *
imp_feed_amount(const char *text, size_t len, int64_t micro, int64_t *out)
{
    char room[80];
    struct feed_number n;
    const char *end;
    bool exact;

    if (len >= sizeof room)
        return feed_long;
    for (size_t i = 0; i < len; i++)
        room[i] = text[i];
    room[len] = '\0';
    end = feed_number(room, &n);
    if (end != room + len)
        return feed_not_number;
    return feed_scale(&n, micro, out, &exact);
}

/* ---- what all readers share ---------------------------------------------- */

void feed_refuse(struct imp_feed *f, uint64_t seq, const char *reason)
{
    f->refused++;
    if (seq) {
        if (f->n_heard == f->heard_room) {
            f->heard_room = f->heard_room ? f->heard_room * 2 : 64;
            f->heard = xreallocarray(f->heard, f->heard_room, sizeof *f->heard);
        }
        f->heard[f->n_heard++] = seq;
    }
    if (f->n_told == IMP_FEED_TOLD)
        return;
    f->told[f->n_told].seq = seq;
    f->told[f->n_told++].reason = reason;
}

void feed_begin(struct imp_feed *f)
{
    arena_reset(&f->arena);
    f->batches = NULL;
    f->n_batches = 0;
    f->node = NULL;
    f->refused = 0;
    f->n_told = 0;
    f->n_heard = 0;
}

bool feed_room(struct imp_feed *f, size_t n, struct err *err)
{
    if (n + f->refused >= WIRE_MAX_SAMPLES)
        return err_set(
                err, ERR_LIMIT, "more than %d samples, send them in parts",
                WIRE_MAX_SAMPLES);
    if (n < f->room)
        return true;
    f->room = f->room ? f->room * 2 : 256;
    f->samples = xreallocarray(f->samples, f->room, sizeof *f->samples);
    return true;
}

void imp_feed_clear(struct imp_feed *f)
{
    arena_clear(&f->arena);
    free(f->samples);
    free(f->heard);
    *f = (struct imp_feed){0};
}
