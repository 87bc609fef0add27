/* SPDX-License-Identifier: Apache-2.0
 * The few components that pages and reports are made of: frame, headings,
 * figures, tables, forms, charts, in English and French. Everything is written
 * as it is called (no tree is kept), every text is escaped, and nothing is
 * styled or scripted inline. Failures are kept and told by ui_page_end.
 *
 * Texts given to a component are borrowed for the call. Words for people come
 * from the catalogue words.def: ui_t() and ui_say(). */
#ifndef UI_UI_H
#define UI_UI_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/embed.h"
#include "base/err.h"
#include "base/markup.h"
#include "base/mem.h"
#include "base/out.h"

/* ---- words: words.c ----------------------------------------------------- */

enum ui_lang { UI_EN, UI_FR, UI_LANGS };

enum ui_word {
    T_NONE, /* no word: the component leaves it out */
#define W(id, en, fr) id,
#include "ui/words.def"
#undef W
    UI_WORDS
};

/* Text of the catalogue, borrowed for ever. */
const char *ui_word_text(enum ui_lang lang, enum ui_word w);
/* "en", "fr"; and back: takes "fr", "fr-FR"; false when it is neither. */
const char *ui_lang_code(enum ui_lang lang);
bool ui_lang_from(const char *code, enum ui_lang *out);
/* Best of an Accept-Language header (bounded, hostile); UI_EN for NULL. */
enum ui_lang ui_lang_accept(const char *header);

/* Parameters of a catalogue text: %s takes UI_S, %d a plain whole number (a
 * year, a page) UI_D, %u a count with grouped thousands UI_N. French may
 * reorder with %2$s. "one|many" chooses by the first UI_N (French: 0 and 1 are
 * one; English: 1 alone). A parameter of the wrong type is our mistake: CHECK.
 */
struct ui_arg {
    char type; /* 's', 'd', 'u'; 0 ends */
    const char *s;
    long long n;
};
#define UI_S(text) ((struct ui_arg){.type = 's', .s = (text)})
#define UI_D(whole) ((struct ui_arg){.type = 'd', .n = (long long)(whole)})
#define UI_N(count) ((struct ui_arg){.type = 'u', .n = (long long)(count)})
#define UI_ARGS(...) ((struct ui_arg[]){__VA_ARGS__, {.type = 0}})
void ui_put_say(
        struct buf *b, enum ui_lang lang, enum ui_word w,
        const struct ui_arg *args);

/* The catalogue word for one of the fixed words of files and JSON, such as
 * "gpu_node", "second_hand", "in_service", "RESIDUAL_SL", "M5", "life_cycle",
 * "ram"; `group` is "category", "acquisition", "status", "rule", "tier",
 * "grid_kind", "kind", "chassis", "approach", "identity", "advice". T_NONE
 * when unknown: show the word itself. */
enum ui_word ui_word_for(const char *group, const char *word);
/* Months 1..12. */
enum ui_word ui_word_month(int month);

/* ---- figures: figure.c -------------------------------------------------- */

enum ui_unit {
    UI_KG,         /* kg CO2e, scaled: t above 10,000 kg, g below 0.1 kg */
    UI_KG_AS_KG,   /* always kg, for columns that are compared */
    UI_KG_AS_T,    /* always t */
    UI_KWH,        /* MWh above 10,000 kWh, GWh above 10,000 MWh */
    UI_W,          /* kW above 10,000 W */
    UI_YEARS,      /* years */
    UI_FRAC,       /* 0..1 shown as per cent */
    UI_RATIO,      /* a plain number to three significant digits */
    UI_COUNT,      /* a whole number, all digits */
    UI_G_PER_KWH,  /* grid factor */
    UI_KG_PER_KWH, /* CUE */
    UI_KG_PER_YEAR,
    UI_L_PER_KWH, /* WUE */
    UI_GIB,
    UI_TB,
    UI_EUR,
    UI_UNITS
};
enum ui_badge { UI_NO_BADGE, UI_ACQ, UI_AMORT, UI_SUNK, UI_BADGES };

