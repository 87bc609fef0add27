/* SPDX-License-Identifier: Apache-2.0
 * The node agent: settings, sensors, samples, and what is done with them.
 * Amounts are whole microjoules and microwatts; an absent reading is a reason,
 * never a zero [docs/method.md#live-feeds]. */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/out.h"
#include "wire/feed.h"

#define AG_NAME "fleetprint-agent"

int ag_main(int argc, char **argv);

/* ---- settings: config.c -------------------------------------------------- */

enum { AG_PATH = 4096 };

struct ag_config {
    const char *server;     /* "https://host:8420"; NULL */
    const char *token_file; /* bearer token of this node */
    const char *enrol_file; /* enrolment key of the site; NULL */
    const char *node;       /* name to enrol under */
    const char *ca_file;    /* PEM; NULL: the system's */
    const char *spool;      /* folder */
    const char *sysroot;    /* "": the machine itself; no slash at its end */
    const char *nvml;       /* library; "": by its name; "no": not looked for */
    const char *out;        /* -o FILE; NULL */
    int64_t interval_ns, batch_ns;
    int64_t spool_max; /* bytes */
    int64_t count;     /* rounds of watch; 0: until stopped */
    double grid_g, pue;
    bool diskless; /* token derived, nothing kept between starts */
    bool ipmi, model, allow_http, json, csv;
    mode_t umask; /* of who started us: a command that we run gets it back */
    struct arena text;
};

void ag_config_init(struct ag_config *c);
void ag_config_clear(struct ag_config *c);
/* Lines "key = value"; '#' starts a comment line. ERR_INVALID names the
 * line. */
bool ag_config_read(
        struct ag_config *c, const char *text, size_t len, const char *name,
        struct err *err);
bool ag_config_set(
        struct ag_config *c, const char *key, const char *value,
        struct err *err);
/* Options of the command line, and the file of --config, else
 * /etc/fleetprint/agent.conf where it is there. *first is the index of the
 * first word that is no option. ERR_USAGE. */
bool ag_config_args(
        struct ag_config *c, int argc, char **argv, int *first,
        struct err *err);
/* One line for each setting, for --help. */
void ag_config_help(struct out *o);
/* "1ms", "10s", "5min", "1h": ns from 1 ms to 1 h. */
bool ag_duration(const char *text, int64_t *ns, struct err *err);

/* ---- files of /sys and /proc: files.c ------------------------------------ */

/* The first line of a small file, blanks at its end removed. ERR_NOT_FOUND,
 * ERR_DENIED, ERR_IO; the message is a reason fit for a report. */
