/* SPDX-License-Identifier: Apache-2.0
 * The hours of machines with a meter as meters.c reads and metered.c uses
 * them. */
#ifndef REPORTS_METERED_PRIV_H
#define REPORTS_METERED_PRIV_H

#include "reports/reports_priv.h"

enum {
    REP_WINDOW = 8, /* machines read at one time */
    REP_METER_MONTHS = 16,
};

struct rep_metered { /* its hours, one after the other */
    int64_t id;
    bool any, there[REP_METER_MONTHS]; /* months that were read */
    int64_t *joules;
    uint16_t *covered;
    uint8_t *tier;
    /* What whole joules leave of each month, given to its last hour. */
    int64_t rest_uj[REP_METER_MONTHS];
    size_t rest_at[REP_METER_MONTHS];
};

struct rep_metered_span { /* a month's part of a stretch: what was measured in
                             it */
    size_t place;
    int month;
    int64_t joules[CALC_TIERS];
    int64_t rest_uj[CALC_TIERS];
};

struct rep_metered_gap {
    size_t span, at; /* at: hour of the series */
    uint32_t bin;
    int from_s, gap_s; /* from_s: of the hour, where its part begins */
};

struct rep_meters {
    struct rep_frame *frame;
    int from_month, to_month;
    int64_t hour0; /* hour since 1970 of the first of the series */
    size_t first[REP_METER_MONTHS + 1]; /* hour of the series of each month */
    size_t n_hours;
    int64_t *ids;  /* of machines behind meters, rising */
    double *watts; /* modelled, where meters are shared; else NULL */
    size_t n_ids;
    bool shared, failed;
    struct err err;
    struct rep_metered window[REP_WINDOW];
    size_t n_window;
    struct rep_metered_span *spans; /* of the line under way */
    struct rep_metered_gap *gaps;
    size_t n_spans, cap_spans, n_gaps, cap_gaps;
};

/* The line's hours; NULL: it has no meter, or no reading in the period. */
struct rep_metered *rep_metered_find(struct rep_meters *m, int64_t id);

#endif
