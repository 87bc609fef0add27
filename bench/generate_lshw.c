/* SPDX-License-Identifier: Apache-2.0
 * What lshw -xml prints for the machines of the fleet: some 70 nodes and 34 kB
 * each, of which the flags of the processors are a quarter, the rest caches,
 * slots, bridges and devices, as in real ones. */
#include "bench.h"

#include <inttypes.h>

/* lshw has words for the old ones alone. */
static const struct {
    const char *id, *words;
} flags[] = {
        {"lm", "64bits extensions (x86-64)"},
        {"fpu", "mathematical co-processor"},
        {"fpu_exception", "FPU exceptions reporting"},
        {"wp", NULL},
        {"vme", "virtual mode extensions"},
        {"de", "debugging extensions"},
        {"pse", "page size extensions"},
        {"tsc", "time stamp counter"},
        {"msr", "model-specific registers"},
        {"pae", "4GB+ memory addressing (Physical Address Extension)"},
        {"mce", "machine check exceptions"},
        {"cx8", "compare and exchange 8-byte"},
        {"apic", "on-chip advanced programmable interrupt controller (APIC)"},
        {"sep", "fast system calls"},
        {"mtrr", "memory type range registers"},
        {"pge", "page global enable"},
        {"mca", "machine check architecture"},
        {"cmov", "conditional move instruction"},
        {"pat", "page attribute table"},
        {"pse36", "36-bit page size extensions"},
        {"clflush", NULL},
        {"dts", "debug trace and EMON store MSRs"},
        {"acpi", "thermal control (ACPI)"},
        {"mmx", "multimedia extensions (MMX)"},
        {"fxsr", "fast floating point save/restore"},
        {"sse", "streaming SIMD extensions (SSE)"},
        {"sse2", "streaming SIMD extensions (SSE2)"},
        {"ss", "self-snoop"},
        {"ht", "HyperThreading"},
        {"tm", "thermal interrupt and status"},
        {"pbe", "pending break event"},
        {"syscall", "fast system calls"},
        {"nx", "no-execute bit (NX)"},
        {"x86-64", "64bits extensions (x86-64)"},
};
static const char *const more_flags[] = {
        "pdpe1gb",
        "rdtscp",
        "constant_tsc",
        "art",
        "arch_perfmon",
        "pebs",
        "bts",
        "rep_good",
        "nopl",
        "xtopology",
        "nonstop_tsc",
        "cpuid",
        "aperfmperf",
        "pni",
        "pclmulqdq",
        "dtes64",
        "monitor",
        "ds_cpl",
        "vmx",
        "smx",
        "est",
        "tm2",
        "ssse3",
        "sdbg",
        "fma",
        "cx16",
        "xtpr",
        "pdcm",
        "pcid",
        "dca",
        "sse4_1",
        "sse4_2",
        "x2apic",
        "movbe",
        "popcnt",
        "tsc_deadline_timer",
        "aes",
        "xsave",
        "avx",
        "f16c",
        "rdrand",
        "lahf_lm",
        "abm",
        "3dnowprefetch",
        "cpuid_fault",
        "epb",
        "cat_l3",
        "cdp_l3",
        "invpcid_single",
        "pti",
        "intel_ppin",
        "ssbd",
        "mba",
        "ibrs",
        "ibpb",
        "stibp",
        "tpr_shadow",
        "vnmi",
        "flexpriority",
        "ept",
        "vpid",
        "ept_ad",
        "fsgsbase",
        "tsc_adjust",
        "bmi1",
        "avx2",
        "smep",
        "bmi2",
        "erms",
        "invpcid",
        "cqm",
        "mpx",
        "rdt_a",
        "avx512f",
        "avx512dq",
        "rdseed",
        "adx",
        "smap",
        "clflushopt",
        "clwb",
        "intel_pt",
        "avx512cd",
        "avx512bw",
        "avx512vl",
        "xsaveopt",
        "xsavec",
        "xgetbv1",
        "xsaves",
        "cqm_llc",
        "cqm_occup_llc",
        "cqm_mbm_total",
        "cqm_mbm_local",
        "dtherm",
        "ida",
        "arat",
        "pln",
        "pts",
        "cpufreq",
};

enum { FLAGS = sizeof flags / sizeof *flags };
enum { MORE_FLAGS = sizeof more_flags / sizeof *more_flags };
enum { SLOTS = 20 };

