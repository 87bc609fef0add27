/* SPDX-License-Identifier: Apache-2.0
 * From the sums to the fabrication half of the yearly document. */
#include <stdlib.h>

#include "reports/reports_priv.h"

#define EMBODIED_ROWS (CALC_CATEGORIES * 2 * CALC_APPROACHES)

static bool is_something(double kg)
{
    return fabs(kg) > 0;
}

/* Largest first; equals keep their order. */
static void rows_sort(struct rep_part_row *rows, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct rep_part_row row = rows[i];
        size_t at = i;

        while (at > 0 && rows[at - 1].kg.value < row.kg.value) {
            rows[at] = rows[at - 1];
            at--;
        }
        rows[at] = row;
    }
}

static double share_of(double kg, double total_kg)
{
    return is_something(total_kg) ? kg / total_kg : NAN;
}

static void fill_kinds(struct rep_year *y, const struct rep_sums *s)
{
    double gross_kg = y->gross_kg.value;

    for (int k = 0; k < CALC_KINDS; k++) {
        if (!is_something(s->kinds[k].kg))
            continue;
        y->kinds[y->n_kinds++] = (struct rep_part_row){
                .index = k,
                .kg = calc_total_q(&s->kinds[k]),
                .adp_kg_sb = s->kind_has_adp[k] ? s->kind_adp[k] : NAN,
                .pe_mj = s->kind_has_pe[k] ? s->kind_pe[k] : NAN,
                .share = share_of(s->kinds[k].kg, gross_kg),
        };
    }
    rows_sort(y->kinds, y->n_kinds);
    for (int c = 0; c < CALC_CATEGORIES; c++) {
        if (!s->category_units[c])
            continue;
        y->categories[y->n_categories++] = (struct rep_part_row){
                .index = c,
                .units = s->category_units[c],
                .kg = calc_total_q(&s->categories[c]),
                .adp_kg_sb = NAN,
                .pe_mj = NAN,
                .share = share_of(s->categories[c].kg, gross_kg),
        };
    }
    rows_sort(y->categories, y->n_categories);
}

/* Other criteria over the lines that have them; how much of the kilograms
 * those lines are stands beside [12]. */
static void fill_criteria(struct rep_year *y, const struct rep_sums *s)
{
    double gross_kg = y->gross_kg.value;
    bool adp = false, pe = false;

    y->gross_adp_kg_sb = y->gross_pe_mj = 0;
    for (int k = 0; k < CALC_KINDS; k++) {
        y->gross_adp_kg_sb += s->kind_adp[k];
        y->gross_pe_mj += s->kind_pe[k];
        adp = adp || s->kind_has_adp[k];
        pe = pe || s->kind_has_pe[k];
    }
    if (!adp && s->stock_units)
        y->gross_adp_kg_sb = NAN;
    if (!pe && s->stock_units)
        y->gross_pe_mj = NAN;
    y->gross_adp_coverage = share_of(s->adp_kg, gross_kg);
    y->gross_pe_coverage = share_of(s->pe_kg, gross_kg);
}

static void fill_embodied(struct rep_year *y, const struct rep_sums *s)
{
    struct rep_embodied_row *rows =
            arena_alloc(y->arena, EMBODIED_ROWS * sizeof *rows);
    size_t n = 0;

    for (int c = 0; c < CALC_CATEGORIES; c++)
        for (int used = 0; used < 2; used++)
            for (int a = 0; a < CALC_APPROACHES; a++) {
                const struct rep_cell *cell = &s->cells[c][used][a];

                if (!cell->units && !is_something(cell->acquisition_kg) &&
                    !is_something(cell->amortised_kg) &&
                    !is_something(cell->cutoff_kg))
                    continue;
                rows[n++] = (struct rep_embodied_row){
                        .category = (enum calc_category)c,
                        .used = used,
                        .approach = (enum calc_approach)a,
                        .units = cell->units,
                        .gross_kg = cell->gross_kg,
                        .acquisition_kg = cell->acquisition_kg,
                        .amortised_kg = cell->amortised_kg,
                        .cutoff_kg = cell->cutoff_kg,
                };
            }
    y->embodied = rows;
    y->n_embodied = n;
}

