/* SPDX-License-Identifier: Apache-2.0
 * What real files of nvidia-smi, rocm-smi, smartctl, eReuse, Slurm and
 * Grid'5000 held that was read wrongly once, each in a small file of our own.
 */
#include <math.h>

#include "importers_sink.h"
#include "unit.h"

enum { U = KEPT_UNKNOWN };

struct want {
    int sockets, cores;
    double ram_gib;
    int hdd, ssd, gpu;
    const char *model; /* of the first part */
    const char *note;
};

struct file {
    const char *name, *file, *text;
    size_t machines;
    struct want want;    /* of the first machine */
    const char *warning; /* NULL: not looked at */
};

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void check_machine(const struct wire_machine *m, const struct file *f)
{
    const struct {
        const char *what;
        int got, want;
    } numbers[] = {
            {"sockets", m->cpu_count, f->want.sockets},
            {"cores", m->cpu_cores, f->want.cores},
            {"HDD", kept_known(m, CALC_HDD), f->want.hdd},
            {"SSD", kept_known(m, CALC_SSD), f->want.ssd},
            {"GPU", kept_known(m, CALC_GPU), f->want.gpu}};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        UNIT_CHECK(
                numbers[i].got == numbers[i].want, "%s: %d %s, not %d", f->name,
                numbers[i].got, numbers[i].what, numbers[i].want);
    UNIT_NEAR(kept_ram_gib(m), f->want.ram_gib, 1e-9, f->name);
    if (f->want.model)
        UNIT_CHECK(
                m->n_parts > 0 && same(m->parts[0].model, f->want.model),
                "%s: model %s", f->name,
                m->n_parts > 0 && m->parts[0].model ? m->parts[0].model : "-");
    UNIT_CHECK(
            same(m->note, f->want.note), "%s: note %s", f->name,
            m->note ? m->note : "-");
}

static void run(const struct file *files, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct file *f = &files[i];
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        struct err err = {0};
        bool ok =
                imp_read(kept_file(f->file, f->text), NULL, &sink, NULL, &err);

        UNIT_CHECK(
                ok == (f->machines > 0 || f->warning), "%s: %s: %s", f->name,
                err.where, err.msg);
        UNIT_CHECK(
                k->n_machines == f->machines, "%s: %zu machines", f->name,
                k->n_machines);
        UNIT_CHECK(
                !f->warning || kept_warned(k, f->warning),
                "%s: no warning '%s'", f->name, f->warning);
        if (k->n_machines > 0)
            check_machine(&k->machines[0], f);
        kept_free(k);
    }
}

#define RUN(files) run(files, sizeof(files) / sizeof *(files))

/* ---- cards -------------------------------------------------------------- */

#define SMI(attached, gpus)                                                    \
    "<?xml version=\"1.0\" ?>\n<nvidia_smi_log>\n<attached_gpus>" attached     \
    "</attached_gpus>\n" gpus "</nvidia_smi_log>\n"
#define SMI_GPU(id, name, mode)                                                \
    "<gpu id=\"" id "\"><product_name>" name "</product_name>"                 \
    "<gpu_virtualization_mode><virtualization_mode>" mode                      \
    "</virtualization_mode></gpu_virtualization_mode></gpu>\n"

#define SMI_DIE(pci, serial)                                                   \
    "<gpu id=\"" serial pci "\"><product_name>Tesla K80</product_name>"        \
    "<serial>" serial "</serial><multigpu_board>No</multigpu_board>"           \
    "<board_id>0x" serial pci "</board_id><pci><pci_device_id>" pci            \
    "</pci_device_id></pci></gpu>\n"

