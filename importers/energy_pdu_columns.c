/* SPDX-License-Identifier: Apache-2.0
 * The columns of a log of outlets: dates, outlets, and values whose unit the
 * title says. */
#include <string.h>

#include "base/text.h"
#include "importers/energy_pdu_priv.h"

/* ---- titles ------------------------------------------------------------- */

static bool word_in(const char *key, const char *words)
{
    char framed[PDU_KEY + 2];

    snprintf(framed, sizeof framed, "_%.*s_", PDU_KEY - 1, key);
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
bool pdu_unit_of(const char *key, enum wire_unit *unit, double *factor)
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
    char key[PDU_KEY];
    size_t n = 0;

    text_key(title, strlen(title), key, sizeof key);
    dst[0] = '\0';
    for (char *s = key; *s;) {
        char word[PDU_KEY];
        size_t len = strcspn(s, "_");

        snprintf(word, sizeof word, "%.*s", (int)len, s);
        if (!word_in(
                    word,
                    "kwh|wh|kw|w|mw|watt|watts|power|puissance|energy|energie|"
                    "active|apparent|mean|average|moyenne|value|valeur|"
                    "consumption|consommation|index|total|counter|compteur|"
                    "cumul|real|in|de|en|instantaneous|instantanee|p|wp|e|ep|"
                    "ea") &&
            n + len + 2 < size)
            n += (size_t)snprintf(
                    dst + n, size - n, "%s%s", n ? " " : "", word);
        s += len + (s[len] == '_');
    }
}

static bool add_value(
        struct pdu_columns *c, int field, const char *title, const char *key,
        enum wire_unit unit, bool unit_known)
{
    struct pdu_value *v;

    if (c->n_values == PDU_MAX_VALUES)
        return false;
    v = &c->values[c->n_values++];
    *v = (struct pdu_value){
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
 * a kWh is no kWh; of a year or by design is not measured; what is given back
 * to the grid is not consumed. */
static bool not_active(const char *key)
{
    return word_in(
            key,
            "va|kva|var|kvar|reactive|apparent|apparente|peak|max|min|"
            "maximum|minimum|limit|capacity|price|cost|prix|eur|co2|carbon|"
            "gco2|gco2e|gco2eq|co2e|co2eq|kgco2e|intensity|factor|facteur|"
            "yearly|annual|annuel|annuelle|year|an|tec|rated|nominal|"
            "nominale|tdp|returned|ret|export|exported|injection|injecte|"
            "produced|generated");
}

/* Of the two ends of a stretch the first says when it was. */
static bool is_start(const char *key)
{
    static const char *const words[] = {
            "start",         "start_time",  "start_date", "interval_start",
            "period_start",  "period_from", "debut",      "date_debut",
            "date_de_debut", "hour_start"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i]) == 0)
            return true;
    return false;
}

/* "a_total_act_energy" of Shelly's EMData: Wh of the minute that begins. */
static bool shelly(struct pdu_columns *c, int f, const char *key)
{
    static const char word[] = "total_act_energy";
    size_t n = strlen(key), len = sizeof word - 1;
    struct pdu_value *v = &c->values[c->n_values];

    if (n < len || n > len + 2 || strcmp(key + n - len, word) != 0 ||
        (n > len && key[n - len - 1] != '_') ||
        !add_value(c, f, "", "", WIRE_WH, true))
        return false;
    snprintf(v->name, sizeof v->name, "%.1s", n > len ? key : "");
    return c->at_start = true;
}

/* "Current (A)", "courant_a", "Load Amps" */
static bool is_amperes(const char *title, const char *key)
{
    size_t n = strlen(key);

    return strstr(title, "(A)") || strstr(title, "[A]") ||
           word_in(key, "amp|amps|ampere|amperes|ma|milliamps|milliamperes") ||
           (n > 2 && strcmp(key + n - 2, "_a") == 0 &&
            word_in(key, "current|courant|intensite|load|charge"));
}

