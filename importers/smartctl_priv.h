/* SPDX-License-Identifier: Apache-2.0
 * One disk as smartctl -j describes it, also a part of other formats. */
#ifndef IMPORTERS_SMARTCTL_PRIV_H
#define IMPORTERS_SMARTCTL_PRIV_H

#include "importers/json_priv.h"

bool smartctl_is(const cJSON *v); /* an answer, of a disk or an error */
/* Adds the disk to h, and what it went through to h's note. False: there is
 * no disk in it, which is warned of. */
bool smartctl_disk(struct imp_host *h, const cJSON *v);

#endif
