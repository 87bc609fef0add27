/* SPDX-License-Identifier: Apache-2.0
 * Intervals, pedigree scores and sums with shared uncertainty: see
 * docs/method.md#uncertainty. */
#include "model/model.h"

#include <stdlib.h>

#include "base/mem.h"

#define Z95 1.96 /* the method says 1.96, not the exact quantile */

/* Lognormal around value * exp(shift), the median. A negative figure (some
 * published factors are) gets the mirrored interval. */
static struct calc_q spread(double value, double shift, double sigma)
{
    double size = fabs(value), lo, hi;

    if (isnan(value))
        return CALC_Q_UNKNOWN;
    if (!(sigma >= 0))
        return (struct calc_q){value, NAN, NAN};
    if (!(size > 0))
        return (struct calc_q){0, 0, 0};
    lo = size * exp(shift - Z95 * sigma);
    hi = size * exp(shift + Z95 * sigma);
    if (value < 0)
        return (struct calc_q){value, -hi, -lo};
    return (struct calc_q){value, lo, hi};
}

struct calc_q calc_interval(double mean, double sigma)
{
    return spread(mean, -sigma * sigma / 2, sigma);
}

struct calc_q
calc_ratio(double num, double num_sigma, double den, double den_sigma)
{
    double shift = (den_sigma * den_sigma - num_sigma * num_sigma) / 2;
    double sigma = num_sigma >= 0 && den_sigma >= 0
                           ? hypot(num_sigma, den_sigma)
                           : NAN;

    if (!(den > 0))
        return CALC_Q_UNKNOWN;
    return spread(num / den, shift, sigma);
}

double calc_rel_var(double sigma)
{
    return expm1(sigma * sigma);
}

double calc_sigma_of_rel_var(double v)
{
    return v >= 0 ? sqrt(log1p(v)) : NAN;
}

double calc_range_sigma(double lo, double hi, double *point)
{
    /* With no published point the floor of 1 % refers to the point that the
     * range itself gives: point/lo = r^0.5 * exp((ln r / 3.92)^2 / 2) is 100
     * at this ln r, a wider range is cut to it. */
    static const double a = 1 / (2 * 3.92 * 3.92);
    double widest = (sqrt(0.25 + 4 * a * log(100)) - 0.5) / (2 * a);
    bool published = !isnan(*point);
    double floor_lo = published ? *point * 0.01 : hi * exp(-widest);
    double low = lo < floor_lo ? floor_lo : lo, s;

    if (!(low > 0 && hi >= low)) /* also when one of them is NAN */
        return NAN;
    s = log(hi / low) / (2 * Z95);
    if (!published)
        *point = sqrt(low) * sqrt(hi) * exp(s * s / 2);
    return s;
}

double calc_pedigree_gsd(const int scores[5], double ub)
{
    static const double u[5][5] = {
            {1.00, 1.05, 1.10, 1.20, 1.50}, /* reliability */
            {1.00, 1.02, 1.05, 1.10, 1.20}, /* completeness */
            {1.00, 1.03, 1.10, 1.20, 1.50}, /* time */
            {1.00, 1.01, 1.02, 1.02, 1.10}, /* geography */
            {1.00, 1.00, 1.20, 1.50, 2.00}, /* technology */
    };
    double sum = log(ub) * log(ub);

    for (int i = 0; i < 5; i++) {
        double l;

        if (scores[i] < 1 || scores[i] > 5)
            return NAN;
        l = log(u[i][scores[i] - 1]);
        sum += l * l;
    }
    return exp(0.5 * sqrt(sum));
}

double calc_gsd_of_rel_sd(double err)
{
    return exp(sqrt(log1p(err * err)));
}

double calc_product_sigma(const double *sigmas, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += sigmas[i] * sigmas[i];
    return sqrt(sum);
}

double calc_normal_p(double mean, double sd)
{
    if (isnan(mean) || !(sd >= 0))
        return NAN;
    if (sd > 0)
        return 0.5 * erfc(-mean / (sd * sqrt(2)));
    return mean > 0 ? 1 : mean < 0 ? 0 : 0.5; /* a certain difference */
}

/* Out of the hot path: doubles, so that n ids cost O(n) in all. */
static void total_grow(struct calc_total *t, int id)
{
    size_t n = t->n ? t->n * 2 : 16;

    CHECK(id >= 0);
    if (n <= (size_t)id)
        n = (size_t)id + 1;
    t->sd_kg = xreallocarray(t->sd_kg, n, sizeof *t->sd_kg);
    while (t->n < n)
        t->sd_kg[t->n++] = 0;
}

static inline void total_add_sd(struct calc_total *t, int id, double sd_kg)
{
    if ((size_t)id >= t->n) /* a negative id is huge here: CHECK catches it */
        total_grow(t, id);
    t->sd_kg[id] += sd_kg;
}

void calc_total_add(
        struct calc_total *t, const struct calc_line *line, double weight)
{
    t->kg += weight * line->kg[CALC_GWP];
    t->own_var_kg2 += weight * weight * line->own_var_kg2;
    for (int i = 0; i < line->n_shared; i++)
        total_add_sd(t, line->shared[i].id, weight * line->shared[i].sd_kg);
}

void calc_total_add_kg(
        struct calc_total *t, double kg, double own_var_kg2, int id,
        double sd_kg)
{
    t->kg += kg;
    t->own_var_kg2 += own_var_kg2;
    if (id >= 0)
        total_add_sd(t, id, sd_kg);
}

void calc_total_merge(struct calc_total *t, const struct calc_total *from)
{
    t->kg += from->kg;
    t->own_var_kg2 += from->own_var_kg2;
    for (size_t i = from->n; i-- > 0;) /* the largest id first: one growth */
        total_add_sd(t, (int)i, from->sd_kg[i]);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Smallest first, whatever the ids: those of products are handed out as they
 * are met, and the answer may not depend on that. */
double calc_total_var(const struct calc_total *t)
{
    enum { FEW = 64 };
    double few[FEW], *parts = few, var = t->own_var_kg2;
    size_t n = 0;

    if (t->n > FEW)
        parts = xreallocarray(NULL, t->n, sizeof *parts);
    for (size_t i = 0; i < t->n; i++)
        if (t->sd_kg[i] != 0.0 || isnan(t->sd_kg[i]))
            parts[n++] = t->sd_kg[i] * t->sd_kg[i];
    qsort(parts, n, sizeof *parts, by_size);
    for (size_t i = 0; i < n; i++)
        var += parts[i];
    if (parts != few)
        free(parts);
    return var;
}

double calc_total_sigma(const struct calc_total *t)
{
    double var = calc_total_var(t);

    if (isnan(t->kg) || isnan(var))
        return NAN;
    if (!(var > 0))
        return 0;
    /* A total of 0 made of amounts that cancel has no lognormal. */
    return fabs(t->kg) > 0 ? calc_sigma_of_rel_var(var / t->kg / t->kg) : NAN;
}

struct calc_q calc_total_q(const struct calc_total *t)
{
    return calc_interval(t->kg, calc_total_sigma(t));
}

void calc_total_clear(struct calc_total *t)
{
    if (!t)
        return;
    free(t->sd_kg);
    *t = (struct calc_total){0};
}

char calc_grade(double dqr)
{
    /* A weighted mean of equal scores may miss its bound by an ulp. */
    static const double bounds[] = {1.6, 2.4, 3.2, 4.0}, room = 1e-9;
    int i = 0;

    if (isnan(dqr))
        return '-';
    while (i < 4 && dqr > bounds[i] + room)
        i++;
    return "ABCDE"[i];
}
