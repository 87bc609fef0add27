/* SPDX-License-Identifier: Apache-2.0
 * The dashboard: the three answers for the fleet as of today. */
#include "web/web_priv.h"

bool web_dashboard(struct web_request *r, struct web_answer *a, struct err *err)
{
    struct web_year y = {0};
    struct web_page p;
    bool ok;

    if (!web_year_take(r->pool, 0, &y, err))
        return false;
    web_page_begin(
            &p, r, a,
            &(struct web_frame){
                    .title = ui_word_text(r->lang, T_DASH_TITLE),
                    .current = "/"});
    if (y.year->fleet.machines == 0 && y.year->n_categories == 0)
        web_teach(&p.ui);
    else
        rep_dashboard_html(y.year, &p.ui);
    ok = web_page_end(&p, err);
    web_year_give(r->pool, &y);
    return ok;
}
