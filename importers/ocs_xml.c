/* SPDX-License-Identifier: Apache-2.0
 * OCS Inventory: the same REQUEST as GLPI's, with its own names for cores and
 * its own idea of a megabyte. */
#include "importers/glpi_priv.h"
#include "importers/json_priv.h"

static bool
ocs_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    return glpi_request_read(path, true, sink, err);
}

static int ocs_recognise(const char *head, size_t len, const char *file_name)
{
    /* agents of Unix do not say who they are */
    static const char *const ours[] = {
            "<CPUARCH>",    "<CORES>", "<LOGICAL_CPUS>", "<ID_GROUP>", "OCS-NG",
            "OCSInventory", NULL};
    static const char *const others[] = {
            "FusionInventory-Agent", "GLPI-Agent", NULL};

    (void)file_name;
    return glpi_is_request(head, len) && imp_head_count(head, len, ours) > 0 &&
                           imp_head_count(head, len, others) == 0
                   ? 95
                   : 0;
}

const struct imp_format imp_ocs_xml = {
        .name = "ocs-xml",
        .what = "OCS Inventory: ocsinventory-agent -l",
        .recognise = ocs_recognise,
        .read = ocs_read,
};
