/* SPDX-License-Identifier: Apache-2.0
 * dmidecode's text as a part of other formats. */
#ifndef IMPORTERS_DMIDECODE_PRIV_H
#define IMPORTERS_DMIDECODE_PRIV_H

#include "importers/json_priv.h"

struct dmi;

struct dmi *dmi_new(const struct wire_sink *sink, const char *path);
void dmi_free(struct dmi *d);
/* Reads dumps to the end of in. All machines but the last are handed over;
 * its parts may be added to through dmi_host until dmi_deliver. */
bool dmi_parse(struct dmi *d, FILE *in, struct err *err);
struct imp_host *dmi_host(struct dmi *d);
bool dmi_deliver(struct dmi *d, struct err *err);

#endif
