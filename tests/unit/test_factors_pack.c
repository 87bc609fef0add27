/* SPDX-License-Identifier: Apache-2.0
 * Loading the sets: what is in them, equal to the facts, and what the loader
 * refuses, with the place and the rule. */
#include "factors/factors_priv.h"
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts_table.h"

static struct fac_pack *pack;

/* Key of a shipped row and its component in
 * ../shared/facts/component_factors.csv. */
static const char *const bottom_up[][2] = {
        {"cpu.base", "cpu base (package, any)"},
        {"cpu.die", "cpu die"},
        {"ram.base", "ram base (module)"},
        {"ram.die", "ram die"},
        {"ssd.base", "ssd base"},
        {"ssd.die", "ssd die"},
        {"hdd.unit", "hdd (any capacity)"},
        {"board.unit", "motherboard"},
        {"psu.mass", "power supply"},
        {"case.rack", "chassis rack"},
        {"case.blade", "chassis blade server"},
        {"case.enclosure", "chassis blade enclosure 16 slots"},
        {"case.open", "r740 lca: chassis"},
        {"assembly.unit", "server assembly"},
        {"gpu.casing", "gpu casing"},
        {"gpu.sink", "gpu heatsink"},
        {"gpu.board", "gpu printed board"},
        {"gpu.die", "gpu die (effective area incl. wafer loss)"},
        {"gpu.vram", "vram die (effective area)"},
        {"gpu.upstream", "gpu upstream transport"},
        {"gpu.truck", "gpu distribution truck"},
        {"gpu.boat", "gpu distribution boat"},
        {"gpu.plane", "gpu distribution plane"},
        {"gpu.end-of-life", "gpu end of life"},
};
static const char *const act[][2] = {
        {"logic.28nm.energy", "logic fab energy 28nm"},
        {"logic.14nm.energy", "logic fab energy 14nm"},
        {"logic.10nm.energy", "logic fab energy 10nm"},
        {"logic.7nm.energy", "logic fab energy 7nm"},
        {"logic.5nm.energy", "logic fab energy 5nm"},
        {"logic.3nm.energy", "logic fab energy 3nm"},
        {"logic.7nm.gas", "logic fab gases 7nm"},
        {"logic.28nm.gas", "logic fab gases 28nm"},
        {"logic.material", "logic fab materials (any node)"},
        {"logic.7nm.imec", "logic total per area 7nm (imec)"},
        {"package.unit", "ic package"},
        {"dram.ddr3-50nm", "dram DDR3 50nm"},
        {"dram.ddr3-30nm", "dram DDR3 30nm"},
        {"dram.ddr4-10nm", "dram DDR4 10nm"},
        {"dram.lpddr4", "dram LPDDR4"},
        {"nand.30nm", "flash NAND 30nm"},
        {"nand.tlc-1z", "flash NAND TLC 1z"},
        {"hdd.exos-x12", "hdd enterprise Exos X12"},
        {"hdd.exos15e900", "hdd enterprise Exos15e900"},
        {"ssd.nytro-1551", "ssd Seagate Nytro 1551"},
};

static void
same_as_facts(const struct facts *f, const char *set, const char *const pair[2])
{
    const struct fac_factor *row = fac_factor_by_key(pack, set, pair[0]);

    UNIT_CHECK(row, "%s has no row", pair[0]);
    for (size_t i = 0; row && i < facts_count(f); i++) {
        if (strcmp(facts_text(f, i, "component"), pair[1]) != 0)
            continue;
        UNIT_NEAR(
                row->value[CALC_GWP], facts_number(f, i, "gwp_value"), 1e-9,
                pair[0]);
        UNIT_NEAR(
                row->value[CALC_ADP], facts_number(f, i, "adpe_kgsbeq"), 1e-9,
                pair[0]);
        UNIT_NEAR(
                row->value[CALC_PE], facts_number(f, i, "pe_mj"), 1e-9,
                pair[0]);
        return;
    }
    UNIT_CHECK(false, "%s: no fact '%s'", pair[0], pair[1]);
}

