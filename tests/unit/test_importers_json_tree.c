/* SPDX-License-Identifier: Apache-2.0
 * Trees of files, what texts become, and files that are no good. */
#include <math.h>

#include "importers_sink.h"
#include "importers_tree.h"
#include "unit.h"

enum { U = KEPT_UNKNOWN };

static double ram(const struct wire_machine *m)
{
    double gib = 0;

    for (size_t i = 0; i < m->n_parts; i++)
        if (m->parts[i].kind == CALC_RAM)
            gib += m->parts[i].capacity * m->parts[i].units;
    return gib;
}

/* ---- trees -------------------------------------------------------------- */

static char tree[] = "/tmp/fp-tree-XXXXXX";

#define RF(type, id, rest)                                                     \
    "{\"@odata.type\":\"#" type ".v1_5_0." type "\",\"@odata.id\":"            \
    "\"/redfish/v1/" id "\"," rest "}"

/* A blade of two nodes with one serial and no UUID; cards of two dies; a
 * module of decimal megabytes, saved without its type; one drive under two
 * lists. */
static void make_tree(void)
{
    static const struct {
        const char *path, *text;
    } files[] = {
            {"bmc/Systems/index.json",
             "{\"@odata.type\":\"#ComputerSystemCollection."
             "ComputerSystemCollection\",\"@odata.id\":\"/redfish/v1/Systems\","
             "\"Members\":[]}"},
            {"bmc/Systems/Capabilities/index.json",
             RF("ComputerSystem", "Systems/Capabilities", "\"Id\":\"C\"")},
            {"bmc/Systems/Node0/index.json",
             RF("ComputerSystem", "Systems/Node0",
                "\"SerialNumber\":\"GE21\",\"Manufacturer\":\"HPE\","
                "\"ProcessorSummary\":{\"Count\":3,\"Model\":\"MI200\"}")},
            {"bmc/Systems/Node1/index.json",
             RF("ComputerSystem", "Systems/Node1",
                "\"SerialNumber\":\"GE21\",\"Manufacturer\":\"HPE\","
                "\"ProcessorSummary\":{\"Count\":9,\"Model\":\"AMD INSTINCT "
                "MI200\"}")},
            {"bmc/Systems/Node0/Processors/CPU0/index.json",
             RF("Processor", "Systems/Node0/Processors/CPU0",
                "\"ProcessorType\":\"CPU\",\"Model\":\"Intel Xeon processor\","
                "\"ProcessorId\":{\"VendorId\":\"Silver 4112\"},"
                "\"TotalCores\":4")},
            {"bmc/Systems/Node0/Processors/CPU0/SubProcessors/0/index.json",
             RF("Processor", "Systems/Node0/Processors/CPU0/SubProcessors/0",
                "\"ProcessorType\":\"Core\",\"Model\":\"core\"")},
            {"bmc/Systems/Node0/Processors/GPU0/index.json",
             RF("Processor", "Systems/Node0/Processors/GPU0",
                "\"ProcessorType\":\"GPU\",\"Name\":\"GPU 0\",\"Model\":"
                "\"AMD INSTINCT MI200 (MCM) OAM LC\",\"SerialNumber\":"
                "\"00000000000000\"")},
            {"bmc/Systems/Node0/Processors/GPU1/index.json",
             RF("Processor", "Systems/Node0/Processors/GPU1",
                "\"ProcessorType\":\"GPU\",\"Name\":\"GPU 0\",\"Model\":"
                "\"AMD INSTINCT MI200 (MCM) OAM LC\",\"SerialNumber\":"
                "\"00000000000000\"")},
            {"bmc/Systems/Node0/Memory/1/index.json",
             "{\"@odata.id\":\"/redfish/v1/Systems/Node0/Memory/1\","
             "\"CapacityMiB\":15625,\"MemoryDeviceType\":\"DDR4\"}"},
            {"bmc/Systems/Node0/Memory/2/index.json",
             RF("Memory", "Systems/Node0/Memory/2",
                "\"CapacityMiB\":0,\"Status\":{\"State\":\"Absent\"}")},
            {"bmc/Systems/Node0/Storage/1/index.json",
             RF("Storage", "Systems/Node0/Storage/1",
                "\"Drives\":[{\"@odata.id\":\"/redfish/v1/Chassis/B/Drives/1\"}"
                ",{\"@odata.id\":\"/redfish/v1/Chassis/B/Drives/1\"}]")},
            {"bmc/Chassis/B/Drives/1/index.json",
             RF("Drive", "Chassis/B/Drives/1",
                "\"CapacityBytes\":2013667524608,\"Model\":"
                "\"SAMSUNG MZ7LH1T9HMLT-00005\"")},
            {"bmc/Chassis/B/Drives/2/index.json",
             RF("Drive", "Chassis/B/Drives/2",
                "\"Model\":null,\"Status\":{\"State\":"
                "\"UnavailableOffline\"}")},
            {"bmc/Systems/Node0/SimpleStorage/1/index.json",
             RF("SimpleStorage", "Systems/Node0/SimpleStorage/1",
                "\"Devices\":[{\"Model\":\"SAMSUNG MZ7LH1T9HMLT-00005\","
                "\"CapacityBytes\":2013667524608}]")},
            {"bmc/Systems/Node1/Storage/1/Drives/HDD0/error.txt",
             "HTTP 500\n\n<html></html>\n"},
            /* beside the tree: another format, and words that are none */
            {"other/node.txt", "NodeName=n1 Sockets=1 CoresPerSocket=2 "
                               "RealMemory=4096\n"},
            {"other/broken.json", "{\"@odata.id\":\"/redfish/v1/Systems/9\","
                                  "\"@odata.type\":\"#ComputerSystem.x\",,}"},
            {"other/notes", "nothing of a machine\n"},
            {"README.md", "words\n"},
    };

    UNIT_CHECK(mkdtemp(tree), "a folder");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        tree_file(tree, files[i].path, files[i].text);
}

