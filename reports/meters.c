/* SPDX-License-Identifier: Apache-2.0
 * The ledger in step with the scan: hours of the machines with a meter, a few
 * at a time, and the modelled watts by which shared meters are split. */
#include <stdlib.h>
#include <string.h>

#include "reports/metered_priv.h"

enum {
    HOUR_S = 3600,
    DAY_S = 86400,
    REST_MAX_J = 1000, /* more than hours of whole joules can leave */
};
#define UJ_PER_J 1000000

/* ---- opening ------------------------------------------------------------- */

/* A day more to each side, whatever the clocks of the sites: a gap is filled
 * from the same hours wherever else the fleet has machines. */
static void find_period(const struct rep_frame *f, struct rep_meters *m)
{
    struct date a = date_from_days(f->start_day - 1);
    struct date b = date_from_days(f->end_day);

    m->from_month = a.year * 12 + a.month - 1;
    m->to_month = b.year * 12 + b.month - 1;
    a.day = 1;
    m->hour0 = (int64_t)date_days(a) * (DAY_S / HOUR_S);
    CHECK(m->to_month - m->from_month < REP_METER_MONTHS);
    for (int k = 0; k <= m->to_month - m->from_month; k++) {
        int month = m->from_month + k + 1;
        struct date next = {
                (int16_t)(month / 12), (uint8_t)(month % 12 + 1), 1};

        m->first[k + 1] =
                (size_t)((int64_t)date_days(next) * (DAY_S / HOUR_S) - m->hour0);
        m->n_hours = m->first[k + 1];
    }
}

bool rep_meters_open(struct rep_frame *f, struct err *err)
{
    struct rep_meters *m = xcalloc(1, sizeof *m);
    bool any = false;

    m->frame = f;
    find_period(f, m);
    if (!en_ledger_any(f->db, m->from_month, m->to_month, &any, err) ||
        (any && !en_metered(f->db, &m->ids, &m->n_ids, &m->shared, err))) {
        rep_meters_close(m);
        return false;
    }
    if (any)
        f->meters = m;
    else
        rep_meters_close(m);
    return true;
}

void rep_meters_close(struct rep_meters *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < REP_WINDOW; i++) {
        free(m->window[i].joules);
        free(m->window[i].covered);
        free(m->window[i].tier);
    }
    free(m->ids);
    free(m->watts);
    free(m->spans);
    free(m->gaps);
    free(m);
}

const struct err *rep_meters_failed(const struct rep_meters *m)
{
    return m->failed ? &m->err : NULL;
}

