/* SPDX-License-Identifier: Apache-2.0
 * lshw's JSON as a tree that was read already: also a part of other formats. */
#ifndef IMPORTERS_LSHW_JSON_PRIV_H
#define IMPORTERS_LSHW_JSON_PRIV_H

#include <cjson/cJSON.h>

#include "importers/lshw_priv.h"

/* One node with the nodes in it, or all of an array. */
bool lshw_json_node(struct lshw *l, const cJSON *root, struct err *err);
bool lshw_json_tree(struct lshw *l, const cJSON *root, struct err *err);

#endif
