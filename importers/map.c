/* SPDX-License-Identifier: Apache-2.0
 * Map files: "Title = field" lines and a few settings. */
#include "importers/map_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

static const struct {
    const char *name;
    int field;
} own_fields[] = {
        {"-", MAP_DROP},          {"drop", MAP_DROP},
        {"note", MAP_NOTE},       {"virtual", MAP_VIRTUAL},
        {"disk", MAP_DISK},       {"disk_size", MAP_DISK_SIZE},
        {"country", COL_COUNTRY},
};

const char *map_field_name(int field)
{
    for (size_t i = 0; i < sizeof own_fields / sizeof *own_fields; i++)
        if (own_fields[i].field == field)
            return own_fields[i].name;
    return field >= 0 && field < COL_COUNTRY ? csv_col_name((enum csv_col)field)
                                             : NULL;
}

int map_field_find(const char *name)
{
    for (size_t i = 0; i < sizeof own_fields / sizeof *own_fields; i++)
        if (text_same(own_fields[i].name, name))
            return own_fields[i].field;
    for (int c = 0; c < COL_COUNTRY; c++)
        if (c != COL_NOTE && text_same(csv_col_name((enum csv_col)c), name))
            return c;
    return -1;
}

const struct map_entry *map_find(const struct imp_map *m, const char *title)
{
    char key[64];

    text_key(title, strlen(title), key, sizeof key);
    for (size_t i = 0; i < m->n; i++) {
        const struct map_entry *e = &m->entries[i];

        if (e->prefix ? strncmp(key, e->key, strlen(e->key)) == 0
                      : strcmp(key, e->key) == 0)
            return e;
    }
    return NULL;
}

/* ---- reading ------------------------------------------------------------ */

struct parse {
    struct imp_map *m;
    unsigned line;
};

static bool add_entry(
        struct parse *p, const char *title, const char *field, struct err *err)
{
    struct imp_map *m = p->m;
    struct map_entry e = {.field = map_field_find(field)};
    size_t len = strlen(title);

    if (e.field < 0)
        return err_set(
                err, ERR_INVALID,
                "'%.40s' is no field, expected a column of the template, "
                "'note', 'disk', 'disk_size', 'country', 'virtual' or '-'",
                field);
    if (m->n == MAP_MAX_ENTRIES)
        return err_set(
                err, ERR_LIMIT, "more than %d titles", (int)MAP_MAX_ENTRIES);
    if (len >= sizeof e.title)
        return err_set(
                err, ERR_LIMIT, "a title longer than %zu bytes",
                sizeof e.title - 1);
    memcpy(e.title, title, len + 1);
    e.prefix = len > 0 && title[len - 1] == '*';
    text_key(title, len, e.key, sizeof e.key);
    if (!e.key[0])
        return err_set(err, ERR_INVALID, "a title without letters or digits");
    m->entries = xreallocarray(m->entries, m->n + 1, sizeof *m->entries);
    m->entries[m->n++] = e;
    return true;
}

/* Titles parted by '|' as keys. */
static bool
words(const char *text, char to[MAP_MAX_WORDS][64], size_t *n, struct err *err)
{
    while (*text) {
        size_t len = strcspn(text, "|");

        if (*n == MAP_MAX_WORDS)
            return err_set(
                    err, ERR_LIMIT, "more than %d titles", (int)MAP_MAX_WORDS);
        text_key(text, len, to[(*n)++], 64);
        text += len + (text[len] == '|' ? 1 : 0);
    }
    return true;
}

static bool unit_of(const char *text, bool memory, double *out, struct err *err)
{
    static const struct {
        const char *word;
        double bytes;
    } units[] = {{"kib", 1024.0},       {"mib", 1048576.0},
                 {"gib", 1073741824.0}, {"tib", 1099511627776.0},
                 {"kb", 1e3},           {"mb", 1e6},
                 {"gb", 1e9},           {"tb", 1e12},
                 {"bytes", 1.0}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text_same(units[i].word, text)) {
            *out = units[i].bytes / (memory ? 1073741824.0 : 1e9);
            return true;
        }
    return err_set(
            err, ERR_INVALID,
            "'%.40s' is no unit, expected MiB, GiB, MB, GB or bytes", text);
}

static bool copy_word(
        const char *text, char *to, size_t size, const char *what,
        struct err *err)
{
    if (!text[0] || strlen(text) >= size)
        return err_set(
                err, ERR_INVALID, "@%s: expected 1 to %zu characters", what,
                size - 1);
    memcpy(to, text, strlen(text) + 1);
    return true;
}

