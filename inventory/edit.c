/* SPDX-License-Identifier: Apache-2.0
 * Records that people type for one line, and two records of one machine joined
 * into one. */
#include "inventory/change_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool inv_take_new(
        struct inv_take *t, const struct wire_machine *m, struct err *err)
{
    const char *column;
    int64_t id = 0;
    struct inv_line there;
    bool added = false;

    arena_reset(&t->arena);
    if (!inv_wire_check(m, &column, err) || !inv_take_find(t, m, &id, err))
        return false;
    if (id)
        return inv_line_load(t->db, id, &t->arena, &there, err) &&
               err_set(err, ERR_CONFLICT,
                       "it is there already, as '%.80s'; 'machine set' "
                       "changes it",
                       there.tag);
    if (!inv_take_add(t, m, &added, err))
        return false;
    if (!added)
        return err_set(
                err, ERR_CONFLICT,
                "another machine has the tag '%.80s', expected a tag of its "
                "own",
                inv_first_tag(m));
    t->counts.added++;
    return true;
}

bool inv_take_edit(
        struct inv_take *t, int64_t id, const struct wire_machine *m,
        enum inv_change *what, struct err *err)
{
    struct change *c;
    const char *column;
    bool changed = false;

    arena_reset(&t->arena);
    c = change_begin(t, id, m);
    if (!inv_wire_check(m, &column, err) || !change_load(c, err) ||
        !change_values(c, err) || !change_parts(c, err) ||
        !change_clear(c, err) || !change_states(c, err) ||
        !change_write(c, &changed, err))
        return false;
    *what = changed ? INV_CHANGED : INV_SAME;
    t->counts.changed += changed ? 1 : 0;
    t->counts.same += changed ? 0 : 1;
    return true;
}

/* ---- joining two records of one machine --------------------------------- */

/* The record as if a file brought it: what it knows, in full. */
static bool
as_wire(struct inv_take *t, const struct inv_line *l, int64_t id,
        struct wire_machine *out, struct err *err)
{
    *out = (struct wire_machine){
            .name = l->name,
            .manufacturer = l->manufacturer && l->manufacturer[0]
                                    ? l->manufacturer
                                    : NULL,
            .product = l->product && l->product[0] ? l->product : NULL,
            .serial = l->serial,
            .uuid = l->uuid,
            .project = l->project,
            .units = 1,
            .has_category = !(l->assumed & INV_ASSUMED_CATEGORY),
            .category = l->category,
            .chassis = l->chassis,
            .acquisition = l->acquisition,
            .is_virtual = l->is_virtual,
            .manufactured_on = l->manufactured_on,
            .acquired_on = l->acquired_on,
            .in_service_on = l->in_service_on,
            .warranty_end = l->warranty_end,
            .exit_on = l->exit_on,
            .price_eur = l->price_eur,
            .mass_kg = l->mass_kg,
            .power_w = l->power_w,
            .idle_w = l->idle_w,
            .max_w = l->max_w,
            .energy_kwh_year = l->energy_kwh_year,
            .fabrication_kg = l->fabrication_kg,
            .fabrication_source = l->fabrication_source,
            .cpu_count = l->cpu_count,
            .cpu_cores = l->cpu_cores,
            .unknown_kinds = l->unknown_kinds};
    out->parts = arena_alloc(&t->arena, WIRE_MAX_PARTS * sizeof *out->parts);
    return inv_parts_detail(
            t->db, id, &t->arena, out->parts, &out->n_parts, err);
}

static bool dated(const struct inv_states *s)
{
    for (int i = 0; i < s->n; i++)
        if (date_known(s->items[i].from))
            return true;
    return false;
}

/* The kept record's history goes before; what it has no date for, and the time
 * before it begins, the other one tells. */
static bool join_states(
        const struct inv_states *keep, const struct inv_states *drop,
        struct inv_states *out, struct err *err)
{
    struct date begin = keep->items[0].from;

