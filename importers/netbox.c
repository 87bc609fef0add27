/* SPDX-License-Identifier: Apache-2.0
 * NetBox's API: devices and virtual machines with their place, role and state.
 * It knows no parts. What the role calls a switch, a router or a power strip
 * is no computer and is passed over with one warning. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "importers/json_priv.h"

enum what { COMPUTER, STORAGE, GPU_NODE, WORKSTATION, DESKTOP, LAPTOP, OTHER };

struct netbox {
    struct imp_host host;
    uint64_t others, planned, parts;
    char roles[300]; /* of the others, each once */
};

/* ---- what a device is --------------------------------------------------- */

/* Whether a word of key (as text_key writes it) is one of the words; one that
 * ends in '*' may go on. */
static bool has_word(const char *key, const char *const *words)
{
    for (const char *at = key; *at;) {
        size_t n = strcspn(at, "_");

        for (const char *const *w = words; *w; w++) {
            size_t m = strlen(*w);
            bool stem = (*w)[m - 1] == '*';

            m -= stem;
            if (n >= m && memcmp(at, *w, m) == 0 && (stem || n == m))
                return true;
        }
        at += n + (at[n] == '_');
    }
    return false;
}

/* By the role; where that says nothing, by the maker. */
static enum what what_is(const char *role, const char *maker)
{
    static const char *const no_computer[] = {
            "switch*",   "router*",  "firewall*", "pdu*",          "ups",
            "patch*",    "panel*",   "ap",        "wifi*",         "wireless*",
            "access",    "console*", "oob",       "leaf*",         "spine*",
            "core",      "edge",     "tor",       "distribution*", "aggregat*",
            "balancer*", "modem*",   "camera*",   "phone*",        "printer*",
            "sensor*",   "cable*",   "wan",       "lan",           "bng",
            "cpe",       "olt",      "ont",       "dwdm",          "mux*",
            "rail*",     "shelf*",   "power*",    "cooling*",      "hvac",
            "terminal",  "vpn",      "gateway*",  "transport*",    "optical*",
            "network*",  "tap",      "probe*",    "kvm_switch",    NULL};
    static const char *const storages[] = {"storage*", "nas", "san", "filer*",
                                           "ceph",     "osd", NULL};
    static const char *const network_makers[] = {
            "juniper",  "arista",  "cisco",    "apc",        "mikrotik",
            "ubiquiti", "palo",    "fortinet", "checkpoint", "raritan",
            "vertiv",   "eaton",   "opengear", "brocade",    "extreme",
            "mellanox", "ruckus",  "aruba",    "f5",         "netgear",
            "tp",       "panduit", NULL};
    static const char *const gpus[] = {"gpu*", "ai", "dgx", NULL};
    static const char *const workstations[] = {"workstation*", NULL};
    static const char *const laptops[] = {"laptop*", "notebook*", NULL};
    static const char *const desktops[] = {
            "desktop*", "pc", "client*", "thin", NULL};
    static const char *const computers[] = {
            "server*", "compute*", "node*",   "hypervisor*", "host*",
            "esx*",    "hpc",      "worker*", "vm*",         "database*",
            "backup*", "blade*",   "proxmox", "k8s",         "kubernetes*",
            "ucs",     NULL};
    char key[120];

    text_key(role ? role : "", role ? strlen(role) : 0, key, sizeof key);
    if (has_word(key, storages) && !strstr(key, "switch"))
        return STORAGE;
    if (has_word(key, no_computer))
        return OTHER;
    if (has_word(key, gpus))
        return GPU_NODE;
    if (has_word(key, workstations))
        return WORKSTATION;
    if (has_word(key, laptops))
        return LAPTOP;
    if (has_word(key, desktops))
        return DESKTOP;
    if (has_word(key, computers))
        return COMPUTER;
    text_key(maker ? maker : "", maker ? strlen(maker) : 0, key, sizeof key);
    return has_word(key, network_makers) ? OTHER : COMPUTER;
}

static enum calc_category category_of(enum what what)
{
    static const enum calc_category categories[] = {
            [COMPUTER] = CALC_SERVER,   [STORAGE] = CALC_STORAGE,
            [GPU_NODE] = CALC_GPU_NODE, [WORKSTATION] = CALC_WORKSTATION,
            [DESKTOP] = CALC_DESKTOP,   [LAPTOP] = CALC_LAPTOP,
            [OTHER] = CALC_OTHER_UNIT};

    return categories[what];
}

/* ---- one device --------------------------------------------------------- */

/* The name of an object, or a text in its place: answers come brief, nested
 * and, from exports, flat. */
static const char *name_at(struct imp_host *h, const cJSON *v, const char *key)
{
    const cJSON *at = imp_at(v, key);

    if (cJSON_IsObject(at))
        return imp_str(h, at, imp_at(at, "name") ? "name" : "display");
    return imp_str(h, v, key);
}

