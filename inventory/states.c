/* SPDX-License-Identifier: Apache-2.0
 * Where a line was and in which status, day by day. */
#include "inventory/inventory_priv.h"

#include <string.h>

static void
add(struct inv_states *s, struct date from, struct date to,
    enum calc_status status, int64_t site_id)
{
    s->items[s->n++] = (struct inv_state){from, to, status, site_id};
}

static bool earlier(struct date a, struct date b)
{
    return date_known(a) && date_known(b) && date_days(a) < date_days(b);
}

/* Ours since it was acquired; else in service; else made; else since ever. */
static struct date first_day(const struct inv_line *l)
{
    if (date_known(l->acquired_on))
        return l->acquired_on;
    if (date_known(l->in_service_on))
        return l->in_service_on;
    return l->manufactured_on;
}

void inv_states_derive(
        const struct inv_line *l, enum calc_status status, int64_t site_id,
        struct inv_states *out)
{
    struct date never = {0}, from = first_day(l), end = {0};
    bool gone = inv_is_exit(status);

    out->n = 0;
    if (gone) {
        if (!date_known(l->exit_on) ||
            (date_known(from) && !earlier(from, l->exit_on))) {
            /* gone, nobody knows since when: it never counts */
            add(out, date_known(l->exit_on) ? l->exit_on : never, never, status,
                site_id);
            return;
        }
        end = l->exit_on;
    }
    if ((gone || status == CALC_IN_SERVICE) &&
        earlier(from, l->in_service_on) &&
        (!gone || earlier(l->in_service_on, end))) {
        add(out, from, l->in_service_on, CALC_RECEIVED, site_id);
        from = l->in_service_on;
    }
    add(out, from, end, gone ? CALC_IN_SERVICE : status, site_id);
    if (gone)
        add(out, end, never, status, site_id);
}

static int32_t since(const struct inv_state *s)
{
    return date_known(s->from) ? date_days(s->from) : INT32_MIN;
}

void inv_states_sort(struct inv_state *items, int n)
{
    for (int i = 1; i < n; i++) {
        struct inv_state moving = items[i];
        int at = i;

        for (; at > 0 && since(&items[at - 1]) > since(&moving); at--)
            items[at] = items[at - 1];
        items[at] = moving;
    }
}

bool inv_states_load(
        struct db *db, int64_t id, struct inv_states *out, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_STATES_LOAD, err);
    bool row, ok = false;

    out->n = 0;
    if (!q)
        return false;
    stmt_int(q, ":id", id);
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (out->n == INV_MAX_STATES) {
            err_set(err, ERR_DB, "more than %d states", (int)INV_MAX_STATES);
            goto done;
        }
        add(out, inv_date(stmt_col_text(q, 0)), inv_date(stmt_col_text(q, 1)),
            inv_status(stmt_col_text(q, 2)), stmt_col_int(q, 3));
    }
    inv_states_sort(out->items, out->n);
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool inv_states_write(
        struct db *db, int64_t id, const struct inv_states *s, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_STATE_ADD, err);
    char text[DATE_TEXT];

    if (!q)
        return false;
    for (int i = 0; i < s->n; i++) {
        const struct inv_state *st = &s->items[i];

        stmt_int_at(q, 1, id);
        stmt_text_at(q, 2, date_print(st->from, text));
        stmt_text_at(
                q, 3, date_known(st->to) ? date_print(st->to, text) : NULL);
        stmt_text_at(q, 4, calc_status_word(st->status));
        stmt_int_at(q, 5, st->site_id);
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

bool inv_states_same(const struct inv_states *a, const struct inv_states *b)
{
    if (a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++) {
        const struct inv_state *x = &a->items[i], *y = &b->items[i];

        if (!inv_same_date(x->from, y->from) || !inv_same_date(x->to, y->to) ||
            x->status != y->status || x->site_id != y->site_id)
            return false;
    }
    return true;
}

bool inv_states_turn(
        struct inv_states *s, struct date day, enum calc_status status,
        int64_t site_id)
{
    struct inv_state *last = &s->items[s->n - 1];
    struct date never = {0};

    if (s->n > 0 && date_known(last->from) && !earlier(last->from, day)) {
        last->status = status;
        last->site_id = site_id;
        last->to = never;
        return true;
    }
    if (s->n == INV_MAX_STATES)
        return false;
    if (s->n > 0)
        last->to = day;
    add(s, s->n > 0 ? day : never, never, status, site_id);
    return true;
}

const struct inv_state *inv_state_at(const struct inv_unit *u, int32_t day)
{
    for (int i = u->n_states - 1; i >= 0; i--) {
        const struct inv_state *s = &u->states[i];

        if (date_known(s->from) && date_days(s->from) > day)
            continue;
        return date_known(s->to) && date_days(s->to) <= day ? NULL : s;
    }
    return NULL;
}
