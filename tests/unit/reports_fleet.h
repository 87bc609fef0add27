/* SPDX-License-Identifier: Apache-2.0
 * Small fleets for the tests of reports: CSV text or records taken into a
 * database of their own, and reports made of it. */
#ifndef TESTS_UNIT_REPORTS_FLEET_H
#define TESTS_UNIT_REPORTS_FLEET_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "importers/importers.h"
#include "reports/reports.h"
#include "unit.h"

struct fleet {
    char folder[40];
    struct db *db;
    struct inv_take *take;
};

static struct fac_pack *fleet_pack;

static void fleet_must(bool ok, const struct err *err)
{
    char text[1100];

    UNIT_CHECK(ok, "%s", err_text(err, text, sizeof text));
    CU_ASSERT_FATAL(ok);
}

static const char *fleet_path(const struct fleet *f, const char *name)
{
    static char path[120];

    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    return path;
}

static void fleet_open(struct fleet *f)
{
    struct err err = {0};

    *f = (struct fleet){.folder = "/tmp/test_reports_XXXXXX"};
    CU_ASSERT_FATAL(mkdtemp(f->folder) != NULL);
    if (!fleet_pack)
        fleet_must(fac_pack_load(NULL, &fleet_pack, &err), &err);
    fleet_must(
            db_open(fleet_path(f, "fleet.db"), DB_CREATE, &f->db, &err), &err);
}

static void fleet_close(struct fleet *f)
{
    static const char *const files[] = {
            "fleet.db", "fleet.db-wal", "fleet.db-shm", "fleet.csv",
            "sites.csv"};

    db_close(f->db);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(fleet_path(f, files[i]));
    rmdir(f->folder);
}

static bool
fleet_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    struct fleet *f = ctx;
    enum inv_change what;

    return inv_take_machine(f->take, m, &what, err);
}

static bool fleet_site(void *ctx, const struct wire_site *s, struct err *err)
{
    struct fleet *f = ctx;

    return inv_take_site(f->take, s, err);
}

static bool
fleet_reject(void *ctx, const struct wire_reject *r, struct err *err)
{
    (void)ctx;
    return err_set(
            err, ERR_INVALID, "row %lu: %s '%s': %s", (unsigned long)r->row,
            r->column ? r->column : "", r->value ? r->value : "", r->reason);
}

static void fleet_warn(void *ctx, const char *place, const char *text)
{
    (void)ctx;
    (void)place;
    (void)text;
}

static void fleet_begin(struct fleet *f)
{
    struct err err = {0};

    fleet_must(
            inv_take_begin(
                    f->db,
                    &(struct inv_take_options){
                            .actor = "cli:test",
                            .file = "fleet.csv",
                            .format = "csv"},
                    &f->take, &err),
            &err);
}

static void fleet_end(struct fleet *f)
{
    struct inv_counts counts;
    struct err err = {0};

    fleet_must(inv_take_end(f->take, true, &counts, &err), &err);
}

/* name is "fleet.csv" or "sites.csv", which decides what the rows are. */
static void fleet_csv(struct fleet *f, const char *name, const char *text)
{
    struct wire_sink sink = {
            .ctx = f,
            .machine = fleet_machine,
            .site = fleet_site,
            .reject = fleet_reject,
            .warn = fleet_warn};
    FILE *file = fopen(fleet_path(f, name), "wb");
    struct err err = {0};

    CU_ASSERT_FATAL(file != NULL);
    fputs(text, file);
    fclose(file);
    fleet_begin(f);
    fleet_must(imp_read(fleet_path(f, name), "csv", &sink, NULL, &err), &err);
    fleet_end(f);
}

static struct rep_options fleet_options(int year, struct date today)
{
    return (struct rep_options){
            .year = year, .rule = CALC_RESIDUAL_SL, .today = today};
}

static struct rep_year *
fleet_year(const struct fleet *f, const struct rep_options *o)
{
    struct rep_year *y = NULL;
    struct err err = {0};

    fleet_must(rep_year_make(f->db, fleet_pack, o, &y, &err), &err);
    UNIT_CHECK(y->identities_hold, "identities of %d", o->year);
    return y;
}

#endif
