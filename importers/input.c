/* SPDX-License-Identifier: Apache-2.0
 * Where bytes come from: files, standard input, either of them in gzip or
 * zlib, as OCS keeps its .ocs files, or an archive of files. Formats are
 * recognised first and read after, so that what cannot be read twice is copied
 * to a temporary file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/input_priv.h"

enum { ROOM = 65536 };

/* [D] Inventories shrink 5 to 50 times; what grows more than that is made to
 * fill a disk. */
enum {
    MAX_RATIO = 200,
    RATIO_FROM = 64 * 1024 * 1024, /* bytes that may come of anything */
};
static const uint64_t max_inflated = (uint64_t)8 << 30;

/* ---- inflating ---------------------------------------------------------- */

struct inflating {
    FILE *in, *out;
    z_stream z;
    uint64_t n_in, n_out;
    bool begun;
    unsigned char from[ROOM], to[ROOM];
};

bool imp_growth_ok(uint64_t n_in, uint64_t n_out, struct err *err)
{
    if (n_out > max_inflated)
        return err_set(
                err, ERR_LIMIT,
                "compressed data of more than %llu GiB inflated",
                (unsigned long long)(max_inflated >> 30));
    if (n_out > RATIO_FROM && n_out / MAX_RATIO > n_in)
        return err_set(
                err, ERR_LIMIT,
                "compressed data that grows more than %d times, expected an "
                "inventory",
                (int)MAX_RATIO);
    return true;
}

/* What is in g->z goes out; *end: a member of the file ended. */
static bool drain(struct inflating *g, bool *end, struct err *err)
{
    int rc;

    do {
        size_t n;

        g->z.next_out = g->to;
        g->z.avail_out = ROOM;
        rc = inflate(&g->z, Z_NO_FLUSH);
        if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
            return err_set(
                    err, ERR_INVALID, "damaged compressed data: %s",
                    g->z.msg ? g->z.msg : "bad data");
        n = ROOM - g->z.avail_out;
        g->n_out += n;
        if (!imp_growth_ok(g->n_in, g->n_out, err))
            return false;
        if (fwrite(g->to, 1, n, g->out) != n)
            return err_set(
                    err, ERR_IO, "cannot write a temporary file: %s",
                    strerror(errno));
    } while (rc == Z_OK && (g->z.avail_in > 0 || g->z.avail_out == 0));
    *end = rc == Z_STREAM_END;
    return true;
}

static bool inflate_all(struct inflating *g, struct err *err)
{
    bool end = false;
    size_t n;

    while ((n = fread(g->from, 1, ROOM, g->in)) > 0) {
        g->z.next_in = g->from;
        g->z.avail_in = (unsigned)n;
        g->n_in += n;
        while (g->z.avail_in > 0) {
            if (end && inflateReset(&g->z) != Z_OK) /* another member */
                return err_set(err, ERR_INVALID, "damaged compressed data");
            if (!drain(g, &end, err))
                return false;
        }
    }
    if (ferror(g->in))
        return err_set(err, ERR_IO, "cannot read: %s", strerror(errno));
    if (!end)
        return err_set(err, ERR_INVALID, "compressed data that is cut short");
    return true;
}

static bool inflate_file(FILE *in, FILE *out, struct err *err)
{
    struct inflating *g = xcalloc(1, sizeof *g);
    bool ok = false;

    g->in = in;
    g->out = out;
    if (inflateInit2(&g->z, 32 + MAX_WBITS) != Z_OK) {
        err_set(err, ERR_IO, "cannot begin to inflate");
        goto done;
    }
    g->begun = true;
    ok = inflate_all(g, err);
    if (ok && fflush(out) != 0)
        ok =
                err_set(err, ERR_IO, "cannot write a temporary file: %s",
                        strerror(errno));
done:
    if (g->begun)
        inflateEnd(&g->z);
    free(g);
    return ok;
}

/* A text may begin with the two bytes of zlib ("x^"): what follows must inflate
 * too. */
static bool inflates(const unsigned char *head, size_t len)
{
    z_stream z = {
            .next_in = (unsigned char *)(uintptr_t)head,
            .avail_in = (unsigned)len};
    unsigned char to[512];
    int rc;

    if (inflateInit2(&z, MAX_WBITS) != Z_OK)
        return false;
    z.next_out = to;
    z.avail_out = sizeof to;
    rc = inflate(&z, Z_SYNC_FLUSH);
    inflateEnd(&z);
    return (rc == Z_OK || rc == Z_STREAM_END) && z.avail_out < sizeof to;
}

static bool is_compressed(FILE *in)
{
    unsigned char head[512] = {0};
    size_t n = fread(head, 1, sizeof head, in);

    if (n >= 2 && head[0] == 0x1F && head[1] == 0x8B)
        return true;
    return n >= 2 && head[0] == 0x78 && (head[0] << 8 | head[1]) % 31 == 0 &&
           inflates(head, n);
}

/* ---- standard input ----------------------------------------------------- */

static bool take_over(FILE *copy, struct err *err)
{
    if (fflush(copy) != 0 || lseek(fileno(copy), 0, SEEK_SET) != 0 ||
        dup2(fileno(copy), fileno(stdin)) < 0)
        return err_set(
                err, ERR_IO, "cannot copy standard input: %s", strerror(errno));
    clearerr(stdin);
    rewind(stdin);
    return true;
}