static size_t find_id(const struct rep_meters *m, int64_t id)
{
    size_t lo = 0, hi = m->n_ids;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (m->ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < m->n_ids && m->ids[lo] == id ? lo : m->n_ids;
}

/* ---- modelled watts, by which a shared meter is split -------------------- */

static bool take_watts(void *ctx, const struct rep_line *l, struct err *err)
{
    struct rep_meters *m = ctx;
    size_t at = find_id(m, l->u->id);
    const struct en_model *model;
    struct en_power power;

    (void)err;
    if (at == m->n_ids)
        return true;
    model = en_model_of(&m->frame->models, l->u);
    if (model)
        en_model_power(model, l->u, &power);
    else
        en_unit_power(l->u, &power);
    m->watts[at] = power.watts * (double)l->u->units;
    return true;
}

bool rep_meters_prepare(struct rep_frame *f, struct err *err)
{
    struct rep_meters *m = f->meters;

    if (!m->shared || m->watts || !m->n_ids)
        return true;
    m->watts = xcalloc(m->n_ids, sizeof *m->watts);
    return rep_scan_run(
            &(struct rep_scan){
                    .frame = f,
                    .from_id = m->ids[0],
                    .to_id = m->ids[m->n_ids - 1] + 1,
                    .silent = true,
                    .line = take_watts,
                    .ctx = m},
            err);
}

static double weight_of(void *ctx, int64_t machine)
{
    const struct rep_meters *m = ctx;
    size_t at = find_id(m, machine);

    return m->watts && at < m->n_ids ? m->watts[at] : NAN;
}

/* ---- reading ------------------------------------------------------------- */

static void machine_begin(const struct rep_meters *m, struct rep_metered *x)
{
    size_t n = m->n_hours;

    if (!x->joules) {
        x->joules = xcalloc(n, sizeof *x->joules);
        x->covered = xcalloc(n, sizeof *x->covered);
        x->tier = xcalloc(n, sizeof *x->tier);
    }
    memset(x->there, 0, sizeof x->there);
    memset(x->rest_uj, 0, sizeof x->rest_uj);
    x->any = true;
}

/* Months that nothing was read in still hold another machine's. */
static void machine_end(const struct rep_meters *m, struct rep_metered *x)
{
    for (int k = 0; x->any && k <= m->to_month - m->from_month; k++) {
        size_t first = m->first[k], n = m->first[k + 1] - first;

        if (x->there[k])
            continue;
        memset(x->joules + first, 0, n * sizeof *x->joules);
        memset(x->covered + first, 0, n * sizeof *x->covered);
        memset(x->tier + first, CALC_NO_ENERGY, n * sizeof *x->tier);
    }
}

static void
find_rest(struct rep_metered *x, int k, size_t first, const struct en_hours *h)
{
    double sum_j = 0, rest_j;
    int64_t joules = 0;
    size_t last = 0;

    for (int t = 0; t < CALC_TIERS; t++)
        sum_j += h->sum_j[t];
    for (int i = 0; i < h->n_hours; i++)
        joules += h->joules[i];
    for (int i = h->n_hours - 1; i >= 0; i--)
        if (h->covered[i]) {
            last = (size_t)i;
            break;
        }
    rest_j = sum_j - (double)joules;
    if (!(fabs(rest_j) < REST_MAX_J))
        rest_j = 0;
    x->rest_uj[k] = llround(rest_j * UJ_PER_J);
    x->rest_at[k] = first + last;
}

static bool take_hours(void *ctx, const struct en_hours *h, struct err *err)
{
    struct rep_meters *m = ctx;
    int k = h->month - m->from_month;
    struct rep_metered *x = NULL;
    size_t first, n;

    (void)err;
    for (size_t i = 0; i < m->n_window && !x; i++)
        if (m->window[i].id == h->machine)
            x = &m->window[i];
    if (!x || h->month < m->from_month || h->month > m->to_month)
        return true;
    if (!x->any)
        machine_begin(m, x);
    first = m->first[k];
    n = m->first[k + 1] - first;
    CHECK((size_t)h->n_hours == n);
    memcpy(x->joules + first, h->joules, n * sizeof *x->joules);
    memcpy(x->covered + first, h->covered, n * sizeof *x->covered);
    memcpy(x->tier + first, h->tier, n * sizeof *x->tier);
    find_rest(x, k, first, h);
    x->there[k] = true;
    return true;
}

struct rep_metered *rep_metered_find(struct rep_meters *m, int64_t id)
{
    size_t at, n;

    for (size_t i = 0; i < m->n_window; i++)
        if (m->window[i].id == id)
            return m->window[i].any ? &m->window[i] : NULL;
    at = find_id(m, id);
    if (m->failed || at == m->n_ids)
        return NULL;
    n = m->n_ids - at < REP_WINDOW ? m->n_ids - at : REP_WINDOW;
    for (size_t i = 0; i < n; i++) {
        m->window[i].id = m->ids[at + i];
        m->window[i].any = false;
    }
    m->n_window = n;
    if (!en_machine_hours(
                m->frame->db, m->from_month, m->to_month, id,
                m->ids[at + n - 1], weight_of, take_hours, m, &m->err)) {
        m->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        machine_end(m, &m->window[i]);
    return m->window[0].any ? &m->window[0] : NULL;
}
