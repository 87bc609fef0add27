/* SPDX-License-Identifier: Apache-2.0
 * A file read through a map: which column is which, and each row as the own
 * template would have it. */
#include "importers/map_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "importers/hardware_priv.h"

enum {
    COUNTED_MAX = 200000, /* models of a file whose lines are numbered */
    SITES_MAX = 10000,
};

struct seen { /* a model, or a site */
    UT_hash_handle hh;
    unsigned n;
    char key[];
};

struct map_file {
    const struct imp_map *map;
    const char *stem; /* file name without its ending, for numbered lines */
    int source[MAP_FIELDS]; /* column of the file; -1 */
    int fields[COLS];       /* column of the converted row; -1 */
    const char **titles;    /* by column of the file; NULL: no note */
    const char **all_titles;
    size_t n_titles;
    struct csv_field cells[COLS];
    struct seen *models, *sites;
    unsigned n_models, n_sites;
};

/* ---- the header --------------------------------------------------------- */

/* Titles as they stand in the map decide which of two for one field is it. */
static void
assign(struct map_file *f, const struct csv_row *header, struct arena *arena)
{
    size_t rank[MAP_FIELDS];

    for (int i = 0; i < MAP_FIELDS; i++)
        f->source[i] = -1;
    for (size_t i = 0; i < f->n_titles; i++) {
        const struct map_entry *e = map_find(f->map, header->fields[i].p);
        const char *title = header->fields[i].len > 0
                                    ? arena_strn(
                                              arena, header->fields[i].p,
                                              header->fields[i].len)
                                    : arena_printf(arena, "column %zu", i + 1);
        size_t at = e ? (size_t)(e - f->map->entries) : 0;

        f->all_titles[i] = title;
        if ((e && e->field == MAP_DROP) || (!e && csv_of_people(title)) ||
            text_same(title, CSV_REASON))
            continue;
        f->titles[i] = title;
        if (!e || e->field == MAP_NOTE)
            continue;
        if (f->source[e->field] >= 0 && rank[e->field] <= at)
            continue;
        if (f->source[e->field] >= 0) /* the former one is a note */
            f->titles[f->source[e->field]] = f->all_titles[f->source[e->field]];
        f->source[e->field] = (int)i;
        rank[e->field] = at;
        f->titles[i] = NULL;
    }
}

static bool has(const struct map_file *f, int field)
{
    return f->source[field] >= 0;
}

/* Columns that a conversion writes though the file has none of them. */
static void made_columns(struct map_file *f)
{
    const struct imp_map *m = f->map;

    for (int c = 0; c < COLS; c++)
        f->fields[c] = c < COL_COUNTRY && has(f, c) ? c : -1;
    if (m->counted)
        f->fields[COL_TAG] = COL_TAG;
    if (has(f, COL_CPU_MODEL))
        f->fields[COL_CPU_COUNT] = COL_CPU_COUNT;
    if (has(f, COL_RAM_GIB))
        f->fields[COL_RAM_MODULES] = COL_RAM_MODULES;
    if (has(f, MAP_DISK) || has(f, MAP_DISK_SIZE)) {
        f->fields[COL_HDD] = COL_HDD;
        f->fields[COL_SSD] = COL_SSD;
    }
    if (has(f, COL_COUNTRY))
        f->fields[COL_SITE] = COL_SITE;
    f->fields[COL_CATEGORY] = COL_CATEGORY;
}

static const char *list_titles(const struct map_file *f, struct arena *arena)
{
    struct buf b;
    const char *out = NULL;

    buf_init(&b, 600);
    for (size_t i = 0; i < f->n_titles; i++)
        if (f->titles[i] && !b.over)
            buf_printf(&b, "%s%.60s", b.len ? ", " : "", f->titles[i]);
    if (b.len)
        out = arena_str(arena, buf_text(&b));
    buf_clear(&b);
    return out;
}

/* The file's name as people know it: "exemple.csv" is exemple. */
static const char *stem_of(const char *file, struct arena *arena)
{
    const char *dot = strchr(file, '.');

    return dot && dot > file ? arena_strn(arena, file, (size_t)(dot - file))
                             : arena_str(arena, file);
}

