/* SPDX-License-Identifier: Apache-2.0
 * What nodes of lshw mean: matched on their class, not on their id, with the
 * phantoms left out. */
#include "importers/lshw_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static const double GIB = 1073741824.0;

void lshw_open(struct lshw *l, const struct wire_sink *sink, const char *path)
{
    memset(l, 0, sizeof *l);
    imp_host_open(&l->host, sink, path);
}

void lshw_close(struct lshw *l)
{
    imp_host_close(&l->host);
}

static enum lshw_class class_of(const char *word)
{
    static const struct {
        const char *word;
        enum lshw_class class;
    } words[] = {
            {"system", LSHW_SYSTEM},       {"bus", LSHW_BUS},
            {"processor", LSHW_PROCESSOR}, {"memory", LSHW_MEMORY},
            {"storage", LSHW_STORAGE},     {"disk", LSHW_DISK},
            {"display", LSHW_DISPLAY},     {"power", LSHW_POWER},
    };

    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (word[0] == words[i].word[0] && strcmp(word, words[i].word) == 0)
            return words[i].class;
    return LSHW_OTHER;
}

static struct lshw_node *top(struct lshw *l)
{
    return l->depth > 0 ? &l->stack[l->depth - 1] : NULL;
}

bool lshw_wanted(const struct lshw *l)
{
    return l->depth > 0 && l->stack[l->depth - 1].class != LSHW_OTHER;
}

bool lshw_wants(const struct lshw *l, enum lshw_field field)
{
    enum lshw_class class =
            l->depth > 0 ? l->stack[l->depth - 1].class : LSHW_OTHER;

    switch (field) {
    case LSHW_LOGICALNAME:
        return false;
    case LSHW_VERSION:
    case LSHW_SLOT:
        return class == LSHW_PROCESSOR;
    case LSHW_CAPACITY:
        return class == LSHW_POWER;
    case LSHW_VENDOR:
        return class != LSHW_OTHER && class != LSHW_MEMORY;
    default:
        return class != LSHW_OTHER;
    }
}

bool lshw_wants_settings(const struct lshw *l)
{
    return lshw_wanted(l) && l->stack[l->depth - 1].class != LSHW_MEMORY;
}

bool lshw_wants_capabilities(const struct lshw *l)
{
    return l->depth > 0 && l->stack[l->depth - 1].class == LSHW_DISK;
}

static void machine_begin(struct lshw *l, bool whole)
{
    imp_host_begin(&l->host, l->machines > 0 ? l->machines + 1 : 0);
    l->n_cpus = 0;
    l->parents_gib = 0;
    l->board_vendor = l->board = NULL;
    l->whole = whole;
    l->open = l->root_ids = false;
}

static bool on_usb(const struct lshw_node *n)
{
    return n->usb || text_starts(n->id, "usb") ||
           (n->text[LSHW_BUSINFO] &&
            text_starts(n->text[LSHW_BUSINFO], "usb@")) ||
           (n->driver && (strcmp(n->driver, "usb-storage") == 0 ||
                          strcmp(n->driver, "uas") == 0));
}

/* The length of a name without the " [10DE:1028]" of lshw -numeric. */
static size_t name_len(const char *text)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    size_t len = strnlen(text, 4 * WIRE_MAX_TEXT + 1), vendor, device;
    const char *at = text + len;

    if (len < 6 || at[-1] != ']')
        return len;
    while (at > text && *at != '[')
        at--;
    vendor = strspn(at + 1, hex);
    if (at - text < 2 || at[-1] != ' ' || vendor == 0 || at[1 + vendor] != ':')
        return len;
    device = strspn(at + 2 + vendor, hex);
    return device > 0 && at[2 + vendor + device] == ']'
                   ? (size_t)(at - 1 - text)
                   : len;
}

