/* SPDX-License-Identifier: Apache-2.0
 * What operation is reported from beside the ledger: power models with load
 * profiles and calendars, PUE by month, contracts of electricity, hours of the
 * grid [docs/method.md#operation]. */
#ifndef ENERGY_OPERATION_H
#define ENERGY_OPERATION_H

#include "base/buf.h"
#include "base/mem.h"
#include "energy/energy.h"

/* ---- calendars: calendar.c ----------------------------------------------- */

enum { EN_WEEK = 168, EN_MAX_CLOSED = 400 };

struct en_calendar {
    int64_t id;
    const char *name;
    uint8_t on[EN_WEEK]; /* by local hour of the week from Monday 00:00 */
    struct en_closed {
        int32_t from_day, to_day; /* both in it; days since 1970 */
    } * closed;
    size_t n_closed;
};

/* "mon-fri 08:00-18:00, sat 9-12" or "always"; whole hours, 24:00 ends a day,
 * 22:00-06:00 goes on into the next. French day names too. ERR_INVALID. */
bool en_hours_parse(const char *text, uint8_t on[EN_WEEK], struct err *err);
/* The same text back, in English: "mon-fri 08:00-18:00". */
void en_hours_print(const uint8_t on[EN_WEEK], struct buf *out);
/* "2025-12-20..2026-01-04", or one day. */
bool en_closed_parse(
        const char *text, size_t len, struct en_closed *out, struct err *err);
/* Hour of the week of a local second since 1970. */
static inline int en_week_hour(int64_t local_s)
{
    int64_t h = local_s / 3600 - (local_s % 3600 < 0);

    return (int)(((h + 72) % EN_WEEK + EN_WEEK) % EN_WEEK); /* a Thursday */
}
bool en_is_closed(const struct en_calendar *c, int32_t day);

struct en_calendar_edit {
    const char *name;
    const char *hours; /* NULL: kept, "always" of a new one */
    const char *const *closed;
    size_t n_closed; /* days to add */
    bool open_all;   /* drop the closed days that it had */
};
bool en_calendar_set(
        struct db *db, const struct en_calendar_edit *e, const char *actor,
        struct err *err);
/* ERR_NOT_FOUND; ERR_CONFLICT while a model uses it. */
bool en_calendar_remove(
        struct db *db, const char *name, const char *actor, struct err *err);

/* ---- power models: models.c, model_power.c ------------------------------- */

enum en_model_kind {
    EN_OWN,      /* by its record: idle and full power, else its parts */
    EN_CONSTANT, /* watts while on */
    EN_LINEAR,   /* idle, full */
    EN_FAN,      /* idle, full */
    EN_TDP,      /* TDP of its processors */
    EN_SPEC,     /* eleven points, rest to full */
    EN_LOG,      /* a b c d */
    EN_MODEL_KINDS
};
enum { EN_MODEL_NUMBERS = 11 };
const char *en_model_kind_word(enum en_model_kind k);
bool en_model_kind_from(const char *word, enum en_model_kind *out);
/* How many numbers a kind takes; none or two of EN_LINEAR and EN_FAN. */
int en_model_numbers(enum en_model_kind k);

struct en_model {
    int64_t id, machine_id; /* 0: of a category */
    const char *tag;        /* of the machine; NULL */
    enum calc_category category;
    enum en_model_kind kind;
    double numbers[EN_MODEL_NUMBERS];   /* NAN: not stated */
    double load;                        /* 0..1 while on; NAN: assumed half */
    const double *loads;                /* EN_WEEK of them; NULL none */
    const struct en_calendar *calendar; /* NULL: always on */
    double standby_w, memory_frac;      /* NAN: not stated */
    const char *source;
};
struct en_models {
    struct en_model *items; /* by machine_id; those of categories first */
    size_t n;
    struct en_calendar *calendars; /* by name */
    size_t n_calendars;
    const struct en_model *by_category[CALC_CATEGORIES];
    struct arena arena;
};
bool en_models_load(struct db *db, struct en_models *out, struct err *err);
void en_models_clear(struct en_models *m);
/* The model that holds for a unit: its own; else its category's, unless a
 * constant is stated for it; NULL none. */
const struct en_model *
en_model_of(const struct en_models *m, const struct inv_unit *u);
/* Its power while it is on, at its load or the mean of its loads, as
 * en_unit_power has it. CALC_NO_ENERGY where the model lacks something. */
void en_model_power(
        const struct en_model *m, const struct inv_unit *u,
        struct en_power *out);
