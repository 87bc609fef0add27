/* SPDX-License-Identifier: Apache-2.0
 * init, check, backup, restore: the database file itself. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "access/access.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json.h"
#include "cli/cli.h"
#include "energy/ledger.h"
#include "reports/reports.h"

/* Also brings an older database up to date, and finishes one whose making was
 * cut short; one in order is left alone. */
static int run_init(struct cmd_call *c, struct err *err)
{
    bool there = file_kind(c->db_path) != FILE_NONE;
    struct db *db = NULL;

    if (there && db_open(c->db_path, DB_READ, &db, err)) {
        db_close(db);
        err_set(err, ERR_CONFLICT, "'%s' exists already", c->db_path);
        return CMD_ERR;
    }
    err_clear(err);
    if (!db_open(c->db_path, DB_CREATE, &db, err))
        return CMD_ERR;
    if (c->json)
        printf("{\"schema_version\": %d, \"existed\": %s}\n",
               db_schema_version(db), there ? "true" : "false");
    if (there)
        fprintf(stderr, "brought %s to schema %d\n", c->db_path,
                db_schema_version(db));
    else
        fprintf(stderr, "created %s; next: fleetprint import FILE\n",
                c->db_path);
    db_close(db);
    return CMD_DONE;
}

const struct cmd cmd_init = {
        .noun = "init",
        .group = "Set-up",
        .summary = "Creates an empty database, or migrates an older one",
        .examples = "  fleetprint init\n  fleetprint --db fleet.db init",
        .run = run_init,
};

struct checked {
    int version;              /* of the schema */
    const struct rep_year *y; /* its identities */
    bool ledger_holds;
    const char *ledger_says;
};

static void print_check(const struct cmd_call *c, const struct checked *k)
{
    const struct rep_year *y = k->y;
    struct cmd_answer answer;
    struct json_out *j = &answer.json;

    if (!c->json) {
        printf("ok   file: %s, schema %d\n", c->db_path, k->version);
        for (size_t i = 0; i < y->n_identities; i++)
            printf("%s %s: %s\n", y->identities[i].holds ? "ok  " : "FAIL",
                   y->identities[i].id, y->identities[i].says);
        printf("%s ledger: %s\n", k->ledger_holds ? "ok  " : "FAIL",
               k->ledger_says);
        return;
    }
    cmd_object_begin(&answer, true);
    json_str(j, "file", c->db_path);
    json_int(j, "schema_version", k->version);
    json_begin_arr(j, "identities");
    for (size_t i = 0; i < y->n_identities; i++) {
        json_begin_obj(j, NULL);
        json_str(j, "id", y->identities[i].id);
        json_bool(j, "holds", y->identities[i].holds);
        json_str(j, "says", y->identities[i].says);
        json_end_obj(j);
    }
    json_begin_obj(j, NULL);
    json_str(j, "id", "ledger");
    json_bool(j, "holds", k->ledger_holds);
    json_str(j, "says", k->ledger_says);
    json_end_obj(j);
    json_end_arr(j);
    (void)cmd_object_end(&answer, NULL); /* seen again when flushing */
}

/* Every identity of the books is recomputed over all that is stored. */
static bool
check_identities(const struct cmd_call *c, struct db *db, struct err *err)
{
    struct rep_options options = {.rule = CALC_RESIDUAL_SL};
    struct fac_pack *pack = NULL;
    struct rep_year *y = NULL;
    struct err ledger = {0};
    struct checked k = {
            .version = db_schema_version(db),
            .ledger_says = "J1, J2, J4: hours = months = deltas of readings, "
                           "deltas of a boot = last - first, covered seconds"};
    char text[1100];
    bool ok = false;

    if (!cmd_pack_db(c, db, &pack, err) || !date_today(&options.today, err))
        goto done;
    if (!rep_year_make(db, pack, &options, &y, err))
        goto done;
    k.y = y;
    k.ledger_holds = en_ledger_check(db, &ledger);
    if (!k.ledger_holds)
        k.ledger_says = err_text(&ledger, text, sizeof text);
    print_check(c, &k);
    ok = y->identities_hold && k.ledger_holds;
    if (!ok)
        err_set(err, ERR_DB, "the figures break an identity; see above");
done:
    rep_year_free(y);
    fac_pack_free(pack);
    return ok;
}

