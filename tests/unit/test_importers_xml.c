/* SPDX-License-Identifier: Apache-2.0
 * The XML inventories: what each file holds was counted by hand, from the
 * sample files and from small ones of our own. */
#include <unistd.h>

#include "import_unit.h"

#define OURS "tests/fuzz/corpus/"
#define SAMPLES "../shared/samples/"

static const struct expected {
    const char *path, *format, *name;
    int machines, sockets, cores;
    double ram_gib;
    int hdd, ssd, gpus;
} files[] = {
        /* Two sockets, one that is empty and a phantom; 2 x 32 GiB beside a
         * persistent and a flash module; NVMe, SATA SSD and a 7200 rpm disk
         * beside a DVD and a USB disk; 2 P100 beside the Matrox. */
        {OURS "import_lshw_xml/server.xml", "lshw-xml", "node-7", 1, 2, 28, 64,
         1, 2, 2},
        /* 17045651456 bytes; an NVMe controller of an old lshw. */
        {OURS "import_lshw_xml/laptop.xml", "lshw-xml", "laptop1", 1, 1, 2,
         15.875, 0, 1, 0},
        {OURS "import_lshw_xml/vm.xml", "lshw-xml", "", 1, 1, UNKNOWN, 0.973149,
         1, 0, 0},
        {OURS "import_lshw_xml/class.xml", "lshw-xml", "class", 1, UNKNOWN,
         UNKNOWN, NAN, 2, 0, UNKNOWN},
        /* The last of two: 2 modules, no cores said, disks hidden. */
        {OURS "import_lshw_xml/two.xml", "lshw-xml", "core2", 2, 1, UNKNOWN, 4,
         UNKNOWN, UNKNOWN, 0},
        /* 4 x 8 and 2 x 16 GiB; the logical volume's two members are listed. */
        {OURS "import_glpi_xml/server.xml", "glpi-xml", "node3", 1, 2, 16, 64,
         2, 1, 1},
        {OURS "import_glpi_xml/old.xml", "glpi-xml", "vieux.example.org", 1, 1,
         UNKNOWN, 3895 / 1024.0, 1, 0, 1},
        {OURS "import_glpi_xml/vm.xml", "glpi-xml", "vm1", 1, 2, 2, 8, 1, 0, 0},
        {OURS "import_glpi_xml/network.xml", "glpi-xml", "", 0, 0, 0, 0, 0, 0,
         0},
        {OURS "import_ocs_xml/ocs.xml", "ocs-xml", "pc7", 1, 1, 4, 8, 0, 2, 0},
        {SAMPLES "glpi_xml/toshiba_portege_z30.xml", "glpi-xml", "LF014", 1, 1,
         2, 8, 0, 1, 0},
        /* no STORAGES; 2 x 2000 MB; Radeon X1600 */
        {SAMPLES "glpi_xml/apple_imac5.xml", "glpi-xml", "MacBook-de-teclib", 1,
         1, 2, 4, UNKNOWN, UNKNOWN, 1},
        /* 1 TB and the 121 GB of a fusion drive, beside a card reader and an
         * USB case */
        {SAMPLES "glpi_xml/imac15_cardreader_emptyslots.xml", "glpi-xml",
         "iMac de Marie", 1, 1, 4, 8, 1, 1, 1},
        {SAMPLES "glpi_xml/synology_nas_snmpquery.xml", "glpi-xml", "", 0, 0, 0,
         0, 0, 0, 0},
        /* two sockets of two cores; two Tesla, one disk, one NVMe of two
         * namespaces; 2 x 16 GiB of nodes, not the machine's sum besides */
        {OURS "import_hwloc_xml/v1.xml", "hwloc-xml", "node12", 1, 2, 4, 32, 1,
         1, 2},
        {OURS "import_hwloc_xml/v2.xml", "hwloc-xml", "knl1", 1, 1, 1, 4,
         UNKNOWN, UNKNOWN, 1},
        /* 19316633600 + 19327348736 bytes; three 10de:06d2 beside the ES1000;
         * sda says nothing of itself */
        {SAMPLES "hwloc_xml/24em64t-2n6c2t-pci.xml", "hwloc-xml", "mirage004",
         1, 2, 12, 35.990, 1, 0, 3},
        {SAMPLES "hwloc_xml/2xXeon-E5-2680v3_nosys.xml", "hwloc-xml",
         "2xXeon-E5-2680v3_nosys", 1, 2, 24, NAN, UNKNOWN, UNKNOWN, UNKNOWN},
        /* 8 modules of 4 GiB; nvme0n1 and MTFDDAK256MAM; ASPEED; a Phi */
        {SAMPLES "hwloc_xml/32em64t_dimms_nvme_mic.xml", "hwloc-xml",
         "32em64t_dimms_nvme_mic", 1, 2, 16, 32, 0, 2, 0},
        {SAMPLES "hwloc_xml/nvidia-dgx-gb10.xml", "hwloc-xml", "cfarm107", 1, 1,
         20, 119.694, UNKNOWN, UNKNOWN, UNKNOWN},
        /* 810234351616 + 811737923584 bytes; four cores of a restricted view;
         * no block device is listed */
        {SAMPLES "hwloc_xml/nvidiaDGX2.xml", "hwloc-xml", "nvidiaDGX2", 1, 2, 4,
         1510.575, UNKNOWN, UNKNOWN, 16},
        /* an A100 cut in two, the two halves of a K80, two of 10de:2182 */
        {OURS "import_nvidia_smi_xml/node5.xml", "nvidia-smi-xml", "node5", 1,
         UNKNOWN, UNKNOWN, NAN, UNKNOWN, UNKNOWN, 4},
        {SAMPLES "nvidia_smi_xml/a100-sxm4-v12.xml", "nvidia-smi-xml",
         "a100-sxm4-v12", 1, UNKNOWN, UNKNOWN, NAN, UNKNOWN, UNKNOWN, 1},
        {SAMPLES "nvidia_smi_xml/gtx-1070-ti.xml", "nvidia-smi-xml",
         "gtx-1070-ti", 1, UNKNOWN, UNKNOWN, NAN, UNKNOWN, UNKNOWN, 1},
        {SAMPLES "nvidia_smi_xml/rtx-3080-v13.xml", "nvidia-smi-xml",
         "rtx-3080-v13", 1, UNKNOWN, UNKNOWN, NAN, UNKNOWN, UNKNOWN, 1},
        {SAMPLES "nvidia_smi_xml/tesla-t4.xml", "nvidia-smi-xml", "tesla-t4", 1,
         UNKNOWN, UNKNOWN, NAN, UNKNOWN, UNKNOWN, 1},
};

