/* SPDX-License-Identifier: Apache-2.0
 * The queue of requests that write, and its one writer: it takes all that wait
 * in one transaction, so that many senders share one sync of the disk. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/log.h"
#include "web/ingest_priv.h"

enum {
    NAP_S = 30,       /* between looks at the clock, when nothing comes */
    CACHE_KIB = 4000, /* readings are appended: few pages are seen again */
};

static const double gather_max_s = 0.005;

const double web_bucket_s[WEB_BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.02,
                                          0.04,  0.06,   0.1,   0.25, 0.5,
                                          1,     2.5,    5,     10};

double web_now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct web_job *web_job_new(enum web_job_kind kind)
{
    struct web_job *job = xcalloc(1, sizeof *job);
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    job->kind = kind;
    job->recv_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    return job;
}

void web_job_free(struct web_job *job)
{
    if (!job)
        return;
    imp_feed_clear(&job->feed);
    acc_wipe(job->token, sizeof job->token);
    free(job);
}

/* ---- the queue ----------------------------------------------------------- */

static void refuse_busy(struct web_job *job, const char *why, unsigned retry_s)
{
    job->status = 503;
    job->title = "busy";
    job->retry_s = retry_s;
    err_set(&job->err, ERR_LIMIT, "%s", why);
}

void web_ingest_push(
        struct web_ingest *g, struct web_job *job, void (*done)(void *ctx),
        void *ctx)
{
    bool taken = false;

    job->done = done;
    job->ctx = ctx;
    job->pushed_s = web_now_s();
    pthread_mutex_lock(&g->lock);
    if (g->closed) {
        refuse_busy(job, "the server is going down", WEB_BROKEN_S);
    } else if (
            g->jobs >= WEB_QUEUE_JOBS ||
            (g->jobs && g->samples + job->samples > WEB_QUEUE_SAMPLES)) {
        refuse_busy(job, "too many requests wait", WEB_AGAIN_S);
    } else {
        *g->last = job;
        g->last = &job->next;
        g->jobs++;
        g->samples += job->samples;
        taken = true;
        pthread_cond_signal(&g->some);
    }
    pthread_mutex_unlock(&g->lock);
    if (!taken)
        done(ctx);
}

/* Under the lock, with one that waits. Senders that were answered together come
 * again within a moment; without waiting for it every second sync of the disk
 * would be for the first of them alone. */
static void gather(struct web_ingest *g)
{
    double s = g->commit_s / 4 < gather_max_s ? g->commit_s / 4 : gather_max_s;
    struct timespec until;
    int64_t ns;

    clock_gettime(CLOCK_MONOTONIC, &until);
    ns = until.tv_nsec + (int64_t)(s * 1e9);
    until.tv_sec += ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    while (g->jobs < g->group && !g->closed)
        if (pthread_cond_timedwait(&g->some, &g->lock, &until))
            break;
}

/* All that wait, or NULL: the clock is to be looked at, a fold is under way, or
 * *closed. */
static struct web_job *pull(struct web_ingest *g, bool *closed)
{
    struct timespec until;
    struct web_job *all;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += NAP_S;
    pthread_mutex_lock(&g->lock);
    while (!g->first && !g->closed && !g->folding && !g->purging)
        if (pthread_cond_timedwait(&g->some, &g->lock, &until))
            break;
    if (g->first)
        gather(g);
    all = g->first;
    g->group = g->jobs;
    *closed = g->closed;
    g->first = NULL;
    g->last = &g->first;
    g->jobs = 0;
    g->samples = 0;
    pthread_mutex_unlock(&g->lock);
    return all;
}

/* ---- the writer ------------------------------------------------------------
 */

static void close_db(struct web_ingest *g)
{
    web_ingest_keep_end(g);
    en_feed_close(g->feed);
    db_close(g->db);
    g->feed = NULL;
    g->db = NULL;
}

/* The file may have been replaced by a restored backup. */
static bool open_db(struct web_ingest *g, struct err *err)
{
    struct stat s = {0};

    if (stat(g->db_path, &s) != 0)
        s = (struct stat){0};
    if (g->db && (s.st_dev != g->dev || s.st_ino != g->ino))
        close_db(g);
    if (g->db)
        return true;
    g->dev = s.st_dev;
    g->ino = s.st_ino;
    g->folded_hour = 0;
    if (!db_open(g->db_path, DB_WRITE, &g->db, err))
        return false;
    if (db_cache_kib(g->db, CACHE_KIB, err) &&
        en_feed_open(g->db, &g->feed, err))
        return true;
    close_db(g);
    return false;
}

/* One transaction for a list of jobs. False: none of them was taken; *begun:
 * and it was no matter of the file. */
