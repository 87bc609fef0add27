/* SPDX-License-Identifier: Apache-2.0
 * Boavizta environmental-footprint-data: makers' product footprints, in the
 * form with commas and points and in the one with ';' and decimal commas, with
 * the titles of 2021 and those of today. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

enum {
    C_MAKER,
    C_NAME,
    C_KIND,
    C_TOTAL,
    C_USE,
    C_LIFE,
    C_REGION,
    C_DATE,
    C_SOURCE,
    C_ERROR,
    C_MANUFACTURE,
    C_WEIGHT,
    C_DISKS,
    C_MEMORY,
    C_TRANSPORT,
    C_END,
    COLS
};

static const struct imp_sheet_col cols[COLS] = {
        {"manufacturer", "=manufacturer", true},
        {"name", "=name", true},
        {"subcategory", "=subcategory", true},
        {"gwp_total", "=gwp_total|=total_kgco2eq", true},
        {"gwp_use_ratio", "=gwp_use_ratio|=use", true},
        {"lifetime", "=lifetime", false},
        {"use_location", "=use_location", false},
        {"report_date", "=report_date|=date", false},
        {"sources", "=sources", false},
        {"gwp_error_ratio", "=gwp_error_ratio|=error", false},
        {"gwp_manufacturing_ratio", "=gwp_manufacturing_ratio|=manufacturing",
         false},
        {"weight", "=weight", false},
        {"hard_drive", "=hard_drive|=hdd_ssd", false},
        {"memory", "=memory|=ram", false},
        {"gwp_transport_ratio", "=gwp_transport_ratio", false},
        {"gwp_eol_ratio", "=gwp_eol_ratio", false},
};

static const struct wire_origin origin = {
        .set = "boavizta-pcf",
        .title = "Makers' product carbon footprints, Boavizta",
        .source = "Boavizta/environmental-footprint-data and the sheets it "
                  "lists",
        .licence = "ODbL 1.0 (contents DbCL 1.0)",
};

static const struct {
    const char *key;
    enum calc_category category;
} kinds[] = {
        {"server", CALC_SERVER},       {"storage", CALC_STORAGE},
        {"laptop", CALC_LAPTOP},       {"desktop", CALC_DESKTOP},
        {"thin_client", CALC_DESKTOP}, {"workstation", CALC_WORKSTATION},
        {"monitor", CALC_SCREEN_UNIT}, {"screen", CALC_SCREEN_UNIT},
        {"switch", CALC_SWITCH_UNIT},  {"router", CALC_SWITCH_UNIT},
};

static enum calc_category category_of(const char *kind)
{
    char key[60];

    text_key(kind ? kind : "", kind ? strlen(kind) : 0, key, sizeof key);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].key, key) == 0)
            return kinds[i].category;
    return CALC_OTHER_UNIT;
}

/* "November 2020", "Feb 2021", and what date_parse reads. */
static bool read_date(struct imp_sheet *s, struct date *out)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr",
                                         "may", "jun", "jul", "aug",
                                         "sep", "oct", "nov", "dec"};
    const char *cell = imp_sheet_cell(s, C_DATE);
    const char *year = cell ? strrchr(cell, ' ') : NULL;
    char key[40];
    struct date d;

    if (!cell)
        return true;
    if (date_parse(cell, strlen(cell), &d, NULL)) {
        *out = d;
        return true;
    }
    if (!year || !date_parse(year + 1, strlen(year + 1), &d, NULL))
        return false;
    text_key(cell, (size_t)(year - cell), key, sizeof key);
    for (size_t i = 0; i < 12; i++)
        if (strncmp(key, months[i], 3) == 0)
            d.month = (uint8_t)(i + 1);
    *out = d;
    return d.month != 0;
}

static bool unknown(const char *cell)
{
    return !cell || text_same(cell, "N/A") || strcmp(cell, "-") == 0;
}

/* A number that may be missing; one that cannot be so is left out. */
static bool
number(struct imp_sheet *s, int col, double low, double high, double *out,
       struct err *why)
{
    *out = NAN;
    if (unknown(imp_sheet_cell(s, col)))
        return true;
    if (!imp_sheet_number(s, col, out, why))
        return false;
    if (!(*out > low && *out <= high))
        *out = NAN;
    return true;
}

/* "0,1500", "15.00%"; none and 0 stand for not known. A share above the whole
 * is a mistake of the row. */
