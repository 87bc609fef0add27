/* SPDX-License-Identifier: Apache-2.0
 * Whose token a request has, asked before its body is read. */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/log.h"
#include "web/ingest_priv.h"

enum { KNOWN_S = 5 };

const char *web_bearer(const struct web_request *r)
{
    static const char scheme[] = "Bearer ";
    const char *v = r->header(r, "Authorization");
    enum acc_token_kind kind;

    if (!v || strncasecmp(v, scheme, sizeof scheme - 1) != 0)
        return NULL;
    v += sizeof scheme - 1;
    v += strspn(v, " ");
    return acc_token_shape(v, &kind) ? v : NULL;
}

static struct web_known *
slot(struct web_ingest *g, const unsigned char hash[static ACC_TOKEN_HASH])
{
    unsigned at;

    memcpy(&at, hash, sizeof at);
    return &g->known[at % WEB_KNOWN];
}

static bool is_known(
        struct web_ingest *g, const unsigned char hash[static ACC_TOKEN_HASH],
        enum acc_token_kind kind)
{
    struct web_known *k = slot(g, hash);
    bool yes;

    pthread_mutex_lock(&g->known_lock);
    yes = k->at_s > 0 && web_now_s() - k->at_s < KNOWN_S && k->kind == kind &&
          !memcmp(k->hash, hash, ACC_TOKEN_HASH);
    pthread_mutex_unlock(&g->known_lock);
    return yes;
}

static void keep_known(
        struct web_ingest *g, const unsigned char hash[static ACC_TOKEN_HASH],
        enum acc_token_kind kind)
{
    struct web_known *k = slot(g, hash);

    pthread_mutex_lock(&g->known_lock);
    memcpy(k->hash, hash, ACC_TOKEN_HASH);
    k->kind = kind;
    k->at_s = web_now_s();
    pthread_mutex_unlock(&g->known_lock);
}

static int
failed(struct web_request *r, int status, const char *text, const char **why)
{
    r->ingest->figures
            .requests_refused[status == 401 ? REFUSED_TOKEN : REFUSED_DENIED]++;
    web_rate_take(r->ingest->rate, r->from, WEB_RATE_FAILED, true);
    *why = text;
    return status;
}

int web_token_gate(struct web_request *r, int kind, const char **why)
{
    const char *bearer = web_bearer(r);
    unsigned char hash[ACC_TOKEN_HASH];
    struct acc_token t = {0};
    struct web_db db = {0};
    struct err err = {0};
    bool found = false, ok;

    if (bearer) {
        acc_token_hash(bearer, hash);
        if (is_known(r->ingest, hash, (enum acc_token_kind)kind))
            return 0;
    }
    if (!web_rate_take(r->ingest->rate, r->from, WEB_RATE_FAILED, false)) {
        r->ingest->figures.requests_refused[REFUSED_RATE]++;
        *why = "too many requests from here without a good token";
        return 429;
    }
    if (!bearer)
        return failed(
                r, 401, "no token, expected Authorization: Bearer fp...", why);
    ok = web_db_take(r->pool, &db, &err) &&
         acc_token_find(db.db, hash, &t, &found, &err);
    web_db_give(r->pool, &db);
    if (!ok) {
        char text[1100];

        log_line(
                LOG_ERROR, "token-unread", "error=%s",
                err_text(&err, text, sizeof text));
        r->ingest->figures.requests_refused[REFUSED_FAILED]++;
        *why = "the tokens cannot be read now";
        return 503;
    }
    if (!found || !acc_token_holds(&t, (int64_t)time(NULL)))
        return failed(r, 401, "the token is unknown, revoked or expired", why);
    if ((int)t.kind != kind)
        return failed(r, 403, "a token of another kind", why);
    keep_known(r->ingest, hash, t.kind);
    return 0;
}
