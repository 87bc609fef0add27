/* SPDX-License-Identifier: Apache-2.0
 * What the sections of GLPI-agent, FusionInventory and OCS mean. */
#include "importers/glpi_priv.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

void glpi_open(struct glpi *g, const struct wire_sink *sink, const char *path)
{
    memset(g, 0, sizeof *g);
    imp_host_open(&g->host, sink, path);
    glpi_begin(g, 0);
}

void glpi_close(struct glpi *g)
{
    imp_host_close(&g->host);
}

void glpi_begin(struct glpi *g, uint64_t record)
{
    imp_host_begin(&g->host, record);
    g->section = GLPI_OTHER;
    g->row = g->bios = g->hardware = (struct glpi_row){{NULL}};
    g->n_disks = g->n_cards = g->n_display = 0;
    g->disks_known = false;
    g->cpus = g->nb_socket = 0;
    g->cpu_name = NULL;
    g->cpu_cores = -1;
    g->guests = 0;
    g->query = g->device_id = g->equipment = NULL;
}

enum glpi_section glpi_section_of(const char *name)
{
    static const struct {
        const char *name;
        enum glpi_section section;
    } sections[] = {
            {"bios", GLPI_BIOS},
            {"hardware", GLPI_HARDWARE},
            {"cpus", GLPI_CPUS},
            {"memories", GLPI_MEMORIES},
            {"storages", GLPI_STORAGES},
            {"videos", GLPI_VIDEOS},
            {"controllers", GLPI_CONTROLLERS},
            {"powersupplies", GLPI_POWERSUPPLIES},
            {"virtualmachines", GLPI_VIRTUALMACHINES},
    };

    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (text_same(name, sections[i].name))
            return sections[i].section;
    return GLPI_OTHER;
}

void glpi_section_begin(struct glpi *g, enum glpi_section section)
{
    g->section = section;
    if (section != GLPI_OTHER)
        g->row = (struct glpi_row){{NULL}};
}

void glpi_value(struct glpi *g, const char *key, const char *text)
{
    static const struct {
        const char *name;
        enum glpi_key key;
    } keys[] = {
            {"name", GLPI_NAME},
            {"model", GLPI_MODEL},
            {"manufacturer", GLPI_MANUFACTURER},
            {"serial", GLPI_SERIAL},
            {"serialnumber", GLPI_SERIALNUMBER},
            {"type", GLPI_TYPE},
            {"description", GLPI_DESCRIPTION},
            {"caption", GLPI_CAPTION},
            {"interface", GLPI_INTERFACE},
            {"disksize", GLPI_DISKSIZE},
            {"capacity", GLPI_CAPACITY},
            {"purpose", GLPI_PURPOSE},
            {"core", GLPI_CORE},
            {"cores", GLPI_CORE}, /* OCS */
            {"cpustatus", GLPI_CPUSTATUS},
            {"nbsocket", GLPI_NBSOCKET},
            {"chipset", GLPI_CHIPSET},
            {"pciclass", GLPI_PCICLASS},
            {"smanufacturer", GLPI_SMANUFACTURER},
            {"smodel", GLPI_SMODEL},
            {"ssn", GLPI_SSN},
            {"mmanufacturer", GLPI_MMANUFACTURER},
            {"mmodel", GLPI_MMODEL},
            {"msn", GLPI_MSN},
            {"assettag", GLPI_ASSETTAG},
            {"uuid", GLPI_UUID},
            {"chassis_type", GLPI_CHASSIS_TYPE},
            {"vmsystem", GLPI_VMSYSTEM},
            {"memory", GLPI_MEMORY},
            {"processorn", GLPI_PROCESSORN},
            {"processort", GLPI_PROCESSORT},
            {"osname", GLPI_OSNAME},
            {"power_max", GLPI_POWER_MAX},
            {"status", GLPI_STATUS},
    };

    if (g->section == GLPI_OTHER || !text[0])
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (text_same(key, keys[i].name)) {
            if (!g->row.text[keys[i].key])
                g->row.text[keys[i].key] = arena_strn(
                        &g->host.arena, text,
                        strnlen(text, 4 * WIRE_MAX_TEXT + 1));
            return;
        }
}

