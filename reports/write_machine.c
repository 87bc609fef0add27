/* SPDX-License-Identifier: Apache-2.0
 * One machine as a sequence of named figures, for JSON, XML and CSV. */
#include "reports/write_priv.h"

#include <stdio.h>

static void walk_identity(struct doc *d, const struct rep_machine *m)
{
    doc_str(d, "schema", "fleetprint/machine/1");
    doc_str(d, "tag", m->tag);
    doc_str(d, "name", m->name);
    doc_str(d, "manufacturer", m->manufacturer);
    doc_str(d, "product", m->product);
    doc_str(d, "serial", m->serial);
    doc_str(d, "uuid", m->uuid);
    doc_str(d, "category", calc_category_word(m->category));
    doc_str(d, "chassis", calc_chassis_word(m->chassis));
    doc_count(d, "units", m->units);
    doc_str(d, "status", calc_status_word(m->status));
    doc_str(d, "acquisition", calc_acquisition_word(m->acquisition));
    doc_str(d, "site", m->site);
    doc_str(d, "project", m->project);
    doc_str(d, "note", m->note);
    doc_str(d, "source", m->source);
}

static void walk_dates(struct doc *d, const struct rep_machine *m)
{
    doc_obj(d, "life");
    doc_date(d, "manufactured_on", m->manufactured_on);
    doc_date(d, "acquired_on", m->acquired_on);
    doc_date(d, "in_service_on", m->in_service_on);
    doc_date(d, "warranty_end", m->warranty_end);
    doc_date(d, "exit_on", m->exit_on);
    doc_date(d, "life_start", m->life_start);
    doc_date(d, "life_end", m->life_end);
    doc_num(d, "age_at_entry_y", m->age_y, DOC_YEARS);
    doc_num(d, "booking_life_y", m->booking_life_y, DOC_YEARS);
    doc_obj_end(d);
}

static void walk_context(struct doc *d, const struct rep_year *y)
{
    if (y->year)
        doc_int(d, "year", y->year);
    else
        doc_null(d, "year");
    doc_obj(d, "period");
    doc_date(d, "start", y->start);
    doc_date(d, "end", y->end);
    doc_obj_end(d);
    doc_str(d, "method", REP_METHOD_VERSION);
    doc_list(d, "factor_sets");
    for (size_t i = 0; i < y->n_sets; i++) {
        doc_row(d, y->sets[i].id);
        doc_str(d, "id", y->sets[i].id);
        doc_str(d, "version", y->sets[i].version);
        doc_str(d, "sha256", y->sets[i].sha256);
        doc_row_end(d);
    }
    doc_list_end(d);
    doc_str(d, "rule", calc_rule_word(y->rule));
}

static void
walk_estimate(struct doc *d, const char *label, const struct fac_estimate *e)
{
    struct calc_q q =
            e->has ? calc_interval(e->kg[CALC_GWP], e->sigma) : CALC_Q_UNKNOWN;

    doc_row(d, label);
    doc_str(d, "approach", label);
    doc_q(d, "unit_kg", q, DOC_KG);
    doc_str(d, "set", e->has && e->set ? e->set->id : NULL);
    doc_str(d, "version", e->has && e->set ? e->set->version : NULL);
    doc_row_end(d);
}

