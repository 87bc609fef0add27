/* SPDX-License-Identifier: Apache-2.0
 * The targets that are pulled, the user's rules of metrics, and the sources and
 * meters that come of them. */
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/text.h"
#include "energy/pull_priv.h"
#include "inventory/inventory.h"

#define AS_SQL(id, text) [id] = {#id, text},
static const struct sql statements[EP_SQL_COUNT] = {EP_SQL(AS_SQL)};

struct stmt *ep_stmt(struct db *db, enum ep_sql id, struct err *err)
{
    return db_stmt(db, &statements[id], err);
}

const struct sql *en_pull_sql_list(size_t *n)
{
    *n = EP_SQL_COUNT;
    return statements;
}

static const char *const kind_words[EN_PULL_KINDS] = {
        "metrics", "redfish", "prometheus"};

const char *en_pull_kind_word(enum en_pull_kind k)
{
    return kind_words[k];
}

bool en_pull_kind_from(const char *word, enum en_pull_kind *out)
{
    for (int k = 0; k < EN_PULL_KINDS; k++)
        if (strcmp(word, kind_words[k]) == 0) {
            *out = (enum en_pull_kind)k;
            return true;
        }
    return false;
}

/* ---- targets --------------------------------------------------------------
 */

static bool label_ok(const char *s)
{
    size_t n =
            strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789_");

    return n > 0 && n <= 100 && !s[n] && (s[0] < '0' || s[0] > '9');
}

static bool month_ok(const char *s)
{
    return strlen(s) == 7 && strspn(s, "0123456789-") == 7 && s[4] == '-' &&
           strncmp(s, "1990", 4) >= 0 && strcmp(s + 5, "01") >= 0 &&
           strcmp(s + 5, "12") <= 0;
}

static bool target_ok(const struct en_target *t, struct err *err)
{
    size_t n = strlen(t->name), host;
    const char *url = t->url;

    if (n == 0 || n > 80 || strpbrk(t->name, "/ \t\n") ||
        !text_utf8_ok(t->name, n))
        return err_set(
                err, ERR_INVALID,
                "'%.80s' is no name of a target, expected up to 80 characters "
                "without blank or '/'",
                t->name);
    if ((!text_starts(url, "http://") && !text_starts(url, "https://")) ||
        strlen(url) > 2000 || strpbrk(url, " \t\r\n"))
        return err_set(
                err, ERR_INVALID,
                "expected an address that starts with http:// or https://");
    url = strchr(url, ':') + 3;
    host = strcspn(url, "/?#");
    if (host == 0 || memchr(url, '@', host))
        return err_set(
                err, ERR_INVALID,
                "a secret has no place in an address: --key-file names the "
                "file that holds it");
    if (t->label && !label_ok(t->label))
        return err_set(
                err, ERR_INVALID, "'%.60s' is no name of a label", t->label);
    if (t->matchers &&
        (strlen(t->matchers) > 1000 || strpbrk(t->matchers, "{}\r\n")))
        return err_set(
                err, ERR_INVALID, "expected matchers such as job=\"node\"");
    if (t->tenant && (!t->tenant[0] || strlen(t->tenant) > 150 ||
                      strpbrk(t->tenant, "\r\n")))
        return err_set(err, ERR_INVALID, "expected the id of a tenant");
    if (t->since && !month_ok(t->since))
        return err_set(
                err, ERR_INVALID, "'%.20s' is no month, expected 2025-01",
                t->since);
    return true;
}

