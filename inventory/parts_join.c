/* SPDX-License-Identifier: Apache-2.0
 * What two machine sources tell of the parts of one kind, put together: each
 * part of the one is found among those of the other by serial or by looks, and
 * the stronger or fuller list decides which there are. */
#include "inventory/inventory_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

enum { ROWS_MAX = 2 * WIRE_MAX_PARTS };

struct row {
    struct wire_part part;
    uint32_t left; /* units not found on the other side */
};
struct side {
    const struct inv_parts_side *is;
    struct row rows[WIRE_MAX_PARTS];
};
struct join {
    struct arena *arena;
    struct side stored, said;
    struct wire_part found[ROWS_MAX];
    size_t n_found;
};

/* ---- details ------------------------------------------------------------ */

/* "TU104GL [Tesla T4]": what a card is sold as. */
static const char *sold_as(struct arena *a, const char *model)
{
    const char *open = strchr(model, '[');
    size_t len = strlen(model);

    if (!open || open == model || model[len - 1] != ']' || !open[2])
        return model;
    return arena_strn(a, open + 1, len - (size_t)(open - model) - 2);
}

/* Of two spellings of a model always the same one: the longer, else the first
 * of the alphabet. */
static const char *
better_model(struct arena *arena, const char *a, const char *b)
{
    if (!a || !b)
        return a ? a : b;
    a = sold_as(arena, a);
    b = sold_as(arena, b);
    if (strlen(a) != strlen(b))
        return strlen(a) > strlen(b) ? a : b;
    return strcmp(a, b) < 0 ? a : b;
}

static double larger(double a, double b)
{
    return isnan(a) || b > a ? b : a;
}

static struct wire_part
details(struct arena *arena, const struct wire_part *a,
        const struct wire_part *b)
{
    struct wire_part p = *a;

    p.model = better_model(arena, a->model, b->model);
    p.serial = a->serial ? a->serial : b->serial;
    p.capacity = larger(a->capacity, b->capacity);
    p.cores = a->cores > b->cores ? a->cores : b->cores;
    p.die_mm2 = larger(a->die_mm2, b->die_mm2);
    p.mass_kg = larger(a->mass_kg, b->mass_kg);
    return p;
}

/* ---- finding ------------------------------------------------------------ */

static void begin_side(struct side *s, const struct inv_parts_side *is)
{
    s->is = is;
    for (size_t i = 0; i < is->n; i++)
        s->rows[i] = (struct row){is->parts[i], is->parts[i].units};
}

static void find(struct join *j, struct row *a, struct row *b)
{
    uint32_t units = a->left < b->left ? a->left : b->left;

    if (units == 0 || j->n_found == ROWS_MAX)
        return;
    j->found[j->n_found] = details(j->arena, &a->part, &b->part);
    j->found[j->n_found++].units = units;
    a->left -= units;
    b->left -= units;
}

static bool by_serial(const struct wire_part *a, const struct wire_part *b)
{
    return a->serial && b->serial && text_same(a->serial, b->serial);
}

/* Two serials that differ are two parts. */
static bool by_looks(const struct wire_part *a, const struct wire_part *b)
{
    return !(a->serial && b->serial) && inv_parts_compatible(a, b);
}

static bool
by_looks_exactly(const struct wire_part *a, const struct wire_part *b)
{
    return by_looks(a, b) && a->model && b->model &&
           strcmp(a->model, b->model) == 0 &&
           inv_same_num(a->capacity, b->capacity);
}

static void find_all(struct join *j)
{
    static bool (*const ways[])(
            const struct wire_part *a, const struct wire_part *b) = {
            by_serial, by_looks_exactly, by_looks};

    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
        for (size_t i = 0; i < j->stored.is->n; i++)
            for (size_t k = 0; k < j->said.is->n; k++) {
                struct row *a = &j->stored.rows[i], *b = &j->said.rows[k];

                if (a->left && b->left && ways[w](&a->part, &b->part))
                    find(j, a, b);
            }
}

/* ---- deciding ----------------------------------------------------------- */

static bool all_found(const struct side *s)
{
    for (size_t i = 0; i < s->is->n; i++)
        if (s->rows[i].left > 0)
            return false;
    return true;
}

/* A number of parts and no more, or memory as a system sees it. */
static bool vague(enum calc_kind kind, const struct inv_parts_side *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct wire_part *p = &s->parts[i];

        if (kind == CALC_RAM ? !p->total
                             : p->model || !isnan(p->capacity) || p->serial)
            return false;
    }
    return s->n > 0;
}

static bool any_serial(const struct inv_parts_side *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->parts[i].serial)
            return true;
    return false;
}

enum stands { STORED_STANDS, SAID_STANDS, BOTH_STAND };

