/* SPDX-License-Identifier: Apache-2.0
 * The traps that real files of the JSON and text formats hold, each in a small
 * file of our own. */
#include <math.h>

#include "importers_sink.h"
#include "unit.h"

enum { U = KEPT_UNKNOWN };

struct want {
    int sockets, cores;
    double ram_gib;
    int hdd, ssd, gpu;
};

struct trap {
    const char *name, *file, *text;
    size_t machines, rejects;
    struct want first; /* machine */
    const char *warning;
};

static void check(const struct kept *k, const struct trap *t)
{
    const struct wire_machine *m = &k->machines[0];

    UNIT_CHECK(
            k->n_machines == t->machines, "%s: %zu machines", t->name,
            k->n_machines);
    UNIT_CHECK(
            k->n_rejects == t->rejects, "%s: %zu refused", t->name,
            k->n_rejects);
    if (t->warning)
        UNIT_CHECK(
                kept_warned(k, t->warning), "%s: no warning '%s'", t->name,
                t->warning);
    if (k->n_machines == 0 || t->machines == 0)
        return;
    UNIT_CHECK(
            m->cpu_count == t->first.sockets, "%s: %d sockets", t->name,
            m->cpu_count);
    UNIT_CHECK(
            m->cpu_cores == t->first.cores, "%s: %d cores", t->name,
            m->cpu_cores);
    UNIT_NEAR(kept_ram_gib(m), t->first.ram_gib, 1e-9, t->name);
    UNIT_CHECK(
            kept_known(m, CALC_HDD) == t->first.hdd, "%s: %d HDD", t->name,
            kept_known(m, CALC_HDD));
    UNIT_CHECK(
            kept_known(m, CALC_SSD) == t->first.ssd, "%s: %d SSD", t->name,
            kept_known(m, CALC_SSD));
    UNIT_CHECK(
            kept_known(m, CALC_GPU) == t->first.gpu, "%s: %d GPU", t->name,
            kept_known(m, CALC_GPU));
}

static void run(const struct trap *traps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        struct err err = {0};
        bool ok = imp_read(
                kept_file(traps[i].file, traps[i].text), NULL, &sink, NULL,
                &err);

        UNIT_CHECK(ok, "%s: %s: %s", traps[i].name, err.where, err.msg);
        check(k, &traps[i]);
        kept_free(k);
    }
}

#define RUN(traps) run(traps, sizeof(traps) / sizeof *(traps))

/* ---- dmidecode ---------------------------------------------------------- */

#define DMI_SYSTEM(serial)                                                     \
    "Handle 0x0001, DMI type 1, 27 bytes\nSystem Information\n"                \
    "\tManufacturer: X\n\tProduct Name: Y\n\tSerial Number: " serial "\n\n"
#define DMI_CPU(handle, status, cores)                                         \
    "Handle " handle ", DMI type 4, 42 bytes\nProcessor Information\n"         \
    "\tType: Central Processor\n\tVersion: CPU 1\n\tStatus: " status           \
    "\n" cores "\n"
#define DMI_RAM(handle, size, more)                                            \
    "Handle " handle ", DMI type 17, 40 bytes\nMemory Device\n\tSize: " size   \
    "\n" more "\n"

