/* SPDX-License-Identifier: Apache-2.0
 * The operation of a yearly report (T5): energy by tier and month, what meters
 * say, hour by hour, market-based. */
#include "reports/write_priv.h"

static bool metered(const struct rep_year *y)
{
    return y->metered_machines > 0;
}

/* ---- by tier and by month ------------------------------------------------ */

static const struct ui_col tier_cols[] = {
        {.head = T_COL_TIER, .kind = UI_COL_HEAD},
        {.head = T_IT_KWH, .kind = UI_COL_NUMBER},
        {.head = T_MEASURED, .kind = UI_COL_NUMBER},
        {.head = T_FILLED, .kind = UI_COL_NUMBER},
};

static void by_tier(struct ui *u, const struct rep_year *y)
{
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_TIER_CAPTION),
            .cols = tier_cols,
            .n_cols = metered(y) ? 4 : 2,
            .note =
                    ui_say(u, T_REP_COVERAGE_NOTE,
                           UI_S(html_value(u, y->energy_coverage, UI_FRAC))),
    };
    size_t n = 0;

    for (int i = 0; i < CALC_NO_ENERGY; i++)
        n += y->tier_kwh[i] > 0;
    ui_table_begin(u, &t, n);
    for (int i = 0; i < CALC_NO_ENERGY; i++) {
        if (!(y->tier_kwh[i] > 0))
            continue;
        ui_row(u);
        ui_cell(u, ui_of(u, "tier", calc_tier_word((enum calc_tier)i)));
        html_cell_v(u, y->tier_kwh[i], UI_KWH, NULL);
        if (metered(y)) {
            html_cell_v(u, y->tier_measured_kwh[i], UI_KWH, NULL);
            html_cell_v(u, y->tier_filled_kwh[i], UI_KWH, NULL);
        }
    }
    ui_table_end(u);
}

static void meters(struct ui *u, const struct rep_year *y)
{
    if (!metered(y))
        return;
    ui_p(u, ui_say(u, T_REP_METERS, UI_N(y->metered_machines),
                   UI_S(html_value(u, y->metered_coverage, UI_FRAC)),
                   UI_S(html_value(u, y->measured_kwh, UI_KWH)),
                   UI_S(html_value(u, y->filled_kwh, UI_KWH))));
    if (y->estimated_machines)
        ui_p(u, ui_say(u, T_REP_ESTIMATED, UI_N(y->estimated_machines)));
    if (y->outside_kwh > 0)
        ui_p(u, ui_say(u, T_REP_OUTSIDE_SERVICE,
                       UI_S(html_value(u, y->outside_kwh, UI_KWH))));
}

static void month_row(
        struct ui *u, const struct rep_year *y,
        const struct rep_operation_row *r)
{
    ui_row(u);
    ui_cell_word(u, ui_word_month(r->month));
    ui_cell(u, calc_tier_word(r->tier));
    html_cell_v(u, r->it_kwh, UI_KWH, NULL);
    html_cell_v(u, r->infrastructure_kwh, UI_KWH, NULL);
    html_cell_v(u, r->location_kg, UI_KG_AS_KG, ui_t(u, T_REP_NO_GRID));
    if (metered(y)) {
        html_cell_v(u, r->measured_kwh, UI_KWH, NULL);
        html_cell_v(u, r->filled_kwh, UI_KWH, NULL);
    }
}

static void by_month(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_MONTH, .kind = UI_COL_HEAD},
            {.head = T_COL_TIER},
            {.head = T_IT_KWH, .kind = UI_COL_NUMBER},
            {.head = T_INFRA_KWH, .kind = UI_COL_NUMBER},
            {.head = T_LOCATION_KG, .kind = UI_COL_NUMBER},
            {.head = T_MEASURED, .kind = UI_COL_NUMBER},
            {.head = T_FILLED, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_OPERATION_MONTHS_CAPTION),
            .cols = cols,
            .n_cols = metered(y) ? 7 : 5,
            .compact = true,
    };

    ui_table_begin(u, &t, y->n_operation);
    for (size_t i = 0; i < y->n_operation; i++)
        month_row(u, y, &y->operation[i]);
    ui_row_total(u);
    ui_cell_word(u, T_TOTAL);
    ui_cell_blank(u);
    html_cell_v(u, y->it_kwh.value, UI_KWH, NULL);
    html_cell_v(u, y->site_kwh.value - y->it_kwh.value, UI_KWH, NULL);
    html_cell_v(u, y->location_kg.value, UI_KG_AS_KG, ui_t(u, T_REP_NO_GRID));
    if (metered(y)) {
        html_cell_v(u, y->measured_kwh, UI_KWH, NULL);
        html_cell_v(u, y->filled_kwh, UI_KWH, NULL);
    }
    ui_table_end(u);
}

