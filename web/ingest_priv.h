/* SPDX-License-Identifier: Apache-2.0
 * Requests that write: parsed where they arrive, queued, taken by one writer in
 * one transaction for all that wait, answered when it is durable
 * [docs/feeds.md]. */
#ifndef WEB_INGEST_PRIV_H
#define WEB_INGEST_PRIV_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "access/access.h"
#include "energy/ledger.h"
#include "importers/feed.h"
#include "web/web_priv.h"

enum {
    WEB_QUEUE_JOBS = 256,       /* requests that wait */
    WEB_QUEUE_SAMPLES = 500000, /* and their samples, 20 MB */
    WEB_KEEP_DAYS = 35,         /* raw readings [D] */
    WEB_PENDING_MAX = 1000,     /* nodes that wait to be let in */
    WEB_PENDING_RETRY_S = 60,
    WEB_AGAIN_S = 2,   /* Retry-After of a queue that is full */
    WEB_BROKEN_S = 10, /* of a file that cannot be written */
    WEB_BUCKETS = 14,  /* of the latency histogram */
};

enum web_job_kind { JOB_ENERGY, JOB_OTLP, JOB_ENROL };

struct web_job { /* one request on its way through the writer */
    struct web_job *next;
    enum web_job_kind kind;
    unsigned char hash[ACC_TOKEN_HASH]; /* of the token that it came with */
    struct imp_feed feed;
    const char *clock_boot; /* of Feed-Clock, in the feed's arena; NULL */
    int64_t clock_ns;
    size_t samples;
    const char *node, *agent;   /* of an enrolment, in the feed's arena */
    char token[ACC_TOKEN_TEXT]; /* the node's own, of an enrolment */
    int64_t recv_ns;
    double pushed_s; /* monotonic */
    void (*done)(void *ctx);
    void *ctx;
    /* What became of it. */
    int status;        /* 0: not known yet */
    const char *title; /* of a refusal, in place of its code's word; NULL */
    unsigned retry_s;
    struct err err; /* of a refusal */
    uint64_t accepted, duplicate, conflict, refused, last_seq;
    struct {
        uint64_t seq;
        const char *reason;
    } told[EN_MAX_REFUSED];
    size_t n_told;
};

/* Whole requests refused, by reason. */
enum web_refusal {
    REFUSED_INVALID,
    REFUSED_TOKEN,
    REFUSED_DENIED,
    REFUSED_LARGE,
    REFUSED_RATE,
    REFUSED_BUSY,
    REFUSED_FAILED,
    WEB_REFUSALS
};

struct web_figures { /* since the start */
    atomic_ullong batches, accepted, duplicate, conflict, refused;
    atomic_ullong requests_refused[WEB_REFUSALS];
    atomic_ullong commits, commit_us, buckets[WEB_BUCKETS + 1];
    atomic_llong folded_s, purged_s;
};
extern const double web_bucket_s[WEB_BUCKETS];

enum { WEB_KNOWN = 1024 };

struct web_known { /* a token found good a moment ago */
    unsigned char hash[ACC_TOKEN_HASH];
    enum acc_token_kind kind;
    double at_s; /* monotonic; 0: empty */
};

struct web_ingest {
    char *db_path;
    unsigned keep_days;
    pthread_t thread;
    struct web_figures figures;
    struct web_rate *rate; /* of failed attempts */

    pthread_mutex_t lock; /* the queue */
    pthread_cond_t some;
    struct web_job *first, **last;
    size_t jobs, samples;
    bool closed;

    pthread_mutex_t known_lock;
    struct web_known known[WEB_KNOWN];

    /* The writer's own. */
    struct db *db; /* NULL: not open */
    struct en_feed *feed;
    dev_t dev;
    ino_t ino;
    size_t group;               /* jobs of the last transaction */
    double commit_s;            /* what it took */
    struct en_folding *folding; /* under way, a step after each transaction */
    struct en_purging *purging; /* after it */
    int64_t folding_hour;       /* that it goes to */
    double folding_from_s;      /* monotonic */
    int64_t folded_hour;
    int64_t fold_again_s;
};

/* Starts the writer; it opens the file when there is something to write. */
struct web_ingest *web_ingest_new(const char *db_path, unsigned keep_days);
/* Takes and answers what is queued, refuses what comes later, stops. */
void web_ingest_close(struct web_ingest *g);
void web_ingest_free(struct web_ingest *g);
/* Queues a job: done(ctx) is called once its status is set, from another
 * thread or, where it is refused, from this one. */
void web_ingest_push(
        struct web_ingest *g, struct web_job *job, void (*done)(void *ctx),
        void *ctx);
struct web_job *web_job_new(enum web_job_kind kind);
void web_job_free(struct web_job *job);

/* ---- ingest_take.c: a job against the database -----------------------------
 */

/* Inside the writer's transaction. True: the job has its status, whether taken
 * or refused. False: the database failed and the transaction is lost. */
bool web_job_take(struct web_ingest *g, struct web_job *job, struct err *err);

/* ---- ingest_keep.c: folding and purging ------------------------------------
 */

/* Ends it as it is: what it lacks is done later. */
void web_ingest_keep_end(struct web_ingest *g);
/* A moment's work at folding the hours that have closed, so that nobody waits
 * for it; it goes on as long as it is due. */
void web_ingest_keep(struct web_ingest *g, int64_t now_s);
bool web_ingest_keep_due(const struct web_ingest *g, int64_t now_s);

#endif
