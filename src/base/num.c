/* SPDX-License-Identifier: Apache-2.0
 * Numbers to and from text, whatever the locale. */
#include "base/num.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUM_MAX_LEN = 400, /* longer text is no number a person or tool writes */
    EXP_MAX = 100000,  /* exponents saturate here: far outside any double */
};

/* Powers of ten that a double holds exactly. */
static const double pow10_exact[] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};
static const uint64_t two53 = UINT64_C(1) << 53;

/* The C library's conversions obey LC_NUMERIC. They round correctly, which is
 * worth more than own code, so they run under a "C" locale of this thread. */
static locale_t c_locale;
static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;

static void c_locale_make(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    CHECK(c_locale != (locale_t)0);
}

static locale_t c_locale_enter(void)
{
    pthread_once(&c_locale_once, c_locale_make);
    return uselocale(c_locale);
}

/* The only call of strtod in the tree (banned by STYLE 4 for its locale and its
 * leniency): here the locale is "C" and the text is checked already. */
static double read_slow(const char *text)
{
    locale_t old = c_locale_enter();
    double value = strtod(text, NULL); /* check: allow strtod */

    uselocale(old);
    return value;
}

/* Length of the blank at s, 0 when there is none: ASCII blanks, no-break space
 * (U+00A0), thin space (U+2009), narrow no-break space (U+202F). */
static size_t blank_len(const char *s, const char *end)
{
    const unsigned char *u = (const unsigned char *)s;

    if (s >= end)
        return 0;
    if (u[0] == ' ' || (u[0] >= '\t' && u[0] <= '\r'))
        return 1;
    if (end - s >= 2 && u[0] == 0xC2 && u[1] == 0xA0)
        return 2;
    if (end - s >= 3 && u[0] == 0xE2 && u[1] == 0x80 &&
        (u[2] == 0x89 || u[2] == 0xAF))
        return 3;
    return 0;
}

static void trim(const char **s, const char **end)
{
    size_t n;

    while ((n = blank_len(*s, *end)) > 0)
        *s += n;
    for (;;) {
        if (*end > *s && blank_len(*end - 1, *end) == 1)
            *end -= 1;
        else if (*end - *s >= 2 && blank_len(*end - 2, *end) == 2)
            *end -= 2;
        else if (*end - *s >= 3 && blank_len(*end - 3, *end) == 3)
            *end -= 3;
        else
            return;
    }
}

/* A decimal number taken apart: digits without point, and where it belongs. */
struct decimal {
    const char *s, *end;
    bool negative;
    uint64_t mantissa; /* of the first 19 significant digits */
    int significant;   /* digits counted from the first that is not 0 */
    int exp10;         /* value = digits * 10^exp10 when significant <= 19 */
    size_t digits;     /* all digits read */
    char text[NUM_MAX_LEN + 32]; /* the same number in C's own writing */
    size_t len;
};

static bool is_digit(const struct decimal *d)
{
    return d->s < d->end && *d->s >= '0' && *d->s <= '9';
}

static void take_digit(struct decimal *d, bool fraction)
{
    int v = *d->s - '0';

    d->text[d->len++] = *d->s++;
    d->digits++;
    if (d->significant > 0 || v > 0) {
        if (d->significant < 19)
            d->mantissa = d->mantissa * 10 + (unsigned)v;
        d->significant++;
    }
    if (fraction)
        d->exp10--;
}

/* Whole part. With NUM_COMMA blanks may part groups of three; then every group
 * after the first has exactly three digits. */
static bool take_whole(struct decimal *d, enum num_style style)
{
    size_t run = 0, blank;
    bool grouped = false;

    for (;;) {
        while (is_digit(d)) {
            take_digit(d, false);
            run++;
        }
        blank = style == NUM_COMMA ? blank_len(d->s, d->end) : 0;
        if (grouped && run != 3)
            return false;
        if (!blank)
            return true;
        if (run == 0 || run > 3)
            return false;
        grouped = true;
        run = 0;
        d->s += blank;
    }
}

