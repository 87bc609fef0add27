/* SPDX-License-Identifier: Apache-2.0
 * The accounts of a yearly report: gross and net stock (T2, T3), totals (T6)
 * and indicators (T7). */
#include "reports/write_priv.h"

/* ---- T2, T3 ---------------------------------------------------------------
 */

enum { STOCK_ROWS = 8, NET_ROWS = 7 };

struct line { /* one line of an account: shown with its sign */
    enum ui_word word;
    double kg;
    uint64_t units;
    bool level; /* opening, closing */
};

static void stock_lines(const struct rep_stock *s, struct line out[STOCK_ROWS])
{
    const struct line lines[STOCK_ROWS] = {
            {T_STOCK_OPENING, s->opening.kg, s->opening.units, true},
            {T_STOCK_IN_NEW, s->in_new.kg, s->in_new.units, false},
            {T_STOCK_IN_USED, s->in_used.kg, s->in_used.units, false},
            {T_STOCK_IN_SPLIT, s->in_split.kg, s->in_split.units, false},
            {T_STOCK_OUT_RETIRED, 0 - s->out_retired.kg, s->out_retired.units,
             false},
            {T_STOCK_OUT_GIVEN, 0 - s->out_given.kg, s->out_given.units, false},
            {T_STOCK_RECALCULATION, s->recalculation.kg, s->recalculation.units,
             false},
            {T_STOCK_CLOSING, s->closing.kg, s->closing.units, true},
    };

    for (size_t i = 0; i < STOCK_ROWS; i++)
        out[i] = lines[i];
}

static void net_lines(const struct rep_net_stock *n, struct line out[NET_ROWS])
{
    const struct line lines[NET_ROWS] = {
            {T_STOCK_OPENING, n->opening_kg, 0, true},
            {T_NET_ADDITIONS, n->additions_kg, 0, false},
            {T_NET_CHARGE, 0 - n->charge_kg, 0, false},
            {T_NET_WRITEOFF, 0 - n->writeoff_kg, 0, false},
            {T_NET_TRANSFERRED, 0 - n->transferred_kg, 0, false},
            {T_STOCK_RECALCULATION, n->recalculation_kg, 0, false},
            {T_STOCK_CLOSING, n->closing_kg, 0, true},
    };

    for (size_t i = 0; i < NET_ROWS; i++)
        out[i] = lines[i];
}

/* Every line but the last adds up to the last, also when rounded. */
static void
account(struct ui *u, const struct ui_table *t, const struct line *lines,
        size_t n, bool with_units)
{
    double kg[STOCK_ROWS], shown[STOCK_ROWS];

    CHECK(n <= STOCK_ROWS);
    for (size_t i = 0; i < n; i++)
        kg[i] = lines[i].kg;
    calc_round_shown(kg, n - 1, 1.0, shown);
    shown[n - 1] = round(kg[n - 1]);
    ui_table_begin(u, t, n);
    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n)
            ui_row(u);
        else
            ui_row_total(u);
        ui_cell_word(u, lines[i].word);
        if (with_units)
            html_cell_count(u, lines[i].units);
        html_cell_shown(u, shown[i], kg[i]);
    }
    ui_table_end(u);
}

static void
waterfall(struct ui *u, const struct rep_year *y, const struct line *l)
{
    struct ui_step steps[STOCK_ROWS];
    size_t n = 0;
    struct ui_chart c = {
            .id = "chart-stock",
            .beside = true,
            .title = y->year ? ui_say(u, T_WATERFALL_FINDING, UI_D(y->year))
                             : ui_t(u, T_REP_WATERFALL_TODAY),
            .subtitle = ui_t(u, T_STOCK_CAPTION),
            .method = REP_METHOD_VERSION,
            .unit = UI_KG,
    };

    for (size_t i = 0; i < STOCK_ROWS; i++)
        if (l[i].level || l[i].kg > 0 || l[i].kg < 0)
            steps[n++] = (struct ui_step){
                    .label = ui_t(u, l[i].word),
                    .value = l[i].kg,
                    .level = l[i].level,
                    .tone = l[i].level ? UI_FABRICATION : UI_NEUTRAL};
    if (n > 2) /* nothing came and nothing left: no picture */
        ui_chart_waterfall(u, &c, ui_t(u, T_COL_LINE), steps, n);
}

