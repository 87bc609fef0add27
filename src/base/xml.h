/* SPDX-License-Identifier: Apache-2.0
 * Foreign XML through libxml2's SAX2 interface: no tree, no network, no entity
 * is expanded and no DTD loaded. Memory is bounded by one element's text. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

enum {
    XML_MAX_NESTING = 64,      /* the root is 1 deep */
    XML_MAX_FIELD = 64 * 1024, /* bytes of a text or of an attribute's value */
    XML_MAX_ATTRS = 128,       /* of one element */
};

/* An attribute of a start tag; names without namespace prefix, text in UTF-8,
 * borrowed until the callback returns. */
struct xml_attr {
    const char *name, *value;
};
/* The value of an attribute, NULL when it is not there. */
const char *
xml_attr_get(const struct xml_attr *attrs, size_t n, const char *name);

/* Called for each tag, in order; false stops with err set. `text` is what was
 * written since the last tag, blanks at both ends removed: the whole content
 * of an element that holds no other ("" when empty). Each may be NULL.
 * An element that is not wanted gives neither start, text nor end; those in it
 * are asked for in their turn. For files of which little is of use. `wanted`
 * may be asked more than once of one element: it goes by what start and end
 * were told. */
struct xml_handler {
    void *ctx;
    bool parse_all; /* let nothing pass by libxml2: slower, the same events */
    bool (*wanted)(void *ctx, const char *element);
    bool (*start)(
            void *ctx, const char *element, const struct xml_attr *attrs,
            size_t n, struct err *err);
    bool (*end)(
            void *ctx, const char *element, const char *text, struct err *err);
};

/* Reads a stream to its end. Every error, those of the callbacks too, gets the
 * place "name: line L, column C". ERR_INVALID: empty, cut short, not
 * well-formed, a bad encoding, NUL, a DOCTYPE with an internal subset, an
 * entity that is not predefined; a bare external identifier is passed over.
 * ERR_LIMIT: nested too deep, too many attributes, a field too long, a tag or
 * comment of more than 256 KiB. */
bool xml_read_file(
        FILE *in, const char *name, const struct xml_handler *handler,
        struct err *err);
bool xml_read_mem(
        const char *bytes, size_t len, const char *name,
        const struct xml_handler *handler, struct err *err);

/* The local name of the root element, from the head of a file (UTF-8 or a
 * single-byte encoding), to tell formats apart; false when there is none. */
bool xml_root(const char *head, size_t len, char *dst, size_t size);

#endif
