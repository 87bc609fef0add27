/* SPDX-License-Identifier: Apache-2.0
 * The routes that take readings and enrolments: from a body to a job, and from
 * a job that is done to its answer [docs/feeds.md]. */
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/num.h"
#include "base/text.h"
#include "energy/senders.h"
#include "web/ingest_priv.h"

enum { MAX_ENROL = 4096, MAX_AGENT = 120, OTLP_TOLD = 3 };
/* The end of the year 2200, as for the times of samples. */
#define MAX_TIME_NS INT64_C(7289654400000000000)

/* ---- from a body to a job -------------------------------------------------
 */

/* The body as sent, or unpacked into *room. */
static bool plain_body(
        struct web_request *r, struct buf *room, const char **text, size_t *len,
        struct err *err)
{
    const char *coding = r->header(r, "Content-Encoding");

    *text = r->body ? r->body : "";
    *len = r->body_len;
    if (!coding || text_same(coding, "identity"))
        return true;
    if (!imp_feed_gunzip(*text, *len, room, err))
        return false;
    *text = buf_text(room);
    *len = room->len;
    return true;
}

static bool refused(struct web_request *r, const struct err *err)
{
    r->ingest->figures.requests_refused
            [err->code == ERR_LIMIT ? REFUSED_LARGE : REFUSED_INVALID]++;
    return false;
}

/* "Feed-Clock: BOOT NS": what the sender's clock shows as it sends. */
static bool
clock_told(struct web_request *r, struct web_job *job, struct err *err)
{
    const char *text = r->header(r, "Feed-Clock"), *end;
    size_t n;

    if (!text)
        return true;
    end = strchr(text, ' ');
    n = end ? (size_t)(end - text) : 0;
    if (n < 1 || n > WIRE_MAX_RUN ||
        !num_parse_int(
                end + 1, strlen(end + 1), 1, MAX_TIME_NS, &job->clock_ns, NULL))
        return err_set(
                err, ERR_INVALID,
                "a Feed-Clock of '%.80s', expected a boot id and nanoseconds",
                text);
    job->clock_boot = arena_printf(&job->feed.arena, "%.*s", (int)n, text);
    return true;
}

static bool readings(
        struct web_request *r, enum web_job_kind kind,
        bool (*parse)(
                const char *text, size_t len, struct imp_feed *out,
                struct err *err),
        struct err *err)
{
    struct web_job *job = web_job_new(kind);
    const char *text;
    struct buf room;
    size_t len;
    bool ok;

    buf_init(&room, IMP_FEED_BYTES);
    ok = plain_body(r, &room, &text, &len, err) &&
         parse(text, len, &job->feed, err) &&
         (kind != JOB_ENERGY || clock_told(r, job, err));
    buf_clear(&room);
    if (!ok) {
        web_job_free(job);
        return refused(r, err);
    }
    acc_token_hash(web_bearer(r), job->hash);
    for (size_t i = 0; i < job->feed.n_batches; i++)
        job->samples += job->feed.batches[i].n_samples;
    r->job = job;
    return true;
}

bool web_energy(struct web_request *r, struct web_answer *a, struct err *err)
{
    (void)a;
    return readings(r, JOB_ENERGY, imp_feed_json, err);
}

bool web_otlp(struct web_request *r, struct web_answer *a, struct err *err)
{
    (void)a;
    return readings(r, JOB_OTLP, imp_feed_otlp, err);
}

static bool enrol_body(const cJSON *root, struct web_job *job, struct err *err)
{
    const char *node, *agent, *token;
    enum acc_token_kind kind;

    if (!cJSON_IsObject(root))
        return err_set(err, ERR_INVALID, "no object");
    if (!json_get_str(root, "node", &node, err) ||
        !json_get_str(root, "agent", &agent, err) ||
        !json_get_str(root, "token", &token, err))
        return false;
    if (!node || !en_sender_name_ok(node, err)) {
        if (node)
            err_in(err, "'node'");
        return node ? false
                    : err_set(err, ERR_INVALID, "no 'node', expected a name");
    }
    if (agent && strlen(agent) > MAX_AGENT)
        return err_set(
                err, ERR_INVALID, "'agent' is longer than %d", MAX_AGENT);
    if (!token || !acc_token_shape(token, &kind) || kind != ACC_NODE)
        return err_set(
                err, ERR_INVALID,
                "no 'token', expected fpn_ and 43 characters of base64url");
    job->node = arena_str(&job->feed.arena, node);
    job->agent = arena_str(&job->feed.arena, agent);
    memcpy(job->token, token, sizeof job->token);
    return true;
}

