/* SPDX-License-Identifier: Apache-2.0
 * Readings to months: the vectors of the method, late rows, boots, purging,
 * clocks. Expected figures are worked out by hand beside each test. */
#include "feed_world.h"

static struct feed_world w;

/* TV51: range 262143328850, 262143000000 -> 500000000 is 500328850 uJ. */
static void wrap(void)
{
    struct en_month m;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, 262143328850, 300);
    feed_row(&w, 1, T0, 0, 262143000000);
    feed_row(&w, 2, T0 + 60 * NS, 0, 500000000);
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.accepted, 2);
    feed_fold(&w, T0 + 3600 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 500328850);
    CU_ASSERT_EQUAL(m.flags, EN_WRAP);
    CU_ASSERT_EQUAL(m.covered_s, 60);
    CU_ASSERT_EQUAL(m.joules[4 * 24], 500); /* 5 January, hour 0 */
    feed_check(&w, "wrap");
    feed_end(&w);
}

/* TV53: 1000001 uJ over 30 s and 15 s: 666667 and 333334; whole joules by the
 * running floor are 0 and 1. */
static void split(void)
{
    struct month_exact x;
    struct err err = {0};
    struct en_month m;
    int64_t id;
    bool sealed;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    feed_row(&w, 1, T0 + 3570 * NS, 0, 5);
    feed_row(&w, 2, T0 + 3615 * NS, 0, 1000006);
    feed_send(&w);
    feed_fold(&w, T0 + 7200 * NS);
    CU_ASSERT_TRUE(
            fold_month_load(w.db, 1, FEED_JANUARY, &x, &id, &sealed, &err));
    CU_ASSERT_EQUAL(x.uj[96], 666667);
    CU_ASSERT_EQUAL(x.uj[97], 333334);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.joules[96], 0);
    CU_ASSERT_EQUAL(m.joules[97], 1);
    CU_ASSERT_EQUAL(m.covered[96], 30);
    CU_ASSERT_EQUAL(m.covered[97], 15);
    CU_ASSERT_EQUAL(m.sum_uj, 1000001);
    feed_end(&w);
}

/* TV55: 3800 J by trapezoid, 4000 J by hold. */
static void gauge(void)
{
    static const int64_t t[] = {0, 10, 25, 40}, v[] = {100, 120, 80, 80};

    for (int hold = 0; hold < 2; hold++) {
        struct en_month m;

        feed_begin(&w);
        feed_meter(&w, "g", WIRE_NODE, WIRE_GAUGE, -1, NAN);
        if (hold) {
            feed_send(&w);
            world_ask(w.db, "UPDATE meter SET hold = 1");
        }
        for (int i = 0; i < 4; i++)
            feed_row(&w, (uint64_t)i + 1, T0 + t[i] * NS, 0, v[i] * 1000000);
        feed_send(&w);
        feed_fold(&w, T0 + 3600 * NS);
        m = feed_month(&w, "g", FEED_JANUARY);
        CU_ASSERT_EQUAL(m.sum_uj, hold ? 4000000000 : 3800000000);
        CU_ASSERT_EQUAL(m.covered_s, 40);
        CU_ASSERT_EQUAL(m.flags, 0);
        feed_end(&w);
    }
}

/* Read each 10 s: after 31 s of silence nothing is known. */
static void gauge_gap(void)
{
    struct en_month m;

    feed_begin(&w);
    feed_meter(&w, "g", WIRE_NODE, WIRE_GAUGE, -1, NAN);
    for (int i = 0; i < 6; i++)
        feed_row(&w, (uint64_t)i + 1, T0 + i * 10 * NS, 0, 100000000);
    feed_row(&w, 7, T0 + 81 * NS, 0, 100000000);
    feed_row(&w, 8, T0 + 91 * NS, 0, 100000000);
    feed_send(&w);
    feed_fold(&w, T0 + 3600 * NS);
    m = feed_month(&w, "g", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 6000000000); /* 50 s and 10 s at 100 W */
    CU_ASSERT_EQUAL(m.covered_s, 60);
    feed_end(&w);
}

