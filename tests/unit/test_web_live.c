/* SPDX-License-Identifier: Apache-2.0
 * The server under way: limits of bodies, broken and slow clients, many
 * connections, imports and restored files while it answers. */
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "base/mem.h"
#include "web_site.h"

enum { LIMIT = 8 * 1024 * 1024 };

static void import_nodes(struct site *s, const char *database, int n)
{
    struct buf rows;

    buf_init(&rows, 1000000);
    site_nodes(&rows, n);
    site_import_text(s, database, buf_text(&rows));
    buf_clear(&rows);
}

/* ---- an empty database --------------------------------------------------- */

static void test_empty_teaches(void)
{
    static const char *const pages[] = {"/", "/machines"};
    static const char *const says[] = {
            "No machine yet", "fleetprint import examples/cbp-2025",
            "fleetprint import fleet.csv", "grid5000"};
    struct http_answer a;
    struct site s;

    site_folder(&s);
    site_serve(&s, 0);
    for (size_t p = 0; p < 2; p++) {
        site_get(&s, pages[p], 200, &a);
        for (size_t i = 0; i < sizeof says / sizeof *says; i++)
            UNIT_CHECK(site_has(&a, says[i]), "%s: not %s", pages[p], says[i]);
        http_clear(&a);
    }
    site_get(&s, "/machines?q=x", 200, &a);
    CU_ASSERT(site_has(&a, "No machine matches"));
    http_clear(&a);
    site_get(&s, "/reports/2025", 200, &a);
    http_clear(&a);
    site_get(&s, "/readyz", 200, &a);
    CU_ASSERT(strncmp(a.body, "ok\ndisk_free_bytes ", 19) == 0);
    http_clear(&a);
    site_close(&s);
}

/* ---- bodies -------------------------------------------------------------- */

static int post(const struct site *s, size_t len, const char *target)
{
    char *body = xmalloc(len + 1);
    struct http_answer a;
    int status;

    memset(body, ' ', len + 1);
    http_request(s->port, "POST", target, "", body, len, &a);
    status = a.status;
    http_clear(&a);
    free(body);
    return status;
}

/* A body in chunks of 64 KiB, as many as it takes. */
static int post_chunked(const struct site *s, size_t len)
{
    static const char head[] = "POST /v1/server/ HTTP/1.1\r\nHost: x\r\n"
                               "Connection: close\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n";
    static char room[65536];
    int fd = http_connect(s->port);
    char size[20];
    struct http_answer a;
    bool sent = http_send(fd, head, strlen(head));
    int status;

    memset(room, ' ', sizeof room);
    while (sent && len) {
        size_t n = len < sizeof room ? len : sizeof room;

        snprintf(size, sizeof size, "%zx\r\n", n);
        sent = http_send(fd, size, strlen(size)) && http_send(fd, room, n) &&
               http_send(fd, "\r\n", 2);
        len -= n;
    }
    if (sent)
        http_send(fd, "0\r\n\r\n", 5);
    http_read(fd, &a);
    status = a.status;
    http_clear(&a);
    return status;
}

/* Blanks are no JSON: 400 where the body is read, 413 where it is not. */
static void test_bodies(void)
{
    struct http_answer a;
    struct site s;

    site_folder(&s);
    site_serve(&s, 0);
    CU_ASSERT_EQUAL(post(&s, LIMIT - 1, "/v1/server/"), 400);
    CU_ASSERT_EQUAL(post(&s, LIMIT, "/v1/server/"), 400);
    CU_ASSERT_EQUAL(post(&s, LIMIT + 1, "/v1/server/"), 413);
    CU_ASSERT_EQUAL(post(&s, 10, "/machines"), 405);
    CU_ASSERT_EQUAL(post(&s, 10, "/nope"), 404);
    CU_ASSERT_EQUAL(post_chunked(&s, 10), 400);
    CU_ASSERT_EQUAL(post_chunked(&s, LIMIT), 400);
    CU_ASSERT_EQUAL(post_chunked(&s, LIMIT + 1), 413);
    CU_ASSERT_EQUAL(post_chunked(&s, 3 * (size_t)LIMIT), 0); /* closed */
    http_request(s.port, "GET", "/", "", "x", 1, &a);
    CU_ASSERT_EQUAL(a.status, 400);
    http_clear(&a);
    http_request(s.port, "GET", "/", "", "", 0, &a);
    CU_ASSERT_EQUAL(a.status, 200);
    http_clear(&a);
    site_get(&s, "/livez", 200, &a);
    http_clear(&a);
    site_close(&s);
}

/* ---- broken and slow clients --------------------------------------------- */

