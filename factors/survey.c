/* SPDX-License-Identifier: Apache-2.0
 * What one unit holds, added up by kind from its part rows. */
#include "factors/assess_priv.h"

#define MODULE_GIB 32.0
#define MODULE_BEFORE_2016_GIB 16.0
#define SHARED_MEMORY_ROOM 1.1 /* GiB against GB, and what firmware keeps */
enum { DDR4_LATE_YEAR = 2018 };

static bool knows(const struct fac_unit *u, enum calc_kind k)
{
    return !(u->unknown_kinds & (1u << k));
}

double fac_module_gib(const struct fac_unit *u)
{
    return u->year > 0 && u->year < 2016 ? MODULE_BEFORE_2016_GIB : MODULE_GIB;
}

static double modules_of(double total_gib, double module_gib)
{
    return fmax(1, ceil(total_gib / module_gib));
}

void fac_modules_add_total(
        struct fac_modules *m, double total_gib, double module_gib,
        enum fac_ram_gen gen)
{
    double n = modules_of(total_gib, module_gib);

    if (!(total_gib > 0))
        return;
    m->n += n;
    m->gb[gen] += total_gib;
    m->total_n += n;
    m->total_lo += modules_of(total_gib, FAC_MODULE_HIGH_GIB);
    m->total_hi += modules_of(total_gib, FAC_MODULE_LOW_GIB);
}

/* One row per distinct part; *more when there is no place left. */
#define ROW_ADD(rows, n, max, more, use)                                       \
    do {                                                                       \
        int at_ = 0;                                                           \
        while (at_ < (n) && (rows)[at_].part != (use)->part)                   \
            at_++;                                                             \
        if (at_ == (max)) {                                                    \
            (more) = true;                                                     \
            break;                                                             \
        }                                                                      \
        if (at_ == (n)) {                                                      \
            (rows)[(n)++].units = 0;                                           \
            (rows)[at_].part = (use)->part;                                    \
        }                                                                      \
        (rows)[at_].units += (use)->units;                                     \
    } while (0)

static void cpu_add(struct fac_survey *s, const struct fac_use *use)
{
    enum fac_ram_gen g = use->part->ram_gen;

    ROW_ADD(s->cpu, s->n_cpu, FAC_CPU_ROWS, s->cpu_more, use);
    if (s->cpu_units > 0 && s->gen != g)
        g = FAC_RAM_UNKNOWN; /* two CPUs that disagree tell nothing */
    s->gen = g;
    s->cpu_units += use->units;
}

static void gpu_add(struct fac_survey *s, const struct fac_use *use)
{
    const struct fac_gpu *gpu = use->part->gpu;

    ROW_ADD(s->gpu, s->n_gpu, FAC_GPU_ROWS, s->gpu_more, use);
    if (gpu && use->part->soc && gpu->memory_gb > 0) {
        s->soc = true;
        s->gpu_gb += gpu->memory_gb * use->units;
    }
}

static void
ram_add(struct fac_survey *s, const struct fac_unit *u,
        const struct fac_use *use)
{
    const struct fac_part *part = use->part;
    double gib = part->desc.capacity, n = use->units;

    if (!(gib >= 0)) {
        s->ram_known = false;
    } else if (part->desc.total) {
        fac_modules_add_total(
                &s->ram, gib * n, fac_module_gib(u), part->ram_gen);
    } else {
        s->ram.n += n;
        if (part->desc.density_gb_per_cm2 > 0) {
            s->ram.cm2 += n * gib / part->desc.density_gb_per_cm2;
            s->ram.cm2_gb += n * gib;
        } else {
            s->ram.gb[part->ram_gen] += n * gib;
        }
    }
}

static void ssd_add(struct fac_survey *s, const struct fac_use *use)
{
    const struct fac_part_desc *d = &use->part->desc;
    double n = use->units;

    s->ssd.n += n;
    if (!(d->capacity >= 0)) {
        s->ssd.unsized += n;
    } else if (d->density_gb_per_cm2 > 0) {
        s->ssd.cm2 += n * d->capacity / d->density_gb_per_cm2;
        s->ssd.cm2_gb += n * d->capacity;
    } else {
        s->ssd.gb += n * d->capacity;
    }
}

static void psu_add(struct fac_survey *s, const struct fac_use *use)
{
    double kg = use->part->desc.mass_kg;

    s->n_psu += use->units;
    if (kg > 0)
        s->psu_kg += kg * use->units;
    else
        s->psu_unweighed += use->units;
}

static void no_factor_add(uint32_t *sum, uint32_t units)
{
    *sum = units > UINT32_MAX - *sum ? UINT32_MAX : *sum + units;
}

