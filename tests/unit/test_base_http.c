/* SPDX-License-Identifier: Apache-2.0
 * The HTTP client against a server that answers what each case says. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/http.h"
#include "base/mem.h"
#include "unit.h"

enum { ROOM = 65536 };

struct server {
    pid_t pid;
    char url[64];
    int seen; /* a pipe on which the child says what it was sent */
};

/* Reads one request: head, then as many bytes as Content-Length says. */
static size_t request(int fd, char *room)
{
    size_t len = 0, want = ROOM - 1;
    ssize_t n;

    while (len < want && (n = read(fd, room + len, want - len)) > 0) {
        char *end, *length;

        len += (size_t)n;
        room[len] = '\0';
        end = strstr(room, "\r\n\r\n");
        if (!end)
            continue;
        length = strstr(room, "Content-Length: ");
        want = (size_t)(end + 4 - room) +
               (length ? (size_t)strtol(length + 16, NULL, 10) : 0);
    }
    return len;
}

static void serve(int listener, int seen, const char *answer, size_t len)
{
    char *room = xcalloc(1, ROOM);
    int fd = accept(listener, NULL, NULL);
    size_t n = request(fd, room);

    if (write(seen, room, n) < 0 || write(fd, answer, len) < 0)
        _exit(1);
    _exit(0); /* all of the request is read: the answer is not reset */
}

static struct server server_start(const char *answer, size_t len)
{
    struct sockaddr_in a = {
            .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof a;
    struct server s = {0};
    int fd = socket(AF_INET, SOCK_STREAM, 0), ends[2];

    UNIT_CHECK(
            fd >= 0 && bind(fd, (struct sockaddr *)&a, size) == 0 &&
                    listen(fd, 1) == 0 && pipe(ends) == 0 &&
                    getsockname(fd, (struct sockaddr *)&a, &size) == 0,
            "listen");
    snprintf(
            s.url, sizeof s.url, "http://127.0.0.1:%d/p?q=1",
            ntohs(a.sin_port));
    s.pid = fork();
    if (s.pid == 0)
        serve(fd, ends[1], answer, len);
    close(fd);
    close(ends[1]);
    s.seen = ends[0];
    return s;
}

/* What the server was sent. */
static void server_end(struct server *s, char *room)
{
    size_t len = 0;
    ssize_t n;

    while ((n = read(s->seen, room + len, ROOM - 1 - len)) > 0)
        len += (size_t)n;
    room[len] = '\0';
    close(s->seen);
    kill(s->pid, SIGTERM);
    waitpid(s->pid, NULL, 0);
}

static void test_get(void)
{
    static const char answer[] =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
            "Content-Length: 5\r\n\r\nhello";
    const char *const headers[] = {"Authorization: Bearer t0", NULL};
    struct server s = server_start(answer, sizeof answer - 1);
    struct http h = {0};
    struct http_reply r = {0};
    struct err err = {0};
    char *room = xcalloc(1, ROOM);

    UNIT_CHECK(
            http_fetch(
                    &h, &(struct http_ask){.url = s.url, .headers = headers},
                    &r, &err),
            "fetch: %s", err.msg);
    server_end(&s, room);
    UNIT_CHECK(r.status == 200, "status %d", r.status);
    UNIT_CHECK(strcmp(buf_text(&r.body), "hello") == 0, "body");
    UNIT_CHECK(strcmp(r.type, "text/plain") == 0, "type");
    UNIT_CHECK(r.retry_after_s == -1, "no retry");
    UNIT_CHECK(strncmp(room, "GET /p?q=1 HTTP/1.1\r\n", 21) == 0, "line");
    UNIT_CHECK(strstr(room, "\r\nAuthorization: Bearer t0\r\n"), "header");
    http_reply_clear(&r);
    http_close(&h);
    free(room);
}

static void test_post(void)
{
    /* A redirect is an answer, its target is not asked. */
    static const char answer[] =
            "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\n"
            "Retry-After: 17\r\nContent-Length: 0\r\n\r\n";
    const char *const headers[] = {"Content-Type: application/json", NULL};
    struct server s = server_start(answer, sizeof answer - 1);
    struct http h = {0};
    struct http_reply r = {0};
    struct err err = {0};
    char *room = xcalloc(1, ROOM), *body;

    UNIT_CHECK(
            http_fetch(
                    &h,
                    &(struct http_ask){
                            .method = "POST",
                            .url = s.url,
                            .headers = headers,
                            .body = "a\0b",
                            .body_len = 3},
                    &r, &err),
            "fetch: %s", err.msg);
    server_end(&s, room);
    UNIT_CHECK(r.status == 307, "status %d", r.status);
    UNIT_CHECK(r.retry_after_s == 17, "retry after");
    UNIT_CHECK(strncmp(room, "POST /p?q=1 ", 12) == 0, "method");
    UNIT_CHECK(!strstr(room, "Expect"), "no Expect");
    body = strstr(room, "\r\n\r\n");
    UNIT_CHECK(body && memcmp(body + 4, "a\0b", 3) == 0, "body");
    http_reply_clear(&r);
    http_close(&h);
    free(room);
}

static void test_gzip_and_limit(void)
{
    /* python3: gzip.compress(b"0123456789" * 10, mtime=0) */
    static const char answer[] =
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
            "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x33\x30\x34\x32\x36\x31"
            "\x35\x33\xb7\xb0\x34\xa0\x19\x0b\x00\xbc\x4b\xfc\xb1\x64\x00\x00"
            "\x00";
    for (size_t max = 99; max <= 100; max++) {
        struct server s = server_start(answer, sizeof answer - 1);
        struct http h = {0};
        struct http_reply r = {0};
        struct err err = {0};
        char *room = xcalloc(1, ROOM);
        bool ok = http_fetch(
                &h, &(struct http_ask){.url = s.url, .max_bytes = max}, &r,
                &err);

        server_end(&s, room);
        if (max < 100)
            UNIT_CHECK(!ok && err.code == ERR_LIMIT, "over: %s", err.msg);
        else
            UNIT_CHECK(
                    ok && r.body.len == 100 &&
                            strncmp(r.body.p + 90, "0123456789", 10) == 0,
                    "at the limit: %s", err.msg);
        http_reply_clear(&r);
        http_close(&h);
        free(room);
    }
}

static bool refuse(void *ctx, const char *bytes, size_t len, struct err *err)
{
    (void)bytes;
    *(size_t *)ctx += len;
    return err_set(err, ERR_CONFLICT, "enough");
}

static void test_write_stops(void)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\n\r\nhello";
    struct server s = server_start(answer, sizeof answer - 1);
    struct http h = {0};
    struct http_reply r = {0};
    struct err err = {0};
    char *room = xcalloc(1, ROOM);
    size_t got = 0;

