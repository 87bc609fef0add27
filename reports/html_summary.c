/* SPDX-License-Identifier: Apache-2.0
 * The first screen of a yearly report: the sentence, fabrication against
 * operation, what to know before quoting it, and the identity block (T1). */
#include "reports/write_priv.h"

#include <string.h>

static const char *sentence(struct ui *u, const struct rep_year *y)
{
    struct buf b;
    const char *text;

    buf_init(&b, 4096);
    rep_put_sentence(&b, u->lang, y);
    text = arena_str(&u->words, buf_text(&b));
    buf_clear(&b);
    return text;
}

static void balance(struct ui *u, const struct rep_year *y, bool with_why)
{
    enum ui_unit unit = rep_pair_unit(y->gross_kg.value, y->location_kg.value);
    struct ui_balance b = {
            .fabrication = UI_Q(y->gross_kg, unit, UI_NO_BADGE),
            .operation = UI_Q(y->location_kg, unit, UI_NO_BADGE),
            .ratio = UI_Q(y->gross_years, UI_YEARS, UI_NO_BADGE),
            .fabrication_words = ui_t(u, T_FABRICATION_WORDS),
            .operation_words =
                    ui_t(u, y->complete ? T_OPERATION_WORDS
                                        : T_REP_OPERATION_SO_FAR),
            .ratio_words = ui_t(u, T_RATIO_WORDS),
    };

    if (with_why) {
        b.fabrication.why = "#why-gross";
        b.operation.why = "#why-operation";
        b.ratio.why = "#why-ratio";
    }
    b.operation.reason = ui_t(u, T_REP_NO_ENERGY_REASON);
    b.ratio.reason = ui_t(u, T_REP_NO_ENERGY_REASON);
    ui_balance(u, &b);
}

static void flags(struct ui *u, const struct rep_year *y)
{
    struct rep_flag list[REP_FLAGS];
    size_t n = rep_flags(y, list);
    struct buf b;

    if (n == 0)
        return;
    buf_init(&b, 4096);
    ui_heading(u, "flags", ui_t(u, T_REP_FLAGS_TITLE));
    ui_list_begin(u);
    for (size_t i = 0; i < n; i++) {
        buf_reset(&b);
        rep_put_flag(&b, u->lang, y, &list[i]);
        ui_item_begin(u);
        ui_tag(u, ui_t(u, list[i].warn ? T_WARNING : T_NOTE),
               list[i].warn ? UI_WARNING : UI_NEUTRAL);
        ui_text(u, " ");
        ui_text(u, buf_text(&b));
        ui_item_end(u);
    }
    ui_list_end(u);
    buf_clear(&b);
}

void html_year_first(struct ui *u, const struct rep_year *y, bool with_why)
{
    ui_p_begin(u);
    ui_strong(u, sentence(u, y));
    ui_p_end(u);
    balance(u, y, with_why);
}

void html_year_summary(struct ui *u, const struct rep_year *y)
{
    html_section(u, "summary", NULL, T_REPORT_SUMMARY);
    html_year_first(u, y, true);
    flags(u, y);
    ui_section_end(u);
}

/* ---- T1 identity --------------------------------------------------------- */

static const char *sets_text(struct ui *u, const struct rep_year *y)
{
    struct buf b;
    const char *text;

    buf_init(&b, 16384);
    for (size_t i = 0; i < y->n_sets; i++)
        buf_printf(
                &b, "%s%s %s (%.12s)", i ? ", " : "", y->sets[i].id,
                y->sets[i].version, y->sets[i].sha256);
    text = arena_str(&u->words, buf_text(&b));
    buf_clear(&b);
    return text;
}

static const char *sites_text(struct ui *u, const struct rep_year *y)
{
    enum { SHOWN = 12 };
    struct buf b;
    const char *text;

    buf_init(&b, 16384);
    for (size_t i = 0; i < y->n_sites && i < SHOWN; i++)
        buf_printf(
                &b, "%s%s%s%s%s", i ? ", " : "", y->sites[i].name,
                y->sites[i].country ? " (" : "",
                y->sites[i].country ? y->sites[i].country : "",
                y->sites[i].country ? ")" : "");
    if (y->n_sites > SHOWN)
        buf_str(&b, ", \u2026");
    text = arena_str(&u->words, buf_text(&b));
    buf_clear(&b);
    return text;
}

