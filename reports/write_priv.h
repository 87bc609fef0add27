/* SPDX-License-Identifier: Apache-2.0
 * How documents are written: one walk over the answer's structs feeds JSON, XML
 * and CSV alike, so that the three cannot differ; HTML and text follow the
 * same structs. Shared by write_*.c and html_*.c only. */
#ifndef REPORTS_WRITE_PRIV_H
#define REPORTS_WRITE_PRIV_H

#include "base/json.h"
#include "base/markup.h"
#include "reports/reports.h"
#include "ui/ui.h"

/* ---- a document being written: write_doc.c ------------------------------- */

enum doc_unit {
    DOC_NONE,  /* words, dates */
    DOC_COUNT, /* whole things */
    DOC_ONE,   /* ratio without unit, shares 0..1 */
    DOC_KG,    /* CO2e */
    DOC_KG_SB,
    DOC_MJ,
    DOC_KWH,
    DOC_W,
    DOC_YEARS,
    DOC_G_PER_KWH,
    DOC_KG_PER_KWH,
    DOC_GIB,
    DOC_TB,
    DOC_UNITS
};

enum { DOC_DEPTH = 12 };

struct doc {
    enum rep_format format; /* JSON, XML or CSV */
    struct out *out;
    struct json_out json;
    struct mk *mk;
    int depth;
    struct doc_place {
        const char *element;     /* XML element to close */
        const char *table, *row; /* CSV columns of what is written here */
    } at[DOC_DEPTH];
};

/* root and ns are the XML root element and namespace. */
void doc_begin(
        struct doc *d, enum rep_format format, struct out *out,
        const char *root, const char *ns);
bool doc_end(struct doc *d, struct err *err);
/* A named object. In CSV one below the root names its table, a deeper one the
 * row. */
void doc_obj(struct doc *d, const char *key);
void doc_obj_end(struct doc *d);
/* A named array of objects. In CSV key names the table. */
void doc_list(struct doc *d, const char *key);
void doc_list_end(struct doc *d);
/* An entry of the list; label names its CSV row and is borrowed until the end.
 */
void doc_row(struct doc *d, const char *label);
void doc_row_end(struct doc *d);
void doc_str(struct doc *d, const char *key, const char *text); /* NULL: null */
void doc_bool(struct doc *d, const char *key, bool value);
void doc_int(struct doc *d, const char *key, int64_t value);
void doc_count(struct doc *d, const char *key, uint64_t value);
void doc_num(struct doc *d, const char *key, double value, enum doc_unit unit);
void doc_q(struct doc *d, const char *key, struct calc_q q, enum doc_unit unit);
void doc_date(struct doc *d, const char *key, struct date date);
void doc_null(struct doc *d, const char *key);
const char *doc_unit_text(enum doc_unit unit);

/* ---- walks and writers ----------------------------------------------------
 */

/* Members of the yearly document up to the closing ones. with_hash false leaves
 * "sha256" out: the text that is hashed. */
void walk_year(struct doc *d, const struct rep_year *y, bool with_hash);
void walk_operation(struct doc *d, const struct rep_year *y);
void walk_machine_row(struct doc *d, const struct rep_machine_row *m);
void walk_machine(struct doc *d, const struct rep_machine *m);

/* SHA-256 of the JSON document without its line "sha256" and without
 * machines: fills y->sha256. */
bool rep_year_seal(struct rep_year *y, struct err *err);

bool write_year_html(
        const struct rep_year *y, const struct rep_writing *w, struct out *out,
        struct err *err);
bool write_machine_html(
        const struct rep_machine *m, const struct rep_writing *w,
        struct out *out, struct err *err);
bool write_year_text(
        const struct rep_year *y, const struct rep_writing *w, struct out *out,
        struct err *err);
bool write_machine_text(
        const struct rep_machine *m, const struct rep_writing *w,
        struct out *out, struct err *err);

/* T7 figures that follow from others; NAN unknown. A machine whose warranty is
 * not known counts as out of warranty. */
struct rep_indicators {
    double used_share, out_of_warranty_share, pue, cue_kg_per_kwh,
            kg_per_service_year, reuse_rate;
};
struct rep_indicators rep_indicators(const struct rep_year *y);

/* ---- what a reader must know before quoting: write_flags.c -----------------
 */

