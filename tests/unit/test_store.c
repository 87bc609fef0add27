/* SPDX-License-Identifier: Apache-2.0
 * Opening, migrating, statements, transactions and backups. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/store_priv.h"
#include "unit.h"

static char folder[] = "/tmp/test_store_XXXXXX";
static char path[256];

/* A path of its own for each case. */
static const char *fresh(const char *name)
{
    snprintf(path, sizeof path, "%s/%s.db", folder, name);
    return path;
}

static void write_file(const char *name, const char *bytes, size_t len)
{
    FILE *f = fopen(name, "wb");

    CU_ASSERT_FATAL(f != NULL);
    CU_ASSERT_FATAL(fwrite(bytes, 1, len, f) == len);
    CU_ASSERT_FATAL(fclose(f) == 0);
}

static struct db *must_open(const char *p, enum db_mode mode)
{
    struct db *db = NULL;
    struct err err = {0};
    bool ok = db_open(p, mode, &db, &err);

    UNIT_CHECK(ok, "open %s: %s", p, err.msg);
    CU_ASSERT_FATAL(ok);
    return db;
}

/* Opening fails with this code and these words in the message. */
static void must_fail(
        const char *p, enum db_mode mode, enum err_code code, const char *word)
{
    struct db *db = NULL;
    struct err err = {0};

    UNIT_CHECK(!db_open(p, mode, &db, &err), "%s opened", p);
    UNIT_CHECK(err.code == code, "%s: code %d: %s", p, err.code, err.msg);
    UNIT_CHECK(strstr(err.msg, word) != NULL, "'%s' in '%s'", word, err.msg);
    UNIT_CHECK(db == NULL, "*out untouched");
    db_close(db);
}

static const struct sql put_site = {
        "put site", "INSERT INTO site (name, pue) VALUES (:name, :pue)"};
static const struct sql all_sites = {
        "all sites", "SELECT name, pue, id FROM site ORDER BY id"};
static const struct sql count_sites = {
        "count sites", "SELECT count(*) FROM site"};

static bool
add_site(struct db *db, const char *name, double pue, struct err *err)
{
    struct stmt *s = db_stmt(db, &put_site, err);

    if (!s)
        return false;
    stmt_text(s, ":name", name);
    stmt_num(s, ":pue", pue);
    return stmt_run(s, err);
}

static int64_t sites(struct db *db)
{
    struct err err = {0};
    struct stmt *s = db_stmt(db, &count_sites, &err);
    bool row = false;
    int64_t n = -1;

    CU_ASSERT_FATAL(s != NULL);
    if (stmt_step(s, &row, &err) && row)
        n = stmt_col_int(s, 0);
    stmt_reset(s);
    return n;
}

static int64_t ask_int(struct db *db, const char *sql)
{
    struct err err = {0};
    int64_t v = -1;

    UNIT_CHECK(db_pragma_int(db, sql, &v, &err), "%s: %s", sql, err.msg);
    return v;
}

static void test_create_and_reopen(void)
{
    const char *p = fresh("a/b/create");
    struct db *db = must_open(p, DB_CREATE);
    struct err err = {0};
    struct stat st;

    UNIT_CHECK(
            db_schema_version(db) == db_schema_last(store_schema),
            "the last schema");
    UNIT_CHECK(
            ask_int(db, "PRAGMA application_id") == 0x666C7074, "application");
    UNIT_CHECK(add_site(db, "here", 1.25, &err), "add: %s", err.msg);
    UNIT_CHECK(db_last_id(db) == 1 && db_changes(db) == 1, "id, changes");
    UNIT_CHECK(db_check(db, &err), "check: %s", err.msg);
    db_close(db);
    UNIT_CHECK(stat(p, &st) == 0 && (st.st_mode & 0777) == 0600, "mode 0600");
    snprintf(path, sizeof path, "%s/a", folder);
    UNIT_CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0700, "0700");
    fresh("a/b/create");
    for (int mode = DB_READ; mode <= DB_CREATE; mode++) {
        db = must_open(path, (enum db_mode)mode);
        UNIT_CHECK(sites(db) == 1, "row there in mode %d", mode);
        db_close(db);
    }
}