bool ag_file_line(const char *path, char *dst, size_t size, struct err *err);
/* A whole number 0 to 2^63-1. */
bool ag_file_int(const char *path, int64_t *out, struct err *err);
/* root, then the rest; ERR_LIMIT when too long. */
bool ag_path(char dst[static AG_PATH], const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
/* Names in a folder, sorted; none where there is no such folder. */
void ag_names(const char *folder, char ***names, size_t *n);

/* ---- time: clock.c --------------------------------------------------------
 */

int64_t ag_utc_ns(void);  /* CLOCK_REALTIME */
int64_t ag_boot_ns(void); /* CLOCK_BOOTTIME: what intervals are measured by */

/* The time that samples carry: CLOCK_REALTIME as it was at the first start in a
 * boot of the machine, and from there on by CLOCK_BOOTTIME. So the readings of
 * a boot keep their order and their distances whatever is done to the wall
 * clock; the server is told this time with each push, and sets it right [METHOD
 * 10.4]. Read by two threads, written at the start alone. */
struct ag_clock {
    char boot[WIRE_MAX_RUN + 1]; /* of the kernel; "": not known */
    int64_t offset_ns;           /* to CLOCK_BOOTTIME */
};
/* The offset is kept in the file `clock` of `folder` (NULL: nowhere), for later
 * starts in the same boot. */
void ag_clock_open(struct ag_clock *c, const char *root, const char *folder);
int64_t ag_clock_ns(const struct ag_clock *c);
/* How far the wall clock is from it: what it was set by since. */
int64_t ag_clock_step_ns(const struct ag_clock *c);

/* Waits until that time of ag_boot_ns, or until a signal comes that `mask`
 * lets through; true when the time has come. */
bool ag_wait_until(int64_t boot_ns, const sigset_t *mask);
/* Random bytes of the kernel. */
void ag_random(void *dst, size_t len);
double ag_random_frac(void); /* 0 <= x < 1 */

/* ---- sensors: set.c and one file for each kind ----------------------------
 */

enum { AG_REASON = 120, AG_LABEL = 96 };

struct ag_set;
struct ag_sensor {
    char id[WIRE_MAX_METER_ID + 1];
    char label[AG_LABEL]; /* for people */
    enum wire_scope scope;
    enum wire_meter_kind kind; /* counter in uJ or gauge in uW */
    int64_t range_uj;          /* -1: does not wrap */
    double max_w;              /* NAN unknown */
    bool modelled;
    bool inside;      /* core, uncore: part of a package, shown and not sent */
    bool holds_ram;   /* a socket's power with its memory: no model of it */
    int64_t least_ns; /* asked no oftener: it is slow, or changes slowly */
    /* A reading, uJ or uW; false with the reason in err. */
    bool (*read)(const struct ag_sensor *s, int64_t *value, struct err *err);
    const char *path;
    void *ctx;
    unsigned index;
};

struct ag_missing { /* a sensor that cannot be read */
    char id[WIRE_MAX_METER_ID + 1];
    char reason[AG_REASON + 1];
};

struct ag_set {
    struct arena text;
    const char *root;
    struct ag_sensor *sensors;
    size_t n;
    struct ag_missing *missing;
    size_t n_missing;
    struct ag_nvml *nvml;
    struct ag_dcmi *dcmi;
    struct ag_memory *memory;
};

/* Finds every sensor of the machine; what cannot be read is in `missing`. */
void ag_set_open(struct ag_set *s, const struct ag_config *c);
void ag_set_close(struct ag_set *s);
/* A new sensor, zeroed but for its unknowns; NULL when there are too many. */
struct ag_sensor *ag_set_add(
        struct ag_set *s, enum wire_scope scope, enum wire_meter_kind kind,
        const char *id);
/* A card: "ID" where it counts energy, "ID/power" where its power is sampled. A
 * meter of one id never changes its kind, but what a driver tells may. */
struct ag_sensor *
ag_set_add_card(struct ag_set *s, bool counter, const char *id);
/* Takes the last sensor back if it cannot be read now, with the reason. */
void ag_set_try(struct ag_set *s, struct ag_sensor *sensor);
bool ag_set_has(const struct ag_set *s, const char *id);
/* What drivers and firmware say may hold any byte; a batch with a control
 * character is refused whole. All but printable ASCII becomes '?'. */
void ag_plain(char *text);
void ag_set_miss(struct ag_set *s, const char *id, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));

void ag_powercap_find(struct ag_set *s);
void ag_hwmon_find(struct ag_set *s);
void ag_cards_find(struct ag_set *s); /* AMD and Intel cards, after NVML */
void ag_nvml_find(struct ag_set *s, const struct ag_config *c);
void ag_nvml_close(struct ag_nvml *n);
void ag_dcmi_find(struct ag_set *s);
void ag_dcmi_close(struct ag_dcmi *d);
void ag_model_find(struct ag_set *s); /* after all others */
void ag_model_close(struct ag_memory *m);

/* An NVIDIA card as its library tells it. */
struct ag_nvidia {
    char uuid[96], name[AG_LABEL], serial[64];
    double gib; /* NAN unknown */
};
size_t ag_nvml_count(const struct ag_nvml *n); /* NULL: 0 */
void ag_nvml_card(
        const struct ag_nvml *n, unsigned index, struct ag_nvidia *out);

/* DCMI "get power reading" as bytes, apart from the device that carries them.
 * ERR_INVALID with the reason for a refusal or an answer that is none. */
bool ag_dcmi_decode(
        const uint8_t *data, size_t len, int64_t *uw, struct err *err);

/* amdgpu's gpu_metrics as bytes. ERR_NOT_FOUND where the card or this version
 * has no counter in a unit that is known, ERR_INVALID for bytes that are none.
 * mi200: a card of the Aldebaran family. */
bool ag_gpu_metrics_decode(
        const uint8_t *data, size_t len, bool mi200, int64_t *uj,
        struct err *err);
bool ag_gpu_metrics_read(
        const char *path, bool mi200, int64_t *uj, struct err *err);

/* ---- what the machine is: machine.c, smbios.c -----------------------------
 */

enum { AG_MAX_MODULES = 512, AG_MAX_SUPPLIES = 32, AG_SMBIOS_MAX = 1 << 20 };

struct ag_module {
    double gib;
    bool ddr3;
    bool persistent; /* Optane and other non-volatile modules */
    const char *maker, *model, *serial, *kind; /* "DDR4"; NULL unknown */
};
struct ag_supply {
    const char *maker, *model, *serial;
    double max_w; /* NAN unknown */
};
struct ag_smbios { /* texts are of the arena given */
    struct ag_module modules[AG_MAX_MODULES];
    size_t n_modules, slots; /* filled; all */
    struct ag_supply supplies[AG_MAX_SUPPLIES];
    size_t n_supplies;
    const char *cpu; /* of the first socket in use */
    size_t sockets;  /* in use */
    int cores;       /* of one; -1 unknown */
    bool truncated;  /* the table ended inside a structure */
};
/* The raw structures of /sys/firmware/dmi/tables/DMI. Never fails: what cannot
 * be read is not there. */
