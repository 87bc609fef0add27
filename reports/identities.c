/* SPDX-License-Identifier: Apache-2.0
 * The identities of every report [6]: a table that does not add up is not
 * published. I7 needs closed years and is checked when one is closed. */
#include <stdlib.h>

#include "reports/reports_priv.h"

#define SHOWN_UNIT_KG 1.0

static void identity(
        struct rep_year *y, const char *id, const char *says, double left,
        double right, bool holds)
{
    CHECK(y->n_identities < REP_IDENTITIES);
    y->identities[y->n_identities++] = (struct rep_identity){
            .id = id,
            .says = says,
            .left = left,
            .right = right,
            .holds = holds,
    };
}

/* Tolerance 1e-9 of the largest of the terms [6]: what is left of a stock may
 * be nothing, but not what the rounding of large terms leaves. */
static bool adds_up(double left, double right, double terms)
{
    return calc_same(left, right) || fabs(left - right) <= 1e-9 * terms;
}

static void stock_holds(struct rep_year *y)
{
    const struct rep_stock *t = &y->stock;
    double kg = t->opening.kg + t->in_new.kg + t->in_used.kg + t->in_split.kg -
                t->out_retired.kg - t->out_given.kg + t->recalculation.kg;
    double terms = t->opening.kg + t->in_new.kg + t->in_used.kg;
    uint64_t in = t->opening.units + t->in_new.units + t->in_used.units +
                  t->in_split.units;
    uint64_t out = t->closing.units + t->out_retired.units + t->out_given.units;

    identity(
            y, "I1",
            "closing gross stock = opening + in new + in used + in by split - "
            "retired - given + recalculation, in units and kg",
            t->closing.kg, kg, in == out && adds_up(t->closing.kg, kg, terms));
}

/* The lines of the assessments, the assets one by one, and the fleet. */
static void lines_hold(struct rep_year *y)
{
    double lines_kg = 0, cells_kg = 0;

    for (size_t i = 0; i < y->n_kinds; i++)
        lines_kg += y->kinds[i].kg.value;
    for (size_t i = 0; i < y->n_embodied; i++)
        cells_kg += y->embodied[i].gross_kg;
    identity(
            y, "I2", "component lines = assets = fleet", lines_kg,
            y->stock.closing.kg,
            calc_same(lines_kg, y->stock.closing.kg) &&
                    calc_same(cells_kg, lines_kg) &&
                    calc_same(y->gross_kg.value, lines_kg));
}

static void net_holds(struct rep_year *y)
{
    const struct rep_net_stock *n = &y->net;
    double kg = n->opening_kg + n->additions_kg - n->charge_kg -
                n->writeoff_kg - n->transferred_kg + n->recalculation_kg;

    identity(
            y, "I3",
            "closing net stock = opening + additions - charge - write-off - "
            "transferred + recalculation",
            n->closing_kg, kg,
            adds_up(n->closing_kg, kg, n->opening_kg + n->additions_kg));
}

/* T6 from the totals, and from the rows of T4 and T5. Where the operation is
 * not known, the fabrication side alone. */
static void total_holds(struct rep_year *y)
{
    double rows_kg = y->net.writeoff_kg;
    double total_kg = y->amortised_total_kg.value;

    for (size_t i = 0; i < y->n_embodied; i++)
        rows_kg += y->embodied[i].amortised_kg;
    if (isnan(y->location_kg.value))
        total_kg = y->charge_kg.value + y->writeoff_kg;
    else
        for (size_t i = 0; i < y->n_operation; i++)
            rows_kg += y->operation[i].location_kg;
    identity(
            y, "I5", "total of the year = amortised + write-off + operation",
            total_kg, rows_kg, calc_same(total_kg, rows_kg));
}

/* The hours of a place, where they are known, against its months. */
static bool hours_hold(const struct rep_sums *s, size_t place)
{
    const struct rep_place *p = &s->frame->places[place];
    const struct rep_place_sum *sum = s->places[place];
    num_i128 *uj, hours = 0, months = 0;
    bool negative = false;

    if (!sum || !p->by_hour)
        return true;
    uj = xcalloc(p->bin0[REP_MONTHS] + 1u, sizeof *uj);
    rep_hours_spread(s, place, uj);
    for (uint32_t i = 0; i < p->bin0[REP_MONTHS]; i++) {
        hours += uj[i];
        negative = negative || uj[i] < 0;
    }
    for (int t = 0; t < CALC_TIERS; t++)
        for (int m = 0; m < REP_MONTHS; m++)
            months += sum->uj[t][m];
    free(uj);
    return hours == months && !negative;
}