void glpi_query(struct glpi *g, const char *text)
{
    if (text[0])
        g->query = arena_strn(&g->host.arena, text, strnlen(text, 60));
}

void glpi_device_id(struct glpi *g, const char *text)
{
    if (text[0])
        g->device_id = arena_strn(&g->host.arena, text, strnlen(text, 200));
}

void glpi_equipment(struct glpi *g, const char *name)
{
    if (name[0] && !g->equipment)
        g->equipment = arena_strn(&g->host.arena, name, strnlen(name, 100));
}

/* ---- processors and memory ---------------------------------------------- */

static void end_cpu(struct glpi *g)
{
    const char *const *t = g->row.text;
    double cores = imp_number(t[GLPI_CORE]);
    double sockets = imp_number(t[GLPI_NBSOCKET]);
    const char *name = t[GLPI_NAME] ? t[GLPI_NAME] : t[GLPI_TYPE];

    if (imp_has(t[GLPI_CPUSTATUS], "unpopulated") ||
        imp_has(t[GLPI_CPUSTATUS], "disabled") ||
        (!name && !t[GLPI_MANUFACTURER] && isnan(cores)))
        return; /* an empty socket */
    g->cpus++;
    g->cpu_name = name;
    g->cpu_cores = imp_host_cores(&g->host, cores);
    if (imp_host_within(
                &g->host, "NBSOCKET", sockets, WIRE_MAX_SOCKETS,
                "expected 0 to 1024") &&
        sockets >= 1)
        g->nb_socket = (int)sockets;
    imp_host_cpu(&g->host, name, 1, g->cpu_cores);
}

static void end_memory(struct glpi *g)
{
    static const char *const no_ram[] = {"flash", "eprom", "rom", NULL};
    const char *const *t = g->row.text;
    double gib = imp_gib_parse(t[GLPI_CAPACITY], 1);

    if (!imp_host_within(
                &g->host, "CAPACITY", gib, 4096, "expected 0 to 4096 GiB") ||
        !(gib > 0) || (t[GLPI_TYPE] && text_same(t[GLPI_TYPE], "empty")))
        return;
    if (imp_has_any(t[GLPI_TYPE], no_ram) ||
        imp_has(t[GLPI_DESCRIPTION], "flash") ||
        imp_has(t[GLPI_CAPTION], "system rom") ||
        (t[GLPI_PURPOSE] && !imp_has(t[GLPI_PURPOSE], "system memory")))
        return;
    if (imp_has(t[GLPI_TYPE], "non-volatile") ||
        imp_has(t[GLPI_DESCRIPTION], "non-volatile")) {
        imp_host_part(&g->host, CALC_OTHER, "persistent memory", NULL, 1, gib);
        return;
    }
    imp_host_module(
            &g->host, gib, t[GLPI_MODEL],
            t[GLPI_SERIALNUMBER] ? t[GLPI_SERIALNUMBER] : t[GLPI_SERIAL]);
}

/* Fewer elements than sockets, or none: old agents count in HARDWARE alone. */
static void settle_cpus(struct glpi *g)
{
    const char *const *t = g->hardware.text;
    double n = imp_number(t[GLPI_PROCESSORN]);

    if (g->cpus > 0) {
        if (g->nb_socket > g->cpus)
            imp_host_cpu(
                    &g->host, g->cpu_name, (uint32_t)(g->nb_socket - g->cpus),
                    g->cpu_cores);
        return;
    }
    if (!imp_host_within(
                &g->host, "PROCESSORN", n, WIRE_MAX_SOCKETS,
                "expected 0 to 1024") ||
        !(n >= 1))
        return;
    imp_host_cpu(&g->host, t[GLPI_PROCESSORT], (uint32_t)n, -1);
    imp_host_warn(
            &g->host,
            "no CPUS, the %d processors of HARDWARE are taken as sockets; "
            "their cores are not said",
            (int)n);
}

/* ---- disks -------------------------------------------------------------- */

