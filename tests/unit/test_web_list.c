/* SPDX-License-Identifier: Apache-2.0
 * The machine list and the pages of machines: filters, sort, pages, and names
 * written by someone who means harm. */
#include "base/buf.h"
#include "web_site.h"

enum { NODES = 243 };

/* Tags and names as they stand in the file, in the address, and on a page. */
static const struct {
    const char *tag, *address, *shown;
} hostile[] = {
        {"<script>alert(1)</script>", "%3Cscript%3Ealert%281%29%3C%2Fscript%3E",
         "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"\"><img src=x onerror=alert(1)>",
         "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E",
         "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"},
        {"rack/7/a", "rack%2F7%2Fa", "rack/7/a"},
        {"ends/", "ends%2F", "ends/"},
        {"50% & more; q?x#y", "50%25%20%26%20more%3B%20q%3Fx%23y",
         "50% &amp; more; q?x#y"},
        {"a%00b", "a%2500b", "a%00b"},
        {"../../etc/passwd", "..%2F..%2Fetc%2Fpasswd", "../../etc/passwd"},
        {"' OR 1=1 --", "%27%20OR%201%3D1%20--", "OR 1=1 --"},
        {"\xC3\xA9t\xC3\xA9 \xE2\x98\x83", "%C3%A9t%C3%A9%20%E2%98%83",
         "\xC3\xA9t\xC3\xA9 \xE2\x98\x83"},
        {"javascript:alert(1)", "javascript%3Aalert%281%29",
         "javascript:alert(1)"},
};
enum { HOSTILE = sizeof hostile / sizeof *hostile };

static struct site site;

/* A CSV cell in quotes, its own doubled. */
static void cell(struct buf *b, const char *text)
{
    buf_char(b, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_char(b, '"');
        buf_char(b, *text);
    }
    buf_str(b, "\",");
}

/* 243 new servers, 3 donated desktops given away, 10 hostile laptops. */
static void open_site(void)
{
    struct buf rows;

    site_folder(&site);
    buf_init(&rows, 1000000);
    site_nodes(&rows, NODES);
    for (int i = 1; i <= 3; i++)
        buf_printf(
                &rows,
                "desk-%d,Desk of \xC3\x89lo\xC3\xAFse %d,,desktop,HP,EliteDesk"
                " 800,given,donated,2015,2018,2018,,1,4,2x8,40\n",
                i, i);
    for (size_t i = 0; i < HOSTILE; i++) {
        cell(&rows, hostile[i].tag);
        cell(&rows, hostile[i].tag);
        buf_str(&rows, ",laptop,,,spare,second_hand,2016,2020,,,1,2,1x8,20\n");
    }
    site_import_text(&site, "fleet.db", buf_text(&rows));
    buf_clear(&rows);
    site_serve(&site, 0);
}

/* ---- the list ------------------------------------------------------------ */

/* Rows of the table: each begins with one head cell. */
static size_t rows_of(const struct http_answer *a)
{
    const char *at = strstr(a->body, "<tbody");
    size_t n = 0;

    while (at && (at = strstr(at, "<th scope=\"row\""))) {
        n++;
        at++;
    }
    return n;
}

/* Addresses of the rows, joined by blanks, at most `most` of them. */
static void tags_of(const struct http_answer *a, int most, struct buf *out)
{
    const char *at = strstr(a->body, "<tbody");

    while (at && most-- > 0 && (at = strstr(at, "href=\"/machines/"))) {
        at += strlen("href=\"/machines/");
        if (out->len)
            buf_char(out, ' ');
        buf_add(out, at, strcspn(at, "\""));
    }
}

