/* SPDX-License-Identifier: Apache-2.0
 * The operation of the yearly document as named figures: by tier and month, by
 * meters, by the hours of the grid, by contracts. */
#include "reports/write_priv.h"

#include <stdio.h>

static void walk_by_tier(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "by_tier");
    for (int t = 0; t < CALC_TIERS; t++) {
        const char *word = calc_tier_word((enum calc_tier)t);

        if (t == CALC_NO_ENERGY || !(y->tier_kwh[t] > 0))
            continue;
        doc_row(d, word);
        doc_str(d, "tier", word);
        doc_num(d, "kwh", y->tier_kwh[t], DOC_KWH);
        doc_num(d, "measured_kwh", y->tier_measured_kwh[t], DOC_KWH);
        doc_num(d, "filled_kwh", y->tier_filled_kwh[t], DOC_KWH);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_by_month(struct doc *d, const struct rep_year *y)
{
    char label[32];

    doc_list(d, "by_month");
    for (size_t i = 0; i < y->n_operation; i++) {
        const struct rep_operation_row *r = &y->operation[i];

        snprintf(
                label, sizeof label, "%02d %s", r->month,
                calc_tier_word(r->tier));
        doc_row(d, label);
        doc_int(d, "month", r->month);
        doc_str(d, "tier", calc_tier_word(r->tier));
        doc_num(d, "it_kwh", r->it_kwh, DOC_KWH);
        doc_num(d, "infrastructure_kwh", r->infrastructure_kwh, DOC_KWH);
        doc_num(d, "location_kg", r->location_kg, DOC_KG);
        doc_num(d, "measured_kwh", r->measured_kwh, DOC_KWH);
        doc_num(d, "filled_kwh", r->filled_kwh, DOC_KWH);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_meters(struct doc *d, const struct rep_year *y)
{
    doc_obj(d, "meters");
    doc_count(d, "machines", y->metered_machines);
    doc_count(d, "estimated", y->estimated_machines);
    doc_num(d, "measured_kwh", y->measured_kwh, DOC_KWH);
    doc_num(d, "filled_kwh", y->filled_kwh, DOC_KWH);
    doc_num(d, "coverage", y->metered_coverage, DOC_ONE);
    doc_num(d, "outside_kwh", y->outside_kwh, DOC_KWH);
    doc_obj_end(d);
}

static void walk_series(struct doc *d, const struct rep_hourly_row *r)
{
    doc_row(d, r->site);
    doc_str(d, "site", r->site);
    doc_str(d, "zone", r->zone);
    doc_str(d, "kind", calc_grid_kind_word(r->kind));
    doc_str(d, "basis", r->basis);
    doc_str(d, "set", r->set);
    doc_str(d, "version", r->version);
    doc_str(d, "source", r->source);
    doc_count(d, "hours", r->hours);
    doc_count(d, "missing", r->missing);
    doc_int(d, "static_months", r->static_months);
    doc_num(d, "site_kwh", r->site_kwh, DOC_KWH);
    doc_num(d, "hourly_kg", r->hourly_kg, DOC_KG);
    doc_num(d, "g_per_kwh", r->g_per_kwh, DOC_G_PER_KWH);
    doc_num(d, "load_weighted_g_per_kwh", r->load_weighted_g_per_kwh,
            DOC_G_PER_KWH);
    doc_num(d, "year_g_per_kwh", r->year_g_per_kwh, DOC_G_PER_KWH);
    doc_num(d, "static_kg", r->static_kg, DOC_KG);
    doc_num(d, "level_kg", r->level_kg, DOC_KG);
    doc_num(d, "covariance_kg", r->covariance_kg, DOC_KG);
    doc_row_end(d);
}

static void walk_hourly(struct doc *d, const struct rep_year *y)
{
    char label[16];

    doc_num(d, "hourly_share", y->hourly_share, DOC_ONE);
    doc_list(d, "hourly");
    for (size_t i = 0; i < y->n_hourly; i++)
        walk_series(d, &y->hourly[i]);
    doc_list_end(d);
    doc_list(d, "hourly_months");
    for (int m = 0; y->n_hourly && m < 12; m++) {
        snprintf(label, sizeof label, "%02d", m + 1);
        doc_row(d, label);
        doc_int(d, "month", m + 1);
        doc_num(d, "hourly_kg", y->hourly_month_kg[m], DOC_KG);
        doc_row_end(d);
    }
    doc_list_end(d);
}

static void walk_contracts(struct doc *d, const struct rep_market_row *r)
{
    for (size_t i = 0; i < r->n_contracts; i++) {
        doc_row(d, r->site);
        doc_str(d, "site", r->site);
        doc_num(d, "mwh", r->contracts[i].mwh, DOC_NONE);
        doc_num(d, "g_per_kwh", r->contracts[i].g_per_kwh, DOC_G_PER_KWH);
        doc_str(d, "source", r->contracts[i].source);
        doc_row_end(d);
    }
}

static void walk_market(struct doc *d, const struct rep_year *y)
{
    doc_list(d, "market");
    for (size_t i = 0; i < y->n_market; i++) {
        const struct rep_market_row *r = &y->market[i];

        doc_row(d, r->site);
        doc_str(d, "site", r->site);
        doc_num(d, "site_kwh", r->site_kwh, DOC_KWH);
        doc_num(d, "contracts_kwh", r->contracts_kwh, DOC_KWH);
        doc_num(d, "contracts_used_kwh", r->contracts_used_kwh, DOC_KWH);
        doc_num(d, "contracts_g_per_kwh", r->contracts_g_per_kwh,
                DOC_G_PER_KWH);
        doc_num(d, "rest_kwh", r->rest_kwh, DOC_KWH);
        doc_num(d, "residual_g_per_kwh", r->residual_g_per_kwh, DOC_G_PER_KWH);
        doc_str(d, "residual_source", r->residual_source);
        doc_num(d, "market_kg", r->kg, DOC_KG);
        doc_row_end(d);
    }
    doc_list_end(d);
    doc_list(d, "contracts");
    for (size_t i = 0; i < y->n_market; i++)
        walk_contracts(d, &y->market[i]);
    doc_list_end(d);
}

static void walk_pue_months(struct doc *d, const struct rep_year *y)
{
    char label[240];

    doc_list(d, "pue_months");
    for (size_t i = 0; i < y->n_sites; i++) {
        const struct rep_site_row *r = &y->sites[i];

        for (int m = 0; r->pue_varies && m < 12; m++) {
            snprintf(label, sizeof label, "%.200s %02d", r->name, m + 1);
            doc_row(d, label);
            doc_str(d, "site", r->name);
            doc_int(d, "month", m + 1);
            doc_num(d, "pue", r->pue_month[m], DOC_ONE);
            doc_row_end(d);
        }
    }
    doc_list_end(d);
}

static void
q_or_null(struct doc *d, const char *key, struct calc_q q, enum doc_unit unit)
{
    if (isnan(q.value))
        doc_null(d, key);
    else
        doc_q(d, key, q, unit);
}

void walk_operation(struct doc *d, const struct rep_year *y)
{
    doc_obj(d, "operation");
    doc_q(d, "it_kwh", y->it_kwh, DOC_KWH);
    doc_q(d, "site_kwh", y->site_kwh, DOC_KWH);
    doc_q(d, "location_kg", y->location_kg, DOC_KG);
    q_or_null(d, "hourly_kg", y->hourly_kg, DOC_KG);
    q_or_null(d, "market_kg", y->market_kg, DOC_KG);
    doc_num(d, "coverage", y->energy_coverage, DOC_ONE);
    walk_by_tier(d, y);
    walk_by_month(d, y);
    walk_meters(d, y);
    walk_hourly(d, y);
    walk_market(d, y);
    walk_pue_months(d, y);
    doc_obj_end(d);
}
