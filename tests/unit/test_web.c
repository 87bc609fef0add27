/* SPDX-License-Identifier: Apache-2.0
 * Every route of the site: status, type, security headers, HEAD, preferences,
 * and what is refused before a page is written. */
#include "base/buf.h"
#include "base/out.h"
#include "reports/reports.h"
#include "web_site.h"

static struct site site;

static void open_site(void)
{
    struct buf rows;

    site_folder(&site);
    buf_init(&rows, 100000);
    site_nodes(&rows, 3);
    site_import_text(&site, "fleet.db", buf_text(&rows));
    buf_clear(&rows);
    site_serve(&site, 0);
}

/* ---- routes and headers -------------------------------------------------- */

#define HTML "text/html; charset=utf-8"
#define PROBLEM "application/problem+json"

static const struct route {
    const char *method, *target, *type;
    int status;
    bool fixed; /* an asset: the same for every reader */
} routes[] = {
        {"GET", "/", HTML, 200, false},
        {"GET", "/machines", HTML, 200, false},
        {"GET", "/machines/node-001", HTML, 200, false},
        {"GET", "/machines/nobody", HTML, 404, false},
        {"GET", "/machines/", "text/plain; charset=utf-8", 301, false},
        {"GET", "/reports", HTML, 200, false},
        {"GET", "/reports/2025", HTML, 200, false},
        {"GET", "/reports/2025.html", HTML, 200, false},
        {"GET", "/reports/2025.json", "application/json", 200, false},
        {"GET", "/reports/2025.csv", "text/csv; charset=utf-8", 200, false},
        {"GET", "/reports/2025.xml", "application/xml", 200, false},
        {"GET", "/reports/1989", HTML, 404, false},
        {"GET", "/energy", HTML, 200, false},
        {"GET", "/energy?page=2", HTML, 200, false},
        {"GET", "/energy?page=0", HTML, 400, false},
        {"GET", "/factors", HTML, 200, false},
        {"GET", "/factors?set=boavizta-2021", HTML, 200, false},
        {"GET", "/static/style.css", "text/css; charset=utf-8", 200, true},
        {"GET", "/static/ui.js", "text/javascript; charset=utf-8", 200, true},
        {"GET", "/static/icon.svg", "image/svg+xml", 200, true},
        {"GET", "/static/none", HTML, 404, false},
        {"GET", "/livez", "text/plain; charset=utf-8", 200, false},
        {"GET", "/readyz", "text/plain; charset=utf-8", 200, false},
        {"GET", "/v1/server/", PROBLEM, 405, false},
        {"POST", "/v1/server/", PROBLEM, 400, false},
        {"POST", "/machines", PROBLEM, 405, false},
        {"POST", "/nope", PROBLEM, 404, false},
        {"BREW", "/", PROBLEM, 405, false},
        {"GET", "/nope", HTML, 404, false},
        {"GET", "/machines/%00", HTML, 400, false},
};
enum { N_ROUTES = sizeof routes / sizeof *routes };

static const char *const headers[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'self'; script-src 'self'; img-src"
         " 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors"
         " 'none'; connect-src 'self'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cache-Control", "private, no-cache"},
};

static void check_headers(const struct route *r, const struct http_answer *a)
{
    char got[600];

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        http_header(a, headers[i][0], 0, got, sizeof got);
        UNIT_CHECK(
                !strcmp(got, headers[i][1]), "%s %s: %s: '%s'", r->method,
                r->target, headers[i][0], got);
    }
    http_header(a, "Permissions-Policy", 0, got, sizeof got);
    UNIT_CHECK(
            strstr(got, "camera=()") && strstr(got, "geolocation=()"),
            "%s: permissions '%s'", r->target, got);
    http_header(a, "Content-Type", 0, got, sizeof got);
    UNIT_CHECK(!strcmp(got, r->type), "%s: type '%s'", r->target, got);
    UNIT_CHECK(
            http_header(a, "ETag", 0, got, sizeof got) == r->fixed,
            "%s: etag '%s'", r->target, got);
    http_header(a, "Vary", 0, got, sizeof got);
    UNIT_CHECK(
            !strcmp(got, r->fixed ? "" : "Accept-Language, Cookie"),
            "%s: vary '%s'", r->target, got);
}