static void walk_completed(struct doc *d, const struct fac_assessment *a)
{
    doc_list(d, "completed");
    for (int i = 0; i < a->n_dones; i++) {
        const char *word = fac_done_word(a->dones[i].done);

        doc_row(d, word);
        doc_str(d, "input", word);
        doc_str(d, "kind", calc_kind_word(a->dones[i].kind));
        doc_num(d, "used", a->dones[i].used, DOC_NONE);
        doc_num(d, "low", a->dones[i].low, DOC_NONE);
        doc_num(d, "high", a->dones[i].high, DOC_NONE);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_parts(struct doc *d, const struct rep_machine *m)
{
    doc_list(d, "parts");
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct rep_part *p = &m->parts[i];

        doc_row(d, p->model ? p->model : calc_kind_word(p->kind));
        doc_str(d, "kind", calc_kind_word(p->kind));
        doc_str(d, "model", p->model);
        doc_str(d, "matched", p->matched);
        doc_str(d, "grade", p->grade);
        doc_count(d, "units", p->units);
        doc_num(d, "capacity", p->capacity, DOC_NONE);
        doc_num(d, "kg", p->kg, DOC_KG);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_steps(struct doc *d, const struct rep_machine *m)
{
    doc_list(d, "steps");
    for (int i = 0; i < m->n_steps; i++) {
        const struct fac_step *s = &m->steps[i];

        doc_row(d, calc_kind_word(s->kind));
        doc_str(d, "kind", calc_kind_word(s->kind));
        doc_str(d, "formula", s->formula);
        doc_str(d, "filled", s->filled);
        doc_str(d, "factor", s->factor ? s->factor->key : NULL);
        doc_str(d, "set", s->set);
        doc_str(d, "version", s->version);
        doc_str(d, "source", s->source);
        doc_str(d, "grade", s->grade);
        doc_num(d, "kg", s->kg, DOC_KG);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_fabrication(struct doc *d, const struct rep_machine *m)
{
    static const char *const approaches[] = {"A", "B", "C"};
    const struct fac_assessment *a = &m->assessment;

    doc_obj(d, "fabrication");
    doc_q(d, "gross_kg", m->gross_kg, DOC_KG);
    doc_q(d, "own_kg", m->own_kg, DOC_KG);
    doc_num(d, "charge_kg", m->charge_kg, DOC_KG);
    doc_num(d, "net_kg", m->net_kg, DOC_KG);
    doc_num(d, "share", m->share_frac, DOC_ONE);
    doc_str(d, "approach", calc_approach_word(a->choice.approach));
    doc_str(d, "reason", a->choice.reason);
    doc_num(d, "discrepancy", a->discrepancy, DOC_ONE);
    doc_bool(d, "unknown_model", (a->flags & FAC_UNKNOWN_MODEL) != 0);
    doc_bool(d, "mixed_sets", (a->flags & FAC_MIXED_SETS) != 0);
    doc_bool(d, "parts_unknown", (a->flags & FAC_PARTS_UNKNOWN) != 0);
    doc_list(d, "approaches");
    for (int i = 0; i < 3; i++)
        walk_estimate(d, approaches[i], &a->by[i]);
    if (a->b_other.has)
        walk_estimate(d, "B_other_origin", &a->b_other);
    doc_list_end(d);
    doc_list(d, "rules");
    for (int r = 0; r < CALC_RULES; r++) {
        doc_row(d, calc_rule_word((enum calc_rule)r));
        doc_str(d, "rule", calc_rule_word((enum calc_rule)r));
        doc_num(d, "share", m->rule_share[r], DOC_ONE);
        doc_row_end(d);
    }
    doc_list_end(d);
    walk_parts(d, m);
    walk_completed(d, a);
    walk_steps(d, m);
    doc_obj_end(d);
}

static void walk_months(struct doc *d, const struct rep_machine *m)
{
    char label[16];

    doc_list(d, "months");
    for (int i = 0; m->kwh > 0 && i < 12; i++) {
        snprintf(label, sizeof label, "%02d", i + 1);
        doc_row(d, label);
        doc_int(d, "month", i + 1);
        doc_num(d, "kwh", m->month_kwh[i], DOC_KWH);
        doc_num(d, "measured_kwh", m->month_measured_kwh[i], DOC_KWH);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_use(struct doc *d, const struct rep_machine *m)
{
    doc_obj(d, "operation");
    doc_str(d, "tier", calc_tier_word(m->power.tier));
    doc_num(d, "power_w", m->power.watts, DOC_W);
    doc_num(d, "power_low_w", m->power.low_w, DOC_W);
    doc_num(d, "power_high_w", m->power.high_w, DOC_W);
    doc_str(d, "basis", m->power.basis);
    doc_num(d, "it_kwh", m->kwh, DOC_KWH);
    doc_num(d, "site_kwh", m->site_kwh, DOC_KWH);
    doc_num(d, "pue", m->pue, DOC_ONE);
    doc_q(d, "location_kg", m->operation_kg, DOC_KG);
    doc_num(d, "grid_g_per_kwh", m->grid.g_per_kwh, DOC_G_PER_KWH);
    doc_str(d, "grid_kind", calc_grid_kind_word(m->grid.kind));
    doc_str(d, "grid_source", m->grid.source);
    doc_num(d, "life_cycle_g_per_kwh", m->life_cycle.g_per_kwh, DOC_G_PER_KWH);
    doc_num(d, "measured_kwh", m->measured_kwh, DOC_KWH);
    doc_num(d, "filled_kwh", m->filled_kwh, DOC_KWH);
    doc_num(d, "coverage", m->coverage, DOC_ONE);
    doc_bool(d, "estimated", m->coverage < REP_COVERED);
    walk_months(d, m);
    doc_obj_end(d);
    doc_obj(d, "ratios");
    doc_q(d, "gross_years", m->gross_years, DOC_YEARS);
    doc_str(d, "grid_kind", calc_grid_kind_word(m->grid.kind));
    doc_obj_end(d);
}

static void walk_events(struct doc *d, const struct rep_machine *m)
{
    doc_list(d, "events");
    for (size_t i = 0; i < m->n_events; i++) {
        const struct rep_event *e = &m->events[i];

        doc_row(d, e->effective_on);
        doc_str(d, "kind", e->kind);
        doc_str(d, "effective_on", e->effective_on);
        doc_int(d, "recorded_at_s", e->recorded_at_s);
        doc_str(d, "detail", e->detail);
        doc_row_end(d);
    }
    doc_list_end(d);
}

void walk_machine(struct doc *d, const struct rep_machine *m)
{
    walk_identity(d, m);
    walk_context(d, m->year);
    walk_dates(d, m);
    walk_fabrication(d, m);
    walk_use(d, m);
    walk_events(d, m);
}
