/* SPDX-License-Identifier: Apache-2.0
 * Series of values of which files write the start alone: put in order, freed
 * of repetitions, and given the time that each lasts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

enum {
    MAX_POINTS = 4000000, /* of a file: 450 years of hours, 128 MB */
    MAX_SERIES = 5000,
    MIN_STEP_S = 300,
    HOUR_S = 3600,
    DAY_S = 86400,
};

struct imp_series {
    UT_hash_handle hh;
    const char *zone, *zone_name;
    enum wire_grid_kind kind;
    uint32_t no;
    char key[];
};

struct imp_point {
    int64_t t_s;
    double g;
    uint64_t row;
    uint32_t series;
    bool estimated;
};

static bool series_of(
        struct imp_points *p, const char *zone, const char *zone_name,
        enum wire_grid_kind kind, struct imp_series **out, struct err *err)
{
    struct imp_series *s = NULL;
    char key[4 * WIRE_MAX_TEXT + 8];
    size_t len;

    snprintf(key, sizeof key, "%d %s", (int)kind, zone);
    len = strlen(key);
    HASH_FIND(hh, p->by_name, key, len, s);
    if (s) {
        *out = s;
        return true;
    }
    if (p->n_series == MAX_SERIES)
        return err_set(
                err, ERR_LIMIT, "more than %d zones in one file",
                (int)MAX_SERIES);
    s = arena_alloc(&p->text, sizeof *s + len + 1);
    memcpy(s->key, key, len + 1);
    s->zone = arena_str(&p->text, zone);
    s->zone_name = arena_str(&p->text, zone_name);
    s->kind = kind;
    s->no = (uint32_t)p->n_series;
    HASH_ADD(hh, p->by_name, key, len, s);
    if (p->n_series == p->cap_series) {
        p->cap_series = p->cap_series ? 2 * p->cap_series : 16;
        p->series = xreallocarray(p->series, p->cap_series, sizeof *p->series);
    }
    p->series[p->n_series++] = s;
    *out = s;
    return true;
}

bool imp_points_add(
        struct imp_points *p, const char *zone, const char *zone_name,
        enum wire_grid_kind kind, int64_t t_s, double g_per_kwh, bool estimated,
        uint64_t row, struct err *err)
{
    struct imp_series *s;

    if (!series_of(p, zone, zone_name, kind, &s, err))
        return false;
    if (p->n == MAX_POINTS)
        return err_set(
                err, ERR_LIMIT, "more than %d values in one file",
                (int)MAX_POINTS);
    if (p->n == p->cap) {
        p->cap = p->cap ? 2 * p->cap : 1024;
        p->items = xreallocarray(p->items, p->cap, sizeof *p->items);
    }
    p->items[p->n++] =
            (struct imp_point){t_s, g_per_kwh, row, s->no, estimated};
    return true;
}

void imp_points_clear(struct imp_points *p)
{
    HASH_CLEAR(hh, p->by_name);
    free(p->series);
    free(p->items);
    arena_clear(&p->text);
}

static int in_order(const void *a, const void *b)
{
    const struct imp_point *x = a, *y = b;

    if (x->series != y->series)
        return x->series < y->series ? -1 : 1;
    if (x->t_s != y->t_s)
        return x->t_s < y->t_s ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool same(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* Keeps the first of several values for one time; *n shrinks. */
static bool
settle(const struct imp_points *p, struct imp_point *at, size_t *n,
       struct err *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++) {
        const struct imp_point *last = kept ? &at[kept - 1] : NULL;
        char value[NUM_TEXT], why[160], when[IMP_WHEN_TEXT], old[NUM_TEXT];

        if (!last || last->t_s != at[i].t_s) {
            at[kept++] = at[i];
            continue;
        }
        if (same(last->g, at[i].g))
            continue;
        snprintf(
                why, sizeof why, "%s stands on %s %llu already with %s",
                imp_when_print(last->t_s, when), p->unit,
                (unsigned long long)last->row, num_print(last->g, old));
        if (!imp_refuse(
                    p->sink, p->file, at[i].row, "g_per_kwh",
                    num_print(at[i].g, value), why, err))
            return false;
    }
    *n = kept;
    return true;
}

static bool month_starts(const struct imp_point *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (at[i].t_s % DAY_S != 0 ||
            date_from_days((int32_t)(at[i].t_s / DAY_S)).day != 1)
            return false;
    }
    return true;
}

static bool year_starts(const struct imp_point *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at[i].t_s != imp_year_start_s(imp_year_of(at[i].t_s)))
            return false;
    return true;
}

static bool day_starts(const struct imp_point *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at[i].t_s % DAY_S != 0)
            return false;
    return true;
}