void lshw_text(struct lshw *l, enum lshw_field field, const char *text)
{
    struct lshw_node *n = top(l);

    if (n && n->class != LSHW_OTHER && text[0] && !n->text[field])
        n->text[field] = arena_strn(
                &l->host.arena, text,
                field == LSHW_PRODUCT ? name_len(text)
                                      : strnlen(text, 4 * WIRE_MAX_TEXT + 1));
}

void lshw_setting(struct lshw *l, const char *id, const char *value)
{
    struct lshw_node *n = top(l);
    struct arena *a = &l->host.arena;
    double number;

    if (!n || n->class == LSHW_OTHER)
        return;
    if (strcmp(id, "cores") == 0) {
        number = imp_number(value);
        n->cores = number >= 1 && number <= 4096 ? (int)number : -1;
        n->bad_cores = number < 0 || number > 4096 ? number : 0;
    } else if (strcmp(id, "driver") == 0) {
        n->driver = arena_strn(a, value, strnlen(value, 60));
    } else if (n->class == LSHW_SYSTEM && strcmp(id, "chassis") == 0) {
        n->chassis = arena_strn(a, value, strnlen(value, 60));
    } else if (n->class == LSHW_SYSTEM && strcmp(id, "uuid") == 0) {
        n->uuid = arena_strn(a, value, strnlen(value, 60));
    }
}

void lshw_capability(struct lshw *l, const char *id)
{
    struct lshw_node *n = top(l);
    size_t digits;

    if (n && n->class == LSHW_MEMORY && strcmp(id, "virtualmachine") == 0)
        l->host.m.is_virtual = 1; /* said by the firmware */
    if (!n || n->class != LSHW_DISK)
        return;
    digits = strspn(id, "0123456789");
    if (strcmp(id, "removable") == 0)
        n->removable = true;
    else if (digits > 2 && strcmp(id + digits, "rpm") == 0)
        n->turning = true;
}

/* ---- processors --------------------------------------------------------- */

/* "ARMv8 (900-2G530-0000-000)" is the family and the number of the part; the
 * name stands in the version: "Grace A02", "Kunpeng 920-4826". */
static const char *cpu_name(const struct lshw_node *n)
{
    const char *product = n->text[LSHW_PRODUCT];
    const char *version = n->text[LSHW_VERSION];

    if (version && text_starts(product, "ARMv") &&
        ((version[0] >= 'A' && version[0] <= 'Z') ||
         (version[0] >= 'a' && version[0] <= 'z')) &&
        !wire_placeholder(version))
        return version;
    return product;
}

static void judge_cpu(struct lshw *l, const struct lshw_node *n)
{
    struct lshw_cpu *c;

    if (!n->text[LSHW_PRODUCT] || n->disabled ||
        text_starts(n->id, "logicalcpu"))
        return;
    imp_host_cores(&l->host, n->bad_cores);
    if (l->n_cpus == LSHW_MAX_CPUS) {
        l->host.too_many = true;
        return;
    }
    c = &l->cpus[l->n_cpus++];
    c->product = cpu_name(n);
    c->cores = n->cores;
    c->sized = n->text[LSHW_SIZE] != NULL;
    c->slotted = n->text[LSHW_SLOT] || n->text[LSHW_VENDOR];
}

/* A device tree lists each core as a processor and knows no sockets. */
static bool of_device_tree(const struct lshw *l)
{
    for (size_t i = 0; i < l->n_cpus; i++)
        if (l->cpus[i].slotted ||
            strcmp(l->cpus[i].product, l->cpus[0].product) != 0)
            return false;
    return l->n_cpus > 1;
}

