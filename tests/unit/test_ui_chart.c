/* SPDX-License-Identifier: Apache-2.0
 * Charts as geometry: bars as long as their amounts, axes from zero, whiskers
 * at the ends of the interval, ticks of 1, 2 and 5. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/chart_priv.h"
#include "ui/ui.h"
#include "unit.h"

static void test_ticks(void)
{
    static const struct {
        double max;
        int most;
        double want;
    } cases[] = {{352, 5, 100},     {100, 5, 20},  {10, 5, 2},
                 {9, 5, 2},         {5, 5, 1},     {5.1, 5, 2},
                 {0.3, 3, 0.1},     {0.7, 5, 0.2}, {2.4e6, 5, 5e5},
                 {1.2e-4, 5, 5e-5}, {0, 5, 1},     {NAN, 5, 1},
                 {-3, 5, 1},        {7, 1, 10}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_NEAR(
                ui_tick_step(cases[i].max, cases[i].most), cases[i].want, 1e-12,
                "step");
}

static void test_scale(void)
{
    struct ui u = {.lang = UI_EN};
    struct chart_scale s = chart_scale(&u, UI_KG, 0, 561000);

    /* 561 t: steps of 200 t up to 600 t, from zero */
    UNIT_NEAR(s.lo, 0, 1e-12, "lo");
    UNIT_NEAR(s.hi, 600000, 1e-12, "hi");
    UNIT_NEAR(s.step, 200000, 1e-12, "step");
    UNIT_NEAR(s.per, 1000, 1e-12, "per");
    CU_ASSERT_STRING_EQUAL(s.unit, "t");
    UNIT_NEAR(chart_at(&s, 300000), 0.5, 1e-12, "half");
    UNIT_NEAR(chart_at(&s, 9e9), 1.0, 1e-12, "clamped");
    /* amounts far from zero still get an axis from zero */
    s = chart_scale(&u, UI_KG, 990, 1000);
    UNIT_NEAR(s.lo, 0, 1e-12, "zero-based");
    CU_ASSERT_STRING_EQUAL(s.unit, "kg");
    s = chart_scale(&u, UI_RATIO, -30, 70);
    UNIT_NEAR(s.lo, -40, 1e-12, "below zero");
    UNIT_NEAR(s.hi, 80, 1e-12, "above zero");
    s = chart_scale(&u, UI_COUNT, 0, 2);
    UNIT_NEAR(s.step, 1, 1e-12, "no half machines");
    s = chart_scale(&u, UI_KG, 0, 0);
    CU_ASSERT_TRUE(s.hi > s.lo);
    s = chart_scale(&u, UI_FRAC, 0, 0.44);
    UNIT_NEAR(s.hi, 0.5, 1e-12, "share");
    CU_ASSERT_EQUAL(s.decimals, 0); /* steps of 10 % */
}

static void test_wrap(void)
{
    static const struct {
        const char *text;
        size_t lines, first; /* bytes of the first line */
    } cases[] = {
            {"", 0, 0},
            {"short", 1, 5},
            {"ten letter", 1, 10},
            {"ten letters", 2, 3},
            {"one word-that-is-longer", 3, 3},
            {"wordthatislonger", 2, 10},
            {"éééééééééé", 1, 20},
            {"ééééééééééé", 2, 20},
            {"   blanks   before", 2, 6},
    };
    struct chart_span lines[CHART_LINES_MAX];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = chart_wrap(cases[i].text, 10, lines);

        UNIT_CHECK(n == cases[i].lines, "'%s': %zu", cases[i].text, n);
        UNIT_CHECK(
                n == 0 || lines[0].len == cases[i].first, "'%s': first %zu",
                cases[i].text, n ? lines[0].len : 0);
    }
}

/* ---- what is drawn ------------------------------------------------------ */

struct doc {
    struct out out;
    struct buf b;
    struct ui u;
};

static struct doc *begin(void)
{
    struct doc *d = xcalloc(1, sizeof *d);

    buf_init(&d->b, 4u << 20);
    out_to_buf(&d->out, &d->b);
    ui_init(&d->u, &d->out, UI_EN, UI_SERVED);
    ui_page_begin(&d->u, &(struct ui_page){.title = "T"});
    return d;
}

static char *end(struct doc *d)
{
    struct err err = {0};
    char *text;

    UNIT_CHECK(ui_page_end(&d->u, &err), "page: %s", err.msg);
    UNIT_CHECK(out_finish(&d->out, &err), "page: %s", err.msg);
    text = buf_take(&d->b);
    free(d);
    return text;
}

/* Value of an attribute of the k-th element that starts with `open`; NAN. */
static double attr(const char *text, const char *open, int k, const char *name)
{
    const char *p = strstr(text, open), *close, *at;
    char key[24];

    while (p && k-- > 0)
        p = strstr(p + 1, open);
    if (!p)
        return NAN;
    snprintf(key, sizeof key, " %s=\"", name);
    close = strchr(p, '>');
    at = strstr(p, key);
    return at && at < close ? strtod(at + strlen(key), NULL) : NAN;
}

static const struct ui_chart chart = {
        .id = "c", .title = "<F>", .subtitle = "S", .unit = UI_KG};

