/* SPDX-License-Identifier: Apache-2.0
 * Energy of a sensor over time, as `run` and `watch` need it: counters by
 * difference with their wraps, gauges by the trapezoid rule
 * [METHOD 10.2, 10.3]. */
#include <math.h>
#include <string.h>

#include "agent/agent.h"
#include "base/num.h"

enum { NODE_W = 1000 }; /* [D] a domain's power where no limit is stated */

int64_t ag_sensor_guard_ns(const struct ag_sensor *s)
{
    double most = s->max_w > 0 ? 1.5 * s->max_w : NODE_W, s_;

    if (s->kind != WIRE_COUNTER || s->range_uj <= 0)
        return INT64_MAX;
    s_ = (double)s->range_uj / 1e6 / most / 2;
    return s_ < 0.001 ? 1000000 : s_ < 1e9 ? (int64_t)(s_ * 1e9) : INT64_MAX;
}

/* mean(a, b) * ns, to the nearest uJ, half to even. */
static int64_t trapezoid_uj(int64_t a, int64_t b, int64_t ns)
{
    num_i128 twice = ((num_i128)a + b) * ns, unit = 2000000000;
    num_i128 whole = twice / unit, rest = twice % unit * 2;

    if (rest > unit || (rest == unit && whole % 2))
        whole++;
    return (int64_t)whole;
}

static int64_t
step_uj(struct ag_meter *m, const struct ag_sensor *s, int64_t ns,
        int64_t value)
{
    if (s->kind == WIRE_GAUGE)
        return trapezoid_uj(m->last, value, ns);
    if (value >= m->last)
        return value - m->last;
    if (s->range_uj >= 0) {
        m->wraps++;
        return s->range_uj - m->last + value;
    }
    m->resets++; /* it began anew: nothing is known of the stretch */
    return -1;
}

void ag_meter_take(
        struct ag_meter *m, const struct ag_sensor *s, int64_t boot_ns,
        int64_t value)
{
    m->why.code = ERR_NONE;
    if (!m->any) {
        m->any = true;
        m->first_ns = boot_ns;
        m->power_w = s->kind == WIRE_GAUGE ? (double)value / 1e6 : NAN;
    } else if (boot_ns > m->last_ns) {
        int64_t step = step_uj(m, s, boot_ns - m->last_ns, value);

        m->power_w = s->kind == WIRE_GAUGE ? (double)value / 1e6
                     : step < 0            ? NAN
                                           : (double)step * 1e3 /
                                          (double)(boot_ns - m->last_ns);
        if (step > 0)
            m->energy_uj += step;
    }
    m->last_ns = boot_ns;
    m->last = value;
}

bool ag_meter_read(struct ag_meter *m, const struct ag_sensor *s)
{
    int64_t value;

    if (!s->read(s, &value, &m->why)) {
        m->power_w = NAN;
        return false;
    }
    ag_meter_take(m, s, ag_boot_ns(), value);
    return true;
}
