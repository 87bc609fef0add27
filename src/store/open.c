/* SPDX-License-Identifier: Apache-2.0
 * Opening a database: hardened, checked, migrated. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/store_priv.h"

enum { WAL_NAP_MS = 10 };

bool db_exec(struct db *db, const char *sql, struct err *err)
{
    int rc = sqlite3_exec(db->h, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK || db_fail(db, rc, sql, err);
}

bool db_pragma_int(
        struct db *db, const char *sql, int64_t *out, struct err *err)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(db->h, sql, -1, &q, NULL);
    bool ok = false;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc == SQLITE_ROW) {
        *out = sqlite3_column_int64(q, 0);
        ok = true;
    } else {
        db_fail(db, rc, sql, err);
    }
    sqlite3_finalize(q);
    return ok;
}

/* Made by hand before SQLite sees it, so that nobody else can read a fleet
 * (WAL and shared memory files take over the mode). */
static bool create_empty(const char *path, struct err *err)
{
    int fd;

    if (file_kind(path) != FILE_NONE)
        return true;
    if (!file_make_parents(path, err))
        return false;
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(
                err, ERR_IO, "cannot create the database '%s': %s", path,
                strerror(errno));
    close(fd);
    return true;
}

static bool path_ok(const char *path, enum db_mode mode, struct err *err)
{
    switch (file_kind(path)) {
    case FILE_NONE:
        if (mode == DB_CREATE)
            return create_empty(path, err);
        return err_set(
                err, ERR_NOT_FOUND,
                "there is no database '%s', expected one made by init", path);
    case FILE_REGULAR:
        return true;
    default:
        return err_set(
                err, ERR_INVALID,
                "'%s' is not a regular file, expected a "
                "database made by init",
                path);
    }
}

