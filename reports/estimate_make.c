/* SPDX-License-Identifier: Apache-2.0
 * The figures of an estimate: the described server as a unit of the factor
 * pack, its assessment, and the bounds that its completed inputs leave. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/estimate_priv.h"

enum { PSU_RACKED = 2, MAX_NAME = 1300 };

/* ---- the unit --------------------------------------------------------------
 */

static struct fac_part_desc desc_of(enum calc_kind kind)
{
    return (struct fac_part_desc){
            .kind = kind,
            .capacity = NAN,
            .cores = -1,
            .die_mm2 = NAN,
            .mass_kg = NAN,
            .density_gb_per_cm2 = NAN,
            .gpu_memory_gb = NAN,
    };
}

static void
use_add(const struct fac_pack *p, struct est_result *r,
        const struct fac_part_desc *desc, int units)
{
    if (units <= 0 || r->n_uses == EST_MAX_USES)
        return;
    fac_part_resolve(p, desc, &r->parts[r->n_uses]);
    r->uses[r->n_uses].part = &r->parts[r->n_uses];
    r->uses[r->n_uses].units = (uint32_t)units;
    r->n_uses++;
}

/* A family or range is as much of a name as many bodies have. */
static const char *cpu_name(const struct est_cpu *c, char dst[static MAX_NAME])
{
    if (c->name)
        return c->name;
    snprintf(
            dst, MAX_NAME, "%s%s%s%s%s", c->manufacturer ? c->manufacturer : "",
            c->manufacturer ? " " : "", c->model_range ? c->model_range : "",
            c->model_range ? " " : "", c->family ? c->family : "");
    return *dst ? dst : NULL;
}

static void
cpu_add(const struct fac_pack *p, const struct est_cpu *c, struct est_result *r)
{
    struct fac_part_desc desc = desc_of(CALC_CPU);
    char name[MAX_NAME];
    int cores = c->core_units;

    desc.model = cpu_name(c, name);
    desc.cores = cores;
    if (c->die_mm2_per_core > 0 && cores <= 0 && desc.model) {
        enum fac_match how;
        const struct fac_cpu *row = fac_cpu_find(p, desc.model, -1, &how);

        cores = row ? row->cores : -1;
    }
    if (c->die_mm2_per_core > 0 && cores > 0)
        desc.die_mm2 = c->die_mm2_per_core * cores;
    else if (c->die_mm2 > 0)
        desc.die_mm2 = c->die_mm2;
    use_add(p, r, &desc, c->units >= 0 ? c->units : 1);
}

static void memory_add(
        const struct fac_pack *p, const struct rep_server *s,
        struct est_result *r)
{
    for (int i = 0; i < s->n_ram; i++) {
        struct fac_part_desc desc = desc_of(CALC_RAM);

        desc.model = s->ram[i].type;
        desc.capacity = s->ram[i].capacity_gb;
        desc.density_gb_per_cm2 = s->ram[i].density;
        use_add(p, r, &desc, s->ram[i].units);
    }
    for (int i = 0; i < s->n_disk; i++) {
        struct fac_part_desc desc =
                desc_of(s->disk[i].ssd ? CALC_SSD : CALC_HDD);

        desc.capacity = s->disk[i].capacity_gb;
        desc.density_gb_per_cm2 = s->disk[i].density;
        use_add(p, r, &desc, s->disk[i].units);
    }
    for (int i = 0; i < s->n_gpu; i++) {
        struct fac_part_desc desc = desc_of(CALC_GPU);

        desc.model = s->gpu[i].name;
        desc.gpu_memory_gb = s->gpu[i].memory_gb;
        use_add(p, r, &desc, s->gpu[i].units);
    }
}

/* A supply without a number is two of them, as where none is named. */
static void
psu_add(const struct fac_pack *p, const struct est_psu *psu,
        struct est_result *r)
{
    struct fac_part_desc desc = desc_of(CALC_PSU);

    desc.mass_kg = psu->mass_kg;
    if (psu->units >= 0 || psu->mass_kg > 0)
        use_add(p, r, &desc, psu->units >= 0 ? psu->units : PSU_RACKED);
}

static void
unit_of(const struct fac_pack *p, const struct rep_server *s,
        struct est_result *r)
{
    const struct est_cpu *c = &s->cpu;
    uint32_t unknown = 0;

