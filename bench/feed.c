/* SPDX-License-Identifier: Apache-2.0
 * Readings taken in without HTTP, folded, and as bytes: the second program of
 * make bench. The limit of the design stands beside each row. */
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "energy/ledger.h"

enum {
    NODES = 1000,
    METERS = 5,
    INSTANTS = 21, /* of one batch: 105 samples */
    SAMPLES = METERS * INSTANTS,
    PERIOD_S = 10,
    GROUP = 48, /* batches of one commit, as HTTP ingest has them under load */
};
#define T0 (INT64_C(1767225600) * 1000000000) /* 2026-01-01 */

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
say(const char *name, double value, const char *unit, double ratio,
    const char *baseline)
{
    printf("%-26s %12.4g %-12s %8.3g x %s\n", name, value, unit, ratio,
           baseline);
    fflush(stdout);
}

static void must(bool ok, const struct err *err, const char *what)
{
    char text[1100];

    if (ok)
        return;
    fprintf(stderr, "bench: %s: %s\n", what,
            err ? err_text(err, text, sizeof text) : "failed");
    exit(1);
}

static uint64_t state = 1;

static uint64_t draw(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15u); /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Round `round` of a node: the samples of one batch, all meters an instant. */
static void batch_of(uint64_t round, int node, struct wire_sample out[SAMPLES])
{
    for (int i = 0; i < SAMPLES; i++) {
        uint64_t at = round * INSTANTS + (uint64_t)(i / METERS);

        out[i] = (struct wire_sample){
                .seq = round * SAMPLES + (uint64_t)i + 1,
                .t_ns = T0 + (int64_t)at * PERIOD_S * 1000000000 +
                        node * INT64_C(9000001),
                .meter = (uint32_t)(i % METERS),
                .value =
                        (int64_t)at * 2000000000 + (int64_t)(draw() & 0xfffff)};
    }
}

static const char *const keys[METERS] = {
        "rapl/package-0", "rapl/package-1", "rapl/dram-0", "rapl/dram-1",
        "bmc/dcmi"};

/* ---- bare SQLite -----------------------------------------------------------
 */

static void run_sql(sqlite3 *db, const char *sql)
{
    must(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, NULL, sql);
}

/* The same rows into the same table, in the same commits. */
static double bare(const char *path, uint64_t from, uint64_t to)
{
    struct wire_sample rows[SAMPLES];
    sqlite3_stmt *q = NULL;
    sqlite3 *db = NULL;
    double start;
    int open = 0;

    must(sqlite3_open(path, &db) == SQLITE_OK, NULL, "open");
    run_sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA cache_size=-16000;"
                "CREATE TABLE IF NOT EXISTS reading (t_ns INTEGER NOT NULL,"
                "meter_id INTEGER NOT NULL, run_id INTEGER NOT NULL,"
                "seq INTEGER NOT NULL, value INTEGER NOT NULL,"
                "from_ns INTEGER, node_ns INTEGER,"
                "PRIMARY KEY (t_ns, meter_id, run_id, seq)) STRICT,"
                "WITHOUT ROWID");
    must(sqlite3_prepare_v2(
                 db, "INSERT INTO reading VALUES (?, ?, ?, ?, ?, NULL, NULL)",
                 -1, &q, NULL) == SQLITE_OK,
         NULL, "prepare");
    start = now_s();
    for (uint64_t r = from; r < to; r++)
        for (int n = 0; n < NODES; n++) {
            batch_of(r, n, rows);
            if (!open)
                run_sql(db, "BEGIN IMMEDIATE");
            for (int i = 0; i < SAMPLES; i++) {
                sqlite3_bind_int64(q, 1, rows[i].t_ns);
                sqlite3_bind_int64(q, 2, n * METERS + (int)rows[i].meter + 1);
                sqlite3_bind_int64(q, 3, n + 1);
                sqlite3_bind_int64(q, 4, (int64_t)rows[i].seq);
                sqlite3_bind_int64(q, 5, rows[i].value);
                must(sqlite3_step(q) == SQLITE_DONE, NULL, "insert");
                sqlite3_reset(q);
            }
            if (++open == GROUP) {
                run_sql(db, "COMMIT");
                open = 0;
            }
        }
    if (open)
        run_sql(db, "COMMIT");
    start = now_s() - start;
    sqlite3_finalize(q);
    sqlite3_close(db);
    return start;
}

