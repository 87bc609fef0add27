/* SPDX-License-Identifier: Apache-2.0
 * The server's own figures in Prometheus' text, and whether it is ready. */
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

#include "base/log.h"
#include "web/ingest_priv.h"

/* Below it SQLite soon cannot write its log [D]. */
static const uint64_t least_free_bytes = (uint64_t)64 << 20;

static const char *const reasons[WEB_REFUSALS] = {
        "invalid", "token", "denied", "too-large", "rate", "busy", "failed"};

/* Free bytes of the disk that the database is on; false: not known. */
static bool disk_free(const struct web_pool *p, uint64_t *out)
{
    struct statvfs s;

    if (statvfs(web_pool_path(p), &s) != 0)
        return false;
    *out = (uint64_t)s.f_bavail * s.f_frsize;
    return true;
}

/* ---- ready ------------------------------------------------------------------
 */

static void not_ready(struct web_answer *a, const char *why)
{
    log_line(LOG_ERROR, "not-ready", "error=%s", why);
    a->status = 503;
}

/* Ready when the database opens, has our schema and can be read, and its disk
 * has room. Why it is not goes to the log. */
bool web_readyz(struct web_request *r, struct web_answer *a, struct err *err)
{
    int64_t backup_s = 0;
    struct web_db db = {0};
    uint64_t bytes = 0;
    bool known = disk_free(r->pool, &bytes), ok;
    char text[1100];

    a->type = "text/plain; charset=utf-8";
    ok = web_db_take(r->pool, &db, err) &&
         acc_last_of(db.db, "backup", &backup_s, err);
    web_db_give(r->pool, &db);
    if (!ok)
        not_ready(a, err_text(err, text, sizeof text));
    else if (known && bytes < least_free_bytes)
        not_ready(a, "less than 64 MiB free on the disk of the database");
    buf_str(&a->body, a->status == 503 ? "not ready\n" : "ok\n");
    if (!ok)
        return true;
    if (known)
        buf_printf(
                &a->body, "disk_free_bytes %llu\n", (unsigned long long)bytes);
    if (backup_s)
        return buf_printf(
                &a->body, "backup_age_seconds %lld\n",
                (long long)time(NULL) - (long long)backup_s);
    return buf_str(&a->body, "backup_age_seconds unknown\n");
}

/* ---- figures
 * ------------------------------------------------------------------ */

static void
head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(
            b, "# HELP fleetprint_%s %s\n# TYPE fleetprint_%s %s\n", name, help,
            name, type);
}

static void
one(struct buf *b, const char *name, const char *type, const char *help,
    unsigned long long value)
{
    head(b, name, type, help);
    buf_printf(b, "fleetprint_%s %llu\n", name, value);
}

static void samples(struct buf *b, const struct web_figures *f)
{
    static const char name[] = "ingest_samples_total";
    const struct {
        const char *result;
        unsigned long long n;
    } rows[] = {
            {"accepted", f->accepted},
            {"duplicate", f->duplicate},
            {"conflict", f->conflict},
            {"refused", f->refused},
    };

    head(b, name, "counter", "Samples of batches that were taken.");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_printf(
                b, "fleetprint_%s{result=\"%s\"} %llu\n", name, rows[i].result,
                rows[i].n);
}

static void refusals(struct buf *b, const struct web_figures *f)
{
    static const char name[] = "ingest_rejected_total";

    head(b, name, "counter", "Requests that were refused whole.");
    for (int i = 0; i < WEB_REFUSALS; i++)
        buf_printf(
                b, "fleetprint_%s{reason=\"%s\"} %llu\n", name, reasons[i],
                (unsigned long long)f->requests_refused[i]);
}

static void latency(struct buf *b, const struct web_figures *f)
{
    static const char name[] = "ingest_commit_seconds";
    unsigned long long n = 0;

    head(b, name, "histogram", "Time of a group commit.");
    for (int i = 0; i < WEB_BUCKETS; i++) {
        n += f->buckets[i];
        buf_printf(
                b, "fleetprint_%s_bucket{le=\"%g\"} %llu\n", name,
                web_bucket_s[i], n);
    }
    n += f->buckets[WEB_BUCKETS];
    buf_printf(b, "fleetprint_%s_bucket{le=\"+Inf\"} %llu\n", name, n);
    buf_printf(
            b, "fleetprint_%s_sum %llu.%06llu\n", name,
            (unsigned long long)f->commit_us / 1000000,
            (unsigned long long)f->commit_us % 1000000);
    buf_printf(b, "fleetprint_%s_count %llu\n", name, n);
}

static void queue(struct buf *b, struct web_ingest *g)
{
    size_t jobs, waiting;

    pthread_mutex_lock(&g->lock);
    jobs = g->jobs;
    waiting = g->samples;
    pthread_mutex_unlock(&g->lock);
    one(b, "ingest_queue_depth", "gauge", "Requests that wait.", jobs);
    one(b, "ingest_queue_samples", "gauge", "Samples that wait.", waiting);
}

/* What is not known is left out. */
static void store(struct buf *b, struct web_request *r, int64_t backup_s)
{
    unsigned long long folded = (unsigned long long)r->ingest->figures.folded_s;
    struct stat s;
    uint64_t bytes;

    if (folded)
        one(b, "fold_last_success_timestamp_seconds", "gauge",
            "When hours were last folded.", folded);
    if (stat(web_pool_path(r->pool), &s) == 0)
        one(b, "db_size_bytes", "gauge", "Size of the database file.",
            (unsigned long long)s.st_size);
    if (disk_free(r->pool, &bytes))
        one(b, "disk_free_bytes", "gauge", "Free on the database's disk.",
            bytes);
    if (backup_s)
        one(b, "backup_last_success_timestamp_seconds", "gauge",
            "When a backup was last written.", (unsigned long long)backup_s);
}

/* 0: not known. */
static int64_t last_backup(struct web_pool *p)
{
    struct web_db db = {0};
    struct err err = {0};
    int64_t at_s = 0;
    char text[1100];

    if (!web_db_take(p, &db, &err) ||
        !acc_last_of(db.db, "backup", &at_s, &err)) {
        log_line(
                LOG_ERROR, "metrics", "error=%s",
                err_text(&err, text, sizeof text));
        at_s = 0;
    }
    web_db_give(p, &db);
    return at_s;
}

/* Told also where the database cannot be read: they are asked for most then. */
bool web_metrics(struct web_request *r, struct web_answer *a, struct err *err)
{
    const struct web_figures *f = &r->ingest->figures;
    int64_t backup_s = last_backup(r->pool);

    (void)err;
    a->type = "text/plain; version=0.0.4; charset=utf-8";
    a->quiet = true;
    one(&a->body, "ingest_batches_total", "counter",
        "Batches whose answer was 200.", f->batches);
    samples(&a->body, f);
    refusals(&a->body, f);
    queue(&a->body, r->ingest);
    latency(&a->body, f);
    store(&a->body, r, backup_s);
    head(&a->body, "build_info", "gauge", "The program that answers.");
    return buf_printf(
            &a->body, "fleetprint_build_info{version=\"%s\"} 1\n", FP_VERSION);
}