void ag_smbios_parse(
        const uint8_t *bytes, size_t len, struct arena *text,
        struct ag_smbios *out);
bool ag_smbios_read(
        const char *root, struct arena *text, struct ag_smbios *out,
        struct err *err);

enum { AG_MAX_DISKS = 256, AG_MAX_CPUS = 1024 };
struct ag_disk {
    char name[32];
    const char *model, *maker, *serial;
    double gb;      /* 10^9 bytes; NAN unknown */
    int rotational; /* 1, 0, -1 unknown */
    bool removable;
};
struct ag_disks {
    struct ag_disk *items;
    size_t n;
};
void ag_disks_read(const char *root, struct arena *text, struct ag_disks *out);

struct ag_cpu {
    const char *model;
    int sockets, cores; /* cores of one; -1 unknown */
    bool guest;         /* inside a virtual machine */
};
void ag_cpu_read(const char *root, struct arena *text, struct ag_cpu *out);
/* Memory that the kernel sees, GiB, and the share in use, percent; NAN. */
void ag_meminfo_read(const char *root, double *total_gib, double *used_pct);

/* ---- readings over time: meter.c ------------------------------------------
 */

/* Energy of a sensor since it was first read: counters by difference with
 * their wraps, gauges by the trapezoid rule [METHOD 10.2, 10.3]. */
struct ag_meter {
    bool any; /* a reading was taken */
    int64_t first_ns, last_ns, last;
    int64_t energy_uj;
    double power_w; /* of the last stretch; NAN before there is one */
    unsigned wraps, resets;
    struct err why; /* of the last reading; code 0: it was fine */
};
void ag_meter_take(
        struct ag_meter *m, const struct ag_sensor *s, int64_t boot_ns,
        int64_t value);
/* Reads the sensor into the meter; a failure is kept in m->why. */
bool ag_meter_read(struct ag_meter *m, const struct ag_sensor *s);
/* Longest time between two readings of a counter within which no wrap can go
 * unseen, ns; INT64_MAX for what does not wrap. */
int64_t ag_sensor_guard_ns(const struct ag_sensor *s);

/* When each sensor is read next: at the interval, counters before they can
 * wrap unseen, slow ones no oftener than they like. */
struct ag_rota {
    int64_t *next; /* by sensor, ag_boot_ns */
    bool *due;
    int64_t interval_ns;
};
void ag_rota_open(
        struct ag_rota *r, const struct ag_set *s, int64_t interval_ns,
        int64_t now_ns);
void ag_rota_close(struct ag_rota *r);
/* Marks who is due, moves their next time on, returns the earliest next. */
int64_t ag_rota_turn(struct ag_rota *r, const struct ag_set *s, int64_t now_ns);

/* Energy by component over a stretch of time. Psys stands for packages and
 * memory where it holds at least as much [METHOD 5.1]. */
enum ag_component {
    AG_CPU,
    AG_RAM,
    AG_GPU,
    AG_DISK,
    AG_REST,
    AG_PLATFORM, /* psys, in place of cpu and ram */
    AG_COMPONENTS
};
struct ag_tally {
    double joules[AG_COMPONENTS]; /* NAN: nothing measured or modelled it */
    bool modelled[AG_COMPONENTS];
    bool partial[AG_COMPONENTS]; /* a reading failed: at least this much */
    double parts_j; /* sum without double counting; NAN without processors */
    double node_j;  /* of the BMC or ACPI; NAN */
    double wall_j;  /* node_j, else parts_j / 0.90 [D]; NAN */
    double seconds;
};
void ag_tally_make(
        struct ag_tally *t, const struct ag_set *s, const struct ag_meter *m,
        double seconds);
/* The same of the last power of each: watts stand where joules do. */
void ag_tally_watts(
        struct ag_tally *t, const struct ag_set *s, const struct ag_meter *m);
/* A reading of this sensor failed on the way. */
void ag_tally_partial(struct ag_tally *t, const struct ag_sensor *sensor);
const char *ag_component_word(enum ag_component c);

/* ---- batches: batch.c ------------------------------------------------------
 */

enum { AG_BATCH_SAMPLES = 10000, AG_BATCH_BYTES = 8 * 1024 * 1024 };

