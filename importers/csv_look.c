/* SPDX-License-Identifier: Apache-2.0
 * Which CSV files are inventories, of the own template or an export of others,
 * by their headers. */
#include "importers/csv_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/map_priv.h"

struct look {
    enum csv_sheet sheet;
    const struct imp_map *map;
    bool first; /* the header is the first row */
};

/* Takes rows up to the header and stops there. */
static bool look_at_header(
        void *ctx, const struct csv_dialect *dialect, const struct csv_row *row,
        struct err *err)
{
    struct look *look = ctx;
    int field_of[COLS];
    const char *twice;

    (void)dialect;
    look->sheet = csv_header(row, field_of, NULL, 0, &twice);
    if (!csv_has_own_tag(row))
        look->map = map_recognise(row);
    look->first = row->row == 1;
    return (look->sheet == SHEET_NEITHER && !look->map &&
            row->row < CSV_HEADER_ROWS) ||
           err_set(err, ERR_INVALID, "the header is enough");
}

static struct look look_at(const char *head, size_t len)
{
    struct look look = {SHEET_NEITHER, NULL, false};
    struct err ignored = {0};
    size_t from = text_blank_start(head, len);

    /* JSON and XML have no header, whatever their lines look like. */
    if (from < len && strchr("<{[", head[from]))
        return look;
    csv_read_mem_flawed(head, len, "", look_at_header, &look, &ignored);
    return look;
}

static int csv_recognise(const char *head, size_t len, const char *file_name)
{
    struct look look = look_at(head, len);

    (void)file_name;
    if (!look.map && look.sheet == SHEET_NEITHER)
        return 0;
    return look.first ? 80 : 60;
}

static int sure_of(const char *head, size_t len, const char *format)
{
    struct look look = look_at(head, len);

    return look.map && strcmp(imp_map_format(look.map), format) == 0 ? 90 : 0;
}

/* The first preset of a format, where the header did not settle it. */
static const struct imp_map *preset_of(const char *format)
{
    const struct imp_map *m;

    for (size_t i = 0; (m = map_preset_at(i)) != NULL; i++)
        if (strcmp(imp_map_format(m), format) == 0)
            return m;
    return NULL;
}

#define EXPORT(id, title)                                                      \
    static int recognise_##id(const char *head, size_t len, const char *name)  \
    {                                                                          \
        (void)name;                                                            \
        return sure_of(head, len, title);                                      \
    }                                                                          \
    static bool read_##id(                                                     \
            const char *path, const struct wire_sink *sink, struct err *err)   \
    {                                                                          \
        return read_export(path, title, sink, err);                            \
    }

static bool read_export(
        const char *path, const char *format, const struct wire_sink *sink,
        struct err *err)
{
    char *head = xmalloc(IMP_HEAD);
    struct look look = {SHEET_NEITHER, NULL, false};
    FILE *in = NULL;
    bool ok = false;

    if (!file_open(path, &in, err))
        goto done;
    look = look_at(head, fread(head, 1, IMP_HEAD, in));
    if (in != stdin)
        fclose(in);
    else if (fseek(stdin, 0, SEEK_SET) != 0) {
        err_set(err, ERR_IO, "cannot read standard input a second time");
        goto done;
    }
    if (!look.map || strcmp(imp_map_format(look.map), format) != 0)
        look.map = preset_of(format);
    ok = csv_read_as(path, format, look.map, sink, err);
done:
    free(head);
    return ok;
}

EXPORT(glpi, "glpi-csv")
EXPORT(snipeit, "snipeit")
EXPORT(netbox, "netbox")

static bool
csv_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    return csv_read_as(path, "csv", NULL, sink, err);
}

const struct imp_format imp_csv = {
        .name = "csv",
        .what = "own CSV template, sites.csv, G4IT, EcoDiag, or with --map",
        .recognise = csv_recognise,
        .read = csv_read,
};
const struct imp_format imp_glpi_csv = {
        .name = "glpi-csv",
        .what = "GLPI's list of computers, exported as CSV",
        .recognise = recognise_glpi,
        .read = read_glpi,
};
const struct imp_format imp_snipeit_csv = {
        .name = "snipeit",
        .what = "Snipe-IT's assets, exported as CSV",
        .recognise = recognise_snipeit,
        .read = read_snipeit,
};
const struct imp_format imp_netbox_csv = {
        .name = "netbox",
        .what = "NetBox's devices, exported as CSV",
        .recognise = recognise_netbox,
        .read = read_netbox,
};
