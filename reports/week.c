/* SPDX-License-Identifier: Apache-2.0
 * Lines whose power model has a load by hour of the week or a calendar: what
 * they use by month, and by hour where a place keeps hours. */
#include "reports/reports_priv.h"

enum { HOUR_S = 3600, DAY_S = 86400 };

struct parts { /* of a span: seconds by hour of the week, and closed */
    int64_t *open_s, *closed_s;
};

/* Up to the next full hour of the place's clock. */
static int64_t step_end(int64_t at, int64_t local, int64_t to)
{
    int64_t into = (local % HOUR_S + HOUR_S) % HOUR_S;
    int64_t end = at + HOUR_S - into;

    return end < to ? end : to;
}

static int32_t local_day(int64_t local)
{
    return (int32_t)(local / DAY_S - (local % DAY_S < 0));
}

static void count_span(
        const struct rep_place *p, const struct en_calendar *c, int64_t from,
        int64_t to, struct parts *out)
{
    for (int64_t at = from, end; at < to; at = end) {
        int64_t local = at + tz_offset_s(p->tz, at);

        end = step_end(at, local, to);
        if (c && en_is_closed(c, local_day(local)))
            *out->closed_s += end - at;
        else
            out->open_s[en_week_hour(local)] += end - at;
    }
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A year that is as today's last 365 days were, month by month. */
static void count_today(
        const struct rep_frame *f, const struct rep_place *p,
        const struct en_calendar *c, struct rep_clock *out)
{
    for (int32_t day = f->start_day; day < f->end_day; day++) {
        struct date d = date_from_days(day);
        int m = d.month - 1;
        struct parts parts = {out->open_s[m], &out->closed_s[m]};

        count_span(
                p, c, tz_midnight_utc_s(p->tz, d),
                tz_midnight_utc_s(p->tz, date_from_days(day + 1)), &parts);
    }
}

static const struct rep_clock *
clock_of(struct rep_frame *f, struct rep_place *p, const struct en_calendar *c)
{
    struct rep_clock *k = p->clocks;

    while (k && k->calendar != c)
        k = k->next;
    if (k)
        return k;
    k = arena_alloc(&f->arena, sizeof *k);
    k->next = p->clocks;
    k->calendar = c;
    p->clocks = k;
    if (f->as_of_today) {
        count_today(f, p, c, k);
        return k;
    }
    for (int m = 0; m < REP_MONTHS; m++) {
        struct parts parts = {k->open_s[m], &k->closed_s[m]};

        count_span(
                p, c, p->month_s[m], earlier(p->month_s[m + 1], p->end_s),
                &parts);
    }
    return k;
}

struct week {
    const struct rep_use_of *e;
    const struct rep_stretch *at;
    double w[EN_WEEK], off_w;
};

static double
joules_of(const struct week *k, const int64_t *open_s, int64_t closed_s)
{
    double j = k->off_w * (double)closed_s;

    for (int i = 0; i < EN_WEEK; i++)
        j += k->w[i] * (double)open_s[i];
    return j;
}

static num_i128 uj_of(double j)
{
    return j < 9e12 ? (num_i128)llround(j * 1e6) : (num_i128)(j * 1e6);
}

static double month_joules(const struct week *k, int m, int64_t a, int64_t b)
{
    struct rep_place *p = &k->e->f->places[k->at->place];
    const struct en_calendar *c = k->e->model->calendar;
    int64_t open_s[EN_WEEK] = {0}, closed_s = 0;
    struct parts parts = {open_s, &closed_s};

    if (k->e->f->as_of_today ||
        (a == p->month_s[m] && b == earlier(p->month_s[m + 1], p->end_s))) {
        const struct rep_clock *clock = clock_of(k->e->f, p, c);

        return joules_of(k, clock->open_s[m], clock->closed_s[m]);
    }
    count_span(p, c, a, b, &parts);
    return joules_of(k, open_s, closed_s);
}

/* Each hour; what they leave of the month is spread later. */
static void hours_add(const struct week *k, int m, int64_t from, int64_t to)
{
    const struct rep_place *p = &k->e->f->places[k->at->place];
    const struct en_calendar *c = k->e->model->calendar;
    double *hour_j = rep_hours_joules(k->e->sums, k->at->place);

    for (int64_t at = from, end; at < to; at = end) {
        int64_t local = at + tz_offset_s(p->tz, at);
        bool closed = c && en_is_closed(c, local_day(local));
        double w = closed ? k->off_w : k->w[en_week_hour(local)];

        end = earlier(
                step_end(at, local, to), (at / HOUR_S + 1) * (int64_t)HOUR_S);
        /* To the uJ below: the month may not be less than its hours. */
        hour_j[rep_bin(p, m, at / HOUR_S)] +=
                floor(w * (double)(end - at) * k->e->l->u->units * 1e6) / 1e6;
    }
}

bool rep_week_add(const struct rep_use_of *e, const struct rep_stretch *at)
{
    struct rep_place *p = &e->f->places[at->place];
    struct week k = {.e = e, .at = at};

    if (!en_model_week(e->model, e->l->u, k.w, &k.off_w))
        return false;
    for (int m = 0; m < REP_MONTHS; m++) {
        int64_t a = later(p->month_s[m], at->from_s);
        int64_t b = earlier(p->month_s[m + 1], at->to_s);
        double j;

        if (a >= b)
            continue;
        j = month_joules(&k, m, a, b);
        rep_use_add(
                e, at->place, m, e->out->power.tier, uj_of(j) * e->l->u->units);
        if (p->by_hour && e->sums)
            hours_add(&k, m, a, b);
    }
    return true;
}
