/* SPDX-License-Identifier: Apache-2.0
 * Rows of a factor file into structs, by a table of columns; strict. */
#include "factors/load_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/text.h"

enum { RULE_SIZE = 300, VALUE_SIZE = 80 };

struct reading {
    struct fac_load *l;
    const struct fac_table *t;
    int column_of[FAC_MAX_COLUMNS]; /* by field: index into t->columns */
    /* Neighbouring rows repeat their sources: one copy serves. */
    const char *last[FAC_MAX_COLUMNS];
    bool lasting; /* cells stay where they are: no copy is needed */
    void *row;
};

bool fac_row_refuse(
        struct err *err, const char *column, const char *value,
        const char *rule)
{
    err_set(err, ERR_INVALID, "%s", rule);
    err_in(err, "column '%s': value '%.*s'", column, VALUE_SIZE, value);
    return false;
}

bool fac_load_once(struct fac_load *l, const char *kind, const char *key)
{
    size_t a = strlen(kind), b = strlen(key);
    struct fac_seen *seen = arena_alloc(&l->keys, sizeof *seen + a + b + 2),
                    *old = NULL;

    memcpy(seen->key, kind, a);
    seen->key[a] = ' ';
    memcpy(seen->key + a + 1, key, b + 1);
    HASH_FIND(hh, l->seen, seen->key, a + b + 1, old);
    if (old)
        return false;
    HASH_ADD(hh, l->seen, key, a + b + 1, seen);
    return true;
}

void *fac_grow(void *array, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return array;
    *cap = *cap ? 2 * *cap : 64;
    return xreallocarray(array, *cap, size);
}

static bool
refuse(struct err *err, const struct fac_column *c, const char *value,
       const char *rule)
{
    return fac_row_refuse(err, c->name, value, rule);
}

static bool number_read(
        const struct fac_column *c, const struct csv_field *f, double *out,
        struct err *err)
{
    char rule[RULE_SIZE], low[NUM_TEXT], high[NUM_TEXT];

    if (num_parse(f->p, f->len, NUM_POINT, out, NULL) && *out >= c->low &&
        *out <= c->high)
        return true;
    snprintf(
            rule, sizeof rule, "expected a number from %s to %s",
            num_print(c->low, low), num_print(c->high, high));
    return refuse(err, c, f->p, rule);
}

static bool whole_read(
        const struct fac_column *c, const struct csv_field *f, int *out,
        struct err *err)
{
    char rule[RULE_SIZE];
    int64_t value;

    if (num_parse_int(
                f->p, f->len, (int64_t)c->low, (int64_t)c->high, &value,
                NULL)) {
        *out = (int)value;
        return true;
    }
    snprintf(
            rule, sizeof rule, "expected a whole number from %.0f to %.0f",
            c->low, c->high);
    return refuse(err, c, f->p, rule);
}

static bool word_read(
        const struct fac_column *c, const struct csv_field *f, int *out,
        struct err *err)
{
    char rule[RULE_SIZE] = "expected one of";
    size_t len = strlen(rule);

    for (int i = 0; c->words[i]; i++)
        if (strcmp(c->words[i], f->p) == 0) {
            *out = i;
            return true;
        }
    for (int i = 0; c->words[i] && len < sizeof rule; i++)
        len += (size_t)snprintf(
                rule + len, sizeof rule - len, "%s %s", i ? "," : "",
                c->words[i]);
    return refuse(err, c, f->p, rule);
}

static bool text_read(
        struct reading *r, int column, const struct csv_field *f, void *at,
        struct err *err)
{
    const struct fac_column *c = &r->t->columns[column];
    const char *text = r->last[column];

    if (f->len > FAC_MAX_CELL)
        return refuse(err, c, f->p, "expected 1000 bytes of text at most");
    if (f->len == 0)
        text = "";
    else if (r->lasting)
        text = f->p;
    else if (!text || strcmp(text, f->p) != 0)
        text = arena_strn(&r->l->pack->text, f->p, f->len);
    r->last[column] = text;
    *(const char **)at = text;
    return true;
}

