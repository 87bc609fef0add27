/* SPDX-License-Identifier: Apache-2.0
 * Every sensor of the machine, and of those that cannot be read the reason. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"

enum { MAX_MISSING = WIRE_MAX_METERS };

void ag_set_open(struct ag_set *s, const struct ag_config *c)
{
    *s = (struct ag_set){.root = c->sysroot};
    ag_powercap_find(s);
    ag_nvml_find(s, c);
    ag_cards_find(s);
    ag_hwmon_find(s);
    if (c->ipmi)
        ag_dcmi_find(s);
    if (c->model)
        ag_model_find(s);
}

void ag_set_close(struct ag_set *s)
{
    ag_nvml_close(s->nvml);
    ag_dcmi_close(s->dcmi);
    ag_model_close(s->memory);
    free(s->sensors);
    free(s->missing);
    arena_clear(&s->text);
    *s = (struct ag_set){0};
}

void ag_plain(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text == 0x7f)
            *text = '?';
}

bool ag_set_has(const struct ag_set *s, const char *id)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->sensors[i].id, id) == 0)
            return true;
    return false;
}

struct ag_sensor *ag_set_add(
        struct ag_set *s, enum wire_scope scope, enum wire_meter_kind kind,
        const char *id)
{
    struct ag_sensor *sensor;

    if (s->n == WIRE_MAX_METERS) {
        ag_set_miss(s, id, "more than %d sensors", WIRE_MAX_METERS);
        return NULL;
    }
    if (ag_set_has(s, id)) {
        ag_set_miss(s, id, "a second sensor of this name");
        return NULL;
    }
    /* Few machines have more than a dozen. */
    if (s->n % 16 == 0)
        s->sensors = xreallocarray(s->sensors, s->n + 16, sizeof *s->sensors);
    sensor = &s->sensors[s->n++];
    *sensor = (struct ag_sensor){
            .scope = scope, .kind = kind, .range_uj = -1, .max_w = NAN};
    snprintf(sensor->id, sizeof sensor->id, "%s", id);
    ag_plain(sensor->id);
    return sensor;
}

struct ag_sensor *
ag_set_add_card(struct ag_set *s, bool counter, const char *id)
{
    char power[WIRE_MAX_METER_ID + 1];

    if (counter)
        return ag_set_add(s, WIRE_GPU, WIRE_COUNTER, id);
    snprintf(power, sizeof power, "%.110s/power", id);
    return ag_set_add(s, WIRE_GPU, WIRE_GAUGE, power);
}

void ag_set_miss(struct ag_set *s, const char *id, const char *fmt, ...)
{
    struct ag_missing *m;
    char reason[400];
    va_list ap;

    char plain[sizeof m->id];

    snprintf(plain, sizeof plain, "%s", id);
    ag_plain(plain);
    /* A package is there by register and by memory map. */
    for (size_t i = 0; i < s->n_missing; i++)
        if (strcmp(s->missing[i].id, plain) == 0)
            return;
    if (s->n_missing == MAX_MISSING)
        return;
    if (s->n_missing % 16 == 0)
        s->missing = xreallocarray(
                s->missing, s->n_missing + 16, sizeof *s->missing);
    m = &s->missing[s->n_missing++];
    va_start(ap, fmt);
    vsnprintf(reason, sizeof reason, fmt, ap);
    va_end(ap);
    snprintf(m->id, sizeof m->id, "%s", plain);
    snprintf(m->reason, sizeof m->reason, "%.*s", AG_REASON, reason);
    ag_plain(m->reason);
}

void ag_set_try(struct ag_set *s, struct ag_sensor *sensor)
{
    struct err err = {0};
    int64_t value;

    CHECK(sensor == &s->sensors[s->n - 1]);
    if (sensor->path || sensor->ctx) {
        if (sensor->read(sensor, &value, &err))
            return;
    } else {
        err_set(&err, ERR_LIMIT, "its path is too long");
    }
    s->n--;
    ag_set_miss(s, sensor->id, "%s", err.msg);
}
