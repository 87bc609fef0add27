/* SPDX-License-Identifier: Apache-2.0
 * Answers with nothing in them, systems that count in their own way, and what
 * stands beside or before Redfish, each in a small file of our own. */
#include <math.h>

#include "importers_sink.h"
#include "unit.h"

enum { U = KEPT_UNKNOWN };

struct rare {
    const char *name, *file, *text;
    size_t machines;
    int sockets, cores;
    double ram_gib;
    int gpus;
    const char *cpu, *maker; /* NULL: none */
    const char *warning;     /* NULL: not asked */
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_first(const struct kept *k, const struct rare *r)
{
    const struct wire_machine *m = &k->machines[0];
    const struct wire_part *cpu =
            kept_units(m, CALC_CPU) > 0 ? kept_part(m, CALC_CPU, 0) : NULL;

    UNIT_CHECK(
            m->cpu_count == r->sockets && m->cpu_cores == r->cores,
            "%s: %d sockets, %d cores", r->name, m->cpu_count, m->cpu_cores);
    if (isnan(r->ram_gib))
        UNIT_CHECK(
                isnan(kept_ram_gib(m)), "%s: %g GiB", r->name, kept_ram_gib(m));
    else
        UNIT_NEAR(kept_ram_gib(m), r->ram_gib, 1e-9, r->name);
    UNIT_CHECK(
            kept_known(m, CALC_GPU) == r->gpus, "%s: %d GPU", r->name,
            kept_known(m, CALC_GPU));
    UNIT_CHECK(
            same(cpu ? cpu->model : NULL, r->cpu), "%s: CPU %s", r->name,
            cpu && cpu->model ? cpu->model : "none");
    UNIT_CHECK(
            same(m->manufacturer, r->maker), "%s: maker %s", r->name,
            m->manufacturer ? m->manufacturer : "none");
}

static void run(const struct rare *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        struct err err = {0};
        bool ok = imp_read(
                kept_file(all[i].file, all[i].text), NULL, &sink, NULL, &err);

        UNIT_CHECK(ok, "%s: %s", all[i].name, err.msg);
        UNIT_CHECK(
                k->n_machines == all[i].machines && k->n_rejects == 0,
                "%s: %zu machines, %zu refused", all[i].name, k->n_machines,
                k->n_rejects);
        if (all[i].warning)
            UNIT_CHECK(
                    kept_warned(k, all[i].warning), "%s: no warning '%s'",
                    all[i].name, all[i].warning);
        if (k->n_machines > 0)
            check_first(k, &all[i]);
        kept_free(k);
    }
}

#define RUN(all) run(all, sizeof(all) / sizeof *(all))

static void test_empty(void)
{
    static const struct rare all[] = {
            {"no assets", "a.json", "{\"total\":0,\"rows\":[]}", 0, U, U, NAN,
             U, NULL, NULL, "no assets"},
            {"no devices", "d.json",
             "{\"count\": 0, \"next\": null,\n \"results\" : [ ]}\n", 0, U, U,
             NAN, U, NULL, NULL, "no devices"},
            {"no nodes", "n.json", "{\"meta\":{},\"errors\":[],\"nodes\":[\n]}",
             0, U, U, NAN, U, NULL, NULL, "no nodes"},
    };
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    RUN(all);
    CU_ASSERT_FALSE(imp_read(
            kept_file("x.json", "{\"total\":1,\"rows\":[3"), NULL, &sink, NULL,
            &err));
    kept_free(k);
}

static void test_netbox(void)
{
    static const struct rare all[] = {
            {"components of a type are no devices", "t.json",
             "{\"count\":2,\"results\":[{\"id\":4,\"name\":\"AA1\","
             "\"device_type\":{\"model\":\"M\",\"manufacturer\":"
             "{\"name\":\"ServerTech\"}}},{\"id\":5,\"name\":\"d\","
             "\"device_type\":{\"model\":\"M\"},\"rack\":null}]}",
             1, U, U, NAN, U, NULL, NULL, "1 modules"},
            {"a guest alone", "g.json",
             "{\"name\":\"g\",\"cluster\":{\"name\":\"c\"},\"vcpus\":2,"
             "\"memory\":1024,\"custom_fields\":{}}",
             1, U, 2, 1, U, NULL, NULL, NULL},
            {"a guest of which nothing is set", "g.json",
             "{\"count\":1,\"results\":[{\"url\":\"/api/virtualization/"
             "virtual-machines/1/\",\"name\":\"g\",\"cluster\":null,"
             "\"vcpus\":null,\"memory\":null}]}",
             1, U, U, NAN, U, NULL, NULL, NULL},
    };
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    RUN(all);
    /* what was sent to make devices */
    CU_ASSERT_TRUE(imp_read(
            kept_file(
                    "d.json", "[{\"name\":\"d\",\"device_type\":1,\"role\":3,"
                              "\"asset_tag\":null,\"site\":1}]"),
            NULL, &sink, NULL, &err));
    CU_ASSERT_EQUAL(k->n_machines, 0);
    CU_ASSERT_EQUAL(k->n_rejects, 1);
    kept_free(k);
}