static void test_nvidia(void)
{
    static const struct file files[] = {
            {"dies lent one by one, three of two boards",
             "vm3.xml",
             SMI("3", SMI_DIE("102D10DE", "0411") SMI_DIE("102D10DE", "0522")
                              SMI_DIE("102D10DE", "0411")),
             1,
             {U, U, NAN, U, U, 2, "Tesla K80", NULL},
             NULL},
            {"dies whose serial numbers a cloud has blanked",
             "vm4.xml",
             SMI("2", SMI_DIE("102D10DE", "0000000000000")
                              SMI_DIE("102D10DE", "0000000000000")),
             1,
             {U, U, NAN, U, U, 2, "Tesla K80", NULL},
             NULL},
            {"one serial number of two cards of one GPU each",
             "n.xml",
             SMI("2", SMI_DIE("1DB810DE", "0411") SMI_DIE("1DB810DE", "0411")),
             1,
             {U, U, NAN, U, U, 2, "Tesla K80", NULL},
             NULL},
            {"a slice of the host's card is none of the guest's",
             "vm1.xml",
             SMI("1", SMI_GPU("0:0", "GRID T4-2Q", "VGPU")),
             1,
             {U, U, NAN, U, U, U, NULL, NULL},
             "slice of its host's card"},
            {"a card that its host lends whole",
             "vm2.xml",
             SMI("1", SMI_GPU("0:0", "Tesla T4", "Pass-Through")),
             1,
             {U, U, NAN, U, U, 1, "Tesla T4", NULL},
             NULL},
            {"a log of one card of four",
             "node1.xml",
             SMI("4", SMI_GPU("0:0", "Tesla T4", "None")),
             1,
             {U, U, NAN, U, U, 1, "Tesla T4", NULL},
             "4 cards are attached but 1"}};

    RUN(files);
}

#define ROCM_PART(n, id, bus)                                                  \
    "\"card" n                                                                 \
    "\":{\"Device Name\":\"AMD Instinct MI300A\",\"Device ID\":\"" id          \
    "\",\"GUID\":\"394" n "\",\"PCI Bus\":\"" bus "\"}"
#define AMD_PART(n, bus)                                                       \
    "{\"gpu\":" n ",\"asic\":{\"market_name\":\"AMD Instinct MI300X\"},"       \
    "\"bus\":{\"bdf\":\"" bus "\"},\"board\":{\"product_serial\":\"N/A\"}}"

#define ROCM_DIE(n, bus)                                                       \
    "\"card" n "\":{\"Card series\":\"AMD INSTINCT MI200 (MCM) OAM\","         \
    "\"PCI Bus\":\"0000:" bus ":00.0\"}"

static void test_rocm(void)
{
    static const struct file files[] = {
            {"an old answer that knows the card by its number alone",
             "n.json",
             "{\"card0\":{\"GPU ID\":\"0x6861\",\"VBIOS version\":\"1\","
             "\"Card model\":\"0xc1e\"},\"system\":{}}",
             1,
             {U, U, NAN, U, U, 1, "Radeon PRO WX 9100", NULL},
             NULL},
            {"a chip of several cards, told apart by its number",
             "n.json",
             "{\"card1\":{\"GPU ID\":\"0x66af\",\"Card series\":\"Vega 20\"},"
             "\"system\":{}}",
             1,
             {U, U, NAN, U, U, 1, "Radeon VII", NULL},
             NULL},
            {"a chip of a number that is not known keeps its name",
             "n.json",
             "{\"card1\":{\"GPU ID\":\"0xfffe\",\"Card series\":\"Vega 20\"},"
             "\"system\":{}}",
             1,
             {U, U, NAN, U, U, 1, "Vega 20", NULL},
             NULL},
            {"two cards in three parts each, by where they sit",
             "n.json",
             "{" ROCM_PART("0", "0x74a0", "0000:02:00.0") "," ROCM_PART("1", "0x74a0", "0000:02:00.1") "," ROCM_PART("2", "0x74a0", "0000:02:00.2") "," ROCM_PART(
                     "3", "0x74a0",
                     "0001:02:00.0") "," ROCM_PART("4", "0x74a0", "0001:02:00.1") "," ROCM_PART("5", "0x74a0", "0001:02:00.2") "}",
             1,
             {U, U, NAN, U, U, 2, "AMD Instinct MI300A", NULL},
             NULL},
            {"two cards in two parts each, by the numbers the later lack",
             "n.json",
             "{" ROCM_PART("0", "0x74a1", "N/A") "," ROCM_PART("1", "N/A", "N/A") "," ROCM_PART(
                     "2", "0x74a1", "N/A") "," ROCM_PART("3", "N/A", "N/A") "}",
             1,
             {U, U, NAN, U, U, 2, "AMD Instinct MI300A", NULL},
             NULL},
            {"cards that no number is told of are cards each",
             "n.json",
             "{" ROCM_PART("0", "N/A", "N/A") "," ROCM_PART(
                     "1", "N/A", "N/A") "}",
             1,
             {U, U, NAN, U, U, 2, "AMD Instinct MI300A", NULL},
             NULL},
            {"amd-smi: two cards, the second in two parts",
             "n.json",
             "{\"gpu_data\":[" AMD_PART("0", "0000:05:00.0") "," AMD_PART(
                     "1",
                     "0000:15:00.0") "," AMD_PART("2", "0000:15:00.1") "]}",
             1,
             {U, U, NAN, U, U, 2, "AMD Instinct MI300X", NULL},
             NULL},
            {"rocm-smi's warning in front of its answer",
             "n.json",
             "\nWARNING: AMD GPU device(s) is/are in a low-power state.\n\n"
             "{\"card0\":{\"Card Series\":\"AMD Radeon RX 6600\","
             "\"Device ID\":\"0x73ff\"}}\n",
             1,
             {U, U, NAN, U, U, 1, "AMD Radeon RX 6600", NULL},
             NULL},
            {"dies that nothing tells apart, by the older name of the series",
             "n.json",
             "{" ROCM_DIE("0", "C1") "," ROCM_DIE("1", "C6") "," ROCM_DIE(
                     "2", "C9") "}",
             1,
             {U, U, NAN, U, U, 2, "AMD INSTINCT MI200 (MCM) OAM", NULL},
             "3 dies of modules with two"}};

    RUN(files);
}