/* Energy by month, stacked by tier; of a fleet that is all of one tier and the
 * same every month the table says it. */
static void chart_months(struct ui *u, const struct rep_year *y)
{
    static const enum ui_tone tones[CALC_NO_ENERGY] = {
            UI_S1, UI_S2, UI_S3, UI_S4, UI_S5};
    struct ui_series series[CALC_NO_ENERGY];
    double values[12 * CALC_NO_ENERGY] = {0};
    const char *labels[12];
    int at[CALC_NO_ENERGY];
    size_t n = 0;
    const struct ui_chart c = {
            .id = "chart-months",
            .beside = true,
            .title = metered(y)
                             ? ui_say(u, T_REP_MONTHS_FINDING,
                                      UI_S(html_value(
                                              u,
                                              y->measured_kwh / y->it_kwh.value,
                                              UI_FRAC)))
                             : ui_t(u, T_REP_MONTHS_PLAIN),
            .subtitle = ui_t(u, T_REP_TIER_CAPTION),
            .method = REP_METHOD_VERSION,
            .unit = UI_KWH,
    };

    for (int t = 0; t < CALC_NO_ENERGY; t++) {
        if (!(y->tier_kwh[t] > 0))
            continue;
        at[t] = (int)n;
        series[n++] = (struct ui_series){
                ui_of(u, "tier", calc_tier_word((enum calc_tier)t)), tones[t]};
    }
    for (int m = 0; m < 12; m++)
        labels[m] = arena_printf(&u->words, "%02d", m + 1);
    for (size_t i = 0; i < y->n_operation; i++)
        values[(size_t)(y->operation[i].month - 1) * n +
               (size_t)at[y->operation[i].tier]] = y->operation[i].it_kwh;
    if (n)
        ui_chart_stack(
                u, &c,
                &(struct ui_stack){
                        .label_head = ui_t(u, T_MONTH),
                        .labels = labels,
                        .n = 12,
                        .series = series,
                        .n_series = n,
                        .values = values});
}

/* ---- by site ------------------------------------------------------------- */

static bool pue_defaulted(const struct rep_year *y)
{
    for (size_t i = 0; i < y->n_sites; i++)
        if (!y->sites[i].pue_stated)
            return true;
    return false;
}

static void site_notes(struct ui *u, const struct rep_year *y)
{
    for (size_t i = 0; i < y->n_sites; i++)
        if (y->sites[i].note && y->sites[i].note[0]) {
            ui_p_begin(u);
            ui_muted(u, y->sites[i].name);
            ui_text(u, " \u00b7 ");
            ui_text(u, y->sites[i].note);
            ui_p_end(u);
        }
}

