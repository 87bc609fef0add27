/* SPDX-License-Identifier: Apache-2.0
 * The arithmetic of docs/method.md: pure functions on plain numbers. No I/O, no
 * SQL, no clock. "kg" is kg CO2e unless a criterion is named; unknown is NAN,
 * never 0, and every function passes NAN through. Sections in square brackets
 * are those of the method; TVnn are its test vectors. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "base/num.h"

/* ---- vocabulary: words.c ------------------------------------------------ */

enum calc_criterion {
    CALC_GWP, /* kg CO2e */
    CALC_ADP, /* kg Sb eq */
    CALC_PE,  /* MJ */
    CALC_CRITERIA
};

enum calc_kind {
    CALC_CPU,
    CALC_GPU,
    CALC_RAM,
    CALC_HDD,
    CALC_SSD,
    CALC_TAPE,
    CALC_BOARD,
    CALC_PSU,
    CALC_CHASSIS,
    CALC_NIC,
    CALC_SCREEN,
    CALC_SWITCH,
    CALC_ASSEMBLY,
    CALC_OTHER,
    CALC_KINDS
};

enum calc_category {
    CALC_SERVER,
    CALC_GPU_NODE,
    CALC_STORAGE,
    CALC_WORKSTATION,
    CALC_DESKTOP,
    CALC_LAPTOP,
    CALC_SCREEN_UNIT,
    CALC_SWITCH_UNIT,
    CALC_SBC,
    CALC_OTHER_UNIT, /* the last whole-unit category; it may be a machine */
    CALC_PART_LOT,   /* a lot of loose parts: not a machine */
    CALC_CATEGORIES
};

enum calc_chassis {
    CALC_RACK,
    CALC_BLADE,
    CALC_TOWER,
    CALC_DESKTOP_CASE,
    CALC_LAPTOP_CASE,
    CALC_OPEN,
    CALC_NO_CHASSIS,
    CALC_CHASSIS_UNKNOWN,
    CALC_CHASSES
};

enum calc_acquisition {
    CALC_NEW,
    CALC_SECOND_HAND,
    CALC_DONATED,
    CALC_ACQUISITION_UNKNOWN,
    CALC_ACQUISITIONS
};

enum calc_status {
    CALC_RECEIVED,
    CALC_UNTESTED,
    CALC_IN_SERVICE,
    CALC_STOCK,
    CALC_SPARE,
    CALC_LOANED,
    CALC_HERITAGE,
    CALC_RETIRED,
    CALC_GIVEN,
    CALC_RECYCLED,
    CALC_REFUSED,
    CALC_STATUSES
};

enum calc_approach {
    CALC_A,      /* manufacturer's product carbon footprint [2.1] */
    CALC_B,      /* category average [2.2] */
    CALC_C,      /* bottom-up components [2.3] */
    CALC_STATED, /* typed by the user with its source [2.4 rule 1] */
    CALC_NONE,   /* no factor: listed under exclusions */
    CALC_APPROACHES
};

enum calc_rule { /* second-hand allocation [3.1] */
                 CALC_GROSS,
                 CALC_CUTOFF,
                 CALC_HALF,
                 CALC_RESIDUAL_SL,
                 CALC_ACTUAL_LIFE,
                 CALC_ECON_PRICE,
                 CALC_ECON_DB,
                 CALC_PHYS,
                 CALC_CFF,
                 CALC_RULES
};

enum calc_tier { /* where a machine's energy figure comes from [5.1] */
                 CALC_M1,
                 CALC_M2,
                 CALC_M3,
                 CALC_M4,
                 CALC_M5,
                 CALC_NO_ENERGY,
                 CALC_TIERS
};

enum calc_grid_kind {
    CALC_LIFE_CYCLE,
    CALC_DIRECT,
    CALC_UNSTATED,
    CALC_GRID_KINDS
};

/* The fixed English words of the command line, files and JSON ("gpu_node",
 * "second_hand", "RESIDUAL_SL", "M5", "life_cycle"). CALC_*_UNIT are "screen",
 * "switch", "other"; CALC_PART_LOT is "part"; approaches are "A" "B" "C"
 * "stated" "none". Borrowed for ever. */
