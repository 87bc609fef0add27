/* SPDX-License-Identifier: Apache-2.0
 * What firmware tells of guests, and the texts it leaves unfilled, each in a
 * small file of our own. */
#include <math.h>

#include "importers_sink.h"
#include "unit.h"

enum { U = KEPT_UNKNOWN };

struct guest {
    const char *name, *text;
    int is_virtual, sockets;
    double ram_gib;   /* NAN unknown */
    const char *cpu;  /* NULL none */
    const char *uuid; /* NULL none */
    const char *serial;
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check(const struct kept *k, const struct guest *g)
{
    const struct wire_machine *m = &k->machines[0];
    const struct wire_part *cpu =
            kept_units(m, CALC_CPU) > 0 ? kept_part(m, CALC_CPU, 0) : NULL;

    UNIT_CHECK(
            m->is_virtual == g->is_virtual, "%s: virtual %d", g->name,
            m->is_virtual);
    UNIT_CHECK(
            m->cpu_count == g->sockets, "%s: %d sockets", g->name,
            m->cpu_count);
    if (isnan(g->ram_gib))
        UNIT_CHECK(
                isnan(kept_ram_gib(m)), "%s: %g GiB", g->name, kept_ram_gib(m));
    else
        UNIT_NEAR(kept_ram_gib(m), g->ram_gib, 1e-9, g->name);
    UNIT_CHECK(
            same(cpu ? cpu->model : NULL, g->cpu), "%s: CPU %s", g->name,
            cpu && cpu->model ? cpu->model : "none");
    UNIT_CHECK(
            same(m->uuid, g->uuid), "%s: uuid %s", g->name,
            m->uuid ? m->uuid : "none");
    UNIT_CHECK(
            same(m->serial, g->serial), "%s: serial %s", g->name,
            m->serial ? m->serial : "none");
}

static void run(const char *file, const struct guest *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct kept *k = xcalloc(1, sizeof *k);
        struct wire_sink sink = kept_sink(k);
        struct err err = {0};
        bool ok =
                imp_read(kept_file(file, all[i].text), NULL, &sink, NULL, &err);

        UNIT_CHECK(ok, "%s: %s", all[i].name, err.msg);
        UNIT_CHECK(
                k->n_machines == 1 && k->n_rejects == 0,
                "%s: %zu machines, %zu refused", all[i].name, k->n_machines,
                k->n_rejects);
        if (k->n_machines > 0)
            check(k, &all[i]);
        kept_free(k);
    }
}
#define RUN(file, all) run(file, all, sizeof all / sizeof *all)

#define BIOS(vendor, more)                                                     \
    "Handle 0x0000, DMI type 0, 24 bytes\nBIOS Information\n\tVendor: " vendor \
    "\n\tCharacteristics:\n\t\tACPI is supported\n" more "\n"
#define SYSTEM(maker, product, serial, uuid)                                   \
    "Handle 0x0001, DMI type 1, 27 bytes\nSystem Information\n"                \
    "\tManufacturer: " maker "\n\tProduct Name: " product                      \
    "\n\tSerial Number: " serial "\n\tUUID: " uuid "\n\n"
#define CPU(family, version)                                                   \
    "Handle 0x0004, DMI type 4, 42 bytes\nProcessor Information\n"             \
    "\tType: Central Processor\n\tFamily: " family "\n\tVersion: " version     \
    "\n\tStatus: Populated, Enabled\n\tCore Count: 2\n\n"
#define NOBODY "Not Specified"
#define UUID "a0b1c2d3-1111-4222-8333-944455556666"

static void test_dmidecode(void)
{
    static const struct guest guests[] = {
            {"AHV is Nutanix' hypervisor, a machine type is no processor",
             SYSTEM("Nutanix", "AHV", "S1", UUID)
                     CPU("Other", "RHEL 7.3.0 PC (i440FX + PIIX, 1996)"),
             1, 1, NAN, NULL, UUID, "S1"},
            {"a node of Nutanix is none",
             SYSTEM("Nutanix", "NX-3060", "S1", UUID) CPU("Xeon", "Xeon X"), 0,
             1, NAN, "Xeon X", UUID, "S1"},
            {"a guest by the characteristics of its BIOS",
             BIOS("Some Cloud", "\t\tSystem is a virtual machine\n")
                     SYSTEM("Some Cloud", "small.1", "S1", UUID),
             1, U, NAN, NULL, UUID, "S1"},
            {"the same cloud's metal",
             BIOS("Some Cloud", "") SYSTEM("Some Cloud", "small.1", "S1", UUID),
             0, U, NAN, NULL, UUID, "S1"},
            {"KVM of 2007 names its BIOS alone",
             BIOS("QEMU", "") SYSTEM(NOBODY, NOBODY, NOBODY, "Not Settable"), 1,
             U, NAN, NULL, NULL, NULL},
            {"a slot of 0 TB is empty, and memory unknown",
             SYSTEM("X", "BHYVE", "S1", UUID) "Handle 0x0011, DMI type 17, 40 "
                                              "bytes\nMemory Device\n"
                                              "\tSize: 0 TB\n\n",
             1, U, NAN, NULL, UUID, "S1"},
            {"a stepping names no processor",
             SYSTEM("X", "Y", "S1", UUID) CPU("ARMv8", "2.1"), 0, 1, NAN,
             "ARMv8", UUID, "S1"},
            {"nor does a socket called not installed",
             SYSTEM("X", "Y", "S1", UUID) CPU("Unknown", "Not Installed"), 0, 1,
             NAN, NULL, UUID, "S1"},
    };

    RUN("a.txt", guests);
}

