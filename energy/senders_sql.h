/* SPDX-License-Identifier: Apache-2.0
 * The statements of senders.c. */
#ifndef ENERGY_SENDERS_SQL_H
#define ENERGY_SENDERS_SQL_H

#define EN_SENDERS_SQL(X)                                                      \
    X(EN_SENDER_BY_NAME, "SELECT id, state, kind, name, seen_at "              \
                         "FROM feed_source WHERE name = ?")                    \
    X(EN_SENDER_BY_ID, "SELECT id, state, kind, name, seen_at "                \
                       "FROM feed_source WHERE id = ?")                        \
    X(EN_SENDER_STATE, "UPDATE feed_source SET state = :state WHERE id = :id") \
    X(EN_SENDER_AGENT, "UPDATE feed_source SET agent = :agent WHERE id = :id") \
    X(EN_SENDERS_PENDING,                                                      \
      "SELECT count(*) FROM feed_source WHERE state = 'pending'")

#define AS_ID(id, text) id,
enum { EN_SENDERS_SQL(AS_ID) EN_SENDERS_SQL_COUNT };
#undef AS_ID

#endif