    if (!dated(keep)) {
        *out = dated(drop) ? *drop : *keep;
        return true;
    }
    out->n = 0;
    for (int i = 0; date_known(begin) && i < drop->n; i++) {
        struct inv_state s = drop->items[i];

        if (date_known(s.from) && date_days(s.from) >= date_days(begin))
            break;
        if (!date_known(s.to) || date_days(s.to) > date_days(begin))
            s.to = begin;
        out->items[out->n++] = s;
    }
    if (out->n + keep->n > INV_MAX_STATES)
        return err_set(
                err, ERR_LIMIT, "more than %d changes of status or site",
                (int)INV_MAX_STATES);
    memcpy(out->items + out->n, keep->items,
           (size_t)keep->n * sizeof *keep->items);
    out->n += keep->n;
    return true;
}

/* Where nobody said it was, it was where the kept record is. */
static void place_states(
        const struct inv_line *drop, struct inv_states *states,
        const struct inv_states *keep)
{
    for (int i = 0; drop->assumed & INV_ASSUMED_SITE && i < states->n; i++)
        states->items[i].site_id = keep->items[keep->n - 1].site_id;
}

/* Status and site of today: where both know and differ, a difference. */
static bool settle_states(
        struct change *c, const struct inv_line *drop,
        const struct inv_states *dropped, struct err *err)
{
    struct inv_states *now = &c->now_states;
    struct inv_state *last = &now->items[now->n - 1];
    const struct inv_state *own, *other;
    const char *site = NULL, *other_site = NULL;

    own = &c->old_states.items[c->old_states.n - 1];
    other = &dropped->items[dropped->n - 1];
    last->status = own->status;
    last->site_id = own->site_id;
    if (!(drop->assumed & INV_ASSUMED_STATUS)) {
        if (change_settle_text(
                    c, INV_F_STATUS, calc_status_word(own->status),
                    calc_status_word(other->status), false))
            last->status = other->status;
        c->now.assumed &= ~(unsigned)INV_ASSUMED_STATUS;
    }
    if (drop->assumed & INV_ASSUMED_SITE)
        return true;
    if (!inv_site_name(c->t, own->site_id, &site, err) ||
        !inv_site_name(c->t, other->site_id, &other_site, err))
        return false;
    if (change_settle_text(c, INV_F_SITE, site, other_site, false))
        last->site_id = other->site_id;
    c->now.assumed &= ~(unsigned)INV_ASSUMED_SITE;
    return true;
}

enum { FOLLOW_MAX = 4 * 1024 * 1024 };

/* What other modules keep of it. */
static bool
follow(struct inv_take *t, int64_t keep, int64_t drop, struct err *err)
{
    struct buf undo;
    bool ok;

    if (!t->on_joined)
        return true;
    buf_init(&undo, FOLLOW_MAX);
    ok = t->on_joined(t->db, keep, drop, &undo, err) &&
         inv_undo_joined(t, drop, keep, buf_text(&undo), err);
    buf_clear(&undo);
    return ok;
}

