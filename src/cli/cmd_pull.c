/* SPDX-License-Identifier: Apache-2.0
 * energy target, energy map, energy pull: energy that is fetched. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "access/access.h"
#include "base/file.h"
#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"
#include "energy/pull.h"

static bool
usage(const struct cmd_call *c, const char *expected, struct err *err)
{
    return err_set(
            err, ERR_USAGE, "energy %s: expected %s", c->cmd->verb, expected);
}

/* ---- targets ---------------------------------------------------------------
 */

struct listing {
    struct cmd_answer answer;
    bool as_json;
    uint64_t n;
};

static void put_when(struct json_out *j, const char *key, int64_t t_s)
{
    char when[CMD_WHEN];

    json_str(j, key, t_s ? cmd_when(t_s, when) : NULL);
}

static bool list_row(void *ctx, const struct en_target *t, struct err *err)
{
    struct listing *l = ctx;
    struct json_out *j = &l->answer.json;
    char when[CMD_WHEN];

    (void)err;
    l->n++;
    if (!l->as_json) {
        printf("%-20s %-10s %s\n", t->name, en_pull_kind_word(t->kind), t->url);
        printf("%-20s   machine %s, last %s%s%s\n", "",
               t->machine ? t->machine : "by name",
               t->ok_s ? cmd_when(t->ok_s, when) : "never",
               t->error ? ", failed: " : "", t->error ? t->error : "");
        return true;
    }
    json_begin_obj(j, NULL);
    json_str(j, "name", t->name);
    json_str(j, "kind", en_pull_kind_word(t->kind));
    json_str(j, "url", t->url);
    json_str(j, "machine", t->machine);
    json_str(j, "label", t->label);
    json_str(j, "match", t->matchers);
    json_str(j, "auth", t->auth);
    json_str(j, "key_file", t->key_file);
    json_str(j, "ca_file", t->ca_file);
    json_str(j, "since", t->since);
    json_str(j, "tenant", t->tenant);
    put_when(j, "tried_at", t->tried_s);
    put_when(j, "ok_at", t->ok_s);
    json_str(j, "error", t->error);
    json_end_obj(j);
    return true;
}

static int target_list(struct cmd_call *c, struct db *db, struct err *err)
{
    struct listing l = {.as_json = c->json};
    bool ok;

    cmd_list_begin(&l.answer, c);
    ok = en_targets(db, NULL, list_row, &l, err) &&
         cmd_list_end(&l.answer, err);
    if (ok && l.n == 0 && !c->json)
        fputs("no targets; 'fleetprint energy target add' makes one\n", stderr);
    return ok ? CMD_DONE : CMD_ERR;
}

static bool
target_of(const struct cmd_call *c, struct en_target *t, struct err *err)
{
    const char *kind = cmd_value(c, "kind"), *auth = cmd_value(c, "auth");

    *t = (struct en_target){
            .name = c->argv[1],
            .url = c->argv[2],
            .machine = cmd_value(c, "machine"),
            .label = cmd_value(c, "label"),
            .matchers = cmd_value(c, "match"),
            .auth = auth,
            .key_file = cmd_value(c, "key-file"),
            .ca_file = cmd_value(c, "ca-file"),
            .since = cmd_value(c, "since"),
            .tenant = cmd_value(c, "tenant")};
    if (kind && !en_pull_kind_from(kind, &t->kind))
        return err_set(
                err, ERR_USAGE, "no kind '%s': metrics, redfish or prometheus",
                kind);
    if (auth && strcmp(auth, "bearer") != 0 && strcmp(auth, "basic") != 0)
        return err_set(err, ERR_USAGE, "--auth: expected bearer or basic");
    if (auth && !t->key_file)
        return err_set(err, ERR_USAGE, "--auth needs --key-file FILE");
    if (t->kind != EN_PULL_ENGINE &&
        (t->label || t->matchers || t->since || t->tenant))
        return err_set(
                err, ERR_USAGE,
                "--label, --match, --since and --tenant are for --kind "
                "prometheus");
    if (t->key_file && file_kind(t->key_file) != FILE_REGULAR)
        return err_set(err, ERR_NOT_FOUND, "no file '%s'", t->key_file);
    return true;
}

