/* SPDX-License-Identifier: Apache-2.0
 * Connections for the threads that answer, and the documents they share: a
 * year is computed once for each state of the database. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "web/web_priv.h"

enum {
    IDLE_MAX = 8,  /* connections kept open */
    YEARS_MAX = 6, /* finished documents kept */
};

struct web_year_entry {
    int year;
    int64_t version; /* of the database */
    struct date today;
    struct rep_year *made;
    int users;
    bool stale; /* to be freed by its last user */
    uint64_t used_at;
};

struct web_pool {
    pthread_mutex_t lock;    /* idle connections and entries */
    pthread_mutex_t compute; /* one document at a time */
    char *db_path;
    struct fac_pack *pack;
    struct db *idle[IDLE_MAX];
    int n_idle;
    struct db *watch; /* its data_version tells of commits elsewhere */
    struct web_year_entry *years[YEARS_MAX];
    uint64_t clock;
};

struct web_pool *web_pool_new(const char *db_path, struct fac_pack *pack)
{
    struct web_pool *p = xcalloc(1, sizeof *p);

    pthread_mutex_init(&p->lock, NULL);
    pthread_mutex_init(&p->compute, NULL);
    p->db_path = xstrdup(db_path);
    p->pack = pack;
    return p;
}

static void entry_free(struct web_year_entry *e)
{
    if (e)
        rep_year_free(e->made);
    free(e);
}

void web_pool_free(struct web_pool *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->n_idle; i++)
        db_close(p->idle[i]);
    db_close(p->watch);
    for (int i = 0; i < YEARS_MAX; i++)
        entry_free(p->years[i]);
    pthread_mutex_destroy(&p->lock);
    pthread_mutex_destroy(&p->compute);
    free(p->db_path);
    free(p);
}

bool web_db_take(struct web_pool *p, struct db **out, struct err *err)
{
    struct db *db = NULL;

    pthread_mutex_lock(&p->lock);
    if (p->n_idle)
        db = p->idle[--p->n_idle];
    pthread_mutex_unlock(&p->lock);
    if (!db && !db_open(p->db_path, DB_READ, &db, err))
        return false;
    if (!db_begin_read(db, err)) {
        db_close(db);
        return false;
    }
    *out = db;
    return true;
}

void web_db_give(struct web_pool *p, struct db *db)
{
    if (!db)
        return;
    db_end_read(db);
    pthread_mutex_lock(&p->lock);
    if (p->n_idle < IDLE_MAX) {
        p->idle[p->n_idle++] = db;
        db = NULL;
    }
    pthread_mutex_unlock(&p->lock);
    db_close(db);
}

/* Under `compute`: the version of the data as the watching connection sees
 * it, which is never inside a transaction. */
static bool data_version(struct web_pool *p, int64_t *out, struct err *err)
{
    if (!p->watch && !db_open(p->db_path, DB_READ, &p->watch, err))
        return false;
    return db_data_version(p->watch, out, err);
}

static bool same_day(struct date a, struct date b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Under `lock`. An entry that no longer matches is dropped on the way. */
static struct web_year_entry *
find_entry(struct web_pool *p, int year, int64_t version, struct date today)
{
    for (int i = 0; i < YEARS_MAX; i++) {
        struct web_year_entry *e = p->years[i];

        if (!e || e->year != year)
            continue;
        if (e->version == version && same_day(e->today, today))
            return e;
        e->stale = true;
        p->years[i] = NULL;
        if (!e->users)
            entry_free(e);
    }
    return NULL;
}

/* Under `lock`: into a free place, or that of the longest unused. */
static void keep_entry(struct web_pool *p, struct web_year_entry *e)
{
    int at = 0;

    for (int i = 0; i < YEARS_MAX; i++) {
        if (!p->years[i]) {
            at = i;
            break;
        }
        if (p->years[i]->used_at < p->years[at]->used_at)
            at = i;
    }
    if (p->years[at]) {
        p->years[at]->stale = true;
        if (!p->years[at]->users)
            entry_free(p->years[at]);
    }
    p->years[at] = e;
}

static bool make_entry(
        struct web_pool *p, const struct rep_options *o, int64_t version,
        struct web_year_entry **out, struct err *err)
{
    struct rep_year *made = NULL;
    struct db *db = NULL;
    bool ok;

    if (!web_db_take(p, &db, err))
        return false;
    ok = rep_year_make(db, p->pack, o, &made, err);
    web_db_give(p, db);
    if (!ok)
        return false;
    *out = xcalloc(1, sizeof **out);
    **out = (struct web_year_entry){
            .year = o->year,
            .version = version,
            .today = o->today,
            .made = made};
    return true;
}

bool web_year_take(
        struct web_pool *p, int year, struct web_year *out, struct err *err)
{
    struct rep_options o = {.year = year, .rule = CALC_RESIDUAL_SL};
    struct web_year_entry *e = NULL;
    int64_t version;
    bool ok = false;

    if (!date_today(&o.today, err))
        return false;
    pthread_mutex_lock(&p->compute);
    if (!data_version(p, &version, err))
        goto done;
    pthread_mutex_lock(&p->lock);
    e = find_entry(p, year, version, o.today);
    pthread_mutex_unlock(&p->lock);
    if (!e) {
        if (!make_entry(p, &o, version, &e, err))
            goto done;
        pthread_mutex_lock(&p->lock);
        keep_entry(p, e);
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_lock(&p->lock);
    e->users++;
    e->used_at = ++p->clock;
    pthread_mutex_unlock(&p->lock);
    *out = (struct web_year){.year = e->made, .options = o, .entry = e};
    ok = true;
done:
    pthread_mutex_unlock(&p->compute);
    return ok;
}

void web_year_give(struct web_pool *p, struct web_year *y)
{
    struct web_year_entry *e = y->entry;

    if (!e)
        return;
    pthread_mutex_lock(&p->lock);
    e->users--;
    if (!(e->stale && !e->users))
        e = NULL;
    pthread_mutex_unlock(&p->lock);
    entry_free(e);
    *y = (struct web_year){0};
}
