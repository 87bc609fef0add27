/* SPDX-License-Identifier: Apache-2.0
 * Figures as people read them, in English and French. Expected texts are
 * written by hand from LOOK "Figures". */
#include <math.h>
#include <string.h>

#include "ui/ui.h"
#include "unit.h"

#define TH "\u2009" /* thin space, English thousands */
#define NN "\u202f" /* narrow no-break space, French thousands */
#define NB "\u00a0" /* between number and unit */
#define MI "\u2212" /* minus */

static void same(const char *name, struct buf *b, const char *want)
{
    UNIT_CHECK(
            strcmp(buf_text(b), want) == 0, "%s: got '%s', want '%s'", name,
            buf_text(b), want);
    buf_reset(b);
}

static void test_value(void)
{
    static const struct {
        const char *name;
        double value;
        enum ui_unit unit;
        const char *en, *fr;
    } cases[] = {
            {"tonnes", 352000, UI_KG, "352" NB "t", "352" NB "t"},
            {"kilograms", 8672.4, UI_KG, "8" TH "670" NB "kg",
             "8" NN "670" NB "kg"},
            {"kg up to 10,000", 10000, UI_KG, "10" TH "000" NB "kg",
             "10" NN "000" NB "kg"},
            {"t above 10,000", 10001, UI_KG, "10.0" NB "t", "10,0" NB "t"},
            {"big", 1234567890, UI_KG, "1" TH "230" TH "000" NB "t",
             "1" NN "230" NN "000" NB "t"},
            {"kg from 0.1", 0.1, UI_KG, "0.100" NB "kg", "0,100" NB "kg"},
            {"g below 0.1", 0.0999, UI_KG, "99.9" NB "g", "99,9" NB "g"},
            {"small g", 0.0000285, UI_KG, "0.0285" NB "g", "0,0285" NB "g"},
            {"zero is zero", 0, UI_KG, "0" NB "kg", "0" NB "kg"},
            {"minus", -5500, UI_KG, MI "5" TH "500" NB "kg",
             MI "5" NN "500" NB "kg"},
            {"unknown", NAN, UI_KG, "\u2014", "\u2014"},
            {"infinite", INFINITY, UI_KG, "\u2014", "\u2014"},
            {"rounding carries", 9.996, UI_KG, "10.0" NB "kg", "10,0" NB "kg"},
            {"never t", 54321, UI_KG_AS_KG, "54" TH "300" NB "kg",
             "54" NN "300" NB "kg"},
            {"always t", 321, UI_KG_AS_T, "0.321" NB "t", "0,321" NB "t"},
            {"kWh", 1314, UI_KWH, "1" TH "310" NB "kWh", "1" NN "310" NB "kWh"},
            {"MWh", 433620, UI_KWH, "434" NB "MWh", "434" NB "MWh"},
            {"GWh", 50e6, UI_KWH, "50.0" NB "GWh", "50,0" NB "GWh"},
            {"share", 0.4387, UI_FRAC, "44" NB "%", "44" NN "%"},
            {"small share", 0.00642, UI_FRAC, "0.64" NB "%", "0,64" NN "%"},
            {"whole", 1, UI_FRAC, "100" NB "%", "100" NN "%"},
            {"years", 40.588, UI_YEARS, "40.6" NB "years", "40,6" NB "ans"},
            {"under two years", 1.5, UI_YEARS, "1.50" NB "years",
             "1,50" NB "an"},
            {"count keeps its digits", 73728, UI_COUNT, "73" TH "728",
             "73" NN "728"},
            {"memory", 73728, UI_GIB, "73" TH "728" NB "GiB",
             "73" NN "728" NB "Gio"},
            {"ratio", 40.588, UI_RATIO, "40.6", "40,6"},
            {"grid", 21.7, UI_G_PER_KWH, "21.7" NB "g/kWh", "21,7" NB "g/kWh"},
            {"price", 9000, UI_EUR, "9" TH "000" NB "€", "9" NN "000" NB "€"},
    };
    struct buf b;

    buf_init(&b, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ui_put_value(&b, UI_EN, cases[i].value, cases[i].unit);
        same(cases[i].name, &b, cases[i].en);
        ui_put_value(&b, UI_FR, cases[i].value, cases[i].unit);
        same(cases[i].name, &b, cases[i].fr);
    }
    buf_clear(&b);
}

