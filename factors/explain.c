/* SPDX-License-Identifier: Apache-2.0
 * "Why this number": each line of an assessment as formula, figures and the
 * row they come from. */
#include "factors/assess_priv.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/num.h"

enum { DIGITS = 7 };

struct text {
    char s[NUM_TEXT];
};

/* Up to seven significant digits, whatever the locale. */
static struct text num(double value)
{
    struct text t;
    double scale = 1;

    if (isfinite(value) && fabs(value) > 0) {
        scale = pow(10, DIGITS - 1 - floor(log10(fabs(value))));
        value = round(value * scale) / scale;
    }
    num_print(value, t.s);
    return t;
}
#define N(value) (num(value).s)

struct steps {
    const struct fac_pack *p;
    const struct fac_hot *h;
    const struct fac_unit *u;
    const struct fac_assessment *a;
    struct fac_survey s;
    struct fac_step *out;
    int n, cpu, gpu; /* steps so far; rows of the survey so far */
};

static struct fac_step *
step_new(struct steps *x, enum calc_kind kind, double kg)
{
    struct fac_step *s = &x->out[x->n++];

    *s = (struct fac_step){.kind = kind, .kg = kg, .formula = ""};
    return s;
}

/* What does not fit is cut: the kilograms stand beside it. */
__attribute__((format(printf, 2, 3))) static void
fill(struct fac_step *s, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(s->filled, sizeof s->filled, fmt, ap);
    va_end(ap);
}

static void
from_factor(struct fac_step *s, const struct fac_hot *h, enum fac_key k)
{
    const struct fac_factor *f = h->key[k].row;

    s->factor = f;
    s->set = f->set->id;
    s->version = f->set->version;
    s->source = f->source;
    s->grade = f->confidence;
}

static double gwp(const struct steps *x, enum fac_key k)
{
    return x->h->key[k].kg[CALC_GWP];
}

/* ---- approach C --------------------------------------------------------- */

static const char *die_words(int done)
{
    switch (done) {
    case FAC_DONE_CPU_FAMILY_CORES:
        return ", mean die of its family at that core count";
    case FAC_DONE_CPU_FAMILY:
        return ", mean die of its family";
    case FAC_DONE_CPU_LINE:
        return ", die by the line over cores";
    case FAC_DONE_CPU_NOTHING:
        return ", die by the line at 24 cores";
    default:
        return "";
    }
}

static void cpu_step(struct steps *x, struct fac_step *s)
{
    const struct fac_part *part =
            x->cpu < x->s.n_cpu ? x->s.cpu[x->cpu].part : NULL;
    double n = part ? x->s.cpu[x->cpu].units : x->s.cpu_units;
    int done = part ? part->done : FAC_DONE_CPU_NOTHING;
    double die_mm2 = part ? part->die_mm2 : NAN;

    if (!x->s.cpu_count_known)
        n = fac_cpu_count(x->h, x->u, &x->s).used;
    if (done == FAC_DONE_CPU_NOTHING) {
        enum fac_done which;

        die_mm2 = fac_unnamed_die(
                          x->p, x->u, x->s.cpu_units > 0 ? x->s.cpu_units : n,
                          &which)
                          .used;
        done = (int)which;
    }
    x->cpu++;
    from_factor(s, x->h, FAC_K_CPU_DIE);
    s->formula = "sockets * (factor per package + factor per mm2 * die area)";
    if (part && part->cpu)
        s->grade = part->cpu->confidence;
    fill(s, "%s * (%s + %s * %s mm2) = %s%s%s%s", N(n),
         N(gwp(x, FAC_K_CPU_BASE)), N(gwp(x, FAC_K_CPU_DIE)), N(die_mm2),
         N(s->kg), part && part->cpu ? ", " : "",
         part && part->cpu ? part->cpu->name : "", die_words(done));
}

static void gpu_step(struct steps *x, struct fac_step *s)
{
    const struct fac_part *part = x->s.gpu[x->gpu].part;
    struct fac_card_basis b;
    struct calc_gpu_split k;
    double kg[CALC_CRITERIA];
    struct text n = num(x->s.gpu[x->gpu].units);

    x->gpu++;
    from_factor(s, x->h, FAC_K_GPU_DIE);
    if (part->gpu)
        s->grade = part->gpu->confidence;
    if (!part->gpu ||
        !fac_card_build(x->p, part->gpu, part->desc.die_mm2, &b)) {
        s->formula = "cards * mean of the cards of the parametric study";
        fill(s, "%s * %s = %s", n.s, N(x->h->card.used), N(s->kg));
        return;
    }
    calc_gpu(&x->h->gpu, &b.card, kg, &k);
    s->formula = "cards * (casing + heatsink + board + die + memory + "
                 "transport + end of life)";
    fill(s, "%s * (%s + %s + %s + %s + %s + %s + %s) = %s, %s%s%s", n.s,
         N(k.casing_kg), N(k.sink_kg), N(k.board_kg), N(k.die_kg), N(k.vram_kg),
         N(k.upstream_kg + k.boat_kg + k.truck_kg + k.plane_kg), N(k.eol_kg),
         N(s->kg), part->gpu->name, b.exact ? "" : " after ",
         b.exact ? "" : b.body->name);
}

