/* SPDX-License-Identifier: Apache-2.0
 * One line of the own CSV template as a machine, a lot or a lot of parts. */
#include "importers/csv_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

/* "column: value; ..." of the columns that are none of ours. */
static const char *
extra_notes(struct csv_line *l, const struct csv_extra *extra, const char *note)
{
    const char *donor = csv_cell_of(l, COL_DONOR);
    struct buf b;
    const char *out = note;

    buf_init(&b, 4 * WIRE_MAX_NOTE);
    if (note)
        buf_str(&b, note);
    if (donor)
        buf_printf(&b, "%sdonor: %s", b.len ? "; " : "", donor);
    for (size_t i = 0; i < extra->n && i < extra->row->n; i++) {
        if (extra->titles[i] && extra->row->fields[i].len > 0)
            buf_printf(
                    &b, "%s%s: %s", b.len ? "; " : "", extra->titles[i],
                    extra->row->fields[i].p);
    }
    if (extra->more)
        buf_printf(&b, "%s%s", b.len ? "; " : "", extra->more);
    if (b.over || imp_text_chars(buf_text(&b)) > WIRE_MAX_NOTE)
        csv_warn(
                l,
                "unknown columns make a note of more than %d characters, "
                "they are left out",
                (int)WIRE_MAX_NOTE);
    else if (b.len > 0)
        out = arena_strn(l->arena, b.p, b.len);
    buf_clear(&b);
    return out;
}

/* The last row of a spreadsheet: a word for a sum, and no category. */
static bool totals_row(struct csv_line *l, const char *tag)
{
    static const char *const words[] = {"total",       "totals",  "totaux",
                                        "grand_total", "somme",   "sum",
                                        "sous_total",  "subtotal"};
    char key[20] = "";

    if (!tag || strlen(tag) >= sizeof key || csv_cell_of(l, COL_CATEGORY))
        return false;
    l->col = COL_TAG;
    text_key(tag, strlen(tag), key, sizeof key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i]) == 0)
            return true;
    return false;
}

/* 4C4C4544-0036-3510-8052-B4C04F4D3132, perhaps in braces or without its
 * hyphens. */
static bool read_uuid(struct csv_line *l, const char **out, struct err *err)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    const char *s = NULL;
    size_t len, from;
    bool ok;

    if (!csv_text(l, COL_UUID, &s, err))
        return false;
    if (!s || csv_says_unknown(s))
        return true;
    len = strlen(s);
    from = s[0] == '{' && s[len - 1] == '}' ? 1 : 0;
    len -= 2 * from;
    s = from ? arena_strn(l->arena, s + 1, len) : s;
    ok = (len == 32 || len == 36) && strspn(s, hex) == (len == 32 ? 32 : 8);
    for (size_t i = 8; ok && len == 36 && i < 36; i++)
        ok = i == 8 || i == 13 || i == 18 || i == 23
                     ? s[i] == '-'
                     : strchr(hex, s[i]) != NULL;
    if (!ok)
        return err_set(
                err, ERR_INVALID,
                "not a UUID, expected 8-4-4-4-12 hexadecimal digits, or ? when "
                "it is not known");
    *out = s;
    return true;
}

