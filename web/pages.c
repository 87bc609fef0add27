/* SPDX-License-Identifier: Apache-2.0
 * The frame that all pages share, the error page, and addresses. */
#include <string.h>

#include "web/web_priv.h"

static const struct {
    const char *href;
    enum ui_word word;
} nav[] = {
        {"/", T_NAV_DASHBOARD},
        {"/machines", T_NAV_MACHINES},
        {"/reports", T_NAV_REPORTS},
        {"/factors", T_NAV_FACTORS},
};
enum { N_NAV = sizeof nav / sizeof *nav };

void web_url_part(struct buf *b, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";

    for (; text && *text; text++) {
        unsigned char c = (unsigned char)*text;

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c >= '0' && c <= '9') || strchr("-_.~", c)) {
            buf_char(b, *text);
        } else {
            buf_char(b, '%');
            buf_char(b, hex[c >> 4]);
            buf_char(b, hex[c & 15]);
        }
    }
}

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

void web_page_drop(struct web_page *p, struct web_answer *a)
{
    ui_clear(&p->ui);
    buf_reset(&a->body);
}

void web_error_page(
        struct web_request *r, struct web_answer *a, const struct err *err)
{
    bool absent = err->code == ERR_NOT_FOUND;
    struct err late = {0};
    struct web_page p;
    char text[1100];

    buf_reset(&a->body);
    a->status = err_http_status(err->code);
    a->download = NULL;
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = ui_word_text(
                            r->lang,
                            absent ? T_NOT_FOUND_TITLE : T_ERROR_PAGE_TITLE),
                    .address = "/"});
    if (absent)
        ui_p(&p.ui, ui_t(&p.ui, T_NOT_FOUND_TEXT));
    /* What went wrong inside is for the log, not for strangers. */
    if (a->status < 500)
        ui_notice(&p.ui, UI_WARNING, NULL, err_text(err, text, sizeof text));
    web_page_end(&p, &late);
}
