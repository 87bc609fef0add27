/* SPDX-License-Identifier: Apache-2.0
 * What a reader must know before quoting the figures, and the one sentence that
 * answers the three questions; the same in every format. */
#include "reports/write_priv.h"

#include <string.h>

/* What the note of a site says of data that were not counted. */
#define REP_CALIBRATED "calibrated, not inventoried"
#define COVERAGE_LEAST 0.8 /* [D] of METHOD 10.6 */

struct flag_list {
    struct rep_flag *items;
    size_t n;
};

static void
flag(struct flag_list *l, enum rep_flag_id id, const char *word, double number,
     bool warn)
{
    CHECK(l->n < REP_FLAGS);
    l->items[l->n++] = (struct rep_flag){
            .id = id, .word = word, .number = number, .warn = warn};
}

static void flags_of_operation(struct flag_list *l, const struct rep_year *y)
{
    bool known = isfinite(y->location_kg.value);
    uint64_t pue_unstated = 0;

    if (!known)
        flag(l, REP_FLAG_NO_ENERGY, "operation_unknown", NAN, true);
    if (known && y->grid_mixed) {
        flag(l, REP_FLAG_BASIS_MIXED, "ratio_basis", NAN, true);
        l->items[l->n - 1].value = "mixed";
    } else if (known && y->grid_kind != CALC_LIFE_CYCLE) {
        flag(l, REP_FLAG_BASIS, "ratio_basis", NAN, true);
        l->items[l->n - 1].value = calc_grid_kind_word(y->grid_kind);
    }
    if (y->energy_coverage < COVERAGE_LEAST)
        flag(l, REP_FLAG_COVERAGE, "energy_coverage", y->energy_coverage, true);
    for (size_t i = 0; i < y->n_sites; i++)
        if (!y->sites[i].pue_stated && y->sites[i].machines)
            pue_unstated++;
    if (pue_unstated)
        flag(l, REP_FLAG_PUE, "pue_default", (double)pue_unstated, false);
}

/* The largest amount that rests on one kind of completed input: the amounts
 * overlap, so that their sum would say too much. */
static double completed_kg(const struct rep_year *y)
{
    double most = 0;

    for (size_t i = 0; i < y->n_completions; i++)
        if (y->completions[i].kg > most)
            most = y->completions[i].kg;
    return most;
}

uint64_t rep_excluded_units(const struct rep_year *y)
{
    uint64_t units = 0;

    for (size_t i = 0; i < y->n_exclusions; i++)
        units += y->exclusions[i].units;
    return units;
}

/* Warnings first, else in the order found. */
static void sort_flags(struct flag_list *l)
{
    struct rep_flag sorted[REP_FLAGS];
    size_t n = 0;

    for (int warn = 1; warn >= 0; warn--)
        for (size_t i = 0; i < l->n; i++)
            if (l->items[i].warn == (warn == 1))
                sorted[n++] = l->items[i];
    for (size_t i = 0; i < n; i++)
        l->items[i] = sorted[i];
}

size_t rep_flags(const struct rep_year *y, struct rep_flag out[REP_FLAGS])
{
    struct flag_list l = {.items = out};

    for (size_t i = 0; i < y->n_sites; i++)
        if (y->sites[i].note && strstr(y->sites[i].note, REP_CALIBRATED)) {
            flag(&l, REP_FLAG_CALIBRATED, "calibrated", NAN, true);
            break;
        }
    if (!y->identities_hold)
        flag(&l, REP_FLAG_IDENTITY, "identity", NAN, true);
    flags_of_operation(&l, y);
    if (!y->complete)
        flag(&l, REP_FLAG_RUNNING, "period_running", NAN, true);
    if (y->excluded_share > REP_COMPLETE_SHARE)
        flag(&l, REP_FLAG_EXCLUDED, "not_complete", y->excluded_share, true);
    else if (rep_excluded_units(y) && !isfinite(y->excluded_share))
        flag(&l, REP_FLAG_EXCLUDED_UNKNOWN, "exclusions_not_weighed",
             (double)rep_excluded_units(y), true);
    if (y->n_completions)
        flag(&l, REP_FLAG_ASSUMED, "inputs_completed", completed_kg(y), false);
    if (y->unknown_model_lines)
        flag(&l, REP_FLAG_MODELS, "unknown_models",
             (double)y->unknown_model_lines, true);
    if (y->age_unknown_lines)
        flag(&l, REP_FLAG_AGES, "age_unknown", (double)y->age_unknown_lines,
             false);
    if (y->start_unknown_lines)
        flag(&l, REP_FLAG_STARTS, "start_unknown",
             (double)y->start_unknown_lines, false);
    if (y->discrepancies)
        flag(&l, REP_FLAG_DISCREPANCY, "approaches_differ",
             (double)y->discrepancies, false);
    sort_flags(&l);
    return l.n;
}

/* A value inside a sentence: its own small buffer, then a parameter. */
struct piece {
    struct buf text;
};

static const char *
piece(struct piece *p, enum ui_lang lang, double v, enum ui_unit unit)
{
    buf_init(&p->text, 128);
    ui_put_value(&p->text, lang, v, unit);
    return buf_text(&p->text);
}

