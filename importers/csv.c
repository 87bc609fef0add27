/* SPDX-License-Identifier: Apache-2.0
 * CSV files, of the own template or through a map: the header, and each line
 * handed to the sink or refused with line, column, value and rule. */
#include "importers/csv_priv.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/hardware_priv.h"
#include "importers/map_priv.h"

enum {
    PROGRESS_ROWS = 1000, /* between two notes of how far it is */
};

struct reader {
    const struct wire_sink *sink;
    const char *file; /* base name */
    FILE *in;         /* NULL: from memory */
    uint64_t size;    /* of the file; 0 not known */
    const char *format;
    const struct imp_map *map; /* NULL: by the header */
    bool own, edit;            /* the template, whatever the header says */

    enum csv_sheet sheet;
    bool has_header;
    uint64_t title_line; /* the first row above the header; 0: none */
    struct date today;
    int field_of[COLS];
    const char **titles; /* by field; NULL: no note */
    size_t n_titles;
    int reason_at; /* field of CSV_REASON; -1 */
    struct map_file *mapped;
    struct arena header, line;
    struct csv_tags tags;
    struct csv_parts parts;

    /* The line being read, for whoever refuses it. */
    struct csv_dialect dialect;
    const struct csv_row *row;
    struct wire_row where;
    const char *raw_header;
};

/* ---- rows as they stood ------------------------------------------------- */

static void put_cell(struct buf *b, const char *s, char delimiter)
{
    if (!strpbrk(s, "\"\r\n") && !strchr(s, delimiter)) {
        buf_str(b, s);
        return;
    }
    buf_char(b, '"');
    for (; *s; s++) {
        if (*s == '"')
            buf_char(b, '"');
        buf_char(b, *s);
    }
    buf_char(b, '"');
}

/* A row joined again with the file's delimiter, without the reasons of an
 * earlier import. */
static const char *
joined(const struct reader *r, const struct csv_row *row, struct arena *arena)
{
    struct buf b;
    const char *out;
    bool first = true;

    buf_init(&b, 2 * CSV_MAX_ROW);
    for (size_t i = 0; i < row->n; i++) {
        if ((int)i == r->reason_at)
            continue;
        if (!first)
            buf_char(&b, r->dialect.delimiter);
        first = false;
        put_cell(&b, row->fields[i].p, r->dialect.delimiter);
    }
    out = arena_str(arena, buf_text(&b));
    buf_clear(&b);
    return out;
}

static const char *raw_row(const void *ctx)
{
    struct reader *r = (struct reader *)(uintptr_t)ctx;

    return joined(r, r->row, &r->line);
}

static const char *raw_header(const void *ctx)
{
    return ((const struct reader *)ctx)->raw_header;
}

/* ---- header ------------------------------------------------------------- */

static void
warn(const struct reader *r, const char *before, const char *text,
     const char *after)
{
    char line[800];

    if (!r->sink->warn)
        return;
    snprintf(line, sizeof line, "%s%.600s%s", before, text, after);
    r->sink->warn(r->sink->ctx, r->file, line);
}

static void file_begins(const struct reader *r)
{
    const struct wire_file f = {
            .name = r->file,
            .format = r->map ? imp_map_format(r->map) : r->format,
            .preset = r->map ? imp_map_name(r->map) : NULL};

    if (r->sink->file)
        r->sink->file(r->sink->ctx, &f);
}

bool csv_has_own_tag(const struct csv_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (text_same(row->fields[i].p, "tag"))
            return true;
    return false;
}

static bool
read_mapped(struct reader *r, const struct csv_row *row, struct err *err)
{
    const char *kept = NULL;

    if (!map_file_begin(
                r->map, row, r->file, &r->header, &r->mapped, &kept, err))
        return false;
    r->sheet = SHEET_MACHINES;
    r->n_titles = row->n < CSV_MAX_FIELDS ? row->n : CSV_MAX_FIELDS;
    file_begins(r);
    if (kept)
        warn(r, "columns kept as notes: ", kept, "");
    return true;
}

static bool no_header(const struct reader *r, struct err *err)
{
    err_set(err, ERR_INVALID,
            "the header is none of ours, expected a tag, name, serial or "
            "uuid beside columns such as category, model, cpu_model; "
            "'import --guess' proposes a map for any header");
    if (r->title_line)
        err_in(err, "%s: line %llu", r->file,
               (unsigned long long)r->title_line);
    return false;
}