static void check(const struct caught *c, const struct expected *e)
{
    UNIT_CHECK(
            c->machines == e->machines, "%s: %d machines", e->path,
            c->machines);
    if (e->machines == 0)
        return;
    UNIT_CHECK(strcmp(c->name, e->name) == 0, "%s: name %s", e->path, c->name);
    UNIT_CHECK(c->sockets == e->sockets, "%s: %d sockets", e->path, c->sockets);
    UNIT_CHECK(c->cores == e->cores, "%s: %d cores", e->path, c->cores);
    unit_near(c->ram_gib, e->ram_gib, 1e-4, e->path, __FILE__, __LINE__);
    UNIT_CHECK(c->hdd == e->hdd, "%s: %d HDD", e->path, c->hdd);
    UNIT_CHECK(c->ssd == e->ssd, "%s: %d SSD", e->path, c->ssd);
    UNIT_CHECK(c->gpus == e->gpus, "%s: %d GPU", e->path, c->gpus);
}

static void test_files(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *format = NULL;
        struct err err = {0};
        struct caught c;

        UNIT_CHECK(
                caught_read(&c, files[i].path, NULL, &format, &err),
                "%s: %s: %s", files[i].path, err.where, err.msg);
        UNIT_CHECK(
                format && strcmp(format, files[i].format) == 0,
                "%s: read as %s", files[i].path, format ? format : "nothing");
        check(&c, &files[i]);
        CU_ASSERT_EQUAL(c.rejects, 0);
    }
}