/* ---- the product -----------------------------------------------------------
 */

struct fleet {
    struct db *db;
    struct en_feed *feed;
    int64_t sources[NODES];
    struct wire_meter meters[METERS];
};

static void fleet_open(struct fleet *f, const char *path)
{
    struct err err = {0};
    char name[32];

    must(db_open(path, DB_CREATE, &f->db, &err), &err, "open");
    must(en_feed_open(f->db, &f->feed, &err), &err, "feed");
    must(db_begin(f->db, &err), &err, "begin");
    for (int i = 0; i < NODES; i++) {
        snprintf(name, sizeof name, "node-%04d", i);
        must(en_source(f->db, "node", name, &f->sources[i], &err), &err,
             "source");
    }
    must(db_commit(f->db, &err), &err, "commit");
    for (int k = 0; k < METERS; k++)
        f->meters[k] = (struct wire_meter){
                .id = keys[k],
                .scope = k < 2   ? WIRE_PACKAGE
                         : k < 4 ? WIRE_DRAM
                                 : WIRE_NODE,
                .kind = WIRE_COUNTER,
                .unit = WIRE_UJ,
                .range_uj = -1,
                .max_w = NAN};
}

static double take(struct fleet *f, uint64_t from, uint64_t to)
{
    static struct en_taken taken;
    struct wire_sample rows[SAMPLES];
    struct err err = {0};
    double start = now_s();
    int open = 0;

    for (uint64_t r = from; r < to; r++)
        for (int n = 0; n < NODES; n++) {
            struct wire_batch b = {
                    .agent = "bench",
                    .run = "run",
                    .boot = "boot",
                    .meters = f->meters,
                    .n_meters = METERS,
                    .samples = rows,
                    .n_samples = SAMPLES};

            batch_of(r, n, rows);
            if (!open)
                must(db_begin(f->db, &err), &err, "begin");
            must(en_feed_take(
                         f->feed, f->sources[n], &b,
                         rows[SAMPLES - 1].t_ns + 1000000, &taken, &err),
                 &err, "take");
            must(taken.accepted == SAMPLES, NULL, "all rows");
            if (++open == GROUP) {
                must(db_commit(f->db, &err), &err, "commit");
                open = 0;
            }
        }
    if (open)
        must(db_commit(f->db, &err), &err, "commit");
    return now_s() - start;
}

static void forget(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char text[400];

    for (int i = 0; i < 3; i++) {
        snprintf(text, sizeof text, "%s%s", path, ends[i]);
        unlink(text);
    }
}

/* Under a microsecond a sample, so that HTTP reaches 400 k/s; at ten times the
 * size at least 0.8 of the rate (DESIGN 8). */
static void bench_take(const char *dir, uint64_t rounds)
{
    static struct fleet f;
    struct err err = {0};
    double n = (double)(rounds * NODES * SAMPLES), plain, first, last, fold;
    char path[300], bare_path[300];

    snprintf(path, sizeof path, "%s/feed.db", dir);
    snprintf(bare_path, sizeof bare_path, "%s/feed-bare.db", dir);
    forget(path);
    forget(bare_path);
    plain = bare(bare_path, 0, rounds);
    forget(bare_path);
    fleet_open(&f, path);
    (void)take(&f, 0, 1); /* meters and runs are known from here on */
    first = take(&f, 1, rounds + 1);
    say("take", n / first, "samples/s", plain / first,
        "bare SQLite, same table");
    (void)take(&f, rounds + 1, 10 * rounds);
    last = take(&f, 10 * rounds, 11 * rounds);
    say("take_at_10x", n / last, "samples/s", first / last, "the empty rate");
    fold = now_s();
    must(en_fold(f.db, T0 + INT64_C(400) * 86400 * 1000000000, &err), &err,
         "fold");
    fold = now_s() - fold;
    say("fold", 11 * n / fold, "samples/s", NAN, "-");
    en_feed_close(f.feed);
    db_close(f.db);
    forget(path);
}

