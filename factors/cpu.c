/* SPDX-License-Identifier: Apache-2.0
 * A processor's name to its row or its generation, and the die area that
 * follows [2.3 completion]. */
#include "factors/names_priv.h"

#include <string.h>

enum { CORES_UNKNOWN = 24, NONE = -1 };

struct found {
    enum fac_match match;
    long row, family; /* NONE */
    int cores;        /* of such a model; 0 unknown */
};

static void found_row(const struct fac_pack *p, uint32_t row, struct found *out)
{
    out->row = (long)row;
    out->family = (long)p->cpu_family[row];
    out->match = p->cpus[row].family ? FAC_FAMILY : FAC_MODEL;
    out->cores = p->cpus[row].cores;
}

/* Rules name few rows and few names need a rule: no table for that. */
static void
found_row_named(const struct fac_pack *p, const char *name, struct found *out)
{
    for (size_t i = 0; i < p->n_cpus; i++)
        if (strcmp(p->cpus[i].name, name) == 0) {
            found_row(p, (uint32_t)i, out);
            return;
        }
}

static void found_by_rule(
        const struct fac_pack *p, const struct fac_cpu_rule *rule,
        struct found *out)
{
    const struct fac_name *n;

    if (rule->row) {
        found_row_named(p, rule->row, out);
        return;
    }
    n = fac_name_find(p->names->cpu_family, rule->family);
    if (!n || !p->families[n->row].n_rows)
        return;
    out->match = FAC_FAMILY;
    out->family = (long)n->row;
    out->cores = rule->cores;
}

static void
cpu_find(const struct fac_pack *p, const char *name, struct found *out)
{
    struct fac_words w;
    struct fac_cpu_model m;
    char key[sizeof w.text];
    const struct fac_name *n;

    *out = (struct found){FAC_NO_MATCH, NONE, NONE, 0};
    if (!fac_cpu_words(name, &w) || !fac_words_join(&w, key, sizeof key))
        return;
    n = fac_name_find(p->names->cpu_text, key);
    if (n && n->more)
        return;
    if (!n && fac_cpu_model(&w, &m)) {
        const struct fac_cpu_rule *rule;
        char model[FAC_MODEL_SIZE + 4];

        fac_cpu_model_key(&m, model);
        n = fac_name_find(p->names->cpu_model, model);
        rule = n ? NULL : fac_cpu_rule_for(&m);
        if (rule)
            found_by_rule(p, rule, out);
    } else if (!n) {
        const char *row = fac_cpu_row_for(key);

        if (row)
            found_row_named(p, row, out);
    }
    if (n)
        found_row(p, n->row, out);
}

/* Mean and range of the areas of a family, at a core count or at any (0). */
struct family_area {
    double mean_mm2, lo_mm2, hi_mm2, tdp_w;
    const char *confidence;
    int n;
};

static int grade_rank(const char *grade)
{
    static const char *const order[] = {
            "verified", "verified-derived", "partial", "recalled"};

    for (int i = 0; i < (int)(sizeof order / sizeof order[0]); i++)
        if (strcmp(grade, order[i]) == 0)
            return i;
    return 9;
}

static struct family_area
family_area(const struct fac_pack *p, const struct fac_family *f, int cores)
{
    struct family_area a = {.lo_mm2 = INFINITY, .confidence = "verified"};
    double tdp_w = 0;
    int n_tdp = 0;

    for (size_t i = f->first; i < f->first + f->n_rows; i++) {
        const struct fac_cpu *c = &p->cpus[i];

        if (isnan(c->die_mm2) || (cores && c->cores != cores))
            continue;
        a.n++;
        a.mean_mm2 += c->die_mm2;
        a.lo_mm2 = fmin(a.lo_mm2, c->die_mm2);
        a.hi_mm2 = fmax(a.hi_mm2, c->die_mm2);
        if (grade_rank(c->confidence) > grade_rank(a.confidence))
            a.confidence = c->confidence;
        if (!isnan(c->tdp_w)) {
            tdp_w += c->tdp_w;
            n_tdp++;
        }
    }
    if (a.n)
        a.mean_mm2 /= a.n;
    a.tdp_w = n_tdp ? tdp_w / n_tdp : NAN;
    return a;
}

