/* SPDX-License-Identifier: Apache-2.0
 * Horizontal bars with interval whiskers. */
#include "ui/chart_priv.h"

#include <string.h>

#include "ui/ui_priv.h"

static struct ui_q bar_q(const struct ui_chart *c, const struct ui_bar *bar)
{
    return (struct ui_q){
            .value = bar->value,
            .low = bar->low,
            .high = bar->high,
            .unit = c->unit};
}

/* "154 t [92 - 284] · 44 %" */
static const char *
bar_value(struct ui *u, const struct ui_chart *c, const struct ui_bar *bar)
{
    struct buf *b = &u->priv->scratch;
    struct ui_q q = bar_q(c, bar);

    ui_put_q(b, u->lang, &q);
    if (!isfinite(bar->value))
        buf_printf(b, " %s", ui_t(u, T_UNKNOWN));
    else if (bar->note && *bar->note)
        buf_printf(b, " \u00b7 %s", bar->note);
    return ui_keep(u, b);
}

enum { DESCRIBED = 12 }; /* bars told in the description; the table has all */

static const char *describe(
        struct ui *u, const struct ui_chart *c, const struct ui_bar *bars,
        size_t n)
{
    struct buf b;
    const char *text;

    buf_init(&b, UI_TEXT_MAX);
    if (c->subtitle)
        buf_str(&b, c->subtitle);
    for (size_t i = 0; i < n && i < DESCRIBED; i++)
        buf_printf(
                &b, "%s%s: %s", b.len ? "; " : "", bars[i].label,
                bar_value(u, c, &bars[i]));
    text = ui_keep(u, &b);
    buf_clear(&b);
    return text;
}

static void
whisker(struct ui *u, const struct chart_scale *s, const struct ui_q *q,
        double y)
{
    static const char *const classes[] = {"halo", "whisker"};
    double low = chart_at(s, q->low), high = chart_at(s, q->high);

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        chart_line(u, classes[i], low, y, high, y);
        chart_line(u, classes[i], low, y - 5, low, y + 5);
        chart_line(u, classes[i], high, y - 5, high, y + 5);
    }
}

static void
one_bar(struct ui *u, const struct ui_chart *c, const struct chart_scale *s,
        const struct ui_bar *bar, const struct chart_row *row, double top)
{
    const char *value = bar_value(u, c, bar);
    struct ui_q q = bar_q(c, bar);
    double zero = chart_at(s, 0.0), at = chart_at(s, bar->value);
    const char *hover;

    chart_row_text(u, row, top, value);
    if (!isfinite(bar->value))
        return;
    buf_printf(&u->priv->scratch, "%s: %s", bar->label, value);
    hover = ui_keep(u, &u->priv->scratch);
    chart_grid(u, s, top + row->bar_y - 4, top + row->bar_y + CHART_BAR + 4);
    chart_bar(
            u,
            &(struct chart_box){
                    fmin(zero, at), fabs(at - zero), top + row->bar_y,
                    CHART_BAR},
            bar->tone, hover);
    if (ui_q_has_interval(&q))
        whisker(u, s, &q, top + row->bar_y + CHART_BAR / 2.0);
}

static void bars_table(
        struct ui *u, const struct ui_chart *c, const char *label_head,
        const struct ui_bar *bars, size_t n)
{
    const struct ui_col cols[] = {
            {.kind = UI_COL_HEAD, .text = label_head},
            {.head = T_VALUE, .kind = UI_COL_NUMBER},
            {.head = T_INTERVAL, .kind = UI_COL_NUMBER},
            {.head = T_NOTE, .kind = UI_COL_NUMBER}};
    bool notes = false;
    struct ui_table t;

    for (size_t i = 0; i < n; i++)
        notes = notes || (bars[i].note && *bars[i].note);
    chart_table_begin(u, c, &t, cols, notes ? 4 : 3, n);
    for (size_t i = 0; i < n; i++) {
        struct ui_q q = bar_q(c, &bars[i]);

        ui_row(u);
        ui_cell_link(u, bars[i].href, bars[i].label);
        ui_cell_value(u, q.value, q.unit);
        if (ui_q_has_interval(&q)) {
            ui_cell_begin(u);
            ui_put_interval(&u->priv->scratch, u->lang, &q);
            ui_flush(u);
            ui_cell_end(u);
        } else {
            ui_cell_blank(u);
        }
        if (notes)
            ui_cell(u, bars[i].note);
    }
    chart_end(u);
}

void ui_chart_bars(
        struct ui *u, const struct ui_chart *c, const char *label_head,
        const struct ui_bar *bars, size_t n)
{
    double lo = 0, hi = 0, height = 0, top = 0;
    bool whiskers = false;
    unsigned tones = 0;
    struct chart_scale s;

    if (n == 0) {
        chart_nothing(u, c);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct ui_q q = bar_q(c, &bars[i]);
        const char *value = bar_value(u, c, &bars[i]);
        bool with = ui_q_has_interval(&q);

        whiskers = whiskers || with;
        hi = fmax(hi, with ? fmax(q.high, q.value) : q.value);
        lo = fmin(lo, with ? fmin(q.low, q.value) : q.value);
        height += chart_row(bars[i].label, value, isfinite(q.value)).height;
        tones |= 1u << bars[i].tone;
    }
    s = chart_scale(u, c->unit, lo, hi);
    chart_begin(u, c, NULL, 0);
    chart_svg_begin(u, c, height + CHART_FOOT, describe(u, c, bars, n), tones);
    for (size_t i = 0; i < n; i++) {
        struct chart_row row = chart_row(
                bars[i].label, bar_value(u, c, &bars[i]),
                isfinite(bars[i].value));

        one_bar(u, c, &s, &bars[i], &row, top);
        top += row.height;
    }
    chart_ticks(u, &s, height + 8);
    chart_svg_end(u);
    chart_foot(u, c, whiskers ? ui_t(u, T_CHART_WHISKER) : NULL);
    bars_table(u, c, label_head, bars, n);
}
