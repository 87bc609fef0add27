/* SPDX-License-Identifier: Apache-2.0
 * serve: the site. */
#include <stdio.h>

#include "base/log.h"
#include "cli/cli.h"
#include "web/web.h"

static bool
load_factors(void *ctx, struct db *db, struct fac_pack **out, struct err *err)
{
    return cmd_pack_db(ctx, db, out, err);
}

enum { MAX_KEEP_DAYS = 36500 };

/* Made or migrated before the site opens it. A file that can only be read is
 * served all the same, without feeds. */
static bool make_ready(const struct cmd_call *c, struct err *err)
{
    struct err second = {0};
    struct db *db = NULL;

    if (!db_open(c->db_path, DB_CREATE, &db, err)) {
        if (!db_open(c->db_path, DB_READ, &db, &second))
            return false;
        log_line(
                LOG_WARN, "read-only", "database=%s why=%s", c->db_path,
                err->msg);
        err_clear(err);
    }
    db_close(db);
    return true;
}

static int run_serve(struct cmd_call *c, struct err *err)
{
    const char *listen = cmd_value(c, "listen");
    const char *days = cmd_value(c, "keep-days");
    int64_t keep_days = 0;
    bool ok;

    if (listen && !web_listen_ok(listen, err)) {
        err->code = ERR_USAGE;
        return CMD_ERR;
    }
    if (days &&
        !cmd_number("keep-days", days, 1, MAX_KEEP_DAYS, &keep_days, err))
        return CMD_ERR;
    if (!make_ready(c, err))
        return CMD_ERR;
    ok = web_serve(
            &(struct web_options){
                    .db_path = c->db_path,
                    .listen = listen ? listen : "127.0.0.1:8420",
                    .load = load_factors,
                    .load_ctx = c,
                    .public_ok = cmd_flag(c, "public"),
                    .keep_days = (unsigned)keep_days},
            err);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt serve_opts[] = {
        {"listen", 'l', "ADDRESS", "address:port, default 127.0.0.1:8420"},
        {"public", 0, NULL,
         "allow an address that others can reach; the site"
         " has no login"},
        {"keep-days", 0, "N", "raw readings are kept N days, default 35"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_serve = {
        .noun = "serve",
        .group = "Site",
        .summary = "Serves the pages and takes readings in",
        .opts = serve_opts,
        .examples = "  fleetprint serve\n  fleetprint serve --listen"
                    " 127.0.0.1:9000",
        .run = run_serve,
};