static void test_interval(void)
{
    static const struct {
        const char *name;
        struct ui_q q;
        const char *en, *fr;
    } cases[] = {
            {"LOOK",
             {.value = 352000, .low = 214000, .high = 561000},
             "352" NB "t [214 - 561]",
             "352" NB "t [214 - 561]"},
            {"unit of the value, TV62",
             {.value = 8672.4, .low = 6990.4945, .high = 10636.328},
             "8" TH "670" NB "kg [6" TH "990 - 10" TH "600]",
             "8" NN "670" NB "kg [6" NN "990 - 10" NN "600]"},
            {"not finer than the value",
             {.value = 154000, .low = 92000, .high = 284000},
             "154" NB "t [92 - 284]",
             "154" NB "t [92 - 284]"},
            {"two digits at least",
             {.value = 12.3, .low = 0.0414, .high = 40.23},
             "12.3" NB "kg [0.041 - 40.2]",
             "12,3" NB "kg [0,041 - 40,2]"},
            {"left out", {.value = 12.3}, "12.3" NB "kg", "12,3" NB "kg"},
            {"half unknown",
             {.value = 12.3, .low = NAN, .high = 20},
             "12.3" NB "kg",
             "12,3" NB "kg"},
            {"unknown",
             {.value = NAN, .low = 1, .high = 2},
             "\u2014",
             "\u2014"},
            {"counts",
             {.value = 1200, .low = 1000, .high = 1500, .unit = UI_COUNT},
             "1" TH "200 [1" TH "000 - 1" TH "500]",
             "1" NN "200 [1" NN "000 - 1" NN "500]"},
    };
    struct buf b;

    buf_init(&b, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ui_put_q(&b, UI_EN, &cases[i].q);
        same(cases[i].name, &b, cases[i].en);
        ui_put_q(&b, UI_FR, &cases[i].q);
        same(cases[i].name, &b, cases[i].fr);
    }
    buf_clear(&b);
}

static void test_number(void)
{
    static const struct {
        const char *name;
        double value;
        int decimals;
        const char *en, *fr;
    } cases[] = {
            {"hundreds", 999, 0, "999", "999"},
            {"thousands", 1000, 0, "1" TH "000", "1" NN "000"},
            {"millions", 1234567.891, 2, "1" TH "234" TH "567.89",
             "1" NN "234" NN "567,89"},
            {"no minus zero", -0.001, 2, "0.00", "0,00"},
            {"minus", -1234.5, 1, MI "1" TH "234.5", MI "1" NN "234,5"},
            {"unknown", NAN, 1, "\u2014", "\u2014"},
    };
    struct buf b;

    buf_init(&b, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ui_put_number(&b, UI_EN, cases[i].value, cases[i].decimals);
        same(cases[i].name, &b, cases[i].en);
        ui_put_number(&b, UI_FR, cases[i].value, cases[i].decimals);
        same(cases[i].name, &b, cases[i].fr);
    }
    buf_clear(&b);
}

/* Every double has a text, none longer than a cell can hold. */
static void test_extremes(void)
{
    static const double values[] = {5e-324, 1e-200,  1e-12,   9e15,
                                    1e18,   1.7e308, -1.7e308};
    struct buf b;

    buf_init(&b, 1000);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (int unit = 0; unit < UI_UNITS; unit++) {
            ui_put_value(&b, UI_FR, values[i], (enum ui_unit)unit);
            UNIT_CHECK(
                    b.len > 0 && b.len < 60 && !b.over, "%g in unit %d: '%s'",
                    values[i], unit, buf_text(&b));
            buf_reset(&b);
        }
    buf_clear(&b);
}

static void test_date(void)
{
    static const struct {
        struct date d;
        const char *en, *fr;
    } cases[] = {
            {{2019, 7, 16},
             "16" NB "July" NB "2019",
             "16" NB "juillet" NB "2019"},
            {{2019, 8, 1},
             "1" NB "August" NB "2019",
             "1er" NB "août" NB "2019"},
            {{2019, 7, 0}, "July" NB "2019", "juillet" NB "2019"},
            {{2019, 0, 0}, "2019", "2019"},
            {{0, 0, 0}, "\u2014", "\u2014"},
    };
    struct buf b;

    buf_init(&b, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ui_put_date(&b, UI_EN, cases[i].d);
        same(cases[i].en, &b, cases[i].en);
        ui_put_date(&b, UI_FR, cases[i].d);
        same(cases[i].fr, &b, cases[i].fr);
    }
    buf_clear(&b);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"value and unit", test_value},
            {"interval", test_interval},
            {"number", test_number},
            {"extremes", test_extremes},
            {"date", test_date},
            {NULL, NULL}};

    return unit_main("ui figures", tests);
}
