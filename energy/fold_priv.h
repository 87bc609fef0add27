/* SPDX-License-Identifier: Apache-2.0
 * Readings in order of time to energy by meter and hour: the one place where
 * that is worked out, for folding and for checking. */
#ifndef ENERGY_FOLD_PRIV_H
#define ENERGY_FOLD_PRIV_H

#include "base/hash.h"
#include "energy/ledger_sql.h"
#include "energy/month_priv.h"
#include "model/model.h"

/* More is not counted as covered: a million intervals over one hour. */
#define FOLD_MOST_NS (1000000 * EN_HOUR_NS)

struct fold_row {
    int64_t t_ns, meter, run, seq, value, from_ns;
    int64_t node_ns; /* of its own clock, where that was off */
    bool moved;
};

struct fold_hour {
    int64_t hour; /* since 1970 */
    int64_t uj, ns;
    uint8_t flags;
};

struct fold_period {
    int64_t from_ns, period_ns;
};

struct fold_meter {
    int64_t id;
    enum wire_meter_kind kind;
    bool known; /* there is such a meter */
    bool file;  /* its readings are kept: files come late */
    bool hold;
    bool has_last, moved_on; /* of `last` */
    bool due, rewound;       /* has readings to be folded; goes back for them */
    bool erased;             /* the hours that it goes back to */
    bool shut, silent;       /* closed by a purge; nothing read after its cut */
    bool left;               /* to the next pass: more came in meanwhile */
    bool boot_plain;         /* for J2, with boot_first and boot_sum */
    struct calc_meter calc;
    int64_t closed_ns, first_ns; /* first: of its readings, INT64_MAX none */
    struct fold_row last; /* the reading that the next is a difference to */
    int64_t run;          /* that periods are of */
    struct fold_period *periods;
    size_t n_periods;
    int64_t due_ns;    /* first row that is new to it, as in ledger_due */
    int64_t folded_ns; /* of its last reading in a month, when it goes back */
    int64_t start_ns;  /* rows before it are passed over */
    int64_t floor_ns;  /* hours before it stay as they are */
    struct fold_hour *hours; /* in order */
    size_t n_hours, cap_hours;
    num_i128 sum_uj; /* for J1 */
    int64_t boot_first, boot_sum;
    UT_hash_handle hh;
};

struct fold_run {
    int64_t id;
    char *boot;
    UT_hash_handle hh;
};

struct fold {
    struct db *db;
    bool afresh; /* from the first reading on, whatever was folded before */
    struct fold_meter *meters;
    struct fold_run *runs;
    size_t n_hours;  /* of all meters */
    uint64_t broken; /* boots whose deltas are not last - first: J2 */
    int64_t broken_meter;
};

/* fold.c */
void fold_clear(struct fold *f);
/* A meter of the database; known false: there is none of that id. */
bool fold_meter_get(
        struct fold *f, int64_t id, struct fold_meter **out, struct err *err);
bool fold_take(
        struct fold *f, struct fold_meter *m, const struct fold_row *r,
        struct err *err);
/* The last boot of a meter ends. */
void fold_boot_end(struct fold *f, struct fold_meter *m);
/* Known meters in the order of their ids; the caller frees. */
struct fold_meter **fold_sorted(struct fold *f, size_t *n);

/* fold_rows.c: readings one after the other in the order of their key. At the
 * end and after a failure nothing is open; else fold_rows_end. */
struct fold_rows {
    struct stmt *q;
    struct fold_row row;
};
/* From the key of `after`, without it, to below to_ns. */
bool fold_rows_after(
        struct fold_rows *it, struct db *db, const struct fold_row *after,
        int64_t to_ns, struct err *err);
bool fold_rows_from(
        struct fold_rows *it, struct db *db, int64_t from_ns, int64_t to_ns,
        struct err *err);
/* Backwards from the key of `before`, without it. */
bool fold_rows_before(
        struct fold_rows *it, struct db *db, const struct fold_row *before,
        struct err *err);
bool fold_rows_next(struct fold_rows *it, bool *row, struct err *err);
void fold_rows_end(struct fold_rows *it);
/* A key that comes before all of that time. */
struct fold_row fold_row_at(int64_t t_ns);
/* The same for the meters of ledger_due. */
struct fold_dues {
    struct stmt *q;
    int64_t meter, from_ns;
};
bool fold_dues_after(
        struct fold_dues *it, struct db *db, int64_t meter, struct err *err);
bool fold_dues_next(struct fold_dues *it, bool *row, struct err *err);
void fold_dues_end(struct fold_dues *it);

/* fold_step.c: for work in steps. */
enum { FOLD_LOOK_ROWS = 256 };    /* between looks at the clock */
extern const double fold_alone_s; /* a step where nobody waits */
double fold_clock_s(void);
/* A statement with one number. */
bool fold_run(struct db *db, enum el_sql id, int64_t v, struct err *err);
/* Whole numbers of the one row of a statement, which may be NULL: err is set.
 */
bool fold_ask(struct stmt *q, int64_t *out, int cols, struct err *err);
/* Ends a transaction: commits where that is ok. */
bool fold_end(struct db *db, bool ok, struct err *err);

/* fold_store.c: hours into months. */
/* *id 0: there is none yet. sealed: its exact hours are gone. */
bool fold_month_load(
        struct db *db, int64_t meter, int month, struct month_exact *out,
        int64_t *id, bool *sealed, struct err *err);
bool fold_month_row(
        struct stmt *q, int col, int month, struct en_month *m,
        struct month_exact *x, bool *sealed, struct err *err);
void fold_month_add(
        struct month_exact *x, const struct fold_hour *hours, size_t n);
/* Adds what was gathered of a meter to months and forgets it. */
bool fold_flush(struct fold *f, struct fold_meter *m, struct err *err);
/* Its last reading is in a month. */
bool fold_last_put(struct fold *f, struct fold_meter *m, struct err *err);
/* Empties the hours of a meter from its floor on. */
bool fold_erase(struct fold *f, struct fold_meter *m, struct err *err);

/* folding.c: hours gathered in memory before they are written; for tests, which
 * have few. */
void fold_gather(struct en_folding *x, size_t most_hours);

/* feed_source.c, feed_take.c */
struct stmt *el_stmt(struct db *db, enum el_sql id, struct err *err);
int en_month_of_ns(int64_t t_ns);

#endif
