/* SPDX-License-Identifier: Apache-2.0
 * The site: server, routes and pages, which only read; the feeds, which write.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "factors/factors.h"
#include "store/store.h"

typedef bool
web_load(void *ctx, struct db *db, struct fac_pack **out, struct err *err);

struct web_options {
    const char *db_path;
    const char *listen; /* "127.0.0.1:8420", "[::1]:8420"; port 0: any free */
    /* The factors: called at the start and whenever the user's sets in the
     * database have changed. The pack is freed by the server. */
    web_load *load;
    void *load_ctx;
    bool public_ok;     /* an address beyond loopback is meant */
    unsigned timeout_s; /* a silent connection is closed; 0: 30 s */
    unsigned keep_days; /* raw readings are kept; 0: 35 */
};

struct web; /* a running server */

/* Whether text is an address to listen on; ERR_INVALID, ERR_LIMIT. */
bool web_listen_ok(const char *text, struct err *err);

/* Binds and starts; pages open the database for reading, feeds for writing
 * when the first comes. ERR_INVALID for the address,
 * ERR_DENIED for a public one without public_ok, ERR_IO when it is taken. */
bool web_start(
        const struct web_options *options, struct web **out, struct err *err);
uint16_t web_port(const struct web *w);
/* Finishes the answers under way, then closes. NULL is fine. */
void web_stop(struct web *w);
/* web_start, then until SIGINT or SIGTERM; logs the address when ready. */
bool web_serve(const struct web_options *options, struct err *err);

#endif
