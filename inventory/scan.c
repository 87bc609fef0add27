/* SPDX-License-Identifier: Apache-2.0
 * All lines in id order: three ordered table scans stepped side by side, so
 * that memory does not grow with the fleet. */
#include "inventory/inventory_priv.h"

#include <stdlib.h>

/* One of the two tables below a line, one row ahead. */
struct side {
    struct stmt *q;
    int64_t id; /* line of the waiting row; INT64_MAX: no more */
};

struct inv_scan {
    const struct inv_catalog *catalog;
    struct stmt *lines;
    struct side states, parts;
    bool with_text, done;
    size_t cap; /* of unit.uses and ids */
    int64_t *ids;
    struct inv_unit unit;
};

static bool side_next(struct side *s, struct err *err)
{
    bool row;

    if (!stmt_step(s->q, &row, err))
        return false;
    s->id = row ? stmt_col_int(s->q, 0) : INT64_MAX;
    return true;
}

struct range { /* ids in [from, to); all: no bound at all */
    int64_t from, to;
    bool all;
};

/* The bounded statement stands beside the whole one. */
static bool open_one(
        struct db *db, enum inv_sql whole, enum inv_sql bounded,
        const struct range *r, struct stmt **out, struct err *err)
{
    *out = inv_stmt(db, r->all ? whole : bounded, err);
    if (!*out)
        return false;
    if (!r->all) {
        stmt_int(*out, ":from", r->from);
        stmt_int(*out, ":to", r->to);
    }
    return true;
}

static struct range range_of(const struct inv_scan_options *o)
{
    struct range r = {.from = o->from_id, .to = o->to_id};

    if (o->one_id > 0)
        r = (struct range){.from = o->one_id, .to = o->one_id + 1};
    else if (o->to_id <= 0)
        r.to = INT64_MAX;
    r.all = r.from <= 1 && r.to == INT64_MAX;
    return r;
}

bool inv_scan_open(
        struct db *db, const struct inv_catalog *catalog,
        const struct inv_scan_options *options, struct inv_scan **out,
        struct err *err)
{
    struct inv_scan *s = xcalloc(1, sizeof *s);
    struct range r = range_of(options);
    bool text = options->with_text;

    s->catalog = catalog;
    s->with_text = text;
    if (!open_one(
                db, text ? INV_SCAN_TEXT : INV_SCAN_LEAN,
                text ? INV_RANGE_TEXT : INV_RANGE_LEAN, &r, &s->lines, err) ||
        !open_one(
                db, INV_SCAN_STATES, INV_RANGE_STATES, &r, &s->states.q, err) ||
        !open_one(db, INV_SCAN_PARTS, INV_RANGE_PARTS, &r, &s->parts.q, err) ||
        !side_next(&s->states, err) || !side_next(&s->parts, err)) {
        inv_scan_close(s);
        return false;
    }
    *out = s;
    return true;
}

/* Moves a line's columns into the unit; text is borrowed from the row. */
static void read_line(struct inv_scan *s)
{
    struct inv_line l;
    struct inv_unit *u = &s->unit;
    struct stmt *q = s->lines;
    int col = 1 + INV_LEAN_COLUMNS;

    inv_line_lean(q, 1, &l);
    u->id = stmt_col_int(q, 0);
    u->product_id = l.product_id;
    u->project_id = l.project_id;
    u->units = l.units;
    u->category = l.category;
    u->chassis = l.chassis;
    u->acquisition = l.acquisition;
    u->cpu_count = l.cpu_count;
    u->cpu_cores = l.cpu_cores;
    u->manufactured_on = l.manufactured_on;
    u->acquired_on = l.acquired_on;
    u->in_service_on = l.in_service_on;
    u->warranty_end = l.warranty_end;
    u->exit_on = l.exit_on;
    u->power_w = l.power_w;
    u->idle_w = l.idle_w;
    u->max_w = l.max_w;
    u->energy_kwh_year = l.energy_kwh_year;
    u->price_eur = l.price_eur;
    u->mass_kg = l.mass_kg;
    u->fabrication_kg = l.fabrication_kg;
    u->fabrication_source = l.fabrication_source;
    u->tag = l.tag;
    u->is_virtual = l.is_virtual;
    u->unknown_kinds = l.unknown_kinds;
    if (s->with_text) {
        u->name = stmt_col_text(q, col);
        u->serial = stmt_col_text(q, col + 1);
        u->uuid = stmt_col_text(q, col + 2);
        u->note = stmt_col_text(q, col + 3);
        u->source = stmt_col_text(q, col + 4);
    }
}

