/* SPDX-License-Identifier: Apache-2.0
 * The own CSV template: recognising it, its header, and each line handed to
 * the sink or refused with line, column, value and rule. */
#include "importers/csv_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

/* Tags of one file, so that the second of two alike is refused: 64 bits of a
 * keyed hash and the line, 16 bytes a row. A file of 20 million lines has a
 * chance of 1 in 90,000 that two different tags look alike. */
struct tags {
    struct tag_slot {
        uint64_t hash, line; /* line 0: free */
    } * slots;
    size_t n, size; /* size: 0 or a power of two */
};

struct reader {
    const struct wire_sink *sink;
    const char *file; /* base name */
    enum csv_sheet sheet;
    bool has_header;
    int field_of[COLS];
    const char **titles; /* by field; NULL: one of ours */
    size_t n_titles;
    struct arena header, line;
    struct tags tags;
    struct csv_parts parts;
};

static bool
read_header(struct reader *r, const struct csv_row *row, struct err *err)
{
    int col_of[CSV_MAX_FIELDS];
    const char *twice;

    r->sheet = csv_header(row, r->field_of, col_of, CSV_MAX_FIELDS, &twice);
    if (twice)
        return err_set(
                err, ERR_INVALID, "the header has the column '%s' twice",
                twice);
    if (r->sheet == SHEET_NEITHER)
        return err_set(
                err, ERR_INVALID,
                "the header is none of ours, expected a tag, name, serial or "
                "uuid beside columns such as category, model, cpu_model");
    r->n_titles = row->n < CSV_MAX_FIELDS ? row->n : CSV_MAX_FIELDS;
    r->titles = arena_alloc(&r->header, r->n_titles * sizeof *r->titles);
    for (size_t i = 0; i < r->n_titles; i++) {
        if (col_of[i] != COL_NONE)
            continue;
        r->titles[i] = row->fields[i].len > 0
                               ? arena_strn(
                                         &r->header, row->fields[i].p,
                                         row->fields[i].len)
                               : arena_printf(&r->header, "column %zu", i + 1);
        if (r->sink->warn && row->fields[i].len > 0) {
            char text[300];

            snprintf(
                    text, sizeof text,
                    "column '%.200s' is not known, kept as "
                    "a note",
                    r->titles[i]);
            r->sink->warn(r->sink->ctx, r->file, text);
        }
    }
    r->has_header = true;
    return true;
}

/* The row as it stood, joined again with the file's delimiter. */
static const char *
raw_row(struct reader *r, const struct csv_dialect *dialect,
        const struct csv_row *row)
{
    struct buf b;
    const char *out;

    buf_init(&b, 2 * CSV_MAX_ROW);
    for (size_t i = 0; i < row->n; i++) {
        const char *s = row->fields[i].p;
        bool quote = strpbrk(s, "\"\r\n") || strchr(s, dialect->delimiter);

        if (i)
            buf_char(&b, dialect->delimiter);
        if (!quote) {
            buf_str(&b, s);
            continue;
        }
        buf_char(&b, '"');
        for (; *s; s++) {
            if (*s == '"')
                buf_char(&b, '"');
            buf_char(&b, *s);
        }
        buf_char(&b, '"');
    }
    out = arena_str(&r->line, buf_text(&b));
    buf_clear(&b);
    return out;
}

static bool
refuse(struct reader *r, const struct csv_dialect *dialect,
       const struct csv_line *l, const struct err *why, struct err *err)
{
    struct wire_reject reject = {
            .row = l->row->line,
            .file = r->file,
            .column = l->col == COL_NONE ? NULL : csv_col_name(l->col),
            .reason = why->msg,
            .raw = raw_row(r, dialect, l->row)};
    int f = l->col == COL_NONE ? -1 : l->field_of[l->col];

    if (f >= 0 && (size_t)f < l->row->n)
        reject.value = l->row->fields[f].p;
    return r->sink->reject(r->sink->ctx, &reject, err);
}

static uint64_t tag_hash(const char *tag)
{
    char room[4 * WIRE_MAX_TEXT + 2];
    size_t len = strlen(tag);
    uint64_t high;

    if (len > 4 * WIRE_MAX_TEXT)
        len = 4 * WIRE_MAX_TEXT;
    memcpy(room, tag, len);
    room[len] = '\n'; /* a second, independent hash: tags hold no line end */
    high = hash_bytes(room, len + 1);
    return high << 32 | hash_bytes(room, len);
}

/* The slot of a hash, or the free one where it belongs. */
static struct tag_slot *tag_slot(const struct tags *t, uint64_t hash)
{
    size_t i = (size_t)hash & (t->size - 1);

    while (t->slots[i].line && t->slots[i].hash != hash)
        i = (i + 1) & (t->size - 1);
    return &t->slots[i];
}

