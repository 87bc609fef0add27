/* SPDX-License-Identifier: Apache-2.0
 * Approach C: the lines of one unit from its parts, with what they share. */
#include "factors/assess_priv.h"

/* ---- one line ----------------------------------------------------------- */

static struct calc_line line_empty(enum calc_kind kind)
{
    struct calc_line l;

    l.kind = kind;
    for (int c = 0; c < CALC_CRITERIA; c++)
        l.kg[c] = 0;
    l.own_var_kg2 = 0;
    l.n_shared = 0;
    return l;
}

void fac_line_share(struct calc_line *l, int id, double sd_kg)
{
    int i = 0;

    if (!(fabs(sd_kg) > 0))
        return;
    while (i < l->n_shared && l->shared[i].id != id)
        i++;
    if (i == CALC_LINE_SHARED) {
        /* No place: added to the last part, as if wholly correlated. */
        l->shared[i - 1].sd_kg += sd_kg;
        return;
    }
    if (i == l->n_shared) {
        l->shared[i].id = id;
        l->shared[i].sd_kg = 0;
        l->n_shared++;
    }
    l->shared[i].sd_kg += sd_kg;
}

static void
line_add_term(struct calc_line *l, const struct fac_term *t, double n)
{
    for (int c = 0; c < CALC_CRITERIA; c++)
        l->kg[c] += n * t->kg[c];
    fac_line_share(l, t->id, n * t->kg[CALC_GWP] * t->sd_frac);
}

/* n units of a part's own line. */
static void
line_add(struct calc_line *l, const struct calc_line *unit, double n)
{
    for (int c = 0; c < CALC_CRITERIA; c++)
        l->kg[c] += n * unit->kg[c];
    l->own_var_kg2 += n * n * unit->own_var_kg2;
    for (int i = 0; i < unit->n_shared; i++)
        fac_line_share(l, unit->shared[i].id, n * unit->shared[i].sd_kg);
}

/* ---- amounts ------------------------------------------------------------ */

struct fac_amounts
fac_ram_amounts(const struct fac_hot *h, const struct fac_modules *m)
{
    const struct fac_term *base = &h->key[FAC_K_RAM_BASE],
                          *die = &h->key[FAC_K_RAM_DIE];
    struct fac_amounts a = {
            .base = m->n,
            .slope = m->cm2,
            .rule = {FAC_DONE_RAM_DENSITY, FAC_DONE_RAM_MODULES},
    };

    for (int g = 0; g < FAC_RAM_GENS; g++) {
        const struct fac_range *r = &h->ram_density[g];
        double cm2 = m->gb[g] / r->used;

        if (!(cm2 > 0))
            continue;
        a.slope += cm2;
        a.rule_sd_kg[0] += cm2 * die->kg[CALC_GWP] * h->ram_density_sd[g];
    }
    if (m->total_hi > m->total_lo) {
        double point = m->total_n;
        double s = calc_range_sigma(m->total_lo, m->total_hi, &point);

        a.rule_sd_kg[1] = m->total_n * base->kg[CALC_GWP] *
                          sqrt(calc_rel_var(s) * (1 + base->v));
    }
    return a;
}

struct fac_amounts
fac_ssd_amounts(const struct fac_hot *h, const struct fac_flash *f)
{
    const struct fac_term *die = &h->key[FAC_K_SSD_DIE];
    const struct fac_range *d = &h->ssd_density, *size = &h->ssd_size;
    double unsized_cm2 = f->unsized * size->used / d->used;
    double cm2 = f->gb / d->used + unsized_cm2;

    return (struct fac_amounts){
            .base = f->n,
            .slope = f->cm2 + cm2,
            .rule_sd_kg =
                    {cm2 * die->kg[CALC_GWP] * h->ssd_density_sd,
                     unsized_cm2 * die->kg[CALC_GWP] * h->ssd_size_sd},
            .rule = {FAC_DONE_SSD_DENSITY, FAC_DONE_SSD_SIZE},
    };
}

