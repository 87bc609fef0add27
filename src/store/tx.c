/* SPDX-License-Identifier: Apache-2.0
 * Transactions that nest: only the outermost is real. */
#include "store/store_priv.h"

bool db_begin(struct db *db, struct err *err)
{
    CHECK(db->readers == 0); /* a reader cannot become a writer safely */
    if (db->depth == 0) {
        if (!db_exec(db, "BEGIN IMMEDIATE", err))
            return false;
        db->doomed = false;
    }
    db->depth++;
    return true;
}

static void undo(struct db *db)
{
    /* A full disk may have rolled it back already. */
    if (!sqlite3_get_autocommit(db->h))
        sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
}

bool db_commit(struct db *db, struct err *err)
{
    CHECK(db->depth > 0);
    if (--db->depth > 0)
        return true;
    if (db->doomed || sqlite3_get_autocommit(db->h)) {
        undo(db);
        return err_set(
                err, ERR_DB,
                "database '%s': the transaction was undone by an earlier "
                "failure",
                db->path);
    }
    if (db_exec(db, "COMMIT", err))
        return true;
    undo(db);
    return false;
}

void db_rollback(struct db *db)
{
    CHECK(db->depth > 0);
    db->doomed = true;
    if (--db->depth == 0)
        undo(db);
}

bool db_begin_read(struct db *db, struct err *err)
{
    int64_t version;

    if (db->depth == 0 && db->readers == 0) {
        /* The state is fixed by the first read, not by BEGIN. */
        if (!db_exec(db, "BEGIN DEFERRED", err))
            return false;
        if (!db_pragma_int(db, "PRAGMA user_version", &version, err)) {
            undo(db);
            return false;
        }
    }
    db->readers++;
    return true;
}

void db_end_read(struct db *db)
{
    CHECK(db->readers > 0);
    if (--db->readers == 0 && db->depth == 0)
        undo(db); /* nothing was written */
}

bool db_data_version(struct db *db, int64_t *out, struct err *err)
{
    static const struct sql text = {"data_version", "PRAGMA data_version"};
    struct stmt *q = db_stmt(db, &text, err);
    bool row = false, ok;

    if (!q)
        return false;
    ok = stmt_step(q, &row, err);
    if (ok) {
        CHECK(row);
        *out = stmt_col_int(q, 0);
    }
    stmt_reset(q);
    return ok;
}
