/* SPDX-License-Identifier: Apache-2.0
 * The meters of one machine and month, and what each tier makes of an hour. */
#ifndef ENERGY_MACHINE_PRIV_H
#define ENERGY_MACHINE_PRIV_H

#include "energy/ledger.h"
#include "energy/ledger_sql.h"

#define MACHINE_ETA_PSU 0.90 /* [D] */
enum { MACHINE_HOUR_S = 3600 };

struct machine_meter {
    int64_t id, source;
    enum wire_scope scope;
    bool modelled;
    bool there;        /* it has this month */
    int first_month;   /* of all its months, or a later one with readings */
    bool first_known;  /* it is that of all */
    int64_t gone_hour; /* since 1970, from which it is no longer the machine's;
                          INT64_MAX: it is */
    /* Hours from..to of the month in which a reading is missing where there is
     * none: it was read before and is not gone. */
    int from, to;
    /* The part of it that is this machine's: after - before of whole. */
    int64_t before, after, whole;
    int last;        /* hour with a reading */
    int64_t whole_j; /* of its month, sum of its hours */
    double rest_j;   /* of the exact sum beyond whole joules, in hour `last` */
    struct en_month m;
};

struct machine_energy {
    int64_t id;
    struct machine_meter *meters;
    size_t n, cap;
    double board_w, disks_w; /* modelled rest, of what nothing meters */
    double ram_w;            /* NAN: not known */
    int cards;               /* by the inventory; -1: not known */
    bool calibrated;         /* has meters at the wall and inside */
    /* The last hours in which both are known, per second. */
    double wall[CALC_RATIO_HOURS], inside[CALC_RATIO_HOURS];
    size_t n_pairs;
};

struct hour_energy { /* covered 0: nothing known */
    double joules;
    int covered;
};

static inline bool machine_expected(const struct machine_meter *m, int hour)
{
    return hour >= m->from && hour < m->to;
}

/* machine_hour.c: energy of one hour by each tier M1 to M4; M3 as it is, not
 * yet calibrated. */
void machine_hour(
        const struct machine_energy *e, int hour,
        struct hour_energy out[CALC_TIERS]);

/* machine_block.c: hours that are all covered, many at a time. They are made of
 * the same meters in the same way, and give bit for bit what machine_hour
 * does. */
enum { BLOCK_METERS = 64 };

struct block_way { /* how such an hour is worked out */
    const struct machine_meter *sum[BLOCK_METERS];
    size_t n;    /* 0: no such way */
    bool inside; /* counters, which leave out a part of the machine */
    const struct machine_meter *disk, *rest, *ram; /* NULL: by watts */
    bool with_ram;                                 /* `sum` has it */
};

enum block_hour { BLOCK_WHOLE, BLOCK_EMPTY, BLOCK_ODD /* by itself */ };

struct machine_block {
    enum calc_tier tier; /* of hours that are whole */
    struct block_way way,
            pair; /* pair: counters beside the wall's, calibrated */
    uint8_t hours[EN_MONTH_HOURS]; /* enum block_hour */
};

void machine_block_find(
        const struct machine_energy *e, int n_hours, struct machine_block *out);
/* Joules of whole hours from..to. */
void machine_block_values(
        const struct machine_energy *e, const struct block_way *way, int from,
        int to, double *out);

/* machine_month.c: its month by the best tier of each hour. by_hour: all of
 * them one by one; for tests, which compare. */
void machine_month(
        struct machine_energy *e, int month, bool by_hour,
        struct en_hours *out);
/* A meter that holds the whole of one machine at the wall or its BMC: where it
 * is the only one its hours are the machine's. */
bool machine_meter_whole(const struct machine_meter *m);

/* meter_gone.c: the hour since 1970 after the last one that a month's bytes
 * have a reading in. */
bool en_hours_heard(
        int month, const void *bytes, size_t n, int64_t *hour, struct err *err);

struct stmt *el_stmt(struct db *db, enum el_sql id, struct err *err);

#endif
