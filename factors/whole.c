/* SPDX-License-Identifier: Apache-2.0
 * Approaches A and B: the sheet that fits a unit, what separates the unit from
 * it, and the average of its category. */
#include "factors/assess_priv.h"

bool fac_model_known(const struct fac_unit *u)
{
    return u->product && u->product->name && u->product->name[0];
}

const struct fac_pcf *fac_sheet_of(const struct fac_unit *u)
{
    const struct fac_product *product = u->product;

    if (!product || !product->pcf || product->score < FAC_EXACT_SCORE ||
        !(product->pcf->nonuse_kg > 0))
        return NULL;
    return product->pcf;
}

static struct fac_amounts
less(const struct fac_amounts *real, const struct fac_amounts *sheet)
{
    struct fac_amounts d = *real;

    d.base -= sheet->base;
    d.slope -= sheet->slope;
    for (int i = 0; i < 2; i++)
        d.rule_sd_kg[i] -= sheet->rule_sd_kg[i];
    return d;
}

static void correct_add(struct fac_correction *c, const struct calc_line *line)
{
    if (!(fabs(line->kg[CALC_GWP]) > 0))
        return;
    c->kg += line->kg[CALC_GWP];
    c->lines[c->n++] = *line;
}

static void ram_correct(
        const struct fac_hot *h, const struct fac_unit *u,
        const struct fac_survey *s, const struct fac_sheet *sheet,
        struct fac_correction *out)
{
    struct fac_modules m = {0};
    struct fac_amounts real, sold, d;
    struct calc_line line;

    if (!sheet->ram_known || !s->ram_known || s->soc)
        return;
    fac_modules_add_total(&m, sheet->ram_gb, fac_module_gib(u), s->gen);
    real = fac_ram_amounts(h, &s->ram);
    sold = fac_ram_amounts(h, &m);
    d = less(&real, &sold);
    fac_line_of(h, CALC_RAM, FAC_K_RAM_BASE, FAC_K_RAM_DIE, &d, &line);
    correct_add(out, &line);
}

static void ssd_correct(
        const struct fac_hot *h, const struct fac_survey *s,
        const struct fac_sheet *sheet, struct fac_correction *out)
{
    struct fac_flash f = {
            .n = sheet->n_ssd,
            .gb = sheet->ssd_gb,
            .unsized = sheet->ssd_unsized,
    };
    struct fac_amounts real = fac_ssd_amounts(h, &s->ssd),
                       sold = fac_ssd_amounts(h, &f), d = less(&real, &sold);
    struct calc_line line;

    fac_line_of(h, CALC_SSD, FAC_K_SSD_BASE, FAC_K_SSD_DIE, &d, &line);
    correct_add(out, &line);
}

static void hdd_correct(
        const struct fac_hot *h, const struct fac_survey *s,
        const struct fac_sheet *sheet, struct fac_correction *out)
{
    const struct fac_term *t = &h->key[FAC_K_HDD];
    double n = s->n_hdd - sheet->n_hdd;
    struct calc_line line = {.kind = CALC_HDD};

    for (int c = 0; c < CALC_CRITERIA; c++)
        line.kg[c] = n * t->kg[c];
    fac_line_share(&line, t->id, n * t->kg[CALC_GWP] * t->sd_frac);
    correct_add(out, &line);
}

void fac_correct(
        const struct fac_pack *p, const struct fac_unit *u,
        const struct fac_survey *s, struct fac_correction *out)
{
    const struct fac_pcf *pcf = fac_sheet_of(u);
    const struct fac_sheet *sheet;

    out->n = 0;
    out->kg = 0;
    if (!pcf || !calc_is_computer(u->category))
        return;
    sheet = &p->hot->sheets[pcf - p->pcfs];
    ram_correct(p->hot, u, s, sheet, out);
    if (sheet->ssd_known &&
        (s->ssd.n > 0 || !(u->unknown_kinds & (1u << CALC_SSD))))
        ssd_correct(p->hot, s, sheet, out);
    if (sheet->hdd_known &&
        (s->n_hdd > 0 || !(u->unknown_kinds & (1u << CALC_HDD))))
        hdd_correct(p->hot, s, sheet, out);
}
