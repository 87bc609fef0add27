/* SPDX-License-Identifier: Apache-2.0
 * Real files of the JSON and text formats: machines, sockets, cores, memory,
 * disks and cards as read from the files by hand. */
#include <math.h>

#include "importers_sink.h"
#include "unit.h"

#define SAMPLES "../shared/samples/"

enum { UNKNOWN = -1, MOST = 3 };

struct want {
    const char *name, *serial; /* NULL: none */
    int sockets, cores;
    double ram_gib; /* NAN unknown */
    int hdd, ssd, gpu;
    int is_virtual;
};

static const struct {
    const char *path, *format;
    size_t n;
    struct want machines[MOST];
    const char *warning; /* part of one; NULL: not looked at */
} samples[] = {
        {"dmidecode/Dell_PowerEdge_M630.txt",
         "dmidecode",
         1,
         {{NULL, "4242", 2, 28, 64, UNKNOWN, UNKNOWN, UNKNOWN, 0}},
         NULL},
        {"dmidecode/HP_DL380p_Gen8.txt",
         "dmidecode",
         1,
         {{NULL, "4242", 2, 12, 64, UNKNOWN, UNKNOWN, UNKNOWN, 0}},
         NULL},
        {"dmidecode/QCT_X10E-9N.txt",
         "dmidecode",
         1,
         {{NULL, "QTFCQ57140285", 1, 4, 32, UNKNOWN, UNKNOWN, UNKNOWN, 0}},
         NULL},
        {"dmidecode/SM_SYS-6018R.txt",
         "dmidecode",
         1,
         {{NULL, "A177950X7709591", 2, 20, 64, UNKNOWN, UNKNOWN, UNKNOWN, 0}},
         NULL},
        {"dmidecode/unknown.txt",
         "dmidecode",
         1,
         {{NULL, "42", 1, 8, 32, UNKNOWN, UNKNOWN, UNKNOWN, 0}},
         NULL},
        {"lshw_json/laptop_unprivileged.json",
         "lshw-json",
         1,
         {{"repair-thinkpad-t490s", NULL, 1, UNKNOWN, 8, 0, 1, 0, UNKNOWN}},
         "run lshw as root"},
        {"glpi_json/dell_xps13.json",
         "glpi-json",
         1,
         {{"glpixps", "640HP72", 1, 2, 8, 0, 1, 0, 0}},
         NULL},
        {"glpi_json/dell_xps13_partial_volumes.json",
         "glpi-json",
         1,
         {{"glpixps", "640HP72", UNKNOWN, UNKNOWN, 7800.0 / 1024, UNKNOWN,
           UNKNOWN, UNKNOWN, 0}},
         NULL},
        {"redfish_json/dell_systems.json",
         "redfish",
         1,
         {{"tpa-hostname", "CLFV7M2", 2, UNKNOWN, 476.837376, UNKNOWN, UNKNOWN,
           UNKNOWN, 0}},
         "512 GiB is likely"},
        {"redfish_json/hp_systems.json",
         "redfish",
         1,
         {{"tpa-hostname", "MXQ93003RB", 2, UNKNOWN, 384, UNKNOWN, UNKNOWN,
           UNKNOWN, 0}},
         NULL},
        {"redfish_json/dell_power.json", "redfish", 0, {{0}}, "system"},
        {"redfish_json",
         "redfish",
         2,
         {{"tpa-hostname", "CLFV7M2", 2, UNKNOWN, 476.837376, UNKNOWN, UNKNOWN,
           UNKNOWN, 0},
          {"tpa-hostname", "MXQ93003RB", 2, UNKNOWN, 384, UNKNOWN, UNKNOWN,
           UNKNOWN, 0}},
         NULL},
        /* two Silver 4112 of four cores, six modules of 8 GiB; every drive
         * link leads to an answer of error 500 */
        {"redfish_tree",
         "redfish",
         1,
         {{NULL, "QSBP74100021", 2, 8, 48, UNKNOWN, UNKNOWN, UNKNOWN, 0}},
         "number of disks is unknown"},
        /* a 180 GB SSD; the 2 TB disk hangs on USB */
        {"ansible_facts/foreman_sample_facts.json",
         "ansible",
         1,
         {{"foreman_sample_facts", NULL, 1, 2, 7899.0 / 1024, 0, 1, UNKNOWN,
           0}},
         "hangs on USB"},
        /* eleven switches, routers and power strips */
        {"netbox/devices.json", "netbox", 0, {{0}}, "11 devices"},
        {"slurm/nodes.json",
         "slurm-nodes",
         3,
         {{"naboo145", NULL, 2, 36, 94791.0 / 1024, UNKNOWN, UNKNOWN, 0,
           UNKNOWN},
          {"naboo146", NULL, 2, 36, 94791.0 / 1024, UNKNOWN, UNKNOWN, 0,
           UNKNOWN},
          {"naboo147", NULL, 2, 36, 94793.0 / 1024, UNKNOWN, UNKNOWN, 0,
           UNKNOWN}},
         "96 GiB is likely"},
        {"rocm_smi_json/mi100_rocm602.json",
         "rocm-smi-json",
         1,
         {{"mi100_rocm602", NULL, UNKNOWN, UNKNOWN, NAN, UNKNOWN, UNKNOWN, 4,
           UNKNOWN}},
         NULL},
        {"rocm_smi_json/rx6700xt_rocm430.json",
         "rocm-smi-json",
         1,
         {{"rx6700xt_rocm430", NULL, UNKNOWN, UNKNOWN, NAN, UNKNOWN, UNKNOWN, 1,
           UNKNOWN}},
         NULL},
};

