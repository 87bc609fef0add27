/* SPDX-License-Identifier: Apache-2.0
 * hwloc's topologies, of lstopo --of xml: versions 1 (Socket), 2 and 3
 * (Package). */
#include "importers/hwloc_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"

/* ---- objects ------------------------------------------------------------ */

static enum hw_type type_of(const char *word)
{
    static const struct {
        const char *word;
        enum hw_type type;
    } words[] = {
            {"PU", HW_PU},          {"Core", HW_CORE},
            {"PCIDev", HW_PCI},     {"OSDev", HW_OSDEV},
            {"NUMANode", HW_NUMA},  {"Package", HW_PACKAGE},
            {"Socket", HW_PACKAGE}, {"Machine", HW_MACHINE},
            {"Misc", HW_MISC},      {"Node", HW_NUMA},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0)
            return words[i].type;
    return HW_OTHER;
}

static int64_t whole(const char *text)
{
    int64_t n = -1;

    return text && num_parse_int(text, strlen(text), 0, INT32_MAX, &n, NULL)
                   ? n
                   : -1;
}

/* "0302 [10de:06d2] [00de:0030] a3 00" at "0000:06:00.0". */
static void read_pci(struct hw_object *o, const char *type, const char *bus)
{
    const char *dot = bus ? strrchr(bus, '.') : NULL;
    char *end;

    if (!type || strlen(type) < 16 || type[4] != ' ' || type[5] != '[' ||
        type[10] != ':')
        return;
    o->pci_class = (unsigned)strtoul(type, &end, 16);
    o->pci_vendor = (unsigned)strtoul(type + 6, &end, 16);
    o->pci_device = (unsigned)strtoul(type + 11, &end, 16);
    if (dot)
        o->pci_function = (unsigned)strtoul(dot + 1, &end, 16);
}

static bool differ(const char *a, const char *b)
{
    return a && b && strcmp(a, b) != 0;
}

static void
machine_attrs(struct hwloc *t, const struct xml_attr *attrs, size_t n)
{
    const char *complete = xml_attr_get(attrs, n, "complete_cpuset");

    t->machine_bytes = imp_number(xml_attr_get(attrs, n, "local_memory"));
    t->restricted = differ(complete, xml_attr_get(attrs, n, "cpuset")) ||
                    differ(complete, xml_attr_get(attrs, n, "allowed_cpuset"));
}

static const char *
keep(struct hwloc *t, const struct xml_attr *attrs, size_t n, const char *name)
{
    const char *value = xml_attr_get(attrs, n, name);

    return value && value[0] ? arena_strn(
                                       &t->host.arena, value,
                                       strnlen(value, 4 * WIRE_MAX_TEXT + 1))
                             : NULL;
}

static bool object_begin(
        struct hwloc *t, struct hw_object *o, const struct xml_attr *attrs,
        size_t n, struct err *err)
{
    const char *type = xml_attr_get(attrs, n, "type");
    int64_t pu;

    o->element = true;
    o->type = type ? type_of(type) : HW_OTHER;
    /* a view of one memory node has that as its root */
    if (o->type == HW_MACHINE ||
        (t->depth == 2 && (o->type == HW_NUMA || o->type == HW_PACKAGE))) {
        if (t->open && !hwloc_deliver(t, err))
            return false;
        hwloc_machine_begin(t);
        machine_attrs(t, attrs, n);
    }
    switch (o->type) {
    case HW_PU:
        pu = whole(xml_attr_get(attrs, n, "os_index"));
        t->pus++;
        if (pu > t->last_pu)
            t->last_pu = pu;
        break;
    case HW_NUMA:
        o->memory = imp_number(xml_attr_get(attrs, n, "local_memory"));
        o->subtype = keep(t, attrs, n, "subtype");
        break;
    case HW_PCI:
        t->io = true;
        read_pci(
                o, xml_attr_get(attrs, n, "pci_type"),
                xml_attr_get(attrs, n, "pci_busid"));
        o->usb = o->usb || o->pci_class == 0x0c03;
        break;
    case HW_OSDEV:
        t->io = true;
        o->name = keep(t, attrs, n, "name");
        o->subtype = keep(t, attrs, n, "subtype");
        o->osdev_type = (int)whole(xml_attr_get(attrs, n, "osdev_type"));
        break;
    case HW_MISC:
        o->subtype = keep(t, attrs, n, "subtype");
        if (!o->subtype)
            o->subtype = keep(t, attrs, n, "name");
        break;
    default:
        break;
    }
    return true;
}

