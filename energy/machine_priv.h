/* SPDX-License-Identifier: Apache-2.0
 * The meters of one machine and month, and what each tier makes of an hour. */
#ifndef ENERGY_MACHINE_PRIV_H
#define ENERGY_MACHINE_PRIV_H

#include "energy/ledger.h"
#include "energy/ledger_sql.h"

struct machine_meter {
    int64_t id, source;
    enum wire_scope scope;
    bool modelled;
    bool there; /* it has this month */
    /* The part of it that is this machine's: after - before of whole. */
    int64_t before, after, whole;
    int first, last; /* hours with a reading; only cards may end early */
    double rest_j;   /* of the exact sum beyond whole joules, in hour `last` */
    struct en_month m;
};

struct machine_energy {
    int64_t id;
    struct machine_meter *meters;
    size_t n, cap;
    double board_w, disks_w; /* modelled rest, of what nothing meters */
    double ram_w;            /* NAN: not known */
    bool calibrated;         /* has meters at the wall and inside */
    /* The last hours in which both are known, per second. */
    double wall[CALC_RATIO_HOURS], inside[CALC_RATIO_HOURS];
    size_t n_pairs;
};

struct hour_energy { /* covered 0: nothing known */
    double joules;
    int covered;
};

/* machine_hour.c: energy of one hour by each tier M1 to M4; M3 as it is, not
 * yet calibrated. */
void machine_hour(
        const struct machine_energy *e, int hour,
        struct hour_energy out[CALC_TIERS]);

struct stmt *el_stmt(struct db *db, enum el_sql id, struct err *err);

#endif
