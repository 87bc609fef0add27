/* SPDX-License-Identifier: Apache-2.0
 * import: files and folders into the database, all or nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/access.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/import_run.h"

enum { MAX_OUTLETS = 1024 * 1024 /* bytes of --outlets FILE */ };

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
    if (r->energy) {
        const struct en_file_counts *e = en_file_take_counts(r->energy);

        n.added += e->added;
        n.same += e->same;
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
    if (r->energy)
        ok = en_file_take_end(
                     r->energy, keep && ok, NULL, ok ? err : &ignored) &&
             ok;
    r->factors = NULL;
    r->grid = NULL;
    r->energy = NULL;
    return ok;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!strcmp(path, "-"))
        return "standard input";
    return slash && slash[1] ? slash + 1 : path;
}

/* ---- what came of it ----------------------------------------------------- */

static struct inv_counts
less(const struct inv_counts *a, const struct inv_counts *b)
{
    return (struct inv_counts){
            .added = a->added - b->added,
            .changed = a->changed - b->changed,
            .same = a->same - b->same,
            .rejected = a->rejected - b->rejected,
            .sites = a->sites - b->sites,
            .differences = a->differences - b->differences};
}

static void print_counts(
        const char *file, const struct inv_counts *n, const struct figures *f)
{
    bool figures = f->added || f->changed || f->same;

    if (figures)
        fprintf(stderr,
                "%s: %llu figures added, %llu changed, %llu unchanged\n", file,
                (unsigned long long)f->added, (unsigned long long)f->changed,
                (unsigned long long)f->same);
    if (figures && !n->added && !n->changed && !n->same && !n->rejected)
        return;
    fprintf(stderr,
            "%s: %llu added, %llu changed, %llu unchanged, %llu refused\n",
            file, (unsigned long long)n->added, (unsigned long long)n->changed,
            (unsigned long long)n->same, (unsigned long long)n->rejected);
}

struct done {
    int64_t import_id;
    struct inv_counts counts;
    struct figures figures;
};

static void print_json(const struct cmd_call *c, const struct done *d)
{
    const struct inv_counts *n = &d->counts;
    const struct figures *f = &d->figures;
    struct cmd_answer answer;
    struct json_out *j = &answer.json;

    cmd_object_begin(&answer, false);
    json_str(j, "file", base_name(c->argv[0]));
    json_int(j, "files", c->argc);
    json_int(j, "import", d->import_id);
    json_int(j, "added", (int64_t)n->added);
    json_int(j, "changed", (int64_t)n->changed);
    json_int(j, "unchanged", (int64_t)n->same);
    json_int(j, "rejected", (int64_t)n->rejected);
    json_int(j, "sites", (int64_t)n->sites);
    json_int(j, "differences", (int64_t)n->differences);
    if (f->added || f->changed || f->same) {
        json_int(j, "figures_added", (int64_t)f->added);
        json_int(j, "figures_changed", (int64_t)f->changed);
        json_int(j, "figures_unchanged", (int64_t)f->same);
    }
    cmd_object_end(&answer, NULL);
}

static void print_next(const struct done *d)
{
    if (d->counts.differences)
        fprintf(stderr,
                "%llu value%s differ%s from what people typed: 'fleetprint "
                "machine differences' lists what waits\n",
                (unsigned long long)d->counts.differences,
                d->counts.differences > 1 ? "s" : "",
                d->counts.differences > 1 ? "" : "s");
    if (d->counts.added || d->counts.changed)
        fprintf(stderr, "import %lld; 'fleetprint import undo' takes it back\n",
                (long long)d->import_id);
}

/* ---- the import ---------------------------------------------------------- */

/* One file or folder. With --keep-going a file that is no good is refused
 * alone, as one of a folder is. */
static bool read_one(
        struct import_run *r, const char *path, const struct wire_sink *sink,
        const char **format, struct err *err)
{
    bool ok = imp_read_with(path, &r->options, sink, format, err) &&
              (!r->grid || en_grid_take_settle(r->grid, err));
    struct err why;

    import_quiet(r);
    r->files_read += ok ? 1 : 0;
    if (ok || !r->keep_going || r->call->argc < 2 ||
        (err->code != ERR_INVALID && err->code != ERR_LIMIT))
        return ok;
    why = *err;
    return import_refuse_file(r, base_name(path), &why, err);
}

