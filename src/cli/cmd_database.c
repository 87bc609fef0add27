/* SPDX-License-Identifier: Apache-2.0
 * init, check, backup, restore: the database file itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "cli/cli.h"
#include "reports/reports.h"

static int run_init(struct cmd_call *c, struct err *err)
{
    struct db *db = NULL;

    if (file_kind(c->db_path) != FILE_NONE) {
        err_set(err, ERR_CONFLICT, "'%s' exists already", c->db_path);
        return CMD_ERR;
    }
    if (!db_open(c->db_path, DB_CREATE, &db, err))
        return CMD_ERR;
    db_close(db);
    fprintf(stderr, "created %s; next: fleetprint import FILE\n", c->db_path);
    return CMD_DONE;
}

const struct cmd cmd_init = {
        .noun = "init",
        .group = "Set-up",
        .summary = "Creates an empty database",
        .examples = "  fleetprint init\n  fleetprint --db fleet.db init",
        .run = run_init,
};

/* Every identity of the books is recomputed over all that is stored. */
static bool check_identities(struct cmd_call *c, struct db *db, struct err *err)
{
    struct rep_options options = {.rule = CALC_RESIDUAL_SL};
    struct fac_pack *pack = NULL;
    struct rep_year *y = NULL;
    bool ok = false;

    if (!cmd_pack_db(c, db, &pack, err) || !date_today(&options.today, err))
        goto done;
    if (!rep_year_make(db, pack, &options, &y, err))
        goto done;
    for (size_t i = 0; i < y->n_identities; i++)
        printf("%s %s: %s\n", y->identities[i].holds ? "ok  " : "FAIL",
               y->identities[i].id, y->identities[i].says);
    ok = true;
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
    if (!db_check(db, err))
        goto done;
    printf("ok   file: %s, schema %d\n", c->db_path, db_schema_version(db));
    if (check_identities(c, db, err))
        status = CMD_DONE;
done:
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
    fprintf(stderr, "wrote %s, verified\n", c->argv[0]);
    return CMD_DONE;
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
    return CMD_DONE;
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
