/* SPDX-License-Identifier: Apache-2.0
 * The fields that have an owner, by the names of the CSV template's columns. */
#include "inventory/inventory_priv.h"

#include <string.h>

static const char *const names[INV_F_PARTS] = {
        [INV_F_QUANTITY] = "quantity",
        [INV_F_CATEGORY] = "category",
        [INV_F_MANUFACTURER] = "manufacturer",
        [INV_F_MODEL] = "model",
        [INV_F_TAG] = "tag",
        [INV_F_NAME] = "name",
        [INV_F_SERIAL] = "serial",
        [INV_F_UUID] = "uuid",
        [INV_F_SITE] = "site",
        [INV_F_STATUS] = "status",
        [INV_F_ACQUISITION] = "acquisition",
        [INV_F_CHASSIS] = "chassis",
        [INV_F_CPU_COUNT] = "cpu_count",
        [INV_F_CPU_CORES] = "cpu_cores",
        [INV_F_VIRTUAL] = "virtual",
        [INV_F_MANUFACTURED_ON] = "manufactured_on",
        [INV_F_ACQUIRED_ON] = "acquired_on",
        [INV_F_IN_SERVICE_ON] = "in_service_on",
        [INV_F_WARRANTY_END] = "warranty_end",
        [INV_F_RETIRED_ON] = "retired_on",
        [INV_F_POWER_W] = "power_w",
        [INV_F_IDLE_W] = "idle_w",
        [INV_F_MAX_W] = "max_w",
        [INV_F_ENERGY_KWH_YEAR] = "energy_kwh_year",
        [INV_F_PRICE_EUR] = "price_eur",
        [INV_F_MASS_KG] = "mass_kg",
        [INV_F_FABRICATION_KG] = "fabrication_kg",
        [INV_F_FABRICATION_SOURCE] = "fabrication_source",
        [INV_F_PROJECT] = "project",
        [INV_F_NOTE] = "note",
};

const char *inv_field_name(enum inv_field f)
{
    CHECK(f < INV_FIELDS);
    return f < INV_F_PARTS ? names[f]
                           : calc_kind_word((enum calc_kind)(f - INV_F_PARTS));
}

bool inv_field_from(const char *name, enum inv_field *out)
{
    for (int f = 0; f < INV_FIELDS; f++)
        if (strcmp(inv_field_name((enum inv_field)f), name) == 0) {
            *out = (enum inv_field)f;
            return true;
        }
    return false;
}

static const char *const owner_words[] = {
        [INV_HUMAN] = "human",
        [INV_IMPORT] = "import",
        [INV_AGENT] = "agent",
};

const char *inv_owner_word(enum inv_owner o)
{
    return o < INV_NOBODY ? owner_words[o] : "";
}

enum inv_owner inv_owner_from(const char *word)
{
    for (int o = 0; o < INV_NOBODY; o++)
        if (strcmp(owner_words[o], word) == 0)
            return (enum inv_owner)o;
    return INV_NOBODY;
}

enum inv_owner inv_owner_of_format(const char *format)
{
    if (strcmp(format, "csv") == 0 || strcmp(format, INV_TYPED) == 0)
        return INV_HUMAN;
    return strcmp(format, "agent-json") == 0 ? INV_AGENT : INV_IMPORT;
}

bool inv_take_flags(struct inv_take *t, struct err *err)
{
    struct stmt *q = inv_stmt(t->db, INV_FLAGS, err);
    bool row;

    if (!q || !stmt_step(q, &row, err))
        return false;
    t->fresh = stmt_col_int(q, 0) == 0;
    t->any_owned = stmt_col_int(q, 1) != 0;
    t->any_differences = stmt_col_int(q, 2) != 0;
    t->any_aliases = stmt_col_int(q, 3) != 0;
    t->site_known = stmt_col_int(q, 4) == 0; /* the first site of all is made */
    stmt_reset(q);
    return true;
}

enum inv_owner inv_owner_of(const struct inv_owners *o, enum inv_field f)
{
    return o->of[f].source ? o->of[f].owner : o->line;
}

const char *inv_owner_source(const struct inv_owners *o, enum inv_field f)
{
    return o->of[f].source ? o->of[f].source : o->line_source;
}

static void
nobody(struct inv_owners *o, unsigned assumed, unsigned bit, enum inv_field f)
{
    if (assumed & bit) {
        o->of[f].owner = INV_NOBODY;
        o->of[f].source = "";
    }
}

bool inv_owners_load(
        struct inv_take *t, int64_t id, const struct inv_line *line,
        struct inv_owners *out, struct err *err)
{
    struct stmt *q;
    bool row, ok = false;

    memset(out, 0, sizeof *out);
    out->line = inv_owner_of_format(line->source);
    out->line_source = line->source;
    nobody(out, line->assumed, INV_ASSUMED_CATEGORY, INV_F_CATEGORY);
    nobody(out, line->assumed, INV_ASSUMED_STATUS, INV_F_STATUS);
    nobody(out, line->assumed, INV_ASSUMED_SITE, INV_F_SITE);
    if (!t->any_owned)
        return true;
    q = inv_stmt(t->db, INV_OWNERS_LOAD, err);
    if (!q)
        return false;
    stmt_int(q, ":id", id);
    for (;;) {
        enum inv_field f;

        if (!stmt_step(q, &row, err))
            goto done;
        if (!row)
            break;
        if (inv_field_from(stmt_col_text(q, 0), &f)) {
            out->of[f].owner = inv_owner_from(stmt_col_text(q, 1));
            out->of[f].source = arena_str(&t->arena, stmt_col_text(q, 2));
        }
    }
    ok = true;
done:
    stmt_reset(q);
    return ok;
}

void inv_owners_set(
        struct inv_owners *o, enum inv_field f, enum inv_owner owner,
        const char *source)
{
    if (inv_owner_of(o, f) == owner &&
        strcmp(inv_owner_source(o, f), source) == 0)
        return;
    o->of[f].owner = owner;
    o->of[f].source = source;
    o->of[f].dirty = true;
    o->dirty = true;
}

/* A field that is its line's own needs no row. */
bool inv_owners_write(
        struct inv_take *t, int64_t id, const struct inv_owners *o,
        struct err *err)
{
    for (int f = 0; o->dirty && f < INV_FIELDS; f++) {
        bool own = o->of[f].owner == o->line && o->of[f].source &&
                   strcmp(o->of[f].source, o->line_source) == 0;
        struct stmt *q;

        if (!o->of[f].dirty || (own && !t->any_owned))
            continue;
        q = inv_stmt(t->db, own ? INV_OWNER_DROP : INV_OWNER_SET, err);
        if (!q)
            return false;
        stmt_int(q, ":id", id);
        stmt_text(q, ":field", inv_field_name((enum inv_field)f));
        if (!own) {
            stmt_text(q, ":owner", inv_owner_word(o->of[f].owner));
            stmt_text(q, ":source", o->of[f].source);
            t->any_owned = true;
        }
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}
