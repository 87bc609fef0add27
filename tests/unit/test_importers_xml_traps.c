/* SPDX-License-Identifier: Apache-2.0
 * What lshw, FusionInventory and OCS write of odd machines: each small file
 * here is of our own, shaped as one met in the wild; counts are by hand. */
#include <unistd.h>

#include "import_unit.h"

static const char *format; /* as what the last text was read */

/* Reads text as a file of that name. */
static void read_text(struct caught *c, const char *name, const char *text)
{
    struct err err = {0};
    FILE *f = fopen(name, "w");

    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    CU_ASSERT_TRUE(fputs(text, f) >= 0);
    CU_ASSERT_EQUAL(fclose(f), 0);
    UNIT_CHECK(
            caught_read(c, name, NULL, &format, &err), "%s: %s", name, err.msg);
    CU_ASSERT_EQUAL(unlink(name), 0);
    CU_ASSERT_EQUAL_FATAL(c->machines, 1);
}

/* ---- lshw ---------------------------------------------------------------- */

#define NODE(id, class, rest)                                                  \
    "<node id=\"" id "\" claimed=\"true\" class=\"" class "\">" rest "</node>"
#define CPU(rest)                                                              \
    NODE("cpu", "processor",                                                   \
         "<description>CPU</description>" rest                                 \
         "<slot>CPU 1</slot><size units=\"Hz\">2000000000</size>")
#define BANK(n, bytes)                                                         \
    NODE("bank:" n, "memory",                                                  \
         "<description>DIMM DDR4</description><size units=\"bytes\">" bytes    \
         "</size>")

/* Words are translated, ids are not. */
static void test_lshw_in_french(void)
{
    struct caught c;

    read_text(
            &c, "unit-fr.xml",
            "<list>" NODE(
                    "portable1", "system",
                    "<description>Ordinateur Bloc-notes</description>"
                    "<vendor>LENOVO</vendor><serial>PB0000</serial>" NODE(
                            "core", "bus",
                            "<description>Carte mère</description>" NODE(
                                    "memory", "memory",
                                    "<description>Mémoire Système"
                                    "</description>" BANK("0", "4294967296")
                                            BANK("1", "4294967296"))
                                    NODE("memory:1", "memory",
                                         "<description>Mémoire Générique"
                                         "</description>" BANK(
                                                 "0", "4294967296"))
                                            NODE("memory:2", "memory",
                                                 "<description>RAM memory"
                                                 "</description><businfo>"
                                                 "pci@0000:00:00.5"
                                                 "</businfo>"))) "</list>");
    UNIT_NEAR(c.ram_gib, 8, 1e-9, "two modules of 4 GiB");
}

/* A product that is empty but for its SKU, and modules of 32767 MiB. */
static void test_lshw_bare_sku(void)
{
    struct caught c;

    read_text(
            &c, "unit-sku.xml",
            "<list>" NODE(
                    "node1", "system",
                    "<description>Rack Mount Chassis</description>"
                    "<product>(SKU=NotProvided;ModelName=)</product>"
                    "<serial>5BC0000</serial>" NODE(
                            "core", "bus",
                            "<product>0AB1CD</product>" CPU(
                                    "<product>Intel(R) Xeon(R) CPU E5-2699 v3 "
                                    "@ 2.30GHz</product><vendor>Intel Corp."
                                    "</vendor>")
                                    NODE("memory", "memory",
                                         "<description>System Memory"
                                         "</description>" BANK(
                                                 "0", "34358689792")
                                                 BANK("1",
                                                      "34358689792")))) "</"
                                                                        "list"
                                                                        ">");
    CU_ASSERT_STRING_EQUAL(c.product, "0AB1CD");
    UNIT_NEAR(c.ram_gib, 64, 1e-9, "two modules of 32 GiB");
    CU_ASSERT_PTR_NULL(strstr(c.warning, "not sold"));
}

