/* SPDX-License-Identifier: Apache-2.0
 * Who sends energy, and how much of the last days each machine was read: for
 * the page of energy, a page of rows at a time. */
#include <stdlib.h>

#include "reports/reports_priv.h"

enum { DAY_H = 24, HOUR_S = 3600 };

struct list {
    struct rep_senders *s;
    size_t cap;
    int64_t *machines; /* by row; 0: none */
};

static bool take_row(void *ctx, const struct en_metered_row *r, struct err *err)
{
    struct list *l = ctx;
    struct arena *a = l->s->arena;

    (void)err;
    if (l->s->n == l->cap) {
        l->cap = l->cap ? 2 * l->cap : 64;
        l->s->items = xreallocarray(l->s->items, l->cap, sizeof *l->s->items);
        l->machines = xreallocarray(l->machines, l->cap, sizeof *l->machines);
    }
    l->machines[l->s->n] = r->machine;
    l->s->items[l->s->n++] = (struct rep_sender){
            .name = arena_str(a, r->name),
            .kind = arena_str(a, r->kind),
            .state = arena_str(a, r->state),
            .tag = arena_str(a, r->tag),
            .agent = arena_str(a, r->agent),
            .seen_s = r->seen_s,
            .meters = r->meters,
            .missing = r->missing,
            .coverage = NAN,
            .kwh = NAN,
            .tier = CALC_NO_ENERGY};
    return true;
}

struct span { /* hours since 1970 */
    int64_t from, to;
    int64_t joules[CALC_TIERS], covered_s;
};

static bool take_hours(void *ctx, const struct en_hours *h, struct err *err)
{
    struct span *s = ctx;
    struct date first = {
            (int16_t)(h->month / 12), (uint8_t)(h->month % 12 + 1), 1};
    int64_t hour = (int64_t)date_days(first) * DAY_H;

    (void)err;
    for (int i = 0; i < h->n_hours; i++) {
        if (hour + i < s->from || hour + i >= s->to ||
            h->tier[i] >= CALC_NO_ENERGY)
            continue;
        s->joules[h->tier[i]] += h->joules[i];
        s->covered_s += h->covered[i];
    }
    return true;
}

/* A meter that several stand behind, split alike: their models are not at
 * hand. */
static double alike(void *ctx, int64_t machine)
{
    (void)ctx;
    (void)machine;
    return NAN;
}

static int month_of(int64_t hour)
{
    struct date d = date_from_days((int32_t)(hour / DAY_H));

    return d.year * 12 + d.month - 1;
}

static bool fill_row(
        struct db *db, int64_t machine, int32_t today, struct rep_sender *row,
        struct err *err)
{
    struct span s = {
            .from = (int64_t)(today + 1 - REP_SENDER_DAYS) * DAY_H,
            .to = (int64_t)(today + 1) * DAY_H};
    int64_t joules = 0;

    if (!en_machine_hours(
                db, month_of(s.from), month_of(s.to - 1), machine, machine,
                alike, take_hours, &s, err))
        return false;
    if (!s.covered_s)
        return true;
    for (int t = 0; t < CALC_NO_ENERGY; t++) {
        joules += s.joules[t];
        if (s.joules[t] &&
            (row->tier == CALC_NO_ENERGY || s.joules[t] > s.joules[row->tier]))
            row->tier = (enum calc_tier)t;
    }
    row->coverage =
            (double)s.covered_s / ((double)REP_SENDER_DAYS * DAY_H * HOUR_S);
    row->kwh = calc_uj_to_kwh((num_i128)joules * 1000000);
    return true;
}

bool rep_senders_make(
        struct db *db, struct date today, uint32_t limit, uint32_t offset,
        struct rep_senders **out, struct err *err)
{
    struct list l = {.s = xcalloc(1, sizeof *l.s)};
    bool ok;

    l.s->arena = xcalloc(1, sizeof *l.s->arena);
    ok = en_metered_list(db, limit, offset, take_row, &l, &l.s->total, err);
    for (size_t i = 0; ok && i < l.s->n; i++)
        ok = !l.machines[i] ||
             fill_row(db, l.machines[i], date_days(today), &l.s->items[i], err);
    free(l.machines);
    if (!ok) {
        rep_senders_free(l.s);
        return false;
    }
    *out = l.s;
    return true;
}

void rep_senders_free(struct rep_senders *s)
{
    if (!s)
        return;
    free(s->items);
    arena_clear(s->arena);
    free(s->arena);
    free(s);
}
