/* SPDX-License-Identifier: Apache-2.0
 * From the sums to the operation half of the yearly document, and to the
 * totals and ratios that need both halves. */
#include "reports/reports_priv.h"

/* Ids of what amounts of energy share, within the totals of this file. */
enum { SHARED_LOAD = CALC_TIERS, SHARED_GRID };

static double place_kwh(const struct rep_place_sum *p, int tier, int month)
{
    return calc_uj_to_kwh(p->uj[tier][month]);
}

double rep_place_tier_kwh(const struct rep_place_sum *p, int tier)
{
    num_i128 uj = 0;

    for (int m = 0; m < REP_MONTHS; m++)
        uj += p->uj[tier][m];
    return calc_uj_to_kwh(uj);
}

static double
site_kwh(const struct rep_place *at, const struct rep_place_sum *p, int tier)
{
    double kwh = 0;

    if (!at->pue_varies)
        return rep_place_tier_kwh(p, tier) * at->pue;
    for (int m = 0; m < REP_MONTHS; m++)
        kwh += place_kwh(p, tier, m) * at->pue_month[m];
    return kwh;
}

double
rep_place_site_kwh(const struct rep_place *at, const struct rep_place_sum *p)
{
    double kwh = 0;

    for (int tier = 0; tier < CALC_NO_ENERGY; tier++)
        kwh += site_kwh(at, p, tier);
    return kwh;
}

struct amounts { /* of one place: IT or site */
    double kwh[CALC_TIERS], load_sd_kwh, spread_kwh;
};

/* Adds the energy of one place, each kWh counting `weight`, to t: readings of
 * one tier err together, and so do all assumed loads; with grid_v > 0 the grid
 * factor's error comes on top. A product's relative variances are
 * (1 + v1)(1 + v2) - 1 [11.3]. */
static void total_add(
        struct calc_total *t, const struct rep_frame *f,
        const struct amounts *a, double weight, int factor, double grid_sigma)
{
    for (int tier = 0; tier < CALC_NO_ENERGY; tier++) {
        double amount = a->kwh[tier] * weight;

        if (amount > 0)
            calc_total_add_kg(
                    t, amount, 0, tier, amount * sqrt(f->tier_v[tier]));
    }
    calc_total_add_kg(t, 0, 0, SHARED_LOAD, a->load_sd_kwh * weight);
    if (grid_sigma > 0)
        calc_total_add_kg(
                t, 0, 0, SHARED_GRID + factor,
                a->spread_kwh * weight * sqrt(calc_rel_var(grid_sigma)));
}

void rep_place_total(
        struct calc_total *t, const struct rep_frame *f,
        const struct rep_place *at, const struct rep_place_sum *p,
        double weight, int factor, double grid_sigma)
{
    struct amounts a = {
            .load_sd_kwh = p->load_sd_dc_kwh, .spread_kwh = p->spread_dc_kwh};

    for (int tier = 0; tier < CALC_NO_ENERGY; tier++)
        a.kwh[tier] = site_kwh(at, p, tier);
    total_add(t, f, &a, weight, factor, grid_sigma);
}

/* The equipment alone. */
static void
it_add(struct calc_total *t, const struct rep_frame *f,
       const struct rep_place_sum *p)
{
    struct amounts a = {
            .load_sd_kwh = p->load_sd_kwh, .spread_kwh = p->spread_kwh};

    for (int tier = 0; tier < CALC_NO_ENERGY; tier++)
        a.kwh[tier] = rep_place_tier_kwh(p, tier);
    total_add(t, f, &a, 1, 0, 0);
}

static bool has_energy(const struct rep_place_sum *p)
{
    for (int tier = 0; p && tier < CALC_NO_ENERGY; tier++)
        if (rep_place_tier_kwh(p, tier) > 0)
            return true;
    return false;
}

/* What was measured and filled of it, where anything was. */
static void
split_add(const struct rep_place_sum *p, int tier, int m, num_i128 split[2])
{
    if (!p->hours)
        return;
    split[0] += p->hours->measured_uj[tier][m];
    split[1] += p->hours->filled_uj[tier][m];
}

static struct rep_operation_row
row_of(const struct rep_sums *s, int tier, int m, num_i128 *uj,
       num_i128 split[2])
{
    const struct rep_frame *f = s->frame;
    struct rep_operation_row row = {
            .tier = (enum calc_tier)tier, .month = m + 1};

    for (size_t i = 0; i < f->n_places; i++) {
        const struct rep_place *at = &f->places[i];
        const struct rep_place_sum *p = s->places[i];
        double kwh = p ? place_kwh(p, tier, m) : 0;

        if (!(kwh > 0))
            continue;
        *uj += p->uj[tier][m];
        split_add(p, tier, m, split);
        row.infrastructure_kwh += kwh * (at->pue_month[m] - 1);
        row.location_kg +=
                calc_operation_kg(kwh * at->pue_month[m], at->grid.g_per_kwh);
    }
    row.it_kwh = calc_uj_to_kwh(*uj);
    row.measured_kwh = calc_uj_to_kwh(split[0]);
    row.filled_kwh = calc_uj_to_kwh(split[1]);
    return row;
}

