/* SPDX-License-Identifier: Apache-2.0
 * Power models as they are stored: read with their calendars, set, dropped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/num.h"
#include "energy/operation_priv.h"

enum { LOADS_MAX = 8 * EN_WEEK, FIRST_NUMBER = 11, MAX_MODELS = 1000000 };

static const char *const kinds[EN_MODEL_KINDS] = {
        [EN_OWN] = "own", [EN_CONSTANT] = "constant", [EN_LINEAR] = "linear",
        [EN_FAN] = "fan", [EN_TDP] = "tdp",           [EN_SPEC] = "spec",
        [EN_LOG] = "log",
};

const char *en_model_kind_word(enum en_model_kind k)
{
    return kinds[k];
}

bool en_model_kind_from(const char *word, enum en_model_kind *out)
{
    for (int k = 0; k < EN_MODEL_KINDS; k++)
        if (!strcmp(kinds[k], word)) {
            *out = (enum en_model_kind)k;
            return true;
        }
    return false;
}

int en_model_numbers(enum en_model_kind k)
{
    static const int n[EN_MODEL_KINDS] = {0, 1, 2, 2, 1, EN_MODEL_NUMBERS, 4};

    return n[k];
}

/* ---- reading ------------------------------------------------------------- */

/* 168 numbers with blanks between; ours, checked when they were taken. */
static bool read_loads(const char *text, double loads[EN_WEEK], struct err *err)
{
    for (int i = 0; i < EN_WEEK; i++) {
        size_t n;

        text += strspn(text, " ");
        n = strcspn(text, " ");
        if (!num_parse(text, n, NUM_POINT, &loads[i], err) || loads[i] < 0 ||
            loads[i] > 1)
            return err_set(
                    err, ERR_DB,
                    "a load profile that is none; expected 168 "
                    "numbers from 0 to 1");
        text += n;
    }
    return true;
}

static bool load_closed(
        struct db *db, struct en_calendar *c, struct arena *a, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_CLOSED, err);
    bool row, ok = false;

    if (!q)
        return false;
    c->closed = arena_alloc(a, EN_MAX_CLOSED * sizeof *c->closed);
    stmt_int(q, ":id", c->id);
    while ((ok = stmt_step(q, &row, err)) && row) {
        struct date from, to;
        const char *x = stmt_col_text(q, 0), *y = stmt_col_text(q, 1);

        ok = date_parse(x, strlen(x), &from, err) &&
             date_parse(y, strlen(y), &to, err);
        if (!ok || c->n_closed == EN_MAX_CLOSED)
            break;
        c->closed[c->n_closed++] =
                (struct en_closed){date_days(from), date_days(to)};
    }
    stmt_reset(q);
    return ok;
}

static bool load_calendars(struct db *db, struct en_models *m, struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_CALENDARS, err);
    bool row, ok = false;

    if (!q)
        return false;
    while ((ok = stmt_step(q, &row, err)) && row) {
        struct en_calendar *c;
        const char *bits = stmt_col_text(q, 2);

        m->calendars = xreallocarray(
                m->calendars, m->n_calendars + 1, sizeof *m->calendars);
        c = &m->calendars[m->n_calendars++];
        *c = (struct en_calendar){
                .id = stmt_col_int(q, 0),
                .name = arena_str(&m->arena, stmt_col_text(q, 1))};
        for (int i = 0; i < EN_WEEK; i++)
            c->on[i] = bits[i] == '1';
    }
    stmt_reset(q);
    for (size_t i = 0; ok && i < m->n_calendars; i++)
        ok = load_closed(db, &m->calendars[i], &m->arena, err);
    return ok;
}

static const struct en_calendar *
calendar_of(const struct en_models *m, int64_t id)
{
    for (size_t i = 0; i < m->n_calendars; i++)
        if (m->calendars[i].id == id)
            return &m->calendars[i];
    return NULL;
}

static bool model_of_row(
        struct en_models *m, struct stmt *q, struct en_model *out,
        struct err *err)
{
    const char *category = stmt_col_text(q, 3), *loads = stmt_col_text(q, 6);

    *out = (struct en_model){
            .id = stmt_col_int(q, 0),
            .machine_id = stmt_col_int(q, 1),
            .tag = arena_str(&m->arena, stmt_col_text(q, 2)),
            .category = CALC_OTHER_UNIT,
            .load = stmt_col_num(q, 5),
            .calendar = calendar_of(m, stmt_col_int(q, 7)),
            .standby_w = stmt_col_num(q, 8),
            .memory_frac = stmt_col_num(q, 9),
            .source = arena_str(&m->arena, stmt_col_text(q, 10)),
    };
    for (int i = 0; i < EN_MODEL_NUMBERS; i++)
        out->numbers[i] = stmt_col_num(q, FIRST_NUMBER + i);
    if (!en_model_kind_from(stmt_col_text(q, 4), &out->kind) ||
        (category && !calc_category_from(category, &out->category)))
        return err_set(err, ERR_DB, "a power model of no known kind");
    if (loads) {
        double *week = arena_alloc(&m->arena, EN_WEEK * sizeof *week);

        out->loads = week;
        return read_loads(loads, week, err);
    }
    return true;
}

