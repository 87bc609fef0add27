/* SPDX-License-Identifier: Apache-2.0
 * Hours of machines by tier, from constant loads whose figures can be worked
 * out by hand. */
#include "energy/listing.h"
#include "feed_world.h"

enum { MAX_OUT = 8 };

static struct feed_world w;
static struct en_hours out[MAX_OUT];
static size_t n_out;

static bool keep(void *ctx, const struct en_hours *h, struct err *err)
{
    (void)ctx;
    (void)err;
    if (n_out < MAX_OUT)
        out[n_out] = *h;
    n_out++;
    return true;
}

/* Machine 1 is modelled at 300 W, 2 at 100 W, others at nothing known. */
static double weigh(void *ctx, int64_t machine)
{
    (void)ctx;
    return machine == 1 ? 300 : machine == 2 ? 100 : NAN;
}

static void hours(int from, int to)
{
    struct err err = {0};

    n_out = 0;
    UNIT_CHECK(
            en_machine_hours(w.db, from, to, 1, 1000, weigh, keep, NULL, &err),
            "%s", err.msg);
}

static void machines(int n)
{
    static const char *const tags[] = {"n1", "n2", "n3"};
    struct wire_machine m[3];

    feed_begin(&w);
    for (int i = 0; i < n; i++)
        m[i] = world_machine(tags[i]);
    world_take(w.db, m, (size_t)n);
    world_ask(w.db, "UPDATE feed_source SET machine_id = 1");
}

static size_t counter(const char *id, enum wire_scope scope)
{
    return feed_meter(&w, id, scope, WIRE_COUNTER, -1, NAN);
}

/* Hours [from, to) of a constant load from T0 on, read at their edges. */
static void load(size_t meter, double watts, int from, int to)
{
    static uint64_t seq;

    for (int h = from; h <= to; h++) {
        if (w.n == FEED_ROWS)
            feed_send(&w);
        feed_row(
                &w, ++seq, T0 + h * 3600 * NS, (uint32_t)meter,
                (int64_t)(watts * 3600e6) * h);
    }
}

static void done(void)
{
    feed_send(&w);
    feed_fold(&w, T0 + 60 * 86400 * NS);
    feed_check(&w, "machines");
    hours(FEED_JANUARY, FEED_JANUARY);
}

enum { H0 = 96 }; /* T0 in its month */

/* 100 W and 50 W of packages, 10 W of memory, 40 W of a card, 30 W of board and
 * fans: 230 W / 0.90; the cores are inside their package. */
static void rapl(void)
{
    machines(1);
    load(counter("package-0", WIRE_PACKAGE), 100, 0, 4);
    load(counter("package-1", WIRE_PACKAGE), 50, 0, 4);
    load(counter("dram-0", WIRE_DRAM), 10, 0, 4);
    load(counter("core-0", WIRE_CORE), 90, 0, 4);
    load(counter("uncore-0", WIRE_UNCORE), 5, 0, 4);
    load(counter("gpu", WIRE_GPU), 40, 0, 4);
    done();
    CU_ASSERT_EQUAL_FATAL(n_out, 1);
    for (int h = 0; h < 4; h++) {
        CU_ASSERT_EQUAL(out[0].tier[H0 + h], CALC_M3);
        CU_ASSERT_EQUAL(out[0].joules[H0 + h], 920000); /* 230 / 0.9 * 3600 */
        CU_ASSERT_EQUAL(out[0].covered[H0 + h], 3600);
    }
    CU_ASSERT_EQUAL(out[0].tier[H0 + 4], CALC_NO_ENERGY);
    UNIT_NEAR(out[0].sum_j[CALC_M3], 3680000, 1e-12, "sum");
    feed_end(&w);
}

/* psys holds packages and memory: 200 W and 30 W of board and fans. A machine
 * with disks and memory: 2 x 7 W and 3 W; no dram meter: 64 GiB x 0.284 W. */
