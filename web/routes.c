/* SPDX-License-Identifier: Apache-2.0
 * Which handler answers which path; what the reader prefers; how failures are
 * told. */
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "web/web_priv.h"

static const struct route {
    const char *method, *path;
    bool prefix; /* path and everything below; the rest goes to the handler */
    bool api;    /* failures are problem+json */
    web_handler *handler;
} routes[] = {
        {"GET", "/", false, false, web_dashboard},
        {"GET", "/machines", false, false, web_machines},
        {"GET", "/machines/", true, false, web_machine},
        {"GET", "/reports", false, false, web_reports},
        {"GET", "/reports/", true, false, web_report},
        {"GET", "/factors", false, false, web_factors},
        {"GET", "/static/", true, false, web_static},
        {"GET", "/livez", false, true, web_livez},
        {"GET", "/readyz", false, true, web_readyz},
        {"POST", "/v1/server/", false, true, web_estimate},
};
enum { N_ROUTES = sizeof routes / sizeof *routes };

static bool matches(const struct route *route, const char *path)
{
    size_t len = strlen(route->path);

    if (route->prefix)
        return !strncmp(route->path, path, len) && path[len];
    return !strcmp(route->path, path);
}

static void problem(struct web_answer *a, const struct err *err)
{
    struct json_out j;
    struct out o;

    buf_reset(&a->body);
    a->status = err_http_status(err->code);
    a->type = "application/problem+json";
    out_to_buf(&o, &a->body);
    json_out_init(&j, &o, false);
    json_begin_obj(&j, NULL);
    json_str(&j, "title", err_word(err->code));
    json_int(&j, "status", a->status);
    if (a->status < 500) {
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

static void
not_allowed(struct web_answer *a, const struct route *route, const char *method)
{
    struct err err = {0};

    err_set(&err, ERR_INVALID, "method %s is not for this path; %s is", method,
            route->method);
    problem(a, &err);
    a->status = 405;
    a->allow = !strcmp(route->method, "GET") ? "GET, HEAD" : route->method;
}

void web_answer(struct web_request *r, struct web_answer *a)
{
    const struct route *other = NULL;
    struct err err = {0};
    char text[1100];

    a->status = 200;
    buf_init(&a->body, WEB_MAX_ANSWER);
    preferences(r);
    for (size_t i = 0; i < N_ROUTES; i++) {
        const struct route *route = &routes[i];

        if (!matches(route, r->path))
            continue;
        if (strcmp(route->method, r->method) != 0) {
            other = route;
            continue;
        }
        r->rest = r->path + strlen(route->path);
        if (route->handler(r, a, &err) && !a->body.over)
            return;
        if (a->body.over)
            err_set(&err, ERR_LIMIT, "the answer is larger than %d MiB",
                    WEB_MAX_ANSWER >> 20);
        if (err_http_status(err.code) >= 500)
            log_line(
                    LOG_ERROR, "request", "path=%s error=\"%s\"", route->path,
                    err_text(&err, text, sizeof text));
        if (route->api)
            problem(a, &err);
        else
            web_error_page(r, a, &err);
        return;
    }
    if (other) {
        not_allowed(a, other, r->method);
        return;
    }
    err_set(&err, ERR_NOT_FOUND, "no page '%s'", r->path);
    web_error_page(r, a, &err);
}
