/* SPDX-License-Identifier: Apache-2.0
 * Taking grid values of the user in: years as they are, shorter values as means
 * of UTC hours, gathered in slots of five minutes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "energy/grid_priv.h"

enum {
    MAX_OPEN = 100000,   /* hours gathered before they are written */
    MAX_SERIES = 20000,  /* zones and kinds of one import */
    MAX_YEARS = 1000000, /* of one import */
};

struct series {
    UT_hash_handle hh;
    int64_t id; /* 0: not in the database yet */
    enum wire_grid_kind kind;
    enum wire_grid_basis basis;
    struct wire_origin origin;
    const char *zone, *zone_name;
    char key[];
};

struct slot_key {
    const struct series *series;
    int64_t at; /* hour since 1970, or the year */
};

struct hour { /* being gathered */
    UT_hash_handle hh;
    struct slot_key key;
    struct series *series;
    double g[EN_SLOTS];
    unsigned slots;
    int step_s;
    bool estimated;
};

struct year { /* seen in this import */
    UT_hash_handle hh;
    struct slot_key key;
    double g;
};

struct en_grid_take {
    struct db *db;
    struct fac_edit *edit;
    struct arena text;
    struct series *series;
    struct hour *hours; /* in the order of their arrival */
    struct year *years;
    struct en_grid_counts counts;
};

bool en_grid_take_begin(
        struct db *db, const char *actor, struct en_grid_take **out,
        struct err *err)
{
    struct en_grid_take *t;

    if (!db_begin(db, err))
        return false;
    t = xcalloc(1, sizeof *t);
    t->db = db;
    t->edit = fac_edit_new(db, actor);
    *out = t;
    return true;
}

const struct en_grid_counts *en_grid_take_counts(const struct en_grid_take *t)
{
    return &t->counts;
}

/* ---- series ------------------------------------------------------------- */

static bool
series_find(struct en_grid_take *t, struct series *s, struct err *err)
{
    struct stmt *q = en_stmt(t->db, EN_SERIES_FIND, err);
    bool row;

    if (!q)
        return false;
    stmt_text(q, ":zone", s->zone);
    stmt_text(q, ":kind", en_grid_kind_word(s->kind));
    stmt_text(q, ":set", s->origin.set);
    if (!stmt_step(q, &row, err))
        return false;
    s->id = row ? stmt_col_int(q, 0) : 0;
    stmt_reset(q);
    return true;
}

static bool series_of(
        struct en_grid_take *t, const struct wire_grid *g, struct series **out,
        struct err *err)
{
    char key[700];
    size_t len;
    struct series *s = NULL;

    snprintf(key, sizeof key, "%d %s %s", (int)g->kind, g->origin.set, g->zone);
    len = strlen(key);
    HASH_FIND(hh, t->series, key, len, s);
    if (s) {
        *out = s;
        return true;
    }
    if (HASH_COUNT(t->series) == MAX_SERIES)
        return err_set(
                err, ERR_LIMIT, "more than %d zones in one import",
                (int)MAX_SERIES);
    s = arena_alloc(&t->text, sizeof *s + len + 1);
    memcpy(s->key, key, len + 1);
    s->kind = g->kind;
    s->basis = g->basis;
    s->origin = (struct wire_origin){
            .set = arena_str(&t->text, g->origin.set),
            .title = arena_str(&t->text, g->origin.title),
            .version = arena_str(&t->text, g->origin.version),
            .source = arena_str(&t->text, g->origin.source),
            .licence = arena_str(&t->text, g->origin.licence)};
    s->zone = arena_str(&t->text, g->zone);
    s->zone_name = arena_str(&t->text, g->zone_name);
    if (!series_find(t, s, err))
        return false;
    HASH_ADD(hh, t->series, key, len, s);
    *out = s;
    return true;
}

/* Before the first row of a series is written. */
static bool series_ready(
        struct en_grid_take *t, struct series *s, const char **version,
        struct err *err)
{
    struct stmt *q;

