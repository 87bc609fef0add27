/* SPDX-License-Identifier: Apache-2.0
 * Grid values from the services that publish them [docs/formats.md]. */
#ifndef ENERGY_GRID_PULL_H
#define ENERGY_GRID_PULL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "energy/energy.h"

struct en_grid_service {
    const char *name;   /* "rte" */
    const char *what;   /* one line for help */
    const char *base;   /* its address */
    const char *zone;   /* where it is of one zone only; NULL */
    const char *format; /* of its answers, importers/ */
    bool needs_key;
    int days; /* of one request */
};
/* Ended by a NULL name. */
extern const struct en_grid_service en_grid_services[];
const struct en_grid_service *en_grid_service(const char *name); /* NULL none */

struct en_grid_ask {
    const struct en_grid_service *service;
    const char *zone;     /* as the service calls it; NULL: its own */
    int32_t from, to;     /* days since 1970, UTC; `to` is not in it */
    const char *key_file; /* NULL none */
    const char *base;     /* in place of the service's address; NULL */
    const char *actor;
    const volatile sig_atomic_t *stop; /* NULL */
    void (*say)(void *ctx, const char *place, const char *text);
    void *ctx;
};
/* All or nothing. ERR_INVALID for a zone or days that the service has not,
 * ERR_DENIED for a key that it does not take, ERR_IO where it does not answer.
 */
bool en_grid_pull(
        struct db *db, const struct en_grid_ask *ask,
        struct en_grid_counts *out, struct err *err);

#endif