    r->n_uses = 0;
    if (c->given)
        cpu_add(p, c, r);
    memory_add(p, s, r);
    psu_add(p, &s->psu, r);
    unknown |= c->given ? 0 : 1u << CALC_CPU;
    unknown |= s->n_ram >= 0 ? 0 : 1u << CALC_RAM;
    unknown |= s->n_disk >= 0 ? 0 : 1u << CALC_HDD | 1u << CALC_SSD;
    unknown |= s->psu.given ? 0 : 1u << CALC_PSU;
    r->unit = (struct fac_unit){
            .category = CALC_SERVER,
            .chassis = s->chassis,
            .cpu_count = c->units,
            .cpu_cores = c->units > 0 && c->core_units > 0
                                 ? c->units * c->core_units
                                 : -1,
            .uses = r->uses,
            .n_uses = r->n_uses,
            .unknown_kinds = unknown,
            .stated_kg = NAN,
    };
}

/* ---- bounds ----------------------------------------------------------------
 */

/* The unit with its completed inputs at one end of their ranges. */
struct end {
    const struct fac_pack *p;
    bool high;
    struct fac_part parts[EST_MAX_USES + 1];
    struct fac_use uses[EST_MAX_USES + 1];
    struct fac_unit unit;
    double psu_kg;
    int psu_count; /* -1: stated */
};

static void end_cpu(struct end *e, double die_mm2)
{
    struct fac_part_desc desc = desc_of(CALC_CPU);
    struct fac_part at_end;

    desc.die_mm2 = die_mm2;
    fac_part_resolve(e->p, &desc, &at_end);
    for (size_t i = 0; i < e->unit.n_uses; i++)
        if (e->parts[i].desc.kind == CALC_CPU) {
            e->parts[i].unit = at_end.unit;
            e->parts[i].done = -1;
        }
}

/* More per square centimetre is less of it. */
static void
end_density(struct end *e, enum calc_kind kind, double low, double high)
{
    for (size_t i = 0; i < e->unit.n_uses; i++) {
        struct fac_part_desc *d = &e->parts[i].desc;

        if (d->kind == kind && isnan(d->density_gb_per_cm2))
            d->density_gb_per_cm2 = e->high ? low : high;
    }
}

static void end_size(struct end *e, double gb)
{
    for (size_t i = 0; i < e->unit.n_uses; i++) {
        struct fac_part_desc *d = &e->parts[i].desc;

        if (d->kind == CALC_SSD && isnan(d->capacity))
            d->capacity = gb;
    }
}

static const struct fac_factor *gpu_die(const struct fac_pack *p)
{
    const struct fac_factor *f;
    size_t n = fac_factors(p, &f);

    for (size_t i = 0; i < n; i++)
        if (strcmp(f[i].set->id, "boavizta-2021") == 0 &&
            strcmp(f[i].key, "gpu.die") == 0)
            return &f[i];
    return NULL;
}

/* Cards whose effective area is computed: each has its own range. */
static void end_gpu_area(struct end *e)
{
    const struct fac_factor *die = gpu_die(e->p);

    for (size_t i = 0; die && i < e->unit.n_uses; i++) {
        struct fac_part *part = &e->parts[i];
        double mm2 = e->high ? part->die_hi_mm2 : part->die_lo_mm2;

        if (part->desc.kind != CALC_GPU || part->done != FAC_DONE_GPU_AREA)
            continue;
        for (int c = 0; c < CALC_CRITERIA; c++)
            part->unit.kg[c] += (mm2 - part->die_mm2) * die->value[c];
        part->done = -1;
    }
}

/* Cards of which nothing is known: the range of the study's cards, which is
 * one of kilograms. The other criteria follow it [D]. */
static void end_gpu_any(struct end *e, double scale)
{
    for (size_t i = 0; i < e->unit.n_uses; i++) {
        struct fac_part *part = &e->parts[i];

        if (part->desc.kind != CALC_GPU || part->done != FAC_DONE_GPU_NOTHING)
            continue;
        for (int c = 0; c < CALC_CRITERIA; c++)
            part->unit.kg[c] *= scale;
        part->done = -1;
    }
}

static void end_done(struct end *e, const struct fac_assessment *a, int i)
{
    double low = a->dones[i].low, high = a->dones[i].high;
    double at = e->high ? high : low;

    switch (a->dones[i].done) {
    case FAC_DONE_RAM_DENSITY:
        end_density(e, CALC_RAM, low, high);
        break;
    case FAC_DONE_SSD_DENSITY:
        end_density(e, CALC_SSD, low, high);
        break;
    case FAC_DONE_SSD_SIZE:
        end_size(e, at);
        break;
    case FAC_DONE_CPU_FAMILY_CORES:
    case FAC_DONE_CPU_FAMILY:
    case FAC_DONE_CPU_LINE:
    case FAC_DONE_CPU_NOTHING:
        end_cpu(e, at);
        break;
    case FAC_DONE_CPU_COUNT:
        e->unit.cpu_count = (int)at;
        break;
    case FAC_DONE_PSU_MASS:
        e->psu_kg = at;
        break;
    case FAC_DONE_PSU_COUNT:
        e->psu_count = (int)at;
        break;
    case FAC_DONE_CASE:
        e->unit.chassis = e->high ? CALC_RACK : CALC_OPEN;
        break;
    case FAC_DONE_GPU_AREA:
        end_gpu_area(e);
        break;
    case FAC_DONE_GPU_NOTHING:
        end_gpu_any(e, at / a->dones[i].used);
        break;
    case FAC_DONE_RAM_MODULES: /* bodies state modules */
    case FAC_DONES:
        break;
    }
}