struct ag_batch {
    const struct ag_set *set;
    const struct ag_clock *clock;
    char run[33];    /* 128 random bits */
    uint64_t seq;    /* of the last sample, never reused */
    int64_t step_ns; /* as last told: the wall clock was set by that much */
    struct wire_sample *samples;
    size_t n, cap;
    struct err *failed; /* by sensor: why it could not be read */
};
void ag_batch_open(
        struct ag_batch *b, const struct ag_set *set,
        const struct ag_clock *clock);
void ag_batch_close(struct ag_batch *b);
/* Reads the sensors whose bit of `due` is set (NULL: all). */
void ag_batch_sample(struct ag_batch *b, const bool *due);
/* The batch as JSON, then empties it; seq goes on. */
bool ag_batch_seal(struct ag_batch *b, struct buf *json, struct err *err);
bool ag_gzip(const void *bytes, size_t len, struct buf *out, struct err *err);

/* ---- spool: spool.c --------------------------------------------------------
 */

/* Batches on their way, one file each, oldest first. Bounded: what comes when
 * it is full is refused, what is in it is kept. For two threads. */
struct ag_spool;
struct ag_spool_state {
    size_t files, bytes;
    uint64_t refused;   /* batches that found it full */
    uint64_t set_aside; /* batches that the server will not have */
};
bool ag_spool_open(
        const char *folder, size_t max_bytes, struct ag_spool **out,
        struct err *err);
void ag_spool_close(struct ag_spool *s);
/* ERR_LIMIT when it is full. */
bool ag_spool_add(
        struct ag_spool *s, const void *bytes, size_t len, struct err *err);
/* The oldest: its number into *id and its bytes; ERR_NOT_FOUND when empty. */
bool ag_spool_first(
        struct ag_spool *s, uint64_t *id, struct buf *out, struct err *err);
/* Of the oldest, as ag_spool_first gave it; so for ag_spool_set_aside. */
bool ag_spool_drop(struct ag_spool *s, uint64_t id, struct err *err);
/* Moves it to refused/, with the reason beside it, both bounded. */
bool ag_spool_set_aside(
        struct ag_spool *s, uint64_t id, const char *reason, struct err *err);
struct ag_spool_state ag_spool_state(struct ag_spool *s);

/* ---- pushing: push.c, token.c ----------------------------------------------
 */

/* Reads or makes this node's token [docs/feeds.md]. */
enum { AG_TOKEN = 256 };
bool ag_token_read(
        const char *path, char dst[static AG_TOKEN], struct err *err);
/* Draws one and stores it, 0600. */
bool ag_token_draw(
        const char *path, char dst[static AG_TOKEN], struct err *err);
/* From the enrolment key and what names the machine: the same at each start of
 * a node that can keep nothing. */
bool ag_token_derive(
        const char *key, const char *root, const char *node,
        char dst[static AG_TOKEN], struct err *err);

enum ag_verdict {
    AG_TAKEN,   /* on the server's disk */
    AG_LATER,   /* again after a time */
    AG_REFUSED, /* never again */
    AG_LOCKED,  /* the token does not open: again after a long time */
};
enum ag_verdict ag_verdict_of(int http_status);
/* How long to wait after the n-th failure in a row (from 1): 1 s doubled to
 * 300 s, a quarter up or down by `frac` 0..1, or what the server asked for
 * (at most an hour) where that is more. */
int64_t ag_backoff_ns(unsigned n, int64_t retry_after_s, double frac);

struct ag_push;
bool ag_push_start(
        const struct ag_config *c, struct ag_spool *spool,
        const struct ag_clock *clock, struct ag_push **out, struct err *err);
void ag_push_wake(struct ag_push *p); /* there is something new */
/* Gives what is left one try of a few seconds, and ends. */
void ag_push_stop(struct ag_push *p);

/* ---- commands ---------------------------------------------------------------
 */

int ag_cmd_daemon(const struct ag_config *c);
int ag_cmd_once(const struct ag_config *c);
int ag_cmd_watch(const struct ag_config *c);
int ag_cmd_run(const struct ag_config *c, char **argv);
int ag_cmd_inventory(const struct ag_config *c);
/* Says an error on stderr and gives the exit status. */
int ag_fail(const struct err *err);
/* Where data goes: standard output, or -o FILE once it is whole. */
bool ag_emit(
        const struct ag_config *c, const char *bytes, size_t len, int fd,
        struct err *err);
/* SIGTERM and SIGINT set it. *free is the mask that lets them through: they
 * are blocked elsewhere, so that none is lost between a look and a wait. */
extern volatile sig_atomic_t ag_stopping;
void ag_catch_signals(sigset_t *free);

#endif
