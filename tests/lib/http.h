/* SPDX-License-Identifier: Apache-2.0
 * A small HTTP/1.1 client on loopback for tests: one connection a request,
 * bytes sent as given, so that bad requests can be sent too. */
#ifndef TESTS_LIB_HTTP_H
#define TESTS_LIB_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_answer {
    int status;       /* 0: the server closed without an answer */
    char *raw;        /* all of it, NUL-terminated */
    const char *body; /* in raw, after the headers */
    size_t body_len;
};

/* A connected socket, or -1. Reads and writes give up after 20 s. */
int http_connect(uint16_t port);
/* Sends all bytes; false when the server no longer takes them. */
bool http_send(int fd, const char *bytes, size_t len);
/* Reads until the server closes, and closes fd. */
void http_read(int fd, struct http_answer *out);
/* Sends these bytes on a connection of their own and reads the answer. */
void http_bytes(
        uint16_t port, const char *bytes, size_t len, struct http_answer *out);
/* "METHOD target" with `headers` ("Name: value\r\n"..., or "") and a body of
 * that length (NULL: none). */
void http_request(
        uint16_t port, const char *method, const char *target,
        const char *headers, const char *body, size_t body_len,
        struct http_answer *out);
void http_get(uint16_t port, const char *target, struct http_answer *out);
/* Copies the value of a header into dst ("" when it is not there); its return
 * value tells. The nth from 0 of those with that name. */
bool http_header(
        const struct http_answer *a, const char *name, int nth, char *dst,
        size_t size);
void http_clear(struct http_answer *a);

#endif
