/* SPDX-License-Identifier: Apache-2.0
 * The list of years and the report of one, as a page or as a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "web/web_priv.h"

enum { YEARS_SHOWN = 6, FIRST_YEAR = 1990 };

static void
file_link(struct ui *u, int year, const char *ending, const char *text)
{
    char href[60];

    snprintf(href, sizeof href, "/reports/%d.%s", year, ending);
    ui_link(u, href, text);
}

/* One file of each format; the one for people in each language. */
static void file_links(struct ui *u, int year)
{
    static const char *const formats[][2] = {
            {"json", "JSON"}, {"csv", "CSV"}, {"xml", "XML"}};
    char ending[16], text[60];

    for (int i = 0; i < UI_LANGS; i++) {
        enum ui_lang lang = (enum ui_lang)i;

        snprintf(ending, sizeof ending, "html?lang=%s", ui_lang_code(lang));
        snprintf(
                text, sizeof text, "HTML (%s)",
                ui_word_text(
                        lang, lang == UI_FR ? T_LANG_NAME_FR : T_LANG_NAME_EN));
        if (i)
            ui_text(u, " \u00b7 ");
        file_link(u, year, ending, text);
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        ui_text(u, " \u00b7 ");
        file_link(u, year, formats[i][0], formats[i][1]);
    }
}

static void year_row(struct ui *u, int year)
{
    char href[40], text[8];

    snprintf(href, sizeof href, "/reports/%d", year);
    snprintf(text, sizeof text, "%d", year);
    ui_row(u);
    ui_cell_link(u, href, text);
    ui_cell_begin(u);
    file_links(u, year);
    ui_cell_end(u);
}

static void years_table(struct ui *u, int last)
{
    static const struct ui_col cols[] = {
            {.head = T_YEAR, .kind = UI_COL_HEAD},
            {.head = T_COL_FILES},
    };

    ui_table_begin(
            u,
            &(struct ui_table){
                    .caption = ui_t(u, T_REPORTS_CAPTION),
                    .cols = cols,
                    .n_cols = sizeof cols / sizeof *cols},
            YEARS_SHOWN);
    for (int i = 0; i < YEARS_SHOWN; i++)
        year_row(u, last - i);
    ui_table_end(u);
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
                    .title = ui_word_text(r->lang, T_REPORTS_TITLE),
                    .lead = ui_word_text(r->lang, T_REPORTS_LEAD),
                    .current = "/reports"});
    years_table(&p.ui, today.year);
    return web_page_end(&p, err);
}

/* "2025" or "2025.json": the year and the format's word ("" a page). */
static bool
parse_rest(const char *rest, int *year, const char **format, struct err *err)
{
    struct date today;
    int64_t y = 0;

    if (!date_today(&today, err))
        return false;
    if (strspn(rest, "0123456789") != 4 || (rest[4] && rest[4] != '.') ||
        !num_parse_int(rest, 4, FIRST_YEAR, today.year, &y, err))
        return err_set(
                err, ERR_NOT_FOUND,
                "no report '%.80s', expected a year from %d to %d", rest,
                FIRST_YEAR, today.year);
    *year = (int)y;
    *format = rest[4] ? rest + 5 : "";
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
    CHECK(f == REP_TEXT);
    return "text/plain; charset=utf-8";
}

static bool write_file(
        struct web_request *r, struct web_answer *a, const struct web_year *y,
        const char *word, struct err *err)
{
    struct rep_writing w = {
            .language = ui_lang_code(r->lang),
            .pack = web_pack_of(r),
            .options = &y->options};
    struct out out;

    if (!rep_format_from(word, &w.format))
        return err_set(
                err, ERR_NOT_FOUND,
                "no format '%.20s', expected html, json, csv or xml", word);
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
    ui_screen_begin(&p.ui);
    ui_p_begin(&p.ui);
    ui_muted(&p.ui, ui_t(&p.ui, T_REPORT_AS_FILE));
    ui_text(&p.ui, " ");
    file_links(&p.ui, y->options.year);
    ui_p_end(&p.ui);
    ui_screen_end(&p.ui);
    rep_year_html_body(y->year, &p.ui);
    ok = web_page_end(&p, err);
    buf_clear(&title);
    return ok;
}

bool web_report(struct web_request *r, struct web_answer *a, struct err *err)
{
    struct web_year y = {0};
    const char *format = "";
    int year = 0;
    bool ok;

    if (!parse_rest(r->rest, &year, &format, err) ||
        !web_year_take(r->pool, year, &y, err))
        return false;
    ok = format[0] ? write_file(r, a, &y, format, err)
                   : write_page(r, a, &y, err);
    web_year_give(r->pool, &y);
    return ok;
}