static void test_lshw(void)
{
    struct err err = {0};
    struct caught c;

    caught_read(&c, OURS "import_lshw_xml/server.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.product, "PowerEdge C4130");
    CU_ASSERT_STRING_EQUAL(c.maker, "Dell Inc.");
    CU_ASSERT_STRING_EQUAL(c.serial, "5QX0AB2");
    CU_ASSERT_STRING_EQUAL(c.uuid, "44454C4C-5100-1058-8030-B5C04F414232");
    CU_ASSERT_STRING_EQUAL(c.cpu, "Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz");
    CU_ASSERT_EQUAL(c.chassis, CALC_RACK);
    CU_ASSERT_EQUAL(c.category, CALC_GPU_NODE);
    CU_ASSERT_EQUAL(c.is_virtual, 0);
    CU_ASSERT_EQUAL(c.psus, 1);
    UNIT_NEAR(c.ssd_gb, 1600 + 480, 1e-9, "SSD");
    UNIT_NEAR(c.hdd_gb, 1000, 1e-9, "HDD");
    CU_ASSERT_EQUAL(c.warnings, 0);

    caught_read(&c, OURS "import_lshw_xml/laptop.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.product, "20HRCTO1WW");
    CU_ASSERT_EQUAL(c.category, CALC_LAPTOP);
    CU_ASSERT_EQUAL(c.psus, UNKNOWN);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "16 GiB is likely installed"));

    caught_read(&c, OURS "import_lshw_xml/vm.xml", NULL, NULL, &err);
    CU_ASSERT_EQUAL(c.is_virtual, 1);
    CU_ASSERT_STRING_EQUAL(c.serial, "");

    caught_read(&c, OURS "import_lshw_xml/class.xml", NULL, NULL, &err);
    CU_ASSERT_TRUE(c.partial);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "-class"));

    caught_read(&c, OURS "import_lshw_xml/two.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.maker, "ASUSTeK Computer INC.");
    CU_ASSERT_STRING_EQUAL(c.product, "P5K-E");
    CU_ASSERT_STRING_EQUAL(c.serial, "");
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "device tree"));
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "cores is not said"));
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "record 2"));
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "hidden behind a controller"));
}

static void test_glpi(void)
{
    struct err err = {0};
    struct caught c;

    caught_read(&c, OURS "import_glpi_xml/server.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.maker, "HP");
    CU_ASSERT_STRING_EQUAL(c.product, "ProLiant DL380p Gen8");
    CU_ASSERT_STRING_EQUAL(c.serial, "CZ1234ABCD");
    CU_ASSERT_EQUAL(c.psus, 2);
    CU_ASSERT_EQUAL(c.category, CALC_GPU_NODE);
    CU_ASSERT_STRING_EQUAL(c.gpu, "GK110GL [Tesla K20m]");
    CU_ASSERT_STRING_EQUAL(c.note, "asset tag A-0042; hosts 2 guests");
    UNIT_NEAR(c.hdd_gb, 1200, 1e-9, "two of 600 GB");
    UNIT_NEAR(c.ssd_gb, 250, 1e-9, "238475 MiB");
    CU_ASSERT_EQUAL(c.warnings, 0);

    caught_read(&c, OURS "import_glpi_xml/old.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.maker, "ASUSTeK Computer INC.");
    CU_ASSERT_STRING_EQUAL(c.product, "P5B");
    CU_ASSERT_STRING_EQUAL(c.serial, "");
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "processors of HARDWARE"));

    caught_read(&c, OURS "import_glpi_xml/vm.xml", NULL, NULL, &err);
    CU_ASSERT_EQUAL(c.is_virtual, 1);

    caught_read(&c, SAMPLES "glpi_xml/apple_imac5.xml", NULL, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "taken as 2 GiB"));

    caught_read(
            &c, SAMPLES "glpi_xml/imac15_cardreader_emptyslots.xml", NULL, NULL,
            &err);
    UNIT_NEAR(c.hdd_gb, 1000, 1e-9, "953869 MiB");
    UNIT_NEAR(c.ssd_gb, 121, 1e-9, "115712 MiB");

    caught_read(
            &c, SAMPLES "glpi_xml/synology_nas_snmpquery.xml", NULL, NULL,
            &err);
    CU_ASSERT_EQUAL(c.rejects, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "other equipment"));
}

/* Reads text as a file of that name. */
static void caught_written(
        struct caught *c, const char *name, const char *text, struct err *err)
{
    FILE *f = fopen(name, "w");

    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    CU_ASSERT_TRUE(fputs(text, f) >= 0);
    CU_ASSERT_EQUAL(fclose(f), 0);
    UNIT_CHECK(caught_read(c, name, NULL, NULL, err), "%s", err->msg);
    CU_ASSERT_EQUAL(unlink(name), 0);
}

