/* SPDX-License-Identifier: Apache-2.0
 * The table of formats; which one a file is; files and folders of files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/figures_priv.h"
#include "importers/importers_priv.h"

enum {
    TREE_MAX_DEPTH = 24,       /* a Redfish tree has a dozen */
    TREE_MAX_FOLDERS = 500000, /* in all: links may lead in circles */
    MAX_FORMATS = 64,
};

const struct imp_format *const imp_formats[] = {
        &imp_csv,
        &imp_grid5000,
        &imp_dmidecode,
        &imp_snipeit,
        &imp_netbox,
        &imp_glpi_json,
        &imp_smartctl,
        &imp_ereuse,
        &imp_ansible,
        &imp_redfish,
        &imp_lshw_json,
        &imp_rocm,
        &imp_slurm,
        &imp_lshw_xml,
        &imp_boaviztapi,
        &imp_boavizta_csv,
        &imp_base_empreinte,
        &imp_ember_owid,
        &imp_ember,
        &imp_electricitymaps_csv,
        &imp_electricitymaps,
        &imp_rte,
        &imp_rte_csv,
        &imp_uk_carbon,
        &imp_carbon_aware,
        &imp_glpi_xml,
        &imp_ocs_xml,
        &imp_hwloc_xml,
        &imp_nvidia_smi_xml,
        &(const struct imp_format){.name = NULL},
};

const struct imp_format *imp_by_name(const char *name)
{
    for (size_t i = 0; imp_formats[i]->name; i++)
        if (strcmp(imp_formats[i]->name, name) == 0)
            return imp_formats[i];
    return NULL;
}

const char *imp_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (strcmp(path, "-") == 0)
        return "standard input";
    return slash && slash[1] ? slash + 1 : path;
}

static void format_names(char *dst, size_t size)
{
    size_t len = 0;

    dst[0] = '\0';
    for (size_t i = 0;
         imp_formats[i]->name && len + strlen(imp_formats[i]->name) + 3 < size;
         i++)
        len += (size_t)snprintf(
                dst + len, size - len, "%s%s", i ? ", " : "",
                imp_formats[i]->name);
}

static bool
by_name(const char *name, const struct imp_format **out, struct err *err)
{
    char names[300];

    *out = imp_by_name(name);
    if (*out)
        return true;
    format_names(names, sizeof names);
    return err_set(
            err, ERR_INVALID, "no format is called '%s', expected one of %s",
            name, names);
}

static const struct imp_format *best_format(
        const char *head, size_t len, const char *file_name,
        const struct imp_format *only)
{
    const struct imp_format *best = NULL;
    int most = 0;

    for (size_t i = 0; imp_formats[i]->name; i++) {
        int score = imp_formats[i]->recognise(head, len, file_name);

        if (score > most && (!only || only == imp_formats[i])) {
            most = score;
            best = imp_formats[i];
        }
    }
    return best;
}

/* Standard input is read twice, first to recognise it: a pipe is copied into
 * an unnamed file that takes its place. */
static bool seekable_stdin(struct err *err)
{
    char room[65536];
    FILE *copy;
    size_t n;
    bool ok = false;

    if (fseek(stdin, 0, SEEK_CUR) == 0)
        return true;
    copy = tmpfile();
    if (!copy)
        return err_set(
                err, ERR_IO, "cannot make a temporary file: %s",
                strerror(errno));
    while ((n = fread(room, 1, sizeof room, stdin)) > 0)
        if (fwrite(room, 1, n, copy) != n)
            break;
    if (ferror(stdin) || ferror(copy) || fflush(copy) != 0 ||
        lseek(fileno(copy), 0, SEEK_SET) != 0 ||
        dup2(fileno(copy), fileno(stdin)) < 0)
        err_set(err, ERR_IO, "cannot copy standard input: %s", strerror(errno));
    else
        ok = true;
    fclose(copy);
    clearerr(stdin);
    return ok;
}

/* The head as UTF-8 where it is UTF-16, as Windows writes what a tool prints:
 * NULL when it is not. */
