/* SPDX-License-Identifier: Apache-2.0
 * What makes the lines of a report add up to its totals: see
 * docs/method.md#rounding. */
#include "model/model.h"

/* Remainders are compared to a billionth of the unit, so that 1.3 and 2.3 tie
 * although their binary remainders differ. */
#define STEPS 1000000000LL

static bool is_shown(double value, double unit)
{
    return isfinite(value) && isfinite(value / unit);
}

static int64_t remainder_steps(double value, double unit)
{
    double units = value / unit;

    return (int64_t)floor((units - floor(units)) * (double)STEPS + 0.5);
}

static size_t
count_from(const double *values, size_t n, double unit, int64_t least)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++)
        count += is_shown(values[i], unit) &&
                 remainder_steps(values[i], unit) >= least;
    return count;
}

/* The remainder from which on a line is raised, when `raise` > 0 lines are:
 * found by bisection, which needs no memory and no order of the lines. */
static int64_t
find_bar(const double *values, size_t n, double unit, size_t raise)
{
    int64_t lo = 0, hi = STEPS + 1;

    while (hi - lo > 1) {
        int64_t mid = lo + (hi - lo) / 2;

        if (count_from(values, n, unit, mid) >= raise)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* units * unit, but 3 tenths are 3/10, not 3*0.1 which prints a tail. */
static double of_units(double units, double unit)
{
    double per_one = round(1 / unit);

    if (unit < 1 && fabs(per_one * unit - 1) < 1e-9)
        return units / per_one;
    return units * unit;
}

void calc_round_shown(
        const double *values, size_t n, double unit, double *shown)
{
    int64_t sum = 0, bar = STEPS + 1;
    size_t raise, at_bar = 0;

    CHECK(unit > 0);
    for (size_t i = 0; i < n; i++)
        if (is_shown(values[i], unit))
            sum += remainder_steps(values[i], unit);
    raise = (size_t)((sum + STEPS / 2) / STEPS);
    if (raise > 0) {
        bar = find_bar(values, n, unit, raise);
        at_bar = raise - count_from(values, n, unit, bar + 1);
    }
    for (size_t i = 0; i < n; i++) {
        double units = floor(values[i] / unit);
        int64_t steps;

        if (!is_shown(values[i], unit)) {
            shown[i] = values[i];
            continue;
        }
        steps = remainder_steps(values[i], unit);
        if (steps > bar || (steps == bar && at_bar > 0)) {
            units++;
            at_bar -= steps == bar;
        }
        shown[i] = of_units(units, unit);
    }
}

bool calc_same(double a, double b)
{
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);

    return fabs(a - b) <= 1e-9 * (size > 1 ? size : 1);
}

double calc_reuse_rate(double given, double retired)
{
    if (!(given >= 0 && retired >= 0 && given + retired > 0))
        return NAN;
    return given / (given + retired);
}