static void test_filters(void)
{
    static const struct {
        const char *query;
        size_t rows; /* on the first page */
        const char *says;
    } cases[] = {
            {"", 100, "1 to 100 of 256"},
            {"?page=2", 100, "101 to 200 of 256"},
            {"?page=3", 56, "201 to 256 of 256"},
            {"?q=node-0", 99, "1 to 99 of 99"},
            {"?q=desk", 3, "1 to 3 of 3"},
            {"?q=%C3%89lo%C3%AFse", 3, "1 to 3 of 3"},
            {"?q=R740", 100, "1 to 100 of 243"},
            {"?q=Dell&page=3", 43, "201 to 243 of 243"},
            {"?q=%25", 2, "1 to 2 of 2"}, /* no wildcard: "50%", "a%00b" */
            {"?q=_", 0, "No machine matches"},
            {"?q=%5C", 0, "No machine matches"},
            {"?q=%27%20OR%201%3D1", 1, "1 to 1 of 1"},
            {"?q=%3Cscript%3E", 1, "&lt;script&gt;"},
            {"?category=desktop", 3, "1 to 3 of 3"},
            {"?category=laptop", HOSTILE, "1 to 10 of 10"},
            {"?category=switch", 0, "No machine matches"},
            {"?status=given", 3, "1 to 3 of 3"},
            {"?status=in_service", 100, "1 to 100 of 243"},
            {"?acquisition=second_hand", HOSTILE, "1 to 10 of 10"},
            {"?warranty=1", 100, "1 to 100 of 121"},
            {"?q=node&category=server&status=in_service&acquisition=new", 100,
             "1 to 100 of 243"},
            {"?q=node&category=laptop", 0, "No machine matches"},
            {"?q=&category=&status=&acquisition=&page=&sort=", 100,
             "1 to 100 of 256"},
    };
    struct http_answer a;
    char target[200];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(target, sizeof target, "/machines%s", cases[i].query);
        site_get(&site, target, 200, &a);
        UNIT_CHECK(
                rows_of(&a) == cases[i].rows, "%s: %zu rows, want %zu", target,
                rows_of(&a), cases[i].rows);
        UNIT_CHECK(
                site_has(&a, cases[i].says), "%s: not '%s'", target,
                cases[i].says);
        http_clear(&a);
    }
}

static void test_sort(void)
{
    static const struct {
        const char *query, *first;
    } cases[] = {
            {"?q=node", "node-001 node-002 node-003"},
            {"?q=node&sort=tag&order=desc", "node-243 node-242 node-241"},
            {"?q=desk&sort=name", "desk-1 desk-2 desk-3"},
            {"?q=desk&sort=name&order=desc", "desk-3 desk-2 desk-1"},
            {"?sort=acquired&q=d", "desk-1 desk-2 desk-3"},
            {"?q=node&page=3", "node-201 node-202 node-203"},
            {"?q=node&page=3&order=desc", "node-043 node-042 node-041"},
    };
    struct http_answer a;
    struct buf got;
    char target[200];

    buf_init(&got, 10000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(target, sizeof target, "/machines%s", cases[i].query);
        site_get(&site, target, 200, &a);
        buf_reset(&got);
        tags_of(&a, 3, &got);
        UNIT_CHECK(
                !strcmp(buf_text(&got), cases[i].first), "%s: %s", target,
                buf_text(&got));
        http_clear(&a);
    }
    buf_clear(&got);
}

/* Every other column is offered as a link that works. */
static void test_sort_links(void)
{
    static const char *const words[] = {"tag",      "name",   "product",
                                        "category", "status", "acquired"};
    struct http_answer a;
    char target[200];

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        snprintf(target, sizeof target, "/machines?sort=%s", words[i]);
        site_get(&site, target, 200, &a);
        UNIT_CHECK(rows_of(&a) == 100, "%s: %zu rows", target, rows_of(&a));
        snprintf(
                target, sizeof target, "/machines?sort=%s&amp;order=desc",
                words[i]);
        UNIT_CHECK(site_has(&a, target), "no link %s", target);
        http_clear(&a);
        snprintf(
                target, sizeof target, "/machines?sort=%s&order=desc",
                words[i]);
        site_get(&site, target, 200, &a);
        CU_ASSERT(site_has(&a, "aria-sort=\"descending\""));
        http_clear(&a);
    }
}

/* Pages, chips and the form carry the whole state of the list. */
static void test_state_is_kept(void)
{
    static const char *const wanted[] = {
            /* next page */
            "/machines?q=node&amp;status=in_service&amp;warranty=1&amp;"
            "sort=name&amp;order=desc&amp;page=2",
            /* without the text, without the status */
            "/machines?status=in_service&amp;warranty=1&amp;sort=name&amp;"
            "order=desc\"",
            "/machines?q=node&amp;warranty=1&amp;sort=name&amp;order=desc\"",
            "name=\"warranty\" value=\"1\"",
            "name=\"sort\" value=\"name\"",
            "name=\"order\" value=\"desc\"",
    };
    struct http_answer a;

    site_get(
            &site,
            "/machines?q=node&status=in_service&warranty=1&sort=name&"
            "order=desc",
            200, &a);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        UNIT_CHECK(site_has(&a, wanted[i]), "no %s", wanted[i]);
    http_clear(&a);
}

