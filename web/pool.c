/* SPDX-License-Identifier: Apache-2.0
 * Connections for the threads that answer, kept open between requests. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "access/access.h"
#include "base/mem.h"
#include "energy/listing.h"
#include "web/pool_priv.h"

static const double latest_s = 5;

bool web_pool_new(
        const char *db_path, web_load *load, void *load_ctx,
        struct web_pool **out, struct err *err)
{
    struct web_pool *p = xcalloc(1, sizeof *p);

    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->made, NULL);
    p->db_path = xstrdup(db_path);
    p->load = load;
    p->load_ctx = load_ctx;
    if (!web_packs_open(p, err)) {
        web_pool_free(p);
        return false;
    }
    *out = p;
    return true;
}

const char *web_pool_path(const struct web_pool *p)
{
    return p->db_path;
}

static void close_idle(struct web_pool *p)
{
    while (p->n_idle)
        db_close(p->idle[--p->n_idle]);
    db_close(p->watch);
    p->watch = NULL;
}

void web_pool_free(struct web_pool *p)
{
    if (!p)
        return;
    close_idle(p);
    web_years_free(p);
    web_packs_close(p);
    for (int i = 0; i < WEB_COUNTS_MAX; i++)
        free(p->counts[i].filter);
    pthread_cond_destroy(&p->made);
    pthread_mutex_destroy(&p->lock);
    free(p->db_path);
    free(p);
}

uint64_t web_pool_file(struct web_pool *p)
{
    struct stat s = {0};

    if (stat(p->db_path, &s) != 0)
        s = (struct stat){0};
    if (s.st_dev != p->dev || s.st_ino != p->ino) {
        close_idle(p);
        p->dev = s.st_dev;
        p->ino = s.st_ino;
        p->file++;
    }
    return p->file;
}

bool web_pool_open(struct web_pool *p, struct db **out, struct err *err)
{
    if (db_open(p->db_path, DB_READ, out, err))
        return true;
    if (err)
        err->code = ERR_DB;
    return false;
}

/* Readings are committed all the time and change no figure until they are
 * folded, so a state is one of the audit trail and of the ledger's mark. What
 * else may have changed is believed after a while at the latest. */
static bool look(struct web_pool *p, int64_t commits, struct err *err)
{
    struct web_seen *seen = &p->seen;
    struct en_ledger_marks marks;
    double now_s = web_now_s();
    int64_t audit;

    if (!acc_last(p->watch, &audit, err) ||
        !en_ledger_marks(p->watch, &marks, err))
        return false;
    seen->commits = commits;
    seen->waits = audit == seen->audit && marks.folded_ns == seen->folded_ns &&
                  now_s - seen->at_s < latest_s;
    if (seen->waits)
        return true;
    seen->audit = audit;
    seen->folded_ns = marks.folded_ns;
    seen->at_s = now_s;
    seen->version++;
    return true;
}

bool web_pool_state(struct web_pool *p, struct web_state *out, struct err *err)
{
    bool fresh = !p->watch;
    int64_t commits;

    out->file = web_pool_file(p);
    fresh |= !p->watch;
    if (!p->watch && !web_pool_open(p, &p->watch, err))
        return false;
    if (!db_data_version(p->watch, &commits, err))
        return false;
    if ((fresh || commits != p->seen.commits || p->seen.waits) &&
        !look(p, commits, err))
        return false;
    out->version = p->seen.version;
    return true;
}

bool web_db_take(struct web_pool *p, struct web_db *out, struct err *err)
{
    struct web_db taken = {0};

    pthread_mutex_lock(&p->lock);
    taken.file = web_pool_file(p);
    if (p->n_idle)
        taken.db = p->idle[--p->n_idle];
    pthread_mutex_unlock(&p->lock);
    if (!taken.db && !web_pool_open(p, &taken.db, err))
        return false;
    if (!db_begin_read(taken.db, err)) {
        db_close(taken.db);
        return false;
    }
    *out = taken;
    return true;
}

void web_db_give(struct web_pool *p, struct web_db *given)
{
    struct db *db = given->db;

    if (!db)
        return;
    db_end_read(db);
    pthread_mutex_lock(&p->lock);
    if (p->n_idle < WEB_IDLE_MAX && given->file == p->file) {
        p->idle[p->n_idle++] = db;
        db = NULL;
    }
    pthread_mutex_unlock(&p->lock);
    db_close(db);
    *given = (struct web_db){0};
}

/* ---- counts ---------------------------------------------------------------
 */

static bool counts_for(
        const struct web_count *c, const char *filter,
        const struct web_state *state)
{
    return c->filter && c->state.file == state->file &&
           c->state.version == state->version && !strcmp(c->filter, filter);
}

bool web_count_find(
        struct web_pool *p, const char *filter, struct web_state *state,
        uint64_t *total, bool *found, struct err *err)
{
    bool ok;

    *found = false;
    pthread_mutex_lock(&p->lock);
    ok = web_pool_state(p, state, err);
    for (int i = 0; ok && i < WEB_COUNTS_MAX; i++) {
        struct web_count *c = &p->counts[i];

        if (!counts_for(c, filter, state))
            continue;
        c->used_at = ++p->clock;
        *total = c->total;
        *found = true;
        break;
    }
    pthread_mutex_unlock(&p->lock);
    return ok;
}

void web_count_keep(
        struct web_pool *p, const char *filter, const struct web_state *state,
        uint64_t total)
{
    struct web_count *at = &p->counts[0];

    pthread_mutex_lock(&p->lock);
    for (int i = 1; i < WEB_COUNTS_MAX; i++)
        if (p->counts[i].used_at < at->used_at)
            at = &p->counts[i];
    free(at->filter);
    *at = (struct web_count){
            .filter = xstrdup(filter),
            .state = *state,
            .total = total,
            .used_at = ++p->clock};
    pthread_mutex_unlock(&p->lock);
}
