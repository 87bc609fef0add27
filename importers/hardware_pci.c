/* SPDX-License-Identifier: Apache-2.0
 * Display devices known by their PCI numbers alone. */
#include "importers/hardware_priv.h"

const char *imp_pci_gpu(unsigned vendor, unsigned device)
{
    static const struct {
        unsigned short vendor, device;
        const char *name;
    } cards[] = {
#define GPU(vendor, device, name) {vendor, device, name},
#include "importers/gpus.def"
#undef GPU
    };

    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++)
        if (cards[i].vendor == vendor && cards[i].device == device)
            return cards[i].name;
    return NULL;
}

/* Makers of BMCs and of virtual machines; Intel, whose cards are few. */
bool imp_pci_gpu_none(unsigned vendor, unsigned device)
{
    static const unsigned makers[] = {
            0x102b, /* Matrox */ 0x1a03,     /* ASPEED */
            0x18ca, /* XGI */ 0x126f,        /* Silicon Motion */
            0x19e5, /* Huawei BMC */ 0x1013, /* Cirrus */
            0x1234, /* bochs */ 0x15ad,      /* VMware */
            0x80ee, /* VirtualBox */ 0x1af4, /* virtio */
            0x1b36, /* QXL */ 0x1414,        /* Hyper-V */
            0x1ab8, /* Parallels */ 0x5853,  /* Xen */
            0x1106, /* VIA */ 0x1039,        /* SiS */
            0x5333, /* S3 */ 0x1d17,         /* Zhaoxin */
    };

    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (makers[i] == vendor)
            return true;
    if (vendor == 0x1002) /* ES1000, Rage XL and Radeon 7000 on boards */
        return device == 0x515e || device == 0x4752 || device == 0x5159 ||
               device == 0x5969;
    if (vendor == 0x8086) /* DG1, Alchemist, Flex, Ponte Vecchio, Battlemage */
        return !(
                (device >= 0x4905 && device <= 0x4909) ||
                (device >= 0x5690 && device <= 0x56c1) ||
                (device >= 0x0bd0 && device <= 0x0bdb) ||
                (device >= 0xe202 && device <= 0xe223));
    return false;
}