static void test_hwloc(void)
{
    struct err err = {0};
    struct caught c;

    caught_read(&c, OURS "import_hwloc_xml/v1.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.maker, "Dell Inc.");
    CU_ASSERT_STRING_EQUAL(c.product, "PowerEdge C6100");
    CU_ASSERT_STRING_EQUAL(c.serial, "ABCDE12");
    CU_ASSERT_STRING_EQUAL(c.cpu, "Intel(R) Xeon(R) CPU E5520 @ 2.27GHz");
    CU_ASSERT_STRING_EQUAL(c.gpu, "Tesla M2070");
    CU_ASSERT_EQUAL(c.chassis, CALC_RACK);
    CU_ASSERT_FALSE(c.partial);
    UNIT_NEAR(c.ssd_gb, 256, 1e-3, "250059096 KiB");

    caught_read(&c, OURS "import_hwloc_xml/v2.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.cpu, "");
    CU_ASSERT_STRING_EQUAL(c.gpu, "NVIDIA GH200");
    CU_ASSERT_EQUAL(c.is_virtual, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "restricted view"));
    CU_ASSERT_PTR_NOT_NULL(strstr(c.note, "144 GiB of high-bandwidth"));
    CU_ASSERT_PTR_NOT_NULL(strstr(c.note, "1 memory modules"));

    /* a view cut by cgroups: the second processor is there without its cores */
    caught_written(
            &c, "test_importers_view.tmp",
            "<topology version=\"2.0\"><object type=\"Machine\" "
            "cpuset=\"0x3\" complete_cpuset=\"0xf\" "
            "allowed_cpuset=\"0x3\"><object type=\"Package\"><object "
            "type=\"Core\"><object type=\"PU\" os_index=\"0\"/></object>"
            "<object type=\"Core\"><object type=\"PU\" os_index=\"1\"/>"
            "</object></object><object type=\"Package\"/></object></topology>",
            &err);
    CU_ASSERT_EQUAL(c.sockets, 2);
    CU_ASSERT_EQUAL(c.cores, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "restricted view"));

    /* version 1 leaves the Machine out where it is but one memory node */
    caught_written(
            &c, "test_importers_node.tmp",
            "<topology><object type=\"NUMANode\" local_memory=\"4294967296\">"
            "<object type=\"Socket\"><object type=\"Core\"/></object></object>"
            "</topology>",
            &err);
    CU_ASSERT_EQUAL(c.sockets, 1);
    UNIT_NEAR(c.ram_gib, 4, 1e-9, "memory of the root");

    caught_read(
            &c, SAMPLES "hwloc_xml/24em64t-2n6c2t-pci.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.product, "ProLiant SL390s G7");
    CU_ASSERT_STRING_EQUAL(c.gpu, "Tesla M2070");
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "36 GiB is likely"));

    caught_read(
            &c, SAMPLES "hwloc_xml/2xXeon-E5-2680v3_nosys.xml", NULL, NULL,
            &err);
    CU_ASSERT_TRUE(c.partial);
    CU_ASSERT_EQUAL(c.is_virtual, -1);

    caught_read(&c, SAMPLES "hwloc_xml/nvidiaDGX2.xml", NULL, NULL, &err);
    CU_ASSERT_STRING_EQUAL(c.gpu, "Tesla V100-SXM3-32GB-H");
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "numbered up to 25"));
}

static void test_nvidia_smi(void)
{
    static const struct {
        const char *path, *model;
    } cases[] = {
            {SAMPLES "nvidia_smi_xml/a100-sxm4-v12.xml",
             "NVIDIA A100-SXM4-80GB"},
            {SAMPLES "nvidia_smi_xml/gtx-1070-ti.xml", "GeForce GTX 1070 Ti"},
            {SAMPLES "nvidia_smi_xml/rtx-3080-v13.xml",
             "NVIDIA GeForce RTX 3080"},
            {SAMPLES "nvidia_smi_xml/tesla-t4.xml", "Tesla T4"},
            {OURS "import_nvidia_smi_xml/node5.xml", "GeForce GTX 1660 Ti"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        struct caught c;

        caught_read(&c, cases[i].path, NULL, NULL, &err);
        UNIT_CHECK(
                strcmp(c.gpu, cases[i].model) == 0, "%s: %s", cases[i].path,
                c.gpu);
        CU_ASSERT_TRUE(c.partial);
        CU_ASSERT_FALSE(c.has_category);
        CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "does not say whose"));
    }
}

#define ANSWER(model, program)                                                 \
    "<?xml version=\"1.0\" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "               \
    "\"nvsmi_device_v12.dtd\">\n<nvidia_smi_log>"                              \
    "<attached_gpus>1</attached_gpus><gpu id=\"0\"><product_name>" model       \
    "</product_name><processes><process_info><process_name>" program           \
    "</process_name></process_info></processes></gpu></nvidia_smi_log>\n"