void fac_line_of(
        const struct fac_hot *h, enum calc_kind kind, enum fac_key base,
        enum fac_key slope, const struct fac_amounts *a, struct calc_line *out)
{
    *out = line_empty(kind);
    line_add_term(out, &h->key[base], a->base);
    line_add_term(out, &h->key[slope], a->slope);
    for (int i = 0; i < 2; i++)
        fac_line_share(out, h->done_id[a->rule[i]], a->rule_sd_kg[i]);
}

/* ---- the lines of a unit ------------------------------------------------ */

struct build {
    const struct fac_pack *p;
    const struct fac_hot *h;
    const struct fac_unit *u;
    const struct fac_survey *s;
    struct fac_assessment *a;
    bool complete;
    double dqr_sum, dqr_kg;
};

static struct calc_line *line_new(struct build *b, enum calc_kind kind)
{
    struct calc_line *l = &b->a->lines[b->a->n_lines++];

    *l = line_empty(kind);
    return l;
}

/* Whether a completed input still leaves the parts "known" [2.4 rule 2]. That
 * a case, or a card's die, is counted by a range is the factor's doing, and
 * no inventory states the number of supplies or their mass [D]. */
static bool stays_complete(enum fac_done d)
{
    switch (d) {
    case FAC_DONE_RAM_DENSITY:
    case FAC_DONE_SSD_DENSITY:
    case FAC_DONE_CPU_FAMILY_CORES:
    case FAC_DONE_CPU_FAMILY:
    case FAC_DONE_PSU_MASS:
    case FAC_DONE_PSU_COUNT:
    case FAC_DONE_GPU_AREA:
        return true;
    default:
        return false;
    }
}

static void done_add(
        struct build *b, enum fac_done d, enum calc_kind kind,
        const struct fac_range *r)
{
    struct fac_assessment *a = b->a;

    b->complete = b->complete && stays_complete(d);
    for (int i = 0; i < a->n_dones; i++)
        if (a->dones[i].done == d && a->dones[i].kind == kind)
            return; /* the first of several models stands for them */
    if (a->n_dones == FAC_MAX_DONES)
        return;
    a->dones[a->n_dones].done = d;
    a->dones[a->n_dones].kind = kind;
    a->dones[a->n_dones].used = r->used;
    a->dones[a->n_dones].low = r->low;
    a->dones[a->n_dones].high = r->high;
    a->n_dones++;
}

/* Counts kg towards the mean pedigree score of the factor k [11.5]. */
static void score_line(struct build *b, enum fac_key k, double kg)
{
    if (isnan(b->h->key[k].dqr))
        return;
    b->dqr_kg += kg;
    b->dqr_sum += kg * b->h->key[k].dqr;
}

static void scored(struct build *b, enum fac_key k, double n)
{
    score_line(b, k, n * b->h->key[k].kg[CALC_GWP]);
}

/* CPUs that no row describes well enough: the unit's cores, or nothing. */
static void cpus_unnamed(struct build *b, struct calc_line *l, double n)
{
    const struct fac_term *die = &b->h->key[FAC_K_CPU_DIE];
    enum fac_done done;
    bool counted = b->s->cpu_count_known && b->s->cpu_units > 0;
    struct fac_range r =
            fac_unnamed_die(b->p, b->u, counted ? b->s->cpu_units : n, &done);

    line_add_term(l, &b->h->key[FAC_K_CPU_BASE], n);
    line_add_term(l, die, n * r.used);
    fac_line_share(
            l, b->h->done_id[done],
            n * r.used * die->kg[CALC_GWP] * sqrt(r.v * (1 + die->v)));
    done_add(b, done, CALC_CPU, &r);
}

static void cpu_row(struct build *b, const struct fac_part *part, double n)
{
    struct calc_line *l = line_new(b, CALC_CPU);

    if (part->done == FAC_DONE_CPU_NOTHING && b->u->cpu_cores > 0) {
        cpus_unnamed(b, l, n);
    } else {
        struct fac_range die = {
                part->die_mm2, part->die_lo_mm2, part->die_hi_mm2, 0};

        line_add(l, &part->unit, n);
        if (part->done >= 0)
            done_add(b, (enum fac_done)part->done, CALC_CPU, &die);
    }
    score_line(b, FAC_K_CPU_DIE, l->kg[CALC_GWP]);
}

