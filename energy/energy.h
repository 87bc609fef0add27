/* SPDX-License-Identifier: Apache-2.0
 * How much power a machine draws by the best tier known, and the grid factor
 * of a site and year [docs/method.md#operation]. */
#ifndef ENERGY_ENERGY_H
#define ENERGY_ENERGY_H

#include <stdbool.h>

#include "base/err.h"
#include "factors/factors.h"
#include "inventory/inventory.h"
#include "model/model.h"

/* Mean power of one unit while it is in service. */
struct en_power {
    enum calc_tier tier; /* CALC_NO_ENERGY: nothing known, watts NAN */
    double watts;
    double low_w, high_w; /* of a completed load (u in 0..1); NAN otherwise */
    double sigma;         /* ln GSD of the tier, plus the completed load */
    double kwh_year;      /* the stated amount of a whole year, leap or not,
                             that watts stands for; NAN otherwise */
    const char *basis;    /* one English sentence, borrowed for ever */
};
/* In order: power_w (M5), energy_kwh_year / 8760 h (M5), idle_w and max_w at
 * half load (M4), the TDP curve of its CPUs and GPUs with its RAM at half load,
 * load 0..1 (M4) [5.2]. Units that draw no power of their own (part lots) and
 * lines without any of these: CALC_NO_ENERGY. A virtual machine has only what
 * is stated for it; the rest is in its host's figure. */
void en_unit_power(const struct inv_unit *u, struct en_power *out);

struct en_grid {
    double g_per_kwh; /* NAN: no factor for that country and year */
    double sigma;     /* ln CALC_GRID_GSD */
    enum calc_grid_kind kind;
    int year;         /* the year the factor describes; 0 not known */
    const char *zone; /* ISO country, or the site's name for its own */
    const char *source, *set, *version; /* set NULL: the site's own figure */
};
/* The factor that the site's operation is reported with: its own figure when
 * it has one, else the life-cycle factor of its country. */
void en_site_grid(
        const struct fac_pack *p, const struct inv_site *site, int year,
        struct en_grid *out);
/* The life-cycle factor beside it, for ratios [4.3]: the site's own figure
 * where that is one, else its country's of the year that the site's own figure
 * describes, else of `year`. */
void en_site_grid_life_cycle(
        const struct fac_pack *p, const struct inv_site *site, int year,
        struct en_grid *out);

#endif
