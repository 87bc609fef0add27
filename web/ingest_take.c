/* SPDX-License-Identifier: Apache-2.0
 * One job against the database, inside the writer's transaction: whose token it
 * is, and what it brings. */
#include <string.h>

#include "energy/senders.h"
#include "web/ingest_priv.h"

enum { HOUR_S = 3600 };

static bool refuse(struct web_job *job, int status, const char *title)
{
    job->status = status;
    job->title = title;
    return true; /* of the transaction: it goes on */
}

static bool unauthorized(struct web_job *job)
{
    err_set(&job->err, ERR_DENIED, "the token is unknown, revoked or expired");
    return refuse(job, 401, "unauthorized");
}

/* *t is a token of that kind that holds, or the job has its status. */
static bool token_of(
        struct web_ingest *g, struct web_job *job, enum acc_token_kind kind,
        struct acc_token *t, struct err *err)
{
    int64_t now_s = job->recv_ns / 1000000000;
    bool found;

    if (!acc_token_find(g->db, job->hash, t, &found, err))
        return false;
    if (!found || !acc_token_holds(t, now_s))
        return unauthorized(job);
    if (t->kind != kind) {
        err_set(&job->err, ERR_DENIED, "a token of kind '%s', expected '%s'",
                acc_token_word(t->kind), acc_token_word(kind));
        return refuse(job, 403, NULL);
    }
    return t->used_s == now_s - now_s % HOUR_S ||
           acc_token_used(g->db, t->id, now_s, err);
}

/* ---- readings
 * ---------------------------------------------------------------- */

static bool may_send(
        struct web_ingest *g, struct web_job *job, int64_t source,
        struct err *err)
{
    struct en_sender s;
    bool found;

    if (!en_sender_by_id(g->db, source, &s, &found, err))
        return false;
    if (!found)
        return unauthorized(job);
    if (s.state == EN_PENDING) {
        err_set(&job->err, ERR_DENIED,
                "the node waits to be let in by 'fleetprint token approve'");
        job->retry_s = WEB_PENDING_RETRY_S;
        return refuse(job, 403, "pending");
    }
    if (s.state == EN_REVOKED) {
        err_set(&job->err, ERR_DENIED, "the node was refused by an operator");
        return refuse(job, 403, NULL);
    }
    if (job->feed.node && !en_sender_is(s.name, job->feed.node)) {
        err_set(&job->err, ERR_DENIED,
                "the token is of '%.120s', the batch names '%.120s'", s.name,
                job->feed.node);
        return refuse(job, 403, NULL);
    }
    return true;
}

static void tell(struct web_job *job, uint64_t seq, const char *reason)
{
    if (job->n_told == EN_MAX_REFUSED)
        return;
    job->told[job->n_told].seq = seq;
    job->told[job->n_told++].reason = reason;
}

static void add_taken(struct web_job *job, const struct en_taken *t)
{
    job->accepted += t->accepted;
    job->duplicate += t->duplicate;
    job->conflict += t->conflict;
    job->refused += t->refused + t->conflict;
    if (t->last_seq > job->last_seq)
        job->last_seq = t->last_seq;
    for (size_t i = 0; i < t->n_told; i++)
        tell(job, t->told[i].seq, t->told[i].reason);
}

static bool
take_readings(struct web_ingest *g, struct web_job *job, struct err *err)
{
    struct imp_feed *f = &job->feed;
    struct en_taken taken;
    struct acc_token t;
    struct err why = {0};

    if (!token_of(g, job, ACC_NODE, &t, err) ||
        (!job->status && !may_send(g, job, t.source_id, err)))
        return false;
    if (job->status)
        return true;
    for (size_t i = 0; i < f->n_told; i++)
        tell(job, f->told[i].seq, f->told[i].reason);
    job->refused = f->refused;
    for (size_t i = 0; i < f->n_batches; i++) {
        struct wire_batch b = f->batches[i];

        b.clock_boot = job->clock_boot;
        b.clock_ns = job->clock_ns;
        if (en_feed_take(
                    g->feed, t.source_id, &b, job->recv_ns, &taken, &why)) {
            add_taken(job, &taken);
            continue;
        }
        if (why.code != ERR_INVALID && why.code != ERR_CONFLICT &&
            why.code != ERR_LIMIT) {
            *err = why;
            return false;
        }
        if (job->kind == JOB_OTLP) { /* the others stay */
            job->refused += f->batches[i].n_samples;
            tell(job, 0, "a meter known with another unit or kind");
            continue;
        }
        job->err = why;
        return refuse(job, why.code == ERR_LIMIT ? 413 : 400, NULL);
    }
    job->status = 200;
    return true;
}

