/* SPDX-License-Identifier: Apache-2.0
 * Hours of a machine in which all its meters read: what machine_hour.c does for
 * one of them, for many at a time. Amounts are whole joules, which doubles hold
 * exactly below a bound, so sums are the same in any order. */
#include <math.h>
#include <string.h>

#include "energy/machine_priv.h"

/* Joules of a meter's month: 64 of them times 3600 s are below 2^53. */
#define BLOCK_MOST_J (INT64_C(1) << 35)

/* ---- which meters ---------------------------------------------------------
 */

static bool
is(const struct machine_meter *m, enum wire_scope scope, bool modelled,
   int64_t source)
{
    return m->there && m->scope == scope && m->modelled == modelled &&
           (source < 0 || m->source == source);
}

static const struct machine_meter *first_of(
        const struct machine_energy *e, enum wire_scope scope, bool modelled,
        int64_t source)
{
    for (size_t i = 0; i < e->n; i++)
        if (is(&e->meters[i], scope, modelled, source))
            return &e->meters[i];
    return NULL;
}

/* False: more, or larger ones, than a block holds. NULL is none. */
static bool add(struct block_way *way, const struct machine_meter *m)
{
    if (!m)
        return true;
    if (way->n == BLOCK_METERS || m->whole_j > BLOCK_MOST_J)
        return false;
    way->sum[way->n++] = m;
    return true;
}

static bool
add_all(const struct machine_energy *e, enum wire_scope scope, bool modelled,
        int64_t source, struct block_way *way)
{
    for (size_t i = 0; i < e->n; i++)
        if (is(&e->meters[i], scope, modelled, source) &&
            !add(way, &e->meters[i]))
            return false;
    return true;
}

/* Meters that are missed, having no month: for all its hours, or for some,
 * which is judged hour by hour. */
enum silence { HEARD, SILENT_PART, SILENT };

static enum silence silence_of(const struct machine_meter *m, int n_hours)
{
    if (m->there || m->from >= m->to)
        return HEARD;
    return m->from == 0 && m->to == n_hours ? SILENT : SILENT_PART;
}

static enum silence
silent(const struct machine_energy *e, enum wire_scope scope, bool modelled,
       int64_t source, int n_hours)
{
    enum silence most = HEARD;

    for (size_t i = 0; i < e->n; i++) {
        const struct machine_meter *m = &e->meters[i];
        enum silence s = silence_of(m, n_hours);

        if (m->scope == scope && m->modelled == modelled &&
            (source < 0 || m->source == source) && s > most)
            most = s;
    }
    return most;
}

/* How many cards there are in hours that are whole: by the inventory, else as
 * many as one source showed. */
static size_t cards_there(const struct machine_energy *e)
{
    size_t most = 0;

    if (e->cards >= 0)
        return (size_t)e->cards;
    for (size_t i = 0; i < e->n; i++) {
        size_t n = 0;

        if (e->meters[i].scope != WIRE_GPU)
            continue;
        for (size_t k = 0; k < e->n; k++)
            n += e->meters[k].scope == WIRE_GPU &&
                 e->meters[k].source == e->meters[i].source &&
                 (e->meters[k].there || e->meters[k].from < e->meters[k].to);
        if (n > most)
            most = n;
    }
    return most;
}

/* Cards that several tools show, or that one models, are chosen between hour by
 * hour. *known false: in no hour are all of them read. */
static bool add_cards(
        const struct machine_energy *e, int n_hours, struct block_way *way,
        bool *known)
{
    const struct machine_meter *card = first_of(e, WIRE_GPU, false, -1);
    size_t n = 0;

    for (size_t i = 0; i < e->n; i++) {
        const struct machine_meter *m = &e->meters[i];

        if (m->scope != WIRE_GPU)
            continue;
        if (silence_of(m, n_hours) == SILENT_PART ||
            (m->there && (m->modelled || m->source != card->source)))
            return false;
        n += m->there;
    }
    *known = n >= cards_there(e);
    return add_all(e, WIRE_GPU, false, -1, way);
}

static bool find_rest(
        const struct machine_energy *e, enum wire_scope scope,
        const struct machine_meter **out)
{
    *out = first_of(e, scope, true, -1);
    if (!*out)
        *out = first_of(e, scope, false, -1);
    return !*out || (*out)->whole_j <= BLOCK_MOST_J;
}

