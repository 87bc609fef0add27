/* SPDX-License-Identifier: Apache-2.0
 * Months out of an engine's readings, and stretches of files, in the ledger. */
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "energy/ledger.h"
#include "energy/pull_priv.h"
#include "inventory/inventory.h"
#include "unit.h"
#include "user_sets.h"

#define NS INT64_C(1000000000)

static struct err err;

static void test_sql(void)
{
    struct db *db = user_db();
    size_t n;
    const struct sql *list = en_pull_sql_list(&n);

    UNIT_CHECK(db_try(db, list, n, &err), "%s: %s", err.where, err.msg);
    db_close(db);
}

/* ---- files ------------------------------------------------------------------
 */

static bool machine(struct db *db, const char *tag)
{
    struct inv_take *take = NULL;
    const struct inv_take_options options = {.actor = "test", .file = "x"};
    struct wire_machine m = {
            .tag = tag,
            .units = 1,
            .is_virtual = -1,
            .cpu_count = -1,
            .cpu_cores = -1,
            .has_category = true,
            .category = CALC_SERVER,
            .price_eur = NAN,
            .mass_kg = NAN,
            .power_w = NAN,
            .idle_w = NAN,
            .max_w = NAN,
            .energy_kwh_year = NAN,
            .fabrication_kg = NAN,
            .place = "x: line 1"};
    enum inv_change what;
    bool ok = inv_take_begin(db, &options, &take, &err) &&
              inv_take_machine(take, &m, &what, &err);

    ok = inv_take_end(take, ok, NULL, &err) && ok;
    UNIT_CHECK(ok, "%s: %s", tag, err.msg);
    return ok;
}

static struct wire_energy
stretch(int64_t from_s, int64_t to_s, int64_t joules, const char *key)
{
    return (struct wire_energy){
            .meter = "7",
            .scope = WIRE_OUTLET,
            .from_ns = from_s * NS,
            .to_ns = to_s * NS,
            .energy_uj = joules * 1000000,
            .key = key};
}

enum { T0 = 1767225600 /* 2026-01-01T00:00Z */ };

static void test_files(void)
{
    static const struct {
        const char *name, *key;
        int64_t from_s, to_s, joules;
        enum err_code want;
        uint64_t added, same; /* after it */
    } rows[] = {
            {"first", NULL, T0, T0 + 600, 100, ERR_NONE, 1, 0},
            {"again", NULL, T0, T0 + 600, 100, ERR_NONE, 1, 1},
            {"another amount", NULL, T0, T0 + 600, 101, ERR_CONFLICT, 1, 1},
            {"another job", "j", T0, T0 + 600, 100, ERR_CONFLICT, 1, 1},
            {"next to it", NULL, T0 + 600, T0 + 900, 50, ERR_NONE, 2, 1},
            {"before it", NULL, T0 - 600, T0, 7, ERR_NONE, 3, 1},
            {"over both", NULL, T0 + 300, T0 + 700, 5, ERR_CONFLICT, 3, 1},
            {"inside", NULL, T0 + 10, T0 + 20, 5, ERR_CONFLICT, 3, 1},
            {"around", NULL, T0 - 9000, T0 + 9000, 5, ERR_CONFLICT, 3, 1},
            {"no time", NULL, T0, T0, 5, ERR_INVALID, 3, 1},
    };
    struct db *db = user_db();
    struct en_file_take *t = NULL;
    struct en_file_counts counts;

    CU_ASSERT_FATAL(machine(db, "m1") && db_begin(db, &err));
    CU_ASSERT_FATAL(en_file_take_begin(db, "m1", NULL, &t, &err));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct wire_energy e = stretch(
                rows[i].from_s, rows[i].to_s, rows[i].joules, rows[i].key);
        struct err why = {0};
        bool ok = en_file_take_row(t, "pdu-csv", &e, &why);

        UNIT_CHECK(
                ok == (rows[i].want == ERR_NONE) && why.code == rows[i].want,
                "%s: %s", rows[i].name, why.msg);
        counts = *en_file_take_counts(t);
        UNIT_CHECK(
                counts.added == rows[i].added && counts.same == rows[i].same,
                "%s: %d added", rows[i].name, (int)counts.added);
    }
    CU_ASSERT(en_file_take_end(t, true, NULL, &err) && db_commit(db, &err));
    CU_ASSERT_STRING_EQUAL(
            user_ask(db, "SELECT group_concat(value) FROM reading"),
            "7000000,100000000,50000000");
    CU_ASSERT(en_fold(db, (int64_t)(T0 + 86400) * NS, &err));
    CU_ASSERT_STRING_EQUAL(
            user_ask(
                    db, "SELECT group_concat(month || ':' || sum_uj) FROM "
                        "energy_month"),
            "24311:7000000,24312:150000000");
    UNIT_CHECK(en_ledger_check(db, &err), "%s", err.msg);
    CU_ASSERT_STRING_EQUAL(
            user_ask(db, "SELECT name FROM feed_source"), "pdu-csv/m1");
    db_close(db);
}

