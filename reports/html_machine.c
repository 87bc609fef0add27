/* SPDX-License-Identifier: Apache-2.0
 * One machine as HTML: what it is, its life, what it cost to make under every
 * approach and rule, what it costs to run, and how each figure came about. */
#include "reports/write_priv.h"

/* ---- header and life
 * ---------------------------------------------------------- */

static void identity(struct ui *u, const struct rep_machine *m)
{
    const struct {
        enum ui_word word;
        const char *text;
    } rows[] = {
            {T_COL_NAME, m->name},
            {T_COL_MANUFACTURER, m->manufacturer},
            {T_COL_MODEL, m->product},
            {T_COL_CATEGORY,
             ui_of(u, "category", calc_category_word(m->category))},
            {T_COL_STATUS, ui_of(u, "status", calc_status_word(m->status))},
            {T_COL_ACQUISITION,
             ui_of(u, "acquisition", calc_acquisition_word(m->acquisition))},
            {T_COL_SITE, m->site},
            {T_COL_PROJECT, m->project},
            {T_COL_SERIAL, m->serial},
            {T_COL_UNITS, m->units > 1 ? ui_number_text(u, m->units, 0) : NULL},
            {T_NOTE, m->note},
    };

    ui_dl_begin(u);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].text && *rows[i].text)
            ui_dl(u, ui_t(u, rows[i].word), rows[i].text);
    ui_dl_end(u);
}

struct mark { /* a day in the life of the machine */
    enum ui_word word;
    struct date day;
};

/* The first day that the date may be: "2018" stands before "2018-03". */
static int32_t mark_day(const struct mark *m)
{
    struct date d = m->day;

    d.month = d.month ? d.month : 1;
    d.day = d.day ? d.day : 1;
    return date_days(d);
}

static void sort_marks(struct mark *marks, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct mark x = marks[i];
        size_t k = i;

        for (; k > 0 && mark_day(&marks[k - 1]) > mark_day(&x); k--)
            marks[k] = marks[k - 1];
        marks[k] = x;
    }
}

static void life(struct ui *u, const struct rep_machine *m)
{
    static const struct ui_col cols[] = {
            {.head = T_DATE, .kind = UI_COL_HEAD},
            {.head = T_REP_WHAT},
            {.head = T_REP_YEARS_FROM_FIRST, .kind = UI_COL_NUMBER},
    };
    const struct mark all[] = {
            {T_COL_MANUFACTURED, m->manufactured_on},
            {T_COL_ACQUIRED, m->acquired_on},
            {T_COL_IN_SERVICE, m->in_service_on},
            {T_COL_WARRANTY_END, m->warranty_end},
            {T_TODAY, m->year->made_on},
            {T_REP_LIFE_END, m->life_end},
            {T_REP_EXIT, m->exit_on},
    };
    enum { MARKS = sizeof all / sizeof *all };
    struct mark marks[MARKS];
    const struct ui_table t = {
            .id = "life-table",
            .caption = ui_t(u, T_REP_LIFE_CAPTION),
            .cols = cols,
            .n_cols = 3,
            .note = ui_say(
                    u, T_REP_LIFE_NOTE, UI_S(html_value(u, m->age_y, UI_YEARS)),
                    UI_S(html_value(u, m->booking_life_y, UI_YEARS))),
    };
    size_t n = 0;

    for (size_t i = 0; i < MARKS; i++)
        if (date_known(all[i].day))
            marks[n++] = all[i];
    sort_marks(marks, n);
    ui_table_begin(u, &t, n);
    for (size_t i = 0; i < n; i++) {
        double years = (mark_day(&marks[i]) - mark_day(&marks[0])) / 365.25;

        ui_row(u);
        ui_cell_date(u, marks[i].day);
        ui_cell_word(u, marks[i].word);
        ui_cell_number(u, years, 1);
    }
    ui_table_end(u);
}

/* ---- fabrication
 * ------------------------------------------------------------------ */