/* RAPL of the source that comes first; *lead NULL: there is none. A source of
 * which some meter is silent all month knows none of its hours. */
static bool find_lead(
        const struct machine_energy *e, bool modelled, int n_hours,
        const struct machine_meter **lead)
{
    *lead = NULL;
    for (size_t i = 0; i < e->n && !*lead; i++) {
        const struct machine_meter *m = &e->meters[i];
        enum silence packages, dram;

        if (!is(m, WIRE_PSYS, modelled, -1) &&
            !is(m, WIRE_PACKAGE, modelled, -1))
            continue;
        packages = silent(e, WIRE_PACKAGE, modelled, m->source, n_hours);
        dram = silent(e, WIRE_DRAM, modelled, m->source, n_hours);
        if (first_of(e, WIRE_PSYS, modelled, m->source)) {
            if (packages != HEARD)
                return false;
            *lead = m;
        } else if (packages == SILENT_PART || dram == SILENT_PART) {
            return false;
        } else if (packages == HEARD && dram == HEARD) {
            *lead = m;
        }
    }
    return true;
}

/* Counters of the source that comes first: of sources that saw the whole hour
 * it is taken. */
static bool find_inside(
        const struct machine_energy *e, bool modelled, int n_hours,
        struct block_way *way)
{
    const struct machine_meter *lead, *psys;
    bool known;

    if (!find_lead(e, modelled, n_hours, &lead))
        return false;
    if (!lead)
        return true;
    way->inside = way->with_ram = true;
    psys = first_of(e, WIRE_PSYS, modelled, lead->source);
    if (psys) { /* beside packages it is judged hour by hour */
        if (first_of(e, WIRE_PACKAGE, modelled, lead->source) ||
            !add(way, psys))
            return false;
    } else {
        if (!add_all(e, WIRE_PACKAGE, modelled, lead->source, way) ||
            !add_all(e, WIRE_DRAM, modelled, lead->source, way))
            return false;
        way->with_ram = first_of(e, WIRE_DRAM, modelled, lead->source) != NULL;
    }
    if (!add_cards(e, n_hours, way, &known))
        return false;
    if (!known) {
        *way = (struct block_way){.n = 0};
        return true;
    }
    return find_rest(e, WIRE_DISK, &way->disk) &&
           find_rest(e, WIRE_REST, &way->rest) &&
           (way->with_ram || find_rest(e, WIRE_RAM, &way->ram));
}

/* The best tier that has a meter this month, and none silent: where that is
 * whole no other is asked. False: every hour by itself. */
static bool
find_tier(const struct machine_energy *e, int n_hours, struct machine_block *b)
{
    enum silence wall = silent(e, WIRE_OUTLET, false, -1, n_hours);
    struct block_way *way = &b->way;

    b->tier = CALC_M1;
    if (wall == SILENT_PART ||
        (wall == HEARD && !add_all(e, WIRE_OUTLET, false, -1, way)))
        return false;
    if (way->n)
        return !e->calibrated || find_inside(e, false, n_hours, &b->pair);
    b->tier = CALC_M2;
    if (!add(way, first_of(e, WIRE_NODE, false, -1)))
        return false;
    if (way->n)
        return true;
    b->tier = CALC_M3;
    if (!find_inside(e, false, n_hours, way))
        return false;
    if (way->n)
        return true;
    b->tier = CALC_M4;
    if (!add(way, first_of(e, WIRE_ESTIMATE, true, -1)) ||
        (!way->n && !add(way, first_of(e, WIRE_ESTIMATE, false, -1))) ||
        (!way->n && !find_inside(e, true, n_hours, way)) ||
        (!way->n && !add(way, first_of(e, WIRE_NODE, true, -1))))
        return false;
    return way->n > 0;
}

/* ---- which hours ----------------------------------------------------------
 */

