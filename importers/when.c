/* SPDX-License-Identifier: Apache-2.0
 * Instants as files write them, and local times as UTC. */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

static bool no_instant(const char *text, struct err *err)
{
    return err_set(
            err, ERR_INVALID,
            "'%.40s' is no instant, expected one such as 2024-07-04T11:00Z",
            text);
}

/* Exactly n digits at *s, which moves on. */
static bool digits(const char **s, size_t n, int lo, int hi, int *out)
{
    int64_t v;

    if (strspn(*s, "0123456789") < n || !num_parse_int(*s, n, lo, hi, &v, NULL))
        return false;
    *s += n;
    *out = (int)v;
    return true;
}

/* "", "Z", "+02:00", "+0200", "+02". */
static bool read_offset(const char *s, int64_t *offset_s, bool *zoned)
{
    int sign, hours, minutes = 0;

    *offset_s = 0;
    *zoned = *s != '\0';
    if (!*s || strcmp(s, "Z") == 0 || strcmp(s, "z") == 0 ||
        text_same(s, "UTC"))
        return true;
    if (*s != '+' && *s != '-')
        return false;
    sign = *s++ == '-' ? -1 : 1;
    if (!digits(&s, 2, 0, 15, &hours))
        return false;
    s += *s == ':';
    if (*s && !digits(&s, 2, 0, 59, &minutes))
        return false;
    *offset_s = sign * (hours * HOUR_S + minutes * MINUTE_S);
    return *s == '\0';
}

bool imp_when_parse(const char *text, struct imp_when *out, struct err *err)
{
    const char *s = text;
    int hour = 0, minute = 0, second = 0;
    struct date d;
    int64_t offset_s;
    bool zoned;

    if (strlen(text) < 10 || !date_parse(text, 10, &d, NULL) || d.day == 0 ||
        text[4] != '-' || d.year < 1990 || d.year > 2200)
        return no_instant(text, err);
    s += 10;
    if (*s == 'T' || *s == 't' || *s == ' ') {
        s++;
        s += *s == ' ';
        if (!digits(&s, 2, 0, 23, &hour) || *s++ != ':' ||
            !digits(&s, 2, 0, 59, &minute))
            return no_instant(text, err);
        if (*s == ':') {
            s++;
            if (!digits(&s, 2, 0, 59, &second))
                return no_instant(text, err);
            if (*s == '.')
                s += 1 + strspn(s + 1, "0123456789");
        }
        s += *s == ' ';
    }
    if (!read_offset(s, &offset_s, &zoned))
        return no_instant(text, err);
    out->civil_s = (int64_t)date_days(d) * DAY_S + hour * HOUR_S +
                   minute * MINUTE_S + second;
    out->utc_s = out->civil_s - offset_s;
    out->zoned = zoned;
    return true;
}

int imp_when_local(const struct tz *tz, int64_t civil_s, int64_t out[2])
{
    /* Further apart than any change of clocks lasts. */
    int64_t before = tz_offset_s(tz, civil_s - DAY_S);
    int64_t after = tz_offset_s(tz, civil_s + DAY_S);
    int n = 0;

    if (tz_offset_s(tz, civil_s - before) == before)
        out[n++] = civil_s - before;
    if (after != before && tz_offset_s(tz, civil_s - after) == after)
        out[n++] = civil_s - after;
    return n;
}

int imp_year_of(int64_t utc_s)
{
    int64_t days = utc_s / DAY_S - (utc_s % DAY_S < 0);

    return date_from_days((int32_t)days).year;
}

int64_t imp_year_start_s(int year)
{
    const struct date d = {.year = (int16_t)year, .month = 1, .day = 1};

    return (int64_t)date_days(d) * DAY_S;
}

const char *imp_when_print(int64_t utc_s, char dst[static IMP_WHEN_TEXT])
{
    int64_t days = utc_s / DAY_S - (utc_s % DAY_S < 0);
    int left = (int)(utc_s - days * DAY_S);
    char date[DATE_TEXT];

    snprintf(
            dst, IMP_WHEN_TEXT, "%sT%02d:%02dZ",
            date_print(date_from_days((int32_t)days), date), left / HOUR_S,
            left / MINUTE_S % MINUTE_S);
    return dst;
}
