/* SPDX-License-Identifier: Apache-2.0
 * Documents in the format asked for: JSON, XML and CSV from one walk, HTML and
 * text from their own writers; machines are streamed, never held. */
#include "reports/write_priv.h"

#include <string.h>

#include "base/csv.h"
#include "base/text.h"

#define NS_YEAR "urn:fleetprint:year:1"
#define NS_MACHINE "urn:fleetprint:machine:1"

enum { SEAL_MAX = 64 * 1024 * 1024 };

bool rep_format_from(const char *word, enum rep_format *out)
{
    static const char *const words[] = {
            [REP_JSON] = "json", [REP_CSV] = "csv",   [REP_XML] = "xml",
            [REP_HTML] = "html", [REP_TEXT] = "text",
    };

    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (enum rep_format)i;
            return true;
        }
    return false;
}

/* ---- machines --------------------------------------------------------------
 */

static bool
machine_entry(void *ctx, const struct rep_machine_row *m, struct err *err)
{
    struct doc *d = ctx;

    walk_machine_row(d, m);
    if (d->out->failed && err)
        *err = d->out->err;
    return !d->out->failed;
}

/* In CSV machines are a table of their own, one row each: what a spreadsheet
 * sorts and filters. */
static void machine_csv_head(struct out *o)
{
    static const char *const heads[] = {
            "tag",
            "category",
            "units",
            "status",
            "approach",
            "gross_kg",
            "gross_kg_low",
            "gross_kg_high",
            "own_kg",
            "charge_kg",
            "kwh",
            "operation_kg",
            "operation_kg_low",
            "operation_kg_high",
            "tier",
            "unknown_model",
            "measured_kwh",
            "filled_kwh",
            "coverage",
            "estimated"};

    csv_end_row(o);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_cell(o, heads[i], i == 0);
    for (int k = 0; k < CALC_KINDS; k++) {
        char head[32];

        snprintf(head, sizeof head, "%s_kg", calc_kind_word((enum calc_kind)k));
        csv_cell(o, head, false);
    }
    csv_end_row(o);
}

static bool
machine_csv(void *ctx, const struct rep_machine_row *m, struct err *err)
{
    struct out *o = ctx;
    bool known = isfinite(m->gross_kg.value);

    csv_cell(o, m->tag, true);
    csv_cell(o, calc_category_word(m->category), false);
    csv_cell_num(o, m->units, false);
    csv_cell(o, calc_status_word(m->status), false);
    csv_cell(o, calc_approach_word(m->approach), false);
    csv_cell_num(o, m->gross_kg.value, false);
    csv_cell_num(o, m->gross_kg.low, false);
    csv_cell_num(o, m->gross_kg.high, false);
    csv_cell_num(o, m->own_kg, false);
    csv_cell_num(o, m->charge_kg, false);
    csv_cell_num(o, m->kwh, false);
    csv_cell_num(o, m->operation_kg.value, false);
    csv_cell_num(o, m->operation_kg.low, false);
    csv_cell_num(o, m->operation_kg.high, false);
    csv_cell(o, calc_tier_word(m->tier), false);
    csv_cell(o, m->flags & FAC_UNKNOWN_MODEL ? "true" : "false", false);
    csv_cell_num(o, m->measured_kwh, false);
    csv_cell_num(o, m->filled_kwh, false);
    csv_cell_num(o, m->coverage, false);
    csv_cell(o, m->coverage < REP_COVERED ? "true" : "false", false);
    for (int k = 0; k < CALC_KINDS; k++)
        csv_cell_num(o, known ? m->kind_kg[k] : NAN, false);
    csv_end_row(o);
    if (o->failed && err)
        *err = o->err;
    return !o->failed;
}

static bool
machines(struct doc *d, const struct rep_writing *w, struct err *err)
{
    bool ok;

    if (d->format == REP_CSV) {
        machine_csv_head(d->out);
        return rep_year_machines(
                w->db, w->pack, w->options, machine_csv, d->out, err);
    }
    doc_list(d, "machines");
    ok = rep_year_machines(w->db, w->pack, w->options, machine_entry, d, err);
    doc_list_end(d);
    return ok;
}

/* ---- the yearly document
 * ------------------------------------------------------ */

static bool write_year_doc(
        const struct rep_year *y, const struct rep_writing *w, struct out *out,
        struct err *err)
{
    struct doc d;
    bool ok;

    doc_begin(&d, w->format, out, "report", NS_YEAR);
    walk_year(&d, y, true);
    ok = !w->db || machines(&d, w, err);
    /* Close what is open in any case; the first error is the one told. */
    return doc_end(&d, ok ? err : NULL) && ok;
}

bool rep_year_write(
        const struct rep_year *y, const struct rep_writing *w, struct out *out,
        struct err *err)
{
    switch (w->format) {
    case REP_HTML:
        return write_year_html(y, w, out, err);
    case REP_TEXT:
        return write_year_text(y, w, out, err);
    case REP_JSON:
    case REP_CSV:
    case REP_XML:
        break;
    }
    return write_year_doc(y, w, out, err);
}

bool rep_machine_write(
        const struct rep_machine *m, const struct rep_writing *w,
        struct out *out, struct err *err)
{
    struct doc d;

    if (w->format == REP_HTML)
        return write_machine_html(m, w, out, err);
    if (w->format == REP_TEXT)
        return write_machine_text(m, w, out, err);
    doc_begin(&d, w->format, out, "machine", NS_MACHINE);
    walk_machine(&d, m);
    return doc_end(&d, err);
}

bool rep_year_seal(struct rep_year *y, struct err *err)
{
    struct buf text;
    struct out out;
    struct doc d;
    bool ok = false;

    buf_init(&text, SEAL_MAX);
    out_to_buf(&out, &text);
    doc_begin(&d, REP_JSON, &out, "report", NS_YEAR);
    walk_year(&d, y, false);
    if (!doc_end(&d, err))
        goto done;
    text_sha256(text.p, text.len, y->sha256);
    ok = true;
done:
    buf_clear(&text);
    return ok;
}
