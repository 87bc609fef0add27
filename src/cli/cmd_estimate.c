/* SPDX-License-Identifier: Apache-2.0
 * estimate: one machine, no database, in BoaviztAPI's shape. */
#include <stdio.h>

#include "base/file.h"
#include "cli/cli.h"
#include "reports/reports.h"

enum { MAX_BODY = 8 * 1024 * 1024 }; /* OPERATIONS 1 row 8 */

static int run_estimate(struct cmd_call *c, struct err *err)
{
    const struct rep_estimate_options options = {
            .unrounded = cmd_flag(c, "unrounded")};
    const char *path = c->argc ? c->argv[0] : "-";
    struct fac_pack *pack = NULL;
    struct buf body = {0};
    struct out out;
    int status = CMD_ERR;

    buf_init(&body, MAX_BODY);
    if (!file_read(path, MAX_BODY, &body, err) || !cmd_pack(c, &pack, err))
        goto done;
    out_to_file(&out, stdout);
    if (!rep_estimate(pack, buf_text(&body), body.len, &options, &out, err)) {
        err_in(err, "%s", path);
        goto done;
    }
    if (out_finish(&out, err))
        status = CMD_DONE;
done:
    buf_clear(&body);
    fac_pack_free(pack);
    return status;
}

static const struct cmd_opt estimate_opts[] = {
        {"unrounded", 0, NULL, "all digits instead of significant figures"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_estimate = {
        .noun = "estimate",
        .group = "Reports",
        .summary = "One machine without a database, in BoaviztAPI's shape",
        .args = "[FILE or -]",
        .max_args = 1,
        .opts = estimate_opts,
        .examples = "  fleetprint estimate server.json\n"
                    "  echo '{\"configuration\":{\"cpu\":{\"units\":2,"
                    "\"name\":\"Xeon Gold 6130\"},\n"
                    "    \"ram\":[{\"units\":12,\"capacity\":32}]}}' |"
                    " fleetprint estimate",
        .run = run_estimate,
};