/* "12 * 5.22 + 2.2 * 384 GB / 1.2444 = 741.5", or with the area when several
 * densities meet. */
static void memory_step(
        struct steps *x, struct fac_step *s, enum fac_key base,
        enum fac_key die, const struct fac_amounts *a, double gb,
        double density)
{
    char area[2 * NUM_TEXT + 10];

    from_factor(s, x->h, die);
    if (isnan(density))
        snprintf(area, sizeof area, "%s cm2", N(a->slope));
    else
        snprintf(area, sizeof area, "%s GB / %s", N(gb), N(density));
    fill(s, "%s * %s + %s * %s = %s", N(a->base), N(gwp(x, base)),
         N(gwp(x, die)), area, N(s->kg));
}

static void ram_step(struct steps *x, struct fac_step *s)
{
    struct fac_amounts a = fac_ram_amounts(x->h, &x->s.ram);
    double density = NAN, gb = x->s.ram.cm2_gb;
    int kinds = x->s.ram.cm2 > 0;

    if (kinds)
        density = x->s.ram.cm2_gb / x->s.ram.cm2;
    for (int g = 0; g < FAC_RAM_GENS; g++)
        if (x->s.ram.gb[g] > 0) {
            density = x->h->ram_density[g].used;
            gb = x->s.ram.gb[g];
            kinds++;
        }
    s->formula = "modules * factor per module + factor per cm2 * GB / density";
    memory_step(
            x, s, FAC_K_RAM_BASE, FAC_K_RAM_DIE, &a, gb,
            kinds == 1 ? density : NAN);
}

static void ssd_step(struct steps *x, struct fac_step *s)
{
    const struct fac_flash *f = &x->s.ssd;
    struct fac_amounts a = fac_ssd_amounts(x->h, f);
    double gb = f->gb + f->unsized * x->h->ssd_size.used;
    double density = x->h->ssd_density.used;

    if (f->cm2 > 0) {
        density = gb > 0 ? NAN : f->cm2_gb / f->cm2;
        gb = f->cm2_gb;
    }
    s->formula = "drives * factor per drive + factor per cm2 * GB / density";
    memory_step(x, s, FAC_K_SSD_BASE, FAC_K_SSD_DIE, &a, gb, density);
}

static void plain_step(
        struct steps *x, struct fac_step *s, enum fac_key k,
        const char *formula)
{
    double factor = gwp(x, k);

    from_factor(s, x->h, k);
    s->formula = formula;
    fill(s, "%s * %s = %s", N(s->kg / factor), N(factor), N(s->kg));
}

static void case_step(struct steps *x, struct fac_step *s)
{
    enum fac_case how;
    struct fac_range r = fac_case_of(x->h, x->u, &how);

    from_factor(s, x->h, FAC_K_RACK);
    if (how == FAC_CASE_RANGE) {
        s->formula = "no factor for this case: a point of the range of cases";
        fill(s, "%s to %s, point %s = %s", N(r.low), N(r.high), N(r.used),
             N(s->kg));
    } else if (x->u->chassis == CALC_BLADE) {
        from_factor(s, x->h, FAC_K_BLADE);
        s->formula = "blade + enclosure / 16";
        fill(s, "%s + %s / %s = %s", N(gwp(x, FAC_K_BLADE)),
             N(gwp(x, FAC_K_ENCLOSURE)), N(FAC_BLADE_SLOTS), N(s->kg));
    } else if (how == FAC_CASE_OPEN) {
        from_factor(s, x->h, FAC_K_OPEN);
        s->formula = "an open frame counts as a bare chassis";
        fill(s, "%s", N(s->kg));
    } else {
        plain_step(x, s, FAC_K_RACK, "cases * factor per case");
    }
}

static void
average_step(struct steps *x, struct fac_step *s, enum calc_category c)
{
    const struct fac_average *avg = x->h->average[FAC_B_MAIN][c];

    if (!avg)
        return;
    s->formula = "mean over makers of their mean sheet for the category";
    s->set = avg->set->id;
    s->version = avg->set->version;
    s->source = avg->source;
    s->grade = avg->confidence;
    fill(s, "%s * %s = %s (%s: %s)", N(s->kg / avg->kg[CALC_GWP]),
         N(avg->kg[CALC_GWP]), N(s->kg), avg->key,
         avg->makers ? avg->makers : "");
}

