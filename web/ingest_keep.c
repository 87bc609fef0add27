/* SPDX-License-Identifier: Apache-2.0
 * What the writer does by the clock: hours that have closed are folded into the
 * ledger, old raw readings dropped. */
#include "base/log.h"
#include "web/ingest_priv.h"

enum {
    HOUR_S = 3600,
    GRACE_S = 120, /* after an hour, so that its last readings are here [D] */
    AGAIN_S = 300, /* after a failure */
    DAY_S = 86400,
};
static const double step_s = 0.01; /* senders wait no longer than that */

static int64_t closed_hour(int64_t now_s)
{
    return (now_s - GRACE_S) / HOUR_S;
}

bool web_ingest_keep_due(const struct web_ingest *g, int64_t now_s)
{
    return g->folding ||
           (closed_hour(now_s) != g->folded_hour && now_s >= g->fold_again_s);
}

static void begin(struct web_ingest *g, int64_t now_s)
{
    g->folding_hour = closed_hour(now_s);
    g->folding_from_s = web_now_s();
    g->folding = en_folding_new(g->db, g->folding_hour * HOUR_S * 1000000000);
}

void web_ingest_keep_end(struct web_ingest *g)
{
    en_folding_free(g->folding);
    en_purging_free(g->purging);
    g->folding = NULL;
    g->purging = NULL;
}

/* A step of what is under way; *done when all is. Noted in the audit trail:
 * readers that see the same entry see the same figures. */
static bool
step(struct web_ingest *g, int64_t before_s, bool *done, struct err *err)
{
    bool more;

    *done = false;
    if (g->folding) {
        if (!en_folding_step(g->folding, step_s, &more, err))
            return false;
        if (more)
            return true;
        web_ingest_keep_end(g);
        g->purging = en_purging_new(g->db, before_s * 1000000000);
        return true;
    }
    if (!en_purging_step(g->purging, step_s, &more, err))
        return false;
    *done = !more;
    return more || acc_audit(g->db, "server", "fold", NULL, err);
}

void web_ingest_keep(struct web_ingest *g, int64_t now_s)
{
    int64_t before_s = now_s - (int64_t)g->keep_days * DAY_S;
    struct err err = {0};
    char text[1100];
    bool done, ok;

    if (!g->folding && !g->purging)
        begin(g, now_s);
    ok = step(g, before_s, &done, &err);
    if (ok && !done)
        return;
    web_ingest_keep_end(g);
    if (!ok) {
        log_line(
                LOG_WARN, "fold-failed", "error=%s",
                err_text(&err, text, sizeof text));
        g->fold_again_s = now_s + AGAIN_S;
        return;
    }
    g->folded_hour = g->folding_hour;
    g->figures.folded_s = now_s;
    log_line(
            LOG_DEBUG, "folded", "until=%lld ms=%.1f",
            (long long)g->folded_hour * HOUR_S,
            (web_now_s() - g->folding_from_s) * 1e3);
}
