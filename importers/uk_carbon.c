/* SPDX-License-Identifier: Apache-2.0
 * The Carbon Intensity API of Great Britain: half hours, national and by
 * region; a forecast stands in, marked, where nothing was measured. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "importers/figures_priv.h"

enum { MAX_REGION = 80 };

struct uk {
    const struct wire_sink *sink;
    const char *file;
    uint64_t index;
    uint64_t forecasts;
    char place[240];
};

static const struct wire_origin origin = {
        .set = "uk-carbon-intensity",
        .title = "Direct emissions of electricity in Great Britain, Carbon "
                 "Intensity API",
        .source = "National Energy System Operator, Carbon Intensity API",
        .licence = "CC BY 4.0",
};

static bool
refuse(struct uk *u, const char *column, const char *value, const char *reason,
       struct err *err)
{
    return imp_refuse(u->sink, u->file, u->index, column, value, reason, err);
}

static bool
read_end(const cJSON *entry, const char *key, int64_t *out, struct err *why)
{
    const char *text = imp_json_text(entry, key);
    struct imp_when when;

    if (!imp_when_parse(text ? text : "", &when, why))
        return false;
    *out = when.utc_s;
    return true;
}

/* One half hour of one zone; times stand in `period`, the figure in `holder`.
 */
static bool half_hour(
        struct uk *u, const cJSON *period, const cJSON *holder,
        const char *region, struct err *err)
{
    const cJSON *intensity =
            cJSON_GetObjectItemCaseSensitive(holder, "intensity");
    struct wire_grid g = {
            .origin = origin,
            .zone = "GBR",
            .zone_name = "Great Britain",
            .kind = WIRE_GRID_DIRECT,
            .basis = WIRE_GENERATION,
            .place = u->place};
    char zone[MAX_REGION + 4];
    struct err why = {0};
    const char *odd;

    if (!read_end(period, "from", &g.from_s, &why))
        return refuse(u, "from", imp_json_text(period, "from"), why.msg, err);
    if (!read_end(period, "to", &g.to_s, &why))
        return refuse(u, "to", imp_json_text(period, "to"), why.msg, err);
    if (g.to_s - g.from_s != 1800)
        return refuse(
                u, "to", imp_json_text(period, "to"),
                "expected half an hour; answers of /statistics are means that "
                "cannot be taken",
                err);
    g.g_per_kwh = imp_json_number(intensity, "actual", &odd);
    if (!odd && isnan(g.g_per_kwh)) {
        g.g_per_kwh = imp_json_number(intensity, "forecast", &odd);
        g.estimated = true;
        u->forecasts += isnan(g.g_per_kwh) ? 0 : 1;
    }
    if (odd)
        return refuse(u, "intensity", odd, "expected a number of g/kWh", err);
    if (isnan(g.g_per_kwh))
        return true;
    if (region && strlen(region) > MAX_REGION)
        return refuse(
                u, "shortname", NULL, "expected a name of at most 80 bytes",
                err);
    if (region) {
        snprintf(zone, sizeof zone, "GB/%s", region);
        g.zone = zone;
        g.zone_name = region;
    }
    return imp_grid(u->sink, &g, err);
}

static bool no_region(struct uk *u, struct err *err)
{
    return refuse(u, "shortname", NULL, "expected the name of a region", err);
}

/* A half hour with all its regions. */
static bool
regions(struct uk *u, const cJSON *period, const cJSON *list, struct err *err)
{
    const cJSON *region;

    cJSON_ArrayForEach(region, list)
    {
        const char *name = imp_json_text(region, "shortname");

        if (!name ? !no_region(u, err)
                  : !half_hour(u, period, region, name, err))
            return false;
    }
    return true;
}

/* A region with all its half hours. */
static bool
periods(struct uk *u, const cJSON *region, const cJSON *list, struct err *err)
{
    const char *name = imp_json_text(region, "shortname");
    const cJSON *period;

    if (!name)
        return no_region(u, err);
    cJSON_ArrayForEach(period, list)
    {
        if (!half_hour(u, period, period, name, err))
            return false;
    }
    return true;
}

static bool on_value(struct uk *u, const cJSON *entry, struct err *err)
{
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(entry, "data");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(entry, "regions");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(entry, "error");

    if (error)
        return refuse(
                u, "error", imp_json_text(error, "message"),
                "the answer is an error, expected data", err);
    if (cJSON_IsObject(data)) { /* a root whose data is one region */
        entry = data;
        data = cJSON_GetObjectItemCaseSensitive(entry, "data");
    }
    if (cJSON_IsArray(list))
        return regions(u, entry, list, err);
    if (cJSON_IsArray(data))
        return periods(u, entry, data, err);
    if (!cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(entry, "intensity")))
        return refuse(
                u, "intensity", NULL,
                "expected an object with from, to and intensity", err);
    return half_hour(u, entry, entry, NULL, err);
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct uk *u = ctx;
    char text[1100];

    u->index = r->index;
    snprintf(
            u->place, sizeof u->place, "%.180s: record %llu", u->file,
            (unsigned long long)r->index);
    if (!r->value)
        return refuse(u, NULL, NULL, err_text(r->why, text, sizeof text), err);
    return on_value(u, r->value, err);
}

static bool
uk_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    static const char *const lists[] = {"data", NULL};
    struct uk u = {.sink = sink, .file = imp_base_name(path)};
    struct json_cut cut = {.lists = lists, .record = on_record, .ctx = &u};

    if (!imp_json_read(&cut, path, sink, err))
        return false;
    if (u.forecasts)
        imp_say(sink, u.file,
                "%llu half hours have a forecast alone, kept as estimates",
                (unsigned long long)u.forecasts);
    return true;
}

static int uk_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {
            "\"intensity\"", "\"forecast\"", "\"from\"", "\"data\"", NULL};

    (void)file_name;
    return imp_json_with(head, len, words) ? 95 : 0;
}

const struct imp_format imp_uk_carbon = {
        .name = "uk-carbon-intensity",
        .what = "Carbon Intensity API of Great Britain, JSON",
        .recognise = uk_recognise,
        .read = uk_read,
};
