/* SPDX-License-Identifier: Apache-2.0
 * Tables, written row by row and cut into parts when long; pagers, chips and
 * the empty state of lists. */
#include "ui/ui.h"

#include <string.h>

#include "ui/ui_priv.h"

/* ---- the frame of one part ---------------------------------------------- */

static const char *kind_class(enum ui_col_kind kind)
{
    return kind == UI_COL_NUMBER ? "n" : kind == UI_COL_ACTION ? "act" : NULL;
}

static void head_cell(struct ui *u, const struct ui_col *col)
{
    const char *text = col->text ? col->text : ui_t(u, col->head);

    ui_open(u, "th", kind_class(col->kind));
    mk_attr(u->mk, "scope", "col");
    if (col->sorted)
        mk_attr(u->mk, "aria-sort",
                col->sorted > 0 ? "ascending" : "descending");
    if (col->kind == UI_COL_ACTION && !*text)
        ui_put(u, "span", "hidden", ui_t(u, T_COL_ACTIONS));
    else if (col->sort)
        ui_link(u, col->sort, text);
    else
        mk_text(u->mk, text);
    mk_end(u->mk, "th");
}

static void caption(struct ui *u)
{
    struct ui_priv *p = u->priv;
    size_t first = p->table.row + 1;
    size_t last = p->table.row + UI_TABLE_ROWS;

    mk_begin(u->mk, "caption");
    mk_text(u->mk, p->table.t->caption);
    if (p->table.n_rows > UI_TABLE_ROWS) {
        if (last > p->table.n_rows)
            last = p->table.n_rows;
        mk_text(u->mk, " (");
        ui_put_say(
                &p->scratch, u->lang, T_ROWS_OF,
                UI_ARGS(UI_N(first), UI_N(last), UI_N(p->table.n_rows)));
        ui_flush(u);
        mk_text(u->mk, ")");
    }
    mk_end(u->mk, "caption");
}

enum { SHORT_ROWS = 24 }; /* kept on one sheet of paper */

static void part_begin(struct ui *u)
{
    static const char *const classes[2][2] = {
            {NULL, "short"}, {"compact", "compact short"}};
    const struct ui_table *t = u->priv->table.t;

    ui_open(u, "div", "scroll");
    mk_attr(u->mk, "tabindex", "0");
    mk_attr(u->mk, "role", "group");
    mk_attr(u->mk, "aria-label", t->caption);
    ui_open(u, "table",
            classes[t->compact][u->priv->table.n_rows <= SHORT_ROWS]);
    caption(u);
    mk_begin(u->mk, "thead");
    mk_begin(u->mk, "tr");
    for (size_t i = 0; i < t->n_cols; i++)
        head_cell(u, &t->cols[i]);
    mk_end(u->mk, "tr");
    mk_end(u->mk, "thead");
    mk_begin(u->mk, "tbody");
}

static void row_close(struct ui *u)
{
    struct ui_priv *p = u->priv;

    if (!p->table.row_open)
        return;
    CHECK(p->table.col == p->table.t->n_cols && !p->table.cell_open);
    mk_end(u->mk, "tr");
    p->table.row_open = false;
}

static void part_end(struct ui *u)
{
    row_close(u);
    mk_end(u->mk, "tbody");
    mk_end(u->mk, "table");
    mk_end(u->mk, "div");
}

/* ---- rows --------------------------------------------------------------- */

void ui_table_begin(struct ui *u, const struct ui_table *t, size_t n_rows)
{
    struct ui_priv *p = u->priv;

    CHECK(!p->table.t && t->n_cols > 0 && t->caption);
    p->table.t = t;
    p->table.n_rows = n_rows;
    p->table.row = 0;
    ui_open(u, "div", "table");
    ui_attr_if(u, "id", t->id);
    part_begin(u);
}

static void row_begin(struct ui *u, const char *class_name)
{
    struct ui_priv *p = u->priv;

    CHECK(p->table.t);
    row_close(u);
    /* A total belongs to the rows above it, even when they fill the part. */
    if (!class_name && p->table.row > 0 && p->table.row % UI_TABLE_ROWS == 0) {
        part_end(u);
        part_begin(u);
    }
    ui_open(u, "tr", class_name);
    if (!class_name)
        p->table.row++;
    p->table.col = 0;
    p->table.row_open = true;
}

void ui_row(struct ui *u)
{
    row_begin(u, NULL);
}

void ui_row_total(struct ui *u)
{
    row_begin(u, "total");
}

void ui_table_end(struct ui *u)
{
    struct ui_priv *p = u->priv;
    const struct ui_table *t = p->table.t;

    CHECK(t);
    row_close(u);
    if (p->table.row == 0 && p->table.n_rows == 0) {
        mk_begin(u->mk, "tr");
        mk_begin(u->mk, "td");
        mk_attrf(u->mk, "colspan", "%zu", t->n_cols);
        mk_text(u->mk, ui_t(u, T_NOTHING_TO_SHOW));
        mk_end(u->mk, "td");
        mk_end(u->mk, "tr");
    }
    part_end(u);
    if (t->note)
        ui_put(u, "p", "note", t->note);
    mk_end(u->mk, "div");
    p->table.t = NULL;
}

/* ---- cells -------------------------------------------------------------- */

static const char *cell_element(const struct ui *u)
{
    const struct ui_priv *p = u->priv;

    return p->table.t->cols[p->table.col].kind == UI_COL_HEAD ? "th" : "td";
}

