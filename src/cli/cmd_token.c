/* SPDX-License-Identifier: Apache-2.0
 * token: the bearer tokens of nodes, sites and scrapers. A token is printed
 * once when it is made; only its hash is kept. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "access/access.h"
#include "base/json.h"
#include "cli/cli.h"
#include "energy/ledger.h"
#include "energy/senders.h"
#include "inventory/inventory.h"

enum { DAY_S = 86400, MAX_DAYS = 36500, MAX_NOTE = 200 };

/* ---- create ----------------------------------------------------------------
 */

static bool
site_of(struct db *db, const char *name, struct acc_token *t, struct err *err)
{
    struct inv_sites sites = {0};

    if (!inv_sites_load(db, &sites, err))
        return false;
    for (size_t i = 0; i < sites.n && !t->site_id; i++)
        if (!strcmp(sites.items[i].name, name))
            t->site_id = sites.items[i].id;
    inv_sites_clear(&sites);
    return t->site_id ? true
                      : err_set(err, ERR_NOT_FOUND,
                                "no site '%.120s', 'fleetprint site set' makes "
                                "one",
                                name);
}

static bool
node_of(struct db *db, const char *name, struct acc_token *t, struct err *err)
{
    struct en_sender s;
    bool found;

    if (!en_sender_name_ok(name, err) ||
        !en_sender_by_name(db, name, &s, &found, err))
        return false;
    if (found && !s.node)
        return err_set(
                err, ERR_CONFLICT, "'%.120s' is a source that is no node",
                name);
    /* One that was waiting is let in by giving it a token by hand. */
    return en_source(db, "node", name, &t->source_id, err) &&
           en_sender_set_state(db, t->source_id, EN_APPROVED, err);
}

static bool
wishes(struct cmd_call *c, struct db *db, struct acc_token *t, struct err *err)
{
    const char *site = cmd_value(c, "enrol"), *days = cmd_value(c, "days");
    int n = (c->argc > 0) + (site != NULL) + cmd_flag(c, "scrape");
    int64_t number;

    if (n != 1)
        return err_set(
                err, ERR_USAGE,
                "one of NODE, --enrol SITE and --scrape is needed");
    t->note = cmd_value(c, "note");
    if (t->note && strlen(t->note) > MAX_NOTE)
        return err_set(
                err, ERR_USAGE, "a note of more than %d bytes", MAX_NOTE);
    if (days) {
        if (!cmd_number("days", days, 1, MAX_DAYS, &number, err))
            return false;
        t->expires_s = (int64_t)time(NULL) + number * DAY_S;
    }
    t->kind = site ? ACC_ENROL : c->argc ? ACC_NODE : ACC_SCRAPE;
    return site      ? site_of(db, site, t, err)
           : c->argc ? node_of(db, c->argv[0], t, err)
                     : true;
}

static bool
create(struct cmd_call *c, struct db *db, struct acc_token *t, const char *text,
       struct err *err)
{
    const char *site = cmd_value(c, "enrol");
    char detail[300];

    if (!wishes(c, db, t, err) || !acc_token_add(db, t, text, &t->id, err))
        return false;
    snprintf(
            detail, sizeof detail, "%lld %s %.120s", (long long)t->id,
            acc_token_word(t->kind),
            site      ? site
            : c->argc ? c->argv[0]
                      : "-");
    return acc_audit(db, acc_cli_actor(), "token create", detail, err);
}

static int
print_created(struct cmd_call *c, const struct acc_token *t, const char *text)
{
    struct json_out j;
    struct out o;

    out_to_file(&o, stdout);
    if (c->json) {
        json_out_init(&j, &o, false);
        json_begin_obj(&j, NULL);
        json_int(&j, "id", t->id);
        json_str(&j, "kind", acc_token_word(t->kind));
        json_str(&j, "node", c->argc ? c->argv[0] : NULL);
        json_str(&j, "site", cmd_value(c, "enrol"));
        json_str(&j, "token", text);
        json_end_obj(&j);
    } else {
        out_str(&o, text);
        fprintf(stderr,
                "token %lld; it is shown this once, keep it in a file that only"
                " its program reads\n",
                (long long)t->id);
    }
    out_char(&o, '\n');
    return out_finish(&o, NULL) ? CMD_DONE : CMD_FAILED;
}

