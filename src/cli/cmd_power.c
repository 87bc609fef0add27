/* SPDX-License-Identifier: Apache-2.0
 * power set, list and clear: how machines without a meter draw. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/file.h"
#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"
#include "energy/operation.h"

enum { PROFILE_MAX = 64 * 1024 };

/* ---- reading numbers ----------------------------------------------------- */

static bool is_between(char c)
{
    return c == ' ' || c == ',' || c == ';' || c == '\n' || c == '\r' ||
           c == '\t';
}

/* Up to max numbers with blanks, commas or line ends between. */
static bool
numbers(const char *what, const char *text, double *out, int max, int *n,
        struct err *err)
{
    *n = 0;
    for (;;) {
        size_t len = 0;

        while (is_between(*text))
            text++;
        if (!*text)
            return true;
        while (text[len] && !is_between(text[len]))
            len++;
        if (*n == max)
            return err_set(
                    err, ERR_USAGE, "%s: more than %d numbers", what, max);
        if (!num_parse(text, len, NUM_POINT, &out[*n], err)) {
            err->code = ERR_USAGE;
            err_in(err, "%s", what);
            return false;
        }
        ++*n;
        text += len;
    }
}

static bool one_number(
        const struct cmd_call *c, const char *name, double *out,
        struct err *err)
{
    const char *text = cmd_value(c, name);
    int n;

    *out = NAN;
    if (!text)
        return true;
    if (!numbers(name, text, out, 1, &n, err))
        return false;
    return n == 1 || err_set(err, ERR_USAGE, "--%s: expected a number", name);
}

/* 24 loads are every day's, 168 the week's from Monday 00:00; of a file, or
 * given as they are. */
static bool
profile(const struct cmd_call *c, double week[EN_WEEK], bool *has,
        struct err *err)
{
    const char *text = cmd_value(c, "profile");
    struct buf b;
    int n;
    bool ok = false;

    *has = text != NULL;
    if (!text)
        return true;
    buf_init(&b, PROFILE_MAX);
    if (strpbrk(text, " ,;"))
        buf_str(&b, text);
    else if (!file_read(text, PROFILE_MAX, &b, err))
        goto done;
    if (!numbers("profile", buf_text(&b), week, EN_WEEK, &n, err))
        goto done;
    if (n != 24 && n != EN_WEEK) {
        err_set(err, ERR_USAGE,
                "profile: expected 24 loads of a day or 168 of a week, from 0 "
                "to 1, not %d",
                n);
        goto done;
    }
    for (int i = n; i < EN_WEEK; i++)
        week[i] = week[i - 24];
    for (int i = 0; i < EN_WEEK; i++)
        if (!(week[i] >= 0 && week[i] <= 1)) {
            err_set(err, ERR_USAGE, "profile: loads are from 0 to 1");
            goto done;
        }
    ok = true;
done:
    buf_clear(&b);
    return ok;
}

/* ---- power set ----------------------------------------------------------- */

static const struct cmd_opt set_opts[] = {
        {"category", 0, "WORD", "for all machines of it: desktop, server, ..."},
        {"kind", 0, "KIND",
         "own (default), constant, linear, fan, tdp, spec or log"},
        {"numbers", 0, "LIST",
         "watts; 'idle full'; TDP; 11 points; 'a b c d' of a log"},
        {"load", 0, "N",
         "mean load while on, 0 to 1; unknown: half, with its "
         "interval"},
        {"profile", 0, "FILE", "24 or 168 loads by local hour, or the numbers"},
        {"calendar", 0, "NAME", "when it is on: see 'calendar set'"},
        {"standby-w", 0, "N", "watts while off; default none"},
        {"memory-used", 0, "N", "share of its memory in use: counts modules"},
        {"source", 0, "TEXT", "where the model comes from"},
        {NULL, 0, NULL, NULL},
};

static bool
model_of(const struct cmd_call *c, struct en_model *m, struct err *err)
{
    const char *kind = cmd_value(c, "kind");
    const char *list = cmd_value(c, "numbers");
    int n = 0;

    *m = (struct en_model){.kind = EN_OWN};
    if (kind && !en_model_kind_from(kind, &m->kind))
        return err_set(
                err, ERR_USAGE,
                "no kind '%.40s': own, constant, linear, fan, tdp, spec or log",
                kind);
    if (list &&
        !numbers("numbers", list, m->numbers, EN_MODEL_NUMBERS, &n, err))
        return false;
    for (; n < EN_MODEL_NUMBERS; n++)
        m->numbers[n] = NAN;
    return one_number(c, "load", &m->load, err) &&
           one_number(c, "standby-w", &m->standby_w, err) &&
           one_number(c, "memory-used", &m->memory_frac, err);
}

static bool who(const struct cmd_call *c, struct err *err)
{
    bool category = cmd_value(c, "category") != NULL;

    if (category != (c->argc == 1))
        return true;
    return err_set(
            err, ERR_USAGE, "expected a machine's tag, or --category WORD");
}

