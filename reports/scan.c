/* SPDX-License-Identifier: Apache-2.0
 * One pass over all lines in constant memory. */
#include <stdlib.h>
#include <string.h>

#include "reports/reports_priv.h"

enum {
    SLOTS = 256, /* assessments kept; a power of two; 8 KiB each, so that they
                    stay in the cache of a core */
    TICK_LINES = 4096,
};

/* A line goes to the slot of its key's hash; another key there is spent and
 * replaced, so a clash costs an assessment and never an answer, and names
 * chosen to clash cost no more. */
static size_t slot_of(const struct rep_key *key)
{
    const unsigned char *p = (const unsigned char *)key;
    size_t n = REP_KEY_SIZE(key);
    uint64_t h = 0x9e3779b97f4a7c15u, word;

    for (size_t i = 0; i < n; i += sizeof word) {
        memcpy(&word, p + i, sizeof word);
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return (size_t)(h & (SLOTS - 1));
}

static bool same_key(const struct rep_key *a, const struct rep_key *b)
{
    return a->n_uses == b->n_uses && !memcmp(a, b, REP_KEY_SIZE(a));
}

struct slots {
    struct rep_made *made;
    struct rep_made odd; /* of a line with too many part rows for a key */
};

static void spend(const struct rep_scan *scan, struct rep_made *m)
{
    if (scan->sums && m->used)
        rep_sums_spend(scan->sums, m);
}

static struct rep_made *
made_of(const struct rep_scan *scan, struct slots *s, const struct inv_unit *u)
{
    struct rep_made *m;
    struct rep_key key;

    rep_key_of(u, &key);
    if (u->n_uses > REP_MAX_KEY_USES) { /* the key does not tell them apart */
        spend(scan, &s->odd);
        rep_made_fill(scan->frame, u, &key, &s->odd);
        return &s->odd;
    }
    m = &s->made[slot_of(&key)];
    if (m->used && same_key(&m->key, &key))
        return m;
    spend(scan, m);
    rep_made_fill(scan->frame, u, &key, m);
    return m;
}

static void tick(const struct rep_options *o, uint64_t lines)
{
    if (o->progress && o->tick && lines % TICK_LINES == 0)
        o->tick(o->tick_ctx, lines);
}

static bool meters_failed(const struct rep_scan *scan, struct err *err)
{
    const struct err *why =
            scan->frame->meters ? rep_meters_failed(scan->frame->meters) : NULL;

    if (why)
        *err = *why;
    return why != NULL;
}

bool rep_scan_run(const struct rep_scan *scan, struct err *err)
{
    const struct inv_scan_options options = {
            .one_id = scan->one_id,
            .from_id = scan->from_id,
            .to_id = scan->to_id,
            .with_text = scan->with_text};
    struct slots slots = {0};
    struct inv_scan *in = NULL;
    const struct inv_unit *u;
    uint64_t lines = 0;
    bool ok = false;

    if (scan->frame->meters && !rep_meters_prepare(scan->frame, err))
        return false;
    if (!inv_scan_open(
                scan->frame->db, &scan->frame->catalog, &options, &in, err))
        return false;
    slots.made = xcalloc(SLOTS, sizeof *slots.made);
    for (;;) {
        struct rep_line line;

        if (!inv_scan_next(in, &u, err))
            goto done;
        if (!u)
            break;
        rep_line_make(scan->frame, u, made_of(scan, &slots, u), &line);
        if (!scan->line(scan->ctx, &line, err) || meters_failed(scan, err))
            goto done;
        if (!scan->silent)
            tick(scan->frame->options, ++lines);
    }
    for (size_t i = 0; i < SLOTS; i++)
        spend(scan, &slots.made[i]);
    spend(scan, &slots.odd);
    ok = true;
done:
    inv_scan_close(in);
    free(slots.made);
    return ok;
}
