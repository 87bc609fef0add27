/* SPDX-License-Identifier: Apache-2.0
 * Calendars of on-hours: written by people, kept by hour of the week, and the
 * days on which a room is closed. */
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/date.h"
#include "base/num.h"
#include "energy/operation_priv.h"

enum { DAYS = 7, DAY_H = 24 };

static const char *const days_en[DAYS] = {"mon", "tue", "wed", "thu",
                                          "fri", "sat", "sun"};
static const char *const days_fr[DAYS] = {"lun", "mar", "mer", "jeu",
                                          "ven", "sam", "dim"};

/* ---- hours --------------------------------------------------------------- */

static int day_of(const char *text)
{
    for (int d = 0; d < DAYS; d++)
        if (!strncmp(text, days_en[d], 3) || !strncmp(text, days_fr[d], 3))
            return d;
    return -1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *blanks(const char *p)
{
    while (is_blank(*p))
        p++;
    return p;
}

/* "8", "08:00" or "8h"; whole hours up to 24. */
static const char *hour_of(const char *p, int *out)
{
    int h = 0, digits = 0;

    for (; *p >= '0' && *p <= '9' && digits < 2; p++, digits++)
        h = h * 10 + (*p - '0');
    if (!digits || h > DAY_H)
        return NULL;
    if (*p == 'h')
        p++;
    else if (p[0] == ':' && p[1] == '0' && p[2] == '0')
        p += 3;
    else if (*p == ':' || (*p >= '0' && *p <= '9'))
        return NULL;
    *out = h;
    return p;
}

static void days_on(uint8_t on[EN_WEEK], int first, int last, int from, int to)
{
    int hours = to > from ? to - from : DAY_H - from + to;

    for (int n = 0; n <= (last - first + DAYS) % DAYS; n++)
        for (int h = 0; h < hours; h++)
            on[((first + n) % DAYS * DAY_H + from + h) % EN_WEEK] = 1;
}

/* "mon-fri 08:00-18:00"; returns what follows, NULL when it is none. */
static const char *entry(const char *p, uint8_t on[EN_WEEK])
{
    int first = day_of(p), last = first, from, to;

    if (first < 0)
        return NULL;
    p += 3;
    if (*p == '-') {
        last = day_of(p + 1);
        if (last < 0)
            return NULL;
        p += 4;
    }
    if (!is_blank(*p))
        return NULL;
    p = hour_of(blanks(p), &from);
    if (!p || *p != '-')
        return NULL;
    p = hour_of(p + 1, &to);
    if (!p || from == DAY_H || from == to)
        return NULL;
    days_on(on, first, last, from, to);
    return blanks(p);
}

bool en_hours_parse(const char *text, uint8_t on[EN_WEEK], struct err *err)
{
    const char *p = blanks(text);
    uint8_t out[EN_WEEK] = {0};

    if (!strcmp(p, "always")) {
        memset(on, 1, EN_WEEK);
        return true;
    }
    do {
        p = entry(blanks(p), out);
    } while (p && *p++ == ',');
    if (!p || p[-1])
        return err_set(
                err, ERR_INVALID,
                "hours '%.200s': expected days and whole hours as in 'mon-fri "
                "08:00-18:00, sat 9-12', or 'always'",
                text);
    memcpy(on, out, EN_WEEK);
    return true;
}

static void print_days(struct buf *out, int first, int last)
{
    buf_str(out, days_en[first]);
    if (last > first)
        buf_printf(out, "-%s", days_en[last]);
}

/* Days that are alike and follow each other stand together. */
void en_hours_print(const uint8_t on[EN_WEEK], struct buf *out)
{
    size_t start = out->len;
    int last;

    if (!memchr(on, 0, EN_WEEK)) {
        buf_str(out, "always");
        return;
    }
    for (int d = 0; d < DAYS; d = last + 1) {
        const uint8_t *day = on + (size_t)d * DAY_H;

        last = d;
        while (last + 1 < DAYS &&
               !memcmp(day, on + (size_t)(last + 1) * DAY_H, DAY_H))
            last++;
        for (int h = 0; h < DAY_H; h++) {
            int from = h;

            if (!day[h])
                continue;
            while (h < DAY_H && day[h])
                h++;
            if (out->len > start)
                buf_str(out, ", ");
            print_days(out, d, last);
            buf_printf(out, " %02d:00-%02d:00", from, h);
        }
    }
    if (out->len == start)
        buf_str(out, "never");
}

/* ---- closed days --------------------------------------------------------- */

static bool
whole_day(const char *text, size_t len, int32_t *day, struct err *err)
{
    struct date d;

    if (!date_parse(text, len, &d, err))
        return false;
    if (!d.day)
        return err_set(
                err, ERR_INVALID, "'%.*s': expected a day as in 2025-12-20",
                (int)(len < 40 ? len : 40), text);
    *day = date_days(d);
    return true;
}

bool en_closed_parse(
        const char *text, size_t len, struct en_closed *out, struct err *err)
{
    struct en_closed c;
    size_t dots = 0;

    while (dots + 1 < len && (text[dots] != '.' || text[dots + 1] != '.'))
        dots++;
    if (dots + 1 >= len)
        dots = len;
    if (!whole_day(text, dots, &c.from_day, err))
        return false;
    c.to_day = c.from_day;
    if (dots < len &&
        !whole_day(text + dots + 2, len - dots - 2, &c.to_day, err))
        return false;
    if (c.to_day < c.from_day)
        return err_set(
                err, ERR_INVALID,
                "'%.*s' ends before it begins; expected FIRST..LAST",
                (int)(len < 40 ? len : 40), text);
    *out = c;
    return true;
}

bool en_is_closed(const struct en_calendar *c, int32_t day)
{
    for (size_t i = 0; i < c->n_closed; i++)
        if (day >= c->closed[i].from_day && day <= c->closed[i].to_day)
            return true;
    return false;
}

/* ---- keeping them -------------------------------------------------------- */

static bool
find(struct db *db, const char *name, int64_t *id, bool *found, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_CALENDAR_FIND, err);

    if (!q)
        return false;
    stmt_text(q, ":name", name);
    if (!stmt_step(q, found, err))
        return false;
    *id = *found ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return true;
}

