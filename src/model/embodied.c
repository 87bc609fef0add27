/* SPDX-License-Identifier: Apache-2.0
 * Fabrication: component formulas, product footprints and the choice among
 * the approaches: see docs/method.md#embodied. */
#include "model/model.h"

#define PI 3.14159265358979323846
#define WAFER_RADIUS_MM 150.0
#define SCRIBE_MM 0.2
#define DEFECTS_PER_CM2 0.1
#define MM2_PER_CM2 100.0
#define VRAM_MM2_PER_GB 15.5

/* ---- bottom-up ---------------------------------------------------------- */

void calc_affine_at(
        const struct calc_affine *f, double x, double units,
        double out[CALC_CRITERIA])
{
    for (int c = 0; c < CALC_CRITERIA; c++)
        out[c] = units * (f->base[c] + f->slope[c] * x);
}

double calc_effective_mm2(double die_mm2)
{
    double side = sqrt(die_mm2) + SCRIBE_MM, a = side * side;
    double wafer_mm2 = PI * WAFER_RADIUS_MM * WAFER_RADIUS_MM;
    double dies = wafer_mm2 / a - PI * 2 * WAFER_RADIUS_MM / sqrt(2 * a);

    if (!(die_mm2 > 0) || !(dies > 0)) /* no die, or none fits the wafer */
        return NAN;
    return wafer_mm2 / dies / exp(-sqrt(a / MM2_PER_CM2 * DEFECTS_PER_CM2));
}

double calc_vram_effective_mm2(double gb, double dies)
{
    if (!(gb >= 0) || !(dies > 0))
        return NAN;
    if (!(gb > 0))
        return 0; /* a card known to have no memory of its own */
    return dies * calc_effective_mm2(VRAM_MM2_PER_GB * gb / dies);
}

void calc_gpu(
        const struct calc_gpu_factors *f, const struct calc_gpu_card *c,
        double out[CALC_CRITERIA], struct calc_gpu_split *split)
{
    double vram_mm2 = calc_vram_effective_mm2(c->vram_gb, c->vram_dies);

    for (int k = 0; k < CALC_CRITERIA; k++) {
        struct calc_gpu_split s = {
                .casing_kg = f->casing[k] * c->casing_kg,
                .sink_kg = f->sink[k] * c->sink_kg,
                .board_kg = f->board[k] * c->board_cm2,
                .die_kg = f->die[k] * c->die_eff_mm2,
                .vram_kg = f->vram[k] * vram_mm2,
                .upstream_kg = f->upstream[k] * c->mass_kg,
                .boat_kg = f->boat[k] * c->boat_km * c->mass_kg,
                .truck_kg = f->truck[k] * c->truck_km * c->mass_kg,
                .plane_kg = f->plane[k] * c->plane_km * c->mass_kg,
                .eol_kg = f->end_of_life[k] * c->mass_kg,
                .vram_eff_mm2 = vram_mm2,
        };

        out[k] = s.casing_kg + s.sink_kg + s.board_kg + s.die_kg + s.vram_kg +
                 s.upstream_kg + s.boat_kg + s.truck_kg + s.plane_kg + s.eol_kg;
        if (split && k == CALC_GWP)
            *split = s;
    }
}

double calc_act_cpa_g_per_cm2(const struct calc_act_logic *a)
{
    if (!(a->yield > 0 && a->yield <= 1))
        return NAN;
    return (a->ci_g_per_kwh * a->epa_kwh_per_cm2 + a->gpa_g_per_cm2 +
            a->mpa_g_per_cm2) /
           a->yield;
}

double calc_act_chip_kg(const struct calc_act_logic *a, double area_cm2)
{
    return (calc_act_cpa_g_per_cm2(a) * area_cm2 + a->package_g) / 1e3;
}

bool calc_fit_line(
        const double *x, const double *y, size_t n, double *a, double *b)
{
    double mx = 0, my = 0, sxx = 0, sxy = 0;
    bool distinct = false;

    for (size_t i = 0; i < n; i++) {
        mx += x[i] / (double)n;
        my += y[i] / (double)n;
        distinct = distinct || x[i] < x[0] || x[i] > x[0];
    }
    if (!distinct)
        return false;
    for (size_t i = 0; i < n; i++) {
        sxx += (x[i] - mx) * (x[i] - mx);
        sxy += (x[i] - mx) * (y[i] - my);
    }
    *b = sxy / sxx;
    *a = my - *b * mx;
    return true;
}

/* ---- product footprint -------------------------------------------------- */

double calc_pcf_nonuse_kg(double total_kg, double use_ratio)
{
    if (!(use_ratio >= 0 && use_ratio < 1))
        return NAN;
    return total_kg * (1 - use_ratio);
}

/* ---- the choice --------------------------------------------------------- */

