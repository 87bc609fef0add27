/* SPDX-License-Identifier: Apache-2.0
 * Which line a record speaks of: uuid, then maker and serial, then tag, then
 * name. */
#include "inventory/inventory_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool inv_touched(const struct inv_take *t, int64_t id)
{
    uint64_t byte = (uint64_t)id / 8;

    return byte < t->n_touched && (t->touched[byte] >> (id % 8) & 1) != 0;
}

void inv_touch(struct inv_take *t, int64_t id)
{
    uint64_t byte = (uint64_t)id / 8;

    if (byte >= t->n_touched) {
        size_t size = t->n_touched ? t->n_touched : 1024;

        while (size <= byte)
            size *= 2;
        t->touched = xrealloc(t->touched, size);
        memset(t->touched + t->n_touched, 0, size - t->n_touched);
        t->n_touched = size;
    }
    t->touched[byte] = (uint8_t)(t->touched[byte] | 1u << (id % 8));
}

/* A line that may be the one, as the queries by key give it. */
struct candidate {
    int64_t id;
    const char *tag, *uuid, *maker, *name;
};

static bool same_maker(const char *a, const char *b)
{
    char x[64], y[64];

    if (!a || !b)
        return false;
    text_key(a, strlen(a), x, sizeof x);
    text_key(b, strlen(b), y, sizeof y);
    x[strcspn(x, "_")] = '\0'; /* "Dell Inc." is "Dell" */
    y[strcspn(y, "_")] = '\0';
    return x[0] && strcmp(x, y) == 0;
}

static bool other_uuid(const char *a, const char *b)
{
    a = inv_identity(a);
    b = inv_identity(b);
    return a && b && !text_same(a, b);
}

/* What the record would be called: no line seen in this import under another
 * name is joined with it. */
static const char *call_name(const struct wire_machine *m)
{
    return m->tag ? m->tag : m->name;
}

static bool other_name(const struct candidate *c, const struct wire_machine *m)
{
    const char *name = call_name(m);

    return name && strcmp(name, c->tag) != 0 &&
           !(m->name && c->name && strcmp(m->name, c->name) == 0);
}

/* Goes through the lines of a key; *id is the only one that fits, or the one
 * of the record's own name among several. */
static bool
by_key(struct inv_take *t, enum inv_sql sql, const char *key,
       const struct wire_machine *m,
       bool (*fits)(const struct candidate *c, const struct wire_machine *m),
       int64_t *id, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, sql, err);
    int64_t one = 0, named = 0;
    int n = 0;
    bool row, ok = false;

    if (!q)
        return false;
    stmt_text(q, ":key", key);
    for (;;) {
        struct candidate c;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        c = (struct candidate){
                stmt_col_int(q, 0), stmt_col_text(q, 1), stmt_col_text(q, 2),
                stmt_col_text(q, 3), stmt_col_text(q, 4)};
        if (!fits(&c, m) || (inv_touched(t, c.id) && other_name(&c, m)))
            continue;
        n++;
        one = c.id;
        if (!other_name(&c, m))
            named = c.id;
    }
    *id = named ? named : n == 1 ? one : 0;
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool any_line(const struct candidate *c, const struct wire_machine *m)
{
    (void)c;
    (void)m;
    return true;
}

static bool
of_that_maker(const struct candidate *c, const struct wire_machine *m)
{
    return same_maker(c->maker, m->manufacturer) &&
           !other_uuid(c->uuid, m->uuid);
}

/* A name joins only when nothing stronger speaks against it and one of the two
 * has no tag but its name. */
static bool
of_that_name(const struct candidate *c, const struct wire_machine *m)
{
    bool tagged = m->tag && strcmp(m->tag, m->name) != 0;
    bool line_tagged = strcmp(c->tag, c->name) != 0;

    return !other_uuid(c->uuid, m->uuid) && !(tagged && line_tagged);
}

static bool
by_tag(struct inv_take *t, const char *tag, int64_t *id, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_LINE_BY_TAG, err);
    bool row;

    if (!q)
        return false;
    stmt_text(q, ":tag", tag);
    if (!stmt_step(q, &row, err))
        return false;
    *id = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return true;
}

bool inv_take_find(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err)
{
    const char *uuid = inv_identity(m->uuid);
    const char *serial = inv_identity(m->serial);

    *id = 0;
    if (uuid && !by_key(t, INV_LINES_BY_UUID, uuid, m, any_line, id, err))
        return false;
    if (!*id && serial && m->manufacturer &&
        !by_key(t, INV_LINES_BY_SERIAL, serial, m, of_that_maker, id, err))
        return false;
    if (!*id && m->tag && !by_tag(t, m->tag, id, err))
        return false;
    if (!*id && m->name &&
        !by_key(t, INV_LINES_BY_NAME, m->name, m, of_that_name, id, err))
        return false;
    return true;
}
