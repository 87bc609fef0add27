/* SPDX-License-Identifier: Apache-2.0
 * One machine: the same line as in the yearly report, with its parts, its
 * derivation and its life ledger. */
#include <stdlib.h>

#include "reports/reports_priv.h"

enum { MAX_EVENTS = 1000 };

struct work {
    struct rep_frame *frame;
    struct rep_machine *m;
    bool found;
};

/* Text of the catalogue by id; ids that it lacks have none. */
static const char *
text_at(struct arena *a, const char **texts, size_t n, int64_t id)
{
    const char *text = id > 0 && (uint64_t)id < n ? texts[id] : NULL;

    return text && *text ? arena_str(a, text) : NULL;
}

static void fill_texts(struct work *w, const struct rep_line *l)
{
    const struct inv_catalog *c = &w->frame->catalog;
    const struct rep_place *at = &w->frame->places[l->place];
    const struct inv_unit *u = l->u;
    struct rep_machine *m = w->m;
    struct arena *a = m->arena;

    m->tag = arena_str(a, u->tag);
    m->name = arena_str(a, u->name);
    m->serial = arena_str(a, u->serial);
    m->uuid = arena_str(a, u->uuid);
    m->note = arena_str(a, u->note);
    m->source = arena_str(a, u->source);
    m->manufacturer =
            text_at(a, c->product_makers, c->n_products, u->product_id);
    m->product = text_at(a, c->product_names, c->n_products, u->product_id);
    m->project = text_at(a, c->projects, c->n_projects, u->project_id);
    m->site = at->site ? arena_str(a, at->site->name) : NULL;
}

static void fill_record(struct rep_machine *m, const struct rep_line *l)
{
    const struct inv_unit *u = l->u;

    m->category = u->category;
    m->chassis = u->chassis;
    m->acquisition = u->acquisition;
    m->status = l->state      ? l->state->status
                : u->n_states ? u->states[0].status
                              : CALC_STOCK;
    m->units = u->units;
    m->manufactured_on = u->manufactured_on;
    m->acquired_on = u->acquired_on;
    m->in_service_on = u->in_service_on;
    m->warranty_end = u->warranty_end;
    m->exit_on = u->exit_on;
}

static void fill_fabrication(struct rep_machine *m, const struct rep_line *l)
{
    double units = l->u->units, own_kg;
    struct calc_total gross = rep_made_total(l->made, units);
    struct calc_total own = rep_made_total(l->made, units * l->f);

    m->assessment = l->made->a;
    m->gross_kg = calc_total_q(&gross);
    m->own_kg = calc_total_q(&own);
    m->share_frac = l->f;
    for (int r = 0; r < CALC_RULES; r++)
        m->rule_share[r] = l->share[r];
    m->age_y = l->age_known ? l->age_y : NAN;
    m->booking_life_y = l->life_y;
    own_kg = own.kg;
    m->charge_kg = l->start_known ? l->charge_frac * own_kg : NAN;
    m->net_kg = l->closing_frac * own_kg;
    if (l->start_known) {
        m->life_start = date_from_days(l->life_start);
        m->life_end = date_from_days(l->life_end);
    }
    calc_total_clear(&gross);
    calc_total_clear(&own);
}

static void fill_operation(struct work *w, const struct rep_line *l)
{
    const struct rep_place *at = &w->frame->places[l->place];
    struct calc_total gross = rep_made_total(l->made, l->u->units);
    struct rep_machine *m = w->m;
    struct rep_energy_months months;
    struct rep_energy e;

    rep_line_months(w->frame, l, &e, &months);
    m->power = e.power;
    m->metered = e.metered;
    m->measured_kwh = e.metered ? calc_uj_to_kwh(e.measured_uj) : NAN;
    m->filled_kwh = e.metered ? calc_uj_to_kwh(e.filled_uj) : NAN;
    m->coverage = rep_coverage(&e);
    for (int i = 0; i < REP_MONTHS; i++) {
        m->month_kwh[i] = calc_uj_to_kwh(months.uj[i]);
        m->month_measured_kwh[i] = calc_uj_to_kwh(months.measured_uj[i]);
    }
    m->grid = rep_grid_copy(m->arena, &at->grid);
    m->life_cycle = rep_grid_copy(m->arena, &at->life_cycle);
    m->pue = at->pue_varies && e.kwh > 0 ? e.site_kwh / e.kwh : at->pue;
    m->kwh = e.kwh;
    m->site_kwh = e.site_kwh;
    m->operation_kg = calc_interval(e.location_kg, e.sigma);
    m->gross_years = calc_ratio(
            gross.kg, calc_total_sigma(&gross),
            e.location_kg / w->frame->year_frac, e.sigma);
    calc_total_clear(&gross);
}

/* ---- parts ----------------------------------------------------------------
 */

/* A part by itself, by the formula of its kind; 0 where there is none. */
static double loose_kg(
        struct rep_frame *f, const struct fac_unit *machine,
        const struct fac_use *use, struct fac_assessment *room)
{
    const struct fac_unit lot = {
            .category = CALC_PART_LOT,
            .chassis = CALC_CHASSIS_UNKNOWN,
            .year = machine->year,
            .cpu_count = -1,
            .cpu_cores = -1,
            .uses = use,
            .n_uses = 1,
            .stated_kg = NAN,
    };

    fac_assess(f->pack, &lot, room);
    return isnan(room->kg[CALC_GWP]) ? 0 : room->kg[CALC_GWP];
}

