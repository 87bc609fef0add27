/* SPDX-License-Identifier: Apache-2.0
 * Which machine a record speaks of where several could be meant: two of one
 * host name, serials that two makers gave, uuids written in several ways. */
#include "inventory_world.h"

static struct wire_machine
host(const char *name, const char *maker, const char *serial, const char *uuid)
{
    struct wire_machine m = world_machine(NULL);

    m.name = name;
    m.manufacturer = maker;
    m.serial = serial;
    m.uuid = uuid;
    return m;
}

/* As two rows of one import, then as two imports, each order. */
static void test_pairs(void)
{
    static const struct {
        const char *name;
        struct {
            const char *name, *maker, *serial, *uuid;
        } of[2];
        const char *machines;
        const char *tags; /* in the order of the first case; NULL: not asked */
    } cases[] = {
            {"a host name of two makers",
             {{"tpa", "Dell Inc.", "CLFV7M2", NULL},
              {"tpa", "HPE", "MXQ93003RB", NULL}},
             "2",
             "tpa tpa-MXQ93003RB"},
            {"two serials of one maker",
             {{"tpa", "Dell Inc.", "CLFV7M2", NULL},
              {"tpa", "Dell", "CLFV7M3", NULL}},
             "2",
             "tpa tpa-CLFV7M3"},
            {"two uuids",
             {{"tpa", NULL, NULL, "4c4c4544-004c-4610-8056-c3c04f374d32"},
              {"tpa", NULL, NULL, "5c4c4544-004c-4610-8056-c3c04f374d32"}},
             "2",
             "tpa tpa-5c4c4544"},
            {"a serial against nothing is the host name's",
             {{"tpa", "Dell", "CLFV7M2", NULL}, {"tpa", NULL, NULL, NULL}},
             "1",
             "tpa"},
            {"serials that are none",
             {{"tpa", "Dell", "Not Specified", NULL},
              {"tpa", "Dell", "0123456789", NULL}},
             "1",
             "tpa"},
            {"one serial of two makers, no name",
             {{NULL, "Dell Inc.", "4242", NULL}, {NULL, "HP", "4242", NULL}},
             "2",
             "4242 HP-4242"},
            {"one serial of one maker spelled twice",
             {{NULL, "Dell Inc.", "4242", NULL}, {NULL, "DELL", "4242", NULL}},
             "1",
             "4242"},
            {"a uuid in large letters",
             {{"a", NULL, NULL, "4c4c4544-004c-4610-8056-c3c04f374d32"},
              {NULL, NULL, NULL, "4C4C4544-004C-4610-8056-C3C04F374D32"}},
             "1",
             NULL},
            {"a uuid with its first groups turned",
             {{"a", NULL, NULL, "4c4c4544-004c-4610-8056-c3c04f374d32"},
              {NULL, NULL, NULL, "44454C4C-4C00-1046-8056-C3C04F374D32"}},
             "1",
             NULL},
            {"a host with and without its domain",
             {{"node1.cluster.fr", NULL, NULL, NULL},
              {"node1", NULL, NULL, NULL}},
             "1",
             NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int way = 0; way < 4; way++) { /* bit 0 order, 1 two imports */
            struct db *db = world_open();
            struct wire_machine m[2];
            const char *n, *tags;

            for (int k = 0; k < 2; k++)
                m[way & 1 ? 1 - k : k] =
                        host(cases[i].of[k].name, cases[i].of[k].maker,
                             cases[i].of[k].serial, cases[i].of[k].uuid);
            if (way & 2) {
                world_take(db, &m[0], 1);
                world_take(db, &m[1], 1);
            } else {
                struct inv_take *t = world_begin(db, NULL);
                enum inv_change what;
                struct err err = {0};

                for (int k = 0; k < 2; k++) {
                    inv_take_format(t, "csv"); /* another file */
                    UNIT_CHECK(
                            inv_take_machine(t, &m[k], &what, &err), "%s: %s",
                            cases[i].name, err.msg);
                }
                world_end(t, true);
            }
            n = world_ask(db, "SELECT count(*) FROM machine");
            UNIT_CHECK(
                    strcmp(n, cases[i].machines) == 0,
                    "%s, way %d: %s machines", cases[i].name, way, n);
            tags = world_ask(
                    db, "SELECT group_concat(tag, ' ') FROM (SELECT tag FROM "
                        "machine "
                        "ORDER BY id)");
            if (!(way & 1) && cases[i].tags)
                UNIT_CHECK(
                        strcmp(tags, cases[i].tags) == 0, "%s, way %d: %s",
                        cases[i].name, way, tags);
            /* The same again changes nothing and adds nothing. */
            CU_ASSERT_EQUAL(world_take(db, m, 2).added, 0);
            n = world_ask(db, "SELECT count(*) FROM machine");
            CU_ASSERT_STRING_EQUAL(n, cases[i].machines);
            db_close(db);
        }
}

/* Who has only the name of two machines means neither for certain. */
static void test_ambiguous(void)
{
    struct db *db = world_open();
    struct wire_machine m[2] = {
            host("tpa", "Dell", "CLFV7M2", NULL),
            host("tpa", "HPE", "MXQ93003RB", NULL)};
    struct wire_machine bare = host("tpa", NULL, NULL, NULL);
    struct inv_take *t;
    enum inv_change what;
    struct err err = {0};

    world_take(db, m, 2);
    t = world_begin(db, NULL);
    CU_ASSERT_FALSE(inv_take_machine(t, &bare, &what, &err));
    CU_ASSERT_EQUAL(err.code, ERR_CONFLICT);
    UNIT_CHECK(strstr(err.msg, "2 machines are called 'tpa'"), "%s", err.msg);
    /* With its serial it is the one. */
    bare.manufacturer = "Hewlett Packard";
    bare.serial = "MXQ93003RB";
    err = (struct err){0};
    bare.power_w = 200;
    bare.manufacturer = "HPE";
    CU_ASSERT_TRUE(inv_take_machine(t, &bare, &what, &err));
    CU_ASSERT_EQUAL(what, INV_CHANGED);
    world_end(t, true);
    WORLD_IS(
            db, "SELECT tag FROM machine WHERE power_w = 200",
            "tpa-MXQ93003RB");
    db_close(db);
}

/* Clones bear one uuid: a record without a name is the line that the uuid
 * named, else it is refused, and never added once more by every import. */
static void test_clones(void)
{
    static const char uuid[] = "7061f170-d1cf-6f48-6770-984e8d171011";
    struct wire_machine clones[2] = {
            host("vm1", NULL, NULL, uuid), host("vm2", NULL, NULL, uuid)};
    struct wire_machine bare = host(NULL, NULL, NULL, uuid);
    struct db *db = world_open();
    struct inv_take *t;
    enum inv_change what;
    struct err err = {0};

    world_take(db, clones, 2);
    t = world_begin(db, NULL);
    CU_ASSERT_FALSE(inv_take_machine(t, &bare, &what, &err));
    CU_ASSERT_EQUAL(err.code, ERR_CONFLICT);
    UNIT_CHECK(strstr(err.msg, "2 machines have the uuid"), "%s", err.msg);
    world_end(t, true);
    db_close(db);

    db = world_open();
    CU_ASSERT_EQUAL(world_take(db, &bare, 1).added, 1);
    world_take(db, clones, 2);
    CU_ASSERT_EQUAL(world_take(db, &bare, 1).added, 0);
    CU_ASSERT_STRING_EQUAL(world_ask(db, "SELECT count(*) FROM machine"), "2");
    db_close(db);
}

/* A made tag gives way to one that a person types. */
static void test_made_tag(void)
{
    struct db *db = world_open();
    struct wire_machine m[2] = {
            host("tpa", "Dell", "CLFV7M2", NULL),
            host("tpa", "HPE", "MXQ93003RB", NULL)};

    world_take(db, m, 2);
    m[1].tag = "INV-7";
    CU_ASSERT_EQUAL(world_take(db, &m[1], 1).changed, 1);
    WORLD_IS(
            db,
            "SELECT group_concat(tag, ' ') FROM (SELECT tag FROM machine ORDER "
            "BY "
            "id)",
            "tpa INV-7");
    db_close(db);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"pairs", test_pairs},
            {"a name of two machines", test_ambiguous},
            {"a uuid of two machines", test_clones},
            {"made tags", test_made_tag},
            {NULL, NULL},
    };

    return unit_main("inventory identity", tests);
}
