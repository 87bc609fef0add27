/* SPDX-License-Identifier: Apache-2.0
 * Parts of a record against those that stand, kind by kind: stated parts
 * replace, a stated "none" removes, silence keeps, details complete. */
#include "inventory/change_priv.h"

#include <string.h>

#include "base/text.h"

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

static bool is_disk(enum calc_kind kind)
{
    return kind == CALC_HDD || kind == CALC_SSD;
}

uint32_t inv_open_kinds(const struct wire_machine *m)
{
    return m->unknown_kinds | m->open_kinds |
           (m->partial ? 1u << CALC_HDD | 1u << CALC_SSD : 0);
}

/* A person's list is involved: it stands, or a difference tells of the other
 * one. */
static bool relate_kind(
        struct change *c, enum calc_kind kind, struct kind_merge *k,
        struct inv_part_rows *after, bool *added_only, struct err *err)
{
    enum inv_field f = (enum inv_field)(INV_F_PARTS + (int)kind);
    bool stored_known = !(c->old.unknown_kinds & 1u << kind);
    bool said_known = !(inv_open_kinds(c->m) & 1u << kind);
    enum inv_relation r;

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

/* Two machine sources: the stronger or fuller list stands, with what both
 * know. */
static bool join_kind(
        struct change *c, enum calc_kind kind, struct kind_merge *k,
        struct inv_part_rows *after, bool *added_only, struct err *err)
{
    enum inv_field f = (enum inv_field)(INV_F_PARTS + (int)kind);
    const char *source = inv_owner_source(&c->owners, f);
    const char *from = change_source(c, f);
    uint32_t bit = 1u << kind;
    const struct inv_parts_side stored = {
            .parts = k->stored.parts,
            .n = k->stored.n,
            .known = !(c->old.unknown_kinds & bit),
            .some = (c->old.unknown_kinds & bit) != 0,
            .strength = inv_parts_strength(kind, source)};
    const struct inv_parts_side said = {
            .parts = k->said.parts,
            .n = k->said.n,
            .known = !(inv_open_kinds(c->m) & bit),
            .some = (inv_open_kinds(c->m) & bit) != 0,
            .partial = c->m->partial,
            .same_source = strcmp(source, from) == 0,
            .strength = inv_parts_strength(kind, from)};

    if (inv_parts_join(
                &c->t->arena, kind, &stored, &said, k->joined.parts,
                &k->joined.n)) {
        change_settle_text(
                c, f, stored.known || stored.n > 0 ? "stored" : NULL, "said",
                false);
        if (c->any_said)
            say(c, kind, k);
    } else {
        *added_only = true;
        agree(c, kind);
        if (said.strength > stored.strength && !said.some)
            inv_owners_set(&c->owners, f, change_owner(c, f), from);
    }
    return inv_parts_of_list(c->t, k->joined.parts, k->joined.n, after, err);
}

/* The kind is described in two ways; *after is what stands from now on. */
static bool merge_kind(
        struct change *c, enum calc_kind kind, struct kind_merge *k,
        struct inv_part_rows *after, bool *added_only, struct err *err)
{
    enum inv_field f = (enum inv_field)(INV_F_PARTS + (int)kind);

