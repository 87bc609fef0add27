/* SPDX-License-Identifier: Apache-2.0
 * Senders that tell their clock as they send: what is done with readings whose
 * clock is wrong, that are late, or both. Expected times and sums are worked
 * out by hand beside each test. */
#include "feed_world.h"

static struct feed_world w;

static void begin(void)
{
    feed_begin(&w);
    feed_meter(&w, "p", WIRE_PACKAGE, WIRE_COUNTER, 262143328850, NAN);
    w.clock_boot = w.boot;
}

/* Rows first..last, ten seconds and 1 J apart, on a clock that shows `t_ns` at
 * row 0. */
static void rows(int first, int last, int64_t t_ns)
{
    for (int i = first; i <= last; i++)
        feed_row(
                &w, (uint64_t)i, t_ns + i * 10 * NS, 0,
                INT64_C(50000000) + i * INT64_C(1000000));
}

static void told_at(int64_t recv_ns, int64_t clock_ns)
{
    w.recv_ns = recv_ns;
    w.clock_ns = clock_ns;
}

/* The month: `joules` without a wrap, and nothing flagged but what is said. */
static void is(const char *name, int64_t joules, unsigned flags)
{
    struct en_month m;

    feed_fold(&w, T0 + 86400 * NS);
    m = feed_month(&w, "p", FEED_JANUARY);
    UNIT_CHECK(
            m.sum_uj == joules * 1000000 && m.flags == flags,
            "%s: %lld uJ, flags %u", name, (long long)m.sum_uj, m.flags);
    feed_check(&w, name);
}

/* Started in an outage, three hours ahead: the first batches come an hour late.
 * By the newest row they would look two hours ahead, then more. */
static void ahead_and_late(void)
{
    int64_t wrong = T0 + 3 * 3600 * NS;

    begin();
    for (int i = 0; i < 60; i++) {
        told_at(T0 + (3600 + i) * NS, wrong + (3600 + i) * NS);
        rows(i * 6 + 1, i * 6 + 6, wrong);
        feed_send(&w);
        CU_ASSERT_EQUAL(w.taken.accepted, 6);
    }
    WORLD_IS(
            w.db, "SELECT min(t_ns) || ' ' || max(t_ns) FROM reading",
            /* T0 + 10 s, T0 + 3600 s */
            "1767571210000000000 1767574800000000000");
    is("ahead and late", 359, EN_SKEW);
    feed_end(&w);
}

/* The clock is right and the rows are late: nothing moves, not for a batch. */
static void late_alone(void)
{
    begin();
    told_at(T0 + 7200 * NS, T0 + 7200 * NS);
    rows(1, 6, T0);
    feed_send(&w);
    WORLD_IS(w.db, "SELECT count(*) FROM reading WHERE node_ns IS NULL", "6");
    rows(7, 12, T0);
    feed_send(&w);
    WORLD_IS(w.db, "SELECT max(t_ns) FROM reading", "1767571320000000000");
    is("late alone", 11, 0);
    feed_end(&w);
}

/* A machine without a battery that woke in 1970, and one two days ahead. */
static void far_off(void)
{
    static const int64_t at[] = {100, 1767571200 + 2 * 86400};

    for (int k = 0; k < 2; k++) {
        begin();
        told_at(T0 + 100 * NS, (at[k] + 100) * NS);
        rows(1, 6, at[k] * NS);
        feed_send(&w);
        CU_ASSERT_EQUAL(w.taken.accepted, 6);
        WORLD_IS(
                w.db, "SELECT min(t_ns) || ' ' || max(t_ns) FROM reading",
                "1767571210000000000 1767571260000000000");
        rows(1, 6, at[k] * NS);
        feed_send(&w);
        CU_ASSERT_EQUAL(w.taken.duplicate, 6);
        /* A row a day after the sender's own now is as wrong as ever. */
        feed_row(&w, 9, (at[k] + 100 + 86401) * NS, 0, 0);
        feed_send(&w);
        CU_ASSERT_EQUAL(w.taken.refused, 1);
        is("far off", 5, EN_SKEW);
        feed_end(&w);
    }
}

/* A second run of the boot goes on where the first was, whatever the network
 * took, and after the server has forgotten all it knew. */
static void runs_of_a_boot(void)
{
    int64_t wrong = T0 - 3600 * NS;

    for (int forget = 0; forget < 2; forget++) {
        begin();
        told_at(T0 + 65 * NS, wrong + 60 * NS); /* 5 s on the way */
        rows(1, 6, wrong);
        feed_send(&w);
        if (forget)
            en_feed_forget(w.feed);
        w.run = "run-2";
        told_at(T0 + 120 * NS, wrong + 120 * NS);
        rows(7, 12, wrong);
        feed_send(&w);
        WORLD_IS(
                w.db,
                "SELECT count(*) FROM reading a JOIN reading b ON b.seq = "
                "a.seq + 1 WHERE b.t_ns - a.t_ns = 10000000000",
                "11");
        is("runs of a boot", 11, EN_SKEW);
        feed_end(&w);
    }
}

/* Rows of a boot that is over come when the machine is up again: they are
 * believed, unless they lie ahead. */