static bool take_exponent(struct decimal *d)
{
    bool negative;
    int e = 0;

    if (d->s == d->end)
        return true;
    if (*d->s != 'e' && *d->s != 'E')
        return false;
    d->s++;
    negative = d->s < d->end && *d->s == '-';
    if (d->s < d->end && (*d->s == '-' || *d->s == '+'))
        d->s++;
    if (!is_digit(d))
        return false;
    for (; is_digit(d); d->s++)
        if (e < EXP_MAX)
            e = e * 10 + (*d->s - '0');
    d->exp10 += negative ? -e : e;
    d->len += (size_t)snprintf(
            d->text + d->len, sizeof d->text - d->len, "e%d",
            negative ? -e : e);
    return d->s == d->end;
}

static bool decimal_read(struct decimal *d, enum num_style style)
{
    char point = style == NUM_COMMA ? ',' : '.';

    if (d->s < d->end && (*d->s == '-' || *d->s == '+')) {
        d->negative = *d->s == '-';
        d->s++;
    }
    if (!take_whole(d, style))
        return false;
    if (d->s < d->end && *d->s == point) {
        d->s++;
        d->text[d->len++] = '.';
        while (is_digit(d))
            take_digit(d, true);
    }
    if (d->digits == 0)
        return false;
    if (!take_exponent(d))
        return false;
    d->text[d->len] = '\0';
    return true;
}

/* Exact when both factors are exact in a double, since one operation rounds
 * correctly; all the rest goes to the C library. */
static double decimal_value(const struct decimal *d)
{
    double m = (double)d->mantissa;

    if (d->mantissa == 0)
        m = 0;
    else if (
            d->significant <= 19 && d->mantissa <= two53 && d->exp10 >= 0 &&
            d->exp10 <= 22)
        m *= pow10_exact[d->exp10];
    else if (
            d->significant <= 19 && d->mantissa <= two53 && d->exp10 < 0 &&
            d->exp10 >= -22)
        m /= pow10_exact[-d->exp10];
    else
        m = read_slow(d->text);
    return d->negative ? -m : m;
}

/* The user's text for a message: bounded. */
static int quoted_len(size_t len)
{
    return len > 60 ? 60 : (int)len;
}

bool num_parse(
        const char *text, size_t len, enum num_style style, double *out,
        struct err *err)
{
    struct decimal d;
    double value;

    d.s = text;
    d.end = text + len;
    trim(&d.s, &d.end);
    if (d.end - d.s > NUM_MAX_LEN)
        return err_set(
                err, ERR_INVALID,
                "number of more than %d characters, expected fewer",
                NUM_MAX_LEN);
    d.negative = false;
    d.mantissa = 0;
    d.significant = 0;
    d.exp10 = 0;
    d.digits = 0;
    d.len = 0;
    if (!decimal_read(&d, style))
        return err_set(
                err, ERR_INVALID, "'%.*s' is not a number, expected %s",
                quoted_len(len), text,
                style == NUM_COMMA ? "one like 1234,5" : "one like 1234.5");
    value = decimal_value(&d);
    if (!isfinite(value))
        return err_set(
                err, ERR_INVALID, "'%.*s' is out of range for a number",
                quoted_len(len), text);
    *out = value;
    return true;
}

bool num_parse_int(
        const char *text, size_t len, int64_t lo, int64_t hi, int64_t *out,
        struct err *err)
{
    const char *s = text, *end = text + len;
    bool negative = false, huge = false;
    uint64_t v = 0;
    int64_t value;

