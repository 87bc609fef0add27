/* SPDX-License-Identifier: Apache-2.0
 * The use phase of an estimate: power from what is stated or from the load
 * curve, hours, and the factor of the place [5.2]. */
#include <stddef.h>
#include <stdio.h>

#include "reports/estimate_priv.h"

/* What BoaviztAPI's server archetypes say; a client that states no life gets
 * the same years of use from both. */
#define LIFE_H 35040.0
#define HOURS_PER_DAY 24.0
#define HOURS_PER_YEAR 8760.0

#define DEFAULT_LOAD 0.5 /* [5.2] */
#define OTHER_FRAC_LOW 0.2
#define OTHER_FRAC_HIGH 0.6
#define GPU_DEEP_FRAC 0.05 /* as in energy/power.c */
#define GPU_CONTEXT_FRAC 0.20

/* ---- reading ---------------------------------------------------------------
 */

static bool read_loads(struct rep_server *s, const cJSON *list, struct err *err)
{
    static const struct est_field fields[] = {
            {"time_percentage", EST_NUM, offsetof(struct est_load, time_pct), 0,
             100},
            {"load_percentage", EST_NUM, offsetof(struct est_load, load_pct), 0,
             100},
            {NULL, EST_ANY, 0, 0, 0},
    };
    struct est_usage *u = &s->usage;
    char path[64];
    double sum = 0;

    for (const cJSON *m = list->child; m; m = m->next) {
        struct est_load *load = &u->loads[u->n_loads];

        snprintf(path, sizeof path, "usage.time_workload[%d]", u->n_loads);
        if (u->n_loads == EST_MAX_LOADS)
            return err_set(
                    err, ERR_LIMIT,
                    "'usage.time_workload' has more than %d entries",
                    (int)EST_MAX_LOADS);
        if (!cJSON_IsObject(m))
            return err_set(err, ERR_INVALID, "'%s' must be an object", path);
        *load = (struct est_load){NAN, NAN};
        if (!est_read_fields(s, m, path, fields, load, err))
            return false;
        if (isnan(load->time_pct) || isnan(load->load_pct))
            return err_set(
                    err, ERR_INVALID,
                    "'%s' must have time_percentage and load_percentage", path);
        sum += load->time_pct;
        u->n_loads++;
    }
    if (u->n_loads && fabs(sum - 100) > 0.5)
        return err_set(
                err, ERR_INVALID,
                "'usage.time_workload' has times of %g %% in all, expected 100",
                sum);
    return true;
}

static bool read_load(struct rep_server *s, const cJSON *obj, struct err *err)
{
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(obj, "time_workload");

    if (!m || cJSON_IsNull(m))
        return true;
    if (cJSON_IsArray(m))
        return read_loads(s, m, err);
    if (!cJSON_IsNumber(m) || !(m->valuedouble >= 0 && m->valuedouble <= 100))
        return est_wrong(
                err, "usage", "time_workload",
                "a percentage within 0 to 100, or a list of times and loads");
    s->usage.loads[0] = (struct est_load){100, m->valuedouble};
    s->usage.n_loads = 1;
    return true;
}

static bool
read_factors(struct rep_server *s, const cJSON *obj, struct err *err)
{
    static const struct est_field fields[] = {
            {"gwp", EST_NUM, CALC_GWP * sizeof(double), 0, 100},
            {"adp", EST_NUM, CALC_ADP * sizeof(double), 0, 100},
            {"pe", EST_NUM, CALC_PE * sizeof(double), 0, 1e6},
            {NULL, EST_ANY, 0, 0, 0},
    };
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(obj, "elec_factors");

    if (!m || cJSON_IsNull(m))
        return true;
    if (!cJSON_IsObject(m))
        return est_wrong(err, "usage", "elec_factors", "an object");
    return est_read_fields(
            s, m, "usage.elec_factors", fields, s->usage.factor, err);
}

#define AT(member) offsetof(struct est_usage, member)
#define FACTOR_AT(c) (AT(factor) + (c) * sizeof(double))