static bool
read_texts(struct csv_line *l, struct wire_machine *m, struct err *err)
{
    if (!csv_text(l, COL_TAG, &m->tag, err) ||
        !csv_text(l, COL_NAME, &m->name, err) ||
        !csv_text(l, COL_SERIAL, &m->serial, err) ||
        !read_uuid(l, &m->uuid, err) ||
        !csv_text(l, COL_MANUFACTURER, &m->manufacturer, err) ||
        !csv_text(l, COL_MODEL, &m->product, err) ||
        !csv_text(l, COL_SITE, &m->site, err) ||
        !csv_text(l, COL_PROJECT, &m->project, err) ||
        !csv_text(l, COL_DONOR, &(const char *){NULL}, err) ||
        !csv_text(l, COL_NOTE, &m->note, err) ||
        !csv_text(l, COL_FABRICATION_SOURCE, &m->fabrication_source, err))
        return false;
    /* A name stands for the tag unless something surer tells which machine it
     * is: two machines may bear one name. */
    if (!m->tag && !(m->uuid && !wire_placeholder(m->uuid)) &&
        !(m->serial && m->manufacturer && !wire_placeholder(m->serial)))
        m->tag = m->name;
    l->col = COL_TAG;
    if (!m->tag && !m->serial && !m->uuid)
        return err_set(
                err, ERR_INVALID,
                "nothing tells this line apart, expected a tag, name, serial "
                "or uuid");
    if (totals_row(l, m->tag ? m->tag : m->name))
        return err_set(
                err, ERR_INVALID,
                "looks like a row of totals, which would count the fleet "
                "twice; leave it out or give it a category");
    return true;
}

static bool
read_dates(struct csv_line *l, struct wire_machine *m, struct err *err)
{
    return csv_date(l, COL_MANUFACTURED_ON, &m->manufactured_on, err) &&
           csv_date(l, COL_ACQUIRED_ON, &m->acquired_on, err) &&
           csv_date(l, COL_IN_SERVICE_ON, &m->in_service_on, err) &&
           csv_date(l, COL_WARRANTY_END, &m->warranty_end, err) &&
           csv_date(l, COL_RETIRED_ON, &m->exit_on, err) &&
           csv_dates_in_order(l, m, err);
}

static bool
read_numbers(struct csv_line *l, struct wire_machine *m, struct err *err)
{
    int units = 1;

    if (!csv_whole(l, COL_QUANTITY, &units, err) ||
        !csv_number(l, COL_PRICE_EUR, &m->price_eur, err) ||
        !csv_number(l, COL_MASS_KG, &m->mass_kg, err) ||
        !csv_number(l, COL_POWER_W, &m->power_w, err) ||
        !csv_number(l, COL_IDLE_W, &m->idle_w, err) ||
        !csv_number(l, COL_MAX_W, &m->max_w, err) ||
        !csv_number(l, COL_ENERGY_KWH_YEAR, &m->energy_kwh_year, err) ||
        !csv_number(l, COL_FABRICATION_KG, &m->fabrication_kg, err))
        return false;
    m->units = (uint32_t)units;
    m->has_units = csv_cell_of(l, COL_QUANTITY) != NULL;
    if (!isnan(m->fabrication_kg) && !m->fabrication_source) {
        l->col = COL_FABRICATION_KG;
        return err_set(
                err, ERR_INVALID,
                "fabrication_kg needs fabrication_source: "
                "where the figure comes from");
    }
    return true;
}

static bool is_exit(enum calc_status s)
{
    return s == CALC_RETIRED || s == CALC_GIVEN || s == CALC_RECYCLED ||
           s == CALC_REFUSED;
}

static bool
read_status(struct csv_line *l, struct wire_machine *m, struct err *err)
{
    int status = -1;

    if (!csv_word(l, COL_STATUS, csv_statuses, &status, err))
        return false;
    if (date_known(m->exit_on) &&
        (status < 0 || !is_exit((enum calc_status)status))) {
        if (status >= 0)
            csv_warn(
                    l,
                    "status %s with retired_on: taken as retired on that "
                    "date",
                    calc_status_word((enum calc_status)status));
        status = CALC_RETIRED;
    }
    if (status < 0)
        return true;
    m->has_status = true;
    m->status = (enum calc_status)status;
    if (is_exit(m->status) && !date_known(m->exit_on))
        csv_warn(
                l, "status %s without retired_on: counted as gone since ever",
                calc_status_word(m->status));
    return true;
}

