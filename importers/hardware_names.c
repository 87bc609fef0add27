/* SPDX-License-Identifier: Apache-2.0
 * What names tell: virtual machines and cases; the kind of a disk
 * and of a card is in hardware_kinds.c. */
#include "importers/hardware_priv.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"

/* Words are in lower case, so the text is folded once for all of them. */
static const char *fold(const char *text, char *dst, size_t size)
{
    size_t n = 0;

    for (; text[n] && n + 1 < size; n++)
        dst[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char)(text[n] - 'A' + 'a')
                                                  : text[n];
    dst[n] = '\0';
    return dst;
}

bool imp_has(const char *text, const char *word)
{
    char lower[IMP_MAX_JUDGED];

    return text && strstr(fold(text, lower, sizeof lower), word);
}

/* Which pairs of letters stand in the text, so that most words need no search:
 * lists have a hundred words and fleets millions of names. */
static unsigned pair(char a, char b)
{
    return ((unsigned char)a * 31u + (unsigned char)b) & 1023u;
}

bool imp_has_any(const char *text, const char *const *words)
{
    char lower[IMP_MAX_JUDGED];
    uint64_t pairs[16] = {0};

    if (!text)
        return false;
    fold(text, lower, sizeof lower);
    for (const char *p = lower; p[0] && p[1]; p++)
        pairs[pair(p[0], p[1]) / 64] |= (uint64_t)1 << pair(p[0], p[1]) % 64;
    for (; *words; words++) {
        const char *w = *words;
        unsigned at = pair(w[0], w[1]), next = w[2] ? pair(w[1], w[2]) : at;

        if ((pairs[at / 64] >> at % 64 & 1) &&
            (pairs[next / 64] >> next % 64 & 1) && strstr(lower, w))
            return true;
    }
    return false;
}

/* ---- virtual machines --------------------------------------------------- */

bool imp_is_virtual(const char *maker, const char *product)
{
    static const char *const makers[] = {
            "vmware",       "innotek",       "qemu",      "xen",
            "bochs",        "parallels",     "openstack", "bhyve",
            "digitalocean", "alibaba cloud", "kubevirt",  "ovirt",
            "nutanix ahv",  "huawei cloud",  "upcloud",   "vultr",
            "linode",       "amazon ec2",    "rhev",      NULL};
    static const char *const products[] = {
            "vmware",
            "virtualbox",
            "standard pc (",

            "kvm",
            "hvm domu",
            "virtual machine",
            "openstack",
            "rhev",
            "droplet",
            "bochs",
            "virtual platform",
            "google compute engine",
            "domu",
            "vserver",
            "qemu",
            "cloud server",
            "parallels virtual",
            "bhyve",
            NULL};

    if (imp_has(product, ".metal"))
        return false; /* rented whole */
    if (imp_has(maker, "nutanix") && product && text_same(product, "ahv"))
        return true; /* the hypervisor; NX-3060 is a node */
    return imp_has_any(maker, makers) || imp_has_any(product, products);
}

static bool has_letter(const char *s)
{
    for (; *s; s++)
        if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
            (unsigned char)*s >= 0x80)
            return true;
    return false;
}

/* Not "2.1", a stepping, "other", a family that SMBIOS has no word for,
 * "pc-i440fx-2.1" or "RHEL 7.2.0 PC (i440FX + PIIX, 1996)". */
bool imp_names_cpu(const char *model)
{
    static const char *const types[] = {"i440fx", "q35 + ich9", NULL};

    return model && has_letter(model) && !text_same(model, "other") &&
           !text_starts(model, "pc-") && !text_starts(model, "virt-") &&
           !text_starts(model, "rhel") && !imp_has_any(model, types);
}

/* ---- cases -------------------------------------------------------------- */

