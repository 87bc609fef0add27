/* SPDX-License-Identifier: Apache-2.0
 * Processor names: their rows, their generations, and what matches nothing. */
#include "factors/factors_priv.h"
#include "unit.h"

#include "facts_table.h"

static struct fac_pack *pack;

/* Areas and family members below are read by hand from
 * ../shared/facts/cpus.csv. row: NULL none expected, "*" a family of rows. */
static const struct {
    const char *name, *row, *family;
    enum fac_match match;
    double die_mm2;
} cases[] = {
        /* as lscpu and dmidecode print them */
        {"Intel(R) Xeon(R) CPU E5-2650 v4 @ 2.20GHz", "Xeon E5-2650 v4",
         "broadwell-ep", FAC_MODEL, 306},
        {"Intel(R) Xeon(R) CPU E5-2650 v3 @ 2.30GHz", "Xeon E5-2650 v3",
         "haswell-ep", FAC_MODEL, 492},
        {"Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz", "Xeon E5-2650 v2",
         "ivy-bridge-ep", FAC_MODEL, 341},
        {"Intel(R) Xeon(R) CPU E5-2650 0 @ 2.00GHz", "Xeon E5-2650",
         "sandy-bridge-ep", FAC_MODEL, 416},
        {"Intel(R) Xeon(R) CPU E5-2630L v4 @ 1.80GHz", "Xeon E5-2630L v4",
         "broadwell-ep", FAC_MODEL, 246},
        {"Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", "Xeon Gold 6130",
         "skylake-sp", FAC_MODEL, 485},
        {"Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz", "Xeon Gold 6230",
         "cascade-lake-sp", FAC_MODEL, 694},
        {"INTEL(R) XEON(R) PLATINUM 8568Y+", "Xeon Platinum 8568Y+",
         "emerald-rapids", FAC_MODEL, 1526},
        {"AMD EPYC 7452 32-Core Processor", "EPYC 7452", "rome", FAC_MODEL,
         712},
        {"AMD EPYC 7H12 64-Core Processor", "EPYC 7H12", "rome", FAC_MODEL,
         1008},
        {"AMD EPYC 7301 16-Core Processor", "EPYC 7301", "naples", FAC_MODEL,
         852},
        {"AMD EPYC 9754 128-Core Processor", "EPYC 9754", "bergamo", FAC_MODEL,
         978.6},
        {"AMD EPYC 9555 64-Core Processor", "EPYC 9555", "turin", FAC_MODEL,
         990.8},
        {"Intel(R) Xeon(R) CPU X5670 @ 2.93GHz", "Xeon X5670", "westmere-ep",
         FAC_MODEL, 239},
        {"Intel(R) Xeon(R) CPU           E5645  @ 2.40GHz", "Xeon E5645",
         "westmere-ep", FAC_MODEL, 239},
        {"Intel(R) Xeon(R) CPU E5520 @ 2.27GHz", "Xeon E5520", "nehalem-ep",
         FAC_MODEL, 263},
        {"Intel(R) Xeon(R) CPU E7- 4870  @ 2.40GHz", "Xeon E7-4870",
         "westmere-ex", FAC_MODEL, 513},
        {"Intel(R) Xeon(R) CPU E7-4850 v3 @ 2.20GHz", "Xeon E7-4850 v3",
         "haswell-ex", FAC_MODEL, 662},
        {"Intel(R) Xeon(R) 6710E", "Xeon 6710E", "sierra-forest-sp", FAC_MODEL,
         1060},
        {"AMD Opteron(tm) Processor 6272", "Opteron 6272", "interlagos",
         FAC_MODEL, 632},
        {"AMD Ryzen Threadripper PRO 3995WX 64-Cores",
         "Ryzen Threadripper PRO 3995WX", "castle-peak", FAC_MODEL, 1008},
        {"Xeon E5-2650V4", "Xeon E5-2650 v4", "broadwell-ep", FAC_MODEL, 306},
        {"Intel Xeon-Gold 6130 (2.1GHz/16-core/125W)", "Xeon Gold 6130",
         "skylake-sp", FAC_MODEL, 485},
        /* as grid5000 composes them */
        {"Carmel Carmel", "Carmel (Jetson AGX Xavier)", "carmel", FAC_MODEL,
         350},
        {"Grace A02  CPU Grace", "Grace (per 72-core die)", "grace", FAC_MODEL,
         546},
        {"POWER8NVL 1.0", "POWER8NVL", "power8nvl", FAC_MODEL, 659},
        {"AMD Opteron 250", "Opteron 250", "sledgehammer", FAC_MODEL, 193},
        {"Intel Pentium D1517", "Pentium D1517", "broadwell-de", FAC_MODEL,
         246},
        /* a row that stands for its generation */
        {"Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz", "Core i5/i7-8xxx",
         "coffee-lake-s", FAC_FAMILY, 154},
        {"Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz", "Core i5/i7-6xxx",
         "skylake-s", FAC_FAMILY, 122},
        {"Intel(R) Core(TM) i3-6100 CPU @ 3.70GHz", "Core i3-6xxx", "skylake-s",
         FAC_FAMILY, 99},
        {"Intel(R) Core(TM) i7-4930K CPU @ 3.40GHz", "Core i7-49xx",
         "ivy-bridge-e", FAC_FAMILY, 257},
        {"Intel(R) Core(TM) i7 CPU         920  @ 2.67GHz", "Core i7-9xx",
         "bloomfield", FAC_FAMILY, 263},
        {"Intel(R) Core(TM) i7 CPU       X 980  @ 3.33GHz", "Core i7-980X/990X",
         "westmere-ep", FAC_FAMILY, 239},
        {"12th Gen Intel(R) Core(TM) i5-12400", "Core i3/i5-12xxx (6P die)",
         "alder-lake-s", FAC_FAMILY, 163},
        {"12th Gen Intel(R) Core(TM) i7-12700K",
         "Core i5/i7/i9-12xxx (8P+8E die)", "alder-lake-s", FAC_FAMILY, 215},
        {"Intel(R) Xeon(R) CPU E3-1240 v5 @ 3.50GHz", "Xeon E3-12xx v5",
         "skylake-s", FAC_FAMILY, 122},
        /* how the first E3 print themselves */
        {"Intel(R) Xeon(R) CPU E31240 @ 3.30GHz", "Xeon E3-12xx (Sandy Bridge)",
         "sandy-bridge", FAC_FAMILY, 216},
        {"Intel(R) Xeon(R) CPU E31260L @ 2.40GHz",
         "Xeon E3-12xx (Sandy Bridge)", "sandy-bridge", FAC_FAMILY, 216},
        {"Intel(R) Xeon(R) CPU E3-1240 @ 3.30GHz",
         "Xeon E3-12xx (Sandy Bridge)", "sandy-bridge", FAC_FAMILY, 216},
        {"Intel(R) Xeon(R) W-2145 CPU @ 3.70GHz", "Xeon W-21xx (<=10 cores)",
         "skylake-w", FAC_FAMILY, 325},
        {"Intel(R) Xeon(R) W-2195 CPU @ 2.30GHz", "Xeon W-21xx (14-18 cores)",
         "skylake-w", FAC_FAMILY, 484},
        {"AMD Ryzen 9 5950X 16-Core Processor", "Ryzen 9 5xxx", "vermeer",
         FAC_FAMILY, 287},
        {"AMD Ryzen 7 3700X 8-Core Processor", "Ryzen 5/7 3xxx", "matisse",
         FAC_FAMILY, 199},
        {"AMD Ryzen 5 5500", "Ryzen 4xxxG/5xxxG APU", "cezanne", FAC_FAMILY,
         180},
        {"AMD Ryzen 5 2400G with Radeon Vega Graphics", "Ryzen 3/5 2xxxG/3xxxG",
         "raven-ridge", FAC_FAMILY, 210},
        {"Quad-Core AMD Opteron(tm) Processor 2378",
         "Opteron 2300 series (Shanghai)", "shanghai", FAC_FAMILY, 258},
        {"Quad-Core AMD Opteron(tm) Processor 2356",
         "Opteron 2300 series (Barcelona)", "barcelona", FAC_FAMILY, 285},
        {"AMD FX(tm)-8350 Eight-Core Processor", "FX-8xxx", "vishera",
         FAC_FAMILY, 315},
        /* a generation of many rows; mean of the rows by hand below */
        {"Xeon E5-2690L v4", "*", "broadwell-ep", FAC_FAMILY, NAN},
        {"Xeon Gold 6126T", "*", "skylake-sp", FAC_FAMILY, NAN},
        {"Intel(R) Xeon(R) Gold 6338N CPU @ 2.20GHz", "*", "ice-lake-sp",
         FAC_FAMILY, NAN},
        {"Intel(R) Xeon(R) Platinum 8390H", "*", "cooper-lake-sp", FAC_FAMILY,
         694},
        {"AMD EPYC 7V13 64-Core Processor", "*", "milan", FAC_FAMILY, NAN},
        {"AMD EPYC 7V12 64-Core Processor", "*", "rome", FAC_FAMILY, NAN},
        {"AMD Opteron(tm) Processor 6174", "*", "magny-cours", FAC_FAMILY, 692},
        {"Intel(R) Xeon(R) E-2224 CPU @ 3.40GHz", "*", "coffee-lake-s",
         FAC_FAMILY, 126},
        /* made for one customer: the letter is no count of cores */
        {"Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz", "*", "ice-lake-sp",
         FAC_FAMILY, NAN},
        {"Intel(R) Xeon(R) Platinum 8488C", "*", "sapphire-rapids", FAC_FAMILY,
         NAN},
        {"INTEL(R) XEON(R) PLATINUM 8573C", "*", "emerald-rapids", FAC_FAMILY,
         NAN},
        {"Intel(R) Xeon(R) Platinum 8321HC CPU @ 1.40GHz", "*",
         "cooper-lake-sp", FAC_FAMILY, 694},
        {"Intel(R) Xeon(R) 6975P-C", "*", "granite-rapids-ap", FAC_FAMILY,
         2276},
        {"Intel(R) Xeon(R) CPU E7-2890 v2 @ 2.80GHz", "*", "ivy-bridge-ex",
         FAC_FAMILY, NAN},
        /* as people and schedulers write them */
        {"Intel Xeon E5 2687W v4", "Xeon E5-2687W v4", "broadwell-ep",
         FAC_MODEL, 306},
        {"Intel Xeon 6148", "Xeon Gold 6148", "skylake-sp", FAC_MODEL, 694},
        {"Xeon Gold-6148", "Xeon Gold 6148", "skylake-sp", FAC_MODEL, 694},
        {"xeon-e5-2650-v4", "Xeon E5-2650 v4", "broadwell-ep", FAC_MODEL, 306},
        {"AMD EPYC-7742", "EPYC 7742", "rome", FAC_MODEL, 1008},
        {"AMD Threadripper PRO 5965WX", "Ryzen Threadripper PRO 5965WX",
         "chagall", FAC_MODEL, NAN},
        {"AMD Phenom(tm) II X6 1090T Processor", "Phenom II X4/X6", "thuban",
         FAC_FAMILY, NAN},
        {"Amazon Graviton2", "Graviton2", "graviton2", FAC_MODEL, NAN},
        {"Fujitsu A64FX", "A64FX", "a64fx", FAC_MODEL, NAN},
        {"FUJITSU A64FX 48C 2.2GHz", "A64FX", "a64fx", FAC_MODEL, NAN},
        {"Huawei Kunpeng 920-6426", "Kunpeng 920", "kunpeng-920", FAC_MODEL,
         NAN},
        {"Cavium ThunderX CN8890", "ThunderX (CN88xx)", "thunderx", FAC_FAMILY,
         NAN},
        {"AmpereOne A192-32X", "AmpereOne", "siryn", FAC_FAMILY, NAN},
        {"Neoverse-N1 Ampere Altra", "Altra (Q80)", "quicksilver", FAC_FAMILY,
         NAN},
        {"Neoverse-N1", NULL, NULL, FAC_NO_MATCH, 0}, /* of several makers */
        {"Intel(R) Xeon(R) CPU            7120M  @ 3.00GHz", NULL, NULL,
         FAC_NO_MATCH, 0},
        {"Intel(R) Xeon(R) 6369P", NULL, NULL, FAC_NO_MATCH, 0},
        /* no area published: the row is sure, the area follows the cores */
        {"ThunderX2 99xx", "ThunderX2 99xx", "thunderx2", FAC_MODEL, NAN},
        {"Unknown Ares", "Altra (Q80)", "quicksilver", FAC_FAMILY, NAN},
        /* not to be taken for a desktop or server part */
        {"11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz", NULL, NULL,
         FAC_NO_MATCH, 0},
        {"Intel(R) Core(TM) i7-8550U CPU @ 1.80GHz", NULL, NULL, FAC_NO_MATCH,
         0},
        {"Intel(R) Core(TM) i7-4710HQ CPU @ 2.50GHz", NULL, NULL, FAC_NO_MATCH,
         0},
        {"Intel(R) Core(TM) i5 CPU       M 520  @ 2.40GHz", NULL, NULL,
         FAC_NO_MATCH, 0},
        {"AMD Ryzen 7 5800H with Radeon Graphics", NULL, NULL, FAC_NO_MATCH, 0},
        {"Intel(R) Core(TM) Ultra 7 155H", NULL, NULL, FAC_NO_MATCH, 0},
        {"Intel(R) Xeon(R) CPU            5120  @ 1.86GHz", NULL, NULL,
         FAC_NO_MATCH, 0}, /* of 2006, not the Gold 5120 */
        {"Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz", NULL, NULL,
         FAC_NO_MATCH, 0},
        {"Dual Core AMD Opteron(tm) Processor 275", NULL, NULL, FAC_NO_MATCH,
         0},
        {"AMD FX(tm)-8150 Eight-Core Processor", NULL, NULL, FAC_NO_MATCH, 0},
        {"Apple M1 Pro", NULL, NULL, FAC_NO_MATCH, 0},
        /* virtual, unnamed, or two at once */
        {"Intel Xeon Processor (Skylake, IBRS)", NULL, NULL, FAC_NO_MATCH, 0},
        {"Intel Xeon E312xx (Sandy Bridge)", NULL, NULL, FAC_NO_MATCH, 0},
        {"Intel Xeon E3-12xx v2 (Ivy Bridge, IBRS)", NULL, NULL, FAC_NO_MATCH,
         0},
        {"Intel Core i7 9xx (Nehalem Class Core i7)", NULL, NULL, FAC_NO_MATCH,
         0},
        {"AMD EPYC-Rome Processor", NULL, NULL, FAC_NO_MATCH, 0},
        {"QEMU Virtual CPU version 2.5+", NULL, NULL, FAC_NO_MATCH, 0},
        {"Common KVM processor", NULL, NULL, FAC_NO_MATCH, 0},
        {"Genuine Intel(R) CPU 0000 @ 2.40GHz", NULL, NULL, FAC_NO_MATCH, 0},
        {"Xeon E5-2650 v4 / E5-2680 v4", NULL, NULL, FAC_NO_MATCH, 0},
        {"cpu", NULL, NULL, FAC_NO_MATCH, 0},
        {"", NULL, NULL, FAC_NO_MATCH, 0},
        {NULL, NULL, NULL, FAC_NO_MATCH, 0},
};

