/* SPDX-License-Identifier: Apache-2.0
 * Energy files into the ledger: stretches of time as readings of a source for
 * each format and machine. Every stretch that was taken is remembered, so that
 * a file may come again, grown, and overlaps are seen. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "energy/pull_priv.h"
#include "inventory/inventory.h"

enum { BATCH = 2000, MAX_OUTLETS = 20000, MAX_TAGS = 64 };

struct outlet {
    UT_hash_handle hh;
    int64_t machines[MAX_TAGS];
    size_t n;
    char name[];
};

struct source { /* kept over the import */
    UT_hash_handle hh;
    int64_t id, next_seq, machine; /* machine 0: of shared outlets */
    char front[48];                /* "codecarbon/" */
    char name[];
};

struct en_file_take {
    struct db *db;
    struct en_feed *feed;
    int64_t machine; /* of rows that name none; 0: refuse them */
    struct outlet *outlets;
    struct source *sources;
    struct en_file_counts counts;
    /* gathered for one source */
    struct source *at;
    struct arena arena;
    struct wire_meter meters[WIRE_MAX_METERS];
    struct wire_sample samples[BATCH];
    size_t n_meters, n_samples;
    int64_t newest_ns;
};

/* ---- outlets
 * ----------------------------------------------------------------- */

static bool outlet_tags(
        struct db *db, const char *list, size_t len, struct outlet *o,
        struct err *err)
{
    for (size_t at = 0; at < len;) {
        size_t n = 0;
        char tag[WIRE_MAX_TEXT * 4 + 1];

        while (at + n < len && list[at + n] != ',')
            n++;
        if (o->n == MAX_TAGS)
            return err_set(
                    err, ERR_LIMIT, "more than %d machines behind one outlet",
                    (int)MAX_TAGS);
        if (text_trim(list + at, n, tag, sizeof tag) == 0)
            return err_set(err, ERR_INVALID, "expected OUTLET = TAG, TAG");
        if (!inv_machine_id(db, tag, &o->machines[o->n], err))
            return false;
        o->n++;
        at += n + 1;
    }
    return o->n > 0 || err_set(err, ERR_INVALID, "expected OUTLET = TAG, TAG");
}

static bool one_outlet(
        struct en_file_take *t, const char *line, size_t len, struct err *err)
{
    const char *eq = memchr(line, '=', len);
    size_t front = eq ? (size_t)(eq - line) : 0;
    char name[WIRE_MAX_TEXT + 1];
    struct outlet *o = NULL;

    if (text_blank_start(line, len) == len || line[0] == '#')
        return true;
    if (!eq || text_trim(line, front, name, sizeof name) == 0)
        return err_set(err, ERR_INVALID, "expected OUTLET = TAG, TAG");
    HASH_FIND_STR(t->outlets, name, o);
    if (o || HASH_COUNT(t->outlets) >= MAX_OUTLETS)
        return err_set(
                err, ERR_INVALID,
                "outlet '%.60s' stands there twice, or more "
                "than %d outlets",
                name, (int)MAX_OUTLETS);
    o = xcalloc(1, sizeof *o + strlen(name) + 1);
    memcpy(o->name, name, strlen(name) + 1);
    HASH_ADD_KEYPTR(hh, t->outlets, o->name, strlen(o->name), o);
    return outlet_tags(t->db, eq + 1, len - front - 1, o, err);
}

static bool
read_outlets(struct en_file_take *t, const char *text, struct err *err)
{
    int line = 0;

    for (const char *s = text; *s;) {
        size_t n = strcspn(s, "\r\n");

        line++;
        if (!one_outlet(t, s, n, err)) {
            err_in(err, "outlets: line %d", line);
            return false;
        }
        s += n;
        s += *s == '\r' && s[1] == '\n' ? 2 : *s != '\0';
    }
    return true;
}

/* ---- one import
 * ---------------------------------------------------------------- */

