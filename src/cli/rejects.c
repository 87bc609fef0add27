/* SPDX-License-Identifier: Apache-2.0
 * Refused rows, one file for each header. */
#include "cli/rejects.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"

#define REASON "rejected_reason" /* importers/csv_priv.h: CSV_REASON */

enum { FILES_MAX = 32 };

struct reject_file {
    char *header; /* NULL: the template's */
    char delimiter;
    FILE *file;
    struct out out;
};

struct rejects {
    char *path;
    struct reject_file *files[FILES_MAX];
    size_t n;
};

bool rejects_open(const char *path, struct rejects **out, struct err *err)
{
    FILE *f = fopen(path, "w");

    if (!f || fclose(f) != 0)
        return err_set(err, ERR_IO, "cannot write '%s'", path);
    *out = xcalloc(1, sizeof **out);
    (*out)->path = xstrdup(path);
    return true;
}

/* "bad.csv", "bad-2.csv", ... */
static char *name_of(const struct rejects *r)
{
    const char *slash = strrchr(r->path, '/');
    const char *dot = strrchr(slash ? slash : r->path, '.');
    struct buf b;

    if (r->n == 0)
        return xstrdup(r->path);
    buf_init(&b, strlen(r->path) + 32);
    buf_printf(
            &b, "%.*s-%zu%s",
            (int)(dot ? (size_t)(dot - r->path) : strlen(r->path)), r->path,
            r->n + 1, dot ? dot : "");
    return buf_take(&b);
}

static const char *const columns[] = {
        "tag",
        "name",
        "quantity",
        "category",
        "manufacturer",
        "model",
        "serial",
        "uuid",
        "site",
        "status",
        "acquisition",
        "manufactured_on",
        "acquired_on",
        "in_service_on",
        "warranty_end",
        "retired_on",
        "price_eur",
        "mass_kg",
        "chassis",
        "cpu_model",
        "cpu_count",
        "cpu_cores",
        "ram_modules",
        "ram_gib",
        "hdd",
        "ssd",
        "tape",
        "gpu",
        "psu_count",
        "screen",
        "power_w",
        "idle_w",
        "max_w",
        "energy_kwh_year",
        "fabrication_kg",
        "fabrication_source",
        "project",
        "note"};

static struct reject_file *
new_file(struct rejects *r, const char *header, char delimiter, struct err *err)
{
    struct reject_file *f = NULL;
    char *name = NULL;

    if (r->n == FILES_MAX) {
        err_set(err, ERR_LIMIT, "refused rows of more than %d headers",
                (int)FILES_MAX);
        return NULL;
    }
    name = name_of(r);
    f = xcalloc(1, sizeof *f);
    f->file = fopen(name, "w");
    if (!f->file) {
        err_set(err, ERR_IO, "cannot write '%s'", name);
        free(f);
        free(name);
        return NULL;
    }
    out_to_file(&f->out, f->file);
    f->header = xstrdup(header);
    f->delimiter = delimiter;
    if (header) {
        out_str(&f->out, header);
        out_char(&f->out, delimiter);
        out_str(&f->out, REASON);
    } else {
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
            csv_cell(&f->out, columns[i], i == 0);
        csv_cell(&f->out, REASON, false);
    }
    csv_end_row(&f->out);
    if (r->n > 0)
        fprintf(stderr, "refused rows of another header go to %s\n", name);
    free(name);
    r->files[r->n++] = f;
    return f;
}

static struct reject_file *
file_of(struct rejects *r, const char *header, char delimiter, struct err *err)
{
    for (size_t i = 0; i < r->n; i++) {
        struct reject_file *f = r->files[i];

        if (header ? f->header && f->delimiter == delimiter &&
                             strcmp(f->header, header) == 0
                   : !f->header)
            return f;
    }
    return new_file(r, header, delimiter, err);
}

/* "column 'power_w': value 'abc': not a number" on one line. */
static char *reason_of(const struct wire_reject *x)
{
    struct buf b;
    char *text;

    buf_init(&b, 4000);
    if (x->column && x->column[0])
        buf_printf(&b, "column '%.200s': ", x->column);
    if (x->value && x->value[0])
        buf_printf(&b, "value '%.300s': ", x->value);
    buf_str(&b, x->reason ? x->reason : "");
    text = buf_take(&b);
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    return text;
}

static void quoted(struct out *o, const char *s)
{
    out_char(o, '"');
    for (; *s; s++) {
        if (*s == '"')
            out_char(o, '"');
        out_char(o, *s);
    }
    out_char(o, '"');
}

static void
put_row(struct reject_file *f, const struct wire_reject *x, const char *reason)
{
    out_str(&f->out, x->raw);
    for (size_t i = x->table->n_cells; i < x->table->n_header; i++)
        out_char(&f->out, f->delimiter);
    out_char(&f->out, f->delimiter);
    quoted(&f->out, reason);
    csv_end_row(&f->out);
}

/* ---- records as rows of the template ------------------------------------ */

static void put_date(struct out *o, struct date d)
{
    char text[DATE_TEXT];

    csv_cell(o, date_known(d) ? date_print(d, text) : "", false);
}

static void put_whole(struct out *o, int v)
{
    char text[16] = "";

    if (v >= 0)
        snprintf(text, sizeof text, "%d", v);
    csv_cell(o, text, false);
}

