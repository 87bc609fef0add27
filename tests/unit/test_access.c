/* SPDX-License-Identifier: Apache-2.0
 * The actor and the audit trail. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/access.h"
#include "unit.h"

static void test_audit(void)
{
    static const struct sql count = {
            "count", "SELECT group_concat(actor || action || "
                     "coalesce(detail, '-')) FROM audit WHERE at > 0"};
    char path[64] = "/tmp/fp-acc-XXXXXX";
    struct db *db = NULL;
    struct err err = {0};
    struct stmt *q;
    bool row = false;
    int64_t last;
    size_t n;

    CU_ASSERT_TRUE_FATAL(mkdtemp(path) != NULL);
    strncat(path, "/a.db", sizeof path - strlen(path) - 1);
    CU_ASSERT_TRUE_FATAL(db_open(path, DB_CREATE, &db, &err));
    acc_sql_list(&n);
    CU_ASSERT_TRUE(db_try(db, acc_sql_list(&n), n, &err));
    CU_ASSERT(n > 2);
    CU_ASSERT_TRUE(acc_audit(db, "cli:me", "test", "x", &err));
    CU_ASSERT_TRUE(acc_last(db, &last, &err) && last == 1);
    CU_ASSERT_TRUE(acc_audit(db, "cli:me", "test", NULL, &err));
    CU_ASSERT_TRUE(acc_last(db, &last, &err) && last == 2);
    q = db_stmt(db, &count, &err);
    CU_ASSERT_TRUE_FATAL(q && stmt_step(q, &row, &err) && row);
    CU_ASSERT_STRING_EQUAL(stmt_col_text(q, 0), "cli:metestx,cli:metest-");
    db_close(db);
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

static bool count_one(void *ctx, const struct acc_token *t, struct err *err)
{
    (void)t, (void)err;
    ++*(int *)ctx;
    return true;
}

/* BLAKE2b-256 of "abc", from libb2's b2sum -l 256. */
static const unsigned char abc[ACC_TOKEN_HASH] = {
        0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
        0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
        0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19};

static void test_token_text(void)
{
    static const struct {
        const char *text;
        int kind; /* -1: none */
    } cases[] = {
            {"fpn_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ACC_NODE},
            {"fpe_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ", ACC_ENROL},
            {"fps_0123456789-_0123456789-_0123456789-_0123456", ACC_SCRAPE},
            {"fpx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", -1},
            {"fpn_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", -1},
            {"fpn_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", -1},
            {"fpn_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", -1},
            {"FPN_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", -1},
            {"", -1},
    };
    char one[ACC_TOKEN_TEXT], two[ACC_TOKEN_TEXT];
    unsigned char hash[ACC_TOKEN_HASH];
    enum acc_token_kind kind;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool ok = acc_token_shape(cases[i].text, &kind);

        UNIT_CHECK(
                ok == (cases[i].kind >= 0) &&
                        (!ok || (int)kind == cases[i].kind),
                "'%s'", cases[i].text);
    }
    for (int k = 0; k < ACC_TOKEN_KINDS; k++) {
        acc_token_draw((enum acc_token_kind)k, one);
        acc_token_draw((enum acc_token_kind)k, two);
        CU_ASSERT(acc_token_shape(one, &kind) && (int)kind == k);
        CU_ASSERT(strcmp(one, two) != 0);
    }
    acc_token_hash("abc", hash);
    CU_ASSERT(memcmp(hash, abc, sizeof hash) == 0);
}

static void test_token_store(void)
{
    const struct acc_token wish = {
            .kind = ACC_SCRAPE, .note = "for us", .expires_s = 2000000000};
    char path[64] = "/tmp/fp-acc-XXXXXX", text[ACC_TOKEN_TEXT];
    unsigned char hash[ACC_TOKEN_HASH];
    struct acc_token t;
    struct db *db = NULL;
    struct err err = {0};
    int64_t id = 0;
    bool found;
    int n = 0;

    CU_ASSERT_TRUE_FATAL(mkdtemp(path) != NULL);
    strncat(path, "/a.db", sizeof path - strlen(path) - 1);
    CU_ASSERT_TRUE_FATAL(db_open(path, DB_CREATE, &db, &err));
    acc_token_draw(ACC_SCRAPE, text);
    acc_token_hash(text, hash);
    CU_ASSERT(acc_token_find(db, hash, &t, &found, &err) && !found);
    CU_ASSERT_FATAL(acc_token_add(db, &wish, text, &id, &err));
    CU_ASSERT(!acc_token_add(db, &wish, text, &id, &err));
    CU_ASSERT_EQUAL(err.code, ERR_CONFLICT);
    CU_ASSERT_FATAL(acc_token_find(db, hash, &t, &found, &err) && found);
    CU_ASSERT(t.id == id && t.kind == ACC_SCRAPE && t.source_id == 0);
    CU_ASSERT(acc_token_holds(&t, 1999999999));
    CU_ASSERT(!acc_token_holds(&t, 2000000000)); /* it has expired */
    CU_ASSERT(acc_token_used(db, id, 7201, &err));
    CU_ASSERT(acc_token_find(db, hash, &t, &found, &err));
    CU_ASSERT_EQUAL(t.used_s, 7200); /* to the hour */
    CU_ASSERT(acc_token_revoke(db, id, &t, &err));
    CU_ASSERT(acc_token_find(db, hash, &t, &found, &err) && t.revoked_s > 0);
    CU_ASSERT(!acc_token_holds(&t, 1));
    CU_ASSERT(!acc_token_revoke(db, id + 1, &t, &err));
    CU_ASSERT_EQUAL(err.code, ERR_NOT_FOUND);
    CU_ASSERT(acc_tokens(db, 0, count_one, &n, &err) && n == 1);
    CU_ASSERT(acc_tokens(db, 5, count_one, &n, &err) && n == 1);
    db_close(db);
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

static void test_actor(void)
{
    CU_ASSERT_EQUAL(strncmp(acc_cli_actor(), "cli:", 4), 0);
    CU_ASSERT_TRUE(strlen(acc_cli_actor()) > 4);
    CU_ASSERT_PTR_EQUAL(acc_cli_actor(), acc_cli_actor());
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"audit", test_audit},
            {"texts of tokens", test_token_text},
            {"tokens are kept as hashes", test_token_store},
            {"actor", test_actor},
            {NULL, NULL},
    };

    return unit_main("access", tests);
}