static bool put_hours(
        struct db *db, const char *name, const char *text, int64_t *id,
        struct err *err)
{
    uint8_t on[EN_WEEK];
    char bits[EN_WEEK + 1];
    struct stmt *q;

    if (!en_hours_parse(text ? text : "always", on, err))
        return false;
    for (int i = 0; i < EN_WEEK; i++)
        bits[i] = on[i] ? '1' : '0';
    bits[EN_WEEK] = '\0';
    q = eo_stmt(db, *id ? EO_CALENDAR_HOURS : EO_CALENDAR_ADD, err);
    if (!q)
        return false;
    stmt_text(q, ":hours", bits);
    if (*id)
        stmt_int(q, ":id", *id);
    else
        stmt_text(q, ":name", name);
    if (!stmt_run(q, err))
        return false;
    *id = *id ? *id : db_last_id(db);
    return true;
}

static bool by_id(struct db *db, enum eo_sql sql, int64_t id, struct err *err)
{
    struct stmt *q = eo_stmt(db, sql, err);

    if (!q)
        return false;
    stmt_int(q, ":id", id);
    return stmt_run(q, err);
}

static bool
put_closed(struct db *db, int64_t id, const char *text, struct err *err)
{
    char from[DATE_TEXT], to[DATE_TEXT];
    struct en_closed c;
    struct stmt *q;

    if (!en_closed_parse(text, strlen(text), &c, err))
        return false;
    q = eo_stmt(db, EO_CLOSED_ADD, err);
    if (!q)
        return false;
    stmt_int(q, ":id", id);
    stmt_text(q, ":from", date_print(date_from_days(c.from_day), from));
    stmt_text(q, ":to", date_print(date_from_days(c.to_day), to));
    return stmt_run(q, err);
}

static bool
set(struct db *db, const struct en_calendar_edit *e, const char *actor,
    struct err *err)
{
    char detail[120];
    int64_t id;
    bool found;

    if (!find(db, e->name, &id, &found, err) ||
        ((!found || e->hours) && !put_hours(db, e->name, e->hours, &id, err)) ||
        (e->open_all && !by_id(db, EO_CLOSED_DROP, id, err)))
        return false;
    for (size_t i = 0; i < e->n_closed; i++)
        if (!put_closed(db, id, e->closed[i], err))
            return false;
    snprintf(
            detail, sizeof detail, "%.80s: %s", e->name,
            found ? "changed" : "added");
    return acc_audit(db, actor, "calendar set", detail, err);
}

bool en_calendar_set(
        struct db *db, const struct en_calendar_edit *e, const char *actor,
        struct err *err)
{
    if (!e->name[0] || strlen(e->name) > 80)
        return err_set(
                err, ERR_INVALID,
                "a calendar needs a name of at most 80 characters");
    if (e->n_closed > EN_MAX_CLOSED)
        return err_set(
                err, ERR_LIMIT, "more than %d closed periods",
                (int)EN_MAX_CLOSED);
    if (!db_begin(db, err))
        return false;
    return eo_end(db, set(db, e, actor, err), err);
}

static bool
drop(struct db *db, const char *name, const char *actor, struct err *err)
{
    struct stmt *q;
    bool found, row;
    int64_t id, used;

    if (!find(db, name, &id, &found, err))
        return false;
    if (!found)
        return err_set(
                err, ERR_NOT_FOUND,
                "no calendar '%.80s'; 'fleetprint calendar "
                "list' shows them",
                name);
    q = eo_stmt(db, EO_CALENDAR_USED, err);
    if (!q)
        return false;
    stmt_int(q, ":id", id);
    if (!stmt_step(q, &row, err))
        return false;
    used = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    if (used)
        return err_set(
                err, ERR_CONFLICT,
                "calendar '%.80s' is used by %lld power models", name,
                (long long)used);
    return by_id(db, EO_CALENDAR_DROP, id, err) &&
           acc_audit(db, actor, "calendar remove", name, err);
}

bool en_calendar_remove(
        struct db *db, const char *name, const char *actor, struct err *err)
{
    if (!db_begin(db, err))
        return false;
    return eo_end(db, drop(db, name, actor, err), err);
}
