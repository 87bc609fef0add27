/* SPDX-License-Identifier: Apache-2.0
 * What a command used, as a table, JSON or CSV. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/run_priv.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/json.h"
#include "base/num.h"
#include "model/model.h"

struct result {
    struct ag_tally t;
    double mean_w; /* at the wall; NAN */
    double edp_js; /* P x T^2 [METHOD 13, TV73] */
    double kwh, kg;
};

static double over(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

static void
work_out(const struct ag_run *r, const struct ag_config *c, struct result *x)
{
    double s = (double)(r->end_ns - r->start_ns) / 1e9;

    ag_tally_make(&x->t, &r->set, r->meters, s);
    for (size_t i = 0; i < r->set.n; i++)
        if (r->failed[i])
            ag_tally_partial(&x->t, &r->set.sensors[i]);
    x->mean_w = over(x->t.wall_j, s);
    x->edp_js = x->mean_w * s * s;
    x->kwh = x->t.wall_j / 3.6e6;
    /* kg = kWh x PUE x g / 1000 [METHOD 5.3, 5.4]; without the site's factor
     * there is no figure. */
    x->kg = calc_operation_kg(x->kwh * c->pue, c->grid_g);
}

static const char *how(const struct ag_tally *t, enum ag_component c)
{
    return t->partial[c]    ? "at least"
           : t->modelled[c] ? "modelled"
                            : "measured";
}

/* ---- table --------------------------------------------------------------- */

static void
row(struct out *o, const char *name, double j, double s, const char *end)
{
    char a[NUM_TEXT] = "-", b[NUM_TEXT] = "-";

    if (!isnan(j)) {
        num_fixed(j, 3, a);
        num_fixed(over(j, s), 3, b);
    }
    out_printf(o, "%-10s %14s J %12s W  %s\n", name, a, b, end);
}

static void
figure(struct out *o, const char *name, double v, int decimals,
       const char *unit)
{
    char text[NUM_TEXT] = "-";

    if (!isnan(v))
        num_fixed(v, decimals, text);
    out_printf(o, "%-10s %14s %s\n", name, text, unit);
}

static void
table(struct out *o, const struct ag_run *r, const struct ag_config *c,
      const struct result *x)
{
    const struct ag_tally *t = &x->t;

    out_printf(o, "\n%s: what the whole machine used\n", r->argv[0]);
    for (int k = 0; k < AG_COMPONENTS; k++)
        if (!isnan(t->joules[k]))
            row(o, ag_component_word((enum ag_component)k), t->joules[k],
                t->seconds, how(t, (enum ag_component)k));
    row(o, "parts", t->parts_j, t->seconds,
        isnan(t->parts_j) ? "the processors' energy is not known"
                          : "sum, nothing twice");
    row(o, "wall", t->wall_j, t->seconds,
        !isnan(t->node_j)    ? "measured by the node"
        : !isnan(t->parts_j) ? "parts / 0.90, the supply's efficiency"
                             : "not known");
    figure(o, "time", t->seconds, 3, "s");
    figure(o, "EDP", x->edp_js, 3, "J s  (mean watts x time^2)");
    figure(o, "carbon", x->kg, 9,
           isnan(c->grid_g) ? "kg CO2e  (set grid_g, the site's g/kWh)"
                            : "kg CO2e");
    for (size_t i = 0; i < r->set.n; i++)
        if (r->failed[i] || r->meters[i].resets)
            out_printf(
                    o, "%s: %s\n", r->set.sensors[i].id,
                    r->failed[i] ? "a reading failed"
                                 : "the counter began anew");
    for (size_t i = 0; i < r->set.n_missing; i++)
        out_printf(
                o, "not seen: %s: %s\n", r->set.missing[i].id,
                r->set.missing[i].reason);
}

/* ---- JSON ---------------------------------------------------------------- */

static void utc_text(int64_t ns, char dst[32])
{
    char day[DATE_TEXT];
    int64_t s = ns / 1000000000, of_day = s % 86400;

    snprintf(
            dst, 32, "%sT%02d:%02d:%02dZ",
            date_print(date_from_days((int32_t)(s / 86400)), day),
            (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60));
}

static void json_components(struct json_out *j, const struct ag_tally *t)
{
    json_begin_arr(j, "components");
    for (int k = 0; k < AG_COMPONENTS; k++) {
        enum ag_component c = (enum ag_component)k;

        if (isnan(t->joules[k]))
            continue;
        json_begin_obj(j, NULL);
        json_str(j, "component", ag_component_word(c));
        json_num(j, "joules", t->joules[k]);
        json_num(j, "mean_w", over(t->joules[k], t->seconds));
        json_bool(j, "modelled", t->modelled[k]);
        json_bool(j, "partial", t->partial[k]);
        json_end_obj(j);
    }
    json_end_arr(j);
}

static void json_meters(struct json_out *j, const struct ag_run *r)
{
    json_begin_arr(j, "meters");
    for (size_t i = 0; i < r->set.n; i++) {
        const struct ag_meter *m = &r->meters[i];

        json_begin_obj(j, NULL);
        json_str(j, "id", r->set.sensors[i].id);
        json_str(j, "scope", wire_scope_word(r->set.sensors[i].scope));
        json_num(j, "joules", m->any ? (double)m->energy_uj / 1e6 : NAN);
        json_int(j, "wraps", m->wraps);
        json_int(j, "resets", m->resets);
        json_bool(j, "failed", r->failed[i]);
        json_end_obj(j);
    }
    json_end_arr(j);
    json_begin_arr(j, "missing");
    for (size_t i = 0; i < r->set.n_missing; i++) {
        json_begin_obj(j, NULL);
        json_str(j, "id", r->set.missing[i].id);
        json_str(j, "reason", r->set.missing[i].reason);
        json_end_obj(j);
    }
    json_end_arr(j);
}

static void
json(struct out *o, const struct ag_run *r, const struct ag_config *c,
     const struct result *x)
{
    struct json_out j;
    char start[32];

    utc_text(r->utc_ns, start);
    json_out_init(&j, o, true);
    json_begin_obj(&j, NULL);
    json_str(&j, "schema", "fleetprint/run/1");
    json_begin_arr(&j, "command");
    for (char **word = r->argv; *word; word++)
        json_str(&j, NULL, *word);
    json_end_arr(&j);
    json_int(&j, "exit", r->exit);
    json_str(&j, "start", start);
    json_num(&j, "seconds", x->t.seconds);
    json_components(&j, &x->t);
    json_num(&j, "parts_j", x->t.parts_j);
    json_num(&j, "node_j", x->t.node_j);
    json_num(&j, "wall_j", x->t.wall_j);
    json_num(&j, "mean_w", x->mean_w);
    json_num(&j, "edp_js", x->edp_js);
    json_num(&j, "kwh", x->kwh);
    json_num(&j, "pue", c->pue);
    json_num(&j, "grid_g", c->grid_g);
    json_num(&j, "kg", x->kg);
    json_meters(&j, r);
    json_end_obj(&j);
}

/* ---- CSV ------------------------------------------------------------------
 */

static void
csv_line(struct out *o, const char *name, double j, double s, const char *how_)
{
    csv_cell(o, name, true);
    csv_cell_num(o, j, false);
    csv_cell_num(o, over(j, s), false);
    csv_cell_num(o, s, false);
    csv_cell(o, how_, false);
}

static void csv(struct out *o, const struct result *x)
{
    const struct ag_tally *t = &x->t;

    out_str(o, "component,joules,mean_w,seconds,source,edp_js,kg\r\n");
    for (int k = 0; k < AG_COMPONENTS; k++)
        if (!isnan(t->joules[k])) {
            csv_line(
                    o, ag_component_word((enum ag_component)k), t->joules[k],
                    t->seconds, how(t, (enum ag_component)k));
            out_str(o, ",,");
            csv_end_row(o);
        }
    csv_line(
            o, "wall", t->wall_j, t->seconds,
            !isnan(t->node_j) ? "measured" : "parts / 0.90");
    csv_cell_num(o, x->edp_js, false);
    csv_cell_num(o, x->kg, false);
    csv_end_row(o);
}

bool ag_run_report(
        const struct ag_run *r, const struct ag_config *c, struct err *err)
{
    struct out *o = xmalloc(sizeof *o);
    struct result x;
    struct buf b;
    bool ok;

    work_out(r, c, &x);
    buf_init(&b, 1 << 22);
    out_to_buf(o, &b);
    if (c->json)
        json(o, r, c, &x);
    else if (c->csv)
        csv(o, &x);
    else
        table(o, r, c, &x);
    ok = out_finish(o, err) && ag_emit(c, b.p, b.len, STDERR_FILENO, err);
    buf_clear(&b);
    free(o);
    return ok;
}
