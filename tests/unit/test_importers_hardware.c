/* SPDX-License-Identifier: Apache-2.0
 * What importers make of names and sizes, and how a machine adds up. Names are
 * as tools print them; sizes are worked out by hand. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "importers/hardware_priv.h"
#include "unit.h"

static void test_disk_kind(void)
{
    static const struct {
        const char *model;
        enum calc_kind want;
    } cases[] = {
            {"ST1000DM003-1SB1", CALC_HDD},
            {"SEAGATE ST3300657SS", CALC_HDD},
            {"ATA ST9500325AS", CALC_HDD},
            {"ST340014A", CALC_HDD},
            {"ST1000LM014-1EJ1", CALC_HDD},
            {"ST400FM0053", CALC_SSD},
            {"ST480HM000", CALC_SSD},
            {"WDC WD10EZEX-08W", CALC_HDD},
            {"WD1002FAEX", CALC_HDD},
            {"WDC WDS500G2B0A-", CALC_SSD},
            {"WDC PC SN730 SDBPNTY-512G", CALC_SSD},
            {"WD_BLACK SN850X 2000GB", CALC_SSD},
            {"Hitachi HTS54503", CALC_HDD},
            {"HGST HUS726060AL", CALC_HDD},
            {"HGST HUSMM1640ASS204", CALC_SSD},
            {"HDT722525DLA380", CALC_HDD},
            {"Hitachi HUA72201", CALC_HDD},
            {"TOSHIBA MQ01ABD1", CALC_HDD},
            {"TOSHIBA DT01ACA1", CALC_HDD},
            {"TOSHIBATHNSNJ25", CALC_SSD},
            {"KXG50ZNV512G NVMe TOSHIBA 512GB", CALC_SSD},
            {"TOSHIBA MK1652GS", CALC_HDD},
            {"MK0800GCTZB", CALC_SSD},
            {"VO0480JFDGT", CALC_SSD},
            {"VK000480GWEZC", CALC_SSD},
            {"MB1000GCWCV", CALC_HDD},
            {"EG0600FBVFP", CALC_HDD},
            {"SAMSUNG HD103SJ", CALC_HDD},
            {"SAMSUNG MZ7LN256", CALC_SSD},
            {"MZQLB1T9HAJR-00007", CALC_SSD},
            {"Samsung SSD 850", CALC_SSD},
            {"PM981 NVMe Samsung 512GB", CALC_SSD},
            {"SSDSC2BB480G4R", CALC_SSD},
            {"SSDPE2MX450G7", CALC_SSD},
            {"MTFDDAK480TCC", CALC_SSD},
            {"Micron_5200_MTFD", CALC_SSD},
            {"Crucial_CT240M50", CALC_SSD},
            {"CT250MX500SSD1", CALC_SSD},
            {"LITEONIT LCS-256", CALC_SSD},
            {"KINGSTON SA400S3", CALC_SSD},
            {"APPLE HDD HTS541010A9E662", CALC_HDD},
            {"APPLE SSD SD0128F", CALC_SSD},
            {"HDD ST1000DM003", CALC_HDD},
            {"QEMU HARDDISK", CALC_KINDS},
            {"VMware Virtual disk", CALC_KINDS},
            {"Virtual disk", CALC_KINDS},
            {"Disk", CALC_KINDS},
            {NULL, CALC_KINDS},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum calc_kind got = imp_disk_kind(cases[i].model);

        UNIT_CHECK(
                got == cases[i].want, "%s: got %d, want %d",
                cases[i].model ? cases[i].model : "none", (int)got,
                (int)cases[i].want);
    }
}

static void test_not_disks(void)
{
    static const struct {
        const char *model, *what;
        bool want;
    } cases[] = {
            {"HL-DT-ST DVD+-RW GU90N", "disk", true},
            {"DVD-ROM TS-L333H", NULL, true},
            {"PLDS DVDRWBD DH6E2S", NULL, true},
            {"spcardreader", "Card reader", true},
            {"SD/MMC CRW", NULL, true},
            {"Compact Flash", NULL, true},
            {"DataTraveler 3.0", NULL, true},
            {"Cruzer Blade", NULL, true},
            {"JMS56x Series", "USB", true},
            {"Virtual Floppy", NULL, true},
            {"LCDRIVE", NULL, true},
            {"Internal SD-CARD", NULL, true},
            {"iDRAC  LCDRIVE", NULL, true},
            {"Virtual CDROM0", NULL, true},
            {"VBOX CD-ROM", NULL, true},
            {"OPEN-V", NULL, true},
            {"ST1000DM003-1SB1", "SERIAL-ATA disk", false},
            {"Samsung SSD 970 EVO 500GB", "nvme", false},
            {"VMware Virtual disk", "disk", false},
            {"QEMU HARDDISK", "disk", false},
            {NULL, NULL, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                imp_disk_none(cases[i].model, cases[i].what) == cases[i].want,
                "%s", cases[i].model ? cases[i].model : "none");
    CU_ASSERT_TRUE(imp_disk_volume("PERC H710"));
    CU_ASSERT_TRUE(imp_disk_volume("LOGICAL VOLUME"));
    CU_ASSERT_TRUE(imp_disk_volume("MR9361-8i"));
    CU_ASSERT_FALSE(imp_disk_volume("ST1000DM003-1SB1"));
    CU_ASSERT_FALSE(imp_disk_volume("VMware Virtual disk"));
    CU_ASSERT_FALSE(imp_disk_volume(NULL));
}

static void test_not_cards(void)
{
    static const struct {
        const char *vendor, *model;
        bool want; /* true: no card */
    } cases[] = {
            {"Matrox Electronics Systems Ltd.", "G200eR2", true},
            {"Matrox Electronics Systems Ltd.", "MGA G200EH", true},
            {"ASPEED Technology, Inc.", "ASPEED Graphics Family", true},
            {"Advanced Micro Devices, Inc. [AMD/ATI]", "ES1000", true},
            {"VMware", "SVGA II Adapter", true},
            {"InnoTek Systemberatung GmbH", "VirtualBox Graphics Adapter",
             true},
            {"Cirrus Logic", "GD 5446", true},
            {NULL, "QXL paravirtual graphic card", true},
            {"Intel Corporation", "HD Graphics 620", true},
            {"Intel Corporation",
             "2nd Generation Core Processor Family Integrated Graphics "
             "Controller",
             true},
            {"Intel Corporation", "Meteor Lake-P [Intel Arc Graphics]", true},
            {"Intel Corporation", "DG2 [Arc A770]", false},
            {"Advanced Micro Devices, Inc. [AMD/ATI]",
             "Raven Ridge [Radeon Vega Series / Radeon Vega Mobile Series]",
             true},
            {"AMD", "Renoir", true},
            {"AMD", "Trinity [Radeon HD 7660D]", true},
            {"AMD", "RS780L [Radeon 3000]", true},
            {"AMD", "Kaveri [Radeon R7 Graphics]", true},
            {"AMD", "Oland PRO [Radeon R7 240/340]", false},
            {"AMD", "Vega 20 [Radeon VII]", false},
            {"AMD", "Vega 10 XL/XT [Radeon RX Vega 56/64]", false},
            {"AMD", "ATI Radeon X1600", false},
            {"AMD", "Arcturus GL-XL [Instinct MI100]", false},
            {"NVIDIA Corporation", "GP104 [GeForce GTX 1080]", false},
            {"NVIDIA Corporation", "C61 [GeForce 6150SE nForce 430]", true},
            {"NVIDIA Corporation", "GA100 [A100 SXM4 40GB]", false},
            {NULL, "Tesla T4", false},
            {NULL, "NVIDIA GB10", false},
            {NULL, "AMD Radeon R9 M290X", false},
            {NULL, NULL, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        UNIT_CHECK(
                imp_gpu_none(cases[i].vendor, cases[i].model) == cases[i].want,
                "%s", cases[i].model ? cases[i].model : "none");
}

static void test_sizes(void)
{
    static const struct {
        double mb, want_gb;
    } disks[] = {
            {256060, 256},   {953869, 1000},  {238475, 250},   {250059, 250},
            {500107, 500},   {476940, 500},   {488386, 512},   {457862, 480},
            {1907729, 2000}, {4000787, 4000}, {3815447, 4000}, {114473, 120},
            {572325, 600},   {300000, 300},   {286102, 300},   {7681501, 7680},
    };
    static const struct {
        double read, want;
    } modules[] = {
            {16, 16},
            {15625 / 1024.0, 16},
            {2000 / 1024.0, 2},
            {31250 / 1024.0, 32},
            {0.25, 0.25},
            {20, 20},
            {5, 5},
            {4096, 4096},
    };
    static const struct {
        double seen, want;
    } sums[] = {
            {63.97, 64},  {15.88, 16},  {3.80, 4},      {511.99, 512},
            {754.3, 768}, {376.5, 384}, {188.6, 192},   {93.1, 96},
            {35.99, 36},  {125.6, 128}, {1007.4, 1024}, {119.69, 128},
            {62.0, 64},   {5.71, 6},    {1510.5, 1536}, {64, 64},
    };

    for (size_t i = 0; i < sizeof disks / sizeof *disks; i++)
        UNIT_NEAR(imp_gb_of_mb(disks[i].mb), disks[i].want_gb, 1e-9, "disk MB");
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        UNIT_NEAR(
                imp_module_snap(modules[i].read), modules[i].want, 1e-9,
                "module");
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        UNIT_NEAR(imp_memory_sum(sums[i].seen), sums[i].want, 1e-9, "sum");
    UNIT_NEAR(imp_gb_of_bytes(500107862016.0), 500, 1e-9, "bytes");
    CU_ASSERT(isnan(imp_gb_of_bytes(0)));
    UNIT_NEAR(imp_gb_marketed(3333), 3333, 1e-9, "a size never sold");
    UNIT_NEAR(imp_gib_parse("16384 MB", 1), 16, 1e-9, "MB");
    UNIT_NEAR(imp_gib_parse(" 32 GB ", 1), 32, 1e-9, "GB");
    UNIT_NEAR(imp_gib_parse("8192", 1), 8, 1e-9, "bare");
    UNIT_NEAR(imp_gib_parse("1 TB", 1), 1024, 1e-9, "TB");
    UNIT_NEAR(imp_gib_parse("524288 kB", 1), 0.5, 1e-9, "kB");
    CU_ASSERT(isnan(imp_gib_parse("No Module Installed", 1)));
    CU_ASSERT(isnan(imp_gib_parse(NULL, 1)));
    UNIT_NEAR(imp_number("-5 MB"), -5, 0, "refused by who takes it");
    UNIT_NEAR(imp_number("1e+300"), 1e300, 1e285, "of JSON");
    UNIT_NEAR(imp_number("64EB"), 64, 0, "no exponent");
    CU_ASSERT(isnan(imp_number("- 5")));
}

static void test_words(void)
{
    static const char *const fillers[] = {
            "To Be Filled By O.E.M.",
            "Not Specified",
            "0123456789",
            "01234567890123456789AB",
            "00000000000000",
            "....................",
            "NO DIMM",
            "XXXXXXXXXX",
            "NA",
            "N/A",
            "[REMOVED]",
            "REDACTED",
            "System Serial Number",
            "System Product Name",
            "Default string",
            " ",
            "12345678",
            "None",
            "00000000-0000-0000-0000-000000000000"};
    static const char *const texts[] = {
            "W87051UGVUV", "4242", "PowerEdge R640",           "0xFB9D50EB",
            "7",           "1",    "\xE8\x81\x94\xE6\x83\xB3", "123",
            "NX-3060"};

    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        UNIT_CHECK(wire_placeholder(fillers[i]), "%s", fillers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        UNIT_CHECK(!wire_placeholder(texts[i]), "%s", texts[i]);
    CU_ASSERT_TRUE(imp_is_virtual("VMware, Inc.", "VMware Virtual Platform"));
    CU_ASSERT_TRUE(imp_is_virtual("innotek GmbH", "VirtualBox"));
    CU_ASSERT_TRUE(imp_is_virtual("QEMU", "Standard PC (i440FX + PIIX, 1996)"));
    CU_ASSERT_TRUE(imp_is_virtual("Microsoft Corporation", "Virtual Machine"));
    CU_ASSERT_TRUE(imp_is_virtual("Red Hat", "KVM"));
    CU_ASSERT_TRUE(imp_is_virtual("Xen", "HVM domU"));
    CU_ASSERT_FALSE(imp_is_virtual("Amazon EC2", "m5.metal"));
    CU_ASSERT_FALSE(imp_is_virtual("Dell Inc.", "PowerEdge R640"));
    CU_ASSERT_FALSE(imp_is_virtual("Microsoft Corporation", "Surface Pro"));
    CU_ASSERT_FALSE(imp_is_virtual(NULL, NULL));
    CU_ASSERT_EQUAL(imp_chassis("Rack Mount Chassis"), CALC_RACK);
    CU_ASSERT_EQUAL(imp_chassis("23"), CALC_RACK);
    CU_ASSERT_EQUAL(imp_chassis("Notebook"), CALC_LAPTOP_CASE);
    CU_ASSERT_EQUAL(imp_chassis("Mini Tower"), CALC_TOWER);
    CU_ASSERT_EQUAL(imp_chassis("Blade"), CALC_BLADE);
    CU_ASSERT_EQUAL(imp_chassis("Other"), CALC_CHASSIS_UNKNOWN);
    CU_ASSERT_EQUAL(imp_chassis("1"), CALC_CHASSIS_UNKNOWN);
    CU_ASSERT_EQUAL(imp_chassis(NULL), CALC_CHASSIS_UNKNOWN);
    CU_ASSERT_EQUAL(
            imp_category(CALC_RACK, "PowerEdge R640", true), CALC_GPU_NODE);
    CU_ASSERT_EQUAL(
            imp_category(CALC_TOWER, "PowerEdge T630", false), CALC_SERVER);
    CU_ASSERT_EQUAL(
            imp_category(CALC_TOWER, "Precision 5820", true), CALC_WORKSTATION);
    CU_ASSERT_EQUAL(
            imp_category(CALC_CHASSIS_UNKNOWN, NULL, false), CALC_OTHER_UNIT);
}

/* ---- a machine ---------------------------------------------------------- */

struct caught {
    struct wire_machine m;
    struct wire_part parts[20];
    int n, warnings;
    char warning[400], note[400], name[100];
};

static bool on_machine(void *ctx, const struct wire_machine *m, struct err *err)
{
    struct caught *c = ctx;

    (void)err;
    c->m = *m;
    c->n++;
    for (size_t i = 0; i < m->n_parts && i < 20; i++)
        c->parts[i] = m->parts[i];
    snprintf(c->note, sizeof c->note, "%s", m->note ? m->note : "");
    snprintf(c->name, sizeof c->name, "%s", m->name ? m->name : "");
    return true;
}

static void on_warn(void *ctx, const char *place, const char *text)
{
    struct caught *c = ctx;

    CU_ASSERT_STRING_EQUAL(place, "host.xml");
    snprintf(c->warning, sizeof c->warning, "%s", text);
    c->warnings++;
}

static bool on_reject(void *ctx, const struct wire_reject *r, struct err *err)
{
    struct caught *c = ctx;

    (void)err;
    snprintf(c->warning, sizeof c->warning, "%s", r->reason);
    return true;
}

static struct imp_host *host(struct caught *c, struct wire_sink *sink)
{
    struct imp_host *h = xmalloc(sizeof *h);

    *c = (struct caught){0};
    *sink = (struct wire_sink){
            .ctx = c,
            .machine = on_machine,
            .reject = on_reject,
            .warn = on_warn};
    imp_host_open(h, sink, "host.xml");
    return h;
}

static void deliver(struct imp_host *h, struct caught *c)
{
    struct err err = {0};

    CU_ASSERT_TRUE(imp_host_deliver(h, &err));
    (void)c;
    imp_host_close(h);
    free(h);
}

static void test_whole_machine(void)
{
    struct wire_sink sink;
    struct caught c;
    struct imp_host *h = host(&c, &sink);

    h->m.manufacturer = imp_host_text(h, "maker", " Dell\t Inc. ");
    h->m.product = imp_host_text(h, "product", "PowerEdge  R640");
    h->m.serial = imp_host_text(h, "serial", "To Be Filled By O.E.M.");
    h->m.chassis = imp_chassis("Rack Mount Chassis");
    CU_ASSERT_STRING_EQUAL(h->m.manufacturer, "Dell Inc.");
    CU_ASSERT_STRING_EQUAL(h->m.product, "PowerEdge R640");
    CU_ASSERT_PTR_NULL(h->m.serial);
    imp_host_cpu(h, "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", 1, 16);
    imp_host_cpu(h, "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", 1, 16);
    for (int i = 0; i < 12; i++)
        imp_host_module(h, 32, NULL, NULL);
    imp_host_memory(h, 376.5);
    imp_host_disk(
            h, &(struct imp_disk){.model = "SSDSC2KB480G8R", .gb = 480.1});
    imp_host_disk(
            h, &(struct imp_disk){.model = "SSDSC2KB480G8R", .gb = 480.1});
    imp_host_disk(h, &(struct imp_disk){.model = "DVD-ROM", .gb = 4.7});
    imp_host_gpu(h, "Matrox Electronics Systems Ltd.", "G200eW3", NULL, 1);
    imp_host_gpu(h, "NVIDIA Corporation", "GV100GL [Tesla V100]", NULL, 2);
    deliver(h, &c);
    CU_ASSERT_EQUAL(c.n, 1);
    CU_ASSERT_EQUAL(c.warnings, 0);
    CU_ASSERT_STRING_EQUAL(c.name, "host");
    CU_ASSERT_EQUAL(c.m.cpu_count, 2);
    CU_ASSERT_EQUAL(c.m.cpu_cores, 32);
    CU_ASSERT_EQUAL(c.m.is_virtual, 0);
    CU_ASSERT_EQUAL(c.m.category, CALC_GPU_NODE);
    CU_ASSERT_EQUAL_FATAL(c.m.n_parts, 4);
    CU_ASSERT_EQUAL(c.parts[0].units, 2);
    CU_ASSERT_EQUAL(c.parts[1].units, 12);
    CU_ASSERT_EQUAL(c.parts[2].units, 2);
    CU_ASSERT_EQUAL(c.parts[2].kind, CALC_SSD);
    UNIT_NEAR(c.parts[2].capacity, 480, 1e-9, "marketed");
    CU_ASSERT_EQUAL(c.parts[3].units, 2);
    CU_ASSERT_EQUAL(
            c.m.unknown_kinds,
            1u << CALC_TAPE | 1u << CALC_PSU | 1u << CALC_SCREEN);
}

static void test_unknowns(void)
{
    struct wire_sink sink;
    struct caught c;
    struct imp_host *h = host(&c, &sink);

    h->m.name = "node1";
    imp_host_cpu(h, NULL, 1, 4);
    imp_host_cpu(h, NULL, 1, -1);
    imp_host_memory(h, 63.97);
    imp_host_controller(h, "MegaRAID SAS 2108");
    deliver(h, &c);
    CU_ASSERT_EQUAL(c.m.cpu_count, 2);
    CU_ASSERT_EQUAL(c.m.cpu_cores, -1);
    CU_ASSERT_EQUAL(c.warnings, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "hidden behind a controller"));
    CU_ASSERT_PTR_NOT_NULL(strstr(c.note, "likely 64 GiB"));
    CU_ASSERT(c.m.unknown_kinds & 1u << CALC_HDD);
    CU_ASSERT(c.m.unknown_kinds & 1u << CALC_SSD);
    CU_ASSERT(c.m.unknown_kinds & 1u << CALC_GPU);
    CU_ASSERT(!(c.m.unknown_kinds & 1u << CALC_RAM));
    CU_ASSERT_TRUE(c.parts[c.m.n_parts - 1].total);
    UNIT_NEAR(c.parts[c.m.n_parts - 1].capacity, 63.97, 1e-9, "as read");
}

static void test_volume(void)
{
    struct wire_sink sink;
    struct caught c;
    struct imp_host *h = host(&c, &sink);

    h->m.name = "node1";
    imp_host_controller(h, NULL);
    CU_ASSERT_TRUE(imp_host_disk(
            h, &(struct imp_disk){.model = "PERC H710", .gb = 999.65}));
    deliver(h, &c);
    CU_ASSERT_EQUAL(c.warnings, 1);
    CU_ASSERT_EQUAL_FATAL(c.m.n_parts, 1);
    CU_ASSERT_EQUAL(c.parts[0].kind, CALC_HDD);
    CU_ASSERT_PTR_NULL(c.parts[0].model);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.note, "at least one"));
}

