/* SPDX-License-Identifier: Apache-2.0
 * The assessment of one unit: what each approach gives, which one is chosen,
 * and its lines [2.4, 2.5]. */
#include "factors/assess_priv.h"

/* [D] Mean pedigree scores of whole figures: a sheet of that very model
 * (2,2,3,2,1), a category average (3,3,4,2,4) and the average of an unknown
 * model (4,3,4,2,5). */
#define DQR_SHEET 2.0
#define DQR_AVERAGE 3.2
#define DQR_UNKNOWN 3.6
/* [D] A stated figure spreads like the sheets that such figures come from. */
#define STATED_ERR FAC_SHEET_ERR

/* ---- whole figures split over lines ------------------------------------- */

struct share {
    int id;
    double sd_frac;
};

struct whole {
    double kg[CALC_CRITERIA];
    double scale; /* of the sds: the sheet's part of a corrected figure */
    struct share shares[2];
    int n_shares;
    enum calc_kind rest_kind;
};

static void share_whole(struct calc_line *l, const struct whole *w)
{
    for (int i = 0; i < w->n_shares; i++)
        fac_line_share(
                l, w->shares[i].id,
                l->kg[CALC_GWP] * w->shares[i].sd_frac * w->scale);
}

/* Lines of movable parts, in place, become parts of the whole; the rest goes
 * to a line of its own [2.5]. What the parts share matters no more: the
 * figure is the whole's. */
static void split(struct fac_assessment *a, const struct whole *w)
{
    struct calc_line rest = {.kind = w->rest_kind};
    double kg[FAC_MAX_LINES];
    bool some = false;
    int n;

    if (!(w->kg[CALC_GWP] > 0))
        a->n_lines = 0; /* nothing to share out */
    n = a->n_lines;
    for (int c = 0; c < CALC_CRITERIA; c++) {
        for (int i = 0; i < n; i++)
            kg[i] = a->lines[i].kg[c];
        calc_split_whole(w->kg[c], kg, (size_t)n, &rest.kg[c]);
        for (int i = 0; i < n; i++)
            a->lines[i].kg[c] = isnan(w->kg[c]) ? NAN : kg[i];
        some = some || rest.kg[c] > 0;
    }
    if (some || n == 0)
        a->lines[a->n_lines++] = rest;
    for (int i = 0; i < a->n_lines; i++) {
        a->lines[i].own_var_kg2 = 0;
        a->lines[i].n_shared = 0;
        share_whole(&a->lines[i], w);
    }
}

static enum calc_kind rest_kind(const struct fac_unit *u)
{
    switch (u->category) {
    case CALC_SCREEN_UNIT:
        return CALC_SCREEN;
    case CALC_SWITCH_UNIT:
        return CALC_SWITCH;
    case CALC_PART_LOT:
        return u->n_uses && u->uses[0].part->desc.kind < CALC_KINDS
                       ? u->uses[0].part->desc.kind
                       : CALC_OTHER;
    default:
        return CALC_OTHER;
    }
}

static struct whole whole_of(const struct fac_unit *u, double gwp_kg)
{
    return (struct whole){
            .kg = {gwp_kg, NAN, NAN},
            .scale = 1,
            .rest_kind = rest_kind(u),
    };
}

/* ---- estimates ---------------------------------------------------------- */

struct work {
    const struct fac_pack *p;
    const struct fac_hot *h;
    const struct fac_unit *u;
    struct fac_assessment *a;
    struct fac_survey s;
    struct fac_correction corr;
    enum calc_category average_as; /* category whose average applies */
    bool complete;
};

/* Screens on a desk are counted by their own average beside the machine; a
 * screen does not count itself. */
static double screens_of(const struct work *w)
{
    const struct fac_average *avg = w->h->average[FAC_B_MAIN][CALC_SCREEN_UNIT];

    return avg && !fac_is_screen(w->u->category) ? w->s.n_screens : 0;
}

static double sheet_sd_frac(const struct work *w, const struct fac_pcf *pcf)
{
    return w->h->sheet_sd_frac[pcf - w->p->pcfs];
}

static void estimate_a(struct work *w)
{
    const struct fac_pcf *pcf = fac_sheet_of(w->u);
    struct fac_estimate *e = &w->a->by[CALC_A];
    double sd, var;

    w->corr.n = 0;
    w->corr.kg = 0;
    if (!pcf)
        return;
    fac_correct(w->p, w->u, &w->s, &w->corr);
    if (!(pcf->nonuse_kg + w->corr.kg > 0)) {
        /* The sheet's own parts weigh more than the sheet: no use here. */
        w->a->flags |= FAC_NEGATIVE;
        return;
    }
    e->has = true;
    e->set = pcf->set;
    e->kg[CALC_GWP] = pcf->nonuse_kg + w->corr.kg;
    sd = pcf->nonuse_kg * sheet_sd_frac(w, pcf);
    var = sd * sd;
    for (int i = 0; i < w->corr.n; i++)
        for (int k = 0; k < w->corr.lines[i].n_shared; k++) {
            sd = w->corr.lines[i].shared[k].sd_kg;
            var += sd * sd;
        }
    e->sigma = calc_sigma_of_rel_var(var / e->kg[CALC_GWP] / e->kg[CALC_GWP]);
}

