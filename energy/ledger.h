/* SPDX-License-Identifier: Apache-2.0
 * The hourly ledger: readings in, whole joules by hour out, sums exact
 * [docs/method.md#live-feeds]. Times are UTC; amounts are uJ in int64 up to one
 * meter and month (2^63 uJ is 2.56 GWh), in 128 bits beyond. */
#ifndef ENERGY_LEDGER_H
#define ENERGY_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/model.h"
#include "store/store.h"
#include "wire/feed.h"

/* ---- taking in: feed_take.c --------------------------------------------- */

enum { EN_MAX_REFUSED = 100 }; /* rows told of one batch; all are counted */

struct en_taken { /* what became of a batch */
    uint64_t accepted, duplicate, conflict, refused;
    uint64_t last_seq; /* the highest accepted of the run, 0 none */
    struct {
        uint64_t seq;
        const char *reason; /* fixed text */
    } told[EN_MAX_REFUSED];
    size_t n_told;
};

/* Takes batches in, over many transactions; keeps what it learnt of sources,
 * meters and runs between them. One thread. The caller's transaction: nothing
 * is durable before its commit. After a rollback call en_feed_forget. */
struct en_feed;
bool en_feed_open(struct db *db, struct en_feed **out, struct err *err);
void en_feed_close(struct en_feed *f); /* NULL is fine */
void en_feed_forget(struct en_feed *f);
/* source: feed_source.id. Any part of a batch may have been taken before. A bad
 * row is refused and the rest taken; ERR_INVALID and ERR_LIMIT for a batch that
 * is none (a meter known with another kind, scope or unit): nothing of it is
 * left and the transaction may go on. recv_ns 0: rows of a file, whose times
 * are right as they are; else clocks off by more than 300 s are corrected. */
bool en_feed_take(
        struct en_feed *f, int64_t source, const struct wire_batch *b,
        int64_t recv_ns, struct en_taken *out, struct err *err);

/* The source of that kind and name, made when absent: machine by name or tag
 * where one is known. */
bool en_source(
        struct db *db, const char *kind, const char *name, int64_t *id,
        struct err *err);

/* Every statement of feeds and ledger, for the test. */
const struct sql *en_ledger_sql_list(size_t *n);

/* ---- the ledger: folding.c, purging.c
 * ------------------------------------------------ */

enum { /* flags of a meter's month, and of what a fold counted [10.2-10.4] */
       EN_WRAP = CALC_WRAP,
       EN_RESET = CALC_RESET,
       EN_SPIKE = CALC_SPIKE,
       EN_AMBIG = CALC_AMBIG,
       EN_SPREAD = CALC_SPREAD,
       EN_LATE = 1 << 5,
       EN_SKEW = 1 << 6,
       EN_CONFLICT = 1 << 7,
};

/* Folds readings up to `until_ns` into months. May be called at any time and
 * any number of times: the same readings give the same bytes. In transactions
 * of its own, each short, so that others may write in between. */
bool en_fold(struct db *db, int64_t until_ns, struct err *err);
/* The same in the hands of the caller: each step takes about `most_s` seconds
 * and leaves the database free behind it; *more false: all is done. After an
 * error, or without the last step, nothing is lost or doubled: what is left is
 * done by the next. One thread. */
struct en_folding;
struct en_folding *en_folding_new(struct db *db, int64_t until_ns);
void en_folding_free(struct en_folding *x); /* NULL is fine */
bool en_folding_step(
        struct en_folding *x, double most_s, bool *more, struct err *err);
/* Readings came in below `until_ns` meanwhile, or another process folds. */
bool en_folding_left(const struct en_folding *x);
/* Drops readings before `before_ns` that are folded, but not those of files,
 * which come late; the accepted ranges and the months stay. Meters that wait
 * for a fold keep theirs until another time. In short transactions. */
bool en_purge(struct db *db, int64_t before_ns, struct err *err);
/* The same in steps, as with folding. */
struct en_purging;
struct en_purging *en_purging_new(struct db *db, int64_t before_ns);
void en_purging_free(struct en_purging *x); /* NULL is fine */
bool en_purging_step(
        struct en_purging *x, double most_s, bool *more, struct err *err);
/* J1 to J4 [10.5]; ERR_DB names the first meter and month that breaks one. */
bool en_ledger_check(struct db *db, struct err *err);

enum { EN_MONTH_HOURS = 744 };
struct en_month { /* a meter's month, or a machine's by one tier */
    int month;    /* year * 12 + month - 1, UTC */
    int n_hours;  /* 672 to 744 */
    int64_t sum_uj;
    int64_t covered_s;
    unsigned flags;
    int64_t joules[EN_MONTH_HOURS];   /* sum: floor(sum_uj / 10^6) */
    uint16_t covered[EN_MONTH_HOURS]; /* seconds, 0 to 3600 */
};
/* Bytes of hours, and back; ERR_DB for bytes that are none. */
void en_month_pack(const struct en_month *m, struct buf *out);
bool en_month_unpack(
        const void *bytes, size_t n, struct en_month *out, struct err *err);

/* ---- machines: machine_energy.c ------------------------------------------ */

/* Measured energy of one machine and month by the best tier of each hour [5.1]:
 * tiers never add up. Hours without a reading have tier CALC_NO_ENERGY. */
struct en_hours {
    int64_t machine;
    int month, n_hours;
    int64_t joules[EN_MONTH_HOURS];
    uint16_t covered[EN_MONTH_HOURS];
    uint8_t tier[EN_MONTH_HOURS]; /* enum calc_tier */
    double sum_j[CALC_TIERS];     /* by tier, of exact sums */
    double share;                 /* of a meter that serves several, else 1 */
};
/* In the order of machine and month; machines from first to last id. A meter
 * behind which several stand is split by `weight(ctx, machine)`, modelled watts
 * (NAN or 0 for all: equally). */
bool en_machine_hours(
        struct db *db, int from_month, int to_month, int64_t first,
        int64_t last, double (*weight)(void *ctx, int64_t machine),
        bool (*row)(void *ctx, const struct en_hours *h, struct err *err),
        void *ctx, struct err *err);
/* True where any meter has a month from..to: listing.c. */
bool en_ledger_any(
        struct db *db, int from_month, int to_month, bool *any,
        struct err *err);

#endif