static void test_factors_equal_facts(void)
{
    struct facts f;
    const struct fac_factor *rows;
    size_t n = fac_factors(pack, &rows), mine = 0;

    UNIT_CHECK(
            facts_open("../shared/facts/component_factors.csv", &f), "facts");
    for (size_t i = 0; i < sizeof bottom_up / sizeof bottom_up[0]; i++)
        same_as_facts(&f, "boavizta-2021", bottom_up[i]);
    for (size_t i = 0; i < sizeof act / sizeof act[0]; i++)
        same_as_facts(&f, "act", act[i]);
    for (size_t i = 0; i < n; i++)
        mine += strcmp(rows[i].set->id, "boavizta-2021") == 0;
    UNIT_CHECK(
            mine == sizeof bottom_up / sizeof bottom_up[0], "%zu rows", mine);
    facts_close(&f);
}

/* Each density with the figure per GB that the facts derive from it. */
static void test_densities(void)
{
    struct facts f;
    size_t n = 0;

    UNIT_CHECK(
            facts_open("../shared/facts/component_factors.csv", &f), "facts");
    for (size_t i = 0; i < facts_count(&f); i++) {
        const char *name = facts_text(&f, i, "component");
        const char *at = strstr(name, "density ");
        size_t same = 0;
        double want;

        if (!at ||
            !num_parse(at + 8, strcspn(at + 8, " "), NUM_POINT, &want, NULL))
            continue;
        n++;
        for (size_t k = 0; k < pack->n_densities; k++)
            if (fabs(pack->densities[k].gb_per_cm2 - want) < 1e-9 &&
                pack->densities[k].kind ==
                        (name[0] == 'r' ? CALC_RAM : CALC_SSD))
                same++;
        UNIT_CHECK(same == 1, "%s: %zu rows", name, same);
    }
    UNIT_CHECK(n == pack->n_densities, "%zu densities", n);
    facts_close(&f);
}

/* exp(0.5*sqrt(ln(1.05)^2 + sum ln(U)^2)) with the table of METHOD 11.2,
 * worked out apart for four rows. */
static void test_gsd(void)
{
    static const struct {
        const char *key;
        double gsd, dqr;
    } rows[] = {
            {"cpu.base", 1.1526409982, 3.2},
            {"ram.die", 1.4380591687, 3.6},
            {"hdd.unit", 1.4531911710, 4.0},
            {"gpu.casing", 1.1058344388, 2.2},
    };
    const struct fac_factor *all;
    size_t n = fac_factors(pack, &all);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fac_factor *f =
                fac_factor_by_key(pack, "boavizta-2021", rows[i].key);

        UNIT_NEAR(f->gsd, rows[i].gsd, 1e-6, rows[i].key);
        UNIT_NEAR(f->dqr, rows[i].dqr, 1e-9, rows[i].key);
    }
    for (size_t i = 0; i < n; i++) {
        UNIT_CHECK(
                all[i].gsd >= 1.1 && all[i].gsd <= 2, "%s: gsd %g", all[i].key,
                all[i].gsd);
        UNIT_CHECK(*all[i].source && *all[i].boundary, "%s", all[i].key);
    }
}

/* METHOD 2.2. */
static void test_averages(void)
{
    static const struct {
        enum fac_origin origin;
        enum calc_category category;
        double kg, model_gsd;
    } rows[] = {
            {FAC_B_MAIN, CALC_SERVER, 1234.5, 1.37},
            {FAC_B_MAIN, CALC_GPU_NODE, 1234.5, 1.37},
            {FAC_B_MAIN, CALC_STORAGE, 1234.5, 1.37},
            {FAC_B_MAIN, CALC_DESKTOP, 345.0, 1.44},
            {FAC_B_MAIN, CALC_WORKSTATION, 345.0, 1.44},
            {FAC_B_MAIN, CALC_LAPTOP, 217.7, 1.34},
            {FAC_B_MAIN, CALC_SCREEN_UNIT, 282.2, 1.38},
            {FAC_B_OTHER, CALC_SERVER, 3660, 1.37},
            {FAC_B_OTHER, CALC_DESKTOP, 277, 1.44},
            {FAC_B_OTHER, CALC_LAPTOP, 181, 1.34},
            {FAC_B_OTHER, CALC_SCREEN_UNIT, 64.7, 1.38},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fac_average *a =
                pack->average[rows[i].origin][rows[i].category];
        const char *word = calc_category_word(rows[i].category);

        UNIT_CHECK(a, "%s", word);
        if (!a)
            continue;
        UNIT_NEAR(a->kg[CALC_GWP], rows[i].kg, 1e-9, word);
        UNIT_NEAR(a->model_gsd, rows[i].model_gsd, 1e-9, word);
        UNIT_NEAR(a->set_gsd, 1.2, 1e-9, word);
        UNIT_CHECK(isnan(a->kg[CALC_ADP]), "%s has GWP alone", word);
    }
    for (int o = 0; o < FAC_ORIGINS; o++) {
        UNIT_CHECK(!pack->average[o][CALC_SWITCH_UNIT], "no switch");
        UNIT_CHECK(!pack->average[o][CALC_SBC], "no single-board computer");
        UNIT_CHECK(!pack->average[o][CALC_OTHER_UNIT], "nothing else");
    }
}

