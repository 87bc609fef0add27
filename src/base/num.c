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
__extension__ typedef unsigned __int128 u128;
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
    double value = strtod(text, NULL); /* allowed: "C" locale, checked text */

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

/* |value| = whole + part / 2^bits, exactly. Only for |value| < 2^53 with `bits`
 * at most BITS_MAX; false for others. */
struct binary {
    uint64_t whole;
    u128 part;
    int bits;
};

enum { BITS_MAX = 100 };

static bool binary_of(double value, struct binary *b)
{
    int exp;
    uint64_t m = (uint64_t)ldexp(frexp(fabs(value), &exp), 53);

    b->bits = 53 - exp;
    if (b->bits < 0 || b->bits > BITS_MAX)
        return false;
    b->whole = b->bits < 64 ? m >> b->bits : 0;
    b->part = m - ((u128)b->whole << b->bits);
    return true;
}

static char *put_whole(char *dst, bool negative, uint64_t v)
{
    char room[NUM_TEXT], *end = room + sizeof room;
    char *p = digits_before(end, v);

    if (negative)
        *dst++ = '-';
    memcpy(dst, p, (size_t)(end - p));
    return dst + (end - p);
}

/* Decimals until no other double is as near (Steele and White, "How to print
 * floating-point numbers accurately", 1990). Everything is counted in units of
 * 2^-(bits + 2), so that half the gap below a power of two is whole. The last
 * digit cannot carry: the step before would have ended with the higher one. */
static bool print_exact(double value, char *dst)
{
    struct binary b;
    int exp, shift;
    bool even, power, low = false, high = false;
    u128 r, one, below, above;
    double v = fabs(value);

    if (!(v >= 1e-4) || !binary_of(value, &b))
        return false;
    dst = put_whole(dst, value < 0, b.whole);
    power = !(frexp(v, &exp) > 0.5);
    even = !((b.bits ? b.part : b.whole) & 1); /* the mantissa */
    shift = b.bits + 2;
    one = (u128)1 << shift;
    r = b.part << 2;
    above = 2;
    below = power ? 1 : 2;
    if (r)
        *dst++ = '.';
    while (r && !low && !high) {
        int digit;

        r *= 10;
        above *= 10;
        below *= 10;
        digit = (int)(r >> shift);
        r &= one - 1;
        low = r < below || (even && r == below);
        high = r + above > one || (even && r + above == one);
        if (high && (!low || r * 2 > one))
            digit++;
        *dst++ = (char)('0' + digit);
    }
    *dst = '\0';
    return true;
}

const char *num_print(double value, char dst[static NUM_TEXT])
{
    locale_t old;
    double back;

    if (!isfinite(value))
        return memcpy(dst, "null", 5);
    if (fabs(value) < 1e15 && !(fabs(value - trunc(value)) > 0)) {
        *put_whole(dst, value < 0, (uint64_t)fabs(value)) = '\0';
        return dst;
    }
    if (print_exact(value, dst))
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
    static const uint32_t pow10[] = {1,         10,        100,     1000,
                                     10000,     100000,    1000000, 10000000,
                                     100000000, 1000000000};
    struct binary b;
    u128 scaled, rest, half;
    uint64_t decimal;
    char *p;

    CHECK(decimals >= 0 && decimals <= 9);
    /* Past 9e15 there are no decimals to fix, and the text could be long. */
    if (!isfinite(value) || fabs(value) > 9e15)
        return num_print(value, dst);
    if (!binary_of(value, &b)) /* 0, or far below any decimal asked for */
        b = (struct binary){.bits = 1};
    scaled = b.part * pow10[decimals];
    half = (u128)1 << b.bits >> 1;
    decimal = (uint64_t)(scaled >> b.bits);
    rest = scaled - ((u128)decimal << b.bits);
    if (rest > half ||
        (half && rest == half && ((decimals ? decimal : b.whole) & 1)))
        decimal++; /* a tie goes to the even digit */
    b.whole += decimal / pow10[decimals];
    decimal %= pow10[decimals];
    /* "-0.00" says nothing that "0.00" does not. */
    p = put_whole(dst, value < 0 && (b.whole || decimal), b.whole);
    if (decimals) {
        *p++ = '.';
        p += decimals;
        for (int i = 1; i <= decimals; i++, decimal /= 10)
            p[-i] = (char)('0' + decimal % 10);
    }
    *p = '\0';
    return dst;
}

const char *num_print_i128(num_i128 value, char dst[static NUM_TEXT + 4])
{
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
