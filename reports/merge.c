/* SPDX-License-Identifier: Apache-2.0
 * Adding the sums of one half of the lines to those of the other. */
#include "reports/reports_priv.h"

static void merge_stock(struct rep_stock_row *to, const struct rep_stock_row *x)
{
    to->units += x->units;
    to->kg += x->kg;
}

static void merge_stocks(struct rep_sums *s, const struct rep_sums *x)
{
    merge_stock(&s->stock.opening, &x->stock.opening);
    merge_stock(&s->stock.in_new, &x->stock.in_new);
    merge_stock(&s->stock.in_used, &x->stock.in_used);
    merge_stock(&s->stock.in_split, &x->stock.in_split);
    merge_stock(&s->stock.out_retired, &x->stock.out_retired);
    merge_stock(&s->stock.out_given, &x->stock.out_given);
    merge_stock(&s->stock.recalculation, &x->stock.recalculation);
    merge_stock(&s->stock.closing, &x->stock.closing);
    s->net.opening_kg += x->net.opening_kg;
    s->net.additions_kg += x->net.additions_kg;
    s->net.charge_kg += x->net.charge_kg;
    s->net.writeoff_kg += x->net.writeoff_kg;
    s->net.transferred_kg += x->net.transferred_kg;
    s->net.recalculation_kg += x->net.recalculation_kg;
    s->net.closing_kg += x->net.closing_kg;
    s->writeoff_kg += x->writeoff_kg;
    s->ended_spent_kg += x->ended_spent_kg;
    s->ended_own_kg += x->ended_own_kg;
}

static void merge_fleet(struct rep_fleet *to, const struct rep_fleet *x)
{
    to->machines += x->machines;
    to->running += x->running;
    to->new_ += x->new_;
    to->second_hand += x->second_hand;
    to->donated += x->donated;
    to->under_warranty += x->under_warranty;
    to->virtual_machines += x->virtual_machines;
    to->screens += x->screens;
    to->gpus += x->gpus;
    to->hdd += x->hdd;
    to->ssd += x->ssd;
    to->tapes += x->tapes;
    to->cpu_sockets += x->cpu_sockets;
    to->cpu_cores += x->cpu_cores;
    to->ram_gib += x->ram_gib;
    to->hdd_tb += x->hdd_tb;
    to->ssd_tb += x->ssd_tb;
    to->acquisition_unknown += x->acquisition_unknown;
    to->warranty_unknown += x->warranty_unknown;
    to->cores_unknown += x->cores_unknown;
    to->sockets_unknown += x->sockets_unknown;
    to->ram_unknown += x->ram_unknown;
    to->hdd_unknown += x->hdd_unknown;
    to->ssd_unknown += x->ssd_unknown;
    to->gpu_unknown += x->gpu_unknown;
    to->hdd_tb_unknown += x->hdd_tb_unknown;
    to->ssd_tb_unknown += x->ssd_tb_unknown;
}

static void merge_places(struct rep_sums *s, const struct rep_sums *x)
{
    for (size_t i = 0; i < s->frame->n_places; i++) {
        const struct rep_place_sum *from = x->places[i];
        struct rep_place_sum *to;

        if (!from)
            continue;
        to = rep_sums_place(s, i);
        for (int t = 0; t < CALC_TIERS; t++)
            for (int m = 0; m < REP_MONTHS; m++)
                to->uj[t][m] += from->uj[t][m];
        to->load_sd_kwh += from->load_sd_kwh;
        to->spread_kwh += from->spread_kwh;
        to->load_sd_dc_kwh += from->load_sd_dc_kwh;
        to->spread_dc_kwh += from->spread_dc_kwh;
        to->gross_kg += from->gross_kg;
        to->machines += from->machines;
    }
    s->uj += x->uj;
    s->running_s += x->running_s;
    s->covered_s += x->covered_s;
    rep_hours_merge(s, x);
}

static void merge_metering(struct rep_sums *s, const struct rep_sums *x)
{
    struct rep_metering *to = &s->metering;
    const struct rep_metering *from = &x->metering;

    to->machines += from->machines;
    to->estimated += from->estimated;
    to->measured_uj += from->measured_uj;
    to->filled_uj += from->filled_uj;
    to->covered_s += from->covered_s;
    to->gap_s += from->gap_s;
    to->outside_j += from->outside_j;
    s->metered_uj += x->metered_uj;
    s->metered_s += x->metered_s;
}

