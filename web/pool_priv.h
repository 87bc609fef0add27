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
};

struct web_pool {
    pthread_mutex_t lock; /* everything below but the first two */
    pthread_cond_t made;  /* a document is finished, or has failed */
    char *db_path;
    struct fac_pack *pack;
    dev_t dev; /* which file is at db_path */
    ino_t ino;
    uint64_t file; /* how many files have been seen there */
    struct db *idle[WEB_IDLE_MAX];
    int n_idle;
    struct db *watch; /* its data_version tells of commits elsewhere */
    struct web_year_entry *years[WEB_YEARS_MAX];
    int making;
    uint64_t clock;
};

/* Under the lock. Number of the file at db_path; when another has taken its
 * place (a restored backup), connections to the old one are closed. */
uint64_t web_pool_file(struct web_pool *p);
/* db_open for reading; any failure is ERR_DB. */
bool web_pool_open(struct web_pool *p, struct db **out, struct err *err);
void web_years_free(struct web_pool *p);

#endif
