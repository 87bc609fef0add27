/* SPDX-License-Identifier: Apache-2.0
 * Answers as structs and documents: the year, the fleet, one machine, an
 * estimate. Every number that the command line, the API, pages and files show
 * comes from here. */
#ifndef REPORTS_REPORTS_H
#define REPORTS_REPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/embed.h"
#include "base/err.h"
#include "base/out.h"
#include "energy/energy.h"
#include "factors/factors.h"
#include "inventory/inventory.h"
#include "model/model.h"
#include "store/store.h"

#define REP_METHOD_VERSION "1"
/* A machine with a meter that covers less of its service is "estimated" [D
 * 10.6]. */
#define REP_COVERED 0.8

/* ---- the yearly document (DESIGN section 6) ------------------------------ */

struct rep_options {
    int year;            /* 1990..2200; 0: the fleet as of today */
    enum calc_rule rule; /* of the allocated view; default CALC_RESIDUAL_SL */
    struct date today;   /* date_today(); the last day of a running year */
    bool progress;       /* call `tick` now and then */
    void (*tick)(void *ctx, uint64_t lines_done);
    void *tick_ctx;
};

struct rep_fleet { /* of the stock at the end of the period */
    uint64_t machines, running, new_, second_hand, donated, under_warranty;
    uint64_t virtual_machines, screens, gpus, hdd, ssd, tapes;
    uint64_t cpu_sockets, cpu_cores;
    double ram_gib, hdd_tb, ssd_tb;
    /* machines for which the figure beside is not known, and so not in it */
    uint64_t acquisition_unknown, warranty_unknown, cores_unknown,
            sockets_unknown, ram_unknown, hdd_unknown, ssd_unknown, gpu_unknown,
            hdd_tb_unknown, ssd_tb_unknown; /* disks or their size */
};

/* Machines by their years since they were made, T7. One whose age is not known
 * is in no sum but age_unknown; bought new, its entry stands for it. */
struct rep_reuse {
    uint64_t given, retired, age_unknown; /* left the stock under ten years */
    double aged_kg, aged_years;           /* of those in stock at the end */
};

struct rep_part_row { /* by_kind, by_category */
    int index;        /* enum calc_kind or calc_category */
    uint64_t units;   /* by_category: units of that category */
    struct calc_q kg;
    double adp_kg_sb, pe_mj; /* by_kind, over lines that have them; else NAN */
    double share;            /* of fabrication.gross_kg.value, 0..1 */
};

/* T2 in counts and gross kg, T3 in own kg; signs as shown in the table. */
struct rep_stock {
    struct rep_stock_row {
        uint64_t units; /* T2 only */
        double kg;
    } opening, in_new, in_used, in_split, out_retired, out_given, recalculation,
            closing;
};
struct rep_net_stock {
    double opening_kg, additions_kg, charge_kg, writeoff_kg, transferred_kg,
            recalculation_kg, closing_kg;
};

struct rep_embodied_row { /* T4: category x new/used x approach */
    enum calc_category category;
    bool used;
    enum calc_approach approach;
    uint64_t units;
    double gross_kg, acquisition_kg, amortised_kg, cutoff_kg;
};

struct rep_operation_row { /* T5: tier x month, all sites */
    enum calc_tier tier;
    int month; /* 1..12 */
    double it_kwh, infrastructure_kwh, location_kg;
    double measured_kwh, filled_kwh; /* of it_kwh; the rest is modelled */
};

struct rep_hourly_row { /* one site by the hours of its grid [5.4] */
    const char *site, *zone, *basis, *set, *version, *source;
    enum calc_grid_kind kind;
    uint64_t hours, missing; /* of the period; missing ones by their days */
    int static_months;       /* more than 5 % missing: by the factor g */
    double g_per_kwh;        /* mean of the hours */
    double load_weighted_g_per_kwh;
    double site_kwh, hourly_kg;
    /* Beside a yearly factor of the same zone, kind and source; else NAN. */
    double year_g_per_kwh, static_kg, level_kg;
    double covariance_kg;
};