static void fill_rows(struct rep_year *y, const struct rep_sums *s)
{
    y->operation = arena_alloc(
            y->arena, CALC_TIERS * REP_MONTHS * sizeof *y->operation);
    for (int tier = 0; tier < CALC_NO_ENERGY; tier++) {
        num_i128 all = 0, splits[2] = {0};

        for (int m = 0; m < REP_MONTHS; m++) {
            num_i128 uj = 0, split[2] = {0};
            struct rep_operation_row row = row_of(s, tier, m, &uj, split);

            all += uj;
            splits[0] += split[0];
            splits[1] += split[1];
            if (uj > 0)
                y->operation[y->n_operation++] = row;
        }
        y->tier_kwh[tier] = calc_uj_to_kwh(all);
        y->tier_measured_kwh[tier] = calc_uj_to_kwh(splits[0]);
        y->tier_filled_kwh[tier] = calc_uj_to_kwh(splits[1]);
    }
}

static void fill_metering(struct rep_year *y, const struct rep_sums *s)
{
    const struct rep_metering *m = &s->metering;
    num_i128 seconds = m->covered_s + m->gap_s;

    y->metered_machines = m->machines;
    y->estimated_machines = m->estimated;
    y->measured_kwh = calc_uj_to_kwh(m->measured_uj);
    y->filled_kwh = calc_uj_to_kwh(m->filled_uj);
    y->metered_coverage =
            seconds > 0 ? (double)m->covered_s / (double)seconds : NAN;
    y->outside_kwh = m->outside_j / 3.6e6;
}

static void fill_sites(struct rep_year *y, const struct rep_sums *s)
{
    const struct rep_frame *f = s->frame;

    y->sites = arena_alloc(y->arena, f->n_places * sizeof *y->sites);
    for (size_t i = 0; i < f->n_places; i++) {
        const struct rep_place *at = &f->places[i];
        const struct rep_place_sum *p = s->places[i];
        struct rep_site_row *row;

        if (!p)
            continue;
        row = &y->sites[y->n_sites++];
        *row = (struct rep_site_row){
                .name = arena_str(
                        y->arena, at->site ? at->site->name : "(none)"),
                .country = arena_str(
                        y->arena, at->site ? at->site->country : NULL),
                .timezone = arena_str(
                        y->arena, at->site ? at->site->timezone : "UTC"),
                .note = arena_str(y->arena, at->site ? at->site->note : NULL),
                .pue = at->pue,
                .pue_stated = at->pue_stated,
                .grid = rep_grid_copy(y->arena, &at->grid),
                .life_cycle = rep_grid_copy(y->arena, &at->life_cycle),
                .machines = p->machines,
                .gross_kg = p->gross_kg,
        };
        for (int tier = 0; tier < CALC_NO_ENERGY; tier++)
            row->it_kwh += rep_place_tier_kwh(p, tier);
        row->site_kwh = at->pue_varies ? rep_place_site_kwh(at, p)
                                       : row->it_kwh * at->pue;
        row->pue_varies = at->pue_varies;
        for (int m = 0; m < REP_MONTHS; m++)
            row->pue_month[m] = at->pue_month[m];
        if (at->pue_varies && row->it_kwh > 0)
            row->pue = row->site_kwh / row->it_kwh;
        row->location_kg =
                row->it_kwh > 0
                        ? calc_operation_kg(row->site_kwh, at->grid.g_per_kwh)
                        : 0;
    }
}

struct use { /* totals of the operation, with what their errors share */
    struct calc_total it, site, location, life_cycle;
};

static void use_sum(struct use *t, const struct rep_sums *s)
{
    const struct rep_frame *f = s->frame;

    *t = (struct use){0};
    for (size_t i = 0; i < f->n_places; i++) {
        const struct rep_place *at = &f->places[i];
        const struct rep_place_sum *p = s->places[i];

        if (!has_energy(p))
            continue;
        it_add(&t->it, f, p);
        rep_place_total(&t->site, f, at, p, 1, 0, 0);
        rep_place_total(
                &t->location, f, at, p,
                calc_operation_kg(1, at->grid.g_per_kwh), at->factor,
                at->grid.sigma);
        rep_place_total(
                &t->life_cycle, f, at, p,
                calc_operation_kg(1, at->life_cycle.g_per_kwh),
                at->life_cycle_factor, at->life_cycle.sigma);
        /* An unknown factor makes the sum unknown, never smaller. */
        if (isnan(at->grid.g_per_kwh))
            t->location.kg = NAN;
        if (isnan(at->life_cycle.g_per_kwh))
            t->life_cycle.kg = NAN;
    }
}

