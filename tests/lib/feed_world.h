/* SPDX-License-Identifier: Apache-2.0
 * Batches of readings in a few lines, and what the ledger makes of them, for
 * tests. */
#ifndef TESTS_LIB_FEED_WORLD_H
#define TESTS_LIB_FEED_WORLD_H

#include "energy/fold_priv.h"
#include "energy/ledger.h"
#include "inventory_world.h"

#define NS INT64_C(1000000000)
/* 2026-01-05 00:00:00 UTC, a Monday. */
#define T0 (INT64_C(1767571200) * NS)
enum { FEED_JANUARY = 2026 * 12, FEED_ROWS = 400 };

struct feed_world {
    struct db *db;
    struct en_feed *feed;
    int64_t source;
    struct wire_meter meters[8];
    size_t n_meters;
    struct wire_sample rows[FEED_ROWS];
    size_t n;
    const char *run, *boot;
    int64_t recv_ns;        /* 0: times are right as they are */
    const char *clock_boot; /* NULL: the sender does not tell its clock */
    int64_t clock_ns;
    struct en_taken taken;
};

static inline void feed_begin(struct feed_world *w)
{
    struct err err = {0};

    memset(w, 0, sizeof *w);
    w->db = world_open();
    w->run = "run-1";
    w->boot = "boot-1";
    UNIT_CHECK(en_feed_open(w->db, &w->feed, &err), "open: %s", err.msg);
    UNIT_CHECK(
            en_source(w->db, "node", "n1", &w->source, &err), "source: %s",
            err.msg);
}

static inline void feed_end(struct feed_world *w)
{
    en_feed_close(w->feed);
    db_close(w->db);
}

static inline size_t feed_meter(
        struct feed_world *w, const char *id, enum wire_scope scope,
        enum wire_meter_kind kind, int64_t range, double max_w)
{
    w->meters[w->n_meters] = (struct wire_meter){
            .id = id,
            .scope = scope,
            .kind = kind,
            .unit = kind == WIRE_GAUGE ? WIRE_UW : WIRE_UJ,
            .range_uj = range,
            .max_w = max_w};
    return w->n_meters++;
}

static inline void feed_row(
        struct feed_world *w, uint64_t seq, int64_t t_ns, uint32_t meter,
        int64_t value)
{
    UNIT_CHECK(w->n < FEED_ROWS, "too many rows for the test");
    w->rows[w->n++] = (struct wire_sample){
            .seq = seq, .t_ns = t_ns, .meter = meter, .value = value};
}

static inline bool feed_try(struct feed_world *w, struct err *err)
{
    struct wire_batch b = {
            .agent = "test/1",
            .run = w->run,
            .boot = w->boot,
            .clock_boot = w->clock_boot,
            .clock_ns = w->clock_ns,
            .meters = w->meters,
            .n_meters = w->n_meters,
            .samples = w->rows,
            .n_samples = w->n};
    bool ok;

    w->n = 0;
    if (!db_begin(w->db, err))
        return false;
    ok = en_feed_take(w->feed, w->source, &b, w->recv_ns, &w->taken, err);
    if (!ok) {
        db_rollback(w->db);
        en_feed_forget(w->feed);
        return false;
    }
    return db_commit(w->db, err);
}

/* Sends what was added, in one transaction. */
static inline void feed_send(struct feed_world *w)
{
    struct err err = {0};
    char text[800];

    UNIT_CHECK(feed_try(w, &err), "%s", err_text(&err, text, sizeof text));
}

static inline void feed_fold(struct feed_world *w, int64_t until_ns)
{
    struct err err = {0};
    char text[800];

    UNIT_CHECK(
            en_fold(w->db, until_ns, &err), "%s",
            err_text(&err, text, sizeof text));
}

/* The stored month of a meter by its id at the source; n_hours 0: none. */
static inline struct en_month
feed_month(struct feed_world *w, const char *key, int month)
{
    static const struct sql text = {
            "month",
            "SELECT sum_uj, covered_s, hours, flags FROM energy_month e "
            "JOIN meter m ON m.id = e.meter_id WHERE m.key = ? AND month = ?"};
    struct en_month m = {0};
    struct err err = {0};
    struct stmt *q = db_stmt(w->db, &text, &err);
    const void *bytes;
    bool row = false;
    size_t n;

    stmt_text_at(q, 1, key);
    stmt_int_at(q, 2, month);
    UNIT_CHECK(stmt_step(q, &row, &err), "%s", err.msg);
    if (row) {
        bytes = stmt_col_blob(q, 2, &n);
        UNIT_CHECK(en_month_unpack(bytes, n, &m, &err), "%s", err.msg);
        m.sum_uj = stmt_col_int(q, 0);
        m.covered_s = stmt_col_int(q, 1);
        m.flags = (unsigned)stmt_col_int(q, 3);
        m.month = month;
    }
    stmt_reset(q);
    return m;
}

static inline void feed_check(struct feed_world *w, const char *name)
{
    struct err err = {0};

    UNIT_CHECK(en_ledger_check(w->db, &err), "%s: %s", name, err.msg);
}

/* All months as text, to compare databases. */
static inline const char *feed_dump(struct feed_world *w)
{
    return world_ask(
            w->db,
            "SELECT count(*) || ' ' || coalesce(group_concat(meter_id || ':' "
            "|| month || ':' || sum_uj || ':' || covered_s || ':' || flags, "
            "' '), '') FROM energy_month");
}

static inline bool feed_same(struct feed_world *a, struct feed_world *b)
{
    static const struct sql text = {
            "same", "SELECT hours, fine FROM energy_month e "
                    "LEFT JOIN ledger_fine f ON f.month_id = e.id "
                    "ORDER BY meter_id, month"};
    struct err err = {0};
    struct stmt *p = db_stmt(a->db, &text, &err);
    struct stmt *q = db_stmt(b->db, &text, &err);
    bool x = true, y = true, same = true;

    while (x && y && same) {
        UNIT_CHECK(
                stmt_step(p, &x, &err) && stmt_step(q, &y, &err), "%s",
                err.msg);
        same = x == y;
        for (int c = 0; c < 2 && x && y && same; c++) {
            size_t n, k;
            const void *s = stmt_col_blob(p, c, &n);
            const void *t = stmt_col_blob(q, c, &k);

            same = n == k && (n == 0 || memcmp(s, t, n) == 0);
        }
    }
    stmt_reset(p);
    stmt_reset(q);
    return same;
}

/* 0 to n - 1, the same every time from a state on. */
static uint64_t feed_draw_state;

static inline int64_t feed_draw(int64_t n)
{
    uint64_t z = (feed_draw_state += 0x9e3779b97f4a7c15u); /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (int64_t)((z ^ (z >> 31)) % (uint64_t)n);
}

#endif