struct rep_market_row { /* one site, market-based [5.4] */
    const char *site;
    double site_kwh, contracts_kwh; /* as bought, of the period */
    double contracts_used_kwh, contracts_g_per_kwh; /* mean of them */
    double rest_kwh, residual_g_per_kwh;            /* NAN unknown */
    double kg; /* NAN: the rest has no factor */
    const char *residual_source;
    struct rep_contract {
        double mwh, g_per_kwh;
        const char *source;
    } * contracts;
    size_t n_contracts;
};

struct rep_site_row { /* each site's factors, as used */
    const char *name, *country, *timezone, *note;
    double pue; /* of the year; where it varies by month, as it came out */
    bool pue_stated, pue_varies;
    double pue_month[12];
    struct en_grid grid, life_cycle;
    uint64_t machines;
    double it_kwh, site_kwh, location_kg, gross_kg;
};

struct rep_exclusion {  /* left out of the figures, with its reason */
    const char *what;   /* "tape", "switch", "hdd of unknown number", ... */
    const char *reason; /* "no factor", "count not known", ... */
    uint64_t units;
    double estimate_kg; /* by approach B where there is one; NAN */
};

struct rep_factor_use { /* why the gross figure: one row a factor */
    const char *name, *set, *version, *source, *unit;
    double value;    /* GWP of the factor row; NAN for footprints, averages */
    double quantity; /* kg / value; NAN */
    double kg;
    double gsd;
};

struct rep_completion { /* inputs that were completed, by rule */
    enum fac_done done;
    uint64_t units;
    double kg; /* of the lines concerned */
};

struct rep_age_bin {
    int age_y; /* whole years at the end of the period; -1 unknown; last: and
                  more */
    uint64_t under_warranty, out_of_warranty, warranty_unknown; /* machines */
};
enum { REP_AGE_LAST = 20, REP_AGE_BINS = REP_AGE_LAST + 2 };

struct rep_identity {
    const char *id; /* "I1" ... "I9" */
    const char *says;
    bool holds;
    double left, right; /* the two sides; integers for I6 */
};
enum { REP_IDENTITIES = 10 };

struct rep_year {
    int year;               /* 0: fleet as of today */
    struct date start, end; /* [start, end) civil days */
    struct date made_on;    /* options.today */
    bool complete;          /* the period is over */
    enum calc_rule rule;
    const struct fac_set *sets;
    size_t n_sets;

    struct rep_fleet fleet;

    struct calc_q gross_kg, own_kg, charge_kg, acquisition_kg;
    double gross_adp_kg_sb, gross_pe_mj; /* coverage beside them, 0..1 of kg */
    double gross_adp_coverage, gross_pe_coverage;
    struct rep_part_row kinds[CALC_KINDS], categories[CALC_CATEGORIES];
    size_t n_kinds, n_categories; /* rows with units or kg, largest first */

    struct calc_q it_kwh, site_kwh, location_kg;
    double energy_coverage; /* share of in-service machine time with a figure */
    double tier_kwh[CALC_TIERS], tier_measured_kwh[CALC_TIERS],
            tier_filled_kwh[CALC_TIERS];
    struct rep_operation_row *operation; /* T5 */
    size_t n_operation;
    /* Machines with a meter: how many, and less than 80 % covered; their
     * energy; the share of their service with a reading; what was read while
     * they were not in service, which is in no figure. */
    uint64_t metered_machines, estimated_machines;
    double measured_kwh, filled_kwh, metered_coverage, outside_kwh;
    struct calc_q hourly_kg, market_kg; /* unknown: no hours, no contracts */
    double hourly_share; /* of the site kWh that hours of a grid weigh */
    double hourly_month_kg[12];
    struct rep_hourly_row *hourly;
    size_t n_hourly;
    struct rep_market_row *market;
    size_t n_market;

    struct calc_q gross_years, own_years;
    double fabrication_share, years_beyond_life; /* machine-years */
    struct rep_reuse reuse;
    enum calc_grid_kind grid_kind; /* of the operation; UNSTATED when mixed */
    bool grid_mixed;
    double grid_g_per_kwh;                /* site-kWh-weighted mean */
    struct calc_q gross_years_life_cycle; /* beside, on a life-cycle factor */
    double life_cycle_g_per_kwh;
    int life_cycle_year;
    const char *life_cycle_source;