static void test_settings(void)
{
    struct db *db = must_open(fresh("settings"), DB_CREATE);
    struct err err = {0};

    UNIT_CHECK(ask_int(db, "PRAGMA foreign_keys") == 1, "foreign keys");
    UNIT_CHECK(ask_int(db, "PRAGMA synchronous") == 2, "FULL");
    UNIT_CHECK(ask_int(db, "PRAGMA busy_timeout") == 15000, "timeout");
    UNIT_CHECK(ask_int(db, "PRAGMA cache_size") == -16000, "cache");
    UNIT_CHECK(ask_int(db, "PRAGMA trusted_schema") == 0, "trusted schema");
    UNIT_CHECK(
            ask_int(db, "SELECT count(*) FROM pragma_journal_mode "
                        "WHERE journal_mode = 'wal'") == 1,
            "WAL");
    UNIT_CHECK(
            ask_int(db, "SELECT count(*) FROM pragma_table_list WHERE schema "
                        "= 'main' AND type = 'table' AND name NOT LIKE "
                        "'sqlite%' AND NOT strict") == 0,
            "every table is STRICT");
    UNIT_CHECK(
            ask_int(db, "SELECT count(*) FROM pragma_table_list WHERE schema "
                        "= 'main' AND strict") >= 11,
            "the tables are there");
    UNIT_CHECK(!db_exec(db, "SELECT \"no such\"", &err), "DQS off");
    UNIT_CHECK(!db_exec(db, "ATTACH '/tmp/other' AS o", &err), "no ATTACH");
    db_exec(db, "PRAGMA writable_schema=ON", &err);
    UNIT_CHECK(!db_exec(db, "DELETE FROM sqlite_schema", &err), "defensive");
    db_close(db);
}

static void test_refused(void)
{
    static const char text[] =
            "this is a text file of some length, and not a database at all; "
            "it goes on for a while so that it is longer than a header";
    struct err err = {0};
    struct db *db;
    char known[40];
    sqlite3 *h;

    must_fail(fresh("absent"), DB_READ, ERR_NOT_FOUND, "no database");
    must_fail(path, DB_WRITE, ERR_NOT_FOUND, "absent");
    UNIT_CHECK(file_kind(path) == FILE_NONE, "not made");
    must_fail(folder, DB_CREATE, ERR_INVALID, "regular file");

    write_file(fresh("text"), text, sizeof text);
    for (int mode = DB_READ; mode <= DB_CREATE; mode++)
        must_fail(path, (enum db_mode)mode, ERR_INVALID, "not a database");

    write_file(fresh("empty"), "", 0);
    must_fail(path, DB_READ, ERR_INVALID, "not one of");
    must_fail(path, DB_WRITE, ERR_INVALID, "not one of");

    CU_ASSERT_FATAL(sqlite3_open(fresh("foreign"), &h) == SQLITE_OK);
    CU_ASSERT_FATAL(
            sqlite3_exec(h, "CREATE TABLE t (a)", 0, 0, 0) == SQLITE_OK);
    sqlite3_close(h);
    for (int mode = DB_READ; mode <= DB_CREATE; mode++)
        must_fail(path, (enum db_mode)mode, ERR_INVALID, "not one of");

    snprintf(known, sizeof known, "up to %d", db_schema_last(store_schema));
    db = must_open(fresh("newer"), DB_CREATE);
    UNIT_CHECK(db_exec(db, "PRAGMA user_version=777", &err), "set");
    db_close(db);
    for (int mode = DB_READ; mode <= DB_CREATE; mode++) {
        must_fail(path, (enum db_mode)mode, ERR_CONFLICT, "schema 777");
        must_fail(path, (enum db_mode)mode, ERR_CONFLICT, known);
    }
}

