/* SPDX-License-Identifier: Apache-2.0
 * Who bears what of a used machine: see docs/method.md#allocation. */
#include "model/model.h"

/* Dates of limited precision may put the entry before the manufacture, prices
 * of scarce cards pass those of new ones, wear counters pass 100 %: shares stay
 * within 0..1. NAN stays NAN. */
static double clamp_frac(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static bool is_frac(double x)
{
    return x >= 0 && x <= 1;
}

static double share_actual_life(double age_y, double l2_y)
{
    if (!(l2_y >= 0) || !(age_y + l2_y > 0))
        return NAN;
    return l2_y / (age_y + l2_y);
}

double calc_share(enum calc_rule rule, const struct calc_share_in *in)
{
    double age_y = in->age_y < 0 ? 0 : in->age_y;

    if (in->acquisition == CALC_NEW ||
        in->acquisition == CALC_ACQUISITION_UNKNOWN)
        return 1;
    switch (rule) {
    case CALC_GROSS:
        return 1;
    case CALC_CUTOFF:
        return 0;
    case CALC_HALF:
        return 0.5;
    case CALC_RESIDUAL_SL:
        return in->lref_y > 0 ? clamp_frac(1 - age_y / in->lref_y) : NAN;
    case CALC_ACTUAL_LIFE:
        return share_actual_life(age_y, in->l2_y);
    case CALC_ECON_PRICE: /* nothing paid says nothing about the value */
        return in->price_paid > 0 && in->price_new > 0
                       ? clamp_frac(in->price_paid / in->price_new)
                       : NAN;
    case CALC_ECON_DB:
        return is_frac(in->db_per_y) && !isnan(age_y)
                       ? pow(1 - in->db_per_y, age_y)
                       : NAN;
    case CALC_PHYS:
        return clamp_frac(in->work_left_frac);
    case CALC_CFF:
        return is_frac(in->cff_a) && is_frac(in->cff_q)
                       ? (1 - in->cff_a) * in->cff_q
                       : NAN;
    case CALC_RULES:
        break;
    }
    return NAN;
}

double calc_own_kg(
        double f, double e0_kg, double refurb_kg, double transport_kg,
        double eol_kg, bool eol_in)
{
    double own_kg = f * e0_kg + refurb_kg + transport_kg;

    return eol_in ? own_kg : own_kg + eol_kg;
}

double calc_transport_kg(double mass_kg, double km, double kg_per_kg_km)
{
    return mass_kg * km * kg_per_kg_km;
}

double calc_avoided_kg(
        double displacement, double new_kg, double new_life_y, double new_op_kg,
        double own_life_y, double refurb_transport_kg, double used_op_kg)
{
    double life_frac;

    if (!is_frac(displacement) || !(new_life_y > 0))
        return NAN;
    life_frac = own_life_y > new_life_y ? 1 : own_life_y / new_life_y;
    return displacement * (new_kg * life_frac + new_op_kg) -
           refurb_transport_kg - used_op_kg;
}
