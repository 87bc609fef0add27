/* SPDX-License-Identifier: Apache-2.0
 * Sources as an operator sees them: names, waiting, states. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "energy/senders.h"
#include "unit.h"

static void test_names(void)
{
    static const struct {
        const char *source, *node;
        bool same;
    } cases[] = {
            {"n1", "n1", true},
            {"n1", "N1", true},
            {"n1", "n1.example.org", true},
            {"n1.example.org", "n1", true},
            {"n1", "n12", false},
            {"n12", "n1", false},
            {"n1", "", false},
            {"n1.a.org", "n1.b.org", false},
    };
    char name[EN_SENDER_NAME + 2];
    struct err err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                en_sender_is(cases[i].source, cases[i].node) == cases[i].same,
                "'%s' '%s'", cases[i].source, cases[i].node);
    for (int n = EN_SENDER_NAME - 1; n <= EN_SENDER_NAME + 1; n++) {
        memset(name, 'x', (size_t)n);
        name[n] = '\0';
        UNIT_CHECK(
                en_sender_name_ok(name, &err) == (n <= EN_SENDER_NAME),
                "%d characters", n);
    }
    CU_ASSERT(!en_sender_name_ok("", &err));
    CU_ASSERT(!en_sender_name_ok("a\nb", &err));
    CU_ASSERT(!en_sender_name_ok("\xff", &err));
    CU_ASSERT(en_sender_name_ok("n\xc3\xa9", &err));
}

static void test_states(void)
{
    char path[64] = "/tmp/fp-snd-XXXXXX";
    struct en_sender s;
    struct db *db = NULL;
    struct err err = {0};
    const struct sql *list;
    int64_t id = 0, again = 0, waiting = -1;
    bool found;
    size_t n;

    CU_ASSERT_TRUE_FATAL(mkdtemp(path) != NULL);
    strncat(path, "/a.db", sizeof path - strlen(path) - 1);
    CU_ASSERT_TRUE_FATAL(db_open(path, DB_CREATE, &db, &err));
    list = en_senders_sql_list(&n);
    CU_ASSERT(db_try(db, list, n, &err));
    CU_ASSERT(en_sender_by_name(db, "n1", &s, &found, &err) && !found);
    CU_ASSERT_FATAL(db_begin(db, &err));
    CU_ASSERT_FATAL(en_sender_wait(db, "n1", "a/1", &id, &err));
    CU_ASSERT(!en_sender_wait(db, "", NULL, &again, &err));
    CU_ASSERT_FATAL(db_commit(db, &err));
    CU_ASSERT(en_sender_by_name(db, "n1", &s, &found, &err) && found);
    CU_ASSERT(s.id == id && s.state == EN_PENDING && s.node);
    CU_ASSERT(en_senders_pending(db, &waiting, &err) && waiting == 1);
    CU_ASSERT(en_sender_set_state(db, id, EN_APPROVED, &err));
    CU_ASSERT(en_sender_by_id(db, id, &s, &found, &err) && found);
    CU_ASSERT_EQUAL(s.state, EN_APPROVED);
    CU_ASSERT_STRING_EQUAL(en_sender_state_word(s.state), "approved");
    /* One that starts over waits again, as the same source. */
    CU_ASSERT_FATAL(db_begin(db, &err));
    CU_ASSERT(en_sender_wait(db, "n1", NULL, &again, &err) && again == id);
    CU_ASSERT_FATAL(db_commit(db, &err));
    CU_ASSERT(en_sender_by_id(db, id, &s, &found, &err));
    CU_ASSERT_EQUAL(s.state, EN_PENDING);
    db_close(db);
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"names", test_names},
            {"states", test_states},
            {NULL, NULL},
    };

    return unit_main("energy: senders", tests);
}