static void end_psu(struct end *e)
{
    struct fac_part_desc desc = desc_of(CALC_PSU);

    for (size_t i = 0; i < e->unit.n_uses; i++)
        if (e->parts[i].desc.kind == CALC_PSU &&
            isnan(e->parts[i].desc.mass_kg))
            e->parts[i].desc.mass_kg = e->psu_kg;
    if (e->psu_count < 0)
        return;
    desc.mass_kg = e->psu_kg;
    fac_part_resolve(e->p, &desc, &e->parts[e->unit.n_uses]);
    e->uses[e->unit.n_uses].units = (uint32_t)e->psu_count;
    e->unit.n_uses++;
}

/* Kilograms of approach C at one end, in total and by kind. */
struct by_kind {
    double all[CALC_CRITERIA], kind[CALC_KINDS][CALC_CRITERIA];
};

static void kinds_of(const struct fac_assessment *a, struct by_kind *out)
{
    *out = (struct by_kind){0};
    for (int i = 0; i < a->n_lines; i++)
        for (int c = 0; c < CALC_CRITERIA; c++) {
            out->all[c] += a->lines[i].kg[c];
            out->kind[a->lines[i].kind][c] += a->lines[i].kg[c];
        }
}

static void
at_end(const struct fac_pack *p, const struct est_result *r, bool high,
       struct by_kind *out)
{
    struct fac_assessment a;
    struct end e;

    e.p = p;
    e.high = high;
    e.unit = r->unit;
    e.unit.uses = e.uses;
    e.psu_kg = NAN;
    e.psu_count = -1;
    for (size_t i = 0; i < r->n_uses; i++) {
        e.parts[i] = r->parts[i];
        e.uses[i].units = r->uses[i].units;
    }
    for (int i = 0; i < r->a.n_dones; i++)
        end_done(&e, &r->a, i);
    end_psu(&e);
    for (size_t i = 0; i < e.unit.n_uses; i++)
        e.uses[i].part = &e.parts[i];
    fac_assess(p, &e.unit, &a);
    kinds_of(&a, out);
}

static struct est_amount amount(double value, double a, double b)
{
    /* A completed input's point lies within its range, but for a rounding. */
    return (struct est_amount){
            value, fmin(value, fmin(a, b)), fmax(value, fmax(a, b))};
}

static struct calc_q interval_of(const struct fac_assessment *a)
{
    struct calc_total t = {0};
    struct calc_q q;

    for (int i = 0; i < a->n_lines; i++)
        calc_total_add(&t, &a->lines[i], 1);
    q = a->n_lines ? calc_total_q(&t) : CALC_Q_UNKNOWN;
    calc_total_clear(&t);
    return q;
}

static bool by_parts(const struct est_result *r)
{
    return r->a.choice.approach == CALC_C;
}

void est_make(
        const struct fac_pack *p, const struct rep_server *s,
        struct est_result *out)
{
    struct est_result *r = out;
    struct by_kind low, high;

    r->n_components = 0;
    unit_of(p, s, r);
    fac_assess(p, &r->unit, &r->a);
    r->interval = interval_of(&r->a);
    for (int c = 0; c < CALC_CRITERIA; c++)
        r->embedded[c] =
                (struct est_amount){r->a.kg[c], r->a.kg[c], r->a.kg[c]};
    if (!by_parts(r)) /* no input to bound: the interval itself */
        r->embedded[CALC_GWP] = (struct est_amount){
                r->interval.value, r->interval.low, r->interval.high};
    if (by_parts(r) && r->a.n_dones) {
        at_end(p, r, false, &low);
        at_end(p, r, true, &high);
        for (int c = 0; c < CALC_CRITERIA; c++)
            r->embedded[c] = amount(r->a.kg[c], low.all[c], high.all[c]);
    }
    est_make_use(p, s, r);
}

/* ---- components ------------------------------------------------------------
 */

