/* SPDX-License-Identifier: Apache-2.0
 * A fresh database and short ways to take records in, for tests. */
#ifndef TESTS_LIB_INVENTORY_WORLD_H
#define TESTS_LIB_INVENTORY_WORLD_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inventory/inventory.h"
#include "unit.h"

static char world_folder[64];
static int world_count;

static inline void world_clean(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[128];

    for (int i = 0; i < world_count; i++)
        for (int k = 0; k < 3; k++) {
            snprintf(path, sizeof path, "%s/%d.db%s", world_folder, i, ends[k]);
            unlink(path);
        }
    rmdir(world_folder);
}

static inline struct db *world_open(void)
{
    char path[128];
    struct db *db = NULL;
    struct err err = {0};

    if (!world_folder[0]) {
        snprintf(world_folder, sizeof world_folder, "/tmp/fp-inv-XXXXXX");
        if (!mkdtemp(world_folder))
            return NULL;
        atexit(world_clean);
    }
    setenv("FLEETPRINT_TODAY", "2025-06-15", 1);
    snprintf(path, sizeof path, "%s/%d.db", world_folder, world_count++);
    UNIT_CHECK(db_open(path, DB_CREATE, &db, &err), "%s", err.msg);
    return db;
}

static inline struct wire_part
world_part(enum calc_kind kind, uint32_t units, const char *model, double size)
{
    return (struct wire_part){
            .kind = kind,
            .model = model,
            .units = units,
            .capacity = size,
            .cores = -1,
            .die_mm2 = NAN,
            .mass_kg = NAN};
}

static inline struct wire_machine world_machine(const char *tag)
{
    return (struct wire_machine){
            .tag = tag,
            .units = 1,
            .has_category = true,
            .category = CALC_SERVER,
            .chassis = CALC_CHASSIS_UNKNOWN,
            .acquisition = CALC_ACQUISITION_UNKNOWN,
            .is_virtual = -1,
            .price_eur = NAN,
            .mass_kg = NAN,
            .power_w = NAN,
            .idle_w = NAN,
            .max_w = NAN,
            .energy_kwh_year = NAN,
            .fabrication_kg = NAN,
            .cpu_count = -1,
            .cpu_cores = -1};
}

static inline struct inv_take *world_begin(struct db *db, const char *site)
{
    struct inv_take *t = NULL;
    struct err err = {0};
    struct inv_take_options o = {
            .site = site,
            .actor = "cli:test",
            .file = "/x/f.csv",
            .format = "csv"};

    UNIT_CHECK(inv_take_begin(db, &o, &t, &err), "begin: %s", err.msg);
    return t;
}

static inline struct inv_counts world_end(struct inv_take *t, bool keep)
{
    struct inv_counts c = {0};
    struct err err = {0};

    UNIT_CHECK(inv_take_end(t, keep, &c, &err), "end: %s", err.msg);
    return c;
}

/* Takes records in one import of their own. */
static inline struct inv_counts
world_take(struct db *db, const struct wire_machine *m, size_t n)
{
    struct inv_take *t = world_begin(db, NULL);
    enum inv_change what;

    for (size_t i = 0; i < n; i++) {
        struct err err = {0};

        UNIT_CHECK(
                inv_take_machine(t, &m[i], &what, &err), "%s: %s",
                m[i].tag ? m[i].tag : "-", err.msg);
    }
    return world_end(t, true);
}

/* The first value of a query as text, "NULL" or "none"; of our own tables. */
static inline const char *world_ask(struct db *db, const char *text)
{
    static char answer[4][300];
    static struct sql asked[500]; /* statements are kept by their address */
    static int turn;
    struct sql *sql = &asked[turn % 500];
    char *out = answer[turn++ % 4];
    struct err err = {0};
    struct stmt *q;
    bool row = false;

    sql->name = "ask";
    sql->text = text;
    q = db_stmt(db, sql, &err);
    UNIT_CHECK(q && stmt_step(q, &row, &err), "%s: %s", text, err.msg);
    snprintf(
            out, 300, "%s",
            !row                 ? "none"
            : stmt_is_null(q, 0) ? "NULL"
                                 : stmt_col_text(q, 0));
    stmt_reset(q);
    return out;
}

/* Checks that a query answers a text. */
static inline void
world_is(struct db *db, const char *sql, const char *want, int line)
{
    const char *got = world_ask(db, sql);

    unit_check(
            strcmp(got, want) == 0, __FILE__, line, "%s: got '%s', want '%s'",
            sql, got, want);
}
#define WORLD_IS(db, sql, want) world_is(db, sql, want, __LINE__)

#endif
