/* SPDX-License-Identifier: Apache-2.0
 * Ids of specifications, products, projects and sites, remembered for one
 * import so that a known text costs no statement. */
#include "inventory/inventory_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    IDS_MAX = 100000, /* entries kept; then the map starts anew */
    KEY_MAX = 4096,
};

struct inv_id {
    int64_t id;
    UT_hash_handle hh;
    char key[];
};

void inv_ids_clear(struct inv_ids *ids)
{
    struct inv_id *e, *next;

    HASH_ITER(hh, ids->map, e, next)
    {
        HASH_DEL(ids->map, e);
        free(e);
    }
    ids->n = 0;
}

static bool
known(const struct inv_ids *ids, const void *key, size_t len, int64_t *id)
{
    struct inv_id *e;

    HASH_FIND(hh, ids->map, key, (unsigned)len, e);
    if (e)
        *id = e->id;
    return e != NULL;
}

static void
remember(struct inv_ids *ids, const void *key, size_t len, int64_t id)
{
    struct inv_id *e;

    if (ids->n >= IDS_MAX)
        inv_ids_clear(ids);
    e = xmalloc(sizeof *e + len);
    e->id = id;
    memcpy(e->key, key, len);
    HASH_ADD(hh, ids->map, key, (unsigned)len, e);
    ids->n++;
}

/* Looks a row up by one or two texts, and adds it when it is not there. */
static bool find_or_add(
        struct inv_take *t, enum inv_sql find, enum inv_sql add,
        const char *maker, const char *name, int64_t *id, bool *added,
        struct err *err)
{
    bool row = false;

    for (int round = 0; round < 2; round++) {
        struct stmt *q = inv_stmt(t->db, round ? add : find, err);

        if (!q)
            return false;
        if (maker)
            stmt_text(q, ":maker", maker);
        stmt_text(q, ":name", name);
        if (!stmt_step(q, &row, err))
            return false;
        if (row)
            *id = stmt_col_int(q, 0);
        else if (round)
            *id = db_last_id(t->db);
        stmt_reset(q);
        if (row)
            break;
    }
    *added = !row;
    return true;
}

static bool id_of_name(
        struct inv_take *t, struct inv_ids *ids, enum inv_sql find,
        enum inv_sql add, const char *name, int64_t *id, struct err *err)
{
    size_t len = strlen(name);
    bool added;

    if (known(ids, name, len, id))
        return true;
    if (!find_or_add(t, find, add, NULL, name, id, &added, err))
        return false;
    remember(ids, name, len, *id);
    return true;
}

bool inv_id_of_product(
        struct inv_take *t, const char *manufacturer, const char *name,
        int64_t *id, struct err *err)
{
    char key[KEY_MAX];
    size_t a, b;
    bool added;

    if (!manufacturer && !name) {
        *id = 0;
        return true;
    }
    manufacturer = manufacturer ? manufacturer : "";
    name = name ? name : "";
    a = strlen(manufacturer);
    b = strlen(name);
    CHECK(a + b + 1 <= sizeof key); /* both are at most WIRE_MAX_TEXT */
    memcpy(key, manufacturer, a + 1);
    memcpy(key + a + 1, name, b);
    if (known(&t->products, key, a + 1 + b, id))
        return true;
    if (!find_or_add(
                t, INV_PRODUCT_FIND, INV_PRODUCT_ADD, manufacturer, name, id,
                &added, err))
        return false;
    remember(&t->products, key, a + 1 + b, *id);
    return true;
}

bool inv_id_of_project(
        struct inv_take *t, const char *name, int64_t *id, struct err *err)
{
    if (!name) {
        *id = 0;
        return true;
    }
    return id_of_name(
            t, &t->projects, INV_PROJECT_FIND, INV_PROJECT_ADD, name, id, err);
}

bool inv_id_of_site(
        struct inv_take *t, const char *name, int64_t *id, struct err *err)
{
    bool added = false;

    if (known(&t->sites, name, strlen(name), id))
        return true;
    if (!find_or_add(
                t, INV_SITE_FIND, INV_SITE_ADD, NULL, name, id, &added, err))
        return false;
    if (added && !inv_undo_site(t->db, t->import_id, *id, NULL, err))
        return false;
    remember(&t->sites, name, strlen(name), *id);
    return true;
}

bool inv_site_name(
        struct inv_take *t, int64_t id, const char **name, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_SITE_NAME, err);
    bool row;

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    if (!stmt_step(q, &row, err))
        return false;
    *name = row ? arena_str(&t->arena, stmt_col_text(q, 0)) : NULL;
    stmt_reset(q);
    return true;
}

static double or_minus_one(double v)
{
    return isnan(v) ? -1.0 : v;
}

static void bind_spec(struct stmt *q, const struct wire_part *p)
{
    stmt_text_at(q, 1, calc_kind_word(p->kind));
    stmt_text_at(q, 2, p->model ? p->model : "");
    stmt_num_at(q, 3, or_minus_one(p->capacity));
    stmt_int_at(q, 4, p->cores);
    stmt_num_at(q, 5, or_minus_one(p->die_mm2));
    stmt_num_at(q, 6, or_minus_one(p->mass_kg));
    stmt_int_at(q, 7, p->total ? 1 : 0);
}

bool inv_id_of_spec(
        struct inv_take *t, const struct wire_part *p, int64_t *id,
        struct err *err)
{
    char key[KEY_MAX];
    const struct {
        double capacity, die_mm2, mass_kg;
        int32_t kind, cores;
        int64_t total;
    } head = {
            or_minus_one(p->capacity),
            or_minus_one(p->die_mm2),
            or_minus_one(p->mass_kg),
            (int32_t)p->kind,
            p->cores,
            p->total ? 1 : 0};
    size_t n = p->model ? strlen(p->model) : 0;
    bool row = false;

    CHECK(sizeof head + n <= sizeof key);
    memcpy(key, &head, sizeof head); /* no padding between its members */
    memcpy(key + sizeof head, p->model ? p->model : "", n);
    n += sizeof head;
    if (known(&t->specs, key, n, id))
        return true;
    for (int round = 0; round < 2 && !row; round++) {
        struct stmt *q =
                inv_stmt(t->db, round ? INV_SPEC_ADD : INV_SPEC_FIND, err);

        if (!q)
            return false;
        bind_spec(q, p);
        if (!stmt_step(q, &row, err))
            return false;
        *id = row ? stmt_col_int(q, 0) : db_last_id(t->db);
        stmt_reset(q);
    }
    remember(&t->specs, key, n, *id);
    return true;
}
