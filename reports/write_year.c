/* SPDX-License-Identifier: Apache-2.0
 * The yearly document as a sequence of named figures: the fixed keys first and
 * in their order, then the additions, the same for JSON, XML and CSV. */
#include "reports/write_priv.h"

#include <inttypes.h>
#include <stdio.h>

static void walk_head(struct doc *d, const struct rep_year *y)
{
    doc_str(d, "schema", "fleetprint/year/1");
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
        const struct fac_set *s = &y->sets[i];

        doc_row(d, s->id);
        doc_str(d, "id", s->id);
        doc_str(d, "version", s->version);
        doc_str(d, "sha256", s->sha256);
        doc_str(d, "title", s->title);
        doc_str(d, "licence", s->licence);
        doc_str(d, "source", s->source);
        doc_row_end(d);
    }
    doc_list_end(d);
    doc_str(d, "rule", calc_rule_word(y->rule));
}

static void walk_fleet(struct doc *d, const struct rep_fleet *f)
{
    doc_obj(d, "fleet");
    doc_count(d, "machines", f->machines);
    doc_count(d, "running", f->running);
    doc_count(d, "new", f->new_);
    doc_count(d, "second_hand", f->second_hand);
    doc_count(d, "donated", f->donated);
    doc_count(d, "under_warranty", f->under_warranty);
    doc_count(d, "cpu_sockets", f->cpu_sockets);
    doc_count(d, "cpu_cores", f->cpu_cores);
    doc_count(d, "gpus", f->gpus);
    doc_num(d, "ram_gib", f->ram_gib, DOC_GIB);
    doc_count(d, "hdd", f->hdd);
    doc_num(d, "hdd_tb", f->hdd_tb, DOC_TB);
    doc_count(d, "ssd", f->ssd);
    doc_num(d, "ssd_tb", f->ssd_tb, DOC_TB);
    doc_count(d, "screens", f->screens);
    doc_count(d, "virtual_machines", f->virtual_machines);
    doc_count(d, "tapes", f->tapes);
    doc_obj(d, "unknown");
    doc_count(d, "acquisition", f->acquisition_unknown);
    doc_count(d, "warranty", f->warranty_unknown);
    doc_count(d, "cpu_sockets", f->sockets_unknown);
    doc_count(d, "cpu_cores", f->cores_unknown);
    doc_count(d, "gpus", f->gpu_unknown);
    doc_count(d, "ram", f->ram_unknown);
    doc_count(d, "hdd", f->hdd_unknown);
    doc_count(d, "ssd", f->ssd_unknown);
    doc_count(d, "hdd_tb", f->hdd_tb_unknown);
    doc_count(d, "ssd_tb", f->ssd_tb_unknown);
    doc_obj_end(d);
    doc_obj_end(d);
}

static void walk_interval(struct doc *d, struct calc_q q)
{
    doc_num(d, "low", q.low, DOC_KG);
    doc_num(d, "high", q.high, DOC_KG);
}