bool map_file_begin(
        const struct imp_map *map, const struct csv_row *header,
        const char *file, struct arena *arena, struct map_file **out,
        const char **kept, struct err *err)
{
    struct map_file *f = xcalloc(1, sizeof *f);

    f->map = map;
    f->stem = stem_of(file, arena);
    f->n_titles = header->n < CSV_MAX_FIELDS ? header->n : CSV_MAX_FIELDS;
    f->titles = arena_alloc(arena, (f->n_titles + 1) * sizeof *f->titles);
    f->all_titles = arena_alloc(arena, (f->n_titles + 1) * sizeof *f->titles);
    assign(f, header, arena);
    made_columns(f);
    if (!map->counted && !has(f, COL_TAG) && !has(f, COL_NAME) &&
        !has(f, COL_SERIAL) && !has(f, COL_UUID)) {
        map_file_free(f);
        return err_set(
                err, ERR_INVALID,
                "the map '%s' finds no tag, name, serial or uuid in the "
                "header; '@numbered' in it numbers lines without one",
                map->name);
    }
    *kept = list_titles(f, arena);
    *out = f;
    return true;
}

static void seen_clear(struct seen **map)
{
    struct seen *e = *map, *next;

    HASH_CLEAR(hh, *map); /* the table; what stood in it is still linked */
    for (; e; e = next) {
        next = e->hh.next;
        free(e);
    }
}

void map_file_free(struct map_file *f)
{
    if (!f)
        return;
    seen_clear(&f->models);
    seen_clear(&f->sites);
    free(f);
}

const int *map_file_fields(const struct map_file *f)
{
    return f->fields;
}

int map_file_source(const struct map_file *f, enum csv_col c)
{
    if ((c == COL_HDD || c == COL_SSD) && f->source[c] < 0)
        return f->source[has(f, MAP_DISK) ? MAP_DISK : MAP_DISK_SIZE];
    if (c == COL_RAM_MODULES && f->source[c] < 0)
        return f->source[COL_RAM_GIB];
    if (c == COL_CPU_COUNT && f->source[c] < 0)
        return f->source[COL_CPU_MODEL];
    return c == COL_NONE ? -1 : f->source[c];
}

const char *map_file_title(const struct map_file *f, size_t column)
{
    return column < f->n_titles ? f->all_titles[column] : NULL;
}

const char *const *map_file_titles(const struct map_file *f, size_t *n)
{
    *n = f->n_titles;
    return f->titles;
}

/* ---- a row -------------------------------------------------------------- */

struct conv {
    struct map_file *f;
    const struct csv_row *in;
    struct csv_line *l;
    struct map_row *out;
    struct buf more;
};

/* The cell of a field; NULL when there is none or it is empty. */
static const char *cell(const struct conv *c, int field)
{
    int i = c->f->source[field];

    if (i < 0 || (size_t)i >= c->in->n || c->in->fields[i].len == 0)
        return NULL;
    return csv_unguarded(c->in->fields[i].p);
}

static void put(struct conv *c, enum csv_col col, const char *text)
{
    c->f->cells[col] =
            (struct csv_field){text ? text : "", text ? strlen(text) : 0};
}

static void note(struct conv *c, const char *what, const char *value)
{
    buf_printf(&c->more, "%s%s: %s", c->more.len ? "; " : "", what, value);
}

static void plain(struct conv *c, enum csv_col col)
{
    const char *lines[MAP_MAX_LINES], *s = cell(c, (int)col);

    if (s && strpbrk(s, "\r\n"))
        s = map_joined(c->l->arena, lines, map_lines(c->l->arena, s, lines));
    put(c, col, s);
}

static bool is_date(int col)
{
    return col == COL_MANUFACTURED_ON || col == COL_ACQUIRED_ON ||
           col == COL_IN_SERVICE_ON || col == COL_WARRANTY_END ||
           col == COL_RETIRED_ON;
}

