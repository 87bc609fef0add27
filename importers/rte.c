/* SPDX-License-Identifier: Apache-2.0
 * RTE eCO2mix: answers and exports of the ODRE API, and RTE's own files. All
 * are direct emissions of the electricity generated in France. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

static const struct wire_origin origin = {
        .set = "rte-eco2mix",
        .title = "Direct emissions of electricity generated in France, RTE "
                 "eCO2mix",
        .source = "RTE, eCO2mix",
        .licence = "Licence Ouverte 2.0 (Etalab)",
};

static struct imp_points
points_of(const struct wire_sink *sink, const char *path, const char *unit)
{
    return (struct imp_points){
            .sink = sink,
            .file = imp_base_name(path),
            .unit = unit,
            .origin = origin,
            .basis = WIRE_GENERATION,
            .step = IMP_STEP_HOUR};
}

static bool national(const char *perimeter)
{
    return !perimeter || text_same(perimeter, "France");
}

/* "Données temps réel" are estimates until they are consolidated. */
static bool provisional(const char *nature)
{
    char key[80];

    text_key(
            nature ? nature : "", nature ? strlen(nature) : 0, key, sizeof key);
    return strstr(key, "temps_reel") != NULL;
}

static bool
add(struct imp_points *p, int64_t t_s, double g, bool estimated, uint64_t row,
    struct err *err)
{
    return imp_points_add(
            p, "FRA", "France", WIRE_GRID_DIRECT, t_s, g, estimated, row, err);
}

/* ---- the API ------------------------------------------------------------ */

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct imp_points *p = ctx;
    const cJSON *entry = r->value, *fields;
    const char *time, *odd;
    struct imp_when when;
    struct err why = {0};
    char text[1100];
    double g;

    if (!entry)
        return imp_refuse(
                p->sink, p->file, r->index, NULL, NULL,
                err_text(r->why, text, sizeof text), err);
    fields = cJSON_GetObjectItemCaseSensitive(entry, "fields");
    if (cJSON_IsObject(fields)) /* API v1 */
        entry = fields;
    if (!national(imp_json_text(entry, "perimetre")))
        return imp_refuse(
                p->sink, p->file, r->index, "perimetre",
                imp_json_text(entry, "perimetre"),
                "expected the national series, France", err);
    time = imp_json_text(entry, "date_heure");
    if (!time || !imp_when_parse(time, &when, &why))
        return imp_refuse(
                p->sink, p->file, r->index, "date_heure", time,
                why.msg[0] ? why.msg : "expected date_heure and taux_co2", err);
    if (!when.zoned)
        return imp_refuse(
                p->sink, p->file, r->index, "date_heure", time,
                "expected an offset from UTC, as in 2024-07-03T00:00:00+00:00",
                err);
    g = imp_json_number(entry, "taux_co2", &odd);
    if (odd)
        return imp_refuse(
                p->sink, p->file, r->index, "taux_co2", odd,
                "expected a number of g/kWh", err);
    return isnan(g) ||
           add(p, when.utc_s, g, provisional(imp_json_text(entry, "nature")),
               r->index, err);
}

static bool
read_api(const char *path, const struct wire_sink *sink, struct err *err)
{
    static const char *const lists[] = {"results", "records", NULL};
    struct imp_points p = points_of(sink, path, "record");
    struct json_cut cut = {.lists = lists, .record = on_record, .ctx = &p};
    bool ok = imp_json_read(&cut, path, sink, err) &&
              imp_points_deliver(&p, NULL, err);

    imp_points_clear(&p);
    return ok;
}

static int recognise_api(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {"\"date_heure\"", "\"taux_co2\"", NULL};

    (void)file_name;
    return imp_json_with(head, len, words) ? 95 : 0;
}

const struct imp_format imp_rte = {
        .name = "rte-eco2mix",
        .what = "RTE eCO2mix from the ODRE API, JSON",
        .recognise = recognise_api,
        .read = read_api,
};

/* ---- files -------------------------------------------------------------- */

enum { C_PERIMETER, C_NATURE, C_DATE, C_TIME, C_INSTANT, C_G, COLS };

static const struct imp_sheet_col cols[COLS] = {
        {"Périmètre", "=perimetre", false},
        {"Nature", "=nature", false},
        {"Date", "=date", false},
        {"Heures", "=heures|=heure", false},
        {"Date et heure", "date_heure|date_et_heure", false},
        {"Taux de CO2", "taux_co2|taux_de_co2", true},
};

