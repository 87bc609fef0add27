/* SPDX-License-Identifier: Apache-2.0
 * import: files and folders into the database, all or nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "access/access.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "cli/dry_run.h"
#include "energy/energy.h"
#include "importers/importers.h"
#include "inventory/inventory.h"

enum {
    SHOWN_REJECTS = 20, /* on stderr; --rejects keeps all */
    TICK_ROWS = 2000,
};

struct import_run {
    struct cmd_call *call;
    struct inv_take *take; /* NULL in a dry run */
    struct db *db;
    struct fac_take *factors;  /* from the first factor on */
    struct en_grid_take *grid; /* from the first grid value on */
    struct dry_run *dry;       /* NULL in a real one */
    bool keep_going, tty;
    uint64_t rows, rejected, warned;
    struct out rejects; /* --rejects FILE */
    FILE *rejects_file;
};

static void show_progress(struct import_run *r)
{
    if (r->tty && ++r->rows % TICK_ROWS == 0)
        fprintf(stderr, "\r%llu rows", (unsigned long long)r->rows);
}

static bool on_reject(void *ctx, const struct wire_reject *x, struct err *err)
{
    struct import_run *r = ctx;

    (void)err; /* every refused row is wanted, not the first alone */
    if (++r->rejected <= SHOWN_REJECTS)
        fprintf(stderr, "%s: line %llu: column '%s': value '%s': %s\n", x->file,
                (unsigned long long)x->row, x->column ? x->column : "",
                x->value ? x->value : "", x->reason);
    else if (r->rejected == SHOWN_REJECTS + 1)
        fputs("(further refused rows are counted only; --rejects FILE keeps"
              " them)\n",
              stderr);
    if (r->take)
        inv_take_rejected(r->take);
    if (r->dry)
        dry_run_reject(r->dry, x);
    if (r->rejects_file) {
        char row[24];

        snprintf(row, sizeof row, "%llu", (unsigned long long)x->row);
        csv_cell(&r->rejects, x->file, true);
        csv_cell(&r->rejects, row, false);
        csv_cell(&r->rejects, x->column, false);
        csv_cell(&r->rejects, x->value, false);
        csv_cell(&r->rejects, x->reason, false);
        csv_cell(&r->rejects, x->raw, false);
        csv_end_row(&r->rejects);
    }
    return true;
}

static void on_warn(void *ctx, const char *place, const char *text)
{
    struct import_run *r = ctx;

    if (++r->warned <= SHOWN_REJECTS)
        fprintf(stderr, "warning: %s: %s\n", place, text);
    if (r->dry)
        dry_run_warn(r->dry, place, text);
}

/* A whole record that breaks a rule is refused like a row. */
static bool
refuse(struct import_run *r, const char *place, const char *column,
       const struct err *why, struct err *err)
{
    char file[300];
    const char *line = strstr(place, ": line ");
    const char *record = strstr(place, ": record ");
    const char *colon = line ? line : record;
    size_t len = colon ? (size_t)(colon - place) : strlen(place);

    snprintf(file, sizeof file, "%.*s", (int)len, place);
    return on_reject(
            r,
            &(struct wire_reject){
                    .file = file,
                    .row = line     ? strtoull(line + 7, NULL, 10)
                           : record ? strtoull(record + 9, NULL, 10)
                                    : 0,
                    .column = column,
                    .value = why->where,
                    .reason = why->msg},
            err);
}

static bool on_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    struct import_run *r = ctx;
    const char *column = "";
    enum inv_change what;
    struct err why = {0};

    show_progress(r);
    if (!inv_wire_check(m, &column, &why))
        return refuse(r, m->place ? m->place : "", column, &why, err);
    if (r->dry) {
        dry_run_machine(r->dry, m);
        return true;
    }
    if (inv_take_machine(r->take, m, &what, &why))
        return true;
    if (why.code == ERR_INVALID || why.code == ERR_CONFLICT)
        return refuse(r, m->place ? m->place : "", "", &why, err);
    *err = why;
    return false;
}