bool est_read_usage(struct rep_server *s, const cJSON *obj, struct err *err)
{
    static const struct est_field fields[] = {
            {"usage_location", EST_TEXT, AT(location), 0, 0},
            {"avg_power", EST_NUM, AT(avg_power_w), 0, 1e7},
            {"hours_electrical_consumption", EST_NUM, AT(avg_power_w), 0, 1e7},
            {"use_time_ratio", EST_NUM, AT(use_ratio), 0, 1},
            {"hours_use_time", EST_NUM, AT(use_h), 0, 1e7},
            {"days_use_time", EST_NUM, AT(use_d), 0, 1e6},
            {"years_use_time", EST_NUM, AT(use_y), 0, 1000},
            {"hours_life_time", EST_NUM, AT(life_h), 1, 1e7},
            {"years_life_time", EST_NUM, AT(life_y), 0.01, 1000},
            {"other_consumption_ratio", EST_NUM, AT(other_ratio), 0, 10},
            {"gwp", EST_NUM, FACTOR_AT(CALC_GWP), 0, 100},
            {"gwp_factor", EST_NUM, FACTOR_AT(CALC_GWP), 0, 100},
            {"adp_factor", EST_NUM, FACTOR_AT(CALC_ADP), 0, 100},
            {"pe_factor", EST_NUM, FACTOR_AT(CALC_PE), 0, 1e6},
            {"time_workload", EST_ANY, 0, 0, 0},
            {"elec_factors", EST_ANY, 0, 0, 0},
            {NULL, EST_ANY, 0, 0, 0},
    };

    return est_read_fields(s, obj, "usage", fields, &s->usage, err) &&
           read_load(s, obj, err) && read_factors(s, obj, err);
}

/* ---- power -----------------------------------------------------------------
 */

/* Mean over the stated times of f(load); half load where none is stated. */
static double mean_over(
        const struct est_usage *u, double (*f)(double tdp_w, double load),
        double tdp_w)
{
    double sum = 0, time = 0;

    if (!u->n_loads)
        return f(tdp_w, DEFAULT_LOAD);
    for (int i = 0; i < u->n_loads; i++) {
        sum += u->loads[i].time_pct * f(tdp_w, u->loads[i].load_pct / 100);
        time += u->loads[i].time_pct;
    }
    return sum / time;
}

static double gpu_at(double tdp_w, double load)
{
    return calc_power_linear_w(GPU_CONTEXT_FRAC * tdp_w, tdp_w, load);
}

double est_cpu_power_w(const struct rep_server *s, double tdp_w)
{
    return mean_over(&s->usage, calc_power_tdp_w, tdp_w);
}

double est_cpu_units(const struct est_result *r)
{
    if (r->unit.cpu_count >= 0)
        return r->unit.cpu_count;
    for (int i = 0; i < r->a.n_dones; i++)
        if (r->a.dones[i].done == FAC_DONE_CPU_COUNT)
            return r->a.dones[i].used;
    return NAN;
}

struct draw { /* of the parts; NAN unknown */
    double cpu_tdp_w, ram_w, gpu_tdp_w;
};

static struct draw
draw_of(const struct rep_server *s, const struct est_result *r)
{
    struct draw d = {0};
    bool cpu = s->cpu.given && s->cpu.units == 0;

    if (s->n_ram < 0)
        d.ram_w = NAN;
    for (size_t i = 0; i < r->n_uses; i++) {
        const struct fac_use *use = &r->uses[i];

        switch (use->part->desc.kind) {
        case CALC_CPU:
            cpu = true;
            d.cpu_tdp_w += use->units *
                           (s->cpu.tdp_w > 0 ? s->cpu.tdp_w : use->part->tdp_w);
            break;
        case CALC_RAM:
            d.ram_w += use->units * calc_power_ram_w(use->part->desc.capacity);
            break;
        case CALC_GPU:
            d.gpu_tdp_w += use->units * use->part->tdp_w;
            break;
        default:
            break;
        }
    }
    if (!cpu)
        d.cpu_tdp_w = NAN;
    else if (s->cpu.units < 0)
        d.cpu_tdp_w *= est_cpu_units(r);
    return d;
}

