/* SPDX-License-Identifier: Apache-2.0
 * Other tags, names and numbers of a line, kept from records merged into it so
 * that their next import finds it. */
#include "inventory/inventory_priv.h"

#include <string.h>

bool inv_aliases_load(
        struct inv_take *t, int64_t id, struct inv_aliases *out,
        struct err *err)
{
    struct inv_alias room[64]; /* merging so many records is no fleet's work */
    struct stmt *q;
    bool row, ok = false;

    *out = (struct inv_aliases){0};
    if (!t->any_aliases)
        return true;
    q = inv_stmt(t->db, INV_ALIASES_LOAD, err);
    if (!q)
        return false;
    stmt_int(q, ":id", id);
    while (out->n < sizeof room / sizeof *room) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        room[out->n++] = (struct inv_alias){
                arena_str(&t->arena, stmt_col_text(q, 0)),
                arena_str(&t->arena, stmt_col_text(q, 1))};
    }
    if (out->n) {
        out->items = arena_alloc(&t->arena, out->n * sizeof *room);
        memcpy(out->items, room, out->n * sizeof *room);
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool inv_alias_has(
        const struct inv_aliases *a, const char *kind, const char *value)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->items[i].kind, kind) == 0 &&
            strcmp(a->items[i].value, value) == 0)
            return true;
    return false;
}

bool inv_alias_add(
        struct inv_take *t, int64_t id, const char *kind, const char *value,
        struct err *err)
{
    struct stmt *q;

    if (!value)
        return true;
    q = inv_stmt(t->db, INV_ALIAS_ADD, err);
    if (!q)
        return false;
    stmt_text(q, ":kind", kind);
    stmt_text(q, ":value", value);
    stmt_int(q, ":id", id);
    t->any_aliases = true;
    return stmt_run(q, err);
}

bool inv_alias_find(
        struct inv_take *t, const char *kind, const char *value, int64_t *id,
        struct err *err)
{
    struct stmt *q;
    int64_t found = 0;
    int n = 0;
    bool row, ok = false;

    *id = 0;
    if (!t->any_aliases || !value)
        return true;
    q = inv_stmt(t->db, INV_ALIAS_FIND, err);
    if (!q)
        return false;
    stmt_text(q, ":kind", kind);
    stmt_text(q, ":value", value);
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        found = stmt_col_int(q, 0);
        n++;
    }
    *id = n == 1 ? found : 0;
    ok = true;
done:
    stmt_reset(q);
    return ok;
}
