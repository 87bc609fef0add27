/* SPDX-License-Identifier: Apache-2.0
 * What the files about pulled targets and energy files share. */
#ifndef ENERGY_PULL_PRIV_H
#define ENERGY_PULL_PRIV_H

#include "base/http.h"
#include "energy/ledger.h"
#include "energy/pull.h"
#include "energy/pull_sql.h"

#define EP_NS INT64_C(1000000000)
enum { EP_SECRET = 4096 /* bytes of a key file */ };

struct stmt *ep_stmt(struct db *db, enum ep_sql id, struct err *err);

/* The source of that kind and name, made when absent and linked to the machine
 * where it has none and machine is not 0. */
bool ep_source(
        struct db *db, const char *kind, const char *name, int64_t machine,
        int64_t now_s, int64_t *id, struct err *err);
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
    const struct en_pull_ask *ask;
    struct imp_metric_map *map;
    struct http http;
    struct en_feed *feed;
    struct en_pulled *out;
};
bool ep_stopped(const struct ep_run *r);
void ep_say(const struct ep_run *r, const char *target, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

/* What is asked of a target; the secret is read from its file each time. */
struct ep_request {
    const struct en_target *target;
    const char *path; /* behind the target's address; "" */
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

bool ep_pull_scrape(
        struct ep_run *r, const struct en_target *t, struct err *err);
bool ep_pull_engine(
        struct ep_run *r, const struct en_target *t, struct err *err);

/* A month of one meter from its readings: pull_month.c. */
struct ep_point {
    int64_t t_ms, value; /* uJ or uW */
};
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
