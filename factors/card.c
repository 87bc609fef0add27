/* SPDX-License-Identifier: Apache-2.0
 * Graphics and accelerator cards by the parametric model [2.3]: the card of
 * the study, or one made of its die and the nearest cards of the study. */
#include "factors/assess_priv.h"

#include <string.h>

#include "base/text.h"

#define SAME_DIE_FRAC 0.005 /* tables round the same die differently */
#define SAME_TDP_W 0.5

enum form_class { FORM_PCIE, FORM_LOW, FORM_MODULE };

static enum form_class form_of(const char *form)
{
    if (!form || !*form || strcmp(form, "pcie") == 0)
        return FORM_PCIE;
    return strcmp(form, "pcie-lp") == 0 ? FORM_LOW : FORM_MODULE;
}

static bool has_hbm(const struct fac_gpu *g)
{
    return g->memory_type && strncmp(g->memory_type, "HBM", 3) == 0;
}

static bool same_die(const struct fac_gpu *a, const struct fac_gpu *b)
{
    return a->dies == 1 && b->dies == 1 && a->architecture && b->architecture &&
           text_same(a->architecture, b->architecture) &&
           fabs(a->die_mm2 - b->die_mm2) <= SAME_DIE_FRAC * b->die_mm2;
}

/* Distance of a listed card from the one wanted: watts, then memory family,
 * then memory size; earlier cards win ties. */
struct distance {
    double watts;
    bool other_memory;
    double gb;
};

static bool nearer(const struct distance *a, const struct distance *b)
{
    if (fabs(a->watts - b->watts) > SAME_TDP_W)
        return a->watts < b->watts;
    if (a->other_memory != b->other_memory)
        return b->other_memory;
    return a->gb < b->gb;
}

static double apart(double a, double b)
{
    return isnan(a) || isnan(b) ? 0 : fabs(a - b);
}

static const struct fac_card *
body_for(const struct fac_pack *p, const struct fac_gpu *gpu, double gb)
{
    enum form_class form = form_of(gpu->form);
    const struct fac_card *best = NULL;
    struct distance least = {0};

    for (size_t i = 0; i < p->n_cards; i++) {
        const struct fac_card *c = &p->cards[i];
        struct distance d;

        if (c->area_only || form_of(c->form) != form)
            continue;
        d.watts = apart(gpu->tdp_w, c->gpu->tdp_w);
        d.other_memory = has_hbm(gpu) != has_hbm(c->gpu);
        d.gb = apart(gb, c->card.vram_gb);
        if (!best || nearer(&d, &least)) {
            best = c;
            least = d;
        }
    }
    return best;
}

static const struct fac_card *
vram_for(const struct fac_pack *p, const struct fac_gpu *gpu, double gb)
{
    const struct fac_card *best = NULL;

    for (size_t i = 0; i < p->n_cards; i++) {
        const struct fac_card *c = &p->cards[i];

        if (c->area_only || has_hbm(gpu) != has_hbm(c->gpu))
            continue;
        if (!best || apart(gb, c->card.vram_gb) < apart(gb, best->card.vram_gb))
            best = c;
    }
    return best;
}

/* Effective area of all dies: that of a listed card of the same die, else by
 * the formula, which lies above six of the seven listed areas. */
static bool area_settle(
        const struct fac_pack *p, const struct fac_gpu *gpu, double die_mm2,
        struct fac_card_basis *out)
{
    double formula_mm2;
    int dies = gpu->dies > 0 ? gpu->dies : 1;

    for (size_t i = 0; i < p->n_cards && isnan(die_mm2); i++)
        if (same_die(gpu, p->cards[i].gpu)) {
            out->area = &p->cards[i];
            out->card.die_eff_mm2 = out->area->card.die_eff_mm2;
            return true;
        }
    if (isnan(die_mm2))
        die_mm2 = gpu->die_mm2;
    if (!(die_mm2 > 0))
        return false;
    formula_mm2 = dies * calc_effective_mm2(die_mm2 / dies);
    out->card.die_eff_mm2 = formula_mm2 / FAC_AREA_RATIO;
    out->die_high_mm2 = formula_mm2;
    return !isnan(formula_mm2);
}