static void psys_and_rest(void)
{
    struct wire_part parts[3] = {
            world_part(CALC_HDD, 2, "x", 4000),
            world_part(CALC_SSD, 1, "y", 960),
            world_part(CALC_RAM, 4, NULL, 16)};
    struct wire_machine m = world_machine("n1");

    machines(1);
    load(counter("psys", WIRE_PSYS), 200, 0, 2);
    load(counter("package-0", WIRE_PACKAGE), 100, 0, 4);
    load(counter("dram-0", WIRE_DRAM), 10, 0, 2);
    done();
    CU_ASSERT_EQUAL(out[0].joules[H0], 920000);
    feed_end(&w);

    /* Not wired, psys shows less than it would hold: (100 + 10 + 30) / 0.9. */
    for (int watts = 0; watts < 110; watts += 109) {
        machines(1);
        load(counter("psys", WIRE_PSYS), watts, 0, 2);
        load(counter("package-0", WIRE_PACKAGE), 100, 0, 2);
        load(counter("dram-0", WIRE_DRAM), 10, 0, 2);
        done();
        CU_ASSERT_EQUAL(out[0].joules[H0], 560000);
        CU_ASSERT_EQUAL(out[0].joules[H0 + 1], 560000);
        feed_end(&w);
    }

    feed_begin(&w);
    m.parts = parts;
    m.n_parts = 3;
    world_take(w.db, &m, 1);
    world_ask(w.db, "UPDATE feed_source SET machine_id = 1");
    load(counter("package-0", WIRE_PACKAGE), 100, 0, 2);
    done();
    /* (100 + 20 + 10 + 14 + 3 + 18.176) / 0.9 * 3600 = 660704 */
    CU_ASSERT_EQUAL(out[0].joules[H0], 660704);
    feed_end(&w);
}

/* The outlet beats the BMC beats the counters beat the estimate; two feeds of
 * one machine add up, and one alone does not stand for both. */
static void tiers(void)
{
    machines(1);
    load(counter("outlet-a", WIRE_OUTLET), 150, 0, 2);
    load(counter("outlet-b", WIRE_OUTLET), 50, 0, 1);
    load(counter("bmc", WIRE_NODE), 190, 0, 3);
    load(counter("package-0", WIRE_PACKAGE), 100, 0, 4);
    load(counter("model", WIRE_ESTIMATE), 120, 0, 5);
    done();
    CU_ASSERT_EQUAL(out[0].tier[H0], CALC_M1);
    CU_ASSERT_EQUAL(out[0].joules[H0], 720000);
    CU_ASSERT_EQUAL(out[0].tier[H0 + 1], CALC_M2);
    CU_ASSERT_EQUAL(out[0].joules[H0 + 1], 684000);
    CU_ASSERT_EQUAL(out[0].tier[H0 + 2], CALC_M2);
    CU_ASSERT_EQUAL(out[0].tier[H0 + 3], CALC_M3);
    CU_ASSERT_EQUAL(out[0].tier[H0 + 4], CALC_M4);
    CU_ASSERT_EQUAL(out[0].joules[H0 + 4], 432000);
    CU_ASSERT_EQUAL(out[0].tier[H0 + 5], CALC_NO_ENERGY);
    UNIT_NEAR(out[0].sum_j[CALC_M2], 2 * 684000.0, 1e-12, "M2");
    feed_end(&w);
}

/* 400 W behind one outlet: 300 to 100 by modelled power; with a third of
 * unknown power, it counts as the mean of them, 200: 400 x 3/6, 1/6, 2/6. */
static void shared(void)
{
    for (int n = 2; n <= 3; n++) {
        static const int64_t want[2][3] = {
                {1080000, 360000, 0}, {720000, 240000, 480000}};
        int64_t sum = 0;

        machines(n);
        load(counter("outlet", WIRE_OUTLET), 400, 0, 3);
        feed_send(&w);
        world_ask(
                w.db, "INSERT INTO meter_machine SELECT m.id, x.id FROM "
                      "meter m, machine x");
        done();
        CU_ASSERT_EQUAL_FATAL(n_out, (size_t)n);
        for (int i = 0; i < n; i++) {
            CU_ASSERT_EQUAL(out[i].machine, i + 1);
            CU_ASSERT_EQUAL(out[i].joules[H0 + 1], want[n - 2][i]);
            sum += out[i].joules[H0 + 1];
        }
        CU_ASSERT_EQUAL(sum, 1440000);
        UNIT_NEAR(out[0].share, n == 2 ? 0.75 : 0.5, 1e-12, "share");
        feed_end(&w);
    }
}

/* The wall showed 200 W where counters and model said 130 W / 0.9: later hours
 * of the counters alone are raised by that. */
