/* SPDX-License-Identifier: Apache-2.0
 * The pack in memory, shared by the loader, the lookups and the assessment. */
#ifndef FACTORS_FACTORS_PRIV_H
#define FACTORS_FACTORS_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "factors/factors.h"

#define FAC_SET_BOTTOM_UP "boavizta-2021" /* approach C */
#define FAC_SET_ACT "act"
#define FAC_SET_PCF "pcf-boavizta" /* approach A */
#define FAC_SET_GRID "grid-yearly"
#define FAC_SET_CPU "cpu-spec"
#define FAC_SET_GPU "gpu-spec"

/* Keys of boavizta-2021 that the assessment needs; the loader refuses a set
 * that lacks one. fac_key_text(FAC_K_RAM_DIE) is "ram.die". */
enum fac_key {
    FAC_K_CPU_BASE, /* per socket; slope cpu.die per mm2 */
    FAC_K_CPU_DIE,
    FAC_K_RAM_BASE, /* per module; slope ram.die per cm2 */
    FAC_K_RAM_DIE,
    FAC_K_SSD_BASE,
    FAC_K_SSD_DIE,
    FAC_K_HDD,       /* hdd.unit */
    FAC_K_BOARD,     /* board.unit */
    FAC_K_ASSEMBLY,  /* assembly.unit */
    FAC_K_PSU,       /* psu.mass, per kg */
    FAC_K_RACK,      /* case.rack */
    FAC_K_BLADE,     /* case.blade, without its share of the enclosure */
    FAC_K_ENCLOSURE, /* case.enclosure, one for 16 blades */
    FAC_K_OPEN,      /* case.open, an open frame */
    FAC_K_GPU_CASING,
    FAC_K_GPU_SINK,
    FAC_K_GPU_BOARD,
    FAC_K_GPU_DIE,
    FAC_K_GPU_VRAM,
    FAC_K_GPU_UPSTREAM,
    FAC_K_GPU_BOAT,
    FAC_K_GPU_TRUCK,
    FAC_K_GPU_PLANE,
    FAC_K_GPU_EOL,
    FAC_KEYS
};
const char *fac_key_text(enum fac_key k);

/* Die densities by maker and process, for RAM and SSD. */
struct fac_density {
    enum calc_kind kind; /* CALC_RAM or CALC_SSD */
    const char *maker, *process, *confidence, *source;
    double gb_per_cm2;
};

/* A card of the parametric study [2.3]. */
struct fac_card {
    const char *name, *chip, *form; /* chip "GP102"; form as in fac_gpu */
    struct calc_gpu_card card;      /* transport: boat 19000, truck 1000, 0 */
    const char *confidence, *source;
    bool area_only;            /* only die_eff_mm2 is published (Titan RTX) */
    const struct fac_gpu *gpu; /* its gpu_spec row; never NULL after loading */
};

/* Where the averages of approach B come from. */
enum fac_origin {
    FAC_B_MAIN,  /* category-boavizta-2023 */
    FAC_B_OTHER, /* category-base-empreinte */
    FAC_ORIGINS
};
struct fac_average {
    const char *key;          /* "server", "thin_client": as in the file */
    uint32_t covers;          /* bit (1u << enum calc_category) */
    double kg[CALC_CRITERIA]; /* mean of makers' means */
    int n;                    /* sheets; 0 not stated */
    double model_gsd;         /* spread within makers, per model */
    double set_gsd;           /* level of the set, shared: set_id */
    const char *makers, *boundary, *confidence, *source, *note;
    const struct fac_set *set;
    int set_id; /* shared id of the set's level */
};

/* A product footprint; kg per unit over the whole life. */
struct fac_pcf {
    const char *maker, *name, *also; /* also: other names, ';' between */
    enum calc_category category;
    double total_kg, use_kg, manufacturing_kg, transport_kg, eol_kg; /* NAN */
    double nonuse_kg; /* A: total * (1 - use share); NAN when not derivable */
    double err_frac;  /* one relative standard deviation; NAN not stated */
    double life_y, mass_kg;
    int year;                  /* 0 unknown */
    const char *disk, *memory; /* of the sold configuration; "" unknown */
    const char *source, *note;
    const struct fac_set *set;
    int shared_id;
};

struct fac_product {
    char *maker, *name; /* as given */
    enum calc_category category;
    const struct fac_pcf *pcf; /* NULL none; nonuse_kg may be NAN */
    double score;              /* 0..1 of the match */
    _Atomic int shared_id;     /* use fac_product_id; -1 none yet */
};

