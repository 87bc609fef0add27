/* SPDX-License-Identifier: Apache-2.0
 * Proposes a map for a CSV file from its titles and first values, for a person
 * to check. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/input_priv.h"
#include "importers/map_priv.h"

enum {
    LOOK_ROWS = 50, /* looked at */
    SHOW = 3,       /* values shown of each column */
};

struct column {
    char title[120];
    char values[SHOW][48];
    int n_values;
    int field;        /* -1: a note */
    bool first_small; /* of dates: all first numbers are 12 or less */
    bool second_large, first_large;
    int uuids, numbers, large_numbers, huge_numbers, dates, ssds, seen;
    int rank; /* how sure its title is: the less the surer */
};

struct guess {
    struct column *columns;
    size_t n;
    const struct imp_map *preset;
    uint64_t rows;
    bool by_semicolon;
};

/* ---- looking ------------------------------------------------------------ */

static void copy_cut(char *to, size_t size, const char *from)
{
    size_t n = 0;

    /* One line, cut between characters. */
    while (from[n] && n + 5 < size) {
        size_t len = text_utf8_len(from + n, strlen(from + n));

        if (len == 0 || n + len + 4 >= size)
            break;
        for (size_t i = 0; i < len; i++)
            to[n + i] = (unsigned char)from[n + i] < 0x20 ? ' ' : from[n + i];
        n += len;
    }
    to[n] = '\0';
    if (from[n])
        memcpy(to + n, "...", 4);
}

static bool is_uuid(const char *s)
{
    return strlen(s) == 36 && strspn(s, "0123456789abcdefABCDEF-") == 36 &&
           s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-';
}

/* a/b/c with a number of one or two digits in front. */
static bool slashed(const char *s, int *a, int *b)
{
    size_t n = strspn(s, "0123456789"), m;

    if (n == 0 || n > 2 || !s[n] || !strchr("/.-", s[n]))
        return false;
    *a = s[0] - '0';
    if (n == 2)
        *a = *a * 10 + (s[1] - '0');
    s += n + 1;
    m = strspn(s, "0123456789");
    if (m == 0 || m > 2 || !s[m] || !strchr("/.-", s[m]))
        return false;
    *b = s[0] - '0';
    if (m == 2)
        *b = *b * 10 + (s[1] - '0');
    return true;
}

/* Holds a year from 1970 on, written in full, or is a/b/c. */
static bool dated(const char *s)
{
    int a, b;

    if (slashed(s, &a, &b))
        return true;
    while (*s) {
        size_t n = strspn(s, "0123456789");

        if ((n == 4 || n == 8) &&
            (strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0))
            return true;
        s += n + (s[n] ? 1 : 0);
    }
    return false;
}

static void look_at(struct column *c, const char *s)
{
    char key[96];
    double v;
    int a, b;

    c->seen++;
    if (c->n_values < SHOW) {
        bool known = false;
        char value[48];

        copy_cut(value, sizeof value, s);
        for (int i = 0; i < c->n_values; i++)
            known = known || strcmp(c->values[i], value) == 0;
        if (!known)
            memcpy(c->values[c->n_values++], value, sizeof value);
    }
    c->uuids += is_uuid(s) ? 1 : 0;
    c->dates += dated(s) ? 1 : 0;
    text_key(s, strlen(s), key, sizeof key);
    c->ssds += strstr(key, "ssd") || strstr(key, "nvme") ? 1 : 0;
    if (slashed(s, &a, &b)) {
        c->first_large = c->first_large || a > 12;
        c->second_large = c->second_large || b > 12;
    }
    if (num_parse(s, strlen(s), NUM_POINT, &v, NULL)) {
        c->numbers++;
        c->large_numbers += v >= 1024 ? 1 : 0;
        c->huge_numbers += v >= 1e8 ? 1 : 0;
    }
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct guess *g = ctx;

    (void)dialect;
    if (row->row == 1) {
        g->n = row->n;
        g->columns = xcalloc(g->n, sizeof *g->columns);
        for (size_t i = 0; i < g->n; i++) {
            copy_cut(
                    g->columns[i].title, sizeof g->columns[i].title,
                    row->fields[i].p);
            g->columns[i].field = -1;
        }
        g->preset = map_recognise(row);
        return true;
    }
    g->rows++;
    for (size_t i = 0; i < g->n && i < row->n; i++)
        if (row->fields[i].len > 0)
            look_at(&g->columns[i], csv_unguarded(row->fields[i].p));
    return g->rows < LOOK_ROWS ||
           err_set(err, ERR_LIMIT, "enough rows"); /* stops the reading */
}

