/* SPDX-License-Identifier: Apache-2.0
 * Maps: any text is a map or an error with its line; a map and a table, parted
 * by a line "===", give records that hold the rules of wire, or refusals. */
#include "import_fuzz.h"
#include "importers/map_priv.h"

/* Where the table begins; len: there is none. */
static size_t table_at(const char *text, size_t len)
{
    for (size_t i = 0; i + 4 < len; i++)
        if (memcmp(text + i, "\n===\n", 5) == 0)
            return i + 5;
    return len;
}

static void read_table(const struct imp_map *m, const char *text, size_t len)
{
    const struct wire_sink sink = {
            .machine = fuzz_machine,
            .site = fuzz_site,
            .reject = fuzz_reject,
            .warn = fuzz_warn};
    const char *path = fuzz_file((const uint8_t *)text, len, ".csv");
    struct err err = {0};

    if (!imp_csv_mapped(path, m, &sink, &err))
        FUZZ_HOLDS(err.msg[0]);
    remove(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    size_t at = table_at(text, len);
    struct imp_map *m = NULL;
    struct err err = {0};

    if (!imp_map_parse(text, at < len ? at - 4 : len, "fuzz", &m, &err)) {
        FUZZ_HOLDS(err.msg[0] && !m);
        return 0;
    }
    FUZZ_HOLDS(m->n > 0 && m->n <= MAP_MAX_ENTRIES);
    for (size_t i = 0; i < m->n; i++) {
        const struct map_entry *e = &m->entries[i];

        FUZZ_HOLDS(e->key[0] && map_find(m, e->title));
        FUZZ_HOLDS(map_field_name(e->field) != NULL);
    }
    if (at < len)
        read_table(m, text + at, len - at);
    imp_map_free(m);
    return 0;
}