static void
estimate_b(struct work *w, enum fac_origin o, struct fac_estimate *e)
{
    const struct fac_average *avg = w->h->average[o][w->average_as];

    if (!avg)
        return;
    e->has = true;
    e->set = avg->set;
    for (int c = 0; c < CALC_CRITERIA; c++)
        e->kg[c] = avg->kg[c];
    e->sigma = w->h->spread[o][w->average_as].sigma;
}

/* Approach C needs memory and processors; of what is no computer by its
 * category, a switch say, only those that are there say that it is one. */
static bool adds_up(const struct work *w)
{
    if (fac_is_screen(w->u->category))
        return false;
    if (!calc_is_computer(w->u->category))
        return w->s.n_cpu > 0 && w->s.ram_known && w->s.ram.n > 0;
    return w->s.ram_known && w->s.cpu_known;
}

static void estimate_c(struct work *w)
{
    bool has = adds_up(w);
    struct fac_estimate *e = &w->a->by[CALC_C];

    w->complete = fac_lines_build(w->p, w->u, &w->s, has, w->a) && has;
    if (!has)
        return;
    fac_lines_sum(w->a);
    e->has = true;
    for (int c = 0; c < CALC_CRITERIA; c++)
        e->kg[c] = w->a->kg[c];
    e->sigma = fac_lines_sigma(w->a->lines, w->a->n_lines, w->a->kg[CALC_GWP]);
    e->set = w->h->key[FAC_K_CPU_BASE].row->set;
}

/* The lines of approach C are in place; what does not move is dropped. */
static void keep_movable(struct work *w)
{
    int n = 0;

    while (n < w->a->n_lines && w->a->lines[n].kind <= CALC_SSD)
        n++;
    w->a->n_lines = n;
    w->a->n_dones = 0;
}

/* ---- the chosen approach ------------------------------------------------ */

static void correct_lines(struct work *w)
{
    struct fac_assessment *a = w->a;

    for (int i = 0; i < w->corr.n; i++) {
        const struct calc_line *from = &w->corr.lines[i];
        int at = 0;

        while (at < a->n_lines - 1 && a->lines[at].kind != from->kind)
            at++; /* the last line takes what has no line of its kind */
        for (int k = 0; k < from->n_shared; k++)
            fac_line_share(
                    &a->lines[at], from->shared[k].id, from->shared[k].sd_kg);
    }
}

static void choose_a(struct work *w)
{
    const struct fac_pcf *pcf = fac_sheet_of(w->u);
    double kg = w->a->by[CALC_A].kg[CALC_GWP];
    struct whole whole = whole_of(w->u, kg);

    whole.scale = pcf->nonuse_kg / kg;
    whole.shares[0] = (struct share){pcf->shared_id, sheet_sd_frac(w, pcf)};
    whole.n_shares = 1;
    split(w->a, &whole);
    correct_lines(w);
    if (w->corr.n)
        w->a->flags |= FAC_MIXED_SETS;
    w->a->dqr = DQR_SHEET;
}

static struct whole average_whole(
        const struct work *w, enum calc_category c, bool unknown,
        const struct fac_product *product)
{
    const struct fac_average *avg = w->h->average[FAC_B_MAIN][c];
    const struct fac_spread *spread = &w->h->spread[FAC_B_MAIN][c];
    struct whole whole = whole_of(w->u, NAN);

    for (int k = 0; k < CALC_CRITERIA; k++)
        whole.kg[k] = avg->kg[k];
    whole.shares[0] = (struct share){avg->set_id, spread->set_sd_frac};
    whole.shares[1].id = product ? fac_product_id(w->p, product, c)
                                 : fac_id_unknown_model(w->p, c);
    whole.shares[1].sd_frac =
            unknown ? spread->unknown_sd_frac : spread->model_sd_frac;
    whole.n_shares = 2;
    return whole;
}

static void choose_b(struct work *w)
{
    bool unknown = w->a->choice.unknown_model;
    struct whole whole = average_whole(
            w, w->average_as, unknown,
            fac_model_known(w->u) ? w->u->product : NULL);

    split(w->a, &whole);
    if (unknown) {
        w->a->flags |= FAC_UNKNOWN_MODEL;
        w->a->by[CALC_B].sigma =
                w->h->spread[FAC_B_MAIN][w->average_as].unknown_sigma;
    }
    w->a->dqr = unknown ? DQR_UNKNOWN : DQR_AVERAGE;
}

