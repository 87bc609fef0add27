/* SPDX-License-Identifier: Apache-2.0
 * Fields that a person says are not known after all ("power_w=?"). */
#include "inventory/change_priv.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static bool clear_num(double *v)
{
    bool had = !isnan(*v);

    *v = NAN;
    return had;
}

static bool clear_date(struct date *v)
{
    bool had = date_known(*v);

    *v = (struct date){0};
    return had;
}

static bool clear_text(const char **v)
{
    bool had = *v != NULL;

    *v = NULL;
    return had;
}

static bool clear_whole(int *v)
{
    bool had = *v >= 0;

    *v = -1;
    return had;
}

static bool clear_kind(struct change *c, enum calc_kind kind)
{
    struct inv_part_rows *p = &c->now_parts;
    bool had = !(c->now.unknown_kinds & 1u << kind);
    size_t n = 0;

    for (size_t i = 0; i < p->n; i++)
        if (p->items[i].kind != kind)
            p->items[n++] = p->items[i];
    had = had || n != p->n;
    p->n = n;
    c->now.unknown_kinds |= 1u << kind;
    return had;
}

struct place {
    enum inv_field f;
    size_t at; /* in struct inv_line */
};

/* Where the value of f is; NULL: not in that list. */
static void *place_of(
        struct inv_line *l, enum inv_field f, const struct place *list,
        size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].f == f)
            return (char *)l + list[i].at;
    return NULL;
}

static bool clear_any_num(struct inv_line *l, enum inv_field f, bool *had)
{
    static const struct place list[] = {
            {INV_F_POWER_W, offsetof(struct inv_line, power_w)},
            {INV_F_IDLE_W, offsetof(struct inv_line, idle_w)},
            {INV_F_MAX_W, offsetof(struct inv_line, max_w)},
            {INV_F_ENERGY_KWH_YEAR, offsetof(struct inv_line, energy_kwh_year)},
            {INV_F_PRICE_EUR, offsetof(struct inv_line, price_eur)},
            {INV_F_MASS_KG, offsetof(struct inv_line, mass_kg)}};
    double *v = place_of(l, f, list, sizeof list / sizeof *list);

    if (v)
        *had = clear_num(v);
    return v != NULL;
}

static bool clear_any_date(struct inv_line *l, enum inv_field f, bool *had)
{
    static const struct place list[] = {
            {INV_F_MANUFACTURED_ON, offsetof(struct inv_line, manufactured_on)},
            {INV_F_ACQUIRED_ON, offsetof(struct inv_line, acquired_on)},
            {INV_F_IN_SERVICE_ON, offsetof(struct inv_line, in_service_on)},
            {INV_F_WARRANTY_END, offsetof(struct inv_line, warranty_end)},
            {INV_F_RETIRED_ON, offsetof(struct inv_line, exit_on)}};
    struct date *v = place_of(l, f, list, sizeof list / sizeof *list);

    if (v)
        *had = clear_date(v);
    return v != NULL;
}

static bool clear_any_text(struct inv_line *l, enum inv_field f, bool *had)
{
    static const struct place list[] = {
            {INV_F_NAME, offsetof(struct inv_line, name)},
            {INV_F_SERIAL, offsetof(struct inv_line, serial)},
            {INV_F_UUID, offsetof(struct inv_line, uuid)},
            {INV_F_NOTE, offsetof(struct inv_line, note)}};
    const char **v = place_of(l, f, list, sizeof list / sizeof *list);

    if (v)
        *had = clear_text(v);
    return v != NULL;
}

static bool clear_any_whole(struct inv_line *l, enum inv_field f, bool *had)
{
    static const struct place list[] = {
            {INV_F_CPU_COUNT, offsetof(struct inv_line, cpu_count)},
            {INV_F_CPU_CORES, offsetof(struct inv_line, cpu_cores)},
            {INV_F_VIRTUAL, offsetof(struct inv_line, is_virtual)}};
    int *v = place_of(l, f, list, sizeof list / sizeof *list);

    if (v)
        *had = clear_whole(v);
    return v != NULL;
}

/* Behind the product: "" where there is none. */
static bool clear_name(const char **v, bool *had)
{
    *had = *v && (*v)[0];
    *v = NULL;
    return true;
}

/* The maker alone, or the model alone, is a product too. */
static bool other_product(struct change *c, struct err *err)
{
    const char *maker = c->now.manufacturer, *product = c->now.product;

    return inv_id_of_product(
            c->t, maker && maker[0] ? maker : NULL,
            product && product[0] ? product : NULL, &c->now.product_id, err);
}

/* False for a field that every line has. */
static bool clear_field(struct change *c, enum inv_field f, bool *had)
{
    struct inv_line *l = &c->now;

    if (f >= INV_F_PARTS) {
        *had = clear_kind(c, (enum calc_kind)(f - INV_F_PARTS));
        return true;
    }
    if (clear_any_num(l, f, had) || clear_any_date(l, f, had) ||
        clear_any_text(l, f, had) || clear_any_whole(l, f, had))
        return true;
    switch (f) {
    case INV_F_PROJECT:
        *had = l->project_id != 0;
        l->project_id = 0;
        return true;
    case INV_F_MODEL:
        return clear_name(&l->product, had);
    case INV_F_MANUFACTURER:
        return clear_name(&l->manufacturer, had);
    case INV_F_CHASSIS:
        *had = l->chassis != CALC_CHASSIS_UNKNOWN;
        l->chassis = CALC_CHASSIS_UNKNOWN;
        return true;
    case INV_F_ACQUISITION:
        *had = l->acquisition != CALC_ACQUISITION_UNKNOWN;
        l->acquisition = CALC_ACQUISITION_UNKNOWN;
        return true;
    case INV_F_FABRICATION_KG:
    case INV_F_FABRICATION_SOURCE:
        *had = clear_num(&l->fabrication_kg);
        l->fabrication_source = NULL;
        return true;
    default:
        return false;
    }
}

bool change_clear(struct change *c, struct err *err)
{
    for (int i = 0; i < INV_FIELDS; i++) {
        enum inv_field f = (enum inv_field)i;
        bool had = false;

        if (!(c->t->clear >> i & 1))
            continue;
        if (!clear_field(c, f, &had))
            return err_set(
                    err, ERR_INVALID,
                    "%s: every machine has one, it cannot be unknown",
                    inv_field_name(f));
        if (!had)
            continue;
        change_note(c, inv_field_name(f));
        if ((f == INV_F_MODEL || f == INV_F_MANUFACTURER) &&
            !other_product(c, err))
            return false;
    }
    return true;
}

/* The field behind a column of the CSV template. */
static bool field_of_column(const char *column, enum inv_field *out)
{
    static const struct {
        const char *column;
        enum calc_kind kind;
    } kinds[] = {
            {"cpu_model", CALC_CPU},   {"cpu_die_mm2", CALC_CPU},
            {"ram_modules", CALC_RAM}, {"ram_gib", CALC_RAM},
            {"psu_count", CALC_PSU},   {"psu_kg", CALC_PSU},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].column, column) == 0) {
            *out = (enum inv_field)(INV_F_PARTS + (int)kinds[i].kind);
            return true;
        }
    return inv_field_from(column, out);
}

bool inv_take_clear(struct inv_take *t, const char *column, struct err *err)
{
    enum inv_field f;

    if (!field_of_column(column, &f))
        return err_set(err, ERR_INVALID, "%s: cannot be made unknown", column);
    t->clear |= (uint64_t)1 << f;
    return true;
}
