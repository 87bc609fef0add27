/* SPDX-License-Identifier: Apache-2.0
 * Taking records in: identity, updates that erase nothing, states, events. */
#include "inventory_world.h"

static void test_statements(void)
{
    struct db *db = world_open();
    struct err err = {0};
    size_t n;
    const struct sql *list = inv_sql_list(&n);

    CU_ASSERT_TRUE(n > 40);
    UNIT_CHECK(db_try(db, list, n, &err), "%s", err.msg);
    db_close(db);
}

/* Four kinds of parts on one machine: the record that most cases change. */
static struct wire_machine node(struct wire_part parts[4])
{
    struct wire_machine m = world_machine("A1");

    parts[0] = world_part(CALC_CPU, 2, "Xeon Gold 6130", NAN);
    parts[1] = world_part(CALC_RAM, 12, NULL, 32);
    parts[2] = world_part(CALC_SSD, 2, NULL, 960);
    parts[3] = world_part(CALC_GPU, 1, "Tesla T4", NAN);
    m.parts = parts;
    m.n_parts = 4;
    m.name = "node1";
    m.serial = "SN1";
    m.manufacturer = "Dell";
    m.product = "R740";
    m.site = "lyon";
    m.project = "physics";
    m.note = "hello";
    m.has_status = true;
    m.status = CALC_IN_SERVICE;
    m.chassis = CALC_RACK;
    m.acquisition = CALC_DONATED;
    m.cpu_count = 2;
    m.cpu_cores = 32;
    m.power_w = 150;
    m.price_eur = 0;
    m.acquired_on = (struct date){2019, 7, 16};
    m.in_service_on = (struct date){2020, 1, 0};
    m.unknown_kinds = 1u << CALC_HDD;
    return m;
}

static void test_add(void)
{
    struct db *db = world_open();
    struct wire_part parts[4];
    struct wire_machine m = node(parts);
    struct inv_counts c = world_take(db, &m, 1);

    CU_ASSERT_EQUAL(c.added, 1);
    WORLD_IS(db, "SELECT count(*) FROM part", "4");
    WORLD_IS(
            db,
            "SELECT group_concat(status || ' ' || valid_from || '>' || "
            "coalesce(valid_to, ''), ';') FROM machine_state",
            "received 2019-07-16>2020-01;in_service 2020-01>");
    WORLD_IS(
            db, "SELECT kind || effective_on FROM event", "received2019-07-16");
    WORLD_IS(
            db,
            "SELECT category || chassis || acquisition || cpu_count || "
            "cpu_cores || power_w || price_eur || unknown_kinds FROM machine",
            "serverrackdonated232150.00.08");
    WORLD_IS(
            db,
            "SELECT p.manufacturer || p.name || j.name || t.name FROM machine "
            "m JOIN product p ON p.id = m.product_id JOIN project j ON j.id = "
            "m.project_id JOIN machine_state s ON s.machine_id = m.id JOIN "
            "site t ON t.id = s.site_id",
            "DellR740physicslyon");
    WORLD_IS(db, "SELECT file || format || added FROM import", "f.csvcsv1");
    WORLD_IS(db, "SELECT actor || ' ' || action FROM audit", "cli:test import");
    db_close(db);
}

static void test_same(void)
{
    struct db *db = world_open();
    struct wire_part parts[4], mixed[5];
    struct wire_machine m = node(parts);
    struct inv_counts c;

    world_take(db, &m, 1);
    c = world_take(db, &m, 1);
    CU_ASSERT_EQUAL(c.same, 1);
    /* Another order, and a row split in two, is the same machine. */
    mixed[0] = parts[3];
    mixed[1] = parts[1];
    mixed[1].units = 8;
    mixed[2] = parts[0];
    mixed[3] = parts[2];
    mixed[4] = parts[1];
    mixed[4].units = 4;
    m.parts = mixed;
    m.n_parts = 5;
    c = world_take(db, &m, 1);
    CU_ASSERT_EQUAL(c.same, 1);
    WORLD_IS(db, "SELECT count(*) FROM event", "1");
    db_close(db);
}

