/* SPDX-License-Identifier: Apache-2.0
 * Who may send energy: the sources of readings as an operator sees them
 * [docs/feeds.md]. Their tokens are access's. */
#ifndef ENERGY_SENDERS_H
#define ENERGY_SENDERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

enum en_sender_state { EN_PENDING, EN_APPROVED, EN_REVOKED, EN_SENDER_STATES };

enum { EN_SENDER_NAME = 120 }; /* characters of a node's name */

struct en_sender {
    int64_t id;
    enum en_sender_state state;
    bool node;                         /* else a pull or a file */
    char name[EN_SENDER_NAME * 4 + 1]; /* UTF-8 */
    int64_t seen_s;                    /* of the last batch; 0 never */
};

const char *en_sender_state_word(enum en_sender_state s);
/* Text that can name a node: 1 to EN_SENDER_NAME characters, none of control.
 * ERR_INVALID. */
bool en_sender_name_ok(const char *name, struct err *err);
bool en_sender_by_name(
        struct db *db, const char *name, struct en_sender *out, bool *found,
        struct err *err);
bool en_sender_by_id(
        struct db *db, int64_t id, struct en_sender *out, bool *found,
        struct err *err);
/* A node of that name that waits to be let in; one that is there waits again.
 * agent may be NULL. Inside the caller's transaction. */
bool en_sender_wait(
        struct db *db, const char *name, const char *agent, int64_t *id,
        struct err *err);
bool en_sender_set_state(
        struct db *db, int64_t id, enum en_sender_state state, struct err *err);
bool en_senders_pending(struct db *db, int64_t *n, struct err *err);
/* Whether a sender that calls itself `node` may be the source `name`: equal
 * without regard to ASCII case, or but for a domain of one of them. */
bool en_sender_is(const char *name, const char *node);

/* SQL of senders.c, for the test that prepares all. */
const struct sql *en_senders_sql_list(size_t *n);

#endif
