/* SPDX-License-Identifier: Apache-2.0
 * Accelerator names: the row of that very card, or nothing. */
#include "factors/factors_priv.h"
#include "unit.h"

#include "facts_table.h"

static struct fac_pack *pack;

/* Rows are names in ../shared/facts/gpus.csv. gb: what a driver reported. */
static const struct {
    const char *name;
    double gb;
    const char *row; /* NULL: nothing */
    enum fac_match match;
} cases[] = {
        {"GeForce RTX 2080 Ti", NAN, "GeForce RTX 2080 Ti", FAC_MODEL},
        {"NVIDIA GeForce RTX 2080 Ti", 11, "GeForce RTX 2080 Ti", FAC_MODEL},
        {"NVIDIA GeForce RTX 2080", NAN, "GeForce RTX 2080", FAC_MODEL},
        {"RTX 2080 SUPER", NAN, "GeForce RTX 2080 SUPER", FAC_MODEL},
        {"2080", NAN, "GeForce RTX 2080", FAC_MODEL},
        {"2080 Ti", NAN, "GeForce RTX 2080 Ti", FAC_MODEL},
        {"RTX2080Ti", NAN, "GeForce RTX 2080 Ti", FAC_MODEL},
        {"1080", NAN, "GeForce GTX 1080", FAC_MODEL},
        {"1080 Ti", NAN, "GeForce GTX 1080 Ti", FAC_MODEL},
        {"NVIDIA A100-SXM4-40GB", NAN, "A100-SXM4-40GB", FAC_MODEL},
        {"NVIDIA A100-SXM4-80GB", NAN, "A100-SXM4-80GB", FAC_MODEL},
        {"A100 80GB PCIe", NAN, "A100 80GB PCIe", FAC_MODEL},
        {"NVIDIA A100 80GB PCIe", NAN, "A100 80GB PCIe", FAC_MODEL},
        {"NVIDIA A100-PCIE-40GB", NAN, "A100-PCIE-40GB", FAC_MODEL},
        {"A100 PCIe", 80, "A100 80GB PCIe", FAC_MODEL},
        {"A100 PCIe", 39.6, "A100-PCIE-40GB", FAC_MODEL},
        {"A100", 80, "A100 80GB PCIe", FAC_FAMILY},
        {"A100", NAN, "A100-SXM4-40GB", FAC_FAMILY},
        {"Tesla P100-PCIE-16GB", NAN, "Tesla P100-PCIE-16GB", FAC_MODEL},
        {"P100", NAN, "Tesla P100-PCIE-16GB", FAC_FAMILY},
        {"P100", 12, "Tesla P100-PCIE-12GB", FAC_MODEL},
        {"Tesla V100-SXM2-32GB", NAN, "Tesla V100-SXM2-32GB", FAC_MODEL},
        {"Tesla V100-PCIE-16GB", NAN, "Tesla V100-PCIE-16GB", FAC_MODEL},
        {"AMD Instinct MI300X", NAN, "Instinct MI300X", FAC_MODEL},
        {"Instinct MI210", NAN, "Instinct MI210", FAC_MODEL},
        {"Radeon Instinct MI50 32GB", NAN, "Radeon Instinct MI50 32GB",
         FAC_MODEL},
        {"GH200", NAN, "GH200 (GPU part)", FAC_MODEL},
        {"NVIDIA GH200 480GB", 95.6, "GH200 (GPU part)", FAC_MODEL},
        {"AGX Xavier", NAN, "Jetson AGX Xavier", FAC_MODEL},
        {"RTX A6000", NAN, "RTX A6000", FAC_MODEL},
        {"A4000", NAN, "RTX A4000", FAC_MODEL},
        {"NVIDIA RTX 6000 Ada Generation", NAN, "RTX 6000 Ada Generation",
         FAC_MODEL},
        {"Quadro RTX 6000", NAN, "Quadro RTX 6000", FAC_MODEL},
        {"Quadro RTX 4000", NAN, "Quadro RTX 4000", FAC_MODEL},
        {"Quadro 4000", NAN, "Quadro 4000", FAC_MODEL},
        {"Quadro K4000", NAN, "Quadro K4000", FAC_MODEL},
        {"TITAN X (Pascal)", NAN, "TITAN X (Pascal)", FAC_MODEL},
        {"GeForce GTX TITAN X", NAN, "GeForce GTX TITAN X", FAC_MODEL},
        {"NVIDIA TITAN Xp", NAN, "TITAN Xp", FAC_MODEL},
        {"TITAN RTX", NAN, "TITAN RTX", FAC_MODEL},
        {"NVIDIA H100 PCIe", NAN, "H100 PCIe", FAC_MODEL},
        {"NVIDIA H100 80GB HBM3", NAN, "H100 SXM5 80GB", FAC_MODEL},
        {"NVIDIA H100 NVL", NAN, "H100 NVL", FAC_MODEL},
        {"GeForce GTX 1060 6GB", NAN, "GeForce GTX 1060 6 GB", FAC_MODEL},
        {"GeForce GTX 1060 3GB", NAN, "GeForce GTX 1060 6 GB", FAC_FAMILY},
        {"GeForce GTX 1060", NAN, "GeForce GTX 1060 6 GB", FAC_FAMILY},
        {"GeForce GTX 1060", 6, "GeForce GTX 1060 6 GB", FAC_MODEL},
        {"Tesla M40 24GB", NAN, "Tesla M40 24GB", FAC_MODEL},
        {"Tesla M40", 11.9, "Tesla M40 12GB", FAC_MODEL},
        {"Tesla K80", NAN, "Tesla K80", FAC_MODEL},
        {"Tesla K40m", NAN, "Tesla K40", FAC_MODEL},
        /* bus listings */
        {"NVIDIA Corporation GP102 [GeForce GTX 1080 Ti] (rev a1)", NAN,
         "GeForce GTX 1080 Ti", FAC_MODEL},
        {"NVIDIA Corporation TU102 [GeForce RTX 2080 Ti Rev. A] (rev a1)", NAN,
         "GeForce RTX 2080 Ti", FAC_MODEL},
        {"Advanced Micro Devices, Inc. [AMD/ATI] Aldebaran/MI200 [Instinct "
         "MI250X/MI250]",
         NAN, "Instinct MI250X", FAC_FAMILY},
        {"Ellesmere [Radeon RX 470/480/570/570X/580/580X/590] (rev e7)", NAN,
         "Radeon RX 480", FAC_FAMILY},
        {"NVIDIA Corporation TU102GL [Quadro RTX 6000/8000] (rev a1)", NAN,
         "Quadro RTX 6000", FAC_FAMILY},
        {"NVIDIA Corporation GA100 [GRID A100 PCIe 40GB] (rev a1)", NAN,
         "A100-PCIE-40GB", FAC_MODEL},
        /* drivers, other words of the same card */
        {"Tesla K10.G1.8GB", NAN, "Tesla K10", FAC_MODEL},
        {"Tesla V100-DGXS-32GB", NAN, "Tesla V100-SXM2-32GB", FAC_FAMILY},
        {"NVIDIA B300 SXM6 AC", NAN, "B300", FAC_MODEL},
        {"TITAN Xp COLLECTORS EDITION", NAN, "TITAN Xp", FAC_MODEL},
        {"AMD Radeon RX 580 Series", NAN, "Radeon RX 580", FAC_MODEL},
        {"AMD INSTINCT MI250 (MCM) OAM AC MBA", NAN, "Instinct MI250",
         FAC_MODEL},
        {"Intel(R) Xeon Phi(TM) coprocessor 7120P", NAN, "Xeon Phi 7120P",
         FAC_MODEL},
        {"Habana Gaudi2", NAN, "Gaudi2", FAC_MODEL},
        {"HL-225", NAN, "Gaudi2", FAC_MODEL},
        /* sellers and board makers */
        {"MSI GeForce GTX 1080 Ti", NAN, "GeForce GTX 1080 Ti", FAC_MODEL},
        {"Gigabyte GeForce RTX 3090 Turbo 24G", NAN, "GeForce RTX 3090",
         FAC_MODEL},
        {"NVIDIA Ampere A100, PCIe, 300W, 80GB Passive, Double Wide, Full "
         "Height",
         NAN, "A100 80GB PCIe", FAC_MODEL},
        {"HPE NVIDIA A100 40GB PCIe Non-CEC Accelerator", NAN, "A100-PCIE-40GB",
         FAC_MODEL},
        {"Quadro RTX A6000", NAN, "RTX A6000", FAC_MODEL},
        /* not a table's card */
        {"580", NAN, NULL, FAC_NO_MATCH}, /* GTX or Radeon RX */
        {"GA104M [GeForce RTX 3080 Mobile / Max-Q 8GB/16GB] (rev a1)", NAN,
         NULL, FAC_NO_MATCH},
        {"NVIDIA A40-48Q", NAN, NULL, FAC_NO_MATCH}, /* a slice */
        {"GRID T4-16Q", NAN, NULL, FAC_NO_MATCH},
        {"AMD Radeon RX 6800M", NAN, NULL, FAC_NO_MATCH},
        {"NVIDIA GeForce RTX 4090 D", NAN, NULL, FAC_NO_MATCH},
        {"RTX 4000", NAN, NULL, FAC_NO_MATCH},
        {"RTX 6000", NAN, NULL, FAC_NO_MATCH},
        {"TITAN X", NAN, NULL, FAC_NO_MATCH},
        {"NVIDIA GeForce RTX 3080 Laptop GPU", NAN, NULL, FAC_NO_MATCH},
        {"GeForce GTX 1080 with Max-Q Design", NAN, NULL, FAC_NO_MATCH},
        {"Radeon 580", NAN, NULL, FAC_NO_MATCH},
        {"Intel UHD Graphics 750", NAN, NULL, FAC_NO_MATCH},
        {"AMD A100", NAN, NULL, FAC_NO_MATCH},
        /* pictures of a management controller, and virtual ones */
        {"Matrox Electronics Systems Ltd. G200eR2", NAN, NULL, FAC_NO_MATCH},
        {"ASPEED Technology, Inc. ASPEED Graphics Family (rev 41)", NAN, NULL,
         FAC_NO_MATCH},
        {"Advanced Micro Devices, Inc. [AMD/ATI] ES1000 (rev 02)", NAN, NULL,
         FAC_NO_MATCH},
        {"Red Hat, Inc. QXL paravirtual graphic card", NAN, NULL, FAC_NO_MATCH},
        {"bochs-drmdrmfb", NAN, NULL, FAC_NO_MATCH},
        {"VMware SVGA II Adapter", NAN, NULL, FAC_NO_MATCH},
        {"gpu", NAN, NULL, FAC_NO_MATCH},
        {"", NAN, NULL, FAC_NO_MATCH},
        {NULL, NAN, NULL, FAC_NO_MATCH},
};

