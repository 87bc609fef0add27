/* SPDX-License-Identifier: Apache-2.0
 * Maps of CSV columns that people saved under a name. */
#include "inventory/inventory_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"

enum { NAME_MAX_CHARS = 40 };

static bool
key_of(const char *name, char key[NAME_MAX_CHARS + 16], struct err *err)
{
    size_t len = strlen(name);

    if (len == 0 || len > NAME_MAX_CHARS ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != len)
        return err_set(
                err, ERR_INVALID,
                "'%.60s' is no name of a map, expected 1 to %d of a-z, 0-9, - "
                "and _",
                name, (int)NAME_MAX_CHARS);
    snprintf(key, NAME_MAX_CHARS + 16, "map/%s", name);
    return true;
}

bool inv_map_save(
        struct db *db, const char *name, const char *text, const char *actor,
        struct err *err)
{
    char key[NAME_MAX_CHARS + 16];
    struct stmt *q;
    bool ok;

    if (!key_of(name, key, err) || !db_begin(db, err))
        return false;
    q = inv_stmt(db, INV_SETTING_SET, err);
    ok = q != NULL;
    if (ok) {
        stmt_text(q, ":key", key);
        stmt_text(q, ":value", text);
        ok = stmt_run(q, err) && acc_audit(db, actor, "import map", name, err);
    }
    if (ok)
        return db_commit(db, err);
    db_rollback(db);
    return false;
}

bool inv_map_load(struct db *db, const char *name, char **out, struct err *err)
{
    char key[NAME_MAX_CHARS + 16];
    struct stmt *q;
    bool row;

    if (!key_of(name, key, err))
        return false;
    q = inv_stmt(db, INV_SETTING_GET, err);
    if (!q)
        return false;
    stmt_text(q, ":key", key);
    if (!stmt_step(q, &row, err))
        return false;
    if (row)
        *out = xstrdup(stmt_col_text(q, 0));
    stmt_reset(q);
    return row || err_set(err, ERR_NOT_FOUND, "no map is called '%s'", name);
}

bool inv_maps(
        struct db *db,
        bool (*each)(void *ctx, const char *name, struct err *err), void *ctx,
        struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_SETTINGS_MAPS, err);
    bool row, ok = false;

    if (!q)
        return false;
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (!each(ctx, stmt_col_text(q, 0) + strlen("map/"), err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}