static void
by_title(struct pdu_columns *c, int f, const char *title, int *start)
{
    char key[PDU_KEY];
    enum wire_unit unit;
    double factor;

    text_key(title, strlen(title), key, sizeof key);
    if (word_in(key, "achat|purchase|garantie|warranty|acquisition|service"))
        return; /* an inventory's dates */
    if (is_start(key)) {
        *start = f;
        return;
    }
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
    else if (shelly(c, f, key) || not_active(key))
        return;
    else if (pdu_unit_of(key, &unit, &factor))
        add_value(c, f, title, key, unit, true);
    else if (is_amperes(title, key))
        c->amperes = f;
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

static const struct pdu_columns no_columns = {
        .date = -1,
        .time = -1,
        .outlet = -1,
        .machine = -1,
        .unit = -1,
        .amperes = -1,
        .left_out = -1};

/* How sure a column is of an outlet's energy: a counter says all of it, an
 * energy without a word may be of a step or since ever. */
static int surer(enum imp_reading kind)
{
    switch (kind) {
    case IMP_COUNTER:
        return 3;
    case IMP_MEAN_W:
        return 2;
    case IMP_POWER:
        return 1;
    default:
        return 0;
    }
}

/* Watts and kilowatt-hours of one outlet are the same energy twice. */
static void once_each(struct pdu_columns *c)
{
    for (int i = 0; i < c->n_values; i++)
        for (int k = i + 1; k < c->n_values; k++) {
            struct pdu_value *a = &c->values[i], *b = &c->values[k];

            if (!a->unit_known || !b->unit_known || a->kind == b->kind ||
                strcmp(a->name, b->name) != 0)
                continue;
            if (surer(b->kind) > surer(a->kind)) {
                struct pdu_value swap = *a;

                *a = *b;
                *b = swap;
            }
            c->left_out = b->field;
            for (int n = k--; n + 1 < c->n_values; n++)
                c->values[n] = c->values[n + 1];
            c->n_values--;
        }
}

/* "Date/time UTC" */
static bool says_utc(const struct csv_row *row, int field)
{
    char key[PDU_KEY];

    if (field < 0)
        return false;
    text_key(row->fields[field].p, row->fields[field].len, key, sizeof key);
    return word_in(key, "utc|gmt");
}

bool pdu_by_titles(const struct csv_row *row, struct pdu_columns *c)
{
    int known = 0, start = -1;

    *c = no_columns;
    c->n_titles = (int)row->n;
    for (size_t f = 0; f < row->n; f++)
        by_title(c, (int)f, row->fields[f].p, &start);
    if (c->date < 0 && start >= 0) {
        c->date = start;
        c->at_start = true;
    }
    for (int i = 0; i < c->n_values; i++)
        known += c->values[i].unit_known || c->unit >= 0;
    /* A column without a unit says nothing beside those that have one. */
    for (int i = 0; i < c->n_values; i++)
        if (known && !c->values[i].unit_known && c->unit < 0)
            c->values[i--] = c->values[--c->n_values];
    once_each(c);
    c->utc = says_utc(row, c->date) || says_utc(row, c->time);
    return c->date >= 0 && known > 0;
}

bool pdu_only_amperes(const struct pdu_columns *c)
{
    return c->date >= 0 && c->amperes >= 0 && c->n_values == 0;
}

/* ---- columns as the command says them ----------------------------------- */

static int field_named(const struct csv_row *row, const char *title, size_t n)
{
    for (size_t f = 0; f < row->n; f++) {
        const char *s = row->fields[f].p;
        size_t from = text_blank_start(s, strlen(s));
        size_t to = text_blank_end(s, strlen(s));

        if (from < to && to - from == n && memcmp(s + from, title, n) == 0)
            return (int)f;
    }
    return -1;
}

static bool
said_value(struct pdu_columns *c, const char *what, int f, const char *title)
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
        if (strcmp(what, kinds[i].what) == 0 && c->n_values < PDU_MAX_VALUES) {
            struct pdu_value *v = &c->values[c->n_values++];

            *v = (struct pdu_value){
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
        struct pdu_columns *c, const struct csv_row *row, const char *what,
        const char *title, size_t n, struct err *err)
{
    int *places[] = {&c->date, &c->time, &c->outlet, &c->machine};
    static const char *const names[] = {"date", "time", "outlet", "machine"};
    char copy[PDU_KEY];
    int f;

    title += text_blank_start(title, n) < n ? text_blank_start(title, n) : 0;
    n = text_blank_end(title, strcspn(title, ","));
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

bool pdu_as_said(
        const struct csv_row *row, const char *said, struct pdu_columns *c,
        struct err *err)
{
    *c = no_columns;
    c->n_titles = (int)row->n;
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
    c->utc = says_utc(row, c->date) || says_utc(row, c->time);
    return (c->date >= 0 && c->n_values > 0) ||
           err_set(err, ERR_INVALID,
                   "--columns: expected a date and one of w, mean_w, kwh");
}