static void test_sets(void)
{
    static const char *const ids[] = {
            "act",
            "boavizta-2021",
            "category-base-empreinte",
            "category-boavizta-2023",
            "cpu-spec",
            "gpu-spec",
            "grid-yearly",
            "pcf-boavizta"};
    const struct fac_set *sets;
    size_t n = fac_sets(pack, &sets);

    UNIT_CHECK(n == sizeof ids / sizeof ids[0], "%zu sets", n);
    for (size_t i = 0; i < n && i < sizeof ids / sizeof ids[0]; i++) {
        const struct fac_set *s = &sets[i];

        UNIT_CHECK(strcmp(s->id, ids[i]) == 0, "set %s", s->id);
        UNIT_CHECK(fac_set_by_id(pack, ids[i]) == s, "%s by its id", s->id);
        UNIT_CHECK(strlen(s->sha256) == 64 && s->rows > 4, "%s", s->id);
        UNIT_CHECK(*s->licence && *s->source && *s->title, "%s", s->id);
    }
    UNIT_CHECK(!fac_set_by_id(pack, "nothing"), "an unknown set");
    UNIT_CHECK(!fac_factor_by_key(pack, "act", "cpu.base"), "another's key");
    UNIT_CHECK(
            strstr(fac_set_by_id(pack, "pcf-boavizta")->licence, "ODbL 1.0"),
            "licence of the footprints");
    UNIT_CHECK(
            strstr(fac_set_by_id(pack, "grid-yearly")->licence,
                   "Ember, via Our World in Data"),
            "attribution of the grid");
}

static void test_shared_ids(void)
{
    int n = fac_shared_count(pack);

    for (int i = 0; i < n; i++)
        UNIT_CHECK(fac_shared_name(pack, i), "id %d has a name", i);
    for (size_t i = 1; i < pack->n_factors; i++)
        UNIT_CHECK(
                pack->factors[i].shared_id ==
                        pack->factors[i - 1].shared_id + 1,
                "one id per factor");
    UNIT_CHECK(
            strcmp(fac_shared_name(pack, pack->keys[FAC_K_RAM_DIE]->shared_id),
                   "boavizta-2021 ram.die") == 0,
            "a factor's name");
    UNIT_CHECK(
            strcmp(fac_shared_name(
                           pack, fac_id_done(pack, FAC_DONE_RAM_DENSITY)),
                   "rule ram density") == 0,
            "a rule's name");
    UNIT_CHECK(
            pack->average[FAC_B_MAIN][CALC_SERVER]->set_id ==
                    pack->average[FAC_B_MAIN][CALC_LAPTOP]->set_id,
            "one level for a set");
    UNIT_CHECK(
            pack->average[FAC_B_MAIN][CALC_SERVER]->set_id !=
                    pack->average[FAC_B_OTHER][CALC_SERVER]->set_id,
            "another level for another set");
    for (int d = 0; d < FAC_DONES; d++)
        UNIT_CHECK(fac_done_word((enum fac_done)d), "word of rule %d", d);
}

/* ---- folders ------------------------------------------------------------ */

static char top[] = "/tmp/test_factors_XXXXXX";

static bool file_write(const char *path, const char *bytes, size_t size)
{
    FILE *out;
    bool ok;

    if (!file_make_parents(path, NULL))
        return false;
    out = fopen(path, "wb");
    ok = out && fwrite(bytes, 1, size, out) == size;
    return out && fclose(out) == 0 && ok;
}

static void tree_remove(const char *path)
{
    char **names, below[600];
    size_t n;

    if (file_kind(path) == FILE_FOLDER && file_names(path, &names, &n, NULL)) {
        for (size_t i = 0; i < n; i++) {
            snprintf(below, sizeof below, "%s/%s", path, names[i]);
            tree_remove(below);
        }
        file_names_free(names, n);
    }
    remove(path);
}

