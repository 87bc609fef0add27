/* SPDX-License-Identifier: Apache-2.0
 * The frame that all pages share, the error page, and addresses. */
#include <string.h>

#include "web/web_priv.h"

static const struct {
    const char *href;
    enum ui_word word;
} nav[] = {
        {"/", T_NAV_DASHBOARD},      {"/machines", T_NAV_MACHINES},
        {"/energy", T_NAV_ENERGY},   {"/reports", T_NAV_REPORTS},
        {"/factors", T_NAV_FACTORS},
};
enum { N_NAV = sizeof nav / sizeof *nav };

void web_page_begin(
        struct web_page *p, struct web_request *r, struct web_answer *a,
        const struct web_frame *f)
{
    struct ui_link links[N_NAV];

    a->type = "text/html; charset=utf-8";
    out_to_buf(&p->out, &a->body);
    ui_init(&p->ui, &p->out, r->lang, UI_SERVED);
    p->ui.theme = r->theme;
    for (size_t i = 0; i < N_NAV; i++)
        links[i] = (struct ui_link){nav[i].href, ui_t(&p->ui, nav[i].word)};
    ui_page_begin(
            &p->ui, &(struct ui_page){
                            .title = f->title,
                            .path = f->address ? f->address : r->path,
                            .query = f->query,
                            .nav = links,
                            .n_nav = N_NAV,
                            .current = f->current,
                            .crumbs = f->crumbs,
                            .n_crumbs = f->n_crumbs,
                            .action = f->action,
                            .lead = f->lead,
                            .wide = f->wide});
}

bool web_page_end(struct web_page *p, struct err *err)
{
    return ui_page_end(&p->ui, err) && out_finish(&p->out, err);
}

void web_teach(struct ui *u)
{
    static const struct {
        enum ui_word title, text;
        const char *command;
    } ways[] = {
            {T_TEACH_SAMPLE, T_TEACH_SAMPLE_TEXT,
             "fleetprint import examples/cbp-2025"},
            {T_TEACH_CSV, T_TEACH_CSV_TEXT, "fleetprint import fleet.csv"},
            {T_TEACH_GRID5000, T_TEACH_GRID5000_TEXT,
             "fleetprint import reference-repository/data/grid5000"},
    };

    ui_empty(u, ui_t(u, T_DASH_EMPTY), ui_t(u, T_DASH_EMPTY_TEXT), NULL, 0);
    ui_section_begin(u, "begin", ui_t(u, T_TEACH_TITLE));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        ui_heading(u, NULL, ui_t(u, ways[i].title));
        ui_p(u, ui_t(u, ways[i].text));
        ui_command(u, ways[i].command);
    }
    ui_p(u, ui_t(u, T_TEACH_AFTER));
    ui_section_end(u);
}

void web_error_page(
        struct web_request *r, struct web_answer *a, const struct err *err)
{
    bool absent = a->status == 404;
    struct err late = {0};
    struct web_page p;
    struct buf self;
    char text[1100];

    buf_reset(&a->body);
    buf_init(&self, 3 * WEB_MAX_TARGET);
    web_url_path(&self, r->path);
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = ui_word_text(
                            r->lang,
                            absent ? T_NOT_FOUND_TITLE : T_ERROR_PAGE_TITLE),
                    .address = buf_text(&self)});
    buf_clear(&self);
    if (absent)
        ui_p(&p.ui, ui_t(&p.ui, T_NOT_FOUND_TEXT));
    /* What went wrong inside is for the log, not for strangers. */
    if (a->status < 500)
        ui_notice(&p.ui, UI_WARNING, NULL, err_text(err, text, sizeof text));
    ui_p_begin(&p.ui);
    ui_link(&p.ui, "/", ui_t(&p.ui, T_BACK_TO_DASHBOARD));
    ui_p_end(&p.ui);
    web_page_end(&p, &late);
}