static void take_free(struct en_file_take *t)
{
    struct outlet *o, *next_o;
    struct source *s, *next_s;

    HASH_ITER(hh, t->outlets, o, next_o)
    {
        HASH_DEL(t->outlets, o);
        free(o);
    }
    HASH_ITER(hh, t->sources, s, next_s)
    {
        HASH_DEL(t->sources, s);
        free(s);
    }
    en_feed_close(t->feed);
    arena_clear(&t->arena);
    free(t);
}

bool en_file_take_begin(
        struct db *db, const char *machine, const char *outlets,
        struct en_file_take **out, struct err *err)
{
    struct en_file_take *t = xcalloc(1, sizeof *t);

    t->db = db;
    if ((machine && !inv_machine_id(db, machine, &t->machine, err)) ||
        (outlets && !read_outlets(t, outlets, err)) ||
        !en_feed_open(db, &t->feed, err)) {
        take_free(t);
        return false;
    }
    *out = t;
    return true;
}

static bool count_of(struct db *db, int64_t source, int64_t *n, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_FILE_COUNT, err);
    bool row, ok;

    if (!q)
        return false;
    stmt_int(q, ":source", source);
    ok = stmt_step(q, &row, err);
    if (ok)
        *n = stmt_col_int(q, 0);
    stmt_reset(q);
    return ok;
}

/* The source that a machine has for the format; 0: none. */
static bool by_machine(
        struct db *db, int64_t machine, const char *front, int64_t *id,
        struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_FILE_SOURCE, err);
    bool row = false, ok;

    *id = 0;
    if (!q)
        return false;
    stmt_int(q, ":machine", machine);
    stmt_text(q, ":front", front);
    ok = stmt_step(q, &row, err);
    if (ok && row)
        *id = stmt_col_int(q, 0);
    stmt_reset(q);
    return ok;
}

/* "codecarbon/SRV-007"; with the machine's number where another machine had
 * that tag before. */
static bool new_source(
        struct en_file_take *t, const struct source *s, int64_t *id,
        struct err *err)
{
    struct stmt *q = ep_stmt(t->db, EP_TAG, err);
    bool row = false, taken = false, ok;
    char name[WIRE_MAX_TEXT * 4 + 100];

    if (!q)
        return false;
    stmt_int(q, ":machine", s->machine);
    ok = stmt_step(q, &row, err);
    if (ok)
        snprintf(
                name, sizeof name, "%s%s", s->front,
                row ? stmt_col_text(q, 0) : "");
    stmt_reset(q);
    q = ok ? ep_stmt(t->db, EP_SOURCE, err) : NULL;
    if (!q)
        return false;
    stmt_text(q, ":name", name);
    stmt_text(q, ":kind", "file");
    ok = stmt_step(q, &taken, err);
    stmt_reset(q);
    if (taken)
        snprintf(
                name + strlen(name), sizeof name - strlen(name),
                " (machine %lld)", (long long)s->machine);
    return ok && ep_source(
                         t->db, "file", name, s->machine, (int64_t)time(NULL),
                         NULL, id, err);
}

/* The source of a format and machine: the one it has, whatever it is called by
 * now, or a new one. */
static bool
open_source(struct en_file_take *t, struct source *s, struct err *err)
{
    int64_t n = 0;

    if (s->machine && !by_machine(t->db, s->machine, s->front, &s->id, err))
        return false;
    if (!s->id &&
        !(s->machine ? new_source(t, s, &s->id, err)
                     : ep_source(
                               t->db, "file", s->name, 0, (int64_t)time(NULL),
                               NULL, &s->id, err)))
        return false;
    if (!count_of(t->db, s->id, &n, err))
        return false;
    s->next_seq = n + 1;
    return true;
}

static bool source_of(
        struct en_file_take *t, const char *format, int64_t machine,
        struct source **out, struct err *err)
{
    struct source *s = NULL;
    char name[100];

    if (machine)
        snprintf(name, sizeof name, "%.40s/%lld", format, (long long)machine);
    else
        snprintf(name, sizeof name, "%.40s/shared outlets", format);
    HASH_FIND_STR(t->sources, name, s);
    if (!s) {
        s = xcalloc(1, sizeof *s + strlen(name) + 1);
        memcpy(s->name, name, strlen(name) + 1);
        snprintf(s->front, sizeof s->front, "%.40s/", format);
        s->machine = machine;
        if (!open_source(t, s, err)) {
            free(s);
            return false;
        }
        HASH_ADD_KEYPTR(hh, t->sources, s->name, strlen(s->name), s);
    }
    *out = s;
    return true;
}

