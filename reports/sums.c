/* SPDX-License-Identifier: Apache-2.0
 * The sums over all lines. What differs from line to line is added line by
 * line; what follows from the assessment alone is added once per run of alike
 * lines, with the sum of their weights. */
#include <stdlib.h>

#include "reports/reports_priv.h"

#define DAYS_PER_YEAR 365.25
#define REUSE_YEARS 10

void rep_sums_init(struct rep_sums *s, struct rep_frame *f)
{
    *s = (struct rep_sums){.frame = f};
    s->places = arena_alloc(&f->arena, f->n_places * sizeof *s->places);
    for (int d = 0; d < FAC_DONES; d++)
        s->done[d].done = (enum fac_done)d;
}

void rep_sums_clear(struct rep_sums *s)
{
    for (int k = 0; k < CALC_KINDS; k++)
        calc_total_clear(&s->kinds[k]);
    for (int c = 0; c < CALC_CATEGORIES; c++)
        calc_total_clear(&s->categories[c]);
    calc_total_clear(&s->own);
    calc_total_clear(&s->charge);
    calc_total_clear(&s->writeoff);
    calc_total_clear(&s->acquisition);
    *s = (struct rep_sums){0};
}

struct rep_place_sum *rep_sums_place(struct rep_sums *s, size_t place)
{
    if (!s->places[place])
        s->places[place] =
                arena_alloc(&s->frame->arena, sizeof *s->places[place]);
    return s->places[place];
}

static void weigh(struct rep_weight *w, double weight)
{
    w->sum += weight;
    w->squares += weight * weight;
}

/* ---- line by line -------------------------------------------------------- */

static void stock_add(struct rep_stock_row *r, uint64_t units, double kg)
{
    r->units += units;
    r->kg += kg;
}

static void add_stock(struct rep_sums *s, const struct rep_line *l)
{
    uint64_t units = l->u->units;
    double kg = (double)units * l->made->kg;

    if (l->opening)
        stock_add(&s->stock.opening, units, kg);
    if (l->enters)
        stock_add(l->used ? &s->stock.in_used : &s->stock.in_new, units, kg);
    if (l->leaves)
        stock_add(
                l->given ? &s->stock.out_given : &s->stock.out_retired, units,
                kg);
    if (l->closing)
        stock_add(&s->stock.closing, units, kg);
}

static void add_net(struct rep_sums *s, const struct rep_line *l)
{
    double own_kg = l->u->units * l->f * l->made->kg;

    s->net.opening_kg += l->opening_frac * own_kg;
    s->net.additions_kg += l->enters ? own_kg : 0;
    s->net.charge_kg += l->charge_frac * own_kg;
    s->net.writeoff_kg += l->writeoff_frac * own_kg;
    s->net.transferred_kg += l->transferred_frac * own_kg;
    s->net.closing_kg += l->closing_frac * own_kg;
}

/* I4 for assets whose life ended or that left: charged year by year since
 * their start, as the reports of those years would have it. */
static void add_ended(struct rep_sums *s, const struct rep_line *l)
{
    const struct rep_frame *f = s->frame;
    double own_kg = l->u->units * l->f * l->made->kg, spent = 0;
    int32_t to = l->leaves ? l->exit_day : f->end_day;
    bool ends = l->start_known && l->life_end > f->start_day &&
                l->life_end <= f->end_day;

    if (!l->leaves && !(ends && l->closing))
        return;
    if (l->start_known && to > l->life_start) {
        int year = date_from_days(l->life_start).year;
        int32_t from = l->life_start;

        while (from < to && from < l->life_end) {
            int32_t next = date_days((struct date){(int16_t)++year, 1, 1});

            next = next < to ? next : to;
            spent += calc_charge_kg(
                    own_kg, l->life_start, l->life_end, from, next);
            from = next;
        }
    }
    spent += (l->writeoff_frac + l->transferred_frac) * own_kg;
    s->ended_spent_kg += spent;
    s->ended_own_kg += own_kg;
}

static void add_cell(struct rep_sums *s, const struct rep_line *l)
{
    enum calc_approach a = l->made->a.choice.approach;
    struct rep_cell *c = &s->cells[l->u->category][l->used][a];
    double kg = l->u->units * l->made->kg;

    if (l->closing) {
        c->units += l->u->units;
        c->gross_kg += kg;
    }
    if (l->enters) {
        c->acquisition_kg += l->f * kg;
        c->cutoff_kg += l->used ? 0 : kg;
    }
    c->amortised_kg += l->charge_frac * l->f * kg;
}

static void add_rules(struct rep_sums *s, const struct rep_line *l)
{
    double kg = l->u->units * l->made->kg;

    for (int r = 0; r < CALC_RULES; r++) {
        if (isnan(l->share[r]))
            s->rule_without[r]++;
        else
            s->rule_kg[r] += l->share[r] * kg;
    }
}

