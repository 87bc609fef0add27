/* SPDX-License-Identifier: Apache-2.0
 * Cards that Slurm counts: kinds, types and counts of a node's Gres= as its
 * manual and sites write them, boards counted by hand. */
#include "importers_sink.h"
#include "unit.h"

enum { UNKNOWN = -1 };

static const struct {
    const char *gres;
    int cards;         /* boards; UNKNOWN */
    bool open;         /* at least these */
    const char *model; /* of the first; NULL: none */
    const char *warning;
} nodes[] = {
        {"(null)", 0, false, NULL, NULL},
        {"gpu:2", 2, false, NULL, NULL},
        {"gpu:no_consume:4", 4, false, NULL, NULL},
        {"gpu:a100:no_consume:2", 2, false, "a100", NULL},
        {"gpu:l40s:8(S:0,2-3),bandwidth:lustre:no_consume:4G", 8, false, "l40s",
         NULL},
        {"gpu:a100:4(S:0-1),mps:400,shard:a100:32(S:0-1)", 4, false, "a100",
         NULL},
        {"cpu:amd:1,gpu:nvidia_a100-sxm4-40gb:4(S:0-1)", 4, false,
         "nvidia_a100-sxm4-40gb", NULL},
        {"tpu:4", 0, false, NULL, NULL},
        /* slices of cards whose number is not said */
        {"gpu:h100_1g.10gb+me:2", UNKNOWN, true, NULL, "slices of a card"},
        {"gpu:mig-3g.71gb:2", UNKNOWN, true, NULL, "slices of a card"},
        {"gpu:a100:3,gpu:a100_3g.20gb:2", 3, true, "a100", "slices of a card"},
        {"gpu:a100_3g.20gb:2,gpu:a100:3", 3, true, "a100", "slices of a card"},
        /* every die is a device of its own */
        {"gpu:mi250:8", 4, false, "mi250", "4 boards of 2"},
        {"gpu:tesla_k80:3", 2, false, "tesla_k80", "2 boards of 2"},
        {"gpu:k80:1", 1, false, "k80", NULL},
        {"gpu:mi300x:8", 8, false, "mi300x", NULL},
};

static void check(size_t i, const struct wire_machine *m)
{
    const struct wire_part *p = kept_part(m, CALC_GPU, 0);
    int cards = (m->unknown_kinds >> CALC_GPU) & 1
                        ? UNKNOWN
                        : (int)kept_units(m, CALC_GPU);
    const char *model = p ? p->model : NULL;

    UNIT_CHECK(cards == nodes[i].cards, "%s: %d cards", nodes[i].gres, cards);
    UNIT_CHECK(
            ((m->open_kinds >> CALC_GPU) & 1) == nodes[i].open, "%s: open",
            nodes[i].gres);
    UNIT_CHECK(
            nodes[i].model ? model && strcmp(model, nodes[i].model) == 0
                           : !model,
            "%s: model %s", nodes[i].gres, model ? model : "-");
    UNIT_CHECK(
            m->category == (nodes[i].cards != 0 ? CALC_GPU_NODE : CALC_SERVER),
            "%s: category %d", nodes[i].gres, (int)m->category);
}

static void test_gres(void)
{
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        struct err err = {0};
        char text[300];

        snprintf(
                text, sizeof text,
                "NodeName=n1 CoresPerSocket=8\n   Gres=%s\n   "
                "RealMemory=65536 Sockets=2\n",
                nodes[i].gres);
        UNIT_CHECK(
                imp_read(kept_file("n.txt", text), NULL, &sink, NULL, &err),
                "%s: %s", nodes[i].gres, err.msg);
        UNIT_CHECK(
                k->n_machines == 1, "%s: %zu machines", nodes[i].gres,
                k->n_machines);
        if (k->n_machines == 1)
            check(i, &k->machines[0]);
        UNIT_CHECK(
                kept_warned(
                        k, nodes[i].warning ? nodes[i].warning : "boards of") ==
                        (nodes[i].warning != NULL),
                "%s: warning", nodes[i].gres);
        kept_free(k);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"cards of a node", test_gres},
            {NULL, NULL},
    };

    return unit_main("importers_gres", tests);
}
