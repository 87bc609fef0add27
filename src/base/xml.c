/* SPDX-License-Identifier: Apache-2.0
 * XML in: libxml2's push parser behind limits, its errors as ours. */
#include "base/xml.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/xml_priv.h"

enum {
    CHUNK = 65536,
    FIRST = 256, /* bytes of a chunk that the parser gets alone */
    /* Bytes of a tag, comment or instruction: libxml2 compares the attributes
     * of one element with one another, and 100,000 of them took seconds. */
    MAX_TAG = 256 * 1024,
};

struct reader {
    const struct xml_handler *handler;
    xmlParserCtxtPtr ctxt;
    struct err *err;
    bool failed; /* err is set; nothing more is delivered */
    bool plain;  /* what is plainly written passes by the parser */
    bool begun;
    bool wide; /* UTF-16: NUL bytes are part of characters */
    int depth;
    bool wanted[XML_MAX_NESTING + 1]; /* by depth */
    struct buf text;
    char *values;    /* of the attributes of one element */
    size_t n_values; /* bytes of it */
    struct xml_attr attrs[XML_MAX_ATTRS];
};

const char *
xml_attr_get(const struct xml_attr *attrs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(attrs[i].name, name) == 0)
            return attrs[i].value;
    return NULL;
}

static void failed_here(struct reader *r)
{
    r->failed = true;
    err_in(r->err, "line %d, column %d", xmlSAX2GetLineNumber(r->ctxt),
           xmlSAX2GetColumnNumber(r->ctxt));
    xmlStopParser(r->ctxt);
}

static void fail(struct reader *r, enum err_code code, const char *why)
{
    if (r->failed)
        return;
    err_set(r->err, code, "%s", why);
    failed_here(r);
}

/* libxml2 says "Opening and ending tag mismatch: a line 3 and b\n". */
static void on_error(void *ctx, xmlErrorPtr error)
{
    struct reader *r = ctx;
    char text[300];
    size_t n;

    if (r->failed || error->level != XML_ERR_FATAL)
        return; /* such as a namespace that is not declared */
    r->failed = true;
    n = text_trim(
            error->message ? error->message : "",
            error->message ? strlen(error->message) : 0, text, sizeof text);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' || (unsigned char)text[i] >= 0x7F)
            text[i] = ' ';
    if (text[0] >= 'A' && text[0] <= 'Z')
        text[0] = (char)(text[0] - 'A' + 'a');
    if (error->code == XML_ERR_DOCUMENT_EMPTY)
        err_set(r->err, ERR_INVALID,
                "not XML, expected an element's < where the text begins");
    else if (error->code == XML_ERR_DOCUMENT_END && r->depth > 0)
        err_set(r->err, ERR_INVALID,
                "the text ends inside an element, it was cut short");
    else if (error->code == XML_ERR_DOCUMENT_END && !r->begun)
        err_set(r->err, ERR_INVALID,
                "the text ends before an element, it was cut short or is no "
                "XML");
    else if (strstr(text, "Huge input") || strstr(text, "huge input"))
        err_set(r->err, ERR_LIMIT,
                "a tag, comment or text longer than 256 KiB");
    else if (error->code == XML_ERR_NO_MEMORY)
        err_set(r->err, ERR_LIMIT, "not well-formed XML: %s", text);
    else
        err_set(r->err, ERR_INVALID, "not well-formed XML: %s", text);
    err_in(r->err, "line %d, column %d", error->line, error->int2);
}

/* Called when the name and the identifiers are read, before the subset. */
static void on_doctype(
        void *ctx, const xmlChar *name, const xmlChar *public_id,
        const xmlChar *system_id)
{
    struct reader *r = ctx;

    (void)name, (void)public_id, (void)system_id;
    if (r->ctxt->input && r->ctxt->input->cur && *r->ctxt->input->cur == '[')
        fail(r, ERR_INVALID,
             "a DOCTYPE with an internal subset is refused, expected none or "
             "a bare name");
}

static void on_entity_declared(
        void *ctx, const xmlChar *name, int type, const xmlChar *public_id,
        const xmlChar *system_id, xmlChar *content)
{
    (void)name, (void)type, (void)public_id, (void)system_id, (void)content;
    fail(ctx, ERR_INVALID, "an entity declaration is refused");
}

/* The five predefined ones never come here. */
static xmlEntityPtr on_entity(void *ctx, const xmlChar *name)
{
    struct reader *r = ctx;

    if (r->failed)
        return NULL;
    err_set(r->err, ERR_INVALID,
            "the entity '&%.60s;' is not expanded, expected its character",
            (const char *)name);
    failed_here(r);
    return NULL;
}

