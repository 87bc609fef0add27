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

enum { PLACES_MAX = 9 };
#define SHOWN_MAX 9e15 /* above it a number is written with an exponent */

/* Decimals that give v so many significant digits after rounding (9.996 has
 * the power of 10.0); negative when tens or more are rounded away. */
static int places_of(double v, int digits)
{
    char e[NUM_TEXT];
    const char *mark;

    if (!isfinite(v) || !(v < 0 || v > 0))
        return 0;
    snprintf(e, sizeof e, "%.*e", digits - 1, v);
    mark = strchr(e, 'e');
    CHECK(mark);
    return digits - 1 - (int)strtol(mark + 1, NULL, 10);
}

static void put_places(struct buf *b, enum ui_lang lang, double v, int places)
{
    char plain[NUM_TEXT];

    if (!isfinite(v)) { /* unknown, or scaled beyond what a double holds */
        buf_str(b, UI_DASH);
        return;
    }
    if (places > PLACES_MAX || fabs(v) >= SHOWN_MAX) {
        buf_printf(b, "%.2e", v);
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
    put_places(b, lang, v, decimals);
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

static int scaled_places(double v, const struct scale *s)
{
    return s->digits == 0 ? 0 : places_of(v / s->per, s->digits);
}

void ui_put_value(struct buf *b, enum ui_lang lang, double v, enum ui_unit unit)
{
    struct scale s;

    if (!isfinite(v)) {
        buf_str(b, UI_DASH);
        return;
    }
    s = scale_of(lang, v, unit);
    put_places(b, lang, v / s.per, scaled_places(v, &s));
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

/* An end of an interval is not finer than its value, but keeps two digits:
 * 154 [92 - 284], 8.67 [6.99 - 10.6], 12.3 [0.041 - 40.2]. */
static int end_places(double end, const struct scale *s, int value_places)
{
    int places = scaled_places(end, s), least;

    if (s->digits == 0)
        return places;
    least = places_of(end / s->per, 2);
    places = places < value_places ? places : value_places;
    return places > least ? places : least;
}

void ui_put_interval(struct buf *b, enum ui_lang lang, const struct ui_q *q)
{
    struct scale s = scale_of(lang, q->value, q->unit);
    int places = scaled_places(q->value, &s);

    buf_char(b, '[');
    put_places(b, lang, q->low / s.per, end_places(q->low, &s, places));
    buf_str(b, " - ");
    put_places(b, lang, q->high / s.per, end_places(q->high, &s, places));
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