static void sites(struct ui *u, const struct rep_year *y)
{
    bool defaulted = pue_defaulted(y);
    static const struct ui_col cols[] = {
            {.head = T_COL_SITE, .kind = UI_COL_HEAD},
            {.head = T_COL_MACHINES, .kind = UI_COL_NUMBER},
            {.head = T_SITE_KWH, .kind = UI_COL_NUMBER},
            {.head = T_LOCATION_KG, .kind = UI_COL_NUMBER},
            {.head = T_IND_PUE, .kind = UI_COL_NUMBER},
            {.head = T_GRID_FACTOR, .kind = UI_COL_NUMBER},
            {.head = T_REP_GRID_KIND},
            {.head = T_SOURCE},
            {.head = T_REP_LIFE_CYCLE_G, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_SITES_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note = defaulted ? ui_t(u, T_REP_PUE_NOTE) : NULL,
    };

    ui_table_begin(u, &t, y->n_sites);
    for (size_t i = 0; i < y->n_sites; i++) {
        const struct rep_site_row *r = &y->sites[i];

        ui_row(u);
        ui_cell(u, r->name);
        html_cell_count(u, r->machines);
        html_cell_v(u, r->site_kwh, UI_KWH, NULL);
        html_cell_v(u, r->location_kg, UI_KG, NULL);
        ui_cell_begin(u);
        ui_text(u, ui_number_text(u, r->pue, 2));
        if (!r->pue_stated)
            ui_text(u, " *");
        ui_cell_end(u);
        html_cell_v(u, r->grid.g_per_kwh, UI_G_PER_KWH, ui_t(u, T_REP_NO_GRID));
        ui_cell(u, ui_of(u, "grid_kind", calc_grid_kind_word(r->grid.kind)));
        ui_cell_begin(u);
        ui_text(u, r->grid.source);
        if (r->grid.year)
            ui_text(u, arena_printf(&u->words, " (%d)", r->grid.year));
        ui_cell_end(u);
        html_cell_v(
                u, r->life_cycle.g_per_kwh, UI_G_PER_KWH,
                ui_t(u, T_REP_NO_GRID));
    }
    ui_table_end(u);
    site_notes(u, y);
}

/* PUE of the months of sites that state it by month. */
static void pue_months(struct ui *u, const struct rep_year *y)
{
    struct ui_col cols[13] = {{.head = T_COL_SITE, .kind = UI_COL_HEAD}};
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_PUE_MONTHS),
            .cols = cols,
            .n_cols = 13,
            .compact = true};
    size_t n = 0;

    for (size_t i = 0; i < y->n_sites; i++)
        n += y->sites[i].pue_varies;
    if (!n)
        return;
    for (int m = 0; m < 12; m++)
        cols[m + 1] = (struct ui_col){
                .text = arena_printf(&u->words, "%02d", m + 1),
                .kind = UI_COL_NUMBER};
    ui_table_begin(u, &t, n);
    for (size_t i = 0; i < y->n_sites; i++) {
        const struct rep_site_row *r = &y->sites[i];

        if (!r->pue_varies)
            continue;
        ui_row(u);
        ui_cell(u, r->name);
        for (int m = 0; m < 12; m++)
            ui_cell_number(u, r->pue_month[m], 2);
    }
    ui_table_end(u);
}

/* ---- hour by hour -------------------------------------------------------- */

static void hourly_row(struct ui *u, const struct rep_hourly_row *r)
{
    const char *other = ui_t(u, T_REP_OTHER_SOURCE);

    ui_row(u);
    ui_cell(u, r->site);
    ui_cell_begin(u);
    ui_text(u, r->zone);
    ui_text(u, ", ");
    ui_text(u, ui_of(u, "grid_kind", calc_grid_kind_word(r->kind)));
    ui_text(u, ", ");
    ui_text(u, r->set);
    ui_cell_end(u);
    html_cell_v(u, r->static_kg, UI_KG, other);
    html_cell_v(u, r->level_kg, UI_KG, other);
    html_cell_v(u, r->covariance_kg, UI_KG, NULL);
    html_cell_v(u, r->hourly_kg, UI_KG, NULL);
    html_cell_v(u, r->g_per_kwh, UI_G_PER_KWH, NULL);
    html_cell_v(u, r->load_weighted_g_per_kwh, UI_G_PER_KWH, NULL);
    ui_cell_begin(u);
    ui_text(u, ui_number_text(u, (double)r->missing, 0));
    if (r->static_months)
        ui_text(u, ui_say(u, T_REP_STATIC_MONTHS, UI_D(r->static_months)));
    ui_cell_end(u);
}