const char *calc_kind_word(enum calc_kind k);
const char *calc_category_word(enum calc_category c);
const char *calc_chassis_word(enum calc_chassis c);
const char *calc_acquisition_word(enum calc_acquisition a);
const char *calc_status_word(enum calc_status s);
const char *calc_approach_word(enum calc_approach a);
const char *calc_rule_word(enum calc_rule r);
const char *calc_tier_word(enum calc_tier t);
const char *calc_grid_kind_word(enum calc_grid_kind k);
/* False when the word is none of them; *out untouched then. */
bool calc_kind_from(const char *word, enum calc_kind *out);
bool calc_category_from(const char *word, enum calc_category *out);
bool calc_chassis_from(const char *word, enum calc_chassis *out);
bool calc_acquisition_from(const char *word, enum calc_acquisition *out);
bool calc_status_from(const char *word, enum calc_status *out);
bool calc_rule_from(const char *word, enum calc_rule *out);
bool calc_grid_kind_from(const char *word, enum calc_grid_kind *out);
/* True for units that hold a computer (server ... laptop, sbc). */
bool calc_is_computer(enum calc_category c);
/* True while the unit is part of the fleet's stock (received ... heritage). */
bool calc_in_stock(enum calc_status s);

/* ---- uncertainty: uncertainty.c [11] ------------------------------------ */

struct calc_q { /* a figure with its 95 % interval; NAN when unknown */
    double value, low, high;
};
#define CALC_Q_UNKNOWN ((struct calc_q){NAN, NAN, NAN})

/* Lognormal whose arithmetic mean is the point value [11.1]: interval
 * exp(mu -+ 1.96 sigma), mu = ln(mean) - sigma^2/2. mean > 0, sigma >= 0;
 * mean 0 gives {0,0,0}, a negative one the mirrored interval, sigma unknown or
 * negative no interval. TV08. */
struct calc_q calc_interval(double mean, double sigma);
/* Relative variance exp(sigma^2) - 1 of a lognormal, and back. */
double calc_rel_var(double sigma);
double calc_sigma_of_rel_var(double v);
/* A completed input known only to lie in lo..hi [11.1]: s = ln(hi/lo)/3.92,
 * lo raised to 1 % of the point; *point is kept when not NAN (the set's
 * published default), else sqrt(lo*hi)*exp(s^2/2). Returns s, or NAN with
 * *point untouched for a range that is none (hi < lo, hi <= 0). */
double calc_range_sigma(double lo, double hi, double *point);
/* GSD from five pedigree scores 1..5 (reliability, completeness, time,
 * geography, technology) and the basic uncertainty ub [11.2]. TV59. */
double calc_pedigree_gsd(const int scores[5], double ub);
/* One relative standard deviation err as a GSD: exp(sqrt(ln(1+err^2))) [2.1].
 * TV06. */
double calc_gsd_of_rel_sd(double err);
/* Quotient of two independent lognormals given by value and interval-making
 * sigma: point = ratio of points, interval around the ratio of medians
 * [11.3, TV63]. */
struct calc_q
calc_ratio(double num, double num_sigma, double den, double den_sigma);
/* Product of independent factors: sigmas add in squares. TV62. */
double calc_product_sigma(const double *sigmas, size_t n);
/* P(difference > 0) of a normal with that mean and sd. TV65. */
double calc_normal_p(double mean, double sd);

/* One line of an inventory: so many kg whose uncertainty has an independent
 * part and parts shared with every other line that uses the same factor or was
 * completed by the same rule. A shared part is named by a small id given by
 * the factor pack; sd_kg is kg * sqrt(relative variance) of that part. For a
 * completed term t under factor F the sd is t*sqrt(v_rule*(1+v_F)). */
