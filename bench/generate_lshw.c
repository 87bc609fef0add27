/* SPDX-License-Identifier: Apache-2.0
 * What lshw -xml prints for the machines of the fleet, about 34 kB each: two
 * thirds are flags of processors, as in real ones. */
#include "bench.h"

#include <inttypes.h>

static const char *const flags[] = {
        "fpu",      "vme",    "de",       "pse",      "tsc",      "msr",
        "pae",      "mce",    "cx8",      "apic",     "sep",      "mtrr",
        "pge",      "mca",    "cmov",     "pat",      "pse36",    "clflush",
        "dts",      "acpi",   "mmx",      "fxsr",     "sse",      "sse2",
        "ss",       "ht",     "tm",       "pbe",      "syscall",  "nx",
        "pdpe1gb",  "rdtscp", "x86-64",   "art",      "pebs",     "bts",
        "nopl",     "aperf",  "pni",      "monitor",  "ds_cpl",   "vmx",
        "smx",      "est",    "tm2",      "ssse3",    "sdbg",     "fma",
        "cx16",     "xtpr",   "pdcm",     "pcid",     "dca",      "sse4_1",
        "sse4_2",   "x2apic", "movbe",    "popcnt",   "aes",      "xsave",
        "avx",      "f16c",   "rdrand",   "lahf_lm",  "abm",      "epb",
        "fsgsbase", "bmi1",   "avx2",     "smep",     "bmi2",     "erms",
        "invpcid",  "rtm",    "avx512f",  "avx512dq", "rdseed",   "adx",
        "smap",     "clwb",   "avx512cd", "avx512bw", "xsaveopt", "xsavec",
        "ida",      "arat",   "pln",      "pts",      "pku",      "cpufreq"};

enum { FLAGS = sizeof flags / sizeof *flags };

static void put_cpu(FILE *f, const struct gen_machine *m, int i)
{
    fprintf(f,
            "    <node id=\"cpu:%d\" claimed=\"true\" class=\"processor\" "
            "handle=\"DMI:040%d\">\n     <description>CPU</description>\n"
            "     <product>Intel(R) %s CPU @ 2.10GHz</product>\n"
            "     <vendor>Intel Corp.</vendor>\n     <physid>40%d</physid>\n"
            "     <businfo>cpu@%d</businfo>\n     <version>6.85.4</version>\n"
            "     <slot>CPU%d</slot>\n     <size "
            "units=\"Hz\">2100000000</size>\n"
            "     <capacity units=\"Hz\">4000000000</capacity>\n"
            "     <width units=\"bits\">64</width>\n"
            "     <clock units=\"Hz\">10000000</clock>\n     <configuration>\n"
            "      <setting id=\"cores\" value=\"%d\" />\n"
            "      <setting id=\"enabledcores\" value=\"%d\" />\n"
            "      <setting id=\"threads\" value=\"%d\" />\n"
            "     </configuration>\n     <capabilities>\n",
            i, i, m->cpu, i, i, i + 1, m->cores / m->cpus, m->cores / m->cpus,
            2 * m->cores / m->cpus);
    for (size_t k = 0; k < FLAGS; k++)
        fprintf(f,
                "      <capability id=\"%s\" >processor feature of that name, "
                "in words: %s</capability>\n",
                flags[k], flags[k]);
    fputs("     </capabilities>\n    </node>\n", f);
}

static void put_bank(FILE *f, int i, int gib)
{
    fprintf(f,
            "      <node id=\"bank:%d\" claimed=\"true\" class=\"memory\" "
            "handle=\"DMI:11%02X\">\n       <description>DIMM DDR4 Synchronous "
            "Registered (Buffered) 2666 MHz (0.4 ns)</description>\n"
            "       <product>M393A4K40BB2-CTD</product>\n"
            "       <vendor>00CE00B300CE</vendor>\n"
            "       <physid>%d</physid>\n       <serial>4FA0%04X</serial>\n"
            "       <slot>A%d</slot>\n       <size units=\"bytes\">%" PRIu64
            "</size>\n       <width units=\"bits\">64</width>\n"
            "       <clock units=\"Hz\">2666000000</clock>\n      </node>\n",
            i, i, i, i, i + 1, (uint64_t)gib << 30);
}

