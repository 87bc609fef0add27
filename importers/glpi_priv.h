/* SPDX-License-Identifier: Apache-2.0
 * The inventory of GLPI-agent, FusionInventory and OCS as it is read, from XML
 * or JSON: sections of keys, judged when the machine ends. */
#ifndef IMPORTERS_GLPI_PRIV_H
#define IMPORTERS_GLPI_PRIV_H

#include "importers/hardware_priv.h"

enum glpi_section {
    GLPI_OTHER, /* of no matter here: nothing is kept */
    GLPI_BIOS,
    GLPI_HARDWARE,
    GLPI_CPUS,
    GLPI_MEMORIES,
    GLPI_STORAGES,
    GLPI_VIDEOS,
    GLPI_CONTROLLERS,
    GLPI_POWERSUPPLIES,
    GLPI_VIRTUALMACHINES,
};

enum glpi_key {
    GLPI_NAME,
    GLPI_MODEL,
    GLPI_MANUFACTURER,
    GLPI_SERIAL,
    GLPI_SERIALNUMBER,
    GLPI_TYPE,
    GLPI_DESCRIPTION,
    GLPI_CAPTION,
    GLPI_INTERFACE,
    GLPI_DISKSIZE,
    GLPI_CAPACITY,
    GLPI_PURPOSE,
    GLPI_CORE,
    GLPI_CPUSTATUS,
    GLPI_NBSOCKET,
    GLPI_CHIPSET,
    GLPI_PCICLASS,
    GLPI_SMANUFACTURER,
    GLPI_SMODEL,
    GLPI_SSN,
    GLPI_MMANUFACTURER,
    GLPI_MMODEL,
    GLPI_MSN,
    GLPI_ASSETTAG,
    GLPI_UUID,
    GLPI_CHASSIS_TYPE,
    GLPI_VMSYSTEM,
    GLPI_MEMORY,
    GLPI_PROCESSORN,
    GLPI_PROCESSORT,
    GLPI_OSNAME,
    GLPI_POWER_MAX,
    GLPI_STATUS,
    GLPI_KEYS,
};

enum { GLPI_MAX_DISKS = 512, GLPI_MAX_CARDS = 64 };

struct glpi_row { /* texts of the machine's arena; NULL not there */
    const char *text[GLPI_KEYS];
};

struct glpi {
    struct imp_host host;
    bool ocs; /* disk sizes are OCS's, not of 2^20 bytes alone */
    enum glpi_section section;
    struct glpi_row row, bios, hardware;
    struct glpi_row disks[GLPI_MAX_DISKS]; /* judged at the end */
    size_t n_disks;
    bool disks_known; /* one at least was counted */
    struct glpi_row cards[GLPI_MAX_CARDS], display[GLPI_MAX_CARDS];
    size_t n_cards, n_display; /* of VIDEOS; of CONTROLLERS */
    int cpus, nb_socket;
    const char *cpu_name;
    int cpu_cores;
    uint32_t guests;
    const char *query, *device_id, *equipment; /* a name, for "other" */
};

void glpi_open(struct glpi *g, const struct wire_sink *sink, const char *path);
void glpi_close(struct glpi *g); /* frees what it holds, not g */
void glpi_begin(struct glpi *g, uint64_t record);

/* "CPUS" or "cpus". */
enum glpi_section glpi_section_of(const char *name);
/* One entry of a section: begin, its keys, end. */
void glpi_section_begin(struct glpi *g, enum glpi_section section);
void glpi_value(struct glpi *g, const char *key, const char *text);
void glpi_section_end(struct glpi *g);

/* QUERY of XML or action of JSON; an inventory is INVENTORY. */
void glpi_query(struct glpi *g, const char *text);
/* DEVICEID: gives the name when HARDWARE has none. */
void glpi_device_id(struct glpi *g, const char *text);
/* What a network inventory calls its device, for the warning. */
void glpi_equipment(struct glpi *g, const char *name);
/* The machine; equipment that is no computer is warned of and passed over. */
bool glpi_deliver(struct glpi *g, struct err *err);

/* The XML of both; ocs: whose megabytes they are unless VERSIONCLIENT says. */
bool glpi_request_read(
        const char *path, bool ocs, const struct wire_sink *sink,
        struct err *err);
bool glpi_is_request(const char *head, size_t len);

#endif
