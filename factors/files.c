/* SPDX-License-Identifier: Apache-2.0
 * The files of every set, from the program itself or from a folder shaped like
 * factors/data; of each set the newest version. */
#include "factors/load_priv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/text.h"

extern const struct embed_table fac_data[];

enum { NAME_MAX_LEN = 100 };

/* 1.10.0 after 1.9.0, 2026.04.29 after 2025.12.01: by number, then by text. */
static int version_order(const char *a, const char *b)
{
    while (*a && *b) {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            size_t za = strspn(a, "0"), zb = strspn(b, "0");
            size_t na, nb;
            int order;

            a += za;
            b += zb;
            na = strspn(a, "0123456789");
            nb = strspn(b, "0123456789");
            if (na != nb)
                return na < nb ? -1 : 1;
            order = strncmp(a, b, na);
            if (order)
                return order;
            a += na;
            b += nb;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return *a ? 1 : *b ? -1 : 0;
}

static void folder_clear(struct fac_folder *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->files[i].owned)
            free((char *)f->files[i].bytes);
    *f = (struct fac_folder){0};
}

/* The folder for a version of a set: the set's place when it is new or newer,
 * NULL when a newer version is there already. */
static bool folder_for(
        struct fac_source *s, const char *id, const char *version,
        struct fac_folder **out, struct err *err)
{
    struct fac_folder *f = NULL;

    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->folders[i].id, id) == 0)
            f = &s->folders[i];
    *out = NULL;
    if (f && version_order(version, f->version) < 0)
        return true;
    if (f && strcmp(version, f->version) == 0) {
        *out = f;
        return true;
    }
    if (f) {
        folder_clear(f);
    } else if (s->n == FAC_MAX_SETS) {
        return err_set(
                err, ERR_LIMIT, "expected %d sets at most", FAC_MAX_SETS);
    } else {
        f = &s->folders[s->n++];
    }
    f->id = arena_str(&s->text, id);
    f->version = arena_str(&s->text, version);
    *out = f;
    return true;
}

static bool
file_add(struct fac_folder *f, const struct fac_file *file, struct err *err)
{
    if (f->n == FAC_MAX_FILES)
        return err_set(
                err, ERR_LIMIT, "expected %d files at most in a set",
                FAC_MAX_FILES);
    f->files[f->n++] = *file;
    return true;
}

/* "data/act/1.0.0/factors.csv" */
static bool embedded_open(struct fac_source *s, struct err *err)
{
    for (const struct embed_table *e = fac_data; e->name; e++) {
        char *path = arena_str(&s->text, e->name), *part[4];
        struct fac_folder *f;
        size_t n = 0;

        for (char *c = path; c && n < 4; n++) {
            part[n] = c;
            c = strchr(c, '/');
            if (c)
                *c++ = '\0';
        }
        CHECK(n == 4);
        if (!folder_for(s, part[1], part[2], &f, err))
            return false;
        if (!f)
            continue;
        f->sha256 = e->folder_sha256;
        if (!file_add(
                    f,
                    &(struct fac_file){
                            .name = part[3],
                            .place = e->name,
                            .bytes = e->bytes,
                            .size = e->size,
                            .columns = e->columns},
                    err))
            return false;
    }
    return true;
}

static bool version_open(
        struct fac_source *s, const char *path, struct fac_folder *f,
        struct err *err)
{
    char **names = NULL;
    size_t n = 0;
    bool ok = false;
    struct buf bytes = {0};

    if (!file_names(path, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *place = arena_printf(&s->text, "%s/%s", path, names[i]);

        buf_init(&bytes, FAC_MAX_FILE_BYTES);
        if (!file_read(place, FAC_MAX_FILE_BYTES, &bytes, err))
            goto done;
        struct fac_file file = {
                .name = arena_str(&s->text, names[i]),
                .place = place,
                .size = bytes.len,
                .owned = true};
        file.bytes = buf_take(&bytes);
        if (!file_add(f, &file, err)) {
            free((char *)file.bytes);
            goto done;
        }
    }
    ok = true;
done:
    buf_clear(&bytes);
    file_names_free(names, n);
    return ok;
}

static bool set_open(
        struct fac_source *s, const char *path, const char *id, struct err *err)
{
    char **versions = NULL;
    const char *newest = NULL;
    size_t n = 0;
    struct fac_folder *f;
    bool ok = false;

    if (!file_names(path, &versions, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (file_kind(arena_printf(&s->text, "%s/%s", path, versions[i])) ==
                    FILE_FOLDER &&
            (!newest || version_order(versions[i], newest) > 0))
            newest = versions[i];
    if (!newest) {
        err_set(err, ERR_INVALID, "expected a folder named by a version");
        err_in(err, "%s", path);
        goto done;
    }
    if (!folder_for(s, id, newest, &f, err))
        goto done;
    ok = version_open(s, arena_printf(&s->text, "%s/%s", path, newest), f, err);
done:
    file_names_free(versions, n);
    return ok;
}

static bool
folder_open(const char *folder, struct fac_source *s, struct err *err)
{
    char **ids = NULL;
    size_t n = 0;
    bool ok = false;

    if (!file_names(folder, &ids, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *path = arena_printf(&s->text, "%s/%s", folder, ids[i]);

        if (file_kind(path) != FILE_FOLDER)
            continue; /* README.md */
        if (strlen(ids[i]) > NAME_MAX_LEN) {
            err_set(err, ERR_LIMIT, "expected a shorter name of a set");
            err_in(err, "%s", path);
            goto done;
        }
        if (!set_open(s, path, ids[i], err))
            goto done;
    }
    ok = true;
done:
    file_names_free(ids, n);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(
            ((const struct fac_file *)a)->name,
            ((const struct fac_file *)b)->name);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(
            ((const struct fac_folder *)a)->id,
            ((const struct fac_folder *)b)->id);
}

bool fac_source_open(const char *folder, struct fac_source *s, struct err *err)
{
    *s = (struct fac_source){0};
    s->folders = xcalloc(FAC_MAX_SETS, sizeof *s->folders);
    if (!(folder ? folder_open(folder, s, err) : embedded_open(s, err))) {
        fac_source_clear(s);
        return false;
    }
    /* One order whatever the source: shared ids and hashes depend on it. */
    qsort(s->folders, s->n, sizeof *s->folders, by_id);
    for (size_t i = 0; i < s->n; i++)
        qsort(s->folders[i].files, s->folders[i].n, sizeof(struct fac_file),
              by_name);
    return true;
}

void fac_source_clear(struct fac_source *s)
{
    for (size_t i = 0; i < s->n; i++)
        folder_clear(&s->folders[i]);
    free(s->folders);
    arena_clear(&s->text);
    *s = (struct fac_source){0};
}