struct file_read {
    struct imp_points points;
    const struct tz *paris;
    int64_t last_s; /* of the row before; to tell the two hours of October */
    uint64_t padded;
};

/* Local time. In March the files fill the hour that does not exist with other
 * rows; in October they hold the hour that comes twice once, for which the
 * first one is taken, or twice. *skip: there is no such time. */
static bool
local_time(struct imp_sheet *s, int64_t *t_s, bool *skip, struct err *why)
{
    struct file_read *f = s->ctx;
    const char *time = imp_sheet_cell(s, C_TIME);
    const char *date = imp_sheet_cell(s, C_DATE);
    char text[64], day[DATE_TEXT];
    struct imp_when when;
    struct date d;
    int64_t at[2];
    int n;

    *skip = false;
    if (!date || !date_parse(date, strlen(date), &d, NULL) || d.day == 0)
        return err_set(why, ERR_INVALID, "expected a date such as 2024-07-03");
    s->col = C_TIME;
    if (!time || strlen(time) > 8)
        return err_set(why, ERR_INVALID, "expected a time such as 00:15");
    snprintf(text, sizeof text, "%s %s", date_print(d, day), time);
    if (!imp_when_parse(text, &when, why))
        return false;
    n = imp_when_local(f->paris, when.civil_s, at);
    *skip = n == 0;
    if (n > 0)
        *t_s = n == 2 && at[0] <= f->last_s ? at[1] : at[0];
    return true;
}

static bool
when_of(struct imp_sheet *s, int64_t *t_s, bool *skip, struct err *why)
{
    const char *instant = imp_sheet_cell(s, C_INSTANT);
    struct imp_when when;

    *skip = false;
    if (!instant)
        return local_time(s, t_s, skip, why);
    if (!imp_when_parse(instant, &when, why))
        return false;
    if (!when.zoned)
        return err_set(
                why, ERR_INVALID,
                "expected an offset from UTC, as in "
                "2024-07-03T00:00:00+00:00");
    *t_s = when.utc_s;
    return true;
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    struct file_read *f = s->ctx;
    const char *cell;
    struct err why = {0};
    int64_t t_s = 0;
    double g = NAN;
    bool skip;

    /* The last line is a sentence about the use of the data. */
    if (!imp_sheet_cell(s, C_INSTANT) && !imp_sheet_cell(s, C_DATE))
        return true;
    if (!national(imp_sheet_cell(s, C_PERIMETER))) {
        err_set(&why, ERR_INVALID, "expected the national series, France");
        return imp_sheet_refuse(s, &why, err);
    }
    if (!when_of(s, &t_s, &skip, &why))
        return imp_sheet_refuse(s, &why, err);
    cell = imp_sheet_cell(s, C_G);
    if (cell && !text_same(cell, "ND") && strcmp(cell, "-") != 0 &&
        !imp_sheet_number(s, C_G, &g, &why))
        return imp_sheet_refuse(s, &why, err);
    if (skip) {
        f->padded += isnan(g) ? 0 : 1;
        return true;
    }
    f->last_s = t_s;
    return isnan(g) ||
           add(&f->points, t_s, g, provisional(imp_sheet_cell(s, C_NATURE)),
               s->csv->line, err);
}

static bool
read_file(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct file_read f = {
            .points = points_of(sink, path, "line"), .last_s = INT64_MIN};
    struct imp_sheet s = {
            .sink = sink,
            .cols = cols,
            .n_cols = COLS,
            .row = on_row,
            .ctx = &f};
    bool ok = tz_load("Europe/Paris", &f.paris, err) &&
              imp_sheet_read(&s, path, err);

    if (ok && f.padded)
        imp_say(sink, f.points.file,
                "%llu rows at times that clocks in France jump over are left "
                "out",
                (unsigned long long)f.padded);
    ok = ok && imp_points_deliver(&f.points, NULL, err);
    imp_points_clear(&f.points);
    return ok;
}

static int recognise_file(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, cols, COLS) ? 95 : 0;
}

const struct imp_format imp_rte_csv = {
        .name = "rte-eco2mix-csv",
        .what = "RTE eCO2mix files and exports, CSV with tabs, ';' or ','",
        .recognise = recognise_file,
        .read = read_file,
};