static bool cell_read(
        struct reading *r, int column, const struct csv_field *f,
        struct err *err)
{
    const struct fac_column *c = &r->t->columns[column];
    void *at = (char *)r->row + c->offset;

    if (f->len == 0 && c->needed)
        return refuse(err, c, "", "expected a value");
    if (c->type == FAC_TEXT)
        return text_read(r, column, f, at, err);
    if (f->len == 0) {
        if (c->type == FAC_NUMBER)
            *(double *)at = NAN;
        else
            *(int *)at = c->type == FAC_WORD ? -1 : 0;
        return true;
    }
    if (c->type == FAC_NUMBER)
        return number_read(c, f, at, err);
    if (c->type == FAC_WHOLE)
        return whole_read(c, f, at, err);
    return word_read(c, f, at, err);
}

static bool
header_read(struct reading *r, const struct csv_row *row, struct err *err)
{
    bool has[FAC_MAX_COLUMNS] = {false};

    for (size_t i = 0; i < row->n; i++) {
        const char *name = row->fields[i].p;
        size_t k = 0;

        while (k < r->t->n_columns && strcmp(r->t->columns[k].name, name) != 0)
            k++;
        if (k == r->t->n_columns)
            return fac_row_refuse(
                    err, name, name, "expected a known column name");
        if (has[k])
            return fac_row_refuse(err, name, name, "expected each column once");
        has[k] = true;
        r->column_of[i] = (int)k;
    }
    for (size_t k = 0; k < r->t->n_columns; k++)
        if (!has[k])
            return fac_row_refuse(
                    err, r->t->columns[k].name, "", "expected this column");
    return true;
}

static bool row_read(
        void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
        struct err *err)
{
    struct reading *r = ctx;

    (void)dialect;
    if (row->row == 1)
        return header_read(r, row, err);
    if (row->n != r->t->n_columns)
        return err_set(
                err, ERR_INVALID, "%zu cells, expected %zu as in the header",
                row->n, r->t->n_columns);
    if (++r->l->rows > FAC_MAX_ROWS)
        return err_set(
                err, ERR_LIMIT, "expected %d rows at most", FAC_MAX_ROWS);
    for (size_t i = 0; i < row->n; i++)
        if (!cell_read(r, r->column_of[i], &row->fields[i], err))
            return false;
    return r->t->take(r->l, r->row, err);
}

/* The cells of a table that was read at build time. */
static bool
cells_read(struct reading *r, const struct fac_file *file, struct err *err)
{
    const char *p = file->bytes, *end = p + file->size;
    struct csv_field fields[FAC_MAX_COLUMNS];
    struct csv_row row = {.fields = fields, .n = file->columns};

    CHECK(file->columns <= FAC_MAX_COLUMNS);
    while (p < end) {
        for (size_t i = 0; i < row.n; i++) {
            fields[i] = (struct csv_field){p, strlen(p)};
            p += fields[i].len + 1;
        }
        row.line = ++row.row;
        if (!row_read(r, NULL, &row, err)) {
            err_in(err, "%s: row %llu", file->place,
                   (unsigned long long)row.row);
            return false;
        }
    }
    return true;
}

bool fac_table_read(
        struct fac_load *l, const struct fac_table *t,
        const struct fac_file *file, struct err *err)
{
    struct reading r = {.l = l, .t = t, .lasting = file->columns > 0};
    bool ok;

    CHECK(t->n_columns <= FAC_MAX_COLUMNS);
    l->rows = 0;
    r.row = xcalloc(1, t->row_size);
    ok = file->columns ? cells_read(&r, file, err)
                       : csv_read_mem(
                                 file->bytes, file->size, file->place, row_read,
                                 &r, err);
    free(r.row);
    return ok;
}
