/* SPDX-License-Identifier: Apache-2.0
 * Logs of outlets, plugs and meters, CSV: a date, perhaps an outlet, and power
 * or energy whose unit the title says; and load curves of Enedis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/csv_priv.h"
#include "importers/energy_pdu_priv.h"

struct pdu {
    const struct wire_sink *sink;
    struct imp_clock clock;
    struct pdu_columns columns;
    struct imp_series_set *series;
    enum { HEADER, ENEDIS_VALUES, ENEDIS_TITLES, ROWS, ENEDIS_END } at;
    enum { NO_ENEDIS, CURVE, INDEX } enedis;
    int type, flow, step, unit; /* columns of what Enedis says of its values */
    enum wire_unit enedis_unit;
    int64_t step_s, last_s;
};

/* ---- rows --------------------------------------------------------------- */

static const char *cell(const struct csv_row *row, int f)
{
    return f >= 0 && (size_t)f < row->n && row->fields[f].len > 0
                   ? row->fields[f].p
                   : NULL;
}

static bool
when_of(struct pdu *p, const struct csv_row *row,
        struct imp_series_point *point, struct err *why)
{
    const char *date = cell(row, p->columns.date);
    const char *time = cell(row, p->columns.time);
    char text[80];
    double epoch;

    if (!date)
        return err_set(why, ERR_INVALID, "expected a date and time");
    if (num_parse(date, strlen(date), NUM_POINT, &epoch, NULL)) {
        epoch = epoch > 1e11 ? epoch / 1000 : epoch; /* milliseconds */
        if (epoch < 1e9 || epoch > 7.2e9)
            return err_set(why, ERR_INVALID, "expected seconds since 1970");
        point->t_s = (int64_t)epoch;
        point->fine = epoch > floor(epoch);
        return true;
    }
    point->fine = strchr(time ? time : date, '.') != NULL;
    snprintf(
            text, sizeof text, "%.40s%s%.20s", date, time ? " " : "",
            time ? time : "");
    return imp_clock_utc(
            &p->clock, text, p->columns.month_first, p->last_s, &point->t_s,
            why);
}

static bool
number_of(const struct csv_dialect *d, const char *text, double *out)
{
    size_t n = strlen(text);

    return num_parse(text, n, NUM_POINT, out, NULL) ||
           (d->decimal_comma && num_parse(text, n, NUM_COMMA, out, NULL));
}

static bool no_value(const char *text)
{
    return !text || text_same(text, "unavailable") ||
           text_same(text, "unknown") || text_same(text, "NaN") ||
           text_same(text, "N/A") || strcmp(text, "-") == 0;
}

static bool
refuse(struct pdu *p, const struct csv_row *row, const char *value,
       const char *reason, struct err *err)
{
    return imp_refuse(
            p->sink, p->clock.file, row->line, NULL, value, reason, err);
}

/* The unit of a value whose title has none: the row's, else the file's. */
static bool row_unit(
        struct pdu *p, const struct csv_row *row, struct pdu_value *v,
        double *factor)
{
    const char *unit = cell(row, p->columns.unit);
    char key[PDU_KEY];

    *factor = 1;
    if (v->unit_known)
        return true;
    if (!unit && p->enedis) {
        v->unit = p->enedis_unit;
        v->kind = wire_unit_is_energy(v->unit) ? IMP_ENERGY : IMP_MEAN_W;
        return true;
    }
    text_key(unit ? unit : "", unit ? strlen(unit) : 0, key, sizeof key);
    if (!pdu_unit_of(key, &v->unit, factor))
        return false;
    v->kind = wire_unit_is_energy(v->unit) ? IMP_ENERGY : IMP_POWER;
    return true;
}

static bool
add(struct pdu *p, const struct csv_row *row, const struct pdu_value *v,
    struct imp_series_point *point, struct err *err)
{
    const char *outlet = cell(row, p->columns.outlet);
    char meter[WIRE_MAX_TEXT];

    if (p->columns.n_values == 1 || (!v->name[0] && outlet))
        snprintf(meter, sizeof meter, "%.100s", outlet ? outlet : "");
    else
        snprintf(
                meter, sizeof meter, "%.90s%s%s", outlet ? outlet : "",
                outlet ? " " : "", v->name);
    point->meter = meter[0] ? meter : NULL;
    point->machine = cell(row, p->columns.machine);
    if (imp_has_control(meter) ||
        (point->machine && (imp_text_chars(point->machine) > WIRE_MAX_TEXT ||
                            imp_has_control(point->machine))))
        return refuse(p, row, NULL, "a name that is no name", err);
    if (wire_unit_is_energy(v->unit))
        point->value *= (double)wire_unit_micro(v->unit);
    else
        point->value *= (double)wire_unit_micro(v->unit) / 1e6;
    return imp_series_add(p->series, v->kind, point, err);
}

