/* SPDX-License-Identifier: Apache-2.0
 * A year of hourly energy for each machine and a year of the grid's hours, put
 * into a database that was imported: what the hourly report reads. */
#include "bench.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "energy/ledger.h"

enum { YEAR = 2025, MONTHS = 12, HOUR_S = 3600, UJ_PER_J = 1000000 };

static const struct sql add_source = {
        "add_source",
        "INSERT INTO feed_source (kind, name, machine_id, created_at) "
        "SELECT 'node', tag, id, 0 FROM machine"};
/* One sender after the other, as they come to be known. */
static const struct sql add_outlets = {
        "add_outlets",
        "INSERT INTO meter (source_id, key, scope, kind, unit) "
        "SELECT id, 'outlet', 'outlet', 'counter', 'J' FROM feed_source "
        "ORDER BY id"};
static const struct sql add_inside = {
        "add_inside",
        "INSERT INTO meter (source_id, key, scope, kind, unit) "
        "SELECT s.id, v.column1, v.column2, 'counter', 'J' FROM feed_source s, "
        "(VALUES ('package-0', 'package'), ('package-1', 'package'), "
        "('dram-0', 'dram'), ('dram-1', 'dram'), ('gpu-0', 'gpu')) v "
        "ORDER BY s.id"};
/* All cards of a node must read, else its counters are not used. */
static const struct sql one_card = {
        "one_card", "UPDATE part SET units = 1 WHERE spec_id IN "
                    "(SELECT id FROM part_spec WHERE kind = 'gpu')"};
static const struct sql meters = {"meters", "SELECT max(id) FROM meter"};
static const struct sql add_month = {
        "add_month",
        "INSERT INTO energy_month (meter_id, month, sum_uj, covered_s, hours) "
        "VALUES (?, ?, ?, ?, ?)"};
static const struct sql add_set = {
        "add_set",
        "INSERT INTO user_set (id, version, title, licence, source, taken_at) "
        "VALUES ('bench', '1', 'bench', 'none', 'bench', 0)"};
static const struct sql add_series = {
        "add_series",
        "INSERT INTO grid_series (zone, kind, set_id, basis, source, licence) "
        "VALUES ('FRA', 'life_cycle', 'bench', 'consumption', 'x', 'x')"};
static const struct sql add_hour = {
        "add_hour", "INSERT INTO grid_hour VALUES "
                    "((SELECT max(id) FROM grid_series), ?, ?, 4095, 3600, 0, "
                    "'1')"};

static struct err err;

static void must(bool ok)
{
    char text[600];

    if (ok)
        return;
    fprintf(stderr, "bench: %s\n", err_text(&err, text, sizeof text));
    exit(1);
}

static struct stmt *ready(struct db *db, const struct sql *sql)
{
    struct stmt *q = db_stmt(db, sql, &err);

    must(q != NULL);
    return q;
}

/* 2 % noise around a load of its own, by a fixed sequence. */
static int64_t joules(uint64_t *state, int base_w)
{
    double noise;

    *state = *state * 6364136223846793005u + 1442695040888963407u;
    noise = (double)(*state >> 40) / (1 << 24) - 0.5;
    return (int64_t)(base_w * HOUR_S * (1 + 0.04 * noise));
}

static void
month_put(struct db *db, int64_t meter, int k, uint64_t *state, struct buf *b)
{
    int from = date_days((struct date){YEAR, (uint8_t)(k + 1), 1});
    int to = k + 1 < MONTHS
                     ? date_days((struct date){YEAR, (uint8_t)(k + 2), 1})
                     : date_days((struct date){YEAR + 1, 1, 1});
    struct stmt *q = ready(db, &add_month);
    static struct en_month m;

    m = (struct en_month){.month = YEAR * 12 + k, .n_hours = (to - from) * 24};
    for (int i = 0; i < m.n_hours; i++) {
        m.joules[i] = joules(state, 80 + (int)(meter % 300));
        m.covered[i] = HOUR_S;
        m.sum_uj += m.joules[i] * UJ_PER_J;
        m.covered_s += HOUR_S;
    }
    buf_reset(b);
    en_month_pack(&m, b);
    stmt_int_at(q, 1, meter);
    stmt_int_at(q, 2, m.month);
    stmt_int_at(q, 3, m.sum_uj);
    stmt_int_at(q, 4, m.covered_s);
    stmt_blob_at(q, 5, b->p, b->len);
    must(stmt_run(q, &err));
}

static void grid_put(struct db *db)
{
    int64_t from = (int64_t)date_days((struct date){YEAR, 1, 1}) * 24;
    uint64_t state = 7;

    must(stmt_run(ready(db, &add_set), &err));
    must(stmt_run(ready(db, &add_series), &err));
    for (int64_t h = from - 240; h < from + 8760 + 240; h++) {
        struct stmt *q = ready(db, &add_hour);

        stmt_int_at(q, 1, h);
        stmt_num_at(q, 2, (double)joules(&state, 30) / HOUR_S);
        must(stmt_run(q, &err));
    }
}

uint64_t gen_hours(const char *db_path, bool inside)
{
    struct db *db = NULL;
    uint64_t state = 1;
    struct stmt *q;
    struct buf b;
    int64_t n;
    bool row;

    must(db_open(db_path, DB_WRITE, &db, &err));
    must(db_begin(db, &err));
    must(stmt_run(ready(db, &add_source), &err));
    must(stmt_run(ready(db, inside ? &add_inside : &add_outlets), &err));
    if (inside)
        must(stmt_run(ready(db, &one_card), &err));
    q = ready(db, &meters);
    must(stmt_step(q, &row, &err));
    n = stmt_col_int(q, 0);
    stmt_reset(q);
    buf_init(&b, 64 * 1024);
    for (int64_t meter = 1; meter <= n; meter++)
        for (int k = 0; k < MONTHS; k++)
            month_put(db, meter, k, &state, &b);
    grid_put(db);
    must(db_commit(db, &err));
    buf_clear(&b);
    db_close(db);
    return (uint64_t)n;
}
