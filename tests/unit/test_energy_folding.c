/* SPDX-License-Identifier: Apache-2.0
 * Folding and purging in small steps while readings come in, passes are broken
 * off and others take over: the months are those of one fold at the end. */
#include "feed_world.h"

enum { ROWS = 300, SEEDS = 60, DAYS = 40 };
#define UNTIL (T0 + DAYS * 86400 * NS)

static struct feed_world w, v;
static void begin(struct feed_world *f)
{
    feed_begin(f);
    feed_meter(f, "p", WIRE_PACKAGE, WIRE_COUNTER, 262143328850, 300);
    feed_meter(f, "g", WIRE_NODE, WIRE_GAUGE, -1, NAN);
    feed_meter(f, "n", WIRE_GPU, WIRE_COUNTER, -1, NAN);
    feed_meter(f, "i", WIRE_ESTIMATE, WIRE_INTERVAL, -1, NAN);
}

/* In order of time; meter 3 has intervals, which may overlap. */
static void draw_rows(struct wire_sample rows[ROWS])
{
    int64_t t = T0;

    for (int i = 0; i < ROWS; i++) {
        uint32_t meter = (uint32_t)feed_draw(4);

        t += feed_draw(20) ? feed_draw(200) * NS : feed_draw(3 * 86400) * NS;
        rows[i] = (struct wire_sample){
                .seq = (uint64_t)i + 1,
                .t_ns = t + 10 * NS,
                .from_ns = meter == 3 ? t - feed_draw(9000) * NS : 0,
                .meter = meter,
                .value = feed_draw(meter == 1 ? 300000000 : 262143328850)};
    }
}

static void shuffle(struct wire_sample rows[ROWS])
{
    for (int i = ROWS - 1; i > 0; i--) {
        /* Mostly near its place, as late rows are. */
        int k = feed_draw(3) ? i - (int)feed_draw(i < 8 ? i + 1 : 8)
                             : (int)feed_draw(i + 1);
        struct wire_sample s = rows[i];

        rows[i] = rows[k];
        rows[k] = s;
    }
}

static void some_steps(struct en_folding **x)
{
    struct err err = {0};
    bool more = true;

    if (!*x) {
        *x = en_folding_new(w.db, T0 + feed_draw(DAYS * 86400) * NS);
        fold_gather(*x, (size_t)(1 + feed_draw(30)));
    }
    for (int64_t n = 1 + feed_draw(6); n > 0 && more; n--)
        UNIT_CHECK(en_folding_step(*x, 0, &more, &err), "step: %s", err.msg);
    if (!more || feed_draw(8) == 0) { /* done, or broken off: a crash */
        en_folding_free(*x);
        *x = NULL;
    }
}

/* The nominal periods of both worlds come from rows in order. */
static void no_periods(struct feed_world *f)
{
    world_ask(f->db, "DELETE FROM feed_period");
}

static void at_once(const struct wire_sample rows[ROWS])
{
    begin(&v);
    v.n = ROWS;
    memcpy(v.rows, rows, ROWS * sizeof *rows);
    feed_send(&v);
    no_periods(&v);
    feed_fold(&v, UNTIL);
}

static void in_steps(const struct wire_sample rows[ROWS])
{
    struct en_folding *x = NULL, *other = NULL;

    begin(&w);
    for (int i = 0; i < ROWS;) {
        for (int64_t n = 1 + feed_draw(20); n > 0 && i < ROWS; n--)
            w.rows[w.n++] = rows[i++];
        feed_send(&w);
        no_periods(&w);
        some_steps(&x);
        if (feed_draw(6) == 0)
            some_steps(&other);
        if (feed_draw(10) == 0)
            feed_fold(&w, T0 + feed_draw(DAYS * 86400) * NS);
        if (feed_draw(4) == 0)
            feed_check(&w, "while folding");
    }
    en_folding_free(x);
    en_folding_free(other);
    feed_fold(&w, UNTIL);
}

