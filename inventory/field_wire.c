/* SPDX-License-Identifier: Apache-2.0
 * One field as a record of its own: what an accepted difference says. */
#include "inventory/inventory_priv.h"

#include <math.h>
#include <string.h>

#include "base/num.h"

static void blank(struct wire_machine *m)
{
    *m = (struct wire_machine){
            .units = 1,
            .partial = true,
            .unknown_kinds = ~0u,
            .chassis = CALC_CHASSIS_UNKNOWN,
            .acquisition = CALC_ACQUISITION_UNKNOWN,
            .is_virtual = -1,
            .price_eur = NAN,
            .mass_kg = NAN,
            .power_w = NAN,
            .idle_w = NAN,
            .max_w = NAN,
            .energy_kwh_year = NAN,
            .fabrication_kg = NAN,
            .cpu_count = -1,
            .cpu_cores = -1};
}

static const char **text_field(struct wire_machine *m, enum inv_field f)
{
    switch (f) {
    case INV_F_MANUFACTURER:
        return &m->manufacturer;
    case INV_F_MODEL:
        return &m->product;
    case INV_F_TAG:
        return &m->tag;
    case INV_F_NAME:
        return &m->name;
    case INV_F_SERIAL:
        return &m->serial;
    case INV_F_UUID:
        return &m->uuid;
    case INV_F_SITE:
        return &m->site;
    case INV_F_FABRICATION_SOURCE:
        return &m->fabrication_source;
    case INV_F_PROJECT:
        return &m->project;
    case INV_F_NOTE:
        return &m->note;
    default:
        return NULL;
    }
}

static double *num_field(struct wire_machine *m, enum inv_field f)
{
    switch (f) {
    case INV_F_POWER_W:
        return &m->power_w;
    case INV_F_IDLE_W:
        return &m->idle_w;
    case INV_F_MAX_W:
        return &m->max_w;
    case INV_F_ENERGY_KWH_YEAR:
        return &m->energy_kwh_year;
    case INV_F_PRICE_EUR:
        return &m->price_eur;
    case INV_F_MASS_KG:
        return &m->mass_kg;
    case INV_F_FABRICATION_KG:
        return &m->fabrication_kg;
    default:
        return NULL;
    }
}

static struct date *date_field(struct wire_machine *m, enum inv_field f)
{
    switch (f) {
    case INV_F_MANUFACTURED_ON:
        return &m->manufactured_on;
    case INV_F_ACQUIRED_ON:
        return &m->acquired_on;
    case INV_F_IN_SERVICE_ON:
        return &m->in_service_on;
    case INV_F_WARRANTY_END:
        return &m->warranty_end;
    case INV_F_RETIRED_ON:
        return &m->exit_on;
    default:
        return NULL;
    }
}

static bool
whole(struct wire_machine *m, enum inv_field f, const char *text,
      struct err *err)
{
    int64_t v;

    if (!num_parse_int(text, strlen(text), 0, WIRE_MAX_UNITS, &v, err))
        return false;
    switch (f) {
    case INV_F_QUANTITY:
        m->units = (uint32_t)v;
        m->has_units = true;
        m->partial = false;
        break;
    case INV_F_CPU_COUNT:
        m->cpu_count = (int)v;
        break;
    case INV_F_CPU_CORES:
        m->cpu_cores = (int)v;
        break;
    default:
        m->is_virtual = (int)v;
        break;
    }
    return true;
}

static bool word(struct wire_machine *m, enum inv_field f, const char *text)
{
    switch (f) {
    case INV_F_CATEGORY:
        m->has_category = calc_category_from(text, &m->category);
        return m->has_category;
    case INV_F_STATUS:
        m->has_status = calc_status_from(text, &m->status);
        return m->has_status;
    case INV_F_CHASSIS:
        return calc_chassis_from(text, &m->chassis);
    case INV_F_ACQUISITION:
        return calc_acquisition_from(text, &m->acquisition);
    default:
        return false;
    }
}

static bool
kind_of(enum calc_kind kind, const char *parts, struct arena *a,
        struct wire_machine *out, struct err *err)
{
    if (!parts)
        return err_set(err, ERR_DB, "a difference of parts without them");
    out->parts = arena_alloc(a, WIRE_MAX_PARTS * sizeof *out->parts);
    out->partial = false;
    out->unknown_kinds = ~(1u << kind);
    return inv_parts_from_json(parts, kind, a, out->parts, &out->n_parts, err);
}

bool inv_field_wire(
        enum inv_field f, const char *text, const char *parts, struct arena *a,
        struct wire_machine *out, struct err *err)
{
    const char **to_text;
    double *to_num;
    struct date *to_date;

    blank(out);
    if (f >= INV_F_PARTS)
        return kind_of((enum calc_kind)(f - INV_F_PARTS), parts, a, out, err);
    if ((to_text = text_field(out, f)) != NULL) {
        *to_text = text;
        return true;
    }
    if ((to_num = num_field(out, f)) != NULL)
        return num_parse(text, strlen(text), NUM_POINT, to_num, err);
    if ((to_date = date_field(out, f)) != NULL) {
        *to_date = inv_date(text);
        return true;
    }
    if (word(out, f, text))
        return true;
    if (f == INV_F_QUANTITY || f == INV_F_CPU_COUNT || f == INV_F_CPU_CORES ||
        f == INV_F_VIRTUAL)
        return whole(out, f, text, err);
    return err_set(
            err, ERR_DB, "'%.80s' is no value of %s", text, inv_field_name(f));
}
