/* SPDX-License-Identifier: Apache-2.0
 * Finished documents that requests share: a year is computed once for each
 * state of the database, by the first who asks; others wait for it. */
#include <stdlib.h>

#include "base/mem.h"
#include "web/pool_priv.h"

/* What a document depends on. */
struct key {
    int year;
    struct web_state state;
    struct date today;
};

struct web_year_entry {
    struct key key;
    struct web_pack *pack; /* that the document borrows from */
    enum { MAKING, MADE, FAILED } state;
    struct rep_year *made;
    struct err err; /* of a failure */
    int users;
    bool dropped; /* no longer in the table: its last user frees it */
    uint64_t used_at;
};

static bool same(const struct key *a, const struct key *b)
{
    return a->year == b->year && a->state.file == b->state.file &&
           a->state.version == b->state.version &&
           a->today.year == b->today.year && a->today.month == b->today.month &&
           a->today.day == b->today.day;
}

/* Under the lock. */
static void entry_free(struct web_year_entry *e)
{
    rep_year_free(e->made);
    web_pack_leave(e->pack);
    free(e);
}

void web_years_free(struct web_pool *p)
{
    for (int i = 0; i < WEB_YEARS_MAX; i++)
        if (p->years[i])
            entry_free(p->years[i]);
}

/* The functions below run under the lock. */

static void drop(struct web_pool *p, int at)
{
    struct web_year_entry *e = p->years[at];

    p->years[at] = NULL;
    e->dropped = true;
    if (!e->users)
        entry_free(e);
}

/* The entry of a key. One of the same year but another state is dropped. */
static struct web_year_entry *find(struct web_pool *p, const struct key *k)
{
    for (int i = 0; i < WEB_YEARS_MAX; i++) {
        struct web_year_entry *e = p->years[i];

        if (!e || e->key.year != k->year)
            continue;
        if (same(&e->key, k))
            return e;
        drop(p, i);
    }
    return NULL;
}

/* Into a free place, or that of the longest unused. */
static void keep(struct web_pool *p, struct web_year_entry *e)
{
    int at = 0;

    for (int i = 0; i < WEB_YEARS_MAX; i++) {
        if (!p->years[i]) {
            at = i;
            break;
        }
        if (p->years[i]->used_at < p->years[at]->used_at)
            at = i;
    }
    if (p->years[at])
        drop(p, at);
    p->years[at] = e;
}

static void leave(struct web_year_entry *e)
{
    e->users--;
    if (e->dropped && !e->users)
        entry_free(e);
}

/* Lets go of the lock while it computes. */
static void make(struct web_pool *p, struct web_year_entry *e)
{
    const struct rep_options o = {
            .year = e->key.year,
            .rule = CALC_RESIDUAL_SL,
            .today = e->key.today};
    struct web_db db = {0};
    bool ok;

    while (p->making >= WEB_MAKING_MAX)
        pthread_cond_wait(&p->made, &p->lock);
    p->making++;
    pthread_mutex_unlock(&p->lock);
    e->pack = web_pack_take(p);
    ok = web_db_take(p, &db, &e->err) &&
         rep_year_make(db.db, e->pack->pack, &o, &e->made, &e->err);
    web_db_give(p, &db);
    pthread_mutex_lock(&p->lock);
    p->making--;
    e->state = ok ? MADE : FAILED;
    pthread_cond_broadcast(&p->made);
}

/* A failure is told to those who waited, and forgotten. */
static void forget(struct web_pool *p, struct web_year_entry *e)
{
    for (int i = 0; i < WEB_YEARS_MAX; i++)
        if (p->years[i] == e)
            drop(p, i);
}

bool web_year_take(
        struct web_pool *p, int year, struct web_year *out, struct err *err)
{
    struct web_year_entry *e;
    struct key k = {.year = year};
    bool ok = false;

    if (!date_today(&k.today, err))
        return false;
    pthread_mutex_lock(&p->lock);
    if (!web_pool_state(p, &k.state, err))
        goto done;
    e = find(p, &k);
    if (!e) {
        e = xcalloc(1, sizeof *e);
        e->key = k;
        e->users = 1;
        e->used_at = ++p->clock;
        keep(p, e);
        make(p, e);
    } else {
        e->users++;
        while (e->state == MAKING)
            pthread_cond_wait(&p->made, &p->lock);
    }
    e->used_at = ++p->clock;
    if (e->state == FAILED) {
        *err = e->err;
        forget(p, e);
        leave(e);
        goto done;
    }
    *out = (struct web_year){
            .year = e->made,
            .options =
                    {.year = year, .rule = CALC_RESIDUAL_SL, .today = k.today},
            .entry = e};
    ok = true;
done:
    pthread_mutex_unlock(&p->lock);
    return ok;
}

void web_year_give(struct web_pool *p, struct web_year *y)
{
    if (!y->entry)
        return;
    pthread_mutex_lock(&p->lock);
    leave(y->entry);
    pthread_mutex_unlock(&p->lock);
    *y = (struct web_year){0};
}
