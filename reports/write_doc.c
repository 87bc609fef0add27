/* SPDX-License-Identifier: Apache-2.0
 * One document in three formats: the same calls write JSON members, XML
 * elements or CSV rows. */
#include "reports/write_priv.h"

#include "base/csv.h"

static const char *const units[DOC_UNITS] = {
        [DOC_NONE] = "",
        [DOC_COUNT] = "count",
        [DOC_ONE] = "1",
        [DOC_KG] = "kg CO2e",
        [DOC_KG_SB] = "kg Sb eq",
        [DOC_MJ] = "MJ",
        [DOC_KWH] = "kWh",
        [DOC_W] = "W",
        [DOC_YEARS] = "y",
        [DOC_G_PER_KWH] = "g CO2e/kWh",
        [DOC_KG_PER_KWH] = "kg CO2e/kWh",
        [DOC_GIB] = "GiB",
        [DOC_TB] = "TB",
};

const char *doc_unit_text(enum doc_unit unit)
{
    CHECK(unit >= 0 && unit < DOC_UNITS);
    return units[unit];
}

static struct doc_place *here(struct doc *d)
{
    return &d->at[d->depth];
}

static struct doc_place *deeper(struct doc *d, const char *element)
{
    const struct doc_place *up = here(d);

    CHECK(d->depth + 1 < DOC_DEPTH);
    d->depth++;
    d->at[d->depth] = (struct doc_place){
            .element = element, .table = up->table, .row = up->row};
    return here(d);
}

static void up_again(struct doc *d)
{
    if (d->format == REP_XML)
        mk_end(d->mk, here(d)->element);
    d->depth--;
}

static void csv_head(struct doc *d)
{
    static const char *const heads[] = {"table", "row", "column", "value",
                                        "unit",  "low", "high"};

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_cell(d->out, heads[i], i == 0);
    csv_end_row(d->out);
}

void doc_begin(
        struct doc *d, enum rep_format format, struct out *out,
        const char *root, const char *ns)
{
    *d = (struct doc){.format = format, .out = out};
    d->at[0] = (struct doc_place){.element = root, .table = "document"};

    switch (format) {
    case REP_XML:
        d->mk = mk_open(out, MK_XML);
        mk_begin(d->mk, root);
        mk_attr(d->mk, "xmlns", ns);
        mk_attr(d->mk, "xmlns:xsi",
                "http://www.w3.org/2001/XMLSchema-instance");
        break;
    case REP_CSV:
        csv_head(d);
        break;
    default:
        json_out_init(&d->json, out, true);
        json_begin_obj(&d->json, NULL);
        break;
    }
}

bool doc_end(struct doc *d, struct err *err)
{
    CHECK(d->depth == 0);
    if (d->format == REP_XML) {
        mk_end(d->mk, here(d)->element);
        if (!mk_close(d->mk, err))
            return false;
    } else if (d->format == REP_JSON) {
        json_end_obj(&d->json);
    }
    return out_finish(d->out, err);
}

void doc_obj(struct doc *d, const char *key)
{
    bool top = d->depth == 0;
    struct doc_place *p = deeper(d, key);

    if (top)
        p->table = key;
    else
        p->row = key;
    if (d->format == REP_XML)
        mk_begin(d->mk, key);
    else if (d->format == REP_JSON)
        json_begin_obj(&d->json, key);
}

void doc_obj_end(struct doc *d)
{
    if (d->format == REP_JSON)
        json_end_obj(&d->json);
    up_again(d);
}

void doc_list(struct doc *d, const char *key)
{
    deeper(d, key)->table = key;
    if (d->format == REP_XML)
        mk_begin(d->mk, key);
    else if (d->format == REP_JSON)
        json_begin_arr(&d->json, key);
}

void doc_list_end(struct doc *d)
{
    if (d->format == REP_JSON)
        json_end_arr(&d->json);
    up_again(d);
}

void doc_row(struct doc *d, const char *label)
{
    deeper(d, "row")->row = label;
    if (d->format == REP_XML)
        mk_begin(d->mk, "row");
    else if (d->format == REP_JSON)
        json_begin_obj(&d->json, NULL);
}

void doc_row_end(struct doc *d)
{
    if (d->format == REP_JSON)
        json_end_obj(&d->json);
    up_again(d);
}

