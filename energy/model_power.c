/* SPDX-License-Identifier: Apache-2.0
 * The watts of a unit by its power model, at its mean load and by hour of the
 * week: see docs/method.md#power-models. */
#include "energy/operation_priv.h"

#define HALF_LOAD 0.5

/* Watts at a load; NAN with *why. */
static double
at_load(const struct en_model *m, const struct inv_unit *u, double load,
        const char **why)
{
    const double *n = m->numbers;
    bool own = isnan(n[0]);
    double idle = own ? u->idle_w : n[0], full = own ? u->max_w : n[1];

    *why = NULL;
    switch (m->kind) {
    case EN_OWN:
        return eo_own_w(u, load, m->memory_frac, why);
    case EN_CONSTANT:
        return n[0];
    case EN_LINEAR:
    case EN_FAN:
        if (!(idle >= 0 && full >= 0)) {
            *why = "Its power model needs its idle and full power.";
            return NAN;
        }
        return m->kind == EN_LINEAR ? calc_power_linear_w(idle, full, load)
                                    : calc_power_fan_w(idle, full, load);
    case EN_TDP:
        return calc_power_tdp_w(n[0], load);
    case EN_SPEC:
        return calc_power_spec_w(n, load);
    case EN_LOG:
        return calc_power_log_w(n[0], n[1], n[2], n[3], load * 100);
    case EN_MODEL_KINDS:
        break;
    }
    *why = "Its power model is of no known kind.";
    return NAN;
}

/* The mean over the hours in which it is on. */
static double mean_of_loads(
        const struct en_model *m, const struct inv_unit *u, const char **why)
{
    double sum = 0;
    int hours = 0;

    *why = NULL;
    for (int i = 0; i < EN_WEEK && !*why; i++) {
        if (m->calendar && !m->calendar->on[i])
            continue;
        sum += at_load(m, u, m->loads[i], why);
        hours++;
    }
    return hours ? sum / hours : 0;
}

static const char *basis_of(const struct en_model *m)
{
    if (m->loads)
        return "A power model is set for it, with a load by hour of the week.";
    if (!isnan(m->load))
        return "A power model is set for it, with its mean load.";
    if (m->kind == EN_CONSTANT)
        return m->calendar ? "A constant power while its calendar says that "
                             "it is on."
                           : "A constant power is stated for it.";
    return "A power model is set for it; half load is assumed.";
}

void en_model_power(
        const struct en_model *m, const struct inv_unit *u,
        struct en_power *out)
{
    const char *why, *also;
    bool assumed = isnan(m->load) && !m->loads && m->kind != EN_CONSTANT;
    double load = isnan(m->load) ? HALF_LOAD : m->load;
    double watts =
            m->loads ? mean_of_loads(m, u, &why) : at_load(m, u, load, &why);

    if (why || !(watts >= 0)) {
        *out = eo_none(why ? why : "Its power model gives no power.");
        return;
    }
    if (assumed)
        *out = eo_modelled(
                watts,
                m->kind == EN_OWN ? eo_own_low_w(u, m->memory_frac)
                                  : at_load(m, u, 0, &also),
                at_load(m, u, 1, &also), basis_of(m));
    else
        *out = eo_modelled(watts, NAN, NAN, basis_of(m));
    if (m->kind == EN_CONSTANT) {
        out->tier = CALC_M5;
        out->sigma = log(calc_tier_gsd(CALC_M5));
    }
}

bool en_model_week(
        const struct en_model *m, const struct inv_unit *u,
        double week_w[EN_WEEK], double *off_w)
{
    const char *why;
    double load = isnan(m->load) ? HALF_LOAD : m->load;
    double steady = m->loads ? NAN : at_load(m, u, load, &why);

    *off_w = m->standby_w >= 0 ? m->standby_w : 0;
    if (!m->calendar && !m->loads)
        return false;
    for (int i = 0; i < EN_WEEK; i++) {
        if (m->calendar && !m->calendar->on[i])
            week_w[i] = *off_w;
        else
            week_w[i] = m->loads ? at_load(m, u, m->loads[i], &why) : steady;
    }
    return true;
}
