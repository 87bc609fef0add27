/* SPDX-License-Identifier: Apache-2.0
 * Logs of outlets, plugs and meters, CSV: a date, perhaps an outlet, and power
 * or energy whose unit the title says; and load curves of Enedis. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"
#include "importers/energy_priv.h"

enum { MAX_VALUES = 256, KEY_SIZE = 120 };

struct value_col {
    int field;
    enum imp_reading kind;
    enum wire_unit unit;
    bool unit_known;
    char name[64]; /* of the outlet, from the title; "": the row's */
};

struct columns {
    int date, time, outlet, machine, unit;
    struct value_col values[MAX_VALUES];
    int n_values;
    bool month_first, at_start;
};

struct pdu {
    const struct wire_sink *sink;
    struct imp_clock clock;
    struct columns columns;
    struct imp_series_set *series;
    enum { HEADER, ENEDIS_VALUES, ENEDIS_TITLES, ROWS } at;
    enum wire_unit enedis_unit;
    int64_t step_s, last_s;
};

/* ---- titles ------------------------------------------------------------- */

static bool word_in(const char *key, const char *words)
{
    char framed[KEY_SIZE + 2];

    snprintf(framed, sizeof framed, "_%.*s_", KEY_SIZE - 1, key);
    for (const char *s = words; *s;) {
        char word[40];
        size_t n = strcspn(s, "|");

        snprintf(word, sizeof word, "_%.*s_", (int)n, s);
        if (strstr(framed, word))
            return true;
        s += n + (s[n] == '|');
    }
    return false;
}

