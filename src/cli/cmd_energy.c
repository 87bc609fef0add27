/* SPDX-License-Identifier: Apache-2.0
 * energy status, fold and show: what meters sent and what the ledger makes of
 * it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "access/access.h"
#include "base/date.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/cli.h"
#include "energy/cards_alone.h"
#include "energy/ledger.h"
#include "energy/listing.h"
#include "inventory/inventory.h"

#define NS_PER_S INT64_C(1000000000)

/* The month asked for, else that of today. */
static bool month_of(const struct cmd_call *c, int *month, struct err *err)
{
    const char *text = cmd_value(c, "month");
    struct date d;

    if (text) {
        if (en_month_parse(text, month, err))
            return true;
        err->code = ERR_USAGE;
        return false;
    }
    if (!date_today(&d, err))
        return false;
    *month = d.year * 12 + d.month - 1;
    return true;
}

static const char *month_text(int month, char dst[static CMD_WHEN])
{
    snprintf(dst, CMD_WHEN, "%04d-%02d", month / 12, month % 12 + 1);
    return dst;
}

static const char *when_ns(int64_t ns, char dst[static CMD_WHEN])
{
    return ns > 0 ? cmd_when(ns / NS_PER_S, dst) : NULL;
}

/* ---- energy status ---------------------------------------------------------
 */

struct status {
    struct out out;
    struct json_out j;
    bool as_json;
    struct db *db;
    struct en_ledger_marks marks;
    int month;
    uint64_t n, missing, silent, cards; /* cards: of the source at hand */
};

static void put_flags(struct json_out *j, unsigned flags)
{
    json_begin_arr(j, "flags");
    for (int i = 0; en_flag_word(i); i++)
        if (flags & 1u << i)
            json_str(j, NULL, en_flag_word(i));
    json_end_arr(j);
}

static void status_meter_text(
        struct status *s, const struct en_meter_row *m, double coverage)
{
    struct out *o = &s->out;
    char when[CMD_WHEN], kwh[NUM_TEXT], share[NUM_TEXT];

    out_printf(
            o, "    %-24s %-9s %-8s %10s kWh %5s %%  %s", m->key, m->scope,
            m->kind, num_fixed(calc_uj_to_kwh(m->sum_uj), 3, kwh),
            isnan(coverage) ? "-" : num_fixed(coverage * 100, 1, share),
            m->last_s ? cmd_when(m->last_s, when) : "not folded yet");
    if (m->gone_s)
        out_printf(o, "  gone since %s", cmd_when(m->gone_s, when));
    if (m->silent_s)
        out_str(o, "  silent");
    if (m->machines)
        out_printf(o, "  for %lld machines", (long long)m->machines);
    for (int i = 0; en_flag_word(i); i++)
        if (m->flags & 1u << i)
            out_printf(o, "  %s", en_flag_word(i));
    out_char(o, '\n');
}

static bool
status_meter(void *ctx, const struct en_meter_row *m, struct err *err)
{
    struct status *s = ctx;
    double coverage = en_coverage(&s->marks, s->month, m->covered_s);
    char when[CMD_WHEN];

    (void)err;
    s->silent += m->silent_s > 0;
    s->cards += strcmp(m->scope, "gpu") == 0;
    if (!s->as_json) {
        status_meter_text(s, m, coverage);
        return true;
    }
    json_begin_obj(&s->j, NULL);
    json_str(&s->j, "id", m->key);
    json_str(&s->j, "scope", m->scope);
    json_str(&s->j, "kind", m->kind);
    json_str(&s->j, "unit", m->unit);
    json_bool(&s->j, "modelled", m->modelled);
    json_str(
            &s->j, "last_reading",
            m->last_s ? cmd_when(m->last_s, when) : NULL);
    json_str(
            &s->j, "silent_since",
            m->silent_s ? cmd_when(m->silent_s, when) : NULL);
    json_str(&s->j, "gone_since", m->gone_s ? cmd_when(m->gone_s, when) : NULL);
    json_num(&s->j, "kwh", calc_uj_to_kwh(m->sum_uj));
    json_int(&s->j, "covered_s", m->covered_s);
    json_num(&s->j, "coverage", coverage);
    put_flags(&s->j, m->flags);
    if (m->machines)
        json_int(&s->j, "machines", m->machines);
    json_end_obj(&s->j);
    return true;
}