static void test_broken_clients(void)
{
    static const struct {
        const char *name, *bytes;
        int status; /* -1: whatever, as long as the server lives */
    } cases[] = {
            {"nothing", "", 0},
            {"no words", "\r\n\r\n", -1},
            {"half a line", "GET /mach", -1},
            {"a line without headers", "GET / HTTP/1.1\r\n", -1},
            {"a page, then gone", "GET /reports/2025 HTTP/1.1\r\nHo", -1},
            {"not HTTP", "\x16\x03\x01\x02\x00\x01\x00", -1},
            {"an unknown version", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", -1},
            {"no path", "GET  HTTP/1.1\r\nHost: x\r\n\r\n", -1},
            {"a star",
             "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404},
            {"another site's address",
             "GET http://a.example/ HTTP/1.1\r\nHost: x\r\n"
             "Connection: close\r\n\r\n",
             404},
            {"a length that is none",
             "POST /v1/server/ HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n"
             "Connection: close\r\n\r\n",
             400},
            {"a length beyond all",
             "POST /v1/server/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
             "Content-Length: 99999999999999999999999\r\n\r\n",
             -1},
            {"two requests at once",
             "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
             "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
             200},
    };
    struct http_answer a;
    struct site s;

    site_folder(&s);
    site_serve(&s, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        http_bytes(s.port, cases[i].bytes, strlen(cases[i].bytes), &a);
        UNIT_CHECK(
                cases[i].status < 0 || a.status == cases[i].status, "%s: %d",
                cases[i].name, a.status);
        http_clear(&a);
        site_get(&s, "/livez", 200, &a);
        http_clear(&a);
    }
    site_close(&s);
}

/* Headers larger than a connection may hold. */
static void test_large_headers(void)
{
    struct http_answer a;
    struct site s;
    struct buf b;

    site_folder(&s);
    site_serve(&s, 0);
    buf_init(&b, 1000000);
    for (int i = 0; i < 9000; i++)
        buf_printf(&b, "X-%d: 0123456789\r\n", i);
    http_request(s.port, "GET", "/", buf_text(&b), NULL, 0, &a);
    UNIT_CHECK(
            a.status == 0 || (a.status >= 400 && a.status < 500),
            "large headers: %d", a.status);
    http_clear(&a);
    site_get(&s, "/livez", 200, &a);
    http_clear(&a);
    buf_clear(&b);
    site_close(&s);
}

/* A client that stops in the middle is let go after timeout_s. */
static void test_silent_clients(void)
{
    static const char *const starts[] = {
            "", "GET / HTTP/1.1\r\nHost:",
            "POST /v1/server/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
            "{"};
    enum { STARTS = sizeof starts / sizeof *starts };
    struct pollfd fds[STARTS];
    struct http_answer a;
    struct site s;

    site_folder(&s);
    site_serve(&s, 1);
    for (size_t i = 0; i < STARTS; i++) {
        fds[i] = (struct pollfd){http_connect(s.port), POLLIN, 0};
        CU_ASSERT_FATAL(fds[i].fd >= 0);
        CU_ASSERT(http_send(fds[i].fd, starts[i], strlen(starts[i])));
    }
    for (size_t i = 0; i < STARTS; i++) {
        CU_ASSERT_EQUAL(poll(&fds[i], 1, 15000), 1);
        http_read(fds[i].fd, &a);
        UNIT_CHECK(a.status != 200, "case %zu: %d", i, a.status);
        http_clear(&a);
    }
    site_get(&s, "/livez", 200, &a);
    http_clear(&a);
    site_close(&s);
}

/* ---- many at once -------------------------------------------------------- */

enum { CLIENTS = 32, ROUNDS = 6 };

static const char *const targets[] = {
        "/",
        "/machines",
        "/machines/node-007",
        "/reports",
        "/reports/2025",
        "/reports/2024.json",
        "/factors",
        "/reports/2023.html",
        "/machines?q=node&page=2",
        "/static/ui.js"};
enum { N_TARGETS = sizeof targets / sizeof *targets };

struct client {
    pthread_t thread;
    uint16_t port;
    int n;
    const char *const *want; /* body of each target */
    atomic_int *wrong;
};

static void *client_run(void *arg)
{
    struct client *c = arg;
    struct http_answer a;

    for (int round = 0; round < ROUNDS; round++) {
        int t = (c->n + round) % N_TARGETS;

        http_get(c->port, targets[t], &a);
        if (a.status != 200 || strcmp(a.body, c->want[t]) != 0)
            atomic_fetch_add(c->wrong, 1);
        http_clear(&a);
    }
    return NULL;
}

static void test_parallel(void)
{
    struct http_answer want[N_TARGETS];
    const char *bodies[N_TARGETS];
    struct client clients[CLIENTS];
    atomic_int wrong = 0;
    struct site s;

    site_folder(&s);
    import_nodes(&s, "fleet.db", 150);
    site_serve(&s, 0);
    for (int i = 0; i < N_TARGETS; i++) {
        site_get(&s, targets[i], 200, &want[i]);
        bodies[i] = want[i].body;
    }
    /* A second server, whose years nobody has asked for yet. */
    web_stop(s.web);
    site_serve(&s, 0);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){
                .port = s.port, .n = i, .want = bodies, .wrong = &wrong};
        CU_ASSERT_FATAL(
                pthread_create(
                        &clients[i].thread, NULL, client_run, &clients[i]) ==
                0);
    }
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(clients[i].thread, NULL);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    for (int i = 0; i < N_TARGETS; i++)
        http_clear(&want[i]);
    site_close(&s);
}