static bool is_header(const struct csv_row *row)
{
    int field_of[COLS];
    const char *twice;

    return csv_header(row, field_of, NULL, 0, &twice) != SHEET_NEITHER ||
           (!csv_has_own_tag(row) && map_recognise(row));
}

/* A title that is no column, or a second word for one that is there. */
static void warn_title(const struct reader *r, const char *title, bool sites)
{
    char after[120];
    bool canonical;
    enum csv_col c = csv_col_find(title, strlen(title), sites, &canonical);

    if (c == COL_NONE && csv_of_people(title)) {
        warn(r, "column '", title,
             "' tells of people or addresses, it is not kept");
        return;
    }
    if (c == COL_NONE) {
        warn(r, "column '", title, "' is not known, kept as a note");
        return;
    }
    snprintf(
            after, sizeof after, "' is a second %s, kept as a note",
            csv_col_name(c));
    warn(r, "column '", title, after);
}

static bool
read_own(struct reader *r, const struct csv_row *row, struct err *err)
{
    int col_of[CSV_MAX_FIELDS];
    const char *twice;
    bool sites;

    r->sheet = csv_header(row, r->field_of, col_of, CSV_MAX_FIELDS, &twice);
    if (twice)
        return err_set(
                err, ERR_INVALID,
                "the header has the column '%s' twice, expected each once",
                twice);
    if (r->sheet == SHEET_NEITHER)
        return no_header(r, err);
    sites = r->sheet == SHEET_SITES;
    r->n_titles = row->n < CSV_MAX_FIELDS ? row->n : CSV_MAX_FIELDS;
    r->titles = arena_alloc(&r->header, r->n_titles * sizeof *r->titles);
    file_begins(r);
    for (size_t i = 0; i < r->n_titles; i++) {
        if (col_of[i] != COL_NONE || (int)i == r->reason_at)
            continue;
        r->titles[i] = row->fields[i].len > 0
                               ? arena_strn(
                                         &r->header, row->fields[i].p,
                                         row->fields[i].len)
                               : arena_printf(&r->header, "column %zu", i + 1);
        if (row->fields[i].len > 0)
            warn_title(r, r->titles[i], sites);
        if (csv_of_people(r->titles[i]))
            r->titles[i] = NULL;
    }
    return true;
}

static bool
read_header(struct reader *r, const struct csv_row *row, struct err *err)
{
    r->reason_at = -1;
    for (size_t i = 0; i < row->n; i++)
        if (text_same(row->fields[i].p, CSV_REASON))
            r->reason_at = (int)i;
    r->raw_header = joined(r, row, &r->header);
    r->where = (struct wire_row){
            .ctx = r,
            .file = r->file,
            .raw = raw_row,
            .header = raw_header,
            .delimiter = r->dialect.delimiter,
            .n_header = row->n - (r->reason_at >= 0 ? 1 : 0)};
    if (!r->map && !r->own && !csv_has_own_tag(row))
        r->map = map_recognise(row);
    if (!(r->map ? read_mapped(r, row, err) : read_own(r, row, err)))
        return false;
    r->has_header = true;
    return true;
}

/* ---- lines -------------------------------------------------------------- */

/* The cell of the file behind a column of the template. */
static int source_of(const struct reader *r, enum csv_col c)
{
    if (c == COL_NONE)
        return -1;
    return r->mapped ? map_file_source(r->mapped, c) : r->field_of[c];
}

static const char *title_of(struct reader *r, enum csv_col c, int f)
{
    if (c == COL_NONE)
        return NULL;
    return r->mapped && f >= 0 ? map_file_title(r->mapped, (size_t)f)
                               : csv_col_name(c);
}

static bool
refuse(struct reader *r, const struct csv_line *l, const struct err *why,
       struct err *err)
{
    int f = source_of(r, l->col);
    struct wire_reject reject = {
            .row = r->row->line,
            .file = r->file,
            .column = title_of(r, l->col, f),
            .reason = why->msg,
            .raw = raw_row(r),
            .table = &r->where};

