/* SPDX-License-Identifier: Apache-2.0
 * factor list/show/explain and grid list: where figures come from. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"

/* ---- factor list --------------------------------------------------------- */

static int run_factor_list(struct cmd_call *c, struct err *err)
{
    const struct fac_set *sets;
    struct fac_pack *pack = NULL;
    struct json_out j;
    struct out o;
    size_t n;
    bool ok;

    if (!cmd_pack(c, &pack, err))
        return CMD_ERR;
    n = fac_sets(pack, &sets);
    out_to_file(&o, stdout);
    json_out_init(&j, &o, true);
    if (c->json)
        json_begin_arr(&j, NULL);
    for (size_t i = 0; i < n; i++) {
        if (!c->json) {
            out_printf(
                    &o, "%-26s %-10s %5zu rows  %-14s %s\n", sets[i].id,
                    sets[i].version, sets[i].rows, sets[i].licence,
                    sets[i].title);
            continue;
        }
        json_begin_obj(&j, NULL);
        json_str(&j, "id", sets[i].id);
        json_str(&j, "version", sets[i].version);
        json_str(&j, "title", sets[i].title);
        json_str(&j, "licence", sets[i].licence);
        json_str(&j, "source", sets[i].source);
        json_str(&j, "sha256", sets[i].sha256);
        json_int(&j, "rows", (int64_t)sets[i].rows);
        json_end_obj(&j);
    }
    if (c->json) {
        json_end_arr(&j);
        out_char(&o, '\n');
    }
    ok = out_finish(&o, err);
    fac_pack_free(pack);
    return ok ? CMD_DONE : CMD_ERR;
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

static int run_factor_show(struct cmd_call *c, struct err *err)
{
    const struct fac_factor *factors;
    struct fac_pack *pack = NULL;
    const struct fac_set *set;
    struct json_out j;
    struct out o;
    int status = CMD_ERR;
    size_t n;

    if (!cmd_pack(c, &pack, err))
        return CMD_ERR;
    set = fac_set_by_id(pack, c->argv[0]);
    if (!set) {
        err_set(err, ERR_NOT_FOUND,
                "no factor set '%s'; 'fleetprint factor list' names them",
                c->argv[0]);
        goto done;
    }
    n = fac_factors(pack, &factors);
    out_to_file(&o, stdout);
    json_out_init(&j, &o, true);
    if (c->json)
        json_begin_arr(&j, NULL);
    for (size_t i = 0; i < n; i++)
        if (factors[i].set == set)
            show_factor(&o, c->json ? &j : NULL, &factors[i]);
    if (c->json) {
        json_end_arr(&j);
        out_char(&o, '\n');
    }
    if (out_finish(&o, err))
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

/* ---- grid list ----------------------------------------------------------- */

static int run_grid_list(struct cmd_call *c, struct err *err)
{
    static const enum calc_grid_kind kinds[] = {
            CALC_LIFE_CYCLE, CALC_DIRECT, CALC_UNSTATED};
    int64_t year = 0;
    struct fac_pack *pack = NULL;
    struct json_out j;
    struct out o;
    int found = 0;
    int status = CMD_ERR;

    if (c->argc > 1 &&
        !num_parse_int(
                c->argv[1], strlen(c->argv[1]), 1990, 2200, &year, err)) {
        err->code = ERR_USAGE;
        err_in(err, "year '%s'", c->argv[1]);
        return CMD_ERR;
    }
    if (!cmd_pack(c, &pack, err))
        return CMD_ERR;
    out_to_file(&o, stdout);
    json_out_init(&j, &o, true);
    json_begin_arr(&j, NULL);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct fac_grid g;

        if (!fac_grid_find(pack, c->argv[0], (int)year, kinds[i], &g))
            continue;
        found++;
        json_begin_obj(&j, NULL);
        json_str(&j, "zone", g.zone);
        json_str(&j, "name", g.name);
        json_int(&j, "year", g.year);
        json_num(&j, "g_per_kwh", g.g_per_kwh);
        json_str(&j, "kind", calc_grid_kind_word(g.kind));
        json_str(&j, "basis", g.basis);
        json_str(&j, "set", g.set ? g.set->id : NULL);
        json_str(&j, "source", g.source);
        json_end_obj(&j);
    }
    json_end_arr(&j);
    out_char(&o, '\n');
    if (!found)
        err_set(err, ERR_NOT_FOUND, "no grid factor for '%s'", c->argv[0]);
    else if (out_finish(&o, err))
        status = CMD_DONE;
    fac_pack_free(pack);
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