static void add_weights(const struct rep_line *l)
{
    struct rep_made *m = l->made;
    double units = l->u->units, own = units * l->f;

    if (l->closing) {
        weigh(&m->gross, units);
        weigh(&m->own, own);
        m->units += l->u->units;
    }
    if (l->enters)
        weigh(&m->acquisition, own);
    if (l->charge_frac > 0)
        weigh(&m->charge, own * l->charge_frac);
    if (l->writeoff_frac > 0)
        weigh(&m->writeoff, own * l->writeoff_frac);
}

/* The day it was made; a machine bought new with no other date is as old as
 * its entry. REP_DAY_EVER: not known. */
static int32_t day_made(const struct rep_line *l)
{
    if (l->made_day == REP_DAY_EVER && l->u->acquisition == CALC_NEW)
        return l->entry_day;
    return l->made_day;
}

/* How a machine left: those of ten years and more are nobody's aim [3.3]. */
static void add_reuse(struct rep_sums *s, const struct rep_line *l)
{
    int32_t made = day_made(l);

    if (made == REP_DAY_EVER)
        s->reuse.age_unknown += l->u->units;
    else if ((l->exit_day - made) / DAYS_PER_YEAR >= REUSE_YEARS)
        return;
    else if (l->given)
        s->reuse.given += l->u->units;
    else
        s->reuse.retired += l->u->units;
}

static void add_service(struct rep_sums *s, const struct rep_line *l)
{
    int32_t made = day_made(l), last = s->frame->end_day - 1;

    if (made == REP_DAY_EVER || !l->made->has_kg)
        return;
    s->reuse.aged_kg += l->u->units * l->made->kg;
    s->reuse.aged_years +=
            made < last ? l->u->units * ((last - made) / DAYS_PER_YEAR) : 0;
}

/* Whole years at the end of the period. */
static void add_age(struct rep_sums *s, const struct rep_line *l, int warranty)
{
    int32_t made = day_made(l), last = s->frame->end_day - 1;
    struct rep_age_bin *bin = &s->ages[REP_AGE_LAST + 1];
    int age;

    if (made != REP_DAY_EVER) {
        age = made < last ? (int)((last - made) / DAYS_PER_YEAR) : 0;
        bin = &s->ages[age < REP_AGE_LAST ? age : REP_AGE_LAST];
    }
    if (warranty > 0)
        bin->under_warranty += l->u->units;
    else if (warranty == 0)
        bin->out_of_warranty += l->u->units;
    else
        bin->warranty_unknown += l->u->units;
}

static void add_machine(struct rep_sums *s, const struct rep_line *l)
{
    const struct inv_unit *u = l->u;
    struct rep_fleet *fleet = &s->fleet;
    int warranty = !date_known(u->warranty_end) ? -1
                                                : date_days(u->warranty_end) >=
                                                          s->frame->end_day - 1;

    fleet->machines += u->units;
    if (l->running)
        fleet->running += u->units;
    if (u->acquisition == CALC_NEW)
        fleet->new_ += u->units;
    else if (u->acquisition == CALC_SECOND_HAND)
        fleet->second_hand += u->units;
    else if (u->acquisition == CALC_DONATED)
        fleet->donated += u->units;
    else
        fleet->acquisition_unknown += u->units;
    if (warranty > 0)
        fleet->under_warranty += u->units;
    else if (warranty < 0)
        fleet->warranty_unknown += u->units;
    add_age(s, l, warranty);
    add_service(s, l);
    rep_sums_place(s, l->place)->machines += u->units;
    if (l->start_known && s->frame->end_day > l->life_end)
        s->years_beyond_life += (double)u->units *
                                (s->frame->end_day - l->life_end) /
                                DAYS_PER_YEAR;
}

static void add_quality(struct rep_sums *s, const struct rep_line *l)
{
    unsigned flags = l->made->a.flags;

    s->stock_units += l->u->units;
    s->known_units += l->made->has_kg ? l->u->units : 0;
    s->unknown_model_lines += (flags & FAC_UNKNOWN_MODEL) != 0;
    s->discrepancies += (flags & FAC_DISCREPANCY) != 0;
    s->age_unknown_lines += l->used && !l->age_known;
    s->start_unknown_lines += !l->start_known;
}

void rep_sums_line(struct rep_sums *s, const struct rep_line *l)
{
    struct rep_energy e;

    rep_line_energy(s->frame, l, s, &e);
    if (l->is_virtual) { /* its host is what was made */
        s->fleet.virtual_machines += l->closing ? l->u->units : 0;
        return;
    }
    add_stock(s, l);
    if (l->leaves && l->is_machine)
        add_reuse(s, l);
    if (!l->opening && !l->enters)
        return;
    add_net(s, l);
    add_ended(s, l);
    add_cell(s, l);
    add_weights(l);
    if (!l->closing)
        return;
    add_rules(s, l);
    add_quality(s, l);
    rep_sums_place(s, l->place)->gross_kg += l->u->units * l->made->kg;
    if (l->is_machine)
        add_machine(s, l);
}
