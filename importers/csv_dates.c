/* SPDX-License-Identifier: Apache-2.0
 * Dates of the own CSV template, as people and their spreadsheets write them.
 */
#include "importers/csv_priv.h"

#include <string.h>

#include "base/text.h"

/* The month that a word means in English or French, by text_key; 0: none. */
static int month_of(const char *word, size_t len)
{
    static const struct {
        const char *begins;
        int month;
    } months[] = {{"jan", 1},  {"fev", 2},  {"feb", 2}, {"mar", 3},  {"avr", 4},
                  {"apr", 4},  {"mai", 5},  {"may", 5}, {"juin", 6}, {"jun", 6},
                  {"jui", 7},  {"jul", 7},  {"aou", 8}, {"aug", 8},  {"sep", 9},
                  {"oct", 10}, {"nov", 11}, {"dec", 12}};

    if (len < 3 || len > 9 || strspn(word, "abcdefghijklmnopqrstuvwxyz") < len)
        return 0;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        if (strncmp(word, months[i].begins, strlen(months[i].begins)) == 0)
            return months[i].month;
    return 0;
}

/* One run of letters or digits of a folded date. */
struct word {
    const char *s;
    size_t len;
    int number; /* -1: letters */
};

static size_t words_of(const char *key, struct word out[3])
{
    size_t n = 0;

    for (const char *p = key; *p;) {
        size_t len = strcspn(p, "_"), digits = strspn(p, "0123456789");

        if (n == 3 || len == 0 || len > 10)
            return 0;
        out[n] = (struct word){p, len, -1};
        if (digits >= len && len <= 4) {
            out[n].number = 0;
            for (size_t i = 0; i < len; i++)
                out[n].number = out[n].number * 10 + (p[i] - '0');
        }
        n++;
        p += len + (p[len] ? 1 : 0);
    }
    return n;
}

/* "16 juillet 2019", "Jul 2019", "July 16, 2019", "1/7/2019", "2019/07/16" as
 * day, month and year; what is not told is 0. */
static bool apart(const char *s, int *day, int *month, int *year)
{
    char key[32];
    struct word w[3];
    size_t n, y;

    if (strlen(s) >= sizeof key)
        return false;
    text_key(s, strlen(s), key, sizeof key);
    n = words_of(key, w);
    if (n < 2)
        return false;
    y = w[0].len == 4 && w[0].number >= 0 ? 0 : n - 1;
    if (w[y].len != 4 || w[y].number < 0)
        return false;
    *year = w[y].number;
    if (n == 2) {
        const struct word *m = &w[y ? 0 : 1];

        *day = 0;
        *month = m->number < 0 ? month_of(m->s, m->len)
                 : m->len < 3  ? m->number
                               : 0;
        return *month > 0;
    }
    if (y == 0) { /* year, month, day */
        *month = w[1].number;
        *day = w[2].number;
        return *month > 0 && *day > 0;
    }
    *month = w[1].number >= 0 ? w[1].number : month_of(w[1].s, w[1].len);
    *day = w[0].number;
    if (w[0].number < 0 && w[1].number >= 0) { /* July 16, 2019 */
        *month = month_of(w[0].s, w[0].len);
        *day = w[1].number;
    }
    return *month > 0 && *day > 0;
}

/* Why a cell is no date, where its writing shows what it is. */
static bool no_date(const char *s, int month, struct err *err)
{
    size_t digits = strspn(s, "0123456789");

    if (month > 12)
        return err_set(
                err, ERR_INVALID,
                "month %d does not exist, expected day/month/year like "
                "16/07/2019, or 2019-07-16",
                month);
    if (digits == 5 && !s[5])
        return err_set(
                err, ERR_INVALID,
                "looks like a spreadsheet's count of days, expected the "
                "column formatted as dates like 2019-07-16");
    if (strlen(s) == 8 && (s[2] == '/' || s[2] == '.' || s[2] == '-') &&
        s[5] == s[2])
        return err_set(
                err, ERR_INVALID, "expected the year in full, like 16/07/2019");
    return date_parse(s, strlen(s), &(struct date){0}, err);
}

/* Two dates of limited precision: a is surely later than b. */
static bool after(struct date a, struct date b)
{
    if (a.year != b.year || !a.month || !b.month)
        return a.year > b.year;
    if (a.month != b.month || !a.day || !b.day)
        return a.month > b.month;
    return a.day > b.day;
}

static void warn_unlikely(struct csv_line *l, enum csv_col c, struct date d)
{
    char text[DATE_TEXT];
    const bool planned = c == COL_WARRANTY_END || c == COL_RETIRED_ON;

    if (!planned && date_known(l->today) && after(d, l->today))
        csv_warn(
                l, "%s %s is after today", csv_col_name(c),
                date_print(d, text));
    else if (d.year < 1970) /* [D] nothing older is in service */
        csv_warn(
                l, "%s %s is before 1970", csv_col_name(c),
                date_print(d, text));
}

/* 20190716, ISO 8601 without hyphens, of the years that machines are of. */
static bool compact(const char *s, char *iso, size_t size)
{
    if (strlen(s) != 8 || strspn(s, "0123456789") != 8 ||
        (strncmp(s, "19", 2) != 0 && strncmp(s, "20", 2) != 0))
        return false;
    snprintf(iso, size, "%.4s-%.2s-%.2s", s, s + 4, s + 6);
    return true;
}

static bool read_date(const char *s, struct date *out, struct err *err)
{
    int day, month = 0, year;
    size_t len = strlen(s);
    char iso[24];

    /* Exports of databases add a time of day. */
    if (len > 10 && s[4] == '-' && s[7] == '-' &&
        (s[10] == 'T' || s[10] == ' '))
        len = 10;
    if (date_parse(s, len, out, NULL))
        return true;
    if (compact(s, iso, sizeof iso))
        return date_parse(iso, strlen(iso), out, err);
    if (len != strlen(s) || !apart(s, &day, &month, &year) || month > 12)
        return no_date(s, month, err);
    if (day)
        snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day % 100);
    else
        snprintf(iso, sizeof iso, "%04d-%02d", year, month);
    return date_parse(iso, strlen(iso), out, err);
}

bool csv_date(
        struct csv_line *l, enum csv_col c, struct date *out, struct err *err)
{
    const char *s = csv_cell_of(l, c);

    if (!s || csv_says_unknown(s))
        return true;
    if (!read_date(s, out, err))
        return false;
    warn_unlikely(l, c, *out);
    return true;
}

bool csv_dates_in_order(
        struct csv_line *l, const struct wire_machine *m, struct err *err)
{
    const struct {
        struct date former, later;
        enum csv_col of_former, of_later;
    } pairs[] = {
            {m->manufactured_on, m->acquired_on, COL_MANUFACTURED_ON,
             COL_ACQUIRED_ON},
            {m->manufactured_on, m->in_service_on, COL_MANUFACTURED_ON,
             COL_IN_SERVICE_ON},
            {m->manufactured_on, m->exit_on, COL_MANUFACTURED_ON,
             COL_RETIRED_ON},
            {m->acquired_on, m->exit_on, COL_ACQUIRED_ON, COL_RETIRED_ON},
            {m->in_service_on, m->exit_on, COL_IN_SERVICE_ON, COL_RETIRED_ON},
    };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (date_known(pairs[i].former) && date_known(pairs[i].later) &&
            after(pairs[i].former, pairs[i].later)) {
            l->col = pairs[i].of_later;
            return err_set(
                    err, ERR_INVALID, "before %s",
                    csv_col_name(pairs[i].of_former));
        }
    return true;
}
