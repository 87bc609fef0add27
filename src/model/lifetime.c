/* SPDX-License-Identifier: Apache-2.0
 * Lives and how fabrication is charged over them: see
 * docs/method.md#amortisation. */
#include "model/model.h"

#define MIN_BOOKING_LIFE_Y 2.0 /* [D] */

static double part_life_y(enum calc_kind k)
{
    switch (k) {
    case CALC_GPU:
    case CALC_HDD:
    case CALC_SSD:
        return 5; /* [D] */
    case CALC_SCREEN:
        return 10; /* [D] */
    default:
        return 8; /* [D]: RAM, and what lives as long as its host */
    }
}

double calc_reference_life_y(enum calc_category c, enum calc_kind part_kind)
{
    switch (c) {
    case CALC_LAPTOP:
        return 6; /* [D] */
    case CALC_SCREEN_UNIT:
        return 10; /* [D] */
    case CALC_PART_LOT:
        return part_life_y(part_kind);
    default:
        return 8; /* [D] */
    }
}

double calc_booking_life_y(double lref_y, double age_y, bool used)
{
    double left_y = lref_y - age_y;

    if (!used)
        return lref_y;
    return left_y < MIN_BOOKING_LIFE_Y ? MIN_BOOKING_LIFE_Y
           : left_y > lref_y           ? lref_y
                                       : left_y;
}

double calc_charge_kg(
        double ea_kg, int32_t start_day, int32_t end_day, int32_t from_day,
        int32_t to_day)
{
    int64_t life_d = (int64_t)end_day - start_day;
    int64_t from = from_day > start_day ? from_day : start_day;
    int64_t to = to_day < end_day ? to_day : end_day;

    if (life_d <= 0) /* charged at once, on the first day */
        return from_day <= start_day && start_day < to_day ? ea_kg : ea_kg * 0;
    return to > from ? ea_kg * (double)(to - from) / (double)life_d : ea_kg * 0;
}

double
calc_net_kg(double ea_kg, int32_t start_day, int32_t end_day, int32_t day)
{
    int64_t life_d = (int64_t)end_day - start_day;
    int64_t left_d = (int64_t)end_day - day;

    if (day <= start_day)
        return ea_kg;
    /* here left_d > 0 makes life_d > 0 too */
    return left_d > 0 ? ea_kg * (double)left_d / (double)life_d : ea_kg * 0;
}

double calc_sci_m_g(double te_kg, double tir_h, double el_h, double rs)
{
    return el_h > 0 ? te_kg * 1e3 * (tir_h / el_h) * rs : NAN;
}

double calc_payback_y(double d_embodied_kg, double saved_kg_per_y)
{
    return saved_kg_per_y > 0 ? d_embodied_kg / saved_kg_per_y : NAN;
}
