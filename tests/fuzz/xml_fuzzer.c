/* SPDX-License-Identifier: Apache-2.0
 * XML in: bounded, an error whenever it says no, and the same events and errors
 * whether or not plain elements pass by the parser. */
#include <string.h>

#include "base/text.h"
#include "base/xml.h"
#include "fuzz.h"

struct seen {
    int depth;
    uint64_t events; /* a hash of all that was told, in order */
};

static void note(struct seen *s, const char *text)
{
    for (const char *p = text;; p++) { /* FNV-1a, the NULs included */
        s->events = (s->events ^ (unsigned char)*p) * 0x100000001B3;
        if (!*p)
            break;
    }
}

static bool on_start(
        void *ctx, const char *element, const struct xml_attr *attrs, size_t n,
        struct err *err)
{
    struct seen *s = ctx;

    (void)err;
    FUZZ_HOLDS(++s->depth <= XML_MAX_NESTING && n <= XML_MAX_ATTRS);
    FUZZ_HOLDS(element[0] && text_utf8_ok(element, strlen(element)));
    note(s, element);
    for (size_t i = 0; i < n; i++) {
        FUZZ_HOLDS(strlen(attrs[i].value) <= XML_MAX_FIELD);
        FUZZ_HOLDS(text_utf8_ok(attrs[i].value, strlen(attrs[i].value)));
        note(s, attrs[i].name);
        note(s, attrs[i].value);
    }
    return true;
}

static bool
on_end(void *ctx, const char *element, const char *text, struct err *err)
{
    struct seen *s = ctx;

    (void)err;
    FUZZ_HOLDS(--s->depth >= 0 && element[0]);
    FUZZ_HOLDS(strlen(text) <= XML_MAX_FIELD);
    FUZZ_HOLDS(text_utf8_ok(text, strlen(text)));
    note(s, "/");
    note(s, text);
    return true;
}

static bool is_wanted(void *ctx, const char *element)
{
    (void)ctx;
    return element[0] % 2 == 0;
}

/* Read with plain elements beside the parser and without: one verdict. */
static bool read_both(
        const uint8_t *bytes, size_t len, bool (*wanted)(void *, const char *))
{
    struct seen seen[2] = {{0, 0}, {0, 0}};
    struct err err[2] = {{0}, {0}};
    bool ok[2];

    for (int i = 0; i < 2; i++) {
        const struct xml_handler handler = {
                .ctx = &seen[i],
                .parse_all = i == 1,
                .wanted = wanted,
                .start = on_start,
                .end = on_end};

        ok[i] = xml_read_mem((const char *)bytes, len, "f", &handler, &err[i]);
        FUZZ_HOLDS(
                ok[i] ? seen[i].depth == 0
                      : err[i].code != ERR_NONE && err[i].msg[0]);
    }
    FUZZ_HOLDS(ok[0] == ok[1] && seen[0].events == seen[1].events);
    FUZZ_HOLDS(
            strcmp(err[0].msg, err[1].msg) == 0 &&
            strcmp(err[0].where, err[1].where) == 0);
    return ok[0];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    bool ok = read_both(bytes, len, NULL);
    char root[40];

    /* Of fewer events; the text is good or bad all the same. */
    FUZZ_HOLDS(read_both(bytes, len, is_wanted) == ok);
    if (xml_root((const char *)bytes, len, root, sizeof root))
        FUZZ_HOLDS(root[0] && strlen(root) < sizeof root);
    return 0;
}