static void use_clear(struct use *t)
{
    calc_total_clear(&t->it);
    calc_total_clear(&t->site);
    calc_total_clear(&t->location);
    calc_total_clear(&t->life_cycle);
}

/* The places whose grid the ratios rest on: those that used energy, else those
 * with machines. */
static bool matters(const struct rep_sums *s, size_t place, bool any_energy)
{
    const struct rep_place_sum *p = s->places[place];

    return any_energy ? has_energy(p) : p && p->machines;
}

static void
fill_grid(struct rep_year *y, const struct rep_sums *s, const struct use *t)
{
    const struct rep_frame *f = s->frame;
    bool first = true, any = t->it.kg > 0, several = false;

    y->grid_kind = CALC_UNSTATED;
    y->life_cycle_source = NULL;
    for (size_t i = 0; i < f->n_places; i++) {
        const struct rep_place *at = &f->places[i];

        if (!matters(s, i, any))
            continue;
        if (first) {
            y->grid_kind = at->grid.kind;
            y->grid_g_per_kwh = at->grid.g_per_kwh;
            y->life_cycle_g_per_kwh = at->life_cycle.g_per_kwh;
            y->life_cycle_year = at->life_cycle.year;
            y->life_cycle_source = arena_str(y->arena, at->life_cycle.source);
        }
        y->grid_mixed = y->grid_mixed || at->grid.kind != y->grid_kind;
        several = several || at->life_cycle.year != y->life_cycle_year;
        first = false;
    }
    if (y->grid_mixed)
        y->grid_kind = CALC_UNSTATED;
    if (several)
        y->life_cycle_year = 0;
    if (any) {
        y->grid_g_per_kwh = t->location.kg / t->site.kg * 1000;
        y->life_cycle_g_per_kwh = t->life_cycle.kg / t->site.kg * 1000;
    }
}

/* Sum of an amount of fabrication and one of operation; their errors have
 * nothing in common. */
static struct calc_q
both(const struct calc_total *made, const struct calc_total *ran)
{
    double kg = made->kg + ran->kg;
    double var = calc_total_var(made) + calc_total_var(ran);

    if (isnan(kg))
        return CALC_Q_UNKNOWN;
    if (!(fabs(kg) > 0))
        return (struct calc_q){0, 0, 0};
    return calc_interval(kg, calc_sigma_of_rel_var(var / kg / kg));
}

static struct calc_q years_of(
        const struct calc_total *made, const struct calc_total *ran,
        double year_frac)
{
    return calc_ratio(
            made->kg, calc_total_sigma(made), ran->kg / year_frac,
            calc_total_sigma(ran));
}

/* Ratios are against a whole year of operation: a running year counts as much
 * as its days so far make of it. */
static void
fill_totals(struct rep_year *y, struct rep_sums *s, const struct use *t)
{
    double year_frac = s->frame->year_frac, sum_kg;
    struct calc_total gross = {0}, spent = {0};

    for (int k = 0; k < CALC_KINDS; k++)
        calc_total_merge(&gross, &s->kinds[k]);
    calc_total_merge(&spent, &s->charge);
    calc_total_merge(&spent, &s->writeoff);
    y->gross_years = years_of(&gross, &t->location, year_frac);
    y->own_years = years_of(&s->own, &t->location, year_frac);
    y->gross_years_life_cycle = years_of(&gross, &t->life_cycle, year_frac);
    sum_kg = s->charge.kg + y->location_kg.value;
    y->fabrication_share = sum_kg > 0 ? s->charge.kg / sum_kg : NAN;
    y->amortised_total_kg = both(&spent, &t->location);
    y->acquisition_total_kg = both(&s->acquisition, &t->location);
    calc_total_clear(&gross);
    calc_total_clear(&spent);
}

bool rep_fill_operation(struct rep_year *y, struct rep_sums *s, struct err *err)
{
    struct use t;
    bool ok;

    use_sum(&t, s);
    fill_rows(y, s);
    fill_sites(y, s);
    fill_metering(y, s);
    if (s->running_s > 0 && s->covered_s == 0 && !(t.it.kg > 0))
        t.it.kg = t.site.kg = t.location.kg = t.life_cycle.kg = NAN;
    y->energy_coverage = s->running_s > 0
                                 ? (double)s->covered_s / (double)s->running_s
                                 : NAN;
    y->it_kwh = calc_total_q(&t.it);
    y->site_kwh = calc_total_q(&t.site);
    y->location_kg = calc_total_q(&t.location);
    /* The sum of exact microjoules, not of rounded kWh by tier and place. */
    if (t.it.kg > 0)
        y->it_kwh.value = calc_uj_to_kwh(s->uj);
    fill_grid(y, s, &t);
    fill_totals(y, s, &t);
    use_clear(&t);
    ok = rep_fill_hours(y, s, err);
    if (ok)
        rep_fill_market(y, s);
    return ok;
}