static void settle_cpus(struct lshw *l)
{
    bool any_sized = false, no_cores = false;

    if (of_device_tree(l)) {
        const char *product = l->cpus[0].product;

        imp_host_warn(
                &l->host,
                "%zu processors of a device tree, taken as the cores of one",
                l->n_cpus);
        imp_host_cpu(
                &l->host, strcmp(product, "cpu") == 0 ? NULL : product, 1,
                (int)l->n_cpus);
        return;
    }
    for (size_t i = 0; i < l->n_cpus; i++)
        any_sized = any_sized || l->cpus[i].sized;
    for (size_t i = 0; i < l->n_cpus; i++) {
        const struct lshw_cpu *c = &l->cpus[i];

        if (any_sized && !c->sized)
            continue; /* an empty socket still says what fits */
        imp_host_cpu(&l->host, c->product, 1, c->cores);
        no_cores = no_cores || c->cores < 0;
    }
    if (no_cores && (l->root_ids || l->host.modules_gib > 0))
        imp_host_warn(&l->host, "the number of cores is not said");
}

/* ---- memory ------------------------------------------------------------- */

/* Descriptions are in the user's language, ids are not. Memory with a bus is a
 * controller; "Generic Memory" may be anything. */
static bool is_system_memory(const struct lshw_node *n)
{
    static const char *const generic[] = {"generic", "rique", NULL};
    const char *what = n->text[LSHW_DESCRIPTION];

    if (n->class != LSHW_MEMORY)
        return false;
    return imp_has(what, "system memory") ||
           (text_starts(n->id, "memory") && !n->text[LSHW_BUSINFO] &&
            !imp_has_any(what, generic));
}

static double size_of(const struct lshw_node *n)
{
    double size = imp_number(n->text[LSHW_SIZE]);

    return size > 0 || size < 0 ? size : NAN;
}

static void judge_bank(struct lshw *l, const struct lshw_node *n, double gib)
{
    static const char *const persistent[] = {
            "non-volatile", "nvdimm", "persistent", "optane", NULL};
    const char *what = n->text[LSHW_DESCRIPTION];

    if (imp_has(what, "flash"))
        return;
    if (imp_has_any(what, persistent)) {
        imp_host_part(
                &l->host, CALC_OTHER, "persistent memory", n->text[LSHW_SERIAL],
                1, gib);
        return;
    }
    imp_host_module(&l->host, gib, n->text[LSHW_PRODUCT], n->text[LSHW_SERIAL]);
}

static void judge_memory(
        struct lshw *l, const struct lshw_node *n, const struct lshw_node *up)
{
    double gib = size_of(n) / GIB;

    if (isnan(gib))
        return; /* such as an empty slot */
    if (is_system_memory(n))
        l->parents_gib += gib;
    else if (text_starts(n->id, "bank") && up && is_system_memory(up))
        judge_bank(l, n, gib);
}

/* ---- disks -------------------------------------------------------------- */

static bool is_nvme(const struct lshw_node *n)
{
    return n->class == LSHW_STORAGE &&
           ((n->driver && strcmp(n->driver, "nvme") == 0) ||
            imp_has(n->text[LSHW_DESCRIPTION], "nvme") ||
            imp_has(n->text[LSHW_DESCRIPTION], "non-volatile memory"));
}

static void
judge_disk(struct lshw *l, const struct lshw_node *n, struct lshw_node *up)
{
    const char *id = n->id;
    double bytes = size_of(n);

    if (up && is_nvme(up)) {
        up->bytes += isnan(bytes) ? 0 : bytes;
        return; /* a namespace: the device above is the disk */
    }
    if (n->text[LSHW_BUSINFO] && text_starts(n->text[LSHW_BUSINFO], "virtio@"))
        l->host.m.is_virtual = 1;
    if (isnan(bytes) || text_starts(id, "cdrom") || text_starts(id, "medium"))
        return;
    imp_host_disk(
            &l->host,
            &(struct imp_disk){
                    .model = n->text[LSHW_PRODUCT],
                    .maker = n->text[LSHW_VENDOR],
                    .serial = n->text[LSHW_SERIAL],
                    .what = n->usb ? "usb" : n->text[LSHW_DESCRIPTION],
                    .gb = bytes / 1e9,
                    .hint = n->turning ? IMP_DISK_HDD : IMP_DISK_UNSAID,
                    .removable = n->removable});
}

