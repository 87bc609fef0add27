/* SPDX-License-Identifier: Apache-2.0
 * Catches what an importer delivers, and adds up its last machine as a person
 * would who reads the file. */
#ifndef TESTS_LIB_IMPORT_UNIT_H
#define TESTS_LIB_IMPORT_UNIT_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "importers/importers.h"
#include "unit.h"

enum { UNKNOWN = -1 };

struct caught {
    int machines, rejects, warnings;
    /* of the last machine; UNKNOWN, NAN and "" where it does not say */
    int sockets, cores, hdd, ssd, gpus, psus, is_virtual;
    double ram_gib, hdd_gb, ssd_gb;
    bool partial, has_category;
    enum calc_category category;
    enum calc_chassis chassis;
    char name[201], maker[201], product[201], serial[201], uuid[201], tag[201],
            cpu[201], gpu[201], disk[201], note[1300];
    char warning[2000], reason[600]; /* all warnings, the last reason */
};

static inline void caught_text(char *dst, size_t size, const char *s)
{
    snprintf(dst, size, "%s", s ? s : "");
}

static inline void caught_part(struct caught *c, const struct wire_part *p)
{
    double gb = isnan(p->capacity) ? 0 : p->capacity * p->units;

    switch (p->kind) {
    case CALC_CPU:
        caught_text(c->cpu, sizeof c->cpu, p->model);
        break;
    case CALC_RAM:
        c->ram_gib += gb;
        break;
    case CALC_HDD:
        c->hdd += (int)p->units;
        c->hdd_gb += gb;
        caught_text(c->disk, sizeof c->disk, p->model);
        break;
    case CALC_SSD:
        c->ssd += (int)p->units;
        c->ssd_gb += gb;
        caught_text(c->disk, sizeof c->disk, p->model);
        break;
    case CALC_GPU:
        c->gpus += (int)p->units;
        caught_text(c->gpu, sizeof c->gpu, p->model);
        break;
    case CALC_PSU:
        c->psus += (int)p->units;
        break;
    default:
        break;
    }
}

static inline bool
caught_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    struct caught *c = ctx;

    (void)err;
    c->machines++;
    c->sockets = m->cpu_count;
    c->cores = m->cpu_cores;
    c->is_virtual = m->is_virtual;
    c->partial = m->partial;
    c->has_category = m->has_category;
    c->category = m->category;
    c->chassis = m->chassis;
    caught_text(c->name, sizeof c->name, m->name);
    caught_text(c->maker, sizeof c->maker, m->manufacturer);
    caught_text(c->product, sizeof c->product, m->product);
    caught_text(c->serial, sizeof c->serial, m->serial);
    caught_text(c->uuid, sizeof c->uuid, m->uuid);
    caught_text(c->tag, sizeof c->tag, m->tag);
    caught_text(c->note, sizeof c->note, m->note);
    c->cpu[0] = c->gpu[0] = c->disk[0] = '\0';
    c->ram_gib = c->hdd_gb = c->ssd_gb = 0;
    c->hdd = c->ssd = c->gpus = c->psus = 0;
    for (size_t i = 0; i < m->n_parts; i++)
        caught_part(c, &m->parts[i]);
    c->ram_gib = m->unknown_kinds & 1u << CALC_RAM ? NAN : c->ram_gib;
    c->hdd = m->unknown_kinds & 1u << CALC_HDD ? UNKNOWN : c->hdd;
    c->ssd = m->unknown_kinds & 1u << CALC_SSD ? UNKNOWN : c->ssd;
    c->gpus = m->unknown_kinds & 1u << CALC_GPU ? UNKNOWN : c->gpus;
    c->psus = m->unknown_kinds & 1u << CALC_PSU ? UNKNOWN : c->psus;
    return true;
}

static inline bool
caught_reject(void *ctx, const struct wire_reject *r, struct err *err)
{
    struct caught *c = ctx;

    (void)err;
    c->rejects++;
    caught_text(c->reason, sizeof c->reason, r->reason);
    return true;
}

static inline void caught_warn(void *ctx, const char *place, const char *text)
{
    struct caught *c = ctx;
    size_t n = strlen(c->warning);

    c->warnings++;
    snprintf(c->warning + n, sizeof c->warning - n, "%s: %s\n", place, text);
}

/* Reads a file; *format gets the name it was read as. */
static inline bool caught_read(
        struct caught *c, const char *path, const char *as, const char **format,
        struct err *err)
{
    const struct wire_sink sink = {
            .ctx = c,
            .machine = caught_machine,
            .reject = caught_reject,
            .warn = caught_warn};

    memset(c, 0, sizeof *c);
    return imp_read(path, as, &sink, format, err);
}

#endif