void html_year_stock(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_LINE, .kind = UI_COL_HEAD},
            {.head = T_COL_UNITS, .kind = UI_COL_NUMBER},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
    };
    static const struct ui_col net_cols[] = {
            {.head = T_COL_LINE, .kind = UI_COL_HEAD},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
    };
    const struct ui_table stock = {
            .caption = ui_t(u, T_STOCK_CAPTION), .cols = cols, .n_cols = 3};
    const struct ui_table net = {
            .caption = ui_t(u, T_NET_CAPTION), .cols = net_cols, .n_cols = 2};
    struct line lines[STOCK_ROWS], others[NET_ROWS];

    stock_lines(&y->stock, lines);
    net_lines(&y->net, others);
    html_section(u, "stock", "T2", T_STOCK_TITLE);
    ui_columns_begin(u);
    account(u, &stock, lines, STOCK_ROWS, true);
    waterfall(u, y, lines);
    ui_columns_end(u);
    ui_section_end(u);
    html_section(u, "net", "T3", T_NET_TITLE);
    ui_columns_begin(u);
    account(u, &net, others, NET_ROWS, false);
    ui_p(u, ui_t(u, T_REP_NET_NOTE));
    ui_columns_end(u);
    ui_section_end(u);
}

/* ---- T6 ------------------------------------------------------------------ */

static void total_table(
        struct ui *u, enum ui_word caption, const struct line *lines, size_t n,
        struct calc_q total)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_LINE, .kind = UI_COL_HEAD},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
            {.head = T_INTERVAL, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, caption), .cols = cols, .n_cols = 3};
    double kg[STOCK_ROWS], shown[STOCK_ROWS];

    CHECK(n <= STOCK_ROWS);
    for (size_t i = 0; i < n; i++)
        kg[i] = lines[i].kg;
    calc_round_shown(kg, n, 1.0, shown);
    ui_table_begin(u, &t, n);
    for (size_t i = 0; i < n; i++) {
        ui_row(u);
        ui_cell_word(u, lines[i].word);
        html_cell_shown(u, shown[i], kg[i]);
        ui_cell_blank(u);
    }
    ui_row_total(u);
    ui_cell_word(u, T_TOTAL);
    html_cell_shown(u, round(total.value), total.value);
    html_cell_interval(u, total);
    ui_table_end(u);
}

static void chart_year(struct ui *u, const struct rep_year *y)
{
    const struct ui_bar bars[] = {
            {.label = ui_t(u, T_FABRICATION_CHARGE),
             .value = y->charge_kg.value,
             .low = y->charge_kg.low,
             .high = y->charge_kg.high,
             .tone = UI_FABRICATION},
            {.label = ui_t(u, T_NET_WRITEOFF),
             .value = y->writeoff_kg,
             .low = NAN,
             .high = NAN,
             .tone = UI_FABRICATION},
            {.label = ui_t(u, T_OPERATION),
             .value = y->location_kg.value,
             .low = y->location_kg.low,
             .high = y->location_kg.high,
             .tone = UI_OPERATION},
    };
    const struct ui_chart c = {
            .id = "chart-year",
            .beside = true,
            .title =
                    isfinite(y->fabrication_share)
                            ? ui_say(u, T_REP_YEAR_FINDING,
                                     UI_S(html_value(
                                             u, y->fabrication_share, UI_FRAC)))
                            : ui_t(u, T_REP_YEAR_PLAIN),
            .subtitle = ui_t(u, T_TOTAL_AMORTISED),
            .method = REP_METHOD_VERSION,
            .unit = UI_KG,
    };

    ui_chart_bars(u, &c, ui_t(u, T_COL_LINE), bars, sizeof bars / sizeof *bars);
}

void html_year_totals(struct ui *u, const struct rep_year *y)
{
    const struct line amortised[] = {
            {T_NET_CHARGE, y->charge_kg.value, 0, false},
            {T_NET_WRITEOFF, y->writeoff_kg, 0, false},
            {T_LOCATION_KG, y->location_kg.value, 0, false},
    };
    const struct line acquisition[] = {
            {T_FABRICATION_ACQUISITION, y->acquisition_kg.value, 0, false},
            {T_LOCATION_KG, y->location_kg.value, 0, false},
    };

    html_section(u, "total", "T6", T_TOTAL_TITLE);
    chart_year(u, y);
    ui_columns_begin(u);
    total_table(u, T_TOTAL_AMORTISED, amortised, 3, y->amortised_total_kg);
    total_table(
            u, T_TOTAL_ACQUISITION, acquisition, 2, y->acquisition_total_kg);
    ui_columns_end(u);
    ui_section_end(u);
}

/* ---- T7 ------------------------------------------------------------------ */

struct indicator {
    enum ui_word word;
    struct calc_q q;
    enum ui_unit unit;
    const char *basis;   /* NULL none */
    enum ui_word reason; /* why it is not known; T_NONE */
};

static void indicator_rows(struct ui *u, const struct indicator *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ui_row(u);
        ui_cell_word(u, rows[i].word);
        html_cell_q(
                u, rows[i].q, rows[i].unit,
                rows[i].reason ? ui_t(u, rows[i].reason) : NULL);
        if (rows[i].basis && isfinite(rows[i].q.value))
            ui_cell(u, rows[i].basis);
        else
            ui_cell_blank(u);
    }
}