/* A value with its NUL. The parser leaves an ampersand as "&#38;", for those
 * who would look for entities in it once more. */
static char *copy_value(char *to, const char *from, size_t len)
{
    static const char amp[] = "&#38;";
    const char *end = from + len, *at;

    while ((at = memchr(from, '&', (size_t)(end - from)))) {
        memcpy(to, from, (size_t)(at + 1 - from));
        to += at + 1 - from;
        from = at + 1;
        if ((size_t)(end - at) >= sizeof amp - 1 &&
            memcmp(at, amp, sizeof amp - 1) == 0)
            from = at + sizeof amp - 1;
    }
    memcpy(to, from, (size_t)(end - from));
    to += end - from;
    *to++ = '\0';
    return to;
}

/* The values end to end with their NULs. libxml2 gives fives: name, prefix,
 * URI, start and end of the value. */
static bool read_attrs(struct reader *r, int n, const xmlChar **attributes)
{
    size_t total = 0;
    char *to;

    for (size_t i = 0; i < (size_t)n; i++) {
        size_t len = (size_t)(attributes[5 * i + 4] - attributes[5 * i + 3]);

        if (len > XML_MAX_FIELD) {
            fail(r, ERR_LIMIT, "an attribute longer than 64 KiB");
            return false;
        }
        total += len + 1;
    }
    if (total > r->n_values) {
        r->n_values = total < CHUNK ? CHUNK : total;
        r->values = xrealloc(r->values, r->n_values);
    }
    to = r->values;
    for (size_t i = 0; i < (size_t)n; i++) {
        size_t len = (size_t)(attributes[5 * i + 4] - attributes[5 * i + 3]);

        r->attrs[i] = (struct xml_attr){(const char *)attributes[5 * i], to};
        to = copy_value(to, (const char *)attributes[5 * i + 3], len);
    }
    return true;
}

static void on_start(
        void *ctx, const xmlChar *name, const xmlChar *prefix,
        const xmlChar *uri, int n_namespaces, const xmlChar **namespaces, int n,
        int n_defaulted, const xmlChar **attributes)
{
    struct reader *r = ctx;

    (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces;
    (void)n_defaulted;
    if (r->failed)
        return;
    r->begun = true;
    if (r->text.len > 0)
        buf_reset(&r->text);
    if (++r->depth > XML_MAX_NESTING) {
        fail(r, ERR_LIMIT, "elements nested deeper than 64");
        return;
    }
    if (n > XML_MAX_ATTRS) {
        fail(r, ERR_LIMIT, "an element of more than 128 attributes");
        return;
    }
    r->wanted[r->depth] =
            !r->handler->wanted ||
            r->handler->wanted(r->handler->ctx, (const char *)name);
    if (!r->wanted[r->depth] || !r->handler->start ||
        !read_attrs(r, n, attributes))
        return;
    if (!r->handler->start(
                r->handler->ctx, (const char *)name, r->attrs, (size_t)n,
                r->err))
        failed_here(r);
}

/* Where errors are and where the parser goes on. */
static void move_to(struct reader *r, const char *to)
{
    xmlParserInput *in = r->ctxt->input;
    const char *p = (const char *)in->cur, *next;

    while ((next = memchr(p, '\n', (size_t)(to - p)))) {
        p = next + 1;
        in->line++;
        in->col = 1;
    }
    in->col += (int)(to - p);
    in->cur = (const xmlChar *)to;
}

static const char *copy_of(struct xml_span s, char **room)
{
    char *to = *room;

    memcpy(to, s.p, s.n);
    to[s.n] = '\0';
    *room = to + s.n + 1;
    return to;
}

static void deliver_leaf(struct reader *r, const struct xml_leaf *leaf)
{
    const struct xml_handler *h = r->handler;
    char copies[XML_LEAF_BYTES], *room = copies;
    const char *name = copy_of(leaf->name, &room);
    struct xml_attr attrs[XML_LEAF_ATTRS];
    struct xml_span text = leaf->text;

    for (size_t i = 0; i < leaf->n_attrs; i++)
        attrs[i] = (struct xml_attr){
                copy_of(leaf->attrs[i].name, &room),
                copy_of(leaf->attrs[i].value, &room)};
    if (h->start && !h->start(h->ctx, name, attrs, leaf->n_attrs, r->err)) {
        move_to(r, leaf->inside);
        failed_here(r);
        return;
    }
    text.n = text_blank_end(text.p, text.n);
    text.p += text_blank_start(text.p, text.n);
    text.n -= (size_t)(text.p - leaf->text.p);
    if (h->end && !h->end(h->ctx, name, copy_of(text, &room), r->err)) {
        move_to(r, leaf->end);
        failed_here(r);
    }
}

/* Called behind an end tag or the blanks before a tag, when the parser has
 * nothing in hand: it goes on wherever it is put. A NUL is where its text ends.
 */
static void read_plain(struct reader *r)
{
    const char *p = (const char *)r->ctxt->input->cur;
    struct xml_leaf leaf;

    if (!r->plain)
        return;
    while (!r->failed &&
           xml_plain_next(&p, XML_MAX_NESTING - r->depth, r->handler, &leaf)) {
        deliver_leaf(r, &leaf);
        p = leaf.end;
    }
    if (!r->failed)
        move_to(r, p);
}

static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix,
       const xmlChar *uri)
{
    struct reader *r = ctx;
    char *text;
    size_t len, start;

    (void)prefix, (void)uri;
    if (r->failed)
        return;
    if (r->wanted[r->depth--] && r->handler->end) {
        text = r->text.p ? r->text.p : (char[1]){""};
        len = text_blank_end(text, r->text.len);
        start = text_blank_start(text, len);
        text[len] = '\0';
        if (!r->handler->end(
                    r->handler->ctx, (const char *)name, text + start, r->err))
            failed_here(r);
    }
    if (r->text.len > 0)
        buf_reset(&r->text);
    if (r->depth > 0 && !r->failed)
        read_plain(r);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct reader *r = ctx;
    const char *from = (const char *)text;
    size_t n = (size_t)len;

    if (r->failed)
        return;
    /* Most text is the indentation between tags: it is never kept. */
    for (; r->text.len == 0 && n > 0 &&
           (*from == ' ' || (*from >= '\t' && *from <= '\r'));
         n--)
        from++;
    if (n > 0 && r->wanted[r->depth] && !buf_add(&r->text, from, n))
        fail(r, ERR_LIMIT, "a text longer than 64 KiB");
    else if (
            n == 0 && text + len == r->ctxt->input->cur &&
            *r->ctxt->input->cur == '<')
        read_plain(r);
}