static void calibration(void)
{
    machines(1);
    load(counter("outlet", WIRE_OUTLET), 200, 0, 200);
    load(counter("package-0", WIRE_PACKAGE), 100, 0, 700);
    done();
    CU_ASSERT_EQUAL(out[0].tier[H0 + 199], CALC_M1);
    CU_ASSERT_EQUAL(out[0].tier[H0 + 200], CALC_M3);
    UNIT_NEAR((double)out[0].joules[H0 + 200], 720000, 2e-6, "this month");
    hours(FEED_JANUARY + 1, FEED_JANUARY + 1);
    CU_ASSERT_EQUAL_FATAL(n_out, 1);
    CU_ASSERT_EQUAL(out[0].tier[0], CALC_M3);
    UNIT_NEAR((double)out[0].joules[5], 720000, 2e-6, "the next month");
    feed_end(&w);

    /* Under a week beside each other says too little. */
    machines(1);
    load(counter("outlet", WIRE_OUTLET), 200, 0, 160);
    load(counter("package-0", WIRE_PACKAGE), 100, 0, 400);
    done();
    UNIT_NEAR((double)out[0].joules[H0 + 300], 520000, 2e-6, "too little");
    feed_end(&w);
}

/* Two tools that read the same processors are not added. */
static void two_sources(void)
{
    struct err err = {0};
    int64_t agent;

    machines(1);
    agent = w.source;
    load(counter("package-0", WIRE_PACKAGE), 100, 0, 3);
    feed_send(&w);
    CU_ASSERT_TRUE(en_source(w.db, "pull", "scaphandre", &w.source, &err));
    CU_ASSERT_NOT_EQUAL(agent, w.source);
    world_ask(w.db, "UPDATE feed_source SET machine_id = 1");
    w.meters[0].id = "socket 0";
    load(0, 101, 0, 3);
    done();
    CU_ASSERT_EQUAL(out[0].joules[H0], 520000); /* (100 + 30) / 0.9 */
    feed_end(&w);
}

/* ---- meters that fall silent ----------------------------------------------
 */

enum { MARCH_H = 55 * 24 }; /* from T0 on */

/* Hours from..to of the month that out[0] is: all of a tier and amount. */
static void all_of(int from, int to, int tier, int64_t joules, const char *what)
{
    CU_ASSERT_EQUAL_FATAL(n_out, 1);
    for (int i = from; i < to; i++)
        UNIT_CHECK(
                out[0].tier[i] == tier && out[0].joules[i] == joules &&
                        out[0].covered[i] ==
                                (tier == CALC_NO_ENERGY ? 0 : 3600),
                "%s, hour %d: tier %d, %lld J", what, i, out[0].tier[i],
                (long long)out[0].joules[i]);
}

static void february(int tier, int64_t joules, const char *what)
{
    hours(FEED_JANUARY + 1, FEED_JANUARY + 1);
    all_of(0, 28 * 24, tier, joules, what);
}

static void done_to(int hour)
{
    feed_send(&w);
    feed_fold(&w, T0 + (int64_t)hour * 3600 * NS + NS);
    feed_check(&w, "silent");
}

static void gone(const char *source, const char *key, const int32_t *day)
{
    struct err err = {0};
    int64_t from_s = 0;

    UNIT_CHECK(
            en_meter_gone(w.db, source, key, day, &from_s, &err), "%s",
            err.msg);
    if (day)
        CU_ASSERT_EQUAL(from_s, (int64_t)*day * 86400);
}

/* Two feeds, 100 W and 80 W; the second dies in January. It is missed in
 * February too, which it has no row of, until it is said to be gone. */
static void silent_feed(void)
{
    const int32_t tenth = 20494; /* 2026-02-10 */
    struct err err = {0};
    int64_t from_s;

    machines(1);
    load(counter("outlet-a", WIRE_OUTLET), 100, 0, MARCH_H);
    load(counter("outlet-b", WIRE_OUTLET), 80, 0, 300);
    done_to(MARCH_H);
    hours(FEED_JANUARY, FEED_JANUARY);
    all_of(H0, H0 + 300, CALC_M1, 648000, "both");
    all_of(H0 + 300, 744, CALC_NO_ENERGY, 0, "one of them");
    february(CALC_NO_ENERGY, 0, "a month without a row");

    gone("n1", "outlet-b", NULL);
    february(CALC_M1, 360000, "gone");
    hours(FEED_JANUARY, FEED_JANUARY);
    all_of(H0, H0 + 300, CALC_M1, 648000, "both as before");
    all_of(H0 + 300, 744, CALC_M1, 360000, "gone from its last reading on");

    gone("n1", "outlet-b", &tenth);
    hours(FEED_JANUARY + 1, FEED_JANUARY + 1);
    all_of(0, 9 * 24, CALC_NO_ENERGY, 0, "not yet gone");
    all_of(9 * 24, 28 * 24, CALC_M1, 360000, "gone from a day on");
    UNIT_CHECK(en_meter_back(w.db, "n1", "outlet-b", &err), "%s", err.msg);
    february(CALC_NO_ENERGY, 0, "back");

    /* What is read of one after it is gone is not the machine's. */
    gone("n1", "outlet-b", NULL);
    gone("n1", "outlet-a", &tenth);
    hours(FEED_JANUARY + 1, FEED_JANUARY + 1);
    all_of(0, 9 * 24, CALC_M1, 360000, "before");
    all_of(9 * 24, 28 * 24, CALC_NO_ENERGY, 0, "after");
    UNIT_NEAR(out[0].sum_j[CALC_M1], 9 * 24 * 360000.0, 1e-12, "cut");

    CU_ASSERT_FALSE(en_meter_gone(w.db, "n1", "x", NULL, &from_s, &err));
    CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    feed_end(&w);
}

