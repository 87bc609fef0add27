/* SPDX-License-Identifier: Apache-2.0
 * Figures as people read them: rounded to what is meaningful, in the reader's
 * notation, in the unit that keeps them short. */
#include "ui/ui.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "ui/ui_priv.h"

#define THIN_SPACE "\u2009"
#define NARROW_NO_BREAK "\u202f"
#define NO_BREAK "\u00a0"
#define MINUS "\u2212"

static const char *group_mark(enum ui_lang lang)
{
    return lang == UI_FR ? NARROW_NO_BREAK : THIN_SPACE;
}

/* "-12345.60" (C notation) in the reader's notation. */
static void put_plain(struct buf *b, enum ui_lang lang, const char *plain)
{
    bool zero = strspn(plain, "-0.") == strlen(plain);
    size_t whole;

    if (*plain == '-') {
        plain++;
        if (!zero)
            buf_str(b, MINUS);
    }
    whole = strcspn(plain, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            buf_str(b, group_mark(lang));
        buf_char(b, plain[i]);
    }
    if (plain[whole] == '.') {
        buf_char(b, lang == UI_FR ? ',' : '.');
        buf_str(b, plain + whole + 1);
    }
}

enum { SIG_MAX = 3, PLACES_MAX = 9 };
#define SHOWN_MAX 9e15 /* above it a number is written with an exponent */

/* v rounded to `digits` significant digits. */
static void
put_significant(struct buf *b, enum ui_lang lang, double v, int digits)
{
    char e[NUM_TEXT], plain[NUM_TEXT];
    const char *mark;
    long power;
    int places;

    CHECK(digits >= 1 && digits <= SIG_MAX);
    /* The exponent after rounding: 9.996 has that of 10.0. */
    snprintf(e, sizeof e, "%.*e", digits - 1, v);
    mark = strchr(e, 'e');
    CHECK(mark);
    power = strtol(mark + 1, NULL, 10);
    places = v < 0 || v > 0 ? digits - 1 - (int)power : 0;
    if (power >= 15 || places > PLACES_MAX) {
        buf_str(b, e);
        return;
    }
    if (places < 0) {
        double unit = pow(10.0, -places);

        v = round(v / unit) * unit;
        places = 0;
    }
    put_plain(b, lang, num_fixed(v, places, plain));
}

void ui_put_number(struct buf *b, enum ui_lang lang, double v, int decimals)
{
    char plain[NUM_TEXT];

    if (!isfinite(v)) {
        buf_str(b, UI_DASH);
        return;
    }
    if (fabs(v) >= SHOWN_MAX) {
        put_significant(b, lang, v, SIG_MAX);
        return;
    }
    put_plain(b, lang, num_fixed(v, decimals, plain));
}

/* How a value is written: divided by `per`, with this unit. */
struct scale {
    double per;
    const char *unit;
    int digits; /* significant; 0: whole number, all digits */
};

static struct scale kg_scale(double v)
{
    if (fabs(v) > 10000.0)
        return (struct scale){1000.0, "t", 3};
    if (fabs(v) < 0.1 && (v < 0 || v > 0))
        return (struct scale){0.001, "g", 3};
    return (struct scale){1.0, "kg", 3};
}

static struct scale kwh_scale(double v)
{
    if (fabs(v) > 1e7)
        return (struct scale){1e6, "GWh", 3};
    if (fabs(v) > 1e4)
        return (struct scale){1e3, "MWh", 3};
    return (struct scale){1.0, "kWh", 3};
}

static struct scale scale_of(enum ui_lang lang, double v, enum ui_unit unit)
{
    bool fr = lang == UI_FR;

    switch (unit) {
    case UI_KG:
        return kg_scale(v);
    case UI_KG_AS_KG:
        return (struct scale){1.0, "kg", 3};
    case UI_KG_AS_T:
        return (struct scale){1000.0, "t", 3};
    case UI_KWH:
        return kwh_scale(v);
    case UI_W:
        return fabs(v) > 1e4 ? (struct scale){1e3, "kW", 3}
                             : (struct scale){1.0, "W", 3};
    case UI_YEARS:
        return (struct scale){
                1.0,
                ui_word_text(lang, fr && v < 2.0 ? T_UNIT_YEAR : T_UNIT_YEARS),
                3};
    case UI_FRAC:
        return (struct scale){0.01, "%", 2};
    case UI_COUNT:
        return (struct scale){1.0, NULL, 0};
    case UI_G_PER_KWH:
        return (struct scale){1.0, "g/kWh", 3};
    case UI_KG_PER_KWH:
        return (struct scale){1.0, "kg/kWh", 3};
    case UI_KG_PER_YEAR:
        return (struct scale){1.0, fr ? "kg/an" : "kg/year", 3};
    case UI_L_PER_KWH:
        return (struct scale){1.0, "l/kWh", 3};
    case UI_GIB:
        return (struct scale){1.0, fr ? "Gio" : "GiB", 0};
    case UI_TB:
        return (struct scale){1.0, fr ? "To" : "TB", 3};
    case UI_EUR:
        return (struct scale){1.0, "€", 0};
    case UI_RATIO:
    case UI_UNITS:
        break;
    }
    return (struct scale){1.0, NULL, 3};
}

static void
put_scaled(struct buf *b, enum ui_lang lang, double v, const struct scale *s)
{
    if (s->digits == 0)
        ui_put_number(b, lang, v / s->per, 0);
    else
        put_significant(b, lang, v / s->per, s->digits);
}

void ui_put_value(struct buf *b, enum ui_lang lang, double v, enum ui_unit unit)
{
    struct scale s;

    if (!isfinite(v)) {
        buf_str(b, UI_DASH);
        return;
    }
    s = scale_of(lang, v, unit);
    put_scaled(b, lang, v, &s);
    if (s.unit) {
        buf_str(b,
                unit == UI_FRAC && lang == UI_FR ? NARROW_NO_BREAK : NO_BREAK);
        buf_str(b, s.unit);
    }
}

bool ui_q_has_interval(const struct ui_q *q)
{
    bool left_out =
            !(q->low < 0 || q->low > 0) && !(q->high < 0 || q->high > 0);

    return isfinite(q->value) && isfinite(q->low) && isfinite(q->high) &&
           !left_out;
}

void ui_put_interval(struct buf *b, enum ui_lang lang, const struct ui_q *q)
{
    struct scale s = scale_of(lang, q->value, q->unit);

    buf_char(b, '[');
    put_scaled(b, lang, q->low, &s);
    buf_str(b, " - ");
    put_scaled(b, lang, q->high, &s);
    buf_char(b, ']');
}

void ui_put_q(struct buf *b, enum ui_lang lang, const struct ui_q *q)
{
    ui_put_value(b, lang, q->value, q->unit);
    if (ui_q_has_interval(q)) {
        buf_char(b, ' ');
        ui_put_interval(b, lang, q);
    }
}

void ui_put_date(struct buf *b, enum ui_lang lang, struct date d)
{
    if (!date_known(d)) {
        buf_str(b, UI_DASH);
        return;
    }
    if (d.month && d.day)
        buf_printf(
                b, "%d%s" NO_BREAK, d.day,
                lang == UI_FR && d.day == 1 ? "er" : "");
    if (d.month)
        buf_printf(
                b, "%s" NO_BREAK, ui_word_text(lang, ui_word_month(d.month)));
    buf_printf(b, "%d", d.year);
}