static void put_cpu(FILE *f, const struct gen_machine *m, int i)
{
    fprintf(f,
            "    <node id=\"cpu:%d\" claimed=\"true\" class=\"processor\" "
            "handle=\"DMI:040%d\">\n     <description>CPU</description>\n"
            "     <product>%s</product>\n"
            "     <vendor>Intel Corp.</vendor>\n     <physid>40%d</physid>\n"
            "     <businfo>cpu@%d</businfo>\n     <version>6.85.4</version>\n"
            "     <slot>CPU%d</slot>\n     <size "
            "units=\"Hz\">2100000000</size>\n"
            "     <capacity units=\"Hz\">4000000000</capacity>\n"
            "     <width units=\"bits\">64</width>\n"
            "     <clock units=\"Hz\">10000000</clock>\n     <configuration>\n"
            "      <setting id=\"cores\" value=\"%d\" />\n"
            "      <setting id=\"enabledcores\" value=\"%d\" />\n"
            "      <setting id=\"microcode\" value=\"33581318\" />\n"
            "      <setting id=\"threads\" value=\"%d\" />\n"
            "     </configuration>\n     <capabilities>\n",
            i, i, m->cpu, i, i, i + 1, m->cores / m->cpus, m->cores / m->cpus,
            2 * m->cores / m->cpus);
    for (size_t k = 0; k < FLAGS; k++)
        if (flags[k].words)
            fprintf(f, "      <capability id=\"%s\" >%s</capability>\n",
                    flags[k].id, flags[k].words);
        else
            fprintf(f, "      <capability id=\"%s\" />\n", flags[k].id);
    for (size_t k = 0; k < MORE_FLAGS; k++)
        fprintf(f, "      <capability id=\"%s\" />\n", more_flags[k]);
    fputs("     </capabilities>\n    </node>\n", f);
}

static void put_cache(FILE *f, int i, int level)
{
    fprintf(f,
            "    <node id=\"cache:%d\" claimed=\"true\" class=\"memory\" "
            "handle=\"DMI:070%d\">\n     <description>L%d cache"
            "</description>\n     <physid>70%d</physid>\n"
            "     <size units=\"bytes\">%d</size>\n"
            "     <capacity units=\"bytes\">%d</capacity>\n"
            "     <configuration>\n"
            "      <setting id=\"level\" value=\"%d\" />\n"
            "     </configuration>\n     <capabilities>\n"
            "      <capability id=\"internal\" >Internal</capability>\n"
            "      <capability id=\"write-back\" >Write-back</capability>\n"
            "     </capabilities>\n    </node>\n",
            i, i, level, i, 1 << (17 + 3 * level), 1 << (17 + 3 * level),
            level);
}

static void put_bank(FILE *f, uint64_t host, int i, int gib)
{
    fprintf(f,
            "     <node id=\"bank:%d\" claimed=\"true\" class=\"memory\" "
            "handle=\"DMI:11%02X\">\n      <description>DIMM DDR4 Synchronous "
            "Registered (Buffered) 2666 MHz (0.4 ns)</description>\n"
            "      <product>M393A4K40BB2-CTD</product>\n"
            "      <vendor>00CE00B300CE</vendor>\n"
            "      <physid>%d</physid>\n      <serial>%08X</serial>\n"
            "      <slot>A%d</slot>\n      <size units=\"bytes\">%" PRIu64
            "</size>\n      <width units=\"bits\">64</width>\n"
            "      <clock units=\"Hz\">2666000000</clock>\n     </node>\n",
            i, i, i, (unsigned)(host * SLOTS + (uint64_t)i) * 2654435761u,
            i + 1, (uint64_t)gib << 30);
}

static void put_empty_bank(FILE *f, int i)
{
    fprintf(f,
            "     <node id=\"bank:%d\" class=\"memory\" "
            "handle=\"DMI:11%02X\">\n"
            "      <description>[empty]</description>\n"
            "      <physid>%d</physid>\n      <slot>A%d</slot>\n"
            "     </node>\n",
            i, i, i, i + 1);
}

struct device {
    const char *id, *class, *what, *product, *vendor, *driver;
    uint64_t bytes; /* 0: no size, and none of a serial */
};

static void put_device(FILE *f, uint64_t host, int i, const struct device *d)
{
    fprintf(f,
            "     <node id=\"%s:%d\" claimed=\"true\" class=\"%s\" "
            "handle=\"PCI:0000:%02x:00.0\">\n"
            "      <description>%s</description>\n"
            "      <product>%s</product>\n      <vendor>%s</vendor>\n"
            "      <physid>%x</physid>\n"
            "      <businfo>pci@0000:%02x:00.0</businfo>\n",
            d->id, i, d->class, i, d->what, d->product, d->vendor, i, i);
    if (d->bytes > 0)
        fprintf(f,
                "      <logicalname>/dev/sd%c</logicalname>\n"
                "      <serial>S%02X%08" PRIX64 "</serial>\n"
                "      <size units=\"bytes\">%" PRIu64 "</size>\n",
                'a' + i % 26, i, host * 7919, d->bytes);
    if (d->driver)
        fprintf(f,
                "      <width units=\"bits\">64</width>\n"
                "      <clock units=\"Hz\">33000000</clock>\n"
                "      <configuration>\n"
                "       <setting id=\"driver\" value=\"%s\" />\n"
                "       <setting id=\"latency\" value=\"0\" />\n"
                "      </configuration>\n      <capabilities>\n"
                "       <capability id=\"pm\" >Power Management</capability>\n"
                "       <capability id=\"pciexpress\" >PCI Express"
                "</capability>\n      </capabilities>\n      <resources>\n"
                "       <resource type=\"irq\" value=\"%d\" />\n"
                "       <resource type=\"memory\" value=\"%08x-%08x\" />\n"
                "      </resources>\n",
                d->driver, i + 16, (unsigned)i << 20,
                ((unsigned)i << 20) + 0xfffff);
    fputs("     </node>\n", f);
}