/* ---- guessing ----------------------------------------------------------- */

/* A column that only words make one of dates holds dates, else it is a term in
 * months, or a yes. */
static bool is_date_field(int field)
{
    return field == COL_ACQUIRED_ON || field == COL_IN_SERVICE_ON ||
           field == COL_WARRANTY_END || field == COL_RETIRED_ON ||
           field == COL_MANUFACTURED_ON;
}

/* Titles of other systems, but for NetBox's, which calls a model a type. */
static int by_presets(const char *title)
{
    const struct map_entry *e;
    const struct imp_map *m;

    for (size_t i = 0; (m = map_preset_at(i)) != NULL; i++)
        if (strcmp(imp_map_format(m), "netbox") != 0 &&
            (e = map_find(m, title)) != NULL && !e->prefix)
            return e->field;
    return -1;
}

static void guess_column(const struct guess *g, struct column *c)
{
    const struct map_entry *e;
    enum csv_col own;
    bool canonical;

    if (g->preset) {
        c->field = (e = map_find(g->preset, c->title)) ? e->field : -1;
        return;
    }
    own = csv_col_find(c->title, strlen(c->title), false, &canonical);
    c->field = own == COL_NOTE ? MAP_NOTE : (int)own;
    c->rank = canonical ? 0 : 1;
    /* "Disque dur" names whatever disk there is. */
    if (own == COL_HDD && !canonical && c->ssds > 0)
        c->field = MAP_DISK;
    if (own != COL_NONE)
        return;
    c->rank = 2;
    c->field = by_presets(c->title);
    if (c->field >= 0)
        return;
    c->rank = 3;
    c->field = c->uuids > 0 && c->uuids == c->seen ? (int)COL_UUID
                                                   : map_words_field(c->title);
    if (is_date_field(c->field) && 2 * c->dates < c->seen)
        c->field = MAP_NOTE;
}

/* The better of two columns for one field: the one whose title is surer, else
 * the first, unless it is empty. */
static void one_each(struct guess *g)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t k = 0; k < i; k++) {
            struct column *a = &g->columns[k], *b = &g->columns[i];

            if (a->field != b->field || a->field < 0 || a->field == MAP_DROP ||
                a->field == MAP_NOTE)
                continue;
            if ((a->seen == 0 && b->seen > 0) ||
                (b->rank < a->rank && b->seen > 0))
                a->field = MAP_NOTE;
            else
                b->field = MAP_NOTE;
        }
}

static const struct column *column_of(const struct guess *g, int field)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->columns[i].field == field)
            return &g->columns[i];
    return NULL;
}

/* ---- writing ------------------------------------------------------------ */

static void write_memory(const struct column *ram, struct buf *out)
{
    char key[64], framed[66];

    csv_split_key(ram->title, strlen(ram->title), key, sizeof key);
    snprintf(framed, sizeof framed, "_%s_", key);
    if (ram->numbers == 0)
        return;
    if (2 * ram->huge_numbers >= ram->numbers)
        buf_str(out, "@memory bytes   # numbers of 100,000,000 and more\n");
    else if (2 * ram->large_numbers >= ram->numbers)
        buf_str(out, "@memory MiB   # numbers of 1024 and more\n");
    else if (
            strstr(framed, "_mo_") || strstr(framed, "_mb_") ||
            strstr(framed, "_mio_") || strstr(framed, "_mib_"))
        buf_str(out, "@memory MiB   # as the title says\n");
}

