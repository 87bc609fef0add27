/* SPDX-License-Identifier: Apache-2.0
 * The table of formats; which one a file is; files and folders of files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/energy_priv.h"
#include "importers/input_priv.h"

enum {
    TREE_MAX_DEPTH = 24,       /* a Redfish tree has a dozen */
    TREE_MAX_FOLDERS = 500000, /* in all: links may lead in circles */
    MAX_FORMATS = 64,
};

const struct imp_format *const imp_formats[] = {
        &imp_csv,
        &imp_glpi_csv,
        &imp_snipeit_csv,
        &imp_netbox_csv,
        &imp_grid5000,
        &imp_dmidecode,
        &imp_snipeit,
        &imp_netbox,
        &imp_glpi_json,
        &imp_smartctl,
        &imp_ereuse,
        &imp_agent_json,
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
        &imp_codecarbon,
        &imp_ea2p,
        &imp_zeus,
        &imp_ear,
        &imp_scaphandre_json,
        &imp_sacct,
        &imp_pdu_csv,
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
        if (imp_by_name(imp_formats[i]->name) == imp_formats[i])
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

        if (score > most &&
            (!only || strcmp(only->name, imp_formats[i]->name) == 0)) {
            most = score;
            best = imp_formats[i];
        }
    }
    return best;
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
    struct stat st;
    bool archive;
    const char *packed = imp_packed(path, &archive);

    if (packed && !archive)
        return err_set(
                err, ERR_INVALID, "'%.60s' is %s", imp_base_name(path), packed);
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0)
        return err_set(
                err, ERR_INVALID, "'%s' is empty, expected an inventory",
                imp_base_name(path));
    /* their names do not fit into a line any more */
    return err_set(
            err, ERR_INVALID,
            "'%.60s' is none of the formats: expected a CSV table with a "
            "header, or what lshw, dmidecode, hwloc, GLPI, OCS, nvidia-smi, "
            "rocm-smi, smartctl, Redfish, Ansible, NetBox, Snipe-IT, Slurm, "
            "eReuse or Grid'5000 give, or a file of factors, of the grid or of "
            "energy",
            imp_base_name(path));
}

/* ---- folders ------------------------------------------------------------ */

struct walk {
    const struct imp_format *as; /* NULL: recognise each */
    const struct imp_map *map;   /* NULL: by format */
    bool own;                    /* the template, whatever the header */
    bool unpacked;               /* of an archive: none is opened in it */
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

/* Says that a file begins, whatever comes of it. */
static void begin_file(
        const struct wire_sink *sink, const char *path,
        const struct imp_format *f)
{
    const struct wire_file file = {
            .name = imp_base_name(path), .format = f->name};

    if (sink->file)
        sink->file(sink->ctx, &file);
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
        if (ok)
            begin_file(w->sink, w->many[i].format->name, w->many[i].format);
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

/* The format of an input: the map's, the one asked for or what it looks like;
 * NULL: none of ours. A name may stand for a table and for an answer of the
 * same system's API. */
static bool format_of(
        const struct walk *w, const struct imp_input *in,
        const struct imp_format **out, struct err *err)
{
    if (w->map || w->own) {
        *out = &imp_csv;
        return true;
    }
    return recognise(in->path, w->as, out, err);
}

static bool read_one(
        struct walk *w, const struct imp_input *in, const struct imp_format *f,
        struct err *err)
{
    w->last = f;
    begin_file(w->sink, in->path, f);
    return w->map || w->own ? imp_csv_mapped(in->path, w->map, w->sink, err)
                            : f->read(in->path, w->sink, err);
}

static bool
walk(struct walk *w, const char *path, const char *name, struct err *err);

/* An archive is a folder of its own, that knows nothing of the files around
 * it. */
static bool
walk_archive(struct walk *w, const struct imp_input *in, struct err *err)
{
    struct walk inner = {
            .as = w->as,
            .map = w->map,
            .own = w->own,
            .unpacked = true,
            .sink = w->sink};
    bool ok = walk(&inner, in->tree, in->path, err);

    if (inner.last)
        w->last = inner.last;
    return ok;
}

static bool walk_file(struct walk *w, const char *path, struct err *err)
{
    const struct imp_format *f = NULL;
    struct imp_input in;
    bool ok = true;

    if (!imp_input_open(path, !w->unpacked, &in, err))
        return refuse_file(w, path, err);
    if (in.tree)
        ok = walk_archive(w, &in, err) || refuse_file(w, path, err);
    else if (!format_of(w, &in, &f, err)) {
        ok = false;
    } else if (!f) {
        bool archive;
        const char *packed = imp_packed(in.path, &archive);

        pass_over(
                w, in.path,
                packed ? packed : "none of the formats, passed over");
    } else if (f->many) {
        w->last = f;
        begin_file(w->sink, in.path, f);
        ok = f->many->file(many_of(w, f), in.path, err) ||
             refuse_file(w, in.path, err);
    } else {
        ok = read_one(w, &in, f, err) || refuse_file(w, in.path, err);
    }
    imp_input_close(&in);
    return ok;
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

/* Of a folder; name: of what the user gave. */
static bool
walk(struct walk *w, const char *path, const char *name, struct err *err)
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
    return ok && (w->last || unknown_format(name, err));
}

/* Who names the columns of an outlet's log says what the file is. */
static bool says_columns(const struct wire_sink *sink)
{
    return sink->energy_ask && sink->energy_ask->columns;
}

static bool read_file(struct walk *w, const char *path, struct err *err)
{
    const struct imp_format *f = NULL;
    struct imp_input in;
    bool archive, ok;

    if (!imp_input_open(path, true, &in, err))
        return false;
    if (in.tree) {
        ok = walk_archive(w, &in, err);
        goto done;
    }
    ok = format_of(w, &in, &f, err);
    /* it says itself why it is not that, unless it cannot know */
    if (ok && !f && !imp_packed(in.path, &archive))
        f = w->as ? w->as : says_columns(w->sink) ? &imp_pdu_csv : NULL;
    if (ok)
        ok = f ? read_one(w, &in, f, err) : unknown_format(in.path, err);
done:
    imp_input_close(&in);
    return ok;
}

bool imp_read_with(
        const char *path, const struct imp_options *options,
        const struct wire_sink *sink, const char **format, struct err *err)
{
    struct walk w = {.sink = sink, .map = options->map, .own = options->own};

    if (options->as && !by_name(options->as, &w.as, err))
        return false;
    if (!(strcmp(path, "-") != 0 && file_kind(path) == FILE_FOLDER
                  ? walk(&w, path, path, err)
                  : read_file(&w, path, err)))
        return false;
    if (format)
        *format = w.map ? imp_map_format(w.map) : w.last->name;
    return true;
}

bool imp_read(
        const char *path, const char *as, const struct wire_sink *sink,
        const char **format, struct err *err)
{
    const struct imp_options options = {.as = as};

    return imp_read_with(path, &options, sink, format, err);
}
