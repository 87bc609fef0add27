/* SPDX-License-Identifier: Apache-2.0
 * Shared ids: what several lines have in common and so are wrong about
 * together [11.3], each with a name for people. */
#include "factors/load_priv.h"

#include <stdlib.h>
#include <string.h>

struct fac_ids {
    int n_static;              /* ids known after loading */
    int done, unknown, others; /* first id of each kind */
    const char **names;        /* room for the products too */
    pthread_mutex_t lock;      /* guards next, names[next..] and product ids */
    int next;
    struct arena text; /* names of products */
};

static const char *const done_word[FAC_DONES] = {
        [FAC_DONE_RAM_DENSITY] = "ram density",
        [FAC_DONE_RAM_MODULES] = "ram modules",
        [FAC_DONE_SSD_DENSITY] = "ssd density",
        [FAC_DONE_SSD_SIZE] = "ssd size",
        [FAC_DONE_CPU_FAMILY_CORES] = "cpu die of its family and cores",
        [FAC_DONE_CPU_FAMILY] = "cpu die of its family",
        [FAC_DONE_CPU_LINE] = "cpu die by cores",
        [FAC_DONE_CPU_NOTHING] = "cpu die of any",
        [FAC_DONE_PSU_MASS] = "power supply mass",
        [FAC_DONE_PSU_COUNT] = "power supply count",
        [FAC_DONE_CASE] = "case",
        [FAC_DONE_GPU_AREA] = "gpu effective area",
        [FAC_DONE_GPU_NOTHING] = "gpu card of any",
        [FAC_DONE_CPU_COUNT] = "cpu count",
};

const char *fac_done_word(enum fac_done d)
{
    return done_word[d];
}

static void named(struct fac_ids *ids, const char *name)
{
    ids->names[ids->n_static++] = name;
}

static void averages_name(struct fac_pack *p, struct fac_ids *ids)
{
    for (size_t s = 0; s < p->n_sets; s++) {
        bool any = false;

        for (size_t i = 0; i < p->n_averages; i++)
            if (p->averages[i].set == &p->sets[s]) {
                p->averages[i].set_id = ids->n_static;
                any = true;
            }
        if (any)
            named(ids, arena_printf(&p->text, "%s level", p->sets[s].id));
    }
}

void fac_ids_build(struct fac_pack *p)
{
    struct fac_ids *ids = xcalloc(1, sizeof *ids);
    size_t room = p->n_factors + FAC_DONES + p->n_gpus + p->n_pcfs + p->n_sets +
                  CALC_CATEGORIES + 1 + FAC_MAX_PRODUCT_IDS;

    ids->names = xcalloc(room, sizeof *ids->names);
    pthread_mutex_init(&ids->lock, NULL);
    for (size_t i = 0; i < p->n_factors; i++) {
        p->factors[i].shared_id = ids->n_static;
        named(ids, arena_printf(
                           &p->text, "%s %s", p->factors[i].set->id,
                           p->factors[i].key));
    }
    ids->done = ids->n_static;
    for (int d = 0; d < FAC_DONES; d++)
        named(ids, arena_printf(&p->text, "rule %s", done_word[d]));
    for (size_t i = 0; i < p->n_gpus; i++) {
        p->gpus[i].shared_id = ids->n_static;
        named(ids, arena_printf(&p->text, "gpu %s", p->gpus[i].name));
    }
    for (size_t i = 0; i < p->n_pcfs; i++) {
        p->pcfs[i].shared_id = ids->n_static;
        named(ids,
              arena_printf(
                      &p->text, "%s %s", p->pcfs[i].maker, p->pcfs[i].name));
    }
    averages_name(p, ids);
    ids->unknown = ids->n_static;
    for (int c = 0; c < CALC_CATEGORIES; c++)
        named(ids, arena_printf(
                           &p->text, "unknown model of %s",
                           calc_category_word((enum calc_category)c)));
    ids->others = ids->n_static;
    named(ids, "other products");
    ids->next = ids->n_static;
    p->ids = ids;
}

void fac_ids_free(struct fac_pack *p)
{
    if (!p->ids)
        return;
    pthread_mutex_destroy(&p->ids->lock);
    arena_clear(&p->ids->text);
    free(p->ids->names);
    free(p->ids);
    p->ids = NULL;
}

int fac_id_done(const struct fac_pack *p, enum fac_done d)
{
    return p->ids->done + (int)d;
}

int fac_id_unknown_model(const struct fac_pack *p, enum calc_category c)
{
    return p->ids->unknown + (int)c;
}

int fac_product_id(
        const struct fac_pack *p, const struct fac_product *product,
        enum calc_category c)
{
    struct fac_ids *ids = p->ids;
    struct fac_product *mine;
    int id;

    if (!product)
        return fac_id_unknown_model(p, c);
    if (product->pcf)
        return product->pcf->shared_id;
    id = atomic_load(&product->shared_id);
    if (id >= 0)
        return id;
    /* The cache owns every product: handing out its id changes no answer. */
    mine = (struct fac_product *)product;
    pthread_mutex_lock(&ids->lock);
    id = atomic_load(&mine->shared_id);
    if (id < 0) {
        id = ids->others;
        if (ids->next < ids->n_static + FAC_MAX_PRODUCT_IDS) {
            id = ids->next++;
            ids->names[id] = arena_printf(
                    &ids->text, "%s%s%s", mine->maker,
                    *mine->maker && *mine->name ? " " : "", mine->name);
        }
        atomic_store(&mine->shared_id, id);
    }
    pthread_mutex_unlock(&ids->lock);
    return id;
}

const char *fac_shared_name(const struct fac_pack *p, int shared_id)
{
    const char *name = NULL;

    if (shared_id < 0)
        return NULL;
    if (shared_id < p->ids->n_static)
        return p->ids->names[shared_id];
    pthread_mutex_lock(&p->ids->lock);
    if (shared_id < p->ids->next)
        name = p->ids->names[shared_id];
    pthread_mutex_unlock(&p->ids->lock);
    return name;
}

int fac_shared_count(const struct fac_pack *p)
{
    int n;

    pthread_mutex_lock(&p->ids->lock);
    n = p->ids->next;
    pthread_mutex_unlock(&p->ids->lock);
    return n;
}
