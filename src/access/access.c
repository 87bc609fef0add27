/* SPDX-License-Identifier: Apache-2.0
 * The actor of the command line and the audit trail. */
#include "access/access.h"

#include <pwd.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "access/access_priv.h"

#define AS_SQL(id, text) [id] = {#id, text},
const struct sql acc_statements[ACC_SQL_COUNT] = {ACC_SQL(AS_SQL)};

const char *acc_cli_actor(void)
{
    static char actor[100];
    struct passwd entry, *found = NULL;
    char room[4096];

    if (actor[0])
        return actor;
    if (getpwuid_r(geteuid(), &entry, room, sizeof room, &found) == 0 && found)
        snprintf(actor, sizeof actor, "cli:%.80s", found->pw_name);
    else /* an account without a name, as in containers */
        snprintf(actor, sizeof actor, "cli:%lu", (unsigned long)geteuid());
    return actor;
}

bool acc_audit(
        struct db *db, const char *actor, const char *action,
        const char *detail, struct err *err)
{
    struct stmt *q = db_stmt(db, &acc_statements[ACC_AUDIT_ADD], err);

    if (!q)
        return false;
    stmt_int(q, ":at", (int64_t)time(NULL));
    stmt_text(q, ":actor", actor);
    stmt_text(q, ":action", action);
    stmt_text(q, ":detail", detail);
    return stmt_run(q, err);
}

bool acc_last(struct db *db, int64_t *id, struct err *err)
{
    struct stmt *q = db_stmt(db, &acc_statements[ACC_AUDIT_LAST], err);
    bool row = false, ok;

    if (!q)
        return false;
    ok = stmt_step(q, &row, err);
    if (ok)
        *id = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return ok;
}

bool acc_last_of(
        struct db *db, const char *action, int64_t *at_s, struct err *err)
{
    struct stmt *q = db_stmt(db, &acc_statements[ACC_AUDIT_LAST_OF], err);
    bool row = false, ok;

    if (!q)
        return false;
    stmt_text(q, ":action", action);
    ok = stmt_step(q, &row, err);
    if (ok)
        *at_s = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return ok;
}

const struct sql *acc_sql_list(size_t *n)
{
    *n = ACC_SQL_COUNT;
    return acc_statements;
}