/* The same inside the import that holds them all. */
static bool import_one(
        struct import_run *r, const char *path, const struct wire_sink *sink,
        struct err *err)
{
    struct inv_counts before, after;
    struct figures f = figures_of(r), g;

    inv_take_counts(r->take, &before);
    if (!read_one(r, path, sink, NULL, err))
        return false;
    inv_take_counts(r->take, &after);
    after = less(&after, &before);
    g = figures_of(r);
    g = (struct figures){
            g.added - f.added, g.changed - f.changed, g.same - f.same};
    if (!r->call->json)
        print_counts(base_name(path), &after, &g);
    return true;
}

/* Nothing could be read: that is no success with some rows refused. */
static bool any_read(const struct import_run *r, struct err *err)
{
    return r->files_read > 0 ||
           err_set(err, ERR_INVALID, "none of the %d files could be read",
                   r->call->argc);
}

/* One import for all files of the command: two nodes that carry one serial are
 * told apart by their names, whatever files they stand in. */
static bool begin(struct import_run *r, struct err *err)
{
    const struct cmd_call *c = r->call;
    struct inv_take_options options = {
            .site = cmd_value(c, "site"),
            .actor = acc_cli_actor(),
            .joined = en_machine_joined,
            .format = cmd_value(c, "as")};
    char *file;
    struct buf b;
    bool ok;

    buf_init(&b, 600);
    buf_printf(&b, "%.400s", base_name(c->argv[0]));
    if (c->argc > 1)
        buf_printf(&b, " and %d more", c->argc - 1);
    file = buf_take(&b);
    options.file = file;
    ok = inv_take_begin(r->db, &options, &r->take, err);
    free(file);
    return ok;
}

static int
finish(struct import_run *r, bool read_all, struct done *d, struct err *err)
{
    bool keep = read_all && (r->rejected == 0 || r->keep_going);
    struct err ignored = {0}; /* the first error is the one to tell */

    d->import_id = inv_take_id(r->take);
    d->figures = figures_of(r);
    inv_take_counts(r->take, &d->counts);
    if (keep) {
        if (!figures_end(r, true, err)) {
            inv_take_end(r->take, false, NULL, &ignored);
            return CMD_ERR;
        }
        if (!inv_take_end(r->take, true, NULL, err))
            return CMD_ERR;
        return r->rejected ? CMD_REFUSED : CMD_DONE;
    }
    figures_end(r, false, &ignored);
    inv_take_end(r->take, false, NULL, &ignored);
    if (read_all)
        err_set(err, ERR_INVALID,
                "%llu rows refused, nothing imported; mend them, or "
                "--keep-going takes the others",
                (unsigned long long)r->rejected);
    return CMD_ERR;
}

static int
import_all(struct import_run *r, const struct wire_sink *sink, struct err *err)
{
    struct cmd_call *c = r->call;
    struct done d = {0};
    bool ok = true, energy;
    int status = CMD_ERR;

    /* A mistyped name must not leave an empty database behind. */
    for (int i = 0; i < c->argc; i++)
        if (strcmp(c->argv[i], "-") != 0 &&
            file_kind(c->argv[i]) == FILE_NONE) {
            err_set(err, ERR_NOT_FOUND, "no file or folder '%s'", c->argv[i]);
            return CMD_ERR;
        }
    if (!db_open(c->db_path, DB_CREATE, &r->db, err))
        return CMD_ERR;
    if (!begin(r, err))
        goto done;
    for (int i = 0; ok && i < c->argc; i++)
        ok = import_one(r, c->argv[i], sink, err);
    ok = ok && any_read(r, err);
    energy = r->energy != NULL;
    status = finish(r, ok, &d, err);
    r->take = NULL;
    if (energy && status != CMD_ERR && !cmd_fold(r->db, err))
        status = CMD_ERR;
    if (status != CMD_ERR && c->json)
        print_json(c, &d);
    else if (status != CMD_ERR)
        print_next(&d);
done:
    db_close(r->db);
    return status;
}

