/* SPDX-License-Identifier: Apache-2.0
 * A machine put together from what an inventory tool wrote: parts are judged,
 * counted and merged here, alike for every format. */
#ifndef IMPORTERS_HARDWARE_PRIV_H
#define IMPORTERS_HARDWARE_PRIV_H

#include "importers/importers_priv.h"

/* ---- one machine -------------------------------------------------------- */

enum {
    IMP_MAX_VOLUMES = 64,  /* further ones are not counted */
    IMP_MAX_JUDGED = 1024, /* bytes of a name that are looked at */
};

/* A reader makes one of these for its file, and for each machine calls
 * imp_host_begin, fills m and the parts, then imp_host_deliver. */
struct imp_host {
    const struct wire_sink *sink;
    const char *file;   /* base name of the path */
    char place[240];    /* "host.xml", or "fleet.json: record 3" */
    uint64_t record;    /* from 1 */
    struct arena arena; /* texts of one machine; reset by imp_host_begin */
    /* The plain fields (name, product, chassis, dates, ...): set them directly
     * with texts of imp_host_text. Parts, counts of CPUs and unknown_kinds
     * are deliver's. */
    struct wire_machine m;
    /* Bits (1u << kind): the source has a section for this kind, so that none
     * found is none. A part added sets its own bit; the rest stay unknown. */
    uint32_t seen;
    /* the rest is hardware*.c's own */
    struct wire_part parts[WIRE_MAX_PARTS];
    size_t n_parts;
    bool too_many;
    const char *bad_what, *bad_rule; /* a number no machine has; NULL: none */
    double bad_value;
    int sockets, cores; /* cores -1: of one socket not known */
    double modules_gib, visible_gib;
    bool controller;
    double disks_gb;    /* of the physical ones */
    struct imp_volume { /* judged when all disks are known */
        const char *model;
        double gb;
        bool ssd;
    } volumes[IMP_MAX_VOLUMES];
    size_t n_volumes;
    char note[1200];
    size_t n_note;
};

void imp_host_open(
        struct imp_host *h, const struct wire_sink *sink, const char *path);
void imp_host_close(struct imp_host *h); /* frees texts, not h */
/* Forgets the last machine: every field unknown, units 1. record 0: the file
 * holds one machine and its name is place enough. */
void imp_host_begin(struct imp_host *h, uint64_t record);
/* Settles RAM, counts, category and unknown kinds and hands the machine over.
 * One without name, serial and uuid takes the file's name as its own. */
bool imp_host_deliver(struct imp_host *h, struct err *err);
/* One record that is not taken; true goes on. */
bool imp_host_refuse(
        struct imp_host *h, const char *column, const char *value,
        const char *reason, struct err *err);
/* Whether a number is within 0..max, or not known (NAN). Else the machine is
 * refused when it is delivered; rule: "expected 0 to 4096 cores". */
bool imp_host_within(
        struct imp_host *h, const char *what, double value, double max,
        const char *rule);
