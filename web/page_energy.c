/* SPDX-License-Identifier: Apache-2.0
 * Who sends energy: each sender with its machine, meters, when it was last
 * heard, and how much of the last 30 days was read. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/num.h"
#include "web/web_priv.h"

enum { SILENT_S = 24 * 3600, DAY_S = 86400 };

/* "2026-11-21 05:10" in UTC, on one line; "" never. */
static const char *moment(struct ui *u, int64_t t_s)
{
    struct date d = date_from_days((int32_t)(t_s / DAY_S));

    if (!t_s)
        return "";
    return arena_printf(
            &u->words, "%04d\u2011%02d\u2011%02d\u00a0%02d:%02d", d.year,
            d.month, d.day, (int)(t_s % DAY_S / 3600), (int)(t_s % 3600 / 60));
}

static bool is_silent(const struct rep_sender *s, int64_t now_s)
{
    return !strcmp(s->state, "approved") && strcmp(s->kind, "file") != 0 &&
           s->seen_s + SILENT_S < now_s;
}

static void state_cell(struct ui *u, const struct rep_sender *s, int64_t now_s)
{
    ui_cell_begin(u);
    if (is_silent(s, now_s))
        ui_tag(u, ui_t(u, T_SENDER_SILENT), UI_WARNING);
    else
        ui_tag(u, ui_of(u, "sender_state", s->state),
               strcmp(s->state, "approved") != 0 ? UI_WARNING : UI_NEUTRAL);
    ui_cell_end(u);
}

static void coverage_cell(struct ui *u, const struct rep_sender *s)
{
    if (isnan(s->coverage)) {
        ui_cell_unknown(u, ui_t(u, T_SENDER_NOTHING));
        return;
    }
    ui_cell_begin(u);
    ui_q(u, &UI_V(s->coverage, UI_FRAC));
    if (s->coverage < REP_COVERED) {
        ui_text(u, " ");
        ui_tag(u, ui_t(u, T_ESTIMATED), UI_WARNING);
    }
    ui_cell_end(u);
}

static void sender_row(struct ui *u, const struct rep_sender *s, int64_t now_s)
{
    struct buf href;

    buf_init(&href, 3 * WEB_MAX_TARGET);
    buf_str(&href, "/machines/");
    ui_row(u);
    ui_cell(u, s->name);
    if (s->tag) {
        web_url_part(&href, s->tag);
        ui_cell_link(u, buf_text(&href), s->tag);
    } else {
        ui_cell(u, NULL);
    }
    ui_cell(u, ui_of(u, "sender", s->kind));
    state_cell(u, s, now_s);
    ui_cell_begin(u);
    ui_text(u, ui_number_text(u, s->meters, 0));
    if (s->missing) {
        ui_text(u, " ");
        ui_tag(u, ui_say(u, T_SENSORS_MISSING, UI_N(s->missing)), UI_WARNING);
    }
    ui_cell_end(u);
    ui_cell(u, moment(u, s->seen_s));
    coverage_cell(u, s);
    if (isnan(s->kwh))
        ui_cell_unknown(u, ui_t(u, T_SENDER_NOTHING));
    else
        ui_cell_value(u, s->kwh, UI_KWH);
    ui_cell(u, s->tier == CALC_NO_ENERGY ? "" : calc_tier_word(s->tier));
    buf_clear(&href);
}

static void table(struct ui *u, const struct rep_senders *s, int64_t now_s)
{
    static const struct ui_col cols[] = {
            {.head = T_SENDER, .kind = UI_COL_HEAD},
            {.head = T_COL_MACHINE},
            {.head = T_COL_KIND},
            {.head = T_COL_STATE},
            {.head = T_METERS, .kind = UI_COL_NUMBER},
            {.head = T_LAST_SEEN},
            {.head = T_COVERAGE_30, .kind = UI_COL_NUMBER},
            {.head = T_ENERGY_30, .kind = UI_COL_NUMBER},
            {.head = T_COL_TIER},
    };

    ui_table_begin(
            u,
            &(struct ui_table){
                    .caption = ui_t(u, T_SENDERS_CAPTION),
                    .cols = cols,
                    .n_cols = sizeof cols / sizeof *cols,
                    .note = ui_t(u, T_SENDERS_NOTE)},
            s->n);
    for (size_t i = 0; i < s->n; i++)
        sender_row(u, &s->items[i], now_s);
    ui_table_end(u);
}

static void nothing(struct ui *u)
{
    ui_empty(u, ui_t(u, T_ENERGY_EMPTY), ui_t(u, T_ENERGY_EMPTY_TEXT), NULL, 0);
    ui_p(u, ui_t(u, T_ENERGY_WAY_AGENT));
    ui_command(u, "fleetprint-agent --help");
    ui_p(u, ui_t(u, T_ENERGY_WAY_PULL));
    ui_command(u, "fleetprint energy pull --help");
    ui_p(u, ui_t(u, T_ENERGY_WAY_FILE));
    ui_command(u, "fleetprint energy import FILE...");
}

static void pager(struct ui *u, const struct rep_senders *s, size_t page)
{
    char prev[64], next[64];
    size_t first = (page - 1) * WEB_PAGE_ROWS;

    snprintf(prev, sizeof prev, "/energy?page=%zu", page - 1);
    snprintf(next, sizeof next, "/energy?page=%zu", page + 1);
    ui_pager(
            u, &(struct ui_pager){
                       .first = first + 1,
                       .last = first + s->n,
                       .total = (size_t)s->total,
                       .prev_href = page > 1 ? prev : NULL,
                       .next_href = first + s->n < s->total ? next : NULL});
}

static bool
draw(struct web_request *r, struct web_answer *a, const struct rep_senders *s,
     size_t page, struct err *err)
{
    struct web_page p;
    char self[64];

    snprintf(self, sizeof self, "/energy?page=%zu", page);
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = ui_word_text(r->lang, T_ENERGY_TITLE),
                    .lead = ui_word_text(r->lang, T_ENERGY_LEAD),
                    .current = "/energy",
                    .address = page > 1 ? self : "/energy",
                    .wide = true});
    if (s->n) {
        table(&p.ui, s, (int64_t)time(NULL));
        pager(&p.ui, s, page);
    } else {
        nothing(&p.ui);
    }
    return web_page_end(&p, err);
}

bool web_energy_page(
        struct web_request *r, struct web_answer *a, struct err *err)
{
    const char *text = r->query(r, "page");
    struct rep_senders *s = NULL;
    struct web_db db = {0};
    struct date today;
    int64_t page = 1;
    bool ok = false;

    if (text && !num_parse_int(text, strlen(text), 1, 1000000, &page, err)) {
        err->code = ERR_INVALID;
        err_in(err, "page");
        return false;
    }
    if (!date_today(&today, err) || !web_db_take(r->pool, &db, err))
        goto done;
    ok = rep_senders_make(
                 db.db, today, WEB_PAGE_ROWS,
                 (uint32_t)(page - 1) * WEB_PAGE_ROWS, &s, err) &&
         draw(r, a, s, (size_t)page, err);
done:
    rep_senders_free(s);
    web_db_give(r->pool, &db);
    return ok;
}
