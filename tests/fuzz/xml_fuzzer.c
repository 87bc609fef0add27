/* SPDX-License-Identifier: Apache-2.0
 * XML in: bounded, and an error whenever it says no. */
#include <string.h>

#include "base/text.h"
#include "base/xml.h"
#include "fuzz.h"

static int depth;

static bool on_start(
        void *ctx, const char *element, const struct xml_attr *attrs, size_t n,
        struct err *err)
{
    (void)ctx, (void)err;
    FUZZ_HOLDS(++depth <= XML_MAX_NESTING && n <= XML_MAX_ATTRS);
    FUZZ_HOLDS(element[0] && text_utf8_ok(element, strlen(element)));
    for (size_t i = 0; i < n; i++) {
        FUZZ_HOLDS(strlen(attrs[i].value) <= XML_MAX_FIELD);
        FUZZ_HOLDS(text_utf8_ok(attrs[i].value, strlen(attrs[i].value)));
    }
    return true;
}

static bool
on_end(void *ctx, const char *element, const char *text, struct err *err)
{
    (void)ctx, (void)err;
    FUZZ_HOLDS(--depth >= 0 && element[0]);
    FUZZ_HOLDS(strlen(text) <= XML_MAX_FIELD);
    FUZZ_HOLDS(text_utf8_ok(text, strlen(text)));
    return true;
}

static bool is_wanted(void *ctx, const char *element)
{
    (void)ctx;
    return element[0] % 2 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct xml_handler handler = {
            .ctx = NULL, .start = on_start, .end = on_end};
    const struct xml_handler some = {.wanted = is_wanted};
    struct err err = {0};
    char root[40];

    depth = 0;
    if (xml_read_mem((const char *)bytes, len, "f", &handler, &err))
        FUZZ_HOLDS(depth == 0);
    else
        FUZZ_HOLDS(err.code != ERR_NONE && err.msg[0]);
    /* Of fewer events; the text is good or bad all the same. */
    FUZZ_HOLDS(
            xml_read_mem((const char *)bytes, len, "f", &some, NULL) ==
            (err.code == ERR_NONE));
    if (xml_root((const char *)bytes, len, root, sizeof root))
        FUZZ_HOLDS(root[0] && strlen(root) < sizeof root);
    return 0;
}
