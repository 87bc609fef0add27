/* SPDX-License-Identifier: Apache-2.0
 * Plain records that cross a border: what an importer found, before anything
 * is known of the database. Text is UTF-8, NULL when not known, borrowed until
 * the sink returns; numbers are NAN or -1 when not known, never 0. */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "model/model.h"
#include "wire/feed.h"

enum {
    WIRE_MAX_TEXT = 200, /* characters of a name, tag, serial */
    WIRE_MAX_NOTE = 4000,
    WIRE_MAX_PARTS = 512,      /* part rows of one machine */
    WIRE_MAX_UNITS = 10000000, /* of a lot or of a part row */
    WIRE_MAX_SOCKETS = 1024,   /* of one unit */
    WIRE_MAX_CORES = 1000000,  /* of one unit */
};

struct wire_part {
    enum calc_kind kind;
    const char *model, *serial;
    uint32_t units;  /* >= 1, per unit of the line */
    double capacity; /* ram GiB a module; hdd, ssd, tape GB (10^9); screen inch
                      */
    bool total;      /* ram: capacity is the sum over modules, number unknown */
    int cores;       /* of one CPU; -1 unknown */
    double die_mm2;  /* stated die of one CPU or GPU */
    double mass_kg;  /* of one power supply */
};

/* Where a row of a table stood: asked only when the row is refused. */
struct wire_row {
    const void *ctx;
    const char *file; /* base name */
    uint64_t line;
    /* The row, and the header of its file, as they stood. */
    const char *(*raw)(const void *ctx);
    const char *(*header)(const void *ctx);
    char delimiter;
    size_t n_cells, n_header; /* cells of the row and of the header */
};

struct wire_machine {
    const char *tag, *name, *manufacturer, *product, *serial, *uuid;
    const char *site, *project, *note;
    uint32_t units; /* 1, or the size of a lot */
    bool has_units; /* the source states it: else 1 is only what it has */
    bool has_category, has_status;
    enum calc_category category; /* CALC_PART_LOT: exactly one part row */
    enum calc_status status;
    enum calc_chassis chassis;
    enum calc_acquisition acquisition;
    int is_virtual; /* 1, 0, -1 unknown */
    struct date manufactured_on, acquired_on, in_service_on, warranty_end,
            exit_on;
    double price_eur, mass_kg, power_w, idle_w, max_w, energy_kwh_year;
    double fabrication_kg; /* of one unit, with its source */
    const char *fabrication_source;
    int cpu_count, cpu_cores; /* sockets and cores of one unit; -1 unknown */
    struct wire_part *parts;  /* of one unit */
    size_t n_parts;
    /* Bit (1u << kind): the source says nothing of this kind, so that absence
     * is unknown and not none. */
    uint32_t unknown_kinds;
    bool partial; /* the source never sees the whole machine: erase nothing */
    uint32_t open_kinds; /* bit of a kind: its parts are at least these */
    const char *place;   /* "fleet.csv: line 41" */
    const struct wire_row *row; /* NULL: not of a table */
};

struct wire_site { /* a row of sites.csv or of `site set` */
    const char *name, *country, *timezone, *grid_source, *note;
    double pue, wue, grid_g;
    bool has_grid_kind;
    enum calc_grid_kind grid_kind;
    int grid_year; /* year that grid_g describes; 0 unknown */
    const char *place;
    const struct wire_row *row; /* NULL: not of a table */
};

/* What a factor or footprint counts in; 0: not stated. */
enum wire_boundary {
    WIRE_MANUFACTURE = 1 << 0,
    WIRE_TRANSPORT = 1 << 1,
    WIRE_USE = 1 << 2,
    WIRE_END_OF_LIFE = 1 << 3,
};

enum {
    WIRE_MAX_SET = 40,      /* characters of a set's id and version */
    WIRE_MAX_SOURCE = 1000, /* of a source; addresses are long */
};

/* Where a row of a set that the user brings comes from. */
struct wire_origin {
    const char *set;     /* id: "ember-owid", letters a-z, digits, '-', '.' */
    const char *title;   /* of the set, for people */
    const char *version; /* edition that the file states; NULL: the day of its
                            import stands for it */
    const char *source, *licence; /* never NULL */
};

