/* SPDX-License-Identifier: Apache-2.0
 * grid pull: grid values from the services that publish them. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/json.h"
#include "cli/cli.h"
#include "energy/grid_pull.h"

enum { USUAL_DAYS = 7 };

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static void say(void *ctx, const char *place, const char *text)
{
    (void)ctx;
    fprintf(stderr, "warning: %s: %s\n", place, text);
}

static bool
day_of(const struct cmd_call *c, const char *name, int32_t *out,
       struct err *err)
{
    const char *text = cmd_value(c, name);
    struct date d;

    if (!text)
        return true;
    if (!date_parse(text, strlen(text), &d, NULL) || d.day == 0)
        return err_set(
                err, ERR_USAGE, "--%s '%s': expected a day such as 2026-01-31",
                name, text);
    *out = date_days(d);
    return true;
}

static bool
ask_of(const struct cmd_call *c, struct en_grid_ask *ask, struct err *err)
{
    struct date today;

    ask->service = en_grid_service(c->argv[0]);
    if (!ask->service) {
        for (const struct en_grid_service *s = en_grid_services; s->name; s++)
            fprintf(stderr, "  %-16s %s\n", s->name, s->what);
        return err_set(
                err, ERR_USAGE, "no service '%s'; those above are known",
                c->argv[0]);
    }
    if (!date_today(&today, err))
        return false;
    ask->to = date_days(today);
    if (!day_of(c, "to", &ask->to, err))
        return false;
    ask->from = ask->to - USUAL_DAYS;
    return day_of(c, "from", &ask->from, err);
}

static bool print_counts(
        const struct cmd_call *c, const struct en_grid_counts *n,
        struct err *err)
{
    struct cmd_answer answer;
    struct json_out *j = &answer.json;

    if (!c->json) {
        fprintf(stderr, "%llu hours added, %llu changed, %llu unchanged\n",
                (unsigned long long)n->added, (unsigned long long)n->changed,
                (unsigned long long)n->same);
        return true;
    }
    cmd_object_begin(&answer, false);
    json_str(j, "service", c->argv[0]);
    json_int(j, "added", (int64_t)n->added);
    json_int(j, "changed", (int64_t)n->changed);
    json_int(j, "unchanged", (int64_t)n->same);
    return cmd_object_end(&answer, err);
}

static int run_grid_pull(struct cmd_call *c, struct err *err)
{
    const struct sigaction action = {.sa_handler = on_signal};
    struct en_grid_ask ask = {
            .zone = cmd_value(c, "zone"),
            .key_file = cmd_value(c, "key-file"),
            .base = cmd_value(c, "url"),
            .actor = acc_cli_actor(),
            .stop = &stop,
            .say = say};
    struct en_grid_counts counts = {0};
    struct db *db = NULL;
    bool ok;

    if (!ask_of(c, &ask, err) || !db_open(c->db_path, DB_CREATE, &db, err))
        return CMD_ERR;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    ok = en_grid_pull(db, &ask, &counts, err);
    if (!ok)
        err_in(err, "%s", c->argv[0]);
    db_close(db);
    return ok && print_counts(c, &counts, err) ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt opts[] = {
        {"zone", 0, "ZONE", "as the service calls it: FR, DE, ..."},
        {"from", 0, "DAY", "first day, UTC; else a week before --to"},
        {"to", 0, "DAY", "day after the last; else today"},
        {"key-file", 0, "FILE", "holds the key of the service"},
        {"url", 0, "URL", "another address with the same API"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_grid_pull = {
        .noun = "grid",
        .verb = "pull",
        .group = "Factors",
        .summary = "Fetches grid values: rte, electricitymaps or uk",
        .args = "SERVICE",
        .min_args = 1,
        .max_args = 1,
        .opts = opts,
        .examples =
                "  fleetprint grid pull rte --from 2026-01-01 --to 2026-02-01\n"
                "  fleetprint grid pull electricitymaps --zone FR --key-file"
                " /etc/fleetprint/electricitymaps.key\n"
                "  fleetprint grid pull uk",
        .run = run_grid_pull,
};
