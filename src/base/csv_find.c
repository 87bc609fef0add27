/* SPDX-License-Identifier: Apache-2.0
 * How a CSV file is written: its encoding and its delimiter. */
#include <string.h>

#include "base/csv_priv.h"
#include "base/text.h"

size_t csv_cut_bytes(enum csv_encoding e, const char *s, size_t len)
{
    const unsigned char *u = (const unsigned char *)s;

    if (e == CSV_UTF16LE || e == CSV_UTF16BE) {
        size_t odd = len % 2, even = len - odd;
        size_t top = e == CSV_UTF16LE ? even - 1 : even - 2;
        /* a high surrogate waits for its partner */
        return odd + (even >= 2 && (u[top] & 0xFC) == 0xD8 ? 2 : 0);
    }
    if (e == CSV_UTF8)
        for (size_t back = 1; back <= 3 && back <= len; back++) {
            unsigned char c = u[len - back];
            size_t want = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
            if ((c & 0xC0) != 0x80)
                return want > back ? back : 0;
        }
    return 0;
}

enum csv_encoding
csv_find_encoding(const char *s, size_t len, bool whole, size_t *bom)
{
    size_t end = len;

    *bom = 0;
    if (len >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0) {
        *bom = 3;
        return CSV_UTF8;
    }
    if (len >= 2 && memcmp(s, "\xFF\xFE", 2) == 0) {
        *bom = 2;
        return CSV_UTF16LE;
    }
    if (len >= 2 && memcmp(s, "\xFE\xFF", 2) == 0) {
        *bom = 2;
        return CSV_UTF16BE;
    }
    if (!whole)
        end -= csv_cut_bytes(CSV_UTF8, s, len);
    /* A NUL fails this too; the reader refuses it in every encoding. */
    if (text_utf8_ok(s, end))
        return CSV_UTF8;
    return CSV_CP1252;
}

const char *csv_encoding_name(enum csv_encoding e)
{
    switch (e) {
    case CSV_UTF8:
        return "UTF-8";
    case CSV_CP1252:
        return "windows-1252";
    default:
        return "UTF-16";
    }
}

static const char known[] = {',', ';', '\t', '|'};

enum { KNOWN = sizeof known, LOOK_ROWS = 12 };

/* How often each delimiter stands outside quotes in each of the first rows
 * that are not blank. */
static size_t
count_rows(const char *s, size_t len, size_t count[LOOK_ROWS][KNOWN])
{
    bool quoted = false, any = false;
    size_t n = 0;

    for (size_t i = 0; i < len && n < LOOK_ROWS; i++) {
        if (s[i] == '"')
            quoted = !quoted;
        if ((s[i] == '\n' || s[i] == '\r') && !quoted) {
            n += any ? 1 : 0;
            any = false;
            continue;
        }
        any = any || s[i] != ' ';
        for (size_t k = 0; k < KNOWN && !quoted; k++)
            count[n][k] += s[i] == known[k];
    }
    return n + (any && n < LOOK_ROWS ? 1 : 0);
}

/* Neighbouring rows in which it stands equally often. */
static size_t agree(size_t count[LOOK_ROWS][KNOWN], size_t n, size_t k)
{
    size_t pairs = 0;

    for (size_t i = 1; i < n; i++)
        pairs += count[i][k] > 0 && count[i][k] == count[i - 1][k] ? 1 : 0;
    return pairs;
}

char csv_find_delimiter(const char *s, size_t len)
{
    size_t count[LOOK_ROWS][KNOWN] = {0}, best = 0, first = 0;
    size_t n = count_rows(s, len, count);

    /* The first row that has one is the header, or a title over it. */
    while (first < n && !count[first][0] && !count[first][1] &&
           !count[first][2] && !count[first][3])
        first++;
    if (first == n)
        return known[0];
    for (size_t k = 1; k < KNOWN; k++)
        if (count[first][k] > count[first][best])
            best = k;
    /* "Computers, 2025" over a header with semicolons. */
    if (agree(count, n, best) == 0)
        for (size_t k = 0; k < KNOWN; k++)
            if (agree(count, n, k) > 1)
                return known[k];
    return known[best];
}