static int run_set(struct cmd_call *c, struct err *err)
{
    struct en_model_edit e = {
            .tag = c->argc ? c->argv[0] : NULL,
            .category = cmd_value(c, "category"),
            .calendar = cmd_value(c, "calendar"),
            .source = cmd_value(c, "source")};
    double week[EN_WEEK];
    struct db *db = NULL;
    bool has, ok;

    if (!who(c, err) || !model_of(c, &e.model, err) ||
        !profile(c, week, &has, err) || !cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    e.model.loads = has ? week : NULL;
    ok = en_model_set(db, &e, acc_cli_actor(), err);
    if (ok)
        fprintf(stderr, "power model of %s set\n", e.tag ? e.tag : e.category);
    db_close(db);
    return ok ? CMD_DONE : CMD_ERR;
}

const struct cmd cmd_power_set = {
        .noun = "power",
        .verb = "set",
        .group = "Energy",
        .summary = "Says how a machine, or a category, draws without a meter",
        .args = "[TAG]",
        .max_args = 1,
        .opts = set_opts,
        .examples =
                "  fleetprint power set node7 --kind linear --numbers '90 250'"
                " --load 0.35\n"
                "  fleetprint power set --category desktop --calendar"
                " teaching --standby-w 2\n"
                "  fleetprint power set node8 --kind spec --numbers"
                " '50,80,95,110,125,140,160,185,215,250,300'",
        .run = run_set,
};

/* ---- power clear --------------------------------------------------------- */

static int run_clear(struct cmd_call *c, struct err *err)
{
    const char *tag = c->argc ? c->argv[0] : NULL;
    const char *category = cmd_value(c, "category");
    struct db *db = NULL;
    bool ok;

    if (!who(c, err) || !cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    ok = en_model_clear(db, tag, category, acc_cli_actor(), err);
    if (ok)
        fprintf(stderr, "power model of %s dropped\n", tag ? tag : category);
    db_close(db);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt clear_opts[] = {
        {"category", 0, "WORD", "that of a category"}, {NULL, 0, NULL, NULL}};

const struct cmd cmd_power_clear = {
        .noun = "power",
        .verb = "clear",
        .group = "Energy",
        .summary = "Drops the power model of a machine or a category",
        .args = "[TAG]",
        .max_args = 1,
        .opts = clear_opts,
        .examples = "  fleetprint power clear node7",
        .run = run_clear,
};

/* ---- power list ---------------------------------------------------------- */

static void put_model(struct json_out *j, const struct en_model *m)
{
    json_begin_obj(j, NULL);
    json_str(j, "tag", m->tag);
    json_str(
            j, "category",
            m->machine_id ? NULL : calc_category_word(m->category));
    json_str(j, "kind", en_model_kind_word(m->kind));
    json_begin_arr(j, "numbers");
    for (int i = 0; i < EN_MODEL_NUMBERS && !isnan(m->numbers[i]); i++)
        json_num(j, NULL, m->numbers[i]);
    json_end_arr(j);
    json_num(j, "load", m->load);
    if (m->loads) {
        json_begin_arr(j, "profile");
        for (int i = 0; i < EN_WEEK; i++)
            json_num(j, NULL, m->loads[i]);
        json_end_arr(j);
    } else {
        json_null(j, "profile");
    }
    json_str(j, "calendar", m->calendar ? m->calendar->name : NULL);
    json_num(j, "standby_w", m->standby_w);
    json_num(j, "memory_used", m->memory_frac);
    json_str(j, "source", m->source);
    json_end_obj(j);
}

static void print_model(struct out *o, const struct en_model *m)
{
    char x[NUM_TEXT];

    out_printf(
            o, "%-24s %-9s", m->tag ? m->tag : calc_category_word(m->category),
            en_model_kind_word(m->kind));
    for (int i = 0; i < EN_MODEL_NUMBERS && !isnan(m->numbers[i]); i++)
        out_printf(o, " %s", num_print(m->numbers[i], x));
    if (m->loads)
        out_str(o, "  load by hour");
    else if (!isnan(m->load))
        out_printf(o, "  load %s", num_print(m->load, x));
    if (m->calendar)
        out_printf(o, "  calendar %s", m->calendar->name);
    out_char(o, '\n');
}

static int run_list(struct cmd_call *c, struct err *err)
{
    struct en_models m = {0};
    struct db *db = NULL;
    struct cmd_answer answer;
    int status = CMD_ERR;

    if (!cmd_db(c, DB_READ, &db, err))
        return CMD_ERR;
    if (!en_models_load(db, &m, err))
        goto done;
    cmd_list_begin(&answer, c);
    for (size_t i = 0; i < m.n; i++)
        if (c->json)
            put_model(&answer.json, &m.items[i]);
        else
            print_model(&answer.out, &m.items[i]);
    if (cmd_list_end(&answer, err))
        status = CMD_DONE;
done:
    en_models_clear(&m);
    db_close(db);
    return status;
}

const struct cmd cmd_power_list = {
        .noun = "power",
        .verb = "list",
        .group = "Energy",
        .summary = "Lists the power models",
        .examples = "  fleetprint power list --json",
        .run = run_list,
};
