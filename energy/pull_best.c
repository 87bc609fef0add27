/* SPDX-License-Identifier: Apache-2.0
 * Which of several series stand for the meters of one source, so that none
 * counts twice and none is lost [docs/formats.md]. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "energy/pull_priv.h"

enum { NO_RANK = 100 };

/* Rules of one scope that tell meters apart by the same labels. */
struct way {
    const struct imp_rule *rule; /* the first of them */
    int rank;                    /* the lowest */
};

struct thing { /* what one meter measures */
    UT_hash_handle hh;
    int rank; /* the lowest of its series */
    char key[];
};

struct best {
    struct ep_candidate *items;
    size_t n;
    struct way *ways;
    size_t n_ways;
    size_t *way; /* of each item */
    struct thing *things;
};

static size_t way_of(struct best *b, const struct imp_rule *r)
{
    size_t i = 0;

    while (i < b->n_ways && (b->ways[i].rule->scope != r->scope ||
                             !imp_metric_same_by(b->ways[i].rule, r)))
        i++;
    if (i == b->n_ways) {
        b->ways = xreallocarray(b->ways, b->n_ways + 1, sizeof *b->ways);
        b->ways[b->n_ways++] = (struct way){r, NO_RANK};
    }
    if (r->rank < b->ways[i].rank)
        b->ways[i].rank = r->rank;
    return i;
}

static struct thing *thing_of(struct best *b, size_t i)
{
    char key[WIRE_MAX_METER_ID + 32];
    size_t len = (size_t)snprintf(
            key, sizeof key, "%zu %s", b->way[i], b->items[i].by);
    struct thing *t;

    HASH_FIND(hh, b->things, key, len, t);
    if (t)
        return t;
    t = xcalloc(1, sizeof *t + len + 1);
    memcpy(t->key, key, len + 1);
    t->rank = NO_RANK;
    HASH_ADD(hh, b->things, key, len, t);
    return t;
}

/* Rules with other labels speak of the same things in words that cannot be
 * compared: of a scope those with the lowest rank speak alone. */
static bool speaks(const struct best *b, size_t way)
{
    const struct way *w = &b->ways[way];

    for (size_t i = 0; i < b->n_ways; i++)
        if (b->ways[i].rule->scope == w->rule->scope &&
            b->ways[i].rank < w->rank)
            return false;
    return true;
}

void ep_best(struct ep_candidate *items, size_t n)
{
    struct best b = {.items = items, .n = n};
    struct thing *t, *next;

    b.way = xcalloc(n + 1, sizeof *b.way);
    for (size_t i = 0; i < n; i++) {
        b.way[i] = way_of(&b, items[i].rule);
        t = thing_of(&b, i);
        if (items[i].rule->rank < t->rank)
            t->rank = items[i].rule->rank;
    }
    for (size_t i = 0; i < n; i++)
        items[i].out = !speaks(&b, b.way[i]) ||
                       items[i].rule->rank > thing_of(&b, i)->rank;
    HASH_ITER(hh, b.things, t, next)
    {
        HASH_DEL(b.things, t);
        free(t);
    }
    free(b.ways);
    free(b.way);
}

/* ---- meters that the source has ---------------------------------------------
 */

/* Meters side by side are added, and counted. Of the whole one is chosen. */
static bool side_by_side(enum wire_scope scope)
{
    return scope == WIRE_GPU || scope == WIRE_PACKAGE || scope == WIRE_DRAM ||
           scope == WIRE_OUTLET;
}

static bool
known(struct db *db, int64_t source, const struct imp_rule *r, const char *by,
      bool *out, struct err *err)
{
    char key[WIRE_MAX_METER_ID + 1];
    struct stmt *q;
    bool ok;

    *out = false;
    if (snprintf(key, sizeof key, "%s%s", r->metric, by) >= (int)sizeof key)
        return true; /* its id is a hash */
    q = ep_stmt(db, EP_METER_HELD, err);
    if (!q)
        return false;
    stmt_int(q, ":source", source);
    stmt_text(q, ":key", key);
    ok = stmt_step(q, out, err);
    stmt_reset(q);
    return ok;
}

bool ep_best_held(
        struct db *db, const struct imp_metric_map *map, int64_t source,
        struct ep_candidate *items, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct ep_candidate *c = &items[i];
        const struct imp_rule *r;
        bool own;

        for (size_t k = 0; !c->out && c->rule && side_by_side(c->rule->scope) &&
                           (r = imp_metric_map_at(map, k, &own)) != NULL;
             k++)
            if (r->kind != WIRE_METER_KINDS && r->scope == c->rule->scope &&
                r->rank < c->rule->rank && imp_metric_same_by(r, c->rule) &&
                !known(db, source, r, c->by, &c->out, err))
                return false;
    }
    return true;
}