static void put_device(
        FILE *f, int i, const char *id, const char *class, const char *what,
        const char *product, const char *size)
{
    fprintf(f,
            "      <node id=\"%s:%d\" claimed=\"true\" class=\"%s\" "
            "handle=\"PCI:0000:%02x:00.0\">\n       <description>%s"
            "</description>\n       <product>%s</product>\n"
            "       <vendor>Maker of it</vendor>\n       <physid>0</physid>\n"
            "       <businfo>pci@0000:%02x:00.0</businfo>\n"
            "       <logicalname>/dev/%s%d</logicalname>\n"
            "       <serial>S%02X%06d</serial>\n"
            "       <version>02</version>\n%s"
            "       <width units=\"bits\">64</width>\n"
            "       <clock units=\"Hz\">33000000</clock>\n"
            "       <configuration>\n        <setting id=\"driver\" "
            "value=\"%s\" "
            "/>\n        <setting id=\"latency\" value=\"0\" />\n"
            "       </configuration>\n       <capabilities>\n"
            "        <capability id=\"pm\" >Power Management</capability>\n"
            "        <capability id=\"msi\" >Message Signalled Interrupts"
            "</capability>\n        <capability id=\"pciexpress\" >PCI Express"
            "</capability>\n       </capabilities>\n       <resources>\n"
            "        <resource type=\"irq\" value=\"%d\" />\n"
            "        <resource type=\"memory\" value=\"%08x-%08x\" />\n"
            "       </resources>\n      </node>\n",
            id, i, class, i, what, product, i, id, i, i, i * 37, size, id,
            i + 16, (unsigned)i << 20, ((unsigned)i << 20) + 0xfffff);
}

static void put_host(FILE *f, const struct gen_machine *m)
{
    char size[80];
    int bus = 1;

    fprintf(f,
            "<node id=\"%s\" claimed=\"true\" class=\"system\" "
            "handle=\"DMI:0100\">\n <description>Rack Mount Chassis"
            "</description>\n <product>%s (SKU=1;ModelName=%s)</product>\n"
            " <vendor>%s</vendor>\n <serial>%s</serial>\n <configuration>\n"
            "  <setting id=\"chassis\" value=\"rackmount\" />\n"
            " </configuration>\n  <node id=\"core\" claimed=\"true\" "
            "class=\"bus\" handle=\"DMI:0200\">\n",
            m->tag, m->model, m->model, m->maker, m->serial);
    for (int i = 0; i < 2; i++)
        put_cpu(f, m, i);
    fputs("    <node id=\"memory\" claimed=\"true\" class=\"memory\" "
          "handle=\"DMI:1000\">\n     <description>System Memory</description>"
          "\n     <slot>System board or motherboard</slot>\n",
          f);
    for (int i = 0; i < m->ram_a; i++)
        put_bank(f, i, m->ram_a_gib);
    for (int i = 0; i < m->ram_b; i++)
        put_bank(f, m->ram_a + i, m->ram_b_gib);
    fputs("    </node>\n    <node id=\"pci\" claimed=\"true\" "
          "class=\"bridge\" handle=\"PCIBUS:0000:00\">\n",
          f);
    for (int i = 0; i < 7; i++)
        put_device(
                f, bus++, "network", "network", "Ethernet interface",
                "Ethernet Controller X710 for 10GbE SFP+", "");
    for (int i = 0; i < m->gpus; i++)
        put_device(f, bus++, "display", "display", "3D controller", m->gpu, "");
    snprintf(
            size, sizeof size,
            "       <size units=\"bytes\">%" PRIu64 "</size>\n",
            (uint64_t)m->hdd_a_tb * 1000000000000);
    for (int i = 0; i < m->hdd_a; i++)
        put_device(f, bus++, "disk", "disk", "SCSI Disk", "ST4000NM0115", size);
    fputs("    </node>\n  </node>\n</node>\n", f);
}

bool gen_lshw(const char *path, uint64_t n)
{
    FILE *f = fopen(path, "w");

    if (!f)
        return false;
    fputs("<?xml version=\"1.0\" standalone=\"yes\" ?>\n<list>\n", f);
    for (uint64_t i = 0; i < n; i++) {
        struct gen_machine m;

        gen_machine(i, &m);
        put_host(f, &m);
    }
    fputs("</list>\n", f);
    return fclose(f) == 0;
}
