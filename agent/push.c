/* SPDX-License-Identifier: Apache-2.0
 * Sends the spool to the server, oldest batch first, from a thread of its own:
 * a server that is slow or away delays no sample. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "agent/agent.h"
#include "base/http.h"
#include "base/json.h"
#include "base/log.h"

enum {
    ANSWER_BYTES = 64 * 1024,
    LAST_TRY_S = 5,
    LOCKED_S = 600,  /* 401, 403: an operator has to act */
    PENDING_S = 60,  /* enrolled, not let in yet */
    LONGEST_S = 300, /* between tries */
    ASKED_S = 3600,  /* at most, where the server asks for more */
    URL = 8192,
};

struct ag_push {
    const struct ag_config *config;
    struct ag_spool *spool;
    const struct ag_clock *clock;
    struct http http;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool woken;
    volatile sig_atomic_t stop; /* of another thread: read by stopping() */
    unsigned failures;
    bool told; /* the outage is in the log, with this status */
    int told_status;
};

static bool stopping(const struct ag_push *p)
{
    return __atomic_load_n(&p->stop, __ATOMIC_RELAXED) != 0;
}

enum ag_verdict ag_verdict_of(int status)
{
    switch (status) {
    case 401:
    case 403:
        return AG_LOCKED;
    case 408:
    case 429:
        return AG_LATER;
    default:
        if (status >= 200 && status < 300)
            return AG_TAKEN;
        return status >= 400 && status < 500 ? AG_REFUSED : AG_LATER;
    }
}

int64_t ag_backoff_ns(unsigned n, int64_t retry_after_s, double frac)
{
    int64_t s = n == 0 ? 1 : n > 9 ? LONGEST_S : INT64_C(1) << (n - 1);
    double ns;

    if (s > LONGEST_S)
        s = LONGEST_S;
    ns = (double)s * 1e9 * (0.75 + 0.5 * frac);
    /* Jitter never shortens what was asked for. */
    if (retry_after_s > ASKED_S)
        retry_after_s = ASKED_S;
    if (retry_after_s > 0 && ns < (double)retry_after_s * 1e9)
        ns = (double)retry_after_s * 1e9 * (1 + 0.25 * frac);
    return (int64_t)ns;
}

/* The text of "detail" in a problem answer, for people: no more is read out of
 * answers, whose status says it all. */
static void detail_of(const struct http_reply *r, char *dst, size_t size)
{
    const char *p = strstr(buf_text(&r->body), "\"detail\"");
    size_t n = 0;

    dst[0] = '\0';
    p = p ? strchr(p + 8, '"') : NULL;
    for (p = p ? p + 1 : ""; *p && *p != '"' && n + 1 < size; p++) {
        if (*p == '\\' && p[1])
            p++;
        if ((unsigned char)*p >= ' ')
            dst[n++] = *p;
    }
    dst[n] = '\0';
}

static bool
post(struct ag_push *p, const char *path, const char *token, const void *body,
     size_t len, bool gzip, struct http_reply *out, struct err *err)
{
    char url[URL], auth[AG_TOKEN + 32], now[WIRE_MAX_RUN + 48];
    size_t base = strlen(p->config->server), n = 2;
    const char *headers[5] = {auth, "Content-Type: application/json"};
    bool last = stopping(p);

    while (base && p->config->server[base - 1] == '/')
        base--;
    snprintf(url, sizeof url, "%.*s%s", (int)base, p->config->server, path);
    snprintf(auth, sizeof auth, "Authorization: Bearer %s", token);
    if (gzip)
        headers[n++] = "Content-Encoding: gzip";
    if (p->clock->boot[0]) {
        snprintf(
                now, sizeof now, "Feed-Clock: %s %lld", p->clock->boot,
                (long long)ag_clock_ns(p->clock));
        headers[n++] = now;
    }
    return http_fetch(
            &p->http,
            &(struct http_ask){
                    .method = "POST",
                    .url = url,
                    .headers = headers,
                    .body = body,
                    .body_len = len,
                    .max_bytes = ANSWER_BYTES,
                    .ca_file = p->config->ca_file,
                    .timeout_s = last ? LAST_TRY_S : 0,
                    .stop = last ? NULL : &p->stop},
            out, err);
}

