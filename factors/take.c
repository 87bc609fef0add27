/* SPDX-License-Identifier: Apache-2.0
 * Taking factors and product footprints of the user into the database: added,
 * changed, or the same as before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/text.h"
#include "factors/user_priv.h"

enum { MAX_ROWS = 500000 }; /* of one import */

static const char *const product_texts[] = {
        "category", "date", "region", "disks", "memory", "note", "source"};
static const char *const product_nums[] = {
        "total_kg",       "low_kg",       "high_kg",        "use_kg",
        "manufacture_kg", "transport_kg", "end_of_life_kg", "adp_kg_sb",
        "pe_mj",          "err_frac",     "life_y",         "mass_kg"};
const struct fac_row_shape fac_product_shape = {
        .find = FAC_PRODUCT_FIND,
        .add = FAC_PRODUCT_ADD,
        .change = FAC_PRODUCT_CHANGE,
        .load = FAC_PRODUCTS_LOAD,
        .n_keys = 3,
        .n_texts = 7,
        .n_nums = 12,
        .texts = product_texts,
        .nums = product_nums};

static const char *const factor_texts[] = {
        "name", "unit", "region", "note", "source"};
static const char *const factor_nums[] = {
        "gwp", "gwp_low", "gwp_high", "adp",      "adp_low", "adp_high",
        "pe",  "pe_low",  "pe_high",  "boundary", "life_y"};
const struct fac_row_shape fac_factor_shape = {
        .find = FAC_FACTOR_FIND,
        .add = FAC_FACTOR_ADD,
        .change = FAC_FACTOR_CHANGE,
        .load = FAC_FACTORS_LOAD,
        .n_keys = 1,
        .n_texts = 5,
        .n_nums = 11,
        .texts = factor_texts,
        .nums = factor_nums};

struct seen {
    UT_hash_handle hh;
    char key[];
};

struct fac_take {
    struct db *db;
    struct fac_edit *edit;
    struct seen *seen; /* rows of this import */
    struct arena text;
    struct fac_counts counts;
};

bool fac_take_begin(
        struct db *db, const char *actor, struct fac_take **out,
        struct err *err)
{
    struct fac_take *t;

    if (!db_begin(db, err))
        return false;
    t = xcalloc(1, sizeof *t);
    t->db = db;
    t->edit = fac_edit_new(db, actor);
    *out = t;
    return true;
}

const struct fac_counts *fac_take_counts(const struct fac_take *t)
{
    return &t->counts;
}

/* ---- a record as a row -------------------------------------------------- */

static struct fac_row
product_row(const struct wire_factor *f, char date[static DATE_TEXT])
{
    date_print(f->report_on, date);
    return (struct fac_row){
            .shape = &fac_product_shape,
            .keys = {f->maker, f->model, f->variant ? f->variant : ""},
            .texts =
                    {calc_category_word(f->category), *date ? date : NULL,
                     f->region, f->disks, f->memory, f->note,
                     f->source ? f->source : f->origin.source},
            .nums = {
                    f->value[CALC_GWP], f->low[CALC_GWP], f->high[CALC_GWP],
                    f->use_kg, f->manufacture_kg, f->transport_kg,
                    f->end_of_life_kg, f->value[CALC_ADP], f->value[CALC_PE],
                    f->err_frac, f->life_y, f->mass_kg}};
}

static struct fac_row factor_row(const struct wire_factor *f)
{
    return (struct fac_row){
            .shape = &fac_factor_shape,
            .keys = {f->key},
            .texts =
                    {f->name, f->unit, f->region, f->note,
                     f->source ? f->source : f->origin.source},
            .nums = {
                    f->value[CALC_GWP], f->low[CALC_GWP], f->high[CALC_GWP],
                    f->value[CALC_ADP], f->low[CALC_ADP], f->high[CALC_ADP],
                    f->value[CALC_PE], f->low[CALC_PE], f->high[CALC_PE],
                    f->boundary, f->life_y}};
}

/* ---- rows and the database ---------------------------------------------- */

static void
bind_keys(struct stmt *q, int at, const char *set, const struct fac_row *r)
{
    stmt_text_at(q, at++, set);
    for (int i = 0; i < r->shape->n_keys; i++)
        stmt_text_at(q, at++, r->keys[i]);
}