#define FACTS(system, arch, rest)                                              \
    "{\"ansible_facts\":{\"ansible_hostname\":\"h\",\"ansible_system\":"       \
    "\"" system "\",\"ansible_architecture\":\"" arch "\"," rest               \
    "\"ansible_memtotal_mb\":65536}}"

static void test_systems(void)
{
    static const struct rare all[] = {
            {"facts that tell of no computer", "h",
             "{\"_ansible_facts_gathered\":true,\"ansible_apparmor\":{},"
             "\"ansible_devices\":{}}",
             0, U, U, NAN, U, NULL, NULL, "no host's facts"},
            {"no count of processors", "h",
             FACTS("Linux", "x86_64",
                   "\"ansible_processor\":[\"0\",\"GenuineIntel\",\"CPU 1\"],"),
             1, U, U, 64, U, "CPU 1", NULL, NULL},
            {"threads of POWER", "h",
             FACTS("Linux", "ppc64le",
                   "\"ansible_processor\":[\"0\",\"POWER9, altivec\",\"1\","
                   "\"POWER9, altivec\"],\"ansible_processor_count\":2,"
                   "\"ansible_processor_cores\":1,"),
             1, U, U, 64, U, "POWER9, altivec", NULL, "ppc64le are threads"},
            {"a mainframe, of which Ansible says one", "h",
             FACTS("Linux", "s390x",
                   "\"ansible_processor\":[\"IBM/S390\"],"
                   "\"ansible_processor_count\":1,"
                   "\"ansible_processor_cores\":4,"
                   "\"ansible_system_vendor\":\"IBM\","
                   "\"ansible_product_serial\":\"8F1F7\","),
             1, U, U, 64, U, NULL, "IBM", "this is a partition"},
            {"AIX, of which it says so too", "h",
             FACTS("AIX", "chrp",
                   "\"ansible_processor\":[\"PowerPC_POWER8\"],"
                   "\"ansible_processor_count\":1,"
                   "\"ansible_processor_cores\":12,"),
             1, U, U, 64, U, "PowerPC_POWER8", NULL, "of AIX"},
            {"Solaris counts the threads of all sockets", "h",
             FACTS("SunOS", "sun4v",
                   "\"ansible_processor\":[\"SPARC-T4 @ 2847MHz\"],"
                   "\"ansible_processor_count\":2,"
                   "\"ansible_processor_cores\":128,"),
             1, 2, U, 64, U, "SPARC-T4 @ 2847MHz", NULL, NULL},
            {"HP-UX counts the cores of all sockets", "h",
             FACTS("HP-UX", "ia64",
                   "\"ansible_processor\":\"Intel(R) Itanium(R) 9340\","
                   "\"ansible_processor_count\":4,"
                   "\"ansible_processor_cores\":16,"),
             1, 4, 16, 64, U, "Intel(R) Itanium(R) 9340", NULL, NULL},
            {"a host of vCenter counts the cores of all sockets", "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"esx1\","
             "\"ansible_distribution\":\"VMware ESXi\","
             "\"ansible_uuid\":\"0a1b2c3d-0000-4000-8000-000000000001\","
             "\"ansible_processor\":\"CPU 1\",\"ansible_processor_count\":2,"
             "\"ansible_processor_cores\":32,\"ansible_processor_vcpus\":64,"
             "\"ansible_system_vendor\":\"M\",\"ansible_memtotal_mb\":"
             "524288}}",
             1, 2, 32, 512, U, "CPU 1", "M", NULL},
            {"NetBSD, where it knows of sockets", "h",
             FACTS("NetBSD", "x86_64",
                   "\"ansible_processor\":[\"CPU 1\"],"
                   "\"ansible_processor_count\":2,"
                   "\"ansible_processor_cores\":16,"),
             1, 2, 16, 64, U, "CPU 1", NULL, NULL},
            {"NetBSD, where it does not", "h",
             FACTS("NetBSD", "evbarm",
                   "\"ansible_processor\":[\"CPU 1\"],"
                   "\"ansible_processor_count\":4,"
                   "\"ansible_processor_cores\":\"NA\","),
             1, U, U, 64, U, "CPU 1", NULL, "are threads"},
            {"macOS names no maker", "h",
             FACTS("Darwin", "arm64",
                   "\"ansible_processor\":\"Apple M1\","
                   "\"ansible_processor_cores\":\"8\","
                   "\"ansible_product_name\":\"Macmini9,1\","),
             1, 1, 8, 64, U, "Apple M1", "Apple Inc.", NULL},
            {"a guest of another maker with macOS", "h",
             FACTS("Darwin", "x86_64",
                   "\"ansible_product_name\":\"VMware7,1\","),
             1, U, U, 64, U, NULL, NULL, NULL},
    };

    RUN(all);
}

