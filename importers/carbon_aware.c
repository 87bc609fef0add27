/* SPDX-License-Identifier: Apache-2.0
 * The JSON data source of the Green Software Foundation's carbon-aware SDK. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

enum { HOUR_S = 3600, DAY_S = 86400 };

struct aware {
    const struct wire_sink *sink;
    const char *file;
    uint64_t open_ended; /* records without a duration */
    char place[240];
};

/* It says neither whose data it holds nor what they count: the SDK serves
 * marginal, direct and life-cycle figures alike. */
static const struct wire_origin origin = {
        .set = "carbon-aware-sdk",
        .title = "Emissions of a carbon-aware SDK data file",
        .source = "data file of the carbon-aware SDK",
        .licence = "as the file's own source states",
};

/* "01:00", "08:00:00", "1.00:00:00" of .NET; 0 for none. */
static bool read_duration(const char *text, int64_t *out)
{
    int64_t part[3] = {0}, days = 0;
    const char *dot = text ? strchr(text, '.') : NULL;
    size_t n = 0;

    *out = 0;
    if (!text)
        return true;
    if (dot && dot < text + strcspn(text, ":")) {
        if (!num_parse_int(text, (size_t)(dot - text), 0, 366, &days, NULL))
            return false;
        text = dot + 1;
    }
    while (n < 3) {
        size_t len = strcspn(text, ":");

        if (!num_parse_int(text, len, 0, n ? 59 : 23, &part[n], NULL))
            return false;
        n++;
        text += len;
        if (!*text)
            break;
        text++;
    }
    if (n < 2 || *text)
        return false;
    *out = days * DAY_S + part[0] * HOUR_S + part[1] * 60 + part[2];
    return true;
}

static bool
on_entry(struct aware *a, uint64_t index, const cJSON *entry, struct err *err)
{
    const char *zone = imp_json_text(entry, "Location");
    const char *time = imp_json_text(entry, "Time");
    const char *duration = imp_json_text(entry, "Duration"), *odd;
    double g = imp_json_number(entry, "Rating", &odd);
    struct wire_grid v = {
            .origin = origin,
            .g_per_kwh = g,
            .kind = WIRE_GRID_UNSTATED,
            .basis = WIRE_BASIS_UNSTATED,
            .place = a->place};
    struct imp_when when;
    struct err why = {0};
    int64_t lasts_s;

    if (!zone)
        return imp_refuse(
                a->sink, a->file, index, "Location", NULL,
                "expected the name of a place", err);
    if (!imp_when_parse(time ? time : "", &when, &why))
        return imp_refuse(a->sink, a->file, index, "Time", time, why.msg, err);
    if (odd || isnan(g))
        return imp_refuse(
                a->sink, a->file, index, "Rating", odd,
                "expected a number of g/kWh", err);
    if (!read_duration(duration, &lasts_s))
        return imp_refuse(
                a->sink, a->file, index, "Duration", duration,
                "expected hours and minutes such as 01:00", err);
    /* [D] Without a duration a value is that of its hour alone. */
    a->open_ended += lasts_s == 0;
    v.zone = imp_zone(zone);
    v.zone_name = zone;
    v.from_s = when.utc_s;
    v.to_s = when.utc_s + (lasts_s ? lasts_s : HOUR_S);
    return imp_grid(a->sink, &v, err);
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct aware *a = ctx;
    char text[1100];

    snprintf(
            a->place, sizeof a->place, "%.180s: record %llu", a->file,
            (unsigned long long)r->index);
    if (!r->value)
        return imp_refuse(
                a->sink, a->file, r->index, NULL, NULL,
                err_text(r->why, text, sizeof text), err);
    return on_entry(a, r->index, r->value, err);
}

static bool
aware_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    static const char *const lists[] = {"Emissions", NULL};
    struct aware a = {.sink = sink, .file = imp_base_name(path)};
    struct json_cut cut = {.lists = lists, .record = on_record, .ctx = &a};

    if (!imp_json_read(&cut, path, sink, err))
        return false;
    if (a.open_ended)
        imp_say(sink, a.file,
                "%llu records have no Duration, each is taken for the hour "
                "that it begins",
                (unsigned long long)a.open_ended);
    return true;
}

static int aware_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {
            "\"Location\"", "\"Rating\"", "\"Time\"", NULL};

    (void)file_name;
    return imp_json_with(head, len, words) ? 95 : 0;
}

const struct imp_format imp_carbon_aware = {
        .name = "carbon-aware-sdk",
        .what = "data file of the carbon-aware SDK, JSON",
        .recognise = aware_recognise,
        .read = aware_read,
};