static void part_fill(
        struct work *w, const struct rep_line *l, size_t i, struct rep_part *p)
{
    const struct inv_catalog *c = &w->frame->catalog;
    const struct fac_part *part = l->u->uses[i].part;

    p->kind = part->desc.kind;
    p->model =
            text_at(w->m->arena, c->part_models, c->n_parts, l->u->spec_ids[i]);
    p->matched = part->cpu   ? part->cpu->name
                 : part->gpu ? part->gpu->name
                             : NULL;
    p->grade = part->cpu   ? part->cpu->confidence
               : part->gpu ? part->gpu->confidence
                           : NULL;
    p->units = l->u->uses[i].units;
    p->capacity = part->desc.capacity;
}

/* Parts of a kind divide what the chosen approach gives the kind, in the
 * proportion of what they are by themselves; a kind without a figure has no
 * kilograms to divide. */
static void fill_parts(struct work *w, const struct rep_line *l)
{
    struct fac_unit unit = rep_fac_unit(w->frame, l->u);
    double loose[CALC_KINDS] = {0}, kind[CALC_KINDS] = {0};
    struct fac_assessment room;
    struct rep_machine *m = w->m;
    size_t n = l->u->n_uses;

    m->parts = arena_alloc(m->arena, (n + 1) * sizeof *m->parts);
    m->n_parts = n;
    for (int i = 0; l->made->has_kg && i < l->made->a.n_lines; i++)
        kind[l->made->a.lines[i].kind] += l->made->a.lines[i].kg[CALC_GWP];
    for (size_t i = 0; i < n; i++) {
        part_fill(w, l, i, &m->parts[i]);
        m->parts[i].kg = loose_kg(w->frame, &unit, &l->u->uses[i], &room);
        loose[m->parts[i].kind] += m->parts[i].kg;
    }
    for (size_t i = 0; i < n; i++) {
        enum calc_kind k = m->parts[i].kind;

        m->parts[i].kg = loose[k] > 0 && fabs(kind[k]) > 0
                                 ? m->parts[i].kg / loose[k] * kind[k]
                                 : NAN;
    }
    m->n_steps =
            l->made->has_kg
                    ? fac_explain(w->frame->pack, &unit, &l->made->a, m->steps)
                    : 0;
    for (int i = 0; i < m->n_steps;
         i++) /* the row is gone when they are read */
        if (m->steps[i].source == unit.stated_source)
            m->steps[i].source = arena_str(m->arena, unit.stated_source);
}

static bool take_line(void *ctx, const struct rep_line *l, struct err *err)
{
    struct work *w = ctx;

    (void)err;
    fill_texts(w, l);
    fill_record(w->m, l);
    fill_fabrication(w->m, l);
    fill_operation(w, l);
    fill_parts(w, l);
    w->found = true;
    return true;
}

/* ---- the ledger -----------------------------------------------------------
 */

/* The last MAX_EVENTS of them: a machine that reports itself every day has
 * thousands that say the same. */
static bool take_event(void *ctx, const struct inv_event *e, struct err *err)
{
    struct rep_machine *m = ctx;

    (void)err;
    if (m->n_events == MAX_EVENTS) {
        for (size_t i = 1; i < m->n_events; i++)
            m->events[i - 1] = m->events[i];
        m->n_events--;
    }
    m->events[m->n_events++] = (struct rep_event){
            .kind = arena_str(m->arena, e->kind),
            .effective_on = arena_str(m->arena, e->effective_on),
            .detail = arena_str(m->arena, e->detail),
            .recorded_at_s = e->recorded_at_s};
    return true;
}

static bool
make_in(struct rep_frame *f, struct db *db, const char *tag,
        struct rep_machine *m, struct err *err)
{
    struct work w = {.frame = f, .m = m};
    int64_t id;

    if (!inv_machine_id(db, tag, &id, err))
        return false;
    if (!rep_scan_run(
                &(struct rep_scan){
                        .frame = f,
                        .one_id = id,
                        .with_text = true,
                        .line = take_line,
                        .ctx = &w},
                err))
        return false;
    if (!w.found)
        return err_set(err, ERR_NOT_FOUND, "no machine '%s'", tag);
    m->events = arena_alloc(m->arena, MAX_EVENTS * sizeof *m->events);
    return inv_events(db, id, take_event, m, err);
}

bool rep_machine_make(
        struct db *db, struct fac_pack *pack, const struct rep_options *options,
        const char *tag, struct rep_machine **out, struct err *err)
{
    struct rep_machine *m = xcalloc(1, sizeof *m);
    struct rep_year *year = rep_year_new();
    struct rep_frame frame = {0};
    bool ok = false, reading = false;

    m->arena = xcalloc(1, sizeof *m->arena);
    m->year = year;
    if (!rep_year_head(year, pack, options, err) || !db_begin_read(db, err))
        goto done;
    reading = true;
    if (!rep_frame_open(&frame, db, pack, options, err) ||
        !make_in(&frame, db, tag, m, err))
        goto done;
    *out = m;
    m = NULL;
    ok = true;
done:
    if (reading)
        db_end_read(db);
    rep_frame_close(&frame);
    rep_machine_free(m);
    return ok;
}

void rep_machine_free(struct rep_machine *m)
{
    if (!m)
        return;
    rep_year_free((struct rep_year *)m->year);
    arena_clear(m->arena);
    free(m->arena);
    free(m);
}
