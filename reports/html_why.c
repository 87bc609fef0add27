/* SPDX-License-Identifier: Apache-2.0
 * "Why this number": for each total the formula in words, the same with the
 * numbers filled in, and where every factor comes from. */
#include "reports/write_priv.h"

#include <string.h>

/* ---- factor sets and factors ------------------------------------------------
 */

/* In four groups, so that it may break. */
static void hash(struct ui *u, const char *sha256)
{
    mk_begin(u->mk, "code");
    for (size_t at = 0; at < 64; at += 16) {
        if (at) {
            mk_begin(u->mk, "wbr");
            mk_end(u->mk, "wbr");
        }
        mk_textf(u->mk, "%.16s", sha256 + at);
    }
    mk_end(u->mk, "code");
}

static void sets(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_SET, .kind = UI_COL_HEAD},
            {.head = T_VERSION},
            {.head = T_REP_SET_TITLE},
            {.head = T_LICENCE},
            {.head = T_SOURCE},
            {.head = T_REP_SHA256},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_SETS_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
    };

    ui_table_begin(u, &t, y->n_sets);
    for (size_t i = 0; i < y->n_sets; i++) {
        const struct fac_set *s = &y->sets[i];

        ui_row(u);
        ui_cell(u, s->id);
        ui_cell(u, s->version);
        ui_cell(u, s->title);
        ui_cell(u, s->licence);
        ui_cell(u, s->source);
        ui_cell_begin(u);
        if (strlen(s->sha256) == 64)
            hash(u, s->sha256);
        ui_cell_end(u);
    }
    ui_table_end(u);
}

static void used(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_FACTOR, .kind = UI_COL_HEAD},
            {.head = T_VALUE, .kind = UI_COL_NUMBER},
            {.head = T_UNIT},
            {.head = T_REP_QUANTITY, .kind = UI_COL_NUMBER},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
            {.head = T_REP_GSD, .kind = UI_COL_NUMBER},
            {.head = T_SET},
            {.head = T_SOURCE},
    };
    const struct ui_table t = {
            .id = "factors-used",
            .caption = ui_t(u, T_REP_FACTORS_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note = ui_t(u, T_REP_FACTORS_NOTE),
            .compact = true,
    };
    const char *whole = ui_t(u, T_REP_WHOLE_FACTOR);

    ui_table_begin(u, &t, y->n_factors);
    for (size_t i = 0; i < y->n_factors; i++) {
        const struct rep_factor_use *r = &y->factors[i];

        ui_row(u);
        ui_cell(u, html_factor(u, r->name));
        html_cell_v(u, r->value, UI_RATIO, whole);
        ui_cell(u, r->unit);
        html_cell_v(u, r->quantity, UI_RATIO, whole);
        html_cell_kg(u, r->kg, NULL);
        html_cell_v(u, r->gsd, UI_RATIO, NULL);
        ui_cell(u, r->set ? arena_printf(
                                    &u->words, "%s %s", r->set,
                                    r->version ? r->version : "")
                          : NULL);
        ui_cell(u, r->source);
    }
    ui_table_end(u);
}

void html_year_factors(struct ui *u, const struct rep_year *y)
{
    html_section(u, "factors", NULL, T_FACTOR_SETS);
    sets(u, y);
    used(u, y);
    ui_section_end(u);
}

/* ---- derivations
 * --------------------------------------------------------------- */

static const char *kept(struct ui *u, struct buf *b)
{
    const char *text = arena_str(&u->words, buf_text(b));

    buf_clear(b);
    return text;
}

static const char *kg(struct ui *u, double v)
{
    return html_value(u, v, UI_KG);
}

/* "Memory 154 t + Cases 50.6 t + ... = 352 t" */
static const char *sum_of_kinds(struct ui *u, const struct rep_year *y)
{
    struct buf b;

    buf_init(&b, 8192);
    for (size_t i = 0; i < y->n_kinds; i++)
        buf_printf(
                &b, "%s%s %s", i ? " + " : "",
                ui_of(u, "kind",
                      calc_kind_word((enum calc_kind)y->kinds[i].index)),
                kg(u, y->kinds[i].kg.value));
    buf_printf(&b, " = %s", kg(u, y->gross_kg.value));
    return kept(u, &b);
}

