/* SPDX-License-Identifier: Apache-2.0
 * Units built in a few lines, for the tests of the assessment. */
#ifndef TESTS_LIB_ASSESS_UNIT_H
#define TESTS_LIB_ASSESS_UNIT_H

#include <stdio.h>
#include <string.h>

#include "factors/factors_priv.h"
#include "unit.h"

enum { BOX_PARTS = 40 };

struct box { /* parts and uses point into it: never copied */
    struct fac_part parts[BOX_PARTS];
    struct fac_use uses[BOX_PARTS];
    struct fac_unit unit;
    struct fac_assessment a;
};

static struct fac_pack *pack;

static inline void box_pack(void)
{
    struct err err = {0};

    if (!pack && !fac_pack_load(NULL, &pack, &err)) {
        fprintf(stderr, "%s: %s\n", err.where, err.msg);
        CU_FAIL_FATAL("the embedded sets do not load");
    }
}

/* Everything known, nothing there. */
static inline void
box_begin(struct box *b, enum calc_category category, enum calc_chassis chassis)
{
    box_pack();
    memset(b, 0, sizeof *b);
    b->unit = (struct fac_unit){
            .category = category,
            .chassis = chassis,
            .cpu_count = -1,
            .cpu_cores = -1,
            .uses = b->uses,
            .stated_kg = NAN,
    };
}

static inline struct fac_part_desc box_desc(enum calc_kind kind)
{
    return (struct fac_part_desc){
            .kind = kind,
            .capacity = NAN,
            .cores = -1,
            .die_mm2 = NAN,
            .mass_kg = NAN,
            .density_gb_per_cm2 = NAN,
            .gpu_memory_gb = NAN,
    };
}

static inline struct fac_part *
box_add(struct box *b, const struct fac_part_desc *desc, uint32_t units)
{
    size_t n = b->unit.n_uses++;

    fac_part_resolve(pack, desc, &b->parts[n]);
    b->uses[n] = (struct fac_use){&b->parts[n], units};
    return &b->parts[n];
}

static inline void
box_sized(struct box *b, enum calc_kind kind, uint32_t units, double capacity)
{
    struct fac_part_desc d = box_desc(kind);

    d.capacity = capacity;
    box_add(b, &d, units);
}

static inline void box_ram_total(struct box *b, double gib)
{
    struct fac_part_desc d = box_desc(CALC_RAM);

    d.capacity = gib;
    d.total = true;
    box_add(b, &d, 1);
}

static inline void box_dense(
        struct box *b, enum calc_kind kind, uint32_t units, double capacity,
        double density)
{
    struct fac_part_desc d = box_desc(kind);

    d.capacity = capacity;
    d.density_gb_per_cm2 = density;
    box_add(b, &d, units);
}

static inline void box_cpu(struct box *b, uint32_t units, double die_mm2)
{
    struct fac_part_desc d = box_desc(CALC_CPU);

    d.die_mm2 = die_mm2;
    box_add(b, &d, units);
    b->unit.cpu_count = (int)units;
}

static inline struct fac_part *
box_model(struct box *b, enum calc_kind kind, uint32_t units, const char *model)
{
    struct fac_part_desc d = box_desc(kind);

    d.model = model;
    return box_add(b, &d, units);
}

static inline void box_psu(struct box *b, uint32_t units, double mass_kg)
{
    struct fac_part_desc d = box_desc(CALC_PSU);

    d.mass_kg = mass_kg;
    box_add(b, &d, units);
}

/* TV09: the server that the method's vectors are made of. */
static inline void box_tv09(struct box *b, enum calc_chassis chassis)
{
    box_begin(b, CALC_SERVER, chassis);
    box_cpu(b, 2, 600);
    box_sized(b, CALC_RAM, 12, 32);
    box_sized(b, CALC_HDD, 2, 4000);
    box_dense(b, CALC_SSD, 1, 960, 48.5);
    box_psu(b, 2, 2.99);
}

static inline const struct fac_assessment *box_assess(struct box *b)
{
    fac_assess(pack, &b->unit, &b->a);
    return &b->a;
}

/* Sum of the lines of a kind; NAN when there is none. */
static inline double
box_kind(const struct fac_assessment *a, enum calc_kind kind, int criterion)
{
    double kg = NAN;

    for (int i = 0; i < a->n_lines; i++)
        if (a->lines[i].kind == kind)
            kg = (isnan(kg) ? 0 : kg) + a->lines[i].kg[criterion];
    return kg;
}

static inline bool
box_done(const struct fac_assessment *a, enum fac_done done, double *used)
{
    for (int i = 0; i < a->n_dones; i++)
        if (a->dones[i].done == done) {
            if (used)
                *used = a->dones[i].used;
            return true;
        }
    return false;
}

/* What holds for every assessment: lines add up to the figure exactly, in
 * order, and give its interval. */
static inline void box_sound(const struct fac_assessment *a, const char *name)
{
    struct calc_total t = {0};

    UNIT_CHECK(a->n_lines <= FAC_MAX_LINES, "%s: %d lines", name, a->n_lines);
    for (int c = 0; c < CALC_CRITERIA; c++) {
        double sum = 0;

        for (int i = 0; i < a->n_lines; i++)
            sum += a->lines[i].kg[c];
        if (a->n_lines)
            UNIT_CHECK(
                    sum == a->kg[c] || (isnan(sum) && isnan(a->kg[c])),
                    "%s: criterion %d: lines %.17g, figure %.17g", name, c, sum,
                    a->kg[c]);
        else
            UNIT_CHECK(isnan(a->kg[c]), "%s: a figure without lines", name);
    }
    for (int i = 0; i < a->n_lines; i++)
        calc_total_add(&t, &a->lines[i], 1);
    if (a->n_lines && a->choice.approach < CALC_STATED)
        UNIT_NEAR(
                a->by[a->choice.approach].sigma, calc_total_sigma(&t), 1e-12,
                name);
    calc_total_clear(&t);
}

#endif