/* ---- disks -------------------------------------------------------------- */

#define SMART(model, more)                                                     \
    "{\"json_format_version\":[1,0],\"smartctl\":{\"exit_status\":0},"         \
    "\"model_name\":\"" model "\"," more "}"
#define TABLE(rows) "\"ata_smart_attributes\":{\"table\":[" rows "]}"
#define ROW(id, name, value, text)                                             \
    "{\"id\":" id ",\"name\":\"" name "\",\"raw\":{\"value\":" value           \
    ",\"string\":\"" text "\"}}"

static void test_smartctl(void)
{
    static const struct file files[] = {
            {"a collector's copy without what smartctl says of itself",
             "n.json",
             "{\"device\":{\"name\":\"/dev/sdg\",\"info_name\":\"/dev/sdg\","
             "\"type\":\"scsi\",\"protocol\":\"SCSI\"},\"model_name\":"
             "\"ST4000\","
             "\"user_capacity\":{\"bytes\":4000787030016},\"rotation_rate\":"
             "7200,\"serial_number\":\"Z1\",\"power_on_time\":{\"hours\":43}}",
             1,
             {U, U, NAN, 1, 0, U, "ST4000", "Z1: 43 hours on"},
             NULL},
            {"flash that Western Digital sells, no rotation told",
             "n.json",
             SMART("WD Red SA500 2.5 4TB",
                   "\"user_capacity\":{\"bytes\":4000787030016}"),
             1,
             {U, U, NAN, 0, 1, U, "WD Red SA500 2.5 4TB", NULL},
             NULL},
            /* 1000 x 2^25 bytes; not 1000 blocks of 512 */
            {"Intel's blocks are of 32 MiB",
             "n.json",
             SMART("SSDSC",
                   "\"rotation_rate\":0,"
                   "\"power_on_time\":{\"hours\":500}," TABLE(
                           ROW("241", "Total_LBAs_Written", "1000", "1000") "," ROW(
                                   "225", "Host_Writes_32MiB", "1000",
                                   "1000"))),
             1,
             {U, U, NAN, 0, 1, U, "SSDSC",
              "SSDSC: 500 hours on, 0.03355 TB written"},
             NULL},
            {"what reached the flash is not what was written",
             "n.json",
             SMART("SSDSC",
                   "\"rotation_rate\":0," TABLE(
                           ROW("233", "NAND_Writes_GiB", "9", "9") "," ROW(
                                   "241", "Host_Writes_GiB", "4", "4"))),
             1,
             {U, U, NAN, 0, 1, U, "SSDSC", "SSDSC: 0.004295 TB written"},
             NULL},
            {"blocks of a unit that nobody says",
             "n.json",
             SMART("HFS9",
                   "\"rotation_rate\":0,"
                   "\"power_on_time\":{\"hours\":9000}," TABLE(
                           ROW("241", "Total_LBAs_Written", "24765", "24765"))),
             1,
             {U, U, NAN, 0, 1, U, "HFS9", "HFS9: 9000 hours on"},
             NULL},
            {"hours in the text of a raw value",
             "n.json",
             SMART("ST1", "\"rotation_rate\":7200," TABLE(
                                  ROW("9", "Power_On_Hours", "167031278144165",
                                      "2725 (151 234 0)"))),
             1,
             {U, U, NAN, 1, 0, U, "ST1", "ST1: 2725 hours on"},
             NULL},
            {"minutes are no hours",
             "n.json",
             SMART("ST1",
                   "\"rotation_rate\":7200," TABLE(
                           ROW("9", "Power_On_Minutes", "6000", "100h+00m"))),
             1,
             {U, U, NAN, 1, 0, U, "ST1", NULL},
             NULL},
            /* 2,000,000 x 512 bytes, whatever 241 counts */
            {"sectors by the statistics of the standard",
             "n.json",
             SMART("SSDSC", "\"rotation_rate\":0,\"logical_block_size\":512,"
                            "\"ata_device_statistics\":{\"pages\":[{"
                            "\"number\":1,\"table\":[{\"name\":\"Logical "
                            "Sectors Written\",\"value\":2000000,\"flags\":{"
                            "\"valid\":true}}]}]}," TABLE(
                                    ROW("241", "Host_Writes_GiB", "7", "7"))),
             1,
             {U, U, NAN, 0, 1, U, "SSDSC", "SSDSC: 0.001024 TB written"},
             NULL},
            {"attributes alone",
             "n.json",
             "{\"json_format_version\":[1,0],\"smartctl\":{\"exit_status\":0}"
             "," TABLE(ROW("9", "Power_On_Hours", "7", "7")) "}",
             0,
             {0},
             "smartctl -a"}};

    RUN(files);
}

