/* SPDX-License-Identifier: Apache-2.0
 * Energy that is fetched: exporters, BMCs and engines that answer PromQL; and
 * energy that files give [docs/pulls.md]. */
#ifndef ENERGY_PULL_H
#define ENERGY_PULL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "importers/metrics.h"
#include "store/store.h"
#include "wire/feed.h"

/* ---- targets: pull_target.c ---------------------------------------------- */

enum en_pull_kind {
    EN_PULL_METRICS, /* text of an exporter: one reading a pull */
    EN_PULL_REDFISH, /* a Power, EnvironmentMetrics or Sensor resource */
    EN_PULL_ENGINE,  /* "prometheus": a store that answers PromQL */
    EN_PULL_KINDS
};

struct en_target { /* text borrowed until the callback returns; NULL none */
    int64_t id, machine_id; /* 0 none */
    const char *name, *url, *machine;
    enum en_pull_kind kind;
    const char *label, *matchers, *auth, *key_file, *ca_file, *since, *error;
    const char *tenant;
    int64_t next_seq;
    int64_t tried_s, ok_s; /* 0 never */
};

const char *en_pull_kind_word(enum en_pull_kind k);
bool en_pull_kind_from(const char *word, enum en_pull_kind *out);
/* machine is a tag or name. ERR_INVALID, ERR_CONFLICT, ERR_NOT_FOUND. */
bool en_target_add(struct db *db, const struct en_target *t, struct err *err);
/* Its readings stay. ERR_NOT_FOUND. */
bool en_target_remove(struct db *db, const char *name, struct err *err);
/* In the order of names; name NULL: all. */
bool en_targets(
        struct db *db, const char *name,
        bool (*row)(void *ctx, const struct en_target *t, struct err *err),
        void *ctx, struct err *err);

/* The map of the program with the user's rules in it. */
bool en_metric_map(struct db *db, struct imp_metric_map **out, struct err *err);
/* rules NULL: the program's own again. */
bool en_metric_set(
        struct db *db, const char *metric, const char *rules, struct err *err);

/* ---- pulling: pull.c ------------------------------------------------------
 */

struct en_pull_at {
    const char *target; /* borrowed */
    uint64_t nth, of;   /* targets: this one from 1, all */
    int month;          /* of an engine; 0 */
    size_t machines, all;
    uint64_t points; /* read so far */
};
struct en_pull_ask {
    const char *target;       /* NULL: every one */
    int from_month, to_month; /* of engines, year * 12 + month - 1; 0: from
                                 where the last pull was, to now */
    int64_t now_s;            /* UTC */
    const char *actor;        /* of the audit trail */
    const volatile sig_atomic_t *stop; /* not 0: end early; NULL */
    /* What went wrong with one target, or is worth a word. */
    void (*say)(void *ctx, const char *target, const char *text);
    /* How far it is; NULL. */
    void (*progress)(void *ctx, const struct en_pull_at *at);
    void *ctx;
};
struct en_pulled {
    uint64_t targets, failed;
    uint64_t accepted, duplicate, refused; /* readings */
    uint64_t points, months;               /* of engines: read, written */
    uint64_t meters, sources, unlinked;    /* unlinked: of no known machine */
};
/* False only where the database fails or a target is not known; a target that
 * does not answer is counted in `failed` and said. */
bool en_pull(
        struct db *db, const struct en_pull_ask *ask, struct en_pulled *out,
        struct err *err);

/* ---- files: file_take.c ---------------------------------------------------
 */

struct en_file_counts {
    uint64_t added, same;
};
/* One import of energy files inside the caller's transaction. machine: tag or
 * name of what names none; NULL: such rows are refused. outlets: the text of
 * lines "OUTLET = TAG, TAG"; NULL. ERR_NOT_FOUND, ERR_INVALID. */
struct en_file_take;
bool en_file_take_begin(
        struct db *db, const char *machine, const char *outlets,
        struct en_file_take **out, struct err *err);
/* ERR_CONFLICT: overlaps what was taken, or gives another amount for the same
 * time; ERR_INVALID: of no known machine. format: "codecarbon". */
bool en_file_take_row(
        struct en_file_take *t, const char *format, const struct wire_energy *e,
        struct err *err);
/* Hands over what is gathered; frees t. keep false: only frees. */
bool en_file_take_end(
        struct en_file_take *t, bool keep, struct en_file_counts *counts,
        struct err *err);
const struct en_file_counts *en_file_take_counts(const struct en_file_take *t);

/* SQL of these files, for the test that prepares all. */
const struct sql *en_pull_sql_list(size_t *n);

#endif