static void line_step(struct steps *x, const struct calc_line *l)
{
    struct fac_step *s = step_new(x, l->kind, l->kg[CALC_GWP]);

    switch (l->kind) {
    case CALC_CPU:
        cpu_step(x, s);
        break;
    case CALC_GPU:
        gpu_step(x, s);
        break;
    case CALC_RAM:
        ram_step(x, s);
        break;
    case CALC_SSD:
        ssd_step(x, s);
        break;
    case CALC_HDD:
        plain_step(x, s, FAC_K_HDD, "drives * factor per drive");
        break;
    case CALC_PSU:
        plain_step(x, s, FAC_K_PSU, "mass of the supplies * factor per kg");
        break;
    case CALC_CHASSIS:
        case_step(x, s);
        break;
    case CALC_BOARD:
        plain_step(x, s, FAC_K_BOARD, "boards * factor per board");
        break;
    case CALC_ASSEMBLY:
        plain_step(x, s, FAC_K_ASSEMBLY, "machines * factor per assembly");
        break;
    default:
        average_step(x, s, CALC_SCREEN_UNIT);
        break;
    }
}

/* ---- wholes ------------------------------------------------------------- */

static enum calc_kind whole_kind(const struct steps *x)
{
    /* The remainder is the last line but for screens on the desk; parts that
     * weigh more than the whole leave none. */
    int i = x->a->n_lines - 1;

    if (calc_is_computer(x->u->category))
        return CALC_OTHER;
    if (i > 0 && x->a->lines[i].kind == CALC_SCREEN)
        i--;
    return i >= 0 ? x->a->lines[i].kind : CALC_OTHER;
}

static void sheet_steps(struct steps *x)
{
    const struct fac_pcf *pcf = fac_sheet_of(x->u);
    struct fac_correction corr;
    struct fac_step *s;

    if (!pcf)
        return;
    s = step_new(x, whole_kind(x), pcf->nonuse_kg);
    s->formula = "maker's footprint over the whole life, less its use";
    s->set = pcf->set->id;
    s->version = pcf->set->version;
    s->source = pcf->source;
    fill(s, "%s - %s = %s, %s %s", N(pcf->total_kg),
         N(pcf->total_kg - pcf->nonuse_kg), N(pcf->nonuse_kg), pcf->maker,
         pcf->name);
    fac_correct(x->p, x->u, &x->s, &corr);
    for (int i = 0; i < corr.n; i++) {
        const struct calc_line *l = &corr.lines[i];

        s = step_new(x, l->kind, l->kg[CALC_GWP]);
        from_factor(
                s, x->h,
                l->kind == CALC_RAM   ? FAC_K_RAM_DIE
                : l->kind == CALC_SSD ? FAC_K_SSD_DIE
                                      : FAC_K_HDD);
        s->formula = "parts of this unit less those of the sheet, by the "
                     "bottom-up formula";
        fill(s, "%s, sheet: %s %s = %s", calc_kind_word(l->kind),
             l->kind == CALC_RAM ? pcf->memory : pcf->disk,
             l->kind == CALC_RAM ? "GB" : "", N(s->kg));
    }
}

/* Screens on the desk stand beside a whole figure as a line of their own. */
static void screen_steps(struct steps *x)
{
    const struct calc_line *l = &x->a->lines[x->a->n_lines - 1];

    if (x->a->n_lines > 1 && l->kind == CALC_SCREEN)
        line_step(x, l);
}

int fac_explain(
        const struct fac_pack *p, const struct fac_unit *u,
        const struct fac_assessment *a, struct fac_step steps[FAC_MAX_STEPS])
{
    struct steps x = {.p = p, .h = p->hot, .u = u, .a = a, .out = steps};
    struct fac_step *s;

    if (!a->n_lines)
        return 0;
    fac_survey(u, &x.s);
    switch (a->choice.approach) {
    case CALC_A:
        sheet_steps(&x);
        screen_steps(&x);
        break;
    case CALC_B:
        s = step_new(&x, whole_kind(&x), a->kg[CALC_GWP]);
        if (a->n_lines > 1 && a->lines[a->n_lines - 1].kind == CALC_SCREEN)
            s->kg -= a->lines[a->n_lines - 1].kg[CALC_GWP];
        average_step(
                &x, s,
                u->category == CALC_PART_LOT ? CALC_SCREEN_UNIT : u->category);
        screen_steps(&x);
        break;
    case CALC_C:
        for (int i = 0; i < a->n_lines; i++)
            line_step(&x, &a->lines[i]);
        break;
    case CALC_STATED:
        s = step_new(&x, whole_kind(&x), a->kg[CALC_GWP]);
        s->formula = "figure stated with its source";
        s->source = u->stated_source;
        fill(s, "%s", N(u->stated_kg));
        break;
    default:
        break;
    }
    return x.n;
}
