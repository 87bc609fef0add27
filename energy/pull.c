/* SPDX-License-Identifier: Apache-2.0
 * One run of `energy pull`: each target in turn, none in the way of another. */
#include "energy/pull.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/mem.h"
#include "energy/pull_priv.h"

/* Targets are copied first: a pull writes to their table. */
struct list {
    struct arena arena;
    struct en_target *items;
    size_t n, cap;
};

static bool keep(void *ctx, const struct en_target *t, struct err *err)
{
    struct list *l = ctx;
    struct arena *a = &l->arena;
    struct en_target *to;

    (void)err;
    if (l->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 16;
        l->items = xreallocarray(l->items, l->cap, sizeof *l->items);
    }
    to = &l->items[l->n++];
    *to = *t;
    to->name = arena_str(a, t->name);
    to->url = arena_str(a, t->url);
    to->machine = arena_str(a, t->machine);
    to->label = arena_str(a, t->label);
    to->matchers = arena_str(a, t->matchers);
    to->auth = arena_str(a, t->auth);
    to->key_file = arena_str(a, t->key_file);
    to->ca_file = arena_str(a, t->ca_file);
    to->since = arena_str(a, t->since);
    to->tenant = arena_str(a, t->tenant);
    to->error = NULL;
    return true;
}

static bool
note(struct ep_run *r, const struct en_target *t, const char *error,
     struct err *err)
{
    struct stmt *q = ep_stmt(r->db, EP_TARGET_DONE, err);

    if (!q)
        return false;
    stmt_int(q, ":id", t->id);
    stmt_int(q, ":at", r->ask->now_s);
    stmt_text(q, ":error", error);
    return stmt_run(q, err);
}

void ep_progress(
        const struct ep_run *r, const char *target, int month, size_t machines,
        size_t all)
{
    const struct en_pull_at at = {
            .target = target,
            .nth = r->out->targets + 1,
            .of = r->of,
            .month = month,
            .machines = machines,
            .all = all,
            .points = r->out->points};

    if (r->ask->progress)
        r->ask->progress(r->ask->ctx, &at);
}

/* A target that fails is said and noted; a database that fails ends it all. */
static bool one(struct ep_run *r, const struct en_target *t, struct err *err)
{
    struct err why = {0};
    char text[1100];
    bool ok;

    ep_progress(r, t->name, 0, 0, 0);
    ok = t->kind == EN_PULL_ENGINE ? ep_pull_engine(r, t, &why)
                                   : ep_pull_scrape(r, t, &why);
    r->out->targets++;
    if (ok)
        return note(r, t, NULL, err);
    if (why.code == ERR_DB) {
        *err = why;
        err_in(err, "%s", t->name);
        return false;
    }
    r->out->failed++;
    err_text(&why, text, sizeof text);
    ep_say(r, t->name, "%s", text);
    return note(r, t, text, err);
}

/* One entry a pull that took something: what it asked and what came of it. */
static bool audit(const struct ep_run *r, struct err *err)
{
    const struct en_pulled *p = r->out;
    char detail[400];

    if (p->accepted + p->refused + p->months == 0)
        return true;
    snprintf(
            detail, sizeof detail,
            "%.120s: %llu targets, %llu failed; %llu readings taken, %llu "
            "refused; %llu of engines into %llu months",
            r->ask->target ? r->ask->target : "all",
            (unsigned long long)p->targets, (unsigned long long)p->failed,
            (unsigned long long)p->accepted, (unsigned long long)p->refused,
            (unsigned long long)p->points, (unsigned long long)p->months);
    return acc_audit(r->db, r->ask->actor, "energy.pull", detail, err);
}

bool en_pull(
        struct db *db, const struct en_pull_ask *ask, struct en_pulled *out,
        struct err *err)
{
    struct list l = {0};
    struct ep_run r = {.db = db, .ask = ask, .out = out};
    bool ok;

    memset(out, 0, sizeof *out);
    ok = en_targets(db, ask->target, keep, &l, err) &&
         en_metric_map(db, &r.map, err) && en_feed_open(db, &r.feed, err);
    r.of = l.n;
    for (size_t i = 0; ok && i < l.n && !ep_stopped(&r); i++)
        ok = one(&r, &l.items[i], err);
    ok = ok && audit(&r, err);
    en_feed_close(r.feed);
    imp_metric_map_free(r.map);
    http_close(&r.http);
    arena_clear(&l.arena);
    free(l.items);
    return ok;
}