static void test_bars(void)
{
    static const struct ui_bar bars[] = {
            {"a", 300, 150, 600, UI_FABRICATION, NULL, "60 %"},
            {"<b>\"", 150, 0, 0, UI_OPERATION, NULL, NULL},
            {"none", 0, 0, 0, UI_OTHERS, NULL, NULL},
            {"unknown", NAN, NAN, NAN, UI_OTHERS, NULL, NULL}};
    static const char f[] = "<rect class=\"bar fabrication\"";
    static const char o[] = "<rect class=\"bar operation\"";
    static const char w[] = "<line class=\"whisker\"";
    struct doc *d = begin();
    char *text;

    ui_chart_bars(&d->u, &chart, "Kind", bars, 4);
    text = end(d);
    /* the axis ends at 600: half, a quarter, nothing */
    UNIT_NEAR(attr(text, f, 0, "x"), 0, 1e-9, "from zero");
    UNIT_NEAR(attr(text, f, 0, "width"), 50, 1e-9, "300 of 600");
    UNIT_NEAR(attr(text, o, 0, "width"), 25, 1e-9, "150 of 600");
    UNIT_NEAR(
            attr(text, "<rect class=\"bar others\"", 0, "width"), 0, 1e-9, "0");
    CU_ASSERT_TRUE(isnan(attr(text, "<rect class=\"bar others\"", 1, "x")));
    UNIT_NEAR(attr(text, w, 0, "x1"), 25, 1e-9, "low end");
    UNIT_NEAR(attr(text, w, 0, "x2"), 100, 1e-9, "high end");
    CU_ASSERT_TRUE(isnan(attr(text, w, 3, "x1"))); /* one interval: 3 lines */
    /* middle of the bar */
    UNIT_NEAR(
            attr(text, w, 0, "y1"), attr(text, f, 0, "y") + CHART_BAR / 2.0,
            1e-9, "whisker at the middle");
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<title>&lt;F&gt;</title>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, ">&lt;b&gt;&quot;</text>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "role=\"img\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, ">\u2014 unknown</text>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<details><summary>Figures as"));
    free(text);
}

static void test_stack(void)
{
    static const char *const labels[] = {"2023", "2024"};
    static const double values[] = {30, 10, 20, NAN};
    static const struct ui_series series[] = {{"one", UI_S1}, {"two", UI_S2}};
    static const char one[] = "<rect class=\"bar s1\"";
    static const char two[] = "<rect class=\"bar s2\"";
    struct doc *d = begin();
    double base, top;
    char *text;

    ui_chart_stack(
            &d->u, &chart,
            &(struct ui_stack){
                    .label_head = "Year",
                    .labels = labels,
                    .n = 2,
                    .series = series,
                    .n_series = 2,
                    .values = values});
    text = end(d);
    /* 0 and 1 of each series: the swatch of the key stands first */
    base = attr(text, one, 1, "y") + attr(text, one, 1, "height");
    top = attr(text, one, 1, "y");
    UNIT_NEAR(
            attr(text, one, 1, "height") / attr(text, one, 2, "height"), 1.5,
            1e-6, "30 against 20");
    UNIT_NEAR(
            attr(text, one, 1, "height") / attr(text, two, 1, "height"), 3.0,
            1e-6, "30 against 10");
    UNIT_NEAR(
            attr(text, two, 1, "y") + attr(text, two, 1, "height"), top, 1e-6,
            "stacked on the one below");
    UNIT_NEAR(
            attr(text, one, 2, "y") + attr(text, one, 2, "height"), base, 1e-6,
            "same base");
    UNIT_NEAR(attr(text, "<line class=\"zero\"", 0, "y1"), base, 1e-6, "zero");
    CU_ASSERT_TRUE(isnan(attr(text, two, 2, "y"))); /* unknown: no bar */
    /* totals are one digit finer than the ticks */
    CU_ASSERT_PTR_NOT_NULL(strstr(text, ">20.0 + \u2014<"));
    /* told apart without colour */
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "fill=\"url(#p1-s2)\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "<pattern id=\"p1-s2\""));
    free(text);
}

static void test_waterfall(void)
{
    static const struct ui_step steps[] = {
            {"opening", 100, true, UI_NEUTRAL},
            {"in", 50, false, UI_NEUTRAL},
            {"out", -30, false, UI_NEUTRAL},
            {"closing", 120, true, UI_NEUTRAL}};
    static const char level[] = "<rect class=\"bar fabrication\"";
    static const char in[] = "<rect class=\"bar s6\"";
    static const char out[] = "<rect class=\"bar s3\"";
    struct doc *d = begin();
    char *text;

    ui_chart_waterfall(&d->u, &chart, "Line", steps, 4);
    text = end(d);
    /* highest running sum 150: steps of 50 up to 150 */
    UNIT_NEAR(attr(text, level, 0, "width"), 66.667, 1e-5, "100 of 150");
    UNIT_NEAR(attr(text, in, 0, "x"), 66.667, 1e-5, "from the opening");
    UNIT_NEAR(attr(text, in, 0, "width"), 33.333, 1e-5, "50 of 150");
    UNIT_NEAR(attr(text, out, 0, "x"), 80.0, 1e-5, "down to 120");
    UNIT_NEAR(attr(text, out, 0, "width"), 20.0, 1e-5, "30 of 150");
    UNIT_NEAR(attr(text, level, 1, "width"), 80.0, 1e-5, "120 of 150");
    CU_ASSERT_PTR_NOT_NULL(strstr(text, ">+50.0\u00a0kg</text>"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, ">\u221230.0\u00a0kg</text>"));
    free(text);
}

int main(void)
{
    static const struct unit_test tests[] = {{"ticks", test_ticks},
                                             {"scale", test_scale},
                                             {"wrapping", test_wrap},
                                             {"bars", test_bars},
                                             {"stack", test_stack},
                                             {"waterfall", test_waterfall},
                                             {NULL, NULL}};

    return unit_main("ui charts", tests);
}
