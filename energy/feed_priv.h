/* SPDX-License-Identifier: Apache-2.0
 * What the files of taking readings in share. */
#ifndef ENERGY_FEED_PRIV_H
#define ENERGY_FEED_PRIV_H

#include "base/hash.h"
#include "energy/ledger.h"
#include "energy/ledger_sql.h"

#define EN_NS_PER_S INT64_C(1000000000)
/* A clock further off is not believed [D 10.4]. */
#define EN_SKEW_NS (300 * EN_NS_PER_S)

enum {
    FEED_DELTAS = 5,          /* of which the nominal period is the median */
    FEED_MAX_RANGES = 100000, /* of the sequence numbers of one run */
    FEED_MAX_RUNS = 8,        /* of one source, kept in memory */
};

struct feed_range {
    uint64_t first, last;
    uint64_t stored; /* last as in the database; 0: not there */
};

struct feed_run {
    int64_t id;
    char *run, *boot;
    struct feed_range *ranges; /* in order, never touching */
    size_t n, cap, changed;    /* the lowest range changed; n: none */
    bool has_skew;
    int64_t skew_ns;                     /* least t_recv - t_node seen */
    int64_t judged_ns, judged_recv;      /* skew and t_recv then; 0: none */
    int64_t shift_ns;                    /* added to the node clock for bins */
    int64_t kept_skew, kept_shift;       /* as in the database */
    int64_t last_t, last_bin, last_recv; /* highest so far; 0 not known */
    int64_t begin_bin;                   /* last_bin before this batch */
    uint64_t step_seq;                   /* the clock was set there */
    uint64_t used;                       /* when last, to forget the oldest */
    UT_hash_handle hh;
};

struct feed_meter {
    int64_t id;
    char *key;
    enum wire_scope scope;
    enum wire_meter_kind kind;
    enum wire_unit unit;
    int64_t range_uj;
    double max_w;
    bool modelled;
    int64_t closed_ns; /* before it nothing changes any more */
    int64_t due_ns;    /* ledger_due has it from then on, in fold due_fold */
    int64_t due_fold;
    /* of one run at a time: */
    int64_t run_id;
    uint64_t last_seq;
    int64_t last_t, last_bin, first_bin;
    int64_t deltas[FEED_DELTAS];
    uint64_t n_deltas;
    int64_t period_ns; /* 0: not known yet */
    bool touched;
    UT_hash_handle hh;
};

struct feed_source {
    int64_t id;
    char *agent;
    int64_t seen_s;
    struct feed_meter *meters;
    struct feed_run *runs;
    struct feed_meter *map[WIRE_MAX_METERS]; /* of the last batch */
    size_t n_map;
    uint64_t missing; /* hash of what it could not read */
    bool has_missing;
    UT_hash_handle hh;
};

struct en_feed {
    struct db *db;
    struct feed_source *sources;
    int64_t folded_ns, purged_ns, folds;
    uint64_t turn;
};

struct stmt *el_stmt(struct db *db, enum el_sql id, struct err *err);
int en_month_of_ns(int64_t t_ns);
/* A time of a row that can be right at all, by the sender's clock where it told
 * it. */
bool feed_time_sane(const struct wire_batch *b, int64_t t_ns, int64_t recv_ns);
/* The same time by the server's clock, as far as that is known. */
int64_t
feed_time_here(const struct wire_batch *b, int64_t t_ns, int64_t recv_ns);

/* feed_source.c: what is known of senders. */
bool feed_source_get(
        struct en_feed *f, int64_t id, struct feed_source **out,
        struct err *err);
bool feed_source_map(
        struct en_feed *f, struct feed_source *s, const struct wire_batch *b,
        struct err *err);
bool feed_source_seen(
        struct en_feed *f, struct feed_source *s, const struct wire_batch *b,
        int64_t recv_ns, struct err *err);
void feed_sources_clear(struct en_feed *f);

/* feed_seq.c: runs and the sequence numbers heard of them. */
bool feed_run_get(
        struct en_feed *f, struct feed_source *s, const struct wire_batch *b,
        struct feed_run **out, struct err *err);
bool feed_seq_has(const struct feed_run *r, uint64_t seq);
/* Adds one that it has not; *room false: too many holes. */
bool feed_seq_add(
        struct en_feed *f, struct feed_run *r, uint64_t seq, bool *room,
        struct err *err);
uint64_t feed_seq_last(const struct feed_run *r);
bool feed_run_store(struct en_feed *f, struct feed_run *r, struct err *err);
void feed_run_free(struct feed_run *r);

/* feed_clock.c: from node clocks to bins, and nominal periods. */
bool feed_clock_batch(
        struct en_feed *f, struct feed_run *r, const struct wire_batch *b,
        int64_t recv_ns, struct err *err);
/* Was the clock set right before this row: is it earlier than the one of its
 * meter before it, or ahead of now while others of its batch are not? */
bool feed_clock_stepped(
        const struct feed_run *r, const struct feed_meter *m,
        const struct wire_batch *b, const struct wire_sample *s,
        int64_t recv_ns);
/* The clock was set at this row of the batch. */
void feed_clock_step(
        struct feed_run *r, const struct wire_batch *b,
        const struct wire_sample *at, int64_t recv_ns);
bool feed_clock_run(
        struct en_feed *f, struct feed_run *r, struct feed_meter *m,
        struct err *err);
bool feed_clock_period(
        struct en_feed *f, struct feed_run *r, struct feed_meter *m,
        struct err *err);

/* feed_take.c: the next fold works on this meter from then on. */
bool feed_due(
        struct en_feed *f, int64_t meter, int64_t from_ns, struct err *err);

#endif