/* SMBIOS of ARM: the family as product, the name as version. */
static void test_lshw_arm(void)
{
    struct caught c;

    read_text(
            &c, "unit-arm.xml",
            "<list>" NODE(
                    "gh1", "system",
                    "<description>Computer</description>"
                    "<vendor>NVIDIA</vendor><product>P0001 (SKU1)</product>"
                    "<serial>1640000000001</serial>" NODE(
                            "core", "bus",
                            CPU("<product>ARMv8 (900-0AAAA-0000-000)</product>"
                                "<vendor>NVIDIA</vendor>"
                                "<version>Grace A02</version>"
                                "<configuration><setting id=\"cores\" "
                                "value=\"72\"/></configuration>"))) "</list>");
    CU_ASSERT_STRING_EQUAL(c.cpu, "Grace A02");
    CU_ASSERT_EQUAL(c.cores, 72);
    CU_ASSERT_EQUAL(c.category, CALC_SERVER);

    /* "1.2.3" of a device tree is no name */
    read_text(
            &c, "unit-arm.xml",
            "<list>" NODE(
                    "board1", "system",
                    "<product>Some board</product>" NODE(
                            "core", "bus",
                            CPU("<product>ARMv7 Processor rev 4 (v7l)"
                                "</product><version>1.2.3</version>"))) "</"
                                                                        "list"
                                                                        ">");
    CU_ASSERT_STRING_EQUAL(c.cpu, "ARMv7 Processor rev 4 (v7l)");
}

/* lshw -numeric writes PCI numbers behind names. */
static void test_lshw_numeric(void)
{
    static const struct {
        const char *product, *name;
    } cards[] = {
            {"GK110GL [Tesla K20m] [10DE:1028]", "GK110GL [Tesla K20m]"},
            {"GK110GL [Tesla K20m]", "GK110GL [Tesla K20m]"},
            {"NV44 [10DE:]", "NV44 [10DE:]"},
            {"NV44 [:160]", "NV44 [:160]"},
            {"[10DE:160]", "[10DE:160]"},
    };

    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++) {
        struct caught c;
        char text[400];

        snprintf(
                text, sizeof text,
                "<list>" NODE(
                        "n1", "system",
                        NODE("display", "display",
                             "<product>%s</product><vendor>NVIDIA "
                             "Corporation [10DE]</vendor><businfo>"
                             "pci@0000:06:00.0</businfo>")) "</list>",
                cards[i].product);
        read_text(&c, "unit-ids.xml", text);
        CU_ASSERT_EQUAL(c.gpus, 1);
        CU_ASSERT_STRING_EQUAL(c.gpu, cards[i].name);
    }
}

/* Disks behind a SAS controller that say nothing but their size. */
static void test_lshw_nameless_disks(void)
{
    struct caught c;

    read_text(
            &c, "unit-sas.xml",
            "<list>" NODE(
                    "jbod1", "system",
                    "<vendor>EMC</vendor><serial>FC00</serial>" NODE(
                            "storage", "storage",
                            "<description>Serial Attached SCSI controller"
                            "</description>" NODE(
                                    "disk:0", "disk",
                                    "<description>SCSI Disk</description>"
                                    "<size units=\"bytes\">800176914432</size>")
                                    NODE("disk:1", "disk",
                                         "<description>SCSI Disk</description>"
                                         "<size "
                                         "units=\"bytes\">4000787030016</"
                                         "size>"))) "</list>");
    CU_ASSERT_EQUAL(c.ssd, 1);
    CU_ASSERT_EQUAL(c.hdd, 1);
    UNIT_NEAR(c.ssd_gb, 800, 1e-9, "a size of flash alone");
    UNIT_NEAR(c.hdd_gb, 4000, 1e-9, "4 TB");
}

/* ---- REQUEST ------------------------------------------------------------- */

#define STORAGE(name, model, size, type)                                       \
    "<STORAGES><NAME>" name "</NAME><MODEL>" model "</MODEL><DISKSIZE>" size   \
    "</DISKSIZE><TYPE>" type "</TYPE></STORAGES>"
#define REQUEST(client, rest)                                                  \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><REQUEST><CONTENT>"             \
    "<HARDWARE><NAME>pc1</NAME></HARDWARE>" rest "<VERSIONCLIENT>" client      \
    "</VERSIONCLIENT></CONTENT><QUERY>INVENTORY</QUERY></REQUEST>"
#define UNIX_OCS "OCS-NG_unified_unix_agent_v2.10.0"

