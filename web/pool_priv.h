/* SPDX-License-Identifier: Apache-2.0
 * The pool as pool.c and years.c share it. */
#ifndef WEB_POOL_PRIV_H
#define WEB_POOL_PRIV_H

#include <pthread.h>
#include <sys/types.h>

#include "web/web_priv.h"

enum {
    WEB_IDLE_MAX = 8,   /* connections kept open */
    WEB_YEARS_MAX = 8,  /* finished documents kept */
    WEB_MAKING_MAX = 2, /* documents computed at one time */
    WEB_COUNTS_MAX = 32,
};

struct web_count { /* how many lines match a filter, in one state */
    char *filter;
    struct web_state state;
    uint64_t total, used_at;
};

struct web_pack { /* one state of the factors; the last user frees it */
    struct fac_pack *pack;
    int users;
};
struct web_packs {
    struct web_pack *current;
    struct web_state seen; /* looked into up to here */
    char *stamp;           /* of the user's sets in it */
};

struct web_seen {             /* what the last look at the data found */
    int64_t commits;          /* data_version: moves with every batch */
    int64_t audit, folded_ns; /* what figures depend on */
    int64_t version;          /* moves when they do */
    double at_s;              /* when it last moved; monotonic */
    bool waits; /* something was committed since that moved it not */
};

struct web_pool {
    pthread_mutex_t lock; /* everything below but db_path and load */
    pthread_cond_t made;  /* a document is finished, or has failed */
    char *db_path;
    web_load *load;
    void *load_ctx;
    struct web_packs packs;
    dev_t dev; /* which file is at db_path */
    ino_t ino;
    uint64_t file; /* how many files have been seen there */
    struct db *idle[WEB_IDLE_MAX];
    int n_idle;
    struct db *watch; /* its data_version tells of commits elsewhere */
    struct web_seen seen;
    struct web_year_entry *years[WEB_YEARS_MAX];
    int making;
    struct web_count counts[WEB_COUNTS_MAX];
    uint64_t clock;
};

/* Under the lock. Number of the file at db_path; when another has taken its
 * place (a restored backup), connections to the old one are closed. */
uint64_t web_pool_file(struct web_pool *p);
/* Under the lock. What is read in a transaction that begins later is of this
 * state or of a newer one. So what is kept under it may be newer than it says
 * and is then computed once more for the next reader, never the other way
 * round. */
bool web_pool_state(struct web_pool *p, struct web_state *out, struct err *err);
/* db_open for reading; any failure is ERR_DB. */
bool web_pool_open(struct web_pool *p, struct db **out, struct err *err);
void web_years_free(struct web_pool *p);
bool web_packs_open(struct web_pool *p, struct err *err);
void web_packs_close(struct web_pool *p);
void web_pack_leave(struct web_pack *w); /* under the lock; NULL is fine */

#endif