/* ---- snapshots ---------------------------------------------------------- */

#define SNAPSHOT(parts)                                                        \
    "{\"type\":\"Snapshot\",\"software\":\"Workbench\",\"device\":{\"type\":"  \
    "\"Desktop\",\"manufacturer\":\"M\",\"model\":\"P\",\"serialNumber\":"     \
    "\"S1\"},\"components\":[" parts "]}"

static void test_ereuse(void)
{
    static const struct file files[] = {
            {"no memory listed is no machine without memory",
             "n.json",
             SNAPSHOT("{\"type\":\"SoundCard\",\"model\":\"x\"}"),
             1,
             {U, U, NAN, 0, 0, 0, NULL, NULL},
             NULL},
            {"a phone among the computers",
             "n.json",
             "{\"type\":\"Snapshot\",\"software\":\"workbench-android\","
             "\"data\":{\"device\":{\"type\":\"Smartphone\",\"model\":"
             "\"P\"},\"android\":{}}}",
             0,
             {0},
             "no computer"},
            {"a maker is no model",
             "n.json",
             SNAPSHOT("{\"type\":\"GraphicCard\",\"manufacturer\":\"NVIDIA "
                      "Corporation\",\"model\":\"NVIDIA Corporation\"},"
                      "{\"type\":\"RamModule\",\"size\":2048}"),
             1,
             {U, U, 2, 0, 0, 1, NULL, NULL},
             NULL}};
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    RUN(files);
    UNIT_CHECK(
            imp_read(
                    kept_file(files[2].file, files[2].text), NULL, &sink, NULL,
                    &err),
            "%s", err.msg);
    UNIT_CHECK(k->n_machines == 1, "%zu machines", k->n_machines);
    for (size_t i = 0; k->n_machines && i < k->machines[0].n_parts; i++)
        if (k->machines[0].parts[i].kind == CALC_GPU)
            UNIT_CHECK(
                    !k->machines[0].parts[i].model, "model %s",
                    k->machines[0].parts[i].model);
    kept_free(k);
}

/* ---- nodes -------------------------------------------------------------- */

#define OLD_NODE(more)                                                         \
    "{\"architecture\":{\"platform_type\":\"x86_64\",\"smp_size\":2,"          \
    "\"smt_size\":8},\"main_memory\":{\"ram_size\":25769803776},"              \
    "\"processor\":{\"model\":\"Intel Xeon\",\"version\":\"E5520\"}," more     \
    ",\"type\":\"node\",\"uid\":\"n-1\"}"