/* "active" in an object or bare; version 2 counted, and its 1 came out as
 * true from some. */
static const char *status_of(struct imp_host *h, const cJSON *v)
{
    static const char *const numbers[] = {
            "offline", "active",    "planned",        "staged",
            "failed",  "inventory", "decommissioning"};
    const cJSON *at = imp_at(v, "status");

    if (cJSON_IsObject(at))
        at = imp_at(at, "value");
    if (cJSON_IsBool(at))
        return cJSON_IsTrue(at) ? "active" : "offline";
    if (cJSON_IsNumber(at) && at->valuedouble >= 0 && at->valuedouble < 7)
        return numbers[(int)at->valuedouble];
    return cJSON_IsString(at) ? imp_host_text(h, "status", at->valuestring)
                              : NULL;
}

static void read_status(struct imp_host *h, const char *status)
{
    static const struct {
        const char *word;
        enum calc_status status;
    } words[] = {
            {"active", CALC_IN_SERVICE},
            {"staged", CALC_RECEIVED},
            {"inventory", CALC_STOCK},
            {"decommissioning", CALC_RETIRED},
    };

    for (size_t i = 0; status && i < sizeof words / sizeof *words; i++)
        if (text_same(status, words[i].word)) {
            h->m.has_status = true;
            h->m.status = words[i].status;
            return;
        }
    if (status)
        imp_host_note(h, "NetBox status %.60s", status);
}

static void read_date(struct date *to, const cJSON *v)
{
    struct date d;

    if (cJSON_IsString(v) &&
        date_parse(v->valuestring, strlen(v->valuestring), &d, NULL))
        *to = d;
}

/* Fields that each site names as it likes. */
static void read_custom(struct imp_host *h, const cJSON *fields)
{
    const cJSON *v;

    cJSON_ArrayForEach(v, fields)
    {
        const char *key = v->string;

        if (!key)
            continue;
        if (imp_has(key, "warranty") || imp_has(key, "garantie"))
            read_date(&h->m.warranty_end, v);
        else if (
                imp_has(key, "purchase") || imp_has(key, "acquir") ||
                imp_has(key, "bought") || imp_has(key, "achat"))
            read_date(&h->m.acquired_on, v);
        else if (imp_has(key, "manufactur") && imp_has(key, "date"))
            read_date(&h->m.manufactured_on, v);
        else if (text_same(key, "cpu_model") || text_same(key, "processor"))
            imp_host_part(h, CALC_CPU, imp_raw(h, v, ""), NULL, 1, NAN);
        else if (text_same(key, "ram_gb") || text_same(key, "memory_gb"))
            imp_host_memory(h, imp_num(v, ""));
    }
}

static void read_place(struct imp_host *h, const cJSON *v)
{
    const char *rack = name_at(h, v, "rack");
    double position = imp_num(v, "position");

    h->m.site = name_at(h, v, "site");
    if (rack && position > 0)
        imp_host_note(h, "rack %.80s, position %g", rack, position);
    else if (rack)
        imp_host_note(h, "rack %.80s", rack);
    if (imp_at(v, "parent_device"))
        h->m.chassis = CALC_BLADE;
    else if (rack && position > 0)
        h->m.chassis = CALC_RACK;
}

static void remember_role(struct netbox *n, const char *role)
{
    size_t len = strlen(n->roles);

    n->others++;
    if (role && !strstr(n->roles, role) &&
        len + strlen(role) + 3 < sizeof n->roles)
        snprintf(
                n->roles + len, sizeof n->roles - len, "%s%s", len ? ", " : "",
                role);
}

static bool read_device(struct netbox *n, const cJSON *v, struct err *err)
{
    struct imp_host *h = &n->host;
    const char *role = name_at(h, v, "role"), *status = status_of(h, v);
    enum what what;

    if (!role)
        role = name_at(h, v, "device_role");
    h->m.manufacturer = name_at(h, imp_at(v, "device_type"), "manufacturer");
    h->m.product = imp_str(h, v, "device_type/model");
    what = what_is(role, h->m.manufacturer);
    if (what == OTHER) {
        remember_role(n, role ? role : h->m.manufacturer);
        return true;
    }
    if (status && text_same(status, "planned")) {
        n->planned++;
        return true;
    }
    h->m.partial = true;
    h->m.name = imp_str(h, v, "name");
    h->m.serial = imp_str(h, v, "serial");
    h->m.tag = imp_str(h, v, "asset_tag");
    if (!h->m.name && !h->m.serial && !h->m.tag)
        h->m.name = imp_str(h, v, "display");
    h->m.has_category = true;
    h->m.category = category_of(what);
    read_place(h, v);
    read_status(h, status);
    read_custom(h, imp_at(v, "custom_fields"));
    return imp_host_deliver(h, err);
}

