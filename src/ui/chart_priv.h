/* SPDX-License-Identifier: Apache-2.0
 * What the charts share: frame, scale, patterns, text. Across, everything is in
 * per cent of the width and down in pixels, so that a picture fits any column
 * while its letters keep their size. */
#ifndef UI_CHART_PRIV_H
#define UI_CHART_PRIV_H

#include "ui/ui.h"

enum {
    CHART_LINE = 18,     /* pixels from one line of text to the next */
    CHART_BAR = 16,      /* thickness of a horizontal bar */
    CHART_GAP = 14,      /* between rows */
    CHART_FOOT = 24,     /* room for the tick labels */
    CHART_CHARS = 40,    /* letters that fit across 288 pixels */
    CHART_LINES_MAX = 6, /* lines of one label; the table has all of it */
};

struct chart_scale {
    double lo, hi; /* ends of the axis; lo <= 0 <= hi, lo < hi */
    double step;   /* between ticks */
    double per;    /* values are divided by this on the axis */
    const char *unit;
    int decimals;
};
/* Zero is always on the axis. */
struct chart_scale
chart_scale(const struct ui *u, enum ui_unit unit, double lo, double hi);
/* 0..1 along the axis. */
double chart_at(const struct chart_scale *s, double value);

/* <figure>, caption, key of the series (n 0: none). */
void chart_begin(
        struct ui *u, const struct ui_chart *c, const struct ui_series *series,
        size_t n);
/* The whole figure when there is nothing to draw. */
void chart_nothing(struct ui *u, const struct ui_chart *c);
/* <svg> with title and description; tones: bit per enum ui_tone whose pattern
 * will be used. */
void chart_svg_begin(
        struct ui *u, const struct ui_chart *c, double height,
        const char *description, unsigned tones);
void chart_svg_end(struct ui *u);
/* Foot and, folded away, what `table` writes; then </figure>. */
void chart_foot(struct ui *u, const struct ui_chart *c, const char *remark);
void chart_table_begin(
        struct ui *u, const struct ui_chart *c, struct ui_table *t,
        const struct ui_col *cols, size_t n_cols, size_t n_rows);
void chart_end(struct ui *u); /* after the table */

/* x and width as parts of the width (0..1). */
void chart_x(struct ui *u, const char *attr, double frac);
void chart_px(struct ui *u, const char *attr, double pixels);
struct chart_box {
    double x, w; /* parts of the width */
    double y, h; /* pixels */
};
/* A bar with its tone, pattern and hover text. */
void chart_bar(
        struct ui *u, const struct chart_box *box, enum ui_tone tone,
        const char *hover);
void chart_line(
        struct ui *u, const char *class_name, double x1, double y1, double x2,
        double y2);
/* anchor "start", "middle", "end". */
void chart_text(
        struct ui *u, double x, double y, const char *class_name,
        const char *anchor, const char *text, size_t len);
/* Vertical grid lines from top to bottom: behind the bar of one row, so that
 * no line crosses a text. */
void chart_grid(
        struct ui *u, const struct chart_scale *s, double top, double bottom);
/* The labels of the ticks, base line at y. */
void chart_ticks(struct ui *u, const struct chart_scale *s, double y);

/* Letters of UTF-8 text. */
size_t chart_letters(const char *text);
struct chart_span {
    const char *p;
    size_t len;
};
/* Breaks text at blanks into lines of at most `width` letters; how many. */
size_t chart_wrap(
        const char *text, size_t width,
        struct chart_span lines[CHART_LINES_MAX]);

/* One row of a horizontal chart: label, value text at the right, bar below. */
struct chart_row {
    struct chart_span lines[CHART_LINES_MAX];
    size_t n_lines;
    bool value_apart; /* the value stands on its own line */
    double height;    /* with the gap below */
    double bar_y;     /* of the bar within the row */
};
/* bar: false for a row whose amount is unknown. */
struct chart_row chart_row(const char *label, const char *value, bool bar);
void chart_row_text(
        struct ui *u, const struct chart_row *row, double top,
        const char *value);

#endif
