/* SPDX-License-Identifier: Apache-2.0
 * The list of years and the report of one, as a page or as a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "web/web_priv.h"

enum { YEARS_SHOWN = 6 };

static void year_links(struct ui *u, int year)
{
    static const char *const formats[] = {"html", "json", "csv", "xml"};
    char href[40], text[8];

    snprintf(href, sizeof href, "/reports/%d", year);
    snprintf(text, sizeof text, "%d", year);
    ui_item_begin(u);
    ui_link(u, href, text);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        ui_text(u, i ? ", " : " \u2013 ");
        snprintf(href, sizeof href, "/reports/%d.%s", year, formats[i]);
        ui_link(u, href, formats[i]);
    }
    ui_item_end(u);
}

bool web_reports(struct web_request *r, struct web_answer *a, struct err *err)
{
    struct date today;
    struct web_page p;

    if (!date_today(&today, err))
        return false;
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = ui_word_text(r->lang, T_NAV_REPORTS),
                    .lead = ui_word_text(r->lang, T_REPORTS_LEAD),
                    .current = "/reports"});
    ui_list_begin(&p.ui);
    for (int i = 0; i < YEARS_SHOWN; i++)
        year_links(&p.ui, today.year - i);
    ui_list_end(&p.ui);
    return web_page_end(&p, err);
}

/* "2025" or "2025.json": the year and the format's word ("" a page). */
static bool
parse_rest(const char *rest, int *year, const char **format, struct err *err)
{
    const char *dot = strchr(rest, '.');
    size_t len = dot ? (size_t)(dot - rest) : strlen(rest);
    int64_t y;

    if (!num_parse_int(rest, len, 1990, 2200, &y, err)) {
        err->code = ERR_NOT_FOUND;
        return false;
    }
    *year = (int)y;
    *format = dot ? dot + 1 : "";
    return true;
}

static const char *type_of(enum rep_format f)
{
    switch (f) {
    case REP_JSON:
        return "application/json";
    case REP_CSV:
        return "text/csv; charset=utf-8";
    case REP_XML:
        return "application/xml";
    case REP_HTML:
        return "text/html; charset=utf-8";
    case REP_TEXT:
        break;
    }
    return "text/plain; charset=utf-8";
}

static bool write_file(
        struct web_request *r, struct web_answer *a, const struct web_year *y,
        const char *word, struct err *err)
{
    struct rep_writing w = {
            .language = ui_lang_code(r->lang),
            .pack = r->pack,
            .options = &y->options};
    struct out out;

    if (!rep_format_from(word, &w.format))
        return err_set(
                err, ERR_NOT_FOUND, "no format '%s': html, json, csv or xml",
                word);
    a->type = type_of(w.format);
    a->download =
            arena_printf(&a->arena, "fleetprint-%d.%s", y->options.year, word);
    out_to_buf(&out, &a->body);
    return rep_year_write(y->year, &w, &out, err) && out_finish(&out, err);
}

static bool write_page(
        struct web_request *r, struct web_answer *a, const struct web_year *y,
        struct err *err)
{
    struct ui_link crumb = {"/reports", ui_word_text(r->lang, T_NAV_REPORTS)};
    struct web_page p;
    struct buf title;
    bool ok;

    buf_init(&title, 200);
    ui_put_say(
            &title, r->lang, T_REPORT_YEAR_TITLE,
            UI_ARGS(UI_D(y->options.year)));
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = buf_text(&title),
                    .current = "/reports",
                    .crumbs = &crumb,
                    .n_crumbs = 1});
    rep_year_html_body(y->year, &p.ui);
    ok = web_page_end(&p, err);
    buf_clear(&title);
    return ok;
}

bool web_report(struct web_request *r, struct web_answer *a, struct err *err)
{
    struct web_year y = {0};
    const char *format;
    int year;
    bool ok;

    if (!parse_rest(r->rest, &year, &format, err) ||
        !web_year_take(r->pool, year, &y, err))
        return false;
    ok = format[0] ? write_file(r, a, &y, format, err)
                   : write_page(r, a, &y, err);
    web_year_give(r->pool, &y);
    return ok;
}
