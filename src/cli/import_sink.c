/* SPDX-License-Identifier: Apache-2.0
 * What becomes of each record that an importer delivers to `import`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "cli/import_run.h"
#include "cli/machine_value.h"

enum {
    SHOWN_REJECTS = 20, /* on stderr; --rejects keeps all */
    TICK_ROWS = 2000,
};

/* ---- progress ----------------------------------------------------------- */

void import_quiet(struct import_run *r)
{
    if (r->shown)
        fputs("\r\033[K", stderr);
    r->shown = false;
}

static void show(struct import_run *r)
{
    r->shown = true;
    if (r->percent >= 0)
        fprintf(stderr, "\r%s: %d %%, %llu rows\033[K", r->file, r->percent,
                (unsigned long long)r->rows);
    else
        fprintf(stderr, "\r%s: %llu rows\033[K", r->file,
                (unsigned long long)r->rows);
}

static void tick(struct import_run *r)
{
    if (++r->rows % TICK_ROWS == 0 && r->tty)
        show(r);
}

static void on_progress(void *ctx, uint64_t at, uint64_t size)
{
    struct import_run *r = ctx;

    if (size > 0)
        r->percent = (int)(at >= size ? 100 : at * 100 / size);
}

static void on_file(void *ctx, const struct wire_file *f)
{
    struct import_run *r = ctx;

    r->percent = -1;
    snprintf(r->format, sizeof r->format, "%.40s", f->format);
    snprintf(r->file, sizeof r->file, "%.100s", f->name);
    if (r->take)
        inv_take_format(r->take, f->format);
    if (r->dry)
        dry_run_file(r->dry, f);
    if (f->preset && !r->options.map) {
        import_quiet(r);
        fprintf(stderr,
                "%s: columns read by the preset '%s'; --map own or another "
                "map reads them otherwise\n",
                f->name, f->preset);
    }
}

/* ---- refusals and warnings ---------------------------------------------- */

/* What a row of the file being read is: importers of tables count lines, the
 * others records. */
static const char *
row_word(const struct import_run *r, const struct wire_reject *x)
{
    static const char *const tables[] = {
            "csv", "boavizta-pcf", "base-empreinte", "ember", NULL};

    for (size_t i = 0; tables[i]; i++)
        if (strstr(r->format, tables[i]))
            return "line";
    return x->table ? "line" : "record";
}

static void say_reject(const struct import_run *r, const struct wire_reject *x)
{
    fprintf(stderr, "%s: ", x->file && x->file[0] ? x->file : "record");
    if (x->row > 0)
        fprintf(stderr, "%s %llu: ", row_word(r, x),
                (unsigned long long)x->row);
    if (x->column && x->column[0])
        fprintf(stderr, "column '%s': ", x->column);
    if (x->value && x->value[0])
        fprintf(stderr, "value '%s': ", x->value);
    fprintf(stderr, "%s\n", x->reason);
}

static bool
reject(struct import_run *r, const struct wire_reject *x,
       const struct wire_machine *m, struct err *err)
{
    import_quiet(r);
    if (++r->rejected <= SHOWN_REJECTS)
        say_reject(r, x);
    else if (r->rejected == SHOWN_REJECTS + 1)
        fputs("(further refused rows are counted only; --rejects FILE keeps"
              " them)\n",
              stderr);
    if (r->take)
        inv_take_rejected(r->take);
    if (r->dry)
        dry_run_reject(r->dry, x);
    return !r->rejects || rejects_add(r->rejects, x, m, err);
}

/* Every refused row is wanted, not the first alone. */
static bool on_reject(void *ctx, const struct wire_reject *x, struct err *err)
{
    return reject(ctx, x, NULL, err);
}

bool import_refuse_file(
        struct import_run *r, const char *file, const struct err *why,
        struct err *err)
{
    const char *line = strstr(why->where, ": line ");
    char text[1100];

    return reject(
            r,
            &(struct wire_reject){
                    .file = file,
                    .row = line ? strtoull(line + 7, NULL, 10) : 0,
                    .reason =
                            line ? why->msg : err_text(why, text, sizeof text)},
            NULL, err);
}

static void on_warn(void *ctx, const char *place, const char *text)
{
    struct import_run *r = ctx;

    if (++r->warned <= SHOWN_REJECTS) {
        import_quiet(r);
        fprintf(stderr, "warning: %s: %s\n", place, text);
    }
    if (r->dry)
        dry_run_warn(r->dry, place, text);
}

/* A whole record that breaks a rule is refused like a row. */
struct record {
    const char *place, *column;
    const struct wire_row *row;   /* NULL: not of a table */
    const struct wire_machine *m; /* NULL: none */
};

