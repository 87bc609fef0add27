/* SPDX-License-Identifier: Apache-2.0
 * Waterfall: how an opening amount becomes a closing one, step by step. */
#include "ui/chart_priv.h"

#include <string.h>

#include "ui/ui_priv.h"

static const char *
step_value(struct ui *u, const struct ui_chart *c, const struct ui_step *step)
{
    struct buf *b = &u->priv->scratch;

    if (!step->level && step->value > 0)
        buf_char(b, '+');
    ui_put_value(b, u->lang, step->value, c->unit);
    return ui_keep(u, b);
}

static enum ui_tone step_tone(const struct ui_step *step)
{
    if (step->tone != UI_NEUTRAL)
        return step->tone;
    if (step->level)
        return UI_FABRICATION;
    return step->value < 0 ? UI_S3 : UI_S6;
}

/* Where a step starts and ends; an unknown step changes nothing. */
static void
step_ends(const struct ui_step *step, double running, double *from, double *to)
{
    double v = isfinite(step->value) ? step->value : 0;

    *from = step->level ? 0 : running;
    *to = step->level ? v : running + v;
}

static const char *describe(
        struct ui *u, const struct ui_chart *c, const struct ui_step *steps,
        size_t n)
{
    struct buf b;
    const char *text;

    buf_init(&b, UI_TEXT_MAX);
    for (size_t i = 0; i < n; i++)
        buf_printf(
                &b, "%s%s: %s", b.len ? "; " : "", steps[i].label,
                step_value(u, c, &steps[i]));
    text = ui_keep(u, &b);
    buf_clear(&b);
    return text;
}

static void steps_table(
        struct ui *u, const struct ui_chart *c, const char *label_head,
        const struct ui_step *steps, size_t n)
{
    const struct ui_col cols[] = {
            {.kind = UI_COL_HEAD, .text = label_head},
            {.head = T_VALUE, .kind = UI_COL_NUMBER}};
    struct ui_table t;

    chart_table_begin(u, c, &t, cols, 2, n);
    for (size_t i = 0; i < n; i++) {
        ui_row(u);
        ui_cell(u, steps[i].label);
        if (isfinite(steps[i].value))
            ui_cell(u, step_value(u, c, &steps[i]));
        else
            ui_cell_unknown(u, NULL);
    }
    chart_end(u);
}

static void
draw(struct ui *u, const struct ui_chart *c, const struct chart_scale *s,
     const struct ui_step *steps, size_t n)
{
    double top = 0, running = 0, before_y = 0;

    for (size_t i = 0; i < n; i++) {
        const char *value = step_value(u, c, &steps[i]), *hover;
        struct chart_row row = chart_row(steps[i].label, value, true);
        double from, to, y = top + row.bar_y;

        step_ends(&steps[i], running, &from, &to);
        if (i > 0)
            chart_line(
                    u, "link", chart_at(s, running), before_y,
                    chart_at(s, running), y);
        chart_row_text(u, &row, top, value);
        buf_printf(&u->priv->scratch, "%s: %s", steps[i].label, value);
        hover = ui_keep(u, &u->priv->scratch);
        chart_grid(u, s, y - 4, y + CHART_BAR + 4);
        chart_bar(
                u,
                &(struct chart_box){
                        chart_at(s, fmin(from, to)),
                        chart_at(s, fmax(from, to)) -
                                chart_at(s, fmin(from, to)),
                        y, CHART_BAR},
                step_tone(&steps[i]), hover);
        running = to;
        before_y = y + CHART_BAR;
        top += row.height;
    }
}

void ui_chart_waterfall(
        struct ui *u, const struct ui_chart *c, const char *label_head,
        const struct ui_step *steps, size_t n)
{
    double lo = 0, hi = 0, running = 0, height = 0;
    unsigned tones = 0;
    struct chart_scale s;

    if (n == 0) {
        chart_nothing(u, c);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        double from;

        step_ends(&steps[i], running, &from, &running);
        lo = fmin(lo, running);
        hi = fmax(hi, running);
        tones |= 1u << step_tone(&steps[i]);
        height += chart_row(steps[i].label, step_value(u, c, &steps[i]), true)
                          .height;
    }
    s = chart_scale(u, c->unit, lo, hi);
    chart_begin(u, c, NULL, 0);
    chart_svg_begin(u, c, height + CHART_FOOT, describe(u, c, steps, n), tones);
    draw(u, c, &s, steps, n);
    chart_ticks(u, &s, height + 8);
    chart_svg_end(u);
    chart_foot(u, c, NULL);
    steps_table(u, c, label_head, steps, n);
}
