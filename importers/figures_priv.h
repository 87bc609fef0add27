/* SPDX-License-Identifier: Apache-2.0
 * What the importers of factors and of grid values share: instants, sheets
 * found by the words of their titles, and series of values in time. */
#ifndef IMPORTERS_FIGURES_PRIV_H
#define IMPORTERS_FIGURES_PRIV_H

#include "base/csv.h"
#include "base/hash.h"
#include "base/json.h"
#include "importers/importers_priv.h"

extern const struct imp_format imp_ember_owid, imp_ember,
        imp_electricitymaps_csv, imp_electricitymaps, imp_rte, imp_rte_csv,
        imp_uk_carbon, imp_carbon_aware, imp_boaviztapi, imp_boavizta_csv,
        imp_base_empreinte;

/* ---- delivering --------------------------------------------------------- */

/* Hands a record to the sink; ERR_INVALID when it has no place for such. */
bool imp_factor(
        const struct wire_sink *sink, const struct wire_factor *f,
        struct err *err);
bool imp_grid(
        const struct wire_sink *sink, const struct wire_grid *g,
        struct err *err);
/* A factor of that origin with everything else unknown. */
struct wire_factor imp_factor_of(const struct wire_origin *origin);
/* One record that is not taken; true goes on. */
bool imp_refuse(
        const struct wire_sink *sink, const char *file, uint64_t row,
        const char *column, const char *value, const char *reason,
        struct err *err);
void imp_say(
        const struct wire_sink *sink, const char *place, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

/* At most max bytes of text, whole characters; borrowed from the arena. */
const char *imp_cut(struct arena *a, const char *text, size_t max);
/* "FR", "FRA" as ISO 3166-1 alpha-3; any other text as it is. */
const char *imp_zone(const char *text);
/* Whether head begins like JSON and holds every one of the words. */
bool imp_json_with(const char *head, size_t len, const char *const *words);
/* A number, or a string that is one.
 * NAN: null, absent, "ND", or no number at all; then *odd points to the text
 * that is none, NULL when there is nothing. */
double imp_json_number(const cJSON *obj, const char *key, const char **odd);
/* Runs cut over the file, with its name in front of errors; the record that
 * the file ends in is refused. */
bool imp_json_read(
        struct json_cut *cut, const char *path, const struct wire_sink *sink,
        struct err *err);
/* A string that is not empty, within WIRE_MAX_TEXT; else NULL. */
const char *imp_json_text(const cJSON *obj, const char *key);

/* ---- instants: when.c --------------------------------------------------- */

struct imp_when {
    int64_t civil_s; /* as written, taken for UTC */
    int64_t utc_s;   /* with its offset; civil_s when it has none */
    bool zoned;
};
/* "2024-07-04T11:00:00.000Z", "2024-07-03 00:00+02:00", "2024-07-03T00:00";
 * years 1990 to 2200; seconds of 60 and days that do not exist are
 * ERR_INVALID. */
bool imp_when_parse(const char *text, struct imp_when *out, struct err *err);
/* The instants at which clocks of tz show civil_s, in order: none where they
 * jump over it, two where the hour comes twice. Returns how many. */
int imp_when_local(const struct tz *tz, int64_t civil_s, int64_t out[2]);
/* "2024-07-04T11:00Z" into dst; returns dst. */
enum { IMP_WHEN_TEXT = 32 };
const char *imp_when_print(int64_t utc_s, char dst[static IMP_WHEN_TEXT]);
/* 1 January 00:00 UTC of that year, and the year of an instant. */
int64_t imp_year_start_s(int year);
int imp_year_of(int64_t utc_s);

/* ---- sheets: sheet.c ---------------------------------------------------- */

enum { IMP_SHEET_COLS = 32 };

/* A column as its titles are recognised, by text_key: alternatives with '|'
 * between; "=year" is the whole title, "carbon_intensity direct" words that it
 * must hold. */
struct imp_sheet_col {
    const char *name; /* as messages call it */
    const char *titles;
    bool needed;
};

struct imp_sheet {
    const struct wire_sink *sink;
    const struct imp_sheet_col *cols;
    size_t n_cols;
    bool (*row)(struct imp_sheet *s, struct err *err); /* false stops */
    void *ctx;
    /* of the row being read */
    const char *file;
    const struct csv_row *csv;
    const struct csv_dialect *dialect;
    int field_of[IMP_SHEET_COLS]; /* -1: not there */
    int col;                      /* looked at last; -1 none */
    char place[240];
    struct arena line; /* texts of one row */
    size_t n_header;   /* cells of the header */
    /* its own */
    bool has_header;
};

bool imp_sheet_read(struct imp_sheet *s, const char *path, struct err *err);
/* Whether the header in the first bytes has every needed column. */
bool imp_sheet_is(
        const char *head, size_t len, const struct imp_sheet_col *cols,
        size_t n_cols);
bool imp_sheet_has(const struct imp_sheet *s, int col);
/* NULL when the column is missing or the cell empty. */
const char *imp_sheet_cell(struct imp_sheet *s, int col);
/* The cell when it is a text of at most WIRE_MAX_TEXT characters; NULL when
 * empty; false when too long. */
bool imp_sheet_text(
        struct imp_sheet *s, int col, const char **out, struct err *why);
/* *out is NAN for an empty cell. Decimal commas where the dialect has them. */
bool imp_sheet_number(
        struct imp_sheet *s, int col, double *out, struct err *why);
/* Refuses the row for why, on the column looked at last. */
bool imp_sheet_refuse(
        struct imp_sheet *s, const struct err *why, struct err *err);

/* ---- values in time: points.c ------------------------------------------- */

enum imp_step {
    IMP_STEP_UNKNOWN,
    IMP_STEP_HOUR, /* or less: as the gaps between values say */
    IMP_STEP_DAY,
    IMP_STEP_MONTH,
    IMP_STEP_YEAR
};

struct imp_series;
struct imp_point;

/* Values of which only the start is written. They are kept, put in order, and
 * each lasts as long as the gaps around it say. */
struct imp_points {
    const struct wire_sink *sink;
    const char *file;
    const char *unit; /* of what row counts: "line", "record" */
    struct wire_origin origin;
    enum wire_grid_basis basis;
    enum imp_step step; /* what is known beforehand */
    /* its own */
    struct arena text;
    struct imp_series *by_name, **series;
    struct imp_point *items;
    size_t n_series, cap_series, n, cap;
};

/* Texts are copied. zone "" stands for the zone given to deliver. */
bool imp_points_add(
        struct imp_points *p, const char *zone, const char *zone_name,
        enum wire_grid_kind kind, int64_t t_s, double g_per_kwh, bool estimated,
        uint64_t row, struct err *err);
/* Delivers all. The same value twice counts once; another value for the same
 * time is refused. */
bool imp_points_deliver(
        struct imp_points *p, const char *zone, struct err *err);
void imp_points_clear(struct imp_points *p);
/* From "FR_2023_hourly.csv". */
enum imp_step imp_step_of_name(const char *file);

#endif