static bool read_guest(struct netbox *n, const cJSON *v, struct err *err)
{
    struct imp_host *h = &n->host;
    double cpus = imp_num(v, "vcpus");

    h->m.partial = true;
    h->m.is_virtual = 1;
    h->m.name = imp_str(h, v, "name");
    h->m.site = name_at(h, v, "site");
    h->m.has_category = true;
    h->m.category = CALC_SERVER;
    if (imp_host_within(
                h, "vcpus", cpus, WIRE_MAX_CORES, "expected 0 to 1000000") &&
        cpus >= 1)
        h->m.cpu_cores = (int)cpus;
    imp_host_memory(h, imp_num(v, "memory") / 1024);
    read_status(h, status_of(h, v));
    return imp_host_deliver(h, err);
}

/* Fields of an object are there whether they are set or not; components of a
 * type, of which there are no devices yet, have none of these. */
static bool has_field(const cJSON *v, const char *const *names)
{
    for (size_t i = 0; names[i]; i++)
        if (cJSON_GetObjectItemCaseSensitive(v, names[i]))
            return true;
    return false;
}

/* ---- the file ----------------------------------------------------------- */

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    static const char *const of_device[] = {"role",   "device_role", "site",
                                            "status", "rack",        NULL};
    static const char *const of_guest[] = {"vcpus", NULL};
    struct netbox *n = ctx;
    const cJSON *v = r->value;

    imp_host_begin(&n->host, r->index);
    if (!v)
        return imp_refuse_record(&n->host, r, err);
    if (cJSON_IsNumber(imp_at(v, "device_type")))
        return imp_host_refuse(
                &n->host, "device_type", NULL,
                "a number in place of a type, expected an answer of GET "
                "/api/dcim/devices/",
                err);
    if (imp_at(v, "device_type") && has_field(v, of_device))
        return read_device(n, v, err);
    if (has_field(v, of_guest) || imp_at(v, "cluster"))
        return read_guest(n, v, err);
    if (imp_at(v, "device") || imp_at(v, "device_type")) { /* or modules */
        n->parts++;
        return true;
    }
    return imp_host_refuse(
            &n->host, "device_type", NULL,
            "not a device of NetBox, expected an object with device_type", err);
}

static bool on_rest(void *ctx, const cJSON *root, struct err *err)
{
    struct netbox *n = ctx;

    (void)err;
    if (imp_at(root, "next"))
        imp_host_warn(
                &n->host,
                "one page of %.0f devices, the next one is named: ask with "
                "limit=0 or import every page",
                imp_num(root, "count"));
    return true;
}

static void say_others(struct netbox *n)
{
    imp_host_begin(&n->host, 0);
    if (n->others)
        imp_host_warn(
                &n->host,
                "%llu devices are no computers by their role and are passed "
                "over: %s",
                (unsigned long long)n->others, n->roles);
    if (n->planned)
        imp_host_warn(
                &n->host, "%llu devices are planned and are not there yet",
                (unsigned long long)n->planned);
    if (n->parts)
        imp_host_warn(
                &n->host,
                "%llu modules, inventory items or components are not read",
                (unsigned long long)n->parts);
}

static bool
netbox_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    static const char *const lists[] = {"results", NULL};
    struct netbox *n = xcalloc(1, sizeof *n);
    struct json_cut cut = {
            .lists = lists, .record = on_record, .rest = on_rest, .ctx = n};
    bool ok;

    imp_host_open(&n->host, sink, path);
    ok = imp_json_cut(&n->host, path, &cut, err);
    if (ok)
        say_others(n);
    if (ok && cut.count == 0)
        imp_host_warn(&n->host, "no devices in this answer");
    imp_host_close(&n->host);
    free(n);
    return ok;
}

static int netbox_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const urls[] = {
            "/api/dcim/", "/api/virtualization/", "\"device_type\"", NULL};
    static const char *const guest[] = {
            "\"vcpus\"", "\"memory\"", "\"cluster\"", "\"custom_fields\"",
            NULL};

    (void)file_name;
    if (!imp_head_json(head, len))
        return 0;
    if (imp_head_has(head, len, "\"results\"") &&
        imp_head_count(head, len, urls) > 0)
        return 90;
    if (imp_head_count(head, len, guest) == 4)
        return 75;
    if (imp_head_has(head, len, "\"count\"") &&
        imp_head_no_list(head, len, "\"results\""))
        return 50;
    return imp_head_has(head, len, "\"device_type\"") &&
                           (imp_head_has(head, len, "\"asset_tag\"") ||
                            imp_head_has(head, len, "\"rack\""))
                   ? 80
                   : 0;
}

const struct imp_format imp_netbox = {
        .name = "netbox",
        .what = "NetBox's API: /api/dcim/devices/ and virtual-machines/",
        .recognise = netbox_recognise,
        .read = netbox_read,
};