static void hourly(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_SITE, .kind = UI_COL_HEAD},
            {.head = T_REP_SERIES},
            {.head = T_REP_STATIC_KG, .kind = UI_COL_NUMBER},
            {.head = T_REP_LEVEL_KG, .kind = UI_COL_NUMBER},
            {.head = T_REP_COVARIANCE_KG, .kind = UI_COL_NUMBER},
            {.head = T_HOURLY_KG, .kind = UI_COL_NUMBER},
            {.head = T_REP_MEAN_G, .kind = UI_COL_NUMBER},
            {.head = T_REP_WEIGHTED_G, .kind = UI_COL_NUMBER},
            {.head = T_REP_MISSING_HOURS, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_HOURLY_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note =
                    ui_say(u, T_REP_HOURLY_NOTE,
                           UI_S(html_value(u, y->hourly_share, UI_FRAC))),
    };

    if (!y->n_hourly)
        return;
    ui_table_begin(u, &t, y->n_hourly);
    for (size_t i = 0; i < y->n_hourly; i++)
        hourly_row(u, &y->hourly[i]);
    ui_table_end(u);
}

/* ---- market-based -------------------------------------------------------- */

static void market(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_SITE, .kind = UI_COL_HEAD},
            {.head = T_SITE_KWH, .kind = UI_COL_NUMBER},
            {.head = T_REP_CONTRACTS_KWH, .kind = UI_COL_NUMBER},
            {.head = T_REP_CONTRACTS_G, .kind = UI_COL_NUMBER},
            {.head = T_REP_REST_KWH, .kind = UI_COL_NUMBER},
            {.head = T_REP_RESIDUAL_G, .kind = UI_COL_NUMBER},
            {.head = T_MARKET_KG, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_MARKET_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note = ui_t(u, T_REP_MARKET_NOTE),
    };
    const char *none = ui_t(u, T_REP_NO_RESIDUAL);

    if (!y->n_market)
        return;
    ui_table_begin(u, &t, y->n_market);
    for (size_t i = 0; i < y->n_market; i++) {
        const struct rep_market_row *r = &y->market[i];

        ui_row(u);
        ui_cell(u, r->site);
        html_cell_v(u, r->site_kwh, UI_KWH, NULL);
        html_cell_v(u, r->contracts_used_kwh, UI_KWH, NULL);
        html_cell_v(u, r->contracts_g_per_kwh, UI_G_PER_KWH, NULL);
        html_cell_v(u, r->rest_kwh, UI_KWH, NULL);
        html_cell_v(u, r->residual_g_per_kwh, UI_G_PER_KWH, none);
        html_cell_v(u, r->kg, UI_KG, none);
    }
    ui_table_end(u);
}

/* ---- T5 ------------------------------------------------------------------ */

static void figures(struct ui *u, const struct rep_year *y)
{
    const struct {
        enum ui_word word, reason;
        struct calc_q q;
        enum ui_unit unit;
        const char *why;
    } rows[] = {
            {T_IT_KWH, T_REP_NO_ENERGY_REASON, y->it_kwh, UI_KWH, NULL},
            {T_SITE_KWH, T_REP_NO_ENERGY_REASON, y->site_kwh, UI_KWH, NULL},
            {T_LOCATION_KG, T_REP_NO_ENERGY_REASON, y->location_kg, UI_KG,
             "#why-operation"},
            {T_HOURLY_KG, T_REP_NO_HOURLY, y->hourly_kg, UI_KG, NULL},
            {T_MARKET_KG, y->n_market ? T_REP_NO_RESIDUAL : T_REP_NO_MARKET,
             y->market_kg, UI_KG, NULL},
    };

    ui_dl_begin(u);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ui_q q = UI_Q(rows[i].q, rows[i].unit, UI_NO_BADGE);

        q.why = rows[i].why;
        q.reason = ui_t(u, rows[i].reason);
        ui_dl_q(u, ui_t(u, rows[i].word), &q);
    }
    ui_dl_end(u);
}

void html_year_operation(struct ui *u, const struct rep_year *y)
{
    html_section(u, "operation", "T5", T_OPERATION_TITLE);
    ui_columns_begin(u);
    figures(u, y);
    by_tier(u, y);
    ui_columns_end(u);
    meters(u, y);
    if (metered(y))
        chart_months(u, y);
    sites(u, y);
    pue_months(u, y);
    hourly(u, y);
    market(u, y);
    by_month(u, y);
    ui_section_end(u);
}
