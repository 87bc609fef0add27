/* SPDX-License-Identifier: Apache-2.0
 * Power models, energy and the emissions of electricity: see
 * docs/method.md#operation. */
#include "model/model.h"

#define UJ_PER_KWH 3.6e12
#define RAM_W_PER_GB 0.284
#define NODE_REST_FRAC 0.33 /* board, fans, supplies over CPU and memory */

/* A load measured as 1.001 is a full one. NAN stays NAN. */
static double clamp(double x, double lo, double hi)
{
    return x < lo ? lo : x > hi ? hi : x;
}

/* Piecewise linear through n points with x[0] = 0 and x[n-1] = 1. */
static double curve_at(const double *x, const double *y, int n, double u)
{
    double at = clamp(u, 0, 1);
    int i = 1;

    while (i < n - 1 && at > x[i])
        i++;
    return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
}

double calc_power_linear_w(double idle_w, double max_w, double u)
{
    return idle_w + (max_w - idle_w) * clamp(u, 0, 1);
}

double calc_power_fan_w(double idle_w, double max_w, double u)
{
    double load = clamp(u, 0, 1);

    return idle_w + (max_w - idle_w) * (2 * load - pow(load, 1.4));
}

double calc_power_tdp_w(double tdp_w, double u)
{
    static const double x[] = {0, 0.1, 0.5, 1};
    static const double y[] = {0.12, 0.32, 0.75, 1.02};

    return tdp_w * curve_at(x, y, 4, u);
}

double calc_power_spec_w(const double watts[11], double u)
{
    static const double x[] = {0,   0.1, 0.2, 0.3, 0.4, 0.5,
                               0.6, 0.7, 0.8, 0.9, 1};

    return curve_at(x, watts, 11, u);
}

double calc_power_log_w(double a, double b, double c, double d, double load_pct)
{
    double inner = b * (clamp(load_pct, 0, 100) + c);
    double w = inner > 0 ? a * log(inner) + d : NAN;

    return w < 1 ? 1 : w;
}

double calc_power_ram_w(double gb)
{
    return RAM_W_PER_GB * gb;
}

/* Watts of one module at full use, by its size. */
static double dimm_w(double gb, bool ddr3)
{
    static const struct {
        double gb, w;
    } sizes[] = {{16, 4}, {32, 5}, {64, 6}, {128, 8}};

    if (ddr3)
        return 4.5;
    if (isnan(gb))
        return NAN;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (fabs(gb - sizes[i].gb) < 0.5)
            return sizes[i].w;
    return 10;
}

double calc_power_ram_ea2p_w(
        double slots, double gb_per_dimm, bool ddr3, double used_pct)
{
    static const struct {
        double used, pct;
    } steps[] = {{5, 35}, {10, 65}, {25, 70}, {50, 75}, {70, 80}};
    double pct = 85;

    if (isnan(used_pct))
        return NAN;
    for (size_t i = sizeof steps / sizeof *steps; i-- > 0;)
        if (used_pct <= steps[i].used)
            pct = steps[i].pct;
    return slots * dimm_w(gb_per_dimm, ddr3) * pct / 100;
}

double calc_power_node_w(double cpu_w, double ram_w)
{
    return (cpu_w + ram_w) * (1 + NODE_REST_FRAC);
}

double calc_power_rest_w(double hdds, double ssds)
{
    return 20 + 10 + 7 * hdds + 3 * ssds;
}

double calc_wall_w(double rapl_w, double gpu_w, double rest_w, double eta_psu)
{
    if (!(eta_psu > 0 && eta_psu <= 1))
        return NAN;
    return (rapl_w + gpu_w + rest_w) / eta_psu;
}

double calc_tier_gsd(enum calc_tier t)
{
    switch (t) { /* [D] */
    case CALC_M1:
        return 1.02;
    case CALC_M2:
        return 1.05;
    case CALC_M3:
        return 1.10;
    case CALC_M4:
        return 1.25;
    case CALC_M5:
        return 1.5;
    case CALC_NO_ENERGY:
    case CALC_TIERS:
        break;
    }
    return NAN;
}

double calc_operation_kg(double dc_kwh, double g_per_kwh)
{
    return dc_kwh * g_per_kwh / 1e3;
}

struct calc_hourly calc_operation_hourly(
        const double *dc_kwh, const double *g_per_kwh, size_t n,
        double year_g_per_kwh)
{
    struct calc_hourly out = {NAN, NAN, NAN, NAN, NAN};
    double kwh = 0, grams = 0, g = 0, cov = 0;

    if (n == 0)
        return out;
    for (size_t i = 0; i < n; i++) {
        kwh += dc_kwh[i];
        g += g_per_kwh[i];
        grams += dc_kwh[i] * g_per_kwh[i];
    }
    for (size_t i = 0; i < n; i++)
        cov += (dc_kwh[i] - kwh / (double)n) * (g_per_kwh[i] - g / (double)n);
    out.hourly_kg = grams / 1e3;
    out.static_kg = calc_operation_kg(kwh, year_g_per_kwh);
    out.level_kg = calc_operation_kg(kwh, g / (double)n - year_g_per_kwh);
    out.covariance_kg = cov / 1e3;
    if (kwh > 0)
        out.load_weighted_g_per_kwh = grams / kwh;
    return out;
}

double calc_market_kg(
        double dc_kwh, const struct calc_instrument *instruments, size_t n,
        double residual_g_per_kwh)
{
    double covered_kwh = 0, grams = 0, rest_kwh, kg;

    for (size_t i = 0; i < n; i++) {
        if (!(instruments[i].kwh >= 0))
            return NAN;
        if (!(instruments[i].kwh > 0))
            continue; /* an empty contract needs no factor */
        covered_kwh += instruments[i].kwh;
        grams += instruments[i].kwh * instruments[i].g_per_kwh;
    }
    rest_kwh = dc_kwh - covered_kwh;
    if (isnan(rest_kwh))
        return NAN;
    if (rest_kwh < 0) /* more certificates than use: scaled down to it */
        return grams / 1e3 * (dc_kwh / covered_kwh);
    kg = grams / 1e3;
    return rest_kwh > 0 ? kg + calc_operation_kg(rest_kwh, residual_g_per_kwh)
                        : kg;
}

double calc_energy_kwh(double watts, double hours)
{
    return watts * hours / 1e3;
}

double calc_uj_to_kwh(num_i128 uj)
{
    return (double)uj / UJ_PER_KWH;
}