static void test_tree(void)
{
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    const struct wire_machine *a, *b, *c;
    struct err err = {0};

    make_tree();
    UNIT_CHECK(imp_read(tree, NULL, &sink, NULL, &err), "%s", err.msg);
    tree_remove(tree);
    CU_ASSERT_EQUAL_FATAL(k->n_machines, 3);
    CU_ASSERT_EQUAL(k->n_rejects, 1); /* broken.json */
    CU_ASSERT_TRUE(kept_warned(k, "error.txt: none of the formats"));
    CU_ASSERT_TRUE(kept_warned(k, "notes: none of the formats"));
    CU_ASSERT_FALSE(kept_warned(k, "README"));
    CU_ASSERT_FALSE(kept_warned(k, "drives are named"));
    c = &k->machines[0];
    a = &k->machines[1];
    b = &k->machines[2];
    CU_ASSERT_STRING_EQUAL(c->name, "n1"); /* the rest comes at the end */
    CU_ASSERT_STRING_EQUAL(a->name, "bmc-Node0");
    CU_ASSERT_STRING_EQUAL(b->name, "bmc-Node1");
    CU_ASSERT_STRING_EQUAL(a->serial, b->serial);
    CU_ASSERT_EQUAL(a->cpu_count, 1);
    CU_ASSERT_EQUAL(a->cpu_cores, 4);
    CU_ASSERT_STRING_EQUAL(kept_part(a, CALC_CPU, 0)->model, "Silver 4112");
    UNIT_NEAR(ram(a), 16, 1e-9, "decimal megabytes");
    CU_ASSERT_EQUAL(kept_known(a, CALC_SSD), 1);
    CU_ASSERT_EQUAL(kept_known(a, CALC_HDD), 0);
    UNIT_NEAR(kept_part(a, CALC_SSD, 0)->capacity, 1920, 1e-9, "decimal MB");
    CU_ASSERT_EQUAL(kept_known(a, CALC_GPU), 1);
    CU_ASSERT_EQUAL(a->category, CALC_GPU_NODE);
    CU_ASSERT_EQUAL(b->cpu_count, U); /* nine with the cards */
    CU_ASSERT_EQUAL(kept_known(b, CALC_SSD), U);
    CU_ASSERT_EQUAL(kept_known(b, CALC_GPU), U);
    kept_free(k);
}

