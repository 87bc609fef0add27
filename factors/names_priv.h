/* SPDX-License-Identifier: Apache-2.0
 * Names as machines give them: cut into words, matched against patterns, looked
 * up in tables of the pack's own names. */
#ifndef FACTORS_NAMES_PRIV_H
#define FACTORS_NAMES_PRIV_H

#include "base/hash.h"
#include "factors/factors_priv.h"

enum {
    FAC_NAME_MAX = 200, /* bytes; a longer name is no name */
    FAC_WORDS_MAX = 24,
    FAC_MODEL_SIZE = 40,
};

/* Words of a name, lower case. */
struct fac_words {
    char text[2 * FAC_NAME_MAX + FAC_WORDS_MAX];
    const char *at[FAC_WORDS_MAX];
    size_t n;
};
void fac_words_add(struct fac_words *w, const char *word, size_t len);
bool fac_words_have(const struct fac_words *w, const char *word);
/* With blanks between, in order. False when it does not fit. */
bool fac_words_join(const struct fac_words *w, char *dst, size_t size);
void fac_words_sort(struct fac_words *w);

/* Whether s begins as the pattern says; *rest is what follows. # a digit, ~
 * digits and points, ? a letter or digit, [..] one of, else itself. */
bool fac_like(const char *s, const char *pattern, const char **rest);
/* The whole of s. */
bool fac_is_like(const char *s, const char *pattern);
/* True when word is one of a NULL-ended list. */
bool fac_one_of(const char *word, const char *const *list);

struct fac_name { /* key to rows; in the pack's arena */
    UT_hash_handle hh;
    struct fac_name *more; /* next row of the same key */
    uint32_t row;
    char key[];
};
void fac_name_add(
        struct arena *a, struct fac_name **table, const char *key,
        uint32_t row);
const struct fac_name *
fac_name_find(const struct fac_name *table, const char *key);

struct fac_names {
    struct fac_name *cpu_text;  /* whole names of rows without a number */
    struct fac_name *cpu_model; /* "e5-2650 v4", "epyc-7452" */
    struct fac_name *cpu_family;
    struct fac_name *gpu;     /* words without size, form and maker */
    struct fac_name *product; /* "dell|poweredge r640" */
    struct fac_name *zone;
};

/* ---- processors --------------------------------------------------------- */

/* What a name says, vendor words and noise gone. False: no name. */
bool fac_cpu_words(const char *name, struct fac_words *out);

struct fac_cpu_model {
    char text[FAC_MODEL_SIZE]; /* "e5-2650l", "sp-6130", "r9-5950x" */
    int version;               /* of E3, E5, E7: 1..6; else 0 */
};
/* The one model number in the words; false when none or two. */
bool fac_cpu_model(const struct fac_words *w, struct fac_cpu_model *out);
/* "e5-2650l v4": the key of cpu_model. */
void fac_cpu_model_key(
        const struct fac_cpu_model *m, char dst[FAC_MODEL_SIZE + 4]);

/* A generation by the shape of its model numbers: cpu_rules.c. */
struct fac_cpu_rule {
    const char *pattern;
    int version;          /* 0: has none */
    const char *suffixes; /* words, "-" for none; NULL: any */
    const char *family;   /* with row NULL */
    const char *row;      /* the row that stands for them all */
    int cores;            /* of such a model when not told; 0 */
};
/* NULL when no rule takes it. */
const struct fac_cpu_rule *fac_cpu_rule_for(const struct fac_cpu_model *m);
/* Name of the row for a whole name that holds no model number, or NULL. */
const char *fac_cpu_row_for(const char *text);
const struct fac_cpu_rule *fac_cpu_rules(size_t *n);

/* ---- others ------------------------------------------------------------- */

void fac_gpu_names_build(struct fac_pack *p);
void fac_product_names_build(struct fac_pack *p);
void fac_zone_names_build(struct fac_pack *p);

#endif