/* Another boot, a spike, an unknown number of wraps, an exact hole. */
static void flags(void)
{
    struct en_month m;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, 262143328850, 300);
    feed_row(&w, 1, T0, 0, 1000000);
    feed_row(&w, 2, T0 + 10 * NS, 0, 2000000); /* 1 J */
    feed_row(&w, 3, T0 + 20 * NS, 0, 3000000); /* 1 J */
    /* 4501 J in 10 s is more than 1.5 x 300 W. */
    feed_row(&w, 4, T0 + 30 * NS, 0, 4504000000);
    feed_row(&w, 5, T0 + 40 * NS, 0, 4505000000); /* 1 J */
    /* 100 s: a hole, but the counter lived. */
    feed_row(&w, 6, T0 + 140 * NS, 0, 4515000000); /* 10 J */
    /* 875 s at 300 W could be more than one wrap (874 s). */
    feed_row(&w, 7, T0 + 1015 * NS, 0, 4516000000);
    feed_send(&w);
    w.run = "run-2";
    w.boot = "boot-2";
    feed_row(&w, 1, T0 + 1025 * NS, 0, 100);
    feed_row(&w, 2, T0 + 1035 * NS, 0, 7000100); /* 7 J */
    feed_send(&w);
    w.run = "run-3"; /* the agent alone started again */
    feed_row(&w, 1, T0 + 1045 * NS, 0, 8000100); /* 1 J */
    feed_send(&w);
    feed_fold(&w, T0 + 3600 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 21000000);
    CU_ASSERT_EQUAL(m.flags, EN_RESET | EN_SPIKE | EN_AMBIG | EN_SPREAD);
    CU_ASSERT_EQUAL(m.covered_s, 20 + 10 + 100 + 10 + 10);
    feed_check(&w, "flags");
    feed_end(&w);
}

/* The same key again is a duplicate, other content a conflict; bad rows are
 * refused one by one. */
static void keys(void)
{
    struct err err = {0};

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, 1000, NAN);
    for (int i = 0; i < 2; i++) {
        feed_row(&w, 1, T0, 0, 10);
        feed_row(&w, 2, T0 + NS, 0, 20);
        feed_send(&w);
        CU_ASSERT_EQUAL(w.taken.accepted, i ? 0 : 2);
        CU_ASSERT_EQUAL(w.taken.duplicate, i ? 2 : 0);
        CU_ASSERT_EQUAL(w.taken.last_seq, 2);
    }
    feed_row(&w, 2, T0 + NS, 0, 21);       /* other value */
    feed_row(&w, 1, T0 + 5 * NS, 0, 10);   /* other time */
    feed_row(&w, 3, T0 + 2 * NS, 0, 1001); /* beyond its range */
    feed_row(&w, 4, T0 + 2 * NS, 0, -1);   /* negative */
    feed_row(&w, 5, T0 + 2 * NS, 3, 1);    /* no such meter */
    feed_row(&w, 6, 900000000 * NS, 0, 1); /* 1998 */
    feed_row(&w, 0, T0 + 2 * NS, 0, 1);    /* from 1 */
    feed_row(&w, 9, T0 + 2 * NS, 0, 30);   /* good */
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.accepted, 1);
    CU_ASSERT_EQUAL(w.taken.conflict, 2);
    CU_ASSERT_EQUAL(w.taken.refused, 5);
    CU_ASSERT_EQUAL(w.taken.n_told, 7);
    CU_ASSERT_STRING_EQUAL(
            w.taken.told[2].reason, "the value is beyond the counter's range");
    CU_ASSERT_EQUAL(w.taken.last_seq, 9);
    WORLD_IS(w.db, "SELECT count(*) FROM reading", "3");
    WORLD_IS(
            w.db, "SELECT conflicts || ' ' || refused FROM feed_source", "2 5");
    WORLD_IS(
            w.db, "SELECT group_concat(first || '-' || last) FROM feed_seq",
            "1-6,9-9");
    /* A meter that became another is no batch; nothing of it is left. */
    w.meters[0].scope = WIRE_DRAM;
    feed_row(&w, 10, T0 + 3 * NS, 0, 30);
    CU_ASSERT_FALSE(feed_try(&w, &err));
    CU_ASSERT_EQUAL(err.code, ERR_INVALID);
    WORLD_IS(w.db, "SELECT count(*) FROM reading", "3");
    feed_end(&w);
}