static void test_dmidecode(void)
{
    static const struct trap traps[] = {
            {"statuses",
             "a.txt",
             "# dmidecode 3.3\n" DMI_SYSTEM("S1") DMI_CPU(
                     "0x0004", "Populated, Enabled", "\tCore Count: 8")
                     DMI_CPU("0x0005", "Populated, Idle", "\tCore Count: 8")
                             DMI_CPU("0x0006", "Populated, Disabled By BIOS",
                                     "\tCore Count: 8")
                                     DMI_CPU("0x0007", "Unpopulated", ""),
             1,
             0,
             {2, 16, NAN, U, U, U},
             NULL},
            {"no core count is unknown",
             "a.txt",
             "# dmidecode 2.9\n" DMI_SYSTEM("S1")
                     DMI_CPU("0x0004", "Populated, Enabled", ""),
             1,
             0,
             {1, U, NAN, U, U, U},
             "without core count"},
            {"empty slots, flash and sizes",
             "a.txt",
             "# dmidecode 3.3\n" DMI_SYSTEM("S1")
                     DMI_RAM("0x0010", "No Module Installed", "") DMI_RAM(
                             "0x0011", "Unknown", "") DMI_RAM("0x0012", "0", "")
                             DMI_RAM("0x0013", "16 MB", "\tType: Flash\n")
                                     DMI_RAM("0x0014", "16384 MB", "")
                                             DMI_RAM("0x0015", "32 GB", ""),
             1,
             0,
             {U, U, 48, U, U, U},
             NULL},
            {"slots of 2001 say no size, type 6 does",
             "a.txt",
             "SMBIOS 2.3 present.\nHandle 0x0100\n\tDMI type 1, 25 bytes.\n"
             "\tSystem Information Block\n\t\tVendor: X\n\t\tProduct: Y\n"
             "\t\tSerial Number: S1\nHandle 0x0400\n\tDMI type 4, 32 "
             "bytes.\n\tProcessor\n\t\tProcessor Type: Central Processor\n"
             "\t\tProcessor Version: CPU 1\nHandle 0x0401\n\tDMI type 4, 32 "
             "bytes.\n\tProcessor\n\t\tProcessor Type: Central Processor\n"
             "\t\tProcessor Family: Unknown\n\t\tProcessor Version: "
             "00000000000000\nHandle 0x0600\n\tDMI type 6, 12 bytes.\n"
             "\tMemory Bank\n\t\tInstalled Size: 512Mbyte\nHandle 0x1100\n"
             "\tDMI type 17, 23 bytes.\n\tMemory Device\n",
             1,
             0,
             {1, U, 0.5, U, U, U},
             NULL},
            {"slots without sizes leave memory unknown",
             "a.txt",
             "# dmidecode 2.0\n" DMI_SYSTEM(
                     "S1") "Handle 0x1100, DMI type 17, 23 bytes\nMemory "
                           "Device\n\n",
             1,
             0,
             {U, U, NAN, U, U, U},
             NULL},
            {"structures left out by hand",
             "a.txt",
             "# dmidecode 3.3\n9 structures occupying 300 bytes.\n" DMI_SYSTEM(
                     "S1") DMI_RAM("0x0021", "8192 MB", ""),
             1,
             0,
             {U, U, 8, U, U, U},
             "2 of 9 structures"},
            {"an array of flash by its handle",
             "a.txt",
             "# dmidecode 3.3\n" DMI_SYSTEM(
                     "S1") "Handle 0x0020, DMI type 16, 15 bytes\nPhysical "
                           "Memory Array\n"
                           "\tUse: Flash Memory\n\n" DMI_RAM(
                                   "0x0021", "4096 MB",
                                   "\tArray Handle: 0x0020\n")
                                   DMI_RAM("0x0022", "8192 MB",
                                           "\tArray Handle: 0x0023\n"),
             1,
             0,
             {U, U, 8, U, U, U},
             NULL},
            {"persistent memory is no RAM",
             "a.txt",
             "# dmidecode 3.3\n" DMI_SYSTEM("S1") DMI_RAM("0x0021", "16 GB", "")
                     DMI_RAM("0x0022", "128 GB",
                             "\tMemory Technology: Intel persistent memory\n"),
             1,
             0,
             {U, U, 16, U, U, U},
             NULL},
            {"a guest's memory in any amount",
             "a.txt",
             "# dmidecode 3.3\nHandle 0x0001, DMI type 1, 27 bytes\nSystem "
             "Information\n\tManufacturer: Microsoft Corporation\n\tProduct "
             "Name: Virtual Machine\n\n" DMI_RAM("0x0021", "3968 MB", "")
                     DMI_RAM("0x0022", "128 MB", ""),
             1,
             0,
             {U, U, 4, U, U, U},
             NULL},
            {"one handle twice in a table",
             "a.txt",
             "# dmidecode 2.10\n" DMI_SYSTEM("S1") DMI_RAM("0x0006", "1 GB", "")
                     DMI_CPU("0x0006", "Populated, Enabled", "\tCore Count: 2"),
             1,
             0,
             {1, 2, 1, U, U, U},
             NULL},
            {"one table printed twice",
             "a.txt",
             "# dmidecode 3.3\n" DMI_SYSTEM("S1") DMI_RAM(
                     "0x0021", "16 GB", "") "# dmidecode 3.3\n" DMI_SYSTEM("S1")
                     DMI_RAM("0x0021", "16 GB", ""),
             1,
             0,
             {U, U, 16, U, U, U},
             NULL},
            {"one machine in calls of one type",
             "a.txt",
             "# dmidecode 3.3\n" DMI_SYSTEM("S1") "# dmidecode 3.3\n" DMI_CPU(
                     "0x0004", "Populated, Enabled",
                     "\tCore Count: 6") "# dmidecode 3.3\n" DMI_RAM("0x0021", "16 GB", ""),
             1,
             0,
             {1, 6, 16, U, U, U},
             NULL},
            {"two machines",
             "a.txt",
             "# dmidecode 3.3\n" DMI_CPU(
                     "0x0004", "Populated, Enabled", "\tCore Count: 6")
                     DMI_SYSTEM("S1") "# dmidecode 3.3\n" DMI_CPU(
                             "0x0004", "Populated, Enabled", "\tCore Count: 4")
                             DMI_SYSTEM("S2"),
             2,
             0,
             {1, 6, NAN, U, U, U},
             NULL},
            {"the layout of 2001",
             "a.txt",
             "# dmidecode 1.8\nHandle 0x0001\n\tDMI type 1, 25 bytes.\n"
             "\tSystem Information Block\n\t\tVendor: V\n\t\tProduct: P\n"
             "Handle 0x0004\n\tDMI type 4, 32 bytes.\n\tProcessor\n"
             "\t\tProcessor Type: Central Processor\n"
             "\t\tProcessor Family: Pentium III\n\t\tProcessor Version: \n"
             "Handle 0x0006\n\tDMI type 6, 12 bytes.\n\tMemory Bank\n"
             "\t\tInstalled Size: 256 Mbyte\n",
             1,
             0,
             {1, U, 0.25, U, U, U},
             NULL},
            {"quiet, of Windows",
             "a.txt",
             "# dmidecode 3.2\r\nSystem Information\r\n    Manufacturer: "
             "M\r\n    Serial Number: 9\r\n\r\nBase Board "
             "Information\r\n\r\nProcessor "
             "Information\r\n    Status: Populated, Enabled\r\n    Version: "
             "C\r\n    Core Count: 2\r\n\r\nMemory Device\r\n    Size: 4 "
             "GB\r\n",
             1,
             0,
             {1, 2, 4, U, U, U},
             NULL},
    };

    RUN(traps);
}