/* One figure is stated for a model, however many lines repeat it and however
 * many parts it is split over: they err together. */
static void choose_stated(struct work *w)
{
    struct whole whole = whole_of(w->u, w->u->stated_kg);

    whole.shares[0] = (struct share){
            fac_product_id(
                    w->p, fac_model_known(w->u) ? w->u->product : NULL,
                    w->u->category),
            sqrt(calc_rel_var(log(calc_gsd_of_rel_sd(STATED_ERR))))};
    whole.n_shares = 1;
    split(w->a, &whole);
    if (w->u->stated_kg < 0)
        w->a->flags |= FAC_NEGATIVE;
    w->a->dqr = NAN;
}

static void screens_add(struct work *w)
{
    double n = screens_of(w);
    struct fac_assessment *a = w->a;
    struct calc_line *l = &a->lines[a->n_lines];
    struct whole whole;

    if (!(n > 0) || a->choice.approach == CALC_STATED)
        return;
    whole = average_whole(w, CALC_SCREEN_UNIT, false, NULL);
    *l = (struct calc_line){.kind = CALC_SCREEN};
    for (int c = 0; c < CALC_CRITERIA; c++)
        l->kg[c] = n * whole.kg[c];
    share_whole(l, &whole);
    a->n_lines++;
}

static void
no_factor_add(struct fac_assessment *a, enum calc_kind kind, uint32_t units)
{
    if (!units)
        return;
    a->no_factor[a->n_no_factor].kind = kind;
    a->no_factor[a->n_no_factor++].units = units;
    a->flags |= FAC_NO_FACTOR_PARTS;
}

static void choose_c(struct work *w)
{
    struct fac_assessment *a = w->a;

    a->unknown_kinds = w->s.unknown_kinds;
    if (a->unknown_kinds)
        a->flags |= FAC_PARTS_UNKNOWN;
    for (int k = 0; k < CALC_KINDS; k++)
        no_factor_add(a, (enum calc_kind)k, w->s.no_factor[k]);
}

static void choose(struct work *w)
{
    struct fac_assessment *a = w->a;
    struct calc_choice_in in = {
            .category = w->u->category,
            .chassis = w->u->chassis,
            .stated = !isnan(w->u->stated_kg),
            .has_a = a->by[CALC_A].has,
            .has_b = a->by[CALC_B].has,
            .has_c = a->by[CALC_C].has,
            .c_complete = w->complete,
            .anything_known = fac_model_known(w->u) || w->u->n_uses ||
                              w->u->cpu_count > 0 || w->u->cpu_cores > 0,
    };

    if (in.category == CALC_PART_LOT)
        in.category = CALC_SCREEN_UNIT; /* the only lot that comes here */
    a->choice = calc_choose(&in);
    if (a->choice.approach != CALC_C)
        keep_movable(w);
    switch (a->choice.approach) {
    case CALC_A:
        choose_a(w);
        break;
    case CALC_B:
        choose_b(w);
        break;
    case CALC_C:
        choose_c(w);
        break;
    case CALC_STATED:
        choose_stated(w);
        break;
    default:
        a->n_lines = 0;
        a->dqr = NAN;
        no_factor_add(
                a, CALC_SCREEN, (uint32_t)fmin(screens_of(w), UINT32_MAX));
        break;
    }
}

static void estimate_add_screens(
        const struct work *w, enum fac_origin o, struct fac_estimate *e)
{
    const struct fac_average *avg = w->h->average[o][CALC_SCREEN_UNIT];
    double n = screens_of(w), sd, var;

    if (!e->has || !(n > 0) || !avg)
        return;
    sd = n * avg->kg[CALC_GWP];
    var = sd * sd * calc_rel_var(w->h->spread[o][CALC_SCREEN_UNIT].sigma);
    sd = e->kg[CALC_GWP];
    var += sd * sd * calc_rel_var(e->sigma);
    for (int c = 0; c < CALC_CRITERIA; c++)
        e->kg[c] += n * avg->kg[c];
    sd = e->kg[CALC_GWP];
    e->sigma = calc_sigma_of_rel_var(var / (sd * sd));
}

/* A row of several loose screens. */
static void scale(struct fac_assessment *a, double n)
{
    for (int i = 0; i < a->n_lines; i++) {
        struct calc_line *l = &a->lines[i];

        l->own_var_kg2 *= n * n;
        for (int k = 0; k < l->n_shared; k++)
            l->shared[k].sd_kg *= n;
        for (int c = 0; c < CALC_CRITERIA; c++)
            l->kg[c] *= n;
    }
    for (int c = 0; c < CALC_CRITERIA; c++) {
        for (int i = 0; i < 3; i++)
            a->by[i].kg[c] *= n;
        a->b_other.kg[c] *= n;
    }
}

