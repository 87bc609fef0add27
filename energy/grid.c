/* SPDX-License-Identifier: Apache-2.0
 * The grid factor of a site and year: see docs/method.md#operation. */
#include "energy/energy.h"

static struct en_grid grid_none(void)
{
    return (struct en_grid){
            .g_per_kwh = NAN, .sigma = NAN, .kind = CALC_UNSTATED};
}

static struct en_grid grid_of_site(const struct inv_site *site)
{
    return (struct en_grid){
            .g_per_kwh = site->grid_g,
            .sigma = log(CALC_GRID_GSD),
            .kind = site->has_grid_kind ? site->grid_kind : CALC_UNSTATED,
            .year = site->grid_year,
            .zone = site->name,
            .source = site->grid_source,
    };
}

static struct en_grid
grid_of_country(const struct fac_pack *p, const char *country, int year)
{
    struct fac_grid g;

    if (!country || !fac_grid_find(p, country, year, CALC_LIFE_CYCLE, &g))
        return grid_none();
    return (struct en_grid){
            .g_per_kwh = g.g_per_kwh,
            .sigma = log(CALC_GRID_GSD),
            .kind = g.kind,
            .year = g.year,
            .zone = g.zone,
            .source = g.source,
            .set = g.set->id,
            .version = g.set->version,
    };
}

void en_site_grid(
        const struct fac_pack *p, const struct inv_site *site, int year,
        struct en_grid *out)
{
    *out = isnan(site->grid_g) ? grid_of_country(p, site->country, year)
                               : grid_of_site(site);
}

void en_site_grid_life_cycle(
        const struct fac_pack *p, const struct inv_site *site, int year,
        struct en_grid *out)
{
    bool own = !isnan(site->grid_g);

    if (own && site->has_grid_kind && site->grid_kind == CALC_LIFE_CYCLE)
        *out = grid_of_site(site);
    else
        *out = grid_of_country(
                p, site->country,
                own && site->grid_year ? site->grid_year : year);
}
