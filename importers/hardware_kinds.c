/* SPDX-License-Identifier: Apache-2.0
 * Which disk turns, and what only looks like a disk or a card, by name. */
#include "importers/hardware_priv.h"

#include <string.h>

#include "base/text.h"

/* Patterns: # one digit, @ one letter, the rest as it stands, without regard
 * to case. Matched where a word of the name begins. */
static bool fits(const char *s, const char *pattern)
{
    for (; *pattern; pattern++, s++) {
        char c = *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;

        if (*pattern == '#'   ? !(c >= '0' && c <= '9')
            : *pattern == '@' ? !(c >= 'a' && c <= 'z')
                              : c != *pattern)
            return false;
    }
    return true;
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

static bool fits_any(const char *name, const char *const *patterns)
{
    for (const char *p = name; *p; p++) {
        if (!word_char(*p) || (p > name && word_char(p[-1])))
            continue;
        for (size_t i = 0; patterns[i]; i++)
            if (fits(p, patterns[i]))
                return true;
    }
    return false;
}

/* Seagate: ST, digits, and two letters, some of them of flash (1200.2, Nytro);
 * old ones have one letter or three digits of a form factor. */
static enum calc_kind seagate(const char *name)
{
    static const char *const flash[] = {"FM", "FN", "FX", "HM",
                                        "FP", "FV", NULL};

    for (const char *p = name; *p; p++) {
        if ((p > name && word_char(p[-1])) || !fits(p, "st#"))
            continue;
        p += 2 + strspn(p + 2, "0123456789");
        for (size_t i = 0; flash[i]; i++)
            if (text_starts(p, flash[i]))
                return CALC_SSD;
        return *p >= 'A' && *p <= 'Z' ? CALC_HDD : CALC_KINDS;
    }
    return CALC_KINDS;
}

enum calc_kind imp_disk_kind(const char *model)
{
    static const char *const flash_words[] = {
            "ssd",      "nvme",      "solid state", "thnsn",
            "optane",   "fusion-io", "fusionio",    "satadom",
            "iomemory", "sandisk",   "emmc",        NULL};
    static const char *const flash[] = {
            "mz-@",     "mz@",        "mz#",        "mtfd",      "micron_",
            "wds#",     "kxg",        "kbg",        "kpm",       "kcd",
            "kcm",      "kps",        "vo0#",       "vk0#",      "mo0#",
            "mk0#",     "lk0#",       "eo0#",       "vr0#",      "tk0#",
            "lo0#",     "vs0#",       "lb0#",       "lt0#",      "xs#",
            "pm9#",     "pm8#",       "pm1#",       "sm9#",      "sm8#",
            "sn#",      "pc sn#",     "pc4#",       "pc6#",      "pc7#",
            "bc5#",     "bc7#",       "hfs#",       "hfm#",      "skc#",
            "sa4#",     "suv#",       "su#",        "sx#",       "ct###",
            "ct####",   "m4-ct",      "c300-",      "c400-",     "m500",
            "m550",     "m600",       "ocz",        "vertex",    "plextor",
            "px-#",     "liteon",     "lcs-",       "lch-",      "cv#-",
            "l8h-",     "ts#gm",      "ts##gm",     "ts###gm",   "husm",
            "husl",     "huss",       "hbrp",       "hspd",      "corsair",
            "force",    "patriot",    "phison",     "lexar",     "intenso",
            "memblaze", "zp#",        "za#",        "xf1#",      "xp#",
            "sdlf",     "sdlb",       "sdll",       "sd#s",      "sd#t",
            "x400",     "x600",       "apacer",     "innodisk",  "virtium",
            "stec",     "crucial",    "kingston",   "transcend", "dom#",
            "ap####",   "samsung pm", "samsung mz", "rd400",     "xg#",
            "umis",     "ymtc",       "netac",      "gigabyte",  "ssdsc",
            "ssdpe",    "ssstc",      "sa5##",      NULL};
    static const char *const turning_words[] = {"hdd", NULL};
    static const char *const turning[] = {
            "wd#",     "wdc wd",    "hts#",       "hte#",       "hus#",
            "hdt#",    "hua#",      "hds#",       "huh#",       "huc#",
            "hdp#",    "hcc#",      "ic25",       "ic35",       "mq0",
            "mq1",     "dt01",      "dt02",       "mk#",        "mg0",
            "mg1",     "md0",       "al1",        "mba#",       "mbd#",
            "mbe#",    "mbb#",      "mhv#",       "mhw#",       "mhy#",
            "mhz#",    "mht#",      "mhs#",       "map#",       "mau#",
            "max#",    "may#",      "maw#",       "hd###@@",    "hm###@@",
            "sp####",  "hn-m",      "hd-",        "hdw@",       "maxtor",
            "quantum", "eg0#",      "eh0#",       "mb0#",       "mm0#",
            "mb#",     "dg0#",      "dh0#",       "ef0#",       "vb0#",
            "gb0#",    "gj0#",      "bf0#",       "bd0#",       "stm#",
            "hitachi", "hgst",      "excelstor",  "barracuda",  "savvio",
            "cheetah", "fujitsu m", "diamondmax", "toshiba mk", NULL};
    enum calc_kind kind;

    if (!model)
        return CALC_KINDS;
    if (imp_has_any(model, turning_words))
        return CALC_HDD;
    kind = seagate(model);
    if (kind != CALC_KINDS)
        return kind;
    if (imp_has_any(model, flash_words) || fits_any(model, flash))
        return CALC_SSD;
    return fits_any(model, turning) ? CALC_HDD : CALC_KINDS;
}

bool imp_disk_none(const char *model, const char *what)
{
    static const char *const words[] = {
            /* optical */
            "cdrom", "cd-rom", "cd rom", "dvd", "cd/dvd", "blu-ray", "bd-re",
            "bd-rom", "bdrom", "optical", "cdrw", "cd-rw", "cd-r",
            "combo drive", "superdisk",
            /* readers */
            "card reader", "cardreader", "card-reader", "sd/mmc", "sd card",
            "multi-card", "multicard", "compact flash", "compactflash",
            "multi-reader", "memory stick", "ms/ms-pro", "sm/xd",
            "flash reader", "cf reader", "usb reader", "usb2.0-crw", "usb-crw",
            "usb sd", "sdxc", "media reader", "storage device",
            /* sticks and floppies */
            "flash drive", "flash disk", "flashdisk", "usb disk", "usb drive",
            "usb stick", "datatraveler", "cruzer", "floppy", "zip drive",
            "jumpdrive", "usb flash", "udisk", "usb device", "usb 2.0",
            "usb 3.0",
            /* media of a BMC and of bays */
            "ilo", "idrac", "lcdrive", "vflash", "secupd", "virtual media",
            "virtual cd", "virtual hd", "virtual floppy", "internal sd",
            "internal dual sd", "virtual flash", "remote media", "rmc disk",
            "enclosure", "backplane", "sgpio", "ses device", "psoc",
            /* LUNs of a store elsewhere */
            "netapp lun", "symmetrix", "3pardata", "compelnt", "eqlogic",
            "100e-00", "open-v", "vraid", "fastt", "clariion", "iscsi",
            "lun c-mode", "xiotech", "pure storage flasharray", "msa2", "vdisk",
            "hsv", NULL};
    static const char *const buses[] = {
            "usb",        "cdrom",         "cd-rom",
            "cd/dvd",     "dvd",           "card reader",
            "floppy",     "removable",     "optical",
            "tape",       "iscsi",         "firewire",
            "ieee1394",   "fibre channel", "virtual media",
            "disk image", "multipath",     "sd card",
            NULL};

    return imp_has_any(model, words) || imp_has_any(what, buses);
}

bool imp_disk_volume(const char *model)
{
    static const char *const words[] = {
            "perc",
            "logical volume",
            "logical drive",
            "megaraid",
            "smart array",
            "serveraid",
            "logical_volume",
            "9650se",
            "9690sa",
            "9550sx",
            "raid controller",
            "avago mr",
            "lsi mr",
            "mr9",
            "mraid",
            "adaptec raid",
            "raid volume",
            "raid 0",
            "raid 1",
            "raid 5",
            "raid 6",
            "raid 10",
            "raid5",
            "raid-",
            "raid0",
            "raid1",
            "srcs",
            "ics logical",
            "rms25",
            "rs3",
            "ucs-raid",
            "areca",
            "m5110",
            "m5210",
            "m1015",
            "ibm-esxs raid",
            "hp logical",
            "compaq logical",
            "p410",
            "p420",
            "p440",
            "p408i",
            "boss-s1",
            "dellboss",
            "dell boss",
            "ddf",
            NULL};

    return imp_has_any(model, words);
}

/* ---- cards -------------------------------------------------------------- */

static const char *const bmc_or_virtual[] = {
        "matrox",
        "mga g2",
        "g200",
        "aspeed",
        "ast10",
        "ast20",
        "ast21",
        "ast22",
        "ast23",
        "ast24",
        "ast25",
        "ast26",
        "es1000",
        "rn50",
        "volari",
        "xgi tech",
        "silicon motion",
        "hibmc",
        "hisilicon",
        "hi1710",
        "bochs",
        "qxl",
        "cirrus",
        "gd 54",
        "(secondary)",
        "secondary [",
        "vmware",
        "svga ii",
        "virtualbox",
        "innotek",
        "virtio",
        "red hat",
        "hyper-v",
        "parallels",
        "microsoft",
        "basic display",
        "standard vga",
        "vga standard",
        "vga save",
        "rdp",
        "mirror",
        "radmin",
        "dameware",
        "teamviewer",
        "citrix",
        "displaylink",
        "remote",
        "virtual",
        "vnc",
        "spacedesk",
        "nomachine",
        "logmein",
        "pilot",
        "servengines",
        "serverengines",
        "emulex",
        "nuvoton",
        "integrated lights",
        "rage xl",

        "bmc",
        "usb ",
        "mobility rage xl",
        "generic pnp",
        "synaptics",
        "idd device",
        "xenserver",
        NULL};

static const char *const integrated[] = {
        /* NVIDIA chip sets */
        "mcp", "nforce", "c51", "c61", "c67", "c68", "c73", "c77", "c79",
        "geforce 61", "geforce 9400m", "geforce 320m", "geforce 8200",
        "geforce 8100", "geforce 70", "tegra",
        /* AMD chip sets and APUs */
        "xpress", "rs48", "rs600", "rs690", "rs740", "rs780", "rs880",
        "radeon 3000", "radeon 3100", "radeon hd 3200", "radeon hd 3300",
        "radeon hd 4200", "radeon hd 4250", "radeon hd 4290", "sumo",
        "wrestler", "trinity", "richland", "kaveri", "kabini", "mullins",
        "beema", "temash", "carrizo", "bristol ridge", "wani", "stoney",
        "raven ridge", "raven 2", "picasso", "dali", "pollock", "renoir",
        "lucienne", "cezanne", "barcelo", "rembrandt", "mendocino", "phoenix",
        "hawk point", "raphael", "granite ridge", "strix point", "strix halo",
        "krackan", "van gogh", "vangogh", "winterpark", "beavercreek",
        "spectre", "spooky", "kalindi", "radeon graphics",
        "radeon(tm) graphics", "radeon vega series", "vega 3 ", "vega 6 ",
        "vega 7 ", "vega 8 ", "vega 9 ", "vega 10 graphics", "vega 10 mobile",
        "vega 11 ", "vega mobile gfx", "r2 graphics", "r3 graphics",
        "r4 graphics", "r5 graphics", "r6 graphics", "r7 graphics",
        "radeon 610m", "radeon 660m", "radeon 680m", "radeon 740m",
        "radeon 760m", "radeon 780m", "radeon 840m", "radeon 860m",
        "radeon 880m", "radeon 890m", "radeon 8060s", "radeon 8050s",
        /* others */
        "unichrome", "chrome9", "via technologies", "silicon integrated",
        "s3 graphics", "s3 inc", "savage", "prosavage", "mali", "videocore",
        "bcm27", "bcm28", "adreno", "vc4", "apple m", "sis ", NULL};

/* Names of Intel's graphics as tools write them that leave the maker out. */
static const char *const intel_graphics[] = {
        "intel",
        "hd graphics",
        "iris",
        "integrated graphics",
        "graphics & display",
        "graphics media accelerator",
        "gma ",
        "82945",
        "82915",
        "82865",
        "82845",
        "4 series chipset",
        "core processor",
        NULL};

static const char *const intel_cards[] = {"dg1",
                                          "dg2",
                                          "arc(tm) a",
                                          "arc a",
                                          "arc(tm) b",
                                          "arc b",
                                          "arc pro",
                                          "flex",
                                          "data center gpu",
                                          "xe max",
                                          "ponte vecchio",
                                          "battlemage",
                                          "i740",
                                          NULL};

/* AMD's graphics of a processor end in D or G: "HD 7660D", "HD 8330". */
static bool apu_number(const char *model)
{
    const char *p = model;

    for (; (p = strstr(p, "HD ")) != NULL; p++)
        if (fits(p + 3, "####d") || fits(p + 3, "####g"))
            return true;
    return false;
}

/* Chip sets of 2008: the cards of these names go on, "GeForce 9400 GT". */
static bool geforce_chipset(const char *model)
{
    static const char *const names[] = {"GeForce 9300", "GeForce 9400"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *p = strstr(model, names[i]);
        const char *end = p ? p + strlen(names[i]) : NULL;

        if (end && (*end == '\0' || *end == ']' || text_starts(end, " mGPU")))
            return true;
    }
    return false;
}

bool imp_gpu_none(const char *vendor, const char *model)
{
    bool intel = imp_has(vendor, "intel") || imp_has_any(model, intel_graphics);

    if (imp_has_any(model, bmc_or_virtual) ||
        imp_has_any(vendor, bmc_or_virtual))
        return true;
    if (intel)
        return !imp_has_any(model, intel_cards);
    if (!model)
        return !vendor;
    return imp_has_any(model, integrated) || imp_has_any(vendor, integrated) ||
           apu_number(model) || geforce_chipset(model);
}
