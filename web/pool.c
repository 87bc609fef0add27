/* SPDX-License-Identifier: Apache-2.0
 * Connections for the threads that answer, kept open between requests. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "web/pool_priv.h"

struct web_pool *web_pool_new(const char *db_path, struct fac_pack *pack)
{
    struct web_pool *p = xcalloc(1, sizeof *p);

    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->made, NULL);
    p->db_path = xstrdup(db_path);
    p->pack = pack;
    return p;
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
