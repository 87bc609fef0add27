/* SPDX-License-Identifier: Apache-2.0
 * Inside store: the connection and what its files share. */
#ifndef STORE_STORE_PRIV_H
#define STORE_STORE_PRIV_H

#include <sqlite3.h>

#include "base/embed.h"
#include "base/hash.h"
#include "store/store.h"

enum {
    DB_APPLICATION_ID = 0x666C7074, /* "flpt"; never changes */
    DB_BUSY_MS = 15000,
    DB_CACHE_KIB = 16000,
    DB_MAX_VALUE = 64 * 1024 * 1024, /* bytes of one text or blob */
};

struct db {
    sqlite3 *h;
    char *path;
    enum db_mode mode;
    int version; /* of the schema, once open */
    int depth;   /* of nested transactions */
    bool doomed; /* an inner transaction was rolled back */
    int readers; /* of nested read transactions */
    struct stmt *stmts;
};

struct stmt {
    struct db *db;
    const struct sql *sql;
    sqlite3_stmt *q;
    int bind_rc; /* first failure of a binder, reported by the next step */
    bool done;   /* stepping again must not run it again */
    UT_hash_handle hh;
};

extern const struct embed_file store_schema[];

/* db_open with the schema files as a parameter, for tests of migrations. */
bool db_open_schema(
        const char *path, enum db_mode mode, const struct embed_file *schema,
        struct db **out, struct err *err);

/* Sets err from the connection's last failure; `what` is a statement's name or
 * what was being done. Returns false. */
bool db_fail(struct db *db, int rc, const char *what, struct err *err);
/* Runs SQL text of our own without rows. */
bool db_exec(struct db *db, const char *sql, struct err *err);
/* The single integer that a pragma answers. */
bool db_pragma_int(
        struct db *db, const char *sql, int64_t *out, struct err *err);
/* Brings the schema up to the last of the files; a backup first when there is
 * something to lose. */
bool db_migrate(
        struct db *db, const struct embed_file *schema, struct err *err);
int db_schema_last(const struct embed_file *schema);
/* db_backup of the schema that db was opened with; where another process
 * migrated meanwhile, that process kept the backup and this one writes none. */
bool db_backup_old(struct db *db, const char *path, struct err *err);

#endif