/* ---- what changes while it answers --------------------------------------- */

static void check_machines(const struct site *s, int n)
{
    static const char *const targets_[] = {
            "/reports/2025.json", "/machines", "/"};
    struct http_answer a;
    char json[60], list[60];

    snprintf(json, sizeof json, "\"machines\": %d,", n);
    snprintf(list, sizeof list, "1 to %d of %d", n, n);
    site_get(s, targets_[0], 200, &a);
    UNIT_CHECK(site_has(&a, json), "the document has not %s", json);
    http_clear(&a);
    site_get(s, targets_[1], 200, &a);
    UNIT_CHECK(site_has(&a, list), "the list has not %s", list);
    http_clear(&a);
    site_get(s, targets_[2], 200, &a);
    CU_ASSERT(!site_has(&a, "No machine yet"));
    http_clear(&a);
}

static void test_import_shows(void)
{
    struct http_answer a;
    struct site s;

    site_folder(&s);
    site_serve(&s, 0);
    site_get(&s, "/", 200, &a);
    CU_ASSERT(site_has(&a, "No machine yet"));
    http_clear(&a);
    for (int n = 10; n <= 40; n += 10) {
        import_nodes(&s, "fleet.db", n);
        check_machines(&s, n);
    }
    site_close(&s);
}

/* ---- factors -------------------------------------------------------------
 */

static void add_set(struct site *s)
{
    static const struct wire_origin origin = {
            .set = "mine",
            .title = "Mine",
            .source = "a test",
            .licence = "CC0"};
    const struct wire_factor f = {
            .origin = origin,
            .maker = "Dell",
            .model = "R640",
            .unit = "kg/unit",
            .has_category = true,
            .category = CALC_SERVER,
            .value = {1313, NAN, NAN},
            .low = {NAN, NAN, NAN},
            .high = {NAN, NAN, NAN},
            .use_kg = 656.5,
            .manufacture_kg = NAN,
            .transport_kg = NAN,
            .end_of_life_kg = NAN,
            .err_frac = NAN,
            .life_y = NAN,
            .mass_kg = NAN,
            .place = "here: line 7"};
    struct fac_take *t = NULL;
    enum fac_change what;
    struct err err = {0};
    struct db *db;

    site_must(db_open(site_path(s, "fleet.db"), DB_WRITE, &db, &err), &err);
    site_must(fac_take_begin(db, "cli:test", &t, &err), &err);
    site_must(fac_take_factor(t, &f, &what, &err), &err);
    site_must(fac_take_end(t, true, &err), &err);
    db_close(db);
}

/* Factors that cannot be read for once are read at the next request. */
static void test_factors_show(void)
{
    static const char page[] = "/factors?set=mine";
    struct http_answer a;
    struct site s;

    site_folder(&s);
    site_serve(&s, 0);
    site_get(&s, page, 404, &a);
    http_clear(&a);
    add_set(&s);
    atomic_store(&site_load_fails, true);
    log_level_set((enum log_level)0); /* this failure is meant */
    site_get(&s, page, 404, &a);
    http_clear(&a);
    log_level_set(LOG_ERROR);
    atomic_store(&site_load_fails, false);
    site_get(&s, page, 200, &a);
    http_clear(&a);
    site_close(&s);
}

static void *importer(void *arg)
{
    for (int n = 20; n <= 60; n += 5)
        import_nodes(arg, "fleet.db", n);
    return NULL;
}

/* Each answer under an import is of one state, before it or after it: the
 * number of machines only grows. */