enum { CALC_LINE_SHARED = 6 };
struct calc_line {
    enum calc_kind kind;
    double kg[CALC_CRITERIA]; /* NAN: the set has no factor for it */
    double own_var_kg2;       /* independent part, of GWP */
    struct {
        int id; /* >= 0 */
        double sd_kg;
    } shared[CALC_LINE_SHARED];
    int n_shared;
};

/* Running sum of lines with the correlation rule of [11.3]: sds add within an
 * id, variances add between ids. Grows with the largest id, not with lines. */
struct calc_total {
    double kg;
    double own_var_kg2;
    double *sd_kg; /* by id */
    size_t n;
};
/* Adds weight * line (weight: units of a lot, allocation share, ...). */
void calc_total_add(
        struct calc_total *t, const struct calc_line *line, double weight);
/* Adds an amount with one shared part only (id < 0: none, var_own then). */
void calc_total_add_kg(
        struct calc_total *t, double kg, double own_var_kg2, int id,
        double sd_kg);
void calc_total_merge(struct calc_total *t, const struct calc_total *from);
double calc_total_var(const struct calc_total *t);
double
calc_total_sigma(const struct calc_total *t); /* of the fitted lognormal */
/* Lognormal with the same mean and variance (Fenton-Wilkinson). */
struct calc_q calc_total_q(const struct calc_total *t);
void calc_total_clear(struct calc_total *t);

/* Mean of the five scores, kg-weighted by the caller, as a grade: A <= 1.6,
 * B <= 2.4, C <= 3.2, D <= 4, else E [11.5]; '-' for NAN. */
char calc_grade(double dqr);

/* ---- embodied: embodied.c [2] ------------------------------------------- */

/* base + slope * x for each criterion; e.g. CPU per mm2, RAM per cm2 [2.3]. */
struct calc_affine {
    double base[CALC_CRITERIA], slope[CALC_CRITERIA];
};
void calc_affine_at(
        const struct calc_affine *f, double x, double units,
        double out[CALC_CRITERIA]);

/* The parametric card model [2.3]: factors per casing kg, sink kg, board cm2,
 * effective GPU mm2, effective VRAM mm2, and per kg of card. */
struct calc_gpu_factors {
    double casing[CALC_CRITERIA], sink[CALC_CRITERIA], board[CALC_CRITERIA],
            die[CALC_CRITERIA], vram[CALC_CRITERIA], upstream[CALC_CRITERIA],
            boat[CALC_CRITERIA], truck[CALC_CRITERIA], plane[CALC_CRITERIA],
            end_of_life[CALC_CRITERIA];
};
struct calc_gpu_card {
    double casing_kg, sink_kg, board_cm2, mass_kg;
    double die_eff_mm2; /* effective: wafer edge and yield included */
    double vram_gb;     /* total */
    double vram_dies;   /* > 0 */
    double boat_km, truck_km, plane_km;
};
struct calc_gpu_split { /* GWP by block, for "why this number" */
    double casing_kg, sink_kg, board_kg, die_kg, vram_kg, upstream_kg, boat_kg,
            truck_kg, plane_kg, eol_kg, vram_eff_mm2;
};
/* TV11. split may be NULL. */
void calc_gpu(
        const struct calc_gpu_factors *f, const struct calc_gpu_card *c,
        double out[CALC_CRITERIA], struct calc_gpu_split *split);
/* Effective area of one die: 300 mm wafer, 0.2 mm scribe, 0.1 defects/cm2
 * [2.3]. die_mm2 > 0. */
double calc_effective_mm2(double die_mm2);
/* Effective VRAM area: 15.5 mm2 per GB split over the dies [2.3]. */
double calc_vram_effective_mm2(double gb, double dies);

/* ACT: (ci*epa + gpa + mpa)/yield per cm2, times area, plus package [2.3].
 * ci g/kWh, epa kWh/cm2, gpa and mpa g/cm2, package g. kg. TV13. */
struct calc_act_logic {
    double ci_g_per_kwh, epa_kwh_per_cm2, gpa_g_per_cm2, mpa_g_per_cm2, yield,
            package_g;
};
double calc_act_cpa_g_per_cm2(const struct calc_act_logic *a);
double calc_act_chip_kg(const struct calc_act_logic *a, double area_cm2);

