/* SPDX-License-Identifier: Apache-2.0
 * The schema, forward only: one transaction for each step. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/store_priv.h"

int db_schema_last(const struct embed_file *schema)
{
    int n = 0;

    while (schema[n].name)
        n++;
    return n;
}

static bool no_orphans(struct db *db, struct err *err)
{
    sqlite3_stmt *q = NULL;
    int rc =
            sqlite3_prepare_v2(db->h, "PRAGMA foreign_key_check", -1, &q, NULL);
    bool ok = false;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc == SQLITE_DONE)
        ok = true;
    else if (rc == SQLITE_ROW)
        err_set(err, ERR_DB, "rows of '%s' point nowhere",
                (const char *)sqlite3_column_text(q, 0));
    else
        db_fail(db, rc, "foreign_key_check", err);
    sqlite3_finalize(q);
    return ok;
}

static bool mark(struct db *db, int version, struct err *err)
{
    char text[100];

    sqlite3_snprintf(
            sizeof text, text,
            "PRAGMA application_id=%d; PRAGMA user_version=%d",
            (int)DB_APPLICATION_ID, version);
    return db_exec(db, text, err);
}

/* The steps after `from` up to `to` in one transaction, or what another process
 * left of them while we waited for the lock. */
static bool
steps(struct db *db, const struct embed_file *schema, int from, int to,
      struct err *err)
{
    int64_t now = from;
    bool ok = false;

    if (!db_exec(db, "BEGIN IMMEDIATE", err))
        return false;
    if (!db_pragma_int(db, "PRAGMA user_version", &now, err))
        goto done;
    for (; now < to; now++)
        if (!db_exec(db, (const char *)schema[now].bytes, err) ||
            !no_orphans(db, err) || !mark(db, (int)now + 1, err))
            goto done;
    ok = db_exec(db, "COMMIT", err);
done:
    if (!sqlite3_get_autocommit(db->h))
        sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
    if (!ok)
        err_in(err, "schema step %s", schema[now < to ? now : to - 1].name);
    return ok;
}

/* The last chance to go back: kept beside the database. */
static bool backup_before(struct db *db, struct err *err)
{
    struct buf b;
    bool ok;

    buf_init(&b, 8192);
    ok = buf_printf(&b, "%s.schema-%d.backup", db->path, db->version)
                 ? db_backup_old(db, buf_text(&b), err)
                 : err_set(err, ERR_LIMIT, "the path is too long");
    if (!ok)
        err_in(err, "backup before migrating");
    buf_clear(&b);
    return ok;
}

bool db_migrate(struct db *db, const struct embed_file *schema, struct err *err)
{
    int last = db_schema_last(schema);
    int64_t now = 0;

    if (db->version > 0 && db->version < last && !backup_before(db, err))
        return false;
    /* A new file appears with its last schema; an older one climbs a step at a
     * time, so that what went well stays. */
    if (db->version == 0 && !steps(db, schema, 0, last, err))
        return false;
    for (int to = db->version + 1; db->version > 0 && to <= last; to++)
        if (!steps(db, schema, to - 1, to, err))
            return false;
    if (!db_pragma_int(db, "PRAGMA user_version", &now, err))
        return false;
    if (now > last) /* a newer program migrated while we waited */
        return err_set(
                err, ERR_CONFLICT,
                "database '%s' has schema %lld, this program knows up to %d; "
                "use a newer program",
                db->path, (long long)now, last);
    db->version = (int)now;
    return true;
}

const char *db_path(const struct db *db)
{
    return db->path;
}

int db_schema_version(struct db *db)
{
    return db->version;
}
