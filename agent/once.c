/* SPDX-License-Identifier: Apache-2.0
 * `once`: what can be seen on this machine, and why the rest cannot. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/json.h"
#include "base/num.h"

static void
text_sensor(struct out *o, const struct ag_sensor *s, const struct ag_meter *m)
{
    char watts[NUM_TEXT] = "?";

    if (!isnan(m->power_w))
        num_fixed(m->power_w, 1, watts);
    out_printf(
            o, "%-34s %-8s %10s W  %s%s%s\n", s->id, wire_scope_word(s->scope),
            watts,
            s->modelled               ? "modelled"
            : s->kind == WIRE_COUNTER ? "counter"
                                      : "power",
            s->inside ? ", inside its package: not sent" : "",
            m->why.code ? ", failed" : "");
    out_printf(o, "    %s", s->label);
    if (s->kind == WIRE_COUNTER && m->any)
        out_printf(
                o, "%sat %s J", s->label[0] ? ", " : "",
                num_fixed((double)m->last / 1e6, 3, watts));
    if (s->range_uj >= 0)
        out_printf(
                o, ", wraps at %s J",
                num_fixed((double)s->range_uj / 1e6, 3, watts));
    out_char(o, '\n');
    if (m->why.code)
        out_printf(o, "    %s\n", m->why.msg);
}

static void
as_text(struct out *o, const struct ag_set *s, const struct ag_meter *m)
{
    out_printf(o, "%zu sensors\n", s->n);
    for (size_t i = 0; i < s->n; i++)
        text_sensor(o, &s->sensors[i], &m[i]);
    if (s->n_missing)
        out_str(o, "\nnot seen\n");
    for (size_t i = 0; i < s->n_missing; i++)
        out_printf(o, "%-34s %s\n", s->missing[i].id, s->missing[i].reason);
}

static void
as_json(struct out *o, const struct ag_set *s, const struct ag_meter *m)
{
    struct json_out j;

    json_out_init(&j, o, true);
    json_begin_obj(&j, NULL);
    json_str(&j, "schema", "fleetprint/sensors/1");
    json_begin_arr(&j, "sensors");
    for (size_t i = 0; i < s->n; i++) {
        const struct ag_sensor *x = &s->sensors[i];

        json_begin_obj(&j, NULL);
        json_str(&j, "id", x->id);
        json_str(&j, "label", x->label[0] ? x->label : NULL);
        json_str(&j, "scope", wire_scope_word(x->scope));
        json_str(&j, "kind", wire_meter_kind_word(x->kind));
        json_bool(&j, "modelled", x->modelled);
        json_bool(&j, "sent", !x->inside);
        json_num(
                &j, "range_j",
                x->range_uj < 0 ? NAN : (double)x->range_uj / 1e6);
        json_num(&j, "max_w", x->max_w);
        json_num(
                &j, "counter_j",
                x->kind == WIRE_COUNTER && m[i].any ? (double)m[i].last / 1e6
                                                    : NAN);
        json_num(&j, "power_w", m[i].power_w);
        json_str(&j, "error", m[i].why.code ? m[i].why.msg : NULL);
        json_end_obj(&j);
    }
    json_end_arr(&j);
    json_begin_arr(&j, "missing");
    for (size_t i = 0; i < s->n_missing; i++) {
        json_begin_obj(&j, NULL);
        json_str(&j, "id", s->missing[i].id);
        json_str(&j, "reason", s->missing[i].reason);
        json_end_obj(&j);
    }
    json_end_arr(&j);
    json_end_obj(&j);
}

int ag_cmd_once(const struct ag_config *c)
{
    struct ag_set s;
    struct ag_meter *m;
    struct out *o = xmalloc(sizeof *o);
    struct buf b;
    struct err err = {0};
    sigset_t free_mask;
    bool ok;

    ag_catch_signals(&free_mask);
    ag_set_open(&s, c);
    m = xcalloc(s.n + 1, sizeof *m);
    for (int round = 0; round < 2 && !ag_stopping; round++) {
        if (round)
            ag_wait_until(
                    ag_boot_ns() +
                            (c->interval_ns ? c->interval_ns : 1000000000),
                    &free_mask);
        for (size_t i = 0; i < s.n; i++) {
            if (round == 0)
                m[i].power_w = NAN;
            ag_meter_read(&m[i], &s.sensors[i]);
        }
    }
    buf_init(&b, 1 << 22);
    out_to_buf(o, &b);
    if (c->json)
        as_json(o, &s, m);
    else
        as_text(o, &s, m);
    ok = out_finish(o, &err) && ag_emit(c, b.p, b.len, STDOUT_FILENO, &err);
    buf_clear(&b);
    free(o);
    free(m);
    ag_set_close(&s);
    return ok ? 0 : ag_fail(&err);
}