/* Parts beyond the rows of the survey go into the kind's last line. */
static void rest_of(struct build *b, enum calc_kind kind)
{
    const struct fac_survey *s = b->s;
    struct calc_line *l = &b->a->lines[b->a->n_lines - 1];
    int n = kind == CALC_CPU ? s->n_cpu : s->n_gpu;

    for (size_t i = 0; i < b->u->n_uses; i++) {
        const struct fac_use *use = &b->u->uses[i];
        bool has_row = use->part->desc.kind != kind;

        for (int k = 0; k < n && !has_row; k++)
            has_row = use->part ==
                      (kind == CALC_CPU ? s->cpu[k].part : s->gpu[k].part);
        if (!has_row)
            line_add(l, &use->part->unit, use->units);
    }
}

static void cpu_lines(struct build *b)
{
    const struct fac_survey *s = b->s;
    struct fac_range count = {s->cpu_units, s->cpu_units, s->cpu_units, 0};
    int first = b->a->n_lines;

    if (!s->cpu_known || (s->cpu_count_known && !(s->cpu_units > 0)))
        return;
    if (!s->cpu_count_known)
        count = fac_cpu_count(b->h, b->u, s);
    for (int i = 0; i < s->n_cpu; i++)
        cpu_row(b, s->cpu[i].part,
                s->cpu_count_known ? s->cpu[i].units : count.used);
    if (!s->n_cpu) {
        struct calc_line *l = line_new(b, CALC_CPU);

        cpus_unnamed(b, l, count.used);
        score_line(b, FAC_K_CPU_DIE, l->kg[CALC_GWP]);
    }
    if (s->cpu_more)
        rest_of(b, CALC_CPU);
    if (s->cpu_count_known)
        return;
    done_add(b, FAC_DONE_CPU_COUNT, CALC_CPU, &count);
    for (int i = first; i < b->a->n_lines; i++) {
        struct calc_line *l = &b->a->lines[i];
        double var = 0, kg = l->kg[CALC_GWP];

        for (int k = 0; k < l->n_shared; k++)
            var += l->shared[k].sd_kg * l->shared[k].sd_kg;
        fac_line_share(
                l, b->h->done_id[FAC_DONE_CPU_COUNT],
                sqrt(count.v * (kg * kg + var)));
    }
}

static void gpu_lines(struct build *b)
{
    const struct fac_survey *s = b->s;

    for (int i = 0; i < s->n_gpu; i++) {
        const struct fac_part *part = s->gpu[i].part;
        struct calc_line *l = line_new(b, CALC_GPU);

        line_add(l, &part->unit, s->gpu[i].units);
        score_line(b, FAC_K_GPU_DIE, l->kg[CALC_GWP]);
        if (part->done >= 0) {
            struct fac_range r = {
                    part->die_mm2, part->die_lo_mm2, part->die_hi_mm2, 0};

            done_add(
                    b, (enum fac_done)part->done, CALC_GPU,
                    part->done == FAC_DONE_GPU_NOTHING ? &b->h->card : &r);
        }
    }
    if (s->gpu_more)
        rest_of(b, CALC_GPU);
}

static void ram_line(struct build *b)
{
    const struct fac_modules *m = &b->s->ram;
    struct fac_amounts a = fac_ram_amounts(b->h, m);

    if (!(m->n > 0))
        return;
    fac_line_of(
            b->h, CALC_RAM, FAC_K_RAM_BASE, FAC_K_RAM_DIE, &a,
            line_new(b, CALC_RAM));
    scored(b, FAC_K_RAM_BASE, a.base);
    scored(b, FAC_K_RAM_DIE, a.slope);
    for (int g = 0; g < FAC_RAM_GENS; g++)
        if (m->gb[g] > 0)
            done_add(b, FAC_DONE_RAM_DENSITY, CALC_RAM, &b->h->ram_density[g]);
    if (m->total_n > 0)
        done_add(
                b, FAC_DONE_RAM_MODULES, CALC_RAM,
                &(struct fac_range){m->total_n, m->total_lo, m->total_hi, 0});
}

