/* SPDX-License-Identifier: Apache-2.0
 * What the importers of energy files share: amounts as integers, times in the
 * zone that the command names, and a machine's stretches of time. */
#ifndef IMPORTERS_ENERGY_PRIV_H
#define IMPORTERS_ENERGY_PRIV_H

#include "importers/figures_priv.h"

extern const struct imp_format imp_codecarbon, imp_ea2p, imp_zeus, imp_ear,
        imp_scaphandre_json, imp_sacct, imp_pdu_csv;

/* [D] More than this on average over a row is a wrong unit, not a machine. */
enum { IMP_MAX_W = 100000 };

/* Hands a stretch to the sink; ERR_INVALID when it has no place for such. */
bool imp_energy(
        const struct wire_sink *sink, const struct wire_energy *e,
        struct err *err);

/* amount of `unit` as uJ, rounded half to even. ERR_INVALID names what is
 * wrong with it: negative, no number, beyond 9e18. */
bool imp_energy_uj(
        double amount, enum wire_unit unit, int64_t *out, struct err *why);
/* uJ of that many watts over ns; the same errors. */
bool imp_energy_of_power(
        double watts, int64_t ns, int64_t *out, struct err *why);
/* Whether e's times and mean power can be: from before to, at most IMP_MAX_W;
 * ERR_INVALID says which cannot. */
bool imp_energy_plausible(const struct wire_energy *e, struct err *why);

/* Times of a file, in the zone that it is said to be in. */
struct imp_clock {
    const struct wire_sink *sink;
    const char *file;
    const struct tz *tz; /* NULL: UTC */
    bool named, told;
};
/* ERR_NOT_FOUND for a zone that there is not. */
bool imp_clock_open(
        struct imp_clock *c, const struct wire_sink *sink, const char *file,
        struct err *err);
/* An instant as imp_when_parse reads it, or 31/12/2024 13:45 (month_first: as
 * 12/31/2024), UTC seconds. Of an hour that comes twice the first instant
 * after `after_s` is taken. A time that clocks jump over is ERR_INVALID. */
bool imp_clock_utc(
        struct imp_clock *c, const char *text, bool month_first,
        int64_t after_s, int64_t *utc_s, struct err *why);

enum { IMP_MAX_NODES = 20000 }; /* of one list */
/* Calls node for each name of a list as Slurm writes it: "a-[0-2,07],b1". At
 * most IMP_MAX_NODES; ERR_INVALID for a list that is none. */
bool imp_nodes(
        const char *list,
        bool (*node)(void *ctx, const char *name, struct err *err), void *ctx,
        struct err *err);

/* Power or energy of several outlets in time, to be put in order and turned
 * into stretches: energy_series.c. */
enum imp_reading {
    IMP_MEAN_W,  /* mean power of the stretch that ends at its time */
    IMP_POWER,   /* power at an instant */
    IMP_ENERGY,  /* energy of the stretch that ends at its time, uJ */
    IMP_COUNTER, /* energy since some start, uJ */
};
struct imp_series_set;
struct imp_series_point {
    const char *machine, *meter; /* NULL: none; copied */
    int64_t t_s;
    double value; /* W, or uJ */
    uint64_t line;
    bool fine;   /* its time was finer than a second */
    bool unsure; /* an energy that may as well be a counter's */
};
struct imp_series_set *imp_series_begin(
        const struct wire_sink *sink, const char *file, enum wire_scope scope);
bool imp_series_add(
        struct imp_series_set *s, enum imp_reading kind,
        const struct imp_series_point *p, struct err *err);
/* step_s 0: of each series the gap that is most common; IMP_OWN_STEPS: of each
 * value, where the step changes within the series. at_start: times are those
 * at which a stretch begins. */
enum { IMP_OWN_STEPS = -1 };
bool imp_series_deliver(
        struct imp_series_set *s, int64_t step_s, bool at_start,
        struct err *err);
void imp_series_free(struct imp_series_set *s);

#endif
