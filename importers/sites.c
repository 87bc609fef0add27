/* SPDX-License-Identifier: Apache-2.0
 * Lines of sites.csv, and names of countries as their codes. */
#include "importers/csv_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static const struct country {
    const char *iso2, *iso3, *names; /* text_key, parted by blanks */
} countries[] = {
#define COUNTRY(iso2, iso3, names) {#iso2, #iso3, names},
#include "importers/countries.def"
#undef COUNTRY
};

static bool has_name(const char *names, const char *key)
{
    size_t len = strlen(key);

    for (const char *p = names; *p;) {
        size_t n = strcspn(p, " ");

        if (n == len && memcmp(p, key, n) == 0)
            return true;
        p += n + (p[n] == ' ' ? 1 : 0);
    }
    return false;
}

const char *imp_country(const char *text)
{
    char key[64];

    text_key(text, strlen(text), key, sizeof key);
    if (!key[0])
        return NULL;
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++) {
        const struct country *c = &countries[i];

        if (text_same(key, c->iso3) || text_same(key, c->iso2) ||
            has_name(c->names, key))
            return c->iso3;
    }
    return NULL;
}

static bool read_country(struct csv_line *l, const char **out, struct err *err)
{
    const char *s = NULL;

    if (!csv_text(l, COL_COUNTRY, &s, err))
        return false;
    if (!s)
        return true;
    *out = imp_country(s);
    if (!*out)
        return err_set(
                err, ERR_INVALID,
                "no country known by that name, expected an ISO 3166 code "
                "such as FRA");
    return true;
}

static bool read_timezone(struct csv_line *l, const char **out, struct err *err)
{
    const struct tz *tz;

    return csv_text(l, COL_TIMEZONE, out, err) &&
           (!*out || tz_load(*out, &tz, err));
}

static bool read_grid(struct csv_line *l, struct wire_site *s, struct err *err)
{
    int kind = -1;

    if (!csv_number(l, COL_GRID_G, &s->grid_g, err) ||
        !csv_word(l, COL_GRID_KIND, csv_grid_kinds, &kind, err) ||
        !csv_text(l, COL_GRID_SOURCE, &s->grid_source, err) ||
        !csv_whole(l, COL_GRID_YEAR, &s->grid_year, err))
        return false;
    if (isnan(s->grid_g)) {
        l->col = COL_GRID_G;
        if (kind >= 0 || s->grid_source || s->grid_year)
            return err_set(
                    err, ERR_INVALID,
                    "grid_kind, grid_source and grid_year need grid_g");
        return true;
    }
    l->col = COL_GRID_SOURCE;
    if (!s->grid_source)
        return err_set(
                err, ERR_INVALID,
                "grid_g needs grid_source: where the figure "
                "comes from");
    s->has_grid_kind = true;
    s->grid_kind = kind < 0 ? CALC_UNSTATED : (enum calc_grid_kind)kind;
    return true;
}

struct wire_site csv_site_blank(const char *name, const char *place)
{
    return (struct wire_site){
            .name = name,
            .pue = NAN,
            .wue = NAN,
            .grid_g = NAN,
            .place = place};
}

bool csv_site_read(struct csv_line *l, struct wire_site *out, struct err *err)
{
    struct wire_site s = csv_site_blank(NULL, l->place);

    if (!csv_text(l, COL_NAME, &s.name, err))
        return false;
    if (!s.name)
        return err_set(err, ERR_INVALID, "a site needs a name");
    if (!read_country(l, &s.country, err) ||
        !read_timezone(l, &s.timezone, err) ||
        !csv_number(l, COL_PUE, &s.pue, err) ||
        !csv_number(l, COL_WUE, &s.wue, err) || !read_grid(l, &s, err) ||
        !csv_text(l, COL_NOTE, &s.note, err))
        return false;
    *out = s;
    return true;
}