bool en_models_load(struct db *db, struct en_models *out, struct err *err)
{
    struct en_models m = {0};
    struct stmt *q = NULL;
    size_t cap = 0;
    bool row, ok = load_calendars(db, &m, err);

    if (ok)
        q = eo_stmt(db, EO_MODELS, err);
    ok = q != NULL;
    while (ok && (ok = stmt_step(q, &row, err)) && row) {
        if (m.n == cap) {
            cap = cap ? 2 * cap : 16;
            m.items = xreallocarray(m.items, cap, sizeof *m.items);
        }
        ok = m.n < MAX_MODELS ||
             err_set(err, ERR_LIMIT, "more than %d power models",
                     (int)MAX_MODELS);
        ok = ok && model_of_row(&m, q, &m.items[m.n], err);
        m.n += ok;
    }
    stmt_reset(q);
    if (!ok) {
        en_models_clear(&m);
        return false;
    }
    for (size_t i = 0; i < m.n && !m.items[i].machine_id; i++)
        m.by_category[m.items[i].category] = &m.items[i];
    *out = m;
    return true;
}

void en_models_clear(struct en_models *m)
{
    free(m->items);
    free(m->calendars);
    arena_clear(&m->arena);
    *m = (struct en_models){0};
}

const struct en_model *
en_model_of(const struct en_models *m, const struct inv_unit *u)
{
    size_t lo = 0, hi = m->n;

    if (!hi || u->category == CALC_PART_LOT || u->is_virtual == 1)
        return NULL;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (m->items[mid].machine_id < u->id)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < m->n && m->items[lo].machine_id == u->id)
        return &m->items[lo];
    return u->power_w >= 0 || u->energy_kwh_year >= 0
                   ? NULL
                   : m->by_category[u->category];
}

/* ---- setting ------------------------------------------------------------- */

static bool wrong(struct err *err, const char *what, double low, double high)
{
    char x[NUM_TEXT], y[NUM_TEXT];

    return err_set(
            err, ERR_INVALID, "%s: expected %s to %s", what, num_print(low, x),
            num_print(high, y));
}

static bool inside(double v, double low, double high)
{
    return isnan(v) || (v >= low && v <= high);
}

static bool check_numbers(const struct en_model *m, struct err *err)
{
    int want = en_model_numbers(m->kind), has = 0;
    bool own = m->kind == EN_LINEAR || m->kind == EN_FAN;

    while (has < EN_MODEL_NUMBERS && !isnan(m->numbers[has]))
        has++;
    if (has != want && !(own && has == 0))
        return err_set(
                err, ERR_INVALID,
                "a model of kind '%s' takes %d number%s, not %d",
                en_model_kind_word(m->kind), want, want == 1 ? "" : "s", has);
    for (int i = 0; i < has; i++)
        if (m->kind != EN_LOG && !inside(m->numbers[i], 0, 1e7))
            return wrong(err, "watts", 0, 1e7);
    if (own && has && m->numbers[1] < m->numbers[0])
        return err_set(
                err, ERR_INVALID,
                "watts: expected idle first, then full power");
    return true;
}

static bool check_model(const struct en_model *m, struct err *err)
{
    if (!check_numbers(m, err))
        return false;
    if (!inside(m->load, 0, 1))
        return wrong(err, "load", 0, 1);
    if (!isnan(m->load) && m->loads)
        return err_set(
                err, ERR_INVALID, "a load and a profile: expected one of them");
    if (m->kind == EN_CONSTANT && (m->loads || !isnan(m->load)))
        return err_set(err, ERR_INVALID, "a constant has no load");
    if (!inside(m->standby_w, 0, 1e5))
        return wrong(err, "standby watts", 0, 1e5);
    if (!isnan(m->standby_w) && !m->calendar && m->id != -1)
        return err_set(
                err, ERR_INVALID,
                "standby watts need a calendar that says when it is off");
    if (!inside(m->memory_frac, 0, 1))
        return wrong(err, "memory in use", 0, 1);
    return true;
}

static bool
unit_of(struct db *db, const char *tag, const char *category, int64_t *machine,
        struct err *err)
{
    enum calc_category c;

