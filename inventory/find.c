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
    const char *tag, *uuid, *maker, *name, *serial;
};

static bool other_uuid(const char *a, const char *b)
{
    a = inv_identity(a);
    b = inv_identity(b);
    return a && b && !inv_alike_uuid(a, b);
}

/* Two machines of two makers, or two of one, may bear one host name. */
static bool
other_serial(const struct candidate *c, const struct wire_machine *m)
{
    const char *a = inv_identity(c->serial), *b = inv_identity(m->serial);

    return a && b && c->maker && c->maker[0] && m->manufacturer &&
           !text_same(a, b);
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
    /* A tag that is only a number of the case is no name. */
    bool nameless = !c->name && ((c->uuid && strcmp(c->uuid, c->tag) == 0) ||
                                 (c->serial && strcmp(c->serial, c->tag) == 0));

    return name && !nameless && strcmp(name, c->tag) != 0 &&
           !(m->name && c->name && inv_alike_host(m->name, c->name));
}

/* A record without a name goes to the line that its number named. */
static bool same_number(const struct candidate *c, const struct wire_machine *m)
{
    return (m->uuid && inv_alike_uuid(c->tag, m->uuid)) ||
           (m->serial && strcmp(c->tag, m->serial) == 0);
}

/* Goes through the lines that q finds; *id is the only one that fits, or the
 * only one of the record's own name among several. *n_fit counts those that
 * fit. */
static bool
pick(struct inv_take *t, struct stmt *q, const struct wire_machine *m,
     bool (*fits)(const struct candidate *c, const struct wire_machine *m),
     int64_t *id, int *n_fit, struct err *err)
{
    int64_t one = 0, named = 0;
    int n = 0, n_named = 0;
    bool row, nameless = false, ok = false;

    for (;;) {
        struct candidate c;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        c = (struct candidate){stmt_col_int(q, 0),  stmt_col_text(q, 1),
                               stmt_col_text(q, 2), stmt_col_text(q, 3),
                               stmt_col_text(q, 4), stmt_col_text(q, 5)};
        if (!fits(&c, m) || (inv_touched(t, c.id) && other_name(&c, m)))
            continue;
        n++;
        one = c.id;
        nameless = !c.name;
        if (call_name(m) ? !other_name(&c, m) : same_number(&c, m)) {
            n_named++;
            named = c.id;
        }
    }
    *id = n_named == 1 ? named : n == 1 ? one : 0;
    t->found_nameless = n == 1 && nameless;
    *n_fit = n;
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static bool
by_key(struct inv_take *t, enum inv_sql sql, const char *key,
       const struct wire_machine *m,
       bool (*fits)(const struct candidate *c, const struct wire_machine *m),
       int64_t *id, int *n_fit, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, sql, err);

    if (!q)
        return false;
    stmt_text(q, ":key", key);
    return pick(t, q, m, fits, id, n_fit, err);
}

static bool any_line(const struct candidate *c, const struct wire_machine *m)
{
    (void)c;
    (void)m;
    return true;
}

/* Nodes of one enclosure may carry its serial and no UUID: a name that differs
 * in its digits alone, or the name of a blade, is another node's. */
static bool other_node(const struct candidate *c, const struct wire_machine *m)
{
    const char *name = call_name(m);

    return other_name(c, m) &&
           (m->chassis == CALC_BLADE || inv_neighbours(name, c->tag) ||
            (c->name && inv_neighbours(name, c->name)));
}

static bool
of_that_maker(const struct candidate *c, const struct wire_machine *m)
{
    bool both = inv_identity(c->uuid) && inv_identity(m->uuid);

    return inv_alike_maker(c->maker, m->manufacturer) &&
           !other_uuid(c->uuid, m->uuid) && (both || !other_node(c, m));
}

/* A name joins only when nothing stronger speaks against it and one of the two
 * has no tag but its name. */
static bool
of_that_name(const struct candidate *c, const struct wire_machine *m)
{
    bool tagged = m->tag && strcmp(m->tag, m->name) != 0;
    size_t len = strlen(c->name);
    /* "node-SERIAL" is what we call the second machine of a name */
    bool line_tagged = strcmp(c->tag, c->name) != 0 &&
                       !(text_starts(c->tag, c->name) && c->tag[len] == '-');

    return !other_uuid(c->uuid, m->uuid) && !other_serial(c, m) &&
           !(tagged && line_tagged);
}

bool inv_id_of_tag(struct db *db, const char *tag, int64_t *id, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_LINE_BY_TAG, err);
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

/* Tools write the letters large or small, and the first groups either way
 * round. */
static bool
by_uuid(struct inv_take *t, const struct wire_machine *m, int64_t *id,
        int *n_fit, struct err *err)
{
    static const char *const names[INV_UUID_FORMS] = {
            ":form0", ":form1", ":form2", ":form3"};
    const char *uuid = inv_identity(m->uuid);
    char forms[INV_UUID_FORMS][INV_UUID_TEXT];
    struct stmt *q;
    bool ok;

    *n_fit = 0;
    if (!uuid)
        return true;
    q = inv_stmt(t->db, INV_LINES_BY_UUID, err);
    if (!q)
        return false;
    inv_uuid_forms(uuid, forms);
    stmt_text(q, ":key", uuid);
    for (int i = 0; i < INV_UUID_FORMS; i++)
        stmt_text(q, names[i], forms[i]);
    ok = pick(t, q, m, any_line, id, n_fit, err) &&
         (*id || inv_alias_find(t, "uuid", uuid, id, err));
    for (int i = 0; ok && !*id && i < INV_UUID_FORMS; i++)
        ok = inv_alias_find(t, "uuid", forms[i], id, err);
    return ok;
}

