/* SPDX-License-Identifier: Apache-2.0
 * Elements that are plainly written, read at the speed of a scan: nearly all
 * that inventory tools write, and most of it wanted by nobody. */
#include <string.h>

#include "base/xml_priv.h"

enum {
    MAX_LEVELS = 8, /* of elements in elements that are passed over */
    MAX_NAME = 32,  /* bytes of a name with its NUL */
};

enum kind { /* what a byte may stand in */
            BLANK = 1,
            TEXT = 2,
            VALUE = 4, /* in double quotes */
            FIRST = 8, /* of a name */
            NAME = 16,
};

/* By byte: '@' and the bits of its kinds. Texts hold no reference, no ']]>' and
 * nothing that a parser would change or that is not ASCII; names no colon. */
static const unsigned char kinds[256] = "@@@@@@@@@CC@@@@@" /* tab, newline */
                                        "@@@@@@@@@@@@@@@@"
                                        "GFBFFF@FFFFFFVVF"  /* blank to / */
                                        "VVVVVVVVVVFF@FDF"  /* 0 to ? */
                                        "F^^^^^^^^^^^^^^^"  /* @ to O */
                                        "^^^^^^^^^^^FFFF^"  /* P to _ */
                                        "F^^^^^^^^^^^^^^^"  /* ` to o */
                                        "^^^^^^^^^^^FFFF@"; /* p to DEL */

static bool is(char c, enum kind kind)
{
    return kinds[(unsigned char)c] & (unsigned)kind;
}

/* The first byte from p on that is not of the kind: NUL is of none. */
static const char *past(const char *p, enum kind kind)
{
    while (is(*p, kind))
        p++;
    return p;
}

static bool same(struct xml_span a, struct xml_span b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* ' id="value"', of different names; then blanks. NULL: not so plain. */
static const char *read_attrs(const char *p, struct xml_leaf *out)
{
    static const struct xml_span namespace = {"xmlns", 5};
    struct xml_span name, value;

    for (out->n_attrs = 0;; out->n_attrs++) {
        const char *from = p;

        while (*p == ' ')
            p++;
        out->inside = p;
        if (!is(*p, FIRST))
            return p;
        name.p = p;
        p = past(p, NAME);
        name.n = (size_t)(p - name.p);
        if (out->n_attrs == XML_LEAF_ATTRS || name.p == from ||
            name.n >= MAX_NAME || p[0] != '=' || p[1] != '"' ||
            same(name, namespace) ||
            (out->n_attrs > 0 && same(name, out->attrs[0].name)))
            return NULL;
        value.p = p + 2;
        p = past(value.p, VALUE);
        value.n = (size_t)(p - value.p);
        if (*p++ != '"')
            return NULL;
        out->attrs[out->n_attrs].name = name;
        out->attrs[out->n_attrs].value = value;
    }
}

/* Behind the end tag of that name, of which </ is read; NULL: another. */
static const char *read_end(const char *p, struct xml_span name)
{
    if (strncmp(p, name.p, name.n) != 0 || p[name.n] != '>')
        return NULL;
    return p + name.n + 1;
}

enum tag { TAG_NONE, TAG_BEGIN, TAG_EMPTY };

/* A start tag, its name read. */
static enum tag read_begin(const char **p, struct xml_leaf *out)
{
    const char *at = read_attrs(*p, out);

    if (!at || (at[0] != '>' && (at[0] != '/' || at[1] != '>')))
        return TAG_NONE;
    *p = at + (at[0] == '>' ? 1 : 2);
    return at[0] == '>' ? TAG_BEGIN : TAG_EMPTY;
}

/* The rest of one whose name is read. */
static bool read_leaf(const char *p, struct xml_leaf *out)
{
    enum tag tag = read_begin(&p, out);

    out->text = (struct xml_span){p, 0};
    if (tag == TAG_BEGIN) {
        p = past(p, TEXT);
        out->text.n = (size_t)(p - out->text.p);
        p = p[0] == '<' && p[1] == '/' ? read_end(p + 2, out->name) : NULL;
    }
    out->end = p;
    return tag != TAG_NONE && p && p - out->name.p <= XML_LEAF_BYTES;
}

/* What is not wanted once is not until the handler is told something. */
static bool
wanted(struct xml_span name, struct xml_span refused,
       const struct xml_handler *handler)
{
    char text[MAX_NAME];

    if (!handler->wanted)
        return true;
    if (same(name, refused))
        return false;
    memcpy(text, name.p, name.n);
    text[name.n] = '\0';
    return handler->wanted(handler->ctx, text);
}

bool xml_plain_next(
        const char **place, int room, const struct xml_handler *handler,
        struct xml_leaf *leaf)
{
    struct xml_span open[MAX_LEVELS], refused = {NULL, 0};
    const char *p = *place;
    int level = 0;

    for (;;) {
        enum tag tag;

        p = past(p, level > 0 ? TEXT : BLANK);
        if (*p != '<')
            return false; /* blanks may be the last that there is */
        if (level == 0)
            *place = p;
        p++;
        if (*p == '/') {
            p = level > 0 ? read_end(p + 1, open[level - 1]) : NULL;
            if (!p)
                return false;
            level--;
            continue;
        }
        leaf->name.p = p;
        p = past(p, NAME);
        leaf->name.n = (size_t)(p - leaf->name.p);
        if (level == room || !is(*leaf->name.p, FIRST) ||
            leaf->name.n >= MAX_NAME)
            return false;
        if (wanted(leaf->name, refused, handler))
            return level == 0 && read_leaf(p, leaf);
        refused = leaf->name;
        tag = read_begin(&p, leaf);
        if (tag == TAG_NONE || (tag == TAG_BEGIN && level == MAX_LEVELS))
            return false;
        if (tag == TAG_BEGIN)
            open[level++] = refused;
    }
}