static bool
token_now(struct ag_push *p, char token[static AG_TOKEN], struct err *err)
{
    const struct ag_config *c = p->config;
    char key[AG_TOKEN];
    struct err why = {0};

    if (c->diskless)
        return ag_token_read(c->enrol_file, key, err) &&
               ag_token_derive(key, c->sysroot, c->node, token, err);
    if (ag_token_read(c->token_file, token, &why))
        return true;
    if (c->enrol_file && c->token_file && why.code == ERR_NOT_FOUND)
        return ag_token_draw(c->token_file, token, err);
    if (err)
        *err = why;
    return false;
}

/* Asks to be let in; true once the node is. */
static bool enrol(struct ag_push *p, const char *token, int64_t *wait_s)
{
    struct http_reply r = {0};
    struct out *o = xmalloc(sizeof *o);
    struct json_out j;
    struct buf body;
    struct err err = {0};
    char key[AG_TOKEN], text[AG_REASON];
    bool in = false;

    *wait_s = LOCKED_S;
    buf_init(&body, 4096);
    out_to_buf(o, &body);
    json_out_init(&j, o, false);
    json_begin_obj(&j, NULL);
    json_str(&j, "node", p->config->node);
    json_str(&j, "token", token);
    json_str(&j, "agent", AG_NAME "/" FP_VERSION);
    json_end_obj(&j);
    if (!out_finish(o, &err) ||
        !ag_token_read(p->config->enrol_file, key, &err) ||
        !post(p, "/api/v1/enrol", key, body.p, body.len, false, &r, &err)) {
        log_line(LOG_WARN, "enrol", "error=%s", err.msg);
    } else {
        in = r.status == 200;
        if (r.status == 202)
            *wait_s = PENDING_S;
        detail_of(&r, text, sizeof text);
        log_line(
                in ? LOG_INFO : LOG_WARN, "enrol",
                "node=%s status=%d state=%s detail=%s", p->config->node,
                r.status,
                in                ? "approved"
                : r.status == 202 ? "pending"
                                  : "refused",
                text);
    }
    http_reply_clear(&r);
    buf_clear(&body);
    free(o);
    return in;
}

static void tell_outage(struct ag_push *p, int status, const char *why)
{
    struct ag_spool_state s = ag_spool_state(p->spool);

    if (!p->told || p->told_status != status)
        log_line(
                LOG_WARN, "push-waits",
                "status=%d reason=%s batches=%zu bytes=%zu", status, why,
                s.files, s.bytes);
    p->told = true;
    p->told_status = status;
}

static void taken(struct ag_push *p, uint64_t id, const struct http_reply *r)
{
    struct err err = {0};
    const char *refused = strstr(buf_text(&r->body), "\"refused\":");

    if (refused && refused[10] >= '1' && refused[10] <= '9')
        log_line(
                LOG_WARN, "rows-refused", "batch=%zu answer=%s", (size_t)id,
                buf_text(&r->body));
    if (!ag_spool_drop(p->spool, id, &err))
        log_line(LOG_ERROR, "spool", "error=%s", err.msg);
    if (p->told)
        log_line(LOG_INFO, "push-again", "status=%d", r->status);
    p->told = false;
    p->failures = 0;
}

static void
set_aside(struct ag_push *p, uint64_t id, int status, const char *detail)
{
    char reason[AG_REASON * 2];
    struct err err = {0};

    snprintf(
            reason, sizeof reason, "status %d: %s\n", status,
            detail[0] ? detail : "no reason given");
    log_line(
            LOG_ERROR, "batch-refused", "batch=%zu status=%d reason=%s",
            (size_t)id, status, detail);
    if (!ag_spool_set_aside(p->spool, id, reason, &err))
        log_line(LOG_ERROR, "spool", "error=%s", err.msg);
}