/* 500107862016 bytes as each OCS agent divides them, and a size not sold. */
static void test_ocs_megabytes(void)
{
    static const struct {
        const char *text;
        double gb;
    } sizes[] = {
            {REQUEST(UNIX_OCS, STORAGE("sda", "ST500DM002-1BD142",
                                       "500107.862016", "disk")),
             500}, /* bytes / 10^6 */
            {REQUEST("OCS-NG_WINDOWS_AGENT_v2.11.0.1",
                     STORAGE("\\\\.\\PHYSICALDRIVE0", "ST500DM002-1BD142",
                             "476940", "disk")),
             500}, /* bytes / 2^20 */
            {REQUEST(UNIX_OCS,
                     STORAGE("sda", "WDC WD1200JS-00MHB0", "117220", "disk")),
             120}, /* KiB / 1000 */
            {REQUEST(UNIX_OCS, STORAGE("sda", "ST500DM002-1BD142",
                                       "107374.182400", "disk")),
             107.3741824}, /* 100 GiB of a guest */
    };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct caught c;

        read_text(&c, "unit-ocs.xml", sizes[i].text);
        CU_ASSERT_EQUAL(c.hdd, 1);
        CU_ASSERT_EQUAL(c.ssd, 0);
        UNIT_NEAR(c.hdd_gb, sizes[i].gb, 1e-6, "a disk of OCS");
    }
}

/* Modules that OCS cannot size, a maker of flash alone, swap in memory. */
static void test_ocs_node(void)
{
    struct caught c;

    read_text(
            &c, "unit-ocs.xml",
            REQUEST(UNIX_OCS,
                    "<MEMORIES><CAPACITY>0</CAPACITY><CAPTION>DIMM A1"
                    "</CAPTION><TYPE>DDR5</TYPE></MEMORIES>"
                    "<HARDWARE><MEMORY>32097</MEMORY></HARDWARE>" STORAGE(
                            "sda", "SSSTC ER3-CD1000", "1000204", "disk")
                            STORAGE("zram0", "", "17180", "disk")));
    UNIT_NEAR(c.ram_gib, 32097 / 1024.0, 1e-9, "what the system sees");
    CU_ASSERT_EQUAL(c.ssd, 1);
    CU_ASSERT_EQUAL(c.hdd, 0);
    UNIT_NEAR(c.ssd_gb, 1000, 1e-9, "1 TB");
}

/* Nothing but its own words tells the file of OCS's agent. */
static void test_ocs_unnamed(void)
{
    struct caught c;

    read_text(
            &c, "unit-ocs.xml",
            "<?xml version=\"1.0\"?><REQUEST><CONTENT><HARDWARE><NAME>pc1"
            "</NAME></HARDWARE><LOCAL_GROUPS><ID_GROUP>0</ID_GROUP><NAME>root"
            "</NAME></LOCAL_GROUPS></CONTENT><DEVICEID>pc1-2026-11-21-07-40-20"
            "</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>");
    CU_ASSERT_STRING_EQUAL(format, "ocs-xml");
    read_text(&c, "unit-glpi.xml", REQUEST("GLPI-Agent_v1.4", ""));
    CU_ASSERT_STRING_EQUAL(format, "glpi-xml");
}

/* OCS lists whatever lsblk does. */
static void test_ocs_no_disks(void)
{
    struct caught c;

    read_text(
            &c, "unit-ocs.xml",
            REQUEST(UNIX_OCS,
                    STORAGE("loop0", "", "66.842624", "loop") STORAGE(
                            "zram0", "", "8589.934592",
                            "disk") STORAGE("md0", "raid1", "500107.862016", "MD")
                            STORAGE("sr0", "DRW-24B1ST", "1073.741312", "rom")
                                    STORAGE("mmcblk0boot0", "", "4.194304",
                                            "disk")
                                            STORAGE("dm-0", "MSA", "100000",
                                                    "Multipath volume")
                                                    STORAGE("sda",
                                                            "ST500DM002-1BD142",
                                                            "500107.862016",
                                                            "disk")
                                                            STORAGE("sdb",
                                                                    "ST500DM002"
                                                                    "-1BD142",
                                                                    "500107."
                                                                    "862016",
                                                                    "disk")
                                                                    STORAGE("sd"
                                                                            "x",
                                                                            "V"
                                                                            "V",
                                                                            "10"
                                                                            "00"
                                                                            "0"
                                                                            "0",
                                                                            "Mu"
                                                                            "lt"
                                                                            "ip"
                                                                            "at"
                                                                            "h "
                                                                            "ch"
                                                                            "il"
                                                                            "d")));
    CU_ASSERT_EQUAL(c.hdd, 2);
    CU_ASSERT_EQUAL(c.ssd, 0);
    UNIT_NEAR(c.hdd_gb, 1000, 1e-9, "the two members");
    CU_ASSERT_EQUAL(c.warnings, 0);
}

