/* SPDX-License-Identifier: Apache-2.0
 * Ansible's facts: files of `-m setup --tree`, caches, ad hoc output with
 * "host | SUCCESS => {" in front, and objects or lists of many hosts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "importers/ansible_priv.h"

struct ansible {
    struct imp_host host;
    bool many;   /* the file may hold several hosts */
    bool ad_hoc; /* a line of text stands before each of them */
    uint64_t hosts, unreachable, refused, taken;
};

/* ---- facts -------------------------------------------------------------- */

const cJSON *ansible_fact(const cJSON *facts, const char *name)
{
    char key[80];
    const cJSON *v;

    snprintf(key, sizeof key, "ansible_%s", name);
    v = imp_at(facts, key);
    return v ? v : imp_at(facts, name);
}

static const char *
fact_str(struct imp_host *h, const cJSON *facts, const char *name)
{
    return imp_host_text(h, name, imp_raw(h, ansible_fact(facts, name), ""));
}

static bool is_facts(const cJSON *v)
{
    static const char *const words[] = {
            "memtotal_mb", "processor",     "processor_count", "hostname",
            "nodename",    "os_family",     "distribution",    "kernel",
            "devices",     "system_vendor", "product_name",    NULL};
    int n = 0;

    for (size_t i = 0; cJSON_IsObject(v) && words[i]; i++)
        n += ansible_fact(v, words[i]) != NULL;
    return n >= 2;
}

/* ---- identity ----------------------------------------------------------- */

static const char *real_name(const char *name)
{
    return name && !imp_has(name, "localhost") ? name : NULL;
}

static void read_name(struct imp_host *h, const cJSON *facts, const char *key)
{
    static const char *const names[] = {"hostname", "nodename", "fqdn", NULL};

    for (size_t i = 0; !h->m.name && names[i]; i++)
        h->m.name = real_name(fact_str(h, facts, names[i]));
    if (!h->m.name && key)
        h->m.name = real_name(imp_host_text(h, "host", key));
}

/* macOS names no maker. */
static const char *maker_of(struct imp_host *h, const cJSON *facts)
{
    const char *vendor = fact_str(h, facts, "system_vendor");
    const char *system = fact_str(h, facts, "system");
    const char *model = h->m.product;

    if (!vendor && system && text_same(system, "Darwin") && model &&
        (text_starts(model, "Mac") || text_starts(model, "iMac") ||
         text_starts(model, "Power") || text_starts(model, "Xserve") ||
         text_starts(model, "VirtualMac") || text_starts(model, "ADP")))
        return "Apple Inc.";
    return vendor;
}

static void read_virtual(struct imp_host *h, const cJSON *facts)
{
    const char *role = fact_str(h, facts, "virtualization_role");

    if (role && text_same(role, "guest"))
        h->m.is_virtual = 1;
    else if (role && text_same(role, "host"))
        h->m.is_virtual = 0; /* it has guests */
    else if (imp_is_virtual(h->m.manufacturer, h->m.product))
        h->m.is_virtual = 1;
}

/* A container shows the firmware of the host that it runs on, and a partition
 * of a mainframe or of AIX that of the whole: its numbers would make it that
 * host. */
static void drop_host_numbers(struct imp_host *h, const cJSON *facts)
{
    static const char *const containers[] = {
            "docker",        "podman", "container", "lxc",  "nspawn", "openvz",
            "linux_vserver", "jail",   "zone",      "wpar", NULL};

    const char *system = fact_str(h, facts, "system");
    const char *arch = fact_str(h, facts, "architecture");
    bool part = (arch && text_starts(arch, "s390")) ||
                (system && text_same(system, "AIX"));

    if ((!h->m.serial && !h->m.uuid) ||
        (!part &&
         (h->m.is_virtual != 1 ||
          !imp_has_any(fact_str(h, facts, "virtualization_type"), containers))))
        return;
    h->m.serial = h->m.uuid = NULL;
    imp_host_warn(
            h, "serial and uuid are those of the %s, left out",
            part ? "machine of which this is a partition" : "container's host");
}

/* ---- processors --------------------------------------------------------- */

/* Triplets of number, maker and model; a number and a model; or models alone.
 * The makers' ids have no blank and no digit. */
