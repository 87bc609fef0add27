/* SPDX-License-Identifier: Apache-2.0
 * What the objects of hwloc mean: packages, memory nodes, disks and cards. */
#include "importers/hwloc_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

void hwloc_machine_begin(struct hwloc *t)
{
    imp_host_begin(&t->host, t->machines > 0 ? t->machines + 1 : 0);
    memset(t->info, 0, sizeof t->info);
    t->packages = t->cores = t->cores_alone = t->pus = 0;
    t->last_pu = -1;
    t->numa_bytes = t->other_bytes = 0;
    t->machine_bytes = NAN;
    t->modules = t->modules_unsized = 0;
    t->io = t->restricted = false;
    memset(t->nvme, 0, sizeof t->nvme);
    t->gpus = 0;
    memset(t->loose, 0, sizeof t->loose);
    t->loose_model = NULL;
    t->open = true;
}

/* ---- settling ----------------------------------------------------------- */

static void settle_memory(struct hwloc *t)
{
    static const double gib = 1073741824.0;
    struct imp_host *h = &t->host;
    double bytes = t->numa_bytes > 0 ? t->numa_bytes : t->machine_bytes;

    imp_host_memory(h, bytes / gib);
    if (t->other_bytes > 0)
        imp_host_note(
                h, "%.4g GiB of high-bandwidth, device or persistent memory",
                t->other_bytes / gib);
    if (t->modules_unsized && t->modules_unsized == t->modules)
        imp_host_note(h, "%d memory modules", t->modules);
}

static void settle_cores(struct hwloc *t)
{
    struct imp_host *h = &t->host;

    if (t->packages == 0 && t->cores_alone > 0) {
        h->m.cpu_cores = t->cores_alone;
        imp_host_warn(h, "cores without a package: the sockets are not known");
    }
    if (t->restricted && t->cores > 0)
        h->cores = t->cores; /* a processor may be listed without its own */
    if (t->restricted)
        imp_host_warn(
                h, "a restricted view: the processors listed are fewer than "
                   "the machine has");
    else if (t->last_pu >= t->pus)
        imp_host_warn(
                h,
                "%d processors are listed, numbered up to %lld: a restricted "
                "view, or threads switched off",
                t->pus, (long long)t->last_pu);
}

/* Devices that hang on no PCI card: each backend lists the same ones. */
static void settle_cards(struct hwloc *t)
{
    int most = 0;

    for (int i = 0; i < HW_BACKENDS; i++)
        if (t->loose[i] > most)
            most = t->loose[i];
    if (t->gpus == 0 && most > 0)
        imp_host_gpu(&t->host, NULL, t->loose_model, NULL, (uint32_t)most);
    if (t->io)
        t->host.seen |= 1u << CALC_GPU;
}

bool hwloc_deliver(struct hwloc *t, struct err *err)
{
    struct imp_host *h = &t->host;
    struct wire_machine *m = &h->m;

    m->name = imp_host_text(h, "HostName", t->info[HW_HOST_NAME]);
    m->manufacturer = imp_host_text(h, "DMISysVendor", t->info[HW_SYS_VENDOR]);
    m->product = imp_host_text(h, "DMIProductName", t->info[HW_PRODUCT_NAME]);
    if (!m->manufacturer)
        m->manufacturer =
                imp_host_text(h, "DMIBoardVendor", t->info[HW_BOARD_VENDOR]);
    if (!m->product)
        m->product = imp_host_text(h, "DMIBoardName", t->info[HW_BOARD_NAME]);
    if (!m->product)
        m->product = imp_host_text(h, "PlatformModel", t->info[HW_PLATFORM]);
    m->serial =
            imp_host_text(h, "DMIProductSerial", t->info[HW_PRODUCT_SERIAL]);
    m->uuid = imp_host_text(h, "DMIProductUUID", t->info[HW_PRODUCT_UUID]);
    m->chassis = imp_chassis(t->info[HW_CHASSIS_TYPE]);
    m->partial = !t->io;
    settle_memory(t);
    settle_cores(t);
    settle_cards(t);
    t->open = false;
    t->machines++;
    return imp_host_deliver(h, err);
}