/* Product footprint without its use phase [2.1]. 0 <= use_ratio < 1. TV06. */
double calc_pcf_nonuse_kg(double total_kg, double use_ratio);

/* Least-squares line y = a + b*x; false with fewer than two distinct x. */
bool calc_fit_line(
        const double *x, const double *y, size_t n, double *a, double *b);

/* What an assessment has to choose from [2.4]; the choice and its reason. */
struct calc_choice_in {
    enum calc_category category;
    enum calc_chassis chassis;
    bool stated; /* a user value with source */
    bool has_a, has_b, has_c;
    bool c_complete;     /* only density, die within a family, PSU mass
                            completed, and RAM known */
    bool anything_known; /* a model or any part is known */
};
struct calc_choice {
    enum calc_approach approach;
    int rule;           /* 1..6 of [2.4] */
    bool unknown_model; /* rule 6: GSD 2.0, flag UNKNOWN_MODEL */
    const char *reason; /* one English sentence, borrowed for ever */
};
struct calc_choice calc_choose(const struct calc_choice_in *in);
/* max/min of the available estimates (NAN: not available) [2.4]. */
double calc_discrepancy(double a, double b, double c);

/* Parts of an asset assessed as a whole (A, B, stated): movable lines scaled
 * into `whole_kg`; the rest goes to *remainder_kg, 0 when the parts are more
 * and are scaled by whole/sum [2.5]. kg is changed in place. */
void calc_split_whole(
        double whole_kg, double *kg, size_t n, double *remainder_kg);

/* ---- allocation: allocation.c [3] --------------------------------------- */

struct calc_share_in {
    enum calc_acquisition acquisition; /* new machines bear 1 under any rule */
    double age_y;                      /* at entry; NAN unknown */
    double lref_y;                     /* reference life of the category */
    double l2_y;                       /* expected own life, ACTUAL_LIFE */
    double price_paid, price_new;      /* ECON_PRICE */
    double db_per_y;                   /* ECON_DB, default CALC_DB_PER_Y */
    double work_left_frac;             /* PHYS */
    double cff_a, cff_q;               /* CFF */
};
#define CALC_DB_PER_Y 0.30 /* [D] */
/* Share f of E0 borne by us under a rule [3.1]; NAN when an input it needs is
 * unknown, or for ECON_PRICE with no price (donations). Within 0..1: a negative
 * age counts as 0, a price above the new one as 1. TV18, TV20. */
double calc_share(enum calc_rule rule, const struct calc_share_in *in);
/* f*E0 + R + T + X*(1 - eol_in). */
double calc_own_kg(
        double f, double e0_kg, double refurb_kg, double transport_kg,
        double eol_kg, bool eol_in);
/* mass * km * factor kg/(kg km). TV21. */
double calc_transport_kg(double mass_kg, double km, double kg_per_kg_km);
double calc_avoided_kg(
        double displacement, double new_kg, double new_life_y, double new_op_kg,
        double own_life_y, double refurb_transport_kg,
        double used_op_kg); /* TV22 */

/* ---- lifetimes: lifetime.c [4] ------------------------------------------ */

/* Lref = Lb by category [4.1]; part lots take their kind's. Years. */
double calc_reference_life_y(enum calc_category c, enum calc_kind part_kind);
/* Booking life of a used machine: max(Lref - age, 2 y); new: Lref [4.1]. */
double calc_booking_life_y(double lref_y, double age_y, bool used);

/* SL_DAYS [4.2], days since 1970, half-open. Amount charged within
 * [from,to) for ea_kg over [start,end); all of it when end <= start and start
 * is inside. TV24. */
double calc_charge_kg(
        double ea_kg, int32_t start_day, int32_t end_day, int32_t from_day,
        int32_t to_day);
