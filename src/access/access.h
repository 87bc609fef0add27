/* SPDX-License-Identifier: Apache-2.0
 * Who acts, and the trail of what they changed. */
#ifndef ACCESS_ACCESS_H
#define ACCESS_ACCESS_H

#include <stdbool.h>

#include "base/err.h"
#include "store/store.h"

/* "cli:LOGIN" of the user that runs the command; never NULL. */
const char *acc_cli_actor(void);
/* Appends to the audit table, inside the caller's transaction. */
bool acc_audit(
        struct db *db, const char *actor, const char *action,
        const char *detail, struct err *err);

/* The newest entry's id; 0: none. Every change of the data is audited in its
 * own transaction, so connections that see the same entry see the same data. */
bool acc_last(struct db *db, int64_t *id, struct err *err);

/* SQL of this module, for the test that prepares all. */
const struct sql *acc_sql_list(size_t *n);

#endif