static const char *exclusions_text(struct ui *u, const struct rep_year *y)
{
    uint64_t units = rep_excluded_units(y);

    if (units == 0)
        return ui_t(u, T_EXCLUSIONS_NONE);
    if (!isfinite(y->excluded_kg) || !(y->excluded_kg > 0))
        return ui_say(u, T_REP_EXCLUDED_UNITS, UI_N(units));
    return ui_say(
            u, T_REP_EXCLUDED_TEXT, UI_N(units),
            UI_S(html_value(u, y->excluded_kg, UI_KG)),
            UI_S(html_value(u, y->excluded_share, UI_FRAC)));
}

static const char *coverage_text(struct ui *u, const struct rep_year *y)
{
    return ui_say(
            u, T_REP_COVERAGE_TEXT,
            UI_S(html_value(u, y->quality_coverage, UI_FRAC)),
            UI_S(html_value(u, y->energy_coverage, UI_FRAC)));
}

/* The period's last day, which the files give as the day after. */
static struct date last_day(const struct rep_year *y)
{
    return date_known(y->end) ? date_from_days(date_days(y->end) - 1) : y->end;
}

static const char *period_text(struct ui *u, const struct rep_year *y)
{
    return ui_say(
            u, T_REPORT_PERIOD_TEXT, UI_S(ui_date_text(u, y->start)),
            UI_S(ui_date_text(u, last_day(y))));
}

static enum ui_word state_word(const struct rep_year *y)
{
    if (!y->complete)
        return T_REP_STATE_RUNNING;
    if (y->excluded_share > REP_COMPLETE_SHARE)
        return T_REPORT_NOT_COMPLETE;
    if (rep_excluded_units(y) && !isfinite(y->excluded_share))
        return T_REP_STATE_UNSURE;
    return T_REPORT_COMPLETE;
}

enum { PARTS = 18 };

/* The sections of the report, in their order. */
static void contents(struct ui *u, struct ui_link links[PARTS])
{
    static const struct {
        const char *href, *number;
        enum ui_word word;
    } parts[] = {
            {"#identity", "T1", T_REPORT_IDENTITY},
            {"#fleet", NULL, T_FLEET},
            {"#fabrication", NULL, T_FABRICATION},
            {"#stock", "T2", T_STOCK_TITLE},
            {"#net", "T3", T_NET_TITLE},
            {"#embodied", "T4", T_EMBODIED_TITLE},
            {"#operation", "T5", T_OPERATION_TITLE},
            {"#total", "T6", T_TOTAL_TITLE},
            {"#indicators", "T7", T_INDICATORS_TITLE},
            {"#rules", "T8", T_RULES_TITLE},
            {"#approach", NULL, T_APPROACHES_TITLE},
            {"#frames", NULL, T_REP_FRAMES_TITLE},
            {"#outside", "T9", T_OUTSIDE_TITLE},
            {"#exclusions", NULL, T_EXCLUSIONS_TITLE},
            {"#quality", "T11", T_QUALITY_TITLE},
            {"#checks", NULL, T_IDENTITIES_TITLE},
            {"#factors", NULL, T_FACTOR_SETS},
            {"#why", NULL, T_WHY_TITLE},
    };

    _Static_assert(sizeof parts / sizeof *parts == PARTS, "all parts");
    for (size_t i = 0; i < PARTS; i++) {
        const char *text = ui_t(u, parts[i].word);

        links[i].href = parts[i].href;
        links[i].text = parts[i].number ? arena_printf(
                                                  &u->words, "%s \u00b7 %s",
                                                  parts[i].number, text)
                                        : text;
    }
}