static int count(const struct wire_machine *m, enum calc_kind kind)
{
    return (m->unknown_kinds >> kind) & 1 ? UNKNOWN : (int)kept_units(m, kind);
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void
check(const char *path, const struct wire_machine *m, const struct want *w)
{
    UNIT_CHECK(same(m->name, w->name), "%s: name %s", path, m->name);
    UNIT_CHECK(same(m->serial, w->serial), "%s: serial %s", path, m->serial);
    UNIT_CHECK(
            m->cpu_count == w->sockets, "%s: %d sockets", path, m->cpu_count);
    UNIT_CHECK(m->cpu_cores == w->cores, "%s: %d cores", path, m->cpu_cores);
    UNIT_NEAR(kept_ram_gib(m), w->ram_gib, 1e-9, path);
    UNIT_CHECK(
            count(m, CALC_HDD) == w->hdd, "%s: %d HDD", path,
            count(m, CALC_HDD));
    UNIT_CHECK(
            count(m, CALC_SSD) == w->ssd, "%s: %d SSD", path,
            count(m, CALC_SSD));
    UNIT_CHECK(
            count(m, CALC_GPU) == w->gpu, "%s: %d GPU", path,
            count(m, CALC_GPU));
    UNIT_CHECK(
            m->is_virtual == w->is_virtual, "%s: virtual %d", path,
            m->is_virtual);
}

static void test_samples(void)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        const char *format = NULL;
        struct err err = {0};
        char path[200];
        bool ok;

        snprintf(path, sizeof path, SAMPLES "%s", samples[i].path);
        ok = imp_read(path, NULL, &sink, &format, &err);
        UNIT_CHECK(ok, "%s: %s: %s", path, err.where, err.msg);
        UNIT_CHECK(
                ok && strcmp(format, samples[i].format) == 0, "%s: %s", path,
                format);
        UNIT_CHECK(
                k->n_machines == samples[i].n, "%s: %zu machines", path,
                k->n_machines);
        UNIT_CHECK(k->n_rejects == 0, "%s: %zu refused", path, k->n_rejects);
        for (size_t j = 0; j < samples[i].n && j < k->n_machines; j++)
            check(path, &k->machines[j], &samples[i].machines[j]);
        if (samples[i].warning)
            UNIT_CHECK(
                    kept_warned(k, samples[i].warning), "%s: no warning '%s'",
                    path, samples[i].warning);
        kept_free(k);
    }
}

