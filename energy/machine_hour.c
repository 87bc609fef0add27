/* SPDX-License-Identifier: Apache-2.0
 * One hour of one machine by each tier of docs/method.md#operation: at the
 * wall, by its BMC, by its counters and what they leave out, by another tool's
 * model. Meters that overlap are never added. */
#include <math.h>

#include "energy/machine_priv.h"

/* The machine's part of a meter's hour; covered 0: no reading. */
static struct hour_energy meter_hour(const struct machine_meter *m, int hour)
{
    struct hour_energy h = {0, m->m.covered[hour]};
    int64_t j = m->m.joules[hour];

    if (!h.covered)
        return h;
    if (m->after - m->before == m->whole)
        h.joules = (double)j;
    else
        h.joules =
                (double)(calc_part_uj(j, m->after, m->whole) - calc_part_uj(j, m->before, m->whole));
    if (hour == m->last)
        h.joules +=
                m->rest_j * (double)(m->after - m->before) / (double)m->whole;
    return h;
}

/* Is a reading of that meter missing when there is none? A new meter begins, a
 * card is taken out; else silence in its month is a hole. */
static bool expected(const struct machine_meter *m, int hour)
{
    return m->there && hour >= m->first &&
           (m->scope != WIRE_GPU || hour <= m->last);
}

static bool
is(const struct machine_meter *m, enum wire_scope scope, bool modelled,
   int64_t source)
{
    return m->there && m->scope == scope && m->modelled == modelled &&
           (source < 0 || m->source == source);
}

/* Meters side by side: all must be known, as long as the shortest is. False:
 * there is none. */
static bool side_by_side(
        const struct machine_energy *e, enum wire_scope scope, bool modelled,
        int64_t source, int hour, struct hour_energy *out)
{
    struct hour_energy sum = {0, MACHINE_HOUR_S};
    bool any = false;

    for (size_t i = 0; i < e->n; i++)
        if (is(&e->meters[i], scope, modelled, source) &&
            expected(&e->meters[i], hour)) {
            int covered = e->meters[i].m.covered[hour];

            any = true;
            if (covered < sum.covered)
                sum.covered = covered;
        }
    for (size_t i = 0; any && sum.covered && i < e->n; i++)
        if (is(&e->meters[i], scope, modelled, source) &&
            expected(&e->meters[i], hour)) {
            struct hour_energy h = meter_hour(&e->meters[i], hour);

            sum.joules += h.joules * sum.covered / h.covered;
        }
    if (any)
        *out = sum;
    return any;
}

/* Meters of the whole: the one that saw most of the hour. */
static struct hour_energy
best_of(const struct machine_energy *e, enum wire_scope scope, bool modelled,
        int64_t source, int hour)
{
    struct hour_energy best = {0, 0};

    for (size_t i = 0; i < e->n; i++)
        if (is(&e->meters[i], scope, modelled, source) &&
            e->meters[i].m.covered[hour] > best.covered)
            best = meter_hour(&e->meters[i], hour);
    return best;
}

static void as_long(struct hour_energy *to, const struct hour_energy *with)
{
    int covered = to->covered < with->covered ? to->covered : with->covered;

    if (covered)
        to->joules = to->joules * covered / to->covered +
                     with->joules * covered / with->covered;
    else
        to->joules = 0;
    to->covered = covered;
}

/* Each package once, and dram beside it. Core and uncore are inside. */
static struct hour_energy packages(
        const struct machine_energy *e, bool modelled, int64_t source, int hour,
        bool *with_ram)
{
    struct hour_energy h = {0, 0}, dram;

    *with_ram = false;
    if (!side_by_side(e, WIRE_PACKAGE, modelled, source, hour, &h))
        return h;
    *with_ram = side_by_side(e, WIRE_DRAM, modelled, source, hour, &dram);
    if (*with_ram)
        as_long(&h, &dram);
    return h;
}

/* RAPL of one source: psys holds all of it, where it reads at least as much.
 * Boards that do not wire it show 0 or some rail. */
static struct hour_energy
rapl(const struct machine_energy *e, bool modelled, int64_t source, int hour,
     bool *with_ram)
{
    struct hour_energy psys = best_of(e, WIRE_PSYS, modelled, source, hour);
    struct hour_energy h = packages(e, modelled, source, hour, with_ram);

    if (!psys.covered || psys.joules * h.covered < h.joules * psys.covered)
        return h;
    *with_ram = true;
    return psys;
}