/* ---- judging ------------------------------------------------------------ */

static struct hw_object *above(struct hwloc *t, enum hw_type type)
{
    for (int i = t->depth; i > 0; i--)
        if (t->stack[i].type == type)
            return &t->stack[i];
    return NULL;
}

/* "06/57": family and model for want of a name. */
static bool is_number_pair(const char *model)
{
    return model && model[strspn(model, "0123456789/ ")] == '\0';
}

static void end_core(struct hwloc *t)
{
    struct hw_object *package = above(t, HW_PACKAGE);

    t->cores++;
    if (package)
        package->cores++;
    else
        t->cores_alone++;
}

static void end_package(struct hwloc *t, const struct hw_object *o)
{
    const char *model = o->info[HW_CPU_MODEL];

    if (!model)
        model = t->info[HW_CPU_MODEL];
    if (is_number_pair(model))
        model = NULL;
    t->packages++;
    imp_host_cpu(&t->host, model, 1, o->cores > 0 ? o->cores : -1);
}

static void end_numa(struct hwloc *t, const struct hw_object *o)
{
    static const char *const dram[] = {"dram", NULL};
    const char *kind = o->subtype ? o->subtype : o->info[HW_KIND];

    if (!imp_host_within(
                &t->host, "local_memory", o->memory, 1e15,
                "expected 0 to 1e15 bytes") ||
        !(o->memory > 0))
        return;
    if (o->info[HW_DAX] || (kind && !imp_has_any(kind, dram)) ||
        imp_has(kind, "mcdram"))
        t->other_bytes += o->memory; /* HBM, MCDRAM, NVM, GPU memory */
    else
        t->numa_bytes += o->memory;
}

/* A number of KiB, with its unit in newer versions. */
static double size_gib(const struct hw_object *o)
{
    return imp_gib_parse(o->info[HW_SIZE], 1.0 / 1024);
}

static void end_misc(struct hwloc *t, const struct hw_object *o)
{
    double gib = size_gib(o);

    if (!o->subtype || strcmp(o->subtype, "MemoryModule") != 0)
        return;
    if (imp_has(o->info[HW_KIND], "flash"))
        return;
    t->modules++;
    if (gib > 0 || gib < 0)
        imp_host_module(
                &t->host, gib, o->info[HW_PART_NUMBER], o->info[HW_SERIAL]);
    else
        t->modules_unsized++;
}

/* Not pmem, dax, mem, md, dm, loop: memory and what lies upon disks. */
static bool is_block(const struct hwloc *t, const struct hw_object *o)
{
    static const char *const names[] = {"sd",   "hd",     "vd",  "xvd",
                                        "nvme", "mmcblk", "ada", "da",
                                        "sr",   "cciss",  NULL};

    if (t->version >= 3 ? (o->osdev_type & 3) != 1 : o->osdev_type != 0)
        return false;
    if (!o->name || text_starts(o->name, "dax"))
        return false;
    for (size_t i = 0; names[i]; i++)
        if (text_starts(o->name, names[i]))
            return true;
    return false;
}

/* nvme0n1 and nvme0n2 are namespaces of one disk. */
static bool nvme_again(struct hwloc *t, const char *name)
{
    double n;

    if (!text_starts(name, "nvme"))
        return false;
    n = imp_number(name + 4);
    if (!(n >= 0 && n < HW_MAX_NVME))
        return false;
    if (t->nvme[(int)n])
        return true;
    t->nvme[(int)n] = true;
    return false;
}

