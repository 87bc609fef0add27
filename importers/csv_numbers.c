/* SPDX-License-Identifier: Apache-2.0
 * Numbers of the own CSV template: units behind them, thousands grouped as
 * people do, and what each column allows. */
#include "importers/csv_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

/* A unit as text_key makes it, and what a value in it is multiplied by. */
struct unit {
    const char *key;
    double factor;
};

static const struct unit of_watts[] = {
        {"w", 1}, {"watt", 1}, {"watts", 1}, {"kw", 1000}, {NULL, 0}};
static const struct unit of_kg[] = {
        {"kg", 1}, {"kgco2e", 1}, {"kg_co2e", 1}, {NULL, 0}};
static const struct unit of_mass[] = {{"kg", 1}, {"g", 1e-3}, {NULL, 0}};
static const struct unit of_euros[] = {
        {"eur", 1}, {"euro", 1}, {"euros", 1}, {NULL, 0}};
static const struct unit of_cores[] = {{"cores", 1}, {"coeurs", 1}, {NULL, 0}};
static const struct unit of_mm2[] = {{"mm2", 1}, {"mm", 1}, {NULL, 0}};
/* Memory is sold by powers of two, whatever the letters say. */
static const struct unit of_gib[] = {{"gib", 1},         {"gb", 1},
                                     {"gio", 1},         {"go", 1},
                                     {"g", 1},           {"mib", 1.0 / 1024},
                                     {"mb", 1.0 / 1024}, {"mio", 1.0 / 1024},
                                     {"mo", 1.0 / 1024}, {"tib", 1024},
                                     {"tb", 1024},       {"tio", 1024},
                                     {"to", 1024},       {NULL, 0}};
static const struct unit of_kwh[] = {
        {"kwh", 1},      {"kwh_an", 1},    {"kwh_year", 1},    {"kwh_y", 1},
        {"mwh", 1000.0}, {"mwh_an", 1000}, {"mwh_year", 1000}, {NULL, 0}};
static const struct unit of_litres[] = {{"l_kwh", 1}, {NULL, 0}};
static const struct unit of_grams[] = {
        {"g", 1}, {"g_kwh", 1}, {"gco2e_kwh", 1}, {NULL, 0}};

/* What a number column allows, and how its number is called in a refusal. */
static const struct range {
    double low, high;
    const struct unit *units; /* NULL: none */
    const char *what;         /* NULL: a whole number */
} ranges[COLS] = {
        [COL_QUANTITY] = {1, WIRE_MAX_UNITS, NULL, NULL},
        [COL_PRICE_EUR] = {0, 1e9, of_euros, "euros"},
        [COL_MASS_KG] = {0, 1e6, of_mass, "kg"},
        [COL_CPU_COUNT] = {0, WIRE_MAX_SOCKETS, NULL, NULL},
        [COL_CPU_CORES] = {0, WIRE_MAX_CORES, of_cores, NULL},
        [COL_CPU_DIE_MM2] = {1, 100000, of_mm2, "mm2"},
        [COL_RAM_GIB] = {0, 1e6, of_gib, "GiB"},
        [COL_PSU_COUNT] = {0, 64, NULL, NULL},
        [COL_PSU_KG] = {0.01, 100, of_mass, "kg"},
        [COL_POWER_W] = {0, 1e6, of_watts, "watts"},
        [COL_IDLE_W] = {0, 1e6, of_watts, "watts"},
        [COL_MAX_W] = {0, 1e6, of_watts, "watts"},
        [COL_ENERGY_KWH_YEAR] = {0, 1e9, of_kwh, "kWh a year"},
        [COL_FABRICATION_KG] = {0, 1e9, of_kg, "kg of CO2e"},
        [COL_PUE] = {1, 10, NULL, "total per IT energy"},
        [COL_WUE] = {0, 1000, of_litres, "litres per kWh"},
        [COL_GRID_G] = {0, 5000, of_grams, "g per kWh"},
        [COL_GRID_YEAR] = {1990, 2200, NULL, NULL},
};

/* ---- units -------------------------------------------------------------- */

static const char euro_sign[] = "\xE2\x82\xAC";

/* Length of the number without a unit that the column knows. */
static size_t
without_unit(const char *s, const struct unit *units, double *factor)
{
    size_t len = strlen(s), at = len;
    char key[32];

    *factor = 1.0;
    if (!units)
        return len;
    while (at > 0 && !(s[at - 1] >= '0' && s[at - 1] <= '9'))
        at--;
    if (at == len || at == 0)
        return len;
    if (units == of_euros) {
        size_t from = text_blank_start(s + at, len - at);

        if (strcmp(s + at + from, euro_sign) == 0)
            return at;
    }
    if (len - at >= sizeof key)
        return len;
    text_key(s + at, len - at, key, sizeof key);
    for (const struct unit *u = units; u->key; u++)
        if (strcmp(u->key, key) == 0) {
            *factor = u->factor;
            return at;
        }
    return len;
}

/* "\u20AC1234.50", "EUR 1234": the sign of the currency may stand in front. */
static const char *without_sign(const char *s)
{
    if (text_starts(s, euro_sign))
        s += strlen(euro_sign);
    else if (text_starts(s, "EUR") || text_starts(s, "eur"))
        s += 3;
    return s + text_blank_start(s, strlen(s));
}

