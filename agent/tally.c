/* SPDX-License-Identifier: Apache-2.0
 * Energy by component, without counting anything twice [METHOD 5.1]. */
#include <math.h>

#include "agent/agent.h"
#include "model/model.h"

static const double eta_psu = 0.90; /* [D] METHOD 5.1 */

const char *ag_component_word(enum ag_component c)
{
    static const char *const words[AG_COMPONENTS] = {
            "cpu", "ram", "gpu", "disk", "rest", "platform"};

    return words[c];
}

/* AG_COMPONENTS: of no component (the whole node; parts of a package). */
static enum ag_component component_of(enum wire_scope scope)
{
    switch (scope) {
    case WIRE_PACKAGE:
        return AG_CPU;
    case WIRE_DRAM:
    case WIRE_RAM:
        return AG_RAM;
    case WIRE_GPU:
        return AG_GPU;
    case WIRE_DISK:
        return AG_DISK;
    case WIRE_REST:
        return AG_REST;
    case WIRE_PSYS:
        return AG_PLATFORM;
    default:
        return AG_COMPONENTS;
    }
}

static void add(double *sum, double joules)
{
    *sum = isnan(*sum) ? joules : *sum + joules;
}

static double or_zero(double joules)
{
    return isnan(joules) ? 0 : joules;
}

/* A part of which nothing is known (a machine without cards) adds nothing; the
 * processors have to be known. */
static double parts(const struct ag_tally *t)
{
    double compute = t->joules[AG_CPU] + or_zero(t->joules[AG_RAM]);

    /* Some platforms count less in psys than in their packages: those do not
     * hold them. */
    if (!isnan(t->joules[AG_PLATFORM]) &&
        !(t->joules[AG_PLATFORM] <
          or_zero(t->joules[AG_CPU]) + or_zero(t->joules[AG_RAM])))
        compute = t->joules[AG_PLATFORM];
    return compute + or_zero(t->joules[AG_GPU]) + or_zero(t->joules[AG_DISK]) +
           or_zero(t->joules[AG_REST]);
}

/* One sensor's share; amount in joules, or in watts for a moment. */
static void
account(struct ag_tally *t, const struct ag_sensor *s, double amount)
{
    enum ag_component c = component_of(s->scope);

    /* One meter of the node is enough: they see the same. */
    if (s->scope == WIRE_NODE && isnan(t->node_j))
        t->node_j = amount;
    if (c == AG_COMPONENTS)
        return;
    /* Each psys sees the whole platform, or, on the sockets that do not lead,
     * nothing or less of it: the most that one saw. */
    if (c == AG_PLATFORM && !isnan(t->joules[c]))
        t->joules[c] = fmax(t->joules[c], amount);
    else
        add(&t->joules[c], amount);
    t->modelled[c] |= s->modelled;
}

static void begin(struct ag_tally *t, double seconds)
{
    *t = (struct ag_tally){.node_j = NAN, .seconds = seconds};
    for (int c = 0; c < AG_COMPONENTS; c++)
        t->joules[c] = NAN;
}

static void finish(struct ag_tally *t)
{
    t->parts_j = parts(t);
    t->wall_j = !isnan(t->node_j) ? t->node_j : t->parts_j / eta_psu;
}

void ag_tally_make(
        struct ag_tally *t, const struct ag_set *s, const struct ag_meter *m,
        double seconds)
{
    begin(t, seconds);
    for (size_t i = 0; i < s->n; i++) {
        if (!m[i].any || m[i].last_ns == m[i].first_ns)
            continue;
        account(t, &s->sensors[i], (double)m[i].energy_uj / 1e6);
        if (m[i].resets > 0 || m[i].why.code != ERR_NONE)
            ag_tally_partial(t, &s->sensors[i]);
    }
    finish(t);
}

void ag_tally_watts(
        struct ag_tally *t, const struct ag_set *s, const struct ag_meter *m)
{
    begin(t, 1);
    for (size_t i = 0; i < s->n; i++) {
        if (isnan(m[i].power_w))
            ag_tally_partial(t, &s->sensors[i]);
        else
            account(t, &s->sensors[i], m[i].power_w);
    }
    finish(t);
}

void ag_tally_partial(struct ag_tally *t, const struct ag_sensor *sensor)
{
    enum ag_component c = component_of(sensor->scope);

    if (c != AG_COMPONENTS)
        t->partial[c] = true;
}