static bool
move_rows(struct inv_take *t, int64_t keep, int64_t drop, struct err *err)
{
    static const enum inv_sql steps[] = {
            INV_EVENTS_MOVE, INV_DIFFERENCES_MOVE, INV_ALIASES_MOVE};

    if (!follow(t, keep, drop, err))
        return false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct stmt *q = inv_stmt(t->db, steps[i], err);

        if (!q)
            return false;
        stmt_int(q, ":keep", keep);
        stmt_int(q, ":drop", drop);
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

static bool drop_line(struct inv_take *t, int64_t id, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_LINE_DROP, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    return stmt_run(q, err);
}

static bool remember(
        struct inv_take *t, int64_t keep, const struct inv_line *l,
        struct err *err)
{
    return inv_alias_add(t, keep, "tag", l->tag, err) &&
           inv_alias_add(t, keep, "name", l->name, err) &&
           inv_alias_add(t, keep, "serial", l->serial, err) &&
           inv_alias_add(t, keep, "uuid", l->uuid, err);
}

static bool one_machine(const struct inv_line *l, struct err *err)
{
    if (l->units == 1 && l->category != CALC_PART_LOT)
        return true;
    return err_set(
            err, ERR_CONFLICT, "'%.80s' is a lot, expected a single machine",
            l->tag);
}

static void join_notes(struct change *c, const char *note)
{
    if (!note || (c->now.note && strstr(c->now.note, note)))
        return;
    if (!c->now.note)
        c->now.note = note;
    else if (strlen(c->now.note) + strlen(note) + 2 <= WIRE_MAX_NOTE)
        c->now.note = arena_printf(&c->t->arena, "%s; %s", c->now.note, note);
    change_note(c, "note");
}

/* The record that goes, as it is. */
struct dropped {
    struct inv_line line;
    struct inv_part_rows parts;
    struct inv_states states;
    struct inv_owners owners;
    struct wire_machine wire;
};

static bool
load_dropped(struct inv_take *t, int64_t id, struct dropped *d, struct err *err)
{
    if (!inv_line_load(t->db, id, &t->arena, &d->line, err) ||
        !inv_parts_load(t->db, id, &t->arena, &d->parts, err) ||
        !inv_states_load(t->db, id, &d->states, err) ||
        !inv_owners_load(t, id, &d->line, &d->owners, err) ||
        !as_wire(t, &d->line, id, &d->wire, err) || !one_machine(&d->line, err))
        return false;
    t->keep_events = true; /* they come back with it */
    if (!inv_undo_line(t, id, &d->line, &d->states, &d->parts, err))
        return false;
    t->keep_events = false;
    return true;
}

/* Puts the record `drop` into the one that stays. */
static bool merge_lines(
        struct inv_take *t, int64_t keep_id, int64_t drop_id, bool joining,
        struct err *err)
{
    struct dropped *d = arena_alloc(&t->arena, sizeof *d);
    struct change *c = change_begin(t, keep_id, &d->wire);
    bool changed;

    c->merging = &d->owners;
    c->joining = joining;
    if (!load_dropped(t, drop_id, d, err) || !change_load(c, err) ||
        !one_machine(&c->old, err))
        return false;
    place_states(&d->line, &d->states, &c->old_states);
    if (!change_values(c, err) || !change_parts(c, err) ||
        !join_states(&c->old_states, &d->states, &c->now_states, err) ||
        !settle_states(c, &d->line, &d->states, err))
        return false;
    join_notes(c, d->line.note);
    if (!joining)
        inv_take_format(t, "merge"); /* what differs is offered by the merge */
    c->event = "recalculated";
    c->event_on = t->today;
    c->event_detail = arena_printf(&t->arena, "merged with '%s'", d->line.tag);
    if (!change_keep(c, err) || !move_rows(t, keep_id, drop_id, err) ||
        !change_write(c, &changed, err) ||
        (!changed &&
         !inv_event_add(
                 t, keep_id, c->event, c->event_on, c->event_detail, err)) ||
        !remember(t, keep_id, &d->line, err) || !drop_line(t, drop_id, err))
        return false;
    if (!joining)
        inv_take_audit(
                t, "%.200s: merged with %.200s", c->now.tag, d->line.tag);
    return true;
}

bool inv_take_merge(
        struct inv_take *t, int64_t keep_id, int64_t drop_id, struct err *err)
{
    if (keep_id == drop_id)
        return err_set(
                err, ERR_INVALID,
                "both names mean one record, expected two records");
    arena_reset(&t->arena);
    if (!merge_lines(t, keep_id, drop_id, false, err))
        return false;
    t->counts.changed++;
    return true;
}

/* A tag that somebody gave stays; one that is only the number of the case
 * gives way to the name. */
static bool numbered(struct inv_take *t, int64_t id, bool *out, struct err *err)
{
    struct inv_line l;

    if (!inv_line_load(t->db, id, &t->arena, &l, err))
        return false;
    *out = (l.serial && strstr(l.tag, l.serial)) ||
           (l.uuid && strcmp(l.tag, l.uuid) == 0);
    return true;
}

bool inv_take_join(
        struct inv_take *t, int64_t *id, int64_t other, struct err *err)
{
    bool made;
    int64_t keep = *id, drop = other;

    if (!numbered(t, *id, &made, err))
        return false;
    if (made) {
        keep = other;
        drop = *id;
    }
    *id = keep;
    t->joined = true;
    return merge_lines(t, keep, drop, true, err);
}