/* Cores of one processor as a count; -1 when it is none or not known. */
int imp_host_cores(struct imp_host *h, double cores);
void imp_host_warn(struct imp_host *h, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* Adds "; text" to the machine's note; what does not fit is left out. */
void imp_host_note(struct imp_host *h, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* A copy of s that lives as long as the machine: blanks at both ends removed,
 * runs of them made one, control characters dropped. NULL when empty, a
 * placeholder, or longer than WIRE_MAX_TEXT (warned of; what names it). */
const char *imp_host_text(struct imp_host *h, const char *what, const char *s);
/* The file's name without folder and ending, as a machine's name; NULL for
 * standard input. */
const char *imp_host_file_name(struct imp_host *h);

/* ---- parts -------------------------------------------------------------- */

/* `model` and `serial` may be raw: each goes through imp_host_text. Alike parts
 * without serial become units of one row. */

/* n sockets that are filled; cores of one, -1 unknown. */
void imp_host_cpu(struct imp_host *h, const char *model, uint32_t n, int cores);
/* One filled slot. A size no module has is snapped to the nearest within 7.5 %
 * (decimal megabytes in a binary field), else kept; both are warned of. */
void imp_host_module(
        struct imp_host *h, double gib, const char *model, const char *serial);
/* What the system sees, used when no module is listed; NAN is ignored. */
void imp_host_memory(struct imp_host *h, double gib);

enum imp_disk_hint { IMP_DISK_UNSAID, IMP_DISK_HDD, IMP_DISK_SSD };
struct imp_disk {
    const char *model, *maker, *serial; /* NULL unknown */
    const char *what; /* kind, bus, description: read for hints; may be NULL */
    double gb;        /* 10^9 bytes; NAN unknown */
    enum imp_disk_hint hint; /* what the source says outright */
    uint32_t units;          /* 0 is taken as 1 */
    bool removable;
};
/* Adds a disk unless it is none (CD, card reader, USB stick, virtual media,
 * a BMC's medium). A volume of a controller counts as "at least one disk",
 * unless the disks beside it are as large: then they are its members.
 * Returns whether it was counted. */
bool imp_host_disk(struct imp_host *h, const struct imp_disk *d);
/* Called by imp_host_deliver, once all disks are known. */
void imp_host_settle_volumes(struct imp_host *h);
/* A RAID controller that may hide disks. */
void imp_host_controller(struct imp_host *h, const char *model);
/* Adds a card unless it is a BMC's, a virtual or an integrated one. vendor may
 * be NULL. Returns whether it was counted. */
bool imp_host_gpu(
        struct imp_host *h, const char *vendor, const char *model,
        const char *serial, uint32_t n);
void imp_host_psu(struct imp_host *h, const char *model, const char *serial);
/* Any other kind (board, nic, persistent memory as CALC_OTHER, ...). */
void imp_host_part(
        struct imp_host *h, enum calc_kind kind, const char *model,
        const char *serial, uint32_t n, double capacity);

/* ---- names -------------------------------------------------------------- */

/* By maker and product, as FORMATS section 0 lists them. */
bool imp_is_virtual(const char *maker, const char *product);
/* False of what stands there instead: a stepping, a machine type of QEMU. */
bool imp_names_cpu(const char *model);
/* SMBIOS words or numbers: "Rack Mount Chassis", "Notebook", "23". */
enum calc_chassis imp_chassis(const char *text);
/* [D] of case, product and whether it holds cards; CALC_OTHER_UNIT when
 * nothing tells. */
enum calc_category
imp_category(enum calc_chassis chassis, const char *product, bool has_gpu);
/* CALC_HDD, CALC_SSD, or CALC_KINDS when the model does not tell. */
enum calc_kind imp_disk_kind(const char *model);
bool imp_disk_none(const char *model, const char *what); /* no disk at all */
bool imp_disk_volume(const char *model); /* a controller's: PERC, LOGICAL */
bool imp_gpu_none(const char *vendor, const char *model);
/* A card's name by its PCI numbers, NULL unknown; whether they are of a BMC, a
 * virtual or an integrated device. */
const char *imp_pci_gpu(unsigned vendor, unsigned device);
bool imp_pci_gpu_none(unsigned vendor, unsigned device);

/* ---- sizes -------------------------------------------------------------- */

/* The size a disk is sold with, when one is within 1.5 %; else gb. */
double imp_gb_marketed(double gb);
/* A disk's megabytes that may be 10^6 or 2^20: the base that comes nearer to a
 * size sold. */
double imp_gb_of_mb(double mb);
/* OCS: bytes / 10^6, of Windows bytes / 2^20, of old ones KiB / 1000. The first
 * of these that a size sold is next to; the first when none is. */
double imp_gb_of_ocs_mb(double mb);
double imp_gb_of_bytes(double bytes);
/* The one of two readings that comes nearer to a size sold; b when equal. */
double imp_gb_nearest(double a, double b);
/* The module of the list nearest to gib within 7.5 %, else gib. */
double imp_module_snap(double gib);
/* The next sum that modules can make, at or a little below gib. */
double imp_memory_sum(double gib);
/* "16384 MB", "32 GB", "512 MiB", "1024" (of unit_mib each): GiB with binary
 * prefixes; NAN when it is no size. */
double imp_gib_parse(const char *text, double unit_mib);
/* A plain, negative, 1e12 or "12345 MB" number; NAN when there is none. Units
 * are ignored. */
double imp_number(const char *text);

/* Whether word, written in lower case, stands in the first 1000 bytes of text,
 * without regard to ASCII case. NULL has none. */
bool imp_has(const char *text, const char *word);
/* The same for any of words of two letters and more, ended by NULL. */
bool imp_has_any(const char *text, const char *const *words);

#endif