static void test_import_under_load(void)
{
    struct http_answer a;
    pthread_t thread;
    struct site s;
    int last = 0;

    site_folder(&s);
    import_nodes(&s, "fleet.db", 15);
    site_serve(&s, 0);
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, importer, &s) == 0);
    for (int i = 0; i < 30; i++) {
        const char *at;
        int n = 0;

        site_get(&s, "/reports/2025.json", 200, &a);
        at = strstr(a.body, "\"machines\": ");
        CU_ASSERT_FATAL(at != NULL);
        CU_ASSERT(sscanf(at, "\"machines\": %d", &n) == 1);
        UNIT_CHECK(n >= last && n % 5 == 0, "%d machines after %d", n, last);
        last = n;
        http_clear(&a);
    }
    pthread_join(thread, NULL);
    check_machines(&s, 60);
    site_close(&s);
}

/* Another file takes the place of the one that is open: a restored backup. */
static void test_file_replaced(void)
{
    char from[120], to[120], away[130];
    struct http_answer a;
    struct site s;

    site_folder(&s);
    import_nodes(&s, "fleet.db", 12);
    import_nodes(&s, "other.db", 21);
    site_serve(&s, 0);
    check_machines(&s, 12);
    snprintf(from, sizeof from, "%s", site_path(&s, "other.db"));
    snprintf(to, sizeof to, "%s", site_path(&s, "fleet.db"));
    snprintf(away, sizeof away, "%s.away", to);
    CU_ASSERT(rename(from, to) == 0);
    check_machines(&s, 21);
    CU_ASSERT(rename(to, away) == 0);
    log_level_set((enum log_level)0); /* these failures are meant */
    site_get(&s, "/readyz", 503, &a);
    CU_ASSERT_STRING_EQUAL(a.body, "not ready\n");
    http_clear(&a);
    site_get(&s, "/livez", 200, &a);
    http_clear(&a);
    site_get(&s, "/", 500, &a);
    CU_ASSERT(!site_has(&a, s.folder)); /* nothing of the inside */
    http_clear(&a);
    site_get(&s, "/machines", 500, &a);
    http_clear(&a);
    log_level_set(LOG_ERROR);
    CU_ASSERT(rename(away, to) == 0);
    check_machines(&s, 21);
    site_close(&s);
}

/* ---- where it listens ---------------------------------------------------- */

static void test_listen(void)
{
    static const struct {
        const char *listen;
        enum err_code code;
    } cases[] = {
            {"0.0.0.0:0", ERR_DENIED},      {"[::]:0", ERR_DENIED},
            {"192.0.2.1:0", ERR_DENIED},    {"", ERR_INVALID},
            {"127.0.0.1", ERR_INVALID},     {":8420", ERR_INVALID},
            {"127.0.0.1:", ERR_INVALID},    {"127.0.0.1:65536", ERR_LIMIT},
            {"127.0.0.1:-1", ERR_LIMIT},    {"127.0.0.1:x", ERR_INVALID},
            {"example.org:1", ERR_INVALID}, {"[::1:1", ERR_INVALID},
            {"127.0.0.999:0", ERR_INVALID},
    };
    struct web *w = NULL;
    struct err err;
    struct site s;

    site_folder(&s);
    site_serve(&s, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct web_options o = {
                .db_path = site_path(&s, "fleet.db"),
                .listen = cases[i].listen,
                .load = site_load};

        err = (struct err){0};
        UNIT_CHECK(
                !web_start(&o, &w, &err) && err.code == cases[i].code,
                "'%s': code %d %s", cases[i].listen, err.code, err.msg);
        CU_ASSERT_PTR_NULL(w);
    }
    site_close(&s);
}

static void test_address_taken(void)
{
    struct web *w = NULL;
    struct err err = {0};
    struct site s;
    char listen[40];

    site_folder(&s);
    site_serve(&s, 0);
    snprintf(listen, sizeof listen, "127.0.0.1:%d", s.port);
    CU_ASSERT(!web_start(
            &(struct web_options){
                    .db_path = site_path(&s, "fleet.db"),
                    .listen = listen,
                    .load = site_load},
            &w, &err));
    CU_ASSERT_EQUAL(err.code, ERR_IO);
    CU_ASSERT(strstr(err.msg, listen) != NULL);
    site_close(&s);
    web_stop(NULL);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"an empty database teaches", test_empty_teaches},
            {"bodies", test_bodies},
            {"broken clients", test_broken_clients},
            {"large headers", test_large_headers},
            {"silent clients", test_silent_clients},
            {"32 connections", test_parallel},
            {"an import shows at once", test_import_shows},
            {"factors that arrive show", test_factors_show},
            {"an import under load", test_import_under_load},
            {"another file in its place", test_file_replaced},
            {"where it listens", test_listen},
            {"an address that is taken", test_address_taken},
            {NULL, NULL},
    };
    int status = unit_main("web: live", tests);

    fac_pack_free(site_pack);
    return status;
}