/* ---- lists -------------------------------------------------------------- */

static void test_slurm(void)
{
    static const struct trap traps[] = {
            {"unset numbers",
             "n.json",
             "{\"nodes\":[{\"name\":\"n\",\"sockets\":{\"set\":true,"
             "\"infinite\":false,\"number\":2},\"cores\":{\"set\":false,"
             "\"infinite\":false,\"number\":0},\"real_memory\":4294967294,"
             "\"gres\":null,\"alloc_cpus\":0}]}",
             1,
             0,
             {2, U, NAN, U, U, U},
             NULL},
            {"gres",
             "n.json",
             "{\"nodes\":[{\"name\":\"n\",\"sockets\":2,\"cores\":4,"
             "\"real_memory\":65536,\"gres\":\"gpu:a100:4(S:0-1),gpu:2,"
             "mps:100,nic:3\"}]}",
             1,
             0,
             {2, 8, 64, U, U, 6},
             NULL},
            {"slices are no cards",
             "n.json",
             "{\"nodes\":[{\"name\":\"n\",\"sockets\":1,\"cores\":4,"
             "\"gres\":\"gpu:1g.5gb:7\"}]}",
             1,
             0,
             {1, 4, NAN, U, U, U},
             "slices"},
            {"sinfo lists a node by partition, in ranges",
             "n.json",
             "{\"sinfo\":[{\"nodes\":{\"total\":2,\"nodes\":[\"a1\","
             "\"a2\"]},\"sockets\":{\"minimum\":2,\"maximum\":2},\"cores\":{"
             "\"minimum\":24,\"maximum\":24},\"memory\":{\"minimum\":65536,"
             "\"maximum\":131072},\"gres\":{\"total\":\"gpu:l4:2\"}},{"
             "\"nodes\":{\"nodes\":[\"a2\"]},\"sockets\":{\"minimum\":2,"
             "\"maximum\":2},\"cores\":{\"minimum\":24,\"maximum\":24},"
             "\"gres\":{\"total\":\"\"}}]}",
             2,
             0,
             {2, 48, NAN, U, U, 2},
             NULL},
            {"sinfo sums nodes up that differ",
             "n.json",
             "{\"sinfo\":[{\"nodes\":{\"nodes\":[\"a1\",\"a2\"]},"
             "\"sockets\":{\"minimum\":2,\"maximum\":4},\"cores\":{"
             "\"minimum\":12,\"maximum\":12},\"gres\":{\"total\":"
             "\"gpu:l4:2\"}}]}",
             2,
             0,
             {U, U, NAN, U, U, 2},
             "differ"},
            {"a node whose layout and memory were never configured",
             "n.json",
             "{\"nodes\":[{\"name\":\"n\",\"sockets\":96,\"cores\":1,"
             "\"threads\":1,\"real_memory\":1,\"gres\":\"gpu:l4:1\"}]}",
             1,
             0,
             {U, U, NAN, U, U, 1},
             "never configured"},
            {"a reason that quotes a node",
             "n.txt",
             "NodeName=n1 CoresPerSocket=8\n   RealMemory=65536 Sockets=2\n"
             "   Gres=(null)\n   Reason=moved off NodeName=n2 Sockets=7\n",
             1,
             0,
             {2, 16, 64, U, U, 0},
             NULL},
            {"cut short",
             "n.json",
             "{\"nodes\":[{\"name\":\"n\",\"sockets\":1,\"cores\":4},"
             "{\"name\":\"m\",\"sock",
             1,
             1, /* the record that the file ends in */
             {1, 4, NAN, U, U, U},
             NULL},
            {"a record that is no JSON",
             "n.json",
             "{\"nodes\":[{\"name\":\"n\",\"sockets\":1,\"cores\":4},"
             "{\"name\":x,\"sockets\":1}]}",
             1,
             1,
             {1, 4, NAN, U, U, U},
             NULL},
            {"wrapped text",
             "n.txt",
             "NodeName=n1 Arch=x86_64 CoresPerSocket=8\n"
             "   Gres=gpu:t4:8\n   RealMemory=262144 Sockets=2 Boards=1\n"
             "   Reason=was Sockets=9\n\nNodeName=n[2-4] Sockets=2\n",
             1,
             1,
             {2, 16, 256, U, U, 8},
             NULL},
    };

    RUN(traps);
}

