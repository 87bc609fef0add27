/* SPDX-License-Identifier: Apache-2.0
 * Tables of processors, their families, and accelerators. */
#include "factors/load_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define YEAR_MIN 1995
#define YEAR_MAX 2100

static const char *const grades[] = {"verified", "verified-derived", "partial",
                                     "recalled", "estimate",         "gap",
                                     NULL};
enum { GRADE_GAP = 5 };

/* ---- families.csv ------------------------------------------------------- */

struct family_row {
    const char *family, *vendor, *microarchitecture, *codename;
    int memory;
};
#define AT(field) offsetof(struct family_row, field)
static const char *const memories[] = {
        "ddr3", "ddr4-early", "ddr4-late", "ddr4-by-year", NULL};
static const struct fac_column family_columns[] = {
        {"family", FAC_TEXT, AT(family), true, 0, 0, NULL},
        {"vendor", FAC_TEXT, AT(vendor), true, 0, 0, NULL},
        {"microarchitecture", FAC_TEXT, AT(microarchitecture), true, 0, 0,
         NULL},
        {"codename", FAC_TEXT, AT(codename), true, 0, 0, NULL},
        {"memory", FAC_WORD, AT(memory), false, 0, 0, memories},
};
#undef AT

static bool family_take(struct fac_load *l, const void *data, struct err *err)
{
    static const enum fac_ram_gen gens[] = {
            FAC_DDR3, FAC_DDR4_EARLY, FAC_DDR4_LATE_OR_5, FAC_DDR4_LATE_OR_5};
    const struct family_row *r = data;
    struct fac_pack *p = l->pack;

    if (!fac_load_once(l, "family", r->family))
        return fac_row_refuse(
                err, "family", r->family, "expected each family once");
    p->families = fac_grow(
            p->families, p->n_families, &l->cap_families, sizeof *p->families);
    p->families[p->n_families++] = (struct fac_family){
            .key = r->family,
            .vendor = r->vendor,
            .microarchitecture = r->microarchitecture,
            .codename = r->codename,
            .ram_gen = r->memory < 0 ? FAC_RAM_UNKNOWN : gens[r->memory],
            .ram_by_year = r->memory == (int)COUNT(gens) - 1};
    return true;
}

const struct fac_table fac_table_families = {
        "families.csv", family_columns, COUNT(family_columns),
        sizeof(struct family_row), family_take};

/* ---- cpus.csv ----------------------------------------------------------- */

struct cpu_row {
    const char *family, *name, *basis, *source;
    double compute_mm2, io_mm2, area_mm2, tdp_w;
    int level, year, process_nm, cores, compute_dies, grade;
};
#define AT(field) offsetof(struct cpu_row, field)
static const char *const levels[] = {"model", "family", NULL};
static const struct fac_column cpu_columns[] = {
        {"family", FAC_TEXT, AT(family), true, 0, 0, NULL},
        {"name", FAC_TEXT, AT(name), true, 0, 0, NULL},
        {"level", FAC_WORD, AT(level), true, 0, 0, levels},
        {"year", FAC_WHOLE, AT(year), false, YEAR_MIN, YEAR_MAX, NULL},
        {"process_nm", FAC_WHOLE, AT(process_nm), false, 1, 1000, NULL},
        {"cores", FAC_WHOLE, AT(cores), true, 1, 4096, NULL},
        {"compute_dies", FAC_WHOLE, AT(compute_dies), true, 1, 100, NULL},
        {"compute_mm2", FAC_NUMBER, AT(compute_mm2), false, 1, 1e5, NULL},
        {"io_mm2", FAC_NUMBER, AT(io_mm2), false, 1, 1e5, NULL},
        {"area_mm2", FAC_NUMBER, AT(area_mm2), false, 1, 1e5, NULL},
        {"tdp_w", FAC_NUMBER, AT(tdp_w), false, 1, 5000, NULL},
        {"confidence", FAC_WORD, AT(grade), true, 0, 0, grades},
        {"basis", FAC_TEXT, AT(basis), false, 0, 0, NULL},
        {"source", FAC_TEXT, AT(source), true, 0, 0, NULL},
};
#undef AT

static bool cpu_check(const struct cpu_row *r, struct err *err)
{
    double io_mm2 = isnan(r->io_mm2) ? 0 : r->io_mm2;

    if (isnan(r->area_mm2) != (r->grade == GRADE_GAP))
        return fac_row_refuse(
                err, "area_mm2", r->name,
                "expected an area, or no area and the grade gap");
    if (isnan(r->area_mm2) != isnan(r->compute_mm2) ||
        fabs(r->compute_mm2 + io_mm2 - r->area_mm2) > 0.2)
        return fac_row_refuse(
                err, "area_mm2", r->name, "expected compute_mm2 + io_mm2");
    return true;
}

