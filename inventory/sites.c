/* SPDX-License-Identifier: Apache-2.0
 * Sites: adding, changing what is stated, reading all. */
#include "inventory/image_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool check_site(const struct wire_site *s, struct err *err)
{
    const struct tz *tz;

    if (!s->name || !s->name[0] || strlen(s->name) > WIRE_MAX_TEXT)
        return err_set(
                err, ERR_INVALID,
                "name: a site needs a name of at most 200 "
                "characters");
    if (s->country && strlen(s->country) != 3)
        return err_set(
                err, ERR_INVALID,
                "country: '%.40s' is not an ISO 3166 alpha-3 code such as FRA",
                s->country);
    if (s->timezone && !tz_load(s->timezone, &tz, err))
        return false;
    if (!isnan(s->pue) && !(s->pue >= 1.0 && s->pue <= 10.0))
        return err_set(err, ERR_INVALID, "pue: expected 1 to 10");
    if (!isnan(s->wue) && !(s->wue >= 0.0 && s->wue <= 1000.0))
        return err_set(
                err, ERR_INVALID, "wue: expected 0 to 1000 litres per kWh");
    if (!isnan(s->grid_g) && !(s->grid_g >= 0.0 && s->grid_g <= 5000.0))
        return err_set(
                err, ERR_INVALID, "grid_g: expected 0 to 5000 g per kWh");
    if (!isnan(s->grid_g) && (!s->grid_source || !s->grid_source[0]))
        return err_set(
                err, ERR_INVALID,
                "grid_g: needs grid_source, where the figure comes from");
    if (s->grid_year && (s->grid_year < 1990 || s->grid_year > 2200))
        return err_set(err, ERR_INVALID, "grid_year: expected 1990 to 2200");
    if (isnan(s->grid_g) &&
        (s->has_grid_kind || s->grid_source || s->grid_year))
        return err_set(
                err, ERR_INVALID,
                "grid_kind, grid_source and grid_year need grid_g");
    return true;
}

static bool find_or_add(
        struct db *db, const char *name, int64_t *id, bool *added,
        struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_SITE_FIND, err);

    if (!q)
        return false;
    stmt_text(q, ":name", name);
    if (!stmt_step(q, added, err))
        return false;
    if (*added)
        *id = stmt_col_int(q, 0);
    stmt_reset(q);
    *added = !*added;
    if (!*added)
        return true;
    q = inv_stmt(db, INV_SITE_ADD, err);
    if (!q)
        return false;
    stmt_text(q, ":name", name);
    if (!stmt_run(q, err))
        return false;
    *id = db_last_id(db);
    return true;
}

static bool change_site(
        struct db *db, const struct wire_site *s, int64_t id, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_SITE_CHANGE, err);

    if (!q)
        return false;
    stmt_text(q, ":country", s->country);
    stmt_text(q, ":timezone", s->timezone);
    stmt_num(q, ":pue", s->pue);
    stmt_num(q, ":wue", s->wue);
    stmt_text(q, ":note", s->note);
    stmt_num(q, ":grid_g", s->grid_g);
    stmt_text(
            q, ":grid_kind",
            isnan(s->grid_g)
                    ? NULL
                    : calc_grid_kind_word(
                              s->has_grid_kind ? s->grid_kind : CALC_UNSTATED));
    stmt_text(q, ":grid_source", s->grid_source);
    if (s->grid_year)
        stmt_int(q, ":grid_year", s->grid_year);
    stmt_int(q, ":id", id);
    return stmt_run(q, err);
}

bool inv_site_write(
        struct db *db, const struct wire_site *s, int64_t import_id,
        int64_t *id, bool *added, struct err *err)
{
    char *before = NULL, *after = NULL;
    bool ok = false;

    if (!check_site(s, err) || !find_or_add(db, s->name, id, added, err) ||
        (!*added && !inv_image_site(db, *id, &before, err)) ||
        !change_site(db, s, *id, err) ||
        (before && !inv_image_site(db, *id, &after, err)))
        goto done;
    /* Only what changed stands in the way of an earlier import's undoing. */
    ok = (before && strcmp(before, after) == 0) ||
         inv_undo_site(db, import_id, *id, before, err);
done:
    free(before);
    free(after);
    return ok;
}

