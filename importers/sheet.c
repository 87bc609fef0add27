/* SPDX-License-Identifier: Apache-2.0
 * CSV files of others: columns found by the words of their titles, each row
 * handed on or refused as it stood. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

enum { KEY_SIZE = 120 };

/* One alternative of titles, of len bytes, against the key of a title. */
static bool fits_one(const char *key, const char *titles, size_t len)
{
    char word[KEY_SIZE];

    if (titles[0] == '=')
        return strlen(key) == len - 1 && memcmp(key, titles + 1, len - 1) == 0;
    for (size_t at = 0; at < len;) {
        size_t n = 0;

        while (at + n < len && titles[at + n] != ' ')
            n++;
        CHECK(n < sizeof word);
        memcpy(word, titles + at, n);
        word[n] = '\0';
        if (!strstr(key, word))
            return false;
        at += n + (at + n < len ? 1 : 0);
    }
    return true;
}

static bool fits(const char *key, const char *titles)
{
    if (!*key)
        return false;
    for (const char *s = titles;; s++) {
        size_t n = strcspn(s, "|");

        if (fits_one(key, s, n))
            return true;
        s += n;
        if (!*s)
            return false;
    }
}

/* Places the header's columns; *twice is a column with two titles. */
static bool place_columns(
        const struct csv_row *row, const struct imp_sheet_col *cols,
        size_t n_cols, int field_of[], const char **twice)
{
    char key[KEY_SIZE];
    bool all = true;

    *twice = NULL;
    for (size_t c = 0; c < n_cols; c++)
        field_of[c] = -1;
    for (size_t f = 0; f < row->n; f++) {
        text_key(row->fields[f].p, row->fields[f].len, key, sizeof key);
        for (size_t c = 0; c < n_cols; c++) {
            if (!fits(key, cols[c].titles))
                continue;
            if (field_of[c] >= 0)
                *twice = cols[c].name;
            else
                field_of[c] = (int)f;
            break;
        }
    }
    for (size_t c = 0; c < n_cols; c++)
        all = all && (!cols[c].needed || field_of[c] >= 0);
    return all;
}

struct look {
    const struct imp_sheet_col *cols;
    size_t n_cols;
    bool is;
};

/* Takes the header row alone and stops there. */
static bool look_at_header(
        void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
        struct err *err)
{
    struct look *look = ctx;
    int field_of[IMP_SHEET_COLS];
    const char *twice;

    (void)dialect;
    look->is = place_columns(row, look->cols, look->n_cols, field_of, &twice);
    return err_set(err, ERR_INVALID, "the header is enough");
}

bool imp_sheet_is(
        const char *head, size_t len, const struct imp_sheet_col *cols,
        size_t n_cols)
{
    struct look look = {cols, n_cols, false};
    struct err ignored = {0};

    CHECK(n_cols <= IMP_SHEET_COLS);
    csv_read_mem(head, len, "", look_at_header, &look, &ignored);
    return look.is;
}

bool imp_sheet_has(const struct imp_sheet *s, int col)
{
    return s->field_of[col] >= 0;
}

const char *imp_sheet_cell(struct imp_sheet *s, int col)
{
    int f = s->field_of[col];

    s->col = col;
    if (f < 0 || (size_t)f >= s->csv->n || s->csv->fields[f].len == 0)
        return NULL;
    return s->csv->fields[f].p;
}

bool imp_sheet_text(
        struct imp_sheet *s, int col, const char **out, struct err *why)
{
    const char *cell = imp_sheet_cell(s, col);
    char *to, *text;

    *out = NULL;
    if (!cell)
        return true;
    /* Line ends and runs of blanks inside a cell are no part of a name. */
    text = to = arena_str(&s->line, cell);
    for (const char *from = text; *from; from++) {
        char c = (unsigned char)*from < ' ' || *from == 0x7F ? ' ' : *from;

        if (c != ' ' || (to > text && to[-1] != ' '))
            *to++ = c;
    }
    *to = '\0';
    if (imp_text_chars(text) > WIRE_MAX_TEXT)
        return err_set(
                why, ERR_INVALID, "longer than %d characters",
                (int)WIRE_MAX_TEXT);
    *out = text;
    return true;
}

bool imp_sheet_number(
        struct imp_sheet *s, int col, double *out, struct err *why)
{
    const char *cell = imp_sheet_cell(s, col);
    size_t n = cell ? strlen(cell) : 0;

    *out = NAN;
    if (!cell || num_parse(cell, n, NUM_POINT, out, why))
        return true;
    if (s->dialect->decimal_comma && strchr(cell, ',') &&
        num_parse(cell, n, NUM_COMMA, out, NULL))
        return true;
    return false;
}

/* The row as it stood, joined again with the file's delimiter. */
static const char *raw_row(struct imp_sheet *s)
{
    struct buf b;
    const char *out;

    buf_init(&b, 2 * CSV_MAX_ROW);
    for (size_t i = 0; i < s->csv->n; i++) {
        const char *p = s->csv->fields[i].p;
        bool quote = strpbrk(p, "\"\r\n") || strchr(p, s->dialect->delimiter);

        if (i)
            buf_char(&b, s->dialect->delimiter);
        if (quote)
            buf_char(&b, '"');
        for (; *p; p++) {
            if (*p == '"')
                buf_char(&b, '"');
            buf_char(&b, *p);
        }
        if (quote)
            buf_char(&b, '"');
    }
    out = arena_str(&s->line, buf_text(&b));
    buf_clear(&b);
    return out;
}

bool imp_sheet_refuse(
        struct imp_sheet *s, const struct err *why, struct err *err)
{
    const struct wire_reject reject = {
            .row = s->csv->line,
            .file = s->file,
            .column = s->col < 0 ? NULL : s->cols[s->col].name,
            .value = s->col < 0 ? NULL : imp_sheet_cell(s, s->col),
            .reason = why->msg,
            .raw = raw_row(s)};

    return s->sink->reject(s->sink->ctx, &reject, err);
}

static bool read_header(struct imp_sheet *s, struct err *err)
{
    const char *twice;

    s->has_header = true;
    s->n_header = s->csv->n;
    if (!place_columns(s->csv, s->cols, s->n_cols, s->field_of, &twice)) {
        for (size_t c = 0; c < s->n_cols; c++)
            if (s->cols[c].needed && s->field_of[c] < 0)
                return err_set(
                        err, ERR_INVALID, "the header lacks the column '%s'",
                        s->cols[c].name);
    }
    if (twice)
        return err_set(
                err, ERR_INVALID, "the header has the column '%s' twice",
                twice);
    return true;
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct imp_sheet *s = ctx;

    s->csv = row;
    s->dialect = dialect;
    s->col = -1;
    if (!s->has_header)
        return read_header(s, err);
    arena_reset(&s->line);
    snprintf(
            s->place, sizeof s->place, "%.200s: line %llu", s->file,
            (unsigned long long)row->line);
    return s->row(s, err);
}

bool imp_sheet_read(struct imp_sheet *s, const char *path, struct err *err)
{
    FILE *in = NULL;
    bool ok = false;

    CHECK(s->n_cols <= IMP_SHEET_COLS);
    s->file = imp_base_name(path);
    if (!file_open(path, &in, err))
        goto done;
    ok = csv_read_file(in, s->file, on_row, s, err);
done:
    if (in && in != stdin)
        fclose(in);
    arena_clear(&s->line);
    return ok;
}
