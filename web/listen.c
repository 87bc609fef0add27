/* SPDX-License-Identifier: Apache-2.0
 * The address to listen on. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/num.h"
#include "web/web_priv.h"

bool web_is_loopback(const struct sockaddr_storage *a)
{
    if (a->ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(
                &((const struct sockaddr_in6 *)a)->sin6_addr);
    return ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr) >> 24 == 127;
}

static bool
parse_six(const char *host, uint16_t port, struct sockaddr_storage *out)
{
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;

    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
    return inet_pton(AF_INET6, host, &six->sin6_addr) == 1;
}

static bool
parse_four(const char *host, uint16_t port, struct sockaddr_storage *out)
{
    struct sockaddr_in *four = (struct sockaddr_in *)out;

    four->sin_family = AF_INET;
    four->sin_port = htons(port);
    return inet_pton(
                   AF_INET, strcmp(host, "localhost") ? host : "127.0.0.1",
                   &four->sin_addr) == 1;
}

bool web_parse_listen(
        const char *text, struct sockaddr_storage *out, struct err *err)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    struct sockaddr_storage a;
    char host[64];
    int64_t port;
    bool ok;

    memset(&a, 0, sizeof a);
    if (!colon || len >= sizeof host)
        return err_set(
                err, ERR_INVALID,
                "'%.80s' is no address:port such as 127.0.0.1:8420", text);
    if (!num_parse_int(colon + 1, strlen(colon + 1), 0, 65535, &port, err)) {
        err_in(err, "address '%.80s'", text);
        return false;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
        host[len - 1] = '\0';
        ok = parse_six(host + 1, (uint16_t)port, &a);
    } else {
        ok = parse_four(host, (uint16_t)port, &a);
    }
    if (!ok)
        return err_set(
                err, ERR_INVALID,
                "'%.80s' is no numeric address such as 127.0.0.1:8420 or"
                " [::1]:8420",
                text);
    *out = a;
    return true;
}

bool web_listen_ok(const char *text, struct err *err)
{
    struct sockaddr_storage ignored;

    return web_parse_listen(text, &ignored, err);
}