/* A product's footprint (model set) or a factor (key set). Ranges are those of
 * the source. */
struct wire_factor {
    struct wire_origin origin;
    const char *key;  /* "adp.21456", "server-17.cpu-1"; NULL: a product */
    const char *name; /* of the factor, for people */
    const char *maker, *model;
    const char *variant; /* tells configurations of one model apart; NULL */
    bool has_category;
    enum calc_category category;
    const char *unit; /* "kg/unit", "kg/kWh"; a product's is "kg/unit" */
    double value[CALC_CRITERIA], low[CALC_CRITERIA], high[CALC_CRITERIA];
    unsigned boundary; /* enum wire_boundary of the values */
    /* Of a product: shares of value[CALC_GWP], kg. */
    double use_kg, manufacture_kg, transport_kg, end_of_life_kg;
    double err_frac; /* one relative standard deviation */
    double life_y, mass_kg;
    struct date report_on;
    const char *region;         /* of use, or where the factor holds */
    const char *disks, *memory; /* of the sold configuration, as stated */
    const char *source;         /* of this row; NULL: the origin's */
    const char *note;
    const char *place;
};

enum wire_grid_kind { /* the first three are enum calc_grid_kind */
                      WIRE_GRID_LIFE_CYCLE,
                      WIRE_GRID_DIRECT,
                      WIRE_GRID_UNSTATED,
                      WIRE_GRID_MARGINAL, /* never for a footprint */
                      WIRE_GRID_KINDS
};
enum wire_grid_basis {
    WIRE_GENERATION,
    WIRE_CONSUMPTION,
    WIRE_BASIS_UNSTATED,
    WIRE_GRID_BASES
};

/* One value of the electricity grid, constant from from_s until to_s. */
struct wire_grid {
    struct wire_origin origin;
    const char *zone; /* ISO 3166-1 alpha-3, or the source's name of a zone */
    const char *zone_name; /* for people; NULL */
    int64_t from_s, to_s;  /* UTC seconds */
    double g_per_kwh;
    enum wire_grid_kind kind;
    enum wire_grid_basis basis;
    bool estimated;
    const char *place;
};

struct wire_reject { /* a row or value that is not taken */
    uint64_t row;    /* physical line, or index of the record, from 1 */
    const char *file, *column, *value, *reason;
    const char *raw; /* the row as it stood, for --rejects; NULL unknown */
    const struct wire_row *table; /* it is of this row; NULL: not of a table */
};

/* What a command says of energy files where they do not say it. */
struct wire_energy_ask {
    const char *timezone; /* IANA name, of times without a zone; NULL: UTC */
    const char *columns;  /* "date=Horodate,w=Puissance"; NULL: by titles */
};

struct wire_file { /* a file that begins to be read */
    const char *name, *format;
    const char *preset; /* how its columns are read; NULL: as they are */
};

/* "To Be Filled By O.E.M.", "Not Specified", "0123456789", "....", "XXXX":
 * a text that firmware holds where nobody filled one in. */
bool wire_placeholder(const char *text);

/* Where an importer delivers. A callback that returns false stops the import
 * with err; reject returns true when the import may go on (--keep-going). */
struct wire_sink {
    void *ctx;
    bool (*machine)(void *ctx, const struct wire_machine *m, struct err *err);
    bool (*site)(void *ctx, const struct wire_site *s, struct err *err);
    bool (*reject)(void *ctx, const struct wire_reject *r, struct err *err);
    void (*warn)(void *ctx, const char *place, const char *text);
    /* NULL: this command takes none, and an importer of them says so. */
    bool (*factor)(void *ctx, const struct wire_factor *f, struct err *err);
    bool (*grid)(void *ctx, const struct wire_grid *g, struct err *err);
    bool (*energy)(void *ctx, const struct wire_energy *e, struct err *err);
    const struct wire_energy_ask *energy_ask; /* NULL: nothing is said */
    /* NULL: nobody asks. */
    void (*file)(void *ctx, const struct wire_file *f);
    /* Bytes read of the file; size 0: not known. Now and then. */
    void (*progress)(void *ctx, uint64_t at, uint64_t size);
};

#endif