static double size_gb(const struct glpi *g, const char *text)
{
    double mb = imp_number(text);

    if (g->ocs && mb > 0 && strchr(text, '.'))
        return imp_gb_marketed(mb / 1e3); /* bytes / 10^6, to the byte */
    return g->ocs ? imp_gb_of_ocs_mb(mb) : imp_gb_of_mb(mb);
}

/* What the kernel makes of software, and drives whose media go: OCS lists all
 * that lsblk names. */
static bool is_no_disk(const struct glpi_row *r)
{
    static const char *const names[] = {"loop", "zram", "ram",  "nbd",
                                        "dm-",  "md",   "drbd", "rbd",
                                        "sr",   "scd",  "fd",   NULL};
    const char *name = r->text[GLPI_NAME];

    if (!name)
        return false;
    if (text_starts(name, "/dev/"))
        name += strlen("/dev/");
    for (size_t i = 0; names[i]; i++) {
        const char *p = name + strlen(names[i]);

        if (text_starts(name, names[i]) && *p >= '0' && *p <= '9')
            return true;
    }
    return text_starts(name, "mmcblk") &&
           (imp_has(name, "boot") || imp_has(name, "rpmb"));
}

static const char *disk_model(const struct glpi_row *r)
{
    static const char *const no_models[] = {
            "disk drive", "lecteur de disque", NULL};
    const char *name = r->text[GLPI_NAME], *what = r->text[GLPI_DESCRIPTION];

    if (r->text[GLPI_MODEL])
        return r->text[GLPI_MODEL];
    if (name && strlen(name) > 8 && name[0] != '/' && name[0] != '\\')
        return name;
    return what && strlen(what) > 4 && !imp_has_any(what, no_models) ? what
                                                                     : name;
}

/* "vda": the disks of guests. */
static bool is_virtio(const char *name)
{
    if (!name)
        return false;
    if (text_starts(name, "/dev/"))
        name += strlen("/dev/");
    return text_starts(name, "vd") && name[2] >= 'a' && name[2] <= 'z' &&
           strlen(name) <= 4;
}

/* Whether it is one of no size and no kind: a drive without medium, a reader,
 * or a disk that the agent knows by name alone. */
static bool judge_disk(struct glpi *g, const struct glpi_row *r)
{
    const char *const *t = r->text;
    const char *model = disk_model(r);
    struct imp_disk d = {
            .model = model,
            .maker = t[GLPI_MANUFACTURER],
            .serial = t[GLPI_SERIALNUMBER] ? t[GLPI_SERIALNUMBER]
                                           : t[GLPI_SERIAL],
            .gb = size_gb(g, t[GLPI_DISKSIZE])};

    if (is_no_disk(r))
        return false;
    d.what = arena_printf(
            &g->host.arena, "%s; %s; %s; %s", t[GLPI_TYPE] ? t[GLPI_TYPE] : "",
            t[GLPI_INTERFACE] ? t[GLPI_INTERFACE] : "",
            t[GLPI_DESCRIPTION] ? t[GLPI_DESCRIPTION] : "",
            text_starts(t[GLPI_NAME] ? t[GLPI_NAME] : "", "nvme") ? "nvme"
                                                                  : "");
    d.removable = imp_has(t[GLPI_TYPE], "external");
    if (is_virtio(t[GLPI_NAME])) /* "Physical" is but what OCS says when it
                                    does not know */
        g->host.m.is_virtual = 1;
    if (isnan(d.gb) && imp_disk_kind(model) == CALC_KINDS)
        return !d.removable && !imp_disk_none(model, d.what);
    if (imp_has(t[GLPI_DESCRIPTION], "ssd"))
        d.hint = IMP_DISK_SSD; /* OCS's readers of RAID */
    g->disks_known = imp_host_disk(&g->host, &d) || g->disks_known;
    return false;
}

/* Names without a size say that there are disks, not how many: partitions of
 * BSD, disks that an agent may not open. */
static void judge_disks(struct glpi *g)
{
    bool nameless = false;

    for (size_t i = 0; i < g->n_disks; i++)
        nameless = judge_disk(g, &g->disks[i]) || nameless;
    if (!nameless || g->disks_known)
        return;
    g->host.seen &= ~(1u << CALC_HDD | 1u << CALC_SSD);
    imp_host_warn(&g->host, "disks without a size, their number is unknown");
}

