/* SPDX-License-Identifier: Apache-2.0
 * What the files about grid values share. */
#ifndef ENERGY_GRID_PRIV_H
#define ENERGY_GRID_PRIV_H

#include "energy/energy.h"
#include "energy/energy_sql.h"

enum {
    EN_HOUR_S = 3600,
    EN_DAY_S = 86400,
    EN_SLOT_S = 300, /* hours are gathered in slots of five minutes */
    EN_SLOTS = 12,
};

struct stmt *en_stmt(struct db *db, enum en_sql id, struct err *err);
const char *en_grid_kind_word(enum wire_grid_kind k);
const char *en_grid_basis_word(enum wire_grid_basis b);
/* The UTC year that a value is of; 0: it is of hours. */
int en_grid_year_of(const struct wire_grid *g);
int64_t en_year_start_s(int year);

#endif