/* The last hour of a meter's month has what whole joules leave of it. */
static bool
mark(const struct machine_meter *m, int n_hours, uint8_t hours[EN_MONTH_HOURS])
{
    bool all;

    if (!m)
        return true;
    all = m->m.covered_s == (int64_t)n_hours * MACHINE_HOUR_S;
    for (int i = 0; !all && i < n_hours; i++)
        if (m->m.covered[i] != MACHINE_HOUR_S)
            hours[i] = BLOCK_ODD;
    if (m->last >= 0)
        hours[m->last] = BLOCK_ODD;
    return all;
}

static bool mark_way(
        const struct block_way *way, int n_hours, uint8_t hours[EN_MONTH_HOURS])
{
    bool all = true;

    for (size_t i = 0; i < way->n; i++)
        all = mark(way->sum[i], n_hours, hours) && all;
    all = mark(way->disk, n_hours, hours) && all;
    all = mark(way->rest, n_hours, hours) && all;
    return mark(way->ram, n_hours, hours) && all;
}

/* Of the odd ones, those in which nothing read. */
static void mark_empty(
        const struct machine_energy *e, int n_hours,
        uint8_t hours[EN_MONTH_HOURS])
{
    uint16_t seen[EN_MONTH_HOURS] = {0};

    for (size_t k = 0; k < e->n; k++)
        for (int i = 0; e->meters[k].there && i < n_hours; i++)
            seen[i] |= e->meters[k].m.covered[i];
    for (int i = 0; i < n_hours; i++)
        if (!seen[i])
            hours[i] = BLOCK_EMPTY;
}

void machine_block_find(
        const struct machine_energy *e, int n_hours, struct machine_block *out)
{
    bool all;

    out->way = out->pair = (struct block_way){.n = 0};
    if (!find_tier(e, n_hours, out)) {
        memset(out->hours, BLOCK_ODD, sizeof out->hours);
        return;
    }
    memset(out->hours, BLOCK_WHOLE, sizeof out->hours);
    all = mark_way(&out->way, n_hours, out->hours);
    all = mark_way(&out->pair, n_hours, out->hours) && all;
    if (!all)
        mark_empty(e, n_hours, out->hours);
}

/* ---- their energy ---------------------------------------------------------
 */

/* The machine's part of a meter, added. */
static void
sum_add(const struct machine_meter *m, int from, int to, int64_t *restrict sum)
{
    const int64_t *joules = m->m.joules + from;

    if (m->after - m->before == m->whole)
        for (int i = 0; i < to - from; i++)
            sum[i] += joules[i];
    else
        for (int i = 0; i < to - from; i++)
            sum[i] += calc_part_uj(joules[i], m->after, m->whole) -
                      calc_part_uj(joules[i], m->before, m->whole);
}

/* What nothing counts: as its sender modelled it, else by watts. */
static void rest_values(
        const struct machine_meter *m, double watts, int from, int to,
        double *restrict out)
{
    int64_t sum[EN_MONTH_HOURS];
    double joules = isnan(watts) ? 0 : watts * MACHINE_HOUR_S;

    if (!m) {
        for (int i = 0; i < to - from; i++)
            out[i] = joules;
        return;
    }
    memset(sum, 0, (size_t)(to - from) * sizeof *sum);
    sum_add(m, from, to, sum);
    for (int i = 0; i < to - from; i++)
        out[i] = (double)sum[i];
}

void machine_block_values(
        const struct machine_energy *e, const struct block_way *way, int from,
        int to, double *out)
{
    double disk[EN_MONTH_HOURS], rest[EN_MONTH_HOURS];
    int64_t sum[EN_MONTH_HOURS];
    int n = to - from;

    memset(sum, 0, (size_t)n * sizeof *sum);
    for (size_t i = 0; i < way->n; i++)
        sum_add(way->sum[i], from, to, sum);
    for (int i = 0; i < n; i++)
        out[i] = (double)sum[i];
    if (!way->inside)
        return;
    rest_values(way->disk, e->disks_w, from, to, disk);
    rest_values(way->rest, e->board_w, from, to, rest);
    for (int i = 0; i < n; i++)
        out[i] += disk[i] + rest[i];
    if (!way->with_ram) {
        rest_values(way->ram, e->ram_w, from, to, rest);
        for (int i = 0; i < n; i++)
            out[i] += rest[i];
    }
    for (int i = 0; i < n; i++)
        out[i] /= MACHINE_ETA_PSU;
}
