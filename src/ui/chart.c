/* SPDX-License-Identifier: Apache-2.0
 * What every chart is made of: the figure around it, the axis, bars with
 * pattern and hover text, labels that wrap. */
#include "ui/chart_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "ui/ui_priv.h"

/* ---- axis --------------------------------------------------------------- */

double ui_tick_step(double max, int most)
{
    static const double nice[] = {1.0, 2.0, 5.0, 10.0};
    double raw, power;

    CHECK(most >= 1);
    if (!isfinite(max) || max <= 0)
        return 1.0;
    raw = max / most;
    power = pow(10.0, floor(log10(raw)));
    for (size_t i = 0; i < sizeof nice / sizeof *nice; i++)
        /* 1e-9: 0.1 * 3 and the like must not ask for the next step. */
        if (nice[i] * power >= raw * (1.0 - 1e-9))
            return nice[i] * power;
    return 10.0 * power;
}

enum { TICKS = 5 };

static void scale_unit(
        const struct ui *u, struct chart_scale *s, enum ui_unit unit,
        double max)
{
    s->per = 1.0;
    s->unit = NULL;
    if (unit == UI_KG || unit == UI_KG_AS_KG || unit == UI_KG_AS_T) {
        bool t = unit == UI_KG_AS_T || (unit == UI_KG && max > 10000.0);

        s->per = t ? 1000.0 : 1.0;
        s->unit = t ? "t" : "kg";
    } else if (unit == UI_KWH) {
        s->per = max > 1e7 ? 1e6 : max > 1e4 ? 1e3 : 1.0;
        s->unit = max > 1e7 ? "GWh" : max > 1e4 ? "MWh" : "kWh";
    } else if (unit == UI_W) {
        s->per = max > 1e4 ? 1e3 : 1.0;
        s->unit = max > 1e4 ? "kW" : "W";
    } else if (unit == UI_FRAC) {
        s->per = 0.01;
        s->unit = "%";
    } else if (unit == UI_YEARS) {
        s->unit = ui_t(u, T_UNIT_YEARS);
    }
}

struct chart_scale
chart_scale(const struct ui *u, enum ui_unit unit, double lo, double hi)
{
    struct chart_scale s = {0};
    double span;

    lo = isfinite(lo) && lo < 0 ? lo : 0;
    hi = isfinite(hi) && hi > 0 ? hi : 0;
    span = hi - lo;
    s.step = ui_tick_step(span, TICKS);
    if (unit == UI_COUNT && s.step < 1.0)
        s.step = 1.0;
    s.lo = -ceil(-lo / s.step - 1e-9) * s.step;
    s.hi = ceil(hi / s.step - 1e-9) * s.step;
    if (s.hi - s.lo < s.step)
        s.hi = s.lo + s.step;
    scale_unit(u, &s, unit, fmax(-lo, hi));
    s.decimals = (int)fmin(9, fmax(0, -floor(log10(s.step / s.per) + 1e-9)));
    return s;
}

double chart_at(const struct chart_scale *s, double value)
{
    double at = (value - s->lo) / (s->hi - s->lo);

    return fmin(1.0, fmax(0.0, at));
}

/* ---- attributes --------------------------------------------------------- */

void chart_x(struct ui *u, const char *attr, double frac)
{
    char text[NUM_TEXT];

    mk_attrf(u->mk, attr, "%s%%", num_fixed(frac * 100.0, 3, text));
}

void chart_px(struct ui *u, const char *attr, double pixels)
{
    char text[NUM_TEXT];

    mk_attr(u->mk, attr, num_print(round(pixels * 10.0) / 10.0, text));
}

/* ---- patterns ----------------------------------------------------------- */

/* Strokes on an 8 x 8 tile; NULL: plain. Beside the colour, so that series
 * differ on grey paper and for every eye. */
static const char *const tiles[UI_TONES] = {
        [UI_OPERATION] = "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
        [UI_AVOIDED] = "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
        [UI_S2] = "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
        [UI_S3] = "M0,4 h8",
        [UI_S4] = "M1,2 h2 M5,6 h2",
        [UI_S5] = "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
        [UI_S6] = "M4,0 v8",
        [UI_S7] = "M0,4 h8 M4,0 v8",
};

static void
pattern_id(const struct ui *u, enum ui_tone tone, char dst[static 40])
{
    snprintf(dst, 40, "p%zu-%s", u->priv->charts, ui_tone_class(tone));
}