static bool more_cells(const struct pdu *p, const struct csv_row *row)
{
    for (size_t f = (size_t)p->columns.n_titles; f < row->n; f++)
        if (row->fields[f].len > 0)
            return true;
    return false;
}

static bool on_values(
        struct pdu *p, const struct csv_dialect *d, const struct csv_row *row,
        struct err *err)
{
    const struct wire_energy_ask *ask = p->sink->energy_ask;
    struct imp_series_point point = {
            .line = row->line, .unsure = !(ask && ask->columns) && !p->enedis};
    struct err why = {0};

    if (more_cells(p, row))
        return refuse(
                p, row, NULL,
                "more cells than titles: a comma in a number wants quotes, or "
                "';' between the cells",
                err);
    if (!when_of(p, row, &point, &why))
        return refuse(p, row, cell(row, p->columns.date), why.msg, err);
    p->last_s = point.t_s;
    for (int i = 0; i < p->columns.n_values; i++) {
        struct pdu_value v = p->columns.values[i];
        const char *text = cell(row, v.field);
        double factor;

        if (no_value(text))
            continue;
        if (!row_unit(p, row, &v, &factor)) {
            if (!refuse(p, row, text,
                        "no unit that is known, expected W, kW, "
                        "Wh or kWh",
                        err))
                return false;
            continue;
        }
        if (!number_of(d, text, &point.value) || point.value < 0 ||
            point.value > 1e15) {
            if (!refuse(p, row, text, "expected a number, 0 or more", err))
                return false;
            continue;
        }
        point.value *= factor;
        if (!add(p, row, &v, &point, err))
            return false;
    }
    return true;
}

/* ---- load curves of Enedis ---------------------------------------------- */

/* "Identifiant PRM;Type de donnees;...;Unite;Pas en minutes", then a line of
 * these values, then "Horodate;Valeur", or counters "EAS F1;...;EAS T". A time
 * is that of the end of its step, local; the step may be left out and change
 * [D: no export with a licence was found]. */
static bool is_enedis(const struct csv_row *row)
{
    char key[PDU_KEY];

    text_key(row->fields[0].p, row->fields[0].len, key, sizeof key);
    return row->n > 2 && strcmp(key, "identifiant_prm") == 0;
}

static int titled(const struct csv_row *row, const char *word)
{
    char key[PDU_KEY];

    for (size_t f = 0; f < row->n; f++) {
        text_key(row->fields[f].p, row->fields[f].len, key, sizeof key);
        if (strcmp(key, word) == 0)
            return (int)f;
    }
    return -1;
}

static bool says(const struct csv_row *row, int f, const char *word)
{
    const char *s = cell(row, f);
    char key[PDU_KEY];

    text_key(s ? s : "", s ? strlen(s) : 0, key, sizeof key);
    return strstr(key, word) != NULL;
}

static void enedis_begin(struct pdu *p, const struct csv_row *row)
{
    p->at = ENEDIS_VALUES;
    p->type = titled(row, "type_de_donnees");
    p->flow = titled(row, "grandeur_metier");
    p->unit = titled(row, "unite");
    p->step = titled(row, "pas_en_minutes");
}

static bool
enedis_values(struct pdu *p, const struct csv_row *row, struct err *err)
{
    const char *unit = cell(row, p->unit), *step = cell(row, p->step);
    int64_t minutes = 0;
    char key[PDU_KEY];
    double factor = 0;

    if (says(row, p->type, "puissance_max"))
        return err_set(
                err, ERR_INVALID,
                "the highest power of each day says no energy, expected a "
                "load curve or the index");
    if (says(row, p->flow, "production") || says(row, p->flow, "injection") ||
        says(row, p->type, "injection") || says(row, p->type, "production"))
        return err_set(
                err, ERR_INVALID, "what was given to the grid is not consumed");
    text_key(unit ? unit : "", unit ? strlen(unit) : 0, key, sizeof key);
    if (!pdu_unit_of(key, &p->enedis_unit, &factor))
        return err_set(
                err, ERR_INVALID,
                "expected the unit of the load curve, such as W");
    if (step && num_parse_int(step, strlen(step), 1, 1440, &minutes, NULL))
        p->step_s = minutes * 60;
    p->enedis = says(row, p->type, "index") ? INDEX : CURVE;
    return true;
}

/* "Horodate;Type de releve;EAS F1;...;EAS T": the total is all of it. */
static bool
enedis_index(struct pdu *p, const struct csv_row *row, struct err *err)
{
    int total = titled(row, "eas_t");

    if (p->columns.date < 0 || total < 0)
        return err_set(
                err, ERR_INVALID, "expected the columns Horodate and EAS T");
    p->columns.n_values = 1;
    p->columns.values[0] = (struct pdu_value){
            .field = total,
            .kind = IMP_COUNTER,
            .unit = p->enedis_unit,
            .unit_known = true};
    p->at = ROWS;
    return true;
}