static void test_nothing_erased(void)
{
    struct db *db = world_open();
    struct wire_part parts[4];
    struct wire_machine m = node(parts), bare = world_machine("A1");
    struct inv_counts c;

    world_take(db, &m, 1);
    bare.has_category = false;
    bare.category = CALC_OTHER_UNIT; /* a guess */
    bare.unknown_kinds = ~0u;
    c = world_take(db, &bare, 1);
    CU_ASSERT_EQUAL(c.same, 1);
    bare.unknown_kinds = 0;
    bare.partial = true; /* says nothing of parts it does not list */
    c = world_take(db, &bare, 1);
    CU_ASSERT_EQUAL(c.same, 1);
    WORLD_IS(db, "SELECT category FROM machine", "server");
    WORLD_IS(db, "SELECT count(*) FROM part", "4");
    db_close(db);
}

static void test_parts_change(void)
{
    struct db *db = world_open();
    struct wire_part parts[4], ram, hdd;
    struct wire_machine m = node(parts), update = world_machine("A1");
    const char *units = "SELECT group_concat(s.kind || p.units, ' ') FROM part "
                        "p JOIN part_spec s ON s.id = p.spec_id";

    world_take(db, &m, 1);
    /* Only RAM is spoken of. */
    ram = world_part(CALC_RAM, 24, NULL, 32);
    update.parts = &ram;
    update.n_parts = 1;
    update.unknown_kinds = ~(1u << CALC_RAM);
    CU_ASSERT_EQUAL(world_take(db, &update, 1).changed, 1);
    WORLD_IS(db, units, "cpu2 gpu1 ram24 ssd2");
    WORLD_IS(
            db,
            "SELECT kind || ':' || detail FROM event ORDER BY id DESC LIMIT 1",
            "upgraded:changed: ram");
    /* A stated "no GPU" removes it. */
    update.unknown_kinds = ~(1u << CALC_RAM | 1u << CALC_GPU);
    CU_ASSERT_EQUAL(world_take(db, &update, 1).changed, 1);
    WORLD_IS(db, units, "cpu2 ram24 ssd2");
    /* Disks were unknown: learning of them is no upgrade. */
    hdd = world_part(CALC_HDD, 4, NULL, 4000);
    update.parts = &hdd;
    update.unknown_kinds = ~(1u << CALC_HDD);
    CU_ASSERT_EQUAL(world_take(db, &update, 1).changed, 1);
    WORLD_IS(db, units, "cpu2 ram24 hdd4 ssd2");
    WORLD_IS(
            db, "SELECT kind FROM event ORDER BY id DESC LIMIT 1",
            "recalculated");
    WORLD_IS(db, "SELECT unknown_kinds FROM machine", "0");
    db_close(db);
}