/* "Puissance (W)", "energy_kwh", "Active Power [kW]". */
static bool unit_of(const char *key, enum wire_unit *unit, double *factor)
{
    static const struct {
        const char *words;
        enum wire_unit unit;
        double factor;
    } units[] = {
            {"kwh|kilowattheures|kilowatthours", WIRE_KWH, 1},
            {"wh|watt_hours|wattheures", WIRE_WH, 1},
            {"kw|kilowatts|kilowatt", WIRE_W, 1000},
            {"mw|milliwatts", WIRE_MW, 1},
            {"w|watt|watts", WIRE_W, 1},
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (word_in(key, units[i].words)) {
            *unit = units[i].unit;
            *factor = units[i].factor;
            return true;
        }
    return false;
}

/* A title without its unit and words of measure is the outlet's name. */
static void outlet_of(const char *title, char *dst, size_t size)
{
    char key[KEY_SIZE];
    size_t n = 0;

    text_key(title, strlen(title), key, sizeof key);
    dst[0] = '\0';
    for (char *s = key; *s;) {
        char word[KEY_SIZE];
        size_t len = strcspn(s, "_");

        snprintf(word, sizeof word, "%.*s", (int)len, s);
        if (!word_in(
                    word,
                    "kwh|wh|kw|w|mw|watt|watts|power|puissance|energy|energie|"
                    "active|apparent|mean|average|moyenne|value|valeur|"
                    "consumption|consommation|index|total|counter|compteur|"
                    "cumul|real|in|de|en|instantaneous|instantanee") &&
            n + len + 2 < size)
            n += (size_t)snprintf(
                    dst + n, size - n, "%s%s", n ? " " : "", word);
        s += len + (s[len] == '_');
    }
}

static bool add_value(
        struct columns *c, int field, const char *title, const char *key,
        enum wire_unit unit, bool unit_known)
{
    struct value_col *v;

    if (c->n_values == MAX_VALUES)
        return false;
    v = &c->values[c->n_values++];
    *v = (struct value_col){
            .field = field, .unit = unit, .unit_known = unit_known};
    if (unit_known && wire_unit_is_energy(unit))
        v->kind = word_in(key, "index|total|counter|compteur|cumul|cumulative|"
                               "lifetime|meter")
                          ? IMP_COUNTER
                          : IMP_ENERGY;
    else
        v->kind = word_in(key, "mean|average|avg|moyenne|moyen") ? IMP_MEAN_W
                                                                 : IMP_POWER;
    outlet_of(title, v->name, sizeof v->name);
    return true;
}

/* Apparent power and currents are no energy without a power factor; what comes
 * a kWh is no kWh. */
static bool not_active(const char *key)
{
    return word_in(
            key,
            "va|kva|var|kvar|reactive|apparent|apparente|peak|max|min|"
            "maximum|minimum|limit|capacity|price|cost|prix|eur|co2|carbon|"
            "gco2|gco2e|gco2eq|co2e|co2eq|kgco2e|intensity|factor|facteur");
}

static void by_title(struct columns *c, int f, const char *title)
{
    char key[KEY_SIZE];
    enum wire_unit unit;
    double factor;

    text_key(title, strlen(title), key, sizeof key);
    if (word_in(key, "achat|purchase|garantie|warranty|acquisition|service"))
        return; /* an inventory's dates */
    if (c->date < 0 &&
        (word_in(key, "date|timestamp|datetime|horodate|horodatage|"
                      "last_changed|last_updated") ||
         strcmp(key, "time") == 0))
        c->date = f;
    else if (c->time < 0 && word_in(key, "time|heure|heures|hour"))
        c->time = f;
    else if (
            c->machine < 0 && word_in(key, "machine|host|hostname|node|"
                                           "serveur|server"))
        c->machine = f;
    else if (not_active(key))
        return;
    else if (unit_of(key, &unit, &factor))
        add_value(c, f, title, key, unit, true);
    else if (c->unit < 0 && word_in(key, "unit|unite|units"))
        c->unit = f;
    else if (
            c->outlet < 0 &&
            word_in(key, "outlet|prise|socket|plug|port|channel|device|"
                         "entity_id|sensor|name|nom|id"))
        c->outlet = f;
    else if (
            strcmp(key, "valeur") == 0 || strcmp(key, "value") == 0 ||
            strcmp(key, "state") == 0)
        add_value(c, f, title, key, WIRE_W, false);
}

static const struct columns no_columns = {
        .date = -1, .time = -1, .outlet = -1, .machine = -1, .unit = -1};

static bool by_titles(const struct csv_row *row, struct columns *c)
{
    int known = 0;

    *c = no_columns;
    for (size_t f = 0; f < row->n; f++)
        by_title(c, (int)f, row->fields[f].p);
    for (int i = 0; i < c->n_values; i++)
        known += c->values[i].unit_known || c->unit >= 0;
    /* A column without a unit says nothing beside those that have one. */
    for (int i = 0; i < c->n_values; i++)
        if (known && !c->values[i].unit_known && c->unit < 0)
            c->values[i--] = c->values[--c->n_values];
    return c->date >= 0 && known > 0;
}

/* ---- columns as the command says them ----------------------------------- */

static int field_named(const struct csv_row *row, const char *title, size_t n)
{
    for (size_t f = 0; f < row->n; f++)
        if (strlen(row->fields[f].p) == n &&
            memcmp(row->fields[f].p, title, n) == 0)
            return (int)f;
    return -1;
}

static bool
said_value(struct columns *c, const char *what, int f, const char *title)
{
    static const struct {
        const char *what;
        enum imp_reading kind;
        enum wire_unit unit;
    } kinds[] = {
            {"w", IMP_POWER, WIRE_W},
            {"mean_w", IMP_MEAN_W, WIRE_W},
            {"kwh", IMP_ENERGY, WIRE_KWH},
            {"wh", IMP_ENERGY, WIRE_WH},
            {"j", IMP_ENERGY, WIRE_J},
            {"total_kwh", IMP_COUNTER, WIRE_KWH},
            {"total_wh", IMP_COUNTER, WIRE_WH},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(what, kinds[i].what) == 0 && c->n_values < MAX_VALUES) {
            struct value_col *v = &c->values[c->n_values++];

            *v = (struct value_col){
                    .field = f,
                    .kind = kinds[i].kind,
                    .unit = kinds[i].unit,
                    .unit_known = true};
            outlet_of(title, v->name, sizeof v->name);
            return true;
        }
    return false;
}

static bool said_one(
        struct columns *c, const struct csv_row *row, const char *what,
        const char *title, size_t n, struct err *err)
{
    int *places[] = {&c->date, &c->time, &c->outlet, &c->machine};
    static const char *const names[] = {"date", "time", "outlet", "machine"};
    char copy[KEY_SIZE];
    int f;

    snprintf(copy, sizeof copy, "%.*s", (int)n, title);
    if (strcmp(what, "dates") == 0 && strcmp(copy, "mdy") == 0)
        return c->month_first = true;
    if (strcmp(what, "stamp") == 0 && strcmp(copy, "start") == 0)
        return c->at_start = true;
    f = field_named(row, title, n);
    if (f < 0)
        return err_set(
                err, ERR_INVALID, "--columns: the file has no column '%s'",
                copy);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(what, names[i]) == 0) {
            *places[i] = f;
            return true;
        }
    return said_value(c, what, f, copy) ||
           err_set(err, ERR_INVALID,
                   "--columns: '%s' is none of date, time, outlet, machine, w, "
                   "mean_w, wh, kwh, j, total_wh, total_kwh, dates=mdy, "
                   "stamp=start",
                   what);
}

