/* SPDX-License-Identifier: Apache-2.0
 * How reports are computed: the frame (period, sites, catalogue), one inventory
 * line worked out within it, and the sums over all lines. Everything here is
 * shared by year, fleet and machine, so that their numbers are the same. */
#ifndef REPORTS_REPORTS_PRIV_H
#define REPORTS_REPORTS_PRIV_H

#include "base/mem.h"
#include "energy/ledger.h"
#include "energy/operation.h"
#include "reports/reports.h"

/* ---- the frame: frame.c -------------------------------------------------- */

enum { REP_MONTHS = 12 };

/* Days that bound what is not dated. */
#define REP_DAY_EVER INT32_MIN
#define REP_DAY_NEVER INT32_MAX

struct rep_place { /* a site, and the period as its clocks show it */
    const struct inv_site *site; /* NULL: the last place, of lines without */
    const struct tz *tz;
    struct en_grid grid, life_cycle;
    double pue; /* of the year; of each month where pue_varies */
    bool pue_stated, pue_varies;
    double pue_month[REP_MONTHS];
    int factor, life_cycle_factor;   /* places with the same one share its
                                        uncertainty */
    int64_t start_s, end_s;          /* of the period, UTC seconds */
    int64_t month_s[REP_MONTHS + 1]; /* bounds of its months, UTC seconds */
    int64_t whole_s; /* of the whole year, whether it is over or not */
    /* Where its energy is kept by hour too: an hour of the grid or of a meter
     * is known. A month's hours are bins from bin0; an hour that its border
     * cuts is a bin of both. */
    bool by_hour;
    struct en_series series;   /* id 0: the grid's hours are not known */
    int64_t hour0[REP_MONTHS]; /* hour since 1970 of its first bin */
    uint32_t bin0[REP_MONTHS + 1];
    struct rep_clock *clocks; /* what calendars make of its months */
};

struct rep_frame {
    struct db *db;
    struct fac_pack *pack;
    const struct rep_options *options;
    bool as_of_today;           /* year 0 */
    int32_t start_day, end_day; /* [start, end) */
    double year_frac;           /* of a whole year that the period holds */
    struct inv_catalog catalog;
    struct inv_sites sites;
    struct rep_place *places; /* of sites, in their order, then one without */
    size_t n_places;
    size_t last_place; /* where the last line was found: lines cluster */
    double tier_sigma[CALC_TIERS], tier_v[CALC_TIERS];
    struct en_models models;
    struct en_site_power site_power;
    struct rep_meters *meters; /* NULL: the ledger has nothing of the period */
    struct arena arena;
};

/* The period of a report [1.1]: a civil year, cut at the end of options.today
 * while it runs; year 0: the 365 days that end today, in which a machine that
 * runs today counts as a whole year of 8760 h at today's state. ERR_INVALID for
 * a year that has not begun. */
bool rep_period(
        const struct rep_options *o, struct date *start, struct date *end,
        bool *complete, struct err *err);
bool rep_frame_open(
        struct rep_frame *f, struct db *db, struct fac_pack *pack,
        const struct rep_options *options, struct err *err);
void rep_frame_close(struct rep_frame *f);
/* Power models, PUE by month, contracts, hours of the grid and the ledger, as
 * far as the database has any: extras.c. */
bool rep_extras_open(struct rep_frame *f, struct err *err);
void rep_extras_close(struct rep_frame *f);
/* The year whose contracts and hours of the grid hold. */
int rep_frame_year(const struct rep_frame *f);
/* The factor with its texts in an arena, to outlive the frame. */
struct en_grid rep_grid_copy(struct arena *a, const struct en_grid *g);
/* Index of a site's place; the place without a site when there is none. */
size_t rep_place_of(struct rep_frame *f, int64_t site_id);

/* ---- what many lines have in common: made.c ------------------------------ */

enum { REP_MAX_KEY_USES = 24 };

struct rep_use { /* a part row by its ids; no padding, keys are compared as
                    bytes */
    int64_t spec_id, units;
};

struct rep_key { /* all that the assessment of one unit depends on: ids, never
                    addresses, since the order of sums follows its hash */
    int64_t product_id;
    double stated_kg;
    int32_t category, chassis, cpu_count, cpu_cores, year;
    uint32_t unknown_kinds, n_uses, is_virtual;
    struct rep_use uses[REP_MAX_KEY_USES];
};
/* Bytes of a key that are set: they end with its last use. */
#define REP_KEY_SIZE(key)                                                      \
    (offsetof(struct rep_key, uses) + (key)->n_uses * sizeof(struct rep_use))

