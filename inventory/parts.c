/* SPDX-License-Identifier: Apache-2.0
 * Parts of a line: from the wire, from the database, and back. */
#include "inventory/inventory_priv.h"

#include <stdlib.h>
#include <string.h>

static int order(const void *a, const void *b)
{
    const struct inv_part_row *x = a, *y = b;
    int c;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->spec_id != y->spec_id)
        return x->spec_id < y->spec_id ? -1 : 1;
    c = strcmp(x->serial ? x->serial : "", y->serial ? y->serial : "");
    return c;
}

/* One order for all sources, so that two lists of the same parts are equal. */
static void normalise(struct inv_part_rows *p)
{
    size_t n = 0;

    qsort(p->items, p->n, sizeof *p->items, order);
    for (size_t i = 0; i < p->n; i++) {
        struct inv_part_row *last = n > 0 ? &p->items[n - 1] : NULL;

        if (last && !last->serial && !p->items[i].serial &&
            last->spec_id == p->items[i].spec_id &&
            last->units <= WIRE_MAX_UNITS - p->items[i].units)
            last->units += p->items[i].units;
        else
            p->items[n++] = p->items[i];
    }
    p->n = n;
}

bool inv_parts_of_list(
        struct inv_take *t, const struct wire_part *parts, size_t n,
        struct inv_part_rows *out, struct err *err)
{
    out->n = 0;
    for (size_t i = 0; i < n; i++) {
        struct inv_part_row *row = &out->items[out->n++];

        row->kind = parts[i].kind;
        row->units = parts[i].units;
        row->serial = inv_identity(parts[i].serial);
        if (!inv_id_of_spec(t, &parts[i], &row->spec_id, err))
            return false;
    }
    normalise(out);
    return true;
}

bool inv_parts_load(
        struct db *db, int64_t id, struct arena *a, struct inv_part_rows *out,
        struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_PARTS_LOAD, err);
    bool row, ok = false;

    out->n = 0;
    if (!q)
        return false;
    stmt_int(q, ":id", id);
    for (;;) {
        struct inv_part_row *r;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (out->n == WIRE_MAX_PARTS) {
            err_set(err, ERR_DB, "more than %d parts", (int)WIRE_MAX_PARTS);
            goto done;
        }
        r = &out->items[out->n++];
        r->spec_id = stmt_col_int(q, 0);
        r->units = (uint32_t)stmt_col_int(q, 1);
        r->serial = arena_str(a, stmt_col_text(q, 2));
        if (!calc_kind_from(stmt_col_text(q, 3), &r->kind)) {
            err_set(err, ERR_DB, "a part of unknown kind");
            goto done;
        }
    }
    normalise(out);
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* Four rows by one statement cost little more than one. */
bool inv_parts_write(
        struct inv_take *t, int64_t id, const struct inv_part_rows *p,
        struct err *err)
{
    size_t at = 0;

    while (at < p->n) {
        size_t rows = p->n - at >= 4 ? 4 : 1;
        struct stmt *q = rows == 4 ? t->part_add_4 : t->part_add;
        int col = 1;

        stmt_int_at(q, col++, id);
        for (size_t end = at + rows; at < end; at++) {
            stmt_int_at(q, col++, (int64_t)at + 1);
            stmt_int_at(q, col++, p->items[at].spec_id);
            stmt_int_at(q, col++, p->items[at].units);
            stmt_text_at(q, col++, p->items[at].serial);
        }
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

bool inv_parts_same(
        const struct inv_part_rows *a, const struct inv_part_rows *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (order(&a->items[i], &b->items[i]) != 0 ||
            a->items[i].units != b->items[i].units)
            return false;
    return true;
}
