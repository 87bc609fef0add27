/* SPDX-License-Identifier: Apache-2.0
 * The constants of the assessment, worked out once per pack so that a unit
 * costs additions and few roots. */
#include "factors/assess_priv.h"

#include "base/mem.h"

/* [D] Ranges of the published dies that modules of a generation were made of:
 * 30 to 25 nm, 25 to 20 nm, 20 to 18 nm. */
static const double gen_range[FAC_RAM_GENS][2] = {
        [FAC_DDR3] = {0.625, 1.25},
        [FAC_DDR4_EARLY] = {1.0, 1.75},
        [FAC_DDR4_LATE_OR_5] = {1.75, 2.375},
};

static double sd_of_gsd(double gsd)
{
    return sqrt(calc_rel_var(log(gsd)));
}

static struct fac_range range_at(double point, double low, double high)
{
    double s = calc_range_sigma(low, high, &point);

    return (struct fac_range){point, low, high, calc_rel_var(s)};
}

static struct fac_term term_of(const struct fac_factor *f)
{
    struct fac_term t = {.dqr = f->dqr, .id = f->shared_id, .row = f};

    for (int c = 0; c < CALC_CRITERIA; c++)
        t.kg[c] = f->value[c];
    t.v = calc_rel_var(log(f->gsd));
    t.sd_frac = sqrt(t.v);
    return t;
}

static void terms_build(const struct fac_pack *p, struct fac_hot *h)
{
    for (int k = 0; k < FAC_KEYS; k++)
        h->key[k] = term_of(p->keys[k]);
    for (int d = 0; d < FAC_DONES; d++)
        h->done_id[d] = fac_id_done(p, (enum fac_done)d);
}

static struct fac_range
published(const struct fac_pack *p, enum calc_kind kind, double point)
{
    double low = point, high = point;

    for (size_t i = 0; i < p->n_densities; i++) {
        const struct fac_density *d = &p->densities[i];

        if (d->kind != kind)
            continue;
        low = fmin(low, d->gb_per_cm2);
        high = fmax(high, d->gb_per_cm2);
    }
    return range_at(point, low, high);
}

static void completed_sds(struct fac_hot *h)
{
    double ram = 1 + h->key[FAC_K_RAM_DIE].v, ssd = 1 + h->key[FAC_K_SSD_DIE].v;

    for (int g = 0; g < FAC_RAM_GENS; g++)
        h->ram_density_sd[g] = sqrt(h->ram_density[g].v * ram);
    h->ssd_density_sd = sqrt(h->ssd_density.v * ssd);
    h->ssd_size_sd = sqrt(h->ssd_size.v * (1 + h->ssd_density.v) * ssd);
}

static void ranges_build(const struct fac_pack *p, struct fac_hot *h)
{
    h->ram_density[FAC_RAM_UNKNOWN] =
            published(p, CALC_RAM, fac_ram_density(FAC_RAM_UNKNOWN));
    for (int g = FAC_RAM_UNKNOWN + 1; g < FAC_RAM_GENS; g++)
        h->ram_density[g] = range_at(
                fac_ram_density((enum fac_ram_gen)g), gen_range[g][0],
                gen_range[g][1]);
    h->ssd_density = published(p, CALC_SSD, FAC_SSD_DENSITY);
    h->ssd_size = range_at(FAC_SSD_GB, FAC_SSD_LOW_GB, FAC_SSD_HIGH_GB);
    h->psu_mass = range_at(FAC_PSU_KG, FAC_PSU_LOW_KG, FAC_PSU_HIGH_KG);
    /* [D] The method gives no range for these counts: one or two. A portable
     * or desktop machine has one of each. */
    h->psu_two = h->cpu_two = range_at(2, 1, 2);
    h->psu_one = h->cpu_one = range_at(1, 1, 2);
    h->other_case = range_at(NAN, FAC_CASE_LOW_KG, FAC_CASE_HIGH_KG);
    h->server_case = range_at(
            h->key[FAC_K_RACK].kg[CALC_GWP], FAC_CASE_LOW_KG, FAC_CASE_HIGH_KG);
    h->any_die = range_at(
            fac_cpu_line_mm2(p, FAC_CORES_UNKNOWN), p->die_min_mm2,
            p->die_max_mm2);
    h->area_v = range_at(1, 1, FAC_AREA_RATIO).v;
    completed_sds(h);
}

