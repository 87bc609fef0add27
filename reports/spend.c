/* SPDX-License-Identifier: Apache-2.0
 * What follows from an assessment alone, added with the weights of its lines:
 * totals with their correlations, counts of parts, completions, exclusions. */
#include "reports/reports_priv.h"

static void total_add(
        struct calc_total *t, const struct calc_line *line,
        const struct rep_weight *w)
{
    if (!(w->sum > 0))
        return;
    calc_total_add_kg(
            t, w->sum * line->kg[CALC_GWP], w->squares * line->own_var_kg2, -1,
            0);
    for (int i = 0; i < line->n_shared; i++)
        calc_total_add_kg(
                t, 0, 0, line->shared[i].id, w->sum * line->shared[i].sd_kg);
}

/* Screens beside a computer are averages whatever the computer is. */
static void spend_origin(
        struct rep_sums *s, const struct rep_made *m,
        const struct calc_line *line)
{
    enum calc_approach chosen = m->a.choice.approach;
    bool beside = line->kind == CALC_SCREEN &&
                  calc_is_computer((enum calc_category)m->key.category);
    double kg = m->gross.sum * line->kg[CALC_GWP];

    if (chosen == CALC_STATED)
        s->origin_kg[REP_STATED] += kg;
    else if (chosen == CALC_B || beside)
        s->origin_kg[REP_AVERAGES] += kg;
    else if (chosen == CALC_C && line->kind == CALC_GPU)
        s->origin_kg[REP_CARDS] += kg;
}

static void spend_line(
        struct rep_sums *s, const struct rep_made *m,
        const struct calc_line *line)
{
    double adp = m->gross.sum * line->kg[CALC_ADP];
    double pe = m->gross.sum * line->kg[CALC_PE];
    double kg = m->gross.sum * line->kg[CALC_GWP];

    total_add(&s->kinds[line->kind], line, &m->gross);
    total_add(&s->categories[m->key.category], line, &m->gross);
    total_add(&s->own, line, &m->own);
    total_add(&s->charge, line, &m->charge);
    total_add(&s->writeoff, line, &m->writeoff);
    total_add(&s->acquisition, line, &m->acquisition);
    if (!isnan(adp) && m->units) {
        s->kind_adp[line->kind] += adp;
        s->kind_has_adp[line->kind] = true;
        s->adp_kg += kg;
    }
    if (!isnan(pe) && m->units) {
        s->kind_pe[line->kind] += pe;
        s->kind_has_pe[line->kind] = true;
        s->pe_kg += kg;
    }
}

/* Each approach over all lines that it has an estimate for, side by side. */
static void spend_approaches(struct rep_sums *s, const struct rep_made *m)
{
    enum calc_approach chosen = m->a.choice.approach;
    bool machine = rep_is_machine((enum calc_category)m->key.category);

    for (int a = CALC_A; a <= CALC_C; a++)
        if (m->a.by[a].has) {
            s->sets[a] = m->a.by[a].set;
            s->approach_kg[a] += m->gross.sum * m->a.by[a].kg[CALC_GWP];
            s->approach_machines[a] += machine ? m->units : 0;
        }
    if (chosen == CALC_STATED || chosen == CALC_NONE) {
        s->approach_kg[chosen] += m->gross.sum * m->kg;
        s->approach_machines[chosen] += machine ? m->units : 0;
    }
    if (chosen == CALC_B && m->a.b_other.has) {
        s->other_origin_kg += m->gross.sum * m->a.b_other.kg[CALC_GWP];
        s->has_other_origin = true;
    }
}

static double kind_kg(const struct fac_assessment *a, enum calc_kind kind)
{
    double kg = 0;

    for (int i = 0; i < a->n_lines; i++)
        if (a->lines[i].kind == kind)
            kg += a->lines[i].kg[CALC_GWP];
    return kg;
}

