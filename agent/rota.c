/* SPDX-License-Identifier: Apache-2.0
 * When each sensor is read next. */
#include <stdlib.h>

#include "agent/agent.h"

static int64_t period_ns(const struct ag_sensor *s, int64_t interval_ns)
{
    int64_t guard = ag_sensor_guard_ns(s), p = interval_ns;

    if (p > guard)
        p = guard;
    return p < s->least_ns ? s->least_ns : p;
}

void ag_rota_open(
        struct ag_rota *r, const struct ag_set *s, int64_t interval_ns,
        int64_t now_ns)
{
    r->interval_ns = interval_ns;
    r->next = xcalloc(s->n + 1, sizeof *r->next);
    r->due = xcalloc(s->n + 1, sizeof *r->due);
    for (size_t i = 0; i < s->n; i++)
        r->next[i] = now_ns;
}

void ag_rota_close(struct ag_rota *r)
{
    free(r->next);
    free(r->due);
    *r = (struct ag_rota){0};
}

int64_t ag_rota_turn(struct ag_rota *r, const struct ag_set *s, int64_t now_ns)
{
    /* A machine without any sensor still says that it is alive. */
    int64_t first = now_ns + r->interval_ns;

    for (size_t i = 0; i < s->n; i++) {
        int64_t p = period_ns(&s->sensors[i], r->interval_ns);

        r->due[i] = r->next[i] <= now_ns;
        /* Turns that were missed (the machine slept) are not made up for. */
        if (r->due[i])
            r->next[i] += ((now_ns - r->next[i]) / p + 1) * p;
        if (i == 0 || r->next[i] < first)
            first = r->next[i];
    }
    return first;
}
