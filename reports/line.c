/* SPDX-License-Identifier: Apache-2.0
 * One inventory line within the period: when it came and went, which share of
 * it is ours, and what is charged: see docs/method.md#allocation. */
#include "reports/reports_priv.h"

#define DAYS_PER_YEAR 365.25
#define CFF_A 0.5 /* [D 3.1] */
#define CFF_Q 1.0

bool rep_is_machine(enum calc_category c)
{
    return calc_is_computer(c) || c == CALC_OTHER_UNIT;
}

static int32_t day_or(struct date d, int32_t otherwise)
{
    return date_known(d) ? date_days(d) : otherwise;
}

/* The day it came to us: acquired, else taken into service, else made; none of
 * these dated: it has been here for ever, and says so. */
static int32_t entry_day(const struct inv_unit *u)
{
    struct date d = date_known(u->acquired_on)     ? u->acquired_on
                    : date_known(u->in_service_on) ? u->in_service_on
                                                   : u->manufactured_on;

    return day_or(d, REP_DAY_EVER);
}

/* It left with the first of the states out of stock that end its record; a
 * machine that came back is taken never to have left. */
static int32_t exit_day(const struct inv_unit *u, bool *given)
{
    const struct inv_state *out = NULL;

    for (int i = u->n_states - 1; i >= 0; i--) {
        if (calc_in_stock(u->states[i].status))
            break;
        out = &u->states[i];
    }
    *given = out && out->status == CALC_GIVEN;
    if (date_known(u->exit_on))
        return date_days(u->exit_on);
    if (!out)
        return REP_DAY_NEVER;
    return day_or(out->from, REP_DAY_EVER);
}

/* Stock at the start of a day is what came before that day and had not left
 * before it. Dates of limited precision may put the exit before the entry
 * (bought in August 2024, gone in 2024): it came and left on one day, and its
 * fabrication is not lost. */
static void find_stay(const struct rep_frame *f, struct rep_line *l)
{
    bool stayed;

    if (date_known(l->u->exit_on) && l->exit_day < l->entry_day)
        l->exit_day = l->entry_day;
    stayed = l->exit_day >= l->entry_day && l->exit_day != REP_DAY_EVER;

    l->opening = l->entry_day < f->start_day && l->exit_day >= f->start_day;
    l->closing = l->entry_day < f->end_day && l->exit_day >= f->end_day;
    l->enters =
            stayed && l->entry_day >= f->start_day && l->entry_day < f->end_day;
    l->leaves =
            stayed && l->exit_day >= f->start_day && l->exit_day < f->end_day;
    if (!stayed)
        l->opening = l->closing = false;
}

static void find_state(struct rep_frame *f, struct rep_line *l)
{
    const struct inv_unit *u = l->u;

    l->state = inv_state_at(u, f->end_day - 1);
    /* A date of service later than the exit is in no state. */
    l->running = l->state && l->state->status == CALC_IN_SERVICE &&
                 day_or(u->in_service_on, REP_DAY_EVER) < f->end_day;
    if (l->state)
        l->place = rep_place_of(f, l->state->site_id);
    else if (u->n_states) /* before its first state it was where that is */
        l->place = rep_place_of(f, u->states[0].site_id);
    else
        l->place = f->sites.n;
}

/* Made on its date, else in the middle of the year that brought its newest CPU
 * [1.1]. A warranty's end does not say when it began. */
static void find_age(struct rep_line *l)
{
    l->made_day = day_or(l->u->manufactured_on, REP_DAY_EVER);
    if (l->made_day == REP_DAY_EVER && l->made->cpu_year)
        l->made_day =
                date_days((struct date){.year = (int16_t)l->made->cpu_year});
    /* With no date of entry but the manufacture's, nobody knows how old it was.
     */
    l->age_known =
            l->made_day != REP_DAY_EVER &&
            (date_known(l->u->acquired_on) || date_known(l->u->in_service_on));
    l->age_y = l->age_known && l->entry_day > l->made_day
                       ? (l->entry_day - l->made_day) / DAYS_PER_YEAR
                       : 0;
}

/* An unknown age counts as 0, which leaves the largest share to us. */
static void find_shares(const struct rep_frame *f, struct rep_line *l)
{
    const struct calc_share_in in = {
            .acquisition = l->u->acquisition,
            .age_y = l->age_y,
            .lref_y = l->lref_y,
            .l2_y = l->life_y,
            .price_paid = l->u->price_eur,
            .price_new = NAN, /* the inventory does not hold it */
            .db_per_y = CALC_DB_PER_Y,
            .work_left_frac = NAN, /* nor wear counters */
            .cff_a = CFF_A,
            .cff_q = CFF_Q,
    };

    for (int r = 0; r < CALC_RULES; r++)
        l->share[r] = l->used ? calc_share((enum calc_rule)r, &in) : 1;
    l->f = l->share[f->options->rule];
}

/* Charged by days from the start of service, or from entry where that is later
 * (a date of service may be the first owner's), over the booking life. */
static void find_life(struct rep_line *l)
{
    l->lref_y = calc_reference_life_y(l->u->category, l->made->kind);
    l->life_y = calc_booking_life_y(l->lref_y, l->age_y, l->used);
    l->start_known = l->entry_day != REP_DAY_EVER;
    if (!l->start_known)
        return;
    l->life_start = day_or(l->u->in_service_on, l->entry_day);
    if (l->life_start < l->entry_day)
        l->life_start = l->entry_day;
    l->life_end = date_days_add_life(l->life_start, l->life_y);
}

/* What is left of 1 at the start of a day. */
static double net_frac(const struct rep_line *l, int32_t day)
{
    return l->start_known ? calc_net_kg(1, l->life_start, l->life_end, day) : 1;
}

static void find_fractions(const struct rep_frame *f, struct rep_line *l)
{
    int32_t to = l->exit_day < f->end_day ? l->exit_day : f->end_day;
    /* Under CUTOFF nothing passes on with a gift [3.3]. */
    bool passes = l->given && f->options->rule != CALC_CUTOFF;
    double left = l->leaves ? net_frac(l, l->exit_day) : 0;

    l->charge_frac = 0;
    if (l->start_known && (l->opening || l->enters) && to > f->start_day)
        l->charge_frac =
                calc_charge_kg(1, l->life_start, l->life_end, f->start_day, to);
    l->opening_frac = l->opening ? net_frac(l, f->start_day) : 0;
    l->closing_frac = l->closing ? net_frac(l, f->end_day) : 0;
    l->transferred_frac = passes ? left : 0;
    l->writeoff_frac = passes ? 0 : left;
}

void rep_line_make(
        struct rep_frame *f, const struct inv_unit *u, struct rep_made *made,
        struct rep_line *out)
{
    struct rep_line *l = out;

    l->u = u;
    l->made = made;
    l->is_machine = rep_is_machine(u->category);
    l->is_virtual = u->is_virtual == 1;
    l->used = u->acquisition == CALC_SECOND_HAND ||
              u->acquisition == CALC_DONATED;
    l->entry_day = entry_day(u);
    l->exit_day = exit_day(u, &l->given);
    find_stay(f, l);
    find_state(f, l);
    find_age(l);
    find_life(l);
    find_shares(f, l);
    find_fractions(f, l);
}
