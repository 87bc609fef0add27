/* SPDX-License-Identifier: Apache-2.0
 * The own CSV template between its files: columns, one line being read, and
 * the readers of single values. */
#ifndef IMPORTERS_CSV_PRIV_H
#define IMPORTERS_CSV_PRIV_H

#include "base/csv.h"
#include "base/mem.h"
#include "base/num.h"
#include "importers/importers_priv.h"

enum csv_col {
    COL_TAG,
    COL_NAME,
    COL_QUANTITY,
    COL_CATEGORY,
    COL_MANUFACTURER,
    COL_MODEL,
    COL_SERIAL,
    COL_UUID,
    COL_SITE,
    COL_STATUS,
    COL_ACQUISITION,
    COL_DONOR,
    COL_MANUFACTURED_ON,
    COL_ACQUIRED_ON,
    COL_IN_SERVICE_ON,
    COL_WARRANTY_END,
    COL_RETIRED_ON,
    COL_PRICE_EUR,
    COL_MASS_KG,
    COL_CHASSIS,
    COL_CPU_MODEL,
    COL_CPU_COUNT,
    COL_CPU_CORES,
    COL_CPU_DIE_MM2,
    COL_RAM_MODULES,
    COL_RAM_GIB,
    COL_HDD,
    COL_SSD,
    COL_TAPE,
    COL_GPU,
    COL_PSU_COUNT,
    COL_PSU_KG,
    COL_SCREEN,
    COL_POWER_W,
    COL_IDLE_W,
    COL_MAX_W,
    COL_ENERGY_KWH_YEAR,
    COL_FABRICATION_KG,
    COL_FABRICATION_SOURCE,
    COL_PROJECT,
    COL_NOTE,
    /* of sites.csv; name and note are shared */
    COL_COUNTRY,
    COL_TIMEZONE,
    COL_PUE,
    COL_WUE,
    COL_GRID_G,
    COL_GRID_KIND,
    COL_GRID_SOURCE,
    COL_GRID_YEAR,
    COLS,
    COL_NONE = -1
};

/* "tag", "cpu_cores": as DESIGN section 4 writes it. */
const char *csv_col_name(enum csv_col c);
/* The column that a header title means, in English or French; sites: whether
 * the file is a list of sites. *canonical: the title is the name itself. */
enum csv_col
csv_col_find(const char *title, size_t len, bool sites, bool *canonical);
/* text_key of a title whose words may be joined: "ProcessorName" as
 * processor_name. */
void csv_split_key(const char *title, size_t len, char *dst, size_t size);
/* Whether a column tells of people or networks, which are not kept. */
bool csv_of_people(const char *title);
/* Whether a header is one of sites, of machines, or neither. */
enum csv_sheet { SHEET_NEITHER, SHEET_MACHINES, SHEET_SITES };
/* Reads a header row into field_of[column] (-1: not there) and finds out what
 * the file lists. col_of may be NULL. */
enum csv_sheet csv_header(
        const struct csv_row *row, int field_of[COLS], int col_of[], size_t n,
        const char **twice);

/* One line being read. A reader that refuses sets err and leaves `col` on the
 * column it looked at. */
struct csv_line {
    const struct csv_row *row;
    const int *field_of;
    enum num_style style, other_style; /* the second may be the same */
    enum csv_col col;
    bool quiet;        /* that nothing tells the category is no news */
    struct date today; /* not known: nothing is too late */
    char place[240];
    const struct wire_sink *sink;
    struct arena *arena;
};

/* Without the apostrophe that guards a spreadsheet against a formula. */
const char *csv_unguarded(const char *cell);
/* The cell of a column: NULL when the column is missing or the cell empty.
 * Remembers the column for the reject. */
const char *csv_cell_of(struct csv_line *l, enum csv_col c);
bool csv_has_col(const struct csv_line *l, enum csv_col c);
/* "N/A", "inconnu", "-": a cell that says that its value is not known. */
bool csv_says_unknown(const char *s);
void csv_warn(struct csv_line *l, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));