bool en_target_add(struct db *db, const struct en_target *t, struct err *err)
{
    struct stmt *q;
    int64_t machine = 0;
    struct err why = {0};

    if (!target_ok(t, err))
        return false;
    if (t->machine && !inv_machine_id(db, t->machine, &machine, err))
        return false;
    q = ep_stmt(db, EP_TARGET_ADD, err);
    if (!q)
        return false;
    stmt_text(q, ":name", t->name);
    stmt_text(q, ":kind", en_pull_kind_word(t->kind));
    stmt_text(q, ":url", t->url);
    if (machine)
        stmt_int(q, ":machine", machine);
    else
        stmt_null(q, ":machine");
    stmt_text(q, ":label", t->label);
    stmt_text(q, ":matchers", t->matchers);
    stmt_text(q, ":auth", t->key_file && !t->auth ? "bearer" : t->auth);
    stmt_text(q, ":key_file", t->key_file);
    stmt_text(q, ":ca_file", t->ca_file);
    stmt_text(q, ":since", t->since);
    stmt_text(q, ":tenant", t->tenant);
    if (stmt_run(q, &why))
        return true;
    if (why.code == ERR_CONFLICT)
        return err_set(
                err, ERR_CONFLICT, "there is a target '%s' already", t->name);
    *err = why;
    return false;
}

bool en_target_remove(struct db *db, const char *name, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_TARGET_DROP, err);

    if (!q)
        return false;
    stmt_text(q, ":name", name);
    if (!stmt_run(q, err))
        return false;
    return db_changes(db) > 0 ||
           err_set(err, ERR_NOT_FOUND, "no target '%s'", name);
}

static struct en_target target_of(struct stmt *q)
{
    struct en_target t = {
            .id = stmt_col_int(q, 0),
            .name = stmt_col_text(q, 1),
            .url = stmt_col_text(q, 3),
            .machine_id = stmt_col_int(q, 4),
            .machine = stmt_col_text(q, 5),
            .label = stmt_col_text(q, 6),
            .matchers = stmt_col_text(q, 7),
            .auth = stmt_col_text(q, 8),
            .key_file = stmt_col_text(q, 9),
            .ca_file = stmt_col_text(q, 10),
            .since = stmt_col_text(q, 11),
            .next_seq = stmt_col_int(q, 12),
            .tried_s = stmt_col_int(q, 13),
            .ok_s = stmt_col_int(q, 14),
            .error = stmt_col_text(q, 15),
            .tenant = stmt_col_text(q, 16)};

    CHECK(en_pull_kind_from(stmt_col_text(q, 2), &t.kind));
    return t;
}

bool en_targets(
        struct db *db, const char *name,
        bool (*row)(void *ctx, const struct en_target *t, struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_TARGETS, err);
    bool more = false, any = false, ok = false;

    if (!q)
        return false;
    stmt_text(q, ":name", name);
    for (;;) {
        struct en_target t;

        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        any = true;
        t = target_of(q);
        if (!row(ctx, &t, err))
            goto done;
    }
    ok = any || !name || err_set(err, ERR_NOT_FOUND, "no target '%s'", name);
done:
    stmt_reset(q);
    return ok;
}

/* ---- rules of metrics ------------------------------------------------------
 */

bool en_metric_map(struct db *db, struct imp_metric_map **out, struct err *err)
{
    struct imp_metric_map *m = NULL;
    struct stmt *q;
    bool more = false, ok = false;

    if (!imp_metric_map_open(&m, err))
        return false;
    q = ep_stmt(db, EP_METRICS, err);
    if (!q)
        goto done;
    for (;;) {
        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        if (!imp_metric_map_set(
                    m, stmt_col_text(q, 0), stmt_col_text(q, 1), true, err))
            goto done;
    }
    *out = m;
    m = NULL;
    ok = true;
done:
    stmt_reset(q);
    imp_metric_map_free(m);
    return ok;
}

bool en_metric_set(
        struct db *db, const char *metric, const char *rules, struct err *err)
{
    struct imp_metric_map *m = NULL;
    struct stmt *q;
    bool ok;

    if (!rules) {
        q = ep_stmt(db, EP_METRIC_DROP, err);
        if (!q)
            return false;
        stmt_text(q, ":metric", metric);
        if (!stmt_run(q, err))
            return false;
        return db_changes(db) > 0 ||
               err_set(err, ERR_NOT_FOUND, "no rule of yours for '%s'", metric);
    }
    if (!imp_metric_map_open(&m, err))
        return false;
    ok = imp_metric_map_set(m, metric, rules, true, err);
    imp_metric_map_free(m);
    q = ok ? ep_stmt(db, EP_METRIC_SET, err) : NULL;
    if (!q)
        return false;
    stmt_text(q, ":metric", metric);
    stmt_text(q, ":rules", rules);
    return stmt_run(q, err);
}

