/* SPDX-License-Identifier: Apache-2.0
 * What a unit does not say of its processors, supplies and case [2.3]. */
#include "factors/assess_priv.h"

static bool is_personal(const struct fac_unit *u)
{
    return u->category == CALC_DESKTOP || u->category == CALC_LAPTOP ||
           u->category == CALC_SBC || u->chassis == CALC_DESKTOP_CASE ||
           u->chassis == CALC_LAPTOP_CASE;
}

/* A desktop or portable machine has one of each: no range. */
static struct fac_range one_or_two(
        const struct fac_range *one, const struct fac_range *two,
        const struct fac_unit *u, const struct fac_survey *s)
{
    if (s->racked)
        return *two;
    return is_personal(u) ? (struct fac_range){1, 1, 1, 0} : *one;
}

struct fac_range fac_cpu_count(
        const struct fac_hot *h, const struct fac_unit *u,
        const struct fac_survey *s)
{
    return one_or_two(&h->cpu_one, &h->cpu_two, u, s);
}

struct fac_range fac_psu_count(
        const struct fac_hot *h, const struct fac_unit *u,
        const struct fac_survey *s)
{
    return one_or_two(&h->psu_one, &h->psu_two, u, s);
}

struct fac_range fac_unnamed_die(
        const struct fac_pack *p, const struct fac_unit *u, double sockets,
        enum fac_done *done)
{
    struct fac_range r = p->hot->any_die;

    *done = FAC_DONE_CPU_NOTHING;
    if (u->cpu_cores > 0 && sockets > 0) {
        double mm2 = p->line_a_mm2 + p->line_b_mm2 * u->cpu_cores / sockets;
        double s;

        *done = FAC_DONE_CPU_LINE;
        r.used = fmin(fmax(mm2, p->die_min_mm2), p->die_max_mm2);
        s = calc_range_sigma(r.low, r.high, &r.used);
        r.v = calc_rel_var(s);
    }
    return r;
}

struct fac_range fac_case_of(
        const struct fac_hot *h, const struct fac_unit *u, enum fac_case *how)
{
    double rack = h->key[FAC_K_RACK].kg[CALC_GWP];
    double kg = NAN;

    *how = FAC_CASE_KNOWN;
    if (u->chassis == CALC_RACK) {
        kg = rack;
    } else if (u->chassis == CALC_BLADE) {
        kg = h->key[FAC_K_BLADE].kg[CALC_GWP] +
             h->key[FAC_K_ENCLOSURE].kg[CALC_GWP] / FAC_BLADE_SLOTS;
    } else if (u->chassis == CALC_OPEN) {
        *how = FAC_CASE_OPEN;
        kg = h->key[FAC_K_OPEN].kg[CALC_GWP];
    } else if (u->chassis == CALC_NO_CHASSIS && u->category != CALC_PART_LOT) {
        kg = 0;
    }
    if (!isnan(kg))
        return (struct fac_range){kg, kg, kg, 0};
    /* A server, or a loose case, of which nothing is said keeps the set's own
     * figure as its point. */
    *how = FAC_CASE_RANGE;
    if (u->category == CALC_PART_LOT ||
        (u->chassis == CALC_CHASSIS_UNKNOWN && fac_serves(u->category)))
        return h->server_case;
    return h->other_case;
}