bool fac_card_build(
        const struct fac_pack *p, const struct fac_gpu *gpu, double die_mm2,
        struct fac_card_basis *out)
{
    const struct fac_card *exact = isnan(die_mm2) ? fac_card_of(p, gpu) : NULL;
    double gb = gpu->memory_gb, sink_kg;

    *out = (struct fac_card_basis){.die_high_mm2 = NAN};
    out->gsd = has_hbm(gpu) ? FAC_CARD_HBM_GSD : FAC_CARD_GSD;
    if (exact && !exact->area_only) {
        out->card = exact->card;
        out->exact = exact;
        out->gsd = has_hbm(gpu) ? FAC_CARD_GSD : p->keys[FAC_K_GPU_DIE]->gsd;
        return true;
    }
    if (!area_settle(p, gpu, die_mm2, out))
        return false;
    out->body = body_for(p, gpu, gb);
    out->vram = vram_for(p, gpu, gb);
    if (!out->body || !out->vram || !(gb >= 0))
        return false;
    sink_kg = out->body->card.sink_kg;
    if (gpu->tdp_w > 0 && out->body->gpu->tdp_w > 0)
        sink_kg *= gpu->tdp_w / out->body->gpu->tdp_w;
    out->card.casing_kg = out->body->card.casing_kg;
    out->card.board_cm2 = out->body->card.board_cm2;
    out->card.sink_kg = sink_kg;
    out->card.mass_kg =
            out->body->card.mass_kg - out->body->card.sink_kg + sink_kg;
    out->card.vram_gb = gb;
    out->card.vram_dies = fmax(
            1, round(gb * out->vram->card.vram_dies / out->vram->card.vram_gb));
    out->card.boat_km = out->body->card.boat_km;
    out->card.truck_km = out->body->card.truck_km;
    out->card.plane_km = out->body->card.plane_km;
    return true;
}

/* No die is known: the mean of the study's cards, over their range. */
static void card_unknown(const struct fac_pack *p, struct fac_part *part)
{
    const struct fac_hot *h = p->hot;
    const struct fac_term *die = &h->key[FAC_K_GPU_DIE];
    struct calc_line *l = &part->unit;

    for (int c = 0; c < CALC_CRITERIA; c++)
        l->kg[c] = h->mean_card[c];
    part->done = FAC_DONE_GPU_NOTHING;
    fac_line_share(l, die->id, h->card.used * die->sd_frac);
    fac_line_share(
            l, h->done_id[FAC_DONE_GPU_NOTHING],
            h->card.used * sqrt(h->card.v * (1 + die->v)));
}

void fac_card_resolve(const struct fac_pack *p, struct fac_part *part)
{
    const struct fac_hot *h = p->hot;
    const struct fac_gpu *gpu = part->gpu;
    struct fac_card_basis basis;
    struct calc_gpu_split split;
    double v;

    if (!gpu || !fac_card_build(p, gpu, part->desc.die_mm2, &basis)) {
        card_unknown(p, part);
        return;
    }
    calc_gpu(&h->gpu, &basis.card, part->unit.kg, &split);
    v = calc_rel_var(log(basis.gsd));
    fac_line_share(
            &part->unit, gpu->shared_id, part->unit.kg[CALC_GWP] * sqrt(v));
    part->die_mm2 = part->die_lo_mm2 = part->die_hi_mm2 =
            basis.card.die_eff_mm2;
    if (isnan(basis.die_high_mm2))
        return;
    part->done = FAC_DONE_GPU_AREA;
    part->die_hi_mm2 = basis.die_high_mm2;
    fac_line_share(
            &part->unit, h->done_id[FAC_DONE_GPU_AREA],
            split.die_kg * sqrt(h->area_v * (1 + v)));
}
