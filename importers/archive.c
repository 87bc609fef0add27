/* SPDX-License-Identifier: Apache-2.0
 * Zip and tar archives, unpacked into a temporary folder: a Redfish mockup or
 * the files of many hosts, as they are sent around. Only regular files leave
 * them, below that folder. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/library.h"
#include "importers/input_priv.h"

enum {
    ROOM = 65536,
    MAX_MEMBERS = 100000, /* [D] more come as folders */
    MAX_NAME = 1000,
    REMOVE_HANDLES = 16,
};

/* libarchive, as in archive.h without the prefix: few runs need it, and it
 * brings half a dozen libraries. */
struct archive_calls {
    struct archive *(*read_new)(void);
    int (*support_tar)(struct archive *);
    int (*support_zip)(struct archive *);
    int (*open_fd)(struct archive *, int, size_t);
    int (*next_header)(struct archive *, struct archive_entry **);
    la_ssize_t (*read_data)(struct archive *, void *, size_t);
    const char *(*error_string)(struct archive *);
    int (*read_free)(struct archive *);
    const char *(*name_utf8)(struct archive_entry *);
    const char *(*name)(struct archive_entry *);
    const char *(*hardlink)(struct archive_entry *);
    __LA_MODE_T (*type)(struct archive_entry *);
};

static bool load(struct archive_calls *a, struct err *err)
{
    void *lib = library_open("libarchive", 13);

    return (library_call(lib, "archive_read_new", &a->read_new) &&
            library_call(
                    lib, "archive_read_support_format_tar", &a->support_tar) &&
            library_call(
                    lib, "archive_read_support_format_zip", &a->support_zip) &&
            library_call(lib, "archive_read_open_fd", &a->open_fd) &&
            library_call(lib, "archive_read_next_header", &a->next_header) &&
            library_call(lib, "archive_read_data", &a->read_data) &&
            library_call(lib, "archive_error_string", &a->error_string) &&
            library_call(lib, "archive_read_free", &a->read_free) &&
            library_call(lib, "archive_entry_pathname_utf8", &a->name_utf8) &&
            library_call(lib, "archive_entry_pathname", &a->name) &&
            library_call(lib, "archive_entry_hardlink", &a->hardlink) &&
            library_call(lib, "archive_entry_filetype", &a->type)) ||
           err_set(err, ERR_IO,
                   "no usable libarchive, that unpacks: install the package "
                   "libarchive13, or unpack it and import the folder");
}

struct unpacking {
    struct archive_calls calls;
    struct archive *archive;
    const char *folder;
    uint64_t n_in, n_out; /* bytes of the archive, bytes unpacked */
    uint64_t members;
    char room[ROOM];
};

static bool damaged(struct unpacking *u, struct err *err)
{
    const char *why = u->calls.error_string(u->archive);

    return err_set(
            err, ERR_INVALID, "damaged archive: %.200s",
            why ? why : "bad data");
}

/* Where a member goes: its name without a leading "/" or "./"; what leads out
 * of the folder is refused, an empty name is a folder's. */
static bool
place_of(struct unpacking *u, const char *name, struct buf *to, struct err *err)
{
    const char *whole = name;

    buf_str(to, u->folder);
    while (*name) {
        size_t len = strcspn(name, "/\\");

        if (len == 2 && strncmp(name, "..", 2) == 0)
            return err_set(
                    err, ERR_INVALID,
                    "an archive with the member '%.80s', which lies outside it",
                    whole);
        if (len > 0 && !(len == 1 && name[0] == '.'))
            buf_printf(to, "/%.*s", (int)len, name);
        name += len + (name[len] != '\0');
    }
    return true;
}

/* Whether the names in the archive are to blame, and not the disk. */
static bool theirs(int e)
{
    return e == ENAMETOOLONG || e == ENOTDIR || e == EISDIR || e == EEXIST;
}

static bool unwritten(struct err *err)
{
    return err_set(
            err, theirs(errno) ? ERR_INVALID : ERR_IO,
            "cannot unpack a member of the archive: %s", strerror(errno));
}

static bool put(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t k = write(fd, bytes, n);

        if (k < 0 && errno != EINTR)
            return false;
        if (k > 0) {
            bytes += k;
            n -= (size_t)k;
        }
    }
    return true;
}

static bool copy(struct unpacking *u, int fd, struct err *err)
{
    la_ssize_t n;

    while ((n = u->calls.read_data(u->archive, u->room, ROOM)) > 0) {
        u->n_out += (uint64_t)n;
        if (!imp_growth_ok(u->n_in, u->n_out, err))
            return false;
        if (!put(fd, u->room, (size_t)n))
            return unwritten(err);
    }
    return n == 0 || damaged(u, err);
}

static bool
unpack_member(struct unpacking *u, struct archive_entry *entry, struct err *err)
{
    const char *name = u->calls.name_utf8(entry);
    struct buf to;
    bool ok = false;
    int fd = -1;

    if (!name)
        name = u->calls.name(entry);
    if (!name || !name[0] || u->calls.type(entry) != AE_IFREG ||
        u->calls.hardlink(entry))
        return true; /* folders come with their files; links lead anywhere */
    if (strlen(name) > MAX_NAME)
        return err_set(
                err, ERR_LIMIT, "an archive with a name of more than %d bytes",
                (int)MAX_NAME);
    buf_init(&to, 8192);
    if (!place_of(u, name, &to, err))
        goto done;
    if (!file_make_parents(buf_text(&to), err)) {
        if (theirs(errno))
            err->code = ERR_INVALID;
        goto done;
    }
    /* tar appends a newer file under its old name: the last one holds */
    fd =
            open(buf_text(&to),
                 O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    ok = fd >= 0 ? copy(u, fd, err) : unwritten(err);
    if (fd >= 0 && close(fd) != 0 && ok)
        ok = unwritten(err);
done:
    buf_clear(&to);
    return ok;
}

static bool unpack_all(struct unpacking *u, int fd, struct err *err)
{
    struct archive_entry *entry;
    int rc;

    if (u->calls.support_tar(u->archive) != ARCHIVE_OK ||
        u->calls.support_zip(u->archive) != ARCHIVE_OK ||
        u->calls.open_fd(u->archive, fd, ROOM) != ARCHIVE_OK)
        return damaged(u, err);
    while ((rc = u->calls.next_header(u->archive, &entry)) != ARCHIVE_EOF) {
        if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
            return damaged(u, err);
        if (++u->members > MAX_MEMBERS)
            return err_set(
                    err, ERR_LIMIT,
                    "an archive of more than %d members: unpack it and import "
                    "the folder",
                    (int)MAX_MEMBERS);
        if (!unpack_member(u, entry, err))
            return false;
    }
    return true;
}

bool imp_archive_unpack(FILE *from, const char *folder, struct err *err)
{
    struct unpacking *u = xcalloc(1, sizeof *u);
    struct stat st;
    bool ok = false;

    u->folder = folder;
    if (!load(&u->calls, err))
        goto done;
    if (fstat(fileno(from), &st) != 0 ||
        lseek(fileno(from), 0, SEEK_SET) != 0) {
        err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
        goto done;
    }
    u->n_in = (uint64_t)st.st_size;
    u->archive = u->calls.read_new();
    ok = u->archive ? unpack_all(u, fileno(from), err)
                    : err_set(err, ERR_IO, "cannot begin to unpack");
done:
    if (u->archive)
        u->calls.read_free(u->archive);
    free(u);
    return ok;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

void imp_archive_remove(const char *folder)
{
    nftw(folder, remove_one, REMOVE_HANDLES, FTW_DEPTH | FTW_PHYS);
}
