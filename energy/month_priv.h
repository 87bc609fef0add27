/* SPDX-License-Identifier: Apache-2.0
 * A month with exact hours, as folding works on it. */
#ifndef ENERGY_MONTH_PRIV_H
#define ENERGY_MONTH_PRIV_H

#include "energy/ledger.h"

#define EN_HOUR_NS INT64_C(3600000000000)

struct month_exact {
    int month, n_hours;
    unsigned base_flags; /* of hours whose own are no longer known */
    int64_t uj[EN_MONTH_HOURS];
    int64_t ns[EN_MONTH_HOURS]; /* covered, more than an hour where intervals
                                   overlap */
    uint8_t flags[EN_MONTH_HOURS];
};

int64_t month_start_ns(int month);
int month_hours(int month);
/* Whole joules and seconds, the exact sum, all flags. */
void month_round(const struct month_exact *x, struct en_month *out);
/* What rounding lost, so that month_restore gives x again. */
void month_fine_pack(const struct month_exact *x, struct buf *out);
/* bytes NULL: none kept; the rest of the sum goes to the last hour with
 * energy. m is a whole row: hours, sum_uj, flags, month. */
bool month_restore(
        const struct en_month *m, const void *bytes, size_t n,
        struct month_exact *out, struct err *err);

#endif
