/* SPDX-License-Identifier: Apache-2.0
 * Exporters and BMCs: one reading of each meter a pull, through the same door
 * as the readings of a node's agent. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "energy/pull_priv.h"

enum { MAX_FOUND = WIRE_MAX_METERS };

struct found {
    char id[WIRE_MAX_METER_ID + 1];
    char by[WIRE_MAX_METER_ID + 1];
    struct wire_meter meter;
    const struct imp_rule *rule; /* NULL: of a BMC */
    bool sum;
    bool part_unknown; /* of a sum: what the others add up to is not it */
    int64_t value;
    int64_t t_ms; /* 0: now */
};

struct scrape {
    struct ep_run *run;
    const struct en_target *target;
    struct found *items;
    size_t n;
    double boot_s; /* of the machine; NAN not told */
};

/* ---- what was found ---------------------------------------------------------
 */

static bool add(struct scrape *s, const struct found *f, struct err *err)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->items[i].id, f->id) == 0) {
            s->items[i].part_unknown |= f->part_unknown;
            /* Supplies add up; pods and parts of a card repeat the card. */
            if (f->sum && s->items[i].value < INT64_MAX - f->value)
                s->items[i].value += f->value;
            else if (!f->sum && s->items[i].value < f->value)
                s->items[i].value = f->value;
            return true;
        }
    if (s->n == MAX_FOUND)
        return err_set(
                err, ERR_LIMIT, "more than %d meters at one target",
                (int)MAX_FOUND);
    s->items[s->n++] = *f;
    return true;
}

static bool on_sample(void *ctx, const struct imp_metric *m, struct err *err)
{
    struct scrape *s = ctx;
    const struct imp_rule *r = imp_metric_rule(s->run->map, m);
    struct found f = {0};

    if (strcmp(m->name, "node_boot_time_seconds") == 0)
        s->boot_s = m->value;
    if (!r)
        return true;
    if (!imp_metric_micro(r, m->value, &f.value)) {
        if (!r->sum)
            return true;
        f.part_unknown = true;
    }
    imp_metric_id(r, m, f.id);
    f.meter = (struct wire_meter){
            .scope = r->scope,
            .kind = r->kind,
            .unit = r->unit,
            .range_uj = -1,
            .max_w = NAN,
            .modelled = r->modelled};
    imp_metric_by(r, m, f.by);
    f.rule = r;
    f.sum = r->sum;
    f.t_ms = m->timed ? m->t_ms : 0;
    return add(s, &f, err);
}

/* Two supplies of which one says nothing are not half a machine. */
static bool whole_only(struct scrape *s, struct err *err)
{
    const struct imp_rule *r = NULL;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (s->items[i].part_unknown)
            r = s->items[i].rule;
        else
            s->items[n++] = s->items[i];
    }
    s->n = n;
    return n > 0 || !r ||
           err_set(err, ERR_INVALID,
                   "%.200s: one of the parts that are added has no value",
                   r->metric);
}

/* source 0: of what was read alone; else of what the source had before, too. */
static bool best_only(struct scrape *s, int64_t source, struct err *err)
{
    struct ep_candidate *c = xcalloc(s->n + 1, sizeof *c);
    bool ok = true;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        c[i] = (struct ep_candidate){
                .rule = s->items[i].rule, .by = s->items[i].by};
    if (source)
        ok = ep_best_held(s->run->db, s->run->map, source, c, s->n, err);
    else
        ep_best(c, s->n);
    for (size_t i = 0; i < s->n; i++)
        if (!c[i].out)
            s->items[n++] = s->items[i];
    s->n = n;
    free(c);
    return ok;
}

/* A counter of energy where the BMC has one, else its power. */
static bool bmc(struct scrape *s, struct err *err)
{
    struct found f = {0};
    struct ep_bmc got;
    bool energy;

    if (!ep_redfish(s->run, s->target, &got, err))
        return false;
    energy = wire_unit_is_energy(got.unit);
    snprintf(f.id, sizeof f.id, "redfish/%s", energy ? "energy" : "power");
    f.value = got.value;
    f.meter = (struct wire_meter){
            .scope = WIRE_NODE,
            .kind = energy ? WIRE_COUNTER : WIRE_GAUGE,
            .unit = got.unit,
            .range_uj = -1,
            .max_w = NAN};
    return add(s, &f, err);
}

