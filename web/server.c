/* SPDX-License-Identifier: Apache-2.0
 * libmicrohttpd behind the routes: listening, limits, requests in, answers
 * out, security headers, one log line a request. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "web/web_priv.h"

enum { /* OPERATIONS section 2 */
       CONNECTIONS = 256,
       CONNECTIONS_PER_ADDRESS = 32,
       CONNECTION_MEMORY = 64 * 1024,
       TIMEOUT_S = 30,
       THREADS = 4,
       MAX_PATH = 2048,
};

struct web {
    struct MHD_Daemon *daemon;
    struct web_pool *pool;
    struct fac_pack *pack;
    uint16_t port;
};

/* One exchange, from its first header to its last byte. */
struct exchange {
    struct MHD_Connection *connection;
    struct buf body;
    bool too_large;
    struct timespec start;
};

/* ---- the request as the routes see it --------------------------------------
 */

static const char *checked(const char *v)
{
    return v && text_utf8_ok(v, strlen(v)) ? v : NULL;
}

static const char *get_query(const struct web_request *r, const char *name)
{
    return checked(MHD_lookup_connection_value(
            r->server, MHD_GET_ARGUMENT_KIND, name));
}

static const char *get_header(const struct web_request *r, const char *name)
{
    return checked(
            MHD_lookup_connection_value(r->server, MHD_HEADER_KIND, name));
}

static const char *get_cookie(const struct web_request *r, const char *name)
{
    return checked(
            MHD_lookup_connection_value(r->server, MHD_COOKIE_KIND, name));
}

/* ---- the answer
 * -------------------------------------------------------------- */

static void add_headers(struct MHD_Response *m, const struct web_answer *a)
{
    static const char *const fixed[][2] = {
            {"Content-Security-Policy",
             "default-src 'none'; style-src 'self'; script-src 'self';"
             " img-src 'self' data:; form-action 'self'; base-uri"
             " 'none'; frame-ancestors 'none'; connect-src 'self'"},
            {"X-Content-Type-Options", "nosniff"},
            {"Referrer-Policy", "same-origin"},
            {"Permissions-Policy",
             "camera=(), geolocation=(), microphone=(), payment=(),"
             " usb=()"},
            {"Cross-Origin-Opener-Policy", "same-origin"},
    };
    char line[300];

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        MHD_add_response_header(m, fixed[i][0], fixed[i][1]);
    MHD_add_response_header(
            m, "Cache-Control", a->cache ? "max-age=86400" : "no-store");
    if (a->type)
        MHD_add_response_header(m, "Content-Type", a->type);
    if (a->allow)
        MHD_add_response_header(m, "Allow", a->allow);
    if (a->location)
        MHD_add_response_header(m, "Location", a->location);
    if (a->download) {
        snprintf(line, sizeof line, "attachment; filename=\"%s\"", a->download);
        MHD_add_response_header(m, "Content-Disposition", line);
    }
}

/* The choice of a reader is kept for a year; it is no secret and no session. */
static void keep_choice(struct MHD_Response *m, const struct web_request *r)
{
    const char *theme = r->query(r, "theme");
    char line[100];

    if (r->query(r, "lang")) {
        snprintf(
                line, sizeof line,
                "lang=%s; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
                ui_lang_code(r->lang));
        MHD_add_response_header(m, "Set-Cookie", line);
    }
    if (theme) {
        snprintf(
                line, sizeof line,
                "theme=%s; Path=/; Max-Age=31536000; SameSite=Lax",
                r->theme == UI_THEME_DARK    ? "dark"
                : r->theme == UI_THEME_LIGHT ? "light"
                                             : "auto");
        MHD_add_response_header(m, "Set-Cookie", line);
    }
}

static enum MHD_Result send_answer(
        struct MHD_Connection *c, const struct web_request *r,
        struct web_answer *a)
{
    size_t len = a->body.len;
    char *bytes = buf_take(&a->body);
    struct MHD_Response *m =
            MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
    enum MHD_Result sent;

    if (!m) {
        free(bytes);
        return MHD_NO;
    }
    add_headers(m, a);
    keep_choice(m, r);
    sent = MHD_queue_response(c, (unsigned)a->status, m);
    MHD_destroy_response(m);
    return sent;
}

static void too_large(struct web_answer *a)
{
    a->status = 413;
    a->type = "text/plain; charset=utf-8";
    buf_init(&a->body, 200);
    buf_printf(&a->body, "body larger than %d MiB\n", WEB_MAX_BODY >> 20);
}

static double ms_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) * 1e3 +
           (double)(now.tv_nsec - start->tv_nsec) / 1e6;
}

static enum MHD_Result
respond(struct web *w, struct MHD_Connection *c, struct exchange *x,
        const char *path, const char *method)
{
    struct web_request r = {
            .method = !strcmp(method, "HEAD") ? "GET" : method,
            .path = path,
            .query = get_query,
            .header = get_header,
            .cookie = get_cookie,
            .server = c,
            .body = x->body.p,
            .body_len = x->body.len,
            .pool = w->pool,
            .pack = w->pack};
    struct web_answer a = {0};
    enum MHD_Result sent;

    if (x->too_large)
        too_large(&a);
    else if (strlen(path) > MAX_PATH || !text_utf8_ok(path, strlen(path)))
        r.path = "/not-text", web_answer(&r, &a);
    else
        web_answer(&r, &a);
    log_line(
            LOG_INFO, "request", "method=%s status=%d ms=%.1f bytes=%zu",
            method, a.status, ms_since(&x->start), a.body.len);
    sent = send_answer(c, &r, &a);
    buf_clear(&a.body);
    arena_clear(&a.arena);
    return sent;
}