/* One of two packages, or memory, is no less missed; a psys that cannot be held
 * against the packages is not believed, another tool is. */
static void silent_counters(void)
{
    static const enum wire_scope scopes[] = {WIRE_PACKAGE, WIRE_DRAM};
    struct err err = {0};

    for (int k = 0; k < 2; k++) {
        machines(1);
        load(counter("package-0", WIRE_PACKAGE), 100, 0, MARCH_H);
        load(counter("other", scopes[k]), 50, 0, 300);
        load(counter("psys", WIRE_PSYS), 1, 0, MARCH_H);
        done_to(MARCH_H);
        hours(FEED_JANUARY, FEED_JANUARY);
        all_of(H0, H0 + 300, CALC_M3, 720000, "180 W / 0.90");
        all_of(H0 + 300, 744, CALC_NO_ENERGY, 0, "one of them");
        february(CALC_NO_ENERGY, 0, "the month after");
        feed_end(&w);
    }

    machines(1);
    load(counter("socket-0", WIRE_PACKAGE), 100, 0, 300);
    load(counter("socket-1", WIRE_PACKAGE), 100, 0, 300);
    feed_send(&w);
    CU_ASSERT_TRUE(en_source(w.db, "pull", "agent", &w.source, &err));
    world_ask(w.db, "UPDATE feed_source SET machine_id = 1");
    w.n_meters = 0;
    load(counter("package-0", WIRE_PACKAGE), 150, 200, MARCH_H);
    done_to(MARCH_H);
    hours(FEED_JANUARY, FEED_JANUARY);
    all_of(H0, H0 + 300, CALC_M3, 920000, "the first tool");
    all_of(H0 + 300, 744, CALC_M3, 720000, "the other one");
    february(CALC_M3, 720000, "the other one");
    feed_end(&w);
}

/* A machine with that many cards; -1: not known. */
static void machine_with(int cards)
{
    struct wire_part part = world_part(CALC_GPU, (uint32_t)cards, "T4", NAN);
    struct wire_machine m = world_machine("n1");

    feed_begin(&w);
    m.parts = cards > 0 ? &part : NULL;
    m.n_parts = cards > 0;
    m.unknown_kinds = cards < 0 ? 1u << CALC_GPU : 0;
    world_take(w.db, &m, 1);
    world_ask(w.db, "UPDATE feed_source SET machine_id = 1");
}

/* Packages of 100 W, and cards: 540 W of a card and board make 670 W / 0.90;
 * without a card 130 W / 0.90. */
static void silent_cards(void)
{
    static const struct {
        const char *what;
        int cards;      /* by the inventory */
        int of_a, of_b; /* hours that two cards read */
        int tier;       /* in February */
        int64_t joules;
    } cases[] = {
            {"a card that nobody knows died", -1, 300, 0, CALC_NO_ENERGY, 0},
            {"its only card died", 1, 300, 0, CALC_NO_ENERGY, 0},
            {"its card was never read", 1, 0, 0, CALC_NO_ENERGY, 0},
            {"its card was taken out", 0, 300, 0, CALC_M3, 520000},
            {"no card", 0, 0, 0, CALC_M3, 520000},
            {"no card known of", -1, 0, 0, CALC_M3, 520000},
            {"one of two died", 2, MARCH_H, 300, CALC_NO_ENERGY, 0},
            {"one of those not known", -1, MARCH_H, 300, CALC_NO_ENERGY, 0},
            {"one was taken out", 1, MARCH_H, 300, CALC_M3, 2680000},
            {"one of two is read", 2, MARCH_H, 0, CALC_NO_ENERGY, 0},
            {"all of them", 2, MARCH_H, MARCH_H, CALC_M3, 4840000},
            {"more than are known", 1, MARCH_H, MARCH_H, CALC_M3, 4840000},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        machine_with(cases[i].cards);
        load(counter("package-0", WIRE_PACKAGE), 100, 0, MARCH_H);
        if (cases[i].of_a)
            load(counter("gpu-a", WIRE_GPU), 540, 0, cases[i].of_a);
        if (cases[i].of_b)
            load(counter("gpu-b", WIRE_GPU), 540, 0, cases[i].of_b);
        done_to(MARCH_H);
        february(cases[i].tier, cases[i].joules, cases[i].what);
        feed_end(&w);
    }
}