    if (f >= 0 && (size_t)f < r->row->n)
        reject.value = r->row->fields[f].p;
    return r->sink->reject(r->sink->ctx, &reject, err);
}

/* No machine stands twice in a file: by its tag, else by what it is known by
 * and its name, for nodes of one case share its serial. */
static bool new_machine(
        struct reader *r, struct csv_line *l, const struct wire_machine *m,
        struct err *err)
{
    const char *key = m->tag, *what = "tag";
    uint64_t before;

    l->col = csv_cell_of(l, COL_TAG) ? COL_TAG : COL_NAME;
    if (!key && m->uuid) {
        key = arena_printf(l->arena, "uuid\n%s", m->uuid);
        what = "uuid";
        l->col = COL_UUID;
    } else if (!key && m->name && m->serial) {
        key = arena_printf(
                l->arena, "serial\n%s\n%s\n%s", m->manufacturer, m->serial,
                m->name);
        what = "serial";
        l->col = COL_SERIAL;
    }
    if (!key)
        return true;
    before = csv_tag_line(&r->tags, key, r->row->line);
    return before == 0 ||
           err_set(err, ERR_INVALID, "this %s stands on line %llu already",
                   what, (unsigned long long)before);
}

/* Spreadsheets leave separators at the end of a row, or cut its last empty
 * cells; a last row without a line end may be half of one. */
static bool
good_shape(const struct reader *r, struct csv_line *l, struct err *err)
{
    size_t n = r->row->n;

    l->col = COL_NONE;
    if (r->row->flaw)
        return err_set(err, ERR_INVALID, "%s", r->row->flaw);
    while (n > r->n_titles && r->row->fields[n - 1].len == 0)
        n--;
    if (n > r->n_titles)
        return err_set(
                err, ERR_INVALID, "the row has %zu cells, the header has %zu",
                n, r->n_titles);
    if (n < r->n_titles && r->row->open_end && !r->edit)
        return err_set(
                err, ERR_INVALID,
                "the file ends within this row, after %zu of %zu cells: it "
                "looks cut short, else end the last line",
                n, r->n_titles);
    return true;
}

static bool take_site(struct reader *r, struct csv_line *l, struct err *err)
{
    struct wire_site s;
    struct err why = {0};

    if (!csv_site_read(l, &s, &why))
        return refuse(r, l, &why, err);
    s.row = &r->where;
    return !r->sink->site || r->sink->site(r->sink->ctx, &s, err);
}

/* The country that a row names for its site. */
static bool site_of_row(
        struct reader *r, const struct map_row *m, const char *name,
        const char *place, struct err *err)
{
    struct wire_site s = csv_site_blank(name, place);

    if (!m->new_site || !name || !r->sink->site)
        return true;
    s.country = m->country;
    s.row = &r->where;
    return r->sink->site(r->sink->ctx, &s, err);
}

static bool take_machine(
        struct reader *r, struct csv_line *l, struct csv_extra *extra,
        int is_virtual, struct wire_machine *m, struct err *why)
{
    if (!csv_machine_read(l, extra, &r->parts, m, why) ||
        !new_machine(r, l, m, why))
        return false;
    m->row = &r->where;
    if (is_virtual == 1 || imp_is_virtual(m->manufacturer, m->product))
        m->is_virtual = 1;
    return true;
}

static bool take_mapped(struct reader *r, struct csv_line *l, struct err *err)
{
    struct csv_extra extra = {.row = r->row};
    struct map_row converted;
    struct wire_machine m;
    struct err why = {0};

    extra.titles = map_file_titles(r->mapped, &extra.n);
    l->field_of = map_file_fields(r->mapped);
    if (!map_row_convert(r->mapped, r->row, l, &converted, err))
        return false;
    l->row = &converted.row;
    extra.more = converted.more;
    if (!take_machine(r, l, &extra, converted.is_virtual, &m, &why))
        return refuse(r, l, &why, err);
    return site_of_row(r, &converted, m.site, l->place, err) &&
           r->sink->machine(r->sink->ctx, &m, err);
}

