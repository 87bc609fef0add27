/* SPDX-License-Identifier: Apache-2.0
 * The site: server, routes and pages. Read-only. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "factors/factors.h"

struct web_options {
    const char *db_path;
    const char *listen; /* "127.0.0.1:8420", "[::1]:8420"; port 0: any free */
    struct fac_pack *pack; /* borrowed until web_stop */
    bool public_ok;        /* an address beyond loopback is meant */
    unsigned timeout_s;    /* a silent connection is closed; 0: 30 s */
};

struct web; /* a running server */

/* Opens the database read-only, binds and starts. ERR_INVALID for the address,
 * ERR_DENIED for a public one without public_ok, ERR_IO when it is taken. */
bool web_start(
        const struct web_options *options, struct web **out, struct err *err);
uint16_t web_port(const struct web *w);
/* Finishes the answers under way, then closes. NULL is fine. */
void web_stop(struct web *w);
/* web_start, then until SIGINT or SIGTERM; logs the address when ready. */
bool web_serve(const struct web_options *options, struct err *err);

#endif
