/* SPDX-License-Identifier: Apache-2.0
 * A record of a known line: what it states replaces what was there, what it
 * does not know erases nothing. */
#include "inventory/inventory_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One update under way. */
struct change {
    struct inv_take *t;
    const struct wire_machine *m;
    int64_t id;
    struct inv_line old, now;
    struct inv_part_rows old_parts, now_parts;
    struct inv_states old_states, now_states;
    char detail[300]; /* names of what changed */
    size_t n_detail;
    bool completed_only; /* parts changed only where they were unknown */
    const char *event;
    struct date event_on;
};

static void note_change(struct change *c, const char *what)
{
    int n = snprintf(
            c->detail + c->n_detail, sizeof c->detail - c->n_detail, "%s%s",
            c->n_detail ? ", " : "", what);

    if (n > 0 && (size_t)n < sizeof c->detail - c->n_detail)
        c->n_detail += (size_t)n;
}

static void take_text(
        struct change *c, const char *what, const char *value, const char **now)
{
    if (value && (!*now || strcmp(value, *now) != 0)) {
        *now = value;
        note_change(c, what);
    }
}

static void
take_num(struct change *c, const char *what, double value, double *now)
{
    if (!isnan(value) && !inv_same_num(value, *now)) {
        *now = value;
        note_change(c, what);
    }
}

static void take_int(struct change *c, const char *what, int value, int *now)
{
    if (value >= 0 && value != *now) {
        *now = value;
        note_change(c, what);
    }
}

static void take_date(
        struct change *c, const char *what, struct date value, struct date *now)
{
    if (date_known(value) && !inv_same_date(value, *now)) {
        *now = value;
        note_change(c, what);
    }
}

static void merge_values(struct change *c)
{
    const struct wire_machine *m = c->m;
    struct inv_line *l = &c->now;

    if (!m->partial && m->units != l->units) {
        l->units = m->units;
        note_change(c, "quantity");
    }
    if (m->has_category && m->category != l->category) {
        l->category = m->category;
        note_change(c, "category");
    }
    if (m->chassis != CALC_CHASSIS_UNKNOWN && m->chassis != l->chassis) {
        l->chassis = m->chassis;
        note_change(c, "chassis");
    }
    if (m->acquisition != CALC_ACQUISITION_UNKNOWN &&
        m->acquisition != l->acquisition) {
        l->acquisition = m->acquisition;
        note_change(c, "acquisition");
    }
    take_int(c, "cpu_count", m->cpu_count, &l->cpu_count);
    take_int(c, "cpu_cores", m->cpu_cores, &l->cpu_cores);
    take_int(c, "virtual", m->is_virtual, &l->is_virtual);
    take_date(c, "manufactured_on", m->manufactured_on, &l->manufactured_on);
    take_date(c, "acquired_on", m->acquired_on, &l->acquired_on);
    take_date(c, "in_service_on", m->in_service_on, &l->in_service_on);
    take_date(c, "warranty_end", m->warranty_end, &l->warranty_end);
    take_date(c, "retired_on", m->exit_on, &l->exit_on);
    take_num(c, "power_w", m->power_w, &l->power_w);
    take_num(c, "idle_w", m->idle_w, &l->idle_w);
    take_num(c, "max_w", m->max_w, &l->max_w);
    take_num(c, "energy_kwh_year", m->energy_kwh_year, &l->energy_kwh_year);
    take_num(c, "price_eur", m->price_eur, &l->price_eur);
    take_num(c, "mass_kg", m->mass_kg, &l->mass_kg);
    take_num(c, "fabrication_kg", m->fabrication_kg, &l->fabrication_kg);
    take_text(
            c, "fabrication_source", m->fabrication_source,
            &l->fabrication_source);
    take_text(c, "name", m->name, &l->name);
    take_text(c, "serial", inv_identity(m->serial), &l->serial);
    take_text(c, "uuid", inv_identity(m->uuid), &l->uuid);
    take_text(c, "note", m->note, &l->note);
}

/* A typed tag replaces one that was only the name; a name never replaces a
 * typed tag. */