double fac_cpu_line_mm2(const struct fac_pack *p, int cores)
{
    double mm2 = p->line_a_mm2 + p->line_b_mm2 * cores;

    return fmin(fmax(mm2, p->die_min_mm2), p->die_max_mm2);
}

static void
area_by_line(const struct fac_pack *p, int cores, struct fac_cpu_hit *out)
{
    out->die_mm2 = fac_cpu_line_mm2(p, cores > 0 ? cores : CORES_UNKNOWN);
    out->lo_mm2 = p->die_min_mm2;
    out->hi_mm2 = p->die_max_mm2;
    out->done = cores > 0 ? FAC_DONE_CPU_LINE : FAC_DONE_CPU_NOTHING;
    out->confidence = NULL;
}

/* The row that stands for the family is taken at another core count only when
 * the family has no row at that count. */
static void area_by_family(
        const struct fac_pack *p, const struct fac_family *f, int cores,
        struct fac_cpu_hit *out)
{
    struct family_area all = family_area(p, f, 0), a = {0};
    bool standing = out->cpu && !isnan(out->cpu->die_mm2);

    if (!all.n) {
        area_by_line(p, cores, out);
        return;
    }
    if (cores > 0 && !(standing && out->cpu->cores == cores))
        a = family_area(p, f, cores);
    out->done = a.n ? FAC_DONE_CPU_FAMILY_CORES : FAC_DONE_CPU_FAMILY;
    if (!a.n)
        a = all;
    out->die_mm2 = a.mean_mm2;
    out->lo_mm2 = a.lo_mm2;
    out->hi_mm2 = a.hi_mm2;
    out->confidence = a.confidence;
    if (isnan(out->tdp_w))
        out->tdp_w = a.tdp_w;
    if (standing && out->done == FAC_DONE_CPU_FAMILY) {
        out->die_mm2 = out->cpu->die_mm2;
        out->confidence = out->cpu->confidence;
    }
}

static enum fac_ram_gen
family_ram(const struct fac_family *f, const struct fac_cpu *row)
{
    if (!f->ram_by_year)
        return f->ram_gen;
    if (!row || !row->year)
        return FAC_RAM_UNKNOWN;
    return row->year < 2018 ? FAC_DDR4_EARLY : FAC_DDR4_LATE_OR_5;
}

void fac_cpu_resolve(
        const struct fac_pack *p, const char *name, int cores,
        struct fac_cpu_hit *out)
{
    struct found found;
    const struct fac_family *f;

    cpu_find(p, name, &found);
    *out = (struct fac_cpu_hit){
            .match = found.match, .done = NONE, .tdp_w = NAN};
    if (found.family == NONE) {
        area_by_line(p, cores, out);
        return;
    }
    f = &p->families[found.family];
    out->cpu = found.row == NONE ? NULL : &p->cpus[found.row];
    out->family = f->key;
    out->ram_gen = family_ram(f, out->cpu);
    out->year = out->cpu && out->cpu->year ? out->cpu->year : f->first_year;
    if (out->cpu)
        out->tdp_w = out->cpu->tdp_w;
    if (found.match == FAC_MODEL && !isnan(out->cpu->die_mm2)) {
        out->die_mm2 = out->lo_mm2 = out->hi_mm2 = out->cpu->die_mm2;
        out->confidence = out->cpu->confidence;
        return;
    }
    if (cores <= 0 || found.match == FAC_MODEL)
        cores = found.cores;
    area_by_family(p, f, cores, out);
}

const struct fac_cpu *fac_cpu_find(
        const struct fac_pack *p, const char *name, int cores,
        enum fac_match *how)
{
    struct fac_cpu_hit hit;

    fac_cpu_resolve(p, name, cores, &hit);
    if (how)
        *how = hit.match;
    return hit.cpu;
}
