/* SPDX-License-Identifier: Apache-2.0
 * Statements: prepared once, bound by name, stepped. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/store_priv.h"

static bool
prepare(struct db *db, const struct sql *sql, unsigned flags,
        sqlite3_stmt **out, struct err *err)
{
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(db->h, sql->text, -1, flags, out, &tail);

    if (rc != SQLITE_OK)
        return db_fail(db, rc, sql->name, err);
    CHECK(*out && !tail[strspn(tail, " \n\t;")]); /* one statement each */
    return true;
}

struct stmt *db_stmt(struct db *db, const struct sql *sql, struct err *err)
{
    struct stmt *s;
    sqlite3_stmt *q = NULL;

    HASH_FIND_PTR(db->stmts, &sql, s);
    if (s) {
        stmt_reset(s);
        return s;
    }
    if (!prepare(db, sql, SQLITE_PREPARE_PERSISTENT, &q, err))
        return NULL;
    s = xcalloc(1, sizeof *s);
    s->db = db;
    s->sql = sql;
    s->q = q;
    HASH_ADD_PTR(db->stmts, sql, s);
    return s;
}

bool db_try(struct db *db, const struct sql *list, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        sqlite3_stmt *q = NULL;

        if (!prepare(db, &list[i], 0, &q, err))
            return false;
        sqlite3_finalize(q);
    }
    return true;
}

/* A value too large is the caller's input and waits for the step; all else that
 * fails here is our mistake. */
static void bound(struct stmt *s, int rc)
{
    CHECK(rc == SQLITE_OK || rc == SQLITE_TOOBIG);
    if (rc != SQLITE_OK)
        s->bind_rc = rc;
}

static int position(struct stmt *s, const char *name)
{
    int at = sqlite3_bind_parameter_index(s->q, name);

    CHECK(at > 0);
    return at;
}

void stmt_text_at(struct stmt *s, int at, const char *value)
{
    bound(s, value ? sqlite3_bind_text(s->q, at, value, -1, SQLITE_TRANSIENT)
                   : sqlite3_bind_null(s->q, at));
}

void stmt_int_at(struct stmt *s, int at, int64_t value)
{
    bound(s, sqlite3_bind_int64(s->q, at, value));
}

void stmt_num_at(struct stmt *s, int at, double value)
{
    bound(s, isnan(value) ? sqlite3_bind_null(s->q, at)
                          : sqlite3_bind_double(s->q, at, value));
}

void stmt_blob_at(struct stmt *s, int at, const void *bytes, size_t len)
{
    bound(s, sqlite3_bind_blob64(
                     s->q, at, len ? bytes : "", len, SQLITE_TRANSIENT));
}

void stmt_null_at(struct stmt *s, int at)
{
    bound(s, sqlite3_bind_null(s->q, at));
}

void stmt_text(struct stmt *s, const char *name, const char *value)
{
    stmt_text_at(s, position(s, name), value);
}

void stmt_int(struct stmt *s, const char *name, int64_t value)
{
    stmt_int_at(s, position(s, name), value);
}

void stmt_num(struct stmt *s, const char *name, double value)
{
    stmt_num_at(s, position(s, name), value);
}

void stmt_null(struct stmt *s, const char *name)
{
    bound(s, sqlite3_bind_null(s->q, position(s, name)));
}

void stmt_blob(struct stmt *s, const char *name, const void *bytes, size_t len)
{
    stmt_blob_at(s, position(s, name), bytes, len);
}

bool stmt_step(struct stmt *s, bool *row, struct err *err)
{
    int rc;

    *row = false;
    if (s->done)
        return true;
    if (s->bind_rc) {
        rc = s->bind_rc;
        stmt_reset(s);
        return db_fail(s->db, rc, s->sql->name, err);
    }
    rc = sqlite3_step(s->q);
    if (rc == SQLITE_ROW) {
        *row = true;
        return true;
    }
    if (rc == SQLITE_DONE) {
        s->done = true;
        return true;
    }
    db_fail(s->db, rc, s->sql->name, err);
    stmt_reset(s);
    return false;
}

bool stmt_run(struct stmt *s, struct err *err)
{
    bool row = true;

    while (row)
        if (!stmt_step(s, &row, err))
            return false;
    stmt_reset(s);
    return true;
}

void stmt_reset(struct stmt *s)
{
    if (!s)
        return;
    /* Its result repeats the last step's, which was reported then. */
    (void)sqlite3_reset(s->q);
    sqlite3_clear_bindings(s->q);
    s->bind_rc = 0;
    s->done = false;
}

bool stmt_is_null(struct stmt *s, int col)
{
    return sqlite3_column_type(s->q, col) == SQLITE_NULL;
}

const char *stmt_col_text(struct stmt *s, int col)
{
    const char *text = (const char *)sqlite3_column_text(s->q, col);

    CHECK(text || stmt_is_null(s, col)); /* else out of memory */
    return text;
}

int64_t stmt_col_int(struct stmt *s, int col)
{
    return sqlite3_column_int64(s->q, col);
}

double stmt_col_num(struct stmt *s, int col)
{
    return stmt_is_null(s, col) ? NAN : sqlite3_column_double(s->q, col);
}

const void *stmt_col_blob(struct stmt *s, int col, size_t *len)
{
    const void *bytes = sqlite3_column_blob(s->q, col);

    *len = (size_t)sqlite3_column_bytes(s->q, col);
    return bytes;
}

int64_t db_last_id(struct db *db)
{
    return sqlite3_last_insert_rowid(db->h);
}

int64_t db_changes(struct db *db)
{
    return sqlite3_changes64(db->h);
}