static void put_grid_kind(
        struct buf *b, enum ui_lang lang, enum ui_word w, const char *kind)
{
    enum ui_word k = ui_word_for("grid_kind", kind);

    ui_put_say(b, lang, w, UI_ARGS(UI_S(k ? ui_word_text(lang, k) : kind)));
}

/* How a flag is told: its words, and what fills them in. */
enum flag_fill { FILL_NOTHING, FILL_COUNT, FILL_SHARE, FILL_KG };

static const struct {
    enum ui_word word;
    enum flag_fill fill;
} flag_words[REP_FLAGS] = {
        [REP_FLAG_CALIBRATED] = {T_REP_FLAG_CALIBRATED, FILL_NOTHING},
        [REP_FLAG_IDENTITY] = {T_REP_FLAG_IDENTITY, FILL_NOTHING},
        [REP_FLAG_NO_ENERGY] = {T_REP_FLAG_NO_ENERGY, FILL_NOTHING},
        [REP_FLAG_BASIS] = {T_REP_FLAG_UNSTATED, FILL_NOTHING},
        [REP_FLAG_BASIS_MIXED] = {T_REP_FLAG_BASIS_MIXED, FILL_NOTHING},
        [REP_FLAG_EXCLUDED] = {T_REP_FLAG_EXCLUDED, FILL_SHARE},
        [REP_FLAG_EXCLUDED_UNKNOWN] = {T_REP_FLAG_EXCLUDED_UNKNOWN, FILL_COUNT},
        [REP_FLAG_COVERAGE] = {T_REP_FLAG_COVERAGE, FILL_SHARE},
        [REP_FLAG_ASSUMED] = {T_REP_FLAG_ASSUMED, FILL_KG},
        [REP_FLAG_MODELS] = {T_REP_FLAG_MODELS, FILL_COUNT},
        [REP_FLAG_AGES] = {T_REP_FLAG_AGES, FILL_COUNT},
        [REP_FLAG_STARTS] = {T_REP_FLAG_STARTS, FILL_COUNT},
        [REP_FLAG_DISCREPANCY] = {T_REP_FLAG_DISCREPANCY, FILL_COUNT},
        [REP_FLAG_PUE] = {T_REP_FLAG_PUE, FILL_COUNT},
};

static void
put_plain_flag(struct buf *b, enum ui_lang lang, const struct rep_flag *f)
{
    enum ui_word w = flag_words[f->id].word;
    struct piece p = {0};

    switch (flag_words[f->id].fill) {
    case FILL_NOTHING:
        buf_str(b, ui_word_text(lang, w));
        break;
    case FILL_COUNT:
        ui_put_say(b, lang, w, UI_ARGS(UI_N(f->number)));
        break;
    case FILL_SHARE:
        ui_put_say(
                b, lang, w, UI_ARGS(UI_S(piece(&p, lang, f->number, UI_FRAC))));
        break;
    case FILL_KG:
        ui_put_say(
                b, lang, w, UI_ARGS(UI_S(piece(&p, lang, f->number, UI_KG))));
        break;
    }
    buf_clear(&p.text);
}

void rep_put_flag(
        struct buf *b, enum ui_lang lang, const struct rep_year *y,
        const struct rep_flag *f)
{
    struct buf day;

    if (f->id == REP_FLAG_RUNNING) {
        buf_init(&day, 128);
        ui_put_date(&day, lang, y->made_on);
        ui_put_say(b, lang, T_REP_FLAG_RUNNING, UI_ARGS(UI_S(buf_text(&day))));
        buf_clear(&day);
    } else if (f->id == REP_FLAG_BASIS && y->grid_kind != CALC_UNSTATED) {
        put_grid_kind(b, lang, T_GRID_NOT_LIFE_CYCLE, f->value);
    } else {
        put_plain_flag(b, lang, f);
    }
}

enum ui_unit rep_pair_unit(double made_kg, double ran_kg)
{
    return made_kg >= 1e4 && ran_kg >= 1e3 ? UI_KG_AS_T : UI_KG;
}

void rep_put_sentence(
        struct buf *b, enum ui_lang lang, const struct rep_year *y)
{
    struct piece gross = {0}, use = {0}, years = {0};
    enum ui_unit unit = rep_pair_unit(y->gross_kg.value, y->location_kg.value);
    const char *gross_text = piece(&gross, lang, y->gross_kg.value, unit),
               *use_text = piece(&use, lang, y->location_kg.value, unit),
               *years_text =
                       piece(&years, lang, y->gross_years.value, UI_YEARS);

    if (!isfinite(y->gross_kg.value) || y->fleet.machines == 0)
        buf_str(b, ui_word_text(lang, T_DASH_EMPTY_TEXT));
    else if (!isfinite(y->location_kg.value) || !isfinite(y->gross_years.value))
        ui_put_say(b, lang, T_DASH_SENTENCE_NO_USE, UI_ARGS(UI_S(gross_text)));
    else
        ui_put_say(
                b, lang, T_DASH_SENTENCE,
                UI_ARGS(UI_S(gross_text), UI_S(use_text), UI_S(years_text)));
    buf_clear(&gross.text);
    buf_clear(&use.text);
    buf_clear(&years.text);
}