static void patterns(struct ui *u, unsigned tones)
{
    char id[40];

    mk_begin(u->mk, "defs");
    for (int tone = 0; tone < UI_TONES; tone++) {
        if (!(tones & 1u << tone) || !tiles[tone])
            continue;
        pattern_id(u, (enum ui_tone)tone, id);
        mk_begin(u->mk, "pattern");
        mk_attr(u->mk, "id", id);
        mk_attr(u->mk, "width", "8");
        mk_attr(u->mk, "height", "8");
        mk_attr(u->mk, "patternUnits", "userSpaceOnUse");
        mk_begin(u->mk, "path");
        mk_attrf(u->mk, "class", "tile %s", ui_tone_class((enum ui_tone)tone));
        mk_attr(u->mk, "d", tiles[tone]);
        mk_end(u->mk, "path");
        mk_end(u->mk, "pattern");
    }
    mk_end(u->mk, "defs");
}

/* ---- marks -------------------------------------------------------------- */

static void box_attrs(struct ui *u, const struct chart_box *box)
{
    chart_x(u, "x", box->x);
    chart_px(u, "y", box->y);
    chart_x(u, "width", box->w);
    chart_px(u, "height", box->h);
}

void chart_bar(
        struct ui *u, const struct chart_box *box, enum ui_tone tone,
        const char *hover)
{
    char id[40];

    mk_begin(u->mk, "g");
    if (hover)
        mk_element(u->mk, "title", hover);
    mk_begin(u->mk, "rect");
    mk_attrf(u->mk, "class", "bar %s", ui_tone_class(tone));
    box_attrs(u, box);
    mk_end(u->mk, "rect");
    if (tiles[tone]) {
        pattern_id(u, tone, id);
        mk_begin(u->mk, "rect");
        mk_attrf(u->mk, "fill", "url(#%s)", id);
        box_attrs(u, box);
        mk_end(u->mk, "rect");
    }
    mk_end(u->mk, "g");
}

void chart_line(
        struct ui *u, const char *class_name, double x1, double y1, double x2,
        double y2)
{
    mk_begin(u->mk, "line");
    mk_attr(u->mk, "class", class_name);
    chart_x(u, "x1", x1);
    chart_px(u, "y1", y1);
    chart_x(u, "x2", x2);
    chart_px(u, "y2", y2);
    mk_end(u->mk, "line");
}

void chart_text(
        struct ui *u, double x, double y, const char *class_name,
        const char *anchor, const char *text, size_t len)
{
    struct buf *b = &u->priv->scratch;

    mk_begin(u->mk, "text");
    mk_attr(u->mk, "class", class_name);
    chart_x(u, "x", x);
    chart_px(u, "y", y);
    if (strcmp(anchor, "start") != 0)
        mk_attr(u->mk, "text-anchor", anchor);
    buf_add(b, text, len);
    ui_flush(u);
    mk_end(u->mk, "text");
}

void chart_grid(
        struct ui *u, const struct chart_scale *s, double top, double bottom)
{
    long first = lround(s->lo / s->step), last = lround(s->hi / s->step);

    for (long i = first; i <= last; i++) {
        double at = chart_at(s, (double)i * s->step);

        chart_line(u, i == 0 ? "zero" : "grid", at, top, at, bottom);
    }
}

void chart_ticks(struct ui *u, const struct chart_scale *s, double y)
{
    long first = lround(s->lo / s->step), last = lround(s->hi / s->step);
    struct buf *b = &u->priv->scratch;

    for (long i = first; i <= last; i++) {
        const char *anchor = i == first  ? "start"
                             : i == last ? "end"
                                         : "middle";
        double value = (double)i * s->step;
        const char *text;

        ui_put_number(b, u->lang, value / s->per, s->decimals);
        if (i == last && s->unit)
            buf_printf(b, "\u00a0%s", s->unit);
        text = ui_keep(u, b);
        chart_text(
                u, chart_at(s, value), y, "tick", anchor, text, strlen(text));
    }
}

/* ---- figure ------------------------------------------------------------- */

static void swatch(struct ui *u, enum ui_tone tone)
{
    const struct chart_box box = {0.0, 1.0, 0.0, 14.0};

    mk_begin(u->mk, "svg");
    mk_attr(u->mk, "class", "swatch");
    mk_attr(u->mk, "width", "14");
    mk_attr(u->mk, "height", "14");
    mk_attr(u->mk, "aria-hidden", "true");
    chart_bar(u, &box, tone, NULL);
    mk_end(u->mk, "svg");
}

void chart_begin(
        struct ui *u, const struct ui_chart *c, const struct ui_series *series,
        size_t n)
{
    u->priv->charts++;
    ui_open(u, "figure", c->beside ? "chart beside" : "chart");
    mk_attr(u->mk, "id", c->id);
    ui_open(u, "div", "picture");
    mk_begin(u->mk, "figcaption");
    ui_put(u, "strong", "finding", c->title);
    if (c->subtitle)
        ui_put(u, "span", "measure", c->subtitle);
    mk_end(u->mk, "figcaption");
    if (n == 0)
        return;
    ui_open(u, "ul", "key");
    for (size_t i = 0; i < n; i++) {
        mk_begin(u->mk, "li");
        swatch(u, series[i].tone);
        mk_text(u->mk, " ");
        mk_text(u->mk, series[i].label);
        mk_end(u->mk, "li");
    }
    mk_end(u->mk, "ul");
}

