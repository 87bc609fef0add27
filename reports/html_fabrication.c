/* SPDX-License-Identifier: Apache-2.0
 * What the fleet cost to make: by kind of part and by category, against
 * operation, by age, and the fabrication of the year (T4). */
#include "reports/write_priv.h"

#include <stdio.h>

static const char *sets_source(struct ui *u, const struct rep_year *y)
{
    return y->n_sets == 1 ? y->sets[0].title
                          : ui_say(u, T_REP_N_SETS, UI_N(y->n_sets));
}

static const char *percent(struct ui *u, double share)
{
    return isfinite(share) ? html_value(u, share, UI_FRAC) : NULL;
}

static const char *of_kind(struct ui *u, const struct rep_part_row *r)
{
    return ui_of(u, "kind", calc_kind_word((enum calc_kind)r->index));
}

static const char *of_category(struct ui *u, const struct rep_part_row *r)
{
    return ui_of(
            u, "category", calc_category_word((enum calc_category)r->index));
}

/* ---- pictures ------------------------------------------------------------ */

static void chart_rows(
        struct ui *u, const struct ui_chart *chart, enum ui_word head,
        const struct rep_part_row *rows, size_t n,
        const char *(*name)(struct ui *u, const struct rep_part_row *r))
{
    struct ui_bar bars[CALC_KINDS + CALC_CATEGORIES] = {0};

    CHECK(n <= sizeof bars / sizeof *bars);
    for (size_t i = 0; i < n; i++)
        bars[i] = (struct ui_bar){
                .label = name(u, &rows[i]),
                .value = rows[i].kg.value,
                .low = rows[i].kg.low,
                .high = rows[i].kg.high,
                .tone = UI_FABRICATION,
                .note = percent(u, rows[i].share),
        };
    ui_chart_bars(u, chart, ui_t(u, head), bars, n);
}

void html_chart_kinds(struct ui *u, const struct rep_year *y)
{
    struct ui_chart c = {
            .id = "chart-kinds",
            .beside = true,
            .title = ui_t(u, T_BY_KIND_TITLE),
            .subtitle = ui_t(u, T_REP_GROSS_SUBTITLE),
            .source = sets_source(u, y),
            .method = REP_METHOD_VERSION,
            .unit = UI_KG,
    };

    if (y->n_kinds > 0 && isfinite(y->kinds[0].share))
        c.title =
                ui_say(u, T_BY_KIND_FINDING, UI_S(of_kind(u, &y->kinds[0])),
                       UI_S(percent(u, y->kinds[0].share)));
    chart_rows(u, &c, T_COL_KIND, y->kinds, y->n_kinds, of_kind);
}

static void chart_categories(struct ui *u, const struct rep_year *y)
{
    struct ui_chart c = {
            .id = "chart-categories",
            .beside = true,
            .title = ui_t(u, T_BY_CATEGORY_TITLE),
            .subtitle = ui_t(u, T_REP_GROSS_SUBTITLE),
            .source = sets_source(u, y),
            .method = REP_METHOD_VERSION,
            .unit = UI_KG,
    };

    if (y->n_categories > 0 && isfinite(y->categories[0].share))
        c.title = ui_say(
                u, T_BY_CATEGORY_FINDING, UI_S(of_category(u, y->categories)),
                UI_S(percent(u, y->categories[0].share)));
    chart_rows(
            u, &c, T_COL_CATEGORY, y->categories, y->n_categories, of_category);
}

void html_chart_pair(struct ui *u, const struct rep_year *y)
{
    bool known = isfinite(y->gross_years.value);
    const char *ratio =
            known ? ui_number_text(u, y->gross_years.value, 1) : NULL;
    struct ui_chart c = {
            .id = "chart-pair",
            .beside = true,
            .title = known ? ui_say(u, T_PAIR_FINDING, UI_S(ratio))
                           : ui_t(u, T_PAIR_FINDING_PLAIN),
            .subtitle = ui_t(u, T_PAIR_SUBTITLE),
            .source = sets_source(u, y),
            .method = REP_METHOD_VERSION,
            .unit = rep_pair_unit(y->gross_kg.value, y->location_kg.value),
    };
    const struct ui_bar bars[] = {
            {.label = ui_t(u, T_FABRICATION_GROSS),
             .value = y->gross_kg.value,
             .low = y->gross_kg.low,
             .high = y->gross_kg.high,
             .tone = UI_FABRICATION,
             .note = known ? ui_say(u, T_TIMES, UI_S(ratio)) : NULL},
            {.label = ui_t(u, T_FABRICATION_OWN),
             .value = y->own_kg.value,
             .low = y->own_kg.low,
             .high = y->own_kg.high,
             .tone = UI_FABRICATION},
            {.label =
                     ui_t(u, y->complete ? T_OPERATION_YEAR
                                         : T_REP_OPERATION_PERIOD),
             .value = y->location_kg.value,
             .low = y->location_kg.low,
             .high = y->location_kg.high,
             .tone = UI_OPERATION},
            {.label = ui_t(u, T_FABRICATION_CHARGE),
             .value = y->charge_kg.value,
             .low = y->charge_kg.low,
             .high = y->charge_kg.high,
             .tone = UI_FABRICATION},
    };

    ui_chart_bars(u, &c, ui_t(u, T_COL_LINE), bars, sizeof bars / sizeof *bars);
}

