/* SPDX-License-Identifier: Apache-2.0
 * A sink that checks each delivered record and lets the import go on. */
#ifndef TESTS_FUZZ_IMPORT_FUZZ_H
#define TESTS_FUZZ_IMPORT_FUZZ_H

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "importers/importers.h"
#include "inventory/inventory.h"

static inline bool
fuzz_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    const char *column = NULL;
    struct err why = {0};

    (void)ctx, (void)err;
    FUZZ_HOLDS(m->units >= 1 && m->n_parts <= WIRE_MAX_PARTS);
    for (size_t i = 0; i < m->n_parts; i++)
        FUZZ_HOLDS(m->parts[i].units >= 1 && m->parts[i].kind < CALC_KINDS);
    if (m->tag)
        FUZZ_HOLDS(text_utf8_ok(m->tag, strlen(m->tag)));
    if (!inv_wire_check(m, &column, &why))
        FUZZ_HOLDS(column && why.msg[0]);
    return true;
}

static inline bool
fuzz_site(void *ctx, const struct wire_site *s, struct err *err)
{
    (void)ctx, (void)err;
    FUZZ_HOLDS(s->name && s->name[0]);
    return true;
}

static inline bool
fuzz_reject(void *ctx, const struct wire_reject *r, struct err *err)
{
    (void)ctx, (void)err;
    FUZZ_HOLDS(r->reason && r->reason[0]);
    return true;
}

static inline void fuzz_warn(void *ctx, const char *place, const char *text)
{
    (void)ctx;
    FUZZ_HOLDS(place && text);
}

static inline bool
fuzz_factor(void *ctx, const struct wire_factor *f, struct err *err)
{
    const char *column = NULL;
    struct err why = {0};

    (void)ctx, (void)err;
    FUZZ_HOLDS(f->origin.set && f->origin.source && f->origin.licence);
    FUZZ_HOLDS(f->key ? f->key[0] != 0 : f->has_category);
    if (f->name)
        FUZZ_HOLDS(text_utf8_ok(f->name, strlen(f->name)));
    if (!fac_wire_check(f, &column, &why))
        FUZZ_HOLDS(column && why.msg[0]);
    return true;
}

static inline bool
fuzz_grid(void *ctx, const struct wire_grid *g, struct err *err)
{
    (void)ctx, (void)err;
    FUZZ_HOLDS(g->origin.set && g->origin.source && g->origin.licence);
    FUZZ_HOLDS(g->zone && g->zone[0] && g->from_s < g->to_s);
    FUZZ_HOLDS(g->kind < WIRE_GRID_KINDS && g->basis < WIRE_GRID_BASES);
    FUZZ_HOLDS(text_utf8_ok(g->zone, strlen(g->zone)));
    return true;
}

static inline bool
fuzz_energy(void *ctx, const struct wire_energy *e, struct err *err)
{
    (void)ctx, (void)err;
    FUZZ_HOLDS(e->from_ns < e->to_ns && e->energy_uj >= 0);
    FUZZ_HOLDS(e->scope < WIRE_SCOPES && e->place);
    if (e->machine)
        FUZZ_HOLDS(
                e->machine[0] && text_utf8_ok(e->machine, strlen(e->machine)));
    if (e->meter)
        FUZZ_HOLDS(e->meter[0]);
    return true;
}

static inline void fuzz_import(const char *path, const char *as)
{
    static const struct wire_energy_ask ask = {.timezone = "Europe/Paris"};
    const struct wire_sink sink = {
            .machine = fuzz_machine,
            .site = fuzz_site,
            .reject = fuzz_reject,
            .warn = fuzz_warn,
            .factor = fuzz_factor,
            .grid = fuzz_grid,
            .energy = fuzz_energy,
            .energy_ask = &ask};
    struct err err = {0};

    if (!imp_read(path, as, &sink, NULL, &err))
        FUZZ_HOLDS(err.code != ERR_NONE && err.msg[0]);
    remove(path);
}

#endif