/* What was heard outlives the process that heard it. */
static void restart(void)
{
    struct err err = {0};

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    feed_row(&w, 1, T0, 0, 10);
    feed_row(&w, 2, T0 + NS, 0, 20);
    feed_row(&w, 5, T0 + 4 * NS, 0, 50);
    feed_send(&w);
    en_feed_close(w.feed);
    CU_ASSERT_TRUE(en_feed_open(w.db, &w.feed, &err));
    for (int i = 5; i >= 1; i--)
        feed_row(&w, (uint64_t)i, T0 + (i - 1) * NS, 0, i * 10);
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.accepted, 2);
    CU_ASSERT_EQUAL(w.taken.duplicate, 3);
    WORLD_IS(
            w.db, "SELECT group_concat(first || '-' || last) FROM feed_seq",
            "1-5");
    WORLD_IS(w.db, "SELECT count(*) FROM reading", "5");
    feed_end(&w);
}

/* Readings that come after their hours were folded: as if they had been there
 * in time. */
static void late(void)
{
    struct feed_world v;
    struct en_month m;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    feed_row(&w, 1, T0, 0, 0);
    feed_row(&w, 4, T0 + 3 * 3600 * NS, 0, 9000000);
    feed_send(&w);
    feed_fold(&w, T0 + 6 * 3600 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.joules[96], 3);
    CU_ASSERT_EQUAL(m.joules[97], 3);
    CU_ASSERT_EQUAL(m.joules[98], 3);
    feed_row(&w, 2, T0 + 3600 * NS, 0, 1000000);
    feed_row(&w, 3, T0 + 2 * 3600 * NS, 0, 3000000);
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.accepted, 2);
    feed_fold(&w, T0 + 6 * 3600 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.joules[96], 1);
    CU_ASSERT_EQUAL(m.joules[97], 2);
    CU_ASSERT_EQUAL(m.joules[98], 6);
    CU_ASSERT_EQUAL(m.sum_uj, 9000000);
    CU_ASSERT_TRUE(m.flags & EN_LATE);
    feed_check(&w, "late");
    /* Folded once, with all of them there: the same bytes. */
    feed_begin(&v);
    feed_meter(&v, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    feed_row(&v, 1, T0, 0, 0);
    feed_row(&v, 4, T0 + 3 * 3600 * NS, 0, 9000000);
    feed_row(&v, 2, T0 + 3600 * NS, 0, 1000000);
    feed_row(&v, 3, T0 + 2 * 3600 * NS, 0, 3000000);
    feed_send(&v);
    feed_fold(&v, T0 + 6 * 3600 * NS);
    CU_ASSERT_TRUE(feed_same(&v, &w));
    feed_end(&v);
    feed_end(&w);
}

static void meters_of_all_kinds(struct feed_world *f)
{
    feed_meter(f, "p", WIRE_PACKAGE, WIRE_COUNTER, 262143328850, 300);
    feed_meter(f, "g", WIRE_NODE, WIRE_GAUGE, -1, NAN);
    feed_meter(f, "n", WIRE_GPU, WIRE_COUNTER, -1, NAN);
    feed_meter(f, "i", WIRE_ESTIMATE, WIRE_INTERVAL, -1, NAN);
}

/* Random rows in random order, folded now and then or only at the end: the
 * same months. */
