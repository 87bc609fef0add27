/* SPDX-License-Identifier: Apache-2.0
 * Inside base: the part of XML that needs no parser. */
#ifndef BASE_XML_PRIV_H
#define BASE_XML_PRIV_H

#include "base/xml.h"

enum {
    XML_LEAF_ATTRS = 2,
    XML_LEAF_BYTES = 2048, /* of all of it */
};

struct xml_span {
    const char *p;
    size_t n;
};

/* <name a="1" b="2">text</name> or <name a="1"/>: bytes as they stand there. */
struct xml_leaf {
    struct xml_span name, text;
    struct {
        struct xml_span name, value;
    } attrs[XML_LEAF_ATTRS];
    size_t n_attrs;
    const char *inside, *end; /* behind its attributes; behind it */
};

/* Passes over elements at *place, whole with all that is in them, and the
 * blanks between, while none of them is wanted and all are so plainly written
 * that a parser could have nothing to say to them: ASCII, no references, no
 * prefixes, two attributes at most. True: a wanted one stands there, as plain
 * and with no other in it, that is *leaf. The text ends with a NUL. room:
 * levels that may still be opened. */
bool xml_plain_next(
        const char **place, int room, const struct xml_handler *handler,
        struct xml_leaf *leaf);

#endif