static void capacity_cell(struct ui *u, const struct rep_part *p)
{
    enum ui_unit unit = UI_UNITS;

    if (p->kind == CALC_RAM || p->kind == CALC_GPU)
        unit = UI_GIB;
    else if (p->kind == CALC_HDD || p->kind == CALC_SSD)
        unit = UI_TB;
    if (!isfinite(p->capacity) || unit == UI_UNITS)
        ui_cell_blank(u);
    else
        ui_cell_value(
                u, unit == UI_TB ? p->capacity / 1000 : p->capacity, unit);
}

/* What the assessment counts beside the parts: case, board, assembly, rest. */
static void other_lines(struct ui *u, const struct rep_machine *m)
{
    const struct fac_assessment *a = &m->assessment;

    for (int i = 0; i < a->n_lines; i++) {
        enum calc_kind kind = a->lines[i].kind;
        bool listed = false;

        for (size_t k = 0; k < m->n_parts; k++)
            listed = listed || m->parts[k].kind == kind;
        if (listed)
            continue;
        ui_row(u);
        ui_cell(u, ui_of(u, "kind", calc_kind_word(kind)));
        ui_cell_blank(u);
        ui_cell_blank(u);
        ui_cell_blank(u);
        ui_cell_blank(u);
        html_cell_v(u, a->lines[i].kg[CALC_GWP], UI_RATIO, NULL);
        ui_cell_blank(u);
    }
}

static void parts(struct ui *u, const struct rep_machine *m)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_KIND, .kind = UI_COL_HEAD},
            {.head = T_COL_MODEL},
            {.head = T_REP_MATCHED},
            {.head = T_COL_CAPACITY, .kind = UI_COL_NUMBER},
            {.head = T_COL_UNITS, .kind = UI_COL_NUMBER},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
            {.head = T_COL_GRADE},
    };
    const struct ui_table t = {
            .id = "parts-table",
            .caption = ui_t(u, T_REP_PARTS_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note = ui_t(u, T_REP_PARTS_NOTE),
    };
    const char *none = ui_t(u, T_REP_PART_IN_WHOLE);

    ui_table_begin(u, &t, m->n_parts + (size_t)m->assessment.n_lines);
    for (size_t i = 0; i < m->n_parts; i++) {
        const struct rep_part *p = &m->parts[i];

        ui_row(u);
        ui_cell(u, ui_of(u, "kind", calc_kind_word(p->kind)));
        ui_cell(u, p->model);
        ui_cell(u, p->matched);
        capacity_cell(u, p);
        html_cell_count(u, p->units);
        html_cell_v(u, p->kg, UI_RATIO, none);
        ui_cell(u, p->grade);
    }
    other_lines(u, m);
    ui_row_total(u);
    ui_cell_word(u, T_TOTAL);
    for (int i = 0; i < 4; i++)
        ui_cell_blank(u);
    html_cell_v(u, m->assessment.kg[CALC_GWP], UI_RATIO, none);
    ui_cell_blank(u);
    ui_table_end(u);
}

static void approaches(struct ui *u, const struct rep_machine *m)
{
    static const char *const names[] = {"A", "B", "C"};
    const struct fac_assessment *a = &m->assessment;
    const struct ui_chart c = {
            .id = "chart-approaches",
            .title = ui_t(u, T_REP_APPROACHES_TITLE),
            .subtitle = ui_t(u, T_REP_APPROACHES_SUBTITLE),
            .method = REP_METHOD_VERSION,
            .unit = UI_KG,
    };
    struct ui_bar bars[3];

    for (int i = 0; i < 3; i++) {
        const struct fac_estimate *e = &a->by[i];
        struct calc_q q = e->has ? calc_interval(e->kg[CALC_GWP], e->sigma)
                                 : CALC_Q_UNKNOWN;
        bool chosen = (int)a->choice.approach == i;

        bars[i] = (struct ui_bar){
                .label = ui_of(u, "approach", names[i]),
                .value = q.value,
                .low = q.low,
                .high = q.high,
                .tone = chosen ? UI_FABRICATION : UI_OTHERS,
                .note = chosen ? ui_t(u, T_REP_CHOSEN) : NULL,
        };
    }
    ui_chart_bars(u, &c, ui_t(u, T_COL_APPROACH), bars, 3);
}

