/* SPDX-License-Identifier: Apache-2.0
 * The assessment's own shapes: constants prepared at loading, what a unit
 * holds, and the lines that come of it. */
#ifndef FACTORS_ASSESS_PRIV_H
#define FACTORS_ASSESS_PRIV_H

#include "factors/factors_priv.h"

#define FAC_EXACT_SCORE 0.9 /* [D] below it a name match is no match [2.4] */
#define FAC_SHEET_ERR 0.207 /* median of the sheets that state one [2.1] */
#define FAC_UNKNOWN_GSD 2.0 /* [D 2.4 rule 6] */
#define FAC_AREA_RATIO 1.62 /* formula to listed effective area [2.3] */
#define FAC_CARD_GSD 1.4    /* [D 2.3] */
#define FAC_CARD_HBM_GSD 1.6
#define FAC_BLADE_SLOTS 16.0
#define FAC_SSD_DENSITY 54.884 /* GB/cm2, mean of the published dies [2.3] */
#define FAC_SSD_GB 960.0
#define FAC_SSD_LOW_GB 240.0 /* [D] */
#define FAC_SSD_HIGH_GB 3840.0
#define FAC_PSU_KG 2.99
#define FAC_PSU_LOW_KG 1.0
#define FAC_PSU_HIGH_KG 5.0
#define FAC_CASE_LOW_KG 34.0 /* chassis of the R740 study [2.3] */
#define FAC_CASE_HIGH_KG 150.0
#define FAC_MODULE_LOW_GIB 8.0
#define FAC_MODULE_HIGH_GIB 64.0
#define FAC_CORES_UNKNOWN 24 /* [2.3] */

enum { FAC_RAM_GENS = FAC_DDR4_LATE_OR_5 + 1 };

/* A factor row as the sums use it. */
struct fac_term {
    double kg[CALC_CRITERIA];
    double v, sd_frac; /* relative variance of GWP and its root */
    double dqr;        /* NAN: not scored */
    int id;
    const struct fac_factor *row;
};

/* A completed input: point, range and the relative variance they give. */
struct fac_range {
    double used, low, high, v;
};

/* The configuration that a product footprint was made for. */
struct fac_sheet {
    bool ram_known, hdd_known, ssd_known;
    double ram_gb, n_hdd;
    double n_ssd, ssd_gb, ssd_unsized; /* all; sum of stated sizes; without */
};
/* Reads "x4 1TB 2.5in HDD  x2 120GB 2.5in SSD"; false and nothing known when
 * the text does not say which kind of disk it means. */
void fac_sheet_read(
        const char *disk, const char *memory, struct fac_sheet *out);

/* Spread of one category average: its set's level and the models around it. */
struct fac_spread {
    double set_sd_frac, model_sd_frac, unknown_sd_frac;
    double sigma, unknown_sigma; /* of a known and of an unknown model */
};

/* The set "act": per cm2 of logic by process, per GB of memory and disk. NAN
 * where the set has no such row. */
enum { FAC_ACT_NODES = 8, FAC_ACT_DISKS = 6 };
struct fac_act {
    struct {
        int nm;
        struct calc_act_logic logic;
    } node[FAC_ACT_NODES]; /* largest first */
    double dram_kg_per_gb[FAC_RAM_GENS], nand_kg_per_gb;
    struct {
        double gb, kg_per_gb;
    } disk[FAC_ACT_DISKS];
};
void fac_act_build(const struct fac_pack *p, struct fac_act *out);

struct fac_hot {
    struct fac_term key[FAC_KEYS];
    int done_id[FAC_DONES];
    struct fac_range ram_density[FAC_RAM_GENS], ssd_density, ssd_size, psu_mass,
            psu_two, psu_one, cpu_two, cpu_one, other_case, server_case,
            any_die;
    /* sd of the completed term over its kg: sqrt(v of the rule * (1 + v of
     * the factor)) */
    double ram_density_sd[FAC_RAM_GENS], ssd_density_sd, ssd_size_sd;
    struct calc_gpu_factors gpu;
    double mean_card[CALC_CRITERIA]; /* of the complete listed cards */
    struct fac_range card;
    double area_v; /* of the die area of a card that is not listed */
    const struct fac_average *average[FAC_ORIGINS][CALC_CATEGORIES];
    struct fac_spread spread[FAC_ORIGINS][CALC_CATEGORIES];
    struct fac_act act;
    struct fac_sheet *sheets; /* by row of pcfs */
    double *sheet_sd_frac;    /* same */
};

static inline bool fac_serves(enum calc_category c)
{
    return c == CALC_SERVER || c == CALC_GPU_NODE || c == CALC_STORAGE;
}

/* A unit that is a screen; of the lots of parts only screens are assessed as
 * whole units. */
static inline bool fac_is_screen(enum calc_category c)
{
    return c == CALC_SCREEN_UNIT || c == CALC_PART_LOT;
}

/* ---- what a unit holds: survey.c ---------------------------------------- */

enum { FAC_CPU_ROWS = 8, FAC_GPU_ROWS = 24 };

