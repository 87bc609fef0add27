/* SPDX-License-Identifier: Apache-2.0
 * Senders and their meters, read once and kept while batches come in. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "energy/feed_priv.h"
#include "inventory/inventory.h"

enum { SEEN_S = 60 /* how exactly the last batch is dated */ };

#define AS_SQL(id, text) [id] = {#id, text},
static const struct sql statements[EL_SQL_COUNT] = {EL_SQL(AS_SQL)};

struct stmt *el_stmt(struct db *db, enum el_sql id, struct err *err)
{
    return db_stmt(db, &statements[id], err);
}

const struct sql *en_ledger_sql_list(size_t *n)
{
    *n = EL_SQL_COUNT;
    return statements;
}

/* ---- sources --------------------------------------------------------------
 */

static bool source_machine(
        struct db *db, const char *name, int64_t *machine, struct err *err)
{
    struct err why = {0};

    *machine = 0;
    if (inv_machine_id(db, name, machine, &why))
        return true;
    /* Not known, or known twice: the sender waits for its machine. */
    if (why.code == ERR_NOT_FOUND || why.code == ERR_CONFLICT)
        return true;
    if (err)
        *err = why;
    return false;
}

static bool source_add(
        struct db *db, const char *kind, const char *name, int64_t machine,
        int64_t *id, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_SOURCE_ADD, err);

    if (!q)
        return false;
    stmt_text(q, ":kind", kind);
    stmt_text(q, ":name", name);
    stmt_int(q, ":machine", machine);
    stmt_int(q, ":now", (int64_t)time(NULL));
    if (!stmt_run(q, err))
        return false;
    *id = db_last_id(db);
    return true;
}