    if (!fac_edit_set(t->edit, &s->origin, version, err))
        return false;
    if (s->id)
        return true;
    q = en_stmt(t->db, EN_SERIES_ADD, err);
    if (!q)
        return false;
    stmt_text(q, ":zone", s->zone);
    stmt_text(q, ":kind", en_grid_kind_word(s->kind));
    stmt_text(q, ":set", s->origin.set);
    stmt_text(q, ":basis", en_grid_basis_word(s->basis));
    stmt_text(q, ":name", s->zone_name);
    stmt_text(q, ":source", s->origin.source);
    stmt_text(q, ":licence", s->origin.licence);
    if (!stmt_run(q, err))
        return false;
    s->id = db_last_id(t->db);
    return true;
}

static bool same(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

static bool
note(struct en_grid_take *t, const struct series *s, const char *when,
     double before, double now, struct err *err)
{
    char text[400], x[NUM_TEXT], y[NUM_TEXT];

    snprintf(
            text, sizeof text, "%.100s %s %s %s -> %s g/kWh", s->zone,
            en_grid_kind_word(s->kind), when, num_print(before, x),
            num_print(now, y));
    return fac_edit_note(t->edit, s->origin.set, text, err);
}

/* ---- years -------------------------------------------------------------- */

static bool year_again(
        struct en_grid_take *t, const struct series *s, int year, double g,
        bool *again, struct err *err)
{
    struct slot_key key;
    struct year *y = NULL;
    char x[NUM_TEXT];

    memset(&key, 0, sizeof key);
    key.series = s;
    key.at = year;
    HASH_FIND(hh, t->years, &key, sizeof key, y);
    *again = y != NULL;
    if (y && !same(y->g, g))
        return err_set(
                err, ERR_CONFLICT, "the import has %d already with %s g/kWh",
                year, num_print(y->g, x));
    if (y)
        return true;
    if (HASH_COUNT(t->years) == MAX_YEARS)
        return err_set(
                err, ERR_LIMIT, "more than %d yearly values in one import",
                (int)MAX_YEARS);
    y = arena_alloc(&t->text, sizeof *y);
    memcpy(&y->key, &key, sizeof key);
    y->g = g;
    HASH_ADD(hh, t->years, key, sizeof key, y);
    return true;
}

static bool year_stored(
        struct en_grid_take *t, const struct series *s, int year, bool *found,
        double *g, bool *estimated, struct err *err)
{
    struct stmt *q;

    *found = false;
    if (!s->id)
        return true;
    q = en_stmt(t->db, EN_YEAR_FIND, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, s->id);
    stmt_int_at(q, 2, year);
    if (!stmt_step(q, found, err))
        return false;
    *g = stmt_col_num(q, 0);
    *estimated = *found && stmt_col_int(q, 1) != 0;
    stmt_reset(q);
    return true;
}

static bool take_year(
        struct en_grid_take *t, struct series *s, const struct wire_grid *g,
        int year, struct err *err)
{
    bool again, found, estimated;
    const char *version;
    double old = NAN;
    struct stmt *q;
    char when[16];

    if (!year_again(t, s, year, g->g_per_kwh, &again, err) ||
        !year_stored(t, s, year, &found, &old, &estimated, err))
        return false;
    if (found && same(old, g->g_per_kwh) && estimated == g->estimated) {
        t->counts.same += !again;
        return true;
    }
    if (!series_ready(t, s, &version, err))
        return false;
    q = en_stmt(t->db, EN_YEAR_PUT, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, s->id);
    stmt_int_at(q, 2, year);
    stmt_num_at(q, 3, g->g_per_kwh);
    stmt_int_at(q, 4, g->estimated);
    stmt_text_at(q, 5, version);
    if (!stmt_run(q, err))
        return false;
    t->counts.added += !found;
    t->counts.changed += found;
    snprintf(when, sizeof when, "%d", year);
    return !found || note(t, s, when, old, g->g_per_kwh, err);
}

/* ---- hours -------------------------------------------------------------- */

static int slots_of(unsigned mask)
{
    int n = 0;

    for (; mask; mask &= mask - 1)
        n++;
    return n;
}

/* Around the first value, so that equal ones give just that. */
static double mean_of(const struct hour *h)
{
    double first = NAN, sum = 0;

    for (int i = 0; i < EN_SLOTS; i++) {
        if (!(h->slots & (1u << i)))
            continue;
        if (isnan(first))
            first = h->g[i];
        sum += h->g[i] - first;
    }
    return first + sum / slots_of(h->slots);
}

struct stored_hour {
    bool found, estimated;
    double g;
    unsigned slots;
    int step_s;
};

static bool hour_stored(
        struct en_grid_take *t, const struct hour *h, struct stored_hour *out,
        struct err *err)
{
    struct stmt *q;

    *out = (struct stored_hour){.g = NAN};
    if (!h->series->id)
        return true;
    q = en_stmt(t->db, EN_HOUR_FIND, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, h->series->id);
    stmt_int_at(q, 2, h->key.at);
    if (!stmt_step(q, &out->found, err))
        return false;
    if (out->found) {
        out->g = stmt_col_num(q, 0);
        out->slots = (unsigned)stmt_col_int(q, 1);
        out->step_s = (int)stmt_col_int(q, 2);
        out->estimated = stmt_col_int(q, 3) != 0;
    }
    stmt_reset(q);
    return true;
}

/* What the hour is after this import: its part of the file where that holds at
 * least what was known; both together where they do not overlap; else what was
 * known, since a part of a mean cannot be exchanged. */
static struct stored_hour
combine(const struct hour *h, const struct stored_hour *old)
{
    struct stored_hour now = {
            .found = true,
            .g = mean_of(h),
            .slots = h->slots,
            .step_s = h->step_s,
            .estimated = h->estimated};

    if (!old->found || (old->slots & ~h->slots) == 0)
        return now;
    if ((old->slots & h->slots) == 0) {
        int a = slots_of(old->slots), b = slots_of(h->slots);

        now.g = (old->g * a + now.g * b) / (a + b);
        now.slots |= old->slots;
        now.estimated = now.estimated || old->estimated;
        if (old->step_s > now.step_s)
            now.step_s = old->step_s;
        return now;
    }
    return slots_of(h->slots) > slots_of(old->slots) ? now : *old;
}

static bool write_hour(
        struct en_grid_take *t, const struct hour *h,
        const struct stored_hour *now, struct err *err)
{
    const char *version;
    struct stmt *q;

    if (!series_ready(t, h->series, &version, err))
        return false;
    q = en_stmt(t->db, EN_HOUR_PUT, err);
    if (!q)
        return false;
    stmt_int_at(q, 1, h->series->id);
    stmt_int_at(q, 2, h->key.at);
    stmt_num_at(q, 3, now->g);
    stmt_int_at(q, 4, now->slots);
    stmt_int_at(q, 5, now->step_s);
    stmt_int_at(q, 6, now->estimated);
    stmt_text_at(q, 7, version);
    return stmt_run(q, err);
}

static bool
settle_hour(struct en_grid_take *t, const struct hour *h, struct err *err)
{
    struct stored_hour old, now;
    char when[40], day[DATE_TEXT];

    if (!hour_stored(t, h, &old, err))
        return false;
    now = combine(h, &old);
    if (old.found && same(now.g, old.g) && now.slots == old.slots &&
        now.estimated == old.estimated) {
        t->counts.same++;
        return true;
    }
    if (!write_hour(t, h, &now, err))
        return false;
    t->counts.added += !old.found;
    t->counts.changed += old.found;
    if (!old.found)
        return true;
    snprintf(
            when, sizeof when, "%sT%02dZ",
            date_print(date_from_days((int32_t)(h->key.at / 24)), day),
            (int)(h->key.at % 24));
    return note(t, h->series, when, old.g, now.g, err);
}

static void hours_clear(struct en_grid_take *t)
{
    struct hour *h, *next;

    HASH_ITER(hh, t->hours, h, next)
    {
        HASH_DELETE(hh, t->hours, h);
        free(h);
    }
}

bool en_grid_take_settle(struct en_grid_take *t, struct err *err)
{
    struct hour *h, *next;
    bool ok = true;

    HASH_ITER(hh, t->hours, h, next)
    {
        ok = ok && settle_hour(t, h, err);
    }
    hours_clear(t);
    return ok;
}

static bool
hour_of(struct en_grid_take *t, struct series *s, int64_t hour,
        struct hour **out, struct err *err)
{
    struct slot_key key;
    struct hour *h = NULL;

    memset(&key, 0, sizeof key);
    key.series = s;
    key.at = hour;
    HASH_FIND(hh, t->hours, &key, sizeof key, h);
    if (!h) {
        if (HASH_COUNT(t->hours) == MAX_OPEN && !en_grid_take_settle(t, err))
            return false;
        h = xcalloc(1, sizeof *h);
        memcpy(&h->key, &key, sizeof key);
        h->series = s;
        HASH_ADD(hh, t->hours, key, sizeof key, h);
    }
    *out = h;
    return true;
}

static bool
fill(struct hour *h, int first, int end, const struct wire_grid *g,
     struct err *err)
{
    int64_t lasts_s = g->to_s - g->from_s;
    char x[NUM_TEXT];

    for (int i = first; i < end; i++) {
        if (h->slots & (1u << i) && !same(h->g[i], g->g_per_kwh))
            return err_set(
                    err, ERR_CONFLICT,
                    "the import has that time already with %s g/kWh",
                    num_print(h->g[i], x));
    }
    for (int i = first; i < end; i++) {
        h->g[i] = g->g_per_kwh;
        h->slots |= 1u << i;
    }
    h->estimated = h->estimated || g->estimated;
    if (lasts_s > h->step_s)
        h->step_s = (int)lasts_s;
    return true;
}

/* Times are taken to the nearest five minutes. */
static bool take_hours(
        struct en_grid_take *t, struct series *s, const struct wire_grid *g,
        struct err *err)
{
    int64_t from = (g->from_s + EN_SLOT_S / 2) / EN_SLOT_S;
    int64_t to = (g->to_s + EN_SLOT_S / 2) / EN_SLOT_S;

    while (from < to) {
        int64_t hour = from / EN_SLOTS;
        int64_t end = to < (hour + 1) * EN_SLOTS ? to : (hour + 1) * EN_SLOTS;
        struct hour *h;

        if (!hour_of(t, s, hour, &h, err) ||
            !fill(h, (int)(from - hour * EN_SLOTS),
                  (int)(end - hour * EN_SLOTS), g, err))
            return false;
        from = end;
    }
    return true;
}

bool en_grid_take_value(
        struct en_grid_take *t, const struct wire_grid *g, struct err *err)
{
    const char *column;
    struct series *s;
    bool ok = en_grid_check(g, &column, err) && series_of(t, g, &s, err);

    if (ok) {
        int year = en_grid_year_of(g);

        ok = year ? take_year(t, s, g, year, err) : take_hours(t, s, g, err);
    }
    if (!ok && g->place)
        err_in(err, "%s", g->place);
    return ok;
}

/* ---- the end ------------------------------------------------------------ */

static bool digest_values(
        struct en_grid_take *t, enum en_sql sql, int64_t series, int n_cols,
        struct fac_digest *d, struct err *err)
{
    struct stmt *q = en_stmt(t->db, sql, err);
    bool more, ok = false;

    if (!q)
        return false;
    stmt_int(q, ":series", series);
    for (;;) {
        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        for (int i = 0; i < n_cols; i++)
            fac_digest_num(d, stmt_col_num(q, i));
        fac_digest_row(d);
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* Each series by zone and kind: its name, its years, its hours. */
static bool
digest_set(void *ctx, const char *set, struct fac_digest *d, struct err *err)
{
    struct en_grid_take *t = ctx;
    struct stmt *q = en_stmt(t->db, EN_SET_SERIES, err);
    bool more, ok = false;

    if (!q)
        return false;
    stmt_text(q, ":set", set);
    for (;;) {
        int64_t id;

        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        id = stmt_col_int(q, 0);
        for (int i = 1; i <= 3; i++)
            fac_digest_text(d, stmt_col_text(q, i));
        if (!digest_values(t, EN_SERIES_YEARS, id, 3, d, err) ||
            !digest_values(t, EN_SERIES_HOURS, id, 4, d, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool en_grid_take_end(struct en_grid_take *t, bool keep, struct err *err)
{
    bool ok = !keep || (en_grid_take_settle(t, err) &&
                        fac_edit_end(t->edit, digest_set, t, err));

    if (keep && ok)
        ok = db_commit(t->db, err);
    else
        db_rollback(t->db);
    hours_clear(t);
    HASH_CLEAR(hh, t->years);
    HASH_CLEAR(hh, t->series);
    arena_clear(&t->text);
    fac_edit_free(t->edit);
    free(t);
    return ok;
}
