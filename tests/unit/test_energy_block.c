/* SPDX-License-Identifier: Apache-2.0
 * Months of machines in blocks against the same hour by hour: equal to the last
 * bit, whatever meters a machine has and whatever they missed. */
#include <math.h>
#include <stdlib.h>

#include "energy/machine_priv.h"
#include "energy/month_priv.h"
#include "unit.h"

enum {
    MACHINES = 600,
    MONTHS = 3,
    MAX_METERS = 9,
    JANUARY = 2026 * 12,
};

static uint64_t state = 20260105;

/* 0 to n - 1. */
static unsigned draw(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % n;
}

static unsigned whole_hours[CALC_TIERS], paired_hours, odd_hours, empty_hours;
static unsigned beside_silent, with_cards; /* of the whole ones */

/* Nodes as they are: an agent's counters, the BMC, an outlet of its own or
 * shared, what tools model; and such as are not. */
static void draw_meters(struct machine_energy *e)
{
    static const enum wire_scope usual[] = {
            WIRE_PACKAGE, WIRE_PACKAGE, WIRE_DRAM, WIRE_DRAM,
            WIRE_GPU,     WIRE_DISK,    WIRE_REST, WIRE_RAM};
    unsigned kind = draw(10);

    e->n = 1 + draw(MAX_METERS - 1);
    for (size_t i = 0; i < e->n; i++) {
        struct machine_meter *m = &e->meters[i];

        *m = (struct machine_meter){
                .id = (int64_t)i + 1, .after = 1, .whole = 1};
        if (kind < 6 && i < sizeof usual / sizeof *usual) {
            m->scope = usual[i];
            m->modelled = m->scope == WIRE_DISK || m->scope == WIRE_REST ||
                          m->scope == WIRE_RAM;
        } else {
            m->scope = (enum wire_scope)draw(WIRE_SCOPES);
            m->modelled = draw(4) == 0;
            m->source = draw(2);
        }
        if (kind == 9)
            m->modelled = true;
        if (draw(8) == 0) { /* a part of it */
            m->whole = 3 + draw(1000);
            m->before = draw((unsigned)m->whole);
            m->after = m->before + 1 + draw((unsigned)(m->whole - m->before));
        }
    }
    if (kind > 0 && kind < 4)
        e->meters[e->n - 1].scope = WIRE_OUTLET;
    if (kind == 3) /* two feeds */
        e->meters[0].scope = WIRE_OUTLET;
    if (kind == 4)
        e->meters[e->n - 1].scope = WIRE_NODE;
    if (kind < 5)
        e->meters[e->n - 1].modelled = false;
    e->board_w = 30;
    e->disks_w = draw(4) * 3.0;
    e->ram_w = draw(3) ? 18.176 : NAN;
    e->cards = (int)draw(4) - 1;
    for (size_t i = 0; i < e->n; i++)
        for (size_t k = 0; k < e->n; k++)
            e->calibrated |= e->meters[i].scope == WIRE_OUTLET &&
                             (e->meters[k].scope == WIRE_PACKAGE ||
                              e->meters[k].scope == WIRE_PSYS);
}

/* One that reads may be new; one that does not may be silent, gone in that
 * month or before, or not there yet. */
static void draw_expected(struct machine_meter *m, int n)
{
    m->from = 0;
    m->to = n;
    if (m->there && draw(2))
        while (!m->m.covered[m->from])
            m->from++;
    if (m->there && draw(20) == 0)
        m->to = m->last + 1;
    if (!m->there && draw(2))
        m->from = n;
    if (!m->there && draw(4) == 0)
        m->to = (int)draw((unsigned)n);
}

