/* SPDX-License-Identifier: Apache-2.0
 * Readings of outlets in time, put in order and turned into stretches with an
 * energy: means and amounts as they are, instants by the trapezoid [10.3],
 * counters by their differences [10.2]. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "importers/energy_priv.h"

enum { MAX_POINTS = 3000000, MAX_SERIES = 20000, MAX_STEP_S = 86400 };

struct point {
    int64_t t_s;
    double value;
    uint64_t line;
    bool fine; /* its time was finer than a second */
};

struct series {
    UT_hash_handle hh;
    enum imp_reading kind;
    char *machine, *meter;
    struct point *points;
    size_t n, cap;
    bool unsure;
    struct series *next; /* in the order of the file */
    char key[];
};

struct imp_series_set {
    const struct wire_sink *sink;
    const char *file;
    enum wire_scope scope;
    struct series *by_key, *first, **last;
    size_t n_series, n_points;
    uint64_t resets, gaps;
};

struct imp_series_set *imp_series_begin(
        const struct wire_sink *sink, const char *file, enum wire_scope scope)
{
    struct imp_series_set *s = xcalloc(1, sizeof *s);

    s->sink = sink;
    s->file = file;
    s->scope = scope;
    s->last = &s->first;
    return s;
}

void imp_series_free(struct imp_series_set *s)
{
    if (!s)
        return;
    HASH_CLEAR(hh, s->by_key);
    while (s->first) {
        struct series *x = s->first;

        s->first = x->next;
        free(x->machine);
        free(x->meter);
        free(x->points);
        free(x);
    }
    free(s);
}

static bool series_of(
        struct imp_series_set *s, enum imp_reading kind,
        const struct imp_series_point *p, struct series **out, struct err *err)
{
    struct series *x = NULL;
    char key[8 * WIRE_MAX_TEXT + 16];
    size_t len;

    snprintf(
            key, sizeof key, "%d\t%s\t%s", (int)kind,
            p->machine ? p->machine : "", p->meter ? p->meter : "");
    len = strlen(key);
    HASH_FIND(hh, s->by_key, key, len, x);
    if (!x) {
        if (s->n_series++ == MAX_SERIES)
            return err_set(
                    err, ERR_LIMIT, "more than %d outlets in one file",
                    (int)MAX_SERIES);
        x = xcalloc(1, sizeof *x + len + 1);
        memcpy(x->key, key, len + 1);
        x->kind = kind;
        x->machine = xstrdup(p->machine);
        x->meter = xstrdup(p->meter);
        HASH_ADD(hh, s->by_key, key, len, x);
        *s->last = x;
        s->last = &x->next;
    }
    *out = x;
    return true;
}

bool imp_series_add(
        struct imp_series_set *s, enum imp_reading kind,
        const struct imp_series_point *p, struct err *err)
{
    struct series *x;

    if (!series_of(s, kind, p, &x, err))
        return false;
    if (s->n_points++ == MAX_POINTS)
        return err_set(
                err, ERR_LIMIT, "more than %d readings in one file",
                (int)MAX_POINTS);
    if (x->n == x->cap) {
        x->cap = x->cap ? 2 * x->cap : 64;
        x->points = xreallocarray(x->points, x->cap, sizeof *x->points);
    }
    x->points[x->n++] = (struct point){p->t_s, p->value, p->line, p->fine};
    x->unsure = x->unsure || p->unsure;
    return true;
}

/* ---- in order ----------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const struct point *x = a, *y = b;

    if (x->t_s != y->t_s)
        return x->t_s < y->t_s ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static bool
refuse(struct imp_series_set *s, uint64_t line, const char *reason,
       struct err *err)
{
    return imp_refuse(s->sink, s->file, line, NULL, NULL, reason, err);
}

/* Watts read several times a second: their mean is that of the second. */
static void mean_of_seconds(struct series *x)
{
    size_t n = 0;

    for (size_t i = 0, k; i < x->n; i = k) {
        struct point p = x->points[i];

        for (k = i + 1; k < x->n && x->points[k].t_s == p.t_s && p.fine &&
                        x->points[k].fine;
             k++)
            p.value += x->points[k].value;
        p.value /= (double)(k - i);
        x->points[n++] = p;
    }
    x->n = n;
}

/* The same time twice: the same value counts once, another is refused. */
static bool once(struct imp_series_set *s, struct series *x, struct err *err)
{
    size_t n = 0;

    qsort(x->points, x->n, sizeof *x->points, by_time);
    if (x->kind == IMP_POWER)
        mean_of_seconds(x);
    for (size_t i = 0; i < x->n; i++) {
        struct point *before = n ? &x->points[n - 1] : NULL;

        if (!before || before->t_s != x->points[i].t_s)
            x->points[n++] = x->points[i];
        else if (
                (before->value < x->points[i].value ||
                 before->value > x->points[i].value) &&
                !refuse(s, x->points[i].line,
                        "another value for a time that the file has already",
                        err))
            return false;
    }
    x->n = n;
    return true;
}

/* The middle one of the gaps; 0 where there is none. */
static int64_t usual_gap_s(const struct series *x)
{
    int64_t *gaps, middle;

    if (x->n < 2)
        return 0;
    gaps = xreallocarray(NULL, x->n, sizeof *gaps);
    for (size_t i = 0; i + 1 < x->n; i++)
        gaps[i] = x->points[i + 1].t_s - x->points[i].t_s;
    qsort(gaps, x->n - 1, sizeof *gaps, by_number);
    middle = gaps[(x->n - 2) / 2];
    free(gaps);
    return middle;
}

