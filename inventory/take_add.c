/* SPDX-License-Identifier: Apache-2.0
 * A record that is new becomes a line with its parts, states and first event.
 */
#include "inventory/inventory_priv.h"

#include <string.h>

bool inv_event_add(
        struct inv_take *t, int64_t id, const char *kind, struct date on,
        const char *detail, struct err *err)
{
    struct stmt *q = t->event_add;
    char text[DATE_TEXT];

    stmt_int_at(q, 1, id);
    stmt_text_at(q, 2, kind);
    stmt_text_at(q, 3, date_print(on, text));
    stmt_int_at(q, 4, t->now_s);
    stmt_int_at(q, 5, t->import_id);
    stmt_text_at(q, 6, detail);
    return stmt_run(q, err);
}

const char *inv_first_tag(const struct wire_machine *m)
{
    if (m->tag)
        return m->tag;
    if (m->name)
        return m->name;
    return inv_identity(m->serial) ? m->serial : m->uuid;
}

enum { TAGS_MADE = 100 };

/* The n-th tag for one whose own is taken: node1-MXQ93003RB of a name,
 * HP-4242 of a serial, then the start of the uuid, then numbers. NULL: that
 * one cannot be made. */
static const char *
made_tag(struct inv_take *t, const struct wire_machine *m, unsigned n)
{
    const char *base = inv_first_tag(m), *more = NULL;
    const char *serial = inv_identity(m->serial);
    const char *uuid = inv_identity(m->uuid);
    const char *tag;

    if (n == 0 && m->name && serial)
        more = serial;
    else if (n == 0 && serial && m->manufacturer) {
        more = serial;
        base = arena_strn(
                &t->arena, m->manufacturer, strcspn(m->manufacturer, " ,"));
    } else if (n == 1 && uuid)
        more = arena_strn(&t->arena, uuid, strcspn(uuid, "-"));
    else if (n > 1)
        more = arena_printf(&t->arena, "%u", n);
    if (!more)
        return NULL;
    tag = arena_printf(&t->arena, "%s-%s", base, more);
    return strlen(tag) <= WIRE_MAX_TEXT ? tag : NULL;
}

static bool line_of_wire(
        struct inv_take *t, const struct wire_machine *m, struct inv_line *out,
        struct err *err)
{
    *out = (struct inv_line){
            .units = m->units,
            .category = m->category,
            .chassis = m->chassis,
            .acquisition = m->acquisition,
            .cpu_count = m->cpu_count,
            .cpu_cores = m->cpu_cores,
            .manufactured_on = m->manufactured_on,
            .acquired_on = m->acquired_on,
            .in_service_on = m->in_service_on,
            .warranty_end = m->warranty_end,
            .exit_on = m->exit_on,
            .power_w = m->power_w,
            .idle_w = m->idle_w,
            .max_w = m->max_w,
            .energy_kwh_year = m->energy_kwh_year,
            .price_eur = m->price_eur,
            .mass_kg = m->mass_kg,
            .fabrication_kg = m->fabrication_kg,
            .fabrication_source = m->fabrication_source,
            .is_virtual = m->is_virtual,
            .unknown_kinds = inv_open_kinds(m),
            .name = m->name,
            .serial = inv_identity(m->serial),
            .uuid = inv_identity(m->uuid),
            .note = m->note,
            .assumed = (m->has_category ? 0u : INV_ASSUMED_CATEGORY) |
                       (m->has_status || date_known(m->exit_on)
                                ? 0u
                                : INV_ASSUMED_STATUS) |
                       (m->site || t->site ? 0u : INV_ASSUMED_SITE),
            .source = t->format};
    return inv_id_of_product(
                   t, m->manufacturer, m->product, &out->product_id, err) &&
           inv_id_of_project(t, m->project, &out->project_id, err);
}

static enum calc_status first_status(const struct wire_machine *m)
{
    if (m->has_status)
        return m->status;
    if (date_known(m->exit_on))
        return CALC_RETIRED;
    /* [D] what an inventory lists without a status runs; loose parts wait */
    return m->category == CALC_PART_LOT ? CALC_STOCK : CALC_IN_SERVICE;
}

static const char *exit_event(enum calc_status s)
{
    switch (s) {
    case CALC_GIVEN:
        return "given";
    case CALC_RECYCLED:
        return "recycled";
    default:
        return "retired";
    }
}

static bool
add_as(struct inv_take *t, const struct wire_machine *m, const char *tag,
       bool *added, struct err *err)
{
    enum calc_status status = first_status(m);
    struct inv_line line;
    struct inv_part_rows parts;
    struct inv_states states;
    struct date since;
    const char *site = NULL;
    int64_t site_id, id;

    *added = false;
    if (!line_of_wire(t, m, &line, err) ||
        !inv_parts_of_list(t, m->parts, m->n_parts, &parts, err) ||
        !inv_site_of(t, m, &site, err) ||
        !inv_id_of_site(t, site ? site : "default", &site_id, err))
        return false;
    line.tag = tag;
    inv_line_bind(t->line_add, &line);
    if (!stmt_run(t->line_add, err))
        return false;
    if (db_changes(t->db) == 0)
        return true;
    id = db_last_id(t->db);
    inv_touch(t, id);
    if (!inv_undo_added(t, id, err))
        return false;
    inv_states_derive(&line, status, site_id, &states);
    since = date_known(m->acquired_on) ? m->acquired_on : m->in_service_on;
    return (*added = inv_states_write(t->db, id, &states, err) &&
                     inv_parts_write(t, id, &parts, err) &&
                     inv_event_add(t, id, "received", since, NULL, err) &&
                     (!inv_is_exit(status) || inv_event_add(
                                                      t, id, exit_event(status),
                                                      m->exit_on, NULL, err)));
}

bool inv_take_add(
        struct inv_take *t, const struct wire_machine *m, bool *added,
        struct err *err)
{
    return add_as(t, m, inv_first_tag(m), added, err);
}

bool inv_take_add_made(
        struct inv_take *t, const struct wire_machine *m, bool *added,
        struct err *err)
{
    *added = false;
    for (unsigned n = 0; !*added && n < TAGS_MADE; n++) {
        const char *tag = made_tag(t, m, n);

        if (tag && !add_as(t, m, tag, added, err))
            return false;
    }
    return true;
}
