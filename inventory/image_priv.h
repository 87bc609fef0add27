/* SPDX-License-Identifier: Apache-2.0
 * Images of lines and sites, between the file that writes them and undo. */
#ifndef INVENTORY_IMAGE_PRIV_H
#define INVENTORY_IMAGE_PRIV_H

#include "inventory/inventory_priv.h"

struct inv_image {
    int64_t id;
    const struct inv_line *line;
    const struct inv_states *states;
    const struct inv_part_rows *parts;
    bool with_events; /* which events are its own: it is about to go */
};
/* JSON in t's arena: the given rows, and those of the side tables as they are
 * in the database. */
bool inv_image_line(
        struct inv_take *t, const struct inv_image *image, const char **out,
        struct err *err);
/* Puts a line back as its image has it, whether or not it is there. */
bool inv_image_restore(
        struct db *db, int64_t id, const char *image, struct err *err);

bool inv_image_site(struct db *db, int64_t id, char **out, struct err *err);
bool inv_image_restore_site(
        struct db *db, int64_t id, const char *image, struct err *err);

#endif
