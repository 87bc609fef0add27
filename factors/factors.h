/* SPDX-License-Identifier: Apache-2.0
 * Factor sets and specification tables (factors/data/SET/VERSION), names as
 * machines give them matched to their rows, and the embodied assessment of one
 * unit by approaches A, B and C [docs/method.md#embodied]. */
#ifndef FACTORS_FACTORS_H
#define FACTORS_FACTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/model.h"
#include "store/store.h"
#include "wire/wire.h"

/* ---- the pack ----------------------------------------------------------- */

struct fac_pack; /* all sets in memory; shared by threads after loading,
                    except fac_product_resolve, which locks */

struct fac_set {
    const char *id, *version, *title, *licence, *source;
    char sha256[65]; /* over the set's files, sorted by name; of a user's set
                        over its rows in the order of their keys */
    size_t rows;
    bool user;      /* taken from the database */
    bool preferred; /* the user wants its rows before those of other sets */
};

/* folder NULL: the sets embedded in the program. Otherwise a folder shaped
 * like factors/data; a bad row is ERR_INVALID with file, line, column, value
 * and rule. */
bool fac_pack_load(const char *folder, struct fac_pack **out, struct err *err);
void fac_pack_free(struct fac_pack *p);
size_t fac_sets(const struct fac_pack *p, const struct fac_set **out);
const struct fac_set *fac_set_by_id(const struct fac_pack *p, const char *id);

enum { FAC_MAX_USER_SETS = 64 };
/* Takes the user's sets in: footprints join those that products are matched
 * with, yearly grid values those that fac_grid_find knows; marginal ones stay
 * out. To be called once, right after loading. Which row answers when several
 * sets have one, for footprints and for a year of the grid alike:
 * 1. one with a figure before one without;
 * 2. one of a preferred set;
 * 3. one that the program ships, unless the user's sheet is of a later year
 *    (the grid: unless the user's set has the year asked for and the shipped
 *    one has not);
 * 4. of several sets of the user, the later sheet, then the set that changed
 *    last. */
bool fac_pack_add_db(struct fac_pack *p, struct db *db, struct err *err);
/* A text that changes with the user's sets and what is preferred of them; the
 * caller frees it. */
bool fac_user_stamp(struct db *db, char **out, struct err *err);

/* One factor row, for list, show and "why this number". */
struct fac_factor {
    const char *key;             /* "cpu.base", "ram.die", "hdd.unit" */
    const char *unit;            /* "kg/unit", "kg/mm2" ... */
    double value[CALC_CRITERIA]; /* NAN: none */
    double low, high;            /* of GWP, published range; NAN none */
    double gsd;                  /* of GWP [11.2]; > 1 */
    double dqr;                  /* mean pedigree score 1..5 [11.5] */
    const char *boundary, *source, *note;
    const char *confidence; /* "verified", "recalled", "estimate" ... */
    const struct fac_set *set;
    int shared_id; /* for calc_line.shared */
};
size_t fac_factors(const struct fac_pack *p, const struct fac_factor **out);
const struct fac_factor *
fac_factor_by_key(const struct fac_pack *p, const char *set, const char *key);
/* Name of a shared id ("boavizta-2021 ram.die", "rule ram density", ...). */
const char *fac_shared_name(const struct fac_pack *p, int shared_id);
/* Ids 0..n-1 are in use; products may add more. */
int fac_shared_count(const struct fac_pack *p);

/* ---- names to specifications -------------------------------------------- */

enum fac_match {
    FAC_NO_MATCH,
    FAC_FAMILY, /* the generation is sure, the model is not in the table */
    FAC_MODEL,  /* the row of that very model */
};

enum fac_ram_gen {
    FAC_RAM_UNKNOWN,
    FAC_DDR3,
    FAC_DDR4_EARLY,
    FAC_DDR4_LATE_OR_5
};