static bool on_site(void *ctx, const struct wire_site *s, struct err *err)
{
    struct import_run *r = ctx;
    struct err why = {0};

    if (r->dry || inv_take_site(r->take, s, &why))
        return true;
    if (why.code == ERR_INVALID || why.code == ERR_CONFLICT)
        return refuse(r, s->place ? s->place : "", "", &why, err);
    *err = why;
    return false;
}

/* Factors and grid values open their own part of the transaction when the
 * first one comes. */
static bool
taken(struct import_run *r, const char *place, const char *column, bool ok,
      const struct err *why, struct err *err)
{
    if (ok)
        return true;
    if (why->code == ERR_INVALID || why->code == ERR_CONFLICT)
        return refuse(r, place ? place : "", column, why, err);
    *err = *why;
    return false;
}

static bool on_factor(void *ctx, const struct wire_factor *f, struct err *err)
{
    struct import_run *r = ctx;
    const char *column = "";
    enum fac_change what;
    struct err why = {0};
    bool ok;

    show_progress(r);
    ok = fac_wire_check(f, &column, &why);
    if (ok && r->dry) {
        dry_run_factor(r->dry);
        return true;
    }
    if (ok && !r->factors &&
        !fac_take_begin(r->db, acc_cli_actor(), &r->factors, err))
        return false;
    ok = ok && fac_take_factor(r->factors, f, &what, &why);
    return taken(r, f->place, column, ok, &why, err);
}

static bool on_grid(void *ctx, const struct wire_grid *g, struct err *err)
{
    struct import_run *r = ctx;
    const char *column = "";
    struct err why = {0};
    bool ok;

    show_progress(r);
    ok = en_grid_check(g, &column, &why);
    if (ok && r->dry) {
        dry_run_grid(r->dry);
        return true;
    }
    if (ok && !r->grid &&
        !en_grid_take_begin(r->db, acc_cli_actor(), &r->grid, err))
        return false;
    ok = ok && en_grid_take_value(r->grid, g, &why);
    return taken(r, g->place, column, ok, &why, err);
}

/* Years, hours and factors so far, beside the machines of a file. */
struct figures {
    uint64_t added, changed, same;
};

static struct figures figures_of(const struct import_run *r)
{
    struct figures n = {0};

    if (r->factors) {
        const struct fac_counts *f = fac_take_counts(r->factors);

        n = (struct figures){f->added, f->changed, f->same};
    }
    if (r->grid) {
        const struct en_grid_counts *g = en_grid_take_counts(r->grid);

        n.added += g->added;
        n.changed += g->changed;
        n.same += g->same;
    }
    return n;
}

static bool figures_end(struct import_run *r, bool keep, struct err *err)
{
    bool ok = true;
    struct err ignored = {0};

    if (r->factors)
        ok = fac_take_end(r->factors, keep, err);
    if (r->grid)
        ok = en_grid_take_end(r->grid, keep && ok, ok ? err : &ignored) && ok;
    r->factors = NULL;
    r->grid = NULL;
    return ok;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash && slash[1] ? slash + 1 : path;
}

static void print_counts(
        struct cmd_call *c, const char *file, const struct inv_counts *n,
        const struct figures *f)
{
    bool figures = f->added || f->changed || f->same;
    struct json_out j;
    struct out o;

    if (!c->json && figures)
        fprintf(stderr,
                "%s: %llu figures added, %llu changed, %llu unchanged\n", file,
                (unsigned long long)f->added, (unsigned long long)f->changed,
                (unsigned long long)f->same);
    if (!c->json && figures && !n->added && !n->changed && !n->same &&
        !n->rejected)
        return;
    if (!c->json) {
        fprintf(stderr,
                "%s: %llu added, %llu changed, %llu unchanged, %llu refused\n",
                file, (unsigned long long)n->added,
                (unsigned long long)n->changed, (unsigned long long)n->same,
                (unsigned long long)n->rejected);
        return;
    }
    out_to_file(&o, stdout);
    json_out_init(&j, &o, false);
    json_begin_obj(&j, NULL);
    json_str(&j, "file", file);
    json_int(&j, "added", (int64_t)n->added);
    json_int(&j, "changed", (int64_t)n->changed);
    json_int(&j, "unchanged", (int64_t)n->same);
    json_int(&j, "rejected", (int64_t)n->rejected);
    json_int(&j, "sites", (int64_t)n->sites);
    if (figures) {
        json_int(&j, "figures_added", (int64_t)f->added);
        json_int(&j, "figures_changed", (int64_t)f->changed);
        json_int(&j, "figures_unchanged", (int64_t)f->same);
    }
    json_end_obj(&j);
    out_char(&o, '\n');
    out_finish(&o, NULL);
}

