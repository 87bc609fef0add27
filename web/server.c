/* SPDX-License-Identifier: Apache-2.0
 * libmicrohttpd behind the routes: limits, requests in, answers out, security
 * headers, one log line a request. */
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text.h"
#include "web/ingest_priv.h"

enum { /* OPERATIONS section 2 */
       CONNECTIONS = 256,
       CONNECTIONS_PER_ADDRESS = 32,
       CONNECTIONS_KEPT = 128, /* more: those of feeds end with their answer */
       CONNECTION_MEMORY = 64 * 1024,
       TIMEOUT_S = 30,
       BODY_TIMEOUT_S = 300, /* for all of a body, however it trickles */
       THREADS = 4,
       KEPT_BLOCK = 128 * 1024,
};

struct web {
    struct MHD_Daemon *daemon;
    struct web_pool *pool;
    struct web_ingest *ingest;
    struct web_rate *rate;
    uint16_t port;
    atomic_ullong requests;
    atomic_int connections;
};

/* One exchange, from its first line to its last byte. */
struct exchange {
    struct timespec start;
    bool begun; /* the headers have been looked at */
    struct buf body;
    size_t seen; /* bytes of body, kept or not */
    int refused; /* status; 0: not refused */
    const char *why;
    struct web_job *job; /* the writer has it, or is done with it */
};

/* ---- the request as the routes see it ------------------------------------ */

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

/* ---- the answer ---------------------------------------------------------- */

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
             "accelerometer=(), autoplay=(), camera=(), display-capture=(),"
             " geolocation=(), gyroscope=(), microphone=(), midi=(),"
             " payment=(), usb=()"},
            {"Cross-Origin-Opener-Policy", "same-origin"},
    };
    char line[300];

    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        MHD_add_response_header(m, fixed[i][0], fixed[i][1]);
    /* Kept, but asked for again each time: a new program or a new import shows
     * at once. */
    MHD_add_response_header(m, "Cache-Control", "private, no-cache");
    if (a->etag)
        MHD_add_response_header(m, "ETag", a->etag);
    else
        MHD_add_response_header(m, "Vary", "Accept-Language, Cookie");
    if (a->type)
        MHD_add_response_header(m, "Content-Type", a->type);
    if (a->allow)
        MHD_add_response_header(m, "Allow", a->allow);
    if (a->status == MHD_HTTP_UNAUTHORIZED)
        MHD_add_response_header(m, "WWW-Authenticate", "Bearer");
    if (a->last)
        MHD_add_response_header(m, "Connection", "close");
    if (a->retry_s) {
        snprintf(line, sizeof line, "%u", a->retry_s);
        MHD_add_response_header(m, "Retry-After", line);
    }
    if (a->location)
        MHD_add_response_header(m, "Location", a->location);
    if (a->download) {
        snprintf(line, sizeof line, "attachment; filename=\"%s\"", a->download);
        MHD_add_response_header(m, "Content-Disposition", line);
    }
}

/* The choice of a reader is kept for a year; it is no secret and no session. */
static void keep_choice(
        struct MHD_Response *m, const struct web_request *r,
        const struct web_answer *a)
{
    const char *theme = r->query(r, "theme");
    char line[100];

    if (a->download || a->etag || a->status >= 400)
        return;
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
    keep_choice(m, r, a);
    sent = MHD_queue_response(c, (unsigned)a->status, m);
    MHD_destroy_response(m);
    return sent;
}

static double ms_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) * 1e3 +
           (double)(now.tv_nsec - start->tv_nsec) / 1e6;
}

/* A method for the log: a client may send any word. */
static const char *method_word(const char *method)
{
    static const char *const known[] = {"GET",    "HEAD",    "POST", "PUT",
                                        "DELETE", "OPTIONS", "PATCH"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(method, known[i]))
            return known[i];
    return "other";
}

static struct web_request request_of(
        struct web *w, struct MHD_Connection *c, struct exchange *x,
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
            .ingest = w->ingest,
            .rate = w->rate};
    const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    web_rate_from(info ? info->client_addr : NULL, r.from);
    return r;
}

/* From the writer, or from the thread that queued: asks for the request once
 * more, to answer it. */
static void wake(void *connection)
{
    MHD_resume_connection(connection);
}