static void test_routes(void)
{
    struct http_answer a;

    for (size_t i = 0; i < N_ROUTES; i++) {
        const struct route *r = &routes[i];

        http_request(site.port, r->method, r->target, "", NULL, 0, &a);
        UNIT_CHECK(
                a.status == r->status, "%s %s: status %d", r->method, r->target,
                a.status);
        if (a.status)
            check_headers(r, &a);
        http_clear(&a);
    }
}

/* The headers without their date, to compare. */
static void head_of(const struct http_answer *a, char *dst, size_t size)
{
    const char *date = strstr(a->raw, "Date: ");
    const char *rest = date ? strchr(date, '\n') : NULL;

    CU_ASSERT_FATAL(rest != NULL);
    snprintf(
            dst, size, "%.*s%.*s", (int)(date - a->raw), a->raw,
            (int)(a->body - rest), rest);
}

static void test_head(void)
{
    struct http_answer get, head;
    char of_get[2000], of_head[2000];

    for (size_t i = 0; i < N_ROUTES; i++) {
        const struct route *r = &routes[i];

        if (strcmp(r->method, "GET") != 0)
            continue;
        http_get(site.port, r->target, &get);
        http_request(site.port, "HEAD", r->target, "", NULL, 0, &head);
        CU_ASSERT_FATAL(get.status && head.status);
        head_of(&get, of_get, sizeof of_get);
        head_of(&head, of_head, sizeof of_head);
        UNIT_CHECK(
                !strcmp(of_get, of_head), "%s: '%s' is not '%s'", r->target,
                of_get, of_head);
        UNIT_CHECK(head.body_len == 0, "HEAD %s has a body", r->target);
        http_clear(&get);
        http_clear(&head);
    }
}

static void test_assets_are_kept(void)
{
    char etag[80], header[200];
    struct http_answer a;

    site_get(&site, "/static/style.css", 200, &a);
    CU_ASSERT(http_header(&a, "ETag", 0, etag, sizeof etag));
    http_clear(&a);
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", etag);
    http_request(site.port, "GET", "/static/style.css", header, NULL, 0, &a);
    CU_ASSERT_EQUAL(a.status, 304);
    CU_ASSERT_EQUAL(a.body_len, 0);
    http_clear(&a);
    http_request(
            site.port, "GET", "/static/style.css", "If-None-Match: \"x\"\r\n",
            NULL, 0, &a);
    CU_ASSERT_EQUAL(a.status, 200);
    http_clear(&a);
}

/* ---- answers that say what is wrong -------------------------------------- */