/* Watts by local hour of the week of an open day. *off_w: on a closed one.
 * False: the same at any hour. */
bool en_model_week(
        const struct en_model *m, const struct inv_unit *u,
        double week_w[EN_WEEK], double *off_w);

struct en_model_edit { /* NULL and NAN: not stated */
    const char *tag, *category;
    struct en_model model; /* kind, numbers, load, standby_w, memory_frac */
    const char *calendar, *source;
};
/* Sets the model of a machine or of a category, in place of the one before. */
bool en_model_set(
        struct db *db, const struct en_model_edit *e, const char *actor,
        struct err *err);
bool en_model_clear(
        struct db *db, const char *tag, const char *category, const char *actor,
        struct err *err);

/* ---- a site's electricity: site_power.c ---------------------------------- */

/* PUE by month (year * 12 + month - 1), NAN to drop it; zone "" drops it. */
bool en_site_pue_set(
        struct db *db, const char *site, int month, double pue,
        const char *actor, struct err *err);
bool en_site_zone_set(
        struct db *db, const char *site, const char *zone, const char *actor,
        struct err *err);

struct en_instrument {
    int64_t id, site_id;
    const char *site, *source;
    int year;
    double mwh, g_per_kwh; /* mwh NAN: the residual mix */
};
bool en_instrument_add(
        struct db *db, const struct en_instrument *i, const char *actor,
        int64_t *id, struct err *err);
bool en_instrument_remove(
        struct db *db, int64_t id, const char *actor, struct err *err);
bool en_residual_set(
        struct db *db, const struct en_instrument *i, const char *actor,
        struct err *err);

/* All that sites state by month and year, for reports and lists. */
struct en_site_power {
    struct en_pue_month {
        int64_t site_id;
        int month;
        double pue;
    } * pue;                           /* by site and month */
    struct en_instrument *instruments; /* by site, year, id; residuals last of
                                          a site and year, id 0 */
    struct en_zone {
        int64_t site_id;
        const char *zone;
    } * zones;
    size_t n_pue, n_instruments, n_zones;
    struct arena arena;
};
bool en_site_power_load(
        struct db *db, struct en_site_power *out, struct err *err);
void en_site_power_clear(struct en_site_power *s);
/* NAN: not stated. */
double en_site_pue(const struct en_site_power *s, int64_t site_id, int month);
const char *en_site_zone(const struct en_site_power *s, int64_t site_id);

/* ---- hours of the grid: series.c ----------------------------------------- */

/* A series with hours in the period: of the wanted kind, else life-cycle,
 * direct, unstated, never marginal; of a preferred set; consumption before
 * generation; by name of the set. id 0: there is none. */
struct en_series {
    int64_t id;
    enum calc_grid_kind kind;
    const char *zone, *basis, *set, *version, *source; /* in the arena */
};
bool en_series_find(
        struct db *db, const char *zone, enum calc_grid_kind want,
        int64_t from_hour, int64_t to_hour, struct arena *a,
        struct en_series *out, struct err *err);
/* g[i] of hour from_hour + i; NAN where it is not known. */
bool en_series_hours(
        struct db *db, int64_t series, int64_t from_hour, size_t n, double *g,
        struct err *err);
/* The yearly value of the same zone, kind and source; NAN none. */
bool en_series_year(
        struct db *db, int64_t series, int year, double *g, struct err *err);

/* What a database has at all, so that a report asks once. */
struct en_extras {
    bool models, sites, grid_hours, ledger;
};
bool en_extras_any(struct db *db, struct en_extras *out, struct err *err);

/* A number that changes with every month of the ledger. */
bool en_ledger_version(struct db *db, int64_t *out, struct err *err);

/* ---- who has a meter: series.c ------------------------------------------- */

/* Ids of the machines behind meters, rising; the caller frees. shared: some
 * meter serves several. */
bool en_metered(
        struct db *db, int64_t **ids, size_t *n, bool *shared, struct err *err);

struct en_metered_row {      /* a sender; texts borrowed in the callback */
    int64_t source, machine; /* 0: of no machine, or of several */
    const char *name, *kind, *state, *tag, *agent;
    int64_t seen_s; /* 0: never */
    uint32_t meters, missing;
};
/* Senders by name, a page of them. */
bool en_metered_list(
        struct db *db, uint32_t limit, uint32_t offset,
        bool (*row)(void *ctx, const struct en_metered_row *r, struct err *err),
        void *ctx, uint64_t *total, struct err *err);

const struct sql *en_operation_sql_list(size_t *n);

#endif
