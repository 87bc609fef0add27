/* SPDX-License-Identifier: Apache-2.0
 * lshw's tree of nodes as it is read, from XML or from JSON: a machine comes
 * out when its root node ends. */
#ifndef IMPORTERS_LSHW_PRIV_H
#define IMPORTERS_LSHW_PRIV_H

#include "importers/hardware_priv.h"

enum lshw_class {
    LSHW_OTHER,
    LSHW_SYSTEM,
    LSHW_BUS,
    LSHW_PROCESSOR,
    LSHW_MEMORY,
    LSHW_STORAGE,
    LSHW_DISK,
    LSHW_DISPLAY,
    LSHW_POWER,
};

enum lshw_field {
    LSHW_DESCRIPTION,
    LSHW_PRODUCT,
    LSHW_VENDOR,
    LSHW_SERIAL,
    LSHW_VERSION,
    LSHW_BUSINFO,
    LSHW_LOGICALNAME,
    LSHW_SLOT,
    LSHW_SIZE,
    LSHW_CAPACITY,
    LSHW_FIELDS,
};

struct lshw_node {
    enum lshw_class class;
    const char *id; /* "cpu:0"; texts are of the machine's arena */
    const char *text[LSHW_FIELDS]; /* NULL: not there */
    const char *driver, *chassis, *uuid;
    int cores;        /* of configuration; -1 */
    double bad_cores; /* a number that is none; 0 */
    bool disabled, removable, turning;
    bool usb;     /* it or a node above hangs on USB */
    bool nodes;   /* has nodes below it */
    double bytes; /* of the namespaces below */
};

enum {
    LSHW_MAX_NESTING = 64,
    LSHW_MAX_CPUS = 1024, /* nodes of class processor kept for judging */
};

struct lshw_cpu {
    const char *product;
    int cores;
    bool sized, slotted;
};

struct lshw {
    struct imp_host host;
    struct lshw_node stack[LSHW_MAX_NESTING];
    int depth;
    uint64_t machines;
    struct lshw_cpu cpus[LSHW_MAX_CPUS];
    size_t n_cpus;
    const char *board_vendor, *board; /* for want of a maker's own words */
    double parents_gib; /* sizes that memory nodes state themselves */
    bool whole;         /* the root is a system */
    bool open;          /* a class filter wrote its nodes one after another: the
                           next root belongs to this machine too */
    bool root_ids;      /* the root says more than a name */
};

void lshw_open(struct lshw *l, const struct wire_sink *sink, const char *path);
void lshw_close(struct lshw *l); /* frees what it holds, not l */

/* A node with its parts in any order, as long as its own fields come before
 * the nodes in it. class and id as written; NULL when missing. */
bool lshw_node_begin(
        struct lshw *l, const char *class, const char *id, bool disabled,
        struct err *err);
/* Of the innermost node. Nothing is kept of classes that matter not. */
void lshw_text(struct lshw *l, enum lshw_field field, const char *text);
void lshw_setting(struct lshw *l, const char *id, const char *value);
void lshw_capability(struct lshw *l, const char *id);
/* Judges the node; the end of a root delivers its machine. */
bool lshw_node_end(struct lshw *l, struct err *err);
/* Whether anything is kept of the innermost node: a reader may skip the
 * capabilities and settings of others. */
bool lshw_wanted(const struct lshw *l);
/* Whether it is read of nodes of that class. */
bool lshw_wants(const struct lshw *l, enum lshw_field field);
bool lshw_wants_settings(const struct lshw *l);
bool lshw_wants_capabilities(const struct lshw *l);
/* At the end of the file: the nodes of a class filter become one partial
 * machine, named after the file when no system is among them. ERR_INVALID when
 * the file held no node. */
bool lshw_finish(struct lshw *l, struct err *err);

#endif