/* What stands around an answer or in the names of programs harms none. */
static void test_nvidia_smi_around(void)
{
    static const struct {
        const char *text, *warning;
    } cases[] = {
            {ANSWER("A1", "x") "WARNING: infoROM is corrupted at gpu 0:1\n",
             "does not say whose"},
            {"\n\n" ANSWER("A1", "x"), "does not say whose"},
            {ANSWER("A1", "C:\\R & D\\a<b\x01\xE9.exe"), "does not say whose"},
            {ANSWER("A1", "x") ANSWER("B2", "y"), "the first is read"},
    };
    const char *path = "unit-smi.xml";

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        struct caught c;
        FILE *f = fopen(path, "w");

        CU_ASSERT_PTR_NOT_NULL_FATAL(f);
        CU_ASSERT_TRUE(fputs(cases[i].text, f) >= 0);
        CU_ASSERT_EQUAL(fclose(f), 0);
        UNIT_CHECK(
                caught_read(&c, path, NULL, NULL, &err), "%zu: %s", i, err.msg);
        UNIT_CHECK(
                c.machines == 1 && strcmp(c.gpu, "A1") == 0, "%zu: %s", i,
                c.gpu);
        UNIT_CHECK(
                strstr(c.warning, cases[i].warning) &&
                        c.warnings == (i == 3 ? 2 : 1),
                "%zu: %s", i, c.warning);
    }
    remove(path);
}

/* What NVML says of a card that it cannot ask is no name of it. */
static void test_nvidia_smi_mute(void)
{
    static const char *const texts[] = {
            ANSWER("[GPU is lost]", "x"), ANSWER("[GPU requires reset]", "x"),
            ANSWER("[Unknown Error]", "x"),
            ANSWER("[Insufficient Permissions]", "x"),
            ANSWER("[Function Not Found]", "x")};
    const char *path = "unit-mute.xml";

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct err err = {0};
        struct caught c;
        FILE *f = fopen(path, "w");

        CU_ASSERT_PTR_NOT_NULL_FATAL(f);
        CU_ASSERT_TRUE(fputs(texts[i], f) >= 0);
        CU_ASSERT_EQUAL(fclose(f), 0);
        UNIT_CHECK(
                caught_read(&c, path, NULL, NULL, &err), "%zu: %s", i, err.msg);
        UNIT_CHECK(
                c.gpus == 1 && !c.gpu[0] &&
                        strstr(c.warning, "a card without a name"),
                "%zu: %d of '%s'", i, c.gpus, c.gpu);
    }
    remove(path);
}

/* What is no inventory, by content or by choice, is refused with its place. */
static void test_refused(void)
{
    static const struct {
        const char *text, *as, *word;
    } cases[] = {
            {"", "lshw-xml", "empty"},
            {"<list></list>", "lshw-xml", "no node"},
            {"<list><node class='system' id='a'>", "lshw-xml", "cut short"},
            {"<a/>", "glpi-xml", "expected REQUEST"},
            {"<a/>", "ocs-xml", "expected REQUEST"},
            {"<a/>", "hwloc-xml", "expected topology"},
            {"<topology version='nan'/>", "hwloc-xml", "no object"},
            {"<a/>", "nvidia-smi-xml", "expected nvidia_smi_log"},
            {"<nvidia_smi_log/>", "nvidia-smi-xml", "no gpu"},
            {"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
             "<nvidia_smi_log><gpu><product_name>&x;</product_name></gpu>"
             "</nvidia_smi_log>",
             "nvidia-smi-xml", "internal subset"},
            {"<list><node class='system' id='&y;'/></list>", "lshw-xml", "&y;"},
            {"<other/>", NULL, "none of the formats"},
    };
    static const char path[] = "test_importers_xml.tmp";

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        struct caught c;
        FILE *f = fopen(path, "w");

        CU_ASSERT_PTR_NOT_NULL_FATAL(f);
        fputs(cases[i].text, f);
        fclose(f);
        UNIT_CHECK(
                !caught_read(&c, path, cases[i].as, NULL, &err) &&
                        c.machines == 0,
                "%s: was taken", cases[i].text);
        UNIT_CHECK(
                strstr(err.msg, cases[i].word), "%s: %s", cases[i].text,
                err.msg);
    }
    remove(path);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"counts of every file", test_files},
            {"lshw", test_lshw},
            {"GLPI", test_glpi},
            {"hwloc", test_hwloc},
            {"nvidia-smi", test_nvidia_smi},
            {"around nvidia-smi's answer", test_nvidia_smi_around},
            {"cards that do not answer", test_nvidia_smi_mute},
            {"what is refused", test_refused},
            {NULL, NULL},
    };

    return unit_main("importers/xml", tests);
}