    struct calc_q amortised_total_kg, acquisition_total_kg;
    double writeoff_kg;

    struct { /* T8 */
        enum calc_rule rule;
        double own_kg; /* over lines for which the rule's inputs exist */
        uint64_t lines_without; /* used lines left out of it */
    } rules[CALC_RULES];
    struct {
        enum calc_approach approach;
        double gross_kg;
        uint64_t machines;
    } approaches[CALC_APPROACHES];
    double category_other_origin_kg; /* B lines under the other set; NAN */
    uint64_t discrepancies;          /* lines with W-EMB-DISC */

    struct rep_stock stock;
    struct rep_net_stock net;
    struct rep_embodied_row *embodied;
    size_t n_embodied;
    struct rep_site_row *sites;
    size_t n_sites;
    struct rep_exclusion *exclusions;
    size_t n_exclusions;
    double excluded_kg, excluded_share; /* >5 %: not "complete" [1.2] */
    struct rep_factor_use *factors;
    size_t n_factors;
    struct rep_completion completions[FAC_DONES];
    size_t n_completions;
    struct rep_age_bin ages[REP_AGE_BINS]; /* [0..LAST], then unknown */
    uint64_t unknown_model_lines, age_unknown_lines, start_unknown_lines;

    char grade;              /* 'A'..'E', '-' [11.5] */
    double quality_coverage; /* share of units with an embodied figure */
    struct rep_identity identities[REP_IDENTITIES];
    size_t n_identities;
    bool identities_hold;

    char sha256[65];     /* of the JSON document without this field */
    struct arena *arena; /* holds every text and array above */
};

/* One entry of --machines. */
struct rep_machine_row {
    const char *tag;
    enum calc_category category;
    uint32_t units;
    enum calc_status status;
    enum calc_approach approach;
    struct calc_q gross_kg, operation_kg;
    double own_kg, charge_kg, kwh;
    bool metered;
    double measured_kwh, filled_kwh, coverage; /* NAN without a meter */
    enum calc_tier tier;
    unsigned flags;             /* enum fac_flag */
    double kind_kg[CALC_KINDS]; /* 0 where it has none */
};

/* Scans the database once in constant memory. A failed identity is ERR_CONFLICT
 * naming it (METHOD 6: publication stops). *out is freed with rep_year_free. */
bool rep_year_make(
        struct db *db, struct fac_pack *pack, const struct rep_options *options,
        struct rep_year **out, struct err *err);
void rep_year_free(struct rep_year *y);
/* A second scan that calls row for each line of the stock, in id order. */
bool rep_year_machines(
        struct db *db, struct fac_pack *pack, const struct rep_options *options,
        bool (*row)(
                void *ctx, const struct rep_machine_row *m, struct err *err),
        void *ctx, struct err *err);

enum rep_format { REP_JSON, REP_CSV, REP_XML, REP_HTML, REP_TEXT };
bool rep_format_from(const char *word, enum rep_format *out);

struct rep_writing {
    enum rep_format format;
    const char *language; /* "en" or "fr", HTML and text only */
    /* Where entries of --machines come from; db NULL: none are written. */
    struct db *db;
    struct fac_pack *pack;
    const struct rep_options *options;
};
/* The document in that format. JSON is the document; the others render it. */
bool rep_year_write(
        const struct rep_year *y, const struct rep_writing *w, struct out *out,
        struct err *err);

/* The XML schemas "year.xsd" and "machine.xsd" (namespaces
 * urn:fleetprint:year:1 and urn:fleetprint:machine:1). */
extern const struct embed_file rep_schemas[];

/* ---- one machine --------------------------------------------------------- */

