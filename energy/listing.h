/* SPDX-License-Identifier: Apache-2.0
 * What the ledger holds, for lists: sources, their meters, what they miss, and
 * how far it is folded. */
#ifndef ENERGY_LISTING_H
#define ENERGY_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "factors/factors.h"
#include "store/store.h"

struct en_ledger_marks {
    int64_t folded_ns, purged_ns; /* 0: never */
};
bool en_ledger_marks(
        struct db *db, struct en_ledger_marks *out, struct err *err);

/* Seconds covered of those of the month that are folded; NAN: none is. */
double
en_coverage(const struct en_ledger_marks *marks, int month, int64_t covered_s);

struct en_source_row { /* texts borrowed until the callback returns */
    int64_t id;
    const char *kind, *name;
    const char *machine; /* its tag; NULL: none known */
    const char *state, *agent;
    int64_t seen_s; /* of the last batch; 0 never */
    int64_t conflicts, refused;
};
bool en_sources(
        struct db *db,
        bool (*row)(void *ctx, const struct en_source_row *s, struct err *err),
        void *ctx, struct err *err);

struct en_meter_row {
    const char *key, *scope, *kind, *unit;
    bool modelled;
    int64_t last_s; /* of the last folded reading; 0 none */
    /* Of a month that is folded to a day beyond its last reading; 0: heard. */
    int64_t silent_s;
    int64_t gone_s; /* from which it is gone; 0: it is there */
    int64_t sum_uj; /* of the month */
    int64_t covered_s;
    unsigned flags;   /* EN_WRAP ... of the month */
    int64_t machines; /* behind it, where it is not its source's alone */
};
/* The meters of a source; not from within another list of meters. */
bool en_source_meters(
        struct db *db, int64_t source, int month,
        bool (*row)(void *ctx, const struct en_meter_row *m, struct err *err),
        void *ctx, struct err *err);
/* A meter that was read before is missed wherever it does not read, and is
 * never taken for nothing, until it is said to be gone: from a day on (since
 * 1970, UTC), NULL: from its last folded reading on. ERR_NOT_FOUND;
 * ERR_CONFLICT where nothing of it is folded. In the caller's transaction. */
bool en_meter_gone(
        struct db *db, const char *source, const char *key, const int32_t *day,
        int64_t *from_s, struct err *err);
bool en_meter_back(
        struct db *db, const char *source, const char *key, struct err *err);
bool en_source_missing(
        struct db *db, int64_t source,
        bool (*row)(
                void *ctx, const char *key, const char *reason,
                struct err *err),
        void *ctx, struct err *err);
/* "2026-01" as year * 12 + month - 1; ERR_INVALID. */
bool en_month_parse(const char *text, int *out, struct err *err);
/* Fixed words of the flags, "wrap" ... "conflict", from bit 0; NULL beyond. */
const char *en_flag_word(int bit);

/* Modelled power of machines, by which shared meters are split: `weight` of
 * en_machine_hours with the struct as its ctx. NAN: not known. */
struct en_weights;
bool en_weights_open(
        struct db *db, struct fac_pack *pack, struct en_weights **out,
        struct err *err);
void en_weights_close(struct en_weights *w); /* NULL is fine */
double en_weight_w(void *weights, int64_t machine);

#endif
