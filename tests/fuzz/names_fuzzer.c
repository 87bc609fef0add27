/* SPDX-License-Identifier: Apache-2.0
 * Names of CPUs, GPUs and products: whatever is written, areas stay positive
 * and ranges ordered. */
#include <math.h>
#include <string.h>

#include "factors/factors.h"
#include "fuzz.h"

static void
resolve(const struct fac_pack *pack, enum calc_kind kind, const char *name)
{
    const struct fac_part_desc desc = {
            .kind = kind,
            .model = name,
            .capacity = NAN,
            .cores = -1,
            .die_mm2 = NAN,
            .mass_kg = NAN,
            .density_gb_per_cm2 = NAN,
            .gpu_memory_gb = NAN};
    struct fac_part p;

    fac_part_resolve(pack, &desc, &p);
    FUZZ_HOLDS(isnan(p.unit.kg[CALC_GWP]) || p.unit.kg[CALC_GWP] > 0);
    if (kind == CALC_CPU)
        FUZZ_HOLDS(
                p.die_mm2 > 0 && p.die_lo_mm2 <= p.die_mm2 &&
                p.die_mm2 <= p.die_hi_mm2);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct fac_pack *pack;
    struct err err = {0};
    char *name = malloc(len + 1);

    if (!pack)
        FUZZ_HOLDS(fac_pack_load(NULL, &pack, &err));
    FUZZ_HOLDS(name);
    memcpy(name, bytes, len);
    name[len] = '\0';
    resolve(pack, CALC_CPU, name);
    resolve(pack, CALC_GPU, name);
    free(name);
    return 0;
}