static void cell_open(struct ui *u, const char *class_name)
{
    struct ui_priv *p = u->priv;
    enum ui_col_kind kind;

    CHECK(p->table.row_open && !p->table.cell_open &&
          p->table.col < p->table.t->n_cols);
    kind = p->table.t->cols[p->table.col].kind;
    ui_open(u, cell_element(u), class_name ? class_name : kind_class(kind));
    if (kind == UI_COL_HEAD)
        mk_attr(u->mk, "scope", "row");
    p->table.cell_open = true;
}

void ui_cell_begin(struct ui *u)
{
    cell_open(u, NULL);
}

void ui_cell_end(struct ui *u)
{
    CHECK(u->priv->table.cell_open);
    mk_end(u->mk, cell_element(u));
    u->priv->table.cell_open = false;
    u->priv->table.col++;
}

void ui_cell(struct ui *u, const char *text)
{
    ui_cell_begin(u);
    mk_text(u->mk, text && *text ? text : UI_DASH);
    ui_cell_end(u);
}

void ui_cell_word(struct ui *u, enum ui_word w)
{
    ui_cell(u, ui_t(u, w));
}

void ui_cell_link(struct ui *u, const char *href, const char *text)
{
    ui_cell_begin(u);
    ui_link(u, href, text && *text ? text : UI_DASH);
    ui_cell_end(u);
}

void ui_cell_q(struct ui *u, const struct ui_q *q)
{
    ui_cell_begin(u);
    ui_q(u, q);
    ui_cell_end(u);
}

/* What the scratch buffer holds as a cell. */
static void cell_flush(struct ui *u)
{
    ui_cell_begin(u);
    ui_flush(u);
    ui_cell_end(u);
}

void ui_cell_value(struct ui *u, double v, enum ui_unit unit)
{
    if (!isfinite(v)) {
        ui_cell_unknown(u, NULL);
        return;
    }
    ui_put_value(&u->priv->scratch, u->lang, v, unit);
    cell_flush(u);
}

void ui_cell_number(struct ui *u, double v, int decimals)
{
    if (!isfinite(v)) {
        ui_cell_unknown(u, NULL);
        return;
    }
    ui_put_number(&u->priv->scratch, u->lang, v, decimals);
    cell_flush(u);
}

void ui_cell_count(struct ui *u, double n)
{
    ui_cell_number(u, n, 0);
}

void ui_cell_date(struct ui *u, struct date d)
{
    char text[DATE_TEXT];

    if (!date_known(d)) {
        ui_cell_unknown(u, NULL);
        return;
    }
    cell_open(u, "d");
    mk_text(u->mk, date_print(d, text));
    ui_cell_end(u);
}

void ui_cell_unknown(struct ui *u, const char *reason)
{
    ui_cell_begin(u);
    ui_unknown(u, reason);
    ui_cell_end(u);
}

void ui_cell_blank(struct ui *u)
{
    ui_cell_begin(u);
    ui_cell_end(u);
}

/* ---- around lists ------------------------------------------------------- */

void ui_empty(
        struct ui *u, const char *heading, const char *text,
        const struct ui_link *ways, size_t n_ways)
{
    ui_open(u, "div", "empty");
    mk_element(u->mk, "h2", heading);
    if (text)
        mk_element(u->mk, "p", text);
    if (n_ways > 0) {
        mk_begin(u->mk, "ul");
        for (size_t i = 0; i < n_ways; i++) {
            mk_begin(u->mk, "li");
            ui_link(u, ways[i].href, ways[i].text);
            mk_end(u->mk, "li");
        }
        mk_end(u->mk, "ul");
    }
    mk_end(u->mk, "div");
}

static void
pager_link(struct ui *u, const char *href, const char *rel, enum ui_word word)
{
    if (!ui_href_ok(u, href)) {
        ui_muted(u, ui_t(u, word));
        return;
    }
    mk_begin(u->mk, "a");
    mk_attr(u->mk, "rel", rel);
    mk_attr(u->mk, "href", href);
    mk_text(u->mk, ui_t(u, word));
    mk_end(u->mk, "a");
}

void ui_pager(struct ui *u, const struct ui_pager *p)
{
    ui_open(u, "nav", "pager");
    mk_attr(u->mk, "aria-label", ui_t(u, T_PAGES));
    pager_link(u, p->prev_href, "prev", T_PREVIOUS);
    mk_begin(u->mk, "span");
    ui_put_say(
            &u->priv->scratch, u->lang, T_RANGE_OF,
            UI_ARGS(UI_N(p->first), UI_N(p->last), UI_N(p->total)));
    ui_flush(u);
    mk_end(u->mk, "span");
    pager_link(u, p->next_href, "next", T_NEXT);
    mk_end(u->mk, "nav");
}

void ui_chips_begin(struct ui *u, const char *label)
{
    ui_open(u, "ul", "chips");
    mk_attr(u->mk, "aria-label", label);
}

void ui_chip(struct ui *u, const char *text, const char *remove_href)
{
    struct buf *b = &u->priv->scratch;

    mk_begin(u->mk, "li");
    mk_text(u->mk, text);
    if (ui_href_ok(u, remove_href)) {
        mk_text(u->mk, " ");
        mk_begin(u->mk, "a");
        mk_attr(u->mk, "href", remove_href);
        ui_put_say(b, u->lang, T_REMOVE_FILTER, UI_ARGS(UI_S(text)));
        mk_attr(u->mk, "aria-label", buf_text(b));
        buf_reset(b);
        mk_text(u->mk, "\u00d7");
        mk_end(u->mk, "a");
    }
    mk_end(u->mk, "li");
}

void ui_chips_end(struct ui *u)
{
    mk_end(u->mk, "ul");
}