/* The formats that exports of other systems go by. */
static bool known_format(const char *name, struct err *err)
{
    static const char *const names[] = {"csv", "glpi-csv", "snipeit", "netbox"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return err_set(
            err, ERR_INVALID,
            "@format '%.40s': expected csv, glpi-csv, snipeit or netbox", name);
}

static bool
setting(struct parse *p, const char *key, const char *value, struct err *err)
{
    struct imp_map *m = p->m;

    if (strcmp(key, "format") == 0)
        return known_format(value, err) &&
               copy_word(value, m->format, sizeof m->format, key, err);
    if (strcmp(key, "about") == 0)
        return copy_word(value, m->about, sizeof m->about, key, err);
    if (strcmp(key, "memory") == 0)
        return unit_of(value, true, &m->memory_gib, err);
    if (strcmp(key, "disks") == 0)
        return unit_of(value, false, &m->disk_gb, err);
    if (strcmp(key, "needs") == 0)
        return words(value, m->needs, &m->n_needs, err);
    if (strcmp(key, "without") == 0)
        return words(value, m->without, &m->n_without, err);
    if (strcmp(key, "any") == 0 || strcmp(key, "any2") == 0) {
        m->any_min = key[3] ? 2 : 1;
        return words(value, m->any, &m->n_any, err);
    }
    if (strcmp(key, "dates") == 0) {
        m->dates = text_same(value, "mdy") ? MAP_DATES_MDY : MAP_DATES_DMY;
        return text_same(value, "mdy") || text_same(value, "dmy") ||
               err_set(err, ERR_INVALID, "@dates: expected dmy or mdy");
    }
    if (strcmp(key, "empty") == 0) {
        m->empty_none = text_same(value, "none");
        return m->empty_none || text_same(value, "unknown") ||
               err_set(err, ERR_INVALID, "@empty: expected none or unknown");
    }
    if (strcmp(key, "numbered") == 0 && !value[0]) {
        m->counted = true;
        return true;
    }
    if (strcmp(key, "virtual") == 0 && !value[0]) {
        m->is_virtual = true;
        return true;
    }
    return err_set(
            err, ERR_INVALID,
            "'@%.40s' is no setting, expected @format, @dates, @memory, "
            "@disks, @empty, @numbered or @virtual",
            key);
}

/* Cuts "a = b # remark" in two; a title with '=' or '#' in it stands in quotes.
 */
static bool split(char *line, char **title, char **field)
{
    char *end = line[0] == '"' ? strchr(line + 1, '"') : NULL, *equal;
    size_t from, to;

    equal = strchr(end ? end : line, '=');
    if (!equal)
        return false;
    *equal = '\0';
    *field = equal + 1;
    (*field)[strcspn(*field, "#")] = '\0';
    from = text_blank_start(*field, strlen(*field));
    to = text_blank_end(*field, strlen(*field));
    (*field)[to] = '\0';
    *field += from < to ? from : to;
    if (end) {
        *end = '\0';
        *title = line + 1;
        return true;
    }
    to = text_blank_end(line, strlen(line));
    line[to] = '\0';
    *title = line;
    return to > 0;
}

static bool read_line(struct parse *p, char *line, struct err *err)
{
    char *title, *field;
    size_t from = text_blank_start(line, strlen(line));
    size_t to = text_blank_end(line, strlen(line));

    if (from >= to || line[from] == '#')
        return true;
    line[to] = '\0';
    if (line[from] == '@') {
        char *value;

        line += from + 1;
        line[strcspn(line, "#")] = '\0';
        line[text_blank_end(line, strlen(line))] = '\0';
        value = line + strcspn(line, " \t");
        if (*value)
            *value++ = '\0';
        return setting(
                p, line, value + text_blank_start(value, strlen(value)), err);
    }
    if (!split(line + from, &title, &field))
        return err_set(
                err, ERR_INVALID, "expected 'Title = field' or a setting");
    return add_entry(p, title, field, err);
}

bool imp_map_parse(
        const char *text, size_t len, const char *name, struct imp_map **out,
        struct err *err)
{
    struct parse p = {0};
    char *copy = NULL, *next;
    bool ok = false;

    if (len > MAP_MAX_TEXT || !text_utf8_ok(text, len))
        return err_set(
                err, ERR_INVALID, "a map is UTF-8 text of at most %d bytes",
                (int)MAP_MAX_TEXT);
    p.m = xcalloc(1, sizeof *p.m);
    snprintf(p.m->name, sizeof p.m->name, "%.40s", name);
    memcpy(p.m->format, "csv", 4);
    p.m->memory_gib = p.m->disk_gb = NAN;
    copy = xstrndup(text, len);
    for (char *line = copy; line; line = next) {
        p.line++;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        if (!read_line(&p, line, err)) {
            err_in(err, "map '%.40s': line %u", name, p.line);
            goto done;
        }
    }
    if (p.m->n == 0) {
        err_set(err, ERR_INVALID, "the map '%.40s' has no line 'Title = field'",
                name);
        goto done;
    }
    *out = p.m;
    p.m = NULL;
    ok = true;
done:
    free(copy);
    imp_map_free(p.m);
    return ok;
}

bool imp_map_load(const char *path, struct imp_map **out, struct err *err)
{
    struct buf b;
    bool ok;
    size_t skip;

    buf_init(&b, MAP_MAX_TEXT);
    ok = file_read(path, MAP_MAX_TEXT, &b, err);
    skip = ok && text_starts(buf_text(&b), "\xEF\xBB\xBF") ? 3 : 0;
    ok = ok && imp_map_parse(
                       buf_text(&b) + skip, b.len - skip, imp_base_name(path),
                       out, err);
    buf_clear(&b);
    return ok;
}

void imp_map_free(struct imp_map *m)
{
    if (!m)
        return;
    free(m->entries);
    free(m);
}

const char *imp_map_name(const struct imp_map *m)
{
    return m->name;
}

const char *imp_map_about(const struct imp_map *m)
{
    return m->about;
}

const char *imp_map_format(const struct imp_map *m)
{
    return m->format;
}
