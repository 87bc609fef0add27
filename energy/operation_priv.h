/* SPDX-License-Identifier: Apache-2.0
 * What the files about operation share: statements, and a unit's power by its
 * record at any load. */
#ifndef ENERGY_OPERATION_PRIV_H
#define ENERGY_OPERATION_PRIV_H

#include "energy/operation.h"
#include "energy/operation_sql.h"

struct stmt *eo_stmt(struct db *db, enum eo_sql id, struct err *err);
/* Commits, or takes everything back where ok is false; then false. */
bool eo_end(struct db *db, bool ok, struct err *err);
/* The site's id; ERR_NOT_FOUND. */
bool eo_site(struct db *db, const char *name, int64_t *id, struct err *err);

/* Watts of a unit by its own record at a load 0..1 while it is on (cards have a
 * context loaded): idle and full power, else its parts. memory_frac NAN: memory
 * by its size. NAN with *why where something is not known. */
double eo_own_w(
        const struct inv_unit *u, double load, double memory_frac,
        const char **why);
/* The same with cards in their deepest state: the lowest it may draw. */
double eo_own_low_w(const struct inv_unit *u, double memory_frac);
/* As modelled in power.c: a point with the range of an assumed load. */
struct en_power
eo_modelled(double watts, double low_w, double high_w, const char *basis);
struct en_power eo_none(const char *basis);

#endif