/* Not yet charged at the start of `day`. */
double
calc_net_kg(double ea_kg, int32_t start_day, int32_t end_day, int32_t day);
/* SCI: TE * (hours reserved / life hours) * share, grams [4.4]. TV29. */
double calc_sci_m_g(double te_kg, double tir_h, double el_h, double rs);
/* years = dE / (dP/1000*8760*g/1000) for a power saving [4.3]. NAN when the
 * saving is <= 0 ("never"). TV30. */
double calc_payback_y(double d_embodied_kg, double saved_kg_per_y);

/* ---- operation: operation.c [5] ----------------------------------------- */

/* A load u outside 0..1 (0..100 for load_pct) counts as the nearest end. */

double calc_power_linear_w(double idle_w, double max_w, double u);
double calc_power_fan_w(double idle_w, double max_w, double u); /* TV32 */
double calc_power_tdp_w(double tdp_w, double u);                /* TV31 */
/* eleven points at 0, 10 .. 100 % load. */
double calc_power_spec_w(const double watts[11], double u);
double calc_power_log_w(
        double a, double b, double c, double d, double load_pct); /* TV33 */
double calc_power_ram_w(double gb); /* 0.284 W/GB */
double calc_power_ram_ea2p_w(
        double slots, double gb_per_dimm, bool ddr3,
        double used_pct); /* TV34 */
/* (cpu + ram) * (1 + 0.33) [5.2]. */
double calc_power_node_w(double cpu_w, double ram_w);
/* What counters of processors and cards leave out: board 20 W, fans 10 W, hard
 * disks 7 W and SSDs 3 W each [D]. */
double calc_power_rest_w(double hdds, double ssds);
double calc_wall_w(
        double rapl_w, double gpu_w, double rest_w, double eta_psu); /* TV35 */
double calc_tier_gsd(enum calc_tier t);                    /* [11.2] */
#define CALC_GRID_GSD 1.10                                 /* [D] 11.2 */
double calc_operation_kg(double dc_kwh, double g_per_kwh); /* [5.4] static */
/* The same hour by hour, beside the static figure on the year's factor: hourly
 * - static = level + covariance [5.4]. All hours known (the caller fills gaps),
 * n = 0 gives NANs. TV36. */
struct calc_hourly {
    double hourly_kg, static_kg, level_kg, covariance_kg,
            load_weighted_g_per_kwh; /* NAN without energy */
};
struct calc_hourly calc_operation_hourly(
        const double *dc_kwh, const double *g_per_kwh, size_t n,
        double year_g_per_kwh);
/* Market-based: instruments first, scaled down to the energy used when they
 * are more, the rest at the residual mix [5.4]. kwh >= 0. TV37. */
struct calc_instrument {
    double kwh, g_per_kwh;
};
double calc_market_kg(
        double dc_kwh, const struct calc_instrument *instruments, size_t n,
        double residual_g_per_kwh);
/* ---- hours that are missing, and the facility: hours.c [5.3, 5.4, 10.6] -- */

/* Grid hours: known[i] is NAN where hour i is missing. Writes hours from..to
 * (exclusive) to out, a missing one as the mean of the same hour of the seven
 * days to each side, as far as known; NAN where none is. Returns how many were
 * missing. */
size_t calc_grid_fill(
        const double *known, size_t n, size_t from, size_t to, double *out);
/* False where more than 5 % [D] of a month's hours miss: static then. */
bool calc_grid_month_holds(size_t missing, size_t hours);

/* A meter's gap from the same hour of the week: the readings of the 8 nearest
 * weeks that the series holds, at least 3 of them. */
struct calc_gap {
    int64_t joules, covered_s;
    size_t at[8]; /* the hours it comes from */
    int samples;
};
bool calc_gap_week(
        const int64_t *joules, const uint16_t *covered_s, size_t n, size_t at,
        struct calc_gap *out);
/* gap_s seconds at the mean power of what was measured, to the nearest uJ;
 * 0 where nothing was. TV57. */
int64_t calc_gap_uj(int64_t joules, int64_t covered_s, int64_t gap_s);

