/* SPDX-License-Identifier: Apache-2.0
 * How sure a yearly report is: spread of rules (T8), approaches side by side,
 * what stands outside or is left out (T9), data quality (T11), changes (T12)
 * and checks. */
#include "reports/write_priv.h"

#include <string.h>

/* ---- T8 ------------------------------------------------------------------ */

static void chart_rules(struct ui *u, const struct rep_year *y)
{
    struct ui_bar bars[CALC_RULES];
    double least = NAN, most = NAN;
    struct ui_chart c = {
            .id = "chart-rules",
            .beside = true,
            .title = ui_t(u, T_REP_RULES_PLAIN),
            .subtitle = ui_t(u, T_RULES_CAPTION),
            .method = REP_METHOD_VERSION,
            .unit = UI_KG,
    };

    for (size_t i = 0; i < CALC_RULES; i++) {
        bool chosen = y->rules[i].rule == y->rule;
        uint64_t without = y->rules[i].lines_without;

        if (!without) { /* fmin and fmax skip NAN */
            least = fmin(least, y->rules[i].own_kg);
            most = fmax(most, y->rules[i].own_kg);
        }

        bars[i] = (struct ui_bar){
                .label = calc_rule_word(y->rules[i].rule),
                .value = y->rules[i].own_kg,
                .low = NAN,
                .high = NAN,
                .tone = chosen ? UI_FABRICATION : UI_OTHERS,
                .note = chosen    ? ui_t(u, T_REP_CHOSEN)
                        : without ? ui_say(u, T_REP_N_LINES_WITHOUT,
                                           UI_N(without))
                                  : NULL,
        };
    }
    if (isfinite(least) && isfinite(most))
        c.title = ui_say(
                u, T_REP_RULES_FINDING, UI_S(html_value(u, least, UI_KG)),
                UI_S(html_value(u, most, UI_KG)));
    ui_chart_bars(u, &c, ui_t(u, T_COL_RULE), bars, CALC_RULES);
}

void html_year_rules(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_RULE, .kind = UI_COL_HEAD},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
            {.head = T_REP_LINES_WITHOUT, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_RULES_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note = ui_t(u, T_REP_RULES_NOTE),
    };

    html_section(u, "rules", "T8", T_RULES_TITLE);
    ui_columns_begin(u);
    chart_rules(u, y);
    ui_table_begin(u, &t, CALC_RULES);
    for (size_t i = 0; i < CALC_RULES; i++) {
        const char *word = calc_rule_word(y->rules[i].rule);

        ui_row(u);
        ui_cell(u, arena_printf(
                           &u->words, "%s (%s)", ui_of(u, "rule", word), word));
        html_cell_kg(u, y->rules[i].own_kg, ui_t(u, T_REP_NO_RULE));
        html_cell_count(u, y->rules[i].lines_without);
    }
    ui_table_end(u);
    ui_columns_end(u);
    ui_section_end(u);
}

static void approaches(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_APPROACH, .kind = UI_COL_HEAD},
            {.head = T_COL_MACHINES, .kind = UI_COL_NUMBER},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
    };
    const char *other =
            isfinite(y->category_other_origin_kg)
                    ? ui_say(u, T_REP_OTHER_ORIGIN,
                             UI_S(html_value(
                                     u, y->category_other_origin_kg, UI_KG)))
                    : NULL;
    const struct ui_table t = {
            .id = "approaches",
            .caption = ui_t(u, T_REP_APPROACHES_CAPTION),
            .cols = cols,
            .n_cols = 3,
            .note = other,
    };

    ui_table_begin(u, &t, CALC_APPROACHES);
    for (size_t i = 0; i < CALC_APPROACHES; i++) {
        const char *word = calc_approach_word(y->approaches[i].approach);

        ui_row(u);
        ui_cell(u, ui_of(u, "approach", word));
        html_cell_count(u, y->approaches[i].machines);
        html_cell_kg(u, y->approaches[i].gross_kg, ui_t(u, T_REP_NO_APPROACH));
    }
    ui_table_end(u);
}

/* ---- T9, exclusions --------------------------------------------------------
 */

void html_year_outside(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_LINE, .kind = UI_COL_HEAD},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
    };
    static const struct {
        enum ui_word word, reason;
    } rows[] = {
            {T_OUTSIDE_AVOIDED, T_REP_NO_AVOIDED},
            {T_OUTSIDE_HEAT, T_REP_NO_HEAT},
            {T_OUTSIDE_CERTIFICATES, T_REP_NO_CERTIFICATES},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_OUTSIDE_CAPTION), .cols = cols, .n_cols = 2};
    size_t n = sizeof rows / sizeof *rows;

    (void)y; /* nothing of this kind is recorded yet: each says so */
    html_section(u, "outside", "T9", T_OUTSIDE_TITLE);
    ui_table_begin(u, &t, n);
    for (size_t i = 0; i < n; i++) {
        ui_row(u);
        ui_cell_word(u, rows[i].word);
        ui_cell_unknown(u, ui_t(u, rows[i].reason));
    }
    ui_table_end(u);
    ui_section_end(u);
}

static enum ui_word word_of_thing(const char *what)
{
    enum ui_word w = ui_word_for("kind", what);

    return w == T_NONE ? ui_word_for("category", what) : w;
}

/* The fixed English words of the exclusions in the reader's language. */
static const char *excluded(struct ui *u, const char *what)
{
    static const char tail[] = " of unknown number";
    size_t len = strlen(what), cut = sizeof tail - 1;
    enum ui_word w = word_of_thing(what);
    const char *thing;

    if (w != T_NONE)
        return ui_t(u, w);
    if (len <= cut || strcmp(what + len - cut, tail) != 0)
        return what;
    thing = arena_strn(&u->words, what, len - cut);
    w = word_of_thing(thing);
    return ui_say(u, T_REP_EXCLUDED_NUMBER, UI_S(w ? ui_t(u, w) : thing));
}

