/* SPDX-License-Identifier: Apache-2.0
 * The column mapper: what the columns of a CSV file of any header mean, and
 * how their cells become those of the own template. */
#ifndef IMPORTERS_MAP_PRIV_H
#define IMPORTERS_MAP_PRIV_H

#include "importers/csv_priv.h"

/* What a column may mean besides the template's columns. */
enum {
    MAP_DROP = COLS, /* "-": neither read nor kept, as names of users are */
    MAP_NOTE,        /* kept as "title: value" */
    MAP_VIRTUAL,     /* yes: a guest */
    MAP_DISK,        /* models of disks, the kind in the name */
    MAP_DISK_SIZE,
    MAP_FIELDS
};

enum map_dates { MAP_DATES_DMY, MAP_DATES_MDY };

struct map_entry {
    char title[80]; /* as written */
    char key[64];   /* by text_key */
    bool prefix;    /* titles that only begin so: "Checked Out To: *" */
    int field;      /* enum csv_col or MAP_* */
};

enum {
    MAP_MAX_TEXT = 64 * 1024,
    MAP_MAX_ENTRIES = 512,
    MAP_MAX_WORDS = 40,
};

struct imp_map {
    char name[48], format[24], about[120];
    enum map_dates dates;
    double memory_gib; /* of 1 in a ram_gib cell without unit */
    double disk_gb;    /* of 1 in a disk_size cell without unit */
    bool counted;      /* lines without identity are numbered by model */
    bool is_virtual;   /* every line is a guest */
    bool empty_none;   /* an empty list cell means none, not unknown */
    struct map_entry *entries;
    size_t n;
    /* Keys that a header needs for the map to be sure of it: all of needs, and
     * any_min of any; none of `without`. */
    char needs[MAP_MAX_WORDS][64], any[MAP_MAX_WORDS][64],
            without[MAP_MAX_WORDS][64];
    size_t n_needs, n_any, any_min, n_without;
};

/* Name of a field in a map file; NULL when it has none. */
const char *map_field_name(int field);
int map_field_find(const char *name); /* -1: none */
/* The entry that a title falls under; NULL. */
const struct map_entry *map_find(const struct imp_map *m, const char *title);

/* What the words of a title say, for a map that is guessed; -1: nothing. */
int map_words_field(const char *title);

/* The presets of the program; NULL after the last. */
const struct imp_map *map_preset_at(size_t i);
/* The preset that is sure of a header; NULL. */
const struct imp_map *map_recognise(const struct csv_row *header);

/* ---- one file through a map: map_row.c ---------------------------------- */

struct map_file;
/* Finds out which column is which; *kept (in the arena) lists the titles that
 * become notes. ERR_INVALID when nothing tells lines apart. */
bool map_file_begin(
        const struct imp_map *map, const struct csv_row *header,
        const char *file, struct arena *arena, struct map_file **out,
        const char **kept, struct err *err);
void map_file_free(struct map_file *f);
/* By template column, for csv_line.field_of. */
const int *map_file_fields(const struct map_file *f);
/* The file's own column behind one of the template; -1. */
int map_file_source(const struct map_file *f, enum csv_col c);
/* The title of a column of the file. */
const char *map_file_title(const struct map_file *f, size_t column);
/* Titles by column of the file, NULL where the column is not a note. */
const char *const *map_file_titles(const struct map_file *f, size_t *n);
/* The row as the template would have it. Cells that cannot be converted stay
 * as they are: the reader refuses them. l: arena, style and warnings. */
struct map_row {
    struct csv_row row;
    const char *more;    /* notes besides those of columns; NULL */
    const char *country; /* of the site; NULL */
    bool new_site;       /* the first row with that site and country */
    int is_virtual;      /* 1, or -1 not said */
};
bool map_row_convert(
        struct map_file *f, const struct csv_row *in, struct csv_line *l,
        struct map_row *out, struct err *err);

/* ---- cells: map_cell.c -------------------------------------------------- */

/* A date as ISO text, or the cell itself. */
const char *map_date(struct arena *a, const char *cell, enum map_dates dates);
/* "$1,234.56" as 1234.56, or the cell itself. */
const char *map_price(struct arena *a, const char *cell);
/* The template's word for a foreign one; NULL when there is none. */
const char *map_category(const char *cell, bool *is_virtual);
const char *map_status(const char *cell);
const char *map_acquisition(const char *cell);
const char *map_chassis(const char *cell);
/* By what a product is called; NULL. */
const char *map_category_of_product(const char *product);

/* The lines of a cell, trimmed, empty ones left out. */
enum { MAP_MAX_LINES = 64 };
size_t
map_lines(struct arena *a, const char *cell, const char *lines[MAP_MAX_LINES]);
/* Lines as a list cell, "2x A + 1x B". */
const char *map_list(struct arena *a, const char *const *lines, size_t n);
/* Lines as one text. */
const char *map_joined(struct arena *a, const char *const *lines, size_t n);

#endif