/* Cards from the source that shows most of them; 0 for none at all. */
static bool
cards(const struct machine_energy *e, int hour, struct hour_energy *out)
{
    size_t most = 0;
    int64_t source = -1;

    for (size_t i = 0; i < e->n; i++) {
        size_t n = 0;

        if (e->meters[i].scope != WIRE_GPU || !expected(&e->meters[i], hour))
            continue;
        for (size_t k = 0; k < e->n; k++)
            n += e->meters[k].scope == WIRE_GPU &&
                 e->meters[k].source == e->meters[i].source &&
                 expected(&e->meters[k], hour);
        if (n > most) {
            most = n;
            source = e->meters[i].source;
        }
    }
    return most > 0 && side_by_side(e, WIRE_GPU, false, source, hour, out);
}

/* What the sender modelled of a part of the machine, else our own default. */
static double
rest_of(const struct machine_energy *e, enum wire_scope scope, int hour,
        int covered, double watts)
{
    struct hour_energy h = best_of(e, scope, true, -1, hour);

    if (!h.covered)
        h = best_of(e, scope, false, -1, hour);
    if (h.covered)
        return h.joules * covered / h.covered;
    return isnan(watts) ? 0 : watts * covered;
}

static struct hour_energy
inside(const struct machine_energy *e, bool modelled, int64_t source, int hour)
{
    bool with_ram;
    struct hour_energy h = rapl(e, modelled, source, hour, &with_ram), gpu;

    if (!h.covered)
        return h;
    if (cards(e, hour, &gpu))
        as_long(&h, &gpu);
    if (!h.covered)
        return h;
    h.joules += rest_of(e, WIRE_DISK, hour, h.covered, e->disks_w) +
                rest_of(e, WIRE_REST, hour, h.covered, e->board_w);
    if (!with_ram)
        h.joules += rest_of(e, WIRE_RAM, hour, h.covered, e->ram_w);
    h.joules /= MACHINE_ETA_PSU;
    return h;
}

/* The source that saw most of the hour; the first of equal ones. */
static struct hour_energy
inside_best(const struct machine_energy *e, bool modelled, int hour)
{
    struct hour_energy best = {0, 0};

    for (size_t i = 0; i < e->n; i++) {
        const struct machine_meter *m = &e->meters[i];
        bool first = true;
        struct hour_energy h;

        if (!m->there || m->modelled != modelled ||
            (m->scope != WIRE_PACKAGE && m->scope != WIRE_PSYS))
            continue;
        for (size_t k = 0; k < i && first; k++)
            first =
                    !(e->meters[k].source == m->source && e->meters[k].there &&
                      e->meters[k].modelled == modelled &&
                      (e->meters[k].scope == WIRE_PACKAGE ||
                       e->meters[k].scope == WIRE_PSYS));
        if (!first)
            continue;
        h = inside(e, modelled, m->source, hour);
        if (h.covered > best.covered)
            best = h;
    }
    return best;
}

void machine_hour(
        const struct machine_energy *e, int hour,
        struct hour_energy out[CALC_TIERS])
{
    struct hour_energy other;

    for (int t = 0; t < CALC_TIERS; t++)
        out[t] = (struct hour_energy){0, 0};
    (void)side_by_side(e, WIRE_OUTLET, false, -1, hour, &out[CALC_M1]);
    out[CALC_M2] = best_of(e, WIRE_NODE, false, -1, hour);
    out[CALC_M3] = inside_best(e, false, hour);
    out[CALC_M4] = best_of(e, WIRE_ESTIMATE, true, -1, hour);
    other = best_of(e, WIRE_ESTIMATE, false, -1, hour);
    if (other.covered > out[CALC_M4].covered)
        out[CALC_M4] = other;
    other = inside_best(e, true, hour);
    if (other.covered > out[CALC_M4].covered)
        out[CALC_M4] = other;
    other = best_of(e, WIRE_NODE, true, -1, hour);
    if (other.covered > out[CALC_M4].covered)
        out[CALC_M4] = other;
}