bool inv_site_set(
        struct db *db, const struct wire_site *s, const char *actor,
        struct err *err)
{
    char file[260];
    struct inv_take_options options = {
            .actor = actor,
            .file = file,
            .format = INV_TYPED,
            .action = "site set"};
    struct inv_take *t = NULL;
    int64_t id;
    bool added, ok;

    snprintf(file, sizeof file, "site set %.200s", s->name ? s->name : "");
    if (!inv_take_begin(db, &options, &t, err))
        return false;
    ok = inv_site_write(db, s, inv_take_id(t), &id, &added, err);
    if (ok)
        inv_take_audit(t, "%.200s: %s", s->name, added ? "added" : "changed");
    return inv_take_end(t, ok, NULL, ok ? err : NULL) && ok;
}

static void site_clear(struct inv_site *s)
{
    free(s->name);
    free(s->country);
    free(s->timezone);
    free(s->grid_source);
    free(s->note);
}

void inv_sites_clear(struct inv_sites *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++)
        site_clear(&s->items[i]);
    free(s->items);
    *s = (struct inv_sites){0};
}

static struct inv_site site_of_row(struct stmt *q)
{
    struct inv_site s = {
            .id = stmt_col_int(q, 0),
            .name = xstrdup(stmt_col_text(q, 1)),
            .country = xstrdup(stmt_col_text(q, 2)),
            .timezone = xstrdup(stmt_col_text(q, 3)),
            .pue = stmt_col_num(q, 4),
            .wue = stmt_col_num(q, 5),
            .grid_g = stmt_col_num(q, 6),
            .grid_source = xstrdup(stmt_col_text(q, 8)),
            .grid_year = (int)stmt_col_int(q, 9),
            .note = xstrdup(stmt_col_text(q, 10))};

    if (!stmt_is_null(q, 7))
        s.has_grid_kind =
                calc_grid_kind_from(stmt_col_text(q, 7), &s.grid_kind);
    return s;
}

bool inv_sites_load(struct db *db, struct inv_sites *out, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_SITES_LOAD, err);
    struct inv_sites s = {0};
    bool row, ok = false;

    if (!q)
        return false;
    for (;;) {
        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        s.items = xreallocarray(s.items, s.n + 1, sizeof *s.items);
        s.items[s.n++] = site_of_row(q);
    }
    *out = s;
    s = (struct inv_sites){0};
    ok = true;
done:
    inv_sites_clear(&s);
    stmt_reset(q);
    return ok;
}

const struct inv_site *inv_site_by_id(const struct inv_sites *s, int64_t id)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->items[middle].id == id)
            return &s->items[middle];
        if (s->items[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* "lyon, paris", as many as have room. */
static void list_names(const struct inv_sites *s, char *dst, size_t size)
{
    size_t len = 0;

    dst[0] = '\0';
    for (size_t i = 0; i < s->n; i++) {
        const char *name = s->items[i].name;

        if (len + strlen(name) + 8 > size) {
            snprintf(dst + len, size - len, ", ...");
            return;
        }
        len += (size_t)snprintf(
                dst + len, size - len, "%s%s", i ? ", " : "", name);
    }
}

static bool there_is(struct inv_take *t, const char *name, struct err *err)
{
    struct inv_sites sites = {0};
    char names[200];
    bool found = false;

    if (!inv_sites_load(t->db, &sites, err))
        return false;
    for (size_t i = 0; i < sites.n && !found; i++)
        found = strcmp(sites.items[i].name, name) == 0;
    list_names(&sites, names, sizeof names);
    inv_sites_clear(&sites);
    return found || err_set(err, ERR_NOT_FOUND,
                            "no site is called '%.80s', there is %s; "
                            "'fleetprint site set' adds one",
                            name, names);
}

bool inv_site_of(
        struct inv_take *t, const struct wire_machine *m, const char **name,
        struct err *err)
{
    *name = m->site ? m->site : t->site;
    if (m->site || !t->site || t->site_known)
        return true;
    t->site_known = there_is(t, t->site, err);
    return t->site_known;
}