/* Exact, in microjoules: line by line, by month over tiers, by tier over
 * months, by hour. */
static void energy_holds(struct rep_year *y, const struct rep_sums *s)
{
    num_i128 months = 0, tiers = 0;
    bool hours = true;

    for (size_t i = 0; i < s->frame->n_places; i++) {
        const struct rep_place_sum *p = s->places[i];

        for (int m = 0; p && m < REP_MONTHS; m++)
            for (int t = 0; t < CALC_TIERS; t++)
                months += p->uj[t][m];
    }
    for (int t = 0; t < CALC_TIERS; t++)
        for (size_t i = 0; i < s->frame->n_places; i++)
            for (int m = 0; s->places[i] && m < REP_MONTHS; m++)
                tiers += s->places[i]->uj[t][m];
    for (size_t i = 0; i < s->frame->n_places; i++)
        hours = hours && hours_hold(s, i);
    identity(
            y, "I6",
            "energy of machines = months = tiers = hours = fleet, exactly",
            (double)s->uj, (double)months,
            hours && s->uj == months && s->uj == tiers);
}

/* Of machines with a meter, exactly: what was measured and what was filled is
 * what is reported; seconds with a reading and without are their service. */
static void meters_hold(struct rep_year *y, const struct rep_sums *s)
{
    const struct rep_metering *m = &s->metering;
    num_i128 uj = 0;

    if (!m->machines)
        return;
    for (size_t i = 0; i < s->frame->n_places; i++)
        for (int t = 0; t < CALC_TIERS; t++)
            for (int k = 0;
                 s->places[i] && s->places[i]->hours && k < REP_MONTHS; k++)
                uj += s->places[i]->hours->measured_uj[t][k] +
                      s->places[i]->hours->filled_uj[t][k];
    identity(
            y, "J3", "measured + filled = reported, exactly",
            (double)(m->measured_uj + m->filled_uj), (double)s->metered_uj,
            m->measured_uj + m->filled_uj == s->metered_uj &&
                    uj == s->metered_uj);
    identity(
            y, "J4",
            "seconds with a reading + seconds without = seconds in service",
            (double)(m->covered_s + m->gap_s), (double)s->metered_s,
            m->covered_s + m->gap_s == s->metered_s);
}

/* Shown lines are whole kilograms by largest remainder; their sum is the total
 * as shown, one of the whole numbers nearest to it. */
static void shown_holds(struct rep_year *y)
{
    double values[CALC_KINDS], shown[CALC_KINDS], sum = 0;
    double total_kg = y->gross_kg.value;
    size_t n = y->n_kinds;
    bool holds;

    for (size_t i = 0; i < n; i++)
        values[i] = y->kinds[i].kg.value;
    calc_round_shown(values, n, SHOWN_UNIT_KG, shown);
    for (size_t i = 0; i < n; i++)
        sum += shown[i];
    holds = fabs(sum - total_kg) <=
            SHOWN_UNIT_KG * 0.5000001 + 1e-9 * fabs(total_kg);
    identity(
            y, "I8", "rounded lines add up to the rounded total", sum,
            holds ? sum : round(total_kg), holds);
}

static void partitions_hold(struct rep_year *y)
{
    double by_category = 0, by_site = 0;

    for (size_t i = 0; i < y->n_categories; i++)
        by_category += y->categories[i].kg.value;
    for (size_t i = 0; i < y->n_sites; i++)
        by_site += y->sites[i].gross_kg;
    identity(
            y, "I9", "categories = sites = total", by_category, by_site,
            calc_same(by_category, by_site) &&
                    calc_same(by_category, y->gross_kg.value));
}

bool rep_identities(
        struct rep_year *y, const struct rep_sums *s, struct err *err)
{
    stock_holds(y);
    lines_hold(y);
    net_holds(y);
    identity(
            y, "I4",
            "what assets that ended were charged, written off and transferred "
            "= what they were taken in at",
            s->ended_spent_kg, s->ended_own_kg,
            calc_same(s->ended_spent_kg, s->ended_own_kg));
    total_holds(y);
    energy_holds(y, s);
    meters_hold(y, s);
    shown_holds(y);
    partitions_hold(y);
    y->identities_hold = true;
    for (size_t i = 0; i < y->n_identities; i++) {
        const struct rep_identity *id = &y->identities[i];

        y->identities_hold = y->identities_hold && id->holds;
        if (!id->holds)
            return err_set(
                    err, ERR_CONFLICT,
                    "identity %s does not hold (%s): %.17g against %.17g; the "
                    "report is not published",
                    id->id, id->says, id->left, id->right);
    }
    return true;
}