static bool
status_missing(void *ctx, const char *key, const char *reason, struct err *err)
{
    struct status *s = ctx;

    (void)err;
    s->missing++;
    if (!s->as_json) {
        out_printf(&s->out, "    %-24s missing: %s\n", key, reason);
        return true;
    }
    json_begin_obj(&s->j, NULL);
    json_str(&s->j, "id", key);
    json_str(&s->j, "reason", reason);
    json_end_obj(&s->j);
    return true;
}

static void
status_source_json(struct json_out *j, const struct en_source_row *r)
{
    char when[CMD_WHEN];

    json_begin_obj(j, NULL);
    json_str(j, "name", r->name);
    json_str(j, "kind", r->kind);
    json_str(j, "machine", r->machine);
    json_str(j, "state", r->state);
    json_str(j, "agent", r->agent);
    json_str(j, "seen_at", r->seen_s ? cmd_when(r->seen_s, when) : NULL);
    json_int(j, "conflicts", r->conflicts);
    json_int(j, "refused", r->refused);
}

static void status_source_text(struct out *o, const struct en_source_row *r)
{
    char when[CMD_WHEN];

    out_printf(
            o, "%s (%s, %s", r->name, r->kind,
            r->machine ? r->machine : "no machine of that name");
    if (strcmp(r->state, "approved") != 0)
        out_printf(o, ", %s", r->state);
    out_printf(
            o, ")  %s%s", r->seen_s ? "seen " : "never seen",
            r->seen_s ? cmd_when(r->seen_s, when) : "");
    if (r->agent)
        out_printf(o, "  %s", r->agent);
    if (r->conflicts)
        out_printf(o, "  %lld conflicts", (long long)r->conflicts);
    if (r->refused)
        out_printf(o, "  %lld refused", (long long)r->refused);
    out_char(o, '\n');
}

static void put_cards(struct json_out *j, const struct en_cards *c)
{
    if (!c->n)
        return;
    json_begin_obj(j, "cards_alone");
    json_int(j, "cards", c->n);
    json_num(j, "kwh", c->kwh);
    json_str(j, "reason", en_cards_reason);
    json_end_obj(j);
}

static void
cards_text(struct out *o, const char *front, const struct en_cards *c)
{
    char kwh[NUM_TEXT];

    if (c->n)
        out_printf(
                o, "%s%s (%lld, %s kWh)\n", front, en_cards_reason,
                (long long)c->n, num_fixed(c->kwh, 3, kwh));
}

static bool
status_cards(struct status *s, const struct en_source_row *r, struct err *err)
{
    struct en_cards c;

    if (s->cards == 0)
        return true;
    if (!en_cards_of_source(s->db, r->id, s->month, &c, err))
        return false;
    if (s->as_json)
        put_cards(&s->j, &c);
    else
        cards_text(&s->out, "    ", &c);
    return true;
}

static bool
status_source(void *ctx, const struct en_source_row *r, struct err *err)
{
    struct status *s = ctx;

    s->n++;
    s->cards = 0;
    if (!s->as_json) {
        status_source_text(&s->out, r);
        return en_source_meters(s->db, r->id, s->month, status_meter, s, err) &&
               status_cards(s, r, err) &&
               en_source_missing(s->db, r->id, status_missing, s, err);
    }
    status_source_json(&s->j, r);
    json_begin_arr(&s->j, "meters");
    if (!en_source_meters(s->db, r->id, s->month, status_meter, s, err))
        return false;
    json_end_arr(&s->j);
    if (!status_cards(s, r, err))
        return false;
    json_begin_arr(&s->j, "missing");
    if (!en_source_missing(s->db, r->id, status_missing, s, err))
        return false;
    json_end_arr(&s->j);
    json_end_obj(&s->j);
    return true;
}

