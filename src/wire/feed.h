/* SPDX-License-Identifier: Apache-2.0
 * Energy on its way in: meters and their samples as a sender gives them, before
 * anything is known of the database [docs/method.md#live-feeds,
 * docs/feeds.md]. Amounts are integers of a millionth: uJ of energy, uW of
 * power, so that sums are exact. Text is UTF-8 and borrowed. */
#ifndef WIRE_FEED_H
#define WIRE_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    WIRE_MAX_METERS = 256,    /* of one batch */
    WIRE_MAX_SAMPLES = 20000, /* of one batch */
    WIRE_MAX_METER_ID = 120,  /* characters */
    WIRE_MAX_RUN = 64,        /* characters of a run or boot id */
};

/* What a meter sees. Scopes overlap and are never simply added: an outlet and
 * a node hold everything, psys holds package and dram, package holds core and
 * uncore [5.1]. */
enum wire_scope {
    WIRE_OUTLET,   /* wall side: PDU outlet, plug, feed (M1) */
    WIRE_NODE,     /* whole node by its BMC, ACPI or PSU (M2) */
    WIRE_PSYS,     /* RAPL platform */
    WIRE_PACKAGE,  /* RAPL package, one socket */
    WIRE_DRAM,     /* RAPL memory of one socket */
    WIRE_CORE,     /* inside package: kept, never added */
    WIRE_UNCORE,   /* inside package: kept, never added */
    WIRE_GPU,      /* one card */
    WIRE_RAM,      /* memory as the sender models it */
    WIRE_DISK,     /* disks as the sender models them */
    WIRE_REST,     /* board and fans as the sender models them */
    WIRE_ESTIMATE, /* a whole node as another tool models it (M4) */
    WIRE_SCOPES
};

enum wire_meter_kind {
    WIRE_COUNTER,  /* energy since some start, rises */
    WIRE_GAUGE,    /* power at an instant */
    WIRE_INTERVAL, /* energy of a stretch of time */
    WIRE_METER_KINDS
};

enum wire_unit { /* as sent; values are in uJ or uW when they are here */
                 WIRE_UJ,
                 WIRE_MJ, /* millijoules */
                 WIRE_J,
                 WIRE_WH,
                 WIRE_KWH,
                 WIRE_UW,
                 WIRE_MW, /* milliwatts */
                 WIRE_W,
                 WIRE_UNITS
};

/* The fixed words of files and JSON: "outlet" ... "estimate"; "counter",
 * "gauge", "interval"; "uJ", "mJ", "J", "Wh", "kWh", "uW", "mW", "W". */
const char *wire_scope_word(enum wire_scope s);
const char *wire_meter_kind_word(enum wire_meter_kind k);
const char *wire_unit_word(enum wire_unit u);
bool wire_scope_from(const char *word, enum wire_scope *out);
bool wire_meter_kind_from(const char *word, enum wire_meter_kind *out);
bool wire_unit_from(const char *word, enum wire_unit *out);
/* True of the energy units, that counters and intervals take; gauges take the
 * others. */
bool wire_unit_is_energy(enum wire_unit u);
/* uJ or uW in one `u`: 1, 1000, 1000000, 3600000000, 3600000000000. */
int64_t wire_unit_micro(enum wire_unit u);

struct wire_meter {
    const char *id; /* unique at its source: "rapl/package-0", "gpu/UUID" */
    enum wire_scope scope;
    enum wire_meter_kind kind;
    enum wire_unit unit;
    int64_t range_uj; /* of a counter that wraps; -1 unknown: it never does */
    double max_w;     /* > 0 highest plausible power; NAN unknown */
    bool modelled;    /* the sender computed it, nothing measured it */
};

struct wire_sample {
    uint64_t seq;    /* of the run, unique in it, from 1 */
    int64_t t_ns;    /* node clock, UTC nanoseconds; end of an interval */
    int64_t from_ns; /* start of an interval; else 0 */
    int64_t value;   /* uJ or uW, >= 0 */
    uint32_t meter;  /* index into the batch's meters */
};

struct wire_missing { /* a sensor that could not be read, and why */
    const char *id, *reason;
};

struct wire_batch {
    const char *agent; /* "fleetprint-agent/0.1.0"; NULL */
    const char *run;   /* random per start of the sender */
    const char *boot;  /* links counters over runs; NULL: does not */
    /* What the clock of its samples showed as it was sent, and in which boot
     * that clock runs, all of whose samples are by it; NULL: not told. */
    const char *clock_boot;
    int64_t clock_ns; /* above 0 */
    const struct wire_meter *meters;
    size_t n_meters;
    const struct wire_sample *samples;
    size_t n_samples;
    const struct wire_missing *missing;
    size_t n_missing;
    /* Sequence numbers of rows that were refused when the batch was read: they
     * are no holes. */
    const uint64_t *heard;
    size_t n_heard;
};

/* Energy of a stretch of time as a file tells it (CodeCarbon, sacct, PDU). */
struct wire_energy {
    const char *machine; /* name, tag or serial as in the file; NULL: the one
                            that the command names */
    const char *meter;   /* "cpu", "outlet 7"; NULL: the scope's word */
    enum wire_scope scope;
    bool modelled;
    int64_t from_ns, to_ns; /* UTC */
    int64_t energy_uj;      /* >= 0 */
    const char *key;        /* the file's own name of the row; NULL */
    const char *place;
};

#endif