static enum MHD_Result
respond(struct web *w, struct MHD_Connection *c, struct exchange *x,
        const char *path, const char *method)
{
    struct web_request r = request_of(w, c, x, path, method);
    struct web_answer a = {0};
    size_t bytes;
    enum MHD_Result sent;

    if (!x->job)
        r.factors = web_pack_take(w->pool);
    if (x->job)
        web_answer_job(&r, &a, x->job);
    else if (x->refused)
        web_refuse(&r, &a, x->refused, x->why);
    else
        web_answer(&r, &a);
    if (r.factors)
        web_pack_give(w->pool, r.factors);
    if (r.job) { /* later: this thread goes on with others */
        x->job = r.job;
        buf_clear(&x->body);
        buf_clear(&a.body);
        arena_clear(&a.arena);
        MHD_suspend_connection(c);
        web_ingest_push(w->ingest, x->job, wake, c);
        return MHD_YES;
    }
    bytes = a.body.len;
    a.last = x->job && atomic_load(&w->connections) > CONNECTIONS_KEPT;
    sent = send_answer(c, &r, &a);
    log_line(
            a.quiet ? LOG_DEBUG : LOG_INFO, "request",
            "id=%llu method=%s route=%s status=%d ms=%.1f bytes=%zu",
            (unsigned long long)atomic_fetch_add(&w->requests, 1) + 1,
            method_word(method), a.route, a.status, ms_since(&x->start), bytes);
    buf_clear(&a.body);
    arena_clear(&a.arena);
    return sent;
}

/* ---- libmicrohttpd's callbacks ------------------------------------------- */

static void refuse(struct exchange *x, int status, const char *why)
{
    buf_clear(&x->body);
    x->refused = status;
    x->why = why;
}

/* Sees the target as sent, and makes the state of the exchange. */
static void *
on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct exchange *x = xcalloc(1, sizeof *x);
    const char *fault;

    (void)cls, (void)connection;
    clock_gettime(CLOCK_MONOTONIC, &x->start);
    buf_init(&x->body, WEB_MAX_BODY);
    if (strlen(target) > WEB_MAX_TARGET) {
        refuse(x, MHD_HTTP_URI_TOO_LONG, "the address is too long");
        return x;
    }
    fault = web_target_fault(target);
    if (fault)
        refuse(x, MHD_HTTP_BAD_REQUEST, fault);
    return x;
}

static const char too_large[] = "the body is larger than 8 MiB";

/* The first call, with the headers alone. True: answer now, a body that comes
 * is not read. */
static bool answer_now(
        struct exchange *x, struct MHD_Connection *c, const char *path,
        const char *method)
{
    const char *length = MHD_lookup_connection_value(
            c, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const char *coding = MHD_lookup_connection_value(
            c, MHD_HEADER_KIND, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    struct err ignored = {0};
    int64_t n = 0;

    if (x->refused)
        return true;
    if (!coding && (!length || !strcmp(length, "0")))
        return false;
    if (!web_takes_body(method, path)) {
        if (!strcmp(method, "GET") || !strcmp(method, "HEAD"))
            refuse(x, MHD_HTTP_BAD_REQUEST, "a GET request has no body");
        return true;
    }
    if (length && !num_parse_int(
                          length, strlen(length), 0, 2 * (int64_t)WEB_MAX_BODY,
                          &n, &ignored)) {
        refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, too_large);
        return true;
    }
    /* A client that is cut off while it sends does not see the answer. */
    if (n > WEB_MAX_BODY)
        refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, too_large);
    return x->refused && MHD_lookup_connection_value(
                                 c, MHD_HEADER_KIND, MHD_HTTP_HEADER_EXPECT);
}

/* Of a request whose token is no good the body is read and forgotten, so that
 * the answer is not lost; unless the client waits to be told to send it. */
static bool
gate(struct web *w, struct MHD_Connection *c, struct exchange *x,
     const char *path, const char *method)
{
    struct web_request r = request_of(w, c, x, path, method);
    const char *why = NULL;
    int status = web_gate(&r, &why);

    if (!status)
        return true;
    refuse(x, status, why);
    return !r.header(&r, "Expect");
}

/* A body that is cut off, which gets no answer; unless something else was wrong
 * with it, which was counted. */