static bool by_serial(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err)
{
    const char *serial = inv_identity(m->serial);
    int n_fit;

    return !serial || !m->manufacturer ||
           (by_key(t, INV_LINES_BY_SERIAL, serial, m, of_that_maker, id, &n_fit,
                   err) &&
            (*id || inv_alias_find(t, "serial", serial, id, err)));
}

const char *inv_own_tag(const struct inv_take *t, const struct wire_machine *m)
{
    return m->tag && m->name && t->owner != INV_HUMAN &&
                           strcmp(m->tag, m->name) == 0
                   ? NULL
                   : m->tag;
}

static bool
by_tag(struct inv_take *t, const struct wire_machine *m, int64_t *id,
       struct err *err)
{
    const char *tag = inv_own_tag(t, m);

    return !tag || (inv_id_of_tag(t->db, tag, id, err) &&
                    (*id || inv_alias_find(t, "tag", tag, id, err)));
}

static bool ambiguous(const char *name, int n, struct err *err)
{
    return err_set(
            err, ERR_CONFLICT,
            "%d machines are called '%.80s', expected a uuid, a serial or a "
            "tag that tells which",
            n, name);
}

/* A line that has no name is known by its tag. Which of two machines of one
 * name a record means that has nothing but the name, nobody can tell. */
static bool
by_host(struct inv_take *t, const struct wire_machine *m, const char *host,
        int64_t *id, struct err *err)
{
    struct wire_machine as = *m;
    int named, tagged = 0;

    as.name = host;
    if (!by_key(t, INV_LINES_BY_NAME, host, &as, of_that_name, id, &named, err))
        return false;
    if (!*id && named == 0 &&
        !by_key(t, INV_LINES_BY_TAG, host, &as, of_that_name, id, &tagged, err))
        return false;
    return *id || named < 2 || inv_own_tag(t, m) || ambiguous(host, named, err);
}

/* "node1" is the one "node1.cluster.fr". */
static bool by_domain(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err)
{
    int n;

    if (!by_key(t, INV_LINES_BY_HOST, m->name, m, of_that_name, id, &n, err))
        return false;
    return *id || n < 2 || ambiguous(m->name, n, err);
}

/* With its domain, else without, else under any domain. */
static bool
by_name(struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err)
{
    const char *dot = m->name ? strchr(m->name, '.') : NULL;

    if (!m->name)
        return true;
    if (!by_host(t, m, m->name, id, err) ||
        (!*id && !inv_alias_find(t, "name", m->name, id, err)))
        return false;
    if (*id || dot == m->name || inv_own_tag(t, m))
        return true;
    if (!dot)
        return by_domain(t, m, id, err);
    return by_host(
            t, m, arena_strn(&t->arena, m->name, (size_t)(dot - m->name)), id,
            err);
}

/* A line that knows nothing but its name, as a scheduler's list gives it. */
static bool only_named(const struct candidate *c, const struct wire_machine *m)
{
    return !inv_identity(c->uuid) && !inv_identity(c->serial) &&
           of_that_name(c, m);
}

/* The line of the record's name, with and without its domain. */
static bool namesake(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err)
{
    size_t len = strcspn(m->name, ".");
    struct wire_machine as = *m;
    int n;

    if (!by_key(t, INV_LINES_BY_NAME, m->name, m, only_named, id, &n, err))
        return false;
    if (*id || len == 0)
        return true;
    if (!m->name[len])
        return by_key(
                t, INV_LINES_BY_HOST, m->name, m, only_named, id, &n, err);
    as.name = arena_strn(&t->arena, m->name, len);
    return by_key(t, INV_LINES_BY_NAME, as.name, &as, only_named, id, &n, err);
}

/* A record that has a number and a name tells that the line of the number and
 * the one of the name are one machine. */
static bool join_namesake(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err)
{
    bool nameless = *id && m->name && t->found_nameless;
    int64_t other = 0;

    t->found_nameless = false;
    if (!nameless || !namesake(t, m, &other, err))
        return !nameless;
    return other == 0 || other == *id || inv_take_join(t, id, other, err);
}

bool inv_take_find(
        struct inv_take *t, const struct wire_machine *m, int64_t *id,
        struct err *err)
{
    int n;

    *id = 0;
    t->found_nameless = false;
    if (!by_uuid(t, m, id, &n, err) || (!*id && !by_serial(t, m, id, err)) ||
        !join_namesake(t, m, id, err))
        return false;
    if (!*id && n > 1 && !call_name(m)) /* clones: it would be added anew */
        return err_set(
                err, ERR_CONFLICT,
                "%d machines have the uuid '%.40s', expected a name or a tag "
                "that tells which",
                n, m->uuid);
    return (*id || by_tag(t, m, id, err)) && (*id || by_name(t, m, id, err));
}