struct fac_modules { /* of RAM */
    double n;        /* modules, those taken from totals included */
    double gb[FAC_RAM_GENS];
    double cm2, cm2_gb;                 /* of modules with a stated density */
    double total_n, total_lo, total_hi; /* modules taken from totals */
};
struct fac_flash { /* SSDs */
    double n, gb, unsized, cm2, cm2_gb;
};
struct fac_survey {
    struct {
        const struct fac_part *part;
        double units;
    } cpu[FAC_CPU_ROWS], gpu[FAC_GPU_ROWS];
    int n_cpu, n_gpu;
    bool cpu_more, gpu_more; /* rows that found no place above */
    double cpu_units, gpu_gb, n_hdd, n_screens;
    bool cpu_count_known, cpu_known, ram_known;
    bool soc;    /* CPU and memory are the GPU's */
    bool racked; /* stands in a rack or blade enclosure, or a server may */
    enum fac_ram_gen gen; /* that the CPU takes */
    struct fac_modules ram;
    struct fac_flash ssd;
    double n_psu, psu_kg, psu_unweighed;
    bool psu_known;
    uint32_t no_factor[CALC_KINDS];
    uint32_t unknown_kinds; /* disks and cards that may be there uncounted */
};
void fac_survey(const struct fac_unit *u, struct fac_survey *out);
/* GiB of one module where only the total is known [2.3]. */
double fac_module_gib(const struct fac_unit *u);
/* Adds total_gib in modules of module_gib each. */
void fac_modules_add_total(
        struct fac_modules *m, double total_gib, double module_gib,
        enum fac_ram_gen gen);

/* ---- lines: lines.c ----------------------------------------------------- */

/* A kind with two factors and two completion rules: amounts of each. The sds
 * are signed, so that two of these subtract. */
struct fac_amounts {
    double base, slope; /* times the two factors */
    double rule_sd_kg[2];
    enum fac_done rule[2];
};
struct fac_amounts
fac_ram_amounts(const struct fac_hot *h, const struct fac_modules *m);
struct fac_amounts
fac_ssd_amounts(const struct fac_hot *h, const struct fac_flash *f);

void fac_line_share(struct calc_line *l, int id, double sd_kg);
/* One line of the amounts; negative amounts are fine. */
void fac_line_of(
        const struct fac_hot *h, enum calc_kind kind, enum fac_key base,
        enum fac_key slope, const struct fac_amounts *a, struct calc_line *out);
/* Lines of the movable parts, then, with `all`, of the rest of a computer, and
 * what they completed. True: complete as rule 2 of [2.4] means it. */
bool fac_lines_build(
        const struct fac_pack *p, const struct fac_unit *u,
        const struct fac_survey *s, bool all, struct fac_assessment *out);
/* The line of a lot of loose parts; none where the kind has no factor, or its
 * size is not known. */
void fac_lot_build(
        const struct fac_pack *p, const struct fac_unit *u,
        const struct fac_survey *s, struct fac_assessment *out);
/* Die of one CPU of a unit that names none, mm2. */
struct fac_range fac_unnamed_die(
        const struct fac_pack *p, const struct fac_unit *u, double sockets,
        enum fac_done *done);
/* Sockets of a unit whose count is not known. */
struct fac_range fac_cpu_count(
        const struct fac_hot *h, const struct fac_unit *u,
        const struct fac_survey *s);
struct fac_range fac_psu_count(
        const struct fac_hot *h, const struct fac_unit *u,
        const struct fac_survey *s);
/* What the unit's case weighs in, kg CO2e; used 0: it has none. */
enum fac_case { FAC_CASE_KNOWN, FAC_CASE_OPEN, FAC_CASE_RANGE };
struct fac_range fac_case_of(
        const struct fac_hot *h, const struct fac_unit *u, enum fac_case *how);
void fac_lines_sum(struct fac_assessment *a);
double fac_lines_sigma(const struct calc_line *lines, int n, double kg);

/* ---- wholes: whole.c ---------------------------------------------------- */

/* What separates the unit from its sheet, kind by kind [2.1]. */
struct fac_correction {
    int n;
    struct calc_line lines[3]; /* RAM, SSD, HDD: real less sheet */
    double kg;
};
/* NULL when there is no exact sheet with a usable figure. */
const struct fac_pcf *fac_sheet_of(const struct fac_unit *u);
void fac_correct(
        const struct fac_pack *p, const struct fac_unit *u,
        const struct fac_survey *s, struct fac_correction *out);
bool fac_model_known(const struct fac_unit *u);

/* ---- cards: card.c ------------------------------------------------------ */

struct fac_card_basis {
    struct calc_gpu_card card;
    const struct fac_card *exact, *area, *body, *vram; /* NULL: none */
    double gsd, die_high_mm2; /* effective; NAN: area not completed */
};
/* False: no die area is known, so no card can be made. */
bool fac_card_build(
        const struct fac_pack *p, const struct fac_gpu *gpu, double die_mm2,
        struct fac_card_basis *out);
void fac_card_resolve(const struct fac_pack *p, struct fac_part *part);

#endif