/* What a CPU's name and core count say [2.3 completion]. */
struct fac_cpu_hit {
    enum fac_match match;
    const struct fac_cpu *cpu;      /* row; NULL: several rows or none */
    const char *family;             /* "broadwell-ep"; NULL unknown */
    double die_mm2, lo_mm2, hi_mm2; /* never NAN; lo = hi for a model's row */
    int done;                       /* enum fac_done, -1 the row's own area */
    enum fac_ram_gen ram_gen;
    double tdp_w;           /* NAN unknown */
    int year;               /* 0 unknown */
    const char *confidence; /* NULL: from the line */
};

struct fac_family { /* of CPUs: one microarchitecture and codename group */
    const char *key, *microarchitecture, *codename;
    const char *vendor;
    enum fac_ram_gen ram_gen;
    bool ram_by_year; /* DDR4, early or late by the year of the row */
    int first_year;
    size_t first, n_rows; /* rows of fac_pack.cpus */
};

struct fac_alias {
    const char *zone, *code, *name, *also; /* also: ';' between */
};
struct fac_zone { /* of the grid */
    const char *zone;
    size_t first, n; /* rows of fac_pack.grid */
};

struct fac_names; /* names.c: hash tables of the pack's own text */
struct fac_ids;   /* registry.c */
struct fac_cache; /* product.c: resolved products, with their lock */

struct fac_pack {
    struct arena text; /* all borrowed strings */
    struct fac_set *sets;
    size_t n_sets;
    struct fac_factor *factors; /* of all factor sets, sorted by set and key */
    size_t n_factors;
    const struct fac_factor *keys[FAC_KEYS];
    struct fac_density *densities;
    size_t n_densities;
    struct fac_card *cards;
    size_t n_cards;
    struct fac_average *averages;
    size_t n_averages;
    /* NULL: that origin has none for the category */
    const struct fac_average *average[FAC_ORIGINS][CALC_CATEGORIES];
    struct fac_pcf *pcfs;
    size_t n_pcfs;
    const struct fac_set *pcf_set;
    struct fac_grid *grid;
    size_t n_grid;
    struct fac_zone *zones; /* sorted by zone; rows of `grid` each has */
    size_t n_zones;
    struct fac_alias *aliases; /* how people name zones */
    size_t n_aliases;
    struct fac_family *families;
    size_t n_families;
    struct fac_cpu *cpus;
    uint32_t *cpu_family; /* index of families, by row of cpus */
    size_t n_cpus;
    struct fac_gpu *gpus;
    size_t n_gpus;
    const struct fac_set *cpu_set, *gpu_set;
    /* Least-squares die area = line_a + line_b * cores over cpus, and the
     * smallest and largest area of all rows. */
    double line_a_mm2, line_b_mm2, die_min_mm2, die_max_mm2;
    struct fac_names *names;
    struct fac_ids *ids;
    struct fac_cache *cache;
    const struct fac_hot *hot; /* hot.c: what fac_assess reads, prepared */
};

/* Last step of loading, once every array above and the ids are in place: the
 * constants of the assessment, kept in the arena `text`. */
void fac_hot_build(struct fac_pack *p);

/* ---- lookups ------------------------------------------------------------ */

/* Always gives an area: the model's row, its family, the line, or the line at
 * 24 cores [2.3]. name NULL or "" and cores -1: nothing known. */
void fac_cpu_resolve(
        const struct fac_pack *p, const char *name, int cores,
        struct fac_cpu_hit *out);
/* Area of the line at that many cores, kept within the rows' range. */
double fac_cpu_line_mm2(const struct fac_pack *p, int cores);
/* The card of the parametric study for exactly that GPU row, or NULL. */
const struct fac_card *
fac_card_of(const struct fac_pack *p, const struct fac_gpu *gpu);
/* Generation written in a RAM module's own text ("DDR4-2666", "DDR3 ECC");
 * DDR4 alone is FAC_RAM_UNKNOWN unless year tells (0 unknown) [2.3]. */
enum fac_ram_gen fac_ram_gen_of(const char *text, int year);
/* GB/cm2 for a generation: 0.75, 1.3, 2.375 [D 2.3]; unknown: 1.2444. */
double fac_ram_density(enum fac_ram_gen g);

/* ---- shared ids: registry.c --------------------------------------------- */

/* One id per factor row, completion rule, GPU model, PCF row, category-average
 * set and category of unknown model; then products of approach B, handed out
 * under a lock, FAC_MAX_PRODUCT_IDS at most, after which one id serves all. */
enum { FAC_MAX_PRODUCT_IDS = 4096 };
int fac_id_done(const struct fac_pack *p, enum fac_done d);
int fac_id_unknown_model(const struct fac_pack *p, enum calc_category c);
/* The PCF's id when the product has one, else its own, handed out at the first
 * call; safe from several threads. product NULL: the id of unknown model. */
int fac_product_id(
        const struct fac_pack *p, const struct fac_product *product,
        enum calc_category c);

#endif
