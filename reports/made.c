/* SPDX-License-Identifier: Apache-2.0
 * The assessment of one unit and what it holds, kept for the alike lines that
 * follow: thousands of nodes of a cluster are assessed once. */
#include <string.h>

#include "reports/reports_priv.h"

enum { GB_PER_TB = 1000 };

/* Year of manufacture, as far as it is known: a used machine is older than its
 * purchase, nobody says by how much. */
static int year_of(const struct inv_unit *u)
{
    bool used = u->acquisition == CALC_SECOND_HAND ||
                u->acquisition == CALC_DONATED;

    if (date_known(u->manufactured_on))
        return u->manufactured_on.year;
    return !used && date_known(u->acquired_on) ? u->acquired_on.year : 0;
}

static const struct fac_product *
product_of(struct rep_frame *f, const struct inv_unit *u)
{
    return u->product_id ? inv_catalog_product(
                                   &f->catalog, u->product_id, u->category)
                         : NULL;
}

void rep_key_of(const struct inv_unit *u, struct rep_key *key)
{
    size_t n = u->n_uses <= REP_MAX_KEY_USES ? u->n_uses : 0;

    key->product_id = u->product_id;
    key->stated_kg = u->fabrication_kg;
    key->category = (int32_t)u->category;
    key->chassis = (int32_t)u->chassis;
    key->cpu_count = u->cpu_count;
    key->cpu_cores = u->cpu_cores;
    key->year = year_of(u);
    key->unknown_kinds = u->unknown_kinds;
    key->n_uses = (uint32_t)n;
    key->is_virtual = u->is_virtual == 1;
    for (size_t i = 0; i < n; i++)
        key->uses[i] = (struct rep_use){u->spec_ids[i], u->uses[i].units};
}

struct fac_unit rep_fac_unit(struct rep_frame *f, const struct inv_unit *u)
{
    return (struct fac_unit){
            .category = u->category,
            .chassis = u->chassis,
            .product = product_of(f, u),
            .year = year_of(u),
            .cpu_count = u->cpu_count,
            .cpu_cores = u->cpu_cores,
            .uses = u->uses,
            .n_uses = u->n_uses,
            .unknown_kinds = u->unknown_kinds,
            .is_virtual = u->is_virtual == 1,
            .stated_kg = u->fabrication_kg,
            .stated_source = u->fabrication_source,
    };
}

static bool is_unknown(const struct inv_unit *u, enum calc_kind k)
{
    return (u->unknown_kinds & 1u << k) != 0;
}

static int cores_of(const struct fac_part *p)
{
    return p->desc.cores > 0 ? p->desc.cores : p->cpu ? p->cpu->cores : 0;
}

/* How many sockets, where nobody counted them: as many as the unit's cores
 * make of its one processor, if they do; one in what has never more; else
 * nobody knows (-1). */
static int64_t
sockets_of(const struct inv_unit *u, int64_t rows, int64_t cores_each)
{
    bool single = u->category == CALC_DESKTOP || u->category == CALC_LAPTOP ||
                  u->category == CALC_SBC || u->chassis == CALC_DESKTOP_CASE ||
                  u->chassis == CALC_LAPTOP_CASE;
    bool racked = u->chassis == CALC_RACK || u->chassis == CALC_BLADE;

    if (rows != 1)
        return rows ? rows : -1;
    if (cores_each > 0 && u->cpu_cores > 0 && u->cpu_cores % cores_each == 0)
        return u->cpu_cores / cores_each;
    return single && !racked ? 1 : -1;
}

static void count_cpus(const struct inv_unit *u, struct rep_parts *out)
{
    int64_t units = 0, cores = 0;
    bool known = !is_unknown(u, CALC_CPU);

    for (size_t i = 0; i < u->n_uses; i++) {
        const struct fac_use *use = &u->uses[i];

        if (use->part->desc.kind != CALC_CPU)
            continue;
        units += use->units;
        cores += (int64_t)use->units * cores_of(use->part);
        known = known && cores_of(use->part) > 0;
    }
    out->sockets =
            u->cpu_count >= 0 ? u->cpu_count : sockets_of(u, units, cores);
    out->cores = u->cpu_cores >= 0                         ? u->cpu_cores
                 : known && units && units == out->sockets ? cores
                                                           : -1;
}

static void count_part(const struct fac_use *use, struct rep_parts *out)
{
    double capacity = use->part->desc.capacity;

    switch (use->part->desc.kind) {
    case CALC_RAM:
        out->ram_gib += use->units * (capacity >= 0 ? capacity : NAN);
        break;
    case CALC_GPU:
        out->gpus += use->units;
        break;
    case CALC_HDD:
        out->hdd += use->units;
        out->hdd_unsized = out->hdd_unsized || !(capacity >= 0);
        out->hdd_tb += capacity >= 0 ? use->units * capacity / GB_PER_TB : 0;
        break;
    case CALC_SSD:
        out->ssd += use->units;
        out->ssd_unsized = out->ssd_unsized || !(capacity >= 0);
        out->ssd_tb += capacity >= 0 ? use->units * capacity / GB_PER_TB : 0;
        break;
    case CALC_TAPE:
        out->tapes += use->units;
        break;
    case CALC_SCREEN:
        out->screens += use->units;
        break;
    default:
        break;
    }
}

static void count_parts(const struct inv_unit *u, struct rep_parts *out)
{
    *out = (struct rep_parts){0};
    for (size_t i = 0; i < u->n_uses; i++)
        count_part(&u->uses[i], out);
    count_cpus(u, out);
    if (u->category == CALC_SCREEN_UNIT) /* its own panel is not another one */
        out->screens = 1;
    if (is_unknown(u, CALC_RAM) && !(out->ram_gib > 0))
        out->ram_gib = NAN;
}

static int newest_cpu(const struct inv_unit *u)
{
    int year = 0;

    for (size_t i = 0; i < u->n_uses; i++) {
        const struct fac_part *p = u->uses[i].part;

        if (p->desc.kind == CALC_CPU && p->cpu_year > year)
            year = p->cpu_year;
    }
    return year;
}

void rep_made_fill(
        struct rep_frame *f, const struct inv_unit *u,
        const struct rep_key *key, struct rep_made *out)
{
    struct fac_unit unit = rep_fac_unit(f, u);

    fac_assess(f->pack, &unit, &out->a);
    out->used = true;
    memcpy(&out->key, key, REP_KEY_SIZE(key));
    out->has_kg = !isnan(out->a.kg[CALC_GWP]) && !unit.is_virtual;
    out->kg = out->has_kg ? out->a.kg[CALC_GWP] : 0;
    out->cpu_year = newest_cpu(u);
    out->kind = u->n_uses ? u->uses[0].part->desc.kind : CALC_OTHER;
    count_parts(u, &out->parts);
    out->gross = out->own = out->charge = out->writeoff = out->acquisition =
            (struct rep_weight){0};
    out->units = 0;
    out->has_power = false;
}

struct calc_total rep_made_total(const struct rep_made *m, double weight)
{
    struct calc_total t = {0};

    if (!m->has_kg)
        t.kg = NAN;
    for (int i = 0; m->has_kg && i < m->a.n_lines; i++)
        calc_total_add(&t, &m->a.lines[i], weight);
    return t;
}