/* ISO/IEC 30134 indicators of a year; NAN where an input is. TV38. */
struct calc_facility_in {
    double it_kwh, dc_kwh, reuse_kwh, renewable_kwh, location_kg, water_l;
};
struct calc_facility {
    double pue, erf, ere, ref, cue_kg_per_kwh, wue_l_per_kwh;
};
struct calc_facility calc_facility(const struct calc_facility_in *in);

double calc_energy_kwh(double watts, double hours);
double calc_uj_to_kwh(num_i128 uj); /* 3.6e12 uJ a kWh exactly */

/* ---- live feeds: feed.c [10] -------------------------------------------- */

enum { /* what became of a pair of readings; flags of hours and months */
       CALC_WRAP = 1 << 0,  /* counted over one wrap */
       CALC_RESET = 1 << 1, /* another start of the counter: no delta */
       CALC_SPIKE = 1 << 2, /* more than the meter can draw: rejected */
       CALC_AMBIG = 1 << 3, /* unknown number of wraps: not taken */
       CALC_SPREAD = 1 << 4 /* exact, spread evenly over a hole */
};
/* No meter draws more: a month of it still fits in int64 microjoules [D]. */
#define CALC_METER_MAX_UW INT64_C(3000000000000)
/* Of a counter that wraps, where its highest power is not told: AMD's states no
 * limit. The node agent reads it at least twice in a wrap at that [D]. */
#define CALC_WRAP_MAX_UW INT64_C(1000000000)
enum { CALC_GAP_PERIODS = 3 }; /* nominal periods, then it is a gap */

struct calc_meter {
    int64_t range_uj;  /* where a counter wraps; -1 unknown */
    int64_t max_uw;    /* highest plausible power; -1 unknown */
    int64_t period_ns; /* nominal time between readings, > 0 */
};
/* Energy between two readings of a counter, dt_ns >= 0 apart; `same`: of one
 * start of it. False: none, and why in *flags (bits are added) [10.2]. TV51. */
bool calc_counter_uj(
        const struct calc_meter *m, bool same, int64_t prev_uj, int64_t uj,
        int64_t dt_ns, int64_t *out, unsigned *flags);
/* Energy between two readings of power, trapezoid or hold of the earlier one,
 * to the nearest uJ, halves to even. False: a gap [10.3]. TV55. */
bool calc_gauge_uj(
        const struct calc_meter *m, bool same, bool hold, int64_t prev_uw,
        int64_t uw, int64_t dt_ns, int64_t *out);
/* floor(uj * part / whole), uj >= 0, 0 <= part <= whole > 0: the first `part`
 * of an amount that is spread over `whole` [10.5]. */
int64_t calc_part_uj(int64_t uj, int64_t part, int64_t whole);
/* Parts of an amount over durations; they add up to it exactly; nothing where
 * the durations add up to 0. TV53. */
void calc_split_uj(
        int64_t uj, const int64_t *durations, size_t n, int64_t *parts);
/* Whole joules of each hour by the floor of the running sum: they add up to
 * floor(sum / 10^6) [10.5]. Returns the sum in uJ. */
int64_t calc_whole_joules(const int64_t *uj, size_t n, int64_t *joules);
/* Measured at the wall over what counters and models made of it, in hours
 * where both are known; NAN under a week of those or without energy [5.1]. */
enum { CALC_RATIO_HOURS = 720, CALC_RATIO_LEAST = 168 /* [D] */ };
double calc_wall_ratio(double wall_j, double counters_j, int hours);

/* ---- report arithmetic: tables.c [6] ------------------------------------ */

/* Largest-remainder rounding [6 I8]: shown[i] are multiples of unit whose sum
 * is the rounded total (halves up); ties go to the lower index. Values that
 * are not finite are copied and count for nothing. shown may be values. */
void calc_round_shown(
        const double *values, size_t n, double unit, double *shown);
/* |a-b| <= 1e-9 * max(|a|,|b|,1); false when one is NAN. */
bool calc_same(double a, double b);
/* given / (given + retired), machines under ten years [3.3]; NAN when none
 * left. TV84. */
double calc_reuse_rate(double given, double retired);

#endif