#define RF(type, id, rest)                                                     \
    "{\"@odata.type\":\"#" type ".v1_5_0." type "\",\"@odata.id\":"            \
    "\"/redfish/v1/" id "\"," rest "}"

/* What is left out of the counts: a uuid, the name of a card. */
static void test_names(void)
{
    static const char esx[] =
            "{\"ansible_facts\":{\"ansible_hostname\":\"esx1\","
            "\"ansible_distribution\":\"VMware ESXi\",\"ansible_uuid\":"
            "\"0a1b2c3d-0000-4000-8000-000000000001\","
            "\"ansible_memtotal_mb\":4096}}";
    static const char card[] =
            "{\"@odata.id\":\"/redfish/v1/"
            "Systems\",\"Members\":[" RF("ComputerSystem", "Systems/1", "\"SerialNumber\":\"1\"") "," RF(
                    "Processor", "Systems/1/Processors/GPU1",
                    "\"ProcessorType\":\"GPU\",\"Links\":{"
                    "\"PCIeDevice\":{"
                    "\"@odata.id\":\"/redfish/v1/Chassis/1/"
                    "PCIeDevices/s4\"}}") "," RF("PCIeDevice", "Chassis/1/PCIeDevices/s4", "\"Model\":\"NVIDIA A100 80GB\"") "]}";
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    CU_ASSERT_TRUE(imp_read(kept_file("h", esx), NULL, &sink, NULL, &err));
    CU_ASSERT_TRUE(
            imp_read(kept_file("s.json", card), NULL, &sink, NULL, &err));
    CU_ASSERT_EQUAL_FATAL(k->n_machines, 2);
    CU_ASSERT_TRUE(
            same(k->machines[0].uuid, "0a1b2c3d-0000-4000-8000-000000000001"));
    CU_ASSERT_EQUAL_FATAL(kept_known(&k->machines[1], CALC_GPU), 1);
    CU_ASSERT_STRING_EQUAL(
            kept_part(&k->machines[1], CALC_GPU, 0)->model, "NVIDIA A100 80GB");
    kept_free(k);
}

static void test_redfish(void)
{
    static const struct rare all[] = {
            {"iLO 4 before Redfish", "s.json",
             "{\"Type\":\"ComputerSystem.0.9.6\",\"Manufacturer\":\"HP\","
             "\"SerialNumber\":\"S1\",\"Memory\":{\"TotalSystemMemoryGB\":16},"
             "\"Processors\":{\"Count\":2,\"ProcessorFamily\":\"CPU 1\"},"
             "\"links\":{\"self\":{\"href\":\"/rest/v1/Systems/1\"}}}",
             1, 2, U, 16, U, "CPU 1", "HP", NULL},
            {"a chassis of iLO 4", "c.json",
             "{\"Type\":\"Chassis.0.9.3\",\"SerialNumber\":\"S1\","
             "\"links\":{\"self\":{\"href\":\"/rest/v1/Chassis/1\"}}}",
             0, U, U, NAN, U, NULL, NULL, "parts without their system"},
            {"processors that stand with the cards", "s.json",
             "{\"@odata.id\":\"/redfish/v1/Systems\",\"Members\":["
             RF("ComputerSystem", "Systems/System_0",
                "\"Manufacturer\":\"M\",\"SerialNumber\":\"1\","
                "\"MemorySummary\":{\"TotalSystemMemoryGiB\":1024}") ","
             RF("ComputerSystem", "Systems/HGX_Baseboard_0", "\"Id\":\"H\"") ","
             RF("Processor", "Systems/HGX_Baseboard_0/Processors/CPU_0",
                "\"ProcessorType\":\"CPU\",\"Model\":\"Grace A02P\","
                "\"TotalCores\":72") ","
             RF("Processor", "Systems/HGX_Baseboard_0/Processors/CPU_1",
                "\"ProcessorType\":\"CPU\",\"Model\":\"Grace A02P\","
                "\"TotalCores\":72") ","
             RF("Processor", "Systems/HGX_Baseboard_0/Processors/GPU_0",
                "\"ProcessorType\":\"GPU\",\"Model\":\"GB200 186GB HBM3e\"")
             "]}",
             1, 2, 144, 1024, 1, "Grace A02P", "M", NULL},
            {"a card with a BMC of its own", "s.json",
             RF("ComputerSystem", "Systems/Bluefield",
                "\"ProcessorSummary\":{\"Count\":0}"),
             0, U, U, NAN, U, NULL, NULL, "network card"},
            {"another card, by its type", "s.json",
             RF("ComputerSystem", "Systems/1",
                "\"SystemType\":\"DPU\",\"SerialNumber\":\"1\""),
             0, U, U, NAN, U, NULL, NULL, "network card"},
    };

    RUN(all);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"nothing in an answer", test_empty},
            {"NetBox", test_netbox},
            {"systems", test_systems},
            {"names", test_names},
            {"Redfish", test_redfish},
            {NULL, NULL},
    };

    return unit_main("importers_json_rare", tests);
}
