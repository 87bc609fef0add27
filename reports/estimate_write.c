/* SPDX-License-Identifier: Apache-2.0
 * The answer to an estimate, in the shape of BoaviztAPI's, with what only we
 * say under "fleetprint". */
#include <stdio.h>
#include <stdlib.h>

#include "reports/estimate_priv.h"

#define UNCERTAINTY_FRAC 0.1 /* BoaviztAPI's: a tenth of the bounds' width */
enum { MOST_FIGURES = 4, FEWEST_FIGURES = 1 };

static const char eol_warning[] =
        "End of life is not included in the calculation";
static const char wide_warning[] =
        "Uncertainty from technical characteristics is very important. Results "
        "should be interpreted with caution (see min and max values)";
static const char average_warning[] = "The parts are not known well enough to "
                                      "add them up: a category average "
                                      "with its 95 % interval";

static const struct {
    const char *key, *unit, *what;
} criteria[CALC_CRITERIA] = {
        [CALC_GWP] = {"gwp", "kgCO2eq", "Total climate change"},
        [CALC_ADP] = {"adp", "kgSbeq", "Use of minerals and fossil ressources"},
        [CALC_PE] = {"pe", "MJ", "Consumption of primary energy"},
};

/* ---- rounding --------------------------------------------------------------
 */

static double to_place(double value, int exponent)
{
    double unit = pow(10, abs(exponent));

    return exponent > 0 ? round(value / unit) * unit
                        : round(value * unit) / unit;
}

double est_significant(double value, int figures)
{
    if (!isfinite(value) || !(fabs(value) > 0))
        return value;
    return to_place(value, (int)floor(log10(fabs(value))) + 1 - figures);
}

static int place_of(const struct est_amount *a)
{
    return (int)floor(log10((a->max - a->min) * UNCERTAINTY_FRAC));
}

/* Nothing of the value is left at the place that its bounds allow. */
static bool is_vague(const struct est_amount *a)
{
    return a->max > a->min && fabs(a->value) > 0 &&
           !(fabs(to_place(a->value, place_of(a))) > 0);
}

double est_round(const struct est_amount *a)
{
    int most;

    if (!isfinite(a->value) || !(fabs(a->value) > 0))
        return a->value;
    if (is_vague(a))
        return est_significant(a->value, FEWEST_FIGURES);
    most = (int)floor(log10(fabs(a->value))) + 1 - MOST_FIGURES;
    if (a->max > a->min && place_of(a) > most)
        return to_place(a->value, place_of(a));
    return to_place(a->value, most);
}

/* ---- impacts ---------------------------------------------------------------
 */

struct answer {
    struct json_out *j;
    const struct rep_server *s;
    const struct est_result *r;
    bool unrounded;
};

static void warnings(struct json_out *j, const char *one, const char *two)
{
    if (!one && !two)
        return;
    json_begin_arr(j, "warnings");
    if (one)
        json_str(j, NULL, one);
    if (two)
        json_str(j, NULL, two);
    json_end_arr(j);
}

static void
amount(const struct answer *w, const char *key, const struct est_amount *a,
       const char *warning)
{
    json_begin_obj(w->j, key);
    json_num(w->j, "value", w->unrounded ? a->value : est_round(a));
    json_num(
            w->j, "min",
            w->unrounded ? a->min : est_significant(a->min, MOST_FIGURES));
    json_num(
            w->j, "max",
            w->unrounded ? a->max : est_significant(a->max, MOST_FIGURES));
    warnings(w->j, warning, !w->unrounded && is_vague(a) ? wide_warning : NULL);
    json_end_obj(w->j);
}

static void criterion_begin(const struct answer *w, int c)
{
    json_begin_obj(w->j, criteria[c].key);
    json_str(w->j, "unit", criteria[c].unit);
    json_str(w->j, "description", criteria[c].what);
}