static void any_order(void)
{
    enum { N = 300 };

    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct wire_sample rows[N];
        struct feed_world v;
        int64_t t = T0, until = T0 + 40 * 86400 * NS;

        feed_draw_state = seed;
        for (int i = 0; i < N; i++) {
            uint32_t meter = (uint32_t)feed_draw(4);

            t += feed_draw(20) ? feed_draw(200) * NS
                               : feed_draw(3 * 86400) * NS;
            rows[i] = (struct wire_sample){
                    .seq = (uint64_t)i + 1,
                    .t_ns = t + 10 * NS,
                    .from_ns = meter == 3 ? t - feed_draw(9000) * NS : 0,
                    .meter = meter,
                    .value = feed_draw(meter == 1 ? 300000000 : 262143328850)};
        }
        feed_begin(&v);
        meters_of_all_kinds(&v);
        v.n = N;
        memcpy(v.rows, rows, sizeof rows);
        feed_send(&v);
        feed_fold(&v, until);
        feed_begin(&w);
        meters_of_all_kinds(&w);
        /* The nominal periods of both come from rows in order. */
        world_ask(v.db, "DELETE FROM feed_period");
        world_ask(v.db, "DELETE FROM energy_month");
        world_ask(v.db, "DELETE FROM ledger_meter");
        world_ask(v.db, "UPDATE ledger_mark SET folded_ns = 0");
        feed_fold(&v, until);
        for (int i = N - 1; i > 0; i--) {
            int k = (int)feed_draw(i + 1);
            struct wire_sample s = rows[i];

            rows[i] = rows[k];
            rows[k] = s;
        }
        for (int i = 0; i < N;) {
            for (int64_t n = 1 + feed_draw(40); n > 0 && i < N; n--)
                w.rows[w.n++] = rows[i++];
            feed_send(&w);
            world_ask(w.db, "DELETE FROM feed_period");
            if (feed_draw(2))
                feed_fold(&w, T0 + feed_draw(40 * 86400) * NS);
        }
        feed_fold(&w, until);
        UNIT_CHECK(
                feed_same(&v, &w), "seed %d: %s\n  against %s", (int)seed,
                feed_dump(&w), feed_dump(&v));
        feed_check(&w, "any order");
        feed_end(&v);
        feed_end(&w);
    }
}

/* Old readings go; the months and the next difference stay. */
static void purge(void)
{
    struct err err = {0};
    struct en_month m;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    for (int i = 0; i <= 48; i++)
        feed_row(&w, (uint64_t)i + 1, T0 + i * 1800 * NS, 0, i * 1000000);
    feed_send(&w);
    feed_fold(&w, T0 + 86401 * NS);
    CU_ASSERT_TRUE(en_purge(w.db, T0 + 43200 * NS + 5, &err));
    /* 24 half-hours gone but the last of them. */
    WORLD_IS(w.db, "SELECT count(*) FROM reading", "26");
    WORLD_IS(w.db, "SELECT purged_ns FROM ledger_mark", "1767614400000000000");
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 48000000);
    feed_check(&w, "purged");
    /* A row for a closed hour, the same row again, a known one again. */
    feed_row(&w, 50, T0 + 100 * NS, 0, 50000);
    feed_row(&w, 3, T0 + 3600 * NS, 0, 2000000);
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.refused, 1);
    CU_ASSERT_EQUAL(w.taken.duplicate, 1);
    CU_ASSERT_STRING_EQUAL(w.taken.told[0].reason, "its hour is closed");
    WORLD_IS(w.db, "SELECT closed FROM ledger_odd", "1");
    /* Late, but in an hour that is open: worked out from what was kept. */
    feed_row(&w, 51, T0 + 43200 * NS + 900 * NS, 0, 24900000);
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.accepted, 1);
    feed_fold(&w, T0 + 86401 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 48000000);
    CU_ASSERT_EQUAL(m.joules[96 + 12], 2);
    /* And on. */
    feed_row(&w, 52, T0 + 90000 * NS, 0, 50000000);
    feed_send(&w);
    feed_fold(&w, T0 + 90001 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 50000000);
    feed_check(&w, "purged and on");
    feed_end(&w);
}

/* Files come late: their readings are kept, so that last month's still fit. */
static void purge_files(void)
{
    struct err err = {0};
    struct en_month m;

    feed_begin(&w);
    CU_ASSERT_TRUE(en_source(w.db, "file", "jobs", &w.source, &err));
    feed_meter(&w, "i", WIRE_ESTIMATE, WIRE_INTERVAL, -1, NAN);
    feed_row(&w, 1, T0 + 7200 * NS, 0, 5000000);
    w.rows[0].from_ns = T0 + 3600 * NS;
    feed_send(&w);
    feed_fold(&w, T0 + 86400 * NS);
    CU_ASSERT_TRUE(en_purge(w.db, T0 + 86400 * NS, &err));
    WORLD_IS(w.db, "SELECT count(*) FROM reading", "1");
    feed_row(&w, 2, T0 + 5400 * NS, 0, 3000000);
    w.rows[0].from_ns = T0 + 1800 * NS;
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.accepted, 1);
    feed_fold(&w, T0 + 86400 * NS);
    m = feed_month(&w, "i", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 8000000);
    CU_ASSERT_EQUAL(m.joules[96], 1); /* 1.5 of 3 J */
    CU_ASSERT_EQUAL(m.covered[97], 3600);
    feed_check(&w, "files");
    feed_end(&w);
}

