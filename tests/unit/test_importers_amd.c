/* SPDX-License-Identifier: Apache-2.0
 * What rocm-smi and amd-smi call cards that are newer than themselves: each
 * answer here is of our own, device ids as the PCI ID repository has them. */
#include "importers_sink.h"
#include "unit.h"

#define ROCM(names) "{\"card0\":{" names ",\"GFX Version\":\"gfx1\"}}"
#define AMD_SMI(name, id)                                                      \
    "[{\"gpu\":0,\"asic\":{\"market_name\":\"" name "\",\"device_id\":\"" id   \
    "\"},\"board\":{\"product_name\":\"N/A\"}}]"

static const struct {
    const char *text;
    unsigned cards;
    const char *model;
} answers[] = {
        {ROCM("\"Device Name\":\"AMD Radeon Graphics\",\"Device ID\":"
              "\"0x7550\",\"Card Series\":\"AMD Radeon Graphics\""),
         1, "Radeon RX 9070/9070 XT"},
        {ROCM("\"Card Series\":\"AMD Radeon Graphics\",\"Card Model\":"
              "\"0x74a1\""),
         1, "Instinct MI300X"},
        /* Strix Halo: graphics of the processor */
        {ROCM("\"Card Series\":\"AMD Radeon Graphics\",\"Card Model\":"
              "\"0x1586\""),
         0, NULL},
        /* of version 6.0: the board's id, which is no device's */
        {ROCM("\"Card series\":\"AMD Radeon Graphics\",\"Card model\":"
              "\"0x74a1\",\"Device ID\":\"0x1586\""),
         0, NULL},
        {ROCM("\"Card Series\":\"AMD Radeon RX 6600\",\"Device ID\":"
              "\"0x7550\""),
         1, "AMD Radeon RX 6600"},
        {AMD_SMI("AMD Radeon Graphics", "0x744c"), 1, "Radeon RX 7900 XT/XTX"},
        {AMD_SMI("AMD Radeon(TM) Graphics", "0x164e"), 0, NULL},
        {AMD_SMI("N/A", "0x74a1"), 1, "Instinct MI300X"},
};

static void test_generic(void)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        const struct wire_part *p = NULL;
        struct err err = {0};

        UNIT_CHECK(
                imp_read(
                        kept_file("n.json", answers[i].text), NULL, &sink, NULL,
                        &err),
                "%zu: %s", i, err.msg);
        UNIT_CHECK(k->n_machines == 1, "%zu: %zu machines", i, k->n_machines);
        if (k->n_machines == 1) {
            UNIT_CHECK(
                    kept_units(&k->machines[0], CALC_GPU) == answers[i].cards,
                    "%zu: %u cards", i,
                    (unsigned)kept_units(&k->machines[0], CALC_GPU));
            p = kept_part(&k->machines[0], CALC_GPU, 0);
        }
        UNIT_CHECK(
                answers[i].model
                        ? p && p->model &&
                                  strcmp(p->model, answers[i].model) == 0
                        : !p,
                "%zu: %s", i, p && p->model ? p->model : "no card");
        kept_free(k);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"names of many cards", test_generic},
            {NULL, NULL},
    };

    return unit_main("importers_amd", tests);
}