static const char *type_of(enum calc_kind k)
{
    switch (k) {
    case CALC_CPU:
        return "CPU";
    case CALC_GPU:
        return "GPU";
    case CALC_RAM:
        return "RAM";
    case CALC_HDD:
        return "HDD";
    case CALC_SSD:
        return "SSD";
    case CALC_BOARD:
        return "MOTHERBOARD";
    case CALC_PSU:
        return "POWER_SUPPLY";
    case CALC_CHASSIS:
        return "CASE";
    case CALC_ASSEMBLY:
        return "ASSEMBLY";
    default:
        return "OTHER";
    }
}

static struct est_component *
component_add(struct est_result *r, enum calc_kind kind, int units)
{
    struct est_component *c = &r->components[r->n_components++];

    *c = (struct est_component){
            .type = type_of(kind),
            .kind = kind,
            .number = 1,
            .units = units,
            .power_w = NAN};
    for (int i = 0; i < r->n_components - 1; i++)
        c->number += r->components[i].kind == kind;
    return c;
}

/* Kilograms of one use by itself, to divide its kind's. */
static void
loose(const struct fac_pack *p, const struct fac_use *use,
      double kg[CALC_CRITERIA])
{
    const struct fac_unit lot = {
            .category = CALC_PART_LOT,
            .chassis = CALC_CHASSIS_UNKNOWN,
            .cpu_count = -1,
            .cpu_cores = -1,
            .uses = use,
            .n_uses = 1,
            .stated_kg = NAN,
    };
    struct fac_assessment a;

    fac_assess(p, &lot, &a);
    for (int c = 0; c < CALC_CRITERIA; c++)
        kg[c] = isnan(a.kg[c]) ? 0 : a.kg[c];
}

static void
divide(struct est_component *c, const double frac[CALC_CRITERIA],
       const struct by_kind *at, const struct by_kind *low,
       const struct by_kind *high)
{
    for (int i = 0; i < CALC_CRITERIA; i++)
        c->embedded[i] = amount(
                frac[i] * at->kind[c->kind][i], frac[i] * low->kind[c->kind][i],
                frac[i] * high->kind[c->kind][i]);
}

static void component_power(
        const struct rep_server *s, const struct est_result *r,
        struct est_component *c)
{
    double tdp_w = c->part ? c->part->tdp_w : NAN;

    (void)r;
    if (c->kind == CALC_CPU)
        c->power_w =
                c->units *
                est_cpu_power_w(s, s->cpu.tdp_w > 0 ? s->cpu.tdp_w : tdp_w);
    else if (c->kind == CALC_RAM)
        c->power_w = c->units * calc_power_ram_w(c->part->desc.capacity);
}

static void rest_components(
        struct est_result *r, const struct by_kind *at,
        const struct by_kind *low, const struct by_kind *high)
{
    static const enum calc_kind rest[] = {
            CALC_PSU, CALC_CHASSIS, CALC_BOARD, CALC_ASSEMBLY};
    static const double whole[CALC_CRITERIA] = {1, 1, 1};

    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        bool listed = false;

        for (int k = 0; k < r->n_components; k++)
            listed = listed || r->components[k].kind == rest[i];
        if (!listed && at->kind[rest[i]][CALC_GWP] > 0)
            divide(component_add(r, rest[i], 1), whole, at, low, high);
    }
}

void est_components(
        const struct fac_pack *p, const struct rep_server *s,
        struct est_result *out)
{
    struct est_result *r = out;
    double kg[EST_MAX_USES][CALC_CRITERIA],
            sum[CALC_KINDS][CALC_CRITERIA] = {0};
    struct by_kind at, low, high;

    if (!by_parts(r))
        return;
    kinds_of(&r->a, &at);
    at_end(p, r, false, &low);
    at_end(p, r, true, &high);
    for (size_t i = 0; i < r->n_uses; i++) {
        loose(p, &r->uses[i], kg[i]);
        for (int c = 0; c < CALC_CRITERIA; c++)
            sum[r->uses[i].part->desc.kind][c] += kg[i][c];
    }
    for (size_t i = 0; i < r->n_uses; i++) {
        enum calc_kind kind = r->uses[i].part->desc.kind;
        struct est_component *c = component_add(r, kind, (int)r->uses[i].units);

        c->part = r->uses[i].part;
        for (int k = 0; k < CALC_CRITERIA; k++)
            kg[i][k] = sum[kind][k] > 0 ? kg[i][k] / sum[kind][k] : 1;
        divide(c, kg[i], &at, &low, &high);
        component_power(s, r, c);
    }
    rest_components(r, &at, &low, &high);
}
