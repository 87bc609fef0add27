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