static const char *cpu_model(struct imp_host *h, const cJSON *list)
{
    static const char *const makers[] = {"GenuineIntel", "AuthenticAMD",
                                         "HygonGenuine", "CentaurHauls",
                                         "TransmetaCPU", "IBM/S390",
                                         "ARM",          "Intel",
                                         "AMD",          NULL};
    const cJSON *v;

    if (!cJSON_IsArray(list))
        return imp_host_text(h, "processor", imp_raw(h, list, ""));
    cJSON_ArrayForEach(v, list)
    {
        const char *text = imp_host_text(h, "processor", imp_raw(h, v, ""));
        bool maker = false;

        if (!text || text[strspn(text, "0123456789")] == '\0')
            continue;
        for (size_t i = 0; makers[i]; i++)
            maker = maker || strcmp(text, makers[i]) == 0;
        if (!maker)
            return text;
    }
    return NULL;
}

static bool is_bsd(const char *system)
{
    return imp_has(system, "bsd") || imp_has(system, "dragonfly");
}

/* What processor_count counts there in place of sockets, NULL where it counts
 * those: Linux tells of sockets on x86 alone, and of ARM by what is known of
 * its boards. Of mainframes and AIX, Ansible always says one. */
static const char *
not_sockets(const char *system, const char *arch, bool sockets_known)
{
    static const char *const archs[] = {"ppc",  "powerpc",   "sparc", "riscv",
                                        "mips", "loongarch", NULL};

    if (is_bsd(system) && !(sockets_known && text_same(system, "NetBSD")))
        return "threads";
    if (system && text_same(system, "AIX"))
        return "no sockets";
    for (size_t i = 0; arch && archs[i] && system; i++)
        if (text_same(system, "Linux") && text_starts(arch, archs[i]))
            return "threads";
    return arch && text_starts(arch, "s390") ? "no sockets" : NULL;
}

/* What vCenter tells of a host, which has no "system". */
static bool is_esx(struct imp_host *h, const cJSON *facts)
{
    return imp_has(fact_str(h, facts, "distribution"), "vmware esx");
}

/* Where processor_cores are those of all sockets. */
static bool
totals_cores(struct imp_host *h, const char *system, const cJSON *facts)
{
    return (system &&
            (text_same(system, "HP-UX") || text_same(system, "NetBSD"))) ||
           is_esx(h, facts);
}

static void read_cpu(struct imp_host *h, const cJSON *facts)
{
    const char *model = cpu_model(h, ansible_fact(facts, "processor"));
    const char *system = fact_str(h, facts, "system");
    const char *arch = fact_str(h, facts, "architecture");
    const cJSON *each = ansible_fact(facts, "processor_cores");
    const char *counted =
            not_sockets(system, arch, imp_count(each, "", 4096) > 0);
    int n = imp_host_count(
            h, ansible_fact(facts, "processor_count"), "", "processor_count",
            counted ? 4096 : WIRE_MAX_SOCKETS);
    int cores = imp_host_count(h, each, "", "processor_cores", 4096);
    int threads = imp_count(ansible_fact(facts, "processor_vcpus"), "", 65536);

    if (system && text_same(system, "SunOS"))
        cores = -1; /* the threads of all sockets */
    if (totals_cores(h, system, facts) && n > 0)
        cores = cores % n == 0 ? cores / n : -1;
    if (counted) {
        if (!model)
            return;
        imp_host_warn(
                h,
                "processor_count of %s are %s, the number of sockets is "
                "unknown",
                arch && !is_bsd(system) && !(system && text_same(system, "AIX"))
                        ? arch
                        : system,
                counted);
        imp_host_part(h, CALC_CPU, model, NULL, 1, NAN);
    } else if (
            n > 1 && cores == 1 && h->m.is_virtual != 1 &&
            (imp_has(arch, "arm") || imp_has(arch, "aarch64")) &&
            (threads < 0 || threads == n)) {
        imp_host_warn(
                h,
                "%d processors of one core each on ARM, taken as the cores "
                "of one",
                n);
        imp_host_cpu(h, model, 1, n);
    } else if (n > 0) {
        imp_host_cpu(h, model, (uint32_t)n, cores);
    } else if (system && text_same(system, "Darwin") && model) {
        imp_host_cpu(h, model, 1, cores);
    } else if (model) { /* how many of them is not told */
        imp_host_part(h, CALC_CPU, model, NULL, 1, NAN);
    }
}

