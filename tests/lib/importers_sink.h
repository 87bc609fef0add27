/* SPDX-License-Identifier: Apache-2.0
 * A sink that keeps what an importer delivers, for tests. */
#ifndef TESTS_LIB_IMPORTERS_SINK_H
#define TESTS_LIB_IMPORTERS_SINK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "importers/importers.h"

enum { KEPT_MAX = 200 };

struct kept {
    struct arena arena;
    struct wire_machine machines[KEPT_MAX];
    size_t n_machines;
    struct wire_site sites[KEPT_MAX];
    size_t n_sites;
    struct wire_reject rejects[KEPT_MAX];
    size_t n_rejects;
    const char *warnings[KEPT_MAX]; /* "place: text" */
    size_t n_warnings;
    struct wire_factor factors[KEPT_MAX];
    struct wire_grid grid[KEPT_MAX];
    struct wire_energy energy[KEPT_MAX];
    size_t n_energy;
    struct wire_energy_ask energy_ask;
    size_t n_factors, n_grid; /* all that came; the first KEPT_MAX are kept */
    bool stop_on_reject;
};

static inline bool
kept_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    struct kept *k = ctx;
    struct wire_machine *to;
    struct arena *a = &k->arena;

    if (k->n_machines == KEPT_MAX)
        return err_set(err, ERR_LIMIT, "too many machines for the test");
    to = &k->machines[k->n_machines++];
    *to = *m;
    to->tag = arena_str(a, m->tag);
    to->name = arena_str(a, m->name);
    to->manufacturer = arena_str(a, m->manufacturer);
    to->product = arena_str(a, m->product);
    to->serial = arena_str(a, m->serial);
    to->uuid = arena_str(a, m->uuid);
    to->site = arena_str(a, m->site);
    to->project = arena_str(a, m->project);
    to->note = arena_str(a, m->note);
    to->fabrication_source = arena_str(a, m->fabrication_source);
    to->place = arena_str(a, m->place);
    to->parts = arena_alloc(a, (m->n_parts + 1) * sizeof *to->parts);
    for (size_t i = 0; i < m->n_parts; i++) {
        to->parts[i] = m->parts[i];
        to->parts[i].model = arena_str(a, m->parts[i].model);
        to->parts[i].serial = arena_str(a, m->parts[i].serial);
    }
    return true;
}

static inline bool
kept_site(void *ctx, const struct wire_site *s, struct err *err)
{
    struct kept *k = ctx;
    struct wire_site *to;

    if (k->n_sites == KEPT_MAX)
        return err_set(err, ERR_LIMIT, "too many sites for the test");
    to = &k->sites[k->n_sites++];
    *to = *s;
    to->name = arena_str(&k->arena, s->name);
    to->country = arena_str(&k->arena, s->country);
    to->timezone = arena_str(&k->arena, s->timezone);
    to->grid_source = arena_str(&k->arena, s->grid_source);
    to->note = arena_str(&k->arena, s->note);
    return true;
}

static inline bool
kept_reject(void *ctx, const struct wire_reject *r, struct err *err)
{
    struct kept *k = ctx;
    struct wire_reject *to;

    if (k->n_rejects == KEPT_MAX)
        return err_set(err, ERR_LIMIT, "too many rejects for the test");
    to = &k->rejects[k->n_rejects++];
    *to = *r;
    to->file = arena_str(&k->arena, r->file);
    to->column = arena_str(&k->arena, r->column);
    to->value = arena_str(&k->arena, r->value);
    to->reason = arena_str(&k->arena, r->reason);
    to->raw = arena_str(&k->arena, r->raw);
    if (k->stop_on_reject)
        return err_set(err, ERR_INVALID, "%s", r->reason);
    return true;
}

static inline void kept_warn(void *ctx, const char *place, const char *text)
{
    struct kept *k = ctx;

    if (k->n_warnings < KEPT_MAX)
        k->warnings[k->n_warnings++] =
                arena_printf(&k->arena, "%s: %s", place, text);
}

static inline struct wire_origin
kept_origin(struct arena *a, const struct wire_origin *o)
{
    return (struct wire_origin){
            .set = arena_str(a, o->set),
            .title = arena_str(a, o->title),
            .version = arena_str(a, o->version),
            .source = arena_str(a, o->source),
            .licence = arena_str(a, o->licence)};
}