static bool
refuse(struct import_run *r, const struct record *x, const struct err *why,
       struct err *err)
{
    char file[300], room[MACHINE_VALUE];
    const char *place = x->place ? x->place : "";
    const char *line = strstr(place, ": line ");
    const char *record = strstr(place, ": record ");
    const char *colon = line ? line : record;
    size_t len = colon ? (size_t)(colon - place) : strlen(place);

    snprintf(file, sizeof file, "%.*s", (int)len, place);
    return reject(
            r,
            &(struct wire_reject){
                    .file = file,
                    .row = line     ? strtoull(line + 7, NULL, 10)
                           : record ? strtoull(record + 9, NULL, 10)
                                    : 0,
                    .column = x->column,
                    .value = x->m && x->column
                                     ? machine_value(x->m, x->column, room)
                                     : NULL,
                    .reason = why->msg,
                    .raw = x->row ? x->row->raw(x->row->ctx) : NULL,
                    .table = x->row},
            x->m, err);
}

/* False and the error when it is not the record's own fault. */
static bool
taken(struct import_run *r, const struct record *x, bool ok,
      const struct err *why, struct err *err)
{
    if (ok)
        return true;
    if (why->code == ERR_INVALID || why->code == ERR_CONFLICT ||
        why->code == ERR_LIMIT)
        return refuse(r, x, why, err);
    *err = *why;
    return false;
}

/* ---- records ------------------------------------------------------------ */

static bool on_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    struct import_run *r = ctx;
    struct record x = {m->place, NULL, m->row, m};
    enum inv_change what;
    struct err why = {0};
    bool ok;

    tick(r);
    ok = inv_wire_check(m, &x.column, &why);
    if (ok && r->dry)
        dry_run_machine(r->dry, m);
    else if (ok)
        ok = inv_take_machine(r->take, m, &what, &why);
    return taken(r, &x, ok, &why, err);
}

static bool on_site(void *ctx, const struct wire_site *s, struct err *err)
{
    struct import_run *r = ctx;
    const struct record x = {s->place, NULL, s->row, NULL};
    struct err why = {0};

    return taken(r, &x, r->dry || inv_take_site(r->take, s, &why), &why, err);
}

/* Factors and grid values open their own part of the transaction when the
 * first one comes. */
static bool on_factor(void *ctx, const struct wire_factor *f, struct err *err)
{
    struct import_run *r = ctx;
    struct record x = {f->place, NULL, NULL, NULL};
    enum fac_change what;
    struct err why = {0};
    bool ok;

    tick(r);
    ok = fac_wire_check(f, &x.column, &why);
    if (ok && r->dry) {
        dry_run_factor(r->dry);
        return true;
    }
    if (ok && !r->factors &&
        !fac_take_begin(r->db, acc_cli_actor(), &r->factors, err))
        return false;
    ok = ok && fac_take_factor(r->factors, f, &what, &why);
    return taken(r, &x, ok, &why, err);
}

static bool on_grid(void *ctx, const struct wire_grid *g, struct err *err)
{
    struct import_run *r = ctx;
    struct record x = {g->place, NULL, NULL, NULL};
    struct err why = {0};
    bool ok;

    tick(r);
    ok = en_grid_check(g, &x.column, &why);
    if (ok && r->dry) {
        dry_run_grid(r->dry);
        return true;
    }
    if (ok && !r->grid &&
        !en_grid_take_begin(r->db, acc_cli_actor(), &r->grid, err))
        return false;
    ok = ok && en_grid_take_value(r->grid, g, &why);
    return taken(r, &x, ok, &why, err);
}

static bool on_energy(void *ctx, const struct wire_energy *e, struct err *err)
{
    struct import_run *r = ctx;
    struct record x = {e->place, NULL, NULL, NULL};
    struct err why = {0};
    bool ok;

    tick(r);
    if (r->dry) {
        dry_run_energy(r->dry, e);
        return true;
    }
    if (!r->energy &&
        !en_file_take_begin(
                r->db, cmd_value(r->call, "machine"),
                r->outlets.len ? buf_text(&r->outlets) : NULL, &r->energy, err))
        return false;
    ok = en_file_take_row(r->energy, r->format, e, &why);
    return taken(r, &x, ok, &why, err);
}

struct wire_sink import_sink(struct import_run *r)
{
    return (struct wire_sink){
            .ctx = r,
            .machine = on_machine,
            .site = on_site,
            .reject = on_reject,
            .warn = on_warn,
            .factor = on_factor,
            .grid = on_grid,
            .energy = on_energy,
            .energy_ask = &r->ask,
            .file = on_file,
            .progress = on_progress};
}
