/* SPDX-License-Identifier: Apache-2.0
 * A database of its own, and sinks that take factors and grid values into it,
 * for tests. */
#ifndef TESTS_LIB_USER_SETS_H
#define TESTS_LIB_USER_SETS_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "factors/factors.h"
#include "importers_sink.h"
#include "store/store.h"
#include "unit.h"

static char user_folder[64], user_path[96];

static inline void user_clean(void)
{
    DIR *d = opendir(user_folder);
    struct dirent *e;

    while (d && (e = readdir(d))) {
        char path[400];

        snprintf(path, sizeof path, "%s/%s", user_folder, e->d_name);
        if (e->d_name[0] != '.')
            unlink(path);
    }
    if (d)
        closedir(d);
    rmdir(user_folder);
}

/* A fresh file each time. */
static inline struct db *user_db(void)
{
    static int n;
    struct db *db = NULL;
    struct err err = {0};

    if (!user_folder[0]) {
        snprintf(user_folder, sizeof user_folder, "/tmp/fp-user-XXXXXX");
        if (!mkdtemp(user_folder))
            return NULL;
        atexit(user_clean);
    }
    snprintf(user_path, sizeof user_path, "%s/%d.db", user_folder, n++);
    if (!db_open(user_path, DB_CREATE, &db, &err))
        fprintf(stderr, "%s: %s\n", user_path, err.msg);
    return db;
}

/* The single text that a statement of a test answers; "" for none. */
static inline const char *user_ask(struct db *db, const char *text)
{
    static char answer[4000];
    static struct sql kept[200]; /* statements are kept by address */
    static size_t n;
    struct err err = {0};
    struct stmt *q;
    bool row = false;

    answer[0] = '\0';
    CU_ASSERT_FATAL(n < sizeof kept / sizeof *kept);
    kept[n] = (struct sql){"test", text};
    q = db_stmt(db, &kept[n++], &err);
    if (!q || !stmt_step(q, &row, &err)) {
        UNIT_CHECK(false, "%s: %s", text, err.msg);
        return answer;
    }
    if (row && stmt_col_text(q, 0))
        snprintf(answer, sizeof answer, "%s", stmt_col_text(q, 0));
    stmt_reset(q);
    return answer;
}

#endif
