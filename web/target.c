/* SPDX-License-Identifier: Apache-2.0
 * What a client asks for: checked as sent, before libmicrohttpd decodes it
 * (an encoded NUL would cut the text unseen); and encoding for our links. */
#include <string.h>

#include "base/text.h"
#include "web/web_priv.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Decodes into dst (as long as the target); -1 for a broken percent sign. */
static long decode(const char *target, char *dst)
{
    long n = 0;

    for (const char *s = target; *s; s++) {
        int high, low;

        if (*s != '%') {
            dst[n++] = *s;
            continue;
        }
        high = hex(s[1]);
        low = high < 0 ? -1 : hex(s[2]);
        if (low < 0)
            return -1;
        dst[n++] = (char)(high * 16 + low);
        s += 2;
    }
    return n;
}

const char *web_target_fault(const char *target)
{
    char text[WEB_MAX_TARGET + 1];
    long n;

    CHECK(strlen(target) <= WEB_MAX_TARGET);
    n = decode(target, text);
    if (n < 0)
        return "the address has a '%' without two hexadecimal digits";
    for (long i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return "the address has a control character";
    if (!text_utf8_ok(text, (size_t)n))
        return "the address is not UTF-8";
    return NULL;
}

static void encode(struct buf *b, const char *text, const char *plain)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; text && *text; text++) {
        unsigned char c = (unsigned char)*text;

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c >= '0' && c <= '9') || strchr(plain, c)) {
            buf_char(b, *text);
        } else {
            buf_char(b, '%');
            buf_char(b, digits[c >> 4]);
            buf_char(b, digits[c & 15]);
        }
    }
}

void web_url_part(struct buf *b, const char *text)
{
    encode(b, text, "-_.~");
}

void web_url_path(struct buf *b, const char *path)
{
    encode(b, path, "-_.~/");
}
