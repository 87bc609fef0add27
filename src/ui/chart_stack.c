/* SPDX-License-Identifier: Apache-2.0
 * Stacked columns: one per year or per age, series told apart by colour,
 * pattern and order. */
#include "ui/chart_priv.h"

#include <string.h>

#include "ui/ui_priv.h"

enum {
    TOP = 22,       /* room for the totals above the highest column */
    PLOT = 200,     /* height of the axis */
    LABELS_MAX = 7, /* labels of four digits that fit across 288 pixels */
    TOTALS_MAX = 6, /* columns whose total is written above them */
};
#define LEFT 0.14 /* part of the width kept for the tick labels */

/* Sum of a column without its unknown parts; *unknown when it has some. */
static double column_total(const struct ui_stack *st, size_t i, bool *unknown)
{
    double sum = 0;

    *unknown = false;
    for (size_t k = 0; k < st->n_series; k++) {
        double v = st->values[i * st->n_series + k];

        if (isfinite(v))
            sum += v;
        else
            *unknown = true;
    }
    return sum;
}

static double y_of(const struct chart_scale *s, double value)
{
    return TOP + PLOT * (1.0 - chart_at(s, value));
}

static void grid(struct ui *u, const struct chart_scale *s)
{
    long last = lround(s->hi / s->step);
    struct buf *b = &u->priv->scratch;

    for (long i = 0; i <= last; i++) {
        double y = y_of(s, (double)i * s->step);
        const char *text;

        chart_line(u, i == 0 ? "zero" : "grid", 0.0, y, 1.0, y);
        ui_put_number(b, u->lang, (double)i * s->step / s->per, s->decimals);
        if (i == last && s->unit)
            buf_printf(b, "\u00a0%s", s->unit);
        text = ui_keep(u, b);
        chart_text(u, 0.0, y - 4, "tick", "start", text, strlen(text));
    }
}

static const char *segment_words(
        struct ui *u, const struct ui_chart *c, const struct ui_stack *st,
        size_t i, size_t k)
{
    struct buf *b = &u->priv->scratch;

    buf_printf(b, "%s, %s: ", st->labels[i], st->series[k].label);
    ui_put_value(b, u->lang, st->values[i * st->n_series + k], c->unit);
    return ui_keep(u, b);
}

static void
column(struct ui *u, const struct ui_chart *c, const struct chart_scale *s,
       const struct ui_stack *st, size_t i)
{
    double band = (1.0 - LEFT) / (double)st->n;
    double x = LEFT + band * ((double)i + 0.14), base = 0;
    bool unknown;
    double total = column_total(st, i, &unknown);
    double middle = LEFT + band * ((double)i + 0.5);
    size_t every = (st->n + LABELS_MAX - 1) / LABELS_MAX;
    struct buf *b = &u->priv->scratch;

    for (size_t k = 0; k < st->n_series; k++) {
        double v = st->values[i * st->n_series + k];
        double y = y_of(s, base + v);

        if (!isfinite(v) || v <= 0)
            continue;
        chart_bar(
                u, &(struct chart_box){x, band * 0.72, y, y_of(s, base) - y},
                st->series[k].tone, segment_words(u, c, st, i, k));
        base += v;
    }
    if (unknown || (st->n <= TOTALS_MAX && total > 0)) {
        const char *text;

        if (total > 0 && st->n <= TOTALS_MAX)
            ui_put_number(
                    b, u->lang, total / s->per,
                    c->unit == UI_COUNT ? 0 : s->decimals + 1);
        if (unknown)
            buf_str(b, b->len ? " + " UI_DASH : UI_DASH);
        text = ui_keep(u, b);
        chart_text(
                u, middle, y_of(s, total) - 5, "value", "middle", text,
                strlen(text));
    }
    if ((st->n - 1 - i) % every == 0) /* the newest is always named */
        chart_text(
                u, middle, TOP + PLOT + 17, "tick", "middle", st->labels[i],
                strlen(st->labels[i]));
}

static void
stack_table(struct ui *u, const struct ui_chart *c, const struct ui_stack *st)
{
    struct ui_col cols[UI_SERIES_MAX + 2] = {
            {.kind = UI_COL_HEAD, .text = st->label_head}};
    size_t n_cols = st->n_series + (st->n_series > 1 ? 2 : 1);
    struct ui_table t;

    for (size_t k = 0; k < st->n_series; k++)
        cols[k + 1] = (struct ui_col){
                .kind = UI_COL_NUMBER, .text = st->series[k].label};
    cols[st->n_series + 1] =
            (struct ui_col){.head = T_TOTAL, .kind = UI_COL_NUMBER};
    chart_table_begin(u, c, &t, cols, n_cols, st->n);
    for (size_t i = 0; i < st->n; i++) {
        bool unknown;
        double total = column_total(st, i, &unknown);

        ui_row(u);
        ui_cell(u, st->labels[i]);
        for (size_t k = 0; k < st->n_series; k++)
            ui_cell_value(u, st->values[i * st->n_series + k], c->unit);
        if (st->n_series > 1)
            ui_cell_value(u, unknown ? NAN : total, c->unit);
    }
    chart_end(u);
}

void ui_chart_stack(
        struct ui *u, const struct ui_chart *c, const struct ui_stack *st)
{
    double hi = 0;
    unsigned tones = 0;
    struct chart_scale s;
    bool unknown;

    CHECK(st->n_series >= 1 && st->n_series <= UI_SERIES_MAX);
    if (st->n == 0) {
        chart_nothing(u, c);
        return;
    }
    for (size_t i = 0; i < st->n; i++)
        hi = fmax(hi, column_total(st, i, &unknown));
    for (size_t k = 0; k < st->n_series; k++)
        tones |= 1u << st->series[k].tone;
    s = chart_scale(u, c->unit, 0.0, hi);
    chart_begin(u, c, st->series, st->n_series);
    chart_svg_begin(
            u, c, TOP + PLOT + CHART_FOOT, c->subtitle ? c->subtitle : c->title,
            tones);
    grid(u, &s);
    for (size_t i = 0; i < st->n; i++)
        column(u, c, &s, st, i);
    chart_svg_end(u);
    chart_foot(u, c, st->unknown);
    stack_table(u, c, st);
}