/* Named without a size: there are disks, and how many is not known. */
static void test_disks_without_size(void)
{
    struct caught c;

    read_text(
            &c, "unit-bsd.xml",
            REQUEST("FusionInventory-Agent_v2.1.9-3",
                    "<STORAGES><DESCRIPTION>ad4s1b</DESCRIPTION><TYPE/>"
                    "</STORAGES><STORAGES><DESCRIPTION>ad4s1a</DESCRIPTION>"
                    "<TYPE/></STORAGES><STORAGES><DESCRIPTION>acd0"
                    "</DESCRIPTION><MODEL>MATSHITADVD-RAM UJ892ES</MODEL>"
                    "</STORAGES>"));
    CU_ASSERT_EQUAL(c.hdd, UNKNOWN);
    CU_ASSERT_EQUAL(c.ssd, UNKNOWN);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "number is unknown"));

    /* a DVD alone is no disk, and no disk is none */
    read_text(
            &c, "unit-bsd.xml",
            REQUEST("FusionInventory-Agent_v2.1.9-3",
                    "<STORAGES><DESCRIPTION>acd0</DESCRIPTION>"
                    "<MODEL>MATSHITADVD-RAM UJ892ES</MODEL></STORAGES>"));
    CU_ASSERT_EQUAL(c.hdd, 0);
    CU_ASSERT_EQUAL(c.ssd, 0);
}

static void test_handheld(void)
{
    struct caught c;

    read_text(
            &c, "unit-ce.xml",
            "<?xml version=\"1.0\"?><REQUEST><CONTENT><BIOS><SMANUFACTURER>"
            "Datalogic</SMANUFACTURER><SMODEL>Skorpio</SMODEL><TYPE>Embedded "
            "Terminal</TYPE></BIOS><HARDWARE><NAME>scan1</NAME><OSNAME>Windows "
            "CE OS</OSNAME></HARDWARE></CONTENT><QUERY>INVENTORY</QUERY>"
            "</REQUEST>");
    CU_ASSERT_TRUE(c.has_category);
    CU_ASSERT_EQUAL(c.category, CALC_OTHER_UNIT);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "other equipment"));
}

/* The chip set of a Mac mini, and the card of nearly the same name. */
static void test_geforce_9400(void)
{
    struct caught c;

    read_text(
            &c, "unit-mac.xml",
            REQUEST("FusionInventory-Agent_v2.6",
                    "<VIDEOS><CHIPSET>NVIDIA GeForce 9400</CHIPSET><NAME>NVIDIA"
                    " GeForce 9400</NAME></VIDEOS><VIDEOS><NAME>GeForce 9400 GT"
                    "</NAME></VIDEOS>"));
    CU_ASSERT_EQUAL(c.gpus, 1);
    CU_ASSERT_STRING_EQUAL(c.gpu, "GeForce 9400 GT");
}

/* A card in the slot of a Mac; classes of ESX have lost their nought. */
static void test_cards(void)
{
    struct caught c;

    read_text(
            &c, "unit-sd.xml",
            REQUEST("FusionInventory-Agent_v2.6",
                    "<STORAGES><NAME>disk2</NAME><DESCRIPTION>SDHC Card"
                    "</DESCRIPTION><DISKSIZE>15193</DISKSIZE><TYPE>SD Card"
                    "</TYPE></STORAGES>" STORAGE(
                            "disk0", "SSD SD0128F", "115712", "Disk drive")));
    CU_ASSERT_EQUAL(c.ssd, 1);
    UNIT_NEAR(c.ssd_gb, 121, 1e-9, "the disk inside");

    read_text(
            &c, "unit-esx.xml",
            REQUEST("FusionInventory-Agent_v2.6",
                    "<CONTROLLERS><NAME>NVIDIA A100-PCIE-40GB</NAME>"
                    "<PCICLASS>302</PCICLASS></CONTROLLERS><CONTROLLERS><NAME>"
                    "ASPEED Graphics Family</NAME><PCICLASS>300</PCICLASS>"
                    "</CONTROLLERS><CONTROLLERS><NAME>NVIDIA audio</NAME>"
                    "<PCICLASS>403</PCICLASS></"
                    "CONTROLLERS><VIDEOS><NAME>ASPEED "
                    "Graphics Family</NAME></VIDEOS>"));
    CU_ASSERT_EQUAL(c.gpus, 1);
    CU_ASSERT_STRING_EQUAL(c.gpu, "NVIDIA A100-PCIE-40GB");
}