/* A figure as people see it: value, unit, 95 % interval, badge, "why" link. */
struct ui_q {
    double value;     /* NAN: unknown, shown as an em dash, never 0 */
    double low, high; /* NAN, or both 0 (left out): no interval shown */
    enum ui_unit unit;
    enum ui_badge badge;
    const char *why;    /* anchor or address of the derivation; NULL: none */
    const char *reason; /* why it is unknown (title and footnote) */
};
/* From value, low, high of a struct calc_q, rep_q, ...:
 * UI_Q(total->kg, UI_KG, UI_AMORT). */
#define UI_Q(q, u, b)                                                          \
    ((struct ui_q){                                                            \
            .value = (q).value,                                                \
            .low = (q).low,                                                    \
            .high = (q).high,                                                  \
            .unit = (u),                                                       \
            .badge = (b)})
#define UI_V(v, u) ((struct ui_q){.value = (v), .unit = (u)})

/* Text alone, appended; "352 t [214 - 561]", "—" when unknown. Thin spaces
 * (en) or narrow no-break spaces (fr) group thousands; point or comma. */
void ui_put_q(struct buf *b, enum ui_lang lang, const struct ui_q *q);
/* Value with unit, no interval. */
void ui_put_value(
        struct buf *b, enum ui_lang lang, double v, enum ui_unit unit);
/* Number with fixed decimals (0..9), grouped; an em dash for NAN. */
void ui_put_number(struct buf *b, enum ui_lang lang, double v, int decimals);
/* "16 July 2019" / "16 juillet 2019" at the precision known; an em dash for
 * no date. */
void ui_put_date(struct buf *b, enum ui_lang lang, struct date d);

/* ---- one document being written: page.c --------------------------------- */

enum ui_mode {
    UI_SERVED, /* links /static/style.css and /static/ui.js */
    UI_FILE,   /* embeds the style sheet; no script, no network */
};
enum ui_theme { UI_THEME_AUTO, UI_THEME_LIGHT, UI_THEME_DARK };

struct ui_priv; /* open table, footnotes, counters */

struct ui {
    struct mk *mk;
    enum ui_lang lang;
    enum ui_mode mode;
    enum ui_theme theme;
    struct arena words; /* what ui_say and friends return */
    struct ui_priv *priv;
};

/* out is borrowed until ui_page_end; its out_finish stays the caller's. */
void ui_init(
        struct ui *u, struct out *out, enum ui_lang lang, enum ui_mode mode);
/* For a document given up half-way; ui_page_end does it too. */
void ui_clear(struct ui *u);

/* Texts for people, borrowed until ui_page_end. In loops over many rows prefer
 * the ui_cell_ functions, which keep nothing. */
const char *ui_t(const struct ui *u, enum ui_word w);
const char *
ui_say_args(struct ui *u, enum ui_word w, const struct ui_arg *args);
#define ui_say(u, w, ...) ui_say_args((u), (w), UI_ARGS(__VA_ARGS__))
const char *ui_q_text(struct ui *u, const struct ui_q *q);
const char *ui_number_text(struct ui *u, double v, int decimals);
const char *ui_date_text(struct ui *u, struct date d);
/* The word of ui_word_for in this language, or `word` itself. */
const char *ui_of(const struct ui *u, const char *group, const char *word);

struct ui_link {
    const char *href, *text;
};
enum { UI_NAV_MAX = 8 };

struct ui_page {
    const char *title; /* the one h1, and <title> */
    const char *path;  /* own path and query ("/machines?q=x"), for the language
                          and theme links, which add lang= or theme= */
    const char *query; /* content of the search field; NULL: empty */
    const struct ui_link *nav; /* at most UI_NAV_MAX */
    size_t n_nav;
    const char *current; /* href of the nav entry to mark; NULL: none */
    const struct ui_link *crumbs; /* above this page, outermost first */
    size_t n_crumbs;
    const struct ui_link *action;  /* the one primary action; NULL: none */
    const struct ui_link *account; /* user name or "sign in"; NULL: none */
    const char *lead;              /* one sentence under the h1; NULL: none */
    const char *foot; /* short identity, at the foot of every printed page */
    bool wide;        /* tables may use all of the width */
};
/* UI_SERVED: skip link, top bar with search, navigation, breadcrumb, h1.
 * UI_FILE: the h1 alone; nav, crumbs, search and account are left out. */