static void fill_spread(struct rep_year *y, const struct rep_sums *s)
{
    for (int r = 0; r < CALC_RULES; r++) {
        y->rules[r].rule = (enum calc_rule)r;
        y->rules[r].own_kg = s->rule_kg[r];
        y->rules[r].lines_without = s->rule_without[r];
    }
    y->rules[y->rule].own_kg = y->own_kg.value;
    for (int a = 0; a < CALC_APPROACHES; a++) {
        y->approaches[a].approach = (enum calc_approach)a;
        /* A line without a figure weighs an unknown amount. */
        y->approaches[a].gross_kg = a == CALC_NONE ? NAN : s->approach_kg[a];
        y->approaches[a].machines = s->approach_machines[a];
    }
    y->category_other_origin_kg =
            s->has_other_origin ? s->other_origin_kg : NAN;
}

static void
exclude(struct rep_year *y, const char *what, const char *reason,
        uint64_t units)
{
    if (units)
        y->exclusions[y->n_exclusions++] = (struct rep_exclusion){
                .what = what,
                .reason = reason,
                .units = units,
                .estimate_kg = NAN, /* an average would have been the figure */
        };
}

/* What was left out, with its reason [1.2]. None of it has an estimate by
 * approach B: where an average exists it is the figure. */
static void fill_exclusions(struct rep_year *y, const struct rep_sums *s)
{
    y->exclusions = arena_alloc(
            y->arena,
            (CALC_CATEGORIES + 2 * CALC_KINDS) * sizeof *y->exclusions);
    for (int c = 0; c < CALC_CATEGORIES; c++)
        exclude(y, calc_category_word((enum calc_category)c),
                "no factor for this category", s->none_units[c]);
    for (int k = 0; k < CALC_KINDS; k++)
        exclude(y, calc_kind_word((enum calc_kind)k), "no factor",
                s->no_factor_units[k]);
    for (int k = 0; k < CALC_KINDS; k++)
        if (s->uncounted_units[k])
            exclude(y,
                    arena_printf(
                            y->arena, "%s of unknown number",
                            calc_kind_word((enum calc_kind)k)),
                    "count not known, on so many machines",
                    s->uncounted_units[k]);
    y->excluded_kg = y->n_exclusions ? NAN : 0;
    y->excluded_share = y->excluded_kg / (y->gross_kg.value + y->excluded_kg);
    if (!y->n_exclusions)
        y->excluded_share = 0;
}

static void fill_completions(struct rep_year *y, const struct rep_sums *s)
{
    for (int d = 0; d < FAC_DONES; d++)
        if (s->done[d].units)
            y->completions[y->n_completions++] = s->done[d];
}

static void fill_ages(struct rep_year *y, const struct rep_sums *s)
{
    for (int i = 0; i < REP_AGE_BINS; i++) {
        y->ages[i] = s->ages[i];
        y->ages[i].age_y = i <= REP_AGE_LAST ? i : -1;
    }
}

void rep_fill_fabrication(struct rep_year *y, struct rep_sums *s)
{
    struct calc_total gross = {0};

    for (int k = 0; k < CALC_KINDS; k++)
        calc_total_merge(&gross, &s->kinds[k]);
    y->gross_kg = calc_total_q(&gross);
    calc_total_clear(&gross);
    y->own_kg = calc_total_q(&s->own);
    y->charge_kg = calc_total_q(&s->charge);
    y->acquisition_kg = calc_total_q(&s->acquisition);
    y->writeoff_kg = s->net.writeoff_kg;
    y->fleet = s->fleet;
    y->stock = s->stock;
    y->net = s->net;
    y->years_beyond_life = s->years_beyond_life;
    y->reuse = s->reuse;
    y->unknown_model_lines = s->unknown_model_lines;
    y->age_unknown_lines = s->age_unknown_lines;
    y->start_unknown_lines = s->start_unknown_lines;
    y->discrepancies = s->discrepancies;
    fill_kinds(y, s);
    fill_criteria(y, s);
    fill_embodied(y, s);
    fill_spread(y, s);
    fill_exclusions(y, s);
    fill_completions(y, s);
    fill_ages(y, s);
    y->grade = calc_grade(s->dqr_kg > 0 ? s->dqr_sum / s->dqr_kg : NAN);
    y->quality_coverage =
            s->stock_units ? (double)s->known_units / (double)s->stock_units
                           : NAN;
}