static void choice(struct ui *u, const struct rep_machine *m)
{
    const struct fac_assessment *a = &m->assessment;

    ui_p_begin(u);
    ui_strong(u, ui_of(u, "approach", calc_approach_word(a->choice.approach)));
    ui_text(u, ". ");
    ui_text(u, html_choice(u, &a->choice));
    ui_p_end(u);
}

static void rules(struct ui *u, const struct rep_machine *m)
{
    static const struct ui_col cols[] = {
            {.head = T_CODE, .kind = UI_COL_HEAD},
            {.head = T_COL_RULE},
            {.head = T_SHARE, .kind = UI_COL_NUMBER},
            {.head = T_UNIT_KG_NAME, .kind = UI_COL_NUMBER},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_RULES_CAPTION), .cols = cols, .n_cols = 4};
    const char *none = ui_t(u, T_REP_NO_RULE);

    ui_table_begin(u, &t, CALC_RULES);
    for (int r = 0; r < CALC_RULES; r++) {
        const char *word = calc_rule_word((enum calc_rule)r);

        ui_row(u);
        ui_cell(u, word);
        ui_cell(u, ui_of(u, "rule", word));
        html_cell_v(u, m->rule_share[r], UI_FRAC, none);
        html_cell_v(u, m->rule_share[r] * m->gross_kg.value, UI_KG_AS_KG, none);
    }
    ui_table_end(u);
}

static void fabrication(struct ui *u, const struct rep_machine *m)
{
    const struct {
        enum ui_word word;
        struct calc_q q;
        enum ui_badge badge;
    } rows[] = {
            {T_REP_MACHINE_GROSS, m->gross_kg, UI_NO_BADGE},
            {T_COL_OWN, m->own_kg, UI_AMORT},
            {T_COL_CHARGE, html_point(m->charge_kg), UI_AMORT},
            {T_REP_NET, html_point(m->net_kg), UI_AMORT},
    };

    html_section(u, "fabrication", NULL, T_FABRICATION);
    ui_dl_begin(u);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ui_q q = UI_Q(rows[i].q, UI_KG, rows[i].badge);

        q.why = i == 0 ? "#steps" : NULL;
        q.reason = ui_t(u, T_REP_NO_FACTOR);
        ui_dl_q(u, ui_t(u, rows[i].word), &q);
    }
    ui_dl_end(u);
    parts(u, m);
    ui_columns_begin(u);
    approaches(u, m);
    rules(u, m);
    ui_columns_end(u);
    choice(u, m);
    ui_section_end(u);
}

static void steps(struct ui *u, const struct rep_machine *m)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_PART, .kind = UI_COL_HEAD},
            {.head = T_FORMULA},
            {.head = T_FILLED_IN},
            {.head = T_FACTOR},
            {.head = T_SET},
            {.head = T_SOURCE},
            {.head = T_COL_GRADE},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_STEPS_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .compact = true,
    };
    const struct fac_assessment *a = &m->assessment;

    html_section(u, "steps", NULL, T_WHY_TITLE);
    ui_table_begin(u, &t, (size_t)m->n_steps);
    for (int i = 0; i < m->n_steps; i++) {
        const struct fac_step *s = &m->steps[i];

        ui_row(u);
        ui_cell(u, ui_of(u, "kind", calc_kind_word(s->kind)));
        ui_cell(u, s->formula);
        ui_cell(u, s->filled);
        ui_cell(u, s->factor ? s->factor->key : NULL);
        ui_cell(u, s->set ? arena_printf(
                                    &u->words, "%s %s", s->set,
                                    s->version ? s->version : "")
                          : NULL);
        ui_cell(u, s->source);
        ui_cell(u, s->grade);
    }
    ui_table_end(u);
    if (a->n_dones > 0) {
        ui_heading(u, NULL, ui_t(u, T_QUALITY_COMPLETED));
        ui_list_begin(u);
        for (int i = 0; i < a->n_dones; i++)
            ui_item(u, ui_say(u, T_REP_COMPLETED_ITEM,
                              UI_S(html_done(u, a->dones[i].done)),
                              UI_S(html_value(u, a->dones[i].used, UI_RATIO)),
                              UI_S(html_value(u, a->dones[i].low, UI_RATIO)),
                              UI_S(html_value(u, a->dones[i].high, UI_RATIO))));
        ui_list_end(u);
    }
    ui_section_end(u);
}

