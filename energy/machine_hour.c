/* SPDX-License-Identifier: Apache-2.0
 * One hour of one machine by each tier of docs/method.md#operation: at the
 * wall, by its BMC, by its counters and what they leave out, by another tool's
 * model. Meters that overlap are never added. */
#include <math.h>

#include "energy/machine_priv.h"

/* Seconds read; also of a meter that has no month. */
static int read_s(const struct machine_meter *m, int hour)
{
    return m->there ? m->m.covered[hour] : 0;
}

/* The machine's part of a meter's hour; covered 0: no reading. */
static struct hour_energy meter_hour(const struct machine_meter *m, int hour)
{
    struct hour_energy h = {0, read_s(m, hour)};
    int64_t j;

    if (!h.covered)
        return h;
    j = m->m.joules[hour];
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

static bool
is(const struct machine_meter *m, enum wire_scope scope, bool modelled,
   int64_t source)
{
    return m->scope == scope && m->modelled == modelled &&
           (source < 0 || m->source == source);
}

/* Meters side by side: all that were read before must be known, as long as the
 * shortest is; one that is silent is not nothing. False: there is none. */
static bool side_by_side(
        const struct machine_energy *e, enum wire_scope scope, bool modelled,
        int64_t source, int hour, struct hour_energy *out)
{
    struct hour_energy sum = {0, MACHINE_HOUR_S};
    bool any = false;

    for (size_t i = 0; i < e->n; i++)
        if (is(&e->meters[i], scope, modelled, source) &&
            machine_expected(&e->meters[i], hour)) {
            int covered = read_s(&e->meters[i], hour);

            any = true;
            if (covered < sum.covered)
                sum.covered = covered;
        }
    for (size_t i = 0; any && sum.covered && i < e->n; i++)
        if (is(&e->meters[i], scope, modelled, source) &&
            machine_expected(&e->meters[i], hour)) {
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
            read_s(&e->meters[i], hour) > best.covered)
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

/* Each package once, and dram beside it. Core and uncore are inside. False:
 * there is none. */
static bool packages(
        const struct machine_energy *e, bool modelled, int64_t source, int hour,
        struct hour_energy *out, bool *with_ram)
{
    struct hour_energy dram;

    *out = (struct hour_energy){0, 0};
    *with_ram = false;
    if (!side_by_side(e, WIRE_PACKAGE, modelled, source, hour, out))
        return false;
    *with_ram = side_by_side(e, WIRE_DRAM, modelled, source, hour, &dram);
    if (*with_ram)
        as_long(out, &dram);
    return true;
}

/* RAPL of one source: psys holds all of it, where it reads at least as much.
 * Boards that do not wire it show 0 or some rail, so it is not believed while
 * packages that there are do not read. */
static struct hour_energy
rapl(const struct machine_energy *e, bool modelled, int64_t source, int hour,
     bool *with_ram)
{
    struct hour_energy psys = best_of(e, WIRE_PSYS, modelled, source, hour);
    struct hour_energy h;
    bool any = packages(e, modelled, source, hour, &h, with_ram);

    if (!psys.covered ||
        (any &&
         (!h.covered || psys.joules * h.covered < h.joules * psys.covered)))
        return h;
    *with_ram = true;
    return psys;
}

/* ---- cards ----------------------------------------------------------------
 */

static bool
card_of(const struct machine_meter *m, int64_t source, bool modelled, int hour)
{
    return m->scope == WIRE_GPU && m->source == source &&
           (modelled || !m->modelled) && machine_expected(m, hour);
}

/* How many there are: by the inventory, else as many as one source showed. */
static size_t cards_there(const struct machine_energy *e, int hour)
{
    size_t most = 0;

    if (e->cards >= 0)
        return (size_t)e->cards;
    for (size_t i = 0; i < e->n; i++) {
        size_t n = 0;

        if (e->meters[i].scope != WIRE_GPU)
            continue;
        for (size_t k = 0; k < e->n; k++)
            n += card_of(&e->meters[k], e->meters[i].source, true, hour);
        if (n > most)
            most = n;
    }
    return most;
}

struct cards {
    struct hour_energy h;
    size_t n; /* that read */
};

/* The most seconds, up to `most`, that at least `need` of them were read for.
 */
static int cards_long(
        const struct machine_energy *e, int64_t source, bool modelled, int hour,
        size_t need, int most)
{
    int low = 0, high = most;

    while (low < high) {
        int mid = (low + high + 1) / 2;
        size_t n = 0;

        for (size_t i = 0; i < e->n; i++)
            n += card_of(&e->meters[i], source, modelled, hour) &&
                 read_s(&e->meters[i], hour) >= mid;
        if (n >= need)
            low = mid;
        else
            high = mid - 1;
    }
    return low;
}

/* Cards of one source: known where as many read as there are. Those beyond may
 * be silent, they are gone; what they read counts. */
static struct cards cards_of(
        const struct machine_energy *e, int64_t source, bool modelled, int hour,
        size_t need, int most)
{
    struct cards c = {
            .h.covered = cards_long(e, source, modelled, hour, need, most)};

    for (size_t i = 0; c.h.covered && i < e->n; i++) {
        struct hour_energy h;

        if (!card_of(&e->meters[i], source, modelled, hour))
            continue;
        h = meter_hour(&e->meters[i], hour);
        c.n += h.covered > 0;
        c.h.joules += h.covered > c.h.covered
                              ? h.joules * c.h.covered / h.covered
                              : h.joules;
    }
    return c;
}

/* From the source that shows them the longest, of those the one that shows
 * most; no longer than `most` seconds. False: the machine has none. */
static bool
cards(const struct machine_energy *e, bool modelled, int hour, int most,
      struct hour_energy *out)
{
    size_t need = cards_there(e, hour);
    struct cards best = {{0, 0}, 0};
    bool any = need > 0;

    for (size_t i = 0; i < e->n; i++) {
        const struct machine_meter *m = &e->meters[i];
        bool first = card_of(m, m->source, modelled, hour);
        struct cards c;

        for (size_t k = 0; k < i && first; k++)
            first = !card_of(&e->meters[k], m->source, modelled, hour);
        if (!first)
            continue;
        any = true;
        c = cards_of(e, m->source, modelled, hour, need, most);
        if (c.h.covered > best.h.covered ||
            (c.h.covered == best.h.covered && c.n > best.n))
            best = c;
    }
    *out = best.h;
    return any;
}

/* ---- counters and what they leave out -------------------------------------
 */

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
    if (cards(e, modelled, hour, h.covered, &gpu))
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
