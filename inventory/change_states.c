/* SPDX-License-Identifier: Apache-2.0
 * Status and site of a record against those that stand, by day. */
#include "inventory/change_priv.h"

#include <string.h>

const char *inv_event_of_status(enum calc_status s)
{
    switch (s) {
    case CALC_GIVEN:
        return "given";
    case CALC_RECYCLED:
        return "recycled";
    case CALC_RETIRED:
    case CALC_REFUSED:
        return "retired";
    case CALC_IN_SERVICE:
        return "installed";
    default:
        return "moved";
    }
}

static bool same_dates(const struct inv_line *a, const struct inv_line *b)
{
    return inv_same_date(a->manufactured_on, b->manufactured_on) &&
           inv_same_date(a->acquired_on, b->acquired_on) &&
           inv_same_date(a->in_service_on, b->in_service_on) &&
           inv_same_date(a->exit_on, b->exit_on);
}

/* The day a new status began: the stated day, the exit or the day of going
 * into service when the record gives it, else today. */
static struct date turn_day(const struct change *c, enum calc_status status)
{
    const struct inv_state *last = &c->old_states.items[c->old_states.n - 1];

    if (date_known(c->t->on))
        return c->t->on;
    if (inv_is_exit(status) && date_known(c->now.exit_on))
        return c->now.exit_on;
    if (status == CALC_IN_SERVICE && last->status != status &&
        date_known(c->now.in_service_on) &&
        !inv_same_date(c->now.in_service_on, c->old.in_service_on))
        return c->now.in_service_on;
    return c->t->today;
}

/* Which status and site the record may set. */
static bool
stated(struct change *c, const struct inv_state *last, enum calc_status *status,
       int64_t *site_id, struct err *err)
{
    const struct wire_machine *m = c->m;
    const char *site = NULL, *old_site = NULL;

    *status = last->status;
    *site_id = last->site_id;
    if (m->has_status) {
        if (change_settle_text(
                    c, INV_F_STATUS, calc_status_word(last->status),
                    calc_status_word(m->status), false))
            *status = m->status;
        c->now.assumed &= ~(unsigned)INV_ASSUMED_STATUS;
    }
    if (!inv_site_of(c->t, m, &site, err))
        return false;
    if (site) {
        int64_t id;

        if (!inv_id_of_site(c->t, site, &id, err) ||
            !inv_site_name(c->t, last->site_id, &old_site, err))
            return false;
        if (change_settle_text(c, INV_F_SITE, old_site, site, false))
            *site_id = id;
        c->now.assumed &= ~(unsigned)INV_ASSUMED_SITE;
    }
    return true;
}

bool change_states(struct change *c, struct err *err)
{
    const struct inv_state *last;
    enum calc_status status;
    int64_t site_id;
    struct inv_states derived;
    struct date day;

    if (c->old_states.n == 0)
        return err_set(err, ERR_DB, "a line without a state");
    last = &c->old_states.items[c->old_states.n - 1];
    if (!stated(c, last, &status, &site_id, err))
        return false;
    c->now_states = c->old_states;
    inv_states_derive(&c->old, last->status, last->site_id, &derived);
    if (status == last->status && site_id == last->site_id) {
        /* Dates typed better: history that only came from them follows. */
        if (!same_dates(&c->old, &c->now) &&
            inv_states_same(&derived, &c->old_states))
            inv_states_derive(&c->now, status, site_id, &c->now_states);
        return true;
    }
    /* Back among the stock: it has not gone. */
    if (inv_is_exit(last->status) && !inv_is_exit(status) &&
        !date_known(c->m->exit_on))
        c->now.exit_on = (struct date){0};
    day = turn_day(c, status);
    if (date_known(c->t->on) && date_known(last->from) &&
        date_days(day) < date_days(last->from)) {
        char from[DATE_TEXT];

        return err_set(
                err, ERR_CONFLICT,
                "it is %s since %s, expected that day or a later one",
                calc_status_word(last->status), date_print(last->from, from));
    }
    if (!inv_states_turn(&c->now_states, day, status, site_id))
        return err_set(
                err, ERR_LIMIT, "more than %d changes of status or site",
                (int)INV_MAX_STATES);
    c->event = status != last->status ? inv_event_of_status(status) : "moved";
    c->event_on = day;
    return true;
}
