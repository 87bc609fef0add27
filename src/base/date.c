/* SPDX-License-Identifier: Apache-2.0
 * Civil dates of limited precision. */
#include "base/date.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { YEAR_MIN = 1900, YEAR_MAX = 2200 };

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

/* Reads exactly n digits. */
static bool digits(const char *s, int n, int *out)
{
    int v = 0;

    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        v = v * 10 + (s[i] - '0');
    }
    *out = v;
    return true;
}

/* The five forms by their length and separators. */
static bool split(const char *s, size_t len, int *y, int *m, int *d)
{
    *m = *d = 0;
    switch (len) {
    case 4:
        return digits(s, 4, y);
    case 7:
        if (s[4] == '-')
            return digits(s, 4, y) && digits(s + 5, 2, m) && *m > 0;
        return s[2] == '/' && digits(s, 2, m) && digits(s + 3, 4, y) && *m > 0;
    case 10:
        if (s[4] == '-' && s[7] == '-')
            return digits(s, 4, y) && digits(s + 5, 2, m) &&
                   digits(s + 8, 2, d) && *m > 0 && *d > 0;
        return s[2] == '/' && s[5] == '/' && digits(s, 2, d) &&
               digits(s + 3, 2, m) && digits(s + 6, 4, y) && *m > 0 && *d > 0;
    default:
        return false;
    }
}

bool date_parse(const char *text, size_t len, struct date *out, struct err *err)
{
    int y, m, d;
    int shown = len > 40 ? 40 : (int)len;

    if (!split(text, len, &y, &m, &d))
        return err_set(
                err, ERR_INVALID,
                "'%.*s' is not a date, expected one like 2019-07-16, 2019-07, "
                "2019 or 16/07/2019",
                shown, text);
    if (y < YEAR_MIN || y > YEAR_MAX)
        return err_set(
                err, ERR_INVALID, "'%.*s' has a year outside %d to %d", shown,
                text, (int)YEAR_MIN, (int)YEAR_MAX);
    if (m > 12 || (d && d > month_days(y, m)))
        return err_set(
                err, ERR_INVALID, "'%.*s' is a day that does not exist", shown,
                text);
    *out = (struct date){
            .year = (int16_t)y, .month = (uint8_t)m, .day = (uint8_t)d};
    return true;
}

const char *date_print(struct date d, char dst[static DATE_TEXT])
{
    unsigned y = (unsigned)d.year % 10000u, m = d.month % 100u,
             day = d.day % 100u;

    if (!date_known(d))
        dst[0] = '\0';
    else if (!d.month)
        snprintf(dst, DATE_TEXT, "%04u", y);
    else if (!d.day)
        snprintf(dst, DATE_TEXT, "%04u-%02u", y, m);
    else
        snprintf(dst, DATE_TEXT, "%04u-%02u-%02u", y, m, day);
    return dst;
}

/* Days from civil and back: the era of 400 years has 146097 days and starts on
 * 1 March, so that the leap day comes last (H. Hinnant, "chrono-compatible
 * low-level date algorithms"). */
int32_t date_days(struct date d)
{
    int month = d.month ? d.month : 7;
    int day = d.day ? d.day : d.month ? 16 : 1;
    int y = d.year - (month <= 2 ? 1 : 0);
    int era, yoe, doy, doe;

    CHECK(date_known(d));
    era = (y >= 0 ? y : y - 399) / 400;
    yoe = y - era * 400;
    doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

struct date date_from_days(int32_t days)
{
    int z = days + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int month = mp < 10 ? mp + 3 : mp - 9;

    return (struct date){
            .year = (int16_t)(yoe + era * 400 + (month <= 2 ? 1 : 0)),
            .month = (uint8_t)month,
            .day = (uint8_t)(doy - (153 * mp + 2) / 5 + 1)};
}

struct date date_add_years(struct date d, int years)
{
    struct date full = date_from_days(date_days(d));

    full.year = (int16_t)(full.year + years);
    if (full.month == 2 && full.day == 29 && !leap(full.year))
        full.day = 28;
    return full;
}

int32_t date_days_add_life(int32_t start_days, double life_y)
{
    int years;
    double part;

    CHECK(life_y >= 0 && life_y <= 200);
    years = (int)floor(life_y);
    part = (life_y - years) * 365.0;
    return date_days(date_add_years(date_from_days(start_days), years)) +
           (int32_t)lround(part);
}

bool date_today(struct date *out, struct err *err)
{
    const char *fixed = getenv("FLEETPRINT_TODAY");
    struct date d;
    time_t now;

    if (fixed && fixed[0]) {
        if (!date_parse(fixed, strlen(fixed), &d, err)) {
            err_in(err, "FLEETPRINT_TODAY");
            return false;
        }
        if (!d.day)
            return err_set(
                    err, ERR_INVALID,
                    "FLEETPRINT_TODAY '%s' must be a full date like 2026-01-31",
                    fixed);
        *out = d;
        return true;
    }
    now = time(NULL);
    if (now == (time_t)-1)
        return err_set(err, ERR_IO, "the system clock cannot be read");
    *out = date_from_days((int32_t)(now / 86400));
    return true;
}