/* What one unit holds, for the counts of the fleet; -1 unknown. */
struct rep_parts {
    int64_t sockets, cores;
    double ram_gib; /* NAN unknown */
    uint64_t gpus, hdd, ssd, tapes, screens;
    double hdd_tb, ssd_tb;
    bool hdd_unsized, ssd_unsized; /* some are not in it */
};

struct rep_weight { /* of alike lines: sum of weights and of their squares */
    double sum, squares;
};

/* One assessment, shared by alike lines that follow each other closely, with
 * the weights of those lines since it was last spent. */
struct rep_made {
    bool used;
    struct rep_key key;      /* without its uses where they are too many */
    struct fac_assessment a; /* of one unit */
    double kg;               /* GWP of one unit; 0 where there is no figure */
    bool has_kg;
    int cpu_year;        /* the newest CPU's release; 0 unknown */
    enum calc_kind kind; /* of the first part; for lots of parts */
    struct rep_parts parts;
    struct en_power power; /* by its parts, where a line asked for it */
    bool has_power;
    /* since last spent: */
    struct rep_weight gross, own, charge, writeoff, acquisition;
    uint64_t units; /* in stock at the end */
};

/* ---- one line: line.c ---------------------------------------------------- */

struct rep_line {
    const struct inv_unit *u;
    struct rep_made *made;
    size_t place;                  /* where it is at the end of the period */
    const struct inv_state *state; /* at the end; NULL none */
    bool running;                  /* in service at the end */
    bool is_machine, is_virtual, used;
    /* In the stock from entry to exit, days; REP_DAY_EVER, REP_DAY_NEVER. */
    int32_t entry_day, exit_day;
    bool given; /* how it left: given away, else retired */
    bool opening, enters, leaves, closing;
    double age_y; /* at entry; 0 where unknown */
    bool age_known;
    int32_t made_day; /* REP_DAY_EVER unknown */
    double lref_y, life_y;
    bool start_known; /* else nothing is charged: dates are missing */
    int32_t life_start, life_end;
    double share[CALC_RULES], f; /* f: of the rule of the report */
    /* One unit's own amount in the period, as fractions of f * kg. */
    double charge_frac, writeoff_frac, transferred_frac, opening_frac,
            closing_frac;
};
void rep_line_make(
        struct rep_frame *f, const struct inv_unit *u, struct rep_made *made,
        struct rep_line *out);
/* Fabrication of `units * share` of the unit; unknown where it has none. */
struct calc_total rep_made_total(const struct rep_made *m, double weight);
/* A machine in the sense of the counts: a computer or other whole unit, not a
 * screen, a switch or a lot of loose parts. */
bool rep_is_machine(enum calc_category c);

/* ---- energy of one line: operation.c ------------------------------------- */

struct rep_energy {
    struct en_power power; /* of one unit; of what meters say, its mean */
    int64_t running_s;     /* of one unit, within the period */
    num_i128 uj;           /* of all units */
    double kwh;            /* of all units; NAN: it ran and nothing is known */
    double site_kwh, location_kg; /* NAN also where no grid factor is known */
    double sigma; /* of location_kg; only where nothing is summed */
    /* Of a line with a meter: what was measured and filled [10.6], seconds of
     * its service with a reading and without. */
    bool metered;
    num_i128 measured_uj, filled_uj;
    int64_t covered_s, gap_s;
};
struct rep_energy_months { /* of one line, for its own page */
    num_i128 uj[REP_MONTHS], measured_uj[REP_MONTHS];
};
/* Share of its service with a reading; NAN without a meter. */
double rep_coverage(const struct rep_energy *e);
/* Adds what the line used to sums (may be NULL): exact microjoules by place,
 * tier and month, and what their uncertainty needs. */
struct rep_sums;
void rep_line_energy(
        struct rep_frame *f, const struct rep_line *l, struct rep_sums *sums,
        struct rep_energy *out);
/* The same of one line alone, with its months. */
void rep_line_months(
        struct rep_frame *f, const struct rep_line *l, struct rep_energy *out,
        struct rep_energy_months *months);

/* The time that one unit ran at one place. */
struct rep_stretch {
    size_t place;
    int32_t from_day, to_day;
    int64_t from_s, to_s;
};
/* What is under way for one line. */
struct rep_use_of {
    struct rep_frame *f;
    const struct rep_line *l;
    struct rep_sums *sums; /* NULL: nothing is summed */
    struct rep_energy *out;
    struct rep_energy_months *months; /* NULL: nobody asks */
    const struct en_model *model;     /* NULL: none is set */
    double load_v;
};
/* Calls each for every stretch of service in the period. */
void rep_stretches(
        const struct rep_use_of *e,
        void (*each)(void *ctx, const struct rep_stretch *at), void *ctx);
