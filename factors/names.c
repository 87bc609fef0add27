/* SPDX-License-Identifier: Apache-2.0
 * Words, patterns and the tables of names. */
#include "factors/load_priv.h"
#include "factors/names_priv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void fac_words_add(struct fac_words *w, const char *word, size_t len)
{
    size_t used = 0;
    char *to;

    if (w->n)
        used = (size_t)(w->at[w->n - 1] - w->text) + strlen(w->at[w->n - 1]) +
               1;
    if (!len || w->n == FAC_WORDS_MAX || used + len + 1 > sizeof w->text)
        return;
    to = w->text + used;
    memcpy(to, word, len);
    to[len] = '\0';
    w->at[w->n++] = to;
}

bool fac_words_have(const struct fac_words *w, const char *word)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->at[i], word) == 0)
            return true;
    return false;
}

bool fac_words_join(const struct fac_words *w, char *dst, size_t size)
{
    size_t used = 0;

    dst[0] = '\0';
    for (size_t i = 0; i < w->n; i++) {
        size_t len = strlen(w->at[i]);

        if (used + len + 2 > size)
            return false;
        if (used)
            dst[used++] = ' ';
        memcpy(dst + used, w->at[i], len + 1);
        used += len;
    }
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void fac_words_sort(struct fac_words *w)
{
    if (w->n)
        qsort(w->at, w->n, sizeof w->at[0], by_text);
}

bool fac_like(const char *s, const char *pattern, const char **rest)
{
    for (; *pattern; pattern++, s++) {
        unsigned char c = (unsigned char)*s;

        if (*pattern == '#') {
            if (!isdigit(c))
                return false;
        } else if (*pattern == '?') {
            if (!isalnum(c))
                return false;
        } else if (*pattern == '~') {
            size_t n = strspn(s, "0123456789.");

            if (n == 0)
                return false;
            s += n - 1;
        } else if (*pattern == '[') {
            const char *end = strchr(pattern, ']');

            if (!c || !memchr(pattern + 1, c, (size_t)(end - pattern - 1)))
                return false;
            pattern = end;
        } else if (c != (unsigned char)*pattern) {
            return false;
        }
    }
    *rest = s;
    return true;
}

bool fac_is_like(const char *s, const char *pattern)
{
    const char *rest;

    return fac_like(s, pattern, &rest) && !*rest;
}

bool fac_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (**list == *word && strcmp(word, *list) == 0)
            return true;
    return false;
}

void fac_name_add(
        struct arena *a, struct fac_name **table, const char *key, uint32_t row)
{
    size_t len = strlen(key);
    struct fac_name *new = arena_alloc(a, sizeof *new + len + 1), *old = NULL;

    memcpy(new->key, key, len + 1);
    new->row = row;
    HASH_FIND(hh, *table, new->key, len, old);
    if (!old) {
        HASH_ADD(hh, *table, key, len, new);
        return;
    }
    while (old->more)
        old = old->more;
    old->more = new;
}

const struct fac_name *
fac_name_find(const struct fac_name *table, const char *key)
{
    struct fac_name *found = NULL;

    HASH_FIND(hh, table, key, strlen(key), found);
    return found;
}

static void cpu_names_build(struct fac_pack *p)
{
    struct fac_names *n = p->names;
    char key[sizeof((struct fac_words *)0)->text];

    for (size_t i = 0; i < p->n_families; i++)
        fac_name_add(&p->text, &n->cpu_family, p->families[i].key, (uint32_t)i);
    for (size_t i = 0; i < p->n_cpus; i++) {
        struct fac_words w;
        struct fac_cpu_model m;

        if (!fac_cpu_words(p->cpus[i].name, &w) ||
            !fac_words_join(&w, key, sizeof key))
            continue;
        if (!p->cpus[i].family && fac_cpu_model(&w, &m)) {
            char model[FAC_MODEL_SIZE + 4];

            fac_cpu_model_key(&m, model);
            fac_name_add(&p->text, &n->cpu_model, model, (uint32_t)i);
        } else {
            fac_name_add(&p->text, &n->cpu_text, key, (uint32_t)i);
        }
    }
}

/* Two models behind one name would make the answer depend on their order.
 * Family rows that differ in noise ("Xeon E-21xx 4-core") are found by rule. */
static bool unambiguous(
        const struct fac_pack *p, const struct fac_name *table, struct err *err)
{
    for (const struct fac_name *n = table; n; n = n->hh.next)
        if (n->more && !p->cpus[n->row].family)
            return err_set(
                    err, ERR_INVALID,
                    "processors '%s' and '%s' have the same name '%s'",
                    p->cpus[n->row].name, p->cpus[n->more->row].name, n->key);
    return true;
}

bool fac_names_build(struct fac_pack *p, struct err *err)
{
    p->names = xcalloc(1, sizeof *p->names);
    cpu_names_build(p);
    fac_gpu_names_build(p);
    fac_product_names_build(p);
    fac_zone_names_build(p);
    return unambiguous(p, p->names->cpu_text, err) &&
           unambiguous(p, p->names->cpu_model, err);
}

void fac_names_free(struct fac_pack *p)
{
    struct fac_names *n = p->names;

    if (!n)
        return;
    HASH_CLEAR(hh, n->cpu_text);
    HASH_CLEAR(hh, n->cpu_model);
    HASH_CLEAR(hh, n->cpu_family);
    HASH_CLEAR(hh, n->gpu);
    HASH_CLEAR(hh, n->product);
    HASH_CLEAR(hh, n->zone);
    free(n);
    p->names = NULL;
}