bool web_enrol(struct web_request *r, struct web_answer *a, struct err *err)
{
    struct web_job *job = web_job_new(JOB_ENROL);
    cJSON *root = NULL;
    bool ok = false;

    (void)a;
    if (r->body_len > MAX_ENROL)
        err_set(err, ERR_LIMIT, "a body of more than %d bytes", MAX_ENROL);
    else
        ok = json_parse(r->body ? r->body : "", r->body_len, &root, err) &&
             enrol_body(root, job, err);
    cJSON_Delete(root);
    if (!ok) {
        web_job_free(job);
        return refused(r, err);
    }
    acc_token_hash(web_bearer(r), job->hash);
    r->job = job;
    return true;
}

/* ---- before a body is read
 * --------------------------------------------------- */

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t n = sizeof json - 1;

    return !type || (!strncasecmp(type, json, n) &&
                     (!type[n] || type[n] == ';' || type[n] == ' '));
}

int web_feed_gate(struct web_request *r, int kind, const char **why)
{
    const char *coding = r->header(r, "Content-Encoding");
    const char *type = r->header(r, "Content-Type");
    int status = web_token_gate(r, kind, why);

    if (status)
        return status;
    if (coding && !text_same(coding, "gzip") &&
        !text_same(coding, "identity")) {
        *why = "a Content-Encoding other than gzip";
        return 415;
    }
    /* curl's own type for --data-binary is taken as none. */
    if (!is_json(type) &&
        !text_same(type, "application/x-www-form-urlencoded") &&
        !text_same(type, "application/octet-stream")) {
        *why = "no JSON, expected Content-Type: application/json";
        return 415;
    }
    return 0;
}

/* ---- the answer ------------------------------------------------------------
 */

static void energy_answer(const struct web_job *job, struct json_out *j)
{
    json_int(j, "accepted", (int64_t)job->accepted);
    json_int(j, "duplicate", (int64_t)job->duplicate);
    json_int(j, "conflict", (int64_t)job->conflict);
    json_int(j, "refused", (int64_t)job->refused);
    json_begin_arr(j, "rejected");
    for (size_t i = 0; i < job->n_told; i++) {
        json_begin_obj(j, NULL);
        json_int(j, "seq", (int64_t)job->told[i].seq);
        json_str(j, "reason", job->told[i].reason);
        json_end_obj(j);
    }
    json_end_arr(j);
    json_int(j, "last_seq", (int64_t)job->last_seq);
}

/* As the protocol has it: nothing, or how many points were not taken. */
static void
otlp_answer(const struct web_job *job, struct web_answer *a, struct json_out *j)
{
    struct buf why;

    if (!job->refused)
        return;
    buf_init(&why, 1000);
    for (size_t i = 0; i < job->n_told && i < OTLP_TOLD; i++)
        buf_printf(&why, "%s%s", i ? "; " : "", job->told[i].reason);
    json_begin_obj(j, "partialSuccess");
    json_str(
            j, "rejectedDataPoints",
            arena_printf(&a->arena, "%llu", (unsigned long long)job->refused));
    json_str(j, "errorMessage", buf_text(&why));
    json_end_obj(j);
    buf_clear(&why);
}

static void enrol_answer(const struct web_job *job, struct json_out *j)
{
    json_str(j, "state", job->status == 202 ? "pending" : "approved");
    if (job->status == 202)
        json_int(j, "retry_s", WEB_PENDING_RETRY_S);
}

static void count_refused(struct web_request *r, int status)
{
    enum web_refusal why = status == 401   ? REFUSED_TOKEN
                           : status == 403 ? REFUSED_DENIED
                           : status == 413 ? REFUSED_LARGE
                           : status == 503 ? REFUSED_BUSY
                                           : REFUSED_INVALID;

    r->ingest->figures.requests_refused[why]++;
    if (status == 401 || status == 403)
        web_rate_take(r->ingest->rate, r->from, WEB_RATE_FAILED, true);
}

void web_answer_job(
        struct web_request *r, struct web_answer *a, struct web_job *job)
{
    static const char *const routes[] = {
            "/api/v1/energy", "/v1/metrics", "/api/v1/enrol"};
    struct json_out j;
    struct out o;

    a->route = routes[job->kind];
    a->status = job->status;
    a->retry_s = job->retry_s;
    a->title = job->title;
    buf_init(&a->body, WEB_MAX_ANSWER);
    if (job->status >= 400) {
        count_refused(r, job->status);
        web_problem(a, &job->err);
        return;
    }
    a->quiet = job->kind != JOB_ENROL;
    a->type = "application/json";
    out_to_buf(&o, &a->body);
    json_out_init(&j, &o, false);
    json_begin_obj(&j, NULL);
    if (job->kind == JOB_ENERGY)
        energy_answer(job, &j);
    else if (job->kind == JOB_OTLP)
        otlp_answer(job, a, &j);
    else
        enrol_answer(job, &j);
    json_end_obj(&j);
    out_finish(&o, NULL);
}