/* ---- libmicrohttpd's callbacks
 * ------------------------------------------------ */

static enum MHD_Result on_request(
        void *cls, struct MHD_Connection *c, const char *path,
        const char *method, const char *version, const char *data, size_t *len,
        void **state)
{
    struct exchange *x = *state;

    (void)version;
    if (!x) {
        x = xcalloc(1, sizeof *x);
        x->connection = c;
        buf_init(&x->body, WEB_MAX_BODY);
        clock_gettime(CLOCK_MONOTONIC, &x->start);
        *state = x;
        return MHD_YES;
    }
    if (*len) {
        if (!x->too_large && !buf_add(&x->body, data, *len)) {
            x->too_large = true;
            buf_clear(&x->body);
        }
        *len = 0;
        return MHD_YES;
    }
    return respond(cls, c, x, path, method);
}

static void
on_end(void *cls, struct MHD_Connection *c, void **state,
       enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *state;

    (void)cls, (void)c, (void)why;
    if (!x)
        return;
    buf_clear(&x->body);
    free(x);
    *state = NULL;
}

/* ---- listening
 * ------------------------------------------------------------------ */

static bool parse_port(const char *text, uint16_t *out, struct err *err)
{
    int64_t port;

    if (!num_parse_int(text, strlen(text), 0, 65535, &port, err))
        return false;
    *out = (uint16_t)port;
    return true;
}

static bool is_loopback(const struct sockaddr_storage *a)
{
    if (a->ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(
                &((const struct sockaddr_in6 *)a)->sin6_addr);
    return ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr) >> 24 == 127;
}

/* "127.0.0.1:8420", "localhost:8420", "[::1]:8420". */
static bool
parse_listen(const char *text, struct sockaddr_storage *out, struct err *err)
{
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    const char *colon = strrchr(text, ':');
    char host[64];
    uint16_t port;
    size_t len;

    if (!colon || (size_t)(colon - text) >= sizeof host)
        return err_set(
                err, ERR_INVALID,
                "'%s' is no address:port such as 127.0.0.1:8420", text);
    if (!parse_port(colon + 1, &port, err)) {
        err_in(err, "address '%s'", text);
        return false;
    }
    len = (size_t)(colon - text);
    snprintf(host, sizeof host, "%.*s", (int)len, text);
    memset(out, 0, sizeof *out);
    if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
        host[len - 1] = '\0';
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        if (inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1)
            return true;
    }
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    if (inet_pton(
                AF_INET, strcmp(host, "localhost") ? host : "127.0.0.1",
                &four->sin_addr) == 1)
        return true;
    return err_set(err, ERR_INVALID, "'%s' is no numeric address", host);
}

bool web_start(
        const struct web_options *options, struct web **out, struct err *err)
{
    const union MHD_DaemonInfo *info;
    struct sockaddr_storage address;
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;
    struct web *w;

    if (!parse_listen(options->listen, &address, err))
        return false;
    if (!is_loopback(&address) && !options->public_ok)
        return err_set(
                err, ERR_DENIED,
                "'%s' can be reached from elsewhere and the site has no login;"
                " --public if that is meant",
                options->listen);
    if (address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    w = xcalloc(1, sizeof *w);
    w->pack = options->pack;
    w->pool = web_pool_new(options->db_path, options->pack);
    w->daemon = MHD_start_daemon(
            flags, 0, NULL, NULL, on_request, w, MHD_OPTION_SOCK_ADDR, &address,
            MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
            MHD_OPTION_PER_IP_CONNECTION_LIMIT,
            (unsigned)CONNECTIONS_PER_ADDRESS,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S,
            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_END);
    if (!w->daemon) {
        web_stop(w);
        return err_set(
                err, ERR_IO, "cannot listen on %s; is something else there?",
                options->listen);
    }
    info = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_BIND_PORT);
    w->port = info ? info->port : 0;
    *out = w;
    return true;
}

uint16_t web_port(const struct web *w)
{
    return w->port;
}

void web_stop(struct web *w)
{
    if (!w)
        return;
    if (w->daemon)
        MHD_stop_daemon(w->daemon);
    web_pool_free(w->pool);
    free(w);
}

bool web_serve(const struct web_options *options, struct err *err)
{
    struct web *w = NULL;
    sigset_t stop;
    int got;

    /* Blocked before any thread starts, so that sigwait alone gets them. */
    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (!web_start(options, &w, err))
        return false;
    log_line(
            LOG_INFO, "ready", "listen=%s port=%u", options->listen,
            (unsigned)web_port(w));
    sigwait(&stop, &got);
    log_line(LOG_INFO, "stopping", "signal=%d", got);
    web_stop(w);
    return true;
}