/* The figure of the choice, screens included, is the sum of its lines. */
static void settle(struct work *w)
{
    struct fac_assessment *a = w->a;
    enum calc_approach by = a->choice.approach;

    for (int i = 0; i < 3; i++)
        estimate_add_screens(w, FAC_B_MAIN, &a->by[i]);
    estimate_add_screens(w, FAC_B_OTHER, &a->b_other);
    if (w->u->category == CALC_PART_LOT && w->u->uses[0].units > 1)
        scale(a, w->u->uses[0].units);
    if (by == CALC_NONE)
        return;
    screens_add(w);
    fac_lines_sum(a);
    if (by == CALC_STATED)
        return;
    for (int c = 0; c < CALC_CRITERIA; c++)
        a->by[by].kg[c] = a->kg[c];
    if (screens_of(w) > 0)
        a->by[by].sigma =
                fac_lines_sigma(a->lines, a->n_lines, a->kg[CALC_GWP]);
}

static void compare(struct work *w)
{
    struct fac_assessment *a = w->a;
    double gwp[3];

    for (int i = 0; i < 3; i++)
        gwp[i] = a->by[i].has ? a->by[i].kg[CALC_GWP] : NAN;
    a->discrepancy = calc_discrepancy(gwp[0], gwp[1], gwp[2]);
    if (a->discrepancy > 2)
        a->flags |= FAC_DISCREPANCY;
}

static void machine(struct work *w)
{
    w->average_as =
            w->u->category == CALC_PART_LOT ? CALC_SCREEN_UNIT : w->u->category;
    fac_survey(w->u, &w->s);
    estimate_c(w);
    estimate_a(w);
    estimate_b(w, FAC_B_MAIN, &w->a->by[CALC_B]);
    estimate_b(w, FAC_B_OTHER, &w->a->b_other);
    compare(w);
    choose(w);
    settle(w);
}

/* ---- lots of parts and virtual machines --------------------------------- */

static struct calc_choice none(const char *reason)
{
    return (struct calc_choice){CALC_NONE, 6, false, reason};
}

/* The line of one loose part; the unit's board, case and supply are not
 * there. */
static void lot(struct work *w)
{
    struct fac_assessment *a = w->a;

    fac_survey(w->u, &w->s);
    fac_lot_build(w->p, w->u, &w->s, a);
    for (int k = 0; k < CALC_KINDS; k++)
        no_factor_add(a, (enum calc_kind)k, w->s.no_factor[k]);
    if (!isnan(w->u->stated_kg)) {
        a->choice = calc_choose(&(struct calc_choice_in){.stated = true});
        a->n_lines = a->n_dones = a->n_no_factor = 0;
        a->flags &= ~(unsigned)FAC_NO_FACTOR_PARTS;
        choose_stated(w);
        fac_lines_sum(a);
        return;
    }
    if (!a->n_lines) {
        a->choice = none("No factor exists for this kind of part, or what it "
                         "needs is not known, so the lot is listed among the "
                         "exclusions without a figure.");
        a->dqr = NAN;
        return;
    }
    a->choice = (struct calc_choice){
            CALC_C, 2, false,
            "This is a loose part, counted by the formula of its kind."};
    fac_lines_sum(a);
    a->by[CALC_C].has = true;
    for (int c = 0; c < CALC_CRITERIA; c++)
        a->by[CALC_C].kg[c] = a->kg[c];
    a->by[CALC_C].sigma =
            fac_lines_sigma(a->lines, a->n_lines, a->kg[CALC_GWP]);
    a->by[CALC_C].set = w->h->key[FAC_K_CPU_BASE].row->set;
}

static void clear(struct fac_assessment *a)
{
    static const struct fac_estimate no_estimate = {
            .kg = {NAN, NAN, NAN}, .sigma = NAN};

    for (int i = 0; i < 3; i++)
        a->by[i] = no_estimate;
    a->b_other = no_estimate;
    a->choice = none("");
    a->flags = 0;
    a->unknown_kinds = 0;
    a->discrepancy = NAN;
    for (int c = 0; c < CALC_CRITERIA; c++)
        a->kg[c] = NAN;
    a->dqr = NAN;
    a->n_lines = a->n_dones = a->n_no_factor = 0;
}

void fac_assess(
        const struct fac_pack *p, const struct fac_unit *u,
        struct fac_assessment *out)
{
    struct work w;

    w.p = p;
    w.h = p->hot;
    w.u = u;
    w.a = out;
    clear(out);
    if (u->is_virtual)
        out->choice = none("A virtual machine has no fabrication of its own.");
    else if (u->category == CALC_PART_LOT && rest_kind(u) != CALC_SCREEN)
        lot(&w);
    else
        machine(&w);
}