static void test_names(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *name = cases[i].name ? cases[i].name : "(null)";
        const char *row = cases[i].row, *got;
        struct fac_cpu_hit hit;

        fac_cpu_resolve(pack, cases[i].name, -1, &hit);
        got = hit.cpu ? hit.cpu->name : hit.match == FAC_FAMILY ? "*" : "none";
        UNIT_CHECK(
                strcmp(got, row ? row : "none") == 0, "%s: row '%s'", name,
                got);
        UNIT_CHECK(
                hit.match == cases[i].match, "%s: match %d", name, hit.match);
        UNIT_CHECK(
                strcmp(hit.family ? hit.family : "none",
                       cases[i].family ? cases[i].family : "none") == 0,
                "%s: family '%s'", name, hit.family ? hit.family : "none");
        if (cases[i].match != FAC_NO_MATCH && !isnan(cases[i].die_mm2))
            UNIT_NEAR(hit.die_mm2, cases[i].die_mm2, 1e-9, name);
        UNIT_CHECK(
                hit.lo_mm2 <= hit.die_mm2 && hit.die_mm2 <= hit.hi_mm2,
                "%s: area outside its range", name);
    }
}

static void test_public_find(void)
{
    enum fac_match how = FAC_NO_MATCH;
    const struct fac_cpu *c;

    c = fac_cpu_find(pack, "AMD EPYC 7642", -1, &how);
    UNIT_CHECK(c && c->cores == 48, "7642");
    UNIT_NEAR(c ? c->die_mm2 : NAN, 1008, 1e-9, "7642");
    UNIT_CHECK(how == FAC_MODEL, "7642 is a model");
    c = fac_cpu_find(pack, "Xeon E5-2690L v4", 14, &how);
    UNIT_CHECK(!c && how == FAC_FAMILY, "a family of many rows has none");
    c = fac_cpu_find(pack, "cpu", -1, &how);
    UNIT_CHECK(!c && how == FAC_NO_MATCH, "cpu is no name");
}

