/* SPDX-License-Identifier: Apache-2.0
 * A topology of hwloc as it is read: the objects that are open, and what the
 * machine adds up to. */
#ifndef IMPORTERS_HWLOC_PRIV_H
#define IMPORTERS_HWLOC_PRIV_H

#include "base/xml.h"
#include "importers/hardware_priv.h"

enum hw_type {
    HW_OTHER,
    HW_MACHINE,
    HW_PACKAGE,
    HW_CORE,
    HW_PU,
    HW_NUMA,
    HW_PCI,
    HW_OSDEV,
    HW_MISC,
};

enum hw_info {
    HW_CPU_MODEL,
    HW_MODEL,
    HW_VENDOR,
    HW_SIZE,
    HW_SERIAL,
    HW_KIND, /* "Type": of a block device, of a memory node in version 1 */
    HW_PART_NUMBER,
    HW_GPU_VENDOR,
    HW_GPU_MODEL,
    HW_PCI_VENDOR,
    HW_PCI_DEVICE,
    HW_DAX,
    HW_HOST_NAME,
    HW_SYS_VENDOR,
    HW_PRODUCT_NAME,
    HW_PRODUCT_SERIAL,
    HW_PRODUCT_UUID,
    HW_CHASSIS_TYPE,
    HW_BOARD_VENDOR,
    HW_BOARD_NAME,
    HW_PLATFORM, /* of POWER, which has no DMI */
    HW_INFOS,
};

struct hw_object {
    enum hw_type type;
    bool element;        /* an <object>, not another tag */
    const char *subtype; /* texts are of the machine's arena */
    const char *name;
    const char *info[HW_INFOS];
    double memory; /* bytes of its own; NAN */
    int osdev_type;
    int cores; /* of a package */
    unsigned pci_class, pci_vendor, pci_device, pci_function;
    bool usb;              /* it or one above is a USB controller */
    const char *gpu_model; /* of the software devices below */
};

enum { HW_BACKENDS = 4, HW_MAX_NVME = 1024 };

struct hwloc {
    struct imp_host host;
    struct hw_object stack[XML_MAX_NESTING + 1]; /* by depth; the root is 1 */
    int depth, version;
    bool open; /* a machine is being read */
    uint64_t machines;
    const char *info[HW_INFOS]; /* of the machine */
    int packages, cores, cores_alone, pus;
    int64_t last_pu;
    double numa_bytes, other_bytes, machine_bytes;
    int modules, modules_unsized;
    bool io, restricted;
    bool nvme[HW_MAX_NVME];
    int gpus, loose[HW_BACKENDS]; /* cards; devices without a PCI card */
    const char *loose_model;
};

/* Forgets the last machine. */
void hwloc_machine_begin(struct hwloc *t);
/* Judges an object that ends; t->depth is that of the one above. */
void hwloc_object_end(struct hwloc *t, const struct hw_object *o);
/* Settles and hands the machine over. */
bool hwloc_deliver(struct hwloc *t, struct err *err);

#endif
