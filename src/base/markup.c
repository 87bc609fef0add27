/* SPDX-License-Identifier: Apache-2.0
 * HTML, SVG and XML out, over libxml2's xmlTextWriter. */
#include "base/markup.h"

#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"

enum {
    MK_MAX_DEPTH = 64,
    MK_MAX_NAME = 48,
    MK_MAX_TEXT = 64 * 1024 * 1024,
};

struct mk {
    struct out *out;
    enum mk_kind kind;
    xmlTextWriterPtr writer;
    struct buf escaped;
    size_t depth;
    bool tag_open; /* attributes may still come */
    char names[MK_MAX_DEPTH][MK_MAX_NAME];
    bool empty[MK_MAX_DEPTH]; /* HTML's void elements */
};

static int write_out(void *ctx, const char *bytes, int len)
{
    if (len > 0)
        out_bytes(ctx, bytes, (size_t)len);
    return len; /* a failure is kept in the out */
}

static int close_out(void *ctx)
{
    (void)ctx;
    return 0;
}

/* libxml2 fails here only without memory or when used in the wrong order. */
static void must(int rc)
{
    CHECK(rc >= 0);
}

struct mk *mk_open(struct out *out, enum mk_kind kind)
{
    struct mk *mk = xcalloc(1, sizeof *mk);
    xmlOutputBufferPtr sink;

    mk->out = out;
    mk->kind = kind;
    buf_init(&mk->escaped, MK_MAX_TEXT);
    /* The prologue goes out by hand: told of an encoding the writer would
     * convert every byte from UTF-8 to UTF-8. */
    out_str(out, kind == MK_HTML
                         ? "<!DOCTYPE html>\n"
                         : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    sink = xmlOutputBufferCreateIO(write_out, close_out, out, NULL);
    CHECK(sink);
    mk->writer = xmlNewTextWriter(sink);
    CHECK(mk->writer);
    return mk;
}

bool mk_close(struct mk *mk, struct err *err)
{
    struct out *out = mk->out;

    while (mk->depth)
        mk_end(mk, mk->names[mk->depth - 1]);
    xmlFreeTextWriter(mk->writer); /* flushes */
    buf_clear(&mk->escaped);
    free(mk);
    out_char(out, '\n');
    if (out->failed && err)
        *err = out->err;
    return !out->failed;
}

/* Names are our own; this is only a guard against slips. */
static bool name_ok(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len >= MK_MAX_NAME || strchr("-.0123456789:", name[0]))
        return false;
    for (size_t i = 0; i < len; i++)
        if (!(name[i] >= 'a' && name[i] <= 'z') &&
            !(name[i] >= 'A' && name[i] <= 'Z') &&
            !(name[i] >= '0' && name[i] <= '9') && !strchr("_-.:", name[i]))
            return false;
    return true;
}