/* Prints its JSON at every status but 2 (DESIGN section 4). */
static int
dry_run_all(struct import_run *r, const struct wire_sink *sink, struct err *err)
{
    const struct cmd_call *c = r->call;
    const char *format = NULL;
    struct out out;
    bool ok = true;

    out_to_file(&out, stdout);
    r->dry = dry_run_begin(&out, c->json);
    for (int i = 0; ok && i < c->argc; i++)
        ok = read_one(r, c->argv[i], sink, &format, err);
    ok = ok && any_read(r, err);
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

/* What the command says of energy files. */
static bool energy_options(struct import_run *r, struct err *err)
{
    const char *outlets = cmd_value(r->call, "outlets");

    r->ask.timezone = cmd_value(r->call, "timezone");
    r->ask.columns = cmd_value(r->call, "columns");
    buf_init(&r->outlets, MAX_OUTLETS);
    return !outlets || file_read(outlets, MAX_OUTLETS, &r->outlets, err);
}

static int run_import(struct cmd_call *c, struct err *err)
{
    struct import_run r = {
            .call = c,
            .keep_going = cmd_flag(c, "keep-going"),
            .percent = -1,
            .tty = isatty(STDERR_FILENO)};
    const struct wire_sink sink = import_sink(&r);
    const char *as = cmd_value(c, "as");
    struct err late = {0};
    int status = CMD_ERR;

    if (as && !imp_by_name(as)) {
        for (size_t i = 0; imp_formats[i]->name; i++)
            fprintf(stderr, "  %-20s %s\n", imp_formats[i]->name,
                    imp_formats[i]->what);
        err_set(err, ERR_USAGE, "no format '%s'; those above are known", as);
        return CMD_ERR;
    }
    if (cmd_flag(c, "guess"))
        return import_guess(c, err);
    r.options.as = as;
    if (import_map_option(&r, err) && energy_options(&r, err) &&
        (!cmd_value(c, "rejects") ||
         rejects_open(cmd_value(c, "rejects"), &r.rejects, err)))
        status = cmd_flag(c, "dry-run") ? dry_run_all(&r, &sink, err)
                                        : import_all(&r, &sink, err);
    if (!rejects_close(r.rejects, &late) && status != CMD_ERR) {
        *err = late;
        status = CMD_ERR;
    }
    imp_map_free(r.map);
    buf_clear(&r.outlets);
    return status;
}

static const struct cmd_opt import_opts[] = {
        {"as", 0, "FORMAT", "do not guess the format; --as help lists them"},
        {"site", 0, "NAME", "site of rows that name none; one of 'site list'"},
        {"dry-run", 'n', NULL, "show what would be read, change nothing"},
        {"keep-going", 'k', NULL, "take the good rows, refuse the others"},
        {"rejects", 0, "FILE",
         "write refused rows to FILE, to mend and import again"},
        {"map", 0, "MAP", "read CSV columns by this map: a name or a file"},
        {"guess", 0, NULL, "propose a map for one CSV file, import nothing"},
        {"save-map", 0, "NAME", "keep the map under this name"},
        {"machine", 0, "TAG", "of energy files that name no machine"},
        {"timezone", 0, "ZONE", "of energy files whose times name none"},
        {"outlets", 0, "FILE", "of PDUs: lines OUTLET = TAG, TAG"},
        {"columns", 0, "LIST", "of PDU files: date=TITLE,w=TITLE,outlet=TITLE"},
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
                    "  fleetprint import examples/cbp-2025 hosts/*.xml.gz\n"
                    "  lshw -xml | fleetprint import -\n"
                    "  fleetprint import --keep-going --rejects bad.csv"
                    " fleet.csv\n"
                    "  fleetprint import --guess --save-map lab list.csv\n"
                    "  fleetprint import --map lab list.csv",
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

const struct cmd cmd_energy_import = {
        .noun = "energy",
        .verb = "import",
        .group = "Energy",
        .summary = "Takes files of measured energy in, as import does",
        .args = "FILE...",
        .min_args = 1,
        .max_args = -1,
        .opts = import_opts,
        .examples =
                "  fleetprint energy import --machine SRV-007 --timezone"
                " Europe/Paris emissions.csv\n"
                "  sacct -a -P -S 2026-01-01 -o JobIDRaw,NodeList,Start,End,"
                "ConsumedEnergyRaw | fleetprint energy import -\n"
                "  fleetprint energy import --outlets outlets.txt"
                " pdu-log.csv",
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