/* What holds for the connection before the file is looked at. */
static bool harden(struct db *db, struct err *err)
{
    static const int config[][2] = {
            {SQLITE_DBCONFIG_DEFENSIVE, 1},
            {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
            {SQLITE_DBCONFIG_DQS_DML, 0},
            {SQLITE_DBCONFIG_DQS_DDL, 0},
            {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    /* OPERATIONS 2, after sqlite.org/security.html. Expressions of the schema's
     * own CHECKs are deeper than the 10 named there. */
    static const int limits[][2] = {
            {SQLITE_LIMIT_LENGTH, DB_MAX_VALUE},
            {SQLITE_LIMIT_SQL_LENGTH, 100000},
            {SQLITE_LIMIT_COLUMN, 200},
            {SQLITE_LIMIT_EXPR_DEPTH, 100},
            {SQLITE_LIMIT_COMPOUND_SELECT, 20},
            {SQLITE_LIMIT_VDBE_OP, 25000},
            {SQLITE_LIMIT_FUNCTION_ARG, 16},
            {SQLITE_LIMIT_ATTACHED, 0},
            {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
            {SQLITE_LIMIT_VARIABLE_NUMBER, 200},
            {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
            {SQLITE_LIMIT_WORKER_THREADS, 0},
    };

    sqlite3_extended_result_codes(db->h, 1);
    sqlite3_busy_timeout(db->h, DB_BUSY_MS);
    for (size_t i = 0; i < sizeof config / sizeof *config; i++) {
        int now = -1;
        int rc = sqlite3_db_config(db->h, config[i][0], config[i][1], &now);
        if (rc != SQLITE_OK || now != config[i][1])
            return err_set(
                    err, ERR_DB, "this SQLite cannot be hardened (option %d)",
                    config[i][0]);
    }
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        sqlite3_limit(db->h, limits[i][0], limits[i][1]);
    return true;
}

bool db_cache_kib(struct db *db, int kib, struct err *err)
{
    char sql[64];

    sqlite3_snprintf(sizeof sql, sql, "PRAGMA cache_size=-%d", kib);
    return db_exec(db, sql, err);
}

static bool settings(struct db *db, struct err *err)
{
    int64_t on = 0;

    if (!db_cache_kib(db, DB_CACHE_KIB, err) ||
        !db_exec(db, "PRAGMA mmap_size=0", err) ||
        !db_exec(db, "PRAGMA foreign_keys=ON", err) ||
        !db_exec(db, "PRAGMA synchronous=FULL", err) ||
        !db_pragma_int(db, "PRAGMA foreign_keys", &on, err))
        return false;
    if (!on)
        return err_set(
                err, ERR_DB, "this SQLite has no foreign keys, expected them");
    return true;
}

/* Three answers from one state of the file: it may be in the making. */
static bool
look(struct db *db, int64_t *id, int64_t *version, int64_t *changes,
     struct err *err)
{
    bool ok;

    if (!db_exec(db, "BEGIN", err))
        return false;
    ok = db_pragma_int(db, "PRAGMA application_id", id, err) &&
         db_pragma_int(db, "PRAGMA user_version", version, err) &&
         db_pragma_int(db, "PRAGMA schema_version", changes, err);
    sqlite3_exec(db->h, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

/* Whose file it is. *fresh: an empty one that may become ours. */
static bool identify(
        struct db *db, const struct embed_file *schema, bool *fresh,
        struct err *err)
{
    int last = db_schema_last(schema);
    int64_t id, version, changes;

    if (!look(db, &id, &version, &changes, err))
        return false;
    /* Also one whose creation was cut short, or is under way elsewhere. */
    *fresh = id == 0 && version == 0 && changes == 0;
    if (*fresh && db->mode == DB_CREATE)
        return true;
    if (id != DB_APPLICATION_ID)
        return err_set(
                err, ERR_INVALID,
                "'%s' is not one of this program's databases, expected one "
                "made by init",
                db->path);
    if (version > last)
        return err_set(
                err, ERR_CONFLICT,
                "database '%s' has schema %lld, this program knows up to %d; "
                "use a newer program",
                db->path, (long long)version, last);
    if (version < last && db->mode == DB_READ)
        return err_set(
                err, ERR_CONFLICT,
                "database '%s' has schema %lld, this program reads %d; run "
                "init to migrate it",
                db->path, (long long)version, last);
    db->version = (int)version;
    return true;
}

static bool go_wal(struct db *db, struct err *err)
{
    static const struct timespec nap = {.tv_nsec = WAL_NAP_MS * 1000000L};
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(db->h, "PRAGMA journal_mode=WAL", -1, &q, NULL);
    bool ok = false;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    /* SQLite gives up at once here, without asking the busy handler: two
     * processes that create one file would trip over each other. */
    for (int ms = 0; (rc & 0xff) == SQLITE_BUSY && ms < DB_BUSY_MS;
         ms += WAL_NAP_MS) {
        nanosleep(&nap, NULL);
        sqlite3_reset(q);
        rc = sqlite3_step(q);
    }
    if (rc != SQLITE_ROW)
        db_fail(db, rc, "journal_mode=WAL", err);
    else if (strcmp((const char *)sqlite3_column_text(q, 0), "wal") != 0)
        err_set(err, ERR_DB,
                "database '%s' cannot keep a write-ahead log; expected a local "
                "file system",
                db->path);
    else
        ok = true;
    sqlite3_finalize(q);
    return ok;
}

/* Once, before SQLite starts: its memory statistics, which nothing here reads,
 * cost a global lock at every allocation. */
static void no_statistics(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* A file that is only read, in a folder where SQLite can make no shared memory
 * (a read-only disk, somebody else's): it is opened as unchanging. Only when
 * there is no log beside it: then nobody has it open. */
static bool is_immutable(const char *path, enum db_mode mode)
{
    char *folder, *slash, *log;
    struct buf b;
    bool yes;

    if (mode != DB_READ)
        return false;
    folder = xstrdup(path);
    slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0'; /* "/x" is in "/" */
    buf_init(&b, strlen(path) + 8);
    buf_printf(&b, "%s-wal", path);
    log = buf_take(&b);
    yes = access(slash ? folder : ".", W_OK) != 0 &&
          file_kind(log) == FILE_NONE && access(path, R_OK) == 0;
    free(folder);
    free(log);
    return yes;
}

static int open_immutable(const char *path, sqlite3 **out)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf b;
    char *uri;
    int rc;

    buf_init(&b, 3 * strlen(path) + 32);
    /* A path that begins with two slashes would name a host. */
    buf_str(&b, *path == '/' ? "file://" : "file:");
    for (const unsigned char *s = (const unsigned char *)path; *s; s++) {
        if (*s > ' ' && *s < 0x7f && !strchr("?#%", *s)) {
            buf_char(&b, (char)*s);
            continue;
        }
        buf_char(&b, '%');
        buf_char(&b, digits[*s >> 4]);
        buf_char(&b, digits[*s & 15]);
    }
    buf_str(&b, "?immutable=1");
    uri = buf_take(&b);
    rc = sqlite3_open_v2(
            uri, out,
            SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    free(uri);
    return rc;
}

bool db_open_schema(
        const char *path, enum db_mode mode, const struct embed_file *schema,
        struct db **out, struct err *err)
{
    struct db *db;
    int flags = SQLITE_OPEN_NOMUTEX | (mode == DB_READ ? SQLITE_OPEN_READONLY
                                                       : SQLITE_OPEN_READWRITE);
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    bool fresh = false, ok = false;
    int rc;

    if (!path_ok(path, mode, err))
        return false;
    pthread_once(&once, no_statistics);
    db = xcalloc(1, sizeof *db);
    db->path = xstrdup(path);
    db->mode = mode;
    rc = is_immutable(path, mode) ? open_immutable(path, &db->h)
                                  : sqlite3_open_v2(path, &db->h, flags, NULL);
    if (rc != SQLITE_OK) {
        db_fail(db, rc, "open", err);
        goto done;
    }
    if (!harden(db, err) || !settings(db, err) ||
        !identify(db, schema, &fresh, err))
        goto done;
    if (mode != DB_READ && (!go_wal(db, err) || !db_migrate(db, schema, err)))
        goto done;
    *out = db;
    db = NULL;
    ok = true;
done:
    db_close(db);
    return ok;
}

bool db_open(
        const char *path, enum db_mode mode, struct db **out, struct err *err)
{
    return db_open_schema(path, mode, store_schema, out, err);
}

void db_close(struct db *db)
{
    struct stmt *s, *next;

    if (!db)
        return;
    s = db->stmts;
    HASH_CLEAR(hh, db->stmts); /* frees the table; the entries stay linked */
    for (; s; s = next) {
        next = s->hh.next;
        sqlite3_finalize(s->q);
        free(s);
    }
    /* An open transaction is rolled back by closing. */
    CHECK(sqlite3_close(db->h) == SQLITE_OK);
    free(db->path);
    free(db);
}

bool db_default_path(char **out, struct err *err)
{
    const char *file = getenv("FLEETPRINT_DB");
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    struct buf b;

    if (file && file[0]) {
        *out = xstrdup(file);
        return true;
    }
    buf_init(&b, 4096);
    if (data && data[0] == '/') /* the XDG rules: a relative one is ignored */
        buf_printf(&b, "%s/fleetprint/fleet.db", data);
    else if (home && home[0])
        buf_printf(&b, "%s/.local/share/fleetprint/fleet.db", home);
    if (b.len == 0) {
        bool over = b.over;
        buf_clear(&b);
        return over ? err_set(err, ERR_LIMIT,
                              "the folder of the database is longer than a "
                              "path may be")
                    : err_set(err, ERR_INVALID,
                              "no database named and HOME is not set; use --db "
                              "FILE");
    }
    *out = buf_take(&b);
    return true;
}