/* "2x960GB MZ7LH960 + 1x...", "" for none, "?" for not known. */
static void put_parts(
        struct out *o, const struct wire_machine *m, enum calc_kind kind,
        const char *unit)
{
    struct buf b;
    char num[NUM_TEXT];

    buf_init(&b, 4000);
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct wire_part *p = &m->parts[i];

        if (p->kind != kind || p->total)
            continue;
        buf_printf(&b, "%s%ux", b.len ? " + " : "", (unsigned)p->units);
        if (!isnan(p->capacity))
            buf_printf(&b, "%s%s", num_print(p->capacity, num), unit);
        if (p->model)
            buf_printf(&b, "%s%s", isnan(p->capacity) ? "" : " ", p->model);
    }
    if (b.len == 0 && (m->unknown_kinds >> kind & 1))
        buf_char(&b, '?');
    csv_cell(o, buf_text(&b), false);
    buf_clear(&b);
}

static const struct wire_part *
first(const struct wire_machine *m, enum calc_kind kind)
{
    for (size_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].kind == kind)
            return &m->parts[i];
    return NULL;
}

static void put_identity(struct out *o, const struct wire_machine *m)
{
    csv_cell(o, m->tag, true);
    csv_cell(o, m->name, false);
    put_whole(o, (int)m->units);
    csv_cell(o, m->has_category ? calc_category_word(m->category) : "", false);
    csv_cell(o, m->manufacturer, false);
    csv_cell(o, m->product, false);
    csv_cell(o, m->serial, false);
    csv_cell(o, m->uuid, false);
    csv_cell(o, m->site, false);
    csv_cell(o, m->has_status ? calc_status_word(m->status) : "", false);
    csv_cell(
            o,
            m->acquisition == CALC_ACQUISITION_UNKNOWN
                    ? ""
                    : calc_acquisition_word(m->acquisition),
            false);
}

static void put_components(struct out *o, const struct wire_machine *m)
{
    const struct wire_part *cpu = first(m, CALC_CPU);
    const struct wire_part *ram = first(m, CALC_RAM);
    const struct wire_part *psu = first(m, CALC_PSU);

    csv_cell(o, cpu ? cpu->model : "", false);
    put_whole(o, m->cpu_count);
    put_whole(o, m->cpu_cores);
    put_parts(o, m, CALC_RAM, "");
    csv_cell_num(o, ram && ram->total ? ram->capacity : NAN, false);
    put_parts(o, m, CALC_HDD, "GB");
    put_parts(o, m, CALC_SSD, "GB");
    put_parts(o, m, CALC_TAPE, "GB");
    put_parts(o, m, CALC_GPU, "");
    put_whole(o, psu ? (int)psu->units : -1);
    put_parts(o, m, CALC_SCREEN, "in");
}

/* In the order of `columns`. */
static void put_machine(struct out *o, const struct wire_machine *m)
{
    put_identity(o, m);
    put_date(o, m->manufactured_on);
    put_date(o, m->acquired_on);
    put_date(o, m->in_service_on);
    put_date(o, m->warranty_end);
    put_date(o, m->exit_on);
    csv_cell_num(o, m->price_eur, false);
    csv_cell_num(o, m->mass_kg, false);
    csv_cell(
            o,
            m->chassis == CALC_CHASSIS_UNKNOWN ? ""
                                               : calc_chassis_word(m->chassis),
            false);
    put_components(o, m);
    csv_cell_num(o, m->power_w, false);
    csv_cell_num(o, m->idle_w, false);
    csv_cell_num(o, m->max_w, false);
    csv_cell_num(o, m->energy_kwh_year, false);
    csv_cell_num(o, m->fabrication_kg, false);
    csv_cell(o, m->fabrication_source, false);
    csv_cell(o, m->project, false);
    csv_cell(o, m->note, false);
}

/* An empty cell there means none; nothing is known. */
static bool is_list(const char *column)
{
    static const char *const lists[] = {"hdd", "ssd",    "tape",
                                        "gpu", "screen", NULL};

    for (size_t i = 0; lists[i]; i++)
        if (strcmp(lists[i], column) == 0)
            return true;
    return false;
}

/* Nothing is known of it but where it stood. */
static void put_nameless(struct out *o, const struct wire_reject *x)
{
    char place[400];
    size_t n = sizeof columns / sizeof *columns;

    if (x->row > 0)
        snprintf(
                place, sizeof place, "%.300s: record %llu",
                x->file ? x->file : "", (unsigned long long)x->row);
    else
        snprintf(place, sizeof place, "%.300s", x->file ? x->file : "");
    for (size_t i = 0; i + 1 < n; i++)
        csv_cell(o, is_list(columns[i]) ? "?" : "", i == 0);
    csv_cell(o, place, false);
}

bool rejects_add(
        struct rejects *r, const struct wire_reject *x,
        const struct wire_machine *m, struct err *err)
{
    const struct wire_row *t = x->raw ? x->table : NULL;
    struct reject_file *f = file_of(
            r, t ? t->header(t->ctx) : NULL, t ? t->delimiter : ',', err);
    char *reason;

    if (!f)
        return false;
    reason = reason_of(x);
    if (t) {
        put_row(f, x, reason);
    } else {
        if (m)
            put_machine(&f->out, m);
        else
            put_nameless(&f->out, x);
        csv_cell(&f->out, reason, false);
        csv_end_row(&f->out);
    }
    free(reason);
    return true;
}

bool rejects_close(struct rejects *r, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; r && i < r->n; i++) {
        struct reject_file *f = r->files[i];

        if (!out_finish(&f->out, NULL) || fclose(f->file) != 0)
            ok = false;
        free(f->header);
        free(f);
    }
    if (!ok)
        err_set(err, ERR_IO, "cannot finish '%s'", r->path);
    if (r)
        free(r->path);
    free(r);
    return ok;
}