enum rep_flag_id {
    REP_FLAG_CALIBRATED, /* a site says its data are, not inventoried */
    REP_FLAG_IDENTITY,   /* an accounting identity does not hold */
    REP_FLAG_NO_ENERGY,  /* operation not known at all */
    REP_FLAG_BASIS,      /* ratios on another basis than life cycle */
    REP_FLAG_BASIS_MIXED,
    REP_FLAG_RUNNING,          /* the period is not over */
    REP_FLAG_EXCLUDED,         /* over 5 % left out */
    REP_FLAG_EXCLUDED_UNKNOWN, /* left out, and nobody knows how much */
    REP_FLAG_COVERAGE,         /* under 80 % of the service time has energy */
    REP_FLAG_ASSUMED,          /* inputs completed by rule */
    REP_FLAG_MODELS,           /* unknown models */
    REP_FLAG_AGES,             /* age unknown: share not computed from dates */
    REP_FLAG_STARTS,           /* start of service unknown */
    REP_FLAG_DISCREPANCY,      /* approaches more than a factor two apart */
    REP_FLAG_PUE,              /* PUE not given */
    REP_FLAGS
};
struct rep_flag {
    enum rep_flag_id id;
    const char *word;  /* "ratio_basis", borrowed for ever */
    const char *value; /* fixed word such as "unstated"; NULL */
    double number;     /* count, share or kg; NAN none */
    bool warn;         /* false: only to be known */
};
/* Units left out of the figures. */
uint64_t rep_excluded_units(const struct rep_year *y);
#define REP_COMPLETE_SHARE 0.05 /* [D] of METHOD 1.2 */
size_t rep_flags(const struct rep_year *y, struct rep_flag out[REP_FLAGS]);
/* The flag as a sentence, appended. */
void rep_put_flag(
        struct buf *b, enum ui_lang lang, const struct rep_year *y,
        const struct rep_flag *f);
/* One unit for fabrication and operation side by side: tonnes where both are
 * large enough to be read in them. */
enum ui_unit rep_pair_unit(double made_kg, double ran_kg);
/* The sentence that answers the three questions. */
void rep_put_sentence(
        struct buf *b, enum ui_lang lang, const struct rep_year *y);

/* ---- HTML pieces: html_*.c ------------------------------------------------
 */

/* h2 with its table number, "T2 \u00b7 Stock"; number NULL: none. */
void html_section(
        struct ui *u, const char *id, const char *number, enum ui_word w);
/* Cells. Each figure carries all its digits in a data-value attribute, so that
 * a machine can compare a page with the JSON document. Reasons may be NULL. */
void html_cell_q(
        struct ui *u, struct calc_q q, enum ui_unit unit, const char *reason);
void html_cell_v(struct ui *u, double v, enum ui_unit unit, const char *reason);
/* An interval without its value and unit, beside a column that has them. */
void html_cell_interval(struct ui *u, struct calc_q q);
/* Whole kilograms, for columns whose head names the unit. */
void html_cell_kg(struct ui *u, double kg, const char *reason);
/* Shown rounded (by largest remainder, say), exact in its attribute. */
void html_cell_shown(struct ui *u, double shown, double exact);
void html_cell_count(struct ui *u, uint64_t n);
/* English sentences and names of the model and the pack in the language of the
 * document; what is not in the catalogue stays as it is. */
const char *html_done(const struct ui *u, enum fac_done done);
const char *html_choice(const struct ui *u, const struct calc_choice *c);
/* "C" as it is, words for the others. */
const char *html_approach(const struct ui *u, enum calc_approach a);
/* The name of a factor; those that stand for many in words. */
const char *html_factor(const struct ui *u, const char *name);
const char *html_value(struct ui *u, double v, enum ui_unit unit);
struct calc_q html_point(double v);

/* The sentence and the two blocks; with_why links the derivations below. */
void html_year_first(struct ui *u, const struct rep_year *y, bool with_why);
void html_year_summary(struct ui *u, const struct rep_year *y);
void html_year_identity(struct ui *u, const struct rep_year *y);
void html_year_fleet(struct ui *u, const struct rep_year *y);
void html_year_fabrication(struct ui *u, const struct rep_year *y);
void html_year_stock(struct ui *u, const struct rep_year *y);
void html_year_embodied(struct ui *u, const struct rep_year *y);
void html_year_operation(struct ui *u, const struct rep_year *y);
void html_year_totals(struct ui *u, const struct rep_year *y);
void html_year_indicators(struct ui *u, const struct rep_year *y);
void html_year_rules(struct ui *u, const struct rep_year *y);
void html_year_frames(struct ui *u, const struct rep_year *y);
void html_year_outside(struct ui *u, const struct rep_year *y);
void html_year_quality(struct ui *u, const struct rep_year *y);
void html_year_factors(struct ui *u, const struct rep_year *y);
void html_year_why(struct ui *u, const struct rep_year *y);
/* Pictures, shared with the dashboard. */
void html_chart_kinds(struct ui *u, const struct rep_year *y);
void html_chart_pair(struct ui *u, const struct rep_year *y);
void html_chart_ages(struct ui *u, const struct rep_year *y);

#endif