/* Calendars of tariffs, or the next kind of data, below the values. */
static bool enedis_ends(struct pdu *p, const struct csv_row *row)
{
    char key[PDU_KEY];

    text_key(row->fields[0].p, row->fields[0].len, key, sizeof key);
    if (strcmp(key, "periode") != 0 && !is_enedis(row))
        return false;
    imp_say(p->sink, p->clock.file,
            "line %llu and what follows are no values, they are not read",
            (unsigned long long)row->line);
    p->at = ENEDIS_END;
    return true;
}

/* The zone that the title of the times names goes before what was said. */
static bool in_zone(struct pdu *p)
{
    if (p->columns.utc) {
        p->clock.tz = NULL;
        p->clock.named = true;
    }
    return true;
}

static bool on_header(struct pdu *p, const struct csv_row *row, struct err *err)
{
    const struct wire_energy_ask *ask = p->sink->energy_ask;
    bool named;

    if (p->at == HEADER && is_enedis(row)) {
        enedis_begin(p, row);
        return true;
    }
    if (ask && ask->columns) {
        p->at = ROWS;
        return pdu_as_said(row, ask->columns, &p->columns, err) && in_zone(p);
    }
    named = pdu_by_titles(row, &p->columns);
    if (!p->enedis && pdu_only_amperes(&p->columns))
        return err_set(
                err, ERR_INVALID,
                "column '%.60s' is amperes, which say no power without the "
                "voltage and the power factor: expected a column of W or kWh",
                row->fields[p->columns.amperes].p);
    if (p->enedis == INDEX)
        return enedis_index(p, row, err);
    if (!named &&
        !(p->enedis && p->columns.date >= 0 && p->columns.n_values > 0)) {
        if (p->at == HEADER && row->row < CSV_HEADER_ROWS)
            return true; /* a title, or the device, above the header */
        return err_set(
                err, ERR_INVALID,
                "expected a column of dates and one whose title says W or kWh; "
                "--columns date=TITLE,w=TITLE names them");
    }
    p->at = ROWS;
    in_zone(p);
    if (p->columns.left_out >= 0)
        imp_say(p->sink, p->clock.file,
                "column '%.60s' tells again of the same outlet, it is not "
                "added",
                row->fields[p->columns.left_out].p);
    return true;
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct pdu *p = ctx;

    if (p->at == ENEDIS_END ||
        (p->at == ROWS && p->enedis && enedis_ends(p, row)))
        return true;
    if (p->at == ROWS)
        return on_values(p, dialect, row, err);
    if (p->at == ENEDIS_VALUES) {
        p->at = ENEDIS_TITLES;
        return enedis_values(p, row, err);
    }
    return on_header(p, row, err);
}

static bool
read_file(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct pdu p = {.sink = sink, .last_s = INT64_MIN};
    FILE *in = NULL;
    bool ok = imp_clock_open(&p.clock, sink, imp_base_name(path), err) &&
              file_open(path, &in, err);

    p.series = imp_series_begin(sink, imp_base_name(path), WIRE_OUTLET);
    ok = ok && csv_read_file(in, p.clock.file, on_row, &p, err) &&
         (p.at >= ROWS || err_set(err, ERR_INVALID, "expected a header")) &&
         imp_series_deliver(
                 p.series, p.step_s == 0 && p.enedis ? IMP_OWN_STEPS : p.step_s,
                 p.columns.at_start, err);
    imp_series_free(p.series);
    if (in && in != stdin)
        fclose(in);
    return ok;
}

/* ---- recognition -------------------------------------------------------- */

static bool
look(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
     struct err *err)
{
    struct pdu_columns *c = xcalloc(1, sizeof *c);
    int *score = ctx;

    (void)dialect;
    if (row->row == 1 && is_enedis(row))
        *score = 90;
    else if (pdu_by_titles(row, c))
        *score = row->row == 1 ? 30 : 20;
    else if (pdu_only_amperes(c))
        *score = 10; /* to say why it is not taken */
    free(c);
    return (*score == 0 && row->row < CSV_HEADER_ROWS) ||
           err_set(err, ERR_INVALID, "the header is enough");
}

static int recognise(const char *head, size_t len, const char *file_name)
{
    struct err ignored = {0};
    int score = 0;

    (void)file_name;
    csv_read_mem(head, len, "", look, &score, &ignored);
    return score;
}

const struct imp_format imp_pdu_csv = {
        .name = "pdu-csv",
        .what = "outlets, plugs and meters in time, CSV in W or kWh; load "
                "curves of Enedis",
        .recognise = recognise,
        .read = read_file,
};