static bool is_void(const char *name)
{
    static const char *const names[] = {
            "area",  "base", "br",   "col",    "embed", "hr", "img",
            "input", "link", "meta", "source", "track", "wbr"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Escapes text for both content and attribute values into mk->escaped. What
 * XML cannot hold (control characters, bad UTF-8, U+FFFE, U+FFFF) becomes
 * U+FFFD, so that nothing vanishes unseen. */
static void escape(struct mk *mk, const char *s)
{
    struct buf *b = &mk->escaped;
    size_t len = strlen(s), i = 0, start = 0;

    buf_reset(b);
    while (i < len) {
        unsigned char c = (unsigned char)s[i];
        const char *put = NULL;
        size_t n = 1;

        if (c == '<')
            put = "&lt;";
        else if (c == '>')
            put = "&gt;";
        else if (c == '&')
            put = "&amp;";
        else if (c == '"')
            put = "&quot;";
        else if (c == '\r')
            put = "&#13;";
        else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
            put = "\xEF\xBF\xBD";
        else if (c >= 0x80) {
            n = text_utf8_len(s + i, len - i);
            if (n == 0 || (c == 0xC2 && (unsigned char)s[i + 1] < 0xA0) ||
                (c == 0xEF && memcmp(s + i + 1, "\xBF\xBE", 2) == 0) ||
                (c == 0xEF && memcmp(s + i + 1, "\xBF\xBF", 2) == 0))
                put = "\xEF\xBF\xBD";
            n = n ? n : 1;
        }
        i += n;
        if (!put)
            continue;
        buf_add(b, s + start, i - n - start);
        buf_str(b, put);
        start = i;
    }
    buf_add(b, s + start, len - start);
    CHECK(!b->over);
}

static void write_raw(struct mk *mk)
{
    must(xmlTextWriterWriteRawLen(
            mk->writer, (const xmlChar *)buf_text(&mk->escaped),
            (int)mk->escaped.len));
}

void mk_begin(struct mk *mk, const char *element)
{
    CHECK(name_ok(element));
    CHECK(mk->depth < MK_MAX_DEPTH);
    CHECK(mk->depth == 0 || !mk->empty[mk->depth - 1]);
    must(xmlTextWriterStartElement(mk->writer, (const xmlChar *)element));
    memcpy(mk->names[mk->depth], element, strlen(element) + 1);
    mk->empty[mk->depth++] = mk->kind == MK_HTML && is_void(element);
    mk->tag_open = true;
}

void mk_end(struct mk *mk, const char *element)
{
    CHECK(mk->depth > 0);
    CHECK(strcmp(mk->names[mk->depth - 1], element) == 0);
    if (mk->kind == MK_XML || mk->empty[mk->depth - 1])
        must(xmlTextWriterEndElement(mk->writer));
    else /* <td></td>: HTML knows no <td/> */
        must(xmlTextWriterFullEndElement(mk->writer));
    mk->depth--;
    mk->tag_open = false;
}

void mk_attr(struct mk *mk, const char *name, const char *value)
{
    CHECK(mk->tag_open);
    CHECK(name_ok(name));
    CHECK(strcmp(name, "style") != 0);
    escape(mk, value ? value : "");
    must(xmlTextWriterStartAttribute(mk->writer, (const xmlChar *)name));
    write_raw(mk);
    must(xmlTextWriterEndAttribute(mk->writer));
}

/* printf into room, or into memory of its own when that is too small; the
 * caller frees what is not room. */
__attribute__((format(printf, 3, 0))) static char *
format(char *room, size_t size, const char *fmt, va_list ap)
{
    va_list again;
    int len;
    char *s = room;

    va_copy(again, ap);
    len = vsnprintf(room, size, fmt, ap);
    CHECK(len >= 0);
    if ((size_t)len >= size) {
        s = xmalloc((size_t)len + 1);
        vsnprintf(s, (size_t)len + 1, fmt, again);
    }
    va_end(again);
    return s;
}

void mk_attrf(struct mk *mk, const char *name, const char *fmt, ...)
{
    char room[256], *s;
    va_list ap;

    va_start(ap, fmt);
    s = format(room, sizeof room, fmt, ap);
    va_end(ap);
    mk_attr(mk, name, s);
    if (s != room)
        free(s);
}

void mk_attr_num(struct mk *mk, const char *name, double value)
{
    char text[NUM_TEXT];

    mk_attr(mk, name, num_print(value, text));
}

static bool is_raw(const struct mk *mk)
{
    const char *name = mk->depth ? mk->names[mk->depth - 1] : "";

    return strcmp(name, "style") == 0 || strcmp(name, "script") == 0;
}

void mk_text(struct mk *mk, const char *text)
{
    if (!text || !text[0])
        return;
    CHECK(mk->depth > 0);
    CHECK(!is_raw(mk) && !mk->empty[mk->depth - 1]);
    escape(mk, text);
    write_raw(mk);
    mk->tag_open = false;
}

void mk_textf(struct mk *mk, const char *fmt, ...)
{
    char room[256], *s;
    va_list ap;

    va_start(ap, fmt);
    s = format(room, sizeof room, fmt, ap);
    va_end(ap);
    mk_text(mk, s);
    if (s != room)
        free(s);
}

void mk_element(struct mk *mk, const char *element, const char *text)
{
    mk_begin(mk, element);
    mk_text(mk, text);
    mk_end(mk, element);
}

void mk_asset(struct mk *mk, const char *bytes)
{
    CHECK(is_raw(mk));
    /* Our own files; one that would end its element early is our mistake. */
    for (const char *p = strchr(bytes, '<'); p; p = strchr(p + 1, '<'))
        CHECK(p[1] != '/' || (strncmp(p + 2, "style", 5) != 0 &&
                              strncmp(p + 2, "script", 6) != 0));
    must(xmlTextWriterWriteRaw(mk->writer, (const xmlChar *)bytes));
    mk->tag_open = false;
}