/* An hour off: by the time of receipt, with the distances as measured. */
static void wrong_clock(void)
{
    struct en_month m;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    w.recv_ns = T0 + 7200 * NS;
    feed_row(&w, 1, T0 + 3500 * NS, 0, 0);
    feed_row(&w, 2, T0 + 3600 * NS, 0, 1000000);
    feed_send(&w);
    WORLD_IS(
            w.db, "SELECT t_ns || ' ' || node_ns FROM reading WHERE seq = 2",
            "1767578400000000000 1767574800000000000");
    feed_row(&w, 2, T0 + 3600 * NS, 0, 1000000);
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.duplicate, 1);
    feed_row(&w, 2, T0 + 3600 * NS, 0, 1000001);
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.conflict, 1);
    feed_fold(&w, T0 + 86400 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.joules[97], 1); /* the hour up to the receipt */
    CU_ASSERT_EQUAL(m.joules[96], 0);
    CU_ASSERT_EQUAL(m.flags, EN_SKEW | EN_CONFLICT);
    feed_end(&w);
}

/* Right clock, cut off for two hours: late, not skewed. */
static void outage(void)
{
    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    w.recv_ns = T0 + 10 * NS;
    feed_row(&w, 1, T0, 0, 0);
    feed_row(&w, 2, T0 + 10 * NS, 0, 10);
    feed_send(&w);
    w.recv_ns = T0 + 7200 * NS;
    feed_row(&w, 3, T0 + 20 * NS, 0, 20);
    feed_send(&w);
    WORLD_IS(w.db, "SELECT count(*) FROM reading WHERE node_ns IS NULL", "3");
    /* Started in the outage: the first batches look like a wrong clock, until
     * they catch up. */
    w.run = "run-2";
    feed_row(&w, 1, T0 + 30 * NS, 0, 30);
    feed_row(&w, 2, T0 + 1000 * NS, 0, 1000);
    feed_send(&w);
    WORLD_IS(
            w.db, "SELECT count(*) FROM reading WHERE node_ns IS NOT NULL",
            "2");
    w.recv_ns += NS;
    feed_row(&w, 3, T0 + 1010 * NS, 0, 1010);
    feed_row(&w, 4, T0 + 5000 * NS, 0, 5000);
    feed_send(&w);
    WORLD_IS(w.db, "SELECT count(*) FROM reading WHERE node_ns IS NULL", "7");
    WORLD_IS(w.db, "SELECT count(*) FROM reading_moved", "0");
    feed_end(&w);
}