/* One file or folder inside the transaction that holds them all. */
static bool import_one(
        struct import_run *r, struct db *db, const char *path,
        const struct wire_sink *sink, struct err *err)
{
    const char *as = cmd_value(r->call, "as");
    const struct inv_take_options options = {
            .site = cmd_value(r->call, "site"),
            .actor = acc_cli_actor(),
            .file = base_name(path),
            .format = as ? as : "auto"};
    struct inv_counts counts = {0};
    struct figures before = figures_of(r), n;
    const char *format = NULL;
    bool ok;

    r->db = db;
    if (!inv_take_begin(db, &options, &r->take, err))
        return false;
    ok = imp_read(path, as, sink, &format, err) &&
         (!r->grid || en_grid_take_settle(r->grid, err));
    if (!ok) {
        struct err ignored = {0};

        /* The first error is the one to tell; undoing cannot fail further. */
        inv_take_end(r->take, false, &counts, &ignored);
    } else {
        ok = inv_take_end(r->take, true, &counts, err);
    }
    r->take = NULL;
    if (r->tty && r->rows >= TICK_ROWS)
        fputs("\r\033[K", stderr);
    if (ok) {
        n = figures_of(r);
        n = (struct figures){
                n.added - before.added, n.changed - before.changed,
                n.same - before.same};
        print_counts(r->call, base_name(path), &counts, &n);
    }
    return ok;
}

static int
finish(struct import_run *r, struct db *db, bool read_all, struct err *err)
{
    bool keep = read_all && (r->rejected == 0 || r->keep_going);

    if (keep) {
        if (!figures_end(r, true, err)) {
            db_rollback(db);
            return CMD_ERR;
        }
        if (!db_commit(db, err))
            return CMD_ERR;
        return r->rejected ? CMD_REFUSED : CMD_DONE;
    }
    figures_end(r, false, &(struct err){0});
    db_rollback(db);
    if (!read_all)
        return CMD_ERR;
    err_set(err, ERR_INVALID,
            "%llu rows refused, nothing imported; mend them, or --keep-going"
            " takes the others",
            (unsigned long long)r->rejected);
    return CMD_ERR;
}

static int
import_all(struct import_run *r, const struct wire_sink *sink, struct err *err)
{
    struct cmd_call *c = r->call;
    struct db *db = NULL;
    bool ok = true;
    int status;

    /* A mistyped name must not leave an empty database behind. */
    for (int i = 0; i < c->argc; i++)
        if (strcmp(c->argv[i], "-") != 0 &&
            file_kind(c->argv[i]) == FILE_NONE) {
            err_set(err, ERR_NOT_FOUND, "no file or folder '%s'", c->argv[i]);
            return CMD_ERR;
        }
    if (!db_open(c->db_path, DB_CREATE, &db, err))
        return CMD_ERR;
    if (!db_begin(db, err)) {
        db_close(db);
        return CMD_ERR;
    }
    for (int i = 0; ok && i < c->argc; i++)
        ok = import_one(r, db, c->argv[i], sink, err);
    status = finish(r, db, ok, err);
    db_close(db);
    return status;
}

/* Prints its JSON at every status but 2 (DESIGN section 4). */
static int
dry_run_all(struct import_run *r, const struct wire_sink *sink, struct err *err)
{
    const struct cmd_call *c = r->call;
    const char *as = cmd_value(c, "as"), *format = NULL;
    struct out out;
    bool ok = true;

    out_to_file(&out, stdout);
    r->dry = dry_run_begin(&out, c->json);
    for (int i = 0; ok && i < c->argc; i++)
        ok = imp_read(c->argv[i], as, sink, &format, err);
    if (!ok && err->code == ERR_USAGE) {
        dry_run_drop(r->dry);
        return CMD_ERR;
    }
    dry_run_end(r->dry, format, ok ? NULL : err);
    if (!out_finish(&out, ok ? err : NULL))
        return CMD_ERR;
    if (!ok)
        return CMD_ERR;
    return r->rejected ? CMD_REFUSED : CMD_DONE;
}