static void boot_that_is_over(void)
{
    begin();
    w.clock_boot = "boot-2";
    told_at(T0 + 7200 * NS, T0 + 7200 * NS);
    rows(1, 6, T0);
    feed_send(&w);
    WORLD_IS(w.db, "SELECT max(t_ns) FROM reading", "1767571260000000000");
    is("over, believed", 5, 0);
    feed_end(&w);
    begin();
    w.clock_boot = "boot-2";
    told_at(T0 + 7200 * NS, T0 + 7200 * NS);
    rows(1, 6, T0 + 9000 * NS);
    feed_send(&w);
    rows(7, 12, T0 + 9000 * NS);
    feed_send(&w);
    /* The newest of the first batch at receipt, the others by their distance.
     */
    WORLD_IS(
            w.db, "SELECT min(t_ns) || ' ' || max(t_ns) FROM reading",
            "1767578350000000000 1767578460000000000");
    is("over, ahead", 11, EN_SKEW);
    feed_end(&w);
}

/* The server's clock is set back by an hour: what comes goes on behind what is
 * there, once, and keeps its distances from then on. */
static void server_set_back(void)
{
    begin();
    told_at(T0 + 60 * NS, T0 + 60 * NS);
    rows(1, 6, T0);
    feed_send(&w);
    told_at(T0 + (120 - 3600) * NS, T0 + 120 * NS);
    rows(7, 12, T0);
    feed_send(&w);
    told_at(T0 + (180 - 3600) * NS, T0 + 180 * NS);
    rows(13, 18, T0);
    feed_send(&w);
    WORLD_IS(
            w.db,
            "SELECT group_concat((b.t_ns - a.t_ns) / 10000000000) FROM "
            "(SELECT * FROM reading ORDER BY seq) a JOIN reading b "
            "ON b.seq = a.seq + 1",
            "1,1,1,1,1,0,1,1,1,1,1,1,1,1,1,1,1");
    WORLD_IS(
            w.db,
            "SELECT count(*) FROM reading a JOIN reading b ON b.seq > a.seq "
            "WHERE b.t_ns <= a.t_ns",
            "0");
    feed_end(&w);
}

/* A sender that tells nothing, whose clock goes five hours forward between two
 * rows of a batch. */
static void set_forward_in_a_batch(void)
{
    const int64_t step = 5 * 3600 * NS;

    begin();
    w.clock_boot = NULL;
    w.recv_ns = T0 + 60 * NS;
    rows(1, 6, T0);
    feed_send(&w);
    w.recv_ns = T0 + 120 * NS;
    rows(7, 9, T0);
    rows(10, 12, T0 + step);
    feed_send(&w);
    CU_ASSERT_EQUAL(w.taken.accepted, 6);
    w.recv_ns = T0 + 180 * NS;
    rows(13, 18, T0 + step);
    feed_send(&w);
    WORLD_IS(
            w.db,
            "SELECT count(*) FROM reading WHERE t_ns = "
            "1767571200000000000 + seq * 10000000000",
            "18");
    is("set forward in a batch", 17, EN_SKEW);
    feed_end(&w);
}

/* A sender that tells no clock and began inside an outage sends two hours of
 * it, a minute a batch: no batch alone is less late by more than a minute. */
static void short_batches(void)
{
    begin();
    w.clock_boot = NULL;
    for (int i = 0; i < 120; i++) {
        w.recv_ns = T0 + 7230 * NS + i * NS / 100;
        rows(i * 6 + 1, i * 6 + 6, T0);
        feed_send(&w);
        CU_ASSERT_EQUAL(w.taken.accepted, 6);
    }
    WORLD_IS(
            w.db,
            "SELECT count(*) FROM reading WHERE node_ns IS NULL AND t_ns = "
            "1767571200000000000 + seq * 10000000000",
            "720");
    is("short batches", 719, 0);
    feed_end(&w);
}

/* An hour slow and gaining three seconds a minute, three minutes in all: put
 * right slowly, it is no backlog. */
static void put_right_slowly(void)
{
    begin();
    w.clock_boot = NULL;
    for (int i = 0; i < 60; i++) {
        w.recv_ns = T0 + (3660 + 60 * i) * NS;
        for (int k = 1; k <= 6; k++)
            feed_row(
                    &w, (uint64_t)(i * 6 + k), T0 + (i * 63 + k * 10) * NS, 0,
                    INT64_C(50000000) + (i * 6 + k) * INT64_C(1000000));
        feed_send(&w);
    }
    WORLD_IS(
            w.db, "SELECT count(*) FROM reading WHERE node_ns IS NOT NULL",
            "360");
    is("put right slowly", 359, EN_SKEW);
    feed_end(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"ahead and late", ahead_and_late},
            {"late alone", late_alone},
            {"far off", far_off},
            {"runs of a boot", runs_of_a_boot},
            {"boot that is over", boot_that_is_over},
            {"server set back", server_set_back},
            {"set forward in a batch", set_forward_in_a_batch},
            {"short batches of a backlog", short_batches},
            {"put right slowly", put_right_slowly},
            {NULL, NULL}};

    return unit_main("energy clock", tests);
}