void ui_page_begin(struct ui *u, const struct ui_page *page);
/* Footnotes, foot, closing; frees what u holds; false with the first error. */
bool ui_page_end(struct ui *u, struct err *err);

struct ui_pair {
    const char *term, *text;
};
/* Cover of a report: identity block and table of contents, after the h1. */
struct ui_cover {
    const char *subtitle;
    const struct ui_pair *identity; /* site, period, method, sets, hash */
    size_t n_identity;
    const struct ui_link *contents; /* "#stock" -> "T2 Stock" */
    size_t n_contents;
};
void ui_cover(struct ui *u, const struct ui_cover *cover);

/* ---- text: page.c ------------------------------------------------------- */

/* h2 with an anchor, in its own <section>; id of letters, digits, "-". */
void ui_section_begin(struct ui *u, const char *id, const char *heading);
void ui_section_end(struct ui *u);
void ui_heading(struct ui *u, const char *id, const char *text); /* h3 */
void ui_p(struct ui *u, const char *text);
/* For paragraphs, cells, items of mixed content: ui_text, ui_q, ui_link, ... */
void ui_p_begin(struct ui *u);
void ui_p_end(struct ui *u);
void ui_text(struct ui *u, const char *text);
void ui_strong(struct ui *u, const char *text);
void ui_muted(struct ui *u, const char *text);
/* What is of use on a screen alone, such as links to files: not printed. */
void ui_screen_begin(struct ui *u);
void ui_screen_end(struct ui *u);
/* A line to type into a terminal. */
void ui_command(struct ui *u, const char *text);
void ui_link(struct ui *u, const char *href, const char *text);
/* Address written out in print: for sources in notes. */
void ui_source_link(struct ui *u, const char *href, const char *text);
void ui_q(struct ui *u, const struct ui_q *q);
void ui_badge(struct ui *u, enum ui_badge badge);
/* A neutral word in a frame: a status, a flag, a grade. */
enum ui_tone {
    UI_NEUTRAL,
    UI_FABRICATION,
    UI_OPERATION,
    UI_AVOIDED,
    UI_WARNING,
    UI_ERROR,
    UI_S1, /* series in Okabe-Ito order */
    UI_S2,
    UI_S3,
    UI_S4,
    UI_S5,
    UI_S6,
    UI_S7,
    UI_OTHERS,
    UI_TONES
};
void ui_tag(struct ui *u, const char *text, enum ui_tone tone);
/* UI_NEUTRAL informs, UI_WARNING and UI_ERROR warn; heading may be NULL. */
void ui_notice(
        struct ui *u, enum ui_tone tone, const char *heading, const char *text);
/* Lists. */
void ui_list_begin(struct ui *u);
void ui_item_begin(struct ui *u);
void ui_item_end(struct ui *u);
void ui_item(struct ui *u, const char *text);
void ui_list_end(struct ui *u);
/* Definition lists. */
void ui_dl_begin(struct ui *u);
void ui_dl(struct ui *u, const char *term, const char *text);
void ui_dl_q(struct ui *u, const char *term, const struct ui_q *q);
void ui_dl_item_begin(struct ui *u, const char *term); /* mixed content */
void ui_dl_item_end(struct ui *u);
void ui_dl_end(struct ui *u);
/* Something folded away; open shows it at first. */
void ui_details_begin(struct ui *u, const char *summary, bool open);
void ui_details_end(struct ui *u);
/* Side by side while there is room: two figures, two lists. */
void ui_columns_begin(struct ui *u);
void ui_columns_end(struct ui *u);

/* Fabrication and operation as two blocks of equal weight with the ratio
 * between them. Words under each figure may be NULL. */
struct ui_balance {
    struct ui_q fabrication, operation, ratio;
    const char *fabrication_words, *operation_words, *ratio_words;
};
void ui_balance(struct ui *u, const struct ui_balance *b);

