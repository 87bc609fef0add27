/* SPDX-License-Identifier: Apache-2.0
 * The yearly report as one self-contained HTML file, and its body for served
 * pages: summary, tables T1 to T12, machines, derivations. */
#include "reports/write_priv.h"

void rep_year_html_body(const struct rep_year *y, struct ui *u)
{
    html_year_summary(u, y);
    html_year_identity(u, y);
    html_year_fleet(u, y);
    html_year_fabrication(u, y);
    html_year_stock(u, y);
    html_year_embodied(u, y);
    html_year_operation(u, y);
    html_year_totals(u, y);
    html_year_indicators(u, y);
    html_year_rules(u, y);
    html_year_frames(u, y);
    html_year_outside(u, y);
    html_year_quality(u, y);
    html_year_factors(u, y);
    html_year_why(u, y);
}

/* ---- machine by machine
 * ------------------------------------------------------- */

static const struct ui_col machine_cols[] = {
        {.head = T_COL_TAG, .kind = UI_COL_HEAD},
        {.head = T_COL_CATEGORY},
        {.head = T_COL_UNITS, .kind = UI_COL_NUMBER},
        {.head = T_COL_APPROACH},
        {.head = T_COL_GROSS, .kind = UI_COL_NUMBER},
        {.head = T_COL_OWN, .kind = UI_COL_NUMBER},
        {.head = T_COL_CHARGE, .kind = UI_COL_NUMBER},
        {.head = T_COL_ENERGY, .kind = UI_COL_NUMBER},
        {.head = T_COL_TIER},
        {.head = T_COL_OPERATION, .kind = UI_COL_NUMBER},
};

static bool
count_row(void *ctx, const struct rep_machine_row *m, struct err *err)
{
    size_t *n = ctx;

    (void)m;
    (void)err;
    ++*n;
    return true;
}

/* Keeps nothing in the document's words: there may be a million rows. */
static bool
machine_row(void *ctx, const struct rep_machine_row *m, struct err *err)
{
    struct ui *u = ctx;

    (void)err;
    ui_row(u);
    ui_cell(u, m->tag);
    ui_cell(u, ui_of(u, "category", calc_category_word(m->category)));
    html_cell_count(u, m->units);
    ui_cell(u, calc_approach_word(m->approach));
    html_cell_v(u, m->gross_kg.value, UI_KG_AS_KG, ui_t(u, T_REP_NO_FACTOR));
    html_cell_v(u, m->own_kg, UI_KG_AS_KG, ui_t(u, T_REP_NO_FACTOR));
    html_cell_v(u, m->charge_kg, UI_KG_AS_KG, ui_t(u, T_REP_NO_FACTOR));
    html_cell_v(u, m->kwh, UI_KWH, ui_t(u, T_REP_NO_POWER));
    ui_cell(u, calc_tier_word(m->tier));
    html_cell_v(u, m->operation_kg.value, UI_KG_AS_KG, ui_t(u, T_REP_NO_POWER));
    return true;
}

static bool
html_machines(struct ui *u, const struct rep_writing *w, struct err *err)
{
    const struct ui_table t = {
            .caption = ui_t(u, T_MACHINES_CAPTION),
            .cols = machine_cols,
            .n_cols = sizeof machine_cols / sizeof *machine_cols,
            .compact = true,
    };
    size_t n = 0;
    bool ok;

    if (!rep_year_machines(w->db, w->pack, w->options, count_row, &n, err))
        return false;
    html_section(u, "machines", NULL, T_MACHINES_OF_REPORT);
    ui_table_begin(u, &t, n);
    ok = rep_year_machines(w->db, w->pack, w->options, machine_row, u, err);
    ui_table_end(u);
    ui_section_end(u);
    return ok;
}

/* ---- the file
 * -------------------------------------------------------------------- */

static const char *foot(struct ui *u, const struct rep_year *y)
{
    return ui_say(
            u, T_REP_FOOT, UI_S(ui_date_text(u, y->start)),
            UI_S(ui_date_text(
                    u, date_known(y->end)
                               ? date_from_days(date_days(y->end) - 1)
                               : y->end)),
            UI_S(REP_METHOD_VERSION), UI_S(y->sha256[0] ? y->sha256 : "-"));
}

bool write_year_html(
        const struct rep_year *y, const struct rep_writing *w, struct out *out,
        struct err *err)
{
    enum ui_lang lang = UI_EN;
    struct ui u;
    struct ui_page page = {.wide = true};

    ui_lang_from(w->language, &lang);
    ui_init(&u, out, lang, UI_FILE);
    page.title = y->year ? ui_say(&u, T_REPORT_YEAR_TITLE, UI_D(y->year))
                         : ui_t(&u, T_REPORT_FLEET_TITLE);
    page.foot = foot(&u, y);
    ui_page_begin(&u, &page);
    rep_year_html_body(y, &u);
    if (w->db && !html_machines(&u, w, err)) {
        ui_clear(&u);
        return false;
    }
    return ui_page_end(&u, err) && out_finish(out, err);
}