static int run_create(struct cmd_call *c, struct err *err)
{
    struct acc_token t = {0};
    char text[ACC_TOKEN_TEXT];
    struct db *db = NULL;
    int status = CMD_ERR;

    if (!cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    acc_token_draw(
            cmd_value(c, "enrol") ? ACC_ENROL
            : c->argc             ? ACC_NODE
                                  : ACC_SCRAPE,
            text);
    if (!db_begin(db, err))
        goto done;
    if (!create(c, db, &t, text, err)) {
        db_rollback(db);
        goto done;
    }
    if (db_commit(db, err))
        status = print_created(c, &t, text);
done:
    acc_wipe(text, sizeof text);
    db_close(db);
    return status;
}

static const struct cmd_opt create_opts[] = {
        {"enrol", 0, "SITE", "a key with which nodes of SITE ask to be let in"},
        {"scrape", 0, NULL, "for reading /metrics"},
        {"days", 0, "N", "it expires after N days"},
        {"note", 0, "TEXT", "what it is for"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_token_create = {
        .noun = "token",
        .verb = "create",
        .group = "Site",
        .summary = "Makes a token of a node, a site or a scraper; shown once",
        .args = "[NODE]",
        .max_args = 1,
        .opts = create_opts,
        .examples = "  fleetprint token create node12 >token\n"
                    "  fleetprint token create --enrol paris --days 30\n"
                    "  fleetprint token create --scrape",
        .run = run_create,
};

/* ---- list -------------------------------------------------------------------
 */

struct listing {
    struct db *db;
    struct inv_sites sites;
    struct json_out *j; /* NULL: as text */
    int64_t now_s, n;
};

static const char *state_of(
        const struct listing *l, const struct acc_token *t,
        const struct en_sender *s, bool found)
{
    if (t->revoked_s)
        return "revoked";
    if (!acc_token_holds(t, l->now_s))
        return "expired";
    return found && s->state != EN_APPROVED ? en_sender_state_word(s->state)
                                            : "good";
}

static void moment(struct json_out *j, const char *key, int64_t t_s)
{
    char when[CMD_WHEN];

    json_str(j, key, t_s ? cmd_when(t_s, when) : NULL);
}

static bool list_one(void *ctx, const struct acc_token *t, struct err *err)
{
    struct listing *l = ctx;
    const struct inv_site *site =
            t->site_id ? inv_site_by_id(&l->sites, t->site_id) : NULL;
    struct en_sender s = {0};
    char when[CMD_WHEN];
    bool found = false;
    const char *state;

    if (t->source_id && !en_sender_by_id(l->db, t->source_id, &s, &found, err))
        return false;
    state = state_of(l, t, &s, found);
    l->n++;
    if (!l->j) {
        printf("%5lld  %-7s %-9s %-24s %s%s%s\n", (long long)t->id,
               acc_token_word(t->kind), state,
               found  ? s.name
               : site ? site->name
                      : "-",
               t->used_s ? cmd_when(t->used_s, when) : "never used",
               t->note ? "  " : "", t->note ? t->note : "");
        return true;
    }
    json_begin_obj(l->j, NULL);
    json_int(l->j, "id", t->id);
    json_str(l->j, "kind", acc_token_word(t->kind));
    json_str(l->j, "state", state);
    json_str(l->j, "node", found ? s.name : NULL);
    json_str(l->j, "site", site ? site->name : NULL);
    json_str(l->j, "note", t->note);
    moment(l->j, "created_at", t->created_s);
    moment(l->j, "expires_at", t->expires_s);
    moment(l->j, "used_at", t->used_s);
    moment(l->j, "revoked_at", t->revoked_s);
    moment(l->j, "seen_at", s.seen_s);
    json_end_obj(l->j);
    return true;
}

static int run_list(struct cmd_call *c, struct err *err)
{
    struct listing l = {.now_s = (int64_t)time(NULL)};
    int status = CMD_ERR;
    struct cmd_answer answer;

    if (!cmd_db(c, DB_READ, &l.db, err))
        return CMD_ERR;
    cmd_list_begin(&answer, c);
    if (c->json)
        l.j = &answer.json;
    if (!inv_sites_load(l.db, &l.sites, err) ||
        !acc_tokens(l.db, 0, list_one, &l, err))
        goto done;
    if (!c->json && !l.n)
        fputs("no tokens; 'fleetprint token create NODE' makes one\n", stderr);
    if (cmd_list_end(&answer, err))
        status = CMD_DONE;
done:
    inv_sites_clear(&l.sites);
    db_close(l.db);
    return status;
}

const struct cmd cmd_token_list = {
        .noun = "token",
        .verb = "list",
        .group = "Site",
        .summary = "Lists the tokens: kind, state, whose, when last used",
        .examples = "  fleetprint token list\n  fleetprint --json token list",
        .run = run_list,
};

/* ---- revoke and approve
 * ------------------------------------------------------ */

/* Of a node that waits, this is the refusal. */
static bool
revoke(struct db *db, int64_t id, struct acc_token *t, struct err *err)
{
    struct en_sender s;
    char detail[100];
    bool found = false;

    if (!acc_token_revoke(db, id, t, err) ||
        (t->source_id && !en_sender_by_id(db, t->source_id, &s, &found, err)))
        return false;
    if (found && s.state == EN_PENDING &&
        !en_sender_set_state(db, s.id, EN_REVOKED, err))
        return false;
    snprintf(
            detail, sizeof detail, "%lld %s", (long long)id,
            acc_token_word(t->kind));
    return acc_audit(db, acc_cli_actor(), "token revoke", detail, err);
}

static bool a_holding(void *ctx, const struct acc_token *t, struct err *err)
{
    bool *any = ctx;

    (void)err;
    *any |= acc_token_holds(t, (int64_t)time(NULL));
    return true;
}

static bool
approve(struct db *db, const char *name, struct en_sender *s, struct err *err)
{
    bool found, any = false;

    if (!en_sender_by_name(db, name, s, &found, err))
        return false;
    if (!found || !s->node)
        return err_set(
                err, ERR_NOT_FOUND,
                "no node '%.120s' has asked, 'fleetprint token list' names "
                "them",
                name);
    if (!acc_tokens(db, s->id, a_holding, &any, err))
        return false;
    if (!any)
        return err_set(
                err, ERR_CONFLICT,
                "the token of '%.120s' was revoked; it has to enrol again",
                name);
    return en_sender_set_state(db, s->id, EN_APPROVED, err) &&
           acc_audit(db, acc_cli_actor(), "token approve", name, err);
}

static bool
decide(struct cmd_call *c, struct db *db, bool revoking, int64_t id,
       struct err *err)
{
    struct en_sender s;
    struct acc_token t;

    if (!db_begin(db, err))
        return false;
    if (!(revoking ? revoke(db, id, &t, err)
                   : approve(db, c->argv[0], &s, err))) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err);
}

static void print_decided(struct cmd_call *c, bool revoking, int64_t id)
{
    struct cmd_answer answer;

    if (!c->json) {
        fprintf(stderr, "%s %s\n", revoking ? "revoked token" : "let in",
                c->argv[0]);
        return;
    }
    cmd_object_begin(&answer, false);
    if (revoking)
        json_int(&answer.json, "revoked", id);
    else
        json_str(&answer.json, "approved", c->argv[0]);
    cmd_object_end(&answer, NULL);
}

static int run_decide(struct cmd_call *c, struct err *err)
{
    bool revoking = c->cmd == &cmd_token_revoke, ok;
    struct db *db = NULL;
    int64_t id = 0;

    if (revoking && !cmd_number("token", c->argv[0], 1, INT64_MAX, &id, err))
        return CMD_ERR;
    if (!cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    ok = decide(c, db, revoking, id, err);
    db_close(db);
    if (!ok)
        return CMD_ERR;
    print_decided(c, revoking, id);
    return CMD_DONE;
}

const struct cmd cmd_token_revoke = {
        .noun = "token",
        .verb = "revoke",
        .group = "Site",
        .summary = "Ends a token; of a node that waits, refuses it",
        .args = "ID",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint token revoke 3",
        .run = run_decide,
};

const struct cmd cmd_token_approve = {
        .noun = "token",
        .verb = "approve",
        .group = "Site",
        .summary = "Lets a node in that has enrolled",
        .args = "NODE",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint token approve node12",
        .run = run_decide,
};