/* "Why this number": formula in words, numbers filled in, where each factor
 * comes from. Jumped to by ui_q.why = "#id". */
struct ui_why_row {
    const char *factor, *value, *set, *version, *source, *source_href, *grade;
};
struct ui_why {
    const char *id, *title;
    const char *formula; /* "modules x (base + GB a module x kg a cm2 / ...)" */
    const char *filled;  /* "12 x (5.22 + 2.20 x 32 / 1.2444) = 741 kg" */
    const struct ui_why_row *rows;
    size_t n;
};
void ui_why(struct ui *u, const struct ui_why *w);

/* ---- tables: table.c ---------------------------------------------------- */

enum ui_col_kind {
    UI_COL_TEXT,
    UI_COL_HEAD,   /* names the row: th scope=row */
    UI_COL_NUMBER, /* right-aligned, tabular figures */
    UI_COL_ACTION, /* row actions, last; T_NONE gives an unseen head */
};
struct ui_col {
    enum ui_word head;
    enum ui_col_kind kind;
    const char *text; /* instead of head; NULL */
    const char *sort; /* address that sorts by this column; NULL: fixed */
    int sorted;       /* 1 ascending, -1 descending, 0 not */
};
struct ui_table {
    const char *id;      /* anchor; NULL: none */
    const char *caption; /* required; says what and in which unit */
    const struct ui_col *cols;
    size_t n_cols;
    const char *note; /* under the table; NULL */
    bool compact;     /* the dense lists */
};
enum { UI_TABLE_ROWS = 500 }; /* longer tables are cut into parts */
/* t is borrowed until ui_table_end; tables do not nest. Each row fills every
 * column, with one ui_cell_ call each. n_rows: rows that will follow, for "rows
 * 501 to 1000 of N"; 0 writes the caption and the empty state "nothing to
 * show". */
void ui_table_begin(struct ui *u, const struct ui_table *t, size_t n_rows);
void ui_row(struct ui *u);       /* the next row; closes the one before */
void ui_row_total(struct ui *u); /* the same, set as a total */
void ui_cell(struct ui *u, const char *text); /* NULL or "": an em dash */
void ui_cell_word(struct ui *u, enum ui_word w);
void ui_cell_link(struct ui *u, const char *href, const char *text);
void ui_cell_q(struct ui *u, const struct ui_q *q);
/* Value and unit, no interval, no badge. */
void ui_cell_value(struct ui *u, double v, enum ui_unit unit);
/* A bare number: for columns whose head names the unit. */
void ui_cell_number(struct ui *u, double v, int decimals);
void ui_cell_count(struct ui *u, double n);
void ui_cell_date(struct ui *u, struct date d); /* ISO, sorts by eye */
void ui_cell_unknown(struct ui *u, const char *reason);
void ui_cell_blank(struct ui *u); /* does not apply: empty */
void ui_cell_begin(struct ui *u); /* mixed content */
void ui_cell_end(struct ui *u);
void ui_table_end(struct ui *u);

/* What a list shows when there is nothing in it: what the page is for and the
 * ways to fill it. */
void ui_empty(
        struct ui *u, const char *heading, const char *text,
        const struct ui_link *ways, size_t n_ways);
/* "1 to 100 of 337", with links to the neighbours (NULL: none). */
struct ui_pager {
    size_t first, last, total;
    const char *prev_href, *next_href;
};
void ui_pager(struct ui *u, const struct ui_pager *p);
void ui_chips_begin(struct ui *u, const char *label);
/* A filter in force, with the address of the list without it. */
void ui_chip(struct ui *u, const char *text, const char *remove_href);
void ui_chips_end(struct ui *u);

/* ---- forms: form.c ------------------------------------------------------ */