/* ---- enrolment
 * ----------------------------------------------------------------- */

static bool conflict(struct web_job *job)
{
    err_set(&job->err, ERR_CONFLICT,
            "'%.120s' has another token; ask an operator", job->node);
    return refuse(job, 409, NULL);
}

/* A token that was here before: where its node stands. */
static bool enrol_again(
        struct web_ingest *g, struct web_job *job, const struct acc_token *t,
        struct err *err)
{
    struct en_sender s;
    bool found;

    if (t->kind != ACC_NODE ||
        !en_sender_by_id(g->db, t->source_id, &s, &found, err))
        return t->kind == ACC_NODE ? false : conflict(job);
    if (!found || strcmp(s.name, job->node) != 0)
        return conflict(job);
    if (!acc_token_holds(t, job->recv_ns / 1000000000) ||
        s.state == EN_REVOKED) {
        err_set(&job->err, ERR_DENIED, "the node was refused by an operator");
        return refuse(job, 403, NULL);
    }
    job->status = s.state == EN_PENDING ? 202 : 200;
    return true;
}

static bool any_holds(void *ctx, const struct acc_token *t, struct err *err)
{
    bool *any = ctx;

    (void)err;
    *any |= !t->revoked_s;
    return true;
}

/* A node that is not known, or whose tokens were all revoked. */
static bool enrol_new(
        struct web_ingest *g, struct web_job *job, const struct acc_token *key,
        struct err *err)
{
    struct acc_token t = {.kind = ACC_NODE, .site_id = key->site_id};
    char actor[40], detail[600];
    bool found, any = false;
    struct en_sender s;
    int64_t n, id;

    if (!en_sender_by_name(g->db, job->node, &s, &found, err))
        return false;
    if (found && s.node && !acc_tokens(g->db, s.id, any_holds, &any, err))
        return false;
    if (found && (!s.node || any))
        return conflict(job);
    if (!en_senders_pending(g->db, &n, err))
        return false;
    if (n >= WEB_PENDING_MAX) {
        err_set(&job->err, ERR_LIMIT, "%d nodes wait to be let in",
                WEB_PENDING_MAX);
        job->retry_s = 10 * WEB_PENDING_RETRY_S;
        return refuse(job, 503, "busy");
    }
    snprintf(actor, sizeof actor, "enrol:%lld", (long long)key->id);
    snprintf(detail, sizeof detail, "'%s' asks to be let in", job->node);
    if (!en_sender_wait(g->db, job->node, job->agent, &t.source_id, err) ||
        !acc_token_add(g->db, &t, job->token, &id, err) ||
        !acc_audit(g->db, actor, "enrol", detail, err))
        return false;
    job->status = 202;
    return true;
}

static bool
take_enrolment(struct web_ingest *g, struct web_job *job, struct err *err)
{
    unsigned char hash[ACC_TOKEN_HASH];
    struct acc_token key, own;
    bool found;

    if (!token_of(g, job, ACC_ENROL, &key, err))
        return false;
    if (job->status)
        return true;
    acc_token_hash(job->token, hash);
    if (!acc_token_find(g->db, hash, &own, &found, err))
        return false;
    return found ? enrol_again(g, job, &own, err)
                 : enrol_new(g, job, &key, err);
}

bool web_job_take(struct web_ingest *g, struct web_job *job, struct err *err)
{
    return job->kind == JOB_ENROL ? take_enrolment(g, job, err)
                                  : take_readings(g, job, err);
}