static bool status_all(struct status *s, struct err *err)
{
    char when[CMD_WHEN];

    if (!s->as_json)
        return en_sources(s->db, status_source, s, err);
    json_out_init(&s->j, &s->out, true);
    json_begin_obj(&s->j, NULL);
    json_str(&s->j, "month", month_text(s->month, when));
    json_str(&s->j, "folded_to", when_ns(s->marks.folded_ns, when));
    json_str(&s->j, "purged_to", when_ns(s->marks.purged_ns, when));
    json_begin_arr(&s->j, "sources");
    if (!en_sources(s->db, status_source, s, err))
        return false;
    json_end_arr(&s->j);
    json_end_obj(&s->j);
    out_char(&s->out, '\n');
    return true;
}

static int run_status(struct cmd_call *c, struct err *err)
{
    struct status *s = xcalloc(1, sizeof *s);
    char when[CMD_WHEN], month[CMD_WHEN];
    bool ok = false;

    s->as_json = c->json;
    if (!month_of(c, &s->month, err) || !cmd_db(c, DB_READ, &s->db, err))
        goto done;
    out_to_file(&s->out, stdout);
    if (!db_begin_read(s->db, err))
        goto done;
    ok = en_ledger_marks(s->db, &s->marks, err) && status_all(s, err);
    db_end_read(s->db);
    ok = ok && out_finish(&s->out, err);
    if (ok && !c->json)
        fprintf(stderr, "%llu sources, %s of %s\n", (unsigned long long)s->n,
                s->marks.folded_ns ? "coverage"
                                   : "nothing folded yet: coverage",
                month_text(s->month, month));
    if (ok && !c->json && s->marks.folded_ns)
        fprintf(stderr, "folded to %s\n", when_ns(s->marks.folded_ns, when));
    if (ok && !c->json && s->silent)
        fprintf(stderr,
                "%llu meters are silent and missed; 'fleetprint energy meter "
                "gone SOURCE METER' says that one was taken away\n",
                (unsigned long long)s->silent);
done:
    db_close(s->db);
    free(s);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt month_opts[] = {
        {"month", 'm', "YYYY-MM", "the month (default: this one)"},
        {NULL, 0, NULL, NULL}};

const struct cmd cmd_energy_status = {
        .noun = "energy",
        .verb = "status",
        .group = "Energy",
        .summary = "Who sends energy, how much of the month is covered",
        .opts = month_opts,
        .examples = "  fleetprint energy status\n"
                    "  fleetprint energy status --month 2026-01 --json",
        .run = run_status,
};

/* ---- energy fold -----------------------------------------------------------
 */

/* Now; with a stated today, its end, so that runs can be repeated. */
static bool until(int64_t *ns, struct err *err)
{
    struct date d;

    if (!getenv("FLEETPRINT_TODAY")) {
        *ns = (int64_t)time(NULL) * NS_PER_S;
        return true;
    }
    if (!date_today(&d, err))
        return false;
    *ns = ((int64_t)date_days(d) + 1) * 86400 * NS_PER_S;
    return true;
}

bool cmd_fold(struct db *db, struct err *err)
{
    int64_t end;

    return until(&end, err) && en_fold(db, end, err);
}

static bool fold_say(
        const struct cmd_call *c, const struct en_ledger_marks *m,
        struct err *err)
{
    char folded[CMD_WHEN], purged[CMD_WHEN];
    struct cmd_answer answer;

    if (!c->json) {
        fprintf(stderr, "folded to %s\n", when_ns(m->folded_ns, folded));
        if (m->purged_ns)
            fprintf(stderr, "readings before %s are dropped\n",
                    when_ns(m->purged_ns, purged));
        return true;
    }
    cmd_object_begin(&answer, true);
    json_str(&answer.json, "folded_to", when_ns(m->folded_ns, folded));
    json_str(&answer.json, "purged_to", when_ns(m->purged_ns, purged));
    return cmd_object_end(&answer, err);
}

static bool fold_audit(struct db *db, const char *keep, struct err *err)
{
    char detail[80];

    snprintf(
            detail, sizeof detail, "readings kept %.20s days",
            keep ? keep : "");
    return acc_audit(db, acc_cli_actor(), "fold", keep ? detail : NULL, err);
}

static int run_fold(struct cmd_call *c, struct err *err)
{
    const char *keep = cmd_value(c, "keep");
    struct en_ledger_marks marks;
    struct db *db = NULL;
    int64_t days = 0, end;
    bool ok = false;

    if (keep && !cmd_number("--keep", keep, 1, 36500, &days, err))
        return CMD_ERR;
    if (!until(&end, err) || !cmd_db(c, DB_WRITE, &db, err))
        return CMD_ERR;
    ok = en_fold(db, end, err) &&
         (!keep || en_purge(db, end - days * 86400 * NS_PER_S, err)) &&
         fold_audit(db, keep, err) && en_ledger_marks(db, &marks, err) &&
         fold_say(c, &marks, err);
    db_close(db);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt fold_opts[] = {
        {"keep", 'k', "DAYS",
         "then drop readings older than that; their hours are closed"},
        {NULL, 0, NULL, NULL}};

const struct cmd cmd_energy_fold = {
        .noun = "energy",
        .verb = "fold",
        .group = "Energy",
        .summary = "Folds readings into the hourly ledger",
        .opts = fold_opts,
        .examples = "  fleetprint energy fold\n"
                    "  fleetprint energy fold --keep 35",
        .run = run_fold,
};

/* ---- energy show -----------------------------------------------------------
 */

struct show {
    struct out out;
    struct json_out j;
    const char *tag;
    struct en_weights *weights;
    struct en_cards cards;
    bool as_json;
    bool any;
};

static double show_weight(void *ctx, int64_t machine)
{
    struct show *s = ctx;

    return en_weight_w(s->weights, machine);
}

static double kwh_of(int64_t joules)
{
    return calc_uj_to_kwh((num_i128)joules * 1000000);
}

static void show_totals(struct json_out *j, const struct en_hours *h)
{
    int64_t covered = 0;
    double sum = 0;

    for (int i = 0; i < h->n_hours; i++)
        covered += h->covered[i];
    for (int t = 0; t < CALC_TIERS; t++)
        sum += h->sum_j[t];
    json_num(j, "kwh", covered ? sum / 3.6e6 : NAN);
    json_int(j, "covered_s", covered);
    json_int(j, "seconds", (int64_t)h->n_hours * 3600);
    json_num(j, "share", h->share);
    json_begin_arr(j, "by_tier");
    for (int t = 0; t < CALC_NO_ENERGY; t++) {
        if (!(h->sum_j[t] > 0))
            continue;
        json_begin_obj(j, NULL);
        json_str(j, "tier", calc_tier_word((enum calc_tier)t));
        json_num(j, "kwh", h->sum_j[t] / 3.6e6);
        json_end_obj(j);
    }
    json_end_arr(j);
}

static void show_json(struct show *s, const struct en_hours *h)
{
    char when[CMD_WHEN];
    struct date first = {
            .year = (int16_t)(h->month / 12),
            .month = (uint8_t)(h->month % 12 + 1),
            .day = 1};
    int64_t start = (int64_t)date_days(first) * 86400;

    json_out_init(&s->j, &s->out, true);
    json_begin_obj(&s->j, NULL);
    json_str(&s->j, "machine", s->tag);
    json_str(&s->j, "month", month_text(h->month, when));
    show_totals(&s->j, h);
    put_cards(&s->j, &s->cards);
    json_begin_arr(&s->j, "hours");
    for (int i = 0; i < h->n_hours; i++) {
        if (h->tier[i] == CALC_NO_ENERGY)
            continue;
        json_begin_obj(&s->j, NULL);
        json_str(&s->j, "at", cmd_when(start + INT64_C(3600) * i, when));
        json_num(&s->j, "kwh", kwh_of(h->joules[i]));
        json_int(&s->j, "covered_s", h->covered[i]);
        json_str(&s->j, "tier", calc_tier_word((enum calc_tier)h->tier[i]));
        json_end_obj(&s->j);
    }
    json_end_arr(&s->j);
    json_end_obj(&s->j);
    out_char(&s->out, '\n');
}

/* A line a day: energy, hours known, tiers. */
static void show_day(struct out *o, const struct en_hours *h, int day)
{
    int64_t joules = 0, covered = 0;
    bool tiers[CALC_TIERS] = {false};
    char kwh[NUM_TEXT], hours[NUM_TEXT];

    for (int i = day * 24; i < day * 24 + 24 && i < h->n_hours; i++) {
        joules += h->joules[i];
        covered += h->covered[i];
        tiers[h->tier[i]] = true;
    }
    out_printf(
            o, "%04d-%02d-%02d %12s kWh %6s h ", h->month / 12,
            h->month % 12 + 1, day + 1,
            covered ? num_fixed(kwh_of(joules), 3, kwh) : "-",
            num_fixed((double)covered / 3600, 2, hours));
    for (int t = 0; t < CALC_NO_ENERGY; t++)
        if (tiers[t])
            out_printf(o, " %s", calc_tier_word((enum calc_tier)t));
    out_char(o, '\n');
}

static bool show_month(void *ctx, const struct en_hours *h, struct err *err)
{
    struct show *s = ctx;

    (void)err;
    s->any = true;
    if (s->as_json) {
        show_json(s, h);
        return true;
    }
    for (int d = 0; d * 24 < h->n_hours; d++)
        show_day(&s->out, h, d);
    cards_text(&s->out, "", &s->cards);
    return true;
}

static bool show_machine(
        const struct cmd_call *c, struct db *db, struct show *s, int month,
        struct err *err)
{
    struct fac_pack *pack = NULL;
    char text[CMD_WHEN];
    int64_t id;
    bool ok = false;

    if (!inv_machine_id(db, s->tag, &id, err) ||
        !cmd_pack_db(c, db, &pack, err) ||
        !en_weights_open(db, pack, &s->weights, err) ||
        !en_cards_of_machine(db, id, month, &s->cards, err))
        goto done;
    ok = en_machine_hours(
            db, month, month, id, id, show_weight, show_month, s, err);
    if (ok && !s->any)
        ok = err_set(
                err, ERR_NOT_FOUND, "no reading of '%s' in %s is folded",
                s->tag, month_text(month, text));
done:
    en_weights_close(s->weights);
    fac_pack_free(pack);
    return ok;
}

static int run_show(struct cmd_call *c, struct err *err)
{
    struct show *s = xcalloc(1, sizeof *s);
    struct db *db = NULL;
    bool ok = false;
    int month;

    s->tag = c->argv[0];
    s->as_json = c->json;
    if (!month_of(c, &month, err) || !cmd_db(c, DB_READ, &db, err))
        goto done;
    out_to_file(&s->out, stdout);
    ok = show_machine(c, db, s, month, err) && out_finish(&s->out, err);
done:
    db_close(db);
    free(s);
    return ok ? CMD_DONE : CMD_ERR;
}

const struct cmd cmd_energy_show = {
        .noun = "energy",
        .verb = "show",
        .group = "Energy",
        .summary = "Measured energy of a machine: days, or hours with --json",
        .args = "MACHINE",
        .min_args = 1,
        .max_args = 1,
        .opts = month_opts,
        .examples = "  fleetprint energy show node-7 --month 2026-01\n"
                    "  fleetprint energy show node-7 --json",
        .run = run_show,
};