/* ---- sources and meters ----------------------------------------------------
 */

bool ep_machine(struct db *db, const char *name, int64_t *id, struct err *err)
{
    struct err why = {0};

    *id = 0;
    if (!name || inv_machine_id(db, name, id, &why))
        return true;
    *id = 0;
    /* No such name, or several of that name: of no machine that is known. */
    if (why.code == ERR_NOT_FOUND || why.code == ERR_CONFLICT ||
        why.code == ERR_INVALID)
        return true;
    *err = why;
    return false;
}

static bool
link_source(struct db *db, int64_t id, int64_t machine, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_SOURCE_MACHINE, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    stmt_int(q, ":machine", machine);
    return stmt_run(q, err);
}

static bool add_source(
        struct db *db, const char *kind, const char *name, int64_t machine,
        int64_t now_s, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_SOURCE_ADD, err);

    if (!q)
        return false;
    stmt_text(q, ":kind", kind);
    stmt_text(q, ":name", name);
    if (machine)
        stmt_int(q, ":machine", machine);
    else
        stmt_null(q, ":machine");
    stmt_int(q, ":at", now_s);
    return stmt_run(q, err);
}

bool ep_source(
        struct db *db, const char *kind, const char *name, int64_t machine,
        int64_t now_s, const char *actor, int64_t *id, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_SOURCE, err);
    bool there = false, linked = false, ok;

    if (!q)
        return false;
    stmt_text(q, ":name", name);
    stmt_text(q, ":kind", kind);
    ok = stmt_step(q, &there, err);
    if (ok && there) {
        *id = stmt_col_int(q, 0);
        linked = !stmt_is_null(q, 1);
    }
    stmt_reset(q);
    if (!ok)
        return false;
    if (there)
        return linked || machine == 0 ||
               (link_source(db, *id, machine, err) &&
                (!actor || acc_audit(db, actor, "energy.link", name, err)));
    if (!add_source(db, kind, name, machine, now_s, err))
        return false;
    *id = db_last_id(db);
    return true;
}

bool ep_source_seen(struct db *db, int64_t id, int64_t now_s, struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_SOURCE_SEEN, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    stmt_int(q, ":at", now_s);
    return stmt_run(q, err);
}

static bool add_meter(
        struct db *db, int64_t source, const struct wire_meter *m,
        struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_METER_ADD, err);

    if (!q)
        return false;
    stmt_int(q, ":source", source);
    stmt_text(q, ":key", m->id);
    stmt_text(q, ":scope", wire_scope_word(m->scope));
    stmt_text(q, ":kind", wire_meter_kind_word(m->kind));
    stmt_text(q, ":unit", wire_unit_word(m->unit));
    stmt_int(q, ":modelled", m->modelled);
    return stmt_run(q, err);
}

bool ep_meter(
        struct db *db, int64_t source, const struct wire_meter *m, int64_t *id,
        struct err *err)
{
    struct stmt *q = ep_stmt(db, EP_METER, err);
    bool there = false, same = false, ok;

    if (!q)
        return false;
    stmt_int(q, ":source", source);
    stmt_text(q, ":key", m->id);
    ok = stmt_step(q, &there, err);
    if (ok && there) {
        *id = stmt_col_int(q, 0);
        same = strcmp(stmt_col_text(q, 1), wire_scope_word(m->scope)) == 0 &&
               strcmp(stmt_col_text(q, 2), wire_meter_kind_word(m->kind)) == 0;
    }
    stmt_reset(q);
    if (!ok)
        return false;
    if (there)
        return same ||
               err_set(err, ERR_INVALID,
                       "meter '%s' is known with another scope or kind: its "
                       "rule was changed after it was read",
                       m->id);
    if (!add_meter(db, source, m, err))
        return false;
    *id = db_last_id(db);
    return true;
}