static void test_fillers(void)
{
    static const struct guest guests[] = {
            {"a counted UUID",
             SYSTEM("X", "Y", "S1", "00020003-0004-0005-0006-000700080009"), 0,
             U, NAN, NULL, NULL, "S1"},
            {"in the other order",
             SYSTEM("X", "Y", "S1", "03000200-0400-0500-0006-000700080009"), 0,
             U, NAN, NULL, NULL, "S1"},
            {"in hexadecimal",
             SYSTEM("X", "Y", "S1", "01234567-89AB-CDEF-0123-4567890ABCDE"), 0,
             U, NAN, NULL, NULL, "S1"},
            {"a serial of a board", SYSTEM("X", "Y", "SYS-1234567890", UUID), 0,
             U, NAN, NULL, UUID, NULL},
    };

    RUN("a.txt", guests);
}

static void test_quiet(void)
{
    static const struct guest guests[] = {
            {"-q -t system",
             "System Information\n\tManufacturer: X\n\tProduct Name: Y\n"
             "\tSerial Number: S1\n\tUUID: " UUID "\n\tWake-up Type: Other\n",
             0, U, NAN, NULL, UUID, "S1"},
            {"-q -t processor",
             "Processor Information\n\tSocket Designation: U1\n"
             "\tType: Central Processor\n\tVersion: Xeon X\n"
             "\tStatus: Populated, Enabled\n\tCore Count: 2\n",
             U, 1, NAN, "Xeon X", NULL, NULL},
            {"-q -t memory",
             "Memory Device\n\tSize: 8 GB\n\tForm Factor: DIMM\n\n"
             "Memory Device\n\tSize: No Module Installed\n"
             "\tForm Factor: DIMM\n",
             U, U, 8, NULL, NULL, NULL},
            {"-q -t bios and system of a guest",
             "BIOS Information\n\tVendor: X\n\tCharacteristics:\n"
             "\t\tSystem is a virtual machine\n\n"
             "System Information\n\tManufacturer: X\n\tSerial Number: S1\n"
             "\tWake-up Type: Power Switch\n",
             1, U, NAN, NULL, NULL, "S1"},
    };

    RUN("a.txt", guests);
}

static void test_lshw(void)
{
    static const struct guest guests[] = {
            {"the firmware says so",
             "{\"id\":\"a\",\"class\":\"system\",\"claimed\":true,\"vendor\":"
             "\"Some Cloud\","
             "\"product\":\"small.1\",\"serial\":\"S1\",\"children\":[{"
             "\"id\":\"core\",\"class\":\"bus\",\"children\":[{"
             "\"id\":\"firmware\",\"class\":\"memory\",\"description\":"
             "\"BIOS\",\"capabilities\":{\"virtualmachine\":true}}]}]}",
             1, U, NAN, NULL, NULL, "S1"},
            {"the firmware does not",
             "{\"id\":\"a\",\"class\":\"system\",\"claimed\":true,\"vendor\":"
             "\"Some Cloud\","
             "\"product\":\"small.1\",\"serial\":\"S1\",\"children\":[{"
             "\"id\":\"core\",\"class\":\"bus\",\"children\":[{"
             "\"id\":\"firmware\",\"class\":\"memory\",\"description\":"
             "\"BIOS\",\"capabilities\":{\"uefi\":true}}]}]}",
             0, U, NAN, NULL, NULL, "S1"},
    };

    RUN("a.json", guests);
}

#define GLPI(content)                                                          \
    "<?xml version=\"1.0\"?><REQUEST><CONTENT>" content                        \
    "</CONTENT><DEVICEID>a</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>"
#define GLPI_CPU(name)                                                         \
    "<CPUS><CORE>2</CORE><MANUFACTURER>X</MANUFACTURER><NAME>" name            \
    "</NAME></CPUS>"
#define GLPI_BIOS(maker, model)                                                \
    "<BIOS><SMANUFACTURER>" maker "</SMANUFACTURER><SMODEL>" model             \
    "</SMODEL><SSN>S1</SSN></BIOS>"

static void test_glpi(void)
{
    static const struct guest guests[] = {
            {"a guest told of behind its memory",
             GLPI("<MEMORIES><CAPACITY>3840</CAPACITY></MEMORIES>"
                  "<MEMORIES><CAPACITY>128</CAPACITY></MEMORIES>" GLPI_BIOS(
                          "Xen", "HVM domU")),
             1, U, 3.875, NULL, NULL, "S1"},
            {"modules of a machine are snapped",
             GLPI("<MEMORIES><CAPACITY>3840</CAPACITY></MEMORIES>" GLPI_BIOS(
                     "X", "Y")),
             0, U, 4, NULL, NULL, "S1"},
            {"a machine type is no processor",
             GLPI(GLPI_BIOS("QEMU", "KVM") GLPI_CPU("pc-i440fx-2.1")), 1, 1,
             NAN, NULL, NULL, "S1"},
            {"nor is a version", GLPI(GLPI_BIOS("X", "Y") GLPI_CPU("2.1")), 0,
             1, NAN, NULL, NULL, "S1"},
    };

    RUN("a.xml", guests);
}

int main(void)
{
    static const struct unit_test tests[] = {
            {"guests by dmidecode", test_dmidecode},
            {"texts that nobody filled in", test_fillers},
            {"dmidecode -q", test_quiet},
            {"guests by lshw", test_lshw},
            {"guests by GLPI", test_glpi},
            {NULL, NULL},
    };

    return unit_main("importers_guests", tests);
}