static void judge_storage(struct lshw *l, const struct lshw_node *n)
{
    static const char *const plain[] = {
            "ahci", "ata_piix", "isci", "vmd", NULL};

    if (is_nvme(n) && !n->usb)
        imp_host_disk(
                &l->host,
                &(struct imp_disk){
                        .model = n->text[LSHW_PRODUCT],
                        .maker = n->text[LSHW_VENDOR],
                        .serial = n->text[LSHW_SERIAL],
                        .gb = n->bytes > 0 || n->bytes < 0 ? n->bytes / 1e9
                                                           : NAN,
                        .hint = IMP_DISK_SSD});
    else if (
            imp_has(n->text[LSHW_DESCRIPTION], "raid bus controller") &&
            !imp_has_any(n->driver, plain))
        imp_host_controller(&l->host, n->text[LSHW_PRODUCT]);
}

/* ---- cards and supplies ------------------------------------------------- */

/* Function 1 of a PCI device is the second head of the card at function 0;
 * frame buffers ("graphics") have no bus and no vendor. */
static void judge_display(struct lshw *l, const struct lshw_node *n)
{
    const char *bus = n->text[LSHW_BUSINFO];
    size_t len = bus ? strlen(bus) : 0;

    l->host.seen |= 1u << CALC_GPU;
    if (!n->text[LSHW_VENDOR])
        return;
    if (len > 2 && bus[len - 2] == '.' && bus[len - 1] != '0')
        return;
    imp_host_gpu(
            &l->host, n->text[LSHW_VENDOR], n->text[LSHW_PRODUCT], NULL, 1);
}

/* lshw writes the watts of a supply and calls them mWh; 32768 is no value. */
static void judge_power(struct lshw *l, const struct lshw_node *n)
{
    double watts = imp_number(n->text[LSHW_CAPACITY]);

    if (watts > 10000 && fmod(watts, 1000) < 0.5)
        watts /= 1000;
    if (text_starts(n->id, "battery") ||
        imp_has(n->text[LSHW_DESCRIPTION], "battery") ||
        !(watts >= 50 && watts <= 10000))
        return;
    imp_host_psu(&l->host, n->text[LSHW_PRODUCT], n->text[LSHW_SERIAL]);
}

/* ---- the machine -------------------------------------------------------- */

/* "PowerEdge R640 (SKU=NotProvided;ModelName=...)": lshw appends SKU and
 * family, which no other tool does. */
static const char *product_of(struct lshw *l, const char *product)
{
    const char *end = product ? strstr(product, " (") : NULL;
    size_t len = product ? strlen(product) : 0;

    if (len > 1 && product[0] == '(' && product[len - 1] == ')')
        return NULL; /* nothing but the SKU */
    if (!end || product[len - 1] != ')' || text_starts(product, "Standard PC"))
        return imp_host_text(&l->host, "product", product);
    return imp_host_text(
            &l->host, "product",
            arena_strn(&l->host.arena, product, (size_t)(end - product)));
}

static void read_root(struct lshw *l, const struct lshw_node *n)
{
    struct imp_host *h = &l->host;

    if (strcmp(n->id, "computer") != 0 && strcmp(n->id, "core") != 0 &&
        strcmp(n->id, "system") != 0)
        h->m.name = imp_host_text(h, "name", n->id);
    h->m.manufacturer = imp_host_text(h, "vendor", n->text[LSHW_VENDOR]);
    h->m.product = product_of(l, n->text[LSHW_PRODUCT]);
    if (!h->m.manufacturer)
        h->m.manufacturer = imp_host_text(h, "vendor", l->board_vendor);
    if (!h->m.product)
        h->m.product = imp_host_text(h, "product", l->board);
    h->m.serial = imp_host_text(h, "serial", n->text[LSHW_SERIAL]);
    h->m.uuid = imp_host_text(h, "uuid", n->uuid);
    h->m.chassis = imp_chassis(n->chassis);
    if (imp_is_virtual(n->text[LSHW_VENDOR], n->text[LSHW_PRODUCT]))
        h->m.is_virtual = 1;
    l->root_ids = h->m.serial || h->m.uuid || h->m.product;
}