/* The factors behind a figure: what each contributes. */
static struct ui_why_row *
factor_rows(struct ui *u, const struct rep_year *y, size_t *n)
{
    struct ui_why_row *rows =
            arena_alloc(&u->words, (y->n_factors + 1) * sizeof *rows);

    for (size_t i = 0; i < y->n_factors; i++) {
        const struct rep_factor_use *r = &y->factors[i];
        const char *value = kg(u, r->kg);

        if (isfinite(r->value) && isfinite(r->quantity))
            value = arena_printf(
                    &u->words, "%s %s \u00d7 %s = %s",
                    html_value(u, r->value, UI_RATIO), r->unit ? r->unit : "",
                    html_value(u, r->quantity, UI_RATIO), value);
        rows[i] = (struct ui_why_row){
                .factor = html_factor(u, r->name),
                .value = value,
                .set = r->set,
                .version = r->version,
                .source = r->source,
        };
    }
    *n = y->n_factors;
    return rows;
}

static void why_gross(struct ui *u, const struct rep_year *y)
{
    struct ui_why w = {
            .id = "why-gross",
            .title = ui_t(u, T_FABRICATION_GROSS),
            .formula = ui_t(u, T_REP_WHY_GROSS),
            .filled = sum_of_kinds(u, y),
    };

    w.rows = factor_rows(u, y, &w.n);
    ui_why(u, &w);
}

static void why_own(struct ui *u, const struct rep_year *y)
{
    double share =
            y->gross_kg.value > 0 ? y->own_kg.value / y->gross_kg.value : NAN;
    const char *rule = calc_rule_word(y->rule);
    const struct ui_why_row row = {
            .factor = arena_printf(
                    &u->words, "%s (%s)", ui_of(u, "rule", rule), rule),
            .value = html_value(u, share, UI_FRAC),
            .set = ui_t(u, T_REPORT_METHOD),
            .version = REP_METHOD_VERSION,
            .source = "docs/method.md 3.1",
    };
    const struct ui_why w = {
            .id = "why-own",
            .title = ui_t(u, T_FABRICATION_OWN),
            .formula = ui_t(u, T_REP_WHY_OWN),
            .filled = arena_printf(
                    &u->words, "%s \u00d7 %s = %s", kg(u, y->gross_kg.value),
                    html_value(u, share, UI_FRAC), kg(u, y->own_kg.value)),
            .rows = &row,
            .n = 1,
    };

    ui_why(u, &w);
}

static void why_charge(struct ui *u, const struct rep_year *y)
{
    const struct rep_net_stock *n = &y->net;
    const struct ui_why_row row = {
            .factor = ui_t(u, T_REP_WHY_LIVES),
            .value = ui_t(u, T_REP_WHY_LIVES_VALUE),
            .set = ui_t(u, T_REPORT_METHOD),
            .version = REP_METHOD_VERSION,
            .source = "docs/method.md 4.1, 4.2",
    };
    const struct ui_why w = {
            .id = "why-charge",
            .title = ui_t(u, T_FABRICATION_CHARGE),
            .formula = ui_t(u, T_REP_WHY_CHARGE),
            .filled = ui_say(
                    u, T_REP_WHY_CHARGE_FILLED, UI_S(kg(u, n->opening_kg)),
                    UI_S(kg(u, n->additions_kg)), UI_S(kg(u, n->charge_kg)),
                    UI_S(kg(u, n->closing_kg))),
            .rows = &row,
            .n = 1,
    };

    ui_why(u, &w);
}

static void why_acquisition(struct ui *u, const struct rep_year *y)
{
    struct buf b;
    struct ui_why w = {
            .id = "why-acquisition",
            .title = ui_t(u, T_FABRICATION_ACQUISITION),
            .formula = ui_t(u, T_REP_WHY_ACQUISITION),
    };
    size_t shown = 0;

    buf_init(&b, 16384);
    for (size_t i = 0; i < y->n_embodied; i++) {
        const struct rep_embodied_row *r = &y->embodied[i];

        if (!(r->acquisition_kg > 0))
            continue;
        buf_printf(
                &b, "%s%s (%s, %s) %s", shown++ ? " + " : "",
                ui_of(u, "category", calc_category_word(r->category)),
                ui_t(u, r->used ? T_REP_USED : T_REP_NOT_USED),
                html_approach(u, r->approach), kg(u, r->acquisition_kg));
    }
    if (shown == 0)
        buf_str(&b, ui_t(u, T_REP_WHY_NOTHING_CAME));
    else
        buf_printf(&b, " = %s", kg(u, y->acquisition_kg.value));
    w.filled = kept(u, &b);
    ui_why(u, &w);
}