static void test_limits(void)
{
    struct wire_sink sink;
    struct caught c;
    struct imp_host *h = host(&c, &sink);
    char serial[20], longer[1000];

    for (int i = 0; i < WIRE_MAX_PARTS + 1; i++) {
        snprintf(serial, sizeof serial, "S%dA", i);
        imp_host_part(h, CALC_RAM, NULL, serial, 1, 16);
    }
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    longer[5] = 'y';
    CU_ASSERT_PTR_NULL(imp_host_text(h, "name", longer));
    CU_ASSERT_EQUAL(c.warnings, 1);
    longer[200] = '\0';
    CU_ASSERT_PTR_NOT_NULL(imp_host_text(h, "name", longer));
    CU_ASSERT_STRING_EQUAL(imp_host_text(h, "x", "a\xE9"), "a\xC3\xA9");
    deliver(h, &c);
    CU_ASSERT_EQUAL(c.n, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.warning, "512"));
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"kind of a disk by its model", test_disk_kind},
            {"what is no disk", test_not_disks},
            {"what is no card", test_not_cards},
            {"sizes", test_sizes},
            {"placeholders, virtual machines, cases", test_words},
            {"a machine adds up", test_whole_machine},
            {"what is unknown stays so", test_unknowns},
            {"a volume is at least one disk", test_volume},
            {"limits", test_limits},
            {NULL, NULL},
    };

    return unit_main("importers/hardware", tests);
}