static void walk_by_kind(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "by_kind");
    for (size_t i = 0; i < y->n_kinds; i++) {
        const struct rep_part_row *r = &y->kinds[i];
        const char *word = calc_kind_word((enum calc_kind)r->index);

        doc_row(d, word);
        doc_str(d, "kind", word);
        doc_num(d, "kg", r->kg.value, DOC_KG);
        doc_num(d, "share", r->share, DOC_ONE);
        walk_interval(d, r->kg);
        doc_num(d, "adp_kg_sb", r->adp_kg_sb, DOC_KG_SB);
        doc_num(d, "pe_mj", r->pe_mj, DOC_MJ);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_by_category(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "by_category");
    for (size_t i = 0; i < y->n_categories; i++) {
        const struct rep_part_row *r = &y->categories[i];
        const char *word = calc_category_word((enum calc_category)r->index);

        doc_row(d, word);
        doc_str(d, "category", word);
        doc_count(d, "machines", r->units);
        doc_num(d, "kg", r->kg.value, DOC_KG);
        doc_num(d, "share", r->share, DOC_ONE);
        walk_interval(d, r->kg);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_fabrication(struct doc *d, const struct rep_year *y)
{
    doc_obj(d, "fabrication");
    doc_q(d, "gross_kg", y->gross_kg, DOC_KG);
    doc_q(d, "own_kg", y->own_kg, DOC_KG);
    doc_q(d, "charge_kg", y->charge_kg, DOC_KG);
    doc_q(d, "acquisition_kg", y->acquisition_kg, DOC_KG);
    walk_by_kind(d, y);
    walk_by_category(d, y);
    doc_num(d, "writeoff_kg", y->writeoff_kg, DOC_KG);
    doc_num(d, "adp_kg_sb", y->gross_adp_kg_sb, DOC_KG_SB);
    doc_num(d, "adp_coverage", y->gross_adp_coverage, DOC_ONE);
    doc_num(d, "pe_mj", y->gross_pe_mj, DOC_MJ);
    doc_num(d, "pe_coverage", y->gross_pe_coverage, DOC_ONE);
    doc_count(d, "discrepancies", y->discrepancies);
    doc_num(d, "category_other_origin_kg", y->category_other_origin_kg, DOC_KG);
    doc_obj_end(d);
}

struct rep_indicators rep_indicators(const struct rep_year *y)
{
    const struct rep_fleet *f = &y->fleet;
    double machines = (double)f->machines, it_kwh = y->it_kwh.value;
    bool ran = it_kwh > 0;

    return (struct rep_indicators){
            .used_share = f->machines ? (double)(f->second_hand + f->donated) /
                                                machines
                                      : NAN,
            .out_of_warranty_share =
                    f->machines ? (double)(f->machines - f->under_warranty) /
                                          machines
                                : NAN,
            .pue = ran ? y->site_kwh.value / it_kwh : NAN,
            .cue_kg_per_kwh = ran ? y->location_kg.value / it_kwh : NAN,
            .kg_per_service_year =
                    y->reuse.aged_years > 0
                            ? y->reuse.aged_kg / y->reuse.aged_years
                            : NAN,
            .reuse_rate = calc_reuse_rate(
                    (double)y->reuse.given, (double)y->reuse.retired),
    };
}

static void walk_ratios(struct doc *d, const struct rep_year *y)
{
    struct rep_indicators k = rep_indicators(y);

    doc_obj(d, "ratios");
    doc_q(d, "gross_years", y->gross_years, DOC_YEARS);
    doc_q(d, "own_years", y->own_years, DOC_YEARS);
    doc_num(d, "fabrication_share", y->fabrication_share, DOC_ONE);
    doc_num(d, "years_beyond_life", y->years_beyond_life, DOC_YEARS);
    doc_str(d, "grid_kind", calc_grid_kind_word(y->grid_kind));
    doc_bool(d, "grid_mixed", y->grid_mixed);
    doc_num(d, "grid_g_per_kwh", y->grid_g_per_kwh, DOC_G_PER_KWH);
    doc_q(d, "gross_years_life_cycle", y->gross_years_life_cycle, DOC_YEARS);
    doc_num(d, "life_cycle_g_per_kwh", y->life_cycle_g_per_kwh, DOC_G_PER_KWH);
    if (y->life_cycle_year)
        doc_int(d, "life_cycle_year", y->life_cycle_year);
    else
        doc_null(d, "life_cycle_year");
    doc_str(d, "life_cycle_source", y->life_cycle_source);
    doc_num(d, "used_share", k.used_share, DOC_ONE);
    doc_num(d, "out_of_warranty_share", k.out_of_warranty_share, DOC_ONE);
    doc_num(d, "pue", k.pue, DOC_ONE);
    doc_num(d, "cue_kg_per_kwh", k.cue_kg_per_kwh, DOC_KG_PER_KWH);
    doc_num(d, "kg_per_service_year", k.kg_per_service_year, DOC_KG);
    doc_num(d, "reuse_rate", k.reuse_rate, DOC_ONE);
    doc_count(d, "reuse_given", y->reuse.given);
    doc_count(d, "reuse_retired", y->reuse.retired);
    doc_count(d, "reuse_age_unknown", y->reuse.age_unknown);
    doc_obj_end(d);
}

static void walk_rules(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "rules");
    for (size_t i = 0; i < CALC_RULES; i++) {
        const char *word = calc_rule_word(y->rules[i].rule);

        doc_row(d, word);
        doc_str(d, "rule", word);
        doc_num(d, "own_kg", y->rules[i].own_kg, DOC_KG);
        doc_count(d, "lines_without", y->rules[i].lines_without);
        doc_row_end(d);
    }
    doc_list_end(d);
    doc_list(d, "approaches");
    for (size_t i = 0; i < CALC_APPROACHES; i++) {
        const char *word = calc_approach_word(y->approaches[i].approach);

        doc_row(d, word);
        doc_str(d, "approach", word);
        doc_num(d, "gross_kg", y->approaches[i].gross_kg, DOC_KG);
        doc_count(d, "machines", y->approaches[i].machines);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_identities(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "identities");
    for (size_t i = 0; i < y->n_identities; i++) {
        const struct rep_identity *r = &y->identities[i];

        doc_row(d, r->id);
        doc_str(d, "id", r->id);
        doc_bool(d, "holds", r->holds);
        doc_str(d, "says", r->says);
        doc_num(d, "left", r->left, DOC_NONE);
        doc_num(d, "right", r->right, DOC_NONE);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_middle(struct doc *d, const struct rep_year *y)
{
    char grade[2] = {y->grade, '\0'};

    doc_obj(d, "total");
    doc_q(d, "amortised_kg", y->amortised_total_kg, DOC_KG);
    doc_q(d, "acquisition_kg", y->acquisition_total_kg, DOC_KG);
    doc_obj_end(d);
    walk_rules(d, y);
    doc_obj(d, "outside");
    doc_null(d, "avoided_kg");
    doc_null(d, "heat_kg");
    doc_null(d, "certificates_kg");
    doc_obj_end(d);
    doc_list(d, "advice");
    doc_list_end(d);
    doc_obj(d, "quality");
    doc_str(d, "grade", y->grade >= 'A' && y->grade <= 'E' ? grade : NULL);
    doc_num(d, "coverage", y->quality_coverage, DOC_ONE);
    doc_count(d, "unknown_model_lines", y->unknown_model_lines);
    doc_count(d, "age_unknown_lines", y->age_unknown_lines);
    doc_count(d, "start_unknown_lines", y->start_unknown_lines);
    doc_num(d, "excluded_kg", y->excluded_kg, DOC_KG);
    doc_num(d, "excluded_share", y->excluded_share, DOC_ONE);
    doc_obj_end(d);
    walk_identities(d, y);
}

static void
walk_stock_row(struct doc *d, const char *key, const struct rep_stock_row *r)
{
    doc_obj(d, key);
    doc_count(d, "units", r->units);
    doc_num(d, "kg", r->kg, DOC_KG);
    doc_obj_end(d);
}

static void walk_stock(struct doc *d, const struct rep_year *y)
{
    const struct rep_stock *s = &y->stock;
    const struct rep_net_stock *n = &y->net;

    doc_obj(d, "stock");
    walk_stock_row(d, "opening", &s->opening);
    walk_stock_row(d, "in_new", &s->in_new);
    walk_stock_row(d, "in_used", &s->in_used);
    walk_stock_row(d, "in_split", &s->in_split);
    walk_stock_row(d, "out_retired", &s->out_retired);
    walk_stock_row(d, "out_given", &s->out_given);
    walk_stock_row(d, "recalculation", &s->recalculation);
    walk_stock_row(d, "closing", &s->closing);
    doc_obj_end(d);
    doc_obj(d, "net_stock");
    doc_num(d, "opening_kg", n->opening_kg, DOC_KG);
    doc_num(d, "additions_kg", n->additions_kg, DOC_KG);
    doc_num(d, "charge_kg", n->charge_kg, DOC_KG);
    doc_num(d, "writeoff_kg", n->writeoff_kg, DOC_KG);
    doc_num(d, "transferred_kg", n->transferred_kg, DOC_KG);
    doc_num(d, "recalculation_kg", n->recalculation_kg, DOC_KG);
    doc_num(d, "closing_kg", n->closing_kg, DOC_KG);
    doc_obj_end(d);
}

static void walk_embodied(struct doc *d, const struct rep_year *y)
{
    char label[80];

    doc_list(d, "embodied");
    for (size_t i = 0; i < y->n_embodied; i++) {
        const struct rep_embodied_row *r = &y->embodied[i];

        snprintf(
                label, sizeof label, "%s %s %s",
                calc_category_word(r->category), r->used ? "used" : "new",
                calc_approach_word(r->approach));
        doc_row(d, label);
        doc_str(d, "category", calc_category_word(r->category));
        doc_bool(d, "used", r->used);
        doc_str(d, "approach", calc_approach_word(r->approach));
        doc_count(d, "units", r->units);
        doc_num(d, "gross_kg", r->gross_kg, DOC_KG);
        doc_num(d, "acquisition_kg", r->acquisition_kg, DOC_KG);
        doc_num(d, "amortised_kg", r->amortised_kg, DOC_KG);
        doc_num(d, "cutoff_kg", r->cutoff_kg, DOC_KG);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void
walk_grid(struct doc *d, const struct en_grid *g, const char *const keys[6])
{
    doc_num(d, keys[0], g->g_per_kwh, DOC_G_PER_KWH);
    doc_str(d, keys[1], calc_grid_kind_word(g->kind));
    if (g->year)
        doc_int(d, keys[2], g->year);
    else
        doc_null(d, keys[2]);
    doc_str(d, keys[3], g->source);
    doc_str(d, keys[4], g->set);
    doc_str(d, keys[5], g->version);
}

static void walk_sites(struct doc *d, const struct rep_year *y)
{
    static const char *const grid[6] = {"grid_g_per_kwh", "grid_kind",
                                        "grid_year",      "grid_source",
                                        "grid_set",       "grid_version"},
                             *const life[6] = {"life_cycle_g_per_kwh",
                                               "life_cycle_kind",
                                               "life_cycle_year",
                                               "life_cycle_source",
                                               "life_cycle_set",
                                               "life_cycle_version"};

    doc_list(d, "sites");
    for (size_t i = 0; i < y->n_sites; i++) {
        const struct rep_site_row *r = &y->sites[i];

        doc_row(d, r->name);
        doc_str(d, "name", r->name);
        doc_str(d, "country", r->country);
        doc_str(d, "timezone", r->timezone);
        doc_count(d, "machines", r->machines);
        doc_num(d, "gross_kg", r->gross_kg, DOC_KG);
        doc_num(d, "it_kwh", r->it_kwh, DOC_KWH);
        doc_num(d, "site_kwh", r->site_kwh, DOC_KWH);
        doc_num(d, "location_kg", r->location_kg, DOC_KG);
        doc_num(d, "pue", r->pue, DOC_ONE);
        doc_bool(d, "pue_stated", r->pue_stated);
        doc_bool(d, "pue_varies", r->pue_varies);
        walk_grid(d, &r->grid, grid);
        walk_grid(d, &r->life_cycle, life);
        doc_str(d, "note", r->note);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_exclusions(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "exclusions");
    for (size_t i = 0; i < y->n_exclusions; i++) {
        const struct rep_exclusion *r = &y->exclusions[i];

        doc_row(d, r->what);
        doc_str(d, "what", r->what);
        doc_str(d, "reason", r->reason);
        doc_count(d, "units", r->units);
        doc_num(d, "estimate_kg", r->estimate_kg, DOC_KG);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_factors(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "factors");
    for (size_t i = 0; i < y->n_factors; i++) {
        const struct rep_factor_use *r = &y->factors[i];

        doc_row(d, r->name);
        doc_str(d, "name", r->name);
        doc_str(d, "set", r->set);
        doc_str(d, "version", r->version);
        doc_num(d, "value", r->value, DOC_NONE);
        doc_str(d, "unit", r->unit);
        doc_num(d, "quantity", r->quantity, DOC_NONE);
        doc_num(d, "kg", r->kg, DOC_KG);
        doc_num(d, "gsd", r->gsd, DOC_ONE);
        doc_str(d, "source", r->source);
        doc_row_end(d);
    }
    doc_list_end(d);
    doc_list(d, "completions");
    for (size_t i = 0; i < y->n_completions; i++) {
        const struct rep_completion *r = &y->completions[i];
        const char *word = fac_done_word(r->done);

        doc_row(d, word);
        doc_str(d, "input", word);
        doc_count(d, "units", r->units);
        doc_num(d, "kg", r->kg, DOC_KG);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_ages(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "ages");
    for (size_t i = 0; i < REP_AGE_BINS; i++) {
        const struct rep_age_bin *r = &y->ages[i];
        char label[16];

        if (!r->under_warranty && !r->out_of_warranty && !r->warranty_unknown)
            continue;
        snprintf(label, sizeof label, "%d", r->age_y);
        doc_row(d, r->age_y < 0 ? "unknown" : label);
        if (r->age_y < 0)
            doc_null(d, "age_y");
        else
            doc_int(d, "age_y", r->age_y);
        doc_count(d, "under_warranty", r->under_warranty);
        doc_count(d, "out_of_warranty", r->out_of_warranty);
        doc_count(d, "warranty_unknown", r->warranty_unknown);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_flags(struct doc *d, const struct rep_year *y)
{
    struct rep_flag flags[REP_FLAGS];
    size_t n = rep_flags(y, flags);
    struct buf text;

    buf_init(&text, 4096);
    doc_list(d, "flags");
    for (size_t i = 0; i < n; i++) {
        buf_reset(&text);
        rep_put_flag(&text, UI_EN, y, &flags[i]);
        doc_row(d, flags[i].word);
        doc_str(d, "flag", flags[i].word);
        doc_str(d, "value", flags[i].value);
        doc_num(d, "number", flags[i].number, DOC_NONE);
        doc_str(d, "text", buf_text(&text));
        doc_row_end(d);
    }
    doc_list_end(d);
    buf_clear(&text);
}

void walk_year(struct doc *d, const struct rep_year *y, bool with_hash)
{
    walk_head(d, y);
    walk_fleet(d, &y->fleet);
    walk_fabrication(d, y);
    walk_operation(d, y);
    walk_ratios(d, y);
    walk_middle(d, y);
    doc_bool(d, "identities_hold", y->identities_hold);
    walk_stock(d, y);
    walk_embodied(d, y);
    walk_sites(d, y);
    walk_exclusions(d, y);
    walk_factors(d, y);
    walk_ages(d, y);
    walk_flags(d, y);
    doc_date(d, "made_on", y->made_on);
    if (with_hash)
        doc_str(d, "sha256", y->sha256[0] ? y->sha256 : NULL);
    doc_bool(d, "complete", y->complete);
}

static void walk_row_kinds(struct doc *d, const struct rep_machine_row *m)
{
    doc_list(d, "by_kind");
    for (int k = 0; k < CALC_KINDS; k++) {
        if (!(m->kind_kg[k] > 0) && !(m->kind_kg[k] < 0))
            continue;
        doc_row(d, calc_kind_word((enum calc_kind)k));
        doc_str(d, "kind", calc_kind_word((enum calc_kind)k));
        doc_num(d, "kg", m->kind_kg[k], DOC_KG);
        doc_row_end(d);
    }
    doc_list_end(d);
}

void walk_machine_row(struct doc *d, const struct rep_machine_row *m)
{
    bool pretty = d->json.pretty;

    doc_row(d, m->tag);
    d->json.pretty = false; /* one line a machine */
    doc_str(d, "tag", m->tag);
    doc_str(d, "approach", calc_approach_word(m->approach));
    doc_q(d, "gross_kg", m->gross_kg, DOC_KG);
    doc_num(d, "own_kg", m->own_kg, DOC_KG);
    doc_num(d, "charge_kg", m->charge_kg, DOC_KG);
    doc_num(d, "kwh", m->kwh, DOC_KWH);
    doc_q(d, "operation_kg", m->operation_kg, DOC_KG);
    doc_str(d, "tier", calc_tier_word(m->tier));
    walk_row_kinds(d, m);
    doc_str(d, "category", calc_category_word(m->category));
    doc_count(d, "units", m->units);
    doc_str(d, "status", calc_status_word(m->status));
    doc_bool(d, "unknown_model", (m->flags & FAC_UNKNOWN_MODEL) != 0);
    doc_num(d, "measured_kwh", m->measured_kwh, DOC_KWH);
    doc_num(d, "filled_kwh", m->filled_kwh, DOC_KWH);
    doc_num(d, "coverage", m->coverage, DOC_ONE);
    doc_bool(d, "estimated", m->coverage < REP_COVERED);
    doc_row_end(d);
    d->json.pretty = pretty;
}
