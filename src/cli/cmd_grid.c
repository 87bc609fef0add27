/* SPDX-License-Identifier: Apache-2.0
 * grid list: the carbon intensity of a country, as shipped and as imported. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"
#include "energy/energy.h"

struct list {
    struct json_out json;
    struct fac_grid used[CALC_GRID_KINDS]; /* what reports take */
    bool has[CALC_GRID_KINDS];
    int found;
};

/* By kind, what fac_grid_find answers. */
static void list_used(
        struct list *l, const struct fac_pack *pack, const char *zone, int year)
{
    static const enum calc_grid_kind kinds[] = {
            CALC_LIFE_CYCLE, CALC_DIRECT, CALC_UNSTATED};
    struct json_out *j = &l->json;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fac_grid *g = &l->used[kinds[i]];

        if (!fac_grid_find(pack, zone, year, kinds[i], g))
            continue;
        l->has[kinds[i]] = true;
        l->found++;
        json_begin_obj(j, NULL);
        json_str(j, "zone", g->zone);
        json_str(j, "name", g->name);
        json_int(j, "year", g->year);
        json_num(j, "g_per_kwh", g->g_per_kwh);
        json_str(j, "kind", calc_grid_kind_word(g->kind));
        json_str(j, "basis", g->basis);
        json_str(j, "set", g->set ? g->set->id : NULL);
        json_str(j, "source", g->source);
        json_bool(j, "used", true);
        json_end_obj(j);
    }
}

static bool is_used(const struct list *l, const struct en_grid_stored *g)
{
    enum calc_grid_kind kind;

    return !g->hours && calc_grid_kind_from(g->kind, &kind) && l->has[kind] &&
           l->used[kind].year == g->year &&
           strcmp(l->used[kind].set->id, g->set) == 0;
}

/* Imported values that no report takes as the year's factor. */
static bool
list_stored(void *ctx, const struct en_grid_stored *g, struct err *err)
{
    struct list *l = ctx;
    struct json_out *j = &l->json;

    (void)err;
    if (is_used(l, g))
        return true;
    l->found++;
    json_begin_obj(j, NULL);
    json_str(j, "zone", g->zone);
    json_str(j, "name", g->zone_name);
    json_int(j, "year", g->year);
    json_num(j, "g_per_kwh", g->g_per_kwh);
    json_str(j, "kind", g->kind);
    json_str(j, "basis", g->basis);
    json_str(j, "set", g->set);
    json_str(j, "source", g->source);
    json_bool(j, "used", false);
    if (g->hours)
        json_int(j, "hours", g->hours);
    json_bool(j, "estimated", g->estimated);
    json_end_obj(j);
    return true;
}

/* Stored zones are codes, or names as their source writes them. */
static bool list_imported(
        struct list *l, struct db *db, const char *text, int year,
        struct err *err)
{
    const char *code = NULL;

    for (int k = 0; k < CALC_GRID_KINDS && !code; k++)
        if (l->has[k])
            code = l->used[k].zone;
    if (code && strcmp(code, text) != 0 &&
        !en_grid_stored(db, code, year, list_stored, l, err))
        return false;
    return en_grid_stored(db, text, year, list_stored, l, err);
}

static int run_grid_list(struct cmd_call *c, struct err *err)
{
    int64_t year = 0;
    struct fac_pack *pack = NULL;
    struct db *db = NULL;
    struct list l = {.found = 0};
    struct out o;
    int status = CMD_ERR;

    if (c->argc > 1 &&
        !num_parse_int(
                c->argv[1], strlen(c->argv[1]), 1990, 2200, &year, err)) {
        err->code = ERR_USAGE;
        err_in(err, "year '%s'", c->argv[1]);
        return CMD_ERR;
    }
    if (!cmd_db_if_any(c, &db, err) || !cmd_pack_db(c, db, &pack, err))
        goto done;
    out_to_file(&o, stdout);
    json_out_init(&l.json, &o, true);
    json_begin_arr(&l.json, NULL);
    list_used(&l, pack, c->argv[0], (int)year);
    if (db && !list_imported(&l, db, c->argv[0], (int)year, err))
        goto done;
    json_end_arr(&l.json);
    out_char(&o, '\n');
    if (!l.found)
        err_set(err, ERR_NOT_FOUND, "no grid factor for '%s'", c->argv[0]);
    else if (out_finish(&o, err))
        status = CMD_DONE;
done:
    fac_pack_free(pack);
    db_close(db);
    return status;
}

const struct cmd cmd_grid_list = {
        .noun = "grid",
        .verb = "list",
        .group = "Factors",
        .summary = "The grid factors of a country, by kind",
        .args = "COUNTRY [YEAR]",
        .min_args = 1,
        .max_args = 2,
        .examples = "  fleetprint grid list FRA 2024",
        .run = run_grid_list,
};