/* ---- cards -------------------------------------------------------------- */

static bool is_display(const struct glpi_row *r)
{
    static const char *const words[] = {
            "vga compatible", "3d controller", "display controller",
            "graphics",       "geforce",       "quadro",
            "radeon",         "nvidia tesla",  NULL};
    const char *class = r->text[GLPI_PCICLASS];

    if (class && strlen(class) == 4)
        return text_starts(class, "03");
    if (class && strlen(class) == 3) /* of ESX, without its nought */
        return class[0] == '3';
    return imp_has_any(r->text[GLPI_TYPE], words) ||
           imp_has_any(r->text[GLPI_NAME], words);
}

static void end_controller(struct glpi *g)
{
    const char *const *t = g->row.text;

    if (t[GLPI_PCICLASS])
        g->host.seen |= 1u << CALC_GPU;
    if (is_display(&g->row)) {
        if (g->n_display < GLPI_MAX_CARDS)
            g->display[g->n_display++] = g->row;
    } else if (
            (imp_has(t[GLPI_TYPE], "raid") &&
             !imp_has(t[GLPI_NAME], "sata controller")) ||
            imp_has(t[GLPI_NAME], "megaraid") ||
            imp_has(t[GLPI_NAME], "smart array")) {
        imp_host_controller(&g->host, t[GLPI_NAME]);
    }
}

static bool is_card(const struct glpi_row *r)
{
    const char *name = r->text[GLPI_NAME], *chip = r->text[GLPI_CHIPSET];

    return (name || chip) && !imp_gpu_none(r->text[GLPI_MANUFACTURER], name) &&
           !(chip && imp_gpu_none(NULL, chip));
}

static size_t count_cards(const struct glpi_row *rows, size_t n)
{
    size_t cards = 0;

    for (size_t i = 0; i < n; i++)
        cards += is_card(&rows[i]);
    return cards;
}

/* Some agents list cards without a screen under CONTROLLERS alone. */
static void settle_cards(struct glpi *g)
{
    const struct glpi_row *rows = g->cards;
    size_t n = g->n_cards;

    if (count_cards(g->display, g->n_display) > count_cards(rows, n)) {
        rows = g->display;
        n = g->n_display;
    }
    if (g->n_cards > 0 || g->n_display > 0)
        g->host.seen |= 1u << CALC_GPU;
    for (size_t i = 0; i < n; i++) {
        const char *const *t = rows[i].text;

        if (is_card(&rows[i]))
            imp_host_gpu(
                    &g->host, t[GLPI_MANUFACTURER],
                    t[GLPI_NAME] ? t[GLPI_NAME] : t[GLPI_CHIPSET], NULL, 1);
    }
}

static void end_supply(struct glpi *g)
{
    const char *const *t = g->row.text;

    if (imp_has(t[GLPI_STATUS], "not present") ||
        (!(imp_number(t[GLPI_POWER_MAX]) > 0) && !t[GLPI_NAME] &&
         !t[GLPI_MODEL] && !t[GLPI_SERIALNUMBER]))
        return;
    imp_host_psu(
            &g->host, t[GLPI_MODEL] ? t[GLPI_MODEL] : t[GLPI_NAME],
            t[GLPI_SERIALNUMBER]);
}

void glpi_section_end(struct glpi *g)
{
    enum glpi_section section = g->section;

    g->section = GLPI_OTHER;
    switch (section) {
    case GLPI_BIOS:
        g->bios = g->row;
        break;
    case GLPI_HARDWARE:
        g->hardware = g->row;
        break;
    case GLPI_CPUS:
        end_cpu(g);
        break;
    case GLPI_MEMORIES:
        end_memory(g);
        break;
    case GLPI_STORAGES:
        g->host.seen |= 1u << CALC_HDD | 1u << CALC_SSD;
        if (g->n_disks < GLPI_MAX_DISKS)
            g->disks[g->n_disks++] = g->row;
        else
            g->host.too_many = true;
        break;
    case GLPI_VIDEOS:
        if (g->n_cards < GLPI_MAX_CARDS)
            g->cards[g->n_cards++] = g->row;
        else
            g->host.too_many = true;
        break;
    case GLPI_CONTROLLERS:
        end_controller(g);
        break;
    case GLPI_POWERSUPPLIES:
        end_supply(g);
        break;
    case GLPI_VIRTUALMACHINES:
        g->guests++;
        break;
    default:
        break;
    }
}