struct fac_cpu {
    const char *vendor, *name, *microarchitecture, *codename;
    bool family;
    int year, cores, process_nm; /* 0 unknown */
    double die_mm2;              /* compute + IO; NAN gap */
    double tdp_w;                /* NAN unknown */
    const char *confidence, *source, *basis;
};
struct fac_gpu {
    const char *vendor, *name, *architecture, *memory_type, *form;
    const char *chip; /* "GA102"; "" not told apart */
    const char *also; /* other names, ';' between */
    const char *note;
    int year, dies, process_nm;
    double die_mm2; /* all compute dies; NAN gap */
    double memory_gb, tdp_w;
    const char *confidence, *source;
    int shared_id;
};
/* cores of one socket, -1 unknown, helps to choose within a family. Never
 * crosses a generation: "E5-2650 v4" is not "E5-2650". NULL with FAC_NO_MATCH.
 * FAC_FAMILY may come with NULL when several rows make up the family: see
 * fac_part.die_mm2 and its range. */
const struct fac_cpu *fac_cpu_find(
        const struct fac_pack *p, const char *name, int cores,
        enum fac_match *how);
/* memory_gb NAN unknown; tells A100 40 from 80 when the name does not. */
const struct fac_gpu *fac_gpu_find(
        const struct fac_pack *p, const char *name, double memory_gb,
        enum fac_match *how);
/* ISO country, or alias such as "France"; year 0: latest. Exact year, else the
 * nearest earlier one, else the nearest later one (*out.year tells). */
struct fac_grid {
    const char *zone, *name, *basis, *source; /* basis "generation" ... */
    const char *confidence, *note;
    bool listed; /* shown in lists, never chosen by fac_grid_find */
    int year;
    double g_per_kwh;
    enum calc_grid_kind kind;
    const struct fac_set *set;
};
bool fac_grid_find(
        const struct fac_pack *p, const char *iso3, int year,
        enum calc_grid_kind kind, struct fac_grid *out);
/* Every row, by zone, kind and year. */
size_t fac_grids(const struct fac_pack *p, const struct fac_grid **out);

struct fac_product; /* maker and model with its product footprint, if any */
/* Cached by text; lives as long as the pack. NULL or "" are fine. */
const struct fac_product *fac_product_resolve(
        struct fac_pack *p, const char *manufacturer, const char *name,
        enum calc_category c);

/* ---- parts -------------------------------------------------------------- */

struct fac_part_desc { /* one part as described; unknown: NULL, NAN, -1 */
    enum calc_kind kind;
    const char *model;
    double capacity; /* as in wire_part */
    bool total;
    int cores;
    double die_mm2, mass_kg;
    double density_gb_per_cm2; /* stated by `estimate` only */
    double gpu_memory_gb;
};

/* Why an input was completed; each is one correlated rule [11.1, 2.3]. */
enum fac_done {
    FAC_DONE_RAM_DENSITY,
    FAC_DONE_RAM_MODULES,
    FAC_DONE_SSD_DENSITY,
    FAC_DONE_SSD_SIZE,
    FAC_DONE_CPU_FAMILY_CORES,
    FAC_DONE_CPU_FAMILY,
    FAC_DONE_CPU_LINE,
    FAC_DONE_CPU_NOTHING,
    FAC_DONE_PSU_MASS,
    FAC_DONE_PSU_COUNT,
    FAC_DONE_CASE,
    FAC_DONE_GPU_AREA,
    FAC_DONE_GPU_NOTHING,
    FAC_DONE_CPU_COUNT,
    FAC_DONES
};
const char *fac_done_word(enum fac_done d); /* "ram density", ... */