static void test_names(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = cases[i].name ? cases[i].name : "(null)";
        const char *row = cases[i].row ? cases[i].row : "nothing";
        enum fac_match how = FAC_MODEL;
        const struct fac_gpu *g =
                fac_gpu_find(pack, cases[i].name, cases[i].gb, &how);

        UNIT_CHECK(
                strcmp(g ? g->name : "nothing", row) == 0, "%s (%g GB): %s",
                name, cases[i].gb, g ? g->name : "nothing");
        UNIT_CHECK(
                how == cases[i].match, "%s (%g GB): match %d", name,
                cases[i].gb, how);
    }
}

/* "44 GeForce RTX 2080 Ti; 4 Quadro RTX 6000" */
static void test_grid5000(void)
{
    struct facts f;
    size_t seen = 0;

    UNIT_CHECK(
            facts_open("../shared/samples/grid5000/clusters.csv", &f),
            "clusters.csv");
    for (size_t i = 0; i < facts_count(&f); i++) {
        const char *s = facts_text(&f, i, "gpus_in_cluster");

        while (*s) {
            char name[100];
            enum fac_match how;
            size_t n;

            s += strspn(s, "0123456789 ");
            n = strcspn(s, ";");
            snprintf(name, sizeof name, "%.*s", (int)n, s);
            UNIT_CHECK(
                    fac_gpu_find(pack, name, NAN, &how) && how == FAC_MODEL,
                    "%s is not known", name);
            seen++;
            s += n;
            s += strspn(s, "; ");
        }
    }
    UNIT_CHECK(seen > 60, "%zu cards seen", seen);
    facts_close(&f);
}