static int run_check(struct cmd_call *c, struct err *err)
{
    struct db *db = NULL;
    int status = CMD_ERR;

    if (!cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    if (db_check(db, err) && check_identities(c, db, err))
        status = CMD_DONE;
    db_close(db);
    return status;
}

const struct cmd cmd_check = {
        .noun = "check",
        .group = "Set-up",
        .summary = "Verifies the file and the identities of its figures",
        .examples = "  fleetprint check",
        .run = run_check,
};

/* What backup and restore have written. */
static bool
print_copy(const struct cmd_call *c, const char *path, struct err *err)
{
    struct cmd_answer answer;
    struct json_out *j = &answer.json;
    struct stat st;
    struct db *db = NULL;
    int version;

    if (!c->json)
        return true;
    if (!db_open(path, DB_READ, &db, err))
        return false;
    version = db_schema_version(db);
    db_close(db);
    if (stat(path, &st) != 0)
        return err_set(
                err, ERR_IO, "cannot look at '%s': %s", path, strerror(errno));
    cmd_object_begin(&answer, true);
    json_str(j, "file", path);
    json_int(j, "bytes", st.st_size);
    json_int(j, "schema_version", version);
    json_bool(j, "verified", true);
    return cmd_object_end(&answer, err);
}

/* So that the server can tell how old the last one is. A file that can only be
 * read is backed up without. */
static void note_backup(const struct cmd_call *c)
{
    struct err ignored = {0};
    struct db *db = NULL;

    if (db_open(c->db_path, DB_WRITE, &db, &ignored))
        (void)acc_audit(db, acc_cli_actor(), "backup", NULL, &ignored);
    db_close(db);
}

static int run_backup(struct cmd_call *c, struct err *err)
{
    struct db *db = NULL;
    bool ok;

    if (file_kind(c->argv[0]) != FILE_NONE) {
        err_set(err, ERR_CONFLICT, "'%s' exists already; name a new file",
                c->argv[0]);
        return CMD_ERR;
    }
    if (!cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    ok = db_backup(db, c->argv[0], err);
    db_close(db);
    if (!ok)
        return CMD_ERR;
    note_backup(c);
    fprintf(stderr, "wrote %s, verified\n", c->argv[0]);
    return print_copy(c, c->argv[0], err) ? CMD_DONE : CMD_ERR;
}

const struct cmd cmd_backup = {
        .noun = "backup",
        .group = "Set-up",
        .summary = "Writes a consistent, verified copy, also under load",
        .args = "FILE",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint backup fleet-2025-12-31.db",
        .run = run_backup,
};

/* The copy is verified before anything is replaced; a database in place is
 * never overwritten. */
static int run_restore(struct cmd_call *c, struct err *err)
{
    struct db *db = NULL;
    bool ok;

    if (file_kind(c->db_path) != FILE_NONE) {
        err_set(err, ERR_CONFLICT,
                "'%s' exists; move it away first, or name another with --db",
                c->db_path);
        return CMD_ERR;
    }
    if (!db_open(c->argv[0], DB_READ, &db, err)) {
        err_in(err, "backup '%s'", c->argv[0]);
        return CMD_ERR;
    }
    ok = db_check(db, err) && file_make_parents(c->db_path, err) &&
         db_backup(db, c->db_path, err);
    db_close(db);
    if (!ok)
        return CMD_ERR;
    fprintf(stderr, "restored %s from %s\n", c->db_path, c->argv[0]);
    return print_copy(c, c->db_path, err) ? CMD_DONE : CMD_ERR;
}

const struct cmd cmd_restore = {
        .noun = "restore",
        .group = "Set-up",
        .summary = "Makes the database from a backup",
        .args = "FILE",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint --db fleet.db restore fleet-2025-12-31.db",
        .run = run_restore,
};