static bool deliver(struct lshw *l, struct err *err)
{
    struct imp_host *h = &l->host;

    settle_cpus(l);
    imp_host_memory(h, l->parents_gib);
    if (l->open) {
        h->m.partial = true;
        imp_host_warn(
                h,
                "nodes without a system above them, as with -class: part "
                "of a machine%s",
                l->whole ? "" : ", named after the file");
    } else {
        h->seen |= 1u << CALC_GPU;
        if (!l->root_ids && h->modules_gib <= 0)
            imp_host_warn(
                    h, "no serial and no memory modules: run lshw as root");
    }
    if (!l->whole)
        h->m.name = imp_host_file_name(h);
    l->open = false;
    l->machines++;
    return imp_host_deliver(h, err);
}

/* ---- the tree ------------------------------------------------------------ */

static bool root_begin(struct lshw *l, struct lshw_node *n, struct err *err)
{
    if (n->class == LSHW_SYSTEM) {
        if (l->open && !deliver(l, err))
            return false;
        machine_begin(l, true);
    } else if (!l->open) {
        machine_begin(l, false);
        l->open = true;
    }
    return true;
}

/* Known before the first disk is judged. */
static void root_read_on(struct lshw *l, struct lshw_node *n)
{
    n->nodes = true;
    if (l->depth == 1 && l->whole &&
        imp_is_virtual(n->text[LSHW_VENDOR], n->text[LSHW_PRODUCT]))
        l->host.m.is_virtual = 1;
}

bool lshw_node_begin(
        struct lshw *l, const char *class, const char *id, bool disabled,
        struct err *err)
{
    struct lshw_node *up = top(l), *n;

    if (l->depth == LSHW_MAX_NESTING)
        return err_set(err, ERR_LIMIT, "nodes nested deeper than 64");
    n = &l->stack[l->depth];
    *n = (struct lshw_node){
            .class = class_of(class), .cores = -1, .disabled = disabled};
    if (n->class == LSHW_SYSTEM && id && text_starts(id, "pnp"))
        n->class = LSHW_OTHER; /* a PnP device, no computer */
    if (l->depth == 0 && !root_begin(l, n, err))
        return false;
    if (up && !up->nodes)
        root_read_on(l, up);
    l->depth++;
    n->id = n->class == LSHW_OTHER || !id
                    ? ""
                    : arena_strn(&l->host.arena, id, strnlen(id, 80));
    n->usb = up && on_usb(up);
    return true;
}

bool lshw_node_end(struct lshw *l, struct err *err)
{
    struct lshw_node *n, *up;

    if (l->depth == 0)
        return true;
    n = &l->stack[--l->depth];
    up = top(l);
    switch (n->class) {
    case LSHW_BUS:
        if (l->depth == 1 && strcmp(n->id, "core") == 0) {
            l->board_vendor = n->text[LSHW_VENDOR];
            l->board = n->text[LSHW_PRODUCT];
        }
        break;
    case LSHW_PROCESSOR:
        judge_cpu(l, n);
        break;
    case LSHW_MEMORY:
        judge_memory(l, n, up);
        break;
    case LSHW_STORAGE:
        judge_storage(l, n);
        break;
    case LSHW_DISK:
        judge_disk(l, n, up);
        break;
    case LSHW_DISPLAY:
        judge_display(l, n);
        break;
    case LSHW_POWER:
        judge_power(l, n);
        break;
    default:
        break;
    }
    if (l->depth > 0 || n->class != LSHW_SYSTEM)
        return true;
    read_root(l, n);
    l->open = !n->nodes;
    return l->open || deliver(l, err);
}

bool lshw_finish(struct lshw *l, struct err *err)
{
    if (l->open)
        return deliver(l, err);
    if (l->machines == 0)
        return err_set(
                err, ERR_INVALID, "no node of lshw, expected <node class=...>");
    return true;
}
