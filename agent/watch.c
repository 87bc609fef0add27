/* SPDX-License-Identifier: Apache-2.0
 * `watch`: live watts by component, drawn over itself on a terminal, a block of
 * lines each time elsewhere. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/num.h"

enum { BAR = 30 };

struct view {
    const struct ag_set *set;
    struct ag_meter *meters;
    double most_w; /* the longest bar so far */
    bool terminal;
};

static void bar(struct out *o, double w, double most)
{
    int n = most > 0 ? (int)lround(BAR * w / most) : 0;

    for (int i = 0; i < n && i < BAR; i++)
        out_char(o, '#');
}

static void
row(struct view *v, struct out *o, const char *name, double w, const char *note)
{
    char watts[NUM_TEXT] = "?";

    if (!isnan(w))
        num_fixed(w, 1, watts);
    out_printf(o, "%-34.34s %9s W %s ", name, watts, note);
    if (v->terminal && !isnan(w))
        bar(o, w, v->most_w);
    out_str(o, v->terminal ? "\x1b[K\n" : "\n");
}

/* By component, without counting anything twice; then each sensor. */
static void rows(struct view *v, struct out *o)
{
    struct ag_tally t;

    ag_tally_watts(&t, v->set, v->meters);
    if (t.wall_j > v->most_w)
        v->most_w = t.wall_j;
    for (int k = 0; k < AG_COMPONENTS; k++)
        if (!isnan(t.joules[k]))
            row(v, o, ag_component_word((enum ag_component)k), t.joules[k],
                t.partial[k]    ? "+"
                : t.modelled[k] ? "~"
                                : " ");
    row(v, o, "wall", t.wall_j, isnan(t.node_j) ? "~" : " ");
    out_str(o, v->terminal ? "\x1b[K\n" : "\n");
    for (size_t i = 0; i < v->set->n; i++) {
        const struct ag_meter *m = &v->meters[i];

        if (m->power_w > v->most_w)
            v->most_w = m->power_w;
        row(v, o, v->set->sensors[i].id, m->power_w,
            m->why.code                   ? m->why.msg
            : v->set->sensors[i].modelled ? "~"
                                          : " ");
    }
}

static bool draw(struct view *v, const struct ag_config *c, struct err *err)
{
    struct out *o = xmalloc(sizeof *o);
    struct buf b;
    bool ok;

    buf_init(&b, 1 << 20);
    out_to_buf(o, &b);
    if (v->terminal)
        out_str(o, "\x1b[H");
    out_printf(
            o, "%zu sensors; ~ is modelled, + and more%s", v->set->n,
            v->terminal ? "; Ctrl-C ends\x1b[K\n\x1b[K\n" : "\n");
    rows(v, o);
    if (v->terminal)
        out_str(o, "\x1b[J");
    else
        out_char(o, '\n');
    ok = out_finish(o, err) && ag_emit(c, b.p, b.len, STDOUT_FILENO, err);
    buf_clear(&b);
    free(o);
    return ok;
}

int ag_cmd_watch(const struct ag_config *c)
{
    struct ag_set s;
    struct view v = {.set = &s, .terminal = isatty(STDOUT_FILENO) == 1};
    struct ag_rota r;
    struct err err = {0};
    sigset_t free_mask;
    int64_t interval = c->interval_ns ? c->interval_ns : 1000000000, next;
    bool ok = true;

    ag_catch_signals(&free_mask);
    ag_set_open(&s, c);
    v.meters = xcalloc(s.n + 1, sizeof *v.meters);
    for (size_t i = 0; i < s.n; i++)
        v.meters[i].power_w = NAN;
    ag_rota_open(&r, &s, interval, ag_boot_ns());
    if (v.terminal)
        ok = ag_emit(c, "\x1b[2J", 4, STDOUT_FILENO, &err);
    /* The first round gives counters their start, and shows nothing. */
    for (int64_t round = 0; ok && !ag_stopping; round++) {
        next = ag_rota_turn(&r, &s, ag_boot_ns());
        for (size_t i = 0; i < s.n; i++)
            if (r.due[i])
                ag_meter_read(&v.meters[i], &s.sensors[i]);
        if (round > 0)
            ok = draw(&v, c, &err);
        if (c->count && round >= c->count)
            break;
        ag_wait_until(next, &free_mask);
    }
    ag_rota_close(&r);
    free(v.meters);
    ag_set_close(&s);
    return ok ? 0 : ag_fail(&err);
}