static bool take_line(struct reader *r, struct err *err)
{
    struct csv_line l = {
            .row = r->row,
            .field_of = r->field_of,
            .style = r->dialect.decimal_comma ? NUM_COMMA : NUM_POINT,
            .quiet = r->edit || r->mapped,
            .today = r->today,
            .sink = r->sink,
            .arena = &r->line};
    struct csv_extra extra = {r->titles, r->n_titles, r->row, NULL};
    struct wire_machine m;
    struct err why = {0};

    snprintf(
            l.place, sizeof l.place, "%.200s: line %llu", r->file,
            (unsigned long long)r->row->line);
    arena_reset(&r->line);
    r->where.line = r->row->line;
    r->where.n_cells =
            r->row->n - (r->reason_at >= 0 && (size_t)r->reason_at < r->row->n);
    if (!good_shape(r, &l, &why))
        return refuse(r, &l, &why, err);
    if (r->sheet == SHEET_SITES)
        return take_site(r, &l, err);
    if (r->mapped)
        return take_mapped(r, &l, err);
    if (!take_machine(r, &l, &extra, -1, &m, &why))
        return refuse(r, &l, &why, err);
    return r->sink->machine(r->sink->ctx, &m, err);
}

/* A title may stand over the header: rows that name no columns are passed over
 * until one does. */
static bool
find_header(struct reader *r, const struct csv_row *row, struct err *err)
{
    if (r->map || r->edit || is_header(row)) {
        if (r->title_line)
            warn(r, "the rows above the header are passed over", "", "");
        return read_header(r, row, err);
    }
    if (!r->title_line)
        r->title_line = row->line;
    return row->row < CSV_HEADER_ROWS || no_header(r, err);
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct reader *r = ctx;

    r->dialect = *dialect;
    r->row = row;
    if (r->in && r->sink->progress && row->row % PROGRESS_ROWS == 0)
        r->sink->progress(r->sink->ctx, (uint64_t)ftello(r->in), r->size);
    return r->has_header ? take_line(r, err) : find_header(r, row, err);
}

/* ---- files -------------------------------------------------------------- */

static void reader_free(struct reader *r)
{
    csv_tags_clear(&r->tags);
    map_file_free(r->mapped);
    arena_clear(&r->header);
    arena_clear(&r->line);
    free(r);
}

/* What a reader is asked for besides its file. */
struct wish {
    const char *format;
    const struct imp_map *map;
    bool own, edit;
};

static struct reader *
reader_new(const char *file, const struct wire_sink *sink, struct wish wish)
{
    struct reader *r = xcalloc(1, sizeof *r);

    r->sink = sink;
    r->file = file;
    r->format = wish.format;
    r->map = wish.map;
    r->own = wish.own;
    r->edit = wish.edit;
    if (!date_today(&r->today, NULL))
        r->today = (struct date){0}; /* a clock out of order warns of nothing */
    return r;
}

static bool read_file(
        const char *path, const struct wire_sink *sink, struct wish wish,
        struct err *err)
{
    struct reader *r = reader_new(imp_base_name(path), sink, wish);
    struct stat st;
    bool ok = false;

    if (!file_open(path, &r->in, err))
        goto done;
    if (fstat(fileno(r->in), &st) == 0 && S_ISREG(st.st_mode))
        r->size = (uint64_t)st.st_size;
    ok = csv_read_file_flawed(r->in, r->file, on_row, r, err) &&
         (r->has_header || no_header(r, err));
done:
    if (r->in && r->in != stdin)
        fclose(r->in);
    reader_free(r);
    return ok;
}

bool imp_csv_text(
        const char *text, size_t len, const char *name,
        const struct wire_sink *sink, struct err *err)
{
    struct reader *r = reader_new(
            name, sink, (struct wish){"csv", NULL, .own = true, .edit = true});
    bool ok = csv_read_mem_flawed(text, len, name, on_row, r, err);

    reader_free(r);
    return ok;
}

bool imp_csv_mapped(
        const char *path, const struct imp_map *map,
        const struct wire_sink *sink, struct err *err)
{
    const struct wish wish = {.format = "csv", .map = map, .own = map == NULL};

    return read_file(path, sink, wish, err);
}

bool csv_read_as(
        const char *path, const char *format, const struct imp_map *map,
        const struct wire_sink *sink, struct err *err)
{
    return read_file(
            path, sink, (struct wish){.format = format, .map = map}, err);
}
