/* SPDX-License-Identifier: Apache-2.0
 * One run of `import`: what its callbacks share. */
#ifndef CLI_IMPORT_RUN_H
#define CLI_IMPORT_RUN_H

#include "cli/cli.h"
#include "cli/dry_run.h"
#include "cli/rejects.h"
#include "energy/energy.h"
#include "energy/pull.h"
#include "importers/importers.h"
#include "inventory/inventory.h"

struct import_run {
    struct cmd_call *call;
    struct inv_take *take; /* NULL in a dry run */
    struct db *db;
    struct fac_take *factors;    /* from the first factor on */
    struct en_grid_take *grid;   /* from the first grid value on */
    struct en_file_take *energy; /* from the first stretch of energy on */
    struct wire_energy_ask ask;
    struct buf outlets;      /* text of --outlets FILE; "" none */
    struct dry_run *dry;     /* NULL in a real one */
    struct rejects *rejects; /* --rejects FILE; NULL */
    struct imp_map *map;     /* --map, where it is not a preset; NULL */
    struct imp_options options;
    bool keep_going, tty, shown; /* shown: a line of progress stands there */
    uint64_t rows, rejected, warned;
    int files_read; /* to their ends */
    char file[120]; /* being read, for progress */
    char format[48];
    int percent; /* of it; -1: not known */
};

/* The sink of this run: import_sink.c. */
struct wire_sink import_sink(struct import_run *r);
/* A whole file that is no good, where the others go on. */
bool import_refuse_file(
        struct import_run *r, const char *file, const struct err *why,
        struct err *err);
/* Clears the line of progress. */
void import_quiet(struct import_run *r);

/* --map, --guess and --save-map: import_map.c. */
bool import_map_option(struct import_run *r, struct err *err);
/* import --guess FILE; an exit status. */
int import_guess(struct cmd_call *c, struct err *err);

#endif