/* Each leaves *out untouched when the cell is empty. */
bool csv_text(
        struct csv_line *l, enum csv_col c, const char **out, struct err *err);
bool csv_number(
        struct csv_line *l, enum csv_col c, double *out, struct err *err);
bool csv_whole(struct csv_line *l, enum csv_col c, int *out, struct err *err);
bool csv_date(
        struct csv_line *l, enum csv_col c, struct date *out, struct err *err);
/* No date of a machine stands before one that comes first. */
bool csv_dates_in_order(
        struct csv_line *l, const struct wire_machine *m, struct err *err);

/* A word of a fixed list, by text_key, in English or French; *out from the
 * list. A word of none: ERR_INVALID with the nearest one. */
struct csv_word {
    const char *key;
    int value;
};
bool csv_word(
        struct csv_line *l, enum csv_col c, const struct csv_word *words,
        int *out, struct err *err);
/* Of category: below CALC_CATEGORIES a category, else CSV_KIND + calc_kind. */
enum { CSV_KIND = 100 };
/* What an "Ordinateur" is of which the product is known: -1 for other words
 * and products. */
int csv_computer(const char *word, const char *product);
extern const struct csv_word csv_categories[], csv_statuses[],
        csv_acquisitions[], csv_chasses[], csv_grid_kinds[];

/* Parts of a line: csv_parts.c. */
struct csv_parts {
    struct wire_part items[WIRE_MAX_PARTS];
    size_t n;
    uint32_t unknown_kinds;
    int cpu_count, cpu_cores;
};
bool csv_parts_read(struct csv_line *l, struct csv_parts *p, struct err *err);
/* The one part that a lot of loose parts is made of. */
bool csv_lot_part_read(
        struct csv_line *l, enum calc_kind kind, struct csv_parts *p,
        struct err *err);

/* A list cell taken apart: "2x RTX 2080 Ti + 1x Tesla T4", "4x4TB", "4". */
enum csv_list { LIST_RAM, LIST_DISK, LIST_GPU, LIST_SCREEN };
struct csv_item {
    uint32_t units;
    double size;       /* GiB, GB or inch; NAN not given */
    const char *model; /* NULL not given */
};
enum { CSV_MAX_ITEMS = 64 };
struct csv_items {
    struct csv_item items[CSV_MAX_ITEMS];
    size_t n;
    bool unknown; /* "?" */
};
bool csv_list_parse(
        struct csv_line *l, const char *text, enum csv_list what,
        struct csv_items *out, struct err *err);

/* A line as a machine, with its parts and note; false: rejected, err says why
 * and l->col where. */
struct csv_extra { /* columns that are none of ours, kept as notes */
    const char *const *titles; /* by field of row; NULL: one of ours */
    size_t n;
    const struct csv_row *row;
    const char *more; /* further notes; NULL */
};

/* Tags of one file, so that the second of two alike is refused: csv_tags.c. */
struct csv_tags {
    struct csv_tag_slot *slots;
    size_t n, size; /* size: 0 or a power of two */
};
/* The line on which the tag stood before; 0: it is new, and remembered. */
uint64_t csv_tag_line(struct csv_tags *t, const char *tag, uint64_t line);
void csv_tags_clear(struct csv_tags *t);

enum { CSV_HEADER_ROWS = 10 }; /* the header is one of them, under a title */
/* A title of the template itself: the file is ours, whatever else is in it. */
bool csv_has_own_tag(const struct csv_row *row);
/* Reads a file by its header; map NULL: which may be recognised. */
bool csv_read_as(
        const char *path, const char *format, const struct imp_map *map,
        const struct wire_sink *sink, struct err *err);

/* The title of the column in which a file of refused rows says why; it is not
 * read. */
#define CSV_REASON "rejected_reason"
bool csv_machine_read(
        struct csv_line *l, const struct csv_extra *extra, struct csv_parts *p,
        struct wire_machine *out, struct err *err);
/* A blank site. */
struct wire_site csv_site_blank(const char *name, const char *place);
/* A line of sites.csv. */
bool csv_site_read(struct csv_line *l, struct wire_site *out, struct err *err);

#endif