static void cards_build(const struct fac_pack *p, struct fac_hot *h)
{
    double low = INFINITY, high = 0;
    int n = 0;

    for (int c = 0; c < CALC_CRITERIA; c++) {
        h->gpu.casing[c] = h->key[FAC_K_GPU_CASING].kg[c];
        h->gpu.sink[c] = h->key[FAC_K_GPU_SINK].kg[c];
        h->gpu.board[c] = h->key[FAC_K_GPU_BOARD].kg[c];
        h->gpu.die[c] = h->key[FAC_K_GPU_DIE].kg[c];
        h->gpu.vram[c] = h->key[FAC_K_GPU_VRAM].kg[c];
        h->gpu.upstream[c] = h->key[FAC_K_GPU_UPSTREAM].kg[c];
        h->gpu.boat[c] = h->key[FAC_K_GPU_BOAT].kg[c];
        h->gpu.truck[c] = h->key[FAC_K_GPU_TRUCK].kg[c];
        h->gpu.plane[c] = h->key[FAC_K_GPU_PLANE].kg[c];
        h->gpu.end_of_life[c] = h->key[FAC_K_GPU_EOL].kg[c];
    }
    for (size_t i = 0; i < p->n_cards; i++) {
        double kg[CALC_CRITERIA];

        if (p->cards[i].area_only)
            continue;
        calc_gpu(&h->gpu, &p->cards[i].card, kg, NULL);
        low = fmin(low, kg[CALC_GWP]);
        high = fmax(high, kg[CALC_GWP]);
        n++;
        for (int c = 0; c < CALC_CRITERIA; c++)
            h->mean_card[c] += kg[c];
    }
    for (int c = 0; c < CALC_CRITERIA; c++)
        h->mean_card[c] = n ? h->mean_card[c] / n : NAN;
    h->card = range_at(h->mean_card[CALC_GWP], low, high);
}

/* [D] Categories without an average of their own take that of the nearest. */
static enum calc_category stands_in(enum calc_category c)
{
    switch (c) {
    case CALC_GPU_NODE:
    case CALC_STORAGE:
        return CALC_SERVER;
    case CALC_WORKSTATION:
        return CALC_DESKTOP;
    default:
        return c;
    }
}

static struct fac_spread spread_of(const struct fac_average *a)
{
    double set = log(a->set_gsd), model = log(a->model_gsd);
    double unknown = log(FAC_UNKNOWN_GSD), v_set = calc_rel_var(set);
    struct fac_spread s;

    s.set_sd_frac = sqrt(v_set);
    s.model_sd_frac = sqrt(calc_rel_var(model) * (1 + v_set));
    s.sigma = hypot(set, model);
    /* The 2.0 of an unknown model is the whole spread, the set's level
     * within it. */
    s.unknown_sigma = fmax(unknown, s.sigma);
    s.unknown_sd_frac = sqrt(calc_rel_var(s.unknown_sigma) - v_set);
    return s;
}

static void averages_build(const struct fac_pack *p, struct fac_hot *h)
{
    for (int o = 0; o < FAC_ORIGINS; o++)
        for (int c = 0; c < CALC_CATEGORIES; c++) {
            const struct fac_average *a = p->average[o][c];

            if (!a)
                a = p->average[o][stands_in((enum calc_category)c)];
            h->average[o][c] = a;
            if (a)
                h->spread[o][c] = spread_of(a);
        }
}

void fac_hot_build(struct fac_pack *p)
{
    struct fac_hot *h = arena_alloc(&p->text, sizeof *h);

    terms_build(p, h);
    ranges_build(p, h);
    cards_build(p, h);
    averages_build(p, h);
    fac_act_build(p, &h->act);
    h->sheets = arena_alloc(&p->text, (p->n_pcfs + 1) * sizeof *h->sheets);
    h->sheet_sd_frac =
            arena_alloc(&p->text, (p->n_pcfs + 1) * sizeof *h->sheet_sd_frac);
    for (size_t i = 0; i < p->n_pcfs; i++) {
        const struct fac_pcf *pcf = &p->pcfs[i];
        double err = pcf->err_frac > 0 ? pcf->err_frac : FAC_SHEET_ERR;

        fac_sheet_read(pcf->disk, pcf->memory, &h->sheets[i]);
        h->sheet_sd_frac[i] = sd_of_gsd(calc_gsd_of_rel_sd(err));
    }
    p->hot = h;
}