/* A line without category: what its case says, else "other" [D]. */
static enum calc_category guess_category(
        struct csv_line *l, const struct wire_machine *m,
        const struct csv_parts *p)
{
    enum calc_category c = CALC_OTHER_UNIT;
    bool computes = !(p->unknown_kinds & 1u << CALC_CPU) ||
                    !(p->unknown_kinds & 1u << CALC_RAM);

    if ((m->chassis == CALC_RACK || m->chassis == CALC_BLADE) && computes)
        c = CALC_SERVER;
    else if (m->chassis == CALC_LAPTOP_CASE)
        c = CALC_LAPTOP;
    else if (m->chassis == CALC_DESKTOP_CASE)
        c = CALC_DESKTOP;
    if (!l->quiet)
        csv_warn(l, "no category, taken as %s", calc_category_word(c));
    return c;
}

static void take_parts(struct wire_machine *m, struct csv_parts *p)
{
    m->parts = p->items;
    m->n_parts = p->n;
    m->unknown_kinds = p->unknown_kinds;
    m->cpu_count = p->cpu_count;
    m->cpu_cores = p->cpu_cores;
}

/* A screen or a switch is no computer: what it holds is itself. */
static bool read_plain_unit(
        struct csv_line *l, struct csv_parts *p, struct wire_machine *m,
        struct err *err)
{
    if (!csv_parts_read(l, p, err))
        return false;
    p->unknown_kinds = 0;
    for (size_t i = 0; i < p->n;) {
        if (p->items[i].kind == CALC_SCREEN && m->category == CALC_SCREEN_UNIT)
            p->items[i] = p->items[--p->n];
        else
            i++;
    }
    take_parts(m, p);
    return true;
}

static bool read_parts(
        struct csv_line *l, int category, struct csv_parts *p,
        struct wire_machine *m, struct err *err)
{
    if (category >= CSV_KIND) {
        m->has_category = true;
        m->category = CALC_PART_LOT;
        if (!csv_lot_part_read(
                    l, (enum calc_kind)(category - CSV_KIND), p, err))
            return false;
        take_parts(m, p);
        return true;
    }
    if (category >= 0) {
        m->has_category = true;
        m->category = (enum calc_category)category;
        if (!calc_is_computer(m->category) && m->category != CALC_STORAGE &&
            m->category != CALC_OTHER_UNIT)
            return read_plain_unit(l, p, m, err);
    }
    if (!csv_parts_read(l, p, err))
        return false;
    take_parts(m, p);
    if (category < 0)
        m->category = guess_category(l, m, p);
    return true;
}

bool csv_machine_read(
        struct csv_line *l, const struct csv_extra *extra, struct csv_parts *p,
        struct wire_machine *out, struct err *err)
{
    int category = -1, chassis = CALC_CHASSIS_UNKNOWN;
    int acquisition = CALC_ACQUISITION_UNKNOWN, of_product;

    *out = (struct wire_machine){
            .units = 1,
            .is_virtual = -1,
            .price_eur = NAN,
            .mass_kg = NAN,
            .power_w = NAN,
            .idle_w = NAN,
            .max_w = NAN,
            .energy_kwh_year = NAN,
            .fabrication_kg = NAN,
            .cpu_count = -1,
            .cpu_cores = -1,
            .place = l->place};
    if (!read_texts(l, out, err) || !read_dates(l, out, err) ||
        !read_numbers(l, out, err) || !read_status(l, out, err) ||
        !csv_word(l, COL_CATEGORY, csv_categories, &category, err) ||
        !csv_word(l, COL_CHASSIS, csv_chasses, &chassis, err) ||
        !csv_word(l, COL_ACQUISITION, csv_acquisitions, &acquisition, err))
        return false;
    of_product = csv_computer(csv_cell_of(l, COL_CATEGORY), out->product);
    if (of_product >= 0)
        category = of_product;
    out->chassis = (enum calc_chassis)chassis;
    out->acquisition = (enum calc_acquisition)acquisition;
    if (!read_parts(l, category, p, out, err))
        return false;
    out->note = extra_notes(l, extra, out->note);
    return true;
}