/* Which side's parts there are, where the other one has none of them. */
static enum stands which(enum calc_kind kind, const struct join *j)
{
    const struct inv_parts_side *stored = j->stored.is, *said = j->said.is;
    bool stored_vague = vague(kind, stored), said_vague = vague(kind, said);

    if (!stored->known && stored->n == 0)
        return SAID_STANDS;
    if (stored_vague != said_vague)
        return said_vague ? STORED_STANDS : SAID_STANDS;
    if (said->n == 0 && said->some)
        return STORED_STANDS;
    if (stored->some && said->some && (any_serial(stored) || any_serial(said)))
        return BOTH_STAND;
    if (stored->some != said->some)
        return said->some ? STORED_STANDS : SAID_STANDS;
    if (said->strength != stored->strength)
        return said->strength < stored->strength ? STORED_STANDS : SAID_STANDS;
    if (said->partial && !said->same_source)
        return STORED_STANDS;
    return SAID_STANDS; /* equals: the last word counts */
}

/* Of two sums that two systems see the one nearer to what there is. */
static bool larger_sum(
        const struct inv_parts_side *stored, const struct inv_parts_side *said)
{
    return stored->n == 1 && said->n == 1 && stored->parts[0].total &&
           said->parts[0].total && !said->same_source &&
           stored->strength == said->strength &&
           stored->parts[0].capacity > said->parts[0].capacity &&
           said->parts[0].capacity >= INV_SEEN_FRAC * stored->parts[0].capacity;
}

static uint64_t units_of(const struct inv_parts_side *s)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        n += s->parts[i].units;
    return n;
}

struct list {
    struct wire_part *out;
    size_t n;
    uint64_t units;
};

enum left { LEFT_ALL, LEFT_NUMBERED, LEFT_OTHERS };

/* Adds what was not found on the other side, at most `most` units. */
static bool
add_left(const struct side *s, enum left what, uint64_t most, struct list *l)
{
    for (size_t i = 0; i < s->is->n && most > 0; i++) {
        const struct row *r = &s->rows[i];
        uint32_t units = r->left < most ? r->left : (uint32_t)most;

        if (units == 0 || (what != LEFT_ALL &&
                           (what == LEFT_NUMBERED) != (r->part.serial != NULL)))
            continue;
        if (l->n == WIRE_MAX_PARTS)
            return false;
        l->out[l->n] = r->part;
        l->out[l->n++].units = units;
        l->units += units;
        most -= units;
    }
    return true;
}

/* Two lists that may both be cut: each serial is a part; one without may be
 * one of those, unless a side counts more than there are serials. */
static bool add_both(const struct join *j, struct list *l)
{
    uint64_t a = units_of(j->stored.is), b = units_of(j->said.is);
    uint64_t need = a > b ? a : b;
    const struct side *more = a >= b ? &j->stored : &j->said;

    return add_left(&j->stored, LEFT_NUMBERED, UINT64_MAX, l) &&
           add_left(&j->said, LEFT_NUMBERED, UINT64_MAX, l) &&
           (l->units >= need ||
            add_left(more, LEFT_OTHERS, need - l->units, l));
}

static void
copy_side(const struct inv_parts_side *s, struct wire_part *out, size_t *n)
{
    memcpy(out, s->parts, s->n * sizeof *out);
    *n = s->n;
}

static bool
put(const struct join *j, enum stands stands, struct wire_part *out, size_t *n)
{
    struct list l = {out, 0, 0};
    bool ok;

    if (j->n_found > WIRE_MAX_PARTS)
        return false;
    for (size_t i = 0; i < j->n_found; i++) {
        out[l.n++] = j->found[i];
        l.units += j->found[i].units;
    }
    ok = stands == BOTH_STAND
                 ? add_both(j, &l)
                 : add_left(
                           stands == SAID_STANDS ? &j->said : &j->stored,
                           LEFT_ALL, UINT64_MAX, &l);
    *n = l.n;
    return ok;
}

bool inv_parts_join(
        struct arena *a, enum calc_kind kind,
        const struct inv_parts_side *stored, const struct inv_parts_side *said,
        struct wire_part *out, size_t *n)
{
    struct join *j;
    enum stands stands;
    bool replaced = false;

    if (kind == CALC_RAM && vague(kind, stored) && vague(kind, said)) {
        bool keep =
                larger_sum(stored, said) || said->strength < stored->strength;

        copy_side(keep ? stored : said, out, n);
        return !keep;
    }
    j = arena_alloc(a, sizeof *j);
    j->arena = a;
    begin_side(&j->stored, stored);
    begin_side(&j->said, said);
    j->n_found = 0;
    find_all(j);
    if (all_found(&j->stored) && all_found(&j->said)) {
        stands = STORED_STANDS;
    } else {
        stands = which(kind, j);
        replaced = stands == SAID_STANDS;
    }
    if (!put(j, stands, out, n))
        copy_side(replaced ? said : stored, out, n);
    return replaced;
}