static void write_settings(const struct guess *g, struct buf *out)
{
    const struct column *ram = column_of(g, COL_RAM_GIB);
    bool month_first = false, day_first = false;

    if (g->preset) {
        buf_printf(out, "@format %s\n", imp_map_format(g->preset));
        if (g->preset->counted)
            buf_str(out, "@numbered\n");
        if (g->preset->is_virtual)
            buf_str(out, "@virtual\n");
    }
    for (size_t i = 0; i < g->n; i++) {
        if (!is_date_field(g->columns[i].field))
            continue; /* 10.76.51.173 is an address */
        month_first = month_first || g->columns[i].second_large;
        day_first = day_first || g->columns[i].first_large;
    }
    if (month_first && !day_first)
        buf_str(out, "@dates mdy   # 12/31/2024: no day of the file says "
                     "otherwise\n");
    else if (g->preset && g->preset->dates == MAP_DATES_MDY)
        buf_str(out, "@dates mdy\n");
    if (ram)
        write_memory(ram, out);
    if (column_of(g, MAP_DISK_SIZE))
        buf_str(out, "@disks MiB\n");
    if (!column_of(g, COL_TAG) && !column_of(g, COL_NAME) &&
        !column_of(g, COL_SERIAL) && !column_of(g, COL_UUID) &&
        !(g->preset && g->preset->counted))
        buf_str(out, "@numbered   # no column tells two lines apart\n");
}

static void write_column(const struct column *c, bool values, struct buf *out)
{
    const char *name = c->field < 0 ? "note" : map_field_name(c->field);
    bool quote = strpbrk(c->title, "#=\"@*") != NULL;
    size_t from = out->len;

    if (!c->title[0])
        return;
    buf_printf(
            out, "%s%s%s = %s", quote ? "\"" : "", c->title, quote ? "\"" : "",
            name);
    /* Who uses a machine is not to be kept, in a map neither. */
    values = values && c->n_values > 0 && c->field != MAP_DROP;
    while (values && out->len - from < 44)
        buf_char(out, ' ');
    for (int i = 0; values && i < c->n_values; i++)
        buf_printf(out, "%s%s", i ? " | " : " # ", c->values[i]);
    buf_char(out, '\n');
}

static void
write_map(const struct guess *g, const char *file, bool values, struct buf *out)
{
    buf_printf(
            out,
            "# Map of %s, guessed. 'note' keeps a column as a note, '-' drops "
            "it.\n# Check it, then: fleetprint import --map THIS_FILE %s\n",
            file, file);
    if (g->preset)
        buf_printf(
                out, "# The header is that of %s (preset '%s').\n",
                imp_map_about(g->preset), imp_map_name(g->preset));
    write_settings(g, out);
    for (size_t i = 0; i < g->n; i++)
        write_column(&g->columns[i], values, out);
}

bool imp_map_guess(
        const char *path, bool values, struct buf *out, struct err *err)
{
    struct guess g = {0};
    struct imp_input in;
    FILE *file = NULL;
    bool ok = false;

    if (!imp_input_open(path, false, &in, err))
        return false;
    if (!file_open(in.path, &file, err))
        goto done;
    ok = csv_read_file(file, imp_base_name(in.path), on_row, &g, err) ||
         g.rows >= LOOK_ROWS;
    if (!ok)
        goto done;
    for (size_t i = 0; i < g.n; i++)
        guess_column(&g, &g.columns[i]);
    one_each(&g);
    write_map(&g, imp_base_name(in.path), values, out);
    if (out->over)
        ok = err_set(err, ERR_LIMIT, "a header too long for a map");
done:
    if (file && file != stdin)
        fclose(file);
    free(g.columns);
    imp_input_close(&in);
    return ok;
}