static bool foreign_money(const char *s)
{
    static const char *const signs[] = {"$", "\xC2\xA3", "USD", "GBP", "CHF"};

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(s, signs[i]))
            return true;
    return false;
}

/* ---- thousands ---------------------------------------------------------- */

static size_t digits_at(const char *s, const char *end)
{
    size_t n = 0;

    while (s + n < end && s[n] >= '0' && s[n] <= '9')
        n++;
    return n;
}

/* Length of what parts thousands at s: the mark, or a blank. */
static size_t group_at(const char *s, const char *end, char mark)
{
    if (s < end && *s == mark)
        return 1;
    return s < end ? text_blank_start(s, (size_t)(end - s)) : 0;
}

/* "1,234.50" with ',' between groups of three and '.' before decimals. *only:
 * one group, parted by the mark and without decimals, may be a decimal number
 * as well. */
static bool
grouped(const char *s, size_t len, char mark, double *out, bool *only)
{
    const char *end = s + len;
    char room[64];
    size_t n = 0, digits, groups = 0, blank = 0;

    if (s < end && *s == '-')
        room[n++] = *s++;
    digits = digits_at(s, end);
    if (digits == 0 || digits > 3 || *s == '0')
        return false;
    for (;;) {
        size_t skip;

        if (n + digits + 2 > sizeof room)
            return false;
        memcpy(room + n, s, digits);
        n += digits;
        s += digits;
        skip = group_at(s, end, mark);
        if (skip == 0)
            break;
        blank += *s != mark ? 1 : 0;
        s += skip;
        digits = digits_at(s, end);
        if (digits != 3)
            return false;
        groups++;
    }
    *only = groups == 1 && blank == 0 && s == end;
    if (s < end && *s == (mark == ',' ? '.' : ',')) {
        digits = digits_at(s + 1, end);
        if (s + 1 + digits != end || n + digits + 2 > sizeof room)
            return false;
        room[n++] = '.';
        memcpy(room + n, s + 1, digits);
        n += digits;
        s = end;
    }
    return groups > 0 && s == end && num_parse(room, n, NUM_POINT, out, NULL);
}

enum parsed { PARSED, PARSED_NOT, PARSED_EITHER };

static enum parsed parse_number(
        const struct csv_line *l, const char *s, size_t len, bool money,
        double *out)
{
    const char own = l->style == NUM_COMMA ? ',' : '.';
    const char other = own == ',' ? '.' : ',';
    bool only = false, fits = grouped(s, len, other, out, &only);

    /* No price has three decimals. */
    if (fits && (money || !only))
        return PARSED;
    if (num_parse(s, len, l->style, out, NULL))
        return PARSED;
    /* In a file parted by commas 1,234 is quoted: nobody knows what it is. */
    if (fits && own == '.')
        return PARSED_EITHER;
    if (num_parse(s, len, own == ',' ? NUM_POINT : NUM_COMMA, out, NULL))
        return PARSED;
    return grouped(s, len, own, out, &only) && !only ? PARSED : PARSED_NOT;
}

/* ---- columns ------------------------------------------------------------ */

static bool
not_a_number(const struct csv_line *l, const struct range *r, struct err *err)
{
    if (!r->what)
        return err_set(
                err, ERR_INVALID,
                "expected a whole number, or ? when it is not known");
    return err_set(
            err, ERR_INVALID,
            "not a number of %s, expected one like %s, or ? when it is not "
            "known",
            r->what, l->style == NUM_COMMA ? "12,5" : "12.5");
}

bool csv_number(
        struct csv_line *l, enum csv_col c, double *out, struct err *err)
{
    const char *s = csv_cell_of(l, c);
    const struct range *r = &ranges[c];
    const bool money = r->units == of_euros;
    char low[NUM_TEXT], high[NUM_TEXT];
    double v = NAN, factor = 1.0;
    size_t len;

    if (!s || csv_says_unknown(s))
        return true;
    if (money && foreign_money(s))
        return err_set(
                err, ERR_INVALID,
                "a price in another currency, expected euros");
    if (money)
        s = without_sign(s);
    len = without_unit(s, r->units, &factor);
    switch (parse_number(l, s, len, money, &v)) {
    case PARSED:
        break;
    case PARSED_EITHER:
        return err_set(
                err, ERR_INVALID,
                "may mean thousands or decimals, expected 1234 or 1.234");
    case PARSED_NOT:
        return not_a_number(l, r, err);
    }
    v *= factor;
    if (v < r->low || v > r->high)
        return err_set(
                err, ERR_INVALID, "out of range, expected %s to %s%s%s",
                num_print(r->low, low), num_print(r->high, high),
                r->what ? " " : "", r->what ? r->what : "");
    *out = v;
    return true;
}

bool csv_whole(struct csv_line *l, enum csv_col c, int *out, struct err *err)
{
    double v = NAN;

    if (!csv_number(l, c, &v, err))
        return false;
    if (isnan(v))
        return true;
    if (v > floor(v))
        return err_set(err, ERR_INVALID, "expected a whole number");
    *out = (int)v;
    return true;
}
