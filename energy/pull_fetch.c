/* SPDX-License-Identifier: Apache-2.0
 * One request to a target: its address, its secret from a file, its answer. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "energy/pull_priv.h"

enum { TIMEOUT_S = 120, SCRAPE_TIMEOUT_S = 20 };

bool ep_stopped(const struct ep_run *r)
{
    return r->ask->stop && *r->ask->stop;
}

void ep_say(const struct ep_run *r, const char *target, const char *fmt, ...)
{
    char text[600];
    va_list ap;

    if (!r->ask->say)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    r->ask->say(r->ask->ctx, target, text);
}

static void base64(const char *from, size_t len, struct buf *out)
{
    static const char digits[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
            "uvwxyz0123456789+/";

    for (size_t i = 0; i < len; i += 3) {
        unsigned v = (unsigned)(unsigned char)from[i] << 16;
        size_t n = len - i < 3 ? len - i : 3;

        v |= n > 1 ? (unsigned)(unsigned char)from[i + 1] << 8 : 0;
        v |= n > 2 ? (unsigned)(unsigned char)from[i + 2] : 0;
        for (size_t k = 0; k < 4; k++)
            buf_char(out, k <= n ? digits[v >> (18 - 6 * k) & 63] : '=');
    }
}

/* "Authorization: ..." out of the key file, which may end in a line end. */
static bool
authorization(const struct en_target *t, struct buf *out, struct err *err)
{
    struct buf secret;
    bool ok;

    buf_init(&secret, EP_SECRET);
    ok = file_read(t->key_file, EP_SECRET, &secret, err);
    while (ok && secret.len > 0 &&
           isspace((unsigned char)secret.p[secret.len - 1]))
        secret.p[--secret.len] = '\0';
    if (ok && (secret.len == 0 || strpbrk(secret.p, "\r\n") ||
               strlen(secret.p) != secret.len))
        ok = err_set(
                err, ERR_INVALID, "'%.200s': expected one line with the secret",
                t->key_file);
    if (ok && t->auth && strcmp(t->auth, "basic") == 0) {
        buf_str(out, "Authorization: Basic ");
        base64(secret.p, secret.len, out);
    } else if (ok) {
        buf_printf(out, "Authorization: Bearer %s", secret.p);
    }
    if (secret.p)
        memset(secret.p, 0, secret.len);
    buf_clear(&secret);
    return ok;
}

static bool status_ok(int status, struct err *err)
{
    if (status == 200)
        return true;
    if (status == 401 || status == 403)
        return err_set(
                err, ERR_DENIED,
                "it answers %d: the key file has no key that it takes", status);
    if (status >= 300 && status < 400)
        return err_set(
                err, ERR_IO,
                "it answers %d, elsewhere: give the address that it names",
                status);
    return err_set(err, ERR_IO, "it answers %d", status);
}

/* "https://bmc7:443" of "https://bmc7:443/redfish/v1". */
static size_t host_end(const char *url)
{
    const char *host = strstr(url, "://");

    host = host ? host + 3 : url;
    return (size_t)(host - url) + strcspn(host, "/?#");
}

bool ep_fetch(
        struct ep_run *r, const struct ep_request *q, struct buf *body,
        struct err *err)
{
    const struct en_target *t = q->target;
    const char *headers[4] = {NULL};
    char tenant[200];
    struct http_reply reply = {0};
    struct http_ask ask = {
            .method = q->form ? "POST" : "GET",
            .headers = headers,
            .body = q->form,
            .body_len = q->form ? strlen(q->form) : 0,
            .max_bytes = q->max_bytes,
            .timeout_s = q->form ? TIMEOUT_S : SCRAPE_TIMEOUT_S,
            .ca_file = t->ca_file,
            .stop = r->ask->stop,
            .write = q->write,
            .ctx = q->ctx};
    size_t n = 0, len = strlen(t->url);
    struct buf url, auth;
    bool ok;

    buf_init(&url, HTTP_MAX_URL);
    buf_init(&auth, 2 * EP_SECRET);
    while (q->path[0] && len > 0 && t->url[len - 1] == '/')
        len--;
    if (q->from_host)
        len = host_end(t->url);
    buf_printf(&url, "%.*s%s", (int)len, t->url, q->path);
    ask.url = buf_text(&url);
    ok = !t->key_file || authorization(t, &auth, err);
    if (auth.len)
        headers[n++] = auth.p;
    if (t->tenant) {
        snprintf(tenant, sizeof tenant, "X-Scope-OrgID: %s", t->tenant);
        headers[n++] = tenant;
    }
    if (q->form)
        headers[n++] = "Content-Type: application/x-www-form-urlencoded";
    ok = ok && http_fetch(&r->http, &ask, &reply, err);
    ok = ok && status_ok(reply.status, err);
    if (ok && body)
        buf_add(body, reply.body.p ? reply.body.p : "", reply.body.len);
    http_reply_clear(&reply);
    if (auth.p)
        memset(auth.p, 0, auth.len);
    buf_clear(&auth);
    buf_clear(&url);
    return ok;
}
