/* SPDX-License-Identifier: Apache-2.0
 * The factor pack that requests share, read again when the user's sets have
 * changed, so that pages show what the command line does. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "web/pool_priv.h"

void web_pack_leave(struct web_pack *w)
{
    if (!w || --w->users)
        return;
    fac_pack_free(w->pack);
    free(w);
}

static struct web_pack *pack_new(struct fac_pack *pack)
{
    struct web_pack *w = xcalloc(1, sizeof *w);

    w->pack = pack;
    w->users = 1; /* the pool itself */
    return w;
}

bool web_packs_open(struct web_pool *p, struct err *err)
{
    struct web_packs *k = &p->packs;
    struct fac_pack *pack = NULL;
    bool ok;

    pthread_mutex_lock(&p->lock);
    ok = web_pool_state(p, &k->seen, err) &&
         fac_user_stamp(p->watch, &k->stamp, err) &&
         p->load(p->load_ctx, p->watch, &pack, err);
    if (ok)
        k->current = pack_new(pack);
    pthread_mutex_unlock(&p->lock);
    return ok;
}

void web_packs_close(struct web_pool *p)
{
    web_pack_leave(p->packs.current);
    free(p->packs.stamp);
    p->packs = (struct web_packs){0};
}

/* Under the lock. Reads the pack again where the user's sets are no longer
 * those of the current one; asked only when something was committed elsewhere.
 * What was seen is noted once it is in, so that a failed look is tried again.
 */
static bool renew(struct web_pool *p, struct web_packs *k, struct err *err)
{
    struct fac_pack *pack = NULL;
    struct web_state state;
    char *stamp = NULL;

    if (!web_pool_state(p, &state, err))
        return false;
    if (state.file == k->seen.file && state.version == k->seen.version)
        return true;
    if (!fac_user_stamp(p->watch, &stamp, err))
        return false;
    if (strcmp(stamp, k->stamp) != 0) {
        if (!p->load(p->load_ctx, p->watch, &pack, err)) {
            free(stamp);
            return false;
        }
        web_pack_leave(k->current);
        k->current = pack_new(pack);
    }
    k->seen = state;
    free(k->stamp);
    k->stamp = stamp;
    return true;
}

struct web_pack *web_pack_take(struct web_pool *p)
{
    struct web_packs *k = &p->packs;
    struct web_pack *w;
    struct err err = {0};
    bool ok;

    pthread_mutex_lock(&p->lock);
    ok = renew(p, k, &err);
    w = k->current;
    w->users++;
    pthread_mutex_unlock(&p->lock);
    /* A database that cannot be read now is told of by the page itself. */
    if (!ok)
        log_line(LOG_WARN, "factors", "kept: %s", err.msg);
    return w;
}

void web_pack_give(struct web_pool *p, struct web_pack *w)
{
    pthread_mutex_lock(&p->lock);
    web_pack_leave(w);
    pthread_mutex_unlock(&p->lock);
}

struct fac_pack *web_pack_of(const struct web_request *r)
{
    return r->factors->pack;
}