/* Adds energy of all units in a month at a place. */
void rep_use_add(
        const struct rep_use_of *e, size_t place, int month,
        enum calc_tier tier, num_i128 uj);

/* ---- lines with a load by the hour: week.c ------------------------------- */

/* Seconds of each month by hour of the week, and of closed days. */
struct rep_clock {
    struct rep_clock *next;
    const struct en_calendar *calendar; /* NULL: no day is closed */
    int64_t open_s[REP_MONTHS][EN_WEEK], closed_s[REP_MONTHS];
};
/* False: it draws the same at any hour, and nothing was done. */
bool rep_week_add(const struct rep_use_of *e, const struct rep_stretch *at);

/* ---- lines with a meter: metered.c, meters.c
 * --------------------------------------- */

struct rep_meters;
bool rep_meters_open(struct rep_frame *f, struct err *err);
void rep_meters_close(struct rep_meters *m);
/* False: no meter read anything of it in the period, and nothing was done. */
bool rep_metered_add(const struct rep_use_of *e);
/* What went wrong in reading the ledger; NULL: nothing. */
const struct err *rep_meters_failed(const struct rep_meters *m);
/* Modelled watts of the machines that share a meter, before the scan. */
bool rep_meters_prepare(struct rep_frame *f, struct err *err);

/* ---- hours: hours.c ------------------------------------------------------ */

/* What a place used beside its months, where somebody asks. */
struct rep_place_hours {
    num_i128 measured_uj[CALC_TIERS][REP_MONTHS],
            filled_uj[CALC_TIERS][REP_MONTHS];
    double *hour_j;   /* by bin: what is known by the hour */
    num_i128 *day_uw; /* changes of a steady draw, by day of the period */
};
struct rep_place_hours *rep_hours_of(struct rep_sums *s, size_t place);
void rep_hours_steady(
        struct rep_sums *s, const struct rep_stretch *at, double watts);
double *rep_hours_joules(struct rep_sums *s, size_t place);
void rep_hours_merge(struct rep_sums *s, const struct rep_sums *x);
/* Microjoules by bin, whose sum is that of the months, exactly. */
void rep_hours_spread(const struct rep_sums *s, size_t place, num_i128 *uj);
/* Bin of an hour since 1970 in a month of the place. */
static inline uint32_t
rep_bin(const struct rep_place *p, int month, int64_t hour)
{
    return p->bin0[month] + (uint32_t)(hour - p->hour0[month]);
}

/* ---- sums over lines: sums.c --------------------------------------------- */

struct rep_place_sum {
    num_i128 uj[CALC_TIERS][REP_MONTHS];
    double load_sd_kwh; /* sum of kwh * sqrt(v_load * (1 + v_tier)) */
    double spread_kwh;  /* sum of kwh * sqrt((1 + v_tier) * (1 + v_load)) */
    double load_sd_dc_kwh, spread_dc_kwh; /* the same times PUE */
    double gross_kg;
    uint64_t machines;
    struct rep_place_hours *hours; /* NULL: nothing of it */
};

/* Where kilograms come from that no factor row stands for. */
enum rep_origin { REP_CARDS, REP_AVERAGES, REP_STATED, REP_ORIGINS };

struct rep_cell { /* T4 */
    uint64_t units;
    double gross_kg, acquisition_kg, amortised_kg, cutoff_kg;
};

struct rep_metering {             /* of lines with a meter */
    uint64_t machines, estimated; /* units; those less than 80 % covered */
    num_i128 measured_uj, filled_uj, covered_s, gap_s;
    double outside_j; /* read while not in service: not in the operation */
};

