/* SPDX-License-Identifier: Apache-2.0
 * Sources of readings as an operator sees them: waiting, let in, refused. */
#include "energy/senders.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "energy/ledger.h"
#include "energy/senders_sql.h"

#define AS_SQL(id, text) [id] = {#id, text},
static const struct sql statements[] = {EN_SENDERS_SQL(AS_SQL)};

static const char *const words[EN_SENDER_STATES] = {
        "pending", "approved", "revoked"};

const char *en_sender_state_word(enum en_sender_state s)
{
    return words[s];
}

bool en_sender_name_ok(const char *name, struct err *err)
{
    size_t n = 0;

    if (!text_utf8_ok(name, strlen(name)))
        return err_set(err, ERR_INVALID, "a name that is not UTF-8");
    for (const char *p = name; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return err_set(err, ERR_INVALID, "a name with a control character");
        n += ((unsigned char)*p & 0xC0) != 0x80;
    }
    if (n >= 1 && n <= EN_SENDER_NAME)
        return true;
    return err_set(
            err, ERR_INVALID, "a name of %zu characters, expected 1 to %d", n,
            EN_SENDER_NAME);
}

static bool from_row(struct stmt *q, struct en_sender *out, struct err *err)
{
    const char *word = stmt_col_text(q, 1);
    int state = 0;

    while (state < EN_SENDER_STATES && strcmp(words[state], word) != 0)
        state++;
    if (state == EN_SENDER_STATES)
        return err_set(err, ERR_DB, "a source of state '%.40s'", word);
    *out = (struct en_sender){
            .id = stmt_col_int(q, 0),
            .state = (enum en_sender_state)state,
            .node = !strcmp(stmt_col_text(q, 2), "node"),
            .seen_s = stmt_col_int(q, 4)};
    snprintf(out->name, sizeof out->name, "%s", stmt_col_text(q, 3));
    return true;
}

static bool
one(struct stmt *q, struct en_sender *out, bool *found, struct err *err)
{
    bool ok = stmt_step(q, found, err) && (!*found || from_row(q, out, err));

    stmt_reset(q);
    return ok;
}

bool en_sender_by_name(
        struct db *db, const char *name, struct en_sender *out, bool *found,
        struct err *err)
{
    struct stmt *q = db_stmt(db, &statements[EN_SENDER_BY_NAME], err);

    if (!q)
        return false;
    stmt_text_at(q, 1, name);
    return one(q, out, found, err);
}

bool en_sender_by_id(
        struct db *db, int64_t id, struct en_sender *out, bool *found,
        struct err *err)
{
    struct stmt *q = db_stmt(db, &statements[EN_SENDER_BY_ID], err);

    if (!q)
        return false;
    stmt_int_at(q, 1, id);
    return one(q, out, found, err);
}

bool en_sender_set_state(
        struct db *db, int64_t id, enum en_sender_state state, struct err *err)
{
    struct stmt *q = db_stmt(db, &statements[EN_SENDER_STATE], err);

    if (!q)
        return false;
    stmt_text(q, ":state", words[state]);
    stmt_int(q, ":id", id);
    return stmt_run(q, err);
}

bool en_sender_wait(
        struct db *db, const char *name, const char *agent, int64_t *id,
        struct err *err)
{
    struct stmt *q;

    if (!en_sender_name_ok(name, err) ||
        !en_source(db, "node", name, id, err) ||
        !en_sender_set_state(db, *id, EN_PENDING, err))
        return false;
    if (!agent)
        return true;
    q = db_stmt(db, &statements[EN_SENDER_AGENT], err);
    if (!q)
        return false;
    stmt_text(q, ":agent", agent);
    stmt_int(q, ":id", *id);
    return stmt_run(q, err);
}

bool en_senders_pending(struct db *db, int64_t *n, struct err *err)
{
    struct stmt *q = db_stmt(db, &statements[EN_SENDERS_PENDING], err);
    bool row = false, ok;

    if (!q)
        return false;
    ok = stmt_step(q, &row, err);
    if (ok)
        *n = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return ok;
}

bool en_sender_is(const char *name, const char *node)
{
    size_t a = strlen(name), b = strlen(node);
    size_t least = a < b ? a : b;

    if (!least || strncasecmp(name, node, least) != 0)
        return false;
    return a == b || (a > b ? name : node)[least] == '.';
}

const struct sql *en_senders_sql_list(size_t *n)
{
    *n = sizeof statements / sizeof *statements;
    return statements;
}