/* A clock that goes back by two minutes: order by sequence, time by receipt. */
static void step_back(void)
{
    struct en_month m;

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    for (int i = 0; i < 5; i++) {
        w.recv_ns = T0 + i * 10 * NS;
        feed_row(&w, (uint64_t)i + 1, T0 + (120 + i * 10) * NS, 0, i * 1000000);
        feed_send(&w);
    }
    for (int i = 5; i < 10; i++) {
        w.recv_ns = T0 + i * 10 * NS;
        feed_row(&w, (uint64_t)i + 1, T0 + i * 10 * NS, 0, i * 1000000);
        feed_send(&w);
    }
    WORLD_IS(
            w.db,
            "SELECT count(*) FROM reading a JOIN reading b "
            "ON b.seq = a.seq + 1 WHERE b.t_ns - a.t_ns = 10000000000",
            "9");
    feed_fold(&w, T0 + 3600 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    CU_ASSERT_EQUAL(m.sum_uj, 9000000);
    CU_ASSERT_EQUAL(m.covered_s, 90);
    CU_ASSERT_EQUAL(m.flags, EN_SKEW);
    feed_end(&w);
}

static size_t packed(const struct en_month *m, struct en_month *again)
{
    struct buf b = {0};
    struct err err = {0};
    size_t n;

    en_month_pack(m, &b);
    UNIT_CHECK(en_month_unpack(b.p, b.len, again, &err), "%s", err.msg);
    n = b.len;
    buf_clear(&b);
    return n;
}

static void codec(void)
{
    static struct en_month m, again;
    struct err err = {0};

    m = (struct en_month){.n_hours = 744};
    for (int i = 0; i < 744; i++) {
        m.joules[i] = 720000;
        m.covered[i] = 3600;
    }
    CU_ASSERT_TRUE(packed(&m, &again) < 40); /* a constant load */
    CU_ASSERT_EQUAL(memcmp(m.joules, again.joules, sizeof m.joules), 0);
    CU_ASSERT_EQUAL(memcmp(m.covered, again.covered, sizeof m.covered), 0);
    feed_draw_state = 5;
    for (int i = 0; i < 744; i++) { /* everything that an hour can be */
        int64_t what = feed_draw(4);

        m.covered[i] = (uint16_t)(what ? feed_draw(3601) : 0);
        m.joules[i] = what == 1 || !m.covered[i]
                              ? feed_draw(2) * feed_draw(1 << 30)
                              : 5;
    }
    packed(&m, &again);
    CU_ASSERT_EQUAL(memcmp(m.joules, again.joules, sizeof m.joules), 0);
    CU_ASSERT_EQUAL(memcmp(m.covered, again.covered, sizeof m.covered), 0);
    for (int cut = 0; cut < 400; cut++) { /* damage never reads beyond */
        struct buf b = {0};

        en_month_pack(&m, &b);
        b.p[feed_draw((int64_t)b.len)] = (char)feed_draw(256);
        (void)en_month_unpack(
                b.p, (size_t)feed_draw((int64_t)b.len), &again, &err);
        buf_clear(&b);
    }
    CU_ASSERT_FALSE(en_month_unpack("", 0, &again, &err));
    CU_ASSERT_EQUAL(err.code, ERR_DB);
}

/* Bytes by hand: format 1; 672 hours; all of 3600 s; 5 J, then 21 blocks of no
 * difference. */
static void bytes(void)
{
    static const uint8_t text[] = {1, 0xa0, 5, 0x91, 0x1c, 0xa0, 5, 10, 0, 0,
                                   0, 0,    0, 0,    0,    0,    0, 0,  0, 0,
                                   0, 0,    0, 0,    0,    0,    0, 0,  0};
    static struct en_month m;
    struct err err = {0};

    UNIT_CHECK(en_month_unpack(text, sizeof text, &m, &err), "%s", err.msg);
    CU_ASSERT_EQUAL(m.n_hours, 672);
    CU_ASSERT_EQUAL(m.covered_s, 672 * 3600);
    CU_ASSERT_EQUAL(m.joules[0], 5);
    CU_ASSERT_EQUAL(m.joules[671], 5);
    CU_ASSERT_FALSE(en_month_unpack(text, sizeof text - 1, &m, &err));
}

/* A ledger that was changed by hand is told. */
static void tampered(void)
{
    struct err err = {0};

    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, -1, NAN);
    feed_row(&w, 1, T0, 0, 0);
    feed_row(&w, 2, T0 + 60 * NS, 0, 60000000);
    feed_send(&w);
    feed_fold(&w, T0 + 3600 * NS);
    feed_check(&w, "as folded");
    world_ask(w.db, "UPDATE energy_month SET sum_uj = sum_uj + 1000000");
    CU_ASSERT_FALSE(en_ledger_check(w.db, &err));
    world_ask(w.db, "UPDATE energy_month SET sum_uj = sum_uj - 1000000");
    feed_check(&w, "back");
    world_ask(w.db, "UPDATE reading SET value = 61000000 WHERE seq = 2");
    CU_ASSERT_FALSE(en_ledger_check(w.db, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.msg, "J1"));
    feed_end(&w);
}

static void statements(void)
{
    struct db *db = world_open();
    struct err err = {0};
    const struct sql *list;
    size_t n;

    list = en_ledger_sql_list(&n);
    UNIT_CHECK(db_try(db, list, n, &err), "%s", err.msg);
    db_close(db);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"statements", statements},
            {"wrap", wrap},
            {"split", split},
            {"gauge", gauge},
            {"gauge gap", gauge_gap},
            {"flags", flags},
            {"keys", keys},
            {"restart", restart},
            {"late", late},
            {"any order", any_order},
            {"purge", purge},
            {"purge files", purge_files},
            {"wrong clock", wrong_clock},
            {"outage", outage},
            {"step back", step_back},
            {"codec", codec},
            {"bytes", bytes},
            {"tampered", tampered},
            {NULL, NULL},
    };

    return unit_main("energy/ledger", tests);
}