static void spend_done(struct rep_sums *s, const struct rep_made *m)
{
    if (m->a.choice.approach != CALC_C)
        return;
    for (int i = 0; i < m->a.n_dones; i++) {
        struct rep_completion *c = &s->done[m->a.dones[i].done];
        bool again = false;

        for (int j = 0; j < i; j++)
            again = again || m->a.dones[j].done == m->a.dones[i].done;
        if (again)
            continue;
        c->units += m->units;
        c->kg += m->gross.sum * kind_kg(&m->a, m->a.dones[i].kind);
    }
}

static void spend_excluded(struct rep_sums *s, const struct rep_made *m)
{
    enum calc_approach chosen = m->a.choice.approach;

    if (!m->has_kg && m->key.category == CALC_PART_LOT) {
        s->no_factor_units[m->kind] += m->units;
        return;
    }
    if (!m->has_kg) {
        s->none_units[m->key.category] += m->units;
        return;
    }
    for (int i = 0; i < m->a.n_no_factor; i++)
        s->no_factor_units[m->a.no_factor[i].kind] +=
                m->units * m->a.no_factor[i].units;
    if (chosen != CALC_C) /* a footprint or an average has them in it */
        return;
    for (int k = 0; k < CALC_KINDS; k++)
        if (m->a.unknown_kinds & 1u << k)
            s->uncounted_units[k] += m->units;
}

static void spend_fleet(struct rep_sums *s, const struct rep_made *m)
{
    const struct rep_parts *p = &m->parts;
    struct rep_fleet *f = &s->fleet;
    uint32_t unknown = m->key.unknown_kinds;
    uint64_t n = m->units;

    f->gpus += n * p->gpus;
    f->hdd += n * p->hdd;
    f->ssd += n * p->ssd;
    f->tapes += n * p->tapes;
    f->screens += n * p->screens;
    f->hdd_tb += (double)n * p->hdd_tb;
    f->ssd_tb += (double)n * p->ssd_tb;
    f->hdd_tb_unknown += p->hdd_unsized ? n : 0;
    f->ssd_tb_unknown += p->ssd_unsized ? n : 0;
    if (!isnan(p->ram_gib))
        f->ram_gib += (double)n * p->ram_gib;
    if (!rep_is_machine((enum calc_category)m->key.category))
        return;
    if (p->sockets >= 0)
        f->cpu_sockets += n * (uint64_t)p->sockets;
    else
        f->sockets_unknown += n;
    if (p->cores >= 0)
        f->cpu_cores += n * (uint64_t)p->cores;
    else
        f->cores_unknown += n;
    f->ram_unknown += isnan(p->ram_gib) ? n : 0;
    f->hdd_unknown += unknown & 1u << CALC_HDD ? n : 0;
    f->ssd_unknown += unknown & 1u << CALC_SSD ? n : 0;
    f->hdd_tb_unknown += unknown & 1u << CALC_HDD && !p->hdd_unsized ? n : 0;
    f->ssd_tb_unknown += unknown & 1u << CALC_SSD && !p->ssd_unsized ? n : 0;
    f->gpu_unknown += unknown & 1u << CALC_GPU ? n : 0;
}

static void spend_quality(struct rep_sums *s, const struct rep_made *m)
{
    double kg = m->gross.sum * m->kg;

    if (isnan(m->a.dqr) || !(kg > 0))
        return;
    s->dqr_kg += kg;
    s->dqr_sum += kg * m->a.dqr;
}

void rep_sums_spend(struct rep_sums *s, struct rep_made *m)
{
    static const struct rep_weight none;

    for (int i = 0; m->has_kg && i < m->a.n_lines; i++) {
        spend_line(s, m, &m->a.lines[i]);
        spend_origin(s, m, &m->a.lines[i]);
    }
    if (m->units) {
        spend_approaches(s, m);
        spend_done(s, m);
        spend_excluded(s, m);
        spend_fleet(s, m);
        spend_quality(s, m);
        s->category_units[m->key.category] += m->units;
    }
    m->gross = m->own = m->charge = m->writeoff = m->acquisition = none;
    m->units = 0;
}
