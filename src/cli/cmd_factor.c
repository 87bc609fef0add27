/* SPDX-License-Identifier: Apache-2.0
 * factor list, show, explain and prefer: where figures come from. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "access/access.h"
#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"

/* ---- factor list --------------------------------------------------------- */

struct list {
    struct cmd_answer answer;
    bool as_json;
    const struct fac_pack *pack;
};

static bool list_set(void *ctx, const struct fac_set *s, struct err *err)
{
    struct list *l = ctx;
    struct json_out *j = &l->answer.json;

    (void)err;
    if (!l->as_json) {
        out_printf(
                &l->answer.out, "%-26s %-10s %5zu rows  %-14s %s%s\n", s->id,
                s->version, s->rows, s->licence, s->title,
                s->preferred ? " (preferred)"
                : s->user    ? " (imported)"
                             : "");
        return true;
    }
    json_begin_obj(j, NULL);
    json_str(j, "id", s->id);
    json_str(j, "version", s->version);
    json_str(j, "title", s->title);
    json_str(j, "licence", s->licence);
    json_str(j, "source", s->source);
    json_str(j, "sha256", s->sha256);
    json_int(j, "rows", (int64_t)s->rows);
    json_bool(j, "imported", s->user);
    if (s->user)
        json_bool(j, "preferred", s->preferred);
    json_end_obj(j);
    return true;
}

static int run_factor_list(struct cmd_call *c, struct err *err)
{
    const struct fac_set *sets;
    struct fac_pack *pack = NULL;
    struct db *db = NULL;
    struct list l = {.as_json = c->json};
    int status = CMD_ERR;
    size_t n;

    if (!cmd_pack(c, &pack, err) || !cmd_db_if_any(c, &db, err))
        goto done;
    n = fac_sets(pack, &sets);
    cmd_list_begin(&l.answer, c);
    for (size_t i = 0; i < n; i++)
        list_set(&l, &sets[i], err);
    if (db && !fac_user_sets(db, list_set, &l, err))
        goto done;
    if (cmd_list_end(&l.answer, err))
        status = CMD_DONE;
done:
    db_close(db);
    fac_pack_free(pack);
    return status;
}

const struct cmd cmd_factor_list = {
        .noun = "factor",
        .verb = "list",
        .group = "Factors",
        .summary = "Lists the factor sets with versions and licences",
        .examples = "  fleetprint factor list",
        .run = run_factor_list,
};

/* ---- factor show --------------------------------------------------------- */

static void
show_factor(struct out *o, struct json_out *j, const struct fac_factor *f)
{
    char value[NUM_TEXT], gsd[NUM_TEXT];

    if (!j) {
        out_printf(
                o, "%-28s %-10s %-10s GSD %-6s %s\n", f->key,
                isnan(f->value[CALC_GWP])
                        ? "-"
                        : num_print(f->value[CALC_GWP], value),
                f->unit, isnan(f->gsd) ? "-" : num_fixed(f->gsd, 3, gsd),
                f->source);
        return;
    }
    json_begin_obj(j, NULL);
    json_str(j, "key", f->key);
    json_str(j, "unit", f->unit);
    json_num(j, "gwp_kg", f->value[CALC_GWP]);
    json_num(j, "adp_kg_sb", f->value[CALC_ADP]);
    json_num(j, "pe_mj", f->value[CALC_PE]);
    json_num(j, "low", f->low);
    json_num(j, "high", f->high);
    json_num(j, "gsd", f->gsd);
    json_str(j, "boundary", f->boundary);
    json_str(j, "source", f->source);
    json_str(j, "note", f->note);
    json_end_obj(j);
}

/* A row of the user's: a footprint is told by its maker and model. */
static bool show_row(void *ctx, const struct wire_factor *f, struct err *err)
{
    struct list *l = ctx;
    struct json_out *j = &l->answer.json;
    char value[NUM_TEXT];

    (void)err;
    if (!l->as_json) {
        out_printf(
                &l->answer.out, "%-28s %-10s %-10s %s\n",
                f->key ? f->key : f->model,
                isnan(f->value[CALC_GWP])
                        ? "-"
                        : num_print(f->value[CALC_GWP], value),
                f->unit, f->key ? (f->name ? f->name : "") : f->maker);
        return true;
    }
    json_begin_obj(j, NULL);
    json_str(j, "key", f->key);
    if (f->key) {
        json_str(j, "name", f->name);
    } else {
        json_str(j, "manufacturer", f->maker);
        json_str(j, "model", f->model);
        json_str(j, "category", calc_category_word(f->category));
        json_num(j, "use_kg", f->use_kg);
        json_num(j, "manufacture_kg", f->manufacture_kg);
        json_num(j, "transport_kg", f->transport_kg);
        json_num(j, "end_of_life_kg", f->end_of_life_kg);
    }
    json_str(j, "unit", f->unit);
    json_num(j, "gwp_kg", f->value[CALC_GWP]);
    json_num(j, "adp_kg_sb", f->value[CALC_ADP]);
    json_num(j, "pe_mj", f->value[CALC_PE]);
    json_num(j, "low", f->low[CALC_GWP]);
    json_num(j, "high", f->high[CALC_GWP]);
    json_num(j, "life_y", f->life_y);
    json_str(j, "region", f->region);
    json_str(j, "source", f->source);
    json_str(j, "note", f->note);
    json_end_obj(j);
    return true;
}

static bool knows(void *ctx, const struct fac_set *s, struct err *err)
{
    const char **wanted = ctx;

    (void)err;
    if (*wanted && strcmp(*wanted, s->id) == 0)
        *wanted = NULL;
    return true;
}