static bool
as_said(const struct csv_row *row, const char *said, struct columns *c,
        struct err *err)
{
    *c = no_columns;
    for (const char *s = said; *s;) {
        size_t n = strcspn(s, ","), eq = strcspn(s, "=");
        char what[24];

        if (eq >= n || eq >= sizeof what)
            return err_set(
                    err, ERR_INVALID,
                    "--columns: expected pairs such as date=Horodate,w=Power");
        snprintf(what, sizeof what, "%.*s", (int)eq, s);
        if (!said_one(c, row, what, s + eq + 1, n - eq - 1, err))
            return false;
        s += n + (s[n] == ',');
    }
    return (c->date >= 0 && c->n_values > 0) ||
           err_set(err, ERR_INVALID,
                   "--columns: expected a date and one of w, mean_w, kwh");
}

/* ---- rows --------------------------------------------------------------- */

static const char *cell(const struct csv_row *row, int f)
{
    return f >= 0 && (size_t)f < row->n && row->fields[f].len > 0
                   ? row->fields[f].p
                   : NULL;
}

static bool
when_of(struct pdu *p, const struct csv_row *row, int64_t *t_s, struct err *why)
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
        *t_s = (int64_t)epoch;
        return true;
    }
    snprintf(
            text, sizeof text, "%.40s%s%.20s", date, time ? " " : "",
            time ? time : "");
    return imp_clock_utc(
            &p->clock, text, p->columns.month_first, p->last_s, t_s, why);
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
        struct pdu *p, const struct csv_row *row, struct value_col *v,
        double *factor)
{
    const char *unit = cell(row, p->columns.unit);
    char key[KEY_SIZE];

    *factor = 1;
    if (v->unit_known)
        return true;
    if (!unit && p->step_s) {
        v->unit = p->enedis_unit;
        v->kind = wire_unit_is_energy(v->unit) ? IMP_ENERGY : IMP_MEAN_W;
        return true;
    }
    text_key(unit ? unit : "", unit ? strlen(unit) : 0, key, sizeof key);
    if (!unit_of(key, &v->unit, factor))
        return false;
    v->kind = wire_unit_is_energy(v->unit) ? IMP_ENERGY : IMP_POWER;
    return true;
}

static bool
add(struct pdu *p, const struct csv_row *row, const struct value_col *v,
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

static bool on_values(
        struct pdu *p, const struct csv_dialect *d, const struct csv_row *row,
        struct err *err)
{
    struct imp_series_point point = {.line = row->line};
    struct err why = {0};

    if (!when_of(p, row, &point.t_s, &why))
        return refuse(p, row, cell(row, p->columns.date), why.msg, err);
    p->last_s = point.t_s;
    for (int i = 0; i < p->columns.n_values; i++) {
        struct value_col v = p->columns.values[i];
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
 * these values, then "Horodate;Valeur". A time is that of the end of its step,
 * local [D: no export with a licence was found]. */
static bool is_enedis(const struct csv_row *row)
{
    char key[KEY_SIZE];

    text_key(row->fields[0].p, row->fields[0].len, key, sizeof key);
    return row->n > 2 && strcmp(key, "identifiant_prm") == 0;
}

static bool
enedis_values(struct pdu *p, const struct csv_row *row, struct err *err)
{
    static const int64_t usual[] = {60, 30, 15, 10, 5};
    char key[KEY_SIZE];
    double factor = 0;

    for (size_t f = 1; f < row->n; f++) {
        int64_t minutes;

        text_key(row->fields[f].p, row->fields[f].len, key, sizeof key);
        if (strlen(key) <= 3 && unit_of(key, &p->enedis_unit, &factor))
            continue;
        if (num_parse_int(key, strlen(key), 5, 60, &minutes, NULL))
            for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
                if (minutes == usual[i])
                    p->step_s = minutes * 60;
    }
    return (factor > 0 && p->step_s > 0) ||
           err_set(err, ERR_INVALID,
                   "expected the unit and the step of the load curve, such as "
                   "W and 30");
}

static bool on_header(struct pdu *p, const struct csv_row *row, struct err *err)
{
    const struct wire_energy_ask *ask = p->sink->energy_ask;

    if (ask && ask->columns) {
        p->at = ROWS;
        return as_said(row, ask->columns, &p->columns, err);
    }
    if (p->at == HEADER && is_enedis(row)) {
        p->at = ENEDIS_VALUES;
        return true;
    }
    if (!by_titles(row, &p->columns) &&
        !(p->step_s && p->columns.date >= 0 && p->columns.n_values > 0))
        return err_set(
                err, ERR_INVALID,
                "expected a column of dates and one whose title says W or kWh; "
                "--columns date=TITLE,w=TITLE names them");
    p->at = ROWS;
    return true;
}

static bool
on_row(void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
       struct err *err)
{
    struct pdu *p = ctx;

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
         imp_series_deliver(p.series, p.step_s, p.columns.at_start, err);
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
    struct columns *c = xcalloc(1, sizeof *c);
    int *score = ctx;

    (void)dialect;
    *score = is_enedis(row) ? 90 : by_titles(row, c) ? 30 : 0;
    free(c);
    return err_set(err, ERR_INVALID, "the first row is enough");
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
