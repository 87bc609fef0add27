/* SPDX-License-Identifier: Apache-2.0
 * Shared ids: what several lines have in common and so are wrong about
 * together [11.3], each with a name for people. */
#include "factors/load_priv.h"

#include <stdlib.h>
#include <string.h>

struct fac_ids {
    int done, pcfs, gpus, sets, unknown, others; /* first id of each kind */
    int n_static;                                /* ids known after loading */
    pthread_mutex_t lock; /* guards what follows and the products' ids */
    const char **names;   /* made when asked for */
    int next;
    struct arena text;
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

/* Every average of a set shares the level of that set. */
static void averages_number(struct fac_pack *p, struct fac_ids *ids)
{
    for (size_t i = 0; i < p->n_averages; i++)
        p->averages[i].set_id = ids->sets + (int)(p->averages[i].set - p->sets);
}

void fac_ids_build(struct fac_pack *p)
{
    struct fac_ids *ids = xcalloc(1, sizeof *ids);

    pthread_mutex_init(&ids->lock, NULL);
    for (size_t i = 0; i < p->n_factors; i++)
        p->factors[i].shared_id = (int)i;
    ids->done = (int)p->n_factors;
    ids->gpus = ids->done + FAC_DONES;
    for (size_t i = 0; i < p->n_gpus; i++)
        p->gpus[i].shared_id = ids->gpus + (int)i;
    ids->pcfs = ids->gpus + (int)p->n_gpus;
    for (size_t i = 0; i < p->n_pcfs; i++)
        p->pcfs[i].shared_id = ids->pcfs + (int)i;
    ids->sets = ids->pcfs + (int)p->n_pcfs;
    averages_number(p, ids);
    ids->unknown = ids->sets + (int)p->n_sets;
    ids->others = ids->unknown + CALC_CATEGORIES;
    ids->n_static = ids->others + 1;
    ids->next = ids->n_static;
    ids->names = xcalloc(
            (size_t)ids->n_static + FAC_MAX_PRODUCT_IDS, sizeof *ids->names);
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

/* Name of an id that is not a product's. */
static const char *name_make(const struct fac_pack *p, int id)
{
    struct fac_ids *ids = p->ids;
    const struct fac_factor *f;
    const struct fac_pcf *pcf;

    if (id < ids->done) {
        f = &p->factors[id];
        return arena_printf(&ids->text, "%s %s", f->set->id, f->key);
    }
    if (id < ids->gpus)
        return arena_printf(&ids->text, "rule %s", done_word[id - ids->done]);
    if (id < ids->pcfs)
        return arena_printf(&ids->text, "gpu %s", p->gpus[id - ids->gpus].name);
    if (id < ids->sets) {
        pcf = &p->pcfs[id - ids->pcfs];
        return arena_printf(&ids->text, "%s %s", pcf->maker, pcf->name);
    }
    if (id < ids->unknown)
        return arena_printf(&ids->text, "%s level", p->sets[id - ids->sets].id);
    if (id < ids->others)
        return arena_printf(
                &ids->text, "unknown model of %s",
                calc_category_word((enum calc_category)(id - ids->unknown)));
    return "other products";
}

const char *fac_shared_name(const struct fac_pack *p, int shared_id)
{
    struct fac_ids *ids = p->ids;
    const char *name = NULL;

    pthread_mutex_lock(&ids->lock);
    if (shared_id >= 0 && shared_id < ids->next) {
        if (!ids->names[shared_id])
            ids->names[shared_id] = name_make(p, shared_id);
        name = ids->names[shared_id];
    }
    pthread_mutex_unlock(&ids->lock);
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
