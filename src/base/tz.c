/* SPDX-License-Identifier: Apache-2.0
 * IANA time zones read from the system's TZif files (RFC 8536), without the
 * process-wide state of the C library. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "base/mem.h"

enum {
    ZONE_MAX_BYTES = 256 * 1024, /* the largest of tzdata 2024 has 4 kB */
    ZONE_MAX_NAME = 64,
    DAY_S = 86400,
    FAR_S = 26 * 3600, /* beyond any offset */
};

/* When one half of the footer rule starts: "M3.5.0/2", "J60", "59". */
struct change {
    char kind; /* 'M', 'J' or '0' */
    int month, week, day;
    int32_t at_s; /* local seconds after midnight */
};

struct rule {
    bool known, has_dst;
    int32_t std_s, dst_s; /* offsets from UTC */
    struct change to_dst, to_std;
};

struct tz {
    struct tz *next;
    char name[ZONE_MAX_NAME + 1];
    size_t n;         /* transitions */
    int64_t *at;      /* UTC seconds, rising */
    int32_t *after_s; /* offset from UTC from at[i] on */
    int32_t first_s;  /* offset before at[0] */
    struct rule rule; /* after at[n - 1] */
};

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static struct tz *cache;

static int32_t be32(const unsigned char *p)
{
    return (int32_t)((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]);
}

static int64_t be64(const unsigned char *p)
{
    return (int64_t)((uint64_t)(uint32_t)be32(p) << 32 | (uint32_t)be32(p + 4));
}

/* The POSIX footer, "CET-1CEST,M3.5.0,M10.5.0/3" */

static bool rule_name(const char **s)
{
    const char *p = *s;

    if (*p == '<') {
        p += strcspn(p, ">");
        if (*p != '>')
            return false;
        *s = p + 1;
        return true;
    }
    while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
        p++;
    if (p - *s < 3)
        return false;
    *s = p;
    return true;
}

static bool rule_int(const char **s, int max, int *out)
{
    int v = 0;

    if (**s < '0' || **s > '9')
        return false;
    for (; **s >= '0' && **s <= '9'; (*s)++) {
        v = v * 10 + (**s - '0');
        if (v > max)
            return false;
    }
    *out = v;
    return true;
}

/* [+-]h[h][:mm[:ss]]; up to 167 h as RFC 8536 3.3.1 allows for changes. */
static bool rule_time(const char **s, int max_h, int32_t *out)
{
    int sign = 1, h = 0, m = 0, sec = 0;

    if (**s == '-' || **s == '+')
        sign = *(*s)++ == '-' ? -1 : 1;
    if (!rule_int(s, max_h, &h))
        return false;
    if (**s == ':') {
        (*s)++;
        if (!rule_int(s, 59, &m))
            return false;
    }
    if (**s == ':') {
        (*s)++;
        if (!rule_int(s, 59, &sec))
            return false;
    }
    *out = sign * (h * 3600 + m * 60 + sec);
    return true;
}

static bool rule_change(const char **s, struct change *c)
{
    if (*(*s)++ != ',')
        return false;
    c->at_s = 7200;
    if (**s == 'M') {
        c->kind = *(*s)++;
        if (!rule_int(s, 12, &c->month) || c->month < 1 || *(*s)++ != '.' ||
            !rule_int(s, 5, &c->week) || c->week < 1 || *(*s)++ != '.' ||
            !rule_int(s, 6, &c->day))
            return false;
    } else {
        c->kind = **s == 'J' ? *(*s)++ : '0';
        if (!rule_int(s, 365, &c->day) || (c->kind == 'J' && c->day < 1))
            return false;
    }
    if (**s == '/') {
        (*s)++;
        return rule_time(s, 167, &c->at_s);
    }
    return true;
}

static bool rule_parse(const char *s, struct rule *r)
{
    int32_t west;

    if (!rule_name(&s) || !rule_time(&s, 24, &west))
        return false;
    r->known = true;
    r->std_s = -west;
    r->dst_s = r->std_s + 3600;
    if (!*s)
        return true;
    r->has_dst = true;
    if (!rule_name(&s))
        return false;
    if (*s && *s != ',') {
        if (!rule_time(&s, 24, &west))
            return false;
        r->dst_s = -west;
    }
    return rule_change(&s, &r->to_dst) && rule_change(&s, &r->to_std) && !*s;
}

static int32_t civil(int year, int month, int day)
{
    return date_days((struct date){
            .year = (int16_t)year,
            .month = (uint8_t)month,
            .day = (uint8_t)day});
}

