/* SPDX-License-Identifier: Apache-2.0
 * Civil dates and time zones. Instants were computed with Python's zoneinfo. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "unit.h"

static struct date ymd(int y, int m, int d)
{
    return (struct date){(int16_t)y, (uint8_t)m, (uint8_t)d};
}

static void test_parse(void)
{
    static const struct {
        const char *text, *want; /* NULL: refused */
    } cases[] = {
            {"2019-07-16", "2019-07-16"},
            {"2019-07", "2019-07"},
            {"2019", "2019"},
            {"16/07/2019", "2019-07-16"},
            {"07/2019", "2019-07"},
            {"2024-02-29", "2024-02-29"},
            {"1900", "1900"},
            {"2200-12-31", "2200-12-31"},
            {"2000-02-29", "2000-02-29"},
            {"1899", NULL},
            {"2201", NULL},
            {"2023-02-29", NULL},
            {"1900-02-29", NULL},
            {"2019-13", NULL},
            {"2019-00", NULL},
            {"2019-07-00", NULL},
            {"2019-07-32", NULL},
            {"31/04/2019", NULL},
            {"00/2019", NULL},
            {"2019-7-16", NULL},
            {"2019/07/16", NULL},
            {"16-07-2019", NULL},
            {"16/07/19", NULL},
            {"2019-07-16T00:00", NULL},
            {"", NULL},
            {" 2019", NULL},
            {"+201", NULL},
            {"2O19", NULL},
            {"201a-07-16", NULL},
            {"2019-07-1x", NULL},
    };
    char text[DATE_TEXT];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct date d = {0};
        struct err err = {0};
        bool ok = date_parse(cases[i].text, strlen(cases[i].text), &d, &err);

        UNIT_CHECK(
                ok == (cases[i].want != NULL), "'%s': %s", cases[i].text,
                ok ? "taken" : err.msg);
        UNIT_CHECK(
                strcmp(date_print(d, text), ok ? cases[i].want : "") == 0,
                "'%s' printed as '%s'", cases[i].text, text);
        UNIT_CHECK(ok || err.code == ERR_INVALID, "'%s' code", cases[i].text);
    }
}