static bool take_all(
        struct web_ingest *g, struct web_job *jobs, bool *begun,
        struct err *err)
{
    *begun = false;
    if (!open_db(g, err) || !db_begin(g->db, err))
        return false;
    *begun = true;
    for (struct web_job *j = jobs; j; j = j->next)
        if (!web_job_take(g, j, err)) {
            db_rollback(g->db);
            en_feed_forget(g->feed);
            return false;
        }
    if (db_commit(g->db, err))
        return true;
    en_feed_forget(g->feed);
    return false;
}

static void cannot_write(struct web_job *job, const struct err *why)
{
    char text[1100];

    log_line(
            LOG_ERROR, "ingest-failed", "error=%s",
            err_text(why, text, sizeof text));
    job->status = 503;
    job->title = "cannot-write";
    job->retry_s = WEB_BROKEN_S;
    err_set(&job->err, ERR_IO,
            "the readings cannot be stored now; keep them and send them again");
}

static void forget_result(struct web_job *job)
{
    job->status = 0;
    job->title = NULL;
    job->accepted = job->duplicate = job->conflict = job->refused = 0;
    job->last_seq = 0;
    job->n_told = 0;
    err_clear(&job->err);
}

/* When a group fails, each alone: one that the database will not have must not
 * keep the others out for ever. */
static void take_one_by_one(struct web_ingest *g, struct web_job *jobs)
{
    for (struct web_job *j = jobs, *next; j; j = next) {
        struct err err = {0};
        bool begun;

        next = j->next;
        j->next = NULL;
        forget_result(j);
        if (!take_all(g, j, &begun, &err))
            cannot_write(j, &err);
        j->next = next;
    }
}

static void count_latency(struct web_figures *f, double s)
{
    int at = 0;

    while (at < WEB_BUCKETS && s > web_bucket_s[at])
        at++;
    f->buckets[at]++;
    f->commit_us += (unsigned long long)(s * 1e6);
    f->commits++;
}

/* Counted when it is durable. */
static void count_job(struct web_figures *f, const struct web_job *j)
{
    if (j->status != 200 || j->kind == JOB_ENROL)
        return;
    f->batches++;
    f->accepted += j->accepted;
    f->duplicate += j->duplicate;
    f->conflict += j->conflict;
    f->refused += j->refused - j->conflict;
}

static void handle(struct web_ingest *g, struct web_job *jobs)
{
    double start = web_now_s();
    struct err err = {0};
    bool begun;

    if (!take_all(g, jobs, &begun, &err)) {
        if (!jobs->next || !begun)
            for (struct web_job *j = jobs; j; j = j->next)
                cannot_write(j, &err);
        else
            take_one_by_one(g, jobs);
        close_db(g); /* opened afresh: it may have become writable */
    }
    g->commit_s = web_now_s() - start;
    count_latency(&g->figures, g->commit_s);
    for (struct web_job *j = jobs, *next; j; j = next) {
        next = j->next; /* from done() on, it is no longer ours */
        count_job(&g->figures, j);
        j->done(j->ctx);
    }
}

static void keep(struct web_ingest *g)
{
    int64_t now_s = (int64_t)time(NULL);
    struct err ignored = {0}; /* said when something is to be written */

    if (web_ingest_keep_due(g, now_s) && open_db(g, &ignored))
        web_ingest_keep(g, now_s);
}

static void *writer(void *arg)
{
    struct web_ingest *g = arg;
    bool closed = false;

    while (!closed) {
        struct web_job *jobs;

        keep(g);
        jobs = pull(g, &closed);
        if (jobs)
            handle(g, jobs);
    }
    close_db(g);
    return NULL;
}

/* ---- start and stop ---------------------------------------------------------
 */

struct web_ingest *web_ingest_new(const char *db_path, unsigned keep_days)
{
    struct web_ingest *g = xcalloc(1, sizeof *g);
    pthread_condattr_t clock;

    g->db_path = xstrdup(db_path);
    g->keep_days = keep_days ? keep_days : WEB_KEEP_DAYS;
    g->rate = web_rate_new(WEB_PER_S);
    g->last = &g->first;
    pthread_mutex_init(&g->lock, NULL);
    pthread_mutex_init(&g->known_lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&g->some, &clock);
    pthread_condattr_destroy(&clock);
    CHECK(pthread_create(&g->thread, NULL, writer, g) == 0);
    return g;
}

void web_ingest_close(struct web_ingest *g)
{
    bool was;

    if (!g)
        return;
    pthread_mutex_lock(&g->lock);
    was = g->closed;
    g->closed = true;
    pthread_cond_signal(&g->some);
    pthread_mutex_unlock(&g->lock);
    if (!was)
        pthread_join(g->thread, NULL);
}

void web_ingest_free(struct web_ingest *g)
{
    if (!g)
        return;
    web_ingest_close(g);
    pthread_cond_destroy(&g->some);
    pthread_mutex_destroy(&g->lock);
    pthread_mutex_destroy(&g->known_lock);
    web_rate_free(g->rate);
    free(g->db_path);
    free(g);
}