struct fac_part { /* resolved once per distinct part, then only read */
    struct fac_part_desc desc; /* model text not kept: desc.model is NULL */
    enum fac_match match;
    const struct fac_cpu *cpu;
    const struct fac_gpu *gpu;
    double die_mm2, die_lo_mm2, die_hi_mm2; /* CPU: used area and its range */
    int done;                 /* enum fac_done for the die, -1 none */
    enum fac_ram_gen ram_gen; /* RAM: from its own text; CPU: what it takes */
    double tdp_w;             /* NAN unknown */
    int cpu_year;             /* release year, 0 unknown */
    bool soc;                 /* GPU: one die holds the CPU too */
    struct calc_line unit;    /* CPU, GPU, HDD: ready for one unit */
};
void fac_part_resolve(
        const struct fac_pack *p, const struct fac_part_desc *desc,
        struct fac_part *out);

/* ---- assessment --------------------------------------------------------- */

struct fac_use {
    const struct fac_part *part;
    uint32_t units;
};

struct fac_unit { /* one unit of an inventory line */
    enum calc_category category;
    enum calc_chassis chassis;
    const struct fac_product *product; /* NULL unknown */
    int year;                 /* of manufacture or, failing that, purchase; 0 */
    int cpu_count, cpu_cores; /* -1 unknown */
    const struct fac_use *uses;
    size_t n_uses;
    uint32_t unknown_kinds; /* as in wire_machine */
    bool is_virtual;        /* no fabrication */
    double stated_kg;       /* NAN none */
    const char *stated_source;
};

enum fac_flag {
    FAC_UNKNOWN_MODEL = 1 << 0, /* B with GSD 2.0 */
    FAC_MIXED_SETS = 1 << 1,    /* A corrected with C [2.4] */
    FAC_DISCREPANCY = 1 << 2,   /* W-EMB-DISC: max/min > 2 */
    FAC_PARTS_UNKNOWN =
            1 << 3, /* a part kind may be there and is not counted */
    FAC_NO_FACTOR_PARTS = 1 << 4, /* tape, nic ...: counted, no kg */
    FAC_NEGATIVE = 1 << 5,
};

enum { FAC_MAX_LINES = 40, FAC_MAX_DONES = 24 };

struct fac_estimate { /* one approach, one unit */
    bool has;
    double kg[CALC_CRITERIA];
    double sigma; /* of the fitted lognormal of GWP */
    const struct fac_set *set;
};

struct fac_assessment { /* for one unit; reuse it: only n_* entries count */
    struct fac_estimate by[3];   /* CALC_A, CALC_B, CALC_C */
    struct fac_estimate b_other; /* the other origin of category averages */
    struct calc_choice choice;
    unsigned flags;           /* enum fac_flag */
    uint32_t unknown_kinds;   /* kinds not counted because unknown */
    double discrepancy;       /* max/min of by[]; NAN */
    double kg[CALC_CRITERIA]; /* of the choice; NAN for CALC_NONE */
    double dqr;               /* kg-weighted mean pedigree score; NAN */
    struct calc_line lines[FAC_MAX_LINES]; /* of the choice: sum = kg */
    int n_lines;
    struct { /* what the lines of approach C completed */
        enum fac_done done;
        enum calc_kind kind;
        double used, low, high;
    } dones[FAC_MAX_DONES];
    int n_dones;
    struct { /* parts without any factor, for the exclusions */
        enum calc_kind kind;
        uint32_t units;
    } no_factor[CALC_KINDS];
    int n_no_factor;
};

/* Never fails: what is unknown shows in flags and NANs. About 1 us. */
void fac_assess(
        const struct fac_pack *p, const struct fac_unit *u,
        struct fac_assessment *out);
/* Approach C alone under another bottom-up set ("act"): GWP of the parts that
 * set knows; *left_out gets bits of the kinds it has no factor for. Sets are
 * never mixed inside one asset [2.3]. */
double fac_assess_other_set(
        const struct fac_pack *p, const char *set, const struct fac_unit *u,
        uint32_t *left_out);

