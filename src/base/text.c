/* SPDX-License-Identifier: Apache-2.0
 * Small text helpers: UTF-8, legacy encodings, ASCII folding. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* Bytes of the well-formed character at s, 0 when it is none (RFC 3629: no
 * overlong forms, no surrogates, nothing above U+10FFFF) or a NUL. */
size_t text_utf8_len(const char *s, size_t len)
{
    const unsigned char *u = (const unsigned char *)s;

    if (len == 0 || u[0] == 0)
        return 0;
    if (u[0] < 0x80)
        return 1;
    if (u[0] < 0xC2 || u[0] > 0xF4 || len < 2 || (u[1] & 0xC0) != 0x80)
        return 0;
    if (u[0] < 0xE0)
        return 2;
    if (len < 3 || (u[2] & 0xC0) != 0x80)
        return 0;
    if (u[0] < 0xF0) {
        if ((u[0] == 0xE0 && u[1] < 0xA0) || (u[0] == 0xED && u[1] > 0x9F))
            return 0;
        return 3;
    }
    if (len < 4 || (u[3] & 0xC0) != 0x80 || (u[0] == 0xF0 && u[1] < 0x90) ||
        (u[0] == 0xF4 && u[1] > 0x8F))
        return 0;
    return 4;
}

bool text_utf8_ok(const char *s, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = UINT64_C(0x8080808080808080);
    size_t i = 0, n;

    while (i < len) {
        uint64_t word;

        /* Eight plain ASCII bytes at once: no top bit, no zero byte. */
        while (len - i >= 8) {
            memcpy(&word, s + i, 8);
            if (((word | ((word - ones) & ~word)) & tops) != 0)
                break;
            i += 8;
        }
        if (i == len)
            break;
        n = text_utf8_len(s + i, len - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

static bool add_char(struct buf *out, uint32_t c)
{
    char b[4];
    size_t n;

    if (c < 0x80) {
        b[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        b[0] = (char)(0xC0 | c >> 6);
        b[1] = (char)(0x80 | (c & 0x3F));
        n = 2;
    } else if (c < 0x10000) {
        b[0] = (char)(0xE0 | c >> 12);
        b[1] = (char)(0x80 | (c >> 6 & 0x3F));
        b[2] = (char)(0x80 | (c & 0x3F));
        n = 3;
    } else {
        b[0] = (char)(0xF0 | c >> 18);
        b[1] = (char)(0x80 | (c >> 12 & 0x3F));
        b[2] = (char)(0x80 | (c >> 6 & 0x3F));
        b[3] = (char)(0x80 | (c & 0x3F));
        n = 4;
    }
    return buf_add(out, b, n);
}

bool text_from_cp1252(const char *s, size_t len, struct buf *out)
{
    /* 0x80..0x9F; the five unassigned codes stay C1 controls, as in the WHATWG
     * encoding standard. */
    static const uint16_t high[32] = {
            0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
            0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
            0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
            0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
    };
    size_t i = 0;

    while (i < len) {
        size_t start = i;
        unsigned char c;

        while (i < len && (unsigned char)s[i] < 0x80)
            i++;
        if (i > start && !buf_add(out, s + start, i - start))
            return false;
        if (i == len)
            break;
        c = (unsigned char)s[i++];
        if (!add_char(out, c < 0xA0 ? high[c - 0x80] : c))
            return false;
    }
    return true;
}

bool text_from_utf16(
        const char *s, size_t len, bool big_endian, struct buf *out)
{
    const unsigned char *u = (const unsigned char *)s;
    uint32_t high = 0;

    for (size_t i = 0; i + 1 < len; i += 2) {
        uint32_t c = big_endian ? (uint32_t)u[i] << 8 | u[i + 1]
                                : (uint32_t)u[i + 1] << 8 | u[i];
        bool low = c >= 0xDC00 && c <= 0xDFFF;

        if (high && low) {
            c = 0x10000 + ((high - 0xD800) << 10) + (c - 0xDC00);
        } else {
            if (high && !add_char(out, 0xFFFD))
                return false;
            if (low)
                c = 0xFFFD;
        }
        high = 0;
        if (c >= 0xD800 && c <= 0xDBFF)
            high = c;
        else if (!add_char(out, c))
            return false;
    }
    /* A half character at the end shows as U+FFFD rather than vanishing. */
    if ((high || len % 2) && !add_char(out, 0xFFFD))
        return false;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_same(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool text_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

size_t text_blank_start(const char *s, size_t len)
{
    size_t i = 0;

    for (;;) {
        if (i < len && (s[i] == ' ' || (s[i] >= '\t' && s[i] <= '\r')))
            i++;
        else if (len - i >= 2 && memcmp(s + i, "\xC2\xA0", 2) == 0)
            i += 2;
        else
            return i;
    }
}

size_t text_blank_end(const char *s, size_t len)
{
    size_t i = len;

    for (;;) {
        if (i > 0 &&
            (s[i - 1] == ' ' || (s[i - 1] >= '\t' && s[i - 1] <= '\r')))
            i--;
        else if (i >= 2 && memcmp(s + i - 2, "\xC2\xA0", 2) == 0)
            i -= 2;
        else
            return i;
    }
}

size_t text_trim(const char *s, size_t len, char *dst, size_t size)
{
    size_t end = text_blank_end(s, len);
    size_t start = text_blank_start(s, end);
    size_t n = end - start;

    if (size == 0)
        return 0;
    if (n >= size) { /* cut between characters */
        n = size - 1;
        while (n > 0 && ((unsigned char)s[start + n] & 0xC0) == 0x80)
            n--;
    }
    memmove(dst, s + start, n);
    dst[n] = '\0';
    return n;
}

void text_lower(char *s)
{
    for (; *s; s++)
        *s = lower(*s);
}

/* The letters of U+00C0..U+00FF and two more, without their accents. */
static const char *plain_letter(uint32_t c)
{
    static const char *const latin1[64] = {
            "a", "a", "a", "a", "a", "a",  "ae", "c",  "e",  "e",  "e",
            "e", "i", "i", "i", "i", "d",  "n",  "o",  "o",  "o",  "o",
            "o", "",  "o", "u", "u", "u",  "u",  "y",  "th", "ss", "a",
            "a", "a", "a", "a", "a", "ae", "c",  "e",  "e",  "e",  "e",
            "i", "i", "i", "i", "d", "n",  "o",  "o",  "o",  "o",  "o",
            "",  "o", "u", "u", "u", "u",  "y",  "th", "y",
    };

    if (c >= 0xC0 && c <= 0xFF)
        return latin1[c - 0xC0];
    if (c == 0x152 || c == 0x153)
        return "oe";
    if (c == 0x178)
        return "y";
    return "";
}

/* Reads one character and moves on; a bad byte counts as one unknown one. */
static uint32_t next_char(const char *s, size_t len, size_t *i)
{
    const unsigned char *u = (const unsigned char *)s + *i;
    size_t n = text_utf8_len(s + *i, len - *i);

    *i += n ? n : 1;
    switch (n) {
    case 1:
        return u[0];
    case 2:
        return (uint32_t)(u[0] & 0x1F) << 6 | (u[1] & 0x3F);
    case 3:
        return (uint32_t)(u[0] & 0x0F) << 12 | (uint32_t)(u[1] & 0x3F) << 6 |
               (u[2] & 0x3F);
    default:
        return 0xFFFD;
    }
}

void text_key(const char *s, size_t len, char *dst, size_t size)
{
    size_t i = 0, n = 0;
    bool gap = false;

    if (size == 0)
        return;
    while (i < len) {
        uint32_t c = next_char(s, len, &i);
        char ascii[2] = {lower((char)(c < 0x80 ? c : ' ')), '\0'};
        const char *add = plain_letter(c);

        if (c >= 0x300 && c <= 0x36F)
            continue; /* an accent that stands apart (NFD) */
        if ((ascii[0] >= 'a' && ascii[0] <= 'z') ||
            (ascii[0] >= '0' && ascii[0] <= '9'))
            add = ascii;
        if (!add[0]) {
            gap = n > 0;
            continue;
        }
        if (n + (gap ? 1 : 0) + strlen(add) >= size)
            break;
        if (gap)
            dst[n++] = '_';
        gap = false;
        for (; *add; add++)
            dst[n++] = *add;
    }
    dst[n] = '\0';
}