static bool cpu_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct cpu_row *r = data;
    struct fac_pack *p = l->pack;
    size_t f = p->n_cpus ? p->cpu_family[p->n_cpus - 1] : 0;
    size_t cap = l->cap_cpus;

    if (!cpu_check(r, err))
        return false;
    if (!fac_load_once(l, "cpu", r->name))
        return fac_row_refuse(err, "name", r->name, "expected each name once");
    if (f >= p->n_families || strcmp(p->families[f].key, r->family) != 0)
        for (f = 0; f < p->n_families; f++)
            if (strcmp(p->families[f].key, r->family) == 0)
                break;
    if (f == p->n_families)
        return fac_row_refuse(
                err, "family", r->family, "expected a family of families.csv");
    struct fac_family *family = &p->families[f];
    if (family->n_rows && family->first + family->n_rows != p->n_cpus)
        return fac_row_refuse(
                err, "family", r->family,
                "expected the rows of a family together");
    if (!family->n_rows)
        family->first = p->n_cpus;
    family->n_rows++;
    if (r->year && (!family->first_year || r->year < family->first_year))
        family->first_year = r->year;
    p->cpus = fac_grow(p->cpus, p->n_cpus, &l->cap_cpus, sizeof *p->cpus);
    p->cpu_family =
            fac_grow(p->cpu_family, p->n_cpus, &cap, sizeof *p->cpu_family);
    p->cpu_family[p->n_cpus] = (uint32_t)f;
    p->cpus[p->n_cpus++] = (struct fac_cpu){
            .vendor = family->vendor,
            .name = r->name,
            .microarchitecture = family->microarchitecture,
            .codename = family->codename,
            .family = r->level == 1,
            .year = r->year,
            .cores = r->cores,
            .process_nm = r->process_nm,
            .die_mm2 = r->area_mm2,
            .tdp_w = r->tdp_w,
            .confidence = grades[r->grade],
            .source = r->source,
            .basis = r->basis};
    return true;
}

const struct fac_table fac_table_cpus = {
        "cpus.csv", cpu_columns, COUNT(cpu_columns), sizeof(struct cpu_row),
        cpu_take};

/* ---- gpus.csv ----------------------------------------------------------- */

struct gpu_row {
    const char *maker, *name, *also, *architecture, *chip, *memory, *form,
            *note, *source;
    double area_mm2, memory_gb, tdp_w;
    int year, process_nm, dies, grade;
};
#define AT(field) offsetof(struct gpu_row, field)
static const struct fac_column gpu_columns[] = {
        {"maker", FAC_TEXT, AT(maker), true, 0, 0, NULL},
        {"name", FAC_TEXT, AT(name), true, 0, 0, NULL},
        {"also", FAC_TEXT, AT(also), false, 0, 0, NULL},
        {"architecture", FAC_TEXT, AT(architecture), true, 0, 0, NULL},
        {"chip", FAC_TEXT, AT(chip), false, 0, 0, NULL},
        {"year", FAC_WHOLE, AT(year), false, YEAR_MIN, YEAR_MAX, NULL},
        {"process_nm", FAC_WHOLE, AT(process_nm), false, 1, 1000, NULL},
        {"dies", FAC_WHOLE, AT(dies), true, 1, 1000, NULL},
        {"area_mm2", FAC_NUMBER, AT(area_mm2), false, 1, 1e5, NULL},
        {"memory_gb", FAC_NUMBER, AT(memory_gb), false, 0.01, 1e5, NULL},
        {"memory", FAC_TEXT, AT(memory), false, 0, 0, NULL},
        {"tdp_w", FAC_NUMBER, AT(tdp_w), false, 1, 1e4, NULL},
        {"form", FAC_TEXT, AT(form), true, 0, 0, NULL},
        {"confidence", FAC_WORD, AT(grade), true, 0, 0, grades},
        {"note", FAC_TEXT, AT(note), false, 0, 0, NULL},
        {"source", FAC_TEXT, AT(source), true, 0, 0, NULL},
};
#undef AT

static bool gpu_take(struct fac_load *l, const void *data, struct err *err)
{
    const struct gpu_row *r = data;
    struct fac_pack *p = l->pack;

    if (isnan(r->area_mm2) != (r->grade == GRADE_GAP))
        return fac_row_refuse(
                err, "area_mm2", r->name,
                "expected an area, or no area and the grade gap");
    if (!fac_load_once(l, "gpu", r->name))
        return fac_row_refuse(err, "name", r->name, "expected each name once");
    p->gpus = fac_grow(p->gpus, p->n_gpus, &l->cap_gpus, sizeof *p->gpus);
    p->gpus[p->n_gpus++] = (struct fac_gpu){
            .vendor = r->maker,
            .name = r->name,
            .also = r->also,
            .architecture = r->architecture,
            .memory_type = r->memory,
            .form = r->form,
            .chip = r->chip,
            .note = r->note,
            .year = r->year,
            .dies = r->dies,
            .process_nm = r->process_nm,
            .die_mm2 = r->area_mm2,
            .memory_gb = r->memory_gb,
            .tdp_w = r->tdp_w,
            .confidence = grades[r->grade],
            .source = r->source};
    return true;
}

const struct fac_table fac_table_gpus = {
        "gpus.csv", gpu_columns, COUNT(gpu_columns), sizeof(struct gpu_row),
        gpu_take};

/* ---- after the rows ----------------------------------------------------- */

/* Die area against cores over all rows that have both [2.3]. */
bool fac_specs_finish(struct fac_load *l, struct err *err)
{
    struct fac_pack *p = l->pack;
    double *x = xcalloc(p->n_cpus, sizeof *x),
           *y = xcalloc(p->n_cpus, sizeof *y);
    size_t n = 0;
    bool ok;

    p->die_min_mm2 = INFINITY;
    p->die_max_mm2 = 0;
    for (size_t i = 0; i < p->n_cpus; i++) {
        if (isnan(p->cpus[i].die_mm2))
            continue;
        x[n] = p->cpus[i].cores;
        y[n++] = p->cpus[i].die_mm2;
        p->die_min_mm2 = fmin(p->die_min_mm2, p->cpus[i].die_mm2);
        p->die_max_mm2 = fmax(p->die_max_mm2, p->cpus[i].die_mm2);
    }
    ok = calc_fit_line(x, y, n, &p->line_a_mm2, &p->line_b_mm2);
    free(x);
    free(y);
    return ok || err_set(err, ERR_INVALID,
                         "set '%s' needs areas at two core counts at least",
                         FAC_SET_CPU);
}