struct rep_machine {
    const struct rep_year *year; /* context: period, rule, sets (no scan) */
    const char *tag, *name, *manufacturer, *product, *serial, *uuid, *note,
            *site, *project, *source;
    enum calc_category category;
    enum calc_chassis chassis;
    enum calc_acquisition acquisition;
    enum calc_status status;
    uint32_t units;
    struct date manufactured_on, acquired_on, in_service_on, warranty_end,
            exit_on;
    struct fac_assessment assessment; /* of one unit */
    struct calc_q gross_kg, own_kg;   /* of all units */
    double share_frac;                /* f of the rule */
    double rule_share[CALC_RULES];
    double age_y, booking_life_y, charge_kg, net_kg;
    struct date life_start, life_end;
    struct en_power power;
    struct en_grid grid, life_cycle;
    double pue, kwh, site_kwh;
    bool metered;
    double measured_kwh, filled_kwh, coverage; /* NAN without a meter */
    double month_kwh[12], month_measured_kwh[12];
    struct calc_q operation_kg, gross_years;
    struct rep_part { /* as inventoried, with its kilograms */
        enum calc_kind kind;
        const char *model, *matched; /* the specification row, NULL none */
        const char *grade;
        uint32_t units;
        double capacity, kg;
    } * parts;
    size_t n_parts;
    struct fac_step steps[FAC_MAX_STEPS];
    int n_steps;
    struct rep_event {
        const char *kind, *effective_on, *detail;
        int64_t recorded_at_s;
    } * events;
    size_t n_events;
    struct arena *arena;
};
bool rep_machine_make(
        struct db *db, struct fac_pack *pack, const struct rep_options *options,
        const char *tag, struct rep_machine **out, struct err *err);
void rep_machine_free(struct rep_machine *m);
bool rep_machine_write(
        const struct rep_machine *m, const struct rep_writing *w,
        struct out *out, struct err *err);

/* ---- who sends energy ------------------------------------------------------
 */

struct rep_sender { /* texts in the list's arena */
    const char *name, *kind, *state, *tag, *agent; /* tag NULL: no machine */
    int64_t seen_s;                                /* 0: never */
    uint32_t meters, missing;
    /* Its machine in the last 30 days: share of them with a reading, energy,
     * the tier of most of it. NAN where nothing was read. */
    double coverage, kwh;
    enum calc_tier tier;
};
struct rep_senders {
    struct rep_sender *items;
    size_t n;
    uint64_t total;
    struct arena *arena;
};
enum { REP_SENDER_DAYS = 30 };
/* A page of them by name; today is the last day. Free with rep_senders_free. */
bool rep_senders_make(
        struct db *db, struct date today, uint32_t limit, uint32_t offset,
        struct rep_senders **out, struct err *err);
void rep_senders_free(struct rep_senders *s);

/* ---- estimate: one machine, no database ---------------------------------- */

struct rep_estimate_options {
    bool unrounded;
};
/* Reads the body of BoaviztAPI's POST /v1/server/, answers in its shape.
 * Unknown keys are ignored with a warning in the answer; wrong types and values
 * out of range are ERR_INVALID with their path ("configuration.cpu.units"). */
bool rep_estimate(
        const struct fac_pack *pack, const char *body, size_t len,
        const struct rep_estimate_options *options, struct out *out,
        struct err *err);

/* The same in two steps, without the answer's text: for callers that assess
 * many, and for measuring. */
struct rep_server; /* a body read; free with rep_server_free */
bool rep_server_read(
        const char *body, size_t len, struct rep_server **out, struct err *err);
void rep_server_free(struct rep_server *s);
struct rep_server_figures {
    enum calc_approach approach;
    double embedded[CALC_CRITERIA], use[CALC_CRITERIA]; /* NAN unknown */
    double power_w;
};
void rep_server_assess(
        const struct fac_pack *pack, const struct rep_server *s,
        struct rep_server_figures *out);

/* HTML pieces shared by files and served pages (ui.h is drawn in there). */
struct ui;
void rep_year_html_body(const struct rep_year *y, struct ui *u);
void rep_dashboard_html(const struct rep_year *y, struct ui *u);
void rep_machine_html_body(const struct rep_machine *m, struct ui *u);

#endif