static void tree_copy(const char *from, const char *to)
{
    char **names, a[600], b[600];
    size_t n;

    UNIT_CHECK(file_names(from, &names, &n, NULL), "%s", from);
    for (size_t i = 0; i < n; i++) {
        struct buf bytes;

        snprintf(a, sizeof a, "%s/%s", from, names[i]);
        snprintf(b, sizeof b, "%s/%s", to, names[i]);
        if (file_kind(a) == FILE_FOLDER) {
            tree_copy(a, b);
            continue;
        }
        buf_init(&bytes, 1 << 22);
        UNIT_CHECK(file_read(a, 1 << 22, &bytes, NULL), "%s", a);
        UNIT_CHECK(file_write(b, buf_text(&bytes), bytes.len), "%s", b);
        buf_clear(&bytes);
    }
    file_names_free(names, n);
}

/* The first `from` of a file becomes `to`; false when it is not there. */
static bool change(const char *file, const char *from, const char *to)
{
    char path[600];
    struct buf in, out;
    const char *at;
    bool ok = false;

    snprintf(path, sizeof path, "%s/%s", top, file);
    buf_init(&in, 1 << 22);
    buf_init(&out, 1 << 22);
    if (file_read(path, 1 << 22, &in, NULL) &&
        (at = strstr(buf_text(&in), from)) != NULL) {
        buf_add(&out, in.p, (size_t)(at - in.p));
        buf_str(&out, to);
        buf_str(&out, at + strlen(from));
        ok = file_write(path, buf_text(&out), out.len);
    }
    buf_clear(&in);
    buf_clear(&out);
    return ok;
}

static void test_folder(void)
{
    struct fac_pack *p = NULL;
    const struct fac_set *a, *b;
    struct err err = {0};
    char text[1200];
    bool ok = fac_pack_load("factors/data", &p, &err);

    tree_copy("factors/data", top);
    UNIT_CHECK(ok, "%s", err_text(&err, text, sizeof text));
    if (!ok)
        return;
    UNIT_CHECK(fac_sets(p, &a) == fac_sets(pack, &b), "as many sets");
    for (size_t i = 0; i < fac_sets(p, &a); i++) {
        UNIT_CHECK(strcmp(a[i].sha256, b[i].sha256) == 0, "%s", a[i].id);
        UNIT_CHECK(a[i].rows == b[i].rows, "%s", a[i].id);
    }
    UNIT_CHECK(fac_shared_count(p) == fac_shared_count(pack), "same ids");
    fac_pack_free(p);
    UNIT_CHECK(!fac_pack_load("factors/no-such", &p, &err), "no folder");
}