/* Local second, counted from 1970, at which the change happens in that year. */
static int64_t change_local_s(const struct change *c, int year)
{
    int32_t days;
    bool is_leap = civil(year + 1, 1, 1) - civil(year, 1, 1) == 366;

    if (c->kind == 'M') {
        int32_t first = civil(year, c->month, 1);
        int32_t next = c->month == 12 ? civil(year + 1, 1, 1)
                                      : civil(year, c->month + 1, 1);
        int weekday = (int)(((first + 4) % 7 + 7) % 7); /* 1970-01-01: 4 */
        days = first + (c->day - weekday + 7) % 7 + (c->week - 1) * 7;
        while (days >= next)
            days -= 7;
    } else if (c->kind == 'J') { /* 1..365, 29 February never counted */
        days = civil(year, 1, 1) + c->day - 1 +
               (is_leap && c->day >= 60 ? 1 : 0);
    } else {
        days = civil(year, 1, 1) + c->day;
    }
    return (int64_t)days * DAY_S + c->at_s;
}

static int32_t rule_offset_s(const struct rule *r, int64_t utc_s)
{
    int64_t local = utc_s + r->std_s;
    int64_t days = (local >= 0 ? local : local - (DAY_S - 1)) / DAY_S;
    int year;
    int64_t on, off;

    if (!r->has_dst)
        return r->std_s;
    /* Far outside any date of ours the year would not fit its type. */
    if (days < -700000 || days > 10000000)
        return r->std_s;
    year = date_from_days((int32_t)days).year;
    on = change_local_s(&r->to_dst, year) - r->std_s;
    off = change_local_s(&r->to_std, year) - r->dst_s;
    if (on < off)
        return utc_s >= on && utc_s < off ? r->dst_s : r->std_s;
    return utc_s >= off && utc_s < on ? r->std_s : r->dst_s;
}

/* The TZif file */

struct header {
    int version;
    size_t isut, isstd, leap, time, type, chars;
};

static bool header_read(const unsigned char *p, size_t len, struct header *h)
{
    size_t *counts[] = {&h->isut, &h->isstd, &h->leap,
                        &h->time, &h->type,  &h->chars};

    if (len < 44 || memcmp(p, "TZif", 4) != 0)
        return false;
    h->version = p[4] ? p[4] - '0' : 1;
    for (size_t i = 0; i < 6; i++) {
        int32_t v = be32(p + 20 + 4 * i);
        if (v < 0 || v > ZONE_MAX_BYTES)
            return false;
        *counts[i] = (size_t)v;
    }
    return h->type >= 1 && h->type <= 256;
}

static size_t block_len(const struct header *h, size_t wide)
{
    return h->time * (wide + 1) + h->type * 6 + h->chars +
           h->leap * (wide + 4) + h->isstd + h->isut;
}

static bool block_read(
        struct tz *tz, const unsigned char *p, const struct header *h,
        size_t wide)
{
    const unsigned char *index = p + h->time * wide;
    const unsigned char *types = index + h->time;

    tz->n = h->time;
    tz->at = xcalloc(tz->n, sizeof *tz->at);
    tz->after_s = xcalloc(tz->n, sizeof *tz->after_s);
    tz->first_s = be32(types); /* type 0 holds before the first transition */
    for (size_t i = 0; i < tz->n; i++) {
        tz->at[i] = wide == 8 ? be64(p + 8 * i) : be32(p + 4 * i);
        if (index[i] >= h->type || (i && tz->at[i] <= tz->at[i - 1]))
            return false;
        tz->after_s[i] = be32(types + 6 * (size_t)index[i]);
    }
    for (size_t i = 0; i < h->type; i++) {
        int32_t offset = be32(types + 6 * i);
        if (offset < -26 * 3600 || offset > 26 * 3600)
            return false;
    }
    return true;
}

static bool zone_parse(struct tz *tz, const unsigned char *p, size_t len)
{
    struct header h = {0};
    size_t wide = 4;
    char footer[80];

    if (!header_read(p, len, &h))
        return false;
    p += 44;
    len -= 44;
    if (block_len(&h, 4) > len)
        return false;
    if (h.version >= 2) { /* the second block has 64-bit times */
        p += block_len(&h, 4);
        len -= block_len(&h, 4);
        if (!header_read(p, len, &h))
            return false;
        p += 44;
        len -= 44;
        wide = 8;
        if (block_len(&h, 8) > len)
            return false;
    }
    if (!block_read(tz, p, &h, wide))
        return false;
    p += block_len(&h, wide);
    len -= block_len(&h, wide);
    if (wide == 8 && len >= 2 && p[0] == '\n' && p[1] != '\n') {
        const unsigned char *end = memchr(p + 1, '\n', len - 1);
        size_t n = end ? (size_t)(end - p - 1) : 0;

        if (n == 0 || n >= sizeof footer)
            return false;
        memcpy(footer, p + 1, n);
        footer[n] = '\0';
        return rule_parse(footer, &tz->rule);
    }
    return true;
}