void chart_nothing(struct ui *u, const struct ui_chart *c)
{
    chart_begin(u, c, NULL, 0);
    mk_element(u->mk, "p", ui_t(u, T_CHART_NO_DATA));
    chart_foot(u, c, NULL);
    mk_end(u->mk, "figure");
}

void chart_svg_begin(
        struct ui *u, const struct ui_chart *c, double height,
        const char *description, unsigned tones)
{
    mk_begin(u->mk, "svg");
    mk_attr(u->mk, "class", "plot");
    mk_attr(u->mk, "role", "img");
    mk_attrf(u->mk, "aria-describedby", "%s-desc", c->id);
    mk_attr(u->mk, "width", "100%");
    chart_px(u, "height", height);
    mk_element(u->mk, "title", c->title);
    mk_begin(u->mk, "desc");
    mk_attrf(u->mk, "id", "%s-desc", c->id);
    mk_text(u->mk, description);
    mk_end(u->mk, "desc");
    patterns(u, tones);
}

void chart_svg_end(struct ui *u)
{
    mk_end(u->mk, "svg");
}

void chart_foot(struct ui *u, const struct ui_chart *c, const char *remark)
{
    struct buf *b = &u->priv->scratch;

    if (remark)
        buf_str(b, remark);
    if (c->source) {
        buf_str(b, b->len ? " " : "");
        ui_put_say(b, u->lang, T_CHART_SOURCE, UI_ARGS(UI_S(c->source)));
        buf_char(b, '.');
    }
    if (c->method) {
        buf_str(b, b->len ? " " : "");
        ui_put_say(b, u->lang, T_CHART_METHOD, UI_ARGS(UI_S(c->method)));
        buf_char(b, '.');
    }
    if (b->len) {
        ui_open(u, "p", "foot");
        ui_flush(u);
        mk_end(u->mk, "p");
    }
    mk_end(u->mk, "div"); /* picture: kept on one sheet of paper */
}

void chart_table_begin(
        struct ui *u, const struct ui_chart *c, struct ui_table *t,
        const struct ui_col *cols, size_t n_cols, size_t n_rows)
{
    *t = (struct ui_table){
            .caption = c->subtitle ? c->subtitle : c->title,
            .cols = cols,
            .n_cols = n_cols,
            .compact = true};
    ui_details_begin(u, ui_t(u, T_DATA_OF_FIGURE), false);
    ui_table_begin(u, t, n_rows);
}

void chart_end(struct ui *u)
{
    ui_table_end(u);
    ui_details_end(u);
    mk_end(u->mk, "figure");
}

/* ---- labels ------------------------------------------------------------- */

static bool letter_start(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

size_t chart_letters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += letter_start(*text);
    return n;
}

size_t chart_wrap(
        const char *text, size_t width,
        struct chart_span lines[CHART_LINES_MAX])
{
    size_t n = 0;

    while (*text == ' ')
        text++;
    while (*text && n < CHART_LINES_MAX) {
        size_t i = 0, letters = 0, cut = 0;

        for (; text[i]; i++) {
            if (!letter_start(text[i]))
                continue;
            if (text[i] == ' ' && text[i - 1] != ' ')
                cut = i; /* text begins with no blank, so i > 0 */
            if (letters == width)
                break;
            letters++;
        }
        if (text[i] == '\0')
            cut = i;
        else if (cut == 0)
            cut = i; /* one word longer than the line */
        lines[n++] = (struct chart_span){text, cut};
        text += cut;
        while (*text == ' ')
            text++;
    }
    return n;
}

struct chart_row chart_row(const char *label, const char *value, bool bar)
{
    struct chart_row row = {0};
    size_t lines;

    row.n_lines = chart_wrap(label, CHART_CHARS, row.lines);
    row.value_apart =
            row.n_lines != 1 ||
            chart_letters(label) + 2 + chart_letters(value) > CHART_CHARS;
    lines = row.n_lines + (row.value_apart ? 1 : 0);
    row.bar_y = (double)lines * CHART_LINE + 4;
    row.height = row.bar_y + (bar ? CHART_BAR + CHART_GAP : CHART_GAP / 2);
    return row;
}

void chart_row_text(
        struct ui *u, const struct chart_row *row, double top,
        const char *value)
{
    double y = top + 14;

    for (size_t i = 0; i < row->n_lines; i++, y += CHART_LINE)
        chart_text(
                u, 0.0, y, "label", "start", row->lines[i].p,
                row->lines[i].len);
    if (!row->value_apart)
        y -= CHART_LINE;
    chart_text(u, 1.0, y, "value", "end", value, strlen(value));
}
