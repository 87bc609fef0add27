/* SPDX-License-Identifier: Apache-2.0
 * The resources of one Redfish service, kept until its systems are put
 * together. */
#ifndef IMPORTERS_REDFISH_PRIV_H
#define IMPORTERS_REDFISH_PRIV_H

#include "importers/json_priv.h"

enum {
    RF_MAX_BYTES = 12 * 1024 * 1024, /* of text that one service may hold */
    RF_MAX_ITEMS = 20000,
};

enum rf_kind {
    RF_SYSTEM,
    RF_PROCESSOR,
    RF_MEMORY,
    RF_DRIVE,
    RF_SIMPLE, /* SimpleStorage */
    RF_STORAGE,
    RF_CHASSIS,
    RF_POWER,
    RF_SUPPLY,
    RF_PCIE,
    RF_DEVICE, /* iLO's own list of what is in the slots */
    RF_KINDS
};

struct rf_item {
    enum rf_kind kind;
    const char *id; /* @odata.id without a slash at the end */
    const cJSON *v;
    bool taken; /* counted already */
};

struct rf_tree {
    char *root;         /* folder that the resources' paths start in */
    struct arena arena; /* ids */
    cJSON **docs;
    size_t n_docs, bytes;
    struct rf_item *items;
    size_t n_items, n_systems;
    size_t n_files; /* documents of Redfish, of interest or not */
};

/* Whether id is parent or stands below it. */
bool rf_below(const char *id, const char *parent);
/* Whether one of the links at path leads to id. */
bool rf_linked(const cJSON *v, const char *path, const char *id);
/* Status.State, "" when it is not said. */
const char *rf_state(const cJSON *v);

/* Whether both say the same text under key. */
bool rf_same(
        struct imp_host *h, const cJSON *a, const cJSON *b, const char *key);

/* Fills h with a system and its parts and hands it over. */
bool rf_deliver_system(
        struct rf_tree *t, struct rf_item *system, struct imp_host *h,
        struct err *err);
/* The disks alone (redfish_disks.c). */
void rf_disks(
        struct rf_tree *t, const struct rf_item *system, struct imp_host *h);
/* Whether a part of the tree is of that system. */
bool rf_of_system(
        const struct rf_tree *t, const struct rf_item *part,
        const struct rf_item *system);

#endif