static void test_rows_equal_facts(void)
{
    struct facts f;

    UNIT_CHECK(facts_open("../shared/facts/gpus.csv", &f), "facts");
    UNIT_CHECK(facts_count(&f) == pack->n_gpus, "%zu rows", pack->n_gpus);
    for (size_t i = 0; i < facts_count(&f); i++) {
        const char *name = facts_text(&f, i, "model");
        const struct fac_gpu *g = NULL;

        for (size_t k = 0; k < pack->n_gpus; k++)
            if (strcmp(pack->gpus[k].name, name) == 0)
                g = &pack->gpus[k];
        UNIT_CHECK(g, "%s has no row", name);
        if (!g)
            continue;
        UNIT_NEAR(g->die_mm2, facts_number(&f, i, "die_mm2"), 1e-9, name);
        UNIT_NEAR(g->memory_gb, facts_number(&f, i, "memory_gb"), 1e-9, name);
        UNIT_NEAR(g->tdp_w, facts_number(&f, i, "tdp_w"), 1e-9, name);
        UNIT_NEAR(g->dies, facts_number(&f, i, "dies"), 1e-9, name);
        UNIT_NEAR(
                g->year ? (double)g->year : NAN,
                facts_number(&f, i, "release_year"), 1e-9, name);
        UNIT_CHECK(
                strcmp(g->form, facts_text(&f, i, "form")) == 0, "%s: form %s",
                name, g->form);
        UNIT_CHECK(
                strcmp(g->memory_type, facts_text(&f, i, "memory_type")) == 0,
                "%s: memory %s", name, g->memory_type);
        UNIT_CHECK(
                strcmp(g->confidence,
                       isnan(g->die_mm2)
                               ? "gap"
                               : facts_text(&f, i, "confidence")) == 0,
                "%s: grade %s", name, g->confidence);
    }
    facts_close(&f);
}

