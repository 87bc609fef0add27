/* SPDX-License-Identifier: Apache-2.0
 * Parts of a record against those that stand, kind by kind: stated parts
 * replace, a stated "none" removes, silence keeps, details complete. */
#include "inventory/change_priv.h"

#include <string.h>

static void keep_kind(
        struct inv_part_rows *to, const struct inv_part_rows *from,
        enum calc_kind kind)
{
    for (size_t i = 0; i < from->n && to->n < WIRE_MAX_PARTS; i++)
        if (from->items[i].kind == kind)
            to->items[to->n++] = from->items[i];
}

static bool has_kind(const struct inv_part_rows *p, enum calc_kind kind)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->items[i].kind == kind)
            return true;
    return false;
}

struct side {
    struct wire_part parts[WIRE_MAX_PARTS];
    size_t n;
};

static void
of_kind(const struct wire_part *parts, size_t n, enum calc_kind kind,
        struct side *out)
{
    out->n = 0;
    for (size_t i = 0; i < n; i++)
        if (parts[i].kind == kind && out->n < WIRE_MAX_PARTS) {
            out->parts[out->n] = parts[i];
            out->parts[out->n].serial = inv_identity(parts[i].serial);
            out->n++;
        }
}

/* Kinds that are described differently: three sides, in the arena. */
struct kind_merge {
    struct side stored, said, joined;
    struct side all; /* every stored part, in full */
    bool loaded;
};

static bool load_stored(struct change *c, struct kind_merge *k, struct err *err)
{
    if (k->loaded)
        return true;
    k->loaded = true;
    return inv_parts_detail(
            c->t->db, c->id, &c->t->arena, k->all.parts, &k->all.n, err);
}

/* What is said of a kind as text, and as JSON so that it can be accepted. */
static void say(struct change *c, enum calc_kind kind, struct kind_merge *k)
{
    enum inv_field f = (enum inv_field)(INV_F_PARTS + (int)kind);
    struct arena *a = &c->t->arena;

    if (k)
        c->said[f].stored = inv_parts_text(a, kind, k->all.parts, k->all.n);
    c->said[f].said = inv_parts_text(a, kind, c->m->parts, c->m->n_parts);
    c->said[f].parts = inv_parts_json(a, kind, c->m->parts, c->m->n_parts);
}

static void agree(struct change *c, enum calc_kind kind)
{
    enum inv_field f = (enum inv_field)(INV_F_PARTS + (int)kind);

    c->said[f].verdict = CHANGE_AGREED;
    if (c->t->owner == INV_HUMAN && !c->merging)
        inv_owners_set(&c->owners, f, c->t->owner, c->t->format);
    if (c->t->any_differences) {
        c->any_said = true;
        say(c, kind, NULL);
    }
}

/* The kind is described in two ways; *after is what stands from now on. */
static bool merge_kind(
        struct change *c, enum calc_kind kind, struct kind_merge *k,
        struct inv_part_rows *after, bool *added_only, struct err *err)
{
    enum inv_field f = (enum inv_field)(INV_F_PARTS + (int)kind);
    bool stored_known = !(c->old.unknown_kinds & 1u << kind);
    bool said_known = !(c->m->unknown_kinds & 1u << kind);
    enum inv_relation r;

    if (!load_stored(c, k, err))
        return false;
    of_kind(k->all.parts, k->all.n, kind, &k->stored);
    of_kind(c->m->parts, c->m->n_parts, kind, &k->said);
    r = inv_parts_relate(
            k->stored.parts, k->stored.n, k->said.parts, k->said.n,
            change_free(c), k->joined.parts, &k->joined.n);
    /* "At least these", from behind a controller, is no news to who knows. */
    if (!said_known && stored_known && !change_free(c))
        r = INV_RELATE_SAME;
    if (r == INV_RELATE_DIFFERS) {
        if (!change_settle_text(
                    c, f, stored_known || k->stored.n > 0 ? "stored" : NULL,
                    "said", false)) {
            after->n = 0;
            keep_kind(after, &c->old_parts, kind);
        }
        if (c->any_said)
            say(c, kind, k);
        return true;
    }
    after->n = 0;
    if (r == INV_RELATE_SAME)
        keep_kind(after, &c->old_parts, kind);
    else if (!inv_parts_of_list(c->t, k->joined.parts, k->joined.n, after, err))
        return false;
    *added_only = true;
    agree(c, kind);
    return true;
}

/* Kinds whose absence from a whole list means that there are none. Boards,
 * cards of the network and the like are listed by some tools only. */
static bool countable(enum calc_kind kind)
{
    switch (kind) {
    case CALC_CPU:
    case CALC_GPU:
    case CALC_RAM:
    case CALC_HDD:
    case CALC_SSD:
    case CALC_TAPE:
    case CALC_PSU:
    case CALC_SCREEN:
        return true;
    default:
        return false;
    }
}

bool change_parts(struct change *c, struct err *err)
{
    struct inv_part_rows stated, before, after; /* 16 KiB each: not zeroed */
    struct kind_merge *k = NULL;
    uint32_t unknown = 0;

    if (!inv_parts_of_list(c->t, c->m->parts, c->m->n_parts, &stated, err))
        return false;
    c->now_parts.n = 0;
    c->completed_only = true;
    for (int i = 0; i < CALC_KINDS; i++) {
        enum calc_kind kind = (enum calc_kind)i;
        uint32_t bit = 1u << i;
        bool says =
                has_kind(&stated, kind) || (countable(kind) && !c->m->partial &&
                                            !(c->m->unknown_kinds & bit));
        bool completed = (c->old.unknown_kinds & bit) != 0;
        uint32_t was = c->old.unknown_kinds & bit;

        before.n = after.n = 0;
        keep_kind(&before, &c->old_parts, kind);
        keep_kind(&after, says ? &stated : &c->old_parts, kind);
        if (says && inv_parts_same(&before, &after)) {
            agree(c, kind);
        } else if (says) {
            if (!k)
                k = arena_alloc(&c->t->arena, sizeof *k);
            if (!merge_kind(c, kind, k, &after, &completed, err))
                return false;
            if (c->said[INV_F_PARTS + i].verdict == CHANGE_OFFERED)
                says = false;
        }
        keep_kind(&c->now_parts, &after, kind);
        /* Unknown stays known to one who knew. */
        unknown |=
                says ? (change_free(c) || was ? c->m->unknown_kinds & bit : 0)
                     : was;
        if (!inv_parts_same(&before, &after)) {
            if (c->said[INV_F_PARTS + i].verdict != CHANGE_TAKEN)
                change_note(c, calc_kind_word(kind));
            c->completed_only = c->completed_only && completed;
        }
    }
    if (unknown != c->old.unknown_kinds &&
        inv_parts_same(&c->old_parts, &c->now_parts))
        change_note(c, "known parts");
    c->now.unknown_kinds = unknown;
    return true;
}