void html_chart_ages(struct ui *u, const struct rep_year *y)
{
    enum { SERIES = 3 };
    const struct rep_fleet *f = &y->fleet;
    const struct rep_age_bin *unknown = &y->ages[REP_AGE_LAST + 1];
    uint64_t not_placed = unknown->under_warranty + unknown->out_of_warranty +
                          unknown->warranty_unknown;
    double values[(REP_AGE_LAST + 1) * SERIES];
    char texts[REP_AGE_LAST + 1][8];
    const char *labels[REP_AGE_LAST + 1];
    const struct ui_series series[SERIES] = {
            {ui_t(u, T_FLEET_UNDER_WARRANTY), UI_S3},
            {ui_t(u, T_FLEET_OUT_OF_WARRANTY), UI_S1},
            {ui_t(u, T_REP_WARRANTY_UNKNOWN), UI_OTHERS}};
    struct ui_chart c = {
            .id = "chart-ages",
            .title = ui_t(u, T_REP_AGE_PLAIN),
            .subtitle = ui_t(u, T_REP_AGE_SUBTITLE),
            .method = REP_METHOD_VERSION,
            .unit = UI_COUNT,
    };
    struct ui_stack s = {
            .label_head = ui_t(u, T_COL_AGE),
            .labels = labels,
            .series = series,
            .n_series = SERIES,
            .values = values,
            .unknown = not_placed ? ui_say(u, T_N_NOT_PLACED, UI_N(not_placed))
                                  : NULL,
    };
    size_t n = 0;

    for (size_t i = 0; i <= REP_AGE_LAST; i++) {
        const struct rep_age_bin *b = &y->ages[i];

        snprintf(
                texts[i], sizeof texts[i], i == REP_AGE_LAST ? "%zu+" : "%zu",
                i);
        labels[i] = texts[i];
        values[i * SERIES] = (double)b->under_warranty;
        values[i * SERIES + 1] = (double)b->out_of_warranty;
        values[i * SERIES + 2] = (double)b->warranty_unknown;
        if (b->under_warranty || b->out_of_warranty || b->warranty_unknown)
            n = i + 1;
    }
    if (n == 0)
        return;
    s.n = n;
    if (f->machines > f->warranty_unknown)
        c.title = ui_say(
                u, f->warranty_unknown ? T_REP_AGE_FINDING : T_AGE_FINDING,
                UI_S(
                        percent(u, 1.0 - (double)f->under_warranty /
                                                   (double)f->machines)));
    ui_chart_stack(u, &c, &s);
}

/* ---- tables -------------------------------------------------------------- */

/* Whole kilograms that add up to the rounded total [6 I8]. */
static void round_rows(
        const struct rep_part_row *rows, size_t n,
        double shown[CALC_KINDS + CALC_CATEGORIES])
{
    double kg[CALC_KINDS + CALC_CATEGORIES];

    CHECK(n <= CALC_KINDS + CALC_CATEGORIES);
    for (size_t i = 0; i < n; i++)
        kg[i] = rows[i].kg.value;
    calc_round_shown(kg, n, 1.0, shown);
}

static void table_kinds(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_KIND, .kind = UI_COL_HEAD},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
            {.head = T_INTERVAL, .kind = UI_COL_NUMBER},
            {.head = T_SHARE, .kind = UI_COL_NUMBER},
            {.head = T_REP_ADP, .kind = UI_COL_NUMBER},
            {.head = T_REP_PE, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_BY_KIND_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note =
                    ui_say(u, T_REP_CRITERIA_NOTE,
                           UI_S(html_value(u, y->gross_adp_coverage, UI_FRAC)),
                           UI_S(html_value(u, y->gross_pe_coverage, UI_FRAC))),
    };
    const char *none = ui_t(u, T_REP_NO_CRITERION);
    double shown[CALC_KINDS + CALC_CATEGORIES];

    round_rows(y->kinds, y->n_kinds, shown);
    ui_table_begin(u, &t, y->n_kinds);
    for (size_t i = 0; i < y->n_kinds; i++) {
        const struct rep_part_row *r = &y->kinds[i];

        ui_row(u);
        ui_cell(u, of_kind(u, r));
        html_cell_shown(u, shown[i], r->kg.value);
        html_cell_interval(u, r->kg);
        html_cell_v(u, r->share, UI_FRAC, NULL);
        html_cell_v(u, r->adp_kg_sb, UI_RATIO, none);
        html_cell_v(u, r->pe_mj, UI_RATIO, none);
    }
    ui_row_total(u);
    ui_cell_word(u, T_TOTAL);
    html_cell_shown(u, round(y->gross_kg.value), y->gross_kg.value);
    html_cell_interval(u, y->gross_kg);
    ui_cell_blank(u);
    html_cell_v(u, y->gross_adp_kg_sb, UI_RATIO, none);
    html_cell_v(u, y->gross_pe_mj, UI_RATIO, none);
    ui_table_end(u);
}