void html_year_identity(struct ui *u, const struct rep_year *y)
{
    const char *rule = calc_rule_word(y->rule);
    const struct ui_pair pairs[] = {
            {ui_t(u, T_REPORT_SITE), sites_text(u, y)},
            {ui_t(u, T_REPORT_PERIOD), period_text(u, y)},
            {ui_t(u, T_REP_STATE), ui_t(u, state_word(y))},
            {ui_t(u, T_REPORT_BOUNDARY), ui_t(u, T_REP_BOUNDARY_TEXT)},
            {ui_t(u, T_REP_CONSOLIDATION), ui_t(u, T_REP_OPERATIONAL_CONTROL)},
            {ui_t(u, T_REPORT_METHOD),
             ui_say(u, T_REP_METHOD_TEXT, UI_S(REP_METHOD_VERSION))},
            {ui_t(u, T_REPORT_FACTOR_SETS), sets_text(u, y)},
            {ui_t(u, T_REPORT_RULE),
             arena_printf(&u->words, "%s (%s)", ui_of(u, "rule", rule), rule)},
            {ui_t(u, T_REPORT_COVERAGE), coverage_text(u, y)},
            {ui_t(u, T_EXCLUSIONS_TITLE), exclusions_text(u, y)},
            {ui_t(u, T_REPORT_MADE_ON), ui_date_text(u, y->made_on)},
            {ui_t(u, T_REPORT_HASH), y->sha256},
    };
    struct ui_link links[PARTS];
    const struct ui_cover cover = {
            .identity = pairs,
            .n_identity = sizeof pairs / sizeof *pairs,
            .contents = links,
            .n_contents = PARTS};

    contents(u, links);
    html_section(u, "identity", "T1", T_REPORT_IDENTITY);
    ui_cover(u, &cover);
    ui_section_end(u);
}

/* ---- what the fleet holds ------------------------------------------------ */

static void put_fleet_row(
        struct ui *u, enum ui_word what, double value, enum ui_unit unit,
        uint64_t unknown, bool with_unknown)
{
    ui_row(u);
    ui_cell_word(u, what);
    if (unit == UI_COUNT)
        html_cell_shown(u, value, value);
    else
        html_cell_v(u, value, unit, NULL);
    if (!with_unknown)
        return;
    if (unknown)
        html_cell_count(u, unknown);
    else
        ui_cell_blank(u);
}

struct fleet_row {
    enum ui_word what;
    double value;
    enum ui_unit unit;
    uint64_t unknown;
};
enum { FLEET_ROWS = 17 };

/* The last two, tapes and virtual machines, only where there are some. */
static size_t
fleet_rows(const struct rep_fleet *f, struct fleet_row out[FLEET_ROWS])
{
    const struct fleet_row rows[FLEET_ROWS] = {
            {T_FLEET_MACHINES, (double)f->machines, UI_COUNT, 0},
            {T_REP_FLEET_RUNNING, (double)f->running, UI_COUNT, 0},
            {T_REP_FLEET_NEW, (double)f->new_, UI_COUNT, 0},
            {T_REP_FLEET_SECOND_HAND, (double)f->second_hand, UI_COUNT, 0},
            {T_REP_FLEET_DONATED, (double)f->donated, UI_COUNT,
             f->acquisition_unknown},
            {T_REP_FLEET_WARRANTY, (double)f->under_warranty, UI_COUNT,
             f->warranty_unknown},
            {T_FLEET_CPU_SOCKETS, (double)f->cpu_sockets, UI_COUNT,
             f->sockets_unknown},
            {T_FLEET_CPU_CORES, (double)f->cpu_cores, UI_COUNT,
             f->cores_unknown},
            {T_FLEET_GPUS, (double)f->gpus, UI_COUNT, f->gpu_unknown},
            {T_FLEET_RAM, f->ram_gib, UI_GIB, f->ram_unknown},
            {T_FLEET_HDD, (double)f->hdd, UI_COUNT, f->hdd_unknown},
            {T_REP_FLEET_HDD_TB, f->hdd_tb, UI_TB, f->hdd_tb_unknown},
            {T_FLEET_SSD, (double)f->ssd, UI_COUNT, f->ssd_unknown},
            {T_REP_FLEET_SSD_TB, f->ssd_tb, UI_TB, f->ssd_tb_unknown},
            {T_FLEET_SCREENS, (double)f->screens, UI_COUNT, 0},
            {T_REP_FLEET_TAPES, (double)f->tapes, UI_COUNT, 0},
            {T_REP_FLEET_VIRTUAL, (double)f->virtual_machines, UI_COUNT, 0},
    };
    size_t n = FLEET_ROWS;

    if (!f->virtual_machines)
        n--;
    if (!f->virtual_machines && !f->tapes)
        n--;
    memcpy(out, rows, n * sizeof *rows);
    return n;
}