static bool
source_link(struct db *db, int64_t id, int64_t machine, struct err *err)
{
    struct stmt *q = el_stmt(db, EL_SOURCE_MACHINE, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    stmt_int(q, ":machine", machine);
    return stmt_run(q, err);
}

bool en_source(
        struct db *db, const char *kind, const char *name, int64_t *id,
        struct err *err)
{
    struct stmt *q = el_stmt(db, EL_SOURCE_BY_NAME, err);
    bool row = false, linked = false, same = true;
    int64_t machine = 0, found = 0;

    if (!q)
        return false;
    stmt_text(q, ":name", name);
    if (!stmt_step(q, &row, err))
        return false;
    if (row) {
        found = stmt_col_int(q, 0);
        same = strcmp(stmt_col_text(q, 1), kind) == 0;
        linked = !stmt_is_null(q, 2);
    }
    stmt_reset(q);
    if (!same)
        return err_set(
                err, ERR_CONFLICT,
                "source '%s' is known with another kind than '%s'", name, kind);
    if (!linked && !source_machine(db, name, &machine, err))
        return false;
    if (!row)
        return source_add(db, kind, name, machine, id, err);
    if (machine && !source_link(db, found, machine, err))
        return false;
    *id = found;
    return true;
}

/* ---- what is kept of one --------------------------------------------------
 */

static void meter_free(struct feed_meter *m)
{
    free(m->key);
    free(m);
}

static void source_free(struct feed_source *s)
{
    struct feed_meter *m = s->meters, *next_m;
    struct feed_run *r = s->runs, *next_r;

    HASH_CLEAR(hh, s->meters);
    for (; m; m = next_m) {
        next_m = m->hh.next;
        meter_free(m);
    }
    HASH_CLEAR(hh, s->runs);
    for (; r; r = next_r) {
        next_r = r->hh.next;
        feed_run_free(r);
    }
    free(s->agent);
    free(s);
}

void feed_sources_clear(struct en_feed *f)
{
    struct feed_source *s = f->sources, *next;

    HASH_CLEAR(hh, f->sources);
    for (; s; s = next) {
        next = s->hh.next;
        source_free(s);
    }
}

static bool meter_from_row(struct stmt *q, struct feed_meter *m)
{
    if (!wire_scope_from(stmt_col_text(q, 2), &m->scope) ||
        !wire_meter_kind_from(stmt_col_text(q, 3), &m->kind) ||
        !wire_unit_from(stmt_col_text(q, 4), &m->unit))
        return false;
    m->id = stmt_col_int(q, 0);
    m->range_uj = stmt_is_null(q, 5) ? -1 : stmt_col_int(q, 5);
    m->max_w = stmt_col_num(q, 6);
    m->modelled = stmt_col_int(q, 7) != 0;
    m->closed_ns = stmt_col_int(q, 8);
    return true;
}

static bool
meters_load(struct en_feed *f, struct feed_source *s, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_METERS, err);
    bool row, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":source", s->id);
    for (;;) {
        struct feed_meter *m;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        m = xcalloc(1, sizeof *m);
        m->key = xstrdup(stmt_col_text(q, 1));
        if (!meter_from_row(q, m)) {
            err_set(err, ERR_DB, "meter '%s' of source %lld has a wrong word",
                    m->key, (long long)s->id);
            meter_free(m);
            goto done;
        }
        HASH_ADD_KEYPTR(hh, s->meters, m->key, strlen(m->key), m);
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool feed_source_get(
        struct en_feed *f, int64_t id, struct feed_source **out,
        struct err *err)
{
    struct feed_source *s;
    struct stmt *q;
    bool row = false;

    HASH_FIND(hh, f->sources, &id, sizeof id, s);
    if (s) {
        *out = s;
        return true;
    }
    q = el_stmt(f->db, EL_SOURCE, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, id);
    if (!stmt_step(q, &row, err))
        return false;
    if (!row) {
        stmt_reset(q);
        return err_set(
                err, ERR_NOT_FOUND, "no source %lld of energy", (long long)id);
    }
    s = xcalloc(1, sizeof *s);
    s->id = id;
    s->agent = xstrdup(stmt_col_text(q, 0));
    s->seen_s = stmt_col_int(q, 1);
    stmt_reset(q);
    if (!meters_load(f, s, err)) {
        source_free(s);
        return false;
    }
    HASH_ADD(hh, f->sources, id, sizeof s->id, s);
    *out = s;
    return true;
}

/* ---- the meters of a batch ------------------------------------------------
 */

static bool meter_same_max(const struct feed_meter *m, double max_w)
{
    return isnan(m->max_w) ? isnan(max_w)
                           : !(m->max_w < max_w) && !(m->max_w > max_w);
}

static bool meter_fits(const struct feed_meter *m, const struct wire_meter *w)
{
    return m->scope == w->scope && m->kind == w->kind && m->unit == w->unit;
}

static bool meter_put(
        struct en_feed *f, struct feed_source *s, const struct wire_meter *w,
        struct feed_meter **out, struct err *err)
{
    struct stmt *q = el_stmt(f->db, EL_METER_ADD, err);
    struct feed_meter *m;

    if (!q)
        return false;
    stmt_int(q, ":source", s->id);
    stmt_text(q, ":key", w->id);
    stmt_text(q, ":scope", wire_scope_word(w->scope));
    stmt_text(q, ":kind", wire_meter_kind_word(w->kind));
    stmt_text(q, ":unit", wire_unit_word(w->unit));
    stmt_int(q, ":range", w->range_uj);
    stmt_num(q, ":max", w->max_w);
    stmt_int(q, ":modelled", w->modelled);
    if (!stmt_run(q, err))
        return false;
    m = xcalloc(1, sizeof *m);
    m->id = db_last_id(f->db);
    m->key = xstrdup(w->id);
    m->scope = w->scope;
    m->kind = w->kind;
    m->unit = w->unit;
    m->range_uj = w->range_uj;
    m->max_w = w->max_w;
    m->modelled = w->modelled;
    HASH_ADD_KEYPTR(hh, s->meters, m->key, strlen(m->key), m);
    *out = m;
    return true;
}

static bool meter_set(
        struct en_feed *f, struct feed_meter *m, const struct wire_meter *w,
        struct err *err)
{
    struct stmt *q;

    if (m->range_uj == w->range_uj && meter_same_max(m, w->max_w) &&
        m->modelled == w->modelled)
        return true;
    q = el_stmt(f->db, EL_METER_SET, err);
    if (!q)
        return false;
    stmt_int(q, ":id", m->id);
    stmt_int(q, ":range", w->range_uj);
    stmt_num(q, ":max", w->max_w);
    stmt_int(q, ":modelled", w->modelled);
    if (!stmt_run(q, err))
        return false;
    m->range_uj = w->range_uj;
    m->max_w = w->max_w;
    m->modelled = w->modelled;
    return true;
}

static bool twice(const struct wire_batch *b, struct err *err)
{
    for (size_t i = 0; i < b->n_meters; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(b->meters[i].id, b->meters[k].id) == 0)
                return !err_set(
                        err, ERR_INVALID, "meter '%s' is there twice",
                        b->meters[i].id);
    return false;
}

static bool meters_find(
        const struct feed_source *s, const struct wire_batch *b,
        struct feed_meter **map, struct err *err)
{
    bool as_before = b->n_meters <= s->n_map;

    for (size_t i = 0; i < b->n_meters; i++) {
        const struct wire_meter *w = &b->meters[i];

        if (as_before && strcmp(s->map[i]->key, w->id) == 0) {
            map[i] = s->map[i];
        } else {
            as_before = false;
            HASH_FIND(hh, s->meters, w->id, strlen(w->id), map[i]);
        }
        if (map[i] && !meter_fits(map[i], w))
            return err_set(
                    err, ERR_INVALID,
                    "meter '%s' was %s, %s in %s before; give another id to "
                    "another meter",
                    map[i]->key, wire_scope_word(map[i]->scope),
                    wire_meter_kind_word(map[i]->kind),
                    wire_unit_word(map[i]->unit));
    }
    return as_before || !twice(b, err);
}

bool feed_source_map(
        struct en_feed *f, struct feed_source *s, const struct wire_batch *b,
        struct err *err)
{
    struct feed_meter *map[WIRE_MAX_METERS];

    /* All are looked at before the first is written. */
    if (!meters_find(s, b, map, err))
        return false;
    for (size_t i = 0; i < b->n_meters; i++)
        if (map[i] ? !meter_set(f, map[i], &b->meters[i], err)
                   : !meter_put(f, s, &b->meters[i], &map[i], err))
            return false;
    for (size_t i = 0; i < b->n_meters; i++)
        s->map[i] = map[i];
    s->n_map = b->n_meters;
    return true;
}

/* ---- when it was seen, and what it misses ---------------------------------
 */

static uint64_t missing_hash(const struct wire_batch *b)
{
    uint64_t h = b->n_missing;

    for (size_t i = 0; i < b->n_missing; i++) {
        const struct wire_missing *w = &b->missing[i];

        h = h * 1000003 + hash_bytes(w->id, strlen(w->id));
        h = h * 1000003 + hash_bytes(w->reason, strlen(w->reason));
    }
    return h;
}

static bool missing_store(
        struct en_feed *f, struct feed_source *s, const struct wire_batch *b,
        struct err *err)
{
    uint64_t h = missing_hash(b);
    struct stmt *q;

    if (s->has_missing && s->missing == h)
        return true;
    q = el_stmt(f->db, EL_MISSING_DROP, err);
    if (!q)
        return false;
    stmt_int(q, ":source", s->id);
    if (!stmt_run(q, err))
        return false;
    for (size_t i = 0; i < b->n_missing; i++) {
        q = el_stmt(f->db, EL_MISSING_ADD, err);
        if (!q)
            return false;
        stmt_int(q, ":source", s->id);
        stmt_text(q, ":key", b->missing[i].id);
        stmt_text(q, ":reason", b->missing[i].reason);
        if (!stmt_run(q, err))
            return false;
    }
    s->missing = h;
    s->has_missing = true;
    return true;
}

bool feed_source_seen(
        struct en_feed *f, struct feed_source *s, const struct wire_batch *b,
        int64_t recv_ns, struct err *err)
{
    int64_t now_s = recv_ns / EN_NS_PER_S;
    bool renamed = b->agent && (!s->agent || strcmp(s->agent, b->agent) != 0);
    struct stmt *q;

    if (!missing_store(f, s, b, err))
        return false;
    if (!recv_ns)
        now_s = (int64_t)time(NULL); /* a file: when it came */
    if (now_s < s->seen_s + SEEN_S && !renamed)
        return true;
    q = el_stmt(f->db, EL_SOURCE_SEEN, err);
    if (!q)
        return false;
    stmt_int(q, ":id", s->id);
    stmt_int(q, ":seen", now_s);
    stmt_text(q, ":agent", b->agent);
    if (!stmt_run(q, err))
        return false;
    s->seen_s = now_s;
    if (renamed) {
        free(s->agent);
        s->agent = xstrdup(b->agent);
    }
    return true;
}
