/* SPDX-License-Identifier: Apache-2.0
 * Which handler answers which path; what the reader prefers; how failures are
 * told. */
#include <string.h>

#include "access/access.h"
#include "base/json.h"
#include "base/log.h"
#include "web/ingest_priv.h"
#include "web/web_priv.h"

enum { BY_TOKEN = 1 }; /* added to a kind of token, so that none is 0 */

static const struct route {
    const char *method, *path;
    bool prefix;  /* path and everything below; the rest goes to the handler */
    bool api;     /* failures are problem+json */
    bool limited; /* so many a second from one address */
    int token;    /* BY_TOKEN + the kind that it needs; 0 none */
    web_handler *handler;
} routes[] = {
        {"GET", "/", false, false, false, 0, web_dashboard},
        {"GET", "/machines", false, false, false, 0, web_machines},
        {"GET", "/machines/", true, false, false, 0, web_machine},
        {"GET", "/energy", false, false, false, 0, web_energy_page},
        {"GET", "/reports", false, false, false, 0, web_reports},
        {"GET", "/reports/", true, false, false, 0, web_report},
        {"GET", "/factors", false, false, false, 0, web_factors},
        {"GET", "/static/", true, false, false, 0, web_static},
        {"GET", "/livez", false, true, false, 0, web_livez},
        {"GET", "/readyz", false, true, false, 0, web_readyz},
        {"POST", "/v1/server/", false, true, true, 0, web_estimate},
        {"POST", "/v1/server", false, true, true, 0, web_estimate},
        {"POST", "/api/v1/energy", false, true, false, BY_TOKEN + ACC_NODE,
         web_energy},
        {"POST", "/v1/metrics", false, true, false, BY_TOKEN + ACC_NODE,
         web_otlp},
        {"POST", "/api/v1/enrol", false, true, false, BY_TOKEN + ACC_ENROL,
         web_enrol},
        {"GET", "/metrics", false, true, false, BY_TOKEN + ACC_SCRAPE,
         web_metrics},
};
enum { N_ROUTES = sizeof routes / sizeof *routes };

static bool matches(const struct route *route, const char *path)
{
    size_t len = strlen(route->path);

    if (route->prefix)
        return !strncmp(route->path, path, len) && path[len];
    return !strcmp(route->path, path);
}

void web_problem(struct web_answer *a, const struct err *err)
{
    struct json_out j;
    struct out o;

    buf_reset(&a->body);
    a->type = "application/problem+json";
    out_to_buf(&o, &a->body);
    json_out_init(&j, &o, false);
    json_begin_obj(&j, NULL);
    json_str(&j, "title", a->title ? a->title : err_word(err->code));
    json_int(&j, "status", a->status);
    if (a->status < 500 || a->status == 503) {
        json_str(&j, "detail", err->msg);
        json_str(&j, "where", err->where[0] ? err->where : NULL);
    }
    json_end_obj(&j);
    out_finish(&o, NULL);
}

/* Query beats cookie beats what the browser says. */
static void preferences(struct web_request *r)
{
    const char *lang = r->query(r, "lang"), *theme = r->query(r, "theme");

    if (!lang || !ui_lang_from(lang, &r->lang)) {
        lang = r->cookie(r, "lang");
        if (!lang || !ui_lang_from(lang, &r->lang))
            r->lang = ui_lang_accept(r->header(r, "Accept-Language"));
    }
    if (!theme)
        theme = r->cookie(r, "theme");
    r->theme = UI_THEME_AUTO;
    if (theme && !strcmp(theme, "dark"))
        r->theme = UI_THEME_DARK;
    else if (theme && !strcmp(theme, "light"))
        r->theme = UI_THEME_LIGHT;
}

/* The route of a path: that of the method where there is one, else any. */
static const struct route *find(const char *path, const char *method)
{
    const struct route *other = NULL;

    for (size_t i = 0; i < N_ROUTES; i++) {
        const struct route *route = &routes[i];

        if (!matches(route, path))
            continue;
        if (!strcmp(route->method, method))
            return route;
        if (!other)
            other = route;
    }
    return other;
}

bool web_takes_body(const char *method, const char *path)
{
    const struct route *route = find(path, method);

    return route && !strcmp(route->method, method) && !strcmp(method, "POST");
}

/* A failure in the shape of the route: a page for people, else a problem. */
static void
fail(struct web_request *r, struct web_answer *a, bool api,
     const struct err *err)
{
    a->location = a->download = a->etag = NULL;
    if (api)
        web_problem(a, err);
    else
        web_error_page(r, a, err);
}

