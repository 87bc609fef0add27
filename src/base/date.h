/* SPDX-License-Identifier: Apache-2.0
 * Civil dates, dates of limited precision, and IANA time zones, without the
 * process-wide state of the C library. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A proleptic Gregorian date; month and day are 0 when not known. */
struct date {
    int16_t year; /* 1900..2200; 0 means no date at all */
    uint8_t month, day;
};

enum { DATE_TEXT = 12 };

/* 2019-07-16, 2019-07, 2019, 16/07/2019, 07/2019 (DESIGN section 4);
 * ERR_INVALID for anything else and for days that do not exist. */
bool date_parse(
        const char *text, size_t len, struct date *out, struct err *err);
/* ISO text of the known precision ("" for no date). Returns dst. */
const char *date_print(struct date d, char dst[static DATE_TEXT]);
static inline bool date_known(struct date d)
{
    return d.year != 0;
}

/* Days since 1970-01-01; a partial date counts as mid-period: 1 July of the
 * year, 16th of the month (DESIGN section 3). d must be known. */
int32_t date_days(struct date d);
struct date date_from_days(int32_t days);
/* Same day and month `years` later; 29 February becomes 28 February when the
 * target year has none (METHOD 4.2). Result has full precision. */
struct date date_add_years(struct date d, int years);
/* Start + life: whole years by date_add_years, then round(frac * 365) days
 * (METHOD 4.2). life_y in 0..200. */
int32_t date_days_add_life(int32_t start_days, double life_y);

/* Today in UTC, or $FLEETPRINT_TODAY (ISO date) when set, for repeatable
 * reports and tests. */
bool date_today(struct date *out, struct err *err);

struct tz; /* loaded zone; immutable */
/* By IANA name ("Europe/Paris", "UTC") from the system's tz database. The zone
 * is cached for the process and borrowed by the caller. ERR_NOT_FOUND,
 * ERR_INVALID (name with dots, slashes first, or a broken file). */
bool tz_load(const char *name, const struct tz **out, struct err *err);
/* UTC second of local midnight at the start of that date. Where midnight does
 * not exist (a jump), the first instant of the date. */
int64_t tz_midnight_utc_s(const struct tz *tz, struct date d);
/* Offset from UTC in seconds at an instant. */
int32_t tz_offset_s(const struct tz *tz, int64_t utc_s);

#endif