/* E5 v4 in the facts: 10 cores 246 (LCC), 14 cores 306 (MCC), 16 and more 456
 * (HCC). */
static void test_completion(void)
{
    struct facts f;
    struct fac_cpu_hit hit;
    double sum = 0;
    int n = 0;

    fac_cpu_resolve(pack, "Xeon E5-2690L v4", 14, &hit);
    UNIT_NEAR(hit.die_mm2, 306, 1e-9, "14 cores of E5 v4");
    UNIT_CHECK(hit.done == FAC_DONE_CPU_FAMILY_CORES, "rule of cores");
    UNIT_NEAR(hit.lo_mm2, 306, 1e-9, "least of 14 cores");
    UNIT_NEAR(hit.hi_mm2, 306, 1e-9, "most of 14 cores");
    fac_cpu_resolve(pack, "Xeon E5-2690L v4", 10, &hit);
    UNIT_NEAR(hit.die_mm2, 246, 1e-9, "10 cores of E5 v4");
    fac_cpu_resolve(pack, "Xeon E5-2690L v4", 3, &hit);
    UNIT_CHECK(hit.done == FAC_DONE_CPU_FAMILY, "no E5 v4 has three cores");
    UNIT_NEAR(hit.lo_mm2, 246, 1e-9, "least of E5 v4");
    UNIT_NEAR(hit.hi_mm2, 456, 1e-9, "most of E5 v4");
    UNIT_CHECK(facts_open("../shared/facts/cpus.csv", &f), "facts");
    for (size_t i = 0; i < facts_count(&f); i++)
        if (strncmp(facts_text(&f, i, "model_or_family"), "Xeon E5-", 8) == 0 &&
            strcmp(facts_text(&f, i, "codename"), "Broadwell-EP") == 0) {
            sum += facts_number(&f, i, "die_mm2_total");
            n++;
        }
    UNIT_CHECK(n > 20, "%d models of E5 v4", n);
    UNIT_NEAR(hit.die_mm2, sum / n, 1e-9, "mean of E5 v4");
    facts_close(&f);
    /* two cores of Skylake desktop are the smaller die, whatever the name */
    fac_cpu_resolve(pack, "Intel Core i5-6500", 2, &hit);
    UNIT_NEAR(hit.die_mm2, 99, 1e-9, "two cores of Skylake");
    fac_cpu_resolve(pack, "Intel Core i9-9900K", 8, &hit);
    UNIT_NEAR(hit.die_mm2, 180, 1e-9, "the standing row at its own cores");
}