    if (!load_stored(c, k, err))
        return false;
    of_kind(k->all.parts, k->all.n, kind, &k->stored);
    of_kind(c->m->parts, c->m->n_parts, kind, &k->said);
    if (change_free(c) || (c->merging && !c->joining) ||
        inv_owner_of(&c->owners, f) == INV_HUMAN ||
        change_owner(c, f) == INV_HUMAN)
        return relate_kind(c, kind, k, after, added_only, err);
    return join_kind(c, kind, k, after, added_only, err);
}

/* ---- disks that are solid to one and turn to another --------------------- */

/* Whether the record's idea of what a disk is counts for more. */
static bool said_kind_stands(const struct change *c, enum calc_kind said)
{
    enum calc_kind stored = said == CALC_SSD ? CALC_HDD : CALC_SSD;
    enum inv_field f = (enum inv_field)(INV_F_PARTS + (int)stored);
    const char *source = inv_owner_source(&c->owners, f);
    const char *from =
            change_source(c, (enum inv_field)(INV_F_PARTS + (int)said));
    int a, b;

    if (change_free(c))
        return true;
    if ((c->merging && !c->joining) || inv_owner_of(&c->owners, f) == INV_HUMAN)
        return false;
    if (strcmp(source, from) == 0)
        return true;
    a = inv_disk_kind_strength(from);
    b = inv_disk_kind_strength(source);
    return a != b ? a > b : said == CALC_SSD;
}

static bool
move_stored(struct kind_merge *k, const char *serial, enum calc_kind to)
{
    bool moved = false;

    for (size_t i = 0; i < k->all.n; i++) {
        struct wire_part *p = &k->all.parts[i];

        if (is_disk(p->kind) && p->kind != to && p->serial &&
            text_same(p->serial, serial)) {
            p->kind = to;
            moved = true;
        }
    }
    return moved;
}

static bool move_said(struct change *c, size_t at, enum calc_kind to)
{
    struct wire_machine *m = arena_alloc(&c->t->arena, sizeof *m);

    *m = *c->m;
    m->parts = arena_alloc(&c->t->arena, m->n_parts * sizeof *m->parts);
    memcpy(m->parts, c->m->parts, m->n_parts * sizeof *m->parts);
    m->parts[at].kind = to;
    c->m = m;
    return true;
}

static bool
other_kind(const struct change *c, const char *serial, enum calc_kind kind)
{
    for (size_t i = 0; i < c->old_parts.n; i++) {
        const struct inv_part_row *r = &c->old_parts.items[i];

        if (is_disk(r->kind) && r->kind != kind && r->serial &&
            text_same(r->serial, serial))
            return true;
    }
    return false;
}

/* A disk must not count twice because tools differ over its kind. *moved:
 * bits of the kinds that lose a stored disk. */
static bool settle_disk_kinds(
        struct change *c, struct kind_merge **k, uint32_t *moved,
        struct err *err)
{
    for (size_t i = 0; i < c->m->n_parts; i++) {
        const struct wire_part *p = &c->m->parts[i];
        const char *serial = is_disk(p->kind) ? inv_identity(p->serial) : NULL;
        enum calc_kind kind = p->kind;
        enum calc_kind other = kind == CALC_SSD ? CALC_HDD : CALC_SSD;
        enum inv_field f;

        if (!serial || !other_kind(c, serial, kind))
            continue;
        if (!said_kind_stands(c, kind)) {
            move_said(c, i, other);
            continue;
        }
        if (!*k)
            *k = arena_alloc(&c->t->arena, sizeof **k);
        if (!load_stored(c, *k, err))
            return false;
        if (!move_stored(*k, serial, kind))
            continue;
        *moved |= 1u << other;
        /* Whoever guessed must not move it back. */
        f = (enum inv_field)(INV_F_PARTS + (int)kind);
        inv_owners_set(&c->owners, f, change_owner(c, f), change_source(c, f));
    }
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

struct merging {
    struct kind_merge *k; /* NULL until two descriptions differ */
    struct inv_part_rows stated;
    uint32_t moved;   /* kinds that lose a stored disk to another kind */
    uint32_t unknown; /* kinds not known from now on */
};

static bool
says_kind(const struct change *c, const struct merging *g, enum calc_kind kind)
{
    return has_kind(&g->stated, kind) || (countable(kind) && !c->m->partial &&
                                          !(c->m->unknown_kinds & 1u << kind));
}

static bool one_kind(
        struct change *c, struct merging *g, enum calc_kind kind,
        struct err *err)
{
    struct inv_part_rows before, after; /* 16 KiB each: not zeroed */
    uint32_t bit = 1u << kind, was = c->old.unknown_kinds & bit;
    enum change_verdict *verdict = &c->said[INV_F_PARTS + (int)kind].verdict;
    bool says = says_kind(c, g, kind), completed = was != 0;

    before.n = after.n = 0;
    keep_kind(&before, &c->old_parts, kind);
    keep_kind(&after, says ? &g->stated : &c->old_parts, kind);
    if (says && inv_parts_same(&before, &after)) {
        agree(c, kind);
    } else if (says) {
        if (!g->k)
            g->k = arena_alloc(&c->t->arena, sizeof *g->k);
        if (!merge_kind(c, kind, g->k, &after, &completed, err))
            return false;
        says = *verdict != CHANGE_OFFERED;
    } else if (g->moved & bit) {
        of_kind(g->k->all.parts, g->k->all.n, kind, &g->k->stored);
        completed = true;
        if (!inv_parts_of_list(
                    c->t, g->k->stored.parts, g->k->stored.n, &after, err))
            return false;
    }
    keep_kind(&c->now_parts, &after, kind);
    /* Unknown stays known to one who knew. */
    g->unknown |=
            says ? (change_free(c) || was ? inv_open_kinds(c->m) & bit : 0)
                 : was;
    if (!inv_parts_same(&before, &after)) {
        if (*verdict != CHANGE_TAKEN)
            change_note(c, calc_kind_word(kind));
        c->completed_only = c->completed_only && completed;
    }
    return true;
}

bool change_parts(struct change *c, struct err *err)
{
    struct merging g; /* not zeroed as a whole */

    g.k = NULL;
    g.moved = g.unknown = 0;
    if (!settle_disk_kinds(c, &g.k, &g.moved, err) ||
        !inv_parts_of_list(c->t, c->m->parts, c->m->n_parts, &g.stated, err))
        return false;
    c->now_parts.n = 0;
    c->completed_only = true;
    for (int i = 0; i < CALC_KINDS; i++)
        if (!one_kind(c, &g, (enum calc_kind)i, err))
            return false;
    if (g.unknown != c->old.unknown_kinds &&
        inv_parts_same(&c->old_parts, &c->now_parts))
        change_note(c, "known parts");
    c->now.unknown_kinds = g.unknown;
    return true;
}