/* ---- operation
 * ----------------------------------------------------------------------- */

static const char *grid_text(struct ui *u, const struct en_grid *g)
{
    return arena_printf(
            &u->words, "%s, %s%s%s", html_value(u, g->g_per_kwh, UI_G_PER_KWH),
            ui_of(u, "grid_kind", calc_grid_kind_word(g->kind)),
            g->source ? ": " : "", g->source ? g->source : "");
}

/* Energy by month, what was measured of it apart; of a machine with a meter,
 * since a modelled one is the same every month. */
static void chart_months(struct ui *u, const struct rep_machine *m)
{
    const struct ui_series series[] = {
            {ui_t(u, T_MEASURED), UI_OPERATION},
            {ui_t(u, T_MODELLED_OR_FILLED), UI_OTHERS}};
    const struct ui_chart c = {
            .id = "chart-energy",
            .title = ui_say(
                    u, T_REP_MONTHS_FINDING,
                    UI_S(html_value(u, m->measured_kwh / m->kwh, UI_FRAC))),
            .subtitle = ui_t(u, T_MACHINE_MONTHS),
            .method = REP_METHOD_VERSION,
            .unit = UI_KWH,
    };
    const char *labels[12];
    double values[24];

    for (int i = 0; i < 12; i++) {
        labels[i] = arena_printf(&u->words, "%02d", i + 1);
        values[2 * i] = m->month_measured_kwh[i];
        values[2 * i + 1] = fmax(m->month_kwh[i] - m->month_measured_kwh[i], 0);
    }
    ui_chart_stack(
            u, &c,
            &(struct ui_stack){
                    .label_head = ui_t(u, T_MONTH),
                    .labels = labels,
                    .n = 12,
                    .series = series,
                    .n_series = 2,
                    .values = values});
}

static void readings(struct ui *u, const struct rep_machine *m)
{
    struct ui_q measured = UI_V(m->measured_kwh, UI_KWH),
                filled = UI_V(m->filled_kwh, UI_KWH);

    if (!m->metered)
        return;
    ui_dl_q(u, ui_t(u, T_MEASURED), &measured);
    ui_dl_q(u, ui_t(u, T_FILLED), &filled);
    ui_dl_item_begin(u, ui_t(u, T_COL_COVERAGE));
    ui_text(u, html_value(u, m->coverage, UI_FRAC));
    if (m->coverage < REP_COVERED) {
        ui_text(u, " ");
        ui_tag(u, ui_t(u, T_ESTIMATED), UI_WARNING);
    }
    ui_dl_item_end(u);
}

static void operation(struct ui *u, const struct rep_machine *m)
{
    const char *none = ui_t(u, T_REP_NO_POWER);
    struct ui_q power = UI_V(m->power.watts, UI_W), it = UI_V(m->kwh, UI_KWH),
                site = UI_V(m->site_kwh, UI_KWH),
                kg = UI_Q(m->operation_kg, UI_KG, UI_NO_BADGE);

    power.reason = it.reason = site.reason = kg.reason = none;
    html_section(u, "operation", NULL, T_OPERATION);
    ui_dl_begin(u);
    ui_dl(u, ui_t(u, T_COL_TIER),
          ui_of(u, "tier", calc_tier_word(m->power.tier)));
    ui_dl_q(u, ui_t(u, T_COL_POWER), &power);
    ui_dl_q(u, ui_t(u, T_IT_KWH), &it);
    readings(u, m);
    ui_dl_q(u, ui_t(u, T_SITE_KWH), &site);
    ui_dl(u, ui_t(u, T_IND_PUE), ui_number_text(u, m->pue, 2));
    ui_dl(u, ui_t(u, T_GRID_FACTOR), grid_text(u, &m->grid));
    ui_dl(u, ui_t(u, T_REP_LIFE_CYCLE_G), grid_text(u, &m->life_cycle));
    ui_dl_q(u, ui_t(u, T_LOCATION_KG), &kg);
    ui_dl_end(u);
    if (u->lang == UI_EN && m->power.basis)
        ui_p(u, m->power.basis);
    if (m->metered && m->kwh > 0)
        chart_months(u, m);
    ui_section_end(u);
}

