/* SPDX-License-Identifier: Apache-2.0
 * HTTP client through libcurl: one bounded request at a time. */
#include "base/http.h"

#include <stdio.h>
#include <string.h>

#include "base/curl_load.h"
#include "base/text.h"

/* One fetch while it runs. */
struct fetch {
    const struct http_ask *ask;
    struct http_reply reply;
    size_t got, max;
    bool stopped; /* by the caller's `write` */
    struct err err;
    char why[CURL_ERROR_SIZE];
};

static bool url_ok(const char *url, struct err *err)
{
    size_t host;

    if (!url || strlen(url) > HTTP_MAX_URL)
        return err_set(
                err, ERR_INVALID, "an address has at most %d characters",
                HTTP_MAX_URL);
    if (!text_starts(url, "http://") && !text_starts(url, "https://"))
        return err_set(
                err, ERR_INVALID, "an address starts with http:// or https://");
    for (const char *p = url; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f)
            return err_set(
                    err, ERR_INVALID,
                    "blank or control character in an address");
    url = strchr(url, ':') + 3;
    host = strcspn(url, "/?#");
    if (memchr(url, '@', host))
        return err_set(
                err, ERR_INVALID,
                "name or password in an address: give it in a header from a "
                "file");
    return true;
}

static bool headers_ok(const char *const *headers, struct err *err)
{
    for (; headers && *headers; headers++)
        if (strpbrk(*headers, "\r\n") || !strchr(*headers, ':'))
            return err_set(
                    err, ERR_INVALID, "a header is one line 'Name: value'");
    return true;
}

static size_t take_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct fetch *f = ctx;
    size_t len = size * n;

    if (len > f->max - f->got) {
        err_set(&f->err, ERR_LIMIT, "the answer is larger than %zu bytes",
                f->max);
        f->stopped = true;
        return 0;
    }
    f->got += len;
    if (f->ask->write) {
        if (f->ask->write(f->ask->ctx, bytes, len, &f->err))
            return len;
        f->stopped = true;
        return 0;
    }
    return buf_add(&f->reply.body, bytes, len) ? len : 0;
}

static int
look(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct fetch *f = ctx;

    (void)a, (void)b, (void)c, (void)d;
    /* A signal handler sets it, or another thread. */
    return f->ask->stop && __atomic_load_n(f->ask->stop, __ATOMIC_RELAXED);
}

/* Options of every request; the handle is reused, so all are set anew. */
static void
options(const struct curl_calls *curl, CURL *c, struct fetch *f,
        struct curl_slist *headers)
{
    const struct http_ask *ask = f->ask;

    curl->easy_reset(c);
    curl->easy_setopt(c, CURLOPT_URL, ask->url);
    curl->easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl->easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl->easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl->easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl->easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    if (ask->ca_file)
        curl->easy_setopt(c, CURLOPT_CAINFO, ask->ca_file);
    curl->easy_setopt(
            c, CURLOPT_TIMEOUT,
            ask->timeout_s > 0 ? ask->timeout_s : (long)HTTP_TIMEOUT_S);
    curl->easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)HTTP_CONNECT_S);
    curl->easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl->easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    if (ask->body) {
        curl->easy_setopt(c, CURLOPT_POST, 1L);
        curl->easy_setopt(
                c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body_len);
        curl->easy_setopt(c, CURLOPT_POSTFIELDS, ask->body);
    }
    if (ask->method && strcmp(ask->method, "GET") != 0)
        curl->easy_setopt(c, CURLOPT_CUSTOMREQUEST, ask->method);
    curl->easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    curl->easy_setopt(c, CURLOPT_WRITEDATA, f);
    curl->easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look);
    curl->easy_setopt(c, CURLOPT_XFERINFODATA, f);
    curl->easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl->easy_setopt(c, CURLOPT_ERRORBUFFER, f->why);
}

static struct curl_slist *
list_of(const struct curl_calls *curl, const struct http_ask *ask)
{
    struct curl_slist *list = NULL, *more;

    /* No "Expect: 100-continue": a second of waiting for a small body. */
    list = curl->slist_append(NULL, "Expect:");
    CHECK(list);
    for (const char *const *h = ask->headers; h && *h; h++) {
        more = curl->slist_append(list, *h);
        CHECK(more);
        list = more;
    }
    return list;
}

static void about(const struct curl_calls *curl, CURL *c, struct http_reply *r)
{
    long status = 0;
    const char *type = NULL;
    curl_off_t after = 0;

    curl->easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    r->status = (int)status;
    if (curl->easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type)
        snprintf(r->type, sizeof r->type, "%s", type);
    r->retry_after_s = -1;
    if (curl->easy_getinfo(c, CURLINFO_RETRY_AFTER, &after) == CURLE_OK &&
        after > 0)
        r->retry_after_s = after;
}

/* The part of an address that an error may show: no path, no query. */
static int host_len(const char *url)
{
    const char *host = strchr(url, ':') + 3;

    return (int)(host - url + (long)strcspn(host, "/?#"));
}

bool http_fetch(
        struct http *h, const struct http_ask *ask, struct http_reply *out,
        struct err *err)
{
    const struct curl_calls *curl;
    struct fetch f = {.ask = ask};
    struct curl_slist *headers = NULL;
    CURLcode code;
    bool ok = false;

    if (!url_ok(ask->url, err) || !headers_ok(ask->headers, err))
        return false;
    curl = curl_load(err);
    if (!curl)
        return false;
    f.max = ask->max_bytes ? ask->max_bytes : (size_t)HTTP_MAX_BODY;
    buf_init(&f.reply.body, f.max);
    if (!h->easy)
        h->easy = curl->easy_init();
    CHECK(h->easy);
    headers = list_of(curl, ask);
    options(curl, h->easy, &f, headers);
    code = curl->easy_perform(h->easy);
    if (f.stopped) {
        if (err)
            *err = f.err;
    } else if (code != CURLE_OK) {
        err_set(err, ERR_IO, "no answer from '%.*s': %s", host_len(ask->url),
                ask->url, f.why[0] ? f.why : curl->easy_strerror(code));
    } else {
        about(curl, h->easy, &f.reply);
        *out = f.reply;
        f.reply = (struct http_reply){0};
        ok = true;
    }
    /* The handle outlives what it points to. */
    curl->easy_reset(h->easy);
    curl->slist_free_all(headers);
    buf_clear(&f.reply.body);
    return ok;
}

void http_reply_clear(struct http_reply *r)
{
    if (!r)
        return;
    buf_clear(&r->body);
    *r = (struct http_reply){0};
}

void http_close(struct http *h)
{
    if (!h || !h->easy)
        return;
    curl_load(NULL)->easy_cleanup(h->easy);
    h->easy = NULL;
}