static struct ui_why_row *
grid_rows(struct ui *u, const struct rep_year *y, size_t *n)
{
    struct ui_why_row *rows =
            arena_alloc(&u->words, (y->n_sites + 1) * sizeof *rows);

    for (size_t i = 0; i < y->n_sites; i++) {
        const struct rep_site_row *s = &y->sites[i];
        const char *kind =
                ui_of(u, "grid_kind", calc_grid_kind_word(s->grid.kind));

        rows[i] = (struct ui_why_row){
                .factor = arena_printf(
                        &u->words, "%s, %s, %s%s%s", ui_t(u, T_GRID_FACTOR),
                        s->name, s->grid.zone ? s->grid.zone : "",
                        s->grid.zone ? ", " : "", kind),
                .value = html_value(u, s->grid.g_per_kwh, UI_G_PER_KWH),
                .set = s->grid.set ? s->grid.set : ui_t(u, T_COL_SITE),
                .version = s->grid.version ? s->grid.version
                           : s->grid.year
                                   ? arena_printf(&u->words, "%d", s->grid.year)
                                   : NULL,
                .source = s->grid.source,
        };
    }
    *n = y->n_sites;
    return rows;
}

static void why_operation(struct ui *u, const struct rep_year *y)
{
    double pue =
            y->it_kwh.value > 0 ? y->site_kwh.value / y->it_kwh.value : NAN;
    struct ui_why w = {
            .id = "why-operation",
            .title = ui_t(u, T_OPERATION_YEAR),
            .formula = ui_t(u, T_REP_WHY_OPERATION),
            .filled = arena_printf(
                    &u->words, "%s \u00d7 %s \u00d7 %s = %s",
                    html_value(u, y->it_kwh.value, UI_KWH),
                    html_value(u, pue, UI_RATIO),
                    html_value(u, y->grid_g_per_kwh, UI_G_PER_KWH),
                    kg(u, y->location_kg.value)),
    };

    w.rows = grid_rows(u, y, &w.n);
    ui_why(u, &w);
}

static void why_ratio(struct ui *u, const struct rep_year *y)
{
    const struct ui_why_row row = {
            .factor = ui_t(u, T_REP_IND_GROSS_YEARS_LC),
            .value = ui_say(
                    u, T_REP_WHY_LIFE_CYCLE,
                    UI_S(html_value(
                            u, y->gross_years_life_cycle.value, UI_YEARS)),
                    UI_S(html_value(u, y->life_cycle_g_per_kwh, UI_G_PER_KWH)),
                    UI_D(y->life_cycle_year)),
            .set = y->n_sites ? y->sites[0].life_cycle.set : NULL,
            .version = y->n_sites ? y->sites[0].life_cycle.version : NULL,
            .source = y->life_cycle_source,
    };
    const struct ui_why w = {
            .id = "why-ratio",
            .title = ui_t(u, T_RATIO_GROSS),
            .formula = ui_t(u, T_REP_WHY_RATIO),
            .filled = arena_printf(
                    &u->words, "%s / %s = %s", kg(u, y->gross_kg.value),
                    kg(u, y->location_kg.value),
                    html_value(u, y->gross_years.value, UI_YEARS)),
            .rows = &row,
            .n = 1,
    };

    ui_why(u, &w);
}

static void why_totals(struct ui *u, const struct rep_year *y)
{
    const struct ui_why amortised = {
            .id = "why-amortised",
            .title = ui_t(u, T_TOTAL_AMORTISED),
            .formula = ui_t(u, T_REP_WHY_AMORTISED),
            .filled = arena_printf(
                    &u->words, "%s + %s + %s = %s", kg(u, y->charge_kg.value),
                    kg(u, y->writeoff_kg), kg(u, y->location_kg.value),
                    kg(u, y->amortised_total_kg.value)),
    };
    const struct ui_why acquisition = {
            .id = "why-acquisition-total",
            .title = ui_t(u, T_TOTAL_ACQUISITION),
            .formula = ui_t(u, T_REP_WHY_ACQUISITION_TOTAL),
            .filled = arena_printf(
                    &u->words, "%s + %s = %s", kg(u, y->acquisition_kg.value),
                    kg(u, y->location_kg.value),
                    kg(u, y->acquisition_total_kg.value)),
    };

    ui_why(u, &amortised);
    ui_why(u, &acquisition);
}

void html_year_why(struct ui *u, const struct rep_year *y)
{
    html_section(u, "why", NULL, T_WHY_TITLE);
    ui_p(u, ui_t(u, T_REP_WHY_INTRO));
    why_gross(u, y);
    why_own(u, y);
    why_charge(u, y);
    why_acquisition(u, y);
    why_operation(u, y);
    why_ratio(u, y);
    why_totals(u, y);
    ui_section_end(u);
}