/* One step of a derivation, for "why this number". */
struct fac_step {
    const char *formula; /* "5.22 + 2.20 * GB / density, per module" */
    char filled[200];    /* "12 * (5.22 + 2.2 * 32 / 1.2444) = 741.5" */
    const struct fac_factor *factor; /* NULL for products, averages, stated */
    const char *set, *version, *source;
    const char *grade; /* "verified", "recalled", "estimate", ... or NULL */
    enum calc_kind kind;
    double kg;
};
enum { FAC_MAX_STEPS = 48 };
/* Steps of the chosen approach for one unit; returns how many. */
int fac_explain(
        const struct fac_pack *p, const struct fac_unit *u,
        const struct fac_assessment *a, struct fac_step steps[FAC_MAX_STEPS]);
/* The product's footprint row and match, for pages; false when none. */
bool fac_product_footprint(
        const struct fac_product *p, const char **name, double *nonuse_kg,
        double *score, const char **source);

/* ---- sets of the user --------------------------------------------------- */

/* A record's own rules, without a database. False: *column and err say which
 * value breaks which rule. */
bool fac_wire_check(
        const struct wire_factor *f, const char **column, struct err *err);
bool fac_origin_check(
        const struct wire_origin *o, const char **column, struct err *err);

enum fac_change { FAC_ADDED, FAC_CHANGED, FAC_SAME };
struct fac_counts {
    uint64_t added, changed, same;
};

/* One import of factors and footprints, one transaction. The same rows again
 * change nothing; a row that changed leaves its old figures in the audit
 * trail. */
struct fac_take;
bool fac_take_begin(
        struct db *db, const char *actor, struct fac_take **out,
        struct err *err);
/* ERR_CONFLICT: the import had that row already with other figures. */
bool fac_take_factor(
        struct fac_take *t, const struct wire_factor *f, enum fac_change *what,
        struct err *err);
const struct fac_counts *fac_take_counts(const struct fac_take *t);
/* Commits (or, with keep false, undoes everything); frees t. */
bool fac_take_end(struct fac_take *t, bool keep, struct err *err);

/* Sets as they stand, by id; borrowed until the callback returns. */
bool fac_user_sets(
        struct db *db,
        bool (*set)(void *ctx, const struct fac_set *s, struct err *err),
        void *ctx, struct err *err);
/* Rows of one set; product rows have no key. */
bool fac_user_rows(
        struct db *db, const char *set,
        bool (*row)(void *ctx, const struct wire_factor *f, struct err *err),
        void *ctx, struct err *err);
/* Puts a set before the shipped ones, or no longer. ERR_NOT_FOUND. */
bool fac_user_prefer(
        struct db *db, const char *set, bool on, const char *actor,
        struct err *err);

/* The sets that one import changes, whichever module keeps their rows. */
struct fac_edit;
struct fac_edit *fac_edit_new(struct db *db, const char *actor);
/* To be called before the first row of a set is written. *version, borrowed
 * until the end, is the one that changed rows carry: the edition that the
 * source states, else today's date, with ".2" and so on where taken. */
bool fac_edit_set(
        struct fac_edit *e, const struct wire_origin *o, const char **version,
        struct err *err);
/* Keeps what a changed row said before for the audit trail. */
bool fac_edit_note(
        struct fac_edit *e, const char *set, const char *text, struct err *err);
/* SHA-256 over rows of text, and their number. */
struct fac_digest;
void fac_digest_text(struct fac_digest *d, const char *text); /* NULL: none */
void fac_digest_num(struct fac_digest *d, double value);
void fac_digest_row(struct fac_digest *d); /* ends a row */
/* Settles every set that was changed: version, number of rows, hash, audit.
 * rows gives all rows of a set in the order of their keys. */
bool fac_edit_end(
        struct fac_edit *e,
        bool (*rows)(
                void *ctx, const char *set, struct fac_digest *d,
                struct err *err),
        void *ctx, struct err *err);
void fac_edit_free(struct fac_edit *e);

const struct sql *fac_sql_list(size_t *n);

#endif
