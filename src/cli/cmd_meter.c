/* SPDX-License-Identifier: Apache-2.0
 * energy meter: says that a meter is gone, or that it is back. */
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/date.h"
#include "base/json.h"
#include "cli/cli.h"
#include "energy/listing.h"

struct change {
    const char *source, *meter;
    bool gone;
    bool dated;
    int32_t day;
    int64_t from_s; /* it is gone */
};

static bool change_of(struct cmd_call *c, struct change *x, struct err *err)
{
    const char *on = cmd_value(c, "on");
    struct date d;

    *x = (struct change){.source = c->argv[1], .meter = c->argv[2]};
    x->gone = strcmp(c->argv[0], "gone") == 0;
    if (!x->gone && strcmp(c->argv[0], "back") != 0)
        return err_set(
                err, ERR_USAGE,
                "energy meter: expected gone SOURCE METER or back SOURCE "
                "METER");
    if (!on)
        return true;
    if (!x->gone)
        return err_set(err, ERR_USAGE, "--on is of gone");
    if (!date_parse(on, strlen(on), &d, NULL) || !d.day)
        return err_set(
                err, ERR_USAGE, "--on '%s': expected a day such as 2026-04-10",
                on);
    x->dated = true;
    x->day = date_days(d);
    return true;
}

static bool change(struct db *db, struct change *x, struct err *err)
{
    char detail[400], when[CMD_WHEN];
    bool ok;

    if (!db_begin(db, err))
        return false;
    ok = x->gone ? en_meter_gone(
                           db, x->source, x->meter, x->dated ? &x->day : NULL,
                           &x->from_s, err)
                 : en_meter_back(db, x->source, x->meter, err);
    if (ok) {
        snprintf(
                detail, sizeof detail, "%.120s %.200s %s%s", x->source,
                x->meter, x->gone ? "gone from " : "back",
                x->gone ? cmd_when(x->from_s, when) : "");
        ok = acc_audit(db, acc_cli_actor(), "energy.meter", detail, err) &&
             db_commit(db, err);
    }
    if (!ok)
        db_rollback(db);
    return ok;
}

static bool
say(const struct cmd_call *c, const struct change *x, struct err *err)
{
    struct cmd_answer answer;
    char when[CMD_WHEN];

    if (!c->json) {
        if (x->gone)
            fprintf(stderr, "gone from %s on; nothing is missed of it then\n",
                    cmd_when(x->from_s, when));
        else
            fputs("back; it is missed where it does not read\n", stderr);
        return true;
    }
    cmd_object_begin(&answer, false);
    json_str(&answer.json, "source", x->source);
    json_str(&answer.json, "meter", x->meter);
    json_str(
            &answer.json, "gone_since",
            x->gone ? cmd_when(x->from_s, when) : NULL);
    return cmd_object_end(&answer, err);
}

static int run_meter(struct cmd_call *c, struct err *err)
{
    struct db *db = NULL;
    struct change x;
    bool ok;

    if (!change_of(c, &x, err) || !cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    ok = change(db, &x, err) && say(c, &x, err);
    db_close(db);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt meter_opts[] = {
        {"on", 0, "DATE",
         "gone from that day on, UTC (default: from its last reading on)"},
        {NULL, 0, NULL, NULL}};

const struct cmd cmd_energy_meter = {
        .noun = "energy",
        .verb = "meter",
        .group = "Energy",
        .summary = "A meter that was taken away: it is not missed any more",
        .args = "gone SOURCE METER | back SOURCE METER",
        .min_args = 3,
        .max_args = 3,
        .opts = meter_opts,
        .examples = "  fleetprint energy status\n"
                    "  fleetprint energy meter gone node7 package-1\n"
                    "  fleetprint energy meter gone pdu3 outlet-12 --on "
                    "2026-04-10\n"
                    "  fleetprint energy meter back node7 package-1",
        .run = run_meter,
};
