/* SPDX-License-Identifier: Apache-2.0
 * The test client: sockets, and just enough of HTTP to read answers. */
#include "http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { PATIENCE_S = 20 };

int http_connect(uint16_t port)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    struct sockaddr_in a = {
            .sin_family = AF_INET,
            .sin_port = htons(port),
            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool http_send(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static void parse(struct http_answer *a, size_t len)
{
    char *end = strstr(a->raw, "\r\n\r\n");

    a->body = a->raw + len;
    if (!end || sscanf(a->raw, "HTTP/1.1 %d ", &a->status) != 1)
        return;
    a->body = end + 4;
    a->body_len = len - (size_t)(a->body - a->raw);
}

void http_read(int fd, struct http_answer *out)
{
    size_t len = 0, cap = 1 << 16;
    ssize_t n;

    *out = (struct http_answer){.raw = malloc(cap + 1)};
    while (out->raw && (n = recv(fd, out->raw + len, cap - len, 0)) > 0) {
        len += (size_t)n;
        if (len == cap) {
            cap *= 2;
            out->raw = realloc(out->raw, cap + 1);
        }
    }
    close(fd);
    if (!out->raw)
        abort();
    out->raw[len] = '\0';
    parse(out, len);
}

void http_bytes(
        uint16_t port, const char *bytes, size_t len, struct http_answer *out)
{
    int fd = http_connect(port);

    *out = (struct http_answer){0};
    if (fd < 0)
        return;
    /* A server that refuses early still answers. */
    (void)http_send(fd, bytes, len);
    http_read(fd, out);
}

void http_request(
        uint16_t port, const char *method, const char *target,
        const char *headers, const char *body, size_t body_len,
        struct http_answer *out)
{
    size_t size = strlen(method) + strlen(target) + strlen(headers) + 200;
    char *bytes = malloc(size + body_len), length[60] = "";
    int n;

    if (!bytes)
        abort();
    if (body)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", body_len);
    n = snprintf(
            bytes, size,
            "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s%s"
            "\r\n",
            method, target, headers, length);
    if (body)
        memcpy(bytes + n, body, body_len);
    http_bytes(port, bytes, (size_t)n + (body ? body_len : 0), out);
    free(bytes);
}

void http_get(uint16_t port, const char *target, struct http_answer *out)
{
    http_request(port, "GET", target, "", NULL, 0, out);
}

bool http_header(
        const struct http_answer *a, const char *name, int nth, char *dst,
        size_t size)
{
    size_t len = strlen(name);
    const char *line = a->raw ? strstr(a->raw, "\r\n") : NULL;

    dst[0] = '\0';
    for (; line && line + 2 < a->body; line = strstr(line + 2, "\r\n")) {
        const char *at = line + 2;

        if (strncasecmp(at, name, len) != 0 || at[len] != ':' || nth-- > 0)
            continue;
        at += len + 1;
        at += strspn(at, " ");
        snprintf(dst, size, "%.*s", (int)strcspn(at, "\r"), at);
        return true;
    }
    return false;
}

void http_clear(struct http_answer *a)
{
    free(a->raw);
    *a = (struct http_answer){0};
}