static void test_grid5000(void)
{
    static const struct file files[] = {
            {"sockets and cores by their old names, cards as a count",
             "n.json",
             OLD_NODE("\"gpu\":{\"gpu\":true,\"gpu_count\":2,\"gpu_model\":"
                      "\"Tesla-C1060\"},\"storage_devices\":[{\"interface\":"
                      "\"SATA\",\"model\":\"WDC WD2502ABYS-0\",\"size\":"
                      "251059544064}]"),
             1,
             {2, 8, 24, 1, 0, 2, "Intel Xeon E5520", NULL},
             NULL},
            {"flash by its model where no word says it",
             "n.json",
             OLD_NODE("\"gpu\":{\"gpu\":false},\"storage_devices\":[{"
                      "\"interface\":\"SATA\",\"model\":\"INTEL SSDSC2BB08\","
                      "\"size\":80026361856}]"),
             1,
             {2, 8, 24, 0, 1, 0, NULL, NULL},
             NULL},
            {"members of a volume beside it",
             "n.json",
             OLD_NODE("\"storage_devices\":[{\"interface\":\"SAS\",\"raid\":"
                      "\"0\",\"size\":67986547946.9},{\"interface\":\"SAS\","
                      "\"raid\":\"0\",\"size\":67986547946.9},{\"model\":"
                      "\"SAS1064-IR\",\"size\":\"139236MB\"}]"),
             1,
             {2, 8, 24, 2, 0, 0, NULL, NULL},
             "taken as HDD"},
            {"a volume of ServeRAID",
             "n.json",
             OLD_NODE("\"storage_devices\":[{\"interface\":\"SAS\","
                      "\"model\":\"8k-l Stripe\",\"size\":558793544769}]"),
             1,
             {2, 8, 24, 1, 0, 0, NULL,
              "disk: volume behind a controller, at least one disk"},
             "counted as at least one"},
            {"a version that is a revision is no part of the name",
             "n.json",
             "{\"architecture\":{\"nb_procs\":2,\"nb_cores\":20},\"main_"
             "memory\":{\"ram_size\":137438953472},\"processor\":{\"model\":"
             "\"POWER8NVL\",\"version\":1.0},\"storage_devices\":[],"
             "\"type\":\"node\",\"uid\":\"d-1\"}",
             1,
             {2, 20, 128, 0, 0, 0, "POWER8NVL", NULL},
             NULL},
            {"a version that is a number of a model",
             "n.json",
             "{\"architecture\":{\"nb_procs\":2,\"nb_cores\":2},\"main_"
             "memory\":{\"ram_size\":2147483648},\"processor\":{\"model\":"
             "\"AMD Opteron\",\"version\":250},\"storage_devices\":[],"
             "\"type\":\"node\",\"uid\":\"s-1\"}",
             1,
             {2, 2, 2, 0, 0, 0, "AMD Opteron 250", NULL},
             NULL}};

    RUN(files);
}

/* Every member says unknown, or 8 bytes; beside it a node with memory that is
 * persistent, as it was told before modules were listed. */