static void end_block(struct hwloc *t, const struct hw_object *o)
{
    static const char *const disks[] = {"disk", "ssd", "hdd", NULL};
    const char *kind = o->subtype ? o->subtype : o->info[HW_KIND];
    double gib = size_gib(o);

    t->host.seen |= 1u << CALC_HDD | 1u << CALC_SSD;
    if ((kind && !imp_has_any(kind, disks)) || text_starts(o->name, "sr") ||
        o->usb || nvme_again(t, o->name))
        return;
    imp_host_disk(
            &t->host,
            &(struct imp_disk){
                    .model = o->info[HW_MODEL],
                    .maker = o->info[HW_VENDOR],
                    .serial = o->info[HW_SERIAL],
                    .what = o->name,
                    .gb = gib > 0 || gib < 0 ? gib * 1.073741824 : NAN,
                    .hint = imp_has(kind, "ssd")   ? IMP_DISK_SSD
                            : imp_has(kind, "hdd") ? IMP_DISK_HDD
                                                   : IMP_DISK_UNSAID});
}

/* cuda0, nvml0, rsmi0 and ze0 are what software sees of a card. */
static void end_software(struct hwloc *t, const struct hw_object *o)
{
    static const char *const backends[HW_BACKENDS] = {
            "nvml", "cuda", "rsmi", "ze"};
    struct hw_object *card = above(t, HW_PCI);
    const char *model = o->info[HW_GPU_MODEL];

    for (int i = 0; o->name && i < HW_BACKENDS; i++) {
        if (!text_starts(o->name, backends[i]))
            continue;
        if (card) {
            if (model && !card->gpu_model)
                card->gpu_model = model;
        } else {
            t->loose[i]++;
            if (!t->loose_model)
                t->loose_model = model;
        }
    }
}

static const char *vendor_name(unsigned id)
{
    switch (id) {
    case 0x10de:
        return "NVIDIA";
    case 0x1002:
        return "AMD";
    case 0x8086:
        return "Intel";
    default:
        return NULL;
    }
}

static void end_card(struct hwloc *t, const struct hw_object *o)
{
    const char *vendor = o->info[HW_PCI_VENDOR];
    const char *model = o->gpu_model;

    if (o->pci_function != 0 || imp_pci_gpu_none(o->pci_vendor, o->pci_device))
        return; /* a second head or a virtual function */
    if (!model)
        model = imp_pci_gpu(o->pci_vendor, o->pci_device);
    if (!model)
        model = o->info[HW_PCI_DEVICE];
    if (o->pci_vendor == 0x8086) { /* known as a card by its number */
        t->gpus++;
        imp_host_part(&t->host, CALC_GPU, model, NULL, 1, NAN);
        return;
    }
    if (!vendor)
        vendor = vendor_name(o->pci_vendor);
    if (imp_host_gpu(&t->host, vendor, model, NULL, 1))
        t->gpus++;
}

static void end_pci(struct hwloc *t, const struct hw_object *o)
{
    switch (o->pci_class) {
    case 0x0300:
    case 0x0302:
        end_card(t, o);
        break;
    case 0x0380:
    case 0x1200: /* Instinct and Ponte Vecchio */
        if (o->pci_vendor == 0x1002 || o->pci_vendor == 0x8086)
            end_card(t, o);
        break;
    case 0x0104:
        if (o->pci_vendor != 0x8086)
            imp_host_controller(&t->host, o->info[HW_PCI_DEVICE]);
        break;
    default:
        break;
    }
}

void hwloc_object_end(struct hwloc *t, const struct hw_object *o)
{
    switch (o->type) {
    case HW_CORE:
        end_core(t);
        break;
    case HW_PACKAGE:
        end_package(t, o);
        break;
    case HW_NUMA:
        end_numa(t, o);
        break;
    case HW_PCI:
        end_pci(t, o);
        break;
    case HW_MISC:
        end_misc(t, o);
        break;
    case HW_OSDEV:
        if (is_block(t, o))
            end_block(t, o);
        else
            end_software(t, o);
        break;
    default:
        break;
    }
}