static void any_steps(void)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct wire_sample rows[ROWS];

        feed_draw_state = seed;
        draw_rows(rows);
        at_once(rows);
        shuffle(rows);
        in_steps(rows);
        UNIT_CHECK(
                feed_same(&v, &w), "seed %d: %s\n  against %s", (int)seed,
                feed_dump(&w), feed_dump(&v));
        WORLD_IS(w.db, "SELECT count(*) FROM ledger_due", "0");
        feed_check(&w, "any steps");
        feed_end(&v);
        feed_end(&w);
    }
}

/* Counters of 60 s from the start on; what a pass reads while one row is late
 * for it. */
static void late_meanwhile(void)
{
    struct err err = {0};
    struct en_folding *x;
    struct en_month m;
    bool more = true;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    for (int i = 0; i <= 60; i++)
        if (i != 30)
            feed_row(&w, (uint64_t)i + 1, T0 + i * 60 * NS, 0, i * 1000000);
    feed_send(&w);
    x = en_folding_new(w.db, T0 + 7200 * NS);
    fold_gather(x, 1);
    for (int i = 0; i < 3; i++) { /* raise, load, back: it begins to read */
        CU_ASSERT_TRUE(en_folding_step(x, 0, &more, &err));
        CU_ASSERT_TRUE(more);
    }
    feed_row(&w, 31, T0 + 30 * 60 * NS, 0, 29000000);
    feed_send(&w);
    while (more)
        CU_ASSERT_TRUE_FATAL(en_folding_step(x, 0, &more, &err));
    CU_ASSERT_TRUE(en_folding_left(x));
    en_folding_free(x);
    WORLD_IS(w.db, "SELECT count(*) FROM ledger_due", "1");
    feed_check(&w, "left to the next pass");
    feed_fold(&w, T0 + 7200 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 60000000);
    CU_ASSERT_EQUAL(m.covered_s, 3600);
    WORLD_IS(w.db, "SELECT count(*) FROM ledger_due", "0");
    feed_check(&w, "late meanwhile");
    feed_end(&w);
}

/* A pass that another one overtook adds nothing. */
static void overtaken(void)
{
    struct err err = {0};
    struct en_folding *x;
    struct en_month m;
    bool more = true;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    for (int i = 0; i <= 60; i++)
        feed_row(&w, (uint64_t)i + 1, T0 + i * 60 * NS, 0, i * 1000000);
    feed_send(&w);
    x = en_folding_new(w.db, T0 + 7200 * NS);
    for (int i = 0; i < 4; i++) /* all is read, nothing written */
        CU_ASSERT_TRUE(en_folding_step(x, 0, &more, &err));
    CU_ASSERT_TRUE(more);
    WORLD_IS(w.db, "SELECT count(*) FROM energy_month", "0");
    feed_fold(&w, T0 + 7200 * NS);
    while (more)
        CU_ASSERT_TRUE_FATAL(en_folding_step(x, 0, &more, &err));
    CU_ASSERT_TRUE(en_folding_left(x));
    en_folding_free(x);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 60000000);
    feed_check(&w, "overtaken");
    feed_end(&w);
}

/* ---- purging --------------------------------------------------------------
 */

static void purge_steps(struct en_purging **x, int64_t before_ns)
{
    struct err err = {0};
    bool more = true;

    if (!*x)
        *x = en_purging_new(w.db, before_ns);
    for (int64_t n = 1 + feed_draw(4); n > 0 && more; n--)
        UNIT_CHECK(en_purging_step(*x, 0, &more, &err), "purge: %s", err.msg);
    if (!more || feed_draw(8) == 0) {
        en_purging_free(*x);
        *x = NULL;
    }
}

static const char *sums(struct feed_world *f)
{
    return world_ask(
            f->db, "SELECT group_concat(meter_id || ':' || month || ':' || "
                   "sum_uj || ':' || covered_s || ':' || flags, ' ') FROM "
                   "(SELECT * FROM energy_month ORDER BY meter_id, month)");
}

static const char *readings(struct feed_world *f)
{
    return world_ask(
            f->db, "SELECT count(*) || ' ' || coalesce(group_concat(t_ns || "
                   "':' || meter_id || ':' || seq || ':' || value, ' '), '') "
                   "FROM reading");
}