static bool merge_tag(struct change *c, struct err *err)
{
    const struct wire_machine *m = c->m;
    struct stmt *q;
    bool row;

    if (!m->tag || strcmp(m->tag, c->old.tag) == 0 ||
        (m->name && strcmp(m->tag, m->name) == 0 &&
         !(c->old.name && strcmp(c->old.tag, c->old.name) == 0)))
        return true;
    q = inv_stmt(c->t->db, INV_LINE_BY_TAG, err);
    if (!q)
        return false;
    stmt_text(q, ":tag", m->tag);
    if (!stmt_step(q, &row, err))
        return false;
    stmt_reset(q);
    if (row)
        return err_set(
                err, ERR_CONFLICT,
                "the machine is known as '%s', but its tag '%s' belongs to "
                "another one",
                c->old.tag, m->tag);
    take_text(c, "tag", m->tag, &c->now.tag);
    return true;
}

static bool merge_references(struct change *c, struct err *err)
{
    const struct wire_machine *m = c->m;
    const char *maker = c->old.manufacturer, *product = c->old.product;
    int64_t id = c->old.product_id;

    if (maker && !maker[0])
        maker = NULL;
    if (product && !product[0])
        product = NULL;
    if (m->manufacturer)
        maker = m->manufacturer;
    if (m->product)
        product = m->product;
    if ((maker || product) &&
        !inv_id_of_product(c->t, maker, product, &id, err))
        return false;
    if (id != c->old.product_id) {
        c->now.product_id = id;
        note_change(c, "model");
    }
    id = c->old.project_id;
    if (m->project && !inv_id_of_project(c->t, m->project, &id, err))
        return false;
    if (id != c->old.project_id) {
        c->now.project_id = id;
        note_change(c, "project");
    }
    return true;
}

static void keep_kind(
        struct inv_part_rows *to, const struct inv_part_rows *from,
        enum calc_kind kind)
{
    for (size_t i = 0; i < from->n && to->n < WIRE_MAX_PARTS; i++)
        if (from->items[i].kind == kind)
            to->items[to->n++] = from->items[i];
}

static bool has_kind(const struct inv_part_rows *p, enum calc_kind kind)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->items[i].kind == kind)
            return true;
    return false;
}

/* Kind by kind: stated parts replace, a stated "none" removes, silence keeps.
 */
static bool merge_parts(struct change *c, struct err *err)
{
    struct inv_part_rows stated, before, after; /* 16 KiB each: not zeroed */
    uint32_t unknown = 0;
    char what[40];

    if (!inv_parts_of_wire(c->t, c->m, &stated, err))
        return false;
    c->now_parts.n = 0;
    c->completed_only = true;
    for (int k = 0; k < CALC_KINDS; k++) {
        uint32_t bit = 1u << k;
        bool says = has_kind(&stated, (enum calc_kind)k) ||
                    (!c->m->partial && !(c->m->unknown_kinds & bit));

        before.n = after.n = 0;
        keep_kind(&before, &c->old_parts, (enum calc_kind)k);
        keep_kind(&after, says ? &stated : &c->old_parts, (enum calc_kind)k);
        keep_kind(&c->now_parts, &after, (enum calc_kind)k);
        unknown |= (says ? c->m->unknown_kinds : c->old.unknown_kinds) & bit;
        if (!inv_parts_same(&before, &after)) {
            snprintf(
                    what, sizeof what, "%s", calc_kind_word((enum calc_kind)k));
            note_change(c, what);
            c->completed_only =
                    c->completed_only && (c->old.unknown_kinds & bit) != 0;
        }
    }
    if (unknown != c->old.unknown_kinds &&
        inv_parts_same(&c->old_parts, &c->now_parts))
        note_change(c, "known parts");
    c->now.unknown_kinds = unknown;
    return true;
}

static const char *event_of_status(enum calc_status s)
{
    switch (s) {
    case CALC_GIVEN:
        return "given";
    case CALC_RECYCLED:
        return "recycled";
    case CALC_RETIRED:
    case CALC_REFUSED:
        return "retired";
    case CALC_IN_SERVICE:
        return "installed";
    default:
        return "moved";
    }
}

static bool same_dates(const struct inv_line *a, const struct inv_line *b)
{
    return inv_same_date(a->manufactured_on, b->manufactured_on) &&
           inv_same_date(a->acquired_on, b->acquired_on) &&
           inv_same_date(a->in_service_on, b->in_service_on) &&
           inv_same_date(a->exit_on, b->exit_on);
}

