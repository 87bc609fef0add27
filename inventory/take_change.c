/* SPDX-License-Identifier: Apache-2.0
 * A record of a known line: merged by change_*.c, written here. */
#include "inventory/change_priv.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Kept between records: clearing 40 KiB for each would cost a fifth of the
 * time that an unchanged record takes. */
struct change *
change_begin(struct inv_take *t, int64_t id, const struct wire_machine *m)
{
    struct change *c = t->change;

    if (!c)
        c = t->change = xmalloc(sizeof *c);
    memset(c, 0, offsetof(struct change, old_parts));
    c->old_parts.n = c->now_parts.n = 0;
    c->old_states.n = c->now_states.n = 0;
    c->t = t;
    c->id = id;
    c->m = m;
    return c;
}

bool change_load(struct change *c, struct err *err)
{
    struct inv_take *t = c->t;

    if (!inv_line_load(t->db, c->id, &t->arena, &c->old, err) ||
        !inv_parts_load(t->db, c->id, &t->arena, &c->old_parts, err) ||
        !inv_states_load(t->db, c->id, &c->old_states, err) ||
        !inv_owners_load(t, c->id, &c->old, &c->owners, err) ||
        !inv_aliases_load(t, c->id, &c->aliases, err))
        return false;
    c->now = c->old; /* parts and states are put together anew */
    t->detail[0] = '\0';
    return true;
}

bool change_keep(struct change *c, struct err *err)
{
    if (c->kept)
        return true;
    c->kept = true;
    return inv_undo_line(
            c->t, c->id, &c->old, &c->old_states, &c->old_parts, err);
}

static bool drop_rows(struct change *c, enum inv_sql sql, struct err *err)
{
    struct stmt *q = inv_stmt(c->t->db, sql, err);

    if (!q)
        return false;
    stmt_int(q, ":id", c->id);
    return stmt_run(q, err);
}

static bool write_line(struct change *c, struct err *err)
{
    struct stmt *q = inv_stmt(c->t->db, INV_LINE_CHANGE, err);

    if (!q)
        return false;
    inv_line_bind(q, &c->now);
    stmt_int_at(q, INV_LINE_BINDS + 1, c->id);
    return stmt_run(q, err);
}

static bool write_event(struct change *c, bool parts, struct err *err)
{
    char detail[700];

    if (!c->event) {
        c->event = parts && !c->completed_only ? "upgraded" : "recalculated";
        c->event_on = date_known(c->t->on) ? c->t->on : c->t->today;
    }
    if (c->accepting)
        snprintf(
                detail, sizeof detail, "accepted from %.40s: %s", c->t->format,
                c->t->detail);
    else
        snprintf(
                detail, sizeof detail, "changed: %s%s%s", c->t->detail,
                c->t->remark ? "; " : "", c->t->remark ? c->t->remark : "");
    return inv_event_add(
            c->t, c->id, c->event, c->event_on,
            c->event_detail ? c->event_detail : detail, err);
}

bool change_write(struct change *c, bool *changed, struct err *err)
{
    bool parts = !inv_parts_same(&c->old_parts, &c->now_parts);
    bool states = !inv_states_same(&c->old_states, &c->now_states);

    *changed = c->n_detail > 0 || states;
    if (*changed || c->owners.dirty || c->now.assumed != c->old.assumed) {
        if (!change_keep(c, err) || !write_line(c, err) ||
            !inv_owners_write(c->t, c->id, &c->owners, err))
            return false;
    }
    if (parts && (!drop_rows(c, INV_PARTS_DROP, err) ||
                  !inv_parts_write(c->t, c->id, &c->now_parts, err)))
        return false;
    if (states && (!drop_rows(c, INV_STATES_DROP, err) ||
                   !inv_states_write(c->t->db, c->id, &c->now_states, err)))
        return false;
    if (c->any_said && !change_differences(c, err))
        return false;
    return !*changed || write_event(c, parts, err);
}

bool inv_take_change(
        struct inv_take *t, int64_t id, const struct wire_machine *m,
        bool *changed, struct err *err)
{
    struct change *c = change_begin(t, id, m);

    if (!change_load(c, err) || !change_values(c, err) ||
        !change_parts(c, err) || !change_states(c, err))
        return false;
    inv_touch(t, id);
    return change_write(c, changed, err);
}
