/* SPDX-License-Identifier: Apache-2.0
 * The value of one field of a found machine as text, for whoever refuses it. */
#include "cli/machine_value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"

static const char *
text_of(const struct wire_machine *m, const char *column, bool *found)
{
    const struct {
        const char *column, *text;
    } texts[] = {
            {"tag", m->tag},
            {"name", m->name},
            {"manufacturer", m->manufacturer},
            {"model", m->product},
            {"serial", m->serial},
            {"uuid", m->uuid},
            {"site", m->site},
            {"project", m->project},
            {"fabrication_source", m->fabrication_source},
            {"note", m->note},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].column, column) == 0) {
            *found = true;
            return texts[i].text;
        }
    return NULL;
}

static double number_of(const struct wire_machine *m, const char *column)
{
    const struct {
        const char *column;
        double value;
    } numbers[] = {
            {"price_eur", m->price_eur},
            {"mass_kg", m->mass_kg},
            {"power_w", m->power_w},
            {"idle_w", m->idle_w},
            {"max_w", m->max_w},
            {"energy_kwh_year", m->energy_kwh_year},
            {"fabrication_kg", m->fabrication_kg},
            {"quantity", m->units},
            {"cpu_count", m->cpu_count < 0 ? NAN : (double)m->cpu_count},
            {"cpu_cores", m->cpu_cores < 0 ? NAN : (double)m->cpu_cores},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(numbers[i].column, column) == 0)
            return numbers[i].value;
    return NAN;
}

static struct date date_of(const struct wire_machine *m, const char *column)
{
    const struct {
        const char *column;
        struct date value;
    } dates[] = {
            {"manufactured_on", m->manufactured_on},
            {"acquired_on", m->acquired_on},
            {"in_service_on", m->in_service_on},
            {"warranty_end", m->warranty_end},
            {"retired_on", m->exit_on},
    };

    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        if (strcmp(dates[i].column, column) == 0)
            return dates[i].value;
    return (struct date){0};
}

const char *machine_value(
        const struct wire_machine *m, const char *column,
        char room[static MACHINE_VALUE])
{
    bool found = false;
    const char *text = text_of(m, column, &found);
    double number = number_of(m, column);
    struct date date = date_of(m, column);

    if (found)
        return text;
    if (!isnan(number))
        return num_print(number, room);
    if (date_known(date))
        return date_print(date, room);
    return NULL;
}
