/* SPDX-License-Identifier: Apache-2.0
 * Sites, machines, lots and parts: taking wire records in, and reading them
 * back one unit at a time or as pages of a list. */
#ifndef INVENTORY_INVENTORY_H
#define INVENTORY_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "factors/factors.h"
#include "model/model.h"
#include "store/store.h"
#include "wire/wire.h"

/* ---- taking in ---------------------------------------------------------- */

struct inv_take; /* one import, one transaction */

enum inv_change { INV_ADDED, INV_CHANGED, INV_SAME };

struct inv_counts {
    uint64_t added, changed, same, rejected, sites, warnings, differences;
};

/* Each field that can be both typed and detected keeps its owner. What a human
 * typed no machine source overwrites: it raises a difference instead. */
enum inv_owner { INV_HUMAN, INV_IMPORT, INV_AGENT, INV_NOBODY };
const char *inv_owner_word(enum inv_owner o);
/* People write the CSV template ("csv") and the command line ("typed"); every
 * other format is a machine's, "agent-json" the node agent's. */
enum inv_owner inv_owner_of_format(const char *format);
#define INV_TYPED "typed"

struct inv_take_options {
    const char *site;  /* for rows that name none; NULL: "default". It must be
                          there when the first of them comes, unless the
                          database had no site at all */
    const char *actor; /* acc_cli_actor() */
    const char *file, *format,
            *sha256;    /* for the import row; sha256 may be NULL */
    const char *action; /* for the audit; NULL: "import" */
    struct date on; /* day on which status and site turn; none: today, or what
                       the record's own dates tell */
    const char *remark; /* goes into the events; NULL none */
    /* Called in the transaction before a record goes into another, so that
     * what other modules keep of it can follow; NULL: nothing does. `undo`
     * gets JSON of their own, for inv_undo_options.parted. */
    bool (*joined)(
            struct db *db, int64_t keep, int64_t drop, struct buf *undo,
            struct err *err);
};

/* Begins the transaction and the import row. */
bool inv_take_begin(
        struct db *db, const struct inv_take_options *options,
        struct inv_take **out, struct err *err);
/* Finds the line by uuid, manufacturer+serial, tag, name, in that order
 * (placeholders such as "To Be Filled By O.E.M." are no identity; a serial
 * alone never joins two names of one file), then adds or updates it. A source
 * that is `partial`, or a value it does not know, erases nothing. ERR_INVALID,
 * ERR_CONFLICT and ERR_LIMIT refuse this record alone and leave nothing of it:
 * the import may go on; after any other code only inv_take_end(false) is left.
 * States: received from acquired_on, in service from in_service_on, gone from
 * exit_on; without dates since ever. */
bool inv_take_machine(
        struct inv_take *t, const struct wire_machine *m, enum inv_change *what,
        struct err *err);
bool inv_take_site(
        struct inv_take *t, const struct wire_site *s, struct err *err);
void inv_take_rejected(struct inv_take *t);
/* From here on records come from this format, and have its owner. */
void inv_take_format(struct inv_take *t, const char *format);
int64_t inv_take_id(const struct inv_take *t);
void inv_take_counts(const struct inv_take *t, struct inv_counts *out);
/* A record that must be new: ERR_CONFLICT when its machine is there. */
bool inv_take_new(
        struct inv_take *t, const struct wire_machine *m, struct err *err);
/* A record of this line, whatever its identity says. ERR_CONFLICT when
 * options.on lies before the day on which its present status began. */
bool inv_take_edit(
        struct inv_take *t, int64_t id, const struct wire_machine *m,
        enum inv_change *what, struct err *err);
/* The next edit makes that column of the CSV template unknown. */
bool inv_take_clear(struct inv_take *t, const char *column, struct err *err);
/* Joins two records of one machine: what `drop` knows fills what `keep` does
 * not, what both know otherwise becomes differences, events, parts and states
 * move, and drop's identities stay as aliases, so that its next import updates
 * keep. ERR_CONFLICT for lots. */
bool inv_take_merge(
        struct inv_take *t, int64_t keep_id, int64_t drop_id, struct err *err);
