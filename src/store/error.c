/* SPDX-License-Identifier: Apache-2.0
 * SQLite's results as our errors. */
#include <errno.h>
#include <string.h>

#include "store/store_priv.h"

bool db_fail(struct db *db, int rc, const char *what, struct err *err)
{
    const char *msg = db->h ? sqlite3_errmsg(db->h) : sqlite3_errstr(rc);
    int sys = db->h ? sqlite3_system_errno(db->h) : 0;

    CHECK((rc & 0xff) != SQLITE_NOMEM); /* as xmalloc: abort, restart */
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return err_set(
                err, ERR_IO, "disk full: database '%s' cannot grow", db->path);
    case SQLITE_IOERR:
        if (sys == ENOSPC || sys == EDQUOT)
            return err_set(
                    err, ERR_IO, "disk full: database '%s' cannot grow",
                    db->path);
        return err_set(
                err, ERR_IO, "database '%s': %s%s%s", db->path, msg,
                sys ? ": " : "", sys ? strerror(sys) : "");
    case SQLITE_CANTOPEN:
        return err_set(
                err, ERR_IO, "cannot open the database '%s'%s%s", db->path,
                sys ? ": " : "", sys ? strerror(sys) : "");
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return err_set(
                err, ERR_IO,
                db->mode == DB_READ
                        ? "database '%s' is in use and its folder cannot be "
                          "written, which reading then needs"
                        : "database '%s' cannot be written",
                db->path);
    case SQLITE_NOTADB:
        return err_set(
                err, ERR_INVALID,
                "'%s' is not a database, expected one made by init", db->path);
    case SQLITE_CONSTRAINT:
        return err_set(err, ERR_CONFLICT, "%s: %s", what, msg);
    case SQLITE_TOOBIG:
        return err_set(
                err, ERR_LIMIT, "%s: a value larger than %d bytes", what,
                (int)DB_MAX_VALUE);
    case SQLITE_BUSY:
        return err_set(
                err, ERR_DB,
                "database '%s' is held by another program for more than %d s",
                db->path, DB_BUSY_MS / 1000);
    default:
        break;
    }
    return err_set(err, ERR_DB, "database '%s': %s: %s", db->path, what, msg);
}