/* Of Windows, before version 2.3 in bytes under another name. */
static double memory_gib(const cJSON *facts)
{
    double mib = imp_num(ansible_fact(facts, "memtotal_mb"), "");

    return isnan(mib)
                   ? imp_num(ansible_fact(facts, "totalmem"), "") / 1073741824.0
                   : mib / 1024;
}

/* ---- hosts -------------------------------------------------------------- */

static bool read_host(
        struct ansible *a, const cJSON *facts, const char *key, struct err *err)
{
    struct imp_host *h = &a->host;

    a->taken++;
    imp_host_begin(h, a->many ? ++a->hosts : 0);
    h->m.product = fact_str(h, facts, "product_name");
    if (!h->m.product) /* of a Mac */
        h->m.product = fact_str(h, facts, "model");
    h->m.manufacturer = maker_of(h, facts);
    h->m.serial = fact_str(h, facts, "product_serial");
    h->m.uuid = fact_str(h, facts, "product_uuid");
    if (!h->m.uuid && is_esx(h, facts))
        h->m.uuid = fact_str(h, facts, "uuid");
    h->m.chassis = imp_chassis(fact_str(h, facts, "form_factor"));
    read_name(h, facts, key);
    read_virtual(h, facts);
    drop_host_numbers(h, facts);
    read_cpu(h, facts);
    imp_host_memory(h, memory_gib(facts));
    ansible_disks(h, facts);
    if (!ansible_fact(facts, "memtotal_mb") && !ansible_fact(facts, "devices"))
        h->m.partial = true; /* a subset was gathered */
    return imp_host_deliver(h, err);
}

/* What a host that did not answer left behind. */
static void no_facts(struct ansible *a, const cJSON *v, const char *key)
{
    const char *msg;

    a->unreachable++;
    imp_host_begin(&a->host, 0);
    msg = imp_str(&a->host, v, "msg");
    imp_host_warn(
            &a->host, "%.100s%sno facts, no machine%s%.200s", key,
            key[0] ? ": " : "", msg ? ": " : "", msg ? msg : "");
}

static bool
one_host(struct ansible *a, const cJSON *v, const char *key, struct err *err)
{
    const cJSON *facts = imp_at(v, "ansible_facts");

    if (!is_facts(facts))
        facts = v;
    if (is_facts(facts))
        return read_host(a, facts, key, err);
    if (imp_true(v, "unreachable") || imp_true(v, "failed") ||
        imp_at(v, "msg") || imp_at(v, "ansible_facts"))
        no_facts(a, v, key);
    return true; /* something else beside the hosts */
}

static bool all_members(struct ansible *a, const cJSON *hosts, struct err *err)
{
    const cJSON *v;

    a->many = true;
    cJSON_ArrayForEach(v, hosts)
    {
        if (cJSON_IsObject(v) && !one_host(a, v, v->string, err))
            return false;
    }
    return true;
}

/* The JSON of a playbook's run: plays, tasks, hosts. */
static bool one_play(struct ansible *a, const cJSON *play, struct err *err)
{
    const cJSON *task, *v;

    a->many = true;
    cJSON_ArrayForEach(task, imp_at(play, "tasks"))
    {
        cJSON_ArrayForEach(v, imp_at(task, "hosts"))
        {
            if (is_facts(imp_at(v, "ansible_facts")) &&
                !one_host(a, v, v->string, err))
                return false;
        }
    }
    return true;
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct ansible *a = ctx;
    char key[300];

    if (!r->value) {
        if (a->ad_hoc && !strstr(r->text, " | "))
            return true; /* what went wrong, told between the hosts */
        a->refused++;
        imp_host_begin(&a->host, r->index);
        return imp_refuse_record(&a->host, r, err);
    }
    a->many = a->many || r->index > 1 || r->text[0];
    if (imp_at(r->value, "hostvars"))
        return all_members(a, imp_at(r->value, "hostvars"), err);
    if (imp_at(r->value, "tasks"))
        return one_play(a, r->value, err);
    snprintf(key, sizeof key, "%s", r->text);
    if (strstr(key, " | ")) /* "host | SUCCESS =>" */
        *strstr(key, " | ") = '\0';
    return one_host(a, r->value, key, err);
}

/* ---- the file ----------------------------------------------------------- */