static void test_what_is_wrong(void)
{
    static const struct {
        const char *target;
        int status;
        const char *says;
    } cases[] = {
            {"/reports/2027", 404, "a year from 1990 to 2026"},
            {"/reports/1989", 404, "a year from 1990 to 2026"},
            {"/reports/+2025", 404, "a year from 1990 to 2026"},
            {"/reports/%202025", 404, "a year from 1990 to 2026"},
            {"/reports/02025", 404, "a year from 1990 to 2026"},
            {"/reports/2025x", 404, "a year from 1990 to 2026"},
            {"/reports/2025.pdf", 404, "html, json, csv or xml"},
            {"/reports/2025/", 301, ""},
            {"/reports/2025.json/x", 404, "html, json, csv or xml"},
            {"/factors?set=none", 404, "no factor set 'none'"},
            {"/machines?page=0", 400, "no page"},
            {"/machines?page=-1", 400, "no page"},
            {"/machines?page=1e9", 400, "no page"},
            {"/machines?page=2", 404, "the list ends at page 1"},
            {"/machines?sort=price", 400, "tag, name, product"},
            {"/machines?sort=id;drop+table", 400, "tag, name, product"},
            {"/machines?category=tank", 400, "no category"},
            {"/machines?status=lost", 400, "no status"},
            {"/machines?acquisition=stolen", 400, "no acquisition"},
            {"/machines?warranty=2", 400, "expected 0 or 1"},
            {"/machines/nobody", 404, "nobody"},
            {"/machines/nobody/", 301, ""},
            {"/static/../web.c", 404, ""},
            {"/static/%2e%2e/web.c", 404, ""},
            {"/machines/a%00b", 400, "control character"},
            {"/machines?q=a%00b", 400, "control character"},
            {"/machines?q=a%0d%0aSet-Cookie:x", 400, "control character"},
            {"/machines/%ff", 400, "not UTF-8"},
            {"/machines?q=%ed%a0%80", 400, "not UTF-8"},
            {"/machines/%c0%af", 400, "not UTF-8"},
            {"/machines/%4", 400, "hexadecimal"},
            {"/machines/%zz", 400, "hexadecimal"},
            {"//", 404, ""},
            {"//evil.example/", 404, ""},
            {"/MACHINES", 404, ""},
            {"/machinesx", 404, ""},
    };
    struct http_answer a;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *says = cases[i].says;

        site_get(&site, cases[i].target, cases[i].status, &a);
        UNIT_CHECK(site_has(&a, says), "%s: not '%s'", cases[i].target, says);
        http_clear(&a);
    }
}

static void test_redirects_stay_here(void)
{
    static const char *const cases[][2] = {
            {"/machines/", "/machines"},
            {"/reports/", "/reports"},
            {"/factors/", "/factors"},
            {"/reports/2025/", "/reports/2025"},
            {"/machines/a%20b%2Fc/", "/machines/a%20b/c"},
            {"/machines/%C3%A9/", "/machines/%C3%A9"},
    };
    struct http_answer a;
    char to[200];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        site_get(&site, cases[i][0], 301, &a);
        http_header(&a, "Location", 0, to, sizeof to);
        UNIT_CHECK(
                !strcmp(to, cases[i][1]), "%s goes to '%s'", cases[i][0], to);
        http_clear(&a);
    }
}

static void test_methods(void)
{
    static const struct {
        const char *method, *target, *allow;
    } cases[] = {
            {"POST", "/", "GET, HEAD"},
            {"PUT", "/machines/node-001", "GET, HEAD"},
            {"DELETE", "/reports/2025", "GET, HEAD"},
            {"OPTIONS", "/machines", "GET, HEAD"},
            {"PATCH", "/livez", "GET, HEAD"},
            {"GET", "/v1/server/", "POST"},
            {"HEAD", "/v1/server/", "POST"},
            {"PUT", "/v1/server/", "POST"},
    };
    struct http_answer a;
    char allow[40];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        http_request(
                site.port, cases[i].method, cases[i].target, "", NULL, 0, &a);
        http_header(&a, "Allow", 0, allow, sizeof allow);
        UNIT_CHECK(
                a.status == 405 && !strcmp(allow, cases[i].allow),
                "%s %s: %d, allow '%s'", cases[i].method, cases[i].target,
                a.status, allow);
        http_clear(&a);
    }
}

/* ---- language and theme -------------------------------------------------- */