/* Cards that another tool shows from then on, all of them or one of two. */
static void cards_elsewhere(void)
{
    for (int n = 1; n <= 2; n++) {
        struct err err = {0};

        machine_with(-1);
        load(counter("package-0", WIRE_PACKAGE), 100, 0, MARCH_H);
        load(counter("gpu-0", WIRE_GPU), 270, 0, 300);
        load(counter("gpu-1", WIRE_GPU), 270, 0, 300);
        feed_send(&w);
        CU_ASSERT_TRUE(en_source(w.db, "pull", "dcgm", &w.source, &err));
        world_ask(w.db, "UPDATE feed_source SET machine_id = 1");
        w.n_meters = 0;
        for (int k = 0; k < n; k++)
            load(counter(k ? "b" : "a", WIRE_GPU), 540.0 / n, 300, MARCH_H);
        done_to(MARCH_H);
        if (n == 2)
            february(CALC_M3, 2680000, "both");
        else
            february(CALC_NO_ENERGY, 0, "one of two");
        gone("n1", "gpu-0", NULL);
        gone("n1", "gpu-1", NULL);
        february(CALC_M3, 2680000, "and those before are gone");
        feed_end(&w);
    }
}

struct heard {
    int64_t silent_s[4], gone_s[4];
    int n;
};

static bool hear(void *ctx, const struct en_meter_row *m, struct err *err)
{
    struct heard *h = ctx;

    (void)err;
    CU_ASSERT_TRUE_FATAL(h->n < 4);
    h->silent_s[h->n] = m->silent_s;
    h->gone_s[h->n++] = m->gone_s;
    return true;
}

/* Lists name the silent, by the month: a of 1,000 hours, b of 300. */
static void told(void)
{
    const int64_t end_s = T0 / NS + 300 * 3600;
    struct heard h;
    struct err err = {0};

    machines(1);
    load(counter("a", WIRE_OUTLET), 100, 0, 1000);
    load(counter("b", WIRE_OUTLET), 80, 0, 300);
    done_to(1001);
    for (int k = 0; k < 3; k++) {
        if (k == 1) /* as of an engine: a month, and no last reading */
            world_ask(w.db, "DELETE FROM ledger_meter");
        if (k == 2)
            gone("n1", "b", NULL);
        h.n = 0;
        CU_ASSERT_TRUE(en_source_meters(
                w.db, w.source, FEED_JANUARY + 1, hear, &h, &err));
        CU_ASSERT_EQUAL_FATAL(h.n, 2);
        CU_ASSERT_EQUAL(h.silent_s[0], 0);
        CU_ASSERT_EQUAL(h.gone_s[0], 0);
        CU_ASSERT_EQUAL(h.silent_s[1], k < 2 ? end_s : 0);
        CU_ASSERT_EQUAL(h.gone_s[1], k < 2 ? 0 : end_s);
    }
    feed_end(&w);
}

static void any(void)
{
    struct err err = {0};
    bool there = true;

    machines(1);
    CU_ASSERT_TRUE(
            en_ledger_any(w.db, FEED_JANUARY, FEED_JANUARY, &there, &err));
    CU_ASSERT_FALSE(there);
    load(counter("bmc", WIRE_NODE), 100, 0, 3);
    done();
    CU_ASSERT_TRUE(
            en_ledger_any(w.db, FEED_JANUARY, FEED_JANUARY, &there, &err));
    CU_ASSERT_TRUE(there);
    CU_ASSERT_TRUE(en_ledger_any(
            w.db, FEED_JANUARY + 1, FEED_JANUARY + 2, &there, &err));
    CU_ASSERT_FALSE(there);
    feed_end(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"rapl", rapl},
            {"psys and rest", psys_and_rest},
            {"tiers", tiers},
            {"shared", shared},
            {"calibration", calibration},
            {"two sources", two_sources},
            {"silent feed", silent_feed},
            {"silent counters", silent_counters},
            {"silent cards", silent_cards},
            {"cards elsewhere", cards_elsewhere},
            {"told", told},
            {"any", any},
            {NULL, NULL},
    };

    return unit_main("energy/machines", tests);
}
