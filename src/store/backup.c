/* SPDX-License-Identifier: Apache-2.0
 * Checking a database, and copies of it that are known to be good. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/store_priv.h"

/* integrity_check(1) answers "ok" or the first finding. */
static bool whole(struct db *db, struct err *err)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(
            db->h, "PRAGMA integrity_check(1)", -1, &q, NULL);
    const char *text;
    bool ok = false;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc != SQLITE_ROW) {
        db_fail(db, rc, "integrity_check", err);
        goto done;
    }
    text = (const char *)sqlite3_column_text(q, 0);
    ok = text && strcmp(text, "ok") == 0;
    if (!ok)
        err_set(err, ERR_DB, "database '%s' is damaged: %s", db->path,
                text ? text : "no answer");
done:
    sqlite3_finalize(q);
    return ok;
}

static bool linked(struct db *db, struct err *err)
{
    sqlite3_stmt *q = NULL;
    int rc =
            sqlite3_prepare_v2(db->h, "PRAGMA foreign_key_check", -1, &q, NULL);
    bool ok = false;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc == SQLITE_ROW)
        err_set(err, ERR_DB,
                "database '%s': row %lld of '%s' points to a missing row of "
                "'%s'",
                db->path, (long long)sqlite3_column_int64(q, 1),
                (const char *)sqlite3_column_text(q, 0),
                (const char *)sqlite3_column_text(q, 2));
    else if (rc != SQLITE_DONE)
        db_fail(db, rc, "foreign_key_check", err);
    else
        ok = true;
    sqlite3_finalize(q);
    return ok;
}

bool db_check(struct db *db, struct err *err)
{
    return whole(db, err) && linked(db, err);
}

/* A copy must not fall on the database itself, nor on somebody's other file. */
static bool target_ok(struct db *db, const char *path, struct err *err)
{
    struct stat a, b;
    unsigned char head[72] = {0}; /* application id at 68, big-endian */
    FILE *f = NULL;
    bool ours;

    if (file_kind(path) == FILE_NONE)
        return true;
    if (file_kind(path) != FILE_REGULAR)
        return err_set(
                err, ERR_INVALID,
                "'%s' is not a regular file, expected a new "
                "file or an earlier backup",
                path);
    if (stat(path, &a) == 0 && stat(db->path, &b) == 0 &&
        a.st_dev == b.st_dev && a.st_ino == b.st_ino)
        return err_set(
                err, ERR_INVALID,
                "'%s' is the database itself, expected another file", path);
    if (!file_open(path, &f, err))
        return false;
    ours = fread(head, 1, sizeof head, f) == sizeof head &&
           memcmp(head, "SQLite format 3", 16) == 0 &&
           head[68] == (DB_APPLICATION_ID >> 24) &&
           head[69] == (DB_APPLICATION_ID >> 16 & 0xff) &&
           head[70] == (DB_APPLICATION_ID >> 8 & 0xff) &&
           head[71] == (DB_APPLICATION_ID & 0xff);
    fclose(f);
    return ours ||
           err_set(err, ERR_CONFLICT,
                   "'%s' exists and is no backup, expected a new file", path);
}

static bool sync_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        err_set(err, ERR_IO, "cannot sync '%s': %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool copy_into(struct db *db, const char *path, struct err *err)
{
    sqlite3_stmt *q = NULL;
    int rc;
    bool ok;

    /* VACUUM INTO attaches its target under the hood. */
    sqlite3_limit(db->h, SQLITE_LIMIT_ATTACHED, 1);
    rc = sqlite3_prepare_v2(db->h, "VACUUM INTO ?1", -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(q, 1, path, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    ok = rc == SQLITE_DONE;
    if (!ok)
        db_fail(db, rc, "backup", err);
    sqlite3_finalize(q);
    sqlite3_limit(db->h, SQLITE_LIMIT_ATTACHED, 0);
    return ok;
}

/* Reads the copy from the disk again; VACUUM INTO promises nothing after an
 * interruption. *newer: another process migrated the database meanwhile. */
static bool
verify(struct db *db, const char *path, bool *newer, struct err *err)
{
    struct db copy = {.path = (char *)path, .mode = DB_READ};
    int64_t id = 0, version = 0;
    bool ok = false;
    int rc = sqlite3_open_v2(
            path, &copy.h, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);

    if (rc != SQLITE_OK) {
        db_fail(&copy, rc, "open", err);
        goto done;
    }
    if (!db_pragma_int(&copy, "PRAGMA application_id", &id, err) ||
        !db_pragma_int(&copy, "PRAGMA user_version", &version, err) ||
        !db_check(&copy, err))
        goto done;
    *newer = version > db->version;
    if (id != DB_APPLICATION_ID || version < db->version) {
        err_set(err, ERR_DB, "the copy '%s' differs from its database", path);
        goto done;
    }
    ok = true;
done:
    sqlite3_close(copy.h);
    return ok;
}

/* keep_newer false: a copy of a newer schema is dropped, and that is no
 * failure. */
static bool
backup(struct db *db, const char *path, bool keep_newer, struct err *err)
{
    struct buf tmp;
    int fd = -1;
    bool made = false, newer = false, ok = false;

    CHECK(db->depth == 0 && db->readers == 0);
    buf_init(&tmp, 8192);
    if (!buf_printf(&tmp, "%s.%ld.tmp", path, (long)getpid())) {
        err_set(err, ERR_LIMIT, "the path is too long");
        goto done;
    }
    if (!target_ok(db, path, err))
        goto done;
    /* An empty file of our own is what VACUUM INTO accepts, with our mode. */
    unlink(buf_text(&tmp));
    fd = open(buf_text(&tmp), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
        goto done;
    }
    close(fd);
    made = true;
    if (!copy_into(db, buf_text(&tmp), err) ||
        !sync_file(buf_text(&tmp), err) ||
        !verify(db, buf_text(&tmp), &newer, err))
        goto done;
    if (newer && !keep_newer) {
        ok = true;
        goto done;
    }
    if (rename(buf_text(&tmp), path) != 0) {
        err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
        goto done;
    }
    made = false;
    ok = file_sync_folder(path, err);
done:
    if (made)
        unlink(buf_text(&tmp));
    if (!ok)
        err_in(err, "%s", path);
    buf_clear(&tmp);
    return ok;
}

bool db_backup(struct db *db, const char *path, struct err *err)
{
    return backup(db, path, true, err);
}

bool db_backup_old(struct db *db, const char *path, struct err *err)
{
    return backup(db, path, false, err);
}