/* What a series is made of, by its smallest gap and where its values stand. */
static enum imp_step
step_of(const struct imp_point *at, size_t n, int64_t *gap_s)
{
    int64_t gap = INT64_MAX;

    for (size_t i = 1; i < n; i++)
        if (at[i].t_s - at[i - 1].t_s < gap)
            gap = at[i].t_s - at[i - 1].t_s;
    *gap_s = gap < HOUR_S && gap >= MIN_STEP_S ? gap : HOUR_S;
    if (n == 1)
        return year_starts(at, n) ? IMP_STEP_UNKNOWN : IMP_STEP_HOUR;
    if (gap >= 365 * (int64_t)DAY_S && year_starts(at, n))
        return IMP_STEP_YEAR;
    if (gap >= 28 * (int64_t)DAY_S && month_starts(at, n))
        return IMP_STEP_MONTH;
    if (gap >= DAY_S && day_starts(at, n))
        return IMP_STEP_DAY;
    return IMP_STEP_HOUR;
}

/* An hour or less: the shorter of the gaps around the value when it is that
 * short, so that a quarter that is missing does not stretch the one before. */
static int64_t
lasts_s(const struct imp_point *at, size_t n, size_t i, int64_t gap_s)
{
    int64_t best = INT64_MAX;

    if (i > 0)
        best = at[i].t_s - at[i - 1].t_s;
    if (i + 1 < n && at[i + 1].t_s - at[i].t_s < best)
        best = at[i + 1].t_s - at[i].t_s;
    return best <= HOUR_S ? best : gap_s;
}

static bool deliver_series(
        struct imp_points *p, const struct imp_series *s, const char *zone,
        struct imp_point *at, size_t n, struct err *err)
{
    char place[240], name[WIRE_MAX_TEXT];
    int64_t gap_s = HOUR_S;
    enum imp_step step;
    struct wire_grid g = {
            .origin = p->origin,
            .zone = s->zone[0] ? s->zone : zone,
            .zone_name = s->zone_name,
            .kind = s->kind,
            .basis = p->basis,
            .place = place};

    if (!settle(p, at, &n, err))
        return false;
    snprintf(name, sizeof name, "%.190s", g.zone);
    step = step_of(at, n, &gap_s);
    if (p->step != IMP_STEP_UNKNOWN)
        step = p->step;
    if (step == IMP_STEP_UNKNOWN)
        return imp_refuse(
                p->sink, p->file, at[0].row, "zone", name,
                "one value alone at the start of a year may be of an hour or "
                "of the year; end the file's name in _hourly or _yearly",
                err);
    if (step == IMP_STEP_MONTH)
        return imp_refuse(
                p->sink, p->file, at[0].row, "zone", name,
                "monthly values, expected hourly, daily or yearly ones", err);
    for (size_t i = 0; i < n; i++) {
        int year = imp_year_of(at[i].t_s);

        snprintf(
                place, sizeof place, "%.180s: %s %llu", p->file, p->unit,
                (unsigned long long)at[i].row);
        g.from_s = at[i].t_s;
        g.to_s = step == IMP_STEP_YEAR  ? imp_year_start_s(year + 1)
                 : step == IMP_STEP_DAY ? at[i].t_s + DAY_S
                                        : at[i].t_s + lasts_s(at, n, i, gap_s);
        g.g_per_kwh = at[i].g;
        g.estimated = at[i].estimated;
        if (!imp_grid(p->sink, &g, err))
            return false;
    }
    return true;
}

bool imp_points_deliver(struct imp_points *p, const char *zone, struct err *err)
{
    if (p->n)
        qsort(p->items, p->n, sizeof *p->items, in_order);
    for (size_t a = 0, b; a < p->n; a = b) {
        const struct imp_series *s = p->series[p->items[a].series];

        for (b = a; b < p->n && p->items[b].series == s->no; b++)
            ;
        if (!s->zone[0] && !zone) {
            if (!imp_refuse(
                        p->sink, p->file, p->items[a].row, "zone", NULL,
                        "no zone is named, expected one such as FR", err))
                return false;
            continue;
        }
        if (!deliver_series(p, s, zone, &p->items[a], b - a, err))
            return false;
    }
    return true;
}

enum imp_step imp_step_of_name(const char *file)
{
    static const struct {
        const char *word;
        enum imp_step step;
    } words[] = {
            {"hourly", IMP_STEP_HOUR},   {"daily", IMP_STEP_DAY},
            {"monthly", IMP_STEP_MONTH}, {"yearly", IMP_STEP_YEAR},
            {"annual", IMP_STEP_YEAR},
    };
    char key[WIRE_MAX_TEXT];

    text_key(file, strlen(file), key, sizeof key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(key, words[i].word))
            return words[i].step;
    return IMP_STEP_UNKNOWN;
}
