/* SPDX-License-Identifier: Apache-2.0
 * The factor sets, and the factors of one (?set=ID), each with its source. */
#include <math.h>
#include <string.h>

#include "web/web_priv.h"

static void sets_table(struct ui *u, const struct fac_set *sets, size_t n)
{
    static const struct ui_col cols[] = {
            {.head = T_SET, .kind = UI_COL_HEAD},
            {.head = T_VERSION},
            {.head = T_COL_TITLE},
            {.head = T_LICENCE},
            {.head = T_COL_ROWS, .kind = UI_COL_NUMBER},
    };
    struct buf href;

    ui_table_begin(
            u,
            &(struct ui_table){
                    .caption = ui_t(u, T_FACTOR_SETS_CAPTION),
                    .cols = cols,
                    .n_cols = sizeof cols / sizeof *cols},
            n);
    for (size_t i = 0; i < n; i++) {
        buf_init(&href, 400);
        buf_str(&href, "/factors?set=");
        web_url_part(&href, sets[i].id);
        ui_row(u);
        ui_cell_link(u, buf_text(&href), sets[i].id);
        ui_cell(u, sets[i].version);
        ui_cell(u, sets[i].title);
        ui_cell(u, sets[i].licence);
        ui_cell_count(u, (double)sets[i].rows);
        buf_clear(&href);
    }
    ui_table_end(u);
}

/* So many that four digits count: factors go from 10^-6 to 10^3. */
static int decimals_of(double value)
{
    int magnitude = isnan(value) || !(fabs(value) > 0)
                            ? 0
                            : (int)floor(log10(fabs(value)));

    return magnitude >= 3 ? 0 : magnitude < -6 ? 9 : 3 - magnitude;
}

static void factors_table(
        struct ui *u, const struct fac_pack *pack, const struct fac_set *set)
{
    static const struct ui_col cols[] = {
            {.head = T_FACTOR, .kind = UI_COL_HEAD},
            {.head = T_VALUE, .kind = UI_COL_NUMBER},
            {.head = T_UNIT},
            {.text = "GSD", .kind = UI_COL_NUMBER},
            {.head = T_SOURCE},
    };
    const struct fac_factor *f;
    size_t n = fac_factors(pack, &f), mine = 0;

    for (size_t i = 0; i < n; i++)
        mine += f[i].set == set;
    if (!mine)
        return;
    ui_table_begin(
            u,
            &(struct ui_table){
                    .caption = ui_t(u, T_FACTORS_CAPTION),
                    .cols = cols,
                    .n_cols = sizeof cols / sizeof *cols,
                    .compact = true},
            mine);
    for (size_t i = 0; i < n; i++) {
        if (f[i].set != set)
            continue;
        ui_row(u);
        ui_cell(u, f[i].key);
        if (isnan(f[i].value[CALC_GWP]))
            ui_cell_unknown(u, ui_t(u, T_UNKNOWN_REASON));
        else
            ui_cell_number(
                    u, f[i].value[CALC_GWP], decimals_of(f[i].value[CALC_GWP]));
        ui_cell(u, f[i].unit);
        ui_cell_number(u, f[i].gsd, 2);
        ui_cell(u, f[i].source);
    }
    ui_table_end(u);
}

static void set_facts(struct ui *u, const struct fac_set *set)
{
    ui_dl_begin(u);
    ui_dl(u, ui_t(u, T_SET), set->id);
    ui_dl(u, ui_t(u, T_VERSION), set->version);
    ui_dl(u, ui_t(u, T_LICENCE), set->licence);
    ui_dl(u, ui_t(u, T_SOURCE), set->source);
    ui_dl(u, ui_t(u, T_COL_ROWS), ui_number_text(u, (double)set->rows, 0));
    ui_dl(u, "SHA-256", set->sha256);
    ui_dl_end(u);
}

static bool set_page(
        struct web_request *r, struct web_answer *a, const struct fac_set *set,
        struct err *err)
{
    const struct ui_link crumb = {
            "/factors", ui_word_text(r->lang, T_NAV_FACTORS)};
    struct web_page p;
    struct buf self;

    buf_init(&self, 3 * WEB_MAX_TARGET);
    buf_str(&self, "/factors?set=");
    web_url_part(&self, set->id);
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = set->title,
                    .current = "/factors",
                    .crumbs = &crumb,
                    .n_crumbs = 1,
                    .address = buf_text(&self),
                    .wide = true});
    buf_clear(&self);
    set_facts(&p.ui, set);
    factors_table(&p.ui, web_pack_of(r), set);
    return web_page_end(&p, err);
}

bool web_factors(struct web_request *r, struct web_answer *a, struct err *err)
{
    const char *id = r->query(r, "set");
    const struct fac_set *sets, *set;
    size_t n = fac_sets(web_pack_of(r), &sets);
    struct web_page p;

    if (id && id[0]) {
        set = fac_set_by_id(web_pack_of(r), id);
        if (!set)
            return err_set(err, ERR_NOT_FOUND, "no factor set '%.80s'", id);
        return set_page(r, a, set, err);
    }
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = ui_word_text(r->lang, T_NAV_FACTORS),
                    .lead = ui_word_text(r->lang, T_FACTORS_LEAD),
                    .current = "/factors",
                    .wide = true});
    sets_table(&p.ui, sets, n);
    return web_page_end(&p, err);
}
