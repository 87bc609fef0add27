/* SPDX-License-Identifier: Apache-2.0
 * One system of a Redfish service with the parts that lead to it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "importers/redfish_priv.h"

static bool absent(const cJSON *v)
{
    return text_same(rf_state(v), "Absent");
}

bool rf_same(
        struct imp_host *h, const cJSON *a, const cJSON *b, const char *key)
{
    const char *x = imp_str(h, a, key), *y = imp_str(h, b, key);

    return x && y && strcmp(x, y) == 0;
}

/* ---- what belongs together ---------------------------------------------- */

static bool of_chassis(
        const struct rf_tree *t, const char *id, const struct rf_item *system)
{
    const cJSON *link;

    cJSON_ArrayForEach(link, imp_at(system->v, "Links/Chassis"))
    {
        const cJSON *to = imp_at(link, "@odata.id");

        if (cJSON_IsString(to) && rf_below(id, to->valuestring))
            return true;
    }
    for (size_t i = 0; i < t->n_items; i++) {
        const struct rf_item *c = &t->items[i];

        if (c->kind == RF_CHASSIS && rf_below(id, c->id) &&
            rf_linked(c->v, "Links/ComputerSystems", system->id))
            return true;
    }
    return false;
}

static bool of_storage(
        const struct rf_tree *t, const char *id, const struct rf_item *system)
{
    for (size_t i = 0; i < t->n_items; i++) {
        const struct rf_item *s = &t->items[i];

        if (s->kind == RF_STORAGE && rf_below(s->id, system->id) &&
            rf_linked(s->v, "Drives", id))
            return true;
    }
    return false;
}

static bool below_a_system(const struct rf_tree *t, const char *id)
{
    for (size_t i = 0; i < t->n_items; i++)
        if (t->items[i].kind == RF_SYSTEM && rf_below(id, t->items[i].id))
            return true;
    return false;
}

bool rf_of_system(
        const struct rf_tree *t, const struct rf_item *part,
        const struct rf_item *system)
{
    if (rf_below(part->id, system->id))
        return true;
    if (part->kind == RF_DRIVE && of_storage(t, part->id, system))
        return true;
    if (part->kind == RF_PCIE && rf_linked(system->v, "PCIeDevices", part->id))
        return true;
    if (below_a_system(t, part->id))
        return false;
    return t->n_systems == 1 || of_chassis(t, part->id, system);
}

/* ---- processors --------------------------------------------------------- */

static bool has_digit(const char *s)
{
    return s && strpbrk(s, "0123456789");
}

/* Some boards keep the name in VendorId and a filler in Model. */
static const char *cpu_model(struct imp_host *h, const cJSON *v)
{
    const char *model = imp_str(h, v, "Model");
    const char *vendor = imp_str(h, v, "ProcessorId/VendorId");

    if (has_digit(model))
        return model;
    if (has_digit(vendor))
        return vendor;
    return model && !text_same(model, "Central Processor") ? model : NULL;
}

static bool is_gpu_name(const char *model)
{
    static const char *const words[] = {"gpu",    "nvidia",
                                        "tesla",  "instinct",
                                        "a100",   "h100",
                                        "h200",   "b200",
                                        "v100",   "p100",
                                        "quadro", "geforce",
                                        "radeon", "rtx",
                                        "a800",   "h800",
                                        "mi2",    "mi3",
                                        "gaudi",  "l40",
                                        "hgx",    "data center gpu max",
                                        NULL};

    return imp_has_any(model, words);
}

static bool type_is(const cJSON *v, const char *type)
{
    const cJSON *t = imp_at(v, "ProcessorType");

    return cJSON_IsString(t) && text_same(t->valuestring, type);
}

/* Cores and threads of a processor stand below it. */
static bool is_socket(const struct rf_item *p)
{
    const char *at = strstr(p->id, "/Processors/");

    return !at || !strchr(at + 12, '/');
}

static bool is_processor_of(
        const struct rf_tree *t, const struct rf_item *p,
        const struct rf_item *system, bool gpu)
{
    bool is_gpu = type_is(p->v, "GPU") || type_is(p->v, "Accelerator");

    if (p->kind != RF_PROCESSOR || p->taken || absent(p->v) || !is_socket(p) ||
        is_gpu != gpu)
        return false;
    if (!gpu && imp_at(p->v, "ProcessorType") && !type_is(p->v, "CPU"))
        return false;
    return rf_of_system(t, p, system);
}