static char *head_of_utf16(const char *head, size_t len, size_t *out_len)
{
    struct buf b;

    if (len < 4 ||
        (memcmp(head, "\xFF\xFE", 2) != 0 && memcmp(head, "\xFE\xFF", 2) != 0))
        return NULL;
    buf_init(&b, 4 * (size_t)IMP_HEAD);
    text_from_utf16(head + 2, (len - 2) & ~(size_t)1, head[0] == '\xFE', &b);
    *out_len = b.len;
    return buf_take(&b);
}

/* *out: the format of a file, NULL when it is none of ours (or not `only`). */
static bool recognise(
        const char *path, const struct imp_format *only,
        const struct imp_format **out, struct err *err)
{
    char *head = NULL, *other = NULL;
    FILE *in = NULL;
    size_t len, other_len = 0;
    bool ok = false;

    *out = NULL;
    if (strcmp(path, "-") == 0 && !seekable_stdin(err))
        return false;
    if (!file_open(path, &in, err))
        return false;
    head = xmalloc(IMP_HEAD);
    len = fread(head, 1, IMP_HEAD, in);
    if (ferror(in)) {
        err_set(err, ERR_IO, "cannot read '%s': %s", path, strerror(errno));
        goto done;
    }
    *out = best_format(head, len, imp_base_name(path), only);
    if (!*out)
        other = head_of_utf16(head, len, &other_len);
    if (other)
        *out = best_format(other, other_len, imp_base_name(path), only);
    ok = in != stdin || fseek(in, 0, SEEK_SET) == 0;
    if (!ok)
        err_set(err, ERR_IO, "cannot read standard input a second time");
done:
    free(head);
    free(other);
    if (in != stdin)
        fclose(in);
    return ok;
}

static bool unknown_format(const char *path, struct err *err)
{
    char names[300];
    struct stat st;

    if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
        return err_set(
                err, ERR_INVALID, "'%s' is empty, expected an inventory",
                imp_base_name(path));
    format_names(names, sizeof names);
    return err_set(
            err, ERR_INVALID,
            "'%s' is none of the formats %s, or its header has none of their "
            "columns",
            imp_base_name(path), names);
}

/* ---- folders ------------------------------------------------------------ */

struct walk {
    const struct imp_format *as; /* NULL: recognise each */
    const struct wire_sink *sink;
    struct waiting { /* folders still to be read */
        char *path;
        int depth;
    } * stack;
    size_t n_stack, n_folders;
    const struct imp_format *last; /* of the last file taken */
    struct many {                  /* formats that take files together */
        const struct imp_format *format;
        void *state;
    } many[MAX_FORMATS];
    size_t n_many;
};

static void pass_over(struct walk *w, const char *path, const char *why)
{
    if (w->sink->warn)
        w->sink->warn(w->sink->ctx, imp_base_name(path), why);
}

/* README, SOURCES and the like are words for people. */
static bool words_for_people(const char *name)
{
    char key[32];

    text_key(name, strlen(name), key, sizeof key);
    return text_starts(key, "readme") || text_starts(key, "source") ||
           text_starts(key, "licen") || text_starts(key, "copying");
}

/* What a format that takes files together knows so far. */
static void *many_of(struct walk *w, const struct imp_format *f)
{
    for (size_t i = 0; i < w->n_many; i++)
        if (w->many[i].format == f)
            return w->many[i].state;
    CHECK(w->n_many < MAX_FORMATS);
    w->many[w->n_many] = (struct many){f, f->many->begin(w->sink)};
    return w->many[w->n_many++].state;
}

static bool many_end(struct walk *w, bool ok, struct err *err)
{
    for (size_t i = 0; i < w->n_many; i++) {
        ok = ok && w->many[i].format->many->end(w->many[i].state, err);
        w->many[i].format->many->free(w->many[i].state);
    }
    return ok;
}

