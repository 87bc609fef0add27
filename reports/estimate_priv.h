/* SPDX-License-Identifier: Apache-2.0
 * One server as BoaviztAPI describes it, and what comes of it: read from the
 * body, made into figures, written in its shape [docs/method.md#estimate]. */
#ifndef REPORTS_ESTIMATE_PRIV_H
#define REPORTS_ESTIMATE_PRIV_H

#include "base/json.h"
#include "base/mem.h"
#include "reports/reports.h"

enum {
    EST_MAX_PARTS = 64, /* entries of one list */
    EST_MAX_LOADS = 24, /* entries of time_workload */
    EST_MAX_WARNINGS = 64,
};

/* Text is borrowed from the body; not stated: NULL, NAN, -1. */
struct est_cpu {
    bool given;
    int units, core_units;
    double die_mm2, die_mm2_per_core, tdp_w;
    const char *name, *family, *manufacturer, *model_range;
};
struct est_ram {
    int units;
    double capacity_gb, density;
    const char *type;
};
struct est_disk {
    int units;
    bool ssd;
    const char *type;
    double capacity_gb, density;
};
struct est_gpu {
    int units;
    const char *name;
    double memory_gb;
};
struct est_psu {
    bool given;
    int units;
    double mass_kg;
};
struct est_load {
    double time_pct, load_pct;
};
struct est_usage {
    const char *location;
    double avg_power_w, use_ratio, use_h, use_d, use_y, life_h, life_y;
    double factor[CALC_CRITERIA]; /* per kWh: kg CO2e, kg Sb, MJ */
    double other_ratio;
    struct est_load loads[EST_MAX_LOADS];
    int n_loads; /* 0: not stated */
};

struct rep_server {
    cJSON *body;
    enum calc_chassis chassis;
    struct est_cpu cpu;
    struct est_ram ram[EST_MAX_PARTS];
    struct est_disk disk[EST_MAX_PARTS];
    struct est_gpu gpu[EST_MAX_PARTS];
    int n_ram, n_disk, n_gpu; /* -1: the list is not there */
    struct est_psu psu;
    struct est_usage usage;
    struct arena arena;
    const char *warnings[EST_MAX_WARNINGS];
    int n_warnings;
};

/* Reads "usage"; estimate_use.c. */
bool est_read_usage(struct rep_server *s, const cJSON *obj, struct err *err);

/* ---- members by table: estimate_read.c ----------------------------------- */

enum est_type { EST_INT, EST_NUM, EST_TEXT, EST_ANY, EST_UNUSED };

struct est_field {
    const char *key;
    enum est_type type; /* EST_ANY is read elsewhere, EST_UNUSED warned of */
    size_t at;          /* offset in the struct */
    double low, high;   /* EST_INT, EST_NUM */
};
/* Reads the members that fields (ended by a NULL key) name into out; the rest
 * becomes warnings. path is that of obj. */
bool est_read_fields(
        struct rep_server *s, const cJSON *obj, const char *path,
        const struct est_field *fields, void *out, struct err *err);
bool est_wrong(
        struct err *err, const char *path, const char *key, const char *want);
void est_warn(struct rep_server *s, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));

/* ---- figures: estimate_make.c, estimate_use.c -----------------------------
 */

struct est_amount { /* value and the bounds that completed inputs leave */
    double value, min, max;
};

struct est_component {
    const char *type; /* "CPU", "RAM", "SSD" ... */
    int number;       /* from 1 within its type */
    const void *of;   /* est_cpu, est_ram ...; NULL none */
    const struct fac_part *part;
    enum calc_kind kind;
    int units;
    struct est_amount embedded[CALC_CRITERIA];
    double power_w; /* of all its units; NAN where it has no model */
};
enum {
    EST_MAX_USES = 3 * EST_MAX_PARTS + 2,
    EST_COMPONENTS = EST_MAX_USES + 4
};

struct est_result {
    struct fac_assessment a;
    struct calc_q interval; /* 95 %, of embedded GWP */
    struct est_amount embedded[CALC_CRITERIA], use[CALC_CRITERIA], power_w;
    const char *use_missing[CALC_CRITERIA]; /* why use is not known; NULL */
    double hours;                           /* of use, over the whole life */
    double life_h;
    struct fac_grid grid;
    bool has_grid;
    double factor[CALC_CRITERIA];
    struct fac_part parts[EST_MAX_USES];
    struct fac_use uses[EST_MAX_USES];
    struct est_component components[EST_COMPONENTS];
    size_t n_uses;
    int n_components;
    struct fac_unit unit;
};
/* What the unit is, its figures and bounds; components only for an answer. */
void est_make(
        const struct fac_pack *p, const struct rep_server *s,
        struct est_result *out);
void est_components(
        const struct fac_pack *p, const struct rep_server *s,
        struct est_result *out);
void est_make_use(
        const struct fac_pack *p, const struct rep_server *s,
        struct est_result *out);
/* Processors, as stated or as completed; NAN where neither. */
double est_cpu_units(const struct est_result *r);
/* Power of the processors alone under the stated load, W. */
double est_cpu_power_w(const struct rep_server *s, double tdp_w);

/* ---- the answer: estimate_write.c -----------------------------------------
 */

/* Rounded like BoaviztAPI: to the place that a tenth of the bounds' width
 * reaches, at most four significant figures; one where nothing is left. */
double est_round(const struct est_amount *a);
double est_significant(double value, int figures);
void est_write(
        const struct rep_server *s, const struct est_result *r, bool unrounded,
        struct json_out *j);

#endif