/* What hangs on the buses: how many of each a machine has. */
static void put_devices(FILE *f, const struct gen_machine *m, uint64_t host)
{
    const struct {
        int n;
        struct device d;
    } all[] = {
            {16,
             {"generic", "generic", "System peripheral",
              "Sky Lake-E CHA Registers", "Intel Corporation", NULL, 0}},
            {4,
             {"pci", "bridge", "PCI bridge", "Sky Lake-E PCI Express Root Port",
              "Intel Corporation", "pcieport", 0}},
            {1,
             {"usb", "bus", "USB controller",
              "C620 Series Chipset Family USB 3.0 xHCI Controller",
              "Intel Corporation", "xhci_hcd", 0}},
            {2,
             {"network", "network", "Ethernet interface",
              "Ethernet Controller X710 for 10GbE SFP+", "Intel Corporation",
              "i40e", 0}},
            {1,
             {"sata", "storage", "SATA controller",
              "C620 Series Chipset Family SATA Controller [AHCI mode]",
              "Intel Corporation", "ahci", 0}},
            {1,
             {"vga", "display", "VGA compatible controller",
              "Integrated Matrox G200eW3 Graphics Controller",
              "Matrox Electronics Systems Ltd.", "mgag200", 0}},
            {m->gpus,
             {"display", "display", "3D controller", m->gpu,
              "NVIDIA Corporation", "nvidia", 0}},
            {m->hdd_a,
             {"disk", "disk", "SCSI Disk", "ST4000NM0115", "Seagate", NULL,
              (uint64_t)m->hdd_a_tb * 1000000000000}},
            {m->ssd,
             {"disk", "disk", "ATA Disk", "SSDSC2KB480G8R", "Intel", NULL,
              (uint64_t)m->ssd_gb * 1000000000}},
    };
    int bus = 0;

    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        for (int i = 0; i < all[k].n; i++)
            put_device(f, host, bus++, &all[k].d);
}

static void put_host(FILE *f, const struct gen_machine *m, uint64_t host)
{
    int filled = m->ram_a + m->ram_b;

    fprintf(f,
            "<node id=\"%s\" claimed=\"true\" class=\"system\" "
            "handle=\"DMI:0100\">\n <description>Rack Mount Chassis"
            "</description>\n <product>%s (SKU=1;ModelName=%s)</product>\n"
            " <vendor>%s</vendor>\n <serial>%s</serial>\n <configuration>\n"
            "  <setting id=\"chassis\" value=\"rackmount\" />\n"
            "  <setting id=\"uuid\" value=\"4c4c4544-0042-3510-8052-%012" PRIx64
            "\" />\n"
            " </configuration>\n  <node id=\"core\" claimed=\"true\" "
            "class=\"bus\" handle=\"DMI:0200\">\n   <description>Motherboard"
            "</description>\n   <product>0H28RR</product>\n"
            "   <vendor>%s</vendor>\n   <physid>0</physid>\n",
            m->tag, m->model, m->model, m->maker, m->serial, host + 1,
            m->maker);
    for (int i = 0; i < m->cpus; i++) {
        for (int level = 1; level <= 3; level++)
            put_cache(f, 3 * i + level - 1, level);
        put_cpu(f, m, i);
    }
    fputs("    <node id=\"memory\" claimed=\"true\" class=\"memory\" "
          "handle=\"DMI:1000\">\n     <description>System Memory</description>"
          "\n     <slot>System board or motherboard</slot>\n",
          f);
    for (int i = 0; i < m->ram_a; i++)
        put_bank(f, host, i, m->ram_a_gib);
    for (int i = m->ram_a; i < filled; i++)
        put_bank(f, host, i, m->ram_b_gib);
    for (int i = filled; i < SLOTS; i++)
        put_empty_bank(f, i);
    fputs("    </node>\n    <node id=\"pci\" claimed=\"true\" "
          "class=\"bridge\" handle=\"PCIBUS:0000:00\">\n",
          f);
    put_devices(f, m, host);
    fputs("    </node>\n  </node>\n", f);
    for (int i = 0; i < m->psus; i++)
        fprintf(f,
                "  <node id=\"power:%d\" claimed=\"true\" class=\"power\">\n"
                "   <product>PWR SPLY,750W,RDNT</product>\n"
                "   <vendor>%s</vendor>\n   <physid>%d</physid>\n"
                "   <serial>CN%08" PRIX64 "%d</serial>\n"
                "   <capacity units=\"mWh\">750</capacity>\n  </node>\n",
                i, m->maker, i + 1, host * 31, i);
    fputs("</node>\n", f);
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
        put_host(f, &m, i);
    }
    fputs("</list>\n", f);
    return fclose(f) == 0;
}
