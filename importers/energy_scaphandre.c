/* SPDX-License-Identifier: Apache-2.0
 * Scaphandre's JSON: mean power of the processors between two records. What
 * it tells of processes, with their command lines, is not kept. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "importers/energy_priv.h"
#include "importers/json_priv.h"

enum { MAX_SOCKETS = 64, MAX_GAP_S = 3600 };

struct scaphandre {
    const struct wire_sink *sink;
    const char *file;
    char place[240];
    int64_t last_ns; /* of the record before; 0: none yet */
    uint64_t gaps;
};

static bool
refuse(struct scaphandre *c, const struct json_record *r, const char *column,
       const char *reason, struct err *err)
{
    return imp_refuse(c->sink, c->file, r->index, column, NULL, reason, err);
}

/* microwatts over the time since the record before; false: err is set. */
static bool
deliver(struct scaphandre *c, double microwatts, struct wire_energy *e,
        const struct json_record *r, struct err *err)
{
    struct err why = {0};

    if (isnan(microwatts))
        return true;
    if (!imp_energy_of_power(
                microwatts / 1e6, e->to_ns - e->from_ns, &e->energy_uj, &why) ||
        !imp_energy_plausible(e, &why))
        return refuse(c, r, "consumption", why.msg, err);
    return imp_energy(c->sink, e, err);
}

static bool
dram(struct scaphandre *c, const cJSON *socket, int no,
     const struct wire_energy *of, const struct json_record *r, struct err *err)
{
    const cJSON *domains = cJSON_GetObjectItemCaseSensitive(socket, "domains");
    const cJSON *d;

    cJSON_ArrayForEach(d, domains)
    {
        const char *name = imp_json_text(d, "name"), *odd;
        struct wire_energy e = *of;
        char meter[40];

        if (!name || strcmp(name, "dram") != 0)
            continue;
        snprintf(meter, sizeof meter, "dram %d", no);
        e.meter = meter;
        e.scope = WIRE_DRAM;
        return deliver(c, imp_json_number(d, "consumption", &odd), &e, r, err);
    }
    return true;
}

static bool
sockets(struct scaphandre *c, const cJSON *list, const struct wire_energy *of,
        const struct json_record *r, struct err *err)
{
    const cJSON *socket;
    int n = 0;

    cJSON_ArrayForEach(socket, list)
    {
        struct wire_energy e = *of;
        const char *odd;
        double id = imp_json_number(socket, "id", &odd);
        int no = id >= 0 && id < MAX_SOCKETS ? (int)id : n;
        char meter[40];

        if (n++ >= MAX_SOCKETS)
            return refuse(c, r, "sockets", "more than 64 sockets", err);
        snprintf(meter, sizeof meter, "package %d", no);
        e.meter = meter;
        e.scope = WIRE_PACKAGE;
        if (!deliver(
                    c, imp_json_number(socket, "consumption", &odd), &e, r,
                    err) ||
            !dram(c, socket, no, of, r, err))
            return false;
    }
    return true;
}

/* The time of a record; 0: none. */
static int64_t time_of(const cJSON *host)
{
    const char *odd;
    double t_s = imp_json_number(host, "timestamp", &odd);

    return t_s > 1e9 && t_s < 7.2e9 ? (int64_t)nearbyint(t_s * 1e6) * 1000 : 0;
}

static bool on_record(void *ctx, const struct json_record *r, struct err *err)
{
    struct scaphandre *c = ctx;
    const cJSON *host = cJSON_GetObjectItemCaseSensitive(r->value, "host");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(r->value, "sockets");
    struct wire_energy e = {.place = c->place, .meter = "host"};
    char text[1100];
    const char *odd;

    if (!r->value)
        return refuse(c, r, NULL, err_text(r->why, text, sizeof text), err);
    snprintf(
            c->place, sizeof c->place, "%.200s: record %llu", c->file,
            (unsigned long long)r->index);
    e.from_ns = c->last_ns;
    e.to_ns = time_of(host);
    if (!e.to_ns)
        return refuse(
                c, r, "timestamp",
                "expected host.timestamp, seconds since 1970", err);
    /* Nothing was measured before the first record. */
    c->last_ns = e.to_ns;
    if (!e.from_ns)
        return true;
    if (e.to_ns <= e.from_ns)
        return refuse(
                c, r, "timestamp", "not later than the record before", err);
    if (e.to_ns - e.from_ns > MAX_GAP_S * 1000000000LL) {
        c->gaps++;
        return true;
    }
    e.scope = WIRE_PSYS; /* the platform's own, or sockets and memory */
    return deliver(c, imp_json_number(host, "consumption", &odd), &e, r, err) &&
           sockets(c, list, &e, r, err);
}

static bool
read_file(const char *path, const struct wire_sink *sink, struct err *err)
{
    struct scaphandre c = {.sink = sink, .file = imp_base_name(path)};
    struct json_cut cut = {.record = on_record, .ctx = &c};
    FILE *in = NULL;
    bool ok = file_open(path, &in, err) && json_cut_read(&cut, in, err);

    if (in && in != stdin)
        fclose(in);
    if (!ok)
        err_in(err, "%s", c.file);
    if (ok && c.gaps)
        imp_say(sink, c.file,
                "%llu stretches of more than an hour without a record are "
                "left out",
                (unsigned long long)c.gaps);
    if (ok && cut.cut)
        ok = imp_refuse(
                sink, c.file, cut.count + 1, NULL, NULL,
                "the file ends inside this record: the array has no end; "
                "--keep-going takes the whole ones",
                err);
    return ok;
}

static int recognise(const char *head, size_t len, const char *file_name)
{
    static const char *const words[] = {
            "\"host\"", "\"consumption\"", "\"timestamp\"", "\"sockets\"",
            NULL};

    (void)file_name;
    return imp_json_with(head, len, words) && imp_head_first(head, len) == '['
                   ? 95
                   : 0;
}

const struct imp_format imp_scaphandre_json = {
        .name = "scaphandre-json",
        .what = "Scaphandre's JSON (scaphandre json -f FILE)",
        .recognise = recognise,
        .read = read_file,
};