/* Hands over what is gathered. */
static bool flush(struct en_file_take *t, struct err *err)
{
    const struct wire_batch b = {
            .agent = "fleetprint energy import",
            .run = "file",
            .boot = "file",
            .meters = t->meters,
            .n_meters = t->n_meters,
            .samples = t->samples,
            .n_samples = t->n_samples};
    struct en_taken taken = {0};

    if (t->n_samples == 0)
        return true;
    /* The clock of a file is not judged: it was read long after. */
    if (!en_feed_take(t->feed, t->at->id, &b, 0, &taken, err))
        return false;
    if (taken.refused + taken.conflict > 0)
        return err_set(
                err, ERR_INVALID, "the ledger refuses a row: %s",
                taken.n_told ? taken.told[0].reason : "it is known otherwise");
    arena_reset(&t->arena);
    t->n_meters = t->n_samples = 0;
    return true;
}

static bool meter_of(
        struct en_file_take *t, const struct wire_energy *e, const char *key,
        uint32_t *out, struct err *err)
{
    for (size_t i = 0; i < t->n_meters; i++)
        if (strcmp(t->meters[i].id, key) == 0) {
            *out = (uint32_t)i;
            return t->meters[i].scope == e->scope ||
                   err_set(err, ERR_INVALID,
                           "meter '%s' has two scopes in one file", key);
        }
    if (t->n_meters == WIRE_MAX_METERS && !flush(t, err))
        return false;
    *out = (uint32_t)t->n_meters;
    t->meters[t->n_meters++] = (struct wire_meter){
            .id = arena_str(&t->arena, key),
            .scope = e->scope,
            .kind = WIRE_INTERVAL,
            .unit = WIRE_UJ,
            .range_uj = -1,
            .max_w = NAN,
            .modelled = e->modelled};
    return true;
}

/* Two jobs of one time and one amount are two. */
static bool same_key(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : !a && !b;
}

/* *same: taken before. ERR_CONFLICT: something else was, for part of it. */
static bool known_before(
        struct en_file_take *t, const struct source *s, const char *key,
        const struct wire_energy *e, bool *same, struct err *err)
{
    struct stmt *q = ep_stmt(t->db, EP_FILE_NEXT, err);
    int64_t from, to, uj;
    bool row = false, ok;

    *same = false;
    if (!q)
        return false;
    stmt_int(q, ":source", s->id);
    stmt_int(q, ":machine", s->machine);
    stmt_text(q, ":front", s->front);
    stmt_text(q, ":meter", key);
    stmt_int(q, ":from", e->from_ns);
    ok = stmt_step(q, &row, err);
    if (ok && row) {
        from = stmt_col_int(q, 0);
        to = stmt_col_int(q, 1);
        uj = stmt_col_int(q, 2);
        *same = from == e->from_ns && to == e->to_ns && uj == e->energy_uj &&
                same_key(stmt_col_text(q, 3), e->key);
        if (!*same && uj != e->energy_uj && from == e->from_ns &&
            to == e->to_ns)
            ok = err_set(
                    err, ERR_CONFLICT,
                    "another amount for a time that was taken before: %lld uJ, "
                    "known are %lld",
                    (long long)e->energy_uj, (long long)uj);
        else if (!*same && from < e->to_ns)
            ok = err_set(
                    err, ERR_CONFLICT,
                    "overlaps in time what was taken of that meter before");
    }
    stmt_reset(q);
    return ok;
}

static bool remember(
        struct en_file_take *t, int64_t source, const char *key,
        const struct wire_energy *e, struct err *err)
{
    struct stmt *q = ep_stmt(t->db, EP_FILE_ADD, err);

    if (!q)
        return false;
    stmt_int(q, ":source", source);
    stmt_text(q, ":meter", key);
    stmt_int(q, ":to", e->to_ns);
    stmt_int(q, ":from", e->from_ns);
    stmt_int(q, ":uj", e->energy_uj);
    stmt_text(q, ":key", e->key);
    return stmt_run(q, err);
}

