/* SPDX-License-Identifier: Apache-2.0
 * Fleets of some lines whose figures are worked out by hand. */
#ifndef TESTS_UNIT_REPORTS_SMALL_H
#define TESTS_UNIT_REPORTS_SMALL_H

#include "reports_fleet.h"

#define HEAD                                                                   \
    "tag,quantity,category,site,status,acquisition,manufactured_on,"           \
    "acquired_on,in_service_on,retired_on,power_w,fabrication_kg,"             \
    "fabrication_source\n"
#define FRANCE "name,country,timezone,pue\nlyon,FRA,Europe/Paris,\n"

static const struct date mid_2025 = {2025, 6, 30};

/* The document of 2024 as seen in the middle of 2025. */
static inline struct rep_year *fleet_2024(const struct fleet *f)
{
    struct rep_options o = fleet_options(2024, (struct date){2025, 6, 30});

    return fleet_year(f, &o);
}

#endif