static void test_undescribed(void)
{
    static const char text[] =
            "[{\"architecture\":{\"nb_procs\":1,\"nb_cores\":72},\"chassis\":"
            "{\"manufacturer\":\"Unknown\",\"name\":\"unknown\",\"serial\":"
            "1234567890},\"main_memory\":{\"ram_size\":8},\"memory_devices\":"
            "[{\"device\":\"dimm 1\",\"size\":8,\"technology\":\"dram\"}],"
            "\"processor\":{\"model\":\"Unknown\",\"version\":\"vendor\"},"
            "\"storage_devices\":[{\"model\":\"unknown\",\"size\":8,"
            "\"storage\":\"SSD\"}],\"type\":\"node\",\"uid\":\"n-1\"},"
            "{\"architecture\":{\"nb_procs\":2,\"nb_cores\":32},\"main_"
            "memory\":"
            "{\"pmem_size\":1649267441664,\"ram_size\":412316860416},"
            "\"storage_devices\":[],\"type\":\"node\",\"uid\":\"n-2\"}]";
    struct kept *k = xcalloc(1, sizeof *k);
    struct wire_sink sink = kept_sink(k);
    struct err err = {0};

    UNIT_CHECK(
            imp_read(kept_file("n.json", text), NULL, &sink, NULL, &err), "%s",
            err.msg);
    UNIT_CHECK(k->n_machines == 2, "%zu machines", k->n_machines);
    if (k->n_machines == 2) {
        const struct wire_machine *m = &k->machines[0];

        UNIT_CHECK(
                !m->manufacturer && !m->product && !m->serial, "maker %s",
                m->manufacturer ? m->manufacturer : "-");
        UNIT_CHECK(m->cpu_cores == 72, "%d cores", m->cpu_cores);
        UNIT_CHECK(
                (m->unknown_kinds >> CALC_RAM) & 1, "%g GiB of 8 bytes",
                kept_ram_gib(m));
        UNIT_CHECK(
                kept_known(m, CALC_SSD) == 1, "%d SSD",
                kept_known(m, CALC_SSD));
        for (size_t i = 0; i < m->n_parts; i++)
            UNIT_CHECK(
                    !m->parts[i].model && !(m->parts[i].capacity > 0),
                    "part %zu: %s of %g", i,
                    m->parts[i].model ? m->parts[i].model : "-",
                    m->parts[i].capacity);
        m = &k->machines[1];
        UNIT_NEAR(
                kept_ram_gib(m), 384, 1e-9, "memory beside persistent memory");
        UNIT_CHECK(
                kept_known(m, CALC_OTHER) == 1, "%d of persistent memory",
                kept_known(m, CALC_OTHER));
    }
    kept_free(k);
}

static void test_slurm(void)
{
    static const struct file files[] = {
            {"YAML that quotes a node is no text of scontrol",
             "n.yaml",
             "nodes:\n- name: a1\n  comment: NodeName=a2 RealMemory=77 "
             "CoresPerSocket=1\n  sockets: 2\n",
             0,
             {0},
             NULL},
            {"a node whose line is indented",
             "n.txt",
             "\n  NodeName=a1 CoresPerSocket=8\n   RealMemory=32768 "
             "Sockets=2\n",
             1,
             {2, 16, 32, U, U, U, NULL, NULL},
             NULL},
            {"a node below the prompt of a shell",
             "n.txt",
             "[me@login ~]$ scontrol show node a1\nNodeName=a1 "
             "CoresPerSocket=8\n   RealMemory=32768 Sockets=2\n",
             1,
             {2, 16, 32, U, U, U, NULL, NULL},
             NULL},
            {"a node of a cloud that was never started",
             "n.txt",
             "NodeName=d1 CoresPerSocket=1\n   Gres=(null)\n   RealMemory=1 "
             "Sockets=1 Boards=1\n",
             1,
             {U, U, NAN, U, U, 0, NULL, NULL},
             "nobody described the node"},
            {"a small guest of one core",
             "n.txt",
             "NodeName=d1 CoresPerSocket=1\n   Gres=(null)\n   "
             "RealMemory=3072 Sockets=1 Boards=1\n",
             1,
             {1, 1, 3, U, U, 0, NULL, NULL},
             NULL},
            {"slices that a site has named itself",
             "n.txt",
             "NodeName=a1 CoresPerSocket=8\n   Gres=gpu:mig_24gb:4(S:0-1)\n"
             "   RealMemory=32768 Sockets=2\n",
             1,
             {2, 16, 32, U, U, U, NULL, NULL},
             "slices of a card"},
            {"a card whose name has the letters too",
             "n.txt",
             "NodeName=a1 CoresPerSocket=8\n   Gres=gpu:migration:1\n"
             "   RealMemory=32768 Sockets=2\n",
             1,
             {2, 16, 32, U, U, 1, NULL, NULL},
             NULL}};

    RUN(files);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"nvidia-smi", test_nvidia},
            {"rocm-smi", test_rocm},
            {"smartctl", test_smartctl},
            {"eReuse", test_ereuse},
            {"Grid'5000", test_grid5000},
            {"Grid'5000, nodes told in part", test_undescribed},
            {"slurm", test_slurm},

            {NULL, NULL},
    };

    return unit_main("importers_tools", tests);
}