    UNIT_CHECK(
            !http_fetch(
                    &h,
                    &(struct http_ask){
                            .url = s.url, .write = refuse, .ctx = &got},
                    &r, &err) &&
                    err.code == ERR_CONFLICT && got == 5,
            "stopped: %s", err.msg);
    server_end(&s, room);
    http_close(&h);
    free(room);
}

static void test_refused(void)
{
    static const struct {
        const char *name, *url, *header;
        enum err_code want;
    } cases[] = {
            {"a file", "file:///etc/passwd", NULL, ERR_INVALID},
            {"password", "http://a:b@127.0.0.1:1/", NULL, ERR_INVALID},
            {"@ in the query is fine", "http://127.0.0.1:1/?a@b", NULL, ERR_IO},
            {"line in address", "http://127.0.0.1:1/\r\nX: y", NULL,
             ERR_INVALID},
            {"two headers in one", "http://127.0.0.1:1/", "A: b\r\nC: d",
             ERR_INVALID},
            {"nobody there", "http://127.0.0.1:1/secret", NULL, ERR_IO},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const headers[] = {cases[i].header, NULL};
        struct http h = {0};
        struct http_reply r = {0};
        struct err err = {0};

        UNIT_CHECK(
                !http_fetch(
                        &h,
                        &(struct http_ask){
                                .url = cases[i].url, .headers = headers},
                        &r, &err) &&
                        err.code == cases[i].want && !strstr(err.msg, "secret"),
                "%s: %d %s", cases[i].name, err.code, err.msg);
        http_close(&h);
    }
}

static void test_given_up(void)
{
    volatile sig_atomic_t stop = 1;
    struct server s = server_start("", 0);
    struct http h = {0};
    struct http_reply r = {0};
    struct err err = {0};
    char *room = xcalloc(1, ROOM);

    UNIT_CHECK(
            !http_fetch(
                    &h, &(struct http_ask){.url = s.url, .stop = &stop}, &r,
                    &err) &&
                    err.code == ERR_IO,
            "given up: %s", err.msg);
    kill(s.pid, SIGTERM);
    server_end(&s, room);
    http_close(&h);
    free(room);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"get", test_get},
            {"post, redirect", test_post},
            {"gzip and limit", test_gzip_and_limit},
            {"write stops", test_write_stops},
            {"refused", test_refused},
            {"given up", test_given_up},
            {NULL, NULL}};

    /* Loopback alone, whatever proxy the caller has. */
    setenv("no_proxy", "127.0.0.1", 1);
    return unit_main("base/http", tests);
}
