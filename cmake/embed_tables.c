/* SPDX-License-Identifier: Apache-2.0
 * Build tool: writes folders of CSV tables and texts as one C table. CSV is
 * read here, once, so that the program need not at every start: its cells are
 * written row by row, each with its NUL. Each folder gets its SHA-256. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

enum { MAX_BYTES = 16 * 1024 * 1024 };

struct table {
    struct buf cells;
    size_t columns; /* 0: no table, the bytes as they are */
};

static void fail(const struct err *err)
{
    fprintf(stderr, "embed_tables: %s%s%s\n", err->where,
            err->where[0] ? ": " : "", err->msg);
    exit(1);
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct table *t = ctx;

    (void)dialect;
    if (row->row == 1)
        t->columns = row->n;
    if (row->n != t->columns)
        return err_set(
                err, ERR_INVALID, "%zu cells, expected %zu as in the header",
                row->n, t->columns);
    for (size_t i = 0; i < row->n; i++) {
        if (strlen(row->fields[i].p) != row->fields[i].len)
            return err_set(err, ERR_INVALID, "a NUL in a cell");
        buf_add(&t->cells, row->fields[i].p, row->fields[i].len + 1);
    }
    return true;
}

static void write_bytes(FILE *out, int index, const char *p, size_t n)
{
    fprintf(out, "static const unsigned char f%d[] = {", index);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%d,", i % 24 ? "" : "\n", (unsigned char)p[i]);
    fprintf(out, "0};\nenum { n%d = %zu };\n", index, n);
}

static void write_file(FILE *out, int index, const char *name, size_t *columns)
{
    struct buf bytes;
    struct table t = {0};
    struct err err = {0};
    size_t n = strlen(name);

    buf_init(&bytes, MAX_BYTES);
    buf_init(&t.cells, MAX_BYTES);
    if (!file_read(name, MAX_BYTES, &bytes, &err))
        fail(&err);
    if (n > 4 && !strcmp(name + n - 4, ".csv")) {
        if (!csv_read_mem(buf_text(&bytes), bytes.len, name, on_row, &t, &err))
            fail(&err);
        if (t.cells.over) {
            fprintf(stderr, "embed_tables: '%s' is too long\n", name);
            exit(1);
        }
        write_bytes(out, index, buf_text(&t.cells), t.cells.len);
    } else {
        write_bytes(out, index, buf_text(&bytes), bytes.len);
    }
    *columns = t.columns;
    buf_clear(&bytes);
    buf_clear(&t.cells);
}

static size_t folder_len(const char *name)
{
    const char *end = strrchr(name, '/');

    return end ? (size_t)(end - name) : 0;
}

static bool same_folder(const char *a, const char *b)
{
    size_t n = folder_len(a);

    return n == folder_len(b) && !memcmp(a, b, n);
}

/* Over each file of the folder, by name: name, line end, content. */
static void folder_hash(char **names, int n, const char *of, char hex[65])
{
    struct buf all;
    struct err err = {0};

    buf_init(&all, MAX_BYTES);
    for (int i = 0; i < n; i++) {
        if (!same_folder(names[i], of))
            continue;
        buf_str(&all, names[i] + folder_len(of) + 1);
        buf_char(&all, '\n');
        if (!file_read(names[i], MAX_BYTES, &all, &err))
            fail(&err);
    }
    text_sha256(buf_text(&all), all.len, hex);
    buf_clear(&all);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    int n = argc - 3;
    char **names = argv + 3, hex[65];
    size_t *columns;
    FILE *out;

    if (argc < 4) {
        fputs("usage: embed_tables OUT SYMBOL FILE...\n", stderr);
        return 2;
    }
    qsort(names, (size_t)n, sizeof *names, by_name);
    columns = xcalloc((size_t)n, sizeof *columns);
    out = fopen(argv[1], "w");
    if (!out) {
        fprintf(stderr, "embed_tables: cannot write '%s'\n", argv[1]);
        return 1;
    }
    fputs("#include \"base/embed.h\"\n", out);
    for (int i = 0; i < n; i++)
        write_file(out, i, names[i], &columns[i]);
    fprintf(out, "extern const struct embed_table %s[];\n", argv[2]);
    fprintf(out, "const struct embed_table %s[] = {\n", argv[2]);
    for (int i = 0; i < n; i++) {
        folder_hash(names, n, names[i], hex);
        fprintf(out, "    {\"%s\", (const char *)f%d, n%d, %zu, \"%s\"},\n",
                names[i], i, i, columns[i], hex);
    }
    fputs("    {0, 0, 0, 0, 0}};\n", out);
    free(columns);
    if (fclose(out) == 0)
        return 0;
    fprintf(stderr, "embed_tables: cannot finish '%s'\n", argv[1]);
    return 1;
}