/* Rows in order; what is folded and old goes while others come in. */
static void purge_while(const struct wire_sample rows[ROWS])
{
    struct en_purging *x = NULL, *other = NULL;

    begin(&w);
    for (int i = 0; i < ROWS;) {
        int64_t t;

        for (int64_t n = 1 + feed_draw(20); n > 0 && i < ROWS; n--)
            w.rows[w.n++] = rows[i++];
        t = rows[i - 1].t_ns;
        feed_send(&w);
        no_periods(&w);
        if (feed_draw(2))
            feed_fold(&w, t - feed_draw(3600) * NS);
        purge_steps(&x, t - feed_draw(86400) * NS);
        if (feed_draw(6) == 0)
            purge_steps(&other, t - feed_draw(86400) * NS);
        feed_check(&w, "while purging");
    }
    en_purging_free(x);
    en_purging_free(other);
    feed_fold(&w, UNTIL);
}

static void any_purge(void)
{
    struct err err = {0};

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct wire_sample rows[ROWS];
        char want[40000];

        feed_draw_state = seed;
        draw_rows(rows);
        for (int i = 0; i < ROWS; i++) /* none from before a cut */
            if (rows[i].meter == 3)
                rows[i].from_ns = rows[i].t_ns - 5 * NS;
        at_once(rows);
        purge_while(rows);
        snprintf(want, sizeof want, "%s", sums(&v));
        UNIT_CHECK(
                strcmp(want, sums(&w)) == 0, "seed %d: %s\n  against %s",
                (int)seed, sums(&w), want);
        CU_ASSERT_TRUE(en_purge(v.db, UNTIL - 86400 * NS, &err));
        CU_ASSERT_TRUE(en_purge(w.db, UNTIL - 86400 * NS, &err));
        snprintf(want, sizeof want, "%s", readings(&v));
        UNIT_CHECK(
                strcmp(want, readings(&w)) == 0, "seed %d: %s\n  against %s",
                (int)seed, readings(&w), want);
        feed_check(&w, "purged");
        feed_end(&v);
        feed_end(&w);
    }
}

/* A meter that has late rows keeps all its readings until they are folded. */
static void purge_due(void)
{
    struct err err = {0};

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    feed_meter(&w, "q", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    for (int i = 0; i <= 240; i++)
        if (i != 30)
            feed_row(
                    &w, (uint64_t)i + 1, T0 + i * 60 * NS, (uint32_t)i % 2,
                    i * 1000000);
    feed_send(&w);
    feed_fold(&w, T0 + 4 * 3600 * NS);
    feed_row(&w, 31, T0 + 30 * 60 * NS, 0, 30000000);
    feed_send(&w);
    {
        struct en_purging *x = en_purging_new(w.db, T0 + 3 * 3600 * NS);
        bool more = true;

        while (more)
            CU_ASSERT_TRUE_FATAL(en_purging_step(x, 0, &more, &err));
        en_purging_free(x);
    }
    /* All of p, with the late one; of q the last of three hours and the rest.
     */
    WORLD_IS(
            w.db,
            "SELECT group_concat(n) FROM (SELECT count(*) n FROM reading r "
            "JOIN meter m ON m.id = r.meter_id GROUP BY m.key ORDER BY m.key)",
            "121,31");
    feed_fold(&w, T0 + 4 * 3600 * NS);
    CU_ASSERT_EQUAL(feed_month(&w, "p", FEED_JANUARY).joules[96], 60);
    feed_check(&w, "purge due");
    feed_end(&w);
}

static void purge(int64_t before_ns)
{
    struct err err = {0};

    UNIT_CHECK(en_purge(w.db, before_ns, &err), "purge: %s", err.msg);
}

/* 1 J a minute from base - 120 min to base + 50 min, then silent; after the
 * purge a reading at base + 180 min, and one that is late for it at base + 130
 * min: 50 J over 80 min, then 80 J over 50. */
static void silent_from(int64_t base)
{
    const int64_t min = 60 * NS;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    for (int i = 0; i <= 170; i++)
        feed_row(&w, (uint64_t)i + 1, base + (i - 120) * min, 0, i * 1000000);
    feed_send(&w);
    feed_fold(&w, base + 120 * min);
    purge(base + 120 * min);
    feed_row(&w, 172, base + 180 * min, 0, 300000000);
    feed_send(&w);
    feed_fold(&w, base + 200 * min);
    feed_row(&w, 173, base + 130 * min, 0, 220000000);
    feed_send(&w);
    feed_fold(&w, base + 200 * min);
    feed_check(&w, "silent");
}

/* The hour in which a meter fell silent can still change when it speaks again
 * out of order: its readings are there for it, and its month is not sealed. */
static void silent(void)
{
    struct en_month m;

    silent_from(T0);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 300000000);
    CU_ASSERT_EQUAL(m.joules[95], 60);
    CU_ASSERT_EQUAL(m.joules[96], 56); /* 50 + 50 * 10 / 80 = 56.25 */
    CU_ASSERT_EQUAL(m.joules[97], 37); /* 37.5, floor of the sum */
    CU_ASSERT_EQUAL(m.joules[98], 87); /* 6.25 + 80 */
    feed_end(&w);
    silent_from(T0 + (26 * 24 + 23) * 3600 * NS); /* 31 January 23:00 */
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 176250000);
    CU_ASSERT_EQUAL(m.joules[743], 56);
    m = feed_month(&w, "p", FEED_JANUARY + 1);
    CU_ASSERT_EQUAL(m.sum_uj, 123750000);
    CU_ASSERT_EQUAL(m.joules[0], 37);
    CU_ASSERT_EQUAL(m.joules[1], 86);
    feed_end(&w);
}