static bool open_rejects(struct import_run *r, struct err *err)
{
    const char *path = cmd_value(r->call, "rejects");
    static const char *const head[] = {"file",  "line",   "column",
                                       "value", "reason", "row"};

    if (!path)
        return true;
    r->rejects_file = fopen(path, "w");
    if (!r->rejects_file)
        return err_set(err, ERR_IO, "cannot write '%s'", path);
    out_to_file(&r->rejects, r->rejects_file);
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        csv_cell(&r->rejects, head[i], i == 0);
    csv_end_row(&r->rejects);
    return true;
}

static int run_import(struct cmd_call *c, struct err *err)
{
    struct import_run r = {
            .call = c,
            .keep_going = cmd_flag(c, "keep-going"),
            .tty = isatty(STDERR_FILENO)};
    const struct wire_sink sink = {
            .ctx = &r,
            .machine = on_machine,
            .site = on_site,
            .reject = on_reject,
            .warn = on_warn,
            .factor = on_factor,
            .grid = on_grid};
    const char *as = cmd_value(c, "as");
    int status;

    if (as && !imp_by_name(as)) {
        for (size_t i = 0; imp_formats[i]->name; i++)
            fprintf(stderr, "  %-20s %s\n", imp_formats[i]->name,
                    imp_formats[i]->what);
        err_set(err, ERR_USAGE, "no format '%s'; those above are known", as);
        return CMD_ERR;
    }
    if (!open_rejects(&r, err))
        return CMD_ERR;
    status = cmd_flag(c, "dry-run") ? dry_run_all(&r, &sink, err)
                                    : import_all(&r, &sink, err);
    if (r.rejects_file) {
        struct err late = {0};

        if ((!out_finish(&r.rejects, &late) || fclose(r.rejects_file) != 0) &&
            status != CMD_ERR) {
            err_set(err, ERR_IO, "cannot finish '%s'", cmd_value(c, "rejects"));
            status = CMD_ERR;
        }
    }
    return status;
}

static const struct cmd_opt import_opts[] = {
        {"as", 0, "FORMAT", "do not guess the format; --as help lists them"},
        {"site", 0, "NAME", "site of rows that name none"},
        {"dry-run", 'n', NULL, "show what would be read, change nothing"},
        {"keep-going", 'k', NULL, "take the good rows, refuse the others"},
        {"rejects", 0, "FILE", "write refused rows to FILE, as CSV"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_import = {
        .noun = "import",
        .group = "Inventory",
        .summary = "Takes inventory files or folders in, all or nothing",
        .args = "FILE...",
        .min_args = 1,
        .max_args = -1,
        .opts = import_opts,
        .examples = "  fleetprint import fleet.csv\n"
                    "  fleetprint import --dry-run --json fleet.csv\n"
                    "  fleetprint import examples/cbp-2025\n"
                    "  fleetprint import --keep-going --rejects bad.csv"
                    " fleet.csv",
        .run = run_import,
};

const struct cmd cmd_grid_import = {
        .noun = "grid",
        .verb = "import",
        .group = "Factors",
        .summary = "Takes files of grid values in, as import does",
        .args = "FILE...",
        .min_args = 1,
        .max_args = -1,
        .opts = import_opts,
        .examples =
                "  fleetprint grid import carbon-intensity-electricity.csv\n"
                "  fleetprint grid import FR_2024_hourly.csv",
        .run = run_import,
};

const struct cmd cmd_factor_import = {
        .noun = "factor",
        .verb = "import",
        .group = "Factors",
        .summary = "Takes files of factors and footprints in, as import does",
        .args = "FILE...",
        .min_args = 1,
        .max_args = -1,
        .opts = import_opts,
        .examples = "  fleetprint factor import boavizta-data-us.csv\n"
                    "  fleetprint factor import Base_Carbone_V23.6.csv",
        .run = run_import,
};