static bool copy_stdin(FILE *copy, struct err *err)
{
    char *room = xmalloc(ROOM);
    size_t n;
    bool ok = true;

    while (ok && (n = fread(room, 1, ROOM, stdin)) > 0)
        ok = fwrite(room, 1, n, copy) == n;
    if (!ok || ferror(stdin))
        ok = err_set(
                err, ERR_IO, "cannot copy standard input: %s", strerror(errno));
    free(room);
    return ok;
}

static bool unnamed(FILE **out, struct err *err)
{
    *out = tmpfile();
    return *out || err_set(err, ERR_IO, "cannot make a temporary file: %s",
                           strerror(errno));
}

/* A pipe is copied into an unnamed file that takes its place; so is what it
 * inflates to. */
static bool open_stdin(struct err *err)
{
    FILE *copy = NULL;
    bool ok = true;

    if (fseek(stdin, 0, SEEK_CUR) != 0)
        ok = unnamed(&copy, err) && copy_stdin(copy, err) &&
             take_over(copy, err);
    if (copy)
        fclose(copy);
    copy = NULL;
    if (!ok)
        return false;
    if (is_compressed(stdin)) {
        rewind(stdin);
        ok = unnamed(&copy, err) && inflate_file(stdin, copy, err) &&
             take_over(copy, err);
        if (copy)
            fclose(copy);
        return ok;
    }
    rewind(stdin);
    return true;
}

/* ---- files -------------------------------------------------------------- */

/* "fleet.csv.gz" in a folder of its own as fleet.csv: formats and hosts are
 * told by names. */
static bool name_of(const char *path, struct imp_input *in, struct err *err)
{
    const char *base = imp_base_name(path);
    size_t len = strlen(base);
    struct buf b;

    if (len > 3 && strcmp(base + len - 3, ".gz") == 0)
        len -= 3;
    if (!file_temp_folder(&in->folder, err))
        return false;
    buf_init(&b, 8192);
    buf_printf(&b, "%s/%.*s", in->folder, (int)len, base);
    in->path = buf_take(&b);
    return true;
}

static bool open_compressed(
        const char *path, FILE *from, struct imp_input *in, struct err *err)
{
    FILE *to;
    bool ok;

    if (!name_of(path, in, err))
        return false;
    to = fopen(in->path, "wbx");
    if (!to)
        return err_set(
                err, ERR_IO, "cannot make a temporary file: %s",
                strerror(errno));
    ok = inflate_file(from, to, err);
    if (fclose(to) != 0 && ok)
        ok =
                err_set(err, ERR_IO, "cannot write a temporary file: %s",
                        strerror(errno));
    if (!ok)
        err_in(err, "%s", imp_base_name(path));
    return ok;
}

static bool
inflate_input(const char *path, struct imp_input *in, struct err *err)
{
    FILE *from = NULL;
    bool ok = true;

    if (strcmp(path, "-") == 0) {
        in->path = xstrdup(path);
        ok = open_stdin(err);
        if (!ok)
            err_in(err, "standard input");
        return ok;
    }
    if (!file_open(path, &from, err))
        return false;
    if (is_compressed(from)) {
        rewind(from);
        ok = open_compressed(path, from, in, err);
    } else {
        in->path = xstrdup(path);
    }
    fclose(from);
    return ok;
}

/* A folder with the archive's name, which notes speak of. */
static bool tree_of(struct imp_input *in, struct err *err)
{
    static const char *const ends[] = {".zip", ".tar", ".tgz"};
    const char *base =
            strcmp(in->path, "-") == 0 ? "stdin" : imp_base_name(in->path);
    size_t len = strlen(base);
    struct buf b;

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (len > 4 && text_same(base + len - 4, ends[i])) {
            len -= 4;
            break;
        }
    if (!file_temp_folder(&in->unpacked, err))
        return false;
    buf_init(&b, 8192);
    buf_printf(&b, "%s/%.*s", in->unpacked, (int)len, base);
    in->tree = buf_take(&b);
    return mkdir(in->tree, 0700) == 0 ||
           err_set(err, ERR_IO, "cannot make a temporary folder: %s",
                   strerror(errno));
}

static bool unpack_input(struct imp_input *in, struct err *err)
{
    FILE *from = NULL;
    bool archive, ok;

    if (!imp_packed(in->path, &archive) || !archive)
        return true;
    if (!tree_of(in, err) || !file_open(in->path, &from, err))
        return false;
    ok = imp_archive_unpack(from, in->tree, err);
    if (!ok)
        err_in(err, "%s", imp_base_name(in->path));
    if (from != stdin)
        fclose(from);
    return ok;
}

bool imp_input_open(
        const char *path, bool unpack, struct imp_input *in, struct err *err)
{
    *in = (struct imp_input){0};
    if (inflate_input(path, in, err) && (!unpack || unpack_input(in, err)))
        return true;
    imp_input_close(in);
    return false;
}

void imp_input_close(struct imp_input *in)
{
    if (in->unpacked)
        imp_archive_remove(in->unpacked);
    free(in->unpacked);
    free(in->tree);
    if (in->folder) {
        if (in->path)
            unlink(in->path);
        rmdir(in->folder);
    }
    free(in->folder);
    free(in->path);
    *in = (struct imp_input){0};
}