/* The other die of a module has the same name and, where it has one, the same
 * serial; only modules that are known to have two dies are joined. */
static bool same_module(struct imp_host *h, const cJSON *a, const cJSON *b)
{
    const char *model = imp_str(h, a, "Model");

    if (rf_same(h, a, b, "SerialNumber"))
        return true;
    return rf_same(h, a, b, "Name") && rf_same(h, a, b, "Model") &&
           (imp_has(model, "(mcm)") || imp_has(model, "mi200") ||
            imp_has(model, "mi250"));
}

/* Lenovo names a card where it is plugged in alone. */
static const char *
card_model(const struct rf_tree *t, struct imp_host *h, const cJSON *v)
{
    const cJSON *to = imp_at(v, "Links/PCIeDevice/@odata.id");
    const char *model = imp_str(h, v, "Model");

    for (size_t i = 0; !model && cJSON_IsString(to) && i < t->n_items; i++)
        if (t->items[i].kind == RF_PCIE &&
            text_same(t->items[i].id, to->valuestring))
            model = imp_str(h, t->items[i].v, "Model");
    return model;
}

static uint32_t
read_gpus(struct rf_tree *t, const struct rf_item *system, struct imp_host *h)
{
    uint32_t cards = 0, dies = 0;

    for (size_t i = 0; i < t->n_items; i++) {
        struct rf_item *p = &t->items[i];

        if (!is_processor_of(t, p, system, true))
            continue;
        p->taken = true;
        for (size_t j = i + 1; j < t->n_items; j++) {
            struct rf_item *other = &t->items[j];

            if (is_processor_of(t, other, system, true) &&
                same_module(h, p->v, other->v)) {
                other->taken = true;
                dies++;
                break;
            }
        }
        cards += imp_host_gpu(
                h, imp_str(h, p->v, "Manufacturer"), card_model(t, h, p->v),
                imp_str(h, p->v, "SerialNumber"), 1);
    }
    if (dies > 0)
        imp_host_warn(
                h, "%u modules of two dies are counted once each",
                (unsigned)dies);
    return cards;
}

/* Boards that list no GPU among the processors may show it on the bus. */
static uint32_t read_bus(
        struct rf_tree *t, const struct rf_item *system, enum rf_kind kind,
        struct imp_host *h)
{
    uint32_t cards = 0;

    for (size_t i = 0; i < t->n_items; i++) {
        const cJSON *v = t->items[i].v;
        const char *model, *type;

        if (t->items[i].kind != kind || absent(v) ||
            !rf_of_system(t, &t->items[i], system))
            continue;
        model = imp_str(h, v, "Model");
        type = imp_str(h, v, "DeviceType");
        if (!is_gpu_name(model))
            model = imp_str(h, v, "Name");
        if (((type && text_same(type, "GPU")) || is_gpu_name(model)) &&
            !imp_has(model, "connectx") && !imp_has(model, "bluefield"))
            cards += imp_host_gpu(
                    h, imp_str(h, v, "Manufacturer"), model,
                    imp_str(h, v, "SerialNumber"), 1);
    }
    return cards;
}

/* Counts of the system itself: they may add GPUs and take a GPU's name, and
 * LogicalProcessorCount are threads. */
static void read_summary(const struct rf_item *system, struct imp_host *h)
{
    const cJSON *now = imp_at(system->v, "ProcessorSummary");
    const cJSON *s = now ? now : imp_at(system->v, "Processors"); /* drafts */
    const char *model = imp_str(h, s, "Model");
    int n = imp_host_count(
            h, s, "Count", "ProcessorSummary.Count", WIRE_MAX_SOCKETS);
    int cores = imp_host_count(
            h, s, "CoreCount", "ProcessorSummary.CoreCount", WIRE_MAX_CORES);

    if (n < 0)
        return;
    if (!model)
        model = imp_str(h, s, "ProcessorFamily");
    if (is_gpu_name(model)) {
        imp_host_warn(
                h,
                "ProcessorSummary counts cards among %d processors, the "
                "number of sockets is unknown",
                n);
        return;
    }
    if (model && text_same(model, "Central Processor"))
        model = NULL;
    imp_host_cpu(
            h, model, (uint32_t)n,
            cores > 0 && cores % n == 0 ? cores / n : -1);
}