static const xmlSAXHandler callbacks = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_doctype,
        .entityDecl = on_entity_declared,
        .getEntity = on_entity,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .serror = on_error,
};

/* Where read_plain puts libxml2, it goes on in 2.9, whose source was read and
 * which was compared on documents good and bad. Any other parses all. */
static bool goes_on_anywhere(void)
{
    return strncmp(xmlParserVersion, "209", 3) == 0;
}

static bool open_reader(
        struct reader *r, const struct xml_handler *handler, struct err *err)
{
    xmlSAXHandler sax = callbacks;

    *r = (struct reader){
            .handler = handler,
            .err = err,
            .plain = goes_on_anywhere() && !handler->parse_all};
    buf_init(&r->text, XML_MAX_FIELD);
    r->ctxt = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    if (!r->ctxt)
        return err_set(err, ERR_IO, "cannot start the XML parser");
    xmlCtxtUseOptions(r->ctxt, XML_PARSE_NONET);
    return true;
}

/* The same behind all that was fed: the parser may stand some lines before. */
static void fail_at_end(struct reader *r, const char *why)
{
    const xmlParserInput *input = r->ctxt->input;
    int line = xmlSAX2GetLineNumber(r->ctxt);

    if (r->failed)
        return;
    for (const xmlChar *p = input ? input->cur : NULL; p && p < input->end; p++)
        line += *p == '\n';
    err_set(r->err, ERR_INVALID, "%s", why);
    err_in(r->err, "line %d", line > 0 ? line : 1);
    r->failed = true;
}

/* libxml2 tells failing decoders to nobody but these, which print. */
static void say_nothing(void *ctx, const char *fmt, ...)
{
    (void)ctx, (void)fmt;
}

/* Bytes fed and not parsed yet: the parser waits for the end of a tag. */
static size_t waiting(const struct reader *r)
{
    const xmlParserInput *in = r->ctxt->input;

    return in && in->end > in->cur ? (size_t)(in->end - in->cur) : 0;
}

static void parse(struct reader *r, const char *bytes, size_t len, bool last)
{
    xmlStructuredErrorFunc old = xmlStructuredError;
    void *old_ctx = xmlStructuredErrorContext;
    xmlGenericErrorFunc old_words = xmlGenericError;
    void *old_words_ctx = xmlGenericErrorContext;
    int code;

    xmlSetStructuredErrorFunc(r, on_error);
    xmlSetGenericErrorFunc(NULL, say_nothing);
    code = xmlParseChunk(r->ctxt, bytes, (int)len, last);
    xmlSetGenericErrorFunc(old_words_ctx, old_words);
    xmlSetStructuredErrorFunc(old_ctx, old);
    if (code == XML_ERR_INVALID_ENCODING)
        fail(r, ERR_INVALID, "bytes that are not of the file's encoding");
    else if (code < 0)
        fail(r, ERR_INVALID, "not well-formed XML");
    else if (!last && !r->failed && waiting(r) > MAX_TAG)
        fail(r, ERR_LIMIT, "a tag, comment or text longer than 256 KiB");
}

