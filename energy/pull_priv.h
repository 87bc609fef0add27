/* SPDX-License-Identifier: Apache-2.0
 * What the files about pulled targets and energy files share. */
#ifndef ENERGY_PULL_PRIV_H
#define ENERGY_PULL_PRIV_H

#include "base/hash.h"
#include "base/http.h"
#include "energy/ledger.h"
#include "energy/pull.h"
#include "energy/pull_sql.h"

#define EP_NS INT64_C(1000000000)
enum { EP_SECRET = 4096 /* bytes of a key file */ };

struct stmt *ep_stmt(struct db *db, enum ep_sql id, struct err *err);

/* The source of that kind and name, made when absent and linked to the machine
 * where it has none and machine is not 0. That moves months which are there to
 * a machine, so it is audited, by `actor`; NULL: the caller does. */
bool ep_source(
        struct db *db, const char *kind, const char *name, int64_t machine,
        int64_t now_s, const char *actor, int64_t *id, struct err *err);
bool ep_source_seen(struct db *db, int64_t id, int64_t now_s, struct err *err);
/* The machine of a tag or name; 0: none such. */
bool ep_machine(struct db *db, const char *name, int64_t *id, struct err *err);
/* The meter of a source, made when absent; ERR_INVALID where it is known with
 * another scope or kind. */
bool ep_meter(
        struct db *db, int64_t source, const struct wire_meter *m, int64_t *id,
        struct err *err);

/* One run of `energy pull`. */
struct ep_run {
    struct db *db;
    uint64_t of; /* targets in all */
    const struct en_pull_ask *ask;
    struct imp_metric_map *map;
    struct http http;
    struct en_feed *feed;
    struct en_pulled *out;
};
bool ep_stopped(const struct ep_run *r);
void ep_say(const struct ep_run *r, const char *target, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

void ep_progress(
        const struct ep_run *r, const char *target, int month, size_t machines,
        size_t all);

/* What is asked of a target; the secret is read from its file each time. */
struct ep_request {
    const struct en_target *target;
    const char *path; /* behind the target's address; "" */
    bool from_host;   /* path is behind the host alone */
    const char *form; /* sent by POST; NULL: GET */
    size_t max_bytes;
    bool (*write)(void *ctx, const char *bytes, size_t len, struct err *err);
    void *ctx;
};
/* The answer of status 200 in *body (where write is NULL). Otherwise ERR_IO
 * or ERR_DENIED with the status in words; what `write` set comes first. */
bool ep_fetch(
        struct ep_run *r, const struct ep_request *q, struct buf *body,
        struct err *err);

/* Which series stand for the meters of one source: pull_best.c. */
struct ep_candidate {
    const struct imp_rule *rule;
    const char *by; /* imp_metric_by() */
    bool out;       /* another one counts in its place */
};
void ep_best(struct ep_candidate *items, size_t n);
/* Leaves out those in whose place the source has a better meter, though it is
 * silent now, until that is said to be gone. */
bool ep_best_held(
        struct db *db, const struct imp_metric_map *map, int64_t source,
        struct ep_candidate *items, size_t n, struct err *err);

struct ep_point {
    int64_t t_ms, value; /* uJ or uW */
};

/* ---- an engine's answer of a stretch of time: pull_answer.c -------------- */

#define EP_BUCKET_NS (300 * EP_NS)

struct ep_series {
    UT_hash_handle hh;
    const char *machine, *id, *by;
    const struct imp_rule *rule;
    struct ep_point *points;
    size_t n, cap, begun; /* begun: where the stream being read starts */
    uint64_t *ids;        /* of its streams, by their labels */
    size_t streams;       /* series that are this one meter */
    bool thinned;         /* readings within a bucket are left out */
    uint64_t read;        /* with those left out */
    char key[];
};

struct ep_answer {
    const struct imp_metric_map *map;
    const char *label;        /* names the machine of a series */
    const char *machine;      /* all is that one's; NULL: by the label */
    int64_t start_ms, end_ms; /* of the request */
    bool spans;               /* one of several that make a whole */
    struct ep_series *series; /* by key */
    size_t n_series, n_points;
    bool full; /* more than memory is given; shorter spans are no help */
    /* its own */
    struct ep_series *at;
    struct imp_matrix *matrix;
    struct err bad; /* what it has wrong; its rest is passed over */
};
/* The next request of the same machines, after ep_answer_drop() the first. */
void ep_answer_begin(struct ep_answer *a, int64_t start_ms, int64_t end_ms);
/* As struct ep_request wants it; false only where it is too much. */
bool ep_answer_bytes(void *ctx, const char *bytes, size_t len, struct err *err);
/* fetched: a whole answer came, else *err says why not, for which the words of
 * the engine are put where it has some. */
bool ep_answer_end(struct ep_answer *a, bool fetched, struct err *err);
void ep_answer_drop(struct ep_answer *a);
/* The machine that a value of the label names: "node7" of "node7:9100". */
void ep_answer_machine(
        const struct ep_answer *a, const char *value, char *dst, size_t size);
/* In order of time; of several readings at one time the largest, or their sum
 * where the rule says so and all of them are there. */
void ep_series_settle(struct ep_series *s);

/* What a BMC says of its machine: pull_redfish.c. */
struct ep_bmc {
    enum wire_unit unit; /* WIRE_KWH: a counter; WIRE_W */
    int64_t value;       /* uJ or uW */
};
bool ep_redfish(
        struct ep_run *r, const struct en_target *t, struct ep_bmc *out,
        struct err *err);

bool ep_pull_scrape(
        struct ep_run *r, const struct en_target *t, struct err *err);
bool ep_pull_engine(
        struct ep_run *r, const struct en_target *t, struct err *err);

/* A month of one meter from its readings: pull_month.c. */
struct ep_readings {
    enum wire_meter_kind kind;
    int month;
    const struct ep_point *points; /* in order, no two at one time */
    size_t n;                      /* >= 1 */
    int64_t least_ns; /* the usual time between them is at least this */
};
/* Writes the month, and the rest of the month before the first reading.
 * *stale: the later month that was read after another last reading of this one,
 * so that it must be read again; 0 none. */
bool ep_month_write(
        struct db *db, int64_t meter, const struct ep_readings *in, int *stale,
        struct err *err);
/* UTC milliseconds at which a month begins. */
int64_t ep_month_start_ms(int month);

#endif