static bool write_row(
        struct fac_take *t, enum fac_sql sql, const char *set,
        const char *version, const struct fac_row *r, struct err *err)
{
    struct stmt *q = fac_stmt(t->db, sql, err);
    int at = 1;

    if (!q)
        return false;
    for (int i = 0; i < r->shape->n_texts; i++)
        stmt_text_at(q, at++, r->texts[i]);
    for (int i = 0; i < r->shape->n_nums; i++) {
        /* The one whole number; the column takes no other. */
        if (strcmp(r->shape->nums[i], "boundary") == 0)
            stmt_int_at(q, at++, (int64_t)r->nums[i]);
        else
            stmt_num_at(q, at++, r->nums[i]);
    }
    stmt_text_at(q, at++, version);
    bind_keys(q, at, set, r);
    return stmt_run(q, err);
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_num(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    return fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

/* "Dell R640: total_kg 1313 -> 1320, date none -> 2019-08" for what differs
 * between the row of the statement and r; empty when nothing does. */
static void differences(struct stmt *q, const struct fac_row *r, struct buf *b)
{
    const struct fac_row_shape *s = r->shape;

    for (int i = 0; i < s->n_texts; i++) {
        const char *old = stmt_col_text(q, i);

        if (!same_text(old, r->texts[i]))
            buf_printf(
                    b, "%s%s '%.200s' -> '%.200s'", b->len ? ", " : "",
                    s->texts[i], old ? old : "",
                    r->texts[i] ? r->texts[i] : "");
    }
    for (int i = 0; i < s->n_nums; i++) {
        double old = stmt_col_num(q, s->n_texts + i);
        char x[NUM_TEXT], y[NUM_TEXT];

        if (!same_num(old, r->nums[i]))
            buf_printf(
                    b, "%s%s %s -> %s", b->len ? ", " : "", s->nums[i],
                    isnan(old) ? "none" : num_print(old, x),
                    isnan(r->nums[i]) ? "none" : num_print(r->nums[i], y));
    }
}

static bool
note(struct fac_take *t, const char *set, const struct fac_row *r,
     const char *what, struct err *err)
{
    struct buf b;
    bool ok;

    buf_init(&b, 8 * WIRE_MAX_NOTE);
    for (int i = 0; i < r->shape->n_keys; i++)
        if (*r->keys[i])
            buf_printf(&b, "%s%s", i ? " " : "", r->keys[i]);
    buf_printf(&b, ": %s", what);
    ok = fac_edit_note(t->edit, set, buf_text(&b), err);
    buf_clear(&b);
    return ok;
}

/* True when the import had this row before. */
static bool came_before(
        struct fac_take *t, const char *set, const struct fac_row *r,
        bool *limit)
{
    struct seen *s = NULL;
    struct buf b;
    bool before;

    buf_init(&b, 4 * WIRE_MAX_NOTE);
    buf_printf(&b, "%d\n%s", r->shape->n_keys, set);
    for (int i = 0; i < r->shape->n_keys; i++)
        buf_printf(&b, "\n%s", r->keys[i]);
    HASH_FIND(hh, t->seen, buf_text(&b), b.len, s);
    before = s != NULL;
    *limit = !before && HASH_COUNT(t->seen) >= MAX_ROWS;
    if (!before && !*limit) {
        s = arena_alloc(&t->text, sizeof *s + b.len + 1);
        memcpy(s->key, buf_text(&b), b.len + 1);
        HASH_ADD(hh, t->seen, key, b.len, s);
    }
    buf_clear(&b);
    return before;
}

/* Reads the stored row: *found, and in diff what r changes. */
static bool
compare(struct fac_take *t, const char *set, const struct fac_row *r,
        bool *found, struct buf *diff, struct err *err)
{
    struct stmt *q = fac_stmt(t->db, r->shape->find, err);

    if (!q)
        return false;
    bind_keys(q, 1, set, r);
    if (!stmt_step(q, found, err))
        return false;
    if (*found)
        differences(q, r, diff);
    stmt_reset(q);
    return true;
}

static bool take_row(
        struct fac_take *t, const struct wire_origin *o,
        const struct fac_row *r, enum fac_change *what, struct err *err)
{
    bool found, limit, before = came_before(t, o->set, r, &limit), ok = false;
    const char *version;
    struct buf diff;

    if (limit)
        return err_set(
                err, ERR_LIMIT, "more than %d factors in one import",
                (int)MAX_ROWS);
    buf_init(&diff, 8 * WIRE_MAX_NOTE);
    if (!compare(t, o->set, r, &found, &diff, err))
        goto done;
    *what = !found ? FAC_ADDED : diff.len ? FAC_CHANGED : FAC_SAME;
    if (*what == FAC_CHANGED && before) {
        err_set(err, ERR_CONFLICT,
                "the import holds this row already with other figures (%.200s)",
                buf_text(&diff));
        goto done;
    }
    ok = *what == FAC_SAME ||
         (fac_edit_set(t->edit, o, &version, err) &&
          write_row(
                  t, found ? r->shape->change : r->shape->add, o->set, version,
                  r, err) &&
          (!found || note(t, o->set, r, buf_text(&diff), err)));
done:
    buf_clear(&diff);
    return ok;
}

bool fac_take_factor(
        struct fac_take *t, const struct wire_factor *f, enum fac_change *what,
        struct err *err)
{
    char date[DATE_TEXT];
    const char *column;
    struct fac_row r;
    bool ok;

    ok = fac_wire_check(f, &column, err);
    if (ok) {
        r = f->key ? factor_row(f) : product_row(f, date);
        ok = take_row(t, &f->origin, &r, what, err);
    }
    if (!ok) {
        if (f->place)
            err_in(err, "%s", f->place);
        return false;
    }
    t->counts.added += *what == FAC_ADDED;
    t->counts.changed += *what == FAC_CHANGED;
    t->counts.same += *what == FAC_SAME;
    return true;
}

static bool digest_one(void *ctx, const struct fac_row *r, struct err *err)
{
    struct fac_digest *d = ctx;

    (void)err;
    for (int i = 0; i < r->shape->n_keys; i++)
        fac_digest_text(d, r->keys[i]);
    for (int i = 0; i < r->shape->n_texts; i++)
        fac_digest_text(d, r->texts[i]);
    for (int i = 0; i < r->shape->n_nums; i++)
        fac_digest_num(d, r->nums[i]);
    fac_digest_row(d);
    return true;
}

static bool
digest_set(void *ctx, const char *set, struct fac_digest *d, struct err *err)
{
    struct fac_take *t = ctx;

    return fac_rows_load(t->db, &fac_product_shape, set, digest_one, d, err) &&
           fac_rows_load(t->db, &fac_factor_shape, set, digest_one, d, err);
}

bool fac_take_end(struct fac_take *t, bool keep, struct err *err)
{
    bool ok = !keep || fac_edit_end(t->edit, digest_set, t, err);

    if (keep && ok)
        ok = db_commit(t->db, err);
    else
        db_rollback(t->db);
    HASH_CLEAR(hh, t->seen);
    arena_clear(&t->text);
    fac_edit_free(t->edit);
    free(t);
    return ok;
}
