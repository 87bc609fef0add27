/* SPDX-License-Identifier: Apache-2.0
 * A CSV file read whole, for tests that compare shipped rows with the facts
 * they come from. */
#ifndef TESTS_UNIT_FACTS_TABLE_H
#define TESTS_UNIT_FACTS_TABLE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"

struct facts {
    char ***rows; /* rows[0] is the header */
    size_t n, columns;
};

static inline bool facts_row(
        void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
        struct err *err)
{
    struct facts *f = ctx;

    (void)dialect;
    (void)err;
    if (f->n == 0)
        f->columns = row->n;
    f->rows = xreallocarray(f->rows, f->n + 1, sizeof *f->rows);
    f->rows[f->n] = xcalloc(f->columns, sizeof **f->rows);
    for (size_t i = 0; i < f->columns && i < row->n; i++)
        f->rows[f->n][i] = xstrdup(row->fields[i].p);
    f->n++;
    return true;
}

static inline bool facts_open(const char *path, struct facts *f)
{
    FILE *in = NULL;
    bool ok;

    *f = (struct facts){0};
    if (!file_open(path, &in, NULL))
        return false;
    ok = csv_read_file(in, path, facts_row, f, NULL);
    fclose(in);
    return ok;
}

static inline void facts_close(struct facts *f)
{
    for (size_t i = 0; i < f->n; i++) {
        for (size_t k = 0; k < f->columns; k++)
            free(f->rows[i][k]);
        free(f->rows[i]);
    }
    free(f->rows);
    *f = (struct facts){0};
}

/* Cell of data row i (0 is the first after the header); "" when missing. */
static inline const char *
facts_text(const struct facts *f, size_t i, const char *column)
{
    for (size_t k = 0; k < f->columns; k++)
        if (strcmp(f->rows[0][k], column) == 0)
            return f->rows[i + 1][k] ? f->rows[i + 1][k] : "";
    return "no such column";
}

static inline double
facts_number(const struct facts *f, size_t i, const char *column)
{
    const char *s = facts_text(f, i, column);
    double x;

    return *s && num_parse(s, strlen(s), NUM_POINT, &x, NULL) ? x : NAN;
}

static inline size_t facts_count(const struct facts *f)
{
    return f->n ? f->n - 1 : 0;
}

#endif