/* Each change alone, then undone. The message is place and rule. */
static const struct {
    const char *file, *from, *to, *want;
} bad[] = {
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,kg/mm2,0.0197",
         "cpu.die,kg/mm2,abc",
         "factors.csv: line 9: column 'value': value 'abc': expected a number "
         "from 0 to 1000000"},
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,kg/mm2,0.0197",
         "cpu.die,kg/mm2,nan",
         "factors.csv: line 9: column 'value': value 'nan': expected a "
         "number"},
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,kg/mm2,0.0197",
         "cpu.die,kg/mm2,-0.0197", "column 'value': value '-0.0197'"},
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,kg/mm2,0.0197",
         "cpu.die,kg/mm2,", "column 'value': value '': expected a value"},
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,kg/mm2,0.0197",
         "cpu.die,kg/mm2,0", "expected a number above 0"},
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,kg/mm2",
         "cpu.die,kg/inch2",
         "line 9: column 'unit': value 'kg/inch2': expected one of kg/unit"},
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,", "cpu.base,",
         "line 9: column 'key': value 'cpu.base': expected each key once"},
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,", "cpu.dye,",
         "set 'boavizta-2021' lacks the factor 'cpu.die'"},
        {"boavizta-2021/1.0.0/factors.csv", "5.87e-09,0.265,3,3,4,3,4",
         "5.87e-09,0.265,3,3,4,3,6",
         "line 9: column 'technology': value '6': expected a whole number "
         "from 1 to 5"},
        {"boavizta-2021/1.0.0/factors.csv", "key,unit,", "key,units,",
         "line 1: column 'units': value 'units': expected a known column"},
        {"boavizta-2021/1.0.0/factors.csv", "key,unit,", "key,key,",
         "line 1: column 'key': value 'key': expected each column once"},
        {"boavizta-2021/1.0.0/factors.csv", "key,", "",
         "line 1: column 'key': value '': expected this column"},
        {"boavizta-2021/1.0.0/factors.csv", "cpu.die,", "cpu.die,,",
         "line 9: 17 cells, expected 16 as in the header"},
        {"boavizta-2021/1.0.0/factors.csv", "150,34,150", "150,160,150",
         "column 'low'"},
        {"boavizta-2021/1.0.0/cards.csv", "RTX A4500,GA102", "RTX A4501,GA102",
         "card 'RTX A4501' is no accelerator"},
        {"boavizta-2021/1.0.0/cards.csv", "RTX A4500,GA102", "RTX A4500,GA103",
         "card 'RTX A4500' is no accelerator"},
        {"boavizta-2021/1.0.0/cards.csv", "1135.82,230.04", "1135.82,",
         "column 'board_cm2': value 'RTX A4500': expected all measures"},
        {"boavizta-2021/1.0.0/densities.csv", "ram,Samsung,25 nm",
         "ram,Samsung,30 nm",
         "densities.csv: line 3: column 'process': value '30 nm'"},
        {"boavizta-2021/1.0.0/SOURCE.md", "- licence: ", "- license: ",
         "SOURCE.md: expected lines that begin with '# ', '- licence: '"},
        {"category-boavizta-2023/1.0.0/averages.csv", "server gpu_node",
         "server gpu_knot", "averages.csv: line 5: column 'covers'"},
        {"category-boavizta-2023/1.0.0/averages.csv", "laptop,laptop,",
         "laptop,desktop,", "expected each category covered once"},
        {"cpu-spec/1.0.0/cpus.csv", "broadwell-ep,Xeon E5-2650 v4",
         "broadwell,Xeon E5-2650 v4",
         "column 'family': value 'broadwell': expected the rows of a family "
         "together"},
        {"cpu-spec/1.0.0/cpus.csv", "broadwell-ep,Xeon E5-2650 v4",
         "broadwall-ep,Xeon E5-2650 v4",
         "value 'broadwall-ep': expected a family of families.csv"},
        {"cpu-spec/1.0.0/cpus.csv", "Xeon E5-2650 v4", "Xeon E5-2650 v3",
         "column 'name': value 'Xeon E5-2650 v3': expected each name once"},
        {"cpu-spec/1.0.0/cpus.csv", "Xeon E5-2650 v4", "Xeon E5-2650V3",
         "have the same name 'e5-2650 v3'"},
        {"cpu-spec/1.0.0/cpus.csv", "12,1,306,,306,", "12,1,306,,316,",
         "expected compute_mm2 + io_mm2"},
        {"cpu-spec/1.0.0/cpus.csv", "12,1,306,,306,", "12,1,,,,",
         "expected an area, or no area and the grade gap"},
        {"gpu-spec/1.0.0/gpus.csv", "NVIDIA,L40S", "NVIDIA,L40",
         "value 'L40': expected each name once"},
        {"grid-yearly/2026.04.29/series.csv", "FRA,FR,France", "ALB,FR,France",
         "series.csv: line 33: column 'zone': value 'ALB'"},
        {"grid-yearly/2026.04.29/figures.csv", "21.3,direct,generation,listed",
         "21.3,direct,generation,default",
         "expected one default for a zone, year and kind"},
        {"grid-yearly/2026.04.29/figures.csv", "21.3,direct", "21.3,indirect",
         "value 'indirect': expected one of life_cycle, direct, unstated"},
        {"pcf-boavizta/1.0.0/products.csv", "7730,6415.9", "7730,7730",
         "column 'use_kg': value 'PowerEdge R640': expected less than "
         "total_kg"},
};

static void test_refused(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct fac_pack *p = NULL;
        struct err err = {0};
        char text[1200] = "";
        bool ok;

        if (!change(bad[i].file, bad[i].from, bad[i].to)) {
            UNIT_CHECK(false, "'%s' is not in %s", bad[i].from, bad[i].file);
            continue;
        }
        ok = fac_pack_load(top, &p, &err);
        err_text(&err, text, sizeof text);
        UNIT_CHECK(!ok, "%s: '%s' is taken", bad[i].file, bad[i].to);
        UNIT_CHECK(
                strstr(text, bad[i].want), "want '%s' in '%s'", bad[i].want,
                text);
        UNIT_CHECK(!p && err.code == ERR_INVALID, "%s: out or code", text);
        if (ok)
            fac_pack_free(p);
        tree_remove(top);
        mkdir(top, 0700);
        tree_copy("factors/data", top);
    }
}