/* ---- hostile names ------------------------------------------------------- */

/* Nothing that a name brings may become an element or end an attribute. */
static void check_harmless(const struct http_answer *a, const char *what)
{
    static const char *const never[] = {
            "<script>",           "<img",      "onerror=alert(1)>\"",
            "href=\"javascript:", "href=\"//", " style=\""};

    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        UNIT_CHECK(!site_has(a, never[i]), "%s has %s", what, never[i]);
}

static void test_hostile_names(void)
{
    struct http_answer a;
    char target[300], link[400], title[300];

    for (size_t i = 0; i < HOSTILE; i++) {
        snprintf(target, sizeof target, "/machines/%s", hostile[i].address);
        site_get(&site, target, 200, &a);
        check_harmless(&a, target);
        snprintf(title, sizeof title, "%s</h1>", hostile[i].shown);
        UNIT_CHECK(site_has(&a, title), "%s has no %s", target, title);
        http_clear(&a);
        site_get(&site, "/machines?category=laptop", 200, &a);
        check_harmless(&a, "the list");
        snprintf(link, sizeof link, "href=\"%s\"", target);
        UNIT_CHECK(site_has(&a, link), "the list has no %s", link);
        http_clear(&a);
        snprintf(target, sizeof target, "/machines?q=%s", hostile[i].address);
        site_get(&site, target, 200, &a);
        check_harmless(&a, target);
        UNIT_CHECK(rows_of(&a) == 1, "%s: %zu rows", target, rows_of(&a));
        http_clear(&a);
    }
}

/* What is asked for is quoted back, and escaped. */
static void test_hostile_questions(void)
{
    static const char *const targets[] = {
            "/%3Cscript%3Ealert(1)%3C/script%3E",
            "/machines/%22%3E%3Cimg%20src=x%3E",
            "/machines?sort=%3Cscript%3E",
            "/machines?category=%3Cscript%3E",
            "/machines?page=%3Cscript%3E",
            "/machines?warranty=%3Cscript%3E",
            "/machines?q=%22%20onfocus=%22alert(1)&page=2",
            "/factors?set=%3Cscript%3E",
            "/reports/%3Cscript%3E",
            "/reports/2025.%3Cscript%3E",
            "/static/%3Cscript%3E",
            "/?lang=%3Cscript%3E&theme=%22%3E%3Cimg%3E",
    };
    struct http_answer a;

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        http_get(site.port, targets[i], &a);
        UNIT_CHECK(
                a.status == 200 || a.status == 400 || a.status == 404, "%s: %d",
                targets[i], a.status);
        check_harmless(&a, targets[i]);
        http_clear(&a);
    }
}

/* The longest address that is taken, one more, and a long text to look for. */
static void test_long_questions(void)
{
    static const char *const starts[] = {"/machines/", "/machines?q=", "/"};
    static const int want[][3] = {
            {404, 404, 414}, {400, 400, 414}, {404, 404, 414}};
    struct http_answer a;
    char target[5000];

    for (size_t i = 0; i < 3; i++)
        for (int more = -1; more <= 1; more++) {
            size_t len = 4096 + (size_t)more;

            memset(target, 'a', len);
            target[len] = '\0';
            memcpy(target, starts[i], strlen(starts[i]));
            http_get(site.port, target, &a);
            UNIT_CHECK(
                    a.status == want[i][more + 1], "%s and %zu bytes: %d",
                    starts[i], len, a.status);
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
            {"filters and pages", test_filters},
            {"sort", test_sort},
            {"links that sort", test_sort_links},
            {"the address keeps the state", test_state_is_kept},
            {"hostile names", test_hostile_names},
            {"hostile questions", test_hostile_questions},
            {"long questions", test_long_questions},
            {"the site is closed", close_site},
            {NULL, NULL},
    };
    int status = unit_main("web: lists", tests);

    fac_pack_free(site_pack);
    return status;
}