/* ---- the machine -------------------------------------------------------- */

/* "host.domain-2017-06-12-09-24-14" without its date. */
static const char *name_of_device_id(struct glpi *g)
{
    size_t len = g->device_id ? strlen(g->device_id) : 0;
    const char *date = len > 20 ? g->device_id + len - 20 : NULL;

    if (!date || date[0] != '-' || strspn(date, "-0123456789") != 20)
        return NULL;
    return imp_host_text(
            &g->host, "DEVICEID",
            arena_strn(&g->host.arena, g->device_id, len - 20));
}

static void read_identity(struct glpi *g)
{
    struct imp_host *h = &g->host;
    const char *const *b = g->bios.text, *const *w = g->hardware.text;
    struct wire_machine *m = &h->m;
    const char *tag;

    m->manufacturer = imp_host_text(h, "SMANUFACTURER", b[GLPI_SMANUFACTURER]);
    m->product = imp_host_text(h, "SMODEL", b[GLPI_SMODEL]);
    m->serial = imp_host_text(h, "SSN", b[GLPI_SSN]);
    if (!m->manufacturer)
        m->manufacturer =
                imp_host_text(h, "MMANUFACTURER", b[GLPI_MMANUFACTURER]);
    if (!m->product)
        m->product = imp_host_text(h, "MMODEL", b[GLPI_MMODEL]);
    if (!m->serial)
        m->serial = imp_host_text(h, "MSN", b[GLPI_MSN]);
    m->name = imp_host_text(h, "NAME", w[GLPI_NAME]);
    if (!m->name)
        m->name = name_of_device_id(g);
    m->uuid = imp_host_text(h, "UUID", w[GLPI_UUID]);
    m->chassis = imp_chassis(
            w[GLPI_CHASSIS_TYPE] ? w[GLPI_CHASSIS_TYPE] : b[GLPI_TYPE]);
    /* Whole deliveries share "FACTORY" and the like: no identity. */
    tag = imp_host_text(h, "ASSETTAG", b[GLPI_ASSETTAG]);
    if (tag && (!m->serial || strcmp(tag, m->serial) != 0))
        imp_host_note(h, "asset tag %s", tag);
}

static void read_virtual(struct glpi *g)
{
    struct wire_machine *m = &g->host.m;
    const char *system = g->hardware.text[GLPI_VMSYSTEM];

    if (system && !wire_placeholder(system))
        m->is_virtual = text_same(system, "physical") ? 0 : 1;
    if (imp_is_virtual(m->manufacturer, m->product))
        m->is_virtual = 1;
}

static bool is_inventory(const struct glpi *g)
{
    return !g->query || text_same(g->query, "inventory");
}

bool glpi_deliver(struct glpi *g, struct err *err)
{
    struct imp_host *h = &g->host;
    const char *const *w = g->hardware.text;

    if (!is_inventory(g)) {
        imp_host_warn(
                h, "other equipment, no computer: %s of %s", g->query,
                g->equipment ? g->equipment : "a device without a name");
        return true;
    }
    read_identity(g);
    read_virtual(g);
    settle_cpus(g);
    imp_host_memory(h, imp_gib_parse(w[GLPI_MEMORY], 1));
    judge_disks(g);
    settle_cards(g);
    if (g->guests)
        imp_host_note(h, "hosts %u guests", (unsigned)g->guests);
    if (imp_has(w[GLPI_OSNAME], "android") ||
        imp_has(w[GLPI_OSNAME], "windows ce")) {
        h->m.has_category = true;
        h->m.category = CALC_OTHER_UNIT;
        imp_host_warn(h, "a phone or tablet, taken as other equipment");
    }
    return imp_host_deliver(h, err);
}
