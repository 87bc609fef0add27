/* SPDX-License-Identifier: Apache-2.0
 * The yearly carbon intensity of a country by name, year and kind. */
#include "factors/load_priv.h"
#include "factors/names_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { KEY_SIZE = 120 };

static void zone_add(struct fac_pack *p, const char *text, size_t len, long row)
{
    char key[KEY_SIZE];

    text_key(text, len, key, sizeof key);
    if (*key && !fac_name_find(p->names->zone, key))
        fac_name_add(&p->text, &p->names->zone, key, (uint32_t)row);
}

static int zone_order(const void *a, const void *b)
{
    return strcmp(
            ((const struct fac_zone *)a)->zone,
            ((const struct fac_zone *)b)->zone);
}

static long zone_index(const struct fac_pack *p, const char *zone)
{
    struct fac_zone wanted = {.zone = zone};
    const struct fac_zone *z = p->n_zones
                                       ? bsearch(&wanted, p->zones, p->n_zones,
                                                 sizeof *p->zones, zone_order)
                                       : NULL;

    return z ? z - p->zones : -1;
}

void fac_zone_names_build(struct fac_pack *p)
{
    for (size_t i = 0; i < p->n_zones; i++)
        zone_add(p, p->zones[i].zone, strlen(p->zones[i].zone), (long)i);
    for (size_t i = 0; i < p->n_aliases; i++) {
        const struct fac_alias *a = &p->aliases[i];
        long row = zone_index(p, a->zone);

        if (row < 0)
            continue;
        zone_add(p, a->code, strlen(a->code), row);
        zone_add(p, a->name, strlen(a->name), row);
        for (const char *s = a->also; *s;) {
            size_t n = strcspn(s, ";");

            zone_add(p, s, n, row);
            s += n + (s[n] == ';');
        }
    }
}

/* Of one year: a preferred set, then the program's own, then the set of the
 * user that changed last; these stand in that order. */
static bool goes_before(const struct fac_set *a, const struct fac_set *b)
{
    if (a->preferred != b->preferred)
        return a->preferred;
    if (a->user != b->user)
        return b->user;
    return a->user && a < b;
}

/* Exact year, else the nearest earlier, else the nearest later; 0: latest. */
static bool better(int year, const struct fac_grid *a, const struct fac_grid *b)
{
    bool a_late = year && a->year > year, b_late = year && b->year > year;

    if (a_late != b_late)
        return b_late;
    if (a->year == b->year)
        return goes_before(a->set, b->set);
    return a_late ? a->year < b->year : a->year > b->year;
}

const char *fac_zone_known(const struct fac_pack *p, const char *name)
{
    char key[KEY_SIZE];
    const struct fac_name *n;

    text_key(name, strlen(name), key, sizeof key);
    n = *key ? fac_name_find(p->names->zone, key) : NULL;
    return n ? p->zones[n->row].zone : NULL;
}

bool fac_grid_find(
        const struct fac_pack *p, const char *iso3, int year,
        enum calc_grid_kind kind, struct fac_grid *out)
{
    char key[KEY_SIZE];
    const struct fac_name *n;
    const struct fac_zone *z;
    const struct fac_grid *best = NULL;

    if (!iso3 || strlen(iso3) >= KEY_SIZE)
        return false;
    text_key(iso3, strlen(iso3), key, sizeof key);
    n = fac_name_find(p->names->zone, key);
    if (!n)
        return false;
    z = &p->zones[n->row];
    for (size_t i = z->first; i < z->first + z->n; i++) {
        const struct fac_grid *g = &p->grid[i];

        if (g->kind == kind && !g->listed && (!best || better(year, g, best)))
            best = g;
    }
    if (!best)
        return false;
    *out = *best;
    return true;
}

size_t fac_grids(const struct fac_pack *p, const struct fac_grid **out)
{
    *out = p->grid;
    return p->n_grid;
}