static const char *reason_of(struct ui *u, const char *reason)
{
    static const struct {
        const char *text;
        enum ui_word word;
    } reasons[] = {
            {"no factor for this category", T_REP_REASON_CATEGORY},
            {"no factor", T_REP_REASON_KIND},
            {"count not known, on so many machines", T_REP_REASON_COUNT},
    };

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(reasons[i].text, reason) == 0)
            return ui_t(u, reasons[i].word);
    return reason;
}

static void exclusions(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_REP_WHAT, .kind = UI_COL_HEAD},
            {.head = T_COL_UNITS, .kind = UI_COL_NUMBER},
            {.head = T_COL_REASON},
            {.head = T_REP_ESTIMATE, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_EXCLUSIONS_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note =
                    ui_say(u, T_REP_EXCLUSIONS_NOTE,
                           UI_S(html_value(u, y->excluded_kg, UI_KG)),
                           UI_S(html_value(u, y->excluded_share, UI_FRAC))),
    };

    html_section(u, "exclusions", NULL, T_EXCLUSIONS_TITLE);
    if (y->n_exclusions == 0) {
        ui_p(u, ui_t(u, T_EXCLUSIONS_NONE));
        ui_section_end(u);
        return;
    }
    ui_table_begin(u, &t, y->n_exclusions);
    for (size_t i = 0; i < y->n_exclusions; i++) {
        const struct rep_exclusion *r = &y->exclusions[i];

        ui_row(u);
        ui_cell(u, excluded(u, r->what));
        html_cell_count(u, r->units);
        ui_cell(u, reason_of(u, r->reason));
        html_cell_v(u, r->estimate_kg, UI_KG, ui_t(u, T_REP_NO_ESTIMATE));
    }
    ui_table_end(u);
    ui_section_end(u);
}

/* ---- T11, T12, checks
 * -------------------------------------------------------- */

static void completions(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_REP_INPUT, .kind = UI_COL_HEAD},
            {.head = T_COL_UNITS, .kind = UI_COL_NUMBER},
            {.head = T_REP_LINES_KG, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_QUALITY_COMPLETED),
            .cols = cols,
            .n_cols = 3,
            .note = ui_t(u, T_REP_COMPLETIONS_NOTE),
    };

    ui_table_begin(u, &t, y->n_completions);
    for (size_t i = 0; i < y->n_completions; i++) {
        ui_row(u);
        ui_cell(u, html_done(u, y->completions[i].done));
        html_cell_count(u, y->completions[i].units);
        html_cell_kg(u, y->completions[i].kg, NULL);
    }
    ui_table_end(u);
}

static void quality(struct ui *u, const struct rep_year *y)
{
    const struct {
        enum ui_word word;
        uint64_t n;
    } counts[] = {
            {T_REP_LINES_MODEL, y->unknown_model_lines},
            {T_REP_LINES_AGE, y->age_unknown_lines},
            {T_REP_LINES_START, y->start_unknown_lines},
            {T_REP_LINES_DISCREPANCY, y->discrepancies},
    };
    char grade[2] = {y->grade, '\0'};
    struct ui_q coverage = UI_V(y->quality_coverage, UI_FRAC),
                energy = UI_V(y->energy_coverage, UI_FRAC);

    html_section(u, "quality", "T11", T_QUALITY_TITLE);
    ui_columns_begin(u);
    ui_dl_begin(u);
    ui_dl(u, ui_t(u, T_QUALITY_GRADE), y->grade == '-' ? NULL : grade);
    ui_dl_q(u, ui_t(u, T_QUALITY_COVERAGE), &coverage);
    ui_dl_q(u, ui_t(u, T_COVERAGE_ENERGY), &energy);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        ui_dl(u, ui_t(u, counts[i].word),
              ui_number_text(u, (double)counts[i].n, 0));
    ui_dl_end(u);
    completions(u, y);
    ui_columns_end(u);
    ui_section_end(u);
}

static void checks(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_CODE, .kind = UI_COL_HEAD},
            {.head = T_COL_IDENTITY},
            {.head = T_COL_HOLDS},
            {.head = T_REP_LEFT, .kind = UI_COL_NUMBER},
            {.head = T_REP_RIGHT, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_IDENTITIES_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
    };

    html_section(u, "checks", NULL, T_IDENTITIES_TITLE);
    ui_table_begin(u, &t, y->n_identities);
    for (size_t i = 0; i < y->n_identities; i++) {
        const struct rep_identity *r = &y->identities[i];
        enum ui_word says = ui_word_for("identity", r->id);

        ui_row(u);
        ui_cell(u, r->id);
        ui_cell(u, says ? ui_t(u, says) : r->says);
        ui_cell_begin(u);
        ui_tag(u, ui_t(u, r->holds ? T_YES : T_NO),
               r->holds ? UI_NEUTRAL : UI_ERROR);
        ui_cell_end(u);
        html_cell_shown(u, round(r->left), r->left);
        html_cell_shown(u, round(r->right), r->right);
    }
    ui_table_end(u);
    ui_section_end(u);
}

void html_year_quality(struct ui *u, const struct rep_year *y)
{
    html_section(u, "approach", NULL, T_APPROACHES_TITLE);
    approaches(u, y);
    ui_section_end(u);
    exclusions(u, y);
    quality(u, y);
    html_section(u, "changes", "T12", T_CHANGES_TITLE);
    ui_p(u, ui_t(u, T_CHANGES_NONE));
    ui_section_end(u);
    checks(u, y);
}
