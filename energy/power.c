/* SPDX-License-Identifier: Apache-2.0
 * The mean power of one unit, by the best source that its record has: see
 * docs/method.md#operation. */
#include "energy/operation_priv.h"

#define HOURS_PER_YEAR 8760.0
#define HALF_LOAD 0.5

/* A card without its own measurement [D]: 5 % of its TDP in the deepest state,
 * 20 % with a context loaded, all of it when busy. */
#define GPU_DEEP_FRAC 0.05
#define GPU_CONTEXT_FRAC 0.20

/* More than a whole computing centre: a slip of the keyboard, not a machine. */
#define MAX_UNIT_W 1e8

static bool plausible(double watts)
{
    return watts >= 0 && watts <= MAX_UNIT_W;
}

struct en_power eo_none(const char *basis)
{
    return (struct en_power){
            .tier = CALC_NO_ENERGY,
            .watts = NAN,
            .low_w = NAN,
            .high_w = NAN,
            .sigma = NAN,
            .kwh_year = NAN,
            .basis = basis,
    };
}

static struct en_power constant(double watts, double kwh_year)
{
    return (struct en_power){
            .tier = CALC_M5,
            .watts = watts,
            .low_w = NAN,
            .high_w = NAN,
            .sigma = log(calc_tier_gsd(CALC_M5)),
            .kwh_year = kwh_year,
            .basis = isnan(kwh_year)
                             ? "A constant power is stated for it."
                             : "The energy of a whole year is stated for it.",
    };
}

/* The load is completed: the point is half load, the range is idle to full
 * [5.2]. A model that says the same at both ends has no such range. */
struct en_power
eo_modelled(double watts, double low_w, double high_w, const char *basis)
{
    double tier_sigma = log(calc_tier_gsd(CALC_M4)), load_sigma = 0;
    double point = watts;

    if (high_w > low_w)
        load_sigma = calc_range_sigma(low_w, high_w, &point);
    return (struct en_power){
            .tier = CALC_M4,
            .watts = watts,
            .low_w = low_w,
            .high_w = high_w,
            .sigma = isnan(load_sigma) ? tier_sigma
                                       : hypot(tier_sigma, load_sigma),
            .kwh_year = NAN,
            .basis = basis,
    };
}

/* What the parts of one unit add up to; NAN: a part that matters is there and
 * its figure is not known. */
struct draw {
    double cpu_tdp_w, gpu_tdp_w, ram_gb;
    double ram_w; /* by modules; 0 where nobody asked */
    uint32_t cpus, cpu_rows;
    int cores; /* of the last CPU; 0 unknown */
    bool soc;  /* a card is processor and memory too */
};

/* Memory by its modules [S11]; a total over modules of unknown number by its
 * size. */
static double ram_w(const struct fac_part *p, double units, double used_frac)
{
    double gb = p->desc.capacity >= 0 ? p->desc.capacity : NAN;

    if (isnan(used_frac) || p->desc.total)
        return calc_power_ram_w(units * gb);
    return calc_power_ram_ea2p_w(
            units, gb, p->ram_gen == FAC_DDR3, used_frac * 100);
}

static void
draw_add(struct draw *d, const struct fac_use *use, double memory_frac)
{
    const struct fac_part *p = use->part;

    switch (p->desc.kind) {
    case CALC_CPU:
        d->cpus += use->units;
        d->cpu_rows++;
        d->cores = p->cpu ? p->cpu->cores : 0;
        d->cpu_tdp_w += use->units * p->tdp_w;
        break;
    case CALC_GPU:
        d->gpu_tdp_w += use->units * p->tdp_w;
        d->soc = d->soc || p->soc;
        break;
    case CALC_RAM:
        d->ram_gb +=
                use->units * (p->desc.capacity >= 0 ? p->desc.capacity : NAN);
        if (!isnan(memory_frac))
            d->ram_w += ram_w(p, use->units, memory_frac);
        break;
    default: /* in the node's share of everything else [5.2] */
        break;
    }
}

static bool is_unknown(const struct inv_unit *u, enum calc_kind kind)
{
    return (u->unknown_kinds & 1u << kind) != 0;
}

/* How many of a CPU whose row says one: as many as the unit's cores make, if
 * they do; else what serves has one or two (0: not known), other machines one.
 */
static uint32_t cpus_by_cores(const struct draw *d, const struct inv_unit *u)
{
    bool serves = u->category == CALC_SERVER || u->category == CALC_GPU_NODE ||
                  u->category == CALC_STORAGE;

    if (d->cores > 0 && u->cpu_cores > 0 && u->cpu_cores % d->cores == 0)
        return (uint32_t)(u->cpu_cores / d->cores);
    return serves ? 0 : 1;
}