static void test_preferences(void)
{
    static const struct {
        const char *target, *headers, *lang, *theme, *cookies[2];
    } cases[] = {
            {"/", "", "<html lang=\"en\">", NULL, {0}},
            {"/",
             "Accept-Language: fr-CA, en;q=0.5\r\n",
             "<html lang=\"fr\">",
             NULL,
             {0}},
            {"/",
             "Accept-Language: de, fr;q=0.2, en;q=0.9\r\n",
             "<html lang=\"en\">",
             NULL,
             {0}},
            {"/",
             "Cookie: lang=fr; theme=dark\r\n",
             "<html lang=\"fr\"",
             "data-theme=\"dark\"",
             {0}},
            {"/?lang=en",
             "Cookie: lang=fr\r\n",
             "<html lang=\"en\">",
             NULL,
             {"lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"}},
            {"/?lang=fr&theme=light",
             "Cookie: theme=dark\r\n",
             "<html lang=\"fr\"",
             "data-theme=\"light\"",
             {"lang=fr; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly",
              "theme=light; Path=/; Max-Age=31536000; SameSite=Lax"}},
            {"/?theme=auto",
             "Cookie: theme=dark\r\n",
             "<html lang=\"en\">",
             NULL,
             {"theme=auto; Path=/; Max-Age=31536000; SameSite=Lax"}},
            {"/?theme=%3Cscript%3E;Path=x",
             "",
             "<html lang=\"en\">",
             NULL,
             {"theme=auto; Path=/; Max-Age=31536000; SameSite=Lax"}},
            {"/?lang=xx",
             "Cookie: lang=fr\r\n",
             "<html lang=\"fr\">",
             NULL,
             {"lang=fr; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"}},
            {"/?lang=",
             "Cookie: lang=\xff\r\n",
             "<html lang=\"en\">",
             NULL,
             {"lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"}},
            {"/nope", "Cookie: lang=fr\r\n", "Introuvable", NULL, {0}},
            {"/nope?lang=fr", "", "Introuvable", NULL, {0}},
    };
    struct http_answer a;
    char cookie[200];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        http_request(
                site.port, "GET", cases[i].target, cases[i].headers, NULL, 0,
                &a);
        UNIT_CHECK(
                site_has(&a, cases[i].lang), "case %zu %s: no %s", i,
                cases[i].target, cases[i].lang);
        UNIT_CHECK(
                cases[i].theme ? site_has(&a, cases[i].theme)
                               : !site_has(&a, "data-theme=\""),
                "case %zu %s: theme", i, cases[i].target);
        for (int n = 0; n < 2; n++) {
            const char *want = cases[i].cookies[n] ? cases[i].cookies[n] : "";

            http_header(&a, "Set-Cookie", n, cookie, sizeof cookie);
            UNIT_CHECK(
                    !strcmp(cookie, want), "case %zu %s: cookie '%s'", i,
                    cases[i].target, cookie);
        }
        http_clear(&a);
    }
}

/* A file in one language is no choice for the pages. */
static void test_files_set_no_cookie(void)
{
    struct http_answer a;
    char text[200];

    site_get(&site, "/reports/2025.html?lang=fr", 200, &a);
    CU_ASSERT(site_has(&a, "<html lang=\"fr\""));
    CU_ASSERT(!http_header(&a, "Set-Cookie", 0, text, sizeof text));
    http_header(&a, "Content-Disposition", 0, text, sizeof text);
    CU_ASSERT_STRING_EQUAL(
            text, "attachment; filename=\"fleetprint-2025.html\"");
    http_clear(&a);
}

/* Own links keep what the reader looks at when language or theme change. */
static void test_pages_keep_their_address(void)
{
    static const char *const cases[][2] = {
            {"/machines?q=node&sort=name", "/machines?q=node&amp;sort=name&amp;"
                                           "lang=fr"},
            {"/factors?set=boavizta-2021", "/factors?set=boavizta-2021&amp;"
                                           "lang=fr"},
            {"/reports/2025", "\"/reports/2025?lang=fr\""},
            {"/machines/node-001", "\"/machines/node-001?lang=fr\""},
    };
    struct http_answer a;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        site_get(&site, cases[i][0], 200, &a);
        UNIT_CHECK(
                site_has(&a, cases[i][1]), "%s has no %s", cases[i][0],
                cases[i][1]);
        http_clear(&a);
    }
}

/* ---- the report ---------------------------------------------------------- */

