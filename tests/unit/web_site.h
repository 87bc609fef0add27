/* SPDX-License-Identifier: Apache-2.0
 * A site for tests: a database in a folder of its own, filled through the
 * importers from CSV text, and a server on any free port. */
#ifndef TESTS_UNIT_WEB_SITE_H
#define TESTS_UNIT_WEB_SITE_H

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "http.h"
#include "importers/importers.h"
#include "inventory/inventory.h"
#include "unit.h"
#include "web/web.h"

#define SITE_HEAD                                                              \
    "tag,name,quantity,category,manufacturer,model,status,acquisition,"        \
    "manufactured_on,acquired_on,in_service_on,warranty_end,cpu_count,"        \
    "cpu_cores,ram_modules,power_w\n"

struct site {
    char folder[40];
    struct web *web;
    uint16_t port;
    struct inv_take *take;
};

static struct fac_pack *site_pack;

static inline void site_must(bool ok, const struct err *err)
{
    char text[1100];

    UNIT_CHECK(ok, "%s", err_text(err, text, sizeof text));
    CU_ASSERT_FATAL(ok);
}

static inline const char *site_path(const struct site *s, const char *name)
{
    static _Thread_local char path[120];

    snprintf(path, sizeof path, "%s/%s", s->folder, name);
    return path;
}

static inline bool
site_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    struct site *s = ctx;
    enum inv_change what;

    return inv_take_machine(s->take, m, &what, err);
}

static inline bool
site_place(void *ctx, const struct wire_site *w, struct err *err)
{
    struct site *s = ctx;

    return inv_take_site(s->take, w, err);
}

static inline bool
site_reject(void *ctx, const struct wire_reject *r, struct err *err)
{
    (void)ctx;
    return err_set(
            err, ERR_INVALID, "row %lu: %s '%s': %s", (unsigned long)r->row,
            r->column ? r->column : "", r->value ? r->value : "", r->reason);
}

static inline void site_warn(void *ctx, const char *place, const char *text)
{
    (void)ctx, (void)place, (void)text;
}

/* Imports a file or a folder into the database of that name. */
static inline void
site_import(struct site *s, const char *database, const char *path)
{
    const struct wire_sink sink = {
            .ctx = s,
            .machine = site_machine,
            .site = site_place,
            .reject = site_reject,
            .warn = site_warn};
    struct inv_counts counts;
    struct err err = {0};
    struct db *db = NULL;

    site_must(db_open(site_path(s, database), DB_CREATE, &db, &err), &err);
    site_must(
            inv_take_begin(
                    db,
                    &(struct inv_take_options){
                            .actor = "cli:test",
                            .file = "fleet.csv",
                            .format = "csv"},
                    &s->take, &err),
            &err);
    site_must(imp_read(path, NULL, &sink, NULL, &err), &err);
    site_must(inv_take_end(s->take, true, &counts, &err), &err);
    db_close(db);
}

static inline void
site_import_text(struct site *s, const char *database, const char *rows)
{
    char path[120];
    FILE *f;

    snprintf(path, sizeof path, "%s", site_path(s, "fleet.csv"));
    f = fopen(path, "wb");
    CU_ASSERT_FATAL(f != NULL);
    fputs(SITE_HEAD, f);
    fputs(rows, f);
    CU_ASSERT_FATAL(fclose(f) == 0);
    site_import(s, database, path);
}

static inline void site_folder(struct site *s)
{
    struct err err = {0};
    struct db *db = NULL;

    *s = (struct site){.folder = "/tmp/test_web_XXXXXX"};
    CU_ASSERT_FATAL(mkdtemp(s->folder) != NULL);
    setenv("FLEETPRINT_TODAY", "2026-02-01", 1);
    log_level_set(LOG_ERROR);
    if (!site_pack)
        site_must(fac_pack_load(NULL, &site_pack, &err), &err);
    site_must(db_open(site_path(s, "fleet.db"), DB_CREATE, &db, &err), &err);
    db_close(db);
}

static atomic_bool site_load_fails;

static inline bool
site_load(void *ctx, struct db *db, struct fac_pack **out, struct err *err)
{
    (void)ctx;
    if (atomic_load(&site_load_fails))
        return err_set(err, ERR_IO, "the disk is gone");
    return fac_pack_load(NULL, out, err) && fac_pack_add_db(*out, db, err);
}

static inline void site_serve(struct site *s, unsigned timeout_s)
{
    struct err err = {0};

    site_must(
            web_start(
                    &(struct web_options){
                            .db_path = site_path(s, "fleet.db"),
                            .listen = "127.0.0.1:0",
                            .load = site_load,
                            .timeout_s = timeout_s},
                    &s->web, &err),
            &err);
    s->port = web_port(s->web);
    CU_ASSERT_FATAL(s->port != 0);
}

static inline void site_close(struct site *s)
{
    static const char *const names[] = {"fleet.db", "other.db"};
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[160];

    web_stop(s->web);
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++) {
            snprintf(
                    path, sizeof path, "%s%s", site_path(s, names[i]), ends[j]);
            unlink(path);
        }
    unlink(site_path(s, "fleet.csv"));
    rmdir(s->folder);
}

/* Fetches, checks the status, and leaves the answer to the caller. */
static inline void site_get(
        const struct site *s, const char *target, int status,
        struct http_answer *out)
{
    http_get(s->port, target, out);
    UNIT_CHECK(
            out->status == status, "%s: status %d, want %d", target,
            out->status, status);
    CU_ASSERT_FATAL(out->raw != NULL);
}

static inline bool site_has(const struct http_answer *a, const char *text)
{
    return a->body && strstr(a->body, text) != NULL;
}

/* One machine a row: node-001 ... of 2020, in service, bought new. */
static inline void site_nodes(struct buf *rows, int n)
{
    for (int i = 1; i <= n; i++)
        buf_printf(
                rows,
                "node-%03d,,,server,Dell,PowerEdge R740,in_service,new,2020,"
                "2020-%02d-15,2020,%s,2,32,12x32,200\n",
                i, i % 12 + 1, i % 2 ? "2025-01-15" : "2027-01-15");
}

#endif
