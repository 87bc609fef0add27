/* SPDX-License-Identifier: Apache-2.0
 * What the importers share among themselves: places, notes and countries. */
#ifndef IMPORTERS_IMPORTERS_PRIV_H
#define IMPORTERS_IMPORTERS_PRIV_H

#include <stdio.h>

#include <cjson/cJSON.h>

#include "base/mem.h"
#include "importers/importers.h"

extern const struct imp_format imp_csv;
extern const struct imp_format imp_glpi_csv, imp_snipeit_csv, imp_netbox_csv;
extern const struct imp_format imp_grid5000;
extern const struct imp_format imp_dmidecode;
extern const struct imp_format imp_snipeit;
extern const struct imp_format imp_netbox;
extern const struct imp_format imp_glpi_json;
extern const struct imp_format imp_smartctl;
extern const struct imp_format imp_ereuse;
extern const struct imp_format imp_agent_json;
extern const struct imp_format imp_ansible;
extern const struct imp_format imp_redfish;
extern const struct imp_format imp_lshw_json;
extern const struct imp_format imp_rocm;
extern const struct imp_format imp_slurm;
extern const struct imp_format imp_lshw_xml;
extern const struct imp_format imp_glpi_xml;
extern const struct imp_format imp_ocs_xml;
extern const struct imp_format imp_hwloc_xml;
extern const struct imp_format imp_nvidia_smi_xml;

/* A CSV file through a map: csv.c. */
bool imp_csv_mapped(
        const char *path, const struct imp_map *map,
        const struct wire_sink *sink, struct err *err);

/* Why the record is refused that a file ends in. */
#define IMP_CUT_SHORT                                                          \
    "the file ends inside this record: it was cut short; --keep-going takes "  \
    "the whole ones"

/* The part of path after its last slash; borrowed from path. */
const char *imp_base_name(const char *path);

/* Characters of well-formed UTF-8. */
size_t imp_text_chars(const char *s);
/* True when s holds a control character (tab and line ends included). */
bool imp_has_control(const char *s);
/* Whether memory modules of that many GiB are sold; else a warning is due. */
bool imp_module_plausible(double gib);

/* ISO 3166-1 alpha-3 code of an alpha-3 or alpha-2 code or of a country's
 * English or French name; NULL when it is none. Borrowed for ever. */
const char *imp_country(const char *text);

#endif