/* Fewer processors were saved than the system counts, all of one model: the
 * others are like them. A count that adds cards says nothing. */
static void add_unsaved(
        struct rf_tree *t, const struct rf_item *system, struct imp_host *h,
        int saved, const char *model, int cores)
{
    const cJSON *s = imp_at(system->v, "ProcessorSummary");
    const char *stated = imp_str(h, s, "Model");
    int n = imp_count(s, "Count", WIRE_MAX_SOCKETS);

    if (n <= saved || !stated || !model || !text_same(stated, model) ||
        is_gpu_name(stated))
        return;
    for (size_t i = 0; i < t->n_items; i++) {
        const struct rf_item *p = &t->items[i];

        if (p->kind == RF_PROCESSOR && rf_of_system(t, p, system) &&
            (type_is(p->v, "GPU") || type_is(p->v, "Accelerator")))
            return;
    }
    imp_host_warn(
            h,
            "%d of the system's %d processors were saved, the others are taken "
            "to be like them",
            saved, n);
    imp_host_cpu(h, model, (uint32_t)(n - saved), cores);
}

/* The processors below a system that were saved. */
static bool read_saved_cpus(
        struct rf_tree *t, const struct rf_item *system, struct imp_host *h)
{
    const char *model = NULL, *name;
    bool any = false, alike = true;
    int saved = 0, all_cores = -1;

    for (size_t i = 0; i < t->n_items; i++) {
        struct rf_item *p = &t->items[i];
        int cores;

        if (!is_processor_of(t, p, system, false))
            continue;
        p->taken = any = true;
        cores = imp_host_count(h, p->v, "TotalCores", "TotalCores", 4096);
        if (cores < 0 && !imp_at(p->v, "Model") &&
            !imp_at(p->v, "SerialNumber"))
            continue; /* an empty socket */
        imp_host_cpu(h, cpu_model(h, p->v), 1, cores);
        name = imp_str(h, p->v, "Model");
        alike = alike && name &&
                (saved == 0 || (cores == all_cores && text_same(model, name)));
        model = name ? name : "";
        all_cores = cores;
        saved++;
    }
    if (alike && saved > 0)
        add_unsaved(t, system, h, saved, model, all_cores);
    return any;
}

/* ---- memory ------------------------------------------------------------- */

static double module_gib(struct imp_host *h, const cJSON *v)
{
    const char *type = imp_str(h, v, "MemoryDeviceType");
    double mib = imp_num(v, "CapacityMiB");

    if (isnan(mib))
        mib = imp_num(v, "SizeMB"); /* iLO 4, binary all the same */
    if (imp_has(imp_str(h, v, "DeviceLocator"), "logical nvdimm"))
        return 0; /* made of modules that stand beside it */
    if (!imp_host_within(
                h, "CapacityMiB", mib, 4194304.0,
                "expected 0 to 4194304 MiB in a module") ||
        !(mib > 0) || absent(v) || imp_has(type, "hbm") ||
        imp_has(type, "gddr"))
        return 0;
    return mib / 1024;
}

static void read_module(const cJSON *v, double gib, struct imp_host *h)
{
    static const char *const persistent[] = {
            "optane", "nvdimm_p", "xpoint", "nvdimm_f", NULL};

    if (imp_has_any(imp_str(h, v, "MemoryType"), persistent) ||
        imp_has_any(imp_raw(h, v, "MemoryMedia/0"), persistent))
        imp_host_part(
                h, CALC_OTHER, "persistent memory",
                imp_str(h, v, "SerialNumber"), 1, gib);
    else
        imp_host_module(
                h, gib, imp_raw(h, v, "PartNumber"),
                imp_raw(h, v, "SerialNumber"));
}

/* The modules, unless they are fewer than the system has: not every file of a
 * tree may have been saved. */