enum ui_form_kind {
    UI_FORM_FILTER, /* GET, fields in a row */
    UI_FORM_EDIT,   /* POST, one column, label above */
    UI_FORM_UPLOAD, /* POST, multipart */
    UI_FORM_BUTTON, /* POST, a button alone, inline */
};
struct ui_form {
    enum ui_form_kind kind;
    const char *action, *label; /* label: for assistive technology */
    const char *csrf;           /* token of POST forms; NULL: none */
};
struct ui_option {
    const char *value, *text;
};
enum ui_field_kind {
    UI_FIELD_TEXT,
    UI_FIELD_SEARCH,
    UI_FIELD_NUMBER,
    UI_FIELD_DATE, /* text, ISO, since partial dates are allowed */
    UI_FIELD_PASSWORD,
    UI_FIELD_CHECK,
    UI_FIELD_SELECT,
    UI_FIELD_AREA,
    UI_FIELD_FILE,
    UI_FIELD_HIDDEN,
};
struct ui_field {
    enum ui_field_kind kind;
    const char *name, *label, *value;
    const char *unit, *help, *error; /* after, under, beside; NULL: none */
    const struct ui_option *options; /* of a select, or completions of a text */
    size_t n_options;
    bool required;
};
void ui_form_begin(struct ui *u, const struct ui_form *form);
/* Errors summed at the top with links to the fields that carry one. */
void ui_form_errors(struct ui *u, const struct ui_field *fields, size_t n);
void ui_field(struct ui *u, const struct ui_field *field);
/* A further button, sent as name=value; name NULL sends nothing. */
void ui_button(
        struct ui *u, const char *text, const char *name, const char *value);
/* The submit button and the end. */
void ui_form_end(struct ui *u, const char *submit);

/* ---- charts: chart_*.c -------------------------------------------------- */

/* Each is a <figure>: title that says the finding, subtitle with measure and
 * unit, the picture, foot with source and method, and its table folded away. */
struct ui_chart {
    const char *id;       /* anchor, unique in the document */
    const char *title;    /* the finding */
    const char *subtitle; /* measure and unit */
    const char *source;   /* foot: where the figures come from */
    const char *method;   /* method version */
    enum ui_unit unit;    /* of all values; UI_KG and UI_KWH pick one scale */
    bool beside; /* its figures stand in a table beside: on paper the picture's
                    own table is left out */
};
struct ui_bar {
    const char *label;
    double value, low, high; /* low, high NAN or both 0: no whisker */
    enum ui_tone tone;
    const char *href; /* the label in the table links there; NULL */
    const char *note; /* after the value: "44 %", "x 40.6"; NULL */
};
/* Horizontal bars with interval whiskers: by kind, by category; two bars
 * compare fabrication with operation. Unknown values keep their label and say
 * so. label_head heads the first table column. */
void ui_chart_bars(
        struct ui *u, const struct ui_chart *chart, const char *label_head,
        const struct ui_bar *bars, size_t n);

enum { UI_SERIES_MAX = 8 };
struct ui_series {
    const char *label;
    enum ui_tone tone;
};
/* Stacked columns: one per year or per age, up to UI_SERIES_MAX series, each
 * with colour and pattern. values[i * n_series + s] >= 0; NAN is left out and
 * marked. */
struct ui_stack {
    const char *label_head; /* "Year" */
    const char *const *labels;
    size_t n;
    const struct ui_series *series;
    size_t n_series;
    const double *values;
    const char *unknown; /* how many could not be placed; NULL: all are */
};
void ui_chart_stack(
        struct ui *u, const struct ui_chart *chart, const struct ui_stack *s);

/* Waterfall: opening, changes (signed), closing; a step with `level` stands on
 * zero and is checked by eye against the running sum. */
struct ui_step {
    const char *label;
    double value;
    bool level;
    enum ui_tone tone; /* UI_NEUTRAL: by sign */
};
void ui_chart_waterfall(
        struct ui *u, const struct ui_chart *chart, const char *label_head,
        const struct ui_step *steps, size_t n);

/* Tick step 1, 2 or 5 x 10^k so that max needs at most `most` steps; > 0 even
 * for max 0. */
double ui_tick_step(double max, int most);

/* ---- files served under /static/: style.css, ui.js, icon.svg ------------ */

extern const struct embed_file ui_assets[];

#endif
