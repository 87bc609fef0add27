/* SPDX-License-Identifier: Apache-2.0
 * Parts in full: from their rows, as words for people, as JSON and back. */
#include "inventory/inventory_priv.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/num.h"

enum { TEXT_MAX = 256 * 1024 }; /* of the JSON of 512 parts */

static double or_unknown(double v)
{
    return v < 0 ? NAN : v;
}

bool inv_parts_detail(
        struct db *db, int64_t id, struct arena *a,
        struct wire_part out[WIRE_MAX_PARTS], size_t *n, struct err *err)
{
    struct stmt *q = inv_stmt(db, INV_PARTS_DETAIL, err);
    bool row, ok = false;

    *n = 0;
    if (!q)
        return false;
    stmt_int(q, ":id", id);
    for (;;) {
        struct wire_part *p = &out[*n];

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row || *n == WIRE_MAX_PARTS)
            break;
        *p = (struct wire_part){
                .units = (uint32_t)stmt_col_int(q, 0),
                .serial = arena_str(a, stmt_col_text(q, 1)),
                .model = arena_str(a, stmt_col_text(q, 3)),
                .capacity = or_unknown(stmt_col_num(q, 4)),
                .cores = (int)stmt_col_int(q, 5),
                .die_mm2 = or_unknown(stmt_col_num(q, 6)),
                .mass_kg = or_unknown(stmt_col_num(q, 7)),
                .total = stmt_col_int(q, 8) != 0};
        if (p->model && !p->model[0])
            p->model = NULL;
        if (!calc_kind_from(stmt_col_text(q, 2), &p->kind)) {
            err_set(err, ERR_DB, "a part of unknown kind");
            goto done;
        }
        (*n)++;
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

static const char *unit_of(enum calc_kind kind)
{
    switch (kind) {
    case CALC_RAM:
        return " GiB";
    case CALC_SCREEN:
        return " in";
    default:
        return " GB";
    }
}

const char *inv_parts_text(
        struct arena *a, enum calc_kind kind, const struct wire_part *parts,
        size_t n)
{
    struct buf b;
    const char *out;
    char num[NUM_TEXT];

    buf_init(&b, 4000); /* what does not fit is left out */
    for (size_t i = 0; i < n; i++) {
        const struct wire_part *p = &parts[i];

        if (p->kind != kind)
            continue;
        if (b.len)
            buf_str(&b, " + ");
        if (!p->total)
            buf_printf(&b, "%ux", (unsigned)p->units);
        if (!isnan(p->capacity))
            buf_printf(
                    &b, "%s%s%s", p->total ? "" : " ",
                    num_print(p->capacity, num), unit_of(p->kind));
        if (p->model)
            buf_printf(&b, " %s", p->model);
        if (p->cores > 0)
            buf_printf(&b, " (%d cores)", p->cores);
        if (p->serial)
            buf_printf(&b, " [%s]", p->serial);
    }
    out = arena_str(a, b.len ? buf_text(&b) : "none");
    buf_clear(&b);
    return out;
}

const char *inv_parts_json(
        struct arena *a, enum calc_kind kind, const struct wire_part *parts,
        size_t n)
{
    struct json_out j;
    struct out o;
    struct buf b;
    const char *text;

    buf_init(&b, TEXT_MAX);
    out_to_buf(&o, &b);
    json_out_init(&j, &o, false);
    json_begin_arr(&j, NULL);
    for (size_t i = 0; i < n; i++) {
        const struct wire_part *p = &parts[i];

        if (p->kind != kind)
            continue;
        json_begin_obj(&j, NULL);
        json_int(&j, "units", p->units);
        if (p->model)
            json_str(&j, "model", p->model);
        if (p->serial)
            json_str(&j, "serial", p->serial);
        if (!isnan(p->capacity))
            json_num(&j, "capacity", p->capacity);
        if (p->total)
            json_bool(&j, "total", true);
        if (p->cores >= 0)
            json_int(&j, "cores", p->cores);
        if (!isnan(p->die_mm2))
            json_num(&j, "die_mm2", p->die_mm2);
        if (!isnan(p->mass_kg))
            json_num(&j, "mass_kg", p->mass_kg);
        json_end_obj(&j);
    }
    json_end_arr(&j);
    text = out_finish(&o, NULL) ? arena_str(a, buf_text(&b)) : NULL;
    buf_clear(&b);
    return text;
}

static bool part_of_json(
        const cJSON *v, enum calc_kind kind, struct arena *a,
        struct wire_part *out, struct err *err)
{
    double units = NAN, cores = NAN;
    const char *model = NULL, *serial = NULL;

    *out = (struct wire_part){
            .kind = kind,
            .total =
                    cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(v, "total"))};
    if (!json_get_num(v, "units", &units, err) ||
        !json_get_num(v, "cores", &cores, err) ||
        !json_get_num(v, "capacity", &out->capacity, err) ||
        !json_get_num(v, "die_mm2", &out->die_mm2, err) ||
        !json_get_num(v, "mass_kg", &out->mass_kg, err) ||
        !json_get_str(v, "model", &model, err) ||
        !json_get_str(v, "serial", &serial, err))
        return false;
    if (!(units >= 1 && units <= WIRE_MAX_UNITS))
        return err_set(err, ERR_DB, "a part without units");
    out->units = (uint32_t)units;
    out->cores = isnan(cores) ? -1 : (int)cores;
    out->model = arena_str(a, model);
    out->serial = arena_str(a, serial);
    return true;
}

bool inv_parts_from_json(
        const char *text, enum calc_kind kind, struct arena *a,
        struct wire_part out[WIRE_MAX_PARTS], size_t *n, struct err *err)
{
    cJSON *root = NULL;
    const cJSON *v;
    bool ok = false;

    *n = 0;
    if (!json_parse(text, strlen(text), &root, err))
        return false;
    cJSON_ArrayForEach(v, root)
    {
        if (*n == WIRE_MAX_PARTS || !part_of_json(v, kind, a, &out[*n], err))
            goto done;
        (*n)++;
    }
    ok = true;
done:
    cJSON_Delete(root);
    return ok;
}