/* ---- Redfish ------------------------------------------------------------ */

#define RF_CPU                                                                 \
    "{\"@odata.id\":\"/redfish/v1/Systems/1/Processors/1\",\"@odata.type\":"   \
    "\"#Processor.v1_1_0.Processor\",\"ProcessorType\":\"CPU\",\"Model\":"     \
    "\"CPU A\",\"TotalCores\":20}"
#define RF_SYSTEM(count, model, processors)                                    \
    "{\"@odata.id\":\"/redfish/v1/Systems/1\",\"@odata.type\":"                \
    "\"#ComputerSystem.v1_4_0.ComputerSystem\",\"SerialNumber\":\"S1\","       \
    "\"Model\":\"R\",\"ProcessorSummary\":{\"Count\":" count                   \
    ",\"Model\":\"" model "\"},\"Processors\":[" processors "]}"

static void test_redfish(void)
{
    static const struct trap traps[] = {
            {"one processor of four was saved",
             "s.json",
             RF_SYSTEM("4", "CPU A", RF_CPU),
             1,
             0,
             {4, 80, NAN, U, U, U},
             "1 of the system's 4"},
            {"a count of another model's says nothing",
             "s.json",
             RF_SYSTEM("4", "CPU B", RF_CPU),
             1,
             0,
             {1, 20, NAN, U, U, U},
             NULL},
            {"a count that adds cards says nothing",
             "s.json",
             RF_SYSTEM(
                     "3", "CPU A",
                     RF_CPU ",{\"@odata.id\":\"/redfish/v1/Systems/1/"
                            "Processors/G\",\"@odata.type\":\"#Processor.v1_1"
                            "_0.Processor\",\"ProcessorType\":\"GPU\","
                            "\"Model\":\"Tesla T4\"}"),
             1,
             0,
             {1, 20, NAN, U, U, 1},
             NULL},
    };

    RUN(traps);
}