static bool ratio(struct imp_sheet *s, int col, double *out, struct err *why)
{
    const char *cell = imp_sheet_cell(s, col);
    enum num_style style =
            s->dialect->decimal_comma && cell && strchr(cell, ',') ? NUM_COMMA
                                                                   : NUM_POINT;
    size_t n = cell ? strlen(cell) : 0;
    bool percent = n && cell[n - 1] == '%';
    double v;

    *out = NAN;
    if (unknown(cell))
        return true;
    if (!num_parse(cell, n - percent, style, &v, why))
        return false;
    v = percent ? v / 100 : v;
    if (v < -1 || v > 1)
        return err_set(why, ERR_INVALID, "expected a share of 0 to 1");
    if (v > 0 || v < 0)
        *out = v;
    return true;
}

static bool shares(struct imp_sheet *s, struct wire_factor *f, struct err *why)
{
    double total = f->value[CALC_GWP], use, make, move, end;

    if (!ratio(s, C_USE, &use, why) || !ratio(s, C_MANUFACTURE, &make, why) ||
        !ratio(s, C_TRANSPORT, &move, why) || !ratio(s, C_END, &end, why) ||
        !ratio(s, C_ERROR, &f->err_frac, why))
        return false;
    if (use < 0 || make < 0 || move < 0 || f->err_frac < 0)
        return err_set(why, ERR_INVALID, "expected a share of 0 to 1");
    /* A sheet that is all use, or none, does not tell its use [2.2]. */
    f->use_kg = use < 1 ? total * use : NAN;
    f->manufacture_kg = total * make;
    f->transport_kg = total * move;
    f->end_of_life_kg = total * end;
    return true;
}

static bool texts(struct imp_sheet *s, struct wire_factor *f, struct err *why)
{
    const char *kind;

    if (!imp_sheet_text(s, C_MAKER, &f->maker, why) ||
        !imp_sheet_text(s, C_NAME, &f->model, why) ||
        !imp_sheet_text(s, C_KIND, &kind, why) ||
        !imp_sheet_text(s, C_REGION, &f->region, why) ||
        !imp_sheet_text(s, C_DISKS, &f->disks, why) ||
        !imp_sheet_text(s, C_MEMORY, &f->memory, why))
        return false;
    f->source = imp_sheet_cell(s, C_SOURCE);
    f->category = category_of(kind);
    f->has_category = true;
    return true;
}

/* Rows of one model differ by configuration and date. */
static const char *variant_of(struct imp_sheet *s, const struct wire_factor *f)
{
    char date[DATE_TEXT];

    date_print(f->report_on, date);
    return arena_printf(
            &s->line, "%s|%s|%s",
            f->disks ? imp_cut(&s->line, f->disks, 90) : "",
            f->memory ? imp_cut(&s->line, f->memory, 60) : "", date);
}

static bool
read_row(struct imp_sheet *s, struct wire_factor *f, struct err *why)
{
    if (!texts(s, f, why) || !shares(s, f, why) ||
        !number(s, C_LIFE, 0, 50, &f->life_y, why) ||
        !number(s, C_WEIGHT, 0, 5000, &f->mass_kg, why))
        return false;
    if (!read_date(s, &f->report_on))
        imp_say(s->sink, s->place, "'%.40s' is no date, taken as unknown",
                imp_sheet_cell(s, C_DATE));
    f->variant = variant_of(s, f);
    return true;
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    uint64_t *without = s->ctx;
    struct wire_factor f = imp_factor_of(&origin);
    struct err why = {0};

    f.unit = "kg/unit";
    f.boundary =
            WIRE_MANUFACTURE | WIRE_TRANSPORT | WIRE_USE | WIRE_END_OF_LIFE;
    f.place = s->place;
    if (!number(s, C_TOTAL, 0, 1e9, &f.value[CALC_GWP], &why))
        return imp_sheet_refuse(s, &why, err);
    if (isnan(f.value[CALC_GWP])) {
        ++*without;
        return true;
    }
    if (!read_row(s, &f, &why))
        return imp_sheet_refuse(s, &why, err);
    return imp_factor(s->sink, &f, err);
}

static bool
bcsv_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    uint64_t without = 0;
    struct imp_sheet s = {
            .sink = sink,
            .cols = cols,
            .n_cols = COLS,
            .row = on_row,
            .ctx = &without};

    if (!imp_sheet_read(&s, path, err))
        return false;
    if (without)
        imp_say(sink, imp_base_name(path),
                "%llu rows without a total are left out",
                (unsigned long long)without);
    return true;
}

static int bcsv_recognise(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, cols, COLS) ? 97 : 0;
}

const struct imp_format imp_boavizta_csv = {
        .name = "boavizta-pcf",
        .what = "Boavizta environmental-footprint-data, CSV of either form",
        .recognise = bcsv_recognise,
        .read = bcsv_read,
};