/* Its own name finds every row. */
static void test_own_names(void)
{
    for (size_t i = 0; i < pack->n_gpus; i++) {
        const struct fac_gpu *g = &pack->gpus[i], *got;
        enum fac_match how;

        got = fac_gpu_find(pack, g->name, g->memory_gb, &how);
        UNIT_CHECK(
                got == g && how == FAC_MODEL, "%s finds %s", g->name,
                got ? got->name : "nothing");
    }
}

/* Measures of METHOD 2.3, each card linked to its row. */
static void test_cards(void)
{
    static const struct {
        const char *gpu;
        double eff, board, casing, sink, mass, dies, gb;
    } cards[] = {
            {"GeForce GTX 1080 Ti", 740.57, 312.14, 0.252, 0.427, 0.881, 11,
             11},
            {"RTX A4500", 1135.82, 230.04, 0.1976, 0.714, 1.06, 10, 20},
            {"Tesla P100-PCIE-16GB", 1088.7, 295.26, 0.175, 0.538, 0.888, 4,
             16},
            {"L4", 390.96, 93.13, 0, 0.0871, 0.142, 12, 24},
            {"A100-PCIE-40GB", 1798, 234.36, 0.387, 0.609, 1.23, 6, 40},
            {"A100-SXM4-40GB", 1798, 105, 0.09, 1.25, 1.56, 6, 40},
            {"H100 SXM5 80GB", 2810.4, 296.37, 0.789, 0.901, 1.69, 6, 80},
    };

    UNIT_CHECK(pack->n_cards == 8, "%zu cards", pack->n_cards);
    for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
        enum fac_match how;
        const struct fac_gpu *g =
                fac_gpu_find(pack, cards[i].gpu, cards[i].gb, &how);
        const struct fac_card *c = fac_card_of(pack, g);

        UNIT_CHECK(c && c->gpu == g, "%s", cards[i].gpu);
        if (!c)
            continue;
        UNIT_NEAR(c->card.die_eff_mm2, cards[i].eff, 1e-9, cards[i].gpu);
        UNIT_NEAR(c->card.board_cm2, cards[i].board, 1e-9, cards[i].gpu);
        UNIT_NEAR(c->card.casing_kg, cards[i].casing, 1e-9, cards[i].gpu);
        UNIT_NEAR(c->card.sink_kg, cards[i].sink, 1e-9, cards[i].gpu);
        UNIT_NEAR(c->card.mass_kg, cards[i].mass, 1e-9, cards[i].gpu);
        UNIT_NEAR(c->card.vram_dies, cards[i].dies, 1e-9, cards[i].gpu);
        UNIT_NEAR(c->card.vram_gb, cards[i].gb, 1e-9, cards[i].gpu);
        UNIT_NEAR(c->card.boat_km, 19000, 1e-9, cards[i].gpu);
        UNIT_NEAR(c->card.truck_km, 1000, 1e-9, cards[i].gpu);
    }
    UNIT_CHECK(
            !fac_card_of(pack, fac_gpu_find(pack, "TITAN RTX", NAN, NULL)),
            "of the Titan RTX only the die area is published");
    for (size_t i = 0; i < pack->n_cards; i++)
        if (pack->cards[i].area_only)
            UNIT_NEAR(
                    pack->cards[i].card.die_eff_mm2, 1528.87, 1e-9,
                    pack->cards[i].name);
}

static void test_hostile(void)
{
    char name[3000];
    enum fac_match how;

    for (int c = 1; c < 256; c++)
        for (size_t len = 0; len < 400; len += 7) {
            memset(name, c, len);
            name[len] = '\0';
            UNIT_CHECK(!fac_gpu_find(pack, name, NAN, &how), "byte %d", c);
        }
    for (size_t i = 0; i + 1 < sizeof name; i++)
        name[i] = "[/] 12gb"[i % 8];
    for (size_t len = 1; len < 199; len++) {
        char cut[200];

        memcpy(cut, name, len);
        cut[len] = '\0';
        UNIT_CHECK(!fac_gpu_find(pack, cut, 40, &how), "brackets, %zu", len);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"names", test_names},
            {"grid5000", test_grid5000},
            {"rows equal the facts", test_rows_equal_facts},
            {"own names", test_own_names},
            {"measured cards", test_cards},
            {"hostile names", test_hostile},
            {NULL, NULL}};
    int status;

    if (!fac_pack_load(NULL, &pack, NULL))
        return 1;
    status = unit_main("accelerators", tests);
    fac_pack_free(pack);
    return status;
}