static void take_info(
        struct hwloc *t, struct hw_object *o, const struct xml_attr *attrs,
        size_t n)
{
    static const struct {
        const char *name;
        enum hw_info info;
    } names[] = {
            {"CPUModel", HW_CPU_MODEL},
            {"Model", HW_MODEL},
            {"Vendor", HW_VENDOR},
            {"Size", HW_SIZE},
            {"SerialNumber", HW_SERIAL},
            {"Type", HW_KIND},
            {"PartNumber", HW_PART_NUMBER},
            {"GPUVendor", HW_GPU_VENDOR},
            {"GPUModel", HW_GPU_MODEL},
            {"PCIVendor", HW_PCI_VENDOR},
            {"PCIDevice", HW_PCI_DEVICE},
            {"DAXDevice", HW_DAX},
            {"DAXType", HW_DAX},
            {"HostName", HW_HOST_NAME},
            {"DMISysVendor", HW_SYS_VENDOR},
            {"DMIProductName", HW_PRODUCT_NAME},
            {"DMIProductSerial", HW_PRODUCT_SERIAL},
            {"DMIProductUUID", HW_PRODUCT_UUID},
            {"DMIChassisType", HW_CHASSIS_TYPE},
            {"DMIBoardVendor", HW_BOARD_VENDOR},
            {"DMIBoardName", HW_BOARD_NAME},
            {"PlatformModel", HW_PLATFORM},
    };
    const char *name = xml_attr_get(attrs, n, "name"), **to;

    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i].name) != 0)
            continue;
        /* of the topology in version 3, of the machine before */
        to = o->element && o->type != HW_MACHINE ? o->info : t->info;
        if (!to[names[i].info])
            to[names[i].info] = keep(t, attrs, n, "value");
        return;
    }
}

static int version_of(const char *text)
{
    double version = imp_number(text); /* version 1 had no such attribute */

    return version >= 1 && version < 100 ? (int)version : 1;
}

static bool on_start(
        void *ctx, const char *element, const struct xml_attr *attrs, size_t n,
        struct err *err)
{
    struct hwloc *t = ctx;
    struct hw_object *up = &t->stack[t->depth], *o;

    if (t->depth == 0) {
        if (strcmp(element, "topology") != 0 && strcmp(element, "root") != 0)
            return err_set(
                    err, ERR_INVALID,
                    "the root is '%.60s', expected topology as lstopo writes "
                    "it",
                    element);
        t->version = version_of(xml_attr_get(attrs, n, "version"));
    }
    if (strcmp(element, "info") == 0 && (up->element || t->depth == 1))
        take_info(t, up, attrs, n);
    o = &t->stack[++t->depth];
    *o = (struct hw_object){.memory = NAN, .osdev_type = -1, .usb = up->usb};
    return strcmp(element, "object") != 0 || object_begin(t, o, attrs, n, err);
}

static bool
on_end(void *ctx, const char *element, const char *text, struct err *err)
{
    struct hwloc *t = ctx;
    const struct hw_object *o = &t->stack[t->depth--];

    (void)element, (void)text, (void)err;
    if (!o->element || !t->open)
        return true;
    hwloc_object_end(t, o);
    return true;
}

/* ---- the format --------------------------------------------------------- */

static bool
hwloc_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct hwloc *t = xcalloc(1, sizeof *t);
    const struct xml_handler handler = {
            .ctx = t, .start = on_start, .end = on_end};
    FILE *in = NULL;
    bool ok = false;

    imp_host_open(&t->host, sink, path);
    if (!file_open(path, &in, err) ||
        !xml_read_file(in, t->host.file, &handler, err))
        goto done;
    if (!t->open && t->machines == 0) {
        err_set(err, ERR_INVALID, "no object of type Machine");
        err_in(err, "%s", t->host.file);
        goto done;
    }
    ok = !t->open || hwloc_deliver(t, err);
done:
    if (in && in != stdin)
        fclose(in);
    imp_host_close(&t->host);
    free(t);
    return ok;
}

static int hwloc_recognise(const char *head, size_t len, const char *file_name)
{
    char root[16];

    (void)file_name;
    return xml_root(head, len, root, sizeof root) &&
                           strcmp(root, "topology") == 0
                   ? 90
                   : 0;
}

const struct imp_format imp_hwloc_xml = {
        .name = "hwloc-xml",
        .what = "hwloc: lstopo --of xml, as root for disks and serials",
        .recognise = hwloc_recognise,
        .read = hwloc_read,
};