static bool is_wide(const unsigned char *p, size_t n)
{
    return n >= 4 &&
           ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF) ||
            (p[0] == '<' && p[1] == 0) || (p[0] == 0 && p[1] == '<'));
}

/* Feeds up to the first NUL, so that the parser knows the line it is on. */
static void feed(struct reader *r, const char *bytes, size_t len, bool first)
{
    const char *nul;

    if (first)
        r->wide = is_wide((const unsigned char *)bytes, len);
    nul = r->wide ? NULL : memchr(bytes, '\0', len);
    if (nul)
        len = (size_t)(nul - bytes);
    /* Each call begins with moving what waits to the front, what it brings
     * included: let that be little. */
    if (len > FIRST) {
        parse(r, bytes, FIRST, false);
        bytes += FIRST;
        len -= FIRST;
    }
    if (len > 0 && !r->failed)
        parse(r, bytes, len, false);
    if (nul)
        fail_at_end(r, "a NUL byte, expected text");
}

static bool
close_reader(struct reader *r, const char *name, bool any, struct err *err)
{
    bool ok;

    if (!r->failed && any)
        parse(r, NULL, 0, true);
    if (!any && !r->failed) {
        err_set(err, ERR_INVALID, "the file is empty");
        r->failed = true;
    } else if (
            !r->failed && (!r->begun || r->depth > 0 || !r->ctxt->wellFormed)) {
        fail(r, ERR_INVALID, "not well-formed XML");
    }
    ok = !r->failed;
    if (!ok)
        err_in(err, "%s", name);
    xmlFreeParserCtxt(r->ctxt);
    buf_clear(&r->text);
    free(r->values);
    return ok;
}

bool xml_read_file(
        FILE *in, const char *name, const struct xml_handler *handler,
        struct err *err)
{
    struct err own = {0}; /* callers may pass NULL */
    struct reader r;
    char *room = NULL;
    bool any = false, ok;
    size_t n;

    if (!err)
        err = &own;
    if (!open_reader(&r, handler, err))
        return false;
    room = xmalloc(CHUNK);
    while (!r.failed && (n = fread(room, 1, CHUNK, in)) > 0) {
        feed(&r, room, n, !any);
        any = true;
    }
    if (!r.failed && ferror(in)) {
        err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
        r.failed = true;
    }
    ok = close_reader(&r, name, any, err);
    free(room);
    return ok;
}

bool xml_read_mem(
        const char *bytes, size_t len, const char *name,
        const struct xml_handler *handler, struct err *err)
{
    struct err own = {0};
    struct reader r;

    if (!err)
        err = &own;
    if (!open_reader(&r, handler, err))
        return false;
    for (size_t at = 0; at < len && !r.failed; at += CHUNK)
        feed(&r, bytes + at, len - at < CHUNK ? len - at : CHUNK, at == 0);
    return close_reader(&r, name, len > 0, err);
}

/* ---- the root's name ---------------------------------------------------- */

static const char *skip_to(const char *p, const char *end, const char *mark)
{
    size_t n = strlen(mark);

    for (; (size_t)(end - p) >= n; p++)
        if (memcmp(p, mark, n) == 0)
            return p + n;
    return NULL;
}

/* After a declaration, comment or DOCTYPE at p; NULL when it does not end. */
static const char *skip_markup(const char *p, const char *end)
{
    if (end - p >= 4 && memcmp(p, "<!--", 4) == 0)
        return skip_to(p + 4, end, "-->");
    return skip_to(p, end, ">");
}

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == ':';
}

bool xml_root(const char *head, size_t len, char *dst, size_t size)
{
    const char *p = head, *end = head + len;
    size_t n = 0;

    if (len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        p += 3;
    for (;;) {
        while (p < end && (*p == ' ' || (*p >= '\t' && *p <= '\r')))
            p++;
        if (end - p < 2 || *p != '<')
            return false;
        if (p[1] != '?' && p[1] != '!')
            break;
        p = skip_markup(p, end);
        if (!p)
            return false;
    }
    for (p++; p < end && name_char(*p); p++) {
        if (*p == ':')
            n = 0;
        else if (n + 1 < size)
            dst[n++] = *p;
    }
    dst[n] = '\0';
    return n > 0;
}
