/* SPDX-License-Identifier: Apache-2.0
 * calendar set, list, remove and market add, list, residual, remove: when
 * machines are on, and the electricity that a site buys. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"
#include "energy/operation.h"

enum { HOURS_TEXT = 64 * 1024 };

/* Opens the database, runs one change and says so. */
struct change {
    bool (*run)(
            struct db *db, const struct cmd_call *c, const char *actor,
            struct err *err);
    const char *done; /* "calendar '%s' set" */
};

static int
run_change(struct cmd_call *c, const struct change *x, struct err *err)
{
    struct db *db = NULL;
    bool ok;

    if (!cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    ok = x->run(db, c, acc_cli_actor(), err);
    db_close(db);
    if (!ok)
        return CMD_ERR;
    fprintf(stderr, "%s '%s'\n", x->done, c->argv[0]);
    return CMD_DONE;
}

/* ---- calendars ----------------------------------------------------------- */

static bool calendar_set(
        struct db *db, const struct cmd_call *c, const char *actor,
        struct err *err)
{
    const struct en_calendar_edit e = {
            .name = c->argv[0],
            .hours = cmd_value(c, "hours"),
            .closed = (const char *const *)c->argv + 1,
            .n_closed = (size_t)(c->argc - 1),
            .open_all = cmd_flag(c, "no-closed")};

    return en_calendar_set(db, &e, actor, err);
}

static int run_calendar_set(struct cmd_call *c, struct err *err)
{
    static const struct change x = {calendar_set, "set calendar"};

    return run_change(c, &x, err);
}

static const struct cmd_opt calendar_opts[] = {
        {"hours", 0, "TEXT", "'mon-fri 08:00-18:00, sat 9-12', or 'always'"},
        {"no-closed", 0, NULL, "first drop the closed days that it has"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_calendar_set = {
        .noun = "calendar",
        .verb = "set",
        .group = "Energy",
        .summary = "Says when machines are on: hours of the week, closed days",
        .args = "NAME [FIRST..LAST]...",
        .min_args = 1,
        .max_args = -1,
        .opts = calendar_opts,
        .examples = "  fleetprint calendar set teaching --hours 'mon-fri"
                    " 08:00-18:00' 2025-07-12..2025-08-31 2025-12-25\n"
                    "  fleetprint power set --category desktop --calendar"
                    " teaching",
        .run = run_calendar_set,
};

static bool calendar_remove(
        struct db *db, const struct cmd_call *c, const char *actor,
        struct err *err)
{
    return en_calendar_remove(db, c->argv[0], actor, err);
}

static int run_calendar_remove(struct cmd_call *c, struct err *err)
{
    static const struct change x = {calendar_remove, "removed calendar"};

    return run_change(c, &x, err);
}

const struct cmd cmd_calendar_remove = {
        .noun = "calendar",
        .verb = "remove",
        .group = "Energy",
        .summary = "Drops a calendar that no power model uses",
        .args = "NAME",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint calendar remove teaching",
        .run = run_calendar_remove,
};

static void
put_calendar(struct json_out *j, const struct en_calendar *c, const char *hours)
{
    char day[DATE_TEXT];

    json_begin_obj(j, NULL);
    json_str(j, "name", c->name);
    json_str(j, "hours", hours);
    json_begin_arr(j, "closed");
    for (size_t i = 0; i < c->n_closed; i++) {
        json_begin_obj(j, NULL);
        json_str(
                j, "from",
                date_print(date_from_days(c->closed[i].from_day), day));
        json_str(j, "to", date_print(date_from_days(c->closed[i].to_day), day));
        json_end_obj(j);
    }
    json_end_arr(j);
    json_end_obj(j);
}

static void
print_calendar(struct out *o, const struct en_calendar *c, const char *hours)
{
    char from[DATE_TEXT], to[DATE_TEXT];

    out_printf(o, "%-20s %s\n", c->name, hours);
    for (size_t i = 0; i < c->n_closed; i++)
        out_printf(
                o, "%-20s closed %s..%s\n", "",
                date_print(date_from_days(c->closed[i].from_day), from),
                date_print(date_from_days(c->closed[i].to_day), to));
}

static int run_calendar_list(struct cmd_call *c, struct err *err)
{
    struct en_models m = {0};
    struct db *db = NULL;
    struct buf hours;
    struct cmd_answer answer;
    int status = CMD_ERR;

    if (!cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    buf_init(&hours, HOURS_TEXT);
    if (!en_models_load(db, &m, err))
        goto done;
    cmd_list_begin(&answer, c);
    for (size_t i = 0; i < m.n_calendars; i++) {
        buf_reset(&hours);
        en_hours_print(m.calendars[i].on, &hours);
        if (c->json)
            put_calendar(&answer.json, &m.calendars[i], buf_text(&hours));
        else
            print_calendar(&answer.out, &m.calendars[i], buf_text(&hours));
    }
    if (cmd_list_end(&answer, err))
        status = CMD_DONE;
done:
    buf_clear(&hours);
    en_models_clear(&m);
    db_close(db);
    return status;
}

const struct cmd cmd_calendar_list = {
        .noun = "calendar",
        .verb = "list",
        .group = "Energy",
        .summary = "Lists the calendars and their closed days",
        .examples = "  fleetprint calendar list",
        .run = run_calendar_list,
};

/* ---- contracts ----------------------------------------------------------- */

static bool number_of(
        const struct cmd_call *c, const char *name, double *out,
        struct err *err)
{
    const char *text = cmd_value(c, name);

    if (!text)
        return err_set(err, ERR_USAGE, "--%s is needed", name);
    if (num_parse(text, strlen(text), NUM_POINT, out, err))
        return true;
    err->code = ERR_USAGE;
    err_in(err, "--%s '%.40s'", name, text);
    return false;
}

static bool instrument_of(
        const struct cmd_call *c, struct en_instrument *i, struct err *err)
{
    const char *year = cmd_value(c, "year");
    int64_t y;

    *i = (struct en_instrument){
            .site = c->argv[0], .source = cmd_value(c, "source"), .mwh = NAN};
    if (!year)
        return err_set(err, ERR_USAGE, "--year is needed");
    if (!cmd_number("--year", year, 1990, 2200, &y, err) ||
        !number_of(c, "g", &i->g_per_kwh, err))
        return false;
    i->year = (int)y;
    return true;
}

static bool market_add(
        struct db *db, const struct cmd_call *c, const char *actor,
        struct err *err)
{
    struct en_instrument i;
    int64_t id;

    if (!instrument_of(c, &i, err) || !number_of(c, "mwh", &i.mwh, err) ||
        !en_instrument_add(db, &i, actor, &id, err))
        return false;
    fprintf(stderr, "contract %lld: ", (long long)id);
    return true;
}

static int run_market_add(struct cmd_call *c, struct err *err)
{
    static const struct change x = {market_add, "added to site"};

    return run_change(c, &x, err);
}

static const struct cmd_opt add_opts[] = {
        {"year", 0, "YEAR", "year of the contract or the certificates"},
        {"mwh", 0, "N", "how much of that year it covers"},
        {"g", 0, "N", "its factor, g CO2e/kWh"},
        {"source", 0, "TEXT", "the contract, or the certificates' registry"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_market_add = {
        .noun = "market",
        .verb = "add",
        .group = "Energy",
        .summary = "Adds a contract or certificates to a site and year",
        .args = "SITE",
        .min_args = 1,
        .max_args = 1,
        .opts = add_opts,
        .examples = "  fleetprint market add lyon --year 2025 --mwh 300 --g 5"
                    " --source 'hydro contract 12'",
        .run = run_market_add,
};

static bool market_residual(
        struct db *db, const struct cmd_call *c, const char *actor,
        struct err *err)
{
    struct en_instrument i;

    return instrument_of(c, &i, err) && en_residual_set(db, &i, actor, err);
}

static int run_market_residual(struct cmd_call *c, struct err *err)
{
    static const struct change x = {market_residual, "set residual mix of"};

    return run_change(c, &x, err);
}

static const struct cmd_opt residual_opts[] = {
        {"year", 0, "YEAR", "year that it describes"},
        {"g", 0, "N", "g CO2e/kWh of what no contract covers"},
        {"source", 0, "TEXT", "where the figure comes from"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_market_residual = {
        .noun = "market",
        .verb = "residual",
        .group = "Energy",
        .summary = "States the residual mix of a site and year",
        .args = "SITE",
        .min_args = 1,
        .max_args = 1,
        .opts = residual_opts,
        .examples = "  fleetprint market residual lyon --year 2025 --g 41"
                    " --source 'AIB residual mix'",
        .run = run_market_residual,
};

static bool market_remove(
        struct db *db, const struct cmd_call *c, const char *actor,
        struct err *err)
{
    int64_t id;

    return cmd_number("contract", c->argv[0], 1, INT64_MAX, &id, err) &&
           en_instrument_remove(db, id, actor, err);
}

static int run_market_remove(struct cmd_call *c, struct err *err)
{
    static const struct change x = {market_remove, "removed contract"};

    return run_change(c, &x, err);
}

const struct cmd cmd_market_remove = {
        .noun = "market",
        .verb = "remove",
        .group = "Energy",
        .summary = "Drops a contract",
        .args = "ID",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint market remove 3",
        .run = run_market_remove,
};

static void put_instrument(struct json_out *j, const struct en_instrument *i)
{
    json_begin_obj(j, NULL);
    if (i->id)
        json_int(j, "id", i->id);
    else
        json_null(j, "id");
    json_str(j, "site", i->site);
    json_int(j, "year", i->year);
    json_str(j, "kind", i->id ? "contract" : "residual");
    json_num(j, "mwh", i->mwh);
    json_num(j, "g_per_kwh", i->g_per_kwh);
    json_str(j, "source", i->source);
    json_end_obj(j);
}

static void print_instrument(struct out *o, const struct en_instrument *i)
{
    char mwh[NUM_TEXT], g[NUM_TEXT];

    if (i->id)
        out_printf(
                o, "%4lld  %-20s %d  %s MWh at %s g/kWh  %s\n",
                (long long)i->id, i->site, i->year, num_print(i->mwh, mwh),
                num_print(i->g_per_kwh, g), i->source);
    else
        out_printf(
                o, "   -  %-20s %d  residual mix %s g/kWh  %s\n", i->site,
                i->year, num_print(i->g_per_kwh, g), i->source);
}

static int run_market_list(struct cmd_call *c, struct err *err)
{
    const char *site = c->argc ? c->argv[0] : NULL;
    struct en_site_power s = {0};
    struct db *db = NULL;
    struct cmd_answer answer;
    int status = CMD_ERR;

    if (!cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    if (!en_site_power_load(db, &s, err))
        goto done;
    cmd_list_begin(&answer, c);
    for (size_t i = 0; i < s.n_instruments; i++) {
        if (site && strcmp(site, s.instruments[i].site) != 0)
            continue;
        if (c->json)
            put_instrument(&answer.json, &s.instruments[i]);
        else
            print_instrument(&answer.out, &s.instruments[i]);
    }
    if (cmd_list_end(&answer, err))
        status = CMD_DONE;
done:
    en_site_power_clear(&s);
    db_close(db);
    return status;
}

const struct cmd cmd_market_list = {
        .noun = "market",
        .verb = "list",
        .group = "Energy",
        .summary = "Lists contracts and residual mixes",
        .args = "[SITE]",
        .max_args = 1,
        .examples = "  fleetprint market list lyon --json",
        .run = run_market_list,
};