enum { IND_RATIOS = 6, IND_SHARES = 5, IND_MISSING = 4 };

static void indicator_ratios(struct ui *u, const struct rep_year *y)
{
    const char *grid = ui_say(
            u, T_REP_BASIS_GRID,
            UI_S(html_value(u, y->grid_g_per_kwh, UI_G_PER_KWH)),
            UI_S(ui_of(u, "grid_kind", calc_grid_kind_word(y->grid_kind))));
    const char *life = ui_say(
            u, T_REP_BASIS_LIFE_CYCLE,
            UI_S(html_value(u, y->life_cycle_g_per_kwh, UI_G_PER_KWH)),
            UI_D(y->life_cycle_year),
            UI_S(y->life_cycle_source ? y->life_cycle_source : "\u2014"));
    const struct indicator rows[IND_RATIOS] = {
            {T_IND_GROSS_YEARS, y->gross_years, UI_YEARS, grid,
             T_REP_NO_ENERGY_REASON},
            {T_REP_IND_GROSS_YEARS_LC, y->gross_years_life_cycle, UI_YEARS,
             life, T_REP_NO_GRID},
            {T_IND_OWN_YEARS, y->own_years, UI_YEARS, grid,
             T_REP_NO_ENERGY_REASON},
            {T_IND_FABRICATION_SHARE, html_point(y->fabrication_share), UI_FRAC,
             ui_t(u, T_REP_BASIS_SHARE), T_REP_NO_ENERGY_REASON},
            {T_IND_YEARS_BEYOND, html_point(y->years_beyond_life), UI_YEARS,
             ui_t(u, T_REP_BASIS_BEYOND), T_NONE},
            {T_IND_KG_PER_SERVICE_YEAR,
             html_point(rep_indicators(y).kg_per_service_year), UI_KG_AS_KG,
             ui_t(u, T_REP_BASIS_SERVICE_YEAR), T_REP_NO_AGES},
    };

    indicator_rows(u, rows, IND_RATIOS);
}

static void indicator_shares(struct ui *u, const struct rep_year *y)
{
    struct rep_indicators k = rep_indicators(y);
    uint64_t unknown = y->fleet.warranty_unknown;
    const struct indicator rows[IND_SHARES] = {
            {T_IND_USED, html_point(k.used_share), UI_FRAC,
             ui_t(u, T_REP_BASIS_MACHINES), T_NONE},
            {unknown ? T_REP_IND_NO_WARRANTY : T_IND_OUT_OF_WARRANTY,
             html_point(k.out_of_warranty_share), UI_FRAC,
             unknown ? ui_say(u, T_REP_BASIS_WARRANTY, UI_N(unknown))
                     : ui_t(u, T_REP_BASIS_MACHINES),
             T_NONE},
            {T_IND_PUE, html_point(k.pue), UI_RATIO, ui_t(u, T_REP_BASIS_PUE),
             T_REP_NO_ENERGY_REASON},
            {T_IND_CUE, html_point(k.cue_kg_per_kwh), UI_KG_PER_KWH,
             ui_t(u, T_REP_BASIS_CUE), T_REP_NO_ENERGY_REASON},
            {T_IND_REUSE_RATE, html_point(k.reuse_rate), UI_FRAC,
             ui_say(u, T_REP_BASIS_REUSE, UI_N(y->reuse.given),
                    UI_N(y->reuse.retired)),
             T_REP_NOBODY_LEFT},
    };

    indicator_rows(u, rows, IND_SHARES);
}

void html_year_indicators(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_INDICATOR, .kind = UI_COL_HEAD},
            {.head = T_VALUE, .kind = UI_COL_NUMBER},
            {.head = T_REP_BASIS},
    };
    static const struct indicator missing[IND_MISSING] = {
            {T_IND_ERF, {NAN, NAN, NAN}, UI_RATIO, NULL, T_REP_NO_HEAT},
            {T_IND_WUE, {NAN, NAN, NAN}, UI_L_PER_KWH, NULL, T_REP_NO_WATER},
            {T_IND_KG_PER_CORE_HOUR,
             {NAN, NAN, NAN},
             UI_KG,
             NULL,
             T_REP_NO_USAGE},
            {T_IND_KG_PER_USER, {NAN, NAN, NAN}, UI_KG, NULL, T_REP_NO_USAGE},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_INDICATORS_CAPTION),
            .cols = cols,
            .n_cols = 3};

    html_section(u, "indicators", "T7", T_INDICATORS_TITLE);
    ui_table_begin(u, &t, IND_RATIOS + IND_SHARES + IND_MISSING);
    indicator_ratios(u, y);
    indicator_shares(u, y);
    indicator_rows(u, missing, IND_MISSING);
    ui_table_end(u);
    ui_section_end(u);
}
