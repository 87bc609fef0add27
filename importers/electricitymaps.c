/* SPDX-License-Identifier: Apache-2.0
 * Electricity Maps: CSV files of the data portal, answers of the API v3. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

#define TITLE "Carbon intensity of electricity consumed, Electricity Maps"

/* ---- the data portal ---------------------------------------------------- */

enum { C_TIME, C_COUNTRY, C_NAME, C_ZONE, C_DIRECT, C_LCA, C_ESTIMATED, COLS };

/* Titles changed in 2024: "(LCA)" became "(Life cycle)". */
static const struct imp_sheet_col cols[COLS] = {
        {"Datetime (UTC)", "=datetime_utc", true},
        {"Country", "=country", false},
        {"Zone name", "=zone_name", false},
        {"Zone id", "=zone_id", true},
        {"Carbon intensity (direct)", "carbon_intensity direct", false},
        {"Carbon intensity (life cycle)",
         "carbon_intensity lca|carbon_intensity life_cycle", true},
        {"Data estimated", "=data_estimated", false},
};

static const struct wire_origin portal = {
        .set = "electricity-maps",
        .title = TITLE,
        .source = "Electricity Maps, data portal",
        .licence = "ODbL 1.0, as the data portal states",
};

static bool is_true(const char *cell)
{
    return cell && (text_same(cell, "true") || strcmp(cell, "1") == 0);
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    const char *time, *zone, *name;
    struct imp_points *p = s->ctx;
    struct imp_when when;
    struct err why = {0};
    double direct, lca;
    bool estimated;

    if (!imp_sheet_text(s, C_NAME, &name, &why) ||
        !imp_sheet_text(s, C_ZONE, &zone, &why))
        return imp_sheet_refuse(s, &why, err);
    if (!zone) {
        err_set(&why, ERR_INVALID, "expected a zone such as FR");
        return imp_sheet_refuse(s, &why, err);
    }
    time = imp_sheet_cell(s, C_TIME);
    if (!imp_when_parse(time ? time : "", &when, &why))
        return imp_sheet_refuse(s, &why, err);
    estimated = is_true(imp_sheet_cell(s, C_ESTIMATED));
    if (!imp_sheet_number(s, C_DIRECT, &direct, &why) ||
        !imp_sheet_number(s, C_LCA, &lca, &why))
        return imp_sheet_refuse(s, &why, err);
    zone = imp_zone(zone);
    return (isnan(direct) ||
            imp_points_add(
                    p, zone, name, WIRE_GRID_DIRECT, when.utc_s, direct,
                    estimated, s->csv->line, err)) &&
           (isnan(lca) ||
            imp_points_add(
                    p, zone, name, WIRE_GRID_LIFE_CYCLE, when.utc_s, lca,
                    estimated, s->csv->line, err));
}

static bool
read_csv(const char *path, const struct wire_sink *sink, struct err *err)
{
    const char *file = imp_base_name(path);
    struct imp_points p = {
            .sink = sink,
            .file = file,
            .unit = "line",
            .origin = portal,
            .basis = WIRE_CONSUMPTION,
            .step = imp_step_of_name(file)};
    struct imp_sheet s = {
            .sink = sink,
            .cols = cols,
            .n_cols = COLS,
            .row = on_row,
            .ctx = &p};
    bool ok =
            imp_sheet_read(&s, path, err) && imp_points_deliver(&p, NULL, err);

    imp_points_clear(&p);
    return ok;
}

static int recognise_csv(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, cols, COLS) ? 96 : 0;
}

const struct imp_format imp_electricitymaps_csv = {
        .name = "electricitymaps-csv",
        .what = "Electricity Maps data portal: direct and life cycle, CSV",
        .recognise = recognise_csv,
        .read = read_csv,
};

/* ---- the API ------------------------------------------------------------ */

static const struct wire_origin api = {
        .set = "electricity-maps-api",
        .title = TITLE,
        .source = "Electricity Maps, API v3",
        .licence = "terms of the API's contract",
};

struct api_read {
    struct imp_points points;
    struct arena text;
    const char *zone; /* of the root; NULL */
};

static enum wire_grid_kind kind_of(const cJSON *entry)
{
    const char *type = imp_json_text(entry, "emissionFactorType");

    if (type && text_same(type, "lifecycle"))
        return WIRE_GRID_LIFE_CYCLE;
    return type && text_same(type, "direct") ? WIRE_GRID_DIRECT
                                             : WIRE_GRID_UNSTATED;
}

static bool on_entry(
        struct imp_points *p, uint64_t index, const cJSON *entry,
        struct err *err)
{
    const char *zone = imp_json_text(entry, "zone");
    const char *time = imp_json_text(entry, "datetime");
    const char *odd;
    double g = imp_json_number(entry, "carbonIntensity", &odd);
    struct imp_when when;
    struct err why = {0};

    if (!time || !imp_when_parse(time, &when, &why))
        return imp_refuse(
                p->sink, p->file, index, "datetime", time,
                why.msg[0] ? why.msg
                           : "expected an object with datetime and "
                             "carbonIntensity",
                err);
    if (odd)
        return imp_refuse(
                p->sink, p->file, index, "carbonIntensity", odd,
                "expected a number of g/kWh", err);
    if (isnan(g)) /* null: not known for that hour */
        return true;
    return imp_points_add(
            p, zone ? imp_zone(zone) : "", NULL, kind_of(entry), when.utc_s, g,
            cJSON_IsTrue(
                    cJSON_GetObjectItemCaseSensitive(entry, "isEstimated")),
            index, err);
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct api_read *a = ctx;
    char text[1100];

    if (!r->value)
        return imp_refuse(
                a->points.sink, a->points.file, r->index, NULL, NULL,
                err_text(r->why, text, sizeof text), err);
    return on_entry(&a->points, r->index, r->value, err);
}

static bool on_root(void *ctx, const cJSON *root, struct err *err)
{
    struct api_read *a = ctx;
    const char *zone = imp_json_text(root, "zone");

    (void)err;
    if (zone)
        a->zone = arena_str(&a->text, imp_zone(zone));
    return true;
}

static bool
read_api(const char *path, const struct wire_sink *sink, struct err *err)
{
    static const char *const lists[] = {"history", "data", NULL};
    struct api_read a = {
            .points = {
                    .sink = sink,
                    .file = imp_base_name(path),
                    .unit = "record",
                    .origin = api,
                    .basis = WIRE_CONSUMPTION,
                    .step = IMP_STEP_HOUR}};
    struct json_cut cut = {
            .lists = lists, .record = on_record, .rest = on_root, .ctx = &a};
    bool ok = imp_json_read(&cut, path, sink, err) &&
              imp_points_deliver(&a.points, a.zone, err);

    imp_points_clear(&a.points);
    arena_clear(&a.text);
    return ok;
}

static int recognise_api(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {
            "\"carbonIntensity\"", "\"zone\"", "\"datetime\"", NULL};

    (void)file_name;
    return imp_json_with(head, len, words) ? 95 : 0;
}

const struct imp_format imp_electricitymaps = {
        .name = "electricitymaps",
        .what = "Electricity Maps API v3: latest, history, past ranges, JSON",
        .recognise = recognise_api,
        .read = read_api,
};