/* The site's file is the very document that the command line writes. */
static void test_same_document(void)
{
    struct rep_options o = {
            .year = 2025, .rule = CALC_RESIDUAL_SL, .today = {2026, 2, 1}};
    struct rep_year *y = NULL;
    struct http_answer a;
    struct err err = {0};
    struct db *db = NULL;
    struct out out;
    struct buf b;

    buf_init(&b, 10000000);
    out_to_buf(&out, &b);
    site_must(db_open(site_path(&site, "fleet.db"), DB_READ, &db, &err), &err);
    site_must(rep_year_make(db, site_pack, &o, &y, &err), &err);
    site_must(
            rep_year_write(
                    y,
                    &(struct rep_writing){
                            .format = REP_JSON,
                            .language = "en",
                            .pack = site_pack,
                            .options = &o},
                    &out, &err) &&
                    out_finish(&out, &err),
            &err);
    site_get(&site, "/reports/2025.json", 200, &a);
    CU_ASSERT_EQUAL(a.body_len, b.len);
    CU_ASSERT_STRING_EQUAL(a.body, buf_text(&b));
    CU_ASSERT(site_has(&a, "\"schema\""));
    http_clear(&a);
    rep_year_free(y);
    db_close(db);
    buf_clear(&b);
}

static void test_report_links(void)
{
    static const char *const links[] = {
            "\"/reports/2025.html?lang=en\"", "\"/reports/2025.html?lang=fr\"",
            "\"/reports/2025.json\"", "\"/reports/2025.csv\"",
            "\"/reports/2025.xml\""};
    static const char *const pages[] = {"/reports", "/reports/2025"};
    struct http_answer a;

    for (size_t p = 0; p < 2; p++) {
        site_get(&site, pages[p], 200, &a);
        for (size_t i = 0; i < sizeof links / sizeof *links; i++)
            UNIT_CHECK(
                    site_has(&a, links[i]), "%s has no %s", pages[p], links[i]);
        http_clear(&a);
    }
}

/* ---- estimate ------------------------------------------------------------ */

static void test_estimate(void)
{
    static const struct {
        const char *target, *body;
        int status;
        const char *says;
    } cases[] = {
            {"/v1/server/", "{}", 200, "\"impacts\""},
            {"/v1/server", "{}", 200, "\"impacts\""},
            {"/v1/server/?verbose=false",
             "{\"configuration\":{\"cpu\":{\"units\":2,\"die_size\":694}}}",
             200, "\"kgCO2eq\""},
            {"/v1/server/", "", 400, "\"detail\""},
            {"/v1/server/", "{", 400, "\"detail\""},
            {"/v1/server/", "[]", 400, "\"detail\""},
            {"/v1/server/", "{\"configuration\":{\"cpu\":{\"units\":\"two\"}}}",
             400, "configuration.cpu.units"},
            {"/v1/server/", "{\"a\":1,\"a\":2}", 400, "\"detail\""},
    };
    struct http_answer a;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        http_request(
                site.port, "POST", cases[i].target,
                "Content-Type: application/json\r\n", cases[i].body,
                strlen(cases[i].body), &a);
        UNIT_CHECK(
                a.status == cases[i].status && site_has(&a, cases[i].says),
                "%s: %d %.200s", cases[i].body, a.status, a.body ? a.body : "");
        http_clear(&a);
    }
}

static void close_site(void)
{
    site_close(&site);
    CU_ASSERT(access(site.folder, F_OK) != 0);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"a site is opened", open_site},
            {"every route: status, type, headers", test_routes},
            {"HEAD is GET without its body", test_head},
            {"assets are asked for once", test_assets_are_kept},
            {"what is wrong is said", test_what_is_wrong},
            {"redirects stay on the site", test_redirects_stay_here},
            {"methods", test_methods},
            {"language and theme", test_preferences},
            {"files set no cookie", test_files_set_no_cookie},
            {"pages keep their address", test_pages_keep_their_address},
            {"the document is the same everywhere", test_same_document},
            {"a report links its files", test_report_links},
            {"estimate", test_estimate},
            {"the site is closed", close_site},
            {NULL, NULL},
    };
    int status = unit_main("web", tests);

    fac_pack_free(site_pack);
    return status;
}
