/* SPDX-License-Identifier: Apache-2.0
 * The maps that the program brings, and which one knows a header. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "importers/map_priv.h"

extern const struct embed_file imp_presets[];

enum { PRESETS_MAX = 16 };

static struct imp_map *presets[PRESETS_MAX + 1]; /* parsed once, for ever */
static pthread_once_t parsed = PTHREAD_ONCE_INIT;

/* "presets/glpi.map" is glpi. */
static void parse_all(void)
{
    for (size_t i = 0; imp_presets[i].name; i++) {
        const char *slash = strrchr(imp_presets[i].name, '/');
        const char *base = slash ? slash + 1 : imp_presets[i].name;
        char name[40];
        struct err err = {0};

        CHECK(i < PRESETS_MAX);
        snprintf(name, sizeof name, "%.*s", (int)strcspn(base, "."), base);
        CHECK(imp_map_parse(
                (const char *)imp_presets[i].bytes, imp_presets[i].size, name,
                &presets[i], &err));
    }
}

const struct imp_map *map_preset_at(size_t i)
{
    pthread_once(&parsed, parse_all);
    return i < PRESETS_MAX ? presets[i] : NULL;
}

const struct imp_map *imp_map_preset(const char *name)
{
    const struct imp_map *m;

    for (size_t i = 0; (m = map_preset_at(i)) != NULL; i++)
        if (text_same(m->name, name))
            return m;
    return NULL;
}

const struct imp_map *imp_map_preset_at(size_t i)
{
    return map_preset_at(i);
}

const char *imp_map_preset_text(const char *name)
{
    for (size_t i = 0; map_preset_at(i) != NULL; i++)
        if (text_same(presets[i]->name, name))
            return (const char *)imp_presets[i].bytes;
    return NULL;
}

struct keys {
    char of[CSV_MAX_FIELDS][64];
    size_t n;
};

static bool in_header(const struct keys *h, const char *key)
{
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->of[i], key) == 0)
            return true;
    return false;
}

static bool sure_of(const struct imp_map *m, const struct keys *h)
{
    size_t any = 0;

    for (size_t i = 0; i < m->n_needs; i++)
        if (!in_header(h, m->needs[i]))
            return false;
    for (size_t i = 0; i < m->n_without; i++)
        if (in_header(h, m->without[i]))
            return false;
    for (size_t i = 0; i < m->n_any; i++)
        any += in_header(h, m->any[i]) ? 1 : 0;
    return m->n_needs + m->n_any > 0 && any >= m->any_min;
}

/* A column that tells lines apart and that the map knows nothing of: a map
 * that numbers lines is not for this file. */
static bool has_identity(const struct imp_map *m, const struct csv_row *header)
{
    for (size_t i = 0; i < header->n; i++) {
        bool canonical;
        enum csv_col c = csv_col_find(
                header->fields[i].p, header->fields[i].len, false, &canonical);

        if ((c == COL_TAG || c == COL_SERIAL || c == COL_UUID) &&
            !map_find(m, header->fields[i].p))
            return true;
    }
    return false;
}

const struct imp_map *map_recognise(const struct csv_row *header)
{
    const struct imp_map *m, *found = NULL;
    struct keys *h = xmalloc(sizeof *h);

    h->n = header->n < CSV_MAX_FIELDS ? header->n : CSV_MAX_FIELDS;
    for (size_t i = 0; i < h->n; i++)
        text_key(
                header->fields[i].p, header->fields[i].len, h->of[i],
                sizeof h->of[i]);
    for (size_t i = 0; (m = map_preset_at(i)) != NULL && !found; i++)
        if (sure_of(m, h) && !(m->counted && has_identity(m, header)))
            found = m;
    free(h);
    return found;
}