static void draw_hours(struct machine_meter *m, int month)
{
    int n = month_hours(month), from = 0, to = n;
    unsigned holes = draw(3) ? 0 : 1 + draw(40), watts = 1 + draw(400);

    m->m = (struct en_month){.month = month, .n_hours = n};
    if (draw(6) == 0)
        from = (int)draw((unsigned)n);
    if (draw(6) == 0)
        to = (int)draw((unsigned)n);
    for (int i = from; i < to; i++) {
        m->m.covered[i] = MACHINE_HOUR_S;
        if (holes && draw(100) < holes)
            m->m.covered[i] = (uint16_t)draw(MACHINE_HOUR_S + 1);
        m->m.joules[i] = (int64_t)m->m.covered[i] * watts + draw(3600);
        if (draw(20000) == 0)
            m->m.joules[i] <<= 24; /* beyond what a block takes */
    }
    for (int i = 0; i < n; i++) {
        m->whole_j += m->m.joules[i];
        m->m.covered_s += m->m.covered[i];
    }
    m->last = -1;
    for (int i = 0; i < n; i++)
        if (m->m.covered[i])
            m->last = i;
    m->there = m->last >= 0 && draw(12);
    m->rest_j = draw(1000000) / 1e6;
    draw_expected(m, n);
}

/* What the block leaves to the hours themselves, so that the test knows what it
 * compared. */
static void count(const struct machine_energy *e, int month)
{
    static struct machine_block b;
    int n = month_hours(month), silent = 0, cards = 0;

    machine_block_find(e, n, &b);
    for (size_t k = 0; k < e->n; k++)
        silent += !e->meters[k].there && e->meters[k].from < e->meters[k].to;
    for (size_t k = 0; k < b.way.n; k++)
        cards += b.way.sum[k]->scope == WIRE_GPU;
    for (int i = 0; i < n; i++) {
        beside_silent += b.hours[i] == BLOCK_WHOLE && silent;
        with_cards += b.hours[i] == BLOCK_WHOLE && cards;
        whole_hours[b.tier] += b.hours[i] == BLOCK_WHOLE;
        paired_hours += b.hours[i] == BLOCK_WHOLE && b.pair.n;
        odd_hours += b.hours[i] == BLOCK_ODD;
        empty_hours += b.hours[i] == BLOCK_EMPTY;
    }
}

static void machine(struct machine_energy *e, struct machine_energy *again)
{
    static struct en_hours blocks, single;
    struct machine_meter *meters = e->meters;

    memset(e, 0, sizeof *e);
    e->meters = meters;
    draw_meters(e);
    *again = *e;
    for (int month = JANUARY; month < JANUARY + MONTHS; month++) {
        for (size_t i = 0; i < e->n; i++) {
            e->meters[i].whole_j = 0;
            draw_hours(&e->meters[i], month);
        }
        count(e, month);
        machine_month(e, month, false, &blocks);
        machine_month(again, month, true, &single);
        CU_ASSERT_EQUAL(memcmp(&blocks, &single, sizeof blocks), 0);
        CU_ASSERT_EQUAL(memcmp(e, again, sizeof *e), 0); /* and its pairs */
    }
}

static void same_as_by_hour(void)
{
    static struct machine_energy e, again;
    static struct machine_meter meters[MAX_METERS];
    const unsigned hours = 24 * 28; /* at least a month of each */

    e.meters = meters;
    for (int i = 0; i < MACHINES; i++)
        machine(&e, &again);
    for (int t = CALC_M1; t <= CALC_M4; t++)
        UNIT_CHECK(whole_hours[t] > hours, "M%d: %u", t + 1, whole_hours[t]);
    UNIT_CHECK(paired_hours > hours, "paired: %u", paired_hours);
    UNIT_CHECK(odd_hours > hours, "odd: %u", odd_hours);
    UNIT_CHECK(beside_silent > hours, "beside silent: %u", beside_silent);
    UNIT_CHECK(with_cards > hours, "with cards: %u", with_cards);
    UNIT_CHECK(empty_hours > hours, "empty: %u", empty_hours);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"same as by the hour", same_as_by_hour},
            {NULL, NULL},
    };

    return unit_main("energy/block", tests);
}