static void impacts(const struct answer *w)
{
    const char *made =
            w->r->a.choice.approach == CALC_C ? eol_warning : average_warning;

    json_begin_obj(w->j, "impacts");
    for (int c = 0; c < CALC_CRITERIA; c++) {
        criterion_begin(w, c);
        amount(w, "embedded", &w->r->embedded[c], made);
        amount(w, "use", &w->r->use[c], w->r->use_missing[c]);
        json_end_obj(w->j);
    }
    json_end_obj(w->j);
}

static void
component_impacts(const struct answer *w, const struct est_component *k)
{
    const struct est_result *r = w->r;
    double kwh = calc_energy_kwh(k->power_w, r->hours);

    json_begin_obj(w->j, "impacts");
    for (int c = 0; c < CALC_CRITERIA; c++) {
        struct est_amount use = {
                r->factor[c] * kwh, r->factor[c] * kwh, r->factor[c] * kwh};

        criterion_begin(w, c);
        amount(w, "embedded", &k->embedded[c], eol_warning);
        if (isnan(k->power_w))
            json_str(w->j, "use", "not implemented");
        else
            amount(w, "use", &use, r->use_missing[c]);
        json_end_obj(w->j);
    }
    json_end_obj(w->j);
}

/* ---- attributes ------------------------------------------------------------
 */

static void attr_num(
        struct json_out *j, const char *key, double value, const char *unit,
        const char *status)
{
    json_begin_obj(j, key);
    json_num(j, "value", value);
    json_str(j, "status", status);
    if (unit)
        json_str(j, "unit", unit);
    json_end_obj(j);
}

static void attr_text(
        struct json_out *j, const char *key, const char *value,
        const char *status)
{
    if (!value)
        return;
    json_begin_obj(j, key);
    json_str(j, "value", value);
    json_str(j, "status", status);
    json_end_obj(j);
}

static void attr_range(
        struct json_out *j, const char *key, const char *unit,
        const struct est_amount *a, const char *source)
{
    json_begin_obj(j, key);
    json_num(j, "value", a->value);
    json_str(j, "status", "COMPLETED");
    json_str(j, "unit", unit);
    json_str(j, "source", source);
    json_num(j, "min", a->min);
    json_num(j, "max", a->max);
    json_end_obj(j);
}

/* The range that a completed input was given, if it was. */
static bool
done_of(const struct est_result *r, enum fac_done done, struct est_amount *out)
{
    for (int i = 0; i < r->a.n_dones; i++)
        if (r->a.dones[i].done == done) {
            *out = (struct est_amount){
                    r->a.dones[i].used, r->a.dones[i].low, r->a.dones[i].high};
            return true;
        }
    return false;
}

static void
attr_density(const struct answer *w, double stated, enum fac_done done)
{
    struct est_amount a;

    if (stated > 0)
        attr_num(w->j, "density", stated, "GB/cm2", "INPUT");
    else if (done_of(w->r, done, &a))
        attr_range(w->j, "density", "GB/cm2", &a, "mean of the published dies");
}

/* Modules of several generations have several densities, of which only one is
 * on record. */
static bool one_generation(const struct est_result *r)
{
    const struct fac_part *first = NULL;

    for (size_t i = 0; i < r->n_uses; i++) {
        const struct fac_part *p = r->uses[i].part;

        if (p->desc.kind != CALC_RAM)
            continue;
        if (first && p->ram_gen != first->ram_gen)
            return false;
        first = p;
    }
    return true;
}