/* ---- stretches ---------------------------------------------------------- */

struct stretch {
    int64_t from_s, to_s;
    double uj;
    uint64_t line;
};

static bool
deliver(struct imp_series_set *s, const struct series *x,
        const struct stretch *t, struct err *err)
{
    struct wire_energy e = {
            .machine = x->machine,
            .meter = x->meter,
            .scope = s->scope,
            .from_ns = t->from_s * 1000000000,
            .to_ns = t->to_s * 1000000000};
    char place[240];
    struct err why = {0};

    snprintf(
            place, sizeof place, "%.200s: line %llu", s->file,
            (unsigned long long)t->line);
    e.place = place;
    if (!imp_energy_uj(t->uj, WIRE_UJ, &e.energy_uj, &why) ||
        !imp_energy_plausible(&e, &why))
        return refuse(s, t->line, why.msg, err);
    return imp_energy(s->sink, &e, err);
}

/* The step that ends at value i: the gap before it where the gap after it, or
 * the step before, is as long; else the step before, for a value is missing. */
static int64_t own_step_s(const struct series *x, size_t i, int64_t before_s)
{
    const struct point *p = x->points + i;
    int64_t after_s = i + 1 < x->n ? p[1].t_s - p[0].t_s : 0;

    return i > 0 && p[0].t_s - p[-1].t_s == after_s ? after_s : before_s;
}

/* What each value says of the step that it ends, or begins. */
static bool
by_step(struct imp_series_set *s, const struct series *x, int64_t step_s,
        bool own, bool at_start, struct err *err)
{
    for (size_t i = 1; own && i + 1 < x->n; i++)
        if (own_step_s(x, i, 0) > 0) {
            step_s = own_step_s(x, i, 0); /* of the values before too */
            break;
        }
    for (size_t i = 0; i < x->n; i++) {
        const struct point *p = &x->points[i];
        struct stretch t = {.line = p->line};

        if (own)
            step_s = own_step_s(x, i, step_s);
        t.from_s = at_start ? p->t_s : p->t_s - step_s;
        t.to_s = t.from_s + step_s;
        t.uj = x->kind == IMP_MEAN_W ? p->value * (double)step_s * 1e6
                                     : p->value;
        if (!deliver(s, x, &t, err))
            return false;
    }
    return true;
}

static bool by_pairs(
        struct imp_series_set *s, const struct series *x, int64_t step_s,
        struct err *err)
{
    for (size_t i = 1; i < x->n; i++) {
        const struct point *a = &x->points[i - 1], *b = &x->points[i];
        struct stretch t = {a->t_s, b->t_s, b->value - a->value, b->line};

        if (x->kind == IMP_POWER) {
            t.uj = (a->value + b->value) / 2 * (double)(b->t_s - a->t_s) * 1e6;
            if (b->t_s - a->t_s > 3 * step_s) {
                s->gaps++;
                continue;
            }
        } else if (b->value < a->value) {
            s->resets++;
            continue;
        }
        if (!deliver(s, x, &t, err))
            return false;
    }
    return true;
}

enum { RISING_MIN = 10, LONG_MIN = 50, METER_TIMES = 1000 };

/* Values that never fall are a counter's [D]: ten or more that mostly rise;
 * fifty that rise now and then; those a thousand times what they rise by. */
static bool is_counter(const struct series *x)
{
    size_t rises = 0;

    for (size_t i = 1; i < x->n; i++) {
        if (x->points[i].value < x->points[i - 1].value)
            return false;
        rises += x->points[i].value > x->points[i - 1].value ? 1 : 0;
    }
    if (x->n < 3 || rises == 0)
        return false;
    return (x->n >= RISING_MIN && 2 * rises > x->n) ||
           (x->n >= LONG_MIN && rises >= RISING_MIN / 2) ||
           x->points[0].value >= METER_TIMES * (x->points[x->n - 1].value -
                                                x->points[0].value);
}

static bool one_series(
        struct imp_series_set *s, struct series *x, int64_t step_s,
        bool at_start, struct err *err)
{
    bool own = step_s == IMP_OWN_STEPS;

    if (!once(s, x, err))
        return false;
    if (step_s <= 0)
        step_s = usual_gap_s(x);
    if (x->kind == IMP_ENERGY && x->unsure && is_counter(x))
        return refuse(
                s, x->points[0].line,
                "an energy that only rises is a counter: --columns "
                "date=TITLE,total_kwh=TITLE says so, or kwh=TITLE that it is "
                "none",
                err);
    if (x->kind == IMP_COUNTER)
        return by_pairs(s, x, step_s, err);
    if (step_s <= 0 || step_s > MAX_STEP_S)
        return refuse(
                s, x->n ? x->points[0].line : 1,
                "its rows do not say how long a value holds: expected steps of "
                "a day or less",
                err);
    return x->kind == IMP_POWER ? by_pairs(s, x, step_s, err)
                                : by_step(s, x, step_s, own, at_start, err);
}

bool imp_series_deliver(
        struct imp_series_set *s, int64_t step_s, bool at_start,
        struct err *err)
{
    for (struct series *x = s->first; x; x = x->next)
        if (!one_series(s, x, step_s, at_start, err))
            return false;
    if (s->gaps)
        imp_say(s->sink, s->file,
                "%llu gaps of more than three steps between values are left "
                "out",
                (unsigned long long)s->gaps);
    if (s->resets)
        imp_say(s->sink, s->file,
                "%llu times a counter went back: what it counted there is not "
                "known",
                (unsigned long long)s->resets);
    return true;
}