/* A purge that ends anywhere is done again for the same cut. */
static void purge_again(void)
{
    struct err err = {0};
    bool more = true;

    for (int steps = 1; more; steps++) {
        struct en_purging *x;

        feed_begin(&w);
        feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
        for (int i = 0; i <= 240; i++)
            feed_row(&w, (uint64_t)i + 1, T0 + i * 60 * NS, 0, i * 1000000);
        feed_send(&w);
        feed_fold(&w, T0 + 5 * 3600 * NS);
        x = en_purging_new(w.db, T0 + 3 * 3600 * NS);
        more = true;
        for (int i = 0; i < steps && more; i++)
            CU_ASSERT_TRUE_FATAL(en_purging_step(x, 0, &more, &err));
        en_purging_free(x);
        purge(T0 + 3 * 3600 * NS);
        WORLD_IS(w.db, "SELECT count(*) FROM reading", "62");
        WORLD_IS(
                w.db, "SELECT purged_ns FROM ledger_mark",
                "1767582000000000000");
        feed_check(&w, "purge again");
        feed_end(&w);
    }
}

/* Late intervals that begin where readings are gone before: the hour before
 * stays. The second is noted as due anew, as by another process. */
static void closed_interval(void)
{
    const int64_t min = 60 * NS;
    struct en_month m;

    feed_begin(&w);
    feed_meter(&w, "i", WIRE_OUTLET, WIRE_INTERVAL, -1, NAN);
    for (int i = 1; i <= 4; i++) {
        feed_row(&w, (uint64_t)i, T0 + i * 30 * min, 0, 10000000);
        w.rows[w.n - 1].from_ns = T0 + (i - 1) * 30 * min;
    }
    feed_send(&w);
    feed_fold(&w, T0 + 180 * min);
    purge(T0 + 60 * min);
    for (uint64_t seq = 5; seq <= 6; seq++) {
        feed_row(&w, seq, T0 + 90 * min, 0, 7000000);
        w.rows[w.n - 1].from_ns = T0 + 60 * min;
        feed_send(&w);
        en_feed_forget(w.feed);
    }
    feed_fold(&w, T0 + 180 * min);
    m = feed_month(&w, "i", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.joules[96], 20);
    CU_ASSERT_EQUAL(m.joules[97], 34);
    CU_ASSERT_EQUAL(m.sum_uj, 54000000);
    feed_check(&w, "closed interval");
    feed_end(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"any steps", any_steps},
            {"late meanwhile", late_meanwhile},
            {"overtaken", overtaken},
            {"any purge", any_purge},
            {"purge due", purge_due},
            {"silent", silent},
            {"closed interval", closed_interval},
            {"purge again", purge_again},
            {NULL, NULL},
    };

    return unit_main("energy/folding", tests);
}