static void attrs_cpu(const struct answer *w, const struct est_component *k)
{
    const struct est_cpu *c = &w->s->cpu;
    const struct fac_part *p = k->part;
    const struct fac_cpu *row = p->cpu;
    bool sized = c->die_mm2 > 0 || c->die_mm2_per_core > 0;
    struct est_amount a = {p->die_mm2, p->die_lo_mm2, p->die_hi_mm2};

    attr_num(
            w->j, "units", est_cpu_units(w->r), NULL,
            c->units >= 0 ? "INPUT" : "COMPLETED");
    if (c->core_units > 0)
        attr_num(w->j, "core_units", c->core_units, NULL, "INPUT");
    else if (row && row->cores > 0)
        attr_num(w->j, "core_units", row->cores, NULL, "COMPLETED");
    if (c->die_mm2_per_core > 0)
        attr_num(
                w->j, "die_size_per_core", c->die_mm2_per_core, "mm2", "INPUT");
    if (sized && !(c->die_mm2_per_core > 0))
        attr_num(w->j, "die_size", p->die_mm2, "mm2", "INPUT");
    else
        attr_range(
                w->j, "die_size", "mm2", &a,
                sized ? "die_size_per_core * core_units"
                : row ? row->source
                      : "completed by family or number of cores");
    attr_text(w->j, "name", c->name, "INPUT");
    attr_text(w->j, "family", c->family, "INPUT");
    attr_text(w->j, "matched", row ? row->name : NULL, "COMPLETED");
    if (c->tdp_w > 0)
        attr_num(w->j, "tdp", c->tdp_w, "W", "INPUT");
    else if (!isnan(p->tdp_w))
        attr_num(w->j, "tdp", p->tdp_w, "W", "COMPLETED");
}

static void attrs_psu(const struct answer *w, const struct est_component *k)
{
    const struct est_psu *psu = &w->s->psu;
    struct est_amount a;

    if (psu->units >= 0)
        attr_num(w->j, "units", psu->units, NULL, "INPUT");
    else if (done_of(w->r, FAC_DONE_PSU_COUNT, &a))
        attr_range(w->j, "units", "supplies", &a, "two in rack and blade");
    else
        attr_num(w->j, "units", k->units, NULL, "DEFAULT");
    if (psu->mass_kg > 0)
        attr_num(w->j, "unit_weight", psu->mass_kg, "kg", "INPUT");
    else if (done_of(w->r, FAC_DONE_PSU_MASS, &a))
        attr_range(w->j, "unit_weight", "kg", &a, "published default");
}

static void attrs_case(const struct answer *w)
{
    bool stated = w->s->chassis != CALC_CHASSIS_UNKNOWN;

    attr_num(w->j, "units", 1, NULL, "DEFAULT");
    attr_text(
            w->j, "case_type",
            calc_chassis_word(stated ? w->s->chassis : CALC_RACK),
            stated ? "INPUT" : "DEFAULT");
}

static void attrs(const struct answer *w, const struct est_component *k)
{
    struct est_amount a;

    if (k->kind == CALC_CPU) {
        attrs_cpu(w, k);
        return;
    }
    if (k->kind == CALC_PSU) {
        attrs_psu(w, k);
        return;
    }
    if (k->kind == CALC_CHASSIS) {
        attrs_case(w);
        return;
    }
    attr_num(w->j, "units", k->units, NULL, k->part ? "INPUT" : "DEFAULT");
    if (!k->part)
        return;
    if (k->part->desc.capacity >= 0)
        attr_num(w->j, "capacity", k->part->desc.capacity, "GB", "INPUT");
    else if (k->kind == CALC_SSD && done_of(w->r, FAC_DONE_SSD_SIZE, &a))
        attr_range(w->j, "capacity", "GB", &a, "default");
    if (k->kind == CALC_RAM && one_generation(w->r))
        attr_density(w, k->part->desc.density_gb_per_cm2, FAC_DONE_RAM_DENSITY);
    if (k->kind == CALC_SSD)
        attr_density(w, k->part->desc.density_gb_per_cm2, FAC_DONE_SSD_DENSITY);
    if (k->kind == CALC_GPU)
        attr_text(
                w->j, "matched", k->part->gpu ? k->part->gpu->name : NULL,
                "COMPLETED");
}

/* ---- the whole -------------------------------------------------------------
 */

static void duration(struct json_out *j, double hours)
{
    json_begin_obj(j, "duration");
    json_num(j, "value", hours);
    json_str(j, "unit", "hours");
    json_end_obj(j);
}

