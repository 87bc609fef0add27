/* SPDX-License-Identifier: Apache-2.0
 * Hours that are missing, of the grid and of a meter, and the indicators of a
 * facility: see docs/method.md#operation. */
#include "model/model.h"

enum {
    DAY_H = 24,
    WEEK_H = 168,
    GRID_DAYS = 7,    /* to each side */
    GAP_WEEKS = 8,    /* the nearest that the period holds */
    GAP_SAMPLES = 3,  /* at least, of those */
    GRID_MISSING = 5, /* percent of a month [D] */
};

/* Mean of the same hour of the days around, as far as they are known; NAN
 * where none of them is. */
static double around(const double *known, size_t n, size_t at)
{
    double sum = 0;
    int found = 0;

    for (size_t d = 1; d <= GRID_DAYS; d++) {
        size_t h = d * DAY_H;

        if (at >= h && !isnan(known[at - h])) {
            sum += known[at - h];
            found++;
        }
        if (at + h < n && !isnan(known[at + h])) {
            sum += known[at + h];
            found++;
        }
    }
    return found ? sum / found : NAN;
}

size_t calc_grid_fill(
        const double *known, size_t n, size_t from, size_t to, double *out)
{
    size_t missing = 0;

    for (size_t i = from; i < to && i < n; i++) {
        bool there = !isnan(known[i]);

        out[i - from] = there ? known[i] : around(known, n, i);
        missing += !there;
    }
    return missing;
}

bool calc_grid_month_holds(size_t missing, size_t hours)
{
    return hours > 0 && missing * 100 <= hours * GRID_MISSING;
}

bool calc_gap_week(
        const int64_t *joules, const uint16_t *covered_s, size_t n, size_t at,
        struct calc_gap *out)
{
    int weeks = 0, samples = 0;

    *out = (struct calc_gap){0};
    for (size_t w = 1; weeks < GAP_WEEKS && w * WEEK_H < n; w++) {
        size_t h = w * WEEK_H;

        for (int side = 0; side < 2 && weeks < GAP_WEEKS; side++) {
            size_t i = side ? at + h : at - h;

            if (side ? i >= n : at < h)
                continue;
            weeks++;
            if (!covered_s[i])
                continue;
            out->at[samples++] = i;
            out->joules += joules[i];
            out->covered_s += covered_s[i];
        }
    }
    out->samples = samples;
    return samples >= GAP_SAMPLES;
}

int64_t calc_gap_uj(int64_t joules, int64_t covered_s, int64_t gap_s)
{
    num_i128 num;

    if (covered_s <= 0 || gap_s <= 0)
        return 0;
    num = (num_i128)joules * 1000000 * gap_s;
    return (int64_t)((2 * num + covered_s) / (2 * (num_i128)covered_s));
}

/* Unknown where what it is made of is, or nothing was used. */
static double per(double amount, double kwh)
{
    return kwh > 0 ? amount / kwh : NAN;
}

struct calc_facility calc_facility(const struct calc_facility_in *in)
{
    double renewable = in->renewable_kwh;

    if (renewable > in->dc_kwh) /* no more than was used */
        renewable = in->dc_kwh;
    return (struct calc_facility){
            .pue = per(in->dc_kwh, in->it_kwh),
            .erf = per(in->reuse_kwh, in->dc_kwh),
            .ere = per(in->dc_kwh - in->reuse_kwh, in->it_kwh),
            .ref = per(renewable, in->dc_kwh),
            .cue_kg_per_kwh = per(in->location_kg, in->it_kwh),
            .wue_l_per_kwh = per(in->water_l, in->it_kwh),
    };
}
