/* SPDX-License-Identifier: Apache-2.0
 * CSV reading: rows within their limits, fields terminated and UTF-8. */
#include <string.h>

#include "base/csv.h"
#include "base/text.h"
#include "fuzz.h"

static bool
row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *r,
    struct err *err)
{
    uint64_t *last = ctx;

    (void)err;
    FUZZ_HOLDS(dialect->delimiter && r->n <= CSV_MAX_FIELDS);
    FUZZ_HOLDS(r->line >= *last);
    *last = r->line;
    for (size_t i = 0; i < r->n; i++) {
        FUZZ_HOLDS(r->fields[i].len <= CSV_MAX_FIELD);
        FUZZ_HOLDS(strlen(r->fields[i].p) == r->fields[i].len);
        FUZZ_HOLDS(text_utf8_ok(r->fields[i].p, r->fields[i].len));
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct err err = {0};
    uint64_t line = 0;

    if (!csv_read_mem((const char *)bytes, len, "fuzz.csv", row, &line, &err))
        FUZZ_HOLDS(err.code != ERR_NONE && err.msg[0]);
    return 0;
}
