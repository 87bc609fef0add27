/* SPDX-License-Identifier: Apache-2.0
 * Files and folders, bounded and sorted. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { FOLDER_MAX_NAMES = 1000000 };

enum file_kind file_kind(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return FILE_NONE;
    if (S_ISREG(st.st_mode))
        return FILE_REGULAR;
    return S_ISDIR(st.st_mode) ? FILE_FOLDER : FILE_OTHER;
}

static bool fail(struct err *err, const char *what, const char *path)
{
    int e = errno;

    return err_set(
            err, e == ENOENT || e == ENOTDIR ? ERR_NOT_FOUND : ERR_IO,
            "cannot %s '%s': %s", what, path, strerror(e));
}

bool file_open(const char *path, FILE **out, struct err *err)
{
    FILE *f;
    int fd;

    if (strcmp(path, "-") == 0) {
        *out = stdin;
        return true;
    }
    if (file_kind(path) == FILE_FOLDER)
        return err_set(
                err, ERR_INVALID, "'%s' is a folder, expected a file", path);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(err, "open", path);
    f = fdopen(fd, "rb");
    if (!f) {
        fail(err, "open", path);
        close(fd);
        return false;
    }
    *out = f;
    return true;
}

bool file_read(const char *path, size_t max, struct buf *out, struct err *err)
{
    char room[16384];
    size_t n, total = 0;
    FILE *f = NULL;
    bool ok = false;

    if (!file_open(path, &f, err))
        return false;
    while ((n = fread(room, 1, sizeof room, f)) > 0) {
        if (n > max - total || !buf_add(out, room, n)) {
            err_set(err, ERR_LIMIT, "'%s' is larger than %zu bytes", path, max);
            goto done;
        }
        total += n;
    }
    if (ferror(f)) {
        err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
        goto done;
    }
    ok = true;
done:
    if (f != stdin)
        fclose(f);
    return ok;
}

/* The folder part of path: "." when it has none. The caller frees it. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return xstrdup(".");
    return slash == path ? xstrdup("/")
                         : xstrndup(path, (size_t)(slash - path));
}

bool file_sync_folder(const char *path, struct err *err)
{
    char *folder = folder_of(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    /* Some network file systems cannot sync a folder and say so. */
    if (!ok && fd >= 0 && (errno == EINVAL || errno == ENOTSUP))
        ok = true;
    if (!ok)
        err_set(err, ERR_IO, "cannot sync the folder '%s': %s", folder,
                strerror(errno));
    if (fd >= 0)
        close(fd);
    free(folder);
    return ok;
}

/* A new file beside path, under a name of this process alone. */
static int open_temporary(const char *path, char **name)
{
    for (int i = 0; i < 100; i++) {
        struct buf b;
        int fd;

        buf_init(&b, strlen(path) + 64);
        buf_printf(&b, "%s.%ld-%d.tmp", path, (long)getpid(), i);
        fd = open(buf_text(&b), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0) {
            *name = buf_take(&b);
            return fd;
        }
        buf_clear(&b);
        if (errno != EEXIST)
            return -1;
    }
    return -1;
}