/* Dell's service tag, a virtual machine, and what the notes keep. */
static void test_texts(void)
{
    static const struct {
        const char *name, *file, *text, *serial, *note;
        int is_virtual;
    } cases[] = {
            {"Dell", "s.json",
             RF("ComputerSystem", "Systems/1",
                "\"Manufacturer\":\"Dell Inc.\",\"SKU\":\"ABC1234\","
                "\"SerialNumber\":\"CNIVC007CV0803\",\"SystemType\":"
                "\"Physical\""),
             "ABC1234", "board serial CNIVC007CV0803", 0},
            {"a virtual machine of Ansible", "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"h\","
             "\"ansible_virtualization_role\":\"guest\","
             "\"ansible_product_serial\":\"NA\",\"ansible_memtotal_mb\":1024}}",
             NULL, NULL, 1},
            {"a container", "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"c\","
             "\"ansible_virtualization_role\":\"guest\","
             "\"ansible_virtualization_type\":\"docker\","
             "\"ansible_product_serial\":\"S1\",\"ansible_product_uuid\":"
             "\"0a1b2c3d-0000-4000-8000-000000000001\","
             "\"ansible_memtotal_mb\":1024}}",
             NULL, NULL, 1},
            {"a host of others", "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"h\","
             "\"ansible_virtualization_role\":\"host\","
             "\"ansible_virtualization_type\":\"kvm\","
             "\"ansible_product_serial\":\"S1\",\"ansible_memtotal_mb\":1024}}",
             "S1", NULL, 0},
            {"smartctl", "w.json",
             "{\"smartctl\":{\"exit_status\":0},\"model_name\":\"ST1\","
             "\"serial_number\":\"Z1\",\"rotation_rate\":7200,"
             "\"logical_block_size\":512,\"power_on_time\":{\"hours\":41234},"
             "\"ata_smart_attributes\":{\"table\":[{\"id\":241,\"name\":"
             "\"Total_LBAs_Written\",\"raw\":{\"value\":195312500}}]}}",
             NULL, "Z1: 41234 hours on, 0.1 TB written", -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        const struct wire_machine *m = &k->machines[0];
        struct err err = {0};

        UNIT_CHECK(
                imp_read(
                        kept_file(cases[i].file, cases[i].text), NULL, &sink,
                        NULL, &err) &&
                        k->n_machines == 1,
                "%s: %s", cases[i].name, err.msg);
        UNIT_CHECK(
                m->serial && cases[i].serial
                        ? strcmp(m->serial, cases[i].serial) == 0
                        : m->serial == cases[i].serial,
                "%s: serial %s", cases[i].name, m->serial);
        UNIT_CHECK(!m->uuid, "%s: uuid %s", cases[i].name, m->uuid);
        if (cases[i].note)
            UNIT_CHECK(
                    m->note && strstr(m->note, cases[i].note), "%s: note %s",
                    cases[i].name, m->note);
        UNIT_CHECK(
                m->is_virtual == cases[i].is_virtual, "%s: virtual %d",
                cases[i].name, m->is_virtual);
        kept_free(k);
    }
}

/* What services and inventories of some makers and versions do alone. */
static void test_makers(void)
{
    static const struct {
        const char *name, *file, *text;
        size_t machines;
        double ram_gib;
        int hdd, ssd;
        double gb; /* of the first HDD, 0: not asked */
    } cases[] = {
            {"drives of one collection with one serial number", "s.json",
             RF("ComputerSystem", "Systems/1",
                "\"UUID\":\"0a1b2c3d-0000-4000-8000-000000000001\","
                "\"Storage\":["
                RF("Drive", "Systems/1/Storage/1/Drives/A",
                   "\"Model\":\"C1\",\"SerialNumber\":\"77\",\"MediaType\":"
                   "\"HDD\",\"CapacityBytes\":1000000000000") ","
                RF("Drive", "Systems/1/Storage/1/Drives/B",
                   "\"Model\":\"C1\",\"SerialNumber\":\"77\",\"MediaType\":"
                   "\"SSD\",\"CapacityBytes\":1000000000000") ","
                RF("Drive", "Chassis/1/Drives/A",
                   "\"Model\":\"C1\",\"SerialNumber\":\"77\",\"MediaType\":"
                   "\"HDD\",\"CapacityBytes\":1000000000000") "]"),
             1, NAN, 1, 1, 0},
            {"cards to start from", "s.json",
             RF("ComputerSystem", "Systems/1",
                "\"UUID\":\"0a1b2c3d-0000-4000-8000-000000000002\","
                "\"Storage\":["
                RF("Drive", "Systems/1/Storage/FlexFlash-0/Drives/S1",
                   "\"Model\":\"X64\",\"CapacityBytes\":64000000000") ","
                RF("Drive", "Systems/1/Storage/2/Drives/S2",
                   "\"Manufacturer\":\"SD\",\"Model\":\"X64\","
                   "\"CapacityBytes\":64000000000") ","
                RF("Drive", "Systems/1/Storage/2/Drives/P",
                   "\"Model\":\"D\",\"MediaType\":\"HDD\","
                   "\"CapacityBytes\":64000000000") "]"),
             1, NAN, 1, 0, 0},
            {"bytes that are MiB", "s.json",
             RF("ComputerSystem", "Systems/1",
                "\"UUID\":\"0a1b2c3d-0000-4000-8000-000000000004\","
                "\"Storage\":[" RF(
                        "Drive", "Systems/1/Storage/1/Drives/A",
                        "\"Model\":\"C1\",\"MediaType\":\"HDD\","
                        "\"CapacityBytes\":3815447") "]"),
             1, NAN, 1, 0, 4000},
            {"a module made of others", "s.json",
             RF("ComputerSystem", "Systems/1",
                "\"UUID\":\"0a1b2c3d-0000-4000-8000-000000000003\","
                "\"MemorySummary\":{\"TotalSystemMemoryGiB\":8},\"Memory\":["
                RF("Memory", "Systems/1/Memory/d1",
                   "\"CapacityMiB\":8192,\"DeviceLocator\":\"PROC 1 DIMM 1\"")
                "," RF("Memory", "Systems/1/Memory/l1",
                   "\"CapacityMiB\":32768,\"MemoryType\":\"NVDIMM_N\","
                   "\"DeviceLocator\":\"PROC 1 Logical NVDIMM 1\"") "]"),
             1, 8, U, U, 0},
            {"memory in bytes", "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"w\","
             "\"ansible_os_family\":\"Windows\","
             "\"ansible_totalmem\":4294967296},\"changed\":false}",
             1, 4, U, U, 0},
            {"memory that was not told", "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"w\","
             "\"ansible_os_family\":\"Windows\","
             "\"ansible_totalmem\":\"System.Object[]\"},\"changed\":false}",
             1, NAN, U, U, 0},
            {"ad hoc as version 1 wrote it", "h.txt",
             "a | success >> {\n\"ansible_facts\":{\"ansible_hostname\":\"a\","
             "\"ansible_memtotal_mb\":2048},\n\"changed\":false\n}\n\n"
             "b | FAILED >> {\"failed\":true,\"msg\":\"no python\"}\n",
             1, 2, U, U, 0},
            {"words of an error between the hosts", "h.txt",
             "[ERROR]: Task failed\nOrigin: <adhoc 'setup' task>\n\n"
             "{'action': 'setup', 'args': {}, 'poll': 15}\n\n"
             "a | FAILED! => {\"changed\":false,\"msg\":\"gone\"}\n"
             "b | SUCCESS => {\"ansible_facts\":{\"ansible_hostname\":\"b\","
             "\"ansible_memtotal_mb\":1024}}\n",
             1, 1, U, U, 0},
            {"a system saved without its type", "s.json",
             "{\"@odata.id\":\"/redfish/v1/Systems/1\",\"Manufacturer\":"
             "\"HPE\",\"MemorySummary\":{\"TotalSystemMemoryGiB\":192}}",
             1, 192, U, U, 0},
            {"a link without its type", "s.json",
             "{\"@odata.type\":\"#Event.v1_0_0.Event\",\"Origin\":{"
             "\"@odata.id\":\"/redfish/v1/Systems/1\"}}",
             0, NAN, U, U, 0},
            {"a baseboard that counts its cards' memory", "s.json",
             "{\"@odata.id\":\"/redfish/v1/Systems\",\"Members\":["
             RF("ComputerSystem", "Systems/HGX_Baseboard_0",
                "\"Manufacturer\":\"NVIDIA\",\"MemorySummary\":"
                "{\"TotalSystemMemoryGiB\":640},\"ProcessorSummary\":"
                "{\"Count\":9}") ","
             RF("Processor", "Systems/HGX_Baseboard_0/Processors/FPGA_0",
                "\"ProcessorType\":\"FPGA\"") ","
             RF("Processor", "Systems/HGX_Baseboard_0/Processors/GPU_SXM_1",
                "\"ProcessorType\":\"GPU\",\"Model\":\"H100 80GB HBM3\"") ","
             RF("Memory", "Systems/HGX_Baseboard_0/Memory/GPU_SXM_1_DRAM_0",
                "\"CapacityMiB\":81920,\"MemoryDeviceType\":\"HBM3\"") ","
             RF("ComputerSystem", "Systems/DGX",
                "\"SerialNumber\":\"1\",\"MemorySummary\":"
                "{\"TotalSystemMemoryGiB\":2048},\"ProcessorSummary\":"
                "{\"Count\":2}") "]}",
             1, 2048, U, U, 0},
            {"an unsaved drive", "s.json",
             RF("ComputerSystem", "Systems/1",
                "\"UUID\":\"0a1b2c3d-0000-4000-8000-000000000009\","
                "\"Storage\":["
                RF("Storage", "Systems/1/Storage/1",
                   "\"Drives\":[{\"@odata.id\":\"/redfish/v1/Systems/1/"
                   "Storage/1/Drives/A/\"},{\"@odata.id\":\"/redfish/v1/"
                   "Systems/1/Storage/1/Drives/AB\"}]") ","
                RF("Drive", "Systems/1/Storage/1/Drives/A",
                   "\"MediaType\":\"SSD\",\"CapacityBytes\":"
                   "960000000000") "]"),
             1, NAN, 0, 1, 0},
            {"a guest's drive of settings", "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"h\","
             "\"ansible_virtualization_role\":\"guest\","
             "\"ansible_memtotal_mb\":1024,\"ansible_devices\":{"
             "\"vda\":{\"removable\":\"0\",\"rotational\":\"1\","
             "\"sectors\":\"41943040\"},"
             "\"vdb\":{\"removable\":\"0\",\"rotational\":\"1\","
             "\"sectors\":\"131072\"}}}}",
             1, 1, 1, 0, 0},
            {"guests of NetBox have binary megabytes", "v.csv",
             "name,status,site,cluster,device,vcpus,memory,disk\n"
             "v1,active,S,c,,0.50,4096,100\n",
             1, 4, U, U, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        const struct wire_machine *m = &k->machines[0];
        const char *name = cases[i].name;
        struct err err = {0};

        UNIT_CHECK(
                imp_read(
                        kept_file(cases[i].file, cases[i].text), NULL, &sink,
                        NULL, &err),
                "%s: %s", name, err.msg);
        UNIT_CHECK(
                k->n_machines == cases[i].machines && k->n_rejects == 0,
                "%s: %zu machines, %zu refused", name, k->n_machines,
                k->n_rejects);
        if (k->n_machines == 0) {
            kept_free(k);
            continue;
        }
        if (isnan(cases[i].ram_gib))
            UNIT_CHECK(
                    kept_known(m, CALC_RAM) == U, "%s: %g GiB", name, ram(m));
        else
            UNIT_NEAR(ram(m), cases[i].ram_gib, 1e-9, name);
        UNIT_CHECK(
                kept_known(m, CALC_HDD) == cases[i].hdd, "%s: %d HDD", name,
                kept_known(m, CALC_HDD));
        UNIT_CHECK(
                kept_known(m, CALC_SSD) == cases[i].ssd, "%s: %d SSD", name,
                kept_known(m, CALC_SSD));
        UNIT_CHECK(
                kept_warned(k, "drives are named") == !!strstr(name, "unsaved"),
                "%s: drives that are named", name);
        if (strstr(name, "baseboard"))
            UNIT_CHECK(
                    kept_known(m, CALC_GPU) == 1 && m->cpu_count == 2,
                    "%s: %d GPU", name, kept_known(m, CALC_GPU));
        if (cases[i].gb > 0)
            UNIT_NEAR(
                    kept_part(m, CALC_HDD, 0)->capacity, cases[i].gb, 1e-9,
                    name);
        kept_free(k);
    }
}

/* Files that no format takes whole, or that break off. */
static void test_bad(void)
{
    static const struct {
        const char *name, *as, *text, *word;
    } cases[] = {
            {"empty", "redfish", "", "line 1"},
            {"a NUL byte", "dmidecode", "Handle 0x0001, DMI type 1\n", NULL},
            {"no table", "dmidecode", "hello\n", "run dmidecode as root"},
            {"no node", "slurm-nodes", "PartitionName=x\n", "NodeName="},
            {"cut", "lshw-json", "{\"id\":\"a\",\"class\":", "line 1"},
            {"twice", "glpi-json", "{\"content\":{}}x", "after the end"},
            {"deep", "ansible",
             "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
             "[[[[[[[[[[[[[[[[[[[[",
             "deeper than 64"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        struct err err = {0};
        char text[1100];
        bool ok = imp_read(
                kept_file("x", cases[i].text), cases[i].as, &sink, NULL, &err);

        UNIT_CHECK(ok == !cases[i].word, "%s: %d", cases[i].name, ok);
        if (cases[i].word)
            UNIT_CHECK(
                    strstr(err_text(&err, text, sizeof text), cases[i].word) &&
                            strncmp(text, "x", 1) == 0,
                    "%s: %s", cases[i].name, text);
        kept_free(k);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"tree", test_tree}, {"texts", test_texts}, {"makers", test_makers},
            {"bad", test_bad},   {NULL, NULL},
    };

    return unit_main("importers_json_tree", tests);
}
