/* SPDX-License-Identifier: Apache-2.0
 * Operation by what the sites buy [5.4]: contracts first, the rest at the
 * residual mix. */
#include <stdlib.h>

#include "reports/reports_priv.h"

enum { KWH_PER_MWH = 1000 };

struct market {
    const struct rep_frame *f;
    int year;
    struct calc_total kg;
    bool any;
};

/* Contracts of the year; a running year has as much of them as it has days. */
static void row_contracts(
        const struct market *k, struct rep_year *y, int64_t site,
        struct rep_market_row *row)
{
    const struct en_site_power *s = &k->f->site_power;

    row->contracts = arena_alloc(
            y->arena, (s->n_instruments + 1) * sizeof *row->contracts);
    row->residual_g_per_kwh = NAN;
    for (size_t i = 0; i < s->n_instruments; i++) {
        const struct en_instrument *in = &s->instruments[i];

        if (in->site_id != site || in->year != k->year)
            continue;
        if (!in->id) {
            row->residual_g_per_kwh = in->g_per_kwh;
            row->residual_source = arena_str(y->arena, in->source);
            continue;
        }
        row->contracts[row->n_contracts++] = (struct rep_contract){
                in->mwh, in->g_per_kwh, arena_str(y->arena, in->source)};
        row->contracts_kwh += in->mwh * KWH_PER_MWH * k->f->year_frac;
    }
}

static void row_sum(const struct market *k, struct rep_market_row *row)
{
    struct calc_instrument *in = xcalloc(row->n_contracts + 1, sizeof *in);
    double grams = 0;

    for (size_t i = 0; i < row->n_contracts; i++) {
        in[i] = (struct calc_instrument){
                row->contracts[i].mwh * KWH_PER_MWH * k->f->year_frac,
                row->contracts[i].g_per_kwh};
        grams += in[i].kwh * in[i].g_per_kwh;
    }
    row->contracts_g_per_kwh =
            row->contracts_kwh > 0 ? grams / row->contracts_kwh : NAN;
    row->contracts_used_kwh = fmin(row->contracts_kwh, row->site_kwh);
    row->rest_kwh = row->site_kwh - row->contracts_used_kwh;
    row->kg = calc_market_kg(
            row->site_kwh, in, row->n_contracts, row->residual_g_per_kwh);
    free(in);
}

/* A kWh more or less is one at the residual mix, or where contracts are scaled
 * down to the use, one of theirs. */
static void total_add(
        struct market *k, size_t place, const struct rep_sums *s,
        const struct rep_market_row *row)
{
    const struct rep_place *p = &k->f->places[place];
    double g = row->rest_kwh > 0 ? row->residual_g_per_kwh
                                 : row->contracts_g_per_kwh;
    double before = k->kg.kg;

    if (isnan(row->kg)) {
        k->kg.kg = NAN;
        return;
    }
    rep_place_total(
            &k->kg, k->f, p, s->places[place], calc_operation_kg(1, g),
            p->factor, row->rest_kwh > 0 ? log(CALC_GRID_GSD) : 0);
    k->kg.kg = before + row->kg;
}

void rep_fill_market(struct rep_year *y, struct rep_sums *s)
{
    const struct rep_frame *f = s->frame;
    struct market k = {.f = f, .year = rep_frame_year(f)};

    for (size_t i = 0; i < f->site_power.n_instruments; i++)
        k.any = k.any || f->site_power.instruments[i].year == k.year;
    if (!k.any)
        return;
    y->market = arena_alloc(y->arena, f->n_places * sizeof *y->market);
    for (size_t i = 0; i < f->n_places; i++) {
        const struct rep_place *p = &f->places[i];
        struct rep_market_row row = {.kg = NAN};

        if (!s->places[i])
            continue;
        row.site_kwh = rep_place_site_kwh(p, s->places[i]);
        if (!(row.site_kwh > 0))
            continue;
        row.site = arena_str(y->arena, p->site ? p->site->name : "(none)");
        row_contracts(&k, y, p->site ? p->site->id : 0, &row);
        row_sum(&k, &row);
        total_add(&k, i, s, &row);
        y->market[y->n_market++] = row;
    }
    if (y->n_market)
        y->market_kg = calc_total_q(&k.kg);
    calc_total_clear(&k.kg);
}