static bool
target_change(struct cmd_call *c, struct db *db, bool add, struct err *err)
{
    struct en_target t;
    char detail[200];
    bool ok;

    if (add && !target_of(c, &t, err))
        return false;
    if (!db_begin(db, err))
        return false;
    snprintf(
            detail, sizeof detail, "target %s %.90s",
            add ? "added:" : "removed:", c->argv[1]);
    ok = (add ? en_target_add(db, &t, err)
              : en_target_remove(db, c->argv[1], err)) &&
         acc_audit(db, acc_cli_actor(), "energy.target", detail, err) &&
         db_commit(db, err);
    if (!ok)
        db_rollback(db);
    else if (add)
        fprintf(stderr, "added; 'fleetprint energy pull %s' reads it\n",
                c->argv[1]);
    return ok;
}

static int run_target(struct cmd_call *c, struct err *err)
{
    const char *what = c->argv[0];
    bool add = strcmp(what, "add") == 0, list = strcmp(what, "list") == 0;
    struct db *db = NULL;
    int status = CMD_ERR;

    if (!(add && c->argc == 3) && !(list && c->argc == 1) &&
        !(strcmp(what, "remove") == 0 && c->argc == 2)) {
        usage(c, "add NAME URL, list or remove NAME", err);
        return CMD_ERR;
    }
    if (!(add ? db_open(c->db_path, DB_CREATE, &db, err)
              : cmd_db(c, list ? DB_READ : DB_WRITE, &db, err)))
        return CMD_ERR;
    if (list)
        status = target_list(c, db, err);
    else if (target_change(c, db, add, err))
        status = CMD_DONE;
    db_close(db);
    return status;
}

