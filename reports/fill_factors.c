/* SPDX-License-Identifier: Apache-2.0
 * Why the gross figure: which factor stands behind how many kilograms. A
 * factor's kilograms follow from the deviation that it shares over all lines;
 * what has no factor row is named by where it comes from. */
#include "reports/reports_priv.h"

enum { OTHER_ROWS = 4 };

static double
factor_kg(const struct calc_total *gross, const struct fac_factor *f)
{
    double sd_frac = sqrt(calc_rel_var(log(f->gsd)));

    if (f->shared_id < 0 || (size_t)f->shared_id >= gross->n || !(sd_frac > 0))
        return 0;
    return gross->sd_kg[f->shared_id] / sd_frac;
}

static void row_add(struct rep_year *y, const struct rep_factor_use *row)
{
    size_t at = y->n_factors++;

    while (at > 0 && y->factors[at - 1].kg < row->kg) {
        y->factors[at] = y->factors[at - 1];
        at--;
    }
    y->factors[at] = *row;
}

static double factor_rows(
        struct rep_year *y, const struct rep_sums *s,
        const struct calc_total *gross)
{
    const struct fac_factor *all;
    size_t n = fac_factors(s->frame->pack, &all);
    double sum_kg = 0;

    y->factors = arena_alloc(y->arena, (n + OTHER_ROWS) * sizeof *y->factors);
    for (size_t i = 0; i < n; i++) {
        const struct fac_factor *f = &all[i];
        double kg = factor_kg(gross, f);

        if (!(fabs(kg) > 0))
            continue;
        sum_kg += kg;
        row_add(y, &(struct rep_factor_use){
                           .name = arena_str(y->arena, f->key),
                           .set = arena_str(y->arena, f->set->id),
                           .version = arena_str(y->arena, f->set->version),
                           .source = arena_str(y->arena, f->source),
                           .unit = arena_str(y->arena, f->unit),
                           .value = f->value[CALC_GWP],
                           .quantity = kg / f->value[CALC_GWP],
                           .kg = kg,
                           .gsd = f->gsd});
    }
    return sum_kg;
}

static void other_row(
        struct rep_year *y, const char *name, const struct fac_set *set,
        double kg)
{
    if (!(fabs(kg) > 1e-9 * fabs(y->gross_kg.value)))
        return;
    row_add(y,
            &(struct rep_factor_use){
                    .name = name,
                    .set = set ? arena_str(y->arena, set->id) : NULL,
                    .version = set ? arena_str(y->arena, set->version) : NULL,
                    .source = set ? arena_str(y->arena, set->source) : NULL,
                    .value = NAN,
                    .quantity = NAN,
                    .kg = kg,
                    .gsd = NAN});
}

void rep_fill_factors(struct rep_year *y, struct rep_sums *s)
{
    struct calc_total gross = {0};
    double rest_kg;

    for (int k = 0; k < CALC_KINDS; k++)
        calc_total_merge(&gross, &s->kinds[k]);
    rest_kg = gross.kg - factor_rows(y, s, &gross);
    other_row(y, "graphics cards", s->sets[CALC_C], s->origin_kg[REP_CARDS]);
    other_row(
            y, "category averages", s->sets[CALC_B],
            s->origin_kg[REP_AVERAGES]);
    other_row(y, "stated by the user", NULL, s->origin_kg[REP_STATED]);
    rest_kg -= s->origin_kg[REP_CARDS] + s->origin_kg[REP_AVERAGES] +
               s->origin_kg[REP_STATED];
    /* The sheets less what was corrected, which stands with its factors. */
    other_row(y, "makers' product footprints", s->sets[CALC_A], rest_kg);
    calc_total_clear(&gross);
}
