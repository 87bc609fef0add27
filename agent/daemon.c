/* SPDX-License-Identifier: Apache-2.0
 * The daemon: samples at the interval, seals a batch each minute into the
 * spool, and lets another thread push it. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "base/log.h"
#include "base/text.h"

struct daemon {
    const struct ag_config *config;
    struct ag_set set;
    struct ag_clock clock;
    struct ag_batch batch;
    struct ag_rota rota;
    struct ag_spool *spool;
    struct ag_push *push;
    uint64_t refused; /* batches, as last told */
    sigset_t free;
};

/* A token does not cross a network in clear unless that is asked for. */
static bool server_ok(const struct ag_config *c, struct err *err)
{
    static const char *const near[] = {
            "http://127.", "http://localhost:", "http://localhost/",
            "http://[::1]"};

    if (!c->server)
        return err_set(
                err, ERR_INVALID,
                "no server: set server = https://HOST:PORT, or try `once`");
    if (text_starts(c->server, "https://") || c->allow_http)
        return true;
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        if (text_starts(c->server, near[i]))
            return true;
    return err_set(
            err, ERR_INVALID,
            "'%.200s' would carry the token in clear: use https://, or "
            "allow_http = yes",
            c->server);
}

static void seal(struct daemon *d)
{
    struct buf json, packed;
    struct ag_spool_state state;
    struct err err = {0};
    size_t samples = d->batch.n;

    buf_init(&json, AG_BATCH_BYTES);
    buf_init(&packed, AG_BATCH_BYTES);
    if (!ag_batch_seal(&d->batch, &json, &err) ||
        !ag_gzip(json.p, json.len, &packed, &err) ||
        !ag_spool_add(d->spool, packed.p, packed.len, &err)) {
        state = ag_spool_state(d->spool);
        /* Once at the start of it, then each time it doubled. */
        if (state.refused >= 2 * d->refused || state.refused == 0) {
            log_line(
                    LOG_ERROR, "batch-lost", "samples=%zu so_far=%llu error=%s",
                    samples, (unsigned long long)state.refused, err.msg);
            d->refused = state.refused;
        }
    }
    buf_clear(&json);
    buf_clear(&packed);
    ag_push_wake(d->push);
}

static void loop(struct daemon *d)
{
    int64_t now = ag_boot_ns(), next = now, sealed = now, until;
    bool fresh = false; /* sampled since the last batch was sealed */

    ag_rota_open(&d->rota, &d->set, d->config->interval_ns, now);
    while (!ag_stopping) {
        now = ag_boot_ns();
        if (now >= next) {
            next = ag_rota_turn(&d->rota, &d->set, now);
            ag_batch_sample(&d->batch, d->rota.due);
            fresh = true;
        }
        if (fresh && (now - sealed >= d->config->batch_ns ||
                      d->batch.n >= AG_BATCH_SAMPLES)) {
            seal(d);
            sealed = now;
            fresh = false;
        }
        until = fresh ? sealed + d->config->batch_ns : next;
        ag_wait_until(until < next ? until : next, &d->free);
    }
    ag_batch_sample(&d->batch, NULL); /* up to the last moment */
    seal(d);
    ag_rota_close(&d->rota);
}

static void tell_start(const struct daemon *d)
{
    struct ag_spool_state s = ag_spool_state(d->spool);

    log_line(
            LOG_INFO, "start",
            "run=%s sensors=%zu missing=%zu interval_ms=%lld spooled=%zu",
            d->batch.run, d->set.n, d->set.n_missing,
            (long long)(d->config->interval_ns / 1000000), s.files);
    for (size_t i = 0; i < d->set.n_missing; i++)
        log_line(
                LOG_INFO, "missing", "id=%s reason=%s", d->set.missing[i].id,
                d->set.missing[i].reason);
}

int ag_cmd_daemon(const struct ag_config *config)
{
    struct ag_config c = *config;
    struct daemon d = {.config = &c};
    struct err err = {0};
    int status = 1;

    if (c.interval_ns == 0)
        c.interval_ns = INT64_C(10000000000);
#ifdef M_ARENA_MAX
    /* The second thread's own heap would cost more than the lock. */
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, 256 * 1024);
#endif
    if (!server_ok(&c, &err) ||
        !ag_spool_open(c.spool, (size_t)c.spool_max, &d.spool, &err)) {
        status = ag_fail(&err);
        goto done;
    }
    ag_catch_signals(&d.free); /* before the thread, which blocks them too */
    ag_set_open(&d.set, &c);
    ag_clock_open(&d.clock, c.sysroot, c.spool);
    ag_batch_open(&d.batch, &d.set, &d.clock);
    tell_start(&d);
    if (!ag_push_start(&c, d.spool, &d.clock, &d.push, &err)) {
        status = ag_fail(&err);
        goto done;
    }
    loop(&d);
    ag_push_stop(d.push);
    log_line(LOG_INFO, "stop", "spooled=%zu", ag_spool_state(d.spool).files);
    status = 0;
done:
    ag_batch_close(&d.batch);
    ag_set_close(&d.set);
    ag_spool_close(d.spool);
    return status;
}