/* Least squares by the normal equations over the facts' own rows. */
static void test_line(void)
{
    struct facts f;
    struct fac_cpu_hit hit;
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, a, b;
    double lo = INFINITY, hi = 0;

    UNIT_CHECK(facts_open("../shared/facts/cpus.csv", &f), "facts");
    for (size_t i = 0; i < facts_count(&f); i++) {
        double x = facts_number(&f, i, "cores");
        double y = facts_number(&f, i, "die_mm2_total");

        if (isnan(x) || isnan(y))
            continue;
        n++;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
        lo = fmin(lo, y);
        hi = fmax(hi, y);
    }
    facts_close(&f);
    b = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    a = (sy - b * sx) / n;
    UNIT_NEAR(pack->line_a_mm2, a, 1e-9, "intercept");
    UNIT_NEAR(pack->line_b_mm2, b, 1e-9, "slope");
    fac_cpu_resolve(pack, NULL, 16, &hit);
    UNIT_NEAR(hit.die_mm2, a + 16 * b, 1e-9, "16 cores of any");
    UNIT_CHECK(hit.done == FAC_DONE_CPU_LINE, "by the line");
    UNIT_NEAR(hit.lo_mm2, lo, 1e-9, "smallest of all");
    UNIT_NEAR(hit.hi_mm2, hi, 1e-9, "largest of all");
    fac_cpu_resolve(pack, NULL, -1, &hit);
    UNIT_NEAR(hit.die_mm2, a + 24 * b, 1e-9, "nothing known: 24 cores");
    UNIT_CHECK(hit.done == FAC_DONE_CPU_NOTHING, "nothing known");
    fac_cpu_resolve(pack, "ThunderX2 99xx", -1, &hit);
    UNIT_NEAR(hit.die_mm2, a + 32 * b, 1e-9, "a gap takes the line");
    UNIT_CHECK(hit.done == FAC_DONE_CPU_LINE, "a gap takes the line");
    UNIT_NEAR(fac_cpu_line_mm2(pack, 100000), hi, 1e-9, "line at its end");
}