/* table, row, column: the first three cells of a CSV row. */
static void csv_name(struct doc *d, const char *key)
{
    const struct doc_place *p = here(d);

    csv_cell(d->out, p->table, true);
    csv_cell(d->out, p->row ? p->row : "", false);
    csv_cell(d->out, key, false);
}

static void csv_tail(struct doc *d, enum doc_unit unit, double low, double high)
{
    csv_cell(d->out, units[unit], false);
    csv_cell_num(d->out, low, false);
    csv_cell_num(d->out, high, false);
    csv_end_row(d->out);
}

static void
csv_word(struct doc *d, const char *key, const char *text, enum doc_unit unit)
{
    csv_name(d, key);
    csv_cell(d->out, text, false);
    csv_tail(d, unit, NAN, NAN);
}

/* An unknown is told as such, not left out and not made 0. */
static void xml_nil(struct doc *d, const char *key)
{
    mk_begin(d->mk, key);
    mk_attr(d->mk, "xsi:nil", "true");
    mk_end(d->mk, key);
}

void doc_str(struct doc *d, const char *key, const char *text)
{
    if (d->format == REP_JSON)
        json_str(&d->json, key, text);
    else if (d->format == REP_CSV)
        csv_word(d, key, text ? text : "", DOC_NONE);
    else if (text)
        mk_element(d->mk, key, text);
    else
        xml_nil(d, key);
}

void doc_bool(struct doc *d, const char *key, bool value)
{
    if (d->format == REP_JSON)
        json_bool(&d->json, key, value);
    else
        doc_str(d, key, value ? "true" : "false");
}

void doc_null(struct doc *d, const char *key)
{
    doc_str(d, key, NULL);
}

void doc_int(struct doc *d, const char *key, int64_t value)
{
    char text[NUM_TEXT];

    if (d->format == REP_JSON) {
        json_int(&d->json, key, value);
        return;
    }
    snprintf(text, sizeof text, "%lld", (long long)value);
    doc_str(d, key, text);
}

void doc_count(struct doc *d, const char *key, uint64_t value)
{
    char text[NUM_TEXT];

    CHECK(value <= INT64_MAX);
    if (d->format == REP_JSON) {
        json_int(&d->json, key, (int64_t)value);
        return;
    }
    snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    if (d->format == REP_CSV)
        csv_word(d, key, text, DOC_COUNT);
    else
        mk_element(d->mk, key, text);
}

void doc_num(struct doc *d, const char *key, double value, enum doc_unit unit)
{
    char text[NUM_TEXT];

    if (d->format == REP_JSON) {
        json_num(&d->json, key, value);
    } else if (d->format == REP_CSV) {
        csv_name(d, key);
        csv_cell_num(d->out, value, false);
        csv_tail(d, unit, NAN, NAN);
    } else if (isfinite(value)) {
        mk_element(d->mk, key, num_print(value, text));
    } else {
        xml_nil(d, key);
    }
}

static void xml_q(struct doc *d, const char *key, struct calc_q q)
{
    char text[NUM_TEXT];

    if (!isfinite(q.value)) {
        xml_nil(d, key);
        return;
    }
    mk_begin(d->mk, key);
    if (isfinite(q.low))
        mk_attr(d->mk, "low", num_print(q.low, text));
    if (isfinite(q.high))
        mk_attr(d->mk, "high", num_print(q.high, text));
    mk_text(d->mk, num_print(q.value, text));
    mk_end(d->mk, key);
}

void doc_q(struct doc *d, const char *key, struct calc_q q, enum doc_unit unit)
{
    if (d->format == REP_JSON) {
        json_begin_obj(&d->json, key);
        json_num(&d->json, "value", q.value);
        json_num(&d->json, "low", q.low);
        json_num(&d->json, "high", q.high);
        json_end_obj(&d->json);
    } else if (d->format == REP_CSV) {
        csv_name(d, key);
        csv_cell_num(d->out, q.value, false);
        csv_tail(d, unit, q.low, q.high);
    } else {
        xml_q(d, key, q);
    }
}

void doc_date(struct doc *d, const char *key, struct date date)
{
    char text[DATE_TEXT];

    doc_str(d, key, date_known(date) ? date_print(date, text) : NULL);
}