static void test_days(void)
{
    UNIT_CHECK(date_days(ymd(1970, 1, 1)) == 0, "epoch");
    UNIT_CHECK(date_days(ymd(2019, 7, 16)) == 18093, "2019-07-16");
    UNIT_CHECK(date_days(ymd(1900, 1, 1)) == -25567, "1900");
    UNIT_CHECK(date_days(ymd(2200, 12, 31)) == 84370, "2200");
    UNIT_CHECK(date_days(ymd(2025, 0, 0)) == 20270, "a year is its 1 July");
    UNIT_CHECK(date_days(ymd(2019, 7, 0)) == 18093, "a month is its 16th day");
    /* every day of 301 years, in order and back */
    struct date d = ymd(1900, 1, 1);
    int bad = 0;
    for (int32_t n = -25567; n <= 84370; n++) {
        struct date back = date_from_days(n);
        bad += back.year != d.year || back.month != d.month ||
               back.day != d.day || date_days(d) != n;
        static const int len[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
        bool leap = d.year % 4 == 0 && (d.year % 100 || d.year % 400 == 0);
        int last = len[d.month - 1] + (leap && d.month == 2);
        if (d.day < last) {
            d.day++;
        } else {
            d.day = 1;
            d.month = d.month == 12 ? 1 : (uint8_t)(d.month + 1);
            d.year = (int16_t)(d.year + (d.month == 1));
        }
    }
    UNIT_CHECK(bad == 0, "%d days wrong", bad);
}

static void test_life(void)
{
    char text[DATE_TEXT];
    int32_t start = date_days(ymd(2023, 7, 1));

    date_print(date_add_years(ymd(2024, 2, 29), 1), text);
    UNIT_CHECK(strcmp(text, "2025-02-28") == 0, "%s", text);
    date_print(date_add_years(ymd(2024, 2, 29), 4), text);
    UNIT_CHECK(strcmp(text, "2028-02-29") == 0, "%s", text);
    date_print(date_add_years(ymd(2019, 0, 0), 2), text);
    UNIT_CHECK(strcmp(text, "2021-07-01") == 0, "%s", text);
    /* METHOD TV24: 5 years from 2023-07-01 are 1827 days */
    UNIT_CHECK(date_days_add_life(start, 5) - start == 1827, "TV24");
    /* 366 + 365 days to 2025-07-01, then round(0.5 * 365) = 183 */
    UNIT_CHECK(date_days_add_life(start, 2.5) - start == 731 + 183, "2.5");
    UNIT_CHECK(date_days_add_life(start, 0) == start, "0");
}

static void test_today(void)
{
    struct date d = {0};
    struct err err = {0};

    setenv("FLEETPRINT_TODAY", "2026-01-31", 1);
    UNIT_CHECK(date_today(&d, &err), "%s", err.msg);
    UNIT_CHECK(d.year == 2026 && d.month == 1 && d.day == 31, "the day set");
    setenv("FLEETPRINT_TODAY", "2026-01", 1);
    UNIT_CHECK(!date_today(&d, &err) && err.code == ERR_INVALID, "no day");
    setenv("FLEETPRINT_TODAY", "soon", 1);
    UNIT_CHECK(!date_today(&d, &err) && err.code == ERR_INVALID, "no date");
    unsetenv("FLEETPRINT_TODAY");
    UNIT_CHECK(date_today(&d, &err), "%s", err.msg);
    UNIT_CHECK(
            labs((long)(time(NULL) / 86400) - date_days(d)) <= 1, "the clock");
}

static const struct tz *zone(const char *name)
{
    const struct tz *tz = NULL;
    struct err err = {0};
    bool ok = tz_load(name, &tz, &err);

    UNIT_CHECK(ok, "%s: %s", name, err.msg);
    CU_ASSERT_FATAL(ok);
    return tz;
}

static void test_midnights(void)
{
    static const struct {
        const char *zone;
        int y, m, d;
        int64_t utc_s;
        int32_t offset_s;
    } cases[] = {
            {"UTC", 2025, 1, 1, 1735689600, 0},
            {"Europe/Paris", 2024, 1, 1, 1704063600, 3600},
            {"Europe/Paris", 2025, 1, 1, 1735686000, 3600},
            {"Europe/Paris", 2025, 3, 30, 1743289200, 3600},
            {"Europe/Paris", 2025, 3, 31, 1743372000, 7200},
            {"Europe/Paris", 2025, 10, 26, 1761429600, 7200},
            {"Europe/Paris", 2025, 10, 27, 1761519600, 3600},
            {"Europe/Paris", 2060, 7, 1, 2855858400, 7200},
            {"Europe/Paris", 2100, 1, 1, 4102441200, 3600},
            {"Europe/Paris", 1950, 1, 1, -631155600, 3600},
            {"Australia/Sydney", 2025, 4, 6, 1743858000, 39600},
            {"Australia/Sydney", 2025, 4, 7, 1743948000, 36000},
            {"Australia/Sydney", 2025, 10, 5, 1759586400, 36000},
            {"Australia/Sydney", 2025, 10, 6, 1759669200, 39600},
            {"Australia/Sydney", 2050, 1, 1, 2524568400, 39600},
            {"Australia/Sydney", 2050, 7, 1, 2540210400, 36000},
            {"Asia/Kolkata", 2050, 1, 1, 2524588200, 19800},
            {"Africa/Casablanca", 2090, 1, 1, 3786912000, 0},
            {"America/New_York", 2037, 12, 31, 2145848400, -18000},
            {"America/New_York", 2040, 7, 1, 2224728000, -14400},
            {"America/Santiago", 2050, 1, 1, 2524618800, -10800},
            /* the clock goes back at 24:00: this midnight comes once */
            {"America/Santiago", 2025, 4, 6, 1743912000, -14400},
            /* the clock goes back at 1:00: midnight twice, the first counts */
            {"America/Havana", 2025, 11, 2, 1762056000, -14400},
            {"America/Havana", 2025, 11, 3, 1762146000, -18000},
            /* jumped over: the day starts at 1:00 */
            {"America/Sao_Paulo", 2018, 11, 4, 1541300400, -7200},
            {"America/Sao_Paulo", 2018, 11, 5, 1541383200, -7200},
            /* a whole day that Samoa left out */
            {"Pacific/Apia", 2011, 12, 29, 1325152800, -36000},
            {"Pacific/Apia", 2011, 12, 30, 1325239200, 50400},
            {"Pacific/Apia", 2011, 12, 31, 1325239200, 50400},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct tz *tz = zone(cases[i].zone);
        struct date d = ymd(cases[i].y, cases[i].m, cases[i].d);
        int64_t got = tz_midnight_utc_s(tz, d);

        UNIT_CHECK(
                got == cases[i].utc_s, "%s %d-%d-%d: %lld", cases[i].zone,
                cases[i].y, cases[i].m, cases[i].d, (long long)got);
        UNIT_CHECK(
                tz_offset_s(tz, got) == cases[i].offset_s,
                "%s %d-%d-%d: offset", cases[i].zone, cases[i].y, cases[i].m,
                cases[i].d);
    }
}

static void test_hours(void)
{
    const struct tz *paris = zone("Europe/Paris");

#define HOURS(y1, m1, d1, y2, m2, d2)                                          \
    ((tz_midnight_utc_s(paris, ymd(y2, m2, d2)) -                              \
      tz_midnight_utc_s(paris, ymd(y1, m1, d1))) /                             \
     3600)
    UNIT_CHECK(HOURS(2025, 1, 1, 2026, 1, 1) == 8760, "2025");
    UNIT_CHECK(HOURS(2024, 1, 1, 2025, 1, 1) == 8784, "2024");
    UNIT_CHECK(HOURS(2100, 1, 1, 2101, 1, 1) == 8760, "2100");
    UNIT_CHECK(HOURS(2025, 3, 30, 2025, 3, 31) == 23, "spring");
    UNIT_CHECK(HOURS(2025, 10, 26, 2025, 10, 27) == 25, "autumn");
    UNIT_CHECK(HOURS(2060, 3, 28, 2060, 3, 29) == 23, "spring by the rule");
#undef HOURS
}

static void test_names(void)
{
    static const char *const bad[] = {
            "",
            "/etc/passwd",
            "../../etc/passwd",
            "Europe/..",
            "Europe/Paris\n",
            "a.b",
            "-Europe",
            "Europe Paris",
            "Europe/Paris/../Paris",
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm",
    };
    static const char *const absent[] = {"Europe/Nowhere", "Europe", "Mars"};
    const struct tz *tz = NULL;
    struct err err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&err);
        UNIT_CHECK(
                !tz_load(bad[i], &tz, &err) && err.code == ERR_INVALID, "'%s'",
                bad[i]);
    }
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        err_clear(&err);
        UNIT_CHECK(
                !tz_load(absent[i], &tz, &err) && err.code == ERR_NOT_FOUND,
                "'%s': %s", absent[i], err.msg);
    }
    UNIT_CHECK(tz == NULL, "*out untouched");
    UNIT_CHECK(zone("Europe/Paris") == zone("Europe/Paris"), "cached");
}