static bool
read_memory(struct rf_tree *t, const struct rf_item *system, struct imp_host *h)
{
    double total = imp_num(system->v, "MemorySummary/TotalSystemMemoryGiB");
    double sum = 0;
    bool any = false;

    if (isnan(total)) /* of drafts */
        total = imp_num(system->v, "Memory/TotalSystemMemoryGB");
    imp_host_memory(h, total);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < t->n_items; i++) {
            struct rf_item *item = &t->items[i];
            double gib;

            if (item->kind != RF_MEMORY || item->taken ||
                !rf_of_system(t, item, system))
                continue;
            gib = module_gib(h, item->v);
            if (round == 0) {
                sum += gib;
                continue;
            }
            item->taken = any = true;
            if (gib > 0 && !(total > 1.1 * sum))
                read_module(item->v, gib, h);
        }
    if (sum > 0 && total > 1.1 * sum)
        imp_host_warn(
                h,
                "the modules that were saved make %.4g GiB of the system's "
                "%.4g, which is taken",
                sum, total);
    return any;
}

/* ---- supplies and case -------------------------------------------------- */

static uint32_t read_supply(const cJSON *v, struct imp_host *h)
{
    if (absent(v) || (!imp_at(v, "Model") && !imp_at(v, "SerialNumber") &&
                      !(imp_num(v, "PowerCapacityWatts") > 0)))
        return 0;
    imp_host_psu(h, imp_raw(h, v, "Model"), imp_raw(h, v, "SerialNumber"));
    return 1;
}

/* Of the Power resource or, from newer services, of one resource each. */
static void read_supplies(
        struct rf_tree *t, const struct rf_item *system, struct imp_host *h)
{
    const cJSON *v;
    uint32_t n = 0;

    for (size_t i = 0; i < t->n_items; i++)
        if (t->items[i].kind == RF_POWER &&
            rf_of_system(t, &t->items[i], system))
            cJSON_ArrayForEach(v, imp_at(t->items[i].v, "PowerSupplies")) n +=
                    read_supply(v, h);
    for (size_t i = 0; i < t->n_items && n == 0; i++)
        if (t->items[i].kind == RF_SUPPLY &&
            rf_of_system(t, &t->items[i], system))
            read_supply(t->items[i].v, h);
}

static void
read_case(struct rf_tree *t, const struct rf_item *system, struct imp_host *h)
{
    for (size_t i = 0; i < t->n_items && h->m.chassis == CALC_CHASSIS_UNKNOWN;
         i++) {
        const struct rf_item *c = &t->items[i];
        const char *type = imp_str(h, c->v, "ChassisType");

        if (c->kind != RF_CHASSIS || !type ||
            (t->n_systems > 1 &&
             !rf_linked(system->v, "Links/Chassis", c->id) &&
             !rf_linked(c->v, "Links/ComputerSystems", system->id)))
            continue;
        h->m.chassis = text_same(type, "Sled") ? CALC_BLADE : imp_chassis(type);
    }
}

/* ---- the system --------------------------------------------------------- */

/* Dell writes the board's number into SerialNumber and its service tag, which
 * the firmware gives as serial, into SKU. */
static void read_identity(const struct rf_item *system, struct imp_host *h)
{
    const cJSON *v = system->v;
    struct wire_machine *m = &h->m;
    const char *sku = imp_str(h, v, "SKU"), *type = imp_str(h, v, "SystemType");

    m->manufacturer = imp_str(h, v, "Manufacturer");
    m->product = imp_str(h, v, "Model");
    m->serial = imp_str(h, v, "SerialNumber");
    m->uuid = imp_str(h, v, "UUID");
    m->name = imp_str(h, v, "HostName");
    if (m->name && text_same(m->name, "localhost"))
        m->name = NULL;
    if (sku && strlen(sku) == 7 && m->manufacturer &&
        text_starts(m->manufacturer, "Dell")) {
        if (m->serial && strcmp(sku, m->serial) != 0)
            imp_host_note(h, "board serial %.60s", m->serial);
        m->serial = sku;
    }
    if (type && (text_starts(type, "Virtual") || text_same(type, "OS")))
        m->is_virtual = 1;
    if (imp_has(m->manufacturer, "sushy emulator"))
        m->is_virtual = 1;
    if (m->is_virtual < 0 && type && text_same(type, "Physical") &&
        !imp_is_virtual(m->manufacturer, m->product))
        m->is_virtual = 0;
}