enum calc_chassis imp_chassis(const char *text)
{
    static const struct {
        const char *word;
        enum calc_chassis chassis;
    } words[] = {/* the first that fits */
                 {"sub notebook", CALC_LAPTOP_CASE},
                 {"sub-notebook", CALC_LAPTOP_CASE},
                 {"notebook", CALC_LAPTOP_CASE},
                 {"laptop", CALC_LAPTOP_CASE},
                 {"portable", CALC_LAPTOP_CASE},
                 {"convertible", CALC_LAPTOP_CASE},
                 {"detachable", CALC_LAPTOP_CASE},
                 {"tablet", CALC_LAPTOP_CASE},
                 {"hand held", CALC_LAPTOP_CASE},
                 {"handheld", CALC_LAPTOP_CASE},
                 {"blade", CALC_BLADE},
                 {"multi-system", CALC_BLADE},
                 {"rack", CALC_RACK},
                 {"main server", CALC_RACK},
                 {"server", CALC_RACK},
                 {"tower", CALC_TOWER},
                 {"desktop", CALC_DESKTOP_CASE},
                 {"low-profile", CALC_DESKTOP_CASE},
                 {"pizza", CALC_DESKTOP_CASE},
                 {"all in one", CALC_DESKTOP_CASE},
                 {"all-in-one", CALC_DESKTOP_CASE},
                 {"space-saving", CALC_DESKTOP_CASE},
                 {"lunch", CALC_DESKTOP_CASE},
                 {"mini pc", CALC_DESKTOP_CASE},
                 {"mini", CALC_DESKTOP_CASE},
                 {"stick", CALC_DESKTOP_CASE}};
    static const struct { /* SMBIOS 7.4.1 */
        int number;
        enum calc_chassis chassis;
    } numbers[] = {{3, CALC_DESKTOP_CASE},  {4, CALC_DESKTOP_CASE},
                   {5, CALC_DESKTOP_CASE},  {6, CALC_TOWER},
                   {7, CALC_TOWER},         {8, CALC_LAPTOP_CASE},
                   {9, CALC_LAPTOP_CASE},   {10, CALC_LAPTOP_CASE},
                   {11, CALC_LAPTOP_CASE},  {13, CALC_DESKTOP_CASE},
                   {14, CALC_LAPTOP_CASE},  {15, CALC_DESKTOP_CASE},
                   {16, CALC_DESKTOP_CASE}, {17, CALC_RACK},
                   {23, CALC_RACK},         {25, CALC_BLADE},
                   {28, CALC_BLADE},        {29, CALC_BLADE},
                   {30, CALC_LAPTOP_CASE},  {31, CALC_LAPTOP_CASE},
                   {32, CALC_LAPTOP_CASE},  {35, CALC_DESKTOP_CASE},
                   {36, CALC_DESKTOP_CASE}};
    int64_t n;

    if (!text)
        return CALC_CHASSIS_UNKNOWN;
    if (num_parse_int(text, strlen(text), 0, 255, &n, NULL))
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
            if (numbers[i].number == n)
                return numbers[i].chassis;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (imp_has(text, words[i].word))
            return words[i].chassis;
    return CALC_CHASSIS_UNKNOWN;
}

/* A name of a line of machines and what those are. */
static enum calc_category category_of_product(const char *product)
{
    static const char *const laptops[] = {
            "thinkpad",   "latitude", "elitebook", "probook",    "macbook",
            "portege",    "tecra",    "zbook",     "xps 1",      "ideapad",
            "vivobook",   "zenbook",  "satellite", "lifebook",   "aspire",
            "travelmate", "notebook", "laptop",    "chromebook", NULL};
    static const char *const servers[] = {
            "poweredge",   "proliant", "thinksystem", "primergy", "system x",
            "sun fire",    "ucs",      "apollo",      "synergy",  "bladecenter",
            "superserver", "sys-",     "altos",       "server",   "eserver",
            "xseries",     "dgx",      "as -",        "xserve",   NULL};
    static const char *const workstations[] = {
            "precision", "thinkstation", "workstation", "celsius",   "hp z",
            "mac pro",   "macpro",       "powermac",    "power mac", NULL};
    static const char *const desktops[] = {
            "optiplex", "elitedesk", "prodesk", "thinkcentre", "imac",
            "mac mini", "macmini",   "veriton", "esprimo",     "vostro",
            "compaq",   "prodesk",   "nuc",     "eliteone",    NULL};
    static const char *const boards[] = {"raspberry pi", "jetson", NULL};

    if (imp_has_any(product, boards))
        return CALC_SBC;
    if (imp_has_any(product, workstations))
        return CALC_WORKSTATION;
    if (imp_has_any(product, laptops))
        return CALC_LAPTOP;
    if (imp_has_any(product, servers))
        return CALC_SERVER;
    return imp_has_any(product, desktops) ? CALC_DESKTOP : CALC_OTHER_UNIT;
}

enum calc_category
imp_category(enum calc_chassis chassis, const char *product, bool has_gpu)
{
    enum calc_category c = category_of_product(product);

    switch (chassis) {
    case CALC_LAPTOP_CASE:
        return CALC_LAPTOP; /* a mobile workstation is one too */
    case CALC_RACK:
    case CALC_BLADE:
        c = c == CALC_WORKSTATION ? c : CALC_SERVER;
        break;
    case CALC_TOWER:
    case CALC_DESKTOP_CASE:
        if (c == CALC_LAPTOP || c == CALC_OTHER_UNIT)
            c = CALC_DESKTOP;
        break;
    default:
        break;
    }
    return c == CALC_SERVER && has_gpu ? CALC_GPU_NODE : c;
}