static void disk_lines(struct build *b)
{
    const struct fac_flash *f = &b->s->ssd;
    struct fac_amounts a = fac_ssd_amounts(b->h, f);

    if (b->s->n_hdd > 0) {
        line_add_term(
                line_new(b, CALC_HDD), &b->h->key[FAC_K_HDD], b->s->n_hdd);
        scored(b, FAC_K_HDD, b->s->n_hdd);
    }
    if (!(f->n > 0))
        return;
    fac_line_of(
            b->h, CALC_SSD, FAC_K_SSD_BASE, FAC_K_SSD_DIE, &a,
            line_new(b, CALC_SSD));
    scored(b, FAC_K_SSD_BASE, a.base);
    scored(b, FAC_K_SSD_DIE, a.slope);
    if (f->gb + f->unsized > 0)
        done_add(b, FAC_DONE_SSD_DENSITY, CALC_SSD, &b->h->ssd_density);
    if (f->unsized > 0)
        done_add(b, FAC_DONE_SSD_SIZE, CALC_SSD, &b->h->ssd_size);
}

static void psu_line(struct build *b)
{
    const struct fac_survey *s = b->s;
    const struct fac_range *mass = &b->h->psu_mass;
    const struct fac_term *t = &b->h->key[FAC_K_PSU];
    struct fac_range count = {s->n_psu, s->n_psu, s->n_psu, 0};
    double weighed_kg = s->psu_kg, unweighed = s->psu_unweighed, kg;
    struct calc_line *l;

    if (!s->psu_known)
        count = fac_psu_count(b->h, b->u, s);
    if (!(count.used > 0))
        return;
    if (!s->psu_known)
        unweighed = count.used;
    l = line_new(b, CALC_PSU);
    line_add_term(l, t, weighed_kg + unweighed * mass->used);
    scored(b, FAC_K_PSU, weighed_kg + unweighed * mass->used);
    kg = unweighed * mass->used * t->kg[CALC_GWP];
    fac_line_share(
            l, b->h->done_id[FAC_DONE_PSU_MASS],
            kg * sqrt(mass->v * (1 + t->v)));
    fac_line_share(
            l, b->h->done_id[FAC_DONE_PSU_COUNT],
            kg * sqrt(count.v * (1 + mass->v) * (1 + t->v)));
    if (unweighed > 0)
        done_add(b, FAC_DONE_PSU_MASS, CALC_PSU, mass);
    if (!s->psu_known)
        done_add(b, FAC_DONE_PSU_COUNT, CALC_PSU, &count);
}

static void case_line(struct build *b)
{
    const struct fac_term *rack = &b->h->key[FAC_K_RACK];
    enum fac_case how;
    struct fac_range r = fac_case_of(b->h, b->u, &how);
    double frac = r.used / rack->kg[CALC_GWP];
    struct calc_line *l;

    if (!(r.used > 0))
        return;
    l = line_new(b, CALC_CHASSIS);
    if (b->u->chassis == CALC_BLADE) {
        line_add_term(l, &b->h->key[FAC_K_BLADE], 1);
        line_add_term(l, &b->h->key[FAC_K_ENCLOSURE], 1 / FAC_BLADE_SLOTS);
        score_line(b, FAC_K_BLADE, l->kg[CALC_GWP]);
        return;
    }
    if (how == FAC_CASE_OPEN) {
        line_add_term(l, &b->h->key[FAC_K_OPEN], 1);
        scored(b, FAC_K_OPEN, 1);
        return;
    }
    /* A case without a row of its own is so much of a rack case [2.3]. */
    line_add_term(l, rack, frac);
    scored(b, FAC_K_RACK, frac);
    if (how != FAC_CASE_RANGE)
        return;
    fac_line_share(
            l, b->h->done_id[FAC_DONE_CASE],
            r.used * sqrt(r.v * (1 + rack->v)));
    /* A known tower is a known field: only its factor is a range. */
    {
        bool complete = b->complete;

        done_add(b, FAC_DONE_CASE, CALC_CHASSIS, &r);
        if (b->u->chassis != CALC_CHASSIS_UNKNOWN)
            b->complete = complete;
    }
}