static void test_ansible(void)
{
    static const struct trap traps[] = {
            {"sectors are of 512 bytes",
             "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"h\","
             "\"ansible_processor\":[\"0\",\"GenuineIntel\",\"CPU 1\"],"
             "\"ansible_processor_count\":2,\"ansible_processor_cores\":4,"
             "\"ansible_memtotal_mb\":65536,\"ansible_devices\":{"
             "\"sda\":{\"sectors\":\"7814037168\",\"sectorsize\":\"4096\","
             "\"size\":\"29.11 TB\",\"model\":\"ST4000DM000\","
             "\"rotational\":\"1\",\"removable\":\"0\"},"
             "\"sdb\":{\"sectors\":\"31116288\",\"removable\":\"1\"},"
             "\"sr0\":{\"sectors\":\"2097151\",\"removable\":\"0\"},"
             "\"dm-0\":{\"sectors\":\"100\"},\"loop0\":{\"sectors\":\"9\"},"
             "\"nvme0n1\":{\"sectors\":\"1000215216\"},"
             "\"nvme0n2\":{\"sectors\":\"1000215216\"}}},\"changed\":false}",
             1,
             0,
             {2, 8, 64, 1, 1, U},
             NULL},
            {"BSD counts threads",
             "h",
             "{\"ansible_facts\":{\"ansible_hostname\":\"h\","
             "\"ansible_system\":\"FreeBSD\",\"ansible_processor\":[\"CPU "
             "1\"],\"ansible_processor_count\":8,"
             "\"ansible_processor_cores\":\"NA\",\"ansible_memtotal_mb\":8192,"
             "\"ansible_devices\":{\"ada0\":[\"ada0p1\"]}}}",
             1,
             0,
             {U, U, 8, U, U, U},
             "threads"},
            {"unsafe wrappers in a cache",
             "h",
             "{\"ansible_hostname\":{\"__ansible_unsafe\":\"h\"},"
             "\"ansible_processor_count\":1,\"ansible_processor_cores\":2,"
             "\"ansible_memtotal_mb\":4096}",
             1,
             0,
             {1, 2, 4, U, U, U},
             NULL},
            {"unreachable",
             "h",
             "{\"changed\":false,\"msg\":\"timed out\",\"unreachable\":true}",
             0,
             0,
             {0},
             "timed out"},
            {"ad hoc",
             "h.txt",
             "a | SUCCESS => {\n\"ansible_facts\":{\"ansible_hostname\":\"a\","
             "\"ansible_processor_count\":1,\"ansible_processor_cores\":2}\n}\n"
             "b | UNREACHABLE! => {\"msg\":\"no route\"}\n[WARNING]: x\n"
             "c | SUCCESS => {\"ansible_facts\":{\"ansible_hostname\":\"c\","
             "\"ansible_kernel\":\"6\"}}\n",
             2,
             0,
             {1, 2, NAN, U, U, U},
             "b: no facts"},
            {"hosts by name",
             "h.json",
             "{\"a\":{\"ansible_hostname\":\"a\",\"ansible_memtotal_mb\":4096},"
             "\"b\":{\"ansible_hostname\":\"b\",\"ansible_memtotal_mb\":1}}",
             2,
             0,
             {U, U, 4, U, U, U},
             NULL},
    };

    RUN(traps);
}