static void
use_add(struct fac_survey *s, const struct fac_unit *u,
        const struct fac_use *use)
{
    switch (use->part->desc.kind) {
    case CALC_CPU:
        cpu_add(s, use);
        break;
    case CALC_GPU:
        gpu_add(s, use);
        break;
    case CALC_RAM:
        ram_add(s, u, use);
        break;
    case CALC_HDD:
        s->n_hdd += use->units;
        break;
    case CALC_SSD:
        ssd_add(s, use);
        break;
    case CALC_PSU:
        psu_add(s, use);
        break;
    case CALC_SCREEN:
        s->n_screens += use->units;
        break;
    case CALC_BOARD: /* one of each per computer, whatever is listed */
    case CALC_CHASSIS:
    case CALC_ASSEMBLY:
        break;
    case CALC_TAPE:
    case CALC_NIC:
    case CALC_SWITCH:
    case CALC_OTHER:
    case CALC_KINDS:
        if (use->part->desc.kind < CALC_KINDS)
            no_factor_add(&s->no_factor[use->part->desc.kind], use->units);
        break;
    }
}

/* Sockets, from the unit's own count, its rows, or its cores. */
static void sockets_settle(struct fac_survey *s, const struct fac_unit *u)
{
    int per_cpu =
            s->n_cpu && s->cpu[0].part->cpu ? s->cpu[0].part->cpu->cores : 0;

    s->cpu_known = s->n_cpu || u->cpu_count >= 0 || u->cpu_cores > 0;
    s->cpu_count_known = u->cpu_count >= 0 || s->cpu_units > 1 ||
                         u->category == CALC_PART_LOT;
    if (u->cpu_count == 0) {
        s->n_cpu = 0;
        s->cpu_more = false;
    }
    if (u->cpu_count >= 0) {
        if (s->n_cpu && u->cpu_count > s->cpu_units)
            s->cpu[0].units += u->cpu_count - s->cpu_units;
        if (!s->n_cpu || u->cpu_count > s->cpu_units)
            s->cpu_units = u->cpu_count;
    } else if (
            s->n_cpu == 1 && !s->cpu_count_known && per_cpu > 0 &&
            u->cpu_cores > 0 && u->cpu_cores % per_cpu == 0) {
        s->cpu_units = s->cpu[0].units = u->cpu_cores / per_cpu;
        s->cpu_count_known = true;
    }
}

static double gib_of(const struct fac_modules *m)
{
    double gib = m->cm2_gb;

    for (int g = 0; g < FAC_RAM_GENS; g++)
        gib += m->gb[g];
    return gib;
}

void fac_survey(const struct fac_unit *u, struct fac_survey *out)
{
    struct fac_survey *s = out;
    s->n_cpu = s->n_gpu = 0;
    s->cpu_more = s->gpu_more = s->soc = false;
    s->cpu_units = s->gpu_gb = s->n_hdd = s->n_screens = 0;
    s->gen = FAC_RAM_UNKNOWN;
    s->ram = (struct fac_modules){0};
    s->ssd = (struct fac_flash){0};
    s->n_psu = s->psu_kg = s->psu_unweighed = 0;
    for (int k = 0; k < CALC_KINDS; k++)
        s->no_factor[k] = 0;
    s->ram_known = true;
    s->racked = u->chassis == CALC_RACK || u->chassis == CALC_BLADE ||
                (u->chassis == CALC_CHASSIS_UNKNOWN && fac_serves(u->category));
    for (size_t i = 0; i < u->n_uses; i++)
        use_add(s, u, &u->uses[i]);

    if (!knows(u, CALC_RAM) && !(s->ram.n > 0))
        s->ram_known = false;
    s->psu_known = s->n_psu > 0 || knows(u, CALC_PSU);
    s->unknown_kinds =
            (knows(u, CALC_HDD) || s->n_hdd > 0 ? 0 : 1u << CALC_HDD) |
            (knows(u, CALC_SSD) || s->ssd.n > 0 ? 0 : 1u << CALC_SSD) |
            (knows(u, CALC_GPU) || s->n_gpu ? 0 : 1u << CALC_GPU);
    sockets_settle(s, u);
    /* A platform of early DDR4 that was made later holds later modules: once
     * the generation is known, the date tells the density [2.3]. */
    if (s->gen == FAC_DDR4_EARLY && u->year >= DDR4_LATE_YEAR)
        s->gen = FAC_DDR4_LATE_OR_5;
    /* A module's own text goes first; else what the CPU takes. */
    s->ram.gb[s->gen] += s->gen ? s->ram.gb[FAC_RAM_UNKNOWN] : 0;
    s->ram.gb[FAC_RAM_UNKNOWN] = s->gen ? 0 : s->ram.gb[FAC_RAM_UNKNOWN];
    if (s->soc) {
        s->n_cpu = 0;
        s->cpu_more = false;
        s->cpu_units = 0;
        s->cpu_count_known = true;
        if (gib_of(&s->ram) <= s->gpu_gb * SHARED_MEMORY_ROOM)
            s->ram = (struct fac_modules){0};
    }
}