bool file_out_open(struct file_out *f, const char *path, struct err *err)
{
    enum file_kind kind = file_kind(path);
    struct stat st;
    int fd;

    *f = (struct file_out){0};
    if (kind == FILE_FOLDER)
        return err_set(
                err, ERR_INVALID, "'%s' is a folder, expected a file", path);
    if (kind == FILE_OTHER) { /* a device or a pipe is written, not replaced */
        f->path = xstrdup(path);
        fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        /* A link keeps pointing where it did. */
        char *real = kind == FILE_REGULAR ? realpath(path, NULL) : NULL;
        f->path = real ? real : xstrdup(path);
        fd = open_temporary(f->path, &f->tmp);
        if (fd >= 0 && kind == FILE_REGULAR && stat(f->path, &st) == 0 &&
            fchmod(fd, st.st_mode & 0777) != 0) {
            close(fd);
            fd = -1;
        }
    }
    if (fd >= 0)
        f->file = fdopen(fd, "wb");
    if (!f->file) {
        err_set(err, ERR_IO, "cannot write '%s': %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        file_out_clear(f);
        return false;
    }
    return true;
}

bool file_out_commit(struct file_out *f, struct err *err)
{
    bool ok = fflush(f->file) == 0 && !ferror(f->file);

    if (ok && f->tmp)
        ok = fsync(fileno(f->file)) == 0;
    if (fclose(f->file) != 0)
        ok = false;
    f->file = NULL;
    if (ok && f->tmp)
        ok = rename(f->tmp, f->path) == 0;
    if (!ok) {
        err_set(err, ERR_IO, "cannot write '%s': %s", f->path, strerror(errno));
    } else if (f->tmp) {
        free(f->tmp);
        f->tmp = NULL;
        ok = file_sync_folder(f->path, err);
    }
    file_out_clear(f);
    return ok;
}

void file_out_clear(struct file_out *f)
{
    if (!f)
        return;
    if (f->file)
        fclose(f->file);
    if (f->tmp)
        unlink(f->tmp);
    free(f->tmp);
    free(f->path);
    *f = (struct file_out){0};
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *temp_template(void)
{
    const char *folder = getenv("TMPDIR");
    struct buf b;

    buf_init(&b, 8192);
    buf_printf(
            &b, "%s/fleetprint-XXXXXX", folder && folder[0] ? folder : "/tmp");
    return buf_take(&b);
}

bool file_temp(char **path, struct err *err)
{
    char *made = temp_template();
    int fd = mkstemp(made);

    if (fd < 0) {
        fail(err, "make a temporary file", made);
        free(made);
        return false;
    }
    close(fd);
    *path = made;
    return true;
}

bool file_temp_folder(char **path, struct err *err)
{
    char *made = temp_template();

    if (!mkdtemp(made)) {
        fail(err, "make a temporary folder", made);
        free(made);
        return false;
    }
    *path = made;
    return true;
}

bool file_names(const char *folder, char ***out, size_t *n, struct err *err)
{
    DIR *dir = opendir(folder);
    struct dirent *e;
    char **names = NULL;
    size_t len = 0, cap = 0;
    bool ok = false;

    if (!dir)
        return fail(err, "open the folder", folder);
    while ((errno = 0, e = readdir(dir))) {
        if (e->d_name[0] == '.')
            continue;
        if (len == FOLDER_MAX_NAMES) {
            err_set(err, ERR_LIMIT, "the folder '%s' has more than %d files",
                    folder, FOLDER_MAX_NAMES);
            goto done;
        }
        if (len == cap) {
            cap = cap ? cap * 2 : 16;
            names = xreallocarray(names, cap, sizeof *names);
        }
        names[len++] = xstrdup(e->d_name);
    }
    if (errno) {
        err_set(err, ERR_IO, "cannot read the folder '%s': %s", folder,
                strerror(errno));
        goto done;
    }
    if (len)
        qsort(names, len, sizeof *names, by_bytes);
    *out = names;
    *n = len;
    ok = true;
done:
    if (!ok)
        file_names_free(names, len);
    closedir(dir);
    return ok;
}

void file_names_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}

bool file_make_parents(const char *path, struct err *err)
{
    char *p = xstrdup(path);
    bool ok = true;
    int e = 0;

    for (char *s = strchr(p + (p[0] == '/'), '/'); s && ok;
         s = strchr(s + 1, '/')) {
        *s = '\0';
        e = mkdir(p, 0700) != 0 ? errno : 0;
        if (e && file_kind(p) != FILE_FOLDER)
            ok =
                    err_set(err, ERR_IO, "cannot create the folder '%s': %s", p,
                            strerror(e));
        *s = '/';
    }
    free(p);
    errno = e;
    return ok;
}