static void table_categories(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_CATEGORY, .kind = UI_COL_HEAD},
            {.head = T_COL_UNITS, .kind = UI_COL_NUMBER},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
            {.head = T_INTERVAL, .kind = UI_COL_NUMBER},
            {.head = T_SHARE, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_BY_CATEGORY_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
    };
    double shown[CALC_KINDS + CALC_CATEGORIES];

    round_rows(y->categories, y->n_categories, shown);
    ui_table_begin(u, &t, y->n_categories);
    for (size_t i = 0; i < y->n_categories; i++) {
        const struct rep_part_row *r = &y->categories[i];

        ui_row(u);
        ui_cell(u, of_category(u, r));
        html_cell_count(u, r->units);
        html_cell_shown(u, shown[i], r->kg.value);
        html_cell_interval(u, r->kg);
        html_cell_v(u, r->share, UI_FRAC, NULL);
    }
    ui_row_total(u);
    ui_cell_word(u, T_TOTAL);
    ui_cell_blank(u);
    html_cell_shown(u, round(y->gross_kg.value), y->gross_kg.value);
    html_cell_interval(u, y->gross_kg);
    ui_cell_blank(u);
    ui_table_end(u);
}

static void figures(struct ui *u, const struct rep_year *y)
{
    const struct {
        enum ui_word word;
        const struct calc_q *q;
        enum ui_badge badge;
        const char *why;
    } rows[] = {
            {T_FABRICATION_GROSS, &y->gross_kg, UI_NO_BADGE, "#why-gross"},
            {T_FABRICATION_OWN, &y->own_kg, UI_AMORT, "#why-own"},
            {T_FABRICATION_CHARGE, &y->charge_kg, UI_AMORT, "#why-charge"},
            {T_FABRICATION_ACQUISITION, &y->acquisition_kg, UI_ACQ,
             "#why-acquisition"},
    };

    ui_dl_begin(u);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ui_q q = UI_Q(*rows[i].q, UI_KG, rows[i].badge);

        q.why = rows[i].why;
        ui_dl_q(u, ui_t(u, rows[i].word), &q);
    }
    ui_dl_end(u);
}

void html_year_fabrication(struct ui *u, const struct rep_year *y)
{
    html_section(u, "fabrication", NULL, T_FABRICATION);
    ui_columns_begin(u);
    mk_begin(u->mk, "div");
    figures(u, y);
    html_chart_pair(u, y);
    mk_end(u->mk, "div");
    html_chart_kinds(u, y);
    ui_columns_end(u);
    table_kinds(u, y);
    ui_columns_begin(u);
    chart_categories(u, y);
    table_categories(u, y);
    ui_columns_end(u);
    ui_section_end(u);
}

/* ---- T4 ------------------------------------------------------------------ */

static void embodied_row(struct ui *u, const struct rep_embodied_row *r)
{
    ui_row(u);
    ui_cell(u, ui_of(u, "category", calc_category_word(r->category)));
    ui_cell_word(u, r->used ? T_REP_USED : T_REP_NOT_USED);
    ui_cell(u, html_approach(u, r->approach));
    html_cell_count(u, r->units);
    html_cell_kg(u, r->gross_kg, NULL);
    html_cell_kg(u, r->acquisition_kg, NULL);
    html_cell_kg(u, r->amortised_kg, NULL);
    html_cell_kg(u, r->cutoff_kg, NULL);
}

void html_year_embodied(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_CATEGORY, .kind = UI_COL_HEAD},
            {.head = T_COL_ACQUISITION},
            {.head = T_COL_APPROACH},
            {.head = T_COL_UNITS, .kind = UI_COL_NUMBER},
            {.head = T_REP_GROSS, .kind = UI_COL_NUMBER},
            {.head = T_VIEW_ACQUISITION, .kind = UI_COL_NUMBER},
            {.head = T_VIEW_AMORTISED, .kind = UI_COL_NUMBER},
            {.head = T_VIEW_CUTOFF, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_EMBODIED_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note = ui_t(u, T_REP_EMBODIED_NOTE),
    };

    html_section(u, "embodied", "T4", T_EMBODIED_TITLE);
    ui_table_begin(u, &t, y->n_embodied);
    for (size_t i = 0; i < y->n_embodied; i++)
        embodied_row(u, &y->embodied[i]);
    ui_table_end(u);
    ui_section_end(u);
}
