/* SPDX-License-Identifier: Apache-2.0
 * The table of product footprints. */
#include "factors/load_priv.h"

#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const categories[] = {"server", "workstation", "desktop",
                                         "laptop", "screen",      "thin_client",
                                         NULL};
static const enum calc_category category_of[] = {
        CALC_SERVER, CALC_WORKSTATION, CALC_DESKTOP,
        CALC_LAPTOP, CALC_SCREEN_UNIT, CALC_DESKTOP};

struct product_row {
    const char *maker, *model, *also, *use_region, *disks, *memory, *note,
            *sheet;
    double total, use, manufacture, transport, end_of_life, life, mass;
    int category, year;
};
#define AT(field) offsetof(struct product_row, field)
#define KG(name, field)                                                        \
    {                                                                          \
        name, FAC_NUMBER, AT(field), false, 0, 1e6, NULL                       \
    }
static const struct fac_column product_columns[] = {
        {"maker", FAC_TEXT, AT(maker), true, 0, 0, NULL},
        {"model", FAC_TEXT, AT(model), true, 0, 0, NULL},
        {"also", FAC_TEXT, AT(also), false, 0, 0, NULL},
        {"category", FAC_WORD, AT(category), true, 0, 0, categories},
        {"total_kg", FAC_NUMBER, AT(total), true, 0.1, 1e6, NULL},
        KG("use_kg", use),
        KG("manufacture_kg", manufacture),
        KG("transport_kg", transport),
        KG("end_of_life_kg", end_of_life),
        {"life_y", FAC_NUMBER, AT(life), false, 0.1, 50, NULL},
        {"year", FAC_WHOLE, AT(year), false, 1995, 2100, NULL},
        {"use_region", FAC_TEXT, AT(use_region), false, 0, 0, NULL},
        {"mass_kg", FAC_NUMBER, AT(mass), false, 0.01, 5000, NULL},
        {"disks", FAC_TEXT, AT(disks), false, 0, 0, NULL},
        {"memory_gb", FAC_TEXT, AT(memory), false, 0, 0, NULL},
        {"note", FAC_TEXT, AT(note), false, 0, 0, NULL},
        {"sheet", FAC_TEXT, AT(sheet), true, 0, 0, NULL},
};
#undef KG
#undef AT

static bool product_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct product_row *r = data;
    struct fac_pack *p = l->pack;
    char key[2 * FAC_MAX_CELL + 20];

    /* Use above the total would give a negative fabrication. */
    if (r->use >= r->total)
        return fac_row_refuse(
                err, "use_kg", r->model, "expected less than total_kg");
    if (r->manufacture > r->total)
        return fac_row_refuse(
                err, "manufacture_kg", r->model, "expected total_kg at most");
    snprintf(key, sizeof key, "%s|%s", r->maker, r->model);
    if (!fac_load_once(l, "product", key))
        return fac_row_refuse(
                err, "model", r->model, "expected each maker's model once");
    p->pcfs = fac_grow(p->pcfs, p->n_pcfs, &l->cap_pcfs, sizeof *p->pcfs);
    p->pcfs[p->n_pcfs++] = (struct fac_pcf){
            .maker = r->maker,
            .name = r->model,
            .also = r->also,
            .category = category_of[r->category],
            .total_kg = r->total,
            .use_kg = r->use,
            .manufacturing_kg = r->manufacture,
            .transport_kg = r->transport,
            .eol_kg = r->end_of_life,
            .nonuse_kg = isnan(r->use) ? NAN
                                       : calc_pcf_nonuse_kg(
                                                 r->total, r->use / r->total),
            .err_frac = NAN,
            .life_y = r->life,
            .mass_kg = r->mass,
            .year = r->year,
            .disk = r->disks,
            .memory = r->memory,
            .source = r->sheet,
            .note = r->note,
            .set = l->set,
            .shared_id = -1};
    return true;
}

const struct fac_table fac_table_products = {
        "products.csv", product_columns, COUNT(product_columns),
        sizeof(struct product_row), product_take};