void html_year_fleet(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_FLEET, .kind = UI_COL_HEAD},
            {.head = T_COUNT, .kind = UI_COL_NUMBER},
            {.head = T_REP_NOT_KNOWN_FOR, .kind = UI_COL_NUMBER},
    };
    const struct rep_fleet *f = &y->fleet;
    bool unknown = f->acquisition_unknown || f->warranty_unknown ||
                   f->sockets_unknown || f->cores_unknown || f->gpu_unknown ||
                   f->ram_unknown || f->hdd_unknown || f->ssd_unknown ||
                   f->hdd_tb_unknown || f->ssd_tb_unknown;
    const struct ui_table t = {
            .id = "fleet-table",
            .caption = ui_t(u, T_FLEET_CAPTION),
            .cols = cols,
            .n_cols = unknown ? 3 : 2,
            .note = unknown ? ui_t(u, T_REP_NOT_KNOWN_NOTE) : NULL,
    };
    struct fleet_row rows[FLEET_ROWS];
    size_t n = fleet_rows(f, rows);

    html_section(u, "fleet", NULL, T_FLEET);
    ui_columns_begin(u);
    ui_table_begin(u, &t, n);
    for (size_t i = 0; i < n; i++)
        put_fleet_row(
                u, rows[i].what, rows[i].value, rows[i].unit, rows[i].unknown,
                unknown);
    ui_table_end(u);
    html_chart_ages(u, y);
    ui_columns_end(u);
    ui_section_end(u);
}

/* ---- the lines in other frames [1.3] ---------------------------------------
 */

struct frame_row {
    enum ui_word line;
    double kg;
    enum ui_word reason; /* why kg is not known */
    const char *ghg;
    const char *beges;
};

/* Acquisition view of what came new or used in the period. */
static double acquired_kg(const struct rep_year *y, bool used)
{
    double kg = 0;

    for (size_t i = 0; i < y->n_embodied; i++)
        if (y->embodied[i].used == used &&
            isfinite(y->embodied[i].acquisition_kg))
            kg += y->embodied[i].acquisition_kg;
    return kg;
}

void html_year_frames(struct ui *u, const struct rep_year *y)
{
    static const struct ui_col cols[] = {
            {.head = T_COL_LINE, .kind = UI_COL_HEAD},
            {.head = T_REP_FRAME_KG, .kind = UI_COL_NUMBER},
            {.head = T_REP_FRAME_GHG},
            {.head = T_REP_FRAME_BEGES},
    };
    const struct ui_table t = {
            .caption = ui_t(u, T_REP_FRAMES_CAPTION),
            .cols = cols,
            .n_cols = sizeof cols / sizeof *cols,
            .note = ui_t(u, T_REP_FRAMES_NOTE),
    };
    const struct frame_row rows[] = {
            {T_REP_FRAME_LOCATION, y->location_kg.value, T_REP_NO_ENERGY_REASON,
             "scope 2 (location)", "2.1"},
            {T_REP_FRAME_MARKET, NAN, T_REP_NO_MARKET, "scope 2 (market)",
             "2.1"},
            {T_REP_FRAME_UPSTREAM, NAN, T_REP_NO_UPSTREAM, "scope 3, cat. 3",
             "4.1"},
            {T_REP_FRAME_NEW, acquired_kg(y, false), T_NONE, "scope 3, cat. 2",
             "4.2"},
            {T_REP_FRAME_USED, acquired_kg(y, true), T_NONE, "scope 3, cat. 2",
             "4.2"},
            {T_REP_FRAME_TRANSPORT, NAN, T_REP_NO_TRANSPORT, "scope 3, cat. 4",
             "3.1"},
            {T_REP_FRAME_END, NAN, T_REP_NO_END_OF_LIFE, "scope 3, cat. 5",
             "4.3"},
    };
    size_t n = sizeof rows / sizeof *rows;

    html_section(u, "frames", NULL, T_REP_FRAMES_TITLE);
    ui_table_begin(u, &t, n);
    for (size_t i = 0; i < n; i++) {
        ui_row(u);
        ui_cell_word(u, rows[i].line);
        html_cell_v(
                u, rows[i].kg, UI_KG,
                rows[i].reason ? ui_t(u, rows[i].reason) : NULL);
        ui_cell(u, rows[i].ghg);
        ui_cell(u, rows[i].beges);
    }
    ui_table_end(u);
    ui_section_end(u);
}