static void load_fails(const char *want)
{
    struct fac_pack *p = NULL;
    struct err err = {0};
    char text[1200];

    UNIT_CHECK(!fac_pack_load(top, &p, &err), "want '%s'", want);
    err_text(&err, text, sizeof text);
    UNIT_CHECK(strstr(text, want), "want '%s' in '%s'", want, text);
}

static void test_missing(void)
{
    char path[600];

    snprintf(path, sizeof path, "%s/cpu-spec", top);
    tree_remove(path);
    load_fails("expected a set named 'cpu-spec'");
    tree_copy("factors/data/cpu-spec", path);
    snprintf(path, sizeof path, "%s/act/1.0.0/SOURCE.md", top);
    remove(path);
    load_fails("set 'act' version '1.0.0' lacks SOURCE.md");
    snprintf(path, sizeof path, "%s/act", top);
    tree_remove(path);
    mkdir(path, 0700);
    load_fails("expected a folder named by a version");
    tree_copy("factors/data/act", path);
    snprintf(path, sizeof path, "%s/act/1.0.0/stuff.csv", top);
    UNIT_CHECK(file_write(path, "a\n1\n", 4), "write");
    load_fails("stuff.csv: expected a known table name");
    remove(path);
}

/* 1.10.0 is newer than 1.9.0 and 1.0.0; a set of one's own is added. */
static void test_versions(void)
{
    struct fac_pack *p = NULL;
    struct err err = {0};
    char path[600], text[1200];
    const struct fac_factor *f;
    bool ok;

    snprintf(path, sizeof path, "%s/act/1.9.0", top);
    tree_copy("factors/data/act/1.0.0", path);
    snprintf(path, sizeof path, "%s/act/1.10.0", top);
    tree_copy("factors/data/act/1.0.0", path);
    UNIT_CHECK(
            change("act/1.10.0/factors.csv", "package.unit,kg/unit,0.15",
                   "package.unit,kg/unit,0.25"),
            "change");
    snprintf(path, sizeof path, "%s/ours/2026/SOURCE.md", top);
    UNIT_CHECK(
            file_write(path, "# Ours\n- licence: none\n- source: us\n", 37),
            "write");
    snprintf(path, sizeof path, "%s/ours/2026/factors.csv", top);
    snprintf(
            text, sizeof text, "%s\n%s\n",
            "key,unit,value,low,high,adp_kgsb,pe_mj,reliability,completeness,"
            "time,geography,technology,boundary,confidence,source,note",
            "switch.unit,kg/unit,100,,,,,5,5,5,5,5,cradle to "
            "gate,estimate,us,");
    UNIT_CHECK(file_write(path, text, strlen(text)), "write");
    ok = fac_pack_load(top, &p, &err);
    UNIT_CHECK(ok, "%s", err_text(&err, text, sizeof text));
    if (!ok)
        return;
    UNIT_CHECK(
            strcmp(fac_set_by_id(p, "act")->version, "1.10.0") == 0,
            "version %s", fac_set_by_id(p, "act")->version);
    UNIT_NEAR(
            fac_factor_by_key(p, "act", "package.unit")->value[CALC_GWP], 0.25,
            1e-9, "the newest version");
    f = fac_factor_by_key(p, "ours", "switch.unit");
    UNIT_CHECK(f && isnan(f->value[CALC_PE]), "a set of one's own");
    UNIT_CHECK(fac_sets(p, &(const struct fac_set *){NULL}) == 9, "nine sets");
    fac_pack_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"factors equal the facts", test_factors_equal_facts},
            {"densities", test_densities},
            {"gsd", test_gsd},
            {"averages", test_averages},
            {"sets", test_sets},
            {"shared ids", test_shared_ids},
            {"a folder", test_folder},
            {"refused rows", test_refused},
            {"missing files", test_missing},
            {"versions", test_versions},
            {NULL, NULL}};
    int status;

    if (!fac_pack_load(NULL, &pack, NULL) || !mkdtemp(top))
        return 1;
    status = unit_main("factor sets", tests);
    tree_remove(top);
    fac_pack_free(pack);
    return status;
}