/* ---- bytes -----------------------------------------------------------------
 */

/* A month of a meter of 300 W, constant or with 2 % of noise. */
static void month_of(int month, bool noise, struct en_month *m)
{
    *m = (struct en_month){
            .month = 2025 * 12 + month,
            .n_hours = month == 1      ? 672
                       : month % 7 % 2 ? 720
                                       : 744};
    for (int i = 0; i < m->n_hours; i++) {
        double u = ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;
        double v = ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;
        double by = sqrt(-2 * log(u)) * cos(6.283185307179586 * v);

        m->covered[i] = 3600;
        m->joules[i] = (int64_t)(1080000 * (1 + (noise ? 0.02 * by : 0)));
        m->sum_uj += m->joules[i] * 1000000;
    }
    m->covered_s = m->n_hours * INT64_C(3600);
}

static void month_put(struct db *db, int meter, const struct en_month *m)
{
    static const struct sql text = {
            "put", "INSERT INTO energy_month (meter_id, month, sum_uj, "
                   "covered_s, hours) VALUES (?, ?, ?, ?, ?)"};
    struct buf b = {0};
    struct err err = {0};
    struct stmt *q = db_stmt(db, &text, &err);

    must(q != NULL, &err, "statement");
    en_month_pack(m, &b);
    stmt_int_at(q, 1, meter);
    stmt_int_at(q, 2, m->month);
    stmt_int_at(q, 3, m->sum_uj);
    stmt_int_at(q, 4, m->covered_s);
    stmt_blob_at(q, 5, b.p, b.len);
    must(stmt_run(q, &err), &err, "month");
    buf_clear(&b);
}

static void meters_put(struct db *db, int n)
{
    static const struct sql source = {
            "source", "INSERT INTO feed_source (id, kind, name, created_at) "
                      "VALUES (1, 'node', 'n', 0)"};
    static const struct sql meter = {
            "meter", "INSERT INTO meter (source_id, key, scope, kind, unit) "
                     "VALUES (1, ?, 'node', 'counter', 'J')"};
    struct err err = {0};
    char key[20];

    must(stmt_run(db_stmt(db, &source, &err), &err), &err, "source");
    for (int i = 0; i < n; i++) {
        struct stmt *q = db_stmt(db, &meter, &err);

        snprintf(key, sizeof key, "m%d", i);
        stmt_text_at(q, 1, key);
        must(stmt_run(q, &err), &err, "meter");
    }
}

/* File bytes of a meter's year of hours: 30 kB with 2 % of noise (DESIGN 8);
 * beside 4 bytes for each hour. */
static void bench_bytes(const char *dir, bool noise)
{
    enum { N = 500 };
    static struct en_month m;
    struct err err = {0};
    struct db *db = NULL;
    struct stat before = {0}, after = {0};
    char path[300];

    snprintf(path, sizeof path, "%s/hours.db", dir);
    forget(path);
    must(db_open(path, DB_CREATE, &db, &err), &err, "open");
    must(db_begin(db, &err), &err, "begin");
    meters_put(db, N);
    must(db_commit(db, &err), &err, "commit");
    db_close(db);
    must(stat(path, &before) == 0, NULL, "stat");
    must(db_open(path, DB_WRITE, &db, &err), &err, "open");
    must(db_begin(db, &err), &err, "begin");
    for (int month = 0; month < 12; month++)
        for (int i = 1; i <= N; i++) {
            month_of(month, noise, &m);
            month_put(db, i, &m);
        }
    must(db_commit(db, &err), &err, "commit");
    db_close(db);
    must(stat(path, &after) == 0, NULL, "stat");
    say(noise ? "meter_year_noise_2" : "meter_year_constant",
        (double)(after.st_size - before.st_size) / N, "B",
        (double)(after.st_size - before.st_size) / N / (4 * 8760),
        "4 B an hour");
    forget(path);
}

int main(int argc, char **argv)
{
    uint64_t rounds = argc > 1 ? strtoull(argv[1], NULL, 10) : 8;

    mkdir("build", 0777);
    mkdir("build/bench", 0777);
    bench_bytes("build/bench", false);
    bench_bytes("build/bench", true);
    bench_take("build/bench", rounds);
    return 0;
}