static void count_cpus(struct draw *d, const struct inv_unit *u)
{
    uint32_t n = d->cpus;

    if (u->cpu_count > 0)
        n = d->cpus > (uint32_t)u->cpu_count ? d->cpus : (uint32_t)u->cpu_count;
    else if (u->cpu_count < 0 && d->cpus == 1)
        n = cpus_by_cores(d, u);
    if (!d->cpus || !n || is_unknown(u, CALC_CPU))
        d->cpu_tdp_w = NAN;
    else if (n > d->cpus) /* one row names the model of all of them */
        d->cpu_tdp_w = d->cpu_rows == 1 ? d->cpu_tdp_w / d->cpus * n : NAN;
    if (!d->soc)
        return;
    if (isnan(d->cpu_tdp_w) && !d->cpus)
        d->cpu_tdp_w = 0;
    if (is_unknown(u, CALC_RAM))
        d->ram_gb = 0;
}

/* What its parts draw with; NULL, or what is not known of them. */
static const char *
draw_of(const struct inv_unit *u, double memory_frac, struct draw *d)
{
    *d = (struct draw){0};
    for (size_t i = 0; i < u->n_uses; i++)
        draw_add(d, &u->uses[i], memory_frac);
    count_cpus(d, u);
    if (isnan(d->cpu_tdp_w))
        return "The number of its processors or their thermal design "
               "power is not known.";
    if ((is_unknown(u, CALC_RAM) && !d->soc) || isnan(d->ram_gb))
        return "Its memory is not known.";
    /* In a node made for cards, cards that nobody counted are most of it. */
    if (isnan(d->gpu_tdp_w) ||
        (is_unknown(u, CALC_GPU) && u->category == CALC_GPU_NODE))
        return "The power of its graphics cards is not known.";
    if (isnan(memory_frac))
        d->ram_w = calc_power_ram_w(d->ram_gb);
    return NULL;
}

static double draw_w(const struct draw *d, double load, double gpu_w)
{
    return calc_power_node_w(calc_power_tdp_w(d->cpu_tdp_w, load), d->ram_w) +
           gpu_w;
}

/* Cards with a context loaded. */
static double draw_on_w(const struct draw *d, double load)
{
    return draw_w(
            d, load,
            calc_power_linear_w(
                    GPU_CONTEXT_FRAC * d->gpu_tdp_w, d->gpu_tdp_w, load));
}

static double draw_low_w(const struct draw *d)
{
    return draw_w(d, 0, GPU_DEEP_FRAC * d->gpu_tdp_w);
}

static struct en_power from_parts(const struct inv_unit *u)
{
    struct draw d;
    const char *why = draw_of(u, NAN, &d);
    double watts;

    if (why)
        return eo_none(why);
    watts = draw_on_w(&d, HALF_LOAD);
    if (!plausible(watts))
        return eo_none("Its parts add up to no plausible power.");
    if (is_unknown(u, CALC_GPU))
        return eo_modelled(
                watts, draw_low_w(&d), draw_on_w(&d, 1),
                "The load curve of its processors at half load, with its "
                "memory; whether it has graphics cards is not known.");
    return eo_modelled(
            watts, draw_low_w(&d), draw_on_w(&d, 1),
            "The load curve of its processors at half load, with its memory "
            "and graphics cards.");
}

static bool by_ends(const struct inv_unit *u)
{
    return plausible(u->idle_w) && plausible(u->max_w);
}

double eo_own_w(
        const struct inv_unit *u, double load, double memory_frac,
        const char **why)
{
    struct draw d;
    double watts;

    *why = NULL;
    if (by_ends(u))
        return calc_power_linear_w(u->idle_w, u->max_w, load);
    *why = draw_of(u, memory_frac, &d);
    if (*why)
        return NAN;
    watts = draw_on_w(&d, load);
    if (!plausible(watts))
        *why = "Its parts add up to no plausible power.";
    return *why ? NAN : watts;
}

double eo_own_low_w(const struct inv_unit *u, double memory_frac)
{
    struct draw d;

    if (by_ends(u))
        return fmin(u->idle_w, u->max_w);
    return draw_of(u, memory_frac, &d) ? NAN : draw_low_w(&d);
}

void en_unit_power(const struct inv_unit *u, struct en_power *out)
{
    if (u->category == CALC_PART_LOT)
        *out = eo_none("Loose parts draw no power of their own.");
    else if (plausible(u->power_w))
        *out = constant(u->power_w, NAN);
    else if (plausible(u->energy_kwh_year * 1000 / HOURS_PER_YEAR))
        *out = constant(
                u->energy_kwh_year * 1000 / HOURS_PER_YEAR, u->energy_kwh_year);
    else if (by_ends(u))
        *out = eo_modelled(
                calc_power_linear_w(u->idle_w, u->max_w, HALF_LOAD),
                fmin(u->idle_w, u->max_w), fmax(u->idle_w, u->max_w),
                "Its idle and full power are stated; half load is assumed.");
    else if (u->is_virtual == 1) /* its parts are a view of its host's */
        *out = eo_none("It draws through its host, whose figure has it.");
    else
        *out = from_parts(u);
}
