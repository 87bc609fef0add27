/* SPDX-License-Identifier: Apache-2.0
 * The loader's own shapes: files of a set, tables described by their columns,
 * and what must stay unique while rows come in. */
#ifndef FACTORS_LOAD_PRIV_H
#define FACTORS_LOAD_PRIV_H

#include "base/hash.h"
#include "factors/factors_priv.h"

enum {
    FAC_MAX_SETS = 64,
    FAC_MAX_FILES = 32, /* of one set */
    FAC_MAX_FILE_BYTES = 16 * 1024 * 1024,
    FAC_MAX_ROWS = 200000, /* of one table */
    FAC_MAX_CELL = 1000,   /* bytes of text in a cell */
    FAC_MAX_COLUMNS = 24,
};

struct fac_file {
    const char *name, *place; /* "cpus.csv"; as errors call it */
    const char *bytes;
    size_t size;
    size_t columns; /* of a table read at build time, as embed_table; else 0 */
    bool owned;     /* bytes are ours to free */
};

struct fac_folder { /* one version of one set */
    const char *id, *version;
    const char *sha256; /* known at build time; NULL: not yet worked out */
    struct fac_file files[FAC_MAX_FILES];
    size_t n;
};

struct fac_seen {
    UT_hash_handle hh;
    char key[];
};

struct fac_load {
    struct fac_pack *pack;
    struct arena keys;         /* of seen, freed after loading */
    struct fac_seen *seen;     /* every key that may come once */
    const struct fac_set *set; /* whose file is being read */
    uint64_t rows;             /* taken from this file */
    size_t cap_factors, cap_densities, cap_cards, cap_averages, cap_pcfs,
            cap_grid, cap_aliases, cap_families, cap_cpus, cap_gpus;
};

/* A cell's type and where it goes in the row struct. Empty cells are NULL-free:
 * text "", number NAN, whole number 0, word -1. */
enum fac_type {
    FAC_TEXT,   /* const char *, in the pack's arena */
    FAC_NUMBER, /* double within low..high */
    FAC_WHOLE,  /* int within low..high */
    FAC_WORD,   /* int: index in words */
};
struct fac_column {
    const char *name;
    enum fac_type type;
    size_t offset;
    bool needed; /* may not be empty */
    double low, high;
    const char *const *words; /* ends with NULL */
};
struct fac_table {
    const char *file;
    const struct fac_column *columns;
    size_t n_columns, row_size;
    bool (*take)(struct fac_load *l, const void *row, struct err *err);
};

/* Reads one file by its table; columns in any order, each exactly once and no
 * other. Errors carry "file: line N: column 'x': value 'y': rule". */
bool fac_table_read(
        struct fac_load *l, const struct fac_table *t,
        const struct fac_file *file, struct err *err);
/* Places a rule that a row breaks; returns false. */
bool fac_row_refuse(
        struct err *err, const char *column, const char *value,
        const char *rule);
/* False when the key came before: rows of a kind are told by a leading word. */
bool fac_load_once(struct fac_load *l, const char *kind, const char *key);
/* Room for one more element; returns the array. */
void *fac_grow(void *array, size_t n, size_t *cap, size_t size);

extern const struct fac_table fac_table_factors, fac_table_densities,
        fac_table_cards, fac_table_averages, fac_table_families, fac_table_cpus,
        fac_table_gpus, fac_table_products, fac_table_series, fac_table_figures;

/* After the rows: links between tables, orders and sums. */
bool fac_factors_finish(struct fac_load *l, struct err *err);
bool fac_specs_finish(struct fac_load *l, struct err *err);
void fac_grid_finish(struct fac_load *l);
void fac_ids_build(struct fac_pack *p);
void fac_ids_free(struct fac_pack *p);
bool fac_names_build(struct fac_pack *p, struct err *err);
void fac_names_free(struct fac_pack *p);
void fac_cache_build(struct fac_pack *p);
void fac_cache_free(struct fac_pack *p);
bool fac_cache_used(const struct fac_pack *p); /* a product was resolved */
/* The zone of the pack by code or name; NULL when it has none. */
const char *fac_zone_known(const struct fac_pack *p, const char *name);

/* Where the files come from: files.c. */
struct fac_source {
    struct fac_folder *folders;
    size_t n;
    struct arena text;
};
bool fac_source_open(const char *folder, struct fac_source *s, struct err *err);
void fac_source_clear(struct fac_source *s);

#endif