static void merge_cells(struct rep_sums *s, const struct rep_sums *x)
{
    for (int c = 0; c < CALC_CATEGORIES; c++)
        for (int used = 0; used < 2; used++)
            for (int a = 0; a < CALC_APPROACHES; a++) {
                struct rep_cell *to = &s->cells[c][used][a];
                const struct rep_cell *from = &x->cells[c][used][a];

                to->units += from->units;
                to->gross_kg += from->gross_kg;
                to->acquisition_kg += from->acquisition_kg;
                to->amortised_kg += from->amortised_kg;
                to->cutoff_kg += from->cutoff_kg;
            }
}

static void merge_totals(struct rep_sums *s, const struct rep_sums *x)
{
    for (int k = 0; k < CALC_KINDS; k++) {
        calc_total_merge(&s->kinds[k], &x->kinds[k]);
        s->kind_adp[k] += x->kind_adp[k];
        s->kind_pe[k] += x->kind_pe[k];
        s->kind_has_adp[k] |= x->kind_has_adp[k];
        s->kind_has_pe[k] |= x->kind_has_pe[k];
        s->no_factor_units[k] += x->no_factor_units[k];
        s->uncounted_units[k] += x->uncounted_units[k];
    }
    for (int c = 0; c < CALC_CATEGORIES; c++) {
        calc_total_merge(&s->categories[c], &x->categories[c]);
        s->category_units[c] += x->category_units[c];
        s->none_units[c] += x->none_units[c];
    }
    calc_total_merge(&s->own, &x->own);
    calc_total_merge(&s->charge, &x->charge);
    calc_total_merge(&s->writeoff, &x->writeoff);
    calc_total_merge(&s->acquisition, &x->acquisition);
    s->adp_kg += x->adp_kg;
    s->pe_kg += x->pe_kg;
}

static void merge_assessed(struct rep_sums *s, const struct rep_sums *x)
{
    for (int a = 0; a < CALC_APPROACHES; a++) {
        s->approach_kg[a] += x->approach_kg[a];
        s->approach_machines[a] += x->approach_machines[a];
    }
    for (int o = 0; o < REP_ORIGINS; o++)
        s->origin_kg[o] += x->origin_kg[o];
    for (int i = 0; i < 3; i++)
        s->sets[i] = s->sets[i] ? s->sets[i] : x->sets[i];
    s->other_origin_kg += x->other_origin_kg;
    s->has_other_origin |= x->has_other_origin;
    for (int d = 0; d < FAC_DONES; d++) {
        s->done[d].units += x->done[d].units;
        s->done[d].kg += x->done[d].kg;
    }
    s->dqr_kg += x->dqr_kg;
    s->dqr_sum += x->dqr_sum;
}

void rep_sums_merge(struct rep_sums *s, const struct rep_sums *x)
{
    merge_fleet(&s->fleet, &x->fleet);
    merge_stocks(s, x);
    merge_cells(s, x);
    merge_places(s, x);
    merge_metering(s, x);
    merge_totals(s, x);
    merge_assessed(s, x);
    for (int r = 0; r < CALC_RULES; r++) {
        s->rule_kg[r] += x->rule_kg[r];
        s->rule_without[r] += x->rule_without[r];
    }
    for (int a = 0; a < REP_AGE_BINS; a++) {
        s->ages[a].under_warranty += x->ages[a].under_warranty;
        s->ages[a].out_of_warranty += x->ages[a].out_of_warranty;
        s->ages[a].warranty_unknown += x->ages[a].warranty_unknown;
    }
    s->years_beyond_life += x->years_beyond_life;
    s->reuse.given += x->reuse.given;
    s->reuse.retired += x->reuse.retired;
    s->reuse.age_unknown += x->reuse.age_unknown;
    s->reuse.aged_kg += x->reuse.aged_kg;
    s->reuse.aged_years += x->reuse.aged_years;
    s->unknown_model_lines += x->unknown_model_lines;
    s->age_unknown_lines += x->age_unknown_lines;
    s->start_unknown_lines += x->start_unknown_lines;
    s->discrepancies += x->discrepancies;
    s->stock_units += x->stock_units;
    s->known_units += x->known_units;
}
