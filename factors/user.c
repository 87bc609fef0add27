/* SPDX-License-Identifier: Apache-2.0
 * The user's own sets, read back from the database: lists, and their rows in
 * the pack beside those that the program ships. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/access.h"
#include "base/text.h"
#include "factors/load_priv.h"
#include "factors/names_priv.h"
#include "factors/user_priv.h"

/* ---- reading rows ------------------------------------------------------- */

bool fac_rows_load(
        struct db *db, const struct fac_row_shape *shape, const char *set,
        bool (*row)(void *ctx, const struct fac_row *r, struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = fac_stmt(db, shape->load, err);
    bool more, ok = false;

    if (!q)
        return false;
    stmt_text(q, ":set", set);
    for (;;) {
        struct fac_row r = {.shape = shape};
        int at = 0;

        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        for (int i = 0; i < shape->n_texts; i++)
            r.texts[i] = stmt_col_text(q, at++);
        for (int i = 0; i < shape->n_nums; i++)
            r.nums[i] = stmt_col_num(q, at++);
        for (int i = 0; i < shape->n_keys; i++)
            r.keys[i] = stmt_col_text(q, at++);
        if (!row(ctx, &r, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static struct date date_of(const char *iso)
{
    struct date d = {0};

    if (iso)
        date_parse(iso, strlen(iso), &d, NULL);
    return d;
}

/* The columns of take.c, back in their places. */
static struct wire_factor product_of(const struct fac_row *r)
{
    const double *n = r->nums;
    struct wire_factor f = {
            .maker = r->keys[0],
            .model = r->keys[1],
            .variant = r->keys[2],
            .unit = "kg/unit",
            .report_on = date_of(r->texts[1]),
            .region = r->texts[2],
            .disks = r->texts[3],
            .memory = r->texts[4],
            .note = r->texts[5],
            .source = r->texts[6],
            .value = {n[0], n[7], n[8]},
            .low = {n[1], NAN, NAN},
            .high = {n[2], NAN, NAN},
            .use_kg = n[3],
            .manufacture_kg = n[4],
            .transport_kg = n[5],
            .end_of_life_kg = n[6],
            .err_frac = n[9],
            .life_y = n[10],
            .mass_kg = n[11]};

    f.has_category = calc_category_from(r->texts[0], &f.category);
    return f;
}

static struct wire_factor factor_of(const struct fac_row *r)
{
    const double *n = r->nums;

    return (struct wire_factor){
            .key = r->keys[0],
            .name = r->texts[0],
            .unit = r->texts[1],
            .region = r->texts[2],
            .note = r->texts[3],
            .source = r->texts[4],
            .value = {n[0], n[3], n[6]},
            .low = {n[1], n[4], n[7]},
            .high = {n[2], n[5], n[8]},
            .boundary = (unsigned)n[9],
            .life_y = n[10],
            .use_kg = NAN,
            .manufacture_kg = NAN,
            .transport_kg = NAN,
            .end_of_life_kg = NAN,
            .err_frac = NAN,
            .mass_kg = NAN};
}

struct rows_call {
    const char *set;
    bool (*row)(void *ctx, const struct wire_factor *f, struct err *err);
    void *ctx;
};

static bool on_user_row(void *ctx, const struct fac_row *r, struct err *err)
{
    const struct rows_call *c = ctx;
    struct wire_factor f =
            r->shape == &fac_product_shape ? product_of(r) : factor_of(r);

    f.origin.set = c->set;
    f.origin.source = f.source;
    return c->row(c->ctx, &f, err);
}

bool fac_user_rows(
        struct db *db, const char *set,
        bool (*row)(void *ctx, const struct wire_factor *f, struct err *err),
        void *ctx, struct err *err)
{
    struct rows_call c = {set, row, ctx};

    return fac_rows_load(db, &fac_product_shape, set, on_user_row, &c, err) &&
           fac_rows_load(db, &fac_factor_shape, set, on_user_row, &c, err);
}

/* ---- sets --------------------------------------------------------------- */

static bool sets_load(
        struct db *db, enum fac_sql sql,
        bool (*set)(void *ctx, const struct fac_set *s, struct err *err),
        void *ctx, struct err *err)
{
    struct stmt *q = fac_stmt(db, sql, err);
    bool more, ok = false;

    if (!q)
        return false;
    for (;;) {
        struct fac_set s = {.user = true};
        const char *sha256;

        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        s.id = stmt_col_text(q, 0);
        s.version = stmt_col_text(q, 1);
        s.title = stmt_col_text(q, 2);
        s.licence = stmt_col_text(q, 3);
        s.source = stmt_col_text(q, 4);
        s.preferred = stmt_col_int(q, 5) != 0;
        s.rows = (size_t)stmt_col_int(q, 6);
        sha256 = stmt_col_text(q, 7);
        snprintf(s.sha256, sizeof s.sha256, "%s", sha256 ? sha256 : "");
        if (!set(ctx, &s, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

bool fac_user_sets(
        struct db *db,
        bool (*set)(void *ctx, const struct fac_set *s, struct err *err),
        void *ctx, struct err *err)
{
    return sets_load(db, FAC_SETS_LOAD, set, ctx, err);
}

bool fac_user_prefer(
        struct db *db, const char *set, bool on, const char *actor,
        struct err *err)
{
    struct stmt *q;
    bool ok = false;

    if (!db_begin(db, err))
        return false;
    q = fac_stmt(db, FAC_SET_PREFER, err);
    if (!q)
        goto done;
    stmt_int(q, ":on", on);
    stmt_text(q, ":id", set);
    if (!stmt_run(q, err))
        goto done;
    if (db_changes(db) == 0) {
        err_set(err, ERR_NOT_FOUND,
                "no set '%s' was imported; 'fleetprint factor list' names them",
                set);
        goto done;
    }
    ok = acc_audit(
            db, actor, on ? "factor prefer" : "factor prefer off", set, err);
done:
    if (ok)
        return db_commit(db, err);
    db_rollback(db);
    return false;
}

/* ---- into the pack ------------------------------------------------------ */

struct adding {
    struct fac_pack *p;
    size_t cap_pcfs, cap_grid, cap_aliases;
    struct fac_set *set; /* whose rows are being read */
};

static bool add_set(void *ctx, const struct fac_set *s, struct err *err)
{
    struct adding *a = ctx;
    struct fac_pack *p = a->p;
    struct fac_set *to = &p->sets[p->n_sets];

    if (fac_set_by_id(p, s->id))
        return err_set(
                err, ERR_CONFLICT,
                "the database holds a set '%s', which the program ships too",
                s->id);
    *to = *s;
    to->id = arena_str(&p->text, s->id);
    to->version = arena_str(&p->text, s->version);
    to->title = arena_str(&p->text, s->title);
    to->licence = arena_str(&p->text, s->licence);
    to->source = arena_str(&p->text, s->source);
    to->rows = 0;
    p->n_sets++;
    return true;
}

/* The figure of approach A [2.1]: the total less its use; where the use is not
 * known, manufacture and transport when both are, and end of life when it is.
 */
static double nonuse_kg(const struct wire_factor *f)
{
    double total = f->value[CALC_GWP];

    if (!isnan(f->use_kg))
        return f->use_kg < total ? calc_pcf_nonuse_kg(total, f->use_kg / total)
                                 : NAN;
    if (isnan(f->manufacture_kg) || isnan(f->transport_kg))
        return NAN;
    return f->manufacture_kg + f->transport_kg +
           (isnan(f->end_of_life_kg) ? 0 : f->end_of_life_kg);
}

static const char *kept(struct arena *text, const char *s)
{
    return s ? arena_str(text, s) : "";
}

static bool add_product(void *ctx, const struct fac_row *r, struct err *err)
{
    struct adding *a = ctx;
    struct fac_pack *p = a->p;
    const struct wire_factor f = product_of(r);

    (void)err;
    p->pcfs = fac_grow(p->pcfs, p->n_pcfs, &a->cap_pcfs, sizeof *p->pcfs);
    p->pcfs[p->n_pcfs++] = (struct fac_pcf){
            .maker = arena_str(&p->text, f.maker),
            .name = arena_str(&p->text, f.model),
            .also = "",
            .category = f.category,
            .total_kg = f.value[CALC_GWP],
            .use_kg = f.use_kg,
            .manufacturing_kg = f.manufacture_kg,
            .transport_kg = f.transport_kg,
            .eol_kg = f.end_of_life_kg,
            .nonuse_kg = nonuse_kg(&f),
            .err_frac = f.err_frac,
            .life_y = f.life_y,
            .mass_kg = f.mass_kg,
            .year = f.report_on.year,
            .disk = kept(&p->text, f.disks),
            .memory = kept(&p->text, f.memory),
            .source = kept(&p->text, f.source),
            .note = kept(&p->text, f.note),
            .set = a->set,
            .shared_id = -1};
    a->set->rows++;
    return true;
}

/* The zone that the shipped sets know by that name; else a new one. */
static const char *
zone_of(struct adding *a, const char *zone, const char *name,
        const char **known)
{
    struct fac_pack *p = a->p;
    const char *found = fac_zone_known(p, zone);

    if (!found && name)
        found = fac_zone_known(p, name);
    *known = found ? found : arena_str(&p->text, zone);
    return found;
}

static void add_alias(struct adding *a, const char *zone, const char *name)
{
    struct fac_pack *p = a->p;
    const struct fac_alias *last =
            p->n_aliases ? &p->aliases[p->n_aliases - 1] : NULL;

    if (last && strcmp(last->zone, zone) == 0)
        return;
    p->aliases = fac_grow(
            p->aliases, p->n_aliases, &a->cap_aliases, sizeof *p->aliases);
    p->aliases[p->n_aliases++] =
            (struct fac_alias){zone, "", name ? name : zone, ""};
}

/* Rows of one zone share their texts. */
static const char *again(struct fac_pack *p, const char *last, const char *s)
{
    return last && strcmp(last, s) == 0 ? last : arena_str(&p->text, s);
}

static bool add_grid(struct adding *a, struct stmt *q, struct err *err)
{
    struct fac_pack *p = a->p;
    const struct fac_grid last =
            p->n_grid ? p->grid[p->n_grid - 1] : (struct fac_grid){0};
    const char *zone, *name = stmt_col_text(q, 1);
    enum calc_grid_kind kind;

    if (!calc_grid_kind_from(stmt_col_text(q, 2), &kind))
        return err_set(err, ERR_DB, "a grid series is of no known kind");
    if (name)
        name = again(p, last.name, name);
    if (!zone_of(a, stmt_col_text(q, 0), name, &zone))
        add_alias(a, zone, name);
    p->grid = fac_grow(p->grid, p->n_grid, &a->cap_grid, sizeof *p->grid);
    p->grid[p->n_grid++] = (struct fac_grid){
            .zone = zone,
            .name = name ? name : zone,
            .basis = again(p, last.basis, stmt_col_text(q, 3)),
            .source = again(p, last.source, stmt_col_text(q, 4)),
            .confidence = stmt_col_int(q, 7) ? "estimate" : "unverified",
            .note = "",
            .year = (int)stmt_col_int(q, 5),
            .g_per_kwh = stmt_col_num(q, 6),
            .kind = kind,
            .set = a->set};
    a->set->rows++;
    return true;
}

static bool add_grids(struct adding *a, struct db *db, struct err *err)
{
    struct stmt *q = fac_stmt(db, FAC_GRID_LOAD, err);
    bool more, ok = false;

    if (!q)
        return false;
    stmt_text(q, ":set", a->set->id);
    for (;;) {
        if (!stmt_step(q, &more, err))
            goto done;
        if (!more)
            break;
        if (!add_grid(a, q, err))
            goto done;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

/* What was built over the rows is built again. */
static bool rebuild(struct fac_pack *p, struct err *err)
{
    struct fac_load l = {.pack = p};

    free(p->zones);
    p->zones = NULL;
    p->n_zones = 0;
    fac_grid_finish(&l);
    fac_names_free(p);
    fac_cache_free(p);
    fac_ids_free(p);
    if (!fac_names_build(p, err))
        return false;
    fac_ids_build(p);
    fac_cache_build(p);
    fac_hot_build(p);
    return true;
}

bool fac_pack_add_db(struct fac_pack *p, struct db *db, struct err *err)
{
    size_t first = p->n_sets;
    struct adding a = {
            .p = p,
            .cap_pcfs = p->n_pcfs,
            .cap_grid = p->n_grid,
            .cap_aliases = p->n_aliases};
    bool ok = false;

    CHECK(!fac_cache_used(p));
    if (!db_begin_read(db, err))
        return false;
    if (!sets_load(db, FAC_SETS_RECENT, add_set, &a, err))
        goto done;
    for (size_t i = first; i < p->n_sets; i++) {
        a.set = &p->sets[i];
        if (!fac_rows_load(
                    db, &fac_product_shape, a.set->id, add_product, &a, err) ||
            !add_grids(&a, db, err))
            goto done;
    }
    ok = p->n_sets == first || rebuild(p, err);
done:
    db_end_read(db);
    if (!ok)
        err_in(err, "factor sets of the database");
    return ok;
}

bool fac_user_stamp(struct db *db, char **out, struct err *err)
{
    struct stmt *q = fac_stmt(db, FAC_SETS_STAMP, err);
    bool row, ok;

    if (!q)
        return false;
    ok = stmt_step(q, &row, err);
    if (ok) {
        const char *text = row ? stmt_col_text(q, 0) : NULL;

        *out = xstrdup(text ? text : "");
    }
    stmt_reset(q);
    return ok;
}