static void history(struct ui *u, const struct rep_machine *m)
{
    static const struct ui_col cols[] = {
            {.head = T_DATE, .kind = UI_COL_HEAD},
            {.head = T_EVENT},
            {.head = T_NOTE},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_HISTORY_CAPTION),
            .cols = cols,
            .n_cols = 3,
    };

    html_section(u, "history", NULL, T_MACHINE_HISTORY);
    ui_table_begin(u, &t, m->n_events);
    for (size_t i = 0; i < m->n_events; i++) {
        ui_row(u);
        ui_cell(u, m->events[i].effective_on);
        ui_cell(u, ui_of(u, "event", m->events[i].kind));
        ui_cell(u, m->events[i].detail);
    }
    ui_table_end(u);
    ui_section_end(u);
}

void rep_machine_html_body(const struct rep_machine *m, struct ui *u)
{
    enum ui_unit unit = rep_pair_unit(m->gross_kg.value, m->operation_kg.value);
    struct ui_balance b = {
            .fabrication = UI_Q(m->gross_kg, unit, UI_NO_BADGE),
            .operation = UI_Q(m->operation_kg, unit, UI_NO_BADGE),
            .ratio = UI_Q(m->gross_years, UI_YEARS, UI_NO_BADGE),
            .fabrication_words =
                    m->units > 1
                            ? ui_say(u, T_REP_UNITS_MADE_WORDS, UI_N(m->units))
                            : ui_t(u, T_REP_MACHINE_MADE_WORDS),
            .operation_words =
                    ui_t(u, m->units > 1 ? T_REP_UNITS_RUN_WORDS
                                         : T_REP_MACHINE_RUN_WORDS),
            .ratio_words = ui_t(u, T_RATIO_WORDS),
    };

    b.fabrication.why = "#steps";
    b.fabrication.reason = ui_t(u, T_REP_NO_FACTOR);
    b.operation.why = "#operation";
    b.operation.reason = b.ratio.reason = ui_t(u, T_REP_NO_POWER);
    ui_balance(u, &b);
    html_section(u, "life", NULL, T_MACHINE_LIFE);
    ui_columns_begin(u);
    identity(u, m);
    life(u, m);
    ui_columns_end(u);
    ui_section_end(u);
    fabrication(u, m);
    operation(u, m);
    steps(u, m);
    history(u, m);
}

bool write_machine_html(
        const struct rep_machine *m, const struct rep_writing *w,
        struct out *out, struct err *err)
{
    enum ui_lang lang = UI_EN;
    struct ui u;
    struct ui_page page = {.wide = true};

    ui_lang_from(w->language, &lang);
    ui_init(&u, out, lang, UI_FILE);
    page.title = ui_say(&u, T_REPORT_MACHINE_TITLE, UI_S(m->tag));
    page.foot =
            ui_say(&u, T_REP_FOOT, UI_S(ui_date_text(&u, m->year->start)),
                   UI_S(ui_date_text(&u, m->year->end)),
                   UI_S(REP_METHOD_VERSION), UI_S(m->tag));
    ui_page_begin(&u, &page);
    rep_machine_html_body(m, &u);
    return ui_page_end(&u, err) && out_finish(out, err);
}
