/* SPDX-License-Identifier: Apache-2.0
 * Yearly carbon intensity of Ember: Our World in Data's long table, its wide
 * energy table, and Ember's own long release. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "importers/figures_priv.h"

enum { C_ENTITY, C_CODE, C_YEAR, C_G, C_VARIABLE, C_UNIT, C_VALUE, COLS };

/* The title of the value changes from edition to edition. Ember's own release
 * has one line for each quantity. */
static const struct imp_sheet_col owid[COLS] = {
        {"Entity", "=entity|=country|=area", true},
        {"Code", "=code|=iso_code|iso_3", false},
        {"Year", "=year", true},
        {"Carbon intensity", "carbon_intensity", true},
        {"Variable", "=variable", false},
        {"Unit", "=unit", false},
        {"Value", "=value", false},
};
static const struct imp_sheet_col release[COLS] = {
        {"Area", "=entity|=country|=area", true},
        {"ISO 3 code", "=code|=iso_code|iso_3", false},
        {"Year", "=year", true},
        {"Carbon intensity", "carbon_intensity", false},
        {"Variable", "=variable", true},
        {"Unit", "=unit", true},
        {"Value", "=value", true},
};

struct ember {
    bool long_release;
    struct wire_origin origin;
    unsigned zeros; /* values of 0, which no life cycle has */
};

/* Codes of Our World in Data that are no ISO codes; regions have none and are
 * known by name. */
static const char *zone_of(const char *code, const char *entity)
{
    if (!code)
        return entity;
    if (strcmp(code, "OWID_WRL") == 0)
        return "WLD";
    if (text_starts(code, "OWID_"))
        return imp_country(entity) ? imp_country(entity) : entity;
    return imp_zone(code);
}

static bool read_row(struct imp_sheet *s, struct wire_grid *g, struct err *why)
{
    const struct ember *e = s->ctx;
    const char *entity, *code, *cell;
    int64_t year;

    if (!imp_sheet_text(s, C_ENTITY, &entity, why) ||
        !imp_sheet_text(s, C_CODE, &code, why))
        return false;
    if (!entity) {
        s->col = C_ENTITY;
        return err_set(why, ERR_INVALID, "expected the name of a country");
    }
    cell = imp_sheet_cell(s, C_YEAR);
    if (!num_parse_int(
                cell ? cell : "", cell ? strlen(cell) : 0, 1990, 2200, &year,
                why))
        return err_set(why, ERR_INVALID, "expected a year from 1990 to 2200");
    if (!imp_sheet_number(
                s, e->long_release ? C_VALUE : C_G, &g->g_per_kwh, why))
        return false;
    g->zone = zone_of(code, entity);
    g->zone_name = entity;
    g->from_s = imp_year_start_s((int)year);
    g->to_s = imp_year_start_s((int)year + 1);
    return true;
}

/* Other quantities of the long release are passed over. */
static bool is_intensity(struct imp_sheet *s)
{
    const char *variable = imp_sheet_cell(s, C_VARIABLE);
    const char *unit = imp_sheet_cell(s, C_UNIT);
    char key[40];

    if (!variable || !text_same(variable, "CO2 intensity"))
        return false;
    text_key(unit ? unit : "", unit ? strlen(unit) : 0, key, sizeof key);
    return strcmp(key, "gco2_kwh") == 0 || strcmp(key, "gco2e_kwh") == 0 ||
           strcmp(key, "gco2_per_kwh") == 0;
}

static bool on_row(struct imp_sheet *s, struct err *err)
{
    struct ember *e = s->ctx;
    struct wire_grid g = {
            .origin = e->origin,
            .kind = WIRE_GRID_LIFE_CYCLE,
            .basis = WIRE_GENERATION,
            .place = s->place};
    struct err why = {0};

    if (e->long_release && !is_intensity(s))
        return true;
    if (!read_row(s, &g, &why))
        return imp_sheet_refuse(s, &why, err);
    if (g.g_per_kwh <= 0.0)
        e->zeros++;
    /* The wide table has a line for every country and year, known or not. */
    return isnan(g.g_per_kwh) || imp_grid(s->sink, &g, err);
}

static bool
read_as(const char *path, const struct wire_sink *sink, bool long_release,
        struct err *err)
{
    struct ember e = {
            .long_release = long_release,
            .origin = {
                    .set = long_release ? "ember" : "ember-owid",
                    .title = "Carbon intensity of electricity by country and "
                             "year",
                    .source = long_release ? "Ember"
                                           : "Ember, via Our World in Data",
                    .licence = "CC BY 4.0"}};
    struct imp_sheet s = {
            .sink = sink,
            .cols = long_release ? release : owid,
            .n_cols = COLS,
            .row = on_row,
            .ctx = &e};

    if (!imp_sheet_read(&s, path, err))
        return false;
    if (e.zeros)
        imp_say(sink, imp_base_name(path),
                "%u values of 0 g/kWh: no life cycle has that, the source "
                "rounded or has a hole there",
                e.zeros);
    return true;
}

static bool
read_owid(const char *path, const struct wire_sink *sink, struct err *err)
{
    return read_as(path, sink, false, err);
}

static bool
read_release(const char *path, const struct wire_sink *sink, struct err *err)
{
    return read_as(path, sink, true, err);
}

static int recognise_owid(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, owid, COLS) ? 96 : 0;
}

static int
recognise_release(const char *head, size_t len, const char *file_name)
{
    (void)file_name;
    return imp_sheet_is(head, len, release, COLS) ? 95 : 0;
}

const struct imp_format imp_ember_owid = {
        .name = "ember-owid",
        .what = "yearly carbon intensity of Our World in Data (Ember), CSV",
        .recognise = recognise_owid,
        .read = read_owid,
};

const struct imp_format imp_ember = {
        .name = "ember",
        .what = "yearly carbon intensity in Ember's own long table, CSV",
        .recognise = recognise_release,
        .read = read_release,
};