bool fac_lines_build(
        const struct fac_pack *p, const struct fac_unit *u,
        const struct fac_survey *s, bool all, struct fac_assessment *out)
{
    struct build b = {
            .p = p, .h = p->hot, .u = u, .s = s, .a = out, .complete = true};

    out->n_lines = out->n_dones = 0;
    cpu_lines(&b);
    gpu_lines(&b);
    ram_line(&b);
    disk_lines(&b);
    if (all) {
        psu_line(&b);
        case_line(&b);
        line_add_term(line_new(&b, CALC_BOARD), &b.h->key[FAC_K_BOARD], 1);
        scored(&b, FAC_K_BOARD, 1);
        line_add_term(
                line_new(&b, CALC_ASSEMBLY), &b.h->key[FAC_K_ASSEMBLY], 1);
        scored(&b, FAC_K_ASSEMBLY, 1);
    }
    out->dqr = b.dqr_kg > 0 ? b.dqr_sum / b.dqr_kg : NAN;
    return b.complete && !s->unknown_kinds;
}

/* n loose boards, cases or assemblies are n times one. */
static void loose(struct build *b, enum calc_kind kind, double n)
{
    struct calc_line one, *l;

    if (kind == CALC_CHASSIS) {
        case_line(b);
    } else {
        enum fac_key k = kind == CALC_BOARD ? FAC_K_BOARD : FAC_K_ASSEMBLY;

        line_add_term(line_new(b, kind), &b->h->key[k], 1);
        scored(b, k, 1);
    }
    if (!b->a->n_lines)
        return;
    l = &b->a->lines[b->a->n_lines - 1];
    one = *l;
    *l = line_empty(kind);
    line_add(l, &one, n);
}

void fac_lot_build(
        const struct fac_pack *p, const struct fac_unit *u,
        const struct fac_survey *s, struct fac_assessment *out)
{
    struct build b = {.p = p, .h = p->hot, .u = u, .s = s, .a = out};
    enum calc_kind kind = u->n_uses ? u->uses[0].part->desc.kind : CALC_KINDS;

    out->n_lines = out->n_dones = 0;
    if (kind == CALC_BOARD || kind == CALC_CHASSIS || kind == CALC_ASSEMBLY) {
        loose(&b, kind, u->uses[0].units);
    } else {
        if (s->cpu_units > 0)
            cpu_lines(&b);
        gpu_lines(&b);
        ram_line(&b);
        disk_lines(&b);
        if (s->n_psu > 0)
            psu_line(&b);
    }
    out->dqr = b.dqr_kg > 0 ? b.dqr_sum / b.dqr_kg : NAN;
}

/* ---- sums --------------------------------------------------------------- */

void fac_lines_sum(struct fac_assessment *a)
{
    for (int c = 0; c < CALC_CRITERIA; c++) {
        a->kg[c] = 0;
        for (int i = 0; i < a->n_lines; i++)
            a->kg[c] += a->lines[i].kg[c];
    }
}

double fac_lines_sigma(const struct calc_line *lines, int n, double kg)
{
    struct {
        int id;
        double sd_kg;
    } by_id[FAC_MAX_LINES * CALC_LINE_SHARED];
    int n_ids = 0;
    double var = 0;

    for (int i = 0; i < n; i++) {
        var += lines[i].own_var_kg2;
        for (int k = 0; k < lines[i].n_shared; k++) {
            int at = 0;

            while (at < n_ids && by_id[at].id != lines[i].shared[k].id)
                at++;
            if (at == n_ids) {
                by_id[n_ids].id = lines[i].shared[k].id;
                by_id[n_ids++].sd_kg = 0;
            }
            by_id[at].sd_kg += lines[i].shared[k].sd_kg;
        }
    }
    for (int i = 0; i < n_ids; i++)
        var += by_id[i].sd_kg * by_id[i].sd_kg;
    return calc_sigma_of_rel_var(var / (kg * kg));
}
