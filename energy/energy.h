/* SPDX-License-Identifier: Apache-2.0
 * How much power a machine draws by the best tier known, the grid factor of a
 * site and year, and the grid values that the user brings
 * [docs/method.md#operation]. */
#ifndef ENERGY_ENERGY_H
#define ENERGY_ENERGY_H

#include <stdbool.h>

#include "base/err.h"
#include "factors/factors.h"
#include "inventory/inventory.h"
#include "model/model.h"
#include "store/store.h"
#include "wire/wire.h"

/* Mean power of one unit while it is in service. */
struct en_power {
    enum calc_tier tier; /* CALC_NO_ENERGY: nothing known, watts NAN */
    double watts;
    double low_w, high_w; /* of a completed load (u in 0..1); NAN otherwise */
    double sigma;         /* ln GSD of the tier, plus the completed load */
    double kwh_year;      /* the stated amount of a whole year, leap or not,
                             that watts stands for; NAN otherwise */
    const char *basis;    /* one English sentence, borrowed for ever */
};
/* In order: power_w (M5), energy_kwh_year / 8760 h (M5), idle_w and max_w at
 * half load (M4), the TDP curve of its CPUs and GPUs with its RAM at half load,
 * load 0..1 (M4) [5.2]. Units that draw no power of their own (part lots) and
 * lines without any of these: CALC_NO_ENERGY. A virtual machine has only what
 * is stated for it; the rest is in its host's figure. */
void en_unit_power(const struct inv_unit *u, struct en_power *out);

struct en_grid {
    double g_per_kwh; /* NAN: no factor for that country and year */
    double sigma;     /* ln CALC_GRID_GSD */
    enum calc_grid_kind kind;
    int year;         /* the year the factor describes; 0 not known */
    const char *zone; /* ISO country, or the site's name for its own */
    const char *source, *set, *version; /* set NULL: the site's own figure */
};
/* The factor that the site's operation is reported with: its own figure when
 * it has one, else the life-cycle factor of its country. */
void en_site_grid(
        const struct fac_pack *p, const struct inv_site *site, int year,
        struct en_grid *out);
/* The life-cycle factor beside it, for ratios [4.3]: the site's own figure
 * where that is one, else its country's of the year that the site's own figure
 * describes, else of `year`. */
void en_site_grid_life_cycle(
        const struct fac_pack *p, const struct inv_site *site, int year,
        struct en_grid *out);

/* ---- grid values of the user -------------------------------------------- */

/* A value's own rules, without a database: of a whole UTC year, or of five
 * minutes to a day. False: *column and err say which value breaks which. */
bool en_grid_check(
        const struct wire_grid *g, const char **column, struct err *err);

struct en_grid_counts { /* years and hours */
    uint64_t added, changed, same;
};

/* One import of grid values, one transaction: years as they are, shorter ones
 * as means of UTC hours. The same values again change nothing; what changed
 * leaves its old figure in the audit trail. An hour of which a part is
 * delivered again keeps what it has; a part that it lacked completes it. */
struct en_grid_take;
bool en_grid_take_begin(
        struct db *db, const char *actor, struct en_grid_take **out,
        struct err *err);
/* ERR_CONFLICT: the import had that time already with another value. */
bool en_grid_take_value(
        struct en_grid_take *t, const struct wire_grid *g, struct err *err);
/* Writes the hours gathered so far, as at the end of a file. */
bool en_grid_take_settle(struct en_grid_take *t, struct err *err);
const struct en_grid_counts *en_grid_take_counts(const struct en_grid_take *t);
/* Commits (or, with keep false, undoes everything); frees t. */
bool en_grid_take_end(struct en_grid_take *t, bool keep, struct err *err);

struct en_grid_stored { /* borrowed until the callback returns */
    const char *zone, *zone_name, *kind, *basis, *set, *version, *source;
    int year;
    double g_per_kwh; /* of the year, or the mean of the hours known */
    int hours;        /* known of the year; 0: a yearly value */
    bool estimated;   /* it, or some of the hours */
};
/* What the database holds of a zone, by set, kind and year; year 0: the latest
 * of each. */
bool en_grid_stored(
        struct db *db, const char *zone, int year,
        bool (*row)(void *ctx, const struct en_grid_stored *g, struct err *err),
        void *ctx, struct err *err);

const struct sql *en_sql_list(size_t *n);

/* What measures or models the machine `drop` follows to `keep`, whose own
 * power model goes first. In the caller's transaction, before drop is deleted:
 * inv_take_options.joined; `undo` gets how it was, as JSON. */
bool en_machine_joined(
        struct db *db, int64_t keep, int64_t drop, struct buf *undo,
        struct err *err);
/* Back to drop, that is there again: inv_undo_options.parted. What was moved on
 * since stays where it is. */
bool en_machine_parted(
        struct db *db, int64_t keep, int64_t drop, const char *undo,
        struct err *err);
const struct sql *en_joined_sql_list(size_t *n);

#endif
