/* SPDX-License-Identifier: Apache-2.0
 * report year, report fleet, report machine, machine show: documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "cli/cli.h"
#include "reports/reports.h"

enum { TICK_LINES = 20000 };

static const struct cmd_opt report_opts[] = {
        {"format", 'f', "FORMAT",
         "text, html, json, csv or xml; default from"
         " the name of -o, else text"},
        {"output", 'o', "FILE", "write to FILE, whole or not at all"},
        {"rule", 0, "RULE",
         "allocation of used equipment, default"
         " RESIDUAL_SL"},
        {"machines", 'm', NULL, "add one entry per machine"},
        {"lang", 0, "LANG", "en or fr, for text and html"},
        {NULL, 0, NULL, NULL},
};

/* What to write and where, from the options. */
struct target {
    enum rep_format format;
    const char *path, *language;
    bool machines;
};

static bool format_of_name(const char *path, enum rep_format *out)
{
    const char *dot = path ? strrchr(path, '.') : NULL;

    return dot && rep_format_from(dot + 1, out);
}

static bool
target_of(const struct cmd_call *c, struct target *t, struct err *err)
{
    const char *format = cmd_value(c, "format");

    *t = (struct target){
            .format = REP_TEXT,
            .path = cmd_value(c, "output"),
            .language = cmd_value(c, "lang"),
            .machines = cmd_flag(c, "machines")};
    if (t->path && !strcmp(t->path, "-"))
        t->path = NULL;
    if (!t->language)
        t->language = "en";
    if (strcmp(t->language, "en") != 0 && strcmp(t->language, "fr") != 0)
        return err_set(
                err, ERR_USAGE, "language '%s' is neither en nor fr",
                t->language);
    if (format && !rep_format_from(format, &t->format))
        return err_set(
                err, ERR_USAGE, "no format '%s': text, html, json, csv or xml",
                format);
    if (!format && c->json)
        t->format = REP_JSON;
    else if (!format && !format_of_name(t->path, &t->format))
        t->format = REP_TEXT;
    return true;
}

static void tick(void *ctx, uint64_t lines)
{
    (void)ctx;
    fprintf(stderr, "\r%llu lines read", (unsigned long long)lines);
}

static bool options_of(
        const struct cmd_call *c, const char *year, struct rep_options *o,
        struct err *err)
{
    const char *rule = cmd_value(c, "rule");
    int64_t y = 0;

    *o = (struct rep_options){.rule = CALC_RESIDUAL_SL};
    if (rule && !calc_rule_from(rule, &o->rule))
        return err_set(
                err, ERR_USAGE,
                "no rule '%s': GROSS, CUTOFF, HALF, RESIDUAL_SL, ACTUAL_LIFE,"
                " ECON_PRICE, ECON_DB, PHYS or CFF",
                rule);
    if (year && !num_parse_int(year, strlen(year), 1990, 2200, &y, err)) {
        err->code = ERR_USAGE;
        err_in(err, "year '%s'", year);
        return false;
    }
    o->year = (int)y;
    o->progress = isatty(STDERR_FILENO);
    o->tick = tick;
    return date_today(&o->today, err);
}

typedef bool write_fn(
        void *document, const struct rep_writing *w, struct out *out,
        struct err *err);

static bool write_year(
        void *document, const struct rep_writing *w, struct out *out,
        struct err *err)
{
    return rep_year_write(document, w, out, err);
}

static bool write_machine(
        void *document, const struct rep_writing *w, struct out *out,
        struct err *err)
{
    return rep_machine_write(document, w, out, err);
}

/* To standard output, or to a file that appears whole or not at all. */
static bool write_to(
        const struct target *t, write_fn *write, void *document,
        const struct rep_writing *w, struct err *err)
{
    struct file_out file = {0};
    struct out out;
    bool ok;

    if (t->path && !file_out_open(&file, t->path, err))
        return false;
    out_to_file(&out, t->path ? file.file : stdout);
    ok = write(document, w, &out, err);
    if (ok)
        ok = out_finish(&out, err);
    if (ok && t->path)
        ok = file_out_commit(&file, err);
    file_out_clear(&file);
    if (ok && t->path)
        fprintf(stderr, "wrote %s\n", t->path);
    return ok;
}