/* Another tag, or two machines that became one: the same stretches are known.
 */
static void test_files_renamed(void)
{
    const struct wire_energy e = stretch(T0, T0 + 600, 100, NULL);
    struct db *db = user_db();
    struct en_file_take *t = NULL;
    struct en_file_counts counts;

    CU_ASSERT_FATAL(machine(db, "m1") && machine(db, "m2"));
    for (int i = 1; i <= 2; i++) {
        CU_ASSERT_FATAL(
                db_begin(db, &err) &&
                en_file_take_begin(db, i == 1 ? "m1" : "m2", NULL, &t, &err));
        CU_ASSERT(en_file_take_row(t, "pdu-csv", &e, &err));
        CU_ASSERT(
                en_file_take_end(t, true, &counts, &err) &&
                db_commit(db, &err));
        CU_ASSERT_EQUAL(counts.added, 1);
    }
    user_ask(db, "UPDATE feed_source SET machine_id = 1");
    user_ask(db, "UPDATE machine SET tag = 'new' WHERE id = 1");
    CU_ASSERT_FATAL(
            db_begin(db, &err) &&
            en_file_take_begin(db, "new", NULL, &t, &err));
    CU_ASSERT(en_file_take_row(t, "pdu-csv", &e, &err));
    CU_ASSERT(en_file_take_end(t, true, &counts, &err) && db_commit(db, &err));
    CU_ASSERT_EQUAL(counts.added, 0);
    CU_ASSERT_EQUAL(counts.same, 1);
    db_close(db);
}

static void test_outlets(void)
{
    struct db *db = user_db();
    struct en_file_take *t = NULL;
    struct wire_energy e = stretch(T0, T0 + 600, 100, NULL);
    struct err why = {0};

    CU_ASSERT_FATAL(
            machine(db, "m1") && machine(db, "m2") && db_begin(db, &err));
    CU_ASSERT(!en_file_take_begin(db, NULL, "7 = nobody\n", &t, &why));
    CU_ASSERT_EQUAL(why.code, ERR_NOT_FOUND);
    CU_ASSERT(!en_file_take_begin(db, NULL, "# x\n7\n", &t, &why));
    CU_ASSERT_STRING_EQUAL(why.where, "outlets: line 2");
    CU_ASSERT(!en_file_take_begin(db, NULL, "7 = m1\n7 = m2\n", &t, &why));
    CU_ASSERT_FATAL(
            en_file_take_begin(db, NULL, "7 = m1, m2\r\n8=m2\r\n", &t, &err));
    CU_ASSERT(en_file_take_row(t, "pdu-csv", &e, &err));
    e.meter = "8";
    CU_ASSERT(en_file_take_row(t, "pdu-csv", &e, &err));
    e.meter = "9";
    CU_ASSERT(!en_file_take_row(t, "pdu-csv", &e, &why));
    CU_ASSERT_EQUAL(why.code, ERR_INVALID);
    e.machine = "m3";
    CU_ASSERT(!en_file_take_row(t, "pdu-csv", &e, &why));
    CU_ASSERT(en_file_take_end(t, true, NULL, &err) && db_commit(db, &err));
    CU_ASSERT_STRING_EQUAL(
            user_ask(
                    db, "SELECT group_concat(m.tag) FROM meter_machine x "
                        "JOIN meter t ON t.id = x.meter_id AND t.key = '7' "
                        "JOIN machine m ON m.id = x.machine_id"),
            "m1,m2");
    CU_ASSERT_STRING_EQUAL(
            user_ask(
                    db, "SELECT m.tag FROM meter t JOIN feed_source s ON "
                        "s.id = t.source_id JOIN machine m ON "
                        "m.id = s.machine_id WHERE t.key = '8'"),
            "m2");
    db_close(db);
}