/* The models that FORMATS names: the true one, not the one in Model. */
static void test_models(void)
{
    static const struct {
        const char *path;
        enum calc_kind kind;
        const char *model;
    } cases[] = {
            {"redfish_tree", CALC_CPU,
             "Intel(R) Xeon(R) Silver 4112 CPU @ 2.60GHz"},
            {"ansible_facts/foreman_sample_facts.json", CALC_CPU,
             "Intel(R) Core(TM) i7-5500U CPU @ 2.40GHz"},
            {"ansible_facts/foreman_sample_facts.json", CALC_SSD,
             "INTEL SSDSC2CW18"},
            {"glpi_json/dell_xps13.json", CALC_SSD, "PM951 NVMe SAMSUNG 256GB"},
            {"rocm_smi_json/mi100_rocm602.json", CALC_GPU, "Instinct MI100"},
            {"rocm_smi_json/rx6700xt_rocm430.json", CALC_GPU,
             "Radeon RX 6700 XT"},
            {"dmidecode/unknown.txt", CALC_CPU,
             "Intel(R) Atom(TM) CPU C2750 @ 2.40GHz"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        const struct wire_part *p;
        struct err err = {0};
        char path[200];

        snprintf(path, sizeof path, SAMPLES "%s", cases[i].path);
        UNIT_CHECK(
                imp_read(path, NULL, &sink, NULL, &err), "%s: %s", path,
                err.msg);
        p = k->n_machines ? kept_part(&k->machines[0], cases[i].kind, 0) : NULL;
        UNIT_CHECK(
                p && same(p->model, cases[i].model), "%s: %s", path,
                p ? p->model : "no part");
        kept_free(k);
    }
}

/* What lshw wrote with a class filter: alone it is an error, in a folder it is
 * refused and the others are read. */
static void test_broken(void)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    CU_ASSERT_FALSE(imp_read(
            SAMPLES "lshw_json/hubblo-ci-01.json", NULL, &sink, NULL, &err));
    CU_ASSERT_EQUAL(err.code, ERR_INVALID);
    UNIT_CHECK(
            strcmp(err.where, "hubblo-ci-01.json: line 24, column 8") == 0,
            "%s", err.where);
    UNIT_CHECK(
            strstr(err.msg, "run 'sudo lshw -json' without -class"), "%s",
            err.msg);
    CU_ASSERT_EQUAL(k->n_machines, 0);

    UNIT_CHECK(
            imp_read(SAMPLES "lshw_json", NULL, &sink, NULL, &err), "%s",
            err.msg);
    CU_ASSERT_EQUAL(k->n_machines, 1);
    CU_ASSERT_EQUAL(k->n_rejects, 1);
    UNIT_CHECK(
            k->n_rejects && same(k->rejects[0].file, "hubblo-ci-01.json") &&
                    strstr(k->rejects[0].reason, "line 24"),
            "refused");
    kept_free(k);
}

/* A power document of two systems' folder is of the one it leads to. */
static void test_supplies(void)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    UNIT_CHECK(
            imp_read(SAMPLES "redfish_json", NULL, &sink, NULL, &err), "%s",
            err.msg);
    CU_ASSERT_EQUAL_FATAL(k->n_machines, 2);
    CU_ASSERT_EQUAL(kept_units(&k->machines[0], CALC_PSU), 1);
    CU_ASSERT_EQUAL(count(&k->machines[1], CALC_PSU), UNKNOWN);
    kept_free(k);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"samples", test_samples},
            {"models", test_models},
            {"broken", test_broken},
            {"supplies", test_supplies},
            {NULL, NULL},
    };

    return unit_main("importers_json", tests);
}