/* What the audit says instead of the counts. */
void inv_take_audit(struct inv_take *t, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* Names of what the last record changed, "power_w, gpu"; borrowed. */
const char *inv_take_detail(const struct inv_take *t);
/* Commits (or, with keep false, undoes everything); frees t. */
bool inv_take_end(
        struct inv_take *t, bool keep, struct inv_counts *counts,
        struct err *err);

/* A record's own rules, without a database: what --dry-run and the import both
 * check. False: *column and err say which value breaks which rule. */
bool inv_wire_check(
        const struct wire_machine *m, const char **column, struct err *err);

/* ---- sites -------------------------------------------------------------- */

struct inv_site {
    int64_t id;
    char *name, *country, *timezone, *grid_source, *note;
    double pue, wue, grid_g; /* NAN unknown */
    bool has_grid_kind;
    enum calc_grid_kind grid_kind;
    int grid_year;
};
struct inv_sites {
    struct inv_site *items; /* by id */
    size_t n;
};
bool inv_sites_load(struct db *db, struct inv_sites *out, struct err *err);
const struct inv_site *inv_site_by_id(const struct inv_sites *s, int64_t id);
void inv_sites_clear(struct inv_sites *s);
/* Adds or changes the stated fields of one site (`site set`). */
bool inv_site_set(
        struct db *db, const struct wire_site *s, const char *actor,
        struct err *err);

/* ---- specifications and products, resolved once per process ------------- */

struct inv_catalog { /* part_spec, product and project rows by id */
    struct fac_part
            *parts; /* parts[id] for id < n_parts; kind CALC_KINDS: gap */
    size_t n_parts;
    const char **part_models;
    const struct fac_product **products[CALC_CATEGORIES]; /* lazily, by id */
    const char **product_makers, **product_names, **projects;
    size_t n_products, n_projects;
    struct fac_pack *pack;
    struct arena *arena;
};
bool inv_catalog_load(
        struct db *db, struct fac_pack *pack, struct inv_catalog *out,
        struct err *err);
const struct fac_product *inv_catalog_product(
        struct inv_catalog *c, int64_t product_id, enum calc_category category);
void inv_catalog_clear(struct inv_catalog *c);

/* ---- reading ------------------------------------------------------------ */

struct inv_state {
    struct date from; /* year 0: since ever */
    struct date to;   /* year 0: still */
    enum calc_status status;
    int64_t site_id;
};

enum { INV_MAX_STATES = 64 };

struct inv_unit { /* one inventory line with its states and parts */
    int64_t id, product_id, project_id; /* 0: none */
    uint32_t units;
    enum calc_category category;
    enum calc_chassis chassis;
    enum calc_acquisition acquisition;
    int cpu_count, cpu_cores; /* of one unit; -1 unknown */
    struct date manufactured_on, acquired_on, in_service_on, warranty_end,
            exit_on;
    double power_w, idle_w, max_w, energy_kwh_year; /* one unit; NAN unknown */
    double price_eur, mass_kg, fabrication_kg;
    const char *fabrication_source, *tag; /* borrowed until the next unit */
    int is_virtual;
    uint32_t unknown_kinds;
    struct inv_state states[INV_MAX_STATES];
    int n_states;
    struct fac_use *uses; /* resolved parts, of one unit; borrowed */
    const int64_t *spec_ids;
    size_t n_uses;
    /* Only where the scan was asked for text: */
    const char *name, *serial, *uuid, *note, *source;
};

struct inv_scan;
/* All lines in id order by three merged table scans, in constant memory. The
 * catalogue must be of the same database and outlive the scan. one_id 0: all.
 * Lines ids in [from_id, to_id) when to_id > 0, for parallel scans; one scan at
 * a time on a connection. */
struct inv_scan_options {
    int64_t one_id, from_id, to_id;
    bool with_text;
};
bool inv_scan_open(
        struct db *db, const struct inv_catalog *catalog,
        const struct inv_scan_options *options, struct inv_scan **out,
        struct err *err);
/* *unit NULL at the end. */
bool inv_scan_next(
        struct inv_scan *s, const struct inv_unit **unit, struct err *err);
void inv_scan_close(struct inv_scan *s);
/* The highest id of a line; 0: none. */
bool inv_last_id(struct db *db, int64_t *id, struct err *err);

/* The id of a tag (or, failing that, a unique name); ERR_NOT_FOUND. */
bool inv_machine_id(
        struct db *db, const char *tag, int64_t *id, struct err *err);
/* Days in stock and in service follow from states; helpers for reports: */
const struct inv_state *inv_state_at(const struct inv_unit *u, int32_t day);

/* ---- lists -------------------------------------------------------------- */

struct inv_query {    /* NULL or -1: any */
    const char *text; /* in tag, name, product, maker, serial; '' any */
    int category, status, acquisition;
    int64_t site_id;
    int warranty;     /* 1 under warranty today, 0 not */
    const char *sort; /* tag name product category status acquired; NULL tag */
    bool descending;
    uint32_t limit, offset; /* limit 1..1000 */
    struct date today;
};
struct inv_row {
    int64_t id;
    uint32_t units;
    const char *tag, *name, *manufacturer, *product, *category, *status, *site,
            *acquisition, *acquired_on, *warranty_end;
};
/* Calls row for each line of the page; *total gets the number that match. */
bool inv_list(
        struct db *db, const struct inv_query *q,
        bool (*row)(void *ctx, const struct inv_row *r, struct err *err),
        void *ctx, uint64_t *total, struct err *err);

/* One entry of a line's life ledger, oldest first. */
struct inv_event {
    const char *kind, *effective_on, *detail;
    int64_t recorded_at_s;
};
bool inv_events(
        struct db *db, int64_t machine_id,
        bool (*event)(void *ctx, const struct inv_event *e, struct err *err),
        void *ctx, struct err *err);

/* ---- maps of CSV columns that people saved ------------------------------- */

/* name: a-z, 0-9, - and _, at most 40. The text is not looked at here. */
bool inv_map_save(
        struct db *db, const char *name, const char *text, const char *actor,
        struct err *err);
/* The caller frees *out. ERR_NOT_FOUND. */
bool inv_map_load(struct db *db, const char *name, char **out, struct err *err);
bool inv_maps(
        struct db *db,
        bool (*each)(void *ctx, const char *name, struct err *err), void *ctx,
        struct err *err);

/* ---- taking back -------------------------------------------------------- */

struct inv_import { /* one import or edit; texts borrowed in the callback */
    int64_t id, started_at_s, undone_at_s; /* 0: it stands */
    const char *file, *format;             /* of an edit: the command */
    struct inv_counts counts;
    bool edit, can_undo;
};
/* Newest first; one_id 0: all. */
bool inv_imports(
        struct db *db, int64_t one_id, uint32_t limit, uint32_t offset,
        bool (*row)(void *ctx, const struct inv_import *i, struct err *err),
        void *ctx, struct err *err);

struct inv_undone {
    int64_t import_id;
    char file[220];
    uint64_t removed, restored, sites;
};
/* Takes an import or edit back; import_id 0: the last import that stands. Lines
 * that it added vanish with their events, lines that it changed are as they
 * were, with an event that says so. ERR_NOT_FOUND; ERR_CONFLICT when a later
 * import or edit touched the same lines (the message names it), when it was
 * undone before, changed nothing or is too old. keep false: only tries. */
struct inv_undo_options {
    int64_t import_id;
    const char *actor;
    bool keep;
    /* Called when `drop` is there again that had gone into `keep`, with what
     * inv_take_options.joined had put down; NULL: nothing goes back. */
    bool (*parted)(
            struct db *db, int64_t keep, int64_t drop, const char *undo,
            struct err *err);
};
bool inv_undo(
        struct db *db, const struct inv_undo_options *options,
        struct inv_undone *out, struct err *err);

/* ---- differences -------------------------------------------------------- */

struct inv_difference { /* texts borrowed until the callback returns */
    int64_t id, machine_id;
    const char *tag, *field;
    const char *stored; /* NULL: nothing */
    const char *offered;
    const char *parts; /* JSON of the offered parts; NULL of scalars */
    const char *source, *state;
    int64_t raised_at_s, resolved_at_s; /* 0: not resolved */
};
struct inv_difference_query {
    int64_t machine_id;     /* 0: of all */
    int64_t one_id;         /* 0: any */
    bool all;               /* resolved ones too */
    uint32_t limit, offset; /* limit 0: none */
};
bool inv_differences(
        struct db *db, const struct inv_difference_query *query,
        bool (*row)(void *ctx, const struct inv_difference *d, struct err *err),
        void *ctx, struct err *err);
/* How many are open; machine_id 0: of all. */
bool inv_differences_open(
        struct db *db, int64_t machine_id, uint64_t *n, struct err *err);
/* Inside a take: an accepted value replaces the human's, belongs to its source
 * from then on and leaves an event; a refused one is not raised again.
 * ERR_NOT_FOUND, ERR_CONFLICT when it is resolved already. */
bool inv_difference_decide(
        struct inv_take *t, int64_t id, bool accept, struct err *err);

const struct sql *inv_sql_list(size_t *n);

#endif
