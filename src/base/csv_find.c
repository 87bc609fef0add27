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

char csv_find_delimiter(const char *s, size_t len)
{
    static const char known[] = {',', ';', '\t', '|'};
    size_t count[sizeof known] = {0}, best = 0;
    bool quoted = false, any = false;

    for (size_t i = 0; i < len; i++) {
        if (s[i] == '"')
            quoted = !quoted;
        if ((s[i] == '\n' || s[i] == '\r') && !quoted) {
            if (any)
                break;
            continue;
        }
        any = any || s[i] != ' ';
        for (size_t k = 0; k < sizeof known && !quoted; k++)
            count[k] += s[i] == known[k];
    }
    for (size_t k = 1; k < sizeof known; k++)
        if (count[k] > count[best])
            best = k;
    return known[best];
}