static bool show_user(struct cmd_call *c, struct list *l, struct err *err)
{
    const char *wanted = c->argv[0];
    struct db *db = NULL;
    bool ok = cmd_db_if_any(c, &db, err) &&
              (!db || fac_user_sets(db, knows, &wanted, err));

    if (ok && wanted)
        ok = err_set(
                err, ERR_NOT_FOUND,
                "no factor set '%s'; 'fleetprint factor list' names them",
                wanted);
    ok = ok && fac_user_rows(db, c->argv[0], show_row, l, err);
    db_close(db);
    return ok;
}

static int run_factor_show(struct cmd_call *c, struct err *err)
{
    const struct fac_factor *factors;
    struct fac_pack *pack = NULL;
    const struct fac_set *set;
    struct list l = {.as_json = c->json};
    int status = CMD_ERR;
    size_t n;

    if (!cmd_pack(c, &pack, err))
        return CMD_ERR;
    set = fac_set_by_id(pack, c->argv[0]);
    n = fac_factors(pack, &factors);
    cmd_list_begin(&l.answer, c);
    for (size_t i = 0; i < n; i++)
        if (set && factors[i].set == set)
            show_factor(
                    &l.answer.out, c->json ? &l.answer.json : NULL,
                    &factors[i]);
    if (!set && !show_user(c, &l, err))
        goto done;
    if (cmd_list_end(&l.answer, err))
        status = CMD_DONE;
done:
    fac_pack_free(pack);
    return status;
}

const struct cmd cmd_factor_show = {
        .noun = "factor",
        .verb = "show",
        .group = "Factors",
        .summary = "Shows the factors of a set, each with its source",
        .args = "SET",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint factor show boavizta-2021",
        .run = run_factor_show,
};

/* ---- factor explain: which row does a name fall to? ---------------------- */

static const char *match_word(enum fac_match how)
{
    return how == FAC_MODEL ? "model" : how == FAC_FAMILY ? "family" : "none";
}

static void
explain(struct json_out *j, const char *name, const struct fac_part *p,
        const char *kind)
{
    json_begin_obj(j, NULL);
    json_str(j, "name", name);
    json_str(j, "kind", kind);
    json_str(j, "match", match_word(p->match));
    json_str(j, "row", p->cpu ? p->cpu->name : p->gpu ? p->gpu->name : NULL);
    json_str(
            j, "confidence",
            p->cpu   ? p->cpu->confidence
            : p->gpu ? p->gpu->confidence
                     : NULL);
    json_str(
            j, "source",
            p->cpu   ? p->cpu->source
            : p->gpu ? p->gpu->source
                     : NULL);
    json_num(j, "die_mm2", p->die_mm2);
    json_num(j, "die_low_mm2", p->die_lo_mm2);
    json_num(j, "die_high_mm2", p->die_hi_mm2);
    json_num(j, "tdp_w", p->tdp_w);
    json_num(j, "unit_kg", p->unit.kg[CALC_GWP]);
    json_str(
            j, "completed",
            p->done >= 0 ? fac_done_word((enum fac_done)p->done) : NULL);
    json_end_obj(j);
}

static int run_factor_explain(struct cmd_call *c, struct err *err)
{
    struct fac_part_desc desc = {
            .kind = CALC_CPU,
            .model = c->argv[0],
            .capacity = NAN,
            .cores = -1,
            .die_mm2 = NAN,
            .mass_kg = NAN,
            .density_gb_per_cm2 = NAN,
            .gpu_memory_gb = NAN};
    struct fac_part cpu, gpu;
    struct fac_pack *pack = NULL;
    struct json_out j;
    struct out o;
    bool ok;

    if (!cmd_pack(c, &pack, err))
        return CMD_ERR;
    fac_part_resolve(pack, &desc, &cpu);
    desc.kind = CALC_GPU;
    fac_part_resolve(pack, &desc, &gpu);
    out_to_file(&o, stdout);
    json_out_init(&j, &o, true);
    if (gpu.match != FAC_NO_MATCH && cpu.match == FAC_NO_MATCH)
        explain(&j, c->argv[0], &gpu, "gpu");
    else
        explain(&j, c->argv[0], &cpu, "cpu");
    out_char(&o, '\n');
    ok = out_finish(&o, err);
    fac_pack_free(pack);
    return ok ? CMD_DONE : CMD_ERR;
}

const struct cmd cmd_factor_explain = {
        .noun = "factor",
        .verb = "explain",
        .group = "Factors",
        .summary = "Tells which row a CPU or GPU name falls to, and why",
        .args = "NAME",
        .min_args = 1,
        .max_args = 1,
        .examples = "  fleetprint factor explain 'Intel(R) Xeon(R) CPU E5-2650"
                    " v4 @ 2.20GHz'",
        .run = run_factor_explain,
};

/* ---- factor prefer ------------------------------------------------------- */

static int run_factor_prefer(struct cmd_call *c, struct err *err)
{
    struct db *db = NULL;
    bool ok =
            cmd_db(c, DB_WRITE, &db, err) &&
            fac_user_prefer(
                    db, c->argv[0], !cmd_flag(c, "off"), acc_cli_actor(), err);

    db_close(db);
    return ok ? CMD_DONE : CMD_ERR;
}

static const struct cmd_opt prefer_opts[] = {
        {"off", 0, NULL, "shipped sets go first again"},
        {NULL, 0, NULL, NULL},
};

const struct cmd cmd_factor_prefer = {
        .noun = "factor",
        .verb = "prefer",
        .group = "Factors",
        .summary = "Puts an imported set before the shipped ones",
        .args = "SET",
        .min_args = 1,
        .max_args = 1,
        .opts = prefer_opts,
        .examples = "  fleetprint factor prefer electricity-maps",
        .run = run_factor_prefer,
};