static void test_statements(void)
{
    struct db *db = must_open(fresh("statements"), DB_CREATE);
    struct err err = {0};
    struct stmt *s, *again;
    bool row;
    char *big;

    UNIT_CHECK(add_site(db, "one", NAN, &err), "NAN: %s", err.msg);
    UNIT_CHECK(add_site(db, "two", 1.5, &err), "two: %s", err.msg);
    s = db_stmt(db, &all_sites, &err);
    CU_ASSERT_FATAL(s != NULL);
    UNIT_CHECK(stmt_step(s, &row, &err) && row, "row 1");
    UNIT_CHECK(strcmp(stmt_col_text(s, 0), "one") == 0, "text");
    UNIT_CHECK(stmt_is_null(s, 1) && isnan(stmt_col_num(s, 1)), "NULL is NAN");
    UNIT_CHECK(stmt_col_text(s, 1) == NULL, "NULL text");
    UNIT_CHECK(stmt_step(s, &row, &err) && row, "row 2");
    UNIT_NEAR(stmt_col_num(s, 1), 1.5, 0, "pue");
    UNIT_CHECK(stmt_col_int(s, 2) == 2, "id");
    UNIT_CHECK(stmt_step(s, &row, &err) && !row, "end");
    UNIT_CHECK(stmt_step(s, &row, &err) && !row, "end again");
    again = db_stmt(db, &all_sites, &err);
    UNIT_CHECK(again == s, "cached");
    UNIT_CHECK(stmt_step(s, &row, &err) && row, "from the start");
    stmt_reset(s);
    stmt_reset(NULL);

    UNIT_CHECK(!add_site(db, "one", 1, &err), "unique");
    UNIT_CHECK(err.code == ERR_CONFLICT, "code %d", err.code);
    UNIT_CHECK(strstr(err.msg, "put site") != NULL, "%s", err.msg);
    UNIT_CHECK(!add_site(db, "three", 0.5, &err), "check");
    UNIT_CHECK(err.code == ERR_CONFLICT, "code %d", err.code);
    UNIT_CHECK(add_site(db, "three", 1, &err), "usable after: %s", err.msg);

    big = xmalloc(DB_MAX_VALUE + 2);
    memset(big, 'a', DB_MAX_VALUE + 1);
    big[DB_MAX_VALUE + 1] = '\0';
    UNIT_CHECK(!add_site(db, big, 1, &err), "too big");
    UNIT_CHECK(err.code == ERR_LIMIT, "code %d: %s", err.code, err.msg);
    free(big);
    UNIT_CHECK(add_site(db, "four", 1, &err), "usable after: %s", err.msg);
    db_close(db);
}

static void test_try(void)
{
    static const struct sql good[] = {
            {"a", "SELECT tag FROM machine"}, {"b", "SELECT 1;\n"}};
    static const struct sql bad[] = {
            {"a", "SELECT tag FROM machine"}, {"b", "SELECT nothing"}};
    struct db *db = must_open(fresh("try"), DB_CREATE);
    struct err err = {0};

    UNIT_CHECK(db_try(db, good, 2, &err), "good: %s", err.msg);
    UNIT_CHECK(!db_try(db, bad, 2, &err), "bad");
    UNIT_CHECK(err.code == ERR_DB && strstr(err.msg, "nothing"), "%s", err.msg);
    db_close(db);
}

static void test_transactions(void)
{
    struct db *db = must_open(fresh("tx"), DB_CREATE);
    struct err err = {0};

    UNIT_CHECK(db_begin(db, &err) && db_begin(db, &err), "nested");
    UNIT_CHECK(add_site(db, "one", 1, &err), "one");
    UNIT_CHECK(db_commit(db, &err), "inner");
    UNIT_CHECK(!sqlite3_get_autocommit(db->h), "still open");
    UNIT_CHECK(db_commit(db, &err), "outer");
    UNIT_CHECK(sqlite3_get_autocommit(db->h) && sites(db) == 1, "done");

    UNIT_CHECK(db_begin(db, &err) && add_site(db, "two", 1, &err), "two");
    UNIT_CHECK(db_begin(db, &err) && add_site(db, "three", 1, &err), "three");
    db_rollback(db);
    UNIT_CHECK(add_site(db, "four", 1, &err), "four");
    UNIT_CHECK(!db_commit(db, &err), "an inner rollback undoes all");
    UNIT_CHECK(err.code == ERR_DB, "code");
    UNIT_CHECK(sites(db) == 1, "only the first");

    UNIT_CHECK(db_begin(db, &err) && add_site(db, "five", 1, &err), "five");
    db_rollback(db);
    UNIT_CHECK(sites(db) == 1, "rolled back");
    UNIT_CHECK(db_begin(db, &err) && add_site(db, "six", 1, &err), "six");
    db_close(db); /* without a commit */
    db = must_open(path, DB_READ);
    UNIT_CHECK(sites(db) == 1, "closing rolls back");
    db_close(db);
}