/* A word of ours, or nothing and a note: other systems have their own. */
static void
word(struct conv *c, enum csv_col col, const char *(*ours)(const char *))
{
    const char *s = cell(c, (int)col), *found = s ? ours(s) : NULL;

    if (s && !found)
        note(c, csv_col_name(col), s);
    put(c, col, found);
}

static void category(struct conv *c)
{
    const char *s = cell(c, COL_CATEGORY), *model = cell(c, COL_MODEL);
    const char *found = NULL, *maker = cell(c, COL_MANUFACTURER);
    bool guest = false;

    if (s)
        found = map_category(s, &guest);
    if (!guest && csv_computer(s, model) >= 0)
        found = map_category_of_product(model);
    if (s && !found)
        note(c, "category", s);
    if (!found && model)
        found = map_category_of_product(model);
    if (guest || c->f->map->is_virtual || imp_is_virtual(maker, model)) {
        c->out->is_virtual = 1;
        found = "server";
    }
    put(c, COL_CATEGORY, found); /* what no word tells is assumed other */
}

/* One line for each socket; a single one does not tell how many. */
static void cpu(struct conv *c)
{
    const char *lines[MAP_MAX_LINES], *s = cell(c, COL_CPU_MODEL);
    size_t n = s ? map_lines(c->l->arena, s, lines) : 0;

    put(c, COL_CPU_MODEL, n ? lines[0] : NULL);
    plain(c, COL_CPU_COUNT);
    if (n < 2)
        return;
    if (!cell(c, COL_CPU_COUNT))
        put(c, COL_CPU_COUNT, arena_printf(c->l->arena, "%zu", n));
    for (size_t i = 1; i < n; i++)
        if (strcmp(lines[i], lines[0]) != 0) {
            csv_warn(c->l, "different processors, the first is taken");
            return;
        }
}

/* A plain number times `unit`; text of a number with a unit stays. */
static const char *
in_unit(struct conv *c, const char *s, double unit, const char *suffix)
{
    char text[NUM_TEXT];
    double v;

    if (isnan(unit) || (!num_parse(s, strlen(s), c->l->style, &v, NULL) &&
                        !num_parse(s, strlen(s), NUM_POINT, &v, NULL)))
        return s;
    return arena_printf(c->l->arena, "%s%s", num_print(v * unit, text), suffix);
}

/* A disk's size. Its megabytes may be of 10^6 or of 2^20 whatever the title
 * says: the size that is sold tells. */
static const char *disk_size(struct conv *c, const char *s)
{
    double unit = c->f->map->disk_gb, mb;
    bool megabytes = fabs(unit - 1e-3) < 1e-4; /* 0.001 or 0.001048576 */
    char text[NUM_TEXT];

    if (!megabytes || !num_parse(s, strlen(s), NUM_POINT, &mb, NULL))
        return in_unit(c, s, unit, "GB ");
    return arena_printf(
            c->l->arena, "%sGB ", num_print(imp_gb_of_mb(mb), text));
}

/* Several lines are modules; one is their sum. */
static void memory(struct conv *c)
{
    const char *lines[MAP_MAX_LINES], *s = cell(c, COL_RAM_GIB);
    size_t n = s ? map_lines(c->l->arena, s, lines) : 0;

    plain(c, COL_RAM_MODULES);
    put(c, COL_RAM_GIB, NULL);
    for (size_t i = 0; i < n; i++)
        lines[i] = in_unit(
                c, lines[i], c->f->map->memory_gib, n > 1 ? " GiB" : "");
    if (n == 1)
        put(c, COL_RAM_GIB, lines[0]);
    else if (n > 1 && !cell(c, COL_RAM_MODULES))
        put(c, COL_RAM_MODULES, map_list(c->l->arena, lines, n));
}

/* An empty cell of an export tells nothing; the template's means none. */
static void empty_list(struct conv *c, enum csv_col col)
{
    if (c->f->cells[col].len == 0 && !c->f->map->empty_none)
        put(c, col, "?");
}

/* "+" parts the entries of a list cell. */
static char *without_plus(struct arena *a, const char *s)
{
    char *copy = arena_str(a, s);

    for (char *p = copy; *p; p++)
        if (*p == '+')
            *p = ' ';
    return copy;
}

