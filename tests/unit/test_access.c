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
            {"actor", test_actor},
            {NULL, NULL},
    };

    return unit_main("access", tests);
}