static const struct cmd_opt target_opts[] = {
        {"kind", 0, "KIND", "metrics (default), redfish or prometheus"},
        {"machine", 0, "TAG", "what it measures; else by the target's name"},
        {"label", 0, "LABEL", "of an engine: names the machine (instance)"},
        {"match", 0, "MATCHERS", "of an engine: which series, job=\"node\""},
        {"since", 0, "MONTH", "of an engine: first month to read, 2025-01"},
        {"tenant", 0, "ID", "of an engine of several tenants (Mimir)"},
        {"key-file", 0, "FILE", "holds the token, or user:password"},
        {"auth", 0, "HOW", "bearer (default) or basic"},
        {"ca-file", 0, "FILE", "certificates to trust, PEM"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_energy_target = {
        .noun = "energy",
        .verb = "target",
        .group = "Energy",
        .summary = "What 'energy pull' reads: exporters, BMCs, engines",
        .args = "add NAME URL | list | remove NAME",
        .min_args = 1,
        .max_args = 3,
        .opts = target_opts,
        .examples =
                "  fleetprint energy target add node7"
                " http://node7:9100/metrics --machine SRV-007\n"
                "  fleetprint energy target add bmc7 --kind redfish --auth "
                "basic"
                " --key-file /etc/fleetprint/bmc.key"
                " https://bmc7/redfish/v1/Chassis/1/Power\n"
                "  fleetprint energy target add vm --kind prometheus --since"
                " 2025-01 --match 'job=\"node\"' http://vm:8428\n"
                "  fleetprint energy target list",
        .run = run_target,
};

/* ---- the map
 * ----------------------------------------------------------------- */

static int map_list(struct cmd_call *c, struct db *db, struct err *err)
{
    struct imp_metric_map *m = NULL;
    const struct imp_rule *r;
    struct cmd_answer answer;
    struct json_out *j = &answer.json;
    bool own = false, ok;

    if (!(db ? en_metric_map(db, &m, err) : imp_metric_map_open(&m, err)))
        return CMD_ERR;
    cmd_list_begin(&answer, c);
    for (size_t i = 0; (r = imp_metric_map_at(m, i, &own)) != NULL; i++) {
        if (!c->json) {
            out_printf(
                    &answer.out, "%s = %s%s\n", r->metric, r->text,
                    own ? "   # yours" : "");
            continue;
        }
        json_begin_obj(j, NULL);
        json_str(j, "metric", r->metric);
        json_str(j, "rule", r->text);
        json_bool(j, "own", own);
        json_end_obj(j);
    }
    ok = cmd_list_end(&answer, err);
    imp_metric_map_free(m);
    return ok ? CMD_DONE : CMD_ERR;
}

static bool map_change(struct cmd_call *c, struct db *db, struct err *err)
{
    const char *rules = c->argc == 3 ? c->argv[2] : NULL;
    char detail[400];
    bool ok;

    if (!db_begin(db, err))
        return false;
    snprintf(
            detail, sizeof detail, "%.150s: %.200s", c->argv[1],
            rules ? rules : "the program's own");
    ok = en_metric_set(db, c->argv[1], rules, err) &&
         acc_audit(db, acc_cli_actor(), "energy.map", detail, err) &&
         db_commit(db, err);
    if (!ok)
        db_rollback(db);
    return ok;
}

static int run_map(struct cmd_call *c, struct err *err)
{
    const char *what = c->argv[0];
    bool list = strcmp(what, "list") == 0;
    struct db *db = NULL;
    int status = CMD_ERR;

    if (!(list && c->argc == 1) &&
        !(strcmp(what, "set") == 0 && c->argc == 3) &&
        !(strcmp(what, "reset") == 0 && c->argc == 2)) {
        usage(c, "list, set METRIC RULES or reset METRIC", err);
        return CMD_ERR;
    }
    if (!(list ? cmd_db_if_any(c, &db, err)
               : db_open(c->db_path, DB_CREATE, &db, err)))
        return CMD_ERR;
    if (list)
        status = map_list(c, db, err);
    else if (map_change(c, db, err))
        status = CMD_DONE;
    db_close(db);
    return status;
}

const struct cmd cmd_energy_map = {
        .noun = "energy",
        .verb = "map",
        .group = "Energy",
        .summary = "Which metrics are energy, and of what",
        .args = "list | set METRIC RULES | reset METRIC",
        .min_args = 1,
        .max_args = 3,
        .examples =
                "  fleetprint energy map list\n"
                "  fleetprint energy map set pdu_power_watts"
                " 'outlet gauge W by outlet'\n"
                "  fleetprint energy map set node_hwmon_power_average_watt "
                "off\n"
                "  fleetprint energy map reset node_hwmon_power_average_watt",
        .run = run_map,
};

/* ---- pulling
 * ----------------------------------------------------------------- */

static const double TICK_S = 0.2;

struct line { /* of progress, on a terminal */
    bool shown;
    int month; /* as shown */
    double at_s;
};

static void quiet(struct line *l)
{
    if (l->shown)
        fputs("\r\033[K", stderr);
    l->shown = false;
}

static void on_progress(void *ctx, const struct en_pull_at *at)
{
    struct line *l = ctx;
    struct timespec now;
    double now_s;

    clock_gettime(CLOCK_MONOTONIC, &now);
    now_s = (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
    if (l->shown && l->month == at->month && now_s - l->at_s < TICK_S)
        return;
    l->shown = true;
    l->month = at->month;
    l->at_s = now_s;
    fprintf(stderr, "\r%s (%llu of %llu)", at->target,
            (unsigned long long)at->nth, (unsigned long long)at->of);
    if (at->month)
        fprintf(stderr, ": %04d-%02d, %zu of %zu machines, %llu readings",
                at->month / 12, at->month % 12 + 1, at->machines, at->all,
                (unsigned long long)at->points);
    fputs("\033[K", stderr);
    fflush(stderr);
}

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

/* A line that stays, after one of progress is wiped away. */
static void say(void *ctx, const char *target, const char *text)
{
    quiet(ctx);
    fprintf(stderr, "%s: %s\n", target, text);
}

/* "2025-03" as year * 12 + month - 1; 0 where none is given. */
static bool
month_of(const struct cmd_call *c, const char *name, int *out, struct err *err)
{
    const char *text = cmd_value(c, name);
    int64_t year, month;

    *out = 0;
    if (!text)
        return true;
    if (strlen(text) != 7 || text[4] != '-' ||
        !num_parse_int(text, 4, 1990, 2200, &year, NULL) ||
        !num_parse_int(text + 5, 2, 1, 12, &month, NULL))
        return err_set(
                err, ERR_USAGE, "--%s '%s': expected a month such as 2025-03",
                name, text);
    *out = (int)(year * 12 + month - 1);
    return true;
}

static bool print_pulled(
        const struct cmd_call *c, const struct en_pulled *p, struct err *err)
{
    struct cmd_answer answer;
    struct json_out *j = &answer.json;

    if (!c->json) {
        fprintf(stderr,
                "%llu targets, %llu failed: %llu readings taken, %llu known, "
                "%llu refused; of engines %llu readings into %llu months\n",
                (unsigned long long)p->targets, (unsigned long long)p->failed,
                (unsigned long long)p->accepted,
                (unsigned long long)p->duplicate,
                (unsigned long long)p->refused, (unsigned long long)p->points,
                (unsigned long long)p->months);
        if (p->unlinked)
            fprintf(stderr,
                    "%llu sources are of no machine that is known by that "
                    "name: what they gave waits for it\n",
                    (unsigned long long)p->unlinked);
        return true;
    }
    cmd_object_begin(&answer, false);
    json_int(j, "targets", (int64_t)p->targets);
    json_int(j, "failed", (int64_t)p->failed);
    json_int(j, "accepted", (int64_t)p->accepted);
    json_int(j, "duplicate", (int64_t)p->duplicate);
    json_int(j, "refused", (int64_t)p->refused);
    json_int(j, "points", (int64_t)p->points);
    json_int(j, "months", (int64_t)p->months);
    json_int(j, "unlinked", (int64_t)p->unlinked);
    return cmd_object_end(&answer, err);
}

static int run_pull(struct cmd_call *c, struct err *err)
{
    const struct sigaction action = {.sa_handler = on_signal};
    struct line line = {0};
    struct en_pull_ask ask = {
            .target = c->argc ? c->argv[0] : NULL,
            .now_s = (int64_t)time(NULL),
            .actor = acc_cli_actor(),
            .stop = &stop,
            .say = say,
            .progress = isatty(STDERR_FILENO) ? on_progress : NULL,
            .ctx = &line};
    struct en_pulled pulled = {0};
    struct db *db = NULL;
    bool ok;

    if (!month_of(c, "from", &ask.from_month, err) ||
        !month_of(c, "to", &ask.to_month, err))
        return CMD_ERR;
    if (ask.to_month && ask.from_month > ask.to_month) {
        err_set(err, ERR_USAGE, "--from is after --to");
        return CMD_ERR;
    }
    if (!cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    ok = en_pull(db, &ask, &pulled, err);
    quiet(&line);
    ok = ok && cmd_fold(db, err);
    db_close(db);
    if (!ok || !print_pulled(c, &pulled, err))
        return CMD_ERR;
    if (pulled.targets == 0)
        fputs("no targets; 'fleetprint energy target add' makes one\n", stderr);
    /* The others went on: done, but not all of it. */
    return pulled.failed == 0                ? CMD_DONE
           : pulled.failed == pulled.targets ? CMD_FAILED
                                             : CMD_REFUSED;
}

static const struct cmd_opt pull_opts[] = {
        {"from", 0, "MONTH", "of engines: first month, 2025-01"},
        {"to", 0, "MONTH", "of engines: last month"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_energy_pull = {
        .noun = "energy",
        .verb = "pull",
        .group = "Energy",
        .summary = "Reads the targets: one reading each, or months of engines",
        .args = "[TARGET]",
        .min_args = 0,
        .max_args = 1,
        .opts = pull_opts,
        .examples = "  fleetprint energy pull\n"
                    "  fleetprint energy pull vm --from 2025-01 --to 2025-12",
        .run = run_pull,
};