static void put(const char *folder, const char *name, const char *p, size_t n)
{
    char path[1000];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "wb");
    CU_ASSERT_FATAL(f != NULL);
    fwrite(p, 1, n, f);
    fclose(f);
}

static void be32(char *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (char)(v >> (24 - 8 * i));
}

/* A file with no transitions: header, one type of offset 0, a footer. */
static size_t small_zone(char *p, const char *footer)
{
    size_t n = 0;

    memset(p, 0, 200);
    for (int block = 0; block < 2; block++) {
        memcpy(p + n, "TZif2", 5);
        be32(p + n + 36, 1); /* types */
        be32(p + n + 40, 4); /* characters */
        n += 44 + 6 + 4;
    }
    p[n++] = '\n';
    memcpy(p + n, footer, strlen(footer));
    n += strlen(footer);
    p[n++] = '\n';
    return n;
}

/* TZDIR with files of our own: footers of every form, and broken files. */
static void test_files(void)
{
    static const struct {
        const char *name, *footer;
        int64_t utc_s;
        int32_t offset_s; /* -1: refused */
    } cases[] = {
            {"Fixed", "EST5", 0, -18000},
            {"Quoted", "<+0530>-5:30", 0, 19800},
            {"Seconds", "LMT-0:09:21", 0, 561},
            /* 1970-03-01 is day 59 from 0; 7200 s is 02:00 */
            {"Zero", "AAA0BBB,59/2,300", 59 * 86400 + 7199, 0},
            {"Zero2", "AAA0BBB,59/2,300", 59 * 86400 + 7200, 3600},
            /* J60 is 1 March also in the leap year 1972 (day 790) */
            {"Julian", "AAA0BBB-2,J60/0,J300/0", 790 * 86400 - 1, 0},
            {"Julian2", "AAA0BBB-2,J60/0,J300/0", 790 * 86400, 7200},
            /* always summer time: RFC 8536 3.3.1 */
            {"Always", "EST5EDT,0/0,J365/25", 86400 * 100, -14400},
            {"Bad1", "AAA", 0, -1},
            {"Bad2", "A0", 0, -1},
            {"Bad3", "AAA99", 0, -1},
            {"Bad4", "AAA0BBB", 0, -1},
            {"Bad5", "AAA0BBB,M13.1.0,M1.1.0", 0, -1},
            {"Bad6", "AAA0BBB,M3.1.0,M10.1.0x", 0, -1},
            {"Bad7", "AAA0BBB,M3.1.0", 0, -1},
            {"Bad8", "<AAA0", 0, -1},
            {"Bad9", "AAA0BBB,J0,J5", 0, -1},
    };
    char folder[] = "/tmp/test_tz_XXXXXX", room[300], path[400];
    const struct tz *tz;
    struct err err = {0};

    CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
    setenv("TZDIR", folder, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = small_zone(room, cases[i].footer);
        put(folder, cases[i].name, room, n);
        bool ok = tz_load(cases[i].name, &tz, &err);
        UNIT_CHECK(
                ok == (cases[i].offset_s != -1), "%s: %s", cases[i].footer,
                ok ? "taken" : err.msg);
        if (ok)
            UNIT_CHECK(
                    tz_offset_s(tz, cases[i].utc_s) == cases[i].offset_s,
                    "%s: %d", cases[i].footer, tz_offset_s(tz, cases[i].utc_s));
        else
            UNIT_CHECK(err.code == ERR_INVALID, "%s", err.msg);
        snprintf(path, sizeof path, "%s/%s", folder, cases[i].name);
        remove(path);
    }
    /* every cut of a good file is refused or harmless */
    size_t n = small_zone(room, "AAA0");
    for (size_t cut = 0; cut < n - 6; cut++) {
        snprintf(path, sizeof path, "Cut%zu", cut);
        put(folder, path, room, cut);
        UNIT_CHECK(
                !tz_load(path, &tz, &err) || cut >= 2 * 54, "cut at %zu", cut);
        char whole[1000];
        snprintf(whole, sizeof whole, "%s/%s", folder, path);
        remove(whole);
    }
    unsetenv("TZDIR");
    rmdir(folder);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"parse", test_parse},
            {"days", test_days},
            {"life", test_life},
            {"today", test_today},
            {"midnights", test_midnights},
            {"hours", test_hours},
            {"names", test_names},
            {"files", test_files},
            {NULL, NULL},
    };

    return unit_main("base_date", tests);
}