static void test_read_transaction(void)
{
    struct db *w = must_open(fresh("snapshot"), DB_CREATE);
    struct db *r = must_open(path, DB_READ);
    struct err err = {0};

    UNIT_CHECK(db_begin_read(r, &err), "begin: %s", err.msg);
    UNIT_CHECK(add_site(w, "one", 1, &err), "write beside a reader");
    UNIT_CHECK(sites(r) == 0, "state of the beginning");
    UNIT_CHECK(db_begin_read(r, &err), "nested");
    db_end_read(r);
    UNIT_CHECK(sites(r) == 0, "still");
    db_end_read(r);
    UNIT_CHECK(sites(r) == 1, "new state");
    UNIT_CHECK(!add_site(r, "two", 1, &err), "readers do not write");
    UNIT_CHECK(
            err.code == ERR_IO && strstr(err.msg, path), "%d: %s", err.code,
            err.msg);
    db_close(r);
    db_close(w);
}

static void test_backup(void)
{
    char copy[256], other[256];
    struct db *db = must_open(fresh("backup"), DB_CREATE);
    struct db *b;
    struct err err = {0};
    struct stat st;
    char **names = NULL;
    size_t n = 0, left = 0;

    UNIT_CHECK(add_site(db, "one", 1, &err), "one");
    snprintf(copy, sizeof copy, "%s/copy.backup", folder);
    snprintf(other, sizeof other, "%s/other.txt", folder);
    UNIT_CHECK(db_backup(db, copy, &err), "backup: %s", err.msg);
    UNIT_CHECK(stat(copy, &st) == 0 && (st.st_mode & 0777) == 0600, "0600");
    UNIT_CHECK(add_site(db, "two", 1, &err), "two");
    b = must_open(copy, DB_READ);
    UNIT_CHECK(sites(b) == 1 && db_check(b, &err), "as it was");
    db_close(b);
    UNIT_CHECK(db_backup(db, copy, &err), "over an old one: %s", err.msg);
    b = must_open(copy, DB_WRITE);
    UNIT_CHECK(sites(b) == 2, "new copy");
    db_close(b);

    b = must_open(path, DB_READ);
    UNIT_CHECK(db_backup(b, copy, &err), "from a reader: %s", err.msg);
    db_close(b);

    write_file(other, "mine", 4);
    UNIT_CHECK(!db_backup(db, other, &err), "not over another file");
    UNIT_CHECK(err.code == ERR_CONFLICT, "code %d", err.code);
    UNIT_CHECK(!db_backup(db, path, &err), "not over itself");
    UNIT_CHECK(err.code == ERR_INVALID, "code %d", err.code);
    snprintf(other, sizeof other, "%s/absent/x", folder);
    UNIT_CHECK(!db_backup(db, other, &err), "no folder");
    UNIT_CHECK(err.code == ERR_IO, "code %d", err.code);
    UNIT_CHECK(
            !db_exec(db, "ATTACH '/tmp/other' AS o", &err), "no ATTACH after");

    CU_ASSERT_FATAL(file_names(folder, &names, &n, &err));
    for (size_t i = 0; i < n; i++)
        left += strstr(names[i], ".tmp") != NULL;
    UNIT_CHECK(left == 0, "no temporaries left");
    file_names_free(names, n);
    db_close(db);
}

/* A third and a fourth schema step, the fourth one wrong. */
static const unsigned char next_step[] =
        "ALTER TABLE setting ADD COLUMN extra TEXT;";
static const unsigned char bad_step[] =
        "CREATE TABLE added (a INTEGER) STRICT; "
        "INSERT INTO nowhere VALUES (1);";

