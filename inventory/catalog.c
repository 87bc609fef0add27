/* SPDX-License-Identifier: Apache-2.0
 * Specifications, products and projects by id, each resolved once. */
#include "inventory/inventory_priv.h"

#include <math.h>
#include <stdlib.h>

/* Stands for "resolved, and there is none". */
static const char no_product;

static double unless_minus_one(double v)
{
    return v < 0 ? NAN : v;
}

static bool grow(void **items, size_t *n, size_t size, int64_t id)
{
    size_t want = (size_t)id + 1;

    if (id < 0 || want > SIZE_MAX / size)
        return false;
    *items = xreallocarray(*items, want, size);
    *n = want;
    return true;
}

/* Runs a list by id; `each` keeps one row. */
static bool load_rows(
        struct db *db, enum inv_sql sql, struct inv_catalog *c,
        bool (*each)(struct inv_catalog *c, struct stmt *q), struct err *err)
{
    struct stmt *q = inv_stmt(db, sql, err);
    bool row, ok = false;

    if (!q)
        return false;
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (!each(c, q)) {
            err_set(err, ERR_DB, "an id out of range");
            goto done;
        }
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool on_spec(struct inv_catalog *c, struct stmt *q)
{
    int64_t id = stmt_col_int(q, 0);
    size_t from = c->n_parts, n = c->n_parts;
    struct fac_part_desc d = {
            .model = stmt_col_text(q, 2),
            .capacity = unless_minus_one(stmt_col_num(q, 3)),
            .cores = (int)stmt_col_int(q, 4),
            .die_mm2 = unless_minus_one(stmt_col_num(q, 5)),
            .mass_kg = unless_minus_one(stmt_col_num(q, 6)),
            .total = stmt_col_int(q, 7) != 0,
            .density_gb_per_cm2 = NAN,
            .gpu_memory_gb = NAN};

    if (!calc_kind_from(stmt_col_text(q, 1), &d.kind))
        return false;
    if (!grow((void **)&c->parts, &n, sizeof *c->parts, id) ||
        !grow((void **)&c->part_models, &c->n_parts, sizeof *c->part_models,
              id))
        return false;
    for (size_t i = from; i < n; i++) {
        c->parts[i] = (struct fac_part){.desc.kind = CALC_KINDS};
        c->part_models[i] = NULL;
    }
    if (d.model && !d.model[0])
        d.model = NULL;
    c->part_models[id] = arena_str(c->arena, d.model);
    fac_part_resolve(c->pack, &d, &c->parts[id]);
    c->parts[id].desc.model = NULL; /* borrowed from the row until now */
    return true;
}

static bool on_product(struct inv_catalog *c, struct stmt *q)
{
    int64_t id = stmt_col_int(q, 0);
    size_t from = c->n_products, n = c->n_products;

    if (!grow((void **)&c->product_makers, &n, sizeof *c->product_makers, id) ||
        !grow((void **)&c->product_names, &c->n_products,
              sizeof *c->product_names, id))
        return false;
    for (size_t i = from; i < n; i++)
        c->product_makers[i] = c->product_names[i] = NULL;
    c->product_makers[id] = arena_str(c->arena, stmt_col_text(q, 1));
    c->product_names[id] = arena_str(c->arena, stmt_col_text(q, 2));
    return true;
}

static bool on_project(struct inv_catalog *c, struct stmt *q)
{
    int64_t id = stmt_col_int(q, 0);
    size_t from = c->n_projects;

    if (!grow((void **)&c->projects, &c->n_projects, sizeof *c->projects, id))
        return false;
    for (size_t i = from; i < c->n_projects; i++)
        c->projects[i] = NULL;
    c->projects[id] = arena_str(c->arena, stmt_col_text(q, 1));
    return true;
}

bool inv_catalog_load(
        struct db *db, struct fac_pack *pack, struct inv_catalog *out,
        struct err *err)
{
    struct inv_catalog c = {.pack = pack};
    bool ok = false;

    c.arena = xcalloc(1, sizeof *c.arena);
    if (!load_rows(db, INV_SPECS_LOAD, &c, on_spec, err) ||
        !load_rows(db, INV_PRODUCTS_LOAD, &c, on_product, err) ||
        !load_rows(db, INV_PROJECTS_LOAD, &c, on_project, err))
        goto done;
    for (int k = 0; k < CALC_CATEGORIES; k++)
        c.products[k] =
                xcalloc(c.n_products ? c.n_products : 1, sizeof *c.products[k]);
    *out = c;
    c = (struct inv_catalog){0};
    ok = true;
done:
    inv_catalog_clear(&c);
    return ok;
}

/* Threads may ask for the same product at once: both find the same answer. */
const struct fac_product *inv_catalog_product(
        struct inv_catalog *c, int64_t product_id, enum calc_category category)
{
    const struct fac_product *none = (const struct fac_product *)&no_product;
    const struct fac_product *p, **slot;

    if (product_id <= 0 || (size_t)product_id >= c->n_products ||
        category >= CALC_CATEGORIES || !c->product_names[product_id])
        return NULL;
    slot = &c->products[category][product_id];
    p = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    if (!p) {
        p = fac_product_resolve(
                c->pack, c->product_makers[product_id],
                c->product_names[product_id], category);
        __atomic_store_n(slot, p ? p : none, __ATOMIC_RELEASE);
    }
    return p == none ? NULL : p;
}

void inv_catalog_clear(struct inv_catalog *c)
{
    if (!c)
        return;
    for (int k = 0; k < CALC_CATEGORIES; k++)
        free(c->products[k]);
    free(c->parts);
    free(c->part_models);
    free(c->product_makers);
    free(c->product_names);
    free(c->projects);
    if (c->arena)
        arena_clear(c->arena);
    free(c->arena);
    *c = (struct inv_catalog){0};
}