/* A file of a folder that is no good is refused alone. */
static bool refuse_file(struct walk *w, const char *path, struct err *err)
{
    char text[1100];
    const struct wire_reject reject = {
            .row = 1,
            .file = imp_base_name(path),
            .reason = err_text(err, text, sizeof text)};

    if (err->code != ERR_INVALID && err->code != ERR_LIMIT)
        return false;
    return w->sink->reject(w->sink->ctx, &reject, err);
}

static bool walk_file(struct walk *w, const char *path, struct err *err)
{
    const struct imp_format *f;

    if (!recognise(path, w->as, &f, err))
        return false;
    if (!f) {
        pass_over(w, path, "none of the formats, passed over");
        return true;
    }
    w->last = f;
    if (f->many ? f->many->file(many_of(w, f), path, err)
                : f->read(path, w->sink, err))
        return true;
    return refuse_file(w, path, err);
}

static char *join(const char *folder, const char *name)
{
    size_t a = strlen(folder), b = strlen(name);
    char *path = xmalloc(a + b + 2);

    memcpy(path, folder, a);
    if (a > 0 && folder[a - 1] != '/')
        path[a++] = '/';
    memcpy(path + a, name, b + 1);
    return path;
}

static bool push(struct walk *w, char *path, int depth, struct err *err)
{
    if (++w->n_folders > TREE_MAX_FOLDERS || depth > TREE_MAX_DEPTH) {
        err_set(err, ERR_LIMIT, "folders nested deeper than %d or too many",
                (int)TREE_MAX_DEPTH);
        free(path);
        return false;
    }
    w->stack = xreallocarray(w->stack, w->n_stack + 1, sizeof *w->stack);
    w->stack[w->n_stack++] = (struct waiting){path, depth};
    return true;
}

static bool is_sites(const char *name)
{
    return text_same(name, "sites.csv");
}

/* One folder: sites.csv, then the other files in name order; the folders in
 * it wait, in name order too. */
static bool
walk_folder(struct walk *w, const char *folder, int depth, struct err *err)
{
    char **names = NULL;
    size_t n = 0;
    bool ok = false;

    if (!file_names(folder, &names, &n, err))
        return false;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < n; i++) {
            char *path;
            bool good = true;

            if (is_sites(names[i]) != (round == 0))
                continue;
            path = join(folder, names[i]);
            if (file_kind(path) == FILE_REGULAR && !words_for_people(names[i]))
                good = walk_file(w, path, err);
            free(path);
            if (!good)
                goto done;
        }
    }
    for (size_t i = n; i-- > 0;) {
        char *path = join(folder, names[i]);

        if (file_kind(path) != FILE_FOLDER)
            free(path);
        else if (!push(w, path, depth + 1, err))
            goto done;
    }
    ok = true;
done:
    file_names_free(names, n);
    return ok;
}

static bool walk(struct walk *w, const char *path, struct err *err)
{
    bool ok = push(w, join(path, ""), 0, err);

    while (ok && w->n_stack > 0) {
        struct waiting next = w->stack[--w->n_stack];

        ok = walk_folder(w, next.path, next.depth, err);
        free(next.path);
    }
    while (w->n_stack > 0)
        free(w->stack[--w->n_stack].path);
    free(w->stack);
    ok = many_end(w, ok, err);
    return ok && (w->last || unknown_format(path, err));
}

bool imp_read(
        const char *path, const char *as, const struct wire_sink *sink,
        const char **format, struct err *err)
{
    const struct imp_format *f = NULL;
    struct walk w = {.sink = sink};

    if (as && !by_name(as, &f, err))
        return false;
    if (strcmp(path, "-") != 0 && file_kind(path) == FILE_FOLDER) {
        w.as = f;
        if (!walk(&w, path, err))
            return false;
        f = w.last;
    } else {
        /* A reader may look at the head of a file before it reads it. */
        if (f && strcmp(path, "-") == 0 && !seekable_stdin(err))
            return false;
        if (!f && !recognise(path, NULL, &f, err))
            return false;
        if (!f)
            return unknown_format(path, err);
        if (!f->read(path, sink, err))
            return false;
    }
    if (format)
        *format = f->name;
    return true;
}