static void test_migrate(void)
{
    enum { STEPS = 100 };
    struct embed_file files[STEPS] = {{0}};
    int last = db_schema_last(store_schema);
    char backup[300], word[40];
    struct db *db = must_open(fresh("migrate"), DB_CREATE), *old;
    struct err err = {0};

    UNIT_CHECK(add_site(db, "one", 1, &err), "one");
    db_close(db);
    CU_ASSERT_FATAL(last < STEPS - 2);
    memcpy(files, store_schema, (size_t)last * sizeof *files);
    files[last] =
            (struct embed_file){"next.sql", next_step, sizeof next_step - 1};
    UNIT_CHECK(
            !db_open_schema(path, DB_READ, files, &db, &err) &&
                    err.code == ERR_CONFLICT,
            "an older file is not read: %s", err.msg);
    CU_ASSERT_FATAL(db_open_schema(path, DB_WRITE, files, &db, &err));
    UNIT_CHECK(db_schema_version(db) == last + 1 && sites(db) == 1, "migrated");
    UNIT_CHECK(db_exec(db, "SELECT extra FROM setting", &err), "the step");
    db_close(db);
    snprintf(backup, sizeof backup, "%s.schema-%d.backup", path, last);
    old = must_open(backup, DB_READ);
    UNIT_CHECK(db_schema_version(old) == last && sites(old) == 1, "backup");
    db_close(old);
    snprintf(word, sizeof word, "schema %d", last + 1);
    must_fail(path, DB_WRITE, ERR_CONFLICT, word);

    files[last + 1] =
            (struct embed_file){"bad.sql", bad_step, sizeof bad_step - 1};
    db = NULL;
    UNIT_CHECK(!db_open_schema(path, DB_WRITE, files, &db, &err), "bad step");
    UNIT_CHECK(strstr(err.where, "bad.sql") != NULL, "%s", err.where);
    files[last + 1] = (struct embed_file){0};
    CU_ASSERT_FATAL(db_open_schema(path, DB_WRITE, files, &db, &err));
    UNIT_CHECK(db_schema_version(db) == last + 1, "no further");
    UNIT_CHECK(
            ask_int(db, "SELECT count(*) FROM sqlite_schema WHERE name = "
                        "'added'") == 0,
            "no half step");
    db_close(db);
}

/* A file of the first schema, with rows in it, comes to the present one. */
static void test_migrate_from_first(void)
{
    const struct embed_file first[] = {store_schema[0], {0}};
    struct db *db = NULL;
    struct err err = {0};

    CU_ASSERT_FATAL(
            db_open_schema(fresh("first"), DB_CREATE, first, &db, &err));
    UNIT_CHECK(add_site(db, "one", 1.5, &err), "one");
    db_close(db);
    db = must_open(path, DB_WRITE);
    UNIT_CHECK(
            db_schema_version(db) == db_schema_last(store_schema),
            "the last step");
    UNIT_CHECK(sites(db) == 1, "what was there is there");
    UNIT_CHECK(
            ask_int(db, "SELECT count(*) FROM pragma_table_list WHERE name "
                        "IN ('user_set', 'product_footprint', 'factor', "
                        "'grid_series', 'grid_year', 'grid_hour', "
                        "'machine_owner', 'difference', 'machine_alias', "
                        "'import_undo') AND strict") == 10,
            "the tables of factors and of the grid");
    UNIT_CHECK(db_check(db, &err), "check: %s", err.msg);
    db_close(db);
}