/* What to do after an answer: how long to wait, ns; 0: go on at once. */
static int64_t
judge(struct ag_push *p, uint64_t id, const char *token,
      const struct http_reply *r)
{
    char detail[AG_REASON];
    int64_t wait_s = LOCKED_S;

    detail_of(r, detail, sizeof detail);
    switch (ag_verdict_of(r->status)) {
    case AG_TAKEN:
        taken(p, id, r);
        return 0;
    case AG_REFUSED:
        set_aside(p, id, r->status, detail);
        return 0;
    case AG_LOCKED:
        tell_outage(p, r->status, detail);
        if (p->config->enrol_file && enrol(p, token, &wait_s) &&
            p->failures++ == 0)
            return 0;
        return (int64_t)((double)wait_s * 1e9 * (0.75 + 0.5 * ag_random_frac()));
    case AG_LATER:
        break;
    }
    tell_outage(p, r->status, detail);
    return ag_backoff_ns(++p->failures, r->retry_after_s, ag_random_frac());
}

/* One batch; how long to wait before the next, -1: there is none. */
static int64_t send_one(struct ag_push *p)
{
    struct http_reply r = {0};
    struct err err = {0};
    struct buf body;
    char token[AG_TOKEN];
    uint64_t id = 0;
    int64_t wait = -1;

    buf_init(&body, AG_BATCH_BYTES);
    if (!ag_spool_first(p->spool, &id, &body, &err)) {
        if (err.code == ERR_NOT_FOUND && id == 0)
            goto done;
        /* A file that is gone or cannot be read does not stop the others. */
        log_line(LOG_ERROR, "spool", "error=%s", err.msg);
        ag_spool_drop(p->spool, id, NULL);
        wait = 0;
        goto done;
    }
    if (!token_now(p, token, &err)) {
        tell_outage(p, 0, err.msg);
        wait = (int64_t)LONGEST_S * 1000000000;
    } else if (!post(p, "/api/v1/energy", token, body.p, body.len, true, &r,
                     &err)) {
        if (!stopping(p)) /* given up by us, or told as the end's `spooled` */
            tell_outage(p, 0, err.msg);
        wait = ag_backoff_ns(++p->failures, -1, ag_random_frac());
    } else {
        wait = judge(p, id, token, &r);
    }
done:
    http_reply_clear(&r);
    buf_clear(&body);
    return wait;
}

/* Until a time, or until the end; `any` ends it when there is something new. */
static void rest(struct ag_push *p, int64_t ns, bool any)
{
    struct timespec t;
    int64_t until;

    CHECK(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    until = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec + ns;
    t.tv_sec = (time_t)(until / 1000000000);
    t.tv_nsec = (long)(until % 1000000000);
    pthread_mutex_lock(&p->lock);
    while (!stopping(p) && !(any && p->woken))
        if (pthread_cond_timedwait(&p->cond, &p->lock, &t) != 0)
            break;
    p->woken = false;
    pthread_mutex_unlock(&p->lock);
}

static void *work(void *ctx)
{
    struct ag_push *p = ctx;
    int64_t end;

    while (!stopping(p)) {
        int64_t wait = send_one(p);

        if (wait != 0) {
            /* Pushes are rare: what a connection costs is memory. */
            http_close(&p->http);
            rest(p, wait < 0 ? INT64_C(3600000000000) : wait, wait < 0);
        }
    }
    /* The last batches get one try; the first that fails ends it, or the time:
     * what is left is on disk. */
    end = ag_boot_ns() + INT64_C(1000000000) * LAST_TRY_S;
    while (ag_boot_ns() < end && send_one(p) == 0)
        ;
    http_close(&p->http);
    return NULL;
}

bool ag_push_start(
        const struct ag_config *c, struct ag_spool *spool,
        const struct ag_clock *clock, struct ag_push **out, struct err *err)
{
    struct ag_push *p = xcalloc(1, sizeof *p);
    pthread_condattr_t attr;

    p->config = c;
    p->spool = spool;
    p->clock = clock;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&p->cond, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&p->thread, NULL, work, p) != 0) {
        free(p);
        return err_set(err, ERR_IO, "cannot start a thread");
    }
    *out = p;
    return true;
}

void ag_push_wake(struct ag_push *p)
{
    pthread_mutex_lock(&p->lock);
    p->woken = true;
    pthread_cond_signal(&p->cond);
    pthread_mutex_unlock(&p->lock);
}

void ag_push_stop(struct ag_push *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    __atomic_store_n(&p->stop, 1, __ATOMIC_RELAXED);
    pthread_cond_signal(&p->cond);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    pthread_cond_destroy(&p->cond);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
