/* SPDX-License-Identifier: Apache-2.0
 * serve: the site. */
#include <stdio.h>

#include "cli/cli.h"
#include "web/web.h"

static bool
load_factors(void *ctx, struct db *db, struct fac_pack **out, struct err *err)
{
    return cmd_pack_db(ctx, db, out, err);
}

static int run_serve(struct cmd_call *c, struct err *err)
{
    const char *listen = cmd_value(c, "listen");
    struct fac_pack *pack = NULL;
    struct db *db = NULL;
    bool ok;

    /* Made or migrated before the site opens it for reading alone. */
    if (!db_open(c->db_path, DB_CREATE, &db, err))
        return CMD_ERR;
    db_close(db);
    ok = web_serve(
            &(struct web_options){
                    .db_path = c->db_path,
                    .listen = listen ? listen : "127.0.0.1:8420",
                    .load = load_factors,
                    .load_ctx = c,
                    .public_ok = cmd_flag(c, "public")},
            err);
    fac_pack_free(pack);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt serve_opts[] = {
        {"listen", 'l', "ADDRESS", "address:port, default 127.0.0.1:8420"},
        {"public", 0, NULL,
         "allow an address that others can reach; the site"
         " has no login"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_serve = {
        .noun = "serve",
        .group = "Site",
        .summary = "Serves the dashboard, the machines and the reports",
        .opts = serve_opts,
        .examples = "  fleetprint serve\n  fleetprint serve --listen"
                    " 127.0.0.1:9000",
        .run = run_serve,
};