/* The day a new status began: the exit or the day of going into service when
 * the record gives it, else today. */
static struct date turn_day(const struct change *c, enum calc_status status)
{
    struct date day = c->t->today;
    const struct inv_state *last = &c->old_states.items[c->old_states.n - 1];

    if (inv_is_exit(status) && date_known(c->now.exit_on))
        return c->now.exit_on;
    if (status == CALC_IN_SERVICE && last->status != status &&
        date_known(c->now.in_service_on) &&
        !inv_same_date(c->now.in_service_on, c->old.in_service_on))
        return c->now.in_service_on;
    return day;
}

static bool merge_states(struct change *c, struct err *err)
{
    const struct wire_machine *m = c->m;
    const char *site = m->site ? m->site : c->t->site;
    const struct inv_state *last;
    enum calc_status status;
    int64_t site_id;
    struct inv_states derived;
    struct date day;

    if (c->old_states.n == 0)
        return err_set(err, ERR_DB, "a line without a state");
    last = &c->old_states.items[c->old_states.n - 1];
    status = m->has_status ? m->status : last->status;
    site_id = last->site_id;
    if (site && !inv_id_of_site(c->t, site, &site_id, err))
        return false;
    c->now_states = c->old_states;
    inv_states_derive(&c->old, last->status, last->site_id, &derived);
    if (status == last->status && site_id == last->site_id) {
        /* Dates typed better: history that only came from them follows. */
        if (!same_dates(&c->old, &c->now) &&
            inv_states_same(&derived, &c->old_states))
            inv_states_derive(&c->now, status, site_id, &c->now_states);
        return true;
    }
    day = turn_day(c, status);
    if (!inv_states_turn(&c->now_states, day, status, site_id))
        return err_set(
                err, ERR_LIMIT, "more than %d changes of status or site",
                (int)INV_MAX_STATES);
    note_change(c, status != last->status ? "status" : "site");
    c->event = status != last->status ? event_of_status(status) : "moved";
    c->event_on = day;
    return true;
}

static bool write_change(struct change *c, struct err *err)
{
    struct stmt *q = inv_stmt(c->t->db, INV_LINE_CHANGE, err);
    bool parts = !inv_parts_same(&c->old_parts, &c->now_parts);
    bool states = !inv_states_same(&c->old_states, &c->now_states);
    struct db *db = c->t->db;
    char detail[360];

    if (!q)
        return false;
    inv_line_bind(q, &c->now);
    stmt_int_at(q, 30, c->id);
    if (!stmt_run(q, err))
        return false;
    if (parts) {
        q = inv_stmt(db, INV_PARTS_DROP, err);
        if (!q)
            return false;
        stmt_int(q, ":id", c->id);
        if (!stmt_run(q, err) ||
            !inv_parts_write(c->t, c->id, &c->now_parts, err))
            return false;
    }
    if (states) {
        q = inv_stmt(db, INV_STATES_DROP, err);
        if (!q)
            return false;
        stmt_int(q, ":id", c->id);
        if (!stmt_run(q, err) ||
            !inv_states_write(db, c->id, &c->now_states, err))
            return false;
    }
    if (!c->event) {
        c->event = parts && !c->completed_only ? "upgraded" : "recalculated";
        c->event_on = c->t->today;
    }
    snprintf(detail, sizeof detail, "changed: %s", c->detail);
    return inv_event_add(c->t, c->id, c->event, c->event_on, detail, err);
}

bool inv_take_change(
        struct inv_take *t, int64_t id, const struct wire_machine *m,
        bool *changed, struct err *err)
{
    struct change *c = arena_alloc(&t->arena, sizeof *c);

    c->t = t;
    c->m = m;
    c->id = id;
    if (!inv_line_load(t->db, id, &t->arena, &c->old, err) ||
        !inv_parts_load(t->db, id, &t->arena, &c->old_parts, err) ||
        !inv_states_load(t->db, id, &c->old_states, err))
        return false;
    c->now = c->old;
    merge_values(c);
    if (!merge_tag(c, err) || !merge_references(c, err) ||
        !merge_parts(c, err) || !merge_states(c, err))
        return false;
    inv_touch(t, id);
    *changed =
            c->n_detail > 0 || !inv_states_same(&c->old_states, &c->now_states);
    return !*changed || write_change(c, err);
}