static void test_lists(void)
{
    static const struct trap traps[] = {
            {"roles of NetBox",
             "d.json",
             "{\"count\":4,\"next\":\"http://n/?offset=4\",\"results\":["
             "{\"name\":\"n1\",\"device_type\":{\"model\":\"R1\","
             "\"manufacturer\":{\"name\":\"Dell\"}},\"role\":{\"name\":"
             "\"Server\"},\"rack\":null,\"status\":{\"value\":\"active\"}},"
             "{\"name\":\"s\",\"device_type\":{},\"device_role\":{\"name\":"
             "\"Core Switch\"},\"status\":{\"value\":1}},"
             "{\"name\":\"c\",\"device_type\":{},\"role\":{\"name\":"
             "\"Console Server\"},\"status\":{\"value\":true}},"
             "{\"name\":\"p\",\"device_type\":{},\"role\":{\"name\":"
             "\"Server\"},\"status\":{\"value\":2}}]}",
             1,
             0,
             {U, U, NAN, U, U, U},
             "next one is named"},
            {"categories of Snipe-IT",
             "a.json",
             "{\"total\":3,\"rows\":[{\"asset_tag\":\"1\",\"category\":{"
             "\"name\":\"Laptops\"},\"model\":{\"name\":\"M\"}},"
             "{\"asset_tag\":\"2\",\"category\":{\"name\":\"Chairs\"}},"
             "{\"asset_tag\":\"3\",\"category\":{\"name\":\"Monitors\"}}]}",
             2,
             0,
             {U, U, NAN, U, U, U},
             "Chairs"},
            {"secondary dies",
             "n.json",
             "{\"card0\":{\"Card Series\":\"MI250\",\"GPU use (%)\":\"0\"},"
             "\"card1\":{\"Card Series\":\"MI250\",\"Average Graphics Package "
             "Power (W)\":\"N/A (Secondary die)\"},\"system\":{}}",
             1,
             0,
             {U, U, NAN, U, U, 1},
             NULL},
            {"components of eReuse",
             "s.json",
             "{\"type\":\"Snapshot\",\"device\":{\"type\":\"Laptop\","
             "\"serialNumber\":\"S\"},\"components\":[{\"type\":\"Processor\","
             "\"model\":\"C\",\"cores\":2},{\"type\":\"Processor\",\"cores\":2}"
             ",{\"type\":\"RamModule\",\"size\":2048},{\"type\":\"RamModule\","
             "\"size\":1024},{\"type\":\"HardDrive\",\"size\":238475.18,"
             "\"model\":\"ST9250315AS\"},{\"type\":\"SolidStateDrive\","
             "\"size\":120034.0}]}",
             1,
             0,
             {1, 2, 3, 1, 1, 0},
             NULL},
            {"a broken lshw in eReuse",
             "s.json",
             "{\"type\":\"Snapshot\",\"data\":{\"lshw\":\"{\\\"id\\\":\","
             "\"dmidecode\":\""
             "Handle 0x0001, DMI type 1, 1 bytes\\nSystem "
             "Information\\n\\tSerial Number: 5\\n\\nHandle 0x0002, DMI type "
             "17, 1 bytes\\nMemory Device\\n\\tSize: 4 GB\\n\"}}",
             1,
             0,
             {U, U, 4, U, U, U},
             "broken"},
            {"two disks of smartctl",
             "w-sda.json",
             "{\"smartctl\":{\"exit_status\":0},\"model_name\":\"ST1\","
             "\"rotation_rate\":7200,\"user_capacity\":{\"bytes\":"
             "4000787030016}}\n{\"smartctl\":{\"exit_status\":0},"
             "\"model_name\":\"N\",\"device\":{\"protocol\":\"NVMe\"},"
             "\"user_capacity\":{\"bytes\":512110190592}}\n",
             1,
             0,
             {U, U, NAN, 1, 1, U},
             NULL},
            {"no disk for smartctl",
             "w.json",
             "{\"smartctl\":{\"exit_status\":2,\"messages\":[{\"string\":"
             "\"Permission denied\"}]}}",
             0,
             0,
             {0},
             "Permission denied"},
            {"a network inventory of GLPI",
             "g.json",
             "{\"action\":\"netinventory\",\"content\":{\"network_device\":{"
             "\"name\":\"sw1\"}}}",
             0,
             0,
             {0},
             "sw1"},
    };

    RUN(traps);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"dmidecode", test_dmidecode},
            {"slurm", test_slurm},
            {"Redfish", test_redfish},
            {"ansible", test_ansible},
            {"lists", test_lists},

            {NULL, NULL},
    };

    return unit_main("importers_json_traps", tests);
}
