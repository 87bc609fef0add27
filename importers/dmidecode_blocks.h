/* SPDX-License-Identifier: Apache-2.0
 * The blocks of one dump of dmidecode: read by dmidecode.c, told to a host by
 * dmidecode_blocks.c. */
#ifndef IMPORTERS_DMIDECODE_BLOCKS_H
#define IMPORTERS_DMIDECODE_BLOCKS_H

#include "importers/dmidecode_priv.h"

enum {
    DMI_NO_TYPE = -1,
    DMI_BIOS = 0,
    DMI_SYSTEM = 1,
    DMI_BOARD = 2,
    DMI_CHASSIS = 3,
    DMI_PROCESSOR = 4,
    DMI_OLD_MODULE = 6,
    DMI_ARRAY = 16,
    DMI_DEVICE = 17,
    DMI_SUPPLY = 39,
    DMI_N_HANDLES = 65536,
    DMI_MAX_ARRAYS = 64, /* memory arrays that are not main memory */
    DMI_MAX_BLOCKS = 20000,
    DMI_MAX_VALUE = 300,
};

/* The keys that are read, of any block. */
enum dmi_key {
    DMI_MAKER,
    DMI_PRODUCT,
    DMI_SERIAL,
    DMI_UUID,
    DMI_TYPE,
    DMI_FAMILY,
    DMI_VERSION,
    DMI_STATUS,
    DMI_CORES,
    DMI_SIZE,
    DMI_PART,
    DMI_USE,
    DMI_ARRAY_HANDLE,
    DMI_TECHNOLOGY,
    DMI_NAME,
    DMI_CAPACITY,
    DMI_SPEED,
    DMI_N_KEYS
};

struct dmi_block {
    int type;
    bool have_handle;
    bool guest; /* of the characteristics of a BIOS */
    unsigned handle;
    const char *values[DMI_N_KEYS]; /* NULL none */
};

struct dmi {
    struct imp_host host;
    struct imp_lines lines;
    struct arena arena;       /* texts of the dump being read */
    struct dmi_block *blocks; /* of the dump being read */
    size_t n_blocks;
    bool open;            /* the last block takes further lines */
    bool any;             /* a block of any dump */
    unsigned stated, met; /* structures of the dump: announced, and there */
    /* the machine */
    unsigned char handles[DMI_N_HANDLES / 8]; /* met already */
    /* arrays of flash, cache or video memory */
    unsigned others[DMI_MAX_ARRAYS];
    size_t n_others;
    bool system, devices; /* types 1 and 17 were met */
    double old_gib[64];   /* type 6 */
    size_t n_old;
    char uuid[DMI_MAX_VALUE], serial[DMI_MAX_VALUE];
};

/* The number of "0x0011, DMI type ...". */
unsigned dmi_handle(const char *text);
/* What a block says of its machine. */
void dmi_block_take(struct dmi *d, const struct dmi_block *b);

#endif