/* ---- targets
 * ----------------------------------------------------------------- */

static const char *const months_sql =
        "SELECT group_concat(month || ':' || sum_uj || ':' || covered_s || ':' "
        "|| flags, ' ') FROM (SELECT * FROM energy_month ORDER BY month)";

/* 1 W throughout: 23:00 of 31 January to 01:00 of February, then a new start
 * at 02:00 (nothing is known across), then nothing until 1 April 00:00. January
 * gets an hour, February one and the 670 from 02:00 on, March its 744. */
static const struct ep_point jan[] = {{1769900400000, 0}};
static const struct ep_point feb[] = {
        {1769907600000, 7200 * INT64_C(1000000)},
        {1769911200000, 100 * INT64_C(1000000)}};
static const struct ep_point apr[] = {
        {1775001600000, (100 + 1414 * 3600) * INT64_C(1000000)}};
static const struct {
    int month;
    const struct ep_point *points;
    size_t n;
} parts[] = {
        {2026 * 12, jan, 1}, {2026 * 12 + 1, feb, 2}, {2026 * 12 + 3, apr, 1}};

static void test_months(void)
{
    static const int orders[][5] = {
            {0, 1, 2, 0, 2},
            {0, 1, 2, 1, 1},
            {2, 1, 0, 1, 2},
            {1, 0, 2, 1, 2},
            {0, 2, 1, 2, 0}};
    const char *want = "24312:3600000000:3600:0 24313:2415600000000:2415600:18 "
                       "24314:2678400000000:2678400:16 24315:0:0:16";

    for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
        const struct wire_meter m = {
                .id = "x",
                .scope = WIRE_PACKAGE,
                .kind = WIRE_COUNTER,
                .unit = WIRE_J};
        struct db *db = user_db();
        int64_t source, meter;
        int stale;

        CU_ASSERT_FATAL(
                db_begin(db, &err) &&
                ep_source(db, "pull", "t/m", 0, T0, NULL, &source, &err) &&
                ep_meter(db, source, &m, &meter, &err));
        for (size_t i = 0; i < 5; i++) {
            int p = orders[o][i];

            UNIT_CHECK(
                    ep_month_write(
                            db, meter,
                            &(struct ep_readings){
                                    .kind = WIRE_COUNTER,
                                    .month = parts[p].month,
                                    .points = parts[p].points,
                                    .n = parts[p].n},
                            &stale, &err),
                    "%s", err.msg);
        }
        CU_ASSERT(db_commit(db, &err));
        UNIT_CHECK(
                strcmp(user_ask(db, months_sql), want) == 0, "order %zu: %s", o,
                user_ask(db, months_sql));
        /* The ledger's own work leaves them as they are. */
        CU_ASSERT(en_fold(db, INT64_C(1780000000) * NS, &err));
        CU_ASSERT(en_purge(db, INT64_C(1780000000) * NS, &err));
        UNIT_CHECK(
                strcmp(user_ask(db, months_sql), want) == 0, "folded: %s",
                user_ask(db, months_sql));
        UNIT_CHECK(en_ledger_check(db, &err), "%s", err.msg);
        db_close(db);
    }
}

