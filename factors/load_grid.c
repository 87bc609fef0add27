/* SPDX-License-Identifier: Apache-2.0
 * Tables of the electricity grid: a series per zone, and single figures. */
#include "factors/load_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { FIRST_YEAR = 2015, SERIES_YEARS = 11 };

static const char *const kinds[] = {"life_cycle", "direct", "unstated", NULL};
static const enum calc_grid_kind kind_of[] = {
        CALC_LIFE_CYCLE, CALC_DIRECT, CALC_UNSTATED};
static const char *const scopes[] = {
        "generation", "consumption", "unstated", NULL};
static const char *const uses[] = {"default", "listed", NULL};
static const char *const grades[] = {"verified", "partial",    "recalled",
                                     "estimate", "unverified", NULL};

static struct fac_grid *grid_add(struct fac_load *l)
{
    struct fac_pack *p = l->pack;

    p->grid = fac_grow(p->grid, p->n_grid, &l->cap_grid, sizeof *p->grid);
    return &p->grid[p->n_grid++];
}

/* ---- series.csv --------------------------------------------------------- */

struct series_row {
    const char *zone, *code, *name, *also, *source;
    double g[SERIES_YEARS];
    int kind, scope;
};
#define AT(field) offsetof(struct series_row, field)
#define YEAR(year)                                                             \
    {                                                                          \
        "y" #year, FAC_NUMBER, AT(g) + (year - FIRST_YEAR) * sizeof(double),   \
                false, 0, 3000, NULL                                           \
    }
static const struct fac_column series_columns[] = {
        {"zone", FAC_TEXT, AT(zone), true, 0, 0, NULL},
        {"code", FAC_TEXT, AT(code), false, 0, 0, NULL},
        {"name", FAC_TEXT, AT(name), true, 0, 0, NULL},
        {"also", FAC_TEXT, AT(also), false, 0, 0, NULL},
        {"kind", FAC_WORD, AT(kind), true, 0, 0, kinds},
        {"scope", FAC_WORD, AT(scope), true, 0, 0, scopes},
        {"source", FAC_TEXT, AT(source), true, 0, 0, NULL},
        YEAR(2015),
        YEAR(2016),
        YEAR(2017),
        YEAR(2018),
        YEAR(2019),
        YEAR(2020),
        YEAR(2021),
        YEAR(2022),
        YEAR(2023),
        YEAR(2024),
        YEAR(2025),
};
#undef YEAR
#undef AT

static bool series_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct series_row *r = data;
    struct fac_pack *p = l->pack;
    char key[FAC_MAX_CELL + 20];

    snprintf(key, sizeof key, "%d %s", r->kind, r->zone);
    if (!fac_load_once(l, "series", key))
        return fac_row_refuse(
                err, "zone", r->zone, "expected each zone and kind once");
    p->aliases = fac_grow(
            p->aliases, p->n_aliases, &l->cap_aliases, sizeof *p->aliases);
    p->aliases[p->n_aliases++] =
            (struct fac_alias){r->zone, r->code, r->name, r->also};
    for (int i = 0; i < SERIES_YEARS; i++) {
        if (isnan(r->g[i]))
            continue;
        *grid_add(l) = (struct fac_grid){
                .zone = r->zone,
                .name = r->name,
                .basis = scopes[r->scope],
                .source = r->source,
                .confidence = "verified",
                .note = "",
                .year = FIRST_YEAR + i,
                .g_per_kwh = r->g[i],
                .kind = kind_of[r->kind],
                .set = l->set};
    }
    return true;
}

const struct fac_table fac_table_series = {
        "series.csv", series_columns, COUNT(series_columns),
        sizeof(struct series_row), series_take};

/* ---- figures.csv -------------------------------------------------------- */

struct figure_row {
    const char *zone, *name, *source, *note;
    double g;
    int year, kind, scope, use, grade;
};
#define AT(field) offsetof(struct figure_row, field)
static const struct fac_column figure_columns[] = {
        {"zone", FAC_TEXT, AT(zone), true, 0, 0, NULL},
        {"name", FAC_TEXT, AT(name), true, 0, 0, NULL},
        {"year", FAC_WHOLE, AT(year), true, 1970, 2100, NULL},
        {"g_per_kwh", FAC_NUMBER, AT(g), true, 0, 3000, NULL},
        {"kind", FAC_WORD, AT(kind), true, 0, 0, kinds},
        {"scope", FAC_WORD, AT(scope), true, 0, 0, scopes},
        {"use", FAC_WORD, AT(use), true, 0, 0, uses},
        {"confidence", FAC_WORD, AT(grade), true, 0, 0, grades},
        {"source", FAC_TEXT, AT(source), true, 0, 0, NULL},
        {"note", FAC_TEXT, AT(note), false, 0, 0, NULL},
};
#undef AT

static bool figure_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct figure_row *r = data;
    char key[2 * FAC_MAX_CELL + 60];

    snprintf(
            key, sizeof key, "%s %d %d %d %s", r->zone, r->year, r->kind,
            r->scope, r->source);
    if (!fac_load_once(l, "figure", key))
        return fac_row_refuse(
                err, "source", r->source,
                "expected each zone, year, kind, scope and source once");
    snprintf(key, sizeof key, "%s %d %d", r->zone, r->year, r->kind);
    if (r->use == 0 && !fac_load_once(l, "default", key))
        return fac_row_refuse(
                err, "use", uses[r->use],
                "expected one default for a zone, year and kind");
    *grid_add(l) = (struct fac_grid){
            .zone = r->zone,
            .name = r->name,
            .basis = scopes[r->scope],
            .source = r->source,
            .confidence = grades[r->grade],
            .note = r->note,
            .listed = r->use == 1,
            .year = r->year,
            .g_per_kwh = r->g,
            .kind = kind_of[r->kind],
            .set = l->set};
    return true;
}

const struct fac_table fac_table_figures = {
        "figures.csv", figure_columns, COUNT(figure_columns),
        sizeof(struct figure_row), figure_take};

/* ---- after the rows ----------------------------------------------------- */

static int by_zone(const void *a, const void *b)
{
    const struct fac_grid *x = a, *y = b;
    int order = strcmp(x->zone, y->zone);

    if (!order)
        order = (x->kind > y->kind) - (x->kind < y->kind);
    if (!order)
        order = (x->year > y->year) - (x->year < y->year);
    if (!order)
        order = x->listed - y->listed;
    return order ? order : strcmp(x->source, y->source);
}

void fac_grid_finish(struct fac_load *l)
{
    struct fac_pack *p = l->pack;
    size_t cap = 0;

    if (p->n_grid)
        qsort(p->grid, p->n_grid, sizeof *p->grid, by_zone);
    for (size_t i = 0; i < p->n_grid; i++) {
        if (i == 0 || strcmp(p->grid[i].zone, p->grid[i - 1].zone) != 0) {
            p->zones = fac_grow(p->zones, p->n_zones, &cap, sizeof *p->zones);
            p->zones[p->n_zones++] =
                    (struct fac_zone){.zone = p->grid[i].zone, .first = i};
        }
        p->zones[p->n_zones - 1].n++;
    }
}