static int
run_year_or_fleet(struct cmd_call *c, const char *year, struct err *err)
{
    struct rep_writing w = {0};
    struct fac_pack *pack = NULL;
    struct rep_options o = {0};
    struct rep_year *y = NULL;
    struct db *db = NULL;
    struct target t;
    int status = CMD_ERR;

    if (!target_of(c, &t, err) || !options_of(c, year, &o, err))
        return CMD_ERR;
    if (!cmd_db(c, DB_READ, &db, err) || !cmd_pack_db(c, db, &pack, err))
        goto done;
    if (!db_begin_read(db, err) || !rep_year_make(db, pack, &o, &y, err))
        goto done;
    w = (struct rep_writing){
            .format = t.format,
            .language = t.language,
            .db = t.machines ? db : NULL,
            .pack = pack,
            .options = &o};
    if (write_to(&t, write_year, y, &w, err))
        status = CMD_DONE;
done:
    rep_year_free(y);
    if (db)
        db_end_read(db);
    db_close(db);
    fac_pack_free(pack);
    return status;
}

static int run_year(struct cmd_call *c, struct err *err)
{
    return run_year_or_fleet(c, c->argv[0], err);
}

const struct cmd cmd_report_year = {
        .noun = "report",
        .verb = "year",
        .group = "Reports",
        .summary = "The yearly carbon report",
        .args = "YEAR",
        .min_args = 1,
        .max_args = 1,
        .opts = report_opts,
        .examples = "  fleetprint report year 2025\n"
                    "  fleetprint report year 2025 -o report-2025.html\n"
                    "  fleetprint report year 2025 --format json --machines",
        .run = run_year,
};

static int run_fleet(struct cmd_call *c, struct err *err)
{
    return run_year_or_fleet(c, NULL, err);
}

const struct cmd cmd_report_fleet = {
        .noun = "report",
        .verb = "fleet",
        .group = "Reports",
        .summary = "The same document for the fleet as of today",
        .opts = report_opts,
        .examples = "  fleetprint report fleet --format html -o fleet.html",
        .run = run_fleet,
};

static int run_machine(struct cmd_call *c, struct err *err)
{
    struct rep_writing w = {0};
    struct rep_machine *m = NULL;
    struct fac_pack *pack = NULL;
    struct rep_options o = {0};
    struct db *db = NULL;
    struct target t;
    int status = CMD_ERR;

    if (!target_of(c, &t, err) || !options_of(c, NULL, &o, err))
        return CMD_ERR;
    if (!cmd_db(c, DB_READ, &db, err) || !cmd_pack_db(c, db, &pack, err))
        goto done;
    if (!rep_machine_make(db, pack, &o, c->argv[0], &m, err))
        goto done;
    w = (struct rep_writing){
            .format = t.format,
            .language = t.language,
            .pack = pack,
            .options = &o};
    if (write_to(&t, write_machine, m, &w, err))
        status = CMD_DONE;
done:
    rep_machine_free(m);
    db_close(db);
    fac_pack_free(pack);
    return status;
}

const struct cmd cmd_report_machine = {
        .noun = "report",
        .verb = "machine",
        .group = "Reports",
        .summary =
                "One machine: what it cost to make and costs to run, and why",
        .args = "TAG",
        .min_args = 1,
        .max_args = 1,
        .opts = report_opts,
        .examples = "  fleetprint report machine r640-01\n"
                    "  fleetprint report machine r640-01 -o r640-01.html",
        .run = run_machine,
};

const struct cmd cmd_machine_show = {
        .noun = "machine",
        .verb = "show",
        .group = "Inventory",
        .summary = "One machine with its parts and figures",
        .args = "TAG",
        .min_args = 1,
        .max_args = 1,
        .opts = report_opts,
        .examples = "  fleetprint machine show r640-01",
        .run = run_machine,
};