/* 100 W, 200 W, then a gap of more than three usual steps: 150 W for 10 min,
 * 200 W for 10 more. */
static void test_gauge_months(void)
{
    static const struct ep_point points[] = {
            {T0 * INT64_C(1000), 100000000},
            {(T0 + 600) * INT64_C(1000), 200000000},
            {(T0 + 1200) * INT64_C(1000), 200000000},
            {(T0 + 9000) * INT64_C(1000), 200000000}};
    const struct wire_meter m = {
            .id = "x", .scope = WIRE_NODE, .kind = WIRE_GAUGE, .unit = WIRE_W};
    struct db *db = user_db();
    int64_t source, meter;
    int stale;

    CU_ASSERT_FATAL(
            ep_source(db, "pull", "t/m", 0, T0, NULL, &source, &err) &&
            ep_meter(db, source, &m, &meter, &err));
    CU_ASSERT(ep_month_write(
            db, meter,
            &(struct ep_readings){
                    .kind = WIRE_GAUGE,
                    .month = 24312,
                    .points = points,
                    .n = 4},
            &stale, &err));
    CU_ASSERT_STRING_EQUAL(
            user_ask(db, months_sql), "24312:210000000000:1200:0");
    db_close(db);
}

static void test_targets(void)
{
    static const struct {
        const char *name, *url, *label, *matchers, *since, *machine;
        enum err_code want;
    } cases[] = {
            {"a", "http://h:9100/metrics", NULL, NULL, NULL, NULL, ERR_NONE},
            {"a", "http://h/", NULL, NULL, NULL, NULL, ERR_CONFLICT},
            {"a b", "http://h/", NULL, NULL, NULL, NULL, ERR_INVALID},
            {"", "http://h/", NULL, NULL, NULL, NULL, ERR_INVALID},
            {"b", "ftp://h/", NULL, NULL, NULL, NULL, ERR_INVALID},
            {"b", "http://u:p@h/", NULL, NULL, NULL, NULL, ERR_INVALID},
            {"b", "http://", NULL, NULL, NULL, NULL, ERR_INVALID},
            {"b", "http://h", "a-b", NULL, NULL, NULL, ERR_INVALID},
            {"b", "http://h", NULL, "{x}", NULL, NULL, ERR_INVALID},
            {"b", "http://h", NULL, NULL, "2025-13", NULL, ERR_INVALID},
            {"b", "http://h", NULL, NULL, NULL, "nobody", ERR_NOT_FOUND},
            {"b", "https://h", "host", "job=\"n\"", "2025-12", NULL, ERR_NONE},
    };
    struct db *db = user_db();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct en_target t = {
                .name = cases[i].name,
                .url = cases[i].url,
                .kind = EN_PULL_ENGINE,
                .label = cases[i].label,
                .matchers = cases[i].matchers,
                .since = cases[i].since,
                .machine = cases[i].machine};
        struct err why = {0};

        en_target_add(db, &t, &why);
        UNIT_CHECK(why.code == cases[i].want, "%zu %s: %s", i, t.url, why.msg);
    }
    CU_ASSERT(en_target_remove(db, "a", &err));
    CU_ASSERT_FALSE(en_target_remove(db, "a", &err));
    CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    db_close(db);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"statements", test_sql},
            {"files: once, and no overlap", test_files},
            {"files: machines renamed and joined", test_files_renamed},
            {"files: outlets", test_outlets},
            {"months in any order", test_months},
            {"months of power", test_gauge_months},
            {"targets", test_targets},
            {NULL, NULL},
    };

    return unit_main("energy: pulls and files", tests);
}
