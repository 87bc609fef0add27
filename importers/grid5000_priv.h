/* SPDX-License-Identifier: Apache-2.0
 * A Grid'5000 node being read, shared by the reader and its parts. */
#ifndef IMPORTERS_GRID5000_PRIV_H
#define IMPORTERS_GRID5000_PRIV_H

#include "importers/importers_priv.h"

struct g5k {
    const struct wire_sink *sink;
    const char *file, *site; /* site of the path; NULL unknown */
    char place[240];
    uint64_t index;
    struct arena arena; /* texts of one node */
    struct wire_part parts[WIRE_MAX_PARTS];
    size_t n_parts;
    bool too_many;
    const char *bad_key; /* of a number that no node has; NULL: none */
    double bad_value;
    char notes[1000];
    size_t n_notes;
};

const char *g5k_text(struct g5k *g, const cJSON *item);
/* NAN: none; one below 0 or above max makes the node refused. */
double g5k_number(struct g5k *g, const cJSON *obj, const char *key, double max);
void g5k_warn(struct g5k *g, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* Appends a part of one unit with all else unknown; NULL when there are too
 * many. */
struct wire_part *g5k_part(struct g5k *g, enum calc_kind kind);
void g5k_read_ram(struct g5k *g, const cJSON *node, uint32_t *unknown_kinds);
void g5k_read_disks(struct g5k *g, const cJSON *node, uint32_t *unknown_kinds);
/* Returns the number of cards. */
uint32_t g5k_read_gpus(struct g5k *g, const cJSON *node);

#endif
