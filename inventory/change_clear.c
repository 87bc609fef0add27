/* SPDX-License-Identifier: Apache-2.0
 * Fields that a person says are not known after all ("power_w=?"). */
#include "inventory/change_priv.h"

#include <math.h>
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

/* False for a field that every line has. */
static bool clear_field(struct change *c, enum inv_field f, bool *had)
{
    struct inv_line *l = &c->now;

    if (f >= INV_F_PARTS) {
        *had = clear_kind(c, (enum calc_kind)(f - INV_F_PARTS));
        return true;
    }
    switch (f) {
    case INV_F_NAME:
        *had = clear_text(&l->name);
        return true;
    case INV_F_SERIAL:
        *had = clear_text(&l->serial);
        return true;
    case INV_F_UUID:
        *had = clear_text(&l->uuid);
        return true;
    case INV_F_NOTE:
        *had = clear_text(&l->note);
        return true;
    case INV_F_PROJECT:
        *had = l->project_id != 0;
        l->project_id = 0;
        return true;
    case INV_F_MODEL:
    case INV_F_MANUFACTURER:
        *had = l->product_id != 0;
        l->product_id = 0;
        return true;
    case INV_F_CHASSIS:
        *had = l->chassis != CALC_CHASSIS_UNKNOWN;
        l->chassis = CALC_CHASSIS_UNKNOWN;
        return true;
    case INV_F_ACQUISITION:
        *had = l->acquisition != CALC_ACQUISITION_UNKNOWN;
        l->acquisition = CALC_ACQUISITION_UNKNOWN;
        return true;
    case INV_F_CPU_COUNT:
        *had = clear_whole(&l->cpu_count);
        return true;
    case INV_F_CPU_CORES:
        *had = clear_whole(&l->cpu_cores);
        return true;
    case INV_F_VIRTUAL:
        *had = clear_whole(&l->is_virtual);
        return true;
    case INV_F_MANUFACTURED_ON:
        *had = clear_date(&l->manufactured_on);
        return true;
    case INV_F_ACQUIRED_ON:
        *had = clear_date(&l->acquired_on);
        return true;
    case INV_F_IN_SERVICE_ON:
        *had = clear_date(&l->in_service_on);
        return true;
    case INV_F_WARRANTY_END:
        *had = clear_date(&l->warranty_end);
        return true;
    case INV_F_RETIRED_ON:
        *had = clear_date(&l->exit_on);
        return true;
    case INV_F_POWER_W:
        *had = clear_num(&l->power_w);
        return true;
    case INV_F_IDLE_W:
        *had = clear_num(&l->idle_w);
        return true;
    case INV_F_MAX_W:
        *had = clear_num(&l->max_w);
        return true;
    case INV_F_ENERGY_KWH_YEAR:
        *had = clear_num(&l->energy_kwh_year);
        return true;
    case INV_F_PRICE_EUR:
        *had = clear_num(&l->price_eur);
        return true;
    case INV_F_MASS_KG:
        *had = clear_num(&l->mass_kg);
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
        if (had)
            change_note(c, inv_field_name(f));
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