static inline bool
kept_factor(void *ctx, const struct wire_factor *f, struct err *err)
{
    struct kept *k = ctx;
    struct arena *a = &k->arena;
    struct wire_factor *to;

    (void)err;
    if (k->n_factors++ >= KEPT_MAX)
        return true;
    to = &k->factors[k->n_factors - 1];
    *to = *f;
    to->origin = kept_origin(a, &f->origin);
    to->key = arena_str(a, f->key);
    to->name = arena_str(a, f->name);
    to->maker = arena_str(a, f->maker);
    to->model = arena_str(a, f->model);
    to->variant = arena_str(a, f->variant);
    to->unit = arena_str(a, f->unit);
    to->region = arena_str(a, f->region);
    to->disks = arena_str(a, f->disks);
    to->memory = arena_str(a, f->memory);
    to->source = arena_str(a, f->source);
    to->note = arena_str(a, f->note);
    to->place = arena_str(a, f->place);
    return true;
}

static inline bool
kept_grid(void *ctx, const struct wire_grid *g, struct err *err)
{
    struct kept *k = ctx;
    struct arena *a = &k->arena;
    struct wire_grid *to;

    (void)err;
    if (k->n_grid++ >= KEPT_MAX)
        return true;
    to = &k->grid[k->n_grid - 1];
    *to = *g;
    to->origin = kept_origin(a, &g->origin);
    to->zone = arena_str(a, g->zone);
    to->zone_name = arena_str(a, g->zone_name);
    to->place = arena_str(a, g->place);
    return true;
}

static inline bool
kept_energy(void *ctx, const struct wire_energy *e, struct err *err)
{
    struct kept *k = ctx;
    struct arena *a = &k->arena;
    struct wire_energy *to;

    (void)err;
    if (k->n_energy++ >= KEPT_MAX)
        return true;
    to = &k->energy[k->n_energy - 1];
    *to = *e;
    to->machine = arena_str(a, e->machine);
    to->meter = arena_str(a, e->meter);
    to->key = arena_str(a, e->key);
    to->place = arena_str(a, e->place);
    return true;
}

static inline struct wire_sink kept_sink(struct kept *k)
{
    return (struct wire_sink){
            .ctx = k,
            .machine = kept_machine,
            .site = kept_site,
            .reject = kept_reject,
            .warn = kept_warn,
            .factor = kept_factor,
            .grid = kept_grid,
            .energy = kept_energy,
            .energy_ask = &k->energy_ask};
}

static inline void kept_free(struct kept *k)
{
    if (k)
        arena_clear(&k->arena);
    free(k);
}

static char kept_folder[64], kept_path[256];

static inline void kept_clean(void)
{
    unlink(kept_path);
    rmdir(kept_folder);
}

/* Writes text into a file of that name in a folder of this run; returns its
 * path, valid until the next call removes it. */
static inline const char *kept_file(const char *name, const char *text)
{
    FILE *f;

    if (!kept_folder[0]) {
        snprintf(kept_folder, sizeof kept_folder, "/tmp/fp-imp-XXXXXX");
        if (!mkdtemp(kept_folder))
            return NULL;
        atexit(kept_clean);
    }
    if (kept_path[0])
        unlink(kept_path);
    snprintf(kept_path, sizeof kept_path, "%s/%s", kept_folder, name);
    f = fopen(kept_path, "wb");
    if (!f)
        return NULL;
    fwrite(text, 1, strlen(text), f);
    fclose(f);
    return kept_path;
}

static inline const struct wire_machine *
kept_by_tag(const struct kept *k, const char *tag)
{
    for (size_t i = 0; i < k->n_machines; i++)
        if (k->machines[i].tag && strcmp(k->machines[i].tag, tag) == 0)
            return &k->machines[i];
    return NULL;
}

/* Units of a kind in one unit of the line. */
static inline unsigned
kept_units(const struct wire_machine *m, enum calc_kind kind)
{
    unsigned n = 0;

    for (size_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].kind == kind)
            n += m->parts[i].units;
    return n;
}

/* The same; KEPT_UNKNOWN where the source does not tell. */
enum { KEPT_UNKNOWN = -1 };
static inline int kept_known(const struct wire_machine *m, enum calc_kind kind)
{
    return (m->unknown_kinds >> kind) & 1 ? KEPT_UNKNOWN
                                          : (int)kept_units(m, kind);
}

/* NAN unknown. */
static inline double kept_ram_gib(const struct wire_machine *m)
{
    double gib = (m->unknown_kinds >> CALC_RAM) & 1 ? NAN : 0;

    for (size_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].kind == CALC_RAM)
            gib += m->parts[i].capacity * m->parts[i].units;
    return gib;
}

static inline bool kept_warned(const struct kept *k, const char *text)
{
    for (size_t i = 0; i < k->n_warnings; i++)
        if (strstr(k->warnings[i], text))
            return true;
    return false;
}

static inline const struct wire_part *
kept_part(const struct wire_machine *m, enum calc_kind kind, size_t nth)
{
    for (size_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].kind == kind && nth-- == 0)
            return &m->parts[i];
    return NULL;
}

#endif
