/* SPDX-License-Identifier: Apache-2.0
 * HTTP client through libcurl: one bounded request at a time. Certificates are
 * checked, redirects are answers like others, a name or a password in the
 * address is refused. A proxy is taken from the environment as curl does. */
#ifndef BASE_HTTP_H
#define BASE_HTTP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum {
    HTTP_MAX_URL = 8192,
    HTTP_MAX_BODY = 64 * 1024 * 1024, /* of an answer, where none is named */
    HTTP_TIMEOUT_S = 30,
    HTTP_CONNECT_S = 10,
};

struct http_ask {
    const char *method; /* "GET", "POST"; NULL: GET */
    const char *url;    /* http:// or https:// */
    /* "Name: value", ended by NULL; NULL: none. Never logged, not in errors. */
    const char *const *headers;
    const void *body; /* sent as it is; NULL: none */
    size_t body_len;
    size_t max_bytes;    /* of the answer, unpacked; 0: HTTP_MAX_BODY */
    long timeout_s;      /* for the whole of it; 0: HTTP_TIMEOUT_S */
    const char *ca_file; /* PEM, in place of the system's; NULL */
    /* Not 0 when looked at (each second or sooner): given up; NULL: never. */
    const volatile sig_atomic_t *stop;
    /* Takes the body as it comes, in place of http_reply.body; false stops. */
    bool (*write)(void *ctx, const char *bytes, size_t len, struct err *err);
    void *ctx;
};

struct http_reply {
    int status; /* 100 to 599 */
    struct buf body;
    char type[100];        /* Content-Type, "" unknown */
    int64_t retry_after_s; /* -1 not said */
};

/* A client keeps its connection for the next request to the same host; not for
 * two threads at once. Nothing of libcurl is set up before the first fetch. */
struct http {
    void *easy; /* zero-initialise */
};
void http_close(struct http *h); /* also frees memory between rare requests */

/* True when an answer came, whatever its status. Else ERR_INVALID (address,
 * header), ERR_LIMIT (answer over max_bytes), ERR_IO (no connection, refused
 * certificate, time is up), or what `write` set. An encoded (gzip) answer is
 * unpacked. The caller clears out with http_reply_clear. */
bool http_fetch(
        struct http *h, const struct http_ask *ask, struct http_reply *out,
        struct err *err);
void http_reply_clear(struct http_reply *r);

#endif
