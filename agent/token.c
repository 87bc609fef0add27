/* SPDX-License-Identifier: Apache-2.0
 * The node's bearer token: read from a file, drawn at enrolment, or derived
 * where nothing can be kept [docs/feeds.md]. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/text.h"

enum { TOKEN_BYTES = 32 };

static bool plausible(const char *token)
{
    if (strlen(token) < 16)
        return false;
    for (; *token; token++)
        if ((unsigned char)*token <= ' ' || (unsigned char)*token >= 0x7f)
            return false;
    return true;
}

bool ag_token_read(const char *path, char dst[static AG_TOKEN], struct err *err)
{
    char line[AG_TOKEN];

    if (!path)
        return err_set(err, ERR_NOT_FOUND, "no file of a token is named");
    if (!ag_file_line(path, line, sizeof line, err)) {
        err_in(err, "token '%s'", path);
        return false;
    }
    if (!plausible(line))
        return err_set(
                err, ERR_INVALID,
                "'%s' holds no token: one line of 16 to %d characters without "
                "blanks",
                path, AG_TOKEN - 1);
    memcpy(dst, line, sizeof line);
    return true;
}

static void encode(const unsigned char bytes[TOKEN_BYTES], char dst[AG_TOKEN])
{
    snprintf(dst, AG_TOKEN, "fpn_");
    sodium_bin2base64(
            dst + 4, AG_TOKEN - 4, bytes, TOKEN_BYTES,
            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool ag_token_draw(const char *path, char dst[static AG_TOKEN], struct err *err)
{
    unsigned char bytes[TOKEN_BYTES];
    char token[AG_TOKEN];
    ssize_t n;
    int fd;

    ag_random(bytes, sizeof bytes);
    encode(bytes, token);
    if (!file_make_parents(path, err))
        return false;
    /* Never over another token: that one may be let in already. */
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(
                err, ERR_IO, "cannot write the token '%s': %s", path,
                strerror(errno));
    n = dprintf(fd, "%s\n", token);
    if (n != (ssize_t)strlen(token) + 1 || fsync(fd) != 0) {
        err_set(err, ERR_IO, "cannot write the token '%s': %s", path,
                strerror(errno));
        close(fd);
        unlink(path);
        return false;
    }
    close(fd);
    memcpy(dst, token, sizeof token);
    return file_sync_folder(path, err);
}

/* What the firmware calls the machine; "" unknown. */
static void identity(const char *root, const char *file, char *dst, size_t size)
{
    char path[AG_PATH];

    if (!ag_path(path, "%s/sys/class/dmi/id/%s", root, file) ||
        !ag_file_line(path, dst, size, NULL))
        dst[0] = '\0';
    text_lower(dst);
}

bool ag_token_derive(
        const char *key, const char *root, const char *node,
        char dst[static AG_TOKEN], struct err *err)
{
    crypto_generichash_state h;
    unsigned char bytes[TOKEN_BYTES];
    char uuid[80], serial[80];
    size_t len = strlen(key);

    if (len < crypto_generichash_KEYBYTES_MIN ||
        len > crypto_generichash_KEYBYTES_MAX)
        return err_set(
                err, ERR_INVALID, "an enrolment key has %u to %u characters",
                crypto_generichash_KEYBYTES_MIN,
                crypto_generichash_KEYBYTES_MAX);
    identity(root, "product_uuid", uuid, sizeof uuid);
    identity(root, "product_serial", serial, sizeof serial);
    if (!uuid[0] && !serial[0])
        return err_set(
                err, ERR_NOT_FOUND,
                "neither product_uuid nor product_serial can be read: a node "
                "that keeps nothing has no other lasting name");
    /* Each text with its NUL, so that no two machines make the same bytes. */
    crypto_generichash_init(&h, (const unsigned char *)key, len, sizeof bytes);
    crypto_generichash_update(
            &h, (const unsigned char *)"fleetprint node token",
            sizeof "fleetprint node token");
    crypto_generichash_update(
            &h, (const unsigned char *)uuid, strlen(uuid) + 1);
    crypto_generichash_update(
            &h, (const unsigned char *)serial, strlen(serial) + 1);
    crypto_generichash_update(
            &h, (const unsigned char *)node, strlen(node) + 1);
    crypto_generichash_final(&h, bytes, sizeof bytes);
    encode(bytes, dst);
    return true;
}