    *machine = 0;
    if (tag)
        return inv_machine_id(db, tag, machine, err);
    if (calc_category_from(category, &c) && c != CALC_PART_LOT)
        return true;
    return err_set(
            err, ERR_INVALID,
            "no category '%.40s': server, gpu_node, storage, workstation, "
            "desktop, laptop, screen, switch, sbc or other",
            category);
}

static bool
drop(struct db *db, int64_t machine, const char *category, bool *any,
     struct err *err)
{
    struct stmt *q = eo_stmt(db, EO_MODEL_DROP, err);

    if (!q)
        return false;
    if (machine)
        stmt_int(q, ":machine", machine);
    else
        stmt_null(q, ":machine");
    stmt_text(q, ":category", machine ? NULL : category);
    if (!stmt_run(q, err))
        return false;
    *any = db_changes(db) > 0;
    return true;
}

static bool
calendar_id(struct db *db, const char *name, int64_t *id, struct err *err)
{
    struct stmt *q;
    bool row;

    *id = 0;
    if (!name)
        return true;
    q = eo_stmt(db, EO_CALENDAR_FIND, err);
    if (!q)
        return false;
    stmt_text(q, ":name", name);
    if (!stmt_step(q, &row, err))
        return false;
    if (row)
        *id = stmt_col_int(q, 0);
    stmt_reset(q);
    return row || err_set(err, ERR_NOT_FOUND,
                          "no calendar '%.80s'; 'fleetprint calendar set' "
                          "makes one",
                          name);
}

static void print_loads(const struct en_model *m, char text[LOADS_MAX])
{
    char *p = text;

    *p = '\0';
    for (int i = 0; m->loads && i < EN_WEEK; i++) {
        char x[NUM_TEXT];
        /* Five decimals of a load are more than anyone knows. */
        int n = snprintf(
                p, 10, "%s%.7s", i ? " " : "", num_fixed(m->loads[i], 5, x));

        p += n;
    }
}

static bool
put(struct db *db, const struct en_model_edit *e, int64_t machine,
    int64_t calendar, struct err *err)
{
    const struct en_model *m = &e->model;
    struct stmt *q = eo_stmt(db, EO_MODEL_PUT, err);
    char loads[LOADS_MAX + EN_WEEK];

    if (!q)
        return false;
    print_loads(m, loads);
    if (machine)
        stmt_int_at(q, 1, machine);
    stmt_text_at(q, 2, machine ? NULL : e->category);
    stmt_text_at(q, 3, en_model_kind_word(m->kind));
    stmt_num_at(q, 4, m->load);
    stmt_text_at(q, 5, m->loads ? loads : NULL);
    if (calendar)
        stmt_int_at(q, 6, calendar);
    stmt_num_at(q, 7, m->standby_w);
    stmt_num_at(q, 8, m->memory_frac);
    stmt_text_at(q, 9, e->source);
    for (int i = 0; i < EN_MODEL_NUMBERS; i++)
        stmt_num_at(q, 10 + i, m->numbers[i]);
    return stmt_run(q, err);
}

static bool
set(struct db *db, const struct en_model_edit *e, const char *actor,
    struct err *err)
{
    int64_t machine, calendar;
    char detail[300];
    bool any;

    snprintf(
            detail, sizeof detail, "%.200s: %s", e->tag ? e->tag : e->category,
            en_model_kind_word(e->model.kind));
    return unit_of(db, e->tag, e->category, &machine, err) &&
           calendar_id(db, e->calendar, &calendar, err) &&
           drop(db, machine, e->category, &any, err) &&
           put(db, e, machine, calendar, err) &&
           acc_audit(db, actor, "power set", detail, err);
}

bool en_model_set(
        struct db *db, const struct en_model_edit *e, const char *actor,
        struct err *err)
{
    struct en_model m = e->model;

    m.id = e->calendar ? -1 : 0; /* whether it has one, for the check */
    if (!check_model(&m, err) || !db_begin(db, err))
        return false;
    return eo_end(db, set(db, e, actor, err), err);
}

bool en_model_clear(
        struct db *db, const char *tag, const char *category, const char *actor,
        struct err *err)
{
    int64_t machine;
    bool any = false, ok;

    if (!db_begin(db, err))
        return false;
    ok = unit_of(db, tag, category, &machine, err) &&
         drop(db, machine, category, &any, err);
    if (ok && !any)
        ok = err_set(
                err, ERR_NOT_FOUND, "'%.200s' has no power model of its own",
                tag ? tag : category);
    ok = ok && acc_audit(db, actor, "power clear", tag ? tag : category, err);
    return eo_end(db, ok, err);
}
