/* SPDX-License-Identifier: Apache-2.0
 * Approach C under the set "act", to stand beside the default set: logic,
 * memory and disks only [2.3]. */
#include "factors/assess_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MM2_PER_CM2 100.0

static double value(const struct fac_pack *p, const char *key)
{
    const struct fac_factor *f = fac_factor_by_key(p, FAC_SET_ACT, key);

    return f ? f->value[CALC_GWP] : NAN;
}

static double node_value(const struct fac_pack *p, int nm, const char *what)
{
    char key[40];

    snprintf(key, sizeof key, "logic.%dnm.%s", nm, what);
    return value(p, key);
}

void fac_act_build(const struct fac_pack *p, struct fac_act *out)
{
    static const int nodes[FAC_ACT_NODES] = {28, 20, 14, 10, 8, 7, 5, 3};
    /* [D] A disk is counted like the listed one of the nearest size. */
    static const struct {
        const char *key;
        double gb;
    } disks[FAC_ACT_DISKS] = {
            {"hdd.exos15e900", 900}, {"hdd.exos10e2400", 2400},
            {"hdd.exos7e8", 8000},   {"hdd.exos-x12", 12000},
            {"hdd.exos2x14", 14000}, {"hdd.exos-x16", 16000},
    };
    double ddr3 = value(p, "dram.ddr3-30nm"), ddr4 = value(p, "dram.ddr4-10nm");

    for (int i = 0; i < FAC_ACT_NODES; i++) {
        out->node[i].nm = nodes[i];
        out->node[i].logic = (struct calc_act_logic){
                .ci_g_per_kwh = value(p, "fab.grid"),
                .epa_kwh_per_cm2 = node_value(p, nodes[i], "energy"),
                .gpa_g_per_cm2 = 1e3 * node_value(p, nodes[i], "gas"),
                .mpa_g_per_cm2 = 1e3 * value(p, "logic.material"),
                .yield = value(p, "logic.yield"),
                .package_g = 1e3 * value(p, "package.unit"),
        };
    }
    out->dram_kg_per_gb[FAC_DDR3] = ddr3;
    out->dram_kg_per_gb[FAC_DDR4_EARLY] = ddr4;
    out->dram_kg_per_gb[FAC_DDR4_LATE_OR_5] = ddr4;
    out->dram_kg_per_gb[FAC_RAM_UNKNOWN] = (ddr3 + ddr4) / 2; /* [D] */
    out->nand_kg_per_gb = value(p, "nand.tlc-v3"); /* [D] the newest listed */
    for (int i = 0; i < FAC_ACT_DISKS; i++) {
        out->disk[i].gb = disks[i].gb;
        out->disk[i].kg_per_gb = value(p, disks[i].key);
    }
}

/* The nearest listed process; of two equally near, the older. */
static double chip_kg(const struct fac_act *act, int nm, double die_mm2)
{
    int best = 0;

    if (nm <= 0)
        return NAN;
    for (int i = 1; i < FAC_ACT_NODES; i++)
        if (abs(act->node[i].nm - nm) < abs(act->node[best].nm - nm))
            best = i;
    return calc_act_chip_kg(&act->node[best].logic, die_mm2 / MM2_PER_CM2);
}

static double disk_kg(const struct fac_act *act, double gb)
{
    int best = 0;

    for (int i = 1; i < FAC_ACT_DISKS; i++)
        if (fabs(act->disk[i].gb - gb) < fabs(act->disk[best].gb - gb))
            best = i;
    return gb * act->disk[best].kg_per_gb;
}

/* Logic of the card, and its memory as DDR4: the set has neither GDDR nor HBM
 * [D]. */
static double card_kg(const struct fac_act *act, const struct fac_gpu *g)
{
    return chip_kg(act, g->process_nm, g->die_mm2) +
           g->memory_gb * act->dram_kg_per_gb[FAC_DDR4_LATE_OR_5];
}

struct sum {
    double kg;
    bool any;
    uint32_t left_out;
};

static void add(struct sum *s, enum calc_kind kind, double kg)
{
    if (isnan(kg)) {
        s->left_out |= 1u << kind;
        return;
    }
    s->kg += kg;
    s->any = true;
}

static void cpus_add(
        struct sum *s, const struct fac_hot *h, const struct fac_unit *u,
        const struct fac_survey *have)
{
    for (int i = 0; i < have->n_cpu; i++) {
        const struct fac_part *part = have->cpu[i].part;
        double n = have->cpu_count_known ? have->cpu[i].units
                                         : fac_cpu_count(h, u, have).used;

        add(s, CALC_CPU,
            part->cpu
                    ? n * chip_kg(&h->act, part->cpu->process_nm, part->die_mm2)
                    : NAN);
    }
    if (have->cpu_more ||
        (!have->n_cpu && calc_is_computer(u->category) && !have->soc &&
         !(have->cpu_count_known && !(have->cpu_units > 0))))
        s->left_out |= 1u << CALC_CPU;
}

static void
use_add(struct sum *s, const struct fac_act *act, const struct fac_use *use)
{
    const struct fac_part *part = use->part;
    double n = use->units;

    switch (part->desc.kind) {
    case CALC_GPU:
        add(s, CALC_GPU, part->gpu ? n * card_kg(act, part->gpu) : NAN);
        break;
    case CALC_HDD:
        add(s, CALC_HDD, n * disk_kg(act, part->desc.capacity));
        break;
    case CALC_CPU:
    case CALC_RAM:
    case CALC_SSD:
        break; /* added up by the survey */
    default:
        if (part->desc.kind < CALC_KINDS)
            s->left_out |= 1u << part->desc.kind;
        break;
    }
}

double fac_assess_other_set(
        const struct fac_pack *p, const char *set, const struct fac_unit *u,
        uint32_t *left_out)
{
    const struct fac_act *act = &p->hot->act;
    struct fac_survey have;
    struct sum s = {0};

    *left_out = 0;
    if (strcmp(set, FAC_SET_ACT) != 0 || u->is_virtual)
        return NAN;
    fac_survey(u, &have);
    for (size_t i = 0; i < u->n_uses; i++)
        use_add(&s, act, &u->uses[i]);
    cpus_add(&s, p->hot, u, &have);
    for (int g = 0; g < FAC_RAM_GENS; g++)
        if (have.ram.gb[g] > 0)
            add(&s, CALC_RAM, have.ram.gb[g] * act->dram_kg_per_gb[g]);
    if (have.ram.cm2_gb > 0)
        add(&s, CALC_RAM,
            have.ram.cm2_gb * act->dram_kg_per_gb[FAC_RAM_UNKNOWN]);
    if (have.ssd.n > 0)
        add(&s, CALC_SSD,
            (have.ssd.gb + have.ssd.cm2_gb + have.ssd.unsized * FAC_SSD_GB) *
                    act->nand_kg_per_gb);
    if (!have.ram_known)
        s.left_out |= 1u << CALC_RAM;
    if (calc_is_computer(u->category))
        s.left_out |= 1u << CALC_BOARD | 1u << CALC_PSU | 1u << CALC_CHASSIS |
                      1u << CALC_ASSEMBLY;
    *left_out = s.left_out;
    return s.any ? s.kg : NAN;
}
