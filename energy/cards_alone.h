/* SPDX-License-Identifier: Apache-2.0
 * Cards that are read where nothing else of their machine is. No hour of a
 * machine can be made of them [docs/method.md#operation], but they are not
 * nothing: lists show them with the reason. */
#ifndef ENERGY_CARDS_ALONE_H
#define ENERGY_CARDS_ALONE_H

#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

struct en_cards {
    int64_t n;  /* 0: none, or more is read than cards */
    double kwh; /* of the month, of the source that shows most of them */
};

/* "cards alone: not the machine" */
extern const char en_cards_reason[];

bool en_cards_of_machine(
        struct db *db, int64_t machine, int month, struct en_cards *out,
        struct err *err);
/* Of one source, by all that is read of its machine; where that is not known,
 * by what the source reads. */
bool en_cards_of_source(
        struct db *db, int64_t source, int month, struct en_cards *out,
        struct err *err);
const struct sql *en_cards_sql_list(size_t *n);

#endif
