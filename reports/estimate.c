/* SPDX-License-Identifier: Apache-2.0
 * One machine without a database: a body of BoaviztAPI's in, an answer of its
 * shape out [docs/method.md#estimate]. */
#include <stdlib.h>

#include "reports/estimate_priv.h"

bool rep_estimate(
        const struct fac_pack *pack, const char *body, size_t len,
        const struct rep_estimate_options *options, struct out *out,
        struct err *err)
{
    struct rep_server *s = NULL;
    struct est_result *r;
    struct json_out j;

    if (!rep_server_read(body, len, &s, err))
        return false;
    r = xmalloc(sizeof *r);
    est_make(pack, s, r);
    est_components(pack, s, r);
    json_out_init(&j, out, true);
    est_write(s, r, options && options->unrounded, &j);
    out_char(out, '\n');
    free(r);
    rep_server_free(s);
    return true;
}

void rep_server_assess(
        const struct fac_pack *pack, const struct rep_server *s,
        struct rep_server_figures *out)
{
    struct est_result *r = xmalloc(sizeof *r);

    est_make(pack, s, r);
    out->approach = r->a.choice.approach;
    out->power_w = r->power_w.value;
    for (int c = 0; c < CALC_CRITERIA; c++) {
        out->embedded[c] = r->embedded[c].value;
        out->use[c] = r->use[c].value;
    }
    free(r);
}