static void test_memory(void)
{
    static const struct {
        const char *name;
        enum fac_ram_gen want;
    } gens[] = {
            {"Intel(R) Xeon(R) CPU X5670 @ 2.93GHz", FAC_DDR3},
            {"Intel(R) Xeon(R) CPU E5-2650 v2", FAC_DDR3},
            {"Intel(R) Core(TM) i7-4770", FAC_DDR3},
            {"Intel(R) Xeon(R) CPU E5-2630 v3", FAC_DDR4_EARLY},
            {"Intel(R) Xeon(R) CPU E5-2650 v4", FAC_DDR4_EARLY},
            {"Intel(R) Xeon(R) Gold 6130", FAC_DDR4_EARLY},
            {"AMD EPYC 7301", FAC_DDR4_EARLY},
            {"Intel(R) Xeon(R) Gold 6230", FAC_DDR4_LATE_OR_5},
            {"AMD EPYC 7452", FAC_DDR4_LATE_OR_5},
            {"AMD EPYC 9124", FAC_DDR4_LATE_OR_5},
            {"Intel(R) Core(TM) i9-9900K", FAC_DDR4_LATE_OR_5}, /* 2018 */
            {"Intel(R) Core(TM) i7-8700", FAC_DDR4_EARLY},      /* 2017 */
            {"Intel(R) Core(TM) i5-6500", FAC_RAM_UNKNOWN},     /* DDR3L or 4 */
            {"Intel(R) Xeon(R) CPU E7-8870 v3", FAC_RAM_UNKNOWN},
            {"Quad-Core AMD Opteron(tm) Processor 2378", FAC_RAM_UNKNOWN},
            {"AMD Opteron 250", FAC_RAM_UNKNOWN},
            {"cpu", FAC_RAM_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof gens / sizeof gens[0]; i++) {
        struct fac_cpu_hit hit;

        fac_cpu_resolve(pack, gens[i].name, -1, &hit);
        UNIT_CHECK(
                hit.ram_gen == gens[i].want, "%s: generation %d", gens[i].name,
                hit.ram_gen);
    }
    UNIT_CHECK(fac_ram_gen_of("DDR3 ECC", 0) == FAC_DDR3, "DDR3");
    UNIT_CHECK(fac_ram_gen_of("PC3L-12800R", 0) == FAC_DDR3, "PC3L");
    UNIT_CHECK(
            fac_ram_gen_of("DDR4-2666", 0) == FAC_RAM_UNKNOWN,
            "DDR4 alone does not say when");
    UNIT_CHECK(fac_ram_gen_of("DDR4", 2016) == FAC_DDR4_EARLY, "2016");
    UNIT_CHECK(fac_ram_gen_of("PC4-25600", 2021) == FAC_DDR4_LATE_OR_5, "2021");
    UNIT_CHECK(fac_ram_gen_of("ddr5", 0) == FAC_DDR4_LATE_OR_5, "DDR5");
    UNIT_CHECK(fac_ram_gen_of("DDR2", 2008) == FAC_RAM_UNKNOWN, "DDR2");
    UNIT_CHECK(fac_ram_gen_of(NULL, 2008) == FAC_RAM_UNKNOWN, "none");
    UNIT_NEAR(fac_ram_density(FAC_RAM_UNKNOWN), 1.2444, 1e-4, "mean density");
    UNIT_NEAR(fac_ram_density(FAC_DDR3), 0.75, 1e-9, "DDR3");
}

/* Every processor of the sample clusters, each by its own row or family. */
static void test_grid5000(void)
{
    struct facts f;
    size_t models = 0;

    UNIT_CHECK(
            facts_open("../shared/samples/grid5000/clusters.csv", &f),
            "clusters.csv");
    UNIT_CHECK(facts_count(&f) == 158, "%zu clusters", facts_count(&f));
    for (size_t i = 0; i < facts_count(&f); i++) {
        const char *name = facts_text(&f, i, "cpu");
        double sockets = facts_number(&f, i, "sockets_per_node");
        double cores = facts_number(&f, i, "cores_per_node");
        struct fac_cpu_hit hit;

        fac_cpu_resolve(pack, name, (int)(cores / sockets), &hit);
        UNIT_CHECK(hit.match != FAC_NO_MATCH, "%s is not known", name);
        UNIT_CHECK(
                hit.match == FAC_MODEL || strcmp(name, "Unknown Ares") == 0,
                "%s: the facts have a row for it", name);
        if (hit.match == FAC_MODEL && hit.cpu)
            models++;
    }
    UNIT_CHECK(models >= 157, "%zu by their own row", models);
    facts_close(&f);
}

static size_t row_of(const char *name)
{
    for (size_t i = 0; i < pack->n_cpus; i++)
        if (strcmp(pack->cpus[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

/* Every shipped row equals its fact, so that no figure was mistyped. */
static void test_rows_equal_facts(void)
{
    struct facts f;

    UNIT_CHECK(facts_open("../shared/facts/cpus.csv", &f), "facts");
    UNIT_CHECK(facts_count(&f) == pack->n_cpus, "%zu rows", pack->n_cpus);
    for (size_t i = 0; i < facts_count(&f); i++) {
        const char *name = facts_text(&f, i, "model_or_family");
        size_t k = row_of(name);
        const struct fac_cpu *c;

        UNIT_CHECK(k != SIZE_MAX, "%s has no row", name);
        if (k == SIZE_MAX)
            continue;
        c = &pack->cpus[k];
        UNIT_NEAR(c->die_mm2, facts_number(&f, i, "die_mm2_total"), 1e-9, name);
        UNIT_NEAR(c->tdp_w, facts_number(&f, i, "tdp_w"), 1e-9, name);
        UNIT_NEAR(c->cores, facts_number(&f, i, "cores"), 1e-9, name);
        UNIT_NEAR(
                c->year ? (double)c->year : NAN,
                facts_number(&f, i, "release_year"), 1e-9, name);
        UNIT_NEAR(c->process_nm, facts_number(&f, i, "process_nm"), 1e-9, name);
        UNIT_CHECK(
                strcmp(c->confidence, facts_text(&f, i, "confidence")) == 0,
                "%s: grade %s", name, c->confidence);
        UNIT_CHECK(
                c->family == (strcmp(facts_text(&f, i, "kind"), "family") == 0),
                "%s: level", name);
        UNIT_CHECK(
                strcmp(c->vendor, facts_text(&f, i, "vendor")) == 0,
                "%s: vendor %s", name, c->vendor);
    }
    facts_close(&f);
}

/* A model's own name finds that model and no other. */
static void test_own_names(void)
{
    for (size_t i = 0; i < pack->n_cpus; i++) {
        const struct fac_cpu *c = &pack->cpus[i];
        enum fac_match how;
        const struct fac_cpu *got = fac_cpu_find(pack, c->name, -1, &how);

        if (!c->family)
            UNIT_CHECK(
                    got == c && how == FAC_MODEL, "%s finds %s", c->name,
                    got ? got->name : "nothing");
    }
}

static void test_hostile(void)
{
    char name[5000];
    enum fac_match how = FAC_MODEL;

    for (int c = 1; c < 256; c++) {
        memset(name, c, sizeof name);
        for (size_t len = 0; len < sizeof name; len += 97) {
            name[len] = '\0';
            UNIT_CHECK(!fac_cpu_find(pack, name, -1, &how), "byte %d", c);
            name[len] = (char)c;
        }
    }
    for (size_t i = 0; i + 2 < sizeof name; i += 2)
        memcpy(name + i, "i7", 2);
    name[180] = '\0';
    UNIT_CHECK(!fac_cpu_find(pack, name, -1, &how), "i7i7i7");
    UNIT_CHECK(
            !fac_cpu_find(
                    pack, "Xeon E5-26500000000000000000000000000 v4", -1, &how),
            "too many digits");
    UNIT_CHECK(how == FAC_NO_MATCH, "match is cleared");
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"names", test_names},
            {"the public lookup", test_public_find},
            {"completion by family", test_completion},
            {"the line", test_line},
            {"memory generations", test_memory},
            {"grid5000", test_grid5000},
            {"rows equal the facts", test_rows_equal_facts},
            {"own names", test_own_names},
            {"hostile names", test_hostile},
            {NULL, NULL}};
    int status;

    if (!fac_pack_load(NULL, &pack, NULL))
        return 1;
    status = unit_main("processors", tests);
    fac_pack_free(pack);
    return status;
}
