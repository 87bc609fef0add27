/* SPDX-License-Identifier: Apache-2.0
 * Small files of /sys and /proc, read anew each time. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/file.h"
#include "base/num.h"

bool ag_path(char dst[static AG_PATH], const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(dst, AG_PATH, fmt, ap);
    va_end(ap);
    if (n >= 0 && n < AG_PATH)
        return true;
    dst[0] = '\0';
    return false;
}

static bool fail(int e, const char *path, struct err *err)
{
    const char *name = strrchr(path, '/');

    name = name ? name + 1 : path;
    if (e == EACCES || e == EPERM)
        return err_set(
                err, ERR_DENIED,
                "%s: permission denied: it takes root or CAP_DAC_READ_SEARCH",
                name);
    return err_set(
            err, e == ENOENT || e == ENOTDIR ? ERR_NOT_FOUND : ERR_IO, "%s: %s",
            name, e == EISDIR ? "is no file" : strerror(e));
}

bool ag_file_line(const char *path, char *dst, size_t size, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), e;
    ssize_t n;

    if (fd < 0)
        return fail(errno, path, err);
    n = read(fd, dst, size - 1);
    e = errno;
    close(fd);
    if (n < 0)
        return fail(e, path, err);
    dst[n] = '\0';
    n = (ssize_t)strcspn(dst, "\n");
    while (n > 0 &&
           (dst[n - 1] == ' ' || dst[n - 1] == '\t' || dst[n - 1] == '\r'))
        n--;
    dst[n] = '\0';
    return true;
}

bool ag_file_int(const char *path, int64_t *out, struct err *err)
{
    char line[64];
    const char *name = strrchr(path, '/');
    struct err why;

    if (!ag_file_line(path, line, sizeof line, err))
        return false;
    if (num_parse_int(line, strlen(line), 0, INT64_MAX, out, &why))
        return true;
    return err_set(
            err, ERR_INVALID, "%s: '%.30s' is no whole number",
            name ? name + 1 : path, line);
}

void ag_names(const char *folder, char ***names, size_t *n)
{
    *names = NULL;
    *n = 0;
    if (!file_names(folder, names, n, NULL)) {
        *names = NULL;
        *n = 0;
    }
}
