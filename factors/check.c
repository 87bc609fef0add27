/* SPDX-License-Identifier: Apache-2.0
 * The rules that a factor or a footprint of the user must keep. */
#include <string.h>

#include "base/text.h"
#include "factors/factors_priv.h"

static bool
rule(const char **column, const char *name, struct err *err, const char *text)
{
    *column = name;
    return err_set(err, ERR_INVALID, "%s", text);
}

static size_t chars(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool plain(const char *s, size_t max)
{
    if (!s)
        return true;
    if (chars(s) > max || !text_utf8_ok(s, strlen(s)))
        return false;
    for (; *s; s++)
        if ((unsigned char)*s < ' ' || *s == 0x7F)
            return false;
    return true;
}

static bool filled(const char *s, size_t max)
{
    return s && *s && plain(s, max);
}

bool fac_origin_check(
        const struct wire_origin *o, const char **column, struct err *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    static const char more[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789-._+";

    if (!filled(o->set, WIRE_MAX_SET) ||
        o->set[strspn(o->set, letters)] != '\0')
        return rule(
                column, "set", err,
                "expected a set id of at most 40 small letters, digits, '-' "
                "and '.'");
    if (o->version && (!filled(o->version, WIRE_MAX_SET) ||
                       o->version[strspn(o->version, more)] != '\0'))
        return rule(
                column, "version", err,
                "expected a version of at most 40 letters, digits, '-', '.', "
                "'_' and '+'");
    if (!filled(o->source, WIRE_MAX_SOURCE))
        return rule(
                column, "source", err,
                "expected a source of at most 1000 characters");
    if (!filled(o->licence, WIRE_MAX_TEXT) || !plain(o->title, WIRE_MAX_TEXT))
        return rule(
                column, "licence", err,
                "expected a licence of at most 200 characters");
    return true;
}

static bool
texts_hold(const struct wire_factor *f, const char **column, struct err *err)
{
    const struct {
        const char *name, *text;
        size_t max;
    } texts[] = {
            {"key", f->key, WIRE_MAX_TEXT},
            {"name", f->name, WIRE_MAX_TEXT},
            {"manufacturer", f->maker, WIRE_MAX_TEXT},
            {"model", f->model, WIRE_MAX_TEXT},
            {"variant", f->variant, WIRE_MAX_TEXT},
            {"region", f->region, WIRE_MAX_TEXT},
            {"disks", f->disks, WIRE_MAX_TEXT},
            {"memory", f->memory, WIRE_MAX_TEXT},
            {"source", f->source, WIRE_MAX_SOURCE},
            {"note", f->note, WIRE_MAX_NOTE},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!plain(texts[i].text, texts[i].max))
            return rule(
                    column, texts[i].name, err,
                    "too long, or holds control characters");
    if (!filled(f->unit, WIRE_MAX_TEXT))
        return rule(column, "unit", err, "expected a unit such as kg/unit");
    if (f->key)
        return *f->key || rule(column, "key", err, "expected a key");
    if (!filled(f->maker, WIRE_MAX_TEXT))
        return rule(column, "manufacturer", err, "expected a maker's name");
    if (!filled(f->model, WIRE_MAX_TEXT))
        return rule(column, "model", err, "expected a model's name");
    if (!f->has_category || f->category >= CALC_PART_LOT)
        return rule(column, "category", err, "expected a kind of product");
    return true;
}

/* NAN passes: a comparison with it is false. */
static bool outside(double v, double low, double high)
{
    return v < low || v > high || isinf(v);
}

static bool
values_hold(const struct wire_factor *f, const char **column, struct err *err)
{
    static const char *const names[CALC_CRITERIA] = {"gwp", "adp", "pe"};
    bool any = false;

    for (int c = 0; c < CALC_CRITERIA; c++) {
        any = any || !isnan(f->value[c]);
        if (outside(f->value[c], -1e12, 1e12) ||
            outside(f->low[c], -1e12, 1e12) || outside(f->high[c], -1e12, 1e12))
            return rule(column, names[c], err, "expected a number within 1e12");
        if (f->low[c] > f->value[c] || f->high[c] < f->value[c])
            return rule(
                    column, names[c], err,
                    "expected a value within its own range");
    }
    if (!any)
        return rule(column, "gwp", err, "expected a value");
    if (outside(f->life_y, 0, 200) || f->boundary > 15)
        return rule(column, "lifetime", err, "expected 0 to 200 years");
    return true;
}

static bool
product_holds(const struct wire_factor *f, const char **column, struct err *err)
{
    double total = f->value[CALC_GWP];

    if (!(total > 0 && total <= 1e6))
        return rule(
                column, "gwp_total", err,
                "expected more than 0 and at most 1000000 kg");
    if (outside(f->use_kg, 0, total))
        return rule(
                column, "gwp_use_ratio", err, "expected less than the total");
    if (outside(f->manufacture_kg, 0, total) ||
        outside(f->transport_kg, 0, total) ||
        outside(f->end_of_life_kg, -total, total))
        return rule(
                column, "gwp_manufacturing_ratio", err,
                "expected the total at most");
    if (outside(f->err_frac, 1e-9, 10))
        return rule(column, "gwp_error_ratio", err, "expected more than 0");
    if (f->life_y <= 0 || outside(f->life_y, 0, 50))
        return rule(column, "lifetime", err, "expected at most 50 years");
    if (f->mass_kg <= 0 || outside(f->mass_kg, 0, 1e5))
        return rule(column, "weight", err, "expected more than 0 kg");
    return true;
}

bool fac_wire_check(
        const struct wire_factor *f, const char **column, struct err *err)
{
    return fac_origin_check(&f->origin, column, err) &&
           texts_hold(f, column, err) && values_hold(f, column, err) &&
           (f->key || product_holds(f, column, err));
}
