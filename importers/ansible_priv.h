/* SPDX-License-Identifier: Apache-2.0
 * Facts of one host, shared by the reader and its disks. */
#ifndef IMPORTERS_ANSIBLE_PRIV_H
#define IMPORTERS_ANSIBLE_PRIV_H

#include "importers/json_priv.h"

/* With or without "ansible_" in front; NULL: not gathered. */
const cJSON *ansible_fact(const cJSON *facts, const char *name);
void ansible_disks(struct imp_host *h, const cJSON *facts);

#endif