static enum MHD_Result
cut_off(struct web *w, struct exchange *x, struct MHD_Connection *c,
        const char *path, const char *method)
{
    struct web_request r = request_of(w, c, x, path, method);

    if (!x->refused || x->refused == MHD_HTTP_CONTENT_TOO_LARGE)
        web_count_unread(&r, MHD_HTTP_CONTENT_TOO_LARGE);
    return MHD_NO; /* closes the connection */
}

/* A part of the body. A chunked one may turn out too large: the rest is read
 * and forgotten, since libmicrohttpd answers only after it, but not for ever.
 */
static enum MHD_Result
take_body(struct exchange *x, const char *data, size_t len)
{
    x->seen += len;
    if (ms_since(&x->start) > BODY_TIMEOUT_S * 1e3)
        return MHD_NO; /* closes the connection */
    if (!x->refused && !buf_add(&x->body, data, len))
        refuse(x, MHD_HTTP_CONTENT_TOO_LARGE, too_large);
    return MHD_YES;
}

static enum MHD_Result on_request(
        void *cls, struct MHD_Connection *c, const char *path,
        const char *method, const char *version, const char *data, size_t *len,
        void **state)
{
    struct exchange *x = *state;
    enum MHD_Result go_on;

    (void)version;
    if (!x->begun) {
        x->begun = true;
        return answer_now(x, c, path, method) ||
                               (!x->refused && !gate(cls, c, x, path, method))
                       ? respond(cls, c, x, path, method)
                       : MHD_YES;
    }
    if (!*len)
        return respond(cls, c, x, path, method);
    go_on = take_body(x, data, *len);
    if (x->seen > 2 * (size_t)WEB_MAX_BODY)
        go_on = cut_off(cls, x, c, path, method);
    *len = 0;
    return go_on;
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
    web_job_free(x->job); /* the writer resumed it, so is done with it */
    free(x);
    *state = NULL;
}

static void on_connection(
        void *cls, struct MHD_Connection *c, void **context,
        enum MHD_ConnectionNotificationCode what)
{
    struct web *w = cls;

    (void)c, (void)context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        w->connections++;
    else
        w->connections--;
}

/* ---- the server ---------------------------------------------------------- */

static struct MHD_Daemon *start_daemon(
        struct web *w, const struct web_options *o,
        const struct sockaddr_storage *address)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO |
                     MHD_ALLOW_SUSPEND_RESUME;
    unsigned timeout_s = o->timeout_s ? o->timeout_s : TIMEOUT_S;
    /* On loopback all readers of a reverse proxy are one address. */
    unsigned per_address =
            web_is_loopback(address) ? 0 : CONNECTIONS_PER_ADDRESS;

    if (address->ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(
            flags, 0, NULL, NULL, on_request, w, MHD_OPTION_SOCK_ADDR, address,
            MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL,
            MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
            MHD_OPTION_NOTIFY_CONNECTION, on_connection, w,
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
            MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
            MHD_OPTION_CONNECTION_TIMEOUT, timeout_s,
            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_END);
}

bool web_start(
        const struct web_options *options, struct web **out, struct err *err)
{
    const union MHD_DaemonInfo *info;
    struct sockaddr_storage address;
    struct web *w;

    if (!web_parse_listen(options->listen, &address, err))
        return false;
    if (!web_is_loopback(&address) && !options->public_ok)
        return err_set(
                err, ERR_DENIED,
                "'%s' can be reached from elsewhere and the site has no login;"
                " --public if that is meant",
                options->listen);
    w = xcalloc(1, sizeof *w);
    if (!web_pool_new(
                options->db_path, options->load, options->load_ctx, &w->pool,
                err)) {
        web_stop(w);
        return false;
    }
    w->rate = web_rate_new(WEB_PER_S);
    w->ingest = web_ingest_new(options->db_path, options->keep_days);
    w->daemon = start_daemon(w, options, &address);
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
    web_ingest_close(w->ingest); /* none may be suspended at the end */
    if (w->daemon)
        MHD_stop_daemon(w->daemon);
    web_ingest_free(w->ingest);
    web_rate_free(w->rate);
    web_pool_free(w->pool);
    free(w);
}

/* glibc keeps ever larger blocks, for each thread, once such have been freed:
 * a server that has shown reports held 82 MB where it needs 14. Fixed limits
 * give them back. */
static void keep_memory_low(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK);
    mallopt(M_TRIM_THRESHOLD, KEPT_BLOCK);
#endif
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
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a full disk */
    keep_memory_low();
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
