/* SPDX-License-Identifier: Apache-2.0
 * The dashboard: the sentence, fabrication against operation, what needs
 * attention with where to act on it, and two pictures. */
#include "reports/write_priv.h"

#include <string.h>

static void
item(struct ui *u, const char *text, const char *href, enum ui_word go)
{
    size_t len = strlen(text);

    ui_item_begin(u);
    ui_text(u, text);
    if (u->mode == UI_SERVED) { /* a file has nowhere to go */
        ui_text(u, len && text[len - 1] == '.' ? " " : ". ");
        ui_link(u, href, ui_t(u, go));
    }
    ui_item_end(u);
}

/* What a report would say before anything is quoted from here. */
static size_t warnings(struct ui *u, const struct rep_year *y)
{
    struct rep_flag flags[REP_FLAGS];
    size_t n = rep_flags(y, flags), told = 0;
    struct buf text;

    buf_init(&text, 4096);
    for (size_t i = 0; i < n; i++) {
        enum rep_flag_id id = flags[i].id;

        if (id != REP_FLAG_CALIBRATED && id != REP_FLAG_IDENTITY &&
            id != REP_FLAG_BASIS && id != REP_FLAG_BASIS_MIXED)
            continue;
        buf_reset(&text);
        rep_put_flag(&text, u->lang, y, &flags[i]);
        ui_item_begin(u);
        ui_tag(u, ui_t(u, T_WARNING), UI_WARNING);
        ui_text(u, " ");
        ui_text(u, buf_text(&text));
        ui_item_end(u);
        told++;
    }
    buf_clear(&text);
    return told;
}

static size_t attention(struct ui *u, const struct rep_year *y)
{
    uint64_t excluded = rep_excluded_units(y);
    size_t n = warnings(u, y);

    if (y->unknown_model_lines && ++n)
        item(u, ui_say(u, T_ATTENTION_UNKNOWN, UI_N(y->unknown_model_lines)),
             "/machines?sort=product", T_REP_SEE_MACHINES);
    if (y->energy_coverage < 1.0 && ++n)
        item(u,
             ui_say(u, T_REP_ATTENTION_POWER,
                    UI_S(html_value(u, y->energy_coverage, UI_FRAC))),
             "/machines?status=in_service", T_REP_SEE_MACHINES);
    if (y->age_unknown_lines && ++n)
        item(u, ui_say(u, T_ATTENTION_DATES, UI_N(y->age_unknown_lines)),
             "/machines?sort=acquired", T_REP_SEE_MACHINES);
    if (y->fleet.warranty_unknown && ++n)
        item(u,
             ui_say(u, T_REP_ATTENTION_WARRANTY,
                    UI_N(y->fleet.warranty_unknown)),
             "/machines?warranty=0", T_REP_SEE_MACHINES);
    if (excluded && ++n)
        item(u, ui_say(u, T_REP_ATTENTION_EXCLUDED, UI_N(excluded)),
             arena_printf(
                     &u->words, "/reports/%d#exclusions",
                     y->year ? y->year : y->made_on.year),
             T_REP_SEE_LIST);
    return n;
}

void rep_dashboard_html(const struct rep_year *y, struct ui *u)
{
    const struct ui_link ways[] = {
            {"/import", ui_t(u, T_WAY_IMPORT)},
            {"/machines", ui_t(u, T_WAY_ADD)},
    };

    if (y->fleet.machines == 0 && y->n_categories == 0) {
        ui_empty(u, ui_t(u, T_DASH_EMPTY), ui_t(u, T_DASH_EMPTY_TEXT), ways, 1);
        return;
    }
    html_year_first(u, y, false);
    ui_section_begin(u, "attention", ui_t(u, T_DASH_ATTENTION));
    ui_list_begin(u);
    if (attention(u, y) == 0)
        ui_item(u, ui_t(u, T_DASH_NOTHING));
    ui_list_end(u);
    ui_section_end(u);
    ui_columns_begin(u);
    html_chart_kinds(u, y);
    html_chart_ages(u, y);
    ui_columns_end(u);
}