static void cards(struct conv *c)
{
    const char *lines[MAP_MAX_LINES], *s = cell(c, COL_GPU);
    size_t n = s ? map_lines(c->l->arena, s, lines) : 0, kept = 0;

    if (n == 1 && strcmp(lines[0], s) == 0 && strchr(s, '+')) {
        put(c, COL_GPU, s); /* written as in the template */
        return;
    }
    for (size_t i = 0; i < n; i++)
        if (!imp_gpu_none(NULL, lines[i]))
            lines[kept++] =
                    n > 1 ? without_plus(c->l->arena, lines[i]) : lines[i];
    if (n > 0 && kept == 0)
        put(c, COL_GPU, "none"); /* a BMC's, or the processor's own */
    else
        put(c, COL_GPU,
            n > 1  ? map_list(c->l->arena, lines, kept)
            : kept ? lines[0]
                   : NULL);
    empty_list(c, COL_GPU);
}

/* Disks by model, with sizes where there is one for each. */
static void disks(struct conv *c)
{
    const char *models[MAP_MAX_LINES], *sizes[MAP_MAX_LINES];
    const char *of[2][MAP_MAX_LINES];
    const char *m = cell(c, MAP_DISK), *s = cell(c, MAP_DISK_SIZE);
    size_t n = m ? map_lines(c->l->arena, m, models) : 0;
    size_t n_sizes = s ? map_lines(c->l->arena, s, sizes) : 0;
    size_t count[2] = {0};
    bool unclear = n == 0;

    for (size_t i = 0; i < n; i++) {
        enum calc_kind kind = imp_disk_kind(models[i]);
        const char *size = n_sizes == n ? disk_size(c, sizes[i]) : "";
        int side = kind == CALC_SSD ? 1 : 0;

        if (imp_disk_none(models[i], NULL))
            continue;
        if (kind != CALC_HDD && kind != CALC_SSD) {
            unclear = true;
            continue;
        }
        of[side][count[side]++] = arena_printf(
                c->l->arena, "%s%s", size,
                without_plus(c->l->arena, models[i]));
    }
    if (unclear && n > 0)
        note(c, "disks", map_joined(c->l->arena, models, n));
    if (unclear && n_sizes > 0)
        note(c, "disk sizes", map_joined(c->l->arena, sizes, n_sizes));
    put(c, COL_HDD, unclear ? "?" : map_list(c->l->arena, of[0], count[0]));
    put(c, COL_SSD, unclear ? "?" : map_list(c->l->arena, of[1], count[1]));
}

static struct seen *
see(struct seen **map, unsigned *n, const char *key, unsigned max, bool *first)
{
    size_t len = strlen(key);
    struct seen *e;

    HASH_FIND(hh, *map, key, (unsigned)len, e);
    *first = e == NULL;
    if (e || *n >= max)
        return e;
    e = xcalloc(1, sizeof *e + len + 1);
    memcpy(e->key, key, len);
    HASH_ADD(hh, *map, key, (unsigned)len, e);
    (*n)++;
    return e;
}

/* A site of the country where no site is named. */
static void site(struct conv *c)
{
    const char *s = cell(c, COL_SITE), *country = cell(c, COL_COUNTRY);
    const char *code = country ? imp_country(country) : NULL;
    bool first = false;

    plain(c, COL_SITE);
    if (country && !s)
        put(c, COL_SITE, country);
    if (country && !code)
        note(c, "country", country);
    if (!code || c->f->cells[COL_SITE].len > WIRE_MAX_TEXT)
        return;
    c->out->country = code;
    see(&c->f->sites, &c->f->n_sites,
        arena_printf(c->l->arena, "%s\n%s", c->f->cells[COL_SITE].p, code),
        SITES_MAX, &first);
    c->out->new_site = first;
}