static void test_states(void)
{
    static const struct {
        const char *name;
        enum calc_status status;
        struct date made, got, used, left;
        const char *want;
    } cases[] = {
            {"no date: since ever",
             CALC_IN_SERVICE,
             {0},
             {0},
             {0},
             {0},
             "in_service >"},
            {"made only",
             CALC_IN_SERVICE,
             {2018, 0, 0},
             {0},
             {0},
             {0},
             "in_service 2018>"},
            {"used before it was booked",
             CALC_IN_SERVICE,
             {0},
             {2020, 3, 1},
             {2020, 2, 1},
             {0},
             "in_service 2020-03-01>"},
            {"spare since it came",
             CALC_SPARE,
             {0},
             {2019, 0, 0},
             {2019, 9, 0},
             {0},
             "spare 2019>"},
            {"retired",
             CALC_RETIRED,
             {0},
             {2015, 1, 1},
             {2015, 2, 1},
             {2024, 5, 1},
             "received 2015-01-01>2015-02-01;in_service 2015-02-01>2024-05-01;"
             "retired 2024-05-01>"},
            {"given, unknown start",
             CALC_GIVEN,
             {0},
             {0},
             {0},
             {2024, 5, 0},
             "in_service >2024-05;given 2024-05>"},
            {"gone, unknown day",
             CALC_RECYCLED,
             {0},
             {2015, 1, 1},
             {0},
             {0},
             "recycled >"},
            {"in and out on one day",
             CALC_RETIRED,
             {0},
             {2024, 5, 1},
             {0},
             {2024, 5, 1},
             "retired 2024-05-01>"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct db *db = world_open();
        struct wire_machine m = world_machine("A1");
        const char *got;

        m.has_status = true;
        m.status = cases[i].status;
        m.manufactured_on = cases[i].made;
        m.acquired_on = cases[i].got;
        m.in_service_on = cases[i].used;
        m.exit_on = cases[i].left;
        world_take(db, &m, 1);
        got = world_ask(
                db, "SELECT group_concat(status || ' ' || valid_from || '>' "
                    "|| coalesce(valid_to, ''), ';') FROM machine_state");
        UNIT_CHECK(
                strcmp(got, cases[i].want) == 0, "%s: got %s, want %s",
                cases[i].name, got, cases[i].want);
        db_close(db);
    }
}

/* In service "2020" (1 July) follows acquired "2020-06-15", though its text
 * comes before: the same record again changes nothing and is listed once. */
static void test_states_by_day(void)
{
    struct db *db = world_open();
    struct wire_machine m = world_machine("A1");
    struct inv_counts c;

    m.has_status = true;
    m.status = CALC_IN_SERVICE;
    m.acquired_on = (struct date){2020, 6, 15};
    m.in_service_on = (struct date){2020, 0, 0};
    c = world_take(db, &m, 1);
    CU_ASSERT_EQUAL(c.added, 1);
    c = world_take(db, &m, 1);
    CU_ASSERT_EQUAL(c.same, 1);
    WORLD_IS(db, "SELECT count(*) FROM machine_state", "2");
    WORLD_IS(
            db,
            "SELECT valid_from || '>' || valid_to FROM machine_state "
            "WHERE status = 'received'",
            "2020-06-15>2020");
    db_close(db);
}

static void test_turns(void)
{
    struct db *db = world_open();
    struct wire_machine m = world_machine("A1");
    const char *states =
            "SELECT group_concat(s.status || ' ' || t.name || ' ' || "
            "s.valid_from || '>' || coalesce(s.valid_to, ''), ';') "
            "FROM machine_state s JOIN site t ON t.id = s.site_id";
    const char *last = "SELECT kind || effective_on FROM event "
                       "ORDER BY id DESC LIMIT 1";

    m.has_status = true;
    m.status = CALC_SPARE;
    m.acquired_on = (struct date){2020, 1, 1};
    world_take(db, &m, 1);
    WORLD_IS(db, states, "spare default 2020-01-01>");
    /* A better date moves the history that came from it. */
    m.acquired_on = (struct date){2019, 1, 1};
    CU_ASSERT_EQUAL(world_take(db, &m, 1).changed, 1);
    WORLD_IS(db, states, "spare default 2019-01-01>");
    /* Into service on a stated day; then another site today; then out. */
    m.status = CALC_IN_SERVICE;
    m.in_service_on = (struct date){2023, 4, 1};
    world_take(db, &m, 1);
    WORLD_IS(
            db, states,
            "spare default 2019-01-01>2023-04-01;"
            "in_service default 2023-04-01>");
    WORLD_IS(db, last, "installed2023-04-01");
    m.site = "lyon";
    world_take(db, &m, 1);
    WORLD_IS(db, last, "moved2025-06-15");
    m.status = CALC_GIVEN;
    m.exit_on = (struct date){2025, 9, 1};
    world_take(db, &m, 1);
    WORLD_IS(db, last, "given2025-09-01");
    WORLD_IS(
            db, states,
            "spare default 2019-01-01>2023-04-01;"
            "in_service default 2023-04-01>2025-06-15;"
            "in_service lyon 2025-06-15>2025-09-01;given lyon 2025-09-01>");
    CU_ASSERT_EQUAL(world_take(db, &m, 1).same, 1);
    db_close(db);
}

static void test_identity(void)
{
    static const struct {
        const char *name;
        const char *tag, *host, *maker, *serial, *uuid; /* first */
        const char *tag2, *host2, *maker2, *serial2, *uuid2;
        bool joined;
        const char *tag_after;
    } cases[] = {
            {"uuid wins over another tag", "a", NULL, NULL, NULL, "u-1-abc",
             "b", NULL, NULL, NULL, "u-1-abc", true, "b"},
            {"maker and serial", "a", NULL, "Dell Inc.", "S1", NULL, "b", NULL,
             "Dell", "S1", NULL, true, "b"},
            {"serial of another maker", "a", NULL, "Dell", "S1", NULL, "b",
             NULL, "HP", "S1", NULL, false, "a"},
            {"serial without a maker", "a", NULL, NULL, "S1", NULL, "b", NULL,
             NULL, "S1", NULL, false, "a"},
            {"serial against two uuids", "a", NULL, "Dell", "S1", "u-1-abc",
             "b", NULL, "Dell", "S1", "u-2-abc", false, "a"},
            {"placeholder serial", "a", NULL, "Dell", "To Be Filled By O.E.M.",
             NULL, "b", NULL, "Dell", "To Be Filled By O.E.M.", NULL, false,
             "a"},
            {"tag", "a", NULL, "Dell", "S1", NULL, "a", NULL, "HP", "S2", NULL,
             true, "a"},
            {"name of an untagged record", "a", "node1", NULL, NULL, NULL, NULL,
             "node1", NULL, NULL, NULL, true, "a"},
            {"name gets its tag", NULL, "node1", NULL, NULL, NULL, "inv-7",
             "node1", NULL, NULL, NULL, true, "inv-7"},
            {"a host name is no better tag", "inv-7", "node1", NULL, NULL, NULL,
             "node1", "node1", NULL, NULL, NULL, true, "inv-7"},
            {"one name under two tags", "a", "node", NULL, NULL, NULL, "b",
             "node", NULL, NULL, NULL, false, "a"},
            {"one name and two uuids", "a", "node", NULL, NULL, "u-1-abc", "b",
             "node", NULL, NULL, "u-2-abc", false, "a"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct db *db = world_open();
        struct wire_machine m = world_machine(cases[i].tag);
        struct inv_counts c;
        const char *tag;

        m.name = cases[i].host;
        m.manufacturer = cases[i].maker;
        m.serial = cases[i].serial;
        m.uuid = cases[i].uuid;
        world_take(db, &m, 1);
        m.tag = cases[i].tag2;
        m.name = cases[i].host2;
        m.manufacturer = cases[i].maker2;
        m.serial = cases[i].serial2;
        m.uuid = cases[i].uuid2;
        c = world_take(db, &m, 1);
        UNIT_CHECK(
                (c.added == 0) == cases[i].joined, "%s: added %d",
                cases[i].name, (int)c.added);
        tag = world_ask(db, "SELECT tag FROM machine ORDER BY id LIMIT 1");
        UNIT_CHECK(
                strcmp(tag, cases[i].tag_after) == 0, "%s: tag %s",
                cases[i].name, tag);
        db_close(db);
    }
}

/* Two nodes of one blade carry its serial; one import never joins them, nor
 * does the next one mix them up. */
static void test_one_file(void)
{
    struct db *db = world_open();
    struct wire_machine m[3] = {
            world_machine("n1"), world_machine("n2"), world_machine("n1")};
    struct inv_counts c;

    for (int i = 0; i < 3; i++) {
        m[i].manufacturer = "Dell";
        m[i].serial = "BLADE1";
        m[i].name = m[i].tag;
    }
    m[2].power_w = 100; /* the same tag again: an update */
    for (int round = 0; round < 2; round++) {
        c = world_take(db, m, 3);
        CU_ASSERT_EQUAL(c.added, round ? 0 : 2);
        WORLD_IS(db, "SELECT count(*) FROM machine", "2");
        WORLD_IS(db, "SELECT count(*) FROM machine WHERE tag = name", "2");
    }
    db_close(db);
}

static void test_conflicts(void)
{
    struct db *db = world_open();
    struct wire_machine m[2] = {world_machine("a"), world_machine("b")};
    struct inv_take *t;
    enum inv_change what;
    struct err err = {0};
    struct inv_counts c;

    m[0].uuid = "u-1-abc";
    world_take(db, m, 2);
    m[1].uuid = "u-1-abc"; /* says it is a, and is called b */
    t = world_begin(db, NULL);
    CU_ASSERT_FALSE(inv_take_machine(t, &m[1], &what, &err));
    CU_ASSERT_EQUAL(err.code, ERR_CONFLICT);
    inv_take_rejected(t);
    /* A refused record leaves nothing, the import goes on. */
    m[1] = world_machine("c");
    CU_ASSERT_TRUE(inv_take_machine(t, &m[1], &what, &err));
    CU_ASSERT_EQUAL(what, INV_ADDED);
    c = world_end(t, true);
    CU_ASSERT_EQUAL(c.rejected, 1);
    WORLD_IS(db, "SELECT group_concat(tag, ' ') FROM machine", "a b c");
    WORLD_IS(db, "SELECT rejected FROM import ORDER BY id DESC", "1");
    db_close(db);
}

static void test_undo(void)
{
    struct db *db = world_open();
    struct wire_part parts[4];
    struct wire_machine m = node(parts);
    struct inv_take *t = world_begin(db, NULL);
    enum inv_change what;
    struct err err = {0};

    CU_ASSERT_TRUE(inv_take_machine(t, &m, &what, &err));
    world_end(t, false);
    WORLD_IS(
            db,
            "SELECT (SELECT count(*) FROM machine) + (SELECT count(*) FROM "
            "part_spec) + (SELECT count(*) FROM site) + (SELECT count(*) FROM "
            "import) + (SELECT count(*) FROM audit)",
            "0");
    world_take(db, &m, 1); /* ids of the undone import are forgotten */
    WORLD_IS(db, "SELECT count(*) FROM part", "4");
    db_close(db);
}

static void test_check(void)
{
    static const struct {
        const char *name, *column;
        size_t offset;
        double value;
    } numbers[] = {
            {"negative power", "power_w",
             offsetof(struct wire_machine, power_w), -1},
            {"infinite price", "price_eur",
             offsetof(struct wire_machine, price_eur), INFINITY},
            {"kg without a source", "fabrication_kg",
             offsetof(struct wire_machine, fabrication_kg), 10},
    };
    struct wire_machine m;
    struct wire_part part = world_part(CALC_RAM, 0, NULL, 16);
    const char *column;
    struct err err = {0};

    m = world_machine("a");
    CU_ASSERT_TRUE(inv_wire_check(&m, &column, &err));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        m = world_machine("a");
        memcpy((char *)&m + numbers[i].offset, &numbers[i].value,
               sizeof(double));
        UNIT_CHECK(
                !inv_wire_check(&m, &column, &err) &&
                        strcmp(column, numbers[i].column) == 0,
                "%s", numbers[i].name);
    }
    m = world_machine("a");
    m.acquired_on = (struct date){2020, 6, 1};
    m.exit_on = (struct date){2020, 0, 0}; /* may be in December: allowed */
    CU_ASSERT_TRUE(inv_wire_check(&m, &column, &err));
    m.exit_on = (struct date){2020, 5, 0};
    CU_ASSERT_FALSE(inv_wire_check(&m, &column, &err));
    CU_ASSERT_STRING_EQUAL(column, "retired_on");
    m = world_machine("a");
    m.parts = &part;
    m.n_parts = 1;
    CU_ASSERT_FALSE(inv_wire_check(&m, &column, &err));
    m = world_machine("a");
    m.units = 0;
    CU_ASSERT_FALSE(inv_wire_check(&m, &column, &err));
    m = world_machine("a");
    m.category = CALC_PART_LOT;
    CU_ASSERT_FALSE(inv_wire_check(&m, &column, &err));
    m = world_machine(NULL);
    m.serial = "Not Specified";
    CU_ASSERT_FALSE(inv_wire_check(&m, &column, &err));
}

static void test_placeholders(void)
{
    /* FORMATS section 0 lists the ones seen. */
    static const char *const yes[] = {
            "To Be Filled By O.E.M.",
            "To be filled by O.E.M.",
            "Not Specified",
            "System Serial Number",
            "System Product Name",
            "0123456789",
            "01234567890123456789AB",
            "00000000000000",
            "0000000000000",
            "....................",
            "NO DIMM",
            "XXXXXXXXXX",
            "NA",
            "N/A",
            "[REMOVED]",
            "REDACTED",
            "00000000-0000-0000-0000-000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "",
    };
    static const char *const no[] = {
            "ABB00DE",
            "1574520610109",
            "35DB0C1",
            "7546F5C",
            "4c4c4544-0042-3510-8056-b4c04f4a4e32",
            "S1"};

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        UNIT_CHECK(wire_placeholder(yes[i]), "'%s'", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        UNIT_CHECK(!wire_placeholder(no[i]), "'%s'", no[i]);
}

static void test_sites(void)
{
    struct db *db = world_open();
    struct wire_site s = {
            .name = "lyon",
            .country = "FRA",
            .timezone = "Europe/Paris",
            .pue = 1.3,
            .wue = NAN,
            .grid_g = 20,
            .grid_source = "RTE",
            .has_grid_kind = true,
            .grid_kind = CALC_DIRECT,
            .grid_year = 2024};
    struct inv_sites sites;
    struct err err = {0};

    CU_ASSERT_TRUE(inv_site_set(db, &s, "cli:test", &err));
    s = (struct wire_site){
            .name = "lyon",
            .pue = 1.4,
            .wue = NAN,
            .grid_g = NAN}; /* the rest stays */
    CU_ASSERT_TRUE(inv_site_set(db, &s, "cli:test", &err));
    s.pue = 0.9;
    CU_ASSERT_FALSE(inv_site_set(db, &s, "cli:test", &err));
    CU_ASSERT_EQUAL(err.code, ERR_INVALID);
    s.pue = NAN;
    s.grid_g = 30; /* without its source */
    CU_ASSERT_FALSE(inv_site_set(db, &s, "cli:test", &err));
    CU_ASSERT_TRUE_FATAL(inv_sites_load(db, &sites, &err));
    CU_ASSERT_EQUAL_FATAL(sites.n, 1);
    UNIT_NEAR(sites.items[0].pue, 1.4, 0, "pue");
    UNIT_NEAR(sites.items[0].grid_g, 20, 0, "grid");
    CU_ASSERT_STRING_EQUAL(sites.items[0].country, "FRA");
    CU_ASSERT_STRING_EQUAL(sites.items[0].timezone, "Europe/Paris");
    CU_ASSERT_EQUAL(sites.items[0].grid_kind, CALC_DIRECT);
    CU_ASSERT_EQUAL(sites.items[0].grid_year, 2024);
    CU_ASSERT_PTR_EQUAL(
            inv_site_by_id(&sites, sites.items[0].id), &sites.items[0]);
    CU_ASSERT_PTR_NULL(inv_site_by_id(&sites, 99));
    inv_sites_clear(&sites);
    WORLD_IS(
            db, "SELECT group_concat(detail, '; ') FROM audit",
            "lyon: added; lyon: changed");
    db_close(db);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"statements prepare", test_statements},
            {"a new machine", test_add},
            {"the same again", test_same},
            {"nothing is erased", test_nothing_erased},
            {"parts change", test_parts_change},
            {"states from dates", test_states},
            {"states are in the order of days", test_states_by_day},
            {"states turn", test_turns},
            {"identity", test_identity},
            {"names of one file", test_one_file},
            {"conflicts", test_conflicts},
            {"undo", test_undo},
            {"rules of a record", test_check},
            {"placeholders", test_placeholders},
            {"sites", test_sites},
            {NULL, NULL},
    };

    return unit_main("inventory take", tests);
}