/* ---- handing over
 * ------------------------------------------------------------- */

/* Sequence numbers go on from pull to pull, so that their ranges stay one; a
 * new start of the machine is a new run of it. */
static bool
hand_over(struct scrape *s, int64_t source, int64_t now_ns, struct err *err)
{
    struct wire_meter meters[MAX_FOUND];
    struct wire_sample samples[MAX_FOUND];
    char run[WIRE_MAX_RUN];
    struct wire_batch b = {
            .agent = "fleetprint energy pull",
            .run = run,
            .boot = run,
            .meters = meters,
            .n_meters = s->n,
            .samples = samples,
            .n_samples = s->n};
    struct en_taken taken = {0};
    struct stmt *q;

    if (s->boot_s > 0 && s->boot_s < 1e11)
        snprintf(run, sizeof run, "pull since %.0f", s->boot_s);
    else
        snprintf(run, sizeof run, "pull");
    for (size_t i = 0; i < s->n; i++) {
        const struct found *f = &s->items[i];

        meters[i] = f->meter;
        meters[i].id = f->id;
        samples[i] = (struct wire_sample){
                .seq = (uint64_t)s->target->next_seq + i,
                .t_ns = f->t_ms > 0 ? f->t_ms * 1000000 : now_ns,
                .value = f->value,
                .meter = (uint32_t)i};
    }
    if (!en_feed_take(s->run->feed, source, &b, now_ns, &taken, err))
        return false;
    q = ep_stmt(s->run->db, EP_TARGET_SEQ, err);
    if (!q)
        return false;
    stmt_int(q, ":id", s->target->id);
    stmt_int(q, ":seq", s->target->next_seq + (int64_t)s->n);
    if (!stmt_run(q, err))
        return false;
    s->run->out->accepted += taken.accepted;
    s->run->out->duplicate += taken.duplicate;
    s->run->out->refused += taken.refused + taken.conflict;
    s->run->out->meters += s->n;
    return true;
}

static bool write_all(struct scrape *s, struct err *err)
{
    struct ep_run *r = s->run;
    int64_t machine = s->target->machine_id, source = 0;
    bool ok;

    if (!db_begin(r->db, err))
        return false;
    ok = machine || ep_machine(r->db, s->target->name, &machine, err);
    ok = ok && ep_source(
                       r->db, "pull", s->target->name, machine, r->ask->now_s,
                       r->ask->actor, &source, err);
    ok = ok && best_only(s, source, err) &&
         hand_over(s, source, r->ask->now_s * EP_NS, err) &&
         db_commit(r->db, err);
    if (!ok) {
        db_rollback(r->db);
        en_feed_forget(r->feed);
        return false;
    }
    r->out->sources++;
    r->out->unlinked += machine == 0;
    return true;
}

static bool exposition(struct scrape *s, struct err *err)
{
    const struct ep_request q = {
            .target = s->target, .path = "", .max_bytes = IMP_MAX_EXPOSITION};
    struct buf body;
    bool ok;

    buf_init(&body, IMP_MAX_EXPOSITION);
    ok = ep_fetch(s->run, &q, &body, err) &&
         imp_exposition(buf_text(&body), body.len, on_sample, s, err);
    buf_clear(&body);
    return ok;
}

bool ep_pull_scrape(
        struct ep_run *r, const struct en_target *t, struct err *err)
{
    struct scrape s = {.run = r, .target = t, .boot_s = NAN};
    bool ok = false;

    s.items = xcalloc(MAX_FOUND, sizeof *s.items);
    if (t->kind == EN_PULL_METRICS ? !exposition(&s, err) : !bmc(&s, err))
        goto done;
    if (s.n == 0) {
        err_set(err, ERR_INVALID,
                "none of its metrics is in the map; 'energy map list' shows "
                "the map");
        goto done;
    }
    if (!whole_only(&s, err))
        goto done;
    ok = (t->kind != EN_PULL_METRICS || best_only(&s, 0, err)) &&
         write_all(&s, err);
done:
    free(s.items);
    return ok;
}