static void tags_grow(struct tags *t)
{
    struct tags wider = {.n = t->n, .size = t->size ? 2 * t->size : 1024};

    wider.slots = xcalloc(wider.size, sizeof *wider.slots);
    for (size_t i = 0; i < t->size; i++)
        if (t->slots[i].line)
            *tag_slot(&wider, t->slots[i].hash) = t->slots[i];
    free(t->slots);
    *t = wider;
}

static bool
new_tag(struct reader *r, struct csv_line *l, const char *tag, struct err *err)
{
    struct tag_slot *slot;
    uint64_t hash;

    if (!tag)
        return true;
    l->col = csv_cell_of(l, COL_TAG) ? COL_TAG : COL_NAME;
    if (2 * r->tags.n >= r->tags.size)
        tags_grow(&r->tags);
    hash = tag_hash(tag);
    slot = tag_slot(&r->tags, hash);
    if (slot->line)
        return err_set(
                err, ERR_INVALID, "this tag stands on line %llu already",
                (unsigned long long)slot->line);
    *slot = (struct tag_slot){hash, l->row->line};
    r->tags.n++;
    return true;
}

static bool
same_width(const struct reader *r, struct csv_line *l, struct err *err)
{
    size_t n = l->row->n;

    l->col = COL_NONE;
    while (n > r->n_titles && l->row->fields[n - 1].len == 0)
        n--; /* separators at the end, as spreadsheets leave them */
    if (n == r->n_titles)
        return true;
    return err_set(
            err, ERR_INVALID, "the row has %zu cells, the header has %zu", n,
            r->n_titles);
}

static bool take_line(
        struct reader *r, const struct csv_dialect *dialect,
        const struct csv_row *row, struct err *err)
{
    struct csv_line l = {
            .row = row,
            .field_of = r->field_of,
            .style = dialect->decimal_comma ? NUM_COMMA : NUM_POINT,
            .sink = r->sink,
            .arena = &r->line};
    struct csv_extra extra = {r->titles, r->n_titles};
    struct wire_machine m;
    struct wire_site s;
    struct err why = {0};

    /* With a comma as delimiter 12,5 is two cells or a mistake. */
    l.other_style = dialect->delimiter == ',' ? l.style
                    : l.style == NUM_COMMA    ? NUM_POINT
                                              : NUM_COMMA;
    snprintf(
            l.place, sizeof l.place, "%.200s: line %llu", r->file,
            (unsigned long long)row->line);
    arena_reset(&r->line);
    if (!same_width(r, &l, &why))
        return refuse(r, dialect, &l, &why, err);
    if (r->sheet == SHEET_SITES) {
        if (!csv_site_read(&l, &s, &why))
            return refuse(r, dialect, &l, &why, err);
        return !r->sink->site || r->sink->site(r->sink->ctx, &s, err);
    }
    if (!csv_machine_read(&l, &extra, &r->parts, &m, &why) ||
        !new_tag(r, &l, m.tag, &why))
        return refuse(r, dialect, &l, &why, err);
    return r->sink->machine(r->sink->ctx, &m, err);
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct reader *r = ctx;

    if (!r->has_header)
        return read_header(r, row, err);
    return take_line(r, dialect, row, err);
}

static void reader_free(struct reader *r)
{
    free(r->tags.slots);
    arena_clear(&r->header);
    arena_clear(&r->line);
    free(r);
}

static bool
csv_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct reader *r = xcalloc(1, sizeof *r);
    FILE *in = NULL;
    bool ok = false;

    r->sink = sink;
    r->file = imp_base_name(path);
    if (!file_open(path, &in, err))
        goto done;
    ok = csv_read_file(in, r->file, on_row, r, err);
done:
    if (in && in != stdin)
        fclose(in);
    reader_free(r);
    return ok;
}

/* Takes the header row alone and stops there. */
static bool look_at_header(
        void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
        struct err *err)
{
    int field_of[COLS];
    const char *twice;

    (void)dialect;
    *(enum csv_sheet *)ctx = csv_header(row, field_of, NULL, 0, &twice);
    return err_set(err, ERR_INVALID, "the header is enough");
}

static int csv_recognise(const char *head, size_t len, const char *file_name)
{
    enum csv_sheet sheet = SHEET_NEITHER;
    struct err ignored = {0};

    (void)file_name;
    csv_read_mem(head, len, "", look_at_header, &sheet, &ignored);
    return sheet == SHEET_NEITHER ? 0 : 80;
}

const struct imp_format imp_csv = {
        .name = "csv",
        .what = "own CSV template: fleet.csv, and sites.csv by its header",
        .recognise = csv_recognise,
        .read = csv_read,
};