/* Processes that create one file at the same moment all succeed. */
static void test_create_together(void)
{
    pid_t child[4];
    struct db *db;
    struct err err = {0};

    fresh("together");
    for (int i = 0; i < 4; i++) {
        child[i] = fork();
        CU_ASSERT_FATAL(child[i] >= 0);
        if (child[i] == 0) {
            char name[20];
            snprintf(name, sizeof name, "site %d", i);
            db = NULL;
            bool ok = db_open(path, DB_CREATE, &db, &err) &&
                      add_site(db, name, 1, &err);
            if (!ok)
                fprintf(stderr, "%s\n", err.msg);
            db_close(db);
            _exit(ok ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        int status = -1;
        waitpid(child[i], &status, 0);
        UNIT_CHECK(status == 0, "child %d", i);
    }
    db = must_open(path, DB_READ);
    UNIT_CHECK(sites(db) == 4, "all rows");
    UNIT_CHECK(db_check(db, &err), "check");
    db_close(db);
}

static void test_damage(void)
{
    struct db *db = must_open(fresh("damage"), DB_CREATE);
    struct err err = {0};
    int fd;

    UNIT_CHECK(db_exec(db, "PRAGMA foreign_keys=OFF", &err), "off");
    UNIT_CHECK(
            db_exec(db,
                    "INSERT INTO machine_state VALUES (99, '', NULL, 'stock', "
                    "1)",
                    &err),
            "orphan: %s", err.msg);
    UNIT_CHECK(!db_check(db, &err) && err.code == ERR_DB, "orphan found");
    UNIT_CHECK(strstr(err.msg, "machine_state") != NULL, "%s", err.msg);
    db_close(db);

    fd = open(path, O_RDWR);
    CU_ASSERT_FATAL(fd >= 0);
    char junk[4096];
    memset(junk, 0xA5, sizeof junk);
    UNIT_CHECK(pwrite(fd, junk, sizeof junk, 2 * 4096) == sizeof junk, "junk");
    close(fd);
    if (db_open(path, DB_READ, &db, &err)) {
        UNIT_CHECK(!db_check(db, &err), "damage found");
        db_close(db);
    }
    UNIT_CHECK(err.code == ERR_DB, "code %d: %s", err.code, err.msg);
}

static void test_full(void)
{
    struct db *db = must_open(fresh("full"), DB_CREATE);
    struct err err = {0};
    char name[200];
    bool ok = true;
    char sql[64];
    int64_t pages = ask_int(db, "PRAGMA page_count");

    /* SQLite's own limit gives the same result code as a full disk. */
    snprintf(
            sql, sizeof sql, "PRAGMA max_page_count=%lld",
            (long long)pages + 1);
    UNIT_CHECK(ask_int(db, sql) == pages + 1, "limit");
    UNIT_CHECK(db_begin(db, &err), "begin");
    for (int i = 0; i < 1000 && ok; i++) {
        snprintf(name, sizeof name, "%0150d", i);
        ok = add_site(db, name, 1, &err);
    }
    UNIT_CHECK(!ok && err.code == ERR_IO, "code %d", err.code);
    UNIT_CHECK(
            strstr(err.msg, "disk full") && strstr(err.msg, path), "%s",
            err.msg);
    db_rollback(db);
    UNIT_CHECK(sites(db) == 0, "nothing half");
    UNIT_CHECK(add_site(db, "one", 1, &err), "works again: %s", err.msg);
    db_close(db);
}

static void default_is(const char *want)
{
    char *p = NULL;
    struct err err = {0};
    bool ok = db_default_path(&p, &err);

    UNIT_CHECK(ok && strcmp(p, want) == 0, "%s: %s", want, ok ? p : err.msg);
    free(p);
}

static void test_default_path(void)
{
    char *p = NULL;
    struct err err = {0};

    setenv("FLEETPRINT_DB", "/x/y.db", 1);
    default_is("/x/y.db");
    unsetenv("FLEETPRINT_DB");
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("HOME", "/home/u", 1);
    default_is("/data/fleetprint/fleet.db");
    setenv("XDG_DATA_HOME", "relative", 1);
    default_is("/home/u/.local/share/fleetprint/fleet.db");
    unsetenv("XDG_DATA_HOME");
    default_is("/home/u/.local/share/fleetprint/fleet.db");
    unsetenv("HOME");
    UNIT_CHECK(
            !db_default_path(&p, &err) && !p && err.code == ERR_INVALID,
            "no home");
}

/* Removes what the cases left. */
static void remove_all(const char *name)
{
    char **names = NULL, inner[600];
    size_t n = 0;
    struct err err;

    if (file_kind(name) == FILE_FOLDER && file_names(name, &names, &n, &err)) {
        for (size_t i = 0; i < n; i++) {
            snprintf(inner, sizeof inner, "%s/%s", name, names[i]);
            remove_all(inner);
        }
        file_names_free(names, n);
    }
    remove(name);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"create and reopen", test_create_and_reopen},
            {"settings", test_settings},
            {"refused", test_refused},
            {"statements", test_statements},
            {"try", test_try},
            {"transactions", test_transactions},
            {"read transaction", test_read_transaction},
            {"backup", test_backup},
            {"migrate", test_migrate},
            {"migrate from the first schema", test_migrate_from_first},
            {"create together", test_create_together},
            {"damage", test_damage},
            {"full", test_full},
            {"default path", test_default_path},
            {NULL, NULL},
    };
    int status;

    if (!mkdtemp(folder))
        return 2;
    status = unit_main("store", tests);
    remove_all(folder);
    return status;
}
