/* SPDX-License-Identifier: Apache-2.0
 * One part as described, matched to its specification and counted once, so
 * that a unit only adds it up. */
#include "factors/assess_priv.h"

#include <string.h>

static void cpu_resolve(const struct fac_pack *p, struct fac_part *part)
{
    const struct fac_hot *h = p->hot;
    const struct fac_term *base = &h->key[FAC_K_CPU_BASE],
                          *die = &h->key[FAC_K_CPU_DIE];
    struct calc_affine f;
    struct fac_cpu_hit hit;
    double die_kg;

    fac_cpu_resolve(p, part->desc.model, part->desc.cores, &hit);
    part->match = hit.match;
    part->cpu = hit.cpu;
    part->ram_gen = hit.ram_gen;
    part->tdp_w = hit.tdp_w;
    part->cpu_year = hit.year;
    part->die_mm2 = hit.die_mm2;
    part->die_lo_mm2 = hit.lo_mm2;
    part->die_hi_mm2 = hit.hi_mm2;
    part->done = hit.done;
    if (part->desc.die_mm2 > 0) {
        part->die_mm2 = part->die_lo_mm2 = part->die_hi_mm2 =
                part->desc.die_mm2;
        part->done = -1;
    }
    for (int c = 0; c < CALC_CRITERIA; c++) {
        f.base[c] = base->kg[c];
        f.slope[c] = die->kg[c];
    }
    calc_affine_at(&f, part->die_mm2, 1, part->unit.kg);
    die_kg = die->kg[CALC_GWP] * part->die_mm2;
    fac_line_share(&part->unit, base->id, base->kg[CALC_GWP] * base->sd_frac);
    fac_line_share(&part->unit, die->id, die_kg * die->sd_frac);
    if (part->done >= 0) {
        double point = part->die_mm2;
        double s = calc_range_sigma(part->die_lo_mm2, part->die_hi_mm2, &point);

        fac_line_share(
                &part->unit, h->done_id[part->done],
                die_kg * sqrt(calc_rel_var(s) * (1 + die->v)));
    }
}

/* Modules and packages whose one die is CPU and GPU, and whose memory serves
 * both: gpu_spec counts them whole. */
static bool is_soc(const struct fac_gpu *gpu)
{
    return gpu->form &&
           (strcmp(gpu->form, "apu") == 0 || strcmp(gpu->form, "module") == 0);
}

static void gpu_resolve(const struct fac_pack *p, struct fac_part *part)
{
    part->gpu = fac_gpu_find(
            p, part->desc.model, part->desc.gpu_memory_gb, &part->match);
    if (part->gpu) {
        part->tdp_w = part->gpu->tdp_w;
        part->soc = is_soc(part->gpu);
    }
    fac_card_resolve(p, part);
}

static void hdd_resolve(const struct fac_pack *p, struct fac_part *part)
{
    const struct fac_term *t = &p->hot->key[FAC_K_HDD];

    for (int c = 0; c < CALC_CRITERIA; c++)
        part->unit.kg[c] = t->kg[c];
    fac_line_share(&part->unit, t->id, t->kg[CALC_GWP] * t->sd_frac);
}

void fac_part_resolve(
        const struct fac_pack *p, const struct fac_part_desc *desc,
        struct fac_part *out)
{
    *out = (struct fac_part){
            .desc = *desc,
            .match = FAC_NO_MATCH,
            .die_mm2 = NAN,
            .die_lo_mm2 = NAN,
            .die_hi_mm2 = NAN,
            .done = -1,
            .tdp_w = NAN,
            .unit = {.kind = desc->kind},
    };
    if (desc->kind == CALC_CPU)
        cpu_resolve(p, out);
    else if (desc->kind == CALC_GPU)
        gpu_resolve(p, out);
    else if (desc->kind == CALC_HDD)
        hdd_resolve(p, out);
    else if (desc->kind == CALC_RAM)
        out->ram_gen = fac_ram_gen_of(desc->model, 0);
    out->desc.model = NULL;
}