static void usage(const struct answer *w)
{
    const struct est_usage *u = &w->s->usage;
    const struct est_result *r = w->r;
    double per_kwh = r->factor[CALC_GWP];

    if (u->avg_power_w >= 0)
        attr_num(w->j, "avg_power", u->avg_power_w, "W", "INPUT");
    else if (!isnan(r->power_w.value))
        attr_range(
                w->j, "avg_power", "W", &r->power_w,
                "load curve of the processors, memory and cards");
    if (u->n_loads == 1)
        attr_num(w->j, "time_workload", u->loads[0].load_pct, "%", "INPUT");
    else if (!u->n_loads && !(u->avg_power_w >= 0))
        attr_num(w->j, "time_workload", 50, "%", "DEFAULT");
    attr_text(w->j, "usage_location", u->location, "INPUT");
    attr_num(
            w->j, "hours_life_time", r->life_h, "hours",
            u->life_h > 0 || u->life_y > 0 ? "INPUT" : "DEFAULT");
    if (isnan(per_kwh))
        return;
    json_begin_obj(w->j, "gwp_factor");
    json_num(w->j, "value", per_kwh);
    json_str(w->j, "status", r->has_grid ? "COMPLETED" : "INPUT");
    json_str(w->j, "unit", "kg CO2eq/kWh");
    if (r->has_grid)
        json_str(w->j, "source", r->grid.source);
    json_end_obj(w->j);
}

static void verbose(const struct answer *w)
{
    const struct est_result *r = w->r;
    char key[40];

    json_begin_obj(w->j, "verbose");
    duration(w->j, r->hours);
    for (int i = 0; i < r->n_components; i++) {
        const struct est_component *k = &r->components[i];

        snprintf(key, sizeof key, "%s-%d", k->type, k->number);
        json_begin_obj(w->j, key);
        component_impacts(w, k);
        attrs(w, k);
        duration(w->j, r->hours);
        if (!isnan(k->power_w))
            attr_num(w->j, "avg_power", k->power_w, "W", "COMPLETED");
        json_end_obj(w->j);
    }
    usage(w);
    json_end_obj(w->j);
}

static void set_one(struct json_out *j, const struct fac_set *set)
{
    json_begin_obj(j, NULL);
    json_str(j, "id", set->id);
    json_str(j, "version", set->version);
    json_str(j, "sha256", set->sha256);
    json_end_obj(j);
}

static void own_part(const struct answer *w)
{
    const struct est_result *r = w->r;
    enum calc_approach chosen = r->a.choice.approach;

    json_begin_obj(w->j, "fleetprint");
    json_str(w->j, "method", REP_METHOD_VERSION);
    json_str(w->j, "approach", calc_approach_word(chosen));
    json_str(w->j, "reason", r->a.choice.reason);
    json_begin_obj(w->j, "embedded_gwp_95");
    json_num(w->j, "value", r->interval.value);
    json_num(w->j, "low", r->interval.low);
    json_num(w->j, "high", r->interval.high);
    json_end_obj(w->j);
    json_begin_arr(w->j, "completed");
    for (int i = 0; i < r->a.n_dones; i++)
        json_str(w->j, NULL, fac_done_word(r->a.dones[i].done));
    json_end_arr(w->j);
    json_begin_arr(w->j, "sets");
    if (chosen <= CALC_C && r->a.by[chosen].set)
        set_one(w->j, r->a.by[chosen].set);
    if (r->has_grid)
        set_one(w->j, r->grid.set);
    json_end_arr(w->j);
    json_begin_arr(w->j, "warnings");
    for (int i = 0; i < w->s->n_warnings; i++)
        json_str(w->j, NULL, w->s->warnings[i]);
    json_end_arr(w->j);
    json_end_obj(w->j);
}

void est_write(
        const struct rep_server *s, const struct est_result *r, bool unrounded,
        struct json_out *j)
{
    const struct answer w = {j, s, r, unrounded};

    json_begin_obj(j, NULL);
    impacts(&w);
    verbose(&w);
    own_part(&w);
    json_end_obj(j);
}
