/* SPDX-License-Identifier: Apache-2.0
 * Loading every set into one pack, and the pack's plain accessors. */
#include "factors/load_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* In order: a table may refer to those before it. */
static const struct fac_table *const tables[] = {
        &fac_table_families, &fac_table_cpus,      &fac_table_gpus,
        &fac_table_factors,  &fac_table_densities, &fac_table_cards,
        &fac_table_averages, &fac_table_products,  &fac_table_series,
        &fac_table_figures,
};

static const char *const needed_sets[] = {
        FAC_SET_BOTTOM_UP, FAC_SET_CPU, FAC_SET_GPU};

static const struct fac_file *
file_of(const struct fac_folder *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->files[i].name, name) == 0)
            return &f->files[i];
    return NULL;
}

/* The text after `label` on a line of its own, or NULL. */
static const char *
labelled(struct arena *text, const struct fac_file *file, const char *label)
{
    size_t n = strlen(label);
    const char *s = file->bytes, *end = s + file->size;

    while (s < end) {
        const char *stop = memchr(s, '\n', (size_t)(end - s));
        size_t len = (size_t)((stop ? stop : end) - s);

        if (len > n && memcmp(s, label, n) == 0) {
            char value[FAC_MAX_CELL];

            if (text_trim(s + n, len - n, value, sizeof value) &&
                text_utf8_ok(value, strlen(value)))
                return arena_str(text, value);
        }
        s += len + 1;
    }
    return NULL;
}

static bool set_describe(
        struct arena *text, const struct fac_folder *f, struct fac_set *set,
        struct err *err)
{
    const struct fac_file *about = file_of(f, "SOURCE.md");

    set->id = arena_str(text, f->id);
    set->version = arena_str(text, f->version);
    if (!about)
        return err_set(
                err, ERR_INVALID, "set '%s' version '%s' lacks SOURCE.md",
                f->id, f->version);
    set->title = labelled(text, about, "# ");
    set->licence = labelled(text, about, "- licence: ");
    set->source = labelled(text, about, "- source: ");
    if (set->title && set->licence && set->source)
        return true;
    err_set(err, ERR_INVALID,
            "expected lines that begin with '# ', '- licence: ' and "
            "'- source: '");
    err_in(err, "%s", about->place);
    return false;
}

/* Over each file, by name: name, line end, content. */
static void set_hash(const struct fac_folder *f, struct fac_set *set)
{
    struct buf b;
    size_t size = 0;

    if (f->sha256) {
        memcpy(set->sha256, f->sha256, sizeof set->sha256);
        return;
    }
    for (size_t i = 0; i < f->n; i++)
        size += strlen(f->files[i].name) + 1 + f->files[i].size;
    buf_init(&b, size + 1);
    for (size_t i = 0; i < f->n; i++) {
        buf_str(&b, f->files[i].name);
        buf_char(&b, '\n');
        buf_add(&b, f->files[i].bytes, f->files[i].size);
    }
    text_sha256(buf_text(&b), b.len, set->sha256);
    buf_clear(&b);
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && strcmp(s + n - m, end) == 0;
}

static bool tables_known(const struct fac_folder *f, struct err *err)
{
    for (size_t i = 0; i < f->n; i++) {
        bool known = !ends_with(f->files[i].name, ".csv");

        for (size_t t = 0; t < COUNT(tables) && !known; t++)
            known = strcmp(f->files[i].name, tables[t]->file) == 0;
        if (!known) {
            err_set(err, ERR_INVALID,
                    "expected a known table name such as factors.csv");
            err_in(err, "%s", f->files[i].place);
            return false;
        }
    }
    return true;
}

static bool
sets_open(struct fac_load *l, const struct fac_source *s, struct err *err)
{
    struct fac_pack *p = l->pack;

    /* Rows point at their set, so that it never moves: room for the user's. */
    p->sets = xcalloc(s->n + FAC_MAX_USER_SETS, sizeof *p->sets);
    for (size_t i = 0; i < s->n; i++) {
        if (!tables_known(&s->folders[i], err) ||
            !set_describe(&p->text, &s->folders[i], &p->sets[i], err))
            return false;
        set_hash(&s->folders[i], &p->sets[i]);
        p->n_sets++;
    }
    for (size_t i = 0; i < COUNT(needed_sets); i++)
        if (!fac_set_by_id(p, needed_sets[i]))
            return err_set(
                    err, ERR_INVALID, "expected a set named '%s'",
                    needed_sets[i]);
    p->pcf_set = fac_set_by_id(p, FAC_SET_PCF);
    p->cpu_set = fac_set_by_id(p, FAC_SET_CPU);
    p->gpu_set = fac_set_by_id(p, FAC_SET_GPU);
    return true;
}

static bool
rows_read(struct fac_load *l, const struct fac_source *s, struct err *err)
{
    for (size_t t = 0; t < COUNT(tables); t++)
        for (size_t i = 0; i < s->n; i++) {
            const struct fac_file *file =
                    file_of(&s->folders[i], tables[t]->file);

            if (!file)
                continue;
            l->set = &l->pack->sets[i];
            if (!fac_table_read(l, tables[t], file, err))
                return false;
            l->pack->sets[i].rows += l->rows;
        }
    return true;
}

bool fac_pack_load(const char *folder, struct fac_pack **out, struct err *err)
{
    struct fac_pack *p = xcalloc(1, sizeof *p);
    struct fac_load l = {.pack = p};
    struct fac_source source = {0};
    bool ok = false;

    if (!fac_source_open(folder, &source, err))
        goto done;
    if (!sets_open(&l, &source, err) || !rows_read(&l, &source, err) ||
        !fac_specs_finish(&l, err) || !fac_factors_finish(&l, err))
        goto done;
    fac_grid_finish(&l);
    if (!fac_names_build(p, err))
        goto done;
    fac_ids_build(p);
    fac_cache_build(p);
    fac_hot_build(p);
    *out = p;
    p = NULL;
    ok = true;
done:
    if (!ok && folder)
        err_in(err, "factor sets in '%s'", folder);
    HASH_CLEAR(hh, l.seen);
    arena_clear(&l.keys);
    fac_source_clear(&source);
    fac_pack_free(p);
    return ok;
}

void fac_pack_free(struct fac_pack *p)
{
    if (!p)
        return;
    fac_cache_free(p);
    fac_ids_free(p);
    fac_names_free(p);
    free(p->sets);
    free(p->factors);
    free(p->densities);
    free(p->cards);
    free(p->averages);
    free(p->pcfs);
    free(p->grid);
    free(p->zones);
    free(p->aliases);
    free(p->families);
    free(p->cpus);
    free(p->cpu_family);
    free(p->gpus);
    arena_clear(&p->text);
    free(p);
}

size_t fac_sets(const struct fac_pack *p, const struct fac_set **out)
{
    *out = p->sets;
    return p->n_sets;
}

const struct fac_set *fac_set_by_id(const struct fac_pack *p, const char *id)
{
    for (size_t i = 0; id && i < p->n_sets; i++)
        if (strcmp(p->sets[i].id, id) == 0)
            return &p->sets[i];
    return NULL;
}

size_t fac_factors(const struct fac_pack *p, const struct fac_factor **out)
{
    *out = p->factors;
    return p->n_factors;
}