static bool read_states(struct inv_scan *s, struct err *err)
{
    struct inv_unit *u = &s->unit;
    struct stmt *q = s->states.q;

    u->n_states = 0;
    while (s->states.id < u->id) /* rows of no line: nothing to tell */
        if (!side_next(&s->states, err))
            return false;
    while (s->states.id == u->id) {
        struct inv_state *st = &u->states[u->n_states];

        if (u->n_states == INV_MAX_STATES)
            return err_set(
                    err, ERR_DB, "line '%s' has more than %d states", u->tag,
                    (int)INV_MAX_STATES);
        st->from = inv_date(stmt_col_text(q, 1));
        st->to = inv_date(stmt_col_text(q, 2));
        st->status = inv_status(stmt_col_text(q, 3));
        st->site_id = stmt_col_int(q, 4);
        u->n_states++;
        if (!side_next(&s->states, err))
            return false;
    }
    inv_states_sort(u->states, u->n_states);
    return true;
}

static bool add_use(struct inv_scan *s, struct err *err)
{
    struct inv_unit *u = &s->unit;
    int64_t spec = stmt_col_int(s->parts.q, 1);

    if (u->n_uses == s->cap) {
        s->cap = s->cap ? 2 * s->cap : 64;
        u->uses = xreallocarray(u->uses, s->cap, sizeof *u->uses);
        s->ids = xreallocarray(s->ids, s->cap, sizeof *s->ids);
        u->spec_ids = s->ids;
    }
    if (spec < 0 || (size_t)spec >= s->catalog->n_parts)
        return err_set(
                err, ERR_CONFLICT,
                "the inventory changed while it was read, "
                "expected one read transaction");
    u->uses[u->n_uses].part = &s->catalog->parts[spec];
    u->uses[u->n_uses].units = (uint32_t)stmt_col_int(s->parts.q, 2);
    s->ids[u->n_uses] = spec;
    u->n_uses++;
    return true;
}

static bool read_parts(struct inv_scan *s, struct err *err)
{
    s->unit.n_uses = 0;
    while (s->parts.id < s->unit.id)
        if (!side_next(&s->parts, err))
            return false;
    while (s->parts.id == s->unit.id)
        if (!add_use(s, err) || !side_next(&s->parts, err))
            return false;
    return true;
}

bool inv_scan_next(
        struct inv_scan *s, const struct inv_unit **unit, struct err *err)
{
    bool row;

    *unit = NULL;
    if (s->done)
        return true;
    if (!stmt_step(s->lines, &row, err))
        return false;
    if (!row) {
        s->done = true;
        return true;
    }
    read_line(s);
    if (!read_states(s, err) || !read_parts(s, err))
        return false;
    *unit = &s->unit;
    return true;
}

bool inv_last_id(struct db *db, int64_t *id, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_LAST_ID, err);
    bool row = false, ok;

    if (!q)
        return false;
    ok = stmt_step(q, &row, err);
    if (ok)
        *id = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return ok;
}

void inv_scan_close(struct inv_scan *s)
{
    if (!s)
        return;
    stmt_reset(s->lines);
    stmt_reset(s->states.q);
    stmt_reset(s->parts.q);
    free(s->unit.uses);
    free(s->ids);
    free(s);
}
