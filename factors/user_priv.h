/* SPDX-License-Identifier: Apache-2.0
 * What the files about the user's own sets share: statements and rows. */
#ifndef FACTORS_USER_PRIV_H
#define FACTORS_USER_PRIV_H

#include "factors/factors_priv.h"
#include "factors/factors_sql.h"

struct stmt *fac_stmt(struct db *db, enum fac_sql id, struct err *err);

enum { FAC_ROW_KEYS = 4, FAC_ROW_TEXTS = 7, FAC_ROW_NUMS = 12 };

/* A row of product_footprint or factor: keys, texts and numbers in the order
 * of their statements. */
struct fac_row_shape {
    enum fac_sql find, add, change, load;
    int n_keys, n_texts, n_nums;            /* keys without the set */
    const char *const *texts, *const *nums; /* columns, for people */
};
struct fac_row {
    const struct fac_row_shape *shape;
    const char *keys[FAC_ROW_KEYS];
    const char *texts[FAC_ROW_TEXTS]; /* NULL unknown */
    double nums[FAC_ROW_NUMS];        /* NAN unknown */
};
extern const struct fac_row_shape fac_product_shape, fac_factor_shape;

/* Every row of a set in the order of keys; texts are borrowed. */
bool fac_rows_load(
        struct db *db, const struct fac_row_shape *shape, const char *set,
        bool (*row)(void *ctx, const struct fac_row *r, struct err *err),
        void *ctx, struct err *err);

#endif