static double node_w(double cpu_w, double ram_w, double other_frac)
{
    return (cpu_w + ram_w) * (1 + other_frac);
}

/* The share of boards, fans and losses has a published range; so has the load
 * where it is not stated. */
static struct est_amount
power_of(const struct rep_server *s, const struct draw *d)
{
    const struct est_usage *u = &s->usage;
    bool loads = u->n_loads > 0, other = u->other_ratio >= 0;
    double cpu_w = est_cpu_power_w(s, d->cpu_tdp_w);
    double gpu_w = mean_over(u, gpu_at, d->gpu_tdp_w);
    double cpu_lo = loads ? cpu_w : calc_power_tdp_w(d->cpu_tdp_w, 0);
    double cpu_hi = loads ? cpu_w : calc_power_tdp_w(d->cpu_tdp_w, 1);
    double gpu_lo = loads ? gpu_w : GPU_DEEP_FRAC * d->gpu_tdp_w;
    double gpu_hi = loads ? gpu_w : d->gpu_tdp_w;

    if (u->avg_power_w >= 0)
        return (struct est_amount){
                u->avg_power_w, u->avg_power_w, u->avg_power_w};
    return (struct est_amount){
            .value = (other ? node_w(cpu_w, d->ram_w, u->other_ratio)
                            : calc_power_node_w(cpu_w, d->ram_w)) +
                     gpu_w,
            .min = node_w(cpu_lo, d->ram_w,
                          other ? u->other_ratio : OTHER_FRAC_LOW) +
                   gpu_lo,
            .max = node_w(cpu_hi, d->ram_w,
                          other ? u->other_ratio : OTHER_FRAC_HIGH) +
                   gpu_hi,
    };
}

/* ---- use -------------------------------------------------------------------
 */

static double or_0(double v)
{
    return isnan(v) ? 0 : v;
}

static void hours_of(const struct est_usage *u, struct est_result *out)
{
    out->life_h = u->life_h > 0   ? u->life_h
                  : u->life_y > 0 ? u->life_y * HOURS_PER_YEAR
                                  : LIFE_H;
    if (isnan(u->use_h) && isnan(u->use_d) && isnan(u->use_y))
        out->hours = out->life_h;
    else
        out->hours = or_0(u->use_h) + or_0(u->use_d) * HOURS_PER_DAY +
                     or_0(u->use_y) * HOURS_PER_YEAR;
    if (u->use_ratio >= 0)
        out->hours *= u->use_ratio;
}

static const char *
missing_factor(const struct est_usage *u, enum calc_criterion c)
{
    if (c != CALC_GWP)
        return "No factor of electricity is known for this criterion";
    return u->location ? "No grid factor is known for usage_location"
                       : "Neither usage_location nor a factor of electricity "
                         "is stated";
}

void est_make_use(
        const struct fac_pack *p, const struct rep_server *s,
        struct est_result *out)
{
    const struct est_usage *u = &s->usage;
    struct draw d = draw_of(s, out);

    out->power_w = power_of(s, &d);
    hours_of(u, out);
    out->has_grid =
            isnan(u->factor[CALC_GWP]) && u->location &&
            fac_grid_find(p, u->location, 0, CALC_LIFE_CYCLE, &out->grid);
    for (int c = 0; c < CALC_CRITERIA; c++) {
        struct est_amount *use = &out->use[c];
        double per_kwh = u->factor[c];

        if (c == CALC_GWP && out->has_grid)
            per_kwh = out->grid.g_per_kwh / 1000;
        out->factor[c] = per_kwh;
        use->value = per_kwh * calc_energy_kwh(out->power_w.value, out->hours);
        use->min = per_kwh * calc_energy_kwh(out->power_w.min, out->hours);
        use->max = per_kwh * calc_energy_kwh(out->power_w.max, out->hours);
        out->use_missing[c] = NULL;
        if (isnan(per_kwh))
            out->use_missing[c] = missing_factor(u, (enum calc_criterion)c);
        else if (isnan(out->power_w.value))
            out->use_missing[c] =
                    "The power is neither stated nor known from the parts";
    }
}