/* Nodes of one blade may share serial and product and have no other name. */
static void name_by_path(
        const struct rf_tree *t, const struct rf_item *system,
        struct imp_host *h)
{
    const char *folder = t->root && t->root[0] ? imp_base_name(t->root) : "";
    const char *last = strrchr(system->id, '/');
    bool of_name = folder[0] && strcmp(folder, "v1") != 0;

    if (h->m.name || (t->n_systems == 1 && (h->m.serial || h->m.uuid)))
        return;
    h->m.name = imp_host_text(
            h, "name",
            arena_printf(
                    &h->arena, "%.80s%s%.80s", of_name ? folder : "",
                    of_name ? "-" : "", last ? last + 1 : system->id));
}

static bool is_hgx(const struct rf_item *system)
{
    const char *last = strrchr(system->id, '/');

    return text_starts(last ? last + 1 : system->id, "HGX");
}

/* A baseboard of cards has a system of its own beside the one that it is in:
 * its cards are the other's. NVIDIA's counts the memory of its cards and, with
 * Grace, lists the processors of its host. */
static bool is_baseboard(const struct rf_tree *t, const struct rf_item *system)
{
    size_t hosts = 0;
    bool gpu = false;

    for (size_t i = 0; i < t->n_items; i++)
        hosts += t->items[i].kind == RF_SYSTEM && !is_hgx(&t->items[i]);
    if (is_hgx(system))
        return hosts == 1;
    if (t->n_systems != 2)
        return false;
    for (size_t i = 0; i < t->n_items; i++)
        if (t->items[i].kind == RF_PROCESSOR &&
            rf_below(t->items[i].id, system->id)) {
            if (!type_is(t->items[i].v, "GPU"))
                return false;
            gpu = true;
        }
    return gpu && !(imp_num(system->v, "ProcessorSummary/Count") > 0) &&
           !(imp_num(system->v, "MemorySummary/TotalSystemMemoryGiB") > 0);
}

static uint32_t
read_baseboards(struct rf_tree *t, struct rf_item *system, struct imp_host *h)
{
    uint32_t n = 0;

    for (size_t i = 0; i < t->n_items; i++)
        if (t->items[i].kind == RF_SYSTEM && &t->items[i] != system &&
            is_baseboard(t, &t->items[i]))
            n += read_gpus(t, &t->items[i], h);
    return n;
}

/* Where a tray of Grace lists its processors with the cards alone, they are
 * taken from there; else the system's own counts. */
static bool
read_cpus(struct rf_tree *t, struct rf_item *system, struct imp_host *h)
{
    bool any = read_saved_cpus(t, system, h);

    for (size_t i = 0; i < t->n_items && !any; i++)
        if (t->items[i].kind == RF_SYSTEM && &t->items[i] != system &&
            is_baseboard(t, &t->items[i]))
            any = read_saved_cpus(t, &t->items[i], h);
    if (!any)
        read_summary(system, h);
    return any;
}

/* A network card with processors and a BMC of its own is in a server. */
static bool is_card(const struct rf_item *system, struct imp_host *h)
{
    const char *type = imp_str(h, system->v, "SystemType");
    const char *last = strrchr(system->id, '/');

    return (type && text_same(type, "DPU")) ||
           text_same(last ? last + 1 : system->id, "Bluefield");
}

bool rf_deliver_system(
        struct rf_tree *t, struct rf_item *system, struct imp_host *h,
        struct err *err)
{
    bool cpus, modules;

    if (is_baseboard(t, system))
        return true;
    if (is_card(system, h)) {
        imp_host_warn(
                h, "a network card with a BMC of its own, a part of the server "
                   "that it is in, is passed over");
        return true;
    }
    read_identity(system, h);
    name_by_path(t, system, h);
    cpus = read_cpus(t, system, h);
    modules = read_memory(t, system, h);
    rf_disks(t, system, h);
    if (read_gpus(t, system, h) + read_baseboards(t, system, h) == 0 &&
        read_bus(t, system, RF_PCIE, h) == 0)
        read_bus(t, system, RF_DEVICE, h);
    read_supplies(t, system, h);
    read_case(t, system, h);
    h->m.partial = !cpus || !modules;
    h->m.has_category = true;
    h->m.category = CALC_SERVER;
    for (size_t i = 0; i < h->n_parts; i++)
        if (h->parts[i].kind == CALC_GPU)
            h->m.category = CALC_GPU_NODE;
    return imp_host_deliver(h, err);
}
