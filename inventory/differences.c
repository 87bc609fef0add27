/* SPDX-License-Identifier: Apache-2.0
 * Differences: raised where a machine source offers what a human typed
 * otherwise, listed, and accepted or refused. */
#include "inventory/change_priv.h"

#include <stdlib.h>
#include <string.h>

/* ---- raising ------------------------------------------------------------ */

enum { OF_FIELD_MAX = 64 }; /* differences of one field looked at */

struct row {
    int64_t id;
    const char *offered, *source, *state;
};

static bool rows_of_field(
        struct change *c, const char *field, struct row rows[OF_FIELD_MAX],
        size_t *n, struct err *err)
{
    struct stmt *q = inv_stmt(c->t->db, INV_DIFFERENCE_FIND, err);
    bool row, ok = false;

    *n = 0;
    if (!q)
        return false;
    stmt_int(q, ":id", c->id);
    stmt_text(q, ":field", field);
    while (*n < OF_FIELD_MAX) {
        struct arena *a = &c->t->arena;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        rows[(*n)++] = (struct row){
                stmt_col_int(q, 0), arena_str(a, stmt_col_text(q, 1)),
                arena_str(a, stmt_col_text(q, 2)),
                arena_str(a, stmt_col_text(q, 3))};
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool is_open(const struct row *r)
{
    return strcmp(r->state, "open") == 0;
}

static bool
close_one(struct inv_take *t, int64_t id, const char *state, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_DIFFERENCE_CLOSE, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    stmt_text(q, ":state", state);
    stmt_int(q, ":at", t->now_s);
    return stmt_run(q, err);
}

/* What a merge that was asked for offers is the merge's. */
static const char *source_of(const struct change *c, int f)
{
    return c->joining ? change_source(c, (enum inv_field)f) : c->t->format;
}

static bool
write_offer(struct change *c, int f, int64_t renew_id, struct err *err)
{
    struct stmt *q;

    if (!change_keep(c, err))
        return false;
    q = inv_stmt(
            c->t->db, renew_id ? INV_DIFFERENCE_RENEW : INV_DIFFERENCE_ADD,
            err);
    if (!q)
        return false;
    stmt_int(q, ":id", renew_id ? renew_id : c->id);
    if (!renew_id) {
        stmt_text(q, ":field", inv_field_name((enum inv_field)f));
        stmt_text(q, ":source", source_of(c, f));
    }
    stmt_text(q, ":stored", c->said[f].stored);
    stmt_text(q, ":offered", c->said[f].said);
    stmt_text(q, ":parts", c->said[f].parts);
    stmt_int(q, ":at", c->t->now_s);
    c->t->any_differences = true;
    c->t->counts.differences++;
    return stmt_run(q, err);
}

/* A value that waits or was refused is not raised again; a source that has
 * changed its mind renews what it offered. */
static bool
offer(struct change *c, int f, const struct row *rows, size_t n,
      struct err *err)
{
    int64_t renew_id = 0;

    for (size_t i = 0; i < n; i++) {
        bool accepted = strcmp(rows[i].state, "accepted") == 0;

        if (!accepted && strcmp(rows[i].offered, c->said[f].said) == 0)
            return true;
        if (is_open(&rows[i]) && strcmp(rows[i].source, source_of(c, f)) == 0)
            renew_id = rows[i].id;
    }
    return write_offer(c, f, renew_id, err);
}

static bool
set_stored(struct inv_take *t, int64_t id, const char *stored, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_DIFFERENCE_STORED, err);

    if (!q)
        return false;
    stmt_text(q, ":stored", stored);
    stmt_int(q, ":id", id);
    return stmt_run(q, err);
}

static bool drop_one(struct inv_take *t, int64_t id, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_DIFFERENCE_DROP, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    return stmt_run(q, err);
}

/* What stands now is what an open difference offered: that one is accepted. A
 * source that agrees withdraws what it offered before. */
static bool
settle(struct change *c, int f, const struct row *rows, size_t n,
       struct err *err)
{
    const char *said = c->said[f].said;
    bool taken = c->said[f].verdict == CHANGE_TAKEN;

    for (size_t i = 0; said && i < n; i++) {
        const struct row *r = &rows[i];

        if (!is_open(r))
            continue;
        if (!change_keep(c, err))
            return false;
        if (strcmp(r->offered, said) == 0) {
            if (!close_one(c->t, r->id, "accepted", err))
                return false;
        } else if (!taken && strcmp(r->source, source_of(c, f)) == 0) {
            if (!drop_one(c->t, r->id, err))
                return false;
        } else if (taken && !set_stored(c->t, r->id, said, err)) {
            return false;
        }
    }
    return true;
}

bool change_differences(struct change *c, struct err *err)
{
    struct row rows[OF_FIELD_MAX];
    size_t n = 0;

    for (int f = 0; f < INV_FIELDS; f++) {
        enum change_verdict v = c->said[f].verdict;

        if (v == CHANGE_SILENT ||
            (v != CHANGE_OFFERED && !c->t->any_differences))
            continue;
        if (!rows_of_field(c, inv_field_name((enum inv_field)f), rows, &n, err))
            return false;
        if (v == CHANGE_OFFERED ? !offer(c, f, rows, n, err)
                                : !settle(c, f, rows, n, err))
            return false;
    }
    return true;
}

/* ---- listing ------------------------------------------------------------ */

static struct inv_difference of_row(struct stmt *q)
{
    return (struct inv_difference){
            .id = stmt_col_int(q, 0),
            .machine_id = stmt_col_int(q, 1),
            .tag = stmt_col_text(q, 2),
            .field = stmt_col_text(q, 3),
            .stored = stmt_col_text(q, 4),
            .offered = stmt_col_text(q, 5),
            .parts = stmt_col_text(q, 6),
            .source = stmt_col_text(q, 7),
            .raised_at_s = stmt_col_int(q, 8),
            .state = stmt_col_text(q, 9),
            .resolved_at_s = stmt_is_null(q, 10) ? 0 : stmt_col_int(q, 10)};
}

bool inv_differences(
        struct db *db, const struct inv_difference_query *query,
        bool (*row)(void *ctx, const struct inv_difference *d, struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_DIFFERENCES_OF, err);
    bool there, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":machine", query->machine_id);
    stmt_int(q, ":one", query->one_id);
    stmt_int(q, ":all", query->all ? 1 : 0);
    stmt_int(q, ":limit", query->limit ? (int64_t)query->limit : -1);
    stmt_int(q, ":offset", query->offset);
    for (;;) {
        struct inv_difference d;

        if (!stmt_step(q, &there, err))
            goto done;
        if (!there)
            break;
        d = of_row(q);
        if (!row(ctx, &d, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool inv_differences_open(
        struct db *db, int64_t machine_id, uint64_t *n, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_DIFFERENCES_COUNT, err);
    bool row;

    if (!q)
        return false;
    stmt_int(q, ":machine", machine_id);
    if (!stmt_step(q, &row, err))
        return false;
    *n = (uint64_t)stmt_col_int(q, 0);
    stmt_reset(q);
    return true;
}

/* ---- deciding ----------------------------------------------------------- */

struct one {
    struct arena *arena;
    struct inv_difference d;
    bool found;
};

static bool take_one(void *ctx, const struct inv_difference *d, struct err *err)
{
    struct one *o = ctx;

    (void)err;
    o->found = true;
    o->d = *d;
    o->d.tag = arena_str(o->arena, d->tag);
    o->d.field = arena_str(o->arena, d->field);
    o->d.stored = arena_str(o->arena, d->stored);
    o->d.offered = arena_str(o->arena, d->offered);
    o->d.parts = arena_str(o->arena, d->parts);
    o->d.source = arena_str(o->arena, d->source);
    o->d.state = arena_str(o->arena, d->state);
    return true;
}

static bool
load_one(struct inv_take *t, int64_t id, struct one *o, struct err *err)
{
    const struct inv_difference_query query = {.one_id = id, .all = true};

    *o = (struct one){.arena = &t->arena};
    if (!inv_differences(t->db, &query, take_one, o, err))
        return false;
    if (!o->found)
        return err_set(
                err, ERR_NOT_FOUND, "no difference has the number %lld",
                (long long)id);
    if (strcmp(o->d.state, "open") != 0)
        return err_set(
                err, ERR_CONFLICT, "difference %lld is %s already",
                (long long)id, o->d.state);
    return true;
}

static bool accept_one(struct inv_take *t, const struct one *o, struct err *err)
{
    struct change *c;
    struct wire_machine m;
    enum inv_field f;
    bool changed;

    if (!inv_field_from(o->d.field, &f))
        return err_set(err, ERR_DB, "no field '%s'", o->d.field);
    if (!inv_field_wire(f, o->d.offered, o->d.parts, &t->arena, &m, err))
        return false;
    inv_take_format(t, o->d.source);
    c = change_begin(t, o->d.machine_id, &m);
    c->accepting = true;
    if (!change_load(c, err) || !change_values(c, err) ||
        !change_parts(c, err) || !change_states(c, err) ||
        !change_keep(c, err) || !change_write(c, &changed, err))
        return false;
    if (changed)
        t->counts.changed++;
    return close_one(t, o->d.id, "accepted", err);
}

static bool refuse_one(struct inv_take *t, const struct one *o, struct err *err)
{
    struct change *c = change_begin(t, o->d.machine_id, NULL);

    return change_load(c, err) && change_keep(c, err) &&
           close_one(t, o->d.id, "refused", err);
}

bool inv_difference_decide(
        struct inv_take *t, int64_t id, bool accept, struct err *err)
{
    struct one o;
    bool ok;

    arena_reset(&t->arena);
    ok = load_one(t, id, &o, err) &&
         (accept ? accept_one(t, &o, err) : refuse_one(t, &o, err));
    if (!ok)
        err_in(err, "difference %lld", (long long)id);
    return ok;
}