/* "exemple: Latitude 7490 #2": the second of them in that file. */
static bool number(struct conv *c, struct err *err)
{
    const char *model = c->f->cells[COL_MODEL].p;
    const char *maker = c->f->cells[COL_MANUFACTURER].p;
    const char *name;
    struct seen *e;
    bool first;
    char key[160];

    put(c, COL_TAG, cell(c, COL_TAG));
    if (cell(c, COL_TAG) || cell(c, COL_NAME) || cell(c, COL_SERIAL) ||
        cell(c, COL_UUID))
        return true;
    name = arena_printf(
            c->l->arena, "%.60s%s%.100s", maker ? maker : "",
            maker && maker[0] && model && model[0] ? " " : "",
            model && model[0] ? model : c->f->cells[COL_CATEGORY].p);
    if (!name[0])
        name = "line";
    text_key(name, strlen(name), key, sizeof key); /* "DELl" is DELL */
    e = see(&c->f->models, &c->f->n_models, key, COUNTED_MAX, &first);
    if (!e)
        return err_set(err, ERR_LIMIT, "more than %d models", (int)COUNTED_MAX);
    put(c, COL_TAG,
        arena_printf(c->l->arena, "%.40s: %s #%u", c->f->stem, name, ++e->n));
    return true;
}

static void is_guest(struct conv *c)
{
    const char *s = cell(c, MAP_VIRTUAL);
    char key[16];

    if (!s)
        return;
    text_key(s, strlen(s), key, sizeof key);
    if (key[0] && strcmp(key, "no") != 0 && strcmp(key, "non") != 0 &&
        strcmp(key, "0") != 0 && strcmp(key, "false") != 0 &&
        strcmp(key, "physical") != 0 && strcmp(key, "faux") != 0)
        c->out->is_virtual = 1;
}

static void every_other(struct conv *c, int col)
{
    const char *s = cell(c, col);

    if (is_date(col))
        put(c, (enum csv_col)col,
            s ? map_date(c->l->arena, s, c->f->map->dates) : NULL);
    else if (col == COL_PRICE_EUR)
        put(c, COL_PRICE_EUR, s ? map_price(c->l->arena, s) : NULL);
    else if (col == COL_STATUS)
        word(c, COL_STATUS, map_status);
    else if (col == COL_ACQUISITION)
        word(c, COL_ACQUISITION, map_acquisition);
    else if (col == COL_CHASSIS)
        word(c, COL_CHASSIS, map_chassis);
    else
        plain(c, (enum csv_col)col);
}

static void lists(struct conv *c)
{
    static const enum csv_col all[] = {COL_HDD, COL_SSD, COL_TAPE, COL_SCREEN};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (has(c->f, (int)all[i])) {
            const char *lines[MAP_MAX_LINES], *s = cell(c, (int)all[i]);
            size_t n = s ? map_lines(c->l->arena, s, lines) : 0;

            put(c, all[i], n > 1 ? map_list(c->l->arena, lines, n) : s);
            empty_list(c, all[i]);
        }
}

bool map_row_convert(
        struct map_file *f, const struct csv_row *in, struct csv_line *l,
        struct map_row *out, struct err *err)
{
    struct conv c = {.f = f, .in = in, .l = l, .out = out};
    bool ok;

    *out = (struct map_row){
            .is_virtual = -1,
            .row = {.fields = f->cells,
                    .n = COLS,
                    .line = in->line,
                    .row = in->row}};
    buf_init(&c.more, WIRE_MAX_NOTE);
    for (int i = 0; i < COLS; i++)
        f->cells[i] = (struct csv_field){"", 0};
    for (int i = 0; i < COL_COUNTRY; i++)
        if (has(f, i))
            every_other(&c, i);
    if (has(f, COL_CPU_MODEL))
        cpu(&c);
    if (has(f, COL_RAM_GIB))
        memory(&c);
    if (has(f, COL_GPU))
        cards(&c);
    lists(&c);
    if ((has(f, MAP_DISK) || has(f, MAP_DISK_SIZE)) && !has(f, COL_HDD) &&
        !has(f, COL_SSD))
        disks(&c);
    category(&c);
    is_guest(&c);
    site(&c);
    ok = !f->map->counted || number(&c, err);
    if (c.more.len && !c.more.over)
        out->more = arena_strn(l->arena, c.more.p, c.more.len);
    buf_clear(&c.more);
    return ok;
}
