/* SPDX-License-Identifier: Apache-2.0
 * The SQLite file: opened hardened, migrated forward, statements cached. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct stmt;

enum db_mode {
    DB_READ,   /* must exist; read-only connection */
    DB_WRITE,  /* must exist; migrated when older */
    DB_CREATE, /* made when absent, folders too */
};

/* Opens, hardens (STYLE 5), checks application id and schema version, migrates
 * when writable. A newer schema is refused with ERR_CONFLICT, a file that is no
 * fleetprint database with ERR_INVALID, an absent one with ERR_NOT_FOUND. */
bool db_open(
        const char *path, enum db_mode mode, struct db **out, struct err *err);
void db_close(struct db *db);
/* $FLEETPRINT_DB, else $XDG_DATA_HOME/fleetprint/fleet.db, else
 * ~/.local/share/fleetprint/fleet.db. The caller frees *out. */
bool db_default_path(char **out, struct err *err);

/* SQL lives in <module>_sql.h as an X-macro list; each module keeps a static
 * const array of these. The name shows up in errors. */
struct sql {
    const char *name, *text;
};
/* The cached prepared statement for `sql` (keyed by its address), reset and
 * unbound; NULL with err set. Borrowed; release with stmt_reset. */
struct stmt *db_stmt(struct db *db, const struct sql *sql, struct err *err);
/* Prepares every entry of a list and drops it again: for the test. */
bool db_try(struct db *db, const struct sql *list, size_t n, struct err *err);

/* Binding by name with its colon. A name the statement lacks is our mistake
 * (CHECK). Text is copied; NULL text and NAN bind NULL. */
void stmt_text(struct stmt *s, const char *name, const char *value);
void stmt_int(struct stmt *s, const char *name, int64_t value);
void stmt_num(struct stmt *s, const char *name, double value);
void stmt_null(struct stmt *s, const char *name);
void stmt_blob(struct stmt *s, const char *name, const void *bytes, size_t len);
/* By position from 1, for hot loops. */
void stmt_text_at(struct stmt *s, int at, const char *value);
void stmt_int_at(struct stmt *s, int at, int64_t value);
void stmt_num_at(struct stmt *s, int at, double value);
void stmt_null_at(struct stmt *s, int at);
void stmt_blob_at(struct stmt *s, int at, const void *bytes, size_t len);

/* Steps: *row is true while a row is there. False on failure. */
bool stmt_step(struct stmt *s, bool *row, struct err *err);
/* Runs to the end and resets. */
bool stmt_run(struct stmt *s, struct err *err);
void stmt_reset(struct stmt *s); /* NULL is fine */

/* Columns from 0. NULL gives NULL, 0 (see stmt_is_null) or NAN. Text is
 * borrowed until the next step. */
bool stmt_is_null(struct stmt *s, int col);
const char *stmt_col_text(struct stmt *s, int col);
int64_t stmt_col_int(struct stmt *s, int col);
double stmt_col_num(struct stmt *s, int col);
/* Bytes, *len of them, borrowed until the next step; NULL with 0 for none. */
const void *stmt_col_blob(struct stmt *s, int col, size_t *len);

int64_t db_last_id(struct db *db);
int64_t db_changes(struct db *db);

/* Transactions nest: only the outermost commits; any rollback undoes all. */
bool db_begin(struct db *db, struct err *err); /* BEGIN IMMEDIATE */
bool db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
/* A read transaction, so that several statements see one state. */
bool db_begin_read(struct db *db, struct err *err);
void db_end_read(struct db *db);

/* integrity_check and foreign_key_check; ERR_DB with the first finding. */
bool db_check(struct db *db, struct err *err);
/* Consistent copy under load: VACUUM INTO a temporary beside `path`, synced,
 * verified, renamed, folder synced (OPERATIONS 1 row 13). */
bool db_backup(struct db *db, const char *path, struct err *err);
int db_schema_version(struct db *db);
const char *db_path(const struct db *db); /* as opened; borrowed */
/* Pages kept in memory by this connection, in KiB; 16000 to begin with. */
bool db_cache_kib(struct db *db, int kib, struct err *err);
/* A number that changes when another connection commits. */
bool db_data_version(struct db *db, int64_t *out, struct err *err);

#endif