static bool
add_row(struct en_file_take *t, struct source *s, const struct wire_energy *e,
        struct err *err)
{
    const char *key = e->meter ? e->meter : wire_scope_word(e->scope);
    uint32_t meter = 0;
    bool same;

    if (strlen(key) > WIRE_MAX_METER_ID)
        return err_set(
                err, ERR_INVALID, "a meter's name has at most %d characters",
                (int)WIRE_MAX_METER_ID);
    if (!known_before(t, s, key, e, &same, err))
        return false;
    if (same) {
        t->counts.same++;
        return true;
    }
    if (t->at != s || t->n_samples == BATCH) {
        if (!flush(t, err))
            return false;
        t->at = s;
    }
    if (!meter_of(t, e, key, &meter, err) || !remember(t, s->id, key, e, err))
        return false;
    t->samples[t->n_samples++] = (struct wire_sample){
            .seq = (uint64_t)s->next_seq++,
            .t_ns = e->to_ns,
            .from_ns = e->from_ns,
            .value = e->energy_uj,
            .meter = meter};
    t->counts.added++;
    return true;
}

/* The machines behind an outlet that several share. */
static bool
share(struct en_file_take *t, const struct source *s, const struct outlet *o,
      const struct wire_energy *e, struct err *err)
{
    const struct wire_meter m = {
            .id = e->meter,
            .scope = e->scope,
            .kind = WIRE_INTERVAL,
            .unit = WIRE_UJ,
            .modelled = e->modelled};
    int64_t meter;

    if (!ep_meter(t->db, s->id, &m, &meter, err))
        return false;
    for (size_t i = 0; i < o->n; i++) {
        struct stmt *q = ep_stmt(t->db, EP_METER_MACHINE, err);

        if (!q)
            return false;
        stmt_int(q, ":meter", meter);
        stmt_int(q, ":machine", o->machines[i]);
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

static bool machine_of(
        struct en_file_take *t, const struct wire_energy *e,
        const struct outlet *o, int64_t *id, struct err *err)
{
    *id = 0;
    if (e->machine) {
        if (!ep_machine(t->db, e->machine, id, err))
            return false;
        return *id || err_set(err, ERR_INVALID,
                              "no machine '%.100s', or several of that name: "
                              "register it first",
                              e->machine);
    }
    *id = o && o->n == 1 ? o->machines[0] : o ? 0 : t->machine;
    if (*id || o)
        return true;
    return e->scope == WIRE_OUTLET && e->meter
                   ? err_set(err, ERR_INVALID,
                             "outlet '%.60s' is of no known machine: --outlets "
                             "FILE with lines OUTLET = TAG, or --machine TAG",
                             e->meter)
                   : err_set(err, ERR_INVALID,
                             "the file names no machine: --machine TAG does");
}

bool en_file_take_row(
        struct en_file_take *t, const char *format, const struct wire_energy *e,
        struct err *err)
{
    struct outlet *o = NULL;
    struct source *s;
    int64_t machine;

    if (e->from_ns >= e->to_ns || e->energy_uj < 0)
        return err_set(err, ERR_INVALID, "expected a time and an amount");
    if (!e->machine && e->meter)
        HASH_FIND_STR(t->outlets, e->meter, o);
    if (!machine_of(t, e, o, &machine, err))
        return false;
    if (!source_of(t, format, machine, &s, err))
        return false;
    return (machine || !o || share(t, s, o, e, err)) && add_row(t, s, e, err);
}

const struct en_file_counts *en_file_take_counts(const struct en_file_take *t)
{
    return &t->counts;
}

bool en_file_take_end(
        struct en_file_take *t, bool keep, struct en_file_counts *counts,
        struct err *err)
{
    bool ok = !keep || flush(t, err);

    if (counts)
        *counts = t->counts;
    take_free(t);
    return ok;
}