    CHECK(lo <= hi);
    trim(&s, &end);
    if (s < end && (*s == '-' || *s == '+'))
        negative = *s++ == '-';
    if (s == end)
        goto bad;
    for (; s < end; s++) {
        if (*s < '0' || *s > '9')
            goto bad;
        /* Stops growing well above 2^63, below an overflow. */
        if (v > UINT64_C(1000000000000000000))
            huge = true;
        else
            v = v * 10 + (unsigned)(*s - '0');
    }
    if (huge || v > (uint64_t)INT64_MAX + (negative ? 1 : 0))
        goto range;
    if (negative)
        value = v > (uint64_t)INT64_MAX ? INT64_MIN : -(int64_t)v;
    else
        value = (int64_t)v;
    if (value < lo || value > hi)
        goto range;
    *out = value;
    return true;
bad:
    return err_set(
            err, ERR_INVALID, "'%.*s' is not a whole number", quoted_len(len),
            text);
range:
    return err_set(
            err, ERR_LIMIT, "%.*s is out of range, expected %lld to %lld",
            quoted_len(len), text, (long long)lo, (long long)hi);
}

/* Digits of v before `end`; returns the first. */
static char *digits_before(char *end, uint64_t v)
{
    do {
        *--end = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    return end;
}

/* Most values in reports are whole or have few decimals. m / 10^k with both
 * exact reads back to the same double, and the smallest such k is shortest. */
static bool print_short(double value, char *dst)
{
    char room[NUM_TEXT], *end = room + sizeof room, *p;
    double v = fabs(value);
    size_t n = 0, len;

    if (v > 9e15 || (v < 1e-4 && v > 0))
        return false;
    for (int k = 0; k <= 9; k++) {
        double scaled = v * pow10_exact[k];
        uint64_t m;

        if (k && scaled > 9e14) /* the product must round to the right m */
            return false;
        m = (uint64_t)(scaled + 0.5);
        if (fabs((double)m / pow10_exact[k] - v) > 0)
            continue;
        p = digits_before(end, m);
        len = (size_t)(end - p);
        while (len < (size_t)k + 1) {
            *--p = '0';
            len++;
        }
        if (value < 0)
            dst[n++] = '-';
        memcpy(dst + n, p, len - (size_t)k);
        n += len - (size_t)k;
        if (k) {
            dst[n++] = '.';
            memcpy(dst + n, end - k, (size_t)k);
            n += (size_t)k;
        }
        dst[n] = '\0';
        return true;
    }
    return false;
}

const char *num_print(double value, char dst[static NUM_TEXT])
{
    locale_t old;
    double back;

    if (!isfinite(value))
        return memcpy(dst, "null", 5);
    if (print_short(value, dst))
        return dst;
    old = c_locale_enter();
    /* Text of up to 15 digits is unique, but not for subnormal values. */
    for (int digits = fabs(value) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(dst, NUM_TEXT, "%.*g", digits, value);
        if (digits == 17)
            break;
        if (num_parse(dst, strlen(dst), NUM_POINT, &back, NULL) &&
            !(fabs(back - value) > 0))
            break;
    }
    uselocale(old);
    return dst;
}

const char *num_fixed(double value, int decimals, char dst[static NUM_TEXT])
{
    locale_t old;

    CHECK(decimals >= 0 && decimals <= 9);
    /* Past 2^53 there are no decimals to fix, and the text could be long. */
    if (!isfinite(value) || fabs(value) > 9e15)
        return num_print(value, dst);
    old = c_locale_enter();
    snprintf(dst, NUM_TEXT, "%.*f", decimals, value);
    uselocale(old);
    /* "-0.00" says nothing that "0.00" does not. */
    if (dst[0] == '-' && strspn(dst + 1, "0.") == strlen(dst + 1))
        memmove(dst, dst + 1, strlen(dst));
    return dst;
}

const char *num_print_i128(num_i128 value, char dst[static NUM_TEXT + 4])
{
    __extension__ typedef unsigned __int128 u128;
    u128 v = value < 0 ? -(u128)value : (u128)value;
    char room[NUM_TEXT + 4], *p = room + sizeof room;

    *--p = '\0';
    do {
        *--p = (char)('0' + (int)(v % 10));
        v /= 10;
    } while (v);
    if (value < 0)
        *--p = '-';
    return memcpy(dst, p, (size_t)(room + sizeof room - p));
}
