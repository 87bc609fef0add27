/* SPDX-License-Identifier: Apache-2.0
 * What follows a machine that is joined to another. */
#ifndef ENERGY_JOINED_SQL_H
#define ENERGY_JOINED_SQL_H

#define EJ_SQL(X)                                                              \
    X(EJ_SOURCES, "UPDATE feed_source SET machine_id = :keep "                 \
                  "WHERE machine_id = :drop")                                  \
    X(EJ_TARGETS, "UPDATE pull_target SET machine_id = :keep "                 \
                  "WHERE machine_id = :drop")                                  \
    X(EJ_METERS, "UPDATE OR IGNORE meter_machine SET machine_id = :keep "      \
                 "WHERE machine_id = :drop")                                   \
    X(EJ_MODEL, "UPDATE OR IGNORE power_model SET machine_id = :keep "         \
                "WHERE machine_id = :drop")

#endif