int web_gate(struct web_request *r, const char **why)
{
    const struct route *route = find(r->path, r->method);

    if (!route || strcmp(route->method, r->method) != 0)
        return 0;
    if (route->limited &&
        !web_rate_take(r->rate, r->from, WEB_RATE_ESTIMATE, true)) {
        *why = "more than 100 requests a second from one address";
        return 429;
    }
    if (!route->token)
        return 0;
    return !strcmp(r->method, "POST")
                   ? web_feed_gate(r, route->token - BY_TOKEN, why)
                   : web_token_gate(r, route->token - BY_TOKEN, why);
}

static enum err_code refusal_code(int status)
{
    return status == 413 || status == 414 || status == 429 ? ERR_LIMIT
           : status == 401 || status == 403                ? ERR_DENIED
           : status == 503                                 ? ERR_DB
                                                           : ERR_INVALID;
}

/* Readings refused by their headers or size alone; gate.c counts the rest. */
void web_count_unread(struct web_request *r, int status)
{
    const struct route *route = find(r->path, r->method);
    bool large = status == 413;

    if (!route || !route->token || strcmp(r->method, "POST") != 0 ||
        (!large && status != 415))
        return;
    r->ingest->figures
            .requests_refused[large ? REFUSED_LARGE : REFUSED_INVALID]++;
}

void web_refuse(
        struct web_request *r, struct web_answer *a, int status,
        const char *why)
{
    const struct route *route = find(r->path, r->method);
    bool page = !strcmp(r->method, "GET") && !(route && route->api);
    struct err err = {0};

    web_count_unread(r, status);
    err_set(&err, refusal_code(status), "%s", why);
    a->status = status;
    a->route = route ? route->path : "-";
    a->retry_s = status == 429 ? 1 : status == 503 ? 10 : 0;
    a->title = status == 401   ? "unauthorized"
               : status == 429 ? "too-many-requests"
               : status == 503 ? "busy"
                               : NULL;
    r->path = "/"; /* what was sent is not shown again */
    buf_init(&a->body, WEB_MAX_ANSWER);
    preferences(r);
    fail(r, a, !page, &err);
}

static void not_allowed(
        struct web_request *r, struct web_answer *a, const struct route *route)
{
    bool reads = !strcmp(route->method, "GET");
    struct err err = {0};

    err_set(&err, ERR_INVALID, "this path takes %s alone",
            reads ? "GET and HEAD" : route->method);
    a->status = 405;
    a->allow = reads ? "GET, HEAD" : route->method;
    fail(r, a, route->api || strcmp(r->method, "GET") != 0, &err);
}

/* "/reports/" is "/reports" with a slash too many. Asked only when the longer
 * path is not known: a tag may end with a slash. */
static bool slash_too_many(struct web_request *r, struct web_answer *a)
{
    size_t len = strlen(r->path);
    const char *shorter;
    struct buf b;

    if (len < 2 || r->path[len - 1] != '/' || r->path[1] == '/' ||
        strcmp(r->method, "GET") != 0)
        return false;
    shorter = arena_strn(&a->arena, r->path, len - 1);
    if (!find(shorter, "GET"))
        return false;
    buf_init(&b, (size_t)3 * WEB_MAX_TARGET);
    web_url_path(&b, shorter);
    a->status = 301;
    a->type = "text/plain; charset=utf-8";
    a->location = arena_str(&a->arena, buf_text(&b));
    buf_clear(&b);
    return true;
}

static void
run(struct web_request *r, struct web_answer *a, const struct route *route)
{
    struct err err = {0};
    char text[1100];

    r->rest = r->path + strlen(route->path);
    if (route->handler(r, a, &err) && !a->body.over)
        return;
    if (a->body.over)
        err_set(&err, ERR_LIMIT, "the answer is larger than %d MiB",
                WEB_MAX_ANSWER >> 20);
    if (err.code == ERR_NOT_FOUND && slash_too_many(r, a))
        return;
    a->status = err_http_status(err.code);
    if (a->status >= 500)
        log_line(
                LOG_ERROR, "failure", "route=%s error=%s", route->path,
                err_text(&err, text, sizeof text));
    fail(r, a, route->api, &err);
}

void web_answer(struct web_request *r, struct web_answer *a)
{
    const struct route *route = find(r->path, r->method);
    struct err err = {0};

    a->status = 200;
    a->route = route ? route->path : "-";
    buf_init(&a->body, WEB_MAX_ANSWER);
    preferences(r);
    if (route && !strcmp(route->method, r->method)) {
        run(r, a, route);
    } else if (route) {
        not_allowed(r, a, route);
    } else if (!slash_too_many(r, a)) {
        err_set(&err, ERR_NOT_FOUND, "no page '%.200s'", r->path);
        a->status = 404;
        fail(r, a, strcmp(r->method, "GET") != 0, &err);
    }
}
