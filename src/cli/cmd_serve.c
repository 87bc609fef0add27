/* SPDX-License-Identifier: Apache-2.0
 * serve: the site. */
#include <stdio.h>

#include "cli/cli.h"
#include "web/web.h"

static int run_serve(struct cmd_call *c, struct err *err)
{
    const char *listen = cmd_value(c, "listen");
    struct fac_pack *pack = NULL;
    struct db *db = NULL;
    bool ok;

    /* Made or migrated before the site opens it for reading alone. */
    if (!db_open(c->db_path, DB_CREATE, &db, err))
        return CMD_ERR;
    ok = cmd_pack_db(c, db, &pack, err);
    db_close(db);
    if (!ok)
        return CMD_ERR;
    ok = web_serve(
            &(struct web_options){
                    .db_path = c->db_path,
                    .listen = listen ? listen : "127.0.0.1:8420",
                    .pack = pack,
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