struct rep_sums {
    struct rep_frame *frame;
    /* By line: */
    struct rep_fleet fleet;
    struct rep_stock stock;
    struct rep_net_stock net;
    double writeoff_kg;
    struct rep_cell cells[CALC_CATEGORIES][2][CALC_APPROACHES];
    double rule_kg[CALC_RULES];
    uint64_t rule_without[CALC_RULES];
    struct rep_age_bin ages[REP_AGE_BINS];
    double years_beyond_life;
    struct rep_reuse reuse;
    uint64_t unknown_model_lines, age_unknown_lines, start_unknown_lines,
            discrepancies;
    double ended_spent_kg, ended_own_kg; /* I4 */
    struct rep_place_sum **places;       /* by place; NULL: nothing there */
    num_i128 uj;                         /* line by line, for I6 */
    num_i128 running_s, covered_s;       /* machine seconds */
    struct rep_metering metering;
    num_i128 metered_uj, metered_s; /* line by line, for J3 and J4 */
    uint64_t stock_units, known_units;
    /* By assessment, when it is spent: */
    struct calc_total kinds[CALC_KINDS], categories[CALC_CATEGORIES], own,
            charge, writeoff, acquisition;
    double kind_adp[CALC_KINDS], kind_pe[CALC_KINDS], adp_kg, pe_kg;
    bool kind_has_adp[CALC_KINDS], kind_has_pe[CALC_KINDS];
    uint64_t category_units[CALC_CATEGORIES];
    double approach_kg[CALC_APPROACHES], origin_kg[REP_ORIGINS];
    const struct fac_set *sets[3]; /* of approaches A, B, C; NULL unused */
    uint64_t approach_machines[CALC_APPROACHES];
    double other_origin_kg;
    bool has_other_origin;
    struct rep_completion done[FAC_DONES];
    uint64_t none_units[CALC_CATEGORIES], no_factor_units[CALC_KINDS],
            uncounted_units[CALC_KINDS];
    double dqr_kg, dqr_sum;
};
void rep_sums_init(struct rep_sums *s, struct rep_frame *f);
void rep_sums_clear(struct rep_sums *s);
void rep_sums_line(struct rep_sums *s, const struct rep_line *l);
/* Spends the weights of m: adds its lines to the totals and zeroes them. */
void rep_sums_spend(struct rep_sums *s, struct rep_made *m);
struct rep_place_sum *rep_sums_place(struct rep_sums *s, size_t place);

/* ---- the scan: scan.c ---------------------------------------------------- */

struct rep_scan {
    struct rep_frame *frame;
    struct rep_sums *sums;  /* NULL: nothing is summed */
    int64_t one_id;         /* 0: all lines */
    int64_t from_id, to_id; /* ids in [from, to); to 0: no bound */
    bool silent;            /* no progress */
    bool with_text;
    bool (*line)(void *ctx, const struct rep_line *l, struct err *err);
    void *ctx;
};
/* Works each line out in id order and calls line, then spends what is left. */
bool rep_scan_run(const struct rep_scan *scan, struct err *err);
/* All lines summed into s, in two halves of the ids that two threads take where
 * a second connection sees the same state; the same bits either way. */
bool rep_scan_sum(struct rep_sums *s, struct err *err);
/* Adds what `from` holds; both have frames of the same database. */
void rep_sums_merge(struct rep_sums *s, const struct rep_sums *from);
/* Fills *made for one unit; the key decides whether it is the same as before.
 */
void rep_key_of(const struct inv_unit *u, struct rep_key *key);
void rep_made_fill(
        struct rep_frame *f, const struct inv_unit *u,
        const struct rep_key *key, struct rep_made *out);
/* The unit as the factor pack takes it. */
struct fac_unit rep_fac_unit(struct rep_frame *f, const struct inv_unit *u);

/* ---- filling the answer: fill.c, fill_operation.c, identities.c -----------
 */

void rep_fill_fabrication(struct rep_year *y, struct rep_sums *s);
void rep_fill_factors(struct rep_year *y, struct rep_sums *s);
/* Also the totals and ratios, which need both sides. */
bool rep_fill_operation(
        struct rep_year *y, struct rep_sums *s, struct err *err);
double rep_place_tier_kwh(const struct rep_place_sum *p, int tier);
/* Of all tiers, with PUE. */
double
rep_place_site_kwh(const struct rep_place *at, const struct rep_place_sum *p);
/* Adds a place's energy, each site kWh counting `weight`, to t. */
void rep_place_total(
        struct calc_total *t, const struct rep_frame *f,
        const struct rep_place *at, const struct rep_place_sum *p,
        double weight, int factor, double grid_sigma);
/* Hour by hour, and market-based: fill_hours.c, fill_market.c. */
bool rep_fill_hours(struct rep_year *y, struct rep_sums *s, struct err *err);
void rep_fill_market(struct rep_year *y, struct rep_sums *s);
bool rep_identities(
        struct rep_year *y, const struct rep_sums *s, struct err *err);
struct rep_year *rep_year_new(void);
/* Period, rule and factor sets: what stands in every report. */
bool rep_year_head(
        struct rep_year *y, const struct fac_pack *pack,
        const struct rep_options *options, struct err *err);

#endif