static void zone_free(struct tz *tz)
{
    if (!tz)
        return;
    free(tz->at);
    free(tz->after_s);
    free(tz);
}

static bool name_ok(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > ZONE_MAX_NAME || name[0] == '/' || name[0] == '-')
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz"
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") == len;
}

static bool zone_load(const char *name, struct tz **out, struct err *err)
{
    const char *folder = getenv("TZDIR");
    struct tz *tz = xcalloc(1, sizeof *tz);
    struct buf path, bytes;
    bool ok = false;

    buf_init(&path, 4096);
    buf_init(&bytes, ZONE_MAX_BYTES);
    memcpy(tz->name, name, strlen(name) + 1);
    if (strcmp(name, "UTC") == 0) {
        tz->rule.known = true;
        ok = true;
        goto done;
    }
    if (!folder || !folder[0])
        folder = "/usr/share/zoneinfo";
    if (!buf_printf(&path, "%s/%s", folder, name)) {
        err_set(err, ERR_LIMIT, "TZDIR is longer than a path may be");
        goto done;
    }
    if (file_kind(buf_text(&path)) != FILE_REGULAR) {
        err_set(err, ERR_NOT_FOUND,
                "time zone '%s' is not in the system's tz database; expected "
                "a name like Europe/Paris",
                name);
        goto done;
    }
    if (!file_read(buf_text(&path), ZONE_MAX_BYTES, &bytes, err))
        goto done;
    if (!zone_parse(tz, (const unsigned char *)buf_text(&bytes), bytes.len)) {
        err_set(err, ERR_INVALID, "'%s' is not a good time zone file",
                buf_text(&path));
        goto done;
    }
    ok = true;
done:
    if (ok)
        *out = tz;
    else
        zone_free(tz);
    buf_clear(&path);
    buf_clear(&bytes);
    return ok;
}

bool tz_load(const char *name, const struct tz **out, struct err *err)
{
    struct tz *tz;
    bool ok = true;

    if (!name_ok(name))
        return err_set(
                err, ERR_INVALID,
                "'%.60s' is not a time zone, expected a name like Europe/Paris",
                name);
    pthread_mutex_lock(&cache_lock);
    for (tz = cache; tz && strcmp(tz->name, name) != 0; tz = tz->next)
        ;
    if (!tz) {
        ok = zone_load(name, &tz, err);
        if (ok) {
            tz->next = cache;
            cache = tz;
        }
    }
    pthread_mutex_unlock(&cache_lock);
    if (ok)
        *out = tz;
    return ok;
}

int32_t tz_offset_s(const struct tz *tz, int64_t utc_s)
{
    size_t lo = 0, hi = tz->n;

    if ((tz->n == 0 || utc_s >= tz->at[tz->n - 1]) && tz->rule.known)
        return rule_offset_s(&tz->rule, utc_s);
    while (lo < hi) { /* first transition after utc_s */
        size_t mid = lo + (hi - lo) / 2;
        if (tz->at[mid] <= utc_s)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? tz->after_s[lo - 1] : tz->first_s;
}

int64_t tz_midnight_utc_s(const struct tz *tz, struct date d)
{
    int64_t local = (int64_t)date_days(d) * DAY_S;
    int32_t a = tz_offset_s(tz, local - FAR_S);
    int32_t b = tz_offset_s(tz, local + FAR_S);
    int32_t big = a > b ? a : b, small = a > b ? b : a;
    int64_t lo, hi;

    /* The earlier instant first: where midnight comes twice, the day starts
     * with the first. */
    if (tz_offset_s(tz, local - big) == big)
        return local - big;
    if (tz_offset_s(tz, local - small) == small)
        return local - small;
    /* Midnight is jumped over: the first instant that reads as later. */
    lo = local - big;
    hi = local - small;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        if (mid + tz_offset_s(tz, mid) >= local)
            hi = mid;
        else
            lo = mid + 1;
    }
    return hi;
}
