/* SPDX-License-Identifier: Apache-2.0
 * The yearly report: one pass over the lines, the sums made into the document,
 * its identities checked. */
#include <stdlib.h>
#include <string.h>

#include "reports/reports_priv.h"
#include "reports/write_priv.h"

/* Shares that need what the inventory does not hold. */
static bool check_rule(enum calc_rule rule, struct err *err)
{
    if (rule == CALC_ECON_PRICE || rule == CALC_PHYS)
        return err_set(
                err, ERR_INVALID,
                "rule %s needs %s, which the inventory does not hold; use "
                "RESIDUAL_SL, CUTOFF, HALF, ACTUAL_LIFE, ECON_DB, CFF or "
                "GROSS",
                calc_rule_word(rule),
                rule == CALC_PHYS ? "wear counters" : "prices as new");
    return true;
}

static void copy_sets(struct rep_year *y, const struct fac_pack *pack)
{
    const struct fac_set *sets;
    size_t n = fac_sets(pack, &sets);
    struct fac_set *copy = arena_alloc(y->arena, (n + 1) * sizeof *copy);

    for (size_t i = 0; i < n; i++) {
        copy[i] = sets[i];
        copy[i].id = arena_str(y->arena, sets[i].id);
        copy[i].version = arena_str(y->arena, sets[i].version);
        copy[i].title = arena_str(y->arena, sets[i].title);
        copy[i].licence = arena_str(y->arena, sets[i].licence);
        copy[i].source = arena_str(y->arena, sets[i].source);
    }
    y->sets = copy;
    y->n_sets = n;
}

struct rep_year *rep_year_new(void)
{
    struct rep_year *y = xcalloc(1, sizeof *y);

    y->arena = xcalloc(1, sizeof *y->arena);
    y->grid_kind = CALC_UNSTATED;
    y->grid_g_per_kwh = y->life_cycle_g_per_kwh = NAN;
    y->gross_years = y->own_years = y->gross_years_life_cycle = CALC_Q_UNKNOWN;
    y->fabrication_share = y->metered_coverage = y->hourly_share = NAN;
    y->hourly_kg = y->market_kg = CALC_Q_UNKNOWN;
    y->grade = '-';
    return y;
}

void rep_year_free(struct rep_year *y)
{
    if (!y)
        return;
    arena_clear(y->arena);
    free(y->arena);
    free(y);
}

bool rep_year_head(
        struct rep_year *y, const struct fac_pack *pack,
        const struct rep_options *options, struct err *err)
{
    if (!check_rule(options->rule, err) ||
        !rep_period(options, &y->start, &y->end, &y->complete, err))
        return false;
    y->year = options->year;
    y->made_on = options->today;
    y->rule = options->rule;
    copy_sets(y, pack);
    return true;
}

bool rep_year_make(
        struct db *db, struct fac_pack *pack, const struct rep_options *options,
        struct rep_year **out, struct err *err)
{
    struct rep_year *y = rep_year_new();
    struct rep_frame frame = {0};
    struct rep_sums sums = {0};
    bool ok = false, reading = false;

    if (!rep_year_head(y, pack, options, err))
        goto done;
    if (!db_begin_read(db, err))
        goto done;
    reading = true;
    if (!rep_frame_open(&frame, db, pack, options, err))
        goto done;
    rep_sums_init(&sums, &frame);
    if (!rep_scan_sum(&sums, err))
        goto done;
    rep_fill_fabrication(y, &sums);
    rep_fill_factors(y, &sums);
    if (!rep_fill_operation(y, &sums, err) || !rep_identities(y, &sums, err) ||
        !rep_year_seal(y, err))
        goto done;
    *out = y;
    y = NULL;
    ok = true;
done:
    if (reading)
        db_end_read(db);
    rep_sums_clear(&sums);
    rep_frame_close(&frame);
    rep_year_free(y);
    return ok;
}

/* ---- one entry per machine ------------------------------------------------
 */

struct rows {
    struct rep_frame *frame;
    bool (*row)(void *ctx, const struct rep_machine_row *m, struct err *err);
    void *ctx;
};

static struct calc_q line_gross(const struct rep_line *l)
{
    struct calc_total t = rep_made_total(l->made, l->u->units);
    struct calc_q q = calc_total_q(&t);

    calc_total_clear(&t);
    return q;
}

static bool machine_row(void *ctx, const struct rep_line *l, struct err *err)
{
    const struct rows *rows = ctx;
    const struct rep_made *made = l->made;
    double units = l->u->units, kg = made->has_kg ? units * made->kg : NAN;
    struct rep_energy e;
    struct rep_machine_row m = {0};

    if (!l->closing)
        return true;
    rep_line_energy(rows->frame, l, NULL, &e);
    if (l->is_virtual && e.power.tier == CALC_NO_ENERGY)
        return true; /* all of it is in its host's entry */
    m = (struct rep_machine_row){
            .tag = l->u->tag,
            .category = l->u->category,
            .units = l->u->units,
            .status = l->state ? l->state->status : CALC_STOCK,
            .approach = made->a.choice.approach,
            .gross_kg = line_gross(l),
            .operation_kg = calc_interval(e.location_kg, e.sigma),
            .own_kg = l->f * kg,
            .charge_kg = l->charge_frac * l->f * kg,
            .kwh = e.kwh,
            .metered = e.metered,
            .measured_kwh = e.metered ? calc_uj_to_kwh(e.measured_uj) : NAN,
            .filled_kwh = e.metered ? calc_uj_to_kwh(e.filled_uj) : NAN,
            .coverage = rep_coverage(&e),
            .tier = e.power.tier,
            .flags = made->a.flags,
    };
    for (int i = 0; made->has_kg && i < made->a.n_lines; i++)
        m.kind_kg[made->a.lines[i].kind] +=
                units * made->a.lines[i].kg[CALC_GWP];
    return rows->row(rows->ctx, &m, err);
}

bool rep_year_machines(
        struct db *db, struct fac_pack *pack, const struct rep_options *options,
        bool (*row)(
                void *ctx, const struct rep_machine_row *m, struct err *err),
        void *ctx, struct err *err)
{
    struct rep_frame frame = {0};
    struct rows rows = {.frame = &frame, .row = row, .ctx = ctx};
    bool ok = false;

    if (!check_rule(options->rule, err) || !db_begin_read(db, err))
        return false;
    if (rep_frame_open(&frame, db, pack, options, err))
        ok = rep_scan_run(
                &(struct rep_scan){
                        .frame = &frame, .line = machine_row, .ctx = &rows},
                err);
    rep_frame_close(&frame);
    db_end_read(db);
    return ok;
}