static bool serves(enum calc_category c)
{
    return c == CALC_SERVER || c == CALC_GPU_NODE || c == CALC_STORAGE;
}

static bool is_average_unit(enum calc_category c)
{
    return c == CALC_SCREEN_UNIT || c == CALC_SWITCH_UNIT ||
           c == CALC_OTHER_UNIT;
}

static struct calc_choice choice_stated(void)
{
    return (struct calc_choice){
            CALC_STATED, 1, false,
            "A fabrication figure was typed in with its source, and it goes "
            "before every estimate."};
}

static struct calc_choice choice_c_complete(bool home_made)
{
    return (struct calc_choice){
            CALC_C, 2, false,
            home_made ? "The parts of this home-made machine are known, and no "
                        "maker publishes a footprint for it."
                      : "The parts are known well enough to add them up."};
}

static struct calc_choice choice_a(int rule)
{
    return (struct calc_choice){
            CALC_A, rule, false,
            "The maker's footprint of exactly this model is on file, and is "
            "corrected for the parts that differ."};
}

static struct calc_choice choice_c_completed(void)
{
    return (struct calc_choice){
            CALC_C, 4, false,
            "No better figure applies, so the known parts are added up and "
            "the missing details completed with defaults."};
}

static struct calc_choice choice_b(int rule)
{
    return (struct calc_choice){
            CALC_B, rule, false,
            "There is no maker's footprint for this model, so the average of "
            "its category stands in."};
}

static struct calc_choice choice_b_unknown(void)
{
    return (struct calc_choice){
            CALC_B, 6, true,
            "Neither the model nor its parts lead to a figure, so the average "
            "of the category stands in with a wide interval."};
}

static struct calc_choice choice_none(void)
{
    return (struct calc_choice){
            CALC_NONE, 6, false,
            "No factor exists for this category, so the unit is listed among "
            "the exclusions without a figure."};
}

/* Rules 3 to 5, each for its own categories. NONE where they say nothing. */
static struct calc_choice
choose_by_category(const struct calc_choice_in *in, bool c_usable)
{
    enum calc_category cat = in->category;

    if (in->has_a &&
        (cat == CALC_LAPTOP || cat == CALC_DESKTOP || cat == CALC_SCREEN_UNIT))
        return choice_a(3);
    if (serves(cat)) {
        if (in->has_a)
            return choice_a(4);
        if (c_usable)
            return choice_c_completed();
        if (in->has_b && in->anything_known)
            return choice_b(4);
    }
    if (is_average_unit(cat)) {
        if (in->has_a)
            return choice_a(5);
        if (in->has_b && (in->anything_known || cat != CALC_SCREEN_UNIT))
            return choice_b(5);
    }
    return choice_none();
}

struct calc_choice calc_choose(const struct calc_choice_in *in)
{
    /* A sum of nothing but defaults is no bottom-up figure. */
    bool c_usable = in->has_c && in->anything_known;
    bool home_made = calc_is_computer(in->category) && in->chassis == CALC_OPEN;
    struct calc_choice choice;

    if (in->stated)
        return choice_stated();
    if (c_usable && in->c_complete &&
        (home_made || serves(in->category) || in->category == CALC_WORKSTATION))
        return choice_c_complete(home_made);
    choice = choose_by_category(in, c_usable);
    if (choice.approach != CALC_NONE)
        return choice;
    /* Where the rules leave a gap, the better-founded figure; see
     * docs/method.md#choice. */
    if (c_usable)
        return choice_c_completed();
    if (in->has_a)
        return choice_a(3);
    if (in->has_b && in->category == CALC_PART_LOT && in->anything_known)
        return choice_b(5); /* loose screens, as screens */
    if (in->has_b)
        return choice_b_unknown();
    return choice;
}

double calc_discrepancy(double a, double b, double c)
{
    const double all[] = {a, b, c};
    double lo = INFINITY, hi = -INFINITY;

    for (int i = 0; i < 3; i++) {
        if (all[i] < lo) /* false for NAN */
            lo = all[i];
        if (all[i] > hi)
            hi = all[i];
    }
    if (hi < lo)
        return NAN; /* none available */
    /* An estimate of 0 or below agrees with nothing above it. */
    if (!(lo > 0))
        return hi > lo ? INFINITY : 1;
    return hi / lo;
}

void calc_split_whole(
        double whole_kg, double *kg, size_t n, double *remainder_kg)
{
    double sum = 0, rest;

    for (size_t i = 0; i < n; i++)
        sum += kg[i];
    rest = whole_kg - sum;
    if (rest < 0 && sum > 0) {
        for (size_t i = 0; i < n; i++)
            kg[i] *= whole_kg / sum;
        rest = 0;
    }
    *remainder_kg = rest;
}