#define MACHINE(maker, model, case, rest)                                      \
    "<?xml version=\"1.0\"?><REQUEST><CONTENT><BIOS><SMANUFACTURER>" maker     \
    "</SMANUFACTURER><SMODEL>" model "</SMODEL></BIOS><HARDWARE><NAME>m1</"    \
    "NAME><CHASSIS_TYPE>" case "</"                                            \
                               "CHASSIS_"                                      \
                               "TYPE></"                                       \
                               "HARDWARE"                                      \
                               ">" rest "</"                                   \
                               "CONTENT><"                                     \
                               "QUERY>"                                        \
                               "INVENTORY</"                                   \
                               "QUERY></"                                      \
                               "REQUEST>"
#define XEON "<CPUS><NAME>Xeon</NAME><CORE>2</CORE></CPUS>"

static void test_categories(void)
{
    struct caught c;

    /* a guest's case is made up */
    read_text(
            &c, "unit-hv.xml",
            MACHINE("Microsoft Corporation", "Virtual Machine", "Desktop",
                    XEON));
    CU_ASSERT_EQUAL(c.is_virtual, 1);
    CU_ASSERT_EQUAL(c.category, CALC_SERVER);

    /* a tower of two sockets, and of one */
    read_text(
            &c, "unit-ibm.xml", MACHINE("IBM", "-[8649]-", "Tower", XEON XEON));
    CU_ASSERT_EQUAL(c.category, CALC_SERVER);
    read_text(&c, "unit-ibm.xml", MACHINE("IBM", "-[8480]-", "Tower", XEON));
    CU_ASSERT_EQUAL(c.category, CALC_DESKTOP);
    read_text(
            &c, "unit-g5.xml",
            MACHINE("Apple Inc", "PowerMac11,2", "", XEON XEON));
    CU_ASSERT_EQUAL(c.category, CALC_WORKSTATION);
}

/* No word of SMBIOS for the family; OCS calls physical what it knows not. */
static void test_words(void)
{
    struct caught c;

    read_text(
            &c, "unit-words.xml",
            REQUEST(UNIX_OCS, "<CPUS><NAME>Other</NAME><CORE>1</CORE></CPUS>"));
    CU_ASSERT_EQUAL(c.sockets, 1);
    CU_ASSERT_STRING_EQUAL(c.cpu, "");
    CU_ASSERT_EQUAL(c.is_virtual, UNKNOWN);

    read_text(
            &c, "unit-words.xml",
            REQUEST(UNIX_OCS,
                    "<HARDWARE><VMSYSTEM>Physical</VMSYSTEM>"
                    "</HARDWARE>" STORAGE("vda", "", "274877.906944", "disk")));
    CU_ASSERT_EQUAL(c.is_virtual, 1);
    UNIT_NEAR(c.hdd_gb, 274.877906944, 1e-9, "256 GiB");

    read_text(
            &c, "unit-words.xml",
            "<list>" NODE(
                    "vm1", "system",
                    NODE("virtio1", "disk",
                         "<businfo>virtio@1</businfo>")) "</list>");
    CU_ASSERT_EQUAL(c.is_virtual, 1);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"lshw in French", test_lshw_in_french},
            {"lshw with a bare SKU", test_lshw_bare_sku},
            {"lshw on ARM", test_lshw_arm},
            {"lshw -numeric", test_lshw_numeric},
            {"lshw with nameless disks", test_lshw_nameless_disks},
            {"megabytes of OCS", test_ocs_megabytes},
            {"OCS unnamed", test_ocs_unnamed},
            {"a node of OCS", test_ocs_node},
            {"no disks of OCS", test_ocs_no_disks},
            {"disks without a size", test_disks_without_size},
            {"a handheld", test_handheld},
            {"GeForce 9400", test_geforce_9400},
            {"cards", test_cards},
            {"categories", test_categories},
            {"words", test_words},
            {NULL, NULL},
    };

    return unit_main("importers/xml traps", tests);
}