/* Whether the keys of the root object are facts or an answer's, not hosts. */
static bool is_one_host(const char *head, size_t len)
{
    static const char *const keys[] = {
            "ansible_",    "_type",     "_timestamp",   "changed",
            "unreachable", "msg",       "failed",       "invocation",
            "warnings",    "facter_",   "all_ipv4_",    "processor",
            "memtotal",    "hostname",  "architecture", "_meta",
            "plays",       "_ansible_", "module_setup", NULL};
    int depth = 0;
    bool in_text = false, escaped = false;
    const char *start = head;

    for (const char *p = head; p < head + len; p++) {
        if (in_text) {
            if (escaped)
                escaped = false;
            else if (*p == '\\')
                escaped = true;
            else if (*p == '"')
                in_text = false;
            continue;
        }
        if (*p == '"') {
            in_text = true;
            start = p + 1;
            for (size_t i = 0; depth == 1 && keys[i]; i++) {
                size_t n = strlen(keys[i]);

                if ((size_t)(head + len - start) >= n &&
                    memcmp(start, keys[i], n) == 0)
                    return true;
            }
        }
        depth += *p == '{' || *p == '[' ? 1 : *p == '}' || *p == ']' ? -1 : 0;
    }
    return false;
}

/* Version 1 wrote "host | success >> {". */
static bool is_ad_hoc(const char *head, size_t len)
{
    return (imp_head_has(head, len, " => {") &&
            (imp_head_has(head, len, " | SUCCESS") ||
             imp_head_has(head, len, " | CHANGED") ||
             imp_head_has(head, len, " | UNREACHABLE") ||
             imp_head_has(head, len, " | FAILED"))) ||
           imp_head_has(head, len, " | success >> {") ||
           imp_head_has(head, len, " | FAILED >> {");
}

static bool
choose(struct ansible *a, const char *path, struct json_cut *cut,
       struct err *err)
{
    char *head = xmalloc(IMP_HEAD);
    FILE *in = NULL;
    size_t n;

    if (!file_open(path, &in, err)) {
        free(head);
        return false;
    }
    n = fread(head, 1, IMP_HEAD, in);
    a->ad_hoc = cut->texts = is_ad_hoc(head, n);
    cut->members = !cut->texts && imp_head_first(head, n) == '{' &&
                   !is_one_host(head, n);
    if (in == stdin)
        rewind(in);
    else
        fclose(in);
    free(head);
    return true;
}

static bool
ansible_read(const char *path, const struct wire_sink *sink, struct err *err)
{
    static const char *const lists[] = {"plays", NULL};
    struct ansible *a = xcalloc(1, sizeof *a);
    struct json_cut cut = {.lists = lists, .record = on_record, .ctx = a};
    bool ok;

    imp_host_open(&a->host, sink, path);
    ok = choose(a, path, &cut, err) && imp_json_cut(&a->host, path, &cut, err);
    if (ok && a->taken + a->unreachable + a->refused == 0) {
        imp_host_begin(&a->host, 0);
        imp_host_warn(
                &a->host, "no host's facts in it: gather them with -m setup");
    }
    imp_host_close(&a->host);
    free(a);
    return ok;
}

static int
ansible_recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const facts[] = {
            "\"ansible_facts\"",   "\"ansible_hostname\"",
            "\"ansible_memtotal",  "\"ansible_all_ipv4_addresses\"",
            "\"ansible_processor", "\"ansible_devices\"",
            "\"ansible_fqdn\"",    "\"ansible_nodename\"",
            "\"ansible_os_family", NULL};
    static const char *const bare[] = {
            "\"memtotal_mb\"",
            "\"processor_vcpus\"",
            "\"all_ipv4_addresses\"",
            "\"virtualization_role\"",
            "\"processor_cores\"",
            "\"system_vendor\"",
            "\"userspace_architecture\"",
            NULL};

    (void)file_name;
    if (is_ad_hoc(head, len))
        return 90;
    if (!imp_head_json(head, len))
        return 0;
    if (imp_head_count(head, len, facts) > 0)
        return 88;
    if (imp_head_count(head, len, bare) >= 3)
        return 85;
    return imp_head_has(head, len, "\"unreachable\"") &&
                           imp_head_has(head, len, "\"msg\"")
                   ? 70
                   : 0;
}

const struct imp_format imp_ansible = {
        .name = "ansible",
        .what = "Ansible facts: setup --tree, a cache, or ad hoc output",
        .recognise = ansible_recognise,
        .read = ansible_read,
};
